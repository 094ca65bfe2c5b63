package inspect

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/rectify"
)

// Row is a visit in a list.
type Row struct {
	ID        string     `json:"id"`
	No        string     `json:"no"`
	Day       string     `json:"day"`
	MadeAt    int64      `json:"made_at"`
	Received  int64      `json:"received"`
	Place     string     `json:"place"`
	PlaceName string     `json:"place_name"`
	Unit      org.Ref    `json:"unit"`
	Checklist string     `json:"checklist"`
	Title     i18n.Label `json:"title"` // of the checklist
	Kind      string     `json:"kind" enum:"routine,special,self"`
	By        string     `json:"by"`
	State     string     `json:"state" enum:"done,void"`
	Counted   bool       `json:"counted"`
	Asked     int64      `json:"asked"`
	Answered  int64      `json:"answered"`
	Failed    int64      `json:"failed"`
	Rev       int64      `json:"rev"`
}

func (s *Service) row(ctx context.Context, q db.Querier, by access.Scope, w work, v Record, names map[string]string) (Row, error) {
	r := Row{ID: v.ID, No: v.No, Day: v.Day.String(), MadeAt: v.MadeAt, Received: v.ReceivedAt, Place: v.Place, PlaceName: v.PlaceName,
		Unit: w.Org.Ref(v.Unit, v.Day), Checklist: v.Checklist, Title: i18n.Label{Zh: v.Checklist, En: v.Checklist}, Kind: v.Kind, State: v.State,
		Counted: v.Counted, Asked: v.Asked, Answered: v.Answered, Failed: v.Failed, Rev: v.Rev}
	if c, ok := pack.Value[Checklist](w.Set, "checklists", v.Checklist); ok {
		r.Title = c.Title
	}
	if _, ok := names[v.Account]; !ok && v.Account != "" {
		n, err := account.NameOf(ctx, q, by.District, v.Account)
		if err != nil {
			return r, err
		}
		names[v.Account] = n
	}
	r.By = names[v.Account]
	return r, nil
}

// FindingView is something wrong, with the case it became.
type FindingView struct {
	Subject  string       `json:"subject"`
	Item     string       `json:"item"`
	Title    i18n.Label   `json:"title"`
	Words    string       `json:"words"`
	Photos   []string     `json:"photos"`
	Severity string       `json:"severity" enum:"minor,major"`
	Joined   bool         `json:"joined"`
	Case     *rectify.Row `json:"case"`
}

// View is a visit's page.
type View struct {
	Row
	Form     Checklist     `json:"form"` // as it was then
	Present  string        `json:"present"`
	Words    string        `json:"words"`
	Photos   []string      `json:"photos"`
	Handouts []string      `json:"handouts"`
	Subjects []Subject     `json:"subjects"`
	Answers  []Answer      `json:"answers"`
	Looks    []LookView    `json:"looks"`
	Findings []FindingView `json:"findings"`
	Reason   string        `json:"reason"`
	MayVoid  bool          `json:"may_void"`
	Owed     []string      `json:"owed"` // photos that are named and have not come yet
}

// LookView is what was seen of a problem that was open before.
type LookView struct {
	Look
	Row *rectify.Row `json:"row"`
}

// Page reads a visit's page.
func (s *Service) Page(ctx context.Context, q db.Querier, by access.Scope, id string) (View, error) {
	v, w, err := s.seen(ctx, q, by, id)
	if err != nil {
		return View{}, err
	}
	r, err := s.row(ctx, q, by, w, v, map[string]string{})
	if err != nil {
		return View{}, err
	}
	c, err := s.checklist(ctx, q, w.Set, by.District, v.Checklist, v.Form)
	if err != nil {
		return View{}, err
	}
	out := View{Row: r, Form: *c, Present: v.Body.Present, Words: v.Body.Words, Photos: orNone(v.Body.Photos), Handouts: orNone(v.Body.Handouts),
		Subjects: v.Body.Subjects, Answers: v.Body.Answers, Looks: []LookView{}, Findings: []FindingView{}, Reason: v.Body.Reason,
		MayVoid: v.State == Done && by.Can(Void, w.Org.Targets(v.Unit, w.Day), false)}
	out.Title = c.Title
	if out.Subjects == nil {
		out.Subjects = []Subject{}
	}
	if out.Answers == nil {
		out.Answers = []Answer{}
	}
	if out.Owed, err = evidence.Owed(ctx, q, by.District, v.ID); err != nil {
		return out, err
	}
	out.Photos = evidence.Here(out.Photos, out.Owed)
	findings, err := findingsOf(ctx, q, by.District, []string{v.ID})
	if err != nil {
		return out, err
	}
	ids := []string{}
	for _, f := range findings {
		ids = append(ids, f.Case)
	}
	for _, l := range v.Body.Looks {
		ids = append(ids, l.Case)
	}
	cases, err := s.Cases.RowsOf(ctx, q, by, dedupe(ids))
	if err != nil {
		return out, err
	}
	for _, f := range findings {
		x := FindingView{Subject: f.SubjectName, Item: f.Item, Title: f.Body.Title, Words: f.Body.Words, Severity: f.Severity,
			Photos: evidence.Here(f.Body.Photos, out.Owed),
			Joined: f.Joined}
		if row, ok := cases[f.Case]; ok {
			x.Case = &row
		}
		out.Findings = append(out.Findings, x)
	}
	for _, l := range v.Body.Looks {
		x := LookView{Look: l}
		x.Photos = evidence.Here(l.Photos, out.Owed)
		if row, ok := cases[l.Case]; ok {
			x.Row = &row
		}
		out.Looks = append(out.Looks, x)
	}
	return out, nil
}

func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// FormView is a checklist as a form asks it.
type FormView struct {
	Checklist
	Version int64  `json:"version"`
	Form    string `json:"form"`
}

// FormOf is a checklist as a form asks it.
func FormOf(c *Checklist) FormView { return FormView{*c, c.version, c.form} }

// SpotView is what is inspected, as a list shows it.
type SpotView struct {
	Key       string  `json:"key"`
	Name      string  `json:"name"`
	Type      string  `json:"type"`
	Code      string  `json:"code"`
	Unit      org.Ref `json:"unit"`
	Open      int64   `json:"open"` // problems
	Last      *string `json:"last"` // day of the last visit
	LastWrong int64   `json:"last_wrong"`
}

// SpotPage is all that an inspector needs at a place, and what is shown of it afterwards.
type SpotPage struct {
	SpotView
	Party   *org.Ref      `json:"party"` // who answers for it today
	Forms   []FormView    `json:"forms"`
	Points  []SpotView    `json:"points"`
	Objects []SpotView    `json:"objects"`
	Kinds   []ObjectKind  `json:"kinds"`
	Open    []rectify.Row `json:"open_cases"`
	Visits  []Row         `json:"visits"`
	May     bool          `json:"may"`
	Self    bool          `json:"self"` // a visit of this person would be a self-check
}

func (s *Service) spotView(w work, sp Spot) SpotView {
	return SpotView{Key: sp.Key, Name: sp.Name, Type: sp.Type, Code: sp.Code, Unit: w.Org.Ref(sp.Unit, w.Day)}
}

// At reads what stands about a place.
func (s *Service) At(ctx context.Context, q db.Querier, by access.Scope, key string) (SpotPage, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return SpotPage{}, err
	}
	sp, err := s.spot(ctx, q, by, w, key)
	if err != nil {
		return SpotPage{}, err
	}
	out := SpotPage{SpotView: s.spotView(w, sp), Forms: []FormView{}, Points: []SpotView{}, Objects: []SpotView{}, Kinds: []ObjectKind{}, Open: []rectify.Row{},
		Visits: []Row{}, May: by.Can(Visit, w.Org.Targets(sp.Unit, w.Day), false)}
	for _, c := range ForSpot(w.Set, sp) {
		out.Forms = append(out.Forms, FormOf(c))
		if out.Party == nil {
			if n := rectify.Answers(w.Org, sp.Unit, w.Day, c.Answers); n != 0 {
				ref := w.Org.Ref(n, w.Day)
				out.Party = &ref
				office := rectify.Office(w.Org, by, Visit, sp.Unit, w.Day)
				out.Self = office == sp.Unit || office == n
			}
		}
	}
	if strings.HasPrefix(sp.Key, "unit:") {
		points, err := s.points(ctx, q, by, sp.Unit)
		if err != nil {
			return out, err
		}
		for _, p := range points {
			out.Points = append(out.Points, s.spotView(w, p))
		}
		met, err := Objects(ctx, q, by.District, most, `AND o.unit = $2`, int64(sp.Unit))
		if err != nil {
			return out, err
		}
		for _, o := range met {
			out.Objects = append(out.Objects, s.spotView(w, o))
		}
	}
	for _, k := range pack.All[ObjectKind](w.Set, "object-kinds") {
		out.Kinds = append(out.Kinds, *k)
	}
	if by.Has(rectify.Read) {
		if out.Open, err = s.Cases.OpenAt(ctx, q, by, sp.Key); err != nil {
			return out, err
		}
	}
	out.SpotView.Open = int64(len(out.Open))
	visits, _, err := List(ctx, q, by, Filter{Place: sp.Key, State: Done, Limit: 10})
	names := map[string]string{}
	for _, v := range visits {
		r, err := s.row(ctx, q, by, w, v, names)
		if err != nil {
			return out, err
		}
		out.Visits = append(out.Visits, r)
	}
	return out, err
}

// Spots lists what can be inspected below a unit: those never visited first, then those visited longest ago.
func (s *Service) Spots(ctx context.Context, q db.Querier, by access.Scope, unit org.No, query string, limit int) ([]SpotView, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	query = strings.ToLower(strings.TrimSpace(query))
	var list []Spot
	for _, u := range w.Org.Units() {
		sp := Spot{Key: rectify.UnitPlace(u.No), Name: u.Name, Type: string(u.Type), Unit: u.No}
		if !u.Open(w.Day) || !w.Org.Reaches(u.No, unit, w.Day, w.Day+1) || !by.Can(Read, w.Org.Targets(u.No, w.Day), true) || len(ForSpot(w.Set, sp)) == 0 {
			continue
		}
		if query == "" || strings.Contains(strings.ToLower(u.Name), query) || strings.Contains(strings.ToLower(w.Org.PathInitials(u.No, w.Day)), query) {
			list = append(list, sp)
		}
	}
	met, err := Objects(ctx, q, by.District, most, "")
	if err != nil {
		return nil, err
	}
	for _, o := range met {
		if len(ForSpot(w.Set, o)) > 0 && w.Org.Reaches(o.Unit, unit, w.Day, w.Day+1) && by.Can(Read, w.Org.Targets(o.Unit, w.Day), true) &&
			(query == "" || strings.Contains(strings.ToLower(o.Name), query)) {
			list = append(list, o)
		}
	}
	seen, err := lastSeen(ctx, q, by.District, list)
	if err != nil {
		return nil, err
	}
	open, err := rectify.OpenByPlace(ctx, q, by)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(list, func(a, b Spot) int { return int(seen[a.Key].day - seen[b.Key].day) })
	out := []SpotView{}
	for _, sp := range list[:min(limit, len(list))] {
		x := s.spotView(w, sp)
		x.Open = open[sp.Key]
		if at, ok := seen[sp.Key]; ok {
			day := at.day.String()
			x.Last, x.LastWrong = &day, at.wrong
		}
		out = append(out, x)
	}
	return out, nil
}

// lastVisit is when others were at a place for the last time, and how much they found.
type lastVisit struct {
	place string
	day   period.Day
	wrong int64
}

// lastSeen finds the last visits of places by key: one step each, however often they were visited.
func lastSeen(ctx context.Context, q db.Querier, district int64, list []Spot) (map[string]lastVisit, error) {
	keys := make([]string, len(list))
	for i, sp := range list {
		keys[i] = sp.Key
	}
	found, err := db.Named(keys, 2, []any{district}, func(in string, args []any) ([]lastVisit, error) {
		rows := "(CAST(" + strings.ReplaceAll(in, ", ", " AS TEXT)), (CAST(") + " AS TEXT))"
		return db.All(ctx, q, func(r *sql.Rows) (l lastVisit, err error) { return l, r.Scan(&l.place, &l.day, &l.wrong) },
			`SELECT v.place, v.day, v.failed FROM (VALUES `+rows+`) AS k CROSS JOIN visit AS v WHERE v.district = $1 AND v.id = (SELECT x.id FROM visit AS x
			WHERE x.district = $1 AND x.place = k.column1 AND x.state = 'done' AND x.kind <> 'self' ORDER BY x.day + 0 DESC, x.id DESC LIMIT 1)`, args...)
	})
	out := make(map[string]lastVisit, len(found))
	for _, l := range found {
		out[l.place] = l
	}
	return out, err
}
