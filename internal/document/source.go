package document

import (
	"context"
	"fmt"
	"sort"
	"strings"

	"sifen/internal/db"
	"sifen/internal/docx"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/template"
	"sifen/internal/unit"
)

// identity is what one citation number stands for.
type identity struct {
	key  string
	unit org.No
	p    period.Period
}

// filling answers a template's tags for one document: live from the figures, or frozen.
type filling struct {
	doc       *Document
	q         *indicator.Query // nil when frozen
	words     Words
	numbers   map[identity]int64
	next      int64
	pending   []Figure
	frozen    map[identity]*Frozen
	values    map[identity]indicator.Value
	meta      map[identity]*Frozen
	cited     []identity
	tested    map[string]docx.Number
	at        org.No // the unit names mean: the document's, or that of a loop's turn
	root      *filling
	template  *template.Template
	catalogue *docx.Catalogue
	turns     *template.Reader
	turned    map[string][]template.Turn // what the loops went through
	says      map[string]string          // of a turn
	names     map[string]string          // of a turn: how the template calls what it says
	err       error
}

// words tells the titles of a district.
func (s *Service) words(ctx context.Context, q db.Querier, district int64) (Words, error) {
	set, err := s.Packs.Current(ctx, q, district)
	if err != nil {
		return Words{}, err
	}
	return s.Figures.Keepers.Words(set), nil
}

// Words tells the titles that definitions are worded with.
type Words = indicator.Titles

func newFilling(doc *Document, q *indicator.Query, words Words, have []Figure, turns *template.Reader) *filling {
	f := &filling{doc: doc, q: q, words: words, turns: turns, turned: map[string][]template.Turn{},
		numbers: map[identity]int64{}, frozen: map[identity]*Frozen{}, values: map[identity]indicator.Value{},
		meta: map[identity]*Frozen{}, tested: map[string]docx.Number{}, at: doc.Unit}
	for _, x := range have {
		id := identity{x.Key, x.Unit, x.Period}
		f.numbers[id] = x.N
		f.next = max(f.next, x.N)
		if x.Frozen != nil {
			f.frozen[id] = x.Frozen
		}
	}
	f.root = f
	return f
}

func (f *filling) identity(r docx.Ref) identity {
	p := f.doc.Period
	switch r.Period {
	case "last-year":
		p = p.YearBefore()
	case "previous":
		p = p.Previous()
	case "month":
		p = period.MonthOf(p.Last())
	case "cumulative":
		y, _, _ := p.From.YMD()
		p = period.Period{From: period.Date(y, 1, 1), Until: p.Until}
	}
	return identity{r.Key, f.at, p}
}

func (f *filling) number(id identity) int64 {
	r := f.root
	n, ok := r.numbers[id]
	if !ok {
		r.next++
		n = r.next
		r.numbers[id] = n
		r.pending = append(r.pending, Figure{N: n, Key: id.key, Unit: id.unit, Period: id.p, Tree: string(indicator.Then)})
	}
	for _, c := range r.cited {
		if c == id {
			return n
		}
	}
	r.cited = append(r.cited, id)
	return n
}

// state returns what is said of a figure: its frozen form, or one made of the live value.
func (f *filling) state(id identity) (*Frozen, error) {
	r := f.root
	if z, ok := r.frozen[id]; ok {
		return z, nil
	}
	if z, ok := r.meta[id]; ok {
		return z, nil
	}
	if r.q == nil {
		return nil, fmt.Errorf("figure %s of unit %d was not frozen", id.key, id.unit)
	}
	v, err := r.q.Value(id.key, id.unit, id.p)
	if err != nil {
		return nil, err
	}
	_, records, err := r.q.CountParts(v.Def, id.unit, id.p)
	if err != nil {
		return nil, err
	}
	z := Freeze(v, records, r.words, r.q.Org().UnitName(id.unit))
	r.values[id], r.meta[id] = v, z
	return z, nil
}

// Freeze makes what a document says of a figure, without its digest.
func Freeze(v indicator.Value, records int64, words Words, unitName string) *Frozen {
	z := &Frozen{Title: v.Def.Title, Measure: v.Def.Measure, Version: v.Def.Version, Decimals: v.Def.Decimals, A: v.A, Est: v.Est, Part: v.Part, Of: v.Of,
		HasTerms: v.HasTerms, Defined: v.Defined, Screen: v.Screen(), Records: records, Displays: map[string]i18n.Label{}}
	if v.Def.Unit != nil {
		z.UnitOf = *v.Def.Unit
	}
	z.Words = v.Def.Words(v.Period, unitName, words)
	for _, form := range []string{"", "yu", "wan", "percent", "terms", "raw"} {
		z.Displays[form] = v.Display(form)
	}
	return z
}

// Figure implements docx.Source.
func (f *filling) Figure(r docx.Ref) (docx.Figure, error) {
	id := f.identity(r)
	asked := fmt.Sprintf("%s %d %s", id.key, id.unit, id.p)
	if n, ok := f.doc.Tested[asked]; ok && r.Test {
		return docx.Figure{Value: n}, nil
	}
	z, err := f.state(id)
	if err != nil {
		return docx.Figure{}, err
	}
	if r.Test {
		f.root.tested[asked] = number(z)
		return docx.Figure{Value: number(z)}, nil
	}
	out := docx.Figure{N: int(f.number(id)), Value: number(z)}
	switch r.Form {
	case "diff", "growth":
		before := id
		before.p = id.p.Previous()
		if f.doc.Period.String() == id.p.String() {
			before.p = id.p.YearBefore()
		}
		b, err := f.state(before)
		if err != nil {
			return out, err
		}
		f.number(before)
		out.Display = difference(z, b, r.Form)
		out.Missing = out.Display == ""
	default:
		out.Display = z.Displays[r.Form].Zh
		if r.Form == "terms" {
			out.Display += z.UnitOf.Zh // "282/301家": two numbers need their unit
		}
		out.Missing = !z.Defined
	}
	if f.doc.PublicURL != "" {
		out.Href = fmt.Sprintf("%s/f/%s/%d", strings.TrimSuffix(f.doc.PublicURL, "/"), f.doc.ID, out.N)
	}
	out.Tooltip = fmt.Sprintf("%s · %s · %d条记录", z.Title.Zh, id.p.Zh(), z.Records)
	if z.Digest != "" {
		out.Tooltip += " · " + z.Digest[:8]
	}
	return out, nil
}

func difference(now, before *Frozen, form string) string {
	if !now.Defined || !before.Defined {
		return ""
	}
	d := now.A - before.A
	if form == "diff" {
		return unit.Decimal(d, now.Decimals)
	}
	return unit.Percent(d, before.A, 1)
}

func number(z *Frozen) docx.Number {
	switch {
	case !z.Defined:
		return docx.Number{}
	case z.Measure == indicator.Ratio || z.Measure == indicator.Coverage:
		return docx.Number{Num: z.Part, Den: z.Of, Defined: z.Of != 0}
	}
	return docx.Number{Num: z.A, Den: unit.Pow10(z.Decimals), Defined: true}
}

// Has implements docx.Source.
func (f *filling) Has(name string) bool {
	if _, ok := f.names[name]; ok {
		return f.Header(name) != ""
	}
	if key, ok := f.turns.Figure(name); ok {
		z, err := f.Figure(docx.Ref{Name: name, Key: key, Test: true})
		if err != nil {
			f.root.err = err
		}
		return z.Value.Defined && z.Value.Num != 0
	}
	if t, ok := f.doc.Texts[name]; ok {
		return strings.TrimSpace(t) != ""
	}
	if _, ok := f.turns.Loop(name); ok {
		list, err := f.goThrough(name)
		if err != nil {
			f.root.err = err
		}
		return len(list) > 0
	}
	return f.Header(name) != ""
}

// Text implements docx.Source.
func (f *filling) Text(name string) []string {
	var out []string
	for _, p := range strings.Split(f.doc.Texts[name], "\n") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// After implements docx.Own: what the drafter wrote below a paragraph of the template.
func (f *filling) After(key string) []string {
	if f.doc.Own[key] == "" {
		return nil
	}
	return strings.Split(f.doc.Own[key], "\n")
}

// Header implements docx.Source.
func (f *filling) Header(name string) string {
	if f.says != nil {
		return f.says[f.names[name]]
	}
	switch name {
	case "单位":
		return f.doc.unitName(f)
	case "期间":
		return f.doc.Period.Zh()
	case "日期":
		if f.doc.IssuedAt > 0 {
			return dayOf(f.doc.IssuedAt).Zh()
		}
		return "（签发时填写）"
	case "文号":
		return f.doc.Number
	}
	return ""
}

func (d *Document) unitName(f *filling) string {
	if f.q != nil {
		return f.q.Org().UnitName(d.Unit)
	}
	return ""
}

// Each implements docx.Source: the units of a type below the unit names mean, or the records of a kind that belong to it.
func (f *filling) Each(name string) ([]docx.Source, error) {
	list, err := f.goThrough(name)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	loop, _ := f.turns.Loop(name)
	names := loop.Names()
	out := make([]docx.Source, 0, len(list))
	for _, t := range list {
		turn := *f
		turn.says, turn.names = t.Says, names
		if t.Unit != 0 {
			turn.at = t.Unit
		}
		out = append(out, &turn)
	}
	return out, nil
}

// goThrough reads the turns of a loop: as they were at issue, or as they are.
func (f *filling) goThrough(name string) ([]template.Turn, error) {
	asked := fmt.Sprintf("%s %d", name, f.at)
	for _, have := range []map[string][]template.Turn{f.doc.Turns, f.root.turned} {
		if list, ok := have[asked]; ok {
			return list, nil
		}
	}
	list, err := f.turns.Turns(name, f.at, f.doc.Period)
	f.root.turned[asked] = list
	return list, err
}

// Picture implements docx.Source; the shipped templates have none.
func (f *filling) Picture(string) (docx.Picture, bool) { return docx.Picture{}, false }

// Annex implements docx.Source: one row per cited figure.
func (f *filling) Annex(string) docx.Annex {
	r := f.root
	a := docx.Annex{Head: []string{"序号", "指标", "口径", "数值", "记录", "摘要"}, Widths: []int{6, 16, 42, 13, 8, 15}}
	cited := append([]identity(nil), r.cited...)
	sort.Slice(cited, func(i, j int) bool { return r.numbers[cited[i]] < r.numbers[cited[j]] })
	for _, id := range cited {
		z, err := r.state(id)
		if err != nil {
			r.err = err
			continue
		}
		value := z.Displays["raw"].Zh
		if z.HasTerms {
			value = z.Displays["terms"].Zh
		}
		if !z.Defined {
			value = "—"
		}
		digest := "草稿"
		if z.Digest != "" {
			digest = z.Digest[:8]
		}
		a.Rows = append(a.Rows, docx.AnnexRow{N: int(r.numbers[id]), Cells: []string{fmt.Sprint(r.numbers[id]), z.Title.Zh, z.Words.Zh, value + z.UnitOf.Zh,
			fmt.Sprint(z.Records), digest}})
	}
	return a
}
