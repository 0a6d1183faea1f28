// Package table is the file that the catalogue of CAs is in: records of fixed length,
// and texts that they point at. [Open] reads nothing but the header; a record, and a text
// of it, is decoded when it is asked for. [File.Encode] writes one.
//
// The file, integers big endian:
//
//	magic      8 octets "smimecas"
//	version    u16, 1
//	length     u16 of one record
//	sections   5 times offset u32, length u32
//	               0  texts, of which every sixteenth is whole
//	               1  offsets into section 0, u32 for every sixteenth text
//	               2  records, sorted by SHA-256
//	               3  index of names, 4 of key identifiers:
//	                  u32 code, u16 number of the record, sorted
//	notes      u16 how many, then u16 number of a text for each
//
// Texts are sorted octet strings without repetition: names with the first RDN first, keys,
// key identifiers, addresses, sentences. A text is
//
//	shared     uvarint octets shared with the one before, not for every sixteenth
//	length     uvarint of the rest
//	rest
//
// A record is
//
//	sha256     32 octets
//	sha1       20
//	notBefore  i40 seconds since 1970
//	notAfter   i40
//	kind       u8
//	advice     u8
//	path       u8 path length, 255 for none
//	flags      u8, 1: weak signature
//	fields     u16 number of a text for each [Field]; number 0 is the empty text
//
// The code is the FNV-1a hash of 32 bits of a key identifier or a folded name. What an
// index points at is always compared.
//
// A damaged file makes [Open] fail, or records not be found; it makes nothing panic.
package table
