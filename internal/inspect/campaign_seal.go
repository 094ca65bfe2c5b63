package inspect

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/draw"
	"sifen/internal/notify"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/place"
	"sifen/internal/problem"
	"sifen/internal/rectify"
)

// sealPlace is what a day's secret cannot be carried away from.
func sealPlace(district int64, campaign string, day period.Day) string {
	return fmt.Sprintf("campaign %d %s %s", district, campaign, day)
}

// Seal fixes the list that is drawn from, and the secrets of the days: the digests of both are published, the secrets lie under
// the key file until their day. Nothing can be changed afterwards.
//
// Errors: ErrCampaign, ErrPlanning, ErrCampaignRev, ErrStopped, ErrIsSealed, ErrNothingDrawn, seal.ErrKey, ErrInvalid where a day has come meanwhile.
func (s *Service) Seal(ctx context.Context, tx *db.Tx, by access.Scope, campaign string, rev int64) (Campaign, error) {
	c, w, err := s.planned(ctx, tx, by, campaign, rev)
	if err != nil {
		return c, err
	}
	if c.State != Drafted {
		return c, ErrIsSealed
	}
	if c.First <= w.Day {
		return c, ErrInvalid.At(problem.Field{Pointer: "/days", Code: "inspect.day-past", Args: map[string]any{"day": c.First.String()}})
	}
	places, err := base(ctx, tx, by.District, w, c)
	if err != nil {
		return c, err
	}
	b := draw.Base{Campaign: c.No, Sealed: w.Day.String(), Surprise: int(c.Surprise), Second: int(c.Second), Places: places}
	for _, d := range c.Days {
		b.Quota = append(b.Quota, int(d.Quota))
	}
	if len(b.Drawable()) == 0 {
		return c, ErrNothingDrawn
	}
	key, err := org.Setting(ctx, tx, by.District, notify.SealKey)
	if err != nil {
		return c, err
	}
	first := key
	for i := range c.Days {
		d := &c.Days[i]
		secret := make([]byte, 32)
		if _, err := rand.Read(secret); err != nil {
			return c, err
		}
		text := hex.EncodeToString(secret)
		d.Seal = draw.Digest(text)
		if d.Secret, key, err = s.Seals.Seal(text, sealPlace(by.District, c.ID, d.Day), key); err != nil {
			return c, err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE campaign_day SET secret = $4, seal = $5 WHERE district = $1 AND campaign = $2 AND day = $3`, by.District, c.ID,
			int64(d.Day), d.Secret, d.Seal); err != nil {
			return c, err
		}
	}
	if key != first {
		if err := org.SetSetting(ctx, tx, by.District, notify.SealKey, key); err != nil {
			return c, err
		}
	}
	c.State, c.SealedAt, c.Base = Sealed, w.Now.UnixMilli(), b.Text()
	c.Digest = draw.Digest(c.Base)
	if err := saveCampaign(ctx, tx, by.District, &c); err != nil {
		return c, err
	}
	return c, s.toldCampaign(ctx, tx, by, w, c, map[string]any{"digest": c.Digest})
}

// Say gives the words of representatives, which go into every seed: once, after sealing and before the first day is opened.
//
// Errors: ErrCampaign, ErrPlanning, ErrCampaignRev, ErrStopped, ErrNotSealed, ErrBegun, ErrInvalid.
func (s *Service) Say(ctx context.Context, tx *db.Tx, by access.Scope, campaign string, rev int64, words string) (Campaign, error) {
	c, w, err := s.planned(ctx, tx, by, campaign, rev)
	if err != nil {
		return c, err
	}
	words = strings.Join(strings.Fields(strings.ReplaceAll(words, "|", " ")), " ")
	switch {
	case c.State != Sealed:
		return c, ErrNotSealed
	case c.Words != "" || slices.ContainsFunc(c.Days, func(d CampaignDay) bool { return d.OpenedAt > 0 }):
		return c, ErrBegun
	case words == "":
		return c, ErrInvalid.At(problem.Field{Pointer: "/words", Code: "value.required"})
	}
	c.Words = words
	if err := saveCampaign(ctx, tx, by.District, &c); err != nil {
		return c, err
	}
	return c, s.toldCampaign(ctx, tx, by, w, c, map[string]any{"words": words})
}

// Stop ends a campaign: days that are not opened stay closed. What was drawn stays as it is.
//
// Errors: ErrCampaign, ErrPlanning, ErrCampaignRev, ErrStopped, ErrReason.
func (s *Service) Stop(ctx context.Context, tx *db.Tx, by access.Scope, campaign string, rev int64, reason string) (Campaign, error) {
	c, w, err := s.planned(ctx, tx, by, campaign, rev)
	if err != nil {
		return c, err
	}
	reason = strings.TrimSpace(reason)
	if utf8.RuneCountInString(reason) < 2 {
		return c, ErrReason.At(problem.Field{Pointer: "/reason", Code: "rectify.reason"})
	}
	c.State, c.Body.Reason = Stopped, reason
	if err := saveCampaign(ctx, tx, by.District, &c); err != nil {
		return c, err
	}
	return c, s.toldCampaign(ctx, tx, by, w, c, map[string]any{"reason": reason})
}

// below are the places under a unit that a checklist is about, open on a day.
func below(ctx context.Context, q db.Querier, district int64, w work, c *Checklist, unit org.No) ([]Spot, error) {
	var out []Spot
	for _, u := range w.Org.Units() {
		sp := Spot{Key: rectify.UnitPlace(u.No), Name: u.Name, Type: string(u.Type), Unit: u.No}
		if u.Open(w.Day) && c.fits(sp) {
			out = append(out, sp)
		}
	}
	list, err := openPoints(ctx, q, district, w)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		if sp := SpotOf(p); c.fits(sp) {
			out = append(out, sp)
		}
	}
	met, err := Objects(ctx, q, district, 0, "")
	if err != nil {
		return nil, err
	}
	for _, o := range met {
		if c.fits(o) {
			out = append(out, o)
		}
	}
	return slices.DeleteFunc(out, func(sp Spot) bool { return !w.Org.Reaches(sp.Unit, unit, w.Day, w.Day+1) }), nil
}

// openPoints are all points and stations in use.
func openPoints(ctx context.Context, q db.Querier, district int64, w work) ([]place.Place, error) {
	list, _, err := place.List(ctx, q, access.System(district, int64(w.Day), "draw"), place.Filter{State: place.Open})
	return list, err
}

// base is the list of a campaign: strata are streets, levels those that earlier campaigns with the checklist left.
func base(ctx context.Context, q db.Querier, district int64, w work, c Campaign) ([]draw.Place, error) {
	form, ok := pack.Value[Checklist](w.Set, "checklists", c.Checklist)
	if !ok {
		return nil, ErrInvalid.At(problem.Field{Pointer: "/checklist", Code: "value.choice"})
	}
	spots, err := below(ctx, q, district, w, form, c.Unit)
	if err != nil {
		return nil, err
	}
	known, err := levels(ctx, q, district, c.Checklist)
	if err != nil {
		return nil, err
	}
	out := make([]draw.Place, 0, len(spots))
	for _, sp := range spots {
		p := draw.Place{Stratum: w.Org.UnitName(stratum(w, sp.Unit)), Key: sp.Key, Name: sp.Name}
		if i := slices.IndexFunc(c.Body.LeftOut, func(x LeftOut) bool { return x.Place == sp.Key }); i >= 0 {
			p.LeftOut, p.Reason = true, strings.TrimSpace(c.Body.LeftOut[i].Reason)
		}
		out = append(out, p)
	}
	draw.Enter(out, known)
	return out, nil
}

// stratum is the street of a unit; of what lies in none, the district.
func stratum(w work, unit org.No) org.No {
	if n, ok := w.Org.Level(unit, "street", w.Day); ok {
		return n
	}
	return w.Org.Root
}

// levels are how often places were drawn and visited, as the last campaigns with a checklist left them, by key. A place that was
// missed is where it was before.
func levels(ctx context.Context, q db.Querier, district int64, checklist string) (map[string]int, error) {
	type last struct{ id, base string }
	list, err := db.All(ctx, q, func(r *sql.Rows) (l last, err error) { return l, r.Scan(&l.id, &l.base) },
		`SELECT c.id, c.base FROM campaign AS c WHERE c.district = $1 AND c.checklist = $2 AND c.base <> '' ORDER BY c.sealed_at DESC, c.id DESC LIMIT 12`,
		district, checklist)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]string, 0, len(list))
	for _, l := range list {
		ids = append(ids, l.id)
	}
	rose := map[[2]string]bool{}
	keys, err := db.Named(ids, 2, []any{district}, func(in string, args []any) ([][2]string, error) {
		return db.All(ctx, q, func(r *sql.Rows) (k [2]string, err error) { return k, r.Scan(&k[0], &k[1]) },
			`SELECT d.campaign, d.place FROM draw AS d WHERE d.district = $1 AND d.campaign IN (`+in+`) AND d.role = 'first' AND d.counts = 1
			AND d.outcome = 'done'`, args...)
	})
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		rose[k] = true
	}
	out := map[string]int{}
	for _, l := range list {
		b, err := draw.Parse(l.base)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("the list of campaign %s", l.id), err)
		}
		for _, p := range b.Drawable() {
			if _, have := out[p.Key]; have {
				continue
			}
			if out[p.Key] = p.Level; rose[[2]string{l.id, p.Key}] {
				out[p.Key]++
			}
		}
	}
	return out, nil
}

// WouldDraw are the places that a campaign of a unit with a checklist would draw from, by street and key.
//
// Errors: ErrPlanning, org.ErrUnit.
func (s *Service) WouldDraw(ctx context.Context, q db.Querier, by access.Scope, unit org.No, checklist string) ([]PlaceRef, error) {
	out := []PlaceRef{}
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return out, err
	}
	if unit, err = within(w, by, int64(unit)); err != nil {
		return out, err
	}
	if !by.Can(Plan, w.Org.Targets(unit, w.Day), false) {
		return out, ErrPlanning
	}
	list, err := base(ctx, q, by.District, w, Campaign{Unit: unit, Checklist: checklist})
	for _, p := range list {
		out = append(out, PlaceRef{Key: p.Key, Name: p.Name, Stratum: p.Stratum})
	}
	slices.SortFunc(out, func(a, b PlaceRef) int {
		return cmp.Or(strings.Compare(a.Stratum, b.Stratum), strings.Compare(a.Name, b.Name), strings.Compare(a.Key, b.Key))
	})
	return out, err
}
