package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/pem"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/examples/smimechain/fetch"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// loadCatalog returns the built-in catalogue with those of the files added; nil
// when there is none to add.
func loadCatalog(names []string) (*catalog.Catalog, error) {
	if len(names) == 0 {
		return nil, nil
	}
	known := catalog.Default()
	for _, name := range names {
		data, err := readText(name, maxTextFile)
		if err != nil {
			return nil, err
		}
		more, err := catalog.Parse(data)
		if err != nil {
			return nil, say.Errorf("%s: %w", name, err)
		}
		known = known.With(more)
	}
	return known, nil
}

// completer knows the CAs that -cas gives and, with -complete, fills in those that are
// missing, from what -cas and -fetch give.
type completer struct {
	on      bool
	cas     listFlag
	opts    deploy.CompleteOptions
	reports []deploy.CASource // of the CCADB, among the sources

	catalog *catalog.Catalog     // what the files that are catalogues give, nil for none
	certs   []*chain.Certificate // what stores and certificates give
	from    []string             // the files of these
}

// addCAs adds the flag of a command that fills in nothing.
func (c *completer) addCAs(fs *flagSet) {
	fs.Var(&c.cas, "cas", "know the CAs of `FILE` too: a catalogue, the CCADB's report of all CA certificates as CSV or gzip, a store, certificates or a folder of them; may be repeated")
}

// add adds the flags.
func (c *completer) add(fs *flagSet) {
	fs.BoolVar(&c.on, "complete", false, "add the CAs that are missing up to an anchor, from -cas and -fetch, by the recommended way and nothing else")
	c.addCAs(fs)
}

// open is load with what the flags of the network say. What it returns is for the end of
// the command, and says which proxies requests went through.
func (c *completer) open(network *fetchFlags, std streams) (done func(), err error) {
	client, err := network.client()
	if err == nil {
		err = c.load(std, client)
	}
	return func() { std.noteProxies(client) }, err
}

// load reads the files of -cas, but for reports of the CCADB.
func (c *completer) load(std streams, client *fetch.Client) error {
	var catalogs []string
	for _, name := range c.cas {
		kind, err := kindOfCAs(name)
		switch {
		case err != nil:
			return err
		case kind == casCatalog:
			catalogs = append(catalogs, name)
		case kind == casReport:
			c.opts.Sources = append(c.opts.Sources, reportFile(name))
			c.reports = append(c.reports, reportFile(name))
		default:
			files, err := loadFiles([]string{name}, std)
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(certificates(files), (*chain.Certificate).IsCA) {
				return say.Errorf("%s: want CAs: a catalogue, the report of the CCADB, or certificates of CAs", name)
			}
			c.opts.Sources = append(c.opts.Sources, given(certificates(files)))
			c.certs, c.from = append(c.certs, certificates(files)...), append(c.from, filepath.Base(name))
		}
	}
	if client != nil && c.on {
		c.opts.Sources = append(c.opts.Sources, network{client})
	}
	if c.on && len(c.opts.Sources) == 0 {
		return say.Errorf("-complete needs -cas with certificates, or -fetch")
	}
	var err error
	if c.catalog, err = loadCatalog(catalogs); err != nil {
		return err
	}
	c.opts.Catalog = c.catalog
	if len(c.certs) > 0 {
		c.learn(nil)
	}
	return nil
}

// learn makes the catalogue know the certificates that stores and files gave and more of
// reports, all at once, so that it sees which has issued which.
func (c *completer) learn(more []*chain.Certificate) {
	from := strings.Join(c.from, ", ")
	if len(more) > 0 {
		from = strings.Join(append(slices.Clone(c.from), "CCADB"), ", ")
	}
	c.opts.Catalog = cmp.Or(c.catalog, catalog.Default()).WithCertificates(slices.Concat(c.certs, more), from)
}

// known returns the catalogue with what was loaded.
func (c *completer) known() *catalog.Catalog { return cmp.Or(c.opts.Catalog, catalog.Default()) }

// know takes from reports of the CCADB the CAs that are missing above the certificates of
// files and not known otherwise. With -complete nothing has to be taken: they are added.
func (c *completer) know(files []*bundle.File, at time.Time) error {
	if len(c.reports) == 0 || c.on {
		return nil
	}
	done, err := deploy.Complete(context.Background(), certificates(files), at, &deploy.CompleteOptions{Catalog: c.opts.Catalog, Sources: c.reports})
	if err != nil {
		return err
	}
	c.learn(done.Added)
	return nil
}

// knowAll takes from reports of the CCADB every CA that is not known.
func (c *completer) knowAll() error {
	known := c.known()
	var more []*chain.Certificate
	for _, r := range c.reports {
		list, err := r.Certificates(context.Background(), nil, func(sum [32]byte, certificate func() *chain.Certificate) bool {
			if _, ok := known.ByFingerprint(sum); ok {
				return false
			}
			cert := certificate()
			return cert != nil && cert.IsCA() && cert.AllowsExtended(chain.EmailProtection)
		})
		if err != nil {
			return err
		}
		more = append(more, list...)
	}
	if len(more) > 0 {
		c.learn(more)
	}
	return nil
}

// The kinds of files that -cas takes.
const (
	casCatalog = iota
	casReport
	casCertificates
)

// kindOfCAs looks at the start of a file.
func kindOfCAs(name string) (int, error) {
	if info, err := os.Stat(name); err != nil {
		return 0, err
	} else if info.IsDir() {
		return casCertificates, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	start, err := io.ReadAll(io.LimitReader(f, 4096))
	if err != nil {
		return 0, err
	}
	switch text := bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\ufeff")), " \t\r\n"); {
	case catalog.IsReport(start):
		return casReport, nil
	case bytes.HasPrefix(text, []byte("{")), bytes.HasPrefix(start, []byte("\xff\xfe{")):
		return casCatalog, nil
	}
	return casCertificates, nil
}

// reportFile is a report of the CCADB.
type reportFile string

type wanted = func(sha256 [32]byte, certificate func() *chain.Certificate) bool

func (r reportFile) Certificates(_ context.Context, _ []*chain.Certificate, want wanted) ([]*chain.Certificate, error) {
	f, err := os.Open(string(r))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	list, err := catalog.ReadReport(f, want)
	if err != nil {
		return nil, say.Errorf("%s: %w", string(r), err)
	}
	return list, nil
}

// given are certificates of files.
type given []*chain.Certificate

func (g given) Certificates(_ context.Context, _ []*chain.Certificate, want wanted) ([]*chain.Certificate, error) {
	var list []*chain.Certificate
	for _, c := range g {
		if c.Raw != nil && want(c.SHA256(), func() *chain.Certificate { return c }) {
			list = append(list, c)
		}
	}
	return list, nil
}

// network is what can be fetched from the addresses in the certificates below.
type network struct{ client *fetch.Client }

func (n network) Certificates(ctx context.Context, below []*chain.Certificate, want wanted) ([]*chain.Certificate, error) {
	var list []*chain.Certificate
	for _, c := range below {
		// What cannot be fetched stays missing, and is named.
		found, _ := n.client.Issuers(ctx, c)
		for _, f := range found {
			if want(f.SHA256(), func() *chain.Certificate { return f }) {
				list = append(list, f)
			}
		}
	}
	return list, nil
}

// complete returns a file with the certificates that are to be added, none where there
// are none, and says what it adds and what it lacks.
func (c *completer) complete(files []*bundle.File, at time.Time, std streams) ([]*bundle.File, error) {
	return c.find("added: %s, SHA-256 %X", files, at, std)
}

// propose says what would be added.
func (c *completer) propose(files []*bundle.File, at time.Time, std streams) error {
	_, err := c.find("would be added: %s, SHA-256 %X", files, at, std)
	return err
}

func (c *completer) find(says say.Text, files []*bundle.File, at time.Time, std streams) ([]*bundle.File, error) {
	if !c.on {
		return nil, nil
	}
	done, err := deploy.Complete(context.Background(), certificates(files), at, &c.opts)
	if err != nil {
		return nil, err
	}
	for _, cert := range done.Added {
		std.note(says, cert.Subject(), cert.SHA256())
	}
	for _, e := range done.Lacking {
		std.note("not added, as neither -cas nor -fetch gave it: %s, SHA-256 %X, %s", e.Subject, e.SHA256, e.URL())
	}
	for _, name := range done.Unknown {
		std.note("the issuer %s is not known", name)
	}
	if len(done.Added) == 0 {
		return nil, nil
	}
	var text []byte
	for _, cert := range done.Added {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})...)
	}
	f, err := (&bundle.Options{Cache: std.certificates}).Parse(context.Background(), "-complete", text)
	if err != nil {
		return nil, err
	}
	return []*bundle.File{f}, nil
}

// completePFX returns a PFX with the CAs that are missing in it, written anew for Intune
// with its own password; as it is where nothing is added.
func (c *completer) completePFX(name string, data []byte, password string, at time.Time, std streams) ([]byte, error) {
	if !c.on {
		return data, nil
	}
	f, err := (&bundle.Options{Cache: std.certificates, Password: &password}).Parse(context.Background(), name, data)
	if err != nil {
		return nil, err
	}
	added, err := c.complete([]*bundle.File{f}, at, std)
	if err != nil || len(added) == 0 {
		return data, err
	}
	return deploy.Rewrite(context.Background(), data, lint.Intune.OldestReader(), at, &deploy.RewriteOptions{
		Password: &password, NewPassword: password, With: certificates(added), Catalog: c.opts.Catalog, Cache: std.certificates,
	})
}
