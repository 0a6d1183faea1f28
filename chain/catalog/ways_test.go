package catalog

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
)

func describeWays(ways []Way) (out []string) {
	for _, w := range ways {
		var names []string
		for _, e := range w.Entries {
			names = append(names, fmt.Sprintf("%X", e.SHA256[:4]))
		}
		out = append(out, fmt.Sprintf("%s (%v, %d)", strings.Join(names, " "), w.Reason, len(w.Programmes())))
	}
	return out
}

// TestWays asks for the ways from what is below R36 and R46, as a leaf names its issuer.
func TestWays(t *testing.T) {
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	r46 := chain.DeadEnd{KeyID: mustHex("a7d79577eb4ac327cd93be374c268421147d5d98")}
	for _, test := range []struct {
		name string
		opts *WayOptions
		want []string
	}{
		{"all", &WayOptions{Time: at}, []string{
			"BC386A5C E793C9B0 (it has the cross-certificate to add, 3)",
			"D5917A77 (nothing in it is to be left out, 3)",
			"BC386A5C 68B9C761 D7A7A0FB (it has the cross-certificate to add, 3)",
			"9582BE14 D7A7A0FB (there is no other way, 3)",
		}},
		{"the self-signed root is at hand", &WayOptions{Time: at, Have: func(sum [32]byte) bool { return sum[0] == 0xD5 && sum[1] == 0x91 }}, []string{
			"BC386A5C E793C9B0 (it has the cross-certificate to add, 3)",
			"D5917A77 (nothing in it is to be left out, 3)",
			"BC386A5C 68B9C761 D7A7A0FB (it has the cross-certificate to add, 3)",
			"9582BE14 D7A7A0FB (there is no other way, 3)",
		}},
		{"after 2028", &WayOptions{Time: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}, []string{
			"BC386A5C E793C9B0 (it has the cross-certificate to add, 3)",
			"D5917A77 (there is no other way, 3)",
		}},
		{"AAA alone is an anchor", &WayOptions{Time: at, Accepts: func(e Entry) bool { return e.SHA256[0] == 0xD7 && e.SHA256[1] == 0xA7 }}, []string{
			"BC386A5C 68B9C761 D7A7A0FB (it has the cross-certificate to add, 3)",
			"9582BE14 D7A7A0FB (it leads to an anchor of the target, 3)",
			"BC386A5C E793C9B0 (it has the cross-certificate to add, 3)",
			"D5917A77 (there is no other way, 3)",
		}},
	} {
		got := describeWays(Default().Ways(r46, test.opts))
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s:\n%s", test.name, strings.Join(got, "\n"))
		}
	}
}

func TestFind(t *testing.T) {
	for _, test := range []struct {
		text        string
		first       string
		atLeast, to int
	}{
		{"", "", 0, 0},
		{"no such authority", "", 0, 0},
		{"D5917A77", "D5917A77", 1, 1},
		{"d5:91:7a:77 91EB", "D5917A77", 1, 1},
		{"sectigo email protection root r46", "D5917A77 BC386A5C 9582BE14", 3, 3},
		{"GLOBALSIGN secure mail", "", 3, 10},
		{"wisekey", "", 3, 60},
	} {
		found := Default().Find(test.text)
		if len(found) < test.atLeast || len(found) > test.to {
			t.Errorf("%q: %d entries", test.text, len(found))
		}
		if len(found) > 0 && test.first != "" && !strings.Contains(test.first, upperHex(found[0].SHA256[:4])) {
			t.Errorf("%q: the first is %s", test.text, found[0].Subject)
		}
	}
}
