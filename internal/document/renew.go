package document

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/problem"
	"sifen/internal/template"
)

// ErrRenewed says that the template of a draft changed since its text was written: a person decides what becomes of the
// text before anybody goes on with it.
var ErrRenewed = problem.New(problem.Conflict, "document.template-renewed", nil)

// Renewed tells of a draft whose template changed since its text was written.
type Renewed struct {
	Was  int64    `json:"was" doc:"the version the text was written for"`
	Now  int64    `json:"now"`
	Lost []string `json:"lost" doc:"passages with words for which the template has no place any more"`
}

// renewed is nil where a text was written for the template as it is.
func renewed(d Document, t *template.Template, html string) *Renewed {
	if d.Origin != FromTemplate || d.State == Issuing || d.State == Issued || d.Version == t.Version {
		return nil
	}
	out := &Renewed{Was: d.Version, Now: t.Version, Lost: []string{}}
	asked := t.Word().Texts()
	for key, words := range d.Texts {
		if strings.TrimSpace(words) != "" && !slices.Contains(asked, key) {
			out.Lost = append(out.Lost, key)
		}
	}
	for key, words := range d.Own {
		if !strings.Contains(html, ` data-p="`+key+`"`) {
			out.Lost = append(out.Lost, words)
		}
	}
	slices.Sort(out.Lost)
	return out
}

// current refuses to go on with a draft whose template changed since its text was written.
func (s *Service) current(ctx context.Context, q db.Querier, by access.Scope, d Document) error {
	if d.Origin != FromTemplate {
		return nil
	}
	set, err := s.Packs.Current(ctx, q, by.District)
	if err != nil {
		return err
	}
	t, err := template.Of(set, d.Template)
	if err == nil && renewed(d, t, "") != nil {
		err = ErrRenewed.With("was", d.Version, "now", t.Version)
	}
	return err
}

// Renew takes a draft over to its template as it is: with the words that have been written, or anew from those the template
// begins with. How the draft read before stays among its earlier drafts.
//
// Errors: ErrForbidden, ErrStale, ErrReview when it was put forward, ErrState when it is of this version already.
func (s *Service) Renew(ctx context.Context, tx *db.Tx, by access.Scope, doc string, rev int64, anew bool) (Document, error) {
	d, err := s.editable(ctx, tx, by, doc, rev)
	if err != nil {
		return d, err
	}
	_, t, err := s.templateOf(ctx, tx, by.District, d)
	if err != nil {
		return d, err
	}
	if renewed(d, t, "") == nil {
		return d, ErrState
	}
	if err := s.snapshot(ctx, tx, by, d); err != nil {
		return d, err
	}
	was := d
	d.Texts = map[string]string{}
	for _, x := range t.Texts {
		d.Texts[x.Key] = x.Default.Zh
		if words, ok := was.Texts[x.Key]; ok && !anew {
			d.Texts[x.Key] = words
		}
	}
	if anew {
		d.Own = map[string]string{}
	}
	d.Version = t.Version
	return d, s.step(ctx, tx, by, &d, was, "renew", Edit, fmt.Sprintf("%d → %d", was.Version, d.Version))
}
