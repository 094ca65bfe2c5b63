package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"time"
)

// deskPages are the readings of the desk that a person opens all day.
var deskPages = [][2]string{
	{"workbench", "/bench?unit=1&period=2020"}, {"list of 50 entries", "/entries?kind=publicity-session&unit=1&period=2020&size=50"},
	{"documents", "/documents?unit=1"}, {"list of figures", "/figure-catalogue?unit=1&period=2020"},
	{"figure panel", "/figures/publicity.sessions?unit=1&period=2020"}, {"figure page", "/figures/publicity.sessions/page?unit=1&period=2020&by=month"},
	{"units", "/units"}, {"places", "/places?unit=1"}, {"plan", "/plan?unit=1&year=2020"}, {"what is owed", "/due?unit=1&period=2020"},
	{"who I am", "/me"}, {"kinds", "/kinds"},
}

// pages asks for each page of the desk over HTTP, one at a time, beside a bare page of the same bytes.
func (b *bench) pages() error {
	if _, err := b.office(); err != nil {
		return err
	}
	token, _, err := b.a.Accounts.SignIn(b.ctx, "bench.office", "bench of the office 2020", "127.0.0.1:1")
	if err != nil {
		return err
	}
	real := httptest.NewServer(b.a.Handler())
	defer real.Close()
	ask := func(url string) (took float64, body []byte, err error) {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
		if err != nil {
			return 0, nil, err
		}
		r.Header.Set("Cookie", "sifen_session="+token)
		var all []float64
		for range 15 {
			start := time.Now()
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				return 0, nil, err
			}
			body, err = io.ReadAll(res.Body)
			if err = errors.Join(err, res.Body.Close()); err != nil || res.StatusCode != http.StatusOK {
				return 0, nil, fmt.Errorf("%s: %d %w", url, res.StatusCode, err)
			}
			all = append(all, ms(time.Since(start)))
		}
		return median(all), body, nil
	}
	for _, p := range deskPages {
		took, body, err := ask(real.URL + "/api/v1" + p[1])
		if err != nil {
			return err
		}
		bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(body) // the reader is this program
		}))
		base, _, err := ask(bare.URL)
		bare.Close()
		if err != nil {
			return err
		}
		// the ratio is how many times dearer than its bytes the page is; most openings are not the first
		r := Result{Name: fmt.Sprintf("%s: page of the desk: %s, %d KB, beside a bare page of its bytes", b.engine, p[0], len(body)>>10), Value: took,
			Unit: "ms", Baseline: base, Ratio: took / base, Limit: "aim ≤ 10 ms", OK: true}
		b.results = append(b.results, r)
		log.Printf("%-60s %10.3f ms  baseline %.3f  ratio %.0f", r.Name, took, base, r.Ratio)
	}
	return nil
}
