package rectify

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/penalty"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// Notice is the official document of a case, as its page shows it.
type Notice struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Number string `json:"number"` // "" until it is issued
	State  string `json:"state" enum:"draft,review,approved,issuing,issued,received"`
	Ended  string `json:"ended"` // "", revoked, repealed
}

// noticesOf are the documents of a case, the newest first.
func noticesOf(ctx context.Context, q db.Querier, district int64, id string) ([]string, error) {
	return db.All(ctx, q, func(r *sql.Rows) (string, error) {
		var doc string
		return doc, r.Scan(&doc)
	}, `SELECT document FROM rcase_notice WHERE district = $1 AND rcase = $2 ORDER BY document DESC`, district, id)
}

// notices reads the documents of a case that a caller may see; who may not is not told of them.
func (s *Service) notices(ctx context.Context, q db.Querier, by access.Scope, id string) ([]Notice, error) {
	out := []Notice{}
	ids, err := noticesOf(ctx, q, by.District, id)
	if err != nil {
		return out, err
	}
	for _, doc := range ids {
		d, err := s.Documents.Get(ctx, q, by, doc)
		var hidden *problem.Error
		if errors.As(err, &hidden) {
			continue
		}
		if err != nil {
			return out, err
		}
		out = append(out, Notice{d.ID, d.Title, d.Number, d.State, d.Ended})
	}
	return out, nil
}

// DraftNotice writes the official notice of a case: a draft of the register with its text filled in, addressed to the party.
// Other cases that the same visit found, that wait under the same instrument and that the same party answers for stand in it,
// too. When it is issued, all of them are: their deadline runs from then.
//
// Errors: ErrCase, ErrForbidden, ErrState once issued, ErrNone where the instrument has no document or one is being written,
// and those of documents.
func (s *Service) DraftNotice(ctx context.Context, tx *db.Tx, by access.Scope, id string, rev int64) (Case, error) {
	c, w, err := s.seen(ctx, tx, by, id)
	if err != nil {
		return c, err
	}
	if !by.Can(Issue, w.Org.Targets(c.Unit, w.Day), false) || !by.Can(document.Edit, w.Org.Targets(c.Office, w.Day), false) {
		return c, ErrForbidden // the notice is one of the office that works the case
	}
	i, ok := instrumentOf(w.Set, c.Instrument)
	switch {
	case c.Rev != rev:
		return c, ErrStale
	case c.State != Draft:
		return c, ErrState.With("state", Titles[c.State], "no", c.No)
	case !ok || i.Document == nil:
		return c, ErrNone.With("instrument", i.Title)
	case c.Party == 0:
		return c, ErrInvalid.At(problem.Field{Pointer: "/party", Code: "value.required"})
	}
	if list, err := s.notices(ctx, tx, by, id); err != nil {
		return c, err
	} else if slices.ContainsFunc(list, func(n Notice) bool { return n.State != document.Issued && n.Ended == "" }) {
		return c, ErrWritten
	}
	cases := []Case{c}
	if c.Body.Visit != "" {
		all, err := db.All(ctx, tx, scan, `SELECT `+columns+` FROM rcase AS c WHERE c.district = $1 AND c.party = $2 AND c.state = 'draft'
			AND c.instrument = $3 AND c.place = $4 AND c.id <> $5 AND NOT EXISTS (SELECT 1 FROM rcase_notice AS n WHERE n.district = c.district
				AND n.rcase = c.id) ORDER BY c.no`, by.District, int64(c.Party), c.Instrument, c.Place, c.ID)
		if err != nil {
			return c, err
		}
		for _, x := range all {
			if x.Body.Visit == c.Body.Visit {
				cases = append(cases, x)
			}
		}
	}
	d, err := s.Documents.Create(ctx, tx, by, i.Document.Template, c.Office, period.MonthOf(w.Day))
	if err != nil {
		return c, err
	}
	if d, err = s.Documents.SetTexts(ctx, tx, by, d.ID, d.Rev, map[string]string{"标题": i.Title.Zh, "主送": w.Org.UnitName(c.Party),
		"正文": noticeText(w, i, cases)}, nil); err != nil {
		return c, err
	}
	if _, err = s.Documents.SetRecipients(ctx, tx, by, d.ID, d.Rev, s.addressed(w, i, c)); err != nil {
		return c, err
	}
	for _, x := range cases {
		if _, err := tx.ExecContext(ctx, `INSERT INTO rcase_notice (district, document, rcase) VALUES ($1, $2, $3)`, by.District, d.ID, x.ID); err != nil {
			return c, err
		}
	}
	return c, nil
}

// addressed is who gets a notice: the party, and the units above the place that get a copy.
func (s *Service) addressed(w work, i *Instrument, c Case) []org.No {
	out := []org.No{c.Party}
	for _, level := range i.Copy {
		levels := []string{level}
		if level == "community" {
			levels = append(levels, "village")
		}
		for _, l := range levels {
			if n, ok := w.Org.Level(c.Unit, l, w.Day); ok && !slices.Contains(out, n) && n != c.Office {
				out = append(out, n)
			}
		}
	}
	return out
}

// noticeText is what a notice says: where and when, what was found, by what law, until when it is to be put right, and what
// follows if it is not. People may change it before it is issued.
func noticeText(w work, i *Instrument, cases []Case) string {
	c := cases[0]
	day := period.Of(instant(c.Body.FoundAt))
	var b strings.Builder
	fmt.Fprintf(&b, "%s，我办在%s检查时发现下列问题：", day.Zh(), c.PlaceName)
	for n, x := range cases {
		fmt.Fprintf(&b, "\n%d. %s", n+1, x.Body.Shown().Zh)
		if x.PlaceName != c.PlaceName {
			fmt.Fprintf(&b, "（%s）", x.PlaceName)
		}
		if x.Body.Words != "" {
			b.WriteString("。" + mask(strings.TrimSuffix(x.Body.Words, "。")))
		}
		b.WriteString("。")
	}
	var basis []string
	for _, x := range cases {
		for _, l := range penalty.Laws(w.Set, x.Body.Basis, day, w.Day) {
			in := l.Act
			if l.Now != nil {
				in = l.Now // a notice cites the law in force when it is issued
			}
			if in != nil && !slices.Contains(basis, "《"+bookOf(in.Law.Zh)+"》"+clauseOf(in.Law.Zh)) {
				basis = append(basis, "《"+bookOf(in.Law.Zh)+"》"+clauseOf(in.Law.Zh))
			}
		}
	}
	b.WriteString("\n")
	if len(basis) > 0 {
		b.WriteString("依据" + strings.Join(basis, "、") + "，")
	}
	fmt.Fprintf(&b, "请你单位自收到本通知之日起 %d 个工作日内改正，并将改正情况附照片回复我办，我办将组织复查。", max(i.Days, 1))
	if i.Object != nil {
		fmt.Fprintf(&b, "对本通知有异议的，可在 %d 个工作日内提出。", i.Object.Within)
	}
	if next, ok := instrumentOf(w.Set, i.Next); ok {
		fmt.Fprintf(&b, "逾期不改正的，将发出%s。", next.Title.Zh)
	} else if i.Refused != nil {
		b.WriteString("拒不改正的，将依法移送执法部门处理。")
	}
	return b.String()
}

// bookOf and clauseOf part the name of a law from its clause.
func bookOf(law string) string   { book, _, _ := strings.Cut(law, "第"); return book }
func clauseOf(law string) string { return strings.TrimPrefix(law, bookOf(law)) }

// Noticed issues the cases whose notice was issued. It hears of documents on the node that issued one, and looks for what a
// crash lost with the clock.
func (s *Service) Noticed(ctx context.Context, district int64) error {
	type pair struct{ doc, id string }
	list, err := db.All(ctx, s.DB.Read, func(r *sql.Rows) (pair, error) {
		var p pair
		return p, r.Scan(&p.doc, &p.id)
	}, `SELECT n.document, n.rcase FROM rcase_notice AS n JOIN rcase AS c ON c.district = n.district AND c.id = n.rcase AND c.state = 'draft'
		JOIN document AS d ON d.district = n.district AND d.id = n.document AND d.state = 'issued' AND d.ended = ''
		WHERE n.district = $1 ORDER BY n.document, n.rcase`, district)
	if err != nil {
		return err
	}
	for _, p := range list {
		if err := s.DB.Write(ctx, func(tx *db.Tx) error {
			if err := indicator.Shared(ctx, tx, district); err != nil {
				return err
			}
			w, err := s.Moment(ctx, tx, district)
			if err != nil {
				return err
			}
			c, err := load(ctx, tx, district, p.id)
			if err != nil || c.State != Draft {
				return err
			}
			d, err := s.Documents.Get(ctx, tx, access.System(district, int64(w.Day), "notice"), p.doc)
			if err != nil {
				return err
			}
			c, err = s.do(ctx, tx, access.System(district, int64(w.Day), "notice"), w, c, Step{Op: OpIssue, At: d.IssuedAt, Words: d.Number, By: d.IssuedBy})
			if errors.Is(err, ErrYear) {
				return nil // a person says the day
			}
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}
