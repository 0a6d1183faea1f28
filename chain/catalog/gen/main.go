// Gen makes the catalogue of CAs. It reads what the CCADB discloses, the lists of the
// root programmes, a table of CAs that other sources give, and the reviewed judgements
// beside it; it writes the file that package catalog embeds. With -known and -coverage it
// writes what that package, as it is compiled in, says of itself.
//
// The output depends on the input alone: a second run changes nothing.
package main

import (
	"flag"
	"log"
	"os"
	"path/filepath"
	"time"
)

func main() {
	log.SetFlags(0)
	in := inputs{}
	flag.StringVar(&in.certificates, "certificates", "", "`file`: the CCADB's report of all CA certificates, CSV, gzip or plain")
	flag.StringVar(&in.trust, "trust", "", "`file`: roots with what Mozilla and Microsoft trust them for, JSON")
	flag.StringVar(&in.apple, "apple", "", "`file`: roots in Apple's store, tab-separated")
	flag.StringVar(&in.known, "cas", "", "`file`: CAs from other sources, CSV")
	flag.StringVar(&in.judgements, "judgements", "", "`file`: reviewed judgements, JSON")
	at := flag.String("at", "", "`date` of the selection, as 2006-01-02: what had expired two years before is left out")
	out := flag.String("o", "", "`file` to write")
	known := flag.String("known", "", "`file` for the text of the catalogue that is compiled in")
	coverage := flag.String("coverage", "", "`file` for its table of owners")
	flag.Parse()
	if *out != "" {
		for _, p := range []*string{&in.certificates, &in.trust, &in.apple} {
			// The names hold the date of the source.
			list, err := filepath.Glob(*p)
			if err != nil || len(list) != 1 {
				log.Fatalf("%s: is %d files, want one (SMIMECHAIN_CORPUS names the folder of real files)", *p, len(list))
			}
			*p = list[0]
		}
		day, err := time.Parse(time.DateOnly, *at)
		if err != nil {
			log.Fatal(err)
		}
		data, err := generate(in, day)
		if err != nil {
			log.Fatal(err)
		}
		write(*out, data)
	}
	if *known != "" {
		write(*known, knownText())
	}
	if *coverage != "" {
		write(*coverage, coverageTable())
	}
}

func write(name string, data []byte) {
	if err := os.WriteFile(name, data, 0o666); err != nil {
		log.Fatal(err)
	}
}
