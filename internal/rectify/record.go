package rectify

import (
	"context"
	"fmt"

	"sifen/internal/db"
	"sifen/internal/kept"
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

type record = kept.Record

func dayOf(end int64) period.Day { return period.Of(instant(end - 1)) }

// records is what a case gives to figures at a moment. Rechecks are of the events, which never change.
func records(c Case, duties []Duty, events []Event, now int64) []record {
	var out []record
	day := func(id, key string, unit org.No, d period.Day, f kind.Fields) {
		out = append(out, record{ID: id, Kind: key, Object: c.ID, Rev: c.Rev, Unit: unit, From: d, Until: d + 1, Fields: f})
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
			out = append(out, record{ID: id + ".late", Kind: KindArrears, Object: c.ID, Rev: c.Rev, Unit: d.Unit, From: first, Until: until,
				Fields: kind.Fields{"what": d.What, "since": int64(first), "until": int64(until)}})
		}
	}
	return out
}

// store is where the records of cases are kept. Since when something is in arrears is no part of what a lock holds.
func (s *Service) store() *kept.Store {
	return &kept.Store{Table: "rcase_record", Object: "rcase", Aside: []string{"since", "until"}, Figures: s.Figures}
}

// recount brings what figures count of a case in line with what it is. A locked period keeps what it counted: what would
// change there is left out, and said so in the answer.
func (s *Service) recount(ctx context.Context, tx *db.Tx, district int64, c Case, duties []Duty, events []Event, now int64) (locked bool, err error) {
	return s.store().Recount(ctx, tx, district, c.ID, records(c, duties, events, now), false, s.Clock.Now())
}
