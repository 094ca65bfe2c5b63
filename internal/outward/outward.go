// Package outward sends requests to addresses that people typed. Whoever may type one must not reach with it what only
// this machine reaches: the name is resolved once, each of its addresses is judged, and one that was found public is what
// is dialled. Nothing is redirected.
package outward

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// ErrInside says that a host has no public address and that the configuration does not name it.
var ErrInside = errors.New("the address lies inside the network, and the setting internal-hosts does not name its host")

// Client sends requests. The zero Client reaches public addresses alone.
type Client struct {
	// Named are hosts that may lie anywhere, as they stand in an address: host, or host:port for that port alone.
	Named []string
	// Lookup finds the addresses of a host; nil asks the system.
	Lookup func(ctx context.Context, host string) ([]netip.Addr, error)
}

// Check judges a host with its port as far as that is possible without looking it up.
func (c Client) Check(host, port string) error {
	if c.named(host, port) {
		return nil
	}
	h := plainHost(host)
	if a, err := netip.ParseAddr(h); err == nil && !Public(a) || h == "localhost" || strings.HasSuffix(h, ".localhost") {
		return ErrInside
	}
	return nil
}

// Do sends a request and follows nothing.
func (c Client) Do(r *http.Request) (*http.Response, error) {
	// No connection outlives its request: the next one is judged anew. And no proxy, which would look the name up itself.
	t := &http.Transport{DialContext: c.dial, DisableKeepAlives: true, TLSHandshakeTimeout: 10 * time.Second,
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}}
	h := http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return h.Do(r)
}

func (c Client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	all, err := c.lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	failed := ErrInside
	var d net.Dialer
	for _, a := range all {
		if !Public(a) && !c.named(host, port) {
			continue
		}
		// the address that was judged, never the name: it could resolve to another by now
		conn, err := d.DialContext(ctx, network, net.JoinHostPort(a.Unmap().String(), port))
		if err == nil {
			return conn, nil
		}
		failed = err
	}
	return nil, failed
}

func (c Client) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	if c.Lookup != nil {
		return c.Lookup(ctx, host)
	}
	all, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, fmt.Errorf("look up: %w", err)
	}
	return all, nil
}

func (c Client) named(host, port string) bool {
	host = plainHost(host)
	for _, n := range c.Named {
		n = strings.ToLower(strings.TrimSpace(n))
		if plainHost(n) == host || n == net.JoinHostPort(host, port) {
			return true
		}
	}
	return false
}

func plainHost(h string) string {
	return strings.TrimSuffix(strings.ToLower(strings.Trim(h, "[]")), ".")
}

// Special addresses belong to nobody in public: those that IANA sets apart, those that carry another address inside, and
// the one at which a cloud's machines ask for their secrets.
var special = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24",
	"192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
	"240.0.0.0/4", "168.63.129.16/32",
	"2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
)

// global is what of IPv6 is given out at all; everything else is loopback, link-local, private, multicast, mapped or empty.
var global = netip.MustParsePrefix("2000::/3")

func prefixes(list ...string) (out []netip.Prefix) {
	for _, s := range list {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}

// Public reports whether an address may be anybody's on the internet.
func Public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsValid() || a.Zone() != "" || a.Is6() && !global.Contains(a) {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}
