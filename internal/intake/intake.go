// Package intake is everything between a stranger's file and entries: it reads a sheet as it is, finds its head and
// columns, checks its cells, lets a person mend them, and keeps or undoes the whole as one import.
package intake

import (
	"sifen/internal/account"
	"sifen/internal/evidence"
	"sifen/internal/ledger"
	"sifen/internal/module"
)

// Service takes files in. Its commands run in the caller's transaction.
type Service struct {
	module.Platform
	Evidence *evidence.Service
	Accounts *account.Service // whose rights a job acts with
	Ledger   *ledger.Service
}

// New makes the service.
func New(p module.Platform, files *evidence.Service, people *account.Service, entries *ledger.Service) *Service {
	return &Service{Platform: p, Evidence: files, Accounts: people, Ledger: entries}
}

// Module is what importing gives to the whole.
func (s *Service) Module() module.Module {
	return module.Module{Name: "intake", Jobs: []module.Job{{Kind: Job, Run: s.Run}}, Tidy: s.tidy, Register: (&API{s}).Register}
}
