package figure

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/document"
	"sifen/internal/i18n"
)

// SourcePage is where a figure of a document comes from: what the document says, and what its query gives now.
type SourcePage struct {
	Document struct {
		ID     string `json:"id"`
		Title  string `json:"title"`
		Number string `json:"number"`
		State  string `json:"state" enum:"draft,review,approved,issuing,issued,received,revoked,repealed"`
	} `json:"document"`
	N      int64          `json:"n"`
	Figure Panel          `json:"figure"`
	Issued *document.Said `json:"issued"`
	Same   bool           `json:"same"`
}

func (s *Service) source(ctx context.Context, by access.Scope, lang i18n.Lang, doc string, n int64) (SourcePage, error) {
	var out SourcePage
	x, f, err := s.documents.FigureOf(ctx, by, doc, n)
	if err != nil {
		return out, err
	}
	out.Document.ID, out.Document.Title, out.Document.Number, out.Document.State, out.N = x.ID, x.Title, x.Number, x.State, n
	if x.Ended != "" {
		out.Document.State = x.Ended
	}
	err = s.DB.Snapshot(ctx, func(q db.Querier) error {
		out.Figure, err = s.PanelOf(ctx, q, by, lang, f.Key, f.Unit, f.Period)
		return err
	})
	if !x.Within { // a recipient: value, definition, terms and digest; nothing of the units that make it up
		p := &out.Figure
		p.Before, p.Trend, p.Units, p.Own, p.NotDone = nil, nil, nil, nil, NotDone{}
		p.Uncounted, p.Registered = nil, p.RecordsTotal
	}
	out.Same = true
	if f.Frozen != nil {
		said := f.Frozen.Said()
		out.Issued, out.Same = &said, said.Digest == out.Figure.Digest
	}
	return out, err
}
