// Runs the command on this system, to compare the page with.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { root } from "./browsers.js";

const program = root + ".build/smimechain";

// build builds the command from what the page was built from.
export function build() {
  execFileSync("go", ["build", "-modfile=.build/go.mod", "-buildvcs=auto", "-trimpath", "-o", program, "./examples/smimechain"], { cwd: root, stdio: "inherit" });
}

// run runs the command in a folder that holds copies of files.
export function run(args, ...files) {
  const dir = mkdtempSync(join(tmpdir(), "smimechain-"));
  try {
    for (const f of files) cpSync(f, join(dir, basename(f)));
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: dir, encoding: "utf8", maxBuffer: 1 << 28, input: "" });
    return { status, out: stdout, err: stderr };
  } finally {
    rmSync(dir, { recursive: true });
  }
}
