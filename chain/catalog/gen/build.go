package main

import (
	"cmp"
	"crypto/sha1"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/chain/catalog/internal/table"
)

// builder holds what the sources say while the file is made.
type builder struct {
	cas       []*ca
	bySum     map[fingerprint]*ca
	bySubject map[string][]*ca // folded
	judgements
	owner map[string]string // spelling to name

	certificatesDate, trustDate, appleDate string
}

func generate(in inputs, at time.Time) ([]byte, error) {
	b := &builder{bySum: map[fingerprint]*ca{}, bySubject: map[string][]*ca{}, owner: map[string]string{}}
	var err error
	for _, d := range []struct {
		name string
		to   *string
	}{{in.certificates, &b.certificatesDate}, {in.trust, &b.trustDate}, {in.apple, &b.appleDate}} {
		if *d.to, err = dateOf(d.name); err != nil {
			return nil, err
		}
	}
	if b.cas, err = readCertificates(in.certificates); err != nil {
		return nil, err
	}
	trust, err := readTrust(in.trust)
	if err != nil {
		return nil, err
	}
	inApple, err := readApple(in.apple)
	if err != nil {
		return nil, err
	}
	known, err := readKnown(in.known)
	if err != nil {
		return nil, err
	}
	j, err := readJudgements(in.judgements)
	if err != nil {
		return nil, err
	}
	b.judgements = *j
	for _, o := range j.Owners {
		for _, also := range o.Also {
			b.owner[also] = o.Name
		}
	}
	for _, c := range b.cas {
		sum := c.cert.SHA256()
		c.subject = table.Fold(c.cert.Subject())
		c.listed, c.apple, c.known = trust[sum], inApple[sum], known[sum]
		b.bySum[sum] = c
		b.bySubject[c.subject] = append(b.bySubject[c.subject], c)
	}
	for sum := range known {
		if b.bySum[sum] == nil {
			return nil, fmt.Errorf("%s: %X is not among the certificates", in.known, sum)
		}
	}
	var selected []*ca
	for _, c := range b.cas {
		if b.wanted(c, at) {
			selected = append(selected, c)
		}
	}
	for _, c := range selected {
		b.link(c)
	}
	f := new(table.File)
	for _, c := range selected {
		r, err := b.record(c)
		if err != nil {
			return nil, err
		}
		f.Records = append(f.Records, r)
	}
	if f.Notes, err = b.notes(); err != nil {
		return nil, err
	}
	if err := b.judge(f.Records); err != nil {
		return nil, err
	}
	return f.Encode()
}

// wanted reports whether a certificate is of a CA that may serve mail and has not been
// expired for more than two years, or another source knows it.
func (b *builder) wanted(c *ca, at time.Time) bool {
	switch {
	case c.cert.Err() != nil:
		return false
	case c.known != nil:
		return true
	}
	return c.cert.IsCA() && c.cert.AllowsExtended(chain.EmailProtection) &&
		(c.listed != nil || c.apple || !c.cert.NotAfter().Before(at.AddDate(-2, 0, 0)))
}

// link finds the issuers of a certificate by its signature, and those of its issuers.
func (b *builder) link(c *ca) {
	if c.issuers != nil {
		return
	}
	c.issuers = []*ca{}
	if c.self = c.cert.SelfSigned(); c.self {
		c.issuers = append(c.issuers, c)
		return
	}
	for _, d := range b.bySubject[table.Fold(c.cert.Issuer())] {
		if d != c && c.cert.SignedByKey(d.cert.RawSubjectPublicKeyInfo()) == nil {
			c.issuers = append(c.issuers, d)
		}
	}
	for _, d := range c.issuers {
		b.link(d)
	}
}

// sameNode yields the certificates with the name and the key of c, c included.
func (b *builder) sameNode(c *ca) []*ca {
	var list []*ca
	for _, d := range b.bySubject[c.subject] {
		if string(d.cert.RawSubjectPublicKeyInfo()) == string(c.cert.RawSubjectPublicKeyInfo()) {
			b.link(d)
			list = append(list, d)
		}
	}
	return list
}

func (b *builder) record(c *ca) (table.Record, error) {
	cert := c.cert
	e := readExtensions(cert.Raw)
	r := table.Record{
		SHA256: cert.SHA256(), SHA1: sha1.Sum(cert.Raw),
		NotBefore: cert.NotBefore().Unix(), NotAfter: cert.NotAfter().Unix(),
		Kind: uint8(b.kind(c)), Advice: uint8(catalog.Neutral), PathLength: table.NoPathLength,
	}
	if e.pathLength >= 0 {
		r.PathLength = uint8(min(e.pathLength, table.NoPathLength-1))
	}
	switch cert.SignatureAlgorithm() {
	case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
		r.Weak = true
	}
	set := func(f table.Field, s string) { r.Fields[f] = s }
	set(table.Subject, cert.Subject())
	set(table.Issuer, cert.Issuer())
	set(table.Key, string(cert.RawSubjectPublicKeyInfo()))
	set(table.KeyID, string(cert.SubjectKeyID()))
	set(table.IssuerKeyID, string(cert.AuthorityKeyID()))
	if c.self {
		set(table.IssuerKeyID, string(cert.SubjectKeyID()))
	}
	for i, d := range c.issuers {
		key := string(d.cert.RawSubjectPublicKeyInfo())
		if i > 0 && key != r.Fields[table.IssuerKey] {
			return r, fmt.Errorf("%X: two keys have made the signature", r.SHA256)
		}
		set(table.IssuerKey, key)
		if r.Fields[table.IssuerKeyID] == "" {
			set(table.IssuerKeyID, string(d.cert.SubjectKeyID()))
		}
	}
	set(table.Owner, b.ownerOf(c))
	set(table.Usages, lines(cert.ExtKeyUsages()))
	set(table.Constraints, lines(e.constraints))
	set(table.AIA, lines(cert.AIA()))
	set(table.CRLs, lines(cert.CRLDistributionPoints()))
	source := "CCADB, all CA certificates (" + b.certificatesDate + ")"
	if s := c.known["source"]; s != "" {
		source = s
	}
	set(table.Source, source)
	if c.self {
		b.programmes(c, &r)
	}
	return r, nil
}

func (b *builder) kind(c *ca) catalog.EntryKind {
	if c.self {
		return catalog.Root
	}
	for _, d := range b.sameNode(c) {
		if d.self {
			return catalog.Cross
		}
	}
	return catalog.Intermediate
}

// lines joins values, which must not break lines.
func lines(list []string) string {
	clean := make([]string, len(list))
	for i, s := range list {
		clean[i] = strings.Map(func(r rune) rune {
			if r < ' ' {
				return -1
			}
			return r
		}, s)
	}
	return strings.Join(clean, "\n")
}

// ownerOf returns who owns a CA: by the list for roots and what shares the key of one,
// for others that of the nearest root above, or the organisation in the name.
func (b *builder) ownerOf(c *ca) string {
	seen := map[*ca]bool{}
	level := b.sameNode(c)
	top := c
	for len(level) > 0 {
		var owners []string
		var next []*ca
		for _, d := range level {
			if seen[d] {
				continue
			}
			seen[d] = true
			if d.self {
				top = d
			}
			if d.listed != nil {
				owners = append(owners, cmp.Or(b.owner[d.listed.Owner], d.listed.Owner))
			}
			for _, i := range d.issuers {
				next = append(next, b.sameNode(i)...)
			}
		}
		if len(owners) > 0 {
			return slices.Min(owners)
		}
		level = next
	}
	for _, d := range []*ca{top, c} {
		if o := attribute(d.cert.Subject(), "O="); o != "" {
			return o
		}
	}
	return chain.CommonName(c.cert.Subject())
}

// attribute returns the value of an attribute in a name of RFC 2253, without escapes.
func attribute(name, prefix string) string {
	rest, ok := name, strings.HasPrefix(name, prefix)
	if !ok {
		if _, rest, ok = strings.Cut(name, ","+prefix); !ok {
			return ""
		}
	} else {
		rest = rest[len(prefix):]
	}
	var sb strings.Builder
	for i := 0; i < len(rest) && rest[i] != ',' && rest[i] != '+'; i++ {
		if rest[i] == '\\' && i+1 < len(rest) {
			i++
		}
		sb.WriteByte(rest[i])
	}
	return sb.String()
}

func (b *builder) programmes(c *ca, r *table.Record) {
	if c.listed == nil && !c.apple {
		return // of no list
	}
	var lines [programmeEnd]string
	put := func(p int, trust catalog.Trust, date, distrust string) {
		lines[p] = strings.Join([]string{trust.String(), date, distrust, "", ""}, "\t")
	}
	yes := map[bool]catalog.Trust{true: catalog.Yes, false: catalog.No}
	put(apple, yes[c.apple], b.appleDate, "")
	if l := c.listed; l != nil {
		distrust := ""
		if l.Email.Mozilla {
			distrust = distrustAfter(c.cert.NotBefore())
		}
		put(mozilla, yes[l.Email.Mozilla], b.trustDate, distrust)
		put(mozillaTLS, yes[l.Web.Mozilla], b.trustDate, "")
		put(microsoft, yes[l.Email.Microsoft], b.trustDate, "")
		put(microsoftTLS, yes[l.Web.Microsoft], b.trustDate, "")
	}
	r.Fields[table.Programmes] = strings.Join(lines[:], "\n")
}

// The lines of the programmes.
const (
	mozilla = iota
	mozillaTLS
	microsoft
	microsoftTLS
	apple
	programmeEnd
)

// distrustAfter is Mozilla's schedule for S/MIME (Mozilla Root Store Policy, Section 7.4).
func distrustAfter(t time.Time) string {
	switch y := t.Year(); {
	case y < 2006:
		return "2028-04-15"
	case y < 2008:
		return "2029-04-15"
	case y < 2010:
		return "2030-04-15"
	case y < 2012:
		return "2031-04-15"
	case t.Before(time.Date(2014, 4, 15, 0, 0, 0, 0, time.UTC)):
		return "2032-04-15"
	}
	return t.AddDate(18, 0, 0).Format(time.DateOnly)
}

// one returns the record whose fingerprint starts so.
func one(records []table.Record, start string) (*table.Record, error) {
	var found *table.Record
	for i := range records {
		if strings.HasPrefix(strings.ToUpper(hex.EncodeToString(records[i].SHA256[:])), start) {
			if found != nil {
				return nil, fmt.Errorf("judgements: %s begins two fingerprints", start)
			}
			found = &records[i]
		}
	}
	if found == nil || len(start) < 8 {
		return nil, fmt.Errorf("judgements: %q begins no fingerprint", start)
	}
	return found, nil
}

// judge adds the judgements to the records.
func (b *builder) judge(records []table.Record) error {
	advice := map[string]catalog.Advice{"recommended": catalog.Recommended, "neutral": catalog.Neutral, "leave-out": catalog.LeaveOut}
	for _, j := range b.Advice {
		r, err := one(records, j.Certificate)
		if err != nil {
			return err
		}
		a, ok := advice[j.Advice]
		if !ok || j.Reason == "" {
			return fmt.Errorf("judgements: advice for %s: %q, %q", j.Certificate, j.Advice, j.Reason)
		}
		r.Advice = uint8(a)
		r.Fields[table.Reason] = string(j.Reason)
	}
	for _, j := range b.Revoked {
		r, err := one(records, j.Certificate)
		if err != nil {
			return err
		}
		if _, err := time.Parse(time.DateOnly, j.Revoked); err != nil {
			return fmt.Errorf("judgements: %w", err)
		}
		r.Fields[table.Revoked] = strings.Join([]string{j.Revoked, j.Source + " (" + j.Date + ")", string(j.Reason)}, "\n")
	}
	for _, j := range b.Programmes {
		if j.Programme != "apple" {
			return fmt.Errorf("judgements: no programme %q", j.Programme)
		}
		var list []*table.Record
		if start, ok := strings.CutSuffix(j.Subject, "*"); ok {
			for i := range records {
				if s := records[i].Fields[table.Subject]; strings.HasPrefix(s, start) && records[i].Fields[table.Programmes] != "" {
					list = append(list, &records[i])
				}
			}
		} else {
			r, err := one(records, j.Certificate)
			if err != nil {
				return err
			}
			list = append(list, r)
		}
		for _, r := range list {
			lines := strings.Split(r.Fields[table.Programmes], "\n")
			if len(lines) != programmeEnd {
				return fmt.Errorf("judgements: %X is of no list", r.SHA256)
			}
			fields := strings.Split(lines[apple], "\t")
			fields[3], fields[4] = j.Since, j.Note
			lines[apple] = strings.Join(fields, "\t")
			r.Fields[table.Programmes] = strings.Join(lines, "\n")
		}
	}
	return nil
}

// notes are the texts of the header: date and sources, who is distrusted by whom, then a
// row for each hierarchy.
func (b *builder) notes() ([]string, error) {
	source := fmt.Sprintf("CCADB, all CA certificates (%s); extract of the CCADB with the trust of Mozilla and Microsoft (%s); "+
		"apple-oss-distributions/security_certificates 55349.0.11 (%s); NSS certdata.txt 9d75dfde (2026-05-01); "+
		"sectigo/ca_certificate_lists 658d1e99 (2026-06-30); mozilla/pkipolicy, Section 7.4", b.certificatesDate, b.trustDate, b.appleDate[:7])
	distrusted, err := b.distrusted()
	if err != nil {
		return nil, err
	}
	list := []string{b.certificatesDate + "\n" + source, distrusted}
	for _, h := range b.Hierarchies {
		row := []string{h.Owner, strings.Join(h.Also, "\t")}
		for _, sums := range [][]string{h.Roots, h.Issuing, h.Old} {
			var full []string
			for _, start := range sums {
				sum, err := b.full(start)
				if err != nil {
					return nil, err
				}
				full = append(full, sum)
			}
			row = append(row, strings.Join(full, "\t"))
		}
		row = append(row, h.Since, h.Source, h.Date)
		list = append(list, strings.Join(row, "\n"))
	}
	return list, nil
}

// distrusted is a text of three lines, by whom, source and date, and then the digests in
// ascending order, 32 octets each.
func (b *builder) distrusted() (string, error) {
	d := b.Distrusted
	var sums []string
	for _, s := range d.Certificates {
		sum, err := hex.DecodeString(s)
		if err != nil || len(sum) != 32 {
			return "", fmt.Errorf("judgements: %q is no SHA-256", s)
		}
		sums = append(sums, string(sum))
	}
	slices.Sort(sums)
	return strings.Join([]string{d.By, d.Source, d.Date, strings.Join(slices.Compact(sums), "")}, "\n"), nil
}

// full returns the fingerprint that starts so.
func (b *builder) full(start string) (string, error) {
	found := ""
	for sum := range b.bySum {
		if s := strings.ToUpper(hex.EncodeToString(sum[:])); len(start) >= 8 && strings.HasPrefix(s, start) {
			if found != "" {
				return "", fmt.Errorf("judgements: %s begins two fingerprints", start)
			}
			found = s
		}
	}
	if found == "" {
		return "", fmt.Errorf("judgements: %q begins no fingerprint", start)
	}
	return found, nil
}
