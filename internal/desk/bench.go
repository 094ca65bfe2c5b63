package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/due"
	"sifen/internal/httpapi"
	"sifen/internal/indicator"
	"sifen/internal/ledger"
	"sifen/internal/notify"
	"sifen/internal/outbox"
	"sifen/internal/period"
	"sifen/internal/place"
	"sifen/internal/plan"
)

// ReviewDocument is a document that waits for one's approval.
type ReviewDocument struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	SentAt int64  `json:"sent_at"`
}

// Bench is what one person has to do.
type Bench struct {
	Owed       []due.Owed        `json:"owed"`
	Returned   []ledger.Row      `json:"returned"`
	Drafts     []ledger.Row      `json:"drafts"`
	Queue      []ledger.Row      `json:"queue"`
	QueueTotal int64             `json:"queue_total"`
	Waiting    []ledger.Row      `json:"waiting"`
	Figures    []BenchFigure     `json:"figures"`
	Notices    []notify.Notice   `json:"notices"`
	Absent     []due.Absent      `json:"absent"`
	Sign       []WaitingDocument `json:"sign"`
	Review     []ReviewDocument  `json:"review"`
	Tasks      []BenchTask       `json:"tasks"`
	MayPlan    bool              `json:"may_plan"` // set targets for the unit of the figures
	Unread     int64             `json:"unread"`
}

func (d *Desk) registerBench(k *httpapi.Kit) {
	type in struct {
		Unit   int64  `query:"unit"`
		Period string `query:"period"`
	}
	type out struct{ Body Bench }
	httpapi.Query(k, httpapi.Operation{ID: "bench", Method: http.MethodGet, Path: "/bench", Verb: ledger.Read, Summary: "What I owe, what came back, what waits"},
		func(ctx context.Context, by access.Scope, in *in) (*out, error) {
			o := &out{}
			err := d.DB.Snapshot(ctx, func(q db.Querier) (err error) {
				o.Body, err = d.Workbench(ctx, q, by, in.Unit, in.Period)
				return err
			})
			return o, err
		})
}

// Workbench is what one person has to do, with his unit's figures of a period.
func (d *Desk) Workbench(ctx context.Context, q db.Querier, by access.Scope, unitNo int64, per string) (Bench, error) {
	lang := httpapi.CallerOf(ctx).Lang
	b := Bench{Owed: []due.Owed{}, Queue: []ledger.Row{}, Figures: []BenchFigure{}, Tasks: []BenchTask{}}
	var err error
	if b.Tasks, err = d.benchTasks(ctx, q, by); err != nil {
		return b, err
	}
	if by.Has(ledger.Enter) {
		if b.Owed, err = d.Due.OwedBy(ctx, q, by); err != nil {
			return b, err
		}
	}
	for state, into := range map[string]*[]ledger.Row{ledger.Returned: &b.Returned, ledger.Draft: &b.Drafts, ledger.Submitted: &b.Waiting} {
		if *into, err = d.Ledger.Mine(ctx, q, by, lang, state, 20); err != nil {
			return b, err
		}
	}
	if by.Has(ledger.Verify) {
		queue, err := d.Ledger.QueueOf(ctx, q, by, lang, "", 0, 10)
		if err != nil {
			return b, err
		}
		b.Queue, b.QueueTotal = queue.Rows, queue.Total
	}
	if b.Notices, err = notify.List(ctx, q, by, 12); err != nil {
		return b, err
	}
	b.Sign, b.Review = []WaitingDocument{}, []ReviewDocument{}
	if by.Has(document.Sign) {
		if b.Sign, err = d.Unsigned(ctx, q, by); err != nil {
			return b, err
		}
	}
	if by.Has(document.Issue) {
		list, err := document.InReview(ctx, q, by, 20)
		if err != nil {
			return b, err
		}
		for _, x := range list {
			b.Review = append(b.Review, ReviewDocument{x.ID, x.Title, x.SentAt})
		}
	}
	b.Absent = []due.Absent{}
	if by.Has(ledger.Verify) {
		if b.Absent, err = d.Due.AbsentBelow(ctx, q, by, 6); err != nil {
			return b, err
		}
	}
	if b.Unread, err = notify.Unread(ctx, q, by); err != nil {
		return b, err
	}
	if unitNo == 0 && len(by.Grants) > 0 {
		unitNo = by.Grants[0].Unit
	}
	if !by.Has(readFigure) || per == "" {
		return b, nil
	}
	n, p, o, err := d.place(ctx, q, by, unitNo, per)
	if err != nil {
		return b, err
	}
	x, err := d.Figures.At(ctx, q, by.District)
	if err != nil {
		return b, err
	}
	b.MayPlan = yearOf(p) != 0 && by.Can(plan.Edit, o.Targets(n, period.Day(by.Today)), false)
	b.Figures, err = d.benchFigures(ctx, q, by, x, n, p)
	return b, err
}

// events streams what changed, so that open pages read again. It tells keys and kinds, never values.
func (d *Desk) events(w http.ResponseWriter, r *http.Request) {
	c := httpapi.CallerOf(r.Context())
	if !c.SignedIn {
		httpapi.Deny(w, r, httpapi.ErrSession)
		return
	}
	if c.MustChange {
		httpapi.Deny(w, r, httpapi.ErrMustChange)
		return
	}
	ch := make(chan string, 64)
	end := outbox.Local.Subscribe(func(district int64, f outbox.Fact) {
		if district != c.Scope.District {
			return
		}
		var line string
		switch t := f.(type) {
		case indicator.Changed:
			raw, _ := json.Marshal(map[string]any{"defs": t.Keys}) // strings only
			line = "event: figure\ndata: " + string(raw) + "\n\n"
		case ledger.Changed:
			raw, _ := json.Marshal(map[string]any{"kind": t.Type})
			line = "event: entry\ndata: " + string(raw) + "\n\n"
		case notify.Changed:
			if t.Account != c.Scope.Account {
				return
			}
			line = "event: notice\ndata: {}\n\n"
		case place.Changed:
			line = "event: place\ndata: {}\n\n"
		case document.Changed:
			if !c.Scope.Has(document.Read) {
				return
			}
			if !c.Scope.Has(document.Read) { // who only receives is told of what was delivered to him
				if _, err := d.Documents.Get(r.Context(), d.DB.Read, c.Scope, t.Document); err != nil {
					return
				}
			}
			line = "event: document\ndata: {}\n\n" // which one is told by the pages that may read it
		case plan.Changed:
			if !c.Scope.Has(plan.Read) {
				return
			}
			line = "event: plan\ndata: {}\n\n"
		default:
			return
		}
		select {
		case ch <- line:
		default: // a slow page reads everything again at its next event
		}
	})
	defer end()
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	ctl := http.NewResponseController(w)
	send := func(s string) bool {
		_ = ctl.SetWriteDeadline(time.Now().Add(30 * time.Second)) //nolint:forbidigo // a socket deadline is machine time
		if _, err := fmt.Fprint(w, s); err != nil {
			return false
		}
		return ctl.Flush() == nil
	}
	if !send("retry: 3000\n\n: ready\n\n") {
		return
	}
	beat := time.NewTicker(20 * time.Second)
	defer beat.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-d.stop():
			return
		case line := <-ch:
			if !send(line) {
				return
			}
		case <-beat.C:
			// a stream does not outlive its session
			if alive, err := d.Accounts.Alive(r.Context(), c.Token); err != nil || !alive {
				return
			}
			if !send(": beat\n\n") {
				return
			}
		}
	}
}

// Enrich adds to a record page the figures that count it and the documents it stands behind.
func (d *Desk) Enrich(ctx context.Context, q db.Querier, by access.Scope, v *ledger.View) error {
	x, err := d.Figures.At(ctx, q, by.District)
	if err != nil {
		return err
	}
	shares, err := x.ByRecord(v.ID)
	if err != nil {
		return err
	}
	o := x.Org()
	for _, s := range shares {
		y, _, _ := s.Day.YMD()
		if s.Def.Lasting {
			y, _, _ = period.Day(by.Today).YMD()
		}
		p := period.Year(y)
		val, err := x.Value(s.Def.Key, o.Root, p)
		if err != nil {
			return err
		}
		share := ledger.Share{Key: s.Def.Key, Title: s.Def.Title, Unit: ledger.UnitRef{ID: int64(o.Root), Name: o.Name}, Period: p.String(), Value: val.A, Display: val.Screen(), Mine: s.A}
		mine := val
		mine.A = s.A
		share.MineText = mine.Screen()
		v.CountsIn = append(v.CountsIn, share)
		if !by.Has(document.Read) {
			continue
		}
		cites, err := document.Cites(ctx, q, by, s.Def.Key)
		if err != nil {
			return err
		}
		for _, c := range cites {
			if c.Period == p {
				v.Documents = append(v.Documents, ledger.Cited{ID: c.Document, Title: c.Title, State: c.State, N: c.N, Figure: s.Def.Title})
			}
		}
	}
	return nil
}
