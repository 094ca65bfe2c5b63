package order

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/journal"
	"sifen/internal/ledger"
	"sifen/internal/period"
)

// Run is the job: it decides in pieces, each a transaction, and goes on where a restart left it.
func (s *Service) Run(ctx context.Context, district int64, body []byte, done func(*db.Tx) error) error {
	var j job
	if err := json.Unmarshal(body, &j); err != nil {
		return err
	}
	var account, op, reason string
	begun := false
	if err := s.DB.Write(ctx, func(tx *db.Tx) error {
		// taken with the row's lock: an order that was called off meanwhile is not taken
		var err error
		begun, err = db.Changed(tx.ExecContext(ctx, `UPDATE bulk_run SET state = 'running' WHERE district = $1 AND id = $2 AND state IN ('waiting', 'running')`,
			district, j.Run))
		if err != nil || !begun {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT account, op, reason FROM bulk_run WHERE district = $1 AND id = $2`, district, j.Run).Scan(&account, &op, &reason)
	}); err != nil {
		return err
	}
	if !begun {
		return s.DB.Write(ctx, done)
	}
	acc, err := s.Accounts.ByID(ctx, s.DB.Read, district, account)
	if err != nil {
		return err
	}
	by, err := s.Accounts.Scope(ctx, s.DB.Read, acc)
	if err != nil {
		return err
	}
	for more := true; more; {
		if err := s.DB.Write(ctx, func(tx *db.Tx) error {
			var err error
			more, err = s.runSome(ctx, tx, by, j.Run, op, reason)
			return err
		}); err != nil {
			return err
		}
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE bulk_run SET state = 'done' WHERE district = $1 AND id = $2`, district, j.Run); err != nil {
			return err
		}
		if err := journal.Write(ctx, tx, by, s.Clock.Now(), access.Verb("ledger.bulk-"+op), j.Run, 0, nil); err != nil {
			return err
		}
		return done(tx)
	})
}

const chunk = 250

func (s *Service) runSome(ctx context.Context, tx *db.Tx, by access.Scope, run, op, reason string) (more bool, err error) {
	if err := indicator.Shared(ctx, tx, by.District); err != nil {
		return false, err
	}
	// a node that was slow and the one that took its job over follow one another: neither decides what the other has decided
	if err := tx.Lock(ctx, "order:"+run); err != nil {
		return false, err
	}
	var items []int64
	list, err := db.All(ctx, tx, func(r *sql.Rows) (ledger.Decision, error) {
		d := ledger.Decision{Op: op, Reason: reason}
		var n int64
		err := r.Scan(&n, &d.Entry, &d.Rev)
		items = append(items, n)
		return d, err
	}, fmt.Sprintf(`SELECT n, entry, rev FROM bulk_item WHERE district = $1 AND run = $2 AND outcome = '' ORDER BY n LIMIT %d`, chunk), by.District, run)
	if err != nil || len(list) == 0 {
		return false, err
	}
	_, refused, err := s.Ledger.Decide(ctx, tx, by, list)
	if err != nil {
		return false, err
	}
	passed := int64(0)
	outcomes := map[outcome][]int64{}
	for i, p := range refused {
		became := outcome{code: "ok"}
		if p != nil {
			if became, err = refusal(p); err != nil {
				return false, err
			}
		} else {
			passed++
		}
		outcomes[became] = append(outcomes[became], items[i])
	}
	for o, n := range outcomes {
		if _, err := tx.ExecContext(ctx, `UPDATE bulk_item SET outcome = $3, said = $4 WHERE district = $1 AND run = $2 AND n IN (`+db.In(5, len(n))+`)`,
			db.Args([]any{by.District, run, o.code, o.said}, n)...); err != nil {
			return false, err
		}
	}
	_, err = tx.ExecContext(ctx, `UPDATE bulk_run SET done = done + $3, passed = passed + $4 WHERE district = $1 AND id = $2`, by.District, run,
		int64(len(list)), passed)
	return len(list) == chunk, err
}

// tidy forgets the orders of long ago; what they decided stays.
func tidy(ctx context.Context, tx *db.Tx, before int64) error {
	for _, q := range []string{
		`DELETE FROM bulk_item WHERE EXISTS (SELECT 1 FROM bulk_run AS r WHERE r.district = bulk_item.district AND r.id = bulk_item.run AND r.at < $1)`,
		`DELETE FROM bulk_run WHERE at < $1`,
	} {
		if _, err := tx.ExecContext(ctx, q, before); err != nil {
			return err
		}
	}
	return nil
}

// VerifyAll passes everything submitted of a kind and period that the scope may verify, and says why the rest stayed.
// What has several levels passes those of them that are the scope's.
func (s *Service) VerifyAll(ctx context.Context, by access.Scope, key string, p period.Period) (passed int, stayed map[string]int, err error) {
	stayed = map[string]int{}
	for range 5 {
		list, err := s.Ledger.Entries(ctx, s.DB.Read, by, ledger.Filter{Kind: key, Period: p, State: ledger.Submitted, Limit: 1_000_000, Sort: "day"})
		if err != nil {
			return passed, stayed, err
		}
		stayed = map[string]int{}
		moved := 0
		for len(list) > 0 {
			some := list[:min(len(list), 500)]
			list = list[len(some):]
			n, err := s.verifySome(ctx, by, some)
			if err != nil {
				return passed, stayed, err
			}
			passed, moved = passed+n.passed, moved+n.moved
			for code, m := range n.stayed {
				stayed[code] += m
			}
		}
		if moved == 0 {
			break
		}
	}
	return passed, stayed, nil
}

// tally is what became of some entries: passed at their last level, moved at all, or stayed by the code of the refusal.
type tally struct {
	passed, moved int
	stayed        map[string]int
}

func (s *Service) verifySome(ctx context.Context, by access.Scope, list []ledger.Entry) (n tally, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		n = tally{stayed: map[string]int{}} // a transaction that is tried again counts again
		if err := indicator.Shared(ctx, tx, by.District); err != nil {
			return err
		}
		var decisions []ledger.Decision
		for _, e := range list {
			decisions = append(decisions, ledger.Decision{Op: ledger.OpVerify, Entry: e.ID, Rev: e.Rev})
		}
		after, refused, err := s.Ledger.Decide(ctx, tx, by, decisions)
		for i, p := range refused {
			switch {
			case p != nil:
				n.stayed[p.Code]++
			case after[i].State == ledger.Verified:
				n.passed++
				n.moved++
			default:
				n.moved++
			}
		}
		return err
	})
	return n, err
}
