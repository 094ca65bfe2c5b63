package outbox

import (
	"sync"
	"time"
)

// seen remembers the facts a node has heard, for as long as it might meet them again.
type seen struct {
	mu sync.Mutex
	at map[string]time.Time
}

func newSeen() *seen { return &seen{at: map[string]time.Time{}} }

// add reports whether the fact is new.
func (s *seen) add(fact string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.at[fact]; ok {
		return false
	}
	s.at[fact] = now
	return true
}

func (s *seen) forget(before time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for f, at := range s.at {
		if at.Before(before) {
			delete(s.at, f)
		}
	}
}
