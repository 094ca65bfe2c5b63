package field_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"sifen/internal/apptest"
	"sifen/internal/id"
)

// TestAQueueShuffledAndDoubled hands in the work of two phones in any order, each thing once to three times, some at the same
// moment: what stands afterwards is the same.
func TestAQueueShuffledAndDoubled(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		type op struct {
			as, key string
			body    vals
		}
		var all []op
		for i := range 8 {
			for _, as := range []string{"office", "street.inspector"} {
				body := visitOp(w, "桂园", nil, nil)
				at := w.Clock.Now().Add(-time.Duration(60-i*5) * time.Minute).UnixMilli()
				body["made_at"], body["seq"] = at, i+1
				body["anchor"] = vals{"phone": at - 1000, "server": at - 1000}
				all = append(all, op{as, id.New(w.Clock.Now()), body})
			}
		}
		seed := uint64(time.Now().UnixNano()) //nolint:forbidigo // any order must do; the seed is printed
		t := w.T.(*testing.T)
		t.Logf("seed %d", seed)
		r := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // an order, no secret
		var queue []op
		for _, o := range all {
			for range 1 + r.IntN(3) {
				queue = append(queue, o)
			}
		}
		r.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
		var group sync.WaitGroup
		numbers := make([]string, len(queue))
		for i := 0; i < len(queue); i += 4 {
			for j := i; j < min(i+4, len(queue)); j++ {
				group.Go(func() {
					got := send(w, queue[j].as, queue[j].key, queue[j].body)
					if got.Status == http.StatusOK {
						numbers[j] = queue[j].key + " " + apptest.Text(got.JSON(), "no")
					} else {
						t.Errorf("%d %s", got.Status, got.Body)
					}
				})
			}
			group.Wait()
		}
		seen := map[string]string{}
		for i, n := range numbers {
			if was, ok := seen[queue[i].key]; ok && was != n {
				t.Errorf("the same thing became %s and %s", was, n)
			}
			seen[queue[i].key] = n
		}
		w.Expect("visits", w.Scalar(`SELECT count(*) FROM visit`), int64(len(all)))
		w.Expect("operations", w.Scalar(`SELECT count(*) FROM field_op`), int64(len(all)))
		w.Expect("one problem is one case", w.Scalar(`SELECT count(*) FROM rcase WHERE open = 1`), int64(1))
		w.Expect("all findings lead to it", w.Scalar(`SELECT count(DISTINCT rcase) FROM finding`), int64(1))
		w.Expect("counted", w.Figure("visits.all", "", "2020"), int64(len(all)))
		w.Expect("numbers without gap or double", w.Scalar(`SELECT count(DISTINCT no) FROM visit`), int64(len(all)))
		last := fmt.Sprintf("XJ-2020-%05d", len(all))
		w.Expect("the last number", w.Scalar(`SELECT count(*) FROM visit WHERE no = $1`, last), int64(1))
	})
}

// BenchmarkArrival is what a district's phones bring when the signal is back: a visit with three photos of 300 KB, and how long a
// page takes meanwhile.
func BenchmarkArrival(b *testing.B) {
	w := apptest.New(b, false)
	photos := make([][]byte, 0, 3*b.N)
	r := rand.New(rand.NewPCG(1, 1)) //nolint:gosec // filler
	for i := range 3 * b.N {
		tail := make([]byte, 300<<10)
		for j := range tail {
			tail[j] = byte(r.Uint32())
		}
		photos = append(photos, append(apptest.Photo(uint8(i)), tail...))
	}
	var slowest, total time.Duration
	var pages int
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-done:
				return
			default:
			}
			start := time.Now() //nolint:forbidigo // a measurement
			w.Get("office2", "/visits?size=50").OK()
			took := time.Since(start) //nolint:forbidigo // a measurement
			slowest, total, pages = max(slowest, took), total+took, pages+1
			time.Sleep(20 * time.Millisecond)
		}
	}()
	b.ResetTimer()
	for i := range b.N {
		mine := photos[3*i : 3*i+3]
		var sums []string
		for _, p := range mine {
			sums = append(sums, apptest.Sum(p))
		}
		send(w, "office", id.New(w.Clock.Now()), visitOp(w, "桂园", sums, nil)).OK()
		for _, p := range mine {
			bring(w, "office", p, 0, 256<<10).OK()
		}
	}
	b.StopTimer()
	close(done)
	<-stopped
	b.ReportMetric(float64(total.Milliseconds())/float64(max(pages, 1)), "ms/page")
	b.ReportMetric(float64(slowest.Milliseconds()), "ms/slowest-page")
}
