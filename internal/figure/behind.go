package figure

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/period"
)

// Behind is what stands behind a figure: the records that count, and those that do not yet or no longer.
type Behind struct {
	Counted struct {
		Records int64 `json:"records"`
		Value   int64 `json:"value"`
	} `json:"counted"`
	Uncounted    []indicator.Uncounted `json:"uncounted"`
	Registered   int64                 `json:"registered"` // counted and not counted together
	Records      []indicator.Row       `json:"records"`    // the latest that lie inside the caller's reach
	RecordsTotal int64                 `json:"records_total"`
	Outside      int64                 `json:"outside"` // that lie outside it
	Keeper       string                `json:"keeper"`  // the module that keeps the records and opens them; "" for none
}

// behind reads what stands behind a figure, with up to limit of the latest counted records inside the caller's reach.
func (s *Service) behind(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, x *indicator.Query, v indicator.Value, limit int) (out Behind,
	err error) {
	_, records, err := x.CountParts(v.Def, v.Unit, v.Period)
	if err != nil {
		return out, err
	}
	out.RecordsTotal, out.Registered, out.Counted.Records, out.Counted.Value = records, records, records, v.A
	def := v.Def
	if ts := x.Terms(def); len(ts) > 0 {
		if def, err = x.Def(ts[0], v.Period); err != nil {
			return out, err
		}
		if len(x.Terms(def)) > 0 {
			return out, nil
		}
	}
	kind := def.RecordKind()
	keeper, err := s.Figures.Keepers.Of(ctx, q, by.District, kind)
	if err != nil {
		return out, err
	}
	out.Keeper = keeper.Name()
	parts, err := x.Latest(def, v.Unit, v.Period, 2*limit, &indicator.Within{By: by, Verb: keeper.Verb()})
	if err != nil {
		return out, err
	}
	ids, seen := make([]string, 0, limit), map[string]bool{}
	for _, p := range parts {
		if !seen[p.Record] {
			seen[p.Record] = true
			ids = append(ids, p.Record)
		}
	}
	for rest := ids; len(rest) > 0 && len(out.Records) < limit; { // a keeper may hold back some
		some := rest[:min(limit-len(out.Records), len(rest))]
		rest = rest[len(some):]
		rows, err := keeper.Rows(ctx, q, by, lang, kind, some)
		if err != nil {
			return out, err
		}
		out.Records = append(out.Records, rows...)
	}
	if !by.Can(keeper.Verb(), x.Org().Targets(x.Org().Root, period.Day(by.Today)), true) { // from the top nothing lies outside
		if out.Outside, err = x.CountOutside(def, v.Unit, v.Period, by, keeper.Verb()); err != nil {
			return out, err
		}
	}
	if out.Uncounted, err = keeper.Uncounted(ctx, q, by, kind, v.Unit, v.Period); err != nil {
		return out, err
	}
	for _, u := range out.Uncounted {
		out.Registered += u.N
	}
	return out, nil
}
