package indicator

import (
	"context"
	"encoding/json"
	"fmt"

	"sifen/internal/db"
	"sifen/internal/org"
	"sifen/internal/pack"
)

const buildBatch = 2000

// Sync makes a figure_def of every indicator version of the set that has none. A definition is built over all
// history beside the old one; Build does that. Must run after Exclusive.
func (e *Engine) Sync(ctx context.Context, tx *db.Tx, district int64, set *pack.Set) error {
	c, err := e.defs(ctx, tx, district)
	if err != nil {
		return err
	}
	added := false
	for _, o := range set.List("indicators") {
		d := o.Value.(Definition)
		known := false
		for _, have := range c.byKey[d.Key] {
			known = known || have.Version == o.Version
		}
		if known {
			continue
		}
		records := d.Kind
		if d.Measure == Coverage {
			records = d.Done
		}
		s := stored{Definition: d}
		if k := e.Keepers.Kind(set, records); k != nil {
			s.Inputs, s.Lasting = k.InputsIn(d.Group), k.Lasting()
		}
		body, err := json.Marshal(s)
		if err != nil {
			return err
		}
		state := "building"
		if derived(d.Measure) {
			state = "active"
		}
		no, err := org.Next(ctx, tx, district, "figure-def")
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO figure_def (district, def, key, version, body, kind, in_force_from, state, watermark)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '')`,
			district, no, d.Key, o.Version, string(body), records, int64(o.From), state); err != nil {
			return fmt.Errorf("define %s: %w", d.Key, err)
		}
		added = true
	}
	if added {
		_, err = org.Next(ctx, tx, district, "figure-stamp")
	}
	return err
}

// BuildStep serves one batch of records to the first definition that is being built; done reports that none is left.
// It must be the whole work of its transaction, which takes the exclusive lock here.
func (e *Engine) BuildStep(ctx context.Context, tx *db.Tx, district int64) (done bool, err error) {
	if err := Exclusive(ctx, tx, district); err != nil {
		return false, err
	}
	c, err := e.defs(ctx, tx, district)
	if err != nil {
		return false, err
	}
	var d *Def
	for _, x := range c.all {
		if x.State == "building" {
			d = x
			break
		}
	}
	if d == nil {
		return true, nil
	}
	kind := d.RecordKind()
	src, err := e.Keepers.Of(ctx, tx, district, kind)
	if err != nil {
		return false, err
	}
	records, err := src.Scan(ctx, tx, district, kind, d.Watermark, buildBatch)
	if err != nil {
		return false, err
	}
	b := e.batch(ctx, tx, district)
	if err := b.addAll(ctx, tx, d, records); err != nil {
		return false, err
	}
	state, mark := "building", d.Watermark
	if len(records) > 0 {
		mark = records[len(records)-1].ID
	}
	if len(records) < buildBatch {
		state = "active" // the last batch and the switch are one transaction
	}
	if _, err := tx.ExecContext(ctx, `UPDATE figure_def SET state = $3, watermark = $4 WHERE district = $1 AND def = $2`, district, d.No, state,
		mark); err != nil {
		return false, err
	}
	_, err = org.Next(ctx, tx, district, "figure-stamp")
	return false, err
}

// Build runs BuildStep until nothing is being built.
func (e *Engine) Build(ctx context.Context, d *db.DB, district int64) error {
	for {
		var done bool
		if err := d.Write(ctx, func(tx *db.Tx) (err error) {
			done, err = e.BuildStep(ctx, tx, district)
			return err
		}); err != nil || done {
			return err
		}
	}
}

// addAll books many records of one definition, writing parts in rows of 32. Levels chain through the stored parts and
// are booked one by one.
func (b *batch) addAll(ctx context.Context, tx *db.Tx, d *Def, records []Record) error {
	if d.Measure == Level {
		for i := range records {
			if err := b.add(ctx, tx, d, &records[i]); err != nil {
				return err
			}
		}
		return nil
	}
	var all []part
	for i := range records {
		parts, err := measure(d, &records[i])
		if err != nil {
			return err
		}
		for j := range parts {
			if err := b.number(ctx, tx, &parts[j], &records[i]); err != nil {
				return err
			}
		}
		all = append(all, parts...)
	}
	if err := insertParts(ctx, tx, b.district, all); err != nil {
		return err
	}
	return b.account(ctx, tx, all, 1, nil)
}
