// Package smimechain is the guide to the module; it holds no code.
//
// The module answers one question about an S/MIME roll-out before anything is
// uploaded: will it work, and if not, what exactly is missing?
//
//   - [github.com/smimechain/smimechain/sst] reads and writes the Serialized
//     Certificate Store that Exchange Online takes as its virtual certificate
//     collection.
//   - [github.com/smimechain/smimechain/pkcs12] inspects PFX files.
//   - [github.com/smimechain/smimechain/chain] finds every path through
//     cross-signed CAs and says why the others fail.
//   - [github.com/smimechain/smimechain/lint] checks certificates and whole
//     collections and gives a verdict for each target.
//
// The command is in examples/smimechain.
package smimechain
