package app_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"sifen/internal/app"
	"sifen/internal/apptest"
	"sifen/internal/id"
	"sifen/packs"
)

func TestWrongValues(t *testing.T) {
	each(t, func(w *world) {
		good := session("2020-12-05", 31)
		here := w.units["桂花社区"]
		for _, c := range []struct {
			name           string
			body           any
			pointer, field string
			code           string
		}{
			{"a date that is none", vals{"kind": "publicity-session", "unit": here, "values": with(good, "held_on", "2020-02-30")}, "/values/held_on",
				"value.date", "ledger.invalid"},
			{"a date in another order", vals{"kind": "publicity-session", "unit": here, "values": with(good, "held_on", "05.12.2020")}, "/values/held_on",
				"value.date", "ledger.invalid"},
			{"a day to come", vals{"kind": "publicity-session", "unit": here, "values": with(good, "held_on", "2021-01-01")}, "/values/held_on",
				"value.future", "ledger.invalid"},
			{"a day of the last century", vals{"kind": "publicity-session", "unit": here, "values": with(good, "held_on", "1999-12-31")}, "/values/held_on",
				"value.too-early", "ledger.invalid"},
			{"a day before the unit was made", vals{"kind": "publicity-session", "unit": here, "values": with(good, "held_on", "2018-12-31")}, "/unit",
				"ledger.unit-life", "ledger.invalid"},
			{"a negative headcount", vals{"kind": "publicity-session", "unit": here, "values": with(good, "audience", -1)}, "/values/audience",
				"value.too-small", "ledger.invalid"},
			{"half a person", vals{"kind": "publicity-session", "unit": here, "values": with(good, "audience", 1.5)}, "/values/audience", "value.number",
				"ledger.invalid"},
			{"a number in words", vals{"kind": "publicity-session", "unit": here, "values": with(good, "audience", "三十")}, "/values/audience",
				"value.number", "ledger.invalid"},
			{"more people than live there", vals{"kind": "publicity-session", "unit": here, "values": with(good, "audience", 100001)}, "/values/audience",
				"value.too-large", "ledger.invalid"},
			{"nothing where something is required", vals{"kind": "publicity-session", "unit": here, "values": with(good, "topic", nil), "submit": true},
				"/values/topic", "value.required", "ledger.invalid"},
			{"an option that is none", vals{"kind": "publicity-session", "unit": here, "values": with(good, "form", "party")}, "/values/form",
				"value.option", "ledger.invalid"},
			{"a field that is none", vals{"kind": "publicity-session", "unit": here, "values": with(good, "Audience", 3)}, "/values/Audience",
				"value.unknown-field", "ledger.invalid"},
			{"a text that is a number", vals{"kind": "publicity-session", "unit": here, "values": with(good, "topic", 7)}, "/values/topic", "value.text",
				"ledger.invalid"},
			{"a text without end", vals{"kind": "publicity-session", "unit": here, "values": with(good, "topic", strings.Repeat("长", 81))}, "/values/topic",
				"value.too-long", "ledger.invalid"},
			{"a reference to nothing", vals{"kind": "publicity-session", "unit": here, "values": with(good, "team", id.New(start))}, "/values/team",
				"value.reference", "ledger.invalid"},
			{"a photo that was never uploaded", vals{"kind": "publicity-session", "unit": here,
				"values": with(good, "photos", []string{strings.Repeat("a", 64)})}, "/values/photos/0", "value.file-missing", "ledger.invalid"},
			{"a unit that is none", vals{"kind": "publicity-session", "unit": 99999, "values": good}, "/unit", "value.unit", "ledger.invalid"},
			{"a unit outside one's reach", vals{"kind": "publicity-session", "unit": w.units["荷花社区"], "values": good}, "/unit", "value.unit", "ledger.invalid"},
			{"a unit of the wrong type", vals{"kind": "estate-sorting", "unit": here, "values": vals{"since": "2020-12-01"}}, "/unit", "ledger.unit-type",
				"ledger.invalid"},
			{"an end before the start", vals{"kind": "estate-sorting", "unit": w.units["桂园"], "values": vals{"since": "2020-12-01", "until": "2020-11-30"}},
				"/values/until", "value.before-start", "ledger.invalid"},
			{"U+0000 in a text", vals{"kind": "publicity-session", "unit": here, "values": with(good, "topic", "a\x00b")}, "", "value.characters",
				"http.input"},
			{"U+0000 in a key", vals{"kind": "publicity-session", "unit": here, "values": with(good, "a\x00", "b")}, "", "value.characters", "http.input"},
			{"a key in the wrong case", fmt.Sprintf(`{"Kind":"publicity-session","kind":"publicity-session","unit":%d,"values":{}}`, here), "/Kind",
				"value.unknown-field", "http.input"},
			{"no kind", fmt.Sprintf(`{"unit":%d,"values":{}}`, here), "/kind", "value.required", "http.input"},
			{"a unit in quotes", `{"kind":"publicity-session","unit":"9","values":{}}`, "/unit", "value.number", "http.input"},
		} {
			w.run(c.name, func(t *testing.T) {
				w.bad(ask{as: "clerk1", method: "POST", path: "/entries", body: c.body}, 422, c.code, c.pointer, c.field)
			})
		}
		w.run("a kind that is none", func(t *testing.T) {
			w.bad(ask{as: "clerk1", method: "POST", path: "/entries", body: vals{"kind": "party", "unit": here, "values": vals{}}}, 404, "ledger.no-kind",
				"", "")
		})
		w.run("a backslash and u0000 as letters are text", func(t *testing.T) {
			e := w.post("clerk1", "/entries", vals{"kind": "publicity-session", "unit": here, "values": with(good, "topic", `写作 \u0000 的文字`)}, 0).ok()
			if text(e, "title") != `写作 \u0000 的文字` {
				t.Errorf("%v", e["title"])
			}
		})
		w.run("broken text in an address", func(t *testing.T) {
			for _, path := range []string{"/entries?q=%ff", "/entries?q=%00", "/entries?kind=%ff", "/persons?q=%ff", "/refs?kind=lecture-team&q=%ff%00",
				"/entries/%ff", "/documents/%ff%00", "/blobs/%ff"} {
				if r := w.get("office", path); r.status/100 != 4 {
					t.Errorf("%s: %d %s", path, r.status, r.body)
				}
			}
		})
		w.run("a body over 1 MiB", func(t *testing.T) {
			big := `{"kind":"` + strings.Repeat("x", 1<<20) + `"}`
			w.bad(ask{as: "clerk1", method: "POST", path: "/entries", body: big}, 413, "http.too-large", "", "")
			w.bad(ask{as: "clerk1", method: "POST", path: "/entries", body: []byte(big)}, 413, "http.too-large", "", "")
		})
		w.run("no operation id, no revision", func(t *testing.T) {
			w.bad(ask{as: "clerk1", method: "POST", path: "/entries", body: vals{"kind": "publicity-session", "unit": here, "values": good},
				header: map[string]string{"Idempotency-Key": "1"}}, 422, "http.operation-id", "", "")
			e, _ := w.enter("clerk1", "publicity-session", "桂花社区", good)
			w.bad(ask{as: "manager1", method: "POST", path: "/entries/" + e + "/verify"}, 428, "http.if-match", "", "")
			w.bad(ask{as: "manager1", method: "POST", path: "/entries/" + e + "/return", match: 1, body: vals{"reason": "x"}}, 422, "ledger.reason", "", "")
		})
	})
}

// png makes a picture of a size that holds one row only: small to send, huge to unpack.
func png(width, height uint32) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, data []byte) {
		_ = binary.Write(&b, binary.BigEndian, uint32(len(data)))
		b.WriteString(kind)
		b.Write(data)
		_ = binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(append([]byte(kind), data...)))
	}
	head := make([]byte, 13)
	binary.BigEndian.PutUint32(head, width)
	binary.BigEndian.PutUint32(head[4:], height)
	head[8], head[9] = 8, 2
	chunk("IHDR", head)
	var z bytes.Buffer
	zw := zlib.NewWriter(&z)
	_, _ = zw.Write(make([]byte, 3*64+1))
	_ = zw.Close()
	chunk("IDAT", z.Bytes())
	chunk("IEND", nil)
	return b.Bytes()
}

func TestFilesThatAreNoEvidence(t *testing.T) {
	w := newWorld(t, false)
	for _, c := range []struct {
		name    string
		content []byte
		status  int
		code    string
	}{
		{"a photo that is no photo", []byte("<html>hello"), 422, "evidence.not-image"},
		{"a picture cut off in its head", apptest.Photo(1)[:20], 422, "evidence.not-image"},
		{"a small file of 40000 by 40000 pixels", png(40000, 40000), 422, "evidence.too-many-pixels"},
		{"a HEIC", append([]byte("\x00\x00\x00\x18ftypheic"), make([]byte, 64)...), 422, "evidence.heic"},
		{"a photo cut off in the middle", apptest.Photo(1)[:len(apptest.Photo(1))-20], 422, "evidence.broken"},
		{"a photo of 60 MB", append(apptest.Photo(1), make([]byte, 60<<20)...), 413, "http.too-large"},
		{"more than 15 MB", append(apptest.Photo(1), make([]byte, 15<<20)...), 413, "evidence.too-big"},
	} {
		w.run(c.name, func(t *testing.T) {
			w.bad(ask{as: "clerk1", method: "PUT", path: "/blobs/" + apptest.Sum(c.content), body: c.content}, c.status, c.code, "", "")
		})
	}
	w.run("a photo without EXIF", func(t *testing.T) {
		r := w.do(ask{as: "clerk1", method: "PUT", path: "/blobs/" + apptest.Sum(apptest.Photo(9)), body: apptest.Photo(9)}).ok()
		if num(r, "width") != 40 || r["taken_at"] != nil || r["lat"] != nil || r["lon"] != nil || r["camera"] != nil {
			t.Errorf("facts out of nothing: %v", r)
		}
	})
	w.run("damaged on its way", func(t *testing.T) {
		w.bad(ask{as: "clerk1", method: "PUT", path: "/blobs/" + strings.Repeat("0", 64), body: apptest.Photo(1)}, 422, "evidence.sum", "", "")
	})
	w.run("a document where a photo belongs", func(t *testing.T) {
		sha := w.Upload("clerk1", []byte("%PDF-1.7 x"))
		w.bad(ask{as: "clerk1", method: "POST", path: "/entries", body: vals{"kind": "publicity-session", "unit": w.units["桂花社区"],
			"values": with(session("2020-12-05", 1), "photos", []string{sha})}}, 422, "ledger.invalid", "/values/photos/0", "value.not-photo")
	})
}

// bomb is a workbook whose sheet unpacks to more than four gigabytes.
func bomb() []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	part := func(name, content string, more int) {
		f, _ := z.Create(name)
		_, _ = io.WriteString(f, content)
		zero := bytes.Repeat([]byte(" "), 1<<20)
		for range more {
			_, _ = f.Write(zero)
		}
	}
	part("[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" `+
		`ContentType="application/xml"/><Override PartName="/xl/workbook.xml" `+
		`ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`, 0)
	part("xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" `+
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets>`+
		`</workbook>`, 0)
	part("xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" `+
		`Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`, 0)
	part("xl/worksheets/sheet1.xml", `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`, 1100)
	_ = z.Close()
	return b.Bytes()
}

func TestWrongWorkbooks(t *testing.T) {
	each(t, func(w *world) {
		other := w.get("office", "/kinds/meeting/template").body
		head := "单位,日期,主题,受众（人次）\n"
		for _, c := range []struct {
			name    string
			content []byte
			code    string
			cell    string
		}{
			{"a workbook of another kind", other, "import.other-kind", "A1"},
			{"a workbook that unzips to gigabytes", bomb(), "sheet.", ""},
			{"a zip that is no workbook", []byte("PK\x03\x04nothing"), "sheet.", ""},
			{"a wrong date", []byte(head + "桂花社区,2020-02-30,主题,5\n"), "value.date", "B2"},
			{"a negative headcount", []byte(head + "桂花社区,2020-12-05,主题,5\n桂花社区,2020-12-06,主题,-5\n"), "value.too-small", "D3"},
			{"an unknown unit", []byte(head + "桂华社区,2020-12-05,主题,5\n"), "value.unit-unknown", "A2"},
			{"a unit outside one's reach", []byte(head + "荷花社区,2020-12-05,主题,5\n"), "value.unit-unknown", "A2"},
			{"a required cell left empty", []byte(head + "桂花社区,2020-12-05,,5\n"), "value.required", "C2"},
			{"a column missing", []byte("单位,主题\n桂花社区,主题\n"), "import.column-missing", "A1"},
			{"a column nobody knows", []byte("单位,日期,主题,天气\n桂花社区,2020-12-05,主题,晴\n"), "import.column-unknown", "D1"},
			{"U+0000 in a cell", []byte(head + "桂花社区,2020-12-05,主\x00题,5\n"), "sheet.encoding", ""},
			{"a number of a record there is not", []byte("编号,单位,日期,主题\nXC-2020-9999,桂花社区,2020-12-05,主题\n"), "import.no-number", "A2"},
		} {
			w.run(c.name, func(t *testing.T) {
				var said [2]string
				for i, lang := range []string{"zh-CN", "en"} {
					res := w.do(ask{as: "clerk1", method: "POST", path: "/imports?kind=publicity-session&name=a", body: c.content, lang: lang}).ok()
					e := at(res, "errors.0")
					said[i] = text(e, "message")
					if !strings.HasPrefix(text(e, "code"), c.code) || c.cell != "" && text(e, "cell") != c.cell {
						t.Errorf("%v, want %s at %s", list(res, "errors"), c.code, c.cell)
					}
					if num(res, "accepted") != 0 {
						t.Errorf("%d rows of a bad file were taken", num(res, "accepted"))
					}
				}
				w.bilingual(c.name, said[0], said[1])
			})
		}
		if n := w.scalar(`SELECT count(*) FROM entry`); n != 0 {
			t.Errorf("bad files left %d records", n)
		}
		w.run("the same good file twice", func(t *testing.T) {
			file := []byte(head + "桂花社区,2020-12-05,主题,5\n桂花社区,2020-12-05,主题,5\n")
			for i, want := range []int64{2, 0} {
				res := w.do(ask{as: "clerk1", method: "POST", path: "/imports?kind=publicity-session&name=a", body: file}).ok()
				if num(res, "accepted") != want || num(res, "unchanged") != 2-want {
					t.Errorf("time %d: %v", i+1, res)
				}
			}
		})
	})
}

func TestWrongPacks(t *testing.T) {
	for _, c := range []struct {
		name, file, old, new string
		line                 int
		word                 string
	}{
		{"an expression with an unknown field", "indicators/organisation.yaml", `where: type == "mobilisation"`, `where: typ == "mobilisation"`, 5, "typ"},
		{"an expression that does not parse", "indicators/organisation.yaml", `where: type == "mobilisation"`, `where: type == == "x"`, 5, ""},
		{"a figure of a kind there is not", "indicators/publicity.yaml", `kind: base-visit, measure: count`, `kind: base-vist, measure: count`, 2, "base-vist"},
		{"a verb there is not", "roles/roles.yaml", "verbs: [ledger.read, figure.read, document.receive, document.sign, plan.read, org.read, place.read]\n",
			"verbs: [ledger.read, figure.write]\n", 0, "figure.write"},
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

func TestOperationTwice(t *testing.T) {
	each(t, func(w *world) {
		body := vals{"kind": "publicity-session", "unit": w.units["桂花社区"], "values": session("2020-12-05", 31)}
		op := id.New(start)
		q := ask{as: "clerk1", method: "POST", path: "/entries", body: body, op: op}
		var wg sync.WaitGroup
		answers := make([]reply, 4)
		for i := range answers {
			wg.Go(func() { answers[i] = w.do(q) })
		}
		wg.Wait()
		for _, r := range answers {
			if r.status != 201 || !bytes.Equal(r.body, answers[0].body) || r.header.Get("ETag") != answers[0].header.Get("ETag") {
				t.Errorf("%d %.200s, first %d %.200s", r.status, r.body, answers[0].status, answers[0].body)
			}
		}
		if n := w.scalar(`SELECT count(*) FROM entry`); n != 1 {
			t.Errorf("one operation made %d records", n)
		}
		other := q
		other.body = with(body, "values", session("2020-12-06", 31))
		w.do(other).refused(409, "http.operation-reused")
		other = q
		other.as = "clerk1b"
		w.do(other).refused(409, "http.operation-reused")
		other = q
		other.path, other.body = "/persons", vals{"name": "某", "unit": w.units["桂花社区"]}
		w.do(other).refused(409, "http.operation-reused")
	})
}

func TestDiskFull(t *testing.T) {
	w := newWorld(t, false)
	ctx := context.Background()
	pages := w.scalar(`SELECT page_count FROM pragma_page_count()`)
	must(t, w.app.DB.Exec(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", pages+8)))
	var kept []string
	full := false
	for i := range 400 {
		r := w.post("clerk1", "/entries", vals{"kind": "publicity-session", "unit": w.units["桂花社区"],
			"values": with(session("2020-12-05", i), "note", strings.Repeat("满", 500))}, 0)
		if r.status == http.StatusInsufficientStorage {
			w.bilingual("disk full", text(r.json(), "title"), text(w.do(ask{as: "clerk1", method: "POST", path: "/entries", lang: "en",
				body: vals{"kind": "publicity-session", "unit": w.units["桂花社区"], "values": with(session("2020-12-05", i), "note",
					strings.Repeat("满", 500))}}).refused(507, "db.full"), "title"))
			full = true
			break
		}
		kept = append(kept, text(r.ok(), "id"))
	}
	if !full {
		t.Fatal("the disk never filled")
	}
	for _, e := range kept {
		w.get("clerk1", "/entries/"+e).ok()
	}
	if n := w.scalar(`SELECT count(*) FROM entry`); n != int64(len(kept)) {
		t.Errorf("%d acknowledged, %d kept", len(kept), n)
	}
	must(t, w.app.DB.Exec(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", pages+100000)))
	w.counted("clerk1", "manager1", "publicity-session", "桂花社区", session("2020-12-06", 5))
	w.settled()
}

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
