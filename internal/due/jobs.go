package due

import (
	"context"
	"fmt"

	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/ledger"
	"sifen/internal/notify"
	"sifen/internal/period"
)

// Nag sends the reminders that Sifen itself sends: two days before the due day and on the day after it, each once. What
// has been missing for longer is a superior's business: nobody is flooded when a district begins.
func (s *Service) Nag(ctx context.Context, district int64) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		now := s.Clock.Now()
		today := period.Of(now)
		set, err := s.Packs.Current(ctx, tx, district)
		if err != nil {
			return err
		}
		list, err := db.All(ctx, tx, scan, `SELECT `+columns+` FROM due_item WHERE district = $1 AND state IN ('open', 'missing') AND due >= $2
			AND due <= $3 ORDER BY id`,
			district, int64(today-3), int64(today+2))
		if err != nil {
			return err
		}
		for _, i := range list {
			k, err := kind.Of(set, i.Kind)
			if err != nil {
				continue // the kind has been dropped since
			}
			key, say := "soon", i18n.Label{Zh: fmt.Sprintf("%s的%s还没有报送，截止 %s", i.Period.Zh(), k.Title.Zh, i.Due),
				En: fmt.Sprintf("%s for %s has not been delivered; it is due by %s", k.Title.En, i.Period.En(), i.Due)}
			if i.Due < today {
				key, say = "missed", i18n.Label{Zh: fmt.Sprintf("%s的%s已过截止日 %s，请尽快补报", i.Period.Zh(), k.Title.Zh, i.Due),
					En: fmt.Sprintf("%s for %s was due by %s; please deliver it", k.Title.En, i.Period.En(), i.Due)}
			}
			who, err := s.Accounts.Holders(ctx, tx, district, i.Unit, ledger.Enter)
			if err != nil {
				return err
			}
			if _, err := s.Notify.Send(ctx, tx, district, notify.Message{Key: fmt.Sprintf("due:%s:%s", i.ID, key), Kind: "due", Unit: i.Unit, Title: say,
				Link: fmt.Sprintf("/new/%s?unit=%d&due=%s", k.Key, i.Unit, i.Period)}, who); err != nil {
				return err
			}
		}
		return nil
	})
}
