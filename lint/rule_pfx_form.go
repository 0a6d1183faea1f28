package lint

import (
	"slices"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// pfxFormRules are about how a PFX is written and encrypted, which decides who can open
// it.
func pfxFormRules() []Rule {
	return []Rule{
		{
			Name:        "e_pfx_target_cannot_open",
			Need:        needOpens,
			Description: "The target cannot import the PFX: it does not know an algorithm in it, insists on a part that is missing, or does not find the certificate of the private key.",
			Citation:    citeAppleImport + "; Microsoft, PKCS12_PBES2_EXPORT_PARAMS; package pkcs12, which cites a source for each target",
			Targets:     identityTargets,
			Remedy:      "Write the same identity in a form that the target can open. 3DES with a SHA-1 MAC is what all can open.",
			Command:     "smimechain rewrite -for TARGET -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  VendorSource,
			Symptoms: append(slices.Clone(wrongPassword),
				"Outlook for iOS: no certificate is available, though the import said nothing.",
				"Windows says that the password is wrong."),
			Applies: isPFX,
			Run:     runCannotOpen,
		},
		{
			Name:        "n_pfx_form_unconfirmed",
			Need:        needOpens,
			explains:    true,
			Description: "Whether the target opens the PFX is not known for the way in which it is written or encrypted, and is known for another way.",
			Citation:    "package pkcs12, which cites a source for each target",
			Targets:     identityTargets,
			Remedy:      "Write the same identity in a form that the target is known to open.",
			Command:     "smimechain rewrite -for TARGET -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  Inferred,
			Applies:     isPFX,
			Run:         runUnconfirmed,
		},
		{
			Name:        "e_pfx_text",
			Need:        needOpens,
			Description: "The PFX is wrapped in text, base64 or PEM. Programs that import a PFX expect it in binary.",
			Citation:    "RFC 7292, Section 4; " + citeAppleImport,
			Targets:     identityTargets,
			Remedy:      "Make it binary, which writing it anew does too; otherwise certutil -decode or base64 -d makes it so.",
			Command:     "smimechain rewrite -for TARGET -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  VendorSource,
			Symptoms:    []say.Text{"The program says that the file is invalid, or offers it as text."},
			Applies:     isPFX,
			Run: func(p *Pass) error {
				if armor := p.pfx().Armor; armor != pkcs7.Binary {
					p.Report(nil, "is %s text, not binary", armor.String())
				}
				return nil
			},
		},
		{
			Name:        "w_pfx_old_windows",
			Need:        needOpens,
			Description: "Windows 10 before 1709 and Windows Server before 2019 cannot open the PFX. A server with the certificate connector may be one of them.",
			Citation:    "Microsoft, PKCS12_PBES2_EXPORT_PARAMS, minimum supported server",
			Targets:     []Target{Windows, Intune},
			Remedy:      "Where such a machine is in the way, write it anew with 3DES and SHA-1, or export it with TripleDES_SHA1.",
			Command:     "smimechain rewrite -for windows -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  Documented,
			Symptoms:    []say.Text{"Windows says that the password is wrong."},
			Applies:     isPFX,
			Run: func(p *Pass) error {
				report := p.pfx()
				if report.Compatible("windows-1709").Answer != pkcs12.Yes {
					return nil
				}
				if v := report.Compatible("windows-before-1709"); v.Answer == pkcs12.No {
					p.Report(nil, "%s", v.Reasons[0])
				}
				return nil
			},
		},
		{
			Name:        "w_pfx_names_collide",
			Need:        needOpens,
			Description: "Different certificates have one friendly name or one localKeyID. Apple's importer keeps the last of them, so that a certificate disappears.",
			Citation:    citeAppleImport,
			Targets:     []Target{OutlookIOS, AppleMail},
			Remedy:      "Write it anew, without the friendly names of the CA certificates.",
			Command:     "smimechain rewrite -for outlook-ios -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  VendorSource,
			Symptoms:    []say.Text{"Mail signed on the iPhone lacks certificates of the chain."},
			Applies:     isOpenPFX,
			Run: func(p *Pass) error {
				for _, f := range p.pfx().Observations {
					if f.Code == "name_collision" || f.Code == "key_id_collision" {
						p.Report(nil, "bag %s: %s", f.At, f)
					}
				}
				return nil
			},
		},
		{
			Name:        "w_pfx_local_key_id_twice",
			Need:        needOpens,
			Description: "A bag has two localKeyID attributes. Apple's importer takes the last one, which may not be the one that leads to the certificate.",
			Citation:    citeAppleImport + "; dotnet/corefx issue 30946",
			Targets:     []Target{OutlookIOS, AppleMail},
			Remedy:      "Export it with another program, or write it anew.",
			Command:     "smimechain rewrite -for outlook-ios -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  VendorSource,
			Applies:     isPFX,
			Run: func(p *Pass) error {
				for ref, bag := range p.pfx().Bags() {
					n := 0
					for _, a := range bag.Attributes {
						if a.OID == oidLocalKeyID {
							n++
						}
					}
					if n > 1 {
						p.Report(nil, "bag %s has %s", ref, say.Count(n, "1 localKeyID attribute", "%d localKeyID attributes"))
					}
				}
				return nil
			},
		},
		{
			Name:        "w_pfx_rc2",
			Need:        needOpens,
			Description: "A part of the PFX is encrypted with RC2 of 40 bits, which OpenSSL 3 and Windows in FIPS mode refuse, and which protects nothing.",
			Citation:    "RFC 7292, Appendix C; " + citeAppleImport,
			Targets:     identityTargets,
			Remedy:      "Write it anew with 3DES for certificates and key, or with AES where every device knows that.",
			Command:     "smimechain rewrite -for TARGET -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  Documented,
			Applies:     isPFX,
			Run: func(p *Pass) error {
				eachEncryption(p.pfx(), func(at pkcs12.BagRef, e *pkcs12.Encryption) {
					if e.Scheme == "pbewithSHAAnd40BitRC2-CBC" {
						p.Report(nil, "part %s is encrypted with RC2 of 40 bits", at)
					}
				})
				return nil
			},
		},
		{
			Name:        "w_pfx_ber",
			Need:        needOpens,
			Description: "The PFX is in BER with indefinite lengths. Apple and Windows read that; programs in Go do not.",
			Citation:    "RFC 7292, Section 4; X.690, Section 8.1.3.6",
			Targets:     identityTargets,
			Remedy:      "Write it anew.",
			Command:     "smimechain rewrite -for TARGET -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  Inferred,
			Applies:     isPFX,
			Run: func(p *Pass) error {
				if p.pfx().Encoding == pkcs7.BER {
					p.Report(nil, "is in BER, not in DER")
				}
				return nil
			},
		},
		{
			Name:        "n_pfx_iterations",
			Need:        needOpens,
			Description: "The number of iterations by which a key is made of the password is 1, which makes guessing cheap, or above a million, which is slow and beyond the limit of some programs.",
			Citation:    "RFC 8018, Section 4.2",
			Targets:     identityTargets,
			Remedy:      "Write it anew, or export it with 2048 iterations or a few thousand more.",
			Command:     "smimechain rewrite -for TARGET -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  Inferred,
			Applies:     isPFX,
			Run:         runIterations,
		},
	}
}

// oidLocalKeyID is localKeyId of PKCS #9.
const oidLocalKeyID = "1.2.840.113549.1.9.21"

func runCannotOpen(p *Pass) error {
	told := map[string]bool{}
	judge := func(t pkcs12.Importer) {
		for _, r := range p.pfx().Compatible(t).Reasons {
			if told[r.Message] || slices.Contains(toldElsewhere, r.Code) {
				continue
			}
			told[r.Message] = true
			switch {
			case r.Answer != pkcs12.No:
				p.undecided(codeReader, nil, "%s", r)
			default:
				p.Report(nil, "%s", r)
			}
		}
	}
	sure, _ := p.readers() // what is in doubt stands in the evidence
	for _, t := range sure {
		judge(t)
	}
	return nil
}

// runUnconfirmed tells of a form of which it is not known whether the target opens it,
// where nothing but the form is in doubt, as a key stays what it is when it is written
// anew, and where it can be written anew.
func runUnconfirmed(p *Pass) error {
	r := p.pfx()
	var open []pkcs12.Reason
	sure, _ := p.readers()
	for _, t := range sure {
		for _, reason := range r.Compatible(t).Reasons {
			if reason.Answer == pkcs12.No || reason.Code == "key_type" || slices.Contains(toldElsewhere, reason.Code) {
				return nil
			}
			open = append(open, reason)
		}
	}
	program := p.rewriteProgram()
	for i := range r.Identities {
		if len(open) > 0 && r.RewriteObstacle(i, program) == pkcs12.ObstacleNone {
			p.Report(nil, "%s", open[0])
			return nil
		}
	}
	return nil
}

// eachEncryption calls look for what protects each part and each key of a PFX, by place.
func eachEncryption(r *pkcs12.Inspection, look func(pkcs12.BagRef, *pkcs12.Encryption)) {
	for i := range r.Safes {
		if e := r.Safes[i].Encryption; e != nil {
			look(pkcs12.BagRef{i}, e)
		}
	}
	for ref, bag := range r.Bags() {
		if bag.Encryption != nil {
			look(ref, bag.Encryption)
		}
	}
}

func runIterations(p *Pass) error {
	const many = 1_000_000
	odd := func(n int64) bool { return n == 1 || n > many }
	if mac := p.pfx().MAC; mac != nil && odd(mac.Iterations) {
		p.Report(nil, "the number of iterations of the MAC is %d", mac.Iterations)
	}
	eachEncryption(p.pfx(), func(at pkcs12.BagRef, e *pkcs12.Encryption) {
		if e.KDF != "scrypt" && odd(e.Iterations) {
			p.Report(nil, "the number of iterations of part %s is %d", at, e.Iterations)
		}
	})
	return nil
}
