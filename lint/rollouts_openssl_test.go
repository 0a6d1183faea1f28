package lint_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// OpenSSL as the judge of many roll-outs at once. Each process is asked about one path of
// each of a number of cases, all of whose names differ, so that no path can lead from one
// case into another.

// judgement is what OpenSSL says of a path.
type judgement int

const (
	notAsked judgement = iota
	accepted
	rejected
	abstained // for what the user's certificate is for: asked is for the path
)

// question asks about one path.
type question struct {
	path    []*signer
	purpose string // of the command verify
	says    judgement
	why     string
}

// purposeFor returns what OpenSSL is asked about a certificate of a user.
func (c *readCert) purposeFor() string {
	if !c.uses(0, 1) && c.uses(2) {
		return "smimeencrypt"
	}
	return "smimesign"
}

// openSSL runs the program in a folder of its own.
type openSSL struct {
	program, dir string
}

func (s openSSL) write(tb testing.TB, name string, data []byte) string {
	tb.Helper()
	name = filepath.Join(s.dir, name)
	if err := os.WriteFile(name, data, 0o600); err != nil {
		tb.Fatal(err)
	}
	return name
}

// run returns what the program prints, and whether its exit status is 0.
func (s openSSL) run(tb testing.TB, args ...string) (stdout, stderr string, ok bool) {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), s.program, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	return out.String(), errs.String(), err == nil
}

// verify answers the questions of each of some cases.
func (s openSSL) verify(tb testing.TB, cases [][]*question) {
	tb.Helper()
	type lane struct {
		purpose string
		number  int
	}
	lanes := map[lane][]*question{}
	for _, list := range cases {
		count := map[string]int{}
		for _, q := range list {
			l := lane{q.purpose, count[q.purpose]}
			count[q.purpose]++
			lanes[l] = append(lanes[l], q)
		}
	}
	for l, list := range lanes {
		var trusted, between []byte
		files := make([]string, len(list))
		at := map[string]*question{}
		for i, q := range list {
			last := len(q.path) - 1
			trusted = append(trusted, pemOf(q.path[last])...)
			if last > 0 {
				between = append(between, pemOf(q.path[1:last]...)...)
			}
			files[i] = s.write(tb, fmt.Sprintf("%d.pem", i), pemOf(q.path[0]))
			at[files[i]] = q
			q.says = rejected
		}
		args := []string{"verify", "-purpose", l.purpose, "-auth_level", "1", "-attime", fmt.Sprint(today.Unix()),
			"-no-CAfile", "-no-CApath", "-no-CAstore", "-trusted", s.write(tb, "trusted.pem", trusted), "-untrusted", s.write(tb, "between.pem", append(between, pemOf(list[0].path[0])...))}
		out, errs, _ := s.run(tb, append(args, files...)...)
		answered := 0
		for line := range strings.Lines(out) {
			if q := at[strings.TrimSuffix(strings.TrimSpace(line), ": OK")]; q != nil {
				q.says = accepted
				answered++
			}
		}
		var why []string
		for line := range strings.Lines(errs) {
			line = strings.TrimSpace(line)
			if rest, ok := strings.CutPrefix(line, "error "); ok {
				if q := at[strings.TrimSuffix(rest, ": verification failed")]; q != nil {
					if q.why = strings.Join(why, "; "); strings.HasPrefix(q.why, "error 26 at 0 depth") {
						q.says = abstained
					}
					why = nil
					answered++
					continue
				}
				why = append(why, line)
			}
		}
		if answered != len(list) {
			tb.Fatalf("openssl verify answered %d of %d: %.2000s", answered, len(list), errs)
		}
	}
}

// opensPFX reports whether the program opens a PFX, and the certificate is in it whose
// key it holds.
func (s openSSL) opensPFX(tb testing.TB, data []byte, password string, leaf *signer) (opened, paired bool) {
	tb.Helper()
	out, _, ok := s.run(tb, "pkcs12", "-in", s.write(tb, "user.pfx", data), "-passin", "file:"+s.write(tb, "password", []byte(password)), "-noenc")
	if !ok {
		return false, false
	}
	var key crypto.Signer
	held := false
	for rest := []byte(out); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		switch block.Type {
		case "PRIVATE KEY":
			if k, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
				key = k.(crypto.Signer)
			}
		case "CERTIFICATE":
			held = held || bytes.Equal(block.Bytes, leaf.Raw)
		}
	}
	public, ok := leaf.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	return true, ok && held && key != nil && public.Equal(key.Public())
}

// verifiesMail reports whether the signature of a message is good, whoever made it.
func (s openSSL) verifiesMail(tb testing.TB, data []byte) bool {
	tb.Helper()
	_, _, ok := s.run(tb, "cms", "-verify", "-noverify", "-in", s.write(tb, "m.eml", data), "-out", os.DevNull)
	return ok
}
