package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/org"
)

// evidence is the folder of photos, files and issued documents.
func (a *App) evidence() string {
	if a.EvidenceDir != "" {
		return a.EvidenceDir
	}
	return filepath.Join(a.Data, "evidence")
}

const (
	storeFile    = "store"    // in the folder of evidence: its name
	storeSetting = "evidence" // of no district: the name of the folder that the database's files are in
)

// ErrEvidence says that the folder of evidence is not the one of this database.
var ErrEvidence = errors.New("the evidence folder is not the one that this database's files are in")

// sameEvidence sees to it that every node of a database puts its files where the others find them. The first one to start names
// the folder, in a file of it and in the database; a node that meets another folder, such as an empty place where the share was
// not mounted, must not start. A folder inside the data folder of SQLite cannot be confused.
func (a *App) sameEvidence(ctx context.Context) error {
	if !a.DB.Postgres && a.EvidenceDir == "" {
		return nil
	}
	dir := a.evidence()
	file := filepath.Join(dir, storeFile)
	raw, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reach the evidence folder: %w", err)
	}
	have := strings.TrimSpace(string(raw))
	if err := a.DB.Write(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "evidence"); err != nil {
			return err
		}
		want, err := org.Setting(ctx, tx, 0, storeSetting)
		if err != nil {
			return err
		}
		if want == "" {
			if have == "" {
				have = id.New(a.Clock.Now())
				if err := nameStore(dir, file, have); err != nil {
					return err
				}
			}
			return org.SetSetting(ctx, tx, 0, storeSetting, have)
		}
		if have != want {
			return fmt.Errorf("%w: the file %s should say %s. Mount the shared folder, or name it in the configuration as evidence; where all files are lost "+
				"for good, write that line into the file", ErrEvidence, file, want)
		}
		return nil
	}); err != nil {
		return err
	}
	probe, err := os.CreateTemp(dir, "put-*") // a share may be there and not take anything
	if err != nil {
		return fmt.Errorf("write to the evidence folder: %w", err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// nameStore writes the name of a folder into it, flushed before the database knows it.
func nameStore(dir, file, name string) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o640)
	if err != nil {
		return err
	}
	_, err = f.WriteString(name + "\n")
	return errors.Join(err, f.Sync(), f.Close())
}
