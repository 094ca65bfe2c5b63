package intake

import (
	"context"
	"errors"
	"io/fs"

	"sifen/internal/access"
	"sifen/internal/blob"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/intake/unitname"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/spelling"
)

// lookup turns names in a file into what they mean, remembering every answer.
type lookup struct {
	s     *Service
	q     db.Querier
	by    access.Scope
	units *unitname.Index
	refs  map[string]map[string][]string // kind → title or number → ids
	files map[string]string
	open  func(name string) ([]byte, error) // photo files beside a workbook; nil: only files already uploaded
}

func newLookup(s *Service, q db.Querier, by access.Scope, o *org.Org, day period.Day) *lookup {
	return &lookup{s: s, q: q, by: by, units: unitname.New(o, by, day), refs: map[string]map[string][]string{}, files: map[string]string{}}
}

// unit finds the unit that a cell names; above is what other cells of its row say it lies in, on the day of the row.
func (l *lookup) unit(text string, types, above []string, on period.Day) (org.No, *cellFault) {
	n, miss := l.units.Find(text, types, above, on)
	if miss != nil {
		return 0, &cellFault{code: miss.Code, args: miss.Args, suggestion: miss.Suggestion}
	}
	return n, nil
}

// ref finds an entry of a kind by number or title.
func (l *lookup) ref(ctx context.Context, of, text string) (any, *cellFault, error) {
	if l.refs[of] == nil {
		refs := map[string][]string{}
		rows, err := l.q.QueryContext(ctx, `SELECT e.id, e.number, e.title FROM entry AS e WHERE e.district = $1 AND e.kind = $2 AND e.state <> 'void'
			AND e.state <> 'draft'`, l.by.District, of)
		var id, number, title string
		if err := db.Each(rows, err, func() error {
			err := rows.Scan(&id, &number, &title)
			refs[number], refs[title] = append(refs[number], id), append(refs[title], id)
			return err
		}); err != nil {
			return nil, nil, err
		}
		l.refs[of] = refs
	}
	ids := l.refs[of][text]
	switch len(ids) {
	case 1:
		return ids[0], nil, nil
	case 0:
		best := ""
		for t := range l.refs[of] {
			if spelling.Distance(text, t) <= 2 && (best == "" || t < best) {
				best = t
			}
		}
		return nil, &cellFault{code: "value.ref-unknown", args: map[string]any{"text": text}, suggestion: best}, nil
	}
	return nil, &cellFault{code: "value.ref-several", args: map[string]any{"text": text, "n": len(ids)}}, nil
}

// file finds evidence by SHA-256, by a file beside the workbook, or by the name under which the importer uploaded it.
func (l *lookup) file(ctx context.Context, name string, photo bool) (sha string, fault *cellFault, err error) {
	if sha, ok := l.files[name]; ok {
		return sha, nil, nil
	}
	if blob.ValidSum(name) {
		return name, nil, nil
	}
	if l.open != nil {
		sha, fault, err = l.beside(ctx, name, photo)
	} else {
		sha, fault, err = l.uploaded(ctx, name)
	}
	if fault == nil && err == nil {
		l.files[name] = sha
	}
	return sha, fault, err
}

func (l *lookup) beside(ctx context.Context, name string, photo bool) (string, *cellFault, error) {
	raw, err := l.open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", &cellFault{code: "value.file-beside", args: map[string]any{"name": name}}, nil
	}
	if err != nil {
		return "", &cellFault{code: "value.file-unreadable", args: map[string]any{"name": name}}, nil //nolint:nilerr // the row says so
	}
	in, err := evidence.Inspect(raw)
	var p *problem.Error
	if errors.As(err, &p) {
		return "", &cellFault{code: p.Code, args: p.Args}, nil
	}
	if err != nil {
		return "", nil, err
	}
	if photo && in.Width == 0 {
		return "", &cellFault{code: "value.not-photo", args: map[string]any{"name": name}}, nil
	}
	kept, err := l.s.Evidence.Keep(ctx, l.by, raw, "", name)
	return kept.SHA, nil, err
}

func (l *lookup) uploaded(ctx context.Context, name string) (sha string, fault *cellFault, err error) {
	err = l.q.QueryRowContext(ctx, `SELECT sha FROM evidence_bearer WHERE district = $1 AND account = $2 AND name = $3 ORDER BY at DESC LIMIT 1`,
		l.by.District, l.by.Account, name).Scan(&sha)
	found, err := db.One(err)
	if err == nil && !found {
		fault = &cellFault{code: "value.file-upload", args: map[string]any{"name": name}}
	}
	return sha, fault, err
}
