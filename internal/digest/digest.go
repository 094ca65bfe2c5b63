// Package digest reads the files that say what a figure counted, line by line, and compares two of them.
package digest

import (
	"crypto/sha256"
	"encoding/hex"
	"sort"
	"strconv"
	"strings"

	"sifen/internal/unit"
)

// Sum is the SHA-256 of a digest file in hexadecimal.
func Sum(file []byte) string {
	s := sha256.Sum256(file)
	return hex.EncodeToString(s[:])
}

// Line is one line of a digest file.
type Line struct {
	Record    string
	Rev, Item string
	Rest      string
	A         string
	Must      bool // a unit of a coverage's base
}

// Parse reads the lines of a digest file back, for comparing two of them by record.
func Parse(file []byte) map[string]Line {
	out := map[string]Line{}
	for _, l := range strings.Split(string(file), "\n") {
		f := strings.Fields(l)
		if len(f) != 10 {
			continue
		}
		d := Line{Record: f[0], Rev: f[1], Item: f[2], A: f[6], Rest: strings.Join(f[3:], " "), Must: len(f[0]) < 30 && f[0] == f[5]}
		out[f[0]+" "+f[2]] = d
	}
	return out
}

// Change is one record that made a figure differ.
type Change struct {
	Record string `json:"record"`
	Change string `json:"change"` // added, removed, changed
	Old    string `json:"old"`
	New    string `json:"new"`
	Must   bool   `json:"-"` // a unit of a coverage's base, not a record
}

// Changes are the records by which two digest files of one figure differ.
func Changes(oldFile, nowFile []byte, decimals int) []Change {
	old, now := Parse(oldFile), Parse(nowFile)
	out := []Change{}
	text := func(a string) string {
		n, err := strconv.ParseInt(a, 10, 64)
		if err != nil {
			return a
		}
		return unit.Group(n, decimals)
	}
	for k, o := range old {
		n, ok := now[k]
		switch {
		case !ok:
			out = append(out, Change{o.Record, "removed", text(o.A), "", o.Must})
		case n.Rest != o.Rest || n.Rev != o.Rev:
			out = append(out, Change{o.Record, "changed", text(o.A), text(n.A), o.Must})
		}
	}
	for k, n := range now {
		if _, ok := old[k]; !ok {
			out = append(out, Change{n.Record, "added", "", text(n.A), n.Must})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Record < out[j].Record })
	return out
}
