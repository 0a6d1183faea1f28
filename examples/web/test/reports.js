// Answers each line of its input with how many milliseconds Chromium takes for the report
// about a small store in the page, which is open and has made some before. The benchmark
// runs it.
import { createInterface } from "node:readline";
import { choose, load, open, press, root } from "./browsers.js";

const b = await open("chromium");
try {
  await load(b.page);
  await choose(b.page, root + "testdata/collections/complete.sst");
  await press(b.page, "check");
  for await (const _ of createInterface({ input: process.stdin })) {
    console.log(await b.page.evaluate(async () => {
      const start = performance.now();
      await check("html");
      return performance.now() - start;
    }));
  }
} finally {
  await b.close();
}
