package db

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// The data folder is its owner's alone: it holds everybody's records, and hashes of passwords.
const (
	folderMode = 0o700
	fileMode   = 0o600
)

// Private takes everybody else's rights to a file or folder away; what does not exist is none of its business.
func Private(path string) error {
	st, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	want := fs.FileMode(fileMode)
	if st.IsDir() {
		want = folderMode
	}
	if st.Mode().Perm() == want || !st.IsDir() && !st.Mode().IsRegular() {
		return nil
	}
	if err := os.Chmod(path, want); err != nil {
		return fmt.Errorf("%s may be read by others (%s): give it to the user who runs sifen, or set its mode to %o: %w", path, st.Mode().Perm(), want, err)
	}
	return nil
}

// private makes the folder and the database's file, and takes everybody else's rights away from them, from the journal files
// that a killed program left and from the copies beside them. What belongs to another user is told, not fatal: some
// folders that are lent to containers cannot be changed.
func private(dir, file string) (told error, err error) {
	if err := os.MkdirAll(dir, folderMode); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	// made before the engine does: its journal files take the rights of this one
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, fileMode)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", file, err)
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	copies, err := filepath.Glob(filepath.Join(dir, "*.db*"))
	if err != nil {
		return nil, err
	}
	told = Private(dir)
	for _, p := range copies {
		told = errors.Join(told, Private(p))
	}
	return told, nil
}
