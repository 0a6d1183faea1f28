package main

import (
	"context"
	"errors"
	"path/filepath"
	"slices"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

func deployProfile(c *command, args []string, std streams) (int, error) {
	var (
		fs           = c.flags()
		at           timeFlag
		whole        completer
		network      fetchFlags
		password     passwordFlags
		list         checklistFlags
		out          = fs.String("o", "", "write the profile to `FILE`")
		force        = fs.Bool("force", false, "replace FILE if it exists")
		identity     = fs.String("identity", "", "install the identity of the PFX `FILE` too")
		withPassword = fs.Bool("with-password", false, "write the password into the profile; without it the user is asked")
		oldest       = fs.String("oldest", "ios-17", "write the identity so that `SYSTEM` opens it: ios-17 (and older), ios-18, macos-14 or macos-15")
		organization = fs.String("organization", "", "show `NAME` as the organisation")
		identifier   = fs.String("identifier", "", "the `IDENTIFIER` of the profile, such as com.example.smime")
	)
	fs.Var(&at, "at", "leave out what has expired at `TIME`, a date or RFC 3339; default: now")
	whole.add(fs)
	network.add(fs)
	password.register(fs)
	list.register(fs)
	fs.takes("oldest", []string{"ios-17", "ios-18", "macos-14", "macos-15"})
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	if list.show {
		return list.print("profile", std)
	}
	if *out == "" {
		return 0, say.Errorf("%s: -o FILE is missing", c.name)
	}
	if !slices.Contains([]pkcs12.Importer{"ios-17", "ios-18", "macos-14", "macos-15"}, pkcs12.Importer(*oldest)) {
		return 0, say.Errorf("unknown system %q: want ios-17, ios-18, macos-14 or macos-15", *oldest)
	}
	done, err := whole.open(&network, std)
	if err != nil {
		return 0, err
	}
	defer done()
	opts := &deploy.MobileConfigOptions{Language: std.language, Organization: *organization, Identifier: *identifier, WithPassword: *withPassword, Oldest: pkcs12.Importer(*oldest)}
	secret, err := password.given()
	if err != nil {
		return 0, err
	}
	var identities []*bundle.File
	if *identity != "" {
		if secret == nil {
			return 0, say.Errorf("%s: -password-file or -password-env is missing", c.name)
		}
		if opts.Identity, err = readLimited(*identity, bundle.MaxFileSize); err != nil {
			return 0, err
		}
		opts.Password = *secret
		if whole.on {
			f, err := (&bundle.Options{Cache: std.certificates, Password: secret}).Parse(context.Background(), *identity, opts.Identity)
			if err != nil {
				return 0, err
			}
			identities = append(identities, f)
		}
	}
	collection, err := loadCollection(fs.Args(), identities, &whole, &at, std)
	if errors.Is(err, deploy.ErrPrivateKey) {
		return 0, say.Errorf("%w, and -identity takes a PFX", err)
	}
	if err != nil {
		return 0, err
	}
	profile, err := deploy.MobileConfig(collection, opts)
	if err != nil {
		return 0, err
	}
	profile.Name = filepath.Base(*out)
	r, err := judge([]deploy.Output{*profile}, std.certificates, secret, &lint.Options{Time: at.orNow(), Targets: []lint.Target{lint.AppleMail}, Catalog: whole.opts.Catalog})
	if err != nil {
		return 0, err
	}
	if err := writeOutputs(std, filepath.Dir(*out), []deploy.Output{*profile}, *force); err != nil {
		return 0, err
	}
	if profile.Secret {
		std.note("the identity is for Apple Mail: Outlook for iOS cannot see it")
	}
	return printJudged(r, std)
}
