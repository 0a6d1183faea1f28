package lint

import (
	"slices"

	"github.com/smimechain/smimechain/lint/say"
)

// deployRules are the rules about what administrators run, paste and upload.
func deployRules() []Rule {
	rules := slices.Concat(scriptRules(), exchangeRules(), senderRules(), trustedRules(), platformRules(), graphRules(), graphProfileRules(), connectorRules(), profileRules())
	for i := range rules {
		rules[i].Symptoms, rules[i].Need = deploySymptoms[rules[i].Name], deployNeeds[rules[i].Name]
		rules[i].Command, rules[i].advise = deployCommands[rules[i].Name].command, deployCommands[rules[i].Name].advise
	}
	return rules
}

// deployNeeds are the needs of these rules, but for those about what is taken.
var deployNeeds = map[string]Need{
	"e_directory_certificates_too_many": needSettings,
	"e_owa_collection_missing":          needSettings,
	"e_owa_crl_on_send":                 needSettings,
	"e_owa_crl_unreachable":             needSettings,
	"n_mdm_algorithms":                  needOpens,
	"n_owa_crl_timeouts":                needSettings,
	"w_mdm_soft_certificates":           needSettings,
	"w_owa_certificate_not_included":    needSettings,
	"w_owa_expired_certificate":         needSettings,
	"w_owa_chain_not_in_message":        needSettings,
	"w_owa_encryption_weak":             needSettings,
	"w_owa_other_address":               needSettings,
	"w_owa_signing_certificate_tie":     needSettings,
	"w_owa_signing_sha1":                needSettings,
	"w_profile_identity_old_ios":        needOpens,
}

// deployCommands are the commands that do what these rules say. Where no file that was
// given is an argument of it, a finding names none.
var deployCommands = map[string]struct {
	command string
	advise  adviser
}{
	"e_owa_collection_missing":      {"smimechain deploy exchange -o DIR FILE…", nil},
	"w_owa_expired_certificate":     {"smimechain deploy exchange -o DIR FILE…", nil},
	"e_profile_identity":            {"smimechain rewrite -for ios-17 -o OUT.pfx IN.mobileconfig", adviseProfile},
	"w_profile_identity_old_ios":    {"smimechain rewrite -for ios-17 -o OUT.pfx IN.mobileconfig", adviseProfile},
	"w_graph_certificate_pem":       {"smimechain unpack -d DIR FILE", adviseUnpack},
	"e_graph_certificate_several":   {"smimechain deploy intune-trusted -o DIR FILE", adviseTrusted},
	"e_intune_several_certificates": {"smimechain deploy intune-trusted -o DIR FILE", adviseTrusted},
	"w_intune_not_der":              {"smimechain unpack -d DIR FILE", adviseUnpack},
	"e_graph_platform_missing":      {"smimechain deploy intune-trusted -o DIR FILE", adviseTrusted},
	"e_script_not_a_store":          {"smimechain pack -o OUT.sst FILE…", nil},
	"w_script_all_roots":            {"smimechain pack -o OUT.sst FILE…", nil},
	"n_script_store_needs_windows":  {"smimechain pack -o OUT.sst FILE…", nil},
}

// deploySymptoms are what people see of what these rules find.
var deploySymptoms = map[string][]say.Text{
	"e_script_unknown_parameter":        {"A parameter cannot be found that matches parameter name 'SMIMECertificateList'"},
	"w_script_encoding_byte":            {"Get-Content refuses -Encoding Byte"},
	"e_script_encoding_byte_core":       {"Get-Content refuses -Encoding Byte"},
	"e_script_asbytestream_desktop":     {"A parameter cannot be found that matches parameter name 'AsByteStream'"},
	"e_owa_collection_missing":          {"The certificate used to sign this message isn't trusted by your organization"},
	"e_owa_crl_on_send":                 {"Outlook on the web sends no signed or encrypted message"},
	"e_owa_crl_unreachable":             {"The online certificate revocation list (CRL) is currently offline"},
	"w_owa_chain_not_in_message":        {"External recipients see an untrusted signature"},
	"w_owa_certificate_not_included":    {"Recipients cannot answer encrypted: no certificate for the recipient"},
	"e_graph_odata_type":                {"400 Bad Request"},
	"e_graph_base64":                    {"400 Bad Request"},
	"e_graph_destination_store":         {"400 Bad Request"},
	"e_graph_enum_number":               {"400 Bad Request", "An imported certificate never reaches the device"},
	"e_graph_list":                      {"400 Bad Request"},
	"e_graph_pfx_fields":                {"400 Bad Request"},
	"e_graph_pfx_padding":               {"400 Bad Request"},
	"e_graph_pfx_thumbprint":            {"400 Bad Request"},
	"e_graph_pfx_password":              {"400 Bad Request", "An imported certificate never reaches the device"},
	"e_graph_pfx_purpose":               {"400 Bad Request", "An imported certificate never reaches the device"},
	"e_graph_pfx_key_name":              {"An imported certificate never reaches the device"},
	"w_graph_pfx_several_keys":          {"An imported certificate never reaches the device"},
	"e_graph_pfx_no_profile":            {"An imported certificate never reaches the device"},
	"w_graph_pfx_user_address":          {"An imported certificate never reaches the device"},
	"e_directory_certificates_too_many": cannotEncrypt,
	"w_profile_identity_old_ios":        wrongPassword,
	"e_profile_outlook":                 {"Outlook for iOS says that no certificate is available"},
}
