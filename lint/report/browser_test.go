package report_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/testdata/outside"
)

// browser starts a headless browser and returns its context, and what it has
// said on its console and asked of the network.
func browser(t *testing.T) (context.Context, func() (console, requests []string)) {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		outside.Missing(t, "the browser chromium: %v", err)
	}
	if out, err := exec.Command("fc-list", ":lang=ja").Output(); err != nil || len(out) == 0 {
		outside.Missing(t, "a Japanese font, such as fonts-ipafont-gothic: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.WindowSize(1100, 1500))...)
	t.Cleanup(cancel)
	var mu sync.Mutex
	var console, requests []string
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithListener(func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *runtime.EventConsoleAPICalled:
			console = append(console, fmt.Sprintf("console.%s", e.Type))
		case *runtime.EventExceptionThrown:
			console = append(console, e.ExceptionDetails.Text)
		case *log.EventEntryAdded:
			console = append(console, e.Entry.Text)
		case *network.EventRequestWillBeSent:
			requests = append(requests, e.Request.URL)
		case *cdpage.EventJavascriptDialogOpening:
			console = append(console, "dialog: "+e.Message)
		}
	}))
	t.Cleanup(cancel)
	return ctx, func() ([]string, []string) {
		mu.Lock()
		defer mu.Unlock()
		return console, requests
	}
}

// TestBrowser opens pages of each language: that of a hostile report, and that of a
// store that works.
func TestBrowser(t *testing.T) {
	outside.AtLength(t, "opens a page for each language in Chromium")
	ctx, heard := browser(t)
	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
			return err
		}
		_, err := chromedp.Call(ctx, log.Enable, cdp.Empty{})
		return err
	}))
	dir, store, opened := t.TempDir(), judge(t, "complete.sst"), map[string]bool{}
	for _, language := range locale.Languages() {
		for name, r := range map[string]*lint.Report{"hostile": hostile(), "store": store, "many": manyUsers(20), "users": manyUsers(200)} {
			t.Run(string(language)+"/"+name, func(t *testing.T) {
				file := filepath.Join(dir, string(language)+"-"+name+".html")
				if err := os.WriteFile(file, []byte(page(t, &report.Options{Language: language}, r)), 0o666); err != nil {
					t.Fatal(err)
				}
				address := (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String()
				opened[address] = true
				do(media("light"), resize(1100), chromedp.Navigate(address))
				title := ask(t, ctx, chromedp.Title())
				heading := ask(t, ctx, chromedp.Evaluate[string](`document.querySelector("h1").lastChild.textContent.trim()`))
				lang := ask(t, ctx, chromedp.Evaluate[string](`document.documentElement.lang`))
				loading := ask(t, ctx, chromedp.Evaluate[int](`document.querySelectorAll("script, img, iframe, object, link").length`))
				if title == "owned" || title != heading || loading != 0 || lang != string(language) {
					t.Errorf("title %q, heading %q, language %q, %d elements that load", title, heading, lang, loading)
				}
				// Headings are in order: one of the first level, and none of a level
				// without one of that above it.
				if skips := ask(t, ctx, chromedp.Evaluate[string](`(() => {
					const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map(h => +h.tagName[1]);
					return levels.some((l, i) => i == 0 ? l != 1 : l == 1 || l > levels[i - 1] + 1) ? levels.join(" ") : "";
				})()`)); skips != "" {
					t.Errorf("levels of headings: %s", skips)
				}
				if nameless := ask(t, ctx, chromedp.Evaluate[int](`[...document.querySelectorAll("[id]")].length - new Set([...document.querySelectorAll("[id]")].map(e => e.id)).size +
					[...document.querySelectorAll("table")].filter(e => !e.querySelector("th[scope]")).length +
					[...document.querySelectorAll("svg")].filter(e => !e.getAttribute("aria-label") && e.closest("[aria-hidden]") == null).length +
					[...document.querySelectorAll("a[href^='#']")].filter(e => !document.querySelector(e.getAttribute("href"))).length`)); nameless != 0 {
					t.Errorf("%d ids that are not unique, tables without headers, pictures without words and links that lead nowhere", nameless)
				}
				// Nothing scrolls sideways: on a screen, on a telephone, and in the
				// width of paper, A4 less the margins at 96 pixels to the inch. Folded
				// parts are open.
				do(media("light"))
				ask(t, ctx, chromedp.Evaluate[int](`[...document.querySelectorAll("details")].map(d => d.open = true).length`))
				for _, width := range []int64{1100, 390, 360, 688} {
					do(resize(width))
					if wide := ask(t, ctx, chromedp.Evaluate[int64](`document.documentElement.scrollWidth - innerWidth`)); wide > 0 {
						t.Errorf("in a window of %d pixels the page takes %d more", width, wide)
					}
					if cut := ask(t, ctx, chromedp.Evaluate[string](`[...document.querySelectorAll("main *, footer *")].filter(e => {
						const r = e.getBoundingClientRect();
						return r.width > 0 && !e.closest("thead") && (r.right > innerWidth + 1 || r.left < -1);
					}).map(e => e.tagName + "." + e.className).slice(0, 3).join(" ")`)); cut != "" {
						t.Errorf("in a window of %d pixels %s is cut off", width, cut)
					}
					if broken := ask(t, ctx, chromedp.Evaluate[string](brokenWords)); broken != "" && name != "hostile" {
						t.Errorf("in a window of %d pixels a line ends within %s", width, broken)
					}
				}
				ask(t, ctx, chromedp.Evaluate[int](`[...document.querySelectorAll("details")].map(d => d.open = false).length`))
				do(resize(1100))
				light := ask(t, ctx, chromedp.CaptureScreenshot())
				do(media("dark"))
				if dark := ask(t, ctx, chromedp.CaptureScreenshot()); len(light) == 0 || string(light) == string(dark) {
					t.Error("dark looks like light")
				}
				pdf := string(ask(t, ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize())))
				// What is folded on the screen is on paper, which is A4, in points.
				most := map[string]int{"hostile": 4, "store": 2, "many": 6, "users": 15}[name]
				if pages := strings.Count(pdf, "/Type /Page\n"); pages < 2 || pages > most {
					t.Errorf("prints on %d pages, want 2 to %d", pages, most)
				}
				if !strings.Contains(pdf, "MediaBox [0 0 594") && !strings.Contains(pdf, "MediaBox [0 0 595") {
					t.Errorf("does not print on A4 (%d bytes)", len(pdf))
				}
			})
		}
	}
	// Folding by keyboard alone.
	const first = `document.querySelector("#contents ~ details")`
	before := ask(t, ctx, chromedp.Evaluate[bool](first+`.open`))
	do(chromedp.Focus(chromedp.CSS("#contents ~ details > summary")), chromedp.KeyEvent(kb.Enter))
	after := ask(t, ctx, chromedp.Evaluate[bool](first+`.open`))
	do(chromedp.KeyEvent(" "))
	if again := ask(t, ctx, chromedp.Evaluate[bool](first+`.open`)); before || !after || again {
		t.Errorf("details: open %t, after Enter %t, after space %t", before, after, again)
	}
	console, requests := heard()
	if len(console) > 0 {
		t.Errorf("the console says %q", console)
	}
	for _, r := range requests {
		if !opened[r] {
			t.Errorf("a page asks for %s", r)
		}
	}
}

// brokenWords lists words of usual length that do not stand in one line.
const brokenWords = `(() => {
	const broken = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
	for (let node; node = walk.nextNode(); ) {
		if (node.parentElement.closest("code, a, svg, .skip")) continue;
		for (const word of node.data.matchAll(/[A-Za-z\u00C0-\u00FF]{2,16}/g)) {
			range.setStart(node, word.index);
			range.setEnd(node, word.index + word[0].length);
			if (new Set([...range.getClientRects()].map(r => r.top)).size > 1) broken.push(word[0]);
		}
	}
	return broken.slice(0, 5).join(" ");
})()`

// media gives the page another scheme of colours.
func media(scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}

// resize gives the page another width, in pixels.
func resize(width int64) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
			Width: width, Height: 1500, DeviceScaleFactor: 1,
		})
		return err
	})
}

// ask runs one action and returns its answer.
func ask[T any](t *testing.T, ctx context.Context, action chromedp.Action[T]) T {
	t.Helper()
	answer, err := chromedp.Run(ctx, action)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}
