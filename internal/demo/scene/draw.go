// Package scene draws what the pictures of the demonstration show.
package scene

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"

	"golang.org/x/image/vector"
)

// Width and Height are the size of a picture, in pixels.
const Width, Height = 960, 720

// canvas draws flat shapes with smooth edges. The scenes are laid out on 960 × 720; the camera stands nearer or farther.
type canvas struct {
	img          *image.RGBA
	r            *rand.Rand
	zoom, dx, dy float64
	stream       int // of a vehicle
}

func newCanvas(r *rand.Rand) *canvas {
	c := &canvas{img: image.NewRGBA(image.Rect(0, 0, Width, Height)), r: r, zoom: 1 + 0.28*r.Float64()}
	// the shift keeps the frame inside the scene
	c.dx, c.dy = (r.Float64()-0.5)*Width*(c.zoom-1), (r.Float64()-0.5)*Height*(c.zoom-1)
	return c
}

// frame is where a point of the scene lies in the picture.
func (c *canvas) frame(p pt) pt {
	return pt{(p.x-Width/2)*c.zoom + Width/2 + c.dx, (p.y-Height/2)*c.zoom + Height/2 + c.dy}
}

func rgb(hex uint32) color.RGBA {
	return color.RGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 255}
}

// mix is a colour between a and b.
func mix(a, b color.RGBA, t float64) color.RGBA {
	f := func(x, y uint8) uint8 { return uint8(float64(x) + (float64(y)-float64(x))*t + 0.5) }
	return color.RGBA{f(a.R, b.R), f(a.G, b.G), f(a.B, b.B), 255}
}

func dark(c color.RGBA) color.RGBA  { return mix(c, rgb(0x1c2526), 0.25) }
func light(c color.RGBA) color.RGBA { return mix(c, rgb(0xffffff), 0.35) }

type pt struct{ x, y float64 }

// path fills a closed outline.
func (c *canvas) path(col color.RGBA, scene []pt) {
	pts := make([]pt, len(scene))
	for i, p := range scene {
		pts[i] = c.frame(p)
	}
	if pts = cut(pts); len(pts) < 3 {
		return
	}
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for i, p := range pts {
		p = pt{min(max(p.x, 0), Width), min(max(p.y, 0), Height)} // cutting rounds
		pts[i] = p
		x0, y0, x1, y1 = min(x0, p.x), min(y0, p.y), max(x1, p.x), max(y1, p.y)
	}
	box := image.Rect(int(math.Floor(x0)), int(math.Floor(y0)), int(math.Ceil(x1)), int(math.Ceil(y1)))
	z := vector.NewRasterizer(box.Dx(), box.Dy())
	for i, p := range pts {
		x, y := float32(p.x-float64(box.Min.X)), float32(p.y-float64(box.Min.Y))
		if i == 0 {
			z.MoveTo(x, y)
		} else {
			z.LineTo(x, y)
		}
	}
	z.ClosePath()
	z.Draw(c.img, box, image.NewUniform(col), image.Point{})
}

// cut keeps what of an outline lies inside the picture, one edge of the frame after the other.
func cut(pts []pt) []pt {
	for _, side := range []func(pt) float64{
		func(p pt) float64 { return p.x }, func(p pt) float64 { return Width - p.x },
		func(p pt) float64 { return p.y }, func(p pt) float64 { return Height - p.y },
	} {
		var out []pt
		for i, p := range pts {
			q := pts[(i+1)%len(pts)]
			a, b := side(p), side(q)
			if a >= 0 {
				out = append(out, p)
			}
			if (a < 0) != (b < 0) {
				t := a / (a - b)
				out = append(out, pt{p.x + (q.x-p.x)*t, p.y + (q.y-p.y)*t})
			}
		}
		pts = out
	}
	return pts
}

func (c *canvas) poly(col color.RGBA, xy ...float64) {
	pts := make([]pt, 0, len(xy)/2)
	for i := 0; i+1 < len(xy); i += 2 {
		pts = append(pts, pt{xy[i], xy[i+1]})
	}
	c.path(col, pts)
}

func (c *canvas) rect(x, y, w, h float64, col color.RGBA) {
	c.poly(col, x, y, x+w, y, x+w, y+h, x, y+h)
}

// round is a rectangle with round corners.
func (c *canvas) round(x, y, w, h, rad float64, col color.RGBA) {
	rad = min(rad, w/2, h/2)
	var pts []pt
	for i, o := range []pt{{x + w - rad, y + rad}, {x + w - rad, y + h - rad}, {x + rad, y + h - rad}, {x + rad, y + rad}} {
		for k := range 9 {
			a := (float64(i)-1)*math.Pi/2 + float64(k)/8*math.Pi/2
			pts = append(pts, pt{o.x + rad*math.Cos(a), o.y + rad*math.Sin(a)})
		}
	}
	c.path(col, pts)
}

func (c *canvas) oval(cx, cy, rx, ry float64, col color.RGBA) {
	var pts []pt
	for k := range 40 {
		a := float64(k) / 40 * 2 * math.Pi
		pts = append(pts, pt{cx + rx*math.Cos(a), cy + ry*math.Sin(a)})
	}
	c.path(col, pts)
}

// shade fills a band from one colour to another, downwards.
func (c *canvas) shade(y0, y1 int, from, to color.RGBA) {
	y0, y1 = int(c.frame(pt{0, float64(y0)}).y), int(c.frame(pt{0, float64(y1)}).y)+1
	for y := max(y0, 0); y < min(y1, Height); y++ {
		col := mix(from, to, float64(y-y0)/float64(y1-y0))
		row := c.img.Pix[y*c.img.Stride : (y+1)*c.img.Stride]
		for i := 0; i < len(row); i += 4 {
			row[i], row[i+1], row[i+2], row[i+3] = col.R, col.G, col.B, 255
		}
	}
}

// between is a number from a to b.
func (c *canvas) between(a, b float64) float64 { return a + c.r.Float64()*(b-a) }

func (c *canvas) color(list ...uint32) color.RGBA { return rgb(list[c.r.IntN(len(list))]) }

// The colours of the four bins: food waste, recyclables, hazardous waste, residual waste.
var streams = []color.RGBA{rgb(0x3d8f5f), rgb(0x2f6fb3), rgb(0xc64a41), rgb(0x70777b)}

// bin is a wheeled bin that stands on y.
func (c *canvas) bin(x, y, w float64, col color.RGBA) {
	h := w * 1.35
	c.oval(x+w/2, y, w*0.62, w*0.09, mix(col, rgb(0x2b3133), 0.8))
	c.poly(col, x+w*0.04, y-h, x+w*0.96, y-h, x+w*0.88, y-w*0.06, x+w*0.12, y-w*0.06)
	c.poly(dark(col), x+w*0.72, y-h, x+w*0.96, y-h, x+w*0.88, y-w*0.06, x+w*0.7, y-w*0.06)
	c.round(x-w*0.04, y-h-w*0.12, w*1.08, w*0.17, w*0.06, dark(col))
	c.round(x-w*0.02, y-h-w*0.14, w*1.04, w*0.1, w*0.05, light(col))
	c.oval(x+w*0.45, y-h*0.55, w*0.17, w*0.17, rgb(0xf4f6f4))
	c.poly(col, x+w*0.45, y-h*0.55-w*0.1, x+w*0.55, y-h*0.55+w*0.07, x+w*0.35, y-h*0.55+w*0.07)
	c.oval(x+w*0.2, y-w*0.02, w*0.08, w*0.08, rgb(0x2b3133))
	c.oval(x+w*0.8, y-w*0.02, w*0.08, w*0.08, rgb(0x2b3133))
}

// someone stands on y with the height h.
func (c *canvas) someone(x, y, h float64, coat color.RGBA, vest bool) {
	skin := c.color(0xe8c39e, 0xdcb08a, 0xefcfae)
	hair := c.color(0x2a2422, 0x3a302b, 0x6d6a68)
	trousers := c.color(0x39424b, 0x4a5560, 0x5a4f48, 0x2f3a44)
	head := h * 0.085
	c.oval(x, y, h*0.16, h*0.02, rgb(0x7b837f))
	c.round(x-h*0.085, y-h*0.48, h*0.075, h*0.48, h*0.03, trousers)
	c.round(x+h*0.01, y-h*0.48, h*0.075, h*0.48, h*0.03, trousers)
	c.round(x-h*0.155, y-h*0.8, h*0.07, h*0.36, h*0.03, dark(coat))
	c.round(x+h*0.085, y-h*0.8, h*0.07, h*0.36, h*0.03, dark(coat))
	c.round(x-h*0.115, y-h*0.83, h*0.23, h*0.4, h*0.06, coat)
	if vest {
		c.round(x-h*0.1, y-h*0.82, h*0.2, h*0.3, h*0.04, rgb(0xc9483c))
		c.rect(x-h*0.1, y-h*0.64, h*0.2, h*0.02, rgb(0xf3e6b8))
	}
	c.rect(x-head*0.4, y-h*0.87, head*0.8, h*0.06, skin)
	c.oval(x, y-h*0.92, head*0.85, head, skin)
	c.path(hair, halfOval(x, y-h*0.93, head*0.92, head*1.02))
}

// halfOval is the upper half of an oval.
func halfOval(cx, cy, rx, ry float64) []pt {
	var out []pt
	for k := range 21 {
		a := math.Pi + float64(k)/20*math.Pi
		out = append(out, pt{cx + rx*math.Cos(a), cy + ry*math.Sin(a)})
	}
	return out
}

func (c *canvas) tree(x, y, h float64) {
	leaf := c.color(0x6f9d6a, 0x86ab6c, 0x5f8d72, 0xa8ab63)
	c.rect(x-h*0.03, y-h*0.45, h*0.06, h*0.45, rgb(0x7a6350))
	c.oval(x, y-h*0.65, h*0.27, h*0.34, leaf)
	c.oval(x-h*0.12, y-h*0.52, h*0.2, h*0.2, dark(leaf))
	c.oval(x+h*0.1, y-h*0.74, h*0.16, h*0.18, light(leaf))
}

// houses are blocks of flats on a horizon.
func (c *canvas) houses(y float64, from, to float64) {
	for x := from; x < to; {
		w, h := c.between(70, 140), c.between(120, 300)
		wall := mix(c.color(0xd9d0c3, 0xc9d2d4, 0xdfd9c8, 0xd2c4bb), rgb(0xdde6ea), 0.35)
		c.rect(x, y-h, w, h, wall)
		c.rect(x, y-h, w, 8, dark(wall))
		for wy := y - h + 24; wy < y-30; wy += 36 {
			for wx := x + 12; wx < x+w-18; wx += 28 {
				c.rect(wx, wy, 15, 20, mix(wall, rgb(0x6f8794), 0.55))
			}
		}
		x += w + c.between(-6, 30)
	}
}

// poster is a sheet with four coloured fields and lines of text.
func (c *canvas) poster(x, y, w, h float64) {
	c.round(x, y, w, h, 4, rgb(0xfbfaf5))
	c.rect(x, y, w, h*0.16, c.color(0x3d7f76, 0x2f6fb3, 0xb8683c))
	for i, s := range streams {
		c.round(x+w*(0.06+0.235*float64(i)), y+h*0.24, w*0.18, h*0.26, 3, s)
	}
	for k := range 4 {
		c.rect(x+w*0.08, y+h*(0.6+0.09*float64(k)), w*c.between(0.5, 0.84), h*0.03, rgb(0xb9bdb8))
	}
}

// Draw draws a scene by its name; one it does not know is a tent. The same r gives the same picture.
func Draw(scene string, stream int, r *rand.Rand) image.Image {
	c := newCanvas(r)
	c.stream = stream
	f, ok := scenes[scene]
	if !ok {
		f = (*canvas).tent
	}
	f(c)
	if r.IntN(2) == 0 {
		c.mirror()
	}
	c.vignette()
	return c.img
}

// mirror turns the picture left to right: there is no writing in it.
func (c *canvas) mirror() {
	for y := range Height {
		row := c.img.Pix[y*c.img.Stride : y*c.img.Stride+4*Width]
		for a, b := 0, 4*(Width-1); a < b; a, b = a+4, b-4 {
			for k := range 4 {
				row[a+k], row[b+k] = row[b+k], row[a+k]
			}
		}
	}
}

// vignette darkens the corners a little, as lenses do.
func (c *canvas) vignette() {
	for y := range Height {
		dy := float64(y-Height/2) / (Height / 2)
		for x := range Width {
			dx := float64(x-Width/2) / (Width / 2)
			if q := dx*dx + dy*dy; q > 0.7 {
				k := 256 - int((q-0.7)*42)
				p := c.img.Pix[y*c.img.Stride+4*x:]
				p[0], p[1], p[2] = uint8(int(p[0])*k>>8), uint8(int(p[1])*k>>8), uint8(int(p[2])*k>>8)
			}
		}
	}
}

// Names are all scenes there are, in no order.
func Names() []string {
	out := make([]string, 0, len(scenes))
	for s := range scenes {
		out = append(out, s)
	}
	return out
}
