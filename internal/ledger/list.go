package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/words"
)

// Filter selects entries. The zero Filter selects everything inside the scope.
type Filter struct {
	Kind     string
	Unit     org.No
	Period   period.Period
	State    string
	Query    string
	Mine     string // "returned": what came back to the caller
	CountsIn db.SQL // condition on e.id made by the figure engine
	Is       []FieldIs
	Sort     string
	Limit    int
	Offset   int

	docs []int64 // what Query found, where it was looked up already
}

// FieldIs selects entries whose top-level field holds a value: a choice's key, yes or no, a reference's id.
type FieldIs struct{ Field, Value string }

// pattern is how a value stands in the canonical text of values.
func (is FieldIs) pattern() string {
	if is.Value == "true" || is.Value == "false" {
		return fmt.Sprintf(`"%s":%s`, is.Field, is.Value)
	}
	return fmt.Sprintf(`"%s":"%s"`, is.Field, is.Value)
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

var sorts = map[string]string{
	"":     "e.day_from DESC, e.number DESC",
	"-day": "e.day_from DESC, e.number DESC",
	"day":  "e.day_from, e.number",
	"-at":  "e.submitted_at DESC, e.id DESC",
}

// condition builds what a filter selects; arguments begin at $1 = district. Conditions that are true of everything the
// scope sees are left out, so that long lists are counted from an index alone.
func (s *Service) condition(w work, by access.Scope, f Filter, skipState bool) (string, []any) {
	args := []any{by.District}
	arg := func(v any) string { args = append(args, v); return fmt.Sprintf("$%d", len(args)) }
	c := []string{"e.district = $1"}
	p := words.Asked(f.Kind, f.Query, s.DB.Postgres)
	if f.Kind != "" {
		kind := "e.kind"
		if p != "" { // by the few that hold the words, not by an index over the whole kind
			kind = "e.kind || ''"
		}
		c = append(c, kind+" = "+arg(f.Kind))
	}
	if !seesAll(w.Org, by) {
		c = append(c, by.ReachAt("e.district", "e.unit", "e.day_from", Read))
	}
	if f.Unit != 0 && f.Unit != w.Org.Root {
		// an entry belongs to a unit by the tree of its own first day
		if below := everBelow(w.Org, f.Unit); len(below) <= 400 {
			c = append(c, "e.unit IN ("+numbers(below)+")")
		}
		c = append(c, `EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = e.district AND r.unit = e.unit AND r.target = `+arg(int64(f.Unit))+
			` AND r.day_from <= e.day_from AND e.day_from < r.day_until)`)
	}
	if f.Period != (period.Period{}) {
		k, err := kind.Of(w.Set, f.Kind)
		if err == nil && k.Day != "" { // one day: its first day is all there is
			c = append(c, "e.day_from >= "+arg(int64(f.Period.From))+" AND e.day_from < "+arg(int64(f.Period.Until)))
		} else {
			c = append(c, "e.day_from < "+arg(int64(f.Period.Until))+" AND e.day_until > "+arg(int64(f.Period.From)))
		}
	}
	if f.State != "" && !skipState {
		c = append(c, "e.state = "+arg(f.State))
	}
	switch {
	case f.State == Draft:
		c = append(c, "e.account = "+arg(by.Account))
	case f.State == "" && !skipState: // a draft is its author's business
		c = append(c, "(e.state <> 'draft' OR e.account = "+arg(by.Account)+")")
	}
	switch {
	case p != "" && f.docs != nil:
		c = append(c, "e.doc IN ("+joined(f.docs)+")")
	case p != "":
		c = append(c, s.textCondition(by.District, arg(p), arg))
	case f.Query != "":
		c = append(c, "1 = 0") // only signs: nothing is called so
	}
	for _, is := range f.Is {
		c = append(c, `EXISTS (SELECT 1 FROM entry_rev AS b WHERE b.district = e.district AND b.entry = e.id AND b.rev = e.rev
			AND b.body LIKE `+arg("%"+escapeLike(is.pattern())+"%")+` ESCAPE '\')`)
	}
	if f.Mine == Returned {
		c = append(c, "e.state = 'returned' AND e.account = "+arg(by.Account))
	}
	if f.CountsIn.Text != "" {
		c = append(c, f.CountsIn.From(len(args)+1))
		args = append(args, f.CountsIn.Args...)
	}
	return strings.Join(c, " AND "), args
}

// seesAll reports whether a grant of the scope reads from the root of the district.
func seesAll(o *org.Org, by access.Scope) bool {
	if by.IsSystem() {
		return true
	}
	for _, g := range by.Grants {
		if org.No(g.Unit) == o.Root && g.Verbs[Read] {
			return true
		}
	}
	return false
}

// everBelow lists a unit and all that ever lay below it or on its line, whatever the day.
func everBelow(o *org.Org, top org.No) []org.No {
	in := map[org.No]bool{top: true}
	out := []org.No{top}
	for grew := true; grew; {
		grew = false
		for _, u := range o.Units() {
			if in[u.No] {
				continue
			}
			for _, spans := range [][]org.Span{o.Parents(u.No), o.Lines(u.No)} {
				for _, s := range spans {
					if in[s.Other] && !in[u.No] {
						in[u.No], grew = true, true
						out = append(out, u.No)
					}
				}
			}
		}
	}
	return out
}

func (s *Service) find(ctx context.Context, q db.Querier, w work, by access.Scope, f Filter) ([]Entry, error) {
	where, args := s.condition(w, by, f, false)
	return s.entries(ctx, q, w.Set, where+` ORDER BY `+sorts[f.Sort]+fmt.Sprintf(" LIMIT %d OFFSET %d", f.Limit, f.Offset), args...)
}

// Entries lists the entries that a filter selects inside a scope.
func (s *Service) Entries(ctx context.Context, q db.Querier, by access.Scope, f Filter) ([]Entry, error) {
	w, err := s.work(ctx, q, by)
	if err != nil {
		return nil, err
	}
	return s.find(ctx, q, w, by, f)
}

// entries reads entries with their latest values by a condition on e.
func (s *Service) entries(ctx context.Context, q db.Querier, set *pack.Set, tail string, args ...any) ([]Entry, error) {
	return db.All(ctx, q, func(r *sql.Rows) (Entry, error) {
		var body string
		e, err := scanEntry(r, &body)
		if err != nil {
			return e, err
		}
		k, err := kind.Of(set, e.Kind)
		if err != nil {
			return e, err
		}
		e.Values, err = k.Decode(body)
		return e, err
	}, `SELECT `+entryColumns+`, v.body FROM entry AS e`+revJoin+`WHERE `+tail, args...)
}

// Numbered finds entries of a kind that the scope may see by their numbers.
func (s *Service) Numbered(ctx context.Context, q db.Querier, by access.Scope, k *kind.Kind, numbers []string) (map[string]Entry, error) {
	out := map[string]Entry{}
	w, err := s.work(ctx, q, by)
	if err != nil {
		return nil, err
	}
	for some := range slices.Chunk(numbers, db.Portion) {
		list, err := s.entries(ctx, q, w.Set, `e.district = $1 AND e.kind = $2 AND e.number IN (`+db.In(3, len(some))+`)`,
			db.Args([]any{by.District, k.Key}, some)...)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			if visible(by, w, e) {
				out[e.Number] = e
			}
		}
	}
	return out, nil
}

// ByIDs reads entries by id, in the given order, inside a scope.
func (s *Service) ByIDs(ctx context.Context, q db.Querier, by access.Scope, ids []string) ([]Entry, error) {
	set, err := s.Packs.Current(ctx, q, by.District)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	list, err := s.entries(ctx, q, set, `e.district = $1 AND `+by.ReachAt("e.district", "e.unit", "e.day_from", Read)+` AND e.id IN (`+db.In(2, len(ids))+`)`,
		db.Args([]any{by.District}, ids)...)
	return db.InOrder(ids, list, func(e Entry) string { return e.ID }), err
}

// ByNumber finds a record inside a scope by its number; "" when there is none.
func ByNumber(ctx context.Context, q db.Querier, by access.Scope, number string) (string, error) {
	var entry string
	err := q.QueryRowContext(ctx, `SELECT e.id FROM entry AS e WHERE e.district = $1 AND e.number = $2 AND `+by.ReachAt("e.district", "e.unit",
		"e.day_from", Read),
		by.District, number).Scan(&entry)
	_, err = db.One(err)
	return entry, err
}
