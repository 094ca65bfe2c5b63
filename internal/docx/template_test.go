package docx

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// summaryFigures is every figure of the shipped template: title, key, and what
// a district of the reference year prints for it.
var summaryFigures = [][3]string{
	{"印发工作方案", "plans.issued", "2"}, {"分类体系", "schemes.in_use", "2"}, {"领导小组组长", "leading.heads", "2"},
	{"动员会", "meetings.mobilisation", "1"}, {"调度会", "meetings.dispatch", "4"}, {"会议纪要", "meetings.minutes", "4"},
	{"专项检查", "inspections.special", "11"}, {"通报和提示单", "inspections.outcomes", "11"}, {"印发通知", "documents.notices", "8"}, {"起草办法", "measures.drafted", "2"},
	{"智能试点", "pilots.smart", "3"}, {"教育基地", "base.count", "1"}, {"接待批次", "base.visits", "30余"},
	{"宣讲队", "publicity.teams", "11"}, {"讲师", "publicity.lecturers", "114"}, {"宣传培训场次", "publicity.sessions", "338"},
	{"宣传人数", "publicity.audience", "6.8万余"}, {"宣传品", "publicity.materials", "23.9万"}, {"宣传展示", "publicity.displays", "403"},
	{"媒体报道", "publicity.media", "10余"}, {"入户小区", "campaign.estates", "50余"}, {"入户人数", "campaign.people", "8.2万余"},
	{"改造转运站", "stations.transfer", "2"}, {"转运站改造项目", "stations.refit", "8"}, {"收运车辆", "fleet.vehicles", "103"},
	{"投放点", "places.dropoff", "38"}, {"建设批次", "places.batches", "2"}, {"公共机构", "coverage.institutions", "282"},
	{"学校", "coverage.schools", "142"}, {"居民小区", "coverage.estates", "17"}, {"逾期登记", "records.late", "46"},
	{"退回登记", "records.returned", "29"}, {"未分类公共机构", "coverage.institutions.gap", "19"}, {"未分类学校", "coverage.schools.gap", "6"},
	{"未分类小区", "coverage.estates.gap", "236"}, {"到位资金", "funds.paid", "1286.4万"},
	{"计划任务", "plan.tasks", "20"}, {"完成任务", "plan.done", "13"}, {"逾期任务", "plan.arrears", "5"},
}

// summarySource prints the figures of the reference year.
type summarySource struct {
	href  bool
	texts map[string][]string
}

func summaryCatalogue() *Catalogue {
	c := &Catalogue{Figures: map[string]string{}, Texts: []string{"存在问题", "下一步打算"},
		Headers: []string{"单位", "期间", "日期", "文号"}, Annexes: []string{"数据来源"}}
	for _, f := range summaryFigures {
		c.Figures[f[0]], c.Figures[f[1]] = f[1], f[1]
	}
	return c
}

func (s summarySource) Figure(r Ref) (Figure, error) {
	for i, f := range summaryFigures {
		if f[1] != r.Key {
			continue
		}
		out := Figure{Display: f[2], N: i + 1, Tooltip: r.Name + " · 2020年 · " + f[2] + "条记录 · 3f9a12c4"}
		if r.Test {
			return Figure{Value: Number{Num: 20, Den: 1, Defined: true}}, nil
		}
		if s.href {
			out.Href = "https://fl.example.gov.cn/f/0190c7/" + strconv.Itoa(i+1)
		}
		if r.Form == "terms" {
			out.Display = map[string]string{"公共机构": "282/301家", "学校": "142/148所", "居民小区": "17/253个"}[r.Name]
		}
		return out, nil
	}
	return Figure{Missing: true, N: len(summaryFigures) + 1}, nil
}
func (s summarySource) Has(string) bool           { return true }
func (s summarySource) Text(name string) []string { return s.texts[name] }
func (s summarySource) Header(name string) string {
	return map[string]string{"单位": "云汀区", "期间": "2020年", "日期": "2020年12月31日", "文号": "云分类办〔2020〕18号"}[name]
}
func (s summarySource) Each(string) ([]Source, error)  { return nil, nil }
func (s summarySource) Picture(string) (Picture, bool) { return Picture{}, false }
func (s summarySource) Annex(string) Annex {
	a := Annex{Head: []string{"序号", "数字", "口径", "取值", "分子/分母", "记录", "摘要"}, Widths: []int{6, 18, 34, 12, 14, 8, 13}}
	for i, f := range summaryFigures {
		a.Rows = append(a.Rows, AnnexRow{N: i + 1, Cells: []string{strconv.Itoa(i + 1), f[0], "本期内已核实的记录，一条计一次（口径第3版第2条）", f[2], "—", f[2], "3f9a12c4"}})
	}
	return a
}

func summarySample() summarySource {
	return summarySource{href: true, texts: map[string][]string{
		"存在问题":  {"部分镇街和部门主动担责、协同推进的意识不强，条块之间衔接不够紧密，存在上热下冷、层层递减的现象。", "部分物业企业推进分类的积极性不高，日常管理流于形式，约束手段和惩戒措施偏少。"},
		"下一步打算": {"下一步，我们将坚持问题导向和目标导向，紧盯薄弱环节，完善长效机制，重点抓好以下工作。"},
	}}
}

func openShipped(t *testing.T) *Template {
	t.Helper()
	b, err := os.ReadFile(shipped)
	if err != nil {
		t.Fatal(err)
	}
	return opened(t, b)
}

func opened(t *testing.T, b []byte) *Template {
	t.Helper()
	tpl, err := Open(b)
	if err != nil {
		t.Fatal(err)
	}
	return tpl
}

// filledSummary fills a template as the annual summary is filled, with the bytes of its file.
func filledSummary(t *testing.T, tpl *Template, s Source) (*Filled, []byte) {
	t.Helper()
	f, err := tpl.Render(summaryCatalogue(), s)
	if err != nil {
		t.Fatal(err)
	}
	b, err := f.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return f, b
}

func TestShippedTemplateUsesEveryFigure(t *testing.T) {
	tpl := openShipped(t)
	if faults := tpl.Check(summaryCatalogue()); len(faults) > 0 {
		t.Fatal(&FaultsError{faults})
	}
	used := map[string]bool{}
	for _, u := range tpl.Figures(summaryCatalogue()) {
		used[u.Key] = true
	}
	for _, f := range summaryFigures {
		if !used[f[1]] {
			t.Errorf("%s (%s) is not in the template", f[0], f[1])
		}
	}
	for _, l := range annualSummaryText {
		plain := regexp.MustCompile(`{{.*?}}`).ReplaceAllString(l[1], "")
		if strings.ContainsAny(plain, "0123456789") {
			t.Errorf("a number is typed into the template: %s", l[1])
		}
	}
}

func TestShippedTemplateFilled(t *testing.T) {
	tpl := openShipped(t)
	for _, href := range []bool{true, false} {
		s := summarySample()
		s.href = href
		f, b := filledSummary(t, tpl, s)
		validate(t, b)
		doc := string(serialize(f.parts[f.main]))
		if n := strings.Count(doc, "<w:hyperlink "); n < 35 {
			t.Errorf("%d hyperlinks", n)
		}
		if strings.Contains(doc, "{{") {
			t.Error("a tag was left")
		}
	}
}

func TestShippedTemplateOutline(t *testing.T) {
	f, err := openShipped(t).Render(summaryCatalogue(), summarySample())
	if err != nil {
		t.Fatal(err)
	}
	page := f.HTML()
	levels := map[int]int{}
	for _, h := range f.Outline() {
		levels[h.Level]++
		if !strings.Contains(page, `id="`+h.ID+`"`) {
			t.Errorf("no element %s for %s", h.ID, h.Text)
		}
	}
	if levels[1] != 3 || levels[2] != 13 {
		t.Errorf("headings by level: %v", levels)
	}
	if got := f.Outline()[3]; got.Text != "（三）深化宣传引导，营造浓厚氛围" || len(got.Figures) != 11 {
		t.Errorf("outline of publicity: %+v", got)
	}
	for _, want := range []string{
		`class="title`, `<button type="button" class="fig" data-n="15"`, `>338</button>`, `<h2 id="s1" class="h1"`, `>一、主要做法及成效</h2>`, `class="body indent"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("page lacks %s", want)
		}
	}
	if strings.Contains(page, "style=") {
		t.Error("page has inline styles")
	}
}
