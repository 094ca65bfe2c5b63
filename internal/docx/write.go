//lint:file-ignore SA1019 the old DOS date alone leaves out the extra time field, so that equal documents are equal bytes

package docx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

// rels collects the relationships of one part while it is filled.
type rels struct {
	part  string
	tree  *node // copy of the template's, nil when it had none
	ids   map[string]bool
	links map[string]string
	dirty bool
}

func (f *Filled) relsOf(part string) *rels {
	if r := f.rels[part]; r != nil {
		return r
	}
	r := &rels{part: part, ids: map[string]bool{}, links: map[string]string{}}
	if tree := f.t.arc.parsed[relsName(part)]; tree != nil {
		r.tree = tree.clone()
		for _, k := range r.tree.root().kids {
			r.ids[k.get("Id")] = true
		}
	}
	f.rels[part] = r
	return r
}

// link is the relationship of an outside address, one per address.
func (r *rels) link(href string) string { return r.add("hyperlink", href, true) }

func (r *rels) add(kind, target string, external bool) string {
	if id, ok := r.links[kind+" "+target]; ok {
		return id
	}
	if r.tree == nil {
		r.tree = &node{kind: groupNode, kids: []*node{el("Relationships", []string{"xmlns", nsPkgRels})}}
	}
	id := ""
	for i := len(r.links) + 1; ; i++ {
		if id = "rIdS" + strconv.Itoa(i); !r.ids[id] {
			break
		}
	}
	rel := el("Relationship", []string{"Id", id, "Type", relBase + kind})
	if external {
		rel.set("Target", target)
		rel.set("TargetMode", "External")
	} else {
		rel.set("Target", "/"+target)
	}
	root := r.tree.root()
	root.kids = append(root.kids, rel)
	r.ids[id], r.links[kind+" "+target], r.dirty = true, id, true
	return id
}

// tidy makes everything unique or resolvable that an editor checks on opening:
// drawing ids, bookmark ids, names and pairs, anchors, the r prefix.
func (f *Filled) tidy() {
	drawing, bookmark := 0, 0
	names := map[string]bool{}
	for _, p := range f.t.parts {
		tree := f.parts[p.name]
		open := map[string][]*node{} // old id → starts without an end
		orphan := map[*node]bool{}
		tree.walk(func(n *node) bool {
			switch {
			case n.is("wp:docPr"):
				drawing++
				n.set("id", strconv.Itoa(drawing))
			case n.is("w:bookmarkStart"):
				orphan[n] = true
				open[n.get("w:id")] = append(open[n.get("w:id")], n)
			case n.is("w:bookmarkEnd"):
				starts := open[n.get("w:id")]
				if len(starts) == 0 {
					orphan[n] = true
					break
				}
				start := starts[len(starts)-1]
				open[n.get("w:id")] = starts[:len(starts)-1]
				delete(orphan, start)
				id := strconv.Itoa(bookmark)
				bookmark++
				start.set("w:id", id)
				n.set("w:id", id)
				name := start.get("w:name")
				for i := 2; names[name]; i++ {
					name = fmt.Sprintf("%s_%d", clipBytes(start.get("w:name"), 32), i)
				}
				names[name] = true
				start.set("w:name", name)
			}
			return true
		})
		if len(orphan) > 0 {
			tree.walk(func(n *node) bool {
				n.kids = slices.DeleteFunc(slices.Clone(n.kids), func(k *node) bool { return orphan[k] })
				return true
			})
		}
	}
	for _, p := range f.t.parts {
		usesR := false
		f.parts[p.name].walk(func(n *node) bool {
			if n.mark != nil && n.mark.figure {
				usesR = usesR || n.get("r:id") != ""
				if a := n.get("w:anchor"); a != "" && !names[a] {
					n.kind = groupNode // no annex in this template: plain text rather than a dead link
				}
			}
			usesR = usesR || n.is("a:blip")
			return true
		})
		if root := f.parts[p.name].root(); usesR && root.get("xmlns:r") == "" {
			root.attrs = append(slices.Clone(root.attrs), attr{"xmlns:r", nsR})
		}
	}
	f.closeTables()
}

// closeTables puts a paragraph between neighbouring tables, which would
// otherwise become one, and behind a table that ends its container.
func (f *Filled) closeTables() {
	for _, p := range f.t.parts {
		f.parts[p.name].walk(func(n *node) bool {
			if !n.is("w:body") && !n.is("w:tc") && !n.is("w:hdr") && !n.is("w:ftr") {
				return true
			}
			var out []*node
			for i, k := range n.kids {
				out = append(out, k)
				if k.is("w:tbl") && (i+1 == len(n.kids) || n.kids[i+1].is("w:tbl") || n.kids[i+1].is("w:sectPr")) {
					out = append(out, el("w:p", nil, el("w:pPr", nil,
						el("w:spacing", []string{"w:before", "0", "w:after", "0", "w:line", "20", "w:lineRule", "exact"}))))
				}
			}
			n.kids = out
			return true
		})
	}
}

func clipBytes(s string, n int) string {
	return strings.ToValidUTF8(s[:min(n, len(s))], "")
}

// Bytes writes the document. The same template and the same answers of the
// source give the same bytes.
func (f *Filled) Bytes() ([]byte, error) {
	changed := map[string][]byte{}
	for name, tree := range f.parts {
		changed[name] = serialize(tree)
	}
	for part, r := range f.rels {
		if r.dirty {
			changed[relsName(part)] = serialize(r.tree)
		}
	}
	if len(f.media) > 0 {
		types := f.t.arc.parsed["[Content_Types].xml"].clone()
		for _, m := range f.media {
			ensureType(types.root(), strings.TrimPrefix(path.Ext(m.name), "."))
			changed[m.name] = m.bytes
		}
		changed["[Content_Types].xml"] = serialize(types)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, old := range f.t.arc.files {
		if body, ok := changed[old.Name]; ok {
			delete(changed, old.Name)
			if err := writeEntry(z, old.Name, body); err != nil {
				return nil, err
			}
			continue
		}
		if err := copyEntry(z, old); err != nil {
			return nil, err
		}
	}
	added := make([]string, 0, len(changed))
	for name := range changed {
		added = append(added, name)
	}
	slices.Sort(added)
	for _, name := range added {
		if err := writeEntry(z, name, changed[name]); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("close docx: %w", err)
	}
	return b.Bytes(), nil
}

// DOS date of 1980-01-01, the earliest a zip can say: times would make equal
// documents differ.
const dosEpoch = 1<<5 | 1

func writeEntry(z *zip.Writer, name string, body []byte) error {
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, ModifiedDate: dosEpoch})
	if err == nil {
		_, err = w.Write(body)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// copyEntry copies a part as it is stored, without unpacking it.
func copyEntry(z *zip.Writer, old *zip.File) error {
	h := old.FileHeader
	h.Extra, h.Comment = nil, ""
	h.ModifiedDate, h.ModifiedTime = dosEpoch, 0
	r, err := old.OpenRaw()
	if err != nil {
		return fmt.Errorf("read %s: %w", old.Name, err)
	}
	w, err := z.CreateRaw(&h)
	if err == nil {
		_, err = io.Copy(w, r)
	}
	if err != nil {
		return fmt.Errorf("copy %s: %w", old.Name, err)
	}
	return nil
}

// ensureType declares the content type of an image extension. Defaults come
// before overrides in files of every editor.
func ensureType(types *node, ext string) {
	for _, k := range types.kids {
		if k.is("Default") && strings.EqualFold(k.get("Extension"), ext) {
			return
		}
	}
	types.kids = append([]*node{el("Default", []string{"Extension", ext, "ContentType", "image/" + ext})}, types.kids...)
}
