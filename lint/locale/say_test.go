package locale

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestSay has sentences within sentences, values of every kind, and what no
// language has.
func TestSay(t *testing.T) {
	_, missing := os.Open("absent.sst")
	wrapped := say.Errorf("%s: %w", "a.sst", say.Errorf("no file given"))
	for _, test := range []struct {
		sentence     say.Sentence
		english, has string // has: in Japanese
	}{
		{say.New("%s: certificate %d (%s)", "a.sst", 12345, "CN"), "a.sst: certificate 12345 (CN)", "証明書 12345"},
		{say.New("%s; %s", say.New("no file given"), say.New("not in the catalogue %d", 12345)), "no file given; not in the catalogue 12345", "not in the catalogue 12345"},
		{say.New("%s: %s", say.Text("error"), "error"), "error: error", "エラー: error"},
		{say.Count(1, "1 certificate", "%d certificates"), "1 certificate", "証明書 1 件"},
		{say.Count(0, "1 certificate", "%d certificates"), "0 certificates", "証明書 0 件"},
		{say.Count(1, "1 thing without a word", "%d things without a word"), "1 thing without a word", "1 thing without a word"},
		{say.New("%s: %v", "a.sst", missing), "a.sst: " + missing.Error(), "ファイルがありません"},
		{wrapped.(say.Sentence), "a.sst: no file given", "a.sst: ファイル"},
		{say.New("100 %%"), "100 %", "100 %"},
		{say.Message{}, "", ""},
	} {
		if got := English.Say(test.sentence); got != test.english {
			t.Errorf("English is %q, want %q", got, test.english)
		}
		if got := Language("").Say(test.sentence); got != test.english {
			t.Errorf("the zero value says %q, want %q", got, test.english)
		}
		if got := Language("ja").Say(test.sentence); !strings.Contains(got, test.has) || strings.Contains(got, "%!") {
			t.Errorf("Japanese is %q, want %q in it", got, test.has)
		}
	}
	if got, want := Language("de").Say(say.Count(1, "1 certificate", "%d certificates")), "1 Zertifikat"; got != want {
		t.Errorf("German is %q, want %q", got, want)
	}
	if got, want := Language("de").Say(say.Count(2, "1 certificate", "%d certificates")), "2 Zertifikate"; got != want {
		t.Errorf("German is %q, want %q", got, want)
	}
}

func TestError(t *testing.T) {
	_, missing := os.Open("absent.sst")
	for _, test := range []struct {
		err       error
		want, not string
	}{
		{missing, "ファイルがありません", "no such"},
		{say.Errorf("%s: %w", "a", missing), "ファイルがありません", "no such"},
		{errors.Join(say.Errorf("no file given"), missing), "ファイルがありません", "no such"},
		{fs.ErrPermission, "拒否", "denied"},
		{errors.New("what another library says"), "what another library says", ""},
		{fmt.Errorf("with more: %w", fs.ErrNotExist), "with more", ""},
	} {
		got := Language("ja").Error(test.err)
		if !strings.Contains(got, test.want) || test.not != "" && strings.Contains(got, test.not) {
			t.Errorf("%v is said as %q, want %q", test.err, got, test.want)
		}
		if got := English.Error(test.err); got != test.err.Error() {
			t.Errorf("%v is said as %q in English", test.err, got)
		}
	}
}

func TestLacks(t *testing.T) {
	known, unknown := say.New("no file given"), say.New("no language has this")
	for _, l := range []Language{"", English} {
		if l.Lacks(unknown) {
			t.Errorf("%q lacks what is English", l)
		}
	}
	if ja := Language("ja"); ja.Lacks(known) || !ja.Lacks(unknown) || !ja.Lacks(say.New("%s; %s", known, unknown)) || ja.Lacks(say.New("%s: %d", "a name", 1)) {
		t.Error("what Japanese lacks is not told")
	}
}

// TestX509 holds that what crypto/x509 is known to say is what it says.
func TestX509(t *testing.T) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		outside.Missing(t, "the go command: %v", err)
	}
	source, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "src", "crypto", "x509", "parser.go"))
	if err != nil {
		outside.Missing(t, "no Go source tree: %v", err)
	}
	for _, text := range x509Errors {
		if !strings.Contains(string(source), `"`+string(text)+`"`) {
			t.Errorf("crypto/x509 does not say %q", text)
		}
	}
	if got := Language("ja").Error(errors.New("x509: negative serial number")); !strings.ContainsFunc(got, isJapanese) {
		t.Errorf("got %q", got)
	}
}
