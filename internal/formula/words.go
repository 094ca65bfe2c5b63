package formula

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
)

// Error says what is wrong with an expression to those who wrote it, in both languages.
type Error struct{ Zh, En string }

func (e *Error) Error() string { return e.En }

// Words says what is wrong with an expression in both languages.
func Words(err error) (zh, en string) {
	var e *Error
	if errors.As(err, &e) {
		return e.Zh, e.En
	}
	return "这个算式不能用", "this expression cannot be used"
}

var (
	undeclared = regexp.MustCompile(`undeclared reference to '([^']*)'`)
	overload   = regexp.MustCompile(`found no matching overload for '([^']*)' applied to '([^']*)'`)
	token      = regexp.MustCompile(`(?:mismatched input|extraneous input|no viable alternative at input|token recognition error at:) '([^']*)'`)
	reserved   = regexp.MustCompile(`reserved identifier: (\w+)`)
)

// wrong words the first three findings of the library.
func wrong(list []*cel.Error, inputs map[string]Type) error {
	return wrongAt(list, inputs, func(column int) int { return column })
}

// wrongAt is wrong with the columns of another text.
func wrongAt(list []*cel.Error, inputs map[string]Type, typed func(column int) int) error {
	var zh, en []string
	said := map[string]bool{}
	for _, e := range list {
		z, n := one(e.Message, inputs)
		if said[z] || len(zh) == 3 {
			continue
		}
		said[z] = true
		column := typed(e.Location.Column()) + 1
		zh, en = append(zh, fmt.Sprintf("第 %d 个字符处%s", column, z)), append(en, fmt.Sprintf("column %d: %s", column, n))
	}
	return &Error{strings.Join(zh, "；"), strings.Join(en, "; ")}
}

func one(message string, inputs map[string]Type) (zh, en string) {
	if m := undeclared.FindStringSubmatch(message); m != nil {
		names := slices.Sorted(maps.Keys(inputs))
		if len(names) == 0 {
			return "没有名为 " + m[1] + " 的名字", "there is no name " + m[1]
		}
		return "没有名为 " + m[1] + " 的名字，可用：" + strings.Join(names, "、"), "there is no name " + m[1] + "; there are: " + strings.Join(names, ", ")
	}
	if m := overload.FindStringSubmatch(message); m != nil {
		sign := strings.Trim(strings.ReplaceAll(m[1], "_", " "), " @")
		var zhs, ens []string
		double := false
		for _, t := range strings.Split(strings.Trim(m[2], "()"), ",") {
			w := typeWord(strings.TrimSpace(t))
			zhs, ens = append(zhs, w[0]), append(ens, w[1])
			double = double || strings.TrimSpace(t) == "double"
		}
		zh, en = sign+" 不能用于"+strings.Join(zhs, "和"), sign+" cannot be used on "+strings.Join(ens, " and ")
		if double {
			zh, en = zh+"；数字只写整数", en+"; write whole numbers only"
		}
		return zh, en
	}
	if m := reserved.FindStringSubmatch(message); m != nil {
		return m[1] + " 是保留字，不能用作名字", m[1] + " is a reserved word and no name"
	}
	if m := token.FindStringSubmatch(message); m != nil && m[1] != "" && m[1] != "<EOF>" {
		return "的 " + m[1] + " 读不懂，它前面或这里多了、少了什么", m[1] + " cannot be read; something is missing or too much here or before it"
	}
	return "写得不完整或多了什么：检查括号、引号和运算符", "something is missing or too much: check brackets, quotation marks and signs"
}

func typeWord(t string) [2]string {
	switch t {
	case "int":
		return [2]string{"整数", "a whole number"}
	case "double":
		return [2]string{"小数", "a decimal number"}
	case "string":
		return [2]string{"文字", "a text"}
	case "num":
		return [2]string{"数", "a number"}
	case "bool":
		return [2]string{"是或否", "yes or no"}
	}
	return [2]string{"别的值", "another value"}
}
