package main

import (
	"path"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

func deployTrusted(c *command, args []string, std streams) (int, error) {
	var (
		fs        = c.flags()
		at        timeFlag
		cas       listFlag
		list      checklistFlags
		out       = fs.String("o", "", "write the files into folder `DIR`")
		force     = fs.Bool("force", false, "replace files that exist")
		platforms = fs.String("platforms", "", "make profiles for these `PLATFORMS`, separated by commas; default: those that Intune still enrols")
	)
	fs.Var(&at, "at", "leave out what has expired at `TIME`, a date or RFC 3339; default: now")
	fs.Var(&cas, "cas", "know the CAs of the catalogue `FILE` too; may be repeated")
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
	known, err := loadCatalog(cas)
	if err != nil {
		return 0, err
	}
	collection, err := loadCollection(fs.Args(), &at, std, screenOf(std, ""))
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
	r, err := judge(outputs, std.certificates, &lint.Options{Time: at.orNow(), Targets: []lint.Target{lint.Intune}, Catalog: known, Facts: made})
	if err != nil {
		return 0, err
	}
	if err := writeOutputs(std, *out, outputs, *force); err != nil {
		return 0, err
	}
	failOn := new(levelFlag)
	return failOn.statusOfFindings(r.Worst()), reportOptions(failOn, screenOf(std, "")).Text(std.out, r)
}

// loadCollection packs the CA certificates of files, and says what it left out.
func loadCollection(names []string, at *timeFlag, std streams, page screen) (*deploy.Collection, error) {
	in, err := load(names, nil, std)
	if err != nil {
		return nil, err
	}
	if err := in.failed.err(); err != nil {
		return nil, err
	}
	collection, err := deploy.Pack(in.files, at.orNow())
	if err != nil {
		return nil, err
	}
	listLeftOut(std, collection.LeftOut)
	return collection, nil
}
