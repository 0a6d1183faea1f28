package bundle

import (
	"context"
	"errors"
	"testing"

	"github.com/smimechain/smimechain/lint/say"
)

// TestGuessText holds what is said of messages and JSON that are not recognised.
func TestGuessText(t *testing.T) {
	const graph = `"@odata.type": "#microsoft.graph.iosTrustedRootCertificate"`
	for text, want := range map[string]say.Text{
		"From: a@example.com\nTo: b@example.com\nSubject: x\n\nHallo\n":                           whyPlainMail,
		"From: a@example.com\r\nDate: Sun, 29 Nov 2026 16:00:00 +0000\r\n\r\nHallo\r\n":           whyPlainMail,
		"From: a@example.com\nMIME-Version: 1.0\nContent-Type: text/plain\nSubject: x\n\nHallo\n": whyPlainMail,
		"From: here\n\nHallo\n":                            whyUnknown,
		"To: b@example.com\nSubject: x\n\nHallo\n":         whyUnknown,
		"words about a certificate, nothing else":          whyUnknown,
		`{` + graph + `, "certFileName": "x.cer",` + "\n}": whyComma,
		`{` + graph + `, "list": [1, 2, ]}`:                whyComma,
		`{` + graph + `, "certFileName": "x.cer"`:          whyGraph,
		`{"a": 1,}`: whyUnknown, // none of ours: a folder may hold hundreds of these
		`{"a": 1}`:  whyJSON,
	} {
		_, err := new(Options).Parse(context.Background(), "x", []byte(text))
		u, ok := errors.AsType[*UnrecognizedError](err)
		if !ok || u.Why != want {
			t.Errorf("%.60q: %v, want %q", text, err, want)
		}
	}
}
