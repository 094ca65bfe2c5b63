package app

import (
	"context"
	"path/filepath"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/assess"
	"sifen/internal/blob"
	"sifen/internal/checklist"
	"sifen/internal/closing"
	"sifen/internal/db"
	"sifen/internal/dispatch"
	"sifen/internal/doctor"
	"sifen/internal/document"
	"sifen/internal/dossier"
	"sifen/internal/due"
	"sifen/internal/evidence"
	"sifen/internal/field"
	"sifen/internal/figure"
	"sifen/internal/fund"
	"sifen/internal/inspect"
	"sifen/internal/intake"
	"sifen/internal/kinds"
	"sifen/internal/ledger"
	"sifen/internal/live"
	"sifen/internal/module"
	"sifen/internal/notify"
	"sifen/internal/order"
	"sifen/internal/outward"
	"sifen/internal/paper"
	"sifen/internal/place"
	"sifen/internal/plan"
	"sifen/internal/rectify"
	"sifen/internal/reorg"
	"sifen/internal/seal"
	"sifen/internal/special"
	"sifen/internal/views"
	"sifen/internal/workbench"
)

// services are the capabilities at work, from the bottom up.
type services struct {
	Accounts  *account.Service
	People    *account.API
	Reorg     *reorg.Service
	Notify    *notify.Service
	Evidence  *evidence.Service
	Streams   *live.Streams
	Documents *document.Service
	Ledger    *ledger.Service
	Intake    *intake.Service
	Orders    *order.Service
	Views     *views.Service
	Kinds     *kinds.Service
	Places    *place.Service
	Plans     *plan.Service
	Due       *due.Service
	Cases     *rectify.Service
	Visits    *inspect.Service
	Field     *field.Service
	Paper     *paper.Service
	Forms     *checklist.Service
	Special   *special.Service
	Meetings  *dispatch.Service
	Dossiers  *dossier.Service
	Scores    *assess.Service
	Funds     *fund.Service
	Figured   *figure.Service
	Bench     *workbench.Service
	Doctor    *doctor.Service
}

// compose makes every service and fills the list of modules. A new capability is made here and is one line of the list.
func (a *App) compose(p module.Platform, files blob.Store) {
	var s services
	s.Accounts = account.New(p)
	s.People = &account.API{Service: s.Accounts, List: a.Modules, Version: Version, Plain: func() bool { return a.plain }, Demo: a.Demo}
	s.Reorg = reorg.New(p)
	seals := &seal.Box{File: a.KeyFile}
	s.Notify = notify.New(p, a.Mail, outward.Client{Named: a.InternalHosts}, seals)
	s.Evidence = evidence.New(p, files)
	s.Streams = live.New(p.DB, s.Accounts.Still)
	s.Documents = document.New(p, files, s.Accounts, s.Notify)
	s.Ledger = ledger.New(p, s.Accounts, s.Notify)
	s.Intake = intake.New(p, s.Evidence, s.Accounts, s.Ledger)
	s.Orders = order.New(p, s.Accounts, s.Ledger)
	s.Views = views.New(p)
	s.Kinds = kinds.New(p, s.Ledger)
	s.Places = place.New(p, s.Ledger)
	s.Plans = plan.New(p, s.Notify)
	s.Due = due.New(p, s.Accounts, s.Notify)
	s.Cases = rectify.New(p, s.Accounts, s.Notify, s.Documents)
	s.Visits = inspect.New(p, s.Places, s.Cases, seals)
	s.Field = field.New(p, s.Visits, s.Cases, s.Evidence, filepath.Join(files.Dir, "parts"))
	s.Paper = paper.New(p, s.Visits)
	s.Forms = checklist.New(p, s.Visits)
	s.Special = special.New(p, s.Ledger)
	s.Meetings = dispatch.New(p, s.Accounts, s.Notify, s.Documents, s.Ledger, s.Cases, s.Visits)
	s.Dossiers = dossier.New(p, s.Cases, s.Places, s.Evidence)
	s.Scores = assess.New(p)
	s.Funds = fund.New(p, s.Scores)
	plans := s.Plans.Module(s.Ledger)
	s.Figured = figure.New(p, s.Documents, *plans.Targets)
	s.Bench = workbench.New(p.DB, a.Modules)
	s.Doctor = doctor.New(p, a.Modules, s.Accounts, s.Notify)
	a.services = s

	a.Modules.Add(
		a.platform(),
		s.Reorg.Module(),
		s.People.Module(),
		s.Notify.Module(),
		s.Evidence.Module(func(ctx context.Context, q db.Querier, by access.Scope, sha string) (any, error) {
			return s.Ledger.AlsoIn(ctx, q, by, sha, "")
		}),
		closing.Module(p, account.NameOf),
		module.Module{Name: "live", Register: s.Streams.Register},
		s.Documents.Module(),
		s.Ledger.Module(),
		s.Intake.Module(),
		s.Orders.Module(),
		s.Views.Module(),
		s.Kinds.Module(),
		s.Places.Module(),
		plans,
		s.Due.Module(),
		s.Cases.Module(),
		s.Visits.Module(),
		s.Field.Module(),
		s.Paper.Module(),
		s.Forms.Module(),
		s.Special.Module(),
		s.Meetings.Module(),
		s.Dossiers.Module(),
		s.Scores.Module(),
		s.Funds.Module(),
		s.Figured.Module(),
		s.Bench.Module(),
		s.Doctor.Module(),
	)
	for _, more := range a.More {
		a.Modules.Add(more(p))
	}
}
