package app_test

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"sifen/internal/app"
	"sifen/packs"
)

func TestWrongPacks(t *testing.T) {
	for _, c := range []struct {
		name, file, old, new string
		line                 int
		word                 string
	}{
		{"an expression with an unknown field", "indicators/organisation.yaml", `where: type == "mobilisation"`, `where: typ == "mobilisation"`, 5, "typ"},
		{"an expression that does not parse", "indicators/organisation.yaml", `where: type == "mobilisation"`, `where: type == == "x"`, 5, ""},
		{"a figure of a kind there is not", "indicators/publicity.yaml", `kind: base-visit, measure: count`, `kind: base-vist, measure: count`, 2, "base-vist"},
		{"a verb there is not", "roles/roles.yaml", "verbs: [ledger.read, figure.read, ", "verbs: [ledger.read, figure.write, ", 0, "figure.write"},
		{"a photo that is forced", "kinds/facilities.yaml", "type: photo, min: 0", "type: photo, min: 1", 0, ""},
		{"a template that names a text it does not have", "templates/annual-summary.yaml", "key: 存在问题", "key: 没有问题", 0, "存在问题"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := fstest.MapFS{}
			base := packs.Base()
			must(t, fsWalk(base, func(path string, raw []byte) { files[path] = &fstest.MapFile{Data: raw} }))
			was := string(files[c.file].Data)
			files[c.file] = &fstest.MapFile{Data: []byte(strings.Replace(was, c.old, c.new, 1))}
			if was == string(files[c.file].Data) {
				t.Fatalf("%s holds no %q", c.file, c.old)
			}
			reg := app.NewRegistry()
			p, faults := reg.Load(files)
			if len(faults) == 0 {
				_, faults = reg.Build(p)
			}
			if len(faults) == 0 {
				t.Fatal("no fault is found")
			}
			f := faults[0]
			line := strings.Count(was[:strings.Index(was, c.old)], "\n") + 1
			if c.line == 0 && !strings.HasPrefix(c.file, "templates/") && abs(f.Line-line) > 1 || c.line > 0 && f.Line != line {
				t.Errorf("%s, want line %d", f, line)
			}
			if !strings.Contains(f.String(), c.word) {
				t.Errorf("%s does not name %s", f, c.word)
			}
			if f.Message.Zh == "" || f.Message.En == "" || f.Message.Zh == f.Message.En {
				t.Errorf("says %q and %q", f.Message.Zh, f.Message.En)
			}
		})
	}
}

func fsWalk(f fs.FS, each func(path string, raw []byte)) error {
	return fs.WalkDir(f, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(f, path)
		each(path, raw)
		return err
	})
}

func abs(n int) int { return max(n, -n) }

func TestWrongTemplates(t *testing.T) {
	for _, c := range []struct{ name, old, new, word string }{
		{"a figure there is not", "{{印发工作方案}}", "{{印发工作方桉}}", "印发工作方桉"},
		{"a tag that does not end", "{{印发通知}}", "{{印发通知", "印发通知"},
		{"a form there is not", "{{分类体系}}", "{{分类体系|罗马}}", "罗马"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := fstest.MapFS{}
			must(t, fsWalk(packs.Base(), func(path string, raw []byte) { files[path] = &fstest.MapFile{Data: raw} }))
			const name = "templates/annual-summary.docx"
			in, err := zip.NewReader(bytes.NewReader(files[name].Data), int64(len(files[name].Data)))
			must(t, err)
			var b bytes.Buffer
			out := zip.NewWriter(&b)
			replaced := false
			for _, f := range in.File {
				r, err := f.Open()
				must(t, err)
				raw, err := io.ReadAll(r)
				must(t, err)
				replaced = replaced || bytes.Contains(raw, []byte(c.old))
				w, err := out.Create(f.Name)
				must(t, err)
				_, err = w.Write(bytes.Replace(raw, []byte(c.old), []byte(c.new), 1))
				must(t, err)
			}
			must(t, out.Close())
			if !replaced {
				t.Fatalf("the template holds no %s", c.old)
			}
			files[name] = &fstest.MapFile{Data: b.Bytes()}
			reg := app.NewRegistry()
			p, faults := reg.Load(files)
			if len(faults) == 0 {
				_, faults = reg.Build(p)
			}
			if len(faults) == 0 || !strings.Contains(faults[0].Message.Zh, c.word) || !strings.Contains(faults[0].Message.En, c.word) ||
				faults[0].Message.Zh == faults[0].Message.En {
				t.Errorf("faults: %v", faults)
			}
		})
	}
}
