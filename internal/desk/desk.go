// Package desk composes what the desk's pages need from the capabilities below it: who I am, my bench, a figure with
// its records, documents with their sources. It holds no rule and no table.
package desk

import (
	"sifen/internal/account"
	"sifen/internal/clock"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/due"
	"sifen/internal/httpapi"
	"sifen/internal/indicator"
	"sifen/internal/ledger"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/place"
)

// Desk serves the pages' own operations.
type Desk struct {
	DB        *db.DB
	Clock     clock.Clock
	Packs     *pack.Store
	Orgs      *org.Store
	Accounts  *account.Service
	Ledger    *ledger.Service
	Places    *place.Service
	Figures   *indicator.Engine
	Documents *document.Service
	Due       *due.Service
}

// UnitRef names a unit.
type UnitRef struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Type string `json:"type,omitempty"`
	Path string `json:"path,omitempty"`
}

func unitRef(o *org.Org, n org.No, day period.Day) UnitRef {
	u, _ := o.Unit(n)
	return UnitRef{int64(n), u.Name, string(u.Type), o.Path(n, day)}
}

// Register adds the desk's operations.
func (d *Desk) Register(k *httpapi.Kit) {
	d.registerFigures(k)
	d.registerFigurePages(k)
	d.registerDocuments(k)
	d.registerRegister(k)
	d.registerTemplates(k)
	d.registerBench(k)
}
