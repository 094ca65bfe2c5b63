package account

import (
	"context"
	"errors"
	"sync"
	"time"
)

// door is what the server remembers of a flood of sign-ins, so that turning one away costs next to nothing. It decides nothing
// that the counts do not: what it remembers is asked anew after a moment.
type door struct {
	mu     sync.Mutex
	shut   map[counter]shutUntil
	inside int // who has his password looked at, waits for it or is held
	held   int
}

// shutUntil is until when a login waits in a network, and when that was read.
type shutUntil struct{ until, read time.Time }

const (
	believed = 2 * time.Second
	mostShut = 10_000
	mostHeld = 200
	crowd    = 8 // who comes alone is never held
)

// enter counts who is inside until the func it returns is called.
func (d *door) enter() (leave func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.inside++
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.inside--
	}
}

// wait is how long a login has to wait in a network, as far as that is remembered.
func (d *door) wait(c counter, now time.Time) patience {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, ok := d.shut[c]
	if !ok || now.Sub(s.read) >= believed {
		return 0
	}
	return patience(s.until.Sub(now))
}

func (d *door) remember(c counter, now time.Time, wait patience) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.shut == nil || len(d.shut) >= mostShut {
		d.shut = map[counter]shutUntil{}
	}
	d.shut[c] = shutUntil{now.Add(time.Duration(wait)), now}
}

func (d *door) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shut = nil
}

// refuse passes an error on, to one of a crowd that is turned away only after a second: a program that asks again at once gets
// no answer at once.
func (d *door) refuse(ctx context.Context, err error) error {
	if !errors.Is(err, ErrWait) && !errors.Is(err, ErrCrowded) {
		return err
	}
	d.mu.Lock()
	hold := d.inside >= crowd && d.held < mostHeld
	if hold {
		d.held++
	}
	d.mu.Unlock()
	if !hold {
		return err
	}
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
	}
	d.mu.Lock()
	d.held--
	d.mu.Unlock()
	return err
}
