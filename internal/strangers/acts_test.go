package strangers

import (
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sifen/internal/apptest"
)

// TestActs: what takes more than one file, or a file and a form.
func TestActs(t *testing.T) {
	d, files := found(t), map[string]stranger{}
	for _, s := range strangers(t, filepath.Join("testdata", "acts.yaml")) {
		files[s.Name] = s
	}
	for _, act := range []struct {
		name string
		do   func(a *acts)
	}{
		{"formula cents", (*acts).formulaCents},
		{"bound title", (*acts).boundTitle},
		{"closed unit", (*acts).closedUnit},
		{"one plate in several spellings", (*acts).onePlate},
		{"corrected copies", (*acts).correctedCopies},
		{"a workbook that grows", (*acts).grownWorkbook},
		{"the same event by form and workbook", (*acts).byFormAndWorkbook},
		{"search by the last digits", (*acts).lastDigits},
		{"export and back", (*acts).exportAndBack},
		{"columns are remembered", (*acts).columnsRemembered},
	} {
		t.Run(act.name, func(t *testing.T) { act.do(&acts{d.world(t), files}) })
	}
}

type acts struct {
	*world
	files map[string]stranger
}

func (a *acts) file(name string) []byte {
	a.T.Helper()
	s, ok := a.files[name]
	if !ok {
		a.T.Fatalf("no file is called %s", name)
	}
	_, raw := s.content(a.T)
	return raw
}

// handIn uploads one of the files.
func (a *acts) handIn(as, kind, file string) *view {
	a.T.Helper()
	return a.upload(as, kind, file+".xlsx", a.file(file))
}

// formulaCents: each amount is read rounded to cents, or held with exactly that amount as its cure; the cure makes the row good.
func (a *acts) formulaCents() {
	right := map[int]string{2: "49990.70", 3: "33.33"}
	v := a.handIn("office", "fund-paid", "formula-cents")
	a.Expect("rows", len(v.Lines), 2)
	for _, l := range v.Lines {
		if l.State == "good" {
			continue // its value is looked at below
		}
		cures := 0
		for _, f := range l.Faults {
			if f.Suggestion == "" {
				continue
			}
			cures++
			if c := plain(f.Suggestion); c != right[l.Line] && c != strings.TrimRight(right[l.Line], "0") {
				a.T.Errorf("the cure of E%d is %s: it is %s", l.Line, right[l.Line], c)
			}
			a.Post("office", "/import-runs/"+v.ID+"/mend", apptest.Vals{"line": l.Line, "column": 4, "text": f.Suggestion}, 0).OK()
		}
		if cures == 0 {
			a.T.Errorf("E%d is offered %s: it has no cure", l.Line, right[l.Line])
		}
	}
	a.keep("office", a.look("office", v))
	var got []int64
	for _, e := range a.submitted("fund-paid") {
		got = append(got, int64(e.Values["amount"].(float64)))
	}
	slices.Sort(got)
	a.Expect("amounts in cents", got, []int64{3333, 4999070})
}

// boundTitle: a control bound to the title of the file shows what stands there. After filling the binding is gone, or both say
// the same, or the check told of it.
func (a *acts) boundTitle() {
	file := a.file("bound-title")
	if told := a.check(file); told.any([]string{"控件", "绑定", "标题", "主题", "{{"}) {
		return
	}
	parts, refusal := a.fill(file)
	body := parts["word/document.xml"]
	switch {
	case parts == nil:
		a.T.Errorf("filled, or refused with the control named: %v", refusal)
	case strings.Contains(body, "{{"):
		a.T.Error("the tag stands in the file")
	case strings.Contains(body, "w:dataBinding") && !strings.Contains(parts["docProps/core.xml"], "印发方案"):
		a.T.Error("the control stays bound to the title of last year")
	}
}

// closedUnit: a community was open till the end of June. What it did before stays within reach of its street and the district.
func (a *acts) closedUnit() {
	above := a.Units["榆巷街道"]
	no := apptest.Num(a.Post("admin", "/units", apptest.Vals{"name": "暂设社区四零甲", "type": "community", "parent": above, "from": "2020-01-01"}, 0).OK(), "id")
	a.keep("yuxiang", a.handIn("yuxiang", "publicity-session", "closed-unit"))
	records := a.submitted("publicity-session")
	if len(records) != 1 {
		a.T.Fatalf("one record before the unit closed: %d", len(records))
	}
	a.verify(records)
	counts := func() [2]int64 {
		of := fmt.Sprintf("?unit=%d&period=2020-06", above)
		list := a.Get("yuxiang", "/entries"+of+"&kind=publicity-session&counts_in=publicity.sessions&size=200").OK()
		return [2]int64{apptest.Num(a.Get("yuxiang", "/figures/publicity.sessions"+of).OK(), "value"), int64(len(apptest.List(list, "rows")))}
	}
	a.Expect("the figure of the street and the records it leads to, before", counts(), [2]int64{1, 1})
	a.Post("admin", fmt.Sprintf("/units/%d/close", no), apptest.Vals{"from": "2020-07-01"}, 0).OK()
	a.Expect("the figure of the street and the records it leads to, after", counts(), [2]int64{1, 1})
	check := func(as, day string) apptest.Reply {
		return a.Post(as, "/entries/check", apptest.Vals{"kind": "publicity-session", "unit": no,
			"values": apptest.Vals{"held_on": day, "topic": "迟报场次", "audience": 1}}, 0)
	}
	for _, as := range []string{"yuxiang", "office"} {
		if r := check(as, "2020-06-20"); r.Status != 200 || len(apptest.List(r.JSON(), "errors")) > 0 {
			a.T.Errorf("%s can enter a late record of its time: %d %s", as, r.Status, r.Body)
		}
	}
	if r := check("office", "2020-07-09"); r.Status == 200 && len(apptest.List(r.JSON(), "errors")) == 0 {
		a.T.Errorf("a record of a day after the unit closed is refused: %s", r.Body)
	}
	a.Expect("the figure of the closed unit", apptest.Num(a.Get("office", fmt.Sprintf("/figures/publicity.sessions?unit=%d&period=2020", no)).OK(), "value"), 1)
}

// onePlate: a middle dot, a blank, full-width or small letters make no other plate.
func (a *acts) onePlate() {
	was := a.Figure("fleet.vehicles", "", "2020")
	v := a.handIn("yuxiang", "collection-vehicle", "one-plate-several-spellings")
	if v.Good > 0 {
		v = a.keep("yuxiang", v)
	}
	for row := 3; row <= 6; row++ {
		if !v.told().row(row) {
			a.T.Errorf("row %d spells the plate of row 2: not a word, told was %v", row, v.told())
		}
	}
	a.verify(a.submitted("collection-vehicle"))
	a.Expect("the lorries grow by", a.Figure("fleet.vehicles", "", "2020")-was, 1)
}

// correctedCopies: a workbook is sent again with another number. That is a change, no second event.
func (a *acts) correctedCopies() {
	a.keep("yuxiang", a.handIn("yuxiang", "printed-material", "corrected-copies-first"))
	a.Expect("the first is kept", len(a.submitted("printed-material")), 1)
	v := a.handIn("yuxiang", "printed-material", "corrected-copies-again")
	a.Expect("row 2 waits and is told as a change of the first", [2]any{v.states(), v.told().row(2)}, [2]any{"bad", true})
}

// grownWorkbook: a workbook is sent again with one more row.
func (a *acts) grownWorkbook() {
	a.keep("yuxiang", a.handIn("yuxiang", "publicity-session", "grown-workbook-first"))
	a.Expect("the old rows are known, the new one is read", a.handIn("yuxiang", "publicity-session", "grown-workbook-again").states(), "same same good")
}

// byFormAndWorkbook: the same event once by form and once by workbook is known.
func (a *acts) byFormAndWorkbook() {
	a.Enter("yuxiang", "publicity-session", "古槐社区", apptest.Vals{"held_on": "2020-12-04", "topic": "表单先报场次", "audience": 40})
	v := a.handIn("yuxiang", "publicity-session", "same-event-by-form-and-workbook")
	a.Expect("the row is the record of the form", v.states(), "same")
}

// lastDigits: people know a lorry by the end of its plate.
func (a *acts) lastDigits() {
	plate := []rune("测Y90412")
	a.Enter("yuxiang", "collection-vehicle", "榆巷街道", apptest.Vals{"plate": string(plate), "stream": "food", "since": "2020-12-01"})
	a.Enter("yuxiang", "collection-vehicle", "榆巷街道", apptest.Vals{"plate": "测Z77777", "stream": "food", "since": "2020-12-01"})
	for _, q := range []string{string(plate), string(plate[len(plate)-4:]), string(plate[2:])} {
		list := a.Get("office", "/entries?kind=collection-vehicle&q="+url.QueryEscape(q)).OK()
		a.Expect(q+" finds one lorry", [2]any{apptest.Num(list, "total"), apptest.Text(list, "rows.0.title")}, [2]any{1, string(plate)})
	}
}

// exportAndBack: what is exported is read back as the same. Texts that look like formulas are texts.
func (a *acts) exportAndBack() {
	topics := []string{"=1+1", "@SUM(A1)", "+86 553", "-负数开头", "_x0041_字面", "第一行\n第二行", "<b>&amp;</b>"}
	for _, topic := range topics {
		a.Enter("yuxiang", "publicity-session", "南窗社区", apptest.Vals{"held_on": "2020-12-08", "topic": topic, "audience": 1})
	}
	r := a.Get("yuxiang", fmt.Sprintf("/entries/export?kind=publicity-session&unit=%d&period=2020-12-08..2020-12-09", a.Units["南窗社区"]))
	v := a.upload("yuxiang", "publicity-session", "export.xlsx", r.Body)
	a.Expect("every row is the same", v.states(), strings.TrimSpace(strings.Repeat("same ", len(topics))))
}

// columnsRemembered: what was said of the columns once is known of the next file with the same titles.
func (a *acts) columnsRemembered() {
	v := a.handIn("office", "publicity-session", "columns-are-remembered-first")
	if v.Assign != nil {
		at := map[string]int{}
		for _, c := range v.Assign.Columns {
			at[c.Title] = c.At
		}
		var columns []apptest.Vals
		for key, title := range map[string]string{"unit": "哪个单位", "held_on": "哪一天", "topic": "什么主题", "audience": "多少人"} {
			columns = append(columns, apptest.Vals{"key": key, "at": at[title]})
		}
		v = a.look("office", a.post("office", v, "columns", apptest.Vals{"columns": columns}))
	}
	a.keep("office", v)
	a.Expect("the first is kept", len(a.submitted("publicity-session")), 1)
	v = a.handIn("office", "publicity-session", "columns-are-remembered-again")
	a.Expect("the second file is read without a question", [2]any{v.states(), len(v.Says)}, [2]any{"good", 0})
}
