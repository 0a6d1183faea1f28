// Package sst reads and writes the Microsoft Serialized Certificate Store: the
// .sst files that certutil, Export-Certificate and CertSaveStore write, and
// that Exchange takes as its virtual certificate collection (Set-SmimeConfig
// -SMIMECertificateIssuingCA).
//
// # What to call first
//
// [Parse] reads a store held in memory, as bytes or as the base64 text of it.
// [NewReader] goes through a store of any size, element by element, with
// little memory. [ParseElement] reads the form without a header: .NET's
// SerializedCert, the Blob values of the registry and the files under
// SystemCertificates\My\Certificates. [ParseRegistryExport] finds such values
// in the text that "reg export" writes.
//
// [New] makes a store of certificates, [Store.Clean] the collection that may be
// published. [Store.Marshal] writes any.
//
// # The format
//
// A store is a header, elements, and an end marker. An element is a
// certificate, a CRL or a CTL with its properties before it. All integers are
// little-endian; nothing is aligned, counted or encrypted (MS-OSHARED,
// Section 2.3.2.5).
//
//	store    = 00000000 43455254, element*, 12 zero bytes
//	element  = property*, context
//	property = uint32 id, uint32 encoding (1), uint32 length, value
//	context  = uint32 32, 33 or 34, uint32 encoding (1), uint32 length, DER
//
// # What is checked
//
// The frame: header, record headers, ids, encoding types, lengths, the end
// marker and that nothing follows it. A property id may occur once in an
// element. A context must not be empty, and when it starts like a DER
// SEQUENCE, nothing may follow that SEQUENCE. Every failure is a [*FormatError]
// with the offset. [Options] names each leniency; what it let through is listed
// by [Store.Faults] and is written back by [Store.Marshal].
//
// # What is not checked
//
// Certificates are not parsed: one that crypto/x509 refuses, or a context that
// is no certificate at all, keeps its bytes in [Element.Raw]. [Element.Check]
// and [Element.Certificate] look closer. Values of properties are not decoded
// until an accessor of [Property] is called. Stored hashes are never used for
// anything; [Element.VerifyHashes] compares them. No signature, no validity
// and no chain is judged, except that [Store.Clean] drops what is expired at
// the time it is given.
//
// # Private keys
//
// A store does not hold private keys in the clear, but its properties can hold
// a wrapped key, name one, or make Windows act: see [PropID.Class]. New
// and Clean leave those out unless told otherwise. Marshal writes whatever it is
// given.
//
// # Limits
//
// The caps of [Options] bound the size of an input, of a value and the number
// of elements and properties. Nothing is allocated from a length that the file
// claims before the bytes were seen to be there. The results of Parse alias its
// input, which must not change while they are in use. Nothing in the package
// reads the clock, files, the environment or the network. Functions may be
// called concurrently; a Store may be read, but not changed, from several
// goroutines.
package sst
