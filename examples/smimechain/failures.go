package main

import (
	"github.com/smimechain/smimechain/lint/say"
)

// failures are of files, and of revocation lists in them, that could not be read
// or are damaged: the first few, and how many there are in all.
type failures struct {
	first []error
	count int
}

// maxFailures is how many failures are told one by one.
const maxFailures = 10

func (f *failures) add(errs ...error) {
	f.count += len(errs)
	f.first = append(f.first, errs[:min(len(errs), maxFailures-len(f.first))]...)
}

// join joins errors as failures does.
func join(errs []error) error {
	var f failures
	f.add(errs...)
	return f.err()
}

// err joins what failed to one line; nil when nothing did.
func (f *failures) err() error {
	switch f.count {
	case 0:
		return nil
	case 1:
		return f.first[0]
	}
	list := make([]say.Message, len(f.first), len(f.first)+1)
	for i, err := range f.first {
		list[i] = say.New("%v", err)
	}
	if more := f.count - len(f.first); more > 0 {
		list = append(list, say.New("and %d more", more))
	}
	return say.Errorf("%s: %s", say.Count(f.count, "1 failure", "%d failures"), say.Join(list...))
}
