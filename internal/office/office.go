// Package office opens the zip archive that a Word or Excel file is.
package office

import (
	"archive/zip"
	"bytes"
)

// old begins the files of Office before 2007 and those under a password.
var old = []byte{0xD0, 0xCF, 0x11, 0xE0}

// Limits are how large an archive may be, and what its reader calls each refusal.
type Limits struct {
	Bytes, Parts int

	TooLarge, OldOrLocked, NotOffice, TooManyParts error
}

// Open lists the parts of an archive within its limits; none of them is read.
func Open(b []byte, l Limits) (*zip.Reader, error) {
	if len(b) > l.Bytes {
		return nil, l.TooLarge
	}
	if bytes.HasPrefix(b, old) {
		return nil, l.OldOrLocked
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, l.NotOffice
	}
	if len(z.File) > l.Parts {
		return nil, l.TooManyParts
	}
	return z, nil
}
