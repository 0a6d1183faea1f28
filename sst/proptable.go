package sst

// A PropID identifies a property of an element: the CERT_…_PROP_ID values of
// wincrypt.h. Ids 1 to 30 and 64 to 129 are assigned, 31 and 63 are not, 32 to
// 62 identify elements and never a property, 130 to 0x7FFF are reserved, and
// 0x8000 to 0xFFFF belong to applications.
type PropID uint32

// The assigned property ids. The names are those of wincrypt.h without prefix
// and suffix; the header keeps 88 reserved and gives it no name.
const (
	PropKeyProvHandle                    PropID = 1
	PropKeyProvInfo                      PropID = 2
	PropSHA1Hash                         PropID = 3
	PropMD5Hash                          PropID = 4
	PropKeyContext                       PropID = 5
	PropKeySpec                          PropID = 6
	PropIE30Reserved                     PropID = 7
	PropPubKeyHashReserved               PropID = 8
	PropEnhKeyUsage                      PropID = 9
	PropNextUpdateLocation               PropID = 10
	PropFriendlyName                     PropID = 11
	PropPVKFile                          PropID = 12
	PropDescription                      PropID = 13
	PropAccessState                      PropID = 14
	PropSignatureHash                    PropID = 15
	PropSmartCardData                    PropID = 16
	PropEFS                              PropID = 17
	PropFortezzaData                     PropID = 18
	PropArchived                         PropID = 19
	PropKeyIdentifier                    PropID = 20
	PropAutoEnroll                       PropID = 21
	PropPubKeyAlgPara                    PropID = 22
	PropCrossCertDistPoints              PropID = 23
	PropIssuerPublicKeyMD5Hash           PropID = 24
	PropSubjectPublicKeyMD5Hash          PropID = 25
	PropEnrollment                       PropID = 26
	PropDateStamp                        PropID = 27
	PropIssuerSerialNumberMD5Hash        PropID = 28
	PropSubjectNameMD5Hash               PropID = 29
	PropExtendedErrorInfo                PropID = 30
	PropRenewal                          PropID = 64
	PropArchivedKeyHash                  PropID = 65
	PropAutoEnrollRetry                  PropID = 66
	PropAIAURLRetrieved                  PropID = 67
	PropAuthorityInfoAccess              PropID = 68
	PropBackedUp                         PropID = 69
	PropOCSPResponse                     PropID = 70
	PropRequestOriginator                PropID = 71
	PropSourceLocation                   PropID = 72
	PropSourceURL                        PropID = 73
	PropNewKey                           PropID = 74
	PropOCSPCachePrefix                  PropID = 75
	PropSmartCardRootInfo                PropID = 76
	PropNoAutoExpireCheck                PropID = 77
	PropNCryptKeyHandle                  PropID = 78
	PropHCryptProvOrNCryptKeyHandle      PropID = 79
	PropSubjectInfoAccess                PropID = 80
	PropCAOCSPAuthorityInfoAccess        PropID = 81
	PropCADisableCRL                     PropID = 82
	PropRootProgramCertPolicies          PropID = 83
	PropRootProgramNameConstraints       PropID = 84
	PropSubjectOCSPAuthorityInfoAccess   PropID = 85
	PropSubjectDisableCRL                PropID = 86
	PropCEP                              PropID = 87
	PropReserved88                       PropID = 88
	PropSignHashCNGAlg                   PropID = 89
	PropSCardPINID                       PropID = 90
	PropSCardPINInfo                     PropID = 91
	PropSubjectPubKeyBitLength           PropID = 92
	PropPubKeyCNGAlgBitLength            PropID = 93
	PropIssuerPubKeyBitLength            PropID = 94
	PropIssuerChainSignHashCNGAlg        PropID = 95
	PropIssuerChainPubKeyCNGAlgBitLength PropID = 96
	PropNoExpireNotification             PropID = 97
	PropAuthRootSHA256Hash               PropID = 98
	PropNCryptKeyHandleTransfer          PropID = 99
	PropHCryptProvTransfer               PropID = 100
	PropSmartCardReader                  PropID = 101
	PropSendAsTrustedIssuer              PropID = 102
	PropKeyRepairAttempted               PropID = 103
	PropDisallowedFileTime               PropID = 104
	PropRootProgramChainPolicies         PropID = 105
	PropSmartCardReaderNonRemovable      PropID = 106
	PropSHA256Hash                       PropID = 107
	PropSCEPServerCerts                  PropID = 108
	PropSCEPRASignatureCert              PropID = 109
	PropSCEPRAEncryptionCert             PropID = 110
	PropSCEPCACert                       PropID = 111
	PropSCEPSignerCert                   PropID = 112
	PropSCEPNonce                        PropID = 113
	PropSCEPEncryptHashCNGAlg            PropID = 114
	PropSCEPFlags                        PropID = 115
	PropSCEPGUID                         PropID = 116
	PropSerializableKeyContext           PropID = 117
	PropIsolatedKey                      PropID = 118
	PropSerialChain                      PropID = 119
	PropKeyClassification                PropID = 120
	PropOCSPMustStaple                   PropID = 121
	PropDisallowedEnhKeyUsage            PropID = 122
	PropNoncompliantRootURL              PropID = 123
	PropPINSHA256Hash                    PropID = 124
	PropCLRDeleteKey                     PropID = 125
	PropNotBeforeFileTime                PropID = 126
	PropNotBeforeEnhKeyUsage             PropID = 127
	PropDisallowedCAFileTime             PropID = 128
	PropSHA1SHA256Hash                   PropID = 129
)

// MaxPropID is the largest id that a property may have (MS-OSHARED, Section
// 2.3.2.5.2).
const MaxPropID PropID = 0xFFFF

// The ids that no property may have, because they identify elements.
const (
	firstElementID = 32
	lastElementID  = 62
)

type propInfo struct {
	name  string
	class Class
	form  Form
}

// propTable holds what is known about each assigned id. Ids without a name are
// unassigned.
var propTable = [130]propInfo{
	PropKeyProvHandle:                    {"CERT_KEY_PROV_HANDLE_PROP_ID", processHandle, formOpaque},
	PropKeyProvInfo:                      {"CERT_KEY_PROV_INFO_PROP_ID", KeyReference, FormKeyProvider},
	PropSHA1Hash:                         {"CERT_SHA1_HASH_PROP_ID", recomputable, FormHash},
	PropMD5Hash:                          {"CERT_MD5_HASH_PROP_ID", recomputable, FormHash},
	PropKeyContext:                       {"CERT_KEY_CONTEXT_PROP_ID", processHandle, formOpaque},
	PropKeySpec:                          {"CERT_KEY_SPEC_PROP_ID", processHandle | KeyReference, FormDWORD},
	PropIE30Reserved:                     {"CERT_IE30_RESERVED_PROP_ID", 0, formOpaque},
	PropPubKeyHashReserved:               {"CERT_PUBKEY_HASH_RESERVED_PROP_ID", recomputable, FormHash},
	PropEnhKeyUsage:                      {"CERT_ENHKEY_USAGE_PROP_ID", 0, FormOIDList},
	PropNextUpdateLocation:               {"CERT_NEXT_UPDATE_LOCATION_PROP_ID", 0, formDER},
	PropFriendlyName:                     {"CERT_FRIENDLY_NAME_PROP_ID", 0, FormText},
	PropPVKFile:                          {"CERT_PVK_FILE_PROP_ID", KeyReference, FormText},
	PropDescription:                      {"CERT_DESCRIPTION_PROP_ID", 0, FormText},
	PropAccessState:                      {"CERT_ACCESS_STATE_PROP_ID", processHandle, FormDWORD},
	PropSignatureHash:                    {"CERT_SIGNATURE_HASH_PROP_ID", recomputable, FormHash},
	PropSmartCardData:                    {"CERT_SMART_CARD_DATA_PROP_ID", KeyReference, formOpaque},
	PropEFS:                              {"CERT_EFS_PROP_ID", KeyReference, formOpaque},
	PropFortezzaData:                     {"CERT_FORTEZZA_DATA_PROP_ID", KeyReference, formOpaque},
	PropArchived:                         {"CERT_ARCHIVED_PROP_ID", SideEffect, formFlag},
	PropKeyIdentifier:                    {"CERT_KEY_IDENTIFIER_PROP_ID", recomputable, FormHash},
	PropAutoEnroll:                       {"CERT_AUTO_ENROLL_PROP_ID", privateData, FormText},
	PropPubKeyAlgPara:                    {"CERT_PUBKEY_ALG_PARA_PROP_ID", recomputable, formDER},
	PropCrossCertDistPoints:              {"CERT_CROSS_CERT_DIST_POINTS_PROP_ID", 0, formDER},
	PropIssuerPublicKeyMD5Hash:           {"CERT_ISSUER_PUBLIC_KEY_MD5_HASH_PROP_ID", recomputable, FormHash},
	PropSubjectPublicKeyMD5Hash:          {"CERT_SUBJECT_PUBLIC_KEY_MD5_HASH_PROP_ID", recomputable, FormHash},
	PropEnrollment:                       {"CERT_ENROLLMENT_PROP_ID", privateData, formOpaque},
	PropDateStamp:                        {"CERT_DATE_STAMP_PROP_ID", privateData, FormFileTime},
	PropIssuerSerialNumberMD5Hash:        {"CERT_ISSUER_SERIAL_NUMBER_MD5_HASH_PROP_ID", recomputable, FormHash},
	PropSubjectNameMD5Hash:               {"CERT_SUBJECT_NAME_MD5_HASH_PROP_ID", recomputable, FormHash},
	PropExtendedErrorInfo:                {"CERT_EXTENDED_ERROR_INFO_PROP_ID", 0, FormText},
	PropRenewal:                          {"CERT_RENEWAL_PROP_ID", privateData, FormHash},
	PropArchivedKeyHash:                  {"CERT_ARCHIVED_KEY_HASH_PROP_ID", KeyReference, FormHash},
	PropAutoEnrollRetry:                  {"CERT_AUTO_ENROLL_RETRY_PROP_ID", privateData, formOpaque},
	PropAIAURLRetrieved:                  {"CERT_AIA_URL_RETRIEVED_PROP_ID", 0, formOpaque},
	PropAuthorityInfoAccess:              {"CERT_AUTHORITY_INFO_ACCESS_PROP_ID", 0, formDER},
	PropBackedUp:                         {"CERT_BACKED_UP_PROP_ID", KeyReference, formOpaque},
	PropOCSPResponse:                     {"CERT_OCSP_RESPONSE_PROP_ID", 0, formDER},
	PropRequestOriginator:                {"CERT_REQUEST_ORIGINATOR_PROP_ID", privateData, FormText},
	PropSourceLocation:                   {"CERT_SOURCE_LOCATION_PROP_ID", privateData, FormText},
	PropSourceURL:                        {"CERT_SOURCE_URL_PROP_ID", privateData, FormText},
	PropNewKey:                           {"CERT_NEW_KEY_PROP_ID", KeyReference, formOpaque},
	PropOCSPCachePrefix:                  {"CERT_OCSP_CACHE_PREFIX_PROP_ID", 0, FormText},
	PropSmartCardRootInfo:                {"CERT_SMART_CARD_ROOT_INFO_PROP_ID", KeyReference, formOpaque},
	PropNoAutoExpireCheck:                {"CERT_NO_AUTO_EXPIRE_CHECK_PROP_ID", 0, formFlag},
	PropNCryptKeyHandle:                  {"CERT_NCRYPT_KEY_HANDLE_PROP_ID", processHandle, formOpaque},
	PropHCryptProvOrNCryptKeyHandle:      {"CERT_HCRYPTPROV_OR_NCRYPT_KEY_HANDLE_PROP_ID", processHandle, formOpaque},
	PropSubjectInfoAccess:                {"CERT_SUBJECT_INFO_ACCESS_PROP_ID", 0, formDER},
	PropCAOCSPAuthorityInfoAccess:        {"CERT_CA_OCSP_AUTHORITY_INFO_ACCESS_PROP_ID", 0, formDER},
	PropCADisableCRL:                     {"CERT_CA_DISABLE_CRL_PROP_ID", SideEffect, formFlag},
	PropRootProgramCertPolicies:          {"CERT_ROOT_PROGRAM_CERT_POLICIES_PROP_ID", 0, formDER},
	PropRootProgramNameConstraints:       {"CERT_ROOT_PROGRAM_NAME_CONSTRAINTS_PROP_ID", 0, formDER},
	PropSubjectOCSPAuthorityInfoAccess:   {"CERT_SUBJECT_OCSP_AUTHORITY_INFO_ACCESS_PROP_ID", 0, formDER},
	PropSubjectDisableCRL:                {"CERT_SUBJECT_DISABLE_CRL_PROP_ID", SideEffect, formFlag},
	PropCEP:                              {"CERT_CEP_PROP_ID", privateData, formOpaque},
	PropReserved88:                       {"CERT_RESERVED_88_PROP_ID", privateData, formOpaque},
	PropSignHashCNGAlg:                   {"CERT_SIGN_HASH_CNG_ALG_PROP_ID", recomputable, FormText},
	PropSCardPINID:                       {"CERT_SCARD_PIN_ID_PROP_ID", KeyReference, formOpaque},
	PropSCardPINInfo:                     {"CERT_SCARD_PIN_INFO_PROP_ID", KeyReference, formOpaque},
	PropSubjectPubKeyBitLength:           {"CERT_SUBJECT_PUB_KEY_BIT_LENGTH_PROP_ID", recomputable, FormDWORD},
	PropPubKeyCNGAlgBitLength:            {"CERT_PUB_KEY_CNG_ALG_BIT_LENGTH_PROP_ID", recomputable, FormText},
	PropIssuerPubKeyBitLength:            {"CERT_ISSUER_PUB_KEY_BIT_LENGTH_PROP_ID", recomputable, FormDWORD},
	PropIssuerChainSignHashCNGAlg:        {"CERT_ISSUER_CHAIN_SIGN_HASH_CNG_ALG_PROP_ID", recomputable, FormText},
	PropIssuerChainPubKeyCNGAlgBitLength: {"CERT_ISSUER_CHAIN_PUB_KEY_CNG_ALG_BIT_LENGTH_PROP_ID", recomputable, FormText},
	PropNoExpireNotification:             {"CERT_NO_EXPIRE_NOTIFICATION_PROP_ID", 0, formFlag},
	PropAuthRootSHA256Hash:               {"CERT_AUTH_ROOT_SHA256_HASH_PROP_ID", recomputable, FormHash},
	PropNCryptKeyHandleTransfer:          {"CERT_NCRYPT_KEY_HANDLE_TRANSFER_PROP_ID", processHandle, formOpaque},
	PropHCryptProvTransfer:               {"CERT_HCRYPTPROV_TRANSFER_PROP_ID", processHandle, formOpaque},
	PropSmartCardReader:                  {"CERT_SMART_CARD_READER_PROP_ID", KeyReference, FormText},
	PropSendAsTrustedIssuer:              {"CERT_SEND_AS_TRUSTED_ISSUER_PROP_ID", 0, formOpaque},
	PropKeyRepairAttempted:               {"CERT_KEY_REPAIR_ATTEMPTED_PROP_ID", KeyReference, FormFileTime},
	PropDisallowedFileTime:               {"CERT_DISALLOWED_FILETIME_PROP_ID", 0, FormFileTime},
	PropRootProgramChainPolicies:         {"CERT_ROOT_PROGRAM_CHAIN_POLICIES_PROP_ID", 0, FormOIDList},
	PropSmartCardReaderNonRemovable:      {"CERT_SMART_CARD_READER_NON_REMOVABLE_PROP_ID", KeyReference, formOpaque},
	PropSHA256Hash:                       {"CERT_SHA256_HASH_PROP_ID", recomputable, FormHash},
	PropSCEPServerCerts:                  {"CERT_SCEP_SERVER_CERTS_PROP_ID", privateData, formDER},
	PropSCEPRASignatureCert:              {"CERT_SCEP_RA_SIGNATURE_CERT_PROP_ID", privateData, FormHash},
	PropSCEPRAEncryptionCert:             {"CERT_SCEP_RA_ENCRYPTION_CERT_PROP_ID", privateData, FormHash},
	PropSCEPCACert:                       {"CERT_SCEP_CA_CERT_PROP_ID", privateData, FormHash},
	PropSCEPSignerCert:                   {"CERT_SCEP_SIGNER_CERT_PROP_ID", privateData, FormHash},
	PropSCEPNonce:                        {"CERT_SCEP_NONCE_PROP_ID", privateData, formOpaque},
	PropSCEPEncryptHashCNGAlg:            {"CERT_SCEP_ENCRYPT_HASH_CNG_ALG_PROP_ID", 0, FormText},
	PropSCEPFlags:                        {"CERT_SCEP_FLAGS_PROP_ID", 0, FormDWORD},
	PropSCEPGUID:                         {"CERT_SCEP_GUID_PROP_ID", privateData, FormText},
	PropSerializableKeyContext:           {"CERT_SERIALIZABLE_KEY_CONTEXT_PROP_ID", KeyReference | processHandle, formOpaque},
	PropIsolatedKey:                      {"CERT_ISOLATED_KEY_PROP_ID", KeyMaterial, formOpaque},
	PropSerialChain:                      {"CERT_SERIAL_CHAIN_PROP_ID", 0, formOpaque},
	PropKeyClassification:                {"CERT_KEY_CLASSIFICATION_PROP_ID", KeyReference, FormDWORD},
	PropOCSPMustStaple:                   {"CERT_OCSP_MUST_STAPLE_PROP_ID", recomputable, formOpaque},
	PropDisallowedEnhKeyUsage:            {"CERT_DISALLOWED_ENHKEY_USAGE_PROP_ID", 0, FormOIDList},
	PropNoncompliantRootURL:              {"CERT_NONCOMPLIANT_ROOT_URL_PROP_ID", 0, FormText},
	PropPINSHA256Hash:                    {"CERT_PIN_SHA256_HASH_PROP_ID", recomputable, FormHash},
	PropCLRDeleteKey:                     {"CERT_CLR_DELETE_KEY_PROP_ID", SideEffect, formFlag},
	PropNotBeforeFileTime:                {"CERT_NOT_BEFORE_FILETIME_PROP_ID", 0, FormFileTime},
	PropNotBeforeEnhKeyUsage:             {"CERT_NOT_BEFORE_ENHKEY_USAGE_PROP_ID", 0, FormOIDList},
	PropDisallowedCAFileTime:             {"CERT_DISALLOWED_CA_FILETIME_PROP_ID", 0, FormFileTime},
	PropSHA1SHA256Hash:                   {"CERT_SHA1_SHA256_HASH_PROP_ID", recomputable, FormHash},
}
