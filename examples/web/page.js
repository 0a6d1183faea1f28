"use strict";
// The page: what a person gives becomes arguments and files for the command, and what
// the command answers is shown. Names of elements are those of page.html, names of
// texts those of text.go.

const maxFiles = 2000, maxBytes = 200e6; // what a tab bears
const $ = (id) => document.getElementById(id);
const { languages, targets, rewrites } = JSON.parse($("data").textContent);

// t says a text in the language of the page.
function t(key, ...values) {
  return languages[lang].said[key].replace(/%[a-z]/g, () => values.shift());
}

function element(tag, properties, ...children) {
  const e = Object.assign(document.createElement(tag), properties);
  e.append(...children);
  return e;
}

/* languages */

let lang = navigator.languages.map((l) => l.split("-")[0]).find((l) => languages[l]) ?? "en";
$("language").append(...Object.keys(languages).map((code) => element("option", { value: code, lang: code, textContent: languages[code].name })));
$("language").onchange = () => {
  lang = $("language").value;
  speak();
};

function speak() {
  document.documentElement.lang = lang;
  $("language").value = lang;
  for (const e of document.querySelectorAll("[data-t]")) e.textContent = t(e.dataset.t);
  document.querySelectorAll("#targets label span").forEach((e, i) => { e.textContent = targets[i].titles[lang]; });
  showFiles();
  tell(state);
  showBuild();
}

/* files */

let files = []; // {name, blob, role}
const roles = ["judge", "with", "roots", "facts"];

// add takes files, and says so where they are too many.
function add(list) {
  const size = [...files.map((f) => f.blob), ...list.map((f) => f.blob)].reduce((n, b) => n + b.size, 0);
  if (files.length + list.length > maxFiles || size > maxBytes) {
    tell("tooMany", maxFiles, maxBytes / 1e6);
    return;
  }
  const taken = new Set(files.map((f) => f.name));
  for (const { name, blob } of list) {
    // A name that is there already gets a number: both are read.
    let free = name === "-" ? "_" : name;
    for (let n = 2; taken.has(free); n++) free = name.replace(/(\.[^./]*)?$/, ` (${n})$1`);
    taken.add(free);
    files.push({ name: free, blob, role: "judge" });
  }
  showFiles();
}

function showFiles() {
  $("none").hidden = files.length > 0;
  $("clear").hidden = files.length === 0;
  $("files").replaceChildren(...files.map((f) => {
    const role = element("select", { ariaLabel: t("roleOf", f.name), onchange: () => { f.role = role.value; } });
    role.append(...roles.map((r) => element("option", { value: r, textContent: t(r), selected: r === f.role })));
    const remove = element("button", { type: "button", className: "small", textContent: "×", ariaLabel: t("remove", f.name) });
    remove.onclick = () => {
      files = files.filter((other) => other !== f);
      showFiles();
      $("choose").focus();
    };
    return element("li", {}, element("span", { className: "name", textContent: f.name }), role, remove);
  }));
}

$("choose").onclick = () => $("pick").click();
$("choose-folder").onclick = () => $("pick-folder").click();
for (const id of ["pick", "pick-folder"]) {
  $(id).onchange = () => {
    add([...$(id).files].map((f) => ({ name: f.webkitRelativePath || f.name, blob: f })));
    $(id).value = "";
  };
}
$("clear").onclick = () => {
  files = [];
  showFiles();
  $("choose").focus();
};

document.ondragover = (e) => {
  e.preventDefault();
  $("drop").classList.add("over");
};
document.ondragleave = (e) => {
  if (!e.relatedTarget) $("drop").classList.remove("over");
};
document.ondrop = async (e) => {
  e.preventDefault();
  $("drop").classList.remove("over");
  const list = [];
  // Entries have to be taken before anything is waited for.
  const entries = [...e.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
  for (const entry of entries) await walk(entry, list);
  add(list);
};

// walk lists the files of what was dropped, down to what a tab bears.
async function walk(entry, list) {
  if (list.length > maxFiles) return;
  try {
    if (entry.isFile) {
      const blob = await new Promise((ok, no) => entry.file(ok, no));
      list.push({ name: entry.fullPath.replace(/^\//, ""), blob });
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((ok, no) => reader.readEntries(ok, no));
      if (some.length === 0) return;
      for (const inside of some) await walk(inside, list);
    }
  } catch {
    tell("unreadable", entry.name);
  }
}

/* what is known */

$("show").onchange = () => {
  for (const id of ["password", "new-password"]) $(id).type = $("show").checked ? "text" : "password";
};
$("targets").append(...targets.map((target) => element("label", { className: "tick" }, element("input", { type: "checkbox", value: target.name }), " ", element("span"))));
$("rewrite-for").append(...rewrites.map((name) => element("option", { value: name, textContent: targets.find((x) => x.name === name)?.name ?? name })));

/* the program */

let worker, module, ready, waiting; // waiting is the call that runs: {id, resolve}
let calls = 0;
const source = URL.createObjectURL(new Blob([$("worker").textContent], { type: "text/javascript" }));
const size = Number($("page").dataset.size); // octets of the program

// parts are those of the program that the browser has read, null at their end. As a module
// it takes less: then they are empty.
let parts = [];

// read sends parts to the worker that are whole: another element follows, or nothing does.
function read(last) {
  const list = [...document.getElementsByClassName("part")];
  if (!last) list.pop();
  const more = list.map((e) => e.textContent);
  list.forEach((e) => e.remove());
  if (last) more.push(null);
  more.forEach((part) => worker.postMessage({ part }));
  if (!module) parts.push(...more);
}

function begin() {
  ready = new Promise((resolve) => {
    worker = new Worker(source);
    worker.onmessage = ({ data }) => {
      if (data.module) {
        module = data.module;
        parts = [];
        resolve();
      } else if (data.total) {
        if (waiting) tell("reading", data.opened, data.total);
      } else if (data.fault !== undefined) {
        gone(data.fault);
      } else if (waiting?.id === data.id) {
        waiting.resolve(data);
        waiting = null;
      }
    };
    worker.onerror = (e) => gone(e.message);
  });
  worker.postMessage(module ? { module } : { size });
  parts.forEach((part) => worker.postMessage({ part }));
}

// gone starts the program again after it has ended by itself.
function gone(fault) {
  worker.terminate();
  if (!module) {
    tell("ended", fault);
    return;
  }
  const call = waiting;
  waiting = null;
  begin();
  call?.resolve({ fault });
}

// call runs the command, with the files given; one call at a time.
function call(args, given) {
  const id = ++calls;
  return new Promise((resolve, reject) => {
    waiting = { id, resolve };
    const send = async () => {
      await ready;
      const list = [];
      for (const { name, blob } of given) list.push({ name, data: new Uint8Array(await blob.arrayBuffer()) });
      if (waiting?.id === id) worker.postMessage({ id, args, files: list }, list.map((f) => f.data.buffer));
    };
    send().catch(reject);
  });
}

let stops = 0;

$("stop").onclick = () => {
  stops++;
  worker.terminate();
  const call = waiting;
  waiting = null;
  begin();
  call?.resolve({ stopped: true });
};

/* calls */

// secret is a file with a password, beside the files of the person, for the length of
// a call.
const secret = (name, id) => ({ name: "/tmp/" + name, blob: new Blob([$(id).value]) });
const named = (role) => files.filter((f) => f.role === role);

// judged are the arguments and files of a call that reads them: files in one folder
// are one argument, so that what is no certificate there is passed over.
function judged() {
  const names = new Set(named("judge").map((f) => f.name.replace(/(?<=.)\/.*/, "")));
  return names.size === 0 ? null : ["--", ...names];
}

// reading adds what is needed to read and judge files.
function reading({ password = false, date = false, supports = false, facts = false } = {}) {
  const args = ["-lang", lang], given = files.filter((f) => f.role !== "facts");
  if (password && $("password").value !== "") {
    args.push("-password-file", "/tmp/password");
    given.push(secret("password", "password"));
  }
  if (date && $("date").value !== "") args.push("-at", $("date").value);
  if (supports) {
    for (const f of named("with")) args.push("-with", f.name);
    for (const f of named("roots")) args.push("-roots", f.name);
  }
  if (facts) {
    for (const f of named("facts")) {
      args.push("-facts", f.name);
      given.push(f);
    }
    if ($("address").value.trim() !== "") args.push("-mail", $("address").value.trim());
    const chosen = [...document.querySelectorAll("#targets input:checked")].map((e) => e.value);
    if (chosen.length > 0) args.push("-for", chosen.join(","));
  }
  return { args, given };
}

// check runs check with a format, and returns its answer.
async function check(format) {
  const names = judged();
  if (!names) return tell("noFile");
  const { args, given } = reading({ password: true, date: true, supports: true, facts: true });
  return work(["check", "-format", format, ...args, ...names], given);
}

$("form").onsubmit = async (e) => {
  e.preventDefault();
  const answer = await check("html");
  if (answer?.out) show({ answer, html: answer.out, save: "report.html" });
  else if (answer) show({ answer });
};

$("json").onclick = async () => {
  const answer = await check("json");
  if (answer) show({ answer, text: answer.out, save: "report.json" });
};

$("pack").onclick = async () => {
  const names = judged();
  if (!names) return tell("noFile");
  const { args, given } = reading({ date: true });
  const answer = await work(["pack", "-o", "collection." + $("pack-as").value, "-force", ...args, ...names], given);
  if (answer) show({ answer, text: answer.out });
};

$("rewrite").onclick = async () => {
  const list = named("judge");
  if (list.length !== 1) return tell("onePFX");
  const { args, given } = reading({ password: true, date: true });
  for (const f of named("with")) args.push("-with", f.name);
  if ($("new-password").value !== "") {
    args.push("-new-password-file", "/tmp/new-password");
    given.push(secret("new-password", "new-password"));
  }
  const out = list[0].name.replace(/.*\//, "").replace(/\.[^.]*$/, "") + "-" + $("rewrite-for").value + ".pfx";
  const answer = await work(["rewrite", "-for", $("rewrite-for").value, "-o", out, "-force", ...args, "--", list[0].name], given);
  if (answer) show({ answer, text: answer.out });
};

$("unpack").onclick = async () => {
  const names = judged();
  if (!names) return tell("noFile");
  const { args, given } = reading({ password: true });
  const answer = await work(["unpack", "-d", "/files/unpacked", "-force", ...args, ...names], given);
  if (answer?.files?.length) answer.files = [{ name: "certificates.zip", data: zip(answer.files.map((f) => ({ name: f.name.replace(/^unpacked\//, ""), data: f.data }))) }];
  if (answer) show({ answer, text: answer.out.replaceAll("/files/unpacked/", "") });
};

$("diff").onclick = async () => {
  const list = named("judge");
  if (list.length !== 2) return tell("twoFiles");
  const { args, given } = reading({ date: true });
  const answer = await work(["diff", ...args, "--", list[0].name, list[1].name], given);
  if (answer) show({ answer, text: answer.out });
};

$("explain").onclick = async () => {
  const asked = $("symptom").value.trim();
  if (asked === "") return tell("noQuestion");
  const answer = await work(["explain", "-lang", lang, "--", asked], []);
  if (answer) show({ answer, text: answer.out });
};

$("known").onclick = async () => {
  const asked = $("ca").value.trim(), names = judged();
  if (asked === "" && !names) return tell("noQuestion");
  const { args, given } = reading({ date: true });
  const answer = await work(["known", ...args, ...(asked === "" ? ["--", ...named("judge").map((f) => f.name)] : ["--", asked])], asked === "" ? given : []);
  if (answer) show({ answer, text: answer.out });
};

$("handout").onclick = async () => {
  const args = ["deploy", "handout", "-lang", lang, "-format", "html", "-way", $("way").value];
  if ($("user").value.trim() !== "") args.push("-address", $("user").value.trim());
  if ($("contact").value.trim() !== "") args.push("-contact", $("contact").value.trim());
  const answer = await work(args, []);
  if (answer?.out) show({ answer, html: answer.out, save: "handout.html" });
  else if (answer) show({ answer });
};

for (const [field, button] of [["symptom", "explain"], ["ca", "known"]]) {
  $(field).onkeydown = (e) => {
    if (e.key !== "Enter") return;
    e.preventDefault();
    $(button).click();
  };
}

/* what is seen */

let state = "starting", values = [];

// tell says how it stands.
function tell(key, ...list) {
  state = key;
  if (list.length > 0 || !/%/.test(languages.en.said[key])) values = list;
  $("status").textContent = t(key, ...values);
}

// work runs one call, with the buttons off. It returns nothing when it was stopped.
async function work(args, given) {
  const buttons = [...document.querySelectorAll("form button:not(#stop)")];
  buttons.forEach((b) => { b.disabled = true; });
  $("stop").disabled = false;
  $("progress").hidden = false;
  tell("working");
  let answer;
  const before = stops;
  try {
    await started;
    answer = stops > before ? { stopped: true } : await call(args, given);
  } catch (e) {
    answer = { status: 2, out: "", err: String(e), files: [] }; // a file that is no more
  }
  $("progress").hidden = true;
  buttons.forEach((b) => { b.disabled = false; });
  $("stop").disabled = true;
  if (answer.stopped) return tell("stopped");
  if (answer.fault !== undefined) return tell("over");
  tell(answer.status === 2 ? "failed" : "done");
  return answer;
}

let kept = []; // addresses of what can be saved

function save(name, data, type) {
  const url = URL.createObjectURL(new Blob([data], { type }));
  kept.push(url);
  return element("a", { href: url, download: name, textContent: t("save", name) });
}

// show puts an answer below the form.
function show({ answer, html, text, save: name }) {
  kept.forEach((url) => URL.revokeObjectURL(url));
  kept = [];
  const links = answer.files.map((f) => save(f.name, f.data, "application/octet-stream"));
  $("shown").replaceChildren();
  if (html) {
    links.push(save(name, html, "text/html"));
    // No script runs in there; its links open elsewhere, as this page opens none.
    const frame = element("iframe", { srcdoc: html.replaceAll(' rel="noreferrer"', ' rel="noreferrer" target="_blank"'), title: t("report") });
    frame.setAttribute("sandbox", "allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-modals");
    frame.onload = () => fit(frame);
    $("shown").append(frame);
    links.push(element("button", { type: "button", textContent: t("print"), onclick: () => frame.contentWindow.print() }));
  } else if (text) {
    if (name) links.push(save(name, text, "text/plain"));
    $("shown").append(element("pre", { textContent: text, tabIndex: 0 }));
  }
  $("downloads").replaceChildren(...links);
  $("message").textContent = answer.status === 2 ? t("failed") : "";
  $("message").hidden = answer.status !== 2;
  const notes = answer.err.replaceAll(/^smimechain: /gm, "").trim();
  $("notes").hidden = notes === "";
  $("notes-text").textContent = notes;
  $("result").hidden = false;
  $("result-title").focus();
}

// fit makes a frame as high as what is in it.
function fit(frame) {
  const inner = frame.contentDocument; // none once the frame has gone
  if (!inner) return;
  const measure = () => { frame.style.height = Math.ceil(inner.documentElement.getBoundingClientRect().height) + 4 + "px"; };
  measure();
  new ResizeObserver(measure).observe(inner.body);
}

let build = "";

function showBuild() {
  $("build").textContent = build && t("build", build);
}

// zip packs files as they are, without compression: certificates do not shrink.
function zip(list) {
  const table = new Uint32Array(256).map((_, n) => {
    for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n;
  });
  const parts = [], ends = [];
  let at = 0, size = 0;
  for (const f of list) {
    const name = new TextEncoder().encode(f.name);
    let crc = -1;
    for (const b of f.data) crc = table[(crc ^ b) & 255] ^ (crc >>> 8);
    const header = (fields) => {
      const v = new DataView(new ArrayBuffer(fields.reduce((n, [bytes]) => n + bytes, 0)));
      let o = 0;
      for (const [bytes, value] of fields) {
        if (bytes === 4) v.setUint32(o, value, true);
        else v.setUint16(o, value, true);
        o += bytes;
      }
      return new Uint8Array(v.buffer);
    };
    // Version 2.0, names in UTF-8, stored, 1980-01-01.
    const common = [[2, 20], [2, 0x800], [2, 0], [2, 0], [2, 0x21], [4, ~crc >>> 0], [4, f.data.length], [4, f.data.length], [2, name.length], [2, 0]];
    const local = header([[4, 0x04034b50], ...common]);
    const central = header([[4, 0x02014b50], [2, 20], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, at]]);
    parts.push(local, name, f.data);
    ends.push(central, name);
    at += local.length + name.length + f.data.length;
    size += central.length + name.length;
  }
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, list.length, true);
  end.setUint16(10, list.length, true);
  end.setUint32(12, size, true);
  end.setUint32(16, at, true);
  return new Blob([...parts, ...ends, end.buffer]);
}

speak();
begin();
const reader = new MutationObserver(() => read(false));
reader.observe(document.body, { childList: true });
document.addEventListener("DOMContentLoaded", () => {
  reader.disconnect();
  read(true);
});
const started = call(["version", "-lang", "en"], []).then((answer) => {
  build = (answer.out ?? "").split("\n")[0];
  showBuild();
  if (state === "starting") tell("ready");
});
