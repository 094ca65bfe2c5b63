package document

import (
	"context"
	"fmt"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// How an issued document comes to its end: 《党政机关公文处理工作条例》 article 35.
const (
	Revoked  = "revoked"  // 撤销: void from the beginning
	Repealed = "repealed" // 废止: void from the day it was repealed
)

// Problems of ending a document.
var (
	ErrEnded = problem.New(problem.Conflict, "document.ended", nil)
	ErrHow   = problem.New(problem.Invalid, "document.no-such-end", nil)
)

// End revokes or repeals an issued document, at once and for good. Text, figures and number stay as they were issued: the
// number is never drawn again. Every recipient is told, and nobody is asked to sign any more.
//
// Errors: ErrForbidden without the verb at the issuing unit, ErrState when it is not issued, ErrEnded, ErrHow, ErrEmpty
// without a reason, ErrStale.
func (s *Service) End(ctx context.Context, tx *db.Tx, by access.Scope, doc string, rev int64, how, reason string) (Document, error) {
	d, o, err := s.with(ctx, tx, by, doc)
	if err != nil {
		return d, err
	}
	reason = strings.TrimSpace(reason)
	switch {
	case !by.Can(Issue, o.Targets(d.Unit, period.Day(by.Today)), false):
		return d, ErrForbidden
	case d.State != Issued:
		return d, ErrState
	case d.Ended != "":
		return d, ErrEnded
	case d.Rev != rev:
		return d, ErrStale
	case how != Revoked && how != Repealed:
		return d, ErrHow
	case reason == "":
		return d, ErrEmpty
	}
	was := d
	d.Ended, d.EndedAt, d.EndedBy, d.EndedReason = how, s.Clock.Now().UnixMilli(), by.Account, reason
	if err := s.step(ctx, tx, by, &d, was, how, Issue, reason); err != nil {
		return d, err
	}
	return d, s.endNews(ctx, tx, by, d)
}

// endNews tells everybody who reads for a recipient that the document does not hold any more.
func (s *Service) endNews(ctx context.Context, tx *db.Tx, by access.Scope, d Document) error {
	list, err := Deliveries(ctx, tx, access.System(by.District, by.Today, "documents"), d.ID)
	if err != nil {
		return err
	}
	words := map[string]i18n.Label{Revoked: {Zh: "已撤销：", En: "Revoked: "}, Repealed: {Zh: "已废止：", En: "Repealed: "}}[d.Ended]
	what := strings.TrimSpace(d.Number + " " + d.Title)
	for _, v := range list {
		if v.DeliveredAt == 0 {
			continue
		}
		title := i18n.Label{Zh: words.Zh + what + "（" + d.EndedReason + "）", En: words.En + what + " (" + d.EndedReason + ")"}
		if err := s.send(ctx, tx, by, d, fmt.Sprintf("ended:%d", v.Unit), title, org.No(v.Unit), Receive); err != nil {
			return err
		}
	}
	return nil
}
