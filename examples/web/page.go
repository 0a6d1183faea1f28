package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/report"
)

var (
	//go:embed page.html
	pageHTML string
	//go:embed page.css
	pageCSS string
	//go:embed page.js
	pageJS string
	//go:embed fs.js
	fsJS string
	//go:embed worker.js
	workerJS string
)

// target is one that can be chosen.
type target struct {
	Name   string                     `json:"name"`
	Titles map[locale.Language]string `json:"titles"`
}

// language is what the page says in one.
type language struct {
	Name  string            `json:"name"`
	Texts map[string]string `json:"said"`
}

// data is what the script of the page reads.
type data struct {
	Languages map[locale.Language]language `json:"languages"`
	Targets   []target                     `json:"targets"`
	Rewrites  []string                     `json:"rewrites"` // what rewrite can write for
}

// assemble puts the page together.
func assemble(root, program string) ([]byte, error) {
	binary, err := os.ReadFile(program)
	if err != nil {
		return nil, err
	}
	goroot, err := command(root, "go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	runtime, err := os.ReadFile(filepath.Join(goroot, "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return nil, err
	}
	styles, err := styles()
	if err != nil {
		return nil, err
	}
	spoken, err := said(root)
	if err != nil {
		return nil, err
	}
	said, err := json.Marshal(spoken)
	if err != nil {
		return nil, err
	}
	compressed, err := compress(binary)
	if err != nil {
		return nil, err
	}
	policy := "default-src 'none'; connect-src 'none'; script-src " + hash(pageJS) + " 'wasm-unsafe-eval'; worker-src blob:; style-src " +
		strings.Join(styles, " ") + "; base-uri 'none'; form-action 'none'"
	body, err := fill(pageHTML)
	if err != nil {
		return nil, err
	}
	return []byte(strings.NewReplacer(
		"{{policy}}", html.EscapeString(policy),
		"{{style}}", pageCSS,
		"{{data}}", string(said),
		"{{worker}}", fsJS+string(runtime)+workerJS,
		"{{size}}", fmt.Sprint(len(compressed)),
		"{{script}}", pageJS,
		"{{program}}", parts(encode(compressed)),
	).Replace(body)), nil
}

// said is what the page says, in every language.
func said(root string) (*data, error) {
	d := &data{Languages: map[locale.Language]language{}, Rewrites: deploy.RewriteTargets()}
	for _, l := range locale.Languages() {
		in := map[string]string{}
		for key, t := range texts {
			in[key] = l.Text(t)
		}
		file, err := os.ReadFile(filepath.Join(root, "lint", "locale", l.Code()+".json"))
		if err != nil {
			return nil, err
		}
		spoken := language{Texts: in}
		if err := json.Unmarshal(file, &spoken); err != nil {
			return nil, err
		}
		d.Languages[l] = spoken
	}
	for _, t := range lint.Targets() {
		titles := map[locale.Language]string{}
		for _, l := range locale.Languages() {
			titles[l] = l.Say(t.Title())
		}
		d.Targets = append(d.Targets, target{string(t), titles})
	}
	return d, nil
}

// named is an element that says a text.
var named = regexp.MustCompile(`data-t="(\w+)">`)

// fill puts the English texts into the page, for those who read it without scripts.
func fill(page string) (string, error) {
	var missing []string
	page = named.ReplaceAllStringFunc(page, func(m string) string {
		key := named.FindStringSubmatch(m)[1]
		text, ok := texts[key]
		if !ok {
			missing = append(missing, key)
		}
		return m + html.EscapeString(string(text))
	})
	if missing != nil {
		return "", fmt.Errorf("page.html names texts that are not there: %q", missing)
	}
	return page, nil
}

// styles returns the hashes of the style sheets of the page, and of what it shows in
// a frame, for which its policy holds too: reports and handouts.
func styles() ([]string, error) {
	hashes := []string{hash(pageCSS)}
	var page bytes.Buffer
	if err := new(report.Options).HTML(&page, new(lint.Report)); err != nil {
		return nil, err
	}
	handout, err := deploy.Handout(&deploy.HandoutOptions{Delivery: deploy.InOutlook})
	if err != nil {
		return nil, err
	}
	for _, shown := range []string{page.String(), string(handout.HTML())} {
		_, rest, _ := strings.Cut(shown, "<style>")
		style, _, found := strings.Cut(rest, "</style>")
		if !found {
			return nil, fmt.Errorf("no style in %.40q", shown)
		}
		hashes = append(hashes, hash(style))
	}
	return hashes, nil
}

// hash names a text in a Content-Security-Policy.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func compress(data []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}

// parts puts a text into elements of 2^16 characters, which are 53,248 octets each: the
// page reads them one after the other while the browser has not yet read the rest.
func parts(text string) string {
	const size = 1 << 16
	var b strings.Builder
	for len(text) > 0 {
		n := min(size, len(text))
		fmt.Fprintf(&b, "<script type=\"text/plain\" class=\"part\">%s</script>\n", text[:n])
		text = text[n:]
	}
	return b.String()
}

// alphabet are 91 characters that stand for themselves inside a script element.
var alphabet = func() []byte {
	var list []byte
	for c := byte('!'); c <= '~'; c++ {
		if c != '&' && c != '<' && c != '\\' {
			list = append(list, c)
		}
	}
	return list
}()

// encode writes 13 bits, the first octet in the lowest, as two characters: base64
// would make the page larger by a twelfth.
func encode(data []byte) string {
	text := make([]byte, 0, len(data)*16/13+2)
	held, bits := 0, 0
	put := func() {
		v := held & (1<<13 - 1)
		text = append(text, alphabet[v/len(alphabet)], alphabet[v%len(alphabet)])
		held >>= 13
		bits -= 13
	}
	for _, octet := range data {
		held |= int(octet) << bits
		bits += 8
		if bits >= 13 {
			put()
		}
	}
	if bits > 0 {
		put()
	}
	return string(text)
}
