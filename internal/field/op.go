package field

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/i18n"
	"sifen/internal/inspect"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/rectify"
)

// The states of an operation.
const (
	Done = "taken"
	Look = "look" // kept, and a person has to look at it
)

// Take does what was done on a phone, as of when it was done there. The same operation again is the same.
//
// Errors: ErrVersion, ErrKind, ErrClock, and those of what is done.
func (s *Service) Take(ctx context.Context, tx *db.Tx, by access.Scope, op string, o Op) (Taken, error) {
	return s.take(ctx, tx, by, op, o, by.Account)
}

// take is Take for work of an author that a bearer, with his own rights, hands in; mostly they are the same.
func (s *Service) take(ctx context.Context, tx *db.Tx, by access.Scope, op string, o Op, author string) (Taken, error) {
	now := s.Clock.Now().UnixMilli()
	if o.V < Oldest {
		return Taken{}, ErrVersion.With("have", o.V, "need", Oldest)
	}
	if known, ok, err := opByID(ctx, tx, by.District, op); err != nil {
		return Taken{}, err
	} else if ok {
		return s.again(ctx, tx, by, known)
	}
	if o.Kind != "step" && !by.Has(inspect.Visit) {
		return Taken{}, inspect.ErrForbidden
	}
	at, err := when(o, now)
	if err != nil {
		return Taken{}, err
	}
	x := row{ID: op, Account: author, Bearer: by.Account, Phone: o.Phone, Seq: o.Seq, Kind: o.Kind, MadeAt: o.MadeAt, Anchor: o.Anchor, At: at,
		ReceivedAt: now, State: Done, Rev: 1, Body: o}
	out := Taken{Op: op, State: Done, Say: []i18n.Label{}, At: now, Made: at, Found: []Outcome{}}
	switch {
	case o.Kind == "visit" && o.Visit != nil:
		x.Object = o.Visit.ID
		err = s.visit(ctx, tx, by, *o.Visit, at, author, &out)
	case o.Kind == "miss" && o.Miss != nil:
		x.Object = o.Miss.Campaign + " " + o.Miss.Place
		err = s.Visits.Miss(ctx, tx, by, period.Of(time.UnixMilli(at)), o.Miss.Campaign, o.Miss.Place, o.Miss.Reason)
	case o.Kind == "step" && o.Step != nil:
		x.Object = o.Step.Case
		x.State, x.Say, err = s.step(ctx, tx, by, *o.Step, at, &out)
	default:
		return Taken{}, ErrKind.At(problem.Field{Pointer: "/kind", Code: "value.choice"})
	}
	if err != nil {
		return Taken{}, err
	}
	out.State = x.State
	return out, insert(ctx, tx, by.District, x)
}

// again answers an operation that is there already.
func (s *Service) again(ctx context.Context, q db.Querier, by access.Scope, x row) (Taken, error) {
	if x.Account != by.Account && x.Bearer != by.Account {
		return Taken{}, ErrReused
	}
	out := Taken{Op: x.ID, State: x.State, Say: []i18n.Label{}, At: x.ReceivedAt, Made: x.At, Found: []Outcome{}}
	if x.Say != "" {
		out.Say = append(out.Say, bothOf(x.Say))
	}
	if x.Kind == "visit" {
		return out, s.outcome(ctx, q, by, x.Object, &out)
	}
	return out, nil
}

// visit keeps a visit. Photos that have not come yet are named and come after it.
func (s *Service) visit(ctx context.Context, tx *db.Tx, by access.Scope, in inspect.Input, at int64, author string, out *Taken) error {
	in.MadeAt = at
	var late []string
	for _, sha := range photosOf(in) {
		may, err := evidence.MayRead(ctx, tx, by, sha)
		if err != nil {
			return err
		}
		if !may {
			late = append(late, sha)
		}
	}
	v, err := s.Visits.TakeFor(evidence.Owing(ctx, author, late), tx, by, in, author)
	if err != nil {
		return err
	}
	return s.outcome(ctx, tx, by, v.ID, out)
}

// photos are all photos that an operation names.
func (o Op) photos() []string {
	switch {
	case o.Visit != nil:
		return photosOf(*o.Visit)
	case o.Step != nil:
		return o.Step.Photos
	}
	return nil
}

// photosOf are all photos that a visit names.
func photosOf(in inspect.Input) []string {
	out := slices.Clone(in.Photos)
	for _, a := range in.Answers {
		out = append(out, a.Photos...)
	}
	for _, l := range in.Looks {
		out = append(out, l.Photos...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// outcome says what became of a visit: its number, its cases with their deadlines, and what did not go as the sender may think.
func (s *Service) outcome(ctx context.Context, q db.Querier, by access.Scope, visit string, out *Taken) error {
	v, err := s.Visits.Page(ctx, q, by, visit)
	if err != nil {
		return err
	}
	out.No, out.Link = v.No, "/visits/"+v.ID
	for _, f := range v.Findings {
		o := Outcome{Title: f.Title, State: "noted"}
		if f.Case != nil {
			if o.State = "opened"; f.Joined {
				o.State = "joined"
			}
			o.of(*f.Case)
		}
		out.Found = append(out.Found, o)
	}
	for _, l := range v.Looks {
		o := Outcome{State: "failed"}
		if l.Passed {
			o.State = "passed"
		}
		if l.Row != nil {
			o.Title = l.Row.Title
			o.of(*l.Row)
			if l.Passed && l.Row.Open {
				o.State = "noted"
				out.Say = append(out.Say, both("field.look-noted", map[string]any{"no": l.Row.No}))
			}
		}
		out.Found = append(out.Found, o)
	}
	if !v.Counted {
		out.Say = append(out.Say, both("field.not-counted", map[string]any{"day": v.Day}))
	}
	if v.Kind == inspect.Self && v.Failed > 0 {
		out.Say = append(out.Say, both("field.self", nil))
	}
	return nil
}

func (o *Outcome) of(r rectify.Row) {
	o.Case, o.No, o.Stage, o.Due, o.Round, o.Issued = r.ID, r.No, r.Stage, r.Due, r.Round, r.Instrument
}

// step makes a step on a case. What the case does not allow any more is kept for a person to look at: it was done, only too late
// to be heard of.
func (s *Service) step(ctx context.Context, tx *db.Tx, by access.Scope, st StepOf, at int64, out *Taken) (state, say string, err error) {
	var late []string
	for _, sha := range st.Photos {
		may, err := evidence.MayRead(ctx, tx, by, sha)
		if err != nil {
			return "", "", err
		}
		if !may {
			late = append(late, sha)
		}
	}
	r, err := s.Cases.ActAsOf(evidence.Owing(ctx, by.Account, late), tx, by, st.Case, at, st.StepBody)
	var p *problem.Error
	if errors.As(err, &p) && p.Kind == problem.Conflict {
		say := sayOf(p.Code, p.Args)
		out.Say = append(out.Say, bothOf(say), both("field.kept", nil))
		return Look, say, nil
	}
	if err != nil {
		return "", "", err
	}
	out.No, out.Link = r.No, "/cases/"+r.ID
	o := Outcome{Title: r.Title, State: "noted"}
	o.of(r)
	out.Found = append(out.Found, o)
	return Done, "", nil
}

// both is a sentence in both languages.
func both(code string, args map[string]any) i18n.Label {
	return i18n.Label{Zh: i18n.Sentence(code, args, i18n.Zh), En: i18n.Sentence(code, args, i18n.En)}
}

// sayOf keeps a sentence as it was in both languages.
func sayOf(code string, args map[string]any) string {
	raw, _ := json.Marshal(both(code, args)) // two strings always marshal
	return string(raw)
}

func bothOf(kept string) (l i18n.Label) {
	if err := json.Unmarshal([]byte(kept), &l); err != nil {
		return i18n.Label{Zh: kept, En: kept}
	}
	return l
}
