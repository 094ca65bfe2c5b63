// Package packs embeds the rule packs that ship with the program.
package packs

import (
	"embed"
	"io/fs"
)

//go:embed all:base
var files embed.FS

// Base is the pack of every district: kinds, figures, schemes, roles and the template of the annual summary.
func Base() fs.FS {
	sub, err := fs.Sub(files, "base")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return sub
}
