package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"unsafe"
)

// errRoot says that a file system of one's own needs root.
var errRoot = errors.New("cuts of power and full disks need root: they mount a file system of their own")

// run runs a command of the machine.
func machine(words ...string) error {
	if out, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
		return fmt.Errorf("%v: %w: %s", words, err, out)
	}
	return nil
}

// disk is an ext4 in a file, mounted through a loop device.
type disk struct{ image, at string }

func newDisk(dir string) (*disk, error) {
	if os.Getuid() != 0 {
		return nil, errRoot
	}
	d := &disk{filepath.Join(dir, "image"), filepath.Join(dir, "mounted")}
	f, err := os.Create(d.image)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(f.Truncate(256<<20), f.Close(), os.Mkdir(d.at, 0o700)); err != nil {
		return nil, err
	}
	if err := machine("mkfs.ext4", "-q", d.image); err != nil {
		return nil, err
	}
	return d, d.mount()
}

func (d *disk) mount() error { return machine("mount", "-o", "loop", d.image, d.at) }

func (d *disk) unmount() error { return machine("umount", d.at) }

// ext4 stops at once and forgets what it has not written, also its own journal: _IOR('X', 125, __u32), flag NOLOGFLUSH.
const (
	shutdown   = 0x8004587d
	noLogFlush = 2
)

// cut takes the power away: what was not flushed to the device is gone. The device is the image file.
func (d *disk) cut() error {
	f, err := os.Open(d.at)
	if err != nil {
		return err
	}
	defer f.Close()
	flag := uint32(noLogFlush)
	if _, _, no := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), shutdown, uintptr(unsafe.Pointer(&flag))); no != 0 {
		return fmt.Errorf("stop the file system: %w", no)
	}
	return nil
}

// cuts takes the power of the disk away under acknowledged writes.
func cuts(binary string, n int, t *tally) error {
	t.How = "the ext4 of a loop device is stopped without flushing 20 to 320 ms into the writes, the server then killed, the device mounted anew"
	return series(n, func(n int) error {
		return temp(func(dir string) (err error) {
			d, err := newDisk(dir)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, d.unmount()) }()
			p, err := found(binary, filepath.Join(d.at, "data"), "", "")
			if err != nil {
				return err
			}
			if err := machine("sync", "-f", d.at); err != nil { // the district itself is not what is tried
				return err
			}
			o := &observer{p: p}
			for range n {
				broken := o.loop(func(s *server) error {
					o.power(false)
					failed := d.cut()
					s.kill()
					return errors.Join(failed, d.unmount(), d.mount())
				})
				t.add(o, broken)
				if broken != nil && t.Name == "" {
					return nil // the control: nothing can be expected of this district any more
				}
			}
			return nil
		})
	})
}

// fills lets the disk run full, sees that what is refused is refused as such, makes room and goes on without a new start.
func fills(binary string, n int, t *tally) error {
	t.How = "a tmpfs that fills up under the writes and is then made larger; the same server goes on, a new one finds everything"
	if os.Getuid() != 0 {
		return errRoot
	}
	refused := 0
	for range n {
		o := &observer{}
		err := temp(func(dir string) (err error) {
			if err := machine("mount", "-t", "tmpfs", "-o", "size=9m", "sifen-faults", dir); err != nil {
				return err
			}
			defer func() { err = errors.Join(err, machine("umount", dir)) }()
			p, err := found(binary, dir, "", "")
			if err != nil {
				return err
			}
			o.p = p
			return o.fill(dir)
		})
		refused += o.refused
		if err == nil && o.refused == 0 {
			err = errors.New("the disk never filled")
		}
		t.add(o, err)
	}
	t.Note = fmt.Sprintf("%d requests were refused for want of room", refused)
	return nil
}

func (o *observer) fill(dir string) error {
	s, err := o.p.serve()
	if err != nil {
		return err
	}
	defer func() { s.kill() }()
	// the rest of the room but a little goes to a file, so that the writes fill the disk soon
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return err
	}
	room := int64(st.Bavail)*st.Bsize - 600<<10
	if err := os.WriteFile(filepath.Join(dir, "ballast"), make([]byte, max(room, 0)), 0o600); err != nil {
		return err
	}
	stop := make(chan struct{})
	go func() {
		for range 2000 {
			o.mu.Lock()
			enough := o.refused > 5
			o.mu.Unlock()
			if enough {
				break
			}
			sleep()
		}
		close(stop)
	}()
	o.write([]*server{s}, stop)
	if err := machine("mount", "-o", "remount,size=64m", dir); err != nil {
		return err
	}
	if err := o.check(s); err != nil {
		return fmt.Errorf("there is room again: %w", err)
	}
	if err := s.stop(); err != nil {
		return err
	}
	o.checked = 0 // everything once more after a new start
	if s, err = o.p.serve(); err != nil {
		return err
	}
	return errors.Join(o.check(s), s.stop(), o.drift())
}
