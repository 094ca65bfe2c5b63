package assess

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sifen/internal/assess/score"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/module"
)

// Drift is a unit of a run that comes to something else from what was frozen than what was stored.
type Drift struct {
	Run, Sheet, Period string
	Unit               string
	Stored, Now        string
}

func (d Drift) String() string {
	return fmt.Sprintf("%s %s %s: %s → %s", d.Sheet, d.Period, d.Unit, d.Stored, d.Now)
}

// Recompute reckons every run again that was checked, public or final, from what it froze and the sheet it keeps, and tells
// where points, place, grade, lists or digest are not what is stored. It changes nothing.
func (s *Service) Recompute(ctx context.Context, q db.Querier, district int64) (n int, drift []Drift, err error) {
	list, err := runs(ctx, q, `r.state <> 'draft' ORDER BY r.period_from, r.sheet, r.rev`, district)
	if err != nil {
		return 0, nil, err
	}
	for _, r := range list {
		d, err := recompute(ctx, q, district, r)
		if err != nil {
			return n, drift, fmt.Errorf("recompute %s of %s: %w", r.Sheet, r.Period, err)
		}
		n, drift = n+1, append(drift, d...)
	}
	return n, drift, nil
}

func recompute(ctx context.Context, q db.Querier, district int64, r Run) (drift []Drift, err error) {
	v, err := parse(r.Body)
	if err != nil {
		return nil, err
	}
	facts, stored, err := frozen(ctx, q, district, r.ID)
	if err != nil {
		return nil, err
	}
	say := func(unit, was, is string) {
		drift = append(drift, Drift{r.ID, r.Sheet, r.Period.String(), unit, was, is})
	}
	var all strings.Builder
	for i, x := range score.Run(v, facts) {
		u := stored[i]
		sha := score.Sum(facts[i].Lines())
		all.WriteString(sha + "\n")
		was := summary(u.Scored, u.Points, u.Max, u.Place, u.Tied, u.Group, u.Grade, u.Lists, u.Sha)
		is := summary(x.Scored, score.Store(x.Points), score.Store(x.Max), int64(x.Rank), x.Tied, x.Group, x.Grade, x.Lists, sha)
		if was != is {
			say(facts[i].Name, was, is)
		}
	}
	if digest := score.Sum([]byte(all.String())); digest != r.Digest {
		say("*", r.Digest, digest)
	}
	return drift, nil
}

func summary(scored bool, points, most, place int64, tied bool, group, grade string, lists []string, sha string) string {
	if !scored {
		return "no score " + sha
	}
	return fmt.Sprint(score.Stored(points).Short(4), " of ", score.Stored(most).Short(4), ", place ", place, tied, " in [", group, "], ", grade, " ",
		slices.Concat(lists), " ", sha)
}

// check is Recompute for the checks of what is stored.
func (s *Service) check(ctx context.Context, q db.Querier, district int64, _ module.Depth) (found []i18n.Label, err error) {
	_, drift, err := s.Recompute(ctx, q, district)
	for _, d := range drift {
		found = append(found, i18n.Label{Zh: "评分 " + d.String() + "：重算结果不同", En: "score " + d.String() + ": comes to something else"})
	}
	return found, err
}
