package inspect

import (
	"context"
	"database/sql"
	"strings"
	"unicode/utf8"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/journal"
	"sifen/internal/outbox"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/rectify"
)

const drawColumns = `d.campaign, d.place, d.role, d.day, d.nth, d.place_name, d.stratum, d.hash, d.level, d.why, d.counts, d.account, d.given, d.visit,
	d.outcome, d.reason`

func scanDraw(r *sql.Rows) (Draw, error) {
	var x Draw
	var counts int64
	err := r.Scan(&x.Campaign, &x.Place, &x.Role, &x.Day, &x.Nth, &x.PlaceName, &x.Stratum, &x.Hash, &x.Level, &x.Why, &counts, &x.Account, &x.Given, &x.Visit,
		&x.Outcome, &x.Reason)
	x.Counts = counts == 1
	return x, err
}

// drawsOf are the drawn places of a condition, in the order of the day.
func drawsOf(ctx context.Context, q db.Querier, where string, args ...any) ([]Draw, error) {
	return db.All(ctx, q, scanDraw, `SELECT `+drawColumns+` FROM draw AS d WHERE d.district = $1 AND `+where+` ORDER BY d.day, d.nth`, args...)
}

// bind makes a visit that of its author's drawn place: the role is the one that was drawn for him, whoever of the two comes
// first. One that arrives after its day was over still counts, by the day on which it was made.
func (s *Service) bind(ctx context.Context, q db.Querier, district int64, v *Record) error {
	if v.Kind == Self {
		return nil
	}
	type found struct{ campaign, role, kind string }
	list, err := db.All(ctx, q, func(r *sql.Rows) (f found, err error) { return f, r.Scan(&f.campaign, &f.role, &f.kind) },
		`SELECT d.campaign, d.role, c.kind FROM draw AS d JOIN campaign AS c ON c.district = d.district AND c.id = d.campaign AND c.checklist = $5
		WHERE d.district = $1 AND d.account = $2 AND d.day = $3 AND d.place = $4 AND d.visit = '' ORDER BY d.campaign LIMIT 1`, district, v.Account,
		int64(v.Day), v.Place, v.Checklist)
	if err != nil || len(list) == 0 {
		return err
	}
	v.Campaign, v.Role = list[0].campaign, list[0].role
	if v.Kind = Routine; list[0].kind == KindSpecial {
		v.Kind = Special
	}
	return nil
}

// kept notes at the drawn place that its visit is there.
func kept(ctx context.Context, tx *db.Tx, district int64, v Record) error {
	if v.Campaign == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE draw SET visit = $5, outcome = 'done', reason = ''
		WHERE district = $1 AND campaign = $2 AND place = $3 AND role = $4`,
		district, v.Campaign, v.Place, v.Role, v.ID)
	if err != nil {
		return err
	}
	return rectify.Blind(ctx, tx, district, v.Account, v.Day, v.Place, false)
}

// freed gives a drawn place back when its visit was voided: on its day it waits for another, later it was missed.
func freed(ctx context.Context, tx *db.Tx, district int64, w work, v Record) error {
	if v.Campaign == "" {
		return nil
	}
	outcome, reason := Waiting, ""
	if v.Day < w.Day {
		outcome, reason = Missed, "void"
	}
	_, err := tx.ExecContext(ctx, `UPDATE draw SET visit = '', outcome = $4, reason = $5 WHERE district = $1 AND campaign = $2 AND visit = $3`, district,
		v.Campaign, v.ID, outcome, reason)
	if err != nil {
		return err
	}
	return rectify.Blind(ctx, tx, district, v.Account, v.Day, v.Place, outcome == Waiting)
}

// Miss says that the caller's drawn place of a day cannot be visited, and why; the zero day is today. Its level falls back in
// the next list. Of a day that is over only the reason comes late: that it was missed stands already.
//
// Errors: ErrNotYours, ErrReason.
func (s *Service) Miss(ctx context.Context, tx *db.Tx, by access.Scope, day period.Day, campaign, place, reason string) error {
	w, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return err
	}
	if day == 0 {
		day = w.Day
	}
	list, err := drawsOf(ctx, tx, `d.account = $2 AND d.day = $3 AND d.campaign = $4 AND d.place = $5 AND (d.outcome = 'open'
		OR d.outcome = 'missed' AND d.visit = '' AND d.day < $6)`, by.District, by.Account, int64(day), campaign, place, int64(w.Day))
	if err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	switch {
	case len(list) == 0:
		return ErrNotYours
	case utf8.RuneCountInString(reason) < 2:
		return ErrReason.At(problem.Field{Pointer: "/reason", Code: "rectify.reason"})
	}
	if _, err := tx.ExecContext(ctx, `UPDATE draw SET outcome = 'missed', reason = $6 WHERE district = $1 AND campaign = $2 AND place = $3 AND role = $4
		AND account = $5`, by.District, campaign, place, list[0].Role, by.Account, reason); err != nil {
		return err
	}
	if err := rectify.Blind(ctx, tx, by.District, by.Account, day, place, false); err != nil {
		return err
	}
	c, err := loadCampaign(ctx, tx, by.District, campaign)
	if err != nil {
		return err
	}
	if err := journal.Write(ctx, tx, by, w.Now, "inspect.visit", c.ID, c.Rev, map[string]any{"no": c.No, "place": place, "missed": reason}); err != nil {
		return err
	}
	return outbox.Emit(ctx, tx, by.District, w.Now, Drawn{c.ID, w.Org.Targets(c.Unit, w.Day)})
}

// unseenToday keeps from somebody what another found today at a place that he has yet to visit: his may be the second look,
// and nobody should know which is.
func unseenToday(by access.Scope, arg func(v any) string) string {
	if by.IsSystem() || !by.Has(Visit) {
		return ""
	}
	today, me := arg(by.Today), arg(by.Account)
	return ` AND NOT EXISTS (SELECT 1 FROM draw AS d WHERE d.district = v.district AND d.account = ` + me + ` AND d.day = ` + today +
		` AND d.place = v.place AND d.outcome = 'open' AND v.day = ` + today + ` AND v.account <> ` + me + `)`
}

// blinded reports whether a visit is another's of today at a place that the caller has yet to visit.
func blinded(ctx context.Context, q db.Querier, by access.Scope, v Record) (bool, error) {
	if by.IsSystem() || !by.Has(Visit) || int64(v.Day) != by.Today || v.Account == by.Account {
		return false, nil
	}
	var n int64
	err := q.QueryRowContext(ctx, `SELECT count(*) FROM draw WHERE district = $1 AND account = $2 AND day = $3 AND place = $4
		AND outcome = 'open'`, by.District,
		by.Account, by.Today, v.Place).Scan(&n)
	return n > 0, err
}

// TodayRow is a place that was drawn for the caller.
type TodayRow struct {
	Campaign  string        `json:"campaign"`
	No        string        `json:"no"`
	Title     string        `json:"title"`
	Key       string        `json:"key"`
	Name      string        `json:"name"`
	Path      string        `json:"path"`
	Stratum   string        `json:"stratum"`
	Checklist string        `json:"checklist"`
	Form      i18n.Label    `json:"form"`
	Outcome   string        `json:"outcome" enum:"open,done,missed"`
	Visit     string        `json:"visit"`
	Reason    string        `json:"reason"`
	Open      []rectify.Row `json:"open_cases"`
}

// Today are the caller's places of today, with what is open there. Whether a look is the first or the second is not told.
func (s *Service) Today(ctx context.Context, q db.Querier, by access.Scope) ([]TodayRow, error) {
	out := []TodayRow{}
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return out, err
	}
	list, err := drawsOf(ctx, q, `d.account = $2 AND d.day = $3`, by.District, by.Account, int64(w.Day))
	if err != nil || len(list) == 0 {
		return out, err
	}
	campaigns, err := campaignsByID(ctx, q, by.District, list)
	if err != nil {
		return out, err
	}
	places := make([]string, 0, len(list))
	for _, x := range list {
		places = append(places, x.Place)
	}
	units, err := unitsOf(ctx, q, by.District, w, places)
	if err != nil {
		return out, err
	}
	open := map[string][]rectify.Row{}
	if by.Has(rectify.Read) {
		if open, err = s.Cases.OpenAtAll(ctx, q, by, places); err != nil {
			return out, err
		}
	}
	byKey := func(x Draw) TodayRow {
		c := campaigns[x.Campaign]
		r := TodayRow{Campaign: c.ID, No: c.No, Title: c.Title, Key: x.Place, Name: x.PlaceName, Path: w.Org.Path(units[x.Place], w.Day), Stratum: x.Stratum,
			Checklist: c.Checklist, Form: i18n.Label{Zh: c.Checklist, En: c.Checklist}, Outcome: x.Outcome, Visit: x.Visit,
			Reason: x.Reason, Open: open[x.Place]}
		if f, ok := pack.Value[Checklist](w.Set, "checklists", c.Checklist); ok {
			r.Form = f.Title
		}
		if r.Open == nil {
			r.Open = []rectify.Row{}
		}
		return r
	}
	for _, street := range strataOf(list) { // a second look stands where a first one would
		for _, x := range list {
			if x.Stratum == street {
				out = append(out, byKey(x))
			}
		}
	}
	return out, nil
}

// strataOf are the strata of drawn places, each once, in order.
func strataOf(list []Draw) []string {
	seen := map[string]bool{}
	var out []string
	for _, x := range list {
		if !seen[x.Stratum] {
			seen[x.Stratum] = true
			out = append(out, x.Stratum)
		}
	}
	return out
}

func campaignsByID(ctx context.Context, q db.Querier, district int64, list []Draw) (map[string]Campaign, error) {
	ids := []string{}
	for _, x := range list {
		ids = append(ids, x.Campaign)
	}
	all, err := db.Named(dedupe(ids), 2, []any{district}, func(in string, args []any) ([]Campaign, error) {
		return db.All(ctx, q, scanCampaign, `SELECT `+campaignColumns+` FROM campaign AS c WHERE c.district = $1 AND c.id IN (`+in+`)`, args...)
	})
	out := map[string]Campaign{}
	for _, c := range all {
		out[c.ID] = c
	}
	return out, err
}

// over reports whether a day has passed, so that who looked again may be shown.
func over(w work, d period.Day) bool { return d < w.Day }
