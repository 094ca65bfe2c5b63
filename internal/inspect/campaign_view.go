package inspect

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/draw"
	"sifen/internal/i18n"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
)

// CampaignRow is a campaign in a list.
type CampaignRow struct {
	ID        string     `json:"id"`
	No        string     `json:"no"`
	Kind      string     `json:"kind" enum:"special,routine,joint,unannounced"`
	KindTitle i18n.Label `json:"kind_title"`
	Title     string     `json:"title"`
	Unit      org.Ref    `json:"unit"`
	Checklist string     `json:"checklist"`
	Form      i18n.Label `json:"form"`
	State     string     `json:"state" enum:"draft,sealed,stopped"`
	First     string     `json:"first"`
	Last      string     `json:"last"`
	Days      int64      `json:"days"`
	Opened    int64      `json:"opened"` // days
	Quota     int64      `json:"quota"`
	Drawn     int64      `json:"drawn"` // places
	Done      int64      `json:"done"`
	Missed    int64      `json:"missed"`
	Rev       int64      `json:"rev"`
}

// DayView is a day of a campaign: how many until it is opened, and afterwards what its seed was made of.
type DayView struct {
	Day    string `json:"day"`
	Quota  int64  `json:"quota"`
	State  string `json:"state" enum:"closed,open,over,lapsed"`
	Seal   string `json:"seal"` // digest of the secret
	Secret string `json:"secret"`
	Chain  string `json:"chain"`
	Seed   string `json:"seed"`
	Opened int64  `json:"opened"`
}

// DrawRow is a drawn place as others see it.
type DrawRow struct {
	Day     string `json:"day"`
	Rank    int64  `json:"rank"` // within its stratum and day
	Stratum string `json:"stratum"`
	Place   string `json:"place"`
	Name    string `json:"name"`
	Hash    string `json:"hash"`
	Level   int64  `json:"level"`
	Why     string `json:"why" enum:"cycle,surprise"`
	Person  string `json:"person"` // "" where it is not shown yet, or nobody could go
	Given   string `json:"given"`  // why this person: last, nobody, or by the rules
	Outcome string `json:"outcome" enum:"open,done,missed"`
	Reason  string `json:"reason"`
	Visit   string `json:"visit"`
	Failed  int64  `json:"failed"`
	Items   int64  `json:"items"`
	Second  string `json:"second"` // who looked again; "" until its day is over
	Again   string `json:"again"`  // that visit
}

// StreetRow is how far a stratum is.
type StreetRow struct {
	Name   string `json:"name"`
	Places int64  `json:"places"`
	Drawn  int64  `json:"drawn"`
	Done   int64  `json:"done"`
	Failed int64  `json:"failed"` // items
}

// PlaceRef names a place.
type PlaceRef struct {
	Key     string `json:"key"`
	Name    string `json:"name"`
	Stratum string `json:"stratum"`
	Reason  string `json:"reason"` // of being left out
}

// CampaignView is a campaign's page.
type CampaignView struct {
	CampaignRow
	PlanTask string      `json:"plan_task"`
	Task     string      `json:"task"` // its title
	Surprise int64       `json:"surprise"`
	Second   int64       `json:"second"`
	Words    string      `json:"words"`
	Digest   string      `json:"digest"`
	Sealed   string      `json:"sealed"` // the day
	Shell    string      `json:"shell"`  // the line that puts a day's places in order
	Places   int64       `json:"places"`
	Crew     []Inspector `json:"crew"`
	DayList  []DayView   `json:"day_list"`
	Rows     []DrawRow   `json:"rows"`
	Streets  []StreetRow `json:"streets"`
	Never    []PlaceRef  `json:"never"` // never inspected, whatever the occasion
	LeftOut  []PlaceRef  `json:"left_out"`
	Failed   int64       `json:"failed"`
	Items    int64       `json:"items"`
	Cases    int64       `json:"cases"`
	Looks    int64       `json:"looks"` // second looks that are done, of days that are over
	LooksAll int64       `json:"looks_all"`
	Reason   string      `json:"reason"`
	MayPlan  bool        `json:"may_plan"`
	MayJudge bool        `json:"may_judge"` // sees how inspectors differ
	Mine     int64       `json:"mine"`      // places of the caller today that wait
}

// Campaigns lists those inside the scope, the latest first.
func (s *Service) Campaigns(ctx context.Context, q db.Querier, by access.Scope, limit int) ([]CampaignRow, error) {
	out := []CampaignRow{}
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return out, err
	}
	type counted struct {
		Campaign
		days, opened, quota, drawn, done, missed int64
	}
	list, err := db.All(ctx, q, func(r *sql.Rows) (x counted, err error) {
		err = r.Scan(&x.ID, &x.No, &x.Kind, &x.Title, &x.Unit, &x.Checklist, &x.State, &x.First, &x.Last, &x.Rev, &x.days, &x.opened, &x.quota, &x.drawn,
			&x.done, &x.missed)
		return x, err
	}, fmt.Sprintf(`SELECT c.id, c.no, c.kind, c.title, c.unit, c.checklist, c.state, c.first_day, c.last_day, c.rev,
		(SELECT count(*) FROM campaign_day AS d WHERE d.district = c.district AND d.campaign = c.id),
		(SELECT count(*) FROM campaign_day AS d WHERE d.district = c.district AND d.campaign = c.id AND d.opened_at > 0),
		(SELECT CAST(coalesce(sum(d.quota), 0) AS bigint) FROM campaign_day AS d WHERE d.district = c.district AND d.campaign = c.id),
		(SELECT count(*) FROM draw AS d WHERE d.district = c.district AND d.campaign = c.id AND d.role = 'first'),
		(SELECT count(*) FROM draw AS d WHERE d.district = c.district AND d.campaign = c.id AND d.role = 'first' AND d.outcome = 'done'),
		(SELECT count(*) FROM draw AS d WHERE d.district = c.district AND d.campaign = c.id AND d.role = 'first' AND d.outcome = 'missed')
		FROM campaign AS c WHERE c.district = $1 AND `+by.ReachAt("c.district", "c.unit", "c.first_day", Read)+
		` ORDER BY c.last_day DESC, c.no DESC LIMIT %d`, limit), by.District)
	for _, x := range list {
		r := s.campaignRow(w, x.Campaign)
		r.Days, r.Opened, r.Quota, r.Drawn, r.Done, r.Missed = x.days, x.opened, x.quota, x.drawn, x.done, x.missed
		out = append(out, r)
	}
	return out, err
}

func (s *Service) campaignRow(w work, c Campaign) CampaignRow {
	r := CampaignRow{ID: c.ID, No: c.No, Kind: c.Kind, KindTitle: CampaignTitles[c.Kind], Title: c.Title, Unit: w.Org.Ref(c.Unit, c.Last),
		Checklist: c.Checklist,
		Form:      i18n.Label{Zh: c.Checklist, En: c.Checklist}, State: c.State, First: c.First.String(), Last: c.Last.String(), Rev: c.Rev}
	if f, ok := pack.Value[Checklist](w.Set, "checklists", c.Checklist); ok {
		r.Form = f.Title
	}
	return r
}

// visited is a visit of a drawn place as a campaign's page shows it.
type visited struct {
	id                       string
	failed, answered, opened int64
}

// CampaignPage reads a campaign's page. Until a day is opened nothing says where or who; until it is over nothing says which
// looks are the second, save to those who judge.
func (s *Service) CampaignPage(ctx context.Context, q db.Querier, by access.Scope, campaign string) (CampaignView, error) {
	c, w, err := s.campaign(ctx, q, by, campaign)
	if err != nil {
		return CampaignView{}, err
	}
	out := CampaignView{CampaignRow: s.campaignRow(w, c), PlanTask: c.PlanTask, Surprise: c.Surprise, Second: c.Second, Words: c.Words, Digest: c.Digest,
		Shell: draw.Shell, Crew: []Inspector{}, DayList: []DayView{}, Rows: []DrawRow{}, Streets: []StreetRow{}, Never: []PlaceRef{}, LeftOut: []PlaceRef{},
		Reason: c.Body.Reason}
	out.MayPlan = c.State != Stopped && by.Can(Plan, w.Org.Targets(c.Unit, w.Day), false)
	out.MayJudge = by.Can(Calibrate, w.Org.Targets(c.Unit, w.Day), false)
	if c.SealedAt > 0 {
		out.Sealed = period.Of(instant(c.SealedAt)).String()
	}
	for _, a := range c.Body.Crew {
		name, err := account.NameOf(ctx, q, by.District, a)
		if err != nil {
			return out, err
		}
		out.Crew = append(out.Crew, Inspector{Account: a, Name: name})
	}
	for _, d := range c.Days {
		out.Days, out.Quota = out.Days+1, out.Quota+d.Quota
		v := DayView{Day: d.Day.String(), Quota: d.Quota, State: "closed", Seal: d.Seal}
		switch {
		case d.Lapsed:
			v.State = "lapsed"
		case d.OpenedAt > 0:
			out.Opened++
			v.State, v.Secret, v.Chain, v.Seed, v.Opened = "open", d.Secret, d.Chain, d.Seed, d.OpenedAt
			if over(w, d.Day) {
				v.State = "over"
			}
		}
		out.DayList = append(out.DayList, v)
	}
	if out.Task, err = planTask(ctx, q, by, w, c); err != nil {
		return out, err
	}
	out.LooksAll = (out.Quota*c.Second + 99) / 100
	if err := s.drawn(ctx, q, by, w, c, &out); err != nil {
		return out, err
	}
	return out, coverage(ctx, q, by, w, c, &out)
}

// drawn fills in what was drawn and what became of it.
func (s *Service) drawn(ctx context.Context, q db.Querier, by access.Scope, w work, c Campaign, out *CampaignView) error {
	list, err := drawsOf(ctx, q, `d.campaign = $2`, by.District, c.ID)
	if err != nil {
		return err
	}
	visits := map[string]visited{}
	if len(list) > 0 {
		all, err := db.All(ctx, q, func(r *sql.Rows) (v visited, err error) { return v, r.Scan(&v.id, &v.failed, &v.answered, &v.opened) },
			`SELECT v.id, v.failed, v.answered, (SELECT count(*) FROM finding AS f WHERE f.district = v.district AND f.visit = v.id AND f.rcase <> ''
			AND f.joined = 0) FROM visit AS v WHERE v.district = $1 AND v.campaign = $2 AND v.state = 'done'`, by.District, c.ID)
		if err != nil {
			return err
		}
		for _, v := range all {
			visits[v.id] = v
		}
	}
	crew := slices.Contains(c.Body.Crew, by.Account)
	second := map[string]Draw{}
	for _, x := range list {
		if x.Role == SecondLook {
			second[x.Place] = x
		}
	}
	ranks := map[string]int64{}
	for _, x := range list {
		if x.Role != FirstLook {
			continue
		}
		told := over(w, x.Day) || out.MayJudge && !crew
		x2, both := second[x.Place]
		if both && !told && x2.Account == by.Account { // his own look, which nobody tells him is the second
			x2.Nth = x.Nth
			x, both = x2, false
		}
		key := x.Day.String() + x.Stratum
		ranks[key]++
		r := DrawRow{Day: x.Day.String(), Rank: ranks[key], Stratum: x.Stratum, Place: x.Place, Name: x.PlaceName, Hash: x.Hash, Level: x.Level, Why: x.Why,
			Outcome: x.Outcome}
		mine := x.Account == by.Account
		if told || mine || !crew {
			r.Person, r.Given, r.Reason, r.Visit = x.Account, x.Given, x.Reason, x.Visit
			v := visits[x.Visit]
			r.Failed, r.Items = v.failed, v.answered
			out.Failed, out.Items, out.Cases = out.Failed+v.failed, out.Items+v.answered, out.Cases+v.opened
		} else {
			r.Outcome = Waiting // a row that says done while his own waits would say that his is the second
		}
		if told && both {
			r.Second, r.Again = x2.Account, x2.Visit
			if x2.Outcome == Done {
				out.Looks++
			}
			out.Cases += visits[x2.Visit].opened
		}
		if mine && x.Day == w.Day && x.Outcome == Waiting {
			out.Mine++
		}
		for _, to := range []*string{&r.Person, &r.Second} {
			if *to == "" {
				continue
			}
			if *to, err = account.NameOf(ctx, q, by.District, *to); err != nil {
				return err
			}
		}
		out.Drawn++
		switch r.Outcome {
		case Done:
			out.Done++
		case Missed:
			out.Missed++
		}
		out.Rows = append(out.Rows, r)
	}
	return nil
}

// coverage fills in what the list says: places by street, those left out, those never inspected.
func coverage(ctx context.Context, q db.Querier, by access.Scope, w work, c Campaign, out *CampaignView) error {
	if c.Base == "" {
		return nil
	}
	b, err := draw.Parse(c.Base)
	if err != nil {
		return err
	}
	until := w.Day + 1
	if slices.Contains(c.Body.Crew, by.Account) {
		until = w.Day // what the others did today is not told to who may be the second
	}
	been, err := db.Pairs[string, int64](ctx, q, `SELECT v.place, count(*) FROM visit AS v WHERE v.district = $1 AND v.state = 'done' AND v.kind <> 'self'
		AND v.day < $2 GROUP BY v.place`, by.District, int64(until))
	if err != nil {
		return err
	}
	at := map[string]int{}
	for _, p := range b.Places {
		ref := PlaceRef{Key: p.Key, Name: p.Name, Stratum: p.Stratum, Reason: p.Reason}
		if p.LeftOut {
			out.LeftOut = append(out.LeftOut, ref)
			continue
		}
		out.Places++
		if been[p.Key] == 0 {
			out.Never = append(out.Never, ref)
		}
		i, ok := at[p.Stratum]
		if !ok {
			i = len(out.Streets)
			at[p.Stratum] = i
			out.Streets = append(out.Streets, StreetRow{Name: p.Stratum})
		}
		out.Streets[i].Places++
	}
	for _, r := range out.Rows {
		if i, ok := at[r.Stratum]; ok {
			st := &out.Streets[i]
			st.Drawn++
			st.Failed += r.Failed
			if r.Outcome == Done {
				st.Done++
			}
		}
	}
	return nil
}

// BaseFile is the sealed list, or the list with the levels of a day, from 1, which is put in order by the published line. Days
// that are not opened have none.
//
// Errors: ErrCampaign, ErrNotSealed.
func (s *Service) BaseFile(ctx context.Context, q db.Querier, by access.Scope, campaign string, day int) (name, text string, err error) {
	c, _, err := s.campaign(ctx, q, by, campaign)
	if err != nil {
		return "", "", err
	}
	if c.Base == "" || day > len(c.Days) || day > 0 && c.Days[day-1].OpenedAt == 0 {
		return "", "", ErrNotSealed
	}
	if day == 0 {
		return c.No + "-base.txt", c.Base, nil
	}
	b, err := draw.Parse(c.Base)
	return fmt.Sprintf("%s-day%d.txt", c.No, day), draw.On(b, seeds(c), day-1).Text(), err
}
