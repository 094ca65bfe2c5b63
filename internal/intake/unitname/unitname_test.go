package unitname_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/dbtest"
	"sifen/internal/intake/unitname"
	"sifen/internal/org"
	"sifen/internal/period"
)

// The days of these tests: when all began, when units were moved and closed, and the day they are read on.
const (
	began   = "2019-01-01"
	changed = "2020-07-01"
	present = "2020-12-01"
)

func on(day string) period.Day { d, _ := period.ParseDay(day); return d }

// district has two streets with a community of the same name each; the 兰花社区 of one was closed in July 2020 and founded
// anew under the same name, and 荷花社区 moved to the other street then.
func district(t *testing.T) (o *org.Org, no int64) {
	t.Helper()
	d := dbtest.SQLite(t)
	ctx := t.Context()
	err := d.Write(ctx, func(tx *db.Tx) error {
		var err error
		if no, err = org.Create(ctx, tx, "340299", "四方区", time.Unix(0, 0)); err != nil {
			return err
		}
		o, err := org.Load(ctx, tx, no)
		if err != nil {
			return err
		}
		n := map[string]org.No{"四方区": o.Root}
		for _, u := range []struct {
			key, code, name, parent string
			t                       org.Type
			from                    period.Day
		}{
			{"东街", "340299001", "东街街道", "四方区", org.Street, on(began)}, {"西镇", "340299002", "西镇", "四方区", org.Street, on(began)},
			{"东南门", "", "南门社区", "东街", org.Community, on(began)}, {"西南门", "", "南门社区", "西镇", org.Community, on(began)},
			{"旧兰花", "", "兰花社区", "东街", org.Community, on(began)}, {"新兰花", "", "兰花社区", "东街", org.Community, on(changed)},
			{"荷花", "340299001007", "荷花社区", "东街", org.Community, on(began)},
		} {
			if n[u.key], err = org.Add(ctx, tx, o, u.code, u.name, u.t, n[u.parent], u.from); err != nil {
				return err
			}
		}
		if err := org.Close(ctx, tx, o, n["旧兰花"], on(changed)); err != nil {
			return err
		}
		return org.Move(ctx, tx, o, n["荷花"], n["西镇"], on(changed))
	})
	if err == nil {
		err = d.Write(context.Background(), func(tx *db.Tx) error {
			_, err := org.Recompute(ctx, tx, no)
			return err
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	if o, err = org.Load(ctx, d.Read, no); err != nil {
		t.Fatal(err)
	}
	return o, no
}

// TestUnitsOfRows: a name is taken with what else the row says of where the unit lies and when; a row that contradicts itself
// is asked about.
func TestUnitsOfRows(t *testing.T) {
	o, no := district(t)
	x := unitname.New(o, access.System(no, int64(on(present)), "test"), on(present))
	for name, c := range map[string]struct {
		text  string
		above []string
		on    period.Day
		want  string // path, or code of the fault
		cure  string
	}{
		"a name that only one bears":                      {text: "东街街道", want: "东街街道"},
		"a code":                                          {text: "340299002", want: "西镇"},
		"a path":                                          {text: "西镇/南门社区", want: "西镇/南门社区"},
		"a name that two bear":                            {text: "南门社区", want: "value.unit-several"},
		"beside its street":                               {text: "南门社区", above: []string{"西镇"}, want: "西镇/南门社区"},
		"beside the first words of its street":            {text: "南门社区", above: []string{"东街"}, want: "东街街道/南门社区"},
		"beside its street and district":                  {text: "南门社区", above: []string{"东街街道", "宣州市四方区"}, want: "东街街道/南门社区"},
		"beside another district":                         {text: "南门社区", above: []string{"东街街道", "八方区"}, want: "import.unit-elsewhere"},
		"beside a street where none is":                   {text: "荷花社区", above: []string{"北街街道"}, want: "import.unit-elsewhere"},
		"beside the empty cell of a street":               {text: "荷花社区", above: []string{""}, want: "西镇/荷花社区"},
		"a street beside itself":                          {text: "东街街道", above: []string{"东街街道"}, want: "东街街道"},
		"moved, beside the street of that day":            {text: "荷花社区", above: []string{"东街街道"}, on: on(began), want: "西镇/荷花社区"},
		"moved, beside the street of today":               {text: "荷花社区", above: []string{"西镇"}, on: on(began), want: "西镇/荷花社区"},
		"moved, beside a street it lay in before the day": {text: "荷花社区", above: []string{"东街街道"}, on: on(present), want: "import.unit-elsewhere"},
		"nothing but a street":                            {above: []string{"东街街道"}, want: "import.unit-only-above", cure: "东街街道"},
		"nothing but a street and its district":           {above: []string{"东街街道", "四方区"}, want: "import.unit-only-above", cure: "东街街道"},
		"nothing but a district":                          {above: []string{"", "四方区"}, want: "import.unit-only-above"},
		"nothing but a name of no street":                 {above: []string{"北街"}, want: "import.unit-only-above"},
		"a slip of the keyboard":                          {text: "荷化社区", want: "value.unit-unknown", cure: "荷花社区"},
		"the path of that day, before it moved":           {text: "东街街道/荷花社区", on: on(began), want: "西镇/荷花社区"},
		"a path that was another day's":                   {text: "东街街道/荷花社区", on: on(present), want: "import.unit-elsewhere"},
		"a path that never was":                           {text: "东街街道/没有社区", on: on(began), want: "value.unit-unknown"},
		"an office by its usual name":                     {text: "东街办事处", want: "value.unit-unknown"},
		"a street's office":                               {text: "东街街道办事处", want: "value.unit-unknown", cure: "东街街道"},
		"a committee":                                     {text: "荷花居委会", want: "value.unit-unknown", cure: "西镇/荷花社区"},
		"a name without its end":                          {text: "荷花", want: "value.unit-unknown", cure: "西镇/荷花社区"},
		"a committee of which there are two":              {text: "南门居委会", want: "value.unit-unknown"},
		"a village that is none":                          {text: "荷花村", want: "value.unit-unknown"},
		"founded anew, on a day of the first":             {text: "兰花社区", on: on(began), want: "东街街道/兰花社区 -2020-07-01"},
		"founded anew, on a day of the second":            {text: "兰花社区", on: on(present), want: "东街街道/兰花社区"},
		"founded anew, on no day":                         {text: "兰花社区", want: "value.unit-several"},
	} {
		t.Run(name, func(t *testing.T) {
			n, miss := x.Find(c.text, nil, c.above, c.on)
			got, cure := "", ""
			if miss != nil {
				got, cure = miss.Code, miss.Suggestion
			} else if u, _ := o.Unit(n); u.Until < period.Open {
				got = o.Path(n, on(present)) + " -" + u.Until.String()
			} else {
				got = o.Path(n, on(present))
			}
			if got != c.want || cure != c.cure {
				t.Errorf("%s %q, want %s %q", got, cure, c.want, c.cure)
			}
		})
	}
}

// TestUnitsBeyondReach: a name is found where the caller reaches, and the same name elsewhere is no second one.
func TestUnitsBeyondReach(t *testing.T) {
	o, no := district(t)
	var west org.No
	for _, u := range o.Units() {
		if u.Name == "西镇" {
			west = u.No
		}
	}
	x := unitname.New(o, access.Scope{District: no, Grants: []access.Grant{{Unit: int64(west)}}}, on(present))
	if n, miss := x.Find("南门社区", nil, nil, 0); miss != nil || !strings.HasPrefix(o.Path(n, on(present)), "西镇/") {
		t.Errorf("%d, %+v", n, miss)
	}
	if _, miss := x.Find("东街街道", nil, nil, 0); miss == nil || miss.Code != "value.unit-unknown" {
		t.Errorf("a street out of reach: %+v", miss)
	}
}
