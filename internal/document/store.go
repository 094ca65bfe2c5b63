package document

import (
	"context"
	"database/sql"
	"encoding/json"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/org"
	"sifen/internal/period"
)

const columns = `d.id, d.template, d.template_version, d.unit, d.day_from, d.day_until, d.title, d.state, d.rev, d.texts,
	d.number, d.issued_at, d.issued_by, d.sha, d.html, d.outline, d.public_url, d.created_at, d.checked_at, d.differences,
	d.kind, d.origin, d.mime, d.file_name, d.created_by, d.sent_by, d.sent_at, d.approved_by, d.approved_at,
	d.sender, d.received_day, d.own, d.tested, d.turns, d.ended, d.ended_at, d.ended_by, d.ended_reason`

// columnsFor also tells whether the caller's own reach gives the document.
func columnsFor(by access.Scope) string {
	return columns + ", CASE WHEN " + by.Reach("d.district", "d.unit", Read) + " THEN 1 ELSE 0 END"
}

// readable is the condition that a scope may read a document: within its reach, or delivered to a unit of it.
func readable(by access.Scope) string {
	return "(" + by.Reach("d.district", "d.unit", Read) + ` OR (d.state IN ('issued', 'received') AND EXISTS (SELECT 1 FROM document_delivery AS v
		WHERE v.district = d.district AND v.document = d.id AND v.delivered_at > 0 AND ` + by.Reach("v.district", "v.unit", Receive) + ")))"
}

func scanDocument(r interface{ Scan(...any) error }) (Document, error) {
	var d Document
	var texts, own, tested, turns string
	var within int64
	err := r.Scan(&d.ID, &d.Template, &d.Version, &d.Unit, &d.Period.From, &d.Period.Until, &d.Title, &d.State, &d.Rev, &texts, &d.Number, &d.IssuedAt,
		&d.IssuedBy, &d.SHA, &d.HTML, &d.Outline, &d.PublicURL, &d.CreatedAt, &d.CheckedAt, &d.Differences,
		&d.Kind, &d.Origin, &d.Mime, &d.FileName, &d.CreatedBy, &d.SentBy, &d.SentAt, &d.ApprovedBy, &d.ApprovedAt, &d.Sender, &d.ReceivedDay, &own,
		&tested, &turns, &d.Ended, &d.EndedAt, &d.EndedBy, &d.EndedReason, &within)
	if err != nil {
		return d, err
	}
	d.Within = within == 1
	if err := json.Unmarshal([]byte(texts), &d.Texts); err != nil {
		return d, err
	}
	if err := json.Unmarshal([]byte(tested), &d.Tested); err != nil {
		return d, err
	}
	if err := json.Unmarshal([]byte(turns), &d.Turns); err != nil {
		return d, err
	}
	return d, json.Unmarshal([]byte(own), &d.Own)
}

// get loads a document inside the scope or delivered to it; any other does not exist.
func get(ctx context.Context, q db.Querier, by access.Scope, doc string) (Document, error) {
	d, err := scanDocument(q.QueryRowContext(ctx, `SELECT `+columnsFor(by)+` FROM document AS d WHERE d.district = $1 AND d.id = $2 AND `+readable(by),
		by.District, doc))
	found, err := db.One(err)
	if err == nil && !found {
		err = ErrNone
	}
	return d, err
}

// latest finds the newest document of a template, unit and period that holds; one that is not issued yet comes before
// issued ones.
func latest(ctx context.Context, q db.Querier, by access.Scope, template string, unit org.No, p period.Period) (Document, bool, error) {
	d, err := scanDocument(q.QueryRowContext(ctx, `SELECT `+columnsFor(by)+` FROM document AS d WHERE d.district = $1 AND d.template = $2 AND d.unit = $3
		AND d.day_from = $4 AND d.day_until = $5 AND d.ended = '' AND `+
		by.Reach("d.district", "d.unit", Read)+` ORDER BY CASE WHEN d.state = 'issued' THEN 1 ELSE 0 END, d.created_at DESC, d.id DESC LIMIT 1`,
		by.District, template, int64(unit), int64(p.From), int64(p.Until)))
	found, err := db.One(err)
	return d, found, err
}

func insertDocument(ctx context.Context, tx *db.Tx, district int64, d Document) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO document (district, id, template, template_version, unit, period, day_from, day_until, title, state, rev,
		texts, number, issued_at, issued_by, sha, html, outline, public_url, created_at, checked_at, differences,
			kind, origin, mime, file_name, created_by, sent_by, sent_at, approved_by, approved_at, sender, received_day, own)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $14, $15, '', $16, $17, $18, '', $13, 0, 0,
			$19, $20, $21, $22, $23, '', 0, '', 0, $24, $25, $26)`,
		district, d.ID, d.Template, d.Version, int64(d.Unit), d.Period.String(), int64(d.Period.From), int64(d.Period.Until), d.Title, d.State, d.Rev,
		textJSON(d.Texts), d.CreatedAt, d.Number, d.IssuedAt, d.SHA, d.HTML, d.Outline,
		d.Kind, d.Origin, d.Mime, d.FileName, d.CreatedBy, d.Sender, int64(d.ReceivedDay), textJSON(d.Own))
	return err
}

func textJSON[T any](t map[string]T) string {
	if t == nil {
		return "{}"
	}
	raw, err := json.Marshal(t)
	if err != nil {
		panic(err) // plain data
	}
	return string(raw)
}

// save compares and sets on the revision and state a document was read at.
func save(ctx context.Context, tx *db.Tx, district int64, d Document, wasRev int64, wasState string) error {
	ours, err := db.Changed(tx.ExecContext(ctx, `UPDATE document
		SET state = $3, rev = $4, texts = $5, number = $6, issued_at = $7, issued_by = $8, sha = $9, html = $10, outline = $11, public_url = $12,
		template_version = $15, title = $16, sent_by = $17, sent_at = $18, approved_by = $19, approved_at = $20, own = $21, tested = $22, ended = $23,
		ended_at = $24, ended_by = $25, ended_reason = $26, checked_at = $27, turns = $28
		WHERE district = $1 AND id = $2 AND rev = $13 AND state = $14`,
		district, d.ID, d.State, d.Rev, textJSON(d.Texts), d.Number, d.IssuedAt, d.IssuedBy, d.SHA, d.HTML, d.Outline, d.PublicURL, wasRev, wasState,
		d.Version, d.Title, d.SentBy, d.SentAt, d.ApprovedBy, d.ApprovedAt, textJSON(d.Own), textJSON(d.Tested), d.Ended, d.EndedAt, d.EndedBy,
		d.EndedReason, d.CheckedAt, textJSON(d.Turns)))
	if err == nil && !ours {
		err = ErrStale
	}
	return err
}

func figuresOf(ctx context.Context, q db.Querier, district int64, doc string) ([]Figure, error) {
	return db.All(ctx, q, func(r *sql.Rows) (Figure, error) {
		var f Figure
		var p, frozen string
		if err := r.Scan(&f.N, &f.Key, &f.Unit, &p, &f.Tree, &frozen); err != nil {
			return f, err
		}
		var err error
		if f.Period, err = period.Parse(p); err != nil {
			return f, err
		}
		if frozen != "" {
			f.Frozen = &Frozen{}
			err = json.Unmarshal([]byte(frozen), f.Frozen)
		}
		return f, err
	}, `SELECT n, key, unit, period, tree, frozen FROM document_figure WHERE district = $1 AND document = $2 ORDER BY n`, district, doc)
}

// Citing lists the documents that cite a figure of a unit and period.
type Citing struct {
	Document string
	Title    string
	State    string
	N        int64
	Key      string
	Unit     org.No
	Period   period.Period
}

// Cites lists the citations of some figures inside a scope.
func Cites(ctx context.Context, q db.Querier, by access.Scope, key string) ([]Citing, error) {
	return db.All(ctx, q, func(r *sql.Rows) (Citing, error) {
		var c Citing
		var p string
		if err := r.Scan(&c.Document, &c.Title, &c.State, &c.N, &c.Key, &c.Unit, &p); err != nil {
			return c, err
		}
		var err error
		c.Period, err = period.Parse(p)
		return c, err
	}, `SELECT f.document, d.title, CASE WHEN d.ended <> '' THEN d.ended ELSE d.state END, f.n, f.key, f.unit, f.period FROM document_figure AS f
		JOIN document AS d ON d.district = f.district AND d.id = f.document
	     WHERE f.district = $1 AND f.key = $2 AND `+by.Reach("d.district", "d.unit", Read)+` ORDER BY d.created_at DESC LIMIT 50`, by.District, key)
}
