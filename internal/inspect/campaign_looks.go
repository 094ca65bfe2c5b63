package inspect

import (
	"context"
	"database/sql"
	"math"
	"slices"
	"strings"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/pack"
	"sifen/internal/period"
)

// Looked is a place at which two looked on one day.
type Looked struct {
	Day    string   `json:"day"`
	Place  string   `json:"place"`
	Name   string   `json:"name"`
	First  string   `json:"first"`
	Second string   `json:"second"`
	Visit  string   `json:"visit"`
	Again  string   `json:"again"`
	N      int64    `json:"n"` // items that both answered and that do not change within hours
	Differ int64    `json:"differ"`
	Items  []string `json:"items"` // keys of those that differ
}

// ItemDiffers is how often an item was seen differently.
type ItemDiffers struct {
	Item   string     `json:"item"`
	Title  i18n.Label `json:"title"`
	N      int64      `json:"n"`
	Differ int64      `json:"differ"`
}

// Measured is how many of the items that one person answered were wrong, with the interval that says how little that says.
type Measured struct {
	Name   string `json:"name"`
	Visits int64  `json:"visits"`
	N      int64  `json:"n"`
	Failed int64  `json:"failed"`
	Low    int64  `json:"low"`  // per mille, 95 per cent
	High   int64  `json:"high"` // per mille
}

// LooksView compares inspectors, to calibrate them: by name, never ranked, and for no appraisal.
type LooksView struct {
	Pairs   []Looked      `json:"pairs"`
	Items   []ItemDiffers `json:"items"`
	Persons []Measured    `json:"persons"`
	Mean    int64         `json:"mean"` // per mille, of all
}

// Looks compares first and second looks of a campaign, item by item, and what inspectors find in the campaigns of its year with
// its checklist. Items that change within hours compare nobody.
//
// Errors: ErrCampaign, ErrForbidden.
func (s *Service) Looks(ctx context.Context, q db.Querier, by access.Scope, campaign string) (LooksView, error) {
	out := LooksView{Pairs: []Looked{}, Items: []ItemDiffers{}, Persons: []Measured{}}
	c, w, err := s.campaign(ctx, q, by, campaign)
	if err != nil {
		return out, err
	}
	if !by.Can(Calibrate, w.Org.Targets(c.Unit, w.Day), false) {
		return out, ErrForbidden
	}
	form, ok := pack.Value[Checklist](w.Set, "checklists", c.Checklist)
	if !ok {
		return out, nil
	}
	compares := func(item string) bool {
		_, i := form.item(item)
		return i != nil && !i.Passing && i.answer() != Text
	}
	if err := s.pairs(ctx, q, by, c, form, compares, &out); err != nil {
		return out, err
	}
	type sum struct {
		account, item string
		n, failed     int64
	}
	y, _, _ := c.First.YMD()
	year := period.Year(y)
	list, err := db.All(ctx, q, func(r *sql.Rows) (x sum, err error) { return x, r.Scan(&x.account, &x.item, &x.n, &x.failed) },
		`SELECT v.account, a.item, count(*), CAST(sum(a.fails) AS bigint) FROM visit AS v
		JOIN campaign AS c ON c.district = v.district AND c.id = v.campaign AND c.checklist = $2
		JOIN visit_answer AS a ON a.district = v.district AND a.visit = v.id AND a.value <> 'na'
		WHERE v.district = $1 AND v.state = 'done' AND v.day >= $3 AND v.day < $4 GROUP BY v.account, a.item ORDER BY v.account`, by.District, c.Checklist,
		int64(year.From), int64(year.Until))
	if err != nil {
		return out, err
	}
	visits, err := db.Pairs[string, int64](ctx, q, `SELECT v.account, count(*) FROM visit AS v JOIN campaign AS c
		ON c.district = v.district AND c.id = v.campaign AND c.checklist = $2
		WHERE v.district = $1 AND v.state = 'done' AND v.day >= $3 AND v.day < $4 GROUP BY v.account`, by.District, c.Checklist,
		int64(year.From), int64(year.Until))
	if err != nil {
		return out, err
	}
	persons := map[string]*Measured{}
	var all Measured
	for _, x := range list {
		if !compares(x.item) {
			continue
		}
		p := persons[x.account]
		if p == nil {
			p = &Measured{Visits: visits[x.account]}
			if p.Name, err = account.NameOf(ctx, q, by.District, x.account); err != nil {
				return out, err
			}
			persons[x.account] = p
		}
		p.N, p.Failed = p.N+x.n, p.Failed+x.failed
		all.N, all.Failed = all.N+x.n, all.Failed+x.failed
	}
	for _, p := range persons {
		p.Low, p.High = interval(p.Failed, p.N)
		out.Persons = append(out.Persons, *p)
	}
	slices.SortFunc(out.Persons, func(a, b Measured) int { return strings.Compare(a.Name, b.Name) })
	if all.N > 0 {
		out.Mean = (all.Failed*1000 + all.N/2) / all.N
	}
	return out, nil
}

// pairs compares the two visits of each place that somebody looked at again.
func (s *Service) pairs(ctx context.Context, q db.Querier, by access.Scope, c Campaign, form *Checklist, compares func(string) bool, out *LooksView) error {
	list, err := drawsOf(ctx, q, `d.campaign = $2 AND d.visit <> ''`, by.District, c.ID)
	if err != nil {
		return err
	}
	first := map[string]Draw{}
	for _, x := range list {
		if x.Role == FirstLook {
			first[x.Place] = x
		}
	}
	type said struct {
		visit string
		key   [2]string
		value string
		fails int64
	}
	answers, err := db.All(ctx, q, func(r *sql.Rows) (x said, err error) {
		return x, r.Scan(&x.visit, &x.key[0], &x.key[1], &x.value, &x.fails)
	}, `SELECT a.visit, a.subject, a.item, a.value, a.fails FROM visit_answer AS a JOIN draw AS d ON d.district = a.district AND d.visit = a.visit
		WHERE a.district = $1 AND d.campaign = $2 AND EXISTS (SELECT 1 FROM draw AS x WHERE x.district = d.district AND x.campaign = d.campaign
			AND x.place = d.place AND x.role = 'second' AND x.visit <> '')`, by.District, c.ID)
	if err != nil {
		return err
	}
	byVisit := map[string]map[[2]string]said{}
	for _, a := range answers {
		if byVisit[a.visit] == nil {
			byVisit[a.visit] = map[[2]string]said{}
		}
		byVisit[a.visit][a.key] = a
	}
	n, differ := map[string]int64{}, map[string]int64{}
	for _, x := range list {
		one, ok := first[x.Place]
		if x.Role != SecondLook || !ok {
			continue
		}
		l := Looked{Day: x.Day.String(), Place: x.Place, Name: x.PlaceName, Visit: one.Visit, Again: x.Visit, Items: []string{}}
		if l.First, err = account.NameOf(ctx, q, by.District, one.Account); err != nil {
			return err
		}
		if l.Second, err = account.NameOf(ctx, q, by.District, x.Account); err != nil {
			return err
		}
		for key, a := range byVisit[one.Visit] {
			b, both := byVisit[x.Visit][key]
			if !both || !compares(key[1]) {
				continue
			}
			l.N++
			n[key[1]]++
			if a.fails != b.fails || (a.value == NotApplicable) != (b.value == NotApplicable) {
				l.Differ++
				differ[key[1]]++
				if !slices.Contains(l.Items, key[1]) {
					l.Items = append(l.Items, key[1])
				}
			}
		}
		slices.Sort(l.Items)
		out.Pairs = append(out.Pairs, l)
	}
	for _, sec := range form.Sections {
		for _, i := range sec.Items {
			if n[i.Key] > 0 {
				out.Items = append(out.Items, ItemDiffers{i.Key, i.Ask, n[i.Key], differ[i.Key]})
			}
		}
	}
	return nil
}

// interval is the 95 per cent interval of k of n after Wilson, per mille, rounded outwards.
func interval(k, n int64) (low, high int64) {
	if n == 0 {
		return 0, 1000
	}
	const z = 1.959964
	p, m := float64(k)/float64(n), float64(n)
	mid, half := p+z*z/(2*m), z*math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	scale := 1000 / (1 + z*z/m)
	return max(int64(math.Floor((mid-half)*scale)), 0), min(int64(math.Ceil((mid+half)*scale)), 1000)
}
