package main

import (
	"context"
	"io"
	"time"

	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

func deployHandout(c *command, args []string, std streams) (int, error) {
	var (
		fs      = c.flags()
		list    checklistFlags
		at      timeFlag
		whole   completer
		secret  passwordFlags
		way     = fs.String("way", string(deploy.InOutlook), "the `WAY` in which the certificate arrives: outlook or company-portal")
		format  = fs.String("format", "md", "write as `FORMAT`: md or html")
		address = fs.String("address", "", "the mail `ADDRESS` of the user")
		contact = fs.String("contact", "", "whom to ask for help, as `TEXT`")
		out     = fs.String("o", "", "write to `FILE` instead of standard output")
		force   = fs.Bool("force", false, "replace FILE if it exists")
	)
	list.register(fs)
	fs.Var(&at, "at", "say what is missing at `TIME`, a date or RFC 3339; default: now")
	whole.addCAs(fs)
	secret.register(fs)
	fs.takes("format", []string{"md", "html"})
	fs.takes("way", []string{string(deploy.InOutlook), string(deploy.CompanyPortal)})
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	if list.show {
		return list.print("handout", std)
	}
	opts := &deploy.HandoutOptions{Language: std.language, Delivery: deploy.Delivery(*way), Address: *address, Contact: *contact}
	if fs.NArg() > 0 {
		r, err := reportFor([]lint.Target{lint.OutlookIOS, lint.ExchangeOnline}, fs.Args(), &whole, &secret, at.orNow(), std)
		if err != nil {
			return 0, err
		}
		opts.Report = r
	}
	d, err := deploy.Handout(opts)
	if err != nil {
		return 0, err
	}
	var data []byte
	switch *format {
	case "md":
		data = d.Markdown()
	case "html":
		data = d.HTML()
	default:
		return 0, say.Errorf("unknown format %q: want md or html", *format)
	}
	return exitClean, render(std, *out, *force, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// reportFor judges files for targets.
func reportFor(targets []lint.Target, names []string, whole *completer, password *passwordFlags, at time.Time, std streams) (*lint.Report, error) {
	if err := whole.load(std, nil); err != nil {
		return nil, err
	}
	in, err := loadAll(names, password, std)
	if err != nil {
		return nil, err
	}
	if err := whole.know(in.files, at); err != nil {
		return nil, err
	}
	return lint.Run(context.Background(), in.files, &lint.Options{Time: at, Targets: targets, Catalog: whole.known(), ZLint: []string{"none"}})
}
