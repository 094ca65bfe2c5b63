// Package id makes and checks UUIDv7 identifiers.
package id

import (
	"crypto/rand"
	"encoding/hex"
	"sync"
	"time"
)

var (
	mu   sync.Mutex
	last uint64
)

// New returns a UUIDv7 of the instant t. Ids of one process ascend even within one millisecond:
// a 12-bit counter follows the milliseconds (RFC 9562, 6.2 method 1). An instant before 1970, such as the zero time, has no
// place in an id: it gets the next one after the last.
func New(t time.Time) string { return after(max(t.UnixMilli(), 0)) }

// Next returns the next id after the last one, for what is due at another instant than now.
func Next() string { return after(0) }

func after(ms0 int64) string {
	var b [16]byte
	if _, err := rand.Read(b[6:]); err != nil {
		panic(err) // crypto/rand does not fail on supported systems
	}
	mu.Lock()
	v := uint64(ms0) << 12
	if v <= last {
		v = last + 1
	}
	last = v
	mu.Unlock()
	ms, seq := v>>12, v&0xfff
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	b[6] = 0x70 | byte(seq>>8)
	b[7] = byte(seq)
	b[8] = b[8]&0x3f | 0x80
	var s [36]byte
	hex.Encode(s[:8], b[:4])
	hex.Encode(s[9:13], b[4:6])
	hex.Encode(s[14:18], b[6:8])
	hex.Encode(s[19:23], b[8:10])
	hex.Encode(s[24:], b[10:])
	s[8], s[13], s[18], s[23] = '-', '-', '-', '-'
	return string(s[:])
}

// Valid reports whether s is a UUID in lower case of version 4 or 7.
func Valid(s string) bool {
	if len(s) != 36 || s[14] != '7' && s[14] != '4' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
				return false
			}
		}
	}
	return true
}
