package lint

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
)

// needing makes answers of pairs of a need and a state.
func needing(pairs ...string) []NeedAnswer {
	var list []NeedAnswer
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, NeedAnswer{
			Need: Need(pairs[i]), State: State(pairs[i+1]),
			Because: []string{"e_" + pairs[i]}, Facts: []Fact{Fact("of " + pairs[i])},
		})
	}
	return list
}

// TestDraw holds what needs come to, for the whole and for each purpose.
func TestDraw(t *testing.T) {
	for _, tt := range []struct {
		kind     SubjectKind
		purposes []chain.Usage
		needs    []NeedAnswer
		want     string // the verdict, for signing, for encryption, and because of which needs
	}{
		{kindCertificate, nil, nil, "unknown not_applicable not_applicable"},
		{kindCertificate, nil, needing("path", "met"), "works not_applicable not_applicable"},
		{kindCertificate, nil, needing("path", "assumed"), "works not_applicable not_applicable"},
		{kindCertificate, nil, needing("signs", "met", "decrypts", "met"), "works works works"},
		{kindCertificate, nil, needing("signs", "met"), "works works fails"},
		{kindCertificate, nil, needing("decrypts", "met"), "works fails works"},
		{kindCertificate, nil, needing("signs", "failed", "decrypts", "met"), "fails fails works signs"},
		{kindCertificate, nil, needing("signs", "met", "decrypts", "unknown"), "unknown works unknown decrypts"},
		{kindCertificate, nil, needing("signs", "unknown", "decrypts", "failed"), "fails unknown fails decrypts"},
		{kindCertificate, nil, needing("path", "failed", "signs", "met", "decrypts", "met"), "fails fails fails path"},
		{kindCertificate, nil, needing("path", "unknown", "trusted", "failed", "valid", "failed"), "fails not_applicable not_applicable trusted valid"},
		{kindCertificate, nil, needing("path", "unknown", "trusted", "unknown", "valid", "met"), "unknown not_applicable not_applicable path trusted"},
		{kindCertificate, []chain.Usage{chain.Sign}, needing("signs", "met", "decrypts", "met"), "works works not_applicable"},
		{kindCertificate, []chain.Usage{chain.Encrypt}, needing("signs", "met", "decrypts", "met"), "works not_applicable works"},
		{kindCertificate, []chain.Usage{chain.Encrypt}, needing("signs", "met"), "works not_applicable fails"},
		{kindIdentity, []chain.Usage{chain.Sign, chain.Encrypt}, needing("signs", "met", "decrypts", "met"), "works works works"},
		{kindMessage, nil, needing("signs", "met", "decrypts", "met"), "works works not_applicable"},
		{kindMessage, nil, needing("signs", "met"), "works works not_applicable"},
		{kindMessage, nil, needing("recipient", "met"), "works not_applicable not_applicable"},
		{kindCollection, nil, needing("signs", "met", "decrypts", "met"), "works not_applicable not_applicable"},
		{kindArtefact, nil, needing("signs", "met", "decrypts", "met"), "works not_applicable not_applicable"},
	} {
		v := &Verdict{Subject: Subject{Kind: tt.kind}, Needs: tt.needs, Because: []string{"e_old"}, Facts: []Fact{"old"}}
		facts := &Facts{Purposes: tt.purposes}
		for range 2 { // the same again
			v.draw(facts)
		}
		want := strings.Fields(tt.want)
		var because []string
		var of []Fact
		for _, n := range want[3:] {
			because, of = append(because, "e_"+n), append(of, Fact("of "+n))
		}
		if got := fmt.Sprint(v.Status, " ", v.Sign, " ", v.Encrypt); got != strings.Join(want[:3], " ") || !slices.Equal(v.Because, because) || !slices.Equal(v.Facts, of) {
			t.Errorf("%s for %v, %v: %s because of %v, facts %v; want %s", tt.kind, tt.purposes, tt.needs, got, v.Because, v.Facts, tt.want)
		}
		if tt.purposes == nil {
			sign, encrypt := v.Sign, v.Encrypt
			if v.draw(nil); v.Sign != sign || v.Encrypt != encrypt {
				t.Errorf("%s, %v: no facts at all: %s %s", tt.kind, tt.needs, v.Sign, v.Encrypt)
			}
		}
	}
}

// TestSummary holds what the verdicts about all subjects come to: the worst decides, for each
// purpose among those that are for it.
func TestSummary(t *testing.T) {
	subject := func(target Target, status, sign, encrypt VerdictStatus, needs ...string) Verdict {
		return Verdict{Target: target, Status: status, Sign: sign, Encrypt: encrypt, Needs: needing(needs...), Because: []string{"e_" + string(status)}, Facts: []Fact{Fact(status)}}
	}
	both := []string{"signs", "met", "decrypts", "met"}
	for _, tt := range []struct {
		name     string
		judged   bool
		subjects []Verdict
		want     string // the verdict, for signing, for encryption, and because of which
	}{
		{"not judged", false, nil, "not_applicable not_applicable not_applicable []"},
		{"no subject", true, nil, "unknown not_applicable not_applicable []"},
		{"of another target", true, []Verdict{subject(Windows, Works, Works, Works, both...)}, "unknown not_applicable not_applicable []"},
		{"one", true, []Verdict{subject(Gmail, Works, Works, Works, both...)}, "works works works [e_works]"},
		{"two alike", true, []Verdict{subject(Gmail, Fails, Fails, Works, both...), subject(Gmail, Fails, Works, Works, both...)}, "fails fails works [e_fails]"},
		{"the first is worse", true, []Verdict{subject(Gmail, Unknown, Unknown, Works, both...), subject(Gmail, Works, Works, Works, both...)}, "unknown unknown works [e_unknown]"},
		{"the last is worse", true, []Verdict{subject(Gmail, Unknown, Unknown, Works, both...), subject(Gmail, Fails, Works, Fails, both...)}, "fails unknown fails [e_fails]"},
		{"one for each", true, []Verdict{subject(Gmail, Works, Works, Fails, "signs", "met"), subject(Gmail, Works, Fails, Works, "decrypts", "met")}, "works works works [e_works]"},
		{"one that only signs", true, []Verdict{subject(Gmail, Works, Works, Fails, "signs", "met")}, "works works fails [e_works]"},
		{"for nothing", true, []Verdict{subject(Gmail, Works, NotApplicable, NotApplicable, "path", "met")}, "works not_applicable not_applicable [e_works]"},
		{"beside another target", true, []Verdict{subject(Windows, Fails, Fails, Fails, both...), subject(Gmail, Works, Works, Works, both...)}, "works works works [e_works]"},
	} {
		list := summary(tt.subjects, map[Target]bool{Gmail: tt.judged})
		if len(list) != len(Targets()) {
			t.Fatalf("%s: %d verdicts", tt.name, len(list))
		}
		for i, v := range list {
			want := tt.want
			if v.Target != Gmail {
				want = "not_applicable not_applicable not_applicable []"
			}
			if got := fmt.Sprint(v.Status, " ", v.Sign, " ", v.Encrypt, " ", v.Because); v.Target != Targets()[i] || got != want || len(v.Facts) != len(v.Because) {
				t.Errorf("%s, %s: %s, facts %v; want %s", tt.name, v.Target, got, v.Facts, want)
			}
		}
	}
}

// TestRedraw holds what becomes of a verdict when findings are taken away.
func TestRedraw(t *testing.T) {
	one, two := refuting{"e_one", "a.cer", 0}, refuting{"e_two", "a.cer", 0}
	refuted := func(without State, why Code, by ...refuting) NeedAnswer {
		return NeedAnswer{Need: needPath, State: Failed, Because: []string{"e_old"}, refuting: by, without: without, why: why}
	}
	for _, tt := range []struct {
		name string
		need NeedAnswer
		left []refuting
		want string // the verdict, the state, the code and because of what
	}{
		{"all are left", refuted(Met, "", one, two), []refuting{one, two}, "fails failed  [e_one e_two]"},
		{"all are left, in another order", refuted(Met, "", two, one, two), []refuting{one, two}, "fails failed  [e_one e_two]"},
		{"one is left", refuted(Met, "", one, two), []refuting{two}, "fails failed  [e_two]"},
		{"none is left", refuted(Met, "", one, two), nil, "works met  []"},
		{"another is left", refuted(Met, "", one), []refuting{two}, "works met  []"},
		{"that of another file is left", refuted(Met, "", one), []refuting{{"e_one", "b.cer", 0}}, "works met  []"},
		{"none is left, and it was open", refuted(Open, codeNoPath, one), nil, "unknown unknown no_path []"},
		{"none is left, and it was open without a code", refuted(Open, "", one), nil, "unknown unknown undecided []"},
		{"refuted by none", NeedAnswer{Need: needPath, State: Open, Code: codeNoPath, Because: []string{"e_old"}, without: Met}, nil, "unknown unknown no_path [e_old]"},
	} {
		needs := []NeedAnswer{tt.need}
		v := Verdict{Subject: Subject{Kind: kindCertificate}, Needs: needs}
		left := map[refuting]bool{}
		for _, r := range tt.left {
			left[r] = true
		}
		v.redraw(left)
		a := v.Needs[0]
		if got := fmt.Sprint(v.Status, " ", a.State, " ", a.Code, " ", a.Because); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		if len(needs[0].Because) != len(tt.need.Because) || len(needs[0].refuting) != len(tt.need.refuting) || needs[0].State != tt.need.State {
			t.Errorf("%s: what was drawn before is another: %+v", tt.name, needs[0])
		}
	}
	for out, want := range map[VerdictStatus]VerdictStatus{NotApplicable: NotApplicable, Fails: Works} { // what the facts leave out stays out
		v := Verdict{Subject: Subject{Kind: kindCertificate}, Needs: needing("signs", "met", "decrypts", "met"), Sign: out, Encrypt: Works}
		if v.redraw(nil); v.Sign != want || v.Encrypt != Works {
			t.Errorf("sign %s: %s %s", out, v.Sign, v.Encrypt)
		}
		v = Verdict{Subject: Subject{Kind: kindCertificate}, Needs: needing("signs", "met", "decrypts", "met"), Sign: Works, Encrypt: out}
		if v.redraw(nil); v.Encrypt != want || v.Sign != Works {
			t.Errorf("encrypt %s: %s %s", out, v.Sign, v.Encrypt)
		}
	}
}

// TestOrderOfSubjects holds in which order verdicts stand, in whichever they were drawn.
func TestOrderOfSubjects(t *testing.T) {
	of := func(target Target, file string, message, index int) Verdict {
		return Verdict{Target: target, Subject: Subject{File: file, Message: message, Index: index}}
	}
	want := []Verdict{
		of(ExchangeOnline, "b", 0, 0),
		of(Windows, "a", 0, -1), of(Windows, "a", 0, 0), of(Windows, "a", 0, 1),
		of(Windows, "b", 1, 0), of(Windows, "b", 1, 1), of(Windows, "b", 1, -1), // the encryption behind its signers
		of(Windows, "b", 2, 0), of(Windows, "b", 2, -1), of(Windows, "b2", 0, 0), of(Windows, "b10", 0, 0),
		of(Gmail, "a", 0, 0),
	}
	random := rand.New(rand.NewPCG(1, 0))
	for range 20 {
		got := slices.Clone(want)
		random.Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
		sortSubjects(got)
		for i := range want {
			if got[i].Target != want[i].Target || got[i].Subject != want[i].Subject {
				t.Fatalf("%d: %s %+v, want %s %+v", i, got[i].Target, got[i].Subject, want[i].Target, want[i].Subject)
			}
		}
	}
}

// aRule is one of a set for tests.
func aRule(name string, need Need, change func(*Rule)) Rule {
	r := Rule{Name: name, Need: need, Run: func(*Pass) error { return nil }}
	if change != nil {
		change(&r)
	}
	return r
}

// TestBlame holds which findings refute a need, which explain it, and which say nothing of it.
func TestBlame(t *testing.T) {
	rules, err := newRuleSet(append(ownRules(),
		aRule("e_path_own", needPath, nil), aRule("w_path_own", needPath, nil), aRule("w_path_limit", needPath, func(r *Rule) { r.refutes = true }),
		aRule("e_path_explains", needPath, func(r *Rule) { r.explains = true }), aRule("e_valid_own", needValid, nil), aRule("e_taken_own", "", nil),
		aRule("e_signs_own", needSigns, nil), aRule("e_both_own", needSigns, func(r *Rule) { r.decrypts = true }), aRule("e_settings_own", needSettings, nil), aRule("w_settings_own", needSettings, nil),
	))
	if err != nil {
		t.Fatal(err)
	}
	user, ca := newCertificate(t), realCA(t, "ca-incommon-rsa-secure-email-3.pem")
	c := &Collection{Name: "a.pem"}
	c.add(&bundle.File{Name: "a.pem", Certificates: []bundle.Certificate{{Certificate: user}, {Certificate: ca}}})
	p := &Pass{Collection: c}
	finding := func(rule string, index int) *Finding {
		f := &Finding{Rule: rule, File: "a.pem", Index: index, Status: rules.named("e_path_own").Status()}
		if strings.HasPrefix(rule, "w_") {
			f.Status = Warn
		}
		if index >= 0 {
			f.SHA256 = c.Members[index].sha256
		}
		return f
	}
	member := c.Members[0]
	for _, tt := range []struct {
		name             string
		kind             SubjectKind
		need             Need
		state            State
		rule             string
		index            int
		because, refutes bool
		explains         bool // where it is seen to have failed and nothing refutes it
	}{
		{"an error about the need", kindCertificate, needPath, Met, "e_path_own", 1, true, true, true},
		{"a warning", kindCertificate, needPath, Met, "w_path_own", 1, false, false, true},
		{"a warning of a rule whose warnings refute", kindCertificate, needPath, Met, "w_path_limit", 1, true, true, true},
		{"an error about another need", kindCertificate, needSettings, Met, "e_path_own", 1, false, false, false},
		{"an error about another need of the chain", kindCertificate, needPath, Met, "e_valid_own", 1, false, false, true},
		{"a warning about another need of the chain", kindCertificate, needValid, Met, "w_path_own", 0, false, false, false},
		{"an error about no need of the chain", kindCertificate, needPath, Met, "e_settings_own", 1, false, false, false},
		{"a warning about a need that is none of the chain's", kindCertificate, needSettings, Met, "w_settings_own", 1, false, false, true},
		{"an error that names no need", kindCertificate, needTaken, Met, "e_taken_own", -1, true, true, true},
		{"of both purposes", kindCertificate, needDecrypts, Met, "e_both_own", 0, true, true, false},
		{"of the other purpose", kindCertificate, needDecrypts, Met, "e_signs_own", 0, false, false, false},
		{"of a rule that is not there", kindCertificate, needPath, Met, "e_gone", 1, false, false, false},
		{"of another certificate, where one answers", kindCertificate, needValid, Met, "e_valid_own", 1, false, false, true},
		{"of the certificate itself", kindCertificate, needValid, Met, "e_valid_own", 0, true, true, true},
		{"of the whole, where one answers", kindCertificate, needValid, Met, "e_valid_own", -1, true, true, true},
		{"of a user, where the path answers", kindCertificate, needPath, Met, "e_path_own", 0, true, true, true},
		{"of a user in a collection, where CAs answer", kindCollection, needPath, Met, "e_path_own", 0, false, false, true},
		{"of a CA in a collection", kindCollection, needPath, Met, "e_path_own", 1, true, true, true},
		{"of a user in a collection, where all answer", kindCollection, needSettings, Met, "e_settings_own", 0, true, true, false},
		{"explains what is met", kindCertificate, needPath, Met, "e_path_explains", 1, false, false, true},
		{"explains what is assumed", kindCertificate, needPath, Assumed, "e_path_explains", 1, false, false, true},
		{"explains what is open", kindCertificate, needPath, Open, "e_path_explains", 1, true, false, true},
		{"explains what has failed", kindCertificate, needPath, Failed, "e_path_explains", 1, true, true, true},
		{"refutes what is open", kindCertificate, needPath, Open, "e_path_own", 1, true, true, true},
	} {
		f := finding(tt.rule, tt.index)
		s := &subject{Subject: Subject{Kind: tt.kind, SHA256: member.sha256}, member: member, findings: []*Finding{f}}
		a := NeedAnswer{Need: tt.need, State: tt.state}
		blamed := p.blame(&a, s, rules)
		if because := slices.Equal(a.Because, []string{tt.rule}); because != tt.because || !because && a.Because != nil {
			t.Errorf("%s: because of %v", tt.name, a.Because)
		}
		if refutes := slices.Equal(a.refuting, []refuting{{tt.rule, "a.pem", tt.index}}); refutes != tt.refutes || !refutes && a.refuting != nil || blamed[f.SHA256] != tt.refutes {
			t.Errorf("%s: refuted by %v, about %v", tt.name, a.refuting, blamed)
		}
		a = NeedAnswer{Need: tt.need, State: Failed}
		explain(&a, s, rules)
		if got := slices.Equal(a.Because, []string{tt.rule}); got != tt.explains || len(a.Because) != len(a.refuting) || !got && a.Because != nil {
			t.Errorf("%s: explained by %v", tt.name, a.Because)
		}
	}
}

// TestLeaveOpen holds what is left open where a rule could not tell, or was left out.
func TestLeaveOpen(t *testing.T) {
	rules, err := newRuleSet(append(ownRules(), aRule("e_path_own", needPath, nil), aRule("e_valid_own", needValid, nil)))
	if err != nil {
		t.Fatal(err)
	}
	few, err := newRuleSet([]Rule{aRule("e_path_own", needPath, nil)})
	if err != nil {
		t.Fatal(err)
	}
	could := func(rule string, fact Fact, why say.Text) undecided {
		u := undecided{rule: rule, fact: fact, NotChecked: NotChecked{Code: codeFact}}
		if why != "" {
			u.Why, u.words = say.New("by %s: %s", rule, say.New(why)), say.New(why)
		}
		return u
	}
	refuted := []refuting{{"e_path_own", "a.cer", 0}}
	for _, tt := range []struct {
		name  string
		rules *ruleSet
		need  NeedAnswer
		open  []undecided
		want  string // the state, the one without findings, the code, because of what, the number of facts, what would decide
	}{
		{"nothing", rules, NeedAnswer{State: Met, without: Met}, nil, "met met  [] 0 []"},
		{"a fact", rules, NeedAnswer{State: Met, without: Met}, []undecided{could("e_path_own", factUPN, "")}, "unknown unknown fact [e_path_own] 1 [the fact upn (-upn NAME: the user principal name)]"},
		{"a fact, and why", rules, NeedAnswer{State: Met, without: Met}, []undecided{could("e_path_own", factUPN, "it is not")}, "unknown unknown fact [e_path_own] 1 [by e_path_own: it is not]"},
		{"no fact", rules, NeedAnswer{State: Assumed, without: Assumed}, []undecided{could("e_path_own", "", "it is not")}, "unknown unknown fact [e_path_own] 0 [by e_path_own: it is not]"},
		{"what the need says itself", rules, NeedAnswer{State: Open, Code: codeNoPath, Decide: []say.Message{say.New("it is not")}}, []undecided{could("e_path_own", "", "it is not")}, "unknown unknown no_path [e_path_own] 0 [it is not]"},
		{"what another rule says", rules, NeedAnswer{State: Open, Code: codeNoPath, Decide: []say.Message{say.New("it is")}}, []undecided{could("e_path_own", "", "it is not")}, "unknown unknown no_path [e_path_own] 0 [it is by e_path_own: it is not]"},
		{"what is open", rules, NeedAnswer{State: Open, Code: codeNoPath}, []undecided{could("e_path_own", factUPN, "")}, "unknown unknown no_path [e_path_own] 1 [the fact upn (-upn NAME: the user principal name)]"},
		{"what has failed", rules, NeedAnswer{State: Failed, without: Failed}, []undecided{could("e_path_own", factUPN, "")}, "failed failed  [] 0 [the fact upn (-upn NAME: the user principal name)]"},
		{"what is refuted", rules, NeedAnswer{State: Met, without: Met, refuting: refuted}, []undecided{could("e_path_own", factUPN, "")}, "unknown unknown fact [] 1 [the fact upn (-upn NAME: the user principal name)]"},
		{"a rule about another need", rules, NeedAnswer{State: Met, without: Met}, []undecided{could("e_valid_own", factUPN, "")}, "met met  [] 0 []"},
		{"a rule that is not there", rules, NeedAnswer{State: Met, without: Met}, []undecided{could("e_gone", factUPN, "")}, "met met  [] 0 []"},
		{"a rule left out", few, NeedAnswer{State: Met, without: Met}, nil, "unknown unknown rule_left_out [] 0 [the rule LEFT, which was left out]"},
		{"a rule left out, and assumed", few, NeedAnswer{State: Assumed, without: Assumed}, nil, "unknown unknown rule_left_out [] 0 [the rule LEFT, which was left out]"},
		{"a rule left out, and open", few, NeedAnswer{State: Open, without: Open, Code: codeNoPath}, nil, "unknown unknown no_path [] 0 []"},
		{"a rule left out, and failed", few, NeedAnswer{State: Failed, without: Failed}, nil, "failed failed  [] 0 []"},
	} {
		a := tt.need
		a.Need = needPath
		leaveOpen(&a, &subject{open: tt.open}, tt.rules)
		leaveOut(&a, tt.rules)
		want := strings.Replace(tt.want, "LEFT", few.lacks[needPath], 1)
		var decide []string
		for _, m := range a.Decide {
			decide = append(decide, m.String())
		}
		if got := fmt.Sprintf("%s %s %s %v %d %v", a.State, a.without, a.Code, a.Because, len(a.Facts), decide); got != want {
			t.Errorf("%s: %s, want %s", tt.name, got, want)
		}
	}
}

// TestOnlyCAs holds which findings are about CAs of the collection and nothing else.
func TestOnlyCAs(t *testing.T) {
	ca, root, user := realCA(t, "ca-incommon-rsa-secure-email-3.pem"), realCA(t, "root-usertrust-rsa.pem"), newCertificate(t)
	c := new(Collection)
	c.add(&bundle.File{Name: "a.pem", Certificates: []bundle.Certificate{{Certificate: ca}, {Certificate: ca}, {Certificate: root}, {Certificate: user}}})
	for _, tt := range []struct {
		sums []string
		want bool
	}{
		{nil, true},
		{[]string{hexSum(ca)}, true},
		{[]string{hexSum(root)}, true},
		{[]string{hexSum(ca), hexSum(root)}, true},
		{[]string{hexSum(user)}, false},
		{[]string{hexSum(ca), hexSum(user)}, false},
		{[]string{""}, false},
		{[]string{"", hexSum(ca)}, false},
		{[]string{"of another file"}, false},
		{[]string{"of another file", hexSum(root)}, false},
		{[]string{"of another file", hexSum(ca)}, false}, // which is there twice
	} {
		digests := map[string]bool{}
		for _, s := range tt.sums {
			digests[s] = true
		}
		if got := (&Pass{Collection: c}).onlyCAs(digests); got != tt.want {
			t.Errorf("%q: %t", tt.sums, got)
		}
	}
}
