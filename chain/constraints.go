package chain

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/smimechain/smimechain/lint/say"
)

// Name constraints (RFC 5280, Section 4.2.1.10), with the e-mail rules of
// RFC 9598.

const (
	clauseConstraints = "RFC 5280, Section 4.2.1.10"
	clauseUTF8Mailbox = "RFC 9598, Section 6"
)

// prepare lower-cases what is compared without regard to case, and marks
// constraints that cannot be applied.
func (s *subtree) prepare() {
	switch {
	case s.tag == nameEmail && strings.Contains(s.value, "@"):
		local, host, ok := splitMailbox(s.value)
		s.value, s.bad = local+"@"+host, !ok
	default:
		s.value = lowerASCII(s.value)
		s.bad = s.value != "" && !validHost(strings.TrimPrefix(s.value, "."), false)
	}
}

// checker applies the name constraints of one certificate to the names of
// another, and counts comparisons.
type checker struct {
	left int // comparisons
}

// violation is the first name that breaks the constraints.
type violation struct {
	code   ProblemCode
	detail say.Message
	clause string
}

// check returns how the names of c break the constraints of ca, nil if they
// do not.
func (k *checker) check(c, ca *parsed) *violation {
	e := &ca.ext
	if !e.oddTree.IsZero() {
		return &violation{problemSubtree, e.oddTree, clauseConstraints}
	}
	for i := range constraintForms {
		if f := &constraintForms[i]; e.constrains(f.tag) {
			if v := f.check(k, e, c); v != nil {
				return v
			}
		}
	}
	for _, list := range [][]subtree{e.permitted, e.excluded} {
		for i := range list {
			if v := k.foreign(&list[i], &c.ext.san); v != nil {
				return v
			}
		}
	}
	return nil
}

// constraintForms are the forms of names that are understood. Each method applies the
// constraints on its form to the names of a certificate.
var constraintForms = [...]struct {
	tag   int
	check func(k *checker, e *extensions, c *parsed) *violation
}{
	{nameDirectory, (*checker).directories},
	{nameEmail, (*checker).emails},
	{nameDNS, (*checker).dnsNames},
	{nameURI, (*checker).uris},
	{nameIP, (*checker).addresses},
}

// constrains reports whether there are constraints on a form.
func (e *extensions) constrains(tag int) bool {
	for _, list := range [][]subtree{e.permitted, e.excluded} {
		for i := range list {
			if list[i].tag == tag {
				return true
			}
		}
	}
	return false
}

func (k *checker) directories(e *extensions, c *parsed) *violation {
	if c.subjectKey != emptyName {
		if v := k.match(e, nameDirectory, func(s *subtree) bool { return within(c.subjectKey, s.dir) }, say.New("the subject")); v != nil {
			return v
		}
	}
	for _, d := range c.ext.san.dirs {
		if v := k.match(e, nameDirectory, func(s *subtree) bool { return within(d, s.dir) }, say.New("a directoryName")); v != nil {
			return v
		}
	}
	return nil
}

func (k *checker) emails(e *extensions, c *parsed) *violation {
	san := &c.ext.san
	for _, m := range san.emails {
		if v := k.mailbox(e, m, "the address %s"); v != nil {
			return v
		}
	}
	for _, m := range san.utf8 {
		if v := k.utf8Mailbox(e, m); v != nil {
			return v
		}
	}
	if len(san.emails)+len(san.utf8) > 0 {
		return nil
	}
	for _, m := range subjectEmails(c.subject) {
		if v := k.mailbox(e, m, "the address in the subject %s"); v != nil {
			return v
		}
	}
	return nil
}

func (k *checker) dnsNames(e *extensions, c *parsed) *violation {
	for _, d := range c.ext.san.dns {
		name, what := lowerASCII(d), say.New("the name %s", quote(d))
		if !validHost(name, true) {
			return &violation{problemNameConstraint, say.New("a dNSName that cannot be read"), clauseConstraints}
		}
		if v := k.match(e, nameDNS, func(s *subtree) bool { return matchDNS(name, s.value) }, what); v != nil {
			return v
		}
		if parent, ok := strings.CutPrefix(name, "*"); ok {
			if v := k.wildcard(e, parent, what); v != nil {
				return v
			}
		}
	}
	return nil
}

// wildcard asks that no name is excluded that a wildcard may stand for.
func (k *checker) wildcard(e *extensions, parent string, what say.Message) *violation {
	for i := range e.excluded {
		s := &e.excluded[i]
		if s.tag != nameDNS {
			continue
		}
		if k.left--; k.left < 0 {
			return tooMany
		}
		if _, rest, _ := strings.Cut(s.value, "."); "."+rest == parent {
			return &violation{problemNameConstraint, say.New("%s is excluded", what), clauseConstraints}
		}
	}
	return nil
}

func (k *checker) uris(e *extensions, c *parsed) *violation {
	for _, u := range c.ext.san.uris {
		host, ok := uriHost(u)
		if !ok {
			return &violation{problemNameConstraint, say.New("a URI without a host name"), clauseConstraints}
		}
		if v := k.match(e, nameURI, func(s *subtree) bool { return matchHost(host, s.value) }, say.New("the URI of host %s", quote(host))); v != nil {
			return v
		}
	}
	return nil
}

func (k *checker) addresses(e *extensions, c *parsed) *violation {
	for _, ip := range c.ext.san.ips {
		addr, ok := netip.AddrFromSlice(ip)
		if !ok {
			return &violation{problemNameConstraint, say.New("an iPAddress that cannot be read"), clauseConstraints}
		}
		if v := k.match(e, nameIP, func(s *subtree) bool { return matchIP(ip, s.raw) }, say.New("the address %s", addr.String())); v != nil {
			return v
		}
	}
	return nil
}

// foreign judges a constraint on a form that is not understood: "must either process the
// constraint or reject the certificate", if there is such a name at all.
func (k *checker) foreign(s *subtree, san *names) *violation {
	switch s.tag {
	case nameOther, nameX400, nameEDI, nameRegisteredID:
	default:
		return nil
	}
	if s.oid == oidSmtpUTF8Mailbox && len(san.utf8) > 0 {
		return &violation{problemConstraintForm, say.New("a constraint on SmtpUTF8Mailbox, which may not be"), clauseUTF8Mailbox}
	}
	form := describeOther(s.tag, s.oid)
	for _, o := range san.other {
		if k.left--; k.left < 0 {
			return tooMany
		}
		if o == form {
			return &violation{problemConstraintForm, say.New("a name of form %s under a constraint on it", form), clauseConstraints}
		}
	}
	return nil
}

// oddSubtree says what keeps the name constraints from being applied. A conforming
// certificate has neither; what they would mean is not defined.
func (e *extensions) oddSubtree() say.Message {
	for _, list := range [][]subtree{e.permitted, e.excluded} {
		for i := range list {
			if list[i].bounded {
				return say.New("a subtree with a minimum or a maximum")
			}
			if list[i].bad {
				return say.New("a subtree that cannot be read")
			}
		}
	}
	return say.Message{}
}

var tooMany = &violation{problemTooManyConstraints, say.Message{}, clauseConstraints}

// match asks that the name be in a permitted subtree, if there are any of
// this form, and in no excluded one.
func (k *checker) match(e *extensions, tag int, in func(*subtree) bool, what say.Message) *violation {
	constrained, permitted := false, false
	for i := range e.permitted {
		s := &e.permitted[i]
		if s.tag != tag {
			continue
		}
		if k.left--; k.left < 0 {
			return tooMany
		}
		constrained = true
		if in(s) {
			permitted = true
			break
		}
	}
	if constrained && !permitted {
		return &violation{problemNameConstraint, say.New("%s is not permitted", what), clauseConstraints}
	}
	for i := range e.excluded {
		s := &e.excluded[i]
		if s.tag != tag {
			continue
		}
		if k.left--; k.left < 0 {
			return tooMany
		}
		if in(s) {
			return &violation{problemNameConstraint, say.New("%s is excluded", what), clauseConstraints}
		}
	}
	return nil
}

func (k *checker) mailbox(e *extensions, address string, what say.Text) *violation {
	local, host, ok := splitMailbox(address)
	if !ok {
		return &violation{problemNameConstraint, say.New("an address that cannot be read"), clauseConstraints}
	}
	return k.match(e, nameEmail, func(s *subtree) bool {
		if strings.Contains(s.value, "@") {
			return s.value == local+"@"+host
		}
		return matchHost(host, s.value)
	}, say.New(what, quote(address)))
}

// utf8Mailbox applies rfc822Name constraints to a SmtpUTF8Mailbox. Its host is
// in ASCII (RFC 9598, Section 3); its local part is not, so it is never equal
// to the mailbox of a constraint.
func (k *checker) utf8Mailbox(e *extensions, address string) *violation {
	i := strings.LastIndexByte(address, '@')
	if i < 1 || !validHost(lowerASCII(address[i+1:]), false) {
		return &violation{problemNameConstraint, say.New("a SmtpUTF8Mailbox that cannot be read"), clauseUTF8Mailbox}
	}
	local, host := address[:i], lowerASCII(address[i+1:])
	v := k.match(e, nameEmail, func(s *subtree) bool {
		if strings.Contains(s.value, "@") {
			return s.value == local+"@"+host
		}
		return matchHost(host, s.value)
	}, say.New("the address %s", quote(address)))
	if v != nil {
		v = &violation{v.code, v.detail, clauseUTF8Mailbox}
	}
	return v
}

// within reports whether a directory name is in the subtree below base.
func within(name, base nameKey) bool { return strings.HasPrefix(string(name), string(base)) }

// matchHost applies the constraint of an e-mail address or URI to its host:
// a host names itself only, a leading period every name below.
func matchHost(host, constraint string) bool {
	switch {
	case constraint == "":
		return true
	case constraint[0] == '.':
		return strings.HasSuffix(host, constraint)
	}
	return host == constraint
}

// matchDNS applies a dNSName constraint: the name itself and every name
// below. A leading period, which the RFC does not provide for, leaves out the
// name itself, as it does elsewhere.
func matchDNS(name, constraint string) bool {
	switch {
	case constraint == "":
		return true
	case constraint[0] == '.':
		return strings.HasSuffix(name, constraint)
	case len(name) == len(constraint):
		return name == constraint
	}
	return strings.HasSuffix(name, constraint) && name[len(name)-len(constraint)-1] == '.'
}

// matchIP applies an iPAddress constraint: address and mask.
func matchIP(ip, constraint []byte) bool {
	n := len(constraint) / 2
	if len(ip) != n {
		return false
	}
	for i := range ip {
		if (ip[i]^constraint[i])&constraint[n+i] != 0 {
			return false
		}
	}
	return true
}

// uriHost returns the host name of a URI in lower case. It reports false if
// there is none, or an address in its place: "constraints … MUST reject".
func uriHost(s string) (string, bool) {
	u, err := url.Parse(s)
	if err != nil {
		return "", false
	}
	host := lowerASCII(u.Hostname())
	if _, err := netip.ParseAddr(host); err == nil {
		return "", false
	}
	return host, validHost(host, false)
}

// splitMailbox splits an rfc822Name (RFC 5321, Section 4.1.2: Mailbox) into
// local part, without quotes, and host in lower case.
func splitMailbox(s string) (local, host string, ok bool) {
	if strings.HasPrefix(s, `"`) {
		local, host, ok = cutQuoted(s)
	} else {
		local, host, _ = strings.Cut(s, "@")
		ok = isDotString(local)
	}
	if !ok {
		return "", "", false
	}
	host = lowerASCII(host)
	return local, host, validHost(host, false)
}

// cutQuoted cuts a mailbox whose local part is a Quoted-string.
func cutQuoted(s string) (local, host string, ok bool) {
	var b []byte
	for i := 1; i < len(s); i++ {
		c := s[i]
		if c == '"' {
			host, ok = strings.CutPrefix(s[i+1:], "@")
			return string(b), host, ok
		}
		if c == '\\' {
			if i++; i >= len(s) {
				break
			}
			c = s[i]
		}
		if c < 0x20 || c > 0x7e {
			break
		}
		b = append(b, c)
	}
	return "", "", false
}

// isDotString reports whether a local part is a Dot-string.
func isDotString(local string) bool {
	if local == "" || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return false
	}
	for i := range len(local) {
		if c := local[i]; c <= ' ' || c > 0x7e || strings.IndexByte(`()<>[]:;\,"`, c) >= 0 {
			return false
		}
	}
	return true
}

// validHost reports whether s is a host name: labels of letters, digits,
// hyphens and underscores, of which the first may be "*" if wildcard is set.
func validHost(s string, wildcard bool) bool {
	if len(s) > 253 {
		return false
	}
	for i, label := range strings.Split(s, ".") {
		if wildcard && i == 0 && label == "*" {
			continue
		}
		if label == "" || len(label) > 63 {
			return false
		}
		for j := range len(label) {
			switch c := label[j]; {
			case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_':
			case c == '-' && j != 0:
			default:
				return false
			}
		}
	}
	return true
}

// quote quotes a name for a message, and cuts it short.
func quote(s string) string {
	if len(s) > 100 {
		s = s[:100]
	}
	return strconv.QuoteToASCII(s)
}
