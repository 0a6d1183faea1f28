// Package pkcs7 reads the certificates and CRLs that PKCS #7 and CMS messages
// carry, and what they sign, and writes messages that carry certificates and CRLs
// alone: the files named .p7b, .p7c and .p7s.
//
// Call [Parse] to read and [New] and [Message.Marshal] to write.
//
// # What is checked
//
// That the input is one SignedData message (RFC 2315, Section 9; RFC 5652,
// Section 5), in DER or BER, in PEM or in bare base64. Every length is checked
// before it is used.
//
// # What is not checked
//
// Signatures: neither those of the message nor those of the certificates. Who
// signed is not told, only how many. Text in UTF-16 is not recognised; package
// chain/bundle converts it. Encrypted messages are refused with an
// [*UnsupportedError].
//
// # Limits
//
// [MaxSize] and [MaxCertificates] bound an input. Memory use is a small multiple
// of the input's size.
package pkcs7
