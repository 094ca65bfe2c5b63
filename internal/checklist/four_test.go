package checklist_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"sifen/internal/apptest"
	"sifen/internal/i18n"
	"sifen/internal/period"
	"sifen/packs"
)

// TestFourRealChecklistsNeedNoCode: a pack restates the on-site sheets of four offices. It is checked and applied as any pack,
// inspectors check by it, and each of its forms goes to Excel and comes back.
func TestFourRealChecklistsNeedNoCode(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		reg := w.App.Registry
		base, faults := reg.Load(packs.Base())
		own, more := reg.Load(os.DirFS("testdata/four"))
		_, built := reg.Build(base, own)
		for _, f := range append(append(faults, more...), built...) {
			w.T.Errorf("%s", f)
		}
		changes, err := w.App.ApplyPack(context.Background(), w.District, own, period.Date(2020, 12, 31))
		apptest.Must(w.T, err)
		w.Expect("objects", len(changes), 5)
		for key, want := range map[string]struct {
			sections, items int
			points          int64
		}{"city-estate": {7, 20, 100}, "lin-body": {3, 9, 100}, "trial-school": {6, 15, 0}, "joint-dealers": {1, 4, 0}} {
			for _, r := range apptest.List(w.Get("office", "/checklist-rules").OK(), "items") {
				if apptest.Text(r, "key") == key {
					w.Expect(key, fmt.Sprint(apptest.Num(r, "sections"), apptest.Num(r, "items"), apptest.Num(r, "points")),
						fmt.Sprint(want.sections, want.items, want.points))
				}
			}
			out := w.Get("office", "/checklist-rules/"+key+"/sheet")
			got := w.Do(apptest.Ask{As: "office", Method: "POST", Path: "/checklist-rules/read?key=" + key, Body: out.Body}).OK()
			checked := w.Post("office", "/checklist-rules/check?key="+key, vals{"checklist": apptest.At(got, "checklist")}, 0).OK()
			if len(apptest.List(got, "asked"))+len(apptest.List(checked, "changes"))+len(apptest.List(checked, "faults")) > 0 {
				w.T.Errorf("%s comes back as another: %v %v", key, got["asked"], checked)
			}
		}
		// A check by each: what is wrong is found, with the wording, the instrument and the party of the sheet.
		check := func(n int, place, form string, subjects []vals, answers ...vals) []string {
			v := w.Post("office", "/visits", vals{"id": fmt.Sprintf("01920000-0000-7000-8000-%012d", n), "place": fmt.Sprintf("unit:%d", w.Units[place]),
				"checklist": form, "subjects": subjects, "answers": answers}, 0).OK()
			var said []string
			for _, f := range apptest.List(v, "findings") {
				said = append(said, apptest.Text(f, "title.zh")+" "+apptest.Text(f, "severity")+" "+apptest.Text(f, "case.instrument.zh"))
			}
			return said
		}
		no := func(item string, phrases ...string) vals {
			return vals{"item": item, "value": "no", "phrases": phrases}
		}
		w.Expect("estate", strings.Join(check(1, "桂园", "city-estate", nil, vals{"item": "board", "value": "yes"}, no("current", "nobody"),
			vals{"item": "three", "value": "2"}, vals{"item": "aware", "value": "", "part": 8, "of": 10},
			vals{"item": "content", "value": "", "part": 9, "of": 10},
			vals{"item": "hours", "value": "poor"}), "; "),
			"没有写管理员 minor 现场交办; 缺少的集置点：2个 minor 现场交办; 参与分类的居民：8 / 10 minor 现场交办")
		w.Expect("body", strings.Join(check(2, "东街卫生院", "lin-body", nil, vals{"item": "places", "value": "no", "count": 3, "phrases": []string{"canteen"}},
			vals{"item": "accuracy", "value": "", "part": 17, "of": 20}, vals{"item": "officer", "value": "off"}), "; "),
			"食堂没有厨余桶，3 处 minor 提示单; 投放准确的桶：17 / 20 major 提示单; 有专管员并上墙：有，没有上墙 minor 提示单")
		w.Expect("school", strings.Join(check(3, "东街小学", "trial-school",
			[]vals{{"section": "bins", "id": "01920000-0000-7000-8000-00000000aaaa", "name": "一（1）班", "kind": "room-lower"}},
			vals{"item": "rooms", "subject": "01920000-0000-7000-8000-00000000aaaa", "value": "no"}, vals{"item": "lessons", "value": "1"}, no("haz")), "; "),
			i18n.Say("inspect.not-met", map[string]any{"item": i18n.Label{Zh: "教室有两类桶", En: "x"}}).Zh+" minor 现场交办; "+
				i18n.Say("inspect.not-met", map[string]any{"item": i18n.Label{Zh: "至少一处有害垃圾点，有人管", En: "x"}}).Zh+" major 现场交办; 一学期上过几课：1课 minor 现场交办")
		w.Expect("dealers", strings.Join(check(4, "桂花社区", "joint-dealers",
			[]vals{{"section": "dealers", "id": "01920000-0000-7000-8000-00000000bbbb", "name": "东门车行", "kind": "car-dealer"}},
			vals{"item": "bins", "subject": "01920000-0000-7000-8000-00000000bbbb", "value": "no", "phrases": []string{"desk"}}), "; "), "办公桌下有桶 minor 整改通知书")
	})
}
