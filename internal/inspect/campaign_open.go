package inspect

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/draw"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/notify"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/rectify"
	"sifen/internal/seal"
)

// opensAt is when the places of a day are drawn: until then nobody can know them.
const opensAt = 6 * time.Hour

// Pass is what time does to campaigns: at six in the morning the day's secret is opened and its places are drawn, at its end what
// nobody visited is missed. A day on which the program did not run is not drawn afterwards.
func (s *Service) Pass(ctx context.Context, district int64) error {
	now := s.Platform.Clock.Now()
	today := period.Of(now)
	type due struct {
		campaign string
		day      period.Day
	}
	list, err := db.All(ctx, s.DB.Read, func(r *sql.Rows) (d due, err error) { return d, r.Scan(&d.campaign, &d.day) },
		`SELECT d.campaign, d.day FROM campaign_day AS d JOIN campaign AS c ON c.district = d.district AND c.id = d.campaign AND c.state = 'sealed'
		WHERE d.district = $1 AND d.opened_at = 0 AND d.lapsed = 0 AND d.day <= $2 ORDER BY d.day, d.campaign`, district, int64(today))
	if err != nil {
		return err
	}
	shared := func(do func(tx *db.Tx) error) error {
		return s.DB.Write(ctx, func(tx *db.Tx) error {
			if err := indicator.Shared(ctx, tx, district); err != nil {
				return err
			}
			return do(tx)
		})
	}
	for _, d := range list {
		if d.day == today && now.Before(today.Start().Add(opensAt)) {
			continue
		}
		if err := shared(func(tx *db.Tx) error { return s.openDay(ctx, tx, district, d.campaign, d.day) }); errors.Is(err, seal.ErrKey) {
			s.Log.Warn("a day of a campaign cannot be opened: the key file is lost", "campaign", d.campaign, "day", d.day.String())
		} else if err != nil {
			return err
		}
	}
	var over int64
	if err := s.DB.Read.QueryRowContext(ctx, `SELECT count(*) FROM draw WHERE district = $1 AND outcome = 'open' AND day < $2`, district,
		int64(today)).Scan(&over); err != nil || over == 0 {
		return err
	}
	return shared(func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE draw SET outcome = 'missed', reason = 'day-over' WHERE district = $1 AND outcome = 'open' AND day < $2`, district,
			int64(today))
		return err
	})
}

// openDay draws the places of a day and says who goes where.
func (s *Service) openDay(ctx context.Context, tx *db.Tx, district int64, campaign string, day period.Day) error {
	w, err := s.Moment(ctx, tx, district)
	if err != nil {
		return err
	}
	c, err := loadCampaign(ctx, tx, district, campaign)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(c.Days, func(d CampaignDay) bool { return d.Day == day })
	if i < 0 || c.State != Sealed || c.Days[i].OpenedAt > 0 || c.Days[i].Lapsed {
		return nil // another node was faster
	}
	by := access.System(district, int64(w.Day), "time")
	d := &c.Days[i]
	if day < w.Day {
		if _, err := tx.ExecContext(ctx, `UPDATE campaign_day SET lapsed = 1 WHERE district = $1 AND campaign = $2 AND day = $3`, district, c.ID,
			int64(day)); err != nil {
			return err
		}
		return s.toldCampaign(ctx, tx, by, w, c, map[string]any{"lapsed": day.String()})
	}
	secret, err := s.Seals.Open(d.Secret, sealPlace(district, c.ID, day))
	if err != nil {
		return err
	}
	err = tx.QueryRowContext(ctx, `SELECT chain FROM journal WHERE district = $1 AND seq IS NOT NULL ORDER BY seq DESC LIMIT 1`, district).Scan(&d.Chain)
	if _, err = db.One(err); err != nil {
		return err
	}
	d.Seed, d.OpenedAt, d.Secret = draw.Seed(secret, c.Digest, c.Words, d.Chain), w.Now.UnixMilli(), secret
	ours, err := db.Changed(tx.ExecContext(ctx, `UPDATE campaign_day SET secret = $4, chain = $5, seed = $6, opened_at = $7
		WHERE district = $1 AND campaign = $2 AND day = $3 AND opened_at = 0`, district, c.ID, int64(day), d.Secret, d.Chain, d.Seed, d.OpenedAt))
	if err != nil || !ours {
		return err
	}
	b, err := draw.Parse(c.Base)
	if err != nil {
		return err
	}
	slots := draw.Days(b, seeds(c))[i]
	rows, err := s.given(ctx, tx, district, w, c, *d, slots)
	if err != nil {
		return err
	}
	for _, x := range rows {
		if err := insertDraw(ctx, tx, district, x); err != nil {
			return err
		}
		if x.Account != "" {
			if err := rectify.Blind(ctx, tx, district, x.Account, day, x.Place, true); err != nil {
				return err
			}
		}
	}
	if err := s.toldCampaign(ctx, tx, by, w, c, map[string]any{"day": day.String(), "seed": d.Seed, "chain": d.Chain, "places": len(slots)}); err != nil {
		return err
	}
	return s.tellCrew(ctx, tx, district, c, *d, rows)
}

// seeds of the days of a campaign, "" for those not opened.
func seeds(c Campaign) []string {
	out := make([]string, 0, len(c.Days))
	for _, d := range c.Days {
		out = append(out, d.Seed)
	}
	return out
}

// Draw is a place drawn for a person on a day.
type Draw struct {
	Campaign  string
	Place     string
	Role      string // first, second
	Day       period.Day
	Nth       int64 // in the order of the day
	PlaceName string
	Stratum   string
	Hash      string
	Level     int64 // before
	Why       string
	Counts    bool
	Account   string // "" for nobody
	Given     string // why this person, where the rules left no other
	Visit     string
	Outcome   string
	Reason    string // of having missed it
}

// given says who goes where: first looks, then the second looks, by somebody else.
func (s *Service) given(ctx context.Context, q db.Querier, district int64, w work, c Campaign, d CampaignDay, slots []draw.Slot) ([]Draw, error) {
	all, err := s.inspectors(ctx, q, district, w, c.Body.Crew)
	if err != nil {
		return nil, err
	}
	crew := slices.DeleteFunc(all, func(x Inspector) bool { return !slices.Contains(c.Body.Crew, x.Account) })
	accounts := make([]string, 0, len(crew))
	for _, x := range crew {
		accounts = append(accounts, x.Account)
	}
	places := make([]string, 0, len(slots))
	for _, x := range slots {
		places = append(places, x.Key)
	}
	lastBy, err := lastVisitors(ctx, q, district, places)
	if err != nil {
		return nil, err
	}
	units, err := unitsOf(ctx, q, district, w, places)
	if err != nil {
		return nil, err
	}
	form, _ := pack.Value[Checklist](w.Set, "checklists", c.Checklist)
	task := func(x draw.Slot) draw.Task {
		t := draw.Task{Key: x.Key, Not: map[string]string{}}
		for _, p := range crew {
			switch {
			case !fit(w, form, p, units[x.Key]):
				t.Not[p.Account] = draw.Seated
			case lastBy[x.Key] != "" && lastBy[x.Key] == p.person:
				t.Not[p.Account] = draw.Last
			}
		}
		return t
	}
	var first, second []draw.Task
	var again []draw.Slot
	for _, x := range slots {
		first = append(first, task(x))
	}
	out := make([]Draw, 0, len(slots))
	loads := map[string]int{}
	row := func(x draw.Slot, role string, nth int, g draw.Given) {
		out = append(out, Draw{Campaign: c.ID, Place: x.Key, Role: role, Day: d.Day, Nth: int64(nth), PlaceName: x.Name, Stratum: x.Stratum, Hash: x.Hash,
			Level: int64(x.Level), Why: x.Why, Counts: x.Counts, Account: g.Person, Given: g.Why, Outcome: Waiting})
	}
	for i, g := range draw.Assign(d.Seed, c.No, first, accounts, nil) {
		loads[g.Person]++
		row(slots[i], FirstLook, i+1, g)
		if slots[i].Second {
			t := task(slots[i])
			t.Not[g.Person] = draw.First
			t.Key += "|2"
			second, again = append(second, t), append(again, slots[i])
		}
	}
	for i, g := range draw.Assign(d.Seed, c.No, second, accounts, loads) {
		row(again[i], SecondLook, len(slots)+i+1, g)
	}
	return out, nil
}

// fit reports whether somebody may go to a place: his right reaches it, and he has no seat there, below it or at who answers for it.
func fit(w work, form *Checklist, p Inspector, unit org.No) bool {
	if unit == 0 || !p.scope.Can(Visit, w.Org.Targets(unit, w.Day), false) {
		return false
	}
	party := org.No(0)
	if form != nil {
		party = rectify.Answers(w.Org, unit, w.Day, form.Answers)
	}
	return !slices.ContainsFunc(p.scope.Grants, func(g access.Grant) bool {
		n := org.No(g.Unit)
		return n == unit || n == party || w.Org.Reaches(n, unit, w.Day, w.Day+1)
	})
}

// lastVisitors are the persons of the last visits of places, by place.
func lastVisitors(ctx context.Context, q db.Querier, district int64, places []string) (map[string]string, error) {
	list, err := db.Named(places, 2, []any{district}, func(in string, args []any) ([][2]string, error) {
		return db.All(ctx, q, func(r *sql.Rows) (x [2]string, err error) { return x, r.Scan(&x[0], &x[1]) },
			`SELECT v.place, a.person FROM visit AS v JOIN account AS a ON a.district = v.district AND a.id = v.account
			WHERE v.district = $1 AND v.place IN (`+in+`) AND v.state = 'done' AND v.kind <> 'self' ORDER BY v.made_at, v.id`, args...)
	})
	out := map[string]string{}
	for _, x := range list {
		out[x[0]] = x[1]
	}
	return out, err
}

// unitsOf are the units of places, by key.
func unitsOf(ctx context.Context, q db.Querier, district int64, w work, places []string) (map[string]org.No, error) {
	out := map[string]org.No{}
	var points, met []string
	for _, key := range places {
		var n int64
		if _, err := fmt.Sscanf(key, "unit:%d", &n); err == nil {
			out[key] = org.No(n)
		} else if id, ok := strings.CutPrefix(key, "point:"); ok {
			points = append(points, id)
		} else if id, ok := strings.CutPrefix(key, "object:"); ok {
			met = append(met, id)
		}
	}
	if len(points) > 0 {
		list, err := openPoints(ctx, q, district, w)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			out["point:"+p.ID] = p.Unit
		}
	}
	list, err := db.Named(met, 2, []any{district}, func(in string, args []any) ([]Spot, error) {
		return db.All(ctx, q, func(r *sql.Rows) (o Spot, err error) { return o, r.Scan(&o.Key, &o.Unit) },
			`SELECT id, unit FROM inspect_object WHERE district = $1 AND id IN (`+in+`)`, args...)
	})
	for _, o := range list {
		out["object:"+o.Key] = o.Unit
	}
	return out, err
}

func insertDraw(ctx context.Context, tx *db.Tx, district int64, x Draw) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO draw (district, campaign, place, role, day, nth, place_name, stratum, hash, level, why, counts, account, given,
		visit, outcome, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', $15, '')`, district, x.Campaign, x.Place, x.Role,
		int64(x.Day), x.Nth, x.PlaceName, x.Stratum, x.Hash, x.Level, x.Why, flag(x.Counts), x.Account, x.Given, x.Outcome)
	return err
}

// tellCrew tells everybody how many places are his today, second looks among them, and no group: who goes is nobody else's to know.
func (s *Service) tellCrew(ctx context.Context, tx *db.Tx, district int64, c Campaign, d CampaignDay, rows []Draw) error {
	n := map[string]int{}
	for _, x := range rows {
		if x.Account != "" {
			n[x.Account]++
		}
	}
	for _, a := range c.Body.Crew {
		if n[a] == 0 {
			continue
		}
		if _, err := s.Cases.Notify.Send(ctx, tx, district, notify.Message{Key: "draw:" + c.ID + ":" + d.Day.String() + ":" + a, Kind: "draw",
			Link: "/inspect", Title: i18n.Say("inspect.news-today", map[string]any{"n": n[a], "title": c.Title})}, []string{a}); err != nil {
			return err
		}
	}
	return nil
}
