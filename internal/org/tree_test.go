package org_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/dbtest"
	"sifen/internal/org"
	"sifen/internal/period"
)

var (
	begin  = period.Date(2019, 1, 1)
	july   = period.Date(2020, 7, 1)
	august = period.Date(2020, 8, 1)
)

// district is a small organisation: two streets, a community and a village, an estate on the line of a firm, a school on
// that of a department.
type district struct {
	t  *testing.T
	d  *db.DB
	no int64
	n  map[string]org.No
}

func small(t *testing.T, d *db.DB) *district {
	t.Helper()
	x := &district{t: t, d: d, n: map[string]org.No{}}
	x.must(func(ctx context.Context, tx *db.Tx) error {
		no, err := org.Create(ctx, tx, "340299000000", "四方区", time.Unix(0, 0))
		if err != nil {
			return err
		}
		x.no = no
		o, err := org.Load(ctx, tx, no)
		if err != nil {
			return err
		}
		x.n["四方区"] = o.Root
		for _, u := range []struct {
			code, name, parent string
			t                  org.Type
		}{{"340299001", "东街", "四方区", org.Street}, {"340299401", "西园", "四方区", org.Zone}, {"340299001001", "桂花社区", "东街", org.Community}, {"340299001201",
			"柳村", "东街", org.Village},
			{"", "桂园", "桂花社区", org.Estate}, {"", "小学", "桂花社区", org.School}, {"", "教育局", "四方区", org.Department}, {"", "物业", "四方区", org.Firm}} {
			if x.n[u.name], err = org.Add(ctx, tx, o, u.code, u.name, u.t, x.n[u.parent], begin); err != nil {
				return fmt.Errorf("%s: %w", u.name, err)
			}
		}
		if err := org.Link(ctx, tx, o, x.n["小学"], x.n["教育局"], begin, period.Open); err != nil {
			return err
		}
		return org.Link(ctx, tx, o, x.n["桂园"], x.n["物业"], begin, july)
	})
	return x
}

func (x *district) try(f func(ctx context.Context, tx *db.Tx) error) error {
	return x.d.Write(x.t.Context(), func(tx *db.Tx) error {
		if err := f(x.t.Context(), tx); err != nil {
			return err
		}
		_, err := org.Recompute(x.t.Context(), tx, x.no)
		return err
	})
}

func (x *district) must(f func(ctx context.Context, tx *db.Tx) error) {
	x.t.Helper()
	if err := x.d.Write(x.t.Context(), func(tx *db.Tx) error {
		if err := f(x.t.Context(), tx); err != nil {
			return err
		}
		_, err := org.Recompute(x.t.Context(), tx, x.no)
		return err
	}); err != nil {
		x.t.Fatal(err)
	}
}

func (x *district) load() *org.Org {
	x.t.Helper()
	o, err := (&org.Store{}).Current(x.t.Context(), x.d.Read, x.no)
	if err != nil {
		x.t.Fatal(err)
	}
	return o
}

// reaches are the names of a unit's targets on a day; over a line with a tilde.
func (x *district) reaches(unit string, day period.Day) map[string]bool {
	o, out := x.load(), map[string]bool{}
	for _, t := range o.Targets(x.n[unit], day) {
		name := o.UnitName(org.No(t.Unit))
		if t.Line {
			name = "~" + name
		}
		out[name] = true
	}
	return out
}

func TestWhoReachesWhom(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := small(t, d)
		for _, c := range []struct {
			unit string
			day  period.Day
			want string
		}{
			{"桂园", july - 1, "map[~物业:true 东街:true 四方区:true 桂园:true 桂花社区:true]"},
			{"桂园", july, "map[东街:true 四方区:true 桂园:true 桂花社区:true]"},
			{"小学", july, "map[~教育局:true 东街:true 四方区:true 小学:true 桂花社区:true]"},
			{"桂园", begin - 1, "map[]"},
		} {
			if got := fmt.Sprint(x.reaches(c.unit, c.day)); got != c.want {
				t.Errorf("%s on %s reaches %s, want %s", c.unit, c.day, got, c.want)
			}
		}
		x.must(func(ctx context.Context, tx *db.Tx) error {
			return org.Move(ctx, tx, x.load(), x.n["桂花社区"], x.n["西园"], august)
		})
		if was, is := x.reaches("小学", august-1), x.reaches("小学", august); !was["东街"] || was["西园"] || is["东街"] || !is["西园"] || !is["~教育局"] {
			t.Errorf("a move in August: %v before, %v after", was, is)
		}
		x.must(func(ctx context.Context, tx *db.Tx) error {
			return org.Unlink(ctx, tx, x.load(), x.n["小学"], x.n["教育局"], august)
		})
		if x.reaches("小学", august)["~教育局"] || !x.reaches("小学", august-1)["~教育局"] {
			t.Error("the line does not end in August")
		}
	})
}

func TestWhatATreeRefuses(t *testing.T) {
	type change = func(ctx context.Context, tx *db.Tx, x *district) error
	tests := map[string]struct {
		change change
		want   error
	}{
		"a code twice": {func(ctx context.Context, tx *db.Tx, x *district) error {
			_, err := org.Add(ctx, tx, x.load(), "340299001000", "又一街", org.Street, x.n["四方区"], begin)
			return err
		}, org.ErrCode},
		"a parent that is not there": {func(ctx context.Context, tx *db.Tx, x *district) error {
			_, err := org.Add(ctx, tx, x.load(), "", "孤儿", org.Estate, 999, begin)
			return err
		}, org.ErrUnit},
		"a parent of later": {func(ctx context.Context, tx *db.Tx, x *district) error {
			_, err := org.Add(ctx, tx, x.load(), "", "早到", org.Estate, x.n["柳村"], begin-10)
			return err
		}, org.ErrDates},
		"moved below itself": {func(ctx context.Context, tx *db.Tx, x *district) error {
			return org.Move(ctx, tx, x.load(), x.n["东街"], x.n["桂花社区"], july)
		}, org.ErrCycle},
		"the district moved": {func(ctx context.Context, tx *db.Tx, x *district) error {
			return org.Move(ctx, tx, x.load(), x.n["四方区"], x.n["东街"], july)
		}, org.ErrUnit},
		"closed over its children": {func(ctx context.Context, tx *db.Tx, x *district) error {
			return org.Close(ctx, tx, x.load(), x.n["桂花社区"], july)
		}, org.ErrHasChild},
		"closed before it began": {func(ctx context.Context, tx *db.Tx, x *district) error {
			return org.Close(ctx, tx, x.load(), x.n["柳村"], begin-1)
		}, org.ErrDates},
		"merged with itself": {func(ctx context.Context, tx *db.Tx, x *district) error {
			return org.Merge(ctx, tx, x.load(), x.n["柳村"], x.n["柳村"], july)
		}, org.ErrUnit},
		"two links at once": {func(ctx context.Context, tx *db.Tx, x *district) error {
			return org.Link(ctx, tx, x.load(), x.n["桂园"], x.n["物业"], july-1, period.Open)
		}, org.ErrLinked},
		"a line to itself": {func(ctx context.Context, tx *db.Tx, x *district) error {
			return org.Link(ctx, tx, x.load(), x.n["桂园"], x.n["桂园"], july, period.Open)
		}, org.ErrUnit},
		"a scheme for nobody": {func(ctx context.Context, tx *db.Tx, x *district) error {
			return org.Bind(ctx, tx, x.load(), 999, "urban-4", july)
		}, org.ErrUnit},
		"a name for nobody": {func(ctx context.Context, tx *db.Tx, x *district) error {
			return org.Rename(ctx, tx, x.load(), 999, "无")
		}, org.ErrUnit},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := small(t, d)
		before := fmt.Sprint(x.reaches("小学", july), x.load().Units())
		for what, c := range tests {
			if err := x.try(func(ctx context.Context, tx *db.Tx) error { return c.change(ctx, tx, x) }); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", what, err, c.want)
			}
			if after := fmt.Sprint(x.reaches("小学", july), x.load().Units()); after != before {
				t.Fatalf("%s: something was changed all the same", what)
			}
		}
	})
}

func TestCloseMergeRename(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := small(t, d)
		x.must(func(ctx context.Context, tx *db.Tx) error {
			o := x.load()
			return errors.Join(org.Close(ctx, tx, o, x.n["柳村"], july), org.Rename(ctx, tx, o, x.n["四方区"], "四方新区"), org.Rename(ctx, tx, o, x.n["东街"], "东大街"))
		})
		o := x.load()
		if u, _ := o.Unit(x.n["柳村"]); !u.Open(july-1) || u.Open(july) {
			t.Errorf("the closed village: %+v", u)
		}
		if o.Name != "四方新区" || o.Path(x.n["桂园"], july) != "东大街/桂花社区/桂园" || o.Path(o.Root, july) != "四方新区" {
			t.Errorf("after renaming: %s, %s", o.Name, o.Path(x.n["桂园"], july))
		}
		x.must(func(ctx context.Context, tx *db.Tx) error {
			return org.Merge(ctx, tx, x.load(), x.n["桂花社区"], x.n["西园"], august)
		})
		o = x.load()
		if o.Parent(x.n["桂园"], august) != x.n["西园"] || o.Parent(x.n["桂园"], august-1) != x.n["桂花社区"] {
			t.Error("the estate does not follow the merge")
		}
		if u, _ := o.Unit(x.n["桂花社区"]); u.Open(august) {
			t.Error("the merged community is still open")
		}
		if err := x.try(func(ctx context.Context, tx *db.Tx) error {
			return org.Merge(ctx, tx, x.load(), x.n["桂花社区"], x.n["东街"], august)
		}); !errors.Is(err, org.ErrEnded) {
			t.Errorf("merged a second time: %v", err)
		}
	})
}

func TestLevelsAndSchemes(t *testing.T) {
	x := small(t, dbtest.SQLite(t))
	x.must(func(ctx context.Context, tx *db.Tx) error {
		return org.Bind(ctx, tx, x.load(), x.n["桂花社区"], "urban-2x4", july)
	})
	o := x.load()
	for _, c := range []struct{ unit, level, want string }{
		{"小学", "community", "桂花社区"}, {"小学", "street", "东街"}, {"西园", "street", "西园"}, {"小学", "district", "四方区"}, {"小学", "line:department", "教育局"}, {"桂园",
			"line:department", ""}, {"桂园", "village", ""},
	} {
		n, ok := o.Level(x.n[c.unit], c.level, july)
		if ok != (c.want != "") || ok && o.UnitName(n) != c.want {
			t.Errorf("level %s of %s is %s, want %s", c.level, c.unit, o.UnitName(n), c.want)
		}
	}
	for _, c := range []struct {
		unit string
		day  period.Day
		want string
	}{{"柳村", july, "rural-2x4"}, {"桂园", july - 1, "urban-4"}, {"桂园", july, "urban-2x4"}, {"东街", july, "urban-4"}} {
		if got := o.Scheme(x.n[c.unit], c.day); got != c.want {
			t.Errorf("%s sorts by %s on %s, want %s", c.unit, got, c.day, c.want)
		}
	}
	if !o.HeadsLine(x.n["教育局"]) || o.HeadsLine(x.n["东街"]) {
		t.Error("who heads a line")
	}
	if r := o.Ref(x.n["桂园"], july); r.Name != "桂园" || r.Type != "estate" || r.Path != "东街/桂花社区/桂园" || r.ID != int64(x.n["桂园"]) {
		t.Errorf("the reference: %+v", r)
	}
	if o.PathInitials(x.n["桂园"], july) == "" {
		t.Error("no initials")
	}
}

func TestCodesAndTypes(t *testing.T) {
	for code, want := range map[string]struct {
		parent string
		t      org.Type
		ok     bool
	}{
		"340299": {"", org.District, true}, "340299000000": {"", org.District, true}, "340299001000": {"340299", org.Street, true}, "340299401": {"340299",
			org.Zone, true},
		"340299001001": {"340299001", org.Community, true}, "340299001201": {"340299001", org.Village, true}, "340299001399": {"340299001", org.Village, true},
		"34029": {"", "", false}, "34029900A": {"", "", false}, "": {"", "", false},
	} {
		if p, ty, ok := org.CodeInfo(code); p != want.parent || ty != want.t || ok != want.ok {
			t.Errorf("%q: below %q, %s, %v; want %+v", code, p, ty, ok, want)
		}
	}
	for text, want := range map[string]org.Type{"社区": org.Community, "镇": org.Street, " 乡 ": org.Street, "town": org.Street, "行政村": org.Village,
		"estate": org.Estate, "宇宙": ""} {
		if got, ok := org.ParseType(text); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %v", text, got, ok)
		}
	}
	if !org.Zone.Matches("street") || org.Street.Matches("zone") || org.Type("x").Title().Zh != "x" || org.Estate.Title().En != "Estate" {
		t.Error("words of types")
	}
	x := small(t, dbtest.SQLite(t))
	o := x.load()
	for text, want := range map[string]string{"340299001": "东街", "340299001000": "东街", "#" + fmt.Sprint(int64(x.n["桂园"])): "桂园", "#x": "", "340299009": ""} {
		if u, _ := o.Find(text); u.Name != want {
			t.Errorf("%q finds %q, want %q", text, u.Name, want)
		}
	}
	if s := (access.Scope{District: x.no, Grants: []access.Grant{{Unit: int64(x.n["东街"])}}}); !s.Sees(o.Targets(x.n["桂园"], july)) ||
		s.Sees(o.Targets(x.n["教育局"], july)) {
		t.Error("what a street sees")
	}
}

func TestSettings(t *testing.T) {
	x := small(t, dbtest.SQLite(t))
	get := func() string {
		s, err := org.Setting(t.Context(), x.d.Read, x.no, "series")
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if get() != "" {
		t.Error("a setting that was never made")
	}
	for _, v := range []string{"甲", "乙"} {
		x.must(func(ctx context.Context, tx *db.Tx) error { return org.SetSetting(ctx, tx, x.no, "series", v) })
		if get() != v {
			t.Errorf("the setting is %q, want %q", get(), v)
		}
	}
	if list, err := org.Districts(t.Context(), x.d.Read); err != nil || len(list) != 1 || list[0] != x.no {
		t.Errorf("districts %v, %v", list, err)
	}
}
