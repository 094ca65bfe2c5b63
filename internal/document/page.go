package document

import (
	"context"
	"slices"
	"strconv"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/docx"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/template"
)

// ListRow is a document in a list.
type ListRow struct {
	ID          string  `json:"id"`
	Template    string  `json:"template"`
	Title       string  `json:"title"`
	Unit        org.Ref `json:"unit"`
	Period      string  `json:"period"`
	State       string  `json:"state" enum:"draft,review,approved,issuing,issued,received,revoked,repealed"`
	Ended       string  `json:"ended" enum:",revoked,repealed"` // an issued document that does not hold any more
	Number      string  `json:"number"`
	DraftNo     int64   `json:"draft_no"`
	IssuedAt    *int64  `json:"issued_at"`
	IssuedBy    string  `json:"issued_by"`
	AsOf        int64   `json:"as_of"`
	Differences int     `json:"differences"`
	CheckedAt   *int64  `json:"checked_at"` // when the figures were last compared; null while a comparison is under way
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

// Cited is a figure of a document.
type Cited struct {
	N        int64      `json:"n"`
	Key      string     `json:"key"`
	Title    i18n.Label `json:"title"`
	UnitOf   i18n.Label `json:"unit_of"`
	Display  string     `json:"display"`
	Unit     org.Ref    `json:"unit"`
	Period   string     `json:"period"`
	Value    *int64     `json:"value"`
	Decimals int        `json:"decimals"`
	Part     *int64     `json:"part"`
	Of       *int64     `json:"of"`
	Missing  bool       `json:"missing"`
	// Unrecorded says of a draft that nobody ever recorded anything in the ledgers behind the figure.
	Unrecorded bool   `json:"unrecorded"`
	Source     string `json:"source"`
	Records    int64  `json:"records"`
	Digest     string `json:"digest"`
}

// Page is a document with its text, as its page shows it.
type Page struct {
	ListRow
	HTML    string     `json:"html"`
	Outline []Heading  `json:"outline"`
	Cited   []Cited    `json:"cited"`
	Texts   []TextView `json:"texts"`
	Rev     int64      `json:"rev"`
	May     May        `json:"may"`
	SHA     string     `json:"file_sha,omitempty"`

	Within     bool              `json:"within"` // over one's reach, not only as a recipient
	Own        map[string]string `json:"own"`    // by the paragraph of the template above
	Deliveries []Delivered       `json:"deliveries"`
	Events     []EventView       `json:"events"`
	SentBy     string            `json:"sent_by"`
	SentAt     int64             `json:"sent_at"`
	ApprovedBy string            `json:"approved_by"`
	ApprovedAt int64             `json:"approved_at"`
	EndedAt    int64             `json:"ended_at"`
	EndedBy    string            `json:"ended_by"`
	EndedWhy   string            `json:"ended_reason"`
	FileName   string            `json:"file_name"`
	Renewed    *Renewed          `json:"renewed"` // null where the text was written for the template as it is
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
	Renew      bool `json:"renew"`
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

func (a *API) row(ctx context.Context, q db.Querier, by access.Scope, o *org.Org, set *pack.Set, x Document) (ListRow, error) {
	r := ListRow{ID: x.ID, Template: x.Template, Title: x.Title, Unit: o.Ref(x.Unit, x.Period.Last()), Period: x.Period.String(), State: x.State,
		Ended: x.Ended, Number: x.Number, DraftNo: x.Rev, AsOf: a.Clock.Now().UnixMilli(),
		Kind: x.Kind, KindTitle: i18n.Label{Zh: x.Kind, En: x.Kind}, Origin: x.Origin, Mime: x.Mime, Sender: x.Sender, CreatedAt: x.CreatedAt}
	if k, err := template.KindOf(set, x.Kind); err == nil {
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

// CitedOf turns a document's figures into what pages and files show.
func CitedOf(o *org.Org, doc string, figs []Figure) []Cited {
	out := []Cited{}
	for _, f := range figs {
		if f.Frozen == nil {
			continue
		}
		z := f.Frozen
		c := Cited{N: f.N, Key: f.Key, Title: z.Title, UnitOf: z.UnitOf, Display: z.Displays[""].Zh, Unit: o.Ref(f.Unit, f.Period.Last()),
			Period: f.Period.String(), Decimals: z.Decimals,
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

func (a *API) document(ctx context.Context, by access.Scope, v View) (Page, error) {
	o, err := a.Orgs.Current(ctx, a.DB.Read, by.District)
	if err != nil {
		return Page{}, err
	}
	set, err := a.Packs.Current(ctx, a.DB.Read, by.District)
	if err != nil {
		return Page{}, err
	}
	row, err := a.row(ctx, a.DB.Read, by, o, set, v.Document)
	if err != nil {
		return Page{}, err
	}
	out := Page{ListRow: row, HTML: v.HTML, Outline: headings(v.Outline), Cited: CitedOf(o, v.ID, v.Figures), Texts: []TextView{}, Rev: v.Rev, SHA: v.SHA}
	out.Figures, out.Gaps = len(out.Cited), v.Gaps
	if err := a.DB.Snapshot(ctx, func(q db.Querier) error {
		x, err := a.Figures.At(ctx, q, by.District)
		for _, f := range v.Figures {
			i := slices.IndexFunc(out.Cited, func(c Cited) bool { return c.N == f.N })
			if err == nil && i >= 0 && v.State != Issued && f.Frozen.A == 0 && f.Frozen.Part == 0 {
				out.Cited[i].Unrecorded, err = x.NeverRecorded(f.Key, f.Period)
			}
		}
		return err
	}); err != nil {
		return out, err
	}
	for _, t := range v.Template.Texts {
		out.Texts = append(out.Texts, TextView{t.Key, t.Title, v.Texts[t.Key], t.Default})
	}
	if err := a.fillRegister(ctx, by, o, v.Document, &out); err != nil {
		return out, err
	}
	if out.Renewed = v.Renewed; v.Renewed != nil {
		may := &out.May
		may.Renew, may.Edit, may.Submit, may.Approve, may.Issue = may.Edit, false, false, false, false
	}
	if v.State == Issued && v.Ended == "" {
		diffs, _, err := a.Differences(ctx, by, v.ID)
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
