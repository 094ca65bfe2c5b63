package docx

import (
	"fmt"
	"strings"

	"sifen/internal/docx/safe"
	"sifen/internal/docx/typed"
)

// Error is why a file cannot be used as a template at all, or why filling it
// had to stop.
type Error = safe.Error

// FaultsError is returned by Render for a template that does not pass Check.
type FaultsError struct{ Faults []Fault }

func (e *FaultsError) Error() string {
	lines := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		lines[i] = f.String()
	}
	return fmt.Sprintf("docx.faults: %d faults in the template\n%s", len(e.Faults), strings.Join(lines, "\n"))
}

// Place says where inside the file a paragraph stands.
type Place = typed.Place

// Fault is one thing a clerk has to put right in the template.
type Fault = typed.Fault
