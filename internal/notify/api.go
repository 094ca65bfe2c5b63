package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/smtp"
	"net/textproto"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/httpapi"
	"sifen/internal/org"
	"sifen/internal/outward"
	"sifen/internal/period"
)

// Mail is the mail server that channels of kind email use; the zero Mail sends none.
type Mail struct {
	Server   string // host:port; port 465 speaks TLS from the start
	From     string
	User     string
	Password string
}

// Words kept as a channel's last error, for which the page has its sentences. What the other side said is not among them:
// it would let somebody read what only this machine can ask.
const (
	slow        = "slow"
	unreachable = "unreachable"
	refused     = "refused" // a robot took the message and would not pass it on
	inside      = "inside"  // outward.ErrInside
	untrusted   = "untrusted"
	sealed      = "sealed" // the key file is lost
)

func (s *Service) patience() time.Duration {
	if s.Patience > 0 {
		return s.Patience
	}
	return 10 * time.Second
}

// told is what of a failure to reach somebody is kept and shown: a word, neither the address nor an answer.
func told(err error) error {
	var n net.Error
	var cert *tls.CertificateVerificationError
	switch {
	case errors.As(err, &n) && n.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return errors.New(slow)
	case errors.Is(err, outward.ErrInside):
		return errors.New(inside)
	case errors.As(err, &cert):
		return errors.New(untrusted)
	}
	return errors.New(unreachable)
}

// toldMail is told for the mail server, which the operator chose: what it answers helps him and tells nobody of another.
func toldMail(err error) error {
	var said *textproto.Error
	if errors.As(err, &said) {
		return err
	}
	return told(err)
}

func (s *Service) post(ctx context.Context, c Channel, text, link string, at time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, s.patience())
	defer cancel()
	if c.Kind == Email {
		if err := s.mail(ctx, c.target, text, link); err != nil {
			return toldMail(err)
		}
		return nil
	}
	target, body, head := payload(c, text, link, at)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return errors.New(unreachable)
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	for k, v := range head {
		r.Header.Set(k, v)
	}
	res, err := s.Outward.Do(r)
	if err != nil {
		return told(err)
	}
	defer res.Body.Close()
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("HTTP %dxx", res.StatusCode/100)
	}
	if c.Kind == Webhook {
		return nil // its status says all there is to know
	}
	raw, err := io.ReadAll(io.LimitReader(res.Body, 4096))
	if err != nil {
		return told(err)
	}
	if code, yes := refuses(raw); yes {
		s.Log.Warn("a robot refused a message", "channel", c.ID, "kind", c.Kind, "code", code)
		return errors.New(refused)
	}
	return nil
}

func (s *Service) mail(ctx context.Context, to, text, link string) error {
	host, port, err := net.SplitHostPort(s.Mail.Server)
	if err != nil {
		return fmt.Errorf("mail server %q: %w", s.Mail.Server, err)
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", s.Mail.Server)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(s.patience())); err != nil { //nolint:forbidigo // a socket deadline is machine time
		return err
	}
	conf := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if port == "465" {
		conn = tls.Client(conn, conf)
	}
	m, err := smtp.NewClient(conn, host)
	if err != nil {
		return err
	}
	if ok, _ := m.Extension("STARTTLS"); ok && port != "465" {
		if err := m.StartTLS(conf); err != nil {
			return err
		}
	}
	if s.Mail.User != "" {
		if err := m.Auth(smtp.PlainAuth("", s.Mail.User, s.Mail.Password, host)); err != nil {
			return err
		}
	}
	if err := m.Mail(s.Mail.From); err != nil {
		return err
	}
	if err := m.Rcpt(to); err != nil {
		return err
	}
	w, err := m.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(letter(s.Mail.From, to, text, link)); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return m.Quit()
}

// Register adds the operations of news and channels.
func (s *Service) Register(k *httpapi.Kit) {
	type listOut struct {
		Body struct {
			Items  []Notice `json:"items"`
			Unread int64    `json:"unread"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "list-notices", Route: "GET /notices", Verb: httpapi.SignedIn,
		Summary: "One's own news, unread first"},
		func(ctx context.Context, by access.Scope, _ *struct{}) (*listOut, error) {
			out := &listOut{}
			err := s.DB.Snapshot(ctx, func(q db.Querier) (err error) {
				if out.Body.Items, err = List(ctx, q, by, 100); err != nil {
					return err
				}
				out.Body.Unread, err = Unread(ctx, q, by)
				return err
			})
			return out, err
		})
	type readIn struct {
		httpapi.OperationID
		Body struct {
			ID string `json:"id,omitempty" doc:"empty marks all as read"`
		}
	}
	type done struct {
		Unread int64 `json:"unread"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "read-notices", Route: "POST /notices/read", Verb: httpapi.SignedIn,
		Summary: "Mark news as read"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *readIn) (*httpapi.Reply[done], error) {
			if err := Read(ctx, tx, by, in.Body.ID, s.Clock.Now()); err != nil {
				return nil, err
			}
			n, err := Unread(ctx, tx, by)
			return &httpapi.Reply[done]{Body: done{n}}, err
		})
	type channelsOut struct {
		Body struct {
			Items []Channel `json:"items"`
			Mail  bool      `json:"mail" doc:"whether this server can send mail"`
		}
	}
	httpapi.Query(k, httpapi.Operation{ID: "list-channels", Route: "GET /channels", Verb: Edit,
		Summary: "Where the news of one's units go besides the workbench"},
		func(ctx context.Context, by access.Scope, _ *struct{}) (*channelsOut, error) {
			out := &channelsOut{}
			var err error
			out.Body.Items, err = s.Channels(ctx, s.DB.Read, by)
			out.Body.Mail = s.Mail.Server != ""
			return out, err
		})
	type addIn struct {
		httpapi.OperationID
		Body struct {
			Unit   int64  `json:"unit"`
			Kind   string `json:"kind" enum:"wecom,dingtalk,feishu,webhook,email"`
			Name   string `json:"name" minLength:"1" maxLength:"40"`
			Target string `json:"target" minLength:"3" maxLength:"500"`
			Secret string `json:"secret,omitempty" maxLength:"200"`
		}
	}
	// This server sends to the address: whoever names it administers the unit.
	httpapi.Command(k, httpapi.Operation{ID: "add-channel", Route: "POST /channels", Verb: account.Edit,
		Summary: "Name a robot, a webhook or a mailbox of a unit"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *addIn) (*httpapi.Reply[Channel], error) {
			o, err := s.Orgs.Current(ctx, tx, by.District)
			if err != nil {
				return nil, err
			}
			targets := o.Targets(org.No(in.Body.Unit), period.Of(s.Clock.Now()))
			if !by.Sees(targets) {
				return nil, org.ErrUnit
			}
			if !by.Can(Edit, targets, false) || !by.Can(account.Edit, targets, false) {
				return nil, httpapi.ErrForbidden
			}
			c, err := s.AddChannel(ctx, tx, by, Channel{Unit: in.Body.Unit, Kind: in.Body.Kind, Name: strings.TrimSpace(in.Body.Name)}, in.Body.Target,
				in.Body.Secret)
			return &httpapi.Reply[Channel]{Status: http.StatusCreated, Body: c}, err
		})
	type dropped struct {
		Deleted bool `json:"deleted"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "drop-channel", Route: "DELETE /channels/{id}", Verb: Edit, Summary: "Remove a channel"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActOn) (*httpapi.Reply[dropped], error) {
			return &httpapi.Reply[dropped]{Body: dropped{true}}, s.DropChannel(ctx, tx, by, in.ID)
		})
	type tryOut struct {
		OK    bool   `json:"ok"`
		Error string `json:"error"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "try-channel", Route: "POST /channels/{id}/try", Verb: Edit,
		Summary: "Send a greeting to a channel"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *httpapi.ActOn) (*httpapi.Reply[tryOut], error) {
			list, err := s.Channels(ctx, tx, by)
			if err != nil {
				return nil, err
			}
			for _, c := range list {
				if c.ID == in.ID {
					m := Message{Key: "try:" + in.Key, Kind: "try", Title: greeting, Unit: org.No(c.Unit)}
					return &httpapi.Reply[tryOut]{Body: tryOut{OK: true}}, s.queueOne(ctx, tx, by.District, c.ID, m)
				}
			}
			return nil, ErrNone
		})
}
