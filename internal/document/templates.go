package document

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/docx"
	"sifen/internal/i18n"
	"sifen/internal/journal"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/template"
)

// Problems of templates.
var (
	ErrFaults      = problem.New(problem.Invalid, "document.template-faults", nil)
	ErrTemplateKey = problem.New(problem.Invalid, "document.template-key", nil)
)

var templateKey = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// Offer is a template that is brought in.
type Offer struct {
	Key     string
	Title   i18n.Label
	Period  string
	Kind    string
	Name    string // of documents; {单位}, {期间}
	Content []byte
}

// AddTemplate keeps a new template, or a new version of one. It is in force at once; issued documents keep their bytes,
// drafts wait for a person who takes them over. It returns what a person should know before it is used.
func (s *Service) AddTemplate(ctx context.Context, tx *db.Tx, by access.Scope, in Offer) (int64, []docx.Fault, error) {
	o, err := s.Orgs.Current(ctx, tx, by.District)
	if err != nil {
		return 0, nil, err
	}
	if !by.Can(Edit, o.Targets(o.Root, period.Day(by.Today)), false) { // a template is the district's
		return 0, nil, ErrForbidden
	}
	set, err := s.Packs.Current(ctx, tx, by.District)
	if err != nil {
		return 0, nil, err
	}
	if !templateKey.MatchString(in.Key) || len(in.Key) > 40 {
		return 0, nil, ErrTemplateKey
	}
	if _, err := template.KindOf(set, in.Kind); err != nil {
		return 0, nil, err
	}
	if strings.TrimSpace(in.Title.Zh) == "" || in.Period != "year" && in.Period != "quarter" && in.Period != "month" {
		return 0, nil, ErrEmpty
	}
	if in.Title.En == "" {
		in.Title.En = in.Title.Zh
	}
	var known *template.Template
	if t, err := template.Of(set, in.Key); err == nil {
		known = t
	}
	file, err := template.Check(set, in.Content, known)
	if err != nil {
		return 0, nil, err
	}
	if f := file.Faults; len(f) > 0 {
		return 0, nil, ErrFaults.With("n", len(f), "first", i18n.Label{Zh: f[0].String(), En: f[0].English()})
	}
	var newest int64
	if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(version), 0) FROM pack_object WHERE district = $1 AND type = 'templates' AND key = $2`,
		by.District, in.Key).Scan(&newest); err != nil {
		return 0, nil, err
	}
	name := fmt.Sprintf("%s.v%d.docx", in.Key, newest+1)
	t := template.Template{Key: in.Key, Title: in.Title, Period: in.Period, Kind: in.Kind, Name: in.Name, File: name, Texts: file.Texts}
	if t.Name == "" {
		t.Name = "{单位}{期间}" + in.Title.Zh
	}
	body, err := yaml.Marshal(t)
	if err != nil {
		return 0, nil, err
	}
	obj := &pack.Object{Type: "templates", Key: in.Key, Body: string(body), Path: "templates/" + in.Key + ".yaml", Pack: "desk", Line: 1}
	now := s.Clock.Now()
	changes, err := pack.Apply(ctx, tx, by.District, &pack.Pack{Header: pack.Header{Key: "desk"}, Objects: []*pack.Object{obj},
		Files: map[string][]byte{"templates/" + name: bytes.Clone(in.Content)}}, period.Day(by.Today), now)
	if err != nil {
		return 0, nil, err
	}
	if len(changes) == 0 {
		return newest, file.Told, nil
	}
	return changes[0].Version, file.Told, journal.Write(ctx, tx, by, now, Edit, in.Key, changes[0].Version, map[string]string{"op": "template"})
}

// Trial fills a Word file with the figures of a unit and period, without keeping anything. Texts that are not written are
// shown as gaps, or with their default where the template has one.
func (s *Service) Trial(ctx context.Context, q db.Querier, by access.Scope, content []byte, known *template.Template, unit org.No,
	p period.Period) (*docx.Filled, []docx.Fault, error) {
	o, err := s.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return nil, nil, err
	}
	if !by.Can(Read, o.Targets(unit, period.Day(by.Today)), true) {
		return nil, nil, org.ErrUnit
	}
	set, err := s.Packs.Current(ctx, q, by.District)
	if err != nil {
		return nil, nil, err
	}
	file, err := template.Check(set, content, known)
	if err != nil || len(file.Faults) > 0 {
		return nil, file.Faults, err
	}
	x, err := s.Figures.At(ctx, q, by.District)
	if err != nil {
		return nil, nil, err
	}
	words, err := s.words(ctx, q, by.District)
	if err != nil {
		return nil, nil, err
	}
	d := &Document{ID: "trial", Unit: unit, Period: p, Texts: map[string]string{}}
	for _, t := range file.Texts {
		d.Texts[t.Key] = t.Default.Zh
	}
	f := newFilling(d, x, words, nil, s.reader(ctx, q, by, set, x))
	filled, err := file.Word.Render(template.Catalogue(set, &template.Template{Texts: file.Texts}), f)
	if err == nil {
		err = f.err
	}
	return filled, nil, err
}
