package figure

// In ledgers that nobody ever used no unit and no month has a 0: what a figure's page lists of them stays empty, on the page
// and in its files.

const notRecorded = "—"

func (l *UnitLine) empty() {
	l.Value, l.Part, l.Of, l.Before, l.Display, l.Undefined = nil, nil, nil, nil, notRecorded, true
	for i := range l.Columns {
		l.Columns[i] = notRecorded
	}
}

func emptyLines(units []UnitLine, own *UnitLine) {
	for i := range units {
		units[i].empty()
	}
	if own != nil {
		own.empty()
	}
}

func emptyPoints(points []Point) {
	for i := range points {
		if p := &points[i]; p.Value != nil {
			p.Value, p.Part, p.Of, p.Display = nil, nil, nil, notRecorded
		}
	}
}
