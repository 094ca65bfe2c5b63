package scene

import "math"

// scenes are what the pictures show.
var scenes = map[string]func(*canvas){
	"tent": (*canvas).tent, "bins": (*canvas).bins, "class": (*canvas).class, "meeting": (*canvas).meeting, "door": (*canvas).door,
	"truck": (*canvas).truck, "station": (*canvas).station, "board": (*canvas).board, "compost": (*canvas).compost, "base": (*canvas).hall,
}

// outside is sky, houses and ground; it returns the height of the horizon.
func (c *canvas) outside(town bool) float64 {
	y := c.between(390, 450)
	c.shade(0, int(y), c.color(0xa9cbe0, 0xbfd5df, 0xcfdbe0, 0xe5dccb), c.color(0xeaf1f2, 0xf4efe4))
	if town {
		c.houses(y, c.between(-60, 0), 980)
	} else {
		for k := range 3 {
			c.oval(c.between(0, 960), y+60, c.between(260, 520), c.between(120, 210)-float64(k)*30,
				mix(c.color(0x9fb8a0, 0xafc1a2), rgb(0xdfe8e8), 0.5-float64(k)*0.2))
		}
	}
	for range 3 + c.r.IntN(3) {
		c.tree(c.between(0, 960), y+c.between(4, 22), c.between(110, 190))
	}
	ground := c.color(0xc9c6bc, 0xbfc2be, 0xd3cbbd)
	if !town {
		ground = c.color(0xa9b78d, 0xb7b58f, 0xc2b795)
	}
	c.shade(int(y), Height, light(ground), dark(ground))
	return y
}

func (c *canvas) tent() {
	c.outside(true)
	x, y, w := c.between(150, 330), c.between(560, 610), c.between(400, 500)
	top := y - c.between(330, 370)
	a, b := c.color(0x2f7d6f, 0xb8433a, 0x2f6fb3, 0xd08a3c), rgb(0xf5f2ea)
	for _, px := range []float64{x, x + w - 8} {
		c.rect(px, top, 8, y-top, rgb(0x8b9296))
	}
	n := 8
	for i := range n {
		col := a
		if i%2 == 1 {
			col = b
		}
		l, r := x-20+(w+40)*float64(i)/float64(n), x-20+(w+40)*float64(i+1)/float64(n)
		c.poly(col, x+w*0.16+(w*0.68)*float64(i)/float64(n), top-70, x+w*0.16+(w*0.68)*float64(i+1)/float64(n), top-70, r, top+8, l, top+8)
		c.poly(dark(col), l, top+8, r, top+8, r-4, top+34, (l+r)/2, top+42, l+4, top+34)
	}
	people := 2 + c.r.IntN(2)
	for i := range people {
		c.someone(x+w*(0.28+0.26*float64(i)), y-24, c.between(225, 250), c.color(0x6d8fa8, 0xd9b76b, 0x8f7aa0, 0x7ea387), true)
	}
	c.rect(x+w*0.1, y-110, w*0.8, 18, rgb(0xf1ede2))
	c.poly(a, x+w*0.1, y-94, x+w*0.9, y-94, x+w*0.92, y, x+w*0.08, y)
	for i, s := range streams {
		c.round(x+w*(0.2+0.16*float64(i)), y-72, w*0.1, 46, 5, s)
	}
	for i := range 4 {
		c.rect(x+w*(0.16+0.18*float64(i)), y-128, 34, 18, c.color(0xfbfaf5, 0xe7d9b0, 0xcfe0d3))
	}
	for i := range 2 + c.r.IntN(3) {
		c.someone(x+w+70+float64(i)*62, y+30+c.between(0, 50), c.between(215, 260), c.color(0xa86f5a, 0x5f7f8f, 0xb7a36d, 0x7d6f8a, 0x4f7d6d), false)
	}
	if x > 220 {
		c.bin(60, y+40, 70, streams[c.r.IntN(2)])
	}
}

func (c *canvas) bins() {
	wall := c.color(0xdcd8cc, 0xcdd6d6, 0xe3dccb, 0xd6cfc9)
	c.shade(0, 470, light(wall), wall)
	c.shade(470, Height, rgb(0xc2c0b8), rgb(0x9da09c))
	for x := 0.0; x < 960; x += 80 {
		c.rect(x, 440, 78, 30, dark(wall))
	}
	roof := c.color(0x2f7d6f, 0x3b6a8f, 0x7a8a8f)
	c.poly(roof, 60, 120, 900, 120, 945, 176, 15, 176)
	c.rect(15, 176, 930, 14, dark(roof))
	c.rect(70, 190, 14, 390, rgb(0x8b9296))
	c.rect(876, 190, 14, 390, rgb(0x8b9296))
	for i := range 3 {
		c.poster(150+float64(i)*230, 215, 200, 130)
	}
	w, x := c.between(125, 150), c.between(120, 160)
	turned := c.r.IntN(4) == 0 // some points begin with the grey one
	for i := range 4 {
		k := i
		if turned {
			k = 3 - i
		}
		c.bin(x+float64(i)*(w+34), 600, w, streams[k])
	}
	if c.r.IntN(2) == 0 {
		c.someone(c.between(790, 850), 660, c.between(300, 330), c.color(0x6d8fa8, 0xa86f5a, 0x7ea387), c.r.IntN(2) == 0)
	}
}

func (c *canvas) class() {
	wall := c.color(0xe9e4d6, 0xdfe7e4, 0xefe6d8)
	c.shade(0, Height, light(wall), wall)
	c.rect(0, 560, 960, 160, c.color(0xc8a982, 0xb9b3a6))
	c.round(150, 80, 560, 250, 6, rgb(0x8a6a4b))
	c.rect(162, 92, 536, 226, c.color(0x2f5d50, 0x35594f))
	for i, s := range streams {
		x := 190 + float64(i)*128
		c.round(x, 126, 100, 70, 6, rgb(0xf4f3ea))
		c.round(x+14, 140, 72, 42, 4, s)
		for k := range 3 {
			c.rect(x+8, 216+float64(k)*22, c.between(50, 84), 5, rgb(0xcfdcd4))
		}
	}
	c.rect(780, 70, 150, 220, rgb(0xb9d4e3))
	c.rect(852, 70, 6, 220, rgb(0xf6f4ee))
	c.rect(780, 176, 150, 6, rgb(0xf6f4ee))
	c.someone(c.between(745, 790), 520, 300, c.color(0xa85a52, 0x4f7d8f, 0x7a6f9a), false)
	coats := []uint32{0x4f86b0, 0xd98c5f, 0x77a36f, 0xc7b35a, 0x9a7fae}
	for row := range 3 {
		y, size := 500+float64(row)*90, 30+float64(row)*9
		n := 7 - row
		for i := range n {
			x := 480 + (float64(i)-float64(n-1)/2)*(96+float64(row)*26) + c.between(-8, 8)
			coat := rgb(coats[c.r.IntN(len(coats))])
			c.round(x-size*1.1, y+size*0.6, size*2.2, size*2.4, size*0.7, coat)
			c.oval(x, y, size*0.82, size*0.95, rgb(0x2a2422))
			if c.r.IntN(5) == 0 { // a hand up
				c.round(x+size*1.1, y-size*1.5, size*0.36, size*2.6, size*0.18, coat)
				c.oval(x+size*1.28, y-size*1.6, size*0.26, size*0.3, rgb(0xe8c39e))
			}
		}
		c.rect(0, y+size*2.2, 960, 14, rgb(0xd9b98e))
		c.rect(0, y+size*2.2+14, 960, 8, rgb(0xb08f66))
	}
}

func (c *canvas) meeting() {
	wall := c.color(0xe6e2d8, 0xd9e0e0, 0xe8e0d4)
	c.shade(0, 470, light(wall), wall)
	c.shade(470, Height, rgb(0xb8a894), rgb(0x98897a))
	c.rect(250, 60, 460, 250, rgb(0x5c6669))
	c.rect(260, 70, 440, 230, rgb(0xf7f8f5))
	c.rect(260, 70, 440, 40, c.color(0x2f7d6f, 0x2f6fb3, 0x9d4a3f))
	for i, s := range streams {
		c.round(292+float64(i)*102, 140, 80, 80, 8, s)
		c.rect(292+float64(i)*102, 236, 80, 8, rgb(0xc3c9c6))
		c.rect(292+float64(i)*102, 254, c.between(40, 80), 8, rgb(0xd6dad7))
	}
	c.rect(0, 40, 140, 300, rgb(0xc6d9e2))
	c.rect(66, 40, 8, 300, rgb(0xf6f4ee))
	c.someone(c.between(760, 820), 470, 290, c.color(0x3f5566, 0x7a4f45, 0x4a6a5a), false)
	for side := range 2 {
		for i := range 4 {
			t := float64(i) / 3
			x := 300 - t*190
			if side == 1 {
				x = 660 + t*190
			}
			y, size := 420+t*120, 26+t*18
			c.round(x-size*1.2, y+size*0.7, size*2.4, size*3, size*0.8, c.color(0x6d8fa8, 0xa86f5a, 0x5f6f7a, 0x7ea387, 0x8f8570))
			c.oval(x, y, size*0.85, size, rgb(0xe3bd98))
			c.path(rgb(0x2f2926), halfOval(x, y-size*0.05, size*0.92, size*1.05))
		}
	}
	table := c.color(0xa57e58, 0x8f6a4c, 0xb59570)
	c.poly(table, 390, 430, 570, 430, 770, 720, 190, 720)
	c.poly(light(table), 400, 440, 560, 440, 740, 700, 220, 700)
	for i := range 5 {
		t := float64(i) / 4
		c.round(360-t*70, 470+t*180, 46+t*20, 28+t*14, 3, rgb(0xfbfaf5))
		c.round(548+t*60, 470+t*180, 46+t*20, 28+t*14, 3, rgb(0xfbfaf5))
	}
}

func (c *canvas) door() {
	wall := c.color(0xe4ded0, 0xd8dedb, 0xe8dccb)
	c.shade(0, 560, light(wall), wall)
	c.rect(0, 380, 960, 180, mix(wall, rgb(0x7fa193), 0.4))
	c.shade(560, Height, rgb(0xbdb7ab), rgb(0x97938b))
	door := c.color(0x7d4a39, 0x4f5f68, 0x6a5642, 0x8a3f38)
	x := c.between(420, 520)
	c.rect(x-14, 116, 268, 448, dark(door))
	c.rect(x, 130, 240, 434, rgb(0xf3e3c2))
	c.poly(door, x+240, 130, x+330, 160, x+330, 600, x+240, 564)
	c.poly(rgb(0xc23b34), x-70, 150, x-30, 150, x-30, 190, x-50, 206, x-70, 190)
	c.rect(150, 150, 110, 150, rgb(0xb3cad3))
	c.rect(202, 150, 6, 150, rgb(0xf6f4ee))
	c.someone(x+120, 590, 340, c.color(0xc78f6a, 0x8f7aa0, 0x6f9a8a, 0xb7a36d), false)
	c.someone(x-110, 640, 370, c.color(0x5f7f8f, 0x6d6f8a), true)
	if c.r.IntN(2) == 0 {
		c.someone(x-230, 655, 360, c.color(0x7ea387, 0xa86f5a), true)
	}
	for i, s := range []int{0, 3, 1} { // the kit: two small bins and a bag
		c.bin(x-20+float64(i)*54, 676, 46, streams[s])
	}
}

func (c *canvas) truck() {
	y := c.outside(true)
	c.shade(int(y)+40, Height, rgb(0x8f9496), rgb(0x74797b))
	for x := c.between(-40, 20); x < 960; x += 170 {
		c.rect(x, 660, 90, 8, rgb(0xe3e1d6))
	}
	s := streams[c.stream]
	body := c.color(0xf1f2ee, 0xe6ebe8)
	x, base := c.between(110, 190), 600.0
	c.oval(x+330, base+22, 360, 20, rgb(0x5d6264))
	c.round(x, base-270, 460, 250, 16, body)
	c.rect(x, base-120, 460, 54, s)
	c.round(x+40, base-238, 120, 86, 8, s)
	for i := range 3 {
		c.rect(x+190, base-226+float64(i)*24, c.between(130, 230), 10, mix(body, rgb(0x8f9a98), 0.5))
	}
	c.poly(dark(body), x, base-270, x-46, base-190, x-46, base-60, x, base-20)
	c.path(s, []pt{{x + 474, base - 20}, {x + 474, base - 200}, {x + 560, base - 200}, {x + 630, base - 110}, {x + 640, base - 20}})
	c.path(rgb(0xa9c8d6), []pt{{x + 500, base - 180}, {x + 552, base - 180}, {x + 604, base - 112}, {x + 500, base - 112}})
	c.rect(x-10, base-24, 660, 20, rgb(0x3a4143))
	for _, wx := range []float64{x + 90, x + 180, x + 550} {
		c.oval(wx, base, 46, 46, rgb(0x2a2f31))
		c.oval(wx, base, 20, 20, rgb(0xb4babb))
	}
	if c.r.IntN(2) == 0 {
		c.someone(x-70, base+40, 240, rgb(0xd9772f), false)
	}
}

func (c *canvas) station() {
	c.outside(false)
	wall := c.color(0xdfe3e0, 0xd3dad9, 0xe6e1d5)
	c.poly(c.color(0x3b6a8f, 0x2f7d6f), 70, 200, 890, 200, 930, 250, 30, 250)
	c.rect(50, 250, 860, 310, wall)
	for i := range 3 {
		x := 100 + float64(i)*270
		c.rect(x, 310, 210, 250, rgb(0x4a5355))
		for k := range 5 + c.r.IntN(3) {
			c.rect(x, 310+float64(k)*16, 210, 12, rgb(0xaab2b1))
		}
		c.round(x+60, 268, 90, 30, 4, streams[[]int{0, 3, 1}[i]])
	}
	c.shade(560, Height, rgb(0xb4b4ad), rgb(0x8f918d))
	for x := 0.0; x < 960; x += 60 {
		c.poly(rgb(0xd9b74a), x, 566, x+30, 566, x+18, 582, x-12, 582)
	}
	x := c.between(120, 520)
	c.round(x, 480, 190, 130, 10, rgb(0xf1f2ee))
	c.rect(x, 550, 190, 26, streams[0])
	c.path(streams[0], []pt{{x + 196, 610}, {x + 196, 520}, {x + 240, 520}, {x + 274, 566}, {x + 278, 610}})
	for _, wx := range []float64{x + 50, x + 230} {
		c.oval(wx, 616, 24, 24, rgb(0x2a2f31))
		c.oval(wx, 616, 10, 10, rgb(0xb4babb))
	}
	c.someone(c.between(620, 860), 670, 200, rgb(0xd9772f), false)
}

func (c *canvas) board() {
	y := c.outside(c.r.IntN(3) > 0)
	frame := c.color(0x7a8589, 0x6a5642, 0x3d6b61)
	x, w := c.between(90, 180), c.between(600, 680)
	c.rect(x+40, 300, 18, 330, dark(frame))
	c.rect(x+w-58, 300, 18, 330, dark(frame))
	c.poly(dark(frame), x-20, 190, x+w+20, 190, x+w+50, 226, x-50, 226)
	c.round(x, 226, w, 270, 8, frame)
	c.rect(x+16, 242, w-32, 238, rgb(0xe9efec))
	n := 3.0
	for i := range 3 {
		c.poster(x+30+float64(i)*(w-40)/n, 258, (w-40)/n-24, 206)
	}
	for range c.r.IntN(3) {
		c.someone(c.between(100, 860), c.between(640, 690), c.between(220, 260), c.color(0xa86f5a, 0x5f7f8f, 0xb7a36d), c.r.IntN(3) == 0)
	}
	for k := range 14 {
		c.oval(float64(k)*72+c.between(-20, 20), y+270, c.between(30, 60), c.between(16, 30), c.color(0x7fa070, 0x93ad77, 0x6d9170))
	}
}

func (c *canvas) compost() {
	y := c.outside(false)
	for k := range 6 { // fields
		c.poly(mix(c.color(0xb9b26f, 0x9db474, 0xc7b987), rgb(0x8fa36c), 0.3), 0, y+float64(k)*26, 960, y+float64(k)*20, 960, y+float64(k)*20+12, 0,
			y+float64(k)*26+14)
	}
	x, w, base := c.between(170, 260), c.between(440, 520), 590.0
	brick := c.color(0xb5795a, 0xc2b8a8, 0xa86b52)
	c.oval(x+w/2, base+4, w*0.56, 18, rgb(0x7f8468))
	c.rect(x, base-150, w, 150, brick)
	for r := range 7 {
		for b := -1.0; b < w/44; b++ {
			bx := x + b*44 + float64(r%2)*22
			if bx >= x && bx+40 <= x+w {
				c.rect(bx, base-146+float64(r)*21, 40, 17, light(brick))
			}
		}
	}
	glass := rgb(0xbcd9df)
	c.poly(glass, x-20, base-150, x+w+20, base-150, x+w*0.86, base-270, x+w*0.14, base-270)
	for i := range 7 {
		t := float64(i) / 6
		c.poly(rgb(0x8b9a9c), x-20+(w+40)*t-3, base-150, x-20+(w+40)*t+3, base-150, x+w*(0.14+0.72*t)+2, base-270, x+w*(0.14+0.72*t)-2, base-270)
	}
	for i := range 3 {
		dx := x + 36 + float64(i)*(w-60)/3
		c.rect(dx, base-104, (w-60)/3-30, 104, rgb(0x59635c))
		c.rect(dx+6, base-98, (w-60)/3-42, 92, streams[0])
	}
	c.someone(x+w+70, base+40, 230, c.color(0x5f7f8f, 0xa86f5a), c.r.IntN(2) == 0)
	c.bin(x-110, base+30, 74, streams[0])
}

func (c *canvas) hall() {
	wall := c.color(0xe9ece8, 0xe3e6ea, 0xf0ebe0)
	c.shade(0, 500, light(wall), wall)
	c.shade(500, Height, rgb(0xc9bfae), rgb(0xa59c8d))
	for i := range 6 {
		c.oval(110+float64(i)*150, 30, 34, 10, rgb(0xfffbe8))
	}
	for i, s := range streams {
		x := 60 + float64(i)*215
		c.round(x, 110, 190, 330, 10, s)
		c.round(x+18, 130, 154, 100, 6, light(light(s)))
		for k := range 5 {
			c.rect(x+22, 256+float64(k)*28, c.between(80, 146), 9, light(s))
		}
		a := c.between(0, math.Pi)
		c.oval(x+95+30*math.Cos(a), 180, 34, 34, s)
	}
	c.round(330, 470, 300, 90, 10, rgb(0xf6f4ee))
	for i := range 4 {
		c.bin(352+float64(i)*68, 478, 40, streams[i])
	}
	for i := range 5 + c.r.IntN(4) {
		c.someone(70+float64(i)*105+c.between(-18, 18), 640+c.between(0, 50), c.between(210, 270),
			c.color(0xa86f5a, 0x5f7f8f, 0xb7a36d, 0x7d6f8a, 0x4f7d6d, 0xc9a13f), i == 0)
	}
}
