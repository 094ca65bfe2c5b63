package app

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/blob"
	"sifen/internal/closing"
	"sifen/internal/db"
	"sifen/internal/desk"
	"sifen/internal/document"
	"sifen/internal/due"
	"sifen/internal/evidence"
	"sifen/internal/indicator"
	"sifen/internal/intake"
	"sifen/internal/ledger"
	"sifen/internal/live"
	"sifen/internal/module"
	"sifen/internal/notify"
	"sifen/internal/place"
	"sifen/internal/plan"
	"sifen/internal/reorg"
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
	Places    *place.Service
	Plans     *plan.Service
	Due       *due.Service
	Desk      *desk.Desk
}

// compose makes every service and fills the list of modules. A new capability is made here and is one line of the list.
func (a *App) compose(p module.Platform, files blob.Store) {
	var s services
	s.Accounts = account.New(p)
	s.People = &account.API{Service: s.Accounts, List: a.Modules, Version: Version, Plain: func() bool { return a.plain }, Demo: a.Demo}
	s.Reorg = reorg.New(p)
	s.Notify = notify.New(p, a.Mail)
	s.Evidence = evidence.New(p, files)
	s.Streams = live.New(p.DB, s.Accounts.Alive)
	s.Documents = document.New(p, files, s.Accounts, s.Notify)
	s.Ledger = ledger.New(p, s.Accounts, s.Notify)
	s.Intake = intake.New(p, s.Evidence, s.Accounts, s.Ledger)
	a.Figures.Sources[""] = s.Ledger
	s.Places = &place.Service{Platform: p, Ledger: s.Ledger, Entries: a.entriesOf}
	s.Ledger.Kept = s.Places.Keeps
	for _, k := range place.Kinds {
		a.Figures.Sources[k] = s.Places
	}
	s.Plans = plan.New(p, s.Notify)
	a.Figures.Sources[plan.KindTask], a.Figures.Sources[plan.KindArrears] = s.Plans, s.Plans
	s.Due = due.New(p, s.Accounts, s.Notify)
	a.Figures.Sources[due.ItemKind] = s.Due
	s.Desk = &desk.Desk{DB: p.DB, Clock: p.Clock, Packs: p.Packs, Orgs: p.Orgs, Ledger: s.Ledger, Places: s.Places, Figures: p.Figures, Documents: s.Documents, Due: s.Due}
	s.Documents.Words = s.Desk.Titles
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
		s.Places.Module(),
		s.Plans.Module(s.Ledger),
		s.Due.Module(),
		module.Module{Name: "desk", Register: s.Desk.Register},
	)
}

// entriesOf gives places what the ledger counts of their kinds, for the takeover.
func (a *App) entriesOf(ctx context.Context, q db.Querier, district int64, kind string) ([]place.Carried, int64, error) {
	if _, own := indicator.EventKinds[kind]; own { // never was a ledger
		return nil, 0, nil
	}
	list, waiting, err := a.Ledger.CountedEntries(ctx, q, district, kind)
	out := make([]place.Carried, 0, len(list))
	for _, e := range list {
		out = append(out, place.Carried{ID: e.ID, Number: e.Number, Account: e.Account, Rev: e.Rev, At: e.At, Unit: e.Unit, From: e.From, Until: e.Until, Values: e.Values, Fields: e.Fields})
	}
	return out, waiting, err
}
