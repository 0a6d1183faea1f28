package artefact

import "testing"

// TestForms holds that each form has a word.
func TestForms(t *testing.T) {
	for _, form := range []Form{Body, Read, Printed, Desired} {
		if form.String() == Form(0).String() {
			t.Errorf("form %d has no word", form)
		}
	}
}
