// Package penalty is what the law asks of people and units, and what follows from breaking it, by the days on which each wording
// was in force.
package penalty

import (
	"fmt"
	"slices"

	"sifen/internal/calendar"
	"sifen/internal/i18n"
	"sifen/internal/pack"
	"sifen/internal/period"
)

// Penalty is a duty of the law with what follows from breaking it, by the days on which each wording was in force.
type Penalty struct {
	Key   string     `yaml:"key" json:"key"`
	Title i18n.Label `yaml:"title" json:"title"`
	Party string     `yaml:"party" json:"party"` // unit, person
	Rows  []Row      `yaml:"rows" json:"rows"`
}

// Row is a wording in force [From, Until); a zero end is open.
type Row struct {
	From  *calendar.Day `yaml:"from,omitempty"`
	Until *calendar.Day `yaml:"until,omitempty"`
	At    `yaml:",inline"`
}

// At is what the law says: its clause, what comes first, when it is fined, and the range in yuan.
type At struct {
	Law   i18n.Label  `yaml:"law" json:"law"`
	First string      `yaml:"first,omitempty" json:"first"`
	When  *i18n.Label `yaml:"when,omitempty" json:"when"`
	Fine  []int64     `yaml:"fine,omitempty" json:"fine"` // from, to; none where the clause names no amount
}

// Type is the pack object type "penalties".
func Type() pack.Type {
	return pack.Type{
		Dir:    "penalties",
		Decode: pack.Decoded[Penalty],
		Check: func(_ *pack.Set, o *pack.Object) (faults []pack.Fault) {
			for i, r := range o.Value.(*Penalty).Rows {
				if len(r.Fine) != 0 && (len(r.Fine) != 2 || r.Fine[0] < 0 || r.Fine[0] > r.Fine[1]) {
					faults = append(faults, o.FaultAt("rows", i, "fine", "罚款写成 [下限, 上限]，单位元", "a fine is written [from, to] in yuan"))
				}
				if r.From != nil && r.Until != nil && r.Until.Day <= r.From.Day {
					faults = append(faults, o.FaultAt("rows", i, "until", "结束日要晚于开始日", "the end is after the beginning"))
				}
				for j, other := range o.Value.(*Penalty).Rows[:i] {
					if overlap(r, other) {
						faults = append(faults, o.FaultAt("rows", i, "from", fmt.Sprintf("和第 %d 行在同一些日子都有效", j+1),
							fmt.Sprintf("it is in force on days of row %d", j+1)))
					}
				}
			}
			return faults
		},
		Schema: func() map[string]any {
			return map[string]any{"type": "object", "required": []string{"key", "title", "party", "rows"}}
		},
	}
}

func (r Row) span() (from, until period.Day) {
	from, until = -1<<31, period.Open
	if r.From != nil {
		from = r.From.Day
	}
	if r.Until != nil {
		until = r.Until.Day
	}
	return from, until
}

func overlap(a, b Row) bool {
	af, au := a.span()
	bf, bu := b.span()
	return af < bu && bf < au
}

// On is what the law says on a day; nil where no row is in force.
func (p *Penalty) On(d period.Day) *At {
	i := slices.IndexFunc(p.Rows, func(r Row) bool { from, until := r.span(); return from <= d && d < until })
	if i < 0 {
		return nil
	}
	at := p.Rows[i].At
	if at.Fine == nil {
		at.Fine = []int64{}
	}
	return &at
}

// Law is a duty by the law in force on a day.
type Law struct {
	Key   string     `json:"key"`
	Title i18n.Label `json:"title"`
	Act   *At        `json:"act"` // in force when it was found
	Now   *At        `json:"now"` // in force today, or on the day of the decision, where it is another
}

// Laws reads the duties of a case by the law of the day it was found, and by that of now (of the decision, once there is one)
// where that is another. The old law holds unless the new one is milder (行政处罚法第三十七条); which is, is for a person to say.
func Laws(set *pack.Set, keys []string, act, now period.Day) []Law {
	out := []Law{}
	for _, key := range keys {
		p, ok := pack.Value[Penalty](set, "penalties", key)
		if !ok {
			continue
		}
		l := Law{Key: key, Title: p.Title, Act: p.On(act), Now: p.On(now)}
		if l.Act != nil && l.Now != nil && l.Act.Law == l.Now.Law {
			l.Now = nil
		}
		out = append(out, l)
	}
	return out
}
