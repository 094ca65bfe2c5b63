package demo

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"math/rand/v2"
	"slices"
	"time"

	"sifen/internal/demo/scene"
	"sifen/internal/period"
)

// Photo is one picture: what it shows, when and where it was taken.
type Photo struct {
	Name     string
	scene    string
	stream   int // of a vehicle, into streams
	taken    time.Time
	lat, lon float64
	model    string
	seed     uint64
}

// bytes draws the picture and writes what a telephone would into it.
func (p *Photo) bytes() ([]byte, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, scene.Draw(p.scene, p.stream, rand.New(rand.NewPCG(seed, p.seed))), &jpeg.Options{Quality: 80}); err != nil {
		return nil, fmt.Errorf("draw %s: %w", p.Name, err)
	}
	return scene.WithExif(out.Bytes(), scene.Exif(p.model, p.taken, p.lat, p.lon)), nil
}

var cameras = []string{"NOH-AL00", "M2002J9E", "V2001A", "PCLM10", "ELE-AL00", "SM-G9810"}

// streamNames are the titles of the streams, in the order of their colours.
var streamNames = []string{"厨余垃圾", "可回收物", "有害垃圾", "其他垃圾"}

// take makes a picture for a row on the row's day.
func (d *district) take(r *rand.Rand, x *Row, scene string) *Photo {
	for {
		t := at(x.Day, 9+r.IntN(8), r.IntN(60)).Add(time.Duration(r.IntN(60)) * time.Second)
		name := "IMG_" + t.Format("20060102_150405") + ".jpg"
		if d.taken[name] {
			continue
		}
		d.taken[name] = true
		lat, lon := spot(x.Unit)
		p := &Photo{Name: name, scene: scene, taken: t, lat: lat + float64(r.IntN(20)-10)/1e5, lon: lon + float64(r.IntN(20)-10)/1e5,
			model: pick(r, cameras), seed: uint64(1000 + len(d.photos))}
		d.photos = append(d.photos, p)
		x.Photos = append(x.Photos, p)
		return p
	}
}

// illustrate gives some records photos. None is forced, so most have none.
func (d *district) illustrate() {
	r := dice(17)
	scenes := map[string][]string{"讲座": {"class", "meeting"}, "培训": {"meeting", "class", "bins"}, "活动": {"tent", "tent", "bins", "board"}, "入户": {"door"}}
	sceneOf := func(x *Row) string {
		form, _ := x.Values["form"].(string)
		if x.Unit.Type == "village" && r.IntN(3) == 0 {
			return "compost"
		}
		return pick(r, scenes[form])
	}
	sessions := d.rows["publicity-session"]
	n := 0
	for _, i := range r.Perm(len(sessions)) {
		x := sessions[i]
		_, moved := x.Fix["held_on"]
		if moved || x.Fate == Stays || x.Fate == Waits && i%2 == 0 || n < 52 && x.Day >= day(2020, 4, 1) {
			n++
			s := sceneOf(x)
			for range 1 + r.IntN(2)*r.IntN(2) {
				d.take(r, x, s)
			}
		}
	}
	some := func(kind, scene string, n int) {
		rows := d.rows[kind]
		for _, i := range r.Perm(len(rows))[:min(n, len(rows))] {
			// a picture cannot be later than its workbook
			if x := rows[i]; x.Fate == Counts && period.Of(x.Book.At) > x.Day {
				d.take(r, x, scene).stream = max(0, slices.Index(streamNames, fmt.Sprint(x.Values["stream"])))
			}
		}
	}
	some("base-visit", "base", 9)
	some("street-display", "board", 8)
	some("collection-vehicle", "truck", 7)
	some("transfer-station", "station", 2)
	some("dropoff-point", "bins", 9)
	some("special-inspection", "bins", 5)
	some("meeting", "meeting", 4)
	some("institution-sorting", "bins", 4)
	some("school-sorting", "class", 4)
	some("household-visit", "door", 6)
	some("smart-pilot", "bins", 3)
	some("education-base", "base", 1)
	// Four pictures stand in two records: once for the next session of the same street, as happens.
	reused := 0
	var last *Row
	for _, x := range sessions {
		if reused == 4 {
			break
		}
		if len(x.Photos) == 1 && x.Fate == Counts {
			last = x
			continue
		}
		if last != nil && len(x.Photos) == 0 && x.Fate == Counts && x.Unit.Town == last.Unit.Town && x.Day > last.Day &&
			x.Values["form"] == last.Values["form"] {
			x.Photos, last, reused = last.Photos, nil, reused+1
		}
	}
}
