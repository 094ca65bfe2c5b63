package score

import "slices"

// Result is what a unit scores.
type Result struct {
	Unit, Name string
	Group      string
	Scored     bool
	Why        Label // why there is no score
	Waiting    []string
	Points     Num
	Max        Num
	Rank       int // 0 without one
	Tied       bool
	Grade      string
	Lists      []string
	Blocks     []BlockResult
	Notes      []Label // what happened to the total, in order
	Visits     int
	facts      *facts
}

// Share is the printed share of the maximum.
func (r *Result) Share() Num { return r.Points.Div(r.Max) }

// BlockResult is what a block came to.
type BlockResult struct {
	Key         string
	Points, Max Num
	Extra       bool
	Note        Label
	Items       []ItemResult
}

// ItemResult is what an item came to, and how.
type ItemResult struct {
	Key         string
	Points, Max Num
	NA          bool
	Waiting     bool     // for a person's judgement
	Uses        []string // names of inputs and findings
	Sum         []Label  // the arithmetic, part by part
	Note        Label
}

// Item finds an item of a result.
func (r *Result) Item(key string) (ItemResult, bool) {
	for _, b := range r.Blocks {
		for _, it := range b.Items {
			if it.Key == key {
				return it, true
			}
		}
	}
	return ItemResult{}, false
}

// Block finds a block of a result.
func (r *Result) Block(key string) (BlockResult, bool) {
	i := slices.IndexFunc(r.Blocks, func(b BlockResult) bool { return b.Key == key })
	if i < 0 {
		return BlockResult{}, false
	}
	return r.Blocks[i], true
}
