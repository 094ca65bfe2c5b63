package ledger

import (
	"context"
	"fmt"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/problem"
)

// Check looks at an input as Create and Edit would and returns its canonical values. in.ID is the entry it is to change,
// or "". Faults carry pointers into the request.
func (s *Service) Check(ctx context.Context, q db.Querier, by access.Scope, k *kind.Kind, in Input) (kind.Values, []problem.Field, error) {
	w, err := s.work(ctx, q, by)
	if err != nil {
		return nil, nil, err
	}
	return s.judge(ctx, q, by, w, k, in, in.ID)
}

// judge checks an input completely and returns its canonical values. Faults carry pointers into the request.
func (s *Service) judge(ctx context.Context, q db.Querier, by access.Scope, w work, k *kind.Kind, in Input, self string) (kind.Values, []problem.Field, error) {
	v, faults := kind.Clean(k, in.Values, w.Day)
	fault := func(pointer, code string, args map[string]any) {
		faults = append(faults, problem.Field{Pointer: pointer, Code: code, Args: args})
	}
	u, ok := w.Org.Unit(in.Unit)
	targets := w.Org.Targets(in.Unit, w.Day)
	switch {
	case !ok || !by.Sees(targets):
		fault("/unit", "value.unit", nil)
	case !k.TakesUnit(u.Type):
		var words []i18n.Label
		for _, t := range k.Units() {
			words = append(words, org.Type(t).Title())
		}
		fault("/unit", "ledger.unit-type", map[string]any{"unit": u.Name, "types": kind.Join(words)})
	default:
		from, until := k.Days(v)
		if from > 0 && (!u.Open(from) || !k.Lasting() && !u.Open(until-1)) {
			fault("/unit", "ledger.unit-life", map[string]any{"unit": u.Name, "life": org.Life(u.From, u.Until)})
		}
		if k.Lasting() && len(k.State.Subject) > 0 && len(faults) == 0 {
			if tx, ok := q.(*db.Tx); ok { // two spans entered at once must see each other
				if err := tx.Lock(ctx, fmt.Sprintf("subject %d %s %s", by.District, k.Key, k.Subject(in.Unit, v))); err != nil {
					return v, faults, err
				}
			}
			other, err := overlapping(ctx, q, by.District, k.Key, k.Subject(in.Unit, v), self, from, until)
			if err != nil {
				return v, faults, err
			}
			if other != "" {
				fault("/values/"+k.State.From, "ledger.overlap", map[string]any{"number": other})
			}
		}
	}
	f := finder{q: q, by: by, w: w, self: self, told: map[string]string{}}
	missing, err := f.missing(ctx, k.Fields, v, "/values")
	return v, append(faults, missing...), err
}

// Missing tells for each of some values of a kind what they point at and is not there, or not for the caller's eyes.
func (s *Service) Missing(ctx context.Context, q db.Querier, by access.Scope, k *kind.Kind, list ...kind.Values) ([][]problem.Field, error) {
	w, err := s.work(ctx, q, by)
	if err != nil {
		return nil, err
	}
	f := finder{q: q, by: by, w: w, told: map[string]string{}}
	out := make([][]problem.Field, len(list))
	for i, v := range list {
		if out[i], err = f.missing(ctx, k.Fields, v, "/values"); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// finder looks up what values point at, and asks for each thing once.
type finder struct {
	q    db.Querier
	by   access.Scope
	w    work
	self string            // the entry they are of: whom it names already, it may go on naming
	told map[string]string // sort of field and id → code of the fault, "" for none
}

func (f *finder) missing(ctx context.Context, fields []kind.Field, v kind.Values, at string) (faults []problem.Field, err error) {
	for _, field := range fields {
		x, ok := v[field.Key]
		if !ok {
			continue
		}
		p := at + "/" + field.Key
		switch field.Type {
		case "group":
			for i, item := range x.([]kind.Values) {
				some, err := f.missing(ctx, field.Fields, item, fmt.Sprintf("%s/%d", p, i))
				if err != nil {
					return faults, err
				}
				faults = append(faults, some...)
			}
		case "unit":
			u, ok := f.w.Org.Unit(org.No(x.(int64)))
			if !ok || !f.by.Sees(f.w.Org.Targets(u.No, f.w.Day)) {
				faults = append(faults, problem.Field{Pointer: p, Code: "value.unit"})
			} else if len(field.Types) > 0 && !kind.MatchesAny(u.Type, field.Types) {
				faults = append(faults, problem.Field{Pointer: p, Code: "ledger.unit-type",
					Args: map[string]any{"unit": u.Name, "types": kind.TypeTitles(field.Types)}})
			}
		case "ref", "person":
			code, err := f.once(ctx, field, x.(string))
			if err != nil {
				return faults, err
			}
			if code != "" {
				faults = append(faults, problem.Field{Pointer: p, Code: code})
			}
		case "photo", "file":
			for i, sha := range x.([]string) {
				code, err := f.once(ctx, field, sha)
				if err != nil {
					return faults, err
				}
				if code != "" {
					info, _, err := evidence.Get(ctx, f.q, f.by.District, sha)
					if err != nil {
						return faults, err
					}
					fault := problem.Field{Pointer: fmt.Sprintf("%s/%d", p, i), Code: code}
					if code == "value.not-photo" {
						fault.Args = map[string]any{"name": info.Name}
					}
					faults = append(faults, fault)
				}
			}
		}
	}
	return faults, nil
}

func (f *finder) once(ctx context.Context, field kind.Field, id string) (code string, err error) {
	key := field.Type + " " + field.Of + " " + id
	if code, ok := f.told[key]; ok {
		return code, nil
	}
	switch field.Type {
	case "ref":
		code, err = f.ref(ctx, field.Of, id)
	case "person":
		code, err = f.person(ctx, id)
	default:
		code, err = f.file(ctx, field.Type == "photo", id)
	}
	f.told[key] = code
	return code, err
}

func (f *finder) ref(ctx context.Context, of, id string) (code string, err error) {
	var key, state string
	// another's draft is nobody's business: it answers like an entry that is not there
	err = f.q.QueryRowContext(ctx, `SELECT kind, state FROM entry WHERE district = $1 AND id = $2 AND (state <> 'draft' OR account = $3)`,
		f.by.District, id, f.by.Account).Scan(&key, &state)
	found, err := db.One(err)
	if !found || key != of || state == Void {
		code = "value.reference"
	}
	return code, err
}

func (f *finder) person(ctx context.Context, id string) (code string, err error) {
	var name string
	err = f.q.QueryRowContext(ctx, `SELECT p.name FROM person AS p WHERE p.district = $1 AND p.id = $2 AND (`+f.by.Reach("p.district", "p.unit", Read)+
		` OR EXISTS (SELECT 1 FROM entry_rev AS v JOIN entry AS e ON e.district = v.district AND e.id = v.entry WHERE v.district = $1 AND v.entry = $3
			AND v.body LIKE $4 AND `+f.by.Reach("e.district", "e.unit", Read)+`))`, f.by.District, id, f.self, "%"+id+"%").Scan(&name)
	found, err := db.One(err)
	if !found {
		code = "value.person"
	}
	return code, err
}

// file: an address alone opens nothing, not another street's photo either.
func (f *finder) file(ctx context.Context, photo bool, sha string) (code string, err error) {
	info, found, err := evidence.Get(ctx, f.q, f.by.District, sha)
	if err != nil {
		return "", err
	}
	if found && !f.by.IsSystem() {
		if found, err = evidence.MayRead(ctx, f.q, f.by, sha); err != nil {
			return "", err
		}
	}
	switch {
	case !found:
		code = "value.file-missing"
	case photo && info.Width == 0:
		code = "value.not-photo"
	}
	return code, nil
}
