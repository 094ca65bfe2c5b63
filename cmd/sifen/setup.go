package main

import (
	"archive/tar"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/app"
	"sifen/internal/attribute"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/period"
	"sifen/internal/reorg"
	"sifen/internal/sheet"
)

type initCmd struct {
	data  `embed:""`
	Code  string `required:"" help:"The district's official code, 6 digits."`
	Name  string `required:"" help:"The district's name."`
	Admin string `required:"" help:"Sign-in name of the first administrator."`
}

func (c initCmd) Run(ctx context.Context) error {
	if err := account.CheckLogin(c.Admin); err != nil {
		return err
	}
	return c.open(ctx, true, func(a *app.App) error {
		pass, err := a.SetUp(ctx, c.Code, c.Name, c.Admin)
		if err != nil {
			return err
		}
		by, err := operator(ctx, a)
		if err != nil {
			return err
		}
		o, err := a.Orgs.Current(ctx, a.DB.Read, by.District)
		if err != nil {
			return err
		}
		fmt.Printf("%s（%s）已建立，数据在 %s\n%s (%s) is set up in %s\n\n", o.Name, o.Code, c.Data, o.Name, o.Code, c.Data)
		fmt.Printf("管理员 administrator: %s\n一次性密码 one-time password: %s\n", c.Admin, pass)
		fmt.Println("首次登录须改密码。It must be changed at the first sign-in.")
		return nil
	})
}

type serveCmd struct {
	data         `embed:""`
	Config       kong.ConfigFlag `help:"Configuration file (YAML; docs/operations.md lists its keys)."`
	Addr         string          `help:"Address to listen on." default:"127.0.0.1:8080" env:"SIFEN_ADDR"`
	InsecureHTTP bool            `help:"Allow plain http beyond this machine. Put a TLS proxy in front instead." env:"SIFEN_INSECURE_HTTP" name:"insecure-http"`
}

func (c serveCmd) Run(ctx context.Context) error {
	return c.run(ctx, serves, func(a *app.App) error {
		if _, err := a.District(ctx); err != nil {
			return err
		}
		return serve(ctx, a, c.Addr, c.InsecureHTTP)
	})
}

func serve(ctx context.Context, a *app.App, addr string, insecure bool) error {
	return a.Serve(ctx, addr, insecure, func(at net.Addr) {
		fmt.Printf("\n打开 Open:  http://%s\n", at)
	})
}

type orgCmd struct {
	Import orgImportCmd `cmd:"" help:"Make units from a CSV or Excel file (columns 名称 name, 类型 type, 上级 parent, 代码 code)."`
	Export orgExportCmd `cmd:"" help:"Write the units as CSV."`
}

type orgImportCmd struct {
	data   `embed:""`
	File   string `required:"" help:"CSV or .xlsx."`
	From   string `required:"" help:"First day of the units, for example 2020-01-01."`
	DryRun bool   `help:"Only check."`
}

func (c orgImportCmd) Run(ctx context.Context) error {
	from, err := period.ParseDay(c.From)
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	return c.operate(ctx, true, func(a *app.App, by access.Scope) error {
		res, err := a.Reorg.Import(ctx, by, raw, from, c.DryRun, lang())
		if err != nil {
			return err
		}
		for _, e := range append(res.Errors, res.Told...) {
			fmt.Printf("%s\t%s\t%s\t%s\n", e.Cell, e.Field, e.Message, e.Suggestion)
		}
		fmt.Printf("%d 行 rows, %d 新建或更改 made or changed, %d 未变 unchanged, %d 有误 wrong, %d 请核对 to be checked\n",
			res.Rows, res.Accepted, res.Unchanged, len(res.Errors), len(res.Told))
		if len(res.Errors) > 0 {
			return errExit
		}
		return nil
	})
}

type orgExportCmd struct {
	data `embed:""`
	Out  string `required:"" help:"CSV file to write."`
}

func (c orgExportCmd) Run(ctx context.Context) error {
	return c.operate(ctx, false, func(a *app.App, by access.Scope) error {
		o, err := a.Orgs.Current(ctx, a.DB.Read, by.District)
		if err != nil {
			return err
		}
		set, err := a.Packs.Current(ctx, a.DB.Read, by.District)
		if err != nil {
			return err
		}
		values, err := attribute.All(ctx, a.DB.Read, by.District, today(a))
		if err != nil {
			return err
		}
		return create(c.Out, func(f *os.File) error {
			return sheet.WriteRows(f, reorg.Export(o, by, today(a), attribute.List(set), values, i18n.Zh))
		})
	})
}

type accountCmd struct {
	Add   accountAddCmd   `cmd:"" help:"Make a person with sign-in and a role."`
	Grant accountGrantCmd `cmd:"" help:"Give a role at a unit."`
	Reset accountResetCmd `cmd:"" help:"Give a one-time password and end all sessions."`
	List  accountListCmd  `cmd:"" help:"List accounts."`
}

type accountAddCmd struct {
	data          `embed:""`
	Login         string `required:"" help:"Sign-in name."`
	Name          string `required:"" help:"The person's name."`
	Role          string `required:"" help:"A role of the rule packs, for example clerk, street-manager, office."`
	Unit          string `help:"Unit code; empty is the district."`
	From          string `help:"First day; empty is the beginning."`
	PasswordStdin bool   `help:"Read the password from standard input instead of making a one-time one."`
}

func (c accountAddCmd) Run(ctx context.Context) error {
	if err := account.CheckLogin(c.Login); err != nil {
		return err
	}
	from, err := dayOr(c.From, 0)
	if err != nil {
		return err
	}
	pass := ""
	if c.PasswordStdin {
		raw, err := io.ReadAll(io.LimitReader(os.Stdin, 1000))
		if err != nil {
			return err
		}
		pass = strings.TrimRight(string(raw), "\r\n")
		if err := account.CheckPassword(pass, c.Login); err != nil {
			return err
		}
	}
	return c.operate(ctx, true, func(a *app.App, by access.Scope) error {
		_, u, err := unitOf(ctx, a, by.District, c.Unit)
		if err != nil {
			return err
		}
		made, err := a.NewAccount(ctx, by, c.Name, c.Login, c.Role, u.No, from, pass)
		if err != nil {
			return err
		}
		if pass == "" {
			fmt.Printf("%s\t%s\n", c.Login, made)
		} else {
			fmt.Println(c.Login)
		}
		return nil
	})
}

// dayOr reads a day that a flag may leave open.
func dayOr(s string, none period.Day) (period.Day, error) {
	if s == "" {
		return none, nil
	}
	return period.ParseDay(s)
}

type accountGrantCmd struct {
	data  `embed:""`
	Login string `required:"" help:"Sign-in name."`
	Role  string `required:"" help:"Role."`
	Unit  string `help:"Unit code; empty is the district."`
	From  string `help:"First day; empty is today."`
	Until string `help:"Last day; empty is no end."`
}

func (c accountGrantCmd) Run(ctx context.Context) error {
	return c.operate(ctx, true, func(a *app.App, by access.Scope) error {
		_, u, err := unitOf(ctx, a, by.District, c.Unit)
		if err != nil {
			return err
		}
		acc, err := a.Accounts.ByLogin(ctx, c.Login)
		if err != nil {
			return err
		}
		from, err := dayOr(c.From, today(a))
		if err != nil {
			return err
		}
		last, err := dayOr(c.Until, period.Open-1)
		if err != nil {
			return err
		}
		return a.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := a.Accounts.GrantRole(ctx, tx, by, acc.ID, c.Role, u.No, from, last+1)
			return err
		})
	})
}

type accountResetCmd struct {
	data  `embed:""`
	Login string `required:"" help:"Sign-in name."`
}

func (c accountResetCmd) Run(ctx context.Context) error {
	return c.operate(ctx, true, func(a *app.App, by access.Scope) error {
		acc, err := a.Accounts.ByLogin(ctx, c.Login)
		if err != nil {
			return err
		}
		pass := account.OneTime()
		hash := account.HashPassword(pass)
		err = a.DB.Write(ctx, func(tx *db.Tx) error { return a.Accounts.SetPassword(ctx, tx, by, acc.ID, hash) })
		if err != nil {
			return err
		}
		fmt.Printf("%s\t%s\n", c.Login, pass)
		return nil
	})
}

type accountListCmd struct {
	data `embed:""`
}

func (c accountListCmd) Run(ctx context.Context) error {
	return c.operate(ctx, false, func(a *app.App, by access.Scope) error {
		o, err := a.Orgs.Current(ctx, a.DB.Read, by.District)
		if err != nil {
			return err
		}
		logins, err := account.Logins(ctx, a.DB.Read, by.District)
		if err != nil {
			return err
		}
		for _, l := range logins {
			fmt.Printf("%s\t%s\t%s\t%s\n", l.Login, l.Name, l.Role, o.Path(l.Unit, today(a)))
		}
		return nil
	})
}

type keyCmd struct {
	Renew keyRenewCmd `cmd:"" help:"Make a new key in the place of one that is lost for good; channels have to be named again."`
}

type keyRenewCmd struct {
	data `embed:""`
}

func (c keyRenewCmd) Run(ctx context.Context) error {
	return c.operate(ctx, true, func(a *app.App, by access.Scope) error {
		if err := a.DB.Write(ctx, func(tx *db.Tx) error { return a.Notify.RenewKey(ctx, tx, by.District) }); err != nil {
			return err
		}
		fmt.Printf("新的密钥在 %s，请与备份分开保存；原有通知通道须删除后重新添加\n"+
			"The new key is in %s; keep a copy apart from the backup. Remove the channels and add them again.\n", a.KeyFile, a.KeyFile)
		return nil
	})
}

type backupCmd struct {
	data `embed:""`
	Out  string `required:"" help:"File to write, .tar.gz."`
	Key  bool   `help:"Also the key file that secrets are sealed with: who has the backup then has the secrets." name:"with-key"`
}

// Run copies the database consistently while a server may be running, then the evidence: a file that came later is
// simply not used by the copy.
func (c backupCmd) Run(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(c.Data, "sifen.db")); err != nil && c.Database == "" {
		return fmt.Errorf("there is no database in %s", c.Data)
	}
	d, err := db.Connect(c.Data, c.Database)
	if err != nil {
		return err
	}
	defer d.Close()
	next, err := app.Turn(ctx, c.Data, "backup", func() {
		fmt.Fprintln(os.Stderr, "另一个备份正在进行，等待中 another backup is running: waiting for it")
	})
	if err != nil {
		return err
	}
	defer next()
	tmp := filepath.Join(c.Data, "backup.db")
	if err := os.Remove(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	defer os.Remove(tmp)
	if err := d.Backup(ctx, tmp); err != nil {
		return err
	}
	n := 0
	err = create(c.Out, func(out *os.File) error {
		if err := out.Chmod(0o600); err != nil { // before the first byte: it holds everything
			return err
		}
		zw := gzip.NewWriter(out)
		tw := tar.NewWriter(zw)
		if err := addFile(tw, tmp, "sifen.db"); err != nil {
			return err
		}
		if c.Key {
			if err := addFile(tw, cmp.Or(c.KeyFile, filepath.Join(c.Data, app.KeyName)), app.KeyName); err != nil {
				return fmt.Errorf("the key file: %w", err)
			}
		}
		files := c.Evidence
		if files == "" {
			files = filepath.Join(c.Data, "evidence")
		}
		err := filepath.WalkDir(files, func(p string, e fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil || e.IsDir() || strings.HasPrefix(e.Name(), "put-") {
				return err
			}
			rel, err := filepath.Rel(files, p)
			if err != nil {
				return err
			}
			n++
			return addFile(tw, p, "evidence/"+filepath.ToSlash(rel))
		})
		return cmp.Or(err, tw.Close(), zw.Close(), out.Sync())
	})
	if err != nil {
		return err
	}
	fmt.Printf("%s: 数据库和 %d 个证据文件 database and %d evidence files\n", c.Out, n, n)
	return nil
}

func addFile(tw *tar.Writer, path, name string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return err
	}
	if err := tw.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: st.Size(), ModTime: st.ModTime()}); err != nil {
		return err
	}
	_, err = io.CopyN(tw, f, st.Size())
	return err
}
