package report

import "github.com/smimechain/smimechain/lint"

// names are how certificates are called in a report for people: by the name by which
// the whole subject goes.
type names map[string]string

// namesIn names the certificates of a report by what people call them, and by the
// whole name where two different ones would look the same.
func namesIn(r *lint.Report) names {
	n := names{}
	first := map[string]string{} // whole name by the short one
	add := func(subject string) {
		if _, done := n[subject]; done || subject == "" {
			return
		}
		short := lint.CommonName(subject)
		n[subject] = short
		if other, taken := first[short]; taken {
			n[subject], n[other] = subject, other
			return
		}
		first[short] = subject
	}
	for i := range r.Files {
		for j := range r.Files[i].Certificates {
			add(r.Files[i].Certificates[j].Subject)
		}
	}
	for i := range r.Findings {
		add(r.Findings[i].Subject)
	}
	for i := range r.Subjects {
		add(r.Subjects[i].Subject.Name)
	}
	return n
}

// of returns how the certificate with a subject is called.
func (n names) of(subject string) string {
	if name, ok := n[subject]; ok {
		return name
	}
	return subject
}

// short returns how a certificate is called that the report may not hold.
func (n names) short(subject string) string {
	if name, ok := n[subject]; ok {
		return name
	}
	return lint.CommonName(subject)
}
