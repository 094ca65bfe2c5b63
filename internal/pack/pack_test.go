package pack_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"sifen/internal/db"
	"sifen/internal/dbtest"
	"sifen/internal/i18n"
	"sifen/internal/pack"
	"sifen/internal/period"
)

// thing is the object type of these tests: what others see of it is its weight.
type thing struct {
	Key     string     `yaml:"key"`
	Title   i18n.Label `yaml:"title"`
	Weight  int        `yaml:"weight"`
	Extends string     `yaml:"extends"`
	Parts   []part     `yaml:"parts"`
	Of      string     `yaml:"of"`
	File    string     `yaml:"file"`
}

type part struct {
	Key   string `yaml:"key"`
	Count int    `yaml:"count"`
}

func registry() *pack.Registry {
	return pack.NewRegistry(pack.Type{Dir: "things",
		Decode: func(o *pack.Object) (any, error) { t := &thing{}; return t, pack.Strict(o, t) },
		Check: func(s *pack.Set, o *pack.Object) (faults []pack.Fault) {
			if of := o.Value.(*thing).Of; of != "" && s.Get("things", of) == nil {
				faults = append(faults, o.Fault("of", "没有 "+of, "there is no "+of))
			}
			return faults
		}})
}

func folder(files ...string) fstest.MapFS {
	f := fstest.MapFS{"pack.yaml": {Data: []byte("key: test\ntitle: {zh: 测试, en: Test}\n")}}
	for i := 0; i+1 < len(files); i += 2 {
		f[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return f
}

// Every fault of a pack names the file, the line and what would be right.
func TestFaultsSayWhereAndWhat(t *testing.T) {
	tests := map[string]struct {
		files fstest.MapFS
		want  string // path:line: key: … English
	}{
		"no header": {fstest.MapFS{"things/a.yaml": {Data: []byte("key: a\n")}},
			"pack.yaml:1: : 规则包缺少 pack.yaml / the pack has no pack.yaml"},
		"a header without a key": {fstest.MapFS{"pack.yaml": {Data: []byte("title: {zh: 测试}\n")}},
			"pack.yaml:1: key: pack.yaml 没有 key / pack.yaml has no key"},
		"a folder nobody knows": {folder("stuff/a.yaml", "key: a\n"), "stuff/a.yaml:1: stuff: 不认识的文件夹 stuff / unknown folder stuff"},
		"no YAML":               {folder("things/a.yaml", "key: a\nweight: [1\n"), "things/a.yaml:"},
		"a key with blanks":     {folder("things/a.yaml", "- key: a\n- key: Two Words\n"), "things/a.yaml:2: Two Words: "},
		"one key twice": {folder("things/a.yaml", "key: a\n", "things/b.yaml", "- key: c\n- key: a\n"),
			"things/b.yaml:2: a: a 已在 things/a.yaml 第 1 行定义"},
		"a misspelt name": {folder("things/a.yaml", "- key: b\n- key: a\n  weihgt: 3\n"),
			"things/a.yaml:3: a.weihgt: 没有名为 weihgt 的项 / there is no key weihgt"},
		"a text where a number stays": {folder("things/a.yaml", "key: a\nweight: heavy\n"),
			"things/a.yaml:2: a: 读不懂：这里应写整数，写的是“heavy” / cannot be read: here stands “heavy”, it should be a whole number"},
		"a reference to nothing":    {folder("things/a.yaml", "key: a\nweight: 1\nof: gone\n"), "things/a.yaml:3: a.of: 没有 gone / there is no gone"},
		"extends without a place":   {folder("things/a.yaml", "key: a\nextends: b\n"), "things/a.yaml:2: a.extends: extends 要写成 规则包/文件夹/key"},
		"extends what is not there": {folder("things/a.yaml", "key: a\nextends: base/things/b\n"), "there is no base/things/b to extend"},
		"a pack it requires and nobody has": {fstest.MapFS{"pack.yaml": {Data: []byte("key: test\nrequires:\n  - bse\n")}},
			"pack.yaml:3: requires: 没有规则包 bse；这里一个也没有 / there is no pack bse; there is none here"},
		"a bracket that is not closed": {folder("things/a.yaml", "key: a\nweight: [1\nof: b\n"), "不是有效的 YAML：方括号或花括号没有成对"},
		"a list where a text stays":    {folder("things/a.yaml", "key: a\nof: [x]\n"), "读不懂：这里应写文字，写的是一个列表"},
		"extends in a circle": {folder("things/a.yaml", "- {key: a, extends: test/things/b}\n- {key: b, extends: test/things/a}\n"),
			"extends goes in a circle"},
	}
	for what, c := range tests {
		t.Run(what, func(t *testing.T) {
			r := registry()
			p, faults := r.Load(c.files)
			if len(faults) == 0 {
				_, faults = r.Build(p)
			}
			var all []string
			for _, f := range faults {
				all = append(all, f.String())
			}
			if !strings.Contains(strings.Join(all, "\n"), c.want) {
				t.Errorf("%q\nwant %q", all, c.want)
			}
		})
	}
}

// What extends another object is that object with what is said anew; lists whose items have keys merge item by item.
func TestExtends(t *testing.T) {
	r := registry()
	base, faults := r.Load(folder("things/a.yaml", "key: a\ntitle: {zh: 甲, en: A}\nweight: 5\nparts:\n  - {key: x, count: 1}\n  - {key: y, count: 2}\n"))
	own, more := r.Load(fstest.MapFS{"pack.yaml": {Data: []byte("key: own\n")},
		"things/b.yaml": {Data: []byte("key: b\nextends: test/things/a\nweight: 7\nparts:\n  - {key: y, count: 9}\n  - {key: z, count: 3}\n")}})
	set, wrong := r.Build(base, own)
	if all := append(append(faults, more...), wrong...); len(all) > 0 {
		t.Fatal(all)
	}
	a, b := set.Get("things", "a").Value.(*thing), set.Get("things", "b").Value.(*thing)
	if b.Title.Zh != "甲" || b.Weight != 7 || len(b.Parts) != 3 || b.Parts[0] != (part{"x", 1}) || b.Parts[1] != (part{"y", 9}) || b.Parts[2] != (part{"z", 3}) {
		t.Errorf("the extending object: %+v", b)
	}
	if a.Weight != 5 || len(a.Parts) != 2 || a.Parts[1].Count != 2 {
		t.Errorf("the extended object was changed: %+v", a)
	}
}

// A pack is stored as versions in force from a day; the same twice changes nothing.
func TestApply(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, r := t.Context(), registry()
		store := &pack.Store{Registry: r}
		at := time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)
		apply := func(from period.Day, files ...string) (n int) {
			t.Helper()
			p, faults := r.Load(folder(files...))
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			if err := d.Write(ctx, func(tx *db.Tx) error {
				changes, err := pack.Apply(ctx, tx, 1, p, from, at)
				n = len(changes)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return n
		}
		weight := func(key string) int {
			t.Helper()
			set, err := store.Current(ctx, d.Read, 1)
			if err != nil {
				t.Fatal(err)
			}
			if o := set.Get("things", key); o != nil {
				return o.Value.(*thing).Weight
			}
			return -1
		}
		if w := weight("a"); w != -1 {
			t.Errorf("an empty district weighs %d", w)
		}
		july := period.Date(2026, 7, 1)
		for _, step := range []struct {
			what    string
			from    period.Day
			files   []string
			changes int
			a, b    int
		}{
			{"the first time", july, []string{"things/x.yaml", "- {key: a, weight: 1}\n- {key: b, weight: 2}\n", "things/note.txt", "old"}, 2, 1, 2},
			{"the same again", july, []string{"things/x.yaml", "- {key: a, weight: 1}\n- {key: b, weight: 2}\n", "things/note.txt", "old"}, 0, 1, 2},
			{"one object anew", july, []string{"things/x.yaml", "- {key: a, weight: 3}\n", "things/note.txt", "new"}, 1, 3, 2},
			{"one that names a file", july, []string{"things/x.yaml", "- {key: c, file: c.txt}\n", "things/c.txt", "old"}, 1, 3, 2},
			{"the same file", july, []string{"things/x.yaml", "- {key: c, file: c.txt}\n", "things/c.txt", "old"}, 0, 3, 2},
			{"another file of that name", july, []string{"things/x.yaml", "- {key: c, file: c.txt}\n", "things/c.txt", "new"}, 1, 3, 2},
		} {
			if n := apply(step.from, step.files...); n != step.changes {
				t.Errorf("%s: %d changes, want %d", step.what, n, step.changes)
			}
			if weight("a") != step.a || weight("b") != step.b {
				t.Errorf("%s: a weighs %d, b %d; want %d and %d", step.what, weight("a"), weight("b"), step.a, step.b)
			}
		}
		set, err := store.Current(ctx, d.Read, 1)
		if err != nil {
			t.Fatal(err)
		}
		if string(set.Files["things/note.txt"]) != "new" {
			t.Errorf("the file says %q", set.Files["things/note.txt"])
		}
		type span struct{ from, until int64 }
		spans := map[int64]span{}
		rows, err := d.Read.QueryContext(ctx, `SELECT version, day_from, day_until FROM pack_object WHERE key = 'a'`)
		var v int64
		var s span
		if err := db.Each(rows, err, func() error { err := rows.Scan(&v, &s.from, &s.until); spans[v] = s; return err }); err != nil {
			t.Fatal(err)
		}
		if spans[1] != (span{0, int64(july)}) || spans[2] != (span{int64(july), int64(period.Open)}) {
			t.Errorf("the versions of a are in force %v", spans)
		}
		// what is stored and cannot be read any more is an error that says which, never a rule less
		if err := d.Exec(ctx, `UPDATE pack_object SET body = 'key: a`+"\nweight: heavy\n"+`' WHERE key = 'a' AND version = 2`); err != nil {
			t.Fatal(err)
		}
		if _, err := (&pack.Store{Registry: r}).Current(ctx, d.Read, 1); err == nil || !strings.Contains(err.Error(), "things/x.yaml") &&
			!strings.Contains(err.Error(), ": a: ") {
			t.Errorf("a broken object: %v", errors.Join(err))
		}
	})
}

// What a district stored before a rule stays; what is new or changed is held to it, at its line.
func TestFreshObjectsAreHeldToNewRules(t *testing.T) {
	r := pack.NewRegistry(pack.Type{Dir: "things",
		Decode: func(o *pack.Object) (any, error) { t := &thing{}; return t, pack.Strict(o, t) },
		Fresh: func(_ *pack.Set, o *pack.Object) (faults []pack.Fault) {
			if o.Value.(*thing).Weight == 0 {
				faults = append(faults, o.FaultIn([]string{"parts", "y", "count"}, "没有重量", "weighs nothing"))
			}
			return faults
		}})
	p, _ := r.Load(folder("things/a.yaml", "key: a\nparts:\n  - key: x\n  - key: y\n    count: 3\n"))
	_, faults := r.Build(p)
	if len(faults) != 1 || faults[0].Line != 5 || faults[0].Key != "a.parts.y.count" {
		t.Errorf("a fresh object: %v", faults)
	}
	stored := pack.NewSet()
	stored.Put(&pack.Object{Type: "things", Key: "a", Body: p.Objects[0].Body, Version: 4})
	p.Over(stored)
	if _, faults := r.Build(p); len(faults) > 0 {
		t.Errorf("a stored object: %v", faults)
	}
	if err := pack.Faults(faults).Err(); err == nil || pack.Faults(nil).Err() != nil {
		t.Error("faults as an error")
	}
}

// A wrong name is answered by the right ones: all of a few, of many the nearest.
func TestKnownNames(t *testing.T) {
	few := pack.Known("x", []string{"b", "a", "b", ""})
	var many []string
	for _, c := range "abcdefghijklmnopqrstuvw" {
		many = append(many, "name-"+string(c))
	}
	if few.En != "; there are: a, b" || few.Zh != "；可用：a、b" {
		t.Errorf("%v", few)
	}
	if got := pack.Known("nam-q", many); !strings.Contains(got.Zh, "写法最近的：name-q、") || !strings.Contains(got.En, "of 23 the nearest are: name-q, ") {
		t.Errorf("%v", got)
	}
}
