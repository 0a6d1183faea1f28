package main

import (
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// factFlags give what the administrator knows and no file shows.
type factFlags struct {
	file, mail string
}

func (f *factFlags) register(fs *flagSet) {
	fs.StringVar(&f.file, "facts", "", "know the facts in the JSON `FILE`: addresses, oldest iOS and so on")
	fs.StringVar(&f.mail, "mail", "", "the primary `ADDRESS` of the mailbox")
}

// facts returns the facts that the flags lead to; nil when there is none.
func (f *factFlags) facts() (*lint.Facts, error) {
	var facts *lint.Facts
	if f.file != "" {
		data, err := readText(f.file, maxTextFile)
		if err != nil {
			return nil, err
		}
		if facts, err = lint.ParseFacts(data); err != nil {
			return nil, say.Errorf("%s: %w", f.file, err)
		}
	}
	if f.mail != "" {
		if facts == nil {
			facts = new(lint.Facts)
		}
		address, err := lint.ParseAddress(f.mail)
		if err != nil {
			return nil, say.Errorf("-mail: %w", err)
		}
		facts.PrimarySMTP = address
	}
	return facts, nil
}
