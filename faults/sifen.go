package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// place is where a district lies, and the sessions of two people of its office.
type place struct {
	binary, dir, database, evidence string
	unit                            int64
	sessions                        [2]string
}

const password = "fault-loops-2026"

// found makes a district with two people who verify each other's records.
func found(binary, dir, database, evidence string) (*place, error) {
	p := &place{binary: binary, dir: dir, database: database, evidence: evidence}
	if err := p.command("", "init", "--code", "330106", "--name", "故障区", "--admin", "admin"); err != nil {
		return nil, err
	}
	for i := range p.sessions {
		if err := p.command(password, "account", "add", "--login", login(i), "--name", "甲"+login(i), "--role", "office", "--password-stdin"); err != nil {
			return nil, err
		}
	}
	s, err := p.serve()
	if err != nil {
		return nil, err
	}
	defer s.kill()
	for i := range p.sessions {
		var me struct {
			Unit struct{ ID int64 } `json:"unit"`
		}
		a, err := s.ask("POST", "/session", map[string]any{"login": login(i), "password": password}, "", "", 0)
		if err != nil || a.status != 200 {
			return nil, fmt.Errorf("sign in: %d %s: %w", a.status, a.body, errors.Join(err))
		}
		for _, c := range (&http.Response{Header: a.header}).Cookies() {
			p.sessions[i] = c.Value
		}
		if err := json.Unmarshal(a.body, &me); err != nil {
			return nil, err
		}
		p.unit = me.Unit.ID
	}
	return p, s.stop()
}

func login(i int) string { return []string{"anna", "bert"}[i] }

// beside is the same district seen from another node.
func (p *place) beside(dir string) *place {
	q := *p
	q.dir = dir
	return &q
}

func (p *place) args(words ...string) []string {
	words = append(words, "--data", p.dir)
	if p.database != "" {
		words = append(words, "--database", p.database)
	}
	if p.evidence != "" {
		words = append(words, "--evidence", p.evidence)
	}
	return words
}

// command runs a command to its end.
func (p *place) command(in string, words ...string) error {
	cmd := exec.Command(p.binary, p.args(words...)...)
	cmd.Stdin = strings.NewReader(in)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", words[0], err, out)
	}
	return nil
}

// server is a running binary.
type server struct {
	place *place
	cmd   *exec.Cmd
	base  string
	said  bytes.Buffer
}

// serve starts a server and waits until it listens.
func (p *place) serve() (*server, error) {
	s := &server{place: p, cmd: exec.Command(p.binary, p.args("serve", "--addr", "127.0.0.1:0", "--log-level", "error")...)}
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	s.cmd.Stderr = &s.said
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, at, ok := strings.Cut(lines.Text(), "http://"); ok {
			s.base = "http://" + at + "/api/v1"
			go io.Copy(io.Discard, out) //nolint:errcheck // what else it says is nobody's concern
			return s, nil
		}
	}
	_ = s.cmd.Wait()
	return nil, fmt.Errorf("the server did not start: %s", s.said.String())
}

// kill ends a server as kill -9 does.
func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// stop ends a server as an operator does.
func (s *server) stop() error {
	return errors.Join(s.cmd.Process.Signal(syscall.SIGTERM), s.cmd.Wait())
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

var client = &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 16}}

// ask sends a request; an error is one of the connection: whether it was carried out is not known.
func (s *server) ask(method, path string, body any, session, op string, rev int64) (answer, error) {
	var raw []byte
	if body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			return answer{}, err
		}
	}
	return s.send(method, path, raw, "application/json", session, op, rev)
}

func (s *server) send(method, path string, body []byte, kind, session, op string, rev int64) (answer, error) {
	r, err := http.NewRequest(method, s.base+path, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	if body != nil {
		r.Header.Set("Content-Type", kind)
	}
	if op != "" {
		r.Header.Set("Idempotency-Key", op)
	}
	if rev != 0 {
		r.Header.Set("If-Match", fmt.Sprintf(`"%d"`, rev))
	}
	if session != "" {
		r.AddCookie(&http.Cookie{Name: "sifen_session", Value: session})
	}
	res, err := client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header, raw}, err
}

// files below a folder that begin with a name.
func files(dir, name string) ([]string, error) {
	var out []string
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() && strings.HasPrefix(e.Name(), name) {
			out = append(out, path)
		}
		return err
	})
	return out, err
}
