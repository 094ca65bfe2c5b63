package pack

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	"sifen/internal/db"
	"sifen/internal/period"
)

// Change is what applying a pack does to one object.
type Change struct {
	Object  *Object
	Version int64 // the version it gets
	Before  string
}

// Diff lists the objects of p that differ from the newest stored version.
func Diff(ctx context.Context, q db.Querier, district int64, p *Pack) ([]Change, error) {
	type have struct {
		version   int64
		sum, body string
	}
	newest := map[string]have{}
	rows, err := q.QueryContext(ctx, `SELECT type, key, version, sum, body FROM pack_object WHERE district = $1 ORDER BY version`, district)
	var typ, key string
	var h have
	if err := db.Each(rows, err, func() error {
		err := rows.Scan(&typ, &key, &h.version, &h.sum, &h.body)
		newest[typ+"/"+key] = h
		return err
	}); err != nil {
		return nil, err
	}
	files, err := db.Pairs[string, string](ctx, q, `SELECT substr(key, 11), value FROM setting
		WHERE district = $1 AND key >= 'pack-file:' AND key < 'pack-file;'`, district)
	if err != nil {
		return nil, err
	}
	var out []Change
	for _, o := range p.Objects {
		h := newest[o.Type+"/"+o.Key]
		if h.sum != o.Sum() || p.otherFile(o, files) {
			out = append(out, Change{o, h.version + 1, h.body})
		}
	}
	return out, nil
}

// otherFile reports whether the file that an object names has other bytes than the stored one of that name: the object is
// then another, though its text is the same.
func (p *Pack) otherFile(o *Object, stored map[string]string) bool {
	n := child(o.Node, "file")
	if n == nil {
		return false
	}
	name := o.Type + "/" + n.Value
	body, brought := p.Files[name]
	have, kept := stored[name]
	return brought && kept && fileSum(body) != have
}

func fileSum(body []byte) string {
	s := sha256.Sum256(body)
	return hex.EncodeToString(s[:])
}

// Apply stores the changed objects as new versions in force from a day; the first version of a key is in
// force from the beginning. The same pack twice changes nothing. Files are stored by their SHA-256.
func Apply(ctx context.Context, tx *db.Tx, district int64, p *Pack, from period.Day, at time.Time) ([]Change, error) {
	changes, err := Diff(ctx, tx, district, p)
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		o := c.Object
		day := int64(from)
		if c.Version == 1 {
			day = 0
		} else if _, err := tx.ExecContext(ctx, `UPDATE pack_object SET day_until = $4 WHERE district = $1 AND type = $2 AND key = $3 AND day_until > $4`,
			district, o.Type, o.Key, day); err != nil {
			return nil, err
		}
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO pack_object (district, type, key, version, body, sum, pack, path, day_from, day_until, applied_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			district, o.Type, o.Key, c.Version, o.Body, o.Sum(), o.Pack, o.Path, day, int64(period.Open), at.UnixMilli()); err != nil {
			return nil, fmt.Errorf("store %s %s: %w", o.Type, o.Key, err)
		}
	}
	changed := len(changes) > 0
	for name, body := range p.Files {
		sum := fileSum(body)
		if _, err := tx.ExecContext(ctx, `INSERT INTO pack_file (district, sum, body) VALUES ($1, $2, $3) ON CONFLICT (district, sum) DO NOTHING`, district,
			sum, body); err != nil {
			return nil, err
		}
		other, err := db.Changed(tx.ExecContext(ctx, `
			INSERT INTO setting (district, key, value) VALUES ($1, $2, $3)
			ON CONFLICT (district, key) DO UPDATE SET value = excluded.value WHERE setting.value <> excluded.value`, district, "pack-file:"+name, sum))
		if err != nil {
			return nil, err
		}
		changed = changed || other
	}
	if changed {
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO counter (district, name, value) VALUES ($1, 'pack-stamp', 1)
			ON CONFLICT (district, name) DO UPDATE SET value = counter.value + 1`, district); err != nil {
			return nil, err
		}
	}
	return changes, nil
}

// Store reads the effective set of a district and keeps it decoded until a pack is applied.
type Store struct {
	Registry *Registry
	mu       sync.Mutex
	sets     map[int64]*Set
}

// Current returns the effective set: the newest version of every object.
func (s *Store) Current(ctx context.Context, q db.Querier, district int64) (*Set, error) {
	var stamp int64
	err := q.QueryRowContext(ctx, `SELECT value FROM counter WHERE district = $1 AND name = 'pack-stamp'`, district).Scan(&stamp)
	if _, err = db.One(err); err != nil {
		return nil, err
	}
	key := fmt.Sprint(stamp)
	s.mu.Lock()
	set := s.sets[district]
	s.mu.Unlock()
	if set != nil && set.Stamp == key {
		return set, nil
	}
	set, err = s.load(ctx, q, district)
	if err != nil {
		return nil, err
	}
	set.Stamp = key
	s.mu.Lock()
	if s.sets == nil {
		s.sets = map[int64]*Set{}
	}
	s.sets[district] = set
	s.mu.Unlock()
	return set, nil
}

func (s *Store) load(ctx context.Context, q db.Querier, district int64) (*Set, error) {
	set, err := Stored(ctx, q, district)
	if err != nil {
		return nil, err
	}
	if faults := s.Registry.Resolve(set); len(faults) > 0 {
		return nil, fmt.Errorf("a stored rule object is no longer valid: %s", faults[0])
	}
	return set, nil
}

// Stored reads the newest version of every object, not yet decoded, with files.
func Stored(ctx context.Context, q db.Querier, district int64) (*Set, error) {
	set := NewSet()
	objects, err := db.All(ctx, q, func(r *sql.Rows) (*Object, error) {
		o := &Object{Line: 1}
		err := r.Scan(&o.Type, &o.Key, &o.Version, &o.Body, &o.Pack, &o.Path, &o.From, &o.Until)
		if err == nil {
			var doc yaml.Node
			err = yaml.Unmarshal([]byte(o.Body), &doc)
			if err == nil && len(doc.Content) > 0 {
				o.Node = doc.Content[0]
			}
		}
		return o, err
	}, `SELECT type, key, version, body, pack, path, day_from, day_until FROM pack_object WHERE district = $1 ORDER BY version`, district)
	if err != nil {
		return nil, err
	}
	for _, o := range objects {
		set.Put(o)
	}
	type file struct {
		name string
		body []byte
	}
	files, err := db.All(ctx, q, func(r *sql.Rows) (file, error) {
		var f file
		err := r.Scan(&f.name, &f.body)
		return f, err
	}, `SELECT substr(s.key, 11), f.body FROM setting AS s JOIN pack_file AS f ON f.district = s.district AND f.sum = s.value
	     WHERE s.district = $1 AND s.key >= 'pack-file:' AND s.key < 'pack-file;'`, district)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		set.Files[f.name] = f.body
	}
	return set, nil
}
