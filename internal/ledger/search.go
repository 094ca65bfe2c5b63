package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"sifen/internal/db"
	"sifen/internal/org"
	"sifen/internal/words"
)

// usualHits bounds the entries a search looks at: the newest of the kind that hold the words. A page says when there are more.
const usualHits = 5000

func (s *Service) maxHits() int { return cmp.Or(s.MaxHits, usualHits) }

// textCondition asks the index for the newest entries with the words.
func (s *Service) textCondition(district int64, p string, arg func(any) string) string {
	from, until := arg(docOf(district, 0)), arg(docOf(district+1, 0))
	if s.DB.Postgres {
		return fmt.Sprintf(`e.doc IN (SELECT x.doc FROM entry_text AS x WHERE x.district = $1 AND x.t @@ to_tsquery('simple', %s) AND x.doc > %s
			AND x.doc < %s ORDER BY x.doc DESC LIMIT %d)`, p, from, until, s.maxHits())
	}
	return fmt.Sprintf(`e.doc IN (SELECT rowid FROM entry_text WHERE entry_text MATCH %s AND rowid > %s AND rowid < %s ORDER BY rowid DESC LIMIT %d)`,
		p, from, until, s.maxHits())
}

// hits looks the words of a query up once, for everything a page says of them: the numbers of the newest entries of a kind
// ("" for all) that hold them, and whether more do than a search looks at.
func (s *Service) hits(ctx context.Context, q db.Querier, district int64, kind, query string) (docs []int64, capped bool, err error) {
	p := words.Asked(kind, query, s.DB.Postgres)
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
