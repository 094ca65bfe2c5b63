package document

import (
	"context"
	"database/sql"
	"fmt"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/notify"
	"sifen/internal/org"
	"sifen/internal/period"
)

// News tells persons what concerns them; the zero News tells nobody.
type News struct {
	Accounts *account.Service
	Notify   *notify.Service
}

// send tells the persons who hold a verb at a unit, except the one who caused it.
func (s *Service) send(ctx context.Context, tx *db.Tx, by access.Scope, d Document, key string, title i18n.Label, unit org.No, verb access.Verb) error {
	if s.News.Notify == nil {
		return nil
	}
	who, err := s.News.Accounts.Holders(ctx, tx, by.District, unit, verb)
	if err != nil {
		return err
	}
	var others []string
	for _, a := range who {
		if a != by.Account {
			others = append(others, a)
		}
	}
	_, err = s.News.Notify.Send(ctx, tx, by.District, notify.Message{Key: "document:" + d.ID + ":" + key, Kind: "document", Title: title,
		Link: "/documents/" + d.ID, From: by.Account, Unit: unit}, others)
	return err
}

// tell tells one person.
func (s *Service) tell(ctx context.Context, tx *db.Tx, by access.Scope, d Document, key string, title i18n.Label, account string) error {
	if s.News.Notify == nil || account == "" || account == by.Account {
		return nil
	}
	_, err := s.News.Notify.Send(ctx, tx, by.District, notify.Message{Key: "document:" + d.ID + ":" + key, Kind: "document", Title: title,
		Link: "/documents/" + d.ID, From: by.Account}, []string{account})
	return err
}

// announce tells every unit that has just got a document, and has not been told yet, to sign for it.
func (s *Service) announce(ctx context.Context, tx *db.Tx, by access.Scope, d Document) error {
	units, err := db.All(ctx, tx, func(r *sql.Rows) (org.No, error) {
		var n org.No
		return n, r.Scan(&n)
	}, `SELECT unit FROM document_delivery WHERE district = $1 AND document = $2 AND delivered_at > 0 AND signed_at = 0 ORDER BY unit`, by.District, d.ID)
	if err != nil {
		return err
	}
	for _, u := range units {
		if err := s.send(ctx, tx, by, d, "delivered", i18n.Label{Zh: "请签收：" + d.Title, En: "Please sign for: " + d.Title}, u, Sign); err != nil {
			return err
		}
	}
	return nil
}

// step tells those whom a step in the life of a document concerns.
func (s *Service) stepNews(ctx context.Context, tx *db.Tx, by access.Scope, d Document, op, body string) error {
	switch op {
	case "submit":
		o, err := s.Orgs.Current(ctx, tx, by.District)
		if err != nil {
			return err
		}
		for _, u := range o.Chain(d.Unit, period.Day(by.Today)) { // the nearest unit with somebody who may approve
			who, err := s.News.holders(ctx, tx, by, u)
			if err != nil {
				return err
			}
			if who {
				return s.send(ctx, tx, by, d, fmt.Sprintf("submit:%d", d.Rev), i18n.Label{Zh: "请审批：" + d.Title, En: "For your approval: " + d.Title}, u, Issue)
			}
		}
	case "approve":
		return s.tell(ctx, tx, by, d, fmt.Sprintf("approve:%d", d.Rev), i18n.Label{Zh: "已批准：" + d.Title, En: "Approved: " + d.Title}, d.SentBy)
	case "return":
		return s.tell(ctx, tx, by, d, fmt.Sprintf("return:%d", d.Rev), i18n.Label{Zh: "退回修改：" + d.Title + "（" + body + "）",
			En: "Sent back: " + d.Title + " (" + body + ")"}, d.SentBy)
	case "recipients":
		return s.announce(ctx, tx, by, d)
	}
	return nil
}

func (n News) holders(ctx context.Context, q db.Querier, by access.Scope, unit org.No) (bool, error) {
	if n.Accounts == nil {
		return false, nil
	}
	who, err := n.Accounts.Holders(ctx, q, by.District, unit, Issue)
	if err != nil {
		return false, err
	}
	for _, a := range who {
		if a != by.Account {
			return true, nil
		}
	}
	return false, nil
}

// InReview lists the documents that wait for the caller's approval, the longest waiting first.
func InReview(ctx context.Context, q db.Querier, by access.Scope, limit int) ([]Document, error) {
	return db.All(ctx, q, func(r *sql.Rows) (Document, error) { return scanDocument(r) },
		`SELECT `+columnsFor(by)+` FROM document AS d WHERE d.district = $1 AND d.state = 'review' AND d.created_by <> $2 AND d.sent_by <> $2
			AND `+by.Reach("d.district", "d.unit", Issue)+` ORDER BY d.sent_at, d.id LIMIT $3`, by.District, by.Account, limit)
}
