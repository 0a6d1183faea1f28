package main

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

func pack(c *command, args []string, std streams) (int, error) {
	var (
		fs     = c.flags()
		at     timeFlag
		out    = fs.String("o", "", "write `FILE`: .sst, .p7b or .pem")
		force  = fs.Bool("force", false, "replace FILE if it exists")
		strict = fs.Bool("strict", false, "fail instead of leaving a certificate out")

		whole   completer
		network fetchFlags
	)
	whole.add(fs)
	network.add(fs)
	fs.Var(&at, "at", "leave out what has expired at `TIME`, a date or RFC 3339; default: now")
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	encode, err := encoder(*out)
	if err != nil {
		return 0, err
	}
	in, err := loadAll(fs.Args(), nil, std)
	if err != nil {
		return 0, err
	}
	done, err := whole.open(&network, std)
	if err != nil {
		return 0, err
	}
	defer done()
	if err := whole.know(in.files, at.orNow()); err != nil {
		return 0, err
	}
	added, err := whole.complete(in.files, at.orNow(), std)
	if err != nil {
		return 0, err
	}
	collection, err := packed(append(in.files, added...), at.orNow())
	if err != nil {
		return 0, say.Errorf("%w; nothing was written", err)
	}
	listLeftOut(std, collection.LeftOut)
	if *strict && len(collection.LeftOut) > 0 {
		return 0, say.Errorf("-strict: nothing was written")
	}
	data, err := encode(collection)
	if err != nil {
		return 0, err
	}
	// The verdict is that of the very bytes that are written.
	packed, err := (&bundle.Options{Cache: std.certificates}).Parse(context.Background(), *out, data)
	if err != nil {
		return 0, err
	}
	bar := newBar(std, say.New("checking"), say.Message{})
	r, err := lint.Run(context.Background(), []*bundle.File{packed}, &lint.Options{
		Time: at.Time, Targets: []lint.Target{lint.ExchangeOnline}, Catalog: whole.opts.Catalog, Progress: bar.at,
	})
	bar.finish()
	if err != nil {
		return 0, err
	}
	if err := writeFile(*out, data, *force); err != nil {
		return 0, err
	}
	return printJudged(r, std)
}

// encoder returns the function that encodes a collection, by the name of the
// file that is to be written.
func encoder(name string) (func(*deploy.PublicCollection) ([]byte, error), error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".sst":
		return (*deploy.PublicCollection).SST, nil
	case ".p7b", ".p7c":
		return (*deploy.PublicCollection).PKCS7, nil
	case ".pem":
		return (*deploy.PublicCollection).PEM, nil
	}
	if name == "" {
		return nil, say.Errorf("pack: -o FILE is missing")
	}
	return nil, say.Errorf("%s: want a name that ends in .sst, .p7b or .pem", name)
}

// packed is [deploy.Pack] that says how certificates get apart from their keys.
func packed(files []*bundle.File, at time.Time) (*deploy.PublicCollection, error) {
	collection, err := deploy.Pack(files, at)
	mixed := func(f *bundle.File) bool { return f.PFX != nil || len(f.Keys) > 0 && len(f.Certificates) > 0 }
	if errors.Is(err, deploy.ErrPrivateKey) && slices.ContainsFunc(files, mixed) {
		return nil, say.Errorf("%w; unpack writes the certificates without it", err)
	}
	return collection, err
}
