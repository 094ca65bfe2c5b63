package order

import (
	"context"
	"net/http"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/kind"
	"sifen/internal/ledger"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// API serves the operations of orders.
type API struct{ *Service }

// Register adds the operations.
func (a *API) Register(k *httpapi.Kit) {
	a.registerWaiting(k)
	type bulkIn struct {
		httpapi.OperationID
		Body struct {
			Op     string   `json:"op" enum:"verify,return"`
			Reason string   `json:"reason,omitempty" maxLength:"500"`
			IDs    []string `json:"ids,omitempty" maxItems:"1000"`
			All    bool     `json:"all,omitempty" doc:"everything the filter selects"`
			Kind   string   `json:"kind,omitempty"`
			Unit   int64    `json:"unit,omitempty"`
			Period string   `json:"period,omitempty"`
			Q      string   `json:"q,omitempty" maxLength:"100"`
			Is     []string `json:"is,omitempty" maxItems:"10"`
		}
	}
	chosen := func(ctx context.Context, q db.Querier, by access.Scope, in *bulkIn) ([]string, ledger.Filter, error) {
		if !in.Body.All {
			ids := in.Body.IDs
			if ids == nil {
				ids = []string{}
			}
			return ids, ledger.Filter{}, nil
		}
		f, err := a.Ledger.Selection(ctx, q, by, &ledger.FilterIn{Kind: in.Body.Kind, Unit: in.Body.Unit, Period: in.Body.Period, Q: in.Body.Q, Is: in.Body.Is,
			State: ledger.Submitted, Size: 1})
		return nil, f, err
	}
	type previewOut struct{ Body ledger.Eligible }
	httpapi.Query(k, httpapi.Operation{ID: "preview-bulk", Route: "POST /bulk/preview", Verb: ledger.Verify,
		Summary: "Of what was chosen, how much one may decide on"},
		func(ctx context.Context, by access.Scope, in *struct {
			Body struct {
				IDs    []string `json:"ids,omitempty" maxItems:"1000"`
				All    bool     `json:"all,omitempty"`
				Kind   string   `json:"kind,omitempty"`
				Unit   int64    `json:"unit,omitempty"`
				Period string   `json:"period,omitempty"`
				Q      string   `json:"q,omitempty" maxLength:"100"`
				Is     []string `json:"is,omitempty" maxItems:"10"`
			}
		}) (*previewOut, error) {
			b := &bulkIn{}
			b.Body.IDs, b.Body.All, b.Body.Kind, b.Body.Unit, b.Body.Period, b.Body.Q, b.Body.Is = in.Body.IDs, in.Body.All, in.Body.Kind, in.Body.Unit,
				in.Body.Period, in.Body.Q, in.Body.Is
			ids, f, err := chosen(ctx, a.DB.Read, by, b)
			if err != nil {
				return nil, err
			}
			_, e, err := a.Ledger.Chosen(ctx, a.DB.Read, by, ids, f)
			return &previewOut{e}, err
		})
	httpapi.Command(k, httpapi.Operation{ID: "order-bulk", Route: "POST /bulk", Verb: ledger.Verify,
		Summary: "Verify or return many records; for a few seconds it can be called off"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *bulkIn) (*httpapi.Reply[Order], error) {
			ids, f, err := chosen(ctx, tx, by, in)
			if err != nil {
				return nil, err
			}
			b, err := a.Order(ctx, tx, by, in.Body.Op, in.Body.Reason, ids, f)
			return &httpapi.Reply[Order]{Status: http.StatusCreated, Body: b}, err
		})
	type runOut struct{ Body Order }
	httpapi.Query(k, httpapi.Operation{ID: "get-bulk", Route: "GET /bulk/{id}", Verb: ledger.Verify,
		Summary: "How far an order is, and what stayed and why"},
		func(ctx context.Context, by access.Scope, in *httpapi.ByID) (*runOut, error) {
			b, err := a.order(ctx, a.DB.Read, by, in.ID)
			if err != nil {
				return nil, err
			}
			b.Stayed, err = sayStayed(b.stayed, httpapi.CallerOf(ctx).Lang)
			return &runOut{b}, err
		})
	httpapi.Command(k, httpapi.Operation{ID: "call-off-bulk", Route: "DELETE /bulk/{id}", Verb: ledger.Verify,
		Summary: "Call an order off before it begins"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActOn) (*httpapi.Reply[Order], error) {
			b, err := a.CallOff(ctx, tx, by, in.ID)
			b.Stayed = map[string]int64{} // it never began
			return &httpapi.Reply[Order]{Body: b}, err
		})
}

// registerWaiting adds the question how much waits, which is asked before a period is locked.
func (a *API) registerWaiting(k *httpapi.Kit) {
	type waitingIn struct {
		Unit  int64  `query:"unit"`
		Kind  string `query:"kind"`
		From  string `query:"from"`
		Until string `query:"until" doc:"the last day"`
	}
	type waiting struct {
		N int64 `json:"n"`
	}
	type waitingOut struct{ Body waiting }
	httpapi.Query(k, httpapi.Operation{ID: "count-waiting", Route: "GET /entries/waiting", Verb: ledger.Read,
		Summary: "How many records of some days wait for verification"},
		func(ctx context.Context, by access.Scope, in *waitingIn) (*waitingOut, error) {
			from, err1 := period.ParseDay(in.From)
			until, err2 := period.ParseDay(in.Until)
			if err1 != nil || err2 != nil || until < from {
				return nil, httpapi.ErrInput.At(problem.Field{Pointer: "/until", Code: "value.date"})
			}
			kinds := []string{in.Kind}
			if in.Kind == "" {
				set, err := a.Packs.Current(ctx, a.DB.Read, by.District)
				if err != nil {
					return nil, err
				}
				kinds = nil
				for _, k := range kind.All(set) {
					kinds = append(kinds, k.Key)
				}
			}
			out := &waitingOut{}
			var err error
			out.Body.N, err = waitingOn(ctx, a.DB.Read, by, org.No(in.Unit), kinds, from, until+1)
			return out, err
		})
}
