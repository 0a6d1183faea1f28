package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/smimechain/smimechain/pkcs12"
	"github.com/smimechain/smimechain/sst"
	"github.com/zmap/zcrypto/x509/revocation/microsoft"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// patience is how long one is given for one file or mesh.
const patience = 5 * time.Second

// pfxFile is a file of the corpus with its password.
type pfxFile struct{ name, password string }

// manifest reads the list of the PFX files in a folder of the corpus.
func (s *settings) manifest(folder string) []pfxFile {
	data, err := os.ReadFile(filepath.Join(s.corpus, folder, "MANIFEST.tsv"))
	if err != nil {
		return nil
	}
	var files []pfxFile
	column := -1
	for line := range strings.Lines(string(data)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if column < 0 {
			for i, f := range fields {
				if f == "password" {
					column = i
				}
			}
			continue
		}
		if len(fields) > column {
			files = append(files, pfxFile{filepath.Join(s.corpus, folder, fields[0]), fields[column]})
		}
	}
	return files
}

// opens counts the PFX files that each opens with the right password.
func (s *settings) opens() error {
	for _, folder := range []string{"pfx", "pfx-keyfile"} {
		files := s.manifest(folder)
		if len(files) == 0 {
			s.answer("opens the PFX files of the corpus", "all", "not asked: there is no corpus at %s", filepath.Join(s.corpus, folder))
			continue
		}
		question := fmt.Sprintf("opens the %d PFX files in %s", len(files), folder)
		var ours, partly, theirs, openssl, altered, slow int
		for _, f := range files {
			data, err := os.ReadFile(f.name)
			if err != nil {
				return err
			}
			r, err := pkcs12.Inspect(data, f.password)
			switch {
			case err != nil:
			case opened(r):
				ours++
				if r.Password.Status == pkcs12.PasswordRightAltered {
					altered++
				}
			case r.Password.Status.Right():
				partly++
			}
			ok, timeout := s.probe("go-pkcs12", f.name, f.password)
			theirs += ok
			slow += timeout
			if s.has("openssl") {
				for _, legacy := range [][]string{nil, {"-legacy"}} {
					if s.opensslOpens(f, legacy...) == nil {
						openssl++
						break
					}
				}
			}
		}
		s.answer(question, "pkcs12", "%d, and says of %d of them that they were altered or damaged; of %d more it says that the password is right and names what is not supported or damaged", ours, altered, partly)
		s.answer(question, "go-pkcs12", "%d; %d did not end within %s", theirs, slow, patience)
		if s.has("openssl") {
			s.answer(question, "openssl pkcs12, with -legacy where that helps", "%d", openssl)
		}
	}
	return nil
}

// opened reports whether everything in a PFX can be seen, and there is something.
func opened(r *pkcs12.Report) bool {
	if s := r.Password.Status; !s.Right() && s != pkcs12.PasswordNotNeeded {
		return false
	}
	bags := 0
	for _, b := range r.Bags() {
		if b.Status != pkcs12.StatusPlain && b.Status != pkcs12.StatusOK {
			return false
		}
		bags++
	}
	for i := range r.Safes {
		if st := r.Safes[i].Status; st != pkcs12.StatusPlain && st != pkcs12.StatusOK {
			return false
		}
	}
	return bags > 0
}

func (s *settings) opensslOpens(f pfxFile, args ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	// Not -noout, which leaves the keys encrypted.
	args = append([]string{"pkcs12", "-in", f.name, "-passin", "pass:" + f.password, "-nodes"}, args...)
	cmd := exec.CommandContext(ctx, "openssl", args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Run(); err != nil {
		return errors.Join(err, errors.New(errs.String()))
	}
	return nil
}

// tells asks whether a wrong password and a damaged file are told apart.
func (s *settings) tells() error {
	const question = "tells a wrong password from a damaged file"
	good, err := identity(gopkcs12.Modern2023.WithIterations(2048))
	if err != nil {
		return err
	}
	damaged := bytes.Clone(good)
	damaged[len(damaged)/2] ^= 1
	var words [2]string
	for i, c := range []struct {
		data     []byte
		password string
	}{{good, "another"}, {damaged, password}} {
		r, err := pkcs12.Inspect(c.data, c.password)
		if err != nil {
			return err
		}
		words[i] = r.Password.Status.String()
	}
	s.answer(question, "pkcs12", "%s: %q and %q", yes(words[0] != words[1]), words[0], words[1])
	_, _, _, wrong := gopkcs12.DecodeChain(good, "another")
	_, _, _, broken := gopkcs12.DecodeChain(damaged, password)
	s.answer(question, "go-pkcs12", "%s: %q and %q", yes(fmt.Sprint(wrong) != fmt.Sprint(broken)), fmt.Sprint(wrong), fmt.Sprint(broken))
	if !s.has("openssl") {
		return nil
	}
	for i, c := range []struct {
		data     []byte
		password string
	}{{good, "another"}, {damaged, password}} {
		name := filepath.Join(s.temp, "tells.p12")
		if err := os.WriteFile(name, c.data, 0o600); err != nil {
			return err
		}
		words[i] = "opened"
		if err := s.opensslOpens(pfxFile{name, c.password}); err != nil {
			_, text, _ := strings.Cut(err.Error(), "\n")
			words[i], _, _ = strings.Cut(text, "\n")
		}
	}
	s.answer(question, "openssl pkcs12", "%s: %q and %q", yes(words[0] != words[1]), words[0], words[1])
	return nil
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// survives gives every store of the corpus, odd ones included, to each reader.
func (s *settings) survives() error {
	const question = "reads stores of the corpus"
	var files []string
	for _, pattern := range []string{"*.sst", "wine/*.sst", "edge/*.sst"} {
		found, err := filepath.Glob(filepath.Join(s.corpus, "sst", pattern))
		if err != nil {
			return err
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		s.answer(question, "all", "not asked: there is no corpus at %s", s.corpus)
		return nil
	}
	var strict, lenient, theirs, slow, agree int
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		_, strictErr := sst.Parse(data)
		strict += count(strictErr)
		_, err = sst.Lenient().Parse(data)
		lenient += count(err)
		ok, timeout := s.probe("zcrypto-store", name, "")
		theirs += ok
		slow += timeout
		if ok == 1 && strictErr == nil {
			agree++
		}
	}
	s.answer(question, "sst", "%d of %d strictly, %d with every leniency; the rest with an error that names the offset", strict, len(files), lenient)
	s.answer(question, "zcrypto", "%d of %d, of which %d are well-formed; %d end in a panic or not at all", theirs, len(files), agree, slow)
	return nil
}

func count(err error) int {
	if err == nil {
		return 1
	}
	return 0
}

// solves asks which meshes each builder finds a path through.
func (s *settings) solves() error {
	builders := []string{"chain", "crypto/x509", "zcrypto"}
	if s.has("openssl") {
		builders = append(builders, "openssl")
	}
	for _, who := range builders {
		var solved []string
		for n := 4; n <= 14; n += 2 {
			if ok, _ := s.probe("mesh-"+who, strconv.Itoa(n), ""); ok == 1 {
				solved = append(solved, strconv.Itoa(n))
			}
		}
		answer := "none"
		if len(solved) > 0 {
			answer = strings.Join(solved, ", ")
		}
		s.answer(fmt.Sprintf("finds a path through meshes of 4, 6 … 14 CAs within %s", patience), who, "%s", answer)
	}
	return nil
}

// probe asks a peer in a process of its own, which may panic, exhaust its memory
// or not end. It returns 1 for a success, and 1 for an end other than an answer.
func (s *settings) probe(args ...string) (ok, abnormal int) {
	self, err := os.Executable()
	if err != nil {
		return 0, 1
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err = exec.CommandContext(ctx, self, append([]string{"-probe"}, args...)...).Run()
	exit, isExit := errors.AsType[*exec.ExitError](err)
	switch {
	case err == nil:
		return 1, 0
	case isExit && exit.ExitCode() == exitNo:
		return 0, 0
	default:
		return 0, 1
	}
}

const exitNo = 3 // of a probe: the peer says no

// probe does one thing and ends.
func probe(args []string) int {
	var err error
	switch what, arg := args[0], args[1]; what {
	case "go-pkcs12":
		var data []byte
		if data, err = os.ReadFile(arg); err == nil {
			if _, _, _, err = gopkcs12.DecodeChain(data, args[2]); err != nil {
				_, err = gopkcs12.DecodeTrustStore(data, args[2])
			}
		}
	case "zcrypto-store":
		var data []byte
		if data, err = os.ReadFile(arg); err == nil {
			_, err = microsoft.Parse(data)
		}
	default:
		err = probeMesh(what, arg)
	}
	if err != nil {
		return exitNo
	}
	return 0
}

func probeMesh(who, size string) error {
	n, err := strconv.Atoi(size)
	if err != nil {
		return err
	}
	p, err := mesh(n)
	if err != nil {
		return err
	}
	switch who {
	case "mesh-chain":
		return p.ours()
	case "mesh-crypto/x509":
		return p.goVerify()
	case "mesh-zcrypto":
		verify, err := p.zcrypto()
		if err != nil {
			return err
		}
		return verify()
	case "mesh-openssl":
		s := &settings{tools: true}
		if s.temp, err = os.MkdirTemp("", "benchmark-*"); err != nil {
			return err
		}
		defer os.RemoveAll(s.temp)
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		return s.opensslVerify(ctx, p)
	default:
		return fmt.Errorf("unknown probe %s", who)
	}
}
