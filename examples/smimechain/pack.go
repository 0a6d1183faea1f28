package main

import (
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	"github.com/smimechain/smimechain/sst"
)

func pack(c *command, args []string, std streams) (int, error) {
	var (
		fs     = c.flags()
		at     timeFlag
		out    = fs.String("o", "", "write `FILE`: .sst, .p7b or .pem")
		force  = fs.Bool("force", false, "replace FILE if it exists")
		strict = fs.Bool("strict", false, "fail instead of leaving a certificate out")
	)
	fs.Var(&at, "at", "leave out what has expired at `TIME`, a date or RFC 3339; default: now")
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	encode, err := encoder(*out)
	if err != nil {
		return 0, err
	}
	in, err := load(fs.Args(), std)
	if err != nil {
		return 0, err
	}
	if err := in.err(); err != nil {
		return 0, err
	}
	collection, err := deploy.Pack(in.files, at.orNow())
	if err != nil {
		return 0, err
	}
	for _, l := range collection.LeftOut {
		fmt.Fprintf(std.err, "smimechain: %s\n", report.Printable(l.String()))
	}
	if *strict && len(collection.LeftOut) > 0 {
		return 0, errors.New("-strict: nothing was written")
	}
	data, err := encode(collection)
	if err != nil {
		return 0, err
	}
	// The verdict is that of the very bytes that are written.
	packed, err := bundle.Parse(*out, data)
	if err != nil {
		return 0, err
	}
	r, err := lint.Run(context.Background(), []*bundle.File{packed}, &lint.Options{
		Time: at.Time, Targets: []lint.Target{lint.ExchangeOnline},
	})
	if err != nil {
		return 0, err
	}
	if err := writeFile(*out, data, *force); err != nil {
		return 0, err
	}
	return new(levelFlag).status(r), report.Text(std.out, r)
}

// encoder returns the function that encodes a collection, by the name of the
// file that is to be written.
func encoder(name string) (func(*deploy.Collection) ([]byte, error), error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".sst":
		return func(c *deploy.Collection) ([]byte, error) { return sst.New(c.X509()...).Marshal() }, nil
	case ".p7b", ".p7c":
		return func(c *deploy.Collection) ([]byte, error) { return pkcs7.New(c.X509()...).Marshal() }, nil
	case ".pem":
		return encodePEM, nil
	case "":
		return nil, errors.New("pack: -o FILE is missing")
	default:
		return nil, fmt.Errorf("%s: want a name that ends in .sst, .p7b or .pem", name)
	}
}

func encodePEM(c *deploy.Collection) ([]byte, error) {
	var b bytes.Buffer
	for _, cert := range c.Certificates {
		if err := pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}
