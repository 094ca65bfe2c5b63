package docx

import (
	"archive/zip"
	"io"
	"path"
	"strings"

	"sifen/internal/docx/safe"
)

const (
	nsW       = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	nsR       = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	nsPkgRels = "http://schemas.openxmlformats.org/package/2006/relationships"
	relBase   = nsR + "/"
)

// archive is the zip file and its parsed parts by name.
type archive struct {
	files  []*zip.File
	parsed map[string]*node // every .rels, [Content_Types].xml and what was asked for
	nodes  int              // nodes still allowed
}

// openArchive opens a file within every limit, and its relationships and types.
func openArchive(b []byte) (*archive, error) {
	files, err := safe.Open(b)
	if err != nil {
		return nil, err
	}
	a := &archive{files: files, parsed: map[string]*node{}, nodes: maxNodes}
	for _, f := range files {
		if strings.HasSuffix(strings.ToLower(f.Name), ".rels") {
			if _, err := a.parse(f.Name); err != nil {
				return nil, err
			}
		}
	}
	if _, err := a.parse("[Content_Types].xml"); err != nil {
		return nil, safe.ErrNotDocx
	}
	return a, nil
}

func (a *archive) file(name string) *zip.File {
	for _, f := range a.files {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// parse reads a part once and remembers it.
func (a *archive) parse(name string) (*node, error) {
	if n := a.parsed[name]; n != nil {
		return n, nil
	}
	f := a.file(name)
	if f == nil {
		return nil, safe.ErrBadXML
	}
	r, err := f.Open()
	if err != nil {
		return nil, safe.ErrBadXML
	}
	defer r.Close()
	n, err := parseXML(io.LimitReader(r, safe.MaxUnzipped), &a.nodes)
	if err != nil {
		return nil, err
	}
	a.parsed[name] = n
	return n, nil
}

// relsName is the part that holds the relationships of part.
func relsName(part string) string {
	dir, file := path.Split(part)
	return dir + "_rels/" + file + ".rels"
}

// related lists the parts that part points to with this kind of relationship.
func (a *archive) related(part, kind string) []string {
	name := "_rels/.rels"
	if part != "" {
		name = relsName(part)
	}
	rels := a.parsed[name]
	if rels == nil {
		return nil
	}
	var out []string
	for _, r := range rels.root().kids {
		if r.kind == element && r.get("Type") == relBase+kind && r.get("TargetMode") != "External" {
			out = append(out, resolve(part, r.get("Target")))
		}
	}
	return out
}

// resolve turns a relationship's target into a part name.
func resolve(part, target string) string {
	if strings.HasPrefix(target, "/") {
		return strings.TrimPrefix(path.Clean(target), "/")
	}
	return path.Join(path.Dir(part), target)
}
