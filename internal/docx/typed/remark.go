package typed

import (
	"regexp"
	"strings"
)

// Remark is something a person should know before a file is used. Code is a stable slug.
type Remark struct{ Code, Zh, En string }

var (
	mergeField = regexp.MustCompile(`MERGEFIELD\s+(?:"([^"]+)"|(\S+))`)
	linkField  = regexp.MustCompile(`HYPERLINK\s+"([^"]+)"`)
	fetchField = regexp.MustCompile(`(?:^|\n)\s*(INCLUDEPICTURE|INCLUDETEXT|LINK|DDEAUTO|DDE|DATABASE|IMPORT)\s`)
	likeTag    = regexp.MustCompile(`[{｛][^{}｛｝]{0,40}\p{Han}[^{}｛｝]{0,40}[}｝]|[{｛]\s*[a-z]+(?:[._-][a-z]+)+\s*[}｝]|«[^«»]{1,40}»|` +
		`\[\[[^\[\]]{1,40}\]\]|<<[^<>]{1,40}>>|《《[^《》]{1,40}》》`)
)

// LikeTags remarks on what looks like a tag in a text whose tags were cut out. code is what its fields say.
func LikeTags(text, code string) (out []Remark) {
	for _, m := range likeTag.FindAllString(text, -1) {
		if !strings.HasPrefix(m, "«") || !strings.Contains(code, "MERGEFIELD") {
			out = append(out, Remark{"docx.like-a-tag", "“" + m + "”像标签，但不会填写；标签要写两层大括号，例如 {{单位}}",
				"“" + m + "” looks like a tag but is not filled; a tag has two braces, as in {{单位}}"})
		}
	}
	return out
}

// Fields remarks on fields that are taken for tags, lead elsewhere or fetch from elsewhere; each begins a line.
func Fields(code string) (out []Remark) {
	for _, m := range mergeField.FindAllStringSubmatch(code, -1) {
		name := m[1] + m[2]
		out = append(out, Remark{"docx.merge-field", "邮件合并域“«" + name + "»”不是标签，不会填写；请改成 {{" + name + "}}",
			"the merge field “«" + name + "»” is no tag and is not filled; write {{" + name + "}} instead"})
	}
	for _, m := range linkField.FindAllStringSubmatch(code, -1) {
		out = append(out, Link(m[1], "")...)
	}
	for _, m := range fetchField.FindAllStringSubmatch(code, -1) {
		out = append(out, Remark{"docx.fetching-field", "域 " + m[1] + " 会从别的文件取内容，请改成普通文字或嵌入的图片",
			"the field " + m[1] + " fetches from another file; make it plain text or an embedded picture"})
	}
	return out
}

// Link remarks on an address that a text leads to; mail and telephone pass.
func Link(target, words string) []Remark {
	low := strings.ToLower(strings.TrimSpace(target))
	if strings.HasPrefix(low, "mailto:") || strings.HasPrefix(low, "tel:") {
		return nil
	}
	en := "the link"
	if words != "" {
		words = "“" + words + "”"
		en += " " + words
	}
	return []Remark{{"docx.link", "链接" + words + "指向 " + target + "，收文的人不一定打得开，请确认要保留",
		en + " leads to " + target + ", which readers may not be able to open; make sure it is meant"}}
}

// Revision tells whether an element of this name marks a tracked change.
func Revision(name string) bool {
	switch name {
	case "w:ins", "w:del", "w:moveFrom", "w:moveTo", "w:cellIns", "w:cellDel", "w:cellMerge", "w:numberingChange":
		return true
	}
	return strings.HasPrefix(name, "w:") && strings.HasSuffix(name, "PrChange")
}

// Change says what a tracked change did to words, empty when there are none.
func Change(mark, words string) (zh, en string) {
	switch {
	case words == "":
		return "", ""
	case mark == "w:del" || mark == "w:moveFrom":
		return "删除“" + words + "”", "deleted “" + words + "”"
	}
	return "插入“" + words + "”", "inserted “" + words + "”"
}

// Changed remarks on changes that nobody has accepted or rejected.
func Changed(zh, en string) []Remark {
	if zh == "" {
		return nil
	}
	return []Remark{{"docx.revision", "有未处理的修订（" + zh + "），会随文件留下，请先接受或拒绝修订",
		"tracked changes (" + en + ") would stay in the file; accept or reject them first"}}
}

// Hidden remarks on words that are not shown.
func Hidden(words string) []Remark {
	if words == "" {
		return nil
	}
	return []Remark{{"docx.hidden", "隐藏文字“" + words + "”会随文件留下，请先删去或取消隐藏", "hidden text “" + words + "” would stay in the file; delete it or show it"}}
}
