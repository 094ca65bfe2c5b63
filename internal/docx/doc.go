// Package docx fills Word templates (.docx) from a closed catalogue of names.
//
// It knows tags, runs, tables and parts, and nothing about figures: a caller
// says which names exist (Catalogue) and what they stand for (Source). The way
// through is Open (limits, parts, tags), Check (every fault at once), Render
// (a filled tree) and then Bytes, HTML or Outline of that tree.
//
//	template bytes ── Open ──▶ Template ── Check ──▶ []Fault
//	                              └─ Render(catalogue, source) ──▶ Filled ──▶ Bytes | HTML | Outline
//
// A tag is cut out of its runs when the template is opened, so that everything
// after it works on a tree where a tag is one node, however an editor had
// split it. Block tags become nodes that hold what they repeat or guard.
//
// Files are hostile until shown otherwise: sizes, parts, depth and nodes are
// limited before and while parsing, and anything that runs, embeds or fetches
// is refused with the cure in both languages.
package docx
