package app_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"sifen/internal/apptest"
	"sifen/internal/pack"
	"sifen/internal/period"
)

// TestWhatRecordsHoldIsKept: a pack that would make stored values say something else is refused with the line, the field
// and how many records hold it, and changes nothing; what no record holds may change.
func TestWhatRecordsHoldIsKept(t *testing.T) {
	const shift = `key: shift
title: {zh: 值守, en: Shift}
prefix: ZQX
group: {zh: 测试, en: Test}
day: held_on
entered_by: [community]
levels: [street]
fields:
  - {key: held_on, type: date, required: true, title: {zh: 日期, en: Day}}
  - {key: hours, type: number, decimals: 1, title: {zh: 时长, en: Hours}}
  - {key: note, type: text, title: {zh: 说明, en: Note}}
  - {key: form, type: choice, title: {zh: 形式, en: Form}, options: [{key: day, title: {zh: 日间, en: Day}}, {key: night, title: {zh: 夜间, en: Night}}]}
  - {key: papers, type: count, decimals: 0, title: {zh: 份数, en: Papers}}
`
	apptest.Each(t, func(w *apptest.World) {
		ctx := context.Background()
		load := func(yaml string) *pack.Pack {
			w.T.Helper()
			p, faults := w.App.Registry.Load(fstest.MapFS{"pack.yaml": {Data: []byte("key: own\n")}, "kinds/shift.yaml": {Data: []byte(yaml)}})
			if len(faults) > 0 {
				w.T.Fatal(faults)
			}
			return p
		}
		apply := func(old, new string) error {
			w.T.Helper()
			if !strings.Contains(shift, old) {
				w.T.Fatalf("no %q", old)
			}
			_, err := w.App.ApplyPack(ctx, w.District, load(strings.Replace(shift, old, new, 1)), period.Of(w.Clock.Now()))
			return err
		}
		apptest.Must(w.T, apply("", ""))
		apptest.Must(w.T, apply("decimals: 1", "decimals: 2")) // nothing is recorded yet
		apptest.Must(w.T, apply("", ""))
		versions := func() int64 {
			return w.Scalar(`SELECT count(*) FROM pack_object WHERE type = 'kinds' AND key = 'shift'`)
		}
		was := versions()
		w.Enter("clerk1", "shift", "桂花社区", apptest.Vals{"held_on": "2020-12-01", "hours": 35, "form": "day"}) // a draft holds too
		w.Counted("clerk1", "manager1", "shift", "桂花社区", apptest.Vals{"held_on": "2020-12-02", "hours": 10, "note": `"papers":3`})
		for name, c := range map[string]struct {
			old, new string
			line     int
			zh, en   string
		}{
			"3.5 hours as 0.35": {"decimals: 1", "decimals: 2", 10, "字段 hours 的小数位从 1 改成了 2，已存的数会变，但有 2 条记录用着它；请改回，另加一个新字段",
				"2 records hold it; change it back, add a new field"},
			"hours as money": {"type: number, decimals: 1", "type: money", 10, "类型从 number 改成了 money", "2 records hold it"},
			"another key":    {"key: hours", "key: length", 9, "字段 hours 没有了，但有 2 条记录", "field hours is gone, and 2 records"},
			"an option less": {"{key: day, title: {zh: 日间, en: Day}}, ", "", 12, "选项 day 没有了，但有 1 条记录用着它；请保留它",
				"option day of form is gone, and 1 records hold it; keep it"},
			"another dating": {"day: held_on", "span: {from: held_on, until: held_on}", 5, "但有 2 条记录", "define another kind"},
		} {
			err := apply(c.old, c.new)
			var faults pack.Faults
			if !errors.As(err, &faults) || len(faults) != 1 {
				w.T.Errorf("%s: %v", name, err)
				continue
			}
			f := faults[0]
			if f.Path != "kinds/shift.yaml" || f.Line != c.line || !strings.Contains(f.Message.Zh, c.zh) || !strings.Contains(f.Message.En, c.en) {
				w.T.Errorf("%s: %s", name, f)
			}
		}
		w.Expect("nothing was stored", versions(), was)
		for name, c := range map[string][2]string{
			"a field nobody filled":   {"key: papers, type: count", "key: papers, type: number"},
			"an option nobody chose":  {", {key: night, title: {zh: 夜间, en: Night}}", ""},
			"a field nobody filled 2": {"  - {key: papers, type: count, decimals: 0, title: {zh: 份数, en: Papers}}\n", ""},
			"a title":                 {"zh: 时长", "zh: 工时"},
		} {
			if err := apply(c[0], c[1]); err != nil {
				w.T.Errorf("%s is refused: %v", name, err)
			}
		}
		w.Settled()
	})
}
