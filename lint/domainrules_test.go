package lint_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/lint"
)

// domainRules says, for every row of section 3 of the reference of domain rules,
// which rules carry it out, or why none does. Where two rows say the same, one
// rule serves both.
var domainRules = []struct {
	id      string
	rules   string // separated by spaces; lints of zlint too
	leftOut string
}{
	// 3.1 Stores.
	{"SST-FORMAT", "n_collection_not_sst", ""}, // what is no certificate file at all is refused when it is read
	{"SST-EXPIRED", "e_certificate_expired", ""},
	{"SST-EXPIRING", "w_certificate_expires_soon", ""},
	{"SST-NOTYET", "w_certificate_not_yet_valid", ""},
	{"SST-SIZE", "w_collection_too_large n_collection_large", ""},
	{"SST-NOROOT", "e_collection_no_root", ""},
	{"SST-DANGLING", "e_chain_issuer_missing e_chain_cross_certificate_missing w_chain_issuer_missing", ""},
	{"SST-NOISSUING", "w_chain_issuing_ca_missing", ""},
	{"SST-LEAF", "w_collection_end_entity", ""},
	{"SST-PRIVKEY", "e_collection_private_key w_collection_private_key_reference", ""},
	{"SST-PROPS", "n_collection_properties w_collection_eku_property n_collection_other_elements", ""},
	{"SST-DUP", "w_collection_duplicate_certificate", ""},
	{"SST-TWIN", "", "the recommended state of every good store: a notice on each would be noise; chain.Graph.CrossPairs lists the twins"},
	{"SST-WEAK", "w_ca_key_weak w_ca_signature_weak", ""},
	{"SST-EKU", "e_ca_eku_without_email_protection", ""},
	{"SST-WRONGFAMILY", "e_ca_for_web_servers", ""},
	{"SST-COVERAGE", "e_chain_issuer_missing e_chain_cross_certificate_missing", ""}, // give a correspondent's certificate beside the store
	{"SST-REPLACE", "w_collection_drops_certificates", ""},
	{"CMD-PARAM", "e_script_unknown_parameter", ""},
	{"CMD-BYTE", "w_script_encoding_byte e_script_encoding_byte_core", ""},
	{"CMD-ASBYTE", "n_script_asbytestream_without_raw", ""},
	{"CMD-SST-ON-UNIX", "n_script_store_needs_windows", ""},

	// 3.3 Certificates of users.
	{"EE-EMAIL-MISS", "e_email_address_missing", ""},
	{"EE-EMAIL-PRIMARY", "e_email_address_mismatch n_email_address_case", ""},
	{"EE-EMAIL-FIRST", "w_email_address_not_first", ""},
	{"EE-EMAIL-SANONLY", "e_email_address_subject_only w_email_address_not_in_san", ""},
	{"EE-EMAIL-UTF8", "e_email_address_utf8_only", ""},
	{"EE-EMAIL-CNDIFF", "w_email_address_not_in_san", ""},
	{"EE-EKU", "e_eku_without_email_protection e_eku_absent_apple w_eku_absent", ""},
	{"EE-EKU-FORBIDDEN", "w_eku_forbidden", ""},
	{"EE-EKU-STRICT", "e_smime_strict_eku_check", ""},
	{"EE-KU-SIGN", "e_usage_cannot_sign w_usage_cannot_sign e_key_usage_no_mail", ""},
	{"EE-KU-ENC-RSA", "e_usage_cannot_encrypt w_usage_cannot_encrypt", ""},
	{"EE-KU-ENC-EC", "e_usage_cannot_encrypt w_usage_cannot_encrypt", ""},
	{"EE-KU-OTHER", "w_key_usage_other_bits e_rsa_other_key_usages", ""},
	{"EE-KEY", "e_key_size", ""},
	{"EE-KEY-ED", "e_key_algorithm", ""},
	{"EE-SIG", "e_signature_weak", ""},
	{"EE-VALIDITY-APPLE", "e_validity_apple", ""},
	{"EE-VALIDITY-BR", "w_validity_baseline", ""},
	{"EE-LEGACY", "e_legacy_generation_deprecated", ""},
	{"EE-POLICY", "n_policy_missing e_exactly_one_smime_policy", ""},
	{"EE-EXPIRED", "e_certificate_expired", ""},
	{"EE-EXPIRING", "w_certificate_expires_soon", ""},
	{"EE-CDP", "e_crl_no_public_address", ""},
	{"EE-AIA", "w_aia_no_public_address", ""},
	{"EE-GMAIL", "n_validity_gmail", ""},
	{"EE-SPLIT", "w_usage_split_addresses w_usage_cannot_sign w_usage_cannot_encrypt", ""},

	// 3.4 Chains.
	{"CHAIN-BROKEN", "e_chain_issuer_missing", ""},
	{"CHAIN-ORDER", "", "fine in every form that the targets take; chain.Order sorts, and pack writes sorted files"},
	{"CHAIN-MISSING-X", "e_chain_cross_certificate_missing w_chain_cross_certificate_missing", ""},
	{"CHAIN-NAMETWIN", "e_chain_issuer_missing", ""}, // the message names the certificate with the right name and another key
	{"CHAIN-ANCHOR", "w_anchor_not_in_apple_store w_anchor_not_in_microsoft_store n_anchor_not_in_mozilla_store", ""},
	{"CHAIN-PATHLEN", "e_chain_path_length", ""},
	{"CHAIN-NC", "e_chain_name_constraint", ""},
	{"CHAIN-BC", "e_chain_not_ca", ""},
	{"CHAIN-EKUNEST", "e_chain_eku_nesting", ""},
	{"CHAIN-ANCHOREXP", "w_chain_ends_before_certificate", ""},
	{"CHAIN-MOZ-SMIME", "w_anchor_distrusted_by_mozilla n_anchor_distrusted_soon_by_mozilla", ""},
	{"CHAIN-MOZ-WEB", "", "says that something is no fault; n_anchor_distrusted_soon_by_mozilla says so in its description"},
	{"CHAIN-ENTRUST-APPLE", "w_anchor_entrust_apple", ""},

	// 3.5 PFX.
	{"PFX-ENC-OLDIOS", "e_pfx_target_cannot_open", ""},
	{"PFX-ENC-PBES2-VARIANT", "e_pfx_target_cannot_open", ""},
	{"PFX-ENC-2KEY3DES", "e_pfx_target_cannot_open", ""},
	{"PFX-ENC-RC2", "w_pfx_rc2", ""},
	{"PFX-MAC-NONE", "e_pfx_target_cannot_open", ""},
	{"PFX-MAC-ALG", "e_pfx_target_cannot_open", ""},
	{"PFX-KEYBAG-PLAIN", "e_pfx_target_cannot_open", ""},
	{"PFX-NOKEY", "e_pfx_no_private_key", ""},
	{"PFX-MULTIKEY", "e_pfx_several_identities", ""},
	{"PFX-PAIRING", "e_pfx_target_cannot_open", ""},
	{"PFX-FN-COLLISION", "e_pfx_target_cannot_open w_pfx_names_collide", ""},
	{"PFX-FN-ENC", "e_pfx_target_cannot_open", ""},
	{"PFX-LKID-DUP", "w_pfx_local_key_id_twice", ""},
	{"PFX-KEYMATCH", "e_pfx_key_certificate_mismatch", ""},
	{"PFX-PW-EMPTY", "e_pfx_password_empty w_pfx_password_weak", ""},
	{"PFX-PW-ASCII", "w_pfx_password_not_ascii e_pfx_password_not_latin1", ""},
	{"PFX-PW-LEN", "e_pfx_password_too_long", ""},
	{"PFX-CHAIN", "e_chain_issuer_missing e_chain_cross_certificate_missing", ""},
	{"PFX-EXTRA", "n_pfx_extra_certificate", ""},
	{"PFX-EXPIREDCHAIN", "w_pfx_expired_ca e_certificate_expired", ""},
	{"PFX-WIN-AES", "w_pfx_old_windows", ""},
	{"PFX-DPAPI", "", "no document says how a file shows it; one that no password opens leaves every verdict unknown"},
	{"PFX-BER", "w_pfx_ber", ""},
	{"PFX-ITER", "n_pfx_iterations", ""},

	// 3.2 Settings of Exchange Online.
	{"OWA-CRLONSEND", "e_owa_crl_on_send", ""}, // with -fetch the revocation rules say whether a list can be had
	{"OWA-CRLREAD", "e_owa_crl_unreachable e_crl_no_public_address", ""},
	{"OWA-CRLTIME", "n_owa_crl_timeouts", ""},
	{"OWA-SIGALG", "w_owa_signing_sha1", ""},
	{"OWA-ENCALG", "w_owa_encryption_weak", ""},
	{"OWA-CHAININMSG", "w_owa_chain_not_in_message", ""},
	{"OWA-CERTINCL", "w_owa_certificate_not_included", ""},
	{"OWA-PROXIES", "e_email_address_mismatch", ""}, // with the settings as a fact or as a file beside the certificate
	{"OWA-TIE", "w_owa_signing_certificate_tie", ""},
	{"OWA-NOREMAP", "w_owa_other_address", ""},
	{"OWA-CLIENT", "", "browser, extension and control of each machine: checklist exchange"},
	{"OWA-LABEL", "", "labels are no part of what Get-SmimeConfig writes: checklist exchange"},
	{"OWA-NEWOUTLOOK", "", "says which program a setting governs, and that is no fault: checklist exchange"},
	{"MDM-SOFTCERT", "w_mdm_soft_certificates", ""},
	{"MDM-ALG", "n_mdm_algorithms", ""},
	{"GAL-15", "e_directory_certificates_too_many", ""}, // a fact: no file of this project's kinds comes from the directory

	// 3.6 Outlook for iOS and Android.
	{"OIOS-DELIVERY", "e_profile_outlook", ""}, // for a profile; other ways leave no file: checklist handout
	{"OIOS-PREREQ", "e_owa_collection_missing e_crl_no_public_address", ""},
	{"OIOS-TOGGLE", "w_graph_outlook_smime_off", ""}, // in an app configuration; what users switch is on the hand-out
	{"OIOS-THREAD", "", "what switching S/MIME on brings about, and no fault: hand-out and checklist handout"},
	{"OIOS-CLEAR", "", "what Outlook does, and no fault: hand-out and checklist handout"},
	{"OIOS-LDAP", "e_graph_outlook_ldap_host", ""},
	{"OIOS-LOOKUP", "", "an order that nobody can change; that the certificate passes revocation is for the rules of 3.3 and -fetch: checklist handout"},
	{"OIOS-HISTORY", "", "no file shows which certificates a user had before: checklist intune-pfx"},
	{"OIOS-COMPANYPORTAL", "", "what users have to do: checklist intune-pfx and hand-out"},
	{"OIOS-DERIVED", "", "derived credentials are made by the service, and no file shows them: checklist intune-pfx"},

	// 3.7 Configuration profiles.
	{"MC-TOP", "e_profile_top", ""},
	{"MC-PAYLOAD", "e_profile_payload e_profile_payload_unique", ""},
	{"MC-CERT-ONE", "e_profile_certificate e_profile_certificate_pem", ""},
	{"MC-P12", "e_profile_identity w_profile_identity_old_ios w_profile_password_inside", ""}, // that the user is asked is no fault
	{"MC-UUIDREF", "e_profile_identity_reference", ""},
	{"MC-PURPOSE", "e_profile_purpose", ""},
	{"MC-EMAIL", "e_profile_email", ""},
	{"MC-DEPREC", "w_profile_deprecated_key", ""},
	{"MC-MACONLY", "n_profile_mac_only", ""},
	{"MC-OUTLOOK", "e_profile_outlook", ""},
	{"MC-ROOTTYPE", "w_profile_not_ca", ""},
	{"MC-PEMINDER", "e_profile_certificate_pem", ""},

	// 3.8 Trusted certificates of Intune.
	{"TCP-ONE", "e_graph_certificate_several e_intune_several_certificates", ""}, // a store is refused: it goes to Exchange only
	{"TCP-DER", "w_graph_certificate_pem w_intune_not_der", ""},
	{"TCP-NOKEY", "e_graph_certificate_private_key e_collection_private_key", ""},
	{"TCP-CAONLY", "e_graph_certificate_not_ca", ""},
	{"TCP-COMPLETE", "e_chain_issuer_missing e_chain_cross_certificate_missing w_chain_cross_certificate_missing", ""}, // each platform is a collection
	{"TCP-PLATFORM", "e_graph_platform_missing w_graph_platforms_differ", ""},
	{"TCP-WINSTORE", "e_graph_windows_store", ""},
	{"TCP-WIN81LABEL", "", "says what the portal shows, and that is no fault: checklist intune-trusted"},
	{"TCP-ORDER", "", "order and groups are set in the service and are in no body: checklist intune-trusted"},
	{"TCP-ANDROID11", "w_graph_android_administrator", ""}, // a warning, as Samsung Knox is excepted
	{"TCP-DUP", "w_collection_duplicate_certificate", ""},
	{"TCP-NAME", "n_graph_file_name", ""}, // the rest of the name is a habit of this project
	{"TCP-IOSNOTOUTLOOK", "", "says what profiles do not do, and that is no fault: checklist intune-trusted"},

	// 3.9 Objects of Microsoft Graph.
	{"GRF-ODATA", "e_graph_odata_type", ""},
	{"GRF-B64", "e_graph_base64 e_graph_certificate_several w_graph_certificate_pem", ""},
	{"GRF-DEST", "e_graph_destination_store", ""},
	{"GRF-PFX-FIELDS", "e_graph_pfx_fields", ""},
	{"GRF-PFX-PADDING", "e_graph_pfx_padding", ""},
	{"GRF-PFX-THUMB", "e_graph_pfx_thumbprint", ""},
	{"GRF-PFX-DATES", "w_graph_pfx_dates", ""},
	{"GRF-PFX-BLOB", "e_graph_pfx_blob", ""},
	{"GRF-PFX-PWCIPHER", "e_graph_pfx_password", ""},
	{"GRF-PFX-PUBKEY", "w_connector_key_form w_connector_key_small", ""}, // one with its private half: e_collection_private_key
	{"GRF-PFX-KEYNAME", "e_graph_pfx_key_name w_graph_pfx_several_keys", ""},
	{"GRF-PFX-PURPOSE", "e_graph_pfx_no_profile e_graph_pfx_purpose_usage", ""},
	{"GRF-PFX-PURPOSE-VPN", "e_graph_pfx_purpose", ""},
	{"GRF-ENUM-NUM", "e_graph_enum_number", ""},
	{"GRF-PFX-UPN", "w_graph_pfx_user w_graph_pfx_user_address", ""},
	{"GRF-PFX-ID", "w_graph_pfx_id", ""},
	{"GRF-PFX-GET", "e_graph_pfx_fields", ""}, // what was read back lacks the blob and the password
	{"GRF-400", "", "the answer to any of these faults: a symptom of their rules, for explain"},
	{"GRF-IMMUTABLE", "", "a body does not show that a profile exists already: checklist intune-pfx"},
	{"GRF-RENEW", "w_graph_pfx_expires", ""},
	{"GRF-APPID", "", "a setting of Microsoft's module and of the tenant, in no file of the roll-out: checklist intune-pfx"},
}

// TestDomainRules holds the table against the rules.
func TestDomainRules(t *testing.T) {
	used := map[string]bool{}
	seen := map[string]bool{}
	for _, row := range domainRules {
		if seen[row.id] {
			t.Errorf("%s is there twice", row.id)
		}
		seen[row.id] = true
		if (row.rules == "") == (row.leftOut == "") {
			t.Errorf("%s: want rules, or the reason why there are none", row.id)
		}
		for name := range strings.FieldsSeq(row.rules) {
			used[name] = true
			if _, ok := lint.Find(name); !ok {
				t.Errorf("%s: no rule or lint %s", row.id, name)
			}
		}
	}
	// Rules that follow from elsewhere: a certificate that nobody can read, the
	// matrix of addresses, path validation as a whole, the form of a file, and the
	// errors of guides in section 1.
	others := []string{"e_certificate_unparseable", "n_email_upn_differs", "e_chain_no_valid_path", "e_pfx_text", "e_script_two_statements", "w_script_relative_path"}
	for _, r := range lint.Rules() {
		if used[r.Name] == slices.Contains(others, r.Name) {
			t.Errorf("%s: in a row %t, in the list of others %t", r.Name, used[r.Name], !used[r.Name])
		}
	}
}

// TestDomainRulesComplete holds the table against the reference, where it is.
func TestDomainRulesComplete(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(filepath.Dir(corpus(t)), "reference", "domain-rules.md"))
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the reference is required under CI: %v", err)
		}
		t.Skipf("the reference is not beside the corpus: %v", err)
	}
	row := regexp.MustCompile(`^\| ([A-Z][A-Z0-9-]+(?: / [A-Z][A-Z0-9-]+)*) \|`)
	wanted := map[string]bool{}
	section := ""
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") {
			section, _, _ = strings.Cut(strings.TrimLeft(line, "# "), " ")
		}
		if m := row.FindStringSubmatch(line); m != nil && strings.HasPrefix(section, "3.") {
			for id := range strings.SplitSeq(m[1], " / ") {
				wanted[id] = true
			}
		}
	}
	if len(wanted) < 150 {
		t.Fatalf("only %d rows found", len(wanted))
	}
	for _, row := range domainRules {
		if !wanted[row.id] {
			t.Errorf("%s is not in the reference", row.id)
		}
		delete(wanted, row.id)
	}
	for id := range wanted {
		t.Errorf("%s is not in the table", id)
	}
}
