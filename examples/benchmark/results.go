package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// results is what a run found. The file results.json holds that of the run which
// RESULTS.md is made from.
type results struct {
	Date    string   `json:"date"` // YYYY-MM-DD, UTC
	Machine machine  `json:"machine"`
	Peers   []string `json:"peers"` // with their versions
	Times   []timing `json:"times"`
	Answers []answer `json:"answers"`
	Twice   bool     `json:"twice"` // the times were measured twice
}

// machine is where a run was made.
type machine struct {
	CPU   string `json:"cpu"`
	Cores int    `json:"cores"`
	OS    string `json:"os"`
	Go    string `json:"go"`
	// Load is the mean number of processes that wanted to run in the minute
	// before the start, empty where the system does not tell.
	Load string `json:"load,omitempty"`
}

// answer is a row of the second table.
type answer struct {
	Question string `json:"question"`
	Who      string `json:"who"`
	Short    string `json:"short"` // a count, "yes", "no", or "not asked"
	Text     string `json:"text"`
}

// begin says where and with whom the run is made.
func (s *settings) begin() {
	s.found = results{
		Date:    time.Now().UTC().Format(time.DateOnly),
		Machine: machine{processor(), runtime.NumCPU(), runtime.GOOS + "/" + runtime.GOARCH, runtime.Version(), load()},
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			switch m.Path {
			case "github.com/zmap/zcrypto", "github.com/zmap/zlint/v3", "software.sslmate.com/src/go-pkcs12":
				s.found.Peers = append(s.found.Peers, m.Path+" "+m.Version)
			}
		}
	}
	for _, p := range []struct {
		program string
		version []string // nil if it tells none
	}{
		{"openssl", []string{"openssl", "version"}}, {"certtool", []string{"certtool", "--version"}}, {"pk12util", nil},
		{"keytool", []string{"java", "--version"}}, {"wine", []string{"wine", "--version"}},
	} {
		peer := p.program
		if why := s.absent(p.program); why != "" {
			peer += " (" + why + ")"
		} else if p.version != nil {
			if out, err := exec.Command(p.version[0], p.version[1:]...).Output(); err == nil {
				first, _, _ := strings.Cut(string(out), "\n")
				peer += " (" + strings.TrimSpace(first) + ")"
			}
		}
		s.found.Peers = append(s.found.Peers, peer)
	}
}

// margin is how much faster one has to be to be called so: less may change with
// the layout of the program in memory.
const margin = 1.05

// faster names the faster one, or is "even" where that is not certain: the
// middle half of the pairs touches the margin on either side of 1.
func (e *estimate) faster(peer string) string {
	switch {
	case e.Low > margin:
		return us
	case e.High < 1/margin:
		return peer
	default:
		return even
	}
}

const (
	us   = "this library"
	even = "even"
)

// faster is the verdict of both runs: "even" unless they agree.
func (t timing) faster() string {
	switch {
	case t.Ratio == nil:
		return ""
	case t.Again == nil || t.Ratio.faster(t.Peer) == t.Again.faster(t.Peer):
		return t.Ratio.faster(t.Peer)
	default:
		return even
	}
}

// disagreement compares two runs: a row is contrary if each names another one as
// the faster, and undecided if only one of them names any.
func disagreement(times []timing) (contrary, undecided []timing) {
	for _, t := range times {
		if t.Ratio == nil || t.Again == nil {
			continue
		}
		switch a, b := t.Ratio.faster(t.Peer), t.Again.faster(t.Peer); {
		case a == b:
		case a == even || b == even:
			undecided = append(undecided, t)
		default:
			contrary = append(contrary, t)
		}
	}
	return contrary, undecided
}

func (e *estimate) String() string {
	if e == nil {
		return ""
	}
	return fmt.Sprintf("%s (%s to %s)", number(e.Median), number(e.Low), number(e.High))
}

func (t timing) String() string {
	if t.Ratio == nil {
		return fmt.Sprintf("%s: %s: %s", t.Work, t.Peer, t.Note)
	}
	return fmt.Sprintf("%s: %s: %s", t.Work, t.Peer, t.Ratio)
}

// Markdown is the whole page RESULTS.md.
func (r *results) Markdown() string {
	var b strings.Builder
	b.WriteString("# What the benchmark found\n\nWritten by `go run ./examples/benchmark -record`. Do not edit.\n\n")
	fmt.Fprintf(&b, "Measured on %s: %s.", r.Date, r.Machine)
	if r.Machine.Load != "" {
		fmt.Fprintf(&b, " Load average before the start: %s.", r.Machine.Load)
	}
	fmt.Fprintf(&b, "\n\nPeers: %s.\n", strings.Join(r.Peers, ", "))
	b.WriteString(`
## Time

Every row is measured in pairs: a batch of calls of this library, a batch of the
peer, then the other way round. The ratio is the time of the peer to that of this
library, the median of all pairs, with the bounds of their middle half in brackets:
above 1 this library is faster. A row is even where one of these bounds is within 5 %
of 1, where they lie on both sides of it, or where two runs do not agree. Times are
medians.

`)
	columns := []string{"work", "peer", us, "the peer", "ratio", "faster"}
	if r.Twice {
		columns = []string{"work", "peer", us, "the peer", "ratio", "ratio, second run", "faster"}
	}
	line(&b, columns...)
	line(&b, slicesOf("---", len(columns))...)
	for _, t := range r.Times {
		cells := []string{t.Work, t.Peer, "", "", t.Note}
		if t.Ratio != nil {
			cells = []string{t.Work, t.Peer, duration(t.Ours), duration(t.Theirs), t.Ratio.String()}
		}
		if r.Twice {
			cells = append(cells, t.Again.String())
		}
		line(&b, append(cells, t.faster())...)
	}
	if r.Twice {
		b.WriteString("\n" + r.Agreement())
	}
	b.WriteString("\n## What each can do\n\nEach answer is that of a program that was run.\n\n")
	line(&b, "question", "who", "", "in words")
	line(&b, slicesOf("---", 4)...)
	for _, a := range r.Answers {
		line(&b, a.Question, a.Who, a.Short, a.Text)
	}
	return b.String()
}

// Agreement says in which rows the two runs differ.
func (r *results) Agreement() string {
	var b strings.Builder
	contrary, undecided := disagreement(r.Times)
	measured := 0
	for _, t := range r.Times {
		if t.Ratio != nil && t.Again != nil {
			measured++
		}
	}
	fmt.Fprintf(&b, "The two runs contradict each other in %d of %d rows about who is faster, and in %d only one of them is certain.\n", len(contrary), measured, len(undecided))
	for _, rows := range []struct {
		word string
		list []timing
	}{{"Contrary", contrary}, {"Certain in one run", undecided}} {
		for i, t := range rows.list {
			if i == 0 {
				fmt.Fprintf(&b, "\n%s:\n\n", rows.word)
			}
			fmt.Fprintf(&b, "- %s, %s: %s, then %s\n", t.Work, t.Peer, t.Ratio, t.Again)
		}
	}
	return b.String()
}

func (m machine) String() string {
	return fmt.Sprintf("%s, %d cores, %s, %s", m.CPU, m.Cores, m.OS, m.Go)
}

func line(b *strings.Builder, cells ...string) {
	for _, c := range cells {
		b.WriteString("| " + strings.NewReplacer("|", `\|`, "\n", " ").Replace(c) + " ")
	}
	b.WriteString("|\n")
}

func slicesOf(s string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = s
	}
	return list
}

// The files of a recorded run.
const (
	folder      = "examples/benchmark"
	resultsJSON = "results.json"
	resultsPage = "RESULTS.md"
)

// record writes both files.
func (r *results) record() error {
	data, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, resultsJSON), append(data, '\n'), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, resultsPage), []byte(r.Markdown()), 0o644)
}

func duration(d time.Duration) string {
	switch {
	case d < 10*time.Microsecond:
		return fmt.Sprintf("%.2f µs", float64(d)/1e3)
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.0f µs", float64(d)/1e3)
	default:
		return fmt.Sprintf("%.0f ms", float64(d)/1e6)
	}
}

func number(f float64) string {
	if f < 10 {
		return fmt.Sprintf("%.2f", f)
	}
	return fmt.Sprintf("%.0f", f)
}

// processor names the processor where the system tells.
func processor() string {
	data, err := os.ReadFile("/proc/cpuinfo")
	if err == nil {
		for line := range strings.Lines(string(data)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				return strings.TrimSpace(value)
			}
		}
	}
	return "processor unknown"
}

func load() string {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	minute, _, _ := strings.Cut(string(data), " ")
	return minute
}
