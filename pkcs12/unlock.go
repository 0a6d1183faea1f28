package pkcs12

import (
	"context"
	"errors"
	"slices"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/internal/ber"
)

// A tally counts what the password opened.
type tally struct {
	opened  int // with the password
	other   int // with the key password
	damaged int // of these, not intact
	failed  int
	untried int // unsupported, over a limit or malformed
}

// emptyFits reports whether the MAC is that of an empty password.
func (in *inspector) emptyFits() bool {
	if in.mac == nil || in.report.MAC.Err != nil {
		return false
	}
	for _, s := range secrets("") {
		if ok, _ := in.mac.verify(&in.deriver, &s); ok {
			return true
		}
	}
	return false
}

// unlock verifies the MAC, decrypts what the passwords open, and says whether
// the password is right; nil is none.
func (in *inspector) unlock(password, keyPassword *string) error {
	r := in.report
	defer in.forget()
	if password == nil {
		if r.Has(codeSize) || in.protected() {
			return nil
		}
		r.Password.Status = PasswordNotNeeded
		return nil
	}
	candidates := secrets(*password)
	if in.mac != nil && r.MAC.Err == nil {
		if err := in.verifyMAC(candidates); err != nil {
			return err
		}
	}
	own := len(candidates)
	if keyPassword != nil {
		candidates = append(candidates, secrets(*keyPassword)...)
	}
	var t tally
	for i := range r.Safes {
		s := &r.Safes[i]
		at := BagRef{i}
		if s.Encryption != nil {
			if err := in.openSafe(s, at, candidates, own, &t); err != nil {
				return err
			}
		}
		var err error
		walk(at, s.Bags, func(ref BagRef, b *Bag) bool {
			if b.Encryption != nil {
				err = in.openKey(b, ref, candidates, own, &t)
			}
			return err == nil
		})
		if err != nil {
			return err
		}
	}
	in.conclude(&t)
	if r.Password.Status == PasswordWrong || r.Password.Status == passwordUnknown {
		return in.lookForMixUp(*password)
	}
	return nil
}

// forget drops what is not for the report.
func (in *inspector) forget() {
	for i := range in.report.Safes {
		in.report.Safes[i].box = nil
	}
	for _, b := range in.report.Bags() {
		b.box = nil
	}
	for _, key := range in.cache {
		clear(key)
	}
	in.cache = nil
	for _, plain := range in.plains {
		clear(plain)
	}
	in.plains = nil
}

// protected reports whether anything in the file depends on a password.
func (in *inspector) protected() bool {
	if in.report.MAC != nil || in.report.brokenMAC {
		return true
	}
	for i := range in.report.Safes {
		if in.report.Safes[i].Encryption != nil {
			return true
		}
	}
	for _, b := range in.report.Bags() {
		if b.Encryption != nil {
			return true
		}
	}
	return false
}

// interrupted reports whether err comes from the context and ends the
// inspection.
func interrupted(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// verifyMAC tries the candidates in order and puts the right one first.
func (in *inspector) verifyMAC(candidates []secret) error {
	m := in.report.MAC
	for i := range candidates {
		ok, err := in.mac.verify(&in.deriver, &candidates[i])
		if interrupted(err) {
			return err
		}
		if err != nil {
			m.Status, m.Err = statusOf(err), err
			in.explain(say.New("MAC"), nil, err)
			return nil
		}
		if ok {
			m.Status = StatusOK
			in.setVariant(candidates[i].variant)
			candidates[0], candidates[i] = candidates[i], candidates[0]
			return nil
		}
		m.Status = statusFailed
	}
	m.Err = say.Errorf("the MAC does not fit the content")
	return nil
}

// open tries the candidates on a box until one opens it, and puts that one first
// if it is among the first own, which are forms of the password proper.
func (in *inspector) open(box *lockbox, candidates []secret, own int, t *tally) ([]byte, ProtectionStatus, error) {
	for i := range candidates {
		plain, status, err := box.open(&in.deriver, &candidates[i])
		if err != nil {
			t.untried++
			return nil, status, err
		}
		if status == statusFailed {
			continue
		}
		if status == StatusDamaged {
			t.damaged++
		}
		if i >= own {
			t.other++
			return plain, status, nil
		}
		t.opened++
		in.setVariant(candidates[i].variant)
		candidates[0], candidates[i] = candidates[i], candidates[0]
		return plain, status, nil
	}
	t.failed++
	return nil, statusFailed, errNotDecrypted
}

func (in *inspector) setVariant(v Variant) {
	if p := &in.report.Password; p.Variant == variantStandard && v != variantStandard {
		p.Variant = v
		if v != variantNull {
			in.find(codePasswordVariant, severityWarning, nil, "the file was written with the password as %v: other programs will call it wrong", v)
		}
	}
}

var errNotDecrypted = say.Errorf("the password does not decrypt it")

func (in *inspector) openSafe(s *Safe, at BagRef, candidates []secret, own int, t *tally) error {
	if s.box == nil {
		t.untried++
		return nil
	}
	plain, status, err := in.open(s.box, candidates, own, t)
	if interrupted(err) {
		return err
	}
	s.Status, s.Err = status, err
	if err != nil {
		if status != statusFailed {
			in.explain(say.New("encrypted content"), at, err)
		}
		return nil
	}
	// What is inside does not count for the encoding of the file.
	var r *ber.Reader
	if status == StatusDamaged {
		r = ber.NewClipping(plain, nil)
	} else {
		r = ber.New(plain, nil)
	}
	in.plains, in.decrypted, in.torn = append(in.plains, plain), true, status == StatusDamaged
	s.Bags, err = in.parseBags(r, at, 0)
	in.decrypted, in.torn = false, false
	if err != nil {
		s.Err = err
		in.find(codeMalformed, severityError, at, "the decrypted content is damaged: %v", err)
	}
	if err != nil || anyMalformed(s.Bags) {
		s.Status = StatusDamaged
		t.damaged++
	}
	in.explainBags(s.Bags, at)
	return nil
}

// anyMalformed reports whether the encoding inside a bag is broken.
func anyMalformed(bags []Bag) bool {
	var syntax *ber.Error
	return slices.ContainsFunc(bags, func(b Bag) bool {
		return errors.As(b.Err, &syntax) || anyMalformed(b.Bags)
	})
}

func (in *inspector) openKey(b *Bag, at BagRef, candidates []secret, own int, t *tally) error {
	if b.box == nil {
		t.untried++
		return nil
	}
	plain, status, err := in.open(b.box, candidates, own, t)
	if interrupted(err) {
		return err
	}
	b.Status, b.Err = status, err
	if err != nil {
		if status != statusFailed {
			in.explain(say.New("private key"), at, err)
		}
		return nil
	}
	in.setKey(b, plain, at)
	if !in.keepKeys {
		clear(plain)
	}
	return nil
}

// conclude derives the status of the password from what it opened.
func (in *inspector) conclude(t *tally) {
	r := in.report
	p := &r.Password
	mac := StatusPlain
	if r.MAC != nil {
		mac = r.MAC.Status
	}
	right := mac == StatusOK || t.opened > 0
	switch {
	case !in.protected():
		p.Status = PasswordNotNeeded
		if r.Has(codeSize) {
			p.Status = passwordUnknown
		}
	case right && (mac == statusFailed || t.damaged > 0):
		p.Status = passwordRightAltered
	case right && t.failed+t.other > 0:
		p.Status = passwordRightPartly
	case right:
		p.Status = PasswordRight
	case t.failed+t.other > 0:
		p.Status = PasswordWrong
	default:
		p.Status = passwordUnknown
	}
	switch {
	case p.Status.Right() && (r.Missing != 0 || in.restored):
		p.Status = passwordRightAltered
	case p.Status == PasswordWrong && !in.restored && r.Has(codeTextMode):
		p.Status = passwordUnknown // octets were put among what it decrypts
	}
	switch p.Status {
	case passwordRightAltered:
		in.find(codeAltered, severityError, nil, "the password is right, but the file was altered or damaged after it was written")
	case PasswordWrong:
		in.find(codeWrongPassword, severityError, nil, "the password is wrong: it decrypts nothing in the file")
	case passwordRightPartly:
		in.find(codeOtherPassword, severityError, nil, "the password is right, but parts of the file are encrypted under another one")
	case passwordUnknown:
		if mac == statusFailed {
			in.find(codeMACFailed, severityError, nil, "the MAC does not fit: the password is wrong, or the file was altered; nothing else in the file can tell which")
		}
	}
}

// lookForMixUp tells whether a likely confusion explains a wrong password.
func (in *inspector) lookForMixUp(password string) error {
	for _, m := range mixUps(password) {
		s := secrets(m.password)
		ok, err := in.opens(&s[0])
		if interrupted(err) {
			return err
		}
		if ok {
			in.report.Password.MixUp = m.hint
			in.find(codePasswordHint, severityError, nil, "the password would be right %v", m.hint)
			return nil
		}
	}
	return nil
}

// opens reports whether the secret fits the MAC or, without one, any part.
func (in *inspector) opens(s *secret) (bool, error) {
	if m := in.report.MAC; m != nil && m.Status == statusFailed {
		return in.mac.verify(&in.deriver, s)
	}
	try := func(box *lockbox) (bool, error) {
		if box == nil {
			return false, nil
		}
		_, status, err := box.open(&in.deriver, s)
		return status == StatusOK || status == StatusDamaged, err
	}
	for i := range in.report.Safes {
		if ok, err := try(in.report.Safes[i].box); ok || err != nil {
			return ok, err
		}
	}
	for _, b := range in.report.Bags() {
		if ok, err := try(b.box); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}
