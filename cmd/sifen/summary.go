package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"sifen/internal/access"
	"sifen/internal/app"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/docx"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/template"
)

const annualSummary = "annual-summary"

type summaryCmd struct {
	data    `embed:""`
	summary `embed:""`
}

// summary is a document of a template for a unit and a period.
type summary struct {
	Template string `help:"Key of the template." default:"annual-summary"`
	Unit     string `help:"Unit code; empty is the district."`
	Period   string `required:"" help:"What the template is for: a year 2020, a quarter 2020-Q2, a month 2020-03."`
	Out      string `required:"" help:"Word file to write."`
	Figures  string `help:"JSON file to write with every figure."`
	Keep     bool   `help:"Where the template changed since the draft was written: keep the words that were written." xor:"renewed"`
	Anew     bool   `help:"Where the template changed since the draft was written: begin again from the words of the template." xor:"renewed"`
}

func (c summaryCmd) Run(ctx context.Context) error {
	return c.open(ctx, true, func(a *app.App) error {
		_, err := c.write(ctx, a, terminal())
		return err
	})
}

// write drafts the document when there is none, and writes it with its figures.
func (c summary) write(ctx context.Context, a *app.App, who asker) ([]figureJSON, error) {
	p, err := period.Parse(c.Period)
	if err != nil {
		return nil, err
	}
	by, err := operator(ctx, a)
	if err != nil {
		return nil, err
	}
	o, u, err := unitOf(ctx, a, by.District, c.Unit)
	if err != nil {
		return nil, err
	}
	if err := c.check(ctx, a, by, p); err != nil {
		return nil, err
	}
	doc, err := c.draft(ctx, a, by, u, p, who)
	if err != nil {
		return nil, err
	}
	raw, v, err := a.Documents.Word(ctx, by, doc.ID)
	if err != nil {
		var f *docx.FaultsError
		if errors.As(err, &f) {
			return nil, fmt.Errorf("the template has faults:\n%w", err)
		}
		return nil, err
	}
	if err := create(c.Out, func(f *os.File) error {
		_, err := f.Write(raw)
		return err
	}); err != nil {
		return nil, err
	}
	list := []figureJSON{}
	for _, f := range document.CitedOf(o, doc.ID, v.Figures) {
		list = append(list, figureJSON{f.Key, f.Title.Zh, f.Value, f.Display, f.UnitOf.Zh, f.Part, f.Of, f.Records, f.Digest, f.Source})
	}
	if c.Figures == "" {
		return list, nil
	}
	ref := u.Code
	if ref == "" {
		ref = fmt.Sprintf("#%d", u.No)
	}
	return list, create(c.Figures, func(f *os.File) error {
		return writeJSON(f, map[string]any{"unit": ref, "period": p.String(), "figures": list})
	})
}

// spanOf is which periods a template is for, by how long they are.
func spanOf(p period.Period) string {
	s := p.String()
	switch {
	case len(s) == 4:
		return "year"
	case strings.Contains(s, "Q"):
		return "quarter"
	case len(s) == 7:
		return "month"
	}
	return "days"
}

// check refuses a template that there is none of, and a period that it is not for: its words would say another.
func (c summary) check(ctx context.Context, a *app.App, by access.Scope, p period.Period) error {
	set, err := a.Packs.Current(ctx, a.DB.Read, by.District)
	if err != nil {
		return err
	}
	t, err := template.Of(set, c.Template)
	if err != nil {
		var keys []string
		for _, x := range template.All(set) {
			keys = append(keys, x.Key)
		}
		return fmt.Errorf("没有模板 there is no template %s；现有 there are: %s", c.Template, strings.Join(keys, ", "))
	}
	if t.Period != spanOf(p) {
		like := map[string]string{"year": "2020", "quarter": "2020-Q2", "month": "2020-03"}[t.Period]
		return fmt.Errorf("模板 %s 的期间应像 %s，不是 %s / template %s is for a %s like %s, not %s", t.Key, like, p, t.Key, t.Period, like, p)
	}
	return nil
}

// draft finds or begins the draft. One whose template changed since its words were written waits for an answer.
func (c summary) draft(ctx context.Context, a *app.App, by access.Scope, u org.Unit, p period.Period, who asker) (doc document.Document, err error) {
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		doc, err = a.Documents.Create(ctx, tx, by, c.Template, u.No, p)
		return err
	})
	if err != nil {
		return doc, err
	}
	v, err := a.Documents.Open(ctx, by, doc.ID)
	if err != nil || v.Renewed == nil {
		return doc, err
	}
	fmt.Fprintf(os.Stderr, "这份草稿按模板 %s 第 %d 版写成，模板现在是第 %d 版 / the draft was written for version %d of template %s, now at version %d\n",
		c.Template, v.Renewed.Was, v.Renewed.Now, v.Renewed.Was, c.Template, v.Renewed.Now)
	for _, x := range v.Renewed.Lost {
		fmt.Fprintf(os.Stderr, "  新版没有位置 without a place in the new version: %s\n", x)
	}
	keep := c.Keep
	if !c.Keep && !c.Anew {
		answer, ok := who.choose("沿用已写的文字 keep / 重新起草 anew / 不写 stop: ", "keep", "anew", "stop")
		if !ok {
			return doc, errors.New("加上 --keep 沿用已写的文字，或 --anew 重新起草 / add --keep to keep the words, or --anew to begin again")
		}
		if keep = answer == "keep"; answer == "stop" {
			return doc, errExit
		}
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		doc, err = a.Documents.Renew(ctx, tx, by, doc.ID, doc.Rev, !keep)
		return err
	})
	return doc, err
}
