package dispatch

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/journal"
	"sifen/internal/ledger"
)

// Takeover says how far a district is with keeping its meetings here.
type Takeover struct {
	Done    bool   `json:"done"`
	Day     string `json:"day"`
	Ready   int64  `json:"ready"`   // counted entries that come over
	Waiting int64  `json:"waiting"` // entries somebody still has to decide
	May     bool   `json:"may"`     // the caller may take them over
}

var taken = []string{KindMeeting}

// TakeoverOf tells what a takeover would carry.
func (s *Service) TakeoverOf(ctx context.Context, q db.Querier, by access.Scope, w work) (Takeover, error) {
	day, done, err := TakenOver(ctx, q, by.District)
	if err != nil || done {
		return Takeover{Done: done, Day: day.String()}, err
	}
	out := Takeover{May: may(w, by, Edit, w.Org.Root)}
	list, waiting, err := s.Ledger.CountedEntries(ctx, q, by.District, KindMeeting)
	out.Ready, out.Waiting = int64(len(list)), waiting
	return out, err
}

// begin lets a district without entries of meetings keep them here from its first one on; where there are some, they come
// over first.
func (s *Service) begin(ctx context.Context, tx *db.Tx, by access.Scope, w work) error {
	t, err := s.TakeoverOf(ctx, tx, by, w)
	if err != nil || t.Done {
		return err
	}
	if t.Ready+t.Waiting > 0 {
		return ErrTakeover.With("n", t.Ready+t.Waiting)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO meeting_takeover (district, day, at, account, carried) VALUES ($1, $2, $3, $4, 0)
		ON CONFLICT (district) DO NOTHING`, by.District, int64(w.Day), w.Now.UnixMilli(), by.Account)
	return err
}

// TakeOver makes this package the keeper of meetings. Every counted entry, of whatever type, becomes a meeting that was held,
// under the entry's own id, number and revision, so that figures, digests and history stay what they are; from today no
// generic entry feeds these figures. The caller holds the district's exclusive lock.
//
// Errors: ErrForbidden below the district, ErrTaken, ErrWaiting while entries wait for a decision.
func (s *Service) TakeOver(ctx context.Context, tx *db.Tx, by access.Scope) (carried int64, err error) {
	w, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return 0, err
	}
	if !may(w, by, Edit, w.Org.Root) {
		return 0, ErrForbidden
	}
	if _, done, err := TakenOver(ctx, tx, by.District); err != nil || done {
		if err == nil {
			err = ErrTaken
		}
		return 0, err
	}
	list, waiting, err := s.Ledger.CountedEntries(ctx, tx, by.District, KindMeeting)
	if err != nil {
		return 0, err
	}
	if waiting > 0 {
		return 0, ErrWaiting.With("n", waiting)
	}
	for _, e := range list {
		if err := s.carryOver(ctx, tx, by, w, e); err != nil {
			return 0, err
		}
		carried++
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO meeting_takeover (district, day, at, account, carried) VALUES ($1, $2, $3, $4, $5)`, by.District,
		int64(w.Day), w.Now.UnixMilli(), by.Account, carried); err != nil {
		return 0, err
	}
	return carried, journal.Write(ctx, tx, by, w.Now, "dispatch.takeover", w.Org.Code, 0, map[string]any{"carried": carried, "day": w.Day})
}

func (s *Service) carryOver(ctx context.Context, tx *db.Tx, by access.Scope, w work, e ledger.CountedEntry) error {
	text := func(k string) string { v, _ := e.Values[k].(string); return v }
	files := func(k string) []string { v, _ := e.Values[k].([]string); return v }
	m := Meeting{ID: e.ID, No: e.Number, Unit: e.Unit, Type: text("type"), Day: e.From, Title: text("topic"), State: Held, MinutesNo: text("minutes_number"),
		Origin: e.Number, Account: e.Account, Created: e.At, Rev: e.Rev,
		Body: Body{Agenda: []Agenda{}, Words: text("decisions"), Photos: files("photos"), Scans: files("scans"), Fields: e.Fields}}
	m.People, _ = e.Fields["attendance"].(int64)
	m.HasMinutes, _ = e.Fields["minutes"].(bool)
	if err := insertMeeting(ctx, tx, by.District, m); err != nil {
		return err
	}
	if err := s.store().Put(ctx, tx, by.District, record{ID: e.ID, Kind: KindMeeting, Object: e.ID, Rev: e.Rev, Unit: e.Unit, From: e.From, Until: e.Until,
		Fields: e.Fields}); err != nil {
		return err
	}
	return insertEvent(ctx, tx, by.District, m.ID, Event{"carry", w.Now.UnixMilli(), by.Account, e.Number})
}
