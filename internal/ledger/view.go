package ledger

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"sifen/internal/access"
	"sifen/internal/closing"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/unit"
)

// UnitRef names a unit.
type UnitRef struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Short string `json:"short,omitempty"` // path below the district
	Path  string `json:"path,omitempty"`
	Type  string `json:"type,omitempty"`
}

// Who names a person.
type Who struct {
	Name string `json:"name"`
}

// Row is an entry in a list.
type Row struct {
	ID          string            `json:"id"`
	Number      string            `json:"number"`
	Kind        string            `json:"kind"`
	KindTitle   i18n.Label        `json:"kind_title"`
	Unit        UnitRef           `json:"unit"`
	From        string            `json:"from"`
	Until       *string           `json:"until"`
	Title       string            `json:"title"`
	State       string            `json:"state" enum:"draft,submitted,returned,verified,void"`
	Rev         int64             `json:"rev"`
	WaitsAt     string            `json:"level,omitempty"`
	Counted     bool              `json:"counted"`
	Values      kind.Values       `json:"values"`
	Labels      map[string]string `json:"labels"`
	Photos      int64             `json:"photos"`
	Thumb       string            `json:"thumb,omitempty"`
	By          Who               `json:"by"`
	At          int64             `json:"at"`
	LateDays    int64             `json:"late_days"`
	WaitingDays int64             `json:"waiting_days"`
	Reason      string            `json:"reason,omitempty"`
	Hints       []i18n.Label      `json:"hints"`
	Link        string            `json:"link,omitempty"` // where the record stands when it is no entry of a ledger
}

// Names resolves what rows show: persons of accounts, persons of fields, titles of refs.
type Names struct {
	account map[string]string
	person  map[string]string
	entry   map[string]string
}

func resolve(ctx context.Context, q db.Querier, set *pack.Set, district int64, list []Entry, more ...string) (Names, error) {
	n := Names{map[string]string{}, map[string]string{}, map[string]string{}}
	accounts, persons, refs := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, a := range more {
		accounts[a] = true
	}
	for _, e := range list {
		accounts[e.Account] = true
		k, err := kind.Of(set, e.Kind)
		if err != nil {
			continue
		}
		for _, f := range k.Fields {
			if s, ok := e.Values[f.Key].(string); ok {
				switch f.Type {
				case "person":
					persons[s] = true
				case "ref":
					refs[s] = true
				}
			}
		}
	}
	fetch := func(ids map[string]bool, into map[string]string, query string) error {
		keys := make([]string, 0, len(ids))
		for k := range ids {
			if k != "" {
				keys = append(keys, k)
			}
		}
		for len(keys) > 0 {
			some := keys[:min(len(keys), 200)]
			keys = keys[len(some):]
			marks, args := make([]string, len(some)), []any{district}
			for i, k := range some {
				args = append(args, k)
				marks[i] = "$" + strconv.Itoa(i+2)
			}
			rows, err := q.QueryContext(ctx, strings.Replace(query, "(?)", "("+strings.Join(marks, ",")+")", 1), args...)
			var k, v string
			if err := db.Each(rows, err, func() error {
				err := rows.Scan(&k, &v)
				into[k] = v
				return err
			}); err != nil {
				return err
			}
		}
		return nil
	}
	if err := fetch(accounts, n.account, `SELECT a.id, p.name FROM account AS a JOIN person AS p ON p.district = a.district AND p.id = a.person
		WHERE a.district = $1 AND a.id IN (?)`); err != nil {
		return n, err
	}
	if err := fetch(persons, n.person, `SELECT id, name FROM person WHERE district = $1 AND id IN (?)`); err != nil {
		return n, err
	}
	return n, fetch(refs, n.entry, `SELECT id, title FROM entry WHERE district = $1 AND id IN (?)`)
}

// Text writes one value for a person.
func (n Names) Text(o *org.Org, f kind.Field, v kind.Values, lang i18n.Lang) string {
	x, ok := v[f.Key]
	if !ok {
		return ""
	}
	unitOf := ""
	if f.Unit != nil {
		unitOf = f.Unit.In(lang)
	}
	switch f.Type {
	case "choice":
		for _, op := range f.Options {
			if op.Key == x {
				return op.Title.In(lang)
			}
		}
	case "unit":
		if no, ok := x.(int64); ok {
			return o.UnitName(org.No(no))
		}
	case "person":
		return n.person[fmt.Sprint(x)]
	case "ref":
		return n.entry[fmt.Sprint(x)]
	case "bool":
		yes, no := i18n.Label{Zh: "是", En: "Yes"}, i18n.Label{Zh: "否", En: "No"}
		if x == true {
			return yes.In(lang)
		}
		return no.In(lang)
	case "weight":
		if g, ok := x.(int64); ok {
			return unit.Group(g, 3) + " kg"
		}
	case "money":
		if fen, ok := x.(int64); ok {
			return unit.Group(fen, 2) + " " + unitOf
		}
	case "count", "number":
		if c, ok := x.(int64); ok {
			s := unit.Group(c, f.Decimals)
			if unitOf != "" {
				s += " " + unitOf
			}
			switch v[f.Key+".basis"] {
			case "estimated":
				s += i18n.Label{Zh: "（估计）", En: " (estimated)"}.In(lang)
			case "counted":
				s += i18n.Label{Zh: "（清点）", En: " (counted)"}.In(lang)
			}
			return s
		}
	case "photo", "file":
		if list, ok := x.([]string); ok {
			return strconv.Itoa(len(list))
		}
	case "group":
		var parts []string
		if items, ok := x.([]kind.Values); ok {
			for _, i := range items {
				var cells []string
				for _, g := range f.Fields {
					if t := n.Text(o, g, i, lang); t != "" {
						cells = append(cells, t)
					}
				}
				parts = append(parts, strings.Join(cells, " "))
			}
		}
		return strings.Join(parts, "；")
	case "geo":
		if m, ok := x.(map[string]any); ok {
			lat, _ := kind.Whole(m["lat"])
			lon, _ := kind.Whole(m["lon"])
			return unit.Decimal(lat, 7) + ", " + unit.Decimal(lon, 7)
		}
	}
	return fmt.Sprint(x)
}

func (s *Service) unitRef(o *org.Org, n org.No, day period.Day) UnitRef {
	u, _ := o.Unit(n)
	return UnitRef{ID: int64(n), Name: u.Name, Short: o.Path(n, day), Type: string(u.Type)}
}

// Rows turns entries into list rows.
func (s *Service) Rows(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, list []Entry) ([]Row, error) {
	w, err := s.work(ctx, q, by)
	if err != nil {
		return nil, err
	}
	n, err := resolve(ctx, q, w.set, by.District, list)
	if err != nil {
		return nil, err
	}
	out := make([]Row, 0, len(list))
	for _, e := range list {
		k, err := kind.Of(w.set, e.Kind)
		if err != nil {
			return nil, err
		}
		out = append(out, s.row(w, n, lang, k, e))
	}
	return out, nil
}

func (s *Service) row(w work, n Names, lang i18n.Lang, k *kind.Kind, e Entry) Row {
	r := Row{ID: e.ID, Number: e.Number, Kind: e.Kind, KindTitle: k.Title, Unit: s.unitRef(w.org, e.Unit, e.From), From: e.From.String(), Title: e.Title,
		State: e.State, Rev: e.Rev,
		Counted: e.CountedRev > 0, Values: e.Values, Labels: map[string]string{}, Photos: e.Photos, Thumb: e.Thumb, By: Who{n.account[e.Account]}, At: e.SubmittedAt,
		LateDays: e.LateDays, Reason: e.Reason, Hints: []i18n.Label{}}
	if e.SubmittedAt == 0 {
		r.At = e.CreatedAt
	}
	if e.State == Submitted {
		r.WaitsAt = w.org.UnitName(e.WaitUnit)
		r.WaitingDays = int64(w.day) - int64(period.Of(msTime(e.SubmittedAt)))
	}
	if e.Until < period.Open {
		u := (e.Until - 1).String()
		r.Until = &u
	}
	for _, f := range k.Fields {
		if t := n.Text(w.org, f, e.Values, lang); t != "" {
			r.Labels[f.Key] = t
		}
	}
	if r.Title == "" {
		r.Title = r.Labels[k.TitleOf]
	}
	if r.Title == "" {
		r.Title = k.Title.In(lang)
	}
	if h, _ := k.Evaluate(e.Values); h != nil {
		r.Hints = h
	}
	return r
}

// Change is one field's old and new text.
type Change struct {
	Field string     `json:"field"`
	Title i18n.Label `json:"title"`
	Old   *string    `json:"old"`
	New   *string    `json:"new"`
}

// HistoryLine is one event as a page shows it.
type HistoryLine struct {
	At       int64    `json:"at"`
	By       string   `json:"by"`
	Op       string   `json:"op" enum:"create,edit,import,submit,withdraw,verify,return,void"`
	Rev      int64    `json:"rev"`
	Level    string   `json:"level,omitempty"`
	Reason   string   `json:"reason,omitempty"`
	LateDays int64    `json:"late_days,omitempty"`
	Source   string   `json:"source,omitempty"`
	Changes  []Change `json:"changes"`
}

// May is what the caller may do now.
type May struct {
	Edit     bool `json:"edit"`
	Submit   bool `json:"submit"`
	Withdraw bool `json:"withdraw"`
	Verify   bool `json:"verify"`
	Return   bool `json:"return"`
	Void     bool `json:"void"`
	Delete   bool `json:"delete"`
	Succeed  bool `json:"succeed"`
}

// EvidenceView is one file with its facts and where else it stands.
type EvidenceView struct {
	SHA        string  `json:"sha"`
	Field      string  `json:"field"`
	Name       string  `json:"name"`
	Mime       string  `json:"mime"`
	Width      int     `json:"width"`
	Height     int     `json:"height"`
	TakenAt    string  `json:"taken_at,omitempty"`
	Lat        *int64  `json:"lat,omitempty"`
	Lon        *int64  `json:"lon,omitempty"`
	Camera     string  `json:"camera,omitempty"`
	UploadedBy string  `json:"uploaded_by"`
	UploadedAt int64   `json:"uploaded_at"`
	AlsoIn     []Place `json:"also_in"`
	Near       []Place `json:"near" doc:"records with a photo that looks almost the same: a hint"`
}

// Place is another record that uses a file; outside one's reach only that there is one.
type Place struct {
	Entry  string `json:"entry,omitempty"`
	Number string `json:"number,omitempty"`
	Unit   string `json:"unit,omitempty"`
}

// View is a record page.
type View struct {
	Row
	May            May               `json:"may"`
	History        []HistoryLine     `json:"history"`
	Evidence       []EvidenceView    `json:"evidence"`
	CountedValues  kind.Values       `json:"counted_values,omitempty"`
	PreviousValues kind.Values       `json:"previous_values,omitempty"`
	PreviousLabels map[string]string `json:"previous_labels,omitempty"`
	CountsIn       []Share           `json:"counts_in"`
	Documents      []Cited           `json:"documents"`
	Locked         *Locked           `json:"locked,omitempty"`
}

// Locked are the first and the last day of a locked period in which a record counts: what it counts there stands.
type Locked struct {
	From  string `json:"from"`
	Until string `json:"until"`
}

// Share is what a record gives to one figure. Filled by the desk, which knows figures and documents.
type Share struct {
	Key      string     `json:"key"`
	Title    i18n.Label `json:"title"`
	Unit     org.Ref    `json:"unit"`
	Period   string     `json:"period"`
	Value    int64      `json:"value"`
	Display  string     `json:"display"`
	Mine     int64      `json:"mine"`
	MineText string     `json:"mine_text"`
}

// Cited is a document a record stands behind.
type Cited struct {
	ID     string     `json:"id"`
	Title  string     `json:"title"`
	State  string     `json:"state" enum:"draft,review,approved,issuing,issued,received,revoked,repealed"`
	N      int64      `json:"n"`
	Figure i18n.Label `json:"title_figure"`
}

// Open returns a record page without figures and documents.
func (s *Service) Open(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, entry string) (View, error) {
	e, k, w, err := s.seen(ctx, q, by, entry)
	if err != nil {
		return View{}, err
	}
	return s.open(ctx, q, by, lang, w, k, e)
}

func (s *Service) open(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, w work, k *kind.Kind, e Entry) (View, error) {
	revs, err := revisions(ctx, q, k, by.District, e.ID)
	if err != nil {
		return View{}, err
	}
	events, err := History(ctx, q, by.District, e.ID)
	if err != nil {
		return View{}, err
	}
	all := []Entry{e}
	var accounts []string
	for _, r := range revs {
		all = append(all, Entry{Kind: e.Kind, Values: r.Values, Account: r.Account})
	}
	for _, ev := range events {
		accounts = append(accounts, ev.Account)
	}
	n, err := resolve(ctx, q, w.set, by.District, all, accounts...)
	if err != nil {
		return View{}, err
	}
	v := View{Row: s.row(w, n, lang, k, e), History: []HistoryLine{}, Evidence: []EvidenceView{}, CountsIn: []Share{}, Documents: []Cited{}}
	byRev := map[int64]revision{}
	for _, r := range revs {
		byRev[r.Rev] = r
	}
	var lastSubmitted int64
	for i := len(events) - 1; i >= 0; i-- {
		ev := events[i]
		h := HistoryLine{At: ev.At, By: n.account[ev.Account], Op: ev.Op, Rev: ev.Rev, Level: ev.Level, Reason: ev.Reason, LateDays: ev.LateDays, Changes: []Change{}}
		if r, ok := byRev[ev.Rev]; ok && (ev.Op == OpEdit || ev.Op == OpCreate || ev.Op == OpImport) {
			h.Source = r.Source
			if p, ok := byRev[ev.Rev-1]; ok {
				h.Changes = s.changes(w, n, lang, k, p, r)
			}
		}
		if (ev.Op == OpReturn || ev.Op == OpVerify) && ev.Rev < e.Rev && lastSubmitted == 0 {
			lastSubmitted = ev.Rev
		}
		v.History = append(v.History, h)
	}
	if p, ok := byRev[lastSubmitted]; ok {
		v.PreviousValues, v.PreviousLabels = p.Values, map[string]string{}
		for _, f := range k.Fields {
			if t := n.Text(w.org, f, p.Values, lang); t != "" {
				v.PreviousLabels[f.Key] = t
			}
		}
	}
	if c, ok := byRev[e.CountedRev]; ok && e.CountedRev != e.Rev {
		v.CountedValues = c.Values
	}
	v.May = s.may(ctx, q, by, w, k, &e)
	if !k.Lasting() { // what lasts can still end after the locked days
		since, before, found, err := closing.Covering(ctx, q, by.District, k.Key, e.Unit, e.From, e.Until)
		if err != nil {
			return v, err
		}
		if found {
			v.Locked = &Locked{since.String(), (before - 1).String()}
		}
	}
	v.Evidence, err = s.evidence(ctx, q, by, w, n, k, e)
	return v, err
}

func (s *Service) changes(w work, n Names, lang i18n.Lang, k *kind.Kind, a, b revision) []Change {
	out := []Change{}
	ptr := func(t string) *string {
		if t == "" {
			return nil
		}
		return &t
	}
	if a.Unit != b.Unit {
		out = append(out, Change{"unit", i18n.Label{Zh: "单位", En: "Unit"}, ptr(w.org.UnitName(a.Unit)), ptr(w.org.UnitName(b.Unit))})
	}
	for _, f := range k.Fields {
		x, y := n.Text(w.org, f, a.Values, lang), n.Text(w.org, f, b.Values, lang)
		if x != y || mustJSON(a.Values[f.Key]) != mustJSON(b.Values[f.Key]) {
			out = append(out, Change{f.Key, f.Title, ptr(x), ptr(y)})
		}
	}
	return out
}

func (s *Service) may(ctx context.Context, q db.Querier, by access.Scope, w work, k *kind.Kind, e *Entry) May {
	targets := w.org.Targets(e.Unit, w.day)
	enter := by.Can(Enter, targets, k.ByLine())
	m := May{}
	if s.Takes(ctx, q, by.District, k) != nil {
		return m
	}
	m.Edit = enter && e.editable() == nil
	m.Submit = enter && e.from(Draft, Returned) == nil
	m.Withdraw = enter && e.State == Submitted && e.Account == by.Account
	m.Verify = s.mayVerify(ctx, q, by, &sitting{w: w}, k, e) == nil
	m.Return = m.Verify
	m.Void = by.Can(Voids, targets, false) && e.from(Submitted, Returned, Verified) == nil
	m.Delete = e.State == Draft && e.Account == by.Account && e.SubmittedAt == 0
	m.Succeed = enter && k.Lasting() && e.State == Verified && e.Until > w.day
	return m
}

func (s *Service) evidence(ctx context.Context, q db.Querier, by access.Scope, w work, n Names, k *kind.Kind, e Entry) ([]EvidenceView, error) {
	out := []EvidenceView{}
	for _, f := range k.Fields {
		list, _ := e.Values[f.Key].([]string)
		for _, sha := range list {
			in, found, err := evidence.Get(ctx, q, by.District, sha)
			if err != nil {
				return nil, err
			}
			if !found {
				continue
			}
			view := EvidenceView{SHA: sha, Field: f.Key, Name: in.Name, Mime: in.Mime, Width: in.Width, Height: in.Height, TakenAt: in.TakenAt, Lat: in.Lat,
				Lon: in.Lon, Camera: in.Camera, UploadedAt: in.At, AlsoIn: []Place{}, Near: []Place{}}
			who, err := resolve(ctx, q, w.set, by.District, nil, in.Account)
			if err != nil {
				return nil, err
			}
			view.UploadedBy = who.account[in.Account]
			if view.AlsoIn, err = s.AlsoIn(ctx, q, by, sha, e.ID); err != nil {
				return nil, err
			}
			like, err := evidence.Near(ctx, q, by.District, sha, 5)
			if err != nil {
				return nil, err
			}
			for _, x := range like {
				places, err := s.AlsoIn(ctx, q, by, x, e.ID)
				if err != nil {
					return nil, err
				}
				view.Near = append(view.Near, places...)
			}
			out = append(out, view)
		}
	}
	return out, nil
}

// AlsoIn lists the other records that use a file. Of those outside the scope only their existence is told.
func (s *Service) AlsoIn(ctx context.Context, q db.Querier, by access.Scope, sha, self string) ([]Place, error) {
	uses, err := evidence.Uses(ctx, q, by.District, sha, self)
	if err != nil {
		return nil, err
	}
	o, err := s.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	out := []Place{}
	for _, u := range uses {
		if !by.Can(Read, o.Targets(u.Unit, period.Day(by.Today)), true) {
			out = append(out, Place{})
			continue
		}
		var number string
		err := q.QueryRowContext(ctx, `SELECT number FROM entry WHERE district = $1 AND id = $2`, by.District, u.Object).Scan(&number)
		if _, err = db.One(err); err != nil {
			return nil, err
		}
		out = append(out, Place{Entry: u.Object, Number: number, Unit: o.UnitName(u.Unit)})
	}
	return out, nil
}

// Page is one page of a list.
type Page struct {
	Total        int64            `json:"total"`
	ByState      map[string]int64 `json:"by_state"`
	ReturnedToMe int64            `json:"returned_to_me"`
	Rows         []Row            `json:"rows"`
	Page         int              `json:"page"`
	Size         int              `json:"size"`
	Capped       bool             `json:"capped"` // the words stand in more entries than a search looks at
}

// List reads one page of entries inside a scope.
func (s *Service) List(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, f Filter, page int) (Page, error) {
	p := Page{ByState: map[string]int64{}, Rows: []Row{}, Page: page, Size: f.Limit}
	w, err := s.work(ctx, q, by)
	if err != nil {
		return p, err
	}
	f.Offset = (page - 1) * f.Limit
	if f.docs, p.Capped, err = s.hits(ctx, q, by.District, f.Kind, f.Query); err != nil {
		return p, err
	}
	if f.docs == nil && f.Query != "" {
		f.docs = []int64{-1} // nothing holds the words; 0 is what has no text yet
	}
	if p.ByState, err = s.count(ctx, q, w, by, f); err != nil {
		return p, err
	}
	for state, n := range p.ByState {
		if f.State == "" || f.State == state {
			p.Total += n
		}
	}
	list, err := s.find(ctx, q, w, by, f)
	if err != nil {
		return p, err
	}
	if p.Rows, err = s.Rows(ctx, q, by, lang, list); err != nil {
		return p, err
	}
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM entry AS e WHERE e.district = $1 AND e.account = $2 AND e.state = 'returned' AND (e.kind = $3
		OR $3 = '')`, by.District, by.Account, f.Kind).Scan(&p.ReturnedToMe)
	return p, err
}

// ByIDs reads entries by id, in the given order, inside a scope.
func (s *Service) ByIDs(ctx context.Context, q db.Querier, by access.Scope, ids []string) ([]Entry, error) {
	set, err := s.Packs.Current(ctx, q, by.District)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	marks, args := make([]string, len(ids)), []any{by.District}
	for i, x := range ids {
		args = append(args, x)
		marks[i] = "$" + strconv.Itoa(i+2)
	}
	list, err := s.entries(ctx, q, set, `e.district = $1 AND `+by.Reach("e.district", "e.unit", Read)+` AND e.id IN (`+strings.Join(marks, ",")+`)`, args...)
	if err != nil {
		return nil, err
	}
	at := map[string]Entry{}
	for _, e := range list {
		at[e.ID] = e
	}
	var out []Entry
	for _, x := range ids {
		if e, ok := at[x]; ok {
			out = append(out, e)
		}
	}
	return out, nil
}
