package indicator

import (
	"bytes"
	"database/sql"
	"fmt"
	"net/url"
	"sort"
	"strings"

	"sifen/internal/db"
	"sifen/internal/digest"
	"sifen/internal/org"
	"sifen/internal/period"
)

// DigestLimit is the number of lines up to which a digest is made on demand.
const DigestLimit = 50_000

// DigestOf is the digest of a figure.
func (x *Query) DigestOf(key string, unit org.No, p period.Period) (string, error) {
	return kept(x, "digest", key, []org.No{unit}, []period.Period{p}, func() (string, error) {
		file, err := x.DigestFile(key, unit, p)
		return digest.Sum(file), err
	})
}

// DigestFile returns the bytes whose SHA-256 is the figure's digest: a head with the value and one line per counted
// part, sorted bytewise. A ratio, mean or formula is the concatenation of its terms' files.
func (x *Query) DigestFile(key string, unit org.No, p period.Period) ([]byte, error) {
	d, err := x.defs.at(key, p)
	if err != nil {
		return nil, err
	}
	if derived(d.Measure) {
		var out []byte
		for _, t := range x.Terms(d) {
			f, err := x.DigestFile(t, unit, p)
			if err != nil {
				return nil, err
			}
			out = append(out, f...)
		}
		return out, nil
	}
	v, err := x.value(d, unit, p)
	if err != nil {
		return nil, err
	}
	parts, err := x.Parts(d, unit, p, 0, 0, nil)
	if err != nil {
		return nil, err
	}
	b := v.Est
	if d.Measure == Coverage {
		b = v.Of
	}
	records := map[string]bool{}
	lines := make([]string, 0, len(parts))
	for _, q := range parts {
		records[q.Record] = true
		k := "-"
		if q.HasKey {
			k = strings.ReplaceAll(url.PathEscape(q.Key), "+", "%2B")
		}
		lines = append(lines, fmt.Sprintf("%s %d %d %s %s %d %d %d %d %s\n", q.Record, q.Rev, q.Item, dayOrDash(q.From), dayOrDash(q.Until), q.Unit, q.A,
			q.B, q.Est, k))
	}
	if d.Measure == Coverage {
		us, err := x.mustUnits(d, unit, p.Last())
		if err != nil {
			return nil, err
		}
		for _, u := range us {
			lines = append(lines, fmt.Sprintf("%d 0 0 %s %s %d 1 0 0 -\n", u.No, dayOrDash(u.From), dayOrDash(u.Until), u.No))
		}
	}
	sort.Strings(lines)
	var out bytes.Buffer
	second, third := v.Part, v.Of
	if d.Measure != Coverage {
		second, third = v.A, 0
	}
	est := int64(0)
	if d.Measure != Coverage {
		est = b
	}
	fmt.Fprintf(&out, "sifen-figure 1\nkey %s\nversion %d\nunit %d\nperiod %s %s\ntree then\nvalue %d %d %d records %d\n\n",
		d.Key, d.Version, unit, p.From, p.Until, second, third, est, len(records))
	for _, l := range lines {
		out.WriteString(l)
	}
	return out.Bytes(), nil
}

func dayOrDash(d period.Day) string {
	if d >= period.Open {
		return "9999-12-31"
	}
	return d.String()
}

func (x *Query) mustUnits(d *Def, unit org.No, day period.Day) ([]org.Unit, error) {
	return db.All(x.ctx, x.q, func(r *sql.Rows) (org.Unit, error) {
		var u org.Unit
		err := r.Scan(&u.No, &u.From, &u.Until)
		return u, err
	}, `SELECT u.no, u.day_from, u.day_until`+mustWhere(d, "r")+` AND $2 <> 0`, x.district, d.No, int64(unit), int64(day))
}
