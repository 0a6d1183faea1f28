// Package pkcs7 reads the certificates and CRLs that PKCS #7 and CMS messages
// carry, and what they sign, and writes messages that carry certificates and CRLs
// alone: the files named .p7b, .p7c and .p7s.
//
// Call [Parse] to read, [SignedData.Verify] to check what was signed, and [New] and
// [SignedData.Marshal] to write; [ParseEncrypted] tells who can open an encrypted message,
// and [Decompress] unpacks a compressed one.
//
// # What is checked
//
// That the input is one SignedData message (RFC 2315, Section 9; RFC 5652,
// Section 5), in DER or BER, in PEM or in bare base64. Every length is checked
// before it is used.
//
// # What is not checked
//
// Parse checks no signature: [SignedData.Verify] checks those of the message, with RSA
// (PKCS #1 v1.5 and PSS), ECDSA and Ed25519. Those of certificates, and whether these are
// valid or may sign, are for package chain. Of the attributes that are signed, the type,
// the digest and the time count; countersignatures and time stamps do not. Nothing is
// decrypted. Text in UTF-16 is not recognised; package chain/bundle converts it.
//
// # Limits
//
// An input may have 64 MiB, 100,000 certificates and revocation lists, 64 signers and
// 10,000 recipients. Memory use is a small multiple of the input's size.
package pkcs7
