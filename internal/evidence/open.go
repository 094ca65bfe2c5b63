package evidence

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"io"

	"golang.org/x/sync/semaphore"
)

// maxOpen bounds the memory that pictures take while they are opened, all at once: one that needs more by itself is refused
// by its header, before a byte of it is unpacked.
const maxOpen = 320 << 20

var opening = semaphore.NewWeighted(maxOpen)

// weight estimates from its header the memory that opening a picture takes: pixels by the depth of their colours, what a
// progressive JPEG or an interlaced PNG keeps beside them, and the file itself.
func weight(r io.ReadSeeker) (cfg image.Config, bytes int64, err error) {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return cfg, 0, err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return cfg, 0, err
	}
	cfg, format, err := image.DecodeConfig(r)
	if err != nil {
		return cfg, 0, err
	}
	pixels := int64(cfg.Width) * int64(cfg.Height)
	if pixels <= 0 || pixels > MaxPixels {
		return cfg, maxOpen + 1, nil
	}
	depth := int64(4)
	switch cfg.ColorModel {
	case color.GrayModel:
		depth = 1
	case color.Gray16Model:
		depth = 2
	case color.YCbCrModel:
		depth = 3
	case color.RGBA64Model, color.NRGBA64Model:
		depth = 8
	}
	switch format {
	case "jpeg":
		is, err := progressive(r)
		if err != nil {
			return cfg, 0, err
		}
		if is {
			depth += 12 // the coefficients of three components, four bytes each
		}
	case "png":
		var head [29]byte
		if _, err := r.Seek(0, io.SeekStart); err != nil {
			return cfg, 0, err
		}
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return cfg, 0, err
		}
		if head[28] == 1 { // interlaced: the passes stand beside the whole
			depth *= 2
		}
	}
	_, err = r.Seek(0, io.SeekStart)
	return cfg, pixels*depth + size, err
}

// progressive reports whether a JPEG is stored in scans over the whole picture.
func progressive(r io.ReadSeeker) (bool, error) {
	if _, err := r.Seek(2, io.SeekStart); err != nil {
		return false, err
	}
	for {
		var m [4]byte
		if _, err := io.ReadFull(r, m[:]); err != nil {
			return false, err
		}
		for m[0] == 0xff && m[1] == 0xff { // filling
			copy(m[:], m[1:])
			if _, err := io.ReadFull(r, m[3:]); err != nil {
				return false, err
			}
		}
		switch m[1] {
		case 0xc0, 0xc1:
			return false, nil
		case 0xc2:
			return true, nil
		case 0xda, 0xd9:
			return false, nil
		}
		if _, err := r.Seek(int64(binary.BigEndian.Uint16(m[2:]))-2, io.SeekCurrent); err != nil {
			return false, err
		}
	}
}

// opened decodes a picture when there is room for it, and gives it to use before the room is free again.
func opened(ctx context.Context, r io.ReadSeeker, use func(img image.Image, turn int) error) error {
	_, need, err := weight(r)
	if err != nil {
		return err
	}
	if need > maxOpen {
		return ErrPixels
	}
	if err := opening.Acquire(ctx, need); err != nil {
		return err
	}
	defer opening.Release(need)
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	img, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return ErrNotImage.Because(err)
	}
	return use(img, orientation(raw))
}

// turned is a picture the way the camera was held (EXIF orientation 3, 6 and 8; mirrored ones do not come from cameras),
// without a copy of it.
type turned struct {
	image.Image
	turn int
}

func upright(img image.Image, turn int) image.Image {
	if turn != 3 && turn != 6 && turn != 8 {
		return img
	}
	return turned{img, turn}
}

// Bounds is the size of the picture as it was meant.
func (t turned) Bounds() image.Rectangle {
	b := t.Image.Bounds()
	if t.turn == 3 {
		return image.Rect(0, 0, b.Dx(), b.Dy())
	}
	return image.Rect(0, 0, b.Dy(), b.Dx())
}

// At is the colour of a point of the picture as it was meant.
func (t turned) At(x, y int) color.Color {
	b := t.Image.Bounds()
	switch t.turn {
	case 6:
		x, y = y, b.Dy()-1-x
	case 8:
		x, y = b.Dx()-1-y, x
	default:
		x, y = b.Dx()-1-x, b.Dy()-1-y
	}
	return t.Image.At(b.Min.X+x, b.Min.Y+y)
}
