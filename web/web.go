// Package web embeds the built front end. Without a build a stub page says how to make one, so that go build and
// go test need no Node.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

//go:embed stub.html
var Stub []byte

// Dist is the built front end; it may be empty.
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return sub
}
