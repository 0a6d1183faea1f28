package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/smimechain/smimechain/pkcs12"
	"github.com/smimechain/smimechain/sst"
	"github.com/zmap/zcrypto/x509/revocation/microsoft"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

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

// pfxTools are the programs that are asked to open PFX files: each with a
// command that fails where it cannot, and what has to be known about it.
var pfxTools = []struct {
	program, remark string
	start           time.Duration                           // what is added to the patience
	command         func(s *settings, f pfxFile) [][]string // alternatives
}{
	{"openssl", "pkcs12 -nodes, with -legacy where that helps", 5 * time.Second, func(_ *settings, f pfxFile) [][]string {
		// Not -noout, which leaves the keys encrypted.
		args := []string{"pkcs12", "-in", f.name, "-passin", "pass:" + f.password, "-nodes"}
		return [][]string{args, append(slices.Clip(args), "-legacy")}
	}},
	{"certtool", "--p12-info, which leaves the keys encrypted", 5 * time.Second, func(_ *settings, f pfxFile) [][]string {
		return [][]string{{"--p12-info", "--inder", "--infile", f.name, "--password", f.password}}
	}},
	{"pk12util", "-l, which leaves the keys encrypted", 5 * time.Second, func(s *settings, f pfxFile) [][]string {
		return [][]string{{"-l", f.name, "-W", f.password, "-d", "sql:" + s.temp}}
	}},
	{"keytool", "-list, which leaves the keys encrypted", 15 * time.Second, func(_ *settings, f pfxFile) [][]string {
		return [][]string{{"-list", "-storetype", "PKCS12", "-keystore", f.name, "-storepass", f.password}}
	}},
}

// opens counts the PFX files that each opens with the right password.
func (s *settings) opens() error {
	for _, folder := range []string{"pfx", "pfx-keyfile"} {
		files := s.manifest(folder)
		if len(files) == 0 {
			s.answer("opens the PFX files of the corpus in "+folder, "all", "not asked", noCorpus)
			continue
		}
		question := fmt.Sprintf("opens the %d PFX files of the corpus in %s", len(files), folder)
		var ours, partly, altered int
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
				if r.Has("altered") {
					altered++
				}
			case r.Password.Status.Right():
				partly++
			}
		}
		s.answer(question, us, strconv.Itoa(ours), "of %d of them it says that they were altered or damaged; of %d more that the password is right, and what is not supported or damaged", altered, partly)
		theirs, slow := tally(files, func(f pfxFile) (bool, bool) { return s.probe("go-pkcs12", f.name, f.password) })
		s.answer(question, "go-pkcs12", strconv.Itoa(theirs), "%d end in a panic or not within %s", slow, s.sizes.patience)
		for _, tool := range pfxTools {
			why := s.absent(tool.program)
			if why == "" && tool.program == "keytool" && folder != "pfx" {
				why = "it takes a second for each file"
			}
			if why != "" {
				s.answer(question, tool.program, "not asked", "%s", why)
				continue
			}
			opened, slow := tally(files, func(f pfxFile) (ok, abnormal bool) {
				for _, args := range tool.command(s, f) {
					err := command(s.sizes.patience+tool.start, tool.program, args...)
					if err == nil {
						return true, false
					}
					abnormal = abnormal || errors.Is(err, context.DeadlineExceeded)
				}
				return false, abnormal
			})
			s.answer(question, tool.program, strconv.Itoa(opened), "%s; %d not within %s", tool.remark, slow, s.sizes.patience+tool.start)
		}
	}
	return nil
}

// tally asks about all files, a few at a time.
func tally(files []pfxFile, ask func(pfxFile) (ok, abnormal bool)) (yes, abnormal int) {
	type reply struct{ ok, abnormal bool }
	replies := make(chan reply)
	work := make(chan pfxFile)
	for range runtime.NumCPU() {
		go func() {
			for f := range work {
				ok, abnormal := ask(f)
				replies <- reply{ok, abnormal}
			}
		}()
	}
	go func() {
		for _, f := range files {
			work <- f
		}
		close(work)
	}()
	for range files {
		r := <-replies
		yes += count(r.ok)
		abnormal += count(r.abnormal)
	}
	return yes, abnormal
}

// command runs a program for as long as patience lasts.
func command(patience time.Duration, program string, args ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.WaitDelay = time.Second
	if err := spoken(cmd); ctx.Err() == nil {
		return err
	}
	return ctx.Err()
}

// opened reports whether everything in a PFX can be seen, and there is something.
func opened(r *pkcs12.Inspection) bool {
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

// tells asks whether a wrong password and a damaged file are told apart.
func (s *settings) tells() error {
	const question = "tells a wrong password from a damaged file"
	good, err := identity(gopkcs12.Modern2023.WithIterations(2048))
	if err != nil {
		return err
	}
	damaged := bytes.Clone(good)
	damaged[len(damaged)/2] ^= 1
	cases := [2]struct {
		data     []byte
		password string
	}{{good, "another"}, {damaged, password}}
	say := func(who string, ask func(data []byte, file pfxFile) (string, error)) error {
		var words [2]string
		for i, c := range cases {
			f := pfxFile{filepath.Join(s.temp, "tells.p12"), c.password}
			if err := os.WriteFile(f.name, c.data, 0o600); err != nil {
				return err
			}
			var err error
			if words[i], err = ask(c.data, f); err != nil {
				return err
			}
		}
		s.answer(question, who, yes(words[0] != words[1]), "%q and %q", words[0], words[1])
		return nil
	}
	if err := say(us, func(data []byte, f pfxFile) (string, error) {
		r, err := pkcs12.Inspect(data, f.password)
		if err != nil {
			return "", err
		}
		return r.Password.Status.String(), nil
	}); err != nil {
		return err
	}
	if err := say("go-pkcs12", func(data []byte, f pfxFile) (string, error) {
		_, _, _, err := gopkcs12.DecodeChain(data, f.password)
		return fmt.Sprint(err), nil
	}); err != nil {
		return err
	}
	for _, tool := range pfxTools {
		if why := s.absent(tool.program); why != "" {
			s.answer(question, tool.program, "not asked", "%s", why)
			continue
		}
		if err := say(tool.program, func(_ []byte, f pfxFile) (string, error) {
			if err := command(s.sizes.patience+tool.start, tool.program, tool.command(s, f)[0]...); err != nil {
				return err.Error(), nil
			}
			return "opened", nil
		}); err != nil {
			return err
		}
	}
	return nil
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// survives gives every store of the corpus, odd ones apart, to each reader.
func (s *settings) survives() error {
	w, err := s.newWine()
	if err != nil {
		return err
	}
	for _, kind := range []struct{ what, pattern string }{{"edge stores", "edge/*.sst"}, {"stores of Wine", "wine/*.sst"}, {"other stores", "*.sst"}} {
		files, err := filepath.Glob(filepath.Join(s.corpus, "sst", kind.pattern))
		if err != nil {
			return err
		}
		if len(files) == 0 {
			s.answer("survives the "+kind.what+" of the corpus", "all", "not asked", noCorpus)
			continue
		}
		question := fmt.Sprintf("survives the %d %s of the corpus", len(files), kind.what)
		var strict, lenient, theirs, wined, slow, silent, agree int
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			_, strictErr := sst.Parse(data)
			_, err = sst.Lenient().Parse(data)
			ok, abnormal := s.probe("zcrypto-store", name)
			strict += count(strictErr == nil)
			lenient += count(err == nil)
			theirs += count(ok)
			slow += count(abnormal)
			agree += count(ok && strictErr == nil)
			if w.absent == "" {
				ok, abnormal := w.lists(name)
				wined += count(ok)
				silent += count(abnormal)
			}
		}
		s.answer(question, us, strconv.Itoa(len(files)), "reads %d strictly, %d with every leniency; the rest with an error that names the offset", strict, lenient)
		s.answer(question, "zcrypto", strconv.Itoa(len(files)-slow), "reads %d, of which %d are well-formed; %d end in a panic or not at all", theirs, agree, slow)
		if w.absent != "" {
			s.answer(question, "Wine", "not asked", "%s", w.absent)
		} else {
			s.answer(question, "Wine", strconv.Itoa(len(files)-silent), "opens %d; %d end the program, or not at all", wined, silent)
		}
	}
	return nil
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// solves asks which meshes each builder finds a path through.
func (s *settings) solves() error {
	var sizes []string
	for _, n := range s.sizes.solve {
		sizes = append(sizes, strconv.Itoa(n))
	}
	question := fmt.Sprintf("finds a path through meshes of %s CAs within %s", strings.Join(sizes, ", "), s.sizes.patience)
	for _, builder := range []struct{ who, name string }{{us, "chain"}, {"crypto/x509", "crypto/x509"}, {"zcrypto", "zcrypto"}, {"openssl", "openssl"}} {
		if why := s.absent("openssl"); builder.who == "openssl" && why != "" {
			s.answer(question, builder.who, "not asked", "%s", why)
			continue
		}
		var solved []string
		for _, n := range sizes {
			if ok, _ := s.probe("mesh-"+builder.name, n); ok {
				solved = append(solved, n)
			}
		}
		answer := "none"
		if len(solved) > 0 {
			answer = strings.Join(solved, ", ")
		}
		s.answer(question, builder.who, strconv.Itoa(len(solved)), "%s", answer)
	}
	return nil
}

// probe asks a peer in a process of its own, which may panic, exhaust its memory
// or not end: these are abnormal.
func (s *settings) probe(args ...string) (ok, abnormal bool) {
	self, err := os.Executable()
	if err != nil {
		return false, true
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.sizes.patience)
	defer cancel()
	err = exec.CommandContext(ctx, self, append([]string{"-probe"}, args...)...).Run()
	exit, isExit := errors.AsType[*exec.ExitError](err)
	return err == nil, err != nil && !(isExit && exit.ExitCode() == exitNo)
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
		s := new(settings)
		if s.temp, err = os.MkdirTemp("", "benchmark-*"); err != nil {
			return err
		}
		defer os.RemoveAll(s.temp)
		return s.opensslVerify(context.Background(), p)
	default:
		return fmt.Errorf("unknown probe %s", who)
	}
}
