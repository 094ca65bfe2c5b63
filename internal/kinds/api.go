package kinds

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/ledger"
)

func (s *Service) register(k *httpapi.Kit) {
	httpapi.List(k, httpapi.Operation{ID: "list-kinds", Route: "GET /kinds", Verb: ledger.Read, Reference: true, Summary: "Kinds of records"},
		func(ctx context.Context, q db.Querier, by access.Scope, _ *struct{}) ([]View, error) {
			return s.List(ctx, q, by)
		})
}
