package document

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/journal"
)

// Event is one thing that happened to a document, or was said about it.
type Event struct {
	ID      string
	At      int64
	Account string
	Op      string // create, comment, submit, withdraw, approve, return, issue, recipients, sign, remind
	Body    string // the words, a number, names of units
	Place   string // of a comment: the key of a paragraph, or ""
}

// note writes an event.
func note(ctx context.Context, tx *db.Tx, by access.Scope, now time.Time, doc, op, body, place string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO document_event (district, id, document, at, account, op, body, place) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		by.District, id.New(now), doc, now.UnixMilli(), by.Account, op, body, place)
	return err
}

// Events lists what happened to a document, for those whose reach gives it.
func Events(ctx context.Context, q db.Querier, by access.Scope, doc string) ([]Event, error) {
	return db.All(ctx, q, func(r *sql.Rows) (Event, error) {
		var e Event
		err := r.Scan(&e.ID, &e.At, &e.Account, &e.Op, &e.Body, &e.Place)
		return e, err
	}, `SELECT e.id, e.at, e.account, e.op, e.body, e.place FROM document_event AS e JOIN document AS d ON d.district = e.district AND d.id = e.document
	     WHERE e.district = $1 AND e.document = $2 AND `+by.Reach("d.district", "d.unit", Read)+` ORDER BY e.at, e.id`, by.District, doc)
}

// Authored reports whether a person drafted a document, put it forward or wrote in it: then another approves it.
func Authored(ctx context.Context, q db.Querier, by access.Scope, d Document) (bool, error) {
	if by.Account == "" {
		return false, nil
	}
	if d.CreatedBy == by.Account || d.SentBy == by.Account {
		return true, nil
	}
	var n int64
	err := q.QueryRowContext(ctx, `SELECT count(*) FROM document_snapshot WHERE district = $1 AND document = $2 AND account = $3`, by.District, d.ID,
		by.Account).Scan(&n)
	return n > 0, err
}

// Submit puts a draft forward for approval. From then on nobody changes it until it is approved or comes back.
func (s *Service) Submit(ctx context.Context, tx *db.Tx, by access.Scope, doc string, rev int64) (Document, error) {
	d, err := s.editable(ctx, tx, by, doc, rev)
	if err == nil {
		err = s.current(ctx, tx, by, d)
	}
	if err != nil {
		return d, err
	}
	if d.Origin == FromTemplate {
		if err := s.snapshot(ctx, tx, by, d); err != nil {
			return d, err
		}
	}
	was := d
	d.State, d.SentBy, d.SentAt = Review, by.Account, s.Clock.Now().UnixMilli()
	return d, s.step(ctx, tx, by, &d, was, "submit", Edit, "")
}

// Withdraw takes back what waits for approval, or was approved and not issued yet.
func (s *Service) Withdraw(ctx context.Context, tx *db.Tx, by access.Scope, doc string, rev int64) (Document, error) {
	d, err := s.held(ctx, tx, by, doc, rev, Edit)
	if err != nil {
		return d, err
	}
	if d.State != Review && d.State != Approved {
		return d, ErrNotSent
	}
	was := d
	d.State, d.ApprovedBy, d.ApprovedAt = Draft, "", 0
	return d, s.step(ctx, tx, by, &d, was, "withdraw", Edit, "")
}

// Approve agrees with what was put forward. Nobody approves his own.
func (s *Service) Approve(ctx context.Context, tx *db.Tx, by access.Scope, doc string, rev int64) (Document, error) {
	d, err := s.judged(ctx, tx, by, doc, rev)
	if err == nil {
		err = s.current(ctx, tx, by, d)
	}
	if err != nil {
		return d, err
	}
	was := d
	d.State, d.ApprovedBy, d.ApprovedAt = Approved, by.Account, s.Clock.Now().UnixMilli()
	return d, s.step(ctx, tx, by, &d, was, "approve", Issue, "")
}

// SendBack returns what was put forward to its drafter with a reason.
func (s *Service) SendBack(ctx context.Context, tx *db.Tx, by access.Scope, doc string, rev int64, reason string) (Document, error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		return Document{}, ErrEmpty
	}
	d, err := s.judged(ctx, tx, by, doc, rev)
	if err != nil {
		return d, err
	}
	was := d
	d.State = Draft
	return d, s.step(ctx, tx, by, &d, was, "return", Issue, reason)
}

func (s *Service) judged(ctx context.Context, tx *db.Tx, by access.Scope, doc string, rev int64) (Document, error) {
	d, err := s.held(ctx, tx, by, doc, rev, Issue)
	if err != nil {
		return d, err
	}
	if d.State != Review {
		return d, ErrNotSent
	}
	if own, err := Authored(ctx, tx, by, d); err != nil {
		return d, err
	} else if own {
		return d, ErrSelf
	}
	return d, nil
}

func (s *Service) step(ctx context.Context, tx *db.Tx, by access.Scope, d *Document, was Document, op string, verb access.Verb, body string) error {
	d.Rev++
	if err := save(ctx, tx, by.District, *d, was.Rev, was.State); err != nil {
		return err
	}
	now := s.Clock.Now()
	if err := note(ctx, tx, by, now, d.ID, op, body, ""); err != nil {
		return err
	}
	if err := s.stepNews(ctx, tx, by, *d, op, body); err != nil {
		return err
	}
	if err := announceChange(ctx, tx, by.District, now, d.ID); err != nil {
		return err
	}
	return journal.Write(ctx, tx, by, now, verb, d.ID, d.Rev, map[string]string{"op": op})
}

// Comment says something about a document, or about one paragraph of it. Recipients do not comment.
func (s *Service) Comment(ctx context.Context, tx *db.Tx, by access.Scope, doc, body, place string) error {
	if body = strings.TrimSpace(body); body == "" {
		return ErrEmpty
	}
	d, err := get(ctx, tx, by, doc)
	if err != nil {
		return err
	}
	if !d.Within {
		return ErrForbidden
	}
	now := s.Clock.Now()
	if err := note(ctx, tx, by, now, d.ID, "comment", body, place); err != nil {
		return err
	}
	if err := announceChange(ctx, tx, by.District, now, d.ID); err != nil {
		return err
	}
	return journal.Write(ctx, tx, by, now, Read, d.ID, d.Rev, map[string]string{"op": "comment"})
}
