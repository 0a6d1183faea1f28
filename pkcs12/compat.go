package pkcs12

// intunePasswordSize is the octets of a password that Intune's import module
// can encrypt with its default: RSA-OAEP with SHA-512 and a key of 2048 bits.
// RFC 8017, Section 7.1.1.
const intunePasswordSize = 2048/8 - 2*64 - 2
