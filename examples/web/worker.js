"use strict";
// Runs the command. The page sends
//
//	{size}             once: the program has so many octets,
//	{part}             and comes as text in parts, null after the last one
//	{module}           or once: the program as the module that this sent back
//	{id, args, files}  a call, one at a time; files are {name, data}
//
// and gets {module} when the program can be called, {opened, total} while it works,
// {id, status, out, err, files} at the end of a call, and {fault} when there will be
// no more answers: the program is over.

let call; // of the program
let octets, missing; // the stream that the parts go to, and how many octets are to come

// unpack reads the text that the builder made of octets: 13 bits are two of the 91
// characters from "!" to "~" without "&", "<" and "\".
function unpack(text, size) {
  const value = new Uint8Array(128);
  for (let code = 33, n = 0; n < 91; code++) {
    if (code !== 38 && code !== 60 && code !== 92) value[code] = n++;
  }
  const octets = new Uint8Array(size);
  let bits = 0, held = 0, n = 0;
  for (let i = 0; i + 1 < text.length; i += 2) {
    held |= (value[text.charCodeAt(i)] * 91 + value[text.charCodeAt(i + 1)]) << bits;
    bits += 13;
    while (bits >= 8) { // what is past the end is padding, and not kept
      octets[n++] = held;
      held >>>= 8;
      bits -= 8;
    }
  }
  return octets;
}

// add takes a part: 16 characters of it are 13 octets, and the last one has padding.
function add(part) {
  if (part === null) {
    octets.close();
    return;
  }
  const size = Math.min(missing, Math.floor(part.length * 13 / 16));
  missing -= size;
  octets.enqueue(unpack(part, size));
}

// compile makes the module of parts that are yet to come.
function compile(size) {
  missing = size;
  const packed = new ReadableStream({ start: (controller) => { octets = controller; } });
  const program = packed.pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compileStreaming(new Response(program, { headers: { "Content-Type": "application/wasm" } }));
}

async function start(module) {
  const go = new Go();
  go.argv = ["smimechain"];
  go.env = {};
  go.exit = () => {};
  const instance = await WebAssembly.instantiate(module, go.importObject);
  const ready = new Promise((resolve) => { globalThis.smimechain = resolve; });
  go.run(instance).then(() => over(fs.output[1]), (e) => over(String(e)));
  call = await ready;
  postMessage({ module });
}

function over(fault) {
  postMessage({ fault });
  close();
}

function answer({ id, args, files }) {
  const seen = new Set();
  let told = 0;
  fs.reset(files, (name) => {
    seen.add(name);
    if (performance.now() - told > 100) {
      told = performance.now();
      postMessage({ opened: seen.size, total: files.length });
    }
  });
  try {
    call(args, (status) => postMessage({ id, status, out: fs.output[0], err: fs.output[1], files: fs.written() }));
  } catch (e) {
    over(String(e));
  }
}

onmessage = ({ data }) => {
  if (data.size) compile(data.size).then(start).catch((e) => over(String(e)));
  else if (data.module) start(data.module).catch((e) => over(String(e)));
  else if ("part" in data) add(data.part);
  else answer(data);
};
