// Starts the browsers that are there, and keeps what they say and ask for.
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
export const built = root + "out/smimechain.html";

const programs = {
  chromium: { browser: "chrome", paths: ["/usr/bin/chromium"], args: ["--no-sandbox"] },
  firefox: { browser: "firefox", paths: ["/usr/bin/firefox-esr"], args: [] },
};

export const names = Object.keys(programs);

// missing says which browser is not there; under CI, where SMIMECHAIN_TOOLS is
// required, that is a failure.
export function missing(name) {
  if (programs[name].paths.some((p) => existsSync(p))) return false;
  if (process.env.SMIMECHAIN_TOOLS === "required") throw new Error(`the browser ${name} is not there`);
  return `the browser ${name} is not there`;
}

// open starts a browser with the page. All that the browser asks of a network goes to
// a port where it is written down and not answered.
export async function open(name, { width = 1280, height = 900, dark = false, language = "en" } = {}) {
  const asked = [], said = [];
  const proxy = createServer((socket) => {
    socket.on("data", (data) => {
      asked.push(data.toString("latin1").split("\r\n")[0]);
      socket.destroy();
    });
    socket.on("error", () => {});
  });
  await new Promise((ok) => proxy.listen(0, "127.0.0.1", ok));
  const port = proxy.address().port;
  const { browser: kind, paths, args } = programs[name];
  const browser = await puppeteer.launch({
    browser: kind,
    executablePath: paths.find((p) => existsSync(p)),
    args: [...args, ...(kind === "chrome" ? [`--proxy-server=127.0.0.1:${port}`, `--lang=${language}`] : [])],
    extraPrefsFirefox: {
      "network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": port, "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": port,
      "intl.accept_languages": language, "ui.systemUsesDarkTheme": dark ? 1 : 0,
    },
    protocolTimeout: 120_000,
  });
  const page = await browser.newPage();
  await page.setViewport({ width, height });
  if (kind === "chrome") await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }]);
  const requests = [];
  page.on("request", (r) => requests.push(r.url()));
  page.on("console", (m) => said.push(m.type() + ": " + m.text()));
  page.on("pageerror", (e) => said.push("error: " + e));
  page.on("dialog", (d) => {
    said.push("dialog: " + d.message());
    d.dismiss();
  });
  return {
    page, browser, said, asked,
    // left are requests that would go further than the file of the page.
    left: () => requests.filter((url) => !/^(file|blob|data|about):/.test(url)),
    close: async () => {
      await browser.close();
      proxy.close();
    },
  };
}

// load opens the page and waits until it can check.
export async function load(page) {
  await page.goto("file://" + built);
  await page.waitForFunction(() => document.getElementById("build").textContent !== "", { timeout: 60_000 });
}

// choose gives files in place of those that are chosen.
export async function choose(page, ...paths) {
  await page.evaluate(() => document.getElementById("clear").click());
  const input = await page.$("#pick");
  await input.uploadFile(...paths);
  await page.waitForFunction((n) => document.querySelectorAll("#files li").length === n, {}, paths.length);
}

// press clicks a button and waits for the answer.
export async function press(page, id) {
  await page.evaluate((id) => {
    document.getElementById("result").hidden = true;
    document.getElementById(id).click();
  }, id);
  await page.waitForFunction(() => !document.getElementById("result").hidden, { timeout: 100_000 });
}
