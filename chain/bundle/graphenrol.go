package bundle

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/internal/lazyregexp"
)

// subjectAddress is an address in the form of a subject.
var subjectAddress = lazyregexp.New(`(?i)(?:^|[,+;]\s*)(?:E|emailAddress)\s*=|\{\{\s*(?:EmailAddress|mail)`)

func graphEnrolment(o graphValues) *artefact.Enrolment {
	e := new(artefact.Enrolment)
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

// bound is the id in an address that binds a profile to another.
var bound = lazyregexp.New(`(?i)/deviceConfigurations(?:\(['"]?|/)([0-9a-z_-]+)`)

func graphMail(o graphValues) *artefact.Mail {
	return &artefact.Mail{Signing: graphReference(o, "smimesigningcertificate"), Encryption: graphReference(o, "smimeencryptioncertificate")}
}

func graphReference(o graphValues, property string) *artefact.Reference {
	if m := bound().FindStringSubmatch(jsonText(o[property+"@odata.bind"])); m != nil {
		return &artefact.Reference{ID: m[1]}
	}
	// IntuneManagement writes NAME|:|TYPE beside what it exports.
	if _, odata, ok := strings.Cut(jsonText(o["#customref_"+property]), "|:|"); ok {
		return &artefact.Reference{Type: odata}
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(o[property], &object) != nil || object == nil {
		return nil
	}
	inner := graphValues(lower(object))
	unwrapPrinted(inner)
	return &artefact.Reference{
		ID: jsonText(inner["id"]), Type: jsonText(inner["@odata.type"]),
		Purpose: enum(new(artefact.Graph), inner, "intendedPurpose", &profilePurposes),
	}
}
