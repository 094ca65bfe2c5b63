package desk

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/docx"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/ledger"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/place"
	"sifen/internal/problem"
	"sifen/internal/unit"
)

// DocumentRow is a document in a list.
type DocumentRow struct {
	ID          string  `json:"id"`
	Template    string  `json:"template"`
	Title       string  `json:"title"`
	Unit        UnitRef `json:"unit"`
	Period      string  `json:"period"`
	State       string  `json:"state" enum:"draft,review,approved,issuing,issued,received,revoked,repealed"`
	Ended       string  `json:"ended" enum:",revoked,repealed"` // an issued document that does not hold any more
	Number      string  `json:"number"`
	DraftNo     int64   `json:"draft_no"`
	IssuedAt    *int64  `json:"issued_at"`
	IssuedBy    string  `json:"issued_by"`
	AsOf        int64   `json:"as_of"`
	Differences int     `json:"differences"`
	Figures     int     `json:"figures"`
	Gaps        int     `json:"gaps"`

	Kind        string     `json:"kind"`
	KindTitle   i18n.Label `json:"kind_title"`
	Origin      string     `json:"origin"`
	Mime        string     `json:"mime"`
	Sender      string     `json:"sender"`
	ReceivedDay string     `json:"received_day"`
	DraftedBy   string     `json:"drafted_by"`
	CreatedAt   int64      `json:"created_at"`
	Recipients  int64      `json:"recipients"`
	Read        int64      `json:"read"`
	Signed      int64      `json:"signed"`
	Mine        *Delivered `json:"mine"` // of the unit whose inbox is listed
}

// CitedFigure is a figure of a document.
type CitedFigure struct {
	N        int64      `json:"n"`
	Key      string     `json:"key"`
	Title    i18n.Label `json:"title"`
	UnitOf   i18n.Label `json:"unit_of"`
	Display  string     `json:"display"`
	Unit     UnitRef    `json:"unit"`
	Period   string     `json:"period"`
	Value    *int64     `json:"value"`
	Decimals int        `json:"decimals"`
	Part     *int64     `json:"part"`
	Of       *int64     `json:"of"`
	Missing  bool       `json:"missing"`
	Source   string     `json:"source"`
	Records  int64      `json:"records"`
	Digest   string     `json:"digest"`
}

// Document is a document with its text.
type Document struct {
	DocumentRow
	HTML    string        `json:"html"`
	Outline []Heading     `json:"outline"`
	Cited   []CitedFigure `json:"cited"`
	Texts   []TextView    `json:"texts"`
	Rev     int64         `json:"rev"`
	May     May           `json:"may"`
	SHA     string        `json:"file_sha,omitempty"`

	Within     bool              `json:"within"` // over one's reach, not only as a recipient
	Own        map[string]string `json:"own"`    // by the paragraph of the template above
	Deliveries []Delivered       `json:"deliveries"`
	Events     []DocumentEvent   `json:"events"`
	SentBy     string            `json:"sent_by"`
	SentAt     int64             `json:"sent_at"`
	ApprovedBy string            `json:"approved_by"`
	ApprovedAt int64             `json:"approved_at"`
	EndedAt    int64             `json:"ended_at"`
	EndedBy    string            `json:"ended_by"`
	EndedWhy   string            `json:"ended_reason"`
	FileName   string            `json:"file_name"`
}

// May says what the caller can do with a document as it stands.
type May struct {
	Edit       bool `json:"edit"`
	Issue      bool `json:"issue"`
	Submit     bool `json:"submit"`
	Withdraw   bool `json:"withdraw"`
	Approve    bool `json:"approve"`
	Recipients bool `json:"recipients"`
	Remind     bool `json:"remind"`
	Comment    bool `json:"comment"`
	Discard    bool `json:"discard"`
	End        bool `json:"end"` // revoke or repeal
}

// Heading is an entry of the outline with the numbers of the figures below it.
type Heading struct {
	ID      string `json:"id"`
	Level   int    `json:"level"`
	Text    string `json:"text"`
	Figures []int  `json:"figures"`
}

// TextView is one passage written by hand.
type TextView struct {
	Key     string     `json:"key"`
	Title   i18n.Label `json:"title"`
	Value   string     `json:"value"`
	Default i18n.Label `json:"default"`
}

func tag(rev int64) string { return `"` + strconv.FormatInt(rev, 10) + `"` }

func (d *Desk) row(ctx context.Context, q db.Querier, by access.Scope, o *org.Org, set *pack.Set, x document.Document) (DocumentRow, error) {
	r := DocumentRow{ID: x.ID, Template: x.Template, Title: x.Title, Unit: unitRef(o, x.Unit, x.Period.Last()), Period: x.Period.String(), State: x.State, Ended: x.Ended, Number: x.Number, DraftNo: x.Rev, AsOf: d.Clock.Now().UnixMilli(),
		Kind: x.Kind, KindTitle: i18n.Label{Zh: x.Kind, En: x.Kind}, Origin: x.Origin, Mime: x.Mime, Sender: x.Sender, CreatedAt: x.CreatedAt}
	if k, err := document.KindOf(set, x.Kind); err == nil {
		r.KindTitle = k.Title
	}
	if x.ReceivedDay > 0 {
		r.ReceivedDay = x.ReceivedDay.String()
	}
	var err error
	if x.CreatedBy != "" {
		if r.DraftedBy, err = account.NameOf(ctx, q, by.District, x.CreatedBy); err != nil {
			return r, err
		}
	}
	if x.IssuedAt > 0 {
		at := x.IssuedAt
		r.IssuedAt, r.AsOf = &at, at
		r.IssuedBy, err = account.NameOf(ctx, q, by.District, x.IssuedBy)
	}
	return r, err
}

// Cited turns a document's figures into what pages and files show.
func Cited(o *org.Org, doc string, figs []document.Figure) []CitedFigure {
	out := []CitedFigure{}
	for _, f := range figs {
		if f.Frozen == nil {
			continue
		}
		z := f.Frozen
		c := CitedFigure{N: f.N, Key: f.Key, Title: z.Title, UnitOf: z.UnitOf, Display: z.Displays[""].Zh, Unit: unitRef(o, f.Unit, f.Period.Last()), Period: f.Period.String(), Decimals: z.Decimals,
			Missing: !z.Defined, Source: "/f/" + doc + "/" + strconv.FormatInt(f.N, 10), Records: z.Records, Digest: z.Digest}
		if z.HasTerms {
			part, of := z.Part, z.Of
			c.Part, c.Of = &part, &of
		}
		if z.Defined && z.Measure != indicator.Ratio && z.Measure != indicator.Coverage {
			a := z.A
			c.Value = &a
		}
		out = append(out, c)
	}
	return out
}

func (d *Desk) document(ctx context.Context, by access.Scope, v document.View) (Document, error) {
	o, err := d.Orgs.Current(ctx, d.DB.Read, by.District)
	if err != nil {
		return Document{}, err
	}
	set, err := d.Packs.Current(ctx, d.DB.Read, by.District)
	if err != nil {
		return Document{}, err
	}
	row, err := d.row(ctx, d.DB.Read, by, o, set, v.Document)
	if err != nil {
		return Document{}, err
	}
	out := Document{DocumentRow: row, HTML: v.HTML, Outline: headings(v.Outline), Cited: Cited(o, v.ID, v.Figures), Texts: []TextView{}, Rev: v.Rev, SHA: v.SHA}
	out.Figures, out.Gaps = len(out.Cited), v.Gaps
	for _, t := range v.Template.Texts {
		out.Texts = append(out.Texts, TextView{t.Key, t.Title, v.Texts[t.Key], t.Default})
	}
	if err := d.fillRegister(ctx, by, o, v.Document, &out); err != nil {
		return out, err
	}
	if v.State == document.Issued && v.Ended == "" {
		diffs, _, err := d.Documents.Differences(ctx, by, v.ID)
		if err != nil {
			return out, err
		}
		out.Differences = len(diffs)
	}
	return out, nil
}

func headings(list []docx.Heading) []Heading {
	out := []Heading{}
	for _, h := range list {
		figs := h.Figures
		if figs == nil {
			figs = []int{}
		}
		out = append(out, Heading{h.ID, h.Level, h.Text, figs})
	}
	return out
}

type docOut struct {
	ETag string `header:"ETag"`
	Body Document
}

func (d *Desk) reply(ctx context.Context, by access.Scope, v document.View, err error) (*docOut, error) {
	if err != nil {
		return nil, err
	}
	body, err := d.document(ctx, by, v)
	return &docOut{tag(v.Rev), body}, err
}

const summaryTemplate = "annual-summary"

func (d *Desk) registerDocuments(k *httpapi.Kit) {
	type idIn struct {
		ID string `path:"id"`
	}
	httpapi.Query(k, httpapi.Operation{ID: "get-document", Method: http.MethodGet, Path: "/documents/{id}", Verb: document.Receive, Summary: "A document with its text and figures"},
		func(ctx context.Context, by access.Scope, in *idIn) (*docOut, error) {
			v, err := d.Documents.Open(ctx, by, in.ID)
			return d.reply(ctx, by, v, err)
		})
	type summaryIn struct {
		Unit   int64  `query:"unit"`
		Period string `query:"period"`
	}
	httpapi.Query(k, httpapi.Operation{ID: "summary", Method: http.MethodGet, Path: "/summary", Verb: document.Read, Summary: "The summary of a unit and period: its draft, else the issued one"},
		func(ctx context.Context, by access.Scope, in *summaryIn) (*docOut, error) {
			n, p, _, err := d.place(ctx, d.DB.Read, by, in.Unit, in.Period)
			if err != nil {
				return nil, err
			}
			v, err := d.Documents.Latest(ctx, by, summaryTemplate, n, p)
			return d.reply(ctx, by, v, err)
		})
	type createIn struct {
		httpapi.OperationID
		Body struct {
			Template string `json:"template"`
			Unit     int64  `json:"unit"`
			Period   string `json:"period"`
		}
	}
	type made = documentMade
	httpapi.Command(k, httpapi.Operation{ID: "create-document", Method: http.MethodPost, Path: "/documents", Verb: document.Edit, Summary: "Start a draft, or find the one there is"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *createIn) (*httpapi.Reply[made], error) {
			p, err := period.Parse(in.Body.Period)
			if err != nil {
				return nil, httpapi.ErrInput.At(problem.Field{Pointer: "/period", Code: "value.period"})
			}
			x, err := d.Documents.Create(ctx, tx, by, in.Body.Template, org.No(in.Body.Unit), p)
			return &httpapi.Reply[made]{Status: http.StatusCreated, Body: made{x.ID, x.Rev}}, err
		})
	type textsIn struct {
		httpapi.OperationID
		ID      string `path:"id"`
		IfMatch string `header:"If-Match"`
		Body    struct {
			Texts map[string]string `json:"texts,omitempty"`
			Own   map[string]string `json:"own,omitempty" doc:"paragraphs of one's own, by the key of the paragraph above; empty takes one away"`
		}
	}
	httpapi.Command(k, httpapi.Operation{ID: "edit-document", Method: http.MethodPut, Path: "/documents/{id}/texts", Verb: document.Edit, Summary: "Write the passages of one's own"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *textsIn) (*httpapi.Reply[made], error) {
			rev, err := httpapi.Tag(in.IfMatch)
			if err != nil {
				return nil, err
			}
			x, err := d.Documents.SetTexts(ctx, tx, by, in.ID, rev, in.Body.Texts, in.Body.Own)
			return &httpapi.Reply[made]{ETag: tag(x.Rev), Body: made{x.ID, x.Rev}}, err
		})
	type issueIn struct {
		httpapi.OperationID
		ID      string `path:"id"`
		IfMatch string `header:"If-Match"`
	}
	type issued struct {
		ID     string `json:"id"`
		Number string `json:"number"`
		State  string `json:"state"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "issue-document", Method: http.MethodPost, Path: "/documents/{id}/issue", Verb: document.Issue, Alone: true, Summary: "Issue: number and figures are fixed for good"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *issueIn) (*httpapi.Reply[issued], error) {
			rev, err := httpapi.Tag(in.IfMatch)
			if err != nil {
				return nil, err
			}
			x, err := d.Documents.Issue(ctx, tx, by, in.ID, rev)
			return &httpapi.Reply[issued]{Body: issued{x.ID, x.Number, x.State}}, err
		})
	httpapi.Query(k, httpapi.Operation{ID: "document-file", Method: http.MethodGet, Path: "/documents/{id}/file", Verb: document.Receive, Summary: "The Word file"},
		func(ctx context.Context, by access.Scope, in *idIn) (*huma.StreamResponse, error) {
			raw, v, err := d.Documents.Word(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			name := v.Title
			if v.State != document.Issued && v.State != document.Received {
				name += "（草稿）"
			}
			if v.Mime == "application/pdf" {
				return httpapi.Download(raw, v.Mime, name+".pdf"), nil
			}
			return httpapi.Download(raw, httpapi.DOCX, name+".docx"), nil
		})
	type diffsOut struct {
		Body struct {
			Items []Difference `json:"items"`
			Same  int          `json:"same"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "document-differences", Method: http.MethodGet, Path: "/documents/{id}/differences", Verb: document.Read, Summary: "What changed since a document was issued, and by whom"},
		func(ctx context.Context, by access.Scope, in *idIn) (*diffsOut, error) {
			items, same, err := d.differences(ctx, by, in.ID)
			out := &diffsOut{}
			out.Body.Items, out.Body.Same = items, same
			return out, err
		})
	type sourceIn struct {
		Document string `path:"document"`
		N        int64  `path:"n"`
	}
	type sourceOut struct{ Body SourcePage }
	httpapi.Query(k, httpapi.Operation{ID: "source", Method: http.MethodGet, Path: "/source/{document}/{n}", Verb: document.Receive, Summary: "Where a figure of a document comes from"},
		func(ctx context.Context, by access.Scope, in *sourceIn) (*sourceOut, error) {
			p, err := d.source(ctx, by, in.Document, in.N)
			return &sourceOut{p}, err
		})
}

// Said is what a document says of a figure.
type Said struct {
	Display string `json:"display"`
	Value   *int64 `json:"value"`
	Part    *int64 `json:"part"`
	Of      *int64 `json:"of"`
	Records int64  `json:"records"`
	Digest  string `json:"digest"`
}

func said(z *document.Frozen) Said {
	s := Said{Display: z.Screen, Records: z.Records, Digest: z.Digest}
	if z.HasTerms {
		part, of := z.Part, z.Of
		s.Part, s.Of = &part, &of
	} else if z.Defined {
		a := z.A
		s.Value = &a
	}
	return s
}

// CausedBy is a record that made a figure differ, and who changed it when and why.
type CausedBy struct {
	Entry  string `json:"entry"`
	Number string `json:"number"`
	Title  string `json:"title"`
	Unit   string `json:"unit"`
	Change string `json:"change" enum:"added,removed,changed"`
	Old    string `json:"old"`
	New    string `json:"new"`
	By     string `json:"by"`
	At     int64  `json:"at"`
	Op     string `json:"op"`
	Reason string `json:"reason"`
	Place  bool   `json:"place,omitempty"` // a point or station: it stands on the page of places
}

// Difference is a figure that is no longer what the document says.
type Difference struct {
	N         int64      `json:"n"`
	Key       string     `json:"key"`
	Title     i18n.Label `json:"title"`
	UnitOf    i18n.Label `json:"unit_of"`
	Issued    Said       `json:"issued"`
	Now       Said       `json:"now"`
	Delta     *int64     `json:"delta"`
	DeltaText string     `json:"delta_text"`
	Records   []CausedBy `json:"records"`
	Outside   int64      `json:"outside"`
}

func (d *Desk) differences(ctx context.Context, by access.Scope, doc string) ([]Difference, int, error) {
	list, same, err := d.Documents.Differences(ctx, by, doc)
	if err != nil {
		return nil, 0, err
	}
	view, err := d.Documents.Open(ctx, by, doc)
	if err != nil {
		return nil, 0, err
	}
	o, err := d.Orgs.Current(ctx, d.DB.Read, by.District)
	if err != nil {
		return nil, 0, err
	}
	out := []Difference{}
	for _, x := range list {
		y := Difference{N: x.N, Key: x.Key, Title: x.Title, UnitOf: x.Frozen.UnitOf, Issued: said(x.Frozen), Now: said(x.Now), Records: []CausedBy{}}
		if x.HasDelta {
			delta := x.Delta
			y.Delta, y.DeltaText = &delta, unit.Group(delta, x.Frozen.Decimals)
			if delta > 0 {
				y.DeltaText = "+" + y.DeltaText
			}
		}
		for _, c := range x.Records {
			if c.Must {
				n, err := strconv.ParseInt(c.Record, 10, 64)
				if err != nil {
					return nil, 0, err
				}
				y.Records = append(y.Records, CausedBy{Title: o.UnitName(org.No(n)), Unit: o.UnitName(org.No(n)), Change: c.Change})
				continue
			}
			cause, inside, err := d.cause(ctx, by, o, c, view.IssuedAt)
			if err != nil {
				return nil, 0, err
			}
			if !inside {
				y.Outside++
				continue
			}
			y.Records = append(y.Records, cause)
		}
		out = append(out, y)
	}
	return out, same, nil
}

func (d *Desk) cause(ctx context.Context, by access.Scope, o *org.Org, c document.RecordChange, since int64) (CausedBy, bool, error) {
	if places, err := d.Places.ByIDs(ctx, d.DB.Read, by, []string{c.Record}); err != nil || len(places) == 1 {
		if err != nil {
			return CausedBy{}, false, err
		}
		p := places[0]
		out := CausedBy{Entry: p.ID, Number: p.Code, Title: p.Name, Unit: o.UnitName(p.Unit), Change: c.Change, Old: c.Old, New: c.New, Place: true}
		steps, err := place.History(ctx, d.DB.Read, by.District, p.ID)
		if err != nil || len(steps) == 0 {
			return out, true, err
		}
		last := steps[len(steps)-1]
		out.At, out.Op, out.Reason = last.At, last.Step, last.Note
		out.By, err = account.NameOf(ctx, d.DB.Read, by.District, last.Account)
		return out, true, err
	}
	entry := c.Record
	of, err := ledger.EntryOfEvent(ctx, d.DB.Read, by.District, c.Record)
	if err != nil {
		return CausedBy{}, false, err
	}
	if of != "" {
		entry = of
	}
	list, err := d.Ledger.ByIDs(ctx, d.DB.Read, by, []string{entry})
	if err != nil || len(list) == 0 {
		return CausedBy{}, false, err
	}
	e := list[0]
	out := CausedBy{Entry: e.ID, Number: e.Number, Title: e.Title, Unit: o.UnitName(e.Unit), Change: c.Change, Old: c.Old, New: c.New, By: "", Op: "", Reason: ""}
	ev, who, found, err := ledger.LastEvent(ctx, d.DB.Read, by.District, entry, since)
	if found {
		out.By, out.At, out.Op, out.Reason = who, ev.At, ev.Op, ev.Reason
	}
	return out, true, err
}

// SourcePage is where a figure of a document comes from: what the document says, and what its query gives now.
type SourcePage struct {
	Document struct {
		ID     string `json:"id"`
		Title  string `json:"title"`
		Number string `json:"number"`
		State  string `json:"state" enum:"draft,review,approved,issuing,issued,received,revoked,repealed"`
	} `json:"document"`
	N      int64 `json:"n"`
	Figure Panel `json:"figure"`
	Issued *Said `json:"issued"`
	Same   bool  `json:"same"`
}

func (d *Desk) source(ctx context.Context, by access.Scope, doc string, n int64) (SourcePage, error) {
	var out SourcePage
	x, f, err := d.Documents.FigureOf(ctx, by, doc, n)
	if err != nil {
		return out, err
	}
	out.Document.ID, out.Document.Title, out.Document.Number, out.Document.State, out.N = x.ID, x.Title, x.Number, x.State, n
	if x.Ended != "" {
		out.Document.State = x.Ended
	}
	err = d.DB.Snapshot(ctx, func(q db.Querier) error {
		out.Figure, err = d.PanelOf(ctx, q, by, f.Key, f.Unit, f.Period)
		return err
	})
	if !x.Within { // a recipient: value, definition, terms and digest; nothing of the units that make it up
		out.Figure.Previous, out.Figure.Own = nil, nil
		out.Figure.Months, out.Figure.Children, out.Figure.NotDone = []Month{}, []Child{}, []UnitRef{}
	}
	out.Same = true
	if f.Frozen != nil {
		s := said(f.Frozen)
		out.Issued, out.Same = &s, s.Digest == out.Figure.Digest
	}
	return out, err
}
