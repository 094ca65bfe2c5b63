package dispatch

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"sifen/internal/access"
	"sifen/internal/closing"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/indicator"
	"sifen/internal/period"
)

// The templates of a district's meetings and of its bulletin.
const (
	PackTemplate     = "dispatch-pack"
	MinutesTemplate  = "dispatch-minutes"
	BulletinTemplate = "monthly-bulletin"
)

// DraftPack writes the agenda pack of a planned meeting: what the last one decided and what became of it, the figures against
// the plan, overdue cases, the office's own arrears, what is still to be done, and the agenda. Where its draft is there
// already its texts are written anew; everything else in it follows the records by itself.
//
// Errors: ErrMeeting, ErrForbidden, ErrStale, ErrState unless planned, and those of documents.
func (s *Service) DraftPack(ctx context.Context, tx *db.Tx, by access.Scope, meeting string, rev int64) (Meeting, error) {
	m, w, err := s.held(ctx, tx, by, meeting, rev)
	if err != nil {
		return m, err
	}
	if m.State != Planned {
		return m, ErrState.With("state", StateTitles[m.State])
	}
	last, err := s.lastText(ctx, tx, by, m)
	if err != nil {
		return m, err
	}
	doc, err := s.draft(ctx, tx, by, m.Pack, PackTemplate, m, map[string]string{"会议议程": agendaText(w, m), "上次事项": last})
	if err != nil {
		return m, err
	}
	m.Pack = doc
	return s.storeMeeting(ctx, tx, by, w, m, "pack", "", true)
}

// draft fills the texts of the draft there is, or begins one.
func (s *Service) draft(ctx context.Context, tx *db.Tx, by access.Scope, have, template string, m Meeting, texts map[string]string) (string, error) {
	var d document.Document
	var err error
	if have != "" {
		d, err = s.Documents.Get(ctx, tx, by, have)
		if errors.Is(err, document.ErrNone) || err == nil && d.State != document.Draft {
			have, err = "", nil // discarded, or on its way: another one
		}
	}
	if err == nil && have == "" {
		d, err = s.Documents.Create(ctx, tx, by, template, m.Unit, period.MonthOf(m.Day))
	}
	if err != nil {
		return "", err
	}
	d, err = s.Documents.SetTexts(ctx, tx, by, d.ID, d.Rev, texts, nil)
	return d.ID, err
}

// agendaText is the agenda as it stands, or that which is usual; the first item is always what became of the last decisions.
func agendaText(w work, m Meeting) string {
	items := []string{"通报上次会议议定事项办理情况"}
	for _, a := range m.Body.Agenda {
		t := a.Title
		if u, ok := w.Org.Unit(unitNo(a.Unit)); ok && a.Unit > 0 {
			t += "（" + u.Name + "）"
		}
		items = append(items, t)
	}
	if len(m.Body.Agenda) == 0 {
		items = append(items, "区分类办通报工作情况", "各镇街、有关部门汇报进展和问题", "研究需要协调解决的事项", "区领导讲话")
	}
	var b strings.Builder
	for i, t := range items {
		end := "；"
		if i == len(items)-1 {
			end = "。"
		}
		fmt.Fprintf(&b, "（%s）%s%s\n", ordinal(i+1), strings.TrimRight(t, "；。"), end)
	}
	return strings.TrimSpace(b.String())
}

var digits = []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}

// ordinal counts the items of an official paper, from one to ninety-nine.
func ordinal(n int) string {
	switch {
	case n < 10:
		return digits[n]
	case n < 20:
		return "十" + digits[n-10]
	case n < 100:
		return digits[n/10] + "十" + digits[n%10]
	}
	return fmt.Sprint(n)
}

// before finds the meeting of the same unit and type that was held last before one.
func (s *Service) before(ctx context.Context, q db.Querier, district int64, m Meeting) (Meeting, bool, error) {
	list, err := meetings(ctx, q, `m.unit = $2 AND m.type = $3 AND m.state = 'held' AND m.id <> $4 AND (m.day < $5 OR m.day = $5 AND m.id < $4)
		ORDER BY m.day DESC, m.id DESC LIMIT 1`, district, int64(m.Unit), m.Type, m.ID, int64(m.Day))
	if err != nil || len(list) == 0 {
		return Meeting{}, false, err
	}
	return list[0], true, nil
}

// opening are the decisions with which a meeting begins: all of the last one, and what is left of those before it.
func (s *Service) opening(ctx context.Context, q db.Querier, by access.Scope, m Meeting) (last Meeting, found bool, list []Decision, err error) {
	last, found, err = s.before(ctx, q, by.District, m)
	if err != nil || !found {
		return last, found, nil, err
	}
	// What an older meeting decided is left when it was neither settled nor taken up before the day of this one.
	list, err = decisions(ctx, q, `d.office = $2 AND d.meeting <> $3 AND (d.decided < $4
		OR d.decided = $4 AND d.meeting < $3) AND (d.meeting = $5 OR d.state <> 'dropped' AND (d.settled = 0
		OR d.settled >= $4)) AND `+seesDecision(by)+` ORDER BY CASE WHEN d.meeting = $5 THEN 0 ELSE 1 END, d.decided, d.nth, d.id`, by.District,
		int64(m.Unit), m.ID, int64(m.Day), last.ID)
	return last, found, list, err
}

// lastText leads to the table of the last decisions, which follows the records by itself.
func (s *Service) lastText(ctx context.Context, q db.Querier, by access.Scope, m Meeting) (string, error) {
	last, found, list, err := s.opening(ctx, q, by, m)
	switch {
	case err != nil:
		return "", err
	case !found:
		return "这是第一次会议，没有上次议定事项。", nil
	case len(list) == 0:
		return fmt.Sprintf("上次会议（%s）没有议定需要办理的事项。", last.Day.Zh()), nil
	}
	return fmt.Sprintf("上次会议（%s）议定的事项，和以前会议留下、还没有办结的事项，办理情况如下。", last.Day.Zh()), nil
}

// DraftMinutes writes the minutes of a meeting that was held: when and where, who came and who did not, what was decided, and
// who does what until when. Once a draft is there another would contradict it.
//
// Errors: ErrMeeting, ErrForbidden, ErrStale, ErrState unless held, ErrWritten, and those of documents.
func (s *Service) DraftMinutes(ctx context.Context, tx *db.Tx, by access.Scope, meeting string, rev int64) (Meeting, error) {
	m, w, err := s.held(ctx, tx, by, meeting, rev)
	if err != nil {
		return m, err
	}
	if m.State != Held {
		return m, ErrState.With("state", StateTitles[m.State])
	}
	if m.HasMinutes {
		return m, ErrWritten
	}
	if m.Minutes != "" {
		d, err := s.Documents.Get(ctx, tx, access.System(by.District, int64(w.Day), "dispatch"), m.Minutes)
		if err == nil && d.Ended == "" {
			return m, ErrWritten
		}
		if err != nil && !errors.Is(err, document.ErrNone) {
			return m, err
		}
	}
	seats, err := seatsOf(ctx, tx, by.District, m.ID, "1 = 1")
	if err != nil {
		return m, err
	}
	list, err := decisions(ctx, tx, `d.meeting = $2 AND d.state <> 'dropped' ORDER BY d.nth, d.id`, by.District, m.ID)
	if err != nil {
		return m, err
	}
	if m.Minutes, err = s.draft(ctx, tx, by, "", MinutesTemplate, m, minutesTexts(w, m, seats, list)); err != nil {
		return m, err
	}
	return s.storeMeeting(ctx, tx, by, w, m, "minutes", "", true)
}

// minutesTexts are the passages of the minutes, as the meeting gives them. People may change them before they are issued.
func minutesTexts(w work, m Meeting, seats []Seat, list []Decision) map[string]string {
	var at strings.Builder
	at.WriteString(m.Day.Zh() + "，" + w.Org.UnitName(m.Unit))
	if m.Place != "" {
		at.WriteString("在" + m.Place)
	}
	at.WriteString("召开" + m.Title + "。")
	if m.Body.Words != "" {
		at.WriteString("\n" + m.Body.Words)
	}
	var came, away []string
	for _, x := range seats {
		name := w.Org.UnitName(x.Unit)
		switch x.Presence {
		case Absent:
			away = append(away, name+"（"+x.Reason+"）")
		case Represented:
			came = append(came, name+"（"+x.Who+"代）")
		default:
			if x.Who != "" {
				name += "（" + x.Who + "）"
			}
			came = append(came, name)
		}
	}
	present := strings.Join(came, "、") + "。"
	if len(came) == 0 {
		present = "（请填写出席人员）"
	}
	if m.People > 0 {
		present += fmt.Sprintf("共%d人。", m.People)
	}
	if len(away) > 0 {
		present += "\n缺席：" + strings.Join(away, "、") + "。"
	}
	var what, who []string
	for i, d := range list {
		what = append(what, fmt.Sprintf("%d. %s。", i+1, strings.TrimRight(d.Words, "。")))
		who = append(who, fmt.Sprintf("%d. %s由%s负责，%s前办结。", i+1, cut(d.Words), w.Org.UnitName(d.Unit), d.Deadline.Zh()))
	}
	if len(list) == 0 {
		what, who = []string{"会议没有议定需要办理的事项。"}, []string{"无。"}
	}
	return map[string]string{"会议情况": at.String(), "出席人员": present, "议定事项": strings.Join(what, "\n"), "责任分工": strings.Join(who, "\n")}
}

// cut names a decision by its first clause.
func cut(words string) string {
	if i := strings.IndexAny(words, "，。；"); i > 0 {
		words = words[:i]
	}
	return "“" + short(words) + "”"
}

// Minuted notes of which meetings the minutes were issued, or are no longer in force. It hears of documents on the node that
// issued one, and looks with the clock for what a crash lost and for what a period lock kept back.
func (s *Service) Minuted(ctx context.Context, district int64) error {
	list, err := meetings(ctx, s.DB.Read, `m.minutes <> '' AND m.state = 'held' AND EXISTS (SELECT 1 FROM document AS x WHERE x.district = m.district
		AND x.id = m.minutes AND (x.state = 'issued' AND x.ended = '' AND m.has_minutes = 0 OR x.ended <> '' AND m.has_minutes = 1 OR m.behind = 1
		AND x.state = 'issued')) ORDER BY m.id`, district)
	if err != nil {
		return err
	}
	for _, m := range list {
		if err := s.DB.Write(ctx, func(tx *db.Tx) error {
			if err := indicator.Shared(ctx, tx, district); err != nil {
				return err
			}
			return s.minuted(ctx, tx, district, m.ID)
		}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) minuted(ctx context.Context, tx *db.Tx, district int64, id string) error {
	w, err := s.Moment(ctx, tx, district)
	if err != nil {
		return err
	}
	by := access.System(district, int64(w.Day), "minutes")
	m, err := meetingByID(ctx, tx, by, id)
	if err != nil || m.Minutes == "" {
		return err
	}
	d, err := s.Documents.Get(ctx, tx, by, m.Minutes)
	if err != nil {
		return err
	}
	has := d.State == document.Issued && d.Ended == ""
	was := m
	if m.HasMinutes, m.MinutesNo = has, ""; has {
		m.MinutesNo = d.Number
	}
	if was.HasMinutes == m.HasMinutes && was.MinutesNo == m.MinutesNo {
		if !m.Behind {
			return nil
		}
		// Still locked: nothing is written again and again.
		for _, r := range m.records() {
			c := s.store().Contribution(&r)
			if err := closing.Check(ctx, tx, district, KindMeeting, c, nil); errors.Is(err, closing.ErrLocked) {
				return nil
			} else if err != nil {
				return err
			}
		}
	}
	_, err = s.storeMeeting(ctx, tx, by, w, m, "minuted", m.MinutesNo, false)
	return err
}
