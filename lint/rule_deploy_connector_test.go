package lint_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint"
)

// TestOutlookSwitchedOff holds that S/MIME that is off in Outlook leaves the verdict open
// where the user cannot switch it on, and is a warning otherwise.
func TestOutlookSwitchedOff(t *testing.T) {
	const key = "com.microsoft.outlook.Mail.SMIMEEnabled"
	for _, tt := range []struct {
		settings string // name=value, each followed by a space
		status   lint.VerdictStatus
		warns    bool
	}{
		{"=true ", lint.Works, false},
		{"=true .UserChangeAllowed=false ", lint.Works, false},
		{".UserChangeAllowed=true ", lint.Works, true},
		{"=false ", lint.Works, true},
		{"=false .UserChangeAllowed=True ", lint.Works, true},
		{"=false .UserChangeAllowed=False ", lint.Unknown, true},
		{".SignAllMail=true .UserChangeAllowed=false ", lint.Unknown, true},
	} {
		var settings []string
		for _, s := range strings.Fields(tt.settings) {
			name, value, _ := strings.Cut(s, "=")
			settings = append(settings, fmt.Sprintf(`{"appConfigKey": %q, "appConfigKeyValue": %q}`, key+name, value))
		}
		files := texts(t, `{"@odata.type": "#microsoft.graph.iosMobileAppConfiguration", "settings": [`+strings.Join(settings, ", ")+`]}`)
		r := run(t, append(files, loose(user(), issuing())...), &lint.Options{Time: today, Targets: []lint.Target{lint.Intune}, Roots: loose(root()), ZLint: []string{"none"}})
		if v := r.Verdict(lint.Intune); v.Status != tt.status || slices.Contains(rulesOf(r), "w_graph_outlook_smime_off") != tt.warns {
			t.Errorf("%s: %s, %v", tt.settings, v.Status, rulesOf(r))
		}
	}
}
