const require = process.getBuiltinModule;
import {
  __callDispose,
  __commonJS,
  __toESM,
  __using
} from "./chunk-ZDX6KC25.js";

// node_modules/semver/internal/debug.js
var require_debug = __commonJS({
  "node_modules/semver/internal/debug.js"(exports, module) {
    "use strict";
    var debug2 = typeof process === "object" && process.env && process.env.NODE_DEBUG && /\bsemver\b/i.test(process.env.NODE_DEBUG) ? (...args) => console.error("SEMVER", ...args) : () => {
    };
    module.exports = debug2;
  }
});

// node_modules/semver/internal/constants.js
var require_constants = __commonJS({
  "node_modules/semver/internal/constants.js"(exports, module) {
    "use strict";
    var SEMVER_SPEC_VERSION = "2.0.0";
    var MAX_LENGTH = 256;
    var MAX_SAFE_INTEGER = Number.MAX_SAFE_INTEGER || /* istanbul ignore next */
    9007199254740991;
    var MAX_SAFE_COMPONENT_LENGTH = 16;
    var MAX_SAFE_BUILD_LENGTH = MAX_LENGTH - 6;
    var WHITESPACE_CHARACTERS = [
      "	",
      "\n",
      "\v",
      "\f",
      "\r",
      " ",
      "\xA0",
      "\u1680",
      "\u2000",
      "\u2001",
      "\u2002",
      "\u2003",
      "\u2004",
      "\u2005",
      "\u2006",
      "\u2007",
      "\u2008",
      "\u2009",
      "\u200A",
      "\u2028",
      "\u2029",
      "\u202F",
      "\u205F",
      "\u3000",
      "\uFEFF"
    ];
    var RELEASE_TYPES = [
      "major",
      "premajor",
      "minor",
      "preminor",
      "patch",
      "prepatch",
      "prerelease"
    ];
    module.exports = {
      MAX_LENGTH,
      MAX_SAFE_COMPONENT_LENGTH,
      MAX_SAFE_BUILD_LENGTH,
      MAX_SAFE_INTEGER,
      WHITESPACE_CHARACTERS,
      RELEASE_TYPES,
      SEMVER_SPEC_VERSION,
      FLAG_INCLUDE_PRERELEASE: 1,
      FLAG_LOOSE: 2
    };
  }
});

// node_modules/semver/internal/re.js
var require_re = __commonJS({
  "node_modules/semver/internal/re.js"(exports, module) {
    "use strict";
    var {
      MAX_SAFE_COMPONENT_LENGTH,
      MAX_SAFE_BUILD_LENGTH,
      MAX_LENGTH
    } = require_constants();
    var debug2 = require_debug();
    exports = module.exports = {};
    var re = exports.re = [];
    var safeRe = exports.safeRe = [];
    var src = exports.src = [];
    var safeSrc = exports.safeSrc = [];
    var t = exports.t = {};
    var R = 0;
    var LETTERDASHNUMBER = "[a-zA-Z0-9-]";
    var safeRegexReplacements = [
      ["\\s", 1],
      ["\\d", MAX_LENGTH],
      [LETTERDASHNUMBER, MAX_SAFE_BUILD_LENGTH]
    ];
    var makeSafeRegex = (value2) => {
      for (const [token, max] of safeRegexReplacements) {
        value2 = value2.split(`${token}*`).join(`${token}{0,${max}}`).split(`${token}+`).join(`${token}{1,${max}}`);
      }
      return value2;
    };
    var createToken = (name, value2, isGlobal) => {
      const safe = makeSafeRegex(value2);
      const index = R++;
      debug2(name, index, value2);
      t[name] = index;
      src[index] = value2;
      safeSrc[index] = safe;
      re[index] = new RegExp(value2, isGlobal ? "g" : void 0);
      safeRe[index] = new RegExp(safe, isGlobal ? "g" : void 0);
    };
    createToken("NUMERICIDENTIFIER", "0|[1-9]\\d*");
    createToken("NUMERICIDENTIFIERLOOSE", "\\d+");
    createToken("NONNUMERICIDENTIFIER", `\\d*[a-zA-Z-]${LETTERDASHNUMBER}*`);
    createToken("MAINVERSION", `(${src[t.NUMERICIDENTIFIER]})\\.(${src[t.NUMERICIDENTIFIER]})\\.(${src[t.NUMERICIDENTIFIER]})`);
    createToken("MAINVERSIONLOOSE", `(${src[t.NUMERICIDENTIFIERLOOSE]})\\.(${src[t.NUMERICIDENTIFIERLOOSE]})\\.(${src[t.NUMERICIDENTIFIERLOOSE]})`);
    createToken("PRERELEASEIDENTIFIER", `(?:${src[t.NONNUMERICIDENTIFIER]}|${src[t.NUMERICIDENTIFIER]})`);
    createToken("PRERELEASEIDENTIFIERLOOSE", `(?:${src[t.NONNUMERICIDENTIFIER]}|${src[t.NUMERICIDENTIFIERLOOSE]})`);
    createToken("PRERELEASE", `(?:-(${src[t.PRERELEASEIDENTIFIER]}(?:\\.${src[t.PRERELEASEIDENTIFIER]})*))`);
    createToken("PRERELEASELOOSE", `(?:-?(${src[t.PRERELEASEIDENTIFIERLOOSE]}(?:\\.${src[t.PRERELEASEIDENTIFIERLOOSE]})*))`);
    createToken("BUILDIDENTIFIER", `${LETTERDASHNUMBER}+`);
    createToken("BUILD", `(?:\\+(${src[t.BUILDIDENTIFIER]}(?:\\.${src[t.BUILDIDENTIFIER]})*))`);
    createToken("FULLPLAIN", `v?${src[t.MAINVERSION]}${src[t.PRERELEASE]}?${src[t.BUILD]}?`);
    createToken("FULL", `^${src[t.FULLPLAIN]}$`);
    createToken("LOOSEPLAIN", `[v=\\s]*${src[t.MAINVERSIONLOOSE]}${src[t.PRERELEASELOOSE]}?${src[t.BUILD]}?`);
    createToken("LOOSE", `^${src[t.LOOSEPLAIN]}$`);
    createToken("GTLT", "((?:<|>)?=?)");
    createToken("XRANGEIDENTIFIERLOOSE", `${src[t.NUMERICIDENTIFIERLOOSE]}|x|X|\\*`);
    createToken("XRANGEIDENTIFIER", `${src[t.NUMERICIDENTIFIER]}|x|X|\\*`);
    createToken("XRANGEPLAIN", `[v=\\s]*(${src[t.XRANGEIDENTIFIER]})(?:\\.(${src[t.XRANGEIDENTIFIER]})(?:\\.(${src[t.XRANGEIDENTIFIER]})(?:${src[t.PRERELEASE]})?${src[t.BUILD]}?)?)?`);
    createToken("XRANGEPLAINLOOSE", `[v=\\s]*(${src[t.XRANGEIDENTIFIERLOOSE]})(?:\\.(${src[t.XRANGEIDENTIFIERLOOSE]})(?:\\.(${src[t.XRANGEIDENTIFIERLOOSE]})(?:${src[t.PRERELEASELOOSE]})?${src[t.BUILD]}?)?)?`);
    createToken("XRANGE", `^${src[t.GTLT]}\\s*${src[t.XRANGEPLAIN]}$`);
    createToken("XRANGELOOSE", `^${src[t.GTLT]}\\s*${src[t.XRANGEPLAINLOOSE]}$`);
    createToken("COERCEPLAIN", `${"(^|[^\\d])(\\d{1,"}${MAX_SAFE_COMPONENT_LENGTH}})(?:\\.(\\d{1,${MAX_SAFE_COMPONENT_LENGTH}}))?(?:\\.(\\d{1,${MAX_SAFE_COMPONENT_LENGTH}}))?`);
    createToken("COERCE", `${src[t.COERCEPLAIN]}(?:$|[^\\d])`);
    createToken("COERCEFULL", src[t.COERCEPLAIN] + `(?:${src[t.PRERELEASE]})?(?:${src[t.BUILD]})?(?:$|[^\\d])`);
    createToken("COERCERTL", src[t.COERCE], true);
    createToken("COERCERTLFULL", src[t.COERCEFULL], true);
    createToken("LONETILDE", "(?:~>?)");
    createToken("TILDETRIM", `(\\s*)${src[t.LONETILDE]}\\s+`, true);
    exports.tildeTrimReplace = "$1~";
    createToken("TILDE", `^${src[t.LONETILDE]}${src[t.XRANGEPLAIN]}$`);
    createToken("TILDELOOSE", `^${src[t.LONETILDE]}${src[t.XRANGEPLAINLOOSE]}$`);
    createToken("LONECARET", "(?:\\^)");
    createToken("CARETTRIM", `(\\s*)${src[t.LONECARET]}\\s+`, true);
    exports.caretTrimReplace = "$1^";
    createToken("CARET", `^${src[t.LONECARET]}${src[t.XRANGEPLAIN]}$`);
    createToken("CARETLOOSE", `^${src[t.LONECARET]}${src[t.XRANGEPLAINLOOSE]}$`);
    createToken("COMPARATORLOOSE", `^${src[t.GTLT]}\\s*(${src[t.LOOSEPLAIN]})$|^$`);
    createToken("COMPARATOR", `^${src[t.GTLT]}\\s*(${src[t.FULLPLAIN]})$|^$`);
    createToken("COMPARATORTRIM", `(\\s*)${src[t.GTLT]}\\s*(${src[t.LOOSEPLAIN]}|${src[t.XRANGEPLAIN]})`, true);
    exports.comparatorTrimReplace = "$1$2$3";
    createToken("HYPHENRANGE", `^\\s*(${src[t.XRANGEPLAIN]})\\s+-\\s+(${src[t.XRANGEPLAIN]})\\s*$`);
    createToken("HYPHENRANGELOOSE", `^\\s*(${src[t.XRANGEPLAINLOOSE]})\\s+-\\s+(${src[t.XRANGEPLAINLOOSE]})\\s*$`);
    createToken("STAR", "(<|>)?=?\\s*\\*");
    createToken("GTE0", "^\\s*>=\\s*0\\.0\\.0\\s*$");
    createToken("GTE0PRE", "^\\s*>=\\s*0\\.0\\.0-0\\s*$");
  }
});

// node_modules/semver/internal/parse-options.js
var require_parse_options = __commonJS({
  "node_modules/semver/internal/parse-options.js"(exports, module) {
    "use strict";
    var looseOption = Object.freeze({ loose: true });
    var emptyOpts = Object.freeze({});
    var parseOptions = (options) => {
      if (!options) {
        return emptyOpts;
      }
      if (typeof options !== "object") {
        return looseOption;
      }
      return options;
    };
    module.exports = parseOptions;
  }
});

// node_modules/semver/internal/identifiers.js
var require_identifiers = __commonJS({
  "node_modules/semver/internal/identifiers.js"(exports, module) {
    "use strict";
    var numeric = /^[0-9]+$/;
    var compareIdentifiers = (a, b) => {
      if (typeof a === "number" && typeof b === "number") {
        return a === b ? 0 : a < b ? -1 : 1;
      }
      const anum = numeric.test(a);
      const bnum = numeric.test(b);
      if (anum && bnum) {
        a = +a;
        b = +b;
      }
      return a === b ? 0 : anum && !bnum ? -1 : bnum && !anum ? 1 : a < b ? -1 : 1;
    };
    var rcompareIdentifiers = (a, b) => compareIdentifiers(b, a);
    module.exports = {
      compareIdentifiers,
      rcompareIdentifiers
    };
  }
});

// node_modules/semver/classes/semver.js
var require_semver = __commonJS({
  "node_modules/semver/classes/semver.js"(exports, module) {
    "use strict";
    var debug2 = require_debug();
    var { MAX_LENGTH, MAX_SAFE_INTEGER } = require_constants();
    var { safeRe: re, t } = require_re();
    var parseOptions = require_parse_options();
    var { compareIdentifiers } = require_identifiers();
    var isPrereleaseIdentifier = (prerelease, identifier) => {
      const identifiers = identifier.split(".");
      if (identifiers.length > prerelease.length) {
        return false;
      }
      for (let i = 0; i < identifiers.length; i++) {
        if (compareIdentifiers(prerelease[i], identifiers[i]) !== 0) {
          return false;
        }
      }
      return true;
    };
    var SemVer = class _SemVer {
      constructor(version, options) {
        options = parseOptions(options);
        if (version instanceof _SemVer) {
          if (version.loose === !!options.loose && version.includePrerelease === !!options.includePrerelease) {
            return version;
          } else {
            version = version.version;
          }
        } else if (typeof version !== "string") {
          throw new TypeError(`Invalid version. Must be a string. Got type "${typeof version}".`);
        }
        if (version.length > MAX_LENGTH) {
          throw new TypeError(
            `version is longer than ${MAX_LENGTH} characters`
          );
        }
        debug2("SemVer", version, options);
        this.options = options;
        this.loose = !!options.loose;
        this.includePrerelease = !!options.includePrerelease;
        const m = version.trim().match(options.loose ? re[t.LOOSE] : re[t.FULL]);
        if (!m) {
          throw new TypeError(`Invalid Version: ${version}`);
        }
        this.raw = version;
        this.major = +m[1];
        this.minor = +m[2];
        this.patch = +m[3];
        if (this.major > MAX_SAFE_INTEGER || this.major < 0) {
          throw new TypeError("Invalid major version");
        }
        if (this.minor > MAX_SAFE_INTEGER || this.minor < 0) {
          throw new TypeError("Invalid minor version");
        }
        if (this.patch > MAX_SAFE_INTEGER || this.patch < 0) {
          throw new TypeError("Invalid patch version");
        }
        if (!m[4]) {
          this.prerelease = [];
        } else {
          this.prerelease = m[4].split(".").map((id) => {
            if (/^[0-9]+$/.test(id)) {
              const num = +id;
              if (num >= 0 && num < MAX_SAFE_INTEGER) {
                return num;
              }
            }
            return id;
          });
        }
        this.build = m[5] ? m[5].split(".") : [];
        this.format();
      }
      format() {
        this.version = `${this.major}.${this.minor}.${this.patch}`;
        if (this.prerelease.length) {
          this.version += `-${this.prerelease.join(".")}`;
        }
        return this.version;
      }
      toString() {
        return this.version;
      }
      compare(other) {
        debug2("SemVer.compare", this.version, this.options, other);
        if (!(other instanceof _SemVer)) {
          if (typeof other === "string" && other === this.version) {
            return 0;
          }
          other = new _SemVer(other, this.options);
        }
        if (other.version === this.version) {
          return 0;
        }
        return this.compareMain(other) || this.comparePre(other);
      }
      compareMain(other) {
        if (!(other instanceof _SemVer)) {
          other = new _SemVer(other, this.options);
        }
        if (this.major < other.major) {
          return -1;
        }
        if (this.major > other.major) {
          return 1;
        }
        if (this.minor < other.minor) {
          return -1;
        }
        if (this.minor > other.minor) {
          return 1;
        }
        if (this.patch < other.patch) {
          return -1;
        }
        if (this.patch > other.patch) {
          return 1;
        }
        return 0;
      }
      comparePre(other) {
        if (!(other instanceof _SemVer)) {
          other = new _SemVer(other, this.options);
        }
        if (this.prerelease.length && !other.prerelease.length) {
          return -1;
        } else if (!this.prerelease.length && other.prerelease.length) {
          return 1;
        } else if (!this.prerelease.length && !other.prerelease.length) {
          return 0;
        }
        let i = 0;
        do {
          const a = this.prerelease[i];
          const b = other.prerelease[i];
          debug2("prerelease compare", i, a, b);
          if (a === void 0 && b === void 0) {
            return 0;
          } else if (b === void 0) {
            return 1;
          } else if (a === void 0) {
            return -1;
          } else if (a === b) {
            continue;
          } else {
            return compareIdentifiers(a, b);
          }
        } while (++i);
      }
      compareBuild(other) {
        if (!(other instanceof _SemVer)) {
          other = new _SemVer(other, this.options);
        }
        let i = 0;
        do {
          const a = this.build[i];
          const b = other.build[i];
          debug2("build compare", i, a, b);
          if (a === void 0 && b === void 0) {
            return 0;
          } else if (b === void 0) {
            return 1;
          } else if (a === void 0) {
            return -1;
          } else if (a === b) {
            continue;
          } else {
            return compareIdentifiers(a, b);
          }
        } while (++i);
      }
      // preminor will bump the version up to the next minor release, and immediately
      // down to pre-release. premajor and prepatch work the same way.
      inc(release, identifier, identifierBase) {
        if (release.startsWith("pre")) {
          if (!identifier && identifierBase === false) {
            throw new Error("invalid increment argument: identifier is empty");
          }
          if (identifier) {
            const match = `-${identifier}`.match(this.options.loose ? re[t.PRERELEASELOOSE] : re[t.PRERELEASE]);
            if (!match || match[1] !== identifier) {
              throw new Error(`invalid identifier: ${identifier}`);
            }
          }
        }
        switch (release) {
          case "premajor":
            this.prerelease.length = 0;
            this.patch = 0;
            this.minor = 0;
            this.major++;
            this.inc("pre", identifier, identifierBase);
            break;
          case "preminor":
            this.prerelease.length = 0;
            this.patch = 0;
            this.minor++;
            this.inc("pre", identifier, identifierBase);
            break;
          case "prepatch":
            this.prerelease.length = 0;
            this.inc("patch", identifier, identifierBase);
            this.inc("pre", identifier, identifierBase);
            break;
          // If the input is a non-prerelease version, this acts the same as
          // prepatch.
          case "prerelease":
            if (this.prerelease.length === 0) {
              this.inc("patch", identifier, identifierBase);
            }
            this.inc("pre", identifier, identifierBase);
            break;
          case "release":
            if (this.prerelease.length === 0) {
              throw new Error(`version ${this.raw} is not a prerelease`);
            }
            this.prerelease.length = 0;
            break;
          case "major":
            if (this.minor !== 0 || this.patch !== 0 || this.prerelease.length === 0) {
              this.major++;
            }
            this.minor = 0;
            this.patch = 0;
            this.prerelease = [];
            break;
          case "minor":
            if (this.patch !== 0 || this.prerelease.length === 0) {
              this.minor++;
            }
            this.patch = 0;
            this.prerelease = [];
            break;
          case "patch":
            if (this.prerelease.length === 0) {
              this.patch++;
            }
            this.prerelease = [];
            break;
          // This probably shouldn't be used publicly.
          // 1.0.0 'pre' would become 1.0.0-0 which is the wrong direction.
          case "pre": {
            const base = Number(identifierBase) ? 1 : 0;
            if (this.prerelease.length === 0) {
              this.prerelease = [base];
            } else {
              let i = this.prerelease.length;
              while (--i >= 0) {
                if (typeof this.prerelease[i] === "number") {
                  this.prerelease[i]++;
                  i = -2;
                }
              }
              if (i === -1) {
                if (identifier === this.prerelease.join(".") && identifierBase === false) {
                  throw new Error("invalid increment argument: identifier already exists");
                }
                this.prerelease.push(base);
              }
            }
            if (identifier) {
              let prerelease = [identifier, base];
              if (identifierBase === false) {
                prerelease = [identifier];
              }
              if (isPrereleaseIdentifier(this.prerelease, identifier)) {
                const prereleaseBase = this.prerelease[identifier.split(".").length];
                if (isNaN(prereleaseBase)) {
                  this.prerelease = prerelease;
                }
              } else {
                this.prerelease = prerelease;
              }
            }
            break;
          }
          default:
            throw new Error(`invalid increment argument: ${release}`);
        }
        this.raw = this.format();
        if (this.build.length) {
          this.raw += `+${this.build.join(".")}`;
        }
        return this;
      }
    };
    module.exports = SemVer;
  }
});

// node_modules/semver/functions/parse.js
var require_parse = __commonJS({
  "node_modules/semver/functions/parse.js"(exports, module) {
    "use strict";
    var SemVer = require_semver();
    var parse2 = (version, options, throwErrors = false) => {
      if (version instanceof SemVer) {
        return version;
      }
      try {
        return new SemVer(version, options);
      } catch (er) {
        if (!throwErrors) {
          return null;
        }
        throw er;
      }
    };
    module.exports = parse2;
  }
});

// node_modules/semver/functions/compare.js
var require_compare = __commonJS({
  "node_modules/semver/functions/compare.js"(exports, module) {
    "use strict";
    var SemVer = require_semver();
    var compare = (a, b, loose) => new SemVer(a, loose).compare(new SemVer(b, loose));
    module.exports = compare;
  }
});

// node_modules/semver/functions/lt.js
var require_lt = __commonJS({
  "node_modules/semver/functions/lt.js"(exports, module) {
    "use strict";
    var compare = require_compare();
    var lt2 = (a, b, loose) => compare(a, b, loose) < 0;
    module.exports = lt2;
  }
});

// node_modules/semver/functions/gte.js
var require_gte = __commonJS({
  "node_modules/semver/functions/gte.js"(exports, module) {
    "use strict";
    var compare = require_compare();
    var gte2 = (a, b, loose) => compare(a, b, loose) >= 0;
    module.exports = gte2;
  }
});

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
var ProgramMissing = class extends Failure {
  program;
  constructor(program, { message, ...details } = {}) {
    super("tool", message ?? `${program} is not on PATH`, {
      code: "ToolMissing",
      hint: `Let the action install ${program} (input install), install it on the runner, or choose another backend.`,
      ...details
    });
    this.program = program;
  }
};
function missingOnMachine(program) {
  return new ProgramMissing(program, {
    hint: `The action does not install ${program}: install it on the runner, or choose another backend (backend: auto takes what works, and sets up BuildKit where nothing does).`
  });
}
function isLack(error2) {
  return error2 instanceof ProgramMissing || error2 instanceof Failure && error2.class === "engine";
}
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
var createHash = (...args) => process.getBuiltinModule("node:crypto").createHash(...args);
var randomBytes = (...args) => process.getBuiltinModule("node:crypto").randomBytes(...args);
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
function prepareKeyValueMessage(key, value2) {
  const delimiter5 = `ghadelimiter_${randomUUID()}`;
  const convertedValue = toCommandValue(value2);
  if (key.includes(delimiter5)) {
    throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter5}"`);
  }
  if (convertedValue.includes(delimiter5)) {
    throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter5}"`);
  }
  return `${key}<<${delimiter5}${os2.EOL}${convertedValue}${os2.EOL}${delimiter5}`;
}

// node_modules/@actions/core/lib/core.js
import * as os3 from "os";
import * as path from "path";

// node_modules/@actions/core/lib/summary.js
import { EOL as EOL3 } from "os";
import { constants, promises } from "fs";
var __awaiter = function(thisArg, _arguments, P, generator) {
  function adopt(value2) {
    return value2 instanceof P ? value2 : new P(function(resolve3) {
      resolve3(value2);
    });
  }
  return new (P || (P = Promise))(function(resolve3, reject) {
    function fulfilled(value2) {
      try {
        step(generator.next(value2));
      } catch (e) {
        reject(e);
      }
    }
    function rejected(value2) {
      try {
        step(generator["throw"](value2));
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
    const htmlAttrs = Object.entries(attrs).map(([key, value2]) => ` ${key}="${value2}"`).join("");
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
function setOutput(name, value2) {
  const filePath = process.env["GITHUB_OUTPUT"] || "";
  if (filePath) {
    return issueFileCommand("OUTPUT", prepareKeyValueMessage(name, value2));
  }
  process.stdout.write(os3.EOL);
  issueCommand("set-output", { name }, toCommandValue(value2));
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
function saveState(name, value2) {
  const filePath = process.env["GITHUB_STATE"] || "";
  if (filePath) {
    return issueFileCommand("STATE", prepareKeyValueMessage(name, value2));
  }
  issueCommand("save-state", { name }, toCommandValue(value2));
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
  function adopt(value2) {
    return value2 instanceof P ? value2 : new P(function(resolve3) {
      resolve3(value2);
    });
  }
  return new (P || (P = Promise))(function(resolve3, reject) {
    function fulfilled(value2) {
      try {
        step(generator.next(value2));
      } catch (e) {
        reject(e);
      }
    }
    function rejected(value2) {
      try {
        step(generator["throw"](value2));
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
  function adopt(value2) {
    return value2 instanceof P ? value2 : new P(function(resolve3) {
      resolve3(value2);
    });
  }
  return new (P || (P = Promise))(function(resolve3, reject) {
    function fulfilled(value2) {
      try {
        step(generator.next(value2));
      } catch (e) {
        reject(e);
      }
    }
    function rejected(value2) {
      try {
        step(generator["throw"](value2));
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
    const directories2 = [];
    if (process.env.PATH) {
      for (const p of process.env.PATH.split(path3.delimiter)) {
        if (p) {
          directories2.push(p);
        }
      }
    }
    const matches = [];
    for (const directory of directories2) {
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
function nonEmpty(list3) {
  const [first, ...rest] = list3;
  return first === void 0 ? void 0 : [first, ...rest];
}
function ownValue(table, key) {
  return Object.hasOwn(table, key) ? table[key] : void 0;
}
function definedOnly(table) {
  return Object.fromEntries(Object.entries(table).filter((pair) => pair[1] !== void 0));
}
function duplicates(items2) {
  return [...new Set(items2.filter((item, index) => items2.indexOf(item) !== index))];
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
    for await (const text2 of output) {
      if (full.signal.aborted) continue;
      answer[stream] += text2;
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
  const { getExecOutput } = await import("./exec-DNQLK43U.js");
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
import { resolve } from "node:path";

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
    setOutput: (name, value2) => setOutput(name, value2),
    exportVariable: (name, value2) => exportVariable(name, value2),
    addPath,
    saveState: (name, value2) => saveState(name, value2),
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
function realHttp(run3) {
  const transports = /* @__PURE__ */ new Map();
  const agents = [];
  const roots = /* @__PURE__ */ new Map();
  let trustMachine = false;
  function transportOf(protocol) {
    const known = transports.get(protocol);
    if (known !== void 0) return known;
    const opened = openTransport(protocol, run3.env).then((transport) => {
      agents.push(transport.agent);
      return transport;
    });
    transports.set(protocol, opened);
    return opened;
  }
  function rootsOf(url) {
    const key = `${url.host} ${trustMachine}`;
    const found = roots.get(key) ?? gatherRoots(run3.env, url.host, trustMachine);
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
      signal: request.signal ?? run3.signal,
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
  for (const [name, value2] of Object.entries(response.headers)) {
    if (value2 !== void 0) headers[name] = Array.isArray(value2) ? value2.join(", ") : value2;
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
async function inParallel(items2, width, signal, work) {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const queue = items2.values();
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
  await Promise.all(Array.from({ length: Math.min(width, items2.length) }, worker));
  if (failure !== void 0) throw failure.error;
  if (signal.aborted) throw cancelled(signal, "The work with the registry was stopped");
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
    workspace: resolve(env["GITHUB_WORKSPACE"] || "."),
    architecture: process.arch,
    files,
    http,
    processes: realProcesses(ofChildren(env), cancellation.signal),
    workers,
    async *filter(invocation, input) {
      const { filter } = await import("./filter-NQIGP7WC.js");
      yield* filter(invocation, input, ofChildren(env), cancellation.signal);
    },
    system: async () => (await import("./system-ESF5YW3F.js")).realSystem(),
    toolCache: async () => (await import("./tool-cache-E2EHLDFO.js")).realToolCache(env),
    actions: realActions(Boolean(env["GITHUB_STEP_SUMMARY"])),
    signal: cancellation.signal,
    now: () => /* @__PURE__ */ new Date(),
    cancelAfter: (milliseconds2) => startTimer(milliseconds2, new TimeOver(milliseconds2)),
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

// src/oci/platform.ts
var ARCHITECTURES = new Set(
  "386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x wasm".split(" ")
);
var SYSTEMS2 = new Set(
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
    throw invalid(text2, "it must be os/architecture or os/architecture/variant");
  }
  const [first = "", second, variant] = parts;
  if (second === void 0) {
    if (SYSTEMS2.has(first)) throw invalid(text2, "the architecture is missing");
    return checked(text2, normalizePlatform({ os: "linux", architecture: first }));
  }
  if (SYSTEMS2.has(second) && !SYSTEMS2.has(first)) {
    throw invalid(text2, `the operating system comes first; write "${[second, first, ...parts.slice(2)].join("/")}"`);
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
function normalVariant(architecture, stated) {
  const variant = /^[0-9]$/.test(stated) && architecture.startsWith("arm") ? `v${stated}` : stated;
  if (architecture === "386") return "";
  if (architecture === "arm" && variant === "") return "v7";
  return variant === ownValue(DEFAULT_VARIANTS, architecture) ? "" : variant;
}
function checked(text2, platform) {
  if (!SYSTEMS2.has(platform.os)) throw invalid(text2, `"${platform.os}" is no operating system`);
  if (!ARCHITECTURES.has(platform.architecture)) {
    throw invalid(text2, `"${platform.architecture}" is no architecture; known are ${[...ARCHITECTURES].join(", ")}`);
  }
  return platform;
}
function invalid(text2, reason) {
  return new Failure("input", `"${text2}" is no platform: ${reason}.`, {
    code: "PlatformInvalid",
    hint: "Platforms look like linux/amd64 or linux/arm64."
  });
}

// src/backends/backend.ts
function unsupported(reason) {
  return { unsupported: reason };
}
function isAddress(builder) {
  return builder?.includes("://") === true;
}
function isUnsupported(answer) {
  return "unsupported" in answer;
}

// src/backends/buildah-delivery.ts
import { basename as basename3 } from "node:path";

// src/oci/digest.ts
var DIGEST = /^sha256:[0-9a-f]{64}$/;
function isDigest(text2) {
  return DIGEST.test(text2);
}
function hexOf(digest) {
  return digest.slice("sha256:".length);
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
  if (text2 === "") throw invalid2(text2, "it is empty");
  checkCharacters(text2);
  const { name, tag, digest } = split(text2);
  const { domain, path: path4 } = splitDomain(text2, name);
  checkDomain(text2, domain);
  checkPath(text2, path4);
  if (domain.length + 1 + path4.length > NAME_LIMIT) {
    throw invalid2(text2, `the name is longer than ${NAME_LIMIT} characters`);
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
function repositoryOf({ domain, path: path4 }) {
  return { domain, path: path4 };
}
function sameRepository(a, b) {
  return a.domain === b.domain && a.path === b.path;
}
function distinctRepositories(references) {
  const distinct = [];
  for (const reference of references) {
    if (!distinct.some((known) => sameRepository(known, reference))) distinct.push(repositoryOf(reference));
  }
  return distinct;
}
function split(text2) {
  const at2 = text2.indexOf("@");
  const digest = at2 < 0 ? void 0 : text2.slice(at2 + 1);
  const tagged = at2 < 0 ? text2 : text2.slice(0, at2);
  const colon = tagged.indexOf(":", tagged.lastIndexOf("/") + 1);
  return colon < 0 ? { name: tagged, tag: void 0, digest } : { name: tagged.slice(0, colon), tag: tagged.slice(colon + 1), digest };
}
function splitDomain(text2, name) {
  if (name === "") throw invalid2(text2, "the name is missing");
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
    throw invalid2(text2, `it starts with a URL scheme; write "${text2.slice(text2.indexOf("://") + 3)}"`);
  }
  const odd = /[^\w./:@[\]-]/u.exec(text2);
  if (odd !== null) throw invalid2(text2, `${JSON.stringify(odd[0])} cannot stand in a reference`);
}
function checkDomain(text2, domain) {
  if (!DOMAIN.test(domain)) throw invalid2(text2, `"${domain}" is no host name with an optional port`);
}
function checkPath(text2, path4) {
  if (path4 === "") throw invalid2(text2, "the repository's name is missing after the host");
  if (/[A-Z]/.test(path4)) {
    const at2 = text2.indexOf(path4.startsWith(OFFICIAL) ? path4.slice(OFFICIAL.length) : path4);
    const lowered = text2.slice(0, at2) + text2.slice(at2).replace(/^[^:@]*/, (name) => name.toLowerCase());
    throw invalid2(text2, `repository names are lower case; write "${lowered}"`);
  }
  for (const component of path4.split("/")) {
    if (component === "") throw invalid2(text2, "it has an empty part between slashes or a slash at an end");
    if (!PATH_COMPONENT.test(component)) {
      throw invalid2(
        text2,
        `"${component}" must be letters and digits, parted by single ".", "_" or "__", or dashes, none at an end`
      );
    }
  }
  if (/^library\/[0-9a-f]{64}$/.test(path4)) throw invalid2(text2, "64 hexadecimal digits are an image ID, not a name");
}
function checkedTag(text2, tag) {
  if (tag === "") throw invalid2(text2, 'the tag after ":" is empty');
  if (tag.length > TAG_LIMIT) {
    throw invalid2(text2, `the tag has ${tag.length} characters, ${TAG_LIMIT} is the limit`);
  }
  if (!TAG.test(tag)) {
    throw invalid2(
      text2,
      `the tag "${tag}" may hold letters, digits, "_", "." and "-" and must not start with "." or "-"`
    );
  }
  return tag;
}
function checkedDigest(text2, digest) {
  if (!isDigest(digest)) {
    throw invalid2(text2, 'the part after "@" must be "sha256:" and 64 lower-case hexadecimal digits');
  }
  return digest;
}
function invalid2(text2, reason) {
  const shown = text2.length > 300 ? `${text2.slice(0, 300)}\u2026` : text2;
  return new Failure("input", `"${shown}" is no image reference: ${reason}.`, {
    code: "ReferenceInvalid",
    hint: "References look like ghcr.io/acme/iris:1.4.0."
  });
}

// src/backends/buildkit.ts
var import_parse = __toESM(require_parse(), 1);

// src/oci/annotation.ts
var LEVELS = ["manifest", "index", "manifest-descriptor", "index-descriptor"];
function readAnnotation(text2) {
  const at2 = text2.indexOf(":");
  if (at2 < 0) return [{ name: text2 }];
  const name = text2.slice(at2 + 1);
  if (name === "") throw new Error(`"${text2}" names no annotation`);
  return text2.slice(0, at2).split(",").map((level) => readLevel(level, name));
}
function readLevel(text2, name) {
  const [, word, platform] = /^([a-z-]+)(?:\[([\w/-]+)\])?$/.exec(text2) ?? [];
  const level = LEVELS.find((known) => known === word);
  if (level === void 0) {
    throw new Error(`"${text2}:" is none of ${LEVELS.join(":, ")}:, with or without a platform such as [linux/amd64]`);
  }
  return { level, name, ...platform === void 0 ? {} : { platform } };
}
function isOfManifests({ level = "manifest", platform }) {
  return level === "manifest" && platform === void 0;
}

// src/backends/buildkit.ts
var COMPRESSIONS = { gzip: "gzip", zstd: "zstd", none: "uncompressed" };
function compressionAttributes({ format, level }) {
  return {
    compression: COMPRESSIONS[format],
    ...level === void 0 ? {} : { "compression-level": String(level) },
    // Layers of the base image stay the bytes they are: nothing is fetched only to be compressed again.
    "force-compression": "false"
  };
}
function annotationAttributes(annotations) {
  const attributes = Object.entries(annotations).flatMap(
    ([key, text2]) => readAnnotation(key).map(({ level, platform, name }) => [
      `annotation${level === void 0 ? "" : `-${level}`}${platform === void 0 ? "" : `[${platform}]`}.${name}`,
      text2
    ])
  );
  return { attributes: Object.fromEntries(attributes) };
}
function quoteFields(fields) {
  return fields.map((field2) => /[",\n]/.test(field2) ? `"${field2.replaceAll('"', '""')}"` : field2).join(",");
}
var attributeFeatures = {
  format: (format) => ({ attributes: { "oci-mediatypes": String(format === "oci"), "oci-artifact": "false" } }),
  compression: (compression) => ({ attributes: compressionAttributes(compression) }),
  annotations: annotationAttributes
};
function epochBy(flag, prefix = "") {
  return ({ seconds, rewrite }) => ({
    flags: [flag, `${prefix}SOURCE_DATE_EPOCH=${seconds}`],
    attributes: rewrite ? { "rewrite-timestamp": "true" } : {}
  });
}
var STYLE_CHECKS = [
  "ConsistentInstructionCasing",
  "CopyIgnoredFile",
  "DuplicateStageName",
  "ExposeInvalidFormat",
  "ExposeProtoCasing",
  "FromAsCasing",
  "FromPlatformFlagConstDisallowed",
  "InvalidDefaultArgInFrom",
  "InvalidDefinitionDescription",
  "JSONArgsRecommended",
  "LegacyKeyValueFormat",
  "MaintainerDeprecated",
  "MultipleInstructionsDisallowed",
  "NoEmptyContinuation",
  "RedundantTargetPlatform",
  "ReservedStageName",
  "SecretsUsedInArgOrEnv",
  "StageNameCasing",
  "UndefinedArgInFrom",
  "UndefinedVar",
  "WorkdirRelativePath"
];
function strictBaseBy(flag, prefix = "") {
  return () => ({ flags: [flag, `${prefix}BUILDKIT_DOCKERFILE_CHECK=skip=${STYLE_CHECKS.join(",")};error=true`] });
}
function cacheMountsBy(flag, prefix = "") {
  return (name) => ({ flags: [flag, `${prefix}BUILDKIT_CACHE_MOUNT_NS=${name}`] });
}
function joinNames(references) {
  return references.map(printReference).join(",");
}
var fileDeliveries = {
  layout: ({ path: path4 }, plan) => ({
    exporters: [{ type: "oci", attributes: { name: joinNames(plan.references), dest: path4, tar: "false" } }],
    evidence: [{ kind: "layout", path: path4 }]
  }),
  "oci-archive": ({ path: path4 }, plan) => ({
    exporters: [{ type: "oci", attributes: { name: joinNames(plan.references), dest: path4 } }],
    evidence: [{ kind: "oci-archive", path: path4 }]
  }),
  "docker-archive": ({ path: path4 }, plan) => archiveAt(path4, plan)
};
function withoutAttestations(plan, way) {
  return plan.features.attests === void 0 ? way : unsupported("attestations get lost on the way to a local store");
}
function archiveAt(path4, plan) {
  if ((plan.features.platforms ?? []).length > 1) return unsupported("a docker archive holds one platform");
  return withoutAttestations(plan, {
    exporters: [{ type: "docker", attributes: { name: joinNames(plan.references), dest: path4 } }]
  });
}
function pushByDigest(plan) {
  if (wants(plan, "load") || wants(plan, "docker-archive")) return uploadByDigest(plan);
  const name = distinctRepositories(plan.references).map(printRepository).join(",");
  return {
    exporters: [
      { type: "image", attributes: { name, push: "true", "push-by-digest": "true", "name-canonical": "true" } }
    ]
  };
}
function uploadByDigest(plan) {
  const path4 = passingLayout(plan);
  const layout = wants(plan, "layout") ? {} : fileDeliveries.layout({ path: path4 }, plan);
  return {
    ...layout,
    steps: [{ kind: "upload-by-digest", layout: path4, to: distinctRepositories(plan.references) }]
  };
}
function passingLayout(plan) {
  return plan.deliveries.find((delivery) => delivery.kind === "layout")?.path ?? `${plan.scratch}/layout`;
}
function printExporter({ type, attributes }) {
  return quoteFields([`type=${type}`, ...Object.entries(attributes).map(([key, text2]) => `${key}=${text2}`)]);
}
function metadataEvidence(path4, exporters) {
  return { kind: "metadata", path: path4, trust: exporters.some(({ type }) => type === "docker") ? "config" : "root" };
}
function wants(plan, kind) {
  return plan.deliveries.some((delivery) => delivery.kind === kind);
}
function versionOf(text2) {
  const version = (0, import_parse.default)(text2?.trim() ?? "", { loose: true });
  if (version === null || version.version.startsWith("0.0.0")) return void 0;
  return `${version.major}.${version.minor}.${version.patch}`;
}
function versionsOf(found) {
  return Object.fromEntries(
    Object.entries(found).flatMap(([part, text2]) => {
      const version = versionOf(text2);
      return version === void 0 ? [] : [[part, version]];
    })
  );
}
function hostPairs(addHosts) {
  return addHosts.map((entry) => entry.replace(":", "=")).join(",");
}

// src/backends/podman-remote.ts
var import_lt = __toESM(require_lt(), 1);
var askForClient = ["version", "--format", "{{.Client.Version}}"];
var CLIENT_SINCE = "5.8.4";
var SERVICE_SINCE = "5.6.0";
function checkPair(client, { podman: service }) {
  const { podman: own } = versionsOf({ podman: client?.stdout });
  const old = [
    ...isOld(own, CLIENT_SINCE, "the client, which takes the image over"),
    ...isOld(service, SERVICE_SINCE, "its service, which takes named contexts")
  ];
  if (old.length === 0) return;
  throw new Failure("tool", old.join(" \xB7 "), {
    code: "TooOld",
    lines: old,
    hint: "Update it, use podman where the service runs, or name a buildkitd in the input builder."
  });
}
function isOld(version, since2, what) {
  return version !== void 0 && (0, import_lt.default)(version, since2) ? [`podman ${version} is too old as ${what} from ${since2} on`] : [];
}
var FORMATS = { layout: "oci-dir", "oci-archive": "oci-archive" };
function saveFromService(image2, { features: { platforms, compression, format: mediaTypes } }, evidence) {
  if ((platforms ?? []).length > 1) return unsupported("podman's remote client takes one platform at a time over");
  if (compression !== void 0 && (compression.format !== "gzip" || compression.level !== void 0)) {
    return unsupported("podman's service saves layers with gzip, at its own level");
  }
  if (mediaTypes === "docker") return unsupported("podman's service saves OCI images");
  const format = FORMATS[evidence.kind];
  const args = ["save", "--format", format, "--output", evidence.path, image2];
  return {
    steps: [{ kind: "run", command: { title: `podman save ${format}`, tool: "podman", args } }],
    evidence: [evidence]
  };
}
var autopsy = {
  question: () => ({ args: ["version"] }),
  silent: (answer, { builder }) => builder === void 0 || answer?.code === 0 ? void 0 : [`the podman service at ${builder}`]
};

// src/backends/buildah-delivery.ts
function nameOf({ references }) {
  return references[0].tag ?? "latest";
}
function partsOf({ features: { platforms }, kept }) {
  if (platforms === void 0 || platforms.length < 2) return void 0;
  return nonEmpty(
    platforms.map((platform) => {
      const name = printPlatform(platform).replaceAll("/", "-");
      return { platform, idFile: `${kept}/image-${name}.id`, name };
    })
  );
}
function idFile({ kept }) {
  return `${kept}/image.id`;
}
function assembleBuildah(tool) {
  return ({ plan, flags }) => {
    const build = (title, iidfile, more) => ({
      title,
      tool,
      args: [
        ...["build", "--layers=true", "--identity-label=false", "--file", plan.dockerfile],
        ...flags,
        ...more,
        ...["--iidfile", iidfile],
        ...plan.extraArgs,
        plan.context
      ]
    });
    const parts = partsOf(plan);
    if (parts !== void 0) {
      const [first, ...others] = parts;
      const member = ({ platform, idFile: iidfile }) => {
        const printed = printPlatform(platform);
        return { command: build(`${tool} build ${printed}`, iidfile, ["--platform", printed]), evidence: [] };
      };
      return [member(first), ...others.map(member)];
    }
    const names = wants(plan, "load") ? namesOf(plan).flatMap((name) => ["--tag", name]) : [];
    return [
      {
        command: build(`${tool} build`, idFile(plan), names),
        evidence: [{ kind: "digest", path: idFile(plan), means: "config" }]
      }
    ];
  };
}
function namesOf({ references }) {
  return references.map(printReference);
}
function run2(tool, title, args) {
  return { kind: "run", command: { title: `${tool} ${title}`, tool, args } };
}
function exportFlags({ features: { compression } }) {
  const { format = "gzip", level } = compression ?? {};
  return [
    ...["--compression-format", format, "--force-compression"],
    ...level === void 0 ? [] : ["--compression-level", String(level)]
  ];
}
function toLayout(tool, plan, { remote }) {
  const layout = passingLayout(plan);
  if (remote === true) return saveFromService({ contentOf: idFile(plan) }, plan, { kind: "layout", path: layout });
  const evidence = [{ kind: "layout", path: layout }];
  const name = nameOf(plan);
  const parts = partsOf(plan);
  const put = plan.features.format === "docker" ? putDocker : putOci;
  if (parts === void 0) return { steps: put(tool, plan, idFile(plan), name), evidence };
  const exported = parts.flatMap((part) => put(tool, plan, part.idFile, part.name));
  const [first, ...others] = parts;
  const members = [memberOf(first), ...others.map(memberOf)];
  return { steps: [...exported, { kind: "join", layout, members, name }], evidence };
}
function fromLayout(tool, plan, engine, next) {
  const made = toLayout(tool, plan, engine);
  return isUnsupported(made) ? made : { ...made, steps: [...made.steps, next] };
}
var putOci = (tool, plan, from, to) => [
  run2(tool, "push oci", ["push", ...exportFlags(plan), { contentOf: from }, `oci:${passingLayout(plan)}:${to}`])
];
var putDocker = (tool, plan, from, to) => {
  const directory = `${plan.scratch}/docker-${to}`;
  const flags = [...tool === "podman" ? ["--compress"] : [], ...exportFlags(plan)];
  return [
    run2(tool, "push dir", ["push", ...flags, { contentOf: from }, `dir:${directory}`]),
    { kind: "adopt", directory, layout: passingLayout(plan), name: to }
  ];
};
function memberOf({ name, platform }) {
  return { name, platform };
}
function toArchive(tool, plan, path4, engine) {
  if (engine.remote === true) return saveFromService({ contentOf: idFile(plan) }, plan, { kind: "oci-archive", path: path4 });
  const evidence = [{ kind: "oci-archive", path: path4 }];
  if (partsOf(plan) === void 0) {
    const to = `oci-archive:${path4}:${nameOf(plan)}`;
    const args2 = ["push", ...exportFlags(plan), { contentOf: idFile(plan) }, to];
    return { steps: [run2(tool, "push oci-archive", args2)], evidence };
  }
  const made = toLayout(tool, plan, engine);
  if (isUnsupported(made)) return made;
  const args = ["--create", "--file", path4, "--directory", passingLayout(plan), "oci-layout", "index.json", "blobs"];
  return { steps: [...made.steps, run2("tar", "--create", args)], evidence: [...made.evidence, ...evidence] };
}
function toList(tool, plan, parts) {
  const list3 = `localhost/bento-image:${basename3(plan.kept).replaceAll(/[^\w.-]/g, "-")}`;
  const step = (...args) => run2(tool, "manifest", args);
  return {
    steps: [
      step("manifest", "create", list3),
      ...parts.map((part) => step("manifest", "add", list3, { contentOf: part.idFile })),
      ...namesOf(plan).map((name) => step("tag", list3, name)),
      // Takes only this name away as long as there are others.
      step("manifest", "rm", list3)
    ]
  };
}
function withoutColon(deliver) {
  return (delivery, plan, engine) => delivery.path.includes(":") ? unsupported(`podman and buildah read ${delivery.path} only up to its colon`) : deliver(delivery, plan, engine);
}
function buildahDeliveries(tool) {
  return {
    push: (_, plan, engine) => fromLayout(tool, plan, engine, { kind: "upload", layout: passingLayout(plan), to: plan.references }),
    "push-by-digest": (_, plan, engine) => {
      const to = distinctRepositories(plan.references);
      return fromLayout(tool, plan, engine, { kind: "upload-by-digest", layout: passingLayout(plan), to });
    },
    // The build itself names a single image in the local store; see `assembleBuildah`.
    load: (_, plan) => {
      const parts = partsOf(plan);
      return parts === void 0 ? {} : toList(tool, plan, parts);
    },
    layout: withoutColon((_, plan, engine) => toLayout(tool, plan, engine)),
    "oci-archive": withoutColon(({ path: path4 }, plan, engine) => toArchive(tool, plan, path4, engine)),
    "docker-archive": withoutColon(({ path: path4 }, plan, { remote }) => {
      if (remote === true) return unsupported("podman's remote client saves a docker archive without its name");
      if (partsOf(plan) !== void 0) return unsupported("a docker archive holds one platform");
      const to = `docker-archive:${path4}:${printReference(plan.references[0])}`;
      return { steps: [run2(tool, "push docker-archive", ["push", { contentOf: idFile(plan) }, to])] };
    })
  };
}

// src/backends/words.ts
var import_gte = __toESM(require_gte(), 1);
function value(flag) {
  return (given) => ({ flags: [flag, given] });
}
function each(flag) {
  return (given) => ({ flags: given.flatMap((item) => [flag, item]) });
}
function joined(flag) {
  return (given) => ({ flags: [flag, given.join(",")] });
}
function pairs(flag, prefix = "") {
  return (given) => ({ flags: pairFlags(flag, given, prefix) });
}
function pairFlags(flag, given, prefix = "") {
  return Object.entries(given).flatMap(([key, text2]) => [flag, `${prefix}${key}=${text2}`]);
}
function toggle(...flags) {
  return (given) => ({ flags: given ? flags : [] });
}
function since(part, version, say) {
  return { part, since: version, say };
}
function has(engine, part, version) {
  const found = engine.versions[part];
  return found === void 0 || (0, import_gte.default)(found, version);
}

// src/backends/buildah-family.ts
var OWN_CACHE = "podman and buildah keep caches in repositories of a registry, one tag a step";
var LOST = "the repository takes no cache";
function repositoryFlags(flag) {
  return (caches) => {
    const named = caches.map((cache) => ({ cache, ref: /^(?:type=registry,ref=)?([^=,]+)(?:,|$)/.exec(cache)?.[1] }));
    const others = named.flatMap(({ cache, ref }) => ref === void 0 ? [cache] : []);
    if (others.length > 0) return unsupported(`${OWN_CACHE}, and take no ${others.join(" ")}`);
    return { flags: named.flatMap(({ ref = "" }) => [flag, printRepository(parseReference(ref))]) };
  };
}
function cacheFlags(cache) {
  if (cache.kind !== "registry") return unsupported(OWN_CACHE);
  const repository = printRepository(cache.repository);
  const from = ["--cache-from", repository];
  return cache.write ? { flags: [...from, "--cache-to", repository], mayFail: LOST } : { flags: from };
}
function annotationFlags(annotations) {
  const keys = Object.entries(annotations).flatMap(
    ([key, text2]) => readAnnotation(key).map((read2) => ({ ...read2, text: text2 }))
  );
  if (!keys.every(isOfManifests)) return unsupported("podman and buildah annotate manifests alone");
  return { flags: keys.flatMap(({ name, text: text2 }) => ["--annotation", `${name}=${text2}`]) };
}
var buildahFeatures = {
  builder: unsupported("podman and buildah build in their own process"),
  builderKeys: unsupported("podman and buildah build in their own process"),
  // Several of them are several builds, each with its own; see buildah-delivery.ts.
  platforms: ([first, ...others]) => others.length > 0 ? {} : { flags: ["--platform", printPlatform(first)] },
  format: (format) => ({ flags: ["--format", format] }),
  // Layers are kept unpacked; they are compressed as the image leaves the store, see buildah-delivery.ts.
  compression: ({ format }) => format === "none" ? unsupported("podman and buildah always compress the layers of a layout") : {},
  // Rewriting costs nothing here: the layers are being written anyway.
  epoch: ({ seconds }, engine) => ({
    flags: has(engine, "buildah", "1.41.0") ? ["--source-date-epoch", String(seconds), "--rewrite-timestamp"] : ["--timestamp", String(seconds)]
  }),
  // buildah warns, builds and exits with 0. Source: containers/buildah, imagebuildah/stage_executor.go
  strictBase: () => ({ forbids: ["does not match the expected platform"] }),
  pull: (pull) => ({ flags: [`--pull=${pull ? "always" : "missing"}`] }),
  noCache: (noCache) => ({ flags: noCache ? ["--no-cache"] : [] }),
  noCacheFilters: unsupported("podman and buildah can only leave out the cache of all stages (no-cache)"),
  cacheFrom: repositoryFlags("--cache-from"),
  cacheTo: repositoryFlags("--cache-to"),
  cache: cacheFlags,
  target: value("--target"),
  buildArgs: pairs("--build-arg"),
  // Below /var/tmp or TMPDIR, by the user id and the mount's id, which would stand in the image's history.
  // Source: containers/buildah, internal/volumes/volumes.go (CacheParent), imagebuildah/stage_executor.go (getCreatedBy)
  cacheMounts: unsupported("podman and buildah have one place for the cache mounts of a user"),
  contexts: (contexts) => ({
    flags: contexts.flatMap(({ name, directory }) => ["--build-context", `${name}=${directory}`])
  }),
  remoteContexts: pairs("--build-context"),
  secrets: (secrets) => ({ flags: secrets.flatMap(({ id, path: path4 }) => ["--secret", `id=${id},src=${path4}`]) }),
  ssh: each("--ssh"),
  labels: (labels) => refuseExpansion(labels),
  annotations: annotationFlags,
  attests: unsupported("podman and buildah make no attestations"),
  addHosts: each("--add-host"),
  network: value("--network"),
  allow: unsupported("podman and buildah have no entitlements"),
  shmSize: value("--shm-size"),
  ulimits: each("--ulimit"),
  cgroupParent: value("--cgroup-parent")
};
var CACHED_STEP = /^--> (?:Using cache|Cache pulled from remote) /;
function takesLinks(engine) {
  return has(engine, "buildah", "1.41.0");
}
function refuseExpansion(labels) {
  const mangled = Object.keys(labels).filter((key) => /[$\n]/.test(labels[key] ?? ""));
  if (mangled.length > 0)
    return unsupported(`podman and buildah would change the $ or line break in ${mangled.join(", ")}`);
  return { flags: Object.entries(labels).flatMap(([key, text2]) => ["--label", `${key}=${text2}`]) };
}

// src/backends/buildctl.ts
import { basename as basename4, dirname as dirname3 } from "node:path";

// src/text/byte-size.ts
var UNITS_OF_1024 = ["b", "k", "m", "g", "t"];
var UNITS = ["B", "kB", "MB", "GB", "TB"];
function parseBytes(text2) {
  const [, digits, unit = ""] = /^(\d{1,15})([bkmgt]?)b?$/i.exec(text2) ?? [];
  const bytes = Number(digits) * 1024 ** Math.max(0, UNITS_OF_1024.indexOf(unit.toLowerCase()));
  return Number.isSafeInteger(bytes) ? bytes : void 0;
}
function printBytes(count) {
  const power = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), UNITS.length - 1);
  return `${(count / 1e3 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}

// src/backends/kubernetes-options.ts
var OPTIONS = [
  ...["image", "replicas", "rootless", "loadbalance", "timeout"],
  ...["requests.cpu", "requests.memory", "requests.ephemeral-storage"],
  ...["limits.cpu", "limits.memory", "limits.ephemeral-storage", "buildkit-root-volume-memory"],
  ...["nodeselector", "tolerations", "annotations", "labels", "schedulername", "serviceaccount"],
  ...["qemu.install", "qemu.image"]
];
var REFUSED = {
  namespace: "it stands before the question mark",
  "default-load": "the inputs load, push and output say where the image goes",
  "persistent-volume-claim.requests.storage": "its volumes would stay in the cluster when the builder is removed"
};
var READY_WITHIN = 12e4;
function readDeployment(address) {
  const [, namespace = "", path4 = "", query = ""] = /^kubernetes:\/\/([^/?]*)(\/[^?]*)?(?:\?(.*))?$/s.exec(address) ?? [];
  const pairs3 = [...new URLSearchParams(query)];
  const problems = pairs3.flatMap(([name], index) => {
    const refused = ownValue(REFUSED, name);
    if (refused !== void 0) return [`${name}: ${refused}`];
    if (!OPTIONS.includes(name) && !/^env\../.test(name)) {
      return [`"${name}" is no option of ${address.split("?")[0]} (known are ${OPTIONS.join(", ")}, env.NAME)`];
    }
    return pairs3.findIndex(([other]) => other === name) === index ? [] : [`${name} is given twice`];
  });
  if (namespace !== "" && !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(namespace)) {
    problems.push(`"${namespace}" is no namespace of Kubernetes`);
  }
  if (path4 !== "") problems.push(`"${path4}" means nothing after the namespace`);
  const options = Object.fromEntries(pairs3);
  const { timeout } = options;
  const readyWithin = timeout === void 0 ? READY_WITHIN : milliseconds(timeout);
  if (readyWithin === void 0) problems.push(`timeout: "${timeout}" is no duration such as 90s or 5m`);
  if (problems.length > 0) throw new Error(problems.join("; "));
  return { options: { ...namespace === "" ? {} : { namespace }, ...options }, ...readyWithin && { readyWithin } };
}
var UNITS2 = { ms: 1, s: 1e3, m: 6e4, h: 36e5 };
function milliseconds(duration) {
  if (!/^(?:\d{1,6}(?:ms|s|m|h))+$/.test(duration)) return void 0;
  const parts = [...duration.matchAll(/(\d{1,6})(ms|s|m|h)/g)];
  return parts.reduce((sum, [, digits, unit = ""]) => sum + Number(digits) * (UNITS2[unit] ?? 0), 0);
}

// src/backends/builder-nodes.ts
function isOneDaemon(builder) {
  return isAddress(builder) && !/\s/.test(builder ?? "") && !builder?.startsWith(KUBERNETES);
}
function parseBuilder(raw) {
  const builder = raw.trim();
  if (isAddress(builder)) readNodes(builder);
  return builder || void 0;
}
function readNodes(builder) {
  const problems = [];
  const nodes = builder.split(/\r?\n/).flatMap((line) => {
    try {
      return line.trim() === "" ? [] : [readNode(line.trim())];
    } catch (error2) {
      problems.push(error2 instanceof Error ? error2.message : String(error2));
      return [];
    }
  });
  const drivers = new Set(nodes.map(({ driver }) => driver));
  if (drivers.size > 1) problems.push("a builder has either addresses or deployments in Kubernetes, not both");
  for (const twice of duplicates(nodes.flatMap(({ endpoint }) => endpoint ?? []))) {
    problems.push(`${twice} is given twice`);
  }
  for (const twice of duplicates(nodes.flatMap(({ platforms }) => platforms.map(printPlatform)))) {
    problems.push(`${twice} is given to two nodes`);
  }
  const all = nonEmpty(nodes);
  if (problems.length > 0 || all === void 0) throw new Failure("input", problems.join("; "));
  return all;
}
var KUBERNETES = "kubernetes://";
function readNode(line) {
  const [address = "", ...words] = line.split(/\s+/);
  const platforms = words.flatMap((word) => word.split(",")).filter((word) => word !== "").map(parsePlatform);
  if (address.startsWith(KUBERNETES)) return { driver: "kubernetes", ...readDeployment(address), platforms };
  if (!/^[a-z][a-z0-9+.-]*:\/\/./.test(address)) throw new Error(`"${address}" is no address`);
  return { driver: "remote", endpoint: address, options: {}, platforms };
}

// src/backends/buildkit-cache.ts
var CACHED_STEP2 = /^#\d+ CACHED$/;
function cacheBy(from, to) {
  return (cache) => {
    const described = describeCache(cache);
    return { flags: [from, described.from, ...cache.write ? [to, described.to] : []] };
  };
}
var WHOLE = ["mode=max", "ignore-error=true"];
function describeCache(cache) {
  switch (cache.kind) {
    case "registry": {
      const fields = ["type=registry", `ref=${printReference({ ...cache.repository, tag: cache.tag })}`];
      const form = ["image-manifest=true", "oci-mediatypes=true"];
      return { from: quoteFields(fields), to: quoteFields([...fields, ...WHOLE, ...form]) };
    }
    case "gha": {
      const fields = ["type=gha", `scope=${cache.scope}`];
      return { from: quoteFields(fields), to: quoteFields([...fields, ...WHOLE]) };
    }
    case "local": {
      const { directory } = cache;
      return {
        from: quoteFields(["type=local", `src=${directory}`]),
        to: quoteFields(["type=local", `dest=${directory}`, ...WHOLE])
      };
    }
    case "inline":
      return { from: quoteFields(["type=registry", `ref=${printReference(cache.image)}`]), to: "type=inline" };
  }
}

// src/backends/buildx-inspect.ts
function readInspect(text2) {
  const [head = "", ...rest] = text2.split(/^Nodes:.*$/m);
  const nodes = rest.join("").split(/^(?=Name:)/m).filter((part) => part.startsWith("Name:"));
  return { name: field(head, "Name"), driver: field(head, "Driver"), nodes: nodes.map(readNode2) };
}
function readNode2(text2) {
  return {
    name: field(text2, "Name") ?? "",
    address: field(text2, "Endpoint") ?? "",
    status: field(text2, "Status"),
    buildkit: field(text2, "BuildKit(?: version)?"),
    platforms: (field(text2, "Platforms")?.split(",") ?? []).map(readPlatform)
  };
}
function readPlatform(word) {
  return parsePlatform(word.trim().replace(/\*$/, ""));
}
function field(text2, name) {
  return new RegExp(`^${name}:\\s*(.+)$`, "m").exec(text2)?.[1]?.trim();
}
function inspection(builder) {
  return { args: ["buildx", "inspect", "--timeout", "4s", ...byName(builder)] };
}
function byName(builder) {
  return builder === void 0 ? [] : ["--builder", builder];
}
function isDead({ status }) {
  return status !== void 0 && status !== "running";
}
function silentNodes(answer, { nodes = [] }) {
  if (answer === void 0 || answer.code !== 0) return void 0;
  return readInspect(answer.stdout).nodes.filter(isDead).map((node) => {
    const platform = node.platforms[0] ?? nodes.find(({ name }) => name === node.name)?.platforms[0];
    return `node ${node.name} at ${node.address}${platform === void 0 ? "" : ` (${printPlatform(platform)})`}`;
  });
}

// src/backends/buildx.ts
var SCHEMES = ["docker-container:", "kube-pod:", "ssh:", "tcp:", "unix:"];
function nodesOf(builder) {
  return isAddress(builder) ? readNodes(builder) : void 0;
}
var buildxFeatures = {
  ...attributeFeatures,
  builder: (builder) => {
    const strange = nodesOf(builder)?.find(({ endpoint = "tcp:" }) => !SCHEMES.some((one) => endpoint.startsWith(one)));
    return strange === void 0 ? {} : unsupported(`buildx knows no way to ${strange.endpoint}`);
  },
  // Said when the builder is made.
  builderKeys: ({ ca }) => ca === void 0 ? unsupported("buildx wants the authority's certificate too") : {},
  platforms: (platforms) => ({ flags: ["--platform", platforms.map(printPlatform).join(",")] }),
  epoch: epochBy("--build-arg"),
  strictBase: strictBaseBy("--build-arg"),
  pull: toggle("--pull"),
  noCache: toggle("--no-cache"),
  noCacheFilters: joined("--no-cache-filter"),
  cacheFrom: each("--cache-from"),
  cacheTo: each("--cache-to"),
  cache: cacheBy("--cache-from", "--cache-to"),
  target: value("--target"),
  buildArgs: pairs("--build-arg"),
  cacheMounts: cacheMountsBy("--build-arg"),
  contexts: (contexts) => ({
    flags: contexts.flatMap(({ name, directory }) => ["--build-context", `${name}=${directory}`])
  }),
  remoteContexts: pairs("--build-context"),
  secrets: (secrets) => ({ flags: secrets.flatMap(({ id, path: path4 }) => ["--secret", `id=${id},src=${path4}`]) }),
  ssh: each("--ssh"),
  labels: pairs("--label"),
  attests: (attests) => ({ flags: Object.entries(attests).flatMap(attestFlag) }),
  addHosts: each("--add-host"),
  network: value("--network"),
  allow: each("--allow"),
  shmSize: value("--shm-size"),
  ulimits: each("--ulimit"),
  cgroupParent: value("--cgroup-parent")
};
function attestFlag([type, attributes]) {
  return ["--attest", attributes === "" ? `type=${type}` : `type=${type},${attributes}`];
}
function refuseOthers({ attests = {} }) {
  return [
    ...attests.provenance === void 0 ? ["--provenance=false"] : [],
    ...attests.sbom === void 0 ? ["--sbom=false"] : []
  ];
}
function assembleBuildx({ plan, engine, flags, exporters }) {
  const metadata = `${plan.kept}/metadata.json`;
  const args = [
    ...["buildx", "build"],
    ...engine.builder === void 0 ? [] : ["--builder", engine.builder],
    ...["--progress", "plain", "--file", plan.dockerfile],
    ...flags,
    ...refuseOthers(plan.features),
    // Without an output the docker driver would load the image.
    ...exporters.length === 0 ? ["--output", "type=cacheonly"] : [],
    ...exporters.flatMap((exporter) => ["--output", printExporter(exporter)]),
    ...["--metadata-file", metadata],
    ...plan.extraArgs,
    plan.context
  ];
  return [
    {
      command: { title: `docker buildx build (${engine.builder ?? "the current builder"})`, tool: "docker", args },
      evidence: [metadataEvidence(metadata, exporters)]
    }
  ];
}
function mayStart([, inspect]) {
  if (inspect === void 0 || inspect.code !== 0) return true;
  const { driver, nodes } = readInspect(inspect.stdout);
  return driver !== "remote" && !nodes.every(({ status }) => status === "running");
}
function buildxVersion(answer) {
  return /buildx\s+v?(\S+)/.exec(answer?.stdout ?? "")?.[1];
}
function readEngine([version, ...inspections]) {
  if (version === void 0 || version.code !== 0) throw missingBuildx(version);
  const inspect = inspections.at(-1);
  if (inspect === void 0 || inspect.code !== 0) {
    throw new Failure("engine", "buildx has no builder that can be reached", {
      lines: inspect === void 0 ? [] : lastLines(inspect),
      hint: "See `docker buildx ls`; make one with `docker buildx create --use`, or name one in the input builder."
    });
  }
  const { name, driver, nodes } = readInspect(inspect.stdout);
  if (driver === "docker") throw dockerDriver(name ?? "default");
  const dead = nodes.filter(isDead);
  if (dead.length > 0) throw deadNodes(name ?? "", dead);
  const [first] = nodes;
  const platform = first?.platforms[0];
  return {
    versions: versionsOf({ buildx: buildxVersion(version), buildkit: first?.buildkit }),
    nodes: nodes.map(({ name: node, address, platforms }) => ({ name: node, address, platforms })),
    ...platform === void 0 ? {} : { platform },
    ...name === void 0 ? {} : { builder: name }
  };
}
function deadNodes(builder, nodes) {
  const told = nodes.map(({ name, address, status }) => `node ${name} at ${address} is ${status}`);
  return new Failure("engine", `the builder ${builder} has nodes that do not answer: ${told.join(" \xB7 ")}`, {
    code: "NodeDead",
    lines: told,
    hint: "Start the daemon there, or check address and certificates; `docker buildx rm` and `create` make the builder anew."
  });
}
function dockerDriver(name) {
  return new Failure("engine", `the builder ${name} is the docker daemon itself (docker driver)`, {
    code: "DockerDriver",
    hint: "Use the backend docker, or a builder of its own: docker/setup-buildx-action, or `docker buildx create --use`."
  });
}
function missingBuildx(answer) {
  return new ProgramMissing("docker-buildx", {
    message: "docker has no buildx plugin; the legacy builder cannot build this image",
    lines: answer === void 0 ? [] : lastLines(answer),
    hint: "Let the action install it (input install), install the docker-buildx-plugin package, or use the backend podman, buildah or buildctl."
  });
}
function lastLines({ stdout, stderr }) {
  return `${stdout}
${stderr}`.split("\n").map((line) => line.trimEnd()).filter((line) => line !== "").slice(-5);
}
function byOneNode(deliver) {
  return (delivery, plan, { nodes = [] }) => nodes.length > 1 && (plan.features.platforms ?? []).length > 1 ? unsupported("several nodes of a builder write no file together; push, and take it from the registry") : deliver(delivery, plan);
}
var buildx = {
  name: "buildx",
  tool: "docker",
  title: "docker buildx with the builder that is current, named, or made of addresses",
  isCandidate: (builder) => builder !== void 0 && !isOneDaemon(builder),
  requires: [
    { part: "buildx", minimum: "0.13.0", because: "several outputs of one build and named contexts work from then on" },
    { part: "buildkit", minimum: "0.13.0", because: "rewriting of file times works from then on" }
  ],
  installs: false,
  programs: { "docker-buildx": "buildx", buildkitd: "buildkit", runc: "buildkit", rootlesskit: "rootlesskit" },
  addresses: [],
  takesLinks: () => true,
  cachedStep: CACHED_STEP2,
  questions: (builder) => [
    { args: ["buildx", "version"] },
    inspection(builder),
    { args: ["buildx", "inspect", "--bootstrap", ...byName(builder)], isOpen: mayStart }
  ],
  nodesOf,
  readEngine,
  autopsy: { question: inspection, silent: silentNodes },
  assumed: { versions: {} },
  features: buildxFeatures,
  deliveries: {
    layout: byOneNode(fileDeliveries.layout),
    "oci-archive": byOneNode(fileDeliveries["oci-archive"]),
    "docker-archive": fileDeliveries["docker-archive"],
    push: (_, plan) => ({
      exporters: [{ type: "image", attributes: { name: joinNames(plan.references), push: "true" } }]
    }),
    "push-by-digest": (_, plan) => pushByDigest(plan),
    load: byOneNode(
      (_, plan) => withoutAttestations(plan, {
        exporters: [{ type: "docker", attributes: { name: joinNames(plan.references) } }]
      })
    )
  },
  assemble: assembleBuildx
};

// src/backends/unreachable.ts
var HINTS = [
  [
    /Permission denied|Too many authentication failures/,
    "ssh asks nobody here: give it a key that the machine takes, in an agent (SSH_AUTH_SOCK) or in ~/.ssh, in a step before."
  ],
  [
    /Host key verification failed/,
    "Put the machine's host key into ~/.ssh/known_hosts in a step before; take it from the machine itself."
  ],
  [/(?:command )?not found/, "buildctl must be on the PATH of that user on that machine."],
  [
    /dial unix/,
    "No buildkitd that this user may use listens there; ssh://user@host/path/buildkitd.sock names another socket."
  ],
  [
    /^ssh: |Connection (?:closed|reset|timed out)/,
    "Is the address right, sshd up, and does a firewall let this runner through?"
  ]
];
var DEFAULT_HINT = "Start buildkitd, or name it in the input builder (unix://, tcp://, ssh://, docker-container://, kube-pod://) or in BUILDKIT_HOST.";
function unreachable(message, answers) {
  const line = answers.map(({ stderr }) => guideLine(stderr)).find((found) => found !== void 0);
  const [, hint = DEFAULT_HINT] = HINTS.find(([pattern]) => pattern.test(line ?? "")) ?? [];
  return new Failure("engine", line === void 0 ? message : `${message}: ${line}`, {
    code: "BuildkitdMissing",
    lines: answers.flatMap(lastLines),
    hint
  });
}
function guideLine(stderr) {
  const quoted = /has exited with .{0,200}stderr=((?:[^"\\]|\\.)*)/.exec(stderr)?.[1] ?? "";
  const lines = quoted.split(/(?:\\[rn])+/).map((line) => line.replaceAll('\\"', '"').trim());
  return lines.findLast((line) => line !== "");
}

// src/backends/buildctl.ts
function option(key, text2) {
  return { flags: ["--opt", `${key}=${text2}`] };
}
function cacheFlags2(flag) {
  return (caches) => ({
    flags: caches.flatMap((cache) => [flag, cache.includes("type=") ? cache : `type=registry,ref=${cache}`])
  });
}
var features = {
  ...attributeFeatures,
  builder: (address) => isOneDaemon(address) ? {} : unsupported("buildctl takes one address, for example unix:///run/buildkit/buildkitd.sock"),
  // They stand before the word `build`.
  builderKeys: () => ({}),
  platforms: (platforms) => option("platform", platforms.map(printPlatform).join(",")),
  epoch: epochBy("--opt", "build-arg:"),
  strictBase: strictBaseBy("--opt", "build-arg:"),
  pull: (pull) => pull ? option("image-resolve-mode", "pull") : {},
  noCache: toggle("--no-cache"),
  noCacheFilters: (stages) => option("no-cache", stages.join(",")),
  cacheFrom: cacheFlags2("--import-cache"),
  cacheTo: cacheFlags2("--export-cache"),
  cache: cacheBy("--import-cache", "--export-cache"),
  target: (target) => option("target", target),
  buildArgs: pairs("--opt", "build-arg:"),
  cacheMounts: cacheMountsBy("--opt", "build-arg:"),
  contexts: (contexts) => ({
    flags: contexts.flatMap(({ name, directory }) => [
      "--local",
      `${name}=${directory}`,
      "--opt",
      `context:${name}=local:${name}`
    ])
  }),
  remoteContexts: pairs("--opt", "context:"),
  secrets: (secrets) => ({ flags: secrets.flatMap(({ id, path: path4 }) => ["--secret", `id=${id},src=${path4}`]) }),
  ssh: each("--ssh"),
  labels: pairs("--opt", "label:"),
  attests: (attests) => ({
    flags: Object.entries(attests).flatMap(([type, attributes]) => ["--opt", `attest:${type}=${attributes}`])
  }),
  addHosts: (addHosts) => option("add-hosts", hostPairs(addHosts)),
  network: (mode) => ({
    flags: ["--opt", `force-network-mode=${mode}`, ...mode === "host" ? ["--allow", "network.host"] : []]
  }),
  allow: each("--allow"),
  shmSize: (size) => {
    const bytes = parseBytes(size);
    return bytes === void 0 ? unsupported(`"${size}" is no size such as 128m`) : option("shm-size", String(bytes));
  },
  ulimits: (ulimits) => option("ulimit", ulimits.join(",")),
  cgroupParent: (parent) => option("cgroup-parent", parent)
};
function assemble({ plan, engine, flags, exporters }) {
  const metadata = `${plan.kept}/metadata.json`;
  const args = [
    ...at(engine.builder, plan.features.builderKeys),
    ...["build", "--progress", "plain", "--frontend", "dockerfile.v0"],
    ...["--local", `context=${plan.context}`, "--local", `dockerfile=${dirname3(plan.dockerfile)}`],
    ...["--opt", `filename=${basename4(plan.dockerfile)}`],
    ...flags,
    ...exporters.flatMap((exporter) => ["--output", printExporter(exporter)]),
    ...["--metadata-file", metadata],
    ...plan.extraArgs
  ];
  return [
    { command: { title: "buildctl build", tool: "buildctl", args }, evidence: [metadataEvidence(metadata, exporters)] }
  ];
}
function parseJson(text2) {
  try {
    return JSON.parse(text2);
  } catch {
    return void 0;
  }
}
function nativePlatform(workers) {
  const [worker] = Array.isArray(workers) ? workers : [];
  const [first] = worker?.platforms ?? [];
  if (first?.os === void 0 || first.architecture === void 0) return {};
  const { os: os4, architecture, variant } = first;
  return { platform: normalizePlatform({ os: os4, architecture, ...variant === void 0 ? {} : { variant } }) };
}
function readEngine2([workers, info3], builder) {
  if (workers === void 0 || workers.code !== 0) {
    throw unreachable(`buildctl cannot reach ${daemonAt(builder)}`, workers === void 0 ? [] : [workers]);
  }
  const version = /"version":\s*"([^"]+)"/.exec(info3?.stdout ?? "")?.[1];
  return {
    versions: versionsOf({ buildkit: version }),
    ...nativePlatform(parseJson(workers.stdout)),
    ...builder === void 0 ? {} : { builder }
  };
}
function daemonAt(builder) {
  return builder === void 0 ? "a buildkitd" : `the buildkitd at ${builder}`;
}
function silentDaemon(answer, { builder }) {
  return answer?.code === 0 ? [] : [`the buildkitd at ${builder ?? "buildctl's default address"}`];
}
function askForWorkers(builder, keys) {
  return { tool: "buildctl", args: [...at(builder, keys), "debug", "workers", "--format", "{{json .}}"] };
}
function at(builder, { ca, cert, key } = {}) {
  const given = { "--addr": builder, "--tlscacert": ca, "--tlscert": cert, "--tlskey": key };
  return Object.entries(given).flatMap(([flag, text2]) => text2 === void 0 ? [] : [flag, text2]);
}
var buildctl = {
  name: "buildctl",
  tool: "buildctl",
  title: "buildctl with a running buildkitd, local or remote",
  isCandidate: (builder) => builder === void 0 || isOneDaemon(builder),
  requires: [
    { part: "buildkit", minimum: "0.13.0", because: "rewriting of file times and several outputs work from then on" }
  ],
  installs: true,
  programs: { buildctl: "buildkit", buildkitd: "buildkit", runc: "buildkit", rootlesskit: "rootlesskit" },
  addresses: ["BUILDKIT_HOST"],
  takesLinks: () => true,
  cachedStep: CACHED_STEP2,
  questions: (builder, keys) => [
    askForWorkers(builder, keys),
    { args: [...at(builder, keys), "debug", "info", "--format", "{{json .}}"] }
  ],
  readEngine: readEngine2,
  autopsy: { question: askForWorkers, silent: silentDaemon },
  assumed: { versions: {} },
  features,
  deliveries: {
    ...fileDeliveries,
    push: (_, plan) => ({
      exporters: [{ type: "image", attributes: { name: joinNames(plan.references), push: "true" } }]
    }),
    "push-by-digest": (_, plan) => pushByDigest(plan),
    load: (_, plan) => {
      const archive = `${plan.scratch}/image.tar`;
      const way = archiveAt(archive, plan);
      return isUnsupported(way) ? way : { ...way, steps: [{ kind: "load", archive }] };
    }
  },
  assemble
};

// src/backends/buildah.ts
function readEngine3([answer]) {
  const parsed2 = answer?.code === 0 ? parseJson(answer.stdout) : void 0;
  const info3 = typeof parsed2 === "object" && parsed2 !== null ? parsed2 : {};
  if (info3.version === void 0) {
    throw new Failure("engine", "buildah does not work here", {
      lines: answer === void 0 ? [] : lastLines(answer),
      hint: "Run `buildah info` on the runner; a rootless buildah needs subuid and subgid ranges of its user."
    });
  }
  return {
    versions: versionsOf({ buildah: info3.version }),
    emulation: "kernel",
    ...info3.buildPlatform === void 0 ? {} : { platform: parsePlatform(info3.buildPlatform) }
  };
}
var buildah = {
  name: "buildah",
  tool: "buildah",
  title: "buildah, no daemon",
  isCandidate: (builder) => builder === void 0,
  requires: [
    {
      part: "buildah",
      minimum: "1.33.0",
      because: "earlier ones misread here-documents and several mounts of one step"
    }
  ],
  installs: true,
  programs: {},
  addresses: [],
  takesLinks,
  cachedStep: CACHED_STEP,
  questions: () => [{ args: ["version", "--json"] }],
  readEngine: readEngine3,
  assumed: { versions: {} },
  features: buildahFeatures,
  deliveries: buildahDeliveries("buildah"),
  assemble: assembleBuildah("buildah")
};

// src/backends/docker.ts
function parseInfo(answer) {
  try {
    const parsed2 = JSON.parse(answer?.stdout ?? "");
    return typeof parsed2 === "object" && parsed2 !== null ? parsed2 : {};
  } catch {
    return {};
  }
}
function storeOf(info3) {
  const status = info3.DriverStatus ?? [];
  return status.some((pair) => pair.join(" ").includes("io.containerd.snapshotter.v1")) ? "containerd" : "classic";
}
var REWRITES_SINCE = "29.1.0";
var CLASSIC_NOTE = "This docker daemon keeps images in its classic store, which makes layers of its own: what it builds has another digest than that of other backends. The containerd image store or the backend buildx gives the same digest everywhere.";
function readEngine4([answer]) {
  const info3 = parseInfo(answer);
  if (info3.host !== void 0) {
    throw new Failure("tool", "the program docker on this machine is podman", {
      hint: "Use the backend podman; it is the same engine without the disguise."
    });
  }
  if (info3.ServerVersion === void 0 || info3.ServerVersion === "") {
    throw new Failure("engine", "the docker daemon cannot be reached", {
      lines: info3.ServerErrors ?? (answer === void 0 ? [] : lastLines(answer)),
      hint: "Start the daemon, or let this user use its socket (group docker), or choose the backend podman, buildah or buildctl."
    });
  }
  const plugin = info3.ClientInfo?.Plugins?.find(({ Name }) => Name === "buildx");
  if (plugin === void 0) throw missingBuildx(void 0);
  const store = storeOf(info3);
  const versions = versionsOf({ docker: info3.ServerVersion, buildx: plugin.Version });
  if (store === "containerd" && !has({ versions }, "docker", REWRITES_SINCE)) {
    throw new Failure(
      "tool",
      `docker ${info3.ServerVersion} cannot rewrite file times with the containerd image store`,
      {
        hint: `Use the backend buildx with a docker-container builder, or docker ${REWRITES_SINCE} or newer.`
      }
    );
  }
  return {
    versions,
    store,
    // The docker driver's builder has the name of the docker context it belongs to.
    builder: info3.ClientInfo?.Context ?? "default",
    ...platformOf(info3),
    // Docker Desktop's daemon is in a machine of its own, with emulators.
    ...info3.ClientInfo?.Context === "default" ? { emulation: "kernel" } : {},
    ...store === "classic" ? { notes: [CLASSIC_NOTE] } : {}
  };
}
function platformOf({ OSType, Architecture }) {
  return OSType === void 0 || Architecture === void 0 ? {} : { platform: parsePlatform(`${OSType}/${Architecture}`) };
}
function image(plan, engine, more = {}) {
  const unpack = engine.store === "classic" ? {} : { unpack: "false" };
  return { exporters: [{ type: "image", attributes: { name: joinNames(plan.references), ...more, ...unpack } }] };
}
function onContainerd(deliver) {
  return (delivery, plan, engine) => engine.store === "classic" ? unsupported(CLASSIC_LIMIT) : deliver(delivery, plan);
}
var CLASSIC_ATTRIBUTES = /* @__PURE__ */ new Set(["name", "push", "dest"]);
function assemble2(call) {
  if (call.engine.store !== "classic") return assembleBuildx(call);
  const exporters = call.exporters.map(({ type, attributes }) => ({
    type,
    attributes: Object.fromEntries(Object.entries(attributes).filter(([key]) => CLASSIC_ATTRIBUTES.has(key)))
  }));
  const [{ command, evidence }] = assembleBuildx({ ...call, exporters });
  const trusted = evidence.map(
    (item) => item.kind === "metadata" && !wants(call.plan, "push") ? { ...item, trust: "config" } : item
  );
  return [{ command, evidence: trusted }];
}
var CLASSIC_LIMIT = "the classic image store of this docker daemon cannot do it; switch it to the containerd image store";
function notOnClassic(say) {
  return (given, engine) => engine.store === "classic" ? unsupported(CLASSIC_LIMIT) : say(given, engine);
}
var docker = {
  name: "docker",
  tool: "docker",
  title: "the docker daemon itself (docker driver of buildx)",
  isCandidate: (builder) => builder === void 0,
  requires: [
    { part: "docker", minimum: "23.0.0", because: "BuildKit is the daemon's builder from then on" },
    { part: "buildx", minimum: "0.13.0", because: "several outputs of one build and named contexts work from then on" }
  ],
  installs: false,
  programs: { "docker-buildx": "buildx" },
  addresses: [],
  takesLinks: () => true,
  cachedStep: CACHED_STEP2,
  questions: () => [{ args: ["info", "--format", "{{json .}}"] }],
  readEngine: readEngine4,
  assumed: { versions: {}, store: "containerd", builder: "default" },
  features: {
    ...buildxFeatures,
    builder: unsupported("docker always builds in its own daemon"),
    builderKeys: unsupported("docker always builds in its own daemon"),
    platforms: (platforms, engine) => engine.store === "classic" && platforms.length > 1 ? unsupported(CLASSIC_LIMIT) : buildxFeatures.platforms(platforms),
    // Only the cache that lies in the image itself can leave the daemon.
    cacheTo: (caches, engine) => engine.store === "classic" && caches.some((cache) => !/^(?:.*,)?type=inline\b/.test(cache)) ? unsupported(CLASSIC_LIMIT) : buildxFeatures.cacheTo(caches, engine),
    cache: (cache, engine) => engine.store === "classic" && cache.write && cache.kind !== "inline" ? unsupported(CLASSIC_LIMIT) : buildxFeatures.cache(cache, engine),
    annotations: notOnClassic(buildxFeatures.annotations),
    attests: notOnClassic(buildxFeatures.attests),
    compression: (given, engine) => engine.store === "classic" && given.format !== "gzip" ? unsupported(CLASSIC_LIMIT) : buildxFeatures.compression(given)
  },
  deliveries: {
    ...fileDeliveries,
    layout: onContainerd(fileDeliveries.layout),
    "oci-archive": onContainerd(fileDeliveries["oci-archive"]),
    "docker-archive": onContainerd(fileDeliveries["docker-archive"]),
    push: (_, plan, engine) => image(plan, engine, { push: "true" }),
    // Refused in every store: "push-by-digest is currently not implemented for docker driver" (docker/buildx, build/opt.go).
    "push-by-digest": onContainerd((_, plan) => uploadByDigest(plan)),
    // A pushed image stays in the daemon's store too.
    load: (_, plan, engine) => wants(plan, "push") ? {} : image(plan, engine)
  },
  assemble: assemble2
};

// src/backends/nerdctl.ts
var NO_SUCH_FLAG = "nerdctl build has no such flag";
var features2 = {
  ...attributeFeatures,
  builder: (address) => isOneDaemon(address) ? {} : unsupported("nerdctl takes the address of one buildkitd"),
  builderKeys: unsupported("nerdctl has no flags for certificates of a buildkitd"),
  platforms: (platforms) => ({ flags: ["--platform", platforms.map(printPlatform).join(",")] }),
  epoch: epochBy("--build-arg"),
  strictBase: strictBaseBy("--build-arg"),
  // `--pull=false` would mean "never ask the registry" (image-resolve-mode=local), so it is left out.
  pull: toggle("--pull"),
  noCache: toggle("--no-cache"),
  noCacheFilters: unsupported(NO_SUCH_FLAG),
  cacheFrom: each("--cache-from"),
  cacheTo: each("--cache-to"),
  cache: cacheBy("--cache-from", "--cache-to"),
  target: value("--target"),
  buildArgs: pairs("--build-arg"),
  cacheMounts: cacheMountsBy("--build-arg"),
  contexts: (contexts) => ({
    flags: contexts.flatMap(({ name, directory }) => ["--build-context", `${name}=${directory}`])
  }),
  remoteContexts: pairs("--build-context"),
  secrets: (secrets) => ({ flags: secrets.flatMap(({ id, path: path4 }) => ["--secret", `id=${id},src=${path4}`]) }),
  ssh: each("--ssh"),
  labels: pairs("--label"),
  attests: (attests) => ({ flags: Object.entries(attests).flatMap(attestFlag) }),
  addHosts: since("nerdctl", "2.0.3", each("--add-host")),
  network: value("--network"),
  allow: each("--allow"),
  shmSize: unsupported(NO_SUCH_FLAG),
  ulimits: unsupported(NO_SUCH_FLAG),
  cgroupParent: unsupported(NO_SUCH_FLAG)
};
function assemble3({ plan, engine, flags, exporters }) {
  const cached = flags.filter((flag) => flag !== "--no-cache" && flag !== "--pull");
  const builds = exporters.map(
    (exporter, index) => assembleOne({ plan, engine, flags: index === 0 ? flags : cached }, exporter, index)
  );
  return nonEmpty(builds) ?? [assembleOne({ plan, engine, flags }, NOWHERE, 0)];
}
var NOWHERE = { type: "image", attributes: { store: "false" } };
function assembleOne({ plan, engine, flags }, exporter, index) {
  const isNamed = exporter.type === "image" && exporter !== NOWHERE;
  const [first] = plan.references;
  const kept = wants(plan, "load") ? plan.references : [first];
  const iidfile = `${plan.kept}/image-${index}.id`;
  const args = [
    "build",
    ...engine.builder === void 0 ? [] : ["--buildkit-host", engine.builder],
    ...["--progress", "plain", "--file", plan.dockerfile],
    ...flags,
    ...isNamed ? kept.flatMap((reference) => ["--tag", printReference(reference)]) : [],
    ...["--output", printExporter(exporter)],
    ...isNamed ? ["--iidfile", iidfile] : [],
    ...plan.extraArgs,
    plan.context
  ];
  const title = `nerdctl build (${exporter.attributes["push"] === "true" ? "push" : exporter.type})`;
  return {
    command: { title, tool: "nerdctl", args },
    // nerdctl's "image id" file holds the manifest's or index's digest, not the config's.
    evidence: isNamed ? [{ kind: "digest", path: iidfile, means: "root" }] : []
  };
}
var NAMESPACED = "unix:///run/buildkit-default/buildkitd.sock";
function readEngine5([version, ...workers], builder) {
  if (version === void 0 || version.code !== 0) {
    throw new Failure("engine", "nerdctl cannot reach containerd", {
      lines: version === void 0 ? [] : lastLines(version),
      hint: "Start containerd, or name its socket in CONTAINERD_ADDRESS; a rootless one belongs to its own user."
    });
  }
  const silent = workers.every(({ code }) => code !== 0);
  if (silent) throw unreachable(`nerdctl cannot reach ${daemonAt(builder)}`, workers);
  const [first, namespaced] = workers;
  const address = builder ?? (first?.code === 0 ? void 0 : NAMESPACED);
  const answer = first?.code === 0 ? first : namespaced;
  const found = /"Client":\s*\{\s*"Version":\s*"v?([^"]+)"/.exec(version.stdout)?.[1];
  return {
    versions: versionsOf({ nerdctl: found }),
    ...nativePlatform(parseJson(answer?.stdout ?? "")),
    ...address === void 0 ? {} : { builder: address }
  };
}
var nerdctl = {
  name: "nerdctl",
  tool: "nerdctl",
  title: "nerdctl with containerd and its buildkitd",
  isCandidate: (builder) => builder === void 0,
  requires: [{ part: "nerdctl", minimum: "2.0.0", because: "named contexts work from then on" }],
  installs: true,
  programs: {
    nerdctl: "nerdctl",
    buildctl: "buildkit",
    buildkitd: "buildkit",
    containerd: "nerdctl-full",
    "containerd-shim-runc-v2": "nerdctl-full",
    runc: "nerdctl-full"
  },
  addresses: ["BUILDKIT_HOST"],
  takesLinks: () => true,
  cachedStep: CACHED_STEP2,
  questions: (builder) => [
    { args: ["version", "--format", "json"] },
    askForWorkers(builder),
    ...builder === void 0 ? [askForWorkers(NAMESPACED)] : []
  ],
  readEngine: readEngine5,
  autopsy: { question: askForWorkers, silent: silentDaemon },
  assumed: { versions: {} },
  features: features2,
  deliveries: {
    ...fileDeliveries,
    push: (_, plan) => {
      const [first, ...others] = plan.references;
      const rest = nonEmpty(others);
      return {
        exporters: [{ type: "image", attributes: { push: "true" } }],
        // Of several tags nerdctl pushes only the first, and says nothing.
        ...rest === void 0 ? {} : { steps: [{ kind: "copy", from: first, to: rest }] }
      };
    },
    // nerdctl has no name for the image without --tag, and pushes that tag.
    "push-by-digest": (_, plan) => uploadByDigest(plan),
    // A pushed image stays in containerd's store too.
    load: (_, plan) => wants(plan, "push") ? {} : { exporters: [{ type: "image", attributes: {} }] }
  },
  assemble: assemble3
};

// src/backends/podman.ts
function readInfo(answer) {
  const parsed2 = answer?.code === 0 ? parseJson(answer.stdout) : void 0;
  return typeof parsed2 === "object" && parsed2 !== null ? parsed2 : {};
}
function readEngine6([answer, client]) {
  const info3 = readInfo(answer);
  if (info3.host === void 0) {
    throw new Failure("engine", "podman does not work here", {
      lines: answer === void 0 ? [] : lastLines(answer),
      hint: "Run `podman info` on the runner, where CONTAINER_HOST leads to a service elsewhere; a rootless podman needs subuid and subgid ranges of its user."
    });
  }
  const { os: os4 = "linux", arch, serviceIsRemote, buildahVersion } = info3.host;
  const versions = versionsOf({ podman: info3.version?.Version, buildah: buildahVersion });
  if (serviceIsRemote === true) checkPair(client, versions);
  return {
    versions,
    ...serviceIsRemote === true ? { remote: true } : { emulation: "kernel" },
    ...arch === void 0 ? {} : { platform: parsePlatform(`${os4}/${arch}`) }
  };
}
var podman = {
  name: "podman",
  tool: "podman",
  title: "podman, no daemon",
  isCandidate: (builder) => builder === void 0,
  requires: [
    { part: "podman", minimum: "4.8.0", because: "earlier ones misread here-documents and several mounts of one step" }
  ],
  installs: true,
  programs: {},
  addresses: ["CONTAINER_HOST"],
  takesLinks,
  cachedStep: CACHED_STEP,
  questions: () => [
    { args: ["info", "--format", "json"] },
    { args: askForClient, isOpen: ([info3]) => readInfo(info3).host?.serviceIsRemote === true }
  ],
  readEngine: readEngine6,
  autopsy,
  assumed: { versions: {} },
  features: buildahFeatures,
  deliveries: buildahDeliveries("podman"),
  assemble: assembleBuildah("podman")
};

// src/backends/index.ts
var BACKENDS = [docker, buildx, podman, buildah, nerdctl, buildctl];
var LAST_RESORT = buildctl;
function findBackend(name) {
  return BACKENDS.find((backend) => backend.name === name);
}

// src/inputs/input-file.ts
import { resolve as resolve2 } from "node:path";
var KERNEL = /^\/(?:proc|sys|dev(?!\/shm\/))(?:\/|$)/;
async function lookUpInputFile(given, { files, workspace }) {
  const path4 = resolve2(workspace, given);
  try {
    const real = await files.realPath(path4);
    const kind = (await files.info(real))?.kind;
    if (kind === "directory") return { fault: `${path4} is a directory, not a file` };
    if (kind !== "file") return { fault: `${path4} is a device, pipe or socket, not a file` };
    if (KERNEL.test(real)) return { fault: `${path4} is a link to ${real}, which is not a file on disk` };
    await files.readHead(real, 1);
    return { path: path4 };
  } catch (error2) {
    const code = errorCode(error2);
    if (["ENOENT", "ENOTDIR"].includes(code)) return { fault: `${path4} does not exist` };
    return { fault: `${path4} cannot be read: ${error2 instanceof Error ? error2.message : String(error2)}` };
  }
}
async function findInputFile(input, given, machine, details = {}) {
  const found = await lookUpInputFile(given, machine);
  if ("path" in found) return found.path;
  throw new Failure("input", `${input}: ${found.fault}`, details);
}

// src/probe/probe.ts
function choiceOf({ backend = "auto" }) {
  return findBackend(backend) ?? "auto";
}
async function findEngine(choice, builder, machine, env, keys) {
  if (choice !== "auto") return { backend: choice, engine: await probe(choice, { builder, keys }, machine, env), env };
  const refusals = [];
  const able = candidates(builder);
  for (const backend of able) {
    try {
      const engine = await probe(backend, { builder, keys }, machine, env);
      return { backend, engine, env, reason: refusals.length === 0 ? "the first choice" : refusals.join("; ") };
    } catch (error2) {
      const isOnly = able.length === 1 && error2 instanceof Failure && error2.class === "engine";
      if (isOnly || !(error2 instanceof Failure)) throw error2;
      refusals.push(`${backend.name}: ${error2.message}`);
    }
  }
  throw new Failure("engine", "no builder works on this machine", {
    code: "NoEngine",
    lines: refusals,
    hint: "Install docker, podman, buildah, nerdctl or buildctl on the runner, or give the address of a buildkitd in the input builder."
  });
}
async function assumeBackend(inputs, env, machine) {
  const { builder } = inputs;
  const choice = choiceOf(inputs);
  const backend = choice === "auto" ? await firstOnPath(candidates(builder), machine) : choice;
  return {
    backend,
    env,
    engine: { ...backend.assumed, ...builder === void 0 ? {} : assumedAs(builder, backend) }
  };
}
function assumedAs(builder, backend) {
  if (backend.nodesOf?.(builder) === void 0) return { builder };
  return {
    builder: MADE,
    notes: [`In the commands ${MADE} stands for the builder that a run makes of ${builder.split("\n").join(", ")}`]
  };
}
var MADE = "bento-image";
async function firstOnPath([first, ...others], machine) {
  for (const backend of [first, ...others]) {
    if (await machine.processes.which(backend.tool) !== void 0) return backend;
  }
  return first;
}
function candidates(builder) {
  const found = nonEmpty(BACKENDS.filter((backend) => backend.isCandidate(builder)));
  if (found === void 0) throw new Failure("internal", `no backend takes the builder ${builder}`);
  return found;
}
async function probe(backend, { builder, keys }, machine, env) {
  const questions = backend.questions(builder, keys);
  for (const tool of /* @__PURE__ */ new Set([backend.tool, ...questions.map((question) => question.tool ?? backend.tool)])) {
    if (await machine.processes.which(tool, env["PATH"]) === void 0) {
      throw tool === backend.tool && !backend.installs ? missingOnMachine(tool) : new ProgramMissing(tool);
    }
  }
  const address = addressOf(backend, builder, env);
  const answers = await askAll(
    questions,
    ({ tool = backend.tool, args }) => ask3({ tool, args, env }, address, machine)
  );
  try {
    return backend.readEngine(answers, builder);
  } catch (error2) {
    if (error2 instanceof Failure) throw error2;
    throw oddAnswer(backend, error2);
  }
}
function oddAnswer({ tool, title }, cause) {
  return new Failure(
    "tool",
    `${title} cannot be used: what ${tool} says about its engine is of another form than known`,
    {
      code: "AnswerInvalid",
      lines: [cause instanceof Error ? cause.message : String(cause)],
      hint: `Look at what \`${tool} info\` and \`${tool} version\` print on this machine: another program may stand in for ${tool}.`,
      cause
    }
  );
}
function addressOf({ addresses }, builder, env) {
  return builder ?? addresses.map((name) => env[name]).find(Boolean);
}
async function askAll(questions, ask4) {
  const answers = await Promise.all(questions.filter(({ isOpen }) => isOpen === void 0).map(ask4));
  for (const question of questions) if (question.isOpen?.(answers) === true) answers.push(await ask4(question));
  return answers;
}
var RETRY_POLICY = 5e3;
async function askBriefly(invocation, { processes }) {
  const signal = AbortSignal.timeout(RETRY_POLICY);
  const answer = await processes.capture({ ...invocation, signal });
  return signal.aborted ? void 0 : answer;
}
async function ask3(invocation, builder, machine) {
  if (builder === void 0 || !isAddress(builder)) return machine.processes.capture(invocation);
  const answer = await askBriefly(invocation, machine);
  if (answer !== void 0) return answer;
  throw new Failure("engine", `the builder at ${builder} does not answer within ${RETRY_POLICY / 1e3} s`, {
    code: "NodeDead",
    hint: "Check that the address is correct, that the daemon runs, and that no firewall blocks this runner."
  });
}

// src/action/prepare-job.ts
import { delimiter as delimiter4 } from "node:path/posix";

// src/commands/tool-environment.ts
var AMBIENT = [
  "DOCKER_BUILDKIT",
  "DOCKER_DEFAULT_PLATFORM",
  "DOCKER_CONTENT_TRUST",
  "BUILDKIT_PROGRESS",
  "BUILDKIT_SYNTAX",
  "BUILDX_BUILDER",
  "BUILDX_DEFAULT_POLICY",
  "BUILDX_GIT_INFO",
  "BUILDX_GIT_LABELS",
  "BUILDX_METADATA_PROVENANCE",
  "BUILDX_METADATA_WARNINGS",
  "BUILDX_NO_DEFAULT_ATTESTATIONS",
  "BUILDX_NO_DEFAULT_LOAD",
  "BUILDX_NO_DEFAULT_OCI_ARTIFACT",
  "BUILDAH_FORMAT",
  "BUILDAH_LAYERS",
  "SOURCE_DATE_EPOCH"
];
function toolEnvironment(env, hidden, additions) {
  const left = /* @__PURE__ */ new Set([...AMBIENT, ...hidden]);
  const kept = Object.entries(env).filter(([name]) => !left.has(name) && !isOfAction(name));
  return { ...Object.fromEntries(kept), ...additions };
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
  const { parse: parse2 } = await import("./sync-G5X3XT45.js");
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

// src/tools/tool-request.ts
var TOOL_NAMES = ["buildx", "buildkit", "nerdctl", "nerdctl-full", "rootlesskit", "cni-plugins"];
var INSTALL_POLICIES = ["missing", "never", "always"];
var VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*)?$/;
function parseToolRequests(text2) {
  const problems = [];
  const requests = [];
  for (const item of text2.split(/[\s,]+/).filter((word) => word !== "")) {
    const at2 = item.indexOf("@");
    const given = at2 < 0 ? item : item.slice(0, at2);
    const name = TOOL_NAMES.find((one) => one === given);
    const version = at2 < 0 ? "" : item.slice(at2 + 1).replace(/^v/, "");
    if (name === void 0) problems.push(`"${given}" is none of ${TOOL_NAMES.join(", ")}`);
    else if (!VERSION.test(version)) problems.push(`"${item}" has no valid version`);
    else if (requests.some((request) => request.name === name)) problems.push(`${name} is given twice`);
    else requests.push({ name, version });
  }
  refuse(problems);
  return requests;
}
function parseChecksums(text2) {
  const problems = [];
  const found = /* @__PURE__ */ new Map();
  const lines = text2.split("\n").map((line) => line.trim());
  for (const line of lines.filter((one) => one !== "" && !one.startsWith("#"))) {
    const [, sum = "", asset = ""] = /^([0-9a-fA-F]{64})\s+\*?(?:\.\/)?([^\s/]+)$/.exec(line) ?? [];
    const sha256 = sum.toLowerCase();
    if (asset === "") problems.push(`"${line}" is not a SHA-256 checksum and a file name`);
    else if ((found.get(asset) ?? sha256) !== sha256)
      problems.push(`${asset} is given twice, with different checksums`);
    else found.set(asset, sha256);
  }
  refuse(problems);
  return Object.fromEntries(found);
}
function parseMirror(text2) {
  const mirror = text2.trim().replace(/(?<!^|\/)\/+$/, "");
  if (mirror === "") return void 0;
  const isUrl = ["file:", "http:", "https:"].includes(URL.parse(mirror)?.protocol ?? "");
  if (!mirror.startsWith("/") && !isUrl) {
    throw new Failure("input", `"${mirror}" is neither an absolute directory nor a file, http or https URL`);
  }
  return mirror;
}
function refuse(problems) {
  if (problems.length > 0) throw new Failure("input", problems.join("; "));
}

// src/secrets/secret.ts
var INSPECT = /* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom");
var Secret = class {
  #value;
  constructor(value2) {
    this.#value = value2;
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
function text(example) {
  return decoder(example, (raw) => raw.trim() || void 0);
}
function parsed(example, parse2) {
  return decoder(example, parse2);
}
var TRUE = /^(true|True|TRUE)$/;
var FALSE = /^(false|False|FALSE)$/;
function toggle2() {
  return decoder("true", (raw) => {
    const word = raw.trim();
    if (word === "") return void 0;
    if (TRUE.test(word)) return true;
    if (FALSE.test(word)) return false;
    throw new Error(`"${word}" is neither true nor false`);
  });
}
function oneOf(...words) {
  return decoder(words[0] ?? "", (raw) => {
    const word = raw.trim();
    if (word === "") return void 0;
    const found = words.find((one) => one === word);
    if (found === void 0) throw new Error(`"${word}" is none of ${words.join(", ")}`);
    return found;
  });
}
function items(example) {
  return decoder(example, (raw, readQuoted) => splitList(raw, { commas: true }, readQuoted));
}
function pairs2(example) {
  return decoder(example, (raw, readQuoted) => {
    const problems = [];
    const found = /* @__PURE__ */ new Map();
    for (const line of splitList(raw, { commas: false }, readQuoted)) {
      const at2 = line.indexOf("=");
      const key = at2 < 0 ? line : line.slice(0, at2).trim();
      if (at2 < 1 || key === "") problems.push(`"${line}" is not key=value`);
      else if (found.has(key)) problems.push(`"${key}" is given twice`);
      else found.set(key, line.slice(at2 + 1));
    }
    refuse2(problems);
    return Object.fromEntries(found);
  });
}
function secretText(example) {
  return decoder(example, (raw) => raw.trim() === "" ? void 0 : new Secret(raw.trim()));
}
function byteSize(example) {
  return decoder(example, (raw) => {
    const word = raw.trim();
    if (word === "") return void 0;
    const bytes = parseBytes(word);
    if (bytes === void 0) throw new Error(`"${word}" is not a size`);
    return bytes;
  });
}
function refuse2(problems) {
  if (problems.length > 0) throw new Failure("input", problems.join("; "));
}

// src/inputs/engine-schema.ts
var engineSchema = {
  backend: oneOf("auto", ...BACKENDS.map(({ name }) => name)),
  builder: parsed("tcp://buildkitd:1234", parseBuilder),
  "builder-ca": text("${{ vars.BUILDKIT_CA }}"),
  "builder-cert": text("${{ vars.BUILDKIT_CERT }}"),
  "builder-key": secretText("${{ secrets.BUILDKIT_KEY }}"),
  install: oneOf(...INSTALL_POLICIES),
  tools: parsed("buildkit@0.32.2 nerdctl@2.3.5", parseToolRequests),
  "tool-mirror": parsed("https://mirror.acme.example/github", parseMirror),
  "tool-checksums": parsed(`${"0".repeat(64)}  buildkit-v0.33.0.linux-amd64.tar.gz`, parseChecksums),
  "registry-mirrors": pairs2("docker.io=mirror.acme.example"),
  "insecure-registries": items("registry.internal:5000"),
  "registry-authorities": pairs2("registry.internal=/etc/ssl/acme.pem"),
  "cache-limit": byteSize("20gb"),
  "keep-state": toggle2()
};

// src/commands/builder-keys.ts
import { dirname as dirname4, join as join7 } from "node:path";

// src/secrets/masks.ts
import { isUtf8 as isUtf82 } from "node:buffer";
var SHORTEST_MASK = 6;
function masksOf(secret) {
  const bytes = secret.revealBytes();
  const lines = isUtf82(bytes) ? linesOf2(secret.reveal()) : [];
  const masks = lines.length === 1 ? lines : [...lines, base64Start(bytes)];
  return [...new Set(masks)].filter((mask) => mask.length >= SHORTEST_MASK);
}
function linesOf2(text2) {
  return text2.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== "");
}
function base64Start(bytes) {
  const length = Buffer.from(bytes).toString("latin1").trimEnd().length;
  return Buffer.from(bytes.subarray(0, length - length % 3)).toString("base64");
}

// src/secrets/reserved-variables.ts
var OF_RUNNER = ["ACTIONS_", "GITHUB_", "INPUT_", "RUNNER_", "STATE_"];
var TOOLS = [
  ..."PATH HOME USER LOGNAME SHELL LANG LANGUAGE TERM TMPDIR TMP TEMP LD_PRELOAD".split(" "),
  ..."HTTP_PROXY HTTPS_PROXY FTP_PROXY ALL_PROXY NO_PROXY CURL_CA_BUNDLE NODE_EXTRA_CA_CERTS".split(" "),
  ..."SSH_AUTH_SOCK KUBECONFIG STORAGE_DRIVER STORAGE_OPTS CNI_PATH NETCONFPATH DBUS_SESSION_BUS_ADDRESS".split(" ")
];
var OF_TOOLS = [
  ..."LC_ LD_LIBRARY_ XDG_ SSL_CERT_ GODEBUG OTEL_ KUBERNETES_ REGISTRY_".split(" "),
  ..."BUILDAH_ BUILDCTL_ BUILDKIT_ BUILDX_ CONTAINER_ CONTAINERD_ CONTAINERS_ DOCKER_ NERDCTL_ PODMAN_".split(" ")
];
var OF_CLOUDS = [
  ..."ALIBABA_CLOUD_ ARM_ AWS_ AZURE_ CLOUDSDK_ DIGITALOCEAN_ ECR_".split(" "),
  ..."GCLOUD_ GCP_ GOOGLE_ IBMCLOUD_ OCI_CLI_ VAULT_".split(" ")
];
var TOKENS2 = ["CR_PAT", "HF_TOKEN", "NODE_AUTH_TOKEN"];
var OF_TOKENS = "BENTO_CLOUD_ COSIGN_ DOCKERHUB_ GH_ HUGGINGFACE_ HUGGING_FACE_ SIGSTORE_".split(" ");
var LOGINS = [
  ..."AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_PROFILE AWS_REGION AWS_DEFAULT_REGION".split(" "),
  ..."AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE".split(" "),
  ..."AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_CREDENTIALS_FULL_URI".split(" "),
  ..."GOOGLE_APPLICATION_CREDENTIALS GOOGLE_GHA_CREDS_PATH CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE".split(" "),
  ..."CLOUDSDK_AUTH_ACCESS_TOKEN AZURE_TENANT_ID AZURE_CLIENT_ID AZURE_CLIENT_SECRET AZURE_USERNAME".split(" "),
  ..."AZURE_PASSWORD AZURE_CLIENT_CERTIFICATE_PATH AZURE_CLIENT_CERTIFICATE_PASSWORD".split(" "),
  ..."AZURE_FEDERATED_TOKEN_FILE BUILDKIT_AZURE_STORAGE_SECRET_ACCESS_KEY".split(" "),
  ..."DOCKER_AUTH_CONFIG DOCKER_CONFIG DOCKER_CERT_PATH REGISTRY_AUTH_FILE".split(" ")
];
var RESERVED = /* @__PURE__ */ new Set([...TOOLS, ...TOKENS2]);
var PREFIXES = [...OF_RUNNER, ...OF_TOOLS, ...OF_CLOUDS, ...OF_TOKENS];
var READ_BY_TOOLS = /* @__PURE__ */ new Set([...TOOLS, ...LOGINS]);

// src/commands/gather-secrets.ts
var MOST_BYTES = 500 * 1024;
function maskSecret(id, secret, actions) {
  const masks = masksOf(secret);
  for (const mask of masks) actions.mask(mask);
  if (masks.length > 0 || secret.reveal().trim() === "") return;
  actions.info(
    `The secret ${id} is not masked, because it is shorter than ${SHORTEST_MASK} characters: the mask would hide unrelated text in the log, and GitHub would drop outputs that contain it.`
  );
}

// src/commands/builder-keys.ts
function builderKeyFiles({ builderCa, builderCert, builderKey }, directory) {
  const inputs = {
    ca: builderCa,
    cert: builderCert,
    key: builderKey
  };
  const given = Object.entries(inputs).flatMap(
    ([name, content]) => content === void 0 ? [] : [{ name, content, path: join7(directory, "builder", `${name}.pem`), mode: 384 }]
  );
  if (given.length === 0) return { keys: void 0, files: [] };
  return {
    keys: Object.fromEntries(given.map(({ name, path: path4 }) => [name, path4])),
    files: given.map(({ path: path4, content, mode }) => ({ path: path4, content: withLineEnd(content), mode }))
  };
}
async function writeBuilderKeys(inputs, { files, actions }) {
  if (inputs.builderKey !== void 0) maskSecret("builder-key", inputs.builderKey, actions);
  const made = builderKeyFiles(inputs, await files.scratch());
  for (const { path: path4, content, mode } of made.files) {
    await files.makeDirectory(dirname4(path4), 448);
    await files.write(path4, content instanceof Secret ? content.revealBytes() : content, mode);
  }
  return made.keys;
}
function withLineEnd(content) {
  return content instanceof Secret ? new Secret(`${content.reveal()}
`) : `${content}
`;
}

// src/probe/builder.ts
function builderToMake(choice, builder) {
  if (builder === void 0) return void 0;
  const [backend] = choice === "auto" ? candidates(builder) : [choice];
  const nodes = backend.nodesOf?.(builder);
  return nodes === void 0 ? void 0 : { backend, nodes };
}

// src/probe/plain-builder.ts
var LOOPBACK = /^tcp:\/\/(?:localhost|127(?:\.\d+){3}|\[::1\])(?::|\/|$)/;
function warnOfPlain(builder, keys) {
  if (builder === void 0 || keys !== void 0) return [];
  const addresses = builder.split("\n").map((line) => line.trim().split(/\s/)[0] ?? "");
  return addresses.filter((address) => address.startsWith("tcp://") && !LOOPBACK.test(address)).map(
    (address) => `The way to the builder ${address} is neither encrypted nor authenticated: whoever is on it can read the build's secrets and change the image. Give builder-ca, builder-cert and builder-key, or use ssh://.`
  );
}

// src/action/ready-engine.ts
async function readyEngine(job) {
  const { inputs, env, machine } = job;
  if (inputs.dryRun === true) return assumeBackend(inputs, env, machine);
  const keys = await writeBuilderKeys(inputs, machine);
  const found = await findOrSetUp({ ...job, ...keys === void 0 ? {} : { keys } });
  for (const line of warnOfPlain(addressOf(found.backend, inputs.builder, env), keys)) machine.actions.warning(line);
  if (found.reason !== void 0) {
    machine.actions.info(`backend: auto is ${found.backend.name} here (${found.reason})`);
  }
  return found;
}
async function findOrSetUp(job) {
  const { inputs, env, machine, keys } = job;
  const asked = choiceOf(inputs);
  const toMake = builderToMake(asked, inputs.builder);
  if (inputs.builder !== void 0) {
    const { checkBuilder } = await import("./check-builder-JY4IWN4W.js");
    await checkBuilder(toMake?.backend ?? asked, { builder: inputs.builder, keys }, env, machine);
  }
  if (toMake !== void 0) {
    const { makeBuilder } = await import("./set-up-engine-4QLCYSC5.js");
    const reason = asked === "auto" ? { reason: "no other makes a builder of what the input builder says" } : {};
    return { ...await makeBuilder(toMake, job), ...reason };
  }
  const found = await findEngine(asked, inputs.builder, machine, env, keys).catch((error2) => {
    if (inputs.install === "never" || !isLack(error2)) throw error2;
    return error2;
  });
  if (!(found instanceof Error) && inputs.install !== "always") return found;
  const { setUp } = await import("./set-up-engine-4QLCYSC5.js");
  return setUp(found, asked, job);
}

// src/action/prepare-job.ts
async function prepareJob(machine) {
  const { actions } = machine;
  const inputs = await decodeSchema(engineSchema, machine.env, () => []);
  const env = toolEnvironment(machine.env, [], {});
  const { backend, engine, env: ready } = await readyEngine({ inputs, env, machine });
  exportEnvironment(env, ready, machine);
  for (const note of engine.notes ?? []) actions.notice(note);
  actions.setOutput("backend", backend.name);
  actions.setOutput("builder", engine.builder ?? "");
  actions.setOutput("versions", JSON.stringify(engine.versions));
  const versions = Object.entries(engine.versions).map(([part, version]) => `${part} ${version}`);
  actions.info(`${backend.name} is ready${versions.length === 0 ? "" : `: ${versions.join(", ")}`}`);
}
function exportEnvironment(before, after, { actions }) {
  const known = new Set(directories(before));
  for (const directory of directories(after).toReversed()) if (!known.has(directory)) actions.addPath(directory);
  for (const [name, value2] of Object.entries(after)) {
    if (name !== "PATH" && value2 !== void 0 && value2 !== before[name]) actions.exportVariable(name, value2);
  }
}
function directories({ PATH: path4 = "" }) {
  return path4.split(delimiter4).filter((directory) => directory !== "");
}

export {
  Failure,
  ProgramMissing,
  missingOnMachine,
  isLack,
  cancelled,
  errorCode,
  asFailure,
  createHash,
  randomBytes,
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
  ownValue,
  definedOnly,
  notStarted,
  endGroupOn,
  signalGroup,
  inParallel,
  require_constants,
  require_debug,
  require_re,
  require_parse_options,
  require_identifiers,
  require_semver,
  require_parse,
  require_compare,
  require_lt,
  require_gte,
  runAction,
  printPlatform,
  isAddress,
  isUnsupported,
  hexOf,
  printBytes,
  BACKENDS,
  LAST_RESORT,
  Secret,
  findInputFile,
  masksOf,
  findEngine,
  prepareJob
};
