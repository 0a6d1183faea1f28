package bundle

import (
	"fmt"
	"strings"
)

// GraphKind is what an object of Microsoft Graph is for, as far as a roll-out of
// S/MIME touches it, in the words of String.
type GraphKind uint8

// The kinds of objects.
const (
	graphTrusted     GraphKind = iota + 1 // gives devices a trusted certificate
	GraphImported                         // delivers imported PFX files
	graphRecord                           // an imported PFX of one user
	graphMailProfile                      // an account of mail
	GraphSCEP                             // asks a CA for certificates by SCEP
	GraphPKCS                             // asks a CA for certificates through the connector
	graphApp                              // configures an app, such as Outlook
	graphDerived                          // derived credentials of smart cards
)

// String returns the word for the kind.
func (k GraphKind) String() string {
	switch k {
	case graphTrusted:
		return "trusted"
	case GraphImported:
		return "imported-pfx"
	case graphRecord:
		return "user-pfx"
	case graphMailProfile:
		return "mail"
	case GraphSCEP:
		return "scep"
	case GraphPKCS:
		return "pkcs"
	case graphApp:
		return "app"
	case graphDerived:
		return "derived"
	default:
		return fmt.Sprintf("GraphKind(%d)", uint8(k))
	}
}

// MarshalText returns what String returns.
func (k GraphKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// GraphType is a type of Microsoft Graph that a roll-out of S/MIME touches.
type GraphType struct {
	Kind GraphKind
	Name string // what follows #microsoft.graph. in @odata.type
	List string // the last part of the address that objects are created at; empty for one that is only a base
	V1   bool   // version 1.0 of Microsoft Graph knows the type; beta knows all
}

const odataPrefix = "#microsoft.graph."

// configurations is the list of nearly all profiles.
const configurations = "deviceConfigurations"

// graphTypes are the types by what Microsoft's SDKs know, versions 6.10.0 of
// Microsoft.Graph and 1.0.0-preview.81 of @microsoft/msgraph-beta-sdk. A test holds
// them against the list that was taken from these.
var graphTypes = []GraphType{
	{graphTrusted, "androidDeviceOwnerTrustedRootCertificate", configurations, false},
	{graphTrusted, "androidForWorkTrustedRootCertificate", configurations, false},
	{graphTrusted, "androidTrustedRootCertificate", configurations, false},
	{graphTrusted, "androidWorkProfileTrustedRootCertificate", configurations, false},
	{graphTrusted, "aospDeviceOwnerTrustedRootCertificate", configurations, false},
	{graphTrusted, "iosTrustedRootCertificate", configurations, false},
	{graphTrusted, "macOSTrustedRootCertificate", configurations, false},
	{graphTrusted, "windows10XTrustedRootCertificate", "resourceAccessProfiles", false},
	{graphTrusted, "windows81TrustedRootCertificate", configurations, false},
	{graphTrusted, "windowsPhone81TrustedRootCertificate", configurations, false},
	{GraphImported, "androidDeviceOwnerImportedPFXCertificateProfile", configurations, false},
	{GraphImported, "androidForWorkImportedPFXCertificateProfile", configurations, false},
	{GraphImported, "androidImportedPFXCertificateProfile", configurations, false},
	{GraphImported, "iosImportedPFXCertificateProfile", configurations, false},
	{GraphImported, "macOSImportedPFXCertificateProfile", configurations, false},
	{GraphImported, "windows10ImportedPFXCertificateProfile", configurations, false},
	{GraphImported, "windows10PFXImportCertificateProfile", configurations, false},
	{GraphImported, "windowsPhone81ImportedPFXCertificateProfile", configurations, false},
	{graphRecord, "userPFXCertificate", "userPfxCertificates", false},
	{graphMailProfile, "androidEasEmailProfileConfiguration", configurations, false},
	{graphMailProfile, "androidForWorkEasEmailProfileBase", configurations, false},
	{graphMailProfile, "androidForWorkGmailEasConfiguration", configurations, false},
	{graphMailProfile, "androidForWorkNineWorkEasConfiguration", configurations, false},
	{graphMailProfile, "androidWorkProfileEasEmailProfileBase", configurations, false},
	{graphMailProfile, "androidWorkProfileGmailEasConfiguration", configurations, false},
	{graphMailProfile, "androidWorkProfileNineWorkEasConfiguration", configurations, false},
	{graphMailProfile, "easEmailProfileConfigurationBase", configurations, false},
	{graphMailProfile, "iosEasEmailProfileConfiguration", configurations, false},
	{graphMailProfile, "windows10EasEmailProfileConfiguration", configurations, false},
	{graphMailProfile, "windowsPhoneEASEmailProfileConfiguration", configurations, false},
	{GraphSCEP, "androidDeviceOwnerScepCertificateProfile", configurations, false},
	{GraphSCEP, "androidForWorkScepCertificateProfile", configurations, false},
	{GraphSCEP, "androidScepCertificateProfile", configurations, false},
	{GraphSCEP, "androidWorkProfileScepCertificateProfile", configurations, false},
	{GraphSCEP, "aospDeviceOwnerScepCertificateProfile", configurations, false},
	{GraphSCEP, "iosScepCertificateProfile", configurations, false},
	{GraphSCEP, "macOSScepCertificateProfile", configurations, false},
	{GraphSCEP, "windows10XSCEPCertificateProfile", "resourceAccessProfiles", false},
	{GraphSCEP, "windows81SCEPCertificateProfile", configurations, false},
	{GraphSCEP, "windowsPhone81SCEPCertificateProfile", configurations, false},
	{GraphPKCS, "androidDeviceOwnerPkcsCertificateProfile", configurations, false},
	{GraphPKCS, "androidForWorkPkcsCertificateProfile", configurations, false},
	{GraphPKCS, "androidPkcsCertificateProfile", configurations, false},
	{GraphPKCS, "androidWorkProfilePkcsCertificateProfile", configurations, false},
	{GraphPKCS, "aospDeviceOwnerPkcsCertificateProfile", configurations, false},
	{GraphPKCS, "iosPkcsCertificateProfile", configurations, false},
	{GraphPKCS, "macOSPkcsCertificateProfile", configurations, false},
	{GraphPKCS, "windows10PkcsCertificateProfile", configurations, false},
	{graphApp, "androidForWorkMobileAppConfiguration", "mobileAppConfigurations", false},
	{graphApp, "androidManagedStoreAppConfiguration", "mobileAppConfigurations", false},
	{graphApp, "iosMobileAppConfiguration", "mobileAppConfigurations", true},
	{graphApp, "managedAppConfiguration", "", true},
	{graphApp, "managedDeviceMobileAppConfiguration", "mobileAppConfigurations", true},
	{graphApp, "targetedManagedAppConfiguration", "targetedManagedAppConfigurations", true},
	{graphDerived, "androidDeviceOwnerDerivedCredentialAuthenticationConfiguration", configurations, false},
	{graphDerived, "deviceManagementDerivedCredentialSettings", "derivedCredentials", false},
	{graphDerived, "iosDerivedCredentialAuthenticationConfiguration", configurations, false},
}

// graphTypesByName finds a type by its name in lower case.
var graphTypesByName = func() map[string]*GraphType {
	m := map[string]*GraphType{}
	for i := range graphTypes {
		m[strings.ToLower(graphTypes[i].Name)] = &graphTypes[i]
	}
	return m
}()

// FindGraphType returns the type with the name that is in a value of @odata.type, letters
// of either case, with # or without, nil if none is known by it. Whether the value is
// written as Microsoft Graph writes it is not said.
func FindGraphType(odata string) *GraphType {
	name := strings.TrimPrefix(strings.ToLower(odata), "#")
	t := graphTypesByName[strings.TrimPrefix(name, odataPrefix[1:])]
	if t == nil {
		return nil
	}
	known := *t
	return &known
}
