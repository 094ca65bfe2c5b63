package intake_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"sifen/internal/apptest"
	"sifen/internal/unit"
)

// TestLawsOfReading: of random sheets, every cell below the titles is kept or told, what is read of a column and what is not
// make the whole of it, and a cure says the number that stands there.
func TestLawsOfReading(t *testing.T) {
	w := apptest.New(t, false)
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 7405))
		pick := func(list ...any) any { return list[rng.IntN(len(list))] }
		scale, head := int64(1), any("受众（人次）")
		switch rng.IntN(4) {
		case 0:
			scale, head = 10000, "受众（万人次）"
		case 1:
			head = "受 众"
		}
		rows := [][]any{}
		if rng.IntN(2) == 0 {
			rows = append(rows, cells{"宣传活动台账"})
		}
		if rng.IntN(3) == 0 {
			rows = append(rows, cells{"填报人：某", "", "审核人：某"})
		}
		rows = append(rows, cells{"序号", "单位", "日期", "主题", head})
		first := len(rows)
		for i := range 3 + rng.IntN(12) {
			rows = append(rows, cells{
				pick(i+1, i+1, "", "合计"),
				pick("桂花社区", "桂花社区", "兰花社区", "", "无此社区", "小计"),
				pick("2020-12-05", "2020.11.3", "8.2", "", "12月5日", 20201205),
				pick("讲座"+fmt.Sprint(seed, i), "合计", "备注：略", "", "共3场", "#N/A"),
				pick(1, 2.5, 30, "120人", "1.2万", "30-50", "", "/", "1,200", "1,2", 33.333333333333336, "约50", 0),
			})
		}
		id := startImport(w, "clerk1", odd(t, grid(rows...), nil))
		type line struct {
			state  string
			cells  []string
			faults []struct{ Cell, Code, Suggestion string }
			raw    string
		}
		lines := map[int]line{}
		found, err := w.App.DB.Read.QueryContext(t.Context(), `SELECT line, state, cells, faults, raw FROM import_line WHERE run = $1`, id)
		apptest.Must(t, err)
		for found.Next() {
			var n int
			var l line
			var list, faults string
			apptest.Must(t, found.Scan(&n, &l.state, &list, &faults, &l.raw))
			apptest.Must(t, json.Unmarshal([]byte(list), &l.cells))
			if faults != "" {
				apptest.Must(t, json.Unmarshal([]byte(faults), &l.faults))
			}
			lines[n] = l
		}
		apptest.Must(t, found.Close())
		read, whole := new(big.Rat), new(big.Rat)
		for i, row := range rows[first:] {
			n := first + i + 1
			l, there := lines[n]
			filled := false
			for _, v := range row {
				filled = filled || v != ""
			}
			if filled && !there {
				t.Errorf("seed %d: row %d %v is neither kept nor told", seed, n, row)
				continue
			}
			for j, v := range row {
				if v != "" && (j >= len(l.cells) || l.cells[j] == "") {
					t.Errorf("seed %d: cell %c%d %v is lost", seed, 'A'+j, n, v)
				}
			}
			if there && l.state != "good" && l.state != "same" && len(l.faults) == 0 {
				t.Errorf("seed %d: row %d is %s without a word", seed, n, l.state)
			}
			shown, behind, ok := unit.Written(fmt.Sprint(row[4]))
			if ok {
				if m, known := unit.MeasureOf(behind); known && m.Dimension == "" {
					shown.Mul(shown, new(big.Rat).SetInt64(m.Numeral))
				} else if behind == "" {
					shown.Mul(shown, new(big.Rat).SetInt64(scale))
				}
			}
			if l.state == "good" {
				var v struct{ Audience json.Number }
				apptest.Must(t, json.Unmarshal([]byte(l.raw), &v))
				if v.Audience != "" {
					got, _ := new(big.Rat).SetString(v.Audience.String())
					read.Add(read, got)
					if !ok || got.Cmp(shown) != 0 {
						t.Errorf("seed %d: row %d shows %v and is kept as %s", seed, n, row[4], v.Audience)
					}
					whole.Add(whole, shown)
				} else if ok {
					t.Errorf("seed %d: row %d shows %v and keeps nothing", seed, n, row[4])
				}
			}
			for _, f := range l.faults {
				if f.Suggestion == "" || !strings.HasPrefix(f.Cell, "E") {
					continue
				}
				cure, _ := new(big.Rat).SetString(f.Suggestion)
				if !ok || cure == nil || new(big.Rat).Sub(cure, shown).Abs(new(big.Rat).Sub(cure, shown)).Cmp(big.NewRat(1, 2)) > 0 {
					t.Errorf("seed %d: the cure of %s, which shows %v, is %s", seed, f.Cell, row[4], f.Suggestion)
				}
			}
		}
		if read.Cmp(whole) != 0 {
			t.Errorf("seed %d: %s is read of %s", seed, read, whole)
		}
	}
}
