package catalog

import (
	"fmt"
	"strings"
	"time"
)

// Line returns the facts of the entry on one line, for texts that are compared line by
// line. Facts are separated by tabs, and so sorted that lines sort by owner and subject:
// owner, subject, issuer, kind, SHA-256, the days it is valid from and until, the path
// length, extended key usages, name constraints, the programmes, a revocation and the
// advice.
func (e Entry) Line() string {
	fields := []string{
		e.Owner, e.Subject, e.Issuer, e.Kind.String(), fmt.Sprintf("%X", e.SHA256),
		e.NotBefore.Format(time.DateOnly), e.NotAfter.Format(time.DateOnly),
	}
	if e.PathLength >= 0 {
		fields = append(fields, fmt.Sprintf("pathlen:%d", e.PathLength))
	}
	if len(e.ExtKeyUsages) > 0 {
		fields = append(fields, "eku:"+strings.Join(e.ExtKeyUsages, ","))
	}
	if len(e.Constraints) > 0 {
		fields = append(fields, fmt.Sprintf("constraints:%d", len(e.Constraints)))
	}
	for _, p := range []struct {
		name string
		Programme
	}{{"mozilla", e.Mozilla}, {"mozilla-tls", e.MozillaTLS}, {"microsoft", e.Microsoft}, {"microsoft-tls", e.MicrosoftTLS}, {"apple", e.Apple}} {
		if p.Trust != Unknown {
			fields = append(fields, p.name+":"+p.Trust.String())
		}
	}
	if e.Kind == Root && !e.Listed() {
		fields = append(fields, "unlisted")
	}
	if e.WeakSignature && e.Kind != Root {
		fields = append(fields, "weak-signature")
	}
	if e.IssuerKey == nil {
		fields = append(fields, "issuer-key-unknown")
	}
	if e.Revoked != nil {
		fields = append(fields, "revoked:"+e.Revoked.Date.Format(time.DateOnly))
	}
	if e.Advice != Neutral {
		fields = append(fields, e.Advice.String())
	}
	return strings.Join(fields, "\t")
}
