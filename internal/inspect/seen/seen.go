// Package seen reads what counted visits found, for those who reckon with it.
package seen

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"

	"sifen/internal/db"
	"sifen/internal/inspect"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Visit is what a counted visit found: how many of each item and of each item/phrase were
// wrong, how many of how many answered where that was asked, and which items did not apply.
type Visit struct {
	ID, No string
	Unit   org.No
	Place  string
	Day    period.Day
	Found  map[string]int64
	Shares map[string][2]int64 // part, of all
	NA     []string
}

// By gives the visits of [from, until) that were made with a checklist and count: not voided, not by the place itself.
// Whoever calls it answers for who may see the result.
func By(ctx context.Context, q db.Querier, district int64, checklist string, from, until period.Day) ([]Visit, error) {
	type record struct {
		Visit
		body inspect.Body
	}
	records, err := db.All(ctx, q, func(r *sql.Rows) (v record, err error) {
		var body string
		if err = r.Scan(&v.ID, &v.No, &v.Unit, &v.Place, &v.Day, &body); err == nil {
			err = json.Unmarshal([]byte(body), &v.body)
		}
		return v, err
	}, `SELECT id, no, unit, place, day, body FROM visit WHERE district = $1 AND checklist = $2 AND day >= $3 AND day < $4
		AND state = 'done' AND counted = 1 AND kind <> 'self' ORDER BY day, id`, district, checklist, int64(from), int64(until))
	if err != nil || len(records) == 0 {
		return nil, err
	}
	ids := make([]string, len(records))
	for i, v := range records {
		ids[i] = v.ID
	}
	type said struct {
		visit, subject, item, value string
		part, of, fails             int64
	}
	answers, err := db.Named(ids, 2, []any{district}, func(in string, args []any) ([]said, error) {
		return db.All(ctx, q, func(r *sql.Rows) (a said, err error) {
			return a, r.Scan(&a.visit, &a.subject, &a.item, &a.value, &a.part, &a.of, &a.fails)
		}, `SELECT visit, subject, item, value, part, of_all, fails FROM visit_answer WHERE district = $1 AND visit IN (`+in+`)
			ORDER BY visit, item, subject`, args...)
	})
	if err != nil {
		return nil, err
	}
	by := map[string][]said{}
	for _, a := range answers {
		by[a.visit] = append(by[a.visit], a)
	}
	out := make([]Visit, len(records))
	for i, v := range records {
		s := v.Visit
		s.Found, s.Shares = map[string]int64{}, map[string][2]int64{}
		details := map[[2]string]inspect.Answer{}
		for _, a := range v.body.Answers {
			details[[2]string{a.Subject, a.Item}] = a
		}
		asked := map[string]bool{} // applies to one subject at least
		for _, a := range by[v.ID] {
			if a.value == inspect.NotApplicable {
				if _, ok := asked[a.item]; !ok {
					asked[a.item] = false
				}
				continue
			}
			asked[a.item] = true
			if a.of > 0 {
				was := s.Shares[a.item]
				s.Shares[a.item] = [2]int64{was[0] + a.part, was[1] + a.of}
			}
			if a.fails == 1 {
				d := details[[2]string{a.subject, a.item}]
				n := max(d.Count, 1)
				s.Found[a.item] += n
				for _, phrase := range d.Phrases {
					s.Found[a.item+"/"+phrase] += n
				}
			}
		}
		for item, applies := range asked {
			if !applies {
				s.NA = append(s.NA, item)
			}
		}
		slices.Sort(s.NA)
		out[i] = s
	}
	return out, nil
}
