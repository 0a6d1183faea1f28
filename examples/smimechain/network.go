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
	fs.BoolVar(&f.on, "fetch", false, "fetch missing issuers and revocation lists from the http addresses in the certificates, through the proxy of the system if it has one")
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

// noteProxies says which proxies of the system's settings requests went through.
func (s streams) noteProxies(client *fetch.Client) {
	if client == nil {
		return
	}
	for _, host := range client.Proxies() {
		s.note("-fetch went through the proxy %s, which the settings of the system name", host)
	}
}
