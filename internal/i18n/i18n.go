// Package i18n holds labels and the sentences of every problem code, in Chinese and English.
package i18n

import (
	"fmt"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Lang is a language of the interface.
type Lang string

// Zh is the default.
const (
	Zh Lang = "zh"
	En Lang = "en"
)

// Label is a text shown to a person, in both languages.
type Label struct {
	Zh string `json:"zh" yaml:"zh"`
	En string `json:"en" yaml:"en"`
}

// In returns the text in a language.
func (l Label) In(lang Lang) string {
	if lang == En && l.En != "" {
		return l.En
	}
	return l.Zh
}

// IsZero reports an empty label.
func (l Label) IsZero() bool { return l.Zh == "" && l.En == "" }

// Parse reads an Accept-Language header: English only when it comes before any Chinese.
func Parse(header string) Lang {
	for _, part := range strings.Split(strings.ToLower(header), ",") {
		tag := strings.TrimSpace(part)
		if strings.HasPrefix(tag, "zh") {
			return Zh
		}
		if strings.HasPrefix(tag, "en") {
			return En
		}
	}
	return Zh
}

// Fill replaces {name} by args. Labels among args follow the language; unknown names stay visible.
func Fill(text string, args map[string]any, lang Lang) string {
	if !strings.Contains(text, "{") {
		return text
	}
	keys := make([]string, 0, len(args))
	for k := range args {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		v := args[k]
		if l, ok := v.(Label); ok {
			v = l.In(lang)
		}
		text = strings.ReplaceAll(text, "{"+k+"}", fmt.Sprint(v))
	}
	return text
}

// Say words a code in both languages.
func Say(code string, args map[string]any) Label {
	return Label{Zh: Sentence(code, args, Zh), En: Sentence(code, args, En)}
}

// Sentence words a problem or field code. An unknown code is shown as itself; a test keeps that from shipping.
func Sentence(code string, args map[string]any, lang Lang) string {
	l, ok := sentences[code]
	if !ok {
		return code
	}
	return Fill(l.In(lang), args, lang)
}

// Known reports whether code has sentences.
func Known(code string) bool { _, ok := sentences[code]; return ok }

// UnmarshalYAML accepts {zh: 人, en: people} and, for a word that is the same in both, just the word. A comma in a text
// without quotation marks ends it for YAML and leaves a key without a value: what is meant is the text, comma and all.
func (l *Label) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind != yaml.MappingNode {
		var one string
		err := node.Decode(&one)
		*l = Label{one, one}
		return err
	}
	*l = Label{}
	var last *string
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		switch {
		case key.Value == "zh":
			last = &l.Zh
		case key.Value == "en":
			last = &l.En
		case last != nil && value.Tag == "!!null":
			*last += ", " + key.Value
			continue
		default:
			return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: field %s not found in type i18n.plain", key.Line, key.Value)}}
		}
		if err := value.Decode(last); err != nil {
			return err
		}
	}
	return nil
}
