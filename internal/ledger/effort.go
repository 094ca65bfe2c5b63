package ledger

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/kind"
	"sifen/internal/period"
)

// maxSpent bounds the seconds of one form: a page left open over lunch is no work.
const maxSpent = 1800

// week is the Monday of a day's week; 1970-01-01 was a Thursday.
func week(d period.Day) int64 { return int64(d) - (int64(d)+3)%7 }

// effort notes what a form cost its role this week, or that records came by a workbook. No person is noted:
// 国办函〔2026〕12号 forbids to measure people by their use of a system.
func effort(ctx context.Context, tx *db.Tx, by access.Scope, w work, k *kind.Kind, in Input, records, filled int) error {
	if by.IsSystem() || len(by.Grants) == 0 {
		return nil
	}
	var entries, fields, seconds, imported int64
	if in.Source != "" {
		imported = int64(records)
	} else {
		entries, fields, seconds = int64(records), int64(filled), int64(min(max(in.Spent, 0), maxSpent))
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO effort (district, week, role, kind, entries, fields, seconds, imported) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (district, week, role, kind) DO UPDATE SET entries = effort.entries + excluded.entries, fields = effort.fields + excluded.fields,
		seconds = effort.seconds + excluded.seconds, imported = effort.imported + excluded.imported`,
		by.District, week(w.Day), by.Grants[0].Role, k.Key, entries, fields, seconds, imported)
	return err
}
