package scene

import (
	"bytes"
	"encoding/binary"
	"math"
	"time"
)

// Exif makes the APP1 segment a telephone writes: model, time of the picture and where it was taken (Exif 2.3, TIFF 6.0).
func Exif(model string, taken time.Time, lat, lon float64) []byte {
	type field struct {
		tag, typ uint16
		count    uint32
		data     []byte
	}
	le := binary.LittleEndian
	ascii := func(tag uint16, s string) field { return field{tag, 2, uint32(len(s) + 1), append([]byte(s), 0)} }
	long := func(tag uint16, v uint32) field { return field{tag, 4, 1, le.AppendUint32(nil, v)} }
	degrees := func(tag uint16, v float64) field {
		var b []byte
		d, frac := math.Modf(v)
		m, frac := math.Modf(frac * 60)
		for _, x := range []struct{ num, den uint32 }{{uint32(d), 1}, {uint32(m), 1}, {uint32(math.Round(frac * 60 * 1000)), 1000}} {
			b = le.AppendUint32(le.AppendUint32(b, x.num), x.den)
		}
		return field{tag, 5, 3, b}
	}
	// a directory: its entries, then the values that do not fit into four bytes
	dir := func(at int, fields []field) []byte {
		head, tail := le.AppendUint16(nil, uint16(len(fields))), []byte{}
		room := at + 2 + 12*len(fields) + 4
		for _, f := range fields {
			head = le.AppendUint32(le.AppendUint16(le.AppendUint16(head, f.tag), f.typ), f.count)
			if len(f.data) <= 4 {
				head = append(head, append(f.data, make([]byte, 4-len(f.data))...)...)
				continue
			}
			head = le.AppendUint32(head, uint32(room+len(tail)))
			tail = append(tail, f.data...)
			if len(tail)%2 == 1 {
				tail = append(tail, 0)
			}
		}
		return append(append(head, 0, 0, 0, 0), tail...)
	}
	stamp := taken.Format("2006:01:02 15:04:05")
	main := func(sub, gps int) []field {
		return []field{ascii(0x0110, model), ascii(0x0132, stamp), long(0x8769, uint32(sub)), long(0x8825, uint32(gps))}
	}
	size := len(dir(8, main(0, 0)))
	sub := dir(8+size, []field{ascii(0x9003, stamp)})
	gpsAt := 8 + size + len(sub)
	gps := dir(gpsAt, []field{ascii(0x0001, "N"), degrees(0x0002, lat), ascii(0x0003, "E"), degrees(0x0004, lon)})
	tiff := append([]byte("II*\x00\x08\x00\x00\x00"), dir(8, main(8+size, gpsAt))...)
	tiff = append(append(tiff, sub...), gps...)
	body := append([]byte("Exif\x00\x00"), tiff...)
	return append([]byte{0xff, 0xe1, byte((len(body) + 2) >> 8), byte(len(body) + 2)}, body...)
}

// WithExif puts the segment behind the start marker of a JPEG.
func WithExif(jpeg, segment []byte) []byte {
	return bytes.Join([][]byte{jpeg[:2], segment, jpeg[2:]}, nil)
}
