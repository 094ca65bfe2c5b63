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

// Shipped is the key of the pack that comes with the program, Desk that of what people make in the browser.
const (
	Shipped = "base"
	Desk    = "desk"
)

// Diff lists the objects of p that differ from the newest stored version. What a district made at its own desk lies over the
// shipped pack, also when a later one comes with the program: Covered names it.
func Diff(ctx context.Context, q db.Querier, district int64, p *Pack) ([]Change, error) {
	type have struct {
		version         int64
		sum, body, pack string
	}
	newest := map[string]have{}
	rows, err := q.QueryContext(ctx, `SELECT type, key, version, sum, body, pack FROM pack_object WHERE district = $1 ORDER BY version`, district)
	var typ, key string
	var h have
	if err := db.Each(rows, err, func() error {
		err := rows.Scan(&typ, &key, &h.version, &h.sum, &h.body, &h.pack)
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
		if h.pack == Desk && p.Header.Key == Shipped {
			continue
		}
		if h.sum != o.Sum() || p.otherFile(o, files) {
			out = append(out, Change{o, h.version + 1, h.body})
		}
	}
	return out, nil
}

// Covered lists the objects of the shipped pack over which the district laid its own.
func (p *Pack) Covered(stored *Set) (out []*Object) {
	for _, o := range p.Objects {
		if have := stored.Get(o.Type, o.Key); have != nil && have.Pack == Desk && p.Header.Key == Shipped {
			out = append(out, o)
		}
	}
	return out
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
// force from the beginning, unless the object says its first day. The same pack twice changes nothing. Files are stored by their SHA-256.
func Apply(ctx context.Context, tx *db.Tx, district int64, p *Pack, from period.Day, at time.Time) ([]Change, error) {
	changes, err := Diff(ctx, tx, district, p)
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		o := c.Object
		day := int64(from)
		if c.Version == 1 {
			day = o.From
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
		if err := stir(ctx, tx, district); err != nil {
			return nil, err
		}
	}
	return changes, nil
}

// Store reads the effective set of a district and keeps it decoded until a pack is applied, or a day comes on which another
// version of a dated object is in force.
type Store struct {
	Registry *Registry
	Today    func() period.Day // nil: the newest versions of everything
	mu       sync.Mutex
	sets     map[int64]*Set
}

// Current returns the effective set: the newest version of every object, of dated ones the version in force today.
func (s *Store) Current(ctx context.Context, q db.Querier, district int64) (*Set, error) {
	var stamp int64
	err := q.QueryRowContext(ctx, `SELECT value FROM counter WHERE district = $1 AND name = 'pack-stamp'`, district).Scan(&stamp)
	if _, err = db.One(err); err != nil {
		return nil, err
	}
	var today int64
	if s.Today != nil {
		today = int64(s.Today())
	}
	s.mu.Lock()
	set := s.sets[district]
	s.mu.Unlock()
	if set != nil && set.Stamp == stampOf(stamp, set.since) && (s.Today == nil || set.since <= today && today < set.until) {
		return set, nil
	}
	set, err = s.load(ctx, q, district, today)
	if err != nil {
		return nil, err
	}
	set.Stamp = stampOf(stamp, set.since)
	s.mu.Lock()
	if s.sets == nil {
		s.sets = map[int64]*Set{}
	}
	s.sets[district] = set
	s.mu.Unlock()
	return set, nil
}

// stampOf names what a set says: applying a pack makes another one, and so does a day that brings a dated object into force.
func stampOf(stamp, since int64) string {
	if since == 0 {
		return fmt.Sprint(stamp)
	}
	return fmt.Sprintf("%d@%d", stamp, since)
}

func (s *Store) load(ctx context.Context, q db.Querier, district, today int64) (*Set, error) {
	var dated map[string]bool
	if s.Today != nil {
		dated = s.Registry.dated()
	}
	set, err := stored(ctx, q, district, dated, today)
	if err != nil {
		return nil, err
	}
	if faults := s.Registry.Resolve(set); len(faults) > 0 {
		return nil, fmt.Errorf("a stored rule object is no longer valid: %s", faults[0])
	}
	return set, nil
}

func (r *Registry) dated() map[string]bool {
	out := map[string]bool{}
	for _, t := range r.types {
		if t.Dated {
			out[t.Dir] = true
		}
	}
	return out
}

// Stored reads the newest version of every object, not yet decoded, with files.
func Stored(ctx context.Context, q db.Querier, district int64) (*Set, error) {
	return stored(ctx, q, district, nil, 0)
}

// stored reads the newest versions, of dated types those in force on a day.
func stored(ctx context.Context, q db.Querier, district int64, dated map[string]bool, today int64) (*Set, error) {
	set := NewSet()
	set.until = int64(period.Open)
	objects, err := db.All(ctx, q, func(r *sql.Rows) (*Object, error) {
		o := &Object{Line: 1}
		return o, r.Scan(&o.Type, &o.Key, &o.Version, &o.Body, &o.Pack, &o.Path, &o.From, &o.Until)
	}, `SELECT type, key, version, body, pack, path, day_from, day_until FROM pack_object WHERE district = $1 ORDER BY version`, district)
	if err != nil {
		return nil, err
	}
	for _, o := range objects {
		if dated[o.Type] && o.From < o.Until { // what a later decision replaced before its first day has no days
			for _, d := range []int64{o.From, o.Until} {
				if d <= today {
					set.since = max(set.since, d)
				} else {
					set.until = min(set.until, d)
				}
			}
		}
		if dated[o.Type] && (today < o.From || o.Until <= today) {
			continue
		}
		if err := o.parse(); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", o.Path, o.Key, err)
		}
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

// parse reads the node of an object's text.
func (o *Object) parse() error {
	var doc yaml.Node
	err := yaml.Unmarshal([]byte(o.Body), &doc)
	if err == nil && len(doc.Content) > 0 {
		o.Node = doc.Content[0]
	}
	return err
}

// Version is one version of an object as it is kept.
type Version struct {
	Key       string
	Version   int64
	From      period.Day // 0 is from the beginning
	Until     period.Day // period.Open where no other one follows; not after From where a later decision replaced it
	Body      string
	Pack      string
	AppliedAt int64
}

// Versions lists the versions of an object, or with key "" of all objects of a type by key, the newest first.
func Versions(ctx context.Context, q db.Querier, district int64, typ, key string) ([]Version, error) {
	return db.All(ctx, q, func(r *sql.Rows) (Version, error) {
		var v Version
		return v, r.Scan(&v.Key, &v.Version, &v.From, &v.Until, &v.Body, &v.Pack, &v.AppliedAt)
	}, `SELECT key, version, day_from, day_until, body, pack, applied_at FROM pack_object
		WHERE district = $1 AND type = $2 AND ($3 = '' OR key = $3) ORDER BY key, version DESC`, district, typ, key)
}

// Make is an object as a desk writes it: what v says, under a key.
func Make(typ, key string, v any) (*Object, error) {
	raw, err := yaml.Marshal(v)
	if err != nil {
		return nil, err
	}
	o := &Object{Type: typ, Key: key, Body: string(raw), Path: typ + "/" + key + ".yaml", Pack: Desk, Line: 1}
	return o, o.parse()
}

// TakeBack drops the newest version of an object that is not in force yet; the one that was in force until its first day stays.
// It reports whether there was such a version.
func TakeBack(ctx context.Context, tx *db.Tx, district int64, typ, key string, version int64, today period.Day) (bool, error) {
	list, err := Versions(ctx, tx, district, typ, key)
	if err != nil || len(list) == 0 || list[0].Version != version || list[0].From <= today {
		return false, err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM pack_object WHERE district = $1 AND type = $2 AND key = $3 AND version = $4`, district, typ, key,
		version); err != nil {
		return false, err
	}
	if len(list) > 1 {
		// Of those before only the one that ends on that day goes on; it is the one in force now or from an earlier day.
		if _, err := tx.ExecContext(ctx, `UPDATE pack_object SET day_until = $5 WHERE district = $1 AND type = $2 AND key = $3 AND day_until = $4
			AND day_from < day_until`, district, typ, key, int64(list[0].From), int64(period.Open)); err != nil {
			return false, err
		}
	}
	return true, stir(ctx, tx, district)
}

// stir tells every node that the rules of a district are others now.
func stir(ctx context.Context, tx *db.Tx, district int64) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO counter (district, name, value) VALUES ($1, 'pack-stamp', 1)
		ON CONFLICT (district, name) DO UPDATE SET value = counter.value + 1`, district)
	return err
}
