package dispatch

import (
	"context"
	"fmt"
	"net/http"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/httpapi"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

func etag(rev int64) string { return fmt.Sprintf("%q", fmt.Sprint(rev)) }

// MeetingBody is what is said of a meeting.
type MeetingBody struct {
	Unit   int64        `json:"unit,omitempty" doc:"that holds it; fixed once it is planned"`
	Type   string       `json:"type" enum:"dispatch,mobilisation,other"`
	Day    string       `json:"day" maxLength:"10"`
	Title  string       `json:"title" maxLength:"400"`
	Place  string       `json:"place,omitempty" maxLength:"400"`
	People int64        `json:"people,omitempty" doc:"who came, in persons"`
	Agenda []AgendaBody `json:"agenda,omitempty" maxItems:"30"`
	Seats  []SeatBody   `json:"seats,omitempty" maxItems:"200"`
	Words  string       `json:"words,omitempty" maxLength:"4000" doc:"course of the meeting"`
	Photos []string     `json:"photos,omitempty" maxItems:"9"`
	Scans  []string     `json:"scans,omitempty" maxItems:"5"`
}

// AgendaBody is an item of the agenda.
type AgendaBody struct {
	Title string `json:"title" maxLength:"400"`
	Unit  int64  `json:"unit,omitempty" doc:"whose item it is"`
}

// SeatBody is a unit's place at the meeting.
type SeatBody struct {
	Unit     int64  `json:"unit"`
	Presence string `json:"presence,omitempty" doc:"asked, present, represented (who), absent (reason)"`
	Who      string `json:"who,omitempty" maxLength:"200"`
	Reason   string `json:"reason,omitempty" maxLength:"400"`
}

func dayAt(pointer, text string) (period.Day, error) {
	d, err := period.ParseDay(text)
	if err != nil {
		return 0, ErrInvalid.At(problem.Field{Pointer: pointer, Code: "value.date"})
	}
	return d, nil
}

func (b MeetingBody) input() (Input, error) {
	day, err := dayAt("/day", b.Day)
	in := Input{Unit: org.No(b.Unit), Type: b.Type, Day: day, Title: b.Title, Place: b.Place, People: b.People, Words: b.Words, Photos: b.Photos,
		Scans: b.Scans}
	for _, a := range b.Agenda {
		in.Agenda = append(in.Agenda, Agenda(a))
	}
	for _, x := range b.Seats {
		in.Seats = append(in.Seats, Seat{org.No(x.Unit), x.Presence, x.Who, x.Reason})
	}
	return in, err
}

type meetingsIn struct {
	Unit  int64  `query:"unit"`
	State string `query:"state" enum:"planned,held,cancelled"`
	Type  string `query:"type" enum:"dispatch,mobilisation,other"`
	Year  int    `query:"year" minimum:"2000" maximum:"2100"`
	Q     string `query:"q" maxLength:"80"`
	Page  int    `query:"page" minimum:"1" default:"1"`
	Size  int    `query:"size" minimum:"1" maximum:"200" default:"50"`
}

// MeetingsBody is a page of meetings.
type MeetingsBody struct {
	Total    int64        `json:"total"`
	Rows     []MeetingRow `json:"rows"`
	Page     int          `json:"page"`
	Size     int          `json:"size"`
	Takeover Takeover     `json:"takeover"`
	MayPlan  bool         `json:"may_plan"`
}

// unitIn checks a unit that a list is asked for; 0 is no restriction, and so is the district for whoever reaches all of it.
func unitIn(w work, by access.Scope, n int64) (org.No, error) {
	if n == 0 {
		return 0, nil
	}
	if _, ok := w.Org.Unit(org.No(n)); !ok || !sees(w, by, n) {
		return 0, org.ErrUnit
	}
	if org.No(n) == w.Org.Root {
		return 0, nil
	}
	return org.No(n), nil
}

// Register adds the operations of meetings, decisions and bulletins.
func (s *Service) Register(k *httpapi.Kit) {
	httpapi.One(k, httpapi.Operation{ID: "list-meetings", Route: "GET /meetings", Verb: Read, Summary: "Meetings inside one's reach"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *meetingsIn) (out MeetingsBody, err error) {
			w, err := s.Moment(ctx, q, by.District)
			if err != nil {
				return out, err
			}
			at, err := unitIn(w, by, in.Unit)
			if err != nil {
				return out, err
			}
			out = MeetingsBody{Page: in.Page, Size: in.Size, MayPlan: by.Has(Edit)}
			list, n, err := List(ctx, q, by, Filter{Unit: at, State: in.State, Type: in.Type, Year: in.Year, Query: in.Q, Limit: in.Size,
				Offset: (in.Page - 1) * in.Size})
			if err != nil {
				return out, err
			}
			out.Total = n
			if out.Rows, err = s.rows(ctx, q, by, w, list); err != nil {
				return out, err
			}
			out.Takeover, err = s.TakeoverOf(ctx, q, by, w)
			return out, err
		})
	type oneOut struct {
		ETag string `header:"ETag"`
		Body View
	}
	httpapi.Query(k, httpapi.Operation{ID: "get-meeting", Route: "GET /meetings/{id}", Verb: Read,
		Summary: "A meeting, beginning with what the last one decided"},
		func(ctx context.Context, by access.Scope, in *httpapi.ByID) (*oneOut, error) {
			out := &oneOut{}
			return out, s.DB.Snapshot(ctx, func(q db.Querier) (err error) {
				out.Body, err = s.Page(ctx, q, by, in.ID)
				out.ETag = etag(out.Body.Rev)
				return err
			})
		})
	reply := func(ctx context.Context, tx *db.Tx, by access.Scope, m Meeting, status int, err error) (*httpapi.Reply[View], error) {
		if err != nil {
			return nil, err
		}
		v, err := s.Page(ctx, tx, by, m.ID)
		return &httpapi.Reply[View]{Status: status, ETag: etag(v.Rev), Body: v}, err
	}
	httpapi.Command(k, httpapi.Operation{ID: "plan-meeting", Route: "POST /meetings", Verb: Edit, Summary: "Plan a meeting"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.Given[MeetingBody]) (*httpapi.Reply[View], error) {
			what, err := in.Body.input()
			if err != nil {
				return nil, err
			}
			m, err := s.Plan(ctx, tx, by, what)
			return reply(ctx, tx, by, m, http.StatusCreated, err)
		})
	say := func(id, route, summary string, do func(context.Context, *db.Tx, access.Scope, string, int64, Input) (Meeting, error)) {
		httpapi.CommandAt(k, httpapi.Operation{ID: id, Route: route, Verb: Edit, Summary: summary},
			func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[MeetingBody], rev int64) (*httpapi.Reply[View], error) {
				what, err := in.Body.input()
				if err != nil {
					return nil, err
				}
				m, err := do(ctx, tx, by, in.ID, rev, what)
				return reply(ctx, tx, by, m, 0, err)
			})
	}
	say("edit-meeting", "PUT /meetings/{id}", "Change what is said of a meeting: its day, agenda, who is asked and who came", s.Correct)
	say("hold-meeting", "POST /meetings/{id}/hold", "Say that a planned meeting took place, and who came", s.Hold)
	httpapi.CommandAt(k, httpapi.Operation{ID: "cancel-meeting", Route: "POST /meetings/{id}/cancel", Verb: Edit, Summary: "Cancel a meeting with a reason"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[ReasonBody], rev int64) (*httpapi.Reply[View], error) {
			m, err := s.Cancel(ctx, tx, by, in.ID, rev, in.Body.Reason)
			return reply(ctx, tx, by, m, 0, err)
		})
	paper := func(id, path, summary string, do func(context.Context, *db.Tx, access.Scope, string, int64) (Meeting, error)) {
		httpapi.CommandAt(k, httpapi.Operation{ID: id, Route: "POST /meetings/{id}/" + path, Verb: Edit, Summary: summary},
			func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActAt, rev int64) (*httpapi.Reply[View], error) {
				m, err := do(ctx, tx, by, in.ID, rev)
				return reply(ctx, tx, by, m, 0, err)
			})
	}
	paper("draft-agenda-pack", "pack", "Write the agenda pack of a planned meeting, or write its texts anew", s.DraftPack)
	paper("draft-minutes", "minutes", "Write the minutes of a meeting that was held", s.DraftMinutes)
	type carried struct {
		Carried int64 `json:"carried"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "take-over-meetings", Route: "POST /meeting-takeover", Verb: Edit, Alone: true,
		Summary: "Let meetings of ledgers become meetings; once"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, _ *struct{ httpapi.OperationID }) (*httpapi.Reply[carried], error) {
			n, err := s.TakeOver(ctx, tx, by)
			return &httpapi.Reply[carried]{Body: carried{n}}, err
		})
	s.registerDecisions(k)
	s.registerBulletins(k)
}

// ReasonBody is why something is done.
type ReasonBody struct {
	Reason string `json:"reason" maxLength:"500"`
}

// BulletinsBody are the months of a year with their bulletins.
type BulletinsBody struct {
	Unit     org.Ref `json:"unit"`
	Year     int     `json:"year"`
	Months   []Month `json:"months"`
	MayDraft bool    `json:"may_draft"`
}

// BulletinBody asks for the bulletin of a month.
type BulletinBody struct {
	Unit  int64  `json:"unit"`
	Month string `json:"month" maxLength:"7" doc:"2020-11"`
}

func (s *Service) registerBulletins(k *httpapi.Kit) {
	type bulletinsIn struct {
		Unit int64 `query:"unit"`
		Year int   `query:"year" minimum:"2000" maximum:"2100"`
	}
	httpapi.One(k, httpapi.Operation{ID: "list-bulletins", Route: "GET /bulletins", Verb: Read, Summary: "The months of a year with their bulletins"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *bulletinsIn) (out BulletinsBody, err error) {
			w, err := s.Moment(ctx, q, by.District)
			if err != nil {
				return out, err
			}
			at := org.No(in.Unit)
			if at == 0 {
				at = w.Org.Root
			}
			if _, ok := w.Org.Unit(at); !ok || !sees(w, by, int64(at)) {
				return out, org.ErrUnit
			}
			year := in.Year
			if year == 0 {
				year, _, _ = w.Day.YMD()
			}
			out = BulletinsBody{Unit: w.Org.Ref(at, w.Day), Year: year, MayDraft: may(w, by, Edit, at) && may(w, by, document.Edit, at)}
			out.Months, err = s.Months(ctx, q, by, w, at, year)
			return out, err
		})
	httpapi.Command(k, httpapi.Operation{ID: "draft-bulletin", Route: "POST /bulletins", Verb: Edit,
		Summary: "Begin the bulletin of a month, or open its draft"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.Given[BulletinBody]) (*httpapi.Reply[Paper], error) {
			p, err := period.Parse(in.Body.Month)
			if err != nil || p != period.MonthOf(p.From) {
				return nil, ErrInvalid.At(problem.Field{Pointer: "/month", Code: "value.date"})
			}
			d, err := s.DraftBulletin(ctx, tx, by, org.No(in.Body.Unit), p)
			return &httpapi.Reply[Paper]{Status: http.StatusCreated, Body: paperOf(d)}, err
		})
}
