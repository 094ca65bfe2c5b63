package docx

// Source answers what the names of a Catalogue stand for. A loop asks it for
// one Source per turn.
type Source interface {
	// Figure returns the value to print, or with Ref.Test only its Value.
	Figure(Ref) (Figure, error)
	// Has tells whether a name has anything: a value, text, picture or turn.
	Has(name string) bool
	// Text returns paragraphs; none when it is not written yet.
	Text(name string) []string
	// Header returns 单位, 期间 and the like, or a field of a record.
	Header(name string) string
	// Each returns what a loop goes through; none prints nothing.
	Each(name string) ([]Source, error)
	// Picture returns a JPEG or PNG; false when there is none yet.
	Picture(name string) (Picture, bool)
	// Annex returns the table of {{附表 X}}.
	Annex(name string) Annex
}

// Figure is a value as it is printed. Display is already in the asked form.
type Figure struct {
	Display string
	// N is the number under which the document cites the figure, from 1.
	N int
	// Href is the address of the source; empty links to the annex row N.
	Href    string
	Tooltip string
	// Missing: there is no value yet; a visible gap is printed.
	Missing bool
	// Value is what conditions compare.
	Value Number
}

// Number is an exact ratio. Not Defined is neither zero nor anything else, and
// every comparison with it is false. A count has Den 1.
type Number struct {
	Num, Den int64
	Defined  bool
}

// Picture is an image to embed, JPEG or PNG by its content. Alt is read out by
// screen readers.
type Picture struct {
	Bytes []byte
	Alt   string
}

// Annex is a table appended to the document.
type Annex struct {
	Head   []string
	Rows   []AnnexRow
	Widths []int // relative; equal when empty
}

// AnnexRow is one row; figures with this N and no address link to it.
type AnnexRow struct {
	N     int
	Cells []string
}
