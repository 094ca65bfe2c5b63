package kind

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/pack"
	"sifen/internal/unit"
)

// Turn is a change of a kind that would make what records hold say something else.
type Turn struct {
	Group, Field string // "" for what is of the whole kind
	Option       string // that is gone
	path         []string
	what, cure   i18n.Label
}

// String says what changes.
func (t Turn) String() string { return t.what.En }

// holds reports whether the values of a record hold what the change turns.
func (t Turn) holds(body map[string]any) bool {
	if t.Field == "" {
		return true
	}
	items := []any{body}
	if t.Group != "" {
		items, _ = body[t.Group].([]any)
	}
	for _, i := range items {
		m, _ := i.(map[string]any)
		if v, ok := m[t.Field]; ok && (t.Option == "" || v == t.Option) {
			return true
		}
	}
	return false
}

// Turns lists what a new version of a kind would turn in records made with the old one.
func Turns(before, after *Kind) (out []Turn) {
	if a, b := dating(before), dating(after); a != b {
		path := "day"
		switch {
		case after.Span != nil:
			path = "span"
		case after.State != nil:
			path = "state"
		}
		out = append(out, Turn{path: []string{path},
			what: i18n.Label{Zh: "定日期的方式从 " + a + " 改成了 " + b, En: "what dates its records changes from " + a + " to " + b},
			cure: i18n.Label{Zh: "请改回；要换方式，用新的 key 另立一个种类", En: "change it back, or define another kind under a new key"}})
	}
	return append(out, turnsIn("", before.Fields, after.Fields)...)
}

// dating names the fields that give a record its days and its subject.
func dating(k *Kind) string {
	switch {
	case k.Span != nil:
		return "span(" + k.Span.From + ", " + k.Span.Until + ")"
	case k.State != nil:
		s := "state(" + k.State.From + ", " + k.State.Until
		if len(k.State.Subject) > 0 {
			s += "; " + strings.Join(k.State.Subject, ", ")
		}
		return s + ")"
	}
	return "day(" + k.Day + ")"
}

func turnsIn(group string, before, after []Field) (out []Turn) {
	for _, was := range before {
		path := []string{"fields", was.Key}
		if group != "" {
			path = []string{"fields", group, "fields", was.Key}
		}
		turn := func(zh, en string, more ...string) {
			out = append(out, Turn{Group: group, Field: was.Key, path: append(slices.Clone(path), more...), what: i18n.Label{Zh: zh, En: en},
				cure: i18n.Label{Zh: "请改回，另加一个新字段，旧字段留着不再填（required: false，标题注明停用）",
					En: "change it back, add a new field, and leave the old one to be filled no more (required: false, retired in its title)"}})
		}
		now, ok := find(after, was.Key)
		switch {
		case !ok:
			turn("字段 "+was.Key+" 没有了", "field "+was.Key+" is gone")
		case now.Type != was.Type:
			turn("字段 "+was.Key+" 的类型从 "+was.Type+" 改成了 "+now.Type, "the type of "+was.Key+" changes from "+was.Type+" to "+now.Type, "type")
		case now.Type == "group":
			out = append(out, turnsIn(was.Key, was.Fields, now.Fields)...)
		case now.Of != was.Of:
			turn("字段 "+was.Key+" 引用的种类从 "+was.Of+" 改成了 "+now.Of, "what "+was.Key+" refers to changes from "+was.Of+" to "+now.Of, "of")
		case now.Scale() != was.Scale():
			turn(fmt.Sprintf("字段 %s 的小数位从 %d 改成了 %d，已存的数会变", was.Key, was.Decimals, now.Decimals),
				fmt.Sprintf("the decimals of %s change from %d to %d: stored numbers would say something else", was.Key, was.Decimals,
					now.Decimals), "decimals")
		case turnsUnit(was, now):
			turn("字段 "+was.Key+" 的单位从 "+was.Unit.Zh+" 改成了 "+now.Unit.Zh+"，已存的数会变",
				"the unit of "+was.Key+" changes from "+was.Unit.Zh+" to "+now.Unit.Zh+": stored numbers would say something else", "unit")
		}
		if other := titledBefore(was.Key, was.Title, now.Title, before, func(f Field) (string, i18n.Label) { return f.Key, f.Title }); ok && other != "" {
			turn("字段 "+was.Key+" 的标题改成了字段 "+other+" 原来的标题 "+now.Title.Zh, "field "+was.Key+" takes the title that field "+other+" had", "title")
			out[len(out)-1].cure = retitle
		}
		for _, x := range was.Options {
			if y, left := now.Option(x.Key); left {
				if other := titledBefore(x.Key, x.Title, y.Title, was.Options, func(o Option) (string, i18n.Label) { return o.Key, o.Title }); other != "" {
					out = append(out, Turn{Group: group, Field: was.Key, Option: x.Key, path: append(slices.Clone(path), "options", x.Key, "title"),
						what: i18n.Label{Zh: "字段 " + was.Key + " 的选项 " + x.Key + " 的标题从 " + x.Title.Zh + " 改成了选项 " + other + " 原来的标题 " + y.Title.Zh,
							En: "option " + x.Key + " of " + was.Key + " takes the title that option " + other + " had"}, cure: retitle})
				}
			}
			if _, left := now.Option(x.Key); ok && now.Type == was.Type && !left {
				out = append(out, Turn{Group: group, Field: was.Key, Option: x.Key, path: append(slices.Clone(path), "options"),
					what: i18n.Label{Zh: "字段 " + was.Key + " 的选项 " + x.Key + " 没有了", En: "option " + x.Key + " of " + was.Key + " is gone"},
					cure: i18n.Label{Zh: "请保留它（标题可注明停用），新的写法另加一个选项",
						En: "keep it (its title may say that it is retired) and add another option for what is new"}})
			}
		}
	}
	return out
}

var retitle = i18n.Label{Zh: "已存的记录会变成另一个意思；请改回，或换一个没有用过的标题",
	En: "stored records would mean something else; change it back, or choose a title that none had"}

// titledBefore is the key of another thing whose title this one takes: a record that holds the key would say what the other
// meant. "" where the title stays or is new.
func titledBefore[T any](key string, was, now i18n.Label, all []T, of func(T) (string, i18n.Label)) string {
	same := func(a, b i18n.Label) bool { return Fold(a.Zh) != "" && Fold(a.Zh) == Fold(b.Zh) }
	if same(was, now) {
		return ""
	}
	for _, x := range all {
		if k, title := of(x); k != key && same(title, now) && !same(title, was) {
			return k
		}
	}
	return ""
}

// physical reports whether something is measured, not counted.
func physical(m unit.Measure) bool {
	return slices.Contains([]string{"money", "mass", "length", "area", "volume", "time"}, m.Dimension)
}

// turnsUnit reports whether the same number in another unit is another quantity: hours for minutes, 万份 for 份. A new word
// for what is counted is none. Weights are always in kilograms.
func turnsUnit(was, now Field) bool {
	if was.Unit == nil || now.Unit == nil || was.Type == "weight" {
		return false
	}
	a, ok := unit.MeasureOf(was.Unit.Zh)
	b, ok2 := unit.MeasureOf(now.Unit.Zh)
	if !ok || !ok2 {
		return false
	}
	if f, same := a.In(b); same {
		return f.RatString() != "1"
	}
	return a.Numeral != b.Numeral || physical(a) || physical(b)
}

// heldSQL reads the values of everything that is kept under a kind: every revision of its entries, rows of imports that
// wait, and places.
const heldSQL = `SELECT v.entry, v.body FROM entry AS e JOIN entry_rev AS v ON v.district = e.district AND v.entry = e.id
	WHERE e.district = $1 AND e.kind = $2
	UNION ALL SELECT s.entry, s.body FROM import_run AS r JOIN entry_staged AS s ON s.district = r.district AND s.import = r.id
	WHERE r.district = $1 AND r.kind = $2
	UNION ALL SELECT p.id, p.body FROM place AS p WHERE p.district = $1 AND p.kind = $2`

// held finds what records hold and new versions of kinds would turn. Records are read only where a version turns anything.
func held(ctx context.Context, q db.Querier, district int64, before, after *pack.Set) (faults []pack.Fault, err error) {
	for _, now := range All(after) {
		was, err := Of(before, now.Key)
		if err != nil {
			continue // a new one
		}
		turns := Turns(was, now)
		if len(turns) == 0 {
			continue
		}
		holders := make([]map[string]bool, len(turns))
		rows, err := q.QueryContext(ctx, heldSQL, district, now.Key)
		var id, body string
		if err := db.Each(rows, err, func() error {
			if err := rows.Scan(&id, &body); err != nil {
				return err
			}
			var v map[string]any
			if err := json.Unmarshal([]byte(body), &v); err != nil {
				return fmt.Errorf("stored values of %s: %w", id, err)
			}
			for i, t := range turns {
				if t.holds(v) {
					if holders[i] == nil {
						holders[i] = map[string]bool{}
					}
					holders[i][id] = true
				}
			}
			return nil
		}); err != nil {
			return nil, err
		}
		o := after.Get("kinds", now.Key)
		for i, t := range turns {
			if n := len(holders[i]); n > 0 {
				faults = append(faults, o.FaultIn(t.path, fmt.Sprintf("%s，但有 %d 条记录用着它；%s", t.what.Zh, n, t.cure.Zh),
					fmt.Sprintf("%s, and %d records hold it; %s", t.what.En, n, t.cure.En)))
			}
		}
	}
	return faults, nil
}
