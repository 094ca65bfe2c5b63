package dispatch

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"sifen/internal/access"
	"sifen/internal/closing"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/indicator"
	"sifen/internal/notify"
	"sifen/internal/org"
	"sifen/internal/period"
)

// DraftBulletin begins the bulletin of a month that is over or has begun, or returns the one that is being written.
//
// Errors: ErrMonth for one that lies ahead, org.ErrUnit, ErrForbidden, and those of documents.
func (s *Service) DraftBulletin(ctx context.Context, tx *db.Tx, by access.Scope, unit org.No, month period.Period) (document.Document, error) {
	w, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return document.Document{}, err
	}
	if _, ok := w.Org.Unit(unit); !ok || !by.Can(Read, w.Org.Targets(unit, w.Day), true) {
		return document.Document{}, org.ErrUnit
	}
	if !may(w, by, Edit, unit) {
		return document.Document{}, ErrForbidden
	}
	if month.From > w.Day {
		return document.Document{}, ErrMonth.With("month", month.String())
	}
	return s.Documents.Create(ctx, tx, by, BulletinTemplate, unit, month)
}

// Tick is what time does: on the first of a month the bulletin of the month before is there as a draft, and each meeting of the
// month gets its agenda pack, each once on however many nodes; what a lock kept back is counted once it is lifted.
func (s *Service) Tick(ctx context.Context, district int64) error {
	return errors.Join(s.Minuted(ctx, district), s.monthly(ctx, district), s.packs(ctx, district), s.catchUp(ctx, district))
}

// monthly drafts the bulletin of the month before, where the district inspects or meets at all.
func (s *Service) monthly(ctx context.Context, district int64) error {
	month := period.MonthOf(period.Of(s.Clock.Now())).Previous()
	var done int64
	if err := s.DB.Read.QueryRowContext(ctx, `SELECT count(*) FROM meeting_month WHERE district = $1 AND month = $2`, district,
		int64(month.From)).Scan(&done); err != nil || done > 0 {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := indicator.Shared(ctx, tx, district); err != nil {
			return err
		}
		w, err := s.Moment(ctx, tx, district)
		if err != nil {
			return err
		}
		if at := w.Org.Root; at == 0 || period.MonthOf(w.Day).Previous() != month {
			return nil
		}
		busy, err := s.busy(ctx, tx, district, w.Org.Root, month)
		if err != nil || !busy {
			return err
		}
		// The row decides which node drafts: another one waits here and then finds it.
		ours, err := db.Changed(tx.ExecContext(ctx, `INSERT INTO meeting_month (district, month, at, document) VALUES ($1, $2, $3, '')
			ON CONFLICT (district, month) DO NOTHING`, district, int64(month.From), w.Now.UnixMilli()))
		if err != nil || !ours {
			return err
		}
		by := access.System(district, int64(w.Day), "bulletin")
		if n, err := s.bulletinOf(ctx, tx, district, w.Org.Root, month); err != nil || n > 0 {
			return err // somebody was faster
		}
		d, err := s.Documents.Create(ctx, tx, by, BulletinTemplate, w.Org.Root, month)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE meeting_month SET document = $3 WHERE district = $1 AND month = $2`, district, int64(month.From),
			d.ID); err != nil {
			return err
		}
		return s.drafted(ctx, tx, by, w.Org.Root, d, "bulletin:"+month.String())
	})
}

// busy reports whether there is anything that a bulletin of a month would say.
func (s *Service) busy(ctx context.Context, q db.Querier, district int64, root org.No, month period.Period) (bool, error) {
	x, err := s.Figures.At(ctx, q, district)
	if err != nil {
		return false, err
	}
	for _, key := range []string{"visits.all", "cases.opened", "cases.due"} {
		v, err := x.Value(key, root, month)
		if err != nil || v.A > 0 {
			return v.A > 0, err
		}
	}
	var n int64
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM meeting WHERE district = $1 AND unit = $2 AND type = 'dispatch' AND origin = '' AND state <> 'cancelled'
		AND day >= $3 AND day < $4`, district, int64(root), int64(month.From), int64(month.Until)+31).Scan(&n)
	return n > 0, err
}

func (s *Service) bulletinOf(ctx context.Context, q db.Querier, district int64, unit org.No, month period.Period) (n int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM document WHERE district = $1 AND template = $2 AND unit = $3 AND day_from = $4 AND day_until = $5
		AND ended = ''`, district, BulletinTemplate, int64(unit), int64(month.From), int64(month.Until)).Scan(&n)
	return n, err
}

// drafted tells the office of a paper that is there without anybody having asked for it.
func (s *Service) drafted(ctx context.Context, tx *db.Tx, by access.Scope, unit org.No, d document.Document, key string) error {
	if s.Notify == nil {
		return nil
	}
	who, err := s.Accounts.Holders(ctx, tx, by.District, unit, Edit)
	if err != nil || len(who) == 0 {
		return err
	}
	_, err = s.Notify.Send(ctx, tx, by.District, notify.Message{Key: "dispatch:" + key, Kind: "document", Link: "/documents/" + d.ID,
		Title: label("草稿已备好，请核对："+d.Title, "A draft is ready for you: "+d.Title)}, who)
	return err
}

// packs drafts the agenda packs of the month's meetings of the district that have none.
func (s *Service) packs(ctx context.Context, district int64) error {
	month := period.MonthOf(period.Of(s.Clock.Now()))
	list, err := meetings(ctx, s.DB.Read, `m.state = 'planned' AND m.type = 'dispatch' AND m.pack = '' AND m.day >= $2 AND m.day < $3 ORDER BY m.day, m.id`,
		district, int64(month.From), int64(month.Until))
	if err != nil {
		return err
	}
	for _, m := range list {
		if err := s.DB.Write(ctx, func(tx *db.Tx) error {
			if err := indicator.Shared(ctx, tx, district); err != nil {
				return err
			}
			w, err := s.Moment(ctx, tx, district)
			if err != nil {
				return err
			}
			by := access.System(district, int64(w.Day), "pack")
			m, err := meetingByID(ctx, tx, by, m.ID)
			if err != nil || m.State != Planned || m.Pack != "" || m.Unit != w.Org.Root {
				return err // another node or a person was faster; what lies below the district asks for its own
			}
			if m, err = s.DraftPack(ctx, tx, by, m.ID, m.Rev); err != nil {
				return err
			}
			d, err := s.Documents.Get(ctx, tx, by, m.Pack)
			if err != nil {
				return err
			}
			return s.drafted(ctx, tx, by, m.Unit, d, "pack:"+m.ID)
		}); err != nil {
			return err
		}
	}
	return nil
}

// catchUp counts what a lock kept back and lets through by now.
func (s *Service) catchUp(ctx context.Context, district int64) error {
	list, err := decisions(ctx, s.DB.Read, `d.behind = 1 ORDER BY d.id`, district)
	if err != nil {
		return err
	}
	for _, d := range list {
		if err := s.DB.Write(ctx, func(tx *db.Tx) error {
			if err := indicator.Shared(ctx, tx, district); err != nil {
				return err
			}
			w, err := s.Moment(ctx, tx, district)
			if err != nil {
				return err
			}
			d, err := decisionByID(ctx, tx, access.System(district, int64(w.Day), "dispatch"), d.ID)
			if err != nil || !d.Behind {
				return err
			}
			if _, err := s.recount(ctx, tx, district, d.ID, d.records(), true); err != nil {
				if errors.Is(err, closing.ErrLocked) {
					return errLater
				}
				return err
			}
			_, err = tx.ExecContext(ctx, `UPDATE meeting_decision SET behind = 0 WHERE district = $1 AND id = $2`, district, d.ID)
			return err
		}); err != nil && !errors.Is(err, errLater) {
			return err
		}
	}
	return nil
}

// errLater takes back what a strict recount wrote before it met the lock.
var errLater = errors.New("still locked")

// Month is a month with its bulletins.
type Month struct {
	Month    string       `json:"month"` // 2020-11
	Papers   []Paper      `json:"papers"`
	Meetings []MeetingRow `json:"meetings"`
}

// Paper is a document as the pages of meetings show it.
type Paper struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Number string `json:"number"` // "" until it is issued
	State  string `json:"state" enum:"draft,review,approved,issuing,issued,received,revoked,repealed"`
	Issued string `json:"issued"` // day; "" until then
}

func paperOf(d document.Document) Paper {
	p := Paper{ID: d.ID, Title: d.Title, Number: d.Number, State: d.State}
	if d.Ended != "" {
		p.State = d.Ended
	}
	if d.IssuedAt > 0 {
		p.Issued = period.Of(time.UnixMilli(d.IssuedAt)).String()
	}
	return p
}

// bulletins reads the bulletins of a unit and year that a caller may see, by first day of their month.
func (s *Service) bulletins(ctx context.Context, q db.Querier, by access.Scope, unit org.No, year int) (map[period.Day][]Paper, error) {
	list, err := db.All(ctx, q, func(r *sql.Rows) (document.Document, error) {
		var d document.Document
		err := r.Scan(&d.ID, &d.Title, &d.Number, &d.State, &d.Ended, &d.IssuedAt, &d.Period.From)
		return d, err
	}, `SELECT d.id, d.title, d.number, d.state, d.ended, d.issued_at, d.day_from FROM document AS d WHERE d.district = $1 AND d.template = $2
		AND d.unit = $3 AND d.day_from >= $4 AND d.day_from < $5 AND `+by.Reach("d.district", "d.unit", document.Read)+` ORDER BY d.created_at, d.id`,
		by.District, BulletinTemplate, int64(unit), int64(period.Date(year, 1, 1)), int64(period.Date(year+1, 1, 1)))
	out := map[period.Day][]Paper{}
	for _, d := range list {
		out[d.Period.From] = append(out[d.Period.From], paperOf(d))
	}
	return out, err
}

// Months are the months of a year, newest first, as far as they have begun, with their bulletins and meetings.
func (s *Service) Months(ctx context.Context, q db.Querier, by access.Scope, w work, unit org.No, year int) ([]Month, error) {
	papers, err := s.bulletins(ctx, q, by, unit, year)
	if err != nil {
		return nil, err
	}
	list, err := meetings(ctx, q, `m.unit = $2 AND m.day >= $3 AND m.day < $4 AND m.type = 'dispatch' AND m.state <> 'cancelled' AND `+seesMeeting(by)+
		` ORDER BY m.day, m.id`, by.District, int64(unit), int64(period.Date(year, 1, 1)), int64(period.Date(year+1, 1, 1)))
	if err != nil {
		return nil, err
	}
	out := []Month{}
	for m := 12; m >= 1; m-- {
		p := period.MonthOf(period.Date(year, m, 1))
		if p.From > w.Day {
			continue
		}
		x := Month{Month: fmt.Sprintf("%d-%02d", year, m), Papers: papers[p.From], Meetings: []MeetingRow{}}
		if x.Papers == nil {
			x.Papers = []Paper{}
		}
		for _, e := range list {
			if p.Has(e.Day) {
				x.Meetings = append(x.Meetings, row(w, e))
			}
		}
		out = append(out, x)
	}
	return out, nil
}
