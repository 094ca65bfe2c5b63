package assess

import (
	"context"
	"database/sql"
	"strings"

	"sifen/internal/access"
	"sifen/internal/assess/score"
	"sifen/internal/db"
	"sifen/internal/org"
)

const runColumns = `r.run, r.sheet, r.version, r.period_from, r.period_until, r.rev, r.state, r.attempt, r.object_until, r.digest, r.latest, r.root, r.body,
	r.reason, r.actor, r.made_at, r.checker, r.checked_at, r.publisher, r.published_at, r.final_at`

func scanRun(rows *sql.Rows) (r Run, err error) {
	var latest int64
	err = rows.Scan(&r.ID, &r.Sheet, &r.Version, &r.Period.From, &r.Period.Until, &r.Rev, &r.State, &r.Attempt, &r.ObjectUntil, &r.Digest, &latest, &r.Root,
		&r.Body, &r.Reason, &r.Actor, &r.MadeAt, &r.Checker, &r.CheckedAt, &r.Publisher, &r.PublishedAt, &r.FinalAt)
	r.Latest = latest == 1
	return r, err
}

// seesRun is the condition that a scope may see that a run exists: what is public everybody who reads scores, what is not yet
// those who enter or approve over the whole of it.
func seesRun(by access.Scope) string {
	readers := "1 = 0"
	if by.Has(Read) {
		readers = "r.state IN ('public', 'final')"
	}
	return "(" + readers + " OR " + by.Reach("r.district", "r.root", Enter) + " OR " + by.Reach("r.district", "r.root", Approve) + ")"
}

func runs(ctx context.Context, q db.Querier, where string, args ...any) ([]Run, error) {
	return db.All(ctx, q, scanRun, `SELECT `+runColumns+` FROM score_run AS r WHERE r.district = $1 AND `+where, args...)
}

func runByID(ctx context.Context, q db.Querier, by access.Scope, id string) (Run, error) {
	list, err := runs(ctx, q, `r.run = $2 AND `+seesRun(by), by.District, id)
	if err == nil && len(list) == 0 {
		err = ErrRun
	}
	if err != nil {
		return Run{}, err
	}
	return list[0], nil
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// insertRun claims the revision of a sheet's period; ours is false where somebody has it already.
func insertRun(ctx context.Context, tx *db.Tx, district int64, r Run) (ours bool, err error) {
	return db.Changed(tx.ExecContext(ctx, `INSERT INTO score_run (district, run, sheet, version, period_from, period_until, rev, state, attempt,
		object_until, digest, latest, root, body, reason, actor, made_at, checker, checked_at, publisher, published_at, final_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
		ON CONFLICT (district, sheet, period_from, rev) DO NOTHING`, district, r.ID, r.Sheet, r.Version,
		int64(r.Period.From), int64(r.Period.Until), r.Rev, r.State, r.Attempt, r.ObjectUntil, r.Digest, flag(r.Latest), int64(r.Root), r.Body, r.Reason,
		r.Actor, r.MadeAt, r.Checker, r.CheckedAt, r.Publisher, r.PublishedAt, r.FinalAt))
}

// saveRun stores a change by compare-and-set on the attempt that the caller saw.
func saveRun(ctx context.Context, tx *db.Tx, district int64, r Run, was int64) error {
	ours, err := db.Changed(tx.ExecContext(ctx, `UPDATE score_run SET version = $4, state = $5, attempt = $6, object_until = $7, digest = $8, latest = $9,
		body = $10, checker = $11, checked_at = $12, publisher = $13, published_at = $14, final_at = $15, actor = $16, made_at = $17
		WHERE district = $1 AND run = $2 AND attempt = $3`, district, r.ID, was, r.Version, r.State, r.Attempt, r.ObjectUntil, r.Digest, flag(r.Latest),
		r.Body, r.Checker, r.CheckedAt, r.Publisher, r.PublishedAt, r.FinalAt, r.Actor, r.MadeAt))
	if err == nil && !ours {
		err = ErrStale
	}
	return err
}

const unitColumns = `s.unit, s.grp, s.scored, s.points, s.max, s.place, s.tied, s.grade, s.lists, s.waiting, s.why, s.sha, s.inputs`

func scanOne(rows *sql.Rows) (UnitScore, error) { return scanUnit(rows) }

func scanUnit(rows *sql.Rows, more ...any) (u UnitScore, err error) {
	var scored, tied int64
	var lists, why string
	err = rows.Scan(append([]any{&u.Unit, &u.Group, &scored, &u.Points, &u.Max, &u.Place, &tied, &u.Grade, &lists, &u.Waiting, &why, &u.Sha,
		&u.Inputs}, more...)...)
	u.Scored, u.Tied, u.Lists = scored == 1, tied == 1, strings.Fields(lists)
	u.WhyZh, u.WhyEn, _ = strings.Cut(why, "\n")
	return u, err
}

// unitScores are those of a run inside a scope, the best of each group first.
func unitScores(ctx context.Context, q db.Querier, by access.Scope, run string, and string, args ...any) ([]UnitScore, error) {
	return db.All(ctx, q, scanOne, `SELECT `+unitColumns+` FROM score_unit AS s WHERE s.district = $1 AND s.run = $2 AND `+
		by.Reach("s.district", "s.unit", Read)+and+` ORDER BY s.grp, s.scored DESC, s.place, s.unit`, append([]any{by.District, run}, args...)...)
}

// ranked are the scores of a run that a scope sees in its tables: of a public run everybody's, else those inside its reach. Which can
// be looked at item by item each says itself.
func ranked(ctx context.Context, q db.Querier, by access.Scope, r Run) ([]UnitScore, error) {
	reach := by.Reach("s.district", "s.unit", Read)
	where := " AND " + reach
	if r.State == Public || r.State == Final {
		where = ""
	}
	return db.All(ctx, q, func(rows *sql.Rows) (u UnitScore, err error) {
		var open int64
		u, err = scanUnit(rows, &open)
		u.Open = open == 1
		return u, err
	}, `SELECT `+unitColumns+`, CASE WHEN `+reach+` THEN 1 ELSE 0 END FROM score_unit AS s WHERE s.district = $1 AND s.run = $2`+where+
		` ORDER BY s.grp, s.scored DESC, s.place, s.unit`, by.District, r.ID)
}

// frozen reads what a run froze of all its units, by their numbers.
func frozen(ctx context.Context, q db.Querier, district int64, run string) ([]*score.Facts, []UnitScore, error) {
	list, err := db.All(ctx, q, scanOne, `SELECT `+unitColumns+` FROM score_unit AS s WHERE s.district = $1 AND s.run = $2 ORDER BY s.unit`, district, run)
	if err != nil {
		return nil, nil, err
	}
	facts := make([]*score.Facts, len(list))
	for i, u := range list {
		lines, err := score.Unpack(u.Inputs)
		if err != nil {
			return nil, nil, err
		}
		if facts[i], err = score.ReadFacts(lines); err != nil {
			return nil, nil, err
		}
	}
	return facts, list, nil
}

// replace writes the scores of a run anew.
func replace(ctx context.Context, tx *db.Tx, district int64, run string, units []org.No, facts []*score.Facts, results []*score.Result) (digest string,
	err error,
) {
	for _, table := range []string{"score_unit", "score_item"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE district = $1 AND run = $2`, district, run); err != nil {
			return "", err
		}
	}
	var p score.Packer
	var all strings.Builder
	var rows, items []any
	for i, r := range results {
		lines := facts[i].Lines()
		packed, err := p.Pack(lines)
		if err != nil {
			return "", err
		}
		sha := score.Sum(lines)
		all.WriteString(sha + "\n")
		why := ""
		if !r.Scored {
			why = r.Why.Zh + "\n" + r.Why.En
		}
		rows = append(rows, district, run, int64(units[i]), r.Group, flag(r.Scored), score.Store(r.Points), score.Store(r.Max), int64(r.Rank), flag(r.Tied),
			r.Grade, strings.Join(r.Lists, " "), int64(len(r.Waiting)), why, packed, sha)
		for _, b := range r.Blocks {
			for _, it := range b.Items {
				if !it.NA && r.Scored {
					items = append(items, district, run, it.Key, int64(units[i]), score.Store(it.Points), score.Store(it.Max))
				}
			}
		}
	}
	if err := insertAll(ctx, tx, `INSERT INTO score_unit (district, run, unit, grp, scored, points, max, place, tied, grade, lists, waiting, why, inputs, sha)
		VALUES `, 15, rows); err != nil {
		return "", err
	}
	err = insertAll(ctx, tx, `INSERT INTO score_item (district, run, item, unit, points, max) VALUES `, 6, items)
	return score.Sum([]byte(all.String())), err
}

// insertAll inserts rows, several at once.
func insertAll(ctx context.Context, tx *db.Tx, head string, columns int, vals []any) error {
	for len(vals) > 0 {
		n := min(len(vals)/columns, tx.RowsAtOnce())
		if _, err := tx.ExecContext(ctx, head+db.Rows(n, columns), vals[:n*columns]...); err != nil {
			return err
		}
		vals = vals[n*columns:]
	}
	return nil
}

func fixes(ctx context.Context, q db.Querier, district int64, run string) ([]Fix, error) {
	return db.All(ctx, q, func(r *sql.Rows) (f Fix, err error) {
		return f, r.Scan(&f.Unit, &f.Visit, &f.Name, &f.Num, &f.Reason, &f.Actor, &f.At, &f.Objection)
	}, `SELECT unit, visit, name, num, reason, actor, at, objection FROM score_fix WHERE district = $1 AND run = $2 ORDER BY unit, visit, name`, district, run)
}

func putFix(ctx context.Context, tx *db.Tx, district int64, run string, f Fix) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO score_fix (district, run, unit, visit, name, num, reason, actor, at, objection)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (district, run, unit, visit, name)
		DO UPDATE SET num = excluded.num, reason = excluded.reason, actor = excluded.actor, at = excluded.at,
			objection = excluded.objection`,
		district, run, int64(f.Unit), f.Visit, f.Name, f.Num, f.Reason, f.Actor, f.At, f.Objection)
	return err
}

// setLatest makes one revision of a sheet's period the one that counts.
func setLatest(ctx context.Context, tx *db.Tx, district int64, r Run, rev int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE score_run SET latest = CASE WHEN rev = $4 THEN 1 ELSE 0 END
		WHERE district = $1 AND sheet = $2 AND period_from = $3`, district, r.Sheet, int64(r.Period.From), rev)
	return err
}
