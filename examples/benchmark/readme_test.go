package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// recorded reads the run that is kept.
func recorded(t *testing.T) *results {
	t.Helper()
	data, err := os.ReadFile(resultsJSON)
	if err != nil {
		t.Fatal(err)
	}
	r := new(results)
	if err := json.Unmarshal(data, r); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestResults holds that RESULTS.md is what results.json gives.
func TestResults(t *testing.T) {
	want := recorded(t).Markdown()
	if *update {
		if err := os.WriteFile(resultsPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(resultsPage)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what %s gives: go test ./%s -update", resultsPage, resultsJSON, folder)
	}
}

// TestReadme holds that the excerpts in the READMEs are what results.json gives,
// so that nobody types a number; -update writes them anew.
func TestReadme(t *testing.T) {
	const begin, end = "<!-- results, written by: go test ./examples/benchmark -update -->\n", "<!-- end of results -->"
	r := recorded(t)
	for _, readme := range []struct {
		name     string
		japanese bool
	}{{"README.md", false}, {"README.ja.md", true}} {
		t.Run(readme.name, func(t *testing.T) {
			want := excerpt(t, r, readme.japanese)
			file := filepath.Join("..", "..", readme.name)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			before, rest, ok := strings.Cut(string(text), begin)
			got, after, ok2 := strings.Cut(rest, end)
			if !ok || !ok2 {
				t.Fatal("there is no excerpt")
			}
			if *update {
				if err := os.WriteFile(file, []byte(before+begin+want+end+after), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if got != want {
				t.Errorf("the excerpt is\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// shown are the rows of an excerpt: an expression that matches the work and the
// peer, or the question, and its translation.
var shown = struct{ times, answers [][2]string }{
	times: [][2]string{
		{`^read the roots of Windows, (\d+) certificates \| copy of the file in memory$`, "Windows のルート証明書 $1 件の読み込み | メモリ上でのコピー"},
		{`^issuers and serial numbers of Windows' disallowed certificates \| zcrypto$`, "Windows の信頼されない証明書の発行者とシリアル番号 | zcrypto"},
		{`^read a store of (\d+) certificates \| CertOpenStore of Wine$`, "証明書 $1 件のストアの読み込み | Wine の CertOpenStore"},
		{`^open a PFX, three derivations of ([\d,]+) iterations \| the bare key derivations$`, "PFX を開く (反復 $1 回の鍵導出 3 回) | 鍵導出のみ"},
		{`^open a PFX, three derivations of ([\d,]+) iterations \| go-pkcs12$`, "PFX を開く (反復 $1 回の鍵導出 3 回) | go-pkcs12"},
		{`^open a PFX, three derivations of ([\d,]+) iterations \| openssl pkcs12, less its start$`, "PFX を開く (反復 $1 回の鍵導出 3 回) | openssl pkcs12 (起動時間を除く)"},
		{`^chain of four, RSA-2048, first answer \| crypto/x509$`, "証明書 4 枚のチェーン、RSA-2048、初回 | crypto/x509"},
		{`^chain of four, RSA-2048, asked again \| crypto/x509$`, "証明書 4 枚のチェーン、RSA-2048、2 回目以降 | crypto/x509"},
		{`^chain of four, RSA-4096, first answer \| zcrypto verifier$`, "証明書 4 枚のチェーン、RSA-4096、初回 | zcrypto verifier"},
		{`^mesh of 10 CAs, first good path \| crypto/x509$`, "相互認証した 10 の CA、最初の有効なパス | crypto/x509"},
		{`^mesh of 10 CAs, first good path \| zcrypto verifier$`, "相互認証した 10 の CA、最初の有効なパス | zcrypto verifier"},
		{`^mesh of 10 CAs, first good path \| openssl verify, less its start$`, "相互認証した 10 の CA、最初の有効なパス | openssl verify (起動時間を除く)"},
		{`^check the certificate of a user \| zlint, the same lints and nothing else$`, "ユーザー証明書 1 枚の検査 | 同じ zlint のルールのみ"},
		{`^lints of zlint .* over the roots of Windows, (\d+) certificates, one core \| zlint, the same lints$`, "Windows のルート証明書 $1 件への zlint のルール、1 コア | zlint (同じルール)"},
	},
	answers: [][2]string{
		{`^opens the (\d+) PFX files of the corpus in pfx$`, "$1 個の PFX ファイルのうち開けるもの"},
		{`^tells a wrong password from a damaged file$`, "パスワードの誤りとファイルの破損を区別する"},
		{`^survives the (\d+) edge stores of the corpus$`, "変則的な SST ストア $1 個のうち、異常終了せずに扱えるもの"},
		{`^finds a path through meshes of (.*) CAs within (\d+)s$`, "相互認証した CA の網 (CA の数: $1) のうち、$2 秒以内にパスが見つかるもの"},
	},
}

// words are those of the tables, and of the answers that are not a count.
var words = map[string]string{
	"measured":     "%s に測定: %s。すべての行は [RESULTS.md](examples/benchmark/RESULTS.md) にあります (英語)。比は、同じ処理に相手がかける時間をこのライブラリの時間で割ったもので、1 より大きければこのライブラリの方が速いことになります。",
	"work":         "処理",
	"peer":         "相手",
	"ratio":        "比",
	"question":     "機能",
	"answers":      "結果",
	us:             "このライブラリ",
	even:           "互角",
	"fails":        "失敗",
	"yes":          "はい",
	"no":           "いいえ",
	"not asked":    "未確認",
	"not measured": "未測定",
}

// excerpt is what stands in a README.
func excerpt(t *testing.T, r *results, japanese bool) string {
	t.Helper()
	say := func(word string) string {
		if translated, ok := words[word]; ok && japanese {
			return translated
		}
		return word
	}
	// find returns the name of the row that matches, translated if need be.
	find := func(row [2]string, names []string) (name string, index int) {
		pattern := regexp.MustCompile(row[0])
		for i, n := range names {
			switch {
			case !pattern.MatchString(n):
			case japanese:
				return pattern.ReplaceAllString(n, row[1]), i
			default:
				return n, i
			}
		}
		t.Fatalf("the results have no row that matches %s", row[0])
		return "", 0
	}

	where := r.Machine.String()
	measured := "Measured on %s: %s. [RESULTS.md](examples/benchmark/RESULTS.md) has every row. A ratio is the time of\nthe peer to that of this library for the same work: above 1 this library is faster."
	if japanese {
		measured = words["measured"]
		where = strings.Replace(where, " cores", " コア", 1)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n"+measured+"\n\n| %s | %s | %s |\n| --- | --- | ---: |\n", r.Date, where, say("work"), say("peer"), say("ratio"))
	var names []string
	for _, row := range r.Times {
		names = append(names, row.Work+" | "+row.Peer)
	}
	for _, row := range shown.times {
		name, i := find(row, names)
		cell := "not measured"
		switch found := r.Times[i]; {
		case strings.HasPrefix(found.Note, "fails"):
			cell = "fails"
		case found.Ratio == nil:
		case found.faster() == even:
			cell = even
		default:
			cell = number(found.Ratio.Median)
		}
		fmt.Fprintf(&b, "| %s | %s |\n", name, say(cell))
	}

	fmt.Fprintf(&b, "\n| %s | %s |\n| --- | --- |\n", say("question"), say("answers"))
	names = nil
	for _, a := range r.Answers {
		names = append(names, a.Question)
	}
	for _, row := range shown.answers {
		name, first := find(row, names)
		var cells []string
		for _, a := range r.Answers {
			if a.Question == names[first] {
				cells = append(cells, say(a.Who)+": "+say(a.Short))
			}
		}
		fmt.Fprintf(&b, "| %s | %s |\n", name, strings.Join(cells, ", "))
	}
	return b.String() + "\n"
}
