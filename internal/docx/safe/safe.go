// Package safe opens what people upload as a Word file and refuses what is too large, runs, embeds or fetches.
package safe

import (
	"archive/zip"
	"encoding/xml"
	"io"
	"regexp"
	"strings"

	"sifen/internal/office"
)

// Error is why a file cannot be used as a template at all, or why filling it
// had to stop. Code is a stable slug; Zh and En are one sentence each and name
// the cure.
type Error struct {
	Code, Zh, En string
}

func (e *Error) Error() string { return e.Code + ": " + e.En }

// Is compares by code, so that a sentinel equals its detailed copies.
func (e *Error) Is(target error) bool {
	o, ok := target.(*Error)
	return ok && o.Code == e.Code
}

// Fail makes an error.
func Fail(code, zh, en string) *Error { return &Error{Code: code, Zh: zh, En: en} }

// Limits of an uploaded template, checked before anything is parsed.
const (
	MaxFile     = 20 << 20
	MaxUnzipped = 64 << 20
	MaxParts    = 500
)

var (
	ErrTooLarge     = Fail("docx.too-large", "文件超过20兆，请压缩或删去图片后再上传", "the file is larger than 20 MB; compress or remove pictures")
	ErrUnzipped     = Fail("docx.too-large-unzipped", "文件解开后超过64兆，请删去图片后再上传", "the file unpacks to more than 64 MB; remove pictures")
	ErrTooManyParts = Fail("docx.too-many-parts", "文件内部的部件超过500个，请另存为新的 .docx 再上传", "the file has more than 500 parts; save it as a new .docx")
	ErrNotDocx      = Fail("docx.not-docx", "这不是 .docx 文件，请用 Word 或 WPS 另存为 .docx", "this is not a .docx file; save it as .docx in Word or WPS")
	ErrOldOrLocked  = Fail("docx.old-or-locked", "这是旧的 .doc 文件或加了密码，请取消密码并另存为 .docx",
		"this is an old .doc file or protected by a password; remove the password and save it as .docx")
	ErrBadXML       = Fail("docx.damaged", "文件已损坏，请用 Word 或 WPS 打开后另存一份再上传", "the file is damaged; open it in Word or WPS and save a copy")
	ErrTooManyNodes = Fail("docx.too-complex", "文件内容过多，请拆成几个模板", "the file holds too much content; split it into several templates")
	ErrTooDeep      = Fail("docx.too-deep", "文件嵌套超过100层，请去掉层层嵌套的表格", "the file nests deeper than 100 levels; remove nested tables")
	ErrDTD          = Fail("docx.dtd", "文件含有文档类型定义，不能使用，请用 Word 或 WPS 另存一份", "the file declares a document type, which is refused; save a copy in Word or WPS")
	ErrMacro        = Fail("docx.macro", "文件含有宏，请另存为不带宏的 .docx", "the file holds macros; save it as .docx without macros")
	ErrEmbedded     = Fail("docx.embedded", "文件嵌入了其他程序的对象，请删去对象或改成图片", "the file embeds an object of another program; delete it or paste it as a picture")
	ErrAltChunk     = Fail("docx.alt-chunk", "文件嵌入了另一份文件，请用 Word 打开后另存一份", "the file embeds another document; open it in Word and save a copy")
	ErrTemplateLink = Fail("docx.attached-template", "文件链接了外部模板，请在“开发工具—文档模板”中取消链接",
		"the file is attached to an outside template; detach it under Developer, Document Template")
	ErrExternal    = Fail("docx.external", "文件引用了外部内容，请把图片等改为嵌入后再上传", "the file refers to outside content; embed pictures instead of linking them")
	ErrRunningLink = Fail("docx.running-link", "链接会运行程序，请删去这个链接", "a link runs a program; delete it")
	ErrStrict      = Fail("docx.strict", "文件是“严格 Open XML”格式，请另存为普通的 .docx", "the file is in Strict Open XML format; save it as an ordinary .docx")
)

// runs matches the addresses that do something instead of opening something.
var runs = regexp.MustCompile(`^[\s\x00-\x1f]*(j\s*a\s*v\s*a\s*s\s*c\s*r\s*i\s*p\s*t|vbscript|data|ms-[a-z-]+|search-ms|shell)\s*:`)

// Open lists the parts of a file within every limit, with every relationship looked at.
func Open(b []byte) ([]*zip.File, error) {
	z, err := office.Open(b, office.Limits{Bytes: MaxFile, Parts: MaxParts, TooLarge: ErrTooLarge, OldOrLocked: ErrOldOrLocked, NotOffice: ErrNotDocx,
		TooManyParts: ErrTooManyParts})
	if err != nil {
		return nil, err
	}
	var files []*zip.File
	seen := map[string]bool{}
	left := int64(MaxUnzipped)
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		// Two parts of one name are how one reader is shown another document than the next.
		if low := strings.ToLower(f.Name); seen[low] || strings.Contains(f.Name, "..") || strings.HasPrefix(f.Name, "/") || strings.Contains(f.Name, `\`) {
			return nil, ErrBadXML
		} else {
			seen[low] = true
		}
		// The declared size may lie, so every part is unpacked once.
		n, err := measure(f, left)
		if err != nil {
			return nil, err
		}
		left -= n
		files = append(files, f)
	}
	for _, f := range files {
		low := strings.ToLower(f.Name)
		switch {
		case strings.Contains(low, "vbaproject") || strings.Contains(low, "vbadata"):
			return nil, ErrMacro
		case strings.HasPrefix(low, "word/embeddings/") || strings.HasPrefix(low, "word/activex/"):
			return nil, ErrEmbedded
		case f.Name == "[Content_Types].xml":
			if err := each(f, "", contentType); err != nil {
				return nil, err
			}
		case strings.HasSuffix(low, ".rels"):
			if err := each(f, "Relationship", relation); err != nil {
				return nil, err
			}
		}
	}
	return files, nil
}

func measure(f *zip.File, left int64) (int64, error) {
	if f.UncompressedSize64 > uint64(left) {
		return 0, ErrUnzipped
	}
	r, err := f.Open()
	if err != nil {
		return 0, ErrBadXML
	}
	defer r.Close()
	n, err := io.Copy(io.Discard, io.LimitReader(r, left+1))
	if n > left {
		return 0, ErrUnzipped
	}
	if err != nil {
		return 0, ErrBadXML
	}
	return n, nil
}

// each shows the attributes of every element of this name; empty is any. What is no XML is found by who parses it.
func each(f *zip.File, name string, look func(attr map[string]string) error) error {
	r, err := f.Open()
	if err != nil {
		return ErrBadXML
	}
	defer r.Close()
	for d := xml.NewDecoder(r); ; {
		t, err := d.RawToken()
		if err != nil {
			return nil
		}
		e, ok := t.(xml.StartElement)
		if !ok || name != "" && e.Name.Local != name {
			continue
		}
		attr := map[string]string{}
		for _, a := range e.Attr {
			attr[a.Name.Local] = a.Value
		}
		if err := look(attr); err != nil {
			return err
		}
	}
}

func contentType(attr map[string]string) error {
	if ct := strings.ToLower(attr["ContentType"]); strings.Contains(ct, "macroenabled") || strings.Contains(ct, "vbaproject") {
		return ErrMacro
	}
	return nil
}

// relation refuses what runs, embeds or fetches.
func relation(r map[string]string) error {
	typ := r["Type"]
	typ = strings.ToLower(typ[strings.LastIndex(typ, "/")+1:])
	target := strings.ToLower(strings.TrimSpace(r["Target"]))
	switch typ {
	case "afchunk":
		return ErrAltChunk
	case "oleobject", "package", "control":
		return ErrEmbedded
	case "vbaproject", "wordvbadata", "keymapcustomizations":
		return ErrMacro
	case "attachedtemplate":
		return ErrTemplateLink
	}
	if !strings.EqualFold(r["TargetMode"], "External") {
		return nil
	}
	if typ != "hyperlink" {
		return ErrExternal
	}
	if runs.MatchString(target) {
		return Fail(ErrRunningLink.Code, "链接“"+clip(target)+"”会运行程序，请删去这个链接", "the link “"+clip(target)+"” runs a program; delete it")
	}
	return nil
}

// clip shortens an address for a sentence.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
