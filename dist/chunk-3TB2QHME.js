const require = process.getBuiltinModule;
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __knownSymbol = (name, symbol) => (symbol = Symbol[name]) ? symbol : /* @__PURE__ */ Symbol.for("Symbol." + name);
var __typeError = (msg) => {
  throw TypeError(msg);
};
var __commonJS = (cb, mod) => function __require() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: true }) : target,
  mod
));
var __using = (stack, value, async) => {
  if (value != null) {
    if (typeof value !== "object" && typeof value !== "function") __typeError("Object expected");
    var dispose, inner;
    if (async) dispose = value[__knownSymbol("asyncDispose")];
    if (dispose === void 0) {
      dispose = value[__knownSymbol("dispose")];
      if (async) inner = dispose;
    }
    if (typeof dispose !== "function") __typeError("Object not disposable");
    if (inner) dispose = function() {
      try {
        inner.call(this);
      } catch (e) {
        return Promise.reject(e);
      }
    };
    stack.push([async, dispose, value]);
  } else if (async) {
    stack.push([async]);
  }
  return value;
};
var __callDispose = (stack, error2, hasError) => {
  var E = typeof SuppressedError === "function" ? SuppressedError : function(e, s, m, _) {
    return _ = Error(m), _.name = "SuppressedError", _.error = e, _.suppressed = s, _;
  };
  var fail = (e) => error2 = hasError ? new E(e, error2, "An error was suppressed during disposal") : (hasError = true, e);
  var next = (it) => {
    while (it = stack.pop()) {
      try {
        var result = it[1] && it[1].call(it[2]);
        if (it[0]) return Promise.resolve(result).then(next, (e) => (fail(e), next()));
      } catch (e) {
        fail(e);
      }
    }
    if (hasError) throw error2;
  };
  return next();
};

// src/errors.ts
var FAILURE_TITLES = {
  input: "An input is not right",
  bento: "The Bento cannot be used",
  dockerfile: "The Dockerfile cannot be built",
  "run-step": "A build step failed",
  "base-image": "The base image cannot be used",
  platform: "The platform cannot be built here",
  auth: "The registry refused the credentials",
  "rate-limit": "The registry limits the rate of requests",
  network: "The network or the registry did not answer",
  disk: "The disk is full",
  engine: "The engine cannot be reached",
  tool: "The tool is missing, too old or failed",
  cancelled: "The build was cancelled",
  internal: "A bug in this action"
};
var Failure = class extends Error {
  name = "Failure";
  class;
  code;
  lines;
  hint;
  position;
  constructor(failureClass, message, details = {}) {
    super(message, details.cause === void 0 ? void 0 : { cause: details.cause });
    this.class = failureClass;
    this.code = details.code ?? failureClass;
    this.lines = details.lines ?? [];
    this.hint = details.hint;
    this.position = details.position;
  }
};
var TimeOver = class {
  /** The limit, in milliseconds. */
  limit;
  constructor(limit) {
    this.limit = limit;
  }
  toString() {
    return `its time was over: the input timeout is ${this.limit / 6e4} min`;
  }
};
function cancelled(signal, what, cause) {
  const why = signal.reason instanceof TimeOver ? `${signal.reason}` : "the run was cancelled";
  return new Failure("cancelled", `${what} because ${why}`, { cause });
}
var NAMED = 20;
function firstFew(items) {
  const more = items.length - NAMED;
  return more > 0 ? [...items.slice(0, NAMED), `and ${more} more`] : items;
}
function errorCode(error2) {
  return error2 instanceof Error && "code" in error2 ? String(error2.code) : "";
}
function isDiskFull(error2) {
  return ["ENOSPC", "EDQUOT"].includes(errorCode(error2));
}
function asFailure(error2) {
  if (error2 instanceof Failure) return error2;
  const message = error2 instanceof Error ? error2.message : String(error2);
  if (isDiskFull(error2)) {
    return new Failure("disk", message, {
      code: "DiskFull",
      hint: "Free space there, or set TMPDIR, RUNNER_TEMP or the path of the output to a larger disk.",
      cause: error2
    });
  }
  return new Failure("internal", message, {
    cause: error2,
    hint: "Please report it with the log of a run with debug logging on (ACTIONS_STEP_DEBUG=true)."
  });
}

// late:crypto
var createHash = (...args) => process.getBuiltinModule("node:crypto").createHash(...args);
var randomUUID = (...args) => process.getBuiltinModule("node:crypto").randomUUID(...args);

// node_modules/@actions/core/lib/command.js
import * as os from "os";

// node_modules/@actions/core/lib/utils.js
function toCommandValue(input) {
  if (input === null || input === void 0) {
    return "";
  } else if (typeof input === "string" || input instanceof String) {
    return input;
  }
  return JSON.stringify(input);
}
function toCommandProperties(annotationProperties) {
  if (!Object.keys(annotationProperties).length) {
    return {};
  }
  return {
    title: annotationProperties.title,
    file: annotationProperties.file,
    line: annotationProperties.startLine,
    endLine: annotationProperties.endLine,
    col: annotationProperties.startColumn,
    endColumn: annotationProperties.endColumn
  };
}

// node_modules/@actions/core/lib/command.js
function issueCommand(command, properties2, message) {
  const cmd = new Command(command, properties2, message);
  process.stdout.write(cmd.toString() + os.EOL);
}
function issue(name, message = "") {
  issueCommand(name, {}, message);
}
var CMD_STRING = "::";
var Command = class {
  constructor(command, properties2, message) {
    if (!command) {
      command = "missing.command";
    }
    this.command = command;
    this.properties = properties2;
    this.message = message;
  }
  toString() {
    let cmdStr = CMD_STRING + this.command;
    if (this.properties && Object.keys(this.properties).length > 0) {
      cmdStr += " ";
      let first = true;
      for (const key in this.properties) {
        if (this.properties.hasOwnProperty(key)) {
          const val = this.properties[key];
          if (val) {
            if (first) {
              first = false;
            } else {
              cmdStr += ",";
            }
            cmdStr += `${key}=${escapeProperty(val)}`;
          }
        }
      }
    }
    cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
    return cmdStr;
  }
};
function escapeData(s) {
  return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
function escapeProperty(s) {
  return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/:/g, "%3A").replace(/,/g, "%2C");
}

// node_modules/@actions/core/lib/file-command.js
import * as fs from "fs";
import * as os2 from "os";
function issueFileCommand(command, message) {
  const filePath = process.env[`GITHUB_${command}`];
  if (!filePath) {
    throw new Error(`Unable to find environment variable for file command ${command}`);
  }
  if (!fs.existsSync(filePath)) {
    throw new Error(`Missing file at path: ${filePath}`);
  }
  fs.appendFileSync(filePath, `${toCommandValue(message)}${os2.EOL}`, {
    encoding: "utf8"
  });
}
function prepareKeyValueMessage(key, value) {
  const delimiter4 = `ghadelimiter_${randomUUID()}`;
  const convertedValue = toCommandValue(value);
  if (key.includes(delimiter4)) {
    throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter4}"`);
  }
  if (convertedValue.includes(delimiter4)) {
    throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter4}"`);
  }
  return `${key}<<${delimiter4}${os2.EOL}${convertedValue}${os2.EOL}${delimiter4}`;
}

// node_modules/@actions/core/lib/core.js
import * as os3 from "os";
import * as path from "path";

// node_modules/@actions/core/lib/summary.js
import { EOL as EOL3 } from "os";
import { constants, promises } from "fs";
var __awaiter = function(thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P ? value : new P(function(resolve2) {
      resolve2(value);
    });
  }
  return new (P || (P = Promise))(function(resolve2, reject) {
    function fulfilled(value) {
      try {
        step(generator.next(value));
      } catch (e) {
        reject(e);
      }
    }
    function rejected(value) {
      try {
        step(generator["throw"](value));
      } catch (e) {
        reject(e);
      }
    }
    function step(result) {
      result.done ? resolve2(result.value) : adopt(result.value).then(fulfilled, rejected);
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
var { access, appendFile, writeFile } = promises;
var SUMMARY_ENV_VAR = "GITHUB_STEP_SUMMARY";
var Summary = class {
  constructor() {
    this._buffer = "";
  }
  /**
   * Finds the summary file path from the environment, rejects if env var is not found or file does not exist
   * Also checks r/w permissions.
   *
   * @returns step summary file path
   */
  filePath() {
    return __awaiter(this, void 0, void 0, function* () {
      if (this._filePath) {
        return this._filePath;
      }
      const pathFromEnv = process.env[SUMMARY_ENV_VAR];
      if (!pathFromEnv) {
        throw new Error(`Unable to find environment variable for $${SUMMARY_ENV_VAR}. Check if your runtime environment supports job summaries.`);
      }
      try {
        yield access(pathFromEnv, constants.R_OK | constants.W_OK);
      } catch (_a) {
        throw new Error(`Unable to access summary file: '${pathFromEnv}'. Check if the file has correct read/write permissions.`);
      }
      this._filePath = pathFromEnv;
      return this._filePath;
    });
  }
  /**
   * Wraps content in an HTML tag, adding any HTML attributes
   *
   * @param {string} tag HTML tag to wrap
   * @param {string | null} content content within the tag
   * @param {[attribute: string]: string} attrs key-value list of HTML attributes to add
   *
   * @returns {string} content wrapped in HTML element
   */
  wrap(tag, content, attrs = {}) {
    const htmlAttrs = Object.entries(attrs).map(([key, value]) => ` ${key}="${value}"`).join("");
    if (!content) {
      return `<${tag}${htmlAttrs}>`;
    }
    return `<${tag}${htmlAttrs}>${content}</${tag}>`;
  }
  /**
   * Writes text in the buffer to the summary buffer file and empties buffer. Will append by default.
   *
   * @param {SummaryWriteOptions} [options] (optional) options for write operation
   *
   * @returns {Promise<Summary>} summary instance
   */
  write(options) {
    return __awaiter(this, void 0, void 0, function* () {
      const overwrite = !!(options === null || options === void 0 ? void 0 : options.overwrite);
      const filePath = yield this.filePath();
      const writeFunc = overwrite ? writeFile : appendFile;
      yield writeFunc(filePath, this._buffer, { encoding: "utf8" });
      return this.emptyBuffer();
    });
  }
  /**
   * Clears the summary buffer and wipes the summary file
   *
   * @returns {Summary} summary instance
   */
  clear() {
    return __awaiter(this, void 0, void 0, function* () {
      return this.emptyBuffer().write({ overwrite: true });
    });
  }
  /**
   * Returns the current summary buffer as a string
   *
   * @returns {string} string of summary buffer
   */
  stringify() {
    return this._buffer;
  }
  /**
   * If the summary buffer is empty
   *
   * @returns {boolen} true if the buffer is empty
   */
  isEmptyBuffer() {
    return this._buffer.length === 0;
  }
  /**
   * Resets the summary buffer without writing to summary file
   *
   * @returns {Summary} summary instance
   */
  emptyBuffer() {
    this._buffer = "";
    return this;
  }
  /**
   * Adds raw text to the summary buffer
   *
   * @param {string} text content to add
   * @param {boolean} [addEOL=false] (optional) append an EOL to the raw text (default: false)
   *
   * @returns {Summary} summary instance
   */
  addRaw(text, addEOL = false) {
    this._buffer += text;
    return addEOL ? this.addEOL() : this;
  }
  /**
   * Adds the operating system-specific end-of-line marker to the buffer
   *
   * @returns {Summary} summary instance
   */
  addEOL() {
    return this.addRaw(EOL3);
  }
  /**
   * Adds an HTML codeblock to the summary buffer
   *
   * @param {string} code content to render within fenced code block
   * @param {string} lang (optional) language to syntax highlight code
   *
   * @returns {Summary} summary instance
   */
  addCodeBlock(code, lang) {
    const attrs = Object.assign({}, lang && { lang });
    const element = this.wrap("pre", this.wrap("code", code), attrs);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML list to the summary buffer
   *
   * @param {string[]} items list of items to render
   * @param {boolean} [ordered=false] (optional) if the rendered list should be ordered or not (default: false)
   *
   * @returns {Summary} summary instance
   */
  addList(items, ordered = false) {
    const tag = ordered ? "ol" : "ul";
    const listItems = items.map((item) => this.wrap("li", item)).join("");
    const element = this.wrap(tag, listItems);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML table to the summary buffer
   *
   * @param {SummaryTableCell[]} rows table rows
   *
   * @returns {Summary} summary instance
   */
  addTable(rows) {
    const tableBody = rows.map((row) => {
      const cells = row.map((cell) => {
        if (typeof cell === "string") {
          return this.wrap("td", cell);
        }
        const { header, data, colspan, rowspan } = cell;
        const tag = header ? "th" : "td";
        const attrs = Object.assign(Object.assign({}, colspan && { colspan }), rowspan && { rowspan });
        return this.wrap(tag, data, attrs);
      }).join("");
      return this.wrap("tr", cells);
    }).join("");
    const element = this.wrap("table", tableBody);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds a collapsable HTML details element to the summary buffer
   *
   * @param {string} label text for the closed state
   * @param {string} content collapsable content
   *
   * @returns {Summary} summary instance
   */
  addDetails(label, content) {
    const element = this.wrap("details", this.wrap("summary", label) + content);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML image tag to the summary buffer
   *
   * @param {string} src path to the image you to embed
   * @param {string} alt text description of the image
   * @param {SummaryImageOptions} options (optional) addition image attributes
   *
   * @returns {Summary} summary instance
   */
  addImage(src, alt, options) {
    const { width, height } = options || {};
    const attrs = Object.assign(Object.assign({}, width && { width }), height && { height });
    const element = this.wrap("img", null, Object.assign({ src, alt }, attrs));
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML section heading element
   *
   * @param {string} text heading text
   * @param {number | string} [level=1] (optional) the heading level, default: 1
   *
   * @returns {Summary} summary instance
   */
  addHeading(text, level) {
    const tag = `h${level}`;
    const allowedTag = ["h1", "h2", "h3", "h4", "h5", "h6"].includes(tag) ? tag : "h1";
    const element = this.wrap(allowedTag, text);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML thematic break (<hr>) to the summary buffer
   *
   * @returns {Summary} summary instance
   */
  addSeparator() {
    const element = this.wrap("hr", null);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML line break (<br>) to the summary buffer
   *
   * @returns {Summary} summary instance
   */
  addBreak() {
    const element = this.wrap("br", null);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML blockquote to the summary buffer
   *
   * @param {string} text quote text
   * @param {string} cite (optional) citation url
   *
   * @returns {Summary} summary instance
   */
  addQuote(text, cite) {
    const attrs = Object.assign({}, cite && { cite });
    const element = this.wrap("blockquote", text, attrs);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML anchor tag to the summary buffer
   *
   * @param {string} text link text/content
   * @param {string} href hyperlink
   *
   * @returns {Summary} summary instance
   */
  addLink(text, href) {
    const element = this.wrap("a", text, { href });
    return this.addRaw(element).addEOL();
  }
};
var _summary = new Summary();
var summary = _summary;

// node_modules/@actions/core/lib/core.js
var ExitCode;
(function(ExitCode2) {
  ExitCode2[ExitCode2["Success"] = 0] = "Success";
  ExitCode2[ExitCode2["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
function exportVariable(name, val) {
  const convertedVal = toCommandValue(val);
  process.env[name] = convertedVal;
  const filePath = process.env["GITHUB_ENV"] || "";
  if (filePath) {
    return issueFileCommand("ENV", prepareKeyValueMessage(name, val));
  }
  issueCommand("set-env", { name }, convertedVal);
}
function setSecret(secret) {
  issueCommand("add-mask", {}, secret);
}
function addPath(inputPath) {
  const filePath = process.env["GITHUB_PATH"] || "";
  if (filePath) {
    issueFileCommand("PATH", inputPath);
  } else {
    issueCommand("add-path", {}, inputPath);
  }
  process.env["PATH"] = `${inputPath}${path.delimiter}${process.env["PATH"]}`;
}
function setOutput(name, value) {
  const filePath = process.env["GITHUB_OUTPUT"] || "";
  if (filePath) {
    return issueFileCommand("OUTPUT", prepareKeyValueMessage(name, value));
  }
  process.stdout.write(os3.EOL);
  issueCommand("set-output", { name }, toCommandValue(value));
}
function isDebug() {
  return process.env["RUNNER_DEBUG"] === "1";
}
function debug(message) {
  issueCommand("debug", {}, message);
}
function error(message, properties2 = {}) {
  issueCommand("error", toCommandProperties(properties2), message instanceof Error ? message.toString() : message);
}
function warning(message, properties2 = {}) {
  issueCommand("warning", toCommandProperties(properties2), message instanceof Error ? message.toString() : message);
}
function notice(message, properties2 = {}) {
  issueCommand("notice", toCommandProperties(properties2), message instanceof Error ? message.toString() : message);
}
function info(message) {
  process.stdout.write(message + os3.EOL);
}
function startGroup(name) {
  issue("group", name);
}
function endGroup() {
  issue("endgroup");
}
function saveState(name, value) {
  const filePath = process.env["GITHUB_STATE"] || "";
  if (filePath) {
    return issueFileCommand("STATE", prepareKeyValueMessage(name, value));
  }
  issueCommand("save-state", { name }, toCommandValue(value));
}
function getState(name) {
  return process.env[`STATE_${name}`] || "";
}

// late:assert
var ok = (...args) => process.getBuiltinModule("node:assert").ok(...args);

// node_modules/@actions/io/lib/io.js
import * as path3 from "path";

// node_modules/@actions/io/lib/io-util.js
import * as fs2 from "fs";
import * as path2 from "path";
var __awaiter2 = function(thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P ? value : new P(function(resolve2) {
      resolve2(value);
    });
  }
  return new (P || (P = Promise))(function(resolve2, reject) {
    function fulfilled(value) {
      try {
        step(generator.next(value));
      } catch (e) {
        reject(e);
      }
    }
    function rejected(value) {
      try {
        step(generator["throw"](value));
      } catch (e) {
        reject(e);
      }
    }
    function step(result) {
      result.done ? resolve2(result.value) : adopt(result.value).then(fulfilled, rejected);
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
var { chmod, copyFile, lstat, mkdir, open, readdir, rename, rm, rmdir, stat, symlink, unlink } = fs2.promises;
var IS_WINDOWS = process.platform === "win32";
function readlink(fsPath) {
  return __awaiter2(this, void 0, void 0, function* () {
    const result = yield fs2.promises.readlink(fsPath);
    if (IS_WINDOWS && !result.endsWith("\\")) {
      return `${result}\\`;
    }
    return result;
  });
}
var READONLY = fs2.constants.O_RDONLY;
function exists(fsPath) {
  return __awaiter2(this, void 0, void 0, function* () {
    try {
      yield stat(fsPath);
    } catch (err) {
      if (err.code === "ENOENT") {
        return false;
      }
      throw err;
    }
    return true;
  });
}
function isRooted(p) {
  p = normalizeSeparators(p);
  if (!p) {
    throw new Error('isRooted() parameter "p" cannot be empty');
  }
  if (IS_WINDOWS) {
    return p.startsWith("\\") || /^[A-Z]:/i.test(p);
  }
  return p.startsWith("/");
}
function tryGetExecutablePath(filePath, extensions) {
  return __awaiter2(this, void 0, void 0, function* () {
    let stats = void 0;
    try {
      stats = yield stat(filePath);
    } catch (err) {
      if (err.code !== "ENOENT") {
        console.log(`Unexpected error attempting to determine if executable file exists '${filePath}': ${err}`);
      }
    }
    if (stats && stats.isFile()) {
      if (IS_WINDOWS) {
        const upperExt = path2.extname(filePath).toUpperCase();
        if (extensions.some((validExt) => validExt.toUpperCase() === upperExt)) {
          return filePath;
        }
      } else {
        if (isUnixExecutable(stats)) {
          return filePath;
        }
      }
    }
    const originalFilePath = filePath;
    for (const extension of extensions) {
      filePath = originalFilePath + extension;
      stats = void 0;
      try {
        stats = yield stat(filePath);
      } catch (err) {
        if (err.code !== "ENOENT") {
          console.log(`Unexpected error attempting to determine if executable file exists '${filePath}': ${err}`);
        }
      }
      if (stats && stats.isFile()) {
        if (IS_WINDOWS) {
          try {
            const directory = path2.dirname(filePath);
            const upperName = path2.basename(filePath).toUpperCase();
            for (const actualName of yield readdir(directory)) {
              if (upperName === actualName.toUpperCase()) {
                filePath = path2.join(directory, actualName);
                break;
              }
            }
          } catch (err) {
            console.log(`Unexpected error attempting to determine the actual case of the file '${filePath}': ${err}`);
          }
          return filePath;
        } else {
          if (isUnixExecutable(stats)) {
            return filePath;
          }
        }
      }
    }
    return "";
  });
}
function normalizeSeparators(p) {
  p = p || "";
  if (IS_WINDOWS) {
    p = p.replace(/\//g, "\\");
    return p.replace(/\\\\+/g, "\\");
  }
  return p.replace(/\/\/+/g, "/");
}
function isUnixExecutable(stats) {
  return (stats.mode & 1) > 0 || (stats.mode & 8) > 0 && process.getgid !== void 0 && stats.gid === process.getgid() || (stats.mode & 64) > 0 && process.getuid !== void 0 && stats.uid === process.getuid();
}

// node_modules/@actions/io/lib/io.js
var __awaiter3 = function(thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P ? value : new P(function(resolve2) {
      resolve2(value);
    });
  }
  return new (P || (P = Promise))(function(resolve2, reject) {
    function fulfilled(value) {
      try {
        step(generator.next(value));
      } catch (e) {
        reject(e);
      }
    }
    function rejected(value) {
      try {
        step(generator["throw"](value));
      } catch (e) {
        reject(e);
      }
    }
    function step(result) {
      result.done ? resolve2(result.value) : adopt(result.value).then(fulfilled, rejected);
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
function cp(source_1, dest_1) {
  return __awaiter3(this, arguments, void 0, function* (source, dest, options = {}) {
    const { force, recursive, copySourceDirectory } = readCopyOptions(options);
    const destStat = (yield exists(dest)) ? yield stat(dest) : null;
    if (destStat && destStat.isFile() && !force) {
      return;
    }
    const newDest = destStat && destStat.isDirectory() && copySourceDirectory ? path3.join(dest, path3.basename(source)) : dest;
    if (!(yield exists(source))) {
      throw new Error(`no such file or directory: ${source}`);
    }
    const sourceStat = yield stat(source);
    if (sourceStat.isDirectory()) {
      if (!recursive) {
        throw new Error(`Failed to copy. ${source} is a directory, but tried to copy without recursive flag.`);
      } else {
        yield cpDirRecursive(source, newDest, 0, force);
      }
    } else {
      if (path3.relative(source, newDest) === "") {
        throw new Error(`'${newDest}' and '${source}' are the same file`);
      }
      yield copyFile2(source, newDest, force);
    }
  });
}
function rmRF(inputPath) {
  return __awaiter3(this, void 0, void 0, function* () {
    if (IS_WINDOWS) {
      if (/[*"<>|]/.test(inputPath)) {
        throw new Error('File path must not contain `*`, `"`, `<`, `>` or `|` on Windows');
      }
    }
    try {
      yield rm(inputPath, {
        force: true,
        maxRetries: 3,
        recursive: true,
        retryDelay: 300
      });
    } catch (err) {
      throw new Error(`File was unable to be removed ${err}`);
    }
  });
}
function mkdirP(fsPath) {
  return __awaiter3(this, void 0, void 0, function* () {
    ok(fsPath, "a path argument must be provided");
    yield mkdir(fsPath, { recursive: true });
  });
}
function which(tool, check) {
  return __awaiter3(this, void 0, void 0, function* () {
    if (!tool) {
      throw new Error("parameter 'tool' is required");
    }
    if (check) {
      const result = yield which(tool, false);
      if (!result) {
        if (IS_WINDOWS) {
          throw new Error(`Unable to locate executable file: ${tool}. Please verify either the file path exists or the file can be found within a directory specified by the PATH environment variable. Also verify the file has a valid extension for an executable file.`);
        } else {
          throw new Error(`Unable to locate executable file: ${tool}. Please verify either the file path exists or the file can be found within a directory specified by the PATH environment variable. Also check the file mode to verify the file is executable.`);
        }
      }
      return result;
    }
    const matches = yield findInPath(tool);
    if (matches && matches.length > 0) {
      return matches[0];
    }
    return "";
  });
}
function findInPath(tool) {
  return __awaiter3(this, void 0, void 0, function* () {
    if (!tool) {
      throw new Error("parameter 'tool' is required");
    }
    const extensions = [];
    if (IS_WINDOWS && process.env["PATHEXT"]) {
      for (const extension of process.env["PATHEXT"].split(path3.delimiter)) {
        if (extension) {
          extensions.push(extension);
        }
      }
    }
    if (isRooted(tool)) {
      const filePath = yield tryGetExecutablePath(tool, extensions);
      if (filePath) {
        return [filePath];
      }
      return [];
    }
    if (tool.includes(path3.sep)) {
      return [];
    }
    const directories = [];
    if (process.env.PATH) {
      for (const p of process.env.PATH.split(path3.delimiter)) {
        if (p) {
          directories.push(p);
        }
      }
    }
    const matches = [];
    for (const directory of directories) {
      const filePath = yield tryGetExecutablePath(path3.join(directory, tool), extensions);
      if (filePath) {
        matches.push(filePath);
      }
    }
    return matches;
  });
}
function readCopyOptions(options) {
  const force = options.force == null ? true : options.force;
  const recursive = Boolean(options.recursive);
  const copySourceDirectory = options.copySourceDirectory == null ? true : Boolean(options.copySourceDirectory);
  return { force, recursive, copySourceDirectory };
}
function cpDirRecursive(sourceDir, destDir, currentDepth, force) {
  return __awaiter3(this, void 0, void 0, function* () {
    if (currentDepth >= 255)
      return;
    currentDepth++;
    yield mkdirP(destDir);
    const files = yield readdir(sourceDir);
    for (const fileName of files) {
      const srcFile = `${sourceDir}/${fileName}`;
      const destFile = `${destDir}/${fileName}`;
      const srcFileStat = yield lstat(srcFile);
      if (srcFileStat.isDirectory()) {
        yield cpDirRecursive(srcFile, destFile, currentDepth, force);
      } else {
        yield copyFile2(srcFile, destFile, force);
      }
    }
    yield chmod(destDir, (yield stat(sourceDir)).mode);
  });
}
function copyFile2(srcFile, destFile, force) {
  return __awaiter3(this, void 0, void 0, function* () {
    if ((yield lstat(srcFile)).isSymbolicLink()) {
      try {
        yield lstat(destFile);
        yield unlink(destFile);
      } catch (e) {
        if (e.code === "EPERM") {
          yield chmod(destFile, "0666");
          yield unlink(destFile);
        }
      }
      const symlinkFull = yield readlink(srcFile);
      yield symlink(symlinkFull, destFile, IS_WINDOWS ? "junction" : null);
    } else if (!(yield exists(destFile)) || force) {
      yield copyFile(srcFile, destFile);
    }
  });
}

// src/machine/file-info.ts
function kindOf(entry) {
  if (entry.isSymbolicLink()) return "symlink";
  if (entry.isDirectory()) return "directory";
  return entry.isFile() ? "file" : "other";
}
function infoFrom(found) {
  return { kind: kindOf(found), size: found.size, mode: found.mode & 4095, modified: found.mtime };
}
function isMissing(error2) {
  return ["ENOENT", "ENOTDIR"].includes(errorCode(error2));
}
function isOccupied(error2) {
  return ["ENOTEMPTY", "EEXIST"].includes(errorCode(error2));
}
function isUnfollowable(error2) {
  return ["ELOOP", "ENOTDIR", "ENXIO"].includes(errorCode(error2));
}
function isTooLong(error2) {
  return errorCode(error2) === "ENAMETOOLONG";
}

// src/values.ts
function definedOnly(table) {
  return Object.fromEntries(Object.entries(table).filter((pair) => pair[1] !== void 0));
}

// src/text/json.ts
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return void 0;
  }
}
function isJsonObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// src/engines/sudo.ts
var PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];
var CERTIFICATES = ["SSL_CERT_FILE", "SSL_CERT_DIR"];
async function findSudo({ env, processes }) {
  const sudo = await processes.which("sudo");
  if (sudo === void 0) return void 0;
  const names = PROXIES.filter((name) => Boolean(env[name]));
  const words = ["-n", ...names.length === 0 ? [] : [`--preserve-env=${names.join(",")}`]];
  const { code } = await processes.capture({ tool: sudo, args: [...words, "true"] });
  return code === 0 ? [sudo, ...words] : void 0;
}
function asRoot(sudo, command, variables, env) {
  const certificates = CERTIFICATES.flatMap((name) => env[name] ? [`${name}=${env[name]}`] : []);
  const words = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return {
    argv: [...sudo, "env", ...certificates, ...words, ...command],
    env: Object.fromEntries(["PATH", ...PROXIES].map((name) => [name, env[name]]))
  };
}

// src/engines/clean-up-as-root.ts
var SECONDS = "280";
var OWNER_FLAG = "--for";
async function cleanUpAsRoot(directory, { env, processes, system }) {
  const what = `processes and files of root in ${directory}`;
  const sudo = await findSudo({ env, processes });
  if (sudo === void 0) return [`${what}: sudo without a password is no longer available`];
  const command = ["timeout", SECONDS, ...system.postStep(), OWNER_FLAG, String(system.user().id), directory];
  const { argv, env: rootEnv } = asRoot(sudo, command, {}, env);
  const [tool, ...args] = argv;
  const { code, stdout, stderr } = await processes.ask({ tool, args, env: rootEnv });
  const left = code === 0 ? sentencesIn(stdout) : void 0;
  return left ?? [`${what}: ${tool} ended with ${code}: ${stderr.trim()}`];
}
function sentencesIn(stdout) {
  const sentences = parseJson(stdout.trim().split("\n").at(-1) ?? "");
  return Array.isArray(sentences) ? sentences.map(String) : void 0;
}

// src/engines/buildx-plugin.ts
import { basename as basename3 } from "node:path/posix";

// src/engines/engine-paths.ts
import { dirname as dirname3 } from "node:path/posix";
var LONGEST_SOCKET = 107;
var LONGEST_NAME = "/containerd/containerd.sock.ttrpc";
function temporaryDirectory({ env, files }) {
  return files.realPath(env["RUNNER_TEMP"] || env["TMPDIR"] || "/tmp");
}
async function isEngineDirectory(path4, machine) {
  return hasEngineName(path4) && dirname3(path4) === await temporaryDirectory(machine);
}
function hasEngineName(path4) {
  return path4.startsWith("/") && /\/bento-image-engine-[0-9a-f]{8}$/.test(path4) && !path4.includes("/../");
}
function shortDirectory(directory) {
  const longest = Buffer.byteLength(directory) + LONGEST_NAME.length;
  if (longest <= LONGEST_SOCKET) return void 0;
  return `/tmp/bento-image-${createHash("sha256").update(directory).digest("hex").slice(0, 12)}`;
}
function socketDirectory(directory) {
  return shortDirectory(directory) ?? `${directory}/run`;
}
async function findProgram(name, directories, machine) {
  return await findIn(name, directories, machine) ?? machine.processes.which(name);
}
async function findIn(name, directories, { files }) {
  for (const directory of directories) {
    const path4 = `${directory}/${name}`;
    if (await files.info(path4) !== void 0) return path4;
  }
  return void 0;
}

// src/engines/plugin.ts
var PLUGIN = "docker-buildx";

// src/engines/buildx-plugin.ts
function builderOf(directory) {
  return { name: basename3(directory), config: `${directory}/buildx` };
}
async function findBuildx(tools, machine) {
  const plugin = await findIn(PLUGIN, tools, machine);
  if (plugin !== void 0) return [plugin];
  const docker = await findProgram("docker", tools, machine);
  return docker === void 0 ? void 0 : [docker, "buildx"];
}

// node_modules/smol-toml/dist/stringify.js
var HAS_WELLFORMED = !!"".isWellFormed;

// src/engines/configuration.ts
function buildkitSocket({ sockets }) {
  return `${sockets}/buildkitd.sock`;
}

// src/engines/clean-up-tools.ts
var SECONDS2 = "120";
async function removeBuilder({ directory, tools, machine }) {
  const { name, config } = builderOf(directory);
  if (await machine.files.info(`${config}/instances/${name}`) === void 0) return;
  const command = await findBuildx(tools, machine);
  if (command === void 0) throw new Error("neither docker-buildx nor docker is installed any more");
  const remove = (...more) => runTool([...command, "rm", "--force", ...more, name], machine, { BUILDX_CONFIG: config });
  try {
    await remove("--timeout", "110s");
  } catch (error2) {
    if (!(error2 instanceof Error) || !error2.message.includes("unknown flag")) throw error2;
    await remove();
  }
}
async function removeCache({ directory, tools, machine }) {
  const address = `unix://${buildkitSocket({ sockets: socketDirectory(directory) })}`;
  await runTool([await programOf("buildctl", tools, machine), "--addr", address, "prune", "--all"], machine);
}
async function removeMapped({ directory, tools, machine }) {
  const path4 = `${directory}/buildkitd`;
  if (await machine.files.info(path4) === void 0) return;
  await runTool([await programOf("rootlesskit", tools, machine), "rm", "-rf", path4], machine);
}
async function runTool([tool = "", ...args], machine, env = {}) {
  const invocation = { tool: "timeout", args: [SECONDS2, tool, ...args], env: { ...machine.env, ...env } };
  const { code, stderr } = await machine.processes.ask(invocation);
  if (code !== 0) throw new Error(`${tool} ended with ${code}: ${stderr.trim()}`);
}
async function programOf(name, tools, machine) {
  const program = await findProgram(name, tools, machine);
  if (program === void 0) throw new Error(`${name} is not installed any more`);
  return program;
}

// src/engines/ending.ts
import { setTimeout as sleep } from "node:timers/promises";
var GRACE_PERIOD_MS = 5e3;
async function endProcess(process2, system, gracePeriod = GRACE_PERIOD_MS) {
  if (gracePeriod > 0) {
    await system.signal(process2, "SIGTERM");
    if (await ends(process2, system, gracePeriod)) return;
  }
  await system.signal(process2, "SIGKILL", "group");
  if (!await ends(process2, system, GRACE_PERIOD_MS)) throw new Error(`the process ${process2.pid} does not end`);
}
async function endAll(processes, system) {
  for (const process2 of processes) await system.signal(process2, "SIGKILL");
  for (const process2 of processes) {
    if (!await ends(process2, system, GRACE_PERIOD_MS)) throw new Error(`the process ${process2.pid} does not end`);
  }
}
async function ends(process2, system, gracePeriod) {
  for (let waited = 0, pause = 2; waited < gracePeriod; waited += pause, pause = Math.min(2 * pause, 100)) {
    if (!await system.isAlive(process2)) return true;
    await sleep(pause);
  }
  return !await system.isAlive(process2);
}

// src/engines/kept-state.ts
import { dirname as dirname4 } from "node:path/posix";

// src/engines/kept-path.ts
import { normalize } from "node:path/posix";
function isKeptPath(path4) {
  return normalize(path4) === path4 && /^\/(?:.+\/)?_?bento-image\/\d+\/[a-z]+$/.test(path4);
}

// src/engines/kept-state.ts
async function isLockedBy(directory, path4, { files, system }, owner) {
  if (!isKeptPath(path4) || !await system.isPrivate(dirname4(path4), owner)) return false;
  if ((await files.info(lockOf(path4)))?.kind !== "symlink") return false;
  return await files.readLink(lockOf(path4)) === directory;
}
function unlockKeptState(path4, { files }) {
  return files.remove(lockOf(path4));
}
function lockOf(path4) {
  return `${path4}.lock`;
}

// src/engines/record-form.ts
import { normalize as normalize2 } from "node:path/posix";

// src/engines/record-entry.ts
var DAEMONS = ["buildkitd", "containerd"];

// src/engines/record-form.ts
function parseRecord(text, env) {
  const fields = fieldsOf(parseJson(text));
  if (fields?.["version"] !== 1) return void 0;
  const owner = ownerFrom(fields["owner"]);
  const tools = allOf(fields["tools"], textFrom);
  const made = allOf(fields["made"], entryFrom);
  if (owner === void 0 || tools === void 0 || made === void 0) return void 0;
  return { owner, tools: tools.filter((path4) => isInToolCache(path4, env)), made };
}
function ownerFrom(value) {
  const { kind, runner, job, process: process2 } = fieldsOf(value) ?? {};
  if (kind === "job" && typeof runner === "string" && typeof job === "string") return { kind, runner, job };
  const live = processFrom(process2);
  return kind === "process" && live !== void 0 ? { kind, process: live } : void 0;
}
function entryFrom(value) {
  const { kind, name, process: process2, path: path4 } = fieldsOf(value) ?? {};
  switch (kind) {
    case "root":
    case "mapped":
    case "cache":
    case "builder":
      return { kind };
    case "kept":
      return typeof path4 === "string" && isKeptPath(path4) ? { kind, path: path4 } : void 0;
    case "process": {
      const daemon = DAEMONS.find((one) => one === name);
      if (daemon === void 0) return void 0;
      if (process2 === void 0) return { kind, name: daemon };
      const live = processFrom(process2);
      return live === void 0 ? void 0 : { kind, name: daemon, process: live };
    }
    default:
      return void 0;
  }
}
function processFrom(value) {
  const { pid, started } = fieldsOf(value) ?? {};
  const isPid = typeof pid === "number" && Number.isSafeInteger(pid) && pid > 0;
  return isPid && typeof started === "string" && /^\d*$/.test(started) ? { pid, started } : void 0;
}
function isInToolCache(path4, env) {
  const cache = normalize2(env["RUNNER_TOOL_CACHE"] || env["RUNNER_TEMP"] || env["TMPDIR"] || "/tmp");
  return normalize2(path4) === path4 && path4.startsWith(`${cache.replace(/\/$/, "")}/bento-image-`);
}
function textFrom(value) {
  return typeof value === "string" ? value : void 0;
}
function allOf(value, parse2) {
  if (!Array.isArray(value)) return void 0;
  const items = value.map((item) => parse2(item));
  return items.every((item) => item !== void 0) ? items : void 0;
}
function fieldsOf(value) {
  return isJsonObject(value) ? value : void 0;
}

// src/engines/record.ts
var MARK = "BENTO_IMAGE_ENGINE";
var STATE = "engine";
function readRecord(directory, { env, system }, owner) {
  const found = system.readPrivate(directory, RECORD, owner);
  if (found.kind === "foreign") return { kind: "refused", why: found.why };
  if (found.kind !== "text") return { kind: found.kind };
  const record = parseRecord(found.text, env);
  return record === void 0 ? { kind: "refused", why: `its ${RECORD} was not written by this version of the action` } : { kind: "record", record };
}
var RECORD = "record.json";

// src/engines/leftover.ts
function leftoverOf(directory, machine, owner) {
  const reading = readRecord(directory, machine, owner);
  if (reading.kind === "refused") return { why: `${directory} was left alone: ${reading.why}` };
  const { tools, made } = reading.kind === "record" ? reading.record : { tools: [], made: [] };
  return { directory, isThere: reading.kind !== "absent", tools, made, owner, machine };
}
function openAttempts(within) {
  const left = [];
  const timeout = AbortSignal.timeout(within);
  return {
    left,
    async attempt(what, work) {
      try {
        if (timeout.aborted) throw new Error("the time limit was reached");
        await work();
      } catch (error2) {
        left.push(`${what}: ${error2 instanceof Error ? error2.message : String(error2)}`);
      }
    }
  };
}

// src/engines/clean-up.ts
var TIME_LIMIT_MS = 15e4;
async function cleanUp(directory, machine) {
  const engine = leftoverOf(directory, machine);
  if ("why" in engine) return [engine.why];
  const { left, attempt } = openAttempts(TIME_LIMIT_MS);
  const has = (kind) => engine.made.some((entry) => entry.kind === kind);
  if (has("builder")) await attempt("the buildx builder", () => removeBuilder(engine));
  if (has("cache")) await attempt("the build cache in containerd", () => removeCache(engine));
  if (has("root") && machine.system.user().id !== 0) left.push(...await cleanUpAsRoot(directory, machine));
  await endDaemons(engine, attempt);
  const keptState = await keptOf(engine);
  await unmount(engine, keptState, attempt);
  if (has("mapped")) await attempt("the state of buildkitd", () => removeMapped(engine));
  await removeDirectories(engine, attempt);
  for (const path4 of keptState) await attempt(path4, () => unlockKeptState(path4, machine));
  return left;
}
async function cleanUpFor(owner, directory, machine) {
  const engine = leftoverOf(directory, machine, owner);
  if ("why" in engine) return [engine.why];
  const { left, attempt } = openAttempts(TIME_LIMIT_MS);
  await endDaemons(engine, attempt);
  if (!engine.isThere) return left;
  await unmount(engine, await keptOf(engine), attempt);
  await removeDirectories(engine, attempt);
  return left;
}
async function endDaemons(engine, attempt) {
  const { directory, made } = engine;
  const { system } = engine.machine;
  const family = await system.marked(MARK, directory);
  const gracePeriod = made.some(({ kind }) => kind === "kept" || kind === "cache") ? void 0 : 0;
  for (const entry of made.toReversed()) {
    if (entry.kind !== "process" || entry.process === void 0) continue;
    const { pid, started } = entry.process;
    const member = family.find((one) => one.pid === pid && one.started === started);
    if (member !== void 0) await attempt(`the process ${entry.name}`, () => endProcess(member, system, gracePeriod));
  }
  await attempt("processes of the engine", async () => {
    await endAll([...await system.marked(MARK, directory), ...family], system);
    await endAll(await system.rootedBelow([directory, ...await keptOf(engine)]), system);
  });
}
async function unmount(engine, keptState, attempt) {
  for (const path4 of [...keptState, ...await directoriesOf(engine)]) {
    await attempt(`mounts below ${path4}`, () => unmountBelow(path4, engine.machine));
  }
}
async function unmountBelow(path4, machine) {
  for (const point of await machine.system.mountsBelow(path4)) {
    const { code } = await machine.processes.ask({ tool: "timeout", args: [SECONDS_TO_UNMOUNT, "umount", point] });
    if (code !== 0) await runTool(["umount", "--lazy", point], machine);
  }
}
var SECONDS_TO_UNMOUNT = "20";
async function removeDirectories(engine, attempt) {
  const { files, system } = engine.machine;
  for (const path4 of await directoriesOf(engine)) {
    await attempt(path4, async () => {
      const mounts = await system.mountsBelow(path4);
      if (mounts.length > 0) throw new Error(`still mounted: ${mounts.join(", ")}`);
      await files.remove(path4);
    });
  }
}
async function directoriesOf({ directory, owner, machine }) {
  const short = shortDirectory(directory);
  return short !== void 0 && await machine.system.isPrivate(short, owner) ? [short, directory] : [directory];
}
async function keptOf({ directory, made, owner, machine }) {
  const paths = made.flatMap((entry) => entry.kind === "kept" ? [entry.path] : []);
  const locked = await Promise.all(paths.map((path4) => isLockedBy(directory, path4, machine, owner)));
  return paths.filter((_, index) => locked[index]);
}

// src/engines/remove.ts
async function removeEngine(machine, args = []) {
  const { actions } = machine;
  const [mode, owner = "", path4 = ""] = args;
  if (mode === OWNER_FLAG) {
    const left2 = /^\d+$/.test(owner) && hasEngineName(path4) ? await cleanUpFor(Number(owner), path4, machine) : [];
    actions.info(JSON.stringify(left2).replaceAll("##[", "##\\u005b"));
    return;
  }
  const directory = actions.getState(STATE);
  if (!await isEngineDirectory(directory, machine)) return;
  const left = await cleanUp(directory, machine);
  for (const line of left) actions.warning(`Could not be removed: ${line}`);
  if (left.length === 0) actions.info("The engine of this step was removed");
}

// src/machine/processes.ts
import { once } from "node:events";
import { constants as constants3 } from "node:os";
import { delimiter as delimiter3, join as join3 } from "node:path";
var TAIL_LINES = 400;
var KILL_AFTER_MS = 5e3;
var DRAIN_MS = 5e3;
function realProcesses(env, signal) {
  return {
    async which(tool, path4) {
      if (path4 === void 0 || path4 === env["PATH"]) return await which(tool) || void 0;
      for (const directory of path4.split(delimiter3)) {
        const found = directory === "" ? "" : await which(join3(directory, tool));
        if (found !== "") return found;
      }
      return void 0;
    },
    // @actions/exec crashes this process when a program ends without reading its input.
    ask: (invocation) => invocation.stdin === void 0 ? ask(invocation, env) : capture(invocation, env, new AbortController().signal),
    async capture(invocation) {
      const answer = await capture(invocation, env, eitherOf(signal, invocation));
      if (signal.aborted) throw cancelled(signal, `${invocation.tool} was stopped`);
      return answer;
    },
    async stream(invocation, onLine) {
      const tail = [];
      const keep = async (output) => {
        for await (const line of linesOf(output)) {
          tail.push(line);
          if (tail.length > TAIL_LINES) tail.shift();
          onLine(line);
        }
      };
      return { ...await run(invocation, env, eitherOf(signal, invocation), { stdout: keep, stderr: keep }), tail };
    }
  };
}
function eitherOf(signal, { signal: own }) {
  return own === void 0 ? signal : AbortSignal.any([signal, own]);
}
var LONGEST_ANSWER = 16 << 20;
async function capture(invocation, env, signal) {
  const answer = { stdout: "", stderr: "" };
  const full = new AbortController();
  const readerOf = (stream) => async (output) => {
    for await (const text of output) {
      if (full.signal.aborted) continue;
      answer[stream] += text;
      if (answer[stream].length > LONGEST_ANSWER) full.abort();
    }
  };
  const readers = { stdout: readerOf("stdout"), stderr: readerOf("stderr") };
  const killAfter = invocation.signal === void 0 ? KILL_AFTER_MS : 0;
  const either = AbortSignal.any([signal, full.signal]);
  const { code, signal: killedBy } = await run(invocation, env, either, readers, killAfter);
  if (full.signal.aborted) throw endless(invocation.tool);
  return { ...answer, code: code ?? statusOf(killedBy) };
}
function endless(tool) {
  return new Failure("tool", `${tool} answered more than ${LONGEST_ANSWER} characters and was stopped`, {
    code: "TooLarge",
    hint: `See what ${tool} prints on this machine; a wrapper on PATH may take its place.`
  });
}
async function ask({ tool, args, cwd, env }, ambient) {
  const { getExecOutput } = await import("./exec-HWY5C2WW.js");
  const { exitCode, stdout, stderr } = await getExecOutput(`"${tool}"`, [...args], {
    silent: true,
    ignoreReturnCode: true,
    env: definedOnly(env ?? ambient),
    ...cwd === void 0 ? {} : { cwd }
  });
  return { code: exitCode, stdout, stderr };
}
async function run(invocation, env, signal, readers, killAfter = KILL_AFTER_MS) {
  const { tool, args, stdin, cwd } = invocation;
  const { spawn } = await import("node:child_process");
  if (signal.aborted) throw cancelled(signal, `${tool} was not started`);
  const child = spawn(tool, [...args], {
    detached: true,
    env: definedOnly(invocation.env ?? env),
    stdio: "pipe",
    ...cwd === void 0 ? {} : { cwd }
  });
  const stopListening = endGroupOn(signal, child, killAfter);
  try {
    child.stdin.on("error", () => void 0).end(stdin);
    for (const output of [child.stdout, child.stderr]) output.setEncoding("utf8");
    const drained = Promise.allSettled([readers.stdout(child.stdout), readers.stderr(child.stderr)]);
    const [code, killedBy] = await once(child, "exit");
    await drain(drained, child);
    return {
      code: typeof code === "number" ? code : void 0,
      signal: typeof killedBy === "string" ? killedBy : void 0
    };
  } catch (error2) {
    throw notStarted(error2, tool);
  } finally {
    stopListening();
  }
}
async function drain(read2, child) {
  const giveUp = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, DRAIN_MS);
  await read2;
  clearTimeout(giveUp);
}
function notStarted(error2, tool) {
  const isSpawn = error2 instanceof Error && "syscall" in error2 && String(error2.syscall).startsWith("spawn");
  return isSpawn ? new Failure("tool", `${tool} cannot be started: ${error2.message}`, { cause: error2 }) : error2;
}
function statusOf(killedBy) {
  return 128 + (constants3.signals[killedBy] ?? 0);
}
var LONGEST_LINE = 1 << 16;
async function* linesOf(output) {
  let rest = "";
  for await (const text of output) {
    const [first = "", ...lines] = text.split("\n");
    rest = shorten(rest + first);
    for (const line of lines) {
      yield rest.endsWith("\r") ? rest.slice(0, -1) : rest;
      rest = shorten(line);
    }
  }
  if (rest !== "") yield rest;
}
function shorten(line) {
  if (line.length <= LONGEST_LINE) return line;
  const half = LONGEST_LINE / 2 - ELLIPSIS.length;
  return `${line.slice(0, half)}${ELLIPSIS}${line.slice(-half)}`;
}
var ELLIPSIS = " \u2026 ";
function endGroupOn(signal, child, killAfter) {
  let lastResort;
  const end = () => {
    signalGroup(child, "SIGTERM");
    lastResort = setTimeout(() => signalGroup(child, "SIGKILL"), killAfter);
  };
  signal.addEventListener("abort", end, { once: true });
  return () => {
    signal.removeEventListener("abort", end);
    clearTimeout(lastResort);
    if (signal.aborted) signalGroup(child, "SIGKILL");
  };
}
function signalGroup(child, signal) {
  if (child.pid === void 0) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
  }
}

// src/machine/real-machine.ts
import { availableParallelism, tmpdir as tmpdir2 } from "node:os";
import { resolve } from "node:path";

// src/machine/action-variables.ts
var TOKENS = ["ACTIONS_RUNTIME_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL"];
function isOfAction(name) {
  return name.startsWith("INPUT_") || name.startsWith("STATE_") || TOKENS.includes(name);
}

// src/machine/log-text.ts
var LINE_END = /(\r\n|\r|\n)/;
var COLONS = /^[\s\p{C}]*(?=::)/u;
function asLogText(text) {
  const lines = text.includes("::") ? text.split(LINE_END).map(breakColons).join("") : text;
  return breakBrackets(lines);
}
function breakColons(line) {
  return line.replace(COLONS, "$&\\");
}
function breakBrackets(text) {
  return text.replaceAll("##[", "##\\[");
}
function asOneLine(text) {
  return text.replace(/[\r\n\v\f\u0085\u2028\u2029]+/g, " ");
}

// src/machine/actions.ts
function properties({ title, file, line } = {}) {
  return {
    ...title === void 0 ? {} : { title: breakBrackets(title) },
    ...file === void 0 ? {} : { file: breakBrackets(file) },
    ...line === void 0 ? {} : { startLine: line }
  };
}
function annotate(issue2) {
  return (message, annotation) => issue2(breakBrackets(message), properties(annotation));
}
function realActions(hasSummary) {
  return {
    info: (text) => info(asLogText(text)),
    debug: (text) => debug(breakBrackets(text)),
    notice: annotate(notice),
    warning: annotate(warning),
    error: annotate(error),
    startGroup: (title) => startGroup(breakBrackets(asOneLine(title))),
    endGroup,
    mask: setSecret,
    setOutput: (name, value) => setOutput(name, value),
    exportVariable: (name, value) => exportVariable(name, value),
    addPath,
    saveState: (name, value) => saveState(name, value),
    getState,
    async writeSummary(markdown) {
      if (hasSummary) await summary.addRaw(markdown, true).write();
    }
  };
}

// src/machine/files.ts
import { createReadStream, createWriteStream } from "node:fs";
import {
  chmod as chmod2,
  lstat as lstat3,
  mkdir as mkdir2,
  mkdtemp,
  open as open3,
  readdir as readdir3,
  readFile,
  readlink as readlink3,
  realpath as realpath2,
  rename as rename2,
  rmdir as rmdir2,
  symlink as symlink2,
  writeFile as writeFile2
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as join5 } from "node:path";

// src/machine/enclosed-files.ts
import { isUtf8 } from "node:buffer";
import { constants as constants4 } from "node:fs";
import { lstat as lstat2, open as open2, readdir as readdir2, readlink as readlink2, realpath } from "node:fs/promises";
import { join as join4 } from "node:path";

// src/machine/pieces.ts
var PIECE = 1 << 20;
function pieceReader() {
  const spare = [];
  return async function* pieces(open4) {
    var _stack = [];
    try {
      const handle = __using(_stack, await open4(), true);
      const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(PIECE);
      try {
        for (; ; ) {
          const { bytesRead } = await handle.read(buffer, 0, PIECE);
          if (bytesRead === 0) return;
          yield buffer.subarray(0, bytesRead);
        }
      } finally {
        spare.push(buffer);
      }
    } catch (_) {
      var _error = _, _hasError = true;
    } finally {
      var _promise = __callDispose(_stack, _error, _hasError);
      _promise && await _promise;
    }
  };
}

// src/machine/enclosed-files.ts
var { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_DIRECTORY } = constants4;
var FILE_FLAGS = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
var DIRECTORY_FLAGS = FILE_FLAGS | O_DIRECTORY;
function descriptorPath(fd) {
  return `/proc/self/fd/${fd}`;
}
function displaced(path4, cause) {
  return new Failure("bento", `${path4} was exchanged while the Bento was read: a link or something else is there now`, {
    code: "UnsafePath",
    hint: "Build when nothing writes into the Bento or its models any more.",
    cause
  });
}
function tooLong(path4, cause) {
  return new Failure("bento", `${path4}: the path is too long for this machine`, {
    code: "UnsafePath",
    hint: "Shorten the names in the Bento, or put it into a directory with a shorter path.",
    cause
  });
}
function realEnclosedFiles(signal) {
  const pieces = pieceReader();
  const unlessAborted = (work) => async (...args) => {
    if (signal.aborted) throw cancelled(signal, "The files of the Bento were not all read");
    return work(...args);
  };
  return {
    enclose: unlessAborted(enclose),
    find: unlessAborted(find),
    list: unlessAborted(list),
    readLink: unlessAborted(readLink),
    read: unlessAborted(read),
    entry: unlessAborted((directory, name) => look(join4(directory.path, name), directory.root)),
    info: unlessAborted(({ path: path4 }) => infoOf(path4)),
    pieces: ({ path: path4 }) => pieces(() => openFile(path4))
  };
}
async function enclose(directory) {
  const path4 = await realpath(directory).catch((error2) => {
    if (isMissing(error2)) return directory;
    throw error2;
  });
  return enclosure(path4, path4);
}
async function find(directory, path4) {
  if (path4.includes("\0")) return void 0;
  const wanted = join4(directory.path, path4);
  const real = await realpath(wanted).catch((error2) => {
    if (isMissing(error2) || isUnfollowable(error2) || isTooLong(error2)) return void 0;
    throw error2;
  });
  if (real === void 0) return void 0;
  if (isWithin(real, directory.root)) return look(real, directory.root);
  throw new Failure("bento", `${wanted} leads out of ${directory.root}`, {
    code: "UnsafePath",
    hint: "Replace the link with what it leads to, or build the Bento anew."
  });
}
async function look(path4, root) {
  const info3 = await infoOf(path4);
  switch (info3?.kind) {
    case "file":
      return { kind: "file", file: enclosedFile(path4), info: info3 };
    case "directory":
      return { kind: "directory", directory: enclosure(path4, root) };
    case "other":
      return { kind: "other" };
    default:
      return void 0;
  }
}
async function list({ path: path4 }) {
  var _stack = [];
  try {
    const handle = __using(_stack, await openAt(path4, DIRECTORY_FLAGS).catch((error2) => {
      throw isMissing(error2) ? displaced(path4, error2) : error2;
    }), true);
    const opened = await listed(handle, path4);
    const entries = await readdir2(opened, { withFileTypes: true });
    if (entries.some(({ name }) => name.includes("\uFFFD"))) checkNames(await readdir2(opened, "buffer"), path4);
    return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) })).sort((one, other) => one.name < other.name ? -1 : 1);
  } catch (_) {
    var _error = _, _hasError = true;
  } finally {
    var _promise = __callDispose(_stack, _error, _hasError);
    _promise && await _promise;
  }
}
async function listed({ fd }, path4) {
  const open4 = descriptorPath(fd);
  return await infoOf(open4) === void 0 ? path4 : open4;
}
function checkNames(names, directory) {
  const unreadable = names.filter((name) => !isUtf8(name)).map((name) => join4(directory, printName(name)));
  if (unreadable.length > 0) throw notUtf8(unreadable);
}
async function readLink(directory, name) {
  const path4 = join4(directory.path, name);
  const target = await readlink2(path4, "buffer").catch((error2) => {
    throw isTooLong(error2) ? tooLong(path4, error2) : error2;
  });
  if (!isUtf8(target)) throw notUtf8([`${path4} -> ${printName(target)}`]);
  return target.toString();
}
function notUtf8(all) {
  const paths = firstFew(all);
  return new Failure("bento", `${paths.join(", ")}: no name that is not UTF-8 can be in a Bento's image`, {
    code: "NameNotUtf8",
    lines: paths,
    hint: "Rename it, or leave it out of the Bento."
  });
}
function printName(name) {
  return name.toString("latin1").replace(/[^ -~]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
async function read({ path: path4 }, start, length) {
  var _stack = [];
  try {
    const handle = __using(_stack, await openFile(path4), true);
    const buffer = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await handle.read(buffer, filled, length - filled, start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } catch (_) {
    var _error = _, _hasError = true;
  } finally {
    var _promise = __callDispose(_stack, _error, _hasError);
    _promise && await _promise;
  }
}
async function openFile(path4) {
  const handle = await openAt(path4, FILE_FLAGS);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw displaced(path4);
}
async function openAt(path4, flags) {
  const handle = await open2(path4, flags).catch((error2) => {
    if (isTooLong(error2)) throw tooLong(path4, error2);
    throw isUnfollowable(error2) ? displaced(path4, error2) : error2;
  });
  try {
    if (await placeOf(handle, path4) === path4) return handle;
  } catch (error2) {
    await handle.close();
    throw error2;
  }
  await handle.close();
  throw displaced(path4);
}
async function placeOf({ fd }, path4) {
  return readlink2(descriptorPath(fd)).catch((error2) => {
    if (isMissing(error2)) return realpath(path4);
    throw error2;
  });
}
async function infoOf(path4) {
  try {
    return infoFrom(await lstat2(path4));
  } catch (error2) {
    if (isMissing(error2)) return void 0;
    throw isTooLong(error2) ? tooLong(path4, error2) : error2;
  }
}
function isWithin(path4, root) {
  return path4 === root || path4.startsWith(root.endsWith("/") ? root : `${root}/`);
}
function enclosure(path4, root) {
  return { path: path4, root };
}
function enclosedFile(path4) {
  return { kind: "path", path: path4 };
}

// src/machine/files.ts
async function info2(path4) {
  try {
    return infoFrom(await lstat3(path4));
  } catch (error2) {
    if (isMissing(error2)) return void 0;
    throw error2;
  }
}
async function list2(path4) {
  const entries = await readdir3(path4, { withFileTypes: true });
  return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) })).sort((one, other) => one.name < other.name ? -1 : 1);
}
async function readHead(path4, length) {
  var _stack = [];
  try {
    const handle = __using(_stack, await open3(path4), true);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } catch (_) {
    var _error = _, _hasError = true;
  } finally {
    var _promise = __callDispose(_stack, _error, _hasError);
    _promise && await _promise;
  }
}
async function write(path4, content, mode) {
  await writeFile2(path4, content, { mode });
  await chmod2(path4, mode);
}
async function makeDirectory(path4, mode) {
  const created = await mkdir2(path4, { recursive: true, mode });
  if (created !== void 0) await chmod2(path4, mode);
}
async function removeEmpty(path4) {
  await rmdir2(path4).catch((error2) => {
    if (!isMissing(error2) && !isOccupied(error2)) throw error2;
  });
}
async function makeKept(temporary) {
  const directory = await mkdtemp(join5(temporary, "bento-image-"));
  await chmod2(directory, 493);
  return directory;
}
function plainest(temporary) {
  return [temporary, tmpdir()].find((directory) => !/[,"\r\n]/.test(directory)) ?? "/tmp";
}
function realFiles(temporary, signal = new AbortController().signal) {
  let scratch;
  let kept;
  const pieces = pieceReader();
  return {
    enclosed: realEnclosedFiles(signal),
    info: info2,
    list: list2,
    readHead,
    pieces: (path4) => pieces(() => open3(path4)),
    write,
    makeDirectory,
    readBytes: (path4) => readFile(path4),
    readText: (path4) => readFile(path4, "utf8"),
    readLink: (path4) => readlink3(path4),
    realPath: (path4) => realpath2(path4),
    source: (path4, range) => createReadStream(path4, { ...range, highWaterMark: 1 << 16 }),
    sink: (path4, { mode, append }) => createWriteStream(path4, { mode, flags: append ? "a" : "wx" }),
    makeLink: (target, path4) => symlink2(target, path4),
    setMode: (path4, mode) => chmod2(path4, mode),
    rename: (from, to) => rename2(from, to),
    remove: (path4) => rmRF(path4),
    removeEmpty,
    scratch() {
      scratch ??= mkdtemp(join5(plainest(temporary), "bento-image-"));
      return scratch;
    },
    kept() {
      kept ??= makeKept(temporary);
      return kept;
    },
    async dispose() {
      if (scratch !== void 0) await rmRF(await scratch);
    }
  };
}

// src/machine/http-body.ts
import { Readable } from "node:stream";
function isStreamed(body) {
  return body !== void 0 && typeof body !== "string" && !(body instanceof Uint8Array);
}
function sendPieces(body, sent) {
  let left = Number(sent.getHeader("content-length"));
  let over = false;
  let letGo = () => void 0;
  async function send() {
    for await (const piece of body) {
      if (over || sent.destroyed) return;
      left -= piece.length;
      if (left < 0) throw new Error("the body is longer than its content-length");
      await new Promise((resolve2) => {
        letGo = resolve2;
        sent.write(piece, (error2) => {
          if (error2) over = true;
          resolve2();
        });
      });
      if (over || sent.destroyed) return;
    }
    if (left > 0) throw new Error("the body is shorter than its content-length");
    sent.end();
  }
  return new Promise((resolve2, reject) => {
    function stop() {
      letGo();
      if (left === 0) return;
      over = true;
      resolve2();
      if (body instanceof Readable) body.destroy();
    }
    sent.once("close", stop);
    sent.once("response", (response) => {
      if (left !== 0) response.once("close", () => sent.destroy());
      stop();
    });
    send().then(resolve2, (error2) => {
      if (over) return;
      sent.destroy(error2 instanceof Error ? error2 : new Error(String(error2)));
      reject(error2);
    });
  });
}

// src/machine/trust.ts
import { readdir as readdir4, readFile as readFile2 } from "node:fs/promises";
import { join as join6 } from "node:path";
var UNTRUSTED = /* @__PURE__ */ new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE"
]);
function isUntrusted(error2) {
  return UNTRUSTED.has(errorCode(error2));
}
function certificateDirectories(env) {
  const home = env["HOME"];
  const own = home === void 0 ? [] : [join6(home, ".config/docker/certs.d"), join6(home, ".config/containers/certs.d")];
  return ["/etc/docker/certs.d", "/etc/containers/certs.d", ...own];
}
async function registryRoots(env, host) {
  const roots = [];
  for (const directory of certificateDirectories(env)) {
    const names = await readdir4(join6(directory, host)).catch(() => []);
    for (const name of names.filter((entry) => entry.endsWith(".crt")).sort()) {
      roots.push(await readFile2(join6(directory, host, name), "utf8"));
    }
  }
  return roots;
}

// src/machine/http.ts
var IDLE_TIMEOUT = 3e4;
function realHttp(run2) {
  const transports = /* @__PURE__ */ new Map();
  const agents = [];
  const roots = /* @__PURE__ */ new Map();
  let trustMachine = false;
  function transportOf(protocol) {
    const known = transports.get(protocol);
    if (known !== void 0) return known;
    const opened = openTransport(protocol, run2.env).then((transport) => {
      agents.push(transport.agent);
      return transport;
    });
    transports.set(protocol, opened);
    return opened;
  }
  function rootsOf(url) {
    const key = `${url.host} ${trustMachine}`;
    const found = roots.get(key) ?? gatherRoots(run2.env, url.host, trustMachine);
    roots.set(key, found);
    return found;
  }
  async function attempt(request) {
    const { url } = request;
    const transport = await transportOf(url.protocol);
    const ca = url.protocol === "https:" ? await rootsOf(url) : void 0;
    const sent = transport.request(url, {
      method: request.method,
      headers: headersOf(request),
      agent: transport.agent,
      signal: request.signal ?? run2.signal,
      timeout: request.idleTimeout ?? IDLE_TIMEOUT,
      ...ca === void 0 ? {} : { ca }
    });
    return exchange(sent, request);
  }
  return {
    async request(request) {
      try {
        return await attempt(request);
      } catch (error2) {
        if (trustMachine || !isUntrusted(error2)) throw error2;
        trustMachine = true;
        if (isStreamed(request.body)) throw error2;
        return await attempt(request);
      }
    },
    close() {
      for (const agent of agents) agent.destroy();
    }
  };
}
async function openTransport(protocol, env) {
  const options = { keepAlive: true, proxyEnv: { ...env } };
  if (protocol === "https:") {
    const https = process.getBuiltinModule("node:https");
    return { agent: new https.Agent(options), request: https.request };
  }
  const http = process.getBuiltinModule("node:http");
  return { agent: new http.Agent(options), request: http.request };
}
async function gatherRoots(env, host, trustMachine) {
  const own = await registryRoots(env, host);
  if (own.length === 0 && !trustMachine) return void 0;
  const { getCACertificates } = await import("node:tls");
  return [...getCACertificates("default"), ...own, ...trustMachine ? getCACertificates("system") : []];
}
function headersOf({ headers, body }) {
  if (body === void 0 || isStreamed(body)) return { ...headers };
  return { ...headers, "content-length": String(Buffer.byteLength(body)) };
}
function exchange(sent, { body, url }) {
  return new Promise((resolve2, reject) => {
    let answer;
    sent.on("error", reject);
    sent.on("timeout", () => (answer ?? sent).destroy(timedOut(url)));
    const sending = isStreamed(body) ? sendPieces(body, sent) : Promise.resolve();
    sending.catch(reject);
    sent.on("response", (response) => {
      answer = response;
      const given = { status: response.statusCode ?? 0, headers: flatten(response), body: response };
      sending.then(() => resolve2(given), reject);
    });
    if (!isStreamed(body)) sent.end(body);
  });
}
function flatten(response) {
  const headers = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== void 0) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return headers;
}
function timedOut(url) {
  return Object.assign(new Error(`${url.host} was silent for too long`), { code: "ETIMEDOUT" });
}

// src/machine/answer.ts
function errorFrom({ message, stack, code, failure }) {
  const original = Object.assign(new Error(message), { stack, code });
  if (failure === void 0) return original;
  const { class: failureClass, ...details } = failure;
  return new Failure(failureClass, message, { ...details, ...code === void 0 ? {} : { code }, cause: original });
}

// src/machine/concurrency.ts
function limitConcurrency(width) {
  const waiting = [];
  let free = width;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === void 0) free += 1;
      else next();
    }
  };
}

// src/machine/workers.ts
var YOUNG = 2;
function realWorkers(width, signal) {
  const threads = /* @__PURE__ */ new Set();
  const idle = [];
  const inTurn = limitConcurrency(width);
  let disposed = false;
  function refuseWhenOver() {
    if (signal.aborted) throw stopped(signal);
    if (disposed) throw ended();
  }
  async function start() {
    const { Worker: Thread } = await import("node:worker_threads");
    refuseWhenOver();
    const thread = new Thread(entryPoint(), { env: {}, resourceLimits: { maxYoungGenerationSizeMb: YOUNG } });
    threads.add(thread);
    return thread.once("exit", () => threads.delete(thread));
  }
  async function perform(job) {
    refuseWhenOver();
    const thread = idle.pop() ?? await start();
    try {
      const answer = await ask2(thread, job);
      idle.push(thread);
      return answer;
    } catch (error2) {
      await thread.terminate();
      throw error2;
    }
  }
  async function endAll2() {
    idle.length = 0;
    await Promise.all([...threads].map((thread) => thread.terminate()));
  }
  const onAbort = () => void endAll2();
  signal.addEventListener("abort", onAbort, { once: true });
  return {
    width,
    async run(job) {
      const answer = await inTurn(() => perform(job)).catch((error2) => {
        throw signal.aborted ? stopped(signal, error2) : error2;
      });
      if ("error" in answer) throw errorFrom(answer.error);
      return answer.result;
    },
    async dispose() {
      disposed = true;
      signal.removeEventListener("abort", onAbort);
      await endAll2();
    }
  };
}
function entryPoint() {
  const here = import.meta.url;
  return new URL(here.endsWith(".ts") ? "../worker.ts" : "./worker.js", here);
}
function ask2(thread, job) {
  return new Promise((resolve2, reject) => {
    const onExit = () => reject(ended());
    thread.ref();
    thread.once("error", reject).once("exit", onExit);
    thread.once("message", (answer) => {
      thread.off("error", reject).off("exit", onExit);
      thread.unref();
      resolve2(answer);
    });
    thread.postMessage(job);
  });
}
function ended() {
  return new Failure("internal", "A worker thread ended before its job did");
}
function stopped(signal, cause) {
  return cancelled(signal, "Reading the files was stopped", cause);
}

// src/machine/real-machine.ts
var LONGEST_TIMER = 2 ** 31 - 1;
function realMachine() {
  const env = Object.assign(/* @__PURE__ */ Object.create(null), process.env);
  const cancellation = new AbortController();
  const cancel = (signal) => cancellation.abort(signal);
  let timer;
  const startTimer = (left, reason) => {
    const wait = Math.min(left, LONGEST_TIMER);
    timer = setTimeout(() => wait < left ? startTimer(left - wait, reason) : cancellation.abort(reason), wait);
  };
  process.on("SIGINT", cancel);
  process.on("SIGTERM", cancel);
  const files = realFiles(env["RUNNER_TEMP"] || tmpdir2(), cancellation.signal);
  const http = realHttp({ env, signal: cancellation.signal });
  const workers = realWorkers(availableParallelism(), cancellation.signal);
  return {
    env,
    workspace: resolve(env["GITHUB_WORKSPACE"] || "."),
    architecture: process.arch,
    files,
    http,
    processes: realProcesses(ofChildren(env), cancellation.signal),
    workers,
    async *filter(invocation, input) {
      const { filter } = await import("./filter-E6FKGOSP.js");
      yield* filter(invocation, input, ofChildren(env), cancellation.signal);
    },
    system: async () => (await import("./system-OPQ5NID2.js")).realSystem(),
    toolCache: async () => (await import("./tool-cache-7SISQCWH.js")).realToolCache(env),
    actions: realActions(Boolean(env["GITHUB_STEP_SUMMARY"])),
    signal: cancellation.signal,
    now: () => /* @__PURE__ */ new Date(),
    cancelAfter: (milliseconds) => startTimer(milliseconds, new TimeOver(milliseconds)),
    async dispose() {
      clearTimeout(timer);
      http.close();
      await workers.dispose();
      await files.dispose();
      process.off("SIGINT", cancel);
      process.off("SIGTERM", cancel);
    }
  };
}
function ofChildren(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isOfAction(name)));
}

// src/report/failure.ts
var MOST_CHARACTERS = 4e3;
var MOST_OF_MESSAGE = 2e3;
var MOST_OF_HINT = 1500;
var MOST_LINES = 30;
function reportFailure(failure, actions) {
  actions.error(printFailure(failure), {
    title: FAILURE_TITLES[failure.class],
    ...failure.position === void 0 ? {} : { file: failure.position.file },
    ...failure.position?.line === void 0 ? {} : { line: failure.position.line }
  });
  if (failure.cause instanceof Error && failure.cause.stack !== void 0) actions.debug(failure.cause.stack);
}
function printFailure(failure) {
  const message = cut(failure.message, MOST_OF_MESSAGE);
  const hint = failure.hint === void 0 ? [] : [`\u2192 ${cut(failure.hint, MOST_OF_HINT)}`];
  const last = failure.lines.slice(-MOST_LINES);
  const lines = last.filter((line) => !message.includes(line)).map((line) => `  ${line}`);
  const room = MOST_CHARACTERS - message.length - (hint[0]?.length ?? 0);
  return [`[${failure.class}] ${message}`, ...lastThatFit(lines, room), ...hint].join("\n");
}
function cut(text, most) {
  return text.length > most ? `${text.slice(0, most)}\u2026` : text;
}
function lastThatFit(lines, room) {
  const fitting = [];
  let used = 0;
  for (const line of lines.toReversed()) {
    used += line.length + 1;
    if (used > room) break;
    fitting.unshift(line);
  }
  return fitting;
}

// src/action/run-action.ts
async function runAction(story) {
  const machine = realMachine();
  process.on("uncaughtException", (error2) => crash(error2, machine));
  try {
    requireLinux(process.platform);
    await story(machine);
  } catch (error2) {
    report(error2, machine);
  } finally {
    await machine.dispose();
  }
}
function report(error2, { signal, actions }) {
  const failure = asFailure(error2);
  const isCancel = signal.aborted && failure.class !== "cancelled";
  reportFailure(isCancel ? cancelled(signal, "The run stopped", error2) : failure, actions);
  process.exitCode = 1;
}
function crash(error2, machine) {
  report(error2, machine);
  const exit = () => process.exit(1);
  machine.dispose().then(exit, exit);
}
var SYSTEMS = { darwin: "macOS", win32: "Windows" };
function requireLinux(system) {
  if (system === "linux") return;
  throw new Failure(
    "platform",
    `this action runs on Linux runners only, and this one has ${SYSTEMS[system] ?? system}`,
    {
      code: "LinuxOnly",
      hint: "Build in a job of its own with runs-on: ubuntu-latest; what other systems build can be handed to it as an artifact."
    }
  );
}

export {
  __commonJS,
  __toESM,
  __using,
  __callDispose,
  Failure,
  cancelled,
  errorCode,
  randomUUID,
  isDebug,
  debug,
  info,
  exists,
  isRooted,
  cp,
  rmRF,
  mkdirP,
  which,
  isOccupied,
  definedOnly,
  removeEngine,
  notStarted,
  endGroupOn,
  signalGroup,
  runAction
};
