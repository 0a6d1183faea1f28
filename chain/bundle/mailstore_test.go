package bundle_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
)

// TestMailStore holds that of a mail store the messages with S/MIME are kept, however many
// others stand around them, with their numbers in the file, and that only those count
// against the limit.
func TestMailStore(t *testing.T) {
	const begin = "From x Thu Nov 26 12:00:00 2026\n"
	plain := begin + "From: b@example.com\nContent-Type: text/plain\n\nhello\n\n"
	signed := begin + strings.ReplaceAll(signedMail(t, "Content-Type: text/plain\n\nthird\n"), "\r\n", "\n") + "\n"
	forwarded := begin + "From: b@example.com\nContent-Type: message/rfc822\n\nFrom: c@example.com\nContent-Type: text/plain\n\nhello\n\n"

	store := strings.Repeat(plain, 1999) + signed + forwarded + signed
	f, err := bundle.Parse("store", []byte(store))
	if err != nil || len(f.Messages) != 2 || f.Messages[0].Number != 2000 || f.Messages[1].Number != 2003 {
		t.Fatalf("%+v, %v", f, err)
	}
	for _, m := range f.Messages {
		if s := m.Outermost(); len(s) != 1 || !s[0].Good() || m.From[0] != "a@example.com" {
			t.Errorf("%+v", m)
		}
	}

	var unrecognized *bundle.UnrecognizedError
	if _, err := bundle.Parse("store", []byte(strings.Repeat(plain, 2000))); !errors.As(err, &unrecognized) {
		t.Errorf("without S/MIME: %v", err)
	}
	if _, err := bundle.Parse("store", []byte(strings.Repeat(signed, 1001))); !errors.Is(err, bundle.ErrTooLarge) || !strings.Contains(err.Error(), "split it") {
		t.Errorf("1,001 messages with S/MIME: %v", err)
	}
}
