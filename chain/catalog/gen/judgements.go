package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/smimechain/smimechain/lint/say"
)

// judgements is what people say of CAs and no list does. Every one has a source and its
// date. Certificates are named by the start of their SHA-256.
type judgements struct {
	// Advice is for where there is a choice of forms.
	Advice []struct {
		cited
		Certificate string   `json:"sha256"`
		Advice      string   `json:"advice"` // recommended, neutral or leave-out
		Reason      say.Text `json:"reason"`
	} `json:"advice"`
	// Programmes adds to what a list says of a root.
	Programmes []struct {
		cited
		Certificate string `json:"sha256"`
		Subject     string `json:"subject"` // how it starts, with * at the end, in place of a certificate
		Programme   string `json:"programme"`
		Since       string `json:"since"`
		Note        string `json:"note"`
	} `json:"programmes"`
	Revoked []struct {
		cited
		Certificate string   `json:"sha256"`
		Revoked     string   `json:"revoked"` // date
		Reason      say.Text `json:"reason"`
	} `json:"revoked"`
	// Owners are spelled in several ways in the lists.
	Owners []struct {
		Name string   `json:"name"`
		Also []string `json:"also"`
	} `json:"owners"`
	// Hierarchies are those that owners issue under today.
	Hierarchies []struct {
		cited
		Owner   string   `json:"owner"`
		Also    []string `json:"also"` // other names of the owner
		Roots   []string `json:"roots"`
		Issuing []string `json:"issuing"`
		Old     []string `json:"old"`   // the roots that these replace
		Since   string   `json:"since"` // date; empty where the source does not say
	} `json:"hierarchies"`
	// Distrusted are the certificates, of CAs and of users, that a programme holds to be
	// trusted for nothing, by their whole SHA-256: most are in no other list.
	Distrusted struct {
		cited
		By           string   `json:"by"`
		Certificates []string `json:"certificates"`
	} `json:"distrusted"`
}

type cited struct {
	Source string `json:"source"`
	Date   string `json:"date"`
}

func (c cited) check() error {
	if _, err := time.Parse(time.DateOnly, c.Date); err != nil || c.Source == "" {
		return fmt.Errorf("a judgement has no source and date: %+v", c)
	}
	return nil
}

func readJudgements(name string) (*judgements, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	j := new(judgements)
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.DisallowUnknownFields()
	if err := d.Decode(j); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var all []cited
	for _, x := range j.Advice {
		all = append(all, x.cited)
	}
	for _, x := range j.Programmes {
		all = append(all, x.cited)
	}
	for _, x := range j.Revoked {
		all = append(all, x.cited)
	}
	for _, x := range j.Hierarchies {
		all = append(all, x.cited)
	}
	if j.Distrusted.By != "" || len(j.Distrusted.Certificates) > 0 {
		all = append(all, j.Distrusted.cited)
	}
	for _, c := range all {
		if err := c.check(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return j, nil
}
