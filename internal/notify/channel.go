package notify

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/url"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/id"
	"sifen/internal/journal"
	"sifen/internal/org"
	"sifen/internal/outbox"
)

// The kinds of channels.
const (
	WeCom    = "wecom"
	DingTalk = "dingtalk"
	Feishu   = "feishu"
	Webhook  = "webhook"
	Email    = "email"
)

// DeliverJob sends one message to one channel.
const DeliverJob = "notify.deliver"

// rest is how long a channel that failed is left alone.
const rest = time.Minute

var errResting = errors.New("the channel failed less than a minute ago")

// Channel is where a unit's news go besides the workbench.
type Channel struct {
	ID        string `json:"id"`
	Unit      int64  `json:"unit"`
	Kind      string `json:"kind"`
	Name      string `json:"name"`
	Target    string `json:"target"` // as shown: the secret part of an address is masked
	LastAt    int64  `json:"last_at"`
	LastError string `json:"last_error" doc:"a word of its own for each reason, or HTTP 4xx: what the other side answered is never told"`

	target, secret string // opened
}

type delivery struct {
	Channel string `json:"channel"`
	Key     string `json:"key"`
	Zh      string `json:"zh"`
	En      string `json:"en"`
	Link    string `json:"link"`
}

const channelColumns = `c.id, c.unit, c.kind, c.name, c.target, c.secret, c.last_at, c.last_error`

func scanChannel(r *sql.Rows) (Channel, error) {
	var c Channel
	return c, r.Scan(&c.ID, &c.Unit, &c.Kind, &c.Name, &c.target, &c.secret, &c.LastAt, &c.LastError)
}

// mask hides what lets another write to the same place: a robot's address holds its key.
func mask(kind, target string) string {
	if kind == Email {
		return target
	}
	u, err := url.Parse(target)
	if err != nil {
		return "…"
	}
	return u.Scheme + "://" + u.Host + "/…"
}

// Channels lists the channels of the units at which the caller may name them.
func (s *Service) Channels(ctx context.Context, q db.Querier, by access.Scope) ([]Channel, error) {
	out, err := db.All(ctx, q, scanChannel, `SELECT `+channelColumns+` FROM channel AS c
		WHERE c.district = $1 AND `+by.Reach("c.district", "c.unit", Edit)+` ORDER BY c.unit, c.id`, by.District)
	if out == nil {
		out = []Channel{}
	}
	for i := range out {
		c := &out[i]
		if err := s.unseal(by.District, c); err != nil {
			c.Target, c.LastError = "…", sealed
			continue
		}
		c.Target = mask(c.Kind, c.target)
	}
	return out, err
}

// AddChannel names a channel of a unit.
//
// Errors: ErrAddress for an address that is none, ErrInside for one inside the network, ErrMail when no mail server is
// configured, seal.ErrKey when the key file is lost.
func (s *Service) AddChannel(ctx context.Context, tx *db.Tx, by access.Scope, c Channel, target, secret string) (Channel, error) {
	target = strings.TrimSpace(target)
	switch c.Kind {
	case Email:
		if s.Mail.Server == "" {
			return c, ErrMail
		}
		if !strings.Contains(target, "@") || strings.ContainsAny(target, " \r\n,;<>") {
			return c, ErrAddress
		}
	case WeCom, DingTalk, Feishu, Webhook:
		u, err := url.Parse(target)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil {
			return c, ErrAddress
		}
		if s.Outward.Check(u.Hostname(), u.Port()) != nil {
			return c, ErrInside.With("host", u.Host)
		}
	default:
		return c, ErrAddress
	}
	now := s.Clock.Now()
	c.ID, c.Target = id.New(now), mask(c.Kind, target)
	c.target, c.secret = target, secret
	shutTarget, shutSecret, err := s.seal(ctx, tx, by.District, c)
	if err != nil {
		return c, err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO channel (district, id, unit, kind, name, target, secret, account, at, last_at, last_error)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, '')`,
		by.District, c.ID, c.Unit, c.Kind, c.Name, shutTarget, shutSecret, by.Account, now.UnixMilli()); err != nil {
		return c, err
	}
	return c, journal.Write(ctx, tx, by, now, Edit, c.ID, 0, map[string]any{"unit": c.Unit, "kind": c.Kind})
}

// DropChannel removes a channel.
func (s *Service) DropChannel(ctx context.Context, tx *db.Tx, by access.Scope, channel string) error {
	some, err := db.Changed(tx.ExecContext(ctx, `DELETE FROM channel WHERE district = $1 AND id = $2 AND `+by.Reach("channel.district", "channel.unit",
		Edit), by.District, channel))
	if err != nil || !some {
		if err == nil {
			err = ErrNone
		}
		return err
	}
	return journal.Write(ctx, tx, by, s.Clock.Now(), Edit, channel, 0, map[string]string{"op": "drop"})
}

// queue orders the deliveries of a message to the channels of its unit, once per channel and key.
func (s *Service) queue(ctx context.Context, tx *db.Tx, district int64, m Message) error {
	list, err := db.All(ctx, tx, func(r *sql.Rows) (string, error) {
		var c string
		return c, r.Scan(&c)
	}, `SELECT id FROM channel WHERE district = $1 AND unit = $2 ORDER BY id`, district, int64(m.Unit))
	if err != nil {
		return err
	}
	for _, c := range list {
		if err := s.queueOne(ctx, tx, district, c, m); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) queueOne(ctx context.Context, tx *db.Tx, district int64, channel string, m Message) error {
	now := s.Clock.Now()
	some, err := db.Changed(tx.ExecContext(ctx, `INSERT INTO channel_sent (district, channel, key, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (district, channel, key) DO NOTHING`, district, channel, m.Key, now.UnixMilli()))
	if err != nil || !some {
		return err
	}
	return outbox.Enqueue(ctx, tx, district, now, DeliverJob, delivery{channel, m.Key, m.Title.Zh, m.Title.En, m.Link})
}

// Deliver is the job: it sends outside any transaction, with a limit of time, and notes how it went. A channel that does
// not answer is tried again, ever less often, for a day.
func (s *Service) Deliver(ctx context.Context, district int64, body []byte, done func(*db.Tx) error) error {
	var d delivery
	if err := json.Unmarshal(body, &d); err != nil {
		return err
	}
	list, err := db.All(ctx, s.DB.Read, scanChannel, `SELECT `+channelColumns+` FROM channel AS c WHERE c.district = $1 AND c.id = $2`, district,
		d.Channel)
	if err != nil {
		return err
	}
	if len(list) == 0 { // the channel is gone
		return s.DB.Write(ctx, done)
	}
	c := list[0]
	now := s.Clock.Now()
	if c.LastError != "" && !strings.HasPrefix(d.Key, "try:") && now.UnixMilli()-c.LastAt < rest.Milliseconds() {
		return errResting // one that just failed is not asked again for each message that waits
	}
	o, err := s.Orgs.Current(ctx, s.DB.Read, district)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("【四分】%s：%s", o.UnitName(org.No(c.Unit)), d.Zh)
	link := ""
	if s.PublicURL != "" && d.Link != "" {
		link = strings.TrimSuffix(s.PublicURL, "/") + d.Link
	}
	failed := s.unseal(district, &c)
	if failed != nil {
		s.Log.Error("channel", "id", c.ID, "err", failed)
		failed = errors.New(sealed)
	} else {
		failed = s.post(ctx, c, text, link, now)
	}
	word := ""
	if failed != nil {
		word = failed.Error()
	}
	var sentAt int64
	if err := s.DB.Read.QueryRowContext(ctx, `SELECT coalesce(max(at), 0) FROM channel_sent WHERE district = $1 AND channel = $2 AND key = $3`, district,
		d.Channel, d.Key).Scan(&sentAt); err != nil {
		return err
	}
	giveUp := failed != nil && now.UnixMilli()-sentAt > (24*time.Hour).Milliseconds()
	if err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE channel SET last_at = $3, last_error = $4 WHERE district = $1 AND id = $2`, district, c.ID,
			now.UnixMilli(), word); err != nil {
			return err
		}
		if failed == nil || giveUp {
			return done(tx)
		}
		return nil
	}); err != nil {
		return err
	}
	if giveUp {
		return nil
	}
	return failed
}

var greeting = i18n.Label{Zh: "这个通道已经接通。", En: "This channel works."}

// letter is a mail in UTF-8, its subject the first line of the text.
func letter(from, to, text, link string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\nSubject: %s\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"+
		"Content-Transfer-Encoding: base64\r\n\r\n", from, to, mime.BEncoding.Encode("utf-8", text))
	raw := base64.StdEncoding.EncodeToString([]byte(text + "\n\n" + link + "\n"))
	for len(raw) > 76 {
		b.WriteString(raw[:76] + "\r\n")
		raw = raw[76:]
	}
	b.WriteString(raw + "\r\n")
	return b.Bytes()
}

// payload is what a channel's robot expects; the signature schemes are those of the makers' manuals.
func payload(c Channel, text, link string, at time.Time) (target string, body []byte, head map[string]string) {
	full := text
	if link != "" {
		full += "\n" + link
	}
	enc := func(v any) []byte {
		raw, err := json.Marshal(v)
		if err != nil {
			panic(err) // maps of strings always encode
		}
		return raw
	}
	target = c.target
	switch c.Kind {
	case DingTalk:
		if c.secret != "" {
			ms := at.UnixMilli()
			mac := hmac.New(sha256.New, []byte(c.secret))
			fmt.Fprintf(mac, "%d\n%s", ms, c.secret)
			sep := "?"
			if strings.Contains(target, "?") {
				sep = "&"
			}
			target += fmt.Sprintf("%stimestamp=%d&sign=%s", sep, ms, url.QueryEscape(base64.StdEncoding.EncodeToString(mac.Sum(nil))))
		}
		return target, enc(map[string]any{"msgtype": "text", "text": map[string]string{"content": full}}), nil
	case WeCom:
		return target, enc(map[string]any{"msgtype": "text", "text": map[string]string{"content": full}}), nil
	case Feishu:
		v := map[string]any{"msg_type": "text", "content": map[string]string{"text": full}}
		if c.secret != "" {
			sec := at.Unix()
			mac := hmac.New(sha256.New, fmt.Appendf(nil, "%d\n%s", sec, c.secret))
			v["timestamp"], v["sign"] = fmt.Sprint(sec), base64.StdEncoding.EncodeToString(mac.Sum(nil))
		}
		return target, enc(v), nil
	}
	body = enc(map[string]string{"text": text, "link": link})
	if c.secret != "" {
		mac := hmac.New(sha256.New, []byte(c.secret))
		mac.Write(body)
		head = map[string]string{"X-Sifen-Signature": fmt.Sprintf("sha256=%x", mac.Sum(nil))}
	}
	return target, body, head
}

// refuses reads the answer of a robot: they answer 200 also when they refuse. The makers' number is for the log.
func refuses(raw []byte) (code int, yes bool) {
	var a struct {
		ErrCode int `json:"errcode"`
		Code    int `json:"code"`
	}
	if json.Unmarshal(bytes.TrimSpace(raw), &a) != nil {
		return 0, false
	}
	code = cmp.Or(a.ErrCode, a.Code)
	return code, code != 0
}
