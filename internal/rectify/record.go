package rectify

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"sifen/internal/closing"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
)

// The kinds of records that figures count of cases.
const (
	KindOpened  = "case-opened"    // on the day of the first issue
	KindDue     = "case-due"       // on the last day of the promise, once it is over
	KindRecheck = "recheck"        // each
	KindOffice  = "office-duty"    // of the office: on its last day, once it is over or done
	KindArrears = "office-arrears" // while it is over and not done
	KindHanded  = "transfer"       // to enforcement: on the day it was handed over
)

// record is what figures count, as it was given to them.
type record struct {
	ID, Kind, Case string
	Rev            int64
	Unit           org.No
	From, Until    period.Day
	Fields         kind.Fields
}

func (r record) counted() *indicator.Record {
	return &indicator.Record{Kind: r.Kind, ID: r.ID, Rev: r.Rev, Unit: r.Unit, From: r.From, Until: r.Until, Fields: r.Fields}
}

func dayOf(end int64) period.Day { return period.Of(instant(end - 1)) }

// records is what a case gives to figures at a moment. Rechecks are of the events, which never change.
func records(c Case, duties []Duty, events []Event, now int64) []record {
	var out []record
	day := func(id, key string, unit org.No, d period.Day, f kind.Fields) {
		out = append(out, record{ID: id, Kind: key, Case: c.ID, Rev: c.Rev, Unit: unit, From: d, Until: d + 1, Fields: f})
	}
	if c.State != Revoked && c.IssuedAt > 0 {
		day(c.ID, KindOpened, c.Unit, period.Of(instant(c.IssuedAt)), kind.Fields{"item": c.Item, "severity": c.Severity, "source": c.Source, "n": int64(1)})
	}
	if c.State != Revoked && c.PromiseAt > 0 && c.PromiseAt <= now {
		closed := c.State == Closed
		day(c.ID+".due", KindDue, c.Unit, dayOf(c.PromiseAt), kind.Fields{"closed": closed, "in_time": closed && c.Body.InTime, "rounds": c.Round,
			"item": c.Item, "severity": c.Severity})
	}
	round := int64(1)
	for _, e := range events {
		back := e.Op == OpStands || e.Op == OpAgain
		if (e.Op == OpPass || e.Op == OpFail || back) && !e.Look && e.Account != "" {
			day(fmt.Sprintf("%s.r%d", c.ID, e.Seq), KindRecheck, c.Unit, period.Of(instant(e.At)),
				kind.Fields{"round": round, "passed": e.Op == OpPass || e.Op == OpStands, "look_back": back})
		}
		round = e.Round
	}
	for i, e := range events {
		if e.Op != OpTransfer {
			continue
		}
		f := kind.Fields{"answered": false, "amount": int64(0), "n": int64(1)}
		for _, later := range events[i+1:] {
			if later.Op == OpTransfer {
				break
			}
			if r := later.Body.Result; r != nil {
				f["answered"], f["result"], f["amount"] = true, r.Decision, r.Amount
			}
		}
		day(fmt.Sprintf("%s.t%d", c.ID, e.Seq), KindHanded, c.Unit, period.Of(instant(e.At)), f)
	}
	for _, d := range duties {
		if d.Unit != c.Office || d.What == DutyIssue || d.DueAt == 0 || d.Days < 0 {
			continue
		}
		id := fmt.Sprintf("%s.%s%d", c.ID, d.What, d.Nth)
		if d.DueAt <= now || d.DoneAt > 0 {
			day(id, KindOffice, d.Unit, dayOf(d.DueAt), kind.Fields{"what": d.What, "in_time": d.DoneAt > 0 && d.DoneAt <= d.DueAt})
		}
		if first := dayOf(d.DueAt) + 1; d.DueAt <= now && (d.DoneAt == 0 || period.Of(instant(d.DoneAt)) >= first) {
			until := period.Day(period.Open)
			if d.DoneAt > 0 {
				until = period.Of(instant(d.DoneAt)) + 1
			}
			out = append(out, record{ID: id + ".late", Kind: KindArrears, Case: c.ID, Rev: c.Rev, Unit: d.Unit, From: first, Until: until,
				Fields: kind.Fields{"what": d.What, "since": int64(first), "until": int64(until)}})
		}
	}
	return out
}

const recordColumns = `id, kind, rcase, rev, unit, day_from, day_until, fields`

func scanRecord(r *sql.Rows) (record, error) {
	var x record
	var fields string
	if err := r.Scan(&x.ID, &x.Kind, &x.Case, &x.Rev, &x.Unit, &x.From, &x.Until, &fields); err != nil {
		return x, err
	}
	x.Fields = decodeFields(fields)
	return x, nil
}

// decodeFields reads fields with whole numbers as they were.
func decodeFields(text string) kind.Fields {
	out := kind.Fields{}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	raw := map[string]any{}
	if d.Decode(&raw) != nil {
		return out
	}
	for k, v := range raw {
		if n, ok := v.(json.Number); ok {
			i, err := n.Int64()
			if err != nil {
				continue
			}
			v = i
		}
		out[k] = v
	}
	return out
}

func encodeFields(f kind.Fields) string {
	raw, _ := json.Marshal(f) // strings, integers and booleans always marshal
	return string(raw)
}

func (r record) contribution() *closing.Contribution {
	rest := kind.Fields{}
	for k, v := range r.Fields {
		if k != "since" && k != "until" {
			rest[k] = v
		}
	}
	return &closing.Contribution{Unit: r.Unit, From: r.From, Until: r.Until, Values: encodeFields(rest)}
}

// recount brings what figures count of a case in line with what it is. A locked period keeps what it counted: what would
// change there is left out, and said so in the answer.
func (s *Service) recount(ctx context.Context, tx *db.Tx, district int64, c Case, duties []Duty, events []Event, now int64) (locked bool, err error) {
	have, err := db.All(ctx, tx, scanRecord, `SELECT `+recordColumns+` FROM rcase_record WHERE district = $1 AND rcase = $2`, district, c.ID)
	if err != nil {
		return false, err
	}
	before := map[string]record{}
	for _, r := range have {
		before[r.ID] = r
	}
	var changes []indicator.Change
	move := func(was, is *record) error {
		ch := indicator.Change{}
		var a, b *closing.Contribution
		key := ""
		if was != nil {
			ch.Before, a, key = was.counted(), was.contribution(), was.Kind
		}
		if is != nil {
			ch.After, b, key = is.counted(), is.contribution(), is.Kind
		}
		if err := closing.Check(ctx, tx, district, key, a, b); err != nil {
			if isLocked(err) {
				locked = true
				return nil
			}
			return err
		}
		changes = append(changes, ch)
		if is == nil {
			_, err := tx.ExecContext(ctx, `DELETE FROM rcase_record WHERE district = $1 AND id = $2`, district, was.ID)
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO rcase_record (district, id, kind, rcase, rev, unit, day_from, day_until, fields)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (district, id) DO UPDATE SET rev = excluded.rev, unit = excluded.unit,
			day_from = excluded.day_from, day_until = excluded.day_until, fields = excluded.fields`,
			district, is.ID, is.Kind, is.Case, is.Rev, int64(is.Unit), int64(is.From), int64(is.Until), encodeFields(is.Fields))
		return err
	}
	for _, r := range records(c, duties, events, now) {
		was, ok := before[r.ID]
		delete(before, r.ID)
		if ok && was.Unit == r.Unit && was.From == r.From && was.Until == r.Until && encodeFields(was.Fields) == encodeFields(r.Fields) {
			continue
		}
		var old *record
		if ok {
			old = &was
		}
		if err := move(old, &r); err != nil {
			return false, err
		}
	}
	gone := make([]string, 0, len(before))
	for id := range before {
		gone = append(gone, id)
	}
	slices.Sort(gone)
	for _, id := range gone {
		was := before[id]
		if err := move(&was, nil); err != nil {
			return false, err
		}
	}
	if len(changes) == 0 {
		return locked, nil
	}
	return locked, s.Figures.Apply(indicator.WithTime(ctx, s.Clock.Now()), tx, district, changes)
}
