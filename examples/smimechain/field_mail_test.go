package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/testdata/outside"
)

// mailCases are the calls about messages, by the rows of EXPECTED.tsv that are marked so.
var mailCases = map[string][]oneCall{
	"identity c19-profile-aes-p12.mobileconfig":        {{"check -at 2026-12-01 -facts facts-ios17.json c19-profile-aes-p12.mobileconfig", 1, `e_profile_identity`}},
	"identity c19c-profile-other-address.mobileconfig": {{"check -at 2026-12-01 c19c-profile-other-address.mobileconfig", 1, `e_profile_email`}},
	"identity m10-triple-wrapped.eml": {
		{"show m10-triple-wrapped.eml", 0, `(?s)^m10.*\n0  .*\n1  `},
		{"paths m10-triple-wrapped.eml root.pem", 0, `^CN=anna@example.com`},
	},
	"identity m08-encrypted.eml": {{"check -at 2026-12-01 m08-encrypted.eml", 1,
		`(?s)give the PFX with the serial number 08559F470B18C642B3038E68EF7B18B87CBBB792.*the message is encrypted: what is inside, such as a signature, is not seen`}},
	"identity m20-forwarded-as-attachment.eml": {{"check -at 2026-12-01 m20-forwarded-as-attachment.eml", 1, `signature +yes .*\n +address +yes From: anna@example.com`}},
	"identity m26-mbox":                        {{"check -at 2026-12-01 m26-mbox", 1, `signature +yes .*\n +address +yes From: anna@example.com`}},
	"foreign eml/tampered.eml":                 {{"check -at 2026-12-01 -for windows eml/tampered.eml", 1, `^windows +fails .*e_message_changed\ndo first: Do not rely on the text`}},
	"foreign eml/otherfrom.eml":                {{"check -at 2026-12-01 -for windows eml/otherfrom.eml", 1, `^windows +fails .*e_message_sender\ndo first: Do not take the message for one of the sender`}},
	"foreign eml/enc.eml eml/encgcm.eml":       {{"check -at 2026-12-01 -for windows eml/enc.eml eml/encgcm.eml", 1, `(?s)the PFX with the serial number 7788.*AuthEnvelopedData`}},
	"newcomer eml/withsub.eml eml/root.pem":    {{"check -at 2026-12-01 -for windows eml/withsub.eml eml/root.pem", 1, `lies in eml/root.pem`}},
}

// TestFieldMail runs the calls.
func TestFieldMail(t *testing.T) {
	folder := outside.Corpus(t, "field")
	text, err := os.ReadFile(filepath.Join(folder, "EXPECTED.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(text)) {
		row := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(row) < 5 || row[4] != "mail" || row[1] == "forms/*" { // which are containers
			continue
		}
		rows++
		key := row[0] + " " + row[1]
		if len(mailCases[key]) == 0 {
			t.Errorf("no case for %s", key)
		}
		t.Run(key, func(t *testing.T) {
			t.Chdir(filepath.Join(folder, row[0]))
			for _, c := range mailCases[key] {
				c.says = "(?m)" + c.says
				if strings.Contains(c.args, "-facts") { // which oneCall does not give the library
					var out bytes.Buffer
					status := run(strings.Fields(c.args), streams{in: strings.NewReader(""), out: &out, err: &out})
					if status != c.status || !regexp.MustCompile(c.says).Match(out.Bytes()) {
						t.Errorf("%s: status %d\n%.1500s", c.args, status, &out)
					}
					continue
				}
				c.run(t, t.TempDir())
			}
		})
	}
	if rows != 10 {
		t.Errorf("%d rows are about mail", rows)
	}
}
