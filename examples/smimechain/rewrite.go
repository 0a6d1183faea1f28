package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
)

func rewrite(c *command, args []string, std streams) (int, error) {
	var (
		fs       = c.flags()
		at       timeFlag
		with     listFlag
		whole    completer
		network  fetchFlags
		password passwordFlags
		renewed  passwordFlags
		own      keyPasswordFlag
		target   = fs.String("for", "", "write what `TARGET` can open: %s", strings.Join(deploy.RewriteTargets(), ", "))
		out      = fs.String("o", "", "write `FILE`, readable by its owner only")
		identity = fs.String("identity", "", "write the private key `N` of several, counted from 0 as show prints them, or that of the certificate with this SHA-256; default: all of them where the target takes several")
		force    = fs.Bool("force", false, "replace FILE if it exists")
	)
	password.register(fs)
	registerNew(fs, &renewed)
	own.register(fs)
	fs.Var(&at, "at", "choose a chain that is valid at `TIME`, a date or RFC 3339; default: now")
	fs.Var(&with, "with", "complete the chain from `FILE`; may be repeated")
	whole.add(fs)
	network.add(fs)
	fs.takes("for", deploy.RewriteTargets())
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	to, err := deploy.RewriteTarget(*target)
	if err != nil {
		return 0, didYouMean(err, *target, deploy.RewriteTargets())
	}
	switch {
	case *out == "":
		return 0, say.Errorf("rewrite: -o FILE is missing")
	case fs.NArg() != 1:
		return 0, say.Errorf("rewrite: want one file, got %d", fs.NArg())
	}
	opts := &deploy.RewriteOptions{Cache: std.certificates}
	done, err := whole.open(&network, std)
	if err != nil {
		return 0, err
	}
	defer done()
	opts.Catalog = whole.opts.Catalog
	support, err := loadFiles(with, std)
	if err != nil {
		return 0, err
	}
	opts.With = certificates(support)
	data, err := readLimited(fs.Arg(0), bundle.MaxFileSize)
	if err != nil {
		return 0, err
	}
	if opts.Password, opts.NewPassword, err = passwords(&password, &renewed, fs.Arg(0), std); err != nil {
		return 0, err
	}
	if opts.KeyPassword, err = own.given(); err != nil {
		return 0, err
	}
	opts.Identity = *identity
	if opts.Password == nil && renewed == (passwordFlags{}) {
		if opts.NewPassword, err = profilePassword(data, *identity); err != nil {
			return 0, say.Errorf("%s: %w", fs.Arg(0), err)
		}
	}
	if whole.on {
		identity, err := (&bundle.Options{Cache: std.certificates, Password: opts.Password}).Parse(context.Background(), fs.Arg(0), data)
		if err != nil {
			return 0, err
		}
		added, err := whole.complete(append([]*bundle.File{identity}, support...), at.orNow(), std)
		if err != nil {
			return 0, err
		}
		opts.With = append(opts.With, certificates(added)...)
	}
	written, err := deploy.Rewrite(context.Background(), data, to, at.orNow(), opts)
	if err != nil {
		return 0, say.Errorf("%s: %w", fs.Arg(0), err)
	}
	if err := writeSecret(*out, written, *force); err != nil {
		return 0, err
	}
	return exitClean, describeRewritten(*out, written, opts, std, screenOf(std, ""))
}

// registerNew adds the flags for the password of the file that is written.
func registerNew(fs *flagSet, p *passwordFlags) {
	fs.StringVar(&p.file, "new-password-file", "", "read the password of the new file from `FILE`; default: that of the old")
	fs.StringVar(&p.env, "new-password-env", "", "read the password of the new file from the environment variable `NAME`")
}

// passwords returns the password of the old file and that of the new one.
func passwords(old, renewed *passwordFlags, name string, std streams) (*string, string, error) {
	read, err := old.options([]string{name}, std)
	if err != nil {
		return nil, "", err
	}
	given, err := renewed.given()
	if err != nil {
		return nil, "", err
	}
	if given == nil {
		given = read.Password
	}
	if given == nil {
		return nil, "", nil
	}
	return read.Password, *given, nil
}

// profilePassword returns the password that stands in a profile, for the new file.
func profilePassword(data []byte, identity string) (string, error) {
	missing := say.Errorf("no password: -password-file or -password-env gives it")
	identities, err := bundle.ProfileIdentities(context.Background(), data)
	if err != nil {
		return "", err
	}
	n := 0
	if len(identities) > 1 {
		if n, err = strconv.Atoi(identity); err != nil {
			return "", deploy.ErrSeveralIdentities
		}
	}
	if n < 0 || n >= len(identities) || identities[n].Password == nil {
		return "", missing
	}
	return *identities[n].Password, nil
}

// keyPasswordFlag says where the password of the private key comes from.
type keyPasswordFlag struct{ file string }

func (k *keyPasswordFlag) register(fs *flagSet) {
	fs.StringVar(&k.file, "key-password-file", "", "read the password of the private key from `FILE`, where it has one of its own")
}

func (k *keyPasswordFlag) given() (*string, error) {
	return (&passwordFlags{file: k.file}).given()
}

// describeRewritten lists the chain that the new file holds.
func describeRewritten(name string, data []byte, opts *deploy.RewriteOptions, std streams, page screen) error {
	f, err := (&bundle.Options{Password: &opts.NewPassword, Cache: opts.Cache}).Parse(context.Background(), name, data)
	if err != nil {
		return err
	}
	var b strings.Builder
	held := say.Count(len(f.Certificates), "1 certificate", "%d certificates")
	fmt.Fprintln(&b, page.say("%s: %s, %s", name, say.Count(max(len(f.PFX.Identities), 1), "1 private key", "%d private keys"), held))
	for _, cert := range chain.Order(certificates([]*bundle.File{f})) {
		fmt.Fprintf(&b, "  %s\n", report.Printable(cert.Subject()))
	}
	_, err = fmt.Fprint(page.fold(std.out), b.String())
	return err
}

// certificates returns the certificates of files, each once.
func certificates(files []*bundle.File) []*chain.Certificate {
	var list []*chain.Certificate
	seen := map[[32]byte]bool{}
	for _, f := range files {
		for _, c := range f.Certificates {
			if c.Raw == nil || seen[c.SHA256()] {
				continue
			}
			seen[c.SHA256()] = true
			list = append(list, c.Certificate)
		}
	}
	return list
}
