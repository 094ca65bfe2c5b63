package indicator

import (
	"sort"
	"strconv"

	"sifen/internal/unit"
)

// RecordChange is one record that made a figure differ.
type RecordChange struct {
	Record string `json:"record"`
	Change string `json:"change"` // added, removed, changed
	Old    string `json:"old"`
	New    string `json:"new"`
	Must   bool   `json:"-"` // a unit of a coverage's base, not a record
}

// DigestChanges are the records by which two digest files of one figure differ.
func DigestChanges(oldFile, nowFile []byte, decimals int) []RecordChange {
	old, now := ParseDigest(oldFile), ParseDigest(nowFile)
	out := []RecordChange{}
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
			out = append(out, RecordChange{o.Record, "removed", text(o.A), "", o.Must})
		case n.Rest != o.Rest || n.Rev != o.Rev:
			out = append(out, RecordChange{o.Record, "changed", text(o.A), text(n.A), o.Must})
		}
	}
	for k, n := range now {
		if _, ok := old[k]; !ok {
			out = append(out, RecordChange{n.Record, "added", "", text(n.A), n.Must})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Record < out[j].Record })
	return out
}
