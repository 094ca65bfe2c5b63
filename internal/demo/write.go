package demo

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sifen/internal/sheet"
)

// Write writes the year as the files a district would hand in, below DIR/in: units.csv, one workbook per kind, month and
// sender with its photos beside it, and order.csv, which says who hands in what and when. The same bytes every time.
func Write(dir string) (*Plan, error) {
	p := Make()
	p.dir = filepath.Join(dir, "in")
	all, err := kinds()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(p.dir, 0o750); err != nil {
		return nil, fmt.Errorf("make the folder of the demonstration: %w", err)
	}
	if err := p.write("units.csv", p.unitsCSV()); err != nil {
		return nil, err
	}
	order := [][]string{{"file", "kind", "sender", "unit", "at", "rows"}}
	drawn := map[*Photo][]byte{}
	for _, b := range p.Books {
		raw, err := b.bytes(all[b.Kind])
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", b.File, err)
		}
		if err := p.write(b.File, raw); err != nil {
			return nil, err
		}
		order = append(order, []string{b.File, b.Kind, b.Sender.Login, b.Sender.Unit.Name, b.At.Format("2006-01-02 15:04:05"), fmt.Sprint(len(b.Rows))})
		for _, r := range b.Rows {
			for _, ph := range r.Photos {
				if drawn[ph] == nil {
					if drawn[ph], err = ph.bytes(); err != nil {
						return nil, err
					}
				}
				if err := p.write(filepath.Join(filepath.Dir(b.File), ph.Name), drawn[ph]); err != nil {
					return nil, err
				}
			}
		}
	}
	return p, p.write("order.csv", table(order))
}

func (p *Plan) write(name string, raw []byte) error {
	path := filepath.Join(p.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("make the folder of %s: %w", name, err)
	}
	if err := os.WriteFile(path, raw, 0o640); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// unitsCSV is what the unit import reads; the district itself is there already.
func (p *Plan) unitsCSV() []byte {
	rows := [][]string{{"code", "name", "type", "parent", "line", "户数（户）", "场所类别", "城乡属性"}}
	for _, u := range p.Units[1:] {
		parent, line := "", ""
		switch {
		case u.Parent.Parent == nil: // the import puts it under the district
		case u.Parent.Code != "":
			parent = u.Parent.Code
		default:
			parent = u.Parent.Name
		}
		if u.Line != nil {
			line = u.Line.Name
		}
		rows = append(rows, []string{u.Code, u.Name, u.Type, parent, line, u.homes(), u.sector(), u.area()})
	}
	return table(rows)
}

// homes are the households of an estate, as the list of units says them.
func (u *Unit) homes() string {
	if u.Households == 0 {
		return ""
	}
	return fmt.Sprint(u.Households)
}

// sector is what sort of place a unit is that is no area.
func (u *Unit) sector() string {
	switch {
	case u.Type == "estate":
		return "居民小区"
	case u.Type == "school":
		return "教育机构"
	case u.Type != "institution":
		return ""
	case strings.Contains(u.Name, "医院") || strings.Contains(u.Name, "卫生"):
		return "医疗机构"
	case strings.Contains(u.Name, "市场"):
		return "农贸市场"
	}
	return "公共机构"
}

// area is whether an area is a town's or the country's.
func (u *Unit) area() string {
	switch {
	case u.Type == "village" || u.Type == "street" && strings.HasSuffix(u.Name, "镇"):
		return "涉农"
	case u.Type == "street" || u.Type == "zone" || u.Type == "community":
		return "城区"
	}
	return ""
}

func table(rows [][]string) []byte {
	var out bytes.Buffer
	_ = sheet.WriteRows(&out, rows) // a buffer takes everything
	return out.Bytes()
}

// Photos are the pictures, each once.
func (p *Plan) Photos() []*Photo { return p.photos }
