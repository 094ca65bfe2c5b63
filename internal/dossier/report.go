package dossier

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/period"
	"sifen/internal/problem"
	"sifen/internal/rectify"
)

// Problems of papers.
var (
	errReplied  = problem.New(problem.Conflict, "rectify.no-reply", nil)
	errNotice   = problem.New(problem.NotFound, "rectify.no-notice", nil)
	errTransfer = problem.New(problem.Conflict, "rectify.not-transferred", nil)
)

// opNames are the steps as papers name them.
var opNames = map[string]string{rectify.OpOpen: "发现", rectify.OpFind: "又发现", rectify.OpIssue: "交办", rectify.OpSign: "签收", rectify.OpReply: "回复",
	rectify.OpPass: "复查合格，销号", rectify.OpFail: "复查不合格", rectify.OpAsk: "申请延期", rectify.OpGrant: "同意延期", rectify.OpRefuse: "不同意延期",
	rectify.OpObject: "提出异议", rectify.OpUphold: "异议成立，撤销", rectify.OpDismiss: "异议不成立", rectify.OpOverdue: "逾期", rectify.OpEscalate: "升级",
	rectify.OpTransfer: "移送执法", rectify.OpResult: "执法结果", rectify.OpBack: "退回整改", rectify.OpReopen: "重新打开", rectify.OpReaddr: "改责任单位",
	rectify.OpRevoke: "撤销", rectify.OpStands: "回头看合格", rectify.OpAgain: "回头看不合格"}

func stamp(at int64) string {
	return time.UnixMilli(at).In(period.Zone).Format("2006-01-02 15:04")
}

func day(at int64) string { return period.Of(time.UnixMilli(at)).Zh() }

// opened is a case with what papers say of it. Whoever does not see the case has none.
func (s *Service) opened(ctx context.Context, q db.Querier, by access.Scope, id string) (rectify.View, []rectify.Event, error) {
	v, err := s.Cases.Page(ctx, q, by, id)
	if err != nil {
		return v, nil, err
	}
	events, err := rectify.History(ctx, q, by.District, id)
	return v, events, err
}

// Report writes the report of rectification of a case for the party to sign: what was found, what was done, before and after
// side by side, a pair for each round and photo.
//
// Errors: rectify.ErrCase, rectify.no-reply.
func (s *Service) Report(ctx context.Context, q db.Querier, by access.Scope, id string) (name string, raw []byte, err error) {
	v, events, err := s.opened(ctx, q, by, id)
	if err != nil {
		return "", nil, err
	}
	p := newPaper()
	p.says["主送"], p.says["发现"], p.says["地点"], p.says["问题"], p.says["编号"] = v.OfficeUnit.Name, day(v.Found), v.PlaceName, v.Title.Zh, v.No
	for _, n := range v.Notices {
		if n.Number != "" {
			p.says["文号"] = n.Number
		}
	}
	if v.Party != nil {
		p.says["责任单位"] = v.Party.Name
	}
	problem := []string{v.Title.Zh + "。"}
	if v.Words != "" {
		problem = append(problem, v.Words)
	}
	p.texts["存在问题"] = problem
	last := int64(0)
	for _, e := range events {
		if e.Op != rectify.OpReply {
			continue
		}
		last = e.At
		var did []string
		for _, f := range e.Body.Fixes {
			if i := slices.IndexFunc(v.Fixes, func(c rectify.Choice) bool { return c.Key == f }); i >= 0 {
				did = append(did, v.Fixes[i].Title.Zh)
			}
		}
		if w := strings.TrimSpace(e.Body.Words); w != "" {
			did = append(did, w)
		}
		p.texts["整改措施"] = append(p.texts["整改措施"], fmt.Sprintf("%s：%s。", day(e.At), strings.TrimSuffix(strings.Join(did, "，"), "。")))
	}
	if last == 0 {
		return "", nil, errReplied
	}
	p.says["日期"] = day(last)
	if p.loops["照片"], err = s.pairs(ctx, shots(events, 0)); err != nil {
		return "", nil, err
	}
	raw, err = word("report", p)
	return "整改情况报告 " + v.No + ".docx", raw, err
}

// pairs puts each photo from before beside one from after of the same round; what is left stands alone.
func (s *Service) pairs(ctx context.Context, list []shot) ([]paper, error) {
	var out []paper
	rounds := map[int64][2][]shot{}
	var order []int64
	for _, x := range list[:min(len(list), mostShots)] {
		r, ok := rounds[x.round]
		if !ok {
			order = append(order, x.round)
		}
		if x.after {
			r[1] = append(r[1], x)
		} else {
			r[0] = append(r[0], x)
		}
		rounds[x.round] = r
	}
	for _, n := range order {
		r := rounds[n]
		for i := range max(len(r[0]), len(r[1])) {
			turn := newPaper()
			for side, name := range []string{"前", "后"} {
				if i < len(r[side]) {
					pic, err := s.print(ctx, r[side][i].sha, r[side][i].says)
					if err != nil {
						return nil, err
					}
					turn.pics["整改"+name], turn.says[name+"说明"] = pic, r[side][i].says
				}
			}
			out = append(out, turn)
		}
	}
	return out, nil
}

// NoticePhotos writes the pictures of the findings that a notice is about, as they were when it was issued: what came later is
// not in it.
//
// Errors: rectify.ErrCase, rectify.no-notice where the case has no issued notice.
func (s *Service) NoticePhotos(ctx context.Context, q db.Querier, by access.Scope, id string) (name string, raw []byte, err error) {
	v, _, err := s.opened(ctx, q, by, id)
	if err != nil {
		return "", nil, err
	}
	i := slices.IndexFunc(v.Notices, func(n rectify.Notice) bool { return n.State == document.Issued })
	if i < 0 {
		return "", nil, errNotice
	}
	cases, issued, err := noted(ctx, q, by.District, v.Notices[i].ID)
	if err != nil {
		return "", nil, err
	}
	p := newPaper()
	p.says["文书"] = v.Notices[i].Title + "　" + v.Notices[i].Number
	var list []shot
	for _, c := range cases {
		one, events, err := s.opened(ctx, q, by, c)
		if err != nil {
			return "", nil, err
		}
		for _, x := range shots(events, issued) {
			if !x.after {
				x.says = one.Title.Zh + "　" + x.says
				list = append(list, x)
			}
		}
	}
	if p.loops["照片"], err = s.inTwos(ctx, list); err != nil {
		return "", nil, err
	}
	raw, err = word("photos", p)
	return "现场照片 " + v.Notices[i].Number + ".docx", raw, err
}

// noted are the cases of a notice in their order, and when it was issued, an instant in milliseconds.
func noted(ctx context.Context, q db.Querier, district int64, doc string) (cases []string, issued int64, err error) {
	cases, err = db.All(ctx, q, func(r *sql.Rows) (c string, err error) { return c, r.Scan(&c, &issued) },
		`SELECT c.id, d.issued_at FROM rcase_notice AS n JOIN rcase AS c ON c.district = n.district AND c.id = n.rcase
		JOIN document AS d ON d.district = n.district AND d.id = n.document WHERE n.district = $1 AND n.document = $2 ORDER BY c.no`, district, doc)
	return cases, issued, err
}
