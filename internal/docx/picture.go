package docx

import (
	"bytes"
	"crypto/sha256"
	"image"
	_ "image/jpeg" // the two formats pictures come in
	_ "image/png"
	"strconv"

	"sifen/internal/docx/safe"
)

const (
	emuPerTwip  = 635
	emuPerPixel = 9525 // at 96 dots per inch
)

// media is one embedded image file.
type media struct {
	name  string // word/media/…
	bytes []byte
	sum   [32]byte
}

var errPicture = safe.Fail("docx.picture", "图片不是 JPEG 或 PNG，请转换后再用", "the picture is neither JPEG nor PNG; convert it")

// textWidth is what lies between the margins of the last section.
func (t *Template) textWidth() int64 {
	sect := t.parts[0].tree.root().child("w:body", "w:sectPr")
	num := func(n *node, name string) int64 {
		v, _ := strconv.ParseInt(n.get(name), 10, 32)
		return v
	}
	size, margin := sect.child("w:pgSz"), sect.child("w:pgMar")
	w := num(size, "w:w") - num(margin, "w:left") - num(margin, "w:right") - num(margin, "w:gutter")
	if w < 1000 || w > 32000 {
		w = 8845 // A4 with the margins of an official document
	}
	return w * emuPerTwip
}

// picture embeds an image at its natural size or smaller, never larger.
func (r *renderer) picture(t *tag, name string, p Picture) ([]*node, error) {
	conf, format, err := image.DecodeConfig(bytes.NewReader(p.Bytes))
	if err != nil || conf.Width <= 0 || conf.Height <= 0 || format != "jpeg" && format != "png" {
		return nil, errPicture
	}
	cx, cy := int64(conf.Width)*emuPerPixel, int64(conf.Height)*emuPerPixel
	shrink := func(limit int64, side int64) {
		if limit > 0 && side > limit {
			cx, cy = max(1, cx*limit/side), max(1, cy*limit/side)
		}
	}
	shrink(r.width, cx)
	shrink(t.width, cx)
	shrink(t.height, cy)
	alt := p.Alt
	if alt == "" {
		alt = name
	}
	id := r.links.add("image", r.out.embed(p.Bytes, format), false)
	w, h := strconv.FormatInt(cx, 10), strconv.FormatInt(cy, 10)
	const ns = "http://schemas.openxmlformats.org/drawingml/2006/"
	drawing := el("w:drawing", nil, el("wp:inline",
		[]string{"xmlns:wp", ns + "wordprocessingDrawing", "distT", "0", "distB", "0", "distL", "0", "distR", "0"},
		el("wp:extent", []string{"cx", w, "cy", h}),
		el("wp:docPr", []string{"id", "0", "name", name, "descr", alt}),
		el("wp:cNvGraphicFramePr", nil, el("a:graphicFrameLocks", []string{"xmlns:a", ns + "main", "noChangeAspect", "1"})),
		el("a:graphic", []string{"xmlns:a", ns + "main"}, el("a:graphicData", []string{"uri", ns + "picture"},
			el("pic:pic", []string{"xmlns:pic", ns + "picture"},
				el("pic:nvPicPr", nil, el("pic:cNvPr", []string{"id", "0", "name", name}), el("pic:cNvPicPr", nil)),
				el("pic:blipFill", nil, el("a:blip", []string{"r:embed", id}), el("a:stretch", nil, el("a:fillRect", nil))),
				el("pic:spPr", nil,
					el("a:xfrm", nil, el("a:off", []string{"x", "0", "y", "0"}), el("a:ext", []string{"cx", w, "cy", h})),
					el("a:prstGeom", []string{"prst", "rect"}, el("a:avLst", nil))))))))
	run := el("w:r", nil)
	if t.rPr != nil {
		run.kids = append(run.kids, t.rPr.clone())
	}
	run.kids = append(run.kids, drawing)
	return []*node{run}, nil
}

// embed stores an image once, however often it is shown.
func (f *Filled) embed(b []byte, format string) string {
	sum := sha256.Sum256(b)
	for _, m := range f.media {
		if m.sum == sum {
			return m.name
		}
	}
	name := ""
	for i := len(f.media) + 1; ; i++ {
		if name = "word/media/figure" + strconv.Itoa(i) + "." + format; f.t.arc.file(name) == nil {
			break
		}
	}
	f.media = append(f.media, media{name, b, sum})
	return name
}
