package intake

import (
	"context"
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
	"sifen/internal/pinyin"
	"sifen/internal/problem"
)

// lookup turns names in a file into what they mean, remembering every answer.
type lookup struct {
	s     *Service
	q     db.Querier
	by    access.Scope
	org   *org.Org
	day   period.Day
	units map[string][]org.No
	names []string
	asked map[string]org.No
	refs  map[string]map[string][]string // kind → title or number → ids
	files map[string]string
	open  func(name string) ([]byte, error) // photo files beside a workbook; nil: only files already uploaded
}

func newLookup(s *Service, q db.Querier, by access.Scope, o *org.Org, day period.Day) *lookup {
	l := &lookup{s: s, q: q, by: by, org: o, day: day, units: map[string][]org.No{}, asked: map[string]org.No{}, refs: map[string]map[string][]string{},
		files: map[string]string{}}
	for _, u := range o.Units() {
		if !by.Sees(o.Targets(u.No, day)) {
			continue
		}
		path := o.Path(u.No, day)
		for _, k := range []string{u.Name, path, strings.ReplaceAll(path, "/", ""), o.Name + "/" + path} {
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
	var found, exact []org.No
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
	for _, n := range found { // the one whose path is written just so
		if l.org.Path(n, l.day) == strings.Trim(text, "/") && l.org.UnitName(n) == text[strings.LastIndex(text, "/")+1:] {
			exact = append(exact, n)
		}
	}
	if len(exact) == 1 {
		return exact[0], nil
	}
	return 0, &cellFault{code: "value.unit-several", args: map[string]any{"text": text, "n": len(found)}}
}

// nearest is the one unit that a text can only mean: a name that sounds the same and differs in one character, as a slip of
// the keyboard leaves it. 南门社区 is not 南窗社区, and another street's community is nobody else's.
func (l *lookup) nearest(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "／", "/"), " ", "")
	found, sound := "", pinyin.Initials(text)
	for _, n := range l.names {
		if n != text && len([]rune(n)) == len([]rune(text)) && slip(text, n) && pinyin.Initials(n) == sound {
			if found != "" && found != n {
				return ""
			}
			found = n
		}
	}
	return found
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
			if distance(text, t) <= 2 && (best == "" || t < best) {
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

// distance is the edit distance of two short texts in characters.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	prev := make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row := make([]int, len(y)+1)
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
		}
		prev = row
	}
	return prev[len(y)]
}
