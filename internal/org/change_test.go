package org_test

import (
	"context"
	"testing"
	"time"

	"sifen/internal/db"
	"sifen/internal/dbtest"
	"sifen/internal/org"
	"sifen/internal/period"
)

// TestLife: a life ends with its last day, and one that has no end names none.
func TestLife(t *testing.T) {
	from := period.Date(2019, 1, 1)
	if got := org.Life(from, period.Date(2020, 7, 1)); got.Zh != "2019-01-01 至 2020-06-30" || got.En != "from 2019-01-01 to 2020-06-30" {
		t.Error(got)
	}
	if got := org.Life(from, period.Open); got.Zh != "2019-01-01 起" || got.En != "from 2019-01-01" {
		t.Error(got)
	}
}

// TestPlacesOfBodies: what runs a unit names the unit, and what a type stands above is plain.
func TestPlacesOfBodies(t *testing.T) {
	for name, want := range map[string]string{"榆巷街道办事处": "榆巷街道", "榆巷街道办": "榆巷街道", "古槐居委会": "古槐社区", "古槐社区居委会": "古槐社区", "柳村村委会": "柳村",
		"柳村民委员会": "柳村", "西镇人民政府": "西镇", "榆巷街道": "", "居委会": "", "卫生院": ""} {
		if got := org.Place(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for _, c := range []struct {
		above, below org.Type
		holds        bool
	}{
		{org.Street, org.Community, true}, {org.Zone, org.Village, true}, {org.District, org.Estate, true}, {org.Community, org.Estate, true},
		{org.Institution, org.Community, false}, {org.Community, org.Street, false}, {org.Community, org.Community, false}, {org.Firm, org.Estate, false},
		{org.Department, org.Street, false}, {org.Estate, org.Committee, true}, {org.Community, org.Institution, true}, {org.Zone, org.Street, true},
	} {
		if got := c.above.Holds(c.below); got != c.holds {
			t.Errorf("%s above %s: %v", c.above, c.below, got)
		}
	}
}

// TestMergedUnits: a merged unit has one parent on every day, whatever is done to its past, and one successor.
func TestMergedUnits(t *testing.T) {
	day := period.Date(2020, 7, 1)
	for name, change := range map[string]func(context.Context, *db.Tx, *org.Org, org.No, org.No) error{
		"moved before its end": func(c context.Context, tx *db.Tx, o *org.Org, u, to org.No) error {
			return org.Move(c, tx, o, u, to, day-10)
		},
		"merged a second time": func(c context.Context, tx *db.Tx, o *org.Org, u, to org.No) error {
			return org.Merge(c, tx, o, u, to, day-10)
		},
		"closed before its end": func(c context.Context, tx *db.Tx, o *org.Org, u, _ org.No) error {
			return org.Close(c, tx, o, u, day-10)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				ctx := context.Background()
				err := d.Write(ctx, func(tx *db.Tx) error {
					district, err := org.Create(ctx, tx, "990001", "测试区", time.Unix(0, 0))
					if err != nil {
						return err
					}
					o, err := org.Load(ctx, tx, district)
					if err != nil {
						return err
					}
					var no [3]org.No
					for i := range no {
						if no[i], err = org.Add(ctx, tx, o, "", string(rune('A'+i)), org.Zone, o.Root, 0); err != nil {
							return err
						}
					}
					if err := org.Merge(ctx, tx, o, no[0], no[1], day); err != nil {
						return err
					}
					err = change(ctx, tx, o, no[0], no[2])
					if refused := err != nil; refused != (name == "merged a second time") {
						t.Errorf("refused: %v", err)
					}
					if o, err = org.Load(ctx, tx, district); err != nil {
						return err
					}
					edges := o.Parents(no[0])
					for i, a := range edges {
						if a.From >= a.Until {
							t.Errorf("empty edge %v", a)
						}
						for _, b := range edges[i+1:] {
							if a.From < b.Until && b.From < a.Until {
								t.Errorf("two parents at once: %v and %v", a, b)
							}
						}
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
			})
		})
	}
}
