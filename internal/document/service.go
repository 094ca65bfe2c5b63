// Package document owns official documents: drafts with live figures, issue with frozen ones, numbers, and the differences
// since. It computes no figure; package indicator does.
package document

import (
	"context"
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
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/template"
)

// Service drafts and issues documents.
type Service struct {
	module.Platform
	Blobs blob.Store
	News  News
}

// reader reads what the loops of a document go through.
func (s *Service) reader(ctx context.Context, q db.Querier, by access.Scope, set *pack.Set, x *indicator.Query) *template.Reader {
	return &template.Reader{Ctx: ctx, Q: q, By: by, Set: set, Org: x.Org(), Keepers: s.Figures.Keepers}
}

func dayOf(ms int64) period.Day { return period.Of(time.UnixMilli(ms)) }

// Changed is the fact that a document changed its state or text.
type Changed struct {
	Document string  `json:"document"`
	To       []int64 `json:"to,omitempty"` // units it was delivered to
}

// Kind names the fact.
func (Changed) Kind() string { return "document.changed" }

// writes allows the caller to begin a document of a unit.
func (s *Service) writes(ctx context.Context, q db.Querier, by access.Scope, unit org.No) (module.Moment, error) {
	m, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return m, err
	}
	targets := m.Org.Targets(unit, period.Day(by.Today))
	switch {
	case !by.Can(Read, targets, true):
		err = org.ErrUnit
	case !by.Can(Edit, targets, false):
		err = ErrForbidden
	}
	return m, err
}

// Create starts a draft, or returns the draft there is.
func (s *Service) Create(ctx context.Context, tx *db.Tx, by access.Scope, key string, unit org.No, p period.Period) (Document, error) {
	m, err := s.writes(ctx, tx, by, unit)
	if err != nil {
		return Document{}, err
	}
	o := m.Org
	t, err := template.Of(m.Set, key)
	if err != nil {
		return Document{}, err
	}
	if d, found, err := latest(ctx, tx, by, key, unit, p); err != nil || !t.Many && found && (d.State == Draft || d.State == Review || d.State == Approved) {
		return d, err
	}
	now := s.Clock.Now()
	d := Document{ID: id.New(now), Template: key, Version: t.Version, Unit: unit, Period: p, State: Draft, Rev: 1, Texts: map[string]string{},
		CreatedAt: now.UnixMilli(),
		Kind:      t.KindKey(), Origin: FromTemplate, CreatedBy: by.Account, Own: map[string]string{}, Within: true}
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
	return d, journal.Write(ctx, tx, by, now, "document.create", d.ID, d.Rev, map[string]any{"template": key, "unit": unit, "period": p.String()})
}

func keepNumbers(ctx context.Context, tx *db.Tx, district int64, doc string, pending []Figure) error {
	for _, p := range pending {
		if _, err := tx.ExecContext(ctx, `INSERT INTO document_figure (district, document, n, key, unit, period, tree, frozen)
			VALUES ($1, $2, $3, $4, $5, $6, $7, '')`,
			district, doc, p.N, p.Key, int64(p.Unit), p.Period.String(), p.Tree); err != nil {
			return fmt.Errorf("keep the number of %s: %w", p.Key, err)
		}
	}
	return nil
}

// SetTexts stores the passages written by hand: those the template asks for, and those below its paragraphs. How the
// draft read before is kept. rev is the revision the person saw.
func (s *Service) SetTexts(ctx context.Context, tx *db.Tx, by access.Scope, doc string, rev int64, texts, own map[string]string) (Document, error) {
	d, err := s.editable(ctx, tx, by, doc, rev)
	if err == nil {
		err = s.current(ctx, tx, by, d)
	}
	if err != nil {
		return d, err
	}
	if d.Origin != FromTemplate {
		return d, ErrState
	}
	set, t, err := s.templateOf(ctx, tx, by.District, d)
	if err != nil {
		return d, err
	}
	for pointer, list := range map[string]map[string]string{"/texts/": texts, "/own/": own} {
		for key, passage := range list {
			if faults := docx.Passage(template.Catalogue(set, t), passage); len(faults) > 0 {
				return d, ErrPassage.With("fault", i18n.Label{Zh: faults[0].Zh, En: faults[0].En}).At(problem.Field{Pointer: pointer + key,
					Code: "document.passage", Args: map[string]any{"fault": i18n.Label{Zh: faults[0].Zh, En: faults[0].En}}})
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
