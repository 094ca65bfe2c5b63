package document

import (
	"context"
	"net/http"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/template"
)

// Delivered is a unit a document goes to. Instants are 0 until it happened.
type Delivered struct {
	Unit        org.Ref `json:"unit"`
	DeliveredAt int64   `json:"delivered_at"`
	ReadAt      int64   `json:"read_at"`
	ReadBy      string  `json:"read_by"`
	SignedAt    int64   `json:"signed_at"`
	SignedBy    string  `json:"signed_by"`
	RemindedAt  int64   `json:"reminded_at"`
	Reminders   int64   `json:"reminders"`
	MaySign     bool    `json:"may_sign"`
}

// EventView is something that happened to a document or was said about it.
type EventView struct {
	ID    string `json:"id"`
	At    int64  `json:"at"`
	By    string `json:"by"`
	Op    string `json:"op"`
	Body  string `json:"body"`
	Place string `json:"place"`
}

type documentMade struct {
	ID  string `json:"id"`
	Rev int64  `json:"rev"`
}

// Waiting is a delivered document that waits for a signature of one of my units.
type Waiting struct {
	ID          string     `json:"id"`
	Title       string     `json:"title"`
	Number      string     `json:"number"`
	KindTitle   i18n.Label `json:"kind_title"`
	From        org.Ref    `json:"from"`
	Unit        org.Ref    `json:"unit"`
	DeliveredAt int64      `json:"delivered_at"`
	ReadAt      int64      `json:"read_at"`
	RemindedAt  int64      `json:"reminded_at"`
}

func holds(by access.Scope, v access.Verb, unit org.No) bool {
	for _, g := range by.Grants {
		if g.Unit == int64(unit) && g.Verbs[v] {
			return true
		}
	}
	return false
}

func (a *API) delivered(ctx context.Context, q db.Querier, by access.Scope, o *org.Org, x Delivery) (Delivered, error) {
	out := Delivered{Unit: o.Ref(x.Unit, period.Day(by.Today)), DeliveredAt: x.DeliveredAt, ReadAt: x.ReadAt, SignedAt: x.SignedAt,
		RemindedAt: x.RemindedAt, Reminders: x.Reminders,
		MaySign: x.DeliveredAt > 0 && x.SignedAt == 0 && holds(by, Sign, x.Unit)}
	for acc, into := range map[string]*string{x.ReadBy: &out.ReadBy, x.SignedBy: &out.SignedBy} {
		if acc == "" {
			continue
		}
		name, err := account.NameOf(ctx, q, by.District, acc)
		if err != nil {
			return out, err
		}
		*into = name
		if x.ReadBy == x.SignedBy {
			out.ReadBy, out.SignedBy = name, name
		}
	}
	return out, nil
}

// fillRegister adds what the register knows of a document: recipients, history, and what the caller may do next.
func (a *API) fillRegister(ctx context.Context, by access.Scope, o *org.Org, x Document, out *Page) error {
	q := a.DB.Read
	out.Within, out.Own, out.FileName, out.SentAt, out.ApprovedAt = x.Within, x.Own, x.FileName, x.SentAt, x.ApprovedAt
	out.EndedAt, out.EndedWhy = x.EndedAt, x.EndedReason
	out.Deliveries, out.Events = []Delivered{}, []EventView{}
	list, err := Deliveries(ctx, q, by, x.ID)
	if err != nil {
		return err
	}
	waiting := false
	for _, v := range list {
		y, err := a.delivered(ctx, q, by, o, v)
		if err != nil {
			return err
		}
		y.MaySign = y.MaySign && x.Ended == ""
		out.Deliveries = append(out.Deliveries, y)
		out.Recipients++
		if v.ReadAt > 0 {
			out.Read++
		}
		if v.SignedAt > 0 {
			out.Signed++
		}
		waiting = waiting || v.DeliveredAt > 0 && v.SignedAt == 0
	}
	if x.EndedBy != "" {
		if out.EndedBy, err = account.NameOf(ctx, q, by.District, x.EndedBy); err != nil {
			return err
		}
	}
	if !x.Within {
		out.Texts, out.Own, out.DraftedBy = []TextView{}, map[string]string{}, ""
		return nil
	}
	for acc, into := range map[*string]string{&out.SentBy: x.SentBy, &out.ApprovedBy: x.ApprovedBy} {
		if into != "" {
			if *acc, err = account.NameOf(ctx, q, by.District, into); err != nil {
				return err
			}
		}
	}
	events, err := Events(ctx, q, by, x.ID)
	if err != nil {
		return err
	}
	for _, e := range events {
		y := EventView{ID: e.ID, At: e.At, Op: e.Op, Body: e.Body, Place: e.Place}
		if e.Account != "" {
			if y.By, err = account.NameOf(ctx, q, by.District, e.Account); err != nil {
				return err
			}
		}
		out.Events = append(out.Events, y)
	}
	targets := o.Targets(x.Unit, period.Day(by.Today))
	edit, issue := by.Can(Edit, targets, false), by.Can(Issue, targets, false)
	mine, err := Authored(ctx, q, by, x)
	if err != nil {
		return err
	}
	draft, review, approved := x.State == Draft, x.State == Review, x.State == Approved
	out.May = May{Edit: draft && edit, Submit: draft && edit, Discard: draft && edit, Withdraw: (review || approved) && edit, Approve: review && issue && !mine,
		Issue: issue && (approved || (draft || review) && !mine), Recipients: edit && x.State != Issuing && x.Ended == "", Remind: edit && waiting &&
			x.Ended == "", Comment: true,
		End: issue && x.State == Issued && x.Ended == ""}
	return nil
}

func (a *API) registerRegister(k *httpapi.Kit) {
	type listIn struct {
		Box   string `query:"box" enum:"sent,received" default:"sent"`
		Unit  int64  `query:"unit"`
		Kind  string `query:"kind" maxLength:"60"`
		State string `query:"state" maxLength:"20"`
		Year  int    `query:"year"`
		Q     string `query:"q" maxLength:"100"`
		Page  int    `query:"page" minimum:"0" maximum:"10000"`
	}
	type listOut struct {
		Body struct {
			Items    []ListRow        `json:"items"`
			Total    int64            `json:"total"`
			PageSize int              `json:"page_size"`
			Kinds    []*template.Kind `json:"kinds"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "list-documents", Route: "GET /documents", Verb: Receive,
		Summary: "The register of documents: written here, or received by a unit"},
		func(ctx context.Context, by access.Scope, in *listIn) (*listOut, error) {
			const size = 30
			out := &listOut{}
			out.Body.Items, out.Body.PageSize = []ListRow{}, size
			o, err := a.Orgs.Current(ctx, a.DB.Read, by.District)
			if err != nil {
				return nil, err
			}
			set, err := a.Packs.Current(ctx, a.DB.Read, by.District)
			if err != nil {
				return nil, err
			}
			out.Body.Kinds = template.Kinds(set)
			var rows []Row
			err = a.DB.Snapshot(ctx, func(q db.Querier) error {
				rows, out.Body.Total, err = Register(ctx, q, by, Filter{Box: in.Box, Unit: org.No(in.Unit), Kind: in.Kind, State: in.State, Year: in.Year,
					Query: in.Q, Offset: max(in.Page-1, 0) * size, Limit: size})
				return err
			})
			if err != nil {
				return nil, err
			}
			for _, x := range rows {
				r, err := a.row(ctx, a.DB.Read, by, o, set, x.Document)
				if err != nil {
					return nil, err
				}
				r.Recipients, r.Read, r.Signed = x.Recipients, x.Read, x.Signed
				if x.Mine != nil {
					m, err := a.delivered(ctx, a.DB.Read, by, o, *x.Mine)
					if err != nil {
						return nil, err
					}
					r.Mine = &m
				}
				if !x.Within {
					r.Recipients, r.Read, r.Signed, r.DraftedBy = 0, 0, 0, ""
				} else if x.State == Issued && x.Ended == "" && x.Origin == FromTemplate {
					r.Differences, r.Figures = int(x.Differences), int(x.Frozen)
					if x.CheckedAt > 0 {
						r.CheckedAt = &x.CheckedAt
					}
				}
				out.Body.Items = append(out.Body.Items, r)
			}
			return out, nil
		})
	httpapi.List(k, httpapi.Operation{ID: "unsigned-documents", Route: "GET /deliveries/unsigned", Verb: Sign,
		Summary: "Delivered documents that wait for the signature of my units"},
		func(ctx context.Context, q db.Querier, by access.Scope, _ *struct{}) ([]Waiting, error) {
			return a.Unsigned(ctx, q, by)
		})
	type fileIn struct {
		httpapi.OperationID
		Origin   string `query:"origin" enum:"file,outside" default:"file"`
		Kind     string `query:"kind" maxLength:"60"`
		Unit     int64  `query:"unit"`
		Title    string `query:"title" maxLength:"200"`
		Name     string `query:"name" maxLength:"200"`
		Number   string `query:"number" maxLength:"100" doc:"the sender's number"`
		Sender   string `query:"sender" maxLength:"100"`
		Received string `query:"received" maxLength:"10"`
		RawBody  []byte `contentType:"application/octet-stream"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "add-document-file", Route: "POST /documents/file", Verb: Edit, MaxBody: MaxFile + 1024,
		Summary: "Register a finished .docx or .pdf: to be issued here, or received from outside"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *fileIn) (*httpapi.Reply[documentMade], error) {
			up := Upload{Outside: in.Origin == "outside", Kind: in.Kind, Unit: org.No(in.Unit), Title: in.Title, Name: in.Name, Number: in.Number,
				Sender: in.Sender, Content: in.RawBody}
			if up.Outside {
				day, err := period.ParseDay(in.Received)
				if err != nil {
					return nil, httpapi.ErrInput.At(problem.Field{Pointer: "/received", Code: "value.date"})
				}
				up.Received = day
			}
			x, err := a.AddFile(ctx, tx, by, up)
			return &httpapi.Reply[documentMade]{Status: http.StatusCreated, ETag: tag(x.Rev), Body: documentMade{x.ID, x.Rev}}, err
		})
	type recipientsIn struct {
		httpapi.ActAt
		Body struct {
			Units []int64 `json:"units" maxItems:"2000"`
		}
	}
	httpapi.CommandAt(k, httpapi.Operation{ID: "set-recipients", Route: "PUT /documents/{id}/recipients", Verb: Edit,
		Summary: "Say to which units a document goes"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *recipientsIn, rev int64) (*httpapi.Reply[documentMade], error) {
			units := make([]org.No, len(in.Body.Units))
			for i, u := range in.Body.Units {
				units[i] = org.No(u)
			}
			x, err := a.SetRecipients(ctx, tx, by, in.ID, rev, units)
			return &httpapi.Reply[documentMade]{ETag: tag(x.Rev), Body: documentMade{x.ID, x.Rev}}, err
		})
	type done struct {
		Done bool `json:"done"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "read-document", Route: "POST /documents/{id}/read", Verb: Receive,
		Summary: "Note that my unit opened a delivered document"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActOn) (*httpapi.Reply[done], error) {
			return &httpapi.Reply[done]{Body: done{true}}, a.MarkRead(ctx, tx, by, in.ID)
		})
	type signIn struct {
		httpapi.ActOn
		Body struct {
			Unit int64 `json:"unit"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "sign-document", Route: "POST /documents/{id}/sign", Verb: Sign,
		Summary: "Sign for a delivered document in the name of my unit"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *signIn) (*httpapi.Reply[done], error) {
			return &httpapi.Reply[done]{Body: done{true}}, a.SignFor(ctx, tx, by, in.ID, org.No(in.Body.Unit))
		})
	type reminded struct {
		Units int `json:"units"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "remind-recipients", Route: "POST /documents/{id}/remind", Verb: Edit,
		Summary: "Remind the units that have not signed, at most once a day"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActOn) (*httpapi.Reply[reminded], error) {
			n, err := a.Remind(ctx, tx, by, in.ID)
			return &httpapi.Reply[reminded]{Body: reminded{n}}, err
		})
}

// Unsigned lists what waits for the signature of the caller's units, for the register and the bench.
func (a *API) Unsigned(ctx context.Context, q db.Querier, by access.Scope) ([]Waiting, error) {
	out := []Waiting{}
	list, err := WaitingFor(ctx, q, by, 50)
	if err != nil || len(list) == 0 {
		return out, err
	}
	m, err := a.Moment(ctx, q, by.District)
	if err != nil {
		return out, err
	}
	set, o := m.Set, m.Org
	for _, x := range list {
		y := Waiting{ID: x.Document, Title: x.Title, Number: x.Number, From: o.Ref(x.From, period.Day(by.Today)), Unit: o.Ref(x.Unit, period.Day(by.Today)),
			DeliveredAt: x.DeliveredAt, ReadAt: x.ReadAt, RemindedAt: x.RemindedAt}
		if k, err := template.KindOf(set, x.Kind); err == nil {
			y.KindTitle = k.Title
		}
		out = append(out, y)
	}
	return out, nil
}
