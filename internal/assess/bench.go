package assess

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/org"
)

// BenchRow is an objection on the workbench: to be decided by the caller, or his unit's, answered, while the scores are not settled;
// or a public run to which his units may still object.
type BenchRow struct {
	What   string     `json:"what" enum:"decide,answered,may"`
	Run    string     `json:"run"`
	Title  i18n.Label `json:"title" doc:"of the sheet"`
	Period PeriodView `json:"period"`
	Unit   *org.Ref   `json:"unit,omitempty"`
	Item   i18n.Label `json:"item"`
	Words  string     `json:"words"`
	State  string     `json:"state"`
	At     int64      `json:"at" doc:"when it was made or answered; until when one may object"`
}

// mostOnBench is how many objections stand on the workbench at most.
const mostOnBench = 30

// onBench are the objections that wait for the caller, and what his units have to know about theirs.
func (s *Service) onBench(ctx context.Context, q db.Querier, by access.Scope) ([]BenchRow, error) {
	out := []BenchRow{}
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	list, err := objections(ctx, q, by.District, `(o.state = 'open' AND `+waitsFor(by)+` OR o.state <> 'open' AND r.state = 'public' AND `+
		by.Reach("o.district", "o.unit", Object)+`)`, by.Account)
	if err != nil {
		return nil, err
	}
	if len(list) > mostOnBench {
		list = list[:mostOnBench]
	}
	ids := make([]string, len(list))
	for i, o := range list {
		ids[i] = o.Run
	}
	runsOf, err := db.Named(ids, 2, []any{by.District}, func(in string, args []any) ([]Run, error) {
		return db.All(ctx, q, scanRun, `SELECT `+runColumns+` FROM score_run AS r WHERE r.district = $1 AND r.run IN (`+in+`)`, args...)
	})
	if err != nil {
		return nil, err
	}
	known := map[string]Run{}
	for _, r := range runsOf {
		known[r.ID] = r
	}
	for _, o := range list {
		r := known[o.Run]
		v, err := parse(r.Body)
		if err != nil {
			return nil, err
		}
		ref := w.Org.Ref(o.Unit, r.Period.Last())
		row := BenchRow{What: "decide", Run: r.ID, Title: both(v.Title), Period: periodView(r.Period), Unit: &ref, Item: itemTitle(v, o.Item), Words: o.Words,
			State: o.State, At: o.At}
		if o.State != Open {
			row.What, row.Words, row.At = "answered", o.Reason, o.DecidedAt
		}
		out = append(out, row)
	}
	open, err := runs(ctx, q, `r.state = 'public' AND r.latest = 1 AND r.object_until > $2 AND EXISTS (SELECT 1 FROM score_unit AS s
		WHERE s.district = r.district AND s.run = r.run AND `+by.Reach("s.district", "s.unit", Object)+`) ORDER BY r.object_until, r.run LIMIT 10`,
		by.District, w.Now.UnixMilli())
	for _, r := range open {
		v, err := parse(r.Body)
		if err != nil {
			return nil, err
		}
		out = append(out, BenchRow{What: "may", Run: r.ID, Title: both(v.Title), Period: periodView(r.Period), State: r.State, At: r.ObjectUntil})
	}
	return out, err
}

// waitsFor is the condition that an open objection (o) to a run (r) waits for the caller, whose account is $2: he may decide over
// the whole of it, and neither objected nor computed or entered anything.
func waitsFor(by access.Scope) string {
	return `o.actor <> $2 AND r.actor <> $2 AND ` + by.Reach("r.district", "r.root", Enter) + ` AND NOT EXISTS (SELECT 1 FROM score_fix AS f
		WHERE f.district = r.district AND f.run = r.run AND f.actor = $2)`
}

// counts are what waits for the caller, for the badge: drafts and checked runs that he may approve, objections that he may decide.
func (s *Service) counts(ctx context.Context, q db.Querier, by access.Scope) (map[string]int64, error) {
	if !by.Has(Approve) && !by.Has(Enter) {
		return nil, nil
	}
	var n, o int64
	err := q.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM score_run AS r WHERE r.district = $1 AND r.state IN ('draft', 'checked')
		AND r.actor <> $2 AND `+by.Reach("r.district", "r.root", Approve)+`),
		(SELECT count(*) FROM objection AS o JOIN score_run AS r ON r.district = o.district AND r.run = o.run
		WHERE o.district = $1 AND o.state = 'open' AND `+waitsFor(by)+`)`, by.District, by.Account).Scan(&n, &o)
	return map[string]int64{"scores": n + o}, err
}
