package main

import (
	"context"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/say"
)

func check(c *command, args []string, std streams) (int, error) {
	var (
		fs          = c.flags()
		at          timeFlag
		ahead       aheadFlag
		with, roots listFlag
		whole       completer
		failOn      levelFlag
		password    passwordFlags
		facts       factFlags
		network     fetchFlags
		list        userFlags
		targets     = fs.String("for", "", "judge for these `TARGETS`, separated by commas; default: those that take such files")
		format      = fs.String("format", "text", "write the report as `FORMAT`: %s; with ndjson every file is its own collection", formatNames())
		out         = fs.String("o", "", "write the report to `FILE` instead of standard output")
		force       = fs.Bool("force", false, "replace FILE if it exists")
		zlints      = fs.String("zlint", "default", "run these `LINTS` of zlint on each certificate: default, all, none, or names and sources separated by commas")
		schema      = fs.Bool("schema", false, "write the JSON Schema of the formats json and ndjson, and check nothing")
		config      = fs.String("config", "", "configure zlint from the TOML `FILE`")
		lines       = fs.Bool("lines", false, "read each FILE, or standard input without one, as lines: a certificate, PFX or store in base64 on each, or a block of PEM; write a line of ndjson for each, in their order; exit with status 0 where every line has one, unless -fail-on is given")
		workers     = fs.Int("workers", 0, "check `N` files or certificates at the same time; default: as many as there are processors")
		accept      = fs.String("accept", "", "do not count the findings that the baseline `FILE` accepts")
	)
	fs.Var(&at, "at", "judge at `TIME`, a date or RFC 3339; default: now")
	fs.Var(&ahead, "ahead", "count as expired what expires within `TIME`, such as 30d or 12h; default: nothing")
	fs.Var(&with, "with", "use the certificates of `FILE` to build paths without judging them; may be repeated")
	fs.Var(&roots, "roots", "use the self-signed certificates of `FILE` as anchors; may be repeated")
	whole.add(fs)
	fs.Var(&failOn, "fail-on", "exit with status 1 for findings of `LEVEL` or above: error, warn or info, default: error; and for unknown verdicts of targets that were not named, or remarks: unknown, remark; several are separated by commas")
	password.register(fs)
	facts.register(fs)
	fs.notes = factsHelp
	fs.takesList("for", targetNames())
	fs.takes("format", strings.Split(formatNames(), ", "))
	fs.takesList("fail-on", failLevels())
	network.add(fs)
	list.register(fs)
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	if *schema {
		return writeSchema(fs.Args(), *out, *force, std)
	}
	if list.template {
		return list.writeTemplate(fs.Args(), *out, *force, std)
	}
	if *lines && fs.given("format") && *format != formatNDJSON {
		return 0, say.Errorf("check: -lines writes the format %s", formatNDJSON)
	}
	if *lines && list.file != "" {
		return 0, say.Errorf("check: -lines reads no files that -users could list")
	}
	if *lines {
		*format = formatNDJSON
	}
	if *workers < 0 {
		return 0, say.Errorf("check: -workers is negative: %d", *workers)
	}
	write, err := renderer(*format)
	if err != nil {
		return 0, err
	}
	opts := &lint.Options{Time: at.Time, Ahead: time.Duration(ahead), Chains: *format == formatHTML, ZLint: strings.Split(*zlints, ","), Workers: *workers}
	if *targets != "" {
		if opts.Targets, err = parseTargets(*targets); err != nil {
			return 0, err
		}
	}
	if opts.With, err = loadFiles(with, std); err != nil {
		return 0, err
	}
	if opts.Roots, err = loadFiles(roots, std); err != nil {
		return 0, err
	}
	if opts.Facts, err = facts.facts(); err != nil {
		return 0, err
	}
	for _, fact := range []lint.Fact{"primary_smtp", "proxy_addresses", "upn"} {
		if list.file != "" && fs.given(fact.Flag()) {
			return 0, say.Errorf("check: -%s is of one user: with -users, a column of the list says it for each", fact.Flag())
		}
	}
	users, err := list.load()
	if err != nil {
		return 0, err
	}
	opts.FactsOf = users.facts()
	if *config != "" {
		text, err := readText(*config, maxTextFile)
		if err != nil {
			return 0, err
		}
		opts.ZLintConfig = string(text)
	}
	client, err := network.client()
	if err != nil {
		return 0, err
	}
	defer std.noteProxies(client)
	if err := whole.load(std, client); err != nil {
		return 0, err
	}
	baseline, err := loadBaseline(*accept)
	if err != nil {
		return 0, err
	}
	page := screenOf(std, *out)
	if !std.asked && !slices.Contains(forPeople, *format) {
		page.language = locale.English
	}
	rendering := reportOptions(&failOn, page)
	rendering.FailOnUnknown = rendering.FailOnUnknown || len(opts.Targets) > 0
	if *format == formatNDJSON {
		ctx, stop := interruptible()
		defer stop()
		if err := whole.knowAll(); err != nil {
			return 0, err
		}
		opts.Catalog = whole.opts.Catalog
		b := &bulk{lint: opts, client: client, report: rendering, accept: baseline, lines: *lines}
		if *lines {
			return b.checkLines(ctx, fs.Args(), &password, &failOn, *out, *force, std)
		}
		return b.checkEach(ctx, fs.Args(), users, &password, &failOn, *out, *force, std)
	}
	names, err := expandAll(fs.Args())
	if err != nil {
		return 0, err
	}
	if len(names) == 0 && users == nil {
		return 0, errNoFile
	}
	reading, err := password.options(slices.Concat(users.without(), names), std)
	if err != nil {
		return 0, err
	}
	reading.Cache = std.certificates
	// Not before: reading from a terminal, or from a pipe, is interrupted as usual.
	ctx, stop := context.Background(), func() {}
	if !mayBlock(names) {
		ctx, stop = interruptible()
	}
	in := gatherShown(ctx, names, users, reading, std)
	interrupted := ctx.Err() != nil
	stop()
	if len(in.files) == 0 {
		if interrupted {
			return 0, errInterrupted
		}
		return 0, in.failed.err()
	}
	defer debug.SetGCPercent(debug.SetGCPercent(in.collectAt()))
	all := slices.Concat(in.files, opts.With)
	if err := whole.know(all, at.orNow()); err != nil {
		return 0, err
	}
	opts.Catalog = whole.opts.Catalog
	if err := whole.propose(all, at.orNow(), std); err != nil {
		return 0, err
	}
	opts.Revocation = fetchedLists(client)
	in.failed.add(unusableLists(all)...)
	// A second interrupt, or the first one here, leaves what is complete.
	ctx, stop = interruptible()
	defer stop()
	bar := newBar(std, say.New("checking"), say.Message{})
	opts.Progress, opts.Partial = bar.at, true
	r, err := lint.Run(ctx, in.files, opts)
	bar.finish()
	if interrupted = interrupted || ctx.Err() != nil; interrupted && err != nil {
		return 0, errInterrupted
	}
	if err != nil {
		return 0, err
	}
	if std.dropped && !interrupted && users == nil && slices.Contains(forPeople, *format) && canAsk(std) {
		stop() // who is asked may interrupt as usual
		if more, ok := askFacts(r, opts.Facts, std); ok {
			opts.Facts, opts.Progress = more, nil
			if r, err = lint.Run(context.Background(), in.files, opts); err != nil {
				return 0, err
			}
		}
	}
	r.Interrupted(in.left...)
	r.NotChecked = append(in.skipped, r.NotChecked...)
	applyBaseline(baseline, r)
	if err := render(std, *out, *force, func(w io.Writer) error { return write(rendering, w, r) }); err != nil {
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
	return failOn.statusOf(&t, len(opts.Targets) > 0), nil
}
