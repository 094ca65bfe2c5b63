package inspect

import (
	"context"
	"fmt"
	"strings"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/rectify"
)

// Name is that of the module.
func (s *Service) Name() string { return "inspect" }

// Verb is what it takes to see a visit.
func (s *Service) Verb() access.Verb { return Read }

func label(zh, en string) i18n.Label { return i18n.Label{Zh: zh, En: en} }

// Titles of the kinds of visits.
var Titles = map[string]i18n.Label{Routine: label("日常检查", "routine"), Special: label("专项检查", "special"), Self: label("自查", "self-check")}

// Own are the kinds of records that visits are to figures.
func (s *Service) Own() []*kind.Kind {
	group := label("检查整改", "Inspection and rectification")
	of := kind.Field{Key: "kind", Type: "choice", Title: label("检查方式", "Kind of visit"), Options: []kind.Option{
		{Key: Routine, Title: Titles[Routine]}, {Key: Special, Title: Titles[Special]}, {Key: Self, Title: Titles[Self]}}}
	text := func(key, zh, en string) kind.Field { return kind.Field{Key: key, Type: "text", Title: label(zh, en)} }
	count := func(key, zh, en string) kind.Field { return kind.Field{Key: key, Type: "count", Title: label(zh, en)} }
	return []*kind.Kind{
		{Key: KindVisit, Title: label("检查记录", "visits"), Group: group, Fields: []kind.Field{of, text("checklist", "检查表", "Checklist"),
			text("place", "检查地点", "Place"), count("items", "检查项次", "Items answered"), count("failed", "问题数", "Items failed"),
			{Key: "clean", Type: "bool", Title: label("没有问题", "Nothing wrong")}}},
		{Key: KindFinding, Title: label("发现的问题", "findings"), Group: group, Fields: []kind.Field{of, text("item", "检查项", "Item"),
			text("checklist", "检查表", "Checklist"), {Key: "severity", Type: "choice", Title: label("轻重", "Severity"), Options: []kind.Option{
				{Key: rectify.Minor, Title: label("一般", "minor")}, {Key: rectify.Major, Title: label("严重", "major")}}}}},
	}
}

// counting are the findings with their visits.
type counting struct {
	Finding
	visit Record
}

func (s *Service) findings(ctx context.Context, q db.Querier, where string, args ...any) ([]counting, error) {
	list, err := db.All(ctx, q, scanFinding, `SELECT `+findingColumns+` FROM finding AS f WHERE f.district = $1 `+where, args...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]string, 0, len(list))
	for _, f := range list {
		ids = append(ids, f.Visit)
	}
	visits, err := db.Named(dedupe(ids), 2, args[:1], func(in string, args []any) ([]Record, error) {
		return db.All(ctx, q, scan, `SELECT `+columns+` FROM visit AS v WHERE v.district = $1 AND v.id IN (`+in+`)`, args...)
	})
	if err != nil {
		return nil, err
	}
	by := map[string]Record{}
	for _, v := range visits {
		by[v.ID] = v
	}
	out := make([]counting, 0, len(list))
	for _, f := range list {
		out = append(out, counting{f, by[f.Visit]})
	}
	return out, nil
}

// Scan gives the counted records of a kind for building and verifying figures.
func (s *Service) Scan(ctx context.Context, q db.Querier, district int64, key, after string, limit int) ([]indicator.Record, error) {
	var out []indicator.Record
	if key == KindVisit {
		list, err := db.All(ctx, q, scan, fmt.Sprintf(`SELECT `+columns+` FROM visit AS v WHERE v.district = $1 AND v.id > $2 AND v.state = 'done'
			AND v.counted = 1 ORDER BY v.id LIMIT %d`, limit), district, after)
		for _, v := range list {
			if r := v.counted(); r != nil {
				out = append(out, *r)
			}
		}
		return out, err
	}
	list, err := s.findings(ctx, q, fmt.Sprintf(`AND f.id > $2 AND EXISTS (SELECT 1 FROM visit AS v WHERE v.district = f.district AND v.id = f.visit
		AND v.state = 'done' AND v.counted = 1) ORDER BY f.id LIMIT %d`, limit), district, after)
	for _, f := range list {
		if r := f.counted(&f.visit); r != nil {
			out = append(out, *r)
		}
	}
	return out, err
}

// shown is a record with its visit.
type shown struct {
	id     string
	visit  Record
	title  i18n.Label
	photos []string
	fields kind.Fields
}

// byIDs reads records of a kind by id, whatever the scope.
func (s *Service) byIDs(ctx context.Context, q db.Querier, district int64, key string, ids []string) ([]shown, error) {
	if key == KindVisit {
		list, err := db.Named(ids, 2, []any{district}, func(in string, args []any) ([]Record, error) {
			return db.All(ctx, q, scan, `SELECT `+columns+` FROM visit AS v WHERE v.district = $1 AND v.id IN (`+in+`)`, args...)
		})
		out := make([]shown, 0, len(list))
		for _, v := range db.InOrder(ids, list, func(v Record) string { return v.ID }) {
			x := shown{id: v.ID, visit: v, title: i18n.Label{Zh: v.PlaceName, En: v.PlaceName}, photos: v.Body.Photos}
			if r := v.counted(); r != nil {
				x.fields = r.Fields
			}
			out = append(out, x)
		}
		return out, err
	}
	list, err := db.Named(ids, 2, []any{district}, func(in string, args []any) ([]counting, error) {
		return s.findings(ctx, q, `AND f.id IN (`+in+`)`, args...)
	})
	out := make([]shown, 0, len(list))
	for _, f := range db.InOrder(ids, list, func(f counting) string { return f.ID }) {
		x := shown{id: f.ID, visit: f.visit, title: f.Body.Title, photos: f.Body.Photos}
		if r := f.counted(&f.visit); r != nil {
			x.fields = r.Fields
		}
		out = append(out, x)
	}
	return out, err
}

// Fields gives the counted values of some records.
func (s *Service) Fields(ctx context.Context, q db.Querier, district int64, key string, ids []string) (map[string]kind.Fields, error) {
	list, err := s.byIDs(ctx, q, district, key, ids)
	out := make(map[string]kind.Fields, len(list))
	for _, x := range list {
		if x.fields != nil {
			out[x.id] = x.fields
		}
	}
	return out, err
}

func (s *Service) rows(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, key string, ids []string) ([]indicator.Row, []shown, error) {
	list, err := s.byIDs(ctx, q, by.District, key, ids)
	if err != nil || len(list) == 0 {
		return nil, nil, err
	}
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, nil, err
	}
	words := s.Figures.Keepers.Words(w.Set)
	var rows []indicator.Row
	var kept []shown
	for _, x := range list {
		if !by.Can(Read, w.Org.TargetsBack(x.visit.Unit, x.visit.Day, x.visit.Day+1, w.Day), true) {
			continue
		}
		title := x.title.In(lang)
		if c, ok := pack.Value[Checklist](w.Set, "checklists", x.visit.Checklist); ok && key == KindVisit {
			title += " · " + c.Title.In(lang)
		}
		r := indicator.Row{ID: x.id, Number: x.visit.No, Kind: key, KindTitle: words.Kind(key), Title: title, Unit: w.Org.Ref(x.visit.Unit, x.visit.Day),
			From: x.visit.Day.String(), Photos: int64(len(x.photos)), Counted: x.visit.State == Done && x.visit.Counted, Link: "/visits/" + x.visit.ID}
		if len(x.photos) > 0 {
			r.Thumb = x.photos[0]
		}
		rows, kept = append(rows, r), append(kept, x)
	}
	return rows, kept, nil
}

// Rows shows visits and findings where a figure lists its records.
func (s *Service) Rows(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, key string, ids []string) ([]indicator.Row, error) {
	rows, _, err := s.rows(ctx, q, by, lang, key, ids)
	if rows == nil {
		rows = []indicator.Row{}
	}
	return rows, err
}

// Uncounted are the visits of a period that were voided, or came into a locked one.
func (s *Service) Uncounted(ctx context.Context, q db.Querier, by access.Scope, key string, unit org.No, p period.Period) ([]indicator.Uncounted, error) {
	if key != KindVisit {
		return nil, nil
	}
	n, err := db.Pairs[string, int64](ctx, q, `SELECT CASE WHEN v.state = 'void' THEN 'void' ELSE 'locked' END, count(*) FROM visit AS v WHERE v.district = $1
		AND v.day >= $3 AND v.day < $4 AND (v.state = 'void' OR v.counted = 0)
		AND EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = v.district AND r.unit = v.unit AND r.target = $2 AND r.day_from <= v.day
			AND v.day < r.day_until) GROUP BY 1`, by.District, int64(unit), int64(p.From), int64(p.Until))
	return indicator.Stays(n, indicator.Uncounted{Why: Voided, Title: label("已作废", "void")},
		indicator.Uncounted{Why: "locked", Title: label("锁期后才送到", "came after the period was locked")}), err
}

// LastChanges tells when visits came, or were voided.
func (s *Service) LastChanges(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, key string, ids []string,
	since int64) (map[string]indicator.LastChange, error) {
	rows, list, err := s.rows(ctx, q, by, lang, key, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]indicator.LastChange, len(rows))
	for i, x := range list {
		c, v := indicator.LastChange{Row: rows[i]}, x.visit
		who, at, op := v.Account, v.ReceivedAt, "visit"
		if v.State == Voided {
			who, at, op = v.Body.Voider, v.Body.VoidAt, "void"
			c.Reason = strings.TrimSpace(v.Body.Reason)
		}
		if at >= since {
			c.At, c.Op = at, op
			if c.By, err = account.NameOf(ctx, q, by.District, who); err != nil {
				return nil, err
			}
		}
		out[x.id] = c
	}
	return out, nil
}
