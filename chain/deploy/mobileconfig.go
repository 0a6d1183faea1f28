package deploy

import (
	"bytes"
	"context"
	"crypto/sha1"
	"fmt"
	"strings"

	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
	"howett.net/plist"
)

// MobileConfigOptions says what a configuration profile for Apple devices holds
// beside certificates. The zero value makes a profile that only adds trust.
type MobileConfigOptions struct {
	// Language is that of what people read in the profile; zero means English.
	Language locale.Language

	Organization string // shown to the user; may be empty
	Identifier   string // in reverse DNS form; empty means "smimechain"

	// Identity is a PFX to install, nil for none. It is put into the profile as
	// it is where Oldest can open it, and otherwise written anew, under the same
	// password, in a form that Oldest opens.
	Identity []byte

	// Oldest is the oldest system among the devices; empty means
	// "ios-17", whose form newer systems open too.
	Oldest pkcs12.Importer

	// Password opens Identity, and is used to check it. It is not written to the
	// profile unless WithPassword is set: the user is asked for it.
	Password     string
	WithPassword bool
}

// errIdentity says that a PFX is not fit for what was asked.
var errIdentity = say.Errorf("the identity cannot be used")

// MobileConfig makes a configuration profile (.mobileconfig) for Mail on iOS, iPadOS
// and macOS: a payload for each certificate, and one for the identity. The
// identifiers and UUIDs come from the certificates: a profile made again replaces
// the earlier one, and a changed one does too. The same input gives the same
// bytes unless the identity is written anew. The profile is not signed.
//
// Outlook for iOS cannot see an identity that is installed like this.
//
// The error wraps [ErrEmpty], or says that the identity does not open,
// does not hold exactly one or cannot be written in the form that is asked for.
func MobileConfig(c *PublicCollection, opts *MobileConfigOptions) (*Output, error) {
	if opts == nil {
		opts = new(MobileConfigOptions)
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
		pfx, leaf, err := fitIdentity(opts)
		if err != nil {
			return nil, say.Errorf("profile: %w", err)
		}
		id := base + ".identity"
		payload := map[string]any{
			"PayloadType": "com.apple.security.pkcs12", "PayloadVersion": 1, "PayloadIdentifier": id, "PayloadUUID": uuid5(id, leaf),
			"PayloadDisplayName": opts.Language.Text("S/MIME identity"), "PayloadCertificateFileName": "identity.p12", "PayloadContent": pfx,
		}
		if opts.WithPassword {
			payload["Password"] = opts.Password
		}
		payloads = append(payloads, payload)
	}
	top := map[string]any{
		"PayloadType": "Configuration", "PayloadVersion": 1, "PayloadIdentifier": base,
		"PayloadUUID": uuid5(base, []byte(opts.Organization)), "PayloadDisplayName": "S/MIME", "PayloadContent": payloads,
		"PayloadDescription": opts.Language.Text("Certificates for S/MIME in Apple Mail. Outlook does not use an identity that is installed by a profile."),
	}
	if opts.Organization != "" {
		top["PayloadOrganization"] = opts.Organization
	}
	data, err := plist.MarshalIndent(top, plist.XMLFormat, "\t")
	if err != nil {
		return nil, say.Errorf("profile: %w", err)
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

// fitIdentity returns the identity in a form that the oldest system opens, and
// the user's certificate.
func fitIdentity(opts *MobileConfigOptions) (pfx, leaf []byte, err error) {
	oldest := opts.Oldest
	if oldest == "" {
		oldest = "ios-17"
	}
	report, err := pkcs12.Inspect(opts.Identity, opts.Password)
	if err != nil {
		return nil, nil, say.Errorf("%w: it is not a PFX", errIdentity)
	}
	if err := checkReport(report, ""); err != nil {
		return nil, nil, err
	}
	leaf = report.Bag(report.Identities[0].Leaf).Certificate.Raw
	if report.Compatible(oldest).Answer == pkcs12.Yes {
		return opts.Identity, leaf, nil
	}
	profile, err := pkcs12.ProfileFor(oldest)
	if err != nil {
		return nil, nil, err
	}
	pfx, err = (&pkcs12.Options{Password: &opts.Password}).Rewrite(context.Background(), opts.Identity,
		pkcs12.Rewriting{Profile: profile, Password: opts.Password, Importer: oldest})
	if err != nil {
		return nil, nil, say.Errorf("%w: %w", errIdentity, err)
	}
	return pfx, leaf, nil
}

// checkReport refuses a PFX that the password does not open, that does not hold
// one identity, or that the target, where one is given, cannot open.
func checkReport(report *pkcs12.Inspection, target pkcs12.Importer) error {
	switch {
	case report.Password.Status == pkcs12.PasswordWrong:
		return say.Errorf("%w: the password does not open it", errIdentity)
	case report.Password.Status != pkcs12.PasswordRight:
		return say.Errorf("%w: it is not protected by the password alone, or it was altered", errIdentity)
	case len(report.Identities) != 1:
		return say.Errorf("%w: it holds %s, not one", errIdentity, say.Count(len(report.Identities), "1 private key", "%d private keys"))
	case report.Identities[0].Leaf == nil:
		return say.Errorf("%w: no certificate belongs to its private key", errIdentity)
	case report.Identities[0].Matches == pkcs12.No:
		return say.Errorf("%w: the certificate does not belong to the private key", errIdentity)
	}
	if target == "" {
		return nil
	}
	if v := report.Compatible(target); v.Answer == pkcs12.No {
		return say.Errorf("%w: %s cannot open it: %s", errIdentity, target, v.Reasons[0].Message)
	}
	return nil
}
