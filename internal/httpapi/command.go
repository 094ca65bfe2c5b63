package httpapi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/id"
)

// Command registers a mutating operation: one transaction, journal and figures inside it, the answer stored under the
// operation id, acknowledged only after the commit.
func Command[I any, T any](k *Kit, o Operation, fn func(ctx context.Context, tx *db.Tx, by access.Scope, in *I) (*Reply[T], error)) {
	Prepared(k, o, nil, func(ctx context.Context, tx *db.Tx, by access.Scope, in *I, _ struct{}) (*Reply[T], error) {
		return fn(ctx, tx, by, in)
	})
}

// Prepared registers a command that does something long before its transaction, such as hashing a password, while others
// write. What was done already is not prepared again.
func Prepared[I, P, T any](k *Kit, o Operation, prepare func(ctx context.Context, by access.Scope, in *I) (P, error),
	fn func(ctx context.Context, tx *db.Tx, by access.Scope, in *I, p P) (*Reply[T], error),
) {
	h := k.rule(o)
	h.DefaultStatus = http.StatusOK
	if _, ok := any((*I)(nil)).(identified); !ok {
		if _, ok := any(*new(I)).(identified); !ok {
			panic("command " + o.ID + " has no operation id")
		}
	}
	huma.Register(k.API, h, func(ctx context.Context, in *I) (*Reply[T], error) {
		c := CallerOf(ctx)
		if p := dirty(in); p != nil {
			return nil, Render(p, c)
		}
		op := any(*in).(identified).operationID()
		if !id.Valid(op) {
			return nil, Render(ErrOperation, c)
		}
		sum := sha256.Sum256([]byte(o.ID + "\n" + c.bodySum + "\n" + shape(in)))
		hash := hex.EncodeToString(sum[:])
		var ready P
		if prepare != nil {
			done, err := keptOf(ctx, k.DB.Read, c.Scope.District, op)
			if err == nil && done == nil {
				ready, err = prepare(ctx, c.Scope, in)
			}
			if err != nil {
				return nil, k.fail(ctx, err)
			}
		}
		var out *Reply[T]
		err := k.DB.Write(ctx, func(tx *db.Tx) error {
			out = nil
			if k.Begin != nil {
				if err := k.Begin(ctx, tx, c.Scope.District, o.Alone); err != nil {
					return err
				}
			}
			if err := tx.Lock(ctx, "operation "+op); err != nil { // the same id sent twice at once: the second finds the first's answer
				return err
			}
			done, err := keptOf(ctx, tx, c.Scope.District, op)
			if err != nil {
				return err
			}
			if done != nil {
				if done.account != c.Scope.Account || done.hash != hash {
					return ErrReused
				}
				if err := k.judgeAgain(ctx, tx, c.Scope, done); err != nil {
					return err
				}
				out = &Reply[T]{Status: done.status, ETag: done.header}
				return json.Unmarshal(done.body, &out.Body)
			}
			by, judged := c.Scope.Watched(o.Verb)
			if out, err = fn(ctx, tx, by, in, ready); err != nil {
				return err
			}
			if out == nil {
				out = &Reply[T]{}
			}
			if out.Status == 0 {
				out.Status = http.StatusOK
			}
			return k.keep(ctx, tx, c.Scope, op, keptAnswer{hash: hash, status: out.Status, header: out.ETag}, out.Body, judged)
		})
		if err != nil {
			return nil, k.fail(ctx, err)
		}
		return out, nil
	})
}

// Secretive is an answer that holds what is shown once: WithoutSecret is kept in its place.
type Secretive interface{ WithoutSecret() any }

// keptAnswer is what a command answered, for a second try.
type keptAnswer struct {
	account, hash, header, judged string
	status                        int
	body                          []byte
}

// keptOf finds the answer kept under an operation id; nil when there is none.
func keptOf(ctx context.Context, q db.Querier, district int64, op string) (*keptAnswer, error) {
	var a keptAnswer
	err := q.QueryRowContext(ctx, `SELECT account, hash, status, header, body, judged FROM operation WHERE district = $1 AND id = $2`, district,
		op).Scan(&a.account, &a.hash, &a.status, &a.header, &a.body, &a.judged)
	found, err := db.One(err)
	if !found {
		return nil, err
	}
	return &a, nil
}

func (k *Kit) keep(ctx context.Context, tx *db.Tx, by access.Scope, op string, a keptAnswer, body any, judged *access.Judged) error {
	if s, ok := body.(Secretive); ok {
		body = s.WithoutSecret()
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	list, err := json.Marshal(judged.List(by))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO operation (district, id, account, hash, status, header, body, judged, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		by.District, op, by.Account, a.hash, a.status, a.header, raw, string(list), k.Clock.Now().UnixMilli())
	return err
}

// judgeAgain refuses a kept answer to whom today's reach would not give it: a grant may have ended since, a unit moved away.
func (k *Kit) judgeAgain(ctx context.Context, q db.Querier, by access.Scope, a *keptAnswer) error {
	if a.judged == "" { // of an earlier version, which did not note what it judged by
		return ErrDone
	}
	var list []access.Judgement
	if err := json.Unmarshal([]byte(a.judged), &list); err != nil {
		return err
	}
	for _, j := range list {
		targets := []access.Target{{Unit: j.Unit, Self: true}}
		if k.Targets != nil {
			var err error
			if targets, err = k.Targets(ctx, q, by.District, j.Unit, by.Today); err != nil {
				return err
			}
		}
		switch {
		case !by.Sees(targets):
			return ErrNotFound
		case j.Verb != "" && !by.Can(j.Verb, targets, j.Line):
			return ErrForbidden
		}
	}
	return nil
}

// Tidy forgets the answers from before an instant: the ids of their operations are free again.
func Tidy(ctx context.Context, tx *db.Tx, before int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM operation WHERE at < $1`, before)
	return err
}
