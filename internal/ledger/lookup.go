package ledger

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"strings"

	"sifen/internal/access"
	"sifen/internal/blob"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// lookup turns names in a workbook into what they mean, remembering every answer.
type lookup struct {
	s      *Service
	ctx    context.Context
	q      db.Querier
	by     access.Scope
	org    *org.Org
	day    period.Day
	units  map[string][]org.No
	names  []string
	asked  map[string]org.No
	refs   map[string]map[string][]string // kind → title or number → ids
	files  map[string]string
	dry    bool
	open   func(name string) ([]byte, error) // photo files beside a workbook; nil: only files already uploaded
	failed error
}

func (s *Service) lookup(ctx context.Context, q db.Querier, by access.Scope, o *org.Org, day period.Day) *lookup {
	l := &lookup{s: s, ctx: ctx, q: q, by: by, org: o, day: day, units: map[string][]org.No{}, asked: map[string]org.No{}, refs: map[string]map[string][]string{}, files: map[string]string{}}
	for _, u := range o.Units() {
		if !by.Sees(o.Targets(u.No, day)) {
			continue
		}
		path := o.Path(u.No, day)
		keys := []string{u.Name, path, strings.ReplaceAll(path, "/", ""), o.Name + "/" + path}
		for _, k := range keys {
			k = strings.ReplaceAll(k, " ", "")
			if list := l.units[k]; len(list) == 0 || list[len(list)-1] != u.No {
				l.units[k] = append(list, u.No)
			}
		}
		l.names = append(l.names, u.Name, path)
	}
	return l
}

// unit finds a unit by code, path or name. Several of one name ask for the path.
func (l *lookup) unit(text string, types []string) (org.No, *cellFault) {
	key := text + "|" + strings.Join(types, ",")
	if n, ok := l.asked[key]; ok {
		return n, nil
	}
	var found []org.No
	if u, ok := l.org.Find(text); ok && l.by.Sees(l.org.Targets(u.No, l.day)) {
		found = []org.No{u.No}
	} else {
		for _, n := range l.units[strings.Trim(strings.ReplaceAll(strings.ReplaceAll(text, "／", "/"), " ", ""), "/")] {
			if u, _ := l.org.Unit(n); len(types) == 0 || kind.MatchesAny(u.Type, types) {
				found = append(found, n)
			}
		}
	}
	switch len(found) {
	case 1:
		u, _ := l.org.Unit(found[0])
		if len(types) > 0 && !kind.MatchesAny(u.Type, types) {
			return 0, &cellFault{code: "ledger.unit-type", args: map[string]any{"unit": u.Name, "types": kind.TypeTitles(types)}}
		}
		l.asked[key] = found[0]
		return found[0], nil
	case 0:
		return 0, &cellFault{code: "value.unit-unknown", args: map[string]any{"text": text}, suggestion: l.nearest(text)}
	}
	return 0, &cellFault{code: "value.unit-several", args: map[string]any{"text": text, "n": len(found)}, suggestion: l.org.Path(found[0], l.day)}
}

func (l *lookup) nearest(text string) string {
	best, at := "", len([]rune(text))/2+1
	for _, n := range l.names {
		if d := distance(text, n); d < at {
			best, at = n, d
		}
	}
	return best
}

// ref finds an entry of a kind by number or title.
func (l *lookup) ref(kind, text string) (any, *cellFault) {
	if l.refs[kind] == nil {
		l.refs[kind] = map[string][]string{}
		type row struct{ id, number, title string }
		rows, err := db.All(l.ctx, l.q, func(r *sql.Rows) (row, error) {
			var x row
			err := r.Scan(&x.id, &x.number, &x.title)
			return x, err
		}, `SELECT e.id, e.number, e.title FROM entry AS e WHERE e.district = $1 AND e.kind = $2 AND e.state <> 'void' AND e.state <> 'draft'`, l.by.District, kind)
		if err != nil {
			l.failed = err
			return nil, nil
		}
		for _, x := range rows {
			l.refs[kind][x.number] = append(l.refs[kind][x.number], x.id)
			l.refs[kind][x.title] = append(l.refs[kind][x.title], x.id)
		}
	}
	ids := l.refs[kind][text]
	switch len(ids) {
	case 1:
		return ids[0], nil
	case 0:
		best := ""
		for t := range l.refs[kind] {
			if distance(text, t) <= 2 && (best == "" || t < best) {
				best = t
			}
		}
		return nil, &cellFault{code: "value.ref-unknown", args: map[string]any{"text": text}, suggestion: best}
	}
	return nil, &cellFault{code: "value.ref-several", args: map[string]any{"text": text, "n": len(ids)}}
}

// file finds evidence by SHA-256, by a file beside the workbook, or by the name under which the importer uploaded it.
func (l *lookup) file(name string, photo bool) (string, *cellFault) {
	if sha, ok := l.files[name]; ok {
		return sha, nil
	}
	if blob.ValidSum(name) {
		return name, nil
	}
	var sha string
	if l.open != nil {
		raw, err := l.open(name)
		if errors.Is(err, fs.ErrNotExist) {
			return "", &cellFault{code: "value.file-beside", args: map[string]any{"name": name}}
		}
		if err != nil {
			return "", &cellFault{code: "value.file-unreadable", args: map[string]any{"name": name}}
		}
		in, err := evidence.Inspect(raw)
		var p *problem.Error
		if errors.As(err, &p) {
			return "", &cellFault{code: p.Code, args: p.Args}
		}
		if err != nil {
			l.failed = err
			return "", nil
		}
		if photo && in.Width == 0 {
			return "", &cellFault{code: "value.not-photo", args: map[string]any{"name": name}}
		}
		kept, err := l.s.Evidence.Keep(l.ctx, l.by, raw, "", name)
		if err != nil {
			l.failed = err
			return "", nil
		}
		sha = kept.SHA
	} else {
		err := l.q.QueryRowContext(l.ctx, `SELECT sha FROM evidence_bearer WHERE district = $1 AND account = $2 AND name = $3 ORDER BY at DESC LIMIT 1`, l.by.District, l.by.Account, name).Scan(&sha)
		found, err := db.One(err)
		if err != nil {
			l.failed = err
			return "", nil
		}
		if !found {
			return "", &cellFault{code: "value.file-upload", args: map[string]any{"name": name}}
		}
	}
	l.files[name] = sha
	return sha, nil
}

// ByNumber finds a record inside a scope by its number; "" when there is none.
func ByNumber(ctx context.Context, q db.Querier, by access.Scope, number string) (string, error) {
	var entry string
	err := q.QueryRowContext(ctx, `SELECT e.id FROM entry AS e WHERE e.district = $1 AND e.number = $2 AND `+by.Reach("e.district", "e.unit", Read), by.District, number).Scan(&entry)
	_, err = db.One(err)
	return entry, err
}
