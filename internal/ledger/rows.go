package ledger

import (
	"context"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
)

// UnitRef names a unit.
type UnitRef struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Short string `json:"short,omitempty"` // path below the district
	Path  string `json:"path,omitempty"`
	Type  string `json:"type,omitempty"`
}

// Who names a person.
type Who struct {
	Name string `json:"name"`
}

// Row is an entry in a list.
type Row struct {
	ID          string            `json:"id"`
	Number      string            `json:"number"`
	Kind        string            `json:"kind"`
	KindTitle   i18n.Label        `json:"kind_title"`
	Unit        UnitRef           `json:"unit"`
	From        string            `json:"from"`
	Until       *string           `json:"until"`
	Title       string            `json:"title"`
	State       string            `json:"state" enum:"draft,submitted,returned,verified,void"`
	Rev         int64             `json:"rev"`
	WaitsAt     string            `json:"level,omitempty"`
	Counted     bool              `json:"counted"`
	Values      kind.Values       `json:"values"`
	Labels      map[string]string `json:"labels"`
	Photos      int64             `json:"photos"`
	Thumb       string            `json:"thumb,omitempty"`
	By          Who               `json:"by"`
	At          int64             `json:"at"`
	LateDays    int64             `json:"late_days"`
	WaitingDays int64             `json:"waiting_days"`
	Reason      string            `json:"reason,omitempty"`
	Hints       []i18n.Label      `json:"hints"`
	Link        string            `json:"link,omitempty"` // where the record stands when it is no entry of a ledger
}

func (s *Service) unitRef(o *org.Org, n org.No, day period.Day) UnitRef {
	u, _ := o.Unit(n)
	return UnitRef{ID: int64(n), Name: u.Name, Short: o.Path(n, day), Type: string(u.Type)}
}

// Rows turns entries into list rows.
func (s *Service) Rows(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, list []Entry) ([]Row, error) {
	w, err := s.work(ctx, q, by)
	if err != nil {
		return nil, err
	}
	n, err := resolve(ctx, q, w.Set, by.District, list)
	if err != nil {
		return nil, err
	}
	out := make([]Row, 0, len(list))
	var waits []asked
	var at []int
	for _, e := range list {
		k, err := kind.Of(w.Set, e.Kind)
		if err != nil {
			return nil, err
		}
		out = append(out, s.row(w, n, lang, k, e))
		if e.State == Submitted {
			waits, at = append(waits, asked{e, k}), append(at, len(out)-1)
		}
	}
	warnings, err := s.warnings(ctx, q, by, w, waits)
	for i, list := range warnings {
		out[at[i]].Hints = append(out[at[i]].Hints, list...)
	}
	return out, err
}

func (s *Service) row(w work, n kind.Names, lang i18n.Lang, k *kind.Kind, e Entry) Row {
	r := Row{ID: e.ID, Number: e.Number, Kind: e.Kind, KindTitle: k.Title, Unit: s.unitRef(w.Org, e.Unit, e.From), From: e.From.String(), Title: e.Title,
		State: e.State, Rev: e.Rev,
		Counted: e.CountedRev > 0, Values: e.Values, Labels: map[string]string{}, Photos: e.Photos, Thumb: e.Thumb, By: Who{n.Account[e.Account]},
		At:       e.SubmittedAt,
		LateDays: e.LateDays, Reason: e.Reason, Hints: []i18n.Label{}}
	if e.SubmittedAt == 0 {
		r.At = e.CreatedAt
	}
	if e.State == Submitted {
		r.WaitsAt = w.Org.UnitName(e.WaitUnit)
		r.WaitingDays = int64(w.Day) - int64(period.Of(msTime(e.SubmittedAt)))
	}
	if e.Until < period.Open {
		u := (e.Until - 1).String()
		r.Until = &u
	}
	for _, f := range k.Fields {
		if t := n.Text(w.Org, f, e.Values, lang); t != "" {
			r.Labels[f.Key] = t
		}
	}
	if r.Title == "" {
		r.Title = r.Labels[k.TitleOf]
	}
	if r.Title == "" {
		r.Title = k.Title.In(lang)
	}
	if h, _ := k.Evaluate(e.Values); h != nil {
		r.Hints = h
	}
	return r
}

func msTime(ms int64) time.Time { return time.UnixMilli(ms) }
