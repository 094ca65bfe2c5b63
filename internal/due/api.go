package due

import (
	"context"
	"database/sql"
	"fmt"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/ledger"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// Cell is one item as a page shows it.
type Cell struct {
	ID       string `json:"id"`
	Period   string `json:"period"`
	State    string `json:"state" enum:"open,missing,delivered,late,exempt"`
	Due      string `json:"due"`
	Day      string `json:"day" doc:"day of the delivery, empty for none"`
	LateDays int64  `json:"late_days"`
	Reason   string `json:"reason"`
	Reminded int64  `json:"reminded" doc:"when the unit was last reminded, 0 for never"`
	May      bool   `json:"may" doc:"the caller may remind and exempt"`
}

// Line is a unit with its items.
type Line struct {
	Unit  ledger.UnitRef `json:"unit"`
	Items []Cell         `json:"items"`
}

// KindRef is a kind that is owed.
type KindRef struct {
	Key     string     `json:"key"`
	Title   i18n.Label `json:"title"`
	Every   string     `json:"every" enum:"month,quarter,year"`
	Missing int64      `json:"missing"`
}

// Grid is who owes what, and who has not delivered. Counts are the list's own.
type Grid struct {
	Kinds   []KindRef `json:"kinds"`
	Kind    string    `json:"kind"`
	Periods []string  `json:"periods"`
	Lines   []Line    `json:"lines"`
	Counts  struct {
		Open      int64 `json:"open"`
		Missing   int64 `json:"missing"`
		Delivered int64 `json:"delivered"`
		Late      int64 `json:"late"`
		Exempt    int64 `json:"exempt"`
	} `json:"counts"`
}

const within = `district = $1 AND day_until > $2 AND day_from < $3`

// Grid reads the items of a kind inside a scope, below a unit, of the periods that a period meets.
func (s *Service) Grid(ctx context.Context, q db.Querier, by access.Scope, wanted string, unit org.No, p period.Period) (Grid, error) {
	g := Grid{Kinds: []KindRef{}, Periods: []string{}, Lines: []Line{}}
	m, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return g, err
	}
	set, o := m.Set, m.Org
	scope := ` AND ` + by.Reach("due_item.district", "due_item.unit", ledger.Read)
	args := []any{by.District, int64(p.From), int64(p.Until)}
	if unit != 0 {
		args = append(args, int64(unit))
		scope += ` AND EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = due_item.district AND r.unit = due_item.unit AND r.target = $4
			AND r.day_from < due_item.day_until AND due_item.day_until <= r.day_until)`
	}
	missing, err := db.Pairs[string, int64](ctx, q, `SELECT kind, sum(CASE WHEN state = 'missing' THEN 1 ELSE 0 END)
		FROM due_item WHERE `+within+scope+` GROUP BY kind`, args...)
	if err != nil {
		return g, err
	}
	for _, k := range kind.All(set) {
		if _, any := missing[k.Key]; any && k.Due != nil {
			g.Kinds = append(g.Kinds, KindRef{k.Key, k.Title, k.Due.Every, missing[k.Key]})
			if k.Key == wanted {
				g.Kind = wanted
			}
		}
	}
	if g.Kind == "" && len(g.Kinds) > 0 {
		g.Kind = g.Kinds[0].Key
	}
	if g.Kind == "" {
		return g, nil
	}
	list, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM due_item WHERE `+within+scope+fmt.Sprintf(` AND kind = $%d ORDER BY day_from, unit`,
		len(args)+1), append(args, g.Kind)...)
	if err != nil {
		return g, err
	}
	reminded, err := s.reminded(ctx, q, by.District, list)
	if err != nil {
		return g, err
	}
	today := period.Day(by.Today)
	at := map[org.No]int{}
	for _, u := range o.Units() { // units in the order of the tree
		for _, i := range list {
			if i.Unit == u.No {
				at[u.No] = len(g.Lines)
				g.Lines = append(g.Lines, Line{ledger.UnitRef{ID: int64(u.No), Name: u.Name, Short: o.Path(u.No, today), Type: string(u.Type)}, []Cell{}})
				break
			}
		}
	}
	for _, i := range list {
		if w := i.Period.String(); len(g.Periods) == 0 || g.Periods[len(g.Periods)-1] != w {
			g.Periods = append(g.Periods, w)
		}
		l := &g.Lines[at[i.Unit]]
		l.Items = append(l.Items, s.cell(o, by, i, reminded[i.ID]))
		switch i.State {
		case Open:
			g.Counts.Open++
		case Missing:
			g.Counts.Missing++
		case Delivered:
			g.Counts.Delivered++
		case Late:
			g.Counts.Late++
		default:
			g.Counts.Exempt++
		}
	}
	return g, nil
}

func (s *Service) cell(o *org.Org, by access.Scope, i Item, reminded int64) Cell {
	c := Cell{ID: i.ID, Period: i.Period.String(), State: i.State, Due: i.Due.String(), Reason: i.Reason, Reminded: reminded, May: s.mayDecide(o, by, i)}
	switch i.State {
	case Delivered, Late:
		c.Day = i.Day.String()
		c.LateDays = max(int64(i.Day-i.Due), 0)
	case Missing, Open:
		c.LateDays = max(by.Today-int64(i.Due), 0)
	}
	return c
}

func (s *Service) reminded(ctx context.Context, q db.Querier, district int64, list []Item) (map[string]int64, error) {
	out := map[string]int64{}
	wanted := map[string]bool{}
	for _, i := range list {
		if i.State == Open || i.State == Missing {
			wanted[i.ID] = true
		}
	}
	if len(wanted) == 0 {
		return out, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT key, max(at) FROM notice WHERE district = $1 AND kind = 'due' GROUP BY key`, district)
	var key string
	var at int64
	return out, db.Each(rows, err, func() error {
		err := rows.Scan(&key, &at)
		if len(key) > 40 && wanted[key[4:40]] {
			out[key[4:40]] = max(out[key[4:40]], at)
		}
		return err
	})
}

// Owed is one thing a person's unit has to deliver.
type Owed struct {
	Kind     string         `json:"kind"`
	Title    i18n.Label     `json:"title"`
	Period   string         `json:"period"`
	Due      string         `json:"due"`
	LateDays int64          `json:"late_days"`
	Unit     ledger.UnitRef `json:"unit"`
	State    string         `json:"state"`
}

// soon is how many days before its end a running period is shown to those who have not delivered for it yet.
const soon = 7

// OwedBy lists what the caller's own units owe: what is missing, what is open, and the running period when it ends soon.
func (s *Service) OwedBy(ctx context.Context, q db.Querier, by access.Scope) ([]Owed, error) {
	out := []Owed{}
	m, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	set, o := m.Set, m.Org
	today := period.Day(by.Today)
	for _, gr := range by.Grants {
		u, ok := o.Unit(org.No(gr.Unit))
		if !ok || !gr.Verbs[ledger.Enter] {
			continue
		}
		ref := ledger.UnitRef{ID: gr.Unit, Name: u.Name, Short: o.Path(u.No, today), Type: string(u.Type)}
		list, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM due_item WHERE district = $1 AND unit = $2 AND state IN ('open', 'missing')
			ORDER BY due, kind`, by.District, gr.Unit)
		if err != nil {
			return nil, err
		}
		for _, i := range list {
			if k, err := kind.Of(set, i.Kind); err == nil {
				out = append(out, Owed{k.Key, k.Title, i.Period.String(), i.Due.String(), max(int64(today-i.Due), 0), ref, i.State})
			}
		}
		running, err := s.running(ctx, q, by, set, u)
		if err != nil {
			return nil, err
		}
		for _, r := range running {
			r.Unit = ref
			out = append(out, r)
		}
	}
	return out, nil
}

func (s *Service) running(ctx context.Context, q db.Querier, by access.Scope, set *pack.Set, u org.Unit) ([]Owed, error) {
	var out []Owed
	today := period.Day(by.Today)
	for _, k := range kind.All(set) {
		if !k.Owes(u.Type) || !u.Open(today) {
			continue
		}
		due, p, _ := k.DueDay(today)
		if p.Until-today > soon || u.From > p.From {
			continue
		}
		did, err := delivered(ctx, q, by.District, k.Key, p, fmt.Sprint(int64(u.No)))
		if err != nil {
			return nil, err
		}
		if _, ok := did[u.No]; !ok {
			out = append(out, Owed{Kind: k.Key, Title: k.Title, Period: p.String(), Due: due.String(), State: Open})
		}
	}
	return out, nil
}

// Absent counts who has not delivered a kind for a period, below a superior.
type Absent struct {
	Kind    string     `json:"kind"`
	Title   i18n.Label `json:"title"`
	Period  string     `json:"period"`
	Due     string     `json:"due"`
	Missing int64      `json:"missing"`
	Of      int64      `json:"of"`
}

// AbsentBelow lists the kinds and periods for which units that the caller verifies have not delivered, newest first.
func (s *Service) AbsentBelow(ctx context.Context, q db.Querier, by access.Scope, limit int) ([]Absent, error) {
	set, err := s.Packs.Current(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	type row struct {
		kind         string
		from, until  period.Day
		due          period.Day
		missing, all int64
	}
	rows, err := db.All(ctx, q, func(r *sql.Rows) (row, error) {
		var x row
		err := r.Scan(&x.kind, &x.from, &x.until, &x.due, &x.missing, &x.all)
		return x, err
	}, `SELECT kind, day_from, day_until, max(due), sum(CASE WHEN state = 'missing' THEN 1 ELSE 0 END), count(*) FROM due_item WHERE district = $1
		AND state <> 'exempt' AND `+
		by.Reach("due_item.district", "due_item.unit",
			ledger.Verify)+` GROUP BY kind, day_from, day_until HAVING sum(CASE WHEN state = 'missing' THEN 1 ELSE 0 END) > 0 
			ORDER BY day_from DESC, kind LIMIT $2`, by.District, limit)
	if err != nil {
		return nil, err
	}
	out := []Absent{}
	for _, x := range rows {
		if k, err := kind.Of(set, x.kind); err == nil {
			out = append(out, Absent{k.Key, k.Title, period.Period{From: x.from, Until: x.until}.String(), x.due.String(), x.missing, x.all})
		}
	}
	return out, nil
}

// periodOf reads the period of an operation.
func periodOf(text string) (period.Period, error) {
	p, err := period.Parse(text)
	if err != nil {
		return p, httpapi.ErrInput.At(problem.Field{Pointer: "/period", Code: "value.period"})
	}
	return p, nil
}

// Register adds the operations.
func (s *Service) Register(k *httpapi.Kit) {
	s.registerBurden(k)
	type gridIn struct {
		Kind   string `query:"kind"`
		Unit   int64  `query:"unit"`
		Period string `query:"period"`
	}
	httpapi.One(k, httpapi.Operation{ID: "list-due", Route: "GET /due", Verb: ledger.Read,
		Summary: "Who owes what, and who has not delivered"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *gridIn) (Grid, error) {
			p, err := periodOf(in.Period)
			if err != nil {
				return Grid{}, err
			}
			return s.Grid(ctx, q, by, in.Kind, org.No(in.Unit), p)
		})
	type remindIn struct {
		httpapi.OperationID
		Body struct {
			Items []string `json:"items" minItems:"1" maxItems:"2000"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "remind-due", Route: "POST /due/remind", Verb: ledger.Verify,
		Summary: "Remind those who have not delivered, once a day each"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *remindIn) (*httpapi.Reply[Reminded], error) {
			r, err := s.Remind(ctx, tx, by, in.Body.Items)
			return &httpapi.Reply[Reminded]{Body: r}, err
		})
	type exemptIn struct {
		httpapi.ActOn
		Body struct {
			Exempt bool   `json:"exempt"`
			Reason string `json:"reason,omitempty" maxLength:"200"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "exempt-due", Route: "POST /due/{id}/exempt", Verb: ledger.Verify,
		Summary: "Say with a reason that a unit does not owe an item, or that it does after all"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *exemptIn) (*httpapi.Reply[Cell], error) {
			i, err := s.SetExempt(ctx, tx, by, in.ID, in.Body.Reason, in.Body.Exempt)
			if err != nil {
				return nil, err
			}
			o, err := s.Orgs.Current(ctx, tx, by.District)
			return &httpapi.Reply[Cell]{Body: s.cell(o, by, i, 0)}, err
		})
}
