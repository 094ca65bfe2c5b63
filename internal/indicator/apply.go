package indicator

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"time"

	"sifen/internal/db"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Record is what a keeper counts: one verified revision of one entry, or an event.
type Record struct {
	Kind, ID    string
	Rev         int64
	Unit        org.No
	From, Until period.Day // half-open; a day record ends the day after it begins
	Fields      kind.Fields
}

// Change replaces what Before added by what After adds; nil counts nothing.
type Change struct{ Before, After *Record }

type part struct {
	def              *Def
	unit             org.No
	day              period.Day
	record           string
	item, rev        int64
	from, until      period.Day
	a, b, est, count int64
	keyno            int64
	hasKey, linkOnly bool
}

type reachRow struct {
	target      org.No
	from, until period.Day
}

type cellKey struct {
	def    int64
	target org.No
	grain  int64
	bucket int64
}

type cell struct{ n, a, b, est int64 }

type setKey struct {
	def    int64
	target org.No
	day    period.Day
}

// batch collects the deltas of one transaction; they are written once, sorted, before the commit.
type batch struct {
	district int64
	cells    map[cellKey]cell
	sets     map[setKey]map[int64]bool // keyno → whether a removal is involved
	reach    map[org.No][]reachRow
	facts    map[string]bool
	kinds    map[string]bool // of the records that move them
	units    map[org.No]bool
	at       time.Time // business time, for the fact
}

type batchKey struct{ district int64 }

// batch is what a transaction has collected so far. It is written before the commit, with a context that knows no business
// time any more: the time is kept here.
func (e *Engine) batch(ctx context.Context, tx *db.Tx, district int64) *batch {
	b := tx.Value(batchKey{district}, func() any {
		b := &batch{district: district, cells: map[cellKey]cell{}, sets: map[setKey]map[int64]bool{}, reach: map[org.No][]reachRow{},
			facts: map[string]bool{}, kinds: map[string]bool{}, units: map[org.No]bool{}}
		tx.BeforeCommit(func(ctx context.Context) error { return b.flush(ctx, tx) })
		return b
	}).(*batch)
	if at := txTime(ctx); at.After(b.at) {
		b.at = at
	}
	return b
}

// Apply moves the figures from what the records were to what they are. It must run in the transaction that
// changes the records, after Shared or Exclusive was called in it.
func (e *Engine) Apply(ctx context.Context, tx *db.Tx, district int64, changes []Change) error {
	c, err := e.defs(ctx, tx, district)
	if err != nil {
		return err
	}
	b := e.batch(ctx, tx, district)
	for _, ch := range changes {
		if ch.Before != nil {
			if err := b.retract(ctx, tx, c, ch.Before.ID); err != nil {
				return err
			}
		}
		if ch.After != nil {
			for _, d := range c.byKind[ch.After.Kind] {
				if !d.served(ch.After.ID) {
					continue
				}
				if err := b.add(ctx, tx, d, ch.After); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// retract takes back every part of a record.
func (b *batch) retract(ctx context.Context, tx *db.Tx, c *defs, record string) error {
	byNo := map[int64]*Def{}
	for _, d := range c.all {
		byNo[d.No] = d
	}
	old, err := scanParts(ctx, tx, byNo, `DELETE FROM figure_part WHERE +district = $1 AND record = $2 RETURNING `+partColumns, b.district, record)
	if err != nil {
		return fmt.Errorf("retract %s: %w", record, err)
	}
	return b.account(ctx, tx, old, -1, nil)
}

func (b *batch) add(ctx context.Context, tx *db.Tx, d *Def, r *Record) error {
	parts, err := measure(d, r)
	if err != nil {
		return err
	}
	for i := range parts {
		if err := b.number(ctx, tx, &parts[i], r); err != nil {
			return err
		}
		if err := insertPart(ctx, tx, b.district, parts[i]); err != nil {
			return err
		}
	}
	return b.account(ctx, tx, parts, 1, nil)
}

// number gives a part the number of its key: the unit's own number, or one drawn per text.
func (b *batch) number(ctx context.Context, tx *db.Tx, p *part, r *Record) error {
	text := p.key(r)
	if text == "" {
		return nil
	}
	var err error
	p.keyno, err = keyNumber(ctx, tx, b.district, p.def.No, text)
	return err
}

// key notes the number of a part's key where the record itself holds it; otherwise it returns the text that is numbered.
func (p *part) key(r *Record) (text string) {
	field := p.def.KeyField
	switch p.def.Measure {
	case Coverage:
		p.keyno, p.hasKey = int64(r.Unit), true
		return ""
	case Level:
		field = p.def.Subject
	case Distinct:
	default:
		return ""
	}
	p.hasKey = true
	if field == "unit" {
		p.keyno = int64(r.Unit)
		return ""
	}
	v := r.Fields[field]
	if p.def.Group != "" && p.def.Measure == Distinct {
		items, _ := r.Fields[p.def.Group].([]kind.Fields)
		v = items[p.item][field]
	}
	if n, ok := v.(int64); ok {
		p.keyno = n
		return ""
	}
	return fmt.Sprint(v)
}

// measure turns a record into parts of one definition. Nothing is read from the database.
func measure(d *Def, r *Record) ([]part, error) {
	if r.From >= r.Until {
		return nil, nil
	}
	items := []kind.Fields{r.Fields}
	if d.Group != "" {
		items, _ = r.Fields[d.Group].([]kind.Fields)
	}
	var out []part
	for i, item := range items {
		p := part{def: d, unit: r.Unit, record: r.ID, item: int64(i), rev: r.Rev, from: r.From, until: r.Until, day: r.Until - 1, a: 1, count: 1}
		ok, err := d.passes(r.Fields, item)
		if err != nil {
			return nil, fmt.Errorf("figure %s, record %s: %w", d.Key, r.ID, err)
		}
		field := ""
		switch d.Measure {
		case Count:
		case Sum:
			field = d.Field
		case Stock:
			field = d.Field
			p.day = r.From
		case Coverage:
			p.day = r.From
		case Distinct:
			if d.Lasting {
				p.day = r.From
			}
			if d.KeyField != "unit" {
				if v, has := item[d.KeyField]; !has || v == "" {
					ok = false
				}
			}
		case Level:
			if d.Subject != "unit" {
				if _, has := r.Fields[d.Subject]; !has {
					continue
				}
			}
			p.day, p.from, p.until, p.b = r.From, r.From, period.Open, 1
			v, has := item[d.Field].(int64)
			if !ok || !has {
				// a reading that fails the filter still ends the one before it
				p.a, p.b, p.count, p.linkOnly = 0, 0, 0, true
			} else {
				p.a = v
			}
			out = append(out, p)
			continue
		}
		if !ok {
			continue
		}
		if field != "" {
			v, has := item[field].(int64)
			if !has {
				continue
			}
			p.a = v
			if item[field+".basis"] == "estimated" {
				p.est = v
			}
		}
		out = append(out, p)
	}
	return out, nil
}

func (d *Def) passes(record, item kind.Fields) (bool, error) {
	if d.where == nil {
		return true, nil
	}
	vals := map[string]any{}
	for _, fs := range []kind.Fields{record, item} {
		for k, v := range fs {
			if strings.HasSuffix(k, ".basis") {
				k = strings.TrimSuffix(k, ".basis") + "_basis"
			}
			switch v.(type) {
			case int64, string, bool:
				vals[k] = v
			}
		}
	}
	return d.where.Holds(vals)
}

// account books parts under their targets. rows overrides the stored reach (moves).
func (b *batch) account(ctx context.Context, tx *db.Tx, parts []part, sign int64, rows []reachRow) error {
	rechain := map[*Def]map[int64]bool{}
	for _, p := range parts {
		b.facts[p.def.Key], b.kinds[p.def.RecordKind()] = true, true
		b.units[p.unit] = true
		if p.def.Measure == Level && rows == nil {
			if rechain[p.def] == nil {
				rechain[p.def] = map[int64]bool{}
			}
			rechain[p.def][p.keyno] = true
			if sign > 0 {
				continue // booked by the chain below
			}
		}
		if err := b.book(ctx, tx, p, sign, rows); err != nil {
			return err
		}
	}
	for d, keys := range rechain {
		for k := range keys {
			if err := b.chain(ctx, tx, d, k, parts, sign); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *batch) book(ctx context.Context, tx *db.Tx, p part, sign int64, rows []reachRow) error {
	if rows == nil {
		var err error
		if rows, err = b.reachOf(ctx, tx, p.unit); err != nil {
			return err
		}
	}
	for _, r := range rows {
		switch p.def.Measure {
		case Count, Sum:
			if r.from <= p.day && p.day < r.until {
				b.put(p.def.No, r.target, p.day, sign, p)
			}
		case Distinct:
			if p.def.Lasting {
				continue // counted from parts
			}
			if r.from <= p.day && p.day < r.until {
				k := setKey{p.def.No, r.target, p.day}
				if b.sets[k] == nil {
					b.sets[k] = map[int64]bool{}
				}
				b.sets[k][p.keyno] = b.sets[k][p.keyno] || sign < 0
			}
		case Stock, Level:
			from, until := max(p.from, r.from), min(p.until, r.until)
			if from < until {
				b.put(p.def.No, r.target, from, sign, p)
				if until < period.Open {
					b.put(p.def.No, r.target, until, -sign, p)
				}
			}
		}
	}
	return nil
}

func (b *batch) put(def int64, target org.No, day period.Day, sign int64, p part) {
	n := p.count
	if p.def.Measure == Level {
		n = p.b
	}
	for grain, bucket := range []int64{int64(day), int64(day.Month())} {
		k := cellKey{def, target, int64(grain), bucket}
		c := b.cells[k]
		c.n += sign * n
		c.a += sign * p.a
		c.b += sign * p.b
		c.est += sign * p.est
		b.cells[k] = c
	}
}

// chain lets every reading of a subject end where the next begins and books the difference. On the same day
// the later record wins and the others get empty spans.
func (b *batch) chain(ctx context.Context, tx *db.Tx, d *Def, keyno int64, fresh []part, sign int64) error {
	all, err := scanParts(ctx, tx, map[int64]*Def{d.No: d}, `SELECT `+partColumns+` FROM figure_part WHERE district = $1 AND def = $2 AND keyno = $3`,
		b.district, d.No, keyno)
	if err != nil {
		return err
	}
	sort.Slice(all, func(i, j int) bool {
		if all[i].day != all[j].day {
			return all[i].day < all[j].day
		}
		return all[i].record < all[j].record
	})
	isFresh := map[string]bool{}
	if sign > 0 {
		for _, p := range fresh {
			if p.def == d {
				isFresh[p.record] = true
			}
		}
	}
	for i := range all {
		p := all[i]
		until := period.Open
		if i+1 < len(all) {
			until = all[i+1].day
		}
		if p.until == until && !isFresh[p.record] {
			continue
		}
		if !isFresh[p.record] {
			if err := b.book(ctx, tx, p, -1, nil); err != nil {
				return err
			}
		}
		if p.until != until {
			p.until = until
			if _, err := tx.ExecContext(ctx, `UPDATE figure_part SET span_until = $7 WHERE district = $1 AND def = $2 AND unit = $3 AND day = $4
				AND record = $5 AND item = $6`,
				b.district, d.No, int64(p.unit), int64(p.day), p.record, p.item, int64(until)); err != nil {
				return err
			}
		}
		if err := b.book(ctx, tx, p, 1, nil); err != nil {
			return err
		}
	}
	return nil
}

// Rereach moves the figures of units whose reach changed, in the transaction that changed it, after Exclusive.
func (e *Engine) Rereach(ctx context.Context, tx *db.Tx, district int64, changes []org.ReachChange) error {
	c, err := e.defs(ctx, tx, district)
	if err != nil {
		return err
	}
	byNo := map[int64]*Def{}
	for _, d := range c.all {
		byNo[d.No] = d
	}
	b := e.batch(ctx, tx, district)
	rows := func(rs []org.Reach) []reachRow {
		out := make([]reachRow, 0, len(rs))
		for _, r := range rs {
			out = append(out, reachRow{r.Target, r.From, r.Until})
		}
		return out
	}
	for _, ch := range changes {
		delete(b.reach, ch.Unit)
		parts, err := scanParts(ctx, tx, byNo, `SELECT `+partColumns+` FROM figure_part WHERE district = $1 AND unit = $3 AND def IN (SELECT def
			FROM figure_def WHERE district = $1 AND def > $2)`, district, int64(0), int64(ch.Unit))
		if err != nil {
			return err
		}
		if err := b.account(ctx, tx, parts, -1, rows(ch.Old)); err != nil {
			return err
		}
		if err := b.account(ctx, tx, parts, 1, rows(ch.New)); err != nil {
			return err
		}
	}
	return nil
}
