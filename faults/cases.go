package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"sifen/internal/apptest"
	"sifen/internal/db"
	"sifen/internal/dbtest"
	"sifen/internal/id"
)

// fresh is how many loops share a district: a full one makes each loop slower and no harder.
const fresh = 40

// some is a while in which writers are at work.
func some() time.Duration { return time.Duration(20+rand.IntN(300)) * time.Millisecond }

// temp makes a folder for a district and removes it afterwards.
func temp(f func(dir string) error) error {
	dir, err := os.MkdirTemp("", "sifen-fault")
	if err != nil {
		return err
	}
	return errors.Join(f(dir), os.RemoveAll(dir))
}

// series runs n loops in portions, each on a district of its own.
func series(n int, portion func(n int) error) error {
	for ; n > 0; n -= fresh {
		if err := portion(min(n, fresh)); err != nil {
			return err
		}
	}
	return nil
}

// kills ends the server by SIGKILL under acknowledged writes.
func kills(binary string, n int, t *tally) error {
	t.How = "SIGKILL of the server 20 to 320 ms into the writes"
	return killing(binary, n, t, false)
}

func killing(binary string, n int, t *tally, early bool) error {
	return series(n, func(n int) error {
		return temp(func(dir string) error {
			p, err := found(binary, dir, "", "")
			if err != nil {
				return err
			}
			o := &observer{p: p, early: early}
			for range n {
				t.add(o, o.loop(func(s *server) error { s.kill(); return nil }))
			}
			return nil
		})
	})
}

// loop serves, writes until harm was done, and looks what is there after a new start.
func (o *observer) loop(harm func(*server) error) error {
	s, err := o.p.serve()
	if err != nil {
		return err
	}
	stop := make(chan struct{})
	time.AfterFunc(some(), func() {
		err = harm(s)
		close(stop)
	})
	o.write([]*server{s}, stop)
	<-stop
	o.power(true)
	if err != nil {
		return err
	}
	again, err := o.p.serve()
	if err != nil {
		return err
	}
	return errors.Join(o.check(again), again.stop(), o.drift())
}

// upgrades kills an upgrade at any moment: what the next start finds is the old state or the new one.
func upgrades(binary string, n int, t *tally) error {
	t.How = "SIGKILL of sifen upgrade 0 to 400 ms after its start, on a database of schema 56 with all its records; then a start of the server"
	return temp(func(dir string) error {
		p, err := found(binary, dir, "", "")
		if err != nil {
			return err
		}
		o := &observer{p: p}
		for range n {
			t.add(o, o.loop(func(s *server) error {
				if err := s.stop(); err != nil {
					return err
				}
				if err := older(dir); err != nil {
					return err
				}
				up := exec.Command(binary, p.args("upgrade")...)
				if err := up.Start(); err != nil {
					return err
				}
				time.Sleep(time.Duration(rand.IntN(400)) * time.Millisecond)
				_ = up.Process.Kill()
				_ = up.Wait()
				return nil
			}))
		}
		return nil
	})
}

// older takes back what the newest migration made, and the snapshot of the upgrade before.
func older(dir string) error {
	copies, err := files(dir, "before-")
	if err != nil {
		return err
	}
	for _, c := range copies {
		if err := os.Remove(c); err != nil {
			return err
		}
	}
	d, err := db.Connect(dir, "")
	if err != nil {
		return err
	}
	return errors.Join(d.TakeBack(context.Background()), d.Close())
}

// flips changes one bit of what a stopped server keeps; the doctor must name it.
func flips(binary string, n int, t *tally) error {
	t.How = "one bit of a photo, or of a line of the journal, turned while the server is stopped; sifen doctor must say so, and be quiet when it is turned back"
	return temp(func(dir string) error {
		p, err := found(binary, dir, "", "")
		if err != nil {
			return err
		}
		o := &observer{p: p}
		if err := o.loop(func(s *server) error { return errors.Join(o.photo(s), s.stop()) }); err != nil {
			return err
		}
		t.add(o, nil)
		t.Loops--
		for i := range n {
			t.add(nil, flip(p, i%2 == 0))
		}
		return nil
	})
}

// photo uploads one that a record may use, and waits until the journal is sealed.
func (o *observer) photo(s *server) error {
	photo := apptest.Photo(7)
	a, err := s.send("PUT", "/blobs/"+apptest.Sum(photo)+"?name=a", photo, "application/octet-stream", o.p.sessions[0], id.New(time.Now()), 0)
	if err == nil && a.status/100 != 2 {
		err = fmt.Errorf("upload: %d %s", a.status, a.body)
	}
	time.Sleep(2 * time.Second)
	return err
}

// sealed is where in the database's file a sum of a sealed line of the journal stands.
func sealed(dir string, raw []byte) (int, error) {
	d, err := db.Connect(dir, "")
	if err != nil {
		return 0, err
	}
	var digest string
	err = d.Read.QueryRow(`SELECT digest FROM journal WHERE seq IS NOT NULL ORDER BY random() LIMIT 1`).Scan(&digest)
	at := bytes.Index(raw, []byte(digest))
	if err == nil && at < 0 {
		err = errors.New("the line is not in the file")
	}
	return at, errors.Join(err, d.Close())
}

func flip(p *place, photo bool) error {
	file := filepath.Join(p.dir, "sifen.db")
	if photo {
		list, err := files(filepath.Join(p.dir, "evidence"), "")
		if err != nil || len(list) == 0 {
			return fmt.Errorf("there is no photo: %w", errors.Join(err))
		}
		file = list[rand.IntN(len(list))]
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	at := rand.IntN(len(raw))
	if !photo {
		if at, err = sealed(p.dir, raw); err != nil {
			return err
		}
		at += rand.IntN(64)
	}
	bit := rand.IntN(8)
	turn := func() error {
		raw[at] ^= 1 << bit
		return os.WriteFile(file, raw, 0o600)
	}
	if err := turn(); err != nil {
		return err
	}
	noticed := p.command("", "doctor")
	if err := turn(); err != nil {
		return err
	}
	if noticed == nil {
		return fmt.Errorf("bit %d of byte %d of %s was turned, and nobody noticed", bit, at, filepath.Base(file))
	}
	if err := p.command("", "doctor"); err != nil {
		return fmt.Errorf("turned back: %w", err)
	}
	return nil
}

// nodes kills one of two servers on one PostgreSQL; the other one goes on, and what was not known is asked of it.
func nodes(binary string, n int, t *tally) error {
	t.How = "SIGKILL of one of two servers on one PostgreSQL (fsync on); the other one is asked for everything, then the killed one starts again"
	url, err := dbtest.Server()
	if err != nil {
		return err
	}
	return temp(func(dir string) error {
		evidence := filepath.Join(dir, "shared")
		p, err := found(binary, filepath.Join(dir, "one"), url, evidence)
		if err != nil {
			return err
		}
		places := []*place{p, p.beside(filepath.Join(dir, "two"))}
		var servers []*server
		for _, q := range places {
			s, err := q.serve()
			if err != nil {
				return err
			}
			defer func() { s.kill() }()
			servers = append(servers, s)
		}
		o := &observer{p: p}
		for range n {
			dies, stop := rand.IntN(2), make(chan struct{})
			time.AfterFunc(some(), func() { servers[dies].kill(); close(stop) })
			o.write(servers, stop)
			<-stop
			err := errors.Join(o.check(servers[1-dies]), o.drift())
			again, failed := places[dies].serve()
			if failed != nil {
				return failed
			}
			servers[dies] = again
			t.add(o, err)
		}
		for _, s := range servers {
			if err := s.stop(); err != nil {
				return err
			}
		}
		return nil
	})
}
