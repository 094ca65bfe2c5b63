package assess

import (
	"context"
	"database/sql"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
)

func scanObjection(rows *sql.Rows) (o Objection, err error) {
	var photos string
	err = rows.Scan(&o.ID, &o.Run, &o.RunRev, &o.Unit, &o.Item, &o.Words, &photos, &o.Actor, &o.At, &o.State, &o.Reason, &o.Decider, &o.DecidedAt,
		&o.Revision, &o.Rev)
	o.Photos = strings.Fields(photos)
	return o, err
}

// objections are those that fulfil a condition over themselves (o) and the runs they are against (r), the first first.
func objections(ctx context.Context, q db.Querier, district int64, where string, args ...any) ([]Objection, error) {
	return db.All(ctx, q, scanObjection, `SELECT o.id, o.run, r.rev, o.unit, o.item, o.words, o.photos, o.actor, o.at, o.state, o.reason, o.decider,
		o.decided_at, o.revision, o.rev FROM objection AS o JOIN score_run AS r ON r.district = o.district AND r.run = o.run
		WHERE o.district = $1 AND `+where+` ORDER BY o.at, o.id`, append([]any{district}, args...)...)
}

func objectionByID(ctx context.Context, q db.Querier, by access.Scope, id string) (Objection, error) {
	list, err := objections(ctx, q, by.District, `o.id = $2 AND `+by.Reach("o.district", "o.unit", Read), id)
	if err == nil && len(list) == 0 {
		err = ErrObjection
	}
	if err != nil {
		return Objection{}, err
	}
	return list[0], nil
}

// objectionsTo are those inside a scope against any revision of a run.
func objectionsTo(ctx context.Context, q db.Querier, by access.Scope, r Run, and string, args ...any) ([]Objection, error) {
	return objections(ctx, q, by.District, `r.sheet = $2 AND r.period_from = $3 AND `+by.Reach("o.district", "o.unit", Read)+and,
		append([]any{r.Sheet, int64(r.Period.From)}, args...)...)
}

func insertObjection(ctx context.Context, tx *db.Tx, district int64, o Objection) error {
	ours, err := db.Changed(tx.ExecContext(ctx, `INSERT INTO objection (district, id, run, unit, item, words, photos, actor, at, state, reason, decider,
		decided_at, revision, rev) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '', 0, '', $11) ON CONFLICT (district, run, unit, item) DO NOTHING`,
		district, o.ID, o.Run, int64(o.Unit), o.Item, o.Words, strings.Join(o.Photos, " "), o.Actor, o.At, o.State, o.Rev))
	if err == nil && !ours {
		err = ErrTwice
	}
	return err
}

// saveDecision stores an answer by compare-and-set on the revision that the decider saw.
func saveDecision(ctx context.Context, tx *db.Tx, district int64, o Objection, was int64) error {
	ours, err := db.Changed(tx.ExecContext(ctx, `UPDATE objection SET state = $4, reason = $5, decider = $6, decided_at = $7, revision = $8, rev = $9
		WHERE district = $1 AND id = $2 AND rev = $3`, district, o.ID, was, o.State, o.Reason, o.Decider, o.DecidedAt, o.Revision, o.Rev))
	if err == nil && !ours {
		err = ErrStale
	}
	return err
}
