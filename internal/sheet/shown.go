package sheet

import (
	"archive/zip"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"sifen/internal/unit"
)

// format is what a cell's number format makes of a number.
type format struct {
	kind     formatKind
	struck   bool   // shown with a line through it
	clock    bool   // a day with a time
	coarse   string // of a day of which only the month or the year is shown: how
	decimals int    // of a percentage
	zeros    int    // width of a number filled up with zeros
	behind   string // a unit that stands behind the number
}

type formatKind uint8

// How a day stands that the sheet shows as its month or its year: nobody said which day.
const (
	ofMonth = "2006年1月"
	ofYear  = "2006年"
)

const (
	plain formatKind = iota
	day
	clockOnly
	percent
	zeros
	unitBehind
)

// formats reads which number format each cell style of a workbook has. A workbook without styles has none.
func formats(z *zip.Reader) []format {
	var styles struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Fonts []struct {
			Strike *struct {
				Val string `xml:"val,attr"`
			} `xml:"strike"`
		} `xml:"fonts>font"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
			Font   int `xml:"fontId,attr"`
		} `xml:"cellXfs>xf"`
	}
	main, rels, err := mainPart(z)
	if err != nil {
		return nil
	}
	part := ""
	for _, r := range rels {
		if strings.HasSuffix(r.Type, "/styles") {
			part = r.part(main)
		}
	}
	if part == "" || decodePart(z, part, &styles) != nil {
		return nil
	}
	codes := map[int]string{}
	for _, f := range styles.Formats {
		codes[f.ID] = f.Code
	}
	out := make([]format, len(styles.Cells))
	for i, c := range styles.Cells {
		if code, ok := codes[c.Format]; ok {
			out[i] = formatOf(code)
		} else {
			out[i] = builtIn(c.Format)
		}
		if c.Font < len(styles.Fonts) {
			line := styles.Fonts[c.Font].Strike
			out[i].struck = line != nil && line.Val != "0" && line.Val != "false"
		}
	}
	return out
}

// builtIn are the formats that files do not spell out; those of 27 to 58 are the days and times of East Asian editions.
func builtIn(id int) format {
	switch {
	case id == 9:
		return format{kind: percent}
	case id == 10:
		return format{kind: percent, decimals: 2}
	case id == 22:
		return format{kind: day, clock: true}
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47, id == 55, id == 56:
		return format{kind: clockOnly}
	case id == 17, id == 27, id == 36, id == 50, id == 52, id == 57: // yyyy"年"m"月"
		return format{kind: day, coarse: ofMonth}
	case id >= 14 && id <= 16, id >= 28 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return format{kind: day}
	}
	return format{}
}

// formatOf reads a format code as far as it changes what is read: days, times, percentages, leading zeros.
func formatOf(code string) format {
	code, _, _ = strings.Cut(code, ";")
	var b strings.Builder // without quoted text, escapes and [colours]
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '"':
			for i++; i < len(code) && code[i] != '"'; i++ {
				continue
			}
		case '\\', '_', '*':
			i++
		case '[':
			start := i
			for i++; i < len(code) && code[i] != ']'; i++ {
				continue
			}
			if inner := strings.ToLower(code[start+1 : min(i, len(code))]); strings.Trim(inner, "hms") == "" && inner != "" {
				b.WriteByte('h') // [h]:mm counts hours
			}
		default:
			b.WriteByte(code[i])
		}
	}
	s := strings.ToLower(b.String())
	s = strings.ReplaceAll(s, "general", "")
	hasDay, hasClock := strings.ContainsAny(s, "yd") || strings.Contains(s, "m") && !strings.ContainsAny(s, "hs"), strings.ContainsAny(s, "hs")
	switch {
	case hasDay:
		f := format{kind: day, clock: hasClock}
		switch {
		case strings.Contains(s, "d") || hasClock:
		case strings.Contains(s, "m"):
			f.coarse = ofMonth
		default:
			f.coarse = ofYear
		}
		return f
	case hasClock:
		return format{kind: clockOnly}
	case strings.Contains(s, "%"):
		_, after, _ := strings.Cut(s, ".")
		return format{kind: percent, decimals: strings.Count(after, "0")}
	case len(s) > 1 && strings.Trim(s, "0") == "":
		return format{kind: zeros, zeros: len(s)}
	}
	// 0"万元" shows a unit; 0!.0,"万" divides before it does, and the number stands for itself
	if behind := strings.Trim(strings.TrimLeft(code, "0#?,._ -"), "\"\\ "); behind != "" && !strings.ContainsAny(code, "!") {
		digits := code[:len(code)-len(strings.TrimLeft(code, "0#?,._ -"))]
		if m, ok := unit.MeasureOf(behind); ok && digits != "" && !strings.HasSuffix(digits, ",") && m.Size != nil {
			return format{kind: unitBehind, behind: behind}
		}
	}
	return format{}
}

// show writes a stored number as the sheet shows it, where that is another value or another text: a day instead of a
// serial number, 85% instead of 0.85, 00553123. Numbers that a program calculated lose the noise behind their fifteenth
// digit.
func (f format) show(raw string, date1904 bool) string {
	x, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
		return raw
	}
	switch f.kind {
	case day:
		t, err := fromSerial(int(math.Floor(x)), date1904)
		if err != nil || x < 0 {
			return raw
		}
		if f.coarse != "" {
			return t.Format(f.coarse)
		}
		if _, part := math.Modf(x); f.clock && part > 0 {
			t = t.Add(time.Duration(math.Round(part*1440)) * time.Minute)
			return t.Format("2006-01-02 15:04")
		}
		return t.Format("2006-01-02")
	case clockOnly:
		minutes := int(math.Round(x * 1440))
		if x < 0 || minutes > 1_000_000 {
			return raw
		}
		return fmt.Sprintf("%d:%02d", minutes/60, minutes%60)
	case percent:
		text := strconv.FormatFloat(x*100, 'f', f.decimals, 64)
		if exact := strconv.FormatFloat(x*100, 'g', 15, 64); !strings.Contains(exact, "e") {
			if _, after, _ := strings.Cut(exact, "."); len(after) > f.decimals {
				text = exact // 0.8567 shown as 86% is 85.67%
			}
		}
		return text + "%"
	case unitBehind:
		return strings.TrimSuffix(format{}.show(raw, date1904), ".0") + f.behind
	case zeros:
		if x == math.Trunc(x) && x >= 0 && x < 1e15 {
			return fmt.Sprintf("%0*d", f.zeros, int64(x))
		}
	}
	if significant(raw) > 15 && (strings.ContainsAny(raw, ".eE")) && math.Abs(x) < 1e15 && math.Abs(x) >= 1e-6 {
		if short := strconv.FormatFloat(x, 'g', 15, 64); !strings.ContainsAny(short, "e") {
			return short
		}
	}
	return raw
}
