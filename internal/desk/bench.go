package desk

import (
	"context"
	"net/http"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/due"
	"sifen/internal/httpapi"
	"sifen/internal/ledger"
	"sifen/internal/notify"
	"sifen/internal/period"
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
