package plan

import (
	"context"
	"sort"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/unit"
)

// UnitName names a unit.
type UnitName struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// TargetView is a target beside what its figure says now. Values are at the figure's scale.
type TargetView struct {
	ID            string     `json:"id"`
	Rev           int64      `json:"rev"`
	Plan          string     `json:"plan"`
	Unit          UnitName   `json:"unit"`
	Figure        string     `json:"figure"`
	Title         i18n.Label `json:"title"`
	UnitOf        i18n.Label `json:"unit_of"`
	Decimals      int        `json:"decimals"`
	Value         int64      `json:"value"`
	Display       string     `json:"display"`
	AtMost        bool       `json:"at_most"`
	Months        []int64    `json:"months"`
	Now           int64      `json:"now"`
	NowDisplay    string     `json:"now_display"`
	Expected      int64      `json:"expected"` // by today
	ExpectedShown string     `json:"expected_display"`
	Permille      int64      `json:"permille"` // now of value, at most 1000
	State         string     `json:"state" enum:"reached,ahead,behind,missed,kept,exceeded"`
	MayEdit       bool       `json:"may_edit"`
}

// ProofFile is a file that proves a task.
type ProofFile struct {
	SHA  string `json:"sha"`
	Name string `json:"name"`
	Mime string `json:"mime"`
}

// ProofEntry is a record that proves a task; without a number it lies outside one's reach.
type ProofEntry struct {
	ID     string `json:"id"`
	Number string `json:"number"`
	Title  string `json:"title"`
}

// TaskView is a task as pages show it.
type TaskView struct {
	ID       string       `json:"id"`
	Rev      int64        `json:"rev"`
	Plan     string       `json:"plan"`
	From     UnitName     `json:"from"` // whose plan it stands in
	Unit     UnitName     `json:"unit"`
	Title    string       `json:"title"`
	Duty     string       `json:"duty"`
	Person   string       `json:"person"`
	PersonID string       `json:"person_id"`
	Deadline string       `json:"deadline"`
	State    string       `json:"state" enum:"open,done,cancelled,carried"`
	Late     int64        `json:"late"` // days
	Note     string       `json:"note"`
	Files    []ProofFile  `json:"files"`
	Entries  []ProofEntry `json:"entries"`
	Closed   string       `json:"closed"`
	ClosedBy string       `json:"closed_by"`
	Carried  bool         `json:"carried"` // came from the year before
	May      struct {
		Report bool `json:"report"`
		Edit   bool `json:"edit"`
	} `json:"may"`
}

// Person names somebody who can be named for a task.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// DutyView is a row of the matrix.
type DutyView struct {
	ID    string            `json:"id"`
	Rev   int64             `json:"rev"`
	Title string            `json:"title"`
	Roles map[string]string `json:"roles"`
}

// View is the plan page of a unit and a year.
type View struct {
	ID          string       `json:"id"` // "" when this unit has no plan of its own for the year
	Title       string       `json:"title"`
	Year        int          `json:"year"`
	Unit        UnitName     `json:"unit"`
	MayEdit     bool         `json:"may_edit"`
	Targets     []TargetView `json:"targets"`
	Tasks       []TaskView   `json:"tasks"`
	Done        int64        `json:"done"`
	Arrears     int64        `json:"arrears"`
	Open        int64        `json:"open"`
	Duties      []DutyView   `json:"duties"`
	DutyPlan    string       `json:"duty_plan"`
	Departments []UnitName   `json:"departments"`
}

func (a *API) task(ctx context.Context, q db.Querier, by access.Scope, o *org.Org, t Task) (TaskView, error) {
	v := TaskView{ID: t.ID, Rev: t.Rev, Plan: t.Plan, From: UnitName{int64(t.PlanUnit), o.UnitName(t.PlanUnit)},
		Unit: UnitName{int64(t.Unit), o.UnitName(t.Unit)}, Title: t.Title, Duty: t.Duty, PersonID: t.Person, Deadline: t.Deadline.String(),
		State: t.State, Late: t.Late(period.Day(by.Today)), Note: t.Note, Files: []ProofFile{}, Entries: []ProofEntry{}, Carried: t.CarriedFrom != ""}
	var err error
	if t.Person != "" {
		if v.Person, err = account.PersonName(ctx, q, by.District, t.Person); err != nil {
			return v, err
		}
	}
	if t.ClosedDay > 0 {
		v.Closed = t.ClosedDay.String()
		if t.ClosedBy != "" {
			if v.ClosedBy, err = account.NameOf(ctx, q, by.District, t.ClosedBy); err != nil {
				return v, err
			}
		}
	}
	for _, sha := range t.Proof {
		info, found, err := evidence.Get(ctx, q, by.District, sha)
		if err != nil {
			return v, err
		}
		if found {
			v.Files = append(v.Files, ProofFile{sha, info.Name, info.Mime})
		}
	}
	for _, e := range t.Entries {
		number, title := "", ""
		list, err := a.Entries.ByIDs(ctx, q, by, []string{e})
		if err != nil {
			return v, err
		}
		if len(list) > 0 {
			number, title = list[0].Number, list[0].Title
		}
		if number == "" {
			e = ""
		}
		v.Entries = append(v.Entries, ProofEntry{e, number, title})
	}
	today := period.Day(by.Today)
	v.May.Report = t.State == Open && by.Can(Report, o.Targets(t.Unit, today), false)
	v.May.Edit = by.Can(Edit, o.Targets(t.PlanUnit, today), false)
	return v, nil
}

func (a *API) view(ctx context.Context, q db.Querier, by access.Scope, unitNo int64, year int) (View, error) {
	x, err := a.Figures.At(ctx, q, by.District)
	if err != nil {
		return View{}, err
	}
	o := x.Org()
	today := period.Day(by.Today)
	n := org.No(unitNo)
	if n == 0 {
		n = o.Root
	}
	if _, ok := o.Unit(n); !ok || !by.Can(Read, o.Targets(n, today), true) {
		return View{}, org.ErrUnit
	}
	v := View{Year: year, Unit: UnitName{int64(n), o.UnitName(n)}, MayEdit: by.Can(Edit, o.Targets(n, today), false), Targets: []TargetView{},
		Tasks: []TaskView{}, Duties: []DutyView{}, Departments: []UnitName{}}
	own, found, err := yearOf(ctx, q, by.District, n, year)
	if err != nil {
		return v, err
	}
	if found {
		v.ID, v.Title = own.ID, own.Title
	}
	targets, err := Targets(ctx, q, by, n, year)
	if err != nil {
		return v, err
	}
	units := map[string][]org.No{} // by figure: each is read once for all its units
	for _, t := range targets {
		units[t.Figure] = append(units[t.Figure], t.Unit)
	}
	now := map[string]map[org.No]indicator.Value{}
	for f, list := range units {
		if now[f], err = x.Values(f, list, period.Year(year)); err != nil {
			return v, err
		}
	}
	for _, t := range targets {
		v.Targets = append(v.Targets, a.target(x, by, year, t, now[t.Figure][t.Unit]))
	}
	tasks, err := Tasks(ctx, q, by, n, year)
	if err != nil {
		return v, err
	}
	for _, t := range tasks {
		y, err := a.task(ctx, q, by, o, t)
		if err != nil {
			return v, err
		}
		v.Tasks = append(v.Tasks, y)
		switch {
		case t.State == Done:
			v.Done++
		case t.State == Open:
			v.Open++
			if y.Late > 0 {
				v.Arrears++
			}
		}
	}
	// The matrix is the unit's own, or that of the nearest unit above with one: everybody may know who bears what.
	for at := n; ; at = o.Parent(at, today) {
		y, found, err := yearOf(ctx, q, by.District, at, year)
		if err != nil {
			return v, err
		}
		if found {
			duties, err := Duties(ctx, q, by.District, y.ID)
			if err != nil {
				return v, err
			}
			if len(duties) > 0 || at == n {
				v.DutyPlan = y.ID
				for _, d := range duties {
					v.Duties = append(v.Duties, DutyView{d.ID, d.Rev, d.Title, d.Roles})
				}
			}
			if len(duties) > 0 {
				break
			}
		}
		if at == o.Root || at == 0 {
			break
		}
	}
	for _, u := range o.Units() {
		if u.Type == org.Department && u.From <= today && today < u.Until {
			v.Departments = append(v.Departments, UnitName{int64(u.No), u.Name})
		}
	}
	sort.Slice(v.Departments, func(i, j int) bool { return v.Departments[i].ID < v.Departments[j].ID })
	return v, nil
}

func (a *API) target(x *indicator.Query, by access.Scope, y int, t Target, val indicator.Value) TargetView {
	o := x.Org()
	v := TargetView{ID: t.ID, Rev: t.Rev, Plan: t.Plan, Unit: UnitName{int64(t.Unit), o.UnitName(t.Unit)}, Figure: t.Figure, Title: val.Def.Title,
		Decimals: val.Def.Decimals, Value: t.Value, AtMost: t.AtMost, Months: t.Months}
	if val.Def.Unit != nil {
		v.UnitOf = *val.Def.Unit
	}
	today := period.Day(by.Today)
	at := indicator.Stand(t, y, indicator.Amount(val), today)
	v.Now, v.Expected, v.Permille, v.State = at.Now, at.Expected, min(at.Permille, 1000), at.State
	show := func(n int64) string { return unit.Group(n, v.Decimals) }
	v.Display, v.NowDisplay, v.ExpectedShown = show(t.Value), show(v.Now), show(v.Expected)
	v.MayEdit = by.Can(Edit, o.Targets(t.Unit, today), false)
	return v
}
