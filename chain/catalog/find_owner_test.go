package catalog

import "testing"

// TestFindOwner holds that the name of an owner finds it however it is put together, and
// nobody else.
func TestFindOwner(t *testing.T) {
	for text, owner := range map[string]string{
		"Digi Cert": "DigiCert", "digi-cert": "DigiCert", "Swiss  Sign": "SwissSign AG", "GLOBAL SIGN": "GlobalSign nv-sa", "SSL com": "SSL.com",
	} {
		found := Default().Find(text)
		if len(found) == 0 {
			t.Errorf("%q finds nothing", text)
		}
		for _, e := range found {
			if e.Owner != owner {
				t.Errorf("%q finds %s of %s", text, e.Subject, e.Owner)
				break
			}
		}
	}
	for _, text := range []string{"", "no such owner"} {
		if found := Default().Find(text); len(found) > 0 {
			t.Errorf("%q finds %d", text, len(found))
		}
	}
	// Words that are no owner's name are looked for one by one.
	if found := Default().Find("Secure R45"); len(found) == 0 {
		t.Error("words of a subject find nothing")
	}
}
