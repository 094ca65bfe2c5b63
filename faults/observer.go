package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"sifen/internal/id"
)

// record is one media report on its way: entered by one person, verified by the other. Each step is acknowledged or not known.
type record struct {
	title           string
	by              int
	enter, pass     string // operation ids
	id              string
	rev             int64
	entered, passed bool // acknowledged
	dropped         bool // refused for good, or told as lost
}

// observer writes and keeps what was acknowledged. It is no part of what is broken.
type observer struct {
	p     *place
	early bool // the control: takes what it sent for acknowledged, and never sends it again

	mu                  sync.Mutex
	all                 []*record
	checked             int // records before this one were checked in an earlier loop
	acked, lost, double int
	refused             int  // answers that the disk is full
	dark                bool // the power is off: what is answered now, no person would have seen
}

// errDark says that an answer came after the power was cut.
var errDark = errors.New("answered after the power was cut")

const writers = 4

// write has writers at work on servers until stop is closed or they cannot go on.
func (o *observer) write(servers []*server, stop <-chan struct{}) {
	var work sync.WaitGroup
	for w := range writers {
		work.Go(func() {
			for n := w; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				r := o.begin(n % 2)
				if err := o.step(servers[n%len(servers)], r); err != nil {
					return // nobody answers: whatever was begun is not known
				}
			}
		})
	}
	work.Wait()
}

func (o *observer) begin(by int) *record {
	o.mu.Lock()
	defer o.mu.Unlock()
	r := &record{title: fmt.Sprintf("报道 %d", len(o.all)+1), by: by, enter: id.New(time.Now()), pass: id.New(time.Now())}
	o.all = append(o.all, r)
	return r
}

// step takes a record as far as it goes: to its verification.
func (o *observer) step(s *server, r *record) error {
	if !r.entered {
		if o.early {
			r.entered = true
			o.acked++
		}
		a, err := s.ask("POST", "/entries", map[string]any{"kind": "media-report", "unit": o.p.unit, "submit": true,
			"values": map[string]any{"published_on": "2026-01-05", "title": r.title, "medium": "日报", "level": "city"}}, o.p.sessions[r.by], r.enter, 0)
		if err != nil || o.full(a, r) {
			return err
		}
		var e struct {
			ID  string `json:"id"`
			Rev int64  `json:"rev"`
		}
		if err := json.Unmarshal(a.body, &e); err != nil || a.status != http.StatusCreated {
			return fmt.Errorf("enter: %d %s", a.status, a.body)
		}
		if !o.keep(func() { r.id, r.rev, r.entered = e.ID, e.Rev, true }) {
			return errDark
		}
	}
	a, err := s.ask("POST", "/entries/"+r.id+"/verify", nil, o.p.sessions[1-r.by], r.pass, r.rev)
	if err != nil || o.full(a, nil) {
		return err
	}
	if a.status != http.StatusOK {
		return fmt.Errorf("verify: %d %s", a.status, a.body)
	}
	if !o.keep(func() { r.passed = true }) {
		return errDark
	}
	return nil
}

// keep keeps an acknowledgement, unless it comes too late.
func (o *observer) keep(what func()) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.dark {
		return false
	}
	what()
	o.acked++
	return true
}

// power says whether acknowledgements can still be seen. A machine that stops sends none; of ours only the disk stops, and a flush
// that is under way meanwhile may be reported as done.
func (o *observer) power(on bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.dark = !on
}

// full reports a refusal for want of room; a record that was refused is not there.
func (o *observer) full(a answer, r *record) bool {
	if a.status != http.StatusInsufficientStorage {
		return false
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.refused++
	if r != nil {
		r.dropped = true
	}
	return true
}

// check asks a server for everything that was acknowledged since the last check: it is there and whole. Then what was not
// known is sent again under the same operation id, after which every record is there once.
func (o *observer) check(s *server) error {
	want := 0
	for _, r := range o.all[o.checked:] {
		if r.entered {
			o.whole(s, r)
		}
		if o.early || r.dropped {
			continue
		}
		if !r.passed {
			if err := o.step(s, r); err != nil {
				return fmt.Errorf("what was not known is sent again: %w", err)
			}
		}
	}
	for _, r := range o.all {
		if !r.dropped {
			want++
		}
	}
	o.checked = len(o.all)
	a, err := s.ask("GET", "/entries?kind=media-report", nil, o.p.sessions[0], "", 0)
	var list struct {
		Total int `json:"total"`
	}
	if err := errors.Join(err, json.Unmarshal(a.body, &list)); err != nil {
		return fmt.Errorf("the list: %d: %w", a.status, err)
	}
	switch {
	case list.Total < want:
		o.lost += want - list.Total
	case list.Total > want:
		o.double += list.Total - want
	}
	return nil
}

// whole counts a record that is not there as it was acknowledged.
func (o *observer) whole(s *server, r *record) {
	if r.id == "" {
		return // the control has no answer; the list tells
	}
	a, err := s.ask("GET", "/entries/"+r.id, nil, o.p.sessions[0], "", 0)
	var e struct {
		State  string         `json:"state"`
		Values map[string]any `json:"values"`
	}
	if err != nil || a.status != http.StatusOK || json.Unmarshal(a.body, &e) != nil || e.Values["title"] != r.title || r.passed && e.State != "verified" {
		o.lost++
		r.dropped = true // told once
	}
}

// drift recomputes every figure by other code.
func (o *observer) drift() error { return o.p.command("", "figures", "verify") }
