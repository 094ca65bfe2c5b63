package checklist

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sifen/internal/i18n"
	"sifen/internal/inspect"
	"sifen/internal/pack"
	"sifen/internal/sheet"
)

// Note is something about a cell of an uploaded form. Text is what stands there, Pointer the place in the checklist that it is
// about, "" where it is about none.
type Note struct {
	Cell    string     `json:"cell"`
	Text    string     `json:"text"`
	Pointer string     `json:"pointer"`
	Say     i18n.Label `json:"say"`
}

// Read is what an uploaded form was understood to be. Every cell that holds anything went into the checklist, or stands in
// Asked or Left.
type Read struct {
	Checklist inspect.Checklist `json:"checklist"`
	Columns   []Column          `json:"columns"`
	Asked     []Note            `json:"asked" doc:"what a person has to look at before it is saved"`
	Left      []Note            `json:"left" doc:"what is no part of a checklist, and why"`
	Own       bool              `json:"own" doc:"the form was written here"`
	Sheet     string            `json:"sheet"`
	HeadRow   int               `json:"head_row"`
}

// The most that is read of a form.
const (
	mostBytes   = 5 << 20
	mostRows    = 3000
	mostColumns = 60
)

// Options is what is known of a form before it is read.
type Options struct {
	Base    *inspect.Checklist // the form is to be a new version of it
	Columns map[int]Role       // what a person said of columns, from 0
	HeadRow int                // of the titles, from 1; 0 looks for it
}

// reader turns the rows of a form into a checklist.
type reader struct {
	set  *pack.Set
	lang i18n.Lang
	out  *Read
	opt  Options

	old    *inspect.Checklist // what the form was made from, or is to be a version of
	taken  map[string]bool    // keys of items
	parts  map[string]bool    // keys of sections
	used   map[string]bool    // keys of old items that stand in the form
	roles  []Role
	merged map[int]bool

	item   string // text of the item that the row above told
	points map[int][]point
}

// point is what one cell of points says.
type point struct {
	cell      string
	hundreths int64
	item      int // of its section
}

// read takes a form apart.
//
// Errors: ErrFile for what is no sheet, with what is wrong and where; ErrTooMany for more than a checklist holds.
func read(ctx context.Context, set *pack.Set, content []byte, opt Options) (Read, error) {
	t, err := sheet.Open(content, sheet.ReadOptions{MaxColumns: mostColumns, Head: headOf, HeadRow: opt.HeadRow})
	if err != nil {
		return Read{}, fileFault(err)
	}
	defer t.Close()
	r := &reader{set: set, lang: i18n.Zh, opt: opt, old: opt.Base, taken: map[string]bool{}, parts: map[string]bool{}, used: map[string]bool{},
		merged: map[int]bool{}, points: map[int][]point{},
		out: &Read{Columns: []Column{}, Asked: []Note{}, Left: []Note{}, Sheet: t.Name(), HeadRow: t.HeadRow}}
	r.own(t.Meta)
	if r.old != nil {
		r.out.Checklist = headOnly(r.old)
		for _, s := range r.old.Sections {
			for _, i := range s.Items {
				r.taken[i.Key] = true
			}
		}
	}
	var rows []sheet.Row
	for row, err := range t.Rows(ctx) {
		if err != nil {
			return Read{}, fileFault(err)
		}
		if rows = append(rows, row); len(rows) > mostRows {
			return Read{}, ErrTooMany.With("sections", mostSections, "items", mostItems)
		}
	}
	r.above(t)
	r.columns(t, rows)
	for _, row := range rows {
		r.row(row)
	}
	r.finish()
	Tidy(&r.out.Checklist)
	items := 0
	for _, s := range r.out.Checklist.Sections {
		items += len(s.Items)
	}
	if items > mostItems || len(r.out.Checklist.Sections) > mostSections {
		return Read{}, ErrTooMany.With("sections", mostSections, "items", mostItems)
	}
	return *r.out, nil
}

func fileFault(err error) error {
	var e *sheet.Error
	if errors.As(err, &e) {
		return ErrFile.With("say", i18n.Label{Zh: e.Zh, En: e.En}, "cell", e.Cell).Because(err)
	}
	return err
}

// own takes what a form that was written here says beside its cells.
func (r *reader) own(meta map[string]string) {
	if meta["checklist"] == "" {
		return
	}
	var c inspect.Checklist
	if json.Unmarshal([]byte(meta["checklist"]), &c) != nil {
		return // changed by hand: it is read as anybody's form
	}
	for i := 0; ; i++ {
		raw, ok := meta[fmt.Sprintf("section.%03d", i)]
		if !ok {
			break
		}
		var s inspect.Section
		if json.Unmarshal([]byte(raw), &s) != nil {
			return
		}
		for n := 0; ; n++ {
			raw, ok := meta[fmt.Sprintf("section.%03d.%03d", i, n)]
			if !ok {
				break
			}
			var item inspect.Item
			if json.Unmarshal([]byte(raw), &item) != nil {
				return
			}
			s.Items = append(s.Items, item)
		}
		c.Sections = append(c.Sections, s)
	}
	r.out.Own, r.old = true, &c
	if meta["lang"] == string(i18n.En) {
		r.lang = i18n.En
	}
}

// headOnly is a checklist without its sections.
func headOnly(c *inspect.Checklist) inspect.Checklist {
	out := *c
	out.Sections = nil
	return out
}

func (r *reader) ask(cell, text, pointer, code string, args map[string]any) {
	r.out.Asked = append(r.out.Asked, Note{cell, short(text), pointer, i18n.Say(code, args)})
}

func (r *reader) leave(cell, text, code string, args map[string]any) {
	r.out.Left = append(r.out.Left, Note{cell, short(text), "", i18n.Say(code, args)})
}

func short(s string) string {
	if r := []rune(s); len(r) > 120 {
		return string(r[:119]) + "…"
	}
	return s
}

// own are the cells of a row that hold a text of their own, by column.
func ownCells(row sheet.Row) []int {
	var out []int
	for i, c := range row.Cells {
		if !c.Merged && row.Text(i) != "" {
			out = append(out, i)
		}
	}
	return out
}

var (
	signed = regexp.MustCompile(`^(被?检查(人员?|单位|时间|日期|组)|考核(人员?|单位|时间|日期|组)|评分人|评估人|填表(人|单位|时间|日期)|负责人|责任人|签字|签名|日期|时间|单位[:：]|单位名称|被检|受检|联系(人|电话)|` +
		`制表|审核人?[:：]|复核|地址|小区名称|学校名称|陪同|记录人|得分[:：]|总得分|inspector|signature|signed|date|unit:)`)
	sampled  = regexp.MustCompile(`^(抽样|抽查|抽取|样本|抽检|检查数量|检查范围|随机|sample)`)
	summed   = regexp.MustCompile(`^(合计|总计|小计|总分|共计|总得分|合计得分|total|sum)`)
	remarked = regexp.MustCompile(`^(注|备注|说明|附注|填表说明|note|remark)\s*[:：\d]`)
	numbered = regexp.MustCompile(`^\s*(第?[一二三四五六七八九十]+(部分|项)?\s*[、.．]|[(（][一二三四五六七八九十]+[)）]\s*|第[一二三四五六七八九十]+(部分|章|项)\s*|[IVX]+\.\s+)`)
	listed   = regexp.MustCompile(`^\s*(\d{1,3}\s*[.．、)）]\s*|[(（]\d{1,3}[)）]\s*|[①-⑳]\s*)`)
	scored   = regexp.MustCompile(`\s*[(（]\s*(?:共|满分|计)?\s*(\d{1,4})\s*分?\s*[)）]\s*$`)
)

// toSign reports whether a line is to be filled in by hand: who checks, when, where.
func toSign(text string) bool {
	return signed.MatchString(strings.ToLower(strings.TrimSpace(text))) && strings.ContainsAny(text, ":：_＿签")
}

// above reads the lines above the titles: the name of the form, what is sampled, who fills it in.
func (r *reader) above(t *sheet.Table) {
	c := &r.out.Checklist
	named := false
	for _, row := range t.Above {
		for _, i := range ownCells(row) {
			text, cell := row.Text(i), row.Address(i)
			switch {
			case !named && !toSign(text) && !sampled.MatchString(strings.ToLower(text)):
				if title := strings.Join(strings.Fields(text), " "); len([]rune(title)) <= longTitle {
					put(&c.Title, title, r.lang)
				} else {
					r.ask(cell, text, "/title", "checklist.read-title", nil)
				}
				named = true
			case sampled.MatchString(strings.ToLower(text)):
				r.sample(cell, text)
			case toSign(text):
				r.leave(cell, text, "checklist.left-signature", nil)
			default:
				r.leave(cell, text, "checklist.left-line", nil)
			}
		}
	}
	if !named && c.Title.IsZero() {
		r.ask("", "", "/title", "checklist.read-no-title", nil)
	}
}

// sample takes a line that says what is sampled.
func (r *reader) sample(cell, text string) {
	for _, p := range []string{"抽样：", "抽样:", "Sample: ", "Sample:"} {
		text = strings.TrimPrefix(text, p)
	}
	text = strings.TrimSpace(text)
	c := &r.out.Checklist
	switch {
	case len([]rune(text)) > longAsk:
		r.ask(cell, text, "/sample", "checklist.read-long", map[string]any{"max": longAsk})
	case c.Sample == nil:
		c.Sample = &i18n.Label{}
		put(c.Sample, text, r.lang)
	case r.out.Own || r.old != nil:
		own := *c.Sample
		put(&own, text, r.lang)
		c.Sample = &own
	default:
		r.ask(cell, text, "/sample", "checklist.read-sample", nil)
	}
}

// put sets a label to what a form says in a language. Where it said that before, the other language stays.
func put(l *i18n.Label, text string, lang i18n.Lang) {
	text = strings.TrimSpace(text)
	switch {
	case flat(l.In(lang)) == flat(text) && text != "": // blanks and breaks of lines are how a form is laid out
	case lang == i18n.En && l.Zh != "":
		l.En = text
	case lang == i18n.En:
		l.Zh, l.En = text, text
	default:
		l.Zh, l.En = text, ""
	}
}

// columns says what each column holds, and asks about those that nobody knows.
func (r *reader) columns(t *sheet.Table, rows []sheet.Row) {
	head := make([]string, len(t.Head))
	for i, c := range t.Head {
		head[i] = c.Text
	}
	width := len(head)
	filled := map[int]int{}
	for _, row := range rows {
		width = max(width, len(row.Cells))
		for i, c := range row.Cells {
			if c.Merged && !c.Across && row.Text(i) != "" {
				r.merged[i] = true
			}
			if !c.Merged && row.Text(i) != "" {
				filled[i]++
			}
		}
	}
	for len(head) < width {
		head = append(head, "")
	}
	for i := range head { // one name over rows of rules, its cells left empty instead of merged
		if l, ok := known(head[i]); ok && l.deep > 0 && filled[i] > 0 && !r.out.Own {
			for j := range head {
				if k, ok := known(head[j]); ok && k.role == roleRule && filled[j] >= 2*filled[i] {
					r.merged[i] = true
				}
			}
		}
	}
	r.roles = assign(head, r.opt.Columns, r.merged)
	asks := sheet.Row{Index: t.HeadRow}
	for i, h := range head {
		r.out.Columns = append(r.out.Columns, Column{i, asks.Address(i), h, r.roles[i]})
		if r.roles[i] == "" && (filled[i] > 0 || h != "") {
			r.ask(asks.Address(i), h, "", "checklist.read-column", map[string]any{"n": filled[i]})
		}
	}
	if !slices.Contains(r.roles, roleItem) {
		r.ask(asks.Address(0), "", "", "checklist.read-no-item", nil)
	}
	for _, s := range t.Sheets {
		if !s.Read {
			r.ask("", s.Name, "", "checklist.read-other-sheet", map[string]any{"sheet": s.Name, "n": s.Rows})
		}
	}
}

// at is the text of the column of a role; own is false where it stands in another row of a merged range.
func (r *reader) at(row sheet.Row, role Role) (text, cell string, own bool) {
	i := slices.Index(r.roles, role)
	if i < 0 || i >= len(row.Cells) {
		return "", "", false
	}
	return row.Text(i), row.Address(i), !row.Cells[i].Merged && row.Text(i) != ""
}

// finish asks about what no form says, and what is settled only when all rows are known.
func (r *reader) finish() {
	c := &r.out.Checklist
	for si := range c.Sections {
		r.sumPoints(si)
	}
	if r.out.Own || r.opt.Base != nil {
		r.gone()
	}
	if len(c.About) == 0 {
		c.About = guess(c.Title.Zh)
		code := "checklist.read-about"
		if len(c.About) == 0 {
			code = "checklist.read-about-none"
		}
		r.ask("", c.Title.Zh, "/about", code, nil)
	}
	if len(c.Answers) == 0 {
		c.Answers = answersFor(c.About)
		r.ask("", "", "/answers", "checklist.read-answers", nil)
	}
}

// gone names the items of the older checklist that the form no longer holds.
func (r *reader) gone() {
	for _, s := range r.old.Sections {
		for _, i := range s.Items {
			if !r.used[i.Key] {
				r.leave("", i.Ask.In(r.lang), "checklist.left-gone", nil)
			}
		}
	}
}

// guess is what a form of a name is probably for.
func guess(title string) []string {
	for _, x := range []struct{ word, about string }{{"小区", "estate"}, {"学校", "school"}, {"校园", "school"}, {"投放点", "dropoff-point"}, {"集置点", "dropoff-point"},
		{"转运站", "transfer-station"}, {"车辆", "vehicle"}, {"堆肥", "compost-house"}, {"机关", "institution"}, {"公共机构", "institution"}, {"医院", "institution"},
		{"单位", "institution"}, {"行政村", "village"}, {"农村", "village"}, {"村庄", "village"}, {"商户", "community"}, {"餐饮", "community"}, {"社区", "community"}} {
		if strings.Contains(title, x.word) {
			return []string{x.about}
		}
	}
	return nil
}

func answersFor(about []string) []string {
	for _, a := range about {
		switch a {
		case "estate", "dropoff-point":
			return []string{"firm", "committee", "community"}
		case "community", "village":
			return []string{"community"}
		}
	}
	return []string{"self"}
}
