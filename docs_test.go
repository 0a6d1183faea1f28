package smimechain_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every relative link in a page leads to a file, and to a heading that is there.
func TestLinks(t *testing.T) {
	links := regexp.MustCompile(`\]\(([^)]+)\)`)
	code := regexp.MustCompile("(?s)```.*?```")
	checked := 0
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "out" || d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && name != ".") {
			return filepath.SkipDir
		}
		if filepath.Ext(name) != ".md" {
			return nil
		}
		page, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, link := range links.FindAllStringSubmatch(code.ReplaceAllString(string(page), ""), -1) {
			if strings.Contains(link[1], "://") {
				continue
			}
			checked++
			file, heading, _ := strings.Cut(link[1], "#")
			target, err := os.ReadFile(filepath.Join(filepath.Dir(name), filepath.FromSlash(file)))
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if heading != "" && !headings(string(target))[heading] {
				t.Errorf("%s: %s has no heading %q", name, file, heading)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	const atLeast = 15 // those of the pages in front alone
	if checked < atLeast {
		t.Errorf("%d links were found, want %d or more", checked, atLeast)
	}
}

// headings are the anchors of a page.
func headings(page string) map[string]bool {
	list := map[string]bool{}
	for _, h := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(page, -1) {
		list[strings.ReplaceAll(strings.ToLower(regexp.MustCompile(`[^\w -]`).ReplaceAllString(h[1], "")), " ", "-")] = true
	}
	return list
}

// The page in front is short: what is long stands behind a link.
func TestFrontPage(t *testing.T) {
	for name, kib := range map[string]int{"README.md": 9, "README.ja.md": 14} {
		page, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) > kib<<10 {
			t.Errorf("%s has %d bytes, want %d KiB at most", name, len(page), kib)
		}
	}
}
