package strangers

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sifen/internal/apptest"
)

// TestTemplates: a Word template is filled, or its check names what stands in the way; no tag is printed as it stands.
func TestTemplates(t *testing.T) {
	each(t, "templates.yaml", 18, func(w *world, s *stranger) {
		_, content := s.content(w.T)
		told := w.check(content)
		switch s.Right {
		case "filled":
			parts, refusal := w.fill(content)
			if wrong := s.filled(parts); len(wrong) > 0 {
				w.T.Errorf("the file is filled: %s; %v %v", strings.Join(wrong, "; "), told, refusal)
			}
		case "told":
			if s.Names == nil {
				w.T.Error("nothing is asked of the check")
			}
		default:
			w.T.Errorf("nothing is right as %q", s.Right)
		}
		if s.Names != nil && !told.any(s.Names) {
			w.T.Errorf("the check names one of %v: %v", s.Names, told)
		}
		for _, pattern := range s.NotTold {
			if text, ok := told.matching(pattern); ok {
				w.T.Errorf("nothing says %s: %s", pattern, text)
			}
		}
	})
}

// check is what is said of a template before it is used, in Chinese.
func (w *world) check(content []byte) (told said) {
	w.T.Helper()
	r := w.zh("office", "POST", "/templates/check", content)
	type fault struct {
		Paragraph      int
		Context        string
		Place, Message struct{ Zh string }
	}
	var v struct {
		Title, Detail    string
		Faults, Warnings []fault
	}
	if err := json.Unmarshal(r.Body, &v); err != nil {
		w.T.Fatalf("%d %.300s: %v", r.Status, r.Body, err)
	}
	for _, f := range append(v.Faults, v.Warnings...) {
		text := f.Place.Zh + f.Context + f.Message.Zh
		if f.Paragraph > 0 {
			text = fmt.Sprintf("第%d段%s", f.Paragraph, text)
		}
		told = append(told, text)
	}
	return append(told, v.Title, v.Detail)
}

// fill brings a template in and fills it for 2020: its parts by name, or why not.
func (w *world) fill(content []byte) (parts map[string]string, refusal said) {
	w.T.Helper()
	q := url.Values{"key": {"strange"}, "title": {"来件"}, "title_en": {"Strange"}, "period": {"year"}, "kind": {"other"}, "name": {"来件"}}
	r := w.zh("office", "POST", "/templates?"+q.Encode(), content)
	if r.Status/100 == 2 {
		r = w.zh("office", "GET", fmt.Sprintf("/templates/strange/file?period=2020&unit=%d", w.Units[""]), nil)
	}
	if r.Status/100 != 2 {
		return nil, said{string(r.Body)}
	}
	z, err := zip.NewReader(bytes.NewReader(r.Body), int64(len(r.Body)))
	apptest.Must(w.T, err)
	parts = map[string]string{}
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ".xml") && !strings.HasSuffix(f.Name, ".rels") {
			continue
		}
		in, err := f.Open()
		apptest.Must(w.T, err)
		raw, err := io.ReadAll(in)
		apptest.Must(w.T, err)
		parts[f.Name] = string(raw)
	}
	return parts, nil
}

var (
	marks      = regexp.MustCompile(`<[^>]*>`)
	attributes = regexp.MustCompile(`="([^"]*)"`)
)

// visible are the text and the attributes of a part, without the marks between runs.
func visible(xml string) string {
	out := marks.ReplaceAllString(xml, "")
	for _, m := range attributes.FindAllStringSubmatch(xml, -1) {
		out += "\n" + m[1]
	}
	return out
}

// filled says what is wrong with a filled file.
func (s *stranger) filled(parts map[string]string) (wrong []string) {
	if parts == nil {
		return []string{"it is refused"}
	}
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		for _, tag := range []string{"{{", "｛｛"} {
			if strings.Contains(visible(parts[name]), tag) {
				wrong = append(wrong, name+" holds "+tag)
			}
		}
		for _, text := range s.Lacks {
			if strings.Contains(visible(parts[name]), text) || strings.Contains(parts[name], text) {
				wrong = append(wrong, name+" holds "+text)
			}
		}
	}
	for _, text := range s.Holds {
		if !slices.ContainsFunc(slices.Collect(maps.Values(parts)), func(xml string) bool { return strings.Contains(visible(xml), text) }) {
			wrong = append(wrong, text+" stands nowhere")
		}
	}
	return wrong
}
