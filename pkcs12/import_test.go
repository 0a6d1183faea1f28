package pkcs12

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/smimechain/smimechain/testdata/outside"
)

// An imported is what a program made of a file: the private keys that it can use, each
// with a signature made and verified, those that it took and cannot use, and the
// certificates beside them.
type imported struct {
	works, broken, certificates int
	reason                      string // of a failure, in the words of the program
	undecided                   bool   // it did not end
}

func (i imported) String() string {
	return fmt.Sprintf("%d keys work, %d do not, %d certificates: %.160s", i.works, i.broken, i.certificates, i.reason)
}

// An importer is a program that imports PFX files.
type importer struct {
	name    string
	target  Importer
	batch   bool // many files at the price of one
	version func(t *testing.T) string
	// run imports each file into nothing and uses its keys.
	run func(t *testing.T, files []pfxFile) []imported
}

// A pfxFile is a file on the disk.
type pfxFile struct {
	name     string // from the folder of the corpus
	path     string
	password string
}

// fieldPasswords are the files that hold the passwords of those in folders of the
// corpus, the longest name first.
var fieldPasswords = []struct{ prefix, file string }{
	{"field/attack/", "field/attack/password.txt"},
	{"field/exchange/adcs/", "field/exchange/adcs/pw.txt"},
	{"field/exchange/pfx/ja.pfx", "field/exchange/pfx/pw-ja.txt"},
	{"field/exchange/pfx/latin1.pfx", "field/exchange/pfx/pw-latin1.txt"},
	{"field/foreign/brainpool/", "field/foreign/brainpool/pw"},
	{"field/foreign/go-refuses/", "field/foreign/go-refuses/pw"},
	{"field/house/g-latin1-password.pfx", "field/house/g-password.txt"},
	{"field/house/", "field/house/password.txt"},
	{"field/identity/c26-long-password.p12", "field/identity/password-long.txt"},
	{"field/identity/c32-empty-password.p12", ""},
	{"field/identity/", "field/identity/password.txt"},
	{"field/newcomer/pfx/", "field/newcomer/pfx/password.txt"},
	{"field/truth/leaf/", "field/truth/leaf/pw.txt"},
}

// pfxFiles returns the files of the corpus that are a PFX or claim to be one, and
// whose password is known.
func pfxFiles(t testing.TB) []pfxFile {
	t.Helper()
	passwords := make(map[string]string)
	for _, s := range samples(t) {
		passwords[s.dir+"/"+s.name] = s.password
	}
	var files []pfxFile
	for _, row := range manifest(t, "dotnet/dotnet-pfx.tsv") {
		f := pfxFile{name: row["file"], path: outside.Corpus(t, filepath.FromSlash(row["file"]))}
		password, listed := passwords[f.name]
		for _, p := range fieldPasswords {
			if !listed && strings.HasPrefix(f.name, p.prefix) {
				listed = true
				if p.file != "" {
					password = strings.TrimRight(string(outside.Read(t, filepath.FromSlash(p.file))), "\r\n")
				}
			}
		}
		f.password = password
		if listed || strings.HasPrefix(f.name, "field/foreign/") {
			files = append(files, f)
		}
	}
	return files
}

// inParallel calls f for each number below n, two at a time.
func inParallel(n int, f func(worker, i int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for worker := range 2 {
		wg.Go(func() {
			for i := range next {
				f(worker, i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

// importTime is how long a program may take for a file.
const importTime = 8 * time.Second

// call runs a program and returns what it wrote to both outputs.
func call(env []string, input, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), importTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return string(out), ctx.Err()
	}
	return string(out), err
}

// javaImporter loads the files in one virtual machine, with a provider of keys.
func javaImporter(name string, target Importer, provider, classPath, debianPackage string) importer {
	return importer{
		name: name, target: target, batch: true,
		version: func(t *testing.T) string {
			outside.Program(t, "java", "default-jdk-headless")
			if classPath != "" {
				if _, err := os.Stat(classPath); err != nil {
					outside.Missing(t, "%s is not there (Debian package %s)", classPath, debianPackage)
				}
				path, err := filepath.EvalSymlinks(classPath)
				if err != nil {
					t.Fatal(err)
				}
				return strings.TrimSuffix(filepath.Base(path), ".jar")
			}
			return strings.SplitN(run(t, "", "java", "-version"), "\n", 2)[0]
		},
		run: func(t *testing.T, files []pfxFile) []imported {
			var list strings.Builder
			for _, f := range files {
				fmt.Fprintf(&list, "%s\t%s\n", f.path, hex.EncodeToString([]byte(f.password)))
			}
			cmd := exec.Command("java", "-Xmx512m", "-cp", classPath, filepath.Join("testdata", "Import.java"), provider)
			if classPath == "" {
				cmd.Args = slices.Delete(cmd.Args, 2, 4)
			}
			cmd.Stdin = strings.NewReader(list.String())
			var out, errs bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &errs
			if err := cmd.Run(); err != nil {
				t.Fatalf("%v\n%s", err, errs.String())
			}
			results := make([]imported, 0, len(files))
			lines := bufio.NewScanner(&out)
			lines.Buffer(nil, 1<<20)
			for lines.Scan() {
				fields := strings.Split(lines.Text(), "\t")
				if len(fields) != 5 {
					t.Fatalf("%q", lines.Text())
				}
				var n [3]int
				for i := range n {
					n[i], _ = strconv.Atoi(fields[i+1])
				}
				results = append(results, imported{n[0], n[1], n[2], fields[4], fields[4] == "does not end"})
			}
			if len(results) != len(files) {
				t.Fatalf("%d results for %d files", len(results), len(files))
			}
			return results
		},
	}
}

// answer is what the table should say of a file with which a program did that: yes where
// each key that has its certificate in the file arrived and works, in a file without keys
// where certificates arrived.
func (i imported) answer(r *Inspection) Answer {
	need := 0
	for _, id := range r.Identities {
		if id.Matches == Yes {
			need++
		}
	}
	arrived := i.works >= max(need, 1)
	if len(r.Identities) == 0 {
		arrived = i.works+i.certificates > 0
	}
	if arrived {
		return Yes
	}
	return No
}

var allImports = flag.Bool("imports", false, "import each file of the corpus with each program, which takes minutes")

// fewer leaves out what starts a program for each file of the key file, unless the flag
// asks for all: Java reads many files at once.
func fewer(im *importer, files []pfxFile) []pfxFile {
	if *allImports || im.batch {
		return files
	}
	return slices.DeleteFunc(slices.Clone(files), func(f pfxFile) bool { return strings.HasPrefix(f.name, "pfx-keyfile/") })
}

// TestImports holds the table to what the programs do that are installed, file by file:
// each imports it into nothing and uses its keys.
func TestImports(t *testing.T) {
	if raceEnabled {
		t.Skip("the programs are not under the race detector, and the files are many")
	}
	all := pfxFiles(t)
	for _, im := range importers {
		t.Run(im.name, func(t *testing.T) {
			files := fewer(&im, all)
			version := im.version(t)
			start := time.Now()
			results := im.run(t, files)
			took := time.Since(start).Round(time.Second)
			undecided, compared := 0, 0
			for i, result := range results {
				r, err := inspectPath(t, files[i])
				if err != nil {
					if result.works > 0 && !unjudged(im.name, files[i].name) {
						t.Errorf("%s: %v, but %v", files[i].name, err, result)
					}
					continue
				}
				v := r.Compatible(im.target)
				if result.undecided || unjudged(im.name, files[i].name) {
					undecided++
					continue
				}
				compared++
				if want := result.answer(r); v.Answer != want {
					t.Errorf("%s: %v, but %v; reasons %v", files[i].name, v.Answer, result, v.Reasons)
				}
			}
			t.Logf("%s: %d files in %v, %d compared, %d that the table does not judge or that did not end", version, len(files), took, compared, undecided)
			if compared < len(files)*3/4 {
				t.Errorf("%d of %d files compared", compared, len(files))
			}
		})
	}
}

// notJudged are files for which the table has no answer, with the reason.
var notJudged = map[string]string{
	"pfx/syn-5000certs.p12":                       "larger than the limit: not read",
	"pfx/syn-iter-2e40.p12":                       "beyond our limit of iterations; OpenSSL takes the number modulo 2^32",
	"pfx/syn-iter-max.p12":                        "beyond our limit of iterations",
	"pfx/syn-enciter-max-nomac.p12":               "beyond our limit of iterations",
	"pfx-keyfile/149.p12":                         "an RSA-PSS key that is not encrypted, which NSS alone refuses",
	"bouncy-castle pfx/go-passwordless-trust.p12": "without a password Bouncy Castle asks for no MAC",
	"bouncy-castle pfx/jdk17-trust-nopw.p12":      "without a password Bouncy Castle asks for no MAC",
	"certtool pfx/forge-null.p12":                 "the null password, for which certtool has an option of its own",
	"field/identity/c43-jks-named.p12":            "a key store of type JKS, which Java reads whatever the name",
}

// unjudged reports whether a file is one of those. The files 121 to 139 of pfx-keyfile
// are by NSS before 3.31, which took the password in UTF-16 for PBES2: only NSS reads them
// as they were meant.
func unjudged(tool, name string) bool {
	return notJudged[name]+notJudged[tool+" "+name] != "" || "pfx-keyfile/121.p12" <= name && name <= "pfx-keyfile/139.p12"
}

// inspectPath inspects a file once.
func inspectPath(t *testing.T, f pfxFile) (*Inspection, error) {
	dir, name, _ := strings.Cut(f.name, "/")
	return inspectSample(t, dir, filepath.FromSlash(name), f.password)
}

var importers = []importer{
	openSSLImporter("openssl", targetOpenSSL3),
	openSSLImporter("openssl -legacy", targetOpenSSL3Legacy, "-legacy"),
	gnuTLSImporter,
	nssImporter,
	gpgImporter,
	javaImporter("java", targetJava11, "", "", ""),
	javaImporter("bouncy-castle", targetBouncyCastle, "BC", "/usr/share/java/bcprov.jar", "libbcprov-java"),
}
