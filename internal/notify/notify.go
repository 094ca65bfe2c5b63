// Package notify brings news to persons: to their workbench always, to the group chats and mailboxes of their unit where
// the unit has named some. One thing reaches a person and a channel once.
package notify

import (
	"context"
	"database/sql"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/id"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/outward"
	"sifen/internal/problem"
	"sifen/internal/seal"
)

// Verb to name the channels of a unit.
const Edit access.Verb = "notify.edit"

// Problems of this package.
var (
	ErrNone    = problem.New(problem.NotFound, "notify.none", nil)
	ErrAddress = problem.New(problem.Invalid, "notify.address", nil)
	ErrMail    = problem.New(problem.Invalid, "notify.no-mail", nil)
	ErrInside  = problem.New(problem.Invalid, "notify.inside", nil)
)

// Service sends and shows news.
type Service struct {
	module.Platform
	Mail    Mail
	Outward outward.Client // what robots and webhooks are reached with
	Seals   *seal.Box      // closes their addresses and secrets
	// Patience is how long a channel may take to answer; zero is ten seconds.
	Patience time.Duration
}

// New makes the service; the zero Mail sends no mails.
func New(p module.Platform, mail Mail, out outward.Client, seals *seal.Box) *Service {
	return &Service{Platform: p, Mail: mail, Outward: out, Seals: seals}
}

// Message is one piece of news. Key names the thing it is about: the same key never reaches a person twice.
type Message struct {
	Key   string
	Kind  string // due, comment, document, …
	Title i18n.Label
	Link  string // a path of the desk
	From  string // account of the sender, "" for Sifen itself
	Unit  org.No // whose channels get it too; 0 for none
}

// Changed is the fact that somebody has news.
type Changed struct {
	Account string `json:"account"`
}

// Kind names the fact.
func (Changed) Kind() string { return "notify.changed" }

// Send brings a message to accounts in the transaction of its cause, and returns how many had not had it yet.
func (s *Service) Send(ctx context.Context, tx *db.Tx, district int64, m Message, accounts []string) (int, error) {
	now := s.Clock.Now()
	sent := 0
	for _, a := range accounts {
		fresh, err := db.Changed(tx.ExecContext(ctx, `INSERT INTO notice (district, id, account, key, kind, title_zh, title_en, link, sender, at, read_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)
			ON CONFLICT (district, account, key) DO NOTHING`, district, id.New(now), a, m.Key, m.Kind, m.Title.Zh, m.Title.En, m.Link, m.From, now.UnixMilli()))
		if err != nil {
			return sent, err
		}
		if !fresh {
			continue
		}
		sent++
		if err := outbox.Emit(ctx, tx, district, now, Changed{a}); err != nil {
			return sent, err
		}
	}
	if m.Unit == 0 {
		return sent, nil
	}
	return sent, s.queue(ctx, tx, district, m)
}

// Notice is one piece of news of a person.
type Notice struct {
	ID    string     `json:"id"`
	Kind  string     `json:"kind"`
	Title i18n.Label `json:"title"`
	Link  string     `json:"link"`
	At    int64      `json:"at"`
	Read  bool       `json:"read"`
}

// List is the caller's news, unread first, newest first.
func List(ctx context.Context, q db.Querier, by access.Scope, limit int) ([]Notice, error) {
	out, err := db.All(ctx, q, func(r *sql.Rows) (Notice, error) {
		var n Notice
		var read int64
		err := r.Scan(&n.ID, &n.Kind, &n.Title.Zh, &n.Title.En, &n.Link, &n.At, &read)
		n.Read = read > 0
		return n, err
	}, `SELECT id, kind, title_zh, title_en, link, at, read_at FROM notice WHERE district = $1 AND account = $2
		ORDER BY CASE WHEN read_at = 0 THEN 0 ELSE 1 END, at DESC, id DESC LIMIT $3`, by.District, by.Account, limit)
	if out == nil {
		out = []Notice{}
	}
	return out, err
}

// Unread counts the caller's unread news.
func Unread(ctx context.Context, q db.Querier, by access.Scope) (n int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM notice WHERE district = $1 AND account = $2 AND read_at = 0`, by.District, by.Account).Scan(&n)
	return n, err
}

// Read marks news as read; "" marks all. Another's news does not exist.
func Read(ctx context.Context, tx *db.Tx, by access.Scope, notice string, now time.Time) error {
	some, err := db.Changed(tx.ExecContext(ctx, `UPDATE notice SET read_at = $4 WHERE district = $1 AND account = $2 AND read_at = 0
		AND (id = $3 OR $3 = '')`, by.District, by.Account, notice, now.UnixMilli()))
	if err != nil || some || notice == "" {
		return err
	}
	var have int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM notice WHERE district = $1 AND account = $2 AND id = $3`, by.District, by.Account,
		notice).Scan(&have); err != nil {
		return err
	}
	if have == 0 {
		return ErrNone
	}
	return nil
}
