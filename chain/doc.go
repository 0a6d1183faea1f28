// Package chain finds every path from a certificate to its anchors, through
// any cross-signing, and says why the others fail.
//
// # What to call first
//
// Make a [Certificate] of each certificate at hand, with [ParseCertificate] or
// [FromX509]; give them, and the anchors, to [NewGraph]; then ask
// [Graph.Build] about each leaf. A graph answers many questions, from many
// goroutines, and checks no signature twice. [Graph.Paths] gives the paths one
// by one. A CA may stand in the place of a leaf: use the [Purpose] with usage
// [Issue].
//
// # What is checked
//
// Nodes of the graph are pairs of subject and public key, edges are
// certificates, so that a cross-certified CA is one node with several ways on.
// Every path without a loop is found, shortest first, in an order that does
// not depend on that of the input. Each is judged by the package's own path
// validation (RFC 5280, Section 6.1; RFC 9618 for policies), and each problem
// cites its clause:
//
//   - signatures (SHA-1 and MD5 are refused below the anchor), validity, CA
//     flag, keyCertSign, path length, unknown critical extensions;
//   - names, compared as Section 7.1 asks and not as octets;
//   - name constraints on directory names, e-mail addresses (of the SAN, of the
//     subject, and SmtpUTF8Mailbox), DNS names, URIs and IP addresses. A host
//     in an e-mail constraint is that host and not its sub-domains;
//   - extended key usage, which every certificate of the path must allow, and
//     key usage of the leaf (RFC 8550);
//   - policies, with the inputs of Section 6.1.1;
//   - revocation, if the caller fills [Options.Revocation], with [CRLs] for
//     instance.
//
// The certificate of an anchor is judged too: its validity period, its
// constraints and its extended key usage (RFC 5937), so an expired root makes a
// rejected path. Its own signature and policies do not count.
//
// Signatures are those of RSA (PKCS #1 v1.5, RSASSA-PSS with the parameters that keys
// and signatures have), of ECDSA on the curves of NIST and the brainpool curves of 256,
// 384 and 512 bits, r1 and t1, and Ed25519. What cannot be checked is named
// ([ErrUnsupportedAlgorithm], [MissUnsupportedAlgorithm]), and never said to be by another
// key: DSA, Ed448, ML-DSA, secp256k1, SM2, explicit curve parameters, MD5, RSA keys of
// less than 1024 bits. An RSA signature over a DigestInfo without NULL verifies.
//
// What path validation does not turn on and some programs refuse all the same stands
// beside the verdict, in [Path.Disputed]: a certificate of which the TBSCertificate can be
// read takes part in paths, whatever RFC 5280 forbids of the rest.
//
// crypto/x509 is the oracle of the tests. It differs on purpose where it is
// stricter or laxer than the standard; the tests hold the list of differences.
// [Options.CrossCheck] asks it as a second judge.
//
// # What is not checked
//
// What an issuer should have done and a relying party need not mind: key
// sizes from 1024 bits on, missing key identifiers. Whether a host name fits: the names
// of the leaf are compared with an e-mail address only. OCSP. The reasons that a
// distribution point of a certificate is limited to. Certificates that cannot be read are
// on no path; they appear among the near misses with the reason.
//
// Where FIPS 140-3 is enforced (GODEBUG=fips140=only), RSA is left to crypto/rsa, and
// SHA-1, brainpool curves and a DigestInfo without NULL are not checked.
//
// # Limits
//
// Every question has budgets, [Limits]. A result that one of them cut short
// says so in [Result.Truncated] and is never returned as if it were whole. Of
// issuers with one name and different keys at most 128 are candidates for one
// certificate, those whose key identifier fits first. Of near misses a dead end
// has at most 32, and says when there are more. Signatures are not
// checked with RSA keys of more than 16384 bits, which count as not supported.
// In one certificate, what goes beyond 256 extensions, 256 attributes of a name
// or 16384 names, constraints or policies makes it malformed.
//
// The package opens no file and no connection and reads no clock. Nothing it
// returns needs to be closed; slices that it returns alias the certificates.
package chain
