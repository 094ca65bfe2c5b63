package apptest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"
)

// Draft starts the summary of a unit and period and returns its id and revision.
func (w *World) Draft(unit, period string) (string, int64) {
	w.T.Helper()
	d := w.Post("office", "/documents", Vals{"template": "annual-summary", "unit": w.Units[unit], "period": period}, 0).OK()
	return Text(d, "id"), Num(d, "rev")
}

// Plan starts the plan of a unit for a year and returns its id.
func (w *World) Plan(unit string, year int) string {
	w.T.Helper()
	return Text(w.Post("office", "/plans", Vals{"unit": w.Units[unit], "year": year}, 0).OK(), "id")
}

// Figure reads the value of a figure.
func (w *World) Figure(key, unit, period string) int64 {
	w.T.Helper()
	return Num(w.Get("office", fmt.Sprintf("/figures/%s?unit=%d&period=%s", key, w.Units[unit], period)).OK(), "value")
}

// FigureYear enters and verifies seven sessions over two years, and one that waits.
func (w *World) FigureYear() {
	w.T.Helper()
	for i, s := range []struct {
		as, by, unit, day string
		audience          int
	}{
		{"clerk1", "manager1", "桂花社区", "2020-02-05", 30}, {"clerk1", "manager1", "桂花社区", "2020-05-05", 40}, {"clerk1", "manager1", "桂花社区", "2020-05-06", 50},
		{"clerk2", "manager1", "兰花社区", "2020-06-30", 20}, {"clerk3", "manager2", "荷花社区", "2020-11-01", 10}, {"clerk1", "manager1", "桂花社区", "2019-05-05", 5},
		{"manager1", "office", "东街", "2020-04-01", 100},
	} {
		v := Session(s.day, s.audience)
		v["form"] = []string{"lecture", "training"}[i%2]
		w.Counted(s.as, s.by, "publicity-session", s.unit, v)
	}
	w.Enter("clerk1", "publicity-session", "桂花社区", Session("2020-05-07", 999))
}

// PlaceBody is what a person says of a new place.
func PlaceBody(name string) Vals {
	return Vals{"name": name, "address": "", "batch": "b1", "households": 120, "containers": []any{}, "hours": []any{}, "photos": []any{}}
}

// Sum is the address of a file.
func Sum(b []byte) string { s := sha256.Sum256(b); return hex.EncodeToString(s[:]) }

// WordFile is the template of the annual summary, for tests in a folder below internal.
func WordFile(t testing.TB) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "packs", "base", "templates", "annual-summary.docx"))
	Must(t, err)
	return raw
}

// Photo is a small JPEG; another number is another photo.
func Photo(n uint8) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range 40 {
		img.Set(i, int(n)%30, color.RGBA{n, 90, uint8(i), 255})
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// Upload keeps a file and returns its address.
func (w *World) Upload(as string, content []byte) string {
	w.T.Helper()
	sha := Sum(content)
	w.Do(Ask{As: as, Method: "PUT", Path: "/blobs/" + sha + "?name=a", Body: content}).OK()
	return sha
}

// OutlineOf is a GeoJSON file with the outline of one unit.
func OutlineOf(unit string) string {
	return fmt.Sprintf(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":%q},"geometry":{"type":"Polygon",`+
		`"coordinates":[[[118.1,31.1],[118.2,31.1],[118.2,31.2],[118.1,31.1]]]}}]}`, unit)
}
