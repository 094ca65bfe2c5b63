package pack

import (
	"context"
	"database/sql"

	"go.yaml.in/yaml/v3"

	"sifen/internal/db"
	"sifen/internal/period"
)

// At is the version of an object that was in force on a day: the newest that began by then, and before the first began the
// first. It is decoded by itself: what it refers to is as it is now. nil where there is no such object.
func (s *Store) At(ctx context.Context, q db.Querier, district int64, typ, key string, day period.Day) (*Object, error) {
	set, err := s.Current(ctx, q, district)
	if err != nil || set.Get(typ, key) == nil {
		return nil, err
	}
	now := set.Get(typ, key)
	versions, err := db.All(ctx, q, func(r *sql.Rows) (*Object, error) {
		o := &Object{Type: typ, Key: key, Line: 1}
		return o, r.Scan(&o.Version, &o.Body, &o.Pack, &o.Path, &o.From, &o.Until)
	}, `SELECT version, body, pack, path, day_from, day_until FROM pack_object WHERE district = $1 AND type = $2 AND key = $3 ORDER BY version`,
		district, typ, key)
	if err != nil || len(versions) == 0 {
		return now, err
	}
	pick := versions[0]
	for _, o := range versions {
		if o.From <= int64(day) {
			pick = o
		}
	}
	if pick.Version == now.Version {
		return now, nil
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(pick.Body), &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) > 0 {
		pick.Node = doc.Content[0]
	}
	t, _ := s.Registry.byDir(typ)
	pick.Value, err = t.Decode(pick)
	return pick, err
}
