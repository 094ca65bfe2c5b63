package field_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"sifen/internal/apptest"
	"sifen/internal/id"
)

type vals = apptest.Vals

const phoneID = "01920000-0000-7000-8000-000000000001"

// visitOp is a visit as a phone sends it.
func visitOp(w *apptest.World, unit string, photos []string, more vals) vals {
	at := w.Clock.Now().UnixMilli()
	v := vals{"id": id.New(w.Clock.Now()), "place": fmt.Sprintf("unit:%d", w.Units[unit]), "checklist": "estate",
		"answers": []vals{{"item": "lids", "value": "no", "phrases": []string{"full"}, "count": 2, "photos": photos},
			{"item": "board", "value": "yes"}}}
	for k, x := range more {
		v[k] = x
	}
	return vals{"v": 1, "phone": phoneID, "seq": 1, "kind": "visit", "made_at": at, "anchor": vals{"phone": at - 1000, "server": at - 1000}, "visit": v}
}

func send(w *apptest.World, as, op string, body any) apptest.Reply {
	return w.Do(apptest.Ask{As: as, Method: "POST", Path: "/field/ops", Body: body, Op: op})
}

// bring sends a photo in pieces, from an offset on.
func bring(w *apptest.World, as string, content []byte, from, size int) apptest.Reply {
	w.T.Helper()
	var last apptest.Reply
	for at := from; at < len(content); at += size {
		end := min(at+size, len(content))
		path := fmt.Sprintf("/field/photos/%s?name=p.jpg&size=%d&offset=%d", apptest.Sum(content), len(content), at)
		last = w.Do(apptest.Ask{As: as, Method: "PUT", Path: path,
			Body: content[at:end]})
		if last.Status != 200 {
			return last
		}
	}
	return last
}

// TestTheRecordGoesFirst sends a visit before its photo: the case is there at once, and the photo is nobody's until the same
// person has brought it.
func TestTheRecordGoesFirst(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		photo := apptest.Photo(7)
		sha := apptest.Sum(photo)
		op := id.New(w.Clock.Now())
		body := visitOp(w, "桂园", []string{sha}, nil)
		got := send(w, "office", op, body).OK()
		w.Expect("op", apptest.Text(got, "op"), op)
		w.Expect("state", apptest.Text(got, "state"), "taken")
		w.Expect("found", apptest.Text(got, "found.0.state"), "opened")
		visit := strings.TrimPrefix(apptest.Text(got, "link"), "/visits/")
		w.Expect("owed", fmt.Sprint(apptest.List(w.Get("office", "/visits/"+visit).OK(), "owed")), fmt.Sprintf("[%s]", sha))
		kase := apptest.Text(got, "found.0.case")
		w.Expect("owed by the case", fmt.Sprint(apptest.List(w.Get("office", "/cases/"+kase).OK(), "owed")), fmt.Sprintf("[%s]", sha))

		// The photo of somebody else with this digest is not opened by having named it.
		w.Get("office", "/blobs/"+sha).Refused(404, "evidence.none")
		w.Upload("admin", photo)
		w.Get("office", "/blobs/"+sha).Refused(404, "evidence.none")
		w.Expect("owed still", w.Scalar(`SELECT count(*) FROM evidence_owed`) > 0, true)
		w.Expect("used by nobody", w.Scalar(`SELECT count(*) FROM evidence_use WHERE sha = $1`, sha), int64(0))

		// A step on the case meanwhile does not give it away either.
		c := w.Get("office", "/cases/"+kase).OK()
		w.Post("office", "/cases/"+kase+"/issue", vals{"op": "readdress", "words": "换一家", "party": w.Units["兰花社区"]}, apptest.Num(c, "rev")).OK()
		w.Expect("used by nobody after a step", w.Scalar(`SELECT count(*) FROM evidence_use WHERE sha = $1`, sha), int64(0))

		done := bring(w, "office", photo, 0, 100).OK()
		w.Expect("whole", apptest.At(done, "whole"), true)
		w.Expect("owed no more", w.Scalar(`SELECT count(*) FROM evidence_owed`), int64(0))
		w.Expect("used", w.Scalar(`SELECT count(*) FROM evidence_use WHERE sha = $1`, sha) >= 2, true)
		w.Expect("opened", w.Get("office", "/blobs/"+sha).Status, 200)
		w.Expect("owed of the visit", len(apptest.List(w.Get("office", "/visits/"+visit).OK(), "owed")), 0)
		w.Jobs()
		w.Expect("looked at", w.Scalar(`SELECT count(*) FROM evidence WHERE sha = $1`, sha), int64(1))

		// The same again, by a lost answer and by a phone that has forgotten: one visit.
		w.Expect("again", apptest.Text(send(w, "office", op, body).OK(), "no"), apptest.Text(got, "no"))
		other := send(w, "office", id.New(w.Clock.Now()), body).OK()
		w.Expect("under another key", apptest.Text(other, "no"), apptest.Text(got, "no"))
		w.Expect("visits", w.Scalar(`SELECT count(*) FROM visit`), int64(1))
		w.Expect("cases", w.Scalar(`SELECT count(*) FROM rcase`), int64(1))
	})
}

// TestWhatAPhoneMayNotSend is refused with a sentence, and nothing is kept of it.
func TestWhatAPhoneMayNotSend(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		for what, c := range map[string]struct {
			as     string
			change func(vals)
			status int
			code   string
		}{
			"an old page":                 {"office", func(v vals) { v["v"] = 0 }, 426, "field.version"},
			"a clock 30 days ahead":       {"office", func(v vals) { v["made_at"] = w.Clock.Now().AddDate(0, 0, 30).UnixMilli() }, 422, "field.clock"},
			"a clock 30 days behind":      {"office", func(v vals) { v["made_at"] = w.Clock.Now().AddDate(0, 0, -30).UnixMilli() }, 422, "field.clock"},
			"a kind without its body":     {"office", func(v vals) { v["kind"] = "miss" }, 422, "field.kind"},
			"somebody without the verb":   {"leader", func(vals) {}, 403, "http.forbidden"},
			"a place outside one's reach": {"clerk2", func(vals) {}, 404, "inspect.no-place"},
			"a form nobody knows":         {"office", func(v vals) { v["visit"].(vals)["form"] = "ffff" }, 409, "inspect.form"},
		} {
			body := visitOp(w, "桂园", nil, nil)
			c.change(body)
			r := send(w, c.as, id.New(w.Clock.Now()), body)
			if r.Status != c.status || apptest.Text(r.JSON(), "code") != c.code {
				t.Errorf("%s: %d %s", what, r.Status, r.Body)
			}
		}
		w.Expect("kept", w.Scalar(`SELECT count(*) FROM field_op`)+w.Scalar(`SELECT count(*) FROM visit`), int64(0))
		// The day as a person says it lets it in.
		body := visitOp(w, "桂园", nil, nil)
		body["made_at"], body["day"] = w.Clock.Now().AddDate(0, 0, 30).UnixMilli(), "2020-12-31"
		w.Expect("said", apptest.Text(send(w, "office", id.New(w.Clock.Now()), body).OK(), "state"), "taken")
	})
}

// TestPiecesOfPhotos are put together, whatever happens between them.
func TestPiecesOfPhotos(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		photo := apptest.Photo(9)
		sha := apptest.Sum(photo)
		at := func() int64 { return apptest.Num(w.Get("office", "/field/photos/"+sha).OK(), "offset") }
		piece := func(as string, offset, size int, b []byte) apptest.Reply {
			return w.Do(apptest.Ask{As: as, Method: "PUT", Path: fmt.Sprintf("/field/photos/%s?size=%d&offset=%d", sha, size, offset), Body: b})
		}
		w.Expect("nothing yet", at(), int64(0))
		piece("office", 0, len(photo), photo[:200]).OK()
		w.Expect("after one", at(), int64(200))
		// the answer was lost: the same piece again is told where to go on
		w.Expect("again", apptest.Num(piece("office", 0, len(photo), photo[:200]).Refused(409, "field.offset"), "offset") >= 0, true)
		piece("office", 400, len(photo), photo[400:500]).Refused(409, "field.offset")
		piece("office", 200, 300, photo[200:]).Refused(409, "field.offset") // more than announced
		piece("office", 200, 16<<20, photo[200:]).Refused(413, "evidence.too-big")
		// somebody else's pieces are his own
		w.Expect("another's", apptest.Num(w.Get("street.inspector", "/field/photos/"+sha).OK(), "offset"), int64(0))
		w.Close()
		w.Open() // killed between two pieces
		w.Expect("after a restart", at(), int64(200))
		bring(w, "office", photo, 200, 64).OK()
		w.Expect("whole", apptest.At(w.Get("office", "/field/photos/"+sha).OK(), "whole"), true)
		w.Expect("sent again", apptest.At(piece("office", 0, len(photo), photo[:10]).OK(), "whole"), true)

		// Other bytes under the digest: refused, and begun anew.
		other := apptest.Photo(11)
		wrong := bytes.Clone(other)
		wrong[len(wrong)-1] ^= 1
		r := w.Do(apptest.Ask{As: "office", Method: "PUT", Path: fmt.Sprintf("/field/photos/%s?size=%d&offset=0", apptest.Sum(other), len(other)), Body: wrong})
		r.Refused(422, "field.other-photo")
		w.Expect("begun anew", apptest.Num(w.Get("office", "/field/photos/"+apptest.Sum(other)).OK(), "offset"), int64(0))
		bring(w, "office", other, 0, 300).OK()
		// No photo at all.
		bring(w, "office", []byte("not a photo"), 0, 300).Refused(422, "evidence.not-image")
		// No digest.
		w.Do(apptest.Ask{As: "office", Method: "PUT", Path: "/field/photos/xyz?size=3&offset=0", Body: []byte("abc")}).Refused(422, "evidence.sum")
		w.Expect("left behind", w.Scalar(`SELECT count(*) FROM field_photo`), int64(0))

		// What was begun is thrown away after two weeks, not before.
		third := apptest.Photo(13)
		w.Do(apptest.Ask{As: "office", Method: "PUT", Path: fmt.Sprintf("/field/photos/%s?size=%d&offset=0", apptest.Sum(third), len(third)),
			Body: third[:50]}).OK()
		w.Clock.Set(w.Clock.Now().AddDate(0, 0, 13))
		apptest.Must(t, w.App.Field.Tidy(t.Context(), w.District))
		w.Expect("after 13 days", w.Scalar(`SELECT count(*) FROM field_photo`), int64(1))
		w.Clock.Set(w.Clock.Now().Add(25 * time.Hour))
		apptest.Must(t, w.App.Field.Tidy(t.Context(), w.District))
		w.Expect("after 14 days", w.Scalar(`SELECT count(*) FROM field_photo`), int64(0))
	})
}

// TestWhatAPhoneCarries has all that a check without a network needs, and only what its person may inspect.
func TestWhatAPhoneCarries(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		day := w.Get("office", "/field/day?phone="+phoneID).OK()
		w.Expect("key", len(apptest.Text(day, "phone_key")), 64)
		w.Expect("the same key", apptest.Text(w.Get("office", "/field/day?phone="+phoneID).OK(), "phone_key"), apptest.Text(day, "phone_key"))
		found := map[string]map[string]any{}
		for _, x := range apptest.List(day, "parts") {
			name := apptest.Text(x, "name")
			r := w.Get("office", "/field/parts/"+name)
			w.Expect("digest of "+name, apptest.Sum(r.Body), apptest.Text(x, "sha"))
			var part map[string]any
			apptest.Must(t, json.Unmarshal(r.Body, &part))
			for _, p := range apptest.List(part, "places.places") {
				found[apptest.Text(p, "name")] = p.(map[string]any)
			}
		}
		w.Expect("the estate", apptest.Text(found["桂园"], "forms.0"), "estate")
		w.Expect("who answers", apptest.Text(found["桂园"], "party") != "", true)
		send(w, "office", id.New(w.Clock.Now()), visitOp(w, "桂园", nil, nil)).OK()
		var parts []any
		for _, x := range apptest.List(w.Get("office", "/field/day?phone="+phoneID).OK(), "parts") {
			for _, old := range apptest.List(day, "parts") {
				if apptest.Text(old, "name") == apptest.Text(x, "name") && apptest.Text(old, "sha") != apptest.Text(x, "sha") {
					parts = append(parts, apptest.Text(x, "name"))
				}
			}
		}
		w.Expect("what changed is one street", len(parts), 1)

		own := w.Get("clerk2", "/field/day?phone="+phoneID).OK()
		var mine []string
		for _, x := range apptest.List(own, "parts") {
			mine = append(mine, apptest.Text(x, "name"))
			w.Expect("read", w.Get("clerk2", "/field/parts/"+apptest.Text(x, "name")).Status, 200)
		}
		for _, x := range apptest.List(day, "parts") {
			if name := apptest.Text(x, "name"); !strings.Contains(strings.Join(mine, " "), name) {
				w.Get("clerk2", "/field/parts/"+name).Refused(404, "field.no-part")
			}
		}
		w.Get("leader", "/field/day?phone="+phoneID).Refused(403, "http.forbidden")
		w.Get("office", "/field/day?phone=x").Refused(422, "http.input")
	})
}
