package template

import (
	"context"
	"database/sql"
	"errors"

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
	}, `SELECT version, day_from, applied_at, pack, body FROM pack_object WHERE district = $1 AND type = 'templates' AND key = $2 ORDER BY version DESC`, district, key)
}

// FileOf returns the Word file of a template as it is in force.
func FileOf(set *pack.Set, t *Template) ([]byte, bool) {
	raw, ok := set.Files["templates/"+t.File]
	return raw, ok
}

// Check opens a Word file and compares it with what a template may name. texts are the passages it asks the drafter for:
// those that are not known yet are taken as new ones.
func Check(set *pack.Set, content []byte, known *Template) (word *docx.Template, texts []Text, faults []docx.Fault, err error) {
	word, err = docx.Open(content)
	if err != nil {
		var e *docx.Error
		if errors.As(err, &e) {
			return nil, nil, nil, ErrNotWord.With("why", i18n.Label{Zh: e.Zh, En: e.En})
		}
		return nil, nil, nil, ErrNotWord.With("why", i18n.Label{Zh: "不是 .docx 文件", En: "not a .docx file"})
	}
	have := map[string]bool{}
	if known != nil {
		for _, t := range known.Texts {
			have[t.Key] = true
			texts = append(texts, t)
		}
	}
	for _, name := range word.Texts() {
		if !have[name] {
			have[name] = true
			texts = append(texts, Text{Key: name, Title: i18n.Label{Zh: name, En: name}})
		}
	}
	return word, texts, word.Check(Catalogue(set, &Template{Texts: texts})), nil
}
