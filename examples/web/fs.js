"use strict";
// A file system in memory for the command: what Go asks of globalThis.fs, as Node.js
// would answer. Nothing of it outlives a call of the command.

class MemoryFS {
  constructor() {
    this.constants = { O_WRONLY: 1, O_RDWR: 2, O_CREAT: 0o100, O_EXCL: 0o200, O_TRUNC: 0o1000, O_APPEND: 0o2000, O_DIRECTORY: 0o200000 };
    this.reset([]);
    for (const name of ["open", "close", "read", "write", "fstat", "stat", "readdir", "mkdir", "rename", "link", "unlink", "rmdir", "truncate", "ftruncate"]) {
      this[name] = (...args) => {
        const callback = args.pop();
        let result;
        try {
          result = this["_" + name](...args);
        } catch (e) {
          if (!e.code) throw e;
          callback(e);
          return;
        }
        callback(null, result);
      };
    }
    this.lstat = this.stat; // there are no symbolic links
    for (const name of ["chmod", "fchmod", "chown", "fchown", "lchown", "utimes", "fsync"]) {
      this[name] = (...args) => args.pop()(null);
    }
    for (const name of ["readlink", "symlink"]) {
      this[name] = (...args) => args.pop()(failure("ENOSYS"));
    }
  }

  // reset makes the file system hold the files given in the working folder, and
  // nothing else. opened is told the name of each when it is opened.
  reset(files, opened = () => {}) {
    this.opened = opened;
    this.output = ["", ""];
    this.decoders = [new TextDecoder(), new TextDecoder()];
    this.nodes = new Map([["/", folder()], [MemoryFS.cwd, folder()], ["/tmp", folder()]]);
    this.handles = new Map();
    this.next = 3;
    for (const { name, data } of files) {
      const path = absolute(name);
      for (let i = path.indexOf("/", 1); i > 0; i = path.indexOf("/", i + 1)) {
        if (!this.nodes.has(path.slice(0, i))) this.nodes.set(path.slice(0, i), folder());
      }
      this.nodes.set(path, { data, size: data.length, given: name });
    }
  }

  // written returns the files that the command has made.
  written() {
    const list = [];
    for (const [path, node] of this.nodes) {
      if (node.data && !node.given && path.startsWith(MemoryFS.cwd + "/")) {
        list.push({ name: path.slice(MemoryFS.cwd.length + 1), data: node.data.slice(0, node.size) });
      }
    }
    return list.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  node(path) {
    const node = this.nodes.get(absolute(path));
    if (!node) throw failure("ENOENT");
    return node;
  }

  handle(fd) {
    const handle = this.handles.get(fd);
    if (!handle) throw failure("EBADF");
    return handle;
  }

  // parent holds that the folder of a new name is there.
  parent(path) {
    if (!this.node(path.slice(0, path.lastIndexOf("/")) || "/").folder) throw failure("ENOTDIR");
  }

  _open(name, flags) {
    const path = absolute(name);
    const c = this.constants;
    let node = this.nodes.get(path);
    if (node && flags & c.O_CREAT && flags & c.O_EXCL) throw failure("EEXIST");
    if (!node) {
      if (!(flags & c.O_CREAT)) throw failure("ENOENT");
      this.parent(path);
      node = { data: new Uint8Array(0), size: 0 };
      this.nodes.set(path, node);
    }
    const writes = flags & (c.O_WRONLY | c.O_RDWR);
    if (node.folder && writes) throw failure("EISDIR");
    if (!node.folder && flags & c.O_DIRECTORY) throw failure("ENOTDIR");
    if (flags & c.O_TRUNC && writes) node.size = 0;
    if (node.given && !writes) this.opened(node.given);
    this.handles.set(this.next, { node, at: 0, append: flags & c.O_APPEND });
    return this.next++;
  }

  _close(fd) {
    this.handle(fd);
    this.handles.delete(fd);
  }

  _read(fd, buffer, offset, length, position) {
    if (fd === 0) return 0; // standard input is empty
    const handle = this.handle(fd);
    if (handle.node.folder) throw failure("EISDIR");
    const from = position ?? handle.at;
    const n = Math.max(0, Math.min(length, handle.node.size - from));
    buffer.set(handle.node.data.subarray(from, from + n), offset);
    if (position === null) handle.at += n;
    return n;
  }

  _write(fd, buffer, offset, length, position) {
    const bytes = buffer.subarray(offset, offset + length);
    if (fd === 1 || fd === 2) {
      this.output[fd - 1] += this.decoders[fd - 1].decode(bytes, { stream: true });
      return length;
    }
    const handle = this.handle(fd);
    const node = handle.node;
    const from = handle.append ? node.size : position ?? handle.at;
    if (from + length > node.data.length) {
      const larger = new Uint8Array(Math.max(from + length, 2 * node.data.length));
      larger.set(node.data.subarray(0, node.size));
      node.data = larger;
    }
    node.data.set(bytes, from);
    node.size = Math.max(node.size, from + length);
    if (position === null) handle.at = from + length;
    return length;
  }

  _fstat(fd) {
    return fd < 3 ? stat({ size: 0, data: [] }) : stat(this.handle(fd).node);
  }

  _stat(path) {
    return stat(this.node(path));
  }

  _readdir(name) {
    if (!this.node(name).folder) throw failure("ENOTDIR");
    const prefix = absolute(name).replace(/\/?$/, "/");
    return [...this.nodes.keys()].filter((p) => p.startsWith(prefix) && p !== prefix && !p.slice(prefix.length).includes("/")).map((p) => p.slice(prefix.length)).sort();
  }

  _mkdir(name) {
    const path = absolute(name);
    if (this.nodes.has(path)) throw failure("EEXIST");
    this.parent(path);
    this.nodes.set(path, folder());
  }

  _link(from, to) {
    if (this.nodes.has(absolute(to))) throw failure("EEXIST");
    this.parent(absolute(to));
    this.nodes.set(absolute(to), this.node(from));
  }

  _rename(from, to) {
    const node = this.node(from);
    if (node.folder) throw failure("EPERM"); // the command renames none
    this.parent(absolute(to));
    this.nodes.delete(absolute(from));
    this.nodes.set(absolute(to), node);
  }

  _unlink(path) {
    if (this.node(path).folder) throw failure("EISDIR");
    this.nodes.delete(absolute(path));
  }

  _rmdir(path) {
    if (this._readdir(path).length > 0) throw failure("ENOTEMPTY");
    this.nodes.delete(absolute(path));
  }

  _truncate(path, length) {
    resize(this.node(path), length);
  }

  _ftruncate(fd, length) {
    resize(this.handle(fd).node, length);
  }
}
MemoryFS.cwd = "/files";

const folder = () => ({ folder: true, size: 0 });

function failure(code) {
  return Object.assign(new Error(code), { code });
}

// absolute resolves a name against the working folder.
function absolute(name) {
  const parts = [];
  for (const part of (name.startsWith("/") ? name : MemoryFS.cwd + "/" + name).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return "/" + parts.join("/");
}

function resize(node, length) {
  const data = new Uint8Array(length);
  data.set(node.data.subarray(0, Math.min(length, node.size)));
  node.data = data;
  node.size = length;
}

function stat(node) {
  return {
    dev: 0, ino: 0, nlink: 1, uid: 0, gid: 0, rdev: 0, blksize: 4096, blocks: 0, atimeMs: 0, mtimeMs: 0, ctimeMs: 0,
    size: node.size,
    mode: node.folder ? 0o40755 : 0o100600,
    isDirectory: () => Boolean(node.folder),
  };
}

globalThis.fs = new MemoryFS();
globalThis.process = {
  pid: 1, ppid: 0, getuid: () => 0, getgid: () => 0, geteuid: () => 0, getegid: () => 0, getgroups: () => [], umask: () => 0o022,
  cwd: () => MemoryFS.cwd,
  chdir: () => { throw failure("ENOSYS"); },
};
