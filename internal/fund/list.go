package fund

import (
	"context"
	"database/sql"
	"slices"

	"sifen/internal/access"
	"sifen/internal/assess"
	"sifen/internal/db"
	"sifen/internal/fund/award"
	"sifen/internal/i18n"
	"sifen/internal/module"
	"sifen/internal/pack"
	"sifen/internal/period"
)

// AwardRow is a run in a list.
type AwardRow struct {
	ID     string     `json:"id"`
	Rule   string     `json:"rule"`
	Title  i18n.Label `json:"title"`
	Period PeriodView `json:"period"`
	Rev    int64      `json:"rev"`
	State  string     `json:"state" enum:"draft,reviewed,public,approved,settled"`
	Latest bool       `json:"latest" doc:"the revision that counts"`
	Units  int64      `json:"units" doc:"how many inside one's reach"`
	Amount string     `json:"amount" doc:"yuan, inside one's reach"`
	Paid   string     `json:"paid" doc:"yuan paid and not come back, inside one's reach"`
}

// RuleRow is a rule with the periods that it can be run for.
type RuleRow struct {
	Key     string       `json:"key"`
	Title   i18n.Label   `json:"title"`
	Source  i18n.Label   `json:"source"`
	Trial   bool         `json:"trial"`
	Purpose string       `json:"purpose"`
	Periods []PeriodView `json:"periods" doc:"the last that are over and have no run"`
}

// LevelView is money of a level and source.
type LevelView struct {
	Level  string  `json:"level"`
	Source string  `json:"source"`
	Plan   string  `json:"plan"`
	In     string  `json:"in"`
	Share  float64 `json:"share" doc:"of the plan, for bars only, in hundredths of a percent"`
}

// BudgetView is the budget of a purpose in a year.
type BudgetView struct {
	Purpose string      `json:"purpose"`
	Title   i18n.Label  `json:"title" doc:"of the first rule that it pays"`
	Year    int64       `json:"year"`
	Levels  []LevelView `json:"levels"`
	Plan    string      `json:"plan"`
	In      string      `json:"in"`
	Paid    string      `json:"paid"`
	Gap     string      `json:"gap" doc:"planned and not come in"`
	Short   bool        `json:"short"`
}

// AwardList is all that one sees of awards.
type AwardList struct {
	Rules    []RuleRow    `json:"rules"`
	Runs     []AwardRow   `json:"runs"`
	Budgets  []BudgetView `json:"budgets"`
	MayEnter bool         `json:"may_enter"`
}

// both fills a language that a rule left out.
func both(l i18n.Label) i18n.Label { return i18n.Label{Zh: l.Zh, En: l.In(i18n.En)} }

// List gives rules, runs, the latest first, and budgets.
func (s *Service) List(ctx context.Context, q db.Querier, by access.Scope) (out AwardList, err error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return out, err
	}
	out = AwardList{Rules: []RuleRow{}, Runs: []AwardRow{}, Budgets: []BudgetView{}, MayEnter: may(w, by, Enter, w.Org.Root)}
	list, err := runs(ctx, q, seesRun(by)+` ORDER BY r.period_from DESC, r.rule, r.rev DESC LIMIT 500`, by.District)
	if err != nil {
		return out, err
	}
	titles, made := map[string]i18n.Label{}, map[string]bool{}
	for _, r := range list {
		made[r.Rule+r.Period.From.String()] = true
	}
	purposes := map[string]i18n.Label{}
	for _, a := range pack.All[award.Award](w.Set, "awards") {
		titles[a.Key] = both(a.Title)
		if _, ok := purposes[a.Budget]; !ok {
			purposes[a.Budget] = both(a.Title)
		}
		row := RuleRow{Key: a.Key, Title: both(a.Title), Trial: a.Status == "trial", Purpose: a.Budget, Periods: []PeriodView{}}
		if a.Source != nil {
			row.Source = both(*a.Source)
		}
		for _, p := range assess.PeriodsEnded(a.Period, w.Day, 12) {
			if out.MayEnter && !made[a.Key+p.From.String()] {
				row.Periods = append(row.Periods, periodView(p))
			}
		}
		out.Rules = append(out.Rules, row)
	}
	sums, err := db.All(ctx, q, scanSum,
		`SELECT u.run, count(*), CAST(sum(u.amount) AS bigint) FROM award_unit AS u WHERE u.district = $1 AND `+by.Reach("u.district", "u.unit",
			Read)+` GROUP BY u.run`, by.District)
	if err != nil {
		return out, err
	}
	paid, err := db.All(ctx, q, scanSum, `SELECT p.run, count(*),
		CAST(sum(CASE WHEN p.kind = 'pay' THEN p.fen ELSE -p.fen END) AS bigint) FROM award_pay AS p
		WHERE p.district = $1 AND p.kind IN ('pay', 'recover') AND `+by.Reach("p.district", "p.unit", Read)+` GROUP BY p.run`, by.District)
	if err != nil {
		return out, err
	}
	for _, r := range list {
		row := AwardRow{ID: r.ID, Rule: r.Rule, Title: titleOf(titles, r.Rule), Period: periodView(r.Period), Rev: r.Rev, State: r.State, Latest: r.Latest,
			Amount: award.Yuan(award.FromFen(0)), Paid: award.Yuan(award.FromFen(0))}
		for _, x := range sums {
			if x.run == r.ID {
				row.Units, row.Amount = x.n, award.Yuan(award.FromFen(x.fen))
			}
		}
		for _, x := range paid {
			if x.run == r.ID {
				row.Paid = award.Yuan(award.FromFen(x.fen))
			}
		}
		out.Runs = append(out.Runs, row)
	}
	if by.Can(Read, w.Org.Targets(w.Org.Root, w.Day), true) {
		out.Budgets, err = s.budgets(ctx, q, by.District, w, purposes)
	}
	return out, err
}

type sumRow struct {
	run string
	n   int64
	fen int64
}

func scanSum(r *sql.Rows) (x sumRow, err error) { return x, r.Scan(&x.run, &x.n, &x.fen) }

func titleOf(titles map[string]i18n.Label, key string) i18n.Label {
	if l, ok := titles[key]; ok {
		return l
	}
	return i18n.Label{Zh: key, En: key}
}

// budgets are the budgets of all purposes and years, with what came in and went out.
func (s *Service) budgets(ctx context.Context, q db.Querier, district int64, w module.Moment, purposes map[string]i18n.Label) ([]BudgetView, error) {
	lines, err := budgetLines(ctx, q, district, "")
	if err != nil {
		return nil, err
	}
	rows, err := db.All(ctx, q, func(r *sql.Rows) (x yearRow, err error) { return x, r.Scan(&x.rule, &x.from, &x.fen) }, `SELECT r.rule, r.period_from,
		CAST(sum(CASE WHEN p.kind = 'pay' THEN p.fen ELSE -p.fen END) AS bigint) FROM award_pay AS p
		JOIN award_run AS r ON r.district = p.district AND r.run = p.run
		WHERE p.district = $1 AND p.kind IN ('pay', 'recover') GROUP BY r.rule, r.period_from`, district)
	if err != nil {
		return nil, err
	}
	out := []BudgetView{}
	for i := 0; i < len(lines); {
		first, n := lines[i], i
		for n < len(lines) && lines[n].Purpose == first.Purpose && lines[n].Year == first.Year {
			n++
		}
		b := BudgetView{Purpose: first.Purpose, Title: titleOf(purposes, first.Purpose), Year: first.Year, Levels: []LevelView{}}
		type key struct{ level, source string }
		var keys []key
		plans, ins := map[key]int64{}, map[key]int64{}
		plan, in, paid := int64(0), int64(0), int64(0)
		for _, l := range lines[i:n] {
			k := key{l.Level, l.Source}
			if !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
			if l.Kind == "plan" {
				plans[k], plan = plans[k]+l.Fen, plan+l.Fen
			} else {
				ins[k], in = ins[k]+l.Fen, in+l.Fen
			}
		}
		for _, x := range rows {
			if year, _, _ := x.from.YMD(); int64(year) == first.Year && purposeOf(w, x.rule) == first.Purpose {
				paid += x.fen
			}
		}
		for _, k := range keys {
			v := LevelView{Level: k.level, Source: k.source, Plan: award.Yuan(award.FromFen(plans[k])), In: award.Yuan(award.FromFen(ins[k]))}
			if x, ok := award.FromFen(plans[k]).Div(award.FromFen(max(plan, 1))).Scaled(4); ok {
				v.Share = float64(x)
			}
			b.Levels = append(b.Levels, v)
		}
		b.Plan, b.In, b.Paid = award.Yuan(award.FromFen(plan)), award.Yuan(award.FromFen(in)), award.Yuan(award.FromFen(paid))
		b.Gap, b.Short = award.Yuan(award.FromFen(max(plan-in, 0))), plan > in
		out = append(out, b)
		i = n
	}
	return out, nil
}

type yearRow struct {
	rule string
	from period.Day
	fen  int64
}
