package app

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// Lock takes the data folder for one process: a server, or a command that writes. The returned func gives it back.
// It is also given back when the process ends in any way.
func Lock(dir string) (func(), error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("the data folder %s is in use by a running server: stop it first, or do this in the browser", dir)
	}
	return func() { f.Close() }, nil
}
