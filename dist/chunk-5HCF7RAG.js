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
    return value instanceof P ? value : new P(function(resolve5) {
      resolve5(value);
    });
  }
  return new (P || (P = Promise))(function(resolve5, reject) {
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
      result.done ? resolve5(result.value) : adopt(result.value).then(fulfilled, rejected);
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
  addRaw(text2, addEOL = false) {
    this._buffer += text2;
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
  addCodeBlock(code2, lang) {
    const attrs = Object.assign({}, lang && { lang });
    const element = this.wrap("pre", this.wrap("code", code2), attrs);
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
  addHeading(text2, level) {
    const tag = `h${level}`;
    const allowedTag = ["h1", "h2", "h3", "h4", "h5", "h6"].includes(tag) ? tag : "h1";
    const element = this.wrap(allowedTag, text2);
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
  addQuote(text2, cite) {
    const attrs = Object.assign({}, cite && { cite });
    const element = this.wrap("blockquote", text2, attrs);
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
  addLink(text2, href) {
    const element = this.wrap("a", text2, { href });
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
    return value instanceof P ? value : new P(function(resolve5) {
      resolve5(value);
    });
  }
  return new (P || (P = Promise))(function(resolve5, reject) {
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
      result.done ? resolve5(result.value) : adopt(result.value).then(fulfilled, rejected);
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
    return value instanceof P ? value : new P(function(resolve5) {
      resolve5(value);
    });
  }
  return new (P || (P = Promise))(function(resolve5, reject) {
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
      result.done ? resolve5(result.value) : adopt(result.value).then(fulfilled, rejected);
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
function ownValue(table2, key) {
  return Object.hasOwn(table2, key) ? table2[key] : void 0;
}
function definedOnly(table2) {
  return Object.fromEntries(Object.entries(table2).filter((pair) => pair[1] !== void 0));
}
function duplicates(items) {
  return [...new Set(items.filter((item, index) => items.indexOf(item) !== index))];
}

// src/inputs/input-file.ts
import { resolve } from "node:path";
var KERNEL = /^\/(?:proc|sys|dev(?!\/shm\/))(?:\/|$)/;
async function lookUpInputFile(given, { files, workspace }) {
  const path4 = resolve(workspace, given);
  try {
    const real = await files.realPath(path4);
    const kind = (await files.info(real))?.kind;
    if (kind === "directory") return { fault: `${path4} is a directory, not a file` };
    if (kind !== "file") return { fault: `${path4} is a device, pipe or socket, not a file` };
    if (KERNEL.test(real)) return { fault: `${path4} is a link to ${real}, which is not a file on disk` };
    await files.readHead(real, 1);
    return { path: path4 };
  } catch (error2) {
    const code2 = errorCode(error2);
    if (["ENOENT", "ENOTDIR"].includes(code2)) return { fault: `${path4} does not exist` };
    return { fault: `${path4} cannot be read: ${error2 instanceof Error ? error2.message : String(error2)}` };
  }
}
async function findInputFile(input, given, machine, details = {}) {
  const found = await lookUpInputFile(given, machine);
  if ("path" in found) return found.path;
  throw new Failure("input", `${input}: ${found.fault}`, details);
}

// src/oci/digest.ts
var DIGEST = /^sha256:[0-9a-f]{64}$/;
function isDigest(text2) {
  return DIGEST.test(text2);
}
function digestOf(content) {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

// src/oci/reference.ts
var DOCKER_HUB = "docker.io";
var OFFICIAL = "library/";
var NAME_LIMIT = 255;
var TAG_LIMIT = 128;
var LABEL = "[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*";
var DOMAIN = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9A-Fa-f:]+\\])(?::[0-9]{1,5})?$`);
var PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;
var TAG = /^\w[\w.-]*$/;
function parseReference(text2) {
  if (text2 === "") throw invalid(text2, "it is empty");
  checkCharacters(text2);
  const { name, tag, digest } = split(text2);
  const { domain, path: path4 } = splitDomain(text2, name);
  checkDomain(text2, domain);
  checkPath(text2, path4);
  if (domain.length + 1 + path4.length > NAME_LIMIT) {
    throw invalid(text2, `the name is longer than ${NAME_LIMIT} characters`);
  }
  return {
    domain,
    path: path4,
    ...tag === void 0 ? {} : { tag: checkedTag(text2, tag) },
    ...digest === void 0 ? {} : { digest: checkedDigest(text2, digest) }
  };
}
function printReference(reference) {
  const { tag, digest } = reference;
  return `${printRepository(reference)}${tag === void 0 ? "" : `:${tag}`}${digest === void 0 ? "" : `@${digest}`}`;
}
function printRepository({ domain, path: path4 }) {
  return `${domain}/${path4}`;
}
function printFamiliar(reference) {
  const full = printReference(reference);
  if (reference.domain !== DOCKER_HUB) return full;
  const { path: path4 } = reference;
  const short = path4.startsWith(OFFICIAL) && !path4.includes("/", OFFICIAL.length);
  return full.slice(DOCKER_HUB.length + 1 + (short ? OFFICIAL.length : 0));
}
function repositoryOf({ domain, path: path4 }) {
  return { domain, path: path4 };
}
function withDigest({ domain, path: path4 }, digest) {
  return { domain, path: path4, digest };
}
function sameRepository(a, b) {
  return a.domain === b.domain && a.path === b.path;
}
function distinctRepositories(references2) {
  const distinct = [];
  for (const reference of references2) {
    if (!distinct.some((known) => sameRepository(known, reference))) distinct.push(repositoryOf(reference));
  }
  return distinct;
}
function split(text2) {
  const at = text2.indexOf("@");
  const digest = at < 0 ? void 0 : text2.slice(at + 1);
  const tagged = at < 0 ? text2 : text2.slice(0, at);
  const colon = tagged.indexOf(":", tagged.lastIndexOf("/") + 1);
  return colon < 0 ? { name: tagged, tag: void 0, digest } : { name: tagged.slice(0, colon), tag: tagged.slice(colon + 1), digest };
}
function splitDomain(text2, name) {
  if (name === "") throw invalid(text2, "the name is missing");
  const slash = name.indexOf("/");
  const first = name.slice(0, slash);
  if (slash < 0 || !looksLikeDomain(first)) return atDockerHub(name);
  const rest = name.slice(slash + 1);
  return first === DOCKER_HUB || first === "index.docker.io" ? atDockerHub(rest) : { domain: first, path: rest };
}
function looksLikeDomain(first) {
  return /[.:]/.test(first) || first === "localhost";
}
function atDockerHub(path4) {
  return { domain: DOCKER_HUB, path: path4 === "" || path4.includes("/") ? path4 : OFFICIAL + path4 };
}
function checkCharacters(text2) {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text2)) {
    throw invalid(text2, `it starts with a URL scheme; write "${text2.slice(text2.indexOf("://") + 3)}"`);
  }
  const odd = /[^\w./:@[\]-]/u.exec(text2);
  if (odd !== null) throw invalid(text2, `${JSON.stringify(odd[0])} cannot stand in a reference`);
}
function checkDomain(text2, domain) {
  if (!DOMAIN.test(domain)) throw invalid(text2, `"${domain}" is no host name with an optional port`);
}
function checkPath(text2, path4) {
  if (path4 === "") throw invalid(text2, "the repository's name is missing after the host");
  if (/[A-Z]/.test(path4)) {
    const at = text2.indexOf(path4.startsWith(OFFICIAL) ? path4.slice(OFFICIAL.length) : path4);
    const lowered = text2.slice(0, at) + text2.slice(at).replace(/^[^:@]*/, (name) => name.toLowerCase());
    throw invalid(text2, `repository names are lower case; write "${lowered}"`);
  }
  for (const component of path4.split("/")) {
    if (component === "") throw invalid(text2, "it has an empty part between slashes or a slash at an end");
    if (!PATH_COMPONENT.test(component)) {
      throw invalid(
        text2,
        `"${component}" must be letters and digits, parted by single ".", "_" or "__", or dashes, none at an end`
      );
    }
  }
  if (/^library\/[0-9a-f]{64}$/.test(path4)) throw invalid(text2, "64 hexadecimal digits are an image ID, not a name");
}
function checkedTag(text2, tag) {
  if (tag === "") throw invalid(text2, 'the tag after ":" is empty');
  if (tag.length > TAG_LIMIT) {
    throw invalid(text2, `the tag has ${tag.length} characters, ${TAG_LIMIT} is the limit`);
  }
  if (!TAG.test(tag)) {
    throw invalid(
      text2,
      `the tag "${tag}" may hold letters, digits, "_", "." and "-" and must not start with "." or "-"`
    );
  }
  return tag;
}
function checkedDigest(text2, digest) {
  if (!isDigest(digest)) {
    throw invalid(text2, 'the part after "@" must be "sha256:" and 64 lower-case hexadecimal digits');
  }
  return digest;
}
function invalid(text2, reason) {
  const shown = text2.length > 300 ? `${text2.slice(0, 300)}\u2026` : text2;
  return new Failure("input", `"${shown}" is no image reference: ${reason}.`, {
    code: "ReferenceInvalid",
    hint: "References look like ghcr.io/acme/iris:1.4.0."
  });
}

// src/text/json.ts
function parseJson(text2) {
  try {
    return JSON.parse(text2);
  } catch {
    return void 0;
  }
}
function isJsonObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// src/registry/auth/auth-config.ts
var DOCKER_HUB_KEY = "https://index.docker.io/v1/";
var DOCKER_HUB_HOSTS = /* @__PURE__ */ new Set(["docker.io", "index.docker.io", "registry-1.docker.io"]);
function parseAuthConfig(text2, source) {
  const json = parse(text2, source);
  const store = json["credsStore"];
  return {
    auths: new Map(objectEntries(json["auths"]).map(([key, value]) => [key, parseEntry(value)])),
    helpers: new Map(
      objectEntries(json["credHelpers"]).filter((entry) => typeof entry[1] === "string")
    ),
    store: typeof store === "string" && store !== "" ? store : void 0
  };
}
function findByRepository(entries, repository) {
  const wanted = printRepository({ ...repository, domain: repository.domain.toLowerCase() });
  let best;
  for (const [key, value] of entries) {
    const prefix = normalizeKey(key);
    const matches = wanted === prefix || wanted.startsWith(`${prefix}/`);
    if (matches && prefix.length > (best?.length ?? 0)) best = { key, value, length: prefix.length };
  }
  return best;
}
function normalizeKey(key) {
  const [host = "", ...path4] = key.replace(/^https?:\/\//, "").split("/");
  const name = DOCKER_HUB_HOSTS.has(host.toLowerCase()) ? "docker.io" : host.toLowerCase();
  const parts = path4.filter((part) => part !== "");
  return parts.length === 1 && /^v[12]$/.test(parts[0] ?? "") ? name : [name, ...parts].join("/");
}
function parse(text2, source) {
  const json = parseObject(text2);
  if (json !== void 0) return json;
  throw new Failure("auth", `The credentials file ${source} is no JSON object.`, {
    code: "CredentialsUnreadable",
    hint: "Log in again with docker/login-action, or give a right file in registry-auth-file."
  });
}
function parseObject(text2) {
  const json = parseJson(text2);
  return isJsonObject(json) ? json : void 0;
}
function parseEntry(value) {
  if (!isJsonObject(value)) return {};
  const decoded = decodeAuth(stringOf(value["auth"]));
  const username = stringOf(decoded?.username) ?? stringOf(value["username"]);
  const password = stringOf(decoded?.password) ?? stringOf(value["password"]);
  const identityToken = stringOf(value["identitytoken"]);
  const registryToken = stringOf(value["registrytoken"]);
  return {
    ...username === void 0 ? {} : { username },
    ...password === void 0 ? {} : { password },
    ...identityToken === void 0 ? {} : { identityToken },
    ...registryToken === void 0 ? {} : { registryToken }
  };
}
function decodeAuth(auth) {
  if (auth === void 0) return void 0;
  const text2 = Buffer.from(auth, "base64").toString("utf8");
  const colon = text2.indexOf(":");
  if (colon < 0) return void 0;
  return { username: text2.slice(0, colon), password: text2.slice(colon + 1).replace(/(?<!\0)\0+$/, "") };
}
function stringOf(value) {
  return typeof value === "string" && value !== "" ? value : void 0;
}
function objectEntries(value) {
  return isJsonObject(value) ? Object.entries(value) : [];
}

// src/commands/share-credentials.ts
async function findAuthFile(authFile, machine) {
  if (authFile === void 0) return void 0;
  return findInputFile("registry-auth-file", authFile, machine, { code: "AuthFileMissing" });
}

// src/inputs/lists.ts
function splitList(text2, separators, readQuoted) {
  return (NEEDS_READER.test(text2) ? readQuoted(text2) : readPlain(text2)).flatMap((record) => separators.commas ? record : [record.join(",")]).map((item) => item.trim()).filter((item) => item !== "");
}
var NEEDS_READER = /["\r]/;
function readPlain(text2) {
  const lines = text2.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => line.split(","));
}
async function openQuotedReader(texts) {
  if (!texts.some((text2) => NEEDS_READER.test(text2))) return readPlain;
  const { parse: parse2 } = await import("./sync-BJ26GART.js");
  return (text2) => parse2(text2, {
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
async function inParallel(items, width, signal, work) {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const queue = items.values();
  let failure;
  async function worker() {
    for (const item of queue) {
      if (either.aborted) return;
      try {
        await work(item, either);
      } catch (error2) {
        failure ??= { error: error2 };
        failed.abort(error2);
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  if (failure !== void 0) throw failure.error;
  if (signal.aborted) throw cancelled(signal, "The work with the registry was stopped");
}

// src/oci/media-types.ts
var OCI_INDEX = "application/vnd.oci.image.index.v1+json";
var OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
var OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
var DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json";
var DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
var ACCEPT = [OCI_INDEX, OCI_MANIFEST, DOCKER_INDEX, DOCKER_MANIFEST].join(", ");
var IMAGE_CONFIGS = /* @__PURE__ */ new Set([OCI_CONFIG, "application/vnd.docker.container.image.v1+json"]);
function isIndexType(mediaType) {
  return mediaType === OCI_INDEX || mediaType === DOCKER_INDEX;
}
function isManifestType(mediaType) {
  return mediaType === OCI_MANIFEST || mediaType === DOCKER_MANIFEST;
}
function isImageConfigType(mediaType) {
  return IMAGE_CONFIGS.has(mediaType);
}
function isForeignType(mediaType) {
  return /\.foreign\.|nondistributable/.test(mediaType);
}

// src/oci/image-index.ts
function printIndex(members, annotations = {}) {
  const index = {
    schemaVersion: 2,
    mediaType: indexTypeOf(members, annotations),
    manifests: members.map(({ mediaType, digest, size, platform: { os: os4, architecture, variant }, ...member }) => ({
      mediaType,
      digest,
      size,
      ...sortedPairs(member.annotations ?? {}),
      platform: { architecture, os: os4, ...variant === void 0 ? {} : { variant } }
    })),
    ...sortedPairs(annotations)
  };
  return new TextEncoder().encode(escapeAsGo(JSON.stringify(index, void 0, 2)));
}
function indexTypeOf(members, annotations = {}) {
  const isDocker = members.every(({ mediaType }) => mediaType === DOCKER_MANIFEST);
  return isDocker && members.length > 0 && Object.keys(annotations).length === 0 ? DOCKER_INDEX : OCI_INDEX;
}
function sortedPairs(annotations) {
  const pairs2 = Object.entries(annotations).sort(([one], [other]) => one < other ? -1 : 1);
  return pairs2.length === 0 ? {} : { annotations: Object.fromEntries(pairs2) };
}
function escapeAsGo(json) {
  return json.replaceAll(/[<>&\u2028\u2029]/g, (character) => {
    const code2 = character.charCodeAt(0).toString(16).padStart(4, "0");
    return `\\u${code2}`;
  });
}

// src/machine/address-kind.ts
import { BlockList, isIP } from "node:net";
var NAT64 = "64:ff9b::";
var SELF = [
  ["0.0.0.0", 8],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["::", 127],
  ["fe80::", 10],
  // AWS's metadata and time services: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
  ["fd00:ec2::", 32],
  // Google's: https://cloud.google.com/compute/docs/metadata/querying-metadata
  ["fd20:ce::254", 128],
  // Alibaba's: https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
  ["100.100.100.200", 32],
  // Azure's agent: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
  ["168.63.129.16", 32],
  // Oracle's, in its Classic service.
  ["192.0.0.192", 32]
];
var PRIVATE = [
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
  // IPv4 in IPv6: compatible, NAT64, its local prefix, Teredo and its neighbours, 6to4. Any of them may lead to the above.
  ["::", 96],
  [NAT64, 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fec0::", 10],
  ["ff00::", 8]
];
var SELF_NAME = /^(?:(?:.+\.)?localhost|localhost\.localdomain|ip6-localhost|ip6-loopback|metadata(?:\.google\.internal|\.goog)?|instance-data(?:\.ec2\.internal)?)$/;
var PRIVATE_NAME = /^[^.]+$|\.(?:internal|local|localdomain|lan|home\.arpa)$/;
var networks = /* @__PURE__ */ new Map();
function addressKind(hostname) {
  const name = hostname.toLowerCase().replace(/\.$/, "").replace(/^\[|\]$/g, "");
  if (isIP(name) === 0) return kindOfName(name);
  if (isIn(name, SELF)) return "self";
  return isIn(name, PRIVATE) ? "private" : "public";
}
function kindOfName(name) {
  if (SELF_NAME.test(name)) return "self";
  return PRIVATE_NAME.test(name) ? "private" : "public";
}
function isIn(address2, listed2) {
  return blockList(listed2).check(address2, familyOf(address2));
}
function blockList(listed2) {
  const known = networks.get(listed2);
  if (known !== void 0) return known;
  const list3 = new BlockList();
  for (const [address2, bits] of listed2) {
    const family = familyOf(address2);
    list3.addSubnet(address2, bits, family);
    if (family === "ipv4") list3.addSubnet(`${NAT64}${address2}`, 96 + bits, "ipv6");
  }
  networks.set(listed2, list3);
  return list3;
}
function familyOf(address2) {
  return isIP(address2) === 6 ? "ipv6" : "ipv4";
}

// src/machine/address.ts
function isLoopback(host) {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  return name === "localhost" || name === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(name);
}
function unsafeReason(url, from, purpose = "trust") {
  if (url.protocol !== "https:" && url.protocol !== "http:") return "which is no web address";
  const [kind, own] = [addressKind(url.hostname), addressKind(from.hostname)];
  const isElsewhere = url.hostname !== from.hostname;
  if (isElsewhere && kind === "self" && own !== "self") return "a private address, of this machine";
  if (purpose === "content") return void 0;
  if (url.protocol === "http:" && from.protocol === "https:") return "where the connection is not encrypted";
  return isElsewhere && kind !== "public" && own === "public" ? "a private address" : void 0;
}

// src/registry/auth/challenge.ts
var TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
var ITEM = new RegExp(`[\\s,]*(${TOKEN})(?:\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|(${TOKEN})))?`, "y");
function parseChallenges(header) {
  const challenges = [];
  const item = new RegExp(ITEM);
  for (let found = item.exec(header); found !== null; found = item.exec(header)) {
    const [, name = "", quoted, bare] = found;
    const value = quoted?.replace(/\\(.)/g, "$1") ?? bare;
    if (value === void 0) challenges.push({ scheme: name.toLowerCase(), parameters: {} });
    else Object.assign(challenges.at(-1)?.parameters ?? {}, { [name.toLowerCase()]: value });
  }
  return challenges;
}

// src/oci/manifest.ts
function parseManifest(bytes, mediaType, where) {
  const json = parseJsonObject(bytes, where);
  const type = typeOf(json, mediaType);
  if (isIndexType(type)) {
    const members = parseDescriptors(json["manifests"], where);
    return { kind: "index", mediaType: type, members, annotations: annotationsOf(json["annotations"]) };
  }
  if (isManifestType(type)) {
    return {
      kind: "manifest",
      mediaType: type,
      config: parseDescriptor(json["config"], where),
      layers: parseDescriptors(json["layers"], where),
      annotations: annotationsOf(json["annotations"])
    };
  }
  throw invalid2(where, `is of type ${JSON.stringify(type)}, which is no image`);
}
function parseJsonObject(bytes, where) {
  try {
    const json = JSON.parse(new TextDecoder().decode(bytes));
    if (isJsonObject(json)) return json;
  } catch (cause) {
    throw invalid2(where, "is no JSON", cause);
  }
  throw invalid2(where, "is no JSON object");
}
function typeOf(json, stated) {
  if (stated !== void 0 && (isIndexType(stated) || isManifestType(stated))) return stated;
  if (typeof json["mediaType"] === "string") return json["mediaType"];
  if (Array.isArray(json["manifests"])) return OCI_INDEX;
  return Array.isArray(json["layers"]) ? OCI_MANIFEST : stated ?? "";
}
function parseDescriptors(value, where) {
  if (!Array.isArray(value)) throw invalid2(where, "lacks its list of descriptors");
  return value.map((item) => parseDescriptor(item, where));
}
function parseDescriptor(value, where) {
  if (!isJsonObject(value)) throw invalid2(where, "has a descriptor that is no object");
  const { mediaType, digest, size } = value;
  if (typeof mediaType !== "string") throw invalid2(where, "has a descriptor without a media type");
  if (typeof digest !== "string" || !isDigest(digest)) {
    throw invalid2(where, `has a descriptor with the digest ${JSON.stringify(digest)}`);
  }
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
    throw invalid2(where, `has a descriptor with the size ${JSON.stringify(size)}`);
  }
  const platform = platformOf(value["platform"]);
  return {
    mediaType,
    digest,
    size,
    ...platform === void 0 ? {} : { platform },
    annotations: annotationsOf(value["annotations"])
  };
}
function platformOf(value) {
  if (!isJsonObject(value)) return void 0;
  const { os: os4, architecture, variant } = value;
  if (typeof os4 !== "string" || typeof architecture !== "string" || os4 === "" || architecture === "") return void 0;
  return { os: os4, architecture, ...typeof variant === "string" && variant !== "" ? { variant } : {} };
}
function annotationsOf(value) {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry) => typeof entry[1] === "string")
  );
}
function invalid2(where, reason, cause) {
  return new Failure("network", `${where} ${reason}.`, { code: "ManifestInvalid", cause });
}

// src/oci/content.ts
var DOCUMENT_LIMIT = 16 * 1024 * 1024;
async function readManifest(content, descriptor) {
  const bytes = await content.document(descriptor);
  const where = `${descriptor.digest} in ${content.place}`;
  return { bytes, manifest: parseManifest(bytes, descriptor.mediaType, where) };
}
async function readAtMost(stream, limit, where) {
  const chunks = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit) throw new Failure("network", `${where} gives more than ${limit} bytes.`, { code: "TooLarge" });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
function checkBytes(bytes, { digest }, where) {
  const found = digestOf(bytes);
  if (found === digest) return bytes;
  throw new Failure("network", `${where} gave other content than asked for.`, {
    code: "DigestMismatch",
    lines: [`asked for ${digest}`, `the content's digest is ${found}`]
  });
}

// src/secrets/masks.ts
import { isUtf8 } from "node:buffer";
var SHORTEST_MASK = 6;
function masksOf(secret) {
  const bytes = secret.revealBytes();
  const lines = isUtf8(bytes) ? linesOf(secret.reveal()) : [];
  const masks = lines.length === 1 ? lines : [...lines, base64Start(bytes)];
  return [...new Set(masks)].filter((mask) => mask.length >= SHORTEST_MASK);
}
function linesOf(text2) {
  return text2.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== "");
}
function base64Start(bytes) {
  const length = Buffer.from(bytes).toString("latin1").trimEnd().length;
  return Buffer.from(bytes.subarray(0, length - length % 3)).toString("base64");
}

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

// src/registry/endpoint.ts
function apiHost(domain) {
  return domain === "docker.io" ? "registry-1.docker.io" : domain;
}
function checkAddress(url, registry, purpose = "trust") {
  const reason = unsafeReason(url, registry, purpose);
  if (reason === void 0) return;
  throw new Failure("network", `The registry ${registry.host} sends us to ${url.origin}, ${reason}.`, {
    code: "UnsafeAddress",
    hint: "The registry, or the proxy before it, is set up with a wrong public address."
  });
}

// src/text/retry-after.ts
function parseRetryAfter(value, now) {
  const text2 = value?.trim() ?? "";
  if (/^\d{1,9}$/.test(text2)) return Number(text2) * 1e3;
  const date = Date.parse(text2);
  return Number.isNaN(date) ? void 0 : Math.max(0, date - now);
}

// src/registry/proxy.ts
var PASSING = [408, 429];
function failureOfProxy(error2, url) {
  if (!(error2 instanceof Error) || !("code" in error2)) return void 0;
  if (error2.code === "ERR_PROXY_INVALID_CONFIG") return invalid3(url);
  if (error2.code !== "ERR_PROXY_TUNNEL" || !("statusCode" in error2)) return void 0;
  const status = Number(error2.statusCode);
  if (!(status >= 400 && status < 500) || PASSING.includes(status)) return void 0;
  return refused(url, status, withoutCredentials(error2.message));
}
function refused({ host }, status, said) {
  const proxy = / via (\S+?)\/?: /.exec(said)?.[1];
  const name = proxy === void 0 ? "of the environment" : proxy;
  const hint = status === 407 ? "It wants a login: give HTTPS_PROXY as http://USER:PASSWORD@HOST:PORT, from a secret." : `Let the proxy pass ${host}, or name it in NO_PROXY if it is reached without the proxy.`;
  return new Failure("network", `The proxy ${name} refuses the way to ${host} with ${status}.`, {
    code: "ProxyRefused",
    lines: [said],
    hint
  });
}
function invalid3({ host }) {
  return new Failure("network", `The proxy to ${host} has no address that can be read.`, {
    code: "ProxyInvalid",
    hint: "Give HTTP_PROXY and HTTPS_PROXY as http://HOST:PORT; blanks, @ and / in a password need to be percent-encoded."
  });
}
function withoutCredentials(text2) {
  return text2.replace(/\/\/[^/@\s]*@/g, "//");
}

// src/registry/failures.ts
var TransientFailure = class extends Failure {
  /** Milliseconds that the registry asks us to wait; `undefined` when it does not say. */
  retryAfter;
  constructor(failureClass, message, details, retryAfter) {
    super(failureClass, message, details);
    this.retryAfter = retryAfter;
  }
};
function failureOfRefusal(refusal, circumstances) {
  const { status } = refusal;
  const { repository, doing, login, now } = circumstances;
  const lines = errorLines(refusal);
  const denied = status === 401 || status === 403;
  const as = denied ? `, ${login === void 0 ? "without a login" : `with ${login}`}` : "";
  const message = `${repository.domain} answered ${status} while ${doing} in ${printRepository(repository)}${as}.`;
  if (status === 429 || /TOOMANYREQUESTS/i.test(lines.join(" "))) {
    const details = { code: "TooManyRequests", lines, hint: rateHint(repository) };
    return new TransientFailure("rate-limit", message, details, parseRetryAfter(refusal.headers["retry-after"], now));
  }
  if (status >= 500 || status === 408) {
    const details = { code: "RegistryUnavailable", lines };
    return new TransientFailure("network", message, details, parseRetryAfter(refusal.headers["retry-after"], now));
  }
  if (status === 404 && /BLOB_UPLOAD_(?:UNKNOWN|INVALID)/.test(lines.join(" "))) {
    return new TransientFailure("network", message, { code: "UploadLost", lines });
  }
  return new Failure(...lastingFailure(status, message, lines, circumstances));
}
function lastingFailure(status, message, lines, { repository, write: write2 }) {
  const { domain } = repository;
  const said = lines.join(" ");
  if (/immutab|cannot be overwritten|TAG_?ALREADY_?EXISTS/i.test(said)) {
    const hint = "The registry does not let tags be moved. Give a new tag, or remove the old one first.";
    return ["input", message, { code: "TagImmutable", lines, hint }];
  }
  if (status === 401 || status === 403) return ["auth", message, { code: "Denied", lines, hint: authHint(repository) }];
  if (status === 404) {
    const hint = write2 ? "Check the name. Some registries (ECR, for one) want the repository to be created before the first push." : "Check the name and the tag, and that the account may read them.";
    return ["input", message, { code: "NotFound", lines, hint }];
  }
  if (status === 413) {
    const hint = `${domain}, or a proxy before it, limits the size of an upload (nginx: client_max_body_size).`;
    return ["network", message, { code: "TooLarge", lines, hint }];
  }
  return ["network", message, { code: "Refused", lines }];
}
function authHint({ domain, path: path4 }) {
  if (domain === "ghcr.io") {
    return `Give the job "permissions: packages: write", log in to ghcr.io before this step (docker/login-action), and let the repository write to the package in the package's settings.`;
  }
  return `Log in to ${domain} before this step (docker/login-action) with an account that may read and write ${path4}.`;
}
function rateHint({ domain }) {
  return domain === "docker.io" ? "Log in to Docker Hub before this step: it gives anonymous users few pulls, counted by the runner's address." : `Try again later; ${domain} counts the requests of this account or address.`;
}
function failureOfConnection(error2, url) {
  const ofProxy = failureOfProxy(error2, url);
  if (ofProxy !== void 0) return ofProxy;
  const cause = error2 instanceof Error ? error2 : new Error(String(error2));
  const code2 = "code" in cause ? String(cause.code) : "";
  const lines = [cause.message.replace(/; if the root CA is installed locally.*/, "") || code2];
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|^EPROTO$/.test(code2)) {
    return new Failure("network", `No secure connection to ${url.host}.`, {
      code: "TlsFailed",
      lines,
      hint: `If ${url.host} has a certificate of your own authority, put the authority's certificate into /etc/docker/certs.d/${url.host}/ca.crt or into the runner's system store.`,
      cause
    });
  }
  return new TransientFailure("network", `The connection to ${url.host} failed.`, {
    code: "Unreachable",
    lines,
    cause
  });
}
function errorLines({ headers, text: text2 }) {
  const fromJson = jsonErrors(text2);
  if (fromJson.length > 0) return fromJson;
  const first = text2.split("\n").find((line) => line.trim() !== "") ?? "";
  return /html|^\s*</i.test(headers["content-type"] ?? first) || first === "" ? [] : [clean(first)];
}
function jsonErrors(text2) {
  const json = parseJson(text2);
  if (!isJsonObject(json)) return [];
  const errors = Array.isArray(json["errors"]) ? json["errors"] : [json];
  return errors.filter(isJsonObject).flatMap((error2) => {
    const detail = typeof error2["detail"] === "string" ? error2["detail"] : error2["details"] ?? "";
    const parts = [error2["code"], error2["message"] ?? error2["error_description"], detail].filter(
      (part) => typeof part === "string" && part !== ""
    );
    return parts.length === 0 ? [] : [clean(parts.join(": "))];
  });
}
function clean(line) {
  return line.replace(new RegExp("\\p{Cc}+", "gu"), " ").trim().slice(0, 500);
}

// src/registry/auth/credentials.ts
import { join as join3 } from "node:path/posix";
function openCredentials(machine, authFile) {
  let configs;
  const found = /* @__PURE__ */ new Map();
  const masked = /* @__PURE__ */ new Set();
  function mask(credential) {
    for (const text2 of credential === void 0 ? [] : masksOfCredential(credential)) {
      if (!masked.has(text2)) machine.actions.mask(text2);
      masked.add(text2);
    }
  }
  async function read2() {
    const reading = configs ?? (authFile === void 0 ? readAmbient(machine) : readGiven(machine, authFile));
    configs = reading;
    return reading.catch((error2) => {
      configs = void 0;
      throw error2;
    });
  }
  async function look2(repository) {
    const credential = await find(machine, await read2(), repository);
    mask(credential);
    return credential;
  }
  function ask3(repository) {
    const key = printRepository(repository);
    const asked = look2(repository);
    found.set(key, asked);
    asked.catch(() => found.get(key) === asked && found.delete(key));
    return asked;
  }
  return async (repository, refused2) => {
    const known = found.get(printRepository(repository));
    if (known === void 0) return ask3(repository);
    if (refused2 === void 0 || await known !== refused2) return known;
    const latest = found.get(printRepository(repository));
    if (latest !== void 0 && latest !== known) return latest;
    configs = void 0;
    return ask3(repository);
  };
}
function sameCredential(one, other) {
  return one?.username === other?.username && secretsOf(one).join("\n") === secretsOf(other).join("\n");
}
async function readGiven({ files }, path4) {
  if (await files.info(path4) === void 0) {
    throw new Failure("input", `registry-auth-file names ${path4}, which does not exist.`, { code: "AuthFileMissing" });
  }
  return [{ source: path4, config: parseAuthConfig(await files.readText(path4), path4) }];
}
async function readAmbient({ env, files }) {
  const configs = [];
  const inline = env["DOCKER_AUTH_CONFIG"];
  if (inline) configs.push({ source: "DOCKER_AUTH_CONFIG", config: parseAuthConfig(inline, "DOCKER_AUTH_CONFIG") });
  for (const path4 of ambientPaths(env)) {
    const text2 = await files.readText(path4).catch(() => void 0);
    if (text2 !== void 0 && text2.trim() !== "") configs.push({ source: path4, config: parseAuthConfig(text2, path4) });
  }
  return configs;
}
function ambientPaths(env) {
  const home = env["HOME"];
  const docker = env["DOCKER_CONFIG"] || home && join3(home, ".docker");
  const runtime = env["XDG_RUNTIME_DIR"];
  const paths = [
    docker && join3(docker, "config.json"),
    env["REGISTRY_AUTH_FILE"],
    // Without a runtime directory podman takes the user's number; root's is the one that jobs in containers have.
    runtime ? join3(runtime, "containers/auth.json") : "/run/containers/0/auth.json",
    home && join3(env["XDG_CONFIG_HOME"] || join3(home, ".config"), "containers/auth.json")
  ];
  return paths.filter((path4) => path4 !== void 0 && path4 !== "");
}
async function find(machine, configs, repository) {
  for (const { source, config } of configs) {
    const credential = await fromPrograms(machine, config, repository) ?? fromEntry(config, repository, source);
    if (credential !== void 0) return credential;
  }
  return void 0;
}
function fromEntry(config, repository, source) {
  const usable = new Map([...config.auths].filter(([, entry2]) => isUsable(entry2)));
  const entry = findByRepository(usable, repository)?.value;
  if (entry === void 0) return void 0;
  return {
    username: entry.username ?? "",
    ...entry.password === void 0 ? {} : { password: new Secret(entry.password) },
    ...entry.identityToken === void 0 ? {} : { identityToken: new Secret(entry.identityToken) },
    ...entry.registryToken === void 0 ? {} : { registryToken: new Secret(entry.registryToken) },
    source
  };
}
function isUsable(entry) {
  return (entry.password ?? entry.identityToken ?? entry.registryToken) !== void 0;
}
async function fromPrograms(machine, config, repository) {
  const helper = findByRepository(config.helpers, repository);
  if (helper !== void 0) return askProgram(machine, helper.value, helper.key);
  const server = repository.domain === "docker.io" ? DOCKER_HUB_KEY : repository.domain;
  return config.store === void 0 ? void 0 : askProgram(machine, config.store, server);
}
async function askProgram(machine, name, server) {
  const tool = `docker-credential-${name}`;
  const { code: code2, stdout, stderr } = await machine.processes.ask({ tool, args: ["get"], stdin: server }).catch((cause) => {
    throw programFailed(tool, server, "cannot be started; is it installed?", [], cause);
  });
  if (code2 !== 0) {
    if (/credentials not found/i.test(stdout + stderr)) return void 0;
    throw programFailed(tool, server, `ended with exit code ${code2}`, `${stdout}
${stderr}`.split("\n"));
  }
  return parseAnswer(stdout, tool, server);
}
function parseAnswer(stdout, tool, server) {
  let answer;
  try {
    answer = JSON.parse(stdout);
  } catch {
  }
  if (!isJsonObject(answer) || typeof answer["Secret"] !== "string") {
    throw programFailed(tool, server, "gave an answer that is no credential");
  }
  if (answer["Secret"] === "") return void 0;
  const username = typeof answer["Username"] === "string" ? answer["Username"] : "";
  const secret = new Secret(answer["Secret"]);
  return { username, source: tool, ...username === "<token>" ? { identityToken: secret } : { password: secret } };
}
function programFailed(tool, server, what, lines = [], cause) {
  return new Failure("auth", `The credential program ${tool}, asked about ${server}, ${what}.`, {
    code: "CredentialProgramFailed",
    lines: lines.map((line) => line.trim()).filter((line) => line !== ""),
    hint: "Install or repair the program, or remove it from credHelpers or credsStore of the credentials file.",
    cause
  });
}
function masksOfCredential(credential) {
  const { username, password } = credential;
  const basic = password && new Secret(basicAuth(username, password));
  const secrets = [password, credential.identityToken, credential.registryToken, basic];
  return secrets.flatMap((secret) => secret === void 0 ? [] : masksOf(secret));
}
function secretsOf(credential) {
  const secrets = [credential?.password, credential?.identityToken, credential?.registryToken];
  return secrets.map((secret) => secret?.reveal());
}
function basicAuth(username, password) {
  return Buffer.from(`${username}:${password.reveal()}`).toString("base64");
}

// src/registry/auth/token.ts
var DEFAULT_LIFE = 60;
var ANSWER_LIMIT = 1024 * 1024;
function scopesOf({ repository, write: write2, mountFrom }) {
  const scope = `repository:${repository.path}:${write2 ? "pull,push" : "pull"}`;
  return mountFrom === void 0 ? [scope] : [scope, `repository:${mountFrom.path}:pull`];
}
async function logIn(machine, credentials, access2, endpoint, before) {
  const { repository } = access2;
  const credential = await credentials(repository, before?.isCredential === true ? before.credential : void 0);
  try {
    return await logInWith(machine, access2, endpoint, credential);
  } catch (error2) {
    if (credential === void 0 || !(error2 instanceof Failure) || error2.code !== REFUSED) throw error2;
    const renewed = await credentials(repository, credential);
    if (before === void 0 && sameCredential(renewed, credential)) throw error2;
    return logInWith(machine, access2, endpoint, renewed);
  }
}
async function logInWith(machine, access2, endpoint, credential) {
  const lasting = { expires: Number.POSITIVE_INFINITY, credential, isCredential: true };
  if (credential?.registryToken !== void 0) {
    return { ...lasting, header: `Bearer ${credential.registryToken.reveal()}` };
  }
  if (endpoint.challenge.scheme === "bearer") {
    return { ...await fetchToken(machine, access2, endpoint, credential), credential, isCredential: false };
  }
  if (credential?.password === void 0) throw notLoggedIn(access2.repository);
  return { ...lasting, header: `Basic ${basicAuth(credential.username, credential.password)}` };
}
function printCredential({ username, source }) {
  return `the credentials${username === "" ? "" : ` of ${username}`} from ${source}`;
}
async function fetchToken(machine, access2, { challenge, registry }, credential) {
  const realm = realmOf(challenge, registry);
  const service = challenge.parameters["service"];
  const parameters = new URLSearchParams(service === void 0 ? [] : [["service", service]]);
  for (const scope of scopesOf(access2)) parameters.append("scope", scope);
  const started = machine.now().getTime();
  const answer = credential?.identityToken === void 0 ? await askToken(machine, realm, parameters, credential) : await tradeToken(machine, realm, parameters, credential, credential.identityToken);
  const body = await readAnswer(answer, realm);
  if (answer.status !== 200) throw tokenRefused(machine, access2, { ...answer, text: body }, credential);
  return readToken(machine, body, realm, started);
}
async function askToken(machine, realm, parameters, credential) {
  const url = new URL(realm);
  for (const [name, value] of parameters) url.searchParams.append(name, value);
  const headers = credential?.password === void 0 ? {} : { authorization: `Basic ${basicAuth(credential.username, credential.password)}` };
  return send(machine, { method: "GET", url, headers });
}
async function tradeToken(machine, realm, parameters, credential, refresh) {
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: "bento-image",
    refresh_token: refresh.reveal()
  });
  const service = parameters.get("service");
  if (service !== null) form.set("service", service);
  form.set("scope", parameters.getAll("scope").join(" "));
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await send(machine, { method: "POST", url: realm, headers, body: form.toString() });
  if (answer.status !== 404 && answer.status !== 405) return answer;
  answer.body.destroy();
  return askToken(machine, realm, parameters, credential);
}
async function send(machine, request) {
  try {
    return await machine.http.request(request);
  } catch (error2) {
    throw machine.signal.aborted ? cancelled(machine.signal, `The login at ${request.url.host} was stopped`, error2) : failureOfConnection(error2, request.url);
  }
}
async function readAnswer({ body }, realm) {
  try {
    return (await readAtMost(body, ANSWER_LIMIT, realm.host)).toString("utf8");
  } catch (error2) {
    throw error2 instanceof Failure ? error2 : failureOfConnection(error2, realm);
  }
}
function realmOf({ parameters }, registry) {
  const realm = parameters["realm"] ?? "";
  if (!URL.canParse(realm, registry.href)) {
    throw new Failure("auth", `${registry.host} names no address to get a token from.`, { code: "RealmInvalid" });
  }
  const url = new URL(realm, registry);
  checkAddress(url, registry);
  return url;
}
function readToken(machine, body, realm, started) {
  const json = parseJsonObject(Buffer.from(body), `The token from ${realm.host}`);
  const token = json["token"] || json["access_token"];
  if (typeof token !== "string") {
    throw new Failure("auth", `${realm.host} gave an answer without a token.`, { code: "TokenInvalid" });
  }
  for (const mask of masksOf(new Secret(token))) machine.actions.mask(mask);
  const life = typeof json["expires_in"] === "number" ? json["expires_in"] : 0;
  return { header: `Bearer ${token}`, expires: started + Math.max(life, DEFAULT_LIFE) * 1e3 };
}
function tokenRefused(machine, { repository, write: write2 }, refusal, credential) {
  const login = credential && printCredential(credential);
  const circumstances = { repository, write: write2, doing: "giving a token", login, now: machine.now().getTime() };
  const failure = failureOfRefusal(refusal, circumstances);
  if (failure instanceof TransientFailure) return failure;
  if (credential === void 0) return notLoggedIn(repository, failure.lines);
  return credentialsRefused(repository, credential, failure.lines);
}
var REFUSED = "CredentialsRefused";
function credentialsRefused(repository, credential, lines) {
  const { domain } = repository;
  return new Failure("auth", `${domain} refused ${printCredential(credential)} for ${printRepository(repository)}.`, {
    code: REFUSED,
    lines,
    hint: authHint(repository)
  });
}
function notLoggedIn(repository, lines = []) {
  return new Failure("auth", `${repository.domain} wants a login for ${printRepository(repository)}; none was found.`, {
    code: "NotLoggedIn",
    lines,
    hint: authHint(repository)
  });
}

// src/registry/auth/authorization.ts
var MARGIN = 1e4;
function openAuthorizer(machine, credentials) {
  const doors = /* @__PURE__ */ new Map();
  const grants = /* @__PURE__ */ new Map();
  function renew(access2, endpoint, stale, before) {
    const key = keyOf(access2);
    const latest = grants.get(key);
    if (latest !== void 0 && latest !== stale) return latest;
    const grant = logIn(machine, credentials, access2, endpoint, before);
    grants.set(key, grant);
    grant.catch(() => grants.get(key) === grant && grants.delete(key));
    return grant;
  }
  return {
    async current(access2) {
      const known = grants.get(keyOf(access2)) ?? grants.get(keyOf({ ...access2, write: true }));
      const grant = await known;
      if (grant !== void 0 && grant.expires - MARGIN > machine.now().getTime()) return grant;
      const endpoint = doors.get(access2.repository.domain);
      return endpoint && renew(access2, endpoint, known, grant);
    },
    async login(access2, registry, header, refused2) {
      const known = grants.get(keyOf(access2));
      const grant = await known;
      if (grant !== void 0 && grant.header !== refused2?.header) return grant;
      const endpoint = { challenge: chooseChallenge(header, access2.repository), registry };
      doors.set(access2.repository.domain, endpoint);
      return renew(access2, endpoint, known, refused2);
    }
  };
}
function keyOf(access2) {
  return [access2.repository.domain, ...scopesOf(access2)].join(" ");
}
function chooseChallenge(header, { domain }) {
  const challenges = parseChallenges(header);
  const chosen = challenges.find(({ scheme }) => scheme === "bearer") ?? challenges.find(({ scheme }) => scheme === "basic");
  if (chosen !== void 0) return chosen;
  const offered = challenges.map(({ scheme }) => scheme).join(", ") || "none";
  throw new Failure("auth", `${domain} wants a login of a kind that is not known here (offered: ${offered}).`, {
    code: "SchemeUnknown"
  });
}

// src/registry/body.ts
var BodyError = class extends Error {
};
async function* checkedBody(body, request) {
  const announced = Number(request.headers?.["content-length"]);
  let size = 0;
  try {
    for await (const piece of body) {
      size += piece.length;
      if (size > announced) throw otherSize(request.doing, announced, "more");
      yield piece;
    }
    if (size < announced) throw otherSize(request.doing, announced, "fewer");
  } catch (cause) {
    throw new BodyError("", { cause });
  }
}
function otherSize(doing, announced, how) {
  return new Failure("network", `There were ${how} than the announced ${announced} bytes while ${doing}.`, {
    code: "SizeMismatch",
    hint: "Something changed the content since its size was taken. Try again, with nothing else writing to it."
  });
}

// src/registry/retry.ts
import { setTimeout as setTimeout2 } from "node:timers/promises";

// node_modules/is-network-error/index.js
var objectToString = Object.prototype.toString;
var isError = (value) => objectToString.call(value) === "[object Error]";
var errorMessages = /* @__PURE__ */ new Set([
  "network error",
  // Chrome
  "NetworkError when attempting to fetch resource.",
  // Firefox
  "The Internet connection appears to be offline.",
  // Safari 16
  "Network request failed",
  // `cross-fetch`
  "fetch failed",
  // Undici (Node.js)
  "terminated",
  // Undici (Node.js)
  " A network error occurred.",
  // Bun (WebKit)
  "Network connection lost"
  // Cloudflare Workers (fetch)
]);
function isNetworkError(error2) {
  const isValid = error2 && isError(error2) && error2.name === "TypeError" && typeof error2.message === "string";
  if (!isValid) {
    return false;
  }
  const { message, stack } = error2;
  if (message === "Load failed" || message.startsWith("Load failed (") && message.endsWith(")")) {
    return stack === void 0 || "__sentry_captured__" in error2;
  }
  if (message.startsWith("error sending request for url")) {
    return true;
  }
  if (message === "Failed to fetch" || message.startsWith("Failed to fetch (") && message.endsWith(")")) {
    return true;
  }
  return errorMessages.has(message);
}

// node_modules/p-retry/index.js
function validateRetries(retries) {
  if (typeof retries === "number") {
    if (retries < 0) {
      throw new TypeError("Expected `retries` to be a non-negative number.");
    }
    if (Number.isNaN(retries)) {
      throw new TypeError("Expected `retries` to be a valid number or Infinity, got NaN.");
    }
    if (Number.isFinite(retries) && !Number.isInteger(retries)) {
      throw new TypeError("Expected `retries` to be a non-negative integer or Infinity.");
    }
  } else if (retries !== void 0) {
    throw new TypeError("Expected `retries` to be a number or Infinity.");
  }
}
function validateNumberOption(name, value, { allowInfinity = false } = {}) {
  if (typeof value !== "number" || Number.isNaN(value)) {
    throw new TypeError(`Expected \`${name}\` to be a number${allowInfinity ? " or Infinity" : ""}.`);
  }
  if (!allowInfinity && !Number.isFinite(value)) {
    throw new TypeError(`Expected \`${name}\` to be a finite number.`);
  }
  if (value < 0) {
    throw new TypeError(`Expected \`${name}\` to be \u2265 0.`);
  }
}
function validateOption(name, value, type) {
  if (value === void 0 || value === null) {
    return;
  }
  if (typeof value !== type) {
    throw new TypeError(`Expected \`${name}\` to be a ${type}.`);
  }
}
function validateSignal(value) {
  if (value === void 0 || value === null) {
    return;
  }
  if (typeof value.throwIfAborted !== "function" || typeof value.addEventListener !== "function" || typeof value.removeEventListener !== "function") {
    throw new TypeError("Expected `signal` to be an AbortSignal.");
  }
}
var AbortError = class _AbortError extends Error {
  constructor(message) {
    super(typeof message === "string" ? message : void 0);
    this.name = "AbortError";
    if (message instanceof Error) {
      this.originalError = message;
      ({ message } = message);
    } else {
      this.originalError = new Error(message);
      ({ message } = this.originalError);
      Error.captureStackTrace?.(this.originalError, _AbortError);
    }
    this.message = message;
  }
};
var maximumDelay = 2 ** 31 - 1;
function calculateDelay(retriesConsumed, options) {
  if (options.minTimeout === 0) {
    return 0;
  }
  const attempt = retriesConsumed + 1;
  const random = options.randomize ? Math.random() + 1 : 1;
  const timeout = Math.round(random * options.minTimeout * options.factor ** (attempt - 1));
  return Math.min(timeout, Math.ceil(options.maxTimeout), maximumDelay);
}
function calculateRemainingTime(start, max) {
  return Number.isFinite(max) ? max - (performance.now() - start) : max;
}
async function delayForRetry(delay, options) {
  if (delay <= 0) {
    return;
  }
  await new Promise((resolve5, reject) => {
    const onAbort = () => {
      clearTimeout(timeoutToken);
      reject(options.signal.reason);
    };
    const timeoutToken = setTimeout(() => {
      options.signal?.removeEventListener("abort", onAbort);
      resolve5();
    }, delay);
    if (options.unref) {
      timeoutToken.unref?.();
    }
    options.signal?.addEventListener("abort", onAbort, { once: true });
  });
}
function stringifyThrownValue(value) {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
function unwrapAbortError(error2) {
  let cause = error2;
  while (cause instanceof AbortError && cause.originalError instanceof Error) {
    cause = cause.originalError;
  }
  return cause;
}
async function onAttemptFailure({ error: error2, attemptNumber, retriesConsumed, startTime, options }) {
  const abortIfNeeded = () => {
    options.signal?.throwIfAborted();
  };
  const normalizedError = error2 instanceof Error ? error2 : new TypeError(`Non-error was thrown: "${stringifyThrownValue(error2)}". You should only throw errors.`);
  abortIfNeeded();
  if (normalizedError instanceof AbortError) {
    throw unwrapAbortError(normalizedError);
  }
  const retriesLeft = options.retries - retriesConsumed;
  const isRetriableError = !(normalizedError instanceof TypeError) || isNetworkError(normalizedError);
  const timeLeft = calculateRemainingTime(startTime, options.maxRetryTime);
  const delayTime = isRetriableError && timeLeft > 0 && retriesLeft > 0 ? calculateDelay(retriesConsumed, options) : 0;
  const consumeRetryContext = Object.freeze({
    error: normalizedError,
    attemptNumber,
    retriesLeft,
    retriesConsumed,
    retryDelay: delayTime
  });
  const consumeRetry = await options.shouldConsumeRetry(consumeRetryContext) ?? true;
  abortIfNeeded();
  const effectiveDelay = consumeRetry ? delayTime : 0;
  const context = Object.freeze({
    error: normalizedError,
    attemptNumber,
    retriesLeft,
    retriesConsumed,
    retryDelay: effectiveDelay
  });
  await options.onFailedAttempt(context);
  abortIfNeeded();
  const remainingTime = calculateRemainingTime(startTime, options.maxRetryTime);
  if (!isRetriableError || remainingTime <= 0 || retriesLeft <= 0) {
    throw normalizedError;
  }
  const shouldRetry = await options.shouldRetry(context);
  abortIfNeeded();
  if (!shouldRetry) {
    throw normalizedError;
  }
  const remainingTimeAfterShouldRetry = calculateRemainingTime(startTime, options.maxRetryTime);
  if (remainingTimeAfterShouldRetry <= 0) {
    throw normalizedError;
  }
  if (!consumeRetry) {
    return false;
  }
  await delayForRetry(Math.min(effectiveDelay, remainingTimeAfterShouldRetry), options);
  return true;
}
async function pRetry(input, options = {}) {
  options = { ...options };
  options.retries ??= 10;
  validateRetries(options.retries);
  if (Object.hasOwn(options, "forever")) {
    throw new Error("The `forever` option is no longer supported. For many use-cases, you can set `retries: Infinity` instead.");
  }
  options.factor ??= 2;
  options.minTimeout ??= 1e3;
  options.maxTimeout ??= Infinity;
  options.maxRetryTime ??= Infinity;
  options.randomize ??= false;
  options.onFailedAttempt ??= () => {
  };
  options.shouldRetry ??= () => true;
  options.shouldConsumeRetry ??= () => true;
  validateOption("onFailedAttempt", options.onFailedAttempt, "function");
  validateOption("shouldRetry", options.shouldRetry, "function");
  validateOption("shouldConsumeRetry", options.shouldConsumeRetry, "function");
  validateOption("randomize", options.randomize, "boolean");
  validateOption("unref", options.unref, "boolean");
  validateSignal(options.signal);
  validateNumberOption("factor", options.factor);
  validateNumberOption("minTimeout", options.minTimeout);
  validateNumberOption("maxTimeout", options.maxTimeout, { allowInfinity: true });
  validateNumberOption("maxRetryTime", options.maxRetryTime, { allowInfinity: true });
  if (options.factor === 0) {
    options.factor = 1;
  }
  options.signal?.throwIfAborted();
  let attemptNumber = 0;
  let retriesConsumed = 0;
  const startTime = performance.now();
  while (retriesConsumed <= options.retries) {
    attemptNumber++;
    try {
      options.signal?.throwIfAborted();
      const result = await input(attemptNumber);
      options.signal?.throwIfAborted();
      return result;
    } catch (error2) {
      if (await onAttemptFailure({
        error: error2,
        attemptNumber,
        retriesConsumed,
        startTime,
        options
      })) {
        retriesConsumed++;
      }
    }
  }
  throw new Error("Retry attempts exhausted without throwing an error.");
}

// src/registry/retry.ts
var RETRY_POLICY = { tries: 5, firstDelay: 1e3, longestWait: 12e4 };
async function withRetries(machine, retryPolicy, work, signal = machine.signal) {
  try {
    return await pRetry(work, {
      retries: retryPolicy.tries - 1,
      // The wait is ours, as the library's own would come on top of what the server asks for.
      minTimeout: 0,
      signal,
      shouldRetry: ({ error: error2 }) => isWorthWaiting(error2, retryPolicy),
      async onFailedAttempt({ error: error2, attemptNumber, retriesLeft }) {
        if (retriesLeft === 0 || !isWorthWaiting(error2, retryPolicy)) return;
        machine.actions.info(`${error2.message} Trying again.`);
        const asked = error2 instanceof TransientFailure ? error2.retryAfter : void 0;
        await setTimeout2(asked ?? backOff(attemptNumber, retryPolicy), void 0, { signal });
      }
    });
  } catch (error2) {
    if (machine.signal.aborted) throw cancelled(machine.signal, "The work with the registry was stopped", error2);
    throw error2;
  }
}
function backOff(attempt, { firstDelay }) {
  return firstDelay * 2 ** (attempt - 1) * (1 + Math.random());
}
function isWorthWaiting(error2, { longestWait }) {
  return error2 instanceof TransientFailure && (error2.retryAfter ?? 0) <= longestWait;
}

// src/registry/registries.ts
var REQUESTS_AT_ONCE = 4;
var REDIRECTS = 5;
var LOGINS = 3;
var ERROR_BYTES = 65536;
function openRegistries(machine, options = {}) {
  const authorizer = openAuthorizer(machine, openCredentials(machine, options.authFile));
  const origins = /* @__PURE__ */ new Map();
  async function sendWithLogin(access2, origin, url, call) {
    if (url.origin !== origin.origin) return sendOnce(machine, url, call, void 0);
    let grant = await authorizer.current(access2);
    const logins = call.logins ?? (grant === void 0 ? 1 : LOGINS);
    let attempt = await sendOnce(machine, url, call, grant);
    for (let count = 0; attempt.answer.status === 401 && count < logins; count++) {
      attempt.answer.body.resume();
      const refused2 = grant;
      grant = await authorizer.login(access2, origin, attempt.answer.headers["www-authenticate"] ?? "", refused2);
      attempt = await sendOnce(machine, url, call, grant);
      if (grant.header === refused2?.header) break;
    }
    return attempt;
  }
  async function follow(access2, origin, call) {
    let url = addressOf(call.target, origin, access2.repository);
    for (let hop = 0; hop <= REDIRECTS; hop++) {
      const { answer, login } = await sendWithLogin(access2, origin, url, call);
      const location = redirectOf(answer, call);
      if (location === void 0) {
        if (call.accept.includes(answer.status)) return { ...answer, url };
        const circumstances = { ...access2, doing: call.doing, login, now: machine.now().getTime() };
        throw failureOfRefusal({ ...answer, text: await readStart(answer.body) }, circumstances);
      }
      answer.body.resume();
      url = resolveLocation(location, url, origin, call.isContent ? "content" : "trust");
    }
    throw new Failure("network", `${origin.host} redirects without end.`, { code: "RedirectLoop" });
  }
  return {
    machine,
    refusedMounts: /* @__PURE__ */ new Set(),
    retrying: (work, signal) => withRetries(machine, options.retryPolicy ?? RETRY_POLICY, work, signal),
    async send(access2, call) {
      const { domain } = access2.repository;
      const known = origins.get(domain);
      let origin = known ?? likelyOrigin(domain, options.plainHttp ?? []);
      const answer = await follow(access2, origin, call).catch((error2) => {
        if (known !== void 0 || origin.protocol !== "http:" || !wantsTls(error2)) throw error2;
        origin = new URL(`https://${origin.host}`);
        return follow(access2, origin, call);
      });
      origins.set(domain, origin);
      return answer;
    }
  };
}
function resolveLocation(location, base, origin, purpose = "trust") {
  if (!URL.canParse(location, base.href)) {
    throw new Failure("network", `${origin.host} gave the location ${JSON.stringify(location)}, which is no address.`, {
      code: "LocationInvalid"
    });
  }
  const url = new URL(location, base);
  const isOwn = url.hostname === origin.hostname && (purpose === "trust" || url.port === "" || url.port === origin.port);
  if (isOwn && url.protocol === "http:" && origin.protocol === "https:") url.protocol = "https:";
  checkAddress(url, origin, purpose);
  return url;
}
function addressOf(target, origin, { path: path4 }) {
  return typeof target === "string" ? new URL(`/v2/${path4}/${target}`, origin) : target;
}
function likelyOrigin(domain, plainHttp) {
  const isPlain = plainHttp.includes(domain) || isLoopback(domain);
  return new URL(`${isPlain ? "http" : "https"}://${apiHost(domain)}`);
}
function wantsTls(error2) {
  if (!(error2 instanceof Failure)) return false;
  const { cause } = error2;
  const code2 = errorCode(cause);
  return /^(?:ECONNRESET|HPE_)/.test(code2) || error2.lines.some((line) => /HTTP request .{0,200}HTTPS/i.test(line));
}
async function sendOnce(machine, url, call, grant) {
  const body = typeof call.body === "function" ? checkedBody(await call.body(), call) : call.body;
  try {
    const answer = await machine.http.request({
      method: call.method,
      url,
      headers: {
        "user-agent": "bento-image",
        ...call.headers,
        ...grant === void 0 ? {} : { authorization: grant.header }
      },
      ...body === void 0 ? {} : { body },
      ...call.idleTimeout === void 0 ? {} : { idleTimeout: call.idleTimeout },
      ...call.signal === void 0 ? {} : { signal: call.signal }
    });
    return { answer, login: grant?.credential && printCredential(grant.credential) };
  } catch (error2) {
    if (machine.signal.aborted) throw cancelled(machine.signal, `Stopped while ${call.doing}`, error2);
    if (error2 instanceof BodyError) throw error2.cause;
    throw call.signal?.aborted ? error2 : failureOfConnection(error2, url);
  }
}
function redirectOf({ status, headers }, { method }) {
  const follows = (method === "GET" || method === "HEAD") && [301, 302, 303, 307, 308].includes(status);
  return follows ? headers["location"] : void 0;
}
async function readStart(body) {
  const chunks = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > ERROR_BYTES) break;
    }
  } catch {
  }
  return Buffer.concat(chunks).toString("utf8");
}

// src/registry/resolve.ts
function resolve2(registries, reference, { patient = true } = {}) {
  const ask3 = () => resolveOnce(registries, reference);
  return patient ? registries.retrying(ask3) : ask3();
}
async function resolveOnce(registries, reference) {
  const { repository, name } = address(reference);
  const where = printReference(reference);
  const answer = await registries.send(
    { repository, write: false },
    {
      method: "GET",
      target: `manifests/${name}`,
      headers: { accept: ACCEPT },
      doing: `reading ${name}`,
      accept: [200]
    }
  );
  const bytes = await readBody(answer, where);
  const digest = digestOf(bytes);
  if (reference.digest !== void 0) checkBytes(bytes, { digest: reference.digest }, printRepository(reference));
  checkClaim(answer, digest, where);
  const type = answer.headers["content-type"]?.split(";")[0]?.trim();
  const { mediaType } = parseManifest(bytes, type, where);
  return { mediaType, digest, size: bytes.length, bytes, annotations: {} };
}
async function currentDigest(registries, reference) {
  try {
    return await digestAt(registries, reference, false);
  } catch (error2) {
    if (error2 instanceof Failure && error2.class !== "cancelled") return void 0;
    throw error2;
  }
}
async function digestAt(registries, reference, patient) {
  const ask3 = () => askForDigest(registries, reference);
  const claimed = await (patient ? registries.retrying(ask3) : ask3());
  return claimed ?? (await resolve2(registries, reference, { patient })).digest;
}
async function askForDigest(registries, { domain, path: path4, tag }) {
  const name = tag ?? "latest";
  const { body, headers, status } = await registries.send(
    { repository: { domain, path: path4 }, write: false },
    {
      method: "HEAD",
      target: `manifests/${name}`,
      headers: { accept: ACCEPT },
      doing: `asking for the digest of ${name}`,
      accept: [200, 405]
    }
  );
  body.resume();
  const claimed = headers["docker-content-digest"] ?? "";
  return status === 200 && isDigest(claimed) ? claimed : void 0;
}
function repositoryContent(registries, repository, known) {
  const place = printRepository(repository);
  return {
    place,
    repository,
    async document(descriptor) {
      const { digest, mediaType } = descriptor;
      if (digest === known?.digest) return known.bytes;
      if (isIndexType(mediaType) || isManifestType(mediaType)) {
        return (await resolve2(registries, { ...repository, digest })).bytes;
      }
      return registries.retrying(
        async () => checkBytes(await readBody(await openBlob(registries, repository, digest), place), descriptor, place)
      );
    },
    blob: async ({ digest }) => passing(await openBlob(registries, repository, digest))
  };
}
function checkClaim({ headers }, digest, where) {
  const claimed = headers["docker-content-digest"];
  if (claimed === void 0 || claimed === digest || !claimed.startsWith("sha256:")) return;
  throw new Failure("network", `The registry calls ${where} by another digest than its content has.`, {
    code: "DigestMismatch",
    lines: [`the registry says ${claimed}`, `the content's digest is ${digest}`]
  });
}
function openBlob(registries, repository, digest) {
  return registries.send(
    { repository, write: false },
    { method: "GET", target: `blobs/${digest}`, doing: `reading ${digest}`, accept: [200], isContent: true }
  );
}
function address({ domain, path: path4, tag, digest }) {
  return { repository: { domain, path: path4 }, name: digest ?? tag ?? "latest" };
}
async function* passing({ body, url }) {
  try {
    yield* body;
  } catch (error2) {
    throw failureOfConnection(error2, url);
  }
}
async function readBody({ body, url }, where) {
  try {
    return await readAtMost(body, DOCUMENT_LIMIT, where);
  } catch (error2) {
    throw error2 instanceof Failure ? error2 : failureOfConnection(error2, url);
  }
}

// src/registry/verify.ts
async function verify(registries, references2, expected) {
  const findings = /* @__PURE__ */ new Map();
  await inParallel(references2, REQUESTS_AT_ONCE, registries.machine.signal, async (reference) => {
    const found = await digestAt2(registries, reference);
    if (found !== expected) findings.set(reference, found ?? "nothing");
  });
  if (findings.size === 0) return;
  const wrong = references2.filter((reference) => findings.has(reference));
  throw new Failure(
    "network",
    `The registry does not hold the image that was pushed: ${wrong.map(printReference).join(", ")}.`,
    {
      code: "DigestMismatch",
      lines: wrong.map(
        (reference) => `${printReference(reference)}: expected ${expected}, found ${findings.get(reference)}`
      ),
      hint: "Another run may have pushed the same tag meanwhile; see concurrency in the workflow's documentation."
    }
  );
}
async function digestAt2(registries, reference) {
  try {
    return (await resolve2(registries, reference)).digest;
  } catch (error2) {
    if (error2 instanceof Failure && error2.code === "NotFound") return void 0;
    throw error2;
  }
}

// src/registry/send-manifest.ts
var UNUSUAL_LAYER = /\.tar(?:[+.]zstd)?$/;
var REFUSALS = ["TagImmutable", "Refused", "Denied"];
async function sendManifest(registries, reference, manifest) {
  const digest = digestOf(manifest.bytes);
  if (reference.digest !== void 0 && reference.digest !== digest) {
    throw new Failure("internal", `${printReference(reference)} cannot name the image ${digest}.`);
  }
  try {
    await registries.retrying(() => put(registries, reference, manifest));
  } catch (error2) {
    const found = isRefusal(error2) && reference.tag !== void 0 ? await currentDigest(registries, reference) : void 0;
    if (found === digest) return;
    throw immutable(error2, reference, digest, found) ?? explained(error2, manifest);
  }
}
async function put(registries, reference, { descriptor, bytes }) {
  const { domain, path: path4, tag, digest } = reference;
  const answer = await registries.send(
    { repository: { domain, path: path4 }, write: true },
    {
      method: "PUT",
      target: `manifests/${digest ?? tag ?? "latest"}`,
      headers: { "content-type": descriptor.mediaType },
      body: bytes,
      doing: `putting the manifest ${digest ?? `under the tag ${tag ?? "latest"}`}`,
      accept: [200, 201, 202]
    }
  );
  answer.body.resume();
  checkClaim(answer, digestOf(bytes), printRepository(reference));
}
function isRefusal(error2) {
  return error2 instanceof Failure && REFUSALS.includes(error2.code) && !/BLOB_UNKNOWN/.test(error2.lines.join(" "));
}
function immutable(error2, reference, wanted, found) {
  if (!(error2 instanceof Failure) || error2.code !== "TagImmutable" || found === void 0) return void 0;
  const { class: failureClass, code: code2, lines, hint } = error2;
  const message = `${printReference(reference)} cannot be moved: it stands for ${found}, this image is ${wanted}.`;
  return new Failure(failureClass, message, { code: code2, lines, ...hint && { hint }, cause: error2 });
}
function explained(error2, { blobs: [, ...layers] }) {
  if (!(error2 instanceof Failure) || error2.code !== "Refused" || /BLOB_UNKNOWN/.test(error2.lines.join(" ")))
    return error2;
  const types = new Set(layers.map(({ mediaType }) => mediaType).filter((type) => UNUSUAL_LAYER.test(type)));
  if (types.size === 0) return error2;
  return new Failure("input", error2.message, {
    code: "LayerTypeRefused",
    lines: error2.lines,
    hint: `The image has layers of the type ${[...types].join(" and ")}, which not every registry takes. Set "compression: gzip".`,
    cause: error2
  });
}

// src/oci/graph.ts
async function readGraph(content, root) {
  const found = /* @__PURE__ */ new Map();
  async function visit(descriptor) {
    if (found.has(descriptor.digest)) return;
    const { bytes, manifest } = await readManifest(content, descriptor);
    if (manifest.kind === "index") for (const member of manifest.members) await visit(member);
    const { mediaType } = manifest;
    const blobs = manifest.kind === "index" ? [] : [manifest.config, ...manifest.layers];
    found.set(descriptor.digest, {
      descriptor: { ...descriptor, mediaType },
      bytes,
      blobs: blobs.filter((blob) => !isForeignType(blob.mediaType))
    });
  }
  await visit(root);
  return [...found.values()];
}

// src/registry/put-tags.ts
async function putTags(registries, references2, digest, put2) {
  const order = await inOrder(registries, references2, digest);
  for (const reference of firstOfEachOther(references2, order)) await put2({ ...reference, digest });
  const done = [];
  for (const reference of order) {
    try {
      await put2(reference);
    } catch (error2) {
      throw done.length > 0 && error2 instanceof Failure ? afterOthers(error2, done) : error2;
    }
    done.push(reference);
  }
}
async function inOrder(registries, references2, digest) {
  if (references2.length < 2) return references2;
  const found = /* @__PURE__ */ new Map();
  await inParallel(references2, REQUESTS_AT_ONCE, registries.machine.signal, async (reference) => {
    if (reference.digest === void 0) found.set(reference, await currentDigest(registries, reference));
  });
  const wrong = references2.filter((reference) => found.get(reference) !== digest);
  const moved = wrong.filter((reference) => found.get(reference) !== void 0);
  return [.../* @__PURE__ */ new Set([...moved.filter(isVersion), ...moved, ...wrong])];
}
function firstOfEachOther(references2, others) {
  const rest = references2.filter((reference) => !others.some((other) => sameRepository(reference, other)));
  return distinctRepositories(rest).flatMap((repository) => rest.find((one) => sameRepository(one, repository)) ?? []);
}
function isVersion({ tag = "" }) {
  return /\d/.test(tag);
}
function afterOthers(error2, done) {
  const { code: code2, hint, position } = error2;
  return new Failure(error2.class, error2.message, {
    code: code2,
    lines: [...error2.lines, `put before: ${done.map(printReference).join(", ")}`],
    ...hint === void 0 ? {} : { hint },
    ...position === void 0 ? {} : { position },
    cause: error2
  });
}

// src/registry/session.ts
var COMMIT_TIMEOUT = 3e5;
var CLEANUP_TIMEOUT = 5e3;
var NO_SINGLE_PUT = [404, 405, 415, 501];
var UploadSession = class {
  #registries;
  #repository;
  #doing;
  #signal;
  #location;
  /** @param doing completes "answered 500 while …": `uploading sha256:…`. */
  constructor(registries, repository, doing, signal) {
    this.#registries = registries;
    this.#repository = repository;
    this.#doing = doing;
    this.#signal = signal;
  }
  async has(digest) {
    const doing = `asking for ${digest}`;
    const answer = await this.#call({
      method: "HEAD",
      target: `blobs/${digest}`,
      doing,
      accept: [200, 404],
      isContent: true
    });
    return answer.status === 200;
  }
  /** False when it must be uploaded; registries refuse mounts in many ways, none of which matters. */
  async mount(digest, from) {
    const pair = `${printRepository(from)} ${printRepository(this.#repository)}`;
    if (this.#registries.refusedMounts.has(pair)) return false;
    const query = `mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(from.path)}`;
    const target = `blobs/uploads/?${query}`;
    try {
      const { signal } = this.#registries.machine;
      const answer = await this.#call(
        { method: "POST", target, body: "", accept: [201, 202], logins: 1, signal },
        from
      );
      if (answer.status === 201) return true;
      this.#location = locationOf(answer);
    } catch (error2) {
      if (!(error2 instanceof Failure) || error2.class === "cancelled" || error2.class === "rate-limit") throw error2;
      if (error2.class === "auth") this.#registries.refusedMounts.add(pair);
    }
    return false;
  }
  /** All bytes and the end in one request; false when the registry does not take a blob this way. */
  async put(digest, bytes) {
    const target = withDigest2(await this.#open(), digest);
    const accept = [201, 204, ...NO_SINGLE_PUT];
    const { status } = await this.#call({ method: "PUT", target, ...contentOf(bytes), accept });
    if (NO_SINGLE_PUT.includes(status)) return false;
    this.#location = void 0;
    return true;
  }
  /**
   * All bytes in one request without `Content-Range`, as docker, crane and jib send them: whoever refuses chunks takes
   * this. {@link commit} ends it.
   * @param otherwise statuses for which this is false; all others that are no success are a Failure.
   */
  async patch(bytes, otherwise = []) {
    const target = await this.#open();
    const accept = [201, 202, 204, ...otherwise];
    const answer = await this.#call({ method: "PATCH", target, ...contentOf(bytes), accept });
    if (otherwise.includes(answer.status)) return false;
    this.#location = locationOf(answer);
    return true;
  }
  async commit(digest) {
    const target = withDigest2(await this.#open(), digest);
    await this.#call({ method: "PUT", target, body: "", idleTimeout: COMMIT_TIMEOUT, accept: [201, 204] });
    this.#location = void 0;
  }
  /** Tells the registry to drop the bytes it got; what it answers does not matter any more. */
  async abandon() {
    const target = this.#location;
    this.#location = void 0;
    if (target === void 0) return;
    const signal = AbortSignal.timeout(CLEANUP_TIMEOUT);
    await this.#call({ method: "DELETE", target, accept: [202, 204], signal }).catch(() => void 0);
  }
  /** Ended by a cancel of the run only: a session whose location we never learn could not be dropped. */
  async #open() {
    const { signal } = this.#registries.machine;
    this.#location ??= locationOf(
      await this.#call({ method: "POST", target: "blobs/uploads/", body: "", accept: [202], signal })
    );
    return this.#location;
  }
  async #call(request, mountFrom) {
    const access2 = { repository: this.#repository, write: true, ...mountFrom && { mountFrom } };
    const answer = await this.#registries.send(access2, { doing: this.#doing, signal: this.#signal, ...request });
    answer.body.resume();
    return answer;
  }
};
function contentOf({ size, open: open4 }) {
  return {
    headers: { "content-type": "application/octet-stream", "content-length": String(size) },
    body: open4,
    idleTimeout: COMMIT_TIMEOUT
  };
}
function withDigest2(location, digest) {
  return new URL(`${location.href}${location.search === "" ? "?" : "&"}digest=${encodeURIComponent(digest)}`);
}
function locationOf({ headers, url, status }) {
  const location = headers["location"];
  if (location === void 0) {
    throw new Failure("network", `${url.host} answered ${status} to an upload without saying where to send it.`, {
      code: "LocationMissing"
    });
  }
  return resolveLocation(location, url, new URL(url.origin));
}

// src/registry/upload.ts
function uploadBlob(registries, repository, { descriptor: { digest, size }, open: open4 }, { mountFrom, isNew, force, signal }) {
  const session = new UploadSession(registries, repository, `uploading ${digest}`, signal);
  let mustAsk = force !== true && isNew !== true;
  async function upload() {
    try {
      if (await session.put(digest, { size, open: open4 })) return;
      await session.abandon();
      await session.patch({ size, open: open4 });
      await session.commit(digest);
    } catch (error2) {
      await session.abandon();
      if (signal.aborted || force || !await session.has(digest).catch(() => false)) throw error2;
    }
  }
  return registries.retrying(async () => {
    if (mustAsk && await session.has(digest)) return "present";
    mustAsk = force !== true;
    if (mountFrom !== void 0 && await session.mount(digest, mountFrom)) return "mounted";
    await upload();
    return "uploaded";
  }, signal);
}

// src/registry/transfer.ts
async function transfer(registries, content, root, references2, { present, isNew } = {}) {
  const manifests = await readGraph(content, root);
  const repositories = distinctRepositories(references2);
  const arrivals = { present: 0, mounted: 0, uploaded: 0 };
  let uploadedBytes = 0;
  async function bring({ repository, blob, mountFrom }, signal) {
    if (present?.(repository, blob.digest)) return "present";
    const options = { signal, isNew: isNew?.(blob.digest) ?? false, ...mountFrom && { mountFrom } };
    return uploadBlob(registries, repository, blobOf(content, blob), options);
  }
  for (const jobs of planUploads(content, manifests, repositories)) {
    await inParallel(jobs, REQUESTS_AT_ONCE, registries.machine.signal, async (job, signal) => {
      const arrival = await bring(job, signal);
      arrivals[arrival] += 1;
      if (arrival === "uploaded") uploadedBytes += job.blob.size;
    });
  }
  for (const repository of repositories) {
    for (const manifest of manifests.slice(0, -1)) {
      await putManifest(registries, content, { ...repository, digest: manifest.descriptor.digest }, manifest);
    }
  }
  const last = manifests.at(-1);
  if (last !== void 0) {
    await putTags(
      registries,
      references2,
      last.descriptor.digest,
      (reference) => putManifest(registries, content, reference, last)
    );
  }
  return { arrivals, uploadedBytes };
}
function planUploads(content, manifests, repositories) {
  const blobs = new Map(manifests.flatMap((manifest) => manifest.blobs).map((blob) => [blob.digest, blob]));
  const bigFirst = [...blobs.values()].sort((one, other) => other.size - one.size);
  const waves = [[], []];
  for (const repository of repositories) {
    const first = repositories.find(({ domain }) => domain === repository.domain) ?? repository;
    const origin = content.repository?.domain === repository.domain ? content.repository : void 0;
    const source = first === repository ? origin : first;
    const mountFrom = source !== void 0 && sameRepository(source, repository) ? void 0 : source;
    const wave = first === repository ? waves[0] : waves[1];
    wave.push(...bigFirst.map((blob) => ({ repository, blob, mountFrom })));
  }
  return waves;
}
async function putManifest(registries, content, reference, manifest) {
  const { signal } = registries.machine;
  for (const force of [false, true]) {
    try {
      await sendManifest(registries, reference, manifest);
      return;
    } catch (error2) {
      if (!(error2 instanceof Failure) || !error2.lines.some((line) => /BLOB_UNKNOWN/.test(line))) throw error2;
      await inParallel(manifest.blobs, REQUESTS_AT_ONCE, signal, async (blob, either) => {
        await uploadBlob(registries, reference, blobOf(content, blob), { force, signal: either });
      });
    }
  }
  await sendManifest(registries, reference, manifest);
}
function blobOf(content, descriptor) {
  return { descriptor, open: () => content.blob(descriptor) };
}

// src/merging/delivery.ts
async function deliver(registries, members, { descriptor, bytes }, tags) {
  const completed = [];
  const written = [];
  try {
    for (const repository of distinctRepositories(tags)) {
      for (const member of members) await copyMember(registries, member, repository, completed);
      completed.push(repository);
    }
    for (const tag of tags) {
      await sendManifest(registries, tag, { descriptor, bytes, blobs: [] });
      written.push(tag);
    }
  } catch (error2) {
    throw withTagStates(error2, tags, completed, written);
  }
}
async function copyMember(registries, { descriptor, attestations, repository: origin, content }, repository, completed) {
  if (sameRepository(origin, repository)) return;
  const sameRegistry = completed.find(({ domain }) => domain === repository.domain);
  const isNear = origin.domain === repository.domain || sameRegistry === void 0;
  const source = isNear ? content : repositoryContent(registries, sameRegistry);
  for (const document of [descriptor, ...attestations]) {
    await transfer(registries, source, document, [withDigest(repository, document.digest)]);
  }
}
function withTagStates(error2, tags, completed, written) {
  if (!(error2 instanceof Failure)) return error2;
  const { message, code: code2, lines, hint, position } = error2;
  const states = tags.map((tag) => `${printReference(tag)}: ${stateOf(tag, completed, written)}`);
  return new Failure(error2.class, `${message} ${printWritten(written, tags)}`, {
    code: code2,
    lines: [...lines, ...states],
    ...hint === void 0 ? {} : { hint },
    ...position === void 0 ? {} : { position },
    cause: error2
  });
}
function printWritten(written, tags) {
  return written.length === 0 ? "No tag was changed." : `${written.length} of ${tags.length} tags point to the new image: ${written.map(printReference).join(", ")}.`;
}
function stateOf(tag, completed, written) {
  if (written.includes(tag)) return "points to the new image";
  return completed.some((repository) => sameRepository(repository, tag)) ? `not changed; all platforms are in ${printRepository(tag)}` : `not changed; platforms may be missing in ${printRepository(tag)}`;
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
function parsePlatform(text2) {
  const parts = text2.trim().toLowerCase().split("/");
  if (parts.some((part) => !/^[a-z0-9_.-]+$/.test(part)) || parts.length > 3) {
    throw invalid4(text2, "it must be os/architecture or os/architecture/variant");
  }
  const [first = "", second, variant] = parts;
  if (second === void 0) {
    if (SYSTEMS.has(first)) throw invalid4(text2, "the architecture is missing");
    return checked(text2, normalizePlatform({ os: "linux", architecture: first }));
  }
  if (SYSTEMS.has(second) && !SYSTEMS.has(first)) {
    throw invalid4(text2, `the operating system comes first; write "${[second, first, ...parts.slice(2)].join("/")}"`);
  }
  return checked(
    text2,
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
function samePlatform(a, b) {
  return printPlatform(a) === printPlatform(b);
}
function normalVariant(architecture, stated) {
  const variant = /^[0-9]$/.test(stated) && architecture.startsWith("arm") ? `v${stated}` : stated;
  if (architecture === "386") return "";
  if (architecture === "arm" && variant === "") return "v7";
  return variant === ownValue(DEFAULT_VARIANTS, architecture) ? "" : variant;
}
function checked(text2, platform) {
  if (!SYSTEMS.has(platform.os)) throw invalid4(text2, `"${platform.os}" is no operating system`);
  if (!ARCHITECTURES.has(platform.architecture)) {
    throw invalid4(text2, `"${platform.architecture}" is no architecture; known are ${[...ARCHITECTURES].join(", ")}`);
  }
  return platform;
}
function invalid4(text2, reason) {
  return new Failure("input", `"${text2}" is no platform: ${reason}.`, {
    code: "PlatformInvalid",
    hint: "Platforms look like linux/amd64 or linux/arm64."
  });
}

// src/inputs/decoder.ts
function decoder(example, decode) {
  return { example, decode };
}
function text(example) {
  return decoder(example, (raw) => raw.trim() || void 0);
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
function references(example) {
  return each(example, (item) => {
    const reference = parseReference(item);
    if (reference.digest !== void 0) throw new Error(`"${item}" has a digest; give a tag instead`);
    return reference.tag === void 0 ? { ...reference, tag: "latest" } : reference;
  });
}
function platforms(example) {
  return each(example, parsePlatform);
}
function wholeNumber(example, minimum) {
  return decoder(example, (raw) => {
    const word = raw.trim();
    if (word === "") return void 0;
    if (!/^\d{1,15}$/.test(word) || Number(word) < minimum) {
      throw new Error(`"${word}" is not a whole number of at least ${minimum}`);
    }
    return Number(word);
  });
}
function refuse(problems) {
  if (problems.length > 0) throw new Failure("input", problems.join("; "));
}

// src/merging/inputs.ts
var mergeSchema = {
  digests: each("ghcr.io/acme/iris@sha256:\u2026", parseDigest),
  "digests-from": text("./digests"),
  sources: references("ghcr.io/acme/iris:staging-amd64"),
  tags: references("ghcr.io/acme/iris:1.4.0"),
  platforms: platforms("linux/amd64,linux/arm64"),
  annotations: pairs("org.opencontainers.image.description=Iris"),
  "registry-auth-file": text("/run/user/1000/auth.json"),
  timeout: wholeNumber("10", 1),
  summary: toggle()
};
function parseDigest(item) {
  if (isDigest(item)) return item;
  const reference = parseReference(item);
  if (reference.digest === void 0) throw new Error(`"${item}" has no digest; give a tag in the input sources`);
  return reference;
}
function findMergeConflicts(inputs) {
  const { digests, digestsFrom, sources, tags, platforms: wanted } = inputs;
  return [
    ...tags.length === 0 ? ["tags: at least one is required (for example: ghcr.io/acme/iris:1.4.0)"] : [],
    ...digests.length === 0 && digestsFrom === void 0 && sources.length === 0 ? [
      "digests, digests-from, sources: at least one must name the images to merge (for example: digests-from: ./digests)"
    ] : [],
    ...duplicates(tags.map(printReference)).map((tag) => `tags: ${tag} is given twice`),
    ...duplicates(wanted.map(printPlatform)).map((platform) => `platforms: ${platform} is given twice`)
  ];
}

// src/merging/job-images.ts
import { join as join4, resolve as resolve3 } from "node:path/posix";

// src/report/digest-file.ts
function parseDigestFile(text2) {
  const file = parseJson(text2);
  return isDigestFile(file) ? file : void 0;
}
function isDigestFile(file) {
  if (typeof file !== "object" || file === null) return false;
  const { digest, repositories, platforms: platforms2, bento, revision } = file;
  return typeof digest === "string" && isDigest(digest) && isListOf(repositories, parseReference) && isListOf(platforms2, parsePlatform) && typeof bento === "string" && (revision === void 0 || typeof revision === "string");
}
function isListOf(list3, parse2) {
  if (!Array.isArray(list3) || list3.length === 0) return false;
  return list3.every((item) => typeof item === "string" && parse2(item) !== void 0);
}

// src/merging/job-images.ts
async function nameJobImages({ digests, digestsFrom, sources }, defaultRepository, machine) {
  const listed2 = digests.map((item) => typeof item === "string" ? withDigest(defaultRepository, item) : item);
  const files = digestsFrom === void 0 ? [] : await readDirectory(digestsFrom, defaultRepository, machine);
  return [...listed2.map(imageOfReference), ...files, ...sources.map(imageOfReference)];
}
function imageOfReference(reference) {
  return { reference, source: printReference(reference) };
}
async function readDirectory(input, defaultRepository, machine) {
  const directory = resolve3(machine.workspace, input);
  const images = await imagesBelow(directory, "", defaultRepository, machine);
  if (images.length > 0) return images;
  throw new Failure("input", `digests-from: there are no digest files in ${directory}`, {
    code: "NoDigests",
    hint: "Download the artifacts of the matrix jobs into this directory before this step; the jobs write the files with the input digest-file."
  });
}
async function imagesBelow(directory, below, defaultRepository, machine) {
  const { files } = machine;
  const path4 = join4(directory, below);
  if ((await files.info(path4))?.kind !== "directory") return [];
  const images = [];
  for (const { name, kind } of await files.list(path4)) {
    const source = join4(below, name);
    const digest = `sha256:${name}`;
    if (kind === "directory" && below === "")
      images.push(...await imagesBelow(directory, name, defaultRepository, machine));
    if (kind === "file" && name.endsWith(".json")) images.push(await readFile(path4, name, source, machine));
    if (kind === "file" && isDigest(digest)) images.push(imageOf(defaultRepository, digest, source));
  }
  return images;
}
function imageOf(defaultRepository, digest, source) {
  return { reference: withDigest(defaultRepository, digest), source };
}
async function readFile(path4, name, source, { files }) {
  const digestFile = parseDigestFile(await files.readText(join4(path4, name)));
  const [repository] = digestFile?.repositories ?? [];
  if (digestFile === void 0 || repository === void 0) {
    throw new Failure("input", `digests-from: ${source} is not a digest file`, {
      code: "DigestFileInvalid",
      hint: "The directory may contain only files that the input digest-file wrote."
    });
  }
  return { reference: withDigest(parseReference(repository), digestFile.digest), source, digestFile };
}

// src/cache/names.ts
var LAYER_TITLE = "dev.bento-image.layer";

// src/oci/describe.ts
var ATTESTATION = "vnd.docker.reference.type";
function isAttestation({ annotations }) {
  return annotations[ATTESTATION] !== void 0;
}

// src/merging/member.ts
async function readJobImage(registries, jobImage) {
  const root = await resolve2(registries, jobImage.reference);
  const repository = repositoryOf(jobImage.reference);
  const content = repositoryContent(registries, repository, root);
  const { mediaType, digest, size } = root;
  const members = await membersOf({ mediaType, digest, size, annotations: {} }, [], { jobImage, repository, content });
  if (members.length > 0) return members;
  throw new Failure("input", `${jobImage.source} is not a container image`, { code: "NoImage" });
}
async function membersOf(descriptor, attestations, origin) {
  const { manifest } = await readManifest(origin.content, descriptor);
  if (manifest.kind === "manifest") return memberOf(descriptor, manifest, attestations, origin);
  const all = manifest.members;
  const images = all.filter((member) => !isAttestation(member));
  const found = await Promise.all(
    images.map((image) => membersOf(image, attestationsOf(image, images.length, all), origin))
  );
  return found.flat();
}
function attestationsOf({ digest }, count, all) {
  return all.filter((member) => {
    const subject = member.annotations["vnd.docker.reference.digest"];
    return isAttestation(member) && (subject === void 0 ? count === 1 : subject === digest);
  });
}
async function memberOf(descriptor, { config, layers, mediaType }, attestations, origin) {
  if (!isImageConfigType(config.mediaType)) return [];
  const { content, jobImage } = origin;
  const parsedConfig = parseJsonObject(
    await content.document(config),
    `The config ${config.digest} in ${content.place}`
  );
  const platform = platformOf(parsedConfig) ?? descriptor.platform;
  if (platform === void 0) throw new Failure("input", `${jobImage.source} has no platform`, { code: "NoImage" });
  const plain = { ...descriptor, mediaType, annotations: {} };
  const details = { labels: labelsOf(parsedConfig), payload: payloadOf(layers, parsedConfig) };
  return [{ ...origin, ...details, descriptor: plain, attestations, platform: normalizePlatform(platform) }];
}
function payloadOf(layers, { rootfs }) {
  const ids = isJsonObject(rootfs) && Array.isArray(rootfs["diff_ids"]) ? rootfs["diff_ids"] : [];
  return new Map(
    layers.flatMap(
      ({ annotations: { [LAYER_TITLE]: title } }, index) => title === void 0 ? [] : [[title, String(ids[index])]]
    )
  );
}
function labelsOf({ config }) {
  const labels = isJsonObject(config) ? config["Labels"] : void 0;
  const pairs2 = isJsonObject(labels) ? Object.entries(labels) : [];
  return Object.fromEntries(pairs2.map(([key, value]) => [key, String(value)]));
}

// src/report/markdown.ts
var Markdown = class {
  source;
  constructor(source) {
    this.source = source;
  }
};
var NOTHING = new Markdown("");
function markdown(literals, ...values) {
  const sources = values.map((value) => (typeof value === "string" ? textOf(value) : value).source);
  return new Markdown(String.raw({ raw: literals }, ...sources));
}
function join5(parts, separator) {
  const sources = parts.map(({ source }) => source).filter((source) => source !== "");
  return new Markdown(sources.join(separator));
}
var PUNCTUATION = /[\\`*_{}[\]<>()#+!|~&:@=$^-]/g;
var BEFORE_DOT = /^\d+(?=\.(?: |$))|www(?=\.)/gi;
function textOf(text2) {
  const escaped = oneLine(text2).replace(PUNCTUATION, "\\$&").replace(BEFORE_DOT, "$&\\");
  return new Markdown(escaped.replaceAll("@", "@<!-- -->"));
}
function code(text2) {
  const line = oneLine(text2);
  if (line === "") return NOTHING;
  if (!/[`|\\]/.test(line)) return new Markdown(`\`${line}\``);
  const entities = line.replace(/[!-/:-@[-`{-~]/g, (character) => `&#${character.charCodeAt(0)};`);
  return new Markdown(`<code>${entities.replaceAll("&#64;", "&#64;<!-- -->")}</code>`);
}
var LONGEST = 2e3;
function oneLine(text2) {
  const line = text2.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}\u2026` : line;
}
function table(rows, head = [NOTHING, NOTHING]) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const filled = rows.filter(([, second]) => second?.source !== "");
  const sources = [head, ...filled].map((cells) => line(cells.map(({ source }) => source)));
  return new Markdown(sources.toSpliced(1, 0, `|${"---|".repeat(head.length)}`).join("\n"));
}

// src/merging/report.ts
function mergedOutputs({ members, index, tags }) {
  const { digest } = index.descriptor;
  const images = distinctRepositories(tags).map((repository) => printReference(withDigest(repository, digest)));
  const digests = members.map(({ platform, descriptor }) => [printPlatform(platform), { digest: descriptor.digest }]);
  return {
    digest,
    image: images[0] ?? "",
    images: JSON.stringify(images),
    digests: JSON.stringify(Object.fromEntries(digests)),
    tags: tags.map(printReference).join("\n")
  };
}
function mergedSummary({ members, index, tags }) {
  const names = tags.map((tag) => code(printFamiliar(tag)));
  const rows = members.map(({ platform, descriptor, attestations, jobImage }) => {
    const attested = attestations.length === 0 ? "" : `, ${attestations.length} attestation(s)`;
    return [code(printPlatform(platform)), markdown`${code(descriptor.digest)}${attested}`, code(jobImage.source)];
  });
  const facts = table([
    [markdown`Tags`, join5(names, "<br>")],
    [markdown`Digest (index)`, code(index.descriptor.digest)]
  ]);
  const images = table(rows, [markdown`Platform`, markdown`Image`, markdown`From`]);
  return `${join5([markdown`### Merged image`, facts, images], "\n\n").source}
`;
}

// src/merging/selection.ts
var FACTS = {
  Bento: ({ jobImage }) => jobImage.digestFile?.bento,
  commit: ({ jobImage, labels }) => jobImage.digestFile?.revision ?? labels["org.opencontainers.image.revision"],
  version: ({ labels }) => labels["org.opencontainers.image.version"]
};
function selectMembers(found, wanted) {
  const members = [...new Map(found.toReversed().map((member) => [member.descriptor.digest, member])).values()];
  const platforms2 = wanted.length > 0 ? wanted : platformsOf(members);
  const lines = [
    ...platforms2.flatMap((platform) => faultsOfPlatform(members, platform)),
    ...members.filter(({ platform }) => !platforms2.some((one) => samePlatform(one, platform))).map(({ platform, jobImage }) => `${printPlatform(platform)} is not in the input platforms: ${jobImage.source}`),
    ...Object.entries(FACTS).flatMap(([name, read2]) => differences(members, name, read2)),
    ...differingPayload(members)
  ];
  if (lines.length > 0) {
    throw new Failure("input", `these images do not form one image: ${lines.join(" \xB7 ")}`, {
      code: "LegsMismatch",
      lines,
      hint: "Each matrix job must build a different platform of the same Bento, built once, at the same commit. Remove digest files of earlier runs."
    });
  }
  return platforms2.flatMap((platform) => members.filter((member) => samePlatform(member.platform, platform)));
}
function platformsOf(members) {
  const byName = new Map(members.map(({ platform }) => [printPlatform(platform), platform]));
  return [...byName.keys()].sort().flatMap((name) => byName.get(name) ?? []);
}
function faultsOfPlatform(members, platform) {
  const matching = members.filter((member) => samePlatform(member.platform, platform));
  const name = printPlatform(platform);
  if (matching.length === 0) return [`${name} is missing`];
  if (matching.length === 1) return [];
  return [`${name} was given ${matching.length} times: ${matching.map(printMember).toSorted().join(" and ")}`];
}
function differingPayload(members) {
  const titles = new Set(members.flatMap(({ payload }) => [...payload.keys()]));
  const assembled = members.filter(({ payload }) => payload.size > 0);
  const differing = [...titles].filter((title) => new Set(assembled.map(({ payload }) => payload.get(title))).size > 1);
  if (differing.length === 0) return [];
  const sources = assembled.map(({ jobImage }) => jobImage.source).toSorted();
  return [`they do not contain the same files (${differing.join(", ")}): ${[...new Set(sources)].join(", ")}`];
}
function printMember({ jobImage, descriptor }) {
  return jobImage.source.includes(descriptor.digest) ? jobImage.source : `${jobImage.source} (${descriptor.digest})`;
}
function differences(members, name, read2) {
  const values = members.flatMap((member) => {
    const value = read2(member);
    return value === void 0 ? [] : [{ value, source: member.jobImage.source }];
  });
  if (new Set(values.map(({ value }) => value)).size < 2) return [];
  const all = values.map(({ value, source }) => `${source} has ${value}`).toSorted();
  return [`they differ in their ${name}: ${[...new Set(all)].join(", ")}`];
}

// src/merging/merge.ts
var MINUTE = 6e4;
async function merge(machine, options = {}) {
  const inputs = await decodeSchema(mergeSchema, machine.env, findMergeConflicts);
  const { tags, annotations, platforms: platforms2 } = inputs;
  const [first] = tags;
  if (first === void 0) return;
  if (inputs.timeout !== void 0) machine.cancelAfter(inputs.timeout * MINUTE);
  const authFile = await findAuthFile(inputs.registryAuthFile, machine);
  const registries = openRegistries(machine, { ...options, ...authFile === void 0 ? {} : { authFile } });
  const images = await nameJobImages(inputs, first, machine);
  const found = /* @__PURE__ */ new Map();
  await inParallel([...images.entries()], REQUESTS_AT_ONCE, machine.signal, async ([index2, jobImage]) => {
    found.set(index2, await readJobImage(registries, jobImage));
  });
  const members = selectMembers(
    images.flatMap((_, index2) => found.get(index2) ?? []),
    platforms2
  );
  const index = joinMembers(members, annotations);
  await deliver(registries, members, index, tags);
  await verify(registries, tags, index.descriptor.digest);
  const merged = { members, index, tags };
  for (const [name, value] of Object.entries(mergedOutputs(merged))) machine.actions.setOutput(name, value);
  if (inputs.summary !== false) await machine.actions.writeSummary(mergedSummary(merged));
  machine.actions.info(`Merged ${members.length} platform(s): ${index.descriptor.digest}`);
}
function joinMembers(members, annotations) {
  const images = members.map(({ platform, descriptor: descriptor2 }) => ({ ...descriptor2, platform }));
  const attestations = members.flatMap(
    (member) => member.attestations.map((descriptor2) => ({ ...descriptor2, platform: descriptor2.platform ?? NO_PLATFORM }))
  );
  const descriptors = [...images, ...attestations];
  const bytes = printIndex(descriptors, annotations);
  const descriptor = {
    mediaType: indexTypeOf(descriptors, annotations),
    digest: digestOf(bytes),
    size: bytes.length,
    annotations: {}
  };
  return { descriptor, bytes };
}
var NO_PLATFORM = { os: "unknown", architecture: "unknown" };

// src/machine/processes.ts
import { once } from "node:events";
import { constants as constants3 } from "node:os";
import { delimiter as delimiter3, join as join6 } from "node:path";
var TAIL_LINES = 400;
var KILL_AFTER_MS = 5e3;
var DRAIN_MS = 5e3;
function realProcesses(env, signal) {
  return {
    async which(tool, path4) {
      if (path4 === void 0 || path4 === env["PATH"]) return await which(tool) || void 0;
      for (const directory of path4.split(delimiter3)) {
        const found = directory === "" ? "" : await which(join6(directory, tool));
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
        for await (const line of linesOf2(output)) {
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
    for await (const text2 of output) {
      if (full.signal.aborted) continue;
      answer[stream] += text2;
      if (answer[stream].length > LONGEST_ANSWER) full.abort();
    }
  };
  const readers = { stdout: readerOf("stdout"), stderr: readerOf("stderr") };
  const killAfter = invocation.signal === void 0 ? KILL_AFTER_MS : 0;
  const either = AbortSignal.any([signal, full.signal]);
  const { code: code2, signal: killedBy } = await run(invocation, env, either, readers, killAfter);
  if (full.signal.aborted) throw endless(invocation.tool);
  return { ...answer, code: code2 ?? statusOf(killedBy) };
}
function endless(tool) {
  return new Failure("tool", `${tool} answered more than ${LONGEST_ANSWER} characters and was stopped`, {
    code: "TooLarge",
    hint: `See what ${tool} prints on this machine; a wrapper on PATH may take its place.`
  });
}
async function ask({ tool, args, cwd, env }, ambient) {
  const { getExecOutput } = await import("./exec-L5GTAO64.js");
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
    const [code2, killedBy] = await once(child, "exit");
    await drain(drained, child);
    return {
      code: typeof code2 === "number" ? code2 : void 0,
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
async function* linesOf2(output) {
  let rest = "";
  for await (const text2 of output) {
    const [first = "", ...lines] = text2.split("\n");
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
import { resolve as resolve4 } from "node:path";

// src/machine/action-variables.ts
var TOKENS = ["ACTIONS_RUNTIME_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL"];
function isOfAction(name) {
  return name.startsWith("INPUT_") || name.startsWith("STATE_") || TOKENS.includes(name);
}

// src/machine/log-text.ts
var LINE_END = /(\r\n|\r|\n)/;
var COLONS = /^[\s\p{C}]*(?=::)/u;
function asLogText(text2) {
  const lines = text2.includes("::") ? text2.split(LINE_END).map(breakColons).join("") : text2;
  return breakBrackets(lines);
}
function breakColons(line) {
  return line.replace(COLONS, "$&\\");
}
function breakBrackets(text2) {
  return text2.replaceAll("##[", "##\\[");
}
function asOneLine(text2) {
  return text2.replace(/[\r\n\v\f\u0085\u2028\u2029]+/g, " ");
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
    info: (text2) => info(asLogText(text2)),
    debug: (text2) => debug(breakBrackets(text2)),
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
    async writeSummary(markdown2) {
      if (hasSummary) await summary.addRaw(markdown2, true).write();
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
  readFile as readFile2,
  readlink as readlink3,
  realpath as realpath2,
  rename as rename2,
  rmdir as rmdir2,
  symlink as symlink2,
  writeFile as writeFile2
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as join8 } from "node:path";

// src/machine/enclosed-files.ts
import { isUtf8 as isUtf82 } from "node:buffer";
import { constants as constants4 } from "node:fs";
import { lstat as lstat2, open as open2, readdir as readdir2, readlink as readlink2, realpath } from "node:fs/promises";
import { join as join7 } from "node:path";

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
    find: unlessAborted(find2),
    list: unlessAborted(list),
    readLink: unlessAborted(readLink),
    read: unlessAborted(read),
    entry: unlessAborted((directory, name) => look(join7(directory.path, name), directory.root)),
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
async function find2(directory, path4) {
  if (path4.includes("\0")) return void 0;
  const wanted = join7(directory.path, path4);
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
  const unreadable = names.filter((name) => !isUtf82(name)).map((name) => join7(directory, printName(name)));
  if (unreadable.length > 0) throw notUtf8(unreadable);
}
async function readLink(directory, name) {
  const path4 = join7(directory.path, name);
  const target = await readlink2(path4, "buffer").catch((error2) => {
    throw isTooLong(error2) ? tooLong(path4, error2) : error2;
  });
  if (!isUtf82(target)) throw notUtf8([`${path4} -> ${printName(target)}`]);
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
  const directory = await mkdtemp(join8(temporary, "bento-image-"));
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
    readBytes: (path4) => readFile2(path4),
    readText: (path4) => readFile2(path4, "utf8"),
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
      scratch ??= mkdtemp(join8(plainest(temporary), "bento-image-"));
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
  async function send2() {
    for await (const piece of body) {
      if (over || sent.destroyed) return;
      left -= piece.length;
      if (left < 0) throw new Error("the body is longer than its content-length");
      await new Promise((resolve5) => {
        letGo = resolve5;
        sent.write(piece, (error2) => {
          if (error2) over = true;
          resolve5();
        });
      });
      if (over || sent.destroyed) return;
    }
    if (left > 0) throw new Error("the body is shorter than its content-length");
    sent.end();
  }
  return new Promise((resolve5, reject) => {
    function stop() {
      letGo();
      if (left === 0) return;
      over = true;
      resolve5();
      if (body instanceof Readable) body.destroy();
    }
    sent.once("close", stop);
    sent.once("response", (response) => {
      if (left !== 0) response.once("close", () => sent.destroy());
      stop();
    });
    send2().then(resolve5, (error2) => {
      if (over) return;
      sent.destroy(error2 instanceof Error ? error2 : new Error(String(error2)));
      reject(error2);
    });
  });
}

// src/machine/trust.ts
import { readdir as readdir4, readFile as readFile3 } from "node:fs/promises";
import { join as join9 } from "node:path";
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
  const own = home === void 0 ? [] : [join9(home, ".config/docker/certs.d"), join9(home, ".config/containers/certs.d")];
  return ["/etc/docker/certs.d", "/etc/containers/certs.d", ...own];
}
async function registryRoots(env, host) {
  const roots = [];
  for (const directory of certificateDirectories(env)) {
    const names = await readdir4(join9(directory, host)).catch(() => []);
    for (const name of names.filter((entry) => entry.endsWith(".crt")).sort()) {
      roots.push(await readFile3(join9(directory, host, name), "utf8"));
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
  return new Promise((resolve5, reject) => {
    let answer;
    sent.on("error", reject);
    sent.on("timeout", () => (answer ?? sent).destroy(timedOut(url)));
    const sending = isStreamed(body) ? sendPieces(body, sent) : Promise.resolve();
    sending.catch(reject);
    sent.on("response", (response) => {
      answer = response;
      const given = { status: response.statusCode ?? 0, headers: flatten(response), body: response };
      sending.then(() => resolve5(given), reject);
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
function errorFrom({ message, stack, code: code2, failure }) {
  const original = Object.assign(new Error(message), { stack, code: code2 });
  if (failure === void 0) return original;
  const { class: failureClass, ...details } = failure;
  return new Failure(failureClass, message, { ...details, ...code2 === void 0 ? {} : { code: code2 }, cause: original });
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
  return new Promise((resolve5, reject) => {
    const onExit = () => reject(ended());
    thread.ref();
    thread.once("error", reject).once("exit", onExit);
    thread.once("message", (answer) => {
      thread.off("error", reject).off("exit", onExit);
      thread.unref();
      resolve5(answer);
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
    workspace: resolve4(env["GITHUB_WORKSPACE"] || "."),
    architecture: process.arch,
    files,
    http,
    processes: realProcesses(ofChildren(env), cancellation.signal),
    workers,
    async *filter(invocation, input) {
      const { filter } = await import("./filter-4WS42NM6.js");
      yield* filter(invocation, input, ofChildren(env), cancellation.signal);
    },
    system: async () => (await import("./system-D32RDOM5.js")).realSystem(),
    toolCache: async () => (await import("./tool-cache-JJH2R6PL.js")).realToolCache(env),
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
function cut(text2, most) {
  return text2.length > most ? `${text2.slice(0, most)}\u2026` : text2;
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
  merge,
  notStarted,
  endGroupOn,
  signalGroup,
  runAction
};
