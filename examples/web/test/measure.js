// Measures the page in each browser that is there, and takes pictures of it where a folder
// for them is given. Build the page first:
//
//	go run ./examples/web && cd examples/web && npm ci && node test/measure.js [FOLDER]
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { built, choose, load, missing, names, open, press, root } from "./browsers.js";

const testdata = root + "testdata/";
const store = testdata + "collections/complete.sst";
const pfx = readdirSync(testdata + "pfx").filter((f) => /\.(pfx|p12)$/.test(f)).map((f) => join(testdata + "pfx", f));
const pictures = process.argv[2];

const ms = (start) => Math.round(performance.now() - start);

// first opens the page and gives when its first report was there.
async function first(page) {
  const start = performance.now();
  await load(page);
  const ready = ms(start);
  await choose(page, store);
  await press(page, "check");
  return `ready ${ready} ms, first report ${ms(start)} ms`;
}

// again gives how long a report takes once the page has made some: the middle of nine.
async function again(page) {
  const times = [];
  for (let i = 0; i < 9; i++) {
    times.push(await page.evaluate(async () => {
      const start = performance.now();
      await check("html");
      return performance.now() - start;
    }));
  }
  return `${Math.round(times.sort((a, b) => a - b)[4])} ms`;
}

// many checks 100 files, and gives how long the page did not answer meanwhile.
async function many(page) {
  const files = Array.from({ length: 100 }, (_, i) => pfx[i % pfx.length]);
  await choose(page, ...files);
  const { took, longest } = await page.evaluate(async () => {
    let last = performance.now(), longest = 0;
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 20);
    const start = performance.now();
    await check("html");
    clearInterval(timer);
    return { took: performance.now() - start, longest };
  });
  return `${Math.round(took)} ms, at most ${Math.round(longest)} ms without an answer of the page`;
}

console.log(`page: ${statSync(built).size} octets`);
for (const name of names) {
  const none = missing(name);
  if (none) {
    console.log(none);
    continue;
  }
  const b = await open(name);
  console.log(`${name}, cold: ${await first(b.page)}`);
  console.log(`${name}, opened again: ${await first(b.page)}`);
  console.log(`${name}, a small store again: ${await again(b.page)}`);
  console.log(`${name}, 100 PFX files: ${await many(b.page)}`);
  await b.close();
}

if (pictures) {
  for (const [language, width, dark, print] of [["en", 1280, false, true], ["en", 390, true, false], ["ja", 1280, true, false], ["ja", 390, false, false], ["de", 1280, false, false], ["de", 390, true, false]]) {
    const b = await open("chromium", { width, dark, language });
    await load(b.page);
    await b.page.select("#language", language);
    await choose(b.page, testdata + "collections/cross-certificate-missing.sst");
    await press(b.page, "check");
    await b.page.waitForFunction(() => {
      const frame = document.querySelector("#shown iframe");
      return frame?.contentDocument?.body && frame.clientHeight >= frame.contentDocument.documentElement.getBoundingClientRect().height;
    });
    const name = join(pictures, `${language}-${width}-${dark ? "dark" : "light"}`);
    await b.page.screenshot({ path: name + ".png", fullPage: true });
    if (print) await b.page.pdf({ path: name + ".pdf", format: "A4" });
    await b.close();
  }
}
