package deploy

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/sst"
)

// errTooLarge says that a collection is larger than [sst.MaxExchangeSize].
var errTooLarge = say.Errorf("the collection is larger than Exchange takes")

// ExchangeOptions says how the collection is to replace the one in use.
type ExchangeOptions struct {
	// Current is the value of SMIMECertificateIssuingCA that the tenant has now, in
	// octets, see [CurrentCollection]. The script then refuses to replace any other
	// value. Where it is nil or empty the script replaces only an empty value,
	// unless it is told otherwise when it is run.
	Current []byte

	// Language is that of the messages and comments of the script; zero means
	// English.
	Language locale.Language
}

// Exchange makes what Exchange Online takes: the store smime.sst, and the script
// Set-SmimeCollection.ps1 that uploads it from the folder that both are in.
//
// The script is written for Windows PowerShell 5.1 and PowerShell 7. It refuses a
// store that is not the one given here, shows what it would add and remove, and asks.
// Then it reads the value in use again, which must be what was shown, and saves it.
// After the upload it reads back for a minute: the new value, the old one, none and
// another are four answers, and only the first is a success. Values are the same if
// their octets or their certificates are. How to go back is in its output and in every
// error from there on. No text of the certificates reaches it except in comments. It is
// ASCII, or UTF-8 with a byte order mark where it holds more.
//
// The collection is not judged: see package lint. The error wraps [ErrEmpty], or says
// that the store is larger than [sst.MaxExchangeSize].
func Exchange(c *PublicCollection, opts *ExchangeOptions) ([]Output, error) {
	if opts == nil {
		opts = new(ExchangeOptions)
	}
	if len(c.Certificates) == 0 {
		return nil, ErrEmpty
	}
	store, err := c.SST()
	if err != nil {
		return nil, say.Errorf("exchange: %w", err)
	}
	if len(store) > sst.MaxExchangeSize {
		return nil, say.Errorf("exchange: %w: %d bytes, the limit is %d; leave out CAs that nobody of your correspondents uses", errTooLarge, len(store), sst.MaxExchangeSize)
	}
	return []Output{{Name: exchangeStore, Data: store}, {Name: "Set-SmimeCollection.ps1", Data: exchangeScript(c, store, opts)}}, nil
}

const exchangeStore = "smime.sst"

// exchangeFacts are what the script knows about the store.
type exchangeFacts struct {
	Store       string // file name
	SHA256      string
	Thumbprints []string // SHA-1, as Windows writes them
	Comments    []string
	Current     string // SHA-256 of the value it may replace; empty where unknown

	// CurrentThumbprints are those of the certificates in that value: the service may
	// have written it anew. None where it is no store.
	CurrentThumbprints []string
}

func exchangeScript(c *PublicCollection, store []byte, opts *ExchangeOptions) []byte {
	sum := sha256.Sum256(store)
	facts := exchangeFacts{Store: exchangeStore, SHA256: hex.EncodeToString(sum[:])}
	for _, cert := range c.Certificates {
		facts.Thumbprints = append(facts.Thumbprints, thumbprint(cert.Raw))
		facts.Comments = append(facts.Comments, cert.Subject())
	}
	if len(opts.Current) > 0 {
		sum := sha256.Sum256(opts.Current)
		facts.Current = hex.EncodeToString(sum[:])
		if current, err := sst.Parse(opts.Current); err == nil {
			for _, e := range current.Elements {
				if e.Kind == sst.Certificate {
					facts.CurrentThumbprints = append(facts.CurrentThumbprints, thumbprint(e.Raw))
				}
			}
		}
	}
	return scriptFile(script(opts.Language).exchange(&facts))
}

// thumbprint returns the SHA-1 of a certificate as Windows writes it.
func thumbprint(der []byte) string {
	sum := sha1.Sum(der)
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// CurrentCollection returns the collection in use from output of Get-SmimeConfig, which
// ConvertTo-Json keeps whole, or from a store that was saved.
// The value is nil when the tenant has none; ok is false when the file does not
// tell. The error is that of sst.Store.Marshal.
func CurrentCollection(f *bundle.File) (value []byte, ok bool, err error) {
	switch {
	case f.Store != nil:
		value, err = f.Store.Marshal()
		return value, err == nil, err
	case f.Format == bundle.ExchangeJSON:
		for _, s := range f.Settings {
			if !s.Mailbox {
				return nil, !s.Unseen, nil
			}
		}
	}
	return nil, false, nil
}
