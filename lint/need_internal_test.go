package lint

import (
	"reflect"
	"slices"
	"testing"
)

// TestRows holds that a row leaves nothing empty but what it may: who takes a
// collection reads no PFX, and what no file shows is not said of all.
func TestRows(t *testing.T) {
	kinds := []SubjectKind{kindCollection, kindIdentity, kindCertificate, kindMessage, kindArtefact}
	for i := range rows {
		r := &rows[i]
		v := reflect.ValueOf(*r)
		for j := range v.NumField() {
			name := v.Type().Field(j).Name
			switch v.Field(j).Kind() {
			case reflect.Bool, reflect.Struct:
				continue // false says something
			}
			collects := slices.Contains([]string{"readers", "oldest", "programme"}, name) && r.collects ||
				name == "programme" && slices.Contains(outlookMobile, r.target) || // go by the collection of the tenant
				slices.Contains([]string{"readers", "oldest"}, name) && r.unpublished // its maker says as little of what it imports
			if v.Field(j).IsZero() && !collects {
				t.Errorf("%s: the field %s is empty", r.target, name)
			}
		}
		for _, k := range kinds {
			needs := r.needs[k]
			if len(needs) == 0 {
				t.Errorf("%s: no needs of a %s", r.target, k)
			}
			for _, n := range needs {
				if n.Sentence().String() == string(n) && n != needTaken && n.Sentence().Format == "%s" {
					t.Errorf("%s: the need %s has no word", r.target, n)
				}
			}
		}
		if len(r.needs) != len(kinds) {
			t.Errorf("%s: needs of %d kinds, want %d", r.target, len(r.needs), len(kinds))
		}
	}
}

// TestRulesOfNeeds holds that each rule that can refute is about a need of each target
// that it speaks of.
func TestRulesOfNeeds(t *testing.T) {
	for _, r := range Rules() {
		if r.Status() < Error {
			continue
		}
		targets := r.Targets
		if len(targets) == 0 {
			targets = Targets()
		}
		for _, target := range targets {
			found := false
			for _, needs := range target.row().needs {
				found = found || slices.Contains(needs, r.need())
			}
			if !found {
				t.Errorf("%s: %s needs nothing of what it is about, %s", r.Name, target, r.need())
			}
		}
	}
}
