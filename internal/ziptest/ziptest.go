// Package ziptest packs files of parts, as other programs write office files.
package ziptest

import (
	"archive/zip"
	"bytes"
	"io"
	"maps"
	"slices"
)

// Pack is a zip file of parts by name; extra parts replace or add.
func Pack(parts, extra map[string]string) []byte {
	maps.Copy(parts, extra)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, parts[name])
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}
