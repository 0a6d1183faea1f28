package main

import (
	"context"
	"io"
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/examples/smimechain/describe"
	"github.com/smimechain/smimechain/internal/console"
	"github.com/smimechain/smimechain/lint/say"
)

func paths(c *command, args []string, std streams) (int, error) {
	var (
		fs      = c.flags()
		at      timeFlag
		roots   listFlag
		whole   completer
		network fetchFlags
		purpose = fs.String("purpose", "", "judge for `PURPOSE`: sign-or-encrypt, sign, encrypt, issue, any, or an extended key usage; default: issue for a CA, else sign-or-encrypt")
		mail    = fs.String("mail", "", "require that LEAF is for the e-mail `ADDRESS`")
		format  = fs.String("format", "text", "write as `FORMAT`: text, json or dot")
		out     = fs.String("o", "", "write to `FILE` instead of standard output")
		force   = fs.Bool("force", false, "replace FILE if it exists")
	)
	fs.Var(&at, "at", "judge at `TIME`, a date or RFC 3339; default: now")
	fs.Var(&roots, "roots", "use the self-signed certificates of `FILE` as anchors too; may be repeated")
	whole.addCAs(fs)
	network.add(fs)
	fs.takes("format", []string{"text", "json", "dot"})
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	write, err := pathRenderer(*format, screenOf(std, *out))
	if err != nil {
		return 0, err
	}
	client, err := network.client()
	if err != nil {
		return 0, err
	}
	defer std.noteProxies(client)
	if err := whole.load(std, nil); err != nil {
		return 0, err
	}
	if fs.NArg() == 0 {
		return 0, say.Errorf("paths: no LEAF given")
	}
	leaf, err := loadFiles(fs.Args()[:1], std)
	if err != nil {
		return 0, err
	}
	in := new(inputs)
	if fs.NArg() > 1 {
		if in, err = load(fs.Args()[1:], nil, std); err != nil {
			return 0, err
		}
	}
	trusted, err := loadFiles(roots, std)
	if err != nil {
		return 0, err
	}
	if err := whole.know(slices.Concat(leaf, in.files, trusted), at.orNow()); err != nil {
		return 0, err
	}
	pool, err := describe.NewPool(leaf, append(in.files, trusted...))
	if err != nil {
		return 0, err
	}
	opts := &chain.Options{Email: *mail}
	if opts.Purpose, err = chain.ParsePurpose(*purpose, pool.Leaf.IsCA()); err != nil {
		return 0, err
	}
	lists := pool.Lists()
	in.failed.add(leftOut(lists, slices.Concat(leaf, in.files, trusted))...)
	checkRevocation(opts, client, lists, len(pool.CRLs))
	result, err := pool.Build(context.Background(), at.orNow(), opts)
	if err != nil {
		return 0, err
	}
	r := pool.Paths(result, opts, whole.known())
	if client != nil {
		r.Revocation = describe.RevocationFetched
	}
	if err := render(std, *out, *force, func(w io.Writer) error { return write(w, r) }); err != nil {
		return 0, err
	}
	// What could be read has been reported; what could not decides the status.
	if err := in.failed.err(); err != nil {
		return 0, err
	}
	if len(result.Accepted) == 0 {
		return exitFindings, nil
	}
	return exitClean, nil
}

func pathRenderer(format string, page screen) (func(io.Writer, *describe.Paths) error, error) {
	switch format {
	case "text":
		return func(w io.Writer, r *describe.Paths) error { return writePathText(w, r, page) }, nil
	case "json":
		return func(w io.Writer, r *describe.Paths) error { return console.EncodeJSON(w, r, "", "  ") }, nil
	case "dot":
		return func(w io.Writer, r *describe.Paths) error { return r.WriteDOT(w, page.language.Say) }, nil
	default:
		return nil, say.Errorf("unknown format %q: want text, json or dot", format)
	}
}
