package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"sifen/internal/access"
	"sifen/internal/app"
	"sifen/internal/db"
	"sifen/internal/digest"
	"sifen/internal/docx"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/intake"
	"sifen/internal/ledger"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/template"
	"sifen/packs"
)

type templateCmd struct {
	data `embed:""`
	Kind string `required:"" help:"Key of the kind."`
	Out  string `required:"" help:"Workbook to write."`
}

func (c templateCmd) Run(ctx context.Context) error {
	return c.operate(ctx, false, func(a *app.App, by access.Scope) error {
		return create(c.Out, func(f *os.File) error { return a.Intake.Template(ctx, by.District, c.Kind, f) })
	})
}

// create writes a file completely or not at all.
func create(path string, write func(*os.File) error) error {
	f, err := os.Create(path + ".part")
	if err != nil {
		return err
	}
	defer os.Remove(path + ".part")
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}

type importCmd struct {
	data    `embed:""`
	Kind    string `required:"" help:"Key of the kind."`
	File    string `required:"" help:"Workbook; photos are looked for beside it."`
	As      string `required:"" help:"Sign-in name of the person who hands it in."`
	DryRun  bool   `help:"Only check."`
	Another bool   `help:"Keep rows that are like a record as other records."`
	JSON    bool   `help:"Print the result as JSON."`
}

func (c importCmd) Run(ctx context.Context) error {
	raw, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	dir := filepath.Dir(c.File)
	o := intake.Options{Kind: c.Kind, Name: filepath.Base(c.File), DryRun: c.DryRun, Another: c.Another, Lang: lang(),
		Open: func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, filepath.Base(name))) }}
	return c.as(ctx, c.As, func(a *app.App, by access.Scope) error {
		res, err := a.Intake.Import(ctx, by, raw, o)
		if err != nil {
			return err
		}
		if c.JSON {
			if err := writeJSON(os.Stdout, res); err != nil {
				return err
			}
		} else {
			for _, e := range res.Errors {
				fmt.Printf("%s!%s\t%s\t%s\t%s\n", e.Sheet, e.Cell, e.Field, e.Message, e.Suggestion)
			}
			for _, n := range res.Notes {
				fmt.Printf("%s\t%s\n", n.Cell, n.Message)
			}
			fmt.Printf("%d 行 rows, %d 导入 accepted, %d 未变 unchanged, %d 不作记录 no records, %d 处有误 wrong cells\n",
				res.Rows, res.Accepted, res.Unchanged, res.Aside, len(res.Errors))
		}
		if !res.Clean() {
			return errExit
		}
		return nil
	})
}

type verifyCmd struct {
	data   `embed:""`
	Kind   string `required:"" help:"Key of the kind."`
	Period string `required:"" help:"For example 2020 or 2020-03."`
	As     string `required:"" help:"Sign-in name of the verifier."`
}

func (c verifyCmd) Run(ctx context.Context) error {
	p, err := period.Parse(c.Period)
	if err != nil {
		return err
	}
	return c.as(ctx, c.As, func(a *app.App, by access.Scope) error {
		passed, stayed, err := a.Orders.VerifyAll(ctx, by, c.Kind, p)
		if err != nil {
			return err
		}
		fmt.Printf("%d 已核实 verified\n", passed)
		for _, code := range slices.Sorted(maps.Keys(stayed)) {
			fmt.Printf("%d 未通过 stayed: %s / %s\n", stayed[code], i18n.Sentence(code, nil, i18n.Zh), i18n.Sentence(code, nil, i18n.En))
		}
		if len(stayed) > 0 {
			return errExit
		}
		return nil
	})
}

type exportCmd struct {
	span  `embed:""`
	Kind  string `required:"" help:"Key of the kind."`
	State string `help:"Only records in this state."`
	Out   string `required:"" help:"Workbook to write."`
}

func (c exportCmd) Run(ctx context.Context) error {
	return c.read(ctx, func(a *app.App, by access.Scope, unit org.No, p period.Period) error {
		return create(c.Out, func(f *os.File) error {
			return a.Intake.Export(ctx, by, ledger.Filter{Kind: c.Kind, Unit: unit, Period: p, State: c.State}, f)
		})
	})
}

type figuresCmd struct {
	Get    figuresGetCmd    `cmd:"" help:"Print one figure."`
	Export figuresExportCmd `cmd:"" help:"Write the bytes whose SHA-256 is the figure's digest."`
	Verify figuresVerifyCmd `cmd:"" help:"Recompute every figure from the records by other code; exit 1 unless the drift is 0."`
}

// figureCmd is a figure of a unit and a period.
type figureCmd struct {
	span `embed:""`
	Key  string `required:"" help:"Key of the figure."`
}

// look runs work on the figures of one moment, with the bytes that are the figure's digest.
func (c figureCmd) look(ctx context.Context, work func(x *indicator.Query, unit org.No, p period.Period, file []byte) error) error {
	return c.read(ctx, func(a *app.App, by access.Scope, unit org.No, p period.Period) error {
		return a.DB.Snapshot(ctx, func(q db.Querier) error {
			x, err := a.Figures.At(ctx, q, by.District)
			if err != nil {
				return err
			}
			file, err := x.DigestFile(c.Key, unit, p)
			if err != nil {
				return err
			}
			return work(x, unit, p, file)
		})
	})
}

type figuresGetCmd struct {
	figureCmd `embed:""`
	JSON      bool `help:"Print as JSON."`
}

// figureJSON is one figure of the figures file.
type figureJSON struct {
	Key     string `json:"key"`
	Title   string `json:"title"`
	Value   *int64 `json:"value"`
	Display string `json:"display"`
	Unit    string `json:"unit"`
	Part    *int64 `json:"part"`
	Of      *int64 `json:"of"`
	Records int64  `json:"records"`
	Digest  string `json:"digest"`
	Source  string `json:"source,omitempty"`
}

func (c figuresGetCmd) Run(ctx context.Context) error {
	var f figureJSON
	err := c.look(ctx, func(x *indicator.Query, unit org.No, p period.Period, file []byte) error {
		v, err := x.Value(c.Key, unit, p)
		if err != nil {
			return err
		}
		_, records, err := x.CountParts(v.Def, unit, p)
		if err != nil {
			return err
		}
		f = figureJSON{Key: c.Key, Title: v.Def.Title.Zh, Display: v.Display("").Zh, Records: records, Digest: digest.Sum(file)}
		if v.Def.Unit != nil {
			f.Unit = v.Def.Unit.Zh
		}
		if v.HasTerms {
			f.Part, f.Of = &v.Part, &v.Of
		} else if v.Defined {
			f.Value = &v.A
		}
		return nil
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(os.Stdout, f)
	}
	terms := ""
	if f.Of != nil {
		terms = fmt.Sprintf(" (%d/%d)", *f.Part, *f.Of)
	}
	fmt.Printf("%s\t%s\t%s%s %s\t%d 条记录 records\t%s\n", f.Key, f.Title, f.Display, terms, f.Unit, f.Records, f.Digest)
	return nil
}

// writeJSON writes a value for people and programs to read.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

type figuresExportCmd struct {
	figureCmd `embed:""`
	Out       string `required:"" help:"File to write; sha256sum of it is the digest."`
}

func (c figuresExportCmd) Run(ctx context.Context) error {
	return c.look(ctx, func(_ *indicator.Query, _ org.No, _ period.Period, file []byte) error {
		return create(c.Out, func(f *os.File) error {
			_, err := f.Write(file)
			return err
		})
	})
}

type figuresVerifyCmd struct {
	data `embed:""`
}

func (c figuresVerifyCmd) Run(ctx context.Context) error {
	return c.operate(ctx, false, func(a *app.App, by access.Scope) error {
		return a.DB.Snapshot(ctx, func(q db.Querier) error {
			drift, err := a.Figures.Verify(ctx, q, by.District)
			if err != nil {
				return err
			}
			for _, d := range drift {
				fmt.Println(d)
			}
			fmt.Printf("drift %d\n", len(drift))
			if len(drift) > 0 {
				return errExit
			}
			return nil
		})
	})
}

type documentCmd struct {
	Check documentCheckCmd `cmd:"" help:"Check a Word template; every fault with its place."`
}

type documentCheckCmd struct {
	File string `arg:"" help:"The .docx file."`
	Data string `help:"Data folder whose figures may be named; empty is the shipped pack."`
}

func (c documentCheckCmd) Run(ctx context.Context) error {
	raw, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	reg := app.NewRegistry()
	base, _ := reg.Load(packs.Base())
	set, _ := reg.Build(base)
	if c.Data != "" {
		err := data{Data: c.Data, LogLevel: "info"}.operate(ctx, false, func(a *app.App, by access.Scope) (err error) {
			set, err = a.Packs.Current(ctx, a.DB.Read, by.District)
			return err
		})
		if err != nil {
			return err
		}
	}
	t, err := docx.Open(raw)
	if err != nil {
		var e *docx.Error
		if errors.As(err, &e) {
			fmt.Printf("%s / %s\n", e.Zh, e.En)
			return errExit
		}
		return err
	}
	var texts *template.Template
	for _, o := range set.List("templates") {
		if v, ok := o.Value.(*template.Template); ok && (texts == nil || v.File == filepath.Base(c.File)) {
			texts = v
		}
	}
	faults, warnings := template.Look(set, t, texts)
	for _, f := range faults {
		if lang() == i18n.En {
			fmt.Println(f.English())
		} else {
			fmt.Println(f.String())
		}
	}
	for _, f := range warnings {
		if lang() == i18n.En {
			fmt.Println("note: " + f.English())
		} else {
			fmt.Println("提醒：" + f.String())
		}
	}
	switch {
	case len(faults) > 0:
		return errExit
	case len(warnings) > 0:
		fmt.Printf("可以使用，有 %d 处提醒 usable, %d notes\n", len(warnings), len(warnings))
	default:
		fmt.Println("没有问题 no faults")
	}
	return nil
}
