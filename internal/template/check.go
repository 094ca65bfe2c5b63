package template

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"go.yaml.in/yaml/v3"

	"sifen/internal/db"
	"sifen/internal/docx"
	"sifen/internal/i18n"
	"sifen/internal/pack"
	"sifen/internal/period"
)

// Version is one version of a template.
type Version struct {
	Version   int64
	From      period.Day
	AppliedAt int64
	Pack      string
	File      string
}

// Versions lists the versions of a template, newest first.
func Versions(ctx context.Context, q db.Querier, district int64, key string) ([]Version, error) {
	return db.All(ctx, q, func(r *sql.Rows) (Version, error) {
		var v Version
		var body string
		if err := r.Scan(&v.Version, &v.From, &v.AppliedAt, &v.Pack, &body); err != nil {
			return v, err
		}
		var t Template
		if err := yaml.Unmarshal([]byte(body), &t); err != nil {
			return v, err
		}
		v.File = t.File
		return v, nil
	}, `SELECT version, day_from, applied_at, pack, body FROM pack_object WHERE district = $1 AND type = 'templates' AND key = $2
		ORDER BY version DESC`, district, key)
}

// FileOf returns the Word file of a template as it is in force.
func FileOf(set *pack.Set, t *Template) ([]byte, bool) {
	raw, ok := set.Files["templates/"+t.File]
	return raw, ok
}

// Checked is a Word file as it was compared with what a template may name.
type Checked struct {
	Word         *docx.Template
	Texts        []Text // the passages it asks the drafter for: those that are not known yet are taken as new ones
	Faults, Told []docx.Fault
}

// Check opens a Word file and compares it with what a template may name.
func Check(set *pack.Set, content []byte, known *Template) (out Checked, err error) {
	word, err := docx.Open(content)
	if err != nil {
		var e *docx.Error
		if errors.As(err, &e) {
			return out, ErrNotWord.With("why", i18n.Label{Zh: e.Zh, En: e.En})
		}
		return out, ErrNotWord.With("why", i18n.Label{Zh: "不是 .docx 文件", En: "not a .docx file"})
	}
	out.Word = word
	have := map[string]bool{}
	if known != nil {
		for _, t := range known.Texts {
			have[t.Key] = true
			out.Texts = append(out.Texts, t)
		}
	}
	for _, name := range word.Texts() {
		if !have[name] {
			have[name] = true
			out.Texts = append(out.Texts, Text{Key: name, Title: i18n.Label{Zh: name, En: name}})
		}
	}
	out.Faults, out.Told = Look(set, word, &Template{Texts: out.Texts})
	return out, nil
}

// Look lists every fault of an opened file, and what a person should know before it is used.
func Look(set *pack.Set, word *docx.Template, t *Template) (faults, told []docx.Fault) {
	c := Catalogue(set, t)
	wrong, twice := Faults(set, word, c)
	return inPlace(append(word.Check(c), wrong...)), inPlace(append(word.Warnings(), twice...))
}

// inPlace puts faults into the order of the text; those of headers and footers stay behind.
func inPlace(list []docx.Fault) []docx.Fault {
	slices.SortStableFunc(list, func(a, b docx.Fault) int { return cmp.Compare(a.Paragraph, b.Paragraph) })
	return list
}
