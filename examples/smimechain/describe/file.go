package describe

import (
	"strings"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/pkcs12"
	"github.com/smimechain/smimechain/sst"
)

// FileVersion is the version of the document [File]. It is another one when a name in
// it is gone or has a new meaning; new names do not change it.
const FileVersion = 1

// language is that of the texts in documents.
const language = "en"

// File is what the command show writes of one file as JSON: what is in a PFX and who
// can open it, or the elements of any other file. [NewFile] makes it. The inspection of
// a PFX is the only part that encoding/json does not read back.
type File struct {
	Version int    `json:"document_version"` // FileVersion: a PFX has a version of its own
	Lang    string `json:"lang"`             // of texts: en
	Name    string `json:"name"`
	Format  string `json:"format"` // as bundle.Format is written
	*PFX           // of a PFX alone; its fields stand beside Name and Format
	// Elements are nil of a PFX. Those of a store are in the order of the file, of
	// others there are first the certificates, then the revocation lists, the private
	// keys and the rest, each in the order of the file.
	Elements []Element `json:"elements,omitzero"`
	// Messages are the mails of a file in their order, each before those inside it, with
	// what is seen of S/MIME.
	Messages []Message `json:"messages,omitempty"`
	// Inside are the identities in a profile, in the order of its payloads.
	Inside []*PFX `json:"inside,omitempty"`
}

// PFX is the inspection of a PFX, and which programs can open it.
type PFX struct {
	*pkcs12.Inspection
	Compatible []pkcs12.Compatibility `json:"compatible"` // of the targets of pkcs12.Importers, in their order
}

// NewFile describes a file. It shares memory with it.
func NewFile(f *bundle.File) *File {
	d := &File{Version: FileVersion, Lang: language, Name: f.Name, Format: f.Format.String(), Messages: describeMessages(f.Messages)}
	switch {
	case f.PFX != nil:
		d.PFX = newPFX(f.PFX)
	case f.Format == bundle.SST && f.Store != nil:
		d.Elements = storeElements(f.Store)
	default:
		d.Elements = fileElements(f)
	}
	if f.Profile != nil {
		for i := range f.Profile.Payloads {
			if report := f.Profile.Payloads[i].PFX; report != nil {
				d.Inside = append(d.Inside, newPFX(report))
			}
		}
	}
	return d
}

func newPFX(r *pkcs12.Inspection) *PFX {
	d := &PFX{Inspection: r}
	for _, t := range pkcs12.Importers() {
		d.Compatible = append(d.Compatible, r.Compatible(t.Importer))
	}
	return d
}

func storeElements(s *sst.Store) []Element {
	list := []Element{}
	for i := range s.Elements {
		list = append(list, NewElement(&s.Elements[i]))
	}
	return list
}

func fileElements(f *bundle.File) []Element {
	list := []Element{}
	for i := range f.Certificates {
		list = append(list, certificateElement(&f.Certificates[i]))
	}
	for _, l := range f.CRLs {
		list = append(list, listElement(l.Raw, l.Offset, nil))
	}
	for _, k := range f.Keys {
		list = append(list, Element{Kind: strings.ToLower(k.Kind), Offset: k.Offset})
	}
	for _, i := range f.Ignored {
		list = append(list, Element{Kind: strings.ToLower(i.Kind.String()), Offset: i.Offset})
	}
	return list
}
