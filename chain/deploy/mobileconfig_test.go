package deploy

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/pkcs12"
)

func TestProfile(t *testing.T) {
	c := pack(t, "collections/complete.sst")
	opts := &MobileConfigOptions{Organization: "Example & Sons", Identifier: "com.example.smime", Identity: testPFX(t, bothUsages, testPassword), Password: testPassword}
	o, err := MobileConfig(c, opts)
	if err != nil {
		t.Fatal(err)
	}
	again, err := MobileConfig(c, opts)
	if err != nil || !bytes.Equal(o.Data, again.Data) {
		t.Errorf("a second run gives another profile: %v", err)
	}
	if !o.Secret || bytes.Contains(o.Data, []byte(testPassword)) {
		t.Error("the profile is no secret, or holds the password")
	}
	f, err := bundle.Parse(o.Name, o.Data)
	if err != nil || f.Profile == nil || len(f.Profile.Payloads) != 5 || len(f.Certificates) != 4 {
		t.Fatalf("the profile is read as %v, %v", f, err)
	}
	uuid := regexp.MustCompile(`^[0-9A-F]{8}-[0-9A-F]{4}-5[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$`)
	for _, p := range f.Profile.Payloads {
		if !uuid.MatchString(p.UUID) {
			t.Errorf("%s is no UUID of version 5", p.UUID)
		}
	}
	// An identity in a newer form is written anew; its UUID stays that of the
	// certificate.
	opts.Identity = modernPFX(t)
	o, err = MobileConfig(c, opts)
	if err != nil {
		t.Fatal(err)
	}
	rewritten, err := (&bundle.Options{Password: &opts.Password}).Parse(context.Background(), o.Name, o.Data)
	if err != nil {
		t.Fatal(err)
	}
	last, first := rewritten.Profile.Payloads[4], f.Profile.Payloads[4]
	if last.PFX.Compatible("ios-17").Answer != pkcs12.Yes || last.UUID != first.UUID {
		t.Errorf("iOS 17: %v; UUID %s, want %s", last.PFX.Compatible("ios-17").Reasons, last.UUID, first.UUID)
	}
	opts.Oldest = "ios-18"
	if o, err = MobileConfig(c, opts); err != nil || !bytes.Equal(profileIdentity(t, o.Data), opts.Identity) {
		t.Errorf("an identity that iOS 18 opens is changed: %v", err)
	}
	opts.WithPassword = true
	if o, err = MobileConfig(c, opts); err != nil || !bytes.Contains(o.Data, []byte(testPassword)) {
		t.Errorf("the password is missing: %v", err)
	}
	opts.Password = "another"
	if _, err := MobileConfig(c, opts); !errors.Is(err, errIdentity) {
		t.Errorf("a wrong password: %v", err)
	}
	if _, err := MobileConfig(new(PublicCollection), nil); !errors.Is(err, ErrEmpty) {
		t.Errorf("an empty profile: %v", err)
	}
	o, err = MobileConfig(c, nil)
	if err != nil || o.Secret {
		t.Errorf("a profile without identity: %v", err)
	}
}

// TestUUID5 holds the example of RFC 9562, Appendix A.4.
func TestUUID5(t *testing.T) {
	dns := []byte{0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}
	want := []byte{0x2e, 0xd6, 0x65, 0x7d, 0xe9, 0x27, 0x56, 0x8b, 0x95, 0xe1, 0x26, 0x65, 0xa8, 0xae, 0xa6, 0xa2}
	if got := rawUUID5(dns, []byte("www.example.com")); !bytes.Equal(got, want) {
		t.Errorf("got %x, want %x", got, want)
	}
}
