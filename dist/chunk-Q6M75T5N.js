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
function firstFew(items2) {
  const more = items2.length - NAMED;
  return more > 0 ? [...items2.slice(0, NAMED), `and ${more} more`] : items2;
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
    return value instanceof P ? value : new P(function(resolve3) {
      resolve3(value);
    });
  }
  return new (P || (P = Promise))(function(resolve3, reject) {
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
      result.done ? resolve3(result.value) : adopt(result.value).then(fulfilled, rejected);
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
  addList(items2, ordered = false) {
    const tag = ordered ? "ol" : "ul";
    const listItems = items2.map((item) => this.wrap("li", item)).join("");
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
    return value instanceof P ? value : new P(function(resolve3) {
      resolve3(value);
    });
  }
  return new (P || (P = Promise))(function(resolve3, reject) {
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
      result.done ? resolve3(result.value) : adopt(result.value).then(fulfilled, rejected);
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
    return value instanceof P ? value : new P(function(resolve3) {
      resolve3(value);
    });
  }
  return new (P || (P = Promise))(function(resolve3, reject) {
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
      result.done ? resolve3(result.value) : adopt(result.value).then(fulfilled, rejected);
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
    const matches3 = yield findInPath(tool);
    if (matches3 && matches3.length > 0) {
      return matches3[0];
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
    const matches3 = [];
    for (const directory of directories) {
      const filePath = yield tryGetExecutablePath(path3.join(directory, tool), extensions);
      if (filePath) {
        matches3.push(filePath);
      }
    }
    return matches3;
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
function ownValue(table, key) {
  return Object.hasOwn(table, key) ? table[key] : void 0;
}
function definedOnly(table) {
  return Object.fromEntries(Object.entries(table).filter((pair) => pair[1] !== void 0));
}
function duplicates(items2) {
  return [...new Set(items2.filter((item, index) => items2.indexOf(item) !== index))];
}

// src/inputs/lists.ts
function splitList(text, separators, readQuoted) {
  return (NEEDS_READER.test(text) ? readQuoted(text) : readPlain(text)).flatMap((record) => separators.commas ? record : [record.join(",")]).map((item) => item.trim()).filter((item) => item !== "");
}
var NEEDS_READER = /["\r]/;
function readPlain(text) {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => line.split(","));
}
async function openQuotedReader(texts) {
  if (!texts.some((text) => NEEDS_READER.test(text))) return readPlain;
  const { parse: parse2 } = await import("./sync-XD2NNEJ7.js");
  return (text) => parse2(text, {
    columns: false,
    relax_quotes: true,
    comment: "#",
    comment_no_infix: true,
    relax_column_count: true,
    skip_empty_lines: true
  });
}

// src/inputs/decode-schema.ts
async function decodeSchema(schema, env, findConflicts) {
  const raw = (name) => variable(env, name);
  const readQuoted = await openQuotedReader(Object.keys(schema).map(raw));
  return decodeValues(schema, raw, readQuoted, [], findConflicts);
}
function decodeValues(schema, raw, readQuoted, mistakes, findConflicts) {
  const problems = [...mistakes];
  const decoded = {};
  for (const [name, decoder2] of Object.entries(schema)) {
    try {
      decoded[camelCase(name)] = decoder2.decode(raw(name), readQuoted);
    } catch (error2) {
      const reason = error2 instanceof Error ? error2.message : String(error2);
      problems.push(`${name}: ${reason} (for example: ${decoder2.example})`);
    }
  }
  const values = decoded;
  if (problems.length === 0) problems.push(...findConflicts(values));
  if (problems.length > 0) throw inputFailure(problems);
  return values;
}
function variable(env, name) {
  return env[`INPUT_${name.toUpperCase()}`] ?? "";
}
function inputFailure(problems) {
  const count = problems.length === 1 ? "one input is" : `${problems.length} inputs are`;
  return new Failure("input", `${count} not right: ${problems.join(" \xB7 ")}`, {
    lines: problems,
    hint: "The README lists every input with its grammar and an example."
  });
}
function camelCase(name) {
  return name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
}

// src/oci/platform.ts
var ARCHITECTURES = new Set(
  "386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x wasm".split(" ")
);
var SYSTEMS = new Set(
  "aix android darwin freebsd illumos linux netbsd openbsd plan9 solaris wasi wasip1 windows".split(" ")
);
var ALIASES = {
  x86_64: ["amd64"],
  "x86-64": ["amd64"],
  x64: ["amd64"],
  i386: ["386"],
  i686: ["386"],
  aarch64: ["arm64"],
  armhf: ["arm", "v7"],
  armel: ["arm", "v6"],
  armv5l: ["arm", "v5"],
  armv6l: ["arm", "v6"],
  armv7l: ["arm", "v7"],
  armv8l: ["arm", "v8"]
};
var DEFAULT_VARIANTS = { amd64: "v1", arm64: "v8" };
function parsePlatform(text) {
  const parts = text.trim().toLowerCase().split("/");
  if (parts.some((part) => !/^[a-z0-9_.-]+$/.test(part)) || parts.length > 3) {
    throw invalid(text, "it must be os/architecture or os/architecture/variant");
  }
  const [first = "", second, variant] = parts;
  if (second === void 0) {
    if (SYSTEMS.has(first)) throw invalid(text, "the architecture is missing");
    return checked(text, normalizePlatform({ os: "linux", architecture: first }));
  }
  if (SYSTEMS.has(second) && !SYSTEMS.has(first)) {
    throw invalid(text, `the operating system comes first; write "${[second, first, ...parts.slice(2)].join("/")}"`);
  }
  return checked(
    text,
    normalizePlatform({ os: first, architecture: second, ...variant === void 0 ? {} : { variant } })
  );
}
function normalizePlatform(platform) {
  const os4 = platform.os.toLowerCase();
  const stated = platform.architecture.toLowerCase();
  const [architecture, implied] = ownValue(ALIASES, stated) ?? [stated];
  const variant = normalVariant(architecture, implied ?? platform.variant?.toLowerCase() ?? "");
  return { os: os4 === "macos" ? "darwin" : os4, architecture, ...variant === "" ? {} : { variant } };
}
function printPlatform({ os: os4, architecture, variant }) {
  return variant === void 0 ? `${os4}/${architecture}` : `${os4}/${architecture}/${variant}`;
}
function platformSlug(platform) {
  return printPlatform(platform).replaceAll("/", "-");
}
function normalVariant(architecture, stated) {
  const variant = /^[0-9]$/.test(stated) && architecture.startsWith("arm") ? `v${stated}` : stated;
  if (architecture === "386") return "";
  if (architecture === "arm" && variant === "") return "v7";
  return variant === ownValue(DEFAULT_VARIANTS, architecture) ? "" : variant;
}
function checked(text, platform) {
  if (!SYSTEMS.has(platform.os)) throw invalid(text, `"${platform.os}" is no operating system`);
  if (!ARCHITECTURES.has(platform.architecture)) {
    throw invalid(text, `"${platform.architecture}" is no architecture; known are ${[...ARCHITECTURES].join(", ")}`);
  }
  return platform;
}
function invalid(text, reason) {
  return new Failure("input", `"${text}" is no platform: ${reason}.`, {
    code: "PlatformInvalid",
    hint: "Platforms look like linux/amd64 or linux/arm64."
  });
}

// src/matrix/bentos.ts
import { basename as basename3, dirname as dirname3, join as join3, resolve } from "node:path/posix";

// src/text/glob.ts
function compileGlob(pattern) {
  const pieces = parse([...pattern]);
  return { matches: (text) => matches(pieces, [...text]) };
}
function parse(pattern) {
  const pieces = [];
  let at = 0;
  while (at < pattern.length) {
    const character = pattern[at] ?? "";
    const end = character === "[" ? classEnd(pattern, at) : void 0;
    if (end !== void 0) {
      pieces.push(characterClass(pattern.slice(at + 1, end)));
      at = end;
    } else if (character === "*") {
      if (pieces.at(-1) !== "star") pieces.push("star");
    } else {
      pieces.push(character === "?" ? "any" : (other) => other === character);
    }
    at += 1;
  }
  return pieces;
}
function classEnd(pattern, start) {
  const first = pattern[start + 1] === "!" ? start + 2 : start + 1;
  const end = pattern.indexOf("]", first + 1);
  return end === -1 ? void 0 : end;
}
function characterClass(content) {
  const negated = content[0] === "!";
  const members = negated ? content.slice(1) : content;
  const ranges = [];
  for (let at = 0; at < members.length; ) {
    const isRange = members[at + 1] === "-" && at + 2 < members.length;
    ranges.push([codeOf(members[at]), codeOf(members[isRange ? at + 2 : at])]);
    at += isRange ? 3 : 1;
  }
  return (character) => {
    const code = codeOf(character);
    return ranges.some(([low, high]) => low <= code && code <= high) !== negated;
  };
}
function codeOf(character) {
  return character?.codePointAt(0) ?? 0;
}
function matches(pieces, text) {
  let piece = 0;
  let at = 0;
  let star;
  while (at < text.length) {
    const wanted = pieces[piece];
    if (wanted === "star") {
      star = { piece, at };
      piece += 1;
    } else if (wanted === "any" || wanted?.(text[at] ?? "") === true) {
      piece += 1;
      at += 1;
    } else if (star !== void 0) {
      star.at += 1;
      at = star.at;
      piece = star.piece + 1;
    } else {
      return false;
    }
  }
  return pieces.slice(piece).every((rest) => rest === "star");
}

// src/matrix/bentos.ts
async function findBentos(items2, { files, workspace }) {
  const found = await Promise.all(
    items2.map(async (item) => isPattern(item) ? await matches2(item, workspace, files) : [item])
  );
  return {
    bentos: withSlugs([...new Set(found.flat())]),
    missing: items2.filter((_, index) => found[index]?.length === 0)
  };
}
function isPattern(text) {
  return /[*?]/.test(text);
}
async function matches2(pattern, workspace, files) {
  const parent = dirname3(pattern);
  const directories = isPattern(parent) ? await matches2(parent, workspace, files) : [parent];
  const wanted = compileGlob(basename3(pattern).replaceAll("[", "[[]"));
  const found = [];
  for (const directory of directories) {
    const path4 = resolve(workspace, directory);
    if ((await files.info(path4))?.kind !== "directory") continue;
    const names = (await files.list(path4)).map(({ name }) => name);
    const fitting = names.filter(
      (name) => wanted.matches(name) && (basename3(pattern).startsWith(".") || !name.startsWith("."))
    );
    found.push(
      ...fitting.map((name) => pattern.startsWith("./") ? `./${join3(directory, name)}` : join3(directory, name))
    );
  }
  return found;
}
var ENDING = /\.(?:bento|tar|t?gz|t?xz|t?bz2|t?zst|zip)$/;
function withSlugs(bentos) {
  const taken = /* @__PURE__ */ new Set();
  return bentos.map((bento) => {
    const name = slugOf(bento);
    let slug = name;
    for (let count = 2; taken.has(slug); count++) slug = `${name}-${count}`;
    taken.add(slug);
    return { bento, slug };
  });
}
function slugOf(bento) {
  const name = basename3(bento).replace(ENDING, "").replace(/\.tar$/, "");
  return name.toLowerCase().replace(/[^a-z0-9._-]+/g, "-").replace(/^[-.]+|(?<![-.])[-.]+$/g, "") || "bento";
}

// src/oci/reference.ts
var LABEL = "[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*";
var DOMAIN = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9A-Fa-f:]+\\])(?::[0-9]{1,5})?$`);

// src/secrets/secret.ts
var INSPECT = /* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom");
var Secret = class {
  #value;
  constructor(value) {
    this.#value = value;
  }
  /** As text; bytes that are no UTF-8 are replaced in it. */
  reveal() {
    return typeof this.#value === "string" ? this.#value : Buffer.from(this.#value).toString("utf8");
  }
  /** To the byte. */
  revealBytes() {
    return typeof this.#value === "string" ? Buffer.from(this.#value) : this.#value;
  }
  toString() {
    return "***";
  }
  toJSON() {
    return "***";
  }
  [INSPECT]() {
    return "***";
  }
};

// src/inputs/decoder.ts
function decoder(example, decode) {
  return { example, decode };
}
var TRUE = /^(true|True|TRUE)$/;
var FALSE = /^(false|False|FALSE)$/;
function toggle() {
  return decoder("true", (raw) => {
    const word = raw.trim();
    if (word === "") return void 0;
    if (TRUE.test(word)) return true;
    if (FALSE.test(word)) return false;
    throw new Error(`"${word}" is neither true nor false`);
  });
}
function items(example) {
  return decoder(example, (raw, readQuoted) => splitList(raw, { commas: true }, readQuoted));
}
function pairs(example) {
  return decoder(example, (raw, readQuoted) => {
    const problems = [];
    const found = /* @__PURE__ */ new Map();
    for (const line of splitList(raw, { commas: false }, readQuoted)) {
      const at = line.indexOf("=");
      const key = at < 0 ? line : line.slice(0, at).trim();
      if (at < 1 || key === "") problems.push(`"${line}" is not key=value`);
      else if (found.has(key)) problems.push(`"${key}" is given twice`);
      else found.set(key, line.slice(at + 1));
    }
    refuse(problems);
    return Object.fromEntries(found);
  });
}
function each(example, parse2) {
  return decoder(example, (raw, readQuoted) => {
    const problems = [];
    const found = [];
    for (const item of splitList(raw, { commas: true }, readQuoted)) {
      try {
        found.push(parse2(item));
      } catch (error2) {
        problems.push(error2 instanceof Error ? error2.message : String(error2));
      }
    }
    refuse(problems);
    return found;
  });
}
function platforms(example) {
  return each(example, parsePlatform);
}
function refuse(problems) {
  if (problems.length > 0) throw new Failure("input", problems.join("; "));
}

// src/matrix/runner.ts
var DEFAULT_RUNNER = "default";
var X64 = "ubuntu-latest";
var ARM = "ubuntu-24.04-arm";
var HOSTED = { "linux/amd64": X64, "linux/arm64": ARM };
function runnerFor(platform, given) {
  const name = printPlatform(platform);
  const matching = Object.keys(given).filter((key) => key === name || name.startsWith(`${key}/`)).sort((one, other) => other.length - one.length);
  const labels = ownValue(given, matching[0] ?? DEFAULT_RUNNER) ?? [HOSTED[name] ?? X64];
  const [first = X64] = labels;
  return { runsOn: labels.length === 1 ? first : labels, emulated: isEmulated(platform, labels) };
}
var NATIVE = { amd64: ["amd64", "386"], arm64: ["arm64"] };
function isEmulated({ os: os4, architecture }, labels) {
  const own = labels.map(architectureOf).find((found) => found !== void 0);
  return own !== void 0 && os4 === "linux" && NATIVE[own]?.includes(architecture) !== true;
}
function architectureOf(label) {
  if (/^ubuntu-(?:latest|\d\d\.\d\d)-arm$|^arm64$/i.test(label)) return "arm64";
  return /^ubuntu-(?:latest|\d\d\.\d\d|slim)$|^x64$/i.test(label) ? "amd64" : void 0;
}

// src/matrix/inputs.ts
var matrixSchema = {
  platforms: platforms("linux/amd64,linux/arm64"),
  runners: pairs("linux/arm64=ubuntu-24.04-arm"),
  bentos: items("./dist/*.bento"),
  "fail-fast": toggle()
};
function findMatrixConflicts({ platforms: wanted, runners, bentos }) {
  const names = wanted.map(printPlatform);
  return [
    ...wanted.length === 0 ? ["platforms: at least one is required (for example: linux/amd64,linux/arm64)"] : [],
    ...duplicates(names).map((name) => `platforms: ${name} is given twice`),
    ...duplicates(bentos).map((bento) => `bentos: ${bento} is given twice`),
    ...Object.entries(runners).flatMap(([prefix, runner]) => problemsOfRunner(prefix, runner))
  ];
}
function problemsOfRunner(prefix, runner) {
  return [
    ...isPrefix(prefix) ? [] : [`runners: "${prefix}" is neither the beginning of a platform nor ${DEFAULT_RUNNER}`],
    ...labelsOf(runner).length === 0 ? [`runners: ${prefix} has no runner`] : []
  ];
}
function isPrefix(prefix) {
  if (prefix === DEFAULT_RUNNER || prefix === "linux" || prefix === "windows") return true;
  if (!prefix.includes("/")) return false;
  try {
    parsePlatform(prefix);
    return true;
  } catch {
    return false;
  }
}
function labelsOf(runner) {
  return runner.split(",").map((label) => label.trim()).filter((label) => label !== "");
}

// src/matrix/matrix.ts
var MOST_JOBS = 256;
async function planMatrix(machine) {
  const { actions } = machine;
  const inputs = await decodeSchema(matrixSchema, machine.env, findMatrixConflicts);
  const { bentos, missing } = await findBentos(inputs.bentos, machine);
  if (missing.length > 0) {
    throw inputFailure(missing.map((pattern) => `bentos: ${pattern} matches no file in ${machine.workspace}`));
  }
  const runners = Object.fromEntries(Object.entries(inputs.runners).map(([key, text]) => [key, labelsOf(text)]));
  const jobs = jobsOf(inputs.platforms, bentos, runners);
  if (jobs.length > MOST_JOBS) throw tooMany(inputs.platforms.length, bentos.length);
  for (const { name, runner, emulated } of jobs) {
    actions.info(`${name} on ${[runner].flat().join(", ")}${emulated ? ", emulated" : ""}`);
  }
  const outputs = {
    matrix: JSON.stringify({ include: jobs }),
    platforms: inputs.platforms.map(printPlatform).join(","),
    bentos: JSON.stringify({ include: bentos.map(({ bento, slug }) => ({ bento, image: slug })) }),
    count: String(jobs.length),
    "fail-fast": String(inputs.failFast !== false)
  };
  for (const [name, value] of Object.entries(outputs)) actions.setOutput(name, value);
}
function jobsOf(platforms2, bentos, runners) {
  const jobs = (bento) => platforms2.map((platform) => {
    const { runsOn, emulated } = runnerFor(platform, runners);
    const [name, slug] = [printPlatform(platform), platformSlug(platform)];
    const job = { platform: name, runner: runsOn, emulated };
    if (bento === void 0) return { name, slug, ...job };
    const { bento: address, slug: image } = bento;
    return { name: `${image} (${name})`, slug: `${image}-${slug}`, ...job, bento: address, image };
  });
  return bentos.length === 0 ? jobs(void 0) : bentos.flatMap(jobs);
}
function tooMany(platforms2, bentos) {
  const count = `${platforms2} platforms of ${bentos} Bentos are ${platforms2 * bentos} jobs`;
  return new Failure("input", `bentos, platforms: ${count}; a matrix has at most ${MOST_JOBS}`, {
    code: "TooManyJobs",
    hint: "Give fewer Bentos, or build several platforms in one job by emulation."
  });
}

// src/machine/processes.ts
import { once } from "node:events";
import { constants as constants3 } from "node:os";
import { delimiter as delimiter3, join as join4 } from "node:path";
var TAIL_LINES = 400;
var KILL_AFTER_MS = 5e3;
var DRAIN_MS = 5e3;
function realProcesses(env, signal) {
  return {
    async which(tool, path4) {
      if (path4 === void 0 || path4 === env["PATH"]) return await which(tool) || void 0;
      for (const directory of path4.split(delimiter3)) {
        const found = directory === "" ? "" : await which(join4(directory, tool));
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
  const { getExecOutput } = await import("./exec-V5KPZUHO.js");
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
import { resolve as resolve2 } from "node:path";

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
import { join as join6 } from "node:path";

// src/machine/enclosed-files.ts
import { isUtf8 } from "node:buffer";
import { constants as constants4 } from "node:fs";
import { lstat as lstat2, open as open2, readdir as readdir2, readlink as readlink2, realpath } from "node:fs/promises";
import { join as join5 } from "node:path";

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
    entry: unlessAborted((directory, name) => look(join5(directory.path, name), directory.root)),
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
  const wanted = join5(directory.path, path4);
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
  const unreadable = names.filter((name) => !isUtf8(name)).map((name) => join5(directory, printName(name)));
  if (unreadable.length > 0) throw notUtf8(unreadable);
}
async function readLink(directory, name) {
  const path4 = join5(directory.path, name);
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
  const directory = await mkdtemp(join6(temporary, "bento-image-"));
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
      scratch ??= mkdtemp(join6(plainest(temporary), "bento-image-"));
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
      await new Promise((resolve3) => {
        letGo = resolve3;
        sent.write(piece, (error2) => {
          if (error2) over = true;
          resolve3();
        });
      });
      if (over || sent.destroyed) return;
    }
    if (left > 0) throw new Error("the body is shorter than its content-length");
    sent.end();
  }
  return new Promise((resolve3, reject) => {
    function stop() {
      letGo();
      if (left === 0) return;
      over = true;
      resolve3();
      if (body instanceof Readable) body.destroy();
    }
    sent.once("close", stop);
    sent.once("response", (response) => {
      if (left !== 0) response.once("close", () => sent.destroy());
      stop();
    });
    send().then(resolve3, (error2) => {
      if (over) return;
      sent.destroy(error2 instanceof Error ? error2 : new Error(String(error2)));
      reject(error2);
    });
  });
}

// src/machine/trust.ts
import { readdir as readdir4, readFile as readFile2 } from "node:fs/promises";
import { join as join7 } from "node:path";
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
  const own = home === void 0 ? [] : [join7(home, ".config/docker/certs.d"), join7(home, ".config/containers/certs.d")];
  return ["/etc/docker/certs.d", "/etc/containers/certs.d", ...own];
}
async function registryRoots(env, host) {
  const roots = [];
  for (const directory of certificateDirectories(env)) {
    const names = await readdir4(join7(directory, host)).catch(() => []);
    for (const name of names.filter((entry) => entry.endsWith(".crt")).sort()) {
      roots.push(await readFile2(join7(directory, host, name), "utf8"));
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
  return new Promise((resolve3, reject) => {
    let answer;
    sent.on("error", reject);
    sent.on("timeout", () => (answer ?? sent).destroy(timedOut(url)));
    const sending = isStreamed(body) ? sendPieces(body, sent) : Promise.resolve();
    sending.catch(reject);
    sent.on("response", (response) => {
      answer = response;
      const given = { status: response.statusCode ?? 0, headers: flatten(response), body: response };
      sending.then(() => resolve3(given), reject);
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
  async function endAll() {
    idle.length = 0;
    await Promise.all([...threads].map((thread) => thread.terminate()));
  }
  const onAbort = () => void endAll();
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
      await endAll();
    }
  };
}
function entryPoint() {
  const here = import.meta.url;
  return new URL(here.endsWith(".ts") ? "../worker.ts" : "./worker.js", here);
}
function ask2(thread, job) {
  return new Promise((resolve3, reject) => {
    const onExit = () => reject(ended());
    thread.ref();
    thread.once("error", reject).once("exit", onExit);
    thread.once("message", (answer) => {
      thread.off("error", reject).off("exit", onExit);
      thread.unref();
      resolve3(answer);
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
    workspace: resolve2(env["GITHUB_WORKSPACE"] || "."),
    architecture: process.arch,
    files,
    http,
    processes: realProcesses(ofChildren(env), cancellation.signal),
    workers,
    async *filter(invocation, input) {
      const { filter } = await import("./filter-KDWFHUCG.js");
      yield* filter(invocation, input, ofChildren(env), cancellation.signal);
    },
    system: async () => (await import("./system-ALOT23F2.js")).realSystem(),
    toolCache: async () => (await import("./tool-cache-BP5IIAZS.js")).realToolCache(env),
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
var SYSTEMS2 = { darwin: "macOS", win32: "Windows" };
function requireLinux(system) {
  if (system === "linux") return;
  throw new Failure(
    "platform",
    `this action runs on Linux runners only, and this one has ${SYSTEMS2[system] ?? system}`,
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
  planMatrix,
  notStarted,
  endGroupOn,
  signalGroup,
  runAction
};
