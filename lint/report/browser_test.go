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
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
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

// TestBrowser opens the page of a hostile report.
func TestBrowser(t *testing.T) {
	for _, language := range locale.Languages() {
		t.Run(string(language), func(t *testing.T) {
			ctx, heard := browser(t)
			file := filepath.Join(t.TempDir(), "report.html")
			if err := os.WriteFile(file, []byte(page(t, &report.Options{Language: language}, hostile())), 0o666); err != nil {
				t.Fatal(err)
			}
			address := (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String()
			const first = `document.querySelector("#contents ~ details")`
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
			}), chromedp.Navigate(address))
			title := ask(t, ctx, chromedp.Title())
			heading := ask(t, ctx, chromedp.Evaluate[string](`document.querySelector("h1").innerText`))
			lang := ask(t, ctx, chromedp.Evaluate[string](`document.documentElement.lang`))
			loading := ask(t, ctx, chromedp.Evaluate[int](`document.querySelectorAll("script, img, iframe, object, link").length`))
			// The page itself does not scroll sideways.
			wide := ask(t, ctx, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > document.documentElement.clientWidth`))
			// Nor does it on a telephone, or in the width of paper: A4 less the
			// margins, at 96 pixels to the inch.
			for _, width := range []int64{360, 680} {
				do(resize(width))
				if wide := ask(t, ctx, chromedp.Evaluate[int64](`document.documentElement.scrollWidth`)); wide > width {
					t.Errorf("in a window of %d pixels the page takes %d", width, wide)
				}
			}
			do(resize(1100))
			// Folding by keyboard alone.
			before := ask(t, ctx, chromedp.Evaluate[bool](first+`.open`))
			do(chromedp.Focus(chromedp.CSS("#contents ~ details > summary")), chromedp.KeyEvent(kb.Enter))
			after := ask(t, ctx, chromedp.Evaluate[bool](first+`.open`))
			do(chromedp.KeyEvent(" "))
			again := ask(t, ctx, chromedp.Evaluate[bool](first+`.open`))
			light := ask(t, ctx, chromedp.FullScreenshot(100))
			do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
				_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
					Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}},
				})
				return err
			}))
			dark := ask(t, ctx, chromedp.FullScreenshot(100))
			pdf := ask(t, ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
			console, requests := heard()
			if len(console) > 0 {
				t.Errorf("the console says %q", console)
			}
			for _, r := range requests {
				if r != address {
					t.Errorf("the page asks for %s", r)
				}
			}
			if title == "owned" || title != heading || loading != 0 {
				t.Errorf("title %q, heading %q, %d elements that load", title, heading, loading)
			}
			if lang != string(language) {
				t.Errorf("language %q", lang)
			}
			if wide {
				t.Error("the page is wider than the window")
			}
			if before || !after || again {
				t.Errorf("details: open %t, after Enter %t, after space %t", before, after, again)
			}
			if len(light) == 0 || string(light) == string(dark) {
				t.Error("dark looks like light")
			}
			// What is folded on the screen is on paper.
			if pages := strings.Count(string(pdf), "/Type /Page\n"); pages < 2 {
				t.Errorf("prints on %d pages", pages)
			}
			// A4 in points.
			if !strings.Contains(string(pdf), "MediaBox [0 0 594") && !strings.Contains(string(pdf), "MediaBox [0 0 595") {
				t.Errorf("does not print on A4 (%d bytes)", len(pdf))
			}
			if dir := os.Getenv("SCREENSHOTS"); dir != "" {
				for name, data := range map[string][]byte{"light.png": light, "dark.png": dark, "print.pdf": pdf} {
					if err := os.WriteFile(filepath.Join(dir, string(language)+"-"+name), data, 0o666); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
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
