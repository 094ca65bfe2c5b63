package reorg

import (
	"context"
	"fmt"
	"strings"

	"sifen/internal/db"
	"sifen/internal/module"
	"sifen/internal/period"
	"sifen/internal/pinyin"
)

// findAll finds units inside the caller's reach by name, pinyin initials or code, for the search over everything.
func (s *Service) findAll(ctx context.Context, q db.Querier, a module.Sought) ([]module.Hit, error) {
	o, err := s.Orgs.Current(ctx, q, a.By.District)
	if err != nil {
		return nil, err
	}
	today, word := period.Day(a.By.Today), strings.ToLower(strings.TrimSpace(a.Text))
	var out []module.Hit
	for _, u := range o.Units() {
		if len(out) == a.Limit {
			break
		}
		if !u.Open(today) || !a.By.Sees(o.Targets(u.No, today)) {
			continue
		}
		if !strings.Contains(strings.ToLower(u.Name), word) && !pinyin.Match(u.Name, word) && (u.Code == "" || !strings.HasPrefix(u.Code, word)) {
			continue
		}
		out = append(out, module.Hit{Kind: "unit", ID: fmt.Sprint(int64(u.No)), Title: u.Name, Note: o.Path(u.No, today), Of: u.Type.Title(),
			Link: fmt.Sprintf("/bench?unit=%d", u.No)})
	}
	return out, nil
}
