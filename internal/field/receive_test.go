package field_test

import (
	"archive/zip"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"testing"

	"sifen/internal/apptest"
	"sifen/internal/db"
	"sifen/internal/id"
)

// exportOf is a file as a phone writes it.
func exportOf(t *testing.T, key string, photos [][]byte, lines ...vals) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	put := func(name string, content []byte) {
		f, err := z.Create(name)
		apptest.Must(t, err)
		_, err = f.Write(content)
		apptest.Must(t, err)
	}
	var all bytes.Buffer
	for _, l := range lines {
		text, err := json.Marshal(l)
		apptest.Must(t, err)
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write(text)
		raw, err := json.Marshal(vals{"text": string(text), "phone": phoneID, "signature": hex.EncodeToString(mac.Sum(nil))})
		apptest.Must(t, err)
		all.Write(append(raw, '\n'))
	}
	put("ops.jsonl", all.Bytes())
	for _, p := range photos {
		put("photos/"+apptest.Sum(p), p)
	}
	apptest.Must(t, z.Close())
	return b.Bytes()
}

// TestAnExportIsTakenIn keeps the author of work that somebody else brings to a desk, and knows what is there already.
func TestAnExportIsTakenIn(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T.(*testing.T)
		author := "street.inspector"
		key := apptest.Text(w.Get(author, "/field/day?phone="+phoneID).OK(), "phone_key")
		one, two := apptest.Photo(21), apptest.Photo(22)
		line := func(op string, body vals) vals {
			return vals{"id": op, "account": w.Accounts[author], "name": "甲", "title": "桂园", "op": body}
		}
		// The first record went before the grant ended, without its photo; the second did not.
		first, second := id.New(w.Clock.Now()), id.New(w.Clock.Now())
		a, b := visitOp(w, "桂园", []string{apptest.Sum(one)}, nil), visitOp(w, "桂园", []string{apptest.Sum(two)}, nil)
		send(w, author, first, a).OK()
		apptest.Must(t, w.Write(func(tx *db.Tx) error {
			_, err := tx.ExecContext(t.Context(), `UPDATE role_grant SET day_until = day_from WHERE account = $1`, w.Accounts[author])
			return err
		}))
		send(w, author, second, b).Refused(403, "http.forbidden")

		file := exportOf(t, key, [][]byte{one, two}, line(first, a), line(second, b))
		take := func(as string, raw []byte) apptest.Reply {
			return w.Do(apptest.Ask{As: as, Method: "POST", Path: "/field/exports", Body: raw})
		}
		take("clerk2", file).Refused(403, "http.forbidden")
		got := take("office", file).OK()
		w.Expect("photos", apptest.Num(got, "photos"), int64(2))
		w.Expect("the first is known", apptest.Text(got, "rows.0.state"), "known")
		w.Expect("the second is taken", apptest.Text(got, "rows.1.state"), "taken")
		w.Expect("owed no more", w.Scalar(`SELECT count(*) FROM evidence_owed`), int64(0))
		w.Expect("visits", w.Scalar(`SELECT count(*) FROM visit WHERE account = $1`, w.Accounts[author]), int64(2))
		w.Expect("bearer", w.Scalar(`SELECT count(*) FROM field_op WHERE account = $1 AND bearer = $2`, w.Accounts[author], w.Accounts["office"]), int64(1))
		w.Expect("again", apptest.Text(take("office", file).OK(), "rows.1.state"), "known")
		w.Expect("still", w.Scalar(`SELECT count(*) FROM visit`), int64(2))

		// Another's name under it, a letter changed, a file that is none.
		third := line(id.New(w.Clock.Now()), visitOp(w, "桂园", nil, nil))
		w.Expect("another key", apptest.Text(take("office", exportOf(t, "00", nil, third)).OK(), "rows.0.state"), "refused")
		third["account"] = w.Accounts["office"]
		w.Expect("another's name", apptest.Text(take("office", exportOf(t, key, nil, third)).OK(), "rows.0.state"), "refused")
		take("office", []byte("no zip")).Refused(422, "field.zip")
		take("office", file[:len(file)/2]).Refused(422, "field.zip")
		w.Expect("nothing of these", w.Scalar(`SELECT count(*) FROM visit`), int64(2))
	})
}
