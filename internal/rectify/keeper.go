package rectify

import (
	"context"
	"strings"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Name is that of the module.
func (s *Service) Name() string { return "rectify" }

// Verb is what it takes to see a case.
func (s *Service) Verb() access.Verb { return Read }

func label(zh, en string) i18n.Label { return i18n.Label{Zh: zh, En: en} }

// Own are the kinds of records that cases are to figures.
func (s *Service) Own() []*kind.Kind {
	group := label("检查整改", "Inspection and rectification")
	severity := kind.Field{Key: "severity", Type: "choice", Title: label("轻重", "Severity"), Options: []kind.Option{
		{Key: Minor, Title: label("一般", "minor")}, {Key: Major, Title: label("严重", "major")}}}
	item := kind.Field{Key: "item", Type: "text", Title: label("检查项", "Item")}
	what := kind.Field{Key: "what", Type: "choice", Title: label("事项", "What"), Options: []kind.Option{
		{Key: DutyRecheck, Title: label("复查", "recheck")}, {Key: DutyExtension, Title: label("答复延期申请", "answer to a request for time")},
		{Key: DutyObjection, Title: label("答复异议", "answer to an objection")}, {Key: DutyResult, Title: label("移送回音", "result of a hand-over")},
		{Key: DutyLook, Title: label("回头看", "look-back")}}}
	yes := func(key, zh, en string) kind.Field { return kind.Field{Key: key, Type: "bool", Title: label(zh, en)} }
	count := func(key, zh, en string) kind.Field { return kind.Field{Key: key, Type: "count", Title: label(zh, en)} }
	return []*kind.Kind{
		{Key: KindOpened, Title: label("交办的问题", "problems issued"), Group: group, Fields: []kind.Field{item, severity,
			{Key: "source", Type: "choice", Title: label("来源", "Source"), Options: []kind.Option{{Key: ByVisit, Title: label("检查", "inspection")},
				{Key: ByList, Title: label("线索", "lead")}}}, count("n", "件数", "Number")}},
		{Key: KindDue, Title: label("到期的问题", "problems due"), Group: group, Fields: []kind.Field{yes("closed", "已销号", "Closed"),
			yes("in_time", "按期", "In time"), count("rounds", "轮次", "Rounds"), item, severity}},
		{Key: KindRecheck, Title: label("复查", "rechecks"), Group: group, Fields: []kind.Field{count("round", "轮次", "Round"), yes("passed", "合格", "Passed"),
			yes("look_back", "回头看", "Look-back")}},
		{Key: KindHanded, Title: label("移送执法", "hand-overs to enforcement"), Group: group, Fields: []kind.Field{
			yes("answered", "有结果", "Answered"), {Key: "result", Type: "choice", Title: label("结果", "Result"), Options: []kind.Option{
				{Key: Fined, Title: label("罚款", "fined")},
				{Key: Warned, Title: label("责令改正、警告", "warned")}, {Key: Spared, Title: label("不予处罚", "no penalty")},
				{Key: Declined, Title: label("不予受理", "not taken on")}}}, count("amount", "罚款金额", "Fine"), count("n", "件数", "Number")}},
		{Key: KindOffice, Title: label("本办应办", "the office's own duties"), Group: group, Fields: []kind.Field{what, yes("in_time", "按期", "In time")}},
		{Key: KindArrears, Title: label("本办欠账", "the office's arrears"), Group: group, State: &kind.State{}, Fields: []kind.Field{what}},
	}
}

// Scan gives the records of a kind as they were counted.
func (s *Service) Scan(ctx context.Context, q db.Querier, district int64, key, after string, limit int) ([]indicator.Record, error) {
	return s.store().Scan(ctx, q, district, key, after, limit)
}

// Fields gives the values of some records.
func (s *Service) Fields(ctx context.Context, q db.Querier, district int64, _ string, ids []string) (map[string]kind.Fields, error) {
	return s.store().Fields(ctx, q, district, ids)
}

// shown are records inside a scope with their cases.
type shown struct {
	record
	c   Case
	row indicator.Row
}

func (s *Service) shown(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, ids []string) ([]shown, error) {
	list, err := s.store().ByID(ctx, q, by.District, ids)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	names := make([]string, 0, len(list))
	for _, r := range list {
		names = append(names, r.Object)
	}
	cases, err := db.Named(unique(names), 2, []any{by.District}, func(in string, args []any) ([]Case, error) {
		return db.All(ctx, q, scan, `SELECT `+columns+` FROM rcase AS c WHERE c.district = $1 AND `+reach(by)+` AND c.id IN (`+in+`)`, args...)
	})
	if err != nil {
		return nil, err
	}
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	known := map[string]Case{}
	for _, c := range cases {
		known[c.ID] = c
	}
	words := s.Figures.Keepers.Words(w.Set)
	var out []shown
	for _, r := range list {
		c, ok := known[r.Object]
		if !ok {
			continue
		}
		row := indicator.Row{ID: r.ID, Number: c.No, Kind: r.Kind, KindTitle: words.Kind(r.Kind), Title: c.Body.Shown().In(lang),
			Unit: w.Org.Ref(r.Unit, r.From),
			From: r.From.String(), Photos: int64(len(c.Body.Photos)), Counted: true, Link: "/cases/" + c.ID}
		if len(c.Body.Photos) > 0 {
			row.Thumb = c.Body.Photos[0]
		}
		if r.Kind == KindArrears && r.Until < period.Open {
			last := (r.Until - 1).String()
			row.Until = &last
		}
		out = append(out, shown{r, c, row})
	}
	return out, nil
}

// Rows shows the cases behind a figure.
func (s *Service) Rows(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, _ string, ids []string) ([]indicator.Row, error) {
	list, err := s.shown(ctx, q, by, lang, ids)
	out := make([]indicator.Row, 0, len(list))
	for _, x := range list {
		out = append(out, x.row)
	}
	return out, err
}

// Uncounted are cases of the period that nobody has issued yet, or that were revoked.
func (s *Service) Uncounted(ctx context.Context, q db.Querier, by access.Scope, key string, unit org.No, p period.Period) ([]indicator.Uncounted, error) {
	if key != KindOpened {
		return nil, nil
	}
	n, err := db.Pairs[string, int64](ctx, q, `SELECT c.state, count(*) FROM rcase AS c WHERE c.district = $1 AND c.created_at >= $3 AND c.created_at < $4
		AND (c.state = 'revoked' OR c.issued_at = 0)
		AND EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = c.district AND r.unit = c.unit AND r.target = $2 AND r.day_from <= $5
			AND $5 < r.day_until) GROUP BY c.state`,
		by.District, int64(unit), p.From.Start().UnixMilli(), p.Until.Start().UnixMilli(), int64(p.Last()))
	return indicator.Stays(n, indicator.Uncounted{Why: Draft, Title: Titles[Draft]}, indicator.Uncounted{Why: Revoked, Title: Titles[Revoked]}), err
}

// LastChanges tells the last step of each case.
func (s *Service) LastChanges(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, _ string, ids []string,
	since int64) (map[string]indicator.LastChange, error) {
	list, err := s.shown(ctx, q, by, lang, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]indicator.LastChange, len(list))
	for _, x := range list {
		c := indicator.LastChange{Row: x.row}
		events, err := History(ctx, q, by.District, x.c.ID)
		if err != nil {
			return nil, err
		}
		if n := len(events); n > 0 && events[n-1].ReceivedAt >= since {
			e := events[n-1]
			c.At, c.Op, c.Reason = e.ReceivedAt, e.Op, mask(strings.TrimSpace(e.Body.Words))
			if e.Account != "" {
				if c.By, err = account.NameOf(ctx, q, by.District, e.Account); err != nil {
					return nil, err
				}
			}
		}
		out[x.ID] = c
	}
	return out, nil
}
