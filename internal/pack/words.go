package pack

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"sifen/internal/i18n"
)

var (
	unknownField = regexp.MustCompile(`line (\d+): field (\S+) not found`)
	wrongType    = regexp.MustCompile("line (\\d+): cannot unmarshal !!(\\w+)(?: `([^`]*)`)? into (\\S+)")
	twiceKey     = regexp.MustCompile(`line (\d+): mapping key "([^"]*)" already defined at line (\d+)`)
	atLine       = regexp.MustCompile(`line (\d+)`)
)

// decodeFault words the library's message and finds the line in the pack's file.
func decodeFault(o *Object, err error) Fault {
	var te *yaml.TypeError
	text := err.Error()
	if errors.As(err, &te) && len(te.Errors) > 0 {
		text = te.Errors[0]
	}
	line, key, say := 0, o.Key, wrongYAML(text)
	if m := unknownField.FindStringSubmatch(text); m != nil {
		key, say = o.Key+"."+m[2], i18n.Label{Zh: "没有名为 " + m[2] + " 的项", En: "there is no key " + m[2]}
	} else {
		say = i18n.Label{Zh: "读不懂：" + say.Zh, En: "cannot be read: " + say.En}
	}
	if m := atLine.FindStringSubmatch(text); m != nil {
		fmt.Sscanf(m[1], "%d", &line)
	}
	return Fault{o.Path, o.Line + max(line-1, 0), key, say}
}

// wrongYAML says in plain words what the library finds wrong with a text.
func wrongYAML(text string) i18n.Label {
	if m := wrongType.FindStringSubmatch(text); m != nil {
		want, is := wanted(m[4]), i18n.Label{Zh: "一个值", En: "a value"}
		switch m[2] {
		case "map":
			is = i18n.Label{Zh: "一组项（key: 值）", En: "a mapping (key: value)"}
		case "seq":
			is = i18n.Label{Zh: "一个列表", En: "a list"}
		default:
			if m[3] != "" {
				is = i18n.Label{Zh: "“" + m[3] + "”", En: "“" + m[3] + "”"}
			}
		}
		return i18n.Label{Zh: "这里应写" + want.Zh + "，写的是" + is.Zh, En: "here stands " + is.En + ", it should be " + want.En}
	}
	if m := twiceKey.FindStringSubmatch(text); m != nil {
		return i18n.Label{Zh: "项 " + m[2] + " 写了两次", En: "the key " + m[2] + " stands twice"}
	}
	switch {
	case strings.Contains(text, "cannot start any token") && strings.Contains(text, "'\\t'"), strings.Contains(text, "tab character"):
		return i18n.Label{Zh: "缩进用了制表符；请改用空格", En: "a tab indents here; use spaces"}
	case strings.Contains(text, "unknown anchor"):
		return i18n.Label{Zh: "以 * 开头的值要加引号", En: "a value that begins with * needs quotes"}
	case strings.Contains(text, "mapping values are not allowed"):
		return i18n.Label{Zh: "这一行多了冒号；含冒号的文字要加引号，或检查缩进",
			En: "there is a colon too many; put quotes around a text with a colon, or mend the indentation"}
	case strings.Contains(text, "did not find expected ',' or ']'"), strings.Contains(text, "did not find expected ',' or '}'"):
		return i18n.Label{Zh: "方括号或花括号没有成对，或缺逗号", En: "a bracket or brace is not closed, or a comma is missing"}
	case strings.Contains(text, "unexpected end of stream"), strings.Contains(text, "quoted scalar"):
		return i18n.Label{Zh: "引号没有成对", En: "a quotation mark is not closed"}
	}
	return i18n.Label{Zh: "请检查这一行及其上一行的缩进、冒号、引号和括号",
		En: "check indentation, colons, quotation marks and brackets of this line and the one above"}
}

// wanted names what stands where a Go type is read.
func wanted(goType string) i18n.Label {
	goType = strings.TrimLeft(goType, "*")
	switch {
	case strings.HasPrefix(goType, "[]"):
		return i18n.Label{Zh: "列表", En: "a list"}
	case strings.HasPrefix(goType, "int"), strings.HasPrefix(goType, "uint"):
		return i18n.Label{Zh: "整数", En: "a whole number"}
	case goType == "bool":
		return i18n.Label{Zh: " true 或 false", En: "true or false"}
	case goType == "string":
		return i18n.Label{Zh: "文字", En: "a text"}
	case goType == "i18n.Label":
		return i18n.Label{Zh: "中英文 {zh: …, en: …}", En: "two texts {zh: …, en: …}"}
	}
	return i18n.Label{Zh: "一组项（key: 值）", En: "a mapping (key: value)"}
}
