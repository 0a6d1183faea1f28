package lint_test

import (
	"crypto/x509"
	"testing"

	"github.com/smimechain/smimechain/lint"
	zlint "github.com/zmap/zlint/v3/lint"
)

// TestAddressConditions holds the rules about addresses to each of their conditions.
func TestAddressConditions(t *testing.T) {
	of := func(mail, upn string, changes ...change) given {
		return facts(lint.Facts{PrimarySMTP: mail, UPN: upn}, loose(user(changes...)))
	}
	at := func(target lint.Target, g given) given {
		g.opts.Targets = []lint.Target{target}
		return g
	}
	utf8 := func(more ...string) change {
		return func(c *x509.Certificate) {
			utf8Mailbox(c)
			subjectEmail(more...)(c)
		}
	}
	apple := func(changes ...change) given { return under(today, lint.AppleMail, changes, "apple", "yes") }
	const inSubject = "e_email_address_subject_only"
	const missing, only, notInSAN, upper, upn, first = "e_email_address_missing", "e_email_address_utf8_only", "w_email_address_not_in_san", "n_email_address_case", "n_email_upn_differs", "w_email_address_not_first"
	for i, tt := range []struct {
		rule  string
		given given
		want  lint.Status
	}{
		{missing, loneUser(addresses()), zlint.Error},
		{missing, loneUser(utf8()), zlint.Pass},
		{missing, loneUser(addresses(), subjectEmail("user@example.com")), zlint.Pass},
		{only, loneUser(utf8()), zlint.Error},
		{only, loneUser(utf8("user@example.com")), zlint.Pass},
		{only, loneUser(), zlint.NA},
		{only, give(loose(newCA("A CA", root(), issuing().key, email, utf8()))), zlint.NA},
		{notInSAN, loneUser(subjectEmail("USER@example.com")), zlint.Pass},
		{notInSAN, loneUser(subjectEmail("other@example.com")), zlint.Warn},
		{notInSAN, loneUser(), zlint.NA},
		{notInSAN, give(loose(newCA("A CA", root(), issuing().key, email, subjectEmail("ca@example.com")))), zlint.NA},
		{upper, of("user@example.com", "", addresses("user@example.com")), zlint.Pass},
		{upper, of("user@example.com", "", addresses("User@example.com")), zlint.Notice},
		{upper, of("user@example.com", "", addresses("User@example.com", "user@example.com")), zlint.Pass},
		{upper, of("user@example.com", "", addresses("other@example.com")), zlint.Pass},
		{upper, of("user@bücher.example", "", addresses("user@xn--bcher-kva.example")), zlint.Pass},
		{upper, facts(lint.Facts{PrimarySMTP: "user@example.com"}, loose(issuing())), zlint.NA},
		{inSubject, apple(addresses(), subjectEmail("user@example.com")), zlint.Error},
		{inSubject, apple(addresses()), zlint.Pass},
		{inSubject, apple(subjectEmail("user@example.com")), zlint.Pass},
		{inSubject, apple(), zlint.Pass},
		{upn, at(lint.Intune, of("", "user@example.com", addresses("User@example.com"))), zlint.Pass},
		{upn, at(lint.Intune, of("", "u@example.com")), zlint.Notice},
		{upn, at(lint.Intune, of("", "u@example.com", addresses())), zlint.Pass},
		{first, at(lint.ExchangeOnline, of("user@example.com", "", addresses("a@example.com", "user@example.com"))), zlint.Warn},
		{first, at(lint.ExchangeOnline, of("user@example.com", "", addresses("User@example.com", "a@example.com"))), zlint.Pass},
		{first, at(lint.ExchangeOnline, of("user@example.com", "", addresses("a@example.com", "b@example.com"))), zlint.Pass},
	} {
		if got := outcome(t, tt.rule, tt.given.files, tt.given.opts); got != tt.want {
			t.Errorf("%d: %s: %s, want %s", i, tt.rule, got, tt.want)
		}
	}
}
