package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"sifen/internal/clock"
)

// Lock takes the data folder for one process: a server, or a command that writes. The returned func gives it back.
// It is also given back when the process ends in any way. What is locked is the folder itself, which nobody can delete and
// leave the database in its place, as one can with the file lock; programs of before look at that file.
func Lock(dir string) (func(), error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	file, err := held(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR)
	var folder *os.File
	if err == nil {
		folder, err = held(dir, os.O_RDONLY)
		switch {
		case errors.Is(err, syscall.EBADF) || errors.Is(err, syscall.ENOLCK) || errors.Is(err, syscall.ENOTSUP):
			err = nil // a share of the network that locks files alone
		case err != nil:
			file.Close()
		}
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("the data folder %s is in use by a running server: stop it first, or do this in the browser", dir)
	}
	if err != nil {
		return nil, err
	}
	return func() {
		file.Close()
		if folder != nil {
			folder.Close()
		}
	}, nil
}

// Turn waits until no other process works under a name in the data folder and takes it; wait is called once when there is
// something to wait for. The returned func lets the next one in.
func Turn(ctx context.Context, dir, name string, wait func()) (func(), error) {
	for first := true; ; first = false {
		f, err := held(filepath.Join(dir, name+".lock"), os.O_CREATE|os.O_RDWR)
		if err == nil {
			return func() { f.Close() }, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, err
		}
		if first {
			wait()
		}
		if err := clock.Wait(ctx, 200*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

// held opens a file or folder and locks it; syscall.EWOULDBLOCK where another process has.
func held(path string, flag int) (*os.File, error) {
	f, err := os.OpenFile(path, flag, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return f, nil
}
