package inspect

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/id"
	"sifen/internal/journal"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/plan"
	"sifen/internal/problem"
)

// The verbs of campaigns: Plan makes and seals them, Calibrate sees how inspectors differ.
const (
	Plan      access.Verb = "inspect.plan"
	Calibrate access.Verb = "inspect.calibrate"
)

// The kinds of campaigns. Visits of a special one count as special inspections, those of the others as routine.
const (
	KindSpecial     = "special"
	KindRoutine     = "routine"
	KindJoint       = "joint"
	KindUnannounced = "unannounced"
)

// CampaignTitles names the kinds; prefixes begin their numbers.
var (
	CampaignTitles = map[string]i18n.Label{KindSpecial: label("专项检查", "special"), KindRoutine: label("例行检查", "routine"),
		KindJoint: label("联合检查", "joint"), KindUnannounced: label("暗访", "unannounced")}
	prefixes = map[string]string{KindSpecial: "ZX", KindRoutine: "LX", KindJoint: "LH", KindUnannounced: "AF"}
)

// The states of a campaign.
const (
	Drafted = "draft"
	Sealed  = "sealed"
	Stopped = "stopped"
)

// The roles of what is drawn: somebody looks first, and somebody else looks again at some places without knowing it.
const (
	FirstLook  = "first"
	SecondLook = "second"
)

// What became of a drawn place.
const (
	Waiting = "open"
	Missed  = "missed"
)

// Problems of campaigns.
var (
	ErrCampaign     = problem.New(problem.NotFound, "inspect.no-campaign", nil)
	ErrPlanning     = problem.New(problem.Forbidden, "inspect.plan-forbidden", nil)
	ErrCampaignRev  = problem.New(problem.Stale, "inspect.campaign-changed", nil)
	ErrIsSealed     = problem.New(problem.Conflict, "inspect.is-sealed", nil)
	ErrNotSealed    = problem.New(problem.Conflict, "inspect.not-sealed", nil)
	ErrBegun        = problem.New(problem.Conflict, "inspect.begun", nil)
	ErrStopped      = problem.New(problem.Conflict, "inspect.stopped", nil)
	ErrNothingDrawn = problem.New(problem.Conflict, "inspect.no-base", nil)
	ErrNotYours     = problem.New(problem.NotFound, "inspect.not-yours", nil)
)

// CampaignInput is what a person says of a campaign before its list is sealed.
type CampaignInput struct {
	Kind      string     `json:"kind" enum:"special,routine,joint,unannounced"`
	Title     string     `json:"title" maxLength:"60"`
	Unit      int64      `json:"unit" doc:"whose places are drawn from"`
	Checklist string     `json:"checklist" maxLength:"60"`
	PlanTask  string     `json:"plan_task,omitempty" maxLength:"60" doc:"which task of the yearly plan it fulfils"`
	Surprise  int64      `json:"surprise" minimum:"0" maximum:"50" doc:"per cent of the places that are drawn whatever was visited before"`
	Second    int64      `json:"second" minimum:"0" maximum:"50" doc:"per cent of the places at which somebody else looks again"`
	Days      []DayInput `json:"days" maxItems:"60"`
	Crew      []string   `json:"crew" maxItems:"60" doc:"accounts"`
	LeftOut   []LeftOut  `json:"left_out,omitempty" maxItems:"500"`
}

// DayInput is a day of a campaign.
type DayInput struct {
	Day   string `json:"day" maxLength:"10"`
	Quota int64  `json:"quota" minimum:"1" maximum:"500"`
}

// LeftOut is a place that is not drawn, and why.
type LeftOut struct {
	Place  string `json:"place" maxLength:"60"`
	Reason string `json:"reason" maxLength:"100"`
}

// Campaign is a campaign as it stands.
type Campaign struct {
	ID, No    string
	Kind      string
	Title     string
	Unit      org.No
	Checklist string
	PlanTask  string
	Surprise  int64
	Second    int64
	State     string
	First     period.Day
	Last      period.Day
	Words     string // of representatives
	Base      string // the sealed list
	Digest    string
	SealedAt  int64
	Account   string
	CreatedAt int64
	Rev       int64
	Body      CampaignBody
	Days      []CampaignDay
}

// CampaignBody is what of a campaign nothing is searched by.
type CampaignBody struct {
	Crew    []string  `json:"crew"`
	LeftOut []LeftOut `json:"left_out,omitempty"`
	Reason  string    `json:"reason,omitempty"` // of stopping
}

// CampaignDay is one day of a campaign.
type CampaignDay struct {
	Day      period.Day
	Quota    int64
	Secret   string // closed with the key file until the day is opened
	Seal     string // digest of the secret
	Chain    string // of the journal when the day was opened
	Seed     string // "" before
	OpenedAt int64
	Lapsed   bool // the day passed and nobody opened it
}

const campaignColumns = `c.id, c.no, c.kind, c.title, c.unit, c.checklist, c.plan_task, c.surprise, c.second, c.state, c.first_day, c.last_day, c.words,
	c.base, c.digest, c.sealed_at, c.account, c.created_at, c.rev, c.body`

func scanCampaign(r *sql.Rows) (Campaign, error) {
	var c Campaign
	var body string
	if err := r.Scan(&c.ID, &c.No, &c.Kind, &c.Title, &c.Unit, &c.Checklist, &c.PlanTask, &c.Surprise, &c.Second, &c.State, &c.First, &c.Last, &c.Words,
		&c.Base, &c.Digest, &c.SealedAt, &c.Account, &c.CreatedAt, &c.Rev, &body); err != nil {
		return c, err
	}
	return c, json.Unmarshal([]byte(body), &c.Body)
}

func campaignDays(ctx context.Context, q db.Querier, district int64, campaign string) ([]CampaignDay, error) {
	return db.All(ctx, q, func(r *sql.Rows) (CampaignDay, error) {
		var d CampaignDay
		var lapsed int64
		err := r.Scan(&d.Day, &d.Quota, &d.Secret, &d.Seal, &d.Chain, &d.Seed, &d.OpenedAt, &lapsed)
		d.Lapsed = lapsed == 1
		return d, err
	}, `SELECT day, quota, secret, seal, chain, seed, opened_at, lapsed FROM campaign_day WHERE district = $1 AND campaign = $2 ORDER BY day`, district,
		campaign)
}

// loadCampaign reads a campaign with its days, whatever the scope.
func loadCampaign(ctx context.Context, q db.Querier, district int64, campaign string) (Campaign, error) {
	list, err := db.All(ctx, q, scanCampaign, `SELECT `+campaignColumns+` FROM campaign AS c WHERE c.district = $1 AND c.id = $2`, district, campaign)
	if err != nil {
		return Campaign{}, err
	}
	if len(list) != 1 {
		return Campaign{}, ErrCampaign
	}
	c := list[0]
	c.Days, err = campaignDays(ctx, q, district, c.ID)
	return c, err
}

// campaign loads one that the scope may see; outside the scope it does not exist.
func (s *Service) campaign(ctx context.Context, q db.Querier, by access.Scope, campaign string) (Campaign, work, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return Campaign{}, w, err
	}
	c, err := loadCampaign(ctx, q, by.District, campaign)
	if err == nil && !by.Can(Read, w.Org.TargetsBack(c.Unit, c.First, c.Last+1, w.Day), true) {
		err = ErrCampaign
	}
	return c, w, err
}

// planned loads one that the caller may change, at the revision he saw.
func (s *Service) planned(ctx context.Context, tx *db.Tx, by access.Scope, campaign string, rev int64) (Campaign, work, error) {
	c, w, err := s.campaign(ctx, tx, by, campaign)
	switch {
	case err != nil:
	case !by.Can(Plan, w.Org.Targets(c.Unit, w.Day), false):
		err = ErrPlanning
	case c.State == Stopped:
		err = ErrStopped
	case c.Rev != rev:
		err = ErrCampaignRev
	}
	return c, w, err
}

// SetCampaign makes a campaign, or changes one whose list is not sealed; id is "" for a new one.
//
// Errors: ErrCampaign, ErrPlanning, ErrCampaignRev, ErrIsSealed, org.ErrUnit, ErrInvalid with a fault per field.
func (s *Service) SetCampaign(ctx context.Context, tx *db.Tx, by access.Scope, campaign string, rev int64, in CampaignInput) (Campaign, error) {
	var c Campaign
	w, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return c, err
	}
	if campaign != "" {
		if c, w, err = s.planned(ctx, tx, by, campaign, rev); err != nil {
			return c, err
		}
		if c.State != Drafted {
			return c, ErrIsSealed
		}
	}
	unit := org.No(in.Unit)
	if u, ok := w.Org.Unit(unit); !ok || !u.Open(w.Day) || !by.Can(Read, w.Org.Targets(unit, w.Day), true) {
		return c, org.ErrUnit
	}
	if !by.Can(Plan, w.Org.Targets(unit, w.Day), false) {
		return c, ErrPlanning
	}
	was := c
	c.Kind, c.Title, c.Unit, c.Checklist, c.PlanTask = in.Kind, strings.TrimSpace(in.Title), unit, in.Checklist, in.PlanTask
	c.Surprise, c.Second, c.Body.LeftOut = in.Surprise, in.Second, in.LeftOut
	faults, err := s.campaignFaults(ctx, tx, by, w, &c, in)
	if err != nil {
		return c, err
	}
	if len(faults) > 0 {
		return was, ErrInvalid.At(faults...)
	}
	if campaign == "" {
		y, _, _ := c.First.YMD()
		n, err := org.Next(ctx, tx, by.District, fmt.Sprintf("campaign:%s:%d", prefixes[c.Kind], y))
		if err != nil {
			return c, err
		}
		c.ID, c.No = id.New(w.Now), fmt.Sprintf("%s-%d-%02d", prefixes[c.Kind], y, n)
		c.State, c.Account, c.CreatedAt = Drafted, by.Account, w.Now.UnixMilli()
		if err := insertCampaign(ctx, tx, by.District, &c); err != nil {
			return c, err
		}
	} else if err := saveCampaign(ctx, tx, by.District, &c); err != nil {
		return c, err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM campaign_day WHERE district = $1 AND campaign = $2`, by.District, c.ID); err != nil {
		return c, err
	}
	for _, d := range c.Days {
		if _, err := tx.ExecContext(ctx, `INSERT INTO campaign_day (district, campaign, day, quota, secret, seal, chain, seed, opened_at, lapsed)
			VALUES ($1, $2, $3, $4, '', '', '', '', 0, 0)`, by.District, c.ID, int64(d.Day), d.Quota); err != nil {
			return c, err
		}
	}
	return c, s.toldCampaign(ctx, tx, by, w, c, map[string]any{"kind": c.Kind, "unit": c.Unit, "checklist": c.Checklist, "days": len(c.Days)})
}

// campaignFaults fills in days and crew, and says what is wrong with a campaign.
func (s *Service) campaignFaults(ctx context.Context, q db.Querier, by access.Scope, w work, c *Campaign, in CampaignInput,
) (faults []problem.Field, err error) {
	at := func(pointer, code string, args map[string]any) {
		faults = append(faults, problem.Field{Pointer: pointer, Code: code, Args: args})
	}
	if prefixes[c.Kind] == "" {
		at("/kind", "value.choice", nil)
	}
	if utf8.RuneCountInString(c.Title) < 2 {
		at("/title", "value.required", nil)
	}
	if _, ok := pack.Value[Checklist](w.Set, "checklists", c.Checklist); !ok {
		at("/checklist", "value.choice", nil)
	}
	c.Days = nil
	for i, d := range in.Days {
		day, err := period.ParseDay(d.Day)
		switch {
		case err != nil:
			at(fmt.Sprintf("/days/%d/day", i), "value.date", nil)
		case day <= w.Day:
			at(fmt.Sprintf("/days/%d/day", i), "inspect.day-past", map[string]any{"day": d.Day})
		case slices.ContainsFunc(c.Days, func(x CampaignDay) bool { return x.Day == day }):
			at(fmt.Sprintf("/days/%d/day", i), "inspect.day-twice", map[string]any{"day": d.Day})
		}
		c.Days = append(c.Days, CampaignDay{Day: day, Quota: d.Quota})
	}
	if len(c.Days) == 0 {
		at("/days", "value.required", nil)
	} else {
		slices.SortFunc(c.Days, func(a, b CampaignDay) int { return int(a.Day - b.Day) })
		c.First, c.Last = c.Days[0].Day, c.Days[len(c.Days)-1].Day
	}
	if title, err := planTask(ctx, q, by, w, *c); err != nil {
		return nil, err
	} else if c.PlanTask != "" && title == "" {
		at("/plan_task", "value.choice", nil)
	}
	may, err := s.Crew(ctx, q, by, w, c.Unit)
	if err != nil {
		return nil, err
	}
	c.Body.Crew = []string{}
	persons := map[string]bool{}
	for i, a := range in.Crew {
		p := slices.IndexFunc(may, func(m Inspector) bool { return m.Account == a })
		switch {
		case p < 0:
			at(fmt.Sprintf("/crew/%d", i), "inspect.no-inspector", nil)
		case persons[may[p].person]:
			at(fmt.Sprintf("/crew/%d", i), "inspect.crew-twice", map[string]any{"name": may[p].Name})
		default:
			persons[may[p].person] = true
			c.Body.Crew = append(c.Body.Crew, a)
		}
	}
	if len(in.Crew) == 0 {
		at("/crew", "value.required", nil)
	} else if c.Second > 0 && len(persons) == 1 && len(in.Crew) == 1 {
		at("/crew", "inspect.crew-alone", nil)
	}
	for i, x := range c.Body.LeftOut {
		if utf8.RuneCountInString(strings.TrimSpace(x.Reason)) < 2 {
			at(fmt.Sprintf("/left_out/%d/reason", i), "rectify.reason", nil)
		}
	}
	return faults, nil
}

// planTask is the title of the task that a campaign fulfils, of the plan of its year; "" where it names none that the caller sees.
func planTask(ctx context.Context, q db.Querier, by access.Scope, w work, c Campaign) (string, error) {
	if c.PlanTask == "" || !by.Has(plan.Read) {
		return "", nil
	}
	y, _, _ := c.First.YMD()
	list, err := plan.Tasks(ctx, q, by, w.Org.Root, y)
	for _, t := range list {
		if t.ID == c.PlanTask {
			return t.Title, err
		}
	}
	return "", err
}

// Inspector is somebody who may be of a crew.
type Inspector struct {
	Account string `json:"account"`
	Name    string `json:"name"`
	Unit    string `json:"unit"` // of his seat that may inspect

	person string
	scope  access.Scope
	below  bool // his seat lies below the unit in question
}

// Crew are those who may inspect below a unit, or above it so that they reach all of it: these first, then by unit and name.
func (s *Service) Crew(ctx context.Context, q db.Querier, by access.Scope, w work, unit org.No) ([]Inspector, error) {
	list, err := s.inspectors(ctx, q, by.District, w, nil)
	out := []Inspector{}
	for _, x := range list {
		for _, g := range x.scope.Grants {
			n := org.No(g.Unit)
			if g.Verbs[Visit] && (n == unit || w.Org.Reaches(unit, n, w.Day, w.Day+1) || w.Org.Reaches(n, unit, w.Day, w.Day+1)) {
				x.Unit, x.below = w.Org.UnitName(n), n != unit && !w.Org.Reaches(unit, n, w.Day, w.Day+1)
				out = append(out, x)
				break
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Inspector) int {
		return cmp.Or(cmp.Compare(flag(a.below), flag(b.below)), strings.Compare(a.Unit, b.Unit))
	})
	return out, err
}

// inspectors are the accounts in use that may inspect anything today, with what they may, by name; only names those asked for,
// nil asks for all.
func (s *Service) inspectors(ctx context.Context, q db.Querier, district int64, w work, only []string) ([]Inspector, error) {
	grants, err := account.Grants(ctx, q, district, "")
	if err != nil {
		return nil, err
	}
	scopes := map[string]*access.Scope{}
	for _, g := range grants {
		role, ok := account.RoleOf(w.Set, g.Role)
		if !ok || w.Day < g.From || w.Day >= g.Until || only != nil && !slices.Contains(only, g.Account) {
			continue
		}
		sc := scopes[g.Account]
		if sc == nil {
			sc = &access.Scope{District: district, Account: g.Account, Today: int64(w.Day)}
			scopes[g.Account] = sc
		}
		verbs := map[access.Verb]bool{}
		for _, v := range role.Verbs {
			verbs[access.Verb(v)] = true
		}
		sc.Grants = append(sc.Grants, access.Grant{Role: g.Role, Unit: int64(g.Unit), Verbs: verbs})
	}
	return db.All(ctx, q, func(r *sql.Rows) (Inspector, error) {
		var x Inspector
		err := r.Scan(&x.Account, &x.person, &x.Name)
		if sc := scopes[x.Account]; sc != nil {
			x.scope = *sc
		}
		return x, err
	}, `SELECT a.id, p.id, p.name FROM account AS a JOIN person AS p ON p.district = a.district AND p.id = a.person
		WHERE a.district = $1 AND a.closed = 0 ORDER BY p.name, a.id`, district)
}

func insertCampaign(ctx context.Context, tx *db.Tx, district int64, c *Campaign) error {
	raw, err := json.Marshal(c.Body)
	if err != nil {
		return err
	}
	c.Rev = 1
	_, err = tx.ExecContext(ctx, `INSERT INTO campaign (district, id, no, kind, title, unit, checklist, plan_task, surprise, second, state, first_day, last_day,
		words, base, digest, sealed_at, account, created_at, rev, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', '', '', 0, $14, $15, 1, $16)`, district, c.ID, c.No, c.Kind, c.Title, int64(c.Unit),
		c.Checklist, c.PlanTask, c.Surprise, c.Second, c.State, int64(c.First), int64(c.Last), c.Account, c.CreatedAt, string(raw))
	return err
}

// saveCampaign stores a campaign by compare-and-set on its revision, which rises.
func saveCampaign(ctx context.Context, tx *db.Tx, district int64, c *Campaign) error {
	raw, err := json.Marshal(c.Body)
	if err != nil {
		return err
	}
	ours, err := db.Changed(tx.ExecContext(ctx, `UPDATE campaign SET kind = $4, title = $5, unit = $6, checklist = $7, plan_task = $8, surprise = $9,
		second = $10, state = $11, first_day = $12, last_day = $13, words = $14, base = $15, digest = $16, sealed_at = $17, body = $18, rev = rev + 1
		WHERE district = $1 AND id = $2 AND rev = $3`, district, c.ID, c.Rev, c.Kind, c.Title, int64(c.Unit), c.Checklist, c.PlanTask, c.Surprise, c.Second,
		c.State, int64(c.First), int64(c.Last), c.Words, c.Base, c.Digest, c.SealedAt, string(raw)))
	if err == nil && !ours {
		err = ErrCampaignRev
	}
	c.Rev++
	return err
}

// Drawn is the fact that a campaign changed, or that a day of it was opened.
type Drawn struct {
	Campaign string          `json:"campaign"`
	At       []access.Target `json:"at"`
}

// Kind names the fact.
func (Drawn) Kind() string { return "inspect.drawn" }

// News tells those who see the campaign.
func (d Drawn) News(by access.Scope) (event string, data any, ok bool) {
	return "campaign", struct{}{}, by.Has(Read) && by.Sees(d.At)
}

func (s *Service) toldCampaign(ctx context.Context, tx *db.Tx, by access.Scope, w work, c Campaign, content map[string]any) error {
	content["no"], content["state"] = c.No, c.State
	if err := journal.Write(ctx, tx, by, w.Now, Plan, c.ID, c.Rev, content); err != nil {
		return err
	}
	return outbox.Emit(ctx, tx, by.District, w.Now, Drawn{c.ID, w.Org.Targets(c.Unit, w.Day)})
}
