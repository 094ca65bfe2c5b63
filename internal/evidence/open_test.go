package evidence

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"testing"
)

// pngHead is a PNG that ends after its header.
func pngHead(width, height uint32, depth, kind, interlaced byte) []byte {
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
	b = binary.BigEndian.AppendUint32(b, width)
	b = binary.BigEndian.AppendUint32(b, height)
	b = append(b, depth, kind, 0, 0, interlaced)
	return binary.BigEndian.AppendUint32(b, crcOf(b[12:]))
}

func crcOf(b []byte) uint32 {
	crc := ^uint32(0)
	for _, c := range b {
		crc ^= uint32(c)
		for range 8 {
			crc = crc>>1 ^ 0xedb88320*(crc&1)
		}
	}
	return ^crc
}

// jpegHead is a JPEG that ends where its scan begins; an application's segment stands before it.
func jpegHead(width, height uint16, frame byte) []byte {
	b := []byte{0xff, 0xd8, 0xff, 0xe1, 0, 6, 0xff, 0xc2, 1, 2, 0xff, frame, 0, 17, 8}
	b = binary.BigEndian.AppendUint16(b, height)
	b = binary.BigEndian.AppendUint16(b, width)
	return append(b, 3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0, 0xff, 0xda, 0, 12)
}

// TestPicturesAreJudgedByTheirHeaders: what a picture would take once unpacked is known before it is.
func TestPicturesAreJudgedByTheirHeaders(t *testing.T) {
	for _, c := range []struct {
		name    string
		content []byte
		perByte int64 // bytes per pixel
		refused bool
	}{
		{"a phone's photo of 48 megapixels", jpegHead(8000, 6000, 0xc0), 3, false},
		{"12 megapixels in progressive scans", jpegHead(4000, 3000, 0xc2), 15, false},
		{"48 megapixels in progressive scans", jpegHead(8000, 6000, 0xc2), 15, true},
		{"a screenshot", pngHead(2000, 1000, 8, 6, 0), 4, false},
		{"the same interlaced", pngHead(2000, 1000, 8, 6, 1), 8, false},
		{"a small file of 45 megapixels, 16 bits deep", pngHead(9000, 5000, 16, 6, 0), 8, true},
		{"the same in grey", pngHead(9000, 5000, 16, 0, 0), 2, false},
		{"more than 50 megapixels", pngHead(10000, 5001, 1, 0, 0), 0, true},
	} {
		cfg, need, err := weight(bytes.NewReader(c.content))
		if err != nil || (need > maxOpen) != c.refused {
			t.Errorf("%s: %d bytes, %v", c.name, need, err)
		}
		if want := int64(cfg.Width)*int64(cfg.Height)*c.perByte + int64(len(c.content)); c.perByte > 0 && need != want {
			t.Errorf("%s: %d bytes, want %d", c.name, need, want)
		}
	}
}

// TestUpright: a turned picture is what the camera saw.
func TestUpright(t *testing.T) {
	src := image.NewGray(image.Rect(5, 7, 8, 9)) // 3 wide, 2 high: 0 1 2 / 10 11 12
	for y := range 2 {
		for x := range 3 {
			src.SetGray(5+x, 7+y, color.Gray{Y: uint8(10*y + x)})
		}
	}
	for turn, want := range map[int][][]uint8{
		1: {{0, 1, 2}, {10, 11, 12}},
		3: {{12, 11, 10}, {2, 1, 0}},
		6: {{10, 0}, {11, 1}, {12, 2}},
		8: {{2, 12}, {1, 11}, {0, 10}},
	} {
		got := upright(src, turn)
		b := got.Bounds()
		if b.Dx() != len(want[0]) || b.Dy() != len(want) {
			t.Fatalf("turn %d: %v", turn, b)
		}
		for y := range want {
			for x, v := range want[y] {
				if g := color.GrayModel.Convert(got.At(b.Min.X+x, b.Min.Y+y)).(color.Gray).Y; g != v {
					t.Errorf("turn %d at %d,%d: %d, want %d", turn, x, y, g, v)
				}
			}
		}
	}
}
