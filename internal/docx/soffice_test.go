package docx

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// A second opinion on the layout: LibreOffice lays the filled template out, and
// the boxes of the PDF are measured. It runs when SIFEN_SOFFICE holds the path
// of soffice; asked for, nothing of it is skipped. SIFEN_PAGES keeps the files
// and page images in that folder, to be looked at.

// fontAliases stands in for the fonts of an office, for this test only.
const fontAliases = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>` +
	`%ALIASES%<cachedir>%CACHE%</cachedir></fontconfig>`

func convert(t *testing.T, dir, name string, b []byte) string {
	t.Helper()
	return convertTo(t, dir, name, "pdf", b)
}

func convertTo(t *testing.T, dir, name, format string, b []byte) string {
	t.Helper()
	var alias strings.Builder
	for from, to := range map[string]string{"仿宋_GB2312": "Noto Serif CJK SC", "仿宋": "Noto Serif CJK SC", "楷体_GB2312": "Noto Serif CJK SC",
		"楷体":      "Noto Serif CJK SC",
		"方正小标宋简体": "Noto Serif CJK SC", "宋体": "Noto Serif CJK SC", "黑体": "Noto Sans CJK SC", "Times New Roman": "Noto Serif CJK SC"} {
		alias.WriteString(`<match target="pattern"><test name="family"><string>` + from +
			`</string></test><edit name="family" mode="assign" binding="strong"><string>` + to + `</string></edit></match>`)
	}
	conf := filepath.Join(dir, "fonts.conf")
	write(t, conf, []byte(strings.NewReplacer("%ALIASES%", alias.String(), "%CACHE%", filepath.Join(dir, "cache")).Replace(fontAliases)))
	file := filepath.Join(dir, name+".docx")
	write(t, file, b)
	cmd := exec.Command(os.Getenv("SIFEN_SOFFICE"), "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", format,
		"--outdir", filepath.Join(dir, "out"), file)
	cmd.Env = append(os.Environ(), "FONTCONFIG_FILE="+conf)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, out)
	}
	return filepath.Join(dir, "out", name+"."+format)
}

func write(t *testing.T, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(name, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

// box is one word of a page in points.
type box struct {
	x0, y0, x1, y1 float64
	text           string
}

var (
	pageLine = regexp.MustCompile(`<page `)
	wordLine = regexp.MustCompile(`<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*)</word>`)
)

func boxes(t *testing.T, pdf string) [][]box {
	t.Helper()
	out, err := exec.Command("pdftotext", "-bbox", pdf, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	var pages [][]box
	for _, page := range pageLine.Split(string(out), -1)[1:] {
		var words []box
		for _, m := range wordLine.FindAllStringSubmatch(page, -1) {
			b := box{text: m[5]}
			for i, p := range []*float64{&b.x0, &b.y0, &b.x1, &b.y1} {
				*p, _ = strconv.ParseFloat(m[i+1], 64) // the pattern admits numbers only
			}
			words = append(words, b)
		}
		pages = append(pages, words)
	}
	return pages
}

func TestLayoutInLibreOffice(t *testing.T) {
	if os.Getenv("SIFEN_SOFFICE") == "" {
		t.Skip("SIFEN_SOFFICE is not set: layout is not measured")
	}
	dir := os.Getenv("SIFEN_PAGES")
	if dir == "" {
		dir = t.TempDir()
	}
	tpl := openShipped(t)
	render := func(s Source) []byte {
		f, b := filledSummary(t, tpl, s)
		write(t, filepath.Join(dir, "summary.html"), []byte(f.HTML()))
		return b
	}
	sample := boxes(t, convert(t, dir, "summary", render(summarySample())))
	if len(sample) < 4 {
		t.Errorf("%d pages", len(sample))
	}

	nothingLost(t, filepath.Join(dir, "out", "summary.pdf"), tpl)

	// A full page: one long paragraph without anything that moves a line's end.
	long := summarySample()
	long.texts["存在问题"] = []string{strings.Repeat("垃圾分类工作推进有序", 160)}
	pages := boxes(t, convert(t, dir, "full", render(long)))
	full := fullPage(pages)
	if full == nil {
		t.Fatal("no page is filled by the long paragraph")
	}
	rows := map[int]string{}
	for _, w := range full {
		rows[int(w.y0+0.5)] += w.text
	}
	body := 0
	for _, s := range rows {
		if strings.Contains(s, "—") {
			continue
		}
		body++
		if n := utf8.RuneCountInString(s); n != 28 {
			t.Errorf("a line of %d characters: %s", n, s)
		}
	}
	if body != 22 {
		t.Errorf("%d lines on a full page, want 22", body)
	}
	pageNumbers(t, sample)
}

// nothingLost looks for every paragraph of the text in the PDF. Marks are left
// out: LibreOffice 7.4 hangs them over the margin and then drops some from PDF.
func nothingLost(t *testing.T, pdf string, tpl *Template) {
	t.Helper()
	out, err := exec.Command("pdftotext", "-raw", pdf, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	squeeze := func(s string) string { return regexp.MustCompile(`[\s、，。；：]`).ReplaceAllString(s, "") }
	got := squeeze(regexp.MustCompile(`— \d+ —`).ReplaceAllString(string(out), ""))
	f, err := tpl.Render(summaryCatalogue(), summarySample())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range f.parts[f.main].root().child("w:body").kids {
		if words := squeeze(plain(p)); p.is("w:p") && !strings.Contains(got, words) {
			t.Errorf("lost on the way: %s", words)
		}
	}
}

// fullPage is the first page on which every line is the long paragraph's.
func fullPage(pages [][]box) []box {
	for _, p := range pages {
		if !slices.ContainsFunc(p, func(w box) bool {
			return strings.Trim(w.text, "垃圾分类工作推进有序") != "" && w.y1 < 750
		}) {
			return p
		}
	}
	return nil
}

// pageNumbers checks that odd numbers stand right and even ones left, one
// character in, the dash 7 mm below the text (297 − 35 + 7 = 269 mm).
func pageNumbers(t *testing.T, pages [][]box) {
	t.Helper()
	const mm = 72 / 25.4
	for i, p := range pages {
		var dashes []box
		for _, w := range p {
			if w.text == "—" && w.y0 > 740 {
				dashes = append(dashes, w)
			}
		}
		if len(dashes) != 2 {
			t.Errorf("page %d: %d dashes beside its number", i+1, len(dashes))
			continue
		}
		if y := (dashes[0].y0 + dashes[0].y1) / 2 / mm; y < 268 || y > 270.5 {
			t.Errorf("page %d: dash at %.1f mm, want 269", i+1, y)
		}
		left, right := dashes[0].x0/mm, dashes[1].x1/mm
		if want := 28 + 14/mm; i%2 == 1 && (left < want-1 || left > want+1) {
			t.Errorf("page %d: number starts at %.1f mm, want %.1f", i+1, left, want)
		}
		if want := 184 - 14/mm; i%2 == 0 && (right < want-1 || right > want+1) {
			t.Errorf("page %d: number ends at %.1f mm, want %.1f", i+1, right, want)
		}
	}
}

// TestTemplateSavedByLibreOffice: another editor rewrites every part, and the
// text filled in is the same.
func TestTemplateSavedByLibreOffice(t *testing.T) {
	if os.Getenv("SIFEN_SOFFICE") == "" {
		t.Skip("SIFEN_SOFFICE is not set: no second editor")
	}
	b, err := os.ReadFile(shipped)
	if err != nil {
		t.Fatal(err)
	}
	saved, err := os.ReadFile(convertTo(t, t.TempDir(), "saved", "docx", b))
	if err != nil {
		t.Fatal(err)
	}
	want, err := openShipped(t).Render(summaryCatalogue(), summarySample())
	if err != nil {
		t.Fatal(err)
	}
	got, out := filledSummary(t, opened(t, saved), summarySample())
	if lines(got) != lines(want) {
		t.Errorf("got\n%s\nwant\n%s", lines(got), lines(want))
	}
	validate(t, out)
	if len(got.Outline()) != len(want.Outline()) {
		t.Errorf("%d headings, want %d", len(got.Outline()), len(want.Outline()))
	}
}
