package lint_test

import (
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestQuoting gives files whose fields and values are too long to be quoted.
func TestQuoting(t *testing.T) {
	outside.SkipUnderRace(t)
	long := strings.Repeat("a", 1<<20)
	digits := strings.Repeat("1", 1<<20)
	facts := func(s string) error { _, err := lint.ParseFacts([]byte(s)); return err }
	baseline := func(s string) error { _, err := lint.ParseBaseline("baseline.json", []byte(s)); return err }
	cas := func(s string) error { _, err := catalog.Parse([]byte(s)); return err }
	for _, test := range []struct {
		name  string
		parse func(string) error
		file  string
		want  string
	}{
		{"facts, field", facts, `{"` + long + `":1}`, "unknown field"},
		{"facts, short field", facts, `{"primary":1}`, `unknown field "primary"`},
		{"facts, array", facts, `[]`, "want a JSON object, not a JSON array"},
		{"facts, number", facts, `{"version":` + digits + `}`, "version is a JSON number"},
		{"facts, address", facts, `{"version":1,"primary_smtp":"` + long + `"}`, "is not an SMTP address"},
		{"facts, further address", facts, `{"version":1,"proxy_addresses":["` + long + `"]}`, "is not an SMTP address"},
		{"facts, purpose", facts, `{"version":1,"purposes":["` + long + `"]}`, "neither sign nor encrypt"},
		{"facts, platform", facts, `{"version":1,"platforms":["` + long + `"]}`, "is none of"},
		{"facts, version of iOS", facts, `{"version":1,"oldest_ios":"` + long + `"}`, "want a version such as"},
		{"baseline, field", baseline, `{"` + long + `":1}`, "unknown field"},
		{"baseline, array", baseline, `[]`, "want a JSON object, not a JSON array"},
		{"baseline, rule", baseline, `{"version":1,"accept":[{"rule":"` + long + `","expires":"2027-01-01"}]}`, "unknown rule"},
		{"baseline, date", baseline, `{"version":1,"accept":[{"rule":"e_certificate_expired","expires":"` + long + `"}]}`, "want a date"},
		{"catalogue, field", cas, `{"` + long + `":1}`, "unknown field"},
		{"catalogue, number", cas, `{"version":` + digits + `}`, "is a JSON number"},
	} {
		err := test.parse(test.file)
		if err == nil || !strings.Contains(err.Error(), test.want) || len(err.Error()) > 400 {
			t.Errorf("%s: got %.400v, want %q", test.name, err, test.want)
		}
	}
}
