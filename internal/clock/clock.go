// Package clock is the only place that reads the machine's time.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time. Services take one and never call time.Now.
type Clock interface{ Now() time.Time }

// System is the machine's clock.
type System struct{}

// Now returns the machine's time.
func (System) Now() time.Time { return time.Now() }

// Shifted runs beside a base clock at a fixed distance, so that a demonstration can live in its reference year.
type Shifted struct {
	Base Clock
	By   time.Duration
}

// Now returns the base clock's time plus the distance.
func (s Shifted) Now() time.Time { return s.Base.Now().Add(s.By) }

// Manual stands still until it is moved. The zero Manual stands at the zero time.
type Manual struct {
	mu sync.Mutex
	t  time.Time
}

// At returns a clock that stands at t.
func At(t time.Time) *Manual { return &Manual{t: t} }

// Now returns the time the clock was last set to.
func (m *Manual) Now() time.Time { m.mu.Lock(); defer m.mu.Unlock(); return m.t }

// Advance moves the clock forward.
func (m *Manual) Advance(d time.Duration) { m.mu.Lock(); m.t = m.t.Add(d); m.mu.Unlock() }

// Set moves the clock to t; going back is refused silently, as business time never runs back.
func (m *Manual) Set(t time.Time) {
	m.mu.Lock()
	if t.After(m.t) {
		m.t = t
	}
	m.mu.Unlock()
}
