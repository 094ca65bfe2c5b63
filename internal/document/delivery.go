package document

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/journal"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Delivery is one unit a document goes to. Instants are 0 until it happened.
type Delivery struct {
	Unit        org.No
	DeliveredAt int64
	ReadAt      int64
	ReadBy      string // account
	SignedAt    int64
	SignedBy    string // account
	RemindedAt  int64
	Reminders   int64
}

// Deliveries lists the recipients of a document: all of them for those whose reach gives it, his own for a recipient.
func Deliveries(ctx context.Context, q db.Querier, by access.Scope, doc string) ([]Delivery, error) {
	return db.All(ctx, q, func(r *sql.Rows) (Delivery, error) {
		var d Delivery
		err := r.Scan(&d.Unit, &d.DeliveredAt, &d.ReadAt, &d.ReadBy, &d.SignedAt, &d.SignedBy, &d.RemindedAt, &d.Reminders)
		return d, err
	}, `SELECT v.unit, v.delivered_at, v.read_at, v.read_by, v.signed_at, v.signed_by, v.reminded_at, v.reminders
	     FROM document_delivery AS v JOIN document AS d ON d.district = v.district AND d.id = v.document
	     WHERE v.district = $1 AND v.document = $2 AND (`+by.Reach("d.district", "d.unit", Read)+` OR `+by.Reach("v.district", "v.unit",
		Receive)+`) ORDER BY v.unit`, by.District, doc)
}

// deliver hands a document to every recipient that does not have it yet.
func deliver(ctx context.Context, tx *db.Tx, district int64, doc string, at int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE document_delivery SET delivered_at = $3 WHERE district = $1 AND document = $2 AND delivered_at = 0`, district,
		doc, at)
	return err
}

// with reads a document that the caller sees, with the units it may concern.
func (s *Service) with(ctx context.Context, q db.Querier, by access.Scope, doc string) (Document, *org.Org, error) {
	d, err := get(ctx, q, by, doc)
	if err != nil {
		return d, nil, err
	}
	o, err := s.Orgs.Current(ctx, q, by.District)
	return d, o, err
}

// SetRecipients says to which units a document goes. Once it is issued, units can be added and get it at once, and none
// can be taken away.
func (s *Service) SetRecipients(ctx context.Context, tx *db.Tx, by access.Scope, doc string, rev int64, units []org.No) (Document, error) {
	d, o, err := s.with(ctx, tx, by, doc)
	if err != nil {
		return d, err
	}
	today := period.Day(by.Today)
	if !by.Can(Edit, o.Targets(d.Unit, today), false) {
		return d, ErrForbidden
	}
	if d.Ended != "" {
		return d, ErrEnded
	}
	if d.Rev != rev {
		return d, ErrStale
	}
	have, err := Deliveries(ctx, tx, access.System(by.District, by.Today, "recipients"), doc)
	if err != nil {
		return d, err
	}
	want, had := map[org.No]bool{}, map[org.No]bool{}
	superiors := map[int64]bool{}
	for _, t := range o.Targets(d.Unit, today) {
		superiors[t.Unit] = true
	}
	var names []string
	for _, v := range have {
		had[v.Unit] = true
	}
	for _, u := range units {
		if _, ok := o.Unit(u); !ok || u == d.Unit || !had[u] && !by.Sees(o.Targets(u, today)) && !superiors[int64(u)] {
			return d, org.ErrUnit
		}
		want[u] = true
	}
	for _, v := range have {
		if want[v.Unit] {
			continue
		}
		if v.DeliveredAt > 0 {
			return d, ErrDelivered.With("unit", o.UnitName(v.Unit))
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM document_delivery WHERE district = $1 AND document = $2 AND unit = $3 AND delivered_at = 0`,
			by.District, doc, int64(v.Unit)); err != nil {
			return d, err
		}
	}
	now := s.Clock.Now()
	for _, u := range units {
		if had[u] {
			continue
		}
		had[u] = true
		at := int64(0)
		if d.State == Issued || d.State == Received {
			at = now.UnixMilli()
		}
		names = append(names, o.UnitName(u))
		if _, err := tx.ExecContext(ctx, `INSERT INTO document_delivery (district, document, unit, delivered_at, read_at, read_by, signed_at, signed_by,
			reminded_at, reminders) VALUES ($1, $2, $3, $4, 0, '', 0, '', 0, 0)`,
			by.District, doc, int64(u), at); err != nil {
			return d, err
		}
	}
	was := d
	return d, s.step(ctx, tx, by, &d, was, "recipients", Edit, strings.Join(names, "、"))
}

// seats are the units at which a person himself holds a verb: what is signed for is signed for by the unit, not by one
// above it.
func seats(by access.Scope, v access.Verb) map[org.No]bool {
	out := map[org.No]bool{}
	for _, g := range by.Grants {
		if g.Verbs[v] {
			out[org.No(g.Unit)] = true
		}
	}
	return out
}

// MarkRead notes that a person of a recipient opened a document. The first one is kept.
func (s *Service) MarkRead(ctx context.Context, tx *db.Tx, by access.Scope, doc string) error {
	d, err := get(ctx, tx, by, doc)
	if err != nil {
		return err
	}
	now := s.Clock.Now()
	changed := false
	for u := range seats(by, Receive) {
		some, err := db.Changed(tx.ExecContext(ctx, `UPDATE document_delivery SET read_at = $4, read_by = $5 WHERE district = $1 AND document = $2
			AND unit = $3 AND delivered_at > 0 AND read_at = 0`,
			by.District, doc, int64(u), now.UnixMilli(), by.Account))
		if err != nil {
			return err
		}
		if some {
			changed = true
			if err := journal.Write(ctx, tx, by, now, Receive, doc, d.Rev, map[string]any{"unit": u}); err != nil {
				return err
			}
		}
	}
	if changed {
		return announceChange(ctx, tx, by.District, now, doc)
	}
	return nil
}

// SignFor signs for a document in the name of a recipient unit. Only a person of that very unit does.
func (s *Service) SignFor(ctx context.Context, tx *db.Tx, by access.Scope, doc string, unit org.No) error {
	d, err := get(ctx, tx, by, doc)
	if err != nil {
		return err
	}
	list, err := Deliveries(ctx, tx, by, doc)
	if err != nil {
		return err
	}
	for _, v := range list {
		switch {
		case v.Unit != unit || v.DeliveredAt == 0:
			continue
		case !seats(by, Sign)[unit]:
			return ErrSignHere
		case d.Ended != "":
			return ErrEnded
		case v.SignedAt > 0:
			return ErrSigned
		}
		now := s.Clock.Now()
		if _, err := tx.ExecContext(ctx, `UPDATE document_delivery
			SET signed_at = $4, signed_by = $5, read_at = CASE WHEN read_at = 0 THEN $4 ELSE read_at END,
			read_by = CASE WHEN read_at = 0 THEN $5 ELSE read_by END
			WHERE district = $1 AND document = $2 AND unit = $3`, by.District, doc, int64(unit), now.UnixMilli(), by.Account); err != nil {
			return err
		}
		o, err := s.Orgs.Current(ctx, tx, by.District)
		if err != nil {
			return err
		}
		if err := note(ctx, tx, by, now, doc, "sign", o.UnitName(unit), ""); err != nil {
			return err
		}
		if err := announceChange(ctx, tx, by.District, now, doc); err != nil {
			return err
		}
		return journal.Write(ctx, tx, by, now, Sign, doc, d.Rev, map[string]any{"unit": unit})
	}
	return ErrRecipient
}

// Remind asks every recipient that has not signed yet to do so, at most once a day each. It returns how many.
func (s *Service) Remind(ctx context.Context, tx *db.Tx, by access.Scope, doc string) (int, error) {
	d, err := get(ctx, tx, by, doc)
	if err != nil {
		return 0, err
	}
	o, err := s.Orgs.Current(ctx, tx, by.District)
	if err != nil {
		return 0, err
	}
	if !by.Can(Edit, o.Targets(d.Unit, period.Day(by.Today)), false) {
		return 0, ErrForbidden
	}
	if d.Ended != "" {
		return 0, ErrEnded
	}
	now := s.Clock.Now()
	list, err := Deliveries(ctx, tx, by, doc)
	if err != nil {
		return 0, err
	}
	var names []string
	for _, v := range list {
		if v.DeliveredAt == 0 || v.SignedAt > 0 || v.RemindedAt > 0 && dayOf(v.RemindedAt) == dayOf(now.UnixMilli()) {
			continue
		}
		if _, err := tx.ExecContext(ctx, `UPDATE document_delivery SET reminded_at = $4, reminders = reminders + 1 WHERE district = $1 AND document = $2
			AND unit = $3`, by.District, doc, int64(v.Unit), now.UnixMilli()); err != nil {
			return 0, err
		}
		names = append(names, o.UnitName(v.Unit))
		if err := s.send(ctx, tx, by, d, fmt.Sprintf("remind:%d", by.Today), i18n.Label{Zh: "催签收：" + d.Title, En: "Reminder to sign for: " + d.Title},
			v.Unit, Sign); err != nil {
			return 0, err
		}
	}
	if len(names) == 0 {
		return 0, ErrNothing
	}
	if err := note(ctx, tx, by, now, doc, "remind", strings.Join(names, "、"), ""); err != nil {
		return 0, err
	}
	if err := announceChange(ctx, tx, by.District, now, doc); err != nil {
		return 0, err
	}
	return len(names), journal.Write(ctx, tx, by, now, Edit, doc, d.Rev, map[string]any{"op": "remind", "units": len(names)})
}

// Unsigned is a document that waits for the signature of a unit.
type Unsigned struct {
	Document    string
	Title       string
	Number      string
	Kind        string
	From        org.No
	Unit        org.No // that is to sign
	DeliveredAt int64
	ReadAt      int64
	RemindedAt  int64
}

// WaitingFor lists what waits for the signature of the units at which the person himself may sign, the longest waiting
// first.
func WaitingFor(ctx context.Context, q db.Querier, by access.Scope, limit int) ([]Unsigned, error) {
	var units []string
	for u := range seats(by, Sign) {
		units = append(units, fmt.Sprint(int64(u)))
	}
	if len(units) == 0 {
		return []Unsigned{}, nil
	}
	return db.All(ctx, q, func(r *sql.Rows) (Unsigned, error) {
		var u Unsigned
		err := r.Scan(&u.Document, &u.Title, &u.Number, &u.Kind, &u.From, &u.Unit, &u.DeliveredAt, &u.ReadAt, &u.RemindedAt)
		return u, err
	}, `SELECT d.id, d.title, d.number, d.kind, d.unit, v.unit, v.delivered_at, v.read_at, v.reminded_at FROM document_delivery AS v
		JOIN document AS d ON d.district = v.district AND d.id = v.document
	     WHERE v.district = $1 AND v.delivered_at > 0 AND v.signed_at = 0 AND d.ended = '' AND v.unit IN (`+strings.Join(units,
		",")+`) ORDER BY v.delivered_at, d.id LIMIT $2`, by.District, limit)
}
