package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"sifen/internal/db"
)

// A try is counted before its password is looked at, in one statement, and given back when it was right: sixty at once are
// sixty counts, and the sixth finds the door shut. Three counts judge a stranger: of this login from this network, of this
// login from all of them, and of this network over all logins. Where the login has signed in before only the first judges,
// so that no stranger locks its owner out.
const (
	byPair    = "pair"
	byLogin   = "login"
	byNetwork = "network"
	// byScreen counts wrong old passwords in open sessions: whoever finds a screen unlocked does not find the password by trying.
	byScreen = "screen"
)

// limit is how many tries are free, and how long the waits after them become.
type limit struct {
	what string
	free int64
	most time.Duration
}

var limits = []limit{{byPair, 5, 15 * time.Minute}, {byLogin, 20, 15 * time.Minute}, {byNetwork, 40, time.Minute}, {byScreen, 5, 15 * time.Minute}}

const (
	firstPause = 5 * time.Second
	forgetAt   = 24 * time.Hour      // a count nobody added to for so long begins anew
	knownFor   = 90 * 24 * time.Hour // a network from which nobody signed in for so long is a stranger's again
)

// pause is the time to wait after so many tries: none for the free ones, then ever longer.
func (l limit) pause(tries int64) time.Duration {
	if tries < l.free {
		return 0
	}
	return min(firstPause<<min(tries-l.free, 20), l.most)
}

func limitOf(what string) limit {
	for _, l := range limits {
		if l.what == what {
			return l
		}
	}
	return limit{}
}

// pauses is limit.pause as SQL, in milliseconds.
var pauses = func() string {
	var b strings.Builder
	b.WriteString("CASE login_try.what")
	for _, l := range limits {
		fmt.Fprintf(&b, " WHEN '%s' THEN CASE WHEN login_try.tries < %d THEN 0", l.what, l.free)
		for n := l.free; l.pause(n) < l.most; n++ {
			fmt.Fprintf(&b, " WHEN login_try.tries = %d THEN %d", n, l.pause(n).Milliseconds())
		}
		fmt.Fprintf(&b, " ELSE %d END", l.most.Milliseconds())
	}
	return b.String() + " ELSE 0 END"
}()

// counter is one count.
type counter struct{ what, login, network string }

func counters(fold, net string, known bool) []counter {
	list := []counter{{byPair, fold, net}}
	if !known {
		list = append(list, counter{byLogin, fold, ""}, counter{byNetwork, "", net})
	}
	return list
}

var errShut = errors.New("a count is full")

// count adds a try to every counter or to none.
//
// Errors: ErrWait where one of them is full.
func (s *Service) count(ctx context.Context, district int64, list []counter) error {
	now := s.Clock.Now()
	args := []any{district, now.UnixMilli(), now.Add(-forgetAt).UnixMilli()}
	var rows []string
	for _, c := range list {
		n := len(args)
		rows = append(rows, fmt.Sprintf("($1, $%d, $%d, $%d, 1, $2)", n+1, n+2, n+3))
		args = append(args, c.what, c.login, c.network)
	}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		counted, err := db.All(ctx, tx, func(r *sql.Rows) (string, error) {
			var what string
			return what, r.Scan(&what)
		}, `INSERT INTO login_try (district, what, login_fold, network, tries, last_at) VALUES `+strings.Join(rows, ", ")+`
			ON CONFLICT (district, what, login_fold, network) DO UPDATE
				SET tries = CASE WHEN login_try.last_at < $3 THEN 1 ELSE login_try.tries + 1 END, last_at = excluded.last_at
				WHERE login_try.last_at < $3 OR login_try.last_at + `+pauses+` <= excluded.last_at
			RETURNING what`, args...)
		if err == nil && len(counted) < len(list) {
			err = errShut
		}
		return err
	})
	if !errors.Is(err, errShut) {
		return err
	}
	wait, err := s.waiting(ctx, s.DB.Read, district, list)
	if err != nil {
		return err
	}
	return wait.orElse(time.Second)
}

// patience is how long somebody has to wait.
type patience time.Duration

func (p patience) problem() error {
	if p <= 0 {
		return nil
	}
	return ErrWait.With("seconds", int(time.Duration(p).Seconds())+1)
}

func (p patience) orElse(d time.Duration) error { return max(p, patience(d)).problem() }

// waiting is the longest wait that any of the counters asks for. It only saves the work of what would be refused: count
// decides.
func (s *Service) waiting(ctx context.Context, q db.Querier, district int64, list []counter) (patience, error) {
	now := s.Clock.Now()
	longest := time.Duration(0)
	for _, c := range list {
		var tries, last int64
		err := q.QueryRowContext(ctx, `SELECT tries, last_at FROM login_try WHERE district = $1 AND what = $2 AND login_fold = $3 AND network = $4`,
			district, c.what, c.login, c.network).Scan(&tries, &last)
		found, err := db.One(err)
		if err != nil {
			return 0, err
		}
		if found && last >= now.Add(-forgetAt).UnixMilli() {
			longest = max(longest, limitOf(c.what).pause(tries)-now.Sub(time.UnixMilli(last)))
		}
	}
	return patience(longest), nil
}

// forgiven gives a try back after a right password, and forgets the wrong ones of this login from here.
func forgiven(ctx context.Context, tx *db.Tx, district int64, list []counter) error {
	for _, c := range list {
		q := `UPDATE login_try SET tries = tries - 1 WHERE district = $1 AND what = $2 AND login_fold = $3 AND network = $4 AND tries > 0`
		if c.what == byPair || c.what == byScreen {
			q = `DELETE FROM login_try WHERE district = $1 AND what = $2 AND login_fold = $3 AND network = $4`
		}
		if _, err := tx.ExecContext(ctx, q, district, c.what, c.login, c.network); err != nil {
			return err
		}
	}
	return nil
}

// forgiveLogin forgets every count of a login: its password is a new one, and its owner must get in.
func forgiveLogin(ctx context.Context, tx *db.Tx, district int64, account string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM login_try WHERE district = $1 AND what <> $3
		AND login_fold = (SELECT a.login_fold FROM account AS a WHERE a.district = $1 AND a.id = $2)`, district, account, byNetwork)
	return err
}

// wasHere reports whether a login has signed in from a network before.
func (s *Service) wasHere(ctx context.Context, district int64, fold, net string) (bool, error) {
	var at int64
	err := s.DB.Read.QueryRowContext(ctx, `SELECT at FROM login_known WHERE district = $1 AND login_fold = $2 AND network = $3`, district, fold,
		net).Scan(&at)
	found, err := db.One(err)
	return found && at > s.Clock.Now().Add(-knownFor).UnixMilli(), err
}

func isHere(ctx context.Context, tx *db.Tx, district int64, fold, net string, now time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO login_known (district, login_fold, network, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (district, login_fold, network) DO UPDATE SET at = excluded.at`, district, fold, net, now.UnixMilli())
	return err
}

// Forget removes counts that would begin anew and networks that are strangers again.
func (s *Service) Forget(ctx context.Context, district int64) error {
	now := s.Clock.Now()
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM login_try WHERE district = $1 AND last_at < $2`, district, now.Add(-forgetAt).UnixMilli()); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM login_known WHERE district = $1 AND at < $2`, district, now.Add(-knownFor).UnixMilli())
		return err
	})
}

// network is what one household, office or provider's customer holds of addresses.
func network(remote string) string {
	ap, err := netip.ParseAddrPort(remote)
	if err != nil {
		return remote
	}
	bits := 24
	if ap.Addr().Is6() && !ap.Addr().Is4In6() {
		bits = 48
	}
	p, err := ap.Addr().Unmap().Prefix(bits)
	if err != nil {
		return ap.Addr().String()
	}
	return p.String()
}
