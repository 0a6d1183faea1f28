package say_test

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/smimechain/smimechain/lint/say"
)

func ExampleNew() {
	m := say.New("%s expires on %s", "CN=Example CA", "2027-01-01")
	fmt.Println(m)
	fmt.Println(say.Count(1, "1 certificate", "%d certificates"), "and", say.Count(3, "1 certificate", "%d certificates"))
	// Output:
	// CN=Example CA expires on 2027-01-01
	// 1 certificate and 3 certificates
}

func TestErrorf(t *testing.T) {
	own := say.Errorf("a reason")
	both := say.Errorf("%s: %w, and %[3]w", "name", own, fs.ErrNotExist)
	if !errors.Is(both, own) || !errors.Is(both, fs.ErrNotExist) || errors.Is(both, fs.ErrExist) {
		t.Error("what is wrapped is not found")
	}
	if got, want := both.Error(), "name: a reason, and file does not exist"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	m := both.(say.Sentence).Sentence()
	if got := m.String(); got != both.Error() || m.Format != "%s: %v, and %[3]v" {
		t.Errorf("as a sentence it is %q by %q", got, m.Format)
	}
	if errors.Is(own, say.Errorf("a reason")) {
		t.Error("two errors of one text are the same")
	}
}

func TestMessage(t *testing.T) {
	if m := (say.Message{}); !m.IsZero() || m.String() != "" || m.Or("text").String() != "text" {
		t.Errorf("the zero value says %q", m)
	}
	if _, counts := say.New("%d", 1).Counted(); counts {
		t.Error("a message that does not count is said to")
	}
	if n, counts := say.Count(7, "1", "%d").Counted(); n != 7 || !counts {
		t.Errorf("%d, %v", n, counts)
	}
	list := make([]say.Message, 5)
	for i := range list {
		list[i] = say.New("%d", i)
	}
	if got, want := say.Join(list...).String(), "0; 1; 2; 3; 4"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if !say.Join().IsZero() {
		t.Error("nothing joined is something")
	}
}
