package template

import (
	"context"
	"fmt"
	"strconv"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Listed is one row of a list: what it says by key of the field. A row that names what the reader may not see is Hidden: the
// document tells that it is there and cannot be issued by him.
type Listed struct {
	Says   map[string]string
	Hidden bool
}

// Lister is a keeper that makes the lists it owns: the rows for one unit and period, from the records and figures as they are
// at this moment.
type Lister interface {
	List(ctx context.Context, q db.Querier, by access.Scope, key string, unit org.No, p period.Period) ([]Listed, error)
}

func list(key, zh, en string, fields ...kind.Field) *kind.Kind {
	return &kind.Kind{Key: key, Title: i18n.Label{Zh: zh, En: en}, Fields: fields}
}

func said(key, zh, en string) kind.Field {
	return kind.Field{Key: key, Type: "text", Title: i18n.Label{Zh: zh, En: en}}
}

// Lists are the loops of reports that no record says by itself: each row sums something up. Templates are checked against
// their words before anybody makes the rows.
var Lists = []*kind.Kind{
	list("problem-kind", "问题类型", "Kinds of problems", said("what", "问题", "Problem"), said("n", "件数", "Number"), said("share", "占比", "Share"),
		said("major", "其中严重", "Major ones")),
	list("good-place", "好的典型", "Good examples", said("place", "地点", "Place"), said("of", "所属单位", "Unit above"), said("why", "理由", "Why")),
	list("poor-place", "差的典型", "Poor examples", said("place", "地点", "Place"), said("of", "所属单位", "Unit above"), said("why", "理由", "Why")),
	list("unit-cases", "分单位整改", "Cases by unit", said("of", "所属单位", "Unit above"), said("opened", "本期交办", "Issued"), said("closed", "本期销号", "Closed"),
		said("open", "期末未销号", "Open at the end"), said("late", "其中逾期", "Overdue")),
	list("other-units", "其他单位", "Other units", said("name", "名称", "Name"), said("visits", "检查", "Visits"), said("findings", "发现", "Findings"),
		said("due", "到期", "Due"), said("closed", "销号", "Closed"), said("in_time", "按期", "In time"), said("first", "首查", "First rechecks"),
		said("passed", "通过", "Passed")),
	list("overdue-case", "逾期案件", "Overdue cases", said("no", "案件编号", "Case number"), said("place", "地点", "Place"), said("what", "问题", "Problem"),
		said("party", "责任单位", "Responsible"), said("due", "期限", "Deadline"), said("late", "逾期天数", "Days late")),
	list("arrears-item", "本办欠账清单", "The office's arrears, one by one", said("no", "案件编号", "Case number"), said("what", "事项", "What"),
		said("place", "地点", "Place"), said("due", "期限", "Deadline"), said("late", "逾期天数", "Days late")),
	list("requirement", "要求", "What is asked for", said("what", "事项", "What"), said("owner", "责任单位", "Responsible"), said("due", "期限", "Deadline")),
	list("checked-place", "检查点位清单", "Places checked", said("day", "检查日期", "Day"), said("place", "地点", "Place"), said("of", "所属单位", "Unit above"),
		said("kind", "检查方式", "Kind of visit"), said("found", "发现问题", "Findings")),
	list("last-decision", "上次议定事项", "Last decisions", said("what", "事项", "What"), said("owner", "责任单位", "Responsible"), said("due", "期限", "Deadline"),
		said("how", "办理情况", "State")),
	list("open-decision", "未办结事项", "Open decisions", said("what", "事项", "What"), said("owner", "责任单位", "Responsible"), said("due", "期限", "Deadline"),
		said("how", "办理情况", "State")),
	list("plan-progress", "计划进度", "Progress of the plan", said("what", "指标", "Figure"), said("goal", "全年计划", "Planned"), said("now", "已完成", "Done"),
		said("share", "完成率", "Share")),
}

// isList reports whether a loop goes through rows that sum something up.
func isList(k *kind.Kind) bool {
	for _, l := range Lists {
		if l == k {
			return true
		}
	}
	return false
}

func (r *Reader) listed(k *kind.Kind, at org.No, p period.Period) ([]Turn, error) {
	keeper, err := r.Keepers.Of(r.Ctx, r.Q, r.By.District, k.Key)
	if err != nil {
		return nil, err
	}
	l, ok := keeper.(Lister)
	if !ok {
		return nil, nil
	}
	rows, err := l.List(r.Ctx, r.Q, r.By, k.Key, at, p)
	if err != nil {
		return nil, fmt.Errorf("make the list %s: %w", k.Key, err)
	}
	out := make([]Turn, 0, len(rows))
	for i, x := range rows {
		t := Turn{Says: map[string]string{sayCount: strconv.Itoa(i + 1)}, Hidden: x.Hidden}
		for _, f := range k.Fields {
			t.Says[f.Key] = x.Says[f.Key]
			if x.Hidden {
				t.Says[f.Key] = hidden
			}
		}
		out = append(out, t)
	}
	return out, nil
}
