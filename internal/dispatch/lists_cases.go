package dispatch

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/kept"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/rectify"
	"sifen/internal/template"
)

// openCase is a case as it stood when the period ended.
type openCase struct {
	no, place, body string
	unit, party     org.No
	due             int64
}

func (l *lister) cases(more string) ([]openCase, error) {
	return db.All(l.ctx, l.q, func(r *sql.Rows) (openCase, error) {
		var c openCase
		return c, r.Scan(&c.no, &c.place, &c.unit, &c.party, &c.due, &c.body)
	}, `SELECT c.no, c.place_name, c.unit, c.party, c.due_at, c.body FROM rcase AS c WHERE c.district = $1 AND c.issued_at > 0 AND c.issued_at < $3
		AND c.state <> 'revoked' AND (c.closed_at = 0 OR c.closed_at >= $3)`+more+within("c.unit", "$4")+` ORDER BY c.due_at, c.no`,
		l.by.District, int64(l.unit), l.end(), int64(l.p.Last()))
}

// late are those whose deadline had passed by then and that wait for their party still, when the paper is written: the figures
// beside them count what was closed until then, too. What was handed over is no longer the party's.
const late = ` AND c.due_at > 0 AND c.due_at <= $3 AND c.closed_at = 0 AND c.state IN ('sent', 'fixing')`

// unitCases tells by unit what was issued and closed in the period, and what is open and overdue at its end.
func (l *lister) unitCases() ([]template.Listed, error) {
	open, err := l.cases("")
	if err != nil {
		return nil, err
	}
	over, err := l.cases(late)
	if err != nil {
		return nil, err
	}
	type line struct{ opened, closed, open, late int64 }
	of := map[org.No]*line{}
	units := l.parts()
	numbers := make([]org.No, 0, len(units)+1)
	for _, u := range units {
		numbers, of[u.No] = append(numbers, u.No), &line{}
	}
	total, rest := line{}, line{}
	at := func(no org.No) *line {
		for _, n := range l.w.Org.Chain(no, l.p.Last()) {
			if x, ok := of[n]; ok {
				return x
			}
		}
		return &rest
	}
	for _, c := range open {
		at(c.unit).open++
		total.open++
	}
	for _, c := range over {
		at(c.unit).late++
		total.late++
	}
	closed, err := db.All(l.ctx, l.q, func(r *sql.Rows) (org.No, error) {
		var n org.No
		return n, r.Scan(&n)
	}, `SELECT c.unit FROM rcase AS c WHERE c.district = $1 AND c.state = 'closed' AND c.closed_at >= $3 AND c.closed_at < $4`+within("c.unit", "$5"),
		l.by.District, int64(l.unit), l.p.From.Start().UnixMilli(), l.p.Until.Start().UnixMilli(), int64(l.p.Last()))
	if err != nil {
		return nil, err
	}
	for _, n := range closed {
		at(n).closed++
		total.closed++
	}
	opened, err := l.x.Values("cases.opened", append(numbers, l.unit), l.p)
	if err != nil {
		return nil, err
	}
	total.opened = opened[l.unit].A
	rest.opened = total.opened
	for _, n := range numbers {
		of[n].opened = opened[n].A
		rest.opened -= opened[n].A
	}
	row := func(name string, x line) template.Listed {
		return says("of", name, "opened", fmt.Sprint(x.opened), "closed", fmt.Sprint(x.closed), "open", fmt.Sprint(x.open), "late", fmt.Sprint(x.late))
	}
	var out []template.Listed
	for _, u := range units {
		out = append(out, row(u.Name, *of[u.No]))
	}
	if rest != (line{}) {
		out = append(out, row("其他", rest))
	}
	if len(out) > 0 {
		out = append(out, row("合计", total))
	}
	return out, nil
}

// others is what the rows of the units leave of the total; nothing where they add up to it.
func (l *lister) others() ([]template.Listed, error) {
	fields := []struct{ say, figure string }{{"visits", "visits.all"}, {"findings", "findings.all"}, {"due", "cases.due"}, {"closed", "cases.closed"},
		{"in_time", "cases.in_time"}, {"first", "rechecks.first"}, {"passed", "rechecks.first_passed"}}
	units := []org.No{l.unit}
	for _, u := range l.parts() {
		units = append(units, u.No)
	}
	pairs, any := []string{"name", "其他"}, false
	for _, f := range fields {
		v, err := l.x.Values(f.figure, units, l.p)
		if err != nil {
			return nil, err
		}
		left := v[l.unit].A
		for _, n := range units[1:] {
			left -= v[n].A
		}
		pairs = append(pairs, f.say, fmt.Sprint(left))
		any = any || left != 0
	}
	if !any || len(units) == 1 {
		return nil, nil
	}
	return []template.Listed{says(pairs...)}, nil
}

func dayOf(end int64) period.Day { return period.Of(time.UnixMilli(end - 1)) }

func titleOf(body string) (i18n.Label, error) {
	var b rectify.Body
	err := json.Unmarshal([]byte(body), &b)
	return b.Title, err
}

// overdue are the cases whose deadline had passed at the end of the period and that are open.
func (l *lister) overdue() ([]template.Listed, error) {
	list, err := l.cases(late)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return none("没有"), nil
	}
	out := make([]template.Listed, 0, len(list))
	for _, c := range list {
		title, err := titleOf(c.body)
		if err != nil {
			return nil, err
		}
		party := "未明确"
		if c.party != 0 {
			party = l.w.Org.UnitName(c.party)
		}
		last := period.Of(time.UnixMilli(l.end() - 1))
		out = append(out, l.sees(says("no", c.no, "place", c.place, "what", title.Zh, "party", party, "due", dayOf(c.due).Zh(), "late",
			fmt.Sprint(max(int64(last-dayOf(c.due)), 1))), rectify.Read, c.unit))
	}
	return out, nil
}

// arrears are the duties of the office that were over and not done when the period ended: as many as the figure says.
func (l *lister) arrears() ([]template.Listed, error) {
	type duty struct {
		openCase
		what string
	}
	list, err := db.All(l.ctx, l.q, func(r *sql.Rows) (duty, error) {
		var d duty
		return d, r.Scan(&d.no, &d.place, &d.unit, &d.due, &d.what)
	}, `SELECT c.no, c.place_name, c.unit, x.day_from, x.fields FROM rcase_record AS x JOIN rcase AS c ON c.district = x.district AND c.id = x.rcase
		WHERE x.district = $1 AND x.kind = 'office-arrears' AND x.day_from <= $3 AND $3 < x.day_until`+within("x.unit", "$3")+` ORDER BY x.day_from, c.no`,
		l.by.District, int64(l.unit), int64(l.p.Last()))
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return none("没有"), nil
	}
	words := l.s.Figures.Keepers.Words(l.w.Set)
	out := make([]template.Listed, 0, len(list))
	for _, d := range list {
		what, _ := kept.Decode(d.what)["what"].(string)
		due := period.Day(d.due) - 1
		out = append(out, l.sees(says("no", d.no, "what", words.Option(rectify.KindArrears, "what", what).Zh, "place", d.place, "due", due.Zh(), "late",
			fmt.Sprint(int64(min(l.p.Last(), l.w.Day)-due))), rectify.Read, d.unit))
	}
	return out, nil
}
