package paper_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"sifen/internal/apptest"
)

// filled changes cells of a sheet: what a person writes beside a question, by its text.
func filled(t *testing.T, raw []byte, write map[string][3]string) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	apptest.Must(t, err)
	defer f.Close()
	name := f.GetSheetName(0)
	rows, err := f.GetRows(name)
	apptest.Must(t, err)
	used := map[string]bool{}
	for i, r := range rows {
		if len(r) < 8 {
			continue
		}
		for ask, w := range write {
			if r[2] != ask && r[1]+" "+r[2] != ask {
				continue
			}
			used[ask] = true
			for j, v := range w {
				if v != "" {
					apptest.Must(t, f.SetCellStr(name, fmt.Sprintf("%c%d", 'E'+j, i+1), v))
				}
			}
		}
	}
	for ask := range write {
		if !used[ask] {
			t.Fatalf("the sheet does not ask %s: %v", ask, rows)
		}
	}
	var b bytes.Buffer
	apptest.Must(t, f.Write(&b))
	return b.Bytes()
}

func back(w *apptest.World, as string, raw []byte, keep bool) apptest.Reply {
	return w.Do(apptest.Ask{As: as, Method: "POST", Path: fmt.Sprintf("/inspect-paper?keep=%v", keep), Body: raw})
}

// TestASheetComesBack goes out empty, is filled in as people write, and comes back as one visit, however often it is handed in.
func TestASheetComesBack(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T.(*testing.T)
		out := w.Get("office", fmt.Sprintf("/inspect-paper?key=unit:%d&form=estate", w.Units["桂园"]))
		if out.Status != 200 {
			t.Fatalf("%d %s", out.Status, out.Body)
		}
		back(w, "office", out.Body, true).Refused(422, "paper.none") // nothing was filled in
		sheet := filled(t, out.Body, map[string][3]string{"检查日期": {"2020.12.30"}, "桶盖完好，无满溢": {"×", "2", "满溢、盖子坏了"}, "入口有公示牌": {"√"},
			"知道怎么分的居民": {"8／10"}, "在场人员": {"王师傅"}})
		dry := back(w, "office", sheet, false).OK()
		w.Expect("tried", apptest.At(dry, "kept"), false)
		w.Expect("faults", apptest.Num(dry, "faults"), int64(0))
		w.Expect("answered", apptest.Num(dry, "rows.0.answered"), int64(3))
		w.Expect("nothing kept", w.Scalar(`SELECT count(*) FROM visit`)+w.Scalar(`SELECT count(*) FROM rcase`), int64(0))

		got := back(w, "office", sheet, true).OK()
		w.Expect("kept", apptest.At(got, "kept"), true)
		v := w.Get("office", apptest.Text(got, "rows.0.link")).OK()
		w.Expect("day", apptest.Text(v, "day"), "2020-12-30")
		w.Expect("present", apptest.Text(v, "present"), "王师傅")
		w.Expect("what was wrong", apptest.Text(v, "findings.0.title.zh"), "满溢，2 个桶")
		w.Expect("words", apptest.Text(v, "findings.0.words"), "盖子坏了")
		w.Expect("again", apptest.At(back(w, "office", sheet, true).OK(), "rows.0.known"), true)
		w.Expect("one visit", w.Scalar(`SELECT count(*) FROM visit`), int64(1))
		today := filled(t, out.Body, map[string][3]string{"入口有公示牌": {"有"}})
		back(w, "office", today, true).OK()
		w.Clock.Set(w.Clock.Now().Add(7 * time.Minute)) // before noon
		w.Expect("again a little later", apptest.At(back(w, "office", today, true).OK(), "rows.0.known"), true)
		w.Expect("two visits", w.Scalar(`SELECT count(*) FROM visit`), int64(2))

		// The next sheet asks for what is open now; put right, it is closed.
		next := w.Get("manager1", fmt.Sprintf("/inspect-paper?key=unit:%d&form=estate", w.Units["桂园"])).Body
		next = filled(t, next, map[string][3]string{"未销号：满溢，2 个桶": {"已改好"}, "桶盖完好，无满溢": {"是"}})
		seen := back(w, "manager1", next, true).OK()
		w.Expect("looks", apptest.Num(seen, "rows.0.looks"), int64(1))
		w.Expect("closed", apptest.Text(w.Get("office", "/cases/"+apptest.Text(v, "findings.0.case.id")).OK(), "state"), "closed")
	})
}

// TestWhatASheetSaysWrong is told with its cell, and nothing of the sheet is kept.
func TestWhatASheetSaysWrong(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T.(*testing.T)
		empty := w.Get("office", fmt.Sprintf("/inspect-paper?key=unit:%d&form=estate", w.Units["桂园"])).Body
		for what, c := range map[string]struct {
			write map[string][3]string
			say   string
		}{
			"a word that is no answer":         {map[string][3]string{"桶盖完好，无满溢": {"大概吧"}}, "大概吧"},
			"more right than asked":            {map[string][3]string{"知道怎么分的居民": {"11/10"}}, "11/10"},
			"a count that is none":             {map[string][3]string{"桶盖完好，无满溢": {"否", "两个"}}, "整数"},
			"a day that is none":               {map[string][3]string{"检查日期": {"元旦"}, "入口有公示牌": {"是"}}, "日期"},
			"a day that is not yet":            {map[string][3]string{"检查日期": {"2021-05-01"}, "入口有公示牌": {"是"}}, "今天以后"},
			"“没有” beside a question with a no": {map[string][3]string{"没有混装混运": {"没有"}}, "没有"},
			"“无” beside a question with a no":  {map[string][3]string{"厨余桶内没有其他垃圾": {"无"}}, "无"},
			"words without an answer":          {map[string][3]string{"入口有公示牌": {"", "", "破损"}}, "没有写回答"},
			"a number without an answer":       {map[string][3]string{"桶盖完好，无满溢": {"", "2"}}, "没有写回答"},
			"nothing but who was there":        {map[string][3]string{"在场人员": {"王师傅"}}, ""},
			"a day long ago":                   {map[string][3]string{"检查日期": {"2020-01-01"}, "入口有公示牌": {"是"}}, "三个月"},
		} {
			got := back(w, "office", filled(t, empty, c.write), true).OK()
			cell := apptest.Text(got, "rows.0.faults.0.cell")
			if apptest.At(got, "kept") != false || !strings.Contains(apptest.Text(got, "rows.0.faults.0.say.zh"), c.say) || c.say != "" && (len(cell) < 2 ||
				!strings.ContainsAny(cell[:1], "EFG")) {
				t.Errorf("%s: %v", what, got)
			}
		}
		w.Expect("kept", w.Scalar(`SELECT count(*) FROM visit`), int64(0))
		back(w, "office", []byte("no sheet"), true).Refused(422, "paper.file")
		back(w, "office", w.Get("office", "/kinds/publicity-session/template").Body, true).Refused(422, "paper.file")
		w.Get("clerk2", fmt.Sprintf("/inspect-paper?key=unit:%d", w.Units["桂园"])).Refused(404, "inspect.no-place")
		// Somebody else's place on a sheet that went through his hands.
		got := back(w, "clerk2", filled(t, empty, map[string][3]string{"入口有公示牌": {"是"}}), true).OK()
		w.Expect("outside one's reach", apptest.At(got, "kept"), false)
	})
}
