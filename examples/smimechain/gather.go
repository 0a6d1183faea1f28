package main

import (
	"context"
	"errors"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
)

// argument is one thing that was named: a file, a folder, or a list of users.
type argument struct {
	name    string
	rows    bool // of a list of users
	sources []bundle.Source
	listed  bool  // some of it are files of the list
	err     error // of a folder that cannot be listed
}

// gatherShown is gather with a bar that shows how far it is.
func gatherShown(ctx context.Context, names []string, users *userList, opts *bundle.Options, std streams) *inputs {
	bar := newBar(std, say.New("reading"), say.New("files"))
	defer bar.finish()
	return gather(ctx, names, users, opts, bar, std)
}

// gather reads what the arguments name and the files of a list of users, several at a
// time, and says how far it is. What it did not come to before the context ended is in
// left.
func gather(ctx context.Context, names []string, users *userList, opts *bundle.Options, bar progress, std streams) *inputs {
	in := &inputs{opts: opts}
	all := []argument{{rows: true, sources: users.sources(opts)}}
	for _, name := range names {
		all = append(all, in.find(ctx, name, users, std))
	}
	var list []*bundle.Source
	for i := range all {
		for j := range all[i].sources {
			list = append(list, &all[i].sources[j])
		}
	}
	bar.expect(len(list))
	read := readAll(ctx, list, bar)
	for _, g := range all {
		some := read[:len(g.sources)]
		read = read[len(g.sources):]
		in.left = append(in.left, unread(g.sources, some)...)
		switch {
		case g.rows:
			in.takeRows(users, some)
		case len(g.sources) == 1 && g.sources[0].Folder == "":
			for _, r := range some {
				if r.done {
					in.take(g.name, r.file, r.err)
				}
			}
		case len(g.sources) > 0 || !g.listed:
			in.takeFolder(&g, some)
		}
	}
	return in
}

// collectAt returns by how much of what lives, in a hundred, memory may grow before it is
// collected. Where there are thousands of certificates most of it lives: half takes a
// fifth off the peak, and no time that can be measured.
func (in *inputs) collectAt() int {
	const many = 5000 // certificates
	n := 0
	for _, f := range in.files {
		n += len(f.Certificates)
	}
	if n >= many {
		return 50
	}
	return 100
}

// find returns the files that a name stands for.
func (in *inputs) find(ctx context.Context, name string, users *userList, std streams) argument {
	g := argument{name: name}
	if name == "-" {
		g.sources = []bundle.Source{{Name: "-", Read: func(ctx context.Context) (*bundle.File, error) { return in.opts.Read(ctx, "-", std.in) }}}
		return g
	}
	for s, err := range in.opts.Walk(ctx, name) {
		switch {
		case err != nil && ctx.Err() == nil:
			g.err = errors.Join(g.err, err)
		case err == nil && users.lists(s.Name):
			g.listed = true // or it would be judged twice
		case err == nil:
			g.sources = append(g.sources, s)
		}
	}
	return g
}

// reading is what came of a file.
type reading struct {
	file *bundle.File
	err  error
	done bool // and not passed over because the context had ended
}

// readAll reads files, as many at a time as there are processors for.
func readAll(ctx context.Context, list []*bundle.Source, bar progress) []reading {
	out := make([]reading, len(list))
	var next atomic.Int64
	var mu sync.Mutex
	var group sync.WaitGroup
	for range min(len(list), runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(list) {
					return
				}
				f, err := list[i].Read(ctx)
				if err != nil && ctx.Err() != nil {
					return
				}
				out[i] = reading{f, err, true}
				mu.Lock()
				bar.add(1)
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return out
}

// unread names the files that were not come to.
func unread(sources []bundle.Source, read []reading) []string {
	var names []string
	for i, r := range read {
		if !r.done {
			names = append(names, sources[i].Name)
		}
	}
	return names
}

// takeRows takes the files of a list of users.
func (in *inputs) takeRows(users *userList, read []reading) {
	for i, r := range read {
		switch {
		case r.done && r.err != nil:
			in.unread = append(in.unread, notRead(say.New("%s: %s", users.name, &users.rows[i]), r.err))
			in.failed.add(say.Errorf("%s: %s: %w", users.name, &users.rows[i], r.err))
		case r.done:
			in.take(users.name, r.file, nil)
		}
	}
}

// takeFolder takes what was found in a folder.
func (in *inputs) takeFolder(g *argument, read []reading) {
	var files []*bundle.File
	var skipped []bundle.Skipped
	left := false
	for i, r := range read {
		switch {
		case !r.done:
			left = true
		case r.err != nil:
			skipped = append(skipped, bundle.Skipped{Name: g.sources[i].Name, Err: r.err})
		default:
			files = append(files, r.file)
		}
	}
	in.addFolder(g.name, files, skipped, g.err, left)
}

// mayBlock reports whether one of the names leads to something that is waited for, which
// an interrupt ends as usual.
func mayBlock(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		info, err := os.Stat(name)
		return name == "-" || err == nil && !info.Mode().IsRegular() && !info.IsDir()
	})
}

// listed names a few of several files.
func listed(names []string) say.Message {
	const some = 3
	if more := len(names) - some; more > 1 {
		return say.New("%s and %d more", strings.Join(names[:some], ", "), more)
	}
	return say.New("%s", strings.Join(names, ", "))
}
