package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"sifen/internal/db"
	"sifen/internal/id"
)

// Readers open pages and writers hand records in, each coming when he pleases and not when the one before was served.
const (
	loadReads   = 300 // a second
	loadWriters = 20  // one record a second each
	loadSpan    = 20 * time.Second
)

// load is the product over HTTP under load, callers and server on the same cores.
func (b *bench) load() error {
	if _, err := b.office(); err != nil {
		return err
	}
	token, _, err := b.a.Accounts.SignIn(b.ctx, "bench.office", "bench of the office 2020", "127.0.0.1:1")
	if err != nil {
		return err
	}
	serve := httptest.NewServer(b.a.Handler())
	defer serve.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 600}}
	var known sync.Map // what a browser holds of reference data, by path: it asks whether it changed
	ask := func(method, path string, body []byte) (float64, error) {
		r, err := http.NewRequestWithContext(b.ctx, method, serve.URL+"/api/v1"+path, bytes.NewReader(body))
		if err != nil {
			return 0, err
		}
		r.Header.Set("Cookie", "sifen_session="+token)
		if body != nil {
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Idempotency-Key", id.Next())
			r.Header.Set("If-Match", `"1"`)
		}
		if tag, ok := known.Load(path); ok && method == http.MethodGet {
			r.Header.Set("If-None-Match", tag.(string))
		}
		start := time.Now()
		res, err := client.Do(r)
		if err != nil {
			return 0, err
		}
		raw, err := io.ReadAll(res.Body)
		if cerr := res.Body.Close(); err == nil {
			err = cerr
		}
		if tag := res.Header.Get("ETag"); method == http.MethodGet && tag != "" {
			known.Store(path, tag)
		}
		if err == nil && res.StatusCode >= 300 && res.StatusCode != http.StatusNotModified {
			err = fmt.Errorf("%s %s: %d %.200s", method, path, res.StatusCode, raw)
		}
		return ms(time.Since(start)), err
	}
	var waiting []string // for those who verify
	for i := range loadWriters * int(loadSpan/time.Second+1) {
		if err := b.a.DB.Write(b.ctx, func(tx *db.Tx) error {
			e, err := b.a.Ledger.Create(b.ctx, tx, b.by, sessionInput(b.leaves[i%len(b.leaves)], "2020-11-12", i))
			if err == nil {
				_, err = b.a.Ledger.Submit(b.ctx, tx, b.by, e.ID)
			}
			waiting = append(waiting, e.ID)
			return err
		}); err != nil {
			return err
		}
	}
	// Every second one of those who write hands in a record, the others verify one.
	write := func(w, nth int) (float64, error) {
		if w%2 == 0 {
			return ask(http.MethodPost, "/entries/"+waiting[nth*loadWriters+w]+"/verify", []byte("{}"))
		}
		in := sessionInput(b.leaves[(31*nth+w)%len(b.leaves)], "2020-11-13", nth)
		body, err := json.Marshal(map[string]any{"kind": in.Kind, "unit": in.Unit, "submit": true, "values": in.Values})
		if err != nil {
			return 0, err
		}
		return ask(http.MethodPost, "/entries", body)
	}
	for _, p := range deskPages { // as they are once somebody was there
		if _, err := ask(http.MethodGet, p[1], nil); err != nil {
			return err
		}
	}
	var mu sync.Mutex
	var reads, writes []float64
	var refused atomic.Int64
	var first error
	note := func(list *[]float64, took float64, err error) {
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			refused.Add(1)
			if first == nil {
				first = err
			}
			return
		}
		*list = append(*list, took)
	}
	var all sync.WaitGroup
	start := time.Now()
	for w := range loadWriters {
		all.Go(func() {
			for nth := range int(loadSpan / time.Second) {
				time.Sleep(time.Until(start.Add(time.Duration(nth)*time.Second + time.Duration(w)*time.Second/loadWriters)))
				took, err := write(w, nth)
				note(&writes, took, err)
			}
		})
	}
	for i := range int(loadSpan/time.Second) * loadReads {
		time.Sleep(time.Until(start.Add(time.Duration(i) * time.Second / loadReads)))
		all.Go(func() {
			took, err := ask(http.MethodGet, deskPages[i%len(deskPages)][1], nil)
			note(&reads, took, err)
		})
	}
	all.Wait()
	span := time.Since(start).Seconds()
	if first != nil {
		log.Printf("%d refused, the first: %v", refused.Load(), first)
	}
	slices.Sort(reads)
	slices.Sort(writes)
	if len(reads) == 0 || len(writes) == 0 {
		return fmt.Errorf("nothing was served: %w", first)
	}
	served := float64(len(reads)) / span
	name := fmt.Sprintf("%s: pages served while %d a second are asked for and %d people write", b.engine, loadReads, loadWriters)
	b.results = append(b.results, Result{Name: name, Value: served, Unit: "/s", Limit: "aim ≥ 300 /s", OK: served >= 0.98*loadReads})
	log.Printf("%.0f pages/s, median %.1f, 95 of 100 within %.1f ms; %d records, median %.1f, 95 of 100 within %.1f ms; %d refused", served,
		reads[len(reads)/2], reads[len(reads)*95/100], len(writes), writes[len(writes)/2], writes[len(writes)*95/100], refused.Load())
	b.add("95 of 100 of those pages within", reads[len(reads)*95/100], "ms", 0, "≤ 500 ms", 500)
	b.add("95 of 100 of those records within", writes[len(writes)*95/100], "ms", 0, "≤ 500 ms", 500)
	return nil
}
