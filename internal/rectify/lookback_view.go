package rectify

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"

	"github.com/danielgtaylor/huma/v2"
)

// LooksOf is what was looked back at of the cases closed in a month, inside one's reach.
type LooksOf struct {
	Month   string `json:"month"` // 2026-11
	No      string `json:"no"`
	Closed  int64  `json:"closed"` // on the list
	Drawn   int64  `json:"drawn"`
	Passed  int64  `json:"passed"`
	Failed  int64  `json:"failed"`
	Dropped int64  `json:"dropped"` // opened again or revoked before anybody looked
	Quota   int64  `json:"quota"`   // of the whole district
	Whole   int64  `json:"whole"`   // on the whole list
	Sealed  int64  `json:"sealed"`  // instants in milliseconds
	Opened  *int64 `json:"opened"`
	Opens   int64  `json:"opens"` // when it is drawn from
	Digest  string `json:"digest"`
	Seal    string `json:"seal"` // digest of the secret
	Secret  string `json:"secret"`
	Chain   string `json:"chain"`
	Seed    string `json:"seed"`
}

// LookRow is a case that was drawn.
type LookRow struct {
	Row
	Nth     int64       `json:"nth"`
	Hash    string      `json:"hash"`
	Outcome string      `json:"outcome" enum:",passed,failed,dropped"`
	By      string      `json:"by"`
	Done    *int64      `json:"done"`
	Until   *int64      `json:"until"`  // the end of the duty
	Behind  int64       `json:"behind"` // calendar days
	May     bool        `json:"may"`
	Why     *i18n.Label `json:"why"` // why it is not theirs to do
}

// LooksView is the page of look-backs: the months, and what was drawn of one.
type LooksView struct {
	Months []LooksOf `json:"months"`
	Month  string    `json:"month"` // "" is none yet
	Rows   []LookRow `json:"rows"`
	Share  int64     `json:"share"` // per cent
	Days   int64     `json:"days"`  // working days the office has
	Shell  string    `json:"shell"` // works the order out again
	List   bool      `json:"may_list"`
}

// lookShell puts the list in the order of a seed: the first of them, as many as the quota, are looked back at.
const lookShell = `export LC_ALL=C; N=$(sed -n 's/^quota //p' list.txt); tail -n +9 list.txt | while IFS='|' read -r h k l n; do ` +
	`printf '%s %s\n' "$(printf '%s' "$S|$C|$k" | sha256sum | cut -c1-64)" "$k"; done | sort | head -n "$N"`

// LooksAt reads the page of look-backs. Who is to be looked at next is for those who look: the party and those who only read
// are told how many, and which once it was done.
func (s *Service) LooksAt(ctx context.Context, q db.Querier, by access.Scope, unit org.No, month string) (LooksView, error) {
	v := LooksView{Months: []LooksOf{}, Rows: []LookRow{}, Share: lookShare, Days: lookDays, Shell: lookShell}
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return v, err
	}
	v.List = by.Can(Recheck, w.Org.Targets(w.Org.Root, w.Day), false)
	if unit != 0 {
		if _, ok := w.Org.Unit(unit); !ok || !by.Can(Read, w.Org.Targets(unit, w.Day), true) {
			return v, org.ErrUnit
		}
	}
	f := Filter{Unit: int64(unit)}
	if unit == w.Org.Root {
		f.Unit = 0
	}
	list, err := lookMonths(ctx, q, by.District, 0)
	if err != nil {
		return v, err
	}
	where, args := f.where(by, w.Now.UnixMilli())
	counts, err := db.All(ctx, q, func(r *sql.Rows) (x struct {
		month                           period.Month
		all, drawn, pass, fail, dropped int64
	}, err error) {
		return x, r.Scan(&x.month, &x.all, &x.drawn, &x.pass, &x.fail, &x.dropped)
	}, `SELECT l.month, count(*), CAST(sum(CASE WHEN l.nth > 0 THEN 1 ELSE 0 END) AS BIGINT),
		CAST(sum(CASE WHEN l.outcome = 'passed' THEN 1 ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN l.outcome = 'failed' THEN 1 ELSE 0 END) AS BIGINT),
		CAST(sum(CASE WHEN l.outcome = 'dropped' THEN 1 ELSE 0 END) AS BIGINT)
		FROM rcase_lookback AS l JOIN rcase AS c ON c.district = l.district AND c.id = l.rcase WHERE `+where+` GROUP BY l.month`, args...)
	if err != nil {
		return v, err
	}
	for _, m := range list {
		x := LooksOf{Month: m.Month.First().String()[:7], No: m.No, Quota: m.Quota, Sealed: m.SealedAt, Opened: ms(m.OpenedAt),
			Opens: opensLook(instant(m.SealedAt)).UnixMilli(), Digest: m.Digest, Seal: m.Seal, Chain: m.Chain, Seed: m.Seed}
		if m.OpenedAt > 0 {
			x.Secret = m.Secret
		}
		for _, n := range counts {
			if n.month == m.Month {
				x.Closed, x.Drawn, x.Passed, x.Failed, x.Dropped = n.all, n.drawn, n.pass, n.fail, n.dropped
			}
		}
		v.Months = append(v.Months, x)
	}
	i := slices.IndexFunc(v.Months, func(m LooksOf) bool { return m.Month == month || month == "" && m.Opened != nil })
	if i < 0 {
		return v, nil
	}
	v.Month = v.Months[i].Month
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM rcase_lookback WHERE district = $1 AND month = $2`, by.District,
		int64(list[i].Month)).Scan(&v.Months[i].Whole); err != nil {
		return v, err
	}
	return v, s.lookRows(ctx, q, by, w, f, fmt.Sprintf("l.month = %d", list[i].Month), &v)
}

// lookRows reads what was drawn, with who may look. A condition narrows it.
func (s *Service) lookRows(ctx context.Context, q db.Querier, by access.Scope, w work, f Filter, and string, v *LooksView) error {
	where, args := f.where(by, w.Now.UnixMilli())
	type drawn struct {
		id, hash, outcome, account string
		nth, done, until, ended    int64
	}
	list, err := db.All(ctx, q, func(r *sql.Rows) (x drawn, err error) {
		return x, r.Scan(&x.id, &x.nth, &x.hash, &x.outcome, &x.account, &x.done, &x.until, &x.ended)
	}, `SELECT c.id, l.nth, l.hash, l.outcome, l.account, l.done_at, coalesce(d.due_at, 0), coalesce(d.done_at, 0)
		FROM rcase_lookback AS l JOIN rcase AS c ON c.district = l.district AND c.id = l.rcase
		LEFT JOIN rcase_duty AS d ON d.district = l.district AND d.rcase = l.rcase AND d.what = 'lookback' AND d.nth = (SELECT max(x.nth) FROM rcase_duty AS x
			WHERE x.district = l.district AND x.rcase = l.rcase AND x.what = 'lookback')
		WHERE `+where+` AND l.nth > 0 AND `+and+` ORDER BY l.month, l.nth LIMIT 1000`, args...)
	if err != nil || len(list) == 0 {
		return err
	}
	ids := make([]string, 0, len(list))
	for _, x := range list {
		ids = append(ids, x.id)
	}
	cases, err := db.Named(ids, 2, []any{by.District}, func(in string, args []any) ([]Case, error) {
		return db.All(ctx, q, scan, `SELECT `+columns+` FROM rcase AS c WHERE c.district = $1 AND c.id IN (`+in+`)`, args...)
	})
	if err != nil {
		return err
	}
	known, k, now := map[string]Case{}, &known{}, w.Now.UnixMilli()
	for _, c := range cases {
		known[c.ID] = c
	}
	did, err := s.didCases(ctx, q, by, ids, k)
	if err != nil {
		return err
	}
	for _, x := range list {
		c := known[x.id]
		open := x.outcome == ""
		if open && !s.toldOfLook(ctx, q, by, w, c, k) {
			continue
		}
		row := LookRow{Row: s.row(w, c), Nth: x.nth, Hash: x.hash, Outcome: x.outcome, Done: ms(x.done), Until: ms(x.until)}
		if open {
			row.May = did[c.ID] == nil
			if say, ok := sayOf(did[c.ID]); ok {
				row.Why = &say
			}
			if x.until > 0 && now >= x.until {
				row.Behind = max(int64(w.Day-dayOf(x.until)), 1)
			}
		}
		if x.account != "" {
			if row.By, err = account.NameOf(ctx, q, by.District, x.account); err != nil {
				return err
			}
		}
		v.Rows = append(v.Rows, row)
	}
	return nil
}

// toldOfLook reports whether somebody may know that a case was drawn before it is looked at.
func (s *Service) toldOfLook(ctx context.Context, q db.Querier, by access.Scope, w work, c Case, k *known) bool {
	return by.Can(Recheck, w.Org.Targets(c.Unit, w.Day), false) && s.free(ctx, q, by, w, c, k) == nil
}

// didCases says of which of some cases the caller is one who replied or closed it, and may not look back.
func (s *Service) didCases(ctx context.Context, q db.Querier, by access.Scope, ids []string, k *known) (map[string]error, error) {
	out := map[string]error{}
	logins, err := k.all(ctx, q, by)
	if err != nil || by.IsSystem() {
		return out, err
	}
	list, err := db.Named(ids, 2, []any{by.District}, func(in string, args []any) ([][3]string, error) {
		return db.All(ctx, q, func(r *sql.Rows) (x [3]string, err error) { return x, r.Scan(&x[0], &x[1], &x[2]) },
			`SELECT rcase, op, account FROM rcase_event WHERE district = $1 AND rcase IN (`+in+`) AND op IN ('reply', 'pass') AND look = 0`, args...)
	})
	for _, x := range list {
		if slices.Contains(logins, x[2]) {
			out[x[0]] = map[string]error{OpReply: ErrReplier, OpPass: ErrChecker}[x[1]]
		}
	}
	return out, err
}

// LooksOwed are the look-backs that the caller may do, those due first.
func (s *Service) LooksOwed(ctx context.Context, q db.Querier, by access.Scope) ([]LookRow, error) {
	v := LooksView{Rows: []LookRow{}}
	w, err := s.Moment(ctx, q, by.District)
	if err != nil || !by.Has(Recheck) {
		return v.Rows, err
	}
	if err := s.lookRows(ctx, q, by, w, Filter{}, "l.outcome = ''", &v); err != nil {
		return v.Rows, err
	}
	return slices.DeleteFunc(v.Rows, func(r LookRow) bool { return !r.May }), nil
}

var errMonth = problem.New(problem.NotFound, "rectify.no-month", nil)

func (s *Service) registerLooks(k *httpapi.Kit) {
	type looksIn struct {
		Unit  int64  `query:"unit"`
		Month string `query:"month" maxLength:"7" doc:"2026-11; the latest that was drawn from where it is missing"`
	}
	httpapi.One(k, httpapi.Operation{ID: "list-look-backs", Route: "GET /look-backs", Verb: Read,
		Summary: "Look-backs at closed cases by month: how they were drawn, what is owed, what came of them"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *looksIn) (LooksView, error) {
			return s.LooksAt(ctx, q, by, org.No(in.Unit), in.Month)
		})
	type listIn struct {
		Month string `path:"month" maxLength:"7"`
	}
	httpapi.Query(k, httpapi.Operation{ID: "look-back-list", Route: "GET /look-backs/{month}/list", Verb: Recheck,
		Summary: "The list that look-backs of a month are drawn from, as it was sealed"},
		func(ctx context.Context, by access.Scope, in *listIn) (*huma.StreamResponse, error) {
			d, err := period.ParseDay(in.Month + "-01")
			if err != nil {
				return nil, errors.Join(errMonth, err)
			}
			w, err := s.Moment(ctx, s.DB.Read, by.District)
			if err != nil {
				return nil, err
			}
			if !by.Can(Recheck, w.Org.Targets(w.Org.Root, w.Day), false) { // it names the cases of all units
				return nil, ErrForbidden
			}
			list, err := lookMonths(ctx, s.DB.Read, by.District, d.Month())
			if err == nil && len(list) == 0 {
				err = errMonth
			}
			if err != nil {
				return nil, err
			}
			return httpapi.Download([]byte(list[0].Base), "text/plain; charset=utf-8", list[0].No+".txt"), nil
		})
}
