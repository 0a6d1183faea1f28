// Package chain finds every path from a certificate to its anchors, through
// any cross-signing, and says why the others fail.
package chain
