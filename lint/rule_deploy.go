package lint

import (
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/pkcs12"
	zlint "github.com/zmap/zlint/v3/lint"
)

// deployRules are the rules about what administrators run, paste and upload.
func deployRules() []Rule {
	rules := slices.Concat(scriptRules(), exchangeRules(), trustedRules(), graphRules(), profileRules())
	for i := range rules {
		rules[i].Symptoms = deploySymptoms[rules[i].Name]
	}
	return rules
}

// deploySymptoms are what people see of what these rules find.
var deploySymptoms = map[string][]string{
	"e_script_unknown_parameter":     {"A parameter cannot be found that matches parameter name 'SMIMECertificateList'"},
	"w_script_encoding_byte":         {"Get-Content refuses -Encoding Byte"},
	"e_script_encoding_byte_core":    {"Get-Content refuses -Encoding Byte"},
	"e_owa_collection_missing":       {"The certificate used to sign this message isn't trusted by your organization"},
	"e_owa_crl_on_send":              {"Outlook on the web sends no signed or encrypted message"},
	"e_owa_crl_unreachable":          {"The online certificate revocation list (CRL) is currently offline"},
	"w_owa_chain_not_in_message":     {"External recipients see an untrusted signature"},
	"w_owa_certificate_not_included": {"Recipients cannot answer encrypted: no certificate for the recipient"},
	"e_graph_odata_type":             {"400 Bad Request"},
	"e_graph_base64":                 {"400 Bad Request"},
	"e_graph_destination_store":      {"400 Bad Request"},
	"e_graph_enum_number":            {"400 Bad Request", "An imported certificate never reaches the device"},
	"e_graph_pfx_fields":             {"400 Bad Request"},
	"e_graph_pfx_padding":            {"400 Bad Request"},
	"e_graph_pfx_thumbprint":         {"400 Bad Request"},
	"e_graph_pfx_password":           {"400 Bad Request", "An imported certificate never reaches the device"},
	"e_graph_pfx_purpose":            {"400 Bad Request", "An imported certificate never reaches the device"},
	"w_profile_identity_old_ios":     wrongPassword,
	"e_profile_outlook":              {"Outlook for iOS says that no certificate is available"},
}

// deployRule makes a rule about one kind of file.
func deployRule(target Target, name string, confidence Confidence, citation, description, remedy string, run func(*Pass) error) Rule {
	return Rule{
		LintMetadata: zlint.LintMetadata{Name: name, Description: description, Citation: citation, Source: zlint.UnknownLintSource},
		Targets:      []Target{target},
		Remedy:       remedy,
		Confidence:   confidence,
		Run:          run,
	}
}

// each makes a rule's function of one that looks at one file of the format.
func each(format bundle.Format, look func(*Pass, *bundle.File)) func(*Pass) error {
	return func(p *Pass) error {
		for _, f := range p.Collection.Files {
			if f.Format == format {
				look(p, f)
			}
		}
		return nil
	}
}

// userCertificate returns the certificate of the one identity that an
// inspection shows, nil when it shows none or several.
func userCertificate(r *pkcs12.Report) *chain.Certificate {
	if r == nil || len(r.Identities) != 1 || r.Identities[0].Leaf == nil {
		return nil
	}
	bag := r.Bag(r.Identities[0].Leaf)
	if bag == nil || bag.Certificate == nil {
		return nil
	}
	return chain.ParseCertificate(bag.Certificate.Raw)
}
