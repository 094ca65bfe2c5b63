package document

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/digest"
	"sifen/internal/indicator"
	"sifen/internal/journal"
	"sifen/internal/org"
	"sifen/internal/outbox"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/template"
)

// RenderJob is the kind of the job that renders an issued document.
const RenderJob = "document.render"

type renderBody struct {
	Document string `json:"document"`
}

// Issue fixes number and figures and hands the rendering to a job. The transaction must have begun with
// indicator.Exclusive, so that no record changes between the figures. Gaps keep a document from being issued. Nobody
// issues what he drafted or put forward himself before another has approved it; whoever issues another's draft approves it
// by that.
func (s *Service) Issue(ctx context.Context, tx *db.Tx, by access.Scope, doc string, rev int64) (Document, error) {
	d, err := s.held(ctx, tx, by, doc, rev, Issue)
	if err == nil && d.State != Received {
		err = s.current(ctx, tx, by, d)
	}
	if err != nil {
		return d, err
	}
	if d.State == Received {
		return d, ErrState
	}
	now := s.Clock.Now()
	if d.State != Approved {
		if own, err := Authored(ctx, tx, by, d); err != nil {
			return d, err
		} else if own {
			return d, ErrSelf
		}
	}
	was := d
	if d.State != Approved {
		d.ApprovedBy, d.ApprovedAt = by.Account, now.UnixMilli()
	}
	o, err := s.Orgs.Current(ctx, tx, by.District)
	if err != nil {
		return d, err
	}
	set, err := s.Packs.Current(ctx, tx, by.District)
	if err != nil {
		return d, err
	}
	if d.Number, err = s.draw(ctx, tx, by, set, o, &d, now); err != nil {
		return d, err
	}
	d.State, d.IssuedAt, d.IssuedBy, d.PublicURL = Issuing, now.UnixMilli(), by.Account, s.PublicURL
	d.Rev++
	if d.Origin == FromTemplate {
		if err := s.freeze(ctx, tx, by, &d); err != nil {
			return d, err
		}
		if err := outbox.Enqueue(ctx, tx, by.District, now, RenderJob, renderBody{d.ID}); err != nil {
			return d, err
		}
	} else {
		d.State = Issued
		if err := deliver(ctx, tx, by.District, d.ID, now.UnixMilli()); err != nil {
			return d, err
		}
		if err := s.announce(ctx, tx, by, d); err != nil {
			return d, err
		}
	}
	if err := save(ctx, tx, by.District, d, was.Rev, was.State); err != nil {
		return d, err
	}
	if err := note(ctx, tx, by, now, d.ID, "issue", d.Number, ""); err != nil {
		return d, err
	}
	if err := announceChange(ctx, tx, by.District, now, d.ID); err != nil {
		return d, err
	}
	return d, journal.Write(ctx, tx, by, now, Issue, d.ID, d.Rev, map[string]string{"number": d.Number})
}

// freeze fixes every figure a document cites.
func (s *Service) freeze(ctx context.Context, tx *db.Tx, by access.Scope, d *Document) error {
	f, err := s.begin(ctx, tx, by, d)
	if err != nil {
		return err
	}
	t, x := f.template, f.q
	for _, p := range t.Texts {
		if strings.TrimSpace(d.Texts[p.Key]) == "" {
			return ErrGaps.With("what", p.Title)
		}
	}
	d.Version = t.Version
	if _, err := f.render(); err != nil {
		return err
	}
	for _, list := range f.turned {
		if slices.ContainsFunc(list, func(t template.Turn) bool { return t.Hidden }) {
			return ErrHidden
		}
	}
	d.Tested, d.Turns = f.tested, f.turned
	if err := keepNumbers(ctx, tx, by.District, d.ID, f.pending); err != nil {
		return err
	}
	for _, c := range f.cited {
		z := f.meta[c]
		if !z.Defined && z.Measure != indicator.Coverage && z.Measure != indicator.Ratio && z.Measure != indicator.Mean {
			return ErrGaps.With("what", z.Title)
		}
		file, err := x.DigestFile(c.key, c.unit, c.p)
		if err != nil {
			return err
		}
		z.Digest = digest.Sum(file)
		if _, err := tx.ExecContext(ctx, `UPDATE document_figure SET frozen = $4, records = $5 WHERE district = $1 AND document = $2 AND n = $3`,
			by.District, d.ID, f.numbers[c], z.encode(), file); err != nil {
			return err
		}
	}
	return nil
}

// draw takes the next number of the issuer's series of a kind in the year of issue: without gaps, as it is part of the
// transaction.
func (s *Service) draw(ctx context.Context, tx *db.Tx, by access.Scope, set *pack.Set, o *org.Org, d *Document, now time.Time) (string, error) {
	series, err := org.Setting(ctx, tx, by.District, fmt.Sprintf("series:%d", d.Unit))
	if err != nil {
		return "", err
	}
	if series == "" {
		series = o.UnitName(d.Unit) + "分类办"
	}
	k, err := template.KindOf(set, d.Kind)
	if err != nil {
		return "", err
	}
	series += k.Word
	y, _, _ := period.Of(now).YMD()
	n, err := org.Next(ctx, tx, by.District, fmt.Sprintf("document:%s:%d", series, y))
	if err != nil {
		return "", err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO document_number (district, series, year, number, document) VALUES ($1, $2, $3, $4, $5)`, by.District,
		series, y, n, d.ID); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s〔%d〕%d号", series, y, n), nil
}

// Render is the job: it renders an issuing document from its frozen figures, stores the bytes and marks it issued.
// A crash in between leaves it issuing, and the job runs again with the same number and figures.
func (s *Service) Render(ctx context.Context, district int64, body []byte, done func(*db.Tx) error) error {
	var b renderBody
	if err := json.Unmarshal(body, &b); err != nil {
		return err
	}
	by := access.System(district, int64(period.Of(s.Clock.Now())), RenderJob)
	d, err := get(ctx, s.DB.Read, by, b.Document)
	if err != nil {
		return err
	}
	if d.State != Issuing {
		return s.DB.Write(ctx, done)
	}
	f, err := s.begin(ctx, s.DB.Read, by, &d)
	if err != nil {
		return err
	}
	filled, err := f.render()
	if err != nil {
		return err
	}
	raw, err := filled.Bytes()
	if err != nil {
		return err
	}
	outline, err := json.Marshal(filled.Outline())
	if err != nil {
		return err
	}
	sum, _, err := s.Blobs.Put(bytes.NewReader(raw), "")
	if err != nil {
		return err
	}
	if err := s.keepRecords(ctx, district, d.ID); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		was := d
		d.State, d.SHA, d.HTML, d.Outline, d.CheckedAt = Issued, sum, filled.HTML(), string(outline), d.IssuedAt
		if _, err := tx.ExecContext(ctx, `UPDATE document_figure SET records = NULL WHERE district = $1 AND document = $2`, district, d.ID); err != nil {
			return err
		}
		if err := save(ctx, tx, district, d, was.Rev, was.State); err != nil {
			return err
		}
		if err := deliver(ctx, tx, district, d.ID, s.Clock.Now().UnixMilli()); err != nil {
			return err
		}
		if err := s.announce(ctx, tx, access.System(district, int64(period.Of(s.Clock.Now())), "document"), d); err != nil {
			return err
		}
		if err := announceChange(ctx, tx, district, s.Clock.Now(), d.ID); err != nil {
			return err
		}
		return done(tx)
	})
}

// keepRecords puts the records of a document's figures, as issue fixed them, among the files.
func (s *Service) keepRecords(ctx context.Context, district int64, doc string) error {
	for n := int64(0); ; {
		var file []byte
		err := s.DB.Read.QueryRowContext(ctx, `SELECT n, records FROM document_figure WHERE district = $1 AND document = $2 AND n > $3
			AND records IS NOT NULL ORDER BY n LIMIT 1`, district, doc, n).Scan(&n, &file)
		if found, err := db.One(err); err != nil || !found {
			return err
		}
		if _, _, err := s.Blobs.Put(bytes.NewReader(file), ""); err != nil {
			return err
		}
	}
}
