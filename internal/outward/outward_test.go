package outward

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
)

func TestWhichAddressesArePublic(t *testing.T) {
	for what, c := range map[string]struct {
		addr string
		want bool
	}{
		"a public one":                  {"1.1.1.1", true},
		"a public one of IPv6":          {"2606:4700::1111", true},
		"a public one, mapped":          {"::ffff:1.1.1.1", true},
		"loopback":                      {"127.0.0.1", false},
		"all of loopback":               {"127.200.3.4", false},
		"loopback of IPv6":              {"::1", false},
		"loopback, mapped into IPv6":    {"::ffff:127.0.0.1", false},
		"unspecified":                   {"0.0.0.0", false},
		"unspecified of IPv6":           {"::", false},
		"this network":                  {"0.1.2.3", false},
		"private, ten":                  {"10.1.2.3", false},
		"private, 172.16":               {"172.16.0.1", false},
		"private, the last of 172":      {"172.31.255.255", false},
		"not private, behind it":        {"172.32.0.1", true},
		"private, 192.168":              {"192.168.1.1", false},
		"private, mapped into IPv6":     {"::ffff:192.168.1.1", false},
		"a carrier's NAT":               {"100.64.0.1", false},
		"metadata inside that NAT":      {"100.100.100.200", false},
		"behind that NAT":               {"100.128.0.1", true},
		"link-local, where metadata is": {"169.254.169.254", false},
		"link-local of IPv6":            {"fe80::1", false},
		"link-local with a zone":        {"fe80::1%eth0", false},
		"private of IPv6":               {"fd00::1", false},
		"site-local of IPv6":            {"fec0::1", false},
		"multicast":                     {"224.0.0.1", false},
		"multicast of IPv6":             {"ff02::1", false},
		"broadcast":                     {"255.255.255.255", false},
		"reserved":                      {"240.0.0.1", false},
		"benchmarks":                    {"198.18.0.1", false},
		"documentation":                 {"192.0.2.1", false},
		"documentation of IPv6":         {"2001:db8::1", false},
		"IPv4 inside, translated":       {"64:ff9b::7f00:1", false},
		"IPv4 inside, 6to4":             {"2002:7f00:1::", false},
		"IPv4 inside, Teredo":           {"2001::1", false},
		"IPv4 inside, the old way":      {"::127.0.0.1", false},
		"a cloud's own":                 {"168.63.129.16", false},
	} {
		if got := Public(netip.MustParseAddr(c.addr)); got != c.want {
			t.Errorf("%s: %s public is %v, want %v", what, c.addr, got, c.want)
		}
	}
	if Public(netip.Addr{}) {
		t.Error("no address at all is public")
	}
}

// Requests of this test go to this machine's loopback alone.
func TestWhatIsAskedAndWhatIsNot(t *testing.T) {
	var asked atomic.Int64
	moved := false
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if moved = r.URL.Path == "/moved"; moved {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}
	}))
	defer s.Close()
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	here := netip.MustParseAddr("127.0.0.1")
	for what, c := range map[string]struct {
		named  []string
		url    string
		answer [][]netip.Addr // of each look-up in turn
		asked  int64
		inside bool
		status int
	}{
		"loopback":                              {nil, "http://127.0.0.1:" + port, nil, 0, true, 0},
		"loopback, mapped":                      {nil, "http://[::ffff:127.0.0.1]:" + port, nil, 0, true, 0},
		"a name of loopback":                    {nil, "http://rebind.test:" + port, [][]netip.Addr{{here}}, 0, true, 0},
		"loopback that is named":                {[]string{"127.0.0.1"}, "http://127.0.0.1:" + port, nil, 1, false, 200},
		"named with this port":                  {[]string{"127.0.0.1:" + port}, "http://127.0.0.1:" + port, nil, 1, false, 200},
		"named with another port":               {[]string{"127.0.0.1:1"}, "http://127.0.0.1:" + port, nil, 0, true, 0},
		"a name that is named":                  {[]string{"Robot.test"}, "http://robot.test:" + port, [][]netip.Addr{{here}}, 1, false, 200},
		"another name than the one that is":     {[]string{"robot.test"}, "http://robot.test.evil.test:" + port, [][]netip.Addr{{here}}, 0, true, 0},
		"a redirect is not followed":            {[]string{"127.0.0.1"}, "http://127.0.0.1:" + port + "/moved", nil, 1, false, 307},
		"the second look-up would be loopback ": {nil, "http://rebind.test:" + port, [][]netip.Addr{{netip.MustParseAddr("10.0.0.1")}, {here}}, 0, true, 0},
	} {
		asked.Store(0)
		looked := 0
		client := Client{Named: c.named, Lookup: func(context.Context, string) ([]netip.Addr, error) {
			looked++
			return c.answer[min(looked, len(c.answer))-1], nil
		}}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.url, strings.NewReader("x"))
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(r)
		status := 0
		if err == nil {
			status = res.StatusCode
			res.Body.Close()
		}
		if errors.Is(err, ErrInside) != c.inside || asked.Load() != c.asked || status != c.status || looked > 1 {
			t.Errorf("%s: status %d, %v, asked %d times, looked up %d times", what, status, err, asked.Load(), looked)
		}
	}
}

func TestWhatIsRefusedBeforeAnyLookUp(t *testing.T) {
	for host, inside := range map[string]bool{"localhost": true, "LOCALHOST.": true, "a.localhost": true, "[::1]": true, "::1": true, "10.0.0.1": true,
		"example.com": false, "1.1.1.1": false, "named.test": false, "10.9.9.9": false} {
		if err := (Client{Named: []string{"named.test", "10.9.9.9"}}).Check(host, "443"); errors.Is(err, ErrInside) != inside {
			t.Errorf("%s: %v, want inside %v", host, err, inside)
		}
	}
}
