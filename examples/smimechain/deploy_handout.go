package main

import (
	"io"

	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/lint/say"
)

func deployHandout(c *command, args []string, std streams) (int, error) {
	var (
		fs      = c.flags()
		list    checklistFlags
		way     = fs.String("way", string(deploy.InOutlook), "the `WAY` in which the certificate arrives: outlook or company-portal")
		format  = fs.String("format", "md", "write as `FORMAT`: md or html")
		address = fs.String("address", "", "the mail `ADDRESS` of the user")
		contact = fs.String("contact", "", "whom to ask for help, as `TEXT`")
		out     = fs.String("o", "", "write to `FILE` instead of standard output")
		force   = fs.Bool("force", false, "replace FILE if it exists")
	)
	list.register(fs)
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	if list.show {
		return list.print("handout", std)
	}
	if fs.NArg() > 0 {
		return 0, say.Errorf("%s: want no file, got %d", c.name, fs.NArg())
	}
	d, err := deploy.Handout(&deploy.HandoutOptions{Language: std.language, Way: deploy.Way(*way), Address: *address, Contact: *contact})
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
