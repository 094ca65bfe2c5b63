// Package pack loads rule packs: folders of YAML objects and files that hold everything of one district.
// It knows no object type; owners register theirs.
package pack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"

	"sifen/internal/db"
	"sifen/internal/i18n"
)

// Type is one sort of object. Dir is its folder in a pack and its name in the store.
type Type struct {
	Dir    string
	Decode func(*Object) (any, error)  // strict; errors from Strict keep their line
	Check  func(*Set, *Object) []Fault // against all effective objects; may be nil
	// Fresh is what a new or changed object must hold beyond Check, against all effective objects; may be nil. What was
	// stored before such a rule stays and works.
	Fresh func(*Set, *Object) []Fault
	// Held finds what records hold and the rules after would change under them; may be nil.
	Held   func(ctx context.Context, q db.Querier, district int64, before, after *Set) ([]Fault, error)
	Schema func() map[string]any // JSON Schema for editors
	// Dated objects come into force on the first day of their version and not before. Of the other types the newest version
	// is effective as soon as it is stored: its own formulas ask for the version of a day.
	Dated bool
}

// Object is one versioned thing of a pack.
type Object struct {
	Type, Key string
	Body      string // YAML text, comments included
	Path      string // file in the pack
	Line      int    // of the object in the file
	Pack      string
	Version   int64
	From      int64 // business day from which this version is in force; of a new object before it is stored: its first day, 0 for ever
	Until     int64
	Node      *yaml.Node
	Value     any // what Decode made
}

// Fault is one thing wrong with a pack: where, what, and what would be right.
type Fault struct {
	Path    string     `json:"path"`
	Line    int        `json:"line"`
	Key     string     `json:"key"`
	Message i18n.Label `json:"message"`
}

func (f Fault) String() string {
	return fmt.Sprintf("%s:%d: %s: %s / %s", f.Path, f.Line, f.Key, f.Message.Zh, f.Message.En)
}

// Header is pack.yaml.
type Header struct {
	Key      string     `yaml:"key"`
	Title    i18n.Label `yaml:"title"`
	Version  string     `yaml:"version"`
	Requires []string   `yaml:"requires"`
	Licence  string     `yaml:"licence"`
	Source   string     `yaml:"source"`
}

// Pack is a loaded folder.
type Pack struct {
	Header  Header
	Objects []*Object
	Files   map[string][]byte // files that are not YAML, by path
	head    *yaml.Node        // pack.yaml
}

// Registry holds the object types.
type Registry struct{ types []Type }

// NewRegistry makes a registry. The order is the order of applying.
func NewRegistry(types ...Type) *Registry { return &Registry{types} }

func (r *Registry) byDir(dir string) (Type, bool) {
	for _, t := range r.types {
		if t.Dir == dir {
			return t, true
		}
	}
	return Type{}, false
}

// Types lists the registered types.
func (r *Registry) Types() []Type { return r.types }

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9]*([._-][a-z0-9]+)*$`)

// Load reads a pack folder. Every fault is reported, not only the first.
func (r *Registry) Load(fsys fs.FS) (*Pack, []Fault) {
	p := &Pack{Files: map[string][]byte{}}
	var faults []Fault
	fault := func(file string, line int, key, zh, en string) {
		faults = append(faults, Fault{file, line, key, i18n.Label{Zh: zh, En: en}})
	}
	raw, err := fs.ReadFile(fsys, "pack.yaml")
	if err != nil {
		fault("pack.yaml", 1, "", "规则包缺少 pack.yaml", "the pack has no pack.yaml")
	} else if err := yaml.Unmarshal(raw, &p.Header); err != nil || p.Header.Key == "" {
		fault("pack.yaml", 1, "key", "pack.yaml 没有 key", "pack.yaml has no key")
	} else {
		var doc yaml.Node
		if yaml.Unmarshal(raw, &doc) == nil && len(doc.Content) > 0 {
			p.head = doc.Content[0]
		}
	}
	err = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || name == "pack.yaml" || strings.HasPrefix(path.Base(name), ".") || strings.HasPrefix(path.Base(name), "~") {
			return err
		}
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		dir, _, _ := strings.Cut(name, "/")
		t, known := r.byDir(dir)
		if path.Ext(name) != ".yaml" && path.Ext(name) != ".yml" {
			if known {
				p.Files[name] = raw
			}
			return nil
		}
		if !known {
			fault(name, 1, dir, "不认识的文件夹 "+dir, "unknown folder "+dir)
			return nil
		}
		objects, bad := r.parse(t, p.Header.Key, name, raw)
		p.Objects = append(p.Objects, objects...)
		faults = append(faults, bad...)
		return nil
	})
	if err != nil {
		fault(".", 1, "", "读不了规则包："+err.Error(), "cannot read the pack: "+err.Error())
	}
	seen := map[string]*Object{}
	for _, o := range p.Objects {
		if first, dup := seen[o.Type+"/"+o.Key]; dup {
			fault(o.Path, o.Line, o.Key, fmt.Sprintf("%s 已在 %s 第 %d 行定义，请改名或删去一处", o.Key, first.Path, first.Line),
				fmt.Sprintf("%s is already defined in %s line %d: rename or remove one", o.Key, first.Path, first.Line))
		}
		seen[o.Type+"/"+o.Key] = o
	}
	return p, faults
}

func (r *Registry) parse(t Type, pack, name string, raw []byte) (out []*Object, faults []Fault) {
	var doc yaml.Node
	if err := yaml.Unmarshal(raw, &doc); err != nil {
		line := 1
		fmt.Sscanf(strings.TrimPrefix(err.Error(), "yaml: "), "line %d", &line)
		say := wrongYAML(err.Error())
		return nil, []Fault{{name, line, "", i18n.Label{Zh: "不是有效的 YAML：" + say.Zh, En: "not valid YAML: " + say.En}}}
	}
	if len(doc.Content) == 0 {
		return nil, nil
	}
	nodes := []*yaml.Node{doc.Content[0]}
	if nodes[0].Kind == yaml.SequenceNode {
		nodes = nodes[0].Content
	}
	for _, n := range nodes {
		o := &Object{Type: t.Dir, Path: name, Line: n.Line, Pack: pack, Node: n}
		if k := child(n, "key"); k != nil {
			o.Key = k.Value
		}
		if !keyForm.MatchString(o.Key) {
			faults = append(faults, Fault{name, n.Line, o.Key, i18n.Label{Zh: "key 应为小写字母、数字，用点或短横相连",
				En: "key must be lower-case words joined by dots or dashes"}})
			continue
		}
		var b bytes.Buffer
		written(n)
		enc := yaml.NewEncoder(&b)
		enc.SetIndent(2)
		if err := enc.Encode(n); err != nil {
			faults = append(faults, Fault{name, n.Line, o.Key, i18n.Label{Zh: err.Error(), En: err.Error()}})
			continue
		}
		o.Body = b.String()
		out = append(out, o)
	}
	return out, faults
}

// Sum is the SHA-256 of the object's text.
func (o *Object) Sum() string {
	s := sha256.Sum256([]byte(o.Body))
	return hex.EncodeToString(s[:])
}

// written gives values that were left out a word: the encoder would make empty texts of them.
func written(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" && n.Value == "" {
		n.Value = "null"
	}
	for _, c := range n.Content {
		written(c)
	}
}

// Fault makes a fault at a key of the object.
func (o *Object) Fault(key, zh, en string) Fault {
	line := o.Line
	if n := child(o.Node, key); n != nil {
		line = n.Line
	}
	return Fault{o.Path, line, o.Key + "." + key, i18n.Label{Zh: zh, En: en}}
}

// FaultAt makes a fault at the index-th element of a list key.
func (o *Object) FaultAt(list string, index int, key, zh, en string) Fault {
	line := o.Line
	name := fmt.Sprintf("%s.%s[%d]", o.Key, list, index)
	if n := child(o.Node, list); n != nil && index < len(n.Content) {
		line = n.Content[index].Line
		if k := child(n.Content[index], "key"); k != nil {
			name = o.Key + "." + list + "." + k.Value
		}
	}
	if key != "" {
		name += "." + key
	}
	return Fault{o.Path, line, name, i18n.Label{Zh: zh, En: en}}
}

func child(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// Strict decodes an object's text into v and refuses unknown keys.
func Strict(o *Object, v any) error {
	dec := yaml.NewDecoder(strings.NewReader(o.Body))
	dec.KnownFields(true)
	return dec.Decode(v)
}

// Set is every effective object: the newest of each key.
type Set struct {
	objects map[string]map[string]*Object
	Files   map[string][]byte
	Stamp   string

	since, until int64 // business days [since, until) on which the dated objects are these
}

// NewSet makes an empty set.
func NewSet() *Set { return &Set{objects: map[string]map[string]*Object{}, Files: map[string][]byte{}} }

// Put adds or replaces an object.
func (s *Set) Put(o *Object) {
	if s.objects[o.Type] == nil {
		s.objects[o.Type] = map[string]*Object{}
	}
	s.objects[o.Type][o.Key] = o
}

// Get returns the effective object, or nil.
func (s *Set) Get(typ, key string) *Object { return s.objects[typ][key] }

// List returns the effective objects of a type by key.
func (s *Set) List(typ string) []*Object {
	out := make([]*Object, 0, len(s.objects[typ]))
	for _, o := range s.objects[typ] {
		out = append(out, o)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Key < out[j].Key })
	return out
}

// Build lays packs over each other, resolves extends, decodes and checks every object; those without a version, which no
// district has stored yet, as fresh ones.
func (r *Registry) Build(packs ...*Pack) (*Set, []Fault) {
	s := NewSet()
	for _, p := range packs {
		for _, o := range p.Objects {
			s.Put(o)
		}
		for n, b := range p.Files {
			s.Files[n] = b
		}
	}
	return s, append(requires(packs), r.resolve(s, true)...)
}

// Resolve decodes and checks every object of a set in place.
func (r *Registry) Resolve(s *Set) []Fault { return r.resolve(s, false) }

func (r *Registry) resolve(s *Set, fresh bool) []Fault {
	var faults []Fault
	for _, t := range r.types {
		for _, o := range s.List(t.Dir) {
			if err := s.extend(o, nil); err != nil {
				faults = append(faults, o.Fault("extends", err.Zh, err.En))
				continue
			}
			v, err := t.Decode(o)
			if err != nil {
				faults = append(faults, decodeFault(o, err))
				continue
			}
			o.Value = v
		}
	}
	for _, t := range r.types {
		for _, o := range s.List(t.Dir) {
			if o.Value == nil {
				continue
			}
			var bad []Fault
			if t.Check != nil {
				bad = t.Check(s, o)
			}
			if fresh && o.Version == 0 && t.Fresh != nil {
				bad = append(bad, t.Fresh(s, o)...)
			}
			faults = append(faults, bad...)
		}
	}
	return faults
}

// extend merges the object over the one it extends; lists of keyed mappings merge by key.
func (s *Set) extend(o *Object, seen []string) *i18n.Label {
	ref := child(o.Node, "extends")
	if ref == nil {
		return nil
	}
	for _, k := range seen {
		if k == o.Key {
			ring := strings.Join(append(seen, o.Key), " → ")
			return &i18n.Label{Zh: "extends 绕成了一个圈：" + ring, En: "extends goes in a circle: " + ring}
		}
	}
	parts := strings.Split(ref.Value, "/")
	if len(parts) != 3 {
		return &i18n.Label{Zh: "extends 要写成 规则包/文件夹/key，不是 “" + ref.Value + "”",
			En: fmt.Sprintf("extends must read pack/folder/key, not %q", ref.Value)}
	}
	base := s.Get(parts[1], parts[2])
	if base == nil || base == o {
		known := Known(parts[2], slices.DeleteFunc(slices.Collect(maps.Keys(s.objects[parts[1]])), func(k string) bool { return k == o.Key }))
		return &i18n.Label{Zh: "没有可供扩展的 " + ref.Value + known.Zh, En: "there is no " + ref.Value + " to extend" + known.En}
	}
	if err := s.extend(base, append(seen, o.Key)); err != nil {
		return err
	}
	merged := merge(base.Node, o.Node)
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(merged); err != nil {
		return &i18n.Label{Zh: "合并后写不成 YAML", En: "what is merged is no YAML"}
	}
	o.Node, o.Body = merged, b.String()
	return nil
}

func merge(base, over *yaml.Node) *yaml.Node {
	if base.Kind == yaml.MappingNode && over.Kind == yaml.MappingNode {
		out := *base
		out.Content = append([]*yaml.Node(nil), base.Content...)
		for i := 0; i+1 < len(over.Content); i += 2 {
			k, v := over.Content[i], over.Content[i+1]
			if k.Value == "extends" {
				continue
			}
			at := -1
			for j := 0; j+1 < len(out.Content); j += 2 {
				if out.Content[j].Value == k.Value {
					at = j + 1
				}
			}
			if at < 0 {
				out.Content = append(out.Content, k, v)
			} else {
				out.Content[at] = merge(out.Content[at], v)
			}
		}
		return &out
	}
	if keyed(base) && keyed(over) {
		out := *base
		out.Content = append([]*yaml.Node(nil), base.Content...)
		for _, v := range over.Content {
			at := -1
			for j, b := range out.Content {
				if child(b, "key").Value == child(v, "key").Value {
					at = j
				}
			}
			if at < 0 {
				out.Content = append(out.Content, v)
			} else {
				out.Content[at] = merge(out.Content[at], v)
			}
		}
		return &out
	}
	return over
}

func keyed(n *yaml.Node) bool {
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		return false
	}
	for _, c := range n.Content {
		if child(c, "key") == nil {
			return false
		}
	}
	return true
}
