package account

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"slices"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/journal"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Service manages accounts and sessions.
type Service struct {
	module.Platform
	door door
}

// Account is a person's sign-in.
type Account struct {
	District   int64
	ID         string
	Person     string
	Name       string
	Unit       org.No
	Login      string
	MustChange bool
	Closed     bool
	SeenAt     int64
}

// Session ends after idle time or age.
const (
	IdleFor  = 12 * time.Hour
	LastsFor = 7 * 24 * time.Hour
)

// SignIn checks a password and opens a session; the token goes into a cookie and is stored only as a hash. The try is counted
// before the password is looked at, which happens in no transaction.
//
// Errors: ErrSignIn, ErrWait, ErrCrowded.
func (s *Service) SignIn(ctx context.Context, login, password, remote string) (token string, a Account, err error) {
	fold, net := Fold(login), network(remote)
	defer s.door.enter()()
	if err := s.door.wait(counter{byPair, fold, net}, s.Clock.Now()).problem(); err != nil {
		return "", a, s.door.refuse(ctx, err)
	}
	a, hash, district, err := s.byLogin(ctx, fold)
	if err != nil {
		return "", a, err
	}
	here, err := s.wasHere(ctx, district, fold, net)
	if err != nil {
		return "", a, err
	}
	list, line := counters(fold, net, here), strangers
	if here {
		line = known
	}
	right, err := s.right(ctx, district, list, line, hash, password)
	if err != nil {
		return "", Account{}, s.door.refuse(ctx, err)
	}
	if !right || a.Closed {
		return "", Account{}, ErrSignIn
	}
	token, now := newToken(), s.Clock.Now()
	return token, a, s.DB.Write(ctx, func(tx *db.Tx) error {
		still, err := db.Changed(tx.ExecContext(ctx, `UPDATE account SET seen_at = $3 WHERE district = $1 AND id = $2 AND hash = $4 AND closed = 0`,
			a.District, a.ID, now.UnixMilli(), hash))
		if err == nil && !still { // changed or closed while it was looked at
			err = ErrSignIn
		}
		if err != nil {
			return err
		}
		if err := forgiven(ctx, tx, a.District, list); err != nil {
			return err
		}
		if err := isHere(ctx, tx, a.District, fold, net, now); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM session WHERE district = $1 AND (seen_at < $2 OR created_at < $3)`, a.District,
			now.Add(-IdleFor).UnixMilli(), now.Add(-LastsFor).UnixMilli()); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO session (district, token, account, created_at, seen_at) VALUES ($1, $2, $3, $4, $4)`, a.District,
			tokenSum(token), a.ID, now.UnixMilli()); err != nil {
			return err
		}
		return journal.Write(ctx, tx, access.Scope{District: a.District, Account: a.ID}, now, "account.sign-in", a.ID, 0, nil)
	})
}

// right counts a try and compares its password, outside any transaction.
//
// Errors: ErrWait, ErrCrowded.
func (s *Service) right(ctx context.Context, district int64, list []counter, line int, hash, password string) (bool, error) {
	wait, err := s.waiting(ctx, s.DB.Read, district, list)
	if err == nil && wait > 0 {
		s.door.remember(list[0], s.Clock.Now(), wait)
		err = wait.problem()
	}
	if err != nil {
		return false, err
	}
	leave, err := hashing.take(ctx, line)
	if err != nil {
		return false, err
	}
	defer leave()
	if err := s.count(ctx, district, list); err != nil {
		return false, err
	}
	return matches(hash, password), nil
}

func tokenSum(token string) string {
	s := sha256.Sum256([]byte(token))
	return hex.EncodeToString(s[:])
}

const accountColumns = `a.district, a.id, a.person, p.name, p.unit, a.login, a.must_change, a.closed, a.seen_at`

func scanAccount(r interface{ Scan(...any) error }, more ...any) (Account, error) {
	var a Account
	var must, closed int64
	err := r.Scan(append([]any{&a.District, &a.ID, &a.Person, &a.Name, &a.Unit, &a.Login, &must, &closed, &a.SeenAt}, more...)...)
	a.MustChange, a.Closed = must == 1, closed == 1
	return a, err
}

func (s *Service) byLogin(ctx context.Context, fold string) (a Account, hash string, district int64, err error) {
	a, err = scanAccount(s.DB.Read.QueryRowContext(ctx, `SELECT `+accountColumns+`, a.hash FROM account AS a JOIN person AS p ON p.district = a.district
		AND p.id = a.person
		WHERE a.login_fold = $1 ORDER BY a.district LIMIT 1`, fold), &hash)
	found, err := db.One(err)
	if err != nil {
		return a, "", 0, err
	}
	if !found {
		ds, err := org.Districts(ctx, s.DB.Read)
		if err != nil || len(ds) == 0 {
			return a, "", 0, err
		}
		return Account{Closed: true}, "", ds[0], nil
	}
	return a, hash, a.District, nil
}

// ByID finds an account by its id.
func (s *Service) ByID(ctx context.Context, q db.Querier, district int64, account string) (Account, error) {
	a, err := scanAccount(q.QueryRowContext(ctx, `SELECT `+accountColumns+` FROM account AS a JOIN person AS p ON p.district = a.district
		AND p.id = a.person WHERE a.district = $1 AND a.id = $2`, district, account))
	found, err := db.One(err)
	if err == nil && !found {
		err = ErrNone.With("login", account)
	}
	return a, err
}

// ByLogin finds an account for the command line.
func (s *Service) ByLogin(ctx context.Context, login string) (Account, error) {
	a, _, _, err := s.byLogin(ctx, Fold(login))
	if err == nil && a.ID == "" {
		err = ErrNone.With("login", login)
	}
	return a, err
}

// Session resolves a cookie. The zero Account and false mean: not signed in.
func (s *Service) Session(ctx context.Context, token string) (Account, bool, error) {
	if len(token) < 20 || len(token) > 100 {
		return Account{}, false, nil
	}
	now := s.Clock.Now()
	var created, seen int64
	a, err := scanAccount(s.DB.Read.QueryRowContext(ctx, `SELECT `+accountColumns+`, s.created_at, s.seen_at FROM session AS s
		JOIN account AS a ON a.district = s.district AND a.id = s.account JOIN person AS p ON p.district = a.district AND p.id = a.person
		WHERE s.token = $1`, tokenSum(token)), &created, &seen)
	found, err := db.One(err)
	if err != nil || !found || a.Closed {
		return Account{}, false, err
	}
	if now.UnixMilli()-seen > IdleFor.Milliseconds() || now.UnixMilli()-created > LastsFor.Milliseconds() {
		return Account{}, false, nil
	}
	if now.UnixMilli()-seen > (10 * time.Minute).Milliseconds() {
		if err := s.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE session SET seen_at = $3 WHERE district = $1 AND token = $2`, a.District, tokenSum(token), now.UnixMilli())
			return err
		}); err != nil {
			return Account{}, false, err
		}
	}
	return a, true, nil
}

// Still is what the account of a session may do now, without a sign of life from the person: it keeps no session open. It
// reports false once the session has ended.
func (s *Service) Still(ctx context.Context, token string) (access.Scope, bool, error) {
	now := s.Clock.Now()
	a, err := scanAccount(s.DB.Read.QueryRowContext(ctx, `SELECT `+accountColumns+` FROM session AS s
		JOIN account AS a ON a.district = s.district AND a.id = s.account JOIN person AS p ON p.district = a.district AND p.id = a.person
		WHERE s.token = $1 AND a.closed = 0 AND s.seen_at > $2 AND s.created_at > $3`, tokenSum(token), now.Add(-IdleFor).UnixMilli(),
		now.Add(-LastsFor).UnixMilli()))
	if found, err := db.One(err); !found || err != nil {
		return access.Scope{}, false, err
	}
	by, err := s.Scope(ctx, s.DB.Read, a)
	return by, err == nil, err
}

// SignOut ends one session.
func (s *Service) SignOut(ctx context.Context, token string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM session WHERE token = $1`, tokenSum(token))
		return err
	})
}

// SignOutOthers ends every session of an account except the one with this token.
func (s *Service) SignOutOthers(ctx context.Context, tx *db.Tx, by access.Scope, keep string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM session WHERE district = $1 AND account = $2 AND token <> $3`, by.District, by.Account,
		tokenSum(keep)); err != nil {
		return err
	}
	return journal.Write(ctx, tx, by, s.Clock.Now(), "account.sign-out", by.Account, 0, nil)
}

// Grant is a role at a unit for some days.
type Grant struct {
	ID      string
	Account string
	Role    string
	Unit    org.No
	From    period.Day
	Until   period.Day
}

// Grants lists the grants of one account, or of all when account is empty.
func Grants(ctx context.Context, q db.Querier, district int64, account string) ([]Grant, error) {
	return db.All(ctx, q, func(r *sql.Rows) (Grant, error) {
		var g Grant
		err := r.Scan(&g.ID, &g.Account, &g.Role, &g.Unit, &g.From, &g.Until)
		return g, err
	}, `SELECT id, account, role, unit, day_from, day_until FROM role_grant WHERE district = $1 AND (account = $2 OR $2 = '') ORDER BY id`, district, account)
}

// Scope builds what an account may see and do today from its grants in force.
func (s *Service) Scope(ctx context.Context, q db.Querier, a Account) (access.Scope, error) {
	today := period.Of(s.Clock.Now())
	sc := access.Scope{District: a.District, Account: a.ID, Person: a.Person, Name: a.Name, Today: int64(today)}
	set, err := s.Packs.Current(ctx, q, a.District)
	if err != nil {
		return access.Scope{}, err
	}
	grants, err := Grants(ctx, q, a.District, a.ID)
	if err != nil {
		return access.Scope{}, err
	}
	for _, g := range grants {
		role, ok := RoleOf(set, g.Role)
		if !ok || today < g.From || today >= g.Until {
			continue
		}
		verbs := map[access.Verb]bool{}
		for _, v := range role.Verbs {
			verbs[access.Verb(v)] = true
		}
		sc.Grants = append(sc.Grants, access.Grant{Role: g.Role, Unit: int64(g.Unit), Verbs: verbs})
	}
	return sc, nil
}

// Holders lists the accounts, in use, that hold a verb at exactly this unit today.
func (s *Service) Holders(ctx context.Context, q db.Querier, district int64, unit org.No, verb access.Verb) ([]string, error) {
	set, err := s.Packs.Current(ctx, q, district)
	if err != nil {
		return nil, err
	}
	type holder struct{ account, role string }
	today := period.Of(s.Clock.Now())
	list, err := db.All(ctx, q, func(r *sql.Rows) (holder, error) {
		var h holder
		err := r.Scan(&h.account, &h.role)
		return h, err
	}, `SELECT g.account, g.role FROM role_grant AS g JOIN account AS a ON a.district = g.district AND a.id = g.account AND a.closed = 0
		WHERE g.district = $1 AND g.unit = $2 AND g.day_from <= $3 AND $3 < g.day_until ORDER BY g.account`, district, int64(unit), int64(today))
	if err != nil {
		return nil, err
	}
	var out []string
	for _, h := range list {
		role, ok := RoleOf(set, h.role)
		if ok && slices.Contains(role.Verbs, string(verb)) && !slices.Contains(out, h.account) {
			out = append(out, h.account)
		}
	}
	return out, nil
}

// AddPerson makes a person at a unit.
func AddPerson(ctx context.Context, tx *db.Tx, district int64, name string, unit org.No, at time.Time) (string, error) {
	p := id.New(at)
	_, err := tx.ExecContext(ctx, `INSERT INTO person (district, id, name, unit, created_at) VALUES ($1, $2, $3, $4, $5)`, district, p, name, int64(unit),
		at.UnixMilli())
	return p, err
}

// NamedPerson is a person by id and name.
type NamedPerson struct{ ID, Name string }

// PeopleOf lists the persons with a role at a unit on a day, who can sign in and see what is given to the unit.
func PeopleOf(ctx context.Context, q db.Querier, district int64, unit org.No, day period.Day) ([]NamedPerson, error) {
	return db.All(ctx, q, func(r *sql.Rows) (NamedPerson, error) {
		var p NamedPerson
		err := r.Scan(&p.ID, &p.Name)
		return p, err
	}, `SELECT DISTINCT p.id, p.name FROM person AS p JOIN account AS a ON a.district = p.district AND a.person = p.id AND a.closed = 0
		WHERE p.district = $1 AND EXISTS (SELECT 1 FROM role_grant AS g WHERE g.district = a.district AND g.account = a.id AND g.day_from <= $3
			AND $3 < g.day_until AND g.unit = $2)
		ORDER BY p.name, p.id LIMIT 500`, district, int64(unit), int64(day))
}

// Of lists the open accounts of a person.
func Of(ctx context.Context, q db.Querier, district int64, person string) ([]string, error) {
	return db.All(ctx, q, func(r *sql.Rows) (string, error) {
		var a string
		err := r.Scan(&a)
		return a, err
	}, `SELECT id FROM account WHERE district = $1 AND person = $2 AND closed = 0 ORDER BY id`, district, person)
}

// FindPerson finds a person by name at a unit; "" when there is none.
func FindPerson(ctx context.Context, q db.Querier, district int64, name string, unit org.No) (string, error) {
	var p string
	err := q.QueryRowContext(ctx, `SELECT id FROM person WHERE district = $1 AND name = $2 AND unit = $3 ORDER BY id LIMIT 1`, district, name,
		int64(unit)).Scan(&p)
	_, err = db.One(err)
	return p, err
}

// Open makes an account for a person, with a password hashed before the transaction. must says that it is one-time and has to
// be changed at the first sign-in.
func (s *Service) Open(ctx context.Context, tx *db.Tx, by access.Scope, person, login string, password Hash, must bool) (string, error) {
	if err := CheckLogin(login); err != nil {
		return "", err
	}
	var one int64
	err := tx.QueryRowContext(ctx, `SELECT 1 FROM account WHERE login_fold = $1`, Fold(login)).Scan(&one)
	if found, err := db.One(err); err != nil {
		return "", err
	} else if found {
		return "", ErrLogin.With("login", login)
	}
	now := s.Clock.Now()
	a := id.New(now)
	m := int64(0)
	if must {
		m = 1
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO account (district, id, person, login, login_fold, hash, must_change, closed, seen_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0)`,
		by.District, a, person, login, Fold(login), string(password), m); err != nil {
		return "", err
	}
	return a, journal.Write(ctx, tx, by, now, "account.edit", a, 0, map[string]string{"op": "open"})
}

// GrantRole gives an account a role at a unit for [from, until).
func (s *Service) GrantRole(ctx context.Context, tx *db.Tx, by access.Scope, account, role string, unit org.No, from, until period.Day) (string, error) {
	set, err := s.Packs.Current(ctx, tx, by.District)
	if err != nil {
		return "", err
	}
	if _, ok := RoleOf(set, role); !ok {
		return "", ErrRole.With("role", role)
	}
	now := s.Clock.Now()
	g := id.New(now)
	if _, err := tx.ExecContext(ctx, `INSERT INTO role_grant (district, id, account, role, unit, day_from, day_until, given_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		by.District, g, account, role, int64(unit), int64(from), int64(until), by.Account); err != nil {
		return "", err
	}
	return g, journal.Write(ctx, tx, by, now, "account.edit", account, 0, map[string]any{"op": "grant", "role": role, "unit": unit})
}

// EndGrant ends a grant today.
func (s *Service) EndGrant(ctx context.Context, tx *db.Tx, by access.Scope, grant string) error {
	if _, err := tx.ExecContext(ctx, `UPDATE role_grant SET day_until = $3 WHERE district = $1 AND id = $2 AND day_until > $3`, by.District, grant,
		by.Today); err != nil {
		return err
	}
	return journal.Write(ctx, tx, by, s.Clock.Now(), "account.edit", grant, 0, map[string]string{"op": "end"})
}

// SetPassword stores a password for somebody, which he must change, and ends his sessions.
func (s *Service) SetPassword(ctx context.Context, tx *db.Tx, by access.Scope, account string, password Hash) error {
	if _, err := tx.ExecContext(ctx, `UPDATE account SET hash = $3, must_change = 1 WHERE district = $1 AND id = $2`, by.District, account,
		string(password)); err != nil {
		return err
	}
	if err := forgiveLogin(ctx, tx, by.District, account); err != nil {
		return err
	}
	s.door.forget()
	return s.passwordSet(ctx, tx, by, account, "")
}

func (s *Service) passwordSet(ctx context.Context, tx *db.Tx, by access.Scope, account, keep string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM session WHERE district = $1 AND account = $2 AND token <> $3`, by.District, account,
		tokenSum(keep)); err != nil {
		return err
	}
	return journal.Write(ctx, tx, by, s.Clock.Now(), "account.edit", account, 0, map[string]string{"op": "password"})
}

// Change is a change of one's own password that was found right, ready to be stored.
type Change struct {
	was string
	now Hash
}

// PrepareChange checks the old password and hashes the new one, outside any transaction.
//
// Errors: ErrWrong, ErrWeak, ErrWait, ErrCrowded.
func (s *Service) PrepareChange(ctx context.Context, by access.Scope, login, old, password string) (c Change, err error) {
	if err := s.DB.Read.QueryRowContext(ctx, `SELECT hash FROM account WHERE district = $1 AND id = $2`, by.District, by.Account).Scan(&c.was); err != nil {
		return c, err
	}
	list := []counter{{byScreen, Fold(login), ""}}
	defer s.door.enter()()
	right, err := s.right(ctx, by.District, list, known, c.was, old)
	if err != nil {
		return c, s.door.refuse(ctx, err)
	}
	if !right {
		return c, ErrWrong
	}
	// the right old password is forgiven also where the new one is too weak
	if err := s.DB.Write(ctx, func(tx *db.Tx) error { return forgiven(ctx, tx, by.District, list) }); err != nil {
		return c, err
	}
	if err := CheckPassword(password, login); err != nil {
		return c, err
	}
	c.now, err = HashInTurn(ctx, password)
	return c, err
}

// ChangePassword stores a change of one's own password and ends one's other sessions.
//
// Errors: ErrWrong where the password is another by now.
func (s *Service) ChangePassword(ctx context.Context, tx *db.Tx, by access.Scope, c Change, keep string) error {
	still, err := db.Changed(tx.ExecContext(ctx, `UPDATE account SET hash = $3, must_change = 0 WHERE district = $1 AND id = $2 AND hash = $4`, by.District,
		by.Account, string(c.now), c.was))
	if err == nil && !still {
		err = ErrWrong
	}
	if err != nil {
		return err
	}
	return s.passwordSet(ctx, tx, by, by.Account, keep)
}

// LoginLine is one account for a list on the command line.
type LoginLine struct {
	Login, Name, Role string
	Unit              org.No
}

// Logins lists the accounts of a district with their grants.
func Logins(ctx context.Context, q db.Querier, district int64) ([]LoginLine, error) {
	return db.All(ctx, q, func(r *sql.Rows) (LoginLine, error) {
		var l LoginLine
		err := r.Scan(&l.Login, &l.Name, &l.Role, &l.Unit)
		return l, err
	}, `SELECT a.login, p.name, g.role, g.unit FROM account AS a JOIN person AS p ON p.district = a.district AND p.id = a.person
	     JOIN role_grant AS g ON g.district = a.district AND g.account = a.id WHERE a.district = $1 ORDER BY g.unit, a.login, g.id`, district)
}
