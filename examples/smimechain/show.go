package main

import (
	"bufio"
	"fmt"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/examples/smimechain/describe"
	"github.com/smimechain/smimechain/internal/console"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/sst"
)

func show(c *command, args []string, std streams) (int, error) {
	var (
		fs       = c.flags()
		password passwordFlags
		format   = fs.String("format", "text", "write as `FORMAT`: text or json")
		mapped   = fs.Bool("mmap", false, "map a store into memory instead of reading it; no other program may shorten it meanwhile")
	)
	password.register(fs)
	fs.takes("format", []string{"text", "json"})
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	if *format != "text" && *format != "json" {
		return 0, say.Errorf("unknown format %q: want text or json", *format)
	}
	if fs.NArg() != 1 {
		return 0, say.Errorf("show: want one file, got %d", fs.NArg())
	}
	page := screenOf(std, "")
	w := bufio.NewWriter(page.fold(std.out))
	var out listing = &textListing{labelled: labelled{w: w, page: page, indent: 3}}
	if *format == "json" {
		w.Reset(std.out)
		out = &jsonListing{w: w}
	}
	streamed, err := showStore(fs.Arg(0), *mapped, out, std)
	if err != nil {
		return 0, err
	}
	if !streamed {
		in, err := loadAll(fs.Args(), &password, std)
		if err != nil {
			return 0, err
		}
		in.noteSkipped(std)
		for i, f := range in.files {
			if i > 0 && *format == "text" {
				fmt.Fprintln(w)
			}
			shown := describe.NewFile(f)
			switch {
			case *format == "json":
				if err := console.EncodeJSON(w, shown, "", "  "); err != nil {
					return 0, err
				}
			case shown.PFX != nil:
				showPFX(w, shown, page)
			default:
				showFile(shown, out)
				showMessages(shown.Messages, &labelled{w: w, page: page, indent: 3})
				for _, inside := range shown.Inside {
					fmt.Fprintln(w)
					showPFX(w, &describe.File{Name: shown.Name, PFX: inside}, page)
				}
			}
		}
	}
	return exitClean, w.Flush()
}

// listing is a form in which what a file holds is written, item by item. Errors
// of writing stay in the buffered writer until it is flushed.
type listing interface {
	begin(name, format string)
	element(describe.Element)
	end()
}

// showStore lists a store element by element, so that its size does not matter.
// It reports false when the file is no store in binary form.
func showStore(name string, mapped bool, out listing, std streams) (bool, error) {
	r, size, err := openStore(name, mapped)
	if err != nil || r == nil {
		return false, err
	}
	defer r.Close()
	store, err := sst.NewReader(r, size, nil)
	if err != nil {
		return false, say.Errorf("%s: %w", name, err)
	}
	bar := newProgress(std, "", say.New("reading"), say.Message{})
	defer bar.finish()
	out.begin(name, bundle.SST.String())
	for e, err := range store.Elements() {
		if err != nil {
			return false, say.Errorf("%s: %w", name, err)
		}
		out.element(describe.NewElement(e))
		bar.at(int(e.Offset), int(size))
	}
	out.end()
	return true, nil
}

// showFile lists a file in any form but a PFX.
func showFile(f *describe.File, out listing) {
	out.begin(f.Name, f.Format)
	for _, e := range f.Elements {
		out.element(e)
	}
	out.end()
}
