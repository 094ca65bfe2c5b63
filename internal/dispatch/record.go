package dispatch

import (
	"context"
	"maps"

	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/kept"
	"sifen/internal/kind"
	"sifen/internal/period"
)

type record = kept.Record

// records is what a meeting gives to figures: itself, once it was held. What was said of it as an entry stays said.
func (m Meeting) records() []record {
	if m.State != Held {
		return nil
	}
	f := maps.Clone(m.Body.Fields)
	if f == nil {
		f = kind.Fields{}
	}
	f["held_on"], f["topic"], f["type"], f["minutes"] = int64(m.Day), m.Title, m.Type, m.HasMinutes
	if m.People > 0 {
		f["attendance"] = m.People
	} else {
		delete(f, "attendance")
	}
	if m.MinutesNo != "" {
		f["minutes_number"] = m.MinutesNo
	} else {
		delete(f, "minutes_number")
	}
	return []record{{ID: m.ID, Kind: KindMeeting, Object: m.ID, Rev: m.Rev, Unit: m.Unit, From: m.Day, Until: m.Day + 1, Fields: f}}
}

// The records of a decision are told from those of meetings by what follows its id.
const dueSuffix, openSuffix = ".due", ".open"

// records is what a decision gives to figures: on its deadline whether it was done, and in time; and from its meeting on that
// it is open. One that was carried over before its deadline came is counted by the one that took its place.
func (d Decision) records() []record {
	var out []record
	if d.State != Dropped && !(d.State == Carried && d.Settled <= d.Deadline) {
		out = append(out, record{ID: d.ID + dueSuffix, Kind: KindDecision, Object: d.ID, Rev: d.Rev, Unit: d.Unit, From: d.Deadline, Until: d.Deadline + 1,
			Fields: kind.Fields{"done": d.State == Done, "in_time": d.State == Done && d.Done <= d.Deadline}})
	}
	until := period.Day(period.Open)
	if d.Settled > 0 {
		until = d.Settled
	}
	if d.Decided < until {
		out = append(out, record{ID: d.ID + openSuffix, Kind: KindOpen, Object: d.ID, Rev: d.Rev, Unit: d.Unit, From: d.Decided, Until: until,
			Fields: kind.Fields{}})
	}
	return out
}

// store is where the records of meetings and decisions are kept.
func (s *Service) store() *kept.Store {
	return &kept.Store{Table: "meeting_record", Object: "object", Figures: s.Figures}
}

// recount brings what figures count of a meeting or a decision in line with what it is; see kept.Store.Recount.
func (s *Service) recount(ctx context.Context, tx *db.Tx, district int64, object string, want []record, strict bool) (behind bool, err error) {
	return s.store().Recount(ctx, tx, district, object, want, strict, s.Clock.Now())
}

// Scan gives the records of a kind as they were counted.
func (s *Service) Scan(ctx context.Context, q db.Querier, district int64, key, after string, limit int) ([]indicator.Record, error) {
	return s.store().Scan(ctx, q, district, key, after, limit)
}

// Fields gives the values of some records.
func (s *Service) Fields(ctx context.Context, q db.Querier, district int64, _ string, ids []string) (map[string]kind.Fields, error) {
	return s.store().Fields(ctx, q, district, ids)
}
