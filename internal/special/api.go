package special

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/inspect"
	"sifen/internal/inspect/seen"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// Module is what special inspections give to the whole.
func (s *Service) Module() module.Module {
	return module.Module{
		Name:     "special",
		Keepers:  []indicator.Keeping{s.keeping()},
		News:     []outbox.News{Changed{}},
		Ticks:    []module.Tick{{Name: "special", Every: every, Run: s.Tick}},
		Register: s.Register,
	}
}

// View is a special inspection as pages show it.
type View struct {
	ID        string     `json:"id"`
	No        string     `json:"no"`
	Campaign  string     `json:"campaign"` // "" where there was none
	Unit      org.Ref    `json:"unit"`
	Day       string     `json:"day"`
	Topic     string     `json:"topic"`
	Sites     int64      `json:"sites"`
	Problems  int64      `json:"problems"`
	Outcome   string     `json:"outcome" enum:",bulletin,prompt"`
	Outcomes  i18n.Label `json:"outcome_title"`
	OutcomeNo string     `json:"outcome_number"`
	State     string     `json:"state" enum:"held,void"`
	Behind    bool       `json:"behind"`
	Origin    string     `json:"origin"`
	Reason    string     `json:"reason"`
	Photos    []string   `json:"photos"`
	By        string     `json:"by"`
	Rev       int64      `json:"rev"`
	May       bool       `json:"may"` // the caller may change it
}

func (s *Service) view(ctx context.Context, q db.Querier, by access.Scope, w module.Moment, x Inspection) (View, error) {
	name, err := account.NameOf(ctx, q, by.District, x.Account)
	return View{ID: x.ID, No: x.No, Campaign: x.Campaign, Unit: w.Org.Ref(x.Unit, x.Day), Day: x.Day.String(), Topic: x.Topic, Sites: x.Sites,
		Problems: x.Problems, Outcome: x.Outcome, Outcomes: OutcomeTitles[x.Outcome], OutcomeNo: x.OutcomeNo,
		State: x.State, Behind: x.Behind, Origin: x.Origin, Reason: x.Reason,
		Photos: slices.Concat([]string{}, x.Photos), By: name, Rev: x.Rev,
		May: x.State == Held && by.Can(Edit, w.Org.Targets(x.Unit, w.Day), false)}, err
}

// Unkept is a campaign that is over and was not counted.
type Unkept struct {
	ID       string `json:"id"`
	No       string `json:"no"`
	Title    string `json:"title"`
	Last     string `json:"last"`
	Sites    int64  `json:"sites"`
	Problems int64  `json:"problems"`
}

// Page is the list of a year.
type Page struct {
	Rows     []View   `json:"rows"`
	Sites    int64    `json:"sites"` // of those that count
	Problems int64    `json:"problems"`
	Held     int64    `json:"held"`
	Outcomes int64    `json:"outcomes"` // with a bulletin or a prompt notice
	Unkept   []Unkept `json:"unkept"`
	Takeover Takeover `json:"takeover"`
	MayAdd   bool     `json:"may_add"`
}

// most is how many are shown of a year: no district has more.
const most = 500

// List is the page of a year at a unit and below.
func (s *Service) List(ctx context.Context, q db.Querier, by access.Scope, unit org.No, year int) (Page, error) {
	out := Page{Rows: []View{}, Unkept: []Unkept{}, MayAdd: by.Has(Edit)}
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return out, err
	}
	if out.Takeover, err = s.TakeoverOf(ctx, q, by, w); err != nil {
		return out, err
	}
	p := period.Year(year)
	where := fmt.Sprintf(`s.day >= $2 AND s.day < $3 AND %s`, reach(by))
	args := []any{by.District, int64(p.From), int64(p.Until)}
	if unit != 0 {
		where += ` AND EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = s.district AND r.unit = s.unit AND r.target = $4 AND r.day_from <= s.day
			AND s.day < r.day_until)`
		args = append(args, int64(unit))
	}
	found, err := list(ctx, q, fmt.Sprintf(`%s ORDER BY s.day DESC, s.no DESC LIMIT %d`, where, most), args...)
	if err != nil {
		return out, err
	}
	for _, x := range found {
		v, err := s.view(ctx, q, by, w, x)
		if err != nil {
			return out, err
		}
		out.Rows = append(out.Rows, v)
		if x.State == Held {
			out.Held, out.Sites, out.Problems = out.Held+1, out.Sites+x.Sites, out.Problems+x.Problems
			if x.Outcome != "" {
				out.Outcomes++
			}
		}
	}
	if by.Has(Edit) {
		var unkept []seen.Campaign
		if unkept, err = s.unkept(ctx, q, by, w, p); err != nil {
			return out, err
		}
		for _, c := range unkept {
			out.Unkept = append(out.Unkept, Unkept{c.ID, c.No, c.Title, c.Last.String(), c.Sites, c.Problems})
		}
	}
	return out, nil
}

// SaidBody is what a person says of a special inspection.
type SaidBody struct {
	Unit      int64  `json:"unit,omitempty" doc:"that inspected; fixed once it is entered"`
	Campaign  string `json:"campaign,omitempty" maxLength:"40" doc:"of a new one: counts this campaign, which was over before"`
	Day       string `json:"day,omitempty" maxLength:"10"`
	Topic     string `json:"topic,omitempty" maxLength:"400"`
	Sites     int64  `json:"sites,omitempty"`
	Problems  int64  `json:"problems,omitempty"`
	Outcome   string `json:"outcome,omitempty" maxLength:"20" doc:"bulletin, prompt; empty is none yet"`
	OutcomeNo string `json:"outcome_number,omitempty" maxLength:"100"`
}

func (b SaidBody) said() (in Said, err error) {
	in = Said{Unit: org.No(b.Unit), Topic: b.Topic, Sites: b.Sites, Problems: b.Problems, Outcome: b.Outcome, OutcomeNo: b.OutcomeNo}
	if b.Day != "" {
		if in.Day, err = period.ParseDay(b.Day); err != nil {
			return in, ErrInvalid.At(problem.Field{Pointer: "/day", Code: "value.date"})
		}
	}
	return in, nil
}

// ReasonBody is why something is done.
type ReasonBody struct {
	Reason string `json:"reason" maxLength:"500"`
}

// Register adds the operations of special inspections.
func (s *Service) Register(k *httpapi.Kit) {
	type listIn struct {
		Unit int64 `query:"unit"`
		Year int   `query:"year" minimum:"2000" maximum:"2100"`
	}
	httpapi.One(k, httpapi.Operation{ID: "list-inspections", Route: "GET /special-inspections", Verb: Read, Summary: "Special inspections of a year"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *listIn) (Page, error) {
			w, err := s.Moment(ctx, q, by.District)
			if err != nil {
				return Page{}, err
			}
			if in.Unit != 0 && !by.Can(Read, w.Org.Targets(org.No(in.Unit), w.Day), true) {
				return Page{}, org.ErrUnit
			}
			year := in.Year
			if year == 0 {
				year, _, _ = w.Day.YMD()
			}
			at := org.No(in.Unit)
			if at == w.Org.Root {
				at = 0
			}
			return s.List(ctx, q, by, at, year)
		})
	answer := func(ctx context.Context, tx *db.Tx, by access.Scope, status int, x Inspection, err error) (*httpapi.Reply[View], error) {
		if err != nil {
			return nil, err
		}
		w, err := s.Moment(ctx, tx, by.District)
		if err != nil {
			return nil, err
		}
		v, err := s.view(ctx, tx, by, w, x)
		return &httpapi.Reply[View]{Status: status, ETag: fmt.Sprintf("%q", fmt.Sprint(x.Rev)), Body: v}, err
	}
	httpapi.Command(k, httpapi.Operation{ID: "add-inspection", Route: "POST /special-inspections", Verb: Edit,
		Summary: "Enter a special inspection, or count a campaign that was over before"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.Given[SaidBody]) (*httpapi.Reply[View], error) {
			if in.Body.Campaign != "" {
				x, err := s.Adopt(ctx, tx, by, in.Body.Campaign)
				return answer(ctx, tx, by, http.StatusCreated, x, err)
			}
			said, err := in.Body.said()
			if err != nil {
				return nil, err
			}
			x, err := s.Add(ctx, tx, by, said)
			return answer(ctx, tx, by, http.StatusCreated, x, err)
		})
	httpapi.CommandAt(k, httpapi.Operation{ID: "correct-inspection", Route: "PUT /special-inspections/{id}", Verb: Edit,
		Summary: "Correct a special inspection, or say what came of it"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[SaidBody], rev int64) (*httpapi.Reply[View], error) {
			said, err := in.Body.said()
			if err != nil {
				return nil, err
			}
			x, err := s.Correct(ctx, tx, by, in.ID, rev, said)
			return answer(ctx, tx, by, http.StatusOK, x, err)
		})
	httpapi.CommandAt(k, httpapi.Operation{ID: "void-inspection", Route: "POST /special-inspections/{id}/void", Verb: Edit,
		Summary: "Make a special inspection void that was entered by mistake"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[ReasonBody], rev int64) (*httpapi.Reply[View], error) {
			x, err := s.Withdraw(ctx, tx, by, in.ID, rev, in.Body.Reason)
			return answer(ctx, tx, by, http.StatusOK, x, err)
		})
	type carried struct {
		Carried int64 `json:"carried"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "take-over-inspections", Route: "POST /special-inspection-takeover", Verb: inspect.Plan, Alone: true,
		Summary: "Let special inspections of the ledger be kept with campaigns; once"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, _ *struct{ httpapi.OperationID }) (*httpapi.Reply[carried], error) {
			n, err := s.TakeOver(ctx, tx, by)
			return &httpapi.Reply[carried]{Body: carried{n}}, err
		})
}
