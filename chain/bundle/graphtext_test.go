package bundle

import (
	"strings"
	"testing"

	"github.com/smimechain/smimechain/testdata/outside"
)

// TestGraphPasted reads objects of Microsoft Graph in what somebody pasted.
func TestGraphPasted(t *testing.T) {
	outside.SkipUnderRace(t)
	const (
		body  = `{"@odata.type": "#microsoft.graph.iosTrustedRootCertificate"}`
		list  = "https://graph.microsoft.com/beta/deviceManagement/deviceConfigurations"
		plain = "iosTrustedRootCertificate body trusted=0"
		sent  = "iosTrustedRootCertificate body to=deviceConfigurations trusted=0 v=beta"
		read  = "iosTrustedRootCertificate read"
	)
	escaped := strings.ReplaceAll(body, `"`, `\"`)
	checkGraphRows(t, []graphRow{
		{"alone", "words " + body, plain},
		{"a list", "words [\n" + body + ", " + body + "]", plain + "; " + plain},
		{"two", body + "\nand\n" + body, plain + "; " + plain},
		{"one that is cut before", body[:30] + "\n" + body, plain},
		{"one that is cut behind", body + "\n" + body[:30], plain},
		{"another before", `{"a": 1} ` + body, plain + "; 1 other"},
		{"another alone", `{"a": 1, "odata.type": "x"}`, ""},
		{"without a hint", `{"a": 1}`, ""},
		{"with a zero octet", "\x00" + body, ""},
		{"in a string of a shell", `curl -d "` + escaped + `"`, plain},
		{"in a string of a shell, twice", `curl -d "` + escaped + `" | curl -d "` + escaped + `" `, plain + "; " + plain},
		{"in a string of a shell that does not end", `curl -d "` + escaped, plain},
		{"in a string of a shell, cut", `curl -d "` + escaped[:40] + `" `, ""},
		{"sent", "POST " + list + "\n" + body, sent},
		{"sent in quotes", `"POST" "` + list + `" ` + body, sent},
		{"to an address", list + "\n" + body, sent},
		{"got", "get " + list + "\n" + body, read},
		{"a reply", "HTTP/1.1 200 OK\n" + body, read},
		{"the last place counts", "POST " + list + "\nHTTP/2 201\n" + body, read},
		{"the place of the first goes on", "GET " + list + "\n" + body + body, read + "; " + read},
		{"another place for the second", "GET " + list + "\n" + body + "\nPOST " + list + "\n" + body, read + "; " + sent},
		{"the place behind", body + " " + list, sent},
		{"the place behind, on another line", body + "\n" + list, plain},
		{"a place before, and one behind", "HTTP/1.1 200 OK\n" + body + " " + list, read},
		{"a place before without a method, and one behind", list + " " + body + " HTTP/1.1 200 OK", sent},
		{"something created, sent", "POST " + list + " {\"createdDateTime\": \"x\", " + body[1:], sent},
		{"something created, at an address", list + " {\"createdDateTime\": \"x\", " + body[1:], "iosTrustedRootCertificate read to=deviceConfigurations v=beta"},
		{"a record without a hint", "POST " + strings.Replace(list, "deviceConfigurations", "userPfxCertificates", 1) + " {\"id\": \"1\"}", ""},
		{"an address of others", "POST https://example.com/beta/deviceManagement/deviceConfigurations " + body, plain},
		{"quoted", "> " + strings.ReplaceAll(body, ": ", ":\n> "), plain},
		{"with as many beginnings as are tried", strings.Repeat(`{"x `, maxBeginnings-1) + body, plain},
		{"with one more", strings.Repeat(`{"x `, maxBeginnings) + body, ""},
	}, (*reading).parseGraphText)
	checkEnded(t, body, (*reading).parseGraphText)
	checkEnded(t, "["+body+"]", (*reading).parseGraphText)
	for _, n := range []int{maxPasted, maxPasted + 1} {
		text := body + strings.Repeat("x", n-len(body))
		if ok, err := newReading(t).parseGraphText([]byte(text)); ok != (n == maxPasted) || err != nil {
			t.Errorf("%d octets: %t, %v", n, ok, err)
		}
	}
	for _, tt := range []struct {
		text, want string
		n          int
	}{
		{`{"a":1} x`, `{"a":1}`, 7},
		{`[{"a":1}] x`, `[{"a":1}]`, 9},
		{`{"a":1`, "", 0},
		{`{\"a\":1}" x`, `{"a":1}`, 9},
		{`{\"a\":1}`, `{"a":1}`, 9},
		{`[{\"a\":1`, "", 0},
		{`{"a":[` + strings.Repeat("[],", maxJSONValues) + "[]]}", "", 0},
	} {
		if raw, n := pastedJSON([]byte(tt.text)); string(raw) != tt.want || n != tt.n {
			t.Errorf("%.20s: %s, %d", tt.text, raw, n)
		}
	}
	for text, want := range map[string]int{`"a"`: 2, `a\"b"c`: 4, `\"`: 2, "": 0, "a": 1} {
		if got := shellStringEnd([]byte(text)); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}
