package fund

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"sifen/internal/assess"
	"sifen/internal/assess/score"
	"sifen/internal/attribute"
	"sifen/internal/db"
	"sifen/internal/fund/award"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/unit"
)

// unscored is why a unit without a score is not in; who types its grade lets it in, which a bar does not allow.
var unscored = award.Label{Zh: "本期没有得分，不参加", En: "no score in this period, so it is not in"}

// scoreName is where a claim keeps the scores that its grade comes from.
const scoreName = "@score"

// gather freezes what the claimants of a rule are reckoned on: figures, parameters, scores, attributes, grade and place of what
// is final, what earlier settlements paid too much, and who is barred.
func (s *Service) gather(ctx context.Context, q db.Querier, district int64, w module.Moment, v *award.Version, rule string,
	p period.Period) ([]*award.Claim,
	error,
) {
	units, facts, err := s.Scores.Inputs(ctx, q, district, w, &score.Sheet{For: v.For, Period: v.Period, Inputs: v.Inputs}, p)
	if errors.Is(err, assess.ErrNobody) {
		return nil, ErrNobody
	}
	if err != nil {
		return nil, err
	}
	claims := make([]*award.Claim, len(facts))
	at := map[org.No]*award.Claim{}
	for i, f := range facts {
		claims[i] = &award.Claim{Facts: f, Things: map[string][]award.Thing{}, Receivers: map[string][]award.Receiver{}}
		for name, x := range f.Values { // what a figure left undefined may be entered
			if in := v.Inputs[name]; in != nil && len(x.Children) == 0 && !x.Num.Defined() {
				delete(f.Values, name)
			}
		}
		if v.Quota != nil {
			claims[i].Group, claims[i].Room = above(w.Org, units[i], v.Quota.Per, p.Last()), unit.Undefined
		}
		at[units[i]] = claims[i]
	}
	if err := rooms(ctx, q, district, w, v, p, claims); err != nil {
		return nil, err
	}
	if err := s.grades(ctx, q, district, w, v, p, at); err != nil {
		return nil, err
	}
	return claims, s.history(ctx, q, district, w, v, rule, p, at)
}

// rooms takes how many may be in below a unit from an attribute of that unit; without one a person enters it.
func rooms(ctx context.Context, q db.Querier, district int64, w module.Moment, v *award.Version, p period.Period, claims []*award.Claim) error {
	if v.Quota == nil || v.Quota.Value.Name == "" {
		return nil
	}
	d, ok := attribute.Get(w.Set, v.Quota.Value.Name)
	if !ok {
		return nil
	}
	have, err := attribute.On(ctx, q, district, d.Key, p.Last())
	for _, c := range claims {
		if n, bad := strconv.ParseInt(c.Group, 10, 64); bad == nil && have[org.No(n)] != "" {
			c.Room = d.Num(have[org.No(n)])
		}
	}
	return err
}

// above is the number of the unit of a type over a unit; empty without.
func above(o *org.Org, n org.No, typ string, day period.Day) string {
	for _, x := range o.Chain(n, day) {
		if u, ok := o.Unit(x); ok && string(u.Type) == typ && x != n {
			return strconv.FormatInt(int64(x), 10)
		}
	}
	return ""
}

// grades takes grade and place from the final runs: of one run over the whole period as they stand, of several shorter ones by
// the mean of their printed scores. Whoever has no score in them is not in; without any final run the grade waits.
func (s *Service) grades(ctx context.Context, q db.Querier, district int64, w module.Moment, v *award.Version, p period.Period,
	at map[org.No]*award.Claim,
) error {
	needs, ranked := v.GradedBy(), v.RankedBy()
	if !needs && ranked == "" {
		return nil
	}
	sheet := graded(w.Set, v.Award)
	if sheet == "" {
		return nil
	}
	finals, err := s.Scores.Finals(ctx, q, district, sheet, p)
	if err != nil || len(finals) == 0 {
		return err
	}
	if ranked != "" && finals[len(finals)-1].Period != p {
		return nil // a place is that of the whole period
	}
	if last := finals[len(finals)-1]; last.Period == p {
		finals = []assess.FinalRun{last}
	}
	for n, c := range at {
		sum, count, most := unit.Int(0), int64(0), unit.Int(1)
		var grade string
		val := score.Value{Num: unit.Undefined, Part: unit.Undefined, Of: unit.Undefined}
		for _, f := range finals {
			i := slices.IndexFunc(f.Units, func(u assess.UnitScore) bool { return u.Unit == n })
			if i < 0 || !f.Units[i].Scored {
				continue
			}
			u := f.Units[i]
			most = score.Stored(u.Max)
			share := score.Stored(u.Points).Div(most)
			val.Children = append(val.Children, score.Child{Unit: c.Unit, Name: c.Name, Run: f.ID, Scored: true, Share: share,
				Weight: unit.Undefined, Grade: u.Grade})
			sum, count, grade = sum.Add(share), count+1, u.Grade
			if len(finals) == 1 {
				c.Rank = int(u.Place)
				for _, o := range f.Units {
					if o.Group == u.Group && o.Place == u.Place && o.Scored {
						c.Tied++
					}
				}
			}
		}
		if count == 0 {
			c.Barred = unscored
			continue
		}
		mean := sum.Div(unit.Int(count)).Round(4)
		if len(finals) > 1 {
			grade = gradeOf(finals[0].Form, mean, most)
		}
		c.Grade, val.Num = grade, mean
		c.Values[scoreName] = val
	}
	return nil
}

// history adds what earlier settlements of the rule paid too much, and who is barred since money was taken back.
func (s *Service) history(ctx context.Context, q db.Querier, district int64, w module.Moment, v *award.Version, rule string, p period.Period,
	at map[org.No]*award.Claim,
) error {
	owed, err := s.owedOf(ctx, q, district, rule, p)
	if err != nil {
		return err
	}
	for n, fen := range owed {
		if c := at[n]; c != nil {
			c.Owed = award.FromFen(fen)
		}
	}
	if v.Recover == nil || v.Recover.Bar == "" {
		return nil
	}
	number, word, _ := strings.Cut(v.Recover.Bar, " ")
	months, err := strconv.Atoi(number)
	if err != nil {
		return err
	}
	if strings.HasPrefix(word, "year") {
		months *= 12
	}
	rows, err := forfeits(ctx, q, district, rule)
	if err != nil {
		return err
	}
	for _, r := range rows {
		day := period.Of(time.UnixMilli(r.At))
		y, m, d := day.YMD()
		until := period.Of(time.Date(y, time.Month(m+months), d, 0, 0, 0, 0, period.Zone))
		if c := at[r.Unit]; c != nil && day <= w.Day && w.Day < until { // who claims while the bar lasts, for whatever period
			c.Barred = award.Label{Zh: until.String() + " 前不得申报：奖补资金被追回", En: "barred until " + until.String() + ": its money was taken back"}
		}
	}
	return nil
}

// apply puts what people entered into the claims. A name is an input, grade, rank, paid, chosen, a thing built or a receiver.
func apply(v *award.Version, claims []*award.Claim, list []Input) error {
	by := map[string]*award.Claim{}
	for _, c := range claims {
		by[c.Unit] = c
	}
	for _, x := range list {
		c := by[strconv.FormatInt(int64(x.Unit), 10)]
		if c == nil {
			continue // the unit has gone since
		}
		if err := set(v, c, x); err != nil {
			return err
		}
	}
	return nil
}

// set enters one value; what cannot be entered is refused with the place.
func set(v *award.Version, c *award.Claim, x Input) error {
	if x.Name == "grade" {
		if _, ok := v.Grades[x.Num]; !ok && !knowsGrade(v.Award, x.Num) {
			return ErrNumber.At(problem.Field{Pointer: "/value", Code: "fund.no-grade"})
		}
		c.Grade = x.Num
		letIn(c)
		return nil
	}
	n, err := unit.ParseNum(x.Num)
	if err != nil {
		return ErrNumber.At(problem.Field{Pointer: "/value", Code: "fund.number"})
	}
	whole, _ := n.Floor().Scaled(0)
	switch in := v.Inputs[x.Name]; {
	case x.Name == "rank" && whole >= 1:
		c.Rank, c.Tied = int(whole), 0
		letIn(c)
	case x.Name == "paid":
		c.Paid = n
	case x.Name == "chosen":
		c.Chosen = whole == 1
	case x.Name == "room" && v.Quota != nil:
		c.Room = n
	case in != nil && x.Ref == "":
		c.Values[x.Name] = score.Value{Num: n, Part: unit.Undefined, Of: unit.Undefined}
	case x.Ref != "" && receives(v.Split, x.Name):
		c.Receivers[x.Name] = slices.DeleteFunc(c.Receivers[x.Name], func(r award.Receiver) bool { return r.Name == x.Ref })
		c.Receivers[x.Name] = append(c.Receivers[x.Name], award.Receiver{Name: x.Ref, Weight: n})
	case x.Ref != "":
		cost := costOf(v.Award, x.Name)
		if cost == "" {
			return ErrName.At(problem.Field{Pointer: "/name", Code: "fund.no-name"})
		}
		c.Things[x.Name] = slices.DeleteFunc(c.Things[x.Name], func(t award.Thing) bool { return t.Ref == x.Ref })
		c.Things[x.Name] = append(c.Things[x.Name], award.Thing{Ref: x.Ref, Cost: map[string]unit.Num{cost: n}})
	default:
		return ErrName.At(problem.Field{Pointer: "/name", Code: "fund.no-name"})
	}
	return nil
}

func letIn(c *award.Claim) {
	if c.Barred == unscored {
		c.Barred = award.Label{}
	}
}

func knowsGrade(a *award.Award, key string) bool {
	for _, p := range a.Parts {
		if _, ok := p.Grade[key]; ok {
			return true
		}
		if p.By != nil {
			if _, ok := p.By.Grade[key]; ok {
				return true
			}
		}
	}
	return false
}

// costOf is the cost that a part asks of a kind of things.
func costOf(a *award.Award, of string) string {
	for _, p := range a.Parts {
		if p.Things != nil && p.Things.Of == of {
			return p.Things.Cost
		}
	}
	return ""
}

func receives(shares []award.Share, to string) bool {
	return slices.ContainsFunc(shares, func(s award.Share) bool { return s.To == to && s.By != "" })
}
