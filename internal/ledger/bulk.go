package ledger

import (
	"context"
	"fmt"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// VerifyAll passes everything submitted of a kind and period that the scope may verify, and says why the rest stayed.
func (s *Service) VerifyAll(ctx context.Context, by access.Scope, kind string, p period.Period) (passed int, stayed map[string]int, err error) {
	stayed = map[string]int{}
	for round := 0; round < 5; round++ {
		w, err := s.work(ctx, s.DB.Read, by)
		if err != nil {
			return passed, stayed, err
		}
		f := Filter{Kind: kind, Period: p, State: Submitted, Limit: 1_000_000, Sort: "day"}
		list, err := s.find(ctx, s.DB.Read, w, by, f)
		if err != nil {
			return passed, stayed, err
		}
		stayed = map[string]int{}
		moved := 0
		for len(list) > 0 {
			n := min(len(list), 500)
			if err := s.DB.Write(ctx, func(tx *db.Tx) error {
				if err := indicator.Shared(ctx, tx, by.District); err != nil {
					return err
				}
				sit, err := s.sit(ctx, tx, by)
				if err != nil {
					return err
				}
				for _, e := range list[:n] {
					after, err := s.verify(ctx, tx, by, sit, e.ID, e.Rev)
					var p *problem.Error
					switch {
					case err == nil:
						moved++
						if after.State == Verified {
							passed++
						}
					case isProblem(err, &p):
						stayed[p.Code]++
					default:
						return fmt.Errorf("verify %s: %w", e.Number, err)
					}
				}
				return s.rise(ctx, tx, by, sit)
			}); err != nil {
				return passed, stayed, err
			}
			list = list[n:]
		}
		if moved == 0 {
			break
		}
	}
	return passed, stayed, nil
}

func isProblem(err error, p **problem.Error) bool {
	e, ok := err.(*problem.Error)
	if ok {
		*p = e
	}
	return ok
}
