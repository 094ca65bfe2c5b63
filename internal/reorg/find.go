package reorg

import (
	"context"
	"fmt"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/module"
	"sifen/internal/period"
	"sifen/internal/pinyin"
)

// findAll finds units inside the caller's reach by name, pinyin initials or code, for the search over everything.
func (s *Service) findAll(ctx context.Context, q db.Querier, by access.Scope, _ i18n.Lang, text string, limit int) ([]module.Hit, error) {
	o, err := s.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	today, word := period.Day(by.Today), strings.ToLower(strings.TrimSpace(text))
	var out []module.Hit
	for _, u := range o.Units() {
		if len(out) == limit {
			break
		}
		if !u.Open(today) || !by.Sees(o.Targets(u.No, today)) {
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
