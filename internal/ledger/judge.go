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

// judge checks an input completely and returns its canonical values. Faults carry pointers into the request.
func (s *Service) judge(ctx context.Context, q db.Querier, by access.Scope, w work, k *kind.Kind, in Input, self string) (kind.Values, []problem.Field, error) {
	v, faults := kind.Clean(k, in.Values, w.day)
	fault := func(pointer, code string, args map[string]any) {
		faults = append(faults, problem.Field{Pointer: pointer, Code: code, Args: args})
	}
	u, ok := w.org.Unit(in.Unit)
	targets := w.org.Targets(in.Unit, w.day)
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
			fault("/unit", "ledger.unit-life", map[string]any{"unit": u.Name, "from": u.From.String(), "until": u.Until.String()})
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
	err := s.exist(ctx, q, by, w, k.Fields, v, "/values", fault)
	return v, faults, err
}

// exist checks that what values point at is there.
func (s *Service) exist(ctx context.Context, q db.Querier, by access.Scope, w work, fields []kind.Field, v kind.Values, at string, fault func(string, string, map[string]any)) error {
	for _, f := range fields {
		x, ok := v[f.Key]
		if !ok {
			continue
		}
		p := at + "/" + f.Key
		switch f.Type {
		case "group":
			for i, item := range x.([]kind.Values) {
				if err := s.exist(ctx, q, by, w, f.Fields, item, fmt.Sprintf("%s/%d", p, i), fault); err != nil {
					return err
				}
			}
		case "unit":
			u, ok := w.org.Unit(org.No(x.(int64)))
			if !ok || !by.Sees(w.org.Targets(u.No, w.day)) {
				fault(p, "value.unit", nil)
			} else if len(f.Types) > 0 && !kind.MatchesAny(u.Type, f.Types) {
				fault(p, "ledger.unit-type", map[string]any{"unit": u.Name, "types": kind.TypeTitles(f.Types)})
			}
		case "ref":
			var kind, state string
			err := q.QueryRowContext(ctx, `SELECT kind, state FROM entry WHERE district = $1 AND id = $2`, by.District, x).Scan(&kind, &state)
			found, err := db.One(err)
			if err != nil {
				return err
			}
			if !found || kind != f.Of || state == Void {
				fault(p, "value.reference", nil)
			}
		case "person":
			var name string
			err := q.QueryRowContext(ctx, `SELECT name FROM person WHERE district = $1 AND id = $2`, by.District, x).Scan(&name)
			found, err := db.One(err)
			if err != nil {
				return err
			}
			if !found {
				fault(p, "value.person", nil)
			}
		case "photo", "file":
			for i, sha := range x.([]string) {
				info, found, err := evidence.Get(ctx, q, by.District, sha)
				if err != nil {
					return err
				}
				mine := found
				if found && !by.IsSystem() { // an address alone opens nothing: not another street's photo either
					if mine, err = evidence.MayRead(ctx, q, by, sha); err != nil {
						return err
					}
				}
				if !mine {
					fault(fmt.Sprintf("%s/%d", p, i), "value.file-missing", nil)
					continue
				}
				if f.Type == "photo" && info.Width == 0 {
					fault(fmt.Sprintf("%s/%d", p, i), "value.not-photo", map[string]any{"name": info.Name})
				}
			}
		}
	}
	return nil
}
