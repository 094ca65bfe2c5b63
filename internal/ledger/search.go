package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
)

// usualHits bounds the entries a search looks at: the newest of the kind that hold the words. A page says when there are more.
const usualHits = 5000

func (s *Service) maxHits() int { return cmp.Or(s.MaxHits, usualHits) }

// tokens splits a text for the full-text index: every Chinese character is a word of its own, runs of letters and
// digits are one each. Both databases index the same words.
func tokens(text string) []string {
	var out []string
	var run strings.Builder
	flush := func() {
		if run.Len() > 0 {
			out = append(out, run.String())
			run.Reset()
		}
	}
	for _, r := range strings.ToLower(text) {
		switch {
		case unicode.Is(unicode.Han, r):
			flush()
			out = append(out, string(r))
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			run.WriteRune(r)
		default:
			flush()
		}
	}
	flush()
	return out
}

// indexed is the text of an entry as the index takes it: its tokens, and its kind as one more.
func indexed(kind, text string) string {
	return strings.Join(append(tokens(text), kindToken(kind)), " ")
}

// kindToken is a kind as a word of the index. It begins with a letter that nobody types, so that the beginning of a word
// never meets it.
func kindToken(kind string) string {
	h := fnv.New64a()
	h.Write([]byte(kind))
	return "ǁ" + strconv.FormatUint(h.Sum64(), 36)
}

// phrases is the search a person typed, as the database asks it: every word a phrase, the last token of each a
// beginning, all in entries of one kind if one is given. "" when nothing can be searched for.
func phrases(kind, query string, postgres bool) string {
	var all []string
	for _, word := range strings.Fields(query) {
		list := tokens(word)
		if len(list) == 0 {
			continue
		}
		if postgres {
			all = append(all, "("+strings.Join(list, " <-> ")+":*)")
		} else {
			all = append(all, `"`+strings.Join(list, " ")+`" *`)
		}
	}
	if len(all) > 0 && kind != "" {
		all = append(all, kindToken(kind))
	}
	if postgres {
		return strings.Join(all, " & ")
	}
	return strings.Join(all, " AND ")
}

// docOf numbers texts of all districts of one database: the district's number stands above the running one.
func docOf(district, n int64) int64 { return district<<40 | n }

// index stores the text of a new entry and returns its number.
func index(ctx context.Context, tx *db.Tx, district int64, kind, text string) (int64, error) {
	n, err := org.Next(ctx, tx, district, "entry-doc")
	if err != nil {
		return 0, err
	}
	doc := docOf(district, n)
	return doc, setText(ctx, tx, district, doc, indexed(kind, text), false)
}

func setText(ctx context.Context, tx *db.Tx, district, doc int64, text string, had bool) error {
	if had {
		if err := dropText(ctx, tx, district, doc); err != nil {
			return err
		}
	}
	q, args := `INSERT INTO entry_text (rowid, t) VALUES ($1, $2)`, []any{doc, text}
	if tx.Postgres {
		q, args = `INSERT INTO entry_text (district, doc, t) VALUES ($1, $2, to_tsvector('simple', $3))`, []any{district, doc, text}
	}
	_, err := tx.ExecContext(ctx, q, args...)
	return err
}

func dropText(ctx context.Context, tx *db.Tx, district, doc int64) error {
	q, args := `DELETE FROM entry_text WHERE rowid = $1`, []any{doc}
	if tx.Postgres {
		q, args = `DELETE FROM entry_text WHERE district = $1 AND doc = $2`, []any{district, doc}
	}
	_, err := tx.ExecContext(ctx, q, args...)
	return err
}

// reindex stores the text of an entry anew. One that still waits for its place gets it later.
func reindex(ctx context.Context, tx *db.Tx, district int64, entry, kind, text string) error {
	var doc int64
	if err := tx.QueryRowContext(ctx, `SELECT doc FROM entry WHERE district = $1 AND id = $2`, district, entry).Scan(&doc); err != nil || doc <= 0 {
		return err
	}
	return setText(ctx, tx, district, doc, indexed(kind, text), true)
}

// IndexOld gives entries from before the index their texts, newest first, one batch; done reports that none is left. An
// entry that had a number in an older index (below zero) keeps it.
func (s *Service) IndexOld(ctx context.Context, district int64) (done bool, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		w, err := s.work(ctx, tx, access.System(district, int64(period.Of(s.Clock.Now())), "index"))
		if err != nil {
			return err
		}
		list, err := db.All(ctx, tx, func(r *sql.Rows) (oldText, error) {
			var o oldText
			var err error
			o.Entry, err = scanEntry(r, &o.search, &o.doc, &o.body)
			return o, err
		}, `SELECT `+entryColumns+`, e.search, e.doc, v.body FROM entry AS e`+revJoin+`WHERE e.district = $1 AND e.doc <= 0 ORDER BY e.doc LIMIT 1000`, district)
		if err != nil {
			return err
		}
		done = len(list) < 1000
		fresh := int64(0)
		for i := range list {
			list[i].refresh(w)
			if list[i].doc == 0 {
				fresh++
			}
		}
		last := int64(0)
		if fresh > 0 {
			if last, err = org.NextN(ctx, tx, district, "entry-doc", fresh); err != nil {
				return err
			}
		}
		for i := range list {
			if o := &list[i]; o.doc < 0 {
				o.doc = -o.doc
			} else {
				fresh--
				o.doc = docOf(district, last-fresh)
			}
		}
		for some := range slices.Chunk(list, 100) {
			if err := setOldTexts(ctx, tx, district, some); err != nil {
				return err
			}
		}
		return nil
	})
	return done, err
}

// oldText is an entry whose text is to be made.
type oldText struct {
	Entry
	search, body string
	doc          int64
}

// refresh makes the text as it would be made today. Where the kind is gone or the values no longer fit it, the text that
// was stored stays.
func (o *oldText) refresh(w work) {
	k, err := kind.Of(w.set, o.Kind)
	if err != nil {
		return
	}
	if o.Values, err = k.Decode(o.body); err == nil {
		o.search = searchText(w, k, &o.Entry)
	}
}

func setOldTexts(ctx context.Context, tx *db.Tx, district int64, list []oldText) error {
	texts, ids, named := `INSERT INTO entry_text (rowid, t) VALUES `, "", ""
	if tx.Postgres {
		texts = `INSERT INTO entry_text (district, doc, t) VALUES `
	}
	var textArgs []any
	idArgs := []any{district}
	for i, o := range list {
		comma := ", "
		if i == 0 {
			comma = ""
		}
		textArgs = append(textArgs, o.doc, indexed(o.Kind, o.search))
		idArgs = append(idArgs, o.ID, o.doc, o.search)
		if tx.Postgres {
			texts += fmt.Sprintf("%s(%d, $%d, to_tsvector('simple', $%d))", comma, district, 2*i+1, 2*i+2)
		} else {
			texts += fmt.Sprintf("%s($%d, $%d)", comma, 2*i+1, 2*i+2)
		}
		ids += fmt.Sprintf("%s(CAST($%d AS TEXT), CAST($%d AS BIGINT), CAST($%d AS TEXT))", comma, 3*i+2, 3*i+3, 3*i+4)
		named += fmt.Sprintf("%s$%d", comma, 3*i+2)
	}
	if _, err := tx.ExecContext(ctx, texts, textArgs...); err != nil {
		return err
	}
	// the entries are named once more: joined with the values alone, a large table would be read through
	_, err := tx.ExecContext(ctx, `UPDATE entry SET doc = v.column2, search = v.column3 FROM (VALUES `+ids+`) AS v
		WHERE entry.district = $1 AND entry.id IN (`+named+`) AND entry.id = v.column1`, idArgs...)
	return err
}

// FieldIs selects entries whose top-level field holds a value: a choice's key, yes or no, a reference's id.
type FieldIs struct{ Field, Value string }

// condition builds what a filter selects; arguments begin at $1 = district. Conditions that are true of everything the
// scope sees are left out, so that long lists are counted from an index alone.
func (s *Service) condition(w work, by access.Scope, f Filter, skipState bool) (string, []any) {
	args := []any{by.District}
	arg := func(v any) string { args = append(args, v); return fmt.Sprintf("$%d", len(args)) }
	c := []string{"e.district = $1"}
	p := phrases(f.Kind, f.Query, s.DB.Postgres)
	if f.Kind != "" {
		kind := "e.kind"
		if p != "" { // by the few that hold the words, not by an index over the whole kind
			kind = "e.kind || ''"
		}
		c = append(c, kind+" = "+arg(f.Kind))
	}
	if !seesAll(w.org, by) {
		c = append(c, by.Reach("e.district", "e.unit", Read))
	}
	if f.Unit != 0 && f.Unit != w.org.Root {
		// an entry belongs to a unit by the tree of its own first day
		if below := everBelow(w.org, f.Unit); len(below) <= 400 {
			c = append(c, "e.unit IN ("+numbers(below)+")")
		}
		c = append(c, `EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = e.district AND r.unit = e.unit AND r.target = `+arg(int64(f.Unit))+
			` AND r.day_from <= e.day_from AND e.day_from < r.day_until)`)
	}
	if f.Period != (period.Period{}) {
		k, err := kind.Of(w.set, f.Kind)
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
	if f.CountsIn != "" {
		c = append(c, f.CountsIn)
	}
	return strings.Join(c, " AND "), args
}

// pattern is how a value stands in the canonical text of values.
func (is FieldIs) pattern() string {
	if is.Value == "true" || is.Value == "false" {
		return fmt.Sprintf(`"%s":%s`, is.Field, is.Value)
	}
	return fmt.Sprintf(`"%s":"%s"`, is.Field, is.Value)
}

// textCondition asks the index for the newest entries with the words.
func (s *Service) textCondition(district int64, p string, arg func(any) string) string {
	from, until := arg(docOf(district, 0)), arg(docOf(district+1, 0))
	if s.DB.Postgres {
		return fmt.Sprintf(`e.doc IN (SELECT x.doc FROM entry_text AS x WHERE x.district = $1 AND x.t @@ to_tsquery('simple', %s) AND x.doc > %s
			AND x.doc < %s ORDER BY x.doc DESC LIMIT %d)`, p, from, until, s.maxHits())
	}
	return fmt.Sprintf(`e.doc IN (SELECT rowid FROM entry_text WHERE entry_text MATCH %s AND rowid > %s AND rowid < %s ORDER BY rowid DESC LIMIT %d)`, p,
		from, until, s.maxHits())
}

// hits looks the words of a query up once, for everything a page says of them: the numbers of the newest entries of a kind
// ("" for all) that hold them, and whether more do than a search looks at.
func (s *Service) hits(ctx context.Context, q db.Querier, district int64, kind, query string) (docs []int64, capped bool, err error) {
	p := phrases(kind, query, s.DB.Postgres)
	if p == "" {
		return nil, false, nil
	}
	text := `SELECT rowid FROM entry_text WHERE entry_text MATCH $1 AND rowid > $2 AND rowid < $3 ORDER BY rowid DESC`
	args := []any{p, docOf(district, 0), docOf(district+1, 0)}
	if s.DB.Postgres {
		text = `SELECT x.doc FROM entry_text AS x WHERE x.district = $2 AND x.t @@ to_tsquery('simple', $1) ORDER BY x.doc DESC`
		args = []any{p, district}
	}
	docs, err = db.All(ctx, q, func(r *sql.Rows) (n int64, err error) { return n, r.Scan(&n) }, text+fmt.Sprintf(" LIMIT %d", s.maxHits()+1), args...)
	if most := s.maxHits(); len(docs) > most {
		return docs[:most], true, err
	}
	return docs, false, err
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

func numbers(list []org.No) string { return joined(list) }

func joined[N ~int64](list []N) string {
	var out strings.Builder
	for i, n := range list {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString(strconv.FormatInt(int64(n), 10))
	}
	return out.String()
}
