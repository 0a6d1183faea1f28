// Package msgraph knows the objects of Microsoft Graph that a roll-out of S/MIME touches:
// their types, the addresses they are sent to and how dates are written there.
package msgraph

import (
	"fmt"
	"strings"
)

// Kind is what an object of Microsoft Graph is for, as far as a roll-out of
// S/MIME touches it, in the words of String.
type Kind uint8

// The kinds of objects.
const (
	Trusted     Kind = iota + 1 // gives devices a trusted certificate
	Imported                    // delivers imported PFX files
	Record                      // an imported PFX of one user
	MailProfile                 // an account of mail
	SCEP                        // asks a CA for certificates by SCEP
	PKCS                        // asks a CA for certificates through the connector
	App                         // configures an app, such as Outlook
	Derived                     // derived credentials of smart cards
)

// String returns the word for the kind.
func (k Kind) String() string {
	switch k {
	case Trusted:
		return "trusted"
	case Imported:
		return "imported-pfx"
	case Record:
		return "user-pfx"
	case MailProfile:
		return "mail"
	case SCEP:
		return "scep"
	case PKCS:
		return "pkcs"
	case App:
		return "app"
	case Derived:
		return "derived"
	default:
		return fmt.Sprintf("Kind(%d)", uint8(k))
	}
}

// MarshalText returns what String returns.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Type is a type of Microsoft Graph that a roll-out of S/MIME touches.
type Type struct {
	Kind Kind
	Name string // what follows #microsoft.graph. in @odata.type
	List string // the last part of the address that objects are created at; empty for one that is only a base
	V1   bool   // version 1.0 of Microsoft Graph knows the type; beta knows all
}

// Prefix stands before the name of a type in @odata.type.
const Prefix = "#microsoft.graph."

// configurations is the list of nearly all profiles.
const configurations = "deviceConfigurations"

// types are the types by what Microsoft's SDKs know, versions 6.10.0 of
// Microsoft.Graph and 1.0.0-preview.81 of @microsoft/msgraph-beta-sdk. A test holds
// them against the list that was taken from these.
var types = []Type{
	{Trusted, "androidDeviceOwnerTrustedRootCertificate", configurations, false},
	{Trusted, "androidForWorkTrustedRootCertificate", configurations, false},
	{Trusted, "androidTrustedRootCertificate", configurations, false},
	{Trusted, "androidWorkProfileTrustedRootCertificate", configurations, false},
	{Trusted, "aospDeviceOwnerTrustedRootCertificate", configurations, false},
	{Trusted, "iosTrustedRootCertificate", configurations, false},
	{Trusted, "macOSTrustedRootCertificate", configurations, false},
	{Trusted, "windows10XTrustedRootCertificate", "resourceAccessProfiles", false},
	{Trusted, "windows81TrustedRootCertificate", configurations, false},
	{Trusted, "windowsPhone81TrustedRootCertificate", configurations, false},
	{Imported, "androidDeviceOwnerImportedPFXCertificateProfile", configurations, false},
	{Imported, "androidForWorkImportedPFXCertificateProfile", configurations, false},
	{Imported, "androidImportedPFXCertificateProfile", configurations, false},
	{Imported, "iosImportedPFXCertificateProfile", configurations, false},
	{Imported, "macOSImportedPFXCertificateProfile", configurations, false},
	{Imported, "windows10ImportedPFXCertificateProfile", configurations, false},
	{Imported, "windows10PFXImportCertificateProfile", configurations, false},
	{Imported, "windowsPhone81ImportedPFXCertificateProfile", configurations, false},
	{Record, "userPFXCertificate", "userPfxCertificates", false},
	{MailProfile, "androidEasEmailProfileConfiguration", configurations, false},
	{MailProfile, "androidForWorkEasEmailProfileBase", configurations, false},
	{MailProfile, "androidForWorkGmailEasConfiguration", configurations, false},
	{MailProfile, "androidForWorkNineWorkEasConfiguration", configurations, false},
	{MailProfile, "androidWorkProfileEasEmailProfileBase", configurations, false},
	{MailProfile, "androidWorkProfileGmailEasConfiguration", configurations, false},
	{MailProfile, "androidWorkProfileNineWorkEasConfiguration", configurations, false},
	{MailProfile, "easEmailProfileConfigurationBase", configurations, false},
	{MailProfile, "iosEasEmailProfileConfiguration", configurations, false},
	{MailProfile, "windows10EasEmailProfileConfiguration", configurations, false},
	{MailProfile, "windowsPhoneEASEmailProfileConfiguration", configurations, false},
	{SCEP, "androidDeviceOwnerScepCertificateProfile", configurations, false},
	{SCEP, "androidForWorkScepCertificateProfile", configurations, false},
	{SCEP, "androidScepCertificateProfile", configurations, false},
	{SCEP, "androidWorkProfileScepCertificateProfile", configurations, false},
	{SCEP, "aospDeviceOwnerScepCertificateProfile", configurations, false},
	{SCEP, "iosScepCertificateProfile", configurations, false},
	{SCEP, "macOSScepCertificateProfile", configurations, false},
	{SCEP, "windows10XSCEPCertificateProfile", "resourceAccessProfiles", false},
	{SCEP, "windows81SCEPCertificateProfile", configurations, false},
	{SCEP, "windowsPhone81SCEPCertificateProfile", configurations, false},
	{PKCS, "androidDeviceOwnerPkcsCertificateProfile", configurations, false},
	{PKCS, "androidForWorkPkcsCertificateProfile", configurations, false},
	{PKCS, "androidPkcsCertificateProfile", configurations, false},
	{PKCS, "androidWorkProfilePkcsCertificateProfile", configurations, false},
	{PKCS, "aospDeviceOwnerPkcsCertificateProfile", configurations, false},
	{PKCS, "iosPkcsCertificateProfile", configurations, false},
	{PKCS, "macOSPkcsCertificateProfile", configurations, false},
	{PKCS, "windows10PkcsCertificateProfile", configurations, false},
	{App, "androidForWorkMobileAppConfiguration", "mobileAppConfigurations", false},
	{App, "androidManagedStoreAppConfiguration", "mobileAppConfigurations", false},
	{App, "iosMobileAppConfiguration", "mobileAppConfigurations", true},
	{App, "managedAppConfiguration", "", true},
	{App, "managedDeviceMobileAppConfiguration", "mobileAppConfigurations", true},
	{App, "targetedManagedAppConfiguration", "targetedManagedAppConfigurations", true},
	{Derived, "androidDeviceOwnerDerivedCredentialAuthenticationConfiguration", configurations, false},
	{Derived, "deviceManagementDerivedCredentialSettings", "derivedCredentials", false},
	{Derived, "iosDerivedCredentialAuthenticationConfiguration", configurations, false},
}

// typesByName finds a type by its name in lower case.
var typesByName = func() map[string]*Type {
	m := map[string]*Type{}
	for i := range types {
		m[strings.ToLower(types[i].Name)] = &types[i]
	}
	return m
}()

// Find returns the type with the name that is in a value of @odata.type, letters
// of either case, with # or without, nil if none is known by it. Whether the value is
// written as Microsoft Graph writes it is not said.
func Find(odata string) *Type {
	name := strings.TrimPrefix(strings.ToLower(odata), "#")
	t := typesByName[strings.TrimPrefix(name, Prefix[1:])]
	if t == nil {
		return nil
	}
	known := *t
	return &known
}
