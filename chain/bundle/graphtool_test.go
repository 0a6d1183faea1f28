package bundle

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/internal/msgraph"
)

// newReading is the reading of a file.
func newReading(t *testing.T) *reading {
	t.Helper()
	return &reading{File: &File{Name: "x"}, ctx: t.Context(), limits: Limits{}.withDefaults()}
}

// graphLine says what objects of Microsoft Graph a file holds, and how many of other types.
func graphLine(f *File) string {
	var list []string
	for _, g := range f.Graph {
		parts := []string{strings.TrimPrefix(cmp.Or(g.Type, "?"), msgraph.Prefix), g.Form.String()}
		for name, value := range map[string]string{"id": g.ID, "name": g.DisplayName, "file": g.FileName, "store": g.DestinationStore, "for": g.IntendedPurpose, "v": g.Version, "to": g.List} {
			if value != "" {
				parts = append(parts, name+"="+value)
			}
		}
		if g.TrustedCertificate != nil {
			parts = append(parts, fmt.Sprintf("trusted=%d", len(g.TrustedCertificate.Certificates)))
		}
		if g.UserPFX != nil {
			parts = append(parts, "pfx")
		}
		slices.Sort(parts[2:])
		list = append(list, strings.Join(parts, " "))
	}
	if n := len(f.Ignored); n > 0 {
		list = append(list, fmt.Sprint(n, " other"))
	}
	return strings.Join(list, "; ")
}

// graphRow is a text, and what objects of Microsoft Graph it holds.
type graphRow struct{ name, text, want string }

func checkGraphRows(t *testing.T, rows []graphRow, parse func(*reading, []byte) (bool, error)) {
	t.Helper()
	for _, tt := range rows {
		r := newReading(t)
		ok, err := parse(r, []byte(tt.text))
		if got := graphLine(r.File); err != nil || ok != (len(r.Graph) > 0) || got != tt.want {
			t.Errorf("%s: %q, %t, %v, want %q", tt.name, got, ok, err, tt.want)
		}
	}
}

// checkEnded holds that text with an object is not read once the context has ended.
func checkEnded(t *testing.T, text string, parse func(*reading, []byte) (bool, error)) {
	t.Helper()
	r := newReading(t)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	r.ctx = ended
	if ok, err := parse(r, []byte(text)); ok || !errors.Is(err, context.Canceled) {
		t.Errorf("%.40s: %t, %v", text, ok, err)
	}
}

// TestToolType holds which type a tool's name for a profile stands for.
func TestToolType(t *testing.T) {
	trusted := graphValues{"trustedrootcertificate": []byte(`"AAAA"`)}
	for _, tt := range []struct {
		name   string
		values graphValues
		want   string
	}{
		{"microsoft365_graph_beta_ios_trusted_root_certificate", nil, "iosTrustedRootCertificate"},
		{"IntuneDeviceConfigurationTrustedCertificatePolicyWindows10", nil, "windows81TrustedRootCertificate"},
		{"macos_templates", trusted, "macOSTrustedRootCertificate"},
		{"macos_scep", trusted, "macOSTrustedRootCertificate"},
		{"macos_templates", graphValues{"trustedrootcertificate": []byte("null")}, ""},
		{"macos_templates", nil, ""},
		{"ios_templates", nil, ""},
		{"IntuneImportedPfxCertificatePolicyWindows10", nil, "windows10ImportedPFXCertificateProfile"},
		{"windows_pfx_import", nil, "windows10ImportedPFXCertificateProfile"},
		{"IntuneScepCertificatePolicyIOS", nil, "iosScepCertificateProfile"},
		{"IntunePkcsCertificatePolicyAndroidWorkProfile", nil, "androidWorkProfilePkcsCertificateProfile"},
		{"IntuneEmailProfilePolicyIOS", nil, "iosEasEmailProfileConfiguration"},
		{"IntuneEmailProfilePolicyMacOS", nil, ""},
		{"imported_pfx_android_work_profile", nil, ""},
		{"trusted_root_certificate", nil, ""},
	} {
		if want := strings.TrimPrefix(toolType(tt.name, tt.values), msgraph.Prefix); !strings.EqualFold(want, tt.want) {
			t.Errorf("%s: %s, want %s", tt.name, want, tt.want)
		}
	}
	for _, p := range toolPlatforms {
		for word, platform := range map[string]string{"trustedroot": p.trusted, "importedpfx": p.imported, "scep": p.scep, "pkcs": p.pkcs, "emailprofile": p.mail} {
			kind := toolType(word+"_"+p.word, nil)
			if (kind == "") != (platform == "") || !strings.HasPrefix(strings.TrimPrefix(kind, msgraph.Prefix), platform) {
				t.Errorf("%s %s: %s", word, p.word, kind)
			}
		}
	}
}

// TestTerraformNames holds whose resources are those of Microsoft Graph, and which of their
// names count.
func TestTerraformNames(t *testing.T) {
	for _, tt := range []struct {
		resource, odata, values string
		want                    string
		is                      bool
	}{
		{"graph_macos_trusted_root_certificate", "", "trusted_root_certificate", "macOSTrustedRootCertificate", true},
		{"Intune_macos_trusted_root_certificate", "", "x", "macOSTrustedRootCertificate", true},
		{"microsoft365_macos_trusted_root_certificate", "", "x", "macOSTrustedRootCertificate", true},
		{"aws_macos_trusted_root_certificate", "", "x", "", false},
		{"graph_macos_trusted_root_certificate", "other", "x", "other", true},
		{"graph_macos_trusted_root_certificate", "", "attributes", "", true},
	} {
		g := graphObject{odata: tt.odata, wrap: graphWrap{resource: tt.resource}, values: graphValues{tt.values: []byte("1")}}
		is := g.ofTerraform()
		if _, folded := g.values[strings.ReplaceAll(tt.values, "_", "")]; is != tt.is || strings.TrimPrefix(g.odata, msgraph.Prefix) != tt.want || is && !folded {
			t.Errorf("%s with %s: %t, %q, %v", tt.resource, tt.values, is, g.odata, g.values)
		}
	}
}

// TestGraphHTTP reads what stands in requests and replies.
func TestGraphHTTP(t *testing.T) {
	const (
		body = `{"@odata.type": "#microsoft.graph.iosTrustedRootCertificate"}`
		list = "https://graph.microsoft.com/beta/deviceManagement/deviceConfigurations"
	)
	for text, want := range map[string]bool{"GET /x\n": true, "HTTP/1.1 200 OK\r\n": true, "### x": true, "GET\n": false, "get /x\n": false, "HTTP/1.1 20\n": false, "POST /x": false, "": false} {
		if isHTTP([]byte(text)) != want {
			t.Errorf("%q", text)
		}
	}
	checkGraphRows(t, []graphRow{
		{"request", "POST " + list + "\n\n" + body, "iosTrustedRootCertificate body to=deviceConfigurations trusted=0 v=beta"},
		{"PATCH and blanks", "PATCH " + list + "/1 HTTP/1.1\n\n \t" + body, "iosTrustedRootCertificate body to=deviceConfigurations trusted=0 v=beta"},
		{"list", "POST " + list + "\n\n[" + body + "," + body + "]", "iosTrustedRootCertificate body to=deviceConfigurations trusted=0 v=beta; iosTrustedRootCertificate body to=deviceConfigurations trusted=0 v=beta"},
		{"GET with its reply", "GET " + list + "\n\n" + body, "iosTrustedRootCertificate read"},
		{"reply", "HTTP/1.1 200 OK\n\n" + body, "iosTrustedRootCertificate read"},
		{"without a body", "GET " + list + "\n", ""},
		{"without a body, with a header", "GET " + list + "\nAccept: x\n", ""},
		{"a body that is cut", "GET " + list + "\n\n" + body[:20], ""},
		{"a body with something behind", "GET " + list + "\n\n" + body + "\nand more", "iosTrustedRootCertificate read"},
		{"a body cut, then another", "GET " + list + "\n\n" + body[:20] + "\n###\nGET " + list + "\n\n" + body, "iosTrustedRootCertificate read"},
		{"no request, then one", "### " + body + "\nwords\n###\nGET " + list + "\n\n" + body, "iosTrustedRootCertificate read"},
		{"without a body, then one", "GET " + list + "\n###\nGET " + list + "\n\n" + body, "iosTrustedRootCertificate read"},
		{"another object", "GET " + list + "\n\n{\"a\": 1}", ""},
		{"another object beside", "GET " + list + "\n\n[{\"a\": 1}, " + body + "]", "iosTrustedRootCertificate read; 1 other"},
	}, (*reading).parseHTTP)
	checkEnded(t, "GET "+list+"\n\n"+body, (*reading).parseHTTP)
	checkEnded(t, "GET "+list+"\n\n["+body+"]", (*reading).parseHTTP)
	if raw, ok := firstJSON([]byte(`{"a":1} x`)); !ok || string(raw) != `{"a":1}` {
		t.Errorf("%s", raw)
	}
	for _, text := range []string{`{"a"`, "", "[" + strings.Repeat("[],", maxJSONValues) + "[]]"} {
		if raw, ok := firstJSON([]byte(text)); ok {
			t.Errorf("%.20s gives %.20s", text, raw)
		}
	}
}

// TestGraphDesired reads the resources of Microsoft365DSC.
func TestGraphDesired(t *testing.T) {
	const (
		begin = "# Microsoft365DSC\n"
		ios   = "IntuneTrustedRootCertificateIOS 'x' {\n"
	)
	for text, want := range map[string]bool{
		begin + ios: true, ios: false, begin: false, begin + "Intune 'x' {": false, begin + "IntuneScepCertificateX 'x'": false,
		"Microsoft365DSC\n intuneEmailProfileIOS x\n{": true,
	} {
		if isDesired([]byte(text)) != want {
			t.Errorf("%q", text)
		}
	}
	checkGraphRows(t, []graphRow{
		{"one", begin + ios + "DisplayName = 'a'\n}", "iosTrustedRootCertificate desired name=a"},
		{"to be there", begin + ios + "Ensure = 'Present'\nDisplayName = 'a'\n}", "iosTrustedRootCertificate desired name=a"},
		{"to be taken away", begin + ios + "Ensure = 'absent'\n}", ""},
		{"of that name", begin + ios + "DisplayName = 'Absent'\n}", "iosTrustedRootCertificate desired name=Absent"},
		{"one to be taken away and one there", begin + ios + "Ensure = 'Absent'\n}\n" + ios + "DisplayName = 'a'\n}", "iosTrustedRootCertificate desired name=a; 1 other"},
		{"another resource", begin + "EXOMailbox 'y' {\n}\n" + ios + "}", "iosTrustedRootCertificate desired; 1 other"},
		{"a text that ends in the next", begin + ios + "DisplayName = 'a\n" + ios + "DisplayName = 'b'\n}", "iosTrustedRootCertificate desired; iosTrustedRootCertificate desired name=b"},
	}, (*reading).parseDesired)
	checkEnded(t, begin+ios+"}", (*reading).parseDesired)
	long := begin + ios + "DisplayName = 'a'\n}"
	for _, n := range []int{maxScriptSize, maxScriptSize + 1} {
		text := long + strings.Repeat(" ", n-len(long))
		if ok, err := newReading(t).parseDesired([]byte(text)); ok != (n == maxScriptSize) || err != nil {
			t.Errorf("%d octets: %t, %v", n, ok, err)
		}
	}
}

// TestLiterals holds which properties of a resource are text.
func TestLiterals(t *testing.T) {
	for text, want := range map[string]map[string]string{
		"":                      {},
		"a = 'b'":               {"a": "b"},
		"a='b'; c = \"d\"\n":    {"a": "b", "c": "d"},
		"a = 'b' c = 'd'":       {"a": "b"},
		"a = $x\n b = 'c'":      {"b": "c"},
		"a = b = 'c'":           {},
		"\n\ta\t=\t'b'\r\n":     {"a": "b"},
		"a = 'b' }\n c = 'd'":   {"a": "b"},
		"a = 'b' )\n c = 'd'":   {"a": "b"},
		"{\n a = 'b'\n}\nc='d'": {"c": "d"},
		"a = @(x {\n b = 'c'\n}\n d = 'e'\n)\nf = 'g'": {"f": "g"},
		"}\n{\na = 'b'":        {},
		"# a = 'b' }\nc = 'd'": {"c": "d"},
		"a = 'b' # }":          {"a": "b"},
		"a = 'b' # '\nc = 'd'": {"a": "b", "c": "d"},
		"x '}' \n a = 'b'":     {"a": "b"},
		"x \"}\" \n a = 'b'":   {"a": "b"},
		"x 'y\n a = \"b\"":     {},
		"a = 'b\nc = \"d\"":    {},
	} {
		if got := literals([]byte(text)); !maps.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for _, tt := range []struct {
		text, want string
		n          int
	}{
		{``, "", 0},
		{`a"b"`, "", 0},
		{`aba`, "", 0},
		{`""`, "", 2},
		{`"a" b`, "a", 3},
		{`'a'`, "a", 3},
		{`"a`, "", 0},
		{`"a'`, "", 0},
		{`'a"b'`, `a"b`, 5},
		{`"a""b"`, `a"b`, 6},
		{`'a''b'`, "a'b", 6},
		{"\"a`\"b\"", `a"b`, 6},
		{"\"a``\"", "a`", 5},
		{"'a`'", "a`", 4},
		{"\"a`", "", 0},
	} {
		for _, end := range []string{"", " x", "\n"} {
			if tt.n == 0 {
				end = ""
			}
			if got, n := quotedText([]byte(tt.text + end)); got != tt.want || n != tt.n {
				t.Errorf("%q: %q, %d, want %q, %d", tt.text+end, got, n, tt.want, tt.n)
			}
		}
	}
}
