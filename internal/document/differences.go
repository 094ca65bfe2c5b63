package document

import (
	"context"
	"fmt"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/digest"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/period"
)

// Difference is a figure that is no longer what an issued document says.
type Difference struct {
	N        int64
	Key      string
	Period   period.Period
	Title    i18n.Label
	Frozen   *Frozen
	Now      *Frozen
	Delta    int64
	HasDelta bool
	Records  []digest.Change
}

// Differences compares every figure of an issued document with what its frozen query gives now.
func (s *Service) Differences(ctx context.Context, by access.Scope, doc string) (out []Difference, same int, err error) {
	d, err := get(ctx, s.DB.Read, by, doc)
	if err != nil {
		return nil, 0, err
	}
	if d.State != Issued || !d.Within { // what the figures are now is not told to a recipient
		return []Difference{}, 0, nil
	}
	out = []Difference{}
	err = s.DB.Snapshot(ctx, func(q db.Querier) error {
		figs, x, words, err := s.cited(ctx, q, by.District, doc)
		if err != nil {
			return err
		}
		for _, f := range figs {
			if f.Frozen == nil {
				continue
			}
			diff, err := s.compare(x, words, f)
			if err != nil {
				return err
			}
			if diff == nil {
				same++
			} else {
				out = append(out, *diff)
			}
		}
		return nil
	})
	return out, same, err
}

// cited reads what a document cites, with the figures of this moment and their words.
func (s *Service) cited(ctx context.Context, q db.Querier, district int64, doc string) ([]Figure, *indicator.Query, Words, error) {
	figs, err := figuresOf(ctx, q, district, doc)
	if err != nil {
		return nil, nil, Words{}, err
	}
	x, err := s.Figures.At(ctx, q, district)
	if err != nil {
		return nil, nil, Words{}, err
	}
	words, err := s.words(ctx, q, district)
	return figs, x, words, err
}

// compare returns nil when the digest is still the same.
func (s *Service) compare(x *indicator.Query, words Words, f Figure) (*Difference, error) {
	file, err := x.DigestFile(f.Key, f.Unit, f.Period)
	if err != nil {
		return nil, err
	}
	sum := digest.Sum(file)
	if sum == f.Frozen.Digest {
		return nil, nil
	}
	v, err := x.Value(f.Key, f.Unit, f.Period)
	if err != nil {
		return nil, err
	}
	_, records, err := x.CountParts(v.Def, f.Unit, f.Period)
	if err != nil {
		return nil, err
	}
	now := Freeze(v, records, words, x.Org().UnitName(f.Unit))
	now.Digest = sum
	old, err := s.Blobs.Read(f.Frozen.Digest)
	if err != nil {
		return nil, fmt.Errorf("read the frozen records of %s: %w", f.Key, err)
	}
	diff := &Difference{N: f.N, Key: f.Key, Period: f.Period, Title: f.Frozen.Title, Frozen: f.Frozen, Now: now,
		Records: digest.Changes(old, file, f.Frozen.Decimals)}
	if f.Frozen.Defined && now.Defined && f.Frozen.Measure != indicator.Ratio {
		diff.Delta, diff.HasDelta = now.A-f.Frozen.A, true
	}
	return diff, nil
}

// FigureOf returns one citation of a document that the caller may read, with the document.
func (s *Service) FigureOf(ctx context.Context, by access.Scope, doc string, n int64) (Document, Figure, error) {
	d, err := get(ctx, s.DB.Read, by, doc)
	if err != nil {
		return d, Figure{}, err
	}
	figs, err := figuresOf(ctx, s.DB.Read, by.District, doc)
	if err != nil {
		return d, Figure{}, err
	}
	for _, f := range figs {
		if f.N == n {
			return d, f, nil
		}
	}
	return d, Figure{}, ErrNone
}
