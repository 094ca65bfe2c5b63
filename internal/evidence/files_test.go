package evidence_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sifen/internal/apptest"
)

// png makes a picture of a size that holds one row only: small to send, huge to unpack.
func png(width, height uint32) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, data []byte) {
		_ = binary.Write(&b, binary.BigEndian, uint32(len(data)))
		b.WriteString(kind)
		b.Write(data)
		_ = binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(append([]byte(kind), data...)))
	}
	head := make([]byte, 13)
	binary.BigEndian.PutUint32(head, width)
	binary.BigEndian.PutUint32(head[4:], height)
	head[8], head[9] = 8, 2
	chunk("IHDR", head)
	var z bytes.Buffer
	zw := zlib.NewWriter(&z)
	_, _ = zw.Write(make([]byte, 3*64+1))
	_ = zw.Close()
	chunk("IDAT", z.Bytes())
	chunk("IEND", nil)
	return b.Bytes()
}

func TestFilesThatAreNoEvidence(t *testing.T) {
	w := apptest.New(t, false)
	for _, c := range []struct {
		name    string
		content []byte
		status  int
		code    string
	}{
		{"a photo that is no photo", []byte("<html>hello"), 422, "evidence.not-image"},
		{"a picture cut off in its head", apptest.Photo(1)[:20], 422, "evidence.not-image"},
		{"a small file of 40000 by 40000 pixels", png(40000, 40000), 422, "evidence.too-many-pixels"},
		{"a HEIC", append([]byte("\x00\x00\x00\x18ftypheic"), make([]byte, 64)...), 422, "evidence.heic"},
		{"a photo cut off in the middle", apptest.Photo(1)[:len(apptest.Photo(1))-20], 422, "evidence.broken"},
		{"a photo of 60 MB", append(apptest.Photo(1), make([]byte, 60<<20)...), 413, "http.too-large"},
		{"more than 15 MB", append(apptest.Photo(1), make([]byte, 15<<20)...), 413, "evidence.too-big"},
	} {
		w.Run(c.name, func(t *testing.T) {
			w.Bad(apptest.Ask{As: "clerk1", Method: "PUT", Path: "/blobs/" + apptest.Sum(c.content), Body: c.content}, c.status, c.code, "", "")
		})
	}
	w.Run("a photo without EXIF", func(t *testing.T) {
		r := w.Do(apptest.Ask{As: "clerk1", Method: "PUT", Path: "/blobs/" + apptest.Sum(apptest.Photo(9)), Body: apptest.Photo(9)}).OK()
		if apptest.Num(r, "width") != 40 || r["taken_at"] != nil || r["lat"] != nil || r["lon"] != nil || r["camera"] != nil {
			t.Errorf("facts out of nothing: %v", r)
		}
	})
	w.Run("damaged on its way", func(t *testing.T) {
		w.Bad(apptest.Ask{As: "clerk1", Method: "PUT", Path: "/blobs/" + strings.Repeat("0", 64), Body: apptest.Photo(1)}, 422, "evidence.sum", "", "")
	})
	w.Run("a document where a photo belongs", func(t *testing.T) {
		sha := w.Upload("clerk1", []byte("%PDF-1.7 x"))
		w.Bad(apptest.Ask{As: "clerk1", Method: "POST", Path: "/entries", Body: apptest.Vals{"kind": "publicity-session", "unit": w.Units["桂花社区"],
			"values": apptest.With(apptest.Session("2020-12-05", 1), "photos", []string{sha})}}, 422, "ledger.invalid", "/values/photos/0", "value.not-photo")
	})
}

// TestDamageIsNoticed: a kept file that changed or went is never served as what it was, and the same file put again mends it.
func TestDamageIsNoticed(t *testing.T) {
	w := apptest.New(t, false)
	photo := apptest.Photo(3)
	sha := w.Upload("clerk1", photo)
	file := filepath.Join(w.Dir, "evidence", sha[:2], sha)
	ask := func(size string) apptest.Reply {
		apptest.Must(t, os.RemoveAll(filepath.Join(w.Dir, "cache"))) // copies made before are as good as ever
		return w.Get("clerk1", "/blobs/"+sha+"?size="+size)
	}
	if r := ask("original"); r.Status != 200 || !bytes.Equal(r.Body, photo) {
		t.Fatalf("a sound file: %d", r.Status)
	}
	flipped := bytes.Clone(photo)
	flipped[len(flipped)/2] ^= 1
	for name, content := range map[string][]byte{"one bit": flipped, "cut off": photo[:100], "empty": {}, "gone": nil} {
		code := "evidence.damaged"
		if content == nil {
			apptest.Must(t, os.Remove(file))
			code = "evidence.lost"
		} else {
			apptest.Must(t, os.WriteFile(file, content, 0o600))
		}
		for _, size := range []string{"original", "view", "thumb"} {
			if r := ask(size); r.Status != 410 || apptest.Text(r.Refused(410, code), "type") == "" {
				t.Errorf("%s as %s: %d", name, size, r.Status)
			}
		}
		w.Upload("clerk1", photo)
		if r := ask("original"); r.Status != 200 || !bytes.Equal(r.Body, photo) {
			t.Errorf("%s, put again: %d", name, r.Status)
		}
	}
}

// TestOwnFilesEndWithTheGrant: what somebody brought and no record shows him is his as long as the grant under which he did.
func TestOwnFilesEndWithTheGrant(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		sha := w.Upload("clerk1", apptest.Photo(5))
		open := func() int { return w.Get("clerk1", "/blobs/"+sha+"?size=original").Status }
		w.Expect("his own", open(), 200)
		grant := ""
		for _, p := range apptest.List(w.Get("admin", "/people").OK(), "items") {
			if apptest.Text(p, "login") == "clerk1" {
				grant = apptest.Text(p, "grants.0.id")
			}
		}
		apptest.Must(w.T, w.App.DB.Exec(context.Background(), `UPDATE evidence_bearer SET at = at - 86400000`)) // he brought it yesterday
		w.Post("admin", "/people/"+w.Accounts["clerk1"]+"/grants", apptest.Vals{"role": "clerk", "unit": w.Units["兰花社区"], "from": "2020-12-31"}, 0).OK()
		w.Expect("with both grants", open(), 200)
		w.Do(apptest.Ask{As: "admin", Method: "DELETE", Path: "/grants/" + grant}).OK()
		w.Expect("after the first one ended", open(), 404)
	})
}
