package main

import (
	"github.com/smimechain/smimechain/examples/smimechain/fetch"
	"github.com/smimechain/smimechain/lint/say"
)

// fetchFlags are the flags of the commands that can use the network.
type fetchFlags struct {
	on, private bool
	cache       string
}

func (f *fetchFlags) add(fs *flagSet) {
	fs.BoolVar(&f.on, "fetch", false, "fetch missing issuers and revocation lists from the http addresses in the certificates")
	fs.StringVar(&f.cache, "fetch-cache", "", "keep what is fetched in `DIR`, and use it for a day")
	fs.BoolVar(&f.private, "fetch-private", false, "fetch from private, loopback and link-local addresses too")
}

// client returns what fetches, nil unless the network was asked for.
func (f *fetchFlags) client() (*fetch.Client, error) {
	if !f.on {
		if f.private || f.cache != "" {
			return nil, say.Errorf("-fetch-cache and -fetch-private need -fetch")
		}
		return nil, nil
	}
	return fetch.New(&fetch.Options{Private: f.private, Cache: f.cache})
}
