package dossier

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/docx"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/penalty"
	"sifen/internal/period"
	"sifen/internal/rectify"
	"sifen/internal/sheet"
)

// item is one thing in the file that is handed over.
type item struct {
	name, from string
	raw        []byte
}

func (i item) digest() string { return hex.EncodeToString(i.sum()) }

func (i item) sum() []byte { s := sha256.Sum256(i.raw); return s[:] }

// File makes the file that is handed over to enforcement: a Word letter with the course of the case, the law of the day of the
// act and of the day of the hand-over, its photos and the list of everything; beside it in one zip the notices as issued, the
// photos as they came, the course as a table, and the digest of each. What is masked on pages stands here in full.
//
// Errors: rectify.ErrCase, rectify.ErrForbidden, rectify.not-transferred.
func (s *Service) File(ctx context.Context, q db.Querier, by access.Scope, id string) (name string, raw []byte, err error) {
	v, events, err := s.opened(ctx, q, by, id)
	if err != nil {
		return "", nil, err
	}
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return "", nil, err
	}
	if !by.Can(rectify.Transfer, w.Org.Targets(org.No(v.Unit.ID), w.Day), false) {
		return "", nil, rectify.ErrForbidden
	}
	at := -1
	for i, e := range events {
		if e.Op == rectify.OpTransfer {
			at = i
		}
	}
	if at < 0 {
		return "", nil, errTransfer
	}
	handed := events[at]
	items, err := s.items(ctx, by, v, events)
	if err != nil {
		return "", nil, err
	}
	letter, err := s.letter(ctx, q, by, w, v, events, handed, items)
	if err != nil {
		return "", nil, err
	}
	raw, err = packed(append([]item{{"01 涉嫌违法案件移送单 " + v.No + ".docx", "本系统生成", letter}}, items...), instant(handed.At))
	return "移送卷宗 " + v.No + ".zip", raw, err
}

func instant(at int64) time.Time { return time.UnixMilli(at).In(period.Zone) }

// items are the papers and photos of a case, photos as they came from the camera.
func (s *Service) items(ctx context.Context, by access.Scope, v rectify.View, events []rectify.Event) ([]item, error) {
	var out []item
	for i := len(v.Notices) - 1; i >= 0; i-- {
		n := v.Notices[i]
		if n.State != document.Issued {
			continue
		}
		raw, _, err := s.Cases.Documents.Word(ctx, by, n.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, item{fmt.Sprintf("文书/%s %s.docx", safe(n.Number), safe(n.Title)), "签发件", raw})
	}
	for i, x := range shots(events, 0) {
		raw, err := s.Evidence.Blobs.Read(x.sha)
		if err != nil {
			return nil, err
		}
		ext := ".jpg"
		if bytes.HasPrefix(raw, []byte("\x89PNG")) {
			ext = ".png"
		}
		out = append(out, item{fmt.Sprintf("照片/%02d %s%s", i+1, safe(strings.ReplaceAll(x.says, "　", " ")), ext), "现场拍摄", raw})
	}
	return out, nil
}

// safe is a name that every computer can write to a disk.
func safe(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`\/:*?"<>|`, r) {
			return '-'
		}
		return r
	}, name)
}

// course is what happened, one line a step: when, what, who, and what was said with it.
func course(ctx context.Context, q db.Querier, district int64, v rectify.View, events []rectify.Event) ([][4]string, error) {
	names := map[string]string{}
	var out [][4]string
	for i, e := range events {
		if _, ok := names[e.Account]; !ok && e.Account != "" {
			n, err := account.NameOf(ctx, q, district, e.Account)
			if err != nil {
				return nil, err
			}
			names[e.Account] = n
		}
		who := names[e.Account]
		if who == "" {
			who = "系统"
		}
		op := opNames[e.Op]
		if e.Look {
			op += "（只记录）"
		}
		var says []string
		if i < len(v.Events) && v.Events[i].Instrument != nil {
			says = append(says, v.Events[i].Instrument.Zh)
		}
		if e.DueAt > 0 && (e.Op == rectify.OpIssue || e.Op == rectify.OpEscalate || e.Op == rectify.OpFail) {
			says = append(says, "限 "+stamp(e.DueAt-1)+" 前")
		}
		if t := strings.TrimSpace(e.Body.Words); t != "" {
			says = append(says, t)
		}
		if n := len(e.Body.Photos); n > 0 {
			says = append(says, fmt.Sprintf("照片 %d 张", n))
		}
		out = append(out, [4]string{stamp(e.At), op, who, strings.Join(says, "；")})
	}
	return out, nil
}

func (s *Service) letter(ctx context.Context, q db.Querier, by access.Scope, w work, v rectify.View, events []rectify.Event, handed rectify.Event,
	items []item) ([]byte, error) {
	p := newPaper()
	p.says = map[string]string{"编号": "案件编号 " + v.No, "移送单位": v.OfficeUnit.Name, "地点": v.Unit.Path + "　" + v.PlaceName, "问题": v.Title.Zh,
		"发现": stamp(v.Found), "移送": day(handed.At), "不合格": fmt.Sprint(v.Failed), "理由": handed.Body.Words, "行为日": day(v.Found), "移送日": day(handed.At)}
	if p.says["理由"] == "" {
		p.says["理由"] = fmt.Sprintf("经 %d 次复查仍不合格", v.Failed)
	}
	if v.Party != nil {
		p.says["责任单位"] = v.Party.Name
	}
	lines, err := course(ctx, q, by.District, v, events)
	if err != nil {
		return nil, err
	}
	turn := func(loop string, says map[string]string) {
		x := newPaper()
		x.says = says
		p.loops[loop] = append(p.loops[loop], x)
	}
	for _, l := range lines {
		turn("经过", map[string]string{"时间": l[0], "事项": l[1], "经办": l[2], "说明": l[3]})
	}
	for _, l := range v.Laws {
		if x, ok := pack.Value[penalty.Penalty](w.Set, "penalties", l.Key); ok {
			turn("依据", map[string]string{"情形": l.Title.Zh, "行为时": clause(x.On(period.Of(instant(v.Found)))),
				"移送时": clause(x.On(period.Of(instant(handed.At))))})
		}
	}
	if len(p.loops["依据"]) == 0 {
		turn("依据", map[string]string{"情形": "（案件没有写明依据）", "行为时": "—", "移送时": "—"})
	}
	if p.loops["照片"], err = s.inTwos(ctx, shots(events, 0)); err != nil {
		return nil, err
	}
	for i, x := range items {
		turn("材料", map[string]string{"序号": fmt.Sprint(i + 1), "材料": x.name, "来源": x.from, "摘要": x.digest()})
	}
	if len(items) == 0 {
		turn("材料", map[string]string{"序号": "—", "材料": "（没有照片和文书）", "来源": "—", "摘要": "—"})
	}
	return word("transfer", p)
}

// clause words what the law says on a day.
func clause(p *penalty.At) string {
	if p == nil {
		return "当日没有规定"
	}
	out := p.Law.Zh
	if p.When != nil {
		out += "；" + p.When.Zh
	}
	if len(p.Fine) == 2 {
		out += fmt.Sprintf("；罚款 %d 元至 %d 元", p.Fine[0], p.Fine[1])
	}
	return out
}

// packed writes the zip: everything, and a table of it with the digest of each, which a spreadsheet opens.
func packed(items []item, at time.Time) ([]byte, error) {
	rows := [][]string{{"文件", "来源", "字节", "SHA-256"}}
	for _, x := range items {
		rows = append(rows, []string{x.name, x.from, fmt.Sprint(len(x.raw)), x.digest()})
	}
	var list bytes.Buffer
	if err := sheet.WriteRows(&list, rows); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, x := range append(items, item{"清单.csv", "", list.Bytes()}) {
		f, err := z.CreateHeader(&zip.FileHeader{Name: x.name, Method: zip.Deflate, Modified: at})
		if err == nil {
			_, err = io.Copy(f, bytes.NewReader(x.raw))
		}
		if err != nil {
			return nil, err
		}
	}
	err := z.Close() // which writes the directory of the zip
	return out.Bytes(), err
}

// Handed is a case that was handed over to enforcement, and what came back.
type Handed struct {
	rectify.Row
	At     int64           `json:"at"` // instants in milliseconds
	By     string          `json:"by"`
	Words  string          `json:"words"`
	Result *rectify.Result `json:"result"`
	Back   *int64          `json:"back"`  // it was sent back without a result
	Since  int64           `json:"since"` // calendar days without an answer
}

// HandedOver are the hand-overs inside one's reach, those that wait for an answer first.
func (s *Service) HandedOver(ctx context.Context, q db.Querier, by access.Scope, unit org.No) ([]Handed, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	if unit != 0 {
		if _, ok := w.Org.Unit(unit); !ok || !by.Can(rectify.Read, w.Org.Targets(unit, w.Day), true) {
			return nil, org.ErrUnit
		}
	}
	type event struct {
		id, op, who, body string
		at                int64
	}
	list, err := db.All(ctx, q, func(r *sql.Rows) (e event, err error) { return e, r.Scan(&e.id, &e.op, &e.at, &e.who, &e.body) },
		`SELECT e.rcase, e.op, e.at, e.account, e.body FROM rcase_event AS e
		WHERE e.district = $1 AND e.op IN ('transfer', 'result', 'back') ORDER BY e.rcase, e.seq`, by.District)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(list))
	for _, e := range list {
		ids = append(ids, e.id)
	}
	rows, err := s.Cases.RowsOf(ctx, q, by, ids)
	if err != nil {
		return nil, err
	}
	var waiting, done []Handed
	var open *Handed
	put := func() {
		switch {
		case open == nil:
		case open.Result == nil && open.Back == nil:
			open.Since = int64(w.Day - period.Of(instant(open.At)))
			waiting = append(waiting, *open)
		default:
			done = append(done, *open)
		}
		open = nil
	}
	for _, e := range list {
		row, ok := rows[e.id]
		if !ok || unit != 0 && !w.Org.Reaches(org.No(row.Unit.ID), unit, w.Day, w.Day+1) {
			continue
		}
		var n rectify.Note
		if err := json.Unmarshal([]byte(e.body), &n); err != nil {
			return nil, err
		}
		switch {
		case e.op == rectify.OpTransfer:
			put()
			who, err := account.NameOf(ctx, q, by.District, e.who)
			if err != nil {
				return nil, err
			}
			open = &Handed{Row: row, At: e.at, By: who, Words: n.Words}
		case open == nil || open.ID != e.id:
		case n.Result != nil:
			open.Result = n.Result
		case e.op == rectify.OpBack:
			open.Back = &e.at
		}
	}
	put()
	return append(append([]Handed{}, waiting...), done...), nil
}

var _ docx.Source = paper{}
