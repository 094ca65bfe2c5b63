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
	Renewed  *Renewed // nil where the text was written for the template as it is
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
	v.Figures, v.Renewed = f.figures(), renewed(d, t, v.HTML)
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
		err := s.DB.Snapshot(ctx, func(q db.Querier) error {
			var err error
			d.PublicURL = s.PublicURL
			if f, err = s.begin(ctx, q, by, d); err != nil {
				return err
			}
			if digests {
				if err := f.digestAll(); err != nil {
					return err
				}
			}
			filled, err = f.render()
			return err
		})
		if err != nil {
			return nil, nil, nil, err
		}
		if len(f.pending) == 0 {
			return filled, f, f.template, nil
		}
		err = s.DB.Write(ctx, func(tx *db.Tx) error { return keepNumbers(ctx, tx, by.District, d.ID, f.pending) })
		if err == nil {
			return filled, f, f.template, nil
		}
		if try == 3 {
			return nil, nil, nil, err
		}
	}
}

// templateOf is the newest version of a document's template, with the rules it stands among.
func (s *Service) templateOf(ctx context.Context, q db.Querier, district int64, d Document) (*pack.Set, *template.Template, error) {
	set, err := s.Packs.Current(ctx, q, district)
	if err != nil {
		return nil, nil, err
	}
	t, err := template.Of(set, d.Template)
	return set, t, err
}

// begin readies the filling of a document's template with the figures of one moment.
func (s *Service) begin(ctx context.Context, q db.Querier, by access.Scope, d *Document) (*filling, error) {
	set, t, err := s.templateOf(ctx, q, by.District, *d)
	if err != nil {
		return nil, err
	}
	have, x, words, err := s.cited(ctx, q, by.District, d.ID)
	if err != nil {
		return nil, err
	}
	f := newFilling(d, x, words, have, s.reader(ctx, q, by, set, x))
	f.template, f.catalogue = t, template.Catalogue(set, t)
	return f, nil
}

// render fills the template.
func (f *filling) render() (*docx.Filled, error) {
	filled, err := f.template.Word().Render(f.catalogue, f)
	if err == nil {
		err = f.err
	}
	return filled, err
}

// digestAll computes the digest of every figure the template cites, so that links and annex carry it.
func (f *filling) digestAll() error {
	for _, u := range f.template.Word().Figures(f.catalogue) {
		if u.Loop != "" {
			continue
		}
		id := f.identity(u.Ref)
		z, err := f.state(id)
		if err != nil {
			return err
		}
		if z.Digest == "" {
			if z.Digest, err = f.q.DigestOf(id.key, id.unit, id.p); err != nil {
				return err
			}
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
	if err := s.current(ctx, s.DB.Read, by, d); err != nil {
		return nil, View{}, err
	}
	filled, f, t, err := s.fill(ctx, by, &d, true)
	if err != nil {
		return nil, View{}, err
	}
	raw, err := filled.Bytes()
	return raw, View{Document: d, Template: t, Figures: f.figures(), AsOf: s.Clock.Now().UnixMilli()}, err
}
