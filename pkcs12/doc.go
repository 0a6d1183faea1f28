// Package pkcs12 shows everything that is in a PFX file (PKCS #12, RFC 7292) and
// says which programs can open it. It is an inspector, not a decoder: it gives
// no private key away.
//
// Call [Inspect] with the password, or [Options.Inspect] without one, and read
// the [Inspection]. [Inspection.Compatible] answers for one [Importer]. [Options.Rewrite]
// writes the same identity in the form that a target can open.
//
// # What is checked
//
// The structure, in DER or BER, down to the attributes of each bag; the MAC, over
// the octets as they are in the file; which of the passwords opens which part;
// which certificate belongs to which private key, by localKeyID, by friendly
// name and by public key, and whether these agree; the issuers that the file
// holds. A wrong password is told from a file that was altered.
//
// An error means that the input is not a PFX. Everything else that is wrong is
// in the inspection: in Status and Err of the part that it concerns, and as an
// [Observation] with a code that does not change.
//
// # What is not checked
//
// Whether certificates are valid, trusted, revoked or fit for a purpose, and the
// signature of a file with public-key integrity. Parts that are encrypted for
// the owner of a certificate are listed, not decrypted. That the private half of
// an RSA key works is not tried; for RSA the factors must give the modulus, for
// other keys the public half is computed from the private one where the standard
// library can.
//
// # Algorithms
//
// Decrypted are the schemes of PKCS #12 and PKCS #5 version 1.5 with RC2, RC4,
// DES and 3DES, and PBES2 with AES-CBC, DES, 3DES and RC2 under PBKDF2 or scrypt.
// MACs and PBKDF2 use MD5, SHA-1, SHA-2 and SHA-3; PBMAC1 is that of RFC 9579.
// Named, but not decrypted, are Camellia, ARIA, SEED, IDEA, Blowfish, CAST5, SM4,
// AES in modes other than CBC, and everything with MD2 or MD4. Where the process
// enforces FIPS 140-3, what that forbids is named only.
//
// # Limits
//
// [Limits] bound sizes, counts, nesting and the iterations of key derivations,
// each of them and all together, before any is run. What is beyond a limit is a
// finding about that part. Within the defaults a file can keep a processor busy
// for some seconds, at a third of a microsecond for an iteration, and memory use
// is a small multiple of the size of the file beside what scrypt may take.
//
// # Concurrency
//
// All functions and methods are safe for concurrent use, as long as nobody
// changes the input or the options meanwhile.
package pkcs12
