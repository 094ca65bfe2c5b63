package app

import (
	"context"
	"errors"
	"fmt"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
)

// SetUp makes the district of an empty data folder and its first administrator, and returns the one-time password. What an
// interrupted one began it finishes: as long as nobody has signed in, the password may never have been read, and is made anew.
//
// Errors: ErrExists where somebody has signed in, or the folder holds another district.
func (a *App) SetUp(ctx context.Context, code, name, login string) (password string, err error) {
	district, err := a.Init(ctx, code, name)
	again := errors.Is(err, ErrExists)
	if err != nil && !again {
		return "", err
	}
	o, err := a.Orgs.Current(ctx, a.DB.Read, district)
	if err != nil {
		return "", err
	}
	by := access.System(district, int64(period.Of(a.Clock.Now())), "command line")
	if again {
		first, untouched, err := account.Untouched(ctx, a.DB.Read, district)
		if err != nil {
			return "", err
		}
		if o.Code != org.CanonicalCode(code) || !untouched {
			return "", ErrExists
		}
		if err := a.Figures.Build(indicator.WithTime(ctx, a.Clock.Now()), a.DB, district); err != nil {
			return "", err
		}
		if first.ID != "" {
			if first.Login != login {
				return "", fmt.Errorf("%w, whose administrator is %s", ErrExists, first.Login)
			}
			password = account.OneTime()
			hash := account.HashPassword(password)
			return password, a.DB.Write(ctx, func(tx *db.Tx) error { return a.Accounts.SetPassword(ctx, tx, by, first.ID, hash) })
		}
	}
	return a.NewAccount(ctx, by, "系统管理员", login, "administrator", o.Root, 0, "")
}
