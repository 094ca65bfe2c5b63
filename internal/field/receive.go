package field

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"path"
	"strings"

	"sifen/internal/access"
	"sifen/internal/blob"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/i18n"
	"sifen/internal/id"
	"sifen/internal/indicator"
	"sifen/internal/journal"
	"sifen/internal/problem"
)

// Export is the most that is taken in of one phone's export, in bytes.
const Export = 64 << 20

// What one export may hold: records, bytes of one of them, files.
const (
	mostOps   = 2000
	mostLine  = 1 << 20
	mostFiles = 10000
)

// Received is what became of an export.
type Received struct {
	Photos int            `json:"photos"`
	Rows   []ReceivedLine `json:"rows"`
}

// ReceivedLine is what became of one record of an export.
type ReceivedLine struct {
	Title string       `json:"title"`
	Name  string       `json:"name"` // whose it is
	State string       `json:"state" enum:"taken,look,known,refused"`
	Say   []i18n.Label `json:"say"`
	No    string       `json:"no"`
	Link  string       `json:"link"`
}

// written is a line as a phone writes it: the text, and the phone's signature of it.
type written struct {
	Text      string `json:"text"`
	Phone     string `json:"phone"`
	Signature string `json:"signature"`
}

type record struct {
	ID      string `json:"id"`
	Account string `json:"account"`
	Name    string `json:"name"`
	Title   string `json:"title"`
	Op      Op     `json:"op"`
}

// Receive takes in what a phone has exported whose owner cannot send it himself any more. The author stays who he was, by the
// signature of his phone; the bearer, whose rights it goes by, stands beside him. What is there already is known again. Each
// record stands for itself: a refused one holds up no other.
//
// Errors: ErrZip.
func (s *Service) Receive(ctx context.Context, by access.Scope, content []byte) (Received, error) {
	out := Received{Rows: []ReceivedLine{}}
	files, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil || len(files.File) > mostFiles {
		return out, ErrZip.Because(err)
	}
	lines, err := linesOf(files)
	if err != nil {
		return out, err
	}
	brought := map[string]bool{}
	for _, f := range files.File {
		sha := path.Base(f.Name)
		if !strings.HasPrefix(f.Name, "photos/") || !blob.ValidSum(sha) {
			continue
		}
		photo, err := inside(f, evidence.MaxBytes)
		if err != nil {
			return out, err
		}
		if _, err := s.Files.KeepSoon(ctx, by, photo, sha, sha[:8]+".jpg"); err != nil {
			if _, refused := problem.Refusal(err); !refused {
				return out, err
			}
			continue // the record says which of its photos is missing
		}
		out.Photos++
		brought[sha] = true
	}
	for _, l := range lines {
		row, err := s.receive(ctx, by, l, brought)
		if err != nil {
			return out, err
		}
		out.Rows = append(out.Rows, row)
	}
	return out, nil
}

func inside(f *zip.File, most int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, ErrZip.Because(err)
	}
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil || int64(len(raw)) > most {
		return nil, ErrZip.Because(err)
	}
	return raw, nil
}

func linesOf(files *zip.Reader) ([]written, error) {
	f, err := files.Open("ops.jsonl")
	if err != nil {
		return nil, ErrZip.Because(err)
	}
	defer f.Close()
	var out []written
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, mostLine)
	for lines.Scan() {
		var w written
		if len(out) == mostOps || json.Unmarshal(lines.Bytes(), &w) != nil {
			return nil, ErrZip
		}
		out = append(out, w)
	}
	if lines.Err() != nil || len(out) == 0 {
		return nil, ErrZip.Because(lines.Err())
	}
	return out, nil
}

func (s *Service) receive(ctx context.Context, by access.Scope, l written, brought map[string]bool) (ReceivedLine, error) {
	var r record
	if err := json.Unmarshal([]byte(l.Text), &r); err != nil || !id.Valid(r.ID) {
		return ReceivedLine{State: "refused", Say: []i18n.Label{both(ErrZip.Code, nil)}}, nil
	}
	out := ReceivedLine{Title: r.Title, Name: r.Name, Say: []i18n.Label{}}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := indicator.Shared(ctx, tx, by.District); err != nil {
			return err
		}
		secret, err := secretOf(ctx, tx, by.District, r.Account, l.Phone)
		if err != nil {
			return err
		}
		if !signed(secret, l.Text, l.Signature) {
			return ErrAuthor
		}
		known, ok, err := opByID(ctx, tx, by.District, r.ID)
		if err != nil {
			return err
		}
		if ok { // the record went, and its photos may not have
			out.State = "known"
			if known.Kind == "visit" {
				out.Link = "/visits/" + known.Object
			}
			for _, sha := range r.Op.photos() {
				if brought[sha] {
					err = errors.Join(err, evidence.Brought(ctx, tx, by.District, known.Account, sha))
				}
			}
			return err
		}
		v, err := s.take(ctx, tx, by, r.ID, r.Op, r.Account)
		if err != nil {
			return err
		}
		out.State, out.Say, out.No, out.Link = v.State, v.Say, v.No, v.Link
		return journal.Write(ctx, tx, by, s.Clock.Now(), Receive, r.ID, 1, map[string]any{"author": r.Account, "kind": r.Op.Kind, "phone": l.Phone})
	})
	var p *problem.Error
	if errors.As(err, &p) {
		if p, refused := problem.Refusal(err); refused {
			out.State, out.Say = "refused", []i18n.Label{both(p.Code, p.Args)}
			for _, f := range p.Fields {
				out.Say = append(out.Say, both(f.Code, f.Args))
			}
			return out, nil
		}
	}
	return out, err
}
