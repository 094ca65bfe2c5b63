package inspect

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sifen/internal/access"
	"sifen/internal/closing"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/formula"
	"sifen/internal/i18n"
	"sifen/internal/id"
	"sifen/internal/indicator"
	"sifen/internal/journal"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/pinyin"
	"sifen/internal/place"
	"sifen/internal/problem"
	"sifen/internal/rectify"
	"sifen/internal/seal"
)

// Service takes visits. Its commands run in the caller's transaction, which began with indicator.Shared.
type Service struct {
	module.Platform
	Places *place.Service
	Cases  *rectify.Service
	Seals  *seal.Box // closes the secrets of days that are not opened
}

// New makes the service.
func New(p module.Platform, places *place.Service, cases *rectify.Service, seals *seal.Box) *Service {
	return &Service{p, places, cases, seals}
}

// Changed is the fact that a visit came or was voided.
type Changed struct {
	Visit string          `json:"visit"`
	At    []access.Target `json:"at"`
}

// Kind names the fact.
func (Changed) Kind() string { return "inspect.changed" }

// News tells those whom the place reaches.
func (c Changed) News(by access.Scope) (event string, data any, ok bool) {
	return "visit", struct{}{}, by.Has(Read) && by.Sees(c.At)
}

// Input is a visit as an inspector hands it in.
type Input struct {
	ID        string `json:"id" maxLength:"36" doc:"made by the sender: the same visit twice is one"`
	Place     string `json:"place" maxLength:"60"`
	Checklist string `json:"checklist" maxLength:"60"`
	Form      string `json:"form,omitempty" maxLength:"32" doc:"what the checklist said when it was answered; empty is what it says now"`
	Special   bool   `json:"special,omitempty" doc:"part of a special inspection"`
	MadeAt    int64  `json:"made_at,omitempty" doc:"when it was done; 0 is now"`
	Day       string `json:"day,omitempty" maxLength:"10" doc:"the last day for what is issued on the spot, where the holidays are not published"`

	Present  string    `json:"present,omitempty" maxLength:"120"`
	Words    string    `json:"words,omitempty" maxLength:"500"`
	Photos   []string  `json:"photos,omitempty" maxItems:"9"`
	Handouts []string  `json:"handouts,omitempty" maxItems:"20"`
	Subjects []Subject `json:"subjects,omitempty" maxItems:"200"`
	Answers  []Answer  `json:"answers" maxItems:"2000"`
	Looks    []Look    `json:"looks,omitempty" maxItems:"100"`
}

// oldest is how long after it was made a visit is taken in, in milliseconds: about three months. A phone whose clock is further
// off is wrong.
const oldest = 92 * 24 * 3600 * 1000

// sum is what was handed in, without when it was sent: the same visit again has the same.
func (in Input) sum() string {
	in.MadeAt = 0
	raw, _ := json.Marshal(in) // strings and integers always marshal
	s := sha256.Sum256(raw)
	return hex.EncodeToString(s[:8])
}

// Take keeps a visit: its answers are judged by its checklist, what is wrong opens cases or joins open ones, and what was
// open before is rechecked. The same id again is the same visit.
//
// Errors: ErrPlace, ErrForbidden, ErrInvalid with a fault per answer, and those of the cases it opens.
func (s *Service) Take(ctx context.Context, tx *db.Tx, by access.Scope, in Input) (Record, error) {
	return s.TakeFor(ctx, tx, by, in, by.Account)
}

// TakeFor is Take for a visit that an author made and somebody else, by his own rights, hands in.
func (s *Service) TakeFor(ctx context.Context, tx *db.Tx, by access.Scope, in Input, author string) (Record, error) {
	w, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return Record{}, err
	}
	if !id.Valid(in.ID) {
		return Record{}, ErrInvalid.At(problem.Field{Pointer: "/id", Code: "value.malformed"})
	}
	if v, ok, err := load(ctx, tx, by.District, in.ID); err != nil {
		return v, err
	} else if ok {
		if v.Account != author || v.Body.Sum != in.sum() {
			return Record{}, ErrSent.With("no", v.No)
		}
		return v, nil
	}
	sp, err := s.spot(ctx, tx, by, w, in.Place)
	if err != nil {
		return Record{}, err
	}
	if !by.Can(Visit, w.Org.Targets(sp.Unit, w.Day), false) {
		return Record{}, ErrForbidden
	}
	c, err := s.checklist(ctx, tx, w.Set, by.District, in.Checklist, in.Form)
	if err != nil {
		return Record{}, err
	}
	if !c.fits(sp) {
		return Record{}, ErrInvalid.At(problem.Field{Pointer: "/checklist", Code: "value.choice"})
	}
	now := w.Now.UnixMilli()
	made := in.MadeAt
	if made <= 0 || made > now {
		made = now
	}
	if made < now-oldest {
		return Record{}, ErrInvalid.At(problem.Field{Pointer: "/made_at", Code: "inspect.long-ago"})
	}
	v := Record{ID: in.ID, Place: sp.Key, PlaceName: sp.Name, Unit: sp.Unit, Checklist: c.Key, Version: c.version, Form: c.form, Kind: Routine,
		Account: author,
		Day:     period.Of(instant(made)), MadeAt: made, ReceivedAt: now, State: Done, Counted: true, Rev: 1,
		Body: Body{Present: strings.TrimSpace(in.Present), Words: strings.TrimSpace(in.Words), Photos: in.Photos, Handouts: in.Handouts, Subjects: in.Subjects,
			Answers: in.Answers, Looks: in.Looks, Sum: in.sum()}}
	party := rectify.Answers(w.Org, sp.Unit, v.Day, c.Answers)
	office := rectify.Office(w.Org, by, Visit, sp.Unit, w.Day)
	switch {
	case office == sp.Unit || office == party:
		v.Kind = Self
	case in.Special:
		v.Kind = Special
	}
	if err := s.bind(ctx, tx, by.District, &v); err != nil {
		return Record{}, err
	}
	names, err := s.subjects(ctx, tx, by, w, sp, c, in.Subjects)
	if err != nil {
		return Record{}, err
	}
	bySection := map[string][]string{}
	for _, x := range in.Subjects {
		bySection[x.Section] = append(bySection[x.Section], x.ID)
	}
	u, _ := w.Org.Unit(sp.Unit)
	t := instant(made).In(period.Day(0).Start().Location())
	j, faults, err := c.judge(moment{UnitType: string(u.Type), PlaceType: sp.Type, Kind: v.Kind, Minute: int64(t.Hour()*60 + t.Minute()),
		Month: int64(t.Month())},
		v.Body.Answers, bySection)
	if err != nil {
		return Record{}, err
	}
	more, err := s.photos(ctx, tx, by, in)
	if err != nil {
		return Record{}, err
	}
	if faults = append(faults, more...); len(faults) == 0 && j.answered == 0 && len(in.Looks) == 0 {
		faults = append(faults, problem.Field{Pointer: "/answers", Code: "inspect.empty"})
	}
	if len(faults) > 0 {
		return Record{}, ErrInvalid.At(faults...)
	}
	v.Body.Answers = j.said
	v.Asked, v.Answered, v.Failed = j.asked, j.answered, int64(len(j.wrong))
	if v.Counted, err = s.unlocked(ctx, tx, by.District, v); err != nil {
		return Record{}, err
	}
	y, _, _ := v.Day.YMD()
	n, err := org.Next(ctx, tx, by.District, fmt.Sprintf("visit:%d", y))
	if err != nil {
		return Record{}, err
	}
	v.No = fmt.Sprintf("XJ-%d-%05d", y, n)
	return v, s.keep(ctx, tx, by, w, v, c, j, names, in, party, office)
}

// unlocked reports whether figures may still count a visit of its day: in a locked period it is kept and not counted.
func (s *Service) unlocked(ctx context.Context, q db.Querier, district int64, v Record) (bool, error) {
	for _, key := range []string{KindVisit, KindFinding} {
		err := closing.Check(ctx, q, district, key, nil, &closing.Contribution{Unit: v.Unit, From: v.Day, Until: v.Day + 1, Values: v.ID})
		if errors.Is(err, closing.ErrLocked) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

// subjects checks what sections were answered for, remembers objects that were met for the first time, and names all.
func (s *Service) subjects(ctx context.Context, tx *db.Tx, by access.Scope, w work, sp Spot, c *Checklist, list []Subject) (map[string]string, error) {
	names := map[string]string{}
	var points []Spot
	for i, x := range list {
		at := problem.Field{Pointer: fmt.Sprintf("/subjects/%d", i), Code: "value.choice"}
		si := slices.IndexFunc(c.Sections, func(s Section) bool { return s.Key == x.Section && s.Each != nil })
		if si < 0 || x.ID == "" {
			return nil, ErrInvalid.At(at)
		}
		if c.Sections[si].Each.Of == "point" {
			if points == nil {
				var err error
				if points, err = s.points(ctx, tx, by, sp.Unit); err != nil {
					return nil, err
				}
			}
			pi := slices.IndexFunc(points, func(p Spot) bool { return p.Key == x.ID })
			if pi < 0 {
				return nil, ErrInvalid.At(at)
			}
			names[x.ID] = points[pi].Name
			continue
		}
		if _, ok := pack.Value[ObjectKind](w.Set, "object-kinds", x.Kind); !ok || strings.TrimSpace(x.Name) == "" || !id.Valid(x.ID) {
			return nil, ErrInvalid.At(at)
		}
		met, err := Objects(ctx, tx, by.District, 1, `AND o.id = $2`, x.ID)
		if err != nil {
			return nil, err
		}
		if len(met) == 1 { // its name and kind are known
			if met[0].Unit != sp.Unit {
				return nil, ErrInvalid.At(at)
			}
			names[x.ID] = met[0].Name
			continue
		}
		names[x.ID] = strings.TrimSpace(x.Name)
		if _, err := tx.ExecContext(ctx, `INSERT INTO inspect_object (district, id, kind, name, unit, rev, created_at) VALUES ($1, $2, $3, $4, $5, 1, $6)
			ON CONFLICT (district, id) DO NOTHING`, by.District, x.ID, x.Kind, names[x.ID], int64(sp.Unit), w.Now.UnixMilli()); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// photos checks that the caller may use each photo.
func (s *Service) photos(ctx context.Context, q db.Querier, by access.Scope, in Input) (faults []problem.Field, err error) {
	check := func(pointer string, list []string) {
		for _, sha := range list {
			if err != nil {
				return
			}
			var may bool
			if may, err = evidence.MayName(ctx, q, by, sha); err == nil && !may {
				faults = append(faults, problem.Field{Pointer: pointer, Code: "value.file-missing"})
			}
		}
	}
	check("/photos", in.Photos)
	for i, a := range in.Answers {
		check(fmt.Sprintf("/answers/%d", i), a.Photos)
	}
	for i, l := range in.Looks {
		check(fmt.Sprintf("/looks/%d", i), l.Photos)
	}
	return faults, err
}

// keep stores a judged visit with what follows from it.
func (s *Service) keep(ctx context.Context, tx *db.Tx, by access.Scope, w work, v Record, c *Checklist, j judged, names map[string]string, in Input,
	party, office org.No,
) error {
	if err := insert(ctx, tx, by.District, v, searchText(w, v, c)); err != nil {
		return err
	}
	if err := remember(ctx, tx, by.District, c); err != nil {
		return err
	}
	if err := kept(ctx, tx, by.District, v); err != nil {
		return err
	}
	bad := map[[2]string]bool{}
	for _, x := range j.wrong {
		bad[[2]string{x.Subject, x.Item}] = true
	}
	for _, a := range v.Body.Answers {
		if a.Value != "" {
			if err := insertAnswer(ctx, tx, by.District, v.ID, a, bad[[2]string{a.Subject, a.Item}]); err != nil {
				return err
			}
		}
	}
	if err := s.looks(ctx, tx, by, v, in.Looks); err != nil {
		return err
	}
	lift := c.raised(j)
	changes := []indicator.Change{}
	if r := v.counted(); r != nil {
		changes = append(changes, indicator.Change{After: r})
	}
	photos := append([]string(nil), v.Body.Photos...)
	var day period.Day
	if in.Day != "" {
		var err error
		if day, err = period.ParseDay(in.Day); err != nil {
			return ErrInvalid.At(problem.Field{Pointer: "/day", Code: "value.date"})
		}
	}
	for _, x := range j.wrong {
		f := Finding{ID: id.New(w.Now), Visit: v.ID, Subject: x.Subject, SubjectName: names[x.Subject], Item: x.Item, Severity: x.item.severity(),
			Body: FindingBody{Title: x.title(), Words: strings.TrimSpace(x.Words), Photos: x.Photos, Count: x.Count}}
		photos = append(photos, x.Photos...)
		instrument := x.item.Instrument
		if instrument == "" {
			instrument = c.Instrument
		}
		if v.Kind != Self && instrument != "" && instrument != "none" {
			opened, err := s.open(ctx, tx, by, w, v, c, x, f, heavier(w.Set, instrument, lift), party, office, day)
			if err != nil {
				return err
			}
			f.Case, f.Joined, f.Nth = opened.ID, opened.Joined, opened.Nth
		}
		if err := insertFinding(ctx, tx, by.District, f); err != nil {
			return err
		}
		if r := f.counted(&v); r != nil {
			changes = append(changes, indicator.Change{After: r})
		}
	}
	for _, l := range v.Body.Looks {
		photos = append(photos, l.Photos...)
	}
	if err := evidence.SetUses(ctx, tx, by.District, KindVisit, v.ID, v.Unit, map[string][]string{"photos": dedupe(photos)}); err != nil {
		return err
	}
	if len(changes) > 0 {
		if err := s.Figures.Apply(indicator.WithTime(ctx, w.Now), tx, by.District, changes); err != nil {
			return err
		}
	}
	return s.told(ctx, tx, by, w, v, "inspect.visit")
}

func (s *Service) told(ctx context.Context, tx *db.Tx, by access.Scope, w work, v Record, op access.Verb) error {
	if err := journal.Write(ctx, tx, by, w.Now, op, v.ID, v.Rev, map[string]any{"place": v.Place, "unit": v.Unit, "day": v.Day, "checklist": v.Checklist,
		"version": v.Version, "failed": v.Failed, "state": v.State}); err != nil {
		return err
	}
	return outbox.Emit(ctx, tx, by.District, w.Now, Changed{v.ID, w.Org.Targets(v.Unit, w.Day)})
}

func dedupe(list []string) []string {
	out := []string{}
	for _, x := range list {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

func searchText(w work, v Record, c *Checklist) string {
	return strings.ToLower(strings.Join([]string{v.No, v.PlaceName, c.Title.Zh, c.Title.En, w.Org.Path(v.Unit, v.Day), pinyin.Initials(v.PlaceName)}, "\n"))
}

// looks rechecks what was open at the place before.
func (s *Service) looks(ctx context.Context, tx *db.Tx, by access.Scope, v Record, list []Look) error {
	for i, l := range list {
		op := rectify.OpFail
		if l.Passed {
			op = rectify.OpPass
		}
		if err := s.Cases.Look(ctx, tx, by, l.Case, v.Place, rectify.Step{Op: op, At: v.MadeAt, Words: strings.TrimSpace(l.Words),
			Photos: l.Photos, Visit: v.ID}); err != nil {
			var p *problem.Error
			if errors.As(err, &p) {
				return ErrInvalid.At(problem.Field{Pointer: fmt.Sprintf("/looks/%d", i), Code: p.Code, Args: p.Args})
			}
			return err
		}
	}
	return nil
}

// open puts what is wrong to the party that answers for it.
func (s *Service) open(ctx context.Context, tx *db.Tx, by access.Scope, w work, v Record, c *Checklist, x wrong, f Finding, instrument string,
	party, office org.No, day period.Day,
) (rectify.Opened, error) {
	if len(x.item.Answers) > 0 {
		party = rectify.Answers(w.Org, v.Unit, v.Day, x.item.Answers)
	}
	name := v.PlaceName
	if f.SubjectName != "" && f.SubjectName != name {
		name += " " + f.SubjectName
	}
	fixes := make([]rectify.Choice, 0, len(x.item.Fixes))
	for _, p := range x.item.Fixes {
		en := p.En
		if en == "" {
			en = p.Zh
		}
		fixes = append(fixes, rectify.Choice{Key: p.Key, Title: i18n.Label{Zh: p.Zh, En: en}})
	}
	return s.Cases.Open(ctx, tx, by, w, rectify.Found{Place: v.Place, PlaceName: name, Unit: v.Unit, Subject: f.Subject, Item: c.Key + "/" + x.Item,
		Another: x.Another, Source: rectify.ByVisit, Severity: f.Severity, Instrument: instrument, Party: party, Office: office, Title: f.Body.Title,
		Words: f.Body.Words, Photos: x.Photos, Basis: x.item.Basis, Fixes: fixes, Visit: v.ID, At: v.MadeAt, Issue: true, Day: day})
}

// raised is the instrument to which a visit's findings are lifted; "" is none.
func (c *Checklist) raised(j judged) string {
	for _, r := range c.Raise {
		p, err := formula.Compile(r.When, map[string]formula.Type{"failed": formula.Int, "major": formula.Int}, formula.Bool)
		if err != nil {
			continue // a pack with such a rule was refused
		}
		if ok, err := p.Holds(map[string]any{"failed": int64(len(j.wrong)), "major": j.major}); err == nil && ok {
			return r.Instrument
		}
	}
	return ""
}

// heavier is the heavier one of two instruments.
func heavier(set *pack.Set, a, b string) string {
	x, ok := pack.Value[rectify.Instrument](set, "instruments", a)
	y, too := pack.Value[rectify.Instrument](set, "instruments", b)
	if ok && too && y.Rank > x.Rank {
		return b
	}
	return a
}

// seen loads a visit that the scope may see; outside the scope it does not exist.
func (s *Service) seen(ctx context.Context, q db.Querier, by access.Scope, visit string) (Record, work, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return Record{}, w, err
	}
	v, ok, err := load(ctx, q, by.District, visit)
	if err != nil {
		return v, w, err
	}
	if !ok || !by.Can(Read, w.Org.TargetsBack(v.Unit, v.Day, v.Day+1, w.Day), true) {
		return Record{}, w, ErrVisit
	}
	if blind, err := blinded(ctx, q, by, v); err != nil || blind {
		if err == nil {
			err = ErrVisit
		}
		return Record{}, w, err
	}
	return v, w, nil
}
