package rectify_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"sifen/internal/apptest"
)

// TestBadInputs: what people try that does not fit is refused with its reason, and changes nothing.
func TestBadInputs(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		o := &office{World: w}
		id := o.closed("满溢")
		rev := func() int64 { return apptest.Num(w.Get(o.as("office"), "/cases/"+id).OK(), "rev") }
		before := rev()
		o.step("clerk1", id, "reply", vals{"op": "reply", "words": "又改了"}).Refused(409, "rectify.state") // a reply after the closing
		o.step("office", id, "transfer", vals{"op": "transfer"}).Refused(409, "rectify.state")
		o.step("office", id, "recheck", vals{"op": "reopen", "words": "又满了"}).Refused(422, "rectify.invalid") // by another's way
		o.step("office2", id, "recheck", vals{"op": "stands"}).Refused(409, "rectify.not-drawn")
		w.Post(o.as("office"), "/cases/"+id+"/reopen", vals{"op": "reopen", "words": "又满了"}, before-1).Refused(412, "rectify.changed")
		w.Expect("nothing changed", rev(), before)

		// who replied for a party on paper does not recheck it
		v := w.Post(o.as("office2"), "/cases", vals{"unit": w.Units["桂园"], "title": "散落", "severity": "minor", "instrument": "prompt",
			"party": w.Units["清运公司"]}, 0).OK()
		paper := apptest.Text(v, "id")
		o.step("office", paper, "issue", vals{"op": "issue"}).OK()
		o.step("office", paper, "reply", vals{"op": "reply", "words": "已清运，纸质回复"}).OK()
		o.step("office", paper, "recheck", vals{"op": "pass"}).Refused(403, "rectify.replier")
		o.step("office2", paper, "recheck", vals{"op": "pass"}).OK()
		w.Settled()
	})
}

// TestNumbersOnce: many who open cases at the same moment get a number each, without a gap.
func TestNumbersOnce(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		var wait sync.WaitGroup
		for i := range 12 {
			wait.Go(func() {
				w.Post("office", "/cases", vals{"unit": w.Units["桂园"], "title": fmt.Sprintf("满溢 %d", i), "severity": "minor", "instrument": "prompt"}, 0)
			})
		}
		wait.Wait()
		w.Expect("cases", w.Scalar(`SELECT count(*) FROM rcase`), int64(12))
		w.Expect("numbers", w.Scalar(`SELECT count(DISTINCT no) FROM rcase`), int64(12))
		w.Expect("without a gap", w.Scalar(`SELECT count(*) FROM rcase WHERE no BETWEEN 'ZG-2020-0001' AND 'ZG-2020-0012'`), int64(12))
		apptest.Must(w.T, w.App.Cases.LookBacks(context.Background(), w.District)) // nothing was closed: nothing is sealed
		w.Expect("no list", w.Scalar(`SELECT count(*) FROM rcase_lookmonth`), int64(0))
	})
}
