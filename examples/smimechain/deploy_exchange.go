package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
)

func deployExchange(c *command, args []string, std streams) (int, error) {
	var (
		fs      = c.flags()
		at      timeFlag
		whole   completer
		network fetchFlags
		out     = fs.String("o", "", "write the files into folder `DIR`")
		force   = fs.Bool("force", false, "replace files that exist")
		current = fs.String("current", "", "compare with the collection in use: `FILE` is the output of Get-SmimeConfig | ConvertTo-Json, or a saved store")
		merge   = fs.Bool("merge", false, "keep what is in use and add to it; needs -current")
		dry     = fs.Bool("diff", false, "only say what would change; needs -current")
		list    checklistFlags
	)
	list.register(fs)
	fs.Var(&at, "at", "leave out what has expired at `TIME`, a date or RFC 3339; default: now")
	whole.add(fs)
	network.add(fs)
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	if list.show {
		return list.print("exchange", std)
	}
	if (*merge || *dry) && *current == "" {
		return 0, say.Errorf("%s: -merge and -diff need -current FILE", c.name)
	}
	if *out == "" && !*dry {
		return 0, say.Errorf("%s: %w", c.name, errNoFolder)
	}
	done, err := whole.open(&network, std)
	if err != nil {
		return 0, err
	}
	defer done()
	files, err := loadComplete(fs.Args(), nil, &whole, &at, std)
	if err != nil {
		return 0, err
	}
	inUse, err := loadCurrent(*current, std)
	if err != nil {
		return 0, err
	}
	opts := new(deploy.ExchangeOptions)
	var collection *deploy.PublicCollection
	if inUse != nil {
		if opts.Current, err = currentValue(inUse); err != nil {
			return 0, err
		}
	}
	if *merge {
		collection, err = deploy.Merge(inUse, files, at.orNow())
	} else {
		collection, err = packed(files, at.orNow())
	}
	if err != nil {
		return 0, err
	}
	listLeftOut(std, collection.LeftOut)
	if inUse != nil {
		printChanges(std.out, deploy.Diff(inUse, collection))
	}
	if *dry {
		return exitClean, nil
	}
	opts.Language = std.language
	outputs, err := deploy.Exchange(collection, opts)
	if err != nil {
		return 0, err
	}
	r, err := judge(outputs, std.certificates, nil, &lint.Options{Time: at.orNow(), Targets: []lint.Target{lint.ExchangeOnline}, Catalog: whole.opts.Catalog})
	if err != nil {
		return 0, err
	}
	if err := writeOutputs(std, *out, outputs, *force); err != nil {
		return 0, err
	}
	return printJudged(r, std)
}

// loadCurrent reads the file with the collection in use; nil when none is named.
func loadCurrent(name string, std streams) (*bundle.File, error) {
	if name == "" {
		return nil, nil
	}
	files, err := loadFiles([]string{name}, std)
	if err != nil {
		return nil, err
	}
	if len(files) != 1 {
		return nil, say.Errorf("%s: want one file", name)
	}
	return files[0], nil
}

var errNoCollection = say.Errorf("does not tell the collection in use: want the output of Get-SmimeConfig | ConvertTo-Json, or a saved store")

func currentValue(f *bundle.File) ([]byte, error) {
	value, ok, err := deploy.CurrentCollection(f)
	if err != nil {
		return nil, say.Errorf("%s: %w", f.Name, err)
	}
	if !ok {
		return nil, say.Errorf("%s %w", f.Name, errNoCollection)
	}
	return value, nil
}

// printChanges lists what an upload does, one certificate a line.
func printChanges(w io.Writer, changes []deploy.Change) {
	signs := map[deploy.ChangeKind]string{deploy.Kept: " ", deploy.Added: "+", deploy.Removed: "-"}
	for _, c := range changes {
		fmt.Fprintf(w, "%s %x %s\n", signs[c.Kind], c.Certificate.SHA256(), report.Printable(c.Certificate.Subject()))
	}
}

// judge checks the very bytes that are about to be written. A PFX in them is opened with
// the password, if there is one.
func judge(outputs []deploy.Output, cache *chain.Cache, password *string, opts *lint.Options) (*lint.Report, error) {
	reader := &bundle.Options{Cache: cache, Password: password}
	var files []*bundle.File
	for _, o := range outputs {
		f, err := reader.Parse(context.Background(), o.Name, o.Data)
		if _, ok := errors.AsType[*bundle.UnrecognizedError](err); ok {
			continue // an index, a hand-out
		}
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	if opts.Catalog == nil {
		opts.Catalog = catalog.Default()
	}
	return lint.Run(context.Background(), files, opts)
}
