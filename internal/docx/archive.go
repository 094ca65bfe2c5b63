package docx

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strings"
)

// Limits of an uploaded template, checked before anything is parsed.
const (
	maxFile     = 20 << 20
	maxUnzipped = 64 << 20
	maxParts    = 500
)

var (
	errTooLarge     = fail("docx.too-large", "文件超过20兆，请压缩或删去图片后再上传", "the file is larger than 20 MB; compress or remove pictures")
	errUnzipped     = fail("docx.too-large-unzipped", "文件解开后超过64兆，请删去图片后再上传", "the file unpacks to more than 64 MB; remove pictures")
	errTooManyParts = fail("docx.too-many-parts", "文件内部的部件超过500个，请另存为新的 .docx 再上传", "the file has more than 500 parts; save it as a new .docx")
	errNotDocx      = fail("docx.not-docx", "这不是 .docx 文件，请用 Word 或 WPS 另存为 .docx", "this is not a .docx file; save it as .docx in Word or WPS")
	errOldOrLocked  = fail("docx.old-or-locked", "这是旧的 .doc 文件或加了密码，请取消密码并另存为 .docx",
		"this is an old .doc file or protected by a password; remove the password and save it as .docx")
	errBadXML       = fail("docx.damaged", "文件已损坏，请用 Word 或 WPS 打开后另存一份再上传", "the file is damaged; open it in Word or WPS and save a copy")
	errTooManyNodes = fail("docx.too-complex", "文件内容过多，请拆成几个模板", "the file holds too much content; split it into several templates")
	errTooDeep      = fail("docx.too-deep", "文件嵌套超过100层，请去掉层层嵌套的表格", "the file nests deeper than 100 levels; remove nested tables")
	errDTD          = fail("docx.dtd", "文件含有文档类型定义，不能使用，请用 Word 或 WPS 另存一份", "the file declares a document type, which is refused; save a copy in Word or WPS")
	errMacro        = fail("docx.macro", "文件含有宏，请另存为不带宏的 .docx", "the file holds macros; save it as .docx without macros")
	errEmbedded     = fail("docx.embedded", "文件嵌入了其他程序的对象，请删去对象或改成图片", "the file embeds an object of another program; delete it or paste it as a picture")
	errAltChunk     = fail("docx.alt-chunk", "文件嵌入了另一份文件，请用 Word 打开后另存一份", "the file embeds another document; open it in Word and save a copy")
	errTemplateLink = fail("docx.attached-template", "文件链接了外部模板，请在“开发工具—文档模板”中取消链接",
		"the file is attached to an outside template; detach it under Developer, Document Template")
	errExternal = fail("docx.external", "文件引用了外部内容，请把图片等改为嵌入后再上传", "the file refers to outside content; embed pictures instead of linking them")
	errStrict   = fail("docx.strict", "文件是“严格 Open XML”格式，请另存为普通的 .docx", "the file is in Strict Open XML format; save it as an ordinary .docx")
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

// openArchive checks every limit and every relationship.
func openArchive(b []byte) (*archive, error) {
	if len(b) > maxFile {
		return nil, errTooLarge
	}
	if bytes.HasPrefix(b, []byte{0xD0, 0xCF, 0x11, 0xE0}) {
		return nil, errOldOrLocked
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, errNotDocx
	}
	if len(z.File) > maxParts {
		return nil, errTooManyParts
	}
	a := &archive{parsed: map[string]*node{}, nodes: maxNodes}
	seen := map[string]bool{}
	left := int64(maxUnzipped)
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		// Two parts of one name are how one reader is shown another document than the next.
		if low := strings.ToLower(f.Name); seen[low] || strings.Contains(f.Name, "..") || strings.HasPrefix(f.Name, "/") || strings.Contains(f.Name, `\`) {
			return nil, errBadXML
		} else {
			seen[low] = true
		}
		// The declared size may lie, so every part is unpacked once.
		n, err := measure(f, left)
		if err != nil {
			return nil, err
		}
		left -= n
		a.files = append(a.files, f)
	}
	for _, f := range a.files {
		low := strings.ToLower(f.Name)
		switch {
		case strings.Contains(low, "vbaproject") || strings.Contains(low, "vbadata"):
			return nil, errMacro
		case strings.HasPrefix(low, "word/embeddings/") || strings.HasPrefix(low, "word/activex/"):
			return nil, errEmbedded
		case strings.HasSuffix(low, ".rels"):
			n, err := a.parse(f.Name)
			if err != nil {
				return nil, err
			}
			if err := checkRels(n.root()); err != nil {
				return nil, err
			}
		}
	}
	types, err := a.parse("[Content_Types].xml")
	if err != nil {
		return nil, errNotDocx
	}
	for _, k := range types.root().kids {
		ct := strings.ToLower(k.get("ContentType"))
		if strings.Contains(ct, "macroenabled") || strings.Contains(ct, "vbaproject") {
			return nil, errMacro
		}
	}
	return a, nil
}

func measure(f *zip.File, left int64) (int64, error) {
	if f.UncompressedSize64 > uint64(left) {
		return 0, errUnzipped
	}
	r, err := f.Open()
	if err != nil {
		return 0, errBadXML
	}
	defer r.Close()
	n, err := io.Copy(io.Discard, io.LimitReader(r, left+1))
	if n > left {
		return 0, errUnzipped
	}
	if err != nil {
		return 0, errBadXML
	}
	return n, nil
}

// checkRels refuses what runs, embeds or fetches.
func checkRels(rels *node) error {
	if rels == nil {
		return errBadXML
	}
	for _, r := range rels.kids {
		if r.kind != element {
			continue
		}
		typ := r.get("Type")
		typ = strings.ToLower(typ[strings.LastIndex(typ, "/")+1:])
		target := strings.ToLower(strings.TrimSpace(r.get("Target")))
		switch typ {
		case "afchunk":
			return errAltChunk
		case "oleobject", "package", "control":
			return errEmbedded
		case "vbaproject", "wordvbadata", "keymapcustomizations":
			return errMacro
		case "attachedtemplate":
			return errTemplateLink
		}
		if strings.EqualFold(r.get("TargetMode"), "External") &&
			(typ != "hyperlink" || !strings.HasPrefix(target, "http://") && !strings.HasPrefix(target, "https://")) {
			return errExternal
		}
	}
	return nil
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
		return nil, errBadXML
	}
	r, err := f.Open()
	if err != nil {
		return nil, errBadXML
	}
	defer r.Close()
	n, err := parseXML(io.LimitReader(r, maxUnzipped), &a.nodes)
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
