package document

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/blob"
	"sifen/internal/db"
	"sifen/internal/docx"
	"sifen/internal/i18n"
	"sifen/internal/id"
	"sifen/internal/indicator"
	"sifen/internal/journal"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// Service drafts and issues documents.
type Service struct {
	module.Platform
	Blobs blob.Store
	News  News
}

// View is a document with its filled text and its figures.
type View struct {
	Document
	Template *Template
	HTML     string
	Outline  []docx.Heading
	Figures  []Figure
	Gaps     int
	AsOf     int64
}

func dayOf(ms int64) period.Day { return period.Of(time.UnixMilli(ms)) }

// Changed is the fact that a document changed its state or text.
type Changed struct {
	Document string  `json:"document"`
	To       []int64 `json:"to,omitempty"` // units it was delivered to
}

// Kind names the fact.
func (Changed) Kind() string { return "document.changed" }

// Create starts a draft, or returns the draft there is.
func (s *Service) Create(ctx context.Context, tx *db.Tx, by access.Scope, template string, unit org.No, p period.Period) (Document, error) {
	o, err := s.Orgs.Current(ctx, tx, by.District)
	if err != nil {
		return Document{}, err
	}
	targets := o.Targets(unit, period.Day(by.Today))
	if !by.Can(Read, targets, true) {
		return Document{}, org.ErrUnit
	}
	if !by.Can(Edit, targets, false) {
		return Document{}, ErrForbidden
	}
	set, err := s.Packs.Current(ctx, tx, by.District)
	if err != nil {
		return Document{}, err
	}
	t, err := TemplateOf(set, template)
	if err != nil {
		return Document{}, err
	}
	if d, found, err := latest(ctx, tx, by, template, unit, p); err != nil || !t.Many && found && (d.State == Draft || d.State == Review || d.State == Approved) {
		return d, err
	}
	now := s.Clock.Now()
	d := Document{ID: id.New(now), Template: template, Version: t.Version, Unit: unit, Period: p, State: Draft, Rev: 1, Texts: map[string]string{}, CreatedAt: now.UnixMilli(),
		Kind: t.kind(), Origin: FromTemplate, CreatedBy: by.Account, Own: map[string]string{}, Within: true}
	d.Title = strings.NewReplacer("{单位}", o.UnitName(unit), "{期间}", p.Zh()).Replace(t.Name)
	if d.Title == "" {
		d.Title = o.UnitName(unit) + p.Zh() + t.Title.Zh
	}
	for _, x := range t.Texts {
		d.Texts[x.Key] = x.Default.Zh
	}
	if err := insertDocument(ctx, tx, by.District, d); err != nil {
		return d, err
	}
	if err := note(ctx, tx, by, now, d.ID, "create", "", ""); err != nil {
		return d, err
	}
	if err := announceChange(ctx, tx, by.District, now, d.ID); err != nil {
		return d, err
	}
	return d, journal.Write(ctx, tx, by, now, "document.create", d.ID, d.Rev, map[string]any{"template": template, "unit": unit, "period": p.String()})
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
		return View{Document: d, Template: &Template{}, HTML: d.HTML, AsOf: max(d.CreatedAt, d.IssuedAt)}, nil
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
	t, err := TemplateOf(set, d.Template)
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
func (s *Service) fill(ctx context.Context, by access.Scope, d *Document, digests bool) (*docx.Filled, *filling, *Template, error) {
	for try := 0; ; try++ {
		var filled *docx.Filled
		var f *filling
		var t *Template
		err := s.DB.Snapshot(ctx, func(q db.Querier) error {
			set, err := s.Packs.Current(ctx, q, by.District)
			if err != nil {
				return err
			}
			if t, err = TemplateOf(set, d.Template); err != nil {
				return err
			}
			have, err := figuresOf(ctx, q, by.District, d.ID)
			if err != nil {
				return err
			}
			x, err := s.Figures.At(ctx, q, by.District)
			if err != nil {
				return err
			}
			words, err := s.words(ctx, q, by.District)
			if err != nil {
				return err
			}
			d.PublicURL = s.PublicURL
			f = newFilling(d, x, words, have)
			if digests {
				if err := f.digestAll(t, set); err != nil {
					return err
				}
			}
			filled, err = t.word.Render(Catalogue(set, t), f)
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

func keepNumbers(ctx context.Context, tx *db.Tx, district int64, doc string, pending []Figure) error {
	for _, p := range pending {
		if _, err := tx.ExecContext(ctx, `INSERT INTO document_figure (district, document, n, key, unit, period, tree, frozen) VALUES ($1, $2, $3, $4, $5, $6, $7, '')`,
			district, doc, p.N, p.Key, int64(p.Unit), p.Period.String(), p.Tree); err != nil {
			return fmt.Errorf("keep the number of %s: %w", p.Key, err)
		}
	}
	return nil
}

// digestAll computes the digest of every figure the template cites, so that links and annex carry it.
func (f *filling) digestAll(t *Template, set *pack.Set) error {
	for _, u := range t.word.Figures(Catalogue(set, t)) {
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
		return raw, View{Document: d, Template: &Template{}}, nil
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

// SetTexts stores the passages written by hand: those the template asks for, and those below its paragraphs. How the
// draft read before is kept. rev is the revision the person saw.
func (s *Service) SetTexts(ctx context.Context, tx *db.Tx, by access.Scope, doc string, rev int64, texts, own map[string]string) (Document, error) {
	d, err := s.editable(ctx, tx, by, doc, rev)
	if err != nil {
		return d, err
	}
	if d.Origin != FromTemplate {
		return d, ErrState
	}
	set, err := s.Packs.Current(ctx, tx, by.District)
	if err != nil {
		return d, err
	}
	t, err := TemplateOf(set, d.Template)
	if err != nil {
		return d, err
	}
	for pointer, list := range map[string]map[string]string{"/texts/": texts, "/own/": own} {
		for key, passage := range list {
			if faults := docx.Passage(Catalogue(set, t), passage); len(faults) > 0 {
				return d, ErrPassage.With("fault", i18n.Label{Zh: faults[0].Zh, En: faults[0].En}).At(problem.Field{Pointer: pointer + key, Code: "document.passage", Args: map[string]any{"fault": i18n.Label{Zh: faults[0].Zh, En: faults[0].En}}})
			}
		}
	}
	if err := s.snapshot(ctx, tx, by, d); err != nil {
		return d, err
	}
	was := d.Rev
	next := map[string]string{}
	for _, x := range t.Texts {
		next[x.Key] = d.Texts[x.Key]
		if v, ok := texts[x.Key]; ok {
			next[x.Key] = v
		}
	}
	mine := map[string]string{}
	for _, list := range []map[string]string{d.Own, own} {
		for k, v := range list {
			if mine[k] = v; strings.TrimSpace(v) == "" {
				delete(mine, k)
			}
		}
	}
	d.Texts, d.Own = next, mine
	if title := strings.TrimSpace(next[titleText]); title != "" {
		d.Title = title
	}
	d.Rev++
	if err := save(ctx, tx, by.District, d, was, d.State); err != nil {
		return d, err
	}
	now := s.Clock.Now()
	if err := announceChange(ctx, tx, by.District, now, d.ID); err != nil {
		return d, err
	}
	return d, journal.Write(ctx, tx, by, now, Edit, d.ID, d.Rev, map[string]any{"texts": d.Texts, "own": d.Own})
}

// titleText is the passage that names the document, where a template has it.
const titleText = "标题"

// held loads a document on which a person holds a verb, at the revision he saw.
func (s *Service) held(ctx context.Context, q db.Querier, by access.Scope, doc string, rev int64, verb access.Verb) (Document, error) {
	d, err := get(ctx, q, by, doc)
	if err != nil {
		return d, err
	}
	o, err := s.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return d, err
	}
	if !by.Can(verb, o.Targets(d.Unit, period.Day(by.Today)), false) {
		return d, ErrForbidden
	}
	if d.State == Issuing || d.State == Issued {
		return d, ErrState
	}
	if d.Rev != rev {
		return d, ErrStale
	}
	return d, nil
}

// editable loads a draft that a person may change.
func (s *Service) editable(ctx context.Context, q db.Querier, by access.Scope, doc string, rev int64) (Document, error) {
	d, err := s.held(ctx, q, by, doc, rev, Edit)
	switch {
	case err != nil:
	case d.State == Received:
		err = ErrState
	case d.State != Draft:
		err = ErrReview
	}
	return d, err
}

// RenderJob is the kind of the job that renders an issued document.
const RenderJob = "document.render"

type renderBody struct {
	Document string `json:"document"`
}

// Issue fixes number and figures and hands the rendering to a job. The transaction must have begun with
// indicator.Exclusive, so that no record changes between the figures. Gaps keep a document from being issued. Nobody
// issues what he drafted or put forward himself before another has approved it; whoever issues another's draft approves it
// by that.
func (s *Service) Issue(ctx context.Context, tx *db.Tx, by access.Scope, doc string, rev int64) (Document, error) {
	d, err := s.held(ctx, tx, by, doc, rev, Issue)
	if err != nil {
		return d, err
	}
	if d.State == Received {
		return d, ErrState
	}
	now := s.Clock.Now()
	if d.State != Approved {
		if own, err := Authored(ctx, tx, by, d); err != nil {
			return d, err
		} else if own {
			return d, ErrSelf
		}
	}
	was := d
	if d.State != Approved {
		d.ApprovedBy, d.ApprovedAt = by.Account, now.UnixMilli()
	}
	o, err := s.Orgs.Current(ctx, tx, by.District)
	if err != nil {
		return d, err
	}
	set, err := s.Packs.Current(ctx, tx, by.District)
	if err != nil {
		return d, err
	}
	if d.Number, err = s.draw(ctx, tx, by, set, o, &d, now); err != nil {
		return d, err
	}
	d.State, d.IssuedAt, d.IssuedBy, d.PublicURL = Issuing, now.UnixMilli(), by.Account, s.PublicURL
	d.Rev++
	if d.Origin == FromTemplate {
		if err := s.freeze(ctx, tx, by, set, &d); err != nil {
			return d, err
		}
		if err := outbox.Enqueue(ctx, tx, by.District, now, RenderJob, renderBody{d.ID}); err != nil {
			return d, err
		}
	} else {
		d.State = Issued
		if err := deliver(ctx, tx, by.District, d.ID, now.UnixMilli()); err != nil {
			return d, err
		}
		if err := s.announce(ctx, tx, by, d); err != nil {
			return d, err
		}
	}
	if err := save(ctx, tx, by.District, d, was.Rev, was.State); err != nil {
		return d, err
	}
	if err := note(ctx, tx, by, now, d.ID, "issue", d.Number, ""); err != nil {
		return d, err
	}
	if err := announceChange(ctx, tx, by.District, now, d.ID); err != nil {
		return d, err
	}
	return d, journal.Write(ctx, tx, by, now, Issue, d.ID, d.Rev, map[string]string{"number": d.Number})
}

// freeze fixes every figure a document cites.
func (s *Service) freeze(ctx context.Context, tx *db.Tx, by access.Scope, set *pack.Set, d *Document) error {
	t, err := TemplateOf(set, d.Template)
	if err != nil {
		return err
	}
	words, err := s.words(ctx, tx, by.District)
	if err != nil {
		return err
	}
	x, err := s.Figures.At(ctx, tx, by.District)
	if err != nil {
		return err
	}
	have, err := figuresOf(ctx, tx, by.District, d.ID)
	if err != nil {
		return err
	}
	for _, p := range t.Texts {
		if strings.TrimSpace(d.Texts[p.Key]) == "" {
			return ErrGaps.With("what", p.Title)
		}
	}
	d.Version = t.Version
	f := newFilling(d, x, words, have)
	if _, err := t.word.Render(Catalogue(set, t), f); err != nil {
		return err
	}
	d.Tested = f.tested
	if err := keepNumbers(ctx, tx, by.District, d.ID, f.pending); err != nil {
		return err
	}
	for _, c := range f.cited {
		z := f.meta[c]
		if !z.Defined && z.Measure != indicator.Coverage && z.Measure != indicator.Ratio && z.Measure != indicator.Mean {
			return ErrGaps.With("what", z.Title)
		}
		file, err := x.DigestFile(c.key, c.unit, c.p)
		if err != nil {
			return err
		}
		sum, _, err := s.Blobs.Put(bytes.NewReader(file), "")
		if err != nil {
			return err
		}
		z.Digest = sum
		if _, err := tx.ExecContext(ctx, `UPDATE document_figure SET frozen = $4 WHERE district = $1 AND document = $2 AND n = $3`, by.District, d.ID, f.numbers[c], z.encode()); err != nil {
			return err
		}
	}
	return nil
}

// draw takes the next number of the issuer's series of a kind in the year of issue: without gaps, as it is part of the
// transaction.
func (s *Service) draw(ctx context.Context, tx *db.Tx, by access.Scope, set *pack.Set, o *org.Org, d *Document, now time.Time) (string, error) {
	series, err := org.Setting(ctx, tx, by.District, fmt.Sprintf("series:%d", d.Unit))
	if err != nil {
		return "", err
	}
	if series == "" {
		series = o.UnitName(d.Unit) + "分类办"
	}
	k, err := KindOf(set, d.Kind)
	if err != nil {
		return "", err
	}
	series += k.Word
	y, _, _ := period.Of(now).YMD()
	n, err := org.Next(ctx, tx, by.District, fmt.Sprintf("document:%s:%d", series, y))
	if err != nil {
		return "", err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO document_number (district, series, year, number, document) VALUES ($1, $2, $3, $4, $5)`, by.District, series, y, n, d.ID); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s〔%d〕%d号", series, y, n), nil
}

// Render is the job: it renders an issuing document from its frozen figures, stores the bytes and marks it issued.
// A crash in between leaves it issuing, and the job runs again with the same number and figures.
func (s *Service) Render(ctx context.Context, district int64, body []byte, done func(*db.Tx) error) error {
	var b renderBody
	if err := json.Unmarshal(body, &b); err != nil {
		return err
	}
	by := access.System(district, int64(period.Of(s.Clock.Now())), RenderJob)
	d, err := get(ctx, s.DB.Read, by, b.Document)
	if err != nil {
		return err
	}
	if d.State != Issuing {
		return s.DB.Write(ctx, done)
	}
	set, err := s.Packs.Current(ctx, s.DB.Read, district)
	if err != nil {
		return err
	}
	t, err := TemplateOf(set, d.Template)
	if err != nil {
		return err
	}
	have, err := figuresOf(ctx, s.DB.Read, district, d.ID)
	if err != nil {
		return err
	}
	x, err := s.Figures.At(ctx, s.DB.Read, district)
	if err != nil {
		return err
	}
	f := newFilling(&d, x, Words{}, have)
	filled, err := t.word.Render(Catalogue(set, t), f)
	if err != nil {
		return err
	}
	raw, err := filled.Bytes()
	if err != nil {
		return err
	}
	outline, err := json.Marshal(filled.Outline())
	if err != nil {
		return err
	}
	sum, _, err := s.Blobs.Put(bytes.NewReader(raw), "")
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		was := d
		d.State, d.SHA, d.HTML, d.Outline = Issued, sum, filled.HTML(), string(outline)
		if err := save(ctx, tx, district, d, was.Rev, was.State); err != nil {
			return err
		}
		if err := deliver(ctx, tx, district, d.ID, s.Clock.Now().UnixMilli()); err != nil {
			return err
		}
		if err := s.announce(ctx, tx, access.System(district, int64(period.Of(s.Clock.Now())), "document"), d); err != nil {
			return err
		}
		if err := announceChange(ctx, tx, district, s.Clock.Now(), d.ID); err != nil {
			return err
		}
		return done(tx)
	})
}
