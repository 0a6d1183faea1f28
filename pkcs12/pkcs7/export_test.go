package pkcs7

// What the tests of users' calls compare with.
const (
	KeyTransport = keyTransport
	KeyAgreement = keyAgreement
	Password     = byPassword

	OIDEnveloped     = oidEnveloped
	OIDAuthEnveloped = oidAuthEnveloped
)
