package rectify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/calendar"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/evidence"
	"sifen/internal/i18n"
	"sifen/internal/id"
	"sifen/internal/journal"
	"sifen/internal/module"
	"sifen/internal/notify"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/period"
	"sifen/internal/pinyin"
	"sifen/internal/problem"
)

// Service opens cases and moves them along. Its commands run in the caller's transaction, which began with indicator.Shared.
type Service struct {
	module.Platform
	Accounts *account.Service
	Notify   *notify.Service
	// Documents keep the official notices.
	Documents *document.Service
}

// New makes the service.
func New(p module.Platform, people *account.Service, news *notify.Service, docs *document.Service) *Service {
	return &Service{p, people, news, docs}
}

// Changed is the fact that a case changed.
type Changed struct {
	Case string          `json:"case"`
	At   []access.Target `json:"at"` // whom its place and its party reach
}

// Kind names the fact.
func (Changed) Kind() string { return "rectify.changed" }

// News tells those who see the case.
func (c Changed) News(by access.Scope) (event string, data any, ok bool) {
	return "case", struct{}{}, by.Has(Read) && by.Sees(c.At)
}

type work = module.Moment

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// Self are the targets of a unit alone: neither those above it nor line heads act for it.
func self(o *org.Org, n org.No, day period.Day) []access.Target {
	return slices.DeleteFunc(o.Targets(n, day), func(t access.Target) bool { return !t.Self })
}

// Office is the unit whose people act when this person does: the nearest of his units, from the place upward, that gives the
// verb.
func Office(o *org.Org, by access.Scope, verb access.Verb, unit org.No, day period.Day) org.No {
	for _, n := range o.Chain(unit, day) {
		for _, g := range by.Grants {
			if g.Unit == int64(n) && g.Verbs[verb] {
				return n
			}
		}
	}
	return o.Root
}

// Found is a problem as somebody saw it.
type Found struct {
	Place     string // unit:12, point:ID, object:ID
	PlaceName string
	Unit      org.No
	Subject   string
	Item      string // checklist/item
	Another   bool   // not the open problem of this item, another one
	Source    string
	Origin    string // of a lead
	Severity  string

	Instrument string
	Party      org.No // 0 is found by a person later
	Office     org.No
	Title      i18n.Label
	Words      string
	Photos     []string
	Basis      []string
	Fixes      []Choice
	Visit      string
	At         int64 // when it was seen
	Issue      bool  // put to the party at once, where the instrument lets the finder
	Day        period.Day
}

// Opened says what became of something found.
type Opened struct {
	Case
	Joined bool // a case that was there
}

// Open makes a case of what was found, or lets it join the open one of the same problem. The caller has checked that the
// person may report here.
//
// Errors: ErrInvalid.
func (s *Service) Open(ctx context.Context, tx *db.Tx, by access.Scope, w work, f Found) (Opened, error) {
	i, ok := instrumentOf(w.Set, f.Instrument)
	if !ok || i.handsOver() {
		return Opened{}, ErrInvalid.At(problem.Field{Pointer: "/instrument", Code: "value.choice"})
	}
	if f.At == 0 || f.At > w.Now.UnixMilli() {
		f.At = w.Now.UnixMilli()
	}
	before, nth := "", int64(0)
	if f.Item != "" && f.Another {
		if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(nth), -1) + 1 FROM rcase WHERE district = $1 AND place = $2 AND subject = $3 AND item = $4`,
			by.District, f.Place, f.Subject, f.Item).Scan(&nth); err != nil {
			return Opened{}, err
		}
	} else if f.Item != "" {
		list, err := db.All(ctx, tx, scan, `SELECT `+columns+` FROM rcase AS c WHERE c.district = $1 AND c.place = $2 AND c.subject = $3 AND c.item = $4
			ORDER BY c.open DESC, c.created_at DESC LIMIT 1`, by.District, f.Place, f.Subject, f.Item)
		if err != nil {
			return Opened{}, err
		}
		if len(list) == 1 {
			c := list[0]
			if c.Open || c.State == Closed && f.At < c.ClosedAt {
				c, err := s.join(ctx, tx, by, w, c, f)
				return Opened{c, true}, err
			}
			before = c.ID
		}
	}
	y, _, _ := w.Day.YMD()
	n, err := org.Next(ctx, tx, by.District, fmt.Sprintf("case:%d", y))
	if err != nil {
		return Opened{}, err
	}
	if f.Item == "" {
		nth = n // leads are never the same problem
	}
	c := Case{ID: id.New(w.Now), No: fmt.Sprintf("ZG-%d-%04d", y, n), Place: f.Place, PlaceName: f.PlaceName, Unit: f.Unit, Subject: f.Subject, Item: f.Item,
		Nth: nth, Source: f.Source, Party: f.Party, Office: f.Office, Finder: by.Account, Instrument: i.Key, Rank: i.Rank, State: Draft, Severity: f.Severity,
		Round: 1, SeenAt: f.At, Open: true, Rev: 1, CreatedAt: w.Now.UnixMilli(),
		Body: Body{Title: f.Title, Words: f.Words, Photos: f.Photos, Basis: f.Basis, Fixes: f.Fixes, Visit: f.Visit, Before: before, Origin: f.Origin,
			FoundAt: f.At}}
	t := turn{c: c, set: w.Set, cal: calendar.Of(w.Set), now: w.Now.UnixMilli()}
	t.owe(DutyIssue, c.Office, 1, 0)
	t.waits()
	c = t.c
	if err := insert(ctx, tx, by.District, c, searchText(w, c)); err != nil {
		return Opened{}, err
	}
	e := Event{Seq: 1, Op: OpOpen, At: f.At, ReceivedAt: w.Now.UnixMilli(), Account: by.Account, State: c.State, Round: 1,
		Body: Note{Words: f.Words, Photos: f.Photos, Instrument: i.Key, Party: f.Party, Visit: f.Visit}}
	if err := insertEvent(ctx, tx, by.District, c.ID, e); err != nil {
		return Opened{}, err
	}
	if err := s.after(ctx, tx, by, w, c, t.duties, []Event{e}, OpOpen); err != nil {
		return Opened{}, err
	}
	if f.Issue && i.Issue == "finder" && c.Party != 0 {
		issued, err := s.do(ctx, tx, by, w, c, Step{Op: OpIssue, Day: f.Day})
		if errors.Is(err, ErrYear) {
			return Opened{c, false}, nil // what was found is kept; a person says the day when it is issued
		}
		return Opened{issued, false}, err
	}
	return Opened{c, false}, nil
}

// join notes that an open problem was found again, or that one was found before it was closed.
func (s *Service) join(ctx context.Context, tx *db.Tx, by access.Scope, w work, c Case, f Found) (Case, error) {
	was := c.Rev
	look := !c.Open || f.At < c.SeenAt
	if !look {
		c.SeenAt = f.At
	}
	c.Rev++
	if err := save(ctx, tx, by.District, c, was, searchText(w, c)); err != nil {
		return c, err
	}
	events, err := History(ctx, tx, by.District, c.ID)
	if err != nil {
		return c, err
	}
	e := Event{Seq: int64(len(events)) + 1, Op: OpFind, At: f.At, ReceivedAt: w.Now.UnixMilli(), Account: by.Account, Look: look,
		State: c.State, Round: c.Round,
		DueAt: c.DueAt, Body: Note{Words: f.Words, Photos: f.Photos, Visit: f.Visit}}
	if err := insertEvent(ctx, tx, by.District, c.ID, e); err != nil {
		return c, err
	}
	duties, err := dutiesOf(ctx, tx, by.District, c.ID)
	if err != nil {
		return c, err
	}
	return c, s.after(ctx, tx, by, w, c, duties, append(events, e), OpFind)
}

func searchText(w work, c Case) string {
	return strings.ToLower(strings.Join([]string{c.No, c.Body.Title.Zh, c.Body.Title.En, c.PlaceName, w.Org.Path(c.Unit, w.Day), w.Org.UnitName(c.Party),
		pinyin.Initials(c.PlaceName), pinyin.Initials(w.Org.UnitName(c.Party)), pinyin.Initials(c.Body.Title.Zh)}, "\n"))
}

// after writes what every change leaves behind: uses of photos, figures, journal, fact, news.
func (s *Service) after(ctx context.Context, tx *db.Tx, by access.Scope, w work, c Case, duties []Duty, events []Event, op string) error {
	found, fixed := append([]string(nil), c.Body.Photos...), []string(nil)
	for _, e := range events {
		if e.Op == OpReply {
			fixed = append(fixed, e.Body.Photos...)
		} else {
			found = append(found, e.Body.Photos...)
		}
	}
	files := map[string][]string{"before": unique(found), "after": unique(fixed)}
	if err := evidence.SetUses(ctx, tx, by.District, "case", c.ID, c.Unit, files); err != nil {
		return err
	}
	if c.Party != 0 {
		if err := evidence.SetUses(ctx, tx, by.District, "case", c.ID+".party", c.Party, files); err != nil {
			return err
		}
	}
	for _, d := range duties {
		if err := saveDuty(ctx, tx, by.District, c.ID, d); err != nil {
			return err
		}
	}
	if _, err := s.recount(ctx, tx, by.District, c, duties, events, w.Now.UnixMilli()); err != nil {
		return err
	}
	if err := journal.Write(ctx, tx, by, w.Now, access.Verb("rectify."+op), c.ID, c.Rev, map[string]any{"state": c.State, "unit": c.Unit, "party": c.Party,
		"instrument": c.Instrument, "due": c.DueAt, "round": c.Round}); err != nil {
		return err
	}
	at := w.Org.Targets(c.Unit, w.Day)
	if c.Party != 0 {
		at = append(at, w.Org.Targets(c.Party, w.Day)...)
	}
	if err := outbox.Emit(ctx, tx, by.District, w.Now, Changed{c.ID, at}); err != nil {
		return err
	}
	return s.tell(ctx, tx, by, w, c, op)
}

func unique(list []string) []string {
	out := []string{}
	for _, x := range list {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// tell sends the news of a step to whoever has to act next.
func (s *Service) tell(ctx context.Context, tx *db.Tx, by access.Scope, w work, c Case, op string) error {
	say, ok := news[op]
	if !ok {
		return nil
	}
	unit, verb := c.Party, Reply
	if say.office {
		unit, verb = c.Office, Recheck
		if op == OpAsk || op == OpObject {
			verb = Decide
		}
	}
	if unit == 0 {
		return nil
	}
	who, err := s.Accounts.Holders(ctx, tx, by.District, unit, verb)
	if err != nil {
		return err
	}
	who = slices.DeleteFunc(who, func(a string) bool { return a == by.Account })
	link := "/cases/" + c.ID
	if c.State == Draft && !say.office { // it is shown to the party when it is issued
		link = "/cases"
	}
	args := map[string]any{"no": c.No, "place": c.PlaceName, "title": c.Body.Shown(), "due": dueText(c.DueAt)}
	_, err = s.Notify.Send(ctx, tx, by.District, notify.Message{Key: fmt.Sprintf("case:%s:%d", c.ID, c.Rev), Kind: "case", Unit: unit,
		Title: i18n.Say(say.code, args), Link: link, From: by.Account}, who)
	return err
}

// dueText words the end of a deadline: its day, and the time where that is not the end of the day.
func dueText(at int64) i18n.Label {
	if at == 0 {
		return i18n.Label{Zh: "待定", En: "to be fixed"}
	}
	day, t := dayOf(at).String(), instant(at).In(period.Day(0).Start().Location())
	if t.Hour() != 0 || t.Minute() != 0 {
		day += t.Format(" 15:04")
	}
	return i18n.Label{Zh: day, En: day}
}

// news is what is told after a step, and to whom: the party, or the office.
var news = map[string]struct {
	code   string
	office bool
}{
	OpIssue: {"rectify.news-issue", false}, OpEscalate: {"rectify.news-escalate", false}, OpFail: {"rectify.news-fail", false},
	OpPass: {"rectify.news-pass", false}, OpGrant: {"rectify.news-grant", false}, OpRefuse: {"rectify.news-refuse", false},
	OpDismiss: {"rectify.news-dismiss", false}, OpUphold: {"rectify.news-uphold", false}, OpReopen: {"rectify.news-reopen", false},
	OpRevoke: {"rectify.news-revoke", false}, OpOverdue: {"rectify.news-overdue", false}, OpBack: {"rectify.news-fail", false},
	OpAgain: {"rectify.news-again", false}, OpReply: {"rectify.news-reply", true}, OpAsk: {"rectify.news-ask", true}, OpObject: {"rectify.news-object", true},
}
