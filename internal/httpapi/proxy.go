package httpapi

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
)

// Proxies are the networks whose word on a caller is taken: on his address, and on whether his connection is encrypted. From
// anywhere else those headers are a claim and not looked at. None is this machine.
type Proxies []netip.Prefix

var thisMachine = Proxies{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

// ParseProxies reads addresses and networks such as 10.0.0.7 or 10.1.0.0/16. What is named stands beside this machine.
func ParseProxies(list []string) (Proxies, error) {
	out := append(Proxies{}, thisMachine...)
	for _, s := range list {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		if a, err := netip.ParseAddr(s); err == nil {
			out = append(out, netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("trusted-proxies: %q is neither an address nor a network such as 10.0.0.7 or 10.1.0.0/16", s)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

func (p Proxies) trusts(a netip.Addr) bool {
	if p == nil {
		p = thisMachine
	}
	a = a.Unmap().WithZone("")
	for _, n := range p {
		if n.Contains(a) {
			return true
		}
	}
	return false
}

// Client is the address a request comes from, with its port where it is known. Each proxy that is trusted adds the address
// it was asked from at the end of X-Forwarded-For: read backwards, the first that is no such proxy is the caller.
func (p Proxies) Client(r *http.Request) string {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	list := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(list) - 1; i >= 0 && p.trusts(ap.Addr()); i-- {
		next, ok := forwarded(strings.TrimSpace(list[i]))
		if !ok {
			break
		}
		ap = next
	}
	return ap.String()
}

// forwarded reads one entry: an address, with or without a port.
func forwarded(s string) (netip.AddrPort, bool) {
	if a, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil {
		return netip.AddrPortFrom(a, 0), true
	}
	ap, err := netip.ParseAddrPort(s)
	return ap, err == nil
}

// overTLS reports whether the person's connection is encrypted: here, or at a trusted proxy that says so.
func (p Proxies) overTLS(r *http.Request) bool {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	return r.TLS != nil || err == nil && p.trusts(ap.Addr()) && r.Header.Get("X-Forwarded-Proto") == "https"
}

// FromHere lets only requests of this very machine through, neither directly nor over a proxy from elsewhere; for others
// the page does not exist.
func (p Proxies) FromHere(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ap, err := netip.ParseAddrPort(p.Client(r))
		if err != nil || !ap.Addr().Unmap().IsLoopback() {
			http.NotFound(w, r)
			return
		}
		h.ServeHTTP(w, r)
	})
}
