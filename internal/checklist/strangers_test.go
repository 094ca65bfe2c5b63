package checklist

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"sifen/internal/inspect"
)

// paperForm makes a workbook of rows; "<" is one with the cell to its left, "^" with the one above.
func paperForm(t testing.TB, rows [][]string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	name := func(c, r int) string {
		at, _ := excelize.CoordinatesToCellName(c+1, r+1)
		return at
	}
	for r, row := range rows {
		for c, text := range row {
			if text != "" && text != "<" && text != "^" {
				if err := f.SetCellStr("Sheet1", name(c, r), text); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for r, row := range rows {
		for c, text := range row {
			if text == "<" || text == "^" {
				continue
			}
			right, down := c, r
			for right+1 < len(row) && row[right+1] == "<" {
				right++
			}
			for down+1 < len(rows) && c < len(rows[down+1]) && rows[down+1][c] == "^" {
				down++
			}
			if right > c || down > r {
				if err := f.MergeCell("Sheet1", name(c, r), name(right, down)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// outline is what was read: sections with points, items with answers.
func outline(c *inspect.Checklist) string {
	var b strings.Builder
	fmt.Fprintln(&b, c.Title.Zh)
	for _, s := range c.Sections {
		fmt.Fprintf(&b, "# %s %d\n", s.Title.Zh, s.Points)
		for _, i := range s.Items {
			rule := ""
			if i.Rule != nil {
				rule = " | " + strings.ReplaceAll(i.Rule.Zh, "\n", "/")
			}
			fmt.Fprintf(&b, "- %s%s", i.Ask.Zh, rule)
			if i.Answer != "" {
				fmt.Fprintf(&b, " [%s %s]", i.Answer, i.Fails)
			}
			if i.How != "" {
				fmt.Fprintf(&b, " <%s>", i.How)
			}
			fmt.Fprintln(&b)
		}
	}
	return b.String()
}

// The forms are the structures of field/score-sheets.md, in words of our own.
var strangers = []struct {
	name  string
	rows  [][]string
	want  string
	asked []string // cells
	left  []string
}{
	{"a house of several rules, one sheet of a city", [][]string{
		{"××市居民小区生活垃圾分类检查评分表", "<", "<", "<", "<", "<"},
		{"小区名称：", "<", "", "县区：", "<", ""},
		{"序号", "检查项目", "检查标准", "分值", "得分", "现场情况"},
		{"1", "宣传公示", "入口设公示牌", "10", "", ""},
		{"^", "^", "公示牌完好、内容现行、写明管理员", "^", "", ""},
		{"2", "设施配置", "四类桶齐全", "20", "", ""},
		{"^", "^", "标志、颜色正确", "^", "", ""},
		{"^", "^", "桶身干净完好、盖好", "^", "", "满溢2处"},
		{"3", "居民满意", "询问10位居民，满意率≥90%", "10", "", ""},
		{"合计", "<", "<", "40", "", ""},
		{"检查人：", "<", "", "检查日期：", "<", ""},
	}, `××市居民小区生活垃圾分类检查评分表
# 宣传公示 10
- 入口设公示牌
- 公示牌完好、内容现行、写明管理员
# 设施配置 20
- 四类桶齐全
- 标志、颜色正确
- 桶身干净完好、盖好
# 居民满意 10
- 询问10位居民，满意率≥90% [share part * 100 < of * 90]
`, []string{"C9", "", ""}, []string{"A2", "D2", "F8", "A10", "D10", "A11", "D11"}},

	{"blocks with items and what each costs", [][]string{
		{"公共机构生活垃圾分类检查表"},
		{"检查项目", "检查内容", "分值", "评分细则"},
		{"分类设施", "办公室、走廊两类收集，有害、可回收固定位置，食堂有厨余桶", "20", "缺一处扣2分，食堂没有桶扣4分"},
		{"^", "标志正确清楚，点位有提示", "10", "没有提示扣5分，错一处扣2分"},
		{"^", "桶密闭、干净、完好、不满", "10", "一处扣2分"},
		{"分类达标", "准确率达到90%", "30", "每低一个百分点扣2分"},
		{"宣传工作", "有宣传栏并更新", "10", "没有扣10分"},
		{"^", "有手册和活动记录", "10", ""},
		{"^", "专管员上墙", "10", "没有不得分"},
	}, `公共机构生活垃圾分类检查表
# 分类设施 40
- 办公室、走廊两类收集，有害、可回收固定位置，食堂有厨余桶 | 20 分：缺一处扣2分，食堂没有桶扣4分
- 标志正确清楚，点位有提示 | 10 分：没有提示扣5分，错一处扣2分
- 桶密闭、干净、完好、不满 | 10 分：一处扣2分
# 分类达标 30
- 准确率达到90% | 每低一个百分点扣2分 [share part * 100 < of * 90]
# 宣传工作 30
- 有宣传栏并更新 | 10 分：没有扣10分
- 有手册和活动记录 | 10 分：
- 专管员上墙 | 10 分：没有不得分
`, []string{"B6", "", ""}, nil},

	{"sections as lines, problems and what became of them", [][]string{
		{"学校垃圾分类检查表（试行）", "<", "<", "<"},
		{"序号", "检查内容", "存在问题", "整改情况"},
		{"一、组织领导", "<", "<", "<"},
		{"1", "有机构、有方案", "", ""},
		{"2", "定期开会", "", "已改"},
		{"二、配齐设施（20分）", "<", "<", "<"},
		{"3", "教室两个桶", "", ""},
		{"4", "1.有害垃圾有人管\n2.食堂有厨余桶", "", ""},
		{"三", "成效", "", ""},
		{"5", "未混投混放", "", ""},
		{"注：本表一式两份", "<", "<", "<"},
	}, `学校垃圾分类检查表（试行）
# 组织领导 0
- 有机构、有方案
- 定期开会
# 配齐设施 20
- 教室两个桶
- 有害垃圾有人管
- 食堂有厨余桶
# 成效 0
- 未混投混放
`, []string{"B8", "B10", "", ""}, []string{"D5", "A11"}},

	{"papers, methods and a unit that answers", [][]string{
		{"单位自评表"},
		{"序号", "一级指标", "二级指标", "评分标准", "分值", "佐证材料", "考核方式", "责任单位", "自评分", "评级"},
		{"1", "组织领导", "成立领导小组", "有文件", "2.5", "文件", "查阅资料", "办公室", "2", "甲"},
		{"2", "", "有联络员", "", "2.5", "", "走访", "本单位", "", ""},
		{"3", "设施", "四类桶", "缺一处扣1分", "5", "", "实地", "", "", ""},
		{"", "", "", "满溢另扣", "", "", "", "", "", ""},
		{"总分", "", "", "", "11", "", "", "", "", ""},
	}, `单位自评表
# 组织领导 5
- 成立领导小组 | 2.5 分：有文件/材料：文件 <papers>
- 有联络员 | 2.5 分： <asked>
# 设施 5
- 四类桶 | 缺一处扣1分/满溢另扣 <seen>
`, []string{"J2", "H3", "D6", "E7", "", ""}, []string{"I3", "J3", "A7", "E7"}},
}

func TestFormsOfStrangers(t *testing.T) {
	set := shipped(t)
	for _, x := range strangers {
		t.Run(x.name, func(t *testing.T) {
			raw := paperForm(t, x.rows)
			got, err := read(context.Background(), set, raw, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if have := outline(&got.Checklist); have != x.want {
				t.Errorf("read:\n%s\nwant:\n%s", have, x.want)
			}
			cells := func(list []Note) map[string]int {
				out := map[string]int{}
				for _, n := range list {
					out[n.Cell]++
				}
				return out
			}
			for what, have := range map[string]struct {
				list []Note
				want []string
			}{"asked": {got.Asked, x.asked}, "left": {got.Left, x.left}} {
				at := cells(have.list)
				for _, c := range have.want {
					at[c]--
				}
				for c, n := range at {
					if n != 0 {
						t.Errorf("%s %s: %+d", what, c, n)
					}
				}
			}
			if faults := Faults(set, keyed(&got.Checklist)); len(faults) > 0 {
				t.Errorf("cannot be saved: %v", faults)
			}
			accounted(t, x.name, x.rows, got)
		})
	}
}

func keyed(c *inspect.Checklist) *inspect.Checklist {
	own := *c
	own.Key = "own-x"
	return &own
}

// accounted demands that every cell with a text went into the checklist, or was named.
func accounted(t *testing.T, what string, rows [][]string, got Read) {
	t.Helper()
	named := map[string]bool{}
	for _, n := range append(append([]Note{}, got.Asked...), got.Left...) {
		named[n.Cell] = true
	}
	said := flat(textOf(t, &got.Checklist))
	for _, c := range got.Columns { // titles, of a head of two rows both
		said += flat(textOf2(c.Title))
	}
	has := func(text string) bool {
		for line := range strings.SplitSeq(text, "\n") {
			line = strings.TrimSpace(listed.ReplaceAllString(strings.TrimSpace(line), ""))
			raw := strings.Trim(textOf2(line), `"`)
			if !strings.Contains(said, flat(raw)) && !strings.Contains(said, flat(numbered.ReplaceAllString(scored.ReplaceAllString(raw, ""), ""))) {
				return false
			}
		}
		return true
	}
	for r, row := range rows {
		for c, text := range row {
			at, _ := excelize.CoordinatesToCellName(c+1, r+1)
			if text == "" || text == "<" || text == "^" || named[at] || r+1 == got.HeadRow {
				continue
			}
			role := Role("")
			if c < len(got.Columns) {
				role = got.Columns[c].Role
			}
			if role == roleNo && numberLike.MatchString(text) || role == rolePoints && pointLike.MatchString(flat(text)) ||
				strings.TrimSpace(text) == "" {
				continue
			}
			if role == roleHow || role == roleAnswers || role == roleSeverity || role == roleInstrument || role == roleAnswer {
				continue // taken as what it means, or asked
			}
			if !has(text) {
				t.Errorf("%s: %s %q is neither in the checklist nor named", what, at, text)
			}
		}
	}
}

func textOf2(s string) string {
	return strings.NewReplacer(`"`, `\"`).Replace(s)
}

// TestNothingOfAFormIsLostInSilence: whatever people lay out, each cell is in the checklist or is named.
func TestNothingOfAFormIsLostInSilence(t *testing.T) {
	set := shipped(t)
	heads := []string{"序号", "检查项目", "检查内容", "评分标准", "分值", "得分", "备注", "奇怪的列", "", "责任单位", "检查方式", "一级指标", "三级指标", "佐证材料"}
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 2))
		n := 2 + r.IntN(6)
		head := []string{"检查内容"}
		for range n - 1 {
			head = append(head, heads[r.IntN(len(heads))])
		}
		r.Shuffle(n, func(i, j int) { head[i], head[j] = head[j], head[i] })
		rows := [][]string{}
		if r.IntN(2) == 0 {
			rows = append(rows, append([]string{"某某检查表"}, make([]string, n-1)...))
		}
		rows = append(rows, head)
		for k := range 1 + r.IntN(8) {
			row := make([]string, n)
			for c := range row {
				switch r.IntN(7) {
				case 0, 1, 2:
					row[c] = fmt.Sprintf("要求%d-%d", k, c)
				case 3:
					row[c] = []string{"合计", "一、第一部分", "注：某某", "检查人：某某", "10", "2.5", "物业", "实地", "1.甲\n2.乙", "未公示扣5分"}[r.IntN(10)]
				case 4:
					if c > 0 && row[c-1] != "^" && row[c-1] != "" {
						row[c] = "<"
					}
				case 5:
					if k > 0 && len(rows) > 0 && rows[len(rows)-1][c] != "" && rows[len(rows)-1][c] != "<" && (c+1 >= n || rows[len(rows)-1][c+1] != "<") &&
						!strings.Contains(strings.Join(heads, " ")+" ", rows[len(rows)-1][c]+" ") {
						row[c] = "^"
					}
				}
			}
			for c := 1; c < n; c++ { // no range is both
				if row[c] == "<" && (row[c-1] == "^" || row[c-1] == "") {
					row[c] = ""
				}
			}
			rows = append(rows, row)
		}
		got, err := read(context.Background(), set, paperForm(t, rows), Options{})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		accounted(t, fmt.Sprintf("seed %d %v", seed, rows), rows, got)
		if t.Failed() {
			t.Fatalf("%v\n%s\n%v\n%v", got.Columns, outline(&got.Checklist), got.Asked, got.Left)
		}
	}
}

// FuzzRead: no file takes the reader down, and what it makes of one can be checked.
func FuzzRead(f *testing.F) {
	set := shipped(f)
	for _, x := range strangers {
		f.Add(paperForm(f, x.rows))
	}
	f.Add([]byte("序号,检查项目,检查内容,分值\n1,宣传,有公示牌,10\n"))
	f.Add([]byte("检查内容\n有公示牌\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := read(context.Background(), set, raw, Options{})
		if err == nil {
			Faults(set, keyed(&got.Checklist))
		}
	})
}
