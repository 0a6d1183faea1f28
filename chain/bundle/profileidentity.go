package bundle

import (
	"context"

	"github.com/smimechain/smimechain/internal/textfile"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// A ProfileIdentity is an identity as it stands in a configuration profile. It holds
// secrets: it is for writing the identity anew, and for no report.
type ProfileIdentity struct {
	PFX      []byte
	Password *string // that stands in the profile; nil where the device asks for it
}

// String says nothing of what is inside.
func (ProfileIdentity) String() string { return "bundle.ProfileIdentity" }

// GoString says nothing of what is inside.
func (ProfileIdentity) GoString() string { return "bundle.ProfileIdentity{…}" }

// ProfileIdentities returns the identities in a configuration profile of Apple, signed or
// not, in the order of its payloads; nil without an error where data is no profile. What
// is in an identity is not looked at. A profile without one is an error. The limits are
// those of [Parse].
func ProfileIdentities(ctx context.Context, data []byte) ([]ProfileIdentity, error) {
	if len(data) > maxProfileSize {
		return nil, nil
	}
	text, _ := textfile.UTF8(data)
	if !isProfile(text) {
		m, err := pkcs7.Parse(data)
		if err != nil {
			return nil, nil // no profile at all
		}
		if text, _ = textfile.UTF8(m.Content); !isProfile(text) {
			return nil, nil
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	top, err := parsePropertyList(text)
	if err != nil {
		return nil, err
	}
	content, _ := top["PayloadContent"].([]any)
	if len(content) > maxPayloads {
		return nil, say.Errorf("more than %d payloads: %w", maxPayloads, ErrTooLarge)
	}
	var list []ProfileIdentity
	for _, c := range content {
		values, _ := c.(map[string]any)
		pfx, ok := values["PayloadContent"].([]byte)
		if field[string](values, "PayloadType") != "com.apple.security.pkcs12" || !ok {
			continue
		}
		id := ProfileIdentity{PFX: pfx}
		if password, ok := values["Password"].(string); ok {
			id.Password = &password
		}
		list = append(list, id)
	}
	if list == nil {
		return nil, say.Errorf("the profile holds no identity")
	}
	return list, nil
}
