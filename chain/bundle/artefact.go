package bundle

import (
	"bytes"
	"fmt"

	"github.com/smimechain/smimechain/internal/powershell"
	"github.com/smimechain/smimechain/lint/say"
)

// The formats of roll-outs: what administrators run, paste or upload.
const (
	Script       Format = 64 + iota // PowerShell
	ExchangeJSON                    // output of Get-SmimeConfig or Get-MobileDeviceMailboxPolicy, through ConvertTo-Json or otherwise
	GraphJSON                       // objects of Microsoft Graph for Intune, as requests, replies and tools write them
	MobileConfig                    // Apple configuration profile, plain or signed
	ConnectorKey                    // public RSA key of Intune's certificate connector
)

// artefactName returns the word for a format of roll-outs.
func (f Format) artefactName() string {
	switch f {
	case Script:
		return "powershell"
	case ExchangeJSON:
		return "exchange-json"
	case GraphJSON:
		return "graph-json"
	case MobileConfig:
		return "mobileconfig"
	case ConnectorKey:
		return "connector-key"
	default:
		return fmt.Sprintf("Format(%d)", uint8(f))
	}
}

// parseArtefact reads the formats of roll-outs, given as text in UTF-8, and
// reports whether text was one of them.
func (r *reading) parseArtefact(text []byte) (bool, error) {
	trimmed := bytes.TrimSpace(text)
	if len(trimmed) == 0 {
		return false, nil
	}
	// A configuration of Microsoft365DSC is a script by its name too.
	if isDesired(text) {
		if ok, err := r.parseDesired(text); ok || err != nil {
			return ok, err
		}
	}
	if powershell.IsName(r.Name) && bytes.IndexByte(text, 0) < 0 {
		return true, r.parseScript(text)
	}
	if ok, err := r.parseJSONText(trimmed); ok || err != nil {
		return ok, err
	}
	if isProfile(trimmed) {
		return true, r.parseProfile(trimmed, false)
	}
	if isHTTP(trimmed) {
		if ok, err := r.parseHTTP(trimmed); ok || err != nil {
			return ok, err
		}
	}
	if !isMail(trimmed) {
		if ok, err := r.parseExchangeText(text); ok || err != nil {
			return ok, err
		}
	}
	if powershell.Is(text) {
		return true, r.parseScript(text)
	}
	if !isMail(trimmed) {
		return r.parseGraphText(text)
	}
	return false, nil
}

// parseJSONText reads JSON, that in a string of JSON and the octets of a collection, and
// reports whether text was one of them.
func (r *reading) parseJSONText(text []byte) (bool, error) {
	switch text[0] {
	case '{':
		return r.parseJSON(text)
	case '[':
		if ok, err := r.parseJSON(text); ok || err != nil {
			return ok, err
		}
		if data, err := jsonBytes(text); err == nil && bytes.HasPrefix(data, storeHeader) {
			return r.parseBinary(data)
		}
	case '"':
		if inner, ok := quotedJSON(text); ok && (inner[0] == '{' || inner[0] == '[') {
			return r.parseJSON(inner)
		}
	}
	return false, nil
}

// IsArtefact reports whether the file is one of a roll-out rather than of
// certificates alone.
func (f *File) IsArtefact() bool { return f.Format >= Script && f.Format <= ConnectorKey }

// maxScriptSize is how many octets of text a script may have.
const maxScriptSize = 1 << 20

// parseScript reads a script of text in UTF-8.
func (r *reading) parseScript(text []byte) error {
	f := r.File
	if len(text) > maxScriptSize {
		return say.Errorf("%s: script of more than %d bytes: %w", f.Name, maxScriptSize, ErrTooLarge)
	}
	if isPEM(text) { // certificates and keys that stand in the script
		if err := r.parseBlocks(text, func(int, int) error { return nil }); err != nil {
			return err
		}
	}
	f.Format, f.Script = Script, powershell.Read(text)
	return nil
}
