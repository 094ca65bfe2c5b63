package special

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/inspect/seen"
	"sifen/internal/journal"
	"sifen/internal/kept"
	"sifen/internal/ledger"
	"sifen/internal/module"
	"sifen/internal/period"
)

// Takeover says how far a district is with keeping its special inspections here.
type Takeover struct {
	Done    bool   `json:"done"`
	Day     string `json:"day"`
	Ready   int64  `json:"ready"`   // counted entries that come over
	Waiting int64  `json:"waiting"` // entries somebody still has to decide
	May     bool   `json:"may"`     // the caller may take them over
}

// TakenOver is the day from which a district keeps its special inspections here.
func TakenOver(ctx context.Context, q db.Querier, district int64) (day period.Day, ok bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT day FROM special_takeover WHERE district = $1`, district).Scan(&day)
	ok, err = db.One(err)
	return day, ok, err
}

// TakeoverOf tells what a takeover would carry.
func (s *Service) TakeoverOf(ctx context.Context, q db.Querier, by access.Scope, w module.Moment) (Takeover, error) {
	day, done, err := TakenOver(ctx, q, by.District)
	if err != nil || done {
		return Takeover{Done: done, Day: day.String()}, err
	}
	out := Takeover{May: by.Can(Edit, w.Org.Targets(w.Org.Root, w.Day), false)}
	out.Ready, out.Waiting, err = s.Ledger.CountedOf(ctx, q, by.District, Kind)
	return out, err
}

func (s *Service) taken(ctx context.Context, tx *db.Tx, by access.Scope, w module.Moment, carried int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO special_takeover (district, day, at, account, carried) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (district) DO NOTHING`, by.District, int64(w.Day), w.Now.UnixMilli(), by.Account, carried)
	return err
}

// begin lets a district without entries of special inspections keep them here from its first one on; where there are some, they
// come over first.
func (s *Service) begin(ctx context.Context, tx *db.Tx, by access.Scope, w module.Moment) error {
	t, err := s.TakeoverOf(ctx, tx, by, w)
	if err != nil || t.Done {
		return err
	}
	if t.Ready+t.Waiting > 0 {
		return ErrTakeover.With("n", t.Ready+t.Waiting)
	}
	return s.taken(ctx, tx, by, w, 0)
}

// TakeOver makes this package the keeper of special inspections. Every counted entry becomes one under its own id, number and
// revision, so that figures, digests and history stay what they are; from today no generic entry feeds these figures. The
// caller holds the district's exclusive lock.
//
// Errors: ErrForbidden below the district, ErrTaken, ErrWaiting while entries wait for a decision.
func (s *Service) TakeOver(ctx context.Context, tx *db.Tx, by access.Scope) (carried int64, err error) {
	w, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return 0, err
	}
	if !by.Can(Edit, w.Org.Targets(w.Org.Root, w.Day), false) {
		return 0, ErrForbidden
	}
	if _, done, err := TakenOver(ctx, tx, by.District); err != nil || done {
		if err == nil {
			err = ErrTaken
		}
		return 0, err
	}
	list, waiting, err := s.Ledger.CountedEntries(ctx, tx, by.District, Kind)
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
	if err := s.taken(ctx, tx, by, w, carried); err != nil {
		return 0, err
	}
	return carried, journal.Write(ctx, tx, by, w.Now, "special.takeover", w.Org.Code, 0, map[string]any{"carried": carried, "day": w.Day})
}

func (s *Service) carryOver(ctx context.Context, tx *db.Tx, by access.Scope, w module.Moment, e ledger.CountedEntry) error {
	text := func(k string) string { v, _ := e.Values[k].(string); return v }
	number := func(k string) int64 { n, _ := e.Fields[k].(int64); return n }
	x := Inspection{ID: e.ID, No: e.Number, Unit: e.Unit, Day: e.From, Topic: text("topic"), Sites: number("sites"), Problems: number("problems"),
		Outcome: text("outcome"), OutcomeNo: text("outcome_number"), State: Held, Origin: e.Number, Fields: e.Fields, Account: e.Account, Created: e.At,
		Op: "carry", By: by.Account, At: w.Now.UnixMilli(), Rev: e.Rev}
	x.Photos, _ = e.Values["photos"].([]string)
	if err := s.write(ctx, tx, by.District, x, 0); err != nil {
		return err
	}
	return s.store().Put(ctx, tx, by.District, kept.Record{ID: e.ID, Kind: Kind, Object: e.ID, Rev: e.Rev, Unit: e.Unit, From: e.From, Until: e.Until,
		Fields: e.Fields})
}

// unkept are the campaigns of a year that are over and were not counted: over before the takeover, so that the ledger may have
// them already.
func (s *Service) unkept(ctx context.Context, q db.Querier, by access.Scope, w module.Moment, p period.Period) ([]seen.Campaign, error) {
	all, err := seen.Campaigns(ctx, q, by.District, p.From, min(p.Until, w.Day))
	if err != nil || len(all) == 0 {
		return nil, err
	}
	have, err := list(ctx, q, `s.campaign <> '' AND s.day >= $2 AND s.day < $3`, by.District, int64(p.From), int64(p.Until))
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, x := range have {
		known[x.Campaign] = true
	}
	var out []seen.Campaign
	for _, c := range all {
		if counts(c) && !known[c.ID] && by.Can(Edit, w.Org.Targets(c.Unit, w.Day), false) {
			out = append(out, c)
		}
	}
	return out, nil
}
