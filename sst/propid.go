package sst

import (
	"strconv"

	"github.com/smimechain/smimechain/lint/say"
)

// String returns the name that wincrypt.h gives the id, such as
// "CERT_KEY_PROV_INFO_PROP_ID", and "CERT_PROP_ID(N)" for an id without a name.
func (id PropID) String() string {
	if int64(id) < int64(len(propTable)) && propTable[id].name != "" {
		return propTable[id].name
	}
	return "CERT_PROP_ID(" + strconv.FormatUint(uint64(id), 10) + ")"
}

// Assigned reports whether wincrypt.h assigns the id to a property.
func (id PropID) Assigned() bool {
	return int64(id) < int64(len(propTable)) && propTable[id].name != ""
}

// Valid reports whether a property of a well-formed store may have the id: it
// is not 0, not above [MaxPropID], and not one of the ids of elements.
func (id PropID) Valid() bool {
	return id != 0 && id <= MaxPropID && !(id >= firstElementID && id <= lastElementID)
}

// Class returns what the property gives away or does. It is 0 for properties
// that are harmless in public, and also for ids without a name, of which
// nothing is known.
func (id PropID) Class() Class {
	if int64(id) < int64(len(propTable)) {
		return propTable[id].class
	}
	return 0
}

// Form returns the layout of the value of the property: which accessor of
// [Property] reads it.
func (id PropID) Form() Form {
	if int64(id) < int64(len(propTable)) {
		return propTable[id].form
	}
	return formOpaque
}

// OID returns the object identifier that stands for the property as an
// attribute in a certificate trust list, in dotted form.
func (id PropID) OID() string {
	return "1.3.6.1.4.1.311.10.11." + strconv.FormatUint(uint64(id), 10)
}

// A Class says why a property may not belong in a public file. A property can
// be of several classes.
type Class uint8

const (
	// KeyMaterial holds a private key, wrapped or not.
	KeyMaterial Class = 1 << iota
	// KeyReference names or finds a private key, a smart card or a PIN, or
	// tells something about one.
	KeyReference
	// processHandle is meaningful only in the process that made it.
	processHandle
	// SideEffect changes what Windows does with the certificate or its keys:
	// hides it, does not check its revocation, deletes a key container.
	SideEffect
	// privateData tells about an enrolment, a machine or a user.
	privateData
	// recomputable can be computed from the certificate or its issuer, and is
	// therefore not to be trusted.
	recomputable
)

// Has reports whether c includes any class of x.
func (c Class) Has(x Class) bool { return c&x != 0 }

// String names the classes, such as "key reference, process handle", and is
// "none" for 0.
func (c Class) String() string { return c.Sentence().String() }

// Sentence returns what String says, to be said in another language.
func (c Class) Sentence() say.Message {
	if c == 0 {
		return say.New("none")
	}
	var names []say.Text
	for i, name := range [...]say.Text{"key material", "key reference", "process handle", "side effect", "private data", "recomputable"} {
		if c&(1<<i) != 0 {
			names = append(names, name)
			c &^= 1 << i
		}
	}
	if c != 0 {
		names = append(names, say.Text("Class("+strconv.Itoa(int(c))+")"))
	}
	return say.List(names...)
}

// MarshalText returns what String returns.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// A Form is the layout of the value of a property.
type Form uint8

const (
	formOpaque      Form = iota // unknown, reserved or a structure of its own
	FormText                    // UTF-16LE with a terminating NUL: [Property.Text]
	FormFileTime                // 8 bytes or none: [Property.Time]
	FormDWORD                   // 4 bytes: [Property.Uint32]
	formFlag                    // presence counts; usually no bytes: [Property.Flag]
	FormHash                    // bytes of a digest: [Property.Hash]
	FormOIDList                 // DER SEQUENCE OF OBJECT IDENTIFIER: [Property.OIDs]
	formDER                     // any other DER value: [Property.DER]
	FormKeyProvider             // serialized CRYPT_KEY_PROV_INFO: [Property.KeyProvInfo]
)

// String names the form.
func (f Form) String() string {
	names := [...]say.Text{"opaque", "text", "file time", "dword", "flag", "hash", "oid list", "der", "key provider"}
	if int(f) < len(names) {
		return string(names[f])
	}
	return "Form(" + strconv.Itoa(int(f)) + ")"
}

// MarshalText returns what String returns.
func (f Form) MarshalText() ([]byte, error) { return []byte(f.String()), nil }
