package docx

import "strconv"

// annex is the table in place of its tag. The paragraph of the tag gives each
// cell its paragraph and run properties, so the template decides the type.
func (r *renderer) annex(p *node, t *tag, a Annex) ([]*node, error) {
	columns := len(a.Head)
	for _, row := range a.Rows {
		columns = max(columns, len(row.Cells))
	}
	if columns == 0 || len(a.Rows) == 0 {
		return nil, nil
	}
	if r.left -= len(a.Rows) * (8*columns + 8); r.left < 0 {
		return nil, errTooMuch
	}
	widths := share(a.Widths, columns, int(r.width/emuPerTwip))
	total := 0
	grid := el("w:tblGrid", nil)
	for _, w := range widths {
		total += w
		grid.kids = append(grid.kids, el("w:gridCol", []string{"w:w", strconv.Itoa(w)}))
	}
	borders := el("w:tblBorders", nil)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		borders.kids = append(borders.kids, el("w:"+side, []string{"w:val", "single", "w:sz", "4", "w:space", "0", "w:color", "000000"}))
	}
	margins := el("w:tblCellMar", nil)
	for _, side := range []string{"left", "right"} {
		margins.kids = append(margins.kids, el("w:"+side, []string{"w:w", "57", "w:type", "dxa"}))
	}
	tbl := el("w:tbl", nil,
		el("w:tblPr", nil,
			el("w:tblW", []string{"w:w", strconv.Itoa(total), "w:type", "dxa"}),
			borders,
			el("w:tblLayout", []string{"w:type", "fixed"}),
			margins),
		grid)
	pPr := p.child("w:pPr")
	cell := func(i int, s string, rPr *node, extra ...*node) *node {
		para := el("w:p", nil)
		if pPr != nil {
			para.kids = append(para.kids, pPr.clone())
		}
		para.kids = append(para.kids, extra...)
		if s != "" {
			para.kids = append(para.kids, textRun(rPr, s))
		}
		return el("w:tc", nil,
			el("w:tcPr", nil,
				el("w:tcW", []string{"w:w", strconv.Itoa(widths[i]), "w:type", "dxa"}),
				el("w:vAlign", []string{"w:val", "center"})),
			para)
	}
	if len(a.Head) > 0 {
		bold := ownProps(t.rPr)
		bold.put(rPrOrder, el("w:b", nil))
		tr := el("w:tr", nil, el("w:trPr", nil, el("w:cantSplit", nil), el("w:tblHeader", nil)))
		for i := range columns {
			tr.kids = append(tr.kids, cell(i, at(a.Head, i), bold))
		}
		tbl.kids = append(tbl.kids, tr)
	}
	marked := map[int]bool{}
	for _, row := range a.Rows {
		tr := el("w:tr", nil, el("w:trPr", nil, el("w:cantSplit", nil)))
		for i := range columns {
			var extra []*node
			if i == 0 && row.N > 0 && !marked[row.N] {
				marked[row.N] = true
				// The final pass gives bookmarks their ids.
				extra = []*node{
					el("w:bookmarkStart", []string{"w:id", anchor(row.N), "w:name", anchor(row.N)}),
					el("w:bookmarkEnd", []string{"w:id", anchor(row.N)}),
				}
			}
			tr.kids = append(tr.kids, cell(i, at(row.Cells, i), t.rPr, extra...))
		}
		tbl.kids = append(tbl.kids, tr)
	}
	return []*node{tbl}, nil
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

// share splits a width by relative parts so that the sum is exact.
func share(parts []int, n, width int) []int {
	out := make([]int, n)
	sum := 0
	for i := range out {
		out[i] = 1
		if len(parts) >= n && parts[i] > 0 {
			out[i] = parts[i]
		}
		sum += out[i]
	}
	used, before := 0, 0
	for i, p := range out {
		used += p
		end := width * used / sum
		out[i], before = end-before, end
	}
	return out
}
