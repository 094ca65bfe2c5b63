// Package due keeps what each unit owes of a kind for a period, and what became of it: delivered in time, late, missing,
// or exempt with a reason. It follows the ledger; it judges no record.
package due

import (
	"context"
	"database/sql"
	"fmt"
	"sort"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/id"
	"sifen/internal/indicator"
	"sifen/internal/journal"
	"sifen/internal/kind"
	"sifen/internal/ledger"
	"sifen/internal/module"
	"sifen/internal/notify"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// The states of an item.
const (
	Open      = "open"      // the period is over, the due day not yet
	Missing   = "missing"   // the due day has passed
	Delivered = "delivered" // in time
	Late      = "late"      // delivered after the due day
	Exempt    = "exempt"    // a superior said why it is not owed
)

// ItemKind is the kind under which figures count items.
const ItemKind = "due-item"

// back is how many months are looked at again: older items stay as they are.
const back = 24

// Problems of this package.
var (
	ErrNone   = problem.New(problem.NotFound, "due.none", nil)
	ErrReason = problem.New(problem.Invalid, "due.reason", nil)
	ErrDone   = problem.New(problem.Conflict, "due.done", nil)
	ErrKind   = problem.New(problem.Invalid, "due.kind", nil)
)

// Service keeps items.
type Service struct {
	module.Platform
	Accounts *account.Service
	Notify   *notify.Service
}

// Item is what a unit owes of a kind for a period.
type Item struct {
	ID      string
	Kind    string
	Unit    org.No
	Period  period.Period
	Due     period.Day // the last day in time
	State   string
	Rev     int64
	Day     period.Day // of the delivery, 0 for none
	Reason  string
	Account string
	At      int64
}

const columns = `id, kind, unit, day_from, day_until, due, state, rev, day, reason, account, at`

func scan(r *sql.Rows) (Item, error) {
	var i Item
	err := r.Scan(&i.ID, &i.Kind, &i.Unit, &i.Period.From, &i.Period.Until, &i.Due, &i.State, &i.Rev, &i.Day, &i.Reason, &i.Account, &i.At)
	return i, err
}

// record is what an item counts as, dated to the last day of its period; an exempt one does not count.
func (i *Item) record() *indicator.Record {
	if i == nil || i.State == Exempt {
		return nil
	}
	return &indicator.Record{Kind: ItemKind, ID: i.ID, Rev: i.Rev, Unit: i.Unit, From: i.Period.Last(), Until: i.Period.Until,
		Fields: kind.Fields{"kind": i.Kind, "done": i.State == Delivered || i.State == Late, "late": i.State == Late}}
}

// Scan gives the figure engine every item that counts.
func (s *Service) Scan(ctx context.Context, q db.Querier, district int64, _, after string, limit int) ([]indicator.Record, error) {
	return db.All(ctx, q, func(r *sql.Rows) (indicator.Record, error) {
		i, err := scan(r)
		if err != nil {
			return indicator.Record{}, err
		}
		return *i.record(), nil
	}, `SELECT `+columns+` FROM due_item WHERE district = $1 AND state <> 'exempt' AND id > $2 ORDER BY id LIMIT $3`, district, after, limit)
}

// Fields reads what the named items count as.
func (s *Service) Fields(ctx context.Context, q db.Querier, district int64, _ string, ids []string) (map[string]kind.Fields, error) {
	list, err := db.Named(ids, 2, []any{district}, func(in string, args []any) ([]Item, error) {
		return db.All(ctx, q, scan, `SELECT `+columns+` FROM due_item WHERE district = $1 AND state <> 'exempt' AND id IN (`+in+`)`, args...)
	})
	out := make(map[string]kind.Fields, len(list))
	for _, i := range list {
		out[i.ID] = i.record().Fields
	}
	return out, err
}

// Sweep looks at every kind and period of the last two years and brings the items in line with the ledger. It is run
// every hour, and after what changes much at once.
func (s *Service) Sweep(ctx context.Context, district int64) error {
	set, err := s.Packs.Current(ctx, s.DB.Read, district)
	if err != nil {
		return err
	}
	for _, k := range kind.All(set) {
		if err := s.SweepKind(ctx, district, k); err != nil {
			return err
		}
	}
	return nil
}

// SweepKind is Sweep of one kind.
func (s *Service) SweepKind(ctx context.Context, district int64, k *kind.Kind) error {
	if k.Due == nil {
		return nil
	}
	// nothing is owed before the first period in which anybody delivered
	var first period.Day
	if err := s.DB.Read.QueryRowContext(ctx, `SELECT coalesce(min(day_from), 0) FROM entry WHERE district = $1 AND kind = $2 AND state <> 'draft'
		AND state <> 'void'`, district, k.Key).Scan(&first); err != nil || first == 0 {
		return err
	}
	today := period.Of(s.Clock.Now())
	y, m, _ := today.YMD()
	_, p, _ := k.DueDay(max(first, period.Date(y, m-back, 1)))
	for ; p.Until <= today; _, p, _ = k.DueDay(p.Until) {
		if err := s.settle(ctx, district, k, p, nil); err != nil {
			return err
		}
	}
	return nil
}

// Refresh brings the items that one entry concerns in line.
func (s *Service) Refresh(ctx context.Context, district int64, entry, key string) error {
	set, err := s.Packs.Current(ctx, s.DB.Read, district)
	if err != nil {
		return err
	}
	k, err := kind.Of(set, key)
	if err != nil || k.Due == nil {
		return nil //nolint:nilerr // the kind has been dropped since
	}
	if entry == "" {
		return s.SweepKind(ctx, district, k)
	}
	type place struct {
		unit org.No
		day  period.Day
	}
	places, err := db.All(ctx, s.DB.Read, func(r *sql.Rows) (place, error) {
		var p place
		err := r.Scan(&p.unit, &p.day)
		return p, err
	}, `SELECT DISTINCT unit, day_from FROM entry_rev WHERE district = $1 AND entry = $2`, district, entry)
	if err != nil {
		return err
	}
	o, err := s.Orgs.Current(ctx, s.DB.Read, district)
	if err != nil {
		return err
	}
	today := period.Of(s.Clock.Now())
	for _, pl := range places {
		_, p, _ := k.DueDay(pl.day)
		if p.Until > today {
			continue
		}
		var units []org.No
		for _, t := range o.Targets(pl.unit, pl.day) {
			if u, ok := o.Unit(org.No(t.Unit)); ok && k.Owes(u.Type) {
				units = append(units, u.No)
			}
		}
		if len(units) > 0 {
			if err := s.settle(ctx, district, k, p, units); err != nil {
				return err
			}
		}
	}
	return nil
}

type delivery struct {
	late int64
	at   int64
}

// settle brings the items of one kind and period in line; units nil means all.
func (s *Service) settle(ctx context.Context, district int64, k *kind.Kind, p period.Period, units []org.No) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := indicator.Shared(ctx, tx, district); err != nil {
			return err
		}
		if err := tx.Lock(ctx, fmt.Sprintf("due %d %s %d", district, k.Key, p.From)); err != nil {
			return err
		}
		o, err := s.Orgs.Current(ctx, tx, district)
		if err != nil {
			return err
		}
		only := ""
		if units != nil {
			marks := make([]string, len(units))
			for i, u := range units {
				marks[i] = fmt.Sprint(int64(u))
			}
			only = strings.Join(marks, ",")
		}
		have, err := s.items(ctx, tx, district, k.Key, p, only)
		if err != nil {
			return err
		}
		did, err := delivered(ctx, tx, district, k.Key, p, only)
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		due, _, _ := k.DueDay(p.From)
		var changes []indicator.Change
		for _, u := range o.Units() {
			if units != nil && !holds(units, u.No) {
				continue
			}
			old, known := have[u.No]
			if !k.Owes(u.Type) || !u.Open(p.Last()) || u.From > p.From {
				if known && old.State != Exempt { // the unit was closed, moved away in time, or the rule was changed
					if _, err := tx.ExecContext(ctx, `DELETE FROM due_item WHERE district = $1 AND id = $2`, district, old.ID); err != nil {
						return err
					}
					changes = append(changes, indicator.Change{Before: old.record()})
				}
				continue
			}
			next := Item{ID: old.ID, Kind: k.Key, Unit: u.No, Period: p, Due: due, State: Open, Rev: old.Rev + 1, Reason: old.Reason, Account: old.Account,
				At: now.UnixMilli()}
			if d, ok := did[u.No]; ok {
				next.State, next.Day = Delivered, period.Of(time.UnixMilli(d.at))
				if d.late > 0 {
					next.State = Late
				}
			} else if period.Of(now) > due {
				next.State = Missing
			}
			if known && old.State == Exempt && next.State != Delivered && next.State != Late {
				next.State = Exempt
			}
			if known && old.State == next.State && old.Day == next.Day && old.Due == next.Due {
				continue
			}
			if !known {
				next.ID = id.New(now)
			}
			if err := save(ctx, tx, district, next, known); err != nil {
				return err
			}
			ch := indicator.Change{After: next.record()}
			if known {
				ch.Before = old.record()
			}
			if ch.Before != nil || ch.After != nil {
				changes = append(changes, ch)
			}
		}
		if len(changes) == 0 {
			return nil
		}
		return s.Figures.Apply(indicator.WithTime(ctx, now), tx, district, changes)
	})
}

func holds(list []org.No, n org.No) bool {
	for _, x := range list {
		if x == n {
			return true
		}
	}
	return false
}

func save(ctx context.Context, tx *db.Tx, district int64, i Item, known bool) error {
	q := `INSERT INTO due_item (district, id, kind, unit, day_from, day_until, due, state, rev, day, reason, account, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`
	args := []any{district, i.ID, i.Kind, int64(i.Unit), int64(i.Period.From), int64(i.Period.Until), int64(i.Due), i.State, i.Rev, int64(i.Day), i.Reason,
		i.Account, i.At}
	if known {
		q = `UPDATE due_item SET due = $3, state = $4, rev = $5, day = $6, reason = $7, account = $8, at = $9 WHERE district = $1 AND id = $2`
		args = []any{district, i.ID, int64(i.Due), i.State, i.Rev, int64(i.Day), i.Reason, i.Account, i.At}
	}
	_, err := tx.ExecContext(ctx, q, args...)
	return err
}

func (s *Service) items(ctx context.Context, q db.Querier, district int64, kind string, p period.Period, only string) (map[org.No]Item, error) {
	tail := ""
	if only != "" {
		tail = ` AND unit IN (` + only + `)`
	}
	list, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM due_item WHERE district = $1 AND kind = $2 AND day_from = $3`+tail, district, kind,
		int64(p.From))
	out := map[org.No]Item{}
	for _, i := range list {
		out[i.Unit] = i
	}
	return out, err
}

// delivered finds the units for which anything was handed in: its earliest delivery, and whether it came in time.
func delivered(ctx context.Context, q db.Querier, district int64, kind string, p period.Period, only string) (map[org.No]delivery, error) {
	tail := ""
	if only != "" {
		tail = ` AND r.target IN (` + only + `)`
	}
	out := map[org.No]delivery{}
	rows, err := q.QueryContext(ctx, `SELECT r.target, min(e.late_days), min(e.submitted_at) FROM entry AS e
		JOIN org_reach AS r ON r.district = e.district AND r.unit = e.unit AND r.line = 0 AND r.day_from <= e.day_from AND e.day_from < r.day_until`+tail+`
		WHERE e.district = $1 AND e.kind = $2 AND e.day_from >= $3 AND e.day_from < $4
			AND (e.state = 'submitted' OR e.state = 'verified' OR e.counted_rev > 0) AND e.state <> 'void'
		GROUP BY r.target`, district, kind, int64(p.From), int64(p.Until))
	var n org.No
	var d delivery
	return out, db.Each(rows, err, func() error {
		err := rows.Scan(&n, &d.late, &d.at)
		out[n] = d
		return err
	})
}

// of loads an item that the scope may see.
func (s *Service) of(ctx context.Context, q db.Querier, by access.Scope, item string) (Item, error) {
	list, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM due_item WHERE district = $1 AND id = $2 AND `+by.Reach("due_item.district", "due_item.unit",
		ledger.Read), by.District, item)
	if err == nil && len(list) == 0 {
		err = ErrNone
	}
	if err != nil {
		return Item{}, err
	}
	return list[0], nil
}

// mayDecide: a superior exempts and reminds, never the unit itself.
func (s *Service) mayDecide(o *org.Org, by access.Scope, i Item) bool {
	if by.IsSystem() {
		return true
	}
	above := o.Parent(i.Unit, period.Day(by.Today))
	return by.Can(ledger.Verify, o.Targets(above, period.Day(by.Today)), false)
}

// SetExempt says that a unit does not owe an item, with the reason, or with "" that it does after all.
//
// Errors: ErrNone, ledger.ErrForbidden, ErrReason, ErrDone for what was delivered.
func (s *Service) SetExempt(ctx context.Context, tx *db.Tx, by access.Scope, item, reason string, exempt bool) (Item, error) {
	i, err := s.of(ctx, tx, by, item)
	if err != nil {
		return i, err
	}
	o, err := s.Orgs.Current(ctx, tx, by.District)
	if err != nil {
		return i, err
	}
	if !s.mayDecide(o, by, i) {
		return i, ledger.ErrForbidden
	}
	reason = strings.TrimSpace(reason)
	if exempt && len([]rune(reason)) < 2 {
		return i, ErrReason
	}
	if i.State == Delivered || i.State == Late {
		return i, ErrDone
	}
	now := s.Clock.Now()
	next := i
	next.Rev++
	next.Account, next.At = by.Account, now.UnixMilli()
	if next.State, next.Reason = Exempt, reason; !exempt {
		next.State, next.Reason = Open, ""
		if period.Of(now) > i.Due {
			next.State = Missing
		}
	}
	if err := save(ctx, tx, by.District, next, true); err != nil {
		return i, err
	}
	if before, after := i.record(), next.record(); before != nil || after != nil {
		if err := s.Figures.Apply(indicator.WithTime(ctx, now), tx, by.District, []indicator.Change{{Before: before, After: after}}); err != nil {
			return i, err
		}
	}
	return next, journal.Write(ctx, tx, by, now, "due."+access.Verb(next.State), i.ID, next.Rev,
		map[string]any{"kind": i.Kind, "unit": i.Unit, "from": i.Period.From})
}

// Reminded says what a reminder did, unit by unit.
type Reminded struct {
	Units   int      `json:"units"`   // units of which somebody was reminded
	Persons int      `json:"persons"` // persons reminded now
	Already int      `json:"already"` // units all of whose persons had been reminded today
	Nobody  []string `json:"nobody"`  // units without anybody who may enter
}

// Remind sends a reminder for items to those who enter at the units that owe them, at most once a day and person.
func (s *Service) Remind(ctx context.Context, tx *db.Tx, by access.Scope, items []string) (Reminded, error) {
	out := Reminded{Nobody: []string{}}
	m, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return out, err
	}
	for _, one := range items {
		i, err := s.of(ctx, tx, by, one)
		if err != nil {
			return out, err
		}
		if !s.mayDecide(m.Org, by, i) {
			return out, ledger.ErrForbidden
		}
		if i.State != Open && i.State != Missing {
			continue
		}
		k, err := kind.Of(m.Set, i.Kind)
		if err != nil {
			return out, err
		}
		who, err := s.Accounts.Holders(ctx, tx, by.District, i.Unit, ledger.Enter)
		if err != nil {
			return out, err
		}
		if len(who) == 0 {
			out.Nobody = append(out.Nobody, m.Org.UnitName(i.Unit))
			continue
		}
		n, err := s.Notify.Send(ctx, tx, by.District, notify.Message{
			Key: fmt.Sprintf("due:%s:%d", i.ID, m.Day), Kind: "due", From: by.Account, Unit: i.Unit,
			Title: i18n.Label{
				Zh: fmt.Sprintf("请报送%s的%s，截止 %s%s", i.Period.Zh(), k.Title.Zh, i.Due, lateWords(m.Day-i.Due).Zh),
				En: fmt.Sprintf("%s for %s is due by %s%s", k.Title.En, i.Period.En(), i.Due, lateWords(m.Day-i.Due).En),
			},
			Link: fmt.Sprintf("/new/%s?unit=%d&due=%s", k.Key, i.Unit, i.Period),
		}, who)
		if err != nil {
			return out, err
		}
		if n == 0 {
			out.Already++
			continue
		}
		out.Units++
		out.Persons += n
	}
	sort.Strings(out.Nobody)
	return out, journal.Write(ctx, tx, by, m.Now, "due.remind", "due", 0, map[string]any{"items": len(items), "persons": out.Persons})
}

func lateWords(days period.Day) i18n.Label {
	if days <= 0 {
		return i18n.Label{}
	}
	return i18n.Label{Zh: fmt.Sprintf("，已逾期 %d 天", days), En: fmt.Sprintf(", %d days late", days)}
}
