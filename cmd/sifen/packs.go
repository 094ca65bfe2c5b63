package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sifen/internal/access"
	"sifen/internal/app"
	"sifen/internal/indicator"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/template"
	"sifen/packs"
)

type packCmd struct {
	Check  packCheckCmd  `cmd:"" help:"Check a pack folder; no database is needed, and with --data it may refer to the district's own rules."`
	Diff   packDiffCmd   `cmd:"" help:"Show what applying a pack would change."`
	Apply  packApplyCmd  `cmd:"" help:"Apply a pack in one transaction."`
	Export packExportCmd `cmd:"" help:"Write the district's rules as a pack folder."`
	Schema packSchemaCmd `cmd:"" help:"Write JSON Schemas for editors."`
}

type packCheckCmd struct {
	Dir      string `arg:"" help:"Pack folder."`
	Data     string `help:"Data folder of a district to check against; empty checks against the shipped rules alone."`
	Database string `help:"postgres:// URL of that district; empty is SQLite in the data folder."`
}

// loadClean loads a pack and checks it over the shipped one and, with a database, over the district's rules and what its
// records hold; faults are printed.
func loadClean(ctx context.Context, a *app.App, district int64, dir string) (*pack.Pack, error) {
	if st, err := os.Stat(dir); err != nil || !st.IsDir() {
		return nil, fmt.Errorf("%s is no folder", dir)
	}
	reg := app.NewRegistry()
	p, faults := reg.Load(os.DirFS(dir))
	base, _ := reg.Load(packs.Base())
	under := []*pack.Pack{base}
	if a != nil {
		set, err := pack.Stored(ctx, a.DB.Read, district)
		if err != nil {
			return nil, err
		}
		have := &pack.Pack{Files: set.Files}
		for _, t := range reg.Types() {
			have.Objects = append(have.Objects, set.List(t.Dir)...)
		}
		under = append(under, have)
		p.Over(set)
	}
	set, more := reg.Build(append(under, p)...)
	faults = append(faults, more...)
	fresh, _ := reg.Load(packs.Base())
	before, _ := reg.Build(fresh)
	if a == nil {
		faults = append(faults, template.MovedFaults(before, set)...)
	} else {
		var err error
		if before, err = reg.Before(ctx, a.DB.Read, district); err != nil {
			return nil, err
		}
		held, err := reg.Held(ctx, a.DB.Read, district, before, set)
		if err != nil {
			return nil, err
		}
		faults = append(faults, held...)
	}
	for _, f := range faults {
		fmt.Println(f)
	}
	if len(faults) > 0 {
		return nil, errExit
	}
	for _, m := range template.MovedNames(before, set) {
		fmt.Printf("注意 note: %s / %s\n", m.Say().Zh, m.Say().En)
	}
	return p, nil
}

func (c packCheckCmd) Run(ctx context.Context) error {
	check := func(a *app.App, district int64) error {
		p, err := loadClean(ctx, a, district, c.Dir)
		if err == nil {
			fmt.Printf("%s：%d 个对象，没有问题 %d objects, no faults\n", p.Header.Key, len(p.Objects), len(p.Objects))
		}
		return err
	}
	if c.Data == "" {
		return check(nil, 0)
	}
	d := data{Data: c.Data, Database: c.Database, LogLevel: "warn"}
	return d.operate(ctx, false, func(a *app.App, by access.Scope) error { return check(a, by.District) })
}

type packDiffCmd struct {
	data `embed:""`
	Dir  string `arg:"" help:"Pack folder."`
	From string `help:"First day of the new versions, as apply would be told; empty is today."`
}

// compared loads a pack without faults and says what in it is new from a day; none is today.
func compared(ctx context.Context, a *app.App, district int64, dir, day string) (p *pack.Pack, from period.Day, changes []pack.Change, err error) {
	if from, err = dayOr(day, today(a)); err != nil {
		return nil, 0, nil, err
	}
	if p, err = loadClean(ctx, a, district, dir); err != nil {
		return nil, 0, nil, err
	}
	set, err := pack.Stored(ctx, a.DB.Read, district)
	if err != nil {
		return nil, 0, nil, err
	}
	for _, o := range p.Covered(set) {
		fmt.Printf("本区改过，保留本区的 kept as the district made it: %s/%s\n", o.Type, o.Key)
	}
	changes, err = pack.Diff(ctx, a.DB.Read, district, p)
	return p, from, changes, err
}

func (c packDiffCmd) Run(ctx context.Context) error {
	return c.operate(ctx, false, func(a *app.App, by access.Scope) error { return c.diff(ctx, a, by) })
}

func (c packDiffCmd) diff(ctx context.Context, a *app.App, by access.Scope) error {
	p, from, changes, err := compared(ctx, a, by.District, c.Dir, c.From)
	if err != nil {
		return err
	}
	for _, ch := range changes {
		what := "更改 changed"
		if ch.Version == 1 {
			what = "新增 new"
		}
		fmt.Printf("%s\t%s/%s\t第 %d 版 version %d\n", what, ch.Object.Type, ch.Object.Key, ch.Version, ch.Version)
		if ch.Version > 1 {
			printDiff(ch.Before, ch.Object.Body)
		}
	}
	release, err := app.Lock(c.Data)
	if err != nil {
		fmt.Println("服务正在运行，没有试算指标 a server is running: figures were not tried")
	} else {
		defer release()
		if err := tellTouched(ctx, a, by.District, p, from); err != nil {
			return err
		}
	}
	fmt.Printf("%d 处变化 changes\n", len(changes))
	tellFrom(changes, from)
	return nil
}

// tellTouched says which figures of which years and months a pack would change.
func tellTouched(ctx context.Context, a *app.App, district int64, p *pack.Pack, from period.Day) error {
	touched, err := a.Touched(ctx, district, p, from)
	if err != nil {
		return err
	}
	for _, t := range touched {
		fmt.Printf("指标 figure\t%s\t%s\t%s → %s\n", t.Figure, t.Period, orNone(t.Before), orNone(t.After))
	}
	if len(touched) == 0 {
		fmt.Println("现有记录的数字都不变 no number of the records there are changes")
	}
	return nil
}

// tellFrom says since when new versions of what was there hold. Periods use the version in force on their last day.
func tellFrom(changes []pack.Change, from period.Day) {
	for _, c := range changes {
		if c.Version > 1 {
			fmt.Printf("自 %s 起生效：最后一天在此之前的期间照旧版本算 in force from %s: periods whose last day is before keep the older versions\n", from, from)
			return
		}
	}
}

func orNone(v string) string {
	if v == "" {
		return "无 none"
	}
	return v
}

// printDiff shows the lines that only one side has.
func printDiff(before, after string) {
	has := func(text string) map[string]int {
		m := map[string]int{}
		for _, l := range strings.Split(text, "\n") {
			m[l]++
		}
		return m
	}
	old, now := has(before), has(after)
	for _, l := range strings.Split(before, "\n") {
		if now[l] == 0 {
			fmt.Println("  - " + l)
		}
	}
	for _, l := range strings.Split(after, "\n") {
		if old[l] == 0 {
			fmt.Println("  + " + l)
		}
	}
}

type packApplyCmd struct {
	data `embed:""`
	Dir  string `arg:"" help:"Pack folder."`
	From string `help:"First day of the new versions. Without it, a pack that changes how a figure is counted asks; any other holds from today."`
}

func (c packApplyCmd) Run(ctx context.Context) error {
	return c.operate(ctx, true, func(a *app.App, by access.Scope) error { return c.apply(ctx, a, by, terminal()) })
}

// apply applies the pack. From which day a figure is counted anew decides which numbers of the past change, so nobody but a
// person says it.
func (c packApplyCmd) apply(ctx context.Context, a *app.App, by access.Scope, who asker) error {
	p, from, changes, err := compared(ctx, a, by.District, c.Dir, c.From)
	if err != nil {
		return err
	}
	if keys := recounted(changes); len(keys) > 0 {
		fmt.Printf("算法有变的指标 figures counted in another way: %s\n", strings.Join(keys, ", "))
		if c.From == "" {
			if from, err = c.since(who, from); err != nil {
				return err
			}
		}
		if err := tellTouched(ctx, a, by.District, p, from); err != nil {
			return err
		}
		if c.From == "" {
			tellFrom(changes, from)
			if answer, _ := who.choose("照此执行 apply? yes / no: ", "yes", "no"); answer != "yes" {
				return errExit
			}
		}
	}
	if changes, err = a.ApplyPack(ctx, by.District, p, from); err != nil {
		return err
	}
	fmt.Printf("%d 个对象有新版本 objects have a new version\n", len(changes))
	tellFrom(changes, from)
	return nil
}

// since asks from which day on.
func (c packApplyCmd) since(who asker, today period.Day) (period.Day, error) {
	for {
		s, ok := who.ask(fmt.Sprintf("从哪天起 from which day? YYYY-MM-DD [%s]: ", today))
		if !ok {
			return 0, fmt.Errorf("没有写从哪天起算，什么也没改；请加 --from YYYY-MM-DD，可先用 pack diff --from 看哪些数字会变 / "+
				"nothing was changed: say from which day with --from YYYY-MM-DD, for example --from %s; pack diff --from shows which numbers change", today)
		}
		if d, err := dayOr(s, today); err == nil {
			return d, nil
		}
	}
}

// recounted are the figures that were there and would be counted in another way.
func recounted(changes []pack.Change) (keys []string) {
	for _, c := range changes {
		if c.Object.Type == "indicators" && c.Version > 1 && indicator.Recounts(c.Before, c.Object.Body) {
			keys = append(keys, c.Object.Key)
		}
	}
	return keys
}

type packExportCmd struct {
	data `embed:""`
	Dir  string `arg:"" help:"Folder to write; must not exist or be empty."`
}

func (c packExportCmd) Run(ctx context.Context) error {
	if list, err := os.ReadDir(c.Dir); err == nil && len(list) > 0 {
		return fmt.Errorf("%s is not empty", c.Dir)
	}
	return c.operate(ctx, false, func(a *app.App, by access.Scope) error { return c.export(ctx, a, by) })
}

func (c packExportCmd) export(ctx context.Context, a *app.App, by access.Scope) error {
	o, err := a.Orgs.Current(ctx, a.DB.Read, by.District)
	if err != nil {
		return err
	}
	set, err := pack.Stored(ctx, a.DB.Read, by.District)
	if err != nil {
		return err
	}
	write := func(name string, body []byte) error {
		to := filepath.Join(c.Dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		return os.WriteFile(to, body, 0o644)
	}
	head := fmt.Sprintf("key: %s\ntitle: {zh: %q, en: %q}\nversion: \"1\"\nrequires: []\n",
		"district-"+o.Code, o.Name+"规则包", "Rules of "+o.Name)
	if err := write("pack.yaml", []byte(head)); err != nil {
		return err
	}
	n := 0
	for _, t := range a.Registry.Types() {
		for _, obj := range set.List(t.Dir) {
			if err := write(t.Dir+"/"+obj.Key+".yaml", []byte(obj.Body)); err != nil {
				return err
			}
			n++
		}
	}
	for name, body := range set.Files {
		if err := write(name, body); err != nil {
			return err
		}
	}
	fmt.Printf("%s：%d 个对象 objects\n", c.Dir, n)
	return nil
}

type packSchemaCmd struct {
	Dir string `arg:"" help:"Folder to write the schemas to."`
}

func (c packSchemaCmd) Run(context.Context) error {
	if err := os.MkdirAll(c.Dir, 0o755); err != nil {
		return err
	}
	for _, t := range app.NewRegistry().Types() {
		one := t.Schema()
		body, err := json.MarshalIndent(map[string]any{
			"$schema": "https://json-schema.org/draft/2020-12/schema",
			"title":   "sifen " + t.Dir,
			"oneOf":   []any{one, map[string]any{"type": "array", "items": one}},
		}, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(c.Dir, t.Dir+".schema.json"), append(body, '\n'), 0o644); err != nil {
			return err
		}
	}
	fmt.Println(c.Dir)
	return nil
}
