package plan

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/org"
	"sifen/internal/period"
)

// OnBench is an open task one answers for by name.
type OnBench struct {
	ID       string  `json:"id"`
	Title    string  `json:"title"`
	Unit     org.Ref `json:"unit"`
	Year     int     `json:"year"`
	Deadline string  `json:"deadline"`
	Late     int64   `json:"late"` // days
	Duty     string  `json:"duty"`
}

func (s *Service) onBench(ctx context.Context, q db.Querier, by access.Scope) ([]OnBench, error) {
	list, err := PersonalTasks(ctx, q, by, 50)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	o, err := s.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	out := make([]OnBench, 0, len(list))
	for _, t := range list {
		y, _, _ := t.Deadline.YMD()
		out = append(out, OnBench{t.ID, t.Title, o.Ref(t.Unit, period.Day(by.Today)), y, t.Deadline.String(), t.Late(period.Day(by.Today)), t.Duty})
	}
	return out, nil
}
