package ledger

import (
	"context"
	"slices"

	"sifen/internal/access"
	"sifen/internal/closing"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/likeness"
	"sifen/internal/org"
	"sifen/internal/outline"
)

// asked is what waits to be decided or to be sent, as far as it can be warned of.
type asked struct {
	entry Entry
	kind  *kind.Kind
}

// warnings are what the one who enters and the one who verifies should know of records that are not counted yet: that their
// days are locked, that a position lies outside its unit, and that another record of the same unit, day and subject is there. They come in the order asked.
func (s *Service) warnings(ctx context.Context, q db.Querier, by access.Scope, w work, list []asked) ([][]i18n.Label, error) {
	if len(list) == 0 {
		return nil, nil
	}
	out, err := s.alikeHints(ctx, q, by, list)
	if err != nil {
		return nil, err
	}
	locks, err := closing.InForce(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	for i, a := range list {
		if since, before, found := locks.Covering(w.Org, a.kind.Key, a.entry.Unit, a.entry.From, a.entry.Until); found && !a.kind.Lasting() {
			out[i] = append(out[i], i18n.Say("ledger.hint-locked", map[string]any{"from": since.String(), "until": (before - 1).String()}))
		}
	}
	return out, s.outsideHints(ctx, q, by, w, list, out)
}

// outsideHints adds how far a position lies outside the outline of its unit, or of the nearest unit above that has one.
func (s *Service) outsideHints(ctx context.Context, q db.Querier, by access.Scope, w work, list []asked, out [][]i18n.Label) error {
	type spot struct {
		at       int
		title    i18n.Label
		lat, lon int64
		chain    []org.No
	}
	var spots []spot
	var units []org.No
	for i, a := range list {
		for _, f := range a.kind.Fields {
			m, _ := a.entry.Values[f.Key].(map[string]any)
			lat, ok1 := kind.Whole(m["lat"])
			lon, ok2 := kind.Whole(m["lon"])
			if f.Type == "geo" && ok1 && ok2 {
				chain := w.Org.Chain(a.entry.Unit, a.entry.From)
				spots, units = append(spots, spot{i, f.Title, lat, lon, chain}), append(units, chain...)
			}
		}
	}
	slices.Sort(units)
	drawn, err := outline.Load(ctx, q, by.District, slices.Compact(units))
	if err != nil {
		return err
	}
	for _, p := range spots {
		if far, yes := drawn.Outside(p.chain, p.lat, p.lon); yes {
			args := map[string]any{"field": p.title, "unit": w.Org.UnitName(far.Unit), "metres": far.Metres}
			out[p.at] = append(out[p.at], i18n.Say("ledger.hint-outside", args))
		}
	}
	return nil
}

// alikeHints name another record of the same thing.
func (s *Service) alikeHints(ctx context.Context, q db.Querier, by access.Scope, list []asked) ([][]i18n.Label, error) {
	out := make([][]i18n.Label, len(list))
	kinds := map[string]*kind.Kind{}
	like := map[string][]likeness.Key{}
	for _, a := range list {
		if l, ok := likeness.Of(a.kind, a.entry.Unit, a.entry.Values); ok {
			kinds[a.kind.Key] = a.kind
			like[a.kind.Key] = append(like[a.kind.Key], l)
		}
	}
	found := map[string]map[likeness.Key][]Entry{}
	for key, k := range kinds {
		var err error
		if found[key], err = s.Alike(ctx, q, by, k, like[key]); err != nil {
			return nil, err
		}
	}
	for i, a := range list {
		l, ok := likeness.Of(a.kind, a.entry.Unit, a.entry.Values)
		if !ok {
			continue
		}
		for _, e := range found[a.kind.Key][l] {
			if e.ID != a.entry.ID && (!a.kind.Lasting() || e.From < a.entry.Until && a.entry.From < e.Until) {
				out[i] = append(out[i], i18n.Say("ledger.hint-alike", map[string]any{"number": e.Number}))
				break
			}
		}
	}
	return out, nil
}
