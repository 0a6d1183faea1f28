package main

import (
	"slices"
	"testing"
)

// TestNamesOfCertificates holds that no name is taken twice, also where upper and lower case
// do not count, and that the order of the certificates does not matter.
func TestNamesOfCertificates(t *testing.T) {
	subjects := []string{"CN=Root", "CN=ROOT", "CN=Root", "CN=Other"}
	sums := []string{"0011223344556677aa", "0011223344556677bb", "0011223399556677aa", "0011223344556677cc"}
	names := func(order ...int) map[string]string {
		var list []unpackedFile
		var of []string
		for _, i := range order {
			list, of = append(list, unpackedFile{name: sums[i]}), append(of, subjects[i])
		}
		nameFiles(list, of)
		named := map[string]string{}
		for k, i := range order {
			named[sums[i]] = list[k].name
		}
		return named
	}
	forth, back := names(0, 1, 2, 3), names(3, 2, 1, 0)
	want := []string{"Root-0011223344556677aa.cer", "ROOT-0011223344556677bb.cer", "Root-0011223399556677.cer", "Other-00112233.cer"}
	for i, sum := range sums {
		if forth[sum] != back[sum] || !slices.Contains(want, forth[sum]) {
			t.Errorf("certificate %d: %s, and in another order %s", i, forth[sum], back[sum])
		}
	}
}
