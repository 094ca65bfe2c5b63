package sifen

import (
	"bufio"
	"bytes"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// layers lists the internal packages from the bottom up; a package imports only packages on lower lines.
// docs/architecture.md says what each line is for.
const layers = `
unit period problem clock id access office spelling words memo draw
config i18n blob docx sheet formula pinyin outward seal
db
outbox
journal httpapi
pack
org scheme calendar
attribute
penalty
kind digest
indicator likeness outline
module template
account
notify evidence closing live
kept
document
ledger
place intake order views kinds reorg due plan rectify
inspect
field
paper checklist special
assess
fund
dispatch
dossier
figure workbench doctor
app
demo
`

// testOnly packages may import anything and be imported by tests alone.
var testOnly = map[string]bool{"dbtest": true, "apptest": true, "ziptest": true, "strangers": true}

func TestImportsPointDown(t *testing.T) {
	rank := map[string]int{}
	for i, line := range strings.Split(strings.TrimSpace(layers), "\n") {
		for _, p := range strings.Fields(line) {
			rank[p] = i
		}
	}
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./internal/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	name := func(path string) (string, bool) {
		_, rest, ok := strings.Cut(path, "sifen/internal/")
		head, _, _ := strings.Cut(rest, "/")
		return head, ok
	}
	seen := 0
	for s := bufio.NewScanner(strings.NewReader(string(out))); s.Scan(); {
		f := strings.Fields(s.Text())
		from, _ := name(f[0])
		if testOnly[from] {
			continue
		}
		seen++
		if _, ok := rank[from]; !ok {
			t.Errorf("%s is on no layer", from)
		}
		for _, imp := range f[1:] {
			to, ok := name(imp)
			if !ok || to == from {
				continue
			}
			if testOnly[to] {
				t.Errorf("%s imports %s, which is for tests", from, to)
			} else if rank[to] >= rank[from] {
				t.Errorf("%s imports %s: not below it", from, to)
			}
		}
	}
	if seen < 25 {
		t.Errorf("only %d packages were looked at", seen)
	}
}

// TestRulesStayFreeOfHTTP keeps web code in api.go and its likes: what a package decides must not depend on a request.
func TestRulesStayFreeOfHTTP(t *testing.T) {
	web := map[string]bool{"httpapi": true, "app": true, "live": true, "evidence": true, // evidence sniffs media types
		"outward": true}
	files, err := filepath.Glob("internal/*/*.go")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		pkg := filepath.Base(filepath.Dir(f))
		if strings.HasSuffix(f, "_test.go") || testOnly[pkg] || web[pkg] || filepath.Base(f) == "api.go" || strings.HasSuffix(f, "_api.go") {
			continue
		}
		src, err := parser.ParseFile(token.NewFileSet(), f, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, imp := range src.Imports {
			if strings.Trim(imp.Path.Value, `"`) == "net/http" {
				t.Errorf("%s imports net/http: only api.go may", f)
			}
		}
	}
}

// linesStayShort keeps every line of Go within 160 characters, a tab as four.
func linesStayShort(t *testing.T, path, text string) {
	t.Helper()
	at := 0
	for line := range strings.Lines(text) {
		at++
		line = strings.TrimSuffix(line, "\n")
		if n := utf8.RuneCountInString(line) + 3*strings.Count(line, "\t"); n > 160 {
			t.Errorf("%s:%d has %d characters, 160 at the most", path, at, n)
		}
	}
}

// TestFilesStaySmall keeps every file we write within 500 lines, 95 of 100 within 400, and every package within 4,500
// without its tests.
func TestFilesStaySmall(t *testing.T) {
	var sizes []int
	packages := map[string]int{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "dist" || d.Name() == ".git" || d.Name() == "demo-data") {
			return fs.SkipDir
		}
		switch filepath.Ext(path) {
		case ".go", ".ts", ".tsx", ".css":
		default:
			return nil
		}
		if filepath.Base(path) == "schema.d.ts" { // generated
			return nil
		}
		raw, err := os.ReadFile(path)
		n := bytes.Count(raw, []byte("\n"))
		if sizes = append(sizes, n); n > 500 {
			t.Errorf("%s has %d lines", path, n)
		}
		if filepath.Ext(path) == ".go" {
			linesStayShort(t, path, string(raw))
		}
		if filepath.Ext(path) == ".go" && !strings.HasSuffix(path, "_test.go") {
			packages[filepath.Dir(path)] += n
		}
		return err
	})
	if err != nil || len(sizes) < 80 {
		t.Fatalf("%d files, %v", len(sizes), err)
	}
	slices.Sort(sizes)
	if most := sizes[len(sizes)*95/100]; most > 400 {
		t.Errorf("95 of 100 files have up to %d lines", most)
	}
	for p, n := range packages {
		if n > 4500 {
			t.Errorf("package %s has %d lines", p, n)
		}
	}
}
