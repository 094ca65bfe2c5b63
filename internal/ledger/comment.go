package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/id"
	"sifen/internal/journal"
	"sifen/internal/notify"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/pinyin"
	"sifen/internal/problem"
)

// ErrEmpty says that a comment has no words.
var ErrEmpty = problem.New(problem.Invalid, "ledger.empty-comment", nil)

// CommentView is what somebody said about a record.
type CommentView struct {
	ID   string `json:"id"`
	By   string `json:"by"`
	At   int64  `json:"at"`
	Body string `json:"body"`
	To   string `json:"to" doc:"name of the person addressed, empty for none"`
}

// Person is somebody who can be addressed: he reads the record.
type Person struct {
	Account string `json:"account"`
	Name    string `json:"name"`
	Unit    string `json:"unit"`
	// Initials find the name by pinyin.
	Initials string `json:"initials"`
}

// Comments lists what was said about an entry, oldest first.
func (s *Service) Comments(ctx context.Context, q db.Querier, by access.Scope, entry string) ([]CommentView, error) {
	if _, _, _, err := s.seen(ctx, q, by, entry); err != nil {
		return nil, err
	}
	type row struct {
		CommentView
		account, to string
	}
	list, err := db.All(ctx, q, func(r *sql.Rows) (row, error) {
		var c row
		err := r.Scan(&c.ID, &c.account, &c.At, &c.Body, &c.to)
		return c, err
	}, `SELECT id, account, at, body, addressed FROM entry_comment WHERE district = $1 AND entry = $2 ORDER BY at, id`, by.District, entry)
	if err != nil {
		return nil, err
	}
	out := []CommentView{}
	for _, c := range list {
		if c.By, err = account.NameOf(ctx, q, by.District, c.account); err != nil {
			return nil, err
		}
		if c.to != "" {
			if c.To, err = account.NameOf(ctx, q, by.District, c.to); err != nil {
				return nil, err
			}
		}
		out = append(out, c.CommentView)
	}
	return out, nil
}

// Addressees lists who can be addressed about an entry: the people of its unit and of the units above, and its author.
func (s *Service) Addressees(ctx context.Context, q db.Querier, by access.Scope, entry string) ([]Person, error) {
	e, _, w, err := s.seen(ctx, q, by, entry)
	if err != nil {
		return nil, err
	}
	chain := w.Org.Chain(e.Unit, w.Day)
	marks := make([]string, len(chain))
	for i, n := range chain {
		marks[i] = fmt.Sprint(int64(n))
	}
	list, err := db.All(ctx, q, func(r *sql.Rows) (Person, error) {
		var p Person
		var unit org.No
		err := r.Scan(&p.Account, &p.Name, &unit)
		p.Unit, p.Initials = w.Org.UnitName(unit), pinyin.Initials(p.Name)
		return p, err
	}, `SELECT DISTINCT a.id, p.name, p.unit FROM account AS a JOIN person AS p ON p.district = a.district AND p.id = a.person
		WHERE a.district = $1 AND a.closed = 0 AND a.id <> $2 AND (a.id = $3 OR EXISTS (SELECT 1 FROM role_grant AS g
			WHERE g.district = a.district AND g.account = a.id AND g.day_from <= $4 AND $4 < g.day_until AND g.unit IN (`+strings.Join(marks, ",")+`)))
		ORDER BY p.name, a.id LIMIT 200`, by.District, by.Account, e.Account, int64(w.Day))
	if list == nil {
		list = []Person{}
	}
	return list, err
}

// Comment says something about an entry; a person addressed gets it as news. Whoever reads the record may speak.
//
// Errors: ErrEntry, ErrEmpty, ErrForbidden for an addressee who does not read the record.
func (s *Service) Comment(ctx context.Context, tx *db.Tx, by access.Scope, entry, body, to string) error {
	e, k, w, err := s.seen(ctx, tx, by, entry)
	if err != nil {
		return err
	}
	if body = strings.TrimSpace(body); body == "" {
		return ErrEmpty
	}
	if to != "" {
		people, err := s.Addressees(ctx, tx, by, entry)
		if err != nil {
			return err
		}
		found := false
		for _, p := range people {
			found = found || p.Account == to
		}
		if !found {
			return ErrForbidden
		}
	}
	c := id.New(w.Now)
	if _, err := tx.ExecContext(ctx, `INSERT INTO entry_comment (district, id, entry, account, at, body, addressed) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		by.District, c, e.ID, by.Account, w.Now.UnixMilli(), body, to); err != nil {
		return err
	}
	if to != "" && s.Notify != nil {
		short := []rune(body)
		if len(short) > 60 {
			short = append(short[:59], '…')
		}
		if _, err := s.Notify.Send(ctx, tx, by.District, notify.Message{Key: "comment:" + c, Kind: "comment", Link: "/entry/" + e.ID, From: by.Account,
			Title: i18n.Label{Zh: fmt.Sprintf("%s 在%s %s 说：%s", by.Name, k.Title.Zh, e.Number, string(short)), En: fmt.Sprintf("%s on %s %s: %s", by.Name,
				k.Title.En, e.Number, string(short))}}, []string{to}); err != nil {
			return err
		}
	}
	if err := journal.Write(ctx, tx, by, w.Now, "ledger.comment", e.ID, e.Rev, nil); err != nil {
		return err
	}
	return outbox.Emit(ctx, tx, by.District, w.Now, Changed{e.ID, k.Key, w.Org.Targets(e.Unit, w.Day)})
}
