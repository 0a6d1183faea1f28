package sst_test

import (
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/sst"
)

var updatePage = flag.Bool("update", false, "rewrite the table of properties in FORMAT.md")

// TestFormatPage reads the bytes that FORMAT.md shows, and compares its table of
// properties with the package.
func TestFormatPage(t *testing.T) {
	data, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	t.Run("properties", func(t *testing.T) {
		const begin, end = "<!-- properties, written by: go test ./sst -run FormatPage -update -->\n", "<!-- end of properties -->"
		before, rest, ok := strings.Cut(page, begin)
		table, after, ok2 := strings.Cut(rest, end)
		if !ok || !ok2 {
			t.Fatal("there is no table")
		}
		want := propertyTable()
		if *updatePage {
			if err := os.WriteFile("FORMAT.md", []byte(before+begin+want+end+after), 0o644); err != nil {
				t.Fatal(err)
			}
		} else if table != want {
			t.Errorf("the table is\n%s\nwant\n%s", table, want)
		}
	})

	shown := regexp.MustCompile("(?s)<!-- bytes: (.*?) -->\n```\n(.*?)```\n").FindAllStringSubmatch(page, -1)
	const wellFormed = 4
	faults := map[string]error{
		"ErrHeader": sst.ErrHeader, "ErrMissingEnd": sst.ErrMissingEnd, "ErrTruncated": sst.ErrTruncated, "ErrTrailingData": sst.ErrTrailingData,
		"ErrEncodingType": sst.ErrEncodingType, "ErrOrphanProperties": sst.ErrOrphanProperties, "ErrTrailingDER": sst.ErrTrailingDER,
	}
	if len(shown) != wellFormed+len(faults) {
		t.Fatalf("%d blocks of bytes, want %d", len(shown), wellFormed+len(faults))
	}
	for _, block := range shown {
		t.Run(block[1], func(t *testing.T) {
			store, err := sst.Parse(pageBytes(t, block[2]))
			if name, offset, ok := strings.Cut(block[1], " at "); ok {
				fault, found := errors.AsType[*sst.FormatError](err)
				if !found || !errors.Is(err, faults[name]) || fmt.Sprint(fault.Offset) != offset {
					t.Fatalf("got %v, want %s", err, block[1])
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := wellFormedBlock(block[1], store); err != nil {
				t.Error(err)
			}
		})
	}
}

// wellFormedBlock checks what the page says of a block.
func wellFormedBlock(name string, s *sst.Store) error {
	if name == "empty" {
		if len(s.Elements) > 0 {
			return errors.New("not empty")
		}
		return nil
	}
	if len(s.Elements) != 1 {
		return fmt.Errorf("%d elements", len(s.Elements))
	}
	e := s.Elements[0]
	switch name {
	case "one element":
		p, _ := e.Property(sst.PropEnhKeyUsage)
		oids, err := p.OIDs()
		if got := e.FriendlyName(); got != "Root" || err != nil || fmt.Sprint(oids) != "[1.3.6.1.5.5.7.3.4]" {
			return fmt.Errorf("name %q, usages %v, %v", got, oids, err)
		}
	case "date":
		p, _ := e.Property(sst.PropNotBeforeFileTime)
		if got, err := p.Time(); err != nil || !got.Equal(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)) {
			return fmt.Errorf("date %v, %v; ticks %d", got, err, (time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC).Unix()+11_644_473_600)*10_000_000)
		}
	case "key provider":
		k, err := e.KeyProvInfo()
		if err != nil || k == nil || k.Container != "Key" || k.Provider != "CSP" || k.ProvType != 1 || k.KeySpec != 1 {
			return fmt.Errorf("got %+v, %v", k, err)
		}
	default:
		return errors.New("nothing is known of this block")
	}
	return nil
}

// pageBytes reads the pairs of hexadecimal digits at the beginning of each line.
func pageBytes(t *testing.T, block string) []byte {
	t.Helper()
	var b []byte
	for line := range strings.Lines(block) {
		digits, _, _ := strings.Cut(strings.TrimSpace(line), "   ")
		bytes, err := hex.DecodeString(strings.ReplaceAll(digits, " ", ""))
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		b = append(b, bytes...)
	}
	return b
}

func propertyTable() string {
	var b strings.Builder
	b.WriteString("\n| id | name | value | class |\n| --- | --- | --- | --- |\n")
	for id := sst.PropID(1); id <= 129; id++ {
		if !id.Assigned() {
			continue
		}
		fmt.Fprintf(&b, "| %d | %s | %v | %v |\n", uint32(id), id, id.Form(), id.Class())
	}
	return b.String() + "\n"
}
