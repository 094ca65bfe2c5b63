package ledger

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/kind"
	"sifen/internal/period"
)

// EvidenceView is one file with its facts and where else it stands.
type EvidenceView struct {
	SHA   string `json:"sha"`
	Field string `json:"field"`
	Name  string `json:"name"`
	Mime  string `json:"mime"`
	evidence.Facts
	UploadedBy string  `json:"uploaded_by"`
	UploadedAt int64   `json:"uploaded_at"`
	AlsoIn     []Place `json:"also_in"`
	Near       []Place `json:"near" doc:"records with a photo that looks almost the same: a hint"`
}

// Place is another record that uses a file; outside one's reach only that there is one.
type Place struct {
	Entry  string `json:"entry,omitempty"`
	Number string `json:"number,omitempty"`
	Unit   string `json:"unit,omitempty"`
}

func (s *Service) evidence(ctx context.Context, q db.Querier, by access.Scope, w work, k *kind.Kind, e Entry) ([]EvidenceView, error) {
	out := []EvidenceView{}
	var bearers []string // of each
	for _, f := range k.Fields {
		list, _ := e.Values[f.Key].([]string)
		for _, sha := range list {
			in, found, err := evidence.Get(ctx, q, by.District, sha)
			if err != nil {
				return nil, err
			}
			if !found {
				continue
			}
			view := EvidenceView{SHA: sha, Field: f.Key, Name: in.Name, Mime: in.Mime, Facts: in.Facts, UploadedAt: in.At,
				AlsoIn: []Place{}, Near: []Place{}}
			bearers = append(bearers, in.Account)
			if view.AlsoIn, err = s.AlsoIn(ctx, q, by, sha, e.ID); err != nil {
				return nil, err
			}
			like, err := evidence.Near(ctx, q, by.District, sha, 5)
			if err != nil {
				return nil, err
			}
			for _, x := range like {
				places, err := s.AlsoIn(ctx, q, by, x, e.ID)
				if err != nil {
					return nil, err
				}
				view.Near = append(view.Near, places...)
			}
			out = append(out, view)
		}
	}
	who, err := resolve(ctx, q, w.Set, by.District, nil, bearers...)
	for i := range out {
		out[i].UploadedBy = who.Account[bearers[i]]
	}
	return out, err
}

// AlsoIn lists the other records that use a file. Of those outside the scope only their existence is told.
func (s *Service) AlsoIn(ctx context.Context, q db.Querier, by access.Scope, sha, self string) ([]Place, error) {
	uses, err := evidence.Uses(ctx, q, by.District, sha, self)
	if err != nil {
		return nil, err
	}
	o, err := s.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, u := range uses {
		ids = append(ids, u.Object)
	}
	number := map[string]string{}
	if len(ids) > 0 {
		number, err = db.Pairs[string, string](ctx, q, `SELECT id, number FROM entry WHERE district = $1 AND id IN (`+db.In(2, len(ids))+`)`,
			db.Args([]any{by.District}, ids)...)
		if err != nil {
			return nil, err
		}
	}
	out := []Place{}
	for _, u := range uses {
		if !by.Can(Read, o.Targets(u.Unit, period.Day(by.Today)), true) {
			out = append(out, Place{})
			continue
		}
		out = append(out, Place{Entry: u.Object, Number: number[u.Object], Unit: o.UnitName(u.Unit)})
	}
	return out, nil
}
