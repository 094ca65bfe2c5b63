package inspect

import (
	"context"
	"net/http"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/org"

	"github.com/danielgtaylor/huma/v2"
)

func (s *Service) registerCampaigns(k *httpapi.Kit) {
	type sizeIn struct {
		Size int `query:"size" minimum:"1" maximum:"500" default:"100"`
	}
	httpapi.List(k, httpapi.Operation{ID: "list-campaigns", Route: "GET /campaigns", Verb: Read, Summary: "Campaigns of inspections inside one's reach"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *sizeIn) ([]CampaignRow, error) {
			return s.Campaigns(ctx, q, by, in.Size)
		})
	type oneOut struct {
		ETag string `header:"ETag"`
		Body CampaignView
	}
	httpapi.Query(k, httpapi.Operation{ID: "get-campaign", Route: "GET /campaigns/{id}", Verb: Read,
		Summary: "A campaign with what was drawn; days that are not opened say how many alone"},
		func(ctx context.Context, by access.Scope, in *httpapi.ByID) (*oneOut, error) {
			out := &oneOut{}
			return out, s.DB.Snapshot(ctx, func(q db.Querier) (err error) {
				out.Body, err = s.CampaignPage(ctx, q, by, in.ID)
				out.ETag = etag(out.Body.Rev)
				return err
			})
		})
	httpapi.One(k, httpapi.Operation{ID: "campaign-looks", Route: "GET /campaigns/{id}/looks", Verb: Calibrate,
		Summary: "How first and second looks of a campaign differ, to calibrate inspectors"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *httpapi.ByID) (LooksView, error) {
			return s.Looks(ctx, q, by, in.ID)
		})
	type baseIn struct {
		httpapi.ByID
		Day int `query:"day" minimum:"0" maximum:"60" doc:"the list with the levels of this day of the campaign, from 1; 0 is the list as it was sealed"`
	}
	httpapi.Query(k, httpapi.Operation{ID: "campaign-base", Route: "GET /campaigns/{id}/base", Verb: Read,
		Summary: "The list that is drawn from, as it was sealed"},
		func(ctx context.Context, by access.Scope, in *baseIn) (*huma.StreamResponse, error) {
			name, text, err := s.BaseFile(ctx, s.DB.Read, by, in.ID, in.Day)
			if err != nil {
				return nil, err
			}
			return httpapi.Download([]byte(text), "text/plain; charset=utf-8", name), nil
		})
	type crewIn struct {
		Unit int64 `query:"unit"`
	}
	httpapi.List(k, httpapi.Operation{ID: "campaign-crew", Route: "GET /campaign-crew", Verb: Plan, Summary: "Who may inspect the places of a unit"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *crewIn) ([]Inspector, error) {
			w, err := s.Moment(ctx, q, by.District)
			if err != nil {
				return nil, err
			}
			n, err := within(w, by, in.Unit)
			if err != nil {
				return nil, err
			}
			if !by.Can(Plan, w.Org.Targets(n, w.Day), false) {
				return nil, ErrPlanning
			}
			return s.Crew(ctx, q, by, w, n)
		})
	type baseOf struct {
		Unit      int64  `query:"unit"`
		Checklist string `query:"checklist" maxLength:"60" required:"true"`
	}
	httpapi.List(k, httpapi.Operation{ID: "campaign-places", Route: "GET /campaign-places", Verb: Plan,
		Summary: "The places of a unit that a campaign with a checklist would draw from"},
		func(ctx context.Context, q db.Querier, by access.Scope, in *baseOf) ([]PlaceRef, error) {
			return s.WouldDraw(ctx, q, by, org.No(in.Unit), in.Checklist)
		})
	httpapi.List(k, httpapi.Operation{ID: "list-today", Route: "GET /inspect-today", Verb: Visit, Summary: "The places that were drawn for oneself today"},
		func(ctx context.Context, q db.Querier, by access.Scope, _ *struct{}) ([]TodayRow, error) {
			return s.Today(ctx, q, by)
		})

	reply := func(ctx context.Context, tx *db.Tx, by access.Scope, id string, status int, err error) (*httpapi.Reply[CampaignView], error) {
		if err != nil {
			return nil, err
		}
		page, err := s.CampaignPage(ctx, tx, by, id)
		return &httpapi.Reply[CampaignView]{Status: status, ETag: etag(page.Rev), Body: page}, err
	}
	httpapi.Command(k, httpapi.Operation{ID: "add-campaign", Route: "POST /campaigns", Verb: Plan, Summary: "Begin a campaign"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.Given[CampaignInput]) (*httpapi.Reply[CampaignView], error) {
			c, err := s.SetCampaign(ctx, tx, by, "", 0, in.Body)
			return reply(ctx, tx, by, c.ID, http.StatusCreated, err)
		})
	httpapi.CommandAt(k, httpapi.Operation{ID: "set-campaign", Route: "PUT /campaigns/{id}", Verb: Plan, Summary: "Change a campaign that is not sealed"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[CampaignInput], rev int64) (*httpapi.Reply[CampaignView], error) {
			c, err := s.SetCampaign(ctx, tx, by, in.ID, rev, in.Body)
			return reply(ctx, tx, by, c.ID, 0, err)
		})
	type sealBody struct{}
	httpapi.CommandAt(k, httpapi.Operation{ID: "seal-campaign", Route: "POST /campaigns/{id}/seal", Verb: Plan,
		Summary: "Seal the list and the secrets of the days; nothing can be changed afterwards"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[sealBody], rev int64) (*httpapi.Reply[CampaignView], error) {
			c, err := s.Seal(ctx, tx, by, in.ID, rev)
			return reply(ctx, tx, by, c.ID, 0, err)
		})
	type wordsBody struct {
		Words string `json:"words" maxLength:"200"`
	}
	httpapi.CommandAt(k, httpapi.Operation{ID: "say-campaign", Route: "POST /campaigns/{id}/words", Verb: Plan,
		Summary: "Give the words of representatives that go into the seeds"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[wordsBody], rev int64) (*httpapi.Reply[CampaignView], error) {
			c, err := s.Say(ctx, tx, by, in.ID, rev, in.Body.Words)
			return reply(ctx, tx, by, c.ID, 0, err)
		})
	type reasonBody struct {
		Reason string `json:"reason" maxLength:"300"`
	}
	httpapi.CommandAt(k, httpapi.Operation{ID: "stop-campaign", Route: "POST /campaigns/{id}/stop", Verb: Plan,
		Summary: "End a campaign: days that are not opened stay closed"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.GivenAt[reasonBody], rev int64) (*httpapi.Reply[CampaignView], error) {
			c, err := s.Stop(ctx, tx, by, in.ID, rev, in.Body.Reason)
			return reply(ctx, tx, by, c.ID, 0, err)
		})
	type missBody struct {
		Campaign string `json:"campaign" maxLength:"40"`
		Place    string `json:"place" maxLength:"60"`
		Reason   string `json:"reason" maxLength:"300"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "miss-place", Route: "POST /inspect-today/missed", Verb: Visit,
		Summary: "Say why a place drawn for oneself today cannot be visited"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.Given[missBody]) (*httpapi.Reply[httpapi.Items[TodayRow]], error) {
			if err := s.Miss(ctx, tx, by, 0, in.Body.Campaign, in.Body.Place, in.Body.Reason); err != nil {
				return nil, err
			}
			list, err := s.Today(ctx, tx, by)
			return &httpapi.Reply[httpapi.Items[TodayRow]]{Body: httpapi.Items[TodayRow]{Items: list}}, err
		})
}
