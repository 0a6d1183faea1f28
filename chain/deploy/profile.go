package deploy

import (
	"bytes"
	"crypto/sha1"
	"errors"
	"fmt"
	"strings"

	"howett.net/plist"

	"github.com/smimechain/smimechain/pkcs12"
)

// ProfileOptions says what a configuration profile for Apple devices holds
// beside certificates. The zero value makes a profile that only adds trust.
type ProfileOptions struct {
	Organization string // shown to the user; may be empty
	Identifier   string // in reverse DNS form; empty means "smimechain"

	// Identity is a PFX to install, nil for none. It is put into the profile as
	// it is; Options.Rewrite of package pkcs12 makes one that old systems open.
	Identity []byte

	// Password opens Identity, and is used to check it. It is not written to the
	// profile unless WithPassword is set: the user is asked for it.
	Password     string
	WithPassword bool
}

// ErrIdentity says that a PFX is not fit for what was asked.
var ErrIdentity = errors.New("the identity cannot be used")

// Profile makes a configuration profile (.mobileconfig) for Mail on iOS, iPadOS
// and macOS: a payload for each certificate, and one for the identity. The
// identifiers and UUIDs come from the content: a profile made again replaces
// the earlier one, and a changed one does too. The profile is not signed.
//
// Outlook for iOS cannot see an identity that is installed like this.
//
// The error wraps [ErrEmpty], or [ErrIdentity] when the identity does not open,
// is not one, or has a form that no version of iOS takes.
func Profile(c *Collection, opts *ProfileOptions) (*Output, error) {
	if opts == nil {
		opts = new(ProfileOptions)
	}
	if len(c.Certificates) == 0 && opts.Identity == nil {
		return nil, ErrEmpty
	}
	base := opts.Identifier
	if base == "" {
		base = "smimechain"
	}
	var payloads []map[string]any
	for _, cert := range rootsFirst(c.Certificates) {
		kind := "com.apple.security.pkcs1"
		if cert.SelfSigned() {
			kind = "com.apple.security.root"
		}
		id := base + ".ca." + strings.ToLower(fmt.Sprintf("%x", cert.SHA256())[:16])
		payloads = append(payloads, map[string]any{
			"PayloadType": kind, "PayloadVersion": 1, "PayloadIdentifier": id, "PayloadUUID": uuid5(id, cert.Raw),
			"PayloadDisplayName": commonName(cert), "PayloadCertificateFileName": baseName(cert) + ".cer", "PayloadContent": cert.Raw,
		})
	}
	if opts.Identity != nil {
		if err := checkIdentity(opts.Identity, opts.Password, pkcs12.IOS18); err != nil {
			return nil, fmt.Errorf("profile: %w", err)
		}
		id := base + ".identity"
		payload := map[string]any{
			"PayloadType": "com.apple.security.pkcs12", "PayloadVersion": 1, "PayloadIdentifier": id, "PayloadUUID": uuid5(id, opts.Identity),
			"PayloadDisplayName": "S/MIME identity", "PayloadCertificateFileName": "identity.p12", "PayloadContent": opts.Identity,
		}
		if opts.WithPassword {
			payload["Password"] = opts.Password
		}
		payloads = append(payloads, payload)
	}
	top := map[string]any{
		"PayloadType": "Configuration", "PayloadVersion": 1, "PayloadIdentifier": base,
		"PayloadUUID": uuid5(base, []byte(opts.Organization)), "PayloadDisplayName": "S/MIME", "PayloadContent": payloads,
		"PayloadDescription": "Certificates for S/MIME in Apple Mail. Outlook does not use an identity that is installed by a profile.",
	}
	if opts.Organization != "" {
		top["PayloadOrganization"] = opts.Organization
	}
	data, err := plist.MarshalIndent(top, plist.XMLFormat, "\t")
	if err != nil {
		return nil, fmt.Errorf("profile: %w", err)
	}
	return &Output{Name: "smime.mobileconfig", Data: append(data, '\n'), Secret: opts.Identity != nil}, nil
}

// namespace is that of the UUIDs of this package: the UUID of version 5 of
// "smimechain" in the name space of DNS (RFC 9562, Section 6.6).
var namespace = rawUUID5([]byte{0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}, []byte("smimechain"))

// uuid5 returns the UUID of version 5 of a name and its content (RFC 9562,
// Section 5.5), in capitals as Apple writes them.
func uuid5(name string, content []byte) string {
	u := rawUUID5(namespace, bytes.Join([][]byte{[]byte(name), content}, []byte{0}))
	return fmt.Sprintf("%X-%X-%X-%X-%X", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

func rawUUID5(space, name []byte) []byte {
	sum := sha1.Sum(append(bytes.Clone(space), name...))
	u := sum[:16]
	u[6] = u[6]&0x0F | 0x50
	u[8] = u[8]&0x3F | 0x80
	return u
}

// checkIdentity refuses a PFX that the password does not open, that does not
// hold one identity, or that the target cannot open.
func checkIdentity(pfx []byte, password string, target pkcs12.Target) error {
	report, err := pkcs12.Inspect(pfx, password)
	if err != nil {
		return fmt.Errorf("%w: it is not a PFX", ErrIdentity)
	}
	return checkReport(report, target)
}

func checkReport(report *pkcs12.Report, target pkcs12.Target) error {
	switch {
	case report.Password.Status == pkcs12.PasswordWrong:
		return fmt.Errorf("%w: the password does not open it", ErrIdentity)
	case report.Password.Status != pkcs12.PasswordRight:
		return fmt.Errorf("%w: it is not protected by the password alone, or it was altered", ErrIdentity)
	case len(report.Identities) != 1:
		return fmt.Errorf("%w: it holds %d private keys, not one", ErrIdentity, len(report.Identities))
	case report.Identities[0].Leaf == nil:
		return fmt.Errorf("%w: no certificate belongs to its private key", ErrIdentity)
	case report.Identities[0].Matches == pkcs12.No:
		return fmt.Errorf("%w: the certificate does not belong to the private key", ErrIdentity)
	}
	if v := report.Compatible(target); v.Answer == pkcs12.No {
		return fmt.Errorf("%w: %s cannot open it: %s", ErrIdentity, target, v.Reasons[0].Message)
	}
	return nil
}
