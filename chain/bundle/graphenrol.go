package bundle

import (
	"encoding/json"
	"slices"
	"strings"
)

// emailProtection is the extended key usage of S/MIME (RFC 5280, Section 4.2.1.12).
const emailProtection = "1.3.6.1.5.5.7.3.4"

// GraphEnrolment is what a profile says of the certificates that devices ask a CA for,
// by SCEP or as PKCS certificates.
type GraphEnrolment struct {
	Usages []string // keyUsage, as written; nil where it is not said
	OIDs   []string // of extendedKeyUsages; nil where the CA decides

	// Names says that the profile tells which names to ask for; Address that an
	// address is among them, or may be.
	Names, Address bool
}

// Mail reports whether the profile asks for certificates for S/MIME.
func (e *GraphEnrolment) Mail() bool { return slices.Contains(e.OIDs, emailProtection) }

// subjectAddress is an address in the form of a subject.
var subjectAddress = pattern(`(?i)(?:^|[,+;]\s*)(?:E|emailAddress)\s*=|\{\{\s*(?:EmailAddress|mail)`)

func graphEnrolment(o graphValues) *GraphEnrolment {
	e := new(GraphEnrolment)
	e.Usages, _ = enumWords(o["keyusage"])
	var usages []struct{ ObjectIdentifier string }
	if json.Unmarshal(o["extendedkeyusages"], &usages) == nil {
		for _, u := range usages {
			if u.ObjectIdentifier != "" {
				e.OIDs = append(e.OIDs, u.ObjectIdentifier)
			}
		}
	}
	words, known := enumWords(o["subjectalternativenametype"])
	unsure := !known && !isNull(o["subjectalternativenametype"])
	for _, list := range []string{"customsubjectalternativenames", "subjectalternativenameformats"} {
		var names []struct{ SanType json.RawMessage }
		if json.Unmarshal(o[list], &names) != nil || names == nil {
			continue
		}
		known = true
		for _, n := range names {
			kind, ok := enumWords(n.SanType)
			unsure = unsure || !ok
			words = append(words, kind...)
		}
	}
	format := jsonText(o["subjectalternativenameformatstring"])
	subject := jsonText(o["subjectnameformat"]) + "," + jsonText(o["subjectnameformatstring"])
	e.Names = known || format != ""
	e.Address = unsure || strings.Contains(strings.ToLower(format), "mail") || subjectAddress().MatchString(subject) ||
		strings.Contains(strings.ToLower(subject), "email") ||
		slices.ContainsFunc(words, func(w string) bool {
			return strings.EqualFold(w, "emailAddress") || strings.EqualFold(w, "customAzureADAttribute")
		})
	return e
}

// GraphMail is what a mail profile says about the certificates of S/MIME.
type GraphMail struct {
	Signing    *GraphReference // smimeSigningCertificate; nil where the profile names none
	Encryption *GraphReference // smimeEncryptionCertificate, on iOS alone
}

// GraphReference is another profile that a profile names.
type GraphReference struct {
	ID      string
	Type    string // @odata.type, where the other profile stands in this one
	Purpose string // its intendedPurpose, likewise
}

// bound is the id in an address that binds a profile to another.
var bound = pattern(`(?i)/deviceConfigurations(?:\(['"]?|/)([0-9a-z_-]+)`)

func graphMail(o graphValues) *GraphMail {
	return &GraphMail{Signing: graphReference(o, "smimesigningcertificate"), Encryption: graphReference(o, "smimeencryptioncertificate")}
}

func graphReference(o graphValues, property string) *GraphReference {
	if m := bound().FindStringSubmatch(jsonText(o[property+"@odata.bind"])); m != nil {
		return &GraphReference{ID: m[1]}
	}
	// IntuneManagement writes NAME|:|TYPE beside what it exports.
	if _, odata, ok := strings.Cut(jsonText(o["#customref_"+property]), "|:|"); ok {
		return &GraphReference{Type: odata}
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(o[property], &object) != nil || object == nil {
		return nil
	}
	inner := graphValues(lower(object))
	unwrapPrinted(inner)
	return &GraphReference{
		ID: jsonText(inner["id"]), Type: jsonText(inner["@odata.type"]),
		Purpose: new(Graph).enum(inner, "intendedPurpose", &profilePurposes),
	}
}
