package lint

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/say"
)

// Symptom is what an administrator or a user sees when something is wrong, and
// which rules look for the cause.
type Symptom struct {
	Title say.Text // the words of the program, or of those who see it
	Text  say.Text // what it means and where to look
	Rules []string // that find the cause, the most likely first; names of [Rules]
}

// Symptoms returns every symptom that is known, in an order of subjects. The
// caller owns the slice.
func Symptoms() []Symptom { return slices.Clone(symptoms) }

var symptoms = []Symptom{
	{
		Title: "Wrong password on the iPhone, although it is right",
		Text:  "Before iOS 18 the importer knows neither AES nor a MAC with SHA-2, and says of such a PFX that the password is wrong. Later versions still refuse other forms of AES and the newer MAC, PBMAC1. The password itself may also hold characters that another program encoded differently.",
		Rules: []string{"e_pfx_target_cannot_open", "e_pfx_password_empty", "w_pfx_password_not_ascii"},
	},
	{
		Title: "The certificate used to sign this message isn't trusted by your organization",
		Text:  "OWA says this when it sends: Exchange Online builds the chain from the virtual certificate collection of the tenant and from nothing else. A root in self-signed form is missing from it, or a certificate on the way to it, often the cross-certificate.",
		Rules: []string{"e_collection_no_root", "e_chain_cross_certificate_missing", "e_chain_issuer_missing", "e_ca_eku_without_email_protection", "e_certificate_expired"},
	},
	{
		Title: "The signature is not trusted",
		Text:  "Whoever reads the message finds no path to a root that they trust. For Exchange Online and everything that asks it, Outlook for iOS and Android included, only the tenant's virtual certificate collection counts; for Apple Mail and Windows it is their own stores.",
		Rules: []string{"e_collection_no_root", "e_chain_cross_certificate_missing", "e_chain_issuer_missing", "w_chain_cross_certificate_missing", "e_crl_no_public_address"},
	},
	{
		Title: "The online certificate revocation list (CRL) that the certificate chain relies on is currently offline",
		Text:  "OWA says this when it reads: Exchange Online could not fetch the revocation list of a certificate of the chain. It has to be on the internet, under a public http address, for every certificate below the root; LDAP and internal addresses cannot be reached.",
		Rules: []string{"e_crl_no_public_address"},
	},
	{
		Title: "Set-SmimeConfig fails because of expired certificates",
		Text:  "Exchange Online looks at every certificate of the upload and refuses the whole collection for one that has expired, even one that no chain needs.",
		Rules: []string{"e_certificate_expired", "w_certificate_expires_soon"},
	},
	{
		Title: "Set-SmimeConfig says that the SST is too large or has the wrong format",
		Text:  "The cmdlet was seen to refuse stores of more than 70000 bytes, about forty CA certificates, and files that are no Serialized Certificate Store.",
		Rules: []string{"w_collection_too_large", "n_collection_large", "n_collection_not_sst", "n_collection_properties"},
	},
	{
		Title: "A parameter cannot be found that matches SMIMECertificateList, or -Encoding Byte is refused",
		Text:  "Set-SmimeConfig has no parameter SMIMECertificateList: it is -SMIMECertificateIssuingCA. PowerShell 6 and later have no -Encoding Byte. This works in every version: Set-SmimeConfig -SMIMECertificateIssuingCA ([System.IO.File]::ReadAllBytes('C:\\full\\path.sst')).",
		Rules: []string{"e_script_unknown_parameter", "e_script_encoding_byte_core", "w_script_encoding_byte"},
	},
	{
		Title: "Outlook for iOS offers no certificate",
		Text:  "No address of the certificate is the primary SMTP address of the mailbox, or the import kept no identity: the key and its certificate are not tied together, or the PFX was opened in iOS instead of in Outlook. Outlook sees only what was opened from a message in Outlook itself or delivered by Intune.",
		Rules: []string{"e_email_address_mismatch", "e_email_address_missing", "e_pfx_target_cannot_open", "e_pfx_key_certificate_mismatch", "e_pfx_no_private_key"},
	},
	{
		Title: "Mail cannot be encrypted: no certificate for the recipient, or Encrypt is greyed out",
		Text:  "The recipient's certificate is not found, has expired or does not allow encryption. Exchange Online looks for it in the directory, under the address of the recipient, not in the collection; a signed message from the recipient brings it as well.",
		Rules: []string{"e_usage_cannot_encrypt", "w_usage_cannot_encrypt", "e_certificate_expired", "e_email_address_mismatch", "e_eku_without_email_protection"},
	},
	{
		Title: "Mail cannot be signed: no certificate is offered for it",
		Text:  "The key usage of the certificate does not allow signing, its address is not that of the mailbox, or its private key is missing.",
		Rules: []string{"e_usage_cannot_sign", "w_usage_cannot_sign", "e_email_address_mismatch", "e_pfx_no_private_key"},
	},
	{
		Title: "External recipients see an untrusted signature, colleagues do not",
		Text:  "The recipients know neither the root nor the certificates on the way to it. By default OWA sends the certificate of the user alone: Set-SmimeConfig -OWAIncludeCertificateChainWithoutRootCertificate $true sends the others along. A cross-certificate leads older devices to a root that they know.",
		Rules: []string{"w_chain_cross_certificate_missing", "e_chain_cross_certificate_missing", "w_anchor_not_in_apple_store", "w_anchor_not_in_microsoft_store"},
	},
	{
		Title: "Import-IntuneUserPfxCertificate answers 400 Bad Request",
		Text:  "The service does not say why. Likely are a password that is too long for the connector's key or holds characters beyond ASCII, a wrong purpose or padding scheme, and a PFX without a private key.",
		Rules: []string{"e_pfx_password_too_long", "e_pfx_password_not_latin1", "e_pfx_password_beyond_ascii", "w_pfx_password_not_ascii", "e_pfx_no_private_key"},
	},
	{
		Title: "The certificate was imported into Intune and never reaches the device",
		Text:  "Each connector needs the key under the same name; the intended purpose of the record must be that of the profile; and the trusted certificate profiles, root and all intermediates, go to the same groups. The record names the user by UPN.",
		Rules: []string{"n_email_upn_differs", "e_pfx_target_cannot_open", "e_chain_issuer_missing"},
	},
	{
		Title: "Cross-signed certificates: which form belongs in the file",
		Text:  "A CA can have several certificates with one name and one key: one that is self-signed and others, cross-certificates, that older CAs have signed. Each leads to another root. Exchange Online trusts only self-signed certificates of the collection; a cross-certificate needs the root that signed it beside it. Both forms together do no harm and reach the most clients.",
		Rules: []string{"e_chain_cross_certificate_missing", "w_chain_cross_certificate_missing"},
	},
}

// FindSymptoms returns the symptoms that come nearest to what somebody writes, in a
// language of package locale and in words of their own, the best first; none when
// nothing is near.
func FindSymptoms(words string) []Symptom {
	query := grams(words)
	if len(query) == 0 {
		return nil
	}
	type scored struct {
		symptom Symptom
		score   float64
	}
	var list []scored
	for _, s := range allSymptoms() {
		best := 0.0
		for _, phrase := range append([]string{string(s.Title)}, locale.Phrases(s.Title)...) {
			best = max(best, similarity(query, grams(phrase)))
		}
		if best >= minSimilarity {
			list = append(list, scored{s, best})
		}
	}
	// What has a text comes first where two are about as near.
	for i := range list {
		if list[i].symptom.Text == "" {
			list[i].score *= withoutText
		}
	}
	slices.SortStableFunc(list, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	var found []Symptom
	for _, s := range list {
		if s.score >= list[0].score*nearBest && len(found) < maxSymptoms {
			found = append(found, s.symptom)
		}
	}
	return found
}

// allSymptoms returns the symptoms, followed by those that rules name themselves.
func allSymptoms() []Symptom {
	all := Symptoms()
	place := map[say.Text]int{}
	for _, r := range Rules() {
		for _, title := range r.Symptoms {
			i, ok := place[title]
			if !ok {
				i = len(all)
				place[title] = i
				all = append(all, Symptom{Title: title})
			}
			all[i].Rules = append(all[i].Rules, r.Name)
		}
	}
	return all
}

const (
	minSimilarity = 0.34 // of what is asked, found in a phrase
	nearBest      = 0.8  // what is this near to the best is told too
	maxSymptoms   = 3
	withoutText   = 0.85 // of the score of a symptom that explains nothing
)

// grams breaks a text into what is compared: words of letters and digits with a
// weight, long ones cut to their stem, and pairs of characters where Japanese is
// written without spaces.
func grams(text string) map[string]float64 {
	set := map[string]float64{}
	var word []rune
	flush := func() {
		if len(word) == 0 {
			return
		}
		w := string(word)
		word = word[:0]
		if strings.ContainsFunc(w, isCJK) {
			runes := []rune(w)
			for i := range len(runes) - 1 {
				set[string(runes[i:i+2])] = 1
			}
			return
		}
		weight := 1.0
		if slices.Contains(locale.Stopwords(), w) {
			weight = 0.1
		}
		set[stem(w)] = weight
	}
	for _, r := range strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(text, "’", "'"), "n't", "")) {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != 'ー':
			flush()
		case len(word) > 0 && isCJK(word[len(word)-1]) != isCJK(r):
			flush()
			word = append(word, r)
		default:
			word = append(word, r)
		}
	}
	flush()
	return set
}

// stem cuts the endings of English words off that do not change what is meant.
func stem(w string) string {
	for _, ending := range []string{"ing", "ed", "es", "s"} {
		if cut, ok := strings.CutSuffix(w, ending); ok && len(cut) > 3 {
			return cut
		}
	}
	return w
}

func isCJK(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r == 'ー'
}

// similarity says how much of the query is in the phrase, a little less for long
// phrases, which have more words by chance.
func similarity(query, phrase map[string]float64) float64 {
	var shared, asked, offered float64
	for g, weight := range query {
		asked += weight
		if _, ok := phrase[g]; ok {
			shared += weight
		}
	}
	for _, weight := range phrase {
		offered += weight
	}
	return 0.75*shared/asked + 0.25*shared/offered
}
