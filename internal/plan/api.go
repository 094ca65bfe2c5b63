package plan

import (
	"context"
	"net/http"
	"sort"
	"strconv"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/ledger"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
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

// API serves plans.
type API struct {
	*Service
	Entries *ledger.Service // what tasks name as proof
}

func (a *API) task(ctx context.Context, q db.Querier, by access.Scope, o *org.Org, t Task) (TaskView, error) {
	v := TaskView{ID: t.ID, Rev: t.Rev, Plan: t.Plan, From: UnitName{int64(t.PlanUnit), o.UnitName(t.PlanUnit)}, Unit: UnitName{int64(t.Unit), o.UnitName(t.Unit)}, Title: t.Title, Duty: t.Duty, PersonID: t.Person, Deadline: t.Deadline.String(),
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

func (a *API) target(x *indicator.Query, by access.Scope, y int, t Target) (TargetView, error) {
	o := x.Org()
	year := period.Year(y)
	val, err := x.Value(t.Figure, t.Unit, year)
	if err != nil {
		return TargetView{}, err
	}
	v := TargetView{ID: t.ID, Rev: t.Rev, Plan: t.Plan, Unit: UnitName{int64(t.Unit), o.UnitName(t.Unit)}, Figure: t.Figure, Title: val.Def.Title, Decimals: val.Def.Decimals, Value: t.Value, AtMost: t.AtMost, Months: t.Months}
	if val.Def.Unit != nil {
		v.UnitOf = *val.Def.Unit
	}
	today := period.Day(by.Today)
	at := indicator.Stand(t, y, indicator.Amount(val), today)
	v.Now, v.Expected, v.Permille, v.State = at.Now, at.Expected, min(at.Permille, 1000), at.State
	show := func(n int64) string { return unit.Group(n, v.Decimals) }
	v.Display, v.NowDisplay, v.ExpectedShown = show(t.Value), show(v.Now), show(v.Expected)
	v.MayEdit = by.Can(Edit, o.Targets(t.Unit, today), false)
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
	v := View{Year: year, Unit: UnitName{int64(n), o.UnitName(n)}, MayEdit: by.Can(Edit, o.Targets(n, today), false), Targets: []TargetView{}, Tasks: []TaskView{}, Duties: []DutyView{}, Departments: []UnitName{}}
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
	for _, t := range targets {
		y, err := a.target(x, by, year, t)
		if err != nil {
			return v, err
		}
		v.Targets = append(v.Targets, y)
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

type made struct {
	ID  string `json:"id"`
	Rev int64  `json:"rev"`
}

func tag(rev int64) string { return `"` + strconv.FormatInt(rev, 10) + `"` }

func reply(id string, rev int64) *httpapi.Reply[made] {
	return &httpapi.Reply[made]{ETag: tag(rev), Body: made{id, rev}}
}

// Register adds the operations of plans.
func (a *API) Register(k *httpapi.Kit) {
	type viewIn struct {
		Unit int64 `query:"unit"`
		Year int   `query:"year" minimum:"2000" maximum:"2100"`
	}
	type viewOut struct{ Body View }
	httpapi.Query(k, httpapi.Operation{ID: "get-plan", Method: http.MethodGet, Path: "/plan", Verb: Read, Summary: "The plan of a unit for a year: targets with their figures, tasks, matrix of duties"},
		func(ctx context.Context, by access.Scope, in *viewIn) (*viewOut, error) {
			out := &viewOut{}
			return out, a.DB.Snapshot(ctx, func(q db.Querier) (err error) {
				if in.Year == 0 {
					in.Year, _, _ = period.Day(by.Today).YMD()
				}
				out.Body, err = a.view(ctx, q, by, in.Unit, in.Year)
				return err
			})
		})
	type openOut struct {
		Body struct {
			Items []TaskView `json:"items"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "open-tasks", Method: http.MethodGet, Path: "/tasks/open", Verb: Report, Summary: "Open tasks of my units, the nearest deadline first"},
		func(ctx context.Context, by access.Scope, _ *struct{}) (*openOut, error) {
			out := &openOut{}
			out.Body.Items = []TaskView{}
			return out, a.DB.Snapshot(ctx, func(q db.Querier) error {
				o, err := a.Orgs.Current(ctx, q, by.District)
				if err != nil {
					return err
				}
				list, err := OpenOf(ctx, q, by, 50)
				if err != nil {
					return err
				}
				for _, t := range list {
					v, err := a.task(ctx, q, by, o, t)
					if err != nil {
						return err
					}
					out.Body.Items = append(out.Body.Items, v)
				}
				return nil
			})
		})
	type peopleIn struct {
		Unit int64 `query:"unit"`
	}
	type peopleOut struct {
		Body struct {
			Items []Person `json:"items"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "task-people", Method: http.MethodGet, Path: "/plan/people", Verb: Edit, Summary: "Who of a unit can be named for a task"},
		func(ctx context.Context, by access.Scope, in *peopleIn) (*peopleOut, error) {
			out := &peopleOut{}
			out.Body.Items = []Person{}
			return out, a.DB.Snapshot(ctx, func(q db.Querier) error {
				if err := a.may(ctx, q, by, Edit, org.No(in.Unit)); err != nil {
					return err
				}
				list, err := account.PeopleOf(ctx, q, by.District, org.No(in.Unit), period.Day(by.Today))
				for _, p := range list {
					out.Body.Items = append(out.Body.Items, Person{p.ID, p.Name})
				}
				return err
			})
		})
	type startIn struct {
		httpapi.OperationID
		Body struct {
			Unit int64 `json:"unit"`
			Year int   `json:"year"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "start-plan", Method: http.MethodPost, Path: "/plans", Verb: Edit, Summary: "Start the plan of a unit for a year"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *startIn) (*httpapi.Reply[made], error) {
			y, err := a.Start(ctx, tx, by, org.No(in.Body.Unit), in.Body.Year)
			return reply(y.ID, 1), err
		})
	type carried struct {
		Tasks int `json:"tasks"`
	}
	type idIn struct {
		httpapi.OperationID
		ID string `path:"id"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "carry-plan", Method: http.MethodPost, Path: "/plans/{id}/carry", Verb: Edit, Summary: "Take the open tasks over into the next year's plan"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *idIn) (*httpapi.Reply[carried], error) {
			n, err := a.Carry(ctx, tx, by, in.ID)
			return &httpapi.Reply[carried]{Body: carried{n}}, err
		})
	a.registerTargets(k)
	a.registerTasks(k)
	a.registerDuties(k)
}

// TargetInput is what a person gives for a target.
type TargetInput struct {
	Unit   int64   `json:"unit"`
	Figure string  `json:"figure" maxLength:"80"`
	Value  int64   `json:"value" doc:"at the figure's own scale"`
	AtMost bool    `json:"at_most,omitempty"`
	Months []int64 `json:"months,omitempty" maxItems:"12" doc:"what it shall be at the end of each month"`
}

func (in TargetInput) target() Target {
	return Target{Unit: org.No(in.Unit), Figure: in.Figure, Value: in.Value, AtMost: in.AtMost, Months: in.Months}
}

func (a *API) registerTargets(k *httpapi.Kit) {
	type addIn struct {
		httpapi.OperationID
		ID   string `path:"id"`
		Body TargetInput
	}
	httpapi.Command(k, httpapi.Operation{ID: "add-target", Method: http.MethodPost, Path: "/plans/{id}/targets", Verb: Edit, Summary: "Bind a figure to a target"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *addIn) (*httpapi.Reply[made], error) {
			t, err := a.SetTarget(ctx, tx, by, in.ID, 0, in.Body.target())
			return reply(t.ID, t.Rev), err
		})
	type editIn struct {
		httpapi.OperationID
		ID      string `path:"id"`
		IfMatch string `header:"If-Match"`
		Body    TargetInput
	}
	httpapi.Command(k, httpapi.Operation{ID: "edit-target", Method: http.MethodPut, Path: "/targets/{id}", Verb: Edit, Summary: "Change a target"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *editIn) (*httpapi.Reply[made], error) {
			rev, err := httpapi.Tag(in.IfMatch)
			if err != nil {
				return nil, err
			}
			_, y, err := targetByID(ctx, tx, by, in.ID)
			if err != nil {
				return nil, err
			}
			t := in.Body.target()
			t.ID = in.ID
			t, err = a.SetTarget(ctx, tx, by, y.ID, rev, t)
			return reply(t.ID, t.Rev), err
		})
	type dropIn struct {
		httpapi.OperationID
		ID string `path:"id"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "drop-target", Method: http.MethodDelete, Path: "/targets/{id}", Verb: Edit, Summary: "Take a target out of its plan"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *dropIn) (*httpapi.Reply[made], error) {
			return reply(in.ID, 0), a.DropTarget(ctx, tx, by, in.ID)
		})
}

// TaskInput is what a person gives for a task.
type TaskInput struct {
	Unit     int64  `json:"unit"`
	Title    string `json:"title" maxLength:"200"`
	Duty     string `json:"duty,omitempty" maxLength:"60"`
	Person   string `json:"person,omitempty" maxLength:"60"`
	Deadline string `json:"deadline"`
}

func (in TaskInput) task() (Task, error) {
	day, err := period.ParseDay(in.Deadline)
	if err != nil {
		return Task{}, httpapi.ErrInput.At(problem.Field{Pointer: "/deadline", Code: "value.date"})
	}
	return Task{Unit: org.No(in.Unit), Title: in.Title, Duty: in.Duty, Person: in.Person, Deadline: day}, nil
}

func (a *API) registerTasks(k *httpapi.Kit) {
	type addIn struct {
		httpapi.OperationID
		ID   string `path:"id"`
		Body TaskInput
	}
	httpapi.Command(k, httpapi.Operation{ID: "add-task", Method: http.MethodPost, Path: "/plans/{id}/tasks", Verb: Edit, Summary: "Give a unit a task with a deadline"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *addIn) (*httpapi.Reply[made], error) {
			t, err := in.Body.task()
			if err != nil {
				return nil, err
			}
			t, err = a.SetTask(ctx, tx, by, in.ID, 0, t)
			return reply(t.ID, t.Rev), err
		})
	type editIn struct {
		httpapi.OperationID
		ID      string `path:"id"`
		IfMatch string `header:"If-Match"`
		Body    TaskInput
	}
	httpapi.Command(k, httpapi.Operation{ID: "edit-task", Method: http.MethodPut, Path: "/tasks/{id}", Verb: Edit, Summary: "Change an open task"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *editIn) (*httpapi.Reply[made], error) {
			rev, err := httpapi.Tag(in.IfMatch)
			if err != nil {
				return nil, err
			}
			was, err := taskByID(ctx, tx, by, in.ID)
			if err != nil {
				return nil, err
			}
			if err := a.may(ctx, tx, by, Edit, was.PlanUnit); err != nil {
				return nil, ErrForbidden // he sees the task, not the plan it stands in
			}
			t, err := in.Body.task()
			if err != nil {
				return nil, err
			}
			t.ID = in.ID
			t, err = a.SetTask(ctx, tx, by, was.Plan, rev, t)
			return reply(in.ID, t.Rev+1), err
		})
	type finishIn struct {
		httpapi.OperationID
		ID      string `path:"id"`
		IfMatch string `header:"If-Match"`
		Body    struct {
			Note    string   `json:"note,omitempty" maxLength:"1000"`
			Proof   []string `json:"proof,omitempty" maxItems:"9" doc:"files by SHA-256"`
			Entries []string `json:"entries,omitempty" maxItems:"20" doc:"records by number"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "finish-task", Method: http.MethodPost, Path: "/tasks/{id}/finish", Verb: Report, Summary: "Say that a task is done, with its proof"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *finishIn) (*httpapi.Reply[made], error) {
			rev, err := httpapi.Tag(in.IfMatch)
			if err != nil {
				return nil, err
			}
			t, err := a.Finish(ctx, tx, by, in.ID, rev, in.Body.Note, in.Body.Proof, in.Body.Entries)
			return reply(t.ID, t.Rev), err
		})
	type reasonIn struct {
		httpapi.OperationID
		ID      string `path:"id"`
		IfMatch string `header:"If-Match"`
		Body    struct {
			Reason string `json:"reason" maxLength:"500"`
		}
	}
	step := func(id, path, summary string, do func(context.Context, *db.Tx, access.Scope, string, int64, string) (Task, error)) {
		httpapi.Command(k, httpapi.Operation{ID: id, Method: http.MethodPost, Path: "/tasks/{id}/" + path, Verb: Edit, Summary: summary},
			func(ctx context.Context, tx *db.Tx, by access.Scope, in *reasonIn) (*httpapi.Reply[made], error) {
				rev, err := httpapi.Tag(in.IfMatch)
				if err != nil {
					return nil, err
				}
				t, err := do(ctx, tx, by, in.ID, rev, in.Body.Reason)
				return reply(t.ID, t.Rev), err
			})
	}
	step("cancel-task", "cancel", "Take a task out of the plan with a reason", a.Cancel)
	step("reopen-task", "reopen", "Open a closed task again with a reason", a.Reopen)
}

func (a *API) registerDuties(k *httpapi.Kit) {
	type body struct {
		Title string            `json:"title" maxLength:"120"`
		Roles map[string]string `json:"roles"`
	}
	type addIn struct {
		httpapi.OperationID
		ID   string `path:"id"`
		Body body
	}
	httpapi.Command(k, httpapi.Operation{ID: "add-duty", Method: http.MethodPost, Path: "/plans/{id}/duties", Verb: Edit, Summary: "Add a row to the matrix of duties"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *addIn) (*httpapi.Reply[made], error) {
			d, err := a.SetDuty(ctx, tx, by, in.ID, 0, Duty{Title: in.Body.Title, Roles: in.Body.Roles})
			return reply(d.ID, d.Rev), err
		})
	type editIn struct {
		httpapi.OperationID
		ID      string `path:"id"`
		IfMatch string `header:"If-Match"`
		Body    body
	}
	httpapi.Command(k, httpapi.Operation{ID: "edit-duty", Method: http.MethodPut, Path: "/duties/{id}", Verb: Edit, Summary: "Say who leads a duty and who joins in"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *editIn) (*httpapi.Reply[made], error) {
			rev, err := httpapi.Tag(in.IfMatch)
			if err != nil {
				return nil, err
			}
			d, y, err := dutyByID(ctx, tx, by, in.ID)
			if err != nil {
				return nil, err
			}
			d, err = a.SetDuty(ctx, tx, by, y.ID, rev, Duty{ID: d.ID, Title: in.Body.Title, Roles: in.Body.Roles})
			return reply(d.ID, d.Rev), err
		})
	type dropIn struct {
		httpapi.OperationID
		ID string `path:"id"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "drop-duty", Method: http.MethodDelete, Path: "/duties/{id}", Verb: Edit, Summary: "Take a row out of the matrix of duties"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *dropIn) (*httpapi.Reply[made], error) {
			return reply(in.ID, 0), a.DropDuty(ctx, tx, by, in.ID)
		})
}
