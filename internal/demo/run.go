package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/app"
	"sifen/internal/clock"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/intake"
	"sifen/internal/ledger"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Run makes the district in an empty data folder and lets the year happen in it. The services of a read the
// clock c that a was opened with, which is moved through the acts of the plan and stands at End afterwards. progress is told where the year is;
// nil is allowed. The passwords of the people are made here and stand in plan.People afterwards.
func Run(ctx context.Context, a *app.App, plan *Plan, c *clock.Manual, progress func(string)) error {
	if progress == nil {
		progress = func(string) {}
	}
	if c.Now().After(Start) {
		return fmt.Errorf("the clock stands at %s, after the first day of the demonstration", c.Now().Format("2006-01-02 15:04"))
	}
	c.Set(Start)
	district, err := a.Init(ctx, plan.Code, plan.Name)
	if err != nil {
		return fmt.Errorf("make the demonstration district: %w", err)
	}
	r := &runner{s: a, district: district, plan: plan, accounts: map[*Person]account.Account{}, entries: map[*Row]string{}}
	if err := r.units(ctx); err != nil {
		return err
	}
	progress(fmt.Sprintf("%d 个单位 units", len(plan.Units)))
	if err := r.people(ctx); err != nil {
		return err
	}
	progress(fmt.Sprintf("%d 个帐号 accounts", len(plan.People)))
	month := ""
	papers, rounds := r.papers(ctx, c), r.rounds(ctx, c)
	for _, x := range plan.Acts {
		if err := inTurn(papers, rounds, x.At); err != nil {
			return err
		}
		c.Set(x.At)
		if m := x.At.Format("2006-01"); m != month {
			month = m
			progress(m)
		}
		if err := r.act(ctx, x); err != nil {
			return err
		}
	}
	if err := inTurn(papers, rounds, End); err != nil {
		return err
	}
	c.Set(End)
	if err := r.places(ctx); err != nil {
		return err
	}
	if err := a.Tick(ctx, "due"); err != nil {
		return err
	}
	if err := a.Tick(ctx, "plan"); err != nil {
		return err
	}
	if err := a.Tick(ctx, "rectify"); err != nil {
		return err
	}
	if err := a.Tick(ctx, "dispatch"); err != nil {
		return err
	}
	if err := a.Tick(ctx, "assess"); err != nil {
		return err
	}
	return a.Seal(ctx)
}

type runner struct {
	s        *app.App
	district int64
	plan     *Plan
	accounts map[*Person]account.Account
	entries  map[*Row]string // ids
}

func (r *runner) units(ctx context.Context) error {
	raw, err := os.ReadFile(filepath.Join(r.plan.dir, "units.csv"))
	if err != nil {
		return fmt.Errorf("read the units of the demonstration: %w", err)
	}
	by := access.System(r.district, int64(period.Of(Start)), "demo")
	res, err := r.s.Reorg.Import(ctx, by, raw, unitsFrom, false, i18n.Zh)
	if err != nil {
		return fmt.Errorf("import units: %w", err)
	}
	if len(res.Errors) > 0 {
		return fmt.Errorf("import units: %d faults, the first in %s: %s %s", len(res.Errors), res.Errors[0].Cell, res.Errors[0].Code, res.Errors[0].Message)
	}
	return nil
}

// people opens the accounts. Every password is a fresh one: a demonstration that stands in a network must not be open
// to whoever read its source.
func (r *runner) people(ctx context.Context) error {
	o, err := r.s.Orgs.Current(ctx, r.s.DB.Read, r.district)
	if err != nil {
		return err
	}
	byName := map[string]org.No{}
	for _, u := range o.Units() {
		byName[u.Name] = u.No
	}
	by := access.System(r.district, int64(period.Of(Start)), "demo")
	for _, p := range r.plan.People {
		unit := byName[p.Unit.Name]
		if unit == 0 {
			return fmt.Errorf("there is no unit %s for %s", p.Unit.Name, p.Name)
		}
		if p.Password == "" {
			p.Password = account.OneTime()
		}
		hash := account.HashPassword(p.Password)
		err := r.s.DB.Write(ctx, func(tx *db.Tx) error {
			person, err := account.AddPerson(ctx, tx, r.district, p.Name, unit, r.s.Accounts.Clock.Now())
			if err != nil {
				return err
			}
			a, err := r.s.Accounts.Open(ctx, tx, by, person, p.Login, hash, !p.Shown)
			if err != nil {
				return err
			}
			r.accounts[p] = account.Account{District: r.district, ID: a, Person: person, Name: p.Name, Unit: unit, Login: p.Login}
			_, err = r.s.Accounts.GrantRole(ctx, tx, by, a, p.Role, unit, unitsFrom, period.Open)
			return err
		})
		if err != nil {
			return fmt.Errorf("open the account of %s: %w", p.Login, err)
		}
	}
	return nil
}

func (r *runner) act(ctx context.Context, a Act) error {
	by, err := r.s.Accounts.Scope(ctx, r.s.DB.Read, r.accounts[a.Who])
	if err != nil {
		return err
	}
	switch a.Do {
	case Import:
		return r.hand(ctx, by, a.Book)
	case Review:
		err = r.each(ctx, by, a, r.review)
	case Correct:
		err = r.each(ctx, by, a, r.correct)
	case Void:
		err = r.each(ctx, by, a, func(ctx context.Context, tx *db.Tx, by access.Scope, e ledger.Entry, x *Row) error {
			_, err := r.s.Ledger.Void(ctx, tx, by, e.ID, e.Rev, x.Reason)
			return err
		})
	}
	return err
}

// Logins are the people whose passwords are to be told, one per role.
func (p *Plan) Logins() []*Person {
	var out []*Person
	for _, x := range p.People {
		if x.Shown {
			out = append(out, x)
		}
	}
	return out
}

// hand imports a workbook with the photos beside it.
func (r *runner) hand(ctx context.Context, by access.Scope, b *Book) error {
	path := filepath.Join(r.plan.dir, filepath.FromSlash(b.File))
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read a workbook: %w", err)
	}
	name := filepath.Base(path)
	res, err := r.s.Intake.Import(ctx, by, raw, intake.Options{Kind: b.Kind, Name: name, Lang: i18n.Zh, Open: func(photo string) ([]byte, error) {
		return os.ReadFile(filepath.Join(filepath.Dir(path), filepath.Base(photo)))
	}})
	if err != nil {
		return fmt.Errorf("import %s: %w", b.File, err)
	}
	if !res.Clean() {
		e := res.Errors[0]
		return fmt.Errorf("import %s: %d faults, the first in %s: %s %s %s", b.File, len(res.Errors), e.Cell, e.Code, e.Message, e.Suggestion)
	}
	if res.Accepted != len(b.Rows) {
		return fmt.Errorf("import %s: %d of %d rows were new", b.File, res.Accepted, len(b.Rows))
	}
	return r.find(ctx, name, b)
}

// find learns which entry each row became: a revision keeps the file and the line it came from.
func (r *runner) find(ctx context.Context, name string, b *Book) error {
	lines, err := db.Pairs[string, string](ctx, r.s.DB.Read,
		`SELECT v.source, v.entry FROM entry_rev AS v WHERE v.district = $1 AND v.rev = 1 AND v.at = $2`, r.district, b.At.UnixMilli())
	if err != nil {
		return err
	}
	for _, x := range b.Rows {
		if r.entries[x] = lines[fmt.Sprintf("%s 第%d行", name, x.Line)]; r.entries[x] == "" {
			return fmt.Errorf("%s: line %d left no entry", name, x.Line)
		}
	}
	return nil
}

// each does something to the entries of an act in one transaction, as a person who works through a list.
func (r *runner) each(ctx context.Context, by access.Scope, a Act, do func(context.Context, *db.Tx, access.Scope, ledger.Entry, *Row) error) error {
	return r.s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := indicator.Shared(ctx, tx, r.district); err != nil {
			return err
		}
		ids := make([]string, len(a.Rows))
		for i, x := range a.Rows {
			ids[i] = r.entries[x]
		}
		list, err := r.s.Ledger.ByIDs(ctx, tx, by, ids)
		if err != nil {
			return err
		}
		have := map[string]ledger.Entry{}
		for _, e := range list {
			have[e.ID] = e
		}
		for _, x := range a.Rows {
			e, ok := have[r.entries[x]]
			if !ok {
				return fmt.Errorf("%s does not see line %d of %s", a.Who.Login, x.Line, x.Book.File)
			}
			if err := do(ctx, tx, by, e, x); err != nil {
				return fmt.Errorf("%s, %s line %d (%s): %w", a.Who.Login, x.Book.File, x.Line, e.Number, err)
			}
		}
		return nil
	})
}

func (r *runner) review(ctx context.Context, tx *db.Tx, by access.Scope, e ledger.Entry, x *Row) error {
	if x.Fate == Stays || x.Fate == Fixed && e.Rev == 1 {
		_, err := r.s.Ledger.Return(ctx, tx, by, e.ID, e.Rev, x.Reason)
		return err
	}
	after, err := r.s.Ledger.Verify(ctx, tx, by, e.ID, e.Rev)
	if err == nil && after.State != ledger.Verified {
		err = errors.New("one review was not enough")
	}
	return err
}

// correct edits what was returned, as the form sends it, and submits it again.
func (r *runner) correct(ctx context.Context, tx *db.Tx, by access.Scope, e ledger.Entry, x *Row) error {
	values := map[string]any{}
	for k, v := range e.Values {
		if list, ok := v.([]string); ok {
			all := make([]any, len(list))
			for i, s := range list {
				all[i] = s
			}
			v = all
		}
		values[k] = v
	}
	for k, v := range x.Fix {
		values[k] = v
	}
	e, err := r.s.Ledger.Edit(ctx, tx, by, e.ID, e.Rev, ledger.Input{Kind: e.Kind, Unit: e.Unit, Values: values, Spent: 45 + 15*len(values)})
	if err == nil {
		_, err = r.s.Ledger.Submit(ctx, tx, by, e.ID)
	}
	return err
}
