package intake

import (
	"errors"

	"sifen/internal/i18n"
	"sifen/internal/kind"
	"sifen/internal/sheet"
)

// report takes what is wrong with a cell; column counts from 0 in the file.
type report func(column int, field, code string, args map[string]any, suggestion string)

// ignore is for those who only want to know where columns stand.
func ignore(int, string, string, map[string]any, string) {}

// RowError is one bad cell: where, what is wrong, what would be right.
type RowError struct {
	Sheet      string `json:"sheet"`
	Cell       string `json:"cell"`
	Field      string `json:"field"`
	Code       string `json:"code"`
	Message    string `json:"message"`
	Suggestion string `json:"suggestion"`
}

// Fault is a bad cell as a waiting row keeps it: its sentence in both languages. Column counts from 0 in the file; -1
// is the whole row.
type Fault struct {
	Cell       string     `json:"cell"`
	Column     int        `json:"column"`
	Field      string     `json:"field"`
	Code       string     `json:"code"`
	Say        i18n.Label `json:"say"`
	Suggestion string     `json:"suggestion"`
}

func (f Fault) row(k *kind.Kind, lang i18n.Lang) RowError {
	return RowError{k.Title.Zh, f.Cell, f.Field, f.Code, f.Say.In(lang), f.Suggestion}
}

func newFault(cell string, column int, field, code string, args map[string]any, suggestion string) Fault {
	return Fault{cell, column, field, code, i18n.Say(code, args), suggestion}
}

// fileFault is what makes a file unreadable as a whole; any other error stays one.
func fileFault(err error) ([]Fault, error) {
	var e *sheet.Error
	if !errors.As(err, &e) {
		return nil, err
	}
	return []Fault{{Cell: e.Cell, Column: -1, Code: e.Code, Say: i18n.Label{Zh: e.Zh, En: e.En}}}, nil
}
