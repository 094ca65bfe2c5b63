package desk

import (
	"context"
	"net/http"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// Delivered is a unit a document goes to. Instants are 0 until it happened.
type Delivered struct {
	Unit        UnitRef `json:"unit"`
	DeliveredAt int64   `json:"delivered_at"`
	ReadAt      int64   `json:"read_at"`
	ReadBy      string  `json:"read_by"`
	SignedAt    int64   `json:"signed_at"`
	SignedBy    string  `json:"signed_by"`
	RemindedAt  int64   `json:"reminded_at"`
	Reminders   int64   `json:"reminders"`
	MaySign     bool    `json:"may_sign"`
}

// DocumentEvent is something that happened to a document or was said about it.
type DocumentEvent struct {
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

// WaitingDocument is a delivered document that waits for a signature of one of my units.
type WaitingDocument struct {
	ID          string     `json:"id"`
	Title       string     `json:"title"`
	Number      string     `json:"number"`
	KindTitle   i18n.Label `json:"kind_title"`
	From        UnitRef    `json:"from"`
	Unit        UnitRef    `json:"unit"`
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

func (d *Desk) delivered(ctx context.Context, q db.Querier, by access.Scope, o *org.Org, x document.Delivery) (Delivered, error) {
	out := Delivered{Unit: unitRef(o, x.Unit, period.Day(by.Today)), DeliveredAt: x.DeliveredAt, ReadAt: x.ReadAt, SignedAt: x.SignedAt, RemindedAt: x.RemindedAt, Reminders: x.Reminders,
		MaySign: x.DeliveredAt > 0 && x.SignedAt == 0 && holds(by, document.Sign, x.Unit)}
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
func (d *Desk) fillRegister(ctx context.Context, by access.Scope, o *org.Org, x document.Document, out *Document) error {
	q := d.DB.Read
	out.Within, out.Own, out.FileName, out.SentAt, out.ApprovedAt = x.Within, x.Own, x.FileName, x.SentAt, x.ApprovedAt
	out.EndedAt, out.EndedWhy = x.EndedAt, x.EndedReason
	out.Deliveries, out.Events = []Delivered{}, []DocumentEvent{}
	list, err := document.Deliveries(ctx, q, by, x.ID)
	if err != nil {
		return err
	}
	waiting := false
	for _, v := range list {
		y, err := d.delivered(ctx, q, by, o, v)
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
	events, err := document.Events(ctx, q, by, x.ID)
	if err != nil {
		return err
	}
	for _, e := range events {
		y := DocumentEvent{ID: e.ID, At: e.At, Op: e.Op, Body: e.Body, Place: e.Place}
		if e.Account != "" {
			if y.By, err = account.NameOf(ctx, q, by.District, e.Account); err != nil {
				return err
			}
		}
		out.Events = append(out.Events, y)
	}
	targets := o.Targets(x.Unit, period.Day(by.Today))
	edit, issue := by.Can(document.Edit, targets, false), by.Can(document.Issue, targets, false)
	mine, err := document.Authored(ctx, q, by, x)
	if err != nil {
		return err
	}
	draft, review, approved := x.State == document.Draft, x.State == document.Review, x.State == document.Approved
	out.May = May{Edit: draft && edit, Submit: draft && edit, Discard: draft && edit, Withdraw: (review || approved) && edit, Approve: review && issue && !mine,
		Issue: issue && (approved || (draft || review) && !mine), Recipients: edit && x.State != document.Issuing && x.Ended == "", Remind: edit && waiting && x.Ended == "", Comment: true,
		End: issue && x.State == document.Issued && x.Ended == ""}
	return nil
}

func (d *Desk) registerRegister(k *httpapi.Kit) {
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
			Items    []DocumentRow    `json:"items"`
			Total    int64            `json:"total"`
			PageSize int              `json:"page_size"`
			Kinds    []*document.Kind `json:"kinds"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "list-documents", Method: http.MethodGet, Path: "/documents", Verb: document.Receive, Summary: "The register of documents: written here, or received by a unit"},
		func(ctx context.Context, by access.Scope, in *listIn) (*listOut, error) {
			const size = 30
			out := &listOut{}
			out.Body.Items, out.Body.PageSize = []DocumentRow{}, size
			o, err := d.Orgs.Current(ctx, d.DB.Read, by.District)
			if err != nil {
				return nil, err
			}
			set, err := d.Packs.Current(ctx, d.DB.Read, by.District)
			if err != nil {
				return nil, err
			}
			out.Body.Kinds = document.Kinds(set)
			var rows []document.Row
			err = d.DB.Snapshot(ctx, func(q db.Querier) error {
				rows, out.Body.Total, err = document.Register(ctx, q, by, document.Filter{Box: in.Box, Unit: org.No(in.Unit), Kind: in.Kind, State: in.State, Year: in.Year, Query: in.Q, Offset: max(in.Page-1, 0) * size, Limit: size})
				return err
			})
			if err != nil {
				return nil, err
			}
			for _, x := range rows {
				r, err := d.row(ctx, d.DB.Read, by, o, set, x.Document)
				if err != nil {
					return nil, err
				}
				r.Recipients, r.Read, r.Signed = x.Recipients, x.Read, x.Signed
				if x.Mine != nil {
					m, err := d.delivered(ctx, d.DB.Read, by, o, *x.Mine)
					if err != nil {
						return nil, err
					}
					r.Mine = &m
				}
				if !x.Within {
					r.Recipients, r.Read, r.Signed, r.DraftedBy = 0, 0, 0, ""
				} else if x.State == document.Issued && x.Ended == "" && x.Origin == document.FromTemplate {
					diffs, same, err := d.Documents.Differences(ctx, by, x.ID)
					if err != nil {
						return nil, err
					}
					r.Differences, r.Figures = len(diffs), len(diffs)+same
				}
				out.Body.Items = append(out.Body.Items, r)
			}
			return out, nil
		})
	type waitingOut struct {
		Body struct {
			Items []WaitingDocument `json:"items"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "unsigned-documents", Method: http.MethodGet, Path: "/deliveries/unsigned", Verb: document.Sign, Summary: "Delivered documents that wait for the signature of my units"},
		func(ctx context.Context, by access.Scope, _ *struct{}) (*waitingOut, error) {
			out := &waitingOut{}
			items, err := d.Unsigned(ctx, d.DB.Read, by)
			out.Body.Items = items
			return out, err
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
	httpapi.Command(k, httpapi.Operation{ID: "add-document-file", Method: http.MethodPost, Path: "/documents/file", Verb: document.Edit, MaxBody: document.MaxFile + 1024, Summary: "Register a finished .docx or .pdf: to be issued here, or received from outside"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *fileIn) (*httpapi.Reply[documentMade], error) {
			up := document.Upload{Outside: in.Origin == "outside", Kind: in.Kind, Unit: org.No(in.Unit), Title: in.Title, Name: in.Name, Number: in.Number, Sender: in.Sender, Content: in.RawBody}
			if up.Outside {
				day, err := period.ParseDay(in.Received)
				if err != nil {
					return nil, httpapi.ErrInput.At(problem.Field{Pointer: "/received", Code: "value.date"})
				}
				up.Received = day
			}
			x, err := d.Documents.AddFile(ctx, tx, by, up)
			return &httpapi.Reply[documentMade]{Status: http.StatusCreated, ETag: tag(x.Rev), Body: documentMade{x.ID, x.Rev}}, err
		})
	d.registerApproval(k)
	type recipientsIn struct {
		httpapi.OperationID
		ID      string `path:"id"`
		IfMatch string `header:"If-Match"`
		Body    struct {
			Units []int64 `json:"units" maxItems:"2000"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "set-recipients", Method: http.MethodPut, Path: "/documents/{id}/recipients", Verb: document.Edit, Summary: "Say to which units a document goes"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *recipientsIn) (*httpapi.Reply[documentMade], error) {
			rev, err := httpapi.Tag(in.IfMatch)
			if err != nil {
				return nil, err
			}
			units := make([]org.No, len(in.Body.Units))
			for i, u := range in.Body.Units {
				units[i] = org.No(u)
			}
			x, err := d.Documents.SetRecipients(ctx, tx, by, in.ID, rev, units)
			return &httpapi.Reply[documentMade]{ETag: tag(x.Rev), Body: documentMade{x.ID, x.Rev}}, err
		})
	type idIn struct {
		httpapi.OperationID
		ID string `path:"id"`
	}
	type done struct {
		Done bool `json:"done"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "read-document", Method: http.MethodPost, Path: "/documents/{id}/read", Verb: document.Receive, Summary: "Note that my unit opened a delivered document"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *idIn) (*httpapi.Reply[done], error) {
			return &httpapi.Reply[done]{Body: done{true}}, d.Documents.MarkRead(ctx, tx, by, in.ID)
		})
	type signIn struct {
		httpapi.OperationID
		ID   string `path:"id"`
		Body struct {
			Unit int64 `json:"unit"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "sign-document", Method: http.MethodPost, Path: "/documents/{id}/sign", Verb: document.Sign, Summary: "Sign for a delivered document in the name of my unit"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *signIn) (*httpapi.Reply[done], error) {
			return &httpapi.Reply[done]{Body: done{true}}, d.Documents.SignFor(ctx, tx, by, in.ID, org.No(in.Body.Unit))
		})
	type reminded struct {
		Units int `json:"units"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "remind-recipients", Method: http.MethodPost, Path: "/documents/{id}/remind", Verb: document.Edit, Summary: "Remind the units that have not signed, at most once a day"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *idIn) (*httpapi.Reply[reminded], error) {
			n, err := d.Documents.Remind(ctx, tx, by, in.ID)
			return &httpapi.Reply[reminded]{Body: reminded{n}}, err
		})
}

// Unsigned lists what waits for the signature of the caller's units, for the register and the bench.
func (d *Desk) Unsigned(ctx context.Context, q db.Querier, by access.Scope) ([]WaitingDocument, error) {
	out := []WaitingDocument{}
	list, err := document.WaitingFor(ctx, q, by, 50)
	if err != nil || len(list) == 0 {
		return out, err
	}
	o, err := d.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return out, err
	}
	set, err := d.Packs.Current(ctx, q, by.District)
	if err != nil {
		return out, err
	}
	for _, x := range list {
		y := WaitingDocument{ID: x.Document, Title: x.Title, Number: x.Number, From: unitRef(o, x.From, period.Day(by.Today)), Unit: unitRef(o, x.Unit, period.Day(by.Today)), DeliveredAt: x.DeliveredAt, ReadAt: x.ReadAt, RemindedAt: x.RemindedAt}
		if k, err := document.KindOf(set, x.Kind); err == nil {
			y.KindTitle = k.Title
		}
		out = append(out, y)
	}
	return out, nil
}

// DraftChange is a paragraph that reads differently than in an earlier draft.
type DraftChange struct {
	Old string `json:"old"`
	New string `json:"new"`
}

// DraftFigure is a figure that moved since an earlier draft.
type DraftFigure struct {
	N     int64      `json:"n"`
	Key   string     `json:"key"`
	Title i18n.Label `json:"title"`
	Old   string     `json:"old"`
	New   string     `json:"new"`
}

// EarlierDraft is a draft to compare with.
type EarlierDraft struct {
	Rev int64  `json:"rev"`
	At  int64  `json:"at"`
	By  string `json:"by"`
}

// Insertable is a figure as it can be named in one's own text.
type Insertable struct {
	Key     string      `json:"key"`
	Title   i18n.Label  `json:"title"`
	UnitOf  *i18n.Label `json:"unit_of"`
	Token   string      `json:"token"`
	Display string      `json:"display"`
}

func (d *Desk) registerApproval(k *httpapi.Kit) {
	type stepIn struct {
		httpapi.OperationID
		ID      string `path:"id"`
		IfMatch string `header:"If-Match"`
	}
	type stepped struct {
		ID    string `json:"id"`
		Rev   int64  `json:"rev"`
		State string `json:"state"`
	}
	step := func(id, path, summary string, verb access.Verb, do func(context.Context, *db.Tx, access.Scope, string, int64) (document.Document, error)) {
		httpapi.Command(k, httpapi.Operation{ID: id, Method: http.MethodPost, Path: "/documents/{id}/" + path, Verb: verb, Summary: summary},
			func(ctx context.Context, tx *db.Tx, by access.Scope, in *stepIn) (*httpapi.Reply[stepped], error) {
				rev, err := httpapi.Tag(in.IfMatch)
				if err != nil {
					return nil, err
				}
				x, err := do(ctx, tx, by, in.ID, rev)
				return &httpapi.Reply[stepped]{ETag: tag(x.Rev), Body: stepped{x.ID, x.Rev, x.State}}, err
			})
	}
	step("submit-document", "submit", "Put a draft forward for approval", document.Edit, d.Documents.Submit)
	step("withdraw-document", "withdraw", "Take back what was put forward", document.Edit, d.Documents.Withdraw)
	step("approve-document", "approve", "Approve what another put forward", document.Issue, d.Documents.Approve)
	type backIn struct {
		httpapi.OperationID
		ID      string `path:"id"`
		IfMatch string `header:"If-Match"`
		Body    struct {
			Reason string `json:"reason" maxLength:"500"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "send-back-document", Method: http.MethodPost, Path: "/documents/{id}/send-back", Verb: document.Issue, Summary: "Return what was put forward, with a reason"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *backIn) (*httpapi.Reply[stepped], error) {
			rev, err := httpapi.Tag(in.IfMatch)
			if err != nil {
				return nil, err
			}
			x, err := d.Documents.SendBack(ctx, tx, by, in.ID, rev, in.Body.Reason)
			return &httpapi.Reply[stepped]{ETag: tag(x.Rev), Body: stepped{x.ID, x.Rev, x.State}}, err
		})
	type endIn struct {
		httpapi.OperationID
		ID      string `path:"id"`
		IfMatch string `header:"If-Match"`
		Body    struct {
			How    string `json:"how" enum:"revoked,repealed" doc:"revoked: void from the beginning; repealed: void from today"`
			Reason string `json:"reason" maxLength:"500"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "end-document", Method: http.MethodPost, Path: "/documents/{id}/end", Verb: document.Issue, Summary: "Revoke or repeal an issued document, with a reason; its number stays used"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *endIn) (*httpapi.Reply[stepped], error) {
			rev, err := httpapi.Tag(in.IfMatch)
			if err != nil {
				return nil, err
			}
			x, err := d.Documents.End(ctx, tx, by, in.ID, rev, in.Body.How, in.Body.Reason)
			return &httpapi.Reply[stepped]{ETag: tag(x.Rev), Body: stepped{x.ID, x.Rev, x.State}}, err
		})
	type gone struct {
		Done bool `json:"done"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "discard-document", Method: http.MethodDelete, Path: "/documents/{id}", Verb: document.Edit, Summary: "Remove a draft that was never issued"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *stepIn) (*httpapi.Reply[gone], error) {
			rev, err := httpapi.Tag(in.IfMatch)
			if err != nil {
				return nil, err
			}
			return &httpapi.Reply[gone]{Body: gone{true}}, d.Documents.Discard(ctx, tx, by, in.ID, rev)
		})
	type sayIn struct {
		httpapi.OperationID
		ID   string `path:"id"`
		Body struct {
			Text  string `json:"text" maxLength:"2000"`
			Place string `json:"place,omitempty" maxLength:"40" doc:"key of a paragraph"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "comment-document", Method: http.MethodPost, Path: "/documents/{id}/comments", Verb: document.Read, Summary: "Say something about a document or one of its paragraphs"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *sayIn) (*httpapi.Reply[gone], error) {
			return &httpapi.Reply[gone]{Body: gone{true}}, d.Documents.Comment(ctx, tx, by, in.ID, in.Body.Text, in.Body.Place)
		})
	type sinceIn struct {
		ID  string `path:"id"`
		Rev int64  `query:"rev"`
	}
	type sinceOut struct {
		Body struct {
			Drafts     []EarlierDraft `json:"drafts"`
			Since      *EarlierDraft  `json:"since"`
			Paragraphs []DraftChange  `json:"paragraphs"`
			Figures    []DraftFigure  `json:"figures"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "document-changes", Method: http.MethodGet, Path: "/documents/{id}/changes", Verb: document.Read, Summary: "What changed since an earlier draft"},
		func(ctx context.Context, by access.Scope, in *sinceIn) (*sinceOut, error) {
			c, err := d.Documents.ChangesSince(ctx, by, in.ID, in.Rev)
			if err != nil {
				return nil, err
			}
			out := &sinceOut{}
			out.Body.Drafts, out.Body.Paragraphs, out.Body.Figures = []EarlierDraft{}, []DraftChange{}, []DraftFigure{}
			for _, s := range c.Drafts {
				e := EarlierDraft{Rev: s.Rev, At: s.At}
				if s.Account != "" {
					if e.By, err = account.NameOf(ctx, d.DB.Read, by.District, s.Account); err != nil {
						return nil, err
					}
				}
				if c.Since != nil && s.Rev == c.Since.Rev {
					x := e
					out.Body.Since = &x
				}
				out.Body.Drafts = append(out.Body.Drafts, e)
			}
			for _, p := range c.Paragraphs {
				out.Body.Paragraphs = append(out.Body.Paragraphs, DraftChange{p.Old, p.New})
			}
			for _, f := range c.Figures {
				out.Body.Figures = append(out.Body.Figures, DraftFigure{f.N, f.Key, f.Title, f.Old, f.New})
			}
			return out, nil
		})
	type idIn struct {
		ID string `path:"id"`
	}
	type figuresOut struct {
		Body struct {
			Items []Insertable `json:"items"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "document-figures", Method: http.MethodGet, Path: "/documents/{id}/figures", Verb: document.Read, Summary: "The figures that can be inserted into a document, with their value for its unit and period"},
		func(ctx context.Context, by access.Scope, in *idIn) (*figuresOut, error) {
			out := &figuresOut{}
			out.Body.Items = []Insertable{}
			return out, d.DB.Snapshot(ctx, func(q db.Querier) error {
				x, err := d.Documents.Get(ctx, q, by, in.ID)
				if err != nil {
					return err
				}
				if !x.Within {
					return document.ErrNone
				}
				at, err := d.Figures.At(ctx, q, by.District)
				if err != nil {
					return err
				}
				list, err := d.Figures.Catalogue(ctx, q, by.District)
				if err != nil {
					return err
				}
				for _, def := range list {
					v, err := at.Value(def.Key, x.Unit, x.Period)
					if err != nil {
						return err
					}
					token := def.Title.Zh
					if len(def.Names) > 0 {
						token = def.Names[0]
					}
					if def.Measure == indicator.Coverage {
						token += "：分子分母"
					}
					out.Body.Items = append(out.Body.Items, Insertable{Key: def.Key, Title: def.Title, UnitOf: def.Unit, Token: "{{" + token + "}}", Display: v.Screen()})
				}
				return nil
			})
		})
}
