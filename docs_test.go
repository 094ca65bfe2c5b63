package sifen

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var named = regexp.MustCompile("`((?:docs|internal|packs|web|e2e|bench|scripts|cmd)/[A-Za-z0-9_./-]+)`|\\]\\(([A-Za-z][A-Za-z0-9_./-]+)\\)")

// TestDocumentsNameWhatExists checks that every path the documents name is there.
func TestDocumentsNameWhatExists(t *testing.T) {
	files, err := filepath.Glob("docs/*.md")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d documents, %v", len(files), err)
	}
	seen := 0
	for _, f := range append(files, "README.md", "README.zh.md") {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(raw), -1) {
			p := m[1] + m[2]
			if strings.HasPrefix(p, "web/dist") {
				continue // built
			}
			seen++
			if _, err := os.Stat(p); err != nil {
				if _, err := os.Stat(filepath.Join(filepath.Dir(f), p)); err != nil {
					t.Errorf("%s names %s, which is not there", f, p)
				}
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d paths were found", seen)
	}
}

var now = regexp.MustCompile(`\btime\.(Now|Sleep)\(`)

// TestTimeComesFromTheClock allows time.Now and time.Sleep only in package clock, or with the reason on the line.
func TestTimeComesFromTheClock(t *testing.T) {
	files, err := filepath.Glob("internal/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("cmd/sifen/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(files, more...) {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(f, "internal/clock/") || strings.HasSuffix(f, "_test.go") {
			continue
		}
		for i, l := range strings.Split(string(raw), "\n") {
			if now.MatchString(l) && !strings.HasPrefix(strings.TrimSpace(l), "//") && !strings.Contains(l, "//nolint:forbidigo") {
				t.Errorf("%s:%d reads the machine's time; take the clock, or say why not", f, i+1)
			}
		}
	}
}
