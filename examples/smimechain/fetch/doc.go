// Package fetch gets the certificates and revocation lists that a certificate
// names, over HTTP: the issuer from the caIssuers addresses of its authority
// information access extension, revocation lists from its CRL distribution
// points (RFC 5280, Sections 4.2.2.1 and 4.2.1.13).
//
// Make a [Client] with [New] and hand it to package chain: the Client itself is
// a [chain.IssuerSource], [Client.Revocation] returns a
// [chain.RevocationChecker].
//
// # What is refused
//
// The addresses come from certificates that anybody can make, so a Client goes
// only where such a certificate may lead it: to http addresses (never https,
// LDAP or files, as RFC 5280, Section 8, advises), without user or password, on
// hosts whose network address is public. That is checked on the address that is
// dialled, so a name that resolves differently the second time gains nothing.
// Any TCP port may be asked for. Cookies are not used, and compressed answers
// are not unpacked. Behind a proxy ([Options.Proxy]) the address that is dialled
// is not seen: there the host of the address is judged, and where its name leads
// here.
//
// # Limits
//
// [MaxRedirects], [MaxAddresses], [MaxAddressLength], [MaxCertificates] and
// [MaxTotalSize] are fixed; time, size and number of requests are in [Options].
// An address is asked once in the life of a Client, whatever the answer.
//
// # What is not checked
//
// Nothing that is fetched is trusted: package chain checks signatures, validity
// and scope as for any other certificate or list. HTTP hides neither which
// certificate is looked at nor when.
package fetch
