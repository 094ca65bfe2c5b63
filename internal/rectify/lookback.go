package rectify

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"sifen/internal/access"
	"sifen/internal/calendar"
	"sifen/internal/db"
	"sifen/internal/draw"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/journal"
	"sifen/internal/notify"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/seal"
)

// Look-backs: when a month is over, the list of what was closed in it is sealed; at the next six o'clock in the morning a seed
// that nobody knew chooses at least a tenth of it, and the office owes a look at each.
const (
	lookShare = 10            // per cent of a list, rounded up
	lookDays  = 15            // working days the office has
	lookOpens = 6 * time.Hour // of the day: when a list is drawn from
)

// What became of a look-back; "" is still owed.
const (
	LookPassed  = "passed"
	LookFailed  = "failed"
	LookDropped = "dropped" // the case was opened again or revoked before anybody looked
)

// LookMonth is the list of a month and what decided who is looked back at.
type LookMonth struct {
	Month    period.Month
	No       string
	Quota    int64
	Base     string
	Digest   string // of Base, published before the seed can be known
	Secret   string // closed with the key file until it is opened
	Seal     string // digest of the secret
	Chain    string // of the journal, when it was opened
	Seed     string
	SealedAt int64
	OpenedAt int64 // 0: nothing is drawn yet
}

func monthNo(m period.Month) string { return "HTK-" + m.First().String()[:7] }

func lookPlace(district int64, m period.Month) string {
	return fmt.Sprintf("look-back %d %s", district, monthNo(m))
}

const lookColumns = `month, no, quota, base, digest, secret, seal, chain, seed, sealed_at, opened_at`

func scanLook(r *sql.Rows) (m LookMonth, err error) {
	return m, r.Scan(&m.Month, &m.No, &m.Quota, &m.Base, &m.Digest, &m.Secret, &m.Seal, &m.Chain, &m.Seed, &m.SealedAt, &m.OpenedAt)
}

// lookMonths are the lists of a district, the newest first; month 0 is all.
func lookMonths(ctx context.Context, q db.Querier, district int64, month period.Month) ([]LookMonth, error) {
	return db.All(ctx, q, scanLook, `SELECT `+lookColumns+` FROM rcase_lookmonth WHERE district = $1 AND ($2 = 0 OR month = $2) ORDER BY month DESC`, district,
		int64(month))
}

// opensLook is the first six o'clock in the morning after a list was sealed.
func opensLook(sealed time.Time) time.Time {
	at := period.Of(sealed).Start().Add(lookOpens)
	if sealed.Before(at) {
		return at
	}
	return (period.Of(sealed) + 1).Start().Add(lookOpens)
}

// lookQuota is how many of n are looked back at.
func lookQuota(n int) int { return (n*lookShare + 99) / 100 }

// LookBacks is what time does to look-backs: it seals the list of the month before and draws from lists whose hour has come.
func (s *Service) LookBacks(ctx context.Context, district int64) error {
	now := s.Platform.Clock.Now()
	last := period.Of(now).Month() - 1
	shared := func(do func(tx *db.Tx) error) error {
		return s.DB.Write(ctx, func(tx *db.Tx) error {
			if err := indicator.Shared(ctx, tx, district); err != nil {
				return err
			}
			return do(tx)
		})
	}
	have, err := lookMonths(ctx, s.DB.Read, district, last)
	if err != nil {
		return err
	}
	if len(have) == 0 {
		list, err := closedIn(ctx, s.DB.Read, district, last)
		if err != nil || len(list) == 0 {
			return err
		}
		if err := shared(func(tx *db.Tx) error { return s.sealLooks(ctx, tx, district, last) }); err != nil {
			return err
		}
	}
	open, err := db.All(ctx, s.DB.Read, scanLook, `SELECT `+lookColumns+` FROM rcase_lookmonth WHERE district = $1 AND opened_at = 0`, district)
	if err != nil {
		return err
	}
	for _, m := range open {
		if now.Before(opensLook(instant(m.SealedAt))) {
			continue
		}
		if err := shared(func(tx *db.Tx) error { return s.openLooks(ctx, tx, district, m.Month) }); errors.Is(err, seal.ErrKey) {
			s.Log.Warn("a list of look-backs cannot be opened: the key file is lost", "list", m.No)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// closedIn are the cases on the list of a month: closed in it, or in the month before and received too late for that list.
func closedIn(ctx context.Context, q db.Querier, district int64, m period.Month) ([]Case, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM rcase AS c WHERE c.district = $1 AND c.state = 'closed' AND c.closed_at >= $2 AND c.closed_at < $3
		AND NOT EXISTS (SELECT 1 FROM rcase_lookback AS l WHERE l.district = c.district AND l.rcase = c.id AND l.round = c.round) ORDER BY c.no`,
		district, (m - 1).First().Start().UnixMilli(), (m + 1).First().Start().UnixMilli())
}

// sealLooks fixes the list of a month and a secret; the digests of both are published.
func (s *Service) sealLooks(ctx context.Context, tx *db.Tx, district int64, m period.Month) error {
	w, err := s.Moment(ctx, tx, district)
	if err != nil {
		return err
	}
	if have, err := lookMonths(ctx, tx, district, m); err != nil || len(have) > 0 {
		return err // another node was faster
	}
	list, err := closedIn(ctx, tx, district, m)
	if err != nil || len(list) == 0 {
		return err
	}
	b := draw.Base{Campaign: monthNo(m), Sealed: w.Day.String(), Quota: []int{lookQuota(len(list))}}
	for _, c := range list {
		b.Places = append(b.Places, draw.Place{Stratum: w.Org.UnitName(w.Org.Root), Key: c.No, Name: c.PlaceName})
	}
	key, err := org.Setting(ctx, tx, district, notify.SealKey)
	if err != nil {
		return err
	}
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return err
	}
	secret, first := hex.EncodeToString(raw), key
	x := LookMonth{Month: m, No: b.Campaign, Quota: int64(b.Quota[0]), Base: b.Text(), Seal: draw.Digest(secret), SealedAt: w.Now.UnixMilli()}
	x.Digest = draw.Digest(x.Base)
	if x.Secret, key, err = s.Notify.Seals.Seal(secret, lookPlace(district, m), key); err != nil {
		return err
	}
	if key != first {
		if err := org.SetSetting(ctx, tx, district, notify.SealKey, key); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO rcase_lookmonth (district, `+lookColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', $9, 0)`,
		district, int64(x.Month), x.No, x.Quota, x.Base, x.Digest, x.Secret, x.Seal, x.SealedAt); err != nil {
		return err
	}
	for _, c := range list {
		if _, err := tx.ExecContext(ctx, `INSERT INTO rcase_lookback (district, rcase, round, month, nth, hash, outcome, account, done_at)
			VALUES ($1, $2, $3, $4, 0, '', '', '', 0)`, district, c.ID, c.Round, int64(m)); err != nil {
			return err
		}
	}
	return journal.Write(ctx, tx, access.System(district, int64(w.Day), "time"), w.Now, access.Verb("rectify."+DutyLook), x.No, 1,
		map[string]any{"digest": x.Digest, "seal": x.Seal, "cases": len(list), "quota": x.Quota})
}

// openLooks draws from the list of a month: what is chosen is owed by the office of each case.
func (s *Service) openLooks(ctx context.Context, tx *db.Tx, district int64, m period.Month) error {
	w, err := s.Moment(ctx, tx, district)
	if err != nil {
		return err
	}
	have, err := lookMonths(ctx, tx, district, m)
	if err != nil || len(have) == 0 || have[0].OpenedAt > 0 {
		return err
	}
	x := have[0]
	if x.Secret, err = s.Notify.Seals.Open(x.Secret, lookPlace(district, m)); err != nil {
		return err
	}
	err = tx.QueryRowContext(ctx, `SELECT chain FROM journal WHERE district = $1 AND seq IS NOT NULL ORDER BY seq DESC LIMIT 1`, district).Scan(&x.Chain)
	if _, err = db.One(err); err != nil {
		return err
	}
	x.Seed = draw.Seed(x.Secret, x.Digest, "", x.Chain)
	ours, err := db.Changed(tx.ExecContext(ctx, `UPDATE rcase_lookmonth SET secret = $3, chain = $4, seed = $5, opened_at = $6
		WHERE district = $1 AND month = $2 AND opened_at = 0`, district, int64(m), x.Secret, x.Chain, x.Seed, w.Now.UnixMilli()))
	if err != nil || !ours {
		return err
	}
	b, err := draw.Parse(x.Base)
	if err != nil {
		return err
	}
	owing := map[org.No]int{}
	for i, slot := range draw.Days(b, []string{x.Seed})[0] {
		list, err := db.All(ctx, tx, scan, `SELECT `+columns+` FROM rcase AS c WHERE c.district = $1 AND c.no = $2`, district, slot.Key)
		if err != nil || len(list) != 1 {
			return cmp.Or(err, fmt.Errorf("the list %s names %s, which there is not", x.No, slot.Key))
		}
		office, err := s.oweLook(ctx, tx, w, district, m, list[0], int64(i+1), slot.Hash)
		if err != nil {
			return err
		}
		if office != 0 {
			owing[office]++
		}
	}
	if err := journal.Write(ctx, tx, access.System(district, int64(w.Day), "time"), w.Now, access.Verb("rectify."+DutyLook), x.No, 2,
		map[string]any{"seed": x.Seed, "chain": x.Chain, "quota": x.Quota}); err != nil {
		return err
	}
	return s.tellLooks(ctx, tx, district, x, owing)
}

// oweLook notes that a case was drawn. One that was opened again meanwhile is dropped, and stays on the list: who works the
// draw out again finds it there.
func (s *Service) oweLook(ctx context.Context, tx *db.Tx, w work, district int64, m period.Month, c Case, nth int64, hash string) (org.No, error) {
	outcome, office := LookDropped, org.No(0)
	duties, err := dutiesOf(ctx, tx, district, c.ID)
	if err != nil {
		return 0, err
	}
	var rounds int64
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM rcase_lookback WHERE district = $1 AND month = $2 AND rcase = $3 AND round = $4`, district,
		int64(m), c.ID, c.Round).Scan(&rounds); err != nil {
		return 0, err
	}
	if c.State == Closed && rounds == 1 {
		t := turn{c: c, duties: duties, set: w.Set, cal: calendar.Of(w.Set), now: w.Now.UnixMilli()}
		t.owe(DutyLook, c.Office, lookDays, 0)
		outcome, office = "", c.Office
		if err := saveDuty(ctx, tx, district, c.ID, t.duties[len(t.duties)-1]); err != nil {
			return 0, err
		}
	}
	_, err = tx.ExecContext(ctx, `UPDATE rcase_lookback SET nth = $4, hash = $5, outcome = $6 WHERE district = $1 AND month = $2 AND rcase = $3`, district,
		int64(m), c.ID, nth, hash, outcome)
	return office, err
}

// tellLooks tells each office how many it owes. Which ones is for those who look, on their own page: a robot's group may have
// the parties in it.
func (s *Service) tellLooks(ctx context.Context, tx *db.Tx, district int64, x LookMonth, owing map[org.No]int) error {
	offices := make([]org.No, 0, len(owing))
	for n := range owing {
		offices = append(offices, n)
	}
	slices.Sort(offices)
	for _, n := range offices {
		who, err := s.Accounts.Holders(ctx, tx, district, n, Recheck)
		if err != nil {
			return err
		}
		if _, err := s.Notify.Send(ctx, tx, district, notify.Message{Key: fmt.Sprintf("look-back:%s:%d", x.No, n), Kind: "case", Unit: n, Link: "/look-backs",
			Title: i18n.Say("rectify.news-looks", map[string]any{"n": owing[n], "month": x.Month.First().String()[:7]})}, who); err != nil {
			return err
		}
	}
	return nil
}

// looked notes what became of the look-back of a case, where one is owed.
func looked(ctx context.Context, tx *db.Tx, district int64, was, c Case, st Step, account string, now int64) error {
	if was.State != Closed {
		return nil
	}
	outcome := map[string]string{OpStands: LookPassed, OpAgain: LookFailed}[st.Op]
	if outcome == "" {
		if c.State == Closed {
			return nil
		}
		outcome, account = LookDropped, ""
	}
	_, err := tx.ExecContext(ctx, `UPDATE rcase_lookback SET outcome = $4, account = $5, done_at = $6 WHERE district = $1 AND rcase = $2 AND round = $3
		AND nth > 0 AND outcome = ''`, district, c.ID, was.Round, outcome, account, now)
	return err
}

// Steps of a look-back.

func (t *turn) lookBack() error {
	if err := t.from(Closed); err != nil {
		return err
	}
	if !t.owed(DutyLook) {
		return ErrNotDrawn.With("no", t.c.No)
	}
	return nil
}

func (t *turn) stands(_ Step, _ *Instrument) error {
	if err := t.lookBack(); err != nil {
		return err
	}
	t.c.SeenAt = max(t.c.SeenAt, t.now)
	t.done(DutyLook)
	return nil
}

// again opens the case once more: what was put right did not last. Where a later case of the same problem is open already,
// that one goes on, and this one stays closed.
func (t *turn) again(st Step, i *Instrument) error {
	if err := t.lookBack(); err != nil {
		return err
	}
	if err := reason(st.Words); err != nil {
		return err
	}
	t.c.SeenAt = max(t.c.SeenAt, t.now)
	t.done(DutyLook)
	if st.later {
		return nil
	}
	return t.reopen(st, i)
}
