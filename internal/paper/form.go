// Package paper is the way around the screen: a check goes out as a sheet to print and fill in by hand or in Excel, and the
// filled sheet comes back as visits.
package paper

import (
	"context"
	"fmt"
	"io"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/inspect"
	"sifen/internal/module"
	"sifen/internal/problem"
	"sifen/internal/sheet"
)

// Problems of this package.
var (
	ErrNone = problem.New(problem.Invalid, "paper.none", nil)
	ErrFile = problem.New(problem.Invalid, "paper.file", nil)
)

// Service writes and reads paper forms.
type Service struct {
	module.Platform
	Visits *inspect.Service
}

// New makes the service.
func New(p module.Platform, visits *inspect.Service) *Service { return &Service{p, visits} }

// Want is a place to be checked by a checklist.
type Want struct{ Place, Form string }

// mostPlaces is how many places one sheet may hold.
const mostPlaces = 60

// The columns of a sheet, in order; the key says which question a line is and is not to be changed.
const (
	colPlace = iota
	colSubject
	colAsk
	colRule
	colAnswer
	colCount
	colWords
	colKey
)

// What a line asks beside the items of the checklist.
const (
	lineDay     = "#day"
	linePresent = "#present"
	lineWords   = "#words"
	lineName    = "#name" // of an object that is met for the first time
	lineLook    = "#look" // at a problem that is open
)

// Own are the places drawn for the caller today that he has not visited yet.
func (s *Service) Own(ctx context.Context, q db.Querier, by access.Scope) ([]Want, error) {
	rows, err := s.Visits.Today(ctx, q, by)
	var out []Want
	for _, r := range rows {
		if r.Outcome == "open" {
			out = append(out, Want{r.Key, r.Checklist})
		}
	}
	return out, err
}

// Write writes the sheet of some places.
//
// Errors: ErrNone where there is no place or none fits its checklist, inspect.ErrPlace, inspect.ErrForbidden.
func (s *Service) Write(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, list []Want, w io.Writer) error {
	var rows [][]any
	for _, x := range list[:min(len(list), mostPlaces)] {
		page, err := s.Visits.At(ctx, q, by, x.Place)
		if err != nil {
			return err
		}
		if !page.May {
			return inspect.ErrForbidden
		}
		form, ok := formOf(page, x.Form)
		if !ok {
			continue
		}
		rows = append(rows, linesOf(lang, page, form)...)
	}
	if len(rows) == 0 {
		return ErrNone
	}
	at, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return err
	}
	title := func(zh, en string) string { return i18n.Label{Zh: zh, En: en}.In(lang) }
	return sheet.Write(w, sheet.Book{Sheet: title("检查表", "Check"), Print: true,
		Columns: []sheet.Column{
			{Key: "place", Title: title("地点", "Place"), Width: 16}, {Key: "subject", Title: title("点位", "Point"), Width: 14},
			{Key: "ask", Title: title("检查内容", "Item"), Width: 34}, {Key: "rule", Title: title("标准", "Rule"), Width: 26},
			{Key: "answer", Title: title("回答", "Answer"), Width: 14,
				Note: title("是、否、不涉及；选择题照抄选项；问了几位、其中几位合格写作 8/10", "Yes, no, n.a.; an option as printed; how many of how many as 8/10")},
			{Key: "count", Title: title("几处", "How many"), Width: 8, Kind: sheet.Integer},
			{Key: "words", Title: title("怎么不符合", "What is wrong"), Width: 24}, {Key: "key", Title: title("行号（不要改）", "Line (keep)"), Width: 10}},
		Rows: func(yield func([]any, error) bool) {
			for _, r := range rows {
				if !yield(r, nil) {
					return
				}
			}
		},
		Meta: map[string]string{"paper": "1", "account": by.Account, "day": at.Day.String()}})
}

func formOf(page inspect.SpotPage, key string) (inspect.FormView, bool) {
	for _, f := range page.Forms {
		if f.Key == key || key == "" {
			return f, true
		}
	}
	return inspect.FormView{}, false
}

// lineKey names a line: place, checklist as it is now, section, item, subject.
func lineKey(place, form, section, item, subject string) string {
	return strings.Join([]string{place, form, section, item, subject}, "|")
}

// linesOf are the lines of one place.
func linesOf(lang i18n.Lang, page inspect.SpotPage, form inspect.FormView) (rows [][]any) {
	title := func(zh, en string) string { return i18n.Label{Zh: zh, En: en}.In(lang) }
	formName := form.Key + "@" + form.Form
	add := func(subject, ask, rule, section, item, id string) {
		rows = append(rows, []any{page.Name, subject, ask, rule, nil, nil, nil, lineKey(page.Key, formName, section, item, id)})
	}
	add("", title("检查日期", "Day"), title("如 2020-08-02", "such as 2020-08-02"), "", lineDay, "")
	for _, c := range page.Open {
		if c.Stage != "draft" {
			add("", title("未销号：", "Open: ")+c.Title.In(lang), title("已改好、没改好", "put right, not yet")+" "+c.No, "", lineLook, c.ID)
		}
	}
	for _, s := range form.Sections {
		for _, x := range subjectsOf(page, s) {
			if x.fresh {
				add(x.name, title("名称", "Name"), "", s.Key, lineName, x.id)
			}
			for _, i := range s.Items {
				add(x.name, i.Ask.In(lang), ruleOf(lang, i), s.Key, i.Key, x.id)
			}
		}
	}
	add("", title("在场人员", "Present"), "", "", linePresent, "")
	add("", title("其他情况", "Remarks"), "", "", lineWords, "")
	return rows
}

type subject struct {
	id, name, kind string
	fresh          bool // an object that has to be named
}

// subjectsOf are the points of a section, or lines for so many premises of each kind as are wanted.
func subjectsOf(page inspect.SpotPage, s inspect.Section) []subject {
	switch {
	case s.Each == nil:
		return []subject{{}}
	case s.Each.Of == "point":
		var out []subject
		for _, p := range page.Points {
			out = append(out, subject{id: p.Key, name: p.Name})
		}
		if len(out) == 0 {
			return []subject{{}}
		}
		return out
	}
	var out []subject
	for _, n := range s.Each.N.Of {
		name := n.Kind
		for _, k := range page.Kinds {
			if k.Key == n.Kind {
				name = k.Title.Zh
			}
		}
		for i := range min(n.N, 20) {
			out = append(out, subject{id: fmt.Sprintf("new:%s:%d", n.Kind, i+1), name: fmt.Sprintf("%s %d", name, i+1), kind: n.Kind, fresh: true})
		}
	}
	return out
}

// ruleOf is what stands beside an item: its rule, or what may be answered.
func ruleOf(lang i18n.Lang, i inspect.Item) string {
	var parts []string
	if i.Rule != nil {
		parts = append(parts, i.Rule.In(lang))
	}
	var options []string
	for _, o := range i.Options {
		options = append(options, o.Title.In(lang))
	}
	if len(options) > 0 {
		parts = append(parts, strings.Join(options, " / "))
	}
	if i.Answer == inspect.Share {
		parts = append(parts, i18n.Label{Zh: "合格 / 问了", En: "right / asked"}.In(lang))
	}
	if i.Unit != nil {
		parts = append(parts, i.Unit.In(lang))
	}
	return strings.Join(parts, i18n.Label{Zh: "；", En: "; "}.In(lang))
}
