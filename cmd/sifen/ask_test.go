package main

import (
	"bufio"
	"io"
	"strings"
	"testing"

	"sifen/internal/period"
)

// TestChoose: an answer is one of those that were offered, and where nobody answers nothing is taken for one.
func TestChoose(t *testing.T) {
	for name, x := range map[string]struct {
		typed, want string
		ok          bool
	}{
		"a word":               {"anew\n", "anew", true},
		"its first letter":     {"K\n", "keep", true},
		"asked again":          {"\nperhaps\nstop\n", "stop", true},
		"without a line break": {"keep", "keep", true},
		"nobody answers":       {"", "", false},
		"leaves half-way":      {"perhaps\n", "", false},
	} {
		got, ok := asker{bufio.NewReader(strings.NewReader(x.typed)), io.Discard}.choose("? ", "keep", "anew", "stop")
		if got != x.want || ok != x.ok {
			t.Errorf("%s: %q %v", name, got, ok)
		}
	}
	if _, ok := (asker{}).choose("? ", "keep"); ok {
		t.Error("an answer without anybody there")
	}
}

func TestSpanOf(t *testing.T) {
	for s, want := range map[string]string{"2020": "year", "2020-Q2": "quarter", "2020-03": "month", "2020-03-01..2020-04-15": "days"} {
		p, err := period.Parse(s)
		if err != nil || spanOf(p) != want {
			t.Errorf("%s is for %s, want %s (%v)", s, spanOf(p), want, err)
		}
	}
}
