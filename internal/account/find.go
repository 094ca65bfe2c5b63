package account

import (
	"context"
	"database/sql"
	"strings"

	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/module"
	"sifen/internal/period"
	"sifen/internal/pinyin"
)

// findAll finds people with sign-in inside the caller's reach by name, pinyin initials or login, for the search over
// everything.
func (s *Service) findAll(ctx context.Context, q db.Querier, a module.Sought) ([]module.Hit, error) {
	if !a.By.Has("account.read") {
		return nil, nil
	}
	o, err := s.Orgs.Current(ctx, q, a.By.District)
	if err != nil {
		return nil, err
	}
	people, err := db.All(ctx, q, func(r *sql.Rows) (Account, error) { return scanAccount(r) },
		`SELECT `+accountColumns+` FROM account AS a JOIN person AS p ON p.district = a.district AND p.id = a.person
			WHERE a.district = $1 AND a.closed = 0 AND `+a.By.Reach("p.district", "p.unit", "account.read")+` ORDER BY p.name, a.id`, a.By.District)
	word := strings.ToLower(strings.TrimSpace(a.Text))
	var out []module.Hit
	for _, p := range people {
		if len(out) == a.Limit {
			break
		}
		if strings.Contains(strings.ToLower(p.Name), word) || strings.Contains(Fold(p.Login), word) || pinyin.Match(p.Name, word) {
			out = append(out, module.Hit{Kind: "person", ID: p.ID, Title: p.Name, Note: p.Login + " " + o.Path(p.Unit, period.Day(a.By.Today)),
				Of: i18n.Label{Zh: "人员", En: "Person"}, Link: "/people"})
		}
	}
	return out, err
}
