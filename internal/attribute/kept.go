package attribute

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"sifen/internal/formula"
	"sifen/internal/pack"
)

// kept is the second document of a rule that a run keeps.
type kept struct {
	Attributes map[string]string `yaml:"attributes"` // types by key
}

// Append adds to the text of a rule, which a run keeps, the attributes of units that its conditions could name: so it can be read
// again when rule packs know others.
func Append(rule string, set *pack.Set) (string, error) {
	k := kept{map[string]string{}}
	for _, d := range List(set) {
		k.Attributes[d.Key] = d.Type
	}
	if len(k.Attributes) == 0 {
		return rule, nil
	}
	raw, err := yaml.Marshal(k)
	return strings.TrimRight(rule, "\n") + "\n---\n" + string(raw), err
}

// Read reads what Append added, behind the rule itself: the names that conditions could use, with their types.
func Read(d *yaml.Decoder) (map[string]formula.Type, error) {
	var k kept
	if err := d.Decode(&k); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("the attributes that a run keeps cannot be read: %w", err)
	}
	rules := Rules(pack.NewSet())
	for name, kind := range k.Attributes {
		rules[name] = (&Definition{Type: kind}).Rule()
	}
	return rules, nil
}
