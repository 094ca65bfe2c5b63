package app_test

import (
	"context"

	"sifen/internal/db"
	"sifen/internal/org"
	"sifen/internal/period"
)

// strangers are the principals whose role does not hold today, or whose sign-in does not; they sit where they would see most.
func (m *matrix) strangers() []actor {
	ctx := context.Background()
	open := func(login, role, unit string) {
		_, err := m.app.NewAccount(ctx, m.sys, login, login, role, org.No(m.units[unit]), period.Date(2019, 1, 1), password)
		must(m.t, err)
		token, _, err := m.app.Accounts.SignIn(ctx, login, password, "192.0.2.7:1")
		must(m.t, err)
		m.tokens[login] = token
	}
	spoil := func(login, set string, args ...any) {
		must(m.t, m.write(func(tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, set, append([]any{m.district, login}, args...)...)
			return err
		}))
	}
	const grantOf = ` WHERE district = $1 AND account = (SELECT id FROM account WHERE district = $1 AND login = $2)`
	today := int64(period.Of(start))
	var out []actor
	for _, role := range []string{"administrator", "office", "clerk"} {
		open("ended."+role, role, "")
		spoil("ended."+role, `UPDATE role_grant SET day_until = $3`+grantOf, today)
		open("later."+role, role, "")
		spoil("later."+role, `UPDATE role_grant SET day_from = $3`+grantOf, today+1)
		open("closed."+role, role, "")
		spoil("closed."+role, `UPDATE account SET closed = 1 WHERE district = $1 AND login = $2`)
		open("idle."+role, role, "")
		spoil("idle."+role, `UPDATE session SET seen_at = $3`+grantOf, start.AddDate(-1, 0, 0).UnixMilli())
		for _, why := range []string{"ended.", "later."} {
			out = append(out, actor{login: why + role, role: role, from: "nowhere", none: true})
		}
		for _, why := range []string{"closed.", "idle."} {
			out = append(out, actor{login: why + role, role: role, from: "nowhere", always: anonymous})
		}
	}
	return out
}
