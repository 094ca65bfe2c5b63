package place

import (
	"context"
	"encoding/json"
	"fmt"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/journal"
	"sifen/internal/ledger"
	"sifen/internal/period"
)

// Takeover says how far a district is with taking its kinds over.
type Takeover struct {
	Done    bool   `json:"done"`
	Day     string `json:"day"`
	Ready   int64  `json:"ready"`   // counted entries that become places
	Waiting int64  `json:"waiting"` // entries somebody still has to decide
}

// TakeoverOf tells what a takeover would carry.
func (s *Service) TakeoverOf(ctx context.Context, q db.Querier, district int64) (Takeover, error) {
	day, done, err := TakenOver(ctx, q, district)
	if err != nil || done {
		return Takeover{Done: done, Day: day.String()}, err
	}
	out := Takeover{}
	for _, kind := range taken {
		ready, waiting, err := s.Ledger.CountedOf(ctx, q, district, kind)
		if err != nil {
			return out, err
		}
		out.Ready, out.Waiting = out.Ready+ready, out.Waiting+waiting
	}
	return out, nil
}

// TakeOver makes places the keeper of their kinds. Every counted entry becomes a place under the entry's own id and
// revision, so that figures, digests and history stay what they are; from today no generic entry feeds these figures.
// The caller holds the district's exclusive lock.
//
// Errors: ErrForbidden below the district, ErrTaken, ErrWaiting while entries wait for a decision.
func (s *Service) TakeOver(ctx context.Context, tx *db.Tx, by access.Scope) (carried int64, err error) {
	w, err := s.work(ctx, tx, by)
	if err != nil {
		return 0, err
	}
	if !by.Can(Approve, w.Org.Targets(w.Org.Root, w.Day), false) {
		return 0, ErrForbidden
	}
	if _, done, err := TakenOver(ctx, tx, by.District); err != nil || done {
		if err == nil {
			err = ErrTaken
		}
		return 0, err
	}
	for _, kind := range taken {
		list, waiting, err := s.Ledger.CountedEntries(ctx, tx, by.District, kind)
		if err != nil {
			return 0, err
		}
		if waiting > 0 {
			return 0, ErrWaiting.With("n", waiting)
		}
		t, ok := TypeOf(w.Set, kind)
		if !ok && len(list) > 0 {
			return 0, fmt.Errorf("no rule for places of type %s", kind)
		}
		for _, e := range list {
			if err := s.carry(ctx, tx, by, w, t, e); err != nil {
				return 0, err
			}
			carried++
		}
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO place_takeover (district, day, at, account, carried) VALUES ($1, $2, $3, $4, $5)`, by.District,
		int64(w.Day), w.Now.UnixMilli(), by.Account, carried); err != nil {
		return 0, err
	}
	return carried, journal.Write(ctx, tx, by, w.Now, "place.takeover", w.Org.Code, 0, map[string]any{"carried": carried, "day": w.Day})
}

func (s *Service) carry(ctx context.Context, tx *db.Tx, by access.Scope, w work, t *Type, e ledger.CountedEntry) error {
	p := Place{ID: e.ID, Type: t.Key, Kind: t.Key, Unit: e.Unit, State: Open, Rev: e.Rev, Counted: e.Rev, From: e.From, Until: e.Until, Origin: e.Number,
		Account: e.Account, Created: e.At}
	if e.Until < period.Open && e.Until <= w.Day {
		p.State = Retired
	}
	text := func(k string) string { v, _ := e.Values[k].(string); return v }
	p.Body = Body{Name: text("name"), Batch: text("batch"), Fields: e.Fields, Containers: []Container{}, Hours: []Hours{}, Photos: []string{}}
	p.Body.Households, _ = e.Fields["households"].(int64)
	if list, ok := e.Values["photos"].([]string); ok {
		p.Body.Photos = list
	}
	if geo, ok := e.Values["place"].(map[string]any); ok {
		lat, ok1 := whole(geo["lat"])
		lon, ok2 := whole(geo["lon"])
		if ok1 && ok2 {
			p.Point = &Point{lat, lon}
		}
	}
	if p.Body.Name == "" {
		p.Body.Name = w.Org.UnitName(e.Unit)
	}
	p.Name = p.Body.Name
	if err := s.create(ctx, tx, by, w, t, &p); err != nil {
		return err
	}
	return insertStep(ctx, tx, by.District, p.ID, Step{ID: id.New(w.Now), Step: StepCarry, Day: w.Day, At: w.Now.UnixMilli(), Account: by.Account,
		Rev: p.Rev, Note: e.Number})
}

func whole(x any) (int64, bool) {
	switch t := x.(type) {
	case int64:
		return t, true
	case json.Number:
		n, err := t.Int64()
		return n, err == nil
	}
	return 0, false
}
