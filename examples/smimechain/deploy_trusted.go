package main

import (
	"path"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

func deployTrusted(c *command, args []string, std streams) (int, error) {
	var (
		fs        = c.flags()
		at        timeFlag
		whole     completer
		network   fetchFlags
		list      checklistFlags
		out       = fs.String("o", "", "write the files into folder `DIR`")
		force     = fs.Bool("force", false, "replace files that exist")
		platforms = fs.String("platforms", "", "make profiles for these `PLATFORMS`, separated by commas; default: those that Intune still enrols")
	)
	fs.Var(&at, "at", "leave out what has expired at `TIME`, a date or RFC 3339; default: now")
	whole.add(fs)
	network.add(fs)
	list.register(fs)
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	if list.show {
		return list.print("intune-trusted", std)
	}
	if *out == "" {
		return 0, say.Errorf("%s: %w", c.name, errNoFolder)
	}
	opts := &deploy.IntuneTrustedOptions{Language: std.language}
	if *platforms != "" {
		for name := range strings.SplitSeq(*platforms, ",") {
			opts.Platforms = append(opts.Platforms, deploy.Platform(strings.TrimSpace(name)))
		}
	}
	done, err := whole.open(&network, std)
	if err != nil {
		return 0, err
	}
	defer done()
	collection, err := loadCollection(fs.Args(), nil, &whole, &at, std)
	if err != nil {
		return 0, err
	}
	outputs, err := deploy.IntuneTrusted(collection, opts)
	if err != nil {
		return 0, err
	}
	made := new(lint.Facts)
	for _, o := range outputs {
		if name, ok := strings.CutPrefix(path.Dir(o.Name), "graph/"); ok && !slices.Contains(made.Platforms, name) {
			made.Platforms = append(made.Platforms, name)
		}
	}
	r, err := judge(outputs, std.certificates, nil, &lint.Options{Time: at.orNow(), Targets: []lint.Target{lint.Intune}, Catalog: whole.opts.Catalog, Facts: made})
	if err != nil {
		return 0, err
	}
	if err := writeOutputs(std, *out, outputs, *force); err != nil {
		return 0, err
	}
	return printJudged(r, std)
}

// loadComplete reads files and adds the CA certificates that -complete adds. What it adds
// leads from the certificates of identities too.
func loadComplete(names []string, identities []*bundle.File, whole *completer, at *timeFlag, std streams) ([]*bundle.File, error) {
	in, err := loadAll(names, nil, std)
	if err != nil {
		return nil, err
	}
	all := slices.Concat(in.files, identities)
	if err := whole.know(all, at.orNow()); err != nil {
		return nil, err
	}
	added, err := whole.complete(all, at.orNow(), std)
	return append(in.files, added...), err
}

// loadCollection packs the CA certificates of files and those that -complete adds, and says
// what it left out.
func loadCollection(names []string, identities []*bundle.File, whole *completer, at *timeFlag, std streams) (*deploy.PublicCollection, error) {
	files, err := loadComplete(names, identities, whole, at, std)
	if err != nil {
		return nil, err
	}
	collection, err := packed(files, at.orNow())
	if err != nil {
		return nil, err
	}
	listLeftOut(std, collection.LeftOut)
	return collection, nil
}
