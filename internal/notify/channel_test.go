package notify_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sifen/internal/apptest"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/notify"
	"sifen/internal/org"
	"sifen/internal/outbox"
)

// told brings n pieces of news to the channels of a unit.
func told(w *apptest.World, unit string, n int) {
	w.T.Helper()
	apptest.Must(w.T, w.App.DB.Write(context.Background(), func(tx *db.Tx) error {
		for i := range n {
			_, err := w.App.Notify.Send(context.Background(), tx, w.District, notify.Message{Key: fmt.Sprintf("news:%d:%d", w.Clock.Now().UnixMilli(), i),
				Kind: "due", Title: i18n.Label{Zh: "十二月的记录还没有交", En: "December is owed"}, Link: "/due", Unit: org.No(w.Units[unit])}, nil)
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

// TestWebhookThatNeverAnswers: it holds no other job up, is left alone for a minute after it failed however much waits for
// it, is tried again for a day and no longer, and its page says so.
func TestWebhookThatNeverAnswers(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		var asked atomic.Int64
		over := make(chan struct{})
		silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			select {
			case <-over:
			case <-r.Context().Done():
			}
		}))
		defer silent.Close()
		defer close(over)
		w.App.Notify.Outward = here
		w.App.Notify.Patience = 150 * time.Millisecond
		w.Post(namer, "/channels", apptest.Vals{"unit": w.Units["东街"], "kind": "webhook", "name": "x", "target": silent.URL + "/key-in-path"}, 0).OK()
		told(w, "东街", 5)
		run := apptest.Text(w.Do(apptest.Ask{As: "clerk1", Method: "POST", Path: "/import-runs?kind=publicity-session&name=a.csv",
			Body: []byte("单位,日期,主题\n桂花社区,2020-12-01,入户宣传\n")}).OK(), "id")
		_, err := w.App.Jobs.RunLane(context.Background(), outbox.Inside)
		apptest.Must(t, err)
		w.Expect("an import behind it is read", apptest.Text(w.Get("clerk1", "/import-runs/"+run).OK(), "state"), "open")
		w.Expect("nobody waited for the webhook", asked.Load(), int64(0))
		_, err = w.App.Jobs.RunLane(context.Background(), outbox.Out)
		apptest.Must(t, err)
		w.Expect("asked once for five", asked.Load(), int64(1))
		w.Expect("the page says", apptest.Text(apptest.List(w.Get("manager1", "/channels").OK(), "items")[0], "last_error"), "slow")
		w.Clock.Advance(2 * time.Minute)
		w.Jobs()
		w.Expect("asked again later", asked.Load(), int64(2))
		w.Expect("all five wait", w.Scalar(`SELECT count(*) FROM job WHERE kind = 'notify.deliver'`), 5)
		for range 40 {
			w.Clock.Advance(61 * time.Minute)
			w.Jobs()
		}
		w.Expect("given up after a day", w.Scalar(`SELECT count(*) FROM job WHERE kind = 'notify.deliver'`), 0)
		if n := asked.Load(); n > 40 {
			t.Errorf("asked %d times", n)
		}
	})
}

// postbox is a small mail server: it keeps what it is given, refuses one address, and can fall silent.
type postbox struct {
	net.Listener
	mu     sync.Mutex
	mails  []string
	silent bool
}

func openPostbox(t *testing.T) *postbox {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	apptest.Must(t, err)
	p := &postbox{Listener: l}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(c)
		}
	}()
	return p
}

func (p *postbox) serve(c net.Conn) {
	defer c.Close()
	p.mu.Lock()
	silent := p.silent
	p.mu.Unlock()
	in := bufio.NewReader(c)
	if silent {
		_, _ = in.ReadString('\n') // until the other side goes
		return
	}
	say := func(s string) { _, _ = fmt.Fprintf(c, "%s\r\n", s) }
	say("220 postbox.test ready")
	var from string
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch word := strings.ToUpper(strings.TrimSpace(line)); {
		case strings.HasPrefix(word, "EHLO"):
			say("250-postbox.test")
			say("250 AUTH PLAIN")
		case strings.HasPrefix(word, "AUTH PLAIN"):
			if raw, _ := base64.StdEncoding.DecodeString(strings.Fields(line)[2]); string(raw) != "\x00sifen\x00secret" {
				say("535 no")
				return
			}
			say("235 welcome")
		case strings.HasPrefix(word, "MAIL"):
			from = strings.TrimSpace(line)
			say("250 ok")
		case strings.HasPrefix(word, "RCPT TO:<NOBODY@"):
			say("550 no such box")
		case strings.HasPrefix(word, "RCPT"):
			say("250 ok")
		case word == "DATA":
			say("354 go on")
			text := from + "\n"
			for {
				l, err := in.ReadString('\n')
				if err != nil {
					return
				}
				if l == ".\r\n" {
					break
				}
				text += l
			}
			p.mu.Lock()
			p.mails = append(p.mails, text)
			p.mu.Unlock()
			say("250 kept")
		case word == "QUIT":
			say("221 bye")
			return
		default:
			say("502 what")
		}
	}
}

// TestMailIsSent over a real connection: the letter arrives whole, once; a refused address and a silent server are told.
func TestMailIsSent(t *testing.T) {
	w := apptest.New(t, false)
	box := openPostbox(t)
	w.App.Notify.Mail = notify.Mail{Server: box.Addr().String(), From: "sifen@district.test", User: "sifen", Password: "secret"}
	w.App.Notify.Patience = 300 * time.Millisecond
	add := func(target string) string {
		return apptest.Text(w.Post(namer, "/channels", apptest.Vals{"unit": w.Units["东街"], "kind": "email", "name": target, "target": target}, 0).OK(),
			"id")
	}
	state := func(id string) string {
		for _, c := range apptest.List(w.Get("manager1", "/channels").OK(), "items") {
			if apptest.Text(c, "id") == id {
				return apptest.Text(c, "last_error")
			}
		}
		return "gone"
	}
	id := add("office@east.test")
	told(w, "东街", 1)
	w.Jobs()
	w.Jobs()
	w.Expect("letters", len(box.mails), 1)
	w.Expect("state", state(id), "")
	head, body, _ := strings.Cut(box.mails[0], "\r\n\r\n")
	for _, want := range []string{"FROM:<sifen@district.test>", "To: office@east.test", "Content-Type: text/plain; charset=utf-8"} {
		if !strings.Contains(head, want) {
			t.Errorf("the letter lacks %q:\n%s", want, head)
		}
	}
	_, subject, _ := strings.Cut(head, "Subject: ")
	subject, _, _ = strings.Cut(subject, "\r\nMIME")
	if got, err := new(mime.WordDecoder).DecodeHeader(strings.ReplaceAll(subject, "\r\n ", " ")); err != nil || got != "【四分】东街：十二月的记录还没有交" {
		t.Errorf("subject %q %v", got, err)
	}
	if raw, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(body, "\r\n", "")); err != nil || !strings.Contains(string(raw), "东街：十二月的记录还没有交") ||
		!strings.Contains(string(raw), "https://sifen.example/due") {
		t.Errorf("body %q %v", raw, err)
	}
	none := add("nobody@east.test")
	w.Post("manager1", "/channels/"+none+"/try", nil, 0).OK()
	w.Jobs()
	w.Expect("a refused address", strings.ReplaceAll(state(none), `"`, ""), "550 no such box")
	box.mu.Lock()
	box.silent = true
	box.mu.Unlock()
	w.Post("manager1", "/channels/"+id+"/try", nil, 0).OK()
	w.Jobs()
	w.Expect("a silent server", state(id), "slow")
	apptest.Must(t, box.Close())
	w.Post("manager1", "/channels/"+id+"/try", nil, 0).OK()
	w.Jobs()
	w.Expect("a server that is gone", state(id), "unreachable")
}
