package document

import (
	"context"
	"encoding/json"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/docx"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/template"
)

// View is a document with its filled text and its figures.
type View struct {
	Document
	Template *template.Template
	HTML     string
	Outline  []docx.Heading
	Figures  []Figure
	Gaps     int
	AsOf     int64
}

// Open returns a document with its text: live figures in a draft, frozen ones once it is issued.
func (s *Service) Open(ctx context.Context, by access.Scope, doc string) (View, error) {
	d, err := get(ctx, s.DB.Read, by, doc)
	if err != nil {
		return View{}, err
	}
	return s.view(ctx, by, d)
}

// Latest returns the document of a template, unit and period that a person looks at: the draft, else the issued one.
func (s *Service) Latest(ctx context.Context, by access.Scope, template string, unit org.No, p period.Period) (View, error) {
	d, found, err := latest(ctx, s.DB.Read, by, template, unit, p)
	if err != nil {
		return View{}, err
	}
	if !found {
		return View{}, ErrNone
	}
	return s.view(ctx, by, d)
}

func (s *Service) view(ctx context.Context, by access.Scope, d Document) (View, error) {
	if d.Origin != FromTemplate {
		return View{Document: d, Template: &template.Template{}, HTML: d.HTML, AsOf: max(d.CreatedAt, d.IssuedAt)}, nil
	}
	if d.State == Issued {
		return s.issuedView(ctx, by, d)
	}
	filled, f, t, err := s.fill(ctx, by, &d, false)
	if err != nil {
		return View{}, err
	}
	v := View{Document: d, Template: t, HTML: filled.HTML(), Outline: filled.Outline(), AsOf: s.Clock.Now().UnixMilli()}
	v.Figures = f.figures()
	for _, x := range v.Figures {
		if !x.Frozen.Defined {
			v.Gaps++
		}
	}
	for _, x := range t.Texts {
		if strings.TrimSpace(d.Texts[x.Key]) == "" {
			v.Gaps++
		}
	}
	return v, nil
}

func (s *Service) issuedView(ctx context.Context, by access.Scope, d Document) (View, error) {
	set, err := s.Packs.Current(ctx, s.DB.Read, by.District)
	if err != nil {
		return View{}, err
	}
	t, err := template.Of(set, d.Template)
	if err != nil {
		return View{}, err
	}
	v := View{Document: d, Template: t, HTML: d.HTML, AsOf: d.IssuedAt}
	if d.Outline != "" {
		if err := json.Unmarshal([]byte(d.Outline), &v.Outline); err != nil {
			return v, err
		}
	}
	v.Figures, err = figuresOf(ctx, s.DB.Read, by.District, d.ID)
	return v, err
}

// figures lists what a filling cited, with what it says of each.
func (f *filling) figures() []Figure {
	var out []Figure
	for _, c := range f.cited {
		z := f.meta[c]
		if z == nil {
			z = f.frozen[c]
		}
		out = append(out, Figure{N: f.numbers[c], Key: c.key, Unit: c.unit, Period: c.p, Tree: string(indicator.Then), Frozen: z})
	}
	return out
}

// fill fills the template of a draft with live figures from one snapshot and gives numbers to new citations.
func (s *Service) fill(ctx context.Context, by access.Scope, d *Document, digests bool) (*docx.Filled, *filling, *template.Template, error) {
	for try := 0; ; try++ {
		var filled *docx.Filled
		var f *filling
		var t *template.Template
		err := s.DB.Snapshot(ctx, func(q db.Querier) error {
			set, err := s.Packs.Current(ctx, q, by.District)
			if err != nil {
				return err
			}
			if t, err = template.Of(set, d.Template); err != nil {
				return err
			}
			have, x, words, err := s.cited(ctx, q, by.District, d.ID)
			if err != nil {
				return err
			}
			d.PublicURL = s.PublicURL
			f = newFilling(d, x, words, have, s.reader(ctx, q, by, set, x))
			if digests {
				if err := f.digestAll(t, set); err != nil {
					return err
				}
			}
			filled, err = t.Word().Render(template.Catalogue(set, t), f)
			if err == nil {
				err = f.err
			}
			return err
		})
		if err != nil {
			return nil, nil, nil, err
		}
		if len(f.pending) == 0 {
			return filled, f, t, nil
		}
		err = s.DB.Write(ctx, func(tx *db.Tx) error { return keepNumbers(ctx, tx, by.District, d.ID, f.pending) })
		if err == nil {
			return filled, f, t, nil
		}
		if try == 3 {
			return nil, nil, nil, err
		}
	}
}

// digestAll computes the digest of every figure the template cites, so that links and annex carry it.
func (f *filling) digestAll(t *template.Template, set *pack.Set) error {
	for _, u := range t.Word().Figures(template.Catalogue(set, t)) {
		if u.Loop != "" {
			continue
		}
		id := f.identity(u.Ref)
		z, err := f.state(id)
		if err != nil {
			return err
		}
		if z.Digest == "" {
			file, err := f.q.DigestFile(id.key, id.unit, id.p)
			if err != nil {
				return err
			}
			z.Digest = indicator.Digest(file)
		}
	}
	return nil
}

// Word returns the document's file: the issued bytes, or a draft rendered now.
func (s *Service) Word(ctx context.Context, by access.Scope, doc string) ([]byte, View, error) {
	d, err := get(ctx, s.DB.Read, by, doc)
	if err != nil {
		return nil, View{}, err
	}
	if d.Origin != FromTemplate {
		raw, err := s.Blobs.Read(d.SHA)
		if err != nil {
			return nil, View{}, ErrNoFile.Because(err)
		}
		return raw, View{Document: d, Template: &template.Template{}}, nil
	}
	if d.State == Issued {
		raw, err := s.Blobs.Read(d.SHA)
		if err != nil {
			return nil, View{}, ErrNoFile.Because(err)
		}
		v, err := s.issuedView(ctx, by, d)
		return raw, v, err
	}
	filled, f, t, err := s.fill(ctx, by, &d, true)
	if err != nil {
		return nil, View{}, err
	}
	raw, err := filled.Bytes()
	return raw, View{Document: d, Template: t, Figures: f.figures(), AsOf: s.Clock.Now().UnixMilli()}, err
}
