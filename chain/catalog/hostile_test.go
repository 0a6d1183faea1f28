package catalog

import (
	"errors"
	"runtime"
	"strings"
	"testing"
)

// TestHostile holds files that nobody would write to a *FormatError, which quotes
// little of them, and to memory of a small multiple of their size.
func TestHostile(t *testing.T) {
	with := func(certificates string) string {
		return `{"version": 1, "source": "x", "date": "2026-01-02", "certificates": ` + certificates + `}`
	}
	for _, tt := range []struct{ name, text, field string }{
		{"empty", "", ""},
		{"nothing", "null", "version"},
		{"a list", "[]", ""},
		{"no list", with("null"), "certificates"},
		{"absent", `{"version": 1, "source": "x", "date": "2026-01-02"}`, "certificates"},
		{"an object for a list", with("{}"), "certificates"},
		{"small values", with("[" + strings.Repeat("0,", 4<<20) + "0]"), "certificates"},
		{"empty objects", with("[" + strings.Repeat("{},", 1<<20) + "{}]"), "certificates"},
		{"null for an entry", with("[null]"), "kind"},
		{"deep", with(strings.Repeat("[", 1<<20) + strings.Repeat("]", 1<<20)), ""},
		{"long name of a field", with(`[{"` + strings.Repeat("x", 1<<20) + `": 1}]`), ""},
		{"number for a name", with(`[{"kind": 1e999}]`), "kind"},
		{"huge version", `{"version": 1` + strings.Repeat("0", 1<<16) + `}`, "version"},
		{"year 10000", with(`[{"kind": "root", "subject": "CN=a", "issuer": "CN=a", "sha256": "` + strings.Repeat("00", 32) + `", "not_before": "10000-01-01T00:00:00Z"}]`), "not_before"},
		{"not UTF-8", with("[{\"kind\": \"\xff\xfe\"}]"), "kind"},
		{"beyond the size", strings.Repeat(" ", maxFileSize+1), ""},
		{"cut", with("[{")[:70], ""},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		c, err := Parse([]byte(tt.text))
		runtime.ReadMemStats(&after)
		e, ok := errors.AsType[*FormatError](err)
		if !ok || c != nil || e.Field != tt.field || len(err.Error()) > 300 {
			t.Errorf("%s: %v, %.300v", tt.name, c, err)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20+16*uint64(len(tt.text)) {
			t.Errorf("%s: %d octets of memory for %d", tt.name, used, len(tt.text))
		}
	}
}
