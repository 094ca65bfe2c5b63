package figure

import (
	"bytes"
	"context"
	"fmt"

	"github.com/danielgtaylor/huma/v2"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/sheet"
)

// Register adds the operations of figures.
func (s *Service) Register(k *httpapi.Kit) {
	s.registerFigures(k)
	s.registerPages(k)
	s.registerTables(k)
	s.registerSource(k)
}

// asked reads something of the figure, unit and period that an operation asks for, at one moment.
func (s *Service) asked(ctx context.Context, by access.Scope, in indicator.In, read func(db.Querier, org.No, period.Period) error) error {
	return s.DB.Snapshot(ctx, func(q db.Querier) error {
		n, p, _, err := s.Figures.Asked(ctx, q, by, in.Unit, in.Period)
		if err != nil {
			return err
		}
		return read(q, n, p)
	})
}

func (s *Service) registerSource(k *httpapi.Kit) {
	type sourceIn struct {
		Document string `path:"document"`
		N        int64  `path:"n"`
	}
	type sourceOut struct{ Body SourcePage }
	httpapi.Query(k, httpapi.Operation{ID: "source", Route: "GET /source/{document}/{n}", Verb: document.Receive,
		Summary: "Where a figure of a document comes from"},
		func(ctx context.Context, by access.Scope, in *sourceIn) (*sourceOut, error) {
			p, err := s.source(ctx, by, httpapi.CallerOf(ctx).Lang, in.Document, in.N)
			return &sourceOut{p}, err
		})
}

func (s *Service) registerFigures(k *httpapi.Kit) {
	type item struct {
		Key     string      `json:"key"`
		Title   i18n.Label  `json:"title"`
		Measure string      `json:"measure"`
		Kind    string      `json:"kind"`
		UnitOf  *i18n.Label `json:"unit_of"`

		Decimals int `json:"decimals"`
	}
	httpapi.Query(k, httpapi.Operation{ID: "list-figures", Route: "GET /figures", Verb: indicator.Read, Reference: true, Summary: "Figures there are"},
		func(ctx context.Context, by access.Scope, _ *struct{}) (*httpapi.Listed[item], error) {
			list, err := s.Figures.Catalogue(ctx, s.DB.Read, by.District)
			if err != nil {
				return nil, err
			}
			out := &httpapi.Listed[item]{}
			for _, x := range list {
				out.Body.Items = append(out.Body.Items, item{x.Key, x.Title, x.Measure, x.Kind, x.Unit, x.Decimals})
			}
			return out, nil
		})
	httpapi.One(k, httpapi.Operation{ID: "get-figure", Route: "GET /figures/{key}", Verb: indicator.Read,
		Summary: "A figure with its definition, terms and records"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *indicator.In) (Panel, error) {
			n, p, _, err := s.Figures.Asked(ctx, q, by, in.Unit, in.Period)
			if err != nil {
				return Panel{}, err
			}
			return s.PanelOf(ctx, q, by, httpapi.CallerOf(ctx).Lang, in.Key, n, p)
		})
	httpapi.Query(k, httpapi.Operation{ID: "download-figure", Route: "GET /figures/{key}/download", Verb: indicator.Read,
		Summary: "The bytes whose SHA-256 is the figure's digest"},
		func(ctx context.Context, by access.Scope, in *indicator.In) (*huma.StreamResponse, error) {
			var file []byte
			err := s.asked(ctx, by, *in, func(q db.Querier, n org.No, p period.Period) error {
				x, err := s.Figures.At(ctx, q, by.District)
				if err != nil {
					return err
				}
				file, err = x.DigestFile(in.Key, n, p)
				return err
			})
			if err != nil {
				return nil, err
			}
			return httpapi.Download(file, "text/plain; charset=utf-8", fmt.Sprintf("%s %s.txt", in.Key, in.Period)), nil
		})
}

func (s *Service) registerPages(k *httpapi.Kit) {
	type pageIn struct {
		indicator.In
		By string `query:"by" enum:"month,quarter,year" default:"month" doc:"grain of the trend"`
	}
	httpapi.One(k, httpapi.Operation{ID: "figure-page", Route: "GET /figures/{key}/page", Verb: indicator.Read,
		Summary: "A figure's page: trend, units below, terms, what is missing, records"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *pageIn) (Page, error) {
			n, p, _, err := s.Figures.Asked(ctx, q, by, in.Unit, in.Period)
			if err != nil {
				return Page{}, err
			}
			return s.PageOf(ctx, q, by, httpapi.CallerOf(ctx).Lang, in.Key, n, p, in.By)
		})
	type breakIn struct {
		indicator.In
		Field string `query:"field" maxLength:"60"`
	}
	httpapi.One(k, httpapi.Operation{ID: "figure-breakdown", Route: "GET /figures/{key}/breakdown", Verb: indicator.Read,
		Summary: "A figure's composition by a field of its records"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *breakIn) (Breakdown, error) {
			n, p, _, err := s.Figures.Asked(ctx, q, by, in.Unit, in.Period)
			if err != nil {
				return Breakdown{}, err
			}
			return s.BreakdownOf(ctx, q, by, in.Key, n, p, in.Field)
		})
}

func (s *Service) registerTables(k *httpapi.Kit) {
	type scopeIn struct {
		Unit   int64  `query:"unit"`
		Period string `query:"period"`
	}
	type catalogueOut struct {
		Body struct {
			Unit   org.Ref         `json:"unit"`
			Period string          `json:"period"`
			Items  []CatalogueItem `json:"items"`
			AsOf   int64           `json:"as_of"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "figure-catalogue", Route: "GET /figure-catalogue", Verb: indicator.Read,
		Summary: "Every figure of a unit and period, with its months"},
		func(ctx context.Context, by access.Scope, in *scopeIn) (*catalogueOut, error) {
			out := &catalogueOut{}
			err := s.DB.Snapshot(ctx, func(q db.Querier) error {
				n, p, o, err := s.Figures.Asked(ctx, q, by, in.Unit, in.Period)
				if err != nil {
					return err
				}
				out.Body.Unit, out.Body.Period, out.Body.AsOf = o.Ref(n, p.Last()), p.String(), s.Clock.Now().UnixMilli()
				if out.Body.Items, err = s.CatalogueOf(ctx, q, by, n, p); err == nil {
					sortedGroups(out.Body.Items)
				}
				return err
			})
			return out, err
		})
	type compareIn struct {
		indicator.In
		With  string  `query:"with" maxLength:"30"`
		Units []int64 `query:"units" maxItems:"20" doc:"further units"`
	}
	httpapi.One(k, httpapi.Operation{ID: "compare-figure", Route: "GET /figures/{key}/compare", Verb: indicator.Read,
		Summary: "A figure of chosen units in two periods"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *compareIn) (none Comparison, err error) {
			n, p, _, err := s.Figures.Asked(ctx, q, by, in.Unit, in.Period)
			if err != nil {
				return none, err
			}
			with, err := period.Parse(in.With)
			if err != nil {
				return none, httpapi.ErrInput.At(problem.Field{Pointer: "/with", Code: "value.period"})
			}
			units, err := s.comparable(ctx, q, by, n, in.Units, p, with)
			if err != nil {
				return none, err
			}
			return s.ComparisonOf(ctx, q, by, in.Key, units, p, with)
		})
	httpapi.Query(k, httpapi.Operation{ID: "export-figure", Route: "GET /figures/{key}/export", Verb: indicator.Read,
		Summary: "A table of a figure's page as an Excel or CSV file"},
		func(ctx context.Context, by access.Scope, in *tableIn) (*huma.StreamResponse, error) {
			var file bytes.Buffer
			var name string
			err := s.asked(ctx, by, in.In, func(q db.Querier, n org.No, p period.Period) error {
				t, page, err := s.tableOf(ctx, q, by, httpapi.CallerOf(ctx).Lang, in, n, p)
				if err != nil {
					return err
				}
				lang := httpapi.CallerOf(ctx).Lang
				name = fmt.Sprintf("%s %s %s %s.%s", page.Title.In(lang), page.Unit.Name, p, pick(lang, t.zh, t.en), in.Format)
				book := sheet.Book{Sheet: pick(lang, t.zh, t.en), Columns: t.columns, Meta: map[string]string{"figure": in.Key,
					"unit": fmt.Sprint(int64(n)), "period": p.String(), "version": fmt.Sprint(page.Version)},
					Rows: func(yield func([]any, error) bool) {
						for _, r := range t.rows {
							if !yield(r, nil) {
								return
							}
						}
					}}
				if in.Format == "csv" {
					return sheet.WriteCSV(&file, book)
				}
				return sheet.Write(&file, book)
			})
			if err != nil {
				return nil, err
			}
			mime := httpapi.XLSX
			if in.Format == "csv" {
				mime = "text/csv; charset=utf-8"
			}
			return httpapi.Download(file.Bytes(), mime, name), nil
		})
}
