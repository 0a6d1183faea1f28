package main

import (
	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/examples/smimechain/describe"
	"github.com/smimechain/smimechain/examples/smimechain/fetch"
	"github.com/smimechain/smimechain/lint/say"
)

// checkRevocation sets the options that use the network, where there is a client,
// and the revocation lists given. With the network, silence about a certificate is a
// fault, as it is for Exchange Online.
func checkRevocation(opts *chain.Options, client *fetch.Client, given *chain.CRLs, lists int) {
	switch {
	case client != nil:
		opts.Issuers, opts.Revocation = client, client.Revocation(given)
	case lists > 0:
		opts.Revocation = describe.OnlyRevoked(given)
	}
}

// unusableLists returns the errors of the revocation lists in files that check
// leaves out.
func unusableLists(files []*bundle.File) []error {
	var lists [][]byte
	for _, f := range files {
		for _, l := range f.CRLs {
			lists = append(lists, l.Raw)
		}
	}
	return leftOut(chain.NewCRLs(lists...), files)
}

// fetchedLists returns what check asks about revocation beside the lists in the
// files; nil without a client.
func fetchedLists(client *fetch.Client) chain.RevocationChecker {
	if client == nil {
		return nil
	}
	return client.Revocation(chain.NewCRLs())
}

// leftOut returns the errors of the lists in files, which lists is made from. It
// names the files that hold the first few.
func leftOut(lists *chain.CRLs, files []*bundle.File) []error {
	errs := lists.Errors()
	if len(errs) > 0 {
		var named []error
		for _, f := range files {
			for _, l := range f.CRLs {
				if len(named) == maxFailures {
					break
				}
				for _, err := range chain.NewCRLs(l.Raw).Errors() {
					named = append(named, say.Errorf("%s: %w", f.Name, err))
				}
			}
		}
		copy(errs, named)
	}
	return errs
}
