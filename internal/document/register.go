package document

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"path"
	"strings"
	"unicode/utf8"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/docx"
	"sifen/internal/id"
	"sifen/internal/journal"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/template"
)

// The two sides of the register.
const (
	BoxSent     = "sent"
	BoxReceived = "received"
)

// Filter says which part of the register is wanted. Zero fields do not restrict.
type Filter struct {
	Box    string
	Unit   org.No // sent: it and all below; received: that unit's own
	Kind   string
	State  string // of a document; for received ones also "unsigned"
	Year   int    // of issue, receipt, or for a draft of its making
	Query  string // in number, title or sender
	Offset int
	Limit  int
}

// Row is a document of the register with how far its delivery is.
type Row struct {
	Document
	Recipients, Read, Signed int64
	Frozen                   int64     // figures that an issued document fixed
	Mine                     *Delivery // received: the unit's own
}

// Register lists one side of the register, newest first, and counts all that fit.
func Register(ctx context.Context, q db.Querier, by access.Scope, f Filter) ([]Row, int64, error) {
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return "$" + itoa(len(args))
	}
	district := arg(by.District)
	where := []string{"d.district = " + district}
	at := "CASE WHEN d.issued_at > 0 THEN d.issued_at ELSE d.created_at END"
	join, mine := "", "0, 0, '', 0, '', 0, 0"
	if f.Box == BoxReceived {
		unit := arg(int64(f.Unit))
		join = " LEFT JOIN document_delivery AS v ON v.district = d.district AND v.document = d.id AND v.unit = " + unit +
			" AND v.delivered_at > 0 AND " + by.Reach("v.district", "v.unit", Receive)
		mine = "coalesce(v.delivered_at, 0), coalesce(v.read_at, 0), coalesce(v.read_by, ''), coalesce(v.signed_at, 0), coalesce(v.signed_by, ''), " +
			"coalesce(v.reminded_at, 0), coalesce(v.reminders, 0)"
		where = append(where, "(v.unit IS NOT NULL OR d.origin = 'outside' AND d.unit = "+unit+" AND "+by.Reach("d.district", "d.unit", Read)+")")
		at = "CASE WHEN v.delivered_at > 0 THEN v.delivered_at ELSE d.received_day * 86400000 - 28800000 END"
		switch f.State {
		case "unsigned":
			where = append(where, "v.delivered_at > 0 AND v.signed_at = 0 AND d.ended = ''")
		case "signed":
			where = append(where, "v.signed_at > 0")
		case Received:
			where = append(where, "d.origin = 'outside'")
		}
	} else {
		where = append(where, "d.origin <> 'outside'", by.Reach("d.district", "d.unit", Read))
		if f.Unit > 0 {
			today := arg(by.Today)
			where = append(where, "EXISTS (SELECT 1 FROM org_reach AS ru WHERE ru.district = d.district AND ru.unit = d.unit AND ru.target = "+
				arg(int64(f.Unit))+" AND ru.line = 0 AND ru.day_from <= "+today+" AND "+today+" < ru.day_until)")
		}
		if f.State == "unsigned" {
			where = append(where, "EXISTS (SELECT 1 FROM document_delivery AS w WHERE w.district = d.district AND w.document = d.id AND "+
				"w.delivered_at > 0 AND w.signed_at = 0)", "d.ended = ''")
		} else if f.State == "ended" {
			where = append(where, "d.ended <> ''")
		} else if f.State != "" {
			where = append(where, "d.ended = ''", "d.state = "+arg(f.State))
		}
	}
	if f.Kind != "" {
		where = append(where, "d.kind = "+arg(f.Kind))
	}
	if f.Year > 0 {
		where = append(where, at+" >= "+arg(period.Date(f.Year, 1, 1).Start().UnixMilli()), at+" < "+arg(period.Date(f.Year+1, 1, 1).Start().UnixMilli()))
	}
	if f.Query != "" {
		like := arg("%" + escapeLike(strings.ToLower(f.Query)) + "%")
		where = append(where, "(lower(d.title) LIKE "+like+` ESCAPE '\' OR lower(d.number) LIKE `+like+` ESCAPE '\' OR lower(d.sender) LIKE `+like+
			` ESCAPE '\')`)
	}
	from := " FROM document AS d" + join + " WHERE " + strings.Join(where, " AND ")
	var total int64
	if err := q.QueryRowContext(ctx, "SELECT count(*)"+from, args...).Scan(&total); err != nil {
		return nil, 0, err
	}
	count := func(cond string) string {
		return "(SELECT count(*) FROM document_delivery AS c WHERE c.district = d.district AND c.document = d.id" + cond + ")"
	}
	rows, err := db.All(ctx, q, func(r *sql.Rows) (Row, error) {
		var x Row
		var m Delivery
		d, err := scanDocument(tail{r, []any{&x.Recipients, &x.Read, &x.Signed, &x.Frozen, &m.DeliveredAt, &m.ReadAt, &m.ReadBy, &m.SignedAt, &m.SignedBy,
			&m.RemindedAt, &m.Reminders}})
		x.Document = d
		if m.DeliveredAt > 0 {
			m.Unit = f.Unit
			x.Mine = &m
		}
		return x, err
	}, "SELECT "+columnsFor(by)+", "+count("")+", "+count(" AND c.read_at > 0")+", "+count(" AND c.signed_at > 0")+
		", (SELECT count(*) FROM document_figure AS z WHERE z.district = d.district AND z.document = d.id AND z.frozen <> ''), "+mine+from+" ORDER BY "+
		at+" DESC, d.id DESC LIMIT "+arg(f.Limit)+" OFFSET "+arg(f.Offset), args...)
	return rows, total, err
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(s)
}

// tail scans further columns behind those of a document.
type tail struct {
	r    *sql.Rows
	more []any
}

func (t tail) Scan(dest ...any) error { return t.r.Scan(append(dest, t.more...)...) }

// MaxFile bounds a finished document.
const MaxFile = 20 << 20

// Upload is a document that was finished elsewhere or came from outside.
type Upload struct {
	Outside  bool
	Kind     string
	Unit     org.No
	Title    string
	Name     string // of the file
	Number   string // the sender's; one's own is drawn at issue
	Sender   string
	Received period.Day
	Content  []byte
}

// AddFile registers a finished document: to be approved, numbered and issued here, or received from outside.
func (s *Service) AddFile(ctx context.Context, tx *db.Tx, by access.Scope, in Upload) (Document, error) {
	m, err := s.writes(ctx, tx, by, in.Unit)
	if err != nil {
		return Document{}, err
	}
	if _, err := template.KindOf(m.Set, in.Kind); err != nil {
		return Document{}, err
	}
	if in.Title = strings.TrimSpace(in.Title); in.Title == "" || in.Outside && strings.TrimSpace(in.Sender) == "" {
		return Document{}, ErrEmpty
	}
	mime, html, outline, err := inspect(in.Content)
	if err != nil {
		return Document{}, err
	}
	sum, _, err := s.Blobs.Put(bytes.NewReader(in.Content), "")
	if err != nil {
		return Document{}, err
	}
	now := s.Clock.Now()
	day := period.Of(now)
	d := Document{ID: id.New(now), Unit: in.Unit, Title: in.Title, State: Draft, Rev: 1, CreatedAt: now.UnixMilli(), Kind: in.Kind, Origin: FromFile,
		CreatedBy: by.Account, Mime: mime, FileName: path.Base(in.Name), SHA: sum, HTML: html, Outline: outline, Within: true}
	if in.Outside {
		d.State, d.Origin, d.Number, d.Sender, d.ReceivedDay = Received, FromOutside, strings.TrimSpace(in.Number), strings.TrimSpace(in.Sender), in.Received
		if day = in.Received; day > period.Day(by.Today) {
			day, d.ReceivedDay = period.Day(by.Today), period.Day(by.Today)
		}
	}
	y, _, _ := day.YMD()
	d.Period = period.Year(y)
	if err := insertDocument(ctx, tx, by.District, d); err != nil {
		return d, err
	}
	if err := note(ctx, tx, by, now, d.ID, "create", d.FileName, ""); err != nil {
		return d, err
	}
	if err := announceChange(ctx, tx, by.District, now, d.ID); err != nil {
		return d, err
	}
	return d, journal.Write(ctx, tx, by, now, Edit, d.ID, d.Rev, map[string]any{"op": "upload", "kind": d.Kind, "unit": d.Unit, "sha": sum})
}

// inspect accepts a PDF or a Word file; of a Word file it makes a view where it can.
func inspect(content []byte) (mime, html, outline string, err error) {
	if len(content) > MaxFile {
		return "", "", "", ErrBig
	}
	if bytes.HasPrefix(content, []byte("%PDF-")) {
		return "application/pdf", "", "", nil
	}
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return "", "", "", ErrFile
	}
	word := false
	for _, f := range z.File {
		word = word || f.Name == "word/document.xml"
		if strings.HasSuffix(strings.ToLower(f.Name), "vbaproject.bin") {
			return "", "", "", ErrFile
		}
	}
	if !word {
		return "", "", "", ErrFile
	}
	mime = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	t, err := docx.Open(content)
	if err != nil {
		return mime, "", "", nil // kept as it is; only the view is missing
	}
	filled, err := t.Render(&docx.Catalogue{}, nil)
	if err != nil {
		return mime, "", "", nil
	}
	if html = filled.HTML(); !utf8.ValidString(html) || strings.ContainsRune(html, 0) {
		html = ""
	}
	return mime, html, "", nil
}

// Discard removes a draft that was never issued and holds no number.
func (s *Service) Discard(ctx context.Context, tx *db.Tx, by access.Scope, doc string, rev int64) error {
	d, err := s.editable(ctx, tx, by, doc, rev)
	if err != nil {
		return err
	}
	for _, q := range []string{`DELETE FROM document_figure WHERE district = $1 AND document = $2`,
		`DELETE FROM document_delivery WHERE district = $1 AND document = $2`,
		`DELETE FROM document_event WHERE district = $1 AND document = $2`, `DELETE FROM document_snapshot WHERE district = $1 AND document = $2`, `DELETE
			FROM document WHERE district = $1 AND id = $2`} {
		if _, err := tx.ExecContext(ctx, q, by.District, doc); err != nil {
			return err
		}
	}
	now := s.Clock.Now()
	if err := announceChange(ctx, tx, by.District, now, doc); err != nil {
		return err
	}
	return journal.Write(ctx, tx, by, now, Edit, doc, d.Rev, map[string]string{"op": "discard"})
}

// Get loads a document a scope may read.
func (s *Service) Get(ctx context.Context, q db.Querier, by access.Scope, doc string) (Document, error) {
	return get(ctx, q, by, doc)
}
