package pkcs12

import (
	"strings"
	"testing"
)

// TestDotNetFacts holds the row of .NET to what .NET did with each file. It says yes of
// files without keys whose certificates were read.
func TestDotNetFacts(t *testing.T) {
	facts := make(map[string]map[string]string)
	for _, row := range manifest(t, "dotnet/dotnet-pfx.tsv") {
		facts[row["file"]] = row
	}
	n := 0
	for _, f := range pfxFiles(t) {
		row := facts[f.name]
		r, err := inspectPath(t, f)
		if err != nil {
			if row["result"] != "fails" {
				t.Errorf("%s: %v, but %s", f.name, err, row["result"])
			}
			continue
		}
		want := No
		switch row["result"] {
		case "opens":
			if !strings.Contains(row["reason"], "the key cannot be used") {
				want = Yes
			}
		case "opens-without-key":
			if len(r.Identities) == 0 && !strings.HasPrefix(row["reason"], "no certificate") {
				want = Yes
			}
		}
		if f.name == "pfx/syn-5000certs.p12" {
			continue // beyond our own limit: not read
		}
		n++
		v := r.Compatible(targetDotNet9)
		if v.Answer != want {
			t.Errorf("%s: %v, but %s %s; reasons %v", f.name, v.Answer, row["result"], row["reason"], v.Reasons)
		}
		// What a limit refuses names the property that lets it in.
		_, property, limited := strings.Cut(row["reason"], "Pkcs12LoadLimitExceededException: ")
		property, _, _ = strings.Cut(property, ";")
		if limited && !strings.Contains(sentences(v), property) {
			t.Errorf("%s: the reasons do not name %s: %v", f.name, property, v.Reasons)
		}
	}
	if !raceEnabled && n < 290 {
		t.Errorf("%d files compared", n)
	}
}

func sentences(v Compatibility) string {
	var b strings.Builder
	for _, r := range v.Reasons {
		b.WriteString(r.Message + "\n")
	}
	return b.String()
}
