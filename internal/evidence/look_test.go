package evidence

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math/bits"
	"testing"

	"golang.org/x/image/draw"
)

func scene(seed int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 320, 240))
	for y := range 240 {
		for x := range 320 {
			v := uint8(((x/40+seed)*(y/30+2*seed)*(37+11*seed) + x/8) % 256)
			img.Set(x, y, color.RGBA{v, uint8(y), v / 2, 255})
		}
	}
	return img
}

func encode(t *testing.T, img image.Image, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestLooks: saving again and scaling leave a photo alike, another scene is not, an empty wall says nothing.
func TestLooks(t *testing.T) {
	one, ok, _ := look(t.Context(), encode(t, scene(1), 92))
	if !ok {
		t.Fatal("a scene says nothing")
	}
	small := image.NewRGBA(image.Rect(0, 0, 200, 150))
	draw.CatmullRom.Scale(small, small.Bounds(), scene(1), scene(1).Bounds(), draw.Src, nil)
	for name, c := range map[string]struct {
		img     image.Image
		quality int
		same    bool
	}{
		"saved again":   {scene(1), 40, true},
		"scaled":        {small, 80, true},
		"another scene": {scene(4), 92, false},
	} {
		h, ok, _ := look(t.Context(), encode(t, c.img, c.quality))
		if d := bits.OnesCount64(h ^ one); !ok || d <= alike != c.same {
			t.Errorf("%s: %d bits differ, told %v", name, d, ok)
		}
	}
	wall := image.NewUniform(color.Gray{200})
	flat := image.NewRGBA(image.Rect(0, 0, 64, 64))
	draw.Draw(flat, flat.Bounds(), wall, image.Point{}, draw.Src)
	if _, ok, _ := look(t.Context(), encode(t, flat, 90)); ok {
		t.Error("an empty wall says something")
	}
	if _, ok, err := look(t.Context(), []byte("no image")); ok || err == nil {
		t.Error("no image says something")
	}
}
