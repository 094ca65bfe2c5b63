package ledger

import (
	"context"
	"time"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/module"
	"sifen/internal/notify"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/pack"
	"sifen/internal/period"
)

// New makes the service.
func New(p module.Platform, people *account.Service, news *notify.Service) *Service {
	return &Service{Platform: p, Accounts: people, Notify: news}
}

const moduleName = "ledger"

// Module is what the ledgers give to the whole.
func (s *Service) Module() module.Module {
	return module.Module{
		Name: moduleName,
		Verbs: []module.Verb{
			{Verb: Read, Title: i18n.Label{Zh: "看台账", En: "See records"}},
			{Verb: Enter, Title: i18n.Label{Zh: "登记", En: "Enter records"}},
			{Verb: Verify, Title: i18n.Label{Zh: "审核", En: "Verify records"}},
			{Verb: Voids, Title: i18n.Label{Zh: "作废", En: "Void records"}},
		},
		Types:   []pack.Type{kind.Type()},
		Keepers: []indicator.Keeping{{Keeper: keeper{s}, Default: true}},
		Ticks:   []module.Tick{{Name: "ledger.index", Every: time.Hour, Run: s.indexAll}},
		News:    []outbox.News{Changed{}},
		Counts: func(ctx context.Context, q db.Querier, by access.Scope) (map[string]int64, error) {
			out := map[string]int64{"returned": 0, "queue": 0}
			var n int64
			err := q.QueryRowContext(ctx, `SELECT count(*) FROM entry WHERE district = $1 AND account = $2 AND state = 'returned'`, by.District,
				by.Account).Scan(&n)
			if out["returned"] = n; err == nil && by.Has(Verify) {
				out["queue"], err = s.Waiting(ctx, q, by)
			}
			return out, err
		},
		Latest: func(ctx context.Context, q db.Querier, district int64, today period.Day) (period.Day, error) {
			return s.latest(ctx, q, district, today)
		},
		Bench: []module.Part{
			s.mine("returned", Returned), s.mine("drafts", Draft), s.mine("waiting", Submitted),
			{Name: "queue", Zero: []Row{}, Load: func(ctx context.Context, q db.Querier, a module.Asked) (any, error) {
				return s.benchQueue(ctx, q, a)
			}},
			{Name: "queue_total", Zero: int64(0), Load: func(ctx context.Context, q db.Querier, a module.Asked) (any, error) {
				if !a.By.Has(Verify) {
					return nil, nil
				}
				return s.Waiting(ctx, q, a.By)
			}},
		},
		Search:   s.findAll,
		Register: (&API{s}).Register,
	}
}

// News tells those whom an entry reaches of which kind it is.
func (c Changed) News(by access.Scope) (event string, data any, ok bool) {
	return "entry", map[string]string{"kind": c.Type}, len(c.At) == 0 && by.Has(Read) || by.Sees(c.At)
}

// maxTold is how many units a fact about many entries names; beyond it everyone looks.
const maxTold = 500

// manyChanged is the fact that the entries of some units changed.
func manyChanged(w work, k *kind.Kind, units []org.No) Changed {
	out := Changed{Type: k.Key}
	seen := map[access.Target]bool{}
	for _, u := range units {
		for _, t := range w.Org.Targets(u, w.Day) {
			if !seen[t] {
				seen[t] = true
				out.At = append(out.At, t)
			}
		}
	}
	if len(out.At) > maxTold {
		out.At = nil
	}
	return out
}

// mine is the part of the workbench with one's own entries in a state.
func (s *Service) mine(name, state string) module.Part {
	return module.Part{Name: name, Zero: []Row{}, Load: func(ctx context.Context, q db.Querier, a module.Asked) (any, error) {
		if !a.By.Has(Read) {
			return nil, nil
		}
		return s.Mine(ctx, q, a.By, a.Lang, state, 20)
	}}
}

// benchQueue is the part of the workbench with the first of what waits for one's decision; how much waits is counted apart.
func (s *Service) benchQueue(ctx context.Context, q db.Querier, a module.Asked) ([]Row, error) {
	if !a.By.Has(Verify) {
		return nil, nil
	}
	w, err := s.work(ctx, q, a.By)
	if err != nil {
		return nil, err
	}
	return s.queued(ctx, q, w, a.By, a.Lang, "", 0, 10)
}

// indexAll gives the entries of an older version their places in the full-text index.
func (s *Service) indexAll(ctx context.Context, district int64) error {
	for {
		if done, err := s.IndexOld(ctx, district); err != nil || done {
			return err
		}
	}
}
