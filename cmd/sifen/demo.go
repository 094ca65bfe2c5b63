package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"sifen/internal/account"
	"sifen/internal/app"
	"sifen/internal/clock"
	"sifen/internal/db"
	"sifen/internal/demo"
	"sifen/internal/i18n"
	"sifen/internal/org"
)

type demoCmd struct {
	data         `embed:""`
	Addr         string `help:"Address to listen on." default:"127.0.0.1:8080"`
	NoServe      bool   `help:"Stop after writing the summary."`
	InsecureHTTP bool   `help:"Allow plain http beyond this machine." name:"insecure-http"`
}

const demoAccounts = "demo-accounts.json"

// Run sets the demonstration up when the folder holds none, writes the year's summary, tells the figures and one
// account per role, and serves. A second start serves what is there.
func (c demoCmd) Run(ctx context.Context) error {
	unlock, err := app.Lock(c.Data)
	if err != nil {
		return err
	}
	defer unlock()
	if c.PublicURL == "" && !c.NoServe {
		c.PublicURL = "http://" + c.Addr
	}
	o := c.options()
	if err := c.prepare(ctx, o); err != nil {
		return err
	}
	accounts, err := readAccounts(c.Data)
	if err != nil {
		return err
	}
	o.Demo = &account.Demo{Accounts: accounts}
	a, err := app.Open(ctx, o)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := os.MkdirAll(filepath.Join(c.Data, "out"), 0o750); err != nil {
		return err
	}
	word, figures := filepath.Join(c.Data, "out", "summary-2020.docx"), filepath.Join(c.Data, "out", "summary-2020.json")
	list, err := summary{Template: annualSummary, Period: "2020", Out: word, Figures: figures}.write(ctx, a, asker{})
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "key\t数值 value\t记录 records\t指标 figure")
	for _, f := range list {
		value := f.Display + f.Unit
		if f.Of != nil {
			value = fmt.Sprintf("%d/%d%s", *f.Part, *f.Of, f.Unit)
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\n", f.Key, value, f.Records, f.Title)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Printf("\n%s\n%s\n\n", word, figures)
	fmt.Fprintln(w, "登录名 login\t密码 password\t角色 role\t姓名 name\t单位 unit")
	for _, x := range accounts {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", x.Login, x.Password, x.Role.Zh, x.Name, x.Unit)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if c.NoServe {
		return nil
	}
	return serve(ctx, a, c.Addr, c.InsecureHTTP)
}

// prepare sets the demonstration up where the folder holds none, on a clock of its own that runs through the year, and
// refuses a folder that holds a real district.
func (c demoCmd) prepare(ctx context.Context, o app.Options) error {
	year := clock.At(demo.Start)
	first, err := app.Open(ctx, o)
	if err != nil {
		return err
	}
	have, err := org.Districts(ctx, first.DB.Read)
	isDemo := first.Demo != nil
	if err := errors.Join(err, first.Close()); err != nil {
		return err
	}
	if len(have) > 0 {
		if !isDemo {
			return fmt.Errorf("%s holds a real district: use sifen serve", c.Data)
		}
		return nil
	}
	o.Clock = year
	a, err := app.Open(ctx, o)
	if err != nil {
		return err
	}
	if err := errors.Join(c.setUp(ctx, a, year), a.Close()); err != nil {
		return fmt.Errorf("set up the demonstration: %w\nremove the folder %s and start again", err, c.Data)
	}
	return nil
}

func (c demoCmd) setUp(ctx context.Context, a *app.App, year *clock.Manual) error {
	started := time.Now() //nolint:forbidigo // a message to the operator
	fmt.Println("正在建立演示区：先写出一年的 Excel 台账，再像别人一样导入、审核。Setting up the demonstration district…")
	plan, err := demo.Write(c.Data)
	if err != nil {
		return err
	}
	if err := demo.Run(ctx, a, plan, year, func(s string) { fmt.Print(" ", s) }); err != nil {
		return err
	}
	fmt.Printf("\n完成 done, %.0f s\n\n", time.Since(started).Seconds()) //nolint:forbidigo // as above
	district, err := a.District(ctx)
	if err != nil {
		return err
	}
	set, err := a.Packs.Current(ctx, a.DB.Read, district)
	if err != nil {
		return err
	}
	var accounts []account.DemoAccount
	for _, p := range plan.People {
		if !p.Shown {
			continue
		}
		title := i18n.Label{Zh: p.Role, En: p.Role}
		if r, ok := account.RoleOf(set, p.Role); ok {
			title = r.Title
		}
		accounts = append(accounts, account.DemoAccount{Login: p.Login, Password: p.Password, Name: p.Name, Role: title, Unit: p.Unit.Name})
	}
	raw, err := json.MarshalIndent(accounts, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(c.Data, demoAccounts), raw, 0o600); err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		o, err := org.Load(ctx, tx, district)
		if err != nil {
			return err
		}
		if err := org.SetSetting(ctx, tx, district, fmt.Sprintf("series:%d", o.Root), "云分类办"); err != nil {
			return err
		}
		return org.SetSetting(ctx, tx, district, app.DemoClock, demo.End.Format(time.RFC3339))
	})
}

func readAccounts(dir string) ([]account.DemoAccount, error) {
	raw, err := os.ReadFile(filepath.Join(dir, demoAccounts))
	if err != nil {
		return nil, err
	}
	var out []account.DemoAccount
	return out, json.Unmarshal(raw, &out)
}
