package assess

import (
	"context"
	"net/http"

	"sifen/internal/access"
	"sifen/internal/assess/score"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/module"
	"sifen/internal/org"
)

// ObjectBody is what a unit has against its score.
type ObjectBody struct {
	Unit   int64    `json:"unit"`
	Item   string   `json:"item" maxLength:"80" doc:"empty: the score as a whole"`
	Words  string   `json:"words" maxLength:"1000"`
	Photos []string `json:"photos,omitempty" maxItems:"9"`
}

// CorrectBody is a number put in the place of one that the run was computed from.
type CorrectBody struct {
	Visit string `json:"visit,omitempty" maxLength:"40" doc:"of a finding"`
	Name  string `json:"name" maxLength:"80"`
	Value string `json:"value" maxLength:"40" doc:"a number as written: 4.5, 90%, 10/12"`
}

// DecideBody answers an objection.
type DecideBody struct {
	Outcome string        `json:"outcome" enum:"upheld,partly,rejected"`
	Reason  string        `json:"reason" maxLength:"500"`
	Fixes   []CorrectBody `json:"fixes,omitempty" maxItems:"60"`
}

func (s *Service) registerObjections(k *httpapi.Kit) {
	httpapi.Command(k, httpapi.Operation{ID: "object-score", Route: "POST /scores/{id}/objections", Verb: Object,
		Summary: "Object to an item of a unit's score, or to the score as a whole, while the run is public"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenOn[ObjectBody]) (*httpapi.Reply[ObjectionView], error) {
			o, err := s.Object(ctx, tx, by, in.ID, Objecting{org.No(in.Body.Unit), in.Body.Item, in.Body.Words, in.Body.Photos})
			return s.answered(ctx, tx, by, o, http.StatusCreated, err)
		})
	httpapi.CommandAt(k, httpapi.Operation{ID: "decide-objection", Route: "POST /objections/{id}/decide", Verb: Enter, Alone: true,
		Summary: "Answer an objection with a reason; what is upheld is corrected in the next revision"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[DecideBody], rev int64) (*httpapi.Reply[ObjectionView], error) {
			d := Decision{Outcome: in.Body.Outcome, Reason: in.Body.Reason}
			for _, f := range in.Body.Fixes {
				d.Fixes = append(d.Fixes, Correction(f))
			}
			o, err := s.Decide(ctx, tx, by, in.ID, rev, d)
			return s.answered(ctx, tx, by, o, 0, err)
		})
}

func (s *Service) answered(ctx context.Context, tx *db.Tx, by access.Scope, o Objection, status int, err error) (*httpapi.Reply[ObjectionView], error) {
	var w module.Moment
	var r Run
	var v *score.Version
	if err == nil {
		w, r, v, err = s.opened(ctx, tx, by, o.Run)
	}
	if err != nil {
		return nil, err
	}
	list, err := s.objected(ctx, tx, by, w, v, r, " AND o.id = $4", o.ID)
	if err == nil && len(list) == 0 {
		err = ErrObjection
	}
	if err != nil {
		return nil, err
	}
	return &httpapi.Reply[ObjectionView]{Status: status, ETag: etag(o.Rev), Body: list[0]}, nil
}
