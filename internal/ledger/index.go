package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/words"
)

// docOf numbers texts of all districts of one database: the district's number stands above the running one.
func docOf(district, n int64) int64 { return district<<40 | n }

// index stores the text of a new entry and returns its number.
func index(ctx context.Context, tx *db.Tx, district int64, kind, text string) (int64, error) {
	n, err := org.Next(ctx, tx, district, "entry-doc")
	if err != nil {
		return 0, err
	}
	doc := docOf(district, n)
	return doc, setText(ctx, tx, district, doc, words.Indexed(kind, text), false)
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
	return setText(ctx, tx, district, doc, words.Indexed(kind, text), true)
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
		}, `SELECT `+entryColumns+`, e.search, e.doc, v.body FROM entry AS e`+revJoin+`WHERE e.district = $1 AND e.doc <= 0
			ORDER BY e.doc LIMIT 1000`, district)
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
	k, err := kind.Of(w.Set, o.Kind)
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
		textArgs = append(textArgs, o.doc, words.Indexed(o.Kind, o.search))
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
