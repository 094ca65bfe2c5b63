package app_test

import (
	"context"
	"testing"
	"testing/fstest"

	"sifen/internal/org"
	"sifen/internal/period"
)

// TestPackDiffTellsWhatApplyingDoes: the values foretold are those that applying gives, and telling changes nothing.
func TestPackDiffTellsWhatApplyingDoes(t *testing.T) {
	each(t, func(w *world) {
		w.counted("clerk1", "manager1", "publicity-session", "桂花社区", session("2020-03-02", 12))
		door := session("2020-03-03", 7)
		door["form"] = "door"
		w.counted("clerk1", "manager1", "publicity-session", "桂花社区", door)
		p, faults := w.app.Registry.Load(fstest.MapFS{
			"pack.yaml": {Data: []byte("key: district\nversion: \"1\"\n")},
			"indicators/own.yaml": {Data: []byte(`
- {key: publicity.sessions, kind: publicity-session, measure: count, where: form == "door", title: {zh: 宣传培训场次, en: Publicity sessions}, names: [宣传场次, 场次]}
- {key: own.audience, kind: publicity-session, measure: sum, field: audience, title: {zh: 受众, en: Audience}}
`)},
		})
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		ctx := context.Background()
		value := func(key string) string {
			x, err := w.app.Figures.At(ctx, w.app.DB.Read, w.district)
			must(t, err)
			v, err := x.Value(key, org.No(1), period.Year(2020))
			must(t, err)
			return v.Screen()
		}
		was := value("publicity.sessions")
		touched, err := w.app.Touched(ctx, w.district, p, 0)
		must(t, err)
		told := map[string]string{}
		for _, x := range touched {
			told[x.Figure+" "+x.Period.String()] = x.Before + " → " + x.After
		}
		w.expect("told of the changed figure", told["publicity.sessions 2020"], was+" → 1")
		w.expect("told of the new figure", told["own.audience 2020"], " → 19")
		w.expect("told of the month", told["publicity.sessions 2020-03"], was+" → 1")
		w.expect("not of a month without change", told["publicity.sessions 2020-04"], "")
		w.expect("nothing was changed", value("publicity.sessions"), was)
		w.settled()
		_, err = w.app.ApplyPack(ctx, w.district, p, 0)
		must(t, err)
		w.expect("applied", value("publicity.sessions")+" "+value("own.audience"), "1 19")
		w.settled()
	})
}
