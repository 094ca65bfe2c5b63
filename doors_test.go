package sifen

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What leads out of the program has one door each. A pattern found elsewhere is a second door, without the first one's lock.
var doors = []struct {
	what, only string
	pattern    *regexp.Regexp
}{
	{"requests to others' servers go through internal/outward", "internal/outward/",
		regexp.MustCompile(`http\.(Client\{|Transport\{|Get\(|Post\(|PostForm\(|Head\(|DefaultClient|DefaultTransport)`)},
	{"tables are written by internal/sheet", "internal/sheet/", regexp.MustCompile(`csv\.NewWriter|excelize\.NewFile`)},
	{"passwords are hashed by internal/account", "internal/account/", regexp.MustCompile(`argon2\.|bcrypt\.|scrypt\.`)},
}

func TestOneDoorEach(t *testing.T) {
	seen, found := 0, make([]bool, len(doors))
	for _, root := range []string{"internal", "cmd", "web", "packs"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && (d.Name() == "node_modules" || testOnly[d.Name()]) {
				return fs.SkipDir
			}
			if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return nil
			}
			raw, err := os.ReadFile(path)
			seen++
			for i, door := range doors {
				if !door.pattern.Match(raw) {
					continue
				}
				if found[i] = true; !strings.HasPrefix(filepath.ToSlash(path), door.only) {
					t.Errorf("%s: %s", path, door.what)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, door := range doors {
		if !found[i] {
			t.Errorf("nothing is found by %s: %s", door.pattern, door.what)
		}
	}
	if seen < 200 {
		t.Errorf("only %d files were looked at", seen)
	}
}
