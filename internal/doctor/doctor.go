// Package doctor looks whether what is stored is still what was stored: every capability says what it can check of its own.
package doctor

import (
	"context"
	"fmt"
	"time"

	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/module"
	"sifen/internal/notify"
	"sifen/internal/period"
)

// Service runs the checks of all modules.
type Service struct {
	module.Platform
	modules *module.List
	people  *account.Service
	news    *notify.Service
}

// New makes the service over the list of modules.
func New(p module.Platform, modules *module.List, people *account.Service, news *notify.Service) *Service {
	return &Service{p, modules, people, news}
}

// Module is what the doctor gives to the whole.
func (s *Service) Module() module.Module {
	return module.Module{Name: "doctor", Ticks: []module.Tick{{Name: "doctor", Every: 24 * time.Hour, Run: s.daily}}}
}

// Report is what one check found.
type Report struct {
	Name  i18n.Label
	Found []i18n.Label // none when all is well
}

// Examine runs every check in a district. A depth of module.Whole looks at everything, of module.Share at the part of large
// stores that is due today.
func (s *Service) Examine(ctx context.Context, q db.Querier, district int64, depth module.Depth) ([]Report, error) {
	var out []Report
	for _, m := range s.modules.All() {
		for _, c := range m.Checks {
			found, err := c.Run(ctx, q, district, depth)
			if err != nil {
				return out, fmt.Errorf("%s: %w", c.Name.En, err)
			}
			out = append(out, Report{c.Name, found})
		}
	}
	return out, nil
}

// daily examines a district and tells its administrators what was found: each day again until it is mended.
func (s *Service) daily(ctx context.Context, district int64) error {
	reports, err := s.Examine(ctx, s.DB.Read, district, module.Share)
	if err != nil {
		return err
	}
	n := 0
	var first i18n.Label
	for _, r := range reports {
		for _, f := range r.Found {
			s.Log.Error("stored data are damaged", "check", r.Name.En, "found", f.En)
			if n == 0 {
				first = i18n.Label{Zh: r.Name.Zh + "：" + f.Zh, En: r.Name.En + ": " + f.En}
			}
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		o, err := s.Orgs.Current(ctx, tx, district)
		if err != nil {
			return err
		}
		to, err := s.people.Holders(ctx, tx, district, o.Root, "account.edit")
		if err != nil {
			return err
		}
		_, err = s.news.Send(ctx, tx, district, notify.Message{Key: "doctor:" + period.Of(s.Clock.Now()).String(), Kind: "doctor", Link: "/bench",
			Title: i18n.Say("doctor.found", map[string]any{"n": n, "first": first})}, to)
		return err
	})
}
