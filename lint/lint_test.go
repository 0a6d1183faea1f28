package lint_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/sst"
	"github.com/smimechain/smimechain/testdata/outside"
	zlint "github.com/zmap/zlint/v3/lint"
)

const testdata = "../testdata"

var today = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

// load reads files below a folder.
func load(t *testing.T, dir string, names ...string) []*bundle.File {
	t.Helper()
	var files []*bundle.File
	for _, name := range names {
		f, err := bundle.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// exampleCatalog knows the CAs of the Example PKI too.
func exampleCatalog(t *testing.T) *catalog.Catalog {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(testdata, "example", "cas.json"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return catalog.Default().With(c)
}

// run judges files; what is not checked says of what, and why.
func run(t *testing.T, files []*bundle.File, opts *lint.Options) *lint.Report {
	t.Helper()
	r, err := lint.Run(context.Background(), files, opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range r.NotChecked {
		if n.Code == "" || n.What.String() == "" || n.Why.String() == "" {
			t.Errorf("not checked: %+v", n)
		}
	}
	return r
}

// ownFindings returns the names of the rules of package lint among the
// findings, without repetition.
func ownFindings(r *lint.Report) []string {
	names := []string{}
	for _, f := range r.Findings {
		if slices.ContainsFunc(lint.Rules(), func(rule lint.Rule) bool { return rule.Name == f.Rule }) {
			names = append(names, f.Rule)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func verdict(r *lint.Report, target lint.Target) lint.Verdict {
	i := slices.IndexFunc(r.Verdicts, func(v lint.Verdict) bool { return v.Target == target })
	return r.Verdicts[i]
}

func TestCollections(t *testing.T) {
	tests := []struct {
		file   string
		status lint.VerdictStatus
		want   []string
	}{
		{"complete.sst", lint.Works, []string{}},
		{"cross-certificate-missing.sst", lint.Unknown, []string{"e_chain_cross_certificate_missing"}},
		{"root-missing.sst", lint.Fails, []string{"e_chain_issuer_missing", "e_collection_no_root"}},
		{"expired.sst", lint.Fails, []string{"e_certificate_expired"}},
		{"private-key.pem", lint.Fails, []string{"e_collection_private_key", "n_collection_not_sst"}},
		{"private-key-property.sst", lint.Fails, []string{"e_collection_private_key"}},
		{"leaf-inside.sst", lint.Works, []string{"w_collection_end_entity"}},
		{"duplicate.sst", lint.Works, []string{"w_collection_duplicate_certificate"}},
		{"unparseable.sst", lint.Fails, []string{"e_certificate_unparseable"}},
		{"sectigo-without-r46.sst", lint.Unknown, []string{"e_chain_cross_certificate_missing"}},
	}
	listed := map[string]bool{}
	for _, tt := range tests {
		listed[tt.file] = true
		t.Run(tt.file, func(t *testing.T) {
			files := load(t, testdata, "collections/"+tt.file)
			r := run(t, files, &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, Catalog: exampleCatalog(t)})
			if got := ownFindings(r); !slices.Equal(got, tt.want) {
				t.Errorf("findings %v, want %v", got, tt.want)
			}
			v := verdict(r, lint.ExchangeOnline)
			if v.Status != tt.status {
				t.Errorf("verdict %s, want %s", v.Status, tt.status)
			}
			if (v.Status != lint.Works) != (len(v.Because) > 0) {
				t.Errorf("verdict %s because of %v", v.Status, v.Because)
			}
		})
	}
	names, err := os.ReadDir(filepath.Join(testdata, "collections"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if !listed[name.Name()] {
			t.Errorf("%s is in no row of the table", name.Name())
		}
	}
}

// TestTargets holds which target judges which kind of file.
func TestTargets(t *testing.T) {
	store := load(t, testdata, "collections/complete.sst")
	bundleFile := load(t, testdata, "collections/private-key.pem")
	r := run(t, store, &lint.Options{Time: today})
	for _, v := range r.Verdicts {
		if (v.Target == lint.ExchangeOnline) == (v.Status == lint.NotApplicable) {
			t.Errorf("store: %s %s", v.Target, v.Status)
		}
	}
	r = run(t, bundleFile, &lint.Options{Time: today})
	for _, v := range r.Verdicts {
		named := v.Target == lint.OutlookAndroid || v.Target == lint.Gmail // are judged when named
		if named != (v.Status == lint.NotApplicable) {
			t.Errorf("bundle: %s %s", v.Target, v.Status)
		}
	}
	_, err := lint.Run(context.Background(), store, &lint.Options{Time: today, Targets: []lint.Target{lint.OutlookIOS}})
	if !errors.Is(err, lint.ErrNothingToCheck) {
		t.Errorf("a store for Outlook: %v", err)
	}
	if _, err := lint.Run(context.Background(), nil, nil); !errors.Is(err, lint.ErrNothingToCheck) {
		t.Errorf("no file at all: %v", err)
	}
	lists := sst.New()
	lists.Elements = append(lists.Elements, sst.Element{Kind: sst.CRL, Raw: []byte{0x30, 0}})
	if _, err := lint.Run(context.Background(), storeOf(lists), nil); !errors.Is(err, lint.ErrNothingToCheck) {
		t.Errorf("a store without certificates: %v", err)
	}
	if _, err := lint.ParseTargets("intune, Windows,intune"); err != nil {
		t.Error(err)
	}
	if _, err := lint.ParseTargets("intune,"); err == nil {
		t.Error("an empty target name is accepted")
	}
}

// TestBesideStore judges the certificate of a user against a store given with it.
func TestBesideStore(t *testing.T) {
	opts := &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, Catalog: exampleCatalog(t)}
	r := run(t, load(t, testdata, "collections/complete.sst", "example/leaf.pem"), opts)
	if got := ownFindings(r); len(got) > 0 {
		t.Errorf("complete store: %v", got)
	}
	r = run(t, load(t, testdata, "collections/cross-certificate-missing.sst", "example/leaf.pem"), opts)
	var broken []string
	for _, f := range r.Findings {
		if f.Rule == "e_chain_cross_certificate_missing" {
			broken = append(broken, filepath.Base(f.File))
		}
	}
	if want := []string{"cross-certificate-missing.sst", "leaf.pem"}; !slices.Equal(broken, want) {
		t.Errorf("broken chains in %v, want %v", broken, want)
	}

	// The same with the store as support, not judged itself.
	opts.With = load(t, testdata, "collections/complete.sst")
	r = run(t, load(t, testdata, "example/leaf.pem"), opts)
	if slices.ContainsFunc(r.Findings, func(f lint.Finding) bool { return strings.HasPrefix(f.Rule, "e_") }) || len(r.Files) != 1 {
		t.Errorf("with support: %v", r.Findings)
	}
}

// TestRunErrors holds that rules which cannot be run, and rules that could not
// tell, end the run: no report is there that could be taken for a clean one.
func TestRunErrors(t *testing.T) {
	rule := func(name string, f func(*lint.Pass) error) lint.Rule {
		r := lint.Rule{Run: f}
		r.Name = name
		return r
	}
	pass := func(*lint.Pass) error { return nil }
	errRule := errors.New("the rule could not tell")
	for _, tt := range []struct {
		name  string
		rules []lint.Rule
		is    error
	}{
		{"prefix", []lint.Rule{rule("x_rule", pass)}, nil},
		{"twice", []lint.Rule{rule("e_rule", pass), rule("e_rule", pass)}, nil},
		{"no function", []lint.Rule{rule("e_rule", nil)}, nil},
		{"fails", []lint.Rule{rule("e_rule", func(*lint.Pass) error { return errRule })}, errRule},
	} {
		r, err := lint.Run(t.Context(), loose(user()), &lint.Options{Time: today, Rules: tt.rules})
		if r != nil || err == nil || tt.is != nil && !errors.Is(err, tt.is) {
			t.Errorf("%s: %v, %v", tt.name, r, err)
		}
	}
}

// ending is a checker of revocation that ends the run it is asked in, as a
// deadline does that passes while lists are fetched.
type ending struct{ cancel context.CancelFunc }

func (e ending) Revocation(context.Context, []*chain.Certificate, int, time.Time) (chain.RevocationStatus, say.Message) {
	e.cancel()
	return chain.RevocationGood, say.Message{}
}

// TestCancelled holds that a context which ends while chains are built, and cuts
// them short, ends the run.
func TestCancelled(t *testing.T) {
	idle := lint.Rule{Name: "n_idle", Run: func(*lint.Pass) error { return nil }}
	for name, rules := range map[string][]lint.Rule{"rules": nil, "chains": {idle}} {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		opts := &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}, Rules: rules, Chains: rules != nil, Revocation: ending{cancel}}
		if r, err := lint.Run(ctx, pemBundle(user(), issuing(), root()), opts); r != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, %v", name, r, err)
		}
	}
}

func TestOrderOfFilesDoesNotMatter(t *testing.T) {
	files := load(t, testdata, "collections/expired.sst", "collections/leaf-inside.sst", "example/leaf.pem", "example/old-root.pem")
	opts := &lint.Options{Time: today}
	want := run(t, files, opts)
	slices.Reverse(files)
	got := run(t, files, opts)
	if !slices.EqualFunc(got.Findings, want.Findings, func(a, b lint.Finding) bool {
		return a.Rule == b.Rule && a.File == b.File && a.Index == b.Index && a.Message.String() == b.Message.String()
	}) {
		t.Errorf("got %v\nwant %v", got.Findings, want.Findings)
	}
}

func TestRules(t *testing.T) {
	rules := lint.Rules()
	names := make([]string, len(rules))
	for i, r := range rules {
		names[i] = r.Name
		if r.Status() == zlint.Reserved {
			t.Errorf("%s: the prefix promises no status", r.Name)
		}
		if r.Description == "" || r.Citation == "" || r.Remedy == "" || r.Run == nil {
			t.Errorf("%s: description, citation, remedy or function is missing", r.Name)
		}
		if strings.HasPrefix(r.Confidence.String(), "Confidence(") {
			t.Errorf("%s has no confidence", r.Name)
		}
		if r.Confidence == lint.Observed && r.Status() > zlint.Warn {
			t.Errorf("%s: what was only observed is no error", r.Name)
		}
		if zlint.GlobalRegistry().CertificateLints().ByName(r.Name) != nil {
			t.Errorf("%s is a lint of zlint", r.Name)
		}
		if found, ok := lint.FindRule(r.Name); !ok || found.Name != r.Name {
			t.Errorf("%s is not found by its name", r.Name)
		}
	}
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("names are not sorted or not unique: %v", names)
	}
}

// TestSectigo is the mission: the real chain, and what is wrong when a part of
// it is not there.
func TestSectigo(t *testing.T) {
	dir := filepath.Join(outside.Corpus(t), "sectigo")
	const (
		r36, incommon     = "ca-r36.pem", "ca-incommon-rsa-secure-email-3.pem"
		self, cross       = "root-r46-self-signed.pem", "root-r46-cross-signed-by-usertrust.pem"
		usertrust         = "root-usertrust-rsa.pem"
		crossFP, usertFP  = "BC386A5C664B6B0B5E385FAC151AA3911606178359DED68AE5017DE985E78B94", "E793C9B02FD8AA13E21C31228ACCB08119643B749C898964B1746D46C3D4CBD2"
		crossMissing      = "e_chain_cross_certificate_missing"
		crossAdvised      = "w_chain_cross_certificate_missing"
		noRoot, noIssuer  = "e_collection_no_root", "e_chain_issuer_missing"
		nameR46, nameUser = "Sectigo Public Email Protection Root R46", "USERTrust RSA Certification Authority"
	)
	at2039 := time.Date(2039, 1, 1, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name   string
		files  []string
		at     time.Time
		status lint.VerdictStatus
		want   []string
		says   []string // in some message
	}{
		{"complete", []string{r36, self, cross, usertrust}, today, lint.Works, []string{}, nil},
		{"no R46", []string{r36, usertrust}, today, lint.Unknown, []string{crossMissing}, []string{nameR46, nameUser, crossFP}},
		{"no R46, sibling", []string{incommon, usertrust}, today, lint.Unknown, []string{crossMissing}, []string{nameR46, nameUser, crossFP}},
		{"no root", []string{r36, cross}, today, lint.Fails, []string{noIssuer, noRoot}, []string{nameUser, usertFP}},
		{"self-signed R46 only", []string{r36, self}, today, lint.Works, []string{crossAdvised}, []string{crossFP}},
		{"cross-signed R46 only", []string{r36, cross, usertrust}, today, lint.Works, []string{}, nil},
		{"no issuing CA", []string{cross, usertrust}, today, lint.Unknown, []string{}, nil},
		{"no issuing CA, both forms of R46", []string{self, cross, usertrust}, today, lint.Unknown, []string{}, nil},
		{"in 2039", []string{r36, self, cross, usertrust}, at2039, lint.Fails, []string{"e_certificate_expired"}, nil},
		{"R36 alone", []string{r36}, today, lint.Fails, []string{crossMissing, noRoot}, []string{crossFP}},
		{"before 2025", []string{"ca-client-auth-and-secure-email-pre-2025.pem", usertrust}, today, lint.Works, []string{"n_ca_key_short_soon", "n_hierarchy_old"}, []string{nameR46, "2025-03-01"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := run(t, load(t, dir, tt.files...), &lint.Options{Time: tt.at, Targets: []lint.Target{lint.ExchangeOnline}})
			if got := ownFindings(r); !slices.Equal(got, tt.want) {
				t.Errorf("findings %v, want %v", got, tt.want)
			}
			if v := verdict(r, lint.ExchangeOnline); v.Status != tt.status {
				t.Errorf("verdict %s, want %s", v.Status, tt.status)
			}
			var messages strings.Builder
			for _, f := range r.Findings {
				messages.WriteString(f.Message.String())
			}
			for _, s := range tt.says {
				if !strings.Contains(messages.String(), s) {
					t.Errorf("no message says %q", s)
				}
			}
		})
	}
	t.Run("a certificate of a user has no error", func(t *testing.T) {
		r := run(t, load(t, dir, "leaf-support-ssystems-de.pem", r36, self, cross, usertrust), &lint.Options{Time: today})
		for _, f := range r.Findings {
			if f.Status >= zlint.Error {
				t.Errorf("%s: %s: %s", f.File, f.Rule, f.Message)
			}
		}
	})
}

// TestMicrosoftStores reads what Windows itself wrote.
func TestMicrosoftStores(t *testing.T) {
	dir := filepath.Join(outside.Corpus(t), "sst")
	opts := &lint.Options{Time: today}

	r := run(t, load(t, dir, "certutil-roots-2025-07.sst"), opts)
	if n := len(r.Files[0].Certificates); n != 514 {
		t.Errorf("%d certificates, want 514", n)
	}
	expired := 0
	for _, f := range r.Findings {
		if f.Rule == "e_certificate_expired" {
			expired++
		}
	}
	if expired != 100 {
		t.Errorf("%d expired certificates, want 100", expired)
	}
	// One has a negative serial number, which crypto/x509 refuses.
	unread := slices.DeleteFunc(slices.Clone(r.NotChecked), func(n lint.NotChecked) bool { return !strings.Contains(n.What.String(), ".sst") })
	if len(unread) != 0 {
		t.Errorf("not checked: %v", unread)
	}

	r = run(t, load(t, dir, "dotnet-store.sst"), opts)
	if !slices.ContainsFunc(r.Findings, func(f lint.Finding) bool {
		return f.Rule == "w_collection_private_key_reference" &&
			strings.Contains(f.Message.String(), "{77EBD02D-D8DE-475A-8867-D20B0064E49F}") &&
			strings.Contains(f.Message.String(), "Microsoft Strong Cryptographic Provider")
	}) {
		t.Errorf("the key container is not named: %v", r.Findings)
	}
}
