// The command under the WASI of Node.js, against the command itself. Build it first:
//
//	go run ./examples/web -wasi -o out/smimechain.wasm
import assert from "node:assert/strict";
import { closeSync, cpSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "node:test";
import { WASI } from "node:wasi";
import { root } from "./browsers.js";
import { build, run } from "./command.js";

test("WASI gives the command's answers", async () => {
  build();
  const module = await WebAssembly.compile(readFileSync(root + "out/smimechain.wasm"));
  for (const file of ["collections/complete.sst", "collections/expired.sst", "collections/private-key.pem", "pfx/widest.pfx"]) {
    const path = root + "testdata/" + file, name = basename(file);
    const args = ["check", "-format", "json", "-lang", "en", "-at", "2026-11-22", "--", name];
    const dir = mkdtempSync(join(tmpdir(), "smimechain-"));
    cpSync(path, join(dir, name));
    const out = openSync(join(dir, "out"), "w"), err = openSync(join(dir, "err"), "w");
    const wasi = new WASI({ version: "preview1", args: ["smimechain", ...args], env: { PWD: "/" }, preopens: { "/": dir }, stdout: out, stderr: err, returnOnExit: true });
    const status = wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject()));
    closeSync(out);
    closeSync(err);
    const got = { status, out: readFileSync(join(dir, "out"), "utf8"), err: readFileSync(join(dir, "err"), "utf8") };
    rmSync(dir, { recursive: true });
    assert.deepEqual(got, run(args, path), file);
  }
});
