package assess_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"sifen/internal/apptest"
	"sifen/internal/assess"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/pack"
)

// TestScoresAreFigures: a final run counts on its last day, its final revision takes its place, and nothing drifts.
func TestScoresAreFigures(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		run, visit, _ := public(w)
		as := later(w, time.Date(2021, 1, 8, 9, 0, 0, 0, apptest.Start.Location()))
		figure := func(key, unit string) int64 {
			w.T.Helper()
			return apptest.Num(w.Get(as("office"), "/figures/"+key+"?unit="+fmt.Sprint(w.Units[unit])+"&period=2020-12").OK(), "value")
		}
		w.Expect("public is not counted", figure("scores.estates", ""), int64(0))
		final := act(w, as("leader"), run, "settle", nil).OK()
		w.Expect("scored", figure("scores.estates", ""), int64(3)) // the fourth was never inspected
		w.Expect("good or better", figure("scores.estates_good", ""), int64(3))
		w.Expect("of a street", figure("scores.estates", "西镇"), int64(0))
		rows := w.Get(as("office"), "/figures/scores.estates/page?unit="+fmt.Sprint(w.Units[""])+"&period=2020-12")
		if !strings.Contains(string(rows.Body), "/scores/"+apptest.Text(final, "id")+"/units/") {
			w.T.Errorf("rows: %s", rows.Body)
		}

		next := act(w, as("office2"), final, "revise", vals{"reason": "有一处查漏了"}).OK()
		next = act(w, as("office2"), next, "values", vals{"unit": w.Units["桂园"], "visit": visit, "name": "mixed", "value": "1", "reason": "录像为证"}).OK()
		for _, name := range []string{"lids", "signs", "four", "purity"} {
			next = act(w, as("office2"), next, "values", vals{"unit": w.Units["桂园"], "visit": visit, "name": name, "value": "5", "reason": "录像为证"}).OK()
		}
		next = act(w, as("leader"), next, "check", nil).OK()
		next = act(w, as("leader"), next, "publish", nil).OK()
		w.Expect("until the revision is final the first counts", figure("scores.estates_good", ""), int64(3))
		as = later(w, time.Date(2021, 1, 18, 9, 0, 0, 0, apptest.Start.Location()))
		act(w, as("leader"), next, "settle", nil).OK()
		w.Expect("each once", figure("scores.estates", ""), int64(3))
		w.Expect("one is good no more", figure("scores.estates_good", ""), int64(2))
		drift, err := w.App.Figures.Verify(context.Background(), w.App.DB.Read, w.District)
		if err != nil || len(drift) > 0 {
			w.T.Errorf("drift %v, %v", drift, err)
		}
	})
}

// TestPointsAreNotAdded: points are compared; a figure that adds them is refused with what to do instead.
func TestPointsAreNotAdded(t *testing.T) {
	keepers := indicator.NewKeepers()
	keepers.Add(indicator.Keeping{Keeper: &assess.Service{}})
	typ := indicator.Type(keepers)
	for measure, refused := range map[string]bool{"sum": true, "count": false} {
		d := indicator.Definition{Key: "scores.points", Kind: assess.KindScore, Measure: measure, Title: i18n.Label{Zh: "得分", En: "Points"}}
		if refused {
			d.Field = "points"
		}
		faults := typ.Check(pack.NewSet(), &pack.Object{Type: "indicators", Key: d.Key, Value: d, Node: &yaml.Node{}})
		if refused != (len(faults) > 0) || refused && !strings.Contains(faults[0].Message.Zh, "不能相加") {
			t.Errorf("%s: %v", measure, faults)
		}
	}
}
