package main

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing/fstest"
	"time"

	"github.com/xuri/excelize/v2"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/intake"
	"sifen/internal/ledger"
	"sifen/internal/org"
	"sifen/internal/period"
)

// wideKind is a kind of 20 columns for the reading of workbooks.
func wideKind() string {
	var s strings.Builder
	s.WriteString("- key: bench-wide\n  title: {zh: 宽表, en: Wide}\n  prefix: KB\n  group: {zh: 测试, en: Bench}\n  day: day\n  entered_by: [community]\n" +
		"  fields:\n    - {key: day, type: date, required: true, title: {zh: 日期, en: Day}}\n")
	for i := range 9 {
		fmt.Fprintf(&s, "    - {key: t%d, type: text, title: {zh: 文字%d, en: Text %d}}\n", i, i, i)
	}
	for i := range 8 {
		fmt.Fprintf(&s, "    - {key: n%d, type: count, title: {zh: 数量%d, en: Count %d}}\n", i, i, i)
	}
	return s.String()
}

func sessionInput(unit org.No, day string, i int) ledger.Input {
	return ledger.Input{Kind: "publicity-session", Unit: unit, Values: map[string]any{"held_on": day, "topic": fmt.Sprintf("第%d场", i),
		"audience": 40 + i%60, "audience.basis": "counted"}}
}

// generate makes the district, its 1,000 communities and the entries of the year, then builds every figure over them.
func (b *bench) generate(entries int) error {
	have, err := org.Districts(b.ctx, b.a.DB.Read)
	if err != nil {
		return err
	}
	if len(have) == 0 {
		if err := b.fresh(entries); err != nil {
			return err
		}
	}
	if b.district, err = b.a.District(b.ctx); err != nil {
		return err
	}
	b.by = access.System(b.district, int64(period.Date(2020, 12, 31)), "bench")
	o, err := b.a.Orgs.Current(b.ctx, b.a.DB.Read, b.district)
	if err != nil {
		return err
	}
	b.leaves, b.streets = nil, nil
	for _, u := range o.Units() {
		switch u.Type {
		case org.Street:
			b.streets = append(b.streets, u.No)
		case org.Community:
			b.leaves = append(b.leaves, u.No)
		}
	}
	return nil
}

func (b *bench) fresh(entries int) error {
	district, err := b.a.Init(b.ctx, "990100", "基准区")
	if err != nil {
		return err
	}
	b.by = access.System(district, int64(period.Date(2020, 12, 31)), "bench")
	p, faults := b.a.Registry.Load(fstest.MapFS{"pack.yaml": {Data: []byte("key: bench\n")}, "kinds/wide.yaml": {Data: []byte(wideKind())}})
	if len(faults) > 0 {
		return fmt.Errorf("%s", faults[0])
	}
	if _, err := b.a.ApplyPack(b.ctx, district, p, 0); err != nil {
		return err
	}
	var csv strings.Builder
	csv.WriteString("code,name,type,parent\n")
	for s := range 20 {
		fmt.Fprintf(&csv, "990100%03d000,街道%d,street,990100\n", s+1, s+1)
		for c := range 50 {
			fmt.Fprintf(&csv, "990100%03d%03d,社区%d-%d,community,990100%03d000\n", s+1, c+1, s+1, c+1, s+1)
		}
		for e := range 5 {
			fmt.Fprintf(&csv, ",小区%d-%d,estate,990100%03d000\n", s+1, e+1, s+1)
		}
	}
	res, err := b.a.Reorg.Import(b.ctx, b.by, []byte(csv.String()), period.Date(2019, 1, 1), false, "zh")
	if err != nil || len(res.Errors) > 0 {
		return fmt.Errorf("units: %w %v", err, res.Errors)
	}
	o, err := b.a.Orgs.Current(b.ctx, b.a.DB.Read, district)
	if err != nil {
		return err
	}
	var leaves, estates []org.No
	for _, u := range o.Units() {
		switch u.Type {
		case org.Community:
			leaves = append(leaves, u.No)
		case org.Estate:
			estates = append(estates, u.No)
		}
	}
	const batch = 5000
	for at := 0; at < entries; at += batch {
		if err := b.a.DB.Write(b.ctx, func(tx *db.Tx) error {
			for i := at; i < min(at+batch, entries); i++ {
				kind, prefix := "publicity-session", "XC"
				day := period.Date(2020, 1, 1) + period.Day(b.rnd.IntN(366))
				body := fmt.Sprintf(`{"audience":%d,"audience.basis":"counted","held_on":%q,"topic":"宣传%d"}`, 20+b.rnd.IntN(200), day.String(), i%977)
				until := day + 1
				if i%10 == 0 {
					kind, prefix = "household-visit", "RH"
					body = fmt.Sprintf(`{"began_on":%q,"ended_on":%q,"estate":%d,"households":%d,"people":%d,"people.basis":"counted","round":"第%d轮"}`,
						day.String(), day.String(), estates[b.rnd.IntN(len(estates))], 20+b.rnd.IntN(50), 60+b.rnd.IntN(100), i%4)
				}
				id := fmt.Sprintf("016f%04x-%04x-7000-8000-%012x", i>>16, i&0xffff, i)
				unit := leaves[b.rnd.IntN(len(leaves))]
				if err := insertEntry(b.ctx, tx, district, id, kind, fmt.Sprintf("%s-2020-%07d", prefix, i), fmt.Sprintf("宣传%d", i%977), o.Path(unit, day),
					unit, day, until, body); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	if err := b.a.DB.Write(b.ctx, func(tx *db.Tx) error {
		if _, err := tx.ExecContext(b.ctx, `UPDATE figure_def SET state = 'building', watermark = '' WHERE district = $1
			AND kind IN ('publicity-session', 'household-visit')`, district); err != nil {
			return err
		}
		if err := indicator.Exclusive(b.ctx, tx, district); err != nil {
			return err
		}
		_, err := org.Next(b.ctx, tx, district, "figure-stamp")
		return err
	}); err != nil {
		return err
	}
	start := time.Now()
	if err := b.a.Figures.Build(indicator.WithTime(b.ctx, b.clock.Now()), b.a.DB, district); err != nil {
		return err
	}
	fmt.Printf("figures built in %s\n", time.Since(start).Round(time.Second))
	if b.engine == "postgres" {
		return b.a.DB.Exec(b.ctx, `ANALYZE`)
	}
	return nil
}

func insertEntry(ctx context.Context, tx *db.Tx, district int64, id, kind, number, title, path string, unit org.No, day, until period.Day, body string) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO entry (district, id, kind, number, unit, state, rev, counted_rev, level, wait_unit, day_from, day_until,
		title, search, subject, photos, thumb, account, created_at, submitted_at, late_days, reason)
		VALUES ($1, $2, $3, $4, $5, 'verified', 1, 1, 0, 0, $6, $7, $8, $9, '', 0, '', '', 0, 0, 0, '')`, district, id, kind, number, int64(unit),
		int64(day), int64(until), title, strings.ToLower(number+"\n"+path+"\n"+title)); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO entry_rev (district, entry, rev, unit, day_from, day_until, body, kind_version, account, at, source)
		VALUES ($1, $2, 1, $3, $4, $5, $6, 1, '', 0, '')`,
		district, id, int64(unit), int64(day), int64(until), body)
	return err
}

const sheetRows = 100_000

// excel reads and checks a workbook of 100,000 rows and 20 columns, against the library's own streaming read.
func (b *bench) excel() error {
	raw, err := workbook(b)
	if err != nil {
		return err
	}
	start := time.Now()
	f, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{UnzipSizeLimit: 512 << 20, UnzipXMLSizeLimit: 16 << 20, RawCellValue: true})
	if err != nil {
		return err
	}
	rows, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		return err
	}
	n := 0
	for rows.Next() {
		if _, err := rows.Columns(); err != nil {
			return err
		}
		n++
	}
	if err := f.Close(); err != nil {
		return err
	}
	base := time.Since(start).Seconds()
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	peak, stop := make(chan uint64), make(chan struct{})
	go func() {
		var top uint64
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			top = max(top, m.HeapInuse)
			select {
			case <-stop:
				peak <- top
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	start = time.Now()
	res, err := b.a.Intake.Import(b.ctx, b.by, raw, intake.Options{Kind: "bench-wide", Name: "wide.xlsx", DryRun: true, Lang: "zh"})
	took := time.Since(start).Seconds()
	close(stop)
	top := <-peak
	if err != nil || len(res.Errors) > 0 || res.Rows != sheetRows {
		return fmt.Errorf("import: %w, %d rows of %d, %v", err, res.Rows, n, res.Errors)
	}
	b.add("100,000 rows × 20 columns read and checked", took, "s", base, "≤ 2 × the library's read", base*2)
	b.add("memory of that above what was in use", float64(top-min(top, before.HeapInuse))/(1<<20), "MiB", 0, "≤ 200 MiB", 200)
	start = time.Now()
	if res, err = b.a.Intake.Import(b.ctx, b.by, raw, intake.Options{Kind: "bench-wide", Name: "wide.xlsx", Lang: "zh"}); err != nil {
		return err
	}
	b.add(fmt.Sprintf("the same, kept and submitted (%d rows)", res.Accepted), time.Since(start).Seconds(), "s", 0, "reported", 1e9)
	return nil
}

func workbook(b *bench) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	sw, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return nil, err
	}
	head := []any{"编号", "单位", "日期"}
	for i := range 9 {
		head = append(head, fmt.Sprintf("文字%d", i))
	}
	for i := range 8 {
		head = append(head, fmt.Sprintf("数量%d", i))
	}
	if err := sw.SetRow("A1", head); err != nil {
		return nil, err
	}
	o, err := b.a.Orgs.Current(b.ctx, b.a.DB.Read, b.district)
	if err != nil {
		return nil, err
	}
	// rows that an earlier run kept would change nothing: every run brings its own
	var earlier int
	if err := b.a.DB.Read.QueryRowContext(b.ctx, `SELECT count(*) FROM entry WHERE district = $1 AND kind = 'bench-wide'`,
		b.district).Scan(&earlier); err != nil {
		return nil, err
	}
	for i := range sheetRows {
		u, _ := o.Unit(b.leaves[i%len(b.leaves)])
		row := []any{"", u.Code, (period.Date(2020, 1, 1) + period.Day(i%366)).String()}
		for j := range 9 {
			row = append(row, fmt.Sprintf("第%d行%d", earlier+i, j))
		}
		for j := range 8 {
			row = append(row, i%100+j)
		}
		if err := sw.SetRow(fmt.Sprintf("A%d", i+2), row); err != nil {
			return nil, err
		}
	}
	if err := sw.Flush(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = f.Write(&out)
	return out.Bytes(), err
}
