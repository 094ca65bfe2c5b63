package ledger_test

import (
	"fmt"
	"strings"
	"testing"

	"sifen/internal/apptest"
	"sifen/internal/id"
)

func TestWrongValues(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		good := apptest.Session("2020-12-05", 31)
		here := w.Units["桂花社区"]
		of := func(v apptest.Vals) apptest.Vals {
			return apptest.Vals{"kind": "publicity-session", "unit": here, "values": v}
		}
		for _, c := range []struct {
			name           string
			body           any
			pointer, field string
			code           string
		}{
			{"a date that is none", of(apptest.With(good, "held_on", "2020-02-30")), "/values/held_on",
				"value.date", "ledger.invalid"},
			{"a date in another order", of(apptest.With(good, "held_on", "05.12.2020")), "/values/held_on",
				"value.date", "ledger.invalid"},
			{"a day to come", of(apptest.With(good, "held_on", "2021-01-01")), "/values/held_on",
				"value.future", "ledger.invalid"},
			{"a day of the last century", of(apptest.With(good, "held_on", "1999-12-31")), "/values/held_on",
				"value.too-early", "ledger.invalid"},
			{"a day before the unit was made", of(apptest.With(good, "held_on", "2018-12-31")), "/unit",
				"ledger.unit-life", "ledger.invalid"},
			{"a negative headcount", of(apptest.With(good, "audience", -1)), "/values/audience",
				"value.too-small", "ledger.invalid"},
			{"half a person", of(apptest.With(good, "audience", 1.5)), "/values/audience", "value.number",
				"ledger.invalid"},
			{"a number in words", of(apptest.With(good, "audience", "三十")), "/values/audience",
				"value.number", "ledger.invalid"},
			{"more people than live there", of(apptest.With(good, "audience", 100001)), "/values/audience",
				"value.too-large", "ledger.invalid"},
			{"nothing where something is required", apptest.With(of(apptest.With(good, "topic", nil)), "submit", true),
				"/values/topic", "value.required", "ledger.invalid"},
			{"an option that is none", of(apptest.With(good, "form", "party")), "/values/form",
				"value.option", "ledger.invalid"},
			{"a field that is none", of(apptest.With(good, "Audience", 3)), "/values/Audience",
				"value.unknown-field", "ledger.invalid"},
			{"a text that is a number", of(apptest.With(good, "topic", 7)), "/values/topic", "value.text",
				"ledger.invalid"},
			{"a text without end", of(apptest.With(good, "topic", strings.Repeat("长", 81))), "/values/topic",
				"value.too-long", "ledger.invalid"},
			{"a reference to nothing", of(apptest.With(good, "team", id.New(apptest.Start))), "/values/team",
				"value.reference", "ledger.invalid"},
			{"a photo that was never uploaded", of(apptest.With(good, "photos", []string{strings.Repeat("a", 64)})),
				"/values/photos/0", "value.file-missing", "ledger.invalid"},
			{"a unit that is none", apptest.Vals{"kind": "publicity-session", "unit": 99999, "values": good},
				"/unit", "value.unit", "ledger.invalid"},
			{"a unit outside one's reach", apptest.Vals{"kind": "publicity-session", "unit": w.Units["荷花社区"], "values": good},
				"/unit", "value.unit", "ledger.invalid"},
			{"a unit of the wrong type", apptest.Vals{"kind": "estate-sorting", "unit": here, "values": apptest.Vals{"since": "2020-12-01"}},
				"/unit", "ledger.unit-type", "ledger.invalid"},
			{"an end before the start", apptest.Vals{"kind": "estate-sorting", "unit": w.Units["桂园"],
				"values": apptest.Vals{"since": "2020-12-01", "until": "2020-11-30"}},
				"/values/until", "value.before-start", "ledger.invalid"},
			{"U+0000 in a text", of(apptest.With(good, "topic", "a\x00b")), "", "value.characters",
				"http.input"},
			{"U+0000 in a key", of(apptest.With(good, "a\x00", "b")), "", "value.characters", "http.input"},
			{"a key in the wrong case", fmt.Sprintf(`{"Kind":"publicity-session","kind":"publicity-session","unit":%d,"values":{}}`, here), "/Kind",
				"value.unknown-field", "http.input"},
			{"no kind", fmt.Sprintf(`{"unit":%d,"values":{}}`, here), "/kind", "value.required", "http.input"},
			{"a unit in quotes", `{"kind":"publicity-session","unit":"9","values":{}}`, "/unit", "value.number", "http.input"},
		} {
			w.Run(c.name, func(t *testing.T) {
				w.Bad(apptest.Ask{As: "clerk1", Method: "POST", Path: "/entries", Body: c.body}, 422, c.code, c.pointer, c.field)
			})
		}
		w.Run("a kind that is none", func(t *testing.T) {
			w.Bad(apptest.Ask{As: "clerk1", Method: "POST", Path: "/entries", Body: apptest.Vals{"kind": "party", "unit": here, "values": apptest.Vals{}}},
				404, "ledger.no-kind",
				"", "")
		})
		w.Run("a backslash and u0000 as letters are text", func(t *testing.T) {
			e := w.Post("clerk1", "/entries", of(apptest.With(good, "topic", `写作 \u0000 的文字`)), 0).OK()
			if apptest.Text(e, "title") != `写作 \u0000 的文字` {
				t.Errorf("%v", e["title"])
			}
		})
		w.Run("broken text in an address", func(t *testing.T) {
			for _, path := range []string{"/entries?q=%ff", "/entries?q=%00", "/entries?kind=%ff", "/persons?q=%ff", "/refs?kind=lecture-team&q=%ff%00",
				"/entries/%ff", "/documents/%ff%00", "/blobs/%ff"} {
				if r := w.Get("office", path); r.Status/100 != 4 {
					t.Errorf("%s: %d %s", path, r.Status, r.Body)
				}
			}
		})
		w.Run("a body over 1 MiB", func(t *testing.T) {
			big := `{"kind":"` + strings.Repeat("x", 1<<20) + `"}`
			w.Bad(apptest.Ask{As: "clerk1", Method: "POST", Path: "/entries", Body: big}, 413, "http.too-large", "", "")
			w.Bad(apptest.Ask{As: "clerk1", Method: "POST", Path: "/entries", Body: []byte(big)}, 413, "http.too-large", "", "")
		})
		w.Run("no operation id, no revision", func(t *testing.T) {
			w.Bad(apptest.Ask{As: "clerk1", Method: "POST", Path: "/entries", Body: of(good),
				Header: map[string]string{"Idempotency-Key": "1"}}, 422, "http.operation-id", "", "")
			e, _ := w.Enter("clerk1", "publicity-session", "桂花社区", good)
			w.Bad(apptest.Ask{As: "manager1", Method: "POST", Path: "/entries/" + e + "/verify"}, 428, "http.if-match", "", "")
			w.Bad(apptest.Ask{As: "manager1", Method: "POST", Path: "/entries/" + e + "/return", Match: 1, Body: apptest.Vals{"reason": "x"}},
				422, "ledger.reason", "", "")
		})
	})
}
