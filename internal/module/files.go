package module

import (
	"errors"
	"io/fs"

	"sifen/internal/blob"
	"sifen/internal/i18n"
)

// File is a stored file as those who kept it know it.
type File struct{ SHA, Name string }

// Damaged says which of some files are not what was kept.
func Damaged(files blob.Store, list []File) ([]i18n.Label, error) {
	var out []i18n.Label
	for _, x := range list {
		f, err := files.Sound(x.SHA)
		args := map[string]any{"name": x.Name, "sha": x.SHA}
		switch {
		case err == nil:
			if err := f.Close(); err != nil {
				return out, err
			}
		case errors.Is(err, fs.ErrNotExist):
			out = append(out, i18n.Say("doctor.file-lost", args))
		case errors.Is(err, blob.ErrOther):
			out = append(out, i18n.Say("doctor.file-damaged", args))
		default:
			return out, err
		}
	}
	return out, nil
}
