package module

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/outbox"
	"sifen/internal/pack"
	"sifen/internal/period"
)

// List is the modules there are, from the bottom up. Services that ask it hold it by pointer from the beginning; it is
// filled once, and sealed before anything is asked.
type List struct {
	all    []Module
	sealed bool
}

// NewList makes an empty list.
func NewList() *List { return &List{} }

// Add puts modules behind those there are. A name twice, a verb twice, or one after Seal panics: it is a mistake in the
// program, as a route twice is one in a ServeMux.
func (l *List) Add(ms ...Module) {
	for _, m := range ms {
		if l.sealed {
			panic("module: " + m.Name + " is added too late")
		}
		for _, have := range l.all {
			if have.Name == m.Name {
				panic("module: " + m.Name + " is added twice")
			}
			for _, v := range have.Verbs {
				for _, w := range m.Verbs {
					if v.Verb == w.Verb {
						panic("module: " + m.Name + " brings the verb " + string(v.Verb) + " of " + have.Name)
					}
				}
			}
		}
		l.all = append(l.all, m)
	}
}

// Seal ends the adding.
func (l *List) Seal() { l.sealed = true }

// All is every module, from the bottom up.
func (l *List) All() []Module { return l.all }

// Verbs is every permission there is.
func (l *List) Verbs() []Verb {
	var out []Verb
	for _, m := range l.all {
		out = append(out, m.Verbs...)
	}
	return out
}

// Types is every sort of pack object, in the order of applying.
func (l *List) Types() []pack.Type {
	var out []pack.Type
	for _, m := range l.all {
		out = append(out, m.Types...)
	}
	return out
}

// Targets is whoever keeps what figures are wanted to be; the zero Targets where nobody does.
func (l *List) Targets() indicator.Targets {
	for _, m := range l.all {
		if m.Targets != nil {
			return *m.Targets
		}
	}
	return indicator.Targets{}
}

// News is a prototype of every fact that pages are told of.
func (l *List) News() []outbox.Fact {
	var out []outbox.Fact
	for _, m := range l.all {
		for _, n := range m.News {
			out = append(out, n)
		}
	}
	return out
}

// Counts sums up what waits for the caller, by badge.
func (l *List) Counts(ctx context.Context, q db.Querier, by access.Scope) (map[string]int64, error) {
	out := map[string]int64{}
	for _, m := range l.all {
		if m.Counts == nil {
			continue
		}
		counts, err := m.Counts(ctx, q, by)
		if err != nil {
			return nil, err
		}
		for badge, n := range counts {
			out[badge] += n
		}
	}
	return out, nil
}

// Latest is the last day not after today on which anything was recorded; 0 for none.
func (l *List) Latest(ctx context.Context, q db.Querier, district int64, today period.Day) (period.Day, error) {
	var last period.Day
	for _, m := range l.all {
		if m.Latest == nil {
			continue
		}
		d, err := m.Latest(ctx, q, district, today)
		if err != nil {
			return 0, err
		}
		last = max(last, d)
	}
	return last, nil
}

// Tidy removes what nobody will ask for any more.
func (l *List) Tidy(ctx context.Context, d *db.DB, before int64) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		for _, m := range l.all {
			if m.Tidy == nil {
				continue
			}
			if err := m.Tidy(ctx, tx, before); err != nil {
				return err
			}
		}
		return nil
	})
}
