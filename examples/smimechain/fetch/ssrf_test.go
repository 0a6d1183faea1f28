package fetch

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// errOutside stands for a connection to a public address, which no test opens.
var errOutside = errors.New("a public address would have been dialled")

// guarded returns a client as users have it but for three things: it asks resolver, it
// may reach the test's own server at one address, and it notes public addresses in place
// of dialling them.
func guarded(t *testing.T, opts Options, resolver *net.Resolver, server string) (*Client, func() []string) {
	t.Helper()
	if opts.Proxy == nil {
		opts.Proxy = func(*http.Request) (*url.URL, error) { return nil, nil }
	}
	if opts.Timeout == 0 {
		opts.Timeout = 5 * time.Second
	}
	c := newClient(t, opts)
	c.resolver = resolver
	var mu sync.Mutex
	var dialled []string
	c.transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		d := c.dialer(ctx)
		check := d.Control
		d.Control = func(network, address string, raw syscall.RawConn) error {
			if address == server {
				return nil
			}
			if check == nil { // the way to the proxy
				return nil
			}
			if err := check(network, address, raw); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			dialled = append(dialled, address)
			return errOutside
		}
		return d.DialContext(ctx, network, address)
	}
	return c, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(dialled)
	}
}

// insideHosts are hosts of addresses that lead inside a network, or would in some program
// that reads them: in each form an address can have.
var insideHosts = []string{
	// loopback
	"127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "0177.0.0.1", "0x7f.0.0.1", "0x7F000001", "2130706433", "017700000001",
	"127.0.0.01", "localhost", "LOCALHOST", "localhost.", "a.localhost", "localhost.localdomain", "0", "0.0.0.0", "00000000",
	"[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]", "[::127.0.0.1]",
	"[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[::ffff:0:127.0.0.1]",
	// link-local, and what clouds tell their machines
	"169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]",
	"[fe80::1]", "[fe80::1%25eth0]", "[fe80::a9fe:a9fe%251]", "[fd00:ec2::254]", "[fd20:ce::254]",
	"100.100.100.200", "192.0.0.192", "168.63.129.16", "[::ffff:168.63.129.16]", "metadata.google.internal", "metadata.google.internal.", "metadata",
	// private
	"10.0.0.1", "10.1", "167772161", "172.16.0.1", "192.168.0.1", "0xc0a80001", "192.168.1", "[fc00::1]", "[fec0::1]", "[::ffff:10.0.0.1]",
	"intranet", "pki.corp", "pki.local", "ca.home.arpa", "ca.lan", "198.18.0.1", "100.64.0.1",
	// others than one machine
	"255.255.255.255", "224.0.0.1", "[ff02::1]", "[ff0e::1]", "240.0.0.1",
	// not the host they seem to be
	"%31%32%37.0.0.1", "127。0。0。1", "①②⑦.⓪.⓪.①", "ca.example.org@127.0.0.1", "ca.example.org:80@127.0.0.1", "127.0.0.1%2f.example.org",
	"ca.example.org\\@127.0.0.1", "127.0.0.1\\.example.org", "127.0.0.1\t", "127.0.0.1\r\n", "[::1", "::1", "[127.0.0.1]", "[::1]a",
}

// TestInside asks for addresses inside the network: out of a certificate and by way of a
// redirect, straight and through a proxy, where names that are numbers do not exist and
// where the system reads them as addresses. Nobody is connected to and no proxy is asked.
func TestInside(t *testing.T) {
	port, connections := newVictim(t)
	var viaProxy atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { viaProxy.Add(1) }))
	defer proxy.Close()
	proxyURL, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	var target string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Location"] = []string{target}
		w.WriteHeader(http.StatusFound)
	}))
	defer server.Close()
	host := server.Listener.Addr().String()
	resolvers := map[string]*net.Resolver{"no such name": newResolver(t), "read as addresses": newResolver(t, []string{"127.0.0.1", "::1"})}
	for name, resolver := range resolvers {
		for _, proxied := range []bool{false, true} {
			opts := Options{}
			if proxied {
				opts.Proxy = func(r *http.Request) (*url.URL, error) {
					if r.URL.Host == host { // as NO_PROXY would have it
						return nil, nil
					}
					return proxyURL, nil
				}
			}
			for _, inside := range insideHosts {
				for _, suffix := range []string{":" + port, ""} {
					for _, redirected := range []bool{false, true} {
						address := "http://" + inside + suffix + "/x"
						if target = address; redirected {
							address = server.URL
						}
						c, dialled := guarded(t, opts, resolver, host)
						_, err := c.ask(t.Context(), address, certificates)
						if _, ok := errors.AsType[*Error](err); !ok {
							t.Errorf("%s, proxy %t, redirected %t, %q: got %v", name, proxied, redirected, target, err)
						}
						if d := dialled(); d != nil {
							t.Errorf("%s, proxy %t, redirected %t, %q: dialled %v", name, proxied, redirected, target, d)
						}
						if n := viaProxy.Swap(0); n > 0 {
							t.Errorf("%s, redirected %t, %q: the proxy was asked", name, redirected, target)
						}
					}
				}
			}
		}
	}
	if n := connections.Load(); n > 0 {
		t.Errorf("%d connections to a server inside", n)
	}
}

// TestPublicName holds that names of the public internet stay reachable.
func TestPublicName(t *testing.T) {
	for _, name := range []string{"crt.sectigo.com", "crt.sectigo.com.", "ca.local.de", "1.example.org", "127.0.0.1.nip.io", "internal.example.org", "xn--80ak6aa92e.xn--p1ai", "pki.0x.com", "a.b1"} {
		if !publicName(name) {
			t.Errorf("%s is not public", name)
		}
	}
}

// TestAnswersOfNames has names whose answers change between two questions, and names with
// several addresses of which one is inside. Only what is public is ever dialled.
func TestAnswersOfNames(t *testing.T) {
	const name = "ca.example.org"
	port, connections := newVictim(t)
	inside, outside := []string{"127.0.0.1"}, []string{"1.1.1.1"}
	tests := []struct {
		name    string
		answers [][]string
		dialled []string // in every one of three requests together
	}{
		{"public, then inside", [][]string{outside, inside}, []string{"1.1.1.1"}},
		{"inside, then public", [][]string{inside, outside}, []string{"1.1.1.1", "1.1.1.1"}},
		{"by turns", [][]string{outside, inside, outside}, []string{"1.1.1.1", "1.1.1.1"}},
		{"one of two is inside", [][]string{{"127.0.0.1", "1.1.1.1"}}, []string{"1.1.1.1", "1.1.1.1", "1.1.1.1"}},
		{"the second is inside", [][]string{{"1.1.1.1", "127.0.0.1"}}, []string{"1.1.1.1", "1.1.1.1", "1.1.1.1"}},
		{"inside in IPv6", [][]string{{"::1"}}, nil},
		{"mapped", [][]string{{"::ffff:127.0.0.1"}}, nil},
		{"inside in both", [][]string{{"::1", "127.0.0.1", "::ffff:10.0.0.1", "fe80::1", "169.254.169.254", "0.0.0.0", "::"}}, nil},
		{"no such name", nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, dialled := guarded(t, Options{}, newResolver(t, tt.answers...), "")
			for _, path := range []string{"/1", "/2", "/3"} {
				if _, err := c.ask(t.Context(), "http://"+name+":"+port+path, certificates); err == nil {
					t.Error("no error")
				}
			}
			var want []string
			for _, a := range tt.dialled {
				want = append(want, net.JoinHostPort(a, port))
			}
			if got := dialled(); !slices.Equal(got, want) {
				t.Errorf("dialled %v, want %v", got, want)
			}
		})
	}
	t.Run("behind a proxy", func(t *testing.T) {
		proxy := &url.URL{Scheme: "http", Host: "127.0.0.1:" + port}
		for _, answers := range [][]string{inside, {"1.1.1.1", "127.0.0.1"}, {"::1"}, {"1.1.1.1", "fe80::1"}} {
			c, _ := guarded(t, Options{Proxy: func(*http.Request) (*url.URL, error) { return proxy, nil }}, newResolver(t, answers), "")
			if _, err := c.ask(t.Context(), "http://"+name+"/", certificates); !errors.Is(err, ErrNotPublic) {
				t.Errorf("%v: %v", answers, err)
			}
		}
	})
	if n := connections.Load(); n > 0 {
		t.Errorf("%d connections to a server inside", n)
	}
}

// TestOtherSchemes leads by redirect to servers of other protocols: no connection is
// opened, not even to find out that a certificate is bad.
func TestOtherSchemes(t *testing.T) {
	port, connections := newVictim(t)
	for _, scheme := range []string{"https", "HTTPS", "ftp", "ftps", "file", "ldap", "ldaps", "gopher", "dict", "sftp", "tftp", "jar", "data", "ws", "unix", "smb", "javascript", "http+unix", ""} {
		address := scheme + "://127.0.0.1:" + port + "/"
		server := httptest.NewServer(http.RedirectHandler(address, http.StatusMovedPermanently))
		defer server.Close()
		c, dialled := guarded(t, Options{}, newResolver(t), server.Listener.Addr().String())
		for _, from := range []string{address, server.URL} {
			_, err := c.ask(t.Context(), from, certificates)
			// Without a scheme the redirect is relative, to the same protocol.
			if _, ok := errors.AsType[*Error](err); !ok || scheme != "" && !errors.Is(err, ErrScheme) {
				t.Errorf("%q: %v", scheme, err)
			}
		}
		if d := dialled(); d != nil {
			t.Errorf("%q: dialled %v", scheme, d)
		}
	}
	if n := connections.Load(); n > 0 {
		t.Errorf("%d connections", n)
	}
}

// TestRedirectLoops goes round between two servers, and along a chain one longer than is
// allowed; every way of sending on counts.
func TestRedirectLoops(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		var hits atomic.Int32
		var other string
		next := func(w http.ResponseWriter, r *http.Request) {
			hits.Add(1)
			w.Header().Set("Location", other+r.URL.Path+"x")
			w.WriteHeader(status)
		}
		one, two := httptest.NewServer(http.HandlerFunc(next)), httptest.NewServer(http.HandlerFunc(next))
		defer one.Close()
		defer two.Close()
		other = two.URL
		_, err := newClient(t, Options{Private: true}).ask(t.Context(), one.URL+"/", certificates)
		if !errors.Is(err, ErrRedirects) || hits.Load() != 1+MaxRedirects {
			t.Errorf("%d: %d requests, %v", status, hits.Load(), err)
		}
	}
}

// TestDrip has servers that give an octet now and then, in the header and in the body,
// and one that never ends its chunks: none takes longer than the time allowed.
func TestDrip(t *testing.T) {
	const timeout, ceiling = 500 * time.Millisecond, 10 * time.Second
	drip := func(start string) string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		go func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				go func() {
					defer conn.Close()
					bufio.NewReader(conn).ReadString('\n')
					io.WriteString(conn, start)
					for range 1000 {
						if _, err := io.WriteString(conn, "0"); err != nil {
							return
						}
						time.Sleep(20 * time.Millisecond)
					}
				}()
			}
		}()
		return "http://" + l.Addr().String() + "/"
	}
	for name, start := range map[string]string{
		"status":  "HTTP/1.1 2",
		"header":  "HTTP/1.1 200 OK\r\nX-Slow: ",
		"body":    "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
		"endless": "HTTP/1.1 200 OK\r\n\r\n",
		"chunk":   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
		"length":  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n",
	} {
		begun := time.Now()
		_, err := newClient(t, Options{Private: true, Timeout: timeout}).ask(t.Context(), drip(start), certificates)
		// A size of a chunk is limited in length, which may be noticed first.
		if !errors.Is(err, context.DeadlineExceeded) && !(name == "chunk" && errors.Is(err, ErrContent)) {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(begun); took > ceiling {
			t.Errorf("%s: took %v", name, took)
		}
	}
}

// TestEncodings gives the right certificate and says that it is compressed, in each way
// there is to say so: nothing is unpacked, and nothing taken for what it is not said to be.
func TestEncodings(t *testing.T) {
	f := newFamily(t, nil, nil)
	tests := []struct {
		header string
		values []string
		taken  bool
	}{
		{"Content-Encoding", []string{"identity"}, true},
		{"Content-Encoding", []string{""}, true},
		{"Content-Encoding", []string{"gzip"}, false},
		{"Content-Encoding", []string{"x-gzip"}, false},
		{"Content-Encoding", []string{"deflate"}, false},
		{"Content-Encoding", []string{"br"}, false},
		{"Content-Encoding", []string{"zstd"}, false},
		{"Content-Encoding", []string{"compress"}, false},
		{"Content-Encoding", []string{"gzip, gzip"}, false},
		{"Content-Encoding", []string{"identity", "gzip"}, false},
		{"Transfer-Encoding", []string{"gzip"}, false},
		{"Transfer-Encoding", []string{"gzip, chunked"}, false},
	}
	for _, tt := range tests {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for name := range r.Header {
				if name != "User-Agent" && name != "Connection" {
					t.Errorf("the request has the header %s", name)
				}
			}
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nConnection: close\r\n")
			for _, v := range tt.values {
				io.WriteString(conn, tt.header+": "+v+"\r\n")
			}
			io.WriteString(conn, "\r\n")
			conn.Write(f.ca.Raw)
		}))
		_, err := newClient(t, Options{Private: true}).ask(t.Context(), server.URL, certificates)
		server.Close()
		if tt.taken != (err == nil) || err != nil && !errors.Is(err, ErrContent) {
			t.Errorf("%s %q: %v", tt.header, tt.values, err)
		}
	}
}

// TestRequestLines holds that an address cannot add a line to a request: the server sees
// one line of request and three of header, whatever the address holds.
func TestRequestLines(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	lines := make(chan []string, 1)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			var got []string
			for r := bufio.NewReader(conn); ; {
				line, err := r.ReadString('\n')
				if err != nil || line == "\r\n" {
					break
				}
				got = append(got, line)
			}
			lines <- got
			io.WriteString(conn, "HTTP/1.1 404 no\r\nContent-Length: 0\r\n\r\n")
			conn.Close()
		}
	}()
	host := l.Addr().String()
	for _, tt := range []struct {
		address string
		asked   bool
	}{
		{"http://" + host + "/a b", true},
		{"http://" + host + "/%0d%0aX-Added:%201%0d%0a%0d%0aGET%20/", true},
		{"http://" + host + "/?q=%0d%0aX-Added:%201", true},
		{"http://" + host + "/?q=\u010d\u010aX-Added: 1", true}, // their low octets are CR and LF
		{"http://" + host + "/#\u2028X-Added: 1", true},
		{"http://" + host + "/\r\nX-Added: 1", false},
		{"http://" + host + "/?\nX-Added: 1", false},
		{"http://" + host + "\r\nX-Added: 1/", false},
		{"http://" + host + "%0d%0aX-Added:1/", false},
		{"http://" + host + "/ HTTP/1.1\r\nX-Added: 1\r\n\r\n", false},
		{"http://" + host + "/\x00", false},
	} {
		_, err := newClient(t, Options{Private: true}).ask(t.Context(), tt.address, certificates)
		if err == nil {
			t.Errorf("%q: no error", tt.address)
		}
		select {
		case got := <-lines:
			if !tt.asked || len(got) != 4 || !strings.HasPrefix(got[0], "GET /") || !strings.HasSuffix(got[0], " HTTP/1.1\r\n") || strings.Count(got[0], " ") != 2 {
				t.Errorf("%q: the request was %q", tt.address, got)
			}
		case <-time.After(map[bool]time.Duration{true: 5 * time.Second, false: 0}[tt.asked]):
			if tt.asked {
				t.Errorf("%q: not asked", tt.address)
			}
		}
	}
}

// TestProxyOfEnvironment starts a process with variables that name a proxy. It is used for
// what is public alone, and where a web server may have set the variable for a client
// (HTTP_PROXY out of the header Proxy, when REQUEST_METHOD is set) it is not used.
func TestProxyOfEnvironment(t *testing.T) {
	if address := os.Getenv("FETCH_TEST_ADDRESS"); address != "" {
		_, err := newClient(t, Options{Timeout: 5 * time.Second}).ask(t.Context(), address, certificates)
		if errors.Is(err, ErrNotPublic) {
			t.Log("refused")
		}
		return
	}
	var asked atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.WriteHeader(http.StatusNotFound)
	}))
	defer proxy.Close()
	port, connections := newVictim(t)
	for _, tt := range []struct {
		name, address string
		env           []string
		want          int32
	}{
		{"public", "http://203.0.114.1/", []string{"HTTP_PROXY=" + proxy.URL}, 1},
		{"inside", "http://10.0.0.1/", []string{"HTTP_PROXY=" + proxy.URL}, 0},
		{"metadata", "http://169.254.169.254/", []string{"http_proxy=" + proxy.URL}, 0},
		{"loopback", "http://127.0.0.1:" + port + "/", []string{"HTTP_PROXY=" + proxy.URL}, 0},
		{"number", "http://2130706433:" + port + "/", []string{"HTTP_PROXY=" + proxy.URL}, 0},
		{"exception", "http://10.0.0.1/", []string{"HTTP_PROXY=" + proxy.URL, "NO_PROXY=10.0.0.1"}, 0},
		{"set by a client", "http://203.0.114.1/", []string{"HTTP_PROXY=" + proxy.URL, "REQUEST_METHOD=GET"}, 0},
		{"no address", "http://203.0.114.1/", []string{"HTTP_PROXY=http://%zz:hidden@/"}, 0},
	} {
		asked.Store(0)
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProxyOfEnvironment$", "-test.v")
		for _, v := range os.Environ() {
			if name, _, _ := strings.Cut(strings.ToUpper(v), "="); !strings.HasSuffix(name, "_PROXY") {
				cmd.Env = append(cmd.Env, v)
			}
		}
		cmd.Env = append(append(cmd.Env, "FETCH_TEST_ADDRESS="+tt.address), tt.env...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", tt.name, err, out)
		}
		if asked.Load() != tt.want {
			t.Errorf("%s: the proxy was asked %d times, want %d", tt.name, asked.Load(), tt.want)
		}
		if strings.Contains(string(out), "hidden") {
			t.Errorf("%s: the password is in the output", tt.name)
		}
	}
	if n := connections.Load(); n > 0 {
		t.Errorf("%d connections to a server inside", n)
	}
}
