package docx

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strings"
	"testing"
)

// orders of children that Word checks on opening.
var childOrder = map[string]map[string]int{
	"w:rPr": rPrOrder,
	"w:pPr": pPrOrder,
	"w:tbl": orderOf("w:bookmarkStart w:bookmarkEnd w:tblPr w:tblGrid w:tr"),
	"w:tblPr": orderOf("w:tblStyle w:tblpPr w:tblOverlap w:bidiVisual w:tblStyleRowBandSize w:tblStyleColBandSize w:tblW w:jc w:tblCellSpacing w:tblInd " +
		"w:tblBorders w:shd w:tblLayout w:tblCellMar w:tblLook"),
	"w:tcPr": orderOf("w:cnfStyle w:tcW w:gridSpan w:hMerge w:vMerge w:tcBorders w:shd w:noWrap w:tcMar w:textDirection w:tcFitText w:vAlign w:hideMark"),
	"w:sectPr": orderOf("w:headerReference w:footerReference w:footnotePr w:endnotePr w:type w:pgSz w:pgMar w:paperSrc w:pgBorders w:lnNumType " +
		"w:pgNumType w:cols w:formProt w:vAlign w:noEndnote w:titlePg w:textDirection w:bidi w:rtlGutter w:docGrid"),
	"wp:inline": orderOf("wp:extent wp:effectExtent wp:docPr wp:cNvGraphicFramePr a:graphic"),
}

// validate checks what makes an editor ask for repair: well-formed parts,
// unique ids, resolving relationships and anchors, declared types, the order of
// children, cells that end in a paragraph, tables with rows.
func validate(t *testing.T, b []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatalf("not a zip: %v", err)
	}
	parts := map[string]*node{}
	files := map[string]bool{}
	for _, f := range z.File {
		if files[f.Name] {
			t.Errorf("part %s twice", f.Name)
		}
		files[f.Name] = true
		if f.ModifiedDate != dosEpoch || f.ModifiedTime != 0 {
			t.Errorf("part %s carries a time", f.Name)
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("part %s: %v", f.Name, err)
		}
		if ext := path.Ext(f.Name); ext == ".xml" || ext == ".rels" {
			left := maxNodes
			n, err := parseXML(bytes.NewReader(body), &left)
			if err != nil {
				t.Fatalf("part %s: %v", f.Name, err)
			}
			parts[f.Name] = n
		}
	}
	validateTypes(t, files, parts["[Content_Types].xml"])
	ids := map[string]bool{}
	names := map[string]bool{}
	for name, tree := range parts {
		if strings.HasSuffix(name, ".rels") || !strings.HasPrefix(name, "word/") {
			continue
		}
		known := validateRels(t, files, parts, name)
		tree.walk(func(n *node) bool {
			validateNode(t, name, n, ids, names, known)
			return true
		})
	}
	for _, tree := range parts {
		tree.walk(func(n *node) bool {
			if a := n.get("w:anchor"); n.is("w:hyperlink") && a != "" && !names[a] {
				t.Errorf("anchor %s has no bookmark", a)
			}
			return true
		})
	}
}

func validateTypes(t *testing.T, files map[string]bool, types *node) {
	t.Helper()
	byExt, byName := map[string]bool{}, map[string]bool{}
	for _, k := range types.root().kids {
		byExt[strings.ToLower(k.get("Extension"))] = true
		byName[strings.TrimPrefix(k.get("PartName"), "/")] = true
	}
	for f := range files {
		if f != "[Content_Types].xml" && !byName[f] && !byExt[strings.TrimPrefix(strings.ToLower(path.Ext(f)), ".")] {
			t.Errorf("part %s has no content type", f)
		}
	}
}

func validateRels(t *testing.T, files map[string]bool, parts map[string]*node, name string) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	rels := parts[relsName(name)]
	if rels == nil {
		return known
	}
	for _, r := range rels.root().kids {
		if r.kind != element {
			continue
		}
		id := r.get("Id")
		if known[id] {
			t.Errorf("%s: relationship %s twice", name, id)
		}
		known[id] = true
		if target := resolve(name, r.get("Target")); r.get("TargetMode") != "External" && !files[target] {
			t.Errorf("%s: relationship %s leads to no part %s", name, id, target)
		}
	}
	return known
}

func validateNode(t *testing.T, part string, n *node, ids, names, rels map[string]bool) {
	t.Helper()
	unique := func(key string) {
		if ids[key] {
			t.Errorf("%s: %s twice", part, key)
		}
		ids[key] = true
	}
	switch {
	case n.is("wp:docPr"):
		unique("docPr " + n.get("id"))
	case n.is("w:bookmarkStart"):
		unique("bookmark " + n.get("w:id"))
		unique("name " + n.get("w:name"))
		names[n.get("w:name")] = true
	case n.is("w:bookmarkEnd"):
		unique("bookmarkEnd " + n.get("w:id"))
		if !ids["bookmark "+n.get("w:id")] {
			t.Errorf("%s: bookmark end %s without start", part, n.get("w:id"))
		}
	case n.is("w:tc"), n.is("w:hdr"), n.is("w:ftr"):
		if len(n.kids) == 0 || !n.kids[len(n.kids)-1].is("w:p") {
			t.Errorf("%s: %s does not end in a paragraph", part, n.name)
		}
	case n.is("w:tbl"):
		if !n.contains("w:tr") {
			t.Errorf("%s: table without rows", part)
		}
	}
	if id := n.get("w14:paraId"); id != "" {
		unique("paraId " + id)
	}
	for _, a := range []string{"r:id", "r:embed"} {
		if id := n.get(a); id != "" && !rels[id] {
			t.Errorf("%s: %s %s resolves to nothing", part, a, id)
		}
	}
	order := childOrder[n.name]
	last := -1
	for _, k := range n.kids {
		if order == nil || k.kind != element {
			continue
		}
		at, known := order[k.name]
		if known && at < last {
			t.Errorf("%s: %s out of order in %s", part, k.name, n.name)
		}
		last = max(last, at)
	}
}
