package fund

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/fund/award"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/sheet"
	"sifen/internal/unit"
)

// ComputeAwardBody names a rule and the day with which the period begins.
type ComputeAwardBody struct {
	Rule string `json:"rule" maxLength:"80"`
	From string `json:"from" maxLength:"10" doc:"first day of the period: 2020-10-01"`
}

// AwardValue is a value that a person enters into a draft.
type AwardValue struct {
	Unit  int64  `json:"unit"`
	Name  string `json:"name" maxLength:"80" doc:"an input, grade, rank, paid, chosen, room, a kind of things built, or a receiver"`
	Ref   string `json:"ref,omitempty" maxLength:"80" doc:"which thing, or which receiver"`
	Value string `json:"value" maxLength:"60" doc:"a number as written: 860, 2.2万, 90%; or the key of a grade"`
}

// EnterAwardBody are values with the reason why no record holds them.
type EnterAwardBody struct {
	Values []AwardValue `json:"values" minItems:"1" maxItems:"2000"`
	Reason string       `json:"reason" maxLength:"500"`
}

// AwardReason is why something is done.
type AwardReason struct {
	Reason string `json:"reason" maxLength:"500"`
}

// OrderBody names whom a batch pays; empty: all to whom something is due.
type OrderBody struct {
	Units []int64 `json:"units" maxItems:"5000"`
}

// BankAnswer is the bank's answer for a line.
type BankAnswer struct {
	Unit   int64  `json:"unit"`
	Reason string `json:"reason,omitempty" maxLength:"200" doc:"why it was refused; empty: it was paid"`
}

// ReportBody is what the bank said of a batch.
type ReportBody struct {
	Answers []BankAnswer `json:"answers" maxItems:"5000"`
	All     bool         `json:"all,omitempty" doc:"all other lines were paid"`
}

// UnitReason names a claimant and why.
type UnitReason struct {
	Unit   int64  `json:"unit"`
	Reason string `json:"reason" maxLength:"500"`
}

// RecoverBody is money that came back.
type RecoverBody struct {
	Unit   int64  `json:"unit"`
	Amount string `json:"amount" maxLength:"40" doc:"yuan: 37,440.00"`
	Reason string `json:"reason" maxLength:"500"`
}

// BudgetBody is a line of a budget.
type BudgetBody struct {
	Purpose string `json:"purpose" minLength:"1" maxLength:"80"`
	Year    int64  `json:"year" minimum:"2000" maximum:"2100"`
	Level   string `json:"level" minLength:"1" maxLength:"40"`
	Source  string `json:"source" maxLength:"80"`
	Kind    string `json:"kind" enum:"plan,in" doc:"planned, or come in"`
	Amount  string `json:"amount" maxLength:"40" doc:"yuan: 60万"`
	Note    string `json:"note,omitempty" maxLength:"200"`
}

type batchAt[B any] struct {
	httpapi.GivenAt[B]
	No int64 `path:"no"`
}

type unitIn struct {
	ID   string `path:"id"`
	Unit int64  `path:"unit"`
}

type batchIn struct {
	ID string `path:"id"`
	No int64  `path:"no"`
}

// money reads yuan to the fen.
func money(text, pointer string) (int64, error) {
	n, err := unit.ParseNum(text)
	if err == nil && n.Round(2).Cmp(n) == 0 {
		if fen, ok := award.Fen(n); ok {
			return fen, nil
		}
	}
	return 0, ErrNumber.At(problem.Field{Pointer: pointer, Code: "fund.money"})
}

// Register adds the operations of awards.
func (s *Service) Register(k *httpapi.Kit) {
	httpapi.One(k, httpapi.Operation{ID: "list-awards", Route: "GET /awards", Verb: Read, Summary: "Award rules, their runs and budgets"},
		func(ctx context.Context, q db.Querier, by access.Scope, _ *struct{}) (AwardList, error) {
			return s.List(ctx, q, by)
		})
	httpapi.Query(k, httpapi.Operation{ID: "get-award", Route: "GET /awards/{id}", Verb: Read, Summary: "A run of an award rule, inside one's reach"},
		func(ctx context.Context, by access.Scope, in *httpapi.ByID) (*awardOut, error) {
			out := &awardOut{}
			return out, s.DB.Snapshot(ctx, func(q db.Querier) (err error) {
				out.Body, err = s.Page(ctx, q, by, in.ID)
				out.ETag = etag(out.Body.Attempt)
				return err
			})
		})
	httpapi.One(k, httpapi.Operation{ID: "explain-award", Route: "GET /awards/{id}/units/{unit}", Verb: Read,
		Summary: "What a claimant is due, opened into rule, inputs and arithmetic, with what was paid"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *unitIn) (ClaimantView, error) {
			return s.Unit(ctx, q, by, in.ID, org.No(in.Unit))
		})
	httpapi.Query(k, httpapi.Operation{ID: "award-payment-list", Route: "GET /awards/{id}/batches/{no}/list", Verb: Read,
		Summary: "The payment list of a batch for the bank, as Excel"}, s.paymentList)
	httpapi.Command(k, httpapi.Operation{ID: "compute-award", Route: "POST /awards", Verb: Enter, Alone: true,
		Summary: "Compute the draft of a rule's period, or compute it anew from what is final now"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.Given[ComputeAwardBody]) (*httpapi.Reply[AwardView], error) {
			from, err := period.ParseDay(in.Body.From)
			if err != nil {
				return nil, ErrPeriod.At(problem.Field{Pointer: "/from", Code: "fund.period"})
			}
			r, err := s.Compute(ctx, tx, by, in.Body.Rule, from)
			return s.reply(ctx, tx, by, r, http.StatusCreated, err)
		})
	httpapi.CommandAt(k, httpapi.Operation{ID: "enter-award", Route: "POST /awards/{id}/values", Verb: Enter,
		Summary: "Enter values that no record holds into a draft, with the reason"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[EnterAwardBody], rev int64) (*httpapi.Reply[AwardView], error) {
			list := make([]Input, len(in.Body.Values))
			for i, x := range in.Body.Values {
				list[i] = Input{Unit: org.No(x.Unit), Name: x.Name, Ref: x.Ref, Num: x.Value, Reason: in.Body.Reason}
			}
			r, err := s.Enter(ctx, tx, by, in.ID, rev, list)
			return s.reply(ctx, tx, by, r, 0, err)
		})
	for _, x := range []struct{ id, path, to, summary string }{
		{"review-award", "review", Reviewed, "Approve a draft as computed rightly"},
		{"publish-award", "publish", Public, "Publicise a reviewed run for the working days that the rule names"},
		{"approve-award", "approve", Approved, "Approve a publicised run for payment"},
		{"settle-award", "settle", Settled, "Settle a run of which nothing is due any more"},
	} {
		httpapi.CommandAt(k, httpapi.Operation{ID: x.id, Route: "POST /awards/{id}/" + x.path, Verb: Approve, Summary: x.summary},
			func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActAt, rev int64) (*httpapi.Reply[AwardView], error) {
				r, err := s.Advance(ctx, tx, by, in.ID, rev, x.to)
				return s.reply(ctx, tx, by, r, 0, err)
			})
	}
	say := func(id, path string, verb access.Verb, summary string, do func(context.Context, *db.Tx, access.Scope, string, int64, string) (Run, error)) {
		httpapi.CommandAt(k, httpapi.Operation{ID: id, Route: "POST /awards/{id}/" + path, Verb: verb, Summary: summary},
			func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[AwardReason], rev int64) (*httpapi.Reply[AwardView], error) {
				r, err := do(ctx, tx, by, in.ID, rev, in.Body.Reason)
				return s.reply(ctx, tx, by, r, 0, err)
			})
	}
	say("return-award", "return", Approve, "Send a run that is not approved back to draft with a reason", s.Return)
	say("revise-award", "revise", Enter, "Begin a correction of an approved run: a revision beside it", s.Revise)
	s.payments(k)
}

// payments adds the operations of those who pay.
func (s *Service) payments(k *httpapi.Kit) {
	httpapi.CommandAt(k, httpapi.Operation{ID: "order-award", Route: "POST /awards/{id}/batches", Verb: Pay, Summary: "Make a batch of what is due"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[OrderBody], rev int64) (*httpapi.Reply[AwardView], error) {
			units := make([]org.No, len(in.Body.Units))
			for i, n := range in.Body.Units {
				units[i] = org.No(n)
			}
			r, err := s.Order(ctx, tx, by, in.ID, rev, units)
			return s.reply(ctx, tx, by, r, 0, err)
		})
	httpapi.CommandAt(k, httpapi.Operation{ID: "report-award", Route: "POST /awards/{id}/batches/{no}/report", Verb: Pay,
		Summary: "Record which lines of a batch the bank paid and which it refused, and why"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *batchAt[ReportBody], rev int64) (*httpapi.Reply[AwardView], error) {
			answers := make([]Answer, len(in.Body.Answers))
			for i, a := range in.Body.Answers {
				answers[i] = Answer{org.No(a.Unit), a.Reason}
			}
			r, err := s.Report(ctx, tx, by, in.ID, rev, in.No, answers, in.Body.All)
			return s.reply(ctx, tx, by, r, 0, err)
		})
	httpapi.CommandAt(k, httpapi.Operation{ID: "cancel-award-batch", Route: "POST /awards/{id}/batches/{no}/cancel", Verb: Pay,
		Summary: "Cancel what the bank has not paid of a batch"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *batchAt[AwardReason], rev int64) (*httpapi.Reply[AwardView], error) {
			r, err := s.Cancel(ctx, tx, by, in.ID, rev, in.No, in.Body.Reason)
			return s.reply(ctx, tx, by, r, 0, err)
		})
	httpapi.CommandAt(k, httpapi.Operation{ID: "release-award", Route: "POST /awards/{id}/release", Verb: Approve,
		Summary: "Let go what was withheld from a claimant"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[UnitReason], rev int64) (*httpapi.Reply[AwardView], error) {
			r, err := s.Release(ctx, tx, by, in.ID, rev, org.No(in.Body.Unit), in.Body.Reason)
			return s.reply(ctx, tx, by, r, 0, err)
		})
	httpapi.CommandAt(k, httpapi.Operation{ID: "recover-award", Route: "POST /awards/{id}/recover", Verb: Pay, Summary: "Record money that came back"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[RecoverBody], rev int64) (*httpapi.Reply[AwardView], error) {
			fen, err := money(in.Body.Amount, "/amount")
			if err != nil {
				return nil, err
			}
			r, err := s.Recover(ctx, tx, by, in.ID, rev, org.No(in.Body.Unit), fen, in.Body.Reason)
			return s.reply(ctx, tx, by, r, 0, err)
		})
	httpapi.Command(k, httpapi.Operation{ID: "add-award-budget", Route: "POST /award-budgets", Verb: Enter,
		Summary: "Enter a line of a budget: planned, or come in"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.Given[BudgetBody]) (*httpapi.Reply[AwardList], error) {
			fen, err := money(in.Body.Amount, "/amount")
			if err != nil {
				return nil, err
			}
			b := in.Body
			if err := s.AddBudget(ctx, tx, by, BudgetLine{Purpose: b.Purpose, Year: b.Year, Level: b.Level, Source: b.Source, Kind: b.Kind, Fen: fen,
				Note: b.Note}); err != nil {
				return nil, err
			}
			list, err := s.List(ctx, tx, by)
			return &httpapi.Reply[AwardList]{Status: http.StatusCreated, Body: list}, err
		})
}

type awardOut struct {
	ETag string `header:"ETag"`
	Body AwardView
}

func etag(rev int64) string { return fmt.Sprintf("%q", fmt.Sprint(rev)) }

func (s *Service) reply(ctx context.Context, tx *db.Tx, by access.Scope, r Run, status int, err error) (*httpapi.Reply[AwardView], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.Page(ctx, tx, by, r.ID)
	return &httpapi.Reply[AwardView]{Status: status, ETag: etag(v.Attempt), Body: v}, err
}

// paymentList is a batch as the bank gets it: one row per receiver of money, amounts as numbers, a sum below.
func (s *Service) paymentList(ctx context.Context, by access.Scope, in *batchIn) (*huma.StreamResponse, error) {
	var file bytes.Buffer
	var name string
	err := s.DB.Snapshot(ctx, func(q db.Querier) error {
		v, err := s.Page(ctx, q, by, in.ID)
		if err != nil {
			return err
		}
		lang := httpapi.CallerOf(ctx).Lang
		pick := func(zh, en string) string { return i18n.Label{Zh: zh, En: en}.In(lang) }
		for _, b := range v.Batches {
			if b.No != in.No {
				continue
			}
			name = fmt.Sprintf("%s %s %s.xlsx", v.Title.In(lang), v.Period.Title.In(lang), pick(fmt.Sprintf("第%d批拨付清单", b.No),
				fmt.Sprintf("batch %d", b.No)))
			return sheet.Write(&file, sheet.Book{Sheet: pick("拨付清单", "Payments"), Print: true, Meta: map[string]string{"run": v.ID,
				"batch":   fmt.Sprint(b.No),
				"version": fmt.Sprint(v.Version), "digest": v.Digest},
				Columns: []sheet.Column{{Key: "no", Title: "序号", Second: "No.", Kind: sheet.Integer, Width: 8}, {Key: "unit", Title: "收款单位",
					Second: "Payee", Width: 26},
					{Key: "path", Title: "所在", Second: "Within", Width: 30}, {Key: "amount", Title: "金额（元）", Second: "Amount (yuan)", Kind: sheet.Decimal,
						Decimals: 2, Width: 16},
					{Key: "account", Title: "开户行、账号", Second: "Bank and account", Width: 30}, {Key: "use", Title: "用途", Second: "Purpose", Width: 30},
					{Key: "note", Title: "备注", Second: "Note", Width: 24}},
				Rows: func(yield func([]any, error) bool) {
					n, sum := int64(0), int64(0)
					for _, l := range b.Lines {
						fen, err := money(minus(l.Amount), "")
						if n++; !yield([]any{n, l.Unit.Name, l.Unit.Path, fen, "", v.Title.In(lang) + " " + v.Period.Title.In(lang), l.Reason}, err) {
							return
						}
						sum += fen
					}
					yield([]any{nil, pick("合计", "Total"), "", sum, "", "", ""}, nil)
				}})
		}
		return ErrBatch
	})
	if err != nil {
		return nil, err
	}
	return httpapi.Download(file.Bytes(), httpapi.XLSX, name), nil
}

// minus writes a printed amount back as a number is read.
func minus(s string) string {
	if len(s) >= 3 && s[:3] == "−" {
		return "-" + s[3:]
	}
	return s
}
