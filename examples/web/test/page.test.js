// The page in real browsers, against the command. Build the page first:
//
//	go run ./examples/web && cd examples/web && npm ci && npm test
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, describe, test } from "node:test";
import axe from "axe-core";
import { built, choose, load, missing, names, open, press, root } from "./browsers.js";
import { build, run } from "./command.js";

const at = "2026-11-22";
const testdata = root + "testdata/";

// tree lists the files below a folder, sorted.
function tree(dir) {
  return readdirSync(dir, { recursive: true }).sort().map((name) => join(dir, name)).filter((name) => statSync(name).isFile());
}

// checked are files of every kind that testdata has.
const checked = [...tree(testdata + "collections"), ...tree(testdata + "example"), ...tree(testdata + "pfx").slice(0, 12)];

// answers checks each file by itself, in the page, and gives what the page shows.
async function answers(page, files) {
  await page.evaluate((at) => { document.getElementById("date").value = at; }, at);
  const list = [];
  for (const file of files) {
    await choose(page, file);
    list.push(await page.evaluate(async () => {
      const { status, out, err } = await check("json");
      return { status, out, err };
    }));
  }
  return list;
}

// same compares them with those of the command.
async function same(page, files) {
  for (const [i, got] of (await answers(page, files)).entries()) {
    const want = run(["check", "-format", "json", "-lang", "en", "-at", at, "--", basename(files[i])], files[i]);
    assert.deepEqual(got, want, files[i]);
  }
}

before(build);

test("the page is one file of at most 10 MB", () => {
  assert.ok(statSync(built).size <= 10_000_000, `${statSync(built).size} octets`);
});

for (const name of names) {
  describe(name, { skip: missing(name) }, () => {
    let b;
    before(async () => {
      b = await open(name);
      await load(b.page);
    });
    after(() => b?.close());

    test("verdicts are the command's, octet for octet", () => same(b.page, checked));

    test("a folder of the corpus", { skip: name !== "chromium" ? "once is enough" : process.env.SMIMECHAIN_CORPUS ? false : "SMIMECHAIN_CORPUS is not set" }, async () => {
      const small = tree(process.env.SMIMECHAIN_CORPUS).filter((f) => statSync(f).size < 200e3);
      assert.ok(small.length >= 200, `${small.length} files`);
      const step = small.length / 200;
      await same(b.page, Array.from({ length: 200 }, (_, i) => small[Math.floor(i * step)]));
    });

    test("a password, an address and targets", async () => {
      const pfx = testdata + "pfx/" + readdirSync(testdata + "pfx").find((f) => /\.(pfx|p12)$/.test(f));
      await choose(b.page, pfx);
      await b.page.type("#password", "Not-The-Password");
      await b.page.type("#address", "alice@example.com");
      await b.page.evaluate(() => document.querySelector("#targets input").click());
      const got = await b.page.evaluate(async () => (await check("json")));
      const target = await b.page.evaluate(() => document.querySelector("#targets input").value);
      const secret = join(mkdtempSync(join(tmpdir(), "smimechain-")), "password");
      writeFileSync(secret, "Not-The-Password");
      const want = run(["check", "-format", "json", "-lang", "en", "-password-file", secret, "-at", at, "-mail", "alice@example.com", "-for", target, "--", basename(pfx)], pfx);
      assert.deepEqual({ status: got.status, out: got.out, err: got.err }, want);
      assert.ok(!got.out.includes("Not-The-Password"), "the password is in the report");
      await b.page.evaluate(() => {
        document.querySelector("#targets input").click();
        document.getElementById("password").value = document.getElementById("address").value = "";
      });
    });

    test("buttons", async () => {
      const shown = () => b.page.evaluate(() => ({ text: document.querySelector("#shown pre")?.textContent ?? "", status: document.getElementById("status").textContent, links: [...document.querySelectorAll("#downloads a")].map((a) => a.download) }));
      const complete = testdata + "collections/complete.sst", expired = testdata + "collections/expired.sst";
      await choose(b.page, complete, expired);
      await press(b.page, "diff");
      assert.equal((await shown()).text, run(["diff", "-lang", "en", "-at", at, "--", "complete.sst", "expired.sst"], complete, expired).out);
      await choose(b.page, complete);
      await press(b.page, "pack");
      assert.deepEqual((await shown()).links, ["collection.sst"]);
      await press(b.page, "unpack");
      assert.deepEqual((await shown()).links, ["certificates.zip"]);
      const archive = await b.page.evaluate(async () => {
        const names = judged(), { args, given } = reading();
        const { files } = await work(["unpack", "-d", "/files/unpacked", ...args, ...names], given);
        return [...new Uint8Array(await zip(files).arrayBuffer())];
      });
      const file = join(mkdtempSync(join(tmpdir(), "smimechain-")), "certificates.zip");
      writeFileSync(file, Uint8Array.from(archive));
      execFileSync("python3", ["-c", "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None and len(z.namelist()) == 4, z.namelist()", file]);
      await b.page.evaluate(() => { document.getElementById("symptom").value = "e_key_algorithm"; });
      await press(b.page, "explain");
      assert.equal((await shown()).text, run(["explain", "-lang", "en", "e_key_algorithm"]).out);
      await b.page.evaluate(() => { document.getElementById("ca").value = "GlobalSign"; });
      await press(b.page, "known");
      assert.equal((await shown()).text, run(["known", "-lang", "en", "-at", at, "GlobalSign"]).out);
      await press(b.page, "handout");
      assert.deepEqual((await shown()).links, ["handout.html"]);
      await choose(b.page, ...tree(testdata + "pfx").filter((f) => /\.pfx$/.test(f)).slice(0, 1));
      await press(b.page, "rewrite"); // without a password
      assert.match((await shown()).status, /could not/);
    });

    test("stop, and go on", async () => {
      await choose(b.page, testdata + "collections/complete.sst");
      await b.page.evaluate(() => {
        document.getElementById("check").click();
        document.getElementById("stop").click();
      });
      await b.page.waitForFunction(() => /^(Stopped|Done)/.test(document.getElementById("status").textContent));
      await press(b.page, "check");
      assert.equal(await b.page.$eval("#shown iframe", (f) => f.contentDocument.querySelector("h1").textContent.includes("complete.sst")), true);
    });

    test("a hostile file does nothing", async () => {
      const dir = mkdtempSync(join(tmpdir(), "smimechain-"));
      const file = join(dir, "<img src=x onerror=alert(1)>.pem");
      const mark = '<script>alert(1)<\\/script><img src=http://canary.example/i onerror=alert(1)>';
      execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", join(dir, "key"), "-out", file, "-subj", "/O=x/CN=<img src=q onerror=alert(1)>", "-addext", "subjectAltName=URI:http://canary.example/san", "-addext", "authorityInfoAccess=caIssuers;URI:http://canary.example/aia", "-addext", "crlDistributionPoints=URI:http://canary.example/crl", "-addext", "nsComment=" + mark], { stdio: "pipe" });
      const garbage = join(dir, "garbage.pfx");
      writeFileSync(garbage, Buffer.concat([Buffer.from("3084ffffffff02010330", "hex"), Buffer.alloc(1 << 20, 0x30)]));
      const before = b.said.length;
      for (const f of [file, garbage]) {
        await choose(b.page, f);
        await press(b.page, "check");
      }
      await choose(b.page, file);
      await press(b.page, "check");
      const marks = await b.page.$eval("#shown iframe", (f) => f.contentDocument.querySelectorAll("script, img, [onerror]").length);
      assert.equal(marks, 0);
      assert.equal(await b.page.evaluate(() => document.querySelectorAll("img, [onerror]").length), 0);
      assert.deepEqual(b.said.slice(before), []);
      rmSync(dir, { recursive: true });
    });

    test("100 PFX files, and the tab lives", async () => {
      const dir = mkdtempSync(join(tmpdir(), "smimechain-"));
      const kinds = ["modern-without-root.pfx", "widest.pfx"];
      const pfx = Array.from({ length: 100 }, (_, i) => join(dir, i + kinds[i % 2]));
      pfx.forEach((f, i) => cpSync(testdata + "pfx/" + kinds[i % 2], f));
      const password = readFileSync(testdata + "pfx/password.txt", "utf8").trim();
      await choose(b.page, ...pfx);
      await b.page.evaluate((password) => {
        window.frames_ = 0;
        const tick = () => { window.frames_++; requestAnimationFrame(tick); };
        requestAnimationFrame(tick);
        document.getElementById("password").value = password;
      }, password);
      const start = performance.now();
      await press(b.page, "check");
      const time = performance.now() - start;
      console.log(`${name}: ${pfx.length} PFX files in ${Math.round(time)} ms, ${await b.page.evaluate(() => window.frames_)} frames drawn meanwhile`);
      rmSync(dir, { recursive: true });
      assert.ok(await b.page.evaluate(() => window.frames_) > time / 1000, "the tab did not draw");
    });

    test("axe finds nothing serious", async () => {
      await b.page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
      await b.page.evaluate(axe.source);
      const { violations } = await b.page.evaluate(() => window.axe.run(document, { iframes: false }));
      assert.deepEqual(violations.filter((v) => ["serious", "critical"].includes(v.impact)).map((v) => v.id + " " + v.nodes.map((n) => n.html).join(" ")), []);
    });

    test("every language says everything", async () => {
      for (const language of await b.page.$$eval("#language option", (list) => list.map((o) => o.value))) {
        await b.page.select("#language", language);
        assert.equal(await b.page.evaluate(() => document.documentElement.lang), language);
        assert.deepEqual(await b.page.$$eval("[data-t]", (list) => list.filter((e) => e.textContent === "").map((e) => e.dataset.t)), []);
      }
    });

    test("nothing was asked of any network, and nothing went wrong", () => {
      assert.deepEqual(b.left(), []);
      assert.deepEqual(b.asked.filter((line) => line.includes("canary")), []);
      assert.deepEqual(b.said, []);
    });
  });
}
