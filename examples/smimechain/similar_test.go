package main

import (
	"bytes"
	"strings"
	"testing"
)

// A misspelt command, flag, target, format or rule is answered with the right one; what
// is like none of them gets no guess.
func TestDidYouMean(t *testing.T) {
	for _, tt := range []struct{ args, want string }{
		{"chekc a.sst", "check"},
		{"CHECK a.sst", "check"},
		{"explian e_collection_no_root", "explain"},
		{"verison", "version"},
		{"frobnicate", ""},
		{"x", ""},
		{"check -formt json a.sst", "-format"},
		{"check --paswordfile x a.sst", "-password-file"},
		{"show -formatt json a.sst", "-format"},
		{"check -zzzzzz a.sst", ""},
		{"check -target windows a.sst", "-for"},
		{"check --TARGETS windows a.sst", "-for"},
		{"check -password x a.pfx", "-password-env or -password-file"},
		{"check -json a.sst", "-format json"},
		{"check -time x a.sst", "-ahead or -at"},
		{"check -address x a.sst", "-mail"},
		{"check -language de a.sst", "-lang"},
		{"check -email x a.sst", "-mail"},
		{"check -version", "smimechain version"},
		{"check -file x", ""},
		{"check -fil x", ""},
		{"check -windows a.sst", "-for windows"},
		{"rewrite -windows a.pfx", "-for windows"},
		{"check -for windwos a.sst", "windows"},
		{"check -for windows,Exchange-Onlin a.sst", "exchange-online"},
		{"check -for moon a.sst", ""},
		{"check -format jsno a.sst", "json"},
		{"rewrite -for wndows a.pfx", "windows"},
		{"deploy exchang a.sst", "exchange"},
		{"deploy intune-trust a.sst", "intune-trusted"},
		{"explain e_colection_no_root", "e_collection_no_root"},
		{"explain w_no_such_thing_at_all", ""},
	} {
		var out, errs bytes.Buffer
		status := run(strings.Fields(tt.args), streams{in: strings.NewReader(""), out: &out, err: &errs})
		_, got, _ := strings.Cut(errs.String(), "did you mean ")
		got, _, _ = strings.Cut(got, "?")
		if status != exitFailed || got != tt.want || out.Len() > 0 {
			t.Errorf("%s: exits with %d and means %q, want %q: %s%s", tt.args, status, got, tt.want, errs.String(), out.String())
		}
	}
}
