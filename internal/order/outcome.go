package order

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/problem"
)

// outcome is what became of an entry: the code ok, or that of a refusal with its sentence in both languages, as JSON.
type outcome struct{ code, said string }

// refusal is the outcome of an entry that stayed.
func refusal(p *problem.Error) (outcome, error) {
	raw, err := json.Marshal(i18n.Say(p.Code, p.Args))
	return outcome{p.Code, string(raw)}, err
}

// say words an outcome. Before schema 57 only codes were kept.
func (o outcome) say(lang i18n.Lang) (string, error) {
	if o.said == "" {
		return i18n.Sentence(o.code, nil, lang), nil
	}
	var l i18n.Label
	if err := json.Unmarshal([]byte(o.said), &l); err != nil {
		return "", fmt.Errorf("what an order says of %s: %w", o.code, err)
	}
	return l.In(lang), nil
}

// stayedOf counts what stayed of an order, by its outcome.
func stayedOf(ctx context.Context, q db.Querier, district int64, run string) (map[outcome]int64, error) {
	out := map[outcome]int64{}
	_, err := db.All(ctx, q, func(r *sql.Rows) (o outcome, err error) {
		var n int64
		err = r.Scan(&o.code, &o.said, &n)
		out[o] = n
		return o, err
	}, `SELECT outcome, said, count(*) FROM bulk_item
		WHERE district = $1 AND run = $2 AND outcome <> '' AND outcome <> 'ok' GROUP BY outcome, said`, district, run)
	return out, err
}

// sayStayed words the reasons why entries stayed.
func sayStayed(stayed map[outcome]int64, lang i18n.Lang) (map[string]int64, error) {
	out := map[string]int64{}
	for o, n := range stayed {
		why, err := o.say(lang)
		if err != nil {
			return nil, err
		}
		out[why] += n
	}
	return out, nil
}
