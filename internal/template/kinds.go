package template

import (
	"sifen/internal/i18n"
	"sifen/internal/pack"
)

// Kind is a kind of official document. Every issuer numbers each kind by itself, year by year.
type Kind struct {
	Key   string     `yaml:"key" json:"key"`
	Title i18n.Label `yaml:"title" json:"title"`
	Word  string     `yaml:"word" json:"word"` // stands in the number between the issuer's name and the year
}

// KindType is the pack object type "document-kinds".
func KindType() pack.Type {
	return pack.Type{
		Dir:    "document-kinds",
		Decode: pack.Decoded[Kind],
		Check: func(set *pack.Set, o *pack.Object) (faults []pack.Fault) {
			k := o.Value.(*Kind)
			for _, other := range Kinds(set) {
				if other.Key != k.Key && other.Word == k.Word {
					faults = append(faults, o.Fault("word", "与"+other.Key+"的种类字相同，两种公文会出现同一文号",
						"the same word as "+other.Key+": two documents would carry one number"))
				}
			}
			return faults
		},
		Schema: func() map[string]any {
			return map[string]any{"type": "object", "required": []string{"key", "title", "word"}}
		},
	}
}

// Kinds lists the kinds of documents of the effective set.
func Kinds(set *pack.Set) []*Kind { return pack.All[Kind](set, "document-kinds") }

// KindOf finds a kind.
func KindOf(set *pack.Set, key string) (*Kind, error) {
	if k, ok := pack.Value[Kind](set, "document-kinds", key); ok {
		return k, nil
	}
	return nil, ErrKind.With("kind", key)
}
