package fund

import (
	"context"
	"slices"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/fund/award"
	"sifen/internal/id"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/period"
)

// put appends a movement of money.
func put(ctx context.Context, tx *db.Tx, by access.Scope, w module.Moment, run string, unit org.No, kind string, fen int64, batch, settles,
	reason string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO award_pay (district, id, run, unit, kind, fen, batch, settles, reason, actor, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, by.District, id.New(w.Now), run, int64(unit), kind, fen, batch, settles, reason, by.Account,
		w.Now.UnixMilli())
	return err
}

// withhold records what an approved run keeps back.
func (s *Service) withhold(ctx context.Context, tx *db.Tx, by access.Scope, w module.Moment, r Run) error {
	_, list, err := frozen(ctx, tx, by.District, r.ID)
	if err != nil {
		return err
	}
	for _, c := range list {
		if c.Held > 0 {
			if err := put(ctx, tx, by, w, r.ID, c.Unit, "withhold", c.Held, "", "", ""); err != nil {
				return err
			}
		}
	}
	return nil
}

// balances are where the claimants of an approved run stand: what is due of it less what moved in all revisions of its period.
func (s *Service) balances(ctx context.Context, q db.Querier, district int64, r Run) (map[org.No]*Balance, error) {
	_, list, err := frozen(ctx, q, district, r.ID)
	if err != nil {
		return nil, err
	}
	return s.balancesOf(ctx, q, district, r, list)
}

func (s *Service) balancesOf(ctx context.Context, q db.Querier, district int64, r Run, list []Claimed) (map[org.No]*Balance, error) {
	out := map[org.No]*Balance{}
	for _, c := range list {
		out[c.Unit] = &Balance{Amount: c.Amount, Held: c.Held, Owed: c.Owed, Paid: c.Earlier}
	}
	rows, err := moves(ctx, q, district, r.Rule, ` AND r.period_from = $3`, int64(r.Period.From))
	if err != nil {
		return nil, err
	}
	for _, m := range rows {
		b := out[m.Unit]
		if b == nil {
			b = &Balance{}
			out[m.Unit] = b
		}
		switch m.Kind {
		case "pay":
			b.Paid += m.Fen
		case "recover":
			b.Paid -= m.Fen
			b.Returned += m.Fen
			if m.For == "forfeit" {
				b.Amount -= m.Fen
				b.Forfeit += m.Fen
			}
		case "offset":
			b.Offset += m.Fen
			b.Owed -= m.Fen
		case "release":
			b.Held = max(b.Held-m.Fen, 0) // what was let go stays let go in a revision
		}
	}
	lines, err := linesOf(ctx, q, district, r)
	for _, l := range lines {
		if b := out[l.Unit]; b != nil && l.State == Ordered {
			b.Ordered += l.Fen + l.Owed
		}
	}
	return out, err
}

// owedOf is what the settlements of a rule's earlier periods paid too much and nobody has returned or set off yet, by claimant.
func (s *Service) owedOf(ctx context.Context, q db.Querier, district int64, rule string, p period.Period) (map[org.No]int64, error) {
	list, err := runs(ctx, q, `r.rule = $2 AND r.latest = 1 AND r.state IN ('approved', 'settled') AND r.period_from < $3 ORDER BY r.period_from`, district,
		rule, int64(p.From))
	if err != nil {
		return nil, err
	}
	out := map[org.No]int64{}
	for _, r := range list {
		all, err := s.balances(ctx, q, district, r)
		if err != nil {
			return nil, err
		}
		for n, b := range all {
			if due := b.Due(); due < 0 {
				out[n] -= due
			}
		}
	}
	rows, err := moves(ctx, q, district, rule, ` AND p.kind = 'offset' AND r.period_from <> $3`, int64(p.From))
	for _, m := range rows {
		out[m.Unit] -= m.Fen
	}
	for n, fen := range out {
		if fen <= 0 {
			delete(out, n)
		}
	}
	return out, err
}

// payer loads an approved run for somebody who pays: he has not approved it.
func (s *Service) payer(ctx context.Context, tx *db.Tx, by access.Scope, run string, seen int64) (Run, module.Moment, error) {
	r, w, err := s.held(ctx, tx, by, Pay, run, seen, Approved)
	if err == nil && r.Approver == by.Account {
		err = ErrApprover
	}
	return r, w, err
}

// touch moves a run's attempt on, so that two people do not act on the same sight of it, and tells of it.
func (s *Service) touch(ctx context.Context, tx *db.Tx, by access.Scope, w module.Moment, r Run, op string) (Run, error) {
	was := r.Attempt
	r.Attempt++
	if err := saveRun(ctx, tx, by.District, r, was); err != nil {
		return r, err
	}
	return r, s.tell(ctx, tx, by, w, r, op)
}

// Order makes a batch of what is due to some claimants, or to all. What an earlier settlement paid too much is set off first.
// Nobody stands in two open batches, and no more is ordered than has come in.
func (s *Service) Order(ctx context.Context, tx *db.Tx, by access.Scope, run string, seen int64, units []org.No) (Run, error) {
	r, w, err := s.payer(ctx, tx, by, run, seen)
	if err == nil && !r.Latest { // what is due now is what the correction says
		err = ErrRevised.With("rev", r.Rev+1)
	}
	if err != nil {
		return r, err
	}
	all, err := s.balances(ctx, tx, by.District, r)
	if err != nil {
		return r, err
	}
	had, err := batches(ctx, tx, by.District, ` AND run = $2`, r.ID)
	if err != nil {
		return r, err
	}
	chosen := units
	if len(chosen) == 0 {
		for n := range all {
			chosen = append(chosen, n)
		}
	}
	slices.Sort(chosen)
	var rows []any
	b, total := batch{ID: id.New(w.Now), No: int64(len(had)) + 1}, int64(0)
	for _, n := range slices.Compact(chosen) {
		x := all[n]
		if x == nil {
			return r, ErrUnit
		}
		due := x.Due()
		if due <= 0 {
			if len(units) > 0 && x.Ordered > 0 {
				return r, ErrTwice.With("thing", w.Org.UnitName(n), "period", r.Period.String())
			}
			if len(units) > 0 {
				return r, ErrNothing
			}
			continue
		}
		owed := min(max(x.Owed, 0), due)
		total += due - owed
		rows = append(rows, by.District, b.ID, int64(n), due-owed, owed, Ordered, "")
	}
	if len(rows) == 0 {
		return r, ErrNothing
	}
	if err := s.covered(ctx, tx, by.District, w, r, total); err != nil {
		return r, err
	}
	if _, err := tx.ExecContext(ctx,
		`INSERT INTO award_batch (district, batch, run, num, state, rev, actor, at, reason) VALUES ($1, $2, $3, $4, $5, 1, $6, $7, '')`,
		by.District, b.ID, r.ID, b.No, Ordered, by.Account, w.Now.UnixMilli()); err != nil {
		return r, err
	}
	if err := insertAll(ctx, tx, `INSERT INTO award_line (district, batch, unit, fen, owed, state, reason) VALUES `, 7, rows); err != nil {
		return r, err
	}
	return s.touch(ctx, tx, by, w, r, "order")
}

// covered refuses a batch that more money than has come in would be needed for.
func (s *Service) covered(ctx context.Context, q db.Querier, district int64, w module.Moment, r Run, total int64) error {
	v, err := parse(w.Set, r.Body)
	if err != nil {
		return err
	}
	_, _, in, err := budgetOf(ctx, q, district, v.Budget, r.Period)
	if err != nil {
		return err
	}
	year, _, _ := r.Period.From.YMD()
	out, err := paidFor(ctx, q, district, w, v.Budget, year)
	if err == nil && in < out+total {
		err = ErrShort.With("in", award.Yuan(award.FromFen(in)), "out", award.Yuan(award.FromFen(out)), "batch", award.Yuan(award.FromFen(total)),
			"gap", award.Yuan(award.FromFen(out+total-in)))
	}
	return err
}

// Answer is what the bank says of a line of a batch.
type Answer struct {
	Unit   org.No
	Reason string // of a refusal; empty: it was paid
}

// open loads the open batch of a run with its lines by claimant.
func (s *Service) open(ctx context.Context, tx *db.Tx, by access.Scope, r Run, no int64) (batch, map[org.No]line, error) {
	list, err := batches(ctx, tx, by.District, ` AND run = $2 AND num = $3`, r.ID, no)
	if err != nil {
		return batch{}, nil, err
	}
	if len(list) == 0 {
		return batch{}, nil, ErrBatch
	}
	if list[0].State != Ordered {
		return list[0], nil, ErrOver.With("no", no, "state", batchTitle(list[0].State))
	}
	all, err := linesOf(ctx, tx, by.District, r)
	lines := map[org.No]line{}
	for _, l := range all {
		if l.Batch == list[0].ID {
			lines[l.Unit] = l
		}
	}
	return list[0], lines, err
}

// Report records the bank's answer for lines of a batch; with all those for which it said nothing were paid. A refused line is
// due again and comes into the next batch.
func (s *Service) Report(ctx context.Context, tx *db.Tx, by access.Scope, run string, seen, no int64, answers []Answer, all bool) (Run, error) {
	r, w, err := s.payer(ctx, tx, by, run, seen)
	if err != nil {
		return r, err
	}
	b, lines, err := s.open(ctx, tx, by, r, no)
	if err != nil {
		return r, err
	}
	said := map[org.No]Answer{}
	for i, a := range answers {
		l, ok := lines[a.Unit]
		if _, twice := said[a.Unit]; !ok || twice || l.State != Ordered {
			return r, ErrLine.With("row", i+1, "unit", w.Org.UnitName(a.Unit), "no", no)
		}
		said[a.Unit] = a
	}
	waits := false
	for _, n := range sortedUnits(lines) {
		l := lines[n]
		a, ok := said[n]
		switch {
		case l.State != Ordered:
			continue
		case !ok && !all:
			waits = true
			continue
		case a.Reason != "":
			l.State, l.Reason = Refused, a.Reason
		default:
			l.State = Paid
			if l.Fen > 0 {
				if err := put(ctx, tx, by, w, r.ID, n, "pay", l.Fen, b.ID, "", ""); err != nil {
					return r, err
				}
			}
			if l.Owed > 0 {
				if err := put(ctx, tx, by, w, r.ID, n, "offset", l.Owed, b.ID, "earlier", ""); err != nil {
					return r, err
				}
			}
		}
		if err := saveLine(ctx, tx, by.District, b.ID, l); err != nil {
			return r, err
		}
	}
	if !waits {
		if err := endBatch(ctx, tx, by.District, b, Paid, ""); err != nil {
			return r, err
		}
	}
	return s.touch(ctx, tx, by, w, r, "report")
}

// Cancel ends a batch: what the bank paid stays paid, the rest is due again.
func (s *Service) Cancel(ctx context.Context, tx *db.Tx, by access.Scope, run string, seen, no int64, reason string) (Run, error) {
	r, w, err := s.payer(ctx, tx, by, run, seen)
	if err != nil {
		return r, err
	}
	if reason, err = reasoned(reason); err != nil {
		return r, err
	}
	b, lines, err := s.open(ctx, tx, by, r, no)
	if err != nil {
		return r, err
	}
	for _, n := range sortedUnits(lines) {
		if l := lines[n]; l.State == Ordered {
			l.State, l.Reason = Cancelled, reason
			if err := saveLine(ctx, tx, by.District, b.ID, l); err != nil {
				return r, err
			}
		}
	}
	if err := endBatch(ctx, tx, by.District, b, Cancelled, reason); err != nil {
		return r, err
	}
	return s.touch(ctx, tx, by, w, r, "cancel")
}

func sortedUnits(lines map[org.No]line) []org.No {
	out := make([]org.No, 0, len(lines))
	for n := range lines {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

func saveLine(ctx context.Context, tx *db.Tx, district int64, batch string, l line) error {
	ours, err := db.Changed(tx.ExecContext(ctx,
		`UPDATE award_line SET state = $4, reason = $5 WHERE district = $1 AND batch = $2 AND unit = $3 AND state = 'ordered'`,
		district, batch, int64(l.Unit), l.State, l.Reason))
	if err == nil && !ours {
		err = ErrStale
	}
	return err
}

func endBatch(ctx context.Context, tx *db.Tx, district int64, b batch, state, reason string) error {
	ours, err := db.Changed(tx.ExecContext(ctx,
		`UPDATE award_batch SET state = $4, reason = $5, rev = rev + 1 WHERE district = $1 AND batch = $2 AND rev = $3`,
		district, b.ID, b.Rev, state, reason))
	if err == nil && !ours {
		err = ErrStale
	}
	return err
}

// Release lets go what was withheld from a claimant, once what it was withheld for is done. Approving it is not paying it.
func (s *Service) Release(ctx context.Context, tx *db.Tx, by access.Scope, run string, seen int64, unit org.No, reason string) (Run, error) {
	r, w, err := s.held(ctx, tx, by, Approve, run, seen, Approved)
	if err == nil && !r.Latest {
		err = ErrRevised.With("rev", r.Rev+1)
	}
	if err != nil {
		return r, err
	}
	if reason, err = reasoned(reason); err != nil {
		return r, err
	}
	all, err := s.balances(ctx, tx, by.District, r)
	if err != nil {
		return r, err
	}
	b := all[unit]
	switch {
	case b == nil:
		return r, ErrUnit
	case b.Held <= 0:
		return r, ErrNothing
	}
	if err := put(ctx, tx, by, w, r.ID, unit, "release", b.Held, "", "", reason); err != nil {
		return r, err
	}
	return s.touch(ctx, tx, by, w, r, "release")
}

// Recover records money that came back: first what was paid too much, beyond that what the claimant forfeits, which bars it for
// as long as the rule says.
func (s *Service) Recover(ctx context.Context, tx *db.Tx, by access.Scope, run string, seen int64, unit org.No, fen int64, reason string) (Run, error) {
	r, w, err := s.held(ctx, tx, by, Pay, run, seen, Approved, Settled)
	if err == nil && !r.Latest {
		err = ErrRevised.With("rev", r.Rev+1)
	}
	if err != nil {
		return r, err
	}
	if reason, err = reasoned(reason); err != nil {
		return r, err
	}
	all, err := s.balances(ctx, tx, by.District, r)
	if err != nil {
		return r, err
	}
	b := all[unit]
	switch {
	case b == nil:
		return r, ErrUnit
	case fen <= 0 || fen > b.Paid:
		return r, ErrTooMuch.With("paid", award.Yuan(award.FromFen(b.Paid)))
	}
	over := min(fen, max(-b.Due(), 0))
	if over > 0 {
		if err := put(ctx, tx, by, w, r.ID, unit, "recover", over, "", "over", reason); err != nil {
			return r, err
		}
	}
	if fen > over {
		if err := put(ctx, tx, by, w, r.ID, unit, "recover", fen-over, "", "forfeit", reason); err != nil {
			return r, err
		}
	}
	return s.touch(ctx, tx, by, w, r, "recover")
}

// settleable refuses to settle a run while money of it is ordered, due or withheld. What was paid too much stays open: the next
// award sets it off.
func (s *Service) settleable(ctx context.Context, q db.Querier, district int64, r Run) error {
	all, err := s.balances(ctx, q, district, r)
	if err != nil {
		return err
	}
	n, due := 0, int64(0)
	for _, b := range all {
		if open := max(b.Due(), 0) + b.Ordered + max(b.Held, 0); open > 0 {
			n, due = n+1, due+open
		}
	}
	if n > 0 {
		return ErrDue.With("n", n, "sum", award.Yuan(award.FromFen(due)))
	}
	return nil
}

// AddBudget writes a line of a budget: planned, or come in. A line that was wrong is set against by a negative one.
func (s *Service) AddBudget(ctx context.Context, tx *db.Tx, by access.Scope, b BudgetLine) error {
	w, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return err
	}
	if !may(w, by, Enter, w.Org.Root) {
		return ErrForbidden
	}
	if b.Fen == 0 {
		return ErrNumber
	}
	r := Run{ID: id.New(w.Now), Root: w.Org.Root}
	if _, err = tx.ExecContext(ctx, `INSERT INTO fund_budget (district, id, purpose, year, level, source, kind, fen, note, actor, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, by.District, r.ID, b.Purpose, b.Year, b.Level, b.Source, b.Kind, b.Fen, b.Note, by.Account,
		w.Now.UnixMilli()); err != nil {
		return err
	}
	return s.tell(ctx, tx, by, w, r, "budget")
}
