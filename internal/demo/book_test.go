package demo

import (
	"bytes"
	"context"
	"testing"

	"sifen/internal/app"
	"sifen/internal/clock"
	"sifen/internal/demo/scene"
	"sifen/internal/evidence"
	"sifen/internal/sheet"
)

func TestWorkbooksLookLikeTheTemplate(t *testing.T) {
	ctx := context.Background()
	a, err := app.Open(ctx, app.Options{Data: t.TempDir(), Clock: clock.At(Start)})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	district, err := a.Init(ctx, Code, Name)
	if err != nil {
		t.Fatal(err)
	}
	all, err := kinds()
	if err != nil {
		t.Fatal(err)
	}
	head := func(raw []byte) ([]sheet.Cell, map[string]string) {
		tab, err := sheet.Read(raw, sheet.ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		defer tab.Close()
		return tab.Head, tab.Meta
	}
	for key, k := range all {
		var want bytes.Buffer
		if err := a.Intake.Template(ctx, district, key, &want); err != nil {
			t.Fatal(err)
		}
		have, err := (&Book{Kind: key}).bytes(k)
		if err != nil {
			t.Fatal(err)
		}
		w, wm := head(want.Bytes())
		h, hm := head(have)
		if len(w) != len(h) {
			t.Errorf("%s has %d columns, its template %d", key, len(h), len(w))
			continue
		}
		for i := range w {
			if w[i].Text != h[i].Text {
				t.Errorf("%s: column %q, in the template %q", key, h[i].Text, w[i].Text)
			}
		}
		for m, v := range wm {
			if m != "version" && hm[m] != v {
				t.Errorf("%s: %s is %q, in the template %q", key, m, hm[m], v)
			}
		}
	}
}

func TestPhotosTellWhenAndWhere(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Make().Photos() {
		if seen[p.scene] { // one of each scene
			continue
		}
		seen[p.scene] = true
		raw, err := p.bytes()
		if err != nil {
			t.Fatal(err)
		}
		in, err := evidence.Inspect(raw)
		if err != nil {
			t.Fatal(err)
		}
		if in.Width != scene.Width || in.Height != scene.Height || in.Camera != p.model || in.TakenAt != p.taken.Format("2006-01-02 15:04:05") {
			t.Errorf("%s: %+v", p.Name, in)
		}
		if in.Lat == nil || in.Lon == nil {
			t.Errorf("%s has no place", p.Name)
		} else if far(*in.Lat, p.lat) || far(*in.Lon, p.lon) {
			t.Errorf("%s lies at %d %d, wanted %f %f", p.Name, *in.Lat, *in.Lon, p.lat, p.lon)
		}
	}
	for _, s := range scene.Names() {
		if !seen[s] {
			t.Errorf("no photo shows %s", s)
		}
	}
}

// far is more than a few centimetres.
func far(e7 int64, degrees float64) bool {
	d := float64(e7)/1e7 - degrees
	return d > 1e-6 || d < -1e-6
}
