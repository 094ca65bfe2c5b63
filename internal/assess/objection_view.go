package assess

import (
	"context"
	"slices"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/assess/score"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/period"
)

// ObjectionView is an objection as its unit and the office see it.
type ObjectionView struct {
	ID        string     `json:"id"`
	Rev       int64      `json:"rev"`
	Run       string     `json:"run"`
	RunRev    int64      `json:"run_rev" doc:"the revision that it is against"`
	Unit      org.Ref    `json:"unit"`
	Item      string     `json:"item" doc:"empty: the score as a whole"`
	Title     i18n.Label `json:"title"`
	Words     string     `json:"words"`
	Photos    []string   `json:"photos"`
	Who       string     `json:"who"`
	At        int64      `json:"at"`
	State     string     `json:"state" enum:"open,upheld,partly,rejected"`
	Reason    string     `json:"reason"`
	Decider   string     `json:"decider"`
	DecidedAt int64      `json:"decided_at"`
	Revision  string     `json:"revision" doc:"the run that corrects it"`
	MayDecide bool       `json:"may_decide"`
	Fixes     []FixView  `json:"fixes"`
}

// CorrectView is a number that an item comes from, as it was frozen, which whoever decides an objection may put right.
type CorrectView struct {
	Name  string     `json:"name"`
	Visit string     `json:"visit"`
	Day   string     `json:"day" doc:"of the visit"`
	Title i18n.Label `json:"title"`
	Unit  i18n.Label `json:"unit"`
	Now   string     `json:"now" doc:"empty: undefined"`
}

// objected are the objections inside a scope to any revision of a run, with what became of them.
func (s *Service) objected(ctx context.Context, q db.Querier, by access.Scope, w module.Moment, v *score.Version, r Run, and string,
	args ...any,
) ([]ObjectionView, error) {
	list, err := objectionsTo(ctx, q, by, r, and, args...)
	out := make([]ObjectionView, 0, len(list))
	if err != nil || len(list) == 0 {
		return out, err
	}
	all, err := entered(ctx, q, by.District, list)
	if err != nil {
		return out, err
	}
	judges := may(w, by, Enter, r.Root)
	name := naming(ctx, q, by.District)
	for _, o := range list {
		x := ObjectionView{ID: o.ID, Rev: o.Rev, Run: o.Run, RunRev: o.RunRev, Unit: w.Org.Ref(o.Unit, r.Period.Last()), Item: o.Item,
			Title: itemTitle(v, o.Item), Words: o.Words, Photos: o.Photos, At: o.At, State: o.State, Reason: o.Reason, DecidedAt: o.DecidedAt,
			Revision: o.Revision, Fixes: []FixView{},
			MayDecide: judges && o.State == Open && o.Actor != by.Account && !all.who[o.Run][by.Account]}
		if x.Photos == nil {
			x.Photos = []string{}
		}
		if x.Who, err = name(o.Actor); err != nil {
			return out, err
		}
		if x.Decider, err = name(o.Decider); err != nil {
			return out, err
		}
		for _, f := range all.fixes[o.ID] {
			x.Fixes = append(x.Fixes, FixView{Unit: x.Unit, Title: nameOf(v, f.Name), Value: f.Num, Reason: f.Reason, Who: x.Decider, At: f.At})
		}
		out = append(out, x)
	}
	return out, nil
}

// enteredOf is who entered something of runs that were objected to, and by which fixes objections were upheld.
type enteredOf struct {
	who   map[string]map[string]bool
	fixes map[string][]Fix
}

func entered(ctx context.Context, q db.Querier, district int64, list []Objection) (out enteredOf, err error) {
	out = enteredOf{map[string]map[string]bool{}, map[string][]Fix{}}
	var ids []string
	for _, o := range list {
		for _, run := range []string{o.Run, o.Revision} {
			if run != "" && !slices.Contains(ids, run) {
				ids = append(ids, run)
			}
		}
	}
	_, err = db.Named(ids, 2, []any{district}, func(in string, args []any) ([]string, error) {
		rows, err := q.QueryContext(ctx, `SELECT r.run, r.actor, coalesce(f.unit, 0), coalesce(f.visit, ''), coalesce(f.name, ''), coalesce(f.num, ''),
			coalesce(f.reason, ''), coalesce(f.actor, ''), coalesce(f.at, 0), coalesce(f.objection, '') FROM score_run AS r
			LEFT JOIN score_fix AS f ON f.district = r.district AND f.run = r.run WHERE r.district = $1 AND r.run IN (`+in+`)
			ORDER BY r.run, f.visit, f.name`, args...)
		var run, actor string
		var f Fix
		return nil, db.Each(rows, err, func() error {
			if err := rows.Scan(&run, &actor, &f.Unit, &f.Visit, &f.Name, &f.Num, &f.Reason, &f.Actor, &f.At, &f.Objection); err != nil {
				return err
			}
			if out.who[run] == nil {
				out.who[run] = map[string]bool{}
			}
			out.who[run][actor] = true
			if f.Actor != "" {
				out.who[run][f.Actor] = true
			}
			if f.Objection != "" {
				out.fixes[f.Objection] = append(out.fixes[f.Objection], f)
			}
			return nil
		})
	})
	return out, err
}

// naming names accounts, each asked for once.
func naming(ctx context.Context, q db.Querier, district int64) func(string) (string, error) {
	names := map[string]string{}
	return func(id string) (string, error) {
		if n, ok := names[id]; ok {
			return n, nil
		}
		n, err := account.NameOf(ctx, q, district, id)
		names[id] = n
		return n, err
	}
}

// correctable are the numbers that an item comes from: what visits found wrong, inputs, a judgement.
func correctable(v *score.Version, f *score.Facts, it *score.Item) []CorrectView {
	out := []CorrectView{}
	shown := func(n score.Num, ok bool) string {
		if !ok || !n.Defined() {
			return ""
		}
		return n.Short(4)
	}
	if it.Judged != nil {
		j, ok := f.Judged[it.Key]
		return append(out, CorrectView{Name: it.Key, Title: both(it.Title), Now: shown(j.Points, ok)})
	}
	for _, name := range v.Names(it) {
		if in := v.Inputs[name]; in != nil {
			n, ok := v.Number(f, name)
			out = append(out, CorrectView{Name: name, Title: nameOf(v, name), Unit: both(in.Unit), Now: shown(n, ok)})
			continue
		}
		for _, visit := range f.Visits {
			n := visit.Found[name].Num
			if n.Sign() != 0 {
				out = append(out, CorrectView{Name: name, Visit: visit.ID, Day: period.Day(visit.Day).String(), Title: nameOf(v, name), Now: shown(n, true)})
			}
		}
	}
	return out
}
