package document

import (
	"context"
	"database/sql"
	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/blob"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/module"
	"sifen/internal/notify"
	"sifen/internal/outbox"
	"sifen/internal/pack"
	"sifen/internal/template"
	"slices"
	"time"
)

// New makes the service over the files of a store.
func New(p module.Platform, files blob.Store, people *account.Service, news *notify.Service) *Service {
	return &Service{Platform: p, Blobs: files, News: News{people, news}}
}

// Module is what documents give to the whole.
func (s *Service) Module() module.Module {
	api := &API{s}
	return module.Module{
		Name: "document",
		Verbs: []module.Verb{
			{Verb: Read, Title: i18n.Label{Zh: "看文件", En: "See documents"}},
			{Verb: Edit, Title: i18n.Label{Zh: "起草文件", En: "Draft documents"}},
			{Verb: Issue, Title: i18n.Label{Zh: "签发文件", En: "Issue documents"}},
			{Verb: Receive, Title: i18n.Label{Zh: "看送来的文件", En: "See documents delivered to the unit"}},
			{Verb: Sign, Title: i18n.Label{Zh: "签收文件", En: "Sign for delivered documents"}},
		},
		Types: []pack.Type{template.KindType(), template.Type()},
		Jobs:  []module.Job{{Kind: RenderJob, Run: s.Render}, {Kind: CheckJob, Run: s.Check}},
		Ticks: []module.Tick{{Name: CheckJob, Every: time.Hour, Run: s.checkAll}},
		Hears: map[string]module.Hearer{indicator.Changed{}.Kind(): s.hearFigures},
		News:  []outbox.News{Changed{}},
		Bench: []module.Part{
			{Name: "sign", Zero: []Waiting{}, Load: func(ctx context.Context, q db.Querier, a module.Asked) (any, error) {
				if !a.By.Has(Sign) {
					return nil, nil
				}
				return api.Unsigned(ctx, q, a.By)
			}},
			{Name: "review", Zero: []InReviewRow{}, Load: func(ctx context.Context, q db.Querier, a module.Asked) (any, error) {
				if !a.By.Has(Issue) {
					return nil, nil
				}
				return inReview(ctx, q, a.By)
			}},
		},
		Checks:   []module.Check{{Name: i18n.Label{Zh: "签发的公文", En: "issued documents"}, Run: s.examine}},
		Search:   s.findAll,
		Register: api.Register,
	}
}

// News tells readers, and those at a unit that the document was delivered to; which document is told by the pages that may
// read it.
func (c Changed) News(by access.Scope) (event string, data any, ok bool) {
	ok = by.Has(Read)
	for _, g := range by.Grants {
		ok = ok || g.Verbs[Receive] && slices.Contains(c.To, g.Unit)
	}
	return "document", struct{}{}, ok
}

// announceChange tells of a change of a document.
func announceChange(ctx context.Context, tx *db.Tx, district int64, now time.Time, doc string) error {
	to, err := db.All(ctx, tx, func(r *sql.Rows) (int64, error) {
		var n int64
		return n, r.Scan(&n)
	}, `SELECT unit FROM document_delivery WHERE district = $1 AND document = $2 AND delivered_at > 0 ORDER BY unit`, district, doc)
	if err != nil {
		return err
	}
	return outbox.Emit(ctx, tx, district, now, Changed{doc, to})
}

// InReviewRow is a document that waits for one's approval.
type InReviewRow struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	SentAt int64  `json:"sent_at"`
}

func inReview(ctx context.Context, q db.Querier, by access.Scope) ([]InReviewRow, error) {
	list, err := InReview(ctx, q, by, 20)
	out := make([]InReviewRow, 0, len(list))
	for _, d := range list {
		out = append(out, InReviewRow{d.ID, d.Title, d.SentAt})
	}
	return out, err
}
