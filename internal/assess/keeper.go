package assess

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
)

// KindScore is the kind of records that scores are to figures: one per unit of a final run, on the last day of its period. A final
// revision takes the place of the run before it.
const KindScore = "score"

// Name is that of the module.
func (s *Service) Name() string { return "assess" }

// Verb is what it takes to see a score.
func (s *Service) Verb() access.Verb { return Read }

// Own is the score of a unit. Points, maximum, share and rank are compared, never added: figures count units by them.
func (s *Service) Own() []*kind.Kind {
	text := func(key, zh, en string) kind.Field {
		return kind.Field{Key: key, Type: "text", Title: i18n.Label{Zh: zh, En: en}}
	}
	number := func(key, zh, en string, decimals int) kind.Field {
		return kind.Field{Key: key, Type: "number", Decimals: decimals, Compared: true, Title: i18n.Label{Zh: zh, En: en}}
	}
	return []*kind.Kind{{Key: KindScore, Title: i18n.Label{Zh: "考核得分", En: "scores"}, Group: i18n.Label{Zh: "考核评分", En: "Scores"},
		Fields: []kind.Field{text("sheet", "评分表", "Sheet"), number("points", "得分", "Points", 4), number("max", "满分", "Maximum", 4),
			number("share", "得分率", "Share", 4), text("grade", "等次", "Grade"), number("rank", "名次", "Rank", 0)}}}
}

// counted is the condition that a run (r) is counted by figures: final, and no later revision of it is.
const counted = `r.state = 'final' AND NOT EXISTS (SELECT 1 FROM score_run AS x WHERE x.district = r.district AND x.sheet = r.sheet
	AND x.period_from = r.period_from AND x.rev > r.rev AND x.state = 'final')`

// recordID is the id of the record of a unit in a run; ids are in the order of both.
func recordID(run string, unit org.No) string { return fmt.Sprintf("%s.%010d", run, int64(unit)) }

func splitRecord(id string) (run string, unit org.No) {
	run, no, _ := strings.Cut(id, ".")
	n, err := strconv.ParseInt(no, 10, 64)
	if err != nil {
		return run, 0
	}
	return run, org.No(n)
}

// scored is a score with the run that it is of.
type scored struct {
	UnitScore
	r Run
}

func (x scored) record() *indicator.Record {
	f := kind.Fields{"sheet": x.r.Sheet, "points": x.Points, "max": x.Max}
	if x.Max > 0 {
		if share, ok := shareOf(x.UnitScore).Scaled(4); ok {
			f["share"] = share
		}
	}
	if x.Grade != "" {
		f["grade"] = x.Grade
	}
	if x.Place > 0 {
		f["rank"] = x.Place
	}
	last := x.r.Period.Last()
	return &indicator.Record{Kind: KindScore, ID: recordID(x.r.ID, x.Unit), Rev: x.r.Rev, Unit: x.Unit, From: last, Until: last + 1, Fields: f}
}

// scoredOf are scores that fulfil a condition over themselves (s) and their runs (r), in the order of their records.
func scoredOf(ctx context.Context, q db.Querier, district int64, where string, args ...any) ([]scored, error) {
	return db.All(ctx, q, func(rows *sql.Rows) (x scored, err error) {
		x.UnitScore, err = scanUnit(rows, &x.r.ID, &x.r.Sheet, &x.r.Period.From, &x.r.Period.Until, &x.r.Rev, &x.r.Body, &x.r.FinalAt, &x.r.Reason,
			&x.r.Checker)
		return x, err
	}, `SELECT `+unitColumns+`, r.run, r.sheet, r.period_from, r.period_until, r.rev, r.body, r.final_at, r.reason, r.checker
		FROM score_unit AS s JOIN score_run AS r ON r.district = s.district AND r.run = s.run
		WHERE s.district = $1 AND s.scored = 1 AND `+where, append([]any{district}, args...)...)
}

// settle moves the figures from the final run that a run takes the place of to the run itself.
func (s *Service) settle(ctx context.Context, tx *db.Tx, district int64, now time.Time, r Run) error {
	before, err := scoredOf(ctx, tx, district, `r.sheet = $2 AND r.period_from = $3 AND r.state = 'final' AND r.rev = (SELECT max(x.rev)
		FROM score_run AS x WHERE x.district = r.district AND x.sheet = r.sheet AND x.period_from = r.period_from AND x.state = 'final' AND x.rev < $4)`,
		r.Sheet, int64(r.Period.From), r.Rev)
	if err != nil {
		return err
	}
	after, err := scoredOf(ctx, tx, district, `r.run = $2`, r.ID)
	if err != nil {
		return err
	}
	was := map[org.No]*indicator.Record{}
	for _, x := range before {
		was[x.Unit] = x.record()
	}
	var changes []indicator.Change
	for _, x := range after {
		changes = append(changes, indicator.Change{Before: was[x.Unit], After: x.record()})
		delete(was, x.Unit)
	}
	for _, x := range before { // what has no score any more
		if was[x.Unit] != nil {
			changes = append(changes, indicator.Change{Before: was[x.Unit]})
		}
	}
	return s.Figures.Apply(indicator.WithTime(ctx, now), tx, district, changes)
}

// Scan gives the counted scores.
func (s *Service) Scan(ctx context.Context, q db.Querier, district int64, _, after string, limit int) ([]indicator.Record, error) {
	run, unit := splitRecord(after)
	list, err := scoredOf(ctx, q, district, `(r.run > $2 OR r.run = $2 AND s.unit > $3) AND `+counted+fmt.Sprintf(` ORDER BY r.run, s.unit LIMIT %d`, limit),
		run, int64(unit))
	out := make([]indicator.Record, 0, len(list))
	for _, x := range list {
		out = append(out, *x.record())
	}
	return out, err
}

// byIDs are scores by the ids of their records, those alone that fulfil a condition.
func byIDs(ctx context.Context, q db.Querier, district int64, ids []string, and string) (map[string]scored, error) {
	want, runs := map[string]bool{}, []string{}
	seen := map[string]bool{}
	for _, id := range ids {
		want[id] = true
		if run, _ := splitRecord(id); !seen[run] {
			seen[run] = true
			runs = append(runs, run)
		}
	}
	list, err := db.Named(runs, 2, []any{district}, func(in string, args []any) ([]scored, error) {
		return scoredOf(ctx, q, district, `r.run IN (`+in+`)`+and, args[1:]...)
	})
	out := make(map[string]scored, len(ids))
	for _, x := range list {
		if id := recordID(x.r.ID, x.Unit); want[id] {
			out[id] = x
		}
	}
	return out, err
}

// Fields gives the values of some scores.
func (s *Service) Fields(ctx context.Context, q db.Querier, district int64, _ string, ids []string) (map[string]kind.Fields, error) {
	list, err := byIDs(ctx, q, district, ids, "")
	out := make(map[string]kind.Fields, len(list))
	for id, x := range list {
		out[id] = x.record().Fields
	}
	return out, err
}

func (s *Service) shown(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, ids []string) (map[string]indicator.Row, map[string]scored, error) {
	list, err := byIDs(ctx, q, by.District, ids, " AND "+by.ReachAt("s.district", "s.unit", "r.period_until - 1", Read))
	if err != nil || len(list) == 0 {
		return nil, nil, err
	}
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, nil, err
	}
	words := s.Figures.Keepers.Words(w.Set)
	titles := map[string]i18n.Label{}
	out := make(map[string]indicator.Row, len(list))
	for id, x := range list {
		title, ok := titles[x.r.ID]
		if !ok {
			v, err := parse(x.r.Body)
			if err != nil {
				return nil, nil, err
			}
			title = both(v.Title)
			titles[x.r.ID] = title
		}
		last := x.r.Period.Last()
		out[id] = indicator.Row{ID: id, Kind: KindScore, KindTitle: words.Kind(KindScore), Title: title.In(lang) + " " + periodView(x.r.Period).Title.In(lang),
			Unit: w.Org.Ref(x.Unit, last), From: last.String(), Counted: true, Link: fmt.Sprintf("/scores/%s/units/%d", x.r.ID, x.Unit)}
	}
	return out, list, nil
}

// Rows shows the scores behind a figure.
func (s *Service) Rows(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, _ string, ids []string) ([]indicator.Row, error) {
	rows, _, err := s.shown(ctx, q, by, lang, ids)
	out := make([]indicator.Row, 0, len(rows))
	for _, id := range ids {
		if r, ok := rows[id]; ok {
			out = append(out, r)
		}
	}
	return out, err
}

// Uncounted are the scores of the period that are public and not settled yet, and units that have none.
func (s *Service) Uncounted(ctx context.Context, q db.Querier, by access.Scope, _ string, unit org.No, p period.Period) ([]indicator.Uncounted, error) {
	n, err := db.Pairs[string, int64](ctx, q, `SELECT CASE WHEN r.state = 'public' THEN 'public' ELSE 'unscored' END, count(*) FROM score_unit AS s
		JOIN score_run AS r ON r.district = s.district AND r.run = s.run
		WHERE s.district = $1 AND r.period_until > $3 AND r.period_until <= $4
		AND (r.state = 'public' AND r.latest = 1 AND s.scored = 1 OR s.scored = 0 AND `+counted+`)
		AND EXISTS (SELECT 1 FROM org_reach AS o WHERE o.district = s.district AND o.unit = s.unit AND o.target = $2 AND o.day_from < r.period_until
			AND r.period_until <= o.day_until) GROUP BY CASE WHEN r.state = 'public' THEN 'public' ELSE 'unscored' END`,
		by.District, int64(unit), int64(p.From), int64(p.Until))
	return indicator.Stays(n, indicator.Uncounted{Why: Public, Title: stateTitle(Public)},
		indicator.Uncounted{Why: "unscored", Title: i18n.Label{Zh: "不评分", En: "without a score"}}), err
}

// LastChanges tells of scores whose run was settled since an instant who checked it last, and why it is a revision.
func (s *Service) LastChanges(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, _ string, ids []string,
	since int64) (map[string]indicator.LastChange, error) {
	rows, list, err := s.shown(ctx, q, by, lang, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]indicator.LastChange, len(rows))
	for id, row := range rows {
		c, x := indicator.LastChange{Row: row}, list[id]
		if x.r.FinalAt >= since {
			c.At, c.Op, c.Reason = x.r.FinalAt, "settle", x.r.Reason
			if c.By, err = account.NameOf(ctx, q, by.District, x.r.Checker); err != nil {
				return nil, err
			}
		}
		out[id] = c
	}
	return out, nil
}
