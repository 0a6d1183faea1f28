package main

import (
	"context"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/examples/smimechain/fetch"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
)

// checking is one call of check: what its flags say, and what was made of them.
type checking struct {
	fs  *flagSet
	std streams

	at          timeFlag
	ahead       aheadFlag
	with, roots listFlag
	whole       completer
	failOn      levelFlag
	password    passwordFlags
	facts       factFlags
	network     fetchFlags
	list        userFlags

	targets, format, out, zlints, config, accept *string
	force, schema, lines                         *bool
	workers                                      *int

	opts      *lint.Options
	users     *userList     // nil without -users
	client    *fetch.Client // nil without -fetch
	baseline  *lint.Baseline
	rendering *report.Options
}

func check(c *command, args []string, std streams) (int, error) {
	k := &checking{fs: c.flags(), std: std}
	k.register()
	if err := c.parse(k.fs, args, std); err != nil {
		return 0, err
	}
	if *k.schema {
		return writeSchema(k.fs.Args(), *k.out, *k.force, std)
	}
	if k.list.template {
		return k.list.writeTemplate(k.fs.Args(), *k.out, *k.force, std)
	}
	if err := k.agree(); err != nil {
		return 0, err
	}
	write, err := renderer(*k.format)
	if err != nil {
		return 0, err
	}
	if err := k.options(); err != nil {
		return 0, err
	}
	if k.client, err = k.network.client(); err != nil {
		return 0, err
	}
	defer std.noteProxies(k.client)
	if err := k.whole.load(std, k.client); err != nil {
		return 0, err
	}
	if k.baseline, err = loadBaseline(*k.accept); err != nil {
		return 0, err
	}
	page := screenOf(std, *k.out)
	if !std.asked && !slices.Contains(forPeople, *k.format) {
		page.language = locale.English
	}
	k.rendering = reportOptions(&k.failOn, page)
	k.rendering.FailOnUnknown = k.rendering.FailOnUnknown || len(k.opts.Targets) > 0
	if *k.format == formatNDJSON {
		return k.each()
	}
	return k.together(write)
}

// register makes the flags.
func (k *checking) register() {
	fs := k.fs
	k.targets = fs.String("for", "", "judge for these `TARGETS`, separated by commas; default: those that take such files")
	k.format = fs.String("format", "text", "write the report as `FORMAT`: %s; with ndjson every file is its own collection", formatNames())
	k.out = fs.String("o", "", "write the report to `FILE` instead of standard output")
	k.force = fs.Bool("force", false, "replace FILE if it exists")
	k.zlints = fs.String("zlint", "default", "run these `LINTS` of zlint on each certificate: default, all, none, or names and sources separated by commas")
	k.schema = fs.Bool("schema", false, "write the JSON Schema of the formats json and ndjson, and check nothing")
	k.config = fs.String("config", "", "configure zlint from the TOML `FILE`")
	k.lines = fs.Bool("lines", false, "read each FILE, or standard input without one, as lines: a certificate, PFX or store in base64 on each, or a block of PEM; write a line of ndjson for each, in their order; exit with status 0 where every line has one, unless -fail-on is given")
	k.workers = fs.Int("workers", 0, "check `N` files or certificates at the same time; default: as many as there are processors")
	k.accept = fs.String("accept", "", "do not count the findings that the baseline `FILE` accepts")
	fs.Var(&k.at, "at", "judge at `TIME`, a date or RFC 3339; default: now")
	fs.Var(&k.ahead, "ahead", "count as expired what expires within `TIME`, such as 30d or 12h; default: nothing")
	fs.Var(&k.with, "with", "use the certificates of `FILE` to build paths without judging them; may be repeated")
	fs.Var(&k.roots, "roots", "use the self-signed certificates of `FILE` as anchors; may be repeated")
	k.whole.add(fs)
	fs.Var(&k.failOn, "fail-on", "exit with status 1 for findings of `LEVEL` or above: error, warn or info, default: error; and for unknown verdicts of targets that were not named, or remarks: unknown, remark; several are separated by commas")
	k.password.register(fs)
	k.facts.register(fs)
	fs.notes = factsHelp
	fs.takesList("for", targetNames())
	fs.takes("format", strings.Split(formatNames(), ", "))
	fs.takesList("fail-on", failLevels())
	k.network.add(fs)
	k.list.register(fs)
}

// agree finds flags that do not go together.
func (k *checking) agree() error {
	switch {
	case *k.lines && k.fs.given("format") && *k.format != formatNDJSON:
		return say.Errorf("check: -lines writes the format %s", formatNDJSON)
	case *k.lines && k.list.file != "":
		return say.Errorf("check: -lines reads no files that -users could list")
	case *k.workers < 0:
		return say.Errorf("check: -workers is negative: %d", *k.workers)
	case *k.lines:
		*k.format = formatNDJSON
	}
	return nil
}

// options makes of the flags how to judge.
func (k *checking) options() error {
	opts := &lint.Options{Time: k.at.Time, Ahead: time.Duration(k.ahead), Chains: *k.format == formatHTML, ZLint: strings.Split(*k.zlints, ","), Workers: *k.workers}
	k.opts = opts
	var err error
	if *k.targets != "" {
		if opts.Targets, err = parseTargets(*k.targets); err != nil {
			return err
		}
	}
	if opts.With, err = loadFiles(k.with, k.std); err != nil {
		return err
	}
	if opts.Roots, err = loadFiles(k.roots, k.std); err != nil {
		return err
	}
	if opts.Facts, err = k.facts.facts(); err != nil {
		return err
	}
	for _, fact := range []lint.Fact{"primary_smtp", "proxy_addresses", "upn"} {
		if k.list.file != "" && k.fs.given(fact.Flag()) {
			return say.Errorf("check: -%s is of one user: with -users, a column of the list says it for each", fact.Flag())
		}
	}
	if k.users, err = k.list.load(); err != nil {
		return err
	}
	opts.FactsOf = k.users.facts()
	if *k.config != "" {
		text, err := readText(*k.config, maxTextFile)
		if err != nil {
			return err
		}
		opts.ZLintConfig = string(text)
	}
	return nil
}

// each judges every file, or every line, by itself.
func (k *checking) each() (int, error) {
	ctx, stop := interruptible()
	defer stop()
	if err := k.whole.knowAll(); err != nil {
		return 0, err
	}
	k.opts.Catalog = k.whole.opts.Catalog
	b := &bulk{lint: k.opts, client: k.client, report: k.rendering, accept: k.baseline, lines: *k.lines}
	if *k.lines {
		return b.checkLines(ctx, k.fs.Args(), &k.password, &k.failOn, *k.out, *k.force, k.std)
	}
	return b.checkEach(ctx, k.fs.Args(), k.users, &k.password, &k.failOn, *k.out, *k.force, k.std)
}

// together judges all files and writes one report about them.
func (k *checking) together(write func(*report.Options, io.Writer, *lint.Report) error) (int, error) {
	in, interrupted, err := k.gather()
	switch {
	case err != nil:
		return 0, err
	case len(in.files) == 0 && interrupted:
		return 0, errInterrupted
	case len(in.files) == 0:
		return 0, in.failed.err()
	}
	defer debug.SetGCPercent(debug.SetGCPercent(in.collectAt()))
	all := slices.Concat(in.files, k.opts.With)
	if err := k.complete(all); err != nil {
		return 0, err
	}
	in.failed.add(unusableLists(all)...)
	// A second interrupt, or the first one here, leaves what is complete.
	ctx, stop := interruptible()
	defer stop()
	r, err := k.judge(ctx, in.files)
	if interrupted = interrupted || ctx.Err() != nil; interrupted && err != nil {
		return 0, errInterrupted
	}
	if err != nil {
		return 0, err
	}
	if !interrupted && k.mayAsk() {
		stop() // who is asked may interrupt as usual
		if r, err = k.ask(r, in.files); err != nil {
			return 0, err
		}
	}
	r.Interrupted(in.left...)
	r.Unread(in.unread...)
	r.NotChecked = append(in.skipped, r.NotChecked...)
	applyBaseline(k.baseline, r)
	k.password.inCommands(r, k.users)
	if err := render(k.std, *k.out, *k.force, func(w io.Writer) error { return write(k.rendering, w, r) }); err != nil {
		return 0, err
	}
	if interrupted {
		return 0, say.Errorf("interrupted: the report is about what was complete, %s; what is missing is in it as not checked", say.Count(len(r.Files), "1 file", "%d files"))
	}
	// What could be read has been reported; what could not decides the status.
	in.failClosed()
	if err := in.failed.err(); err != nil {
		return 0, err
	}
	var t tally
	t.add(r)
	for _, target := range k.opts.Targets {
		t.unknown = t.unknown || r.Verdict(target).Status == lint.NotApplicable
	}
	return k.failOn.statusOf(&t, len(k.opts.Targets) > 0), nil
}

// gather reads what was named, and says whether that was interrupted.
func (k *checking) gather() (in *inputs, interrupted bool, err error) {
	names, err := expandAll(k.fs.Args())
	if err != nil {
		return nil, false, err
	}
	if len(names) == 0 && k.users == nil {
		return nil, false, errNoFile
	}
	reading, err := k.password.options(slices.Concat(k.users.without(), names), k.std)
	if err != nil {
		return nil, false, err
	}
	reading.Cache = k.std.certificates
	// Not before: reading from a terminal, or from a pipe, is interrupted as usual.
	ctx, stop := context.Background(), func() {}
	if !mayBlock(names) {
		ctx, stop = interruptible()
	}
	in = gatherShown(ctx, names, k.users, reading, k.std)
	interrupted = ctx.Err() != nil
	stop()
	return in, interrupted, nil
}

// complete finds what the files lack, as far as the flags say to.
func (k *checking) complete(all []*bundle.File) error {
	if err := k.whole.know(all, k.at.orNow()); err != nil {
		return err
	}
	k.opts.Catalog = k.whole.opts.Catalog
	if err := k.whole.propose(all, k.at.orNow(), k.std); err != nil {
		return err
	}
	k.opts.Revocation = fetchedLists(k.client)
	return nil
}

// judge judges the files and shows how far it is.
func (k *checking) judge(ctx context.Context, files []*bundle.File) (*lint.Report, error) {
	bar := newBar(k.std, say.New("checking"), say.Message{})
	defer bar.finish()
	k.opts.Progress, k.opts.Partial = bar.at, true
	return lint.Run(ctx, files, k.opts)
}

// mayAsk reports whether there is somebody to ask for facts.
func (k *checking) mayAsk() bool {
	return k.std.dropped && k.users == nil && slices.Contains(forPeople, *k.format) && canAsk(k.std)
}

// ask asks for the facts that the report lacks, and judges again with what it is told.
func (k *checking) ask(r *lint.Report, files []*bundle.File) (*lint.Report, error) {
	more, ok := askFacts(r, k.opts.Facts, k.std)
	if !ok {
		return r, nil
	}
	k.opts.Facts, k.opts.Progress = more, nil
	return lint.Run(context.Background(), files, k.opts)
}
