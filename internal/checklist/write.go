package checklist

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"sifen/internal/i18n"
	"sifen/internal/inspect"
	"sifen/internal/pack"
	"sifen/internal/sheet"
)

// columnsOf are the columns of a form as it is written here, in order.
var columnsOf = []struct {
	role  Role
	width int
}{{roleNo, 6}, {roleSection, 16}, {rolePoints, 7}, {roleItem, 34}, {roleRule, 34}, {roleAnswer, 18}, {rolePhrases, 18}, {roleCount, 9}, {roleSeverity, 8},
	{roleInstrument, 14}, {roleAnswers, 12}, {roleHow, 10}, {roleKey, 14}}

// write writes a checklist as the form that offices know: sections run down beside their items, lines to sign stand below. What
// such a form has no column for stands in a hidden sheet, so that the form reads back as the same checklist.
func write(w io.Writer, set *pack.Set, c *inspect.Checklist, lang i18n.Lang) error {
	say := func(code string) string { return i18n.Say(code, nil).In(lang) }
	form := sheet.Form{Sheet: say("checklist.sheet"), Title: c.Title.In(lang), Meta: map[string]string{"lang": string(lang)},
		Below: []string{say("checklist.sign-visitors"), say("checklist.sign-place")}}
	if c.Sample != nil {
		form.Above = []string{say("checklist.sample") + c.Sample.In(lang)}
	}
	for _, x := range columnsOf {
		form.Columns = append(form.Columns, sheet.FormColumn{Title: titleOf(x.role).In(lang), Width: x.width,
			Runs:  x.role == roleSection || x.role == rolePoints,
			Apart: x.role == roleSection, Small: x.role == roleNo || x.role == rolePoints || x.role == roleSeverity, Quiet: x.role == roleKey})
	}
	head := headOnly(c)
	if err := keep(form.Meta, "checklist", head); err != nil {
		return err
	}
	no := 0
	for si := range c.Sections {
		s := c.Sections[si]
		items := s.Items
		s.Items = nil
		if err := keep(form.Meta, fmt.Sprintf("section.%03d", si), s); err != nil {
			return err
		}
		for ii := range items {
			i := &items[ii]
			if err := keep(form.Meta, fmt.Sprintf("section.%03d.%03d", si, ii), i); err != nil {
				return err
			}
			no++
			cells := itemCells(set, i, lang)
			cells[roleNo] = strconv.Itoa(no)
			if ii == 0 {
				cells[roleSection] = s.Title.In(lang)
				if s.Points > 0 {
					cells[rolePoints] = strconv.FormatInt(s.Points, 10)
				}
			}
			row := make([]string, len(columnsOf))
			for n, x := range columnsOf {
				row[n] = cells[x.role]
			}
			form.Rows = append(form.Rows, row)
		}
	}
	return sheet.WriteForm(w, form)
}

func keep(meta map[string]string, key string, v any) error {
	raw, err := json.Marshal(v)
	meta[key] = string(raw)
	return err
}

// itemCells is an item as the cells of a row say it.
func itemCells(set *pack.Set, i *inspect.Item, lang i18n.Lang) map[Role]string {
	return map[Role]string{roleItem: i.Ask.In(lang), roleRule: labelIn(i.Rule, lang), roleAnswer: saidAnswer(i, lang),
		rolePhrases: saidPhrases(i.Phrases, lang),
		roleCount:   labelIn(i.Count, lang), roleSeverity: severityIn(i, lang), roleInstrument: saidInstrument(set, i.Instrument, lang),
		roleAnswers: saidAnswerers(i.Answers, lang), roleHow: howIn(i, lang), roleKey: i.Key}
}
