// Command sifen runs a district's household waste sorting: the server, and the same operations on the command line.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"sifen/internal/access"
	"sifen/internal/app"
	"sifen/internal/config"
	"sifen/internal/httpapi"
	"sifen/internal/i18n"
	"sifen/internal/notify"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

var cli struct {
	Init     initCmd     `cmd:"" help:"Make a district in an empty data folder, with its first administrator."`
	Demo     demoCmd     `cmd:"" help:"Set up the demonstration district and serve it."`
	Serve    serveCmd    `cmd:"" help:"Serve a data folder."`
	Org      orgCmd      `cmd:"" help:"Units."`
	Account  accountCmd  `cmd:"" help:"People who sign in."`
	Pack     packCmd     `cmd:"" help:"Rule packs."`
	Document documentCmd `cmd:"" help:"Word templates."`
	Template templateCmd `cmd:"" help:"Write the empty workbook of a kind."`
	Import   importCmd   `cmd:"" help:"Import a workbook of a kind."`
	Verify   verifyCmd   `cmd:"" help:"Verify what was submitted."`
	Export   exportCmd   `cmd:"" help:"Write records of a kind as a workbook."`
	Summary  summaryCmd  `cmd:"" help:"Write the annual summary, or another document of a template, as a Word file with its figures as JSON."`
	Figures  figuresCmd  `cmd:"" help:"Figures."`
	Upgrade  upgradeCmd  `cmd:"" help:"Bring the database of an older program up to date, after a snapshot; the server does the same when it starts."`
	Assess   assessCmd   `cmd:"" help:"Scores."`
	Doctor   doctorCmd   `cmd:"" help:"Look whether database, journal, photos and issued documents are what was stored; exit 1 unless they are."`
	Key      keyCmd      `cmd:"" help:"The key that secrets are sealed with."`
	Backup   backupCmd   `cmd:"" help:"Write a backup of database and evidence while the server runs."`
	OpenAPI  openapiCmd  `cmd:"" name:"openapi" help:"Write the OpenAPI document."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

// data is the folder every command works on.
type data struct {
	Data      string   `required:"" help:"Data folder." env:"SIFEN_DATA"`
	Database  string   `help:"postgres:// URL; empty is SQLite in the data folder." env:"SIFEN_DATABASE"`
	Evidence  string   `help:"Folder of photos and files; nodes on one database share it. Empty is evidence in the data folder." env:"SIFEN_EVIDENCE"`
	PublicURL string   `help:"Address printed in documents, for example https://sifen.example.cn." env:"SIFEN_PUBLIC_URL"`
	Mail      mail     `embed:"" prefix:"mail-"`
	Internal  []string `help:"Hosts inside the network that robots and webhooks may have: host or host:port." name:"internal-hosts" env:"SIFEN_INTERNAL_HOSTS"`
	Proxies   []string `help:"Proxies beside this machine whose X-Forwarded-For is believed." name:"trusted-proxies" env:"SIFEN_TRUSTED_PROXIES"`
	KeyFile   string   `help:"File of the key that secrets are sealed with. Empty is secret.key in the data folder." env:"SIFEN_KEY_FILE"`
	LogLevel  string   `help:"debug, info, warn or error." default:"info" enum:"debug,info,warn,error" env:"SIFEN_LOG_LEVEL"`
}

// mail is the server that sends the news of channels of kind email.
type mail struct {
	Server   string `help:"Mail server, host:port; none sends no mail." env:"SIFEN_MAIL_SERVER"`
	From     string `help:"Sender of mails." env:"SIFEN_MAIL_FROM"`
	User     string `help:"Account at the mail server." env:"SIFEN_MAIL_USER"`
	Password string `help:"Its password." env:"SIFEN_MAIL_PASSWORD"`
}

func (d data) logger() *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(d.LogLevel)); err != nil {
		l = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: l}))
}

// options are what the flags say.
func (d data) options() app.Options {
	return app.Options{Data: d.Data, Database: d.Database, EvidenceDir: d.Evidence, PublicURL: d.PublicURL, Log: d.logger(),
		InternalHosts: d.Internal, KeyFile: d.KeyFile,
		Mail: notify.Mail{Server: d.Mail.Server, From: d.Mail.From, User: d.Mail.User, Password: d.Mail.Password}}
}

// use is what a command does with the data.
type use int

const (
	reads  use = iota
	writes     // alone: no server and no other writing command runs meanwhile
	serves     // brings an older schema up to date; of a PostgreSQL several may serve
)

// open runs work on the data folder and closes it afterwards; writing commands take its lock.
func (d data) open(ctx context.Context, write bool, work func(*app.App) error) error {
	how := reads
	if write {
		how = writes
	}
	return d.run(ctx, how, work)
}

func (d data) run(ctx context.Context, how use, work func(*app.App) error) error {
	if how != reads {
		unlock, err := app.Lock(d.Data)
		if err != nil {
			return err
		}
		defer unlock()
	} else if _, err := os.Stat(d.Data); err != nil && d.Database == "" {
		return fmt.Errorf("there is no data folder %s: run sifen init first", d.Data)
	}
	o := d.options()
	o.AsIs = how != serves // only the server, sifen upgrade and sifen demo bring an older schema up to date
	var err error
	if o.Proxies, err = httpapi.ParseProxies(d.Proxies); err != nil {
		return err
	}
	a, err := app.Open(ctx, o)
	if err != nil {
		return err
	}
	defer func() {
		if err := a.Close(); err != nil {
			slog.Error("close", "err", err)
		}
	}()
	if how == writes {
		release, err := a.DB.Alone(ctx)
		if err != nil {
			return err
		}
		defer release()
	}
	return work(a)
}

// operate runs work on the data folder for the person who runs the program on the machine.
func (d data) operate(ctx context.Context, write bool, work func(*app.App, access.Scope) error) error {
	return d.open(ctx, write, func(a *app.App) error {
		by, err := operator(ctx, a)
		if err != nil {
			return err
		}
		return work(a, by)
	})
}

// as runs work that writes for somebody who signs in with this name.
func (d data) as(ctx context.Context, login string, work func(*app.App, access.Scope) error) error {
	return d.open(ctx, true, func(a *app.App) error {
		by, err := a.As(ctx, login)
		if err != nil {
			return err
		}
		return work(a, by)
	})
}

// span is a unit and a period of a data folder.
type span struct {
	data   `embed:""`
	Unit   string `help:"Unit code; empty is the district."`
	Period string `required:"" help:"For example 2020 or 2020-03."`
}

// read runs work that only reads, on the unit and the period that the flags say.
func (s span) read(ctx context.Context, work func(*app.App, access.Scope, org.No, period.Period) error) error {
	p, err := period.Parse(s.Period)
	if err != nil {
		return err
	}
	return s.operate(ctx, false, func(a *app.App, by access.Scope) error {
		_, u, err := unitOf(ctx, a, by.District, s.Unit)
		if err != nil {
			return err
		}
		return work(a, by, u.No, p)
	})
}

// lang is the language of messages: English when the locale says so.
func lang() i18n.Lang {
	for _, v := range []string{"SIFEN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if s := os.Getenv(v); s != "" {
			if strings.HasPrefix(s, "en") {
				return i18n.En
			}
			return i18n.Zh
		}
	}
	return i18n.Zh
}

// explain words an error for a person in both languages.
func explain(err error) string {
	var p *problem.Error
	if !errors.As(err, &p) {
		return err.Error()
	}
	s := i18n.Sentence(p.Code, p.Args, i18n.Zh) + " / " + i18n.Sentence(p.Code, p.Args, i18n.En)
	for _, f := range p.Fields {
		s += "\n  " + f.Pointer + ": " + i18n.Sentence(f.Code, f.Args, i18n.Zh) + " / " + i18n.Sentence(f.Code, f.Args, i18n.En)
	}
	return s
}

// errExit ends the program with status 1 after its output was printed.
var errExit = errors.New("")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	parser := kong.Must(&cli, kong.Name("sifen"), kong.Description("四分 Sifen runs a district's household waste sorting and proves it."), kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Configuration(config.Resolver([]string{"data", "database", "evidence", "public-url", "log-level", "addr", "insecure-http",
			"mail-server", "mail-from", "mail-user", "mail-password", "internal-hosts", "trusted-proxies", "key-file"})))
	k, err := parser.Parse(os.Args[1:])
	parser.FatalIfErrorf(err)
	if err := k.Run(ctx); err != nil {
		if !errors.Is(err, errExit) {
			fmt.Fprintln(os.Stderr, "sifen: "+explain(err))
		}
		stop()
		os.Exit(1) //nolint:gocritic // stop was called
	}
}

type versionCmd struct{}

func (versionCmd) Run(context.Context) error { fmt.Println(app.Version); return nil }

type openapiCmd struct {
	Out string `required:"" help:"File to write."`
}

// Run emits the document of a program that serves no data: the operations are the same everywhere.
func (c openapiCmd) Run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "sifen-openapi-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	a, err := app.Open(ctx, app.Options{Data: dir})
	if err != nil {
		return err
	}
	defer a.Close()
	app.Version = "1"
	raw, err := a.API().OpenAPI()
	if err != nil {
		return err
	}
	return os.WriteFile(c.Out, append(raw, '\n'), 0o644)
}

// today is the business day of an app's clock.
func today(a *app.App) period.Day { return period.Of(a.Clock.Now()) }

// operator is the scope of the person who runs the program on the machine.
func operator(ctx context.Context, a *app.App) (access.Scope, error) {
	d, err := a.District(ctx)
	return access.System(d, int64(today(a)), "command line"), err
}

// unitOf finds a unit by code; "" is the district.
func unitOf(ctx context.Context, a *app.App, district int64, code string) (*org.Org, org.Unit, error) {
	o, err := a.Orgs.Current(ctx, a.DB.Read, district)
	if err != nil {
		return nil, org.Unit{}, err
	}
	if code == "" {
		u, _ := o.Unit(o.Root)
		return o, u, nil
	}
	u, ok := o.Find(code)
	if !ok {
		return nil, org.Unit{}, fmt.Errorf("there is no unit with code %s", code)
	}
	return o, u, nil
}
