package fund

import (
	"context"
	"database/sql"

	"sifen/internal/access"
	"sifen/internal/assess/score"
	"sifen/internal/db"
	"sifen/internal/fund/award"
	"sifen/internal/org"
	"sifen/internal/period"
)

const runColumns = `r.run, r.rule, r.version, r.period_from, r.period_until, r.rev, r.state, r.attempt, r.public_until, r.digest, r.latest, r.root, r.body,
	r.bound, r.budget, r.reason, r.actor, r.made_at, r.reviewer, r.reviewed_at, r.publisher, r.published_at, r.approver, r.approved_at, r.settled_at`

func scanRun(rows *sql.Rows) (r Run, err error) {
	var latest, bound int64
	err = rows.Scan(&r.ID, &r.Rule, &r.Version, &r.Period.From, &r.Period.Until, &r.Rev, &r.State, &r.Attempt, &r.PublicUntil, &r.Digest, &latest, &r.Root,
		&r.Body, &bound, &r.Budget, &r.Reason, &r.Actor, &r.MadeAt, &r.Reviewer, &r.ReviewedAt, &r.Publisher, &r.PublishedAt, &r.Approver, &r.ApprovedAt,
		&r.SettledAt)
	r.Latest, r.Bound = latest == 1, bound == 1
	return r, err
}

// seesRun is the condition that a scope may see that a run exists: what is public everybody who reads money, what is not yet
// those who enter, approve or pay over the whole of it.
func seesRun(by access.Scope) string {
	readers := "1 = 0"
	if by.Has(Read) {
		readers = "r.state IN ('public', 'approved', 'settled')"
	}
	return "(" + readers + " OR " + by.Reach("r.district", "r.root", Enter) + " OR " + by.Reach("r.district", "r.root", Approve) + " OR " +
		by.Reach("r.district", "r.root", Pay) + ")"
}

func runs(ctx context.Context, q db.Querier, where string, args ...any) ([]Run, error) {
	return db.All(ctx, q, scanRun, `SELECT `+runColumns+` FROM award_run AS r WHERE r.district = $1 AND `+where, args...)
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

func insertRun(ctx context.Context, tx *db.Tx, district int64, r Run) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO award_run (district, run, rule, version, period_from, period_until, rev, state, attempt,
		public_until, digest,
		latest, root, body, bound, budget, reason, actor, made_at, reviewer, reviewed_at, publisher, published_at, approver, approved_at, settled_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)`, district, r.ID,
		r.Rule, r.Version, int64(r.Period.From), int64(r.Period.Until), r.Rev, r.State, r.Attempt, r.PublicUntil, r.Digest, flag(r.Latest), int64(r.Root),
		r.Body, flag(r.Bound), r.Budget, r.Reason, r.Actor, r.MadeAt, r.Reviewer, r.ReviewedAt, r.Publisher, r.PublishedAt, r.Approver, r.ApprovedAt,
		r.SettledAt)
	return err
}

// saveRun stores a change by compare-and-set on the attempt that the caller saw.
func saveRun(ctx context.Context, tx *db.Tx, district int64, r Run, was int64) error {
	ours, err := db.Changed(tx.ExecContext(ctx, `UPDATE award_run SET version = $4, state = $5, attempt = $6, public_until = $7, digest = $8, latest = $9,
		body = $10, bound = $11, budget = $12, actor = $13, made_at = $14, reviewer = $15, reviewed_at = $16, publisher = $17, published_at = $18,
		approver = $19, approved_at = $20, settled_at = $21,
		reason = $22 WHERE district = $1 AND run = $2 AND attempt = $3`, district, r.ID, was, r.Version, r.State,
		r.Attempt, r.PublicUntil, r.Digest, flag(r.Latest), r.Body, flag(r.Bound), r.Budget, r.Actor, r.MadeAt, r.Reviewer, r.ReviewedAt, r.Publisher,
		r.PublishedAt, r.Approver, r.ApprovedAt, r.SettledAt, r.Reason))
	if err == nil && !ours {
		err = ErrStale
	}
	return err
}

const claimedColumns = `u.unit, u.claim, u.amount, u.held, u.owed, u.earlier, u.missing, u.inputs, u.sha`

func scanClaimed(rows *sql.Rows) (c Claimed, err error) {
	return c, rows.Scan(&c.Unit, &c.Claim, &c.Amount, &c.Held, &c.Owed, &c.Earlier, &c.Missing, &c.Inputs, &c.Sha)
}

// frozen reads what a run froze of all its claimants, by their numbers.
func frozen(ctx context.Context, q db.Querier, district int64, run string) ([]*award.Claim, []Claimed, error) {
	list, err := db.All(ctx, q, scanClaimed, `SELECT `+claimedColumns+` FROM award_unit AS u WHERE u.district = $1 AND u.run = $2 ORDER BY u.unit`,
		district, run)
	if err != nil {
		return nil, nil, err
	}
	claims := make([]*award.Claim, len(list))
	for i := range list {
		if claims[i], err = thaw(list[i].Inputs); err != nil {
			return nil, nil, err
		}
	}
	return claims, list, nil
}

func thaw(packed []byte) (*award.Claim, error) {
	lines, err := score.Unpack(packed)
	if err != nil {
		return nil, err
	}
	f, err := score.ReadFacts(lines)
	if err != nil {
		return nil, err
	}
	return award.Thaw(f), nil
}

// seenUnits are the numbers of the claimants of a run inside a scope.
func seenUnits(ctx context.Context, q db.Querier, by access.Scope, run string) (map[org.No]bool, error) {
	list, err := db.All(ctx, q, func(r *sql.Rows) (n org.No, err error) { return n, r.Scan(&n) },
		`SELECT u.unit FROM award_unit AS u WHERE u.district = $1 AND u.run = $2 AND `+by.Reach("u.district", "u.unit", Read), by.District, run)
	out := map[org.No]bool{}
	for _, n := range list {
		out[n] = true
	}
	return out, err
}

// replace writes what the claimants of a run are due anew.
func replace(ctx context.Context, tx *db.Tx, district int64, run string, claims []*award.Claim, r *award.Result) (digest string, err error) {
	for _, table := range []string{"award_unit", "award_part"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE district = $1 AND run = $2`, district, run); err != nil {
			return "", err
		}
	}
	var p score.Packer
	var all []byte
	var rows, parts []any
	for i, d := range r.Due {
		lines := claims[i].Frozen().Lines()
		packed, err := p.Pack(lines)
		if err != nil {
			return "", err
		}
		sha := score.Sum(lines)
		all = append(all, sha+"\n"...)
		n := number(claims[i].Unit)
		rows = append(rows, district, run, n, fen(d.Claim), fen(d.Amount), fen(d.Held), fen(d.Owed), fen(d.Paid), int64(len(d.Missing)), packed, sha)
		for _, x := range d.Parts {
			parts = append(parts, district, run, n, x.Key, fen(x.Base), fen(x.Claim), fen(x.Amount))
		}
	}
	if err := insertAll(ctx, tx, `INSERT INTO award_unit (district, run, unit, claim, amount, held, owed, earlier, missing, inputs, sha) VALUES `, 11,
		rows); err != nil {
		return "", err
	}
	err = insertAll(ctx, tx, `INSERT INTO award_part (district, run, unit, part, base, claim, amount) VALUES `, 7, parts)
	return score.Sum(all), err
}

// fen is money as it is stored. What does not fit was refused as a fault before anybody could approve it.
func fen(n award.Num) int64 {
	v, _ := award.Fen(n)
	return v
}

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

func inputs(ctx context.Context, q db.Querier, district int64, run string) ([]Input, error) {
	return db.All(ctx, q, func(r *sql.Rows) (x Input, err error) {
		return x, r.Scan(&x.Unit, &x.Name, &x.Ref, &x.Num, &x.Reason, &x.Actor, &x.At)
	}, `SELECT unit, name, ref, num, reason, actor, at FROM award_input WHERE district = $1 AND run = $2 ORDER BY at, unit, name, ref`, district, run)
}

func putInput(ctx context.Context, tx *db.Tx, district int64, run string, x Input) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO award_input (district, run, unit, name, ref, num, reason, actor, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (district, run, unit, name, ref)
		DO UPDATE SET num = excluded.num, reason = excluded.reason, actor = excluded.actor, at = excluded.at`,
		district, run, int64(x.Unit), x.Name, x.Ref, x.Num, x.Reason, x.Actor, x.At)
	return err
}

// claimedBefore tells in which other run of a rule a thing was claimed already; empty where in none.
func claimedBefore(ctx context.Context, q db.Querier, district int64, r Run, name, ref string) (period.Day, bool, error) {
	list, err := db.All(ctx, q, func(x *sql.Rows) (d period.Day, err error) { return d, x.Scan(&d) },
		`SELECT r.period_from FROM award_input AS i JOIN award_run AS r ON r.district = i.district AND r.run = i.run
		WHERE i.district = $1 AND r.rule = $2 AND i.name = $3 AND i.ref = $4 AND r.period_from <> $5 ORDER BY r.period_from LIMIT 1`,
		district, r.Rule, name, ref, int64(r.Period.From))
	if err != nil || len(list) == 0 {
		return 0, false, err
	}
	return list[0], true, nil
}

// BudgetLine is a line of a budget: what was planned, or has come in, from a level and source for a purpose in a year.
type BudgetLine struct {
	ID      string
	Purpose string
	Year    int64
	Level   string
	Source  string
	Kind    string // plan, in
	Fen     int64
	Note    string
	Actor   string
	At      int64
}

func budgetLines(ctx context.Context, q db.Querier, district int64, and string, args ...any) ([]BudgetLine, error) {
	return db.All(ctx, q, func(r *sql.Rows) (b BudgetLine, err error) {
		return b, r.Scan(&b.ID, &b.Purpose, &b.Year, &b.Level, &b.Source, &b.Kind, &b.Fen, &b.Note, &b.Actor, &b.At)
	}, `SELECT id, purpose, year, level, source, kind, fen, note, actor, at FROM fund_budget WHERE district = $1`+and+` ORDER BY year DESC, purpose, at, id`,
		append([]any{district}, args...)...)
}

// paidRow is a movement of money.
type paidRow struct {
	Run    string
	Unit   org.No
	Kind   string
	Fen    int64
	For    string
	Reason string
	At     int64
	Batch  string
}

// moves are the movements of all runs of a rule in a period, or of all its periods.
func moves(ctx context.Context, q db.Querier, district int64, rule string, and string, args ...any) ([]paidRow, error) {
	return db.All(ctx, q, func(r *sql.Rows) (p paidRow, err error) {
		return p, r.Scan(&p.Run, &p.Unit, &p.Kind, &p.Fen, &p.For, &p.Reason, &p.At, &p.Batch)
	}, `SELECT p.run, p.unit, p.kind, p.fen, p.settles, p.reason, p.at, p.batch
		FROM award_pay AS p JOIN award_run AS r ON r.district = p.district AND r.run = p.run
		WHERE p.district = $1 AND r.rule = $2`+and+` ORDER BY p.at, p.id`, append([]any{district, rule}, args...)...)
}

func forfeits(ctx context.Context, q db.Querier, district int64, rule string) ([]paidRow, error) {
	return moves(ctx, q, district, rule, ` AND p.kind = 'recover' AND p.settles = 'forfeit'`)
}

// batch is a batch of payment with its lines.
type batch struct {
	ID     string
	Run    string
	No     int64
	State  string
	Rev    int64
	Actor  string
	At     int64
	Reason string
}

type line struct {
	Batch  string
	Unit   org.No
	Fen    int64
	Owed   int64
	State  string
	Reason string
}

func batches(ctx context.Context, q db.Querier, district int64, and string, args ...any) ([]batch, error) {
	return db.All(ctx, q, func(r *sql.Rows) (b batch, err error) {
		return b, r.Scan(&b.ID, &b.Run, &b.No, &b.State, &b.Rev, &b.Actor, &b.At, &b.Reason)
	}, `SELECT batch, run, num, state, rev, actor, at, reason FROM award_batch WHERE district = $1`+and+` ORDER BY num`, append([]any{district}, args...)...)
}

// linesOf are the lines of all batches of a rule's period.
func linesOf(ctx context.Context, q db.Querier, district int64, r Run) ([]line, error) {
	return db.All(ctx, q, func(x *sql.Rows) (l line, err error) {
		return l, x.Scan(&l.Batch, &l.Unit, &l.Fen, &l.Owed, &l.State, &l.Reason)
	}, `SELECT l.batch, l.unit, l.fen, l.owed, l.state, l.reason FROM award_line AS l JOIN award_batch AS b ON b.district = l.district AND b.batch = l.batch
		JOIN award_run AS r ON r.district = b.district AND r.run = b.run
		WHERE l.district = $1 AND r.rule = $2 AND r.period_from = $3 ORDER BY b.num, l.unit`, district, r.Rule, int64(r.Period.From))
}
