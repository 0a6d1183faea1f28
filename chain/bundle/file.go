package bundle

import (
	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/internal/powershell"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	"github.com/smimechain/smimechain/sst"
)

// Format is the form a file was recognised as.
type Format uint8

// The formats. A base64 wrapping without the lines of PEM does not count, nor do
// those lines around a PFX: such a file has the format of what is wrapped, and
// [File].Armor tells.
const (
	SST            Format = iota + 1 // Serialized Certificate Store
	SSTElement                       // one element of a store, also a registry Blob
	RegistryFile                     // .reg export of a certificate store
	PEM                              // RFC 7468 text
	DER                              // one certificate, revocation list or key
	PKCS7                            // SignedData: .p7b, .p7c, .p7s
	PFX                              // PKCS #12
	Mail                             // message: .eml
	PrivateKey                       // a private key in a form other than PEM and DER, and nothing else
	Mbox                             // messages of a mail store, one after the other
	OutlookMessage                   // .msg, a compound file
	TNEF                             // winmail.dat
	LDIF                             // entries of a directory
	VCard                            // cards of a directory or address book: .vcf
	PKIPath                          // PkiPath: a sequence of certificates
	Archive                          // ZIP, tar or gzip, whose files are in Files
)

// String returns the word that reports use for the format.
func (f Format) String() string {
	switch f {
	case SST:
		return "sst"
	case SSTElement:
		return "sst-element"
	case RegistryFile:
		return "reg"
	case PEM:
		return "pem"
	case DER:
		return "der"
	case PKCS7:
		return "p7b"
	case PFX:
		return "pfx"
	case Mail:
		return "eml"
	case PrivateKey:
		return "key"
	case Mbox:
		return "mbox"
	case OutlookMessage:
		return "msg"
	case TNEF:
		return "tnef"
	case LDIF:
		return "ldif"
	case VCard:
		return "vcard"
	case PKIPath:
		return "pkipath"
	case Archive:
		return "archive"
	default:
		return f.artefactName()
	}
}

// MarshalText returns what String returns.
func (f Format) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// File is what one file holds.
type File struct {
	Name         string // as given, or the path of a file that was found in a folder
	Folder       string // the folder given, for a file that was found in it
	Inner        bool   // in an archive or a line: no program finds a file by Name
	Format       Format
	SHA256       [32]byte           // of what was given to Parse; zero for a file that was put together otherwise
	Armor        pkcs7.Armor        // the text around what is binary: base64, or the lines of PEM
	UTF16        bool               // the file is text in UTF-16
	Signed       bool               // a signed message: the certificates are those that its signers sent
	Messages     []MailMessage      // of mail, in file order, each before those inside it; of a mail store those with S/MIME
	Certificates []Certificate      // in file order
	CRLs         []CRL              // in file order
	Keys         []FoundKey         // private keys, by place and kind only
	Ignored      []Ignored          // recognised, but of no use here
	Entries      []DirectoryEntry   // of a directory, where Format is LDIF or VCard
	Files        []*File            // of an archive, those of archives in it too; it has nothing else
	Skipped      []Skipped          // of an archive, with the reasons
	Store        *sst.Store         // the store itself where Format is SST
	PFX          *pkcs12.Inspection // the inspection where Format is PFX
	Password     *PasswordStrength  // what opened a PFX, also one inside; nil where none was given or it is not proven right

	// What the file of a roll-out holds besides certificates and keys, where Format is
	// the one named. It is what the rules of package lint ask for: its types are
	// internal, and their fields may change.
	Script    *powershell.Script  // Script
	Settings  []artefact.Settings // ExchangeJSON
	Graph     []artefact.Graph    // GraphJSON
	Profile   *artefact.Profile   // MobileConfig
	PublicKey *artefact.PublicKey // ConnectorKey
}

// Certificate is one certificate of a file, and where it stands there.
type Certificate struct {
	*chain.Certificate                // never nil; Raw is nil when there is a Fault
	Fault              error          // why not even the octets could be decoded; nil otherwise
	Offset             int64          // of the element or block in the file
	Properties         []sst.Property // of the store element
	Store              string         // the name of the store in a registry export, such as Root or Disallowed; empty elsewhere
	Bag                pkcs12.BagRef  // place in a PFX, which has no offsets
}

// Err returns why the certificate cannot be read, nil if it can.
func (c *Certificate) Err() error {
	if c.Fault != nil {
		return c.Fault
	}
	return c.Certificate.Err()
}

// CRL is one certificate revocation list of a file. It is not decoded;
// chain.NewCRLs takes Raw.
type CRL struct {
	Raw    []byte // DER
	Offset int64  // of the element or block in the file
}

// FoundKey says that a private key was found. It holds no part of the key.
type FoundKey struct {
	Kind   string        // the PEM label, the ASN.1 type, the kind of bag or the form, such as "PRIVATE KEY" or "PVK"
	Offset int64         // of the block in the file, or of what the key is wrapped in
	Bag    pkcs12.BagRef // place in a PFX, which has no offsets, also in one that the file carries; nil elsewhere

	// Doubtful says that the form may hold a private key, and that whether it does
	// cannot be seen: it is encrypted, or cut short.
	Doubtful bool

	// Why says what the file is, if all of it is something that is not read, and what to
	// do: a Java key store, say.
	Why say.Text
}

// String names the key and its place.
func (k FoundKey) String() string { return k.Sentence().String() }

// Sentence returns what String says, to be said in another language.
func (k FoundKey) Sentence() say.Message {
	if k.Why != "" {
		why := k.Why
		k.Why = ""
		return say.Join(k.Sentence(), say.New(why))
	}
	if k.Doubtful && k.Bag != nil {
		return say.New("%s, which may hold a private key", k.Kind)
	}
	if k.Doubtful {
		return say.New("%s at offset %d, which may hold a private key", k.Kind, k.Offset)
	}
	if k.Bag != nil {
		return say.New("%s in bag %s", k.Kind, k.Bag)
	}
	return say.New("%s at offset %d", k.Kind, k.Offset)
}

// Ignored is an item of a file that is neither certificate, revocation list
// nor private key.
type Ignored struct {
	Kind   say.Message // such as "CERTIFICATE REQUEST"
	Offset int64       // of the element or block in the file
}

// Loose reports whether the file is a single certificate, revocation list or
// key rather than a container of several certificates: loose files that are
// given together form one collection.
func (f *File) Loose() bool {
	switch f.Format {
	case DER, SSTElement, PrivateKey:
		return true
	case PEM:
		return len(f.Certificates) <= 1 && !f.IsMessage()
	case GraphJSON:
		return f.single()
	default:
		return false
	}
}

// UnrecognizedError says that a file is in none of the known formats.
type UnrecognizedError struct {
	Name string   // of the file, as given
	Why  say.Text // what the content looks like, and what to do

	text bool // the content is text
}

// Error says what is wrong, and holds no bytes of the input.
func (e *UnrecognizedError) Error() string { return e.Sentence().String() }

// Sentence returns what Error says, to be said in another language.
func (e *UnrecognizedError) Sentence() say.Message {
	return say.New("%s: not a certificate file: %s", e.Name, e.Why)
}

// Reason returns what Error says but for the name.
func (e *UnrecognizedError) Reason() say.Message {
	return say.New("not a certificate file: %s", e.Why)
}

// Foreign reports whether the file is text that nothing connects with certificates: JSON
// of another kind, or text that was not recognised. A folder may hold hundreds of these,
// such as a backup of Intune.
func (e *UnrecognizedError) Foreign() bool {
	return e.Why == whyGraph || e.Why == whyJSON || e.Why == whyUnknown && e.text
}

// at makes a certificate of its octets at an offset.
func (r *reading) at(der []byte, offset int64) Certificate {
	return Certificate{Certificate: r.cache.Certificate(der), Offset: offset}
}

// undecoded is a certificate whose octets could not be decoded.
func undecoded(fault error, offset int64) Certificate {
	return Certificate{Certificate: new(chain.Certificate), Fault: fault, Offset: offset}
}
