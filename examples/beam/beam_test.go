package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/csv"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/options/jobopts"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/runners/prism"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"golang.org/x/text/encoding/unicode"
)

// asProgram has the test binary be the command.
const asProgram = "BEAM_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	flag.Parse()
	beam.Init()
	os.Exit(m.Run())
}

// certificates makes n certificates of a CA, of three months.
func certificates(t testing.TB, n int) [][]byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "CA, of a test"}}
	var all [][]byte
	for i := range n {
		address := fmt.Sprintf("user%d@example.com", i)
		user := &x509.Certificate{
			SerialNumber: big.NewInt(1<<40 + int64(i)), Subject: pkix.Name{CommonName: address}, EmailAddresses: []string{address},
			NotBefore: time.Date(2026, time.Month(1+i%3), 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
			KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
		}
		der, err := x509.CreateCertificate(rand.Reader, user, ca, &key.PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, der)
	}
	return all
}

func asPEM(certs [][]byte) []byte {
	var text bytes.Buffer
	for _, der := range certs {
		_ = pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: der})
	}
	return text.Bytes()
}

func asLines(certs [][]byte) []byte {
	var text bytes.Buffer
	for _, der := range certs {
		text.WriteString(base64.StdEncoding.EncodeToString(der) + "\n")
	}
	return text.Bytes()
}

// asCCADB makes a report of the CCADB: PEM in apostrophes, in a column among others.
func asCCADB(t testing.TB, certs [][]byte) []byte {
	t.Helper()
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	rows := [][]string{{"CA Owner", "PEM Info", "Comments"}}
	for _, der := range certs {
		rows = append(rows, []string{"Owner, Inc.", "'" + strings.TrimSpace(string(asPEM([][]byte{der}))) + "'", "has a \"comment\"\nof two lines"})
	}
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// answers are the lines for a text as package lint has them, without Beam and shards.
func answers(t testing.TB, fn *lintFn, entries ...func(func(bundle.Source, error) bool)) []string {
	t.Helper()
	opts, err := fn.options()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		for c := range lint.EachAs(t.Context(), e, opts, answer) {
			if c.err != nil {
				t.Fatal(c.err)
			}
			all = append(all, string(c.line))
		}
	}
	slices.Sort(all)
	return all
}

func write(t testing.TB, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

func run(t testing.TB, j job, runner string) error {
	t.Helper()
	p, err := j.build(t.Context())
	if err == nil {
		_, err = beam.Run(t.Context(), runner, p)
	}
	return err
}

// output returns the sorted lines of all parts.
func output(t testing.TB, dir string) (all []string, parts int) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, partPattern))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = slices.AppendSeq(all, strings.Lines(string(data)))
	}
	slices.Sort(all)
	return all, len(names)
}

func serverOf(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	if _, err := prism.CreateJobServer(t.Context(), prism.Options{Port: port}); err != nil {
		t.Fatal(err)
	}
	return "localhost:" + strconv.Itoa(port)
}

// TestPipeline holds that all forms give the lines that package lint gives, by Prism, and
// by a job server as Flink and Spark have one.
func TestPipeline(t *testing.T) {
	dir := t.TempDir()
	certs := certificates(t, 60)
	text := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder()
	wide, err := text.Bytes(asPEM(certs[30:40]))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{
		"a.pem": asPEM(certs[:10]), "b.csv": asCCADB(t, certs[10:20]), "c.txt": append(asLines(certs[20:30]), "AAAA\n\n"...),
		"d.pem": wide, "e.der": certs[40], "f.bin": []byte("\x01\x02no certificate"), "g.pem": asPEM(certs[41:]),
	}
	for name, data := range files {
		write(t, filepath.Join(dir, name), data)
	}
	j := job{in: filepath.Join(dir, "*.*"), at: "2026-11-22", shard: 3000}
	j.out = filepath.Join(dir, "prism")
	fn, err := j.check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	open := new(bundle.Options)
	want := answers(t, fn, open.Lines(t.Context(), bytes.NewReader(slices.Concat(asLines(certs[:20]), files["c.txt"], asLines(certs[30:40]), asLines(certs[41:])))),
		open.Walk(t.Context(), filepath.Join(dir, "e.der"), filepath.Join(dir, "f.bin")))

	for _, runner := range []string{"prism", "flink", "spark"} {
		j.out = filepath.Join(dir, runner)
		if runner != "prism" {
			*jobopts.Endpoint, *jobopts.EnvironmentType = serverOf(t), "loopback"
		}
		if err := run(t, j, runner); err != nil {
			t.Fatalf("%s: %v", runner, err)
		}
		got, parts := output(t, j.out)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d lines, not the %d of package lint", runner, len(got), len(want))
		}
		if parts < 5 {
			t.Errorf("%s: %d parts: nothing was shared out", runner, parts)
		}
		counts, err := os.ReadFile(filepath.Join(j.out, countsName))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(counts)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		months, found := map[string]string{}, map[string]string{}
		for _, row := range rows[1:] {
			switch {
			case row[1] == "":
				found[row[0]] = row[3]
			case row[0] == "" && row[1] == `CN=CA\, of a test`:
				months[row[2]] = row[3]
			}
		}
		for _, month := range []string{"2026-01", "2026-02", "2026-03"} {
			if months[month] != "20" {
				t.Errorf("%s: %s certificates of %s, want 20:\n%s", runner, months[month], month, counts)
			}
		}
		if len(found) == 0 || !strings.Contains(string(counts), "e_chain_issuer_missing") {
			t.Errorf("%s: nothing of what was not judged, or of a rule:\n%s", runner, counts)
		}
		if err := run(t, j, runner); err == nil || !strings.Contains(err.Error(), "earlier job") {
			t.Errorf("%s: written over what was there: %v", runner, err)
		}
	}
}

// TestParts holds that a text gives the same entries, each once, wherever it is taken apart.
func TestParts(t *testing.T) {
	certs := certificates(t, 4)
	noEnd := bytes.Replace(asPEM(certs), []byte("-----END CERTIFICATE-----\n"), nil, 1)
	long := slices.Concat(asPEM(certs[:1]), bytes.Repeat([]byte("x-"), headSize), asPEM(certs[1:]), bytes.Repeat([]byte("-"), headSize))
	for name, text := range map[string][]byte{
		"text.pem": asPEM(certs), "text.csv": asCCADB(t, certs), "text.txt": asLines(certs), "noend.pem": noEnd, "long.pem": long,
		"crlf.pem":    bytes.ReplaceAll(asPEM(certs), []byte("\n"), []byte("\r\n")),
		"endless.txt": bytes.TrimSpace(asLines(certs)), "empty.txt": []byte("QUFB\n\n\nQUFB\n"),
		"nothing.csv": []byte("a,b\n1,2\n"), "beyond.txt": slices.Concat(bytes.Repeat([]byte("A"), 3*headSize), []byte("\n"), asLines(certs)),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			write(t, path, text)
			want := entriesOf(t, piece{Name: path, Length: int64(len(text))})
			for _, size := range []int64{1, 2, 11, 64, 577, 1000, int64(len(text)) - 1} {
				if size == 1 && len(text) > 10_000 {
					size = 9973
				}
				if size == 2 && len(text) > 10_000 || size == 11 && len(text) > 10_000 || size == 64 && len(text) > 10_000 {
					continue
				}
				parts, err := (&shardFn{Size: size}).split(t.Context(), file{path, int64(len(text))})
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, p := range parts {
					got = append(got, entriesOf(t, p)...)
				}
				if !slices.Equal(got, want) {
					t.Errorf("in parts of %d: %d entries, want %d", size, len(got), len(want))
				}
			}
		})
	}
}

func entriesOf(t *testing.T, p piece) (names []string) {
	t.Helper()
	r, err := open(t.Context(), p.Name, max(p.Offset-1, 0))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	entries, err := p.entries(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	for s, err := range entries {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, s.Name)
	}
	return names
}

// full is a file system on which there is no space.
type full struct{ filesystem.Interface }

type fullFile struct{ io.WriteCloser }

func (fullFile) Write([]byte) (int, error) { return 0, fmt.Errorf("no space left") }

func (f full) OpenWrite(ctx context.Context, name string) (io.WriteCloser, error) {
	w, err := f.Interface.OpenWrite(ctx, strings.TrimPrefix(name, "full://"))
	return fullFile{w}, err
}

func (f full) List(ctx context.Context, glob string) ([]string, error) {
	return f.Interface.List(ctx, strings.TrimPrefix(glob, "full://"))
}

func (full) Remove(_ context.Context, name string) error {
	return os.Remove(strings.TrimPrefix(name, "full://"))
}

func init() {
	filesystem.Register("full", func(ctx context.Context) filesystem.Interface {
		local, err := filesystem.New(ctx, "")
		if err != nil {
			panic(err)
		}
		return full{local}
	})
}

// TestNothingHalf holds that a job that fails leaves no file under the name of one that is
// whole.
func TestNothingHalf(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "in.pem")
	write(t, in, asPEM(certificates(t, 30)))
	full := filepath.Join(dir, "full")
	if err := run(t, job{in: in, out: "full://" + full, shard: 4000}, "prism"); err == nil {
		t.Error("a full disk is no error")
	}
	cancelled := filepath.Join(dir, "cancelled")
	fn, err := (&job{in: in, out: cancelled, shard: 1}).check(t.Context())
	if err == nil {
		err = fn.Setup()
	}
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := fn.ProcessElement(ctx, shard{Pieces: []piece{{Name: in, Length: 1 << 20}}}, func(string, int64) { t.Error("counted") }); err == nil {
		t.Error("a cancelled context is no error")
	}
	missing := filepath.Join(dir, "missing")
	fn.Out = missing
	if err := fn.ProcessElement(t.Context(), shard{Pieces: []piece{{Name: in, Length: 1 << 20}, {Name: in + ".gone", Length: 1}}}, func(string, int64) { t.Error("counted") }); err == nil {
		t.Error("a file that is gone is no error")
	}
	for _, out := range []string{full, cancelled, missing} {
		left, err := filepath.Glob(filepath.Join(out, "*"))
		if err != nil || len(left) > 0 {
			t.Errorf("left: %v, %v", left, err)
		}
	}
	if err := run(t, job{in: filepath.Join(dir, "*.none"), out: filepath.Join(dir, "none"), shard: 1}, "prism"); err == nil {
		t.Error("no file is no error")
	}
}

// TestKilled holds that a process that is killed leaves parts that are whole and no sign
// that all are there.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	in, out, again := filepath.Join(dir, "in.pem"), filepath.Join(dir, "out"), filepath.Join(dir, "again")
	write(t, in, asPEM(certificates(t, 1500)))
	cmd := exec.Command(os.Args[0], "-in", in, "-out", out, "-at", "2026-11-22", "-shard", "20000")
	cmd.Env = append(os.Environ(), asProgram+"=1")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		if _, parts := output(t, out); parts > 2 {
			break
		}
		if time.Now().After(deadline) {
			_ = cmd.Process.Kill()
			t.Fatal("nothing was written")
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	if _, err := os.Stat(filepath.Join(out, countsName)); err == nil {
		t.Error("killed, it says that all is there")
	}
	*jobopts.Endpoint = ""
	if err := run(t, job{in: in, out: again, at: "2026-11-22", shard: 20000}, "prism"); err != nil {
		t.Fatal(err)
	}
	parts, err := filepath.Glob(filepath.Join(out, partPattern))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range parts {
		got, err := os.ReadFile(part)
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join(again, filepath.Base(part)))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not whole", filepath.Base(part))
		}
	}
}

// TestFlags holds that the commands of the README have flags that are there, with values
// that they take.
func TestFlags(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	flags := flag.NewFlagSet("beam", flag.ContinueOnError)
	new(job).register(flags)
	flag.VisitAll(func(f *flag.Flag) { // those of Beam, which the package flag has
		if !strings.HasPrefix(f.Name, "test.") {
			flags.Var(value{f.Value}, f.Name, f.Usage)
		}
	})
	commands := regexp.MustCompile(`(?m)^go run \. (.*)$`).FindAllSubmatch(text, -1)
	if len(commands) != 4 {
		t.Fatalf("%d commands", len(commands))
	}
	for _, c := range commands {
		args := strings.Fields(strings.ReplaceAll(string(c[1]), "'", ""))
		if err := flags.Parse(args); err != nil {
			t.Errorf("%s: %v", args, err)
		}
		if flags.NArg() > 0 {
			t.Errorf("%s: %q is no flag", args, flags.Arg(0))
		}
	}
}

// value takes what the flag does and leaves it as it was.
type value struct{ flag.Value }

func (v value) Set(s string) error {
	if v.Value == nil {
		return nil
	}
	before := v.Value.String()
	if err := v.Value.Set(s); err != nil {
		return err
	}
	return v.Value.Set(before)
}

func (v value) String() string {
	if v.Value == nil {
		return ""
	}
	return v.Value.String()
}
