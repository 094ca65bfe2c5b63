package evidence

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"image"
	"math/bits"
	"slices"
	"strconv"

	"sifen/internal/db"
)

// alike is how many of the 64 bits of two looks may differ for a hint that the photos may be the same.
const alike = 3

// look is the difference hash of an image: for each of 8 rows whether each of 8 neighbours grows brighter. Cropping a
// little, scaling and saving again leave it almost as it is. ok is false for pictures with too little in them to tell;
// err says why a picture does not open whole.
func look(ctx context.Context, content []byte) (hash uint64, ok bool, err error) {
	err = opened(ctx, bytes.NewReader(content), func(img image.Image, turn int) error {
		hash, ok = lookOf(upright(img, turn))
		return nil
	})
	return hash, ok, err
}

func lookOf(img image.Image) (hash uint64, ok bool) {
	var cells [8][9]uint64
	for y := range 8 {
		for x := range 9 {
			cells[y][x] = brightness(img, x, y)
		}
	}
	for y := range 8 {
		for x := range 8 {
			hash <<= 1
			if cells[y][x+1] > cells[y][x]+128 { // half a step of 256: noise of saving is no edge
				hash |= 1
			}
		}
	}
	n := bits.OnesCount64(hash)
	return hash, n >= 10 && n <= 54
}

// brightness is the mean of one of 9 × 8 cells, from at most 48 × 48 of its pixels, in 256ths of a grey level.
func brightness(img image.Image, x, y int) uint64 {
	b := img.Bounds()
	x0, x1 := b.Min.X+b.Dx()*x/9, b.Min.X+b.Dx()*(x+1)/9
	y0, y1 := b.Min.Y+b.Dy()*y/8, b.Min.Y+b.Dy()*(y+1)/8
	var sum, n uint64
	for py := y0; py < y1; py += max(1, (y1-y0)/48) {
		for px := x0; px < x1; px += max(1, (x1-x0)/48) {
			r, g, bl, _ := img.At(px, py).RGBA()
			sum += uint64(299*r+587*g+114*bl) / 1000
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return sum / n
}

// jobLook looks at a photo that was kept before anybody had the time.
const jobLook = "evidence.look"

// lookLater keeps what a photo looks like. One that does not open whole keeps none: it is evidence of what it shows.
func (s *Service) lookLater(ctx context.Context, district int64, body []byte, done func(*db.Tx) error) error {
	var sha string
	if err := json.Unmarshal(body, &sha); err != nil {
		return err
	}
	content, err := s.Blobs.Read(sha)
	if err != nil {
		return err
	}
	hash, tells, err := look(ctx, content)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err == nil && tells {
			if err := saveLook(ctx, tx, district, sha, hash); err != nil {
				return err
			}
		}
		return done(tx)
	})
}

func saveLook(ctx context.Context, tx *db.Tx, district int64, sha string, hash uint64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO evidence_look (district, sha, look, b0, b1, b2, b3) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (district, sha) DO NOTHING`,
		district, sha, fmt.Sprintf("%016x", hash), int64(hash&0xffff), int64(hash>>16&0xffff), int64(hash>>32&0xffff), int64(hash>>48))
	return err
}

// Near lists other photos that look almost the same, the likest first, at most limit. It is a hint, never a judgement.
func Near(ctx context.Context, q db.Querier, district int64, sha string, limit int) ([]string, error) {
	var mine string
	err := q.QueryRowContext(ctx, `SELECT look FROM evidence_look WHERE district = $1 AND sha = $2`, district, sha).Scan(&mine)
	if found, err := db.One(err); err != nil || !found {
		return nil, err
	}
	own, err := strconv.ParseUint(mine, 16, 64)
	if err != nil {
		return nil, err
	}
	type other struct {
		sha  string
		bits int
	}
	list, err := db.All(ctx, q, func(r *sql.Rows) (other, error) {
		var o other
		var l string
		if err := r.Scan(&o.sha, &l); err != nil {
			return o, err
		}
		h, err := strconv.ParseUint(l, 16, 64)
		o.bits = bits.OnesCount64(h ^ own)
		return o, err
	}, `SELECT sha, look FROM evidence_look WHERE district = $1 AND sha <> $2 AND (b0 = $3 OR b1 = $4 OR b2 = $5 OR b3 = $6)`,
		district, sha, int64(own&0xffff), int64(own>>16&0xffff), int64(own>>32&0xffff), int64(own>>48))
	if err != nil {
		return nil, err
	}
	near := slices.DeleteFunc(list, func(o other) bool { return o.bits > alike })
	slices.SortFunc(near, func(a, b other) int { return cmp.Or(cmp.Compare(a.bits, b.bits), cmp.Compare(a.sha, b.sha)) })
	var out []string
	for _, o := range near[:min(len(near), limit)] {
		out = append(out, o.sha)
	}
	return out, nil
}
