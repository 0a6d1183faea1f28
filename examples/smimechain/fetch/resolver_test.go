package fetch

import (
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"
)

// newResolver returns a resolver that asks a server of the test's own. Its nth question
// for addresses of a kind gets the nth answer, and the last one again and again: no
// answer at all means that the name does not exist.
func newResolver(t *testing.T, answers ...[]string) *net.Resolver {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	go func() {
		var asked [2]int
		question := make([]byte, 512)
		for {
			n, from, err := server.ReadFrom(question)
			if err != nil {
				return
			}
			v6 := 0
			end := 12 // of the header (RFC 1035, Section 4.1.1), then of the name
			for end < n && question[end] != 0 {
				end += 1 + int(question[end])
			}
			if end+5 > n {
				continue
			}
			if binary.BigEndian.Uint16(question[end+1:]) == 28 { // AAAA
				v6 = 1
			}
			var addresses []string
			if len(answers) > 0 {
				addresses = answers[min(asked[v6], len(answers)-1)]
			}
			asked[v6]++
			server.WriteTo(reply(question[:end+5], addresses, v6 == 1), from)
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

// reply answers a question with those of the addresses that are of its kind.
func reply(question []byte, addresses []string, v6 bool) []byte {
	out := append([]byte(nil), question...)
	out[2], out[3] = 0x84, 0x80 // an answer, with authority
	for i := 6; i < 12; i++ {
		out[i] = 0
	}
	if len(addresses) == 0 {
		out[3] |= 3 // no such name
	}
	count := 0
	for _, text := range addresses {
		a := netip.MustParseAddr(text)
		if a.Is6() != v6 {
			continue
		}
		raw := a.AsSlice()
		kind := byte(1)
		if v6 {
			kind = 28
		}
		out = append(out, 0xc0, 12, 0, kind, 0, 1, 0, 0, 0, 0, 0, byte(len(raw)))
		out = append(out, raw...)
		count++
	}
	out[7] = byte(count)
	return out
}

// newVictim is a server inside the network, on the loopback interface, that counts who
// connects to it, whatever the protocol.
func newVictim(t *testing.T) (port string, connections *atomic.Int32) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	connections = new(atomic.Int32)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			c.Close()
		}
	}()
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port, connections
}
