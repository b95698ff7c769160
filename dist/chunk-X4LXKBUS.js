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
    var MAX_LENGTH4 = 256;
    var MAX_SAFE_INTEGER = Number.MAX_SAFE_INTEGER || /* istanbul ignore next */
    9007199254740991;
    var MAX_SAFE_COMPONENT_LENGTH = 16;
    var MAX_SAFE_BUILD_LENGTH = MAX_LENGTH4 - 6;
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
      MAX_LENGTH: MAX_LENGTH4,
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
      MAX_LENGTH: MAX_LENGTH4
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
      ["\\d", MAX_LENGTH4],
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
    var { MAX_LENGTH: MAX_LENGTH4, MAX_SAFE_INTEGER } = require_constants();
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
        if (version.length > MAX_LENGTH4) {
          throw new TypeError(
            `version is longer than ${MAX_LENGTH4} characters`
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
    var parse3 = (version, options, throwErrors = false) => {
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
    module.exports = parse3;
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
    var lt4 = (a, b, loose) => compare(a, b, loose) < 0;
    module.exports = lt4;
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

// src/values.ts
function nonEmpty(list3) {
  const [first, ...rest] = list3;
  return first === void 0 ? void 0 : [first, ...rest];
}
function ownValue(table2, key) {
  return Object.hasOwn(table2, key) ? table2[key] : void 0;
}
function definedOnly(table2) {
  return Object.fromEntries(Object.entries(table2).filter((pair2) => pair2[1] !== void 0));
}
function duplicates(items2) {
  return [...new Set(items2.filter((item, index) => items2.indexOf(item) !== index))];
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
    throw invalid(text2, "it must be os/architecture or os/architecture/variant");
  }
  const [first = "", second, variant] = parts;
  if (second === void 0) {
    if (SYSTEMS.has(first)) throw invalid(text2, "the architecture is missing");
    return checked(text2, normalizePlatform({ os: "linux", architecture: first }));
  }
  if (SYSTEMS.has(second) && !SYSTEMS.has(first)) {
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
function platformSlug(platform) {
  return printPlatform(platform).replaceAll("/", "-");
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
  if (!SYSTEMS.has(platform.os)) throw invalid(text2, `"${platform.os}" is no operating system`);
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

// late:crypto
var createHash = (...args) => process.getBuiltinModule("node:crypto").createHash(...args);
var createHmac = (...args) => process.getBuiltinModule("node:crypto").createHmac(...args);
var randomBytes = (...args) => process.getBuiltinModule("node:crypto").randomBytes(...args);
var randomUUID = (...args) => process.getBuiltinModule("node:crypto").randomUUID(...args);
var timingSafeEqual = (...args) => process.getBuiltinModule("node:crypto").timingSafeEqual(...args);

// src/oci/digest.ts
var DIGEST = /^sha256:[0-9a-f]{64}$/;
function isDigest(text2) {
  return DIGEST.test(text2);
}
function digestOf(content) {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
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
function printReference(reference2) {
  const { tag, digest } = reference2;
  return `${printRepository(reference2)}${tag === void 0 ? "" : `:${tag}`}${digest === void 0 ? "" : `@${digest}`}`;
}
function printRepository({ domain, path: path4 }) {
  return `${domain}/${path4}`;
}
function printFamiliar(reference2) {
  const full = printReference(reference2);
  if (reference2.domain !== DOCKER_HUB) return full;
  const { path: path4 } = reference2;
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
  const distinct2 = [];
  for (const reference2 of references2) {
    if (!distinct2.some((known) => sameRepository(known, reference2))) distinct2.push(repositoryOf(reference2));
  }
  return distinct2;
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

// src/text/byte-size.ts
var UNITS_OF_1024 = ["b", "k", "m", "g", "t"];
var UNITS = ["B", "kB", "MB", "GB", "TB"];
function parseBytes(text2) {
  const [, digits, unit = ""] = /^(\d{1,15})([bkmgt]?)b?$/i.exec(text2) ?? [];
  const bytes = Number(digits) * 1024 ** Math.max(0, UNITS_OF_1024.indexOf(unit.toLowerCase()));
  return Number.isSafeInteger(bytes) ? bytes : void 0;
}
function printBytes(count2) {
  const power = Math.min(Math.floor(Math.log10(Math.max(count2, 1)) / 3), UNITS.length - 1);
  return `${(count2 / 1e3 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}

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
  const delimiter4 = `ghadelimiter_${randomUUID()}`;
  const convertedValue = toCommandValue(value2);
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
  function adopt(value2) {
    return value2 instanceof P ? value2 : new P(function(resolve9) {
      resolve9(value2);
    });
  }
  return new (P || (P = Promise))(function(resolve9, reject) {
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
      result.done ? resolve9(result.value) : adopt(result.value).then(fulfilled, rejected);
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
        const { header: header2, data, colspan, rowspan } = cell;
        const tag = header2 ? "th" : "td";
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
    return value2 instanceof P ? value2 : new P(function(resolve9) {
      resolve9(value2);
    });
  }
  return new (P || (P = Promise))(function(resolve9, reject) {
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
      result.done ? resolve9(result.value) : adopt(result.value).then(fulfilled, rejected);
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
    return value2 instanceof P ? value2 : new P(function(resolve9) {
      resolve9(value2);
    });
  }
  return new (P || (P = Promise))(function(resolve9, reject) {
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
      result.done ? resolve9(result.value) : adopt(result.value).then(fulfilled, rejected);
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

// src/machine/processes.ts
import { once } from "node:events";
import { constants as constants3 } from "node:os";
import { delimiter as delimiter3, join as join3 } from "node:path";
var TAIL_LINES = 400;
var KILL_AFTER_MS = 5e3;
var DRAIN_MS = 5e3;
function realProcesses(env2, signal) {
  return {
    async which(tool, path4) {
      if (path4 === void 0 || path4 === env2["PATH"]) return await which(tool) || void 0;
      for (const directory of path4.split(delimiter3)) {
        const found = directory === "" ? "" : await which(join3(directory, tool));
        if (found !== "") return found;
      }
      return void 0;
    },
    // @actions/exec crashes this process when a program ends without reading its input.
    ask: (invocation) => invocation.stdin === void 0 ? ask(invocation, env2) : capture(invocation, env2, new AbortController().signal),
    async capture(invocation) {
      const answer2 = await capture(invocation, env2, eitherOf(signal, invocation));
      if (signal.aborted) throw cancelled(signal, `${invocation.tool} was stopped`);
      return answer2;
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
      return { ...await run(invocation, env2, eitherOf(signal, invocation), { stdout: keep, stderr: keep }), tail };
    }
  };
}
function eitherOf(signal, { signal: own }) {
  return own === void 0 ? signal : AbortSignal.any([signal, own]);
}
var LONGEST_ANSWER = 16 << 20;
async function capture(invocation, env2, signal) {
  const answer2 = { stdout: "", stderr: "" };
  const full = new AbortController();
  const readerOf = (stream) => async (output) => {
    for await (const text2 of output) {
      if (full.signal.aborted) continue;
      answer2[stream] += text2;
      if (answer2[stream].length > LONGEST_ANSWER) full.abort();
    }
  };
  const readers = { stdout: readerOf("stdout"), stderr: readerOf("stderr") };
  const killAfter = invocation.signal === void 0 ? KILL_AFTER_MS : 0;
  const either = AbortSignal.any([signal, full.signal]);
  const { code: code2, signal: killedBy } = await run(invocation, env2, either, readers, killAfter);
  if (full.signal.aborted) throw endless(invocation.tool);
  return { ...answer2, code: code2 ?? statusOf(killedBy) };
}
function endless(tool) {
  return new Failure("tool", `${tool} answered more than ${LONGEST_ANSWER} characters and was stopped`, {
    code: "TooLarge",
    hint: `See what ${tool} prints on this machine; a wrapper on PATH may take its place.`
  });
}
async function ask({ tool, args, cwd, env: env2 }, ambient) {
  const { getExecOutput } = await import("./exec-32DKLWZK.js");
  const { exitCode, stdout, stderr } = await getExecOutput(`"${tool}"`, [...args], {
    silent: true,
    ignoreReturnCode: true,
    env: definedOnly(env2 ?? ambient),
    ...cwd === void 0 ? {} : { cwd }
  });
  return { code: exitCode, stdout, stderr };
}
async function run(invocation, env2, signal, readers, killAfter = KILL_AFTER_MS) {
  const { tool, args, stdin, cwd } = invocation;
  const { spawn } = await import("node:child_process");
  if (signal.aborted) throw cancelled(signal, `${tool} was not started`);
  const child = spawn(tool, [...args], {
    detached: true,
    env: definedOnly(invocation.env ?? env2),
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
async function* linesOf(output) {
  let rest = "";
  for await (const text2 of output) {
    const [first = "", ...lines2] = text2.split("\n");
    rest = shorten(rest + first);
    for (const line of lines2) {
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
  const lines2 = text2.includes("::") ? text2.split(LINE_END).map(breakColons).join("") : text2;
  return breakBrackets(lines2);
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
    let filled2 = 0;
    while (filled2 < length) {
      const { bytesRead } = await handle.read(buffer, filled2, length - filled2, start + filled2);
      if (bytesRead === 0) break;
      filled2 += bytesRead;
    }
    return buffer.subarray(0, filled2);
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
      await new Promise((resolve9) => {
        letGo = resolve9;
        sent.write(piece, (error2) => {
          if (error2) over = true;
          resolve9();
        });
      });
      if (over || sent.destroyed) return;
    }
    if (left > 0) throw new Error("the body is shorter than its content-length");
    sent.end();
  }
  return new Promise((resolve9, reject) => {
    function stop() {
      letGo();
      if (left === 0) return;
      over = true;
      resolve9();
      if (body instanceof Readable) body.destroy();
    }
    sent.once("close", stop);
    sent.once("response", (response) => {
      if (left !== 0) response.once("close", () => sent.destroy());
      stop();
    });
    send().then(resolve9, (error2) => {
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
function certificateDirectories(env2) {
  const home = env2["HOME"];
  const own = home === void 0 ? [] : [join6(home, ".config/docker/certs.d"), join6(home, ".config/containers/certs.d")];
  return ["/etc/docker/certs.d", "/etc/containers/certs.d", ...own];
}
async function registryRoots(env2, host) {
  const roots = [];
  for (const directory of certificateDirectories(env2)) {
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
async function openTransport(protocol, env2) {
  const options = { keepAlive: true, proxyEnv: { ...env2 } };
  if (protocol === "https:") {
    const https = process.getBuiltinModule("node:https");
    return { agent: new https.Agent(options), request: https.request };
  }
  const http = process.getBuiltinModule("node:http");
  return { agent: new http.Agent(options), request: http.request };
}
async function gatherRoots(env2, host, trustMachine) {
  const own = await registryRoots(env2, host);
  if (own.length === 0 && !trustMachine) return void 0;
  const { getCACertificates } = await import("node:tls");
  return [...getCACertificates("default"), ...own, ...trustMachine ? getCACertificates("system") : []];
}
function headersOf({ headers, body }) {
  if (body === void 0 || isStreamed(body)) return { ...headers };
  return { ...headers, "content-length": String(Buffer.byteLength(body)) };
}
function exchange(sent, { body, url }) {
  return new Promise((resolve9, reject) => {
    let answer2;
    sent.on("error", reject);
    sent.on("timeout", () => (answer2 ?? sent).destroy(timedOut(url)));
    const sending = isStreamed(body) ? sendPieces(body, sent) : Promise.resolve();
    sending.catch(reject);
    sent.on("response", (response) => {
      answer2 = response;
      const given = { status: response.statusCode ?? 0, headers: flatten(response), body: response };
      sending.then(() => resolve9(given), reject);
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
function errorFrom({ message, stack, code: code2, failure }) {
  const original = Object.assign(new Error(message), { stack, code: code2 });
  if (failure === void 0) return original;
  const { class: failureClass, ...details } = failure;
  return new Failure(failureClass, message, { ...details, ...code2 === void 0 ? {} : { code: code2 }, cause: original });
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
var FILES_AT_ONCE = 64;
async function mapFiles(items2, work) {
  const results = [];
  for (let start = 0; start < items2.length; start += FILES_AT_ONCE) {
    results.push(...await Promise.all(items2.slice(start, start + FILES_AT_ONCE).map(work)));
  }
  return results;
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
      const answer2 = await ask2(thread, job);
      idle.push(thread);
      return answer2;
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
      const answer2 = await inTurn(() => perform(job)).catch((error2) => {
        throw signal.aborted ? stopped(signal, error2) : error2;
      });
      if ("error" in answer2) throw errorFrom(answer2.error);
      return answer2.result;
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
  return new Promise((resolve9, reject) => {
    const onExit = () => reject(ended());
    thread.ref();
    thread.once("error", reject).once("exit", onExit);
    thread.once("message", (answer2) => {
      thread.off("error", reject).off("exit", onExit);
      thread.unref();
      resolve9(answer2);
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
  const env2 = Object.assign(/* @__PURE__ */ Object.create(null), process.env);
  const cancellation = new AbortController();
  const cancel = (signal) => cancellation.abort(signal);
  let timer;
  const startTimer = (left, reason) => {
    const wait = Math.min(left, LONGEST_TIMER);
    timer = setTimeout(() => wait < left ? startTimer(left - wait, reason) : cancellation.abort(reason), wait);
  };
  process.on("SIGINT", cancel);
  process.on("SIGTERM", cancel);
  const files = realFiles(env2["RUNNER_TEMP"] || tmpdir2(), cancellation.signal);
  const http = realHttp({ env: env2, signal: cancellation.signal });
  const workers = realWorkers(availableParallelism(), cancellation.signal);
  return {
    env: env2,
    workspace: resolve(env2["GITHUB_WORKSPACE"] || "."),
    architecture: process.arch,
    files,
    http,
    processes: realProcesses(ofChildren(env2), cancellation.signal),
    workers,
    async *filter(invocation, input) {
      const { filter } = await import("./filter-FOGXY4EQ.js");
      yield* filter(invocation, input, ofChildren(env2), cancellation.signal);
    },
    system: async () => (await import("./system-6MIZIFRE.js")).realSystem(),
    toolCache: async () => (await import("./tool-cache-TA4FMPWK.js")).realToolCache(env2),
    actions: realActions(Boolean(env2["GITHUB_STEP_SUMMARY"])),
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
function ofChildren(env2) {
  return Object.fromEntries(Object.entries(env2).filter(([name]) => !isOfAction(name)));
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
  const lines2 = last.filter((line) => !message.includes(line)).map((line) => `  ${line}`);
  const room = MOST_CHARACTERS - message.length - (hint[0]?.length ?? 0);
  return [`[${failure.class}] ${message}`, ...lastThatFit(lines2, room), ...hint].join("\n");
}
function cut(text2, most) {
  return text2.length > most ? `${text2.slice(0, most)}\u2026` : text2;
}
function lastThatFit(lines2, room) {
  const fitting = [];
  let used = 0;
  for (const line of lines2.toReversed()) {
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

// src/backends/backend.ts
function unsupported(reason) {
  return { unsupported: reason };
}
function isAddress(builder) {
  return builder?.includes("://") === true;
}
function isUnsupported(answer2) {
  return "unsupported" in answer2;
}

// src/backends/buildah-delivery.ts
import { basename as basename3 } from "node:path";

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
function annotationAttributes(annotations2) {
  const attributes = Object.entries(annotations2).flatMap(
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
  compression: (compression2) => ({ attributes: compressionAttributes(compression2) }),
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
function isForOci(key, text2) {
  return key.startsWith("annotation") || key.startsWith("oci-") && `${key}=${text2}` !== "oci-mediatypes=false";
}
function withAttributes(exporter, attributes) {
  const fitting = Object.entries(attributes).filter(
    ([key, text2]) => exporter.type !== "docker" || !isForOci(key, text2)
  );
  return { ...exporter, attributes: { ...exporter.attributes, ...Object.fromEntries(fitting) } };
}
function joinNames(references2) {
  return references2.map(printReference).join(",");
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
function saveFromService(image2, { features: { platforms: platforms2, compression: compression2, format: mediaTypes } }, evidence) {
  if ((platforms2 ?? []).length > 1) return unsupported("podman's remote client takes one platform at a time over");
  if (compression2 !== void 0 && (compression2.format !== "gzip" || compression2.level !== void 0)) {
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
  silent: (answer2, { builder }) => builder === void 0 || answer2?.code === 0 ? void 0 : [`the podman service at ${builder}`]
};

// src/backends/buildah-delivery.ts
function nameOf({ references: references2 }) {
  return references2[0].tag ?? "latest";
}
function partsOf({ features: { platforms: platforms2 }, kept }) {
  if (platforms2 === void 0 || platforms2.length < 2) return void 0;
  return nonEmpty(
    platforms2.map((platform) => {
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
    const build2 = (title, iidfile, more) => ({
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
        return { command: build2(`${tool} build ${printed}`, iidfile, ["--platform", printed]), evidence: [] };
      };
      return [member(first), ...others.map(member)];
    }
    const names = wants(plan, "load") ? namesOf(plan).flatMap((name) => ["--tag", name]) : [];
    return [
      {
        command: build2(`${tool} build`, idFile(plan), names),
        evidence: [{ kind: "digest", path: idFile(plan), means: "config" }]
      }
    ];
  };
}
function namesOf({ references: references2 }) {
  return references2.map(printReference);
}
function run2(tool, title, args) {
  return { kind: "run", command: { title: `${tool} ${title}`, tool, args } };
}
function exportFlags({ features: { compression: compression2 } }) {
  const { format = "gzip", level } = compression2 ?? {};
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
function withoutColon(deliver2) {
  return (delivery, plan, engine) => delivery.path.includes(":") ? unsupported(`podman and buildah read ${delivery.path} only up to its colon`) : deliver2(delivery, plan, engine);
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
    const named2 = caches.map((cache) => ({ cache, ref: /^(?:type=registry,ref=)?([^=,]+)(?:,|$)/.exec(cache)?.[1] }));
    const others = named2.flatMap(({ cache, ref }) => ref === void 0 ? [cache] : []);
    if (others.length > 0) return unsupported(`${OWN_CACHE}, and take no ${others.join(" ")}`);
    return { flags: named2.flatMap(({ ref = "" }) => [flag, printRepository(parseReference(ref))]) };
  };
}
function cacheFlags(cache) {
  if (cache.kind !== "registry") return unsupported(OWN_CACHE);
  const repository = printRepository(cache.repository);
  const from = ["--cache-from", repository];
  return cache.write ? { flags: [...from, "--cache-to", repository], mayFail: LOST } : { flags: from };
}
function annotationFlags(annotations2) {
  const keys = Object.entries(annotations2).flatMap(
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
  return parts.reduce((sum2, [, digits, unit = ""]) => sum2 + Number(digits) * (UNITS2[unit] ?? 0), 0);
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
  for (const twice of duplicates(nodes.flatMap(({ platforms: platforms2 }) => platforms2.map(printPlatform)))) {
    problems.push(`${twice} is given to two nodes`);
  }
  const all = nonEmpty(nodes);
  if (problems.length > 0 || all === void 0) throw new Failure("input", problems.join("; "));
  return all;
}
var KUBERNETES = "kubernetes://";
function readNode(line) {
  const [address = "", ...words] = line.split(/\s+/);
  const platforms2 = words.flatMap((word) => word.split(",")).filter((word) => word !== "").map(parsePlatform);
  if (address.startsWith(KUBERNETES)) return { driver: "kubernetes", ...readDeployment(address), platforms: platforms2 };
  if (!/^[a-z][a-z0-9+.-]*:\/\/./.test(address)) throw new Error(`"${address}" is no address`);
  return { driver: "remote", endpoint: address, options: {}, platforms: platforms2 };
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
function silentNodes(answer2, { nodes = [] }) {
  if (answer2 === void 0 || answer2.code !== 0) return void 0;
  return readInspect(answer2.stdout).nodes.filter(isDead).map((node) => {
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
  platforms: (platforms2) => ({ flags: ["--platform", platforms2.map(printPlatform).join(",")] }),
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
function buildxVersion(answer2) {
  return /buildx\s+v?(\S+)/.exec(answer2?.stdout ?? "")?.[1];
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
    nodes: nodes.map(({ name: node, address, platforms: platforms2 }) => ({ name: node, address, platforms: platforms2 })),
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
function missingBuildx(answer2) {
  return new ProgramMissing("docker-buildx", {
    message: "docker has no buildx plugin; the legacy builder cannot build this image",
    lines: answer2 === void 0 ? [] : lastLines(answer2),
    hint: "Let the action install it (input install), install the docker-buildx-plugin package, or use the backend podman, buildah or buildctl."
  });
}
function lastLines({ stdout, stderr }) {
  return `${stdout}
${stderr}`.split("\n").map((line) => line.trimEnd()).filter((line) => line !== "").slice(-5);
}
function byOneNode(deliver2) {
  return (delivery, plan, { nodes = [] }) => nodes.length > 1 && (plan.features.platforms ?? []).length > 1 ? unsupported("several nodes of a builder write no file together; push, and take it from the registry") : deliver2(delivery, plan);
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
  const lines2 = quoted.split(/(?:\\[rn])+/).map((line) => line.replaceAll('\\"', '"').trim());
  return lines2.findLast((line) => line !== "");
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
  platforms: (platforms2) => option("platform", platforms2.map(printPlatform).join(",")),
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
function silentDaemon(answer2, { builder }) {
  return answer2?.code === 0 ? [] : [`the buildkitd at ${builder ?? "buildctl's default address"}`];
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
function readEngine3([answer2]) {
  const parsed2 = answer2?.code === 0 ? parseJson(answer2.stdout) : void 0;
  const info3 = typeof parsed2 === "object" && parsed2 !== null ? parsed2 : {};
  if (info3.version === void 0) {
    throw new Failure("engine", "buildah does not work here", {
      lines: answer2 === void 0 ? [] : lastLines(answer2),
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
function parseInfo(answer2) {
  try {
    const parsed2 = JSON.parse(answer2?.stdout ?? "");
    return typeof parsed2 === "object" && parsed2 !== null ? parsed2 : {};
  } catch {
    return {};
  }
}
function storeOf(info3) {
  const status = info3.DriverStatus ?? [];
  return status.some((pair2) => pair2.join(" ").includes("io.containerd.snapshotter.v1")) ? "containerd" : "classic";
}
var REWRITES_SINCE = "29.1.0";
var CLASSIC_NOTE = "This docker daemon keeps images in its classic store, which makes layers of its own: what it builds has another digest than that of other backends. The containerd image store or the backend buildx gives the same digest everywhere.";
function readEngine4([answer2]) {
  const info3 = parseInfo(answer2);
  if (info3.host !== void 0) {
    throw new Failure("tool", "the program docker on this machine is podman", {
      hint: "Use the backend podman; it is the same engine without the disguise."
    });
  }
  if (info3.ServerVersion === void 0 || info3.ServerVersion === "") {
    throw new Failure("engine", "the docker daemon cannot be reached", {
      lines: info3.ServerErrors ?? (answer2 === void 0 ? [] : lastLines(answer2)),
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
function onContainerd(deliver2) {
  return (delivery, plan, engine) => engine.store === "classic" ? unsupported(CLASSIC_LIMIT) : deliver2(delivery, plan);
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
    platforms: (platforms2, engine) => engine.store === "classic" && platforms2.length > 1 ? unsupported(CLASSIC_LIMIT) : buildxFeatures.platforms(platforms2),
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
  platforms: (platforms2) => ({ flags: ["--platform", platforms2.map(printPlatform).join(",")] }),
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
    ...isNamed ? kept.flatMap((reference2) => ["--tag", printReference(reference2)]) : [],
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
  const silent = workers.every(({ code: code2 }) => code2 !== 0);
  if (silent) throw unreachable(`nerdctl cannot reach ${daemonAt(builder)}`, workers);
  const [first, namespaced] = workers;
  const address = builder ?? (first?.code === 0 ? void 0 : NAMESPACED);
  const answer2 = first?.code === 0 ? first : namespaced;
  const found = /"Client":\s*\{\s*"Version":\s*"v?([^"]+)"/.exec(version.stdout)?.[1];
  return {
    versions: versionsOf({ nerdctl: found }),
    ...nativePlatform(parseJson(answer2?.stdout ?? "")),
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
function readInfo(answer2) {
  const parsed2 = answer2?.code === 0 ? parseJson(answer2.stdout) : void 0;
  return typeof parsed2 === "object" && parsed2 !== null ? parsed2 : {};
}
function readEngine6([answer2, client]) {
  const info3 = readInfo(answer2);
  if (info3.host === void 0) {
    throw new Failure("engine", "podman does not work here", {
      lines: answer2 === void 0 ? [] : lastLines(answer2),
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

// src/commands/attestations.ts
function attestationsOf({ attests, provenance, sbom }) {
  const all = { provenance, sbom, ...attests };
  return {
    ...all.provenance === void 0 ? {} : { provenance: all.provenance || "mode=min" },
    ...all.sbom === void 0 ? {} : { sbom: all.sbom }
  };
}
function withBuilderId(inputs, env2) {
  const { provenance, ...others } = attestationsOf(inputs);
  const run3 = addressOfRun(env2);
  if (provenance === void 0 || run3 === void 0 || /(?:^|,)builder-id=/.test(provenance)) return inputs;
  return { ...inputs, attests: { ...others, provenance: `${provenance},builder-id=${run3}` } };
}
function addressOfRun(env2) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run3 } = env2;
  if (!server || !repository || !run3) return void 0;
  return `${server}/${repository}/actions/runs/${run3}/attempts/${env2["GITHUB_RUN_ATTEMPT"] ?? "1"}`;
}

// src/inputs/lists.ts
function splitList(text2, separators, readQuoted) {
  return (NEEDS_READER.test(text2) ? readQuoted(text2) : readPlain(text2)).flatMap((record) => separators.commas ? record : [record.join(",")]).map((item) => item.trim()).filter((item) => item !== "");
}
var NEEDS_READER = /["\r]/;
function readPlain(text2) {
  const lines2 = text2.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines2.map((line) => line.split(","));
}
async function openQuotedReader(texts) {
  if (!texts.some((text2) => NEEDS_READER.test(text2))) return readPlain;
  const { parse: parse3 } = await import("./sync-SXZEY4EA.js");
  return (text2) => parse3(text2, {
    columns: false,
    relax_quotes: true,
    comment: "#",
    comment_no_infix: true,
    relax_column_count: true,
    skip_empty_lines: true
  });
}
function splitLines(text2) {
  return text2.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
}

// src/inputs/decoder.ts
function decoder(example, decode) {
  return { example, decode };
}
function text(example) {
  return decoder(example, (raw) => raw.trim() || void 0);
}
function parsed(example, parse3) {
  return decoder(example, parse3);
}
function required(example) {
  return decoder(example, (raw) => {
    if (raw.trim() === "") throw new Error("it is required");
    return raw.trim();
  });
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
function lines(example) {
  return decoder(example, (raw, readQuoted) => splitList(raw, { commas: false }, readQuoted));
}
function argv(example) {
  return decoder(example, splitLines);
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
    refuse(problems);
    return Object.fromEntries(found);
  });
}
function secretText(example) {
  return decoder(example, (raw) => raw.trim() === "" ? void 0 : new Secret(raw.trim()));
}
var SHORTEST_KEY = 32;
function secretKey(example) {
  return decoder(example, (raw) => {
    const key = raw.trim();
    if (key !== "" && key.length < SHORTEST_KEY) {
      throw new Error(`the key is shorter than ${SHORTEST_KEY} characters; \`openssl rand -hex 32\` makes one`);
    }
    return key === "" ? void 0 : new Secret(key);
  });
}
function secretPairs(example) {
  return decoder(example, (raw, readQuoted) => {
    const problems = [];
    const found = /* @__PURE__ */ new Map();
    for (const [index, line] of splitList(raw, { commas: false }, readQuoted).entries()) {
      const at2 = line.indexOf("=");
      if (at2 < 1) problems.push(`item ${index + 1} is not id=value`);
      else found.set(line.slice(0, at2).trim(), new Secret(line.slice(at2 + 1)));
    }
    refuse(problems);
    return Object.fromEntries(found);
  });
}
function secretVariables(example) {
  return each2(example, (item) => {
    const [id = item, variable2 = id, ...rest] = item.split("=").map((part) => part.trim());
    if (rest.length > 0 || variable2 === "") throw new Error(`"${item}" is neither VARIABLE nor id=VARIABLE`);
    return { id, variable: variable2 };
  });
}
function each2(example, parse3) {
  return decoder(example, (raw, readQuoted) => {
    const problems = [];
    const found = [];
    for (const item of splitList(raw, { commas: true }, readQuoted)) {
      try {
        found.push(parse3(item));
      } catch (error2) {
        problems.push(error2 instanceof Error ? error2.message : String(error2));
      }
    }
    refuse(problems);
    return found;
  });
}
function references(example) {
  return each2(example, (item) => {
    const reference2 = parseReference(item);
    if (reference2.digest !== void 0) throw new Error(`"${item}" has a digest; give a tag instead`);
    return reference2.tag === void 0 ? { ...reference2, tag: "latest" } : reference2;
  });
}
function platforms(example) {
  return each2(example, parsePlatform);
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
function byteSize(example) {
  return decoder(example, (raw) => {
    const word = raw.trim();
    if (word === "") return void 0;
    const bytes = parseBytes(word);
    if (bytes === void 0) throw new Error(`"${word}" is not a size`);
    return bytes;
  });
}
function epoch(example) {
  const seconds = wholeNumber(example, 0);
  return decoder(example, (raw, readQuoted) => raw.trim() === "bento" ? "bento" : seconds.decode(raw, readQuoted));
}
var HIGHEST_LEVEL = { gzip: 9, zstd: 22, none: 0 };
function repositoryOrOff(example) {
  return decoder(example, (raw) => {
    const name = raw.trim();
    if (name === "" || name === "off") return name || void 0;
    const { tag, digest, ...repository } = parseReference(name);
    if (tag !== void 0 || digest !== void 0)
      throw new Error(`"${name}" has a tag or digest; give the repository alone`);
    return repository;
  });
}
function compression(example) {
  return decoder(example, (raw) => {
    const found = /^(auto|gzip|zstd|none)?(?::(\d{1,2}))?$/.exec(raw.trim());
    if (found === null)
      throw new Error(`"${raw.trim()}" is none of auto, gzip, zstd, none, or one of them with :level`);
    const [, word, digits] = found;
    const format = word === "zstd" || word === "none" ? word : "gzip";
    if (word === void 0 || word === "auto") return { format, auto: true, ...levelOf(digits, format) };
    return { format, ...levelOf(digits, format) };
  });
}
function levelOf(digits, format) {
  if (digits === void 0) return {};
  const level = Number(digits);
  if (level > HIGHEST_LEVEL[format]) throw new Error(`${format} has no level ${level}`);
  return { level };
}
var OUTPUT_PREFIXES = {
  oci: "layout",
  "oci-archive": "oci-archive",
  "docker-archive": "docker-archive"
};
function outputs(example) {
  return each2(example, (item) => {
    const [, prefix, rest = ""] = /^([a-z-]+):(.*)$/s.exec(item) ?? [];
    if (prefix === void 0) return { kind: item.endsWith(".tar") ? "oci-archive" : "layout", path: item };
    const kind = ownValue(OUTPUT_PREFIXES, prefix);
    if (kind === void 0) throw new Error(`"${prefix}:" is none of ${Object.keys(OUTPUT_PREFIXES).join(":, ")}:`);
    if (rest === "") throw new Error(`"${item}" has no path`);
    return { kind, path: rest };
  });
}
function refuse(problems) {
  if (problems.length > 0) throw new Failure("input", problems.join("; "));
}

// src/inputs/attestations.ts
function attestation(example) {
  return { example, decode: (raw) => readAttributes(raw.trim()) };
}
function readAttributes(text2) {
  if (/^(?:false|)$/i.test(text2)) return void 0;
  if (/^true$/i.test(text2)) return "";
  const invalid4 = text2.split(",").filter((item) => !/^[\w-]+=./.test(item));
  if (invalid4.length > 0) throw new Error(`"${invalid4.join(",")}" is neither true, false nor key=value`);
  return text2;
}
var TYPES = ["provenance", "sbom"];
function attestations(example) {
  return {
    example,
    decode(raw, readQuoted) {
      const found = {};
      for (const line of splitList(raw, { commas: false }, readQuoted)) {
        const [first = "", ...others] = line.split(",");
        const type = TYPES.find((name) => first === `type=${name}`);
        if (type === void 0) throw new Error(`"${line}" does not begin with type=${TYPES.join(" or type=")}`);
        if (type in found) throw new Error(`type=${type} is given twice`);
        if (!others.includes("disabled=true")) found[type] = readAttributes(others.join(",")) ?? "";
      }
      return found;
    }
  };
}
function annotations(example) {
  const plain = pairs2(example);
  return {
    example,
    decode(raw, readQuoted) {
      const found = /* @__PURE__ */ new Map();
      for (const [levelsAndName, text2] of Object.entries(plain.decode(raw, readQuoted))) {
        for (const key of readAnnotation(levelsAndName).map(printKey)) {
          if (found.has(key)) throw new Error(`"${key}" is given twice`);
          found.set(key, text2);
        }
      }
      return Object.fromEntries(found);
    }
  };
}
function printKey({ level = "manifest", platform, name }) {
  const where = platform === void 0 ? level : `${level}[${platform}]`;
  return where === "manifest" ? name : `${where}:${name}`;
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
  refuse2(problems);
  return requests;
}
function parseChecksums(text2) {
  const problems = [];
  const found = /* @__PURE__ */ new Map();
  const lines2 = text2.split("\n").map((line) => line.trim());
  for (const line of lines2.filter((one) => one !== "" && !one.startsWith("#"))) {
    const [, sum2 = "", asset = ""] = /^([0-9a-fA-F]{64})\s+\*?(?:\.\/)?([^\s/]+)$/.exec(line) ?? [];
    const sha256 = sum2.toLowerCase();
    if (asset === "") problems.push(`"${line}" is not a SHA-256 checksum and a file name`);
    else if ((found.get(asset) ?? sha256) !== sha256)
      problems.push(`${asset} is given twice, with different checksums`);
    else found.set(asset, sha256);
  }
  refuse2(problems);
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

// src/inputs/schema.ts
var schema = {
  bento: required("./dist/iris.bento"),
  "bentoml-home": text("./bentoml"),
  dockerfile: text("generated"),
  ...engineSchema,
  tags: references("ghcr.io/acme/iris:1.4.0"),
  platforms: platforms("linux/amd64"),
  labels: pairs2("org.opencontainers.image.vendor=Acme"),
  annotations: annotations("org.opencontainers.image.description=Iris"),
  provenance: attestation("mode=max"),
  sbom: attestation("true"),
  attests: attestations("type=provenance,mode=max"),
  "build-args": pairs2("PIP_INDEX_URL=https://pypi.example.com/simple"),
  target: text("environment"),
  format: oneOf("oci", "docker"),
  compression: compression("zstd:3"),
  "source-date-epoch": epoch("1700000000"),
  assembly: oneOf("auto", "direct", "backend"),
  "environment-cache": repositoryOrOff("ghcr.io/acme/iris-environments"),
  "cache-key": secretKey("${{ secrets.CACHE_KEY }}"),
  "verify-models": toggle2(),
  "if-exists": oneOf("build", "skip"),
  "model-artifact": toggle2(),
  push: toggle2(),
  "push-by-digest": toggle2(),
  "digest-file": text("./digests"),
  load: toggle2(),
  output: outputs("oci:./image"),
  cache: oneOf("auto", "off", "registry", "gha", "local", "inline"),
  "cache-from": lines("type=registry,ref=ghcr.io/acme/iris:cache"),
  "cache-to": lines("type=registry,ref=ghcr.io/acme/iris:cache,mode=max"),
  "no-cache": toggle2(),
  "no-cache-filters": items("environment"),
  pull: toggle2(),
  secrets: secretPairs("HF_TOKEN=${{ secrets.HF_TOKEN }}"),
  "secret-envs": secretVariables("HF_TOKEN"),
  "secret-files": pairs2("netrc=/home/me/.netrc"),
  ssh: lines("default"),
  "registry-auth-file": text("/run/user/1000/auth.json"),
  "add-hosts": items("pypi.internal:10.0.0.7"),
  allow: items("network.host"),
  "build-contexts": pairs2("extras=./extras"),
  "cgroup-parent": text("/ci"),
  network: text("host"),
  "shm-size": text("128m"),
  ulimit: items("nofile=1024:2048"),
  "extra-args": argv("--debug"),
  timeout: wholeNumber("60", 1),
  "dry-run": toggle2(),
  summary: toggle2()
};
var RENAMED = { "bento-tag": "bento", "oci-backend": "backend" };
function isPushed({ push, pushByDigest: pushByDigest2 }) {
  return push === true || pushByDigest2 === true;
}

// src/assembly/choice.ts
function chooseAssembly(inputs, recipe) {
  const requestedBy = inputs.modelArtifact === true ? "model-artifact" : "assembly: direct";
  if (inputs.assembly === "backend") return { kind: "backend", because: "assembly: backend" };
  const obstacles = obstaclesOf(inputs, recipe);
  if (obstacles.length === 0 && recipe !== void 0) return { kind: "direct", recipe };
  const because = obstacles.join(" \xB7 ");
  if (mustBeDirect(inputs)) {
    throw new Failure("input", `${requestedBy} is not possible here: ${because}`, {
      code: "Unsupported",
      lines: obstacles,
      hint: "Remove this input. The backend then builds the whole image when direct assembly is not possible."
    });
  }
  return { kind: "backend", because };
}
function mustBeDirect(inputs) {
  return inputs.assembly === "direct" || inputs.modelArtifact === true;
}
function obstaclesOf(inputs, recipe) {
  const layoutOnly = inputs.output.every(({ kind }) => kind === "layout");
  const given = [
    [recipe === void 0, "the Dockerfile is not generated by this action"],
    [
      recipe !== void 0 && recipe.afterPayload.length > 0,
      "the Bento's setup_script runs after its files are copied"
    ],
    [inputs.target !== void 0, "target stops at a stage of the Dockerfile"],
    [inputs.load === true, "load needs the backend's image store"],
    [!isPushed(inputs) && inputs.output.length === 0, "the image goes into the backend's image store"],
    [!layoutOnly, "only the backend writes archives"],
    [inputs.format === "docker", "the docker format has no annotations, which identify cached layers"],
    [Object.keys(attestationsOf(inputs)).length > 0, "only a builder can create attestations"],
    [
      !Object.keys(inputs.annotations).flatMap(readAnnotation).every(isOfManifests),
      "only the backend annotates indexes, descriptors and single platforms"
    ],
    [inputs.cache === "inline", "an inline cache requires an image that the backend builds"],
    [inputs.extraArgs.length > 0, "extra-args apply to the backend's build of the whole image"],
    [Object.keys(inputs.buildContexts).length > 0, "build-contexts may replace the base image"]
  ];
  return given.flatMap(([applies, reason]) => applies ? [reason] : []);
}

// src/bento/named-directory.ts
import { join as join7 } from "node:path/posix";
async function encloseNamed(path4, { files, workspace }) {
  const directory = await files.enclosed.enclose(path4);
  const top = await files.realPath(workspace).catch(() => workspace);
  const base = [workspace, top].find((one) => path4.startsWith(`${one}/`));
  if (base === void 0) return directory;
  const real = directory.path;
  if (real === join7(top, path4.slice(base.length))) return directory;
  const containsWorkspace = top === real || top.startsWith(real === "/" ? real : `${real}/`);
  const isWorkingCopy = real.split("/").includes(".git") || await files.info(join7(real, ".git")) !== void 0;
  if (!containsWorkspace && !isWorkingCopy) return directory;
  throw new Failure(
    "bento",
    `${path4} is a link to ${real}, which is ${containsWorkspace ? "the workspace or above it" : "a Git working copy"}`,
    {
      code: "UnsafePath",
      hint: "Replace the link with the Bento or model itself. Links to other directories, such as on another disk, are allowed."
    }
  );
}

// src/bento/hub/folder-name.ts
function folderName(repository) {
  return `models--${repository.replaceAll("/", "--")}`;
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
async function checkInputDirectories({ buildContexts, digestFile }, machine) {
  const contexts = Object.values(buildContexts).filter((address) => !address.includes("://"));
  const wanted = [
    ...contexts.map((path4) => ({ input: "build-contexts", path: path4, mayBeMissing: false })),
    ...digestFile === void 0 ? [] : [{ input: "digest-file", path: digestFile, mayBeMissing: true }]
  ];
  const faults = [];
  for (const { input, path: path4, mayBeMissing } of wanted) {
    const kind = await kindAt(resolve2(machine.workspace, path4), machine);
    if (kind === "directory" || kind === void 0 && mayBeMissing) continue;
    const fault = kind === void 0 ? "does not exist" : "is not a directory";
    faults.push(`${input}: ${resolve2(machine.workspace, path4)} ${fault}`);
  }
  if (faults.length > 0) throw new Failure("input", faults.join(" \xB7 "), { lines: faults });
}
async function kindAt(path4, { files }) {
  const real = await files.realPath(path4).catch(() => void 0);
  return real === void 0 || KERNEL.test(real) ? void 0 : (await files.info(real))?.kind;
}

// src/commands/gather-secrets.ts
import { join as join8 } from "node:path";

// src/secrets/masks.ts
import { isUtf8 as isUtf82 } from "node:buffer";
var SHORTEST_MASK = 6;
function masksOf(secret) {
  const bytes = secret.revealBytes();
  const lines2 = isUtf82(bytes) ? linesOf2(secret.reveal()) : [];
  const masks = lines2.length === 1 ? lines2 : [...lines2, base64Start(bytes)];
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
function isReadByTools(name) {
  return READ_BY_TOOLS.has(name.toUpperCase());
}
function isReserved(name, value2 = "") {
  const upper = name.toUpperCase();
  if (upper === "HF_ENDPOINT") return value2.includes("@");
  return RESERVED.has(upper) || PREFIXES.some((prefix) => upper.startsWith(prefix));
}

// src/commands/gather-secrets.ts
function secretVariables2(inputs, bento) {
  const named2 = inputs.secretEnvs.map(({ variable: variable2 }) => variable2).filter((name) => !isReadByTools(name));
  const asked = bento.envs.filter(({ stage, name }) => stage === "build" && !isReserved(name)).map(({ name }) => name);
  return [.../* @__PURE__ */ new Set([...named2, ...asked])];
}
var MOST_BYTES = 500 * 1024;
async function gatherSecrets(inputs, declared, directory, machine) {
  const problems = agentProblems(inputs.ssh, machine.env);
  const given = await readInputs(inputs, machine, problems);
  const ofBento = readDeclared(
    declared.filter(({ name }) => !given.has(name)),
    machine.env,
    problems
  );
  const values = new Map([...given, ...ofBento.values]);
  problems.push(...tooLarge(values));
  if (problems.length > 0) throw missing(problems);
  for (const [id, secret] of values) if (!ofBento.published.has(id)) maskSecret(id, secret, machine.actions);
  const all = [...values].map(([id, content]) => ({ id, content, path: join8(directory, id) }));
  return {
    mounts: all.map(({ id, path: path4 }) => ({ id, path: path4 })),
    files: all.map(({ path: path4, content }) => ({ path: path4, content, mode: 384 }))
  };
}
async function readInputs(inputs, machine, problems) {
  const values = new Map(Object.entries(inputs.secrets));
  for (const { id, variable: variable2 } of inputs.secretEnvs) {
    const value2 = machine.env[variable2];
    if (value2 === void 0) problems.push(`secret-envs: the variable ${variable2} is not set`);
    else values.set(id, new Secret(value2));
  }
  for (const [id, path4] of Object.entries(inputs.secretFiles)) {
    const found = await lookUpInputFile(path4, machine);
    if ("fault" in found) problems.push(`secret-files: ${found.fault}`);
    else values.set(id, new Secret(await machine.files.readHead(found.path, MOST_BYTES + 1)));
  }
  return values;
}
function readDeclared(declared, env2, problems) {
  const values = /* @__PURE__ */ new Map();
  const published = /* @__PURE__ */ new Set();
  for (const { name, declared: fallback } of declared) {
    const own = isReserved(name, env2[name]) ? void 0 : env2[name];
    const value2 = own ?? fallback;
    if (value2 === fallback) published.add(name);
    if (own === void 0 && fallback === "")
      problems.push(`the Bento needs ${name} while it is built${whyNot(name, env2)}`);
    else values.set(name, new Secret(value2));
  }
  return { values, published };
}
function whyNot(name, env2) {
  return env2[name] === void 0 || !isReserved(name, env2[name]) ? "" : `; a Bento gets this variable of the step only when it is allowed: give secret-envs: ${name}`;
}
async function declaredMounts(inputs, declared, directory) {
  return { mounts: secretIdsOf(inputs, declared).map((id) => ({ id, path: join8(directory, id) })), files: [] };
}
function secretIdsOf(inputs, declared) {
  const ids = [
    ...Object.keys(inputs.secrets),
    ...inputs.secretEnvs.map(({ id }) => id),
    ...Object.keys(inputs.secretFiles),
    ...declared.map(({ name }) => name)
  ];
  return [...new Set(ids)];
}
function agentProblems(ssh, env2) {
  const wanted = ssh.filter((line) => !line.includes("="));
  return wanted.length === 0 || env2["SSH_AUTH_SOCK"] ? [] : [`ssh: ${wanted.join(", ")} needs an agent, and SSH_AUTH_SOCK is not set`];
}
function tooLarge(values) {
  return [...values].filter(([, secret]) => secret.revealBytes().length > MOST_BYTES).map(([id]) => `the secret ${id} is larger than ${MOST_BYTES / 1024} KiB`);
}
function missing(problems) {
  const onlyAgent = problems.every((problem) => problem.startsWith("ssh:"));
  return new Failure("input", problems.join(" \xB7 "), {
    code: "SecretMissing",
    lines: problems,
    hint: onlyAgent ? "Start an agent in a step before this one, or name a key: `ssh: default=/path/to/key`." : "Give it in the step, for example `env: { HF_TOKEN: ${{ secrets.HF_TOKEN }} }`, or by the input secrets; pull requests from forks have no secrets."
  });
}
function maskSecret(id, secret, actions) {
  const masks = masksOf(secret);
  for (const mask of masks) actions.mask(mask);
  if (masks.length > 0 || secret.reveal().trim() === "") return;
  actions.info(
    `The secret ${id} is not masked, because it is shorter than ${SHORTEST_MASK} characters: the mask would hide unrelated text in the log, and GitHub would drop outputs that contain it.`
  );
}

// src/recipe/dockerfile/quoting.ts
var ADJACENT = /<(?=<)/g;
var PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;
function quoteForShell(text2) {
  if (PLAIN.test(text2)) return text2;
  if (!text2.includes("\n")) return singleQuote(text2);
  return [`"$(printf '%s\\n'`, ...text2.split("\n").map((line) => `    ${singleQuote(line)}`)].join("\n").concat(`)"`);
}
function singleQuote(text2) {
  return `'${text2.replaceAll("'", `'\\''`).replace(ADJACENT, "<''")}'`;
}
function quoteOpen(text2) {
  return text2.replace(/[\\"`]|\$(?!\{[A-Z0-9_]+\})/g, "\\$&").replace(ADJACENT, '<""');
}
function quoteForDockerfile(text2) {
  return PLAIN.test(text2) ? text2 : `"${text2.replace(/["$\\]/g, "\\$&")}"`;
}
var MEANINGS = /\\\\(?=\$)|\\\$|\$([A-Za-z_]\w*)|\$\{[A-Za-z_]\w*(?::[-+](?:[^"'\\${}]|\$[A-Za-z_]\w*|\$\{[A-Za-z_]\w*\})*)?\}|(["$\\])/g;
function quoteExpanding(text2) {
  const quoted = text2.replace(MEANINGS, (found, bare, literal) => {
    if (bare !== void 0) return `\${${bare}}`;
    return literal === void 0 ? found : `\\${found}`;
  });
  return `"${quoted}"`;
}
function hasUnknownExpansion(text2) {
  return [...text2.matchAll(MEANINGS)].some(({ 2: literal, index }) => literal === "$" && text2[index + 1] === "{");
}
function quoteOperands(sources, destination) {
  const paths = [...sources, destination];
  if (paths.every((path4) => PLAIN.test(path4) && !path4.startsWith("-"))) return paths.join(" ");
  const words = [...sources.map((source) => escapeWord(escapeGlob(source))), escapeWord(destination)];
  return JSON.stringify(words).replaceAll('","', '", "');
}
function escapeGlob(path4) {
  return path4.replace(/[*?[<\ufeff]/g, "[$&]").replaceAll("\\", "\\\\");
}
function escapeWord(text2) {
  return text2.replace(/[\\"'$]/g, "\\$&");
}

// src/recipe/contexts.ts
function nameContexts(models) {
  const short = models.map(({ model }) => slug(`model ${model.tag.name}`));
  const long = models.map(
    ({ model }, index) => count(short, short[index]) === 1 ? short[index] ?? "" : slug(`model ${model.tag.name} ${model.tag.version}`)
  );
  return models.map((located, index) => {
    const same = long.slice(0, index).filter((name2) => name2 === long[index]).length;
    const name = `${long[index]}${same === 0 ? "" : `-${same + 1}`}`;
    return { name, directory: located.directory, located };
  });
}
function count(names, name) {
  return names.filter((other) => other === name).length;
}
function slug(text2) {
  return text2.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/-$/, "");
}

// src/recipe/directories.ts
var USER = "bentoml";
var ID = "1034";
var USER_NAME = /^[a-z_][a-z0-9_-]{0,31}$/;
var NUMBER = /^[1-9]\d{0,9}$/;
var PATH = /^(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)+$/;
var RESERVED2 = /^\/(?:tmp|root|dev|proc|sys|run|etc|bin|sbin|lib|lib64|var\/tmp|var\/run)(?:\/|$)|^\/(?:usr|var|home|opt)$/;
var LAYOUT_ARGUMENTS = ["BENTO_USER", "BENTO_USER_UID", "BENTO_USER_GID", "BENTO_PATH"];
function resolveLayout(buildArgs) {
  const take = (name, fallback, grammar, shape) => {
    const value2 = buildArgs[name] ?? fallback;
    if (grammar.test(value2)) return value2;
    throw new Failure("input", `The build argument ${name} is ${JSON.stringify(value2)}; it must be ${shape}`, {
      code: "BuildArgumentInvalid"
    });
  };
  const user = take("BENTO_USER", USER, USER_NAME, "a user name of lower case letters, digits, `_` and `-`");
  const home = `/home/${user}`;
  const bento = take("BENTO_PATH", `${home}/bento`, PATH, "an absolute path of letters, digits, `_`, `.` and `-`");
  if (RESERVED2.test(bento)) {
    throw new Failure("input", `The build argument BENTO_PATH is ${bento}, which is a system directory`, {
      code: "BuildArgumentInvalid",
      hint: "Use a separate directory, such as /opt/bento."
    });
  }
  return {
    user,
    home,
    bento,
    uid: Number(take("BENTO_USER_UID", ID, NUMBER, "a number above 0")),
    gid: Number(take("BENTO_USER_GID", ID, NUMBER, "a number above 0"))
  };
}
function layoutVariables(layout) {
  return [
    { name: "BENTO_PATH", value: layout.bento },
    { name: "BENTOML_HOME", value: `${layout.home}/` },
    { name: "BENTOML_HF_CACHE_DIR", value: `${layout.bento}/hf-models` },
    { name: "BENTOML_CONTAINERIZED", value: "true" }
  ];
}
function rootParents(layout) {
  const own = (directory) => directory === layout.home || directory.startsWith(`${layout.home}/`);
  const parents = [layout.home, layout.bento].flatMap((path4) => ancestors(path4));
  return [...new Set(parents)].filter((directory) => !own(directory)).sort();
}
function ownDirectories(layout) {
  const all = [layout.home, layout.bento, ...ancestors(layout.bento)];
  return [...new Set(all)].filter((directory) => !rootParents(layout).includes(directory)).sort();
}
function ancestors(path4) {
  const names = path4.split("/").slice(1, -1);
  return names.map((_, index) => `/${names.slice(0, index + 1).join("/")}`);
}

// src/recipe/payload.ts
import { dirname as dirname4, join as join9 } from "node:path/posix";

// src/bento/bento.ts
function printTag(tag) {
  return `${tag.name}:${tag.version}`;
}

// src/recipe/payload.ts
var ROOT = { uid: 0, gid: 0 };
var FIRST = ["apis", "env"];
var MODELS = ["models", "hf-models"];
function payloadLayers(bento, contexts, layout) {
  const named2 = (kind) => bento.entries.filter((entry) => entry.kind === kind && !MODELS.includes(entry.name)).map(({ name }) => name);
  const directories = named2("directory");
  const layer = (name, copies) => ({
    kind: "bento",
    name,
    owner: layout,
    copies
  });
  const directory = (name) => layer(name, [{ sources: [name], destination: `${join9(layout.bento, name)}/` }]);
  return [
    ...contexts.map((context) => modelLayer(context, layout)),
    ...directories.filter((name) => FIRST.includes(name)).map(directory),
    layer("generated", [{ context: "generated", sources: ["bento"], destination: `${layout.bento}/` }]),
    ...directories.filter((name) => !FIRST.includes(name)).map(directory),
    layer("manifest", [
      { sources: named2("file"), destination: `${layout.bento}/` },
      // The destination contains the name, so that a link to a directory becomes a directory of that name.
      ...named2("symlink").map((name) => ({ sources: [name], destination: join9(layout.bento, name) }))
    ]),
    {
      kind: "parents",
      name: "parents",
      owner: ROOT,
      copies: [{ context: "generated", sources: ["parents"], destination: "/" }]
    }
  ];
}
function modelLayer(context, layout) {
  const name = `model ${printTag(context.located.model.tag)}`;
  return { kind: "model", name, owner: layout, copies: copyModel(context, layout.bento) };
}
function copyModel({ name: context, located }, bento) {
  if (located.kind === "store") {
    const { name, version } = located.model.tag;
    return [{ context, sources: ["."], destination: `${bento}/models/${name}/${version}/` }];
  }
  const sources = [...new Set(located.files.map(({ source }) => source))].sort();
  const groups = Map.groupBy(sources, dirname4);
  const root = join9(bento, "hf-models", folderName(located.model.repository));
  return [...groups].map(([directory, files]) => ({
    context,
    sources: files,
    destination: `${join9(root, directory)}/`
  }));
}
function generatedEntries(bento, models, layout) {
  const scripts = ["entrypoint.sh", ...bento.image.spec === 1 && bento.image.setupScript ? ["setup_script"] : []];
  const entries = [
    ...["models", "hf-models"].map((name) => directoryEntry(join9("bento", name))),
    ...modelEntries(models).map((entry) => ({ ...entry, path: join9("bento", entry.path) })),
    ...scripts.map((name) => {
      const path4 = join9("env/docker", name);
      return { kind: "copy", path: join9("bento", path4), mode: 493, from: bento.directory, source: path4 };
    }),
    ...rootParents(layout).map((path4) => directoryEntry(join9("parents", path4)))
  ];
  return withParents(entries);
}
function modelEntries(models) {
  return [
    ...latestVersions(models).map(([name, version]) => fileEntry(join9("models", name, "latest"), version)),
    ...models.flatMap(snapshotEntries)
  ];
}
function latestVersions(models) {
  const newest = /* @__PURE__ */ new Map();
  for (const located of models) {
    if (located.kind !== "store") continue;
    const { name, version } = located.model.tag;
    const time = located.model.creationTime?.getTime() ?? 0;
    const previous = newest.get(name);
    if (previous === void 0 || time >= previous.time) newest.set(name, { version, time });
  }
  return [...newest].map(([name, { version }]) => [name, version]);
}
function snapshotEntries(located) {
  if (located.kind !== "snapshot") return [];
  const { model, commit, files } = located;
  const root = join9("hf-models", folderName(model.repository));
  const links = files.flatMap(({ source, path: path4 }) => {
    const linkPath = join9("snapshots", commit, path4);
    if (linkPath === source) return [];
    return [
      { kind: "link", path: join9(root, linkPath), target: join9("../".repeat(linkPath.split("/").length - 1), source) }
    ];
  });
  const listing = join9("trees", `${commit}.json`);
  return [
    ...links,
    // Without the listing, huggingface_hub 2 requests the file list of the commit from the Hub at every start.
    ...located.listed ? [copyEntry(join9(root, listing), located.directory, listing)] : [],
    // If the manifest names a branch, the server resolves it with this file instead of a request to the Hub.
    ...model.revision === commit ? [] : [fileEntry(join9(root, "refs", model.revision), commit)]
  ];
}
function copyEntry(path4, from, source) {
  return { kind: "copy", path: path4, mode: 420, from, source };
}
function fileEntry(path4, content) {
  return { kind: "file", path: path4, mode: 420, content };
}
function withParents(entries) {
  const all = /* @__PURE__ */ new Map();
  for (const entry of entries) {
    for (let path4 = dirname4(entry.path); path4 !== "."; path4 = dirname4(path4)) all.set(path4, directoryEntry(path4));
    all.set(entry.path, entry);
  }
  return [...all.values()].sort((a, b) => a.path < b.path ? -1 : 1);
}
function directoryEntry(path4) {
  return { kind: "directory", path: path4.replace(/^\//, ""), mode: 493 };
}

// src/bento/models.ts
import { join as join13 } from "node:path/posix";

// src/bento/home.ts
import { join as join10, resolve as resolve3 } from "node:path/posix";
var MAX_EXPANSIONS = 10;
function expandPath(path4, env2) {
  let expanded = path4;
  for (let round = 0; round < MAX_EXPANSIONS; round += 1) {
    const before = expanded;
    expanded = expanded.replace(/^~(?=$|\/)/, () => homeOf(env2, path4)).replace(/\$(?:(\w+)|\{(\w+)\})/g, (whole, bare, braced) => env2[bare ?? braced] ?? whole);
    if (expanded === before) break;
  }
  return expanded;
}
function homeOf(env2, path4) {
  if (env2["HOME"]) return env2["HOME"];
  throw new Failure("input", `${path4} starts with ~, but HOME is not set`, {
    code: "HomeUnknown",
    hint: "Use an absolute path, or set HOME in the step's env. bentoml-home sets the store, HF_HOME the cache of Hugging Face models."
  });
}
function bentomlHome(given, machine) {
  const home = given || machine.env["BENTOML_HOME"] || "~/bentoml";
  return resolve3(machine.workspace, expandPath(home, machine.env));
}
function storeDirectories(home) {
  return { bentos: join10(home, "bentos"), models: join10(home, "models") };
}

// src/text/variable-name.ts
var VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
var SHELL_VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

// src/bento/env.ts
var CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;
var STAGES = ["all", "build", "runtime"];
function readEnvs(node) {
  const envs = /* @__PURE__ */ new Map();
  for (const item of node.items()) {
    const name = item.key("name").requiredText();
    const value2 = item.key("value").text() ?? "";
    const stage = readStage(item.key("stage"));
    if (stage === "build") checkSecret(item, name, value2);
    else checkEnv(item, name, stage === "runtime" ? value2.replace(/[\r\n]/g, "") : value2);
    envs.set(name, { name, value: value2, stage });
  }
  return [...envs.values()];
}
function readDockerEnv(node) {
  if (!node.present) return void 0;
  const pairs3 = node.isList ? node.texts().map(splitPair) : node.textEntries();
  for (const [name, value2] of pairs3) checkEnv(node, name, value2);
  return Object.fromEntries(pairs3);
}
function hasControlCharacter(text2) {
  return CONTROL.test(text2);
}
function readStage(node) {
  const text2 = node.text() ?? "all";
  const stage = STAGES.find((name) => name === text2);
  if (stage === void 0) node.mistake(`is "${text2}"; it must be one of ${STAGES.join(", ")}`);
  return stage ?? "all";
}
function splitPair(text2) {
  const equals = text2.indexOf("=");
  return equals === -1 ? [text2, ""] : [text2.slice(0, equals), text2.slice(equals + 1)];
}
function checkEnv(node, name, value2) {
  checkName(node, name, VARIABLE_NAME);
  if (hasControlCharacter(value2)) {
    node.mistake(
      `sets ${name} to a value with a line break or control character, which ENV does not support`,
      "ValueInvalid"
    );
  }
}
function checkSecret(node, name, value2) {
  checkName(node, name, SHELL_VARIABLE_NAME);
  if (value2.includes("\0"))
    node.mistake(`sets ${name} to a value with NUL, which a variable cannot contain`, "ValueInvalid");
}
function checkName(node, name, grammar) {
  if (grammar.test(name)) return;
  node.mistake(`sets "${name}", which is not a valid variable name`, "ValueInvalid");
}

// src/bento/image-options.ts
var DISTROS = ["debian", "alpine", "ubi8", "amazonlinux"];
var PYTHON = /^(\d+\.\d+)(?:\.\d+)?$/;
var CUDA = /^[\w.-]+$/;
var BOOTSTRAP = /^(?:apt-get update|apk add|yum (?:update|upgrade))\b/;
function readImageV1(manifest) {
  const docker2 = manifest.key("docker");
  const conda = manifest.key("conda");
  const baseImage2 = readBaseImage(docker2.key("base_image"));
  const pythonVersion = readPython(docker2.key("python_version"));
  const cudaVersion = readCuda(docker2.key("cuda_version"));
  const dockerEnv = readDockerEnv(docker2.key("env"));
  return {
    spec: 1,
    distro: readDistro(docker2.key("distro")),
    systemPackages: readSystemPackages(docker2.key("system_packages")),
    setupScript: docker2.key("setup_script").present,
    dockerfileTemplate: docker2.key("dockerfile_template").present,
    conda: ["environment_yml", "channels", "dependencies", "pip"].some((name) => conda.key(name).truthy),
    ...pythonVersion === void 0 ? {} : { pythonVersion },
    ...cudaVersion === void 0 ? {} : { cudaVersion },
    ...dockerEnv === void 0 ? {} : { dockerEnv },
    ...baseImage2 === void 0 ? {} : { baseImage: baseImage2 }
  };
}
function readImageV2(manifest) {
  const image2 = manifest.key("image");
  const baseImage2 = readBaseImage(image2.key("base_image"));
  if (baseImage2 === void 0) image2.key("base_image").mistake("is empty; a base image is required", "ValueInvalid");
  const pythonVersion = readWord(image2.key("python_version"));
  return {
    spec: 2,
    baseImage: baseImage2 ?? "",
    ...pythonVersion === void 0 ? {} : { pythonVersion },
    commands: dropRepeatedBootstrap(readCommands(image2.key("commands"))),
    postCommands: readCommands(image2.key("post_commands")),
    buildInclude: image2.key("build_include").texts()
  };
}
function dropRepeatedBootstrap(commands) {
  const [first, second, ...rest] = commands;
  return first !== void 0 && first === second && BOOTSTRAP.test(first) ? [first, ...rest] : commands;
}
function readBaseImage(node) {
  const image2 = readWord(node);
  if (image2?.startsWith("-")) node.mistake(`is "${image2}", which is not an image reference`, "ValueInvalid");
  return image2;
}
function readWord(node) {
  const word = node.text()?.trim();
  if (!word) return void 0;
  if (/\s/.test(word) || hasControlCharacter(word)) {
    node.mistake(
      `is ${JSON.stringify(word)}; it must not contain blanks, line breaks or control characters`,
      "ValueInvalid"
    );
  }
  return word;
}
function readPython(node) {
  const text2 = node.text();
  if (!text2) return void 0;
  const minor = pythonMinor(text2);
  if (minor === void 0) node.mistake(`is "${text2}"; it must look like 3.11`, "ValueInvalid");
  return minor;
}
function pythonMinor(version) {
  return PYTHON.exec(version.trim())?.[1];
}
function readCuda(node) {
  const text2 = node.text();
  if (text2 && !CUDA.test(text2)) node.mistake(`is "${text2}", which is not a version`, "ValueInvalid");
  return text2 || void 0;
}
function readDistro(node) {
  const text2 = node.text() || "debian";
  const distro = DISTROS.find((name) => name === text2);
  if (distro === void 0) node.mistake(`is "${text2}"; it must be one of ${DISTROS.join(", ")}`);
  return distro ?? "debian";
}
function readSystemPackages(node) {
  const packages = node.texts();
  if (packages.some(hasControlCharacter)) node.mistake("contains a line break or control character", "ValueInvalid");
  return packages;
}
function readCommands(node) {
  const commands = node.texts();
  if (commands.some((command) => command.includes("\0"))) node.mistake("contains a NUL character", "ValueInvalid");
  return commands;
}

// src/bento/instant.ts
var ISO = /^(\d{4}-\d\d-\d\d)[T ]+(\d\d:\d\d:\d\d)(\.\d+)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/;
function parseInstant(text2) {
  const [, day, time, fraction = "", zone = "Z"] = ISO.exec(text2.trim()) ?? [];
  if (day === void 0 || time === void 0) return void 0;
  const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d\d)(\d\d)$/, "$1:$2");
  const instant = /* @__PURE__ */ new Date(`${day}T${time}${fraction.slice(0, 4)}${offset}`);
  return Number.isNaN(instant.getTime()) ? void 0 : instant;
}

// src/bento/manifest-node.ts
var ManifestNode = class _ManifestNode {
  path;
  #value;
  #mistakes;
  constructor(value2, path4, mistakes) {
    this.path = path4;
    this.#value = value2;
    this.#mistakes = mistakes;
  }
  get present() {
    return this.#value !== void 0 && this.#value !== null;
  }
  /** Whether Python would consider the value true: neither absent nor an empty string, list or map. */
  get truthy() {
    if (!this.present || this.#value === "") return false;
    return typeof this.#value !== "object" || Object.keys(this.#value).length > 0;
  }
  get isText() {
    return typeof this.#value === "string";
  }
  get isList() {
    return Array.isArray(this.#value);
  }
  key(name) {
    const path4 = this.path === "" ? name : `${this.path}.${name}`;
    const map = this.#map();
    return this.#at(map !== void 0 && Object.hasOwn(map, name) ? map[name] : void 0, path4);
  }
  text() {
    if (typeof this.#value === "string") return this.#value;
    if (this.present) this.#wrong("a string");
    return void 0;
  }
  requiredText() {
    if (!this.present) this.mistake("is missing");
    return this.text() ?? "";
  }
  items() {
    if (Array.isArray(this.#value)) return this.#value.map((item, index) => this.#at(item, `${this.path}[${index}]`));
    if (this.present) this.#wrong("a list");
    return [];
  }
  texts() {
    return this.items().map((item) => item.requiredText());
  }
  /** The pairs of a map of strings. A null value is an empty string. */
  textEntries() {
    const map = this.#map();
    if (map === void 0) return [];
    return Object.keys(map).map((name) => [name, this.key(name).text() ?? ""]);
  }
  mistake(message, code2 = "ManifestInvalid") {
    this.#mistakes.push({ code: code2, message: `${this.path === "" ? "the file" : `\`${this.path}\``} ${message}` });
  }
  #map() {
    if (!this.present) return void 0;
    if (typeof this.#value === "object" && !Array.isArray(this.#value)) return this.#value;
    this.#wrong("a map");
    return void 0;
  }
  #at(value2, path4) {
    return new _ManifestNode(value2, path4, this.#mistakes);
  }
  #wrong(expected) {
    this.mistake(`must be ${expected}, not ${kindOf2(this.#value)}`);
  }
};
function kindOf2(value2) {
  if (Array.isArray(value2)) return "a list";
  return typeof value2 === "string" ? "a string" : "a map";
}

// src/bento/hub-address.ts
function parseHubAddress(text2) {
  const url = URL.parse(text2) ?? void 0;
  return url?.protocol === "https:" || url?.protocol === "http:" ? url : void 0;
}
function printHubAddress({ origin, pathname }) {
  return `${origin}${pathname}`.replace(/\/{1,100}$/, "");
}

// src/bento/tag.ts
var MAX_LENGTH = 63;
var PART = /^[a-z0-9](?:[-._a-z0-9]*[a-z0-9])?$/;
function faultOfTagPart(part) {
  if (part === "") return "is empty";
  if (part.length > MAX_LENGTH) return `has ${part.length} characters, at most ${MAX_LENGTH} are allowed`;
  if (!PART.test(part)) return "must be letters, digits, '-', '_' and '.', with a letter or digit at both ends";
  return void 0;
}
function parseTagReference(text2) {
  const lower = text2.toLowerCase();
  const colon = lower.indexOf(":");
  const name = colon === -1 ? lower : lower.slice(0, colon);
  const version = colon === -1 ? void 0 : lower.slice(colon + 1);
  const faults = [describe("name", name), ...version === void 0 ? [] : [describe("version", version)]].filter(
    (fault) => fault !== void 0
  );
  if (faults.length > 0) {
    throw new Failure("input", `"${text2}" is not a Bento tag: ${faults.join("; ")}`, {
      code: "TagInvalid",
      hint: version === "" ? `For the newest version, use "${name}:latest".` : "A tag is `name` or `name:version`."
    });
  }
  return { tag: version === void 0 ? { name } : { name, version }, lowered: lower !== text2 };
}
function parseTag(text2) {
  const [name = "", ...rest] = text2.toLowerCase().split(":");
  const version = rest.join(":");
  return faultOfTagPart(name) === void 0 && faultOfTagPart(version) === void 0 ? { name, version } : void 0;
}
function describe(half, part) {
  const fault = faultOfTagPart(part);
  return fault === void 0 ? void 0 : `the ${half} "${part}" ${fault}`;
}

// src/bento/model-list.ts
var REPOSITORY = /^(?!.*(?:--|\.\.))[\w-][\w.-]{0,95}(?:\/[\w-][\w.-]{0,95})?$/;
var REVISION = /^(?!.*\.\.)(?=.{1,200}$)[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/;
var MAX_PATTERNS = 1e3;
var MAX_PATTERN_LENGTH = 1e3;
function readModels(manifest, warnings) {
  const lists = [
    manifest.key("models"),
    ...manifest.key("services").items().map((service) => service.key("models"))
  ];
  const models = /* @__PURE__ */ new Map();
  for (const item of lists.flatMap((list3) => list3.items())) {
    const model = readModel(item, warnings);
    if (model === void 0) continue;
    const key = printTag(model.tag);
    models.set(key, { ...pickCommon(models.get(key)), ...model });
  }
  return [...models].sort(([one], [other]) => one < other ? -1 : 1).map(([, model]) => model);
}
function pickCommon(model) {
  return {
    ...model?.alias === void 0 ? {} : { alias: model.alias },
    ...model?.creationTime === void 0 ? {} : { creationTime: model.creationTime }
  };
}
function readModel(item, warnings) {
  if (item.isText) {
    const tag2 = readTag(item);
    return tag2 && { registry: "bentoml", tag: tag2 };
  }
  const tag = readTag(item.key("tag"));
  const alias = item.key("alias").text();
  const creationTime2 = readTime(item.key("creation_time"));
  const registry = item.key("registry").text() ?? "bentoml";
  if (tag === void 0) return void 0;
  const common = { tag, ...alias ? { alias } : {}, ...creationTime2 === void 0 ? {} : { creationTime: creationTime2 } };
  if (registry === "bentoml") return { registry, ...common };
  if (registry === "huggingface")
    return { registry, ...common, ...readHubMetadata(item.key("metadata"), tag, warnings) };
  item.key("registry").mistake(`is "${registry}"; it must be bentoml or huggingface`);
  return void 0;
}
function readTag(node) {
  const text2 = node.requiredText();
  const tag = parseTag(text2);
  if (tag === void 0 && text2 !== "") node.mistake(`is "${text2}", which is not a tag \`name:version\``, "TagInvalid");
  return tag;
}
function readTime(node) {
  const text2 = node.text();
  const time = text2 === void 0 ? void 0 : parseInstant(text2);
  if (text2 !== void 0 && time === void 0) node.mistake(`is "${text2}", which is not a time`);
  return time;
}
function readHubMetadata(metadata, tag, warnings) {
  const repository = (metadata.key("model_id").text() ?? tag.name.replace("--", "/")).toLowerCase();
  const revision = metadata.key("revision").text() || "main";
  const endpoint = readEndpoint(metadata.key("endpoint"), warnings);
  if (!REPOSITORY.test(repository)) metadata.mistake(`has the model_id ${JSON.stringify(repository)}`, "ValueInvalid");
  if (!REVISION.test(revision)) metadata.mistake(`has the revision ${JSON.stringify(revision)}`, "ValueInvalid");
  return {
    repository,
    revision,
    ...endpoint ? { endpoint } : {},
    include: readPatterns(metadata.key("include")),
    exclude: readPatterns(metadata.key("exclude"))
  };
}
function readEndpoint(node, warnings) {
  const text2 = node.text();
  if (!text2) return void 0;
  const url = parseHubAddress(text2);
  if (url === void 0) {
    node.mistake("is not a URL that starts with https:// or http://", "ValueInvalid");
    return void 0;
  }
  if (url.username !== "" || url.password !== "") {
    warnings.push(
      `bento.yaml contains credentials for ${url.host} (${node.path}). Everybody who has the Bento or the image can read them. They are not used; set credentials for the build in HF_ENDPOINT.`
    );
  }
  return printHubAddress(url);
}
function readPatterns(node) {
  const patterns = node.isText ? [node.requiredText()] : node.texts();
  if (patterns.length <= MAX_PATTERNS && patterns.every(({ length }) => length <= MAX_PATTERN_LENGTH)) return patterns;
  node.mistake(
    `has more than ${MAX_PATTERNS} patterns, or one of more than ${MAX_PATTERN_LENGTH} characters`,
    "ValueInvalid"
  );
  return [];
}

// src/bento/yaml.ts
var MAX_ALIASES = 1e3;
async function parseYaml(text2, file) {
  const { FAILSAFE_SCHEMA, load, nullCoreTag, YAMLException } = await import("./yaml-reader-3OMBZVJU.js");
  try {
    return load(text2, { schema: FAILSAFE_SCHEMA.withTags(nullCoreTag), json: true, maxAliases: MAX_ALIASES });
  } catch (error2) {
    if (!(error2 instanceof YAMLException)) throw error2;
    const line = error2.mark === void 0 ? void 0 : error2.mark.line + 1;
    throw new Failure(
      "bento",
      `${file} is not valid YAML${line === void 0 ? "" : ` (line ${line})`}: ${error2.reason}`,
      {
        code: "ManifestInvalid",
        position: line === void 0 ? { file } : { file, line },
        cause: error2
      }
    );
  }
}

// src/bento/manifest.ts
async function readManifest(text2, file) {
  const document = await parseManifest(text2, file);
  const mistakes = [];
  const warnings = [];
  const root = new ManifestNode(document, "", mistakes);
  const manifest = {
    tag: { name: readTagPart(root.key("name"), warnings), version: readTagPart(root.key("version"), warnings) },
    bentomlVersion: root.key("bentoml_version").text() ?? "",
    creationTime: readCreationTime(root.key("creation_time")),
    service: root.key("service").text() ?? "",
    labels: Object.fromEntries(root.key("labels").textEntries()),
    envs: readEnvs(root.key("envs")),
    models: readModels(root, warnings),
    image: readSpec(root.key("spec"), warnings) === 2 ? readImageV2(root) : readImageV1(root),
    warnings
  };
  failOn(mistakes, file);
  return manifest;
}
async function readCreationTimeOf(text2, file) {
  const root = new ManifestNode(await parseManifest(text2, file), "", []);
  return parseInstant(root.key("creation_time").text() ?? "");
}
async function parseManifest(text2, file) {
  const document = text2.trim() === "" ? void 0 : await parseYaml(text2, file);
  if (document === null || typeof document !== "object" || Array.isArray(document)) {
    throw new Failure("bento", `${file} is not the manifest of a Bento: it must be a YAML map`, {
      code: "ManifestInvalid",
      position: { file }
    });
  }
  return document;
}
function failOn(mistakes, file) {
  const [first] = mistakes;
  if (first === void 0) return;
  const messages = firstFew([...new Set(mistakes.map((mistake) => mistake.message))]);
  const code2 = mistakes.find((mistake) => mistake.code === "ManifestInvalid")?.code ?? first.code;
  throw new Failure("bento", `${file}: ${messages.join("; ")}`, {
    code: code2,
    lines: messages,
    position: { file },
    hint: "Correct the source of the Bento (service or bentofile.yaml) and run `bentoml build` again."
  });
}
function readTagPart(node, warnings) {
  const text2 = node.requiredText();
  const lower = text2.toLowerCase();
  if (lower !== text2) warnings.push(`The Bento's ${node.path} "${text2}" is changed to "${lower}", as BentoML does.`);
  const fault = node.present ? faultOfTagPart(lower) : void 0;
  if (fault !== void 0) node.mistake(`is "${text2}", which ${fault}`, "TagInvalid");
  return lower;
}
function readCreationTime(node) {
  const text2 = node.requiredText();
  const time = parseInstant(text2);
  if (time === void 0 && text2 !== "") node.mistake(`is "${text2}", which is not a time`);
  return time ?? /* @__PURE__ */ new Date(0);
}
function readSpec(node, warnings) {
  const text2 = node.text() ?? "1";
  if (text2 === "2") return 2;
  if (text2 !== "1") warnings.push(`bento.yaml has the unknown spec "${text2}"; it is read as spec 1, as BentoML does.`);
  return 1;
}

// src/bento/read-text.ts
import { join as join11 } from "node:path/posix";
var MAX_BYTES = 1 << 20;
async function findFile(directory, path4, files) {
  const found = await files.find(directory, path4);
  if (found === void 0 || found.kind === "file") return found;
  const kind = found.kind === "directory" ? "a directory" : "a special file";
  throw new Failure("bento", `${join11(directory.path, path4)} must be a regular file; it is ${kind}`, {
    code: "UnsafePath"
  });
}
async function readStrictText(directory, path4, files, limit = MAX_BYTES) {
  const name = join11(directory.path, path4);
  const bytes = await readOrExplain(directory, path4, files, limit);
  if (bytes === void 0) return void 0;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error2) {
    throw new Failure("bento", `${name} is not UTF-8 text`, {
      code: "ManifestInvalid",
      position: { file: name },
      cause: error2
    });
  }
}
async function readOrExplain(directory, path4, files, limit) {
  const name = join11(directory.path, path4);
  try {
    const found = await findFile(directory, path4, files);
    if (found === void 0) return void 0;
    const { size } = found.info;
    if (size <= limit) return await files.read(found.file, 0, size);
    throw new Failure("bento", `${name} has ${size} bytes; the limit is ${limit}`, { code: "TooLarge" });
  } catch (error2) {
    if (error2 instanceof Failure) throw error2;
    const reason = error2 instanceof Error ? error2.message : String(error2);
    throw new Failure("bento", `Cannot read ${name}: ${reason}`, { code: "Unreadable", cause: error2 });
  }
}

// src/bento/readability.ts
import { join as join12, relative as relative2, resolve as resolve4 } from "node:path/posix";
async function checkReadable(directory, files) {
  const findings = { irregular: [], leaving: [], unreadable: [] };
  const pending = [directory];
  for (let next = pending.pop(); next !== void 0; next = pending.pop()) {
    pending.push(...await checkDirectory(next, directory, files, findings));
  }
  report2(findings.irregular, "UnsafePath", "not a file, directory or link", directory);
  report2(findings.leaving, "UnsafePath", "links that lead outside the directory", directory);
  report2(findings.unreadable, "Unreadable", "not readable", directory);
}
async function checkDirectory(directory, top, files, findings) {
  const inside = [];
  const nameOf3 = (name) => relative2(top.path, join12(directory.path, name));
  const entries = await files.list(directory).catch((error2) => {
    if (!isPermissionError(error2)) throw error2;
    findings.unreadable.push(`${nameOf3("") || "."}/`);
    return [];
  });
  const faults = await mapFiles(entries, (entry) => checkEntry(entry, directory, files, inside));
  for (const [index, { name }] of entries.entries()) {
    const fault = faults[index];
    if (fault !== void 0) findings[fault].push(nameOf3(name));
  }
  return inside;
}
async function checkEntry({ name, kind }, directory, files, inside) {
  if (kind === "symlink") return await leadsOut(directory, name, files) ? "leaving" : void 0;
  try {
    const found = await files.entry(directory, name);
    if (found?.kind === "other") return "irregular";
    if (found?.kind === "directory") inside.push(found.directory);
    if (found?.kind === "file" && (found.info.mode & 4) === 0) await files.read(found.file, 0, 1);
    return void 0;
  } catch (error2) {
    if (isPermissionError(error2)) return "unreadable";
    throw error2;
  }
}
async function leadsOut(directory, name, files) {
  try {
    if (await files.find(directory, name) !== void 0) return false;
  } catch (error2) {
    if (error2 instanceof Failure && error2.code === "UnsafePath") return true;
    if (!isPermissionError(error2)) throw error2;
  }
  const target = relative2(directory.root, resolve4(directory.path, await files.readLink(directory, name)));
  return target === ".." || target.startsWith("../");
}
function isPermissionError(error2) {
  const code2 = errorCode(error2);
  return code2 === "EACCES" || code2 === "EPERM";
}
function report2(paths, code2, fault, { path: directory }) {
  if (paths.length === 0) return;
  const named2 = firstFew(paths.toSorted());
  throw new Failure("bento", `${directory} contains entries that are ${fault}: ${named2.join(", ")}`, {
    code: code2,
    lines: named2,
    hint: code2 === "Unreadable" ? `Run \`chmod -R u+rX ${directory}\` or build as the user who owns the files.` : "Replace each entry with the file or directory itself, exclude it from the Bento, or create it in a command of the build."
  });
}

// src/bento/models.ts
async function locateModels(bento, options, machine) {
  const store = () => storeDirectories(bentomlHome(options.bentomlHome, machine)).models;
  const stored = await locateStoreModels(bento, store, machine);
  const located = [];
  for (const model of bento.models) {
    const found = model.registry === "bentoml" ? stored.get(model) : await locateOnHub(model, options, machine);
    if (found !== void 0) located.push(found);
  }
  return located;
}
async function locateOnHub(model, options, machine) {
  const { locateSnapshot } = await import("./snapshot-QP4NP2ZU.js");
  return locateSnapshot(model, machine, options);
}
function remoteFilesOf(models) {
  const all = /* @__PURE__ */ new Map();
  for (const located of models) {
    if (located.kind === "store") continue;
    const { model, commit, directory } = located;
    for (const { source, path: path4, size, remote } of located.files) {
      if (remote !== void 0) all.set(join13(directory.path, source), { model, commit, path: path4, size, sha256: remote });
    }
  }
  return all;
}
async function fetchModels(models, machine) {
  const { fetchSnapshot } = await import("./fetch-DAKD3X2U.js");
  const fetched = [];
  for (const located of models) {
    fetched.push(located.kind === "snapshot" ? await fetchSnapshot(located, machine) : located);
  }
  return fetched;
}
async function locateStoreModels(bento, store, machine) {
  const models = bento.models.filter((model) => model.registry === "bentoml");
  const found = await mapFiles(models, (model) => locateStoreModel(model, bento.directory, store, machine));
  const missing2 = models.filter((_, index) => found[index] === void 0).map(({ tag }) => printTag(tag));
  if (missing2.length > 0) throw allMissing(missing2, bento.directory.path, store());
  return new Map(models.flatMap((model, index) => pair(model, found[index])));
}
async function locateStoreModel(model, bento, store, machine) {
  const { name, version } = model.tag;
  const found = await machine.files.enclosed.find(bento, join13("models", name, version));
  const inBento = found?.kind === "directory" ? await locateAt(model, "bento", found.directory, machine) : void 0;
  if (inBento !== void 0) return inBento;
  const directory = await encloseNamed(join13(store(), name, version), machine);
  const stored = await locateAt(model, "store", directory, machine);
  if (stored !== void 0) await checkReadable(directory, machine.files.enclosed);
  return stored;
}
async function locateAt(model, origin, directory, machine) {
  if (await findFile(directory, "model.yaml", machine.files.enclosed) === void 0) return void 0;
  return { kind: "store", model: await withCreationTime(model, directory, machine), origin, directory };
}
function pair(model, found) {
  return found === void 0 ? [] : [[model, found]];
}
async function withCreationTime(model, directory, machine) {
  if (model.creationTime !== void 0) return model;
  const text2 = await readStrictText(directory, "model.yaml", machine.files.enclosed);
  const creationTime2 = await readCreationTimeOf(text2 ?? "", join13(directory.path, "model.yaml"));
  return creationTime2 === void 0 ? model : { ...model, creationTime: creationTime2 };
}
function allMissing(tags, directory, store) {
  const pulls = firstFew(tags.map((tag) => `bentoml models pull ${tag}`));
  return new Failure(
    "bento",
    `Models of the Bento not found: ${firstFew(tags).join(", ")}. Searched ${join13(directory, "models")} and ${store}`,
    {
      code: "ModelMissing",
      lines: pulls,
      hint: `Restore the Model Store of the machine that built the Bento (\`bentoml-home\`), export the Bento with its models (\`bentoml export\`), or log in to BentoCloud and pull them: ` + firstFew(tags.map((tag) => `\`bentoml models pull ${tag}\``)).join(", ")
    }
  );
}

// src/action/download-models.ts
async function downloadRemoteFiles({ models, watch, machine }, because) {
  const { size } = remoteFilesOf(models);
  if (size === 0) return models;
  machine.actions.info(`${size} files at the Hub are downloaded first: ${because}`);
  return watch.phase("download models", () => fetchModels(models, machine));
}

// src/probe/probe.ts
function choiceOf({ backend = "auto" }) {
  return findBackend(backend) ?? "auto";
}
async function findEngine(choice, builder, machine, env2, keys) {
  if (choice !== "auto") return { backend: choice, engine: await probe(choice, { builder, keys }, machine, env2), env: env2 };
  const refusals = [];
  const able = candidates(builder);
  for (const backend of able) {
    try {
      const engine = await probe(backend, { builder, keys }, machine, env2);
      return { backend, engine, env: env2, reason: refusals.length === 0 ? "the first choice" : refusals.join("; ") };
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
async function assumeBackend(inputs, env2, machine) {
  const { builder } = inputs;
  const choice = choiceOf(inputs);
  const backend = choice === "auto" ? await firstOnPath(candidates(builder), machine) : choice;
  return {
    backend,
    env: env2,
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
var ADDRESSES = ["DOCKER_HOST", "DOCKER_CONTEXT", "BUILDKIT_HOST", "CONTAINER_HOST", "CONTAINER_CONNECTION"];
function isLocalEngine(builder, env2) {
  const nodes = builder?.split("\n").map((line) => line.trim()) ?? [];
  return [...nodes, ...ADDRESSES.map((name) => env2[name])].every(
    (address) => !address || address.startsWith("unix://")
  );
}
function candidates(builder) {
  const found = nonEmpty(BACKENDS.filter((backend) => backend.isCandidate(builder)));
  if (found === void 0) throw new Failure("internal", `no backend takes the builder ${builder}`);
  return found;
}
async function probe(backend, { builder, keys }, machine, env2) {
  const questions = backend.questions(builder, keys);
  for (const tool of /* @__PURE__ */ new Set([backend.tool, ...questions.map((question) => question.tool ?? backend.tool)])) {
    if (await machine.processes.which(tool, env2["PATH"]) === void 0) {
      throw tool === backend.tool && !backend.installs ? missingOnMachine(tool) : new ProgramMissing(tool);
    }
  }
  const address = addressOf(backend, builder, env2);
  const answers = await askAll(
    questions,
    ({ tool = backend.tool, args }) => ask3({ tool, args, env: env2 }, address, machine)
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
function addressOf({ addresses }, builder, env2) {
  return builder ?? addresses.map((name) => env2[name]).find(Boolean);
}
async function askAll(questions, ask4) {
  const answers = await Promise.all(questions.filter(({ isOpen }) => isOpen === void 0).map(ask4));
  for (const question of questions) if (question.isOpen?.(answers) === true) answers.push(await ask4(question));
  return answers;
}
var RETRY_POLICY = 5e3;
async function askBriefly(invocation, { processes }) {
  const signal = AbortSignal.timeout(RETRY_POLICY);
  const answer2 = await processes.capture({ ...invocation, signal });
  return signal.aborted ? void 0 : answer2;
}
async function ask3(invocation, builder, machine) {
  if (builder === void 0 || !isAddress(builder)) return machine.processes.capture(invocation);
  const answer2 = await askBriefly(invocation, machine);
  if (answer2 !== void 0) return answer2;
  throw new Failure("engine", `the builder at ${builder} does not answer within ${RETRY_POLICY / 1e3} s`, {
    code: "NodeDead",
    hint: "Check that the address is correct, that the daemon runs, and that no firewall blocks this runner."
  });
}

// src/commands/answers.ts
var import_lt2 = __toESM(require_lt(), 1);
var INPUT_OF = {
  builder: "builder",
  builderKeys: "builder-ca, builder-cert, builder-key",
  platforms: "platforms",
  format: "format",
  compression: "compression",
  epoch: "source-date-epoch",
  pull: "pull",
  noCache: "no-cache",
  noCacheFilters: "no-cache-filters",
  cacheFrom: "cache-from",
  cacheTo: "cache-to",
  cache: "cache",
  target: "target",
  buildArgs: "build-args",
  cacheMounts: "build-args",
  contexts: "build-contexts",
  remoteContexts: "build-contexts",
  secrets: "secrets",
  ssh: "ssh",
  labels: "labels",
  annotations: "annotations",
  attests: "provenance, sbom, attests",
  addHosts: "add-hosts",
  network: "network",
  allow: "allow",
  shmSize: "shm-size",
  ulimits: "ulimit",
  cgroupParent: "cgroup-parent",
  strictBase: "dockerfile"
};
var DELIVERY_INPUT = {
  push: "push",
  "push-by-digest": "push-by-digest",
  load: "load",
  layout: "output",
  "oci-archive": "output",
  "docker-archive": "output"
};
function plannedFeatures(plan) {
  const names = Object.keys(INPUT_OF);
  return names.flatMap((name) => {
    const value2 = plan.features[name];
    return value2 === void 0 ? [] : [[name, value2]];
  });
}
function refusalOf(backend, name, value2, engine) {
  const said = answer(backend, name, value2, engine);
  return isUnsupported(said) ? said.unsupported : void 0;
}
function answer(backend, name, value2, engine) {
  const cell = backend.features[name];
  if (typeof cell === "function") return cell(value2, engine);
  if (isUnsupported(cell)) return cell;
  const found = engine.versions[cell.part];
  if (found !== void 0 && (0, import_lt2.default)(found, cell.since)) {
    return { unsupported: `${cell.part} ${found} is too old for it; ${cell.since} is the first that can` };
  }
  return cell.say(value2, engine);
}
function deliver(backend, delivery, plan, engine) {
  const cell = backend.deliveries[delivery.kind];
  return cell(delivery, plan, engine);
}
function whoCan(name, value2, except) {
  return BACKENDS.filter(
    (backend) => backend !== except && !isUnsupported(answer(backend, name, value2, backend.assumed))
  ).map((backend) => backend.name);
}
function whoDelivers(delivery, plan, except) {
  const { platforms: platforms2, attests } = plan.features;
  return BACKENDS.filter(
    (backend) => backend !== except && !isUnsupported(deliver(backend, delivery, plan, backend.assumed)) && (platforms2 === void 0 || refusalOf(backend, "platforms", platforms2, backend.assumed) === void 0) && (attests === void 0 || refusalOf(backend, "attests", attests, backend.assumed) === void 0)
  ).map((backend) => backend.name);
}
function printRefusal(input, reason, able) {
  return `${input}: ${reason} (${able.length === 0 ? "no backend can" : `${able.join(", ")} can`})`;
}
function unsupportedBy({ name }, refusals) {
  const message = `the backend ${name} cannot do everything that is asked: ${refusals.join(" \xB7 ")}`;
  return new Failure("input", message, { code: "Unsupported", lines: refusals });
}

// src/commands/builder-keys.ts
import { dirname as dirname5, join as join14 } from "node:path";
function builderKeyFiles({ builderCa, builderCert, builderKey }, directory) {
  const inputs = {
    ca: builderCa,
    cert: builderCert,
    key: builderKey
  };
  const given = Object.entries(inputs).flatMap(
    ([name, content]) => content === void 0 ? [] : [{ name, content, path: join14(directory, "builder", `${name}.pem`), mode: 384 }]
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
    await files.makeDirectory(dirname5(path4), 448);
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
  const { inputs, env: env2, machine } = job;
  if (inputs.dryRun === true) return assumeBackend(inputs, env2, machine);
  const keys = await writeBuilderKeys(inputs, machine);
  const found = await findOrSetUp({ ...job, ...keys === void 0 ? {} : { keys } });
  for (const line of warnOfPlain(addressOf(found.backend, inputs.builder, env2), keys)) machine.actions.warning(line);
  if (found.reason !== void 0) {
    machine.actions.info(`backend: auto is ${found.backend.name} here (${found.reason})`);
  }
  return found;
}
async function findOrSetUp(job) {
  const { inputs, env: env2, machine, keys } = job;
  const asked = choiceOf(inputs);
  const toMake = builderToMake(asked, inputs.builder);
  if (inputs.builder !== void 0) {
    const { checkBuilder } = await import("./check-builder-54HPHWWK.js");
    await checkBuilder(toMake?.backend ?? asked, { builder: inputs.builder, keys }, env2, machine);
  }
  if (toMake !== void 0) {
    const { makeBuilder } = await import("./set-up-engine-IW2SJKXM.js");
    const reason = asked === "auto" ? { reason: "no other makes a builder of what the input builder says" } : {};
    return { ...await makeBuilder(toMake, job), ...reason };
  }
  const found = await findEngine(asked, inputs.builder, machine, env2, keys).catch((error2) => {
    if (inputs.install === "never" || !isLack(error2)) throw error2;
    return error2;
  });
  if (!(found instanceof Error) && inputs.install !== "always") return found;
  const { setUp } = await import("./set-up-engine-IW2SJKXM.js");
  return setUp(found, asked, job);
}

// src/commands/creations.ts
import { dirname as dirname6 } from "node:path";
async function removeOnFailure(paths, files, work) {
  const absent2 = await Promise.all(paths.map((path4) => absentAt(path4, files)));
  try {
    return await work();
  } catch (error2) {
    for (const [path4, ...above] of absent2) {
      if (path4 !== void 0) await files.remove(path4);
      for (const directory of above) await files.removeEmpty(directory);
    }
    throw error2;
  }
}
async function absentAt(path4, files) {
  const above = dirname6(path4);
  if (above === path4 || await files.info(path4) !== void 0) return [];
  return [path4, ...await absentAt(above, files)];
}
async function refuseExisting(paths, files) {
  const taken = [];
  for (const path4 of paths) {
    const found = await files.info(path4);
    const isFree = found === void 0 || found.kind === "directory" && (await files.list(path4)).length === 0;
    if (!isFree) taken.push(path4);
  }
  if (taken.length === 0) return;
  throw new Failure("input", `output: already exists: ${taken.join(", ")}`, {
    code: "OutputExists",
    hint: "Use another path, or remove it in a step before this one."
  });
}

// src/result/claims.ts
import { basename as basename5 } from "node:path/posix";

// src/text/json.ts
function parseJson2(text2) {
  try {
    return JSON.parse(text2);
  } catch {
    return void 0;
  }
}
function isJsonObject(value2) {
  return typeof value2 === "object" && value2 !== null && !Array.isArray(value2);
}

// src/result/claims.ts
var ROOT_KEY = "containerimage.digest";
var CONFIG_KEY = "containerimage.config.digest";
async function readEvidence(path4, reader, files) {
  const text2 = await files.readText(path4).catch((cause) => {
    throw evidenceMissing(`${reader} has no ${basename5(path4)}`, cause);
  });
  return text2.trim();
}
function evidenceMissing(what, cause) {
  return new Failure("tool", `${what}: the tool succeeded but did not report what it built`, {
    code: "EvidenceMissing",
    hint: "Check that the program on PATH is the tool itself and not a wrapper that drops its arguments.",
    cause
  });
}
async function readReportedDigests(evidence, files) {
  const digests = [];
  for (const item of evidence) {
    if ("trust" in item || "means" in item)
      digests.push(readOne(item, await readEvidence(item.path, "The build", files)));
  }
  return Object.assign({}, ...digests);
}
function readOne(item, content) {
  const digests = item.kind === "digest" ? reported(item.means, content) : readMetadata(content, item.trust);
  if (Object.keys(digests).length === 0) throw evidenceMissing(`${basename5(item.path)} contains no digest`);
  return digests;
}
function readMetadata(content, trust) {
  const values = new Map(Object.entries(objectIn(content)));
  const config = reported("config", values.get(CONFIG_KEY));
  const root = trust === "root" || config.config === void 0 ? reported("root", values.get(ROOT_KEY)) : {};
  return { ...config, ...root };
}
function objectIn(text2) {
  const value2 = parseJson2(text2);
  return isJsonObject(value2) ? value2 : {};
}
function reported(means, value2) {
  return typeof value2 === "string" && isDigest(value2) ? { [means]: value2 } : {};
}

// src/result/result.ts
function reconcile(images, reported2, wanted) {
  const [image2] = images;
  const roots = [...images.map(({ digest: digest2 }) => digest2), ...reported2.root === void 0 ? [] : [reported2.root]];
  requireSame("the image's digest", roots);
  const [only, ...others] = image2?.platforms ?? [];
  const single = others.length === 0 ? only : void 0;
  requireSame(
    "the config's digest",
    [single?.imageid, reported2.config].filter((digest2) => digest2 !== void 0)
  );
  if (image2 !== void 0) checkPlatforms(image2.platforms, wanted);
  const digest = image2?.digest ?? reported2.root;
  const imageid = single?.imageid ?? (image2 === void 0 ? reported2.config : void 0);
  return {
    platforms: image2?.platforms ?? [],
    ...image2 === void 0 ? {} : { kind: image2.kind },
    ...digest === void 0 ? {} : { digest },
    ...imageid === void 0 ? {} : { imageid }
  };
}
function requireSame(what, digests) {
  const different = [...new Set(digests)];
  if (different.length < 2) return;
  throw new Failure("internal", `${what} is not the same everywhere: ${different.join(", ")}`, {
    code: "DigestMismatch",
    hint: "Something else wrote to the same tag or path during this build, or the tool reported another image. Do not use the image; build it again."
  });
}
function checkPlatforms(found, wanted) {
  const missing2 = wanted.filter((platform) => !found.some((image2) => samePlatform(image2.platform, platform)));
  if (missing2.length === 0) return;
  throw new Failure("platform", `the image has no ${missing2.map(printPlatform).join(", ")}`, {
    lines: [`it has ${found.map(({ platform }) => printPlatform(platform)).join(", ")}`]
  });
}

// src/commands/quote.ts
var PLAIN2 = /^[A-Za-z0-9_@%+=:,./-]+$/;
function quoteArgument(argument) {
  if (typeof argument !== "string") return `"$(cat ${quoteArgument(argument.contentOf)})"`;
  return PLAIN2.test(argument) ? argument : singleQuote2(argument);
}
function printComment(text2) {
  return asLogText(`# ${asOneLine(text2)}`);
}
function singleQuote2(text2) {
  const broken = text2.replaceAll("'", `'\\''`).replace(/\r\n|\r|\n/g, "$&''").replaceAll("##[", "##''[");
  return `'${broken}'`;
}

// src/commands/script.ts
function printCommand(tool, args) {
  return [tool, ...args].map(quoteArgument).join(" ");
}
function printScript(script) {
  return script.steps.flatMap(printStep);
}
function printStep(step) {
  switch (step.kind) {
    case "run":
      return [printCommand(step.command.tool, step.command.args)];
    case "load":
      return [printCommand("docker", ["load", "--input", step.archive])];
    case "upload":
      return step.to.map((reference2) => printCopy(`oci:${step.layout}`, `docker://${printReference(reference2)}`));
    case "upload-by-digest":
      return step.to.map(
        (repository) => printCopy(`oci:${step.layout}`, `docker://${printRepository(repository)}@@unknown-digest@@`)
      );
    case "adopt":
      return [printComment(`then ${step.directory} becomes ${step.name} in the layout ${step.layout}, by this action`)];
    case "join": {
      const platforms2 = step.members.map(({ platform }) => printPlatform(platform)).join(", ");
      return [printComment(`then the index of ${platforms2} in ${step.layout}, by this action`)];
    }
    case "copy":
      return step.to.map(
        (reference2) => printCopy(`docker://${printReference(step.from)}`, `docker://${printReference(reference2)}`)
      );
  }
}
function printCopy(from, to) {
  return printCommand("skopeo", ["copy", "--all", "--preserve-digests", from, to]);
}

// src/action/job.ts
function registryOptions({
  authFile,
  inputs,
  retryPolicy
}) {
  return {
    plainHttp: inputs.insecureRegistries,
    ...authFile === void 0 ? {} : { authFile },
    ...retryPolicy === void 0 ? {} : { retryPolicy }
  };
}

// src/action/build.ts
import { join as join25, resolve as resolve8 } from "node:path/posix";

// src/bento/address.ts
import { resolve as resolve5 } from "node:path/posix";

// src/bento/store.ts
import { join as join15 } from "node:path/posix";
var MAX_LISTED = 10;
async function findInStore(reference2, directory, machine) {
  const folder = join15(directory, reference2.name);
  const versions = await listVersions(folder, machine);
  if (versions.length === 0) throw await noSuchName(reference2, directory, machine);
  const version = reference2.version === void 0 || reference2.version === "latest" ? await latestVersion(folder, versions, machine) : matchVersion(reference2.name, reference2.version, versions, directory);
  return join15(folder, version);
}
async function listStore(directory, machine) {
  const names = await listDirectories(directory, machine);
  const tags = await Promise.all(
    names.map(
      async (name) => (await listVersions(join15(directory, name), machine)).map((version) => `${name}:${version}`)
    )
  );
  return tags.flat();
}
async function listVersions(folder, machine) {
  const names = await listDirectories(folder, machine);
  const manifests = await Promise.all(names.map((name) => machine.files.info(join15(folder, name, "bento.yaml"))));
  return names.filter((_, index) => manifests[index] !== void 0);
}
async function listDirectories(directory, machine) {
  if (await machine.files.info(directory) === void 0) return [];
  const entries = await machine.files.list(directory);
  return entries.filter(({ kind }) => kind === "directory" || kind === "symlink").map(({ name }) => name);
}
function matchVersion(name, requested, versions, directory) {
  if (versions.includes(requested)) return requested;
  const matches = versions.filter((version) => version.startsWith(requested));
  const [match, ...others] = matches;
  if (match !== void 0 && others.length === 0) return match;
  if (match !== void 0) {
    throw new Failure("input", `${name}:${requested} matches several Bentos: ${some(matches)}`, {
      code: "Ambiguous",
      hint: "Use a longer prefix or the full version."
    });
  }
  throw new Failure(
    "input",
    `The Bento Store ${directory} does not have ${name}:${requested}; versions of ${name}: ${some(versions)}`,
    {
      code: "NotFound",
      hint: "Build the Bento with `bentoml build` or pull it from BentoCloud with `bentoml pull`."
    }
  );
}
async function noSuchName({ name, version }, directory, machine) {
  const tags = await listStore(directory, machine);
  const content = tags.length === 0 ? "the store is empty" : `it has ${some(tags)}`;
  const requested = version === void 0 ? name : `${name}:${version}`;
  return new Failure("input", `The Bento Store ${directory} does not have ${requested}; ${content}`, {
    code: "NotFound",
    hint: "Check `bentoml-home`, or build the Bento in an earlier step of this job."
  });
}
async function latestVersion(folder, versions, machine) {
  const { enclosed } = machine.files;
  const named2 = (await readStrictText(await enclosed.enclose(folder), "latest", enclosed))?.trim() ?? "";
  if (versions.includes(named2)) return named2;
  const times = await Promise.all(versions.map((version) => creationTime(join15(folder, version), machine)));
  const dated = versions.map((version, index) => ({
    version,
    time: times[index]?.getTime() ?? Number.NEGATIVE_INFINITY
  }));
  const newest = dated.reduce((best, candidate) => candidate.time > best.time ? candidate : best);
  return newest.version;
}
async function creationTime(folder, machine) {
  const { enclosed } = machine.files;
  try {
    const text2 = await readStrictText(await enclosed.enclose(folder), "bento.yaml", enclosed);
    return text2 === void 0 ? void 0 : await readCreationTimeOf(text2, join15(folder, "bento.yaml"));
  } catch (error2) {
    if (!(error2 instanceof Failure)) throw error2;
    machine.actions.warning(`A version was ignored in the search for the newest one: ${error2.message}`);
    return void 0;
  }
}
function some(names) {
  const more = names.length - MAX_LISTED;
  return `${names.slice(0, MAX_LISTED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

// src/bento/address.ts
var PATH_ONLY = /^[.~$]|\/|\.(?:bento|tar|t?gz|t?xz|t?bz2|t?zst|zip)$/;
async function locateBento(address, machine) {
  const { bento } = address;
  if (bento.trim() === "") throw new Failure("input", "The input bento is empty", { code: "NotFound" });
  const path4 = resolve5(machine.workspace, expandPath(bento, machine.env));
  const real = await existing(path4, machine);
  if (real !== void 0) return locatePath(path4, real, bento, machine);
  return locateTag(address, path4, machine);
}
async function existing(path4, machine) {
  if (await machine.files.info(path4) === void 0) return void 0;
  try {
    return await machine.files.realPath(path4);
  } catch (error2) {
    const reason = error2 instanceof Error ? error2.message : String(error2);
    throw new Failure("input", `Cannot resolve the path ${path4}: ${reason}`, { code: "NotFound", cause: error2 });
  }
}
async function locatePath(named2, path4, address, machine) {
  const kind = (await machine.files.info(path4))?.kind;
  if (kind === "file") {
    const { extractArchive } = await import("./extract-CGELRSOU.js");
    const directory2 = await machine.files.enclosed.enclose(await extractArchive(path4, address, machine));
    return { directory: directory2, origin: "archive", address };
  }
  if (kind !== "directory") {
    throw new Failure("input", `${path4} is neither a directory nor a file`, { code: "NotFound" });
  }
  const directory = await encloseNamed(named2, machine);
  if (!await hasManifest(directory, machine)) {
    throw new Failure("bento", `The directory ${path4} is not a Bento: it has no bento.yaml`, {
      code: "ManifestMissing",
      hint: PATH_ONLY.test(address) ? "Use the directory that `bentoml build` created, not the project or the store that contains it." : `An existing path has precedence over a tag. For the Bento of that name in the store, use "${address}:latest".`
    });
  }
  return { directory, origin: "directory", address };
}
async function hasManifest(directory, { files }) {
  try {
    return await files.enclosed.find(directory, "bento.yaml") !== void 0;
  } catch (error2) {
    if (error2 instanceof Failure) throw error2;
    const reason = error2 instanceof Error ? error2.message : String(error2);
    throw new Failure("bento", `Cannot read ${directory.path}: ${reason}`, { code: "Unreadable", cause: error2 });
  }
}
async function locateTag(address, path4, machine) {
  const { bento } = address;
  if (PATH_ONLY.test(bento)) {
    throw new Failure("input", `${path4} does not exist`, {
      code: "NotFound",
      hint: `Relative paths start at ${machine.workspace}. Check that this job has built the Bento or downloaded its artifact.`
    });
  }
  const { tag, lowered } = parseTagReference(bento);
  if (lowered) machine.actions.warning(`The tag "${bento}" is changed to lower case, as BentoML does.`);
  const { bentos } = storeDirectories(bentomlHome(address.bentomlHome, machine));
  try {
    const found = await findInStore(tag, bentos, machine);
    return { directory: await encloseNamed(found, machine), origin: "store", address: bento };
  } catch (error2) {
    if (!(error2 instanceof Failure) || error2.code !== "NotFound") throw error2;
    throw new Failure(error2.class, `${path4} does not exist, and no Bento of the store matches: ${error2.message}`, {
      code: error2.code,
      ...error2.hint === void 0 ? {} : { hint: error2.hint }
    });
  }
}

// src/bento/bento-directory.ts
import { join as join17, normalize as normalize2 } from "node:path/posix";

// src/bento/conda.ts
var PYTHON2 = /^\s*-\s*["']?(?:[\w./-]+::)?python\s*={1,2}\s*(\d+\.\d+)/;
function condaPython(environment) {
  const found = environment.split("\n").map((line) => PYTHON2.exec(line)?.[1]);
  return found.find((version) => version !== void 0);
}

// src/bento/references.ts
import { join as join16, normalize } from "node:path/posix";
var LOST_SCRIPTS = "`bentoml build` up to 1.4.38 does not store the files of `Image.run_script`. Use `Image.run` for the commands, or set the script as `docker.setup_script` in bentofile.yaml, and build the Bento again.";
function neededFiles(image2) {
  const common = ["env/docker/entrypoint.sh"];
  if (image2.spec === 2) return [...common, "env/python/requirements.txt"];
  return [
    ...common,
    ...image2.installScript ? [] : ["env/python/requirements.txt"],
    ...image2.setupScript ? ["env/docker/setup_script"] : [],
    ...image2.dockerfileTemplate ? ["env/docker/Dockerfile"] : [],
    ...image2.conda ? ["env/conda/environment.yml"] : []
  ];
}
async function findMissingFiles(image2, directory, files) {
  const missing2 = await absent(neededFiles(image2), (path4) => findFile(directory, path4, files));
  return missing2.map((path4) => ({ message: `${path4} is not in the Bento` }));
}
async function findMissingScripts(image2, directory, files) {
  const commands = [...image2.commands, ...image2.postCommands].join("\n");
  const names = [...new Set(commands.match(/\bscript__\w+/g) ?? [])];
  const missing2 = await absent(names, (name) => findFile(directory, join16("env/docker", name), files));
  return missing2.map((name) => ({
    message: `a command runs env/docker/${name}, which does not exist`,
    hint: LOST_SCRIPTS
  }));
}
async function findMissingIncludes(image2, directory, files) {
  const missing2 = await absent(image2.buildInclude, (path4) => files.find(directory, join16("src", path4)));
  return missing2.map((path4) => ({ message: `\`image.build_include\` lists ${path4}, which is not in src/` }));
}
async function findMissingPackages(references2, root, file, directory, files) {
  const missing2 = await mapFiles(references2, async ({ kind, text: text2, path: path4 }) => {
    if (/^(?:file:|\/)/i.test(path4)) {
      return {
        message: `the requirement "${text2}" is a file on the machine that built the Bento`,
        hint: "Use a path below the project (`./wheels/\u2026`) or publish the wheel to an index, and build the Bento again."
      };
    }
    const base = kind === "file" ? root : join16(file, "..");
    const outside = normalize(path4).startsWith("../");
    const found = outside ? void 0 : await files.find(directory, join16(base, path4));
    return found === void 0 ? { message: `the file of the requirement "${text2}" is not in the Bento` } : void 0;
  });
  return missing2.filter((reference2) => reference2 !== void 0);
}
function uncoveredPackages(references2, buildInclude) {
  const included = new Set(buildInclude);
  if (included.has(".")) return [];
  const paths = new Set(
    references2.filter(({ kind }) => kind === "file").map(({ path: path4 }) => normalize(path4).replace(/(?<=[^/])\/$/, ""))
  );
  const outer = outermost([...included, ...paths]);
  return [...paths].filter((path4) => outer.has(path4) && !included.has(path4));
}
function outermost(paths) {
  const outer = /* @__PURE__ */ new Set();
  let last;
  for (const path4 of paths.map((one) => `${one}/`).sort()) {
    if (last !== void 0 && path4.startsWith(last)) continue;
    last = path4;
    outer.add(path4.slice(0, -1));
  }
  return outer;
}
async function absent(names, find2) {
  const found = await mapFiles(names, find2);
  return names.filter((_, index) => found[index] === void 0);
}

// src/bento/requirements.ts
var SHORT = { "-i": "--index-url", "-f": "--find-links" };
var INDEX_OPTIONS = /* @__PURE__ */ new Set(["--index-url", "--extra-index-url", "--find-links", "--trusted-host", "--no-index"]);
var NESTED = /* @__PURE__ */ new Set(["-r", "--requirement", "-c", "--constraint"]);
var EDITABLE = /* @__PURE__ */ new Set(["-e", "--editable"]);
var ARCHIVE = /\.(?:whl|tar\.gz|tgz|zip|tar\.bz2|tar\.xz)$/;
function parseRequirements(text2) {
  const lines2 = text2.replace(/\\\r?\n/g, " ").split(/\r?\n/).map((line) => line.replace(/(?:^|\s)#.*$/s, "").trim()).filter((line) => line !== "");
  return {
    indexOptions: lines2.map(indexOptionOf).filter((option2) => option2 !== void 0),
    references: lines2.map(referenceOf).filter((reference2) => reference2 !== void 0)
  };
}
function splitOption(line) {
  const [, name = "", rest = ""] = /^(-[a-zA-Z]|--[a-z-]+)(?![a-z-])(.*)$/s.exec(line) ?? [];
  const value2 = rest.trim();
  if (name === "" || !/^(?:\s|=|$)/.test(rest)) return void 0;
  return { name: SHORT[name] ?? name, value: value2.startsWith("=") ? value2.slice(1).trim() : value2 };
}
function indexOptionOf(line) {
  const option2 = splitOption(line);
  if (option2 === void 0 || !INDEX_OPTIONS.has(option2.name)) return void 0;
  return `${option2.name} ${option2.value}`.trim();
}
function referenceOf(line) {
  const option2 = splitOption(line);
  if (option2 !== void 0) {
    if (NESTED.has(option2.name)) return reference("requirements", option2.value);
    return EDITABLE.has(option2.name) ? fileReference(option2.value) : void 0;
  }
  const [, direct] = /^[\w.-]+(?:\[[^\]]*\])?\s*@\s*(\S+)/.exec(line) ?? [];
  return fileReference(direct ?? line.split(/\s+|;/)[0] ?? "");
}
function fileReference(text2) {
  if (/^file:/i.test(text2)) return reference("file", text2);
  if (/^[a-z][a-z0-9+.-]*:/i.test(text2)) return void 0;
  const isPath = text2.startsWith(".") || text2.startsWith("/") || ARCHIVE.test(text2);
  return isPath ? reference("file", text2) : void 0;
}
function reference(kind, text2) {
  const path4 = withoutExtras(text2.replace(/#.*$/s, ""));
  return path4 === "" ? void 0 : { kind, text: text2, path: path4 };
}
function withoutExtras(path4) {
  const start = path4.lastIndexOf("[");
  const isExtras = path4.endsWith("]") && start > 0 && path4[start - 1] !== "/" && path4.indexOf("]", start) === path4.length - 1;
  return isExtras ? path4.slice(0, start) : path4;
}

// src/bento/bento-directory.ts
async function readBento(located, machine, { complete = true } = {}) {
  const { directory } = located;
  const files = machine.files.enclosed;
  const manifest = await readManifestFile(located, files);
  for (const warning2 of manifest.warnings) machine.actions.warning(warning2);
  await checkReadable(directory, files);
  const image2 = await completeImage(manifest, directory, files);
  const requirements = await readRequirements(image2, directory, files);
  if (complete) await checkReferences(image2, requirements, directory, files);
  const { warnings: _, ...rest } = manifest;
  return {
    ...rest,
    image: image2.spec === 2 ? coverPackages(image2, requirements) : image2,
    directory,
    entries: await readEntries(directory, files),
    indexOptions: requirements.indexOptions
  };
}
async function readManifestFile({ directory, address }, files) {
  const file = join17(directory.path, "bento.yaml");
  const text2 = await readStrictText(directory, "bento.yaml", files);
  if (text2 === void 0) {
    throw new Failure("bento", `${address} is not a Bento: there is no bento.yaml in ${directory.path}`, {
      code: "ManifestMissing",
      hint: "Use the directory, archive or tag that `bentoml build` created, not the project."
    });
  }
  if (await files.entry(directory, "bento.yaml") === void 0) {
    throw new Failure("bento", `${file} must be a regular file; it is a link`, { code: "UnsafePath" });
  }
  return readManifest(text2, file);
}
async function completeImage(manifest, directory, files) {
  const { image: image2 } = manifest;
  if (image2.spec === 2) return { ...image2, buildInclude: checkIncludes(image2.buildInclude, directory.path) };
  const pythonVersion = image2.pythonVersion ?? await builderPython(image2, directory, files);
  const conda = image2.conda ? await readCondaPython(directory, files) : void 0;
  const condaVersion = conda ?? pythonVersion;
  return {
    ...image2,
    ...pythonVersion === void 0 ? {} : { pythonVersion },
    ...image2.conda && condaVersion !== void 0 ? { condaPython: condaVersion } : {},
    installScript: await findFile(directory, "env/python/install.sh", files) !== void 0
  };
}
async function builderPython(image2, directory, files) {
  if (image2.baseImage !== void 0) return void 0;
  const text2 = await readStrictText(directory, "env/python/version.txt", files);
  return text2 === void 0 ? void 0 : pythonMinor(text2);
}
async function readCondaPython(directory, files) {
  const text2 = await readStrictText(directory, "env/conda/environment.yml", files);
  return text2 === void 0 ? void 0 : condaPython(text2);
}
function checkIncludes(paths, directory) {
  const normal = paths.map((path4) => normalize2(path4).replace(/\/$/, ""));
  const bad = paths.filter((_, index) => /^\/|^\.\.(?:\/|$)|[\u0000-\u001f]/.test(normal[index] ?? ""));
  if (bad.length === 0) return normal;
  throw new Failure("bento", `\`image.build_include\` has paths outside src/: ${bad.join(", ")}`, {
    code: "UnsafePath",
    position: { file: join17(directory, "bento.yaml") }
  });
}
async function requirementsLocation(image2, directory, files) {
  const python = "env/python";
  if (image2.spec === 1) {
    const lock = join17(python, "requirements.lock.txt");
    const locked = await files.find(directory, lock) !== void 0;
    return { file: locked ? lock : join17(python, "requirements.txt"), root: python };
  }
  const root = await files.find(directory, "src") === void 0 ? python : "src";
  return { file: join17(python, "requirements.txt"), root };
}
var MAX_REQUIREMENTS = 2 << 20;
async function readRequirements(image2, directory, files) {
  const location = await requirementsLocation(image2, directory, files);
  const text2 = await readStrictText(directory, location.file, files, MAX_REQUIREMENTS);
  return { ...location, ...parseRequirements(text2 ?? "") };
}
async function checkReferences(image2, { references: references2, root, file }, directory, files) {
  const missing2 = [
    ...await findMissingFiles(image2, directory, files),
    ...image2.spec === 2 ? await findMissingScripts(image2, directory, files) : [],
    ...image2.spec === 2 ? await findMissingIncludes(image2, directory, files) : [],
    ...await findMissingPackages(references2, root, file, directory, files)
  ];
  if (missing2.length === 0) return;
  const messages = firstFew(missing2.map(({ message }) => message));
  const hints = [...new Set(missing2.map(({ hint }) => hint).filter((hint) => hint !== void 0))];
  throw new Failure("bento", `The Bento in ${directory.path} is incomplete: ${messages.join("; ")}`, {
    code: "ReferenceMissing",
    lines: messages,
    hint: hints.join(" ") || "Build the Bento again. If the file is still missing, the build options refer to a file that they do not include."
  });
}
function coverPackages(image2, { references: references2 }) {
  return { ...image2, buildInclude: [...image2.buildInclude, ...uncoveredPackages(references2, image2.buildInclude)] };
}
async function readEntries(directory, files) {
  const entries = await files.list(directory);
  return entries.flatMap(({ name, kind }) => kind === "other" ? [] : [{ name, kind }]);
}

// src/commands/image-source.ts
import { join as join20 } from "node:path";

// src/recipe/base-image.ts
var UBUNTU_2404 = /^12\.[68]\./;
var UBUNTU_2004 = /^11\.[0-6]\./;
var REFERENCE = /^[A-Za-z0-9][A-Za-z0-9._:/@[\]-]*$/;
var HUB = [
  ...["docker.io/library/", "index.docker.io/library/", "docker.io/", "index.docker.io/", "library/"],
  ...["public.ecr.aws/docker/library/", "mirror.gcr.io/library/", "mirror.gcr.io/"]
];
var OTHER_SYSTEM = /alpine|windows|nanoserver/;
function isDebian(base) {
  const [reference2 = ""] = base.split("@");
  const [name = "", tag = base.includes("@") ? void 0 : "latest", ...rest] = reference2.split(":");
  if (tag === void 0 || rest.length > 0) return false;
  const prefix = HUB.find((candidate) => name.startsWith(candidate)) ?? "";
  switch (name.slice(prefix.length)) {
    case "python":
    case "debian":
    case "ubuntu":
    case "continuumio/miniconda3":
      return !OTHER_SYSTEM.test(tag);
    case "nvidia/cuda":
      return tag.includes("-ubuntu");
    default:
      return false;
  }
}
function originOf(image2) {
  if (image2.baseImage !== void 0) return "own";
  if (image2.cudaVersion !== void 0) return "cuda";
  return image2.conda ? "conda" : "python";
}
function baseImage(image2) {
  const base = image2.spec === 2 ? image2.baseImage : image2.baseImage ?? derivedImage(image2);
  if (REFERENCE.test(base)) return base;
  throw new Failure("bento", `The Bento's base image is ${JSON.stringify(base)}, which is not an image reference`, {
    code: "ValueInvalid"
  });
}
function derivedImage(image2) {
  const origin = originOf(image2);
  if (origin === "cuda") return cudaImage(image2.distro, image2.cudaVersion ?? "");
  if (origin === "conda") return condaImage(image2.distro);
  return pythonImage(image2.distro, requirePython(image2));
}
function pythonImage(distro, python) {
  switch (distro) {
    case "debian":
      return `python:${python}-slim`;
    case "alpine":
      return `python:${python}-alpine`;
    case "ubi8":
      return `registry.access.redhat.com/ubi8/python-${python.replace(".", "")}:1`;
    case "amazonlinux":
      return "amazonlinux:2";
  }
}
function condaImage(distro) {
  if (distro === "debian") return "continuumio/miniconda3:latest";
  if (distro === "alpine") return "continuumio/miniconda3:4.10.3p0-alpine";
  throw unsupported2("conda", distro);
}
function cudaImage(distro, version) {
  if (distro === "debian") {
    if (UBUNTU_2404.test(version)) return `nvidia/cuda:${version}-cudnn-runtime-ubuntu24.04`;
    return `nvidia/cuda:${version}-cudnn8-runtime-${UBUNTU_2004.test(version) ? "ubuntu20.04" : "ubuntu22.04"}`;
  }
  if (distro === "ubi8") return `nvidia/cuda:${version}-${UBUNTU_2404.test(version) ? "cudnn" : "cudnn8"}-runtime-ubi8`;
  throw unsupported2("CUDA", distro);
}
function requirePython(image2) {
  if (image2.pythonVersion !== void 0) return image2.pythonVersion;
  throw new Failure("bento", "The Bento does not specify a Python version", {
    code: "ValueInvalid",
    hint: "Set `docker.python_version` in bentofile.yaml and build the Bento again."
  });
}
function unsupported2(what, distro) {
  return new Failure("bento", `The Bento requires ${what} on ${distro}, but no such base image exists`, {
    code: "ValueInvalid",
    hint: "Set `docker.distro` to debian, or set `docker.base_image`, and build the Bento again."
  });
}

// src/recipe/fixed-time.ts
var FIXED_TIME = 315619200;

// src/recipe/times.ts
function fixTimes(sections, base) {
  const copies = sections.some(({ steps }) => steps.some(({ kind }) => kind === "copy"));
  if (copies || !isDebian(base)) return sections;
  const fixed = sections.map(({ comment, steps }) => ({ comment, steps: steps.map(withFixedTime) }));
  return [{ comment: WHY, steps: [] }, ...fixed];
}
var WHY = [
  "Each RUN ends with giving what it changed one time, so that the same files are the same layer, whoever builds it and when."
];
function withFixedTime(step) {
  return step.kind === "run" ? { ...step, time: FIXED_TIME } : step;
}
function newestTime(sections) {
  const isFixed = ({ steps }) => steps.every((step) => step.kind !== "copy" && (step.kind !== "run" || step.time !== void 0));
  return sections.every(isFixed) ? FIXED_TIME : void 0;
}
function statementsWithTime(statements, time) {
  return [
    `started="$(date +@%s.%N)"; sleep 0.02`,
    ...statements,
    [
      "find / -xdev '(' -path /proc -o -path /sys -o -path /dev ')' -prune",
      `    -o -newerct "$started" -newermt @${time} -exec touch --no-dereference --date=@${time} '{}' + || true`
    ].join("\n")
  ];
}

// src/recipe/dockerfile/long-lines.ts
var MAX_LENGTH2 = 2e4;
function foldLongLines(dockerfile) {
  return dockerfile.length <= MAX_LENGTH2 ? dockerfile : dockerfile.split("\n").map(fold).join("\n");
}
function fold(line) {
  const pieces = [];
  let start = 0;
  while (line.length - start > MAX_LENGTH2) {
    const end = breakPosition(line, start);
    pieces.push(line.slice(start, end));
    start = end;
  }
  return [...pieces, line.slice(start)].join("\\\n");
}
function breakPosition(line, start) {
  for (let at2 = start + MAX_LENGTH2; at2 > start; at2 -= 1) {
    if (/^[^\s\p{Cc}\p{Cf}\\#][^\s\p{Cc}\p{Cf}\\#\udc00-\udfff]$/u.test(line.slice(at2 - 1, at2 + 1))) return at2;
  }
  throw new Failure(
    "bento",
    `A text of the Bento has ${MAX_LENGTH2} blanks or backslashes in a row, which a Dockerfile cannot contain`,
    {
      code: "ValueInvalid"
    }
  );
}

// src/recipe/dockerfile/dockerfile.ts
var WORKDIR_FIRST = "# The first to make the directory: the layer of a WORKDIR that makes none is empty.";
var ENVIRONMENT_STAGE = "environment";
function renderDockerfile(recipe, options = { link: true }) {
  const { link, base, environmentOnly = false } = options;
  const isPinned = base !== void 0 && !recipe.base.includes("@");
  const workdir = `WORKDIR ${recipe.runtime.workdir}`;
  const sections = [
    header(recipe),
    `FROM ${recipe.base}${isPinned ? `@${base}` : ""} AS ${ENVIRONMENT_STAGE}`,
    ...environmentOnly ? [] : [`${WORKDIR_FIRST}
${workdir}`],
    ...recipe.environment.map(renderSection),
    `# The image: the environment, and the files of the Bento on top.
FROM ${ENVIRONMENT_STAGE}`,
    ...renderPayload(recipe.payload, link),
    ...recipe.afterPayload.map(renderSection),
    renderRuntime(recipe.runtime, environmentOnly ? [workdir] : [])
  ];
  return foldLongLines(`${sections.join("\n\n")}
`);
}
function environmentSource(recipe, options) {
  const time = newestTime(recipe.environment);
  return {
    ...imageSource(recipe, { ...options, environmentOnly: true }),
    buildArgs: {},
    contexts: [],
    generated: [],
    ...time === void 0 ? {} : { newestTime: time }
  };
}
var IGNORE_NOTHING = "# Nothing of the Bento is left out.\n";
function imageSource(recipe, options) {
  const { context, contexts, generated, secrets, resolvedBuildArgs, base, notes } = recipe;
  const dockerfile = renderDockerfile(recipe, options);
  const buildArgs = Object.fromEntries(runtimeArguments(recipe.runtime).map(({ name, value: value2 }) => [name, value2]));
  const ignore = IGNORE_NOTHING;
  return { dockerfile, ignore, context, contexts, generated, secrets, buildArgs, resolvedBuildArgs, base, notes };
}
function header({ bento, bentomlVersion, tool }) {
  const version = bentomlVersion.replace(/[^\w.+-]/g, "").slice(0, 64);
  return `# The image of the Bento ${printTag(bento)}, built with BentoML ${version}. Written by ${tool}.`;
}
function renderSection({ comment, steps }) {
  return [...comment.map((line) => `# ${line}`), ...steps.map(renderStep)].join("\n");
}
function renderStep(step) {
  switch (step.kind) {
    case "user":
      return `USER ${step.name}`;
    case "env":
      return renderVariables(step.variables);
    case "path":
      return `ENV PATH=${step.directory}:$PATH`;
    case "copy":
      return [
        `COPY --chown=${renderOwner(step.owner)}`,
        ...step.executable ? ["--chmod=755"] : [],
        quoteOperands(step.sources, step.destination)
      ].join(" ");
    case "run":
      return renderRun(
        step.mounts,
        step.time === void 0 ? step.statements : statementsWithTime(step.statements, step.time)
      );
  }
}
function renderVariables(variables) {
  return `ENV ${continued(variables.map(renderVariable))}`;
}
function renderVariable({ name, value: value2, expand }) {
  return `${name}=${expand === true ? quoteExpanding(value2) : quoteForDockerfile(value2)}`;
}
function renderRun(mounts, statements) {
  const last = statements.length - 1;
  const lines2 = statements.flatMap((statement, index) => `${statement}${index === last ? "" : ";"}`.split("\n"));
  return `RUN ${continued([...mounts.map(renderMount), ...lines2])}`;
}
function renderMount(mount) {
  switch (mount.kind) {
    case "cache":
      return `--mount=type=cache,target=${mount.target}`;
    case "bind":
      return `--mount=type=bind,source=${mount.source},target=${mount.target}`;
    case "secret":
      return `--mount=type=secret,id=${mount.id},required=true`;
  }
}
function continued(lines2) {
  return lines2.join(" \\\n    ");
}
function renderPayload(layers, link) {
  const groups = [
    { kind: "model", comment: "# The models, a layer each, straight from where they lie." },
    { kind: "bento", comment: "# The Bento, from what changes least to what changes with every build." },
    {
      kind: "parents",
      comment: "# A linked layer gives the directories on the way to its files to their owner; these are root's."
    }
  ];
  return groups.map(({ kind, comment }) => ({ comment, layers: layers.filter((layer) => layer.kind === kind) })).filter((group) => group.layers.length > 0).map((group) => [group.comment, ...group.layers.flatMap((layer) => renderLayer(layer, link))].join("\n"));
}
function renderLayer({ owner, copies }, link) {
  return copies.map(
    ({ context, sources, destination }) => [
      "COPY",
      // Buildah refuses two dots anywhere in a linked destination, as a path that leads outside (add.go).
      ...link && !destination.includes("..") ? ["--link"] : [],
      `--chown=${renderOwner(owner)}`,
      ...context === void 0 ? [] : [`--from=${context}`],
      quoteOperands(sources, destination)
    ].join(" ")
  );
}
function renderOwner({ uid, gid }) {
  return `${uid}:${gid}`;
}
function runtimeArguments({ variables }) {
  return variables.filter(({ value: value2 }) => /[\r\n]/.test(value2)).map(({ value: value2 }, index) => ({ name: `BENTO_RUNTIME_${index + 1}`, value: value2 }));
}
function renderRuntime(runtime, more) {
  const { exposedPorts, user, entrypoint } = runtime;
  const given = new Map(runtimeArguments(runtime).map(({ name, value: value2 }) => [value2, `\${${name}}`]));
  const variables = runtime.variables.map((variable2) => {
    const reference2 = given.get(variable2.value);
    return reference2 === void 0 ? variable2 : { name: variable2.name, value: reference2, expand: true };
  });
  return [
    "# How a container starts.",
    ...more,
    ...runtimeArguments(runtime).map(({ name }) => `ARG ${name}`),
    ...variables.length === 0 ? [] : [renderVariables(variables)],
    `EXPOSE ${exposedPorts.join(" ")}`,
    `USER ${user}`,
    `ENTRYPOINT ${JSON.stringify(entrypoint)}`
  ].join("\n");
}

// src/recipe/commands.ts
import { join as join18 } from "node:path/posix";

// src/recipe/step.ts
var FIXED_EPOCH = `SOURCE_DATE_EPOCH=${FIXED_TIME}`;
function runStep(statements, options) {
  return {
    kind: "run",
    mounts: [...options.mounts ?? [], ...options.secrets.map(({ name }) => ({ kind: "secret", id: name }))],
    statements: [
      ...markDeclared(options.secrets),
      ...options.secrets.map(({ name }) => `export ${name}="$(cat /run/secrets/${name})"`),
      [`export ${FIXED_EPOCH}`, ...options.settings ?? []].join("\n    "),
      ...options.directory === void 0 ? [] : [`cd ${options.directory}`],
      ...options.first ?? [],
      // Prints each statement from here on, but not the ones above, which contain values.
      "set -ex",
      ...statements
    ]
  };
}
function markDeclared(secrets) {
  const values = secrets.filter(({ declared }) => declared !== "").map(({ name, declared }) => [name, declared]);
  return values.length === 0 ? [] : [`: declared values ${digestOf(JSON.stringify(values))}`];
}
function cleanUp(options) {
  const indexes = "/var/lib/apt/lists/* /var/cache/apk/* /var/cache/yum/* /var/cache/dnf/*";
  const caches = "/var/cache/apt/*.bin /var/cache/apt/archives/*.deb ~/.cache/pip ~/.cache/uv";
  const logs = "/var/log/*.log /var/log/apt/* /var/cache/ldconfig/aux-cache";
  const backups = "/var/cache/debconf/*-old /var/lib/dpkg/*-old /etc/passwd- /etc/shadow- /etc/group- /etc/gshadow-";
  return [
    options.keepIndexes ? `rm -rf ${caches}` : `rm -rf ${indexes}
       ${caches}`,
    `rm -f ${logs}
      ${backups} /etc/.pwd.lock`
  ];
}

// src/recipe/commands.ts
var SCRIPT = /\bscript__\w+/g;
var USES_PACKAGES = /\b(?:apt|apt-get|aptitude|apk|script__\w+)\b/;
function commandsSection(when2, image2, layout, secrets) {
  const commands = when2 === "before" ? image2.commands : image2.postCommands;
  if (commands.length === 0) return [];
  const keepIndexes = when2 === "before" && image2.postCommands.some((command) => USES_PACKAGES.test(command));
  const mounts = when2 === "before" ? [] : [pythonMount(layout)];
  const statements = [...commands.map(runCommand), ...cleanUp({ keepIndexes })];
  checkLength(when2, statements);
  return [
    {
      comment: [
        `The Bento's commands ${when2} its Python packages: one layer, because only its end can remove what they leave behind.`
      ],
      steps: [
        ...copyScripts(commands, layout),
        runStep(statements, { secrets, mounts, directory: layout.bento, first: COMMAND_SHELL })
      ]
    }
  ];
}
function copyScripts(commands, layout) {
  const names = [...new Set(commands.join("\n").match(SCRIPT) ?? [])].sort();
  if (names.length === 0) return [];
  return [
    {
      kind: "copy",
      sources: names.map((name) => join18("env/docker", name)),
      destination: `${join18(layout.bento, "env/docker")}/`,
      owner: layout,
      executable: true
    }
  ];
}
var COMMAND_SHELL = [
  "case $- in *e*) on_failure=-e ;; *) on_failure=+e ;; esac",
  `bento_command() ( set +x $on_failure; eval "shift; $1" )`
];
function runCommand(command) {
  return `bento_command ${quoteForShell(answerYum(command))}`;
}
var MAX_LENGTH3 = 128 * 1024 - 8 * 1024;
function checkLength(when2, statements) {
  const bytes = Buffer.byteLength(statements.join("\n"));
  if (bytes <= MAX_LENGTH3) return;
  throw new Failure(
    "bento",
    `The Bento's commands ${when2} its Python packages have ${bytes} bytes; the limit is ${MAX_LENGTH3}`,
    {
      code: "ValueInvalid",
      hint: "Move long commands to a script of the Bento, with `Image.run_script`, and build the Bento again."
    }
  );
}
function answerYum(command) {
  return command.replace(/^yum update && yum install -y /, "yum update -y && yum install -y ");
}
var ACCEPT_TERMS = `CONDA_PLUGINS_AUTO_ACCEPT_TOS="\${CONDA_PLUGINS_AUTO_ACCEPT_TOS:-yes}"`;
function condaSection(image2, layout, secrets) {
  const conda = "/opt/conda/bin/conda";
  const target = join18(layout.bento, "env/conda");
  const python = image2.condaPython === void 0 ? [] : [`${conda} install -y -n base pkgs/main::python=${image2.condaPython} pip`];
  return {
    comment: ["Conda's packages, in its base environment."],
    steps: [
      runStep(
        [
          ...python,
          `${conda} config --set pip_interop_enabled True`,
          `${conda} env update -n base -f ${target}/environment.yml`,
          `${conda} clean --all -y`,
          ...cleanUp({ keepIndexes: false })
        ],
        {
          secrets,
          mounts: [{ kind: "bind", source: "env/conda", target }],
          directory: layout.bento,
          settings: [ACCEPT_TERMS]
        }
      )
    ]
  };
}
function setupSection(layout, secrets) {
  return {
    comment: ["The setup script sees the whole Bento, as in BentoML's own image."],
    steps: [
      runStep([join18(layout.bento, "env/docker/setup_script"), ...cleanUp({ keepIndexes: false })], {
        secrets,
        directory: layout.bento
      })
    ]
  };
}
function pythonMount(layout) {
  return { kind: "bind", source: "env/python", target: join18(layout.bento, "env/python") };
}

// src/recipe/environment.ts
import { join as join19 } from "node:path/posix";

// src/recipe/account.ts
var LOCALE = [
  { name: "LANG", value: "C.UTF-8" },
  { name: "LC_ALL", value: "C.UTF-8" },
  { name: "PYTHONIOENCODING", value: "UTF-8" },
  { name: "PYTHONUNBUFFERED", value: "1" }
];
function startSection(more) {
  return {
    comment: ["Some base images end with another user; everything above the last USER runs as root."],
    steps: [
      { kind: "user", name: "root" },
      { kind: "env", variables: [...LOCALE, ...more] }
    ]
  };
}
function accountSection(layout) {
  const { user, uid, gid, home } = layout;
  const parents = rootParents(layout).join(" ");
  const own = ownDirectories(layout).join(" ");
  const refusal = `In the base image ${user} has another number than ${uid}: set the build argument BENTO_USER_UID`;
  return {
    comment: [
      "The user that runs the service. Written by hand: useradd and adduser differ, and both put the day of the build",
      "into /etc/shadow."
    ],
    steps: [
      {
        kind: "run",
        mounts: [],
        statements: [
          "set -ex",
          `grep -q ^${user}: /etc/group || echo '${user}:*:${gid}:' >> /etc/group`,
          `grep -q ^${user}: /etc/passwd || echo '${user}:*:${uid}:${gid}::${home}:/bin/sh' >> /etc/passwd`,
          `test "$(id -u ${user})" = ${uid} ||
    { echo >&2 '${refusal}'; exit 1; }`,
          `mkdir -p ${own}`,
          `chmod 0755 ${parents} ${own}`,
          `chown 0:0 ${parents}`,
          `chown ${uid}:${gid} ${own}`
        ]
      },
      { kind: "env", variables: layoutVariables(layout) }
    ]
  };
}
function variablesSections(variables) {
  if (variables.length === 0) return [];
  const groups = variables.some(({ expand }) => expand) ? variables.map((variable2) => [variable2]) : [variables];
  const steps = groups.map((group) => ({ kind: "env", variables: group }));
  return [{ comment: ["The Bento's own variables."], steps }];
}

// src/recipe/bootstrap.ts
var APT_INSTALL = "apt-get install -q -y -o Dpkg::Options::=--force-confdef --no-install-recommends --allow-remove-essential";
function bootstrapSections(image2, secrets) {
  if (originOf(image2) === "own") return [];
  const { before, statements, after } = bootstrap(image2);
  const steps = [
    env(before),
    runStep([...statements, ...cleanUp({ keepIndexes: false })], { secrets }),
    env(after)
  ];
  return [
    {
      comment: ["Packages of the distribution, in one layer that ends with removing what installing leaves behind."],
      steps: steps.filter((step) => step !== void 0)
    }
  ];
}
function env(variables) {
  return variables.length === 0 ? void 0 : { kind: "env", variables };
}
function bootstrap(image2) {
  const packages = image2.systemPackages.map(quoteForShell);
  switch (image2.distro) {
    case "debian":
      return debian(image2, packages);
    case "alpine":
      return {
        before: [],
        statements: [
          wrap("apk add --update", "bash gcc libc-dev shadow musl-dev build-base linux-headers g++ curl".split(" ")),
          ...install("apk add", packages)
        ],
        after: [{ name: "ENV", value: "/root/.bashrc" }]
      };
    case "ubi8":
      return ubi8(image2, packages);
    case "amazonlinux":
      return amazonlinux(image2, packages);
  }
}
function debian(image2, packages) {
  const common = "ca-certificates gnupg2 bash build-essential curl".split(" ");
  return {
    before: [{ name: "DEBIAN_FRONTEND", value: "noninteractive" }],
    statements: [
      "apt-get update -y",
      wrap(APT_INSTALL, [...common, ...packages]),
      ...originOf(image2) === "cuda" ? deadsnakes(requirePython(image2)) : []
    ],
    after: []
  };
}
function deadsnakes(python) {
  return [
    wrap(APT_INSTALL, ["software-properties-common"]),
    "add-apt-repository -y ppa:deadsnakes/ppa",
    "apt-get update -y",
    wrap(APT_INSTALL, [`python${python}`, `python${python}-dev`, `python${python}-venv`]),
    `ln -sf /usr/bin/python${python} /usr/bin/python3`
  ];
}
function ubi8(image2, packages) {
  const isCuda = originOf(image2) === "cuda";
  return {
    before: [],
    statements: [
      "yum upgrade -y",
      wrap("yum install -y", "ca-certificates curl gcc gcc-c++ make bash shadow-utils".split(" ")),
      ...install("yum install -y", packages),
      ...isCuda ? ubi8Python(requirePython(image2)) : []
    ],
    after: isCuda ? UBI8_HOME : []
  };
}
var UBI8_HOME = [
  { name: "HOME", value: "/opt/app-root/src" },
  { name: "APP_ROOT", value: "/opt/app-root" },
  {
    name: "PATH",
    value: "/opt/app-root/src/bin:/opt/app-root/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
  }
];
function ubi8Python(python) {
  return [
    `dnf install -y --setopt=tsflags=nodocs python${python.replace(".", "")}`,
    `ln -sf /usr/bin/python${python} /usr/bin/python3`,
    `ln -sf /usr/bin/pip${python} /usr/bin/pip3`
  ];
}
function amazonlinux(image2, packages) {
  const python = requirePython(image2);
  const short = python.replace(".", "");
  return {
    before: [],
    statements: [
      "yum upgrade -y",
      wrap("yum install -y", "amazon-linux-extras curl ca-certificates gcc gcc-c++ make bash shadow-utils".split(" ")),
      `amazon-linux-extras enable python${python}`,
      `yum install -y python${short} python${short}-devel`,
      `yum groupinstall -y "Development Tools"`,
      ...install("yum install -y", packages),
      `ln -sf /usr/bin/python${python} /usr/bin/python3`,
      `ln -sf /usr/bin/pip${python} /usr/bin/pip3`
    ],
    after: []
  };
}
function install(command, packages) {
  return packages.length === 0 ? [] : [wrap(command, packages)];
}
function wrap(command, words) {
  return `${command}
    ${words.join(" ")}`;
}

// src/recipe/uv.ts
var VERSION2 = "0.13.8";
var WHEELS = {
  manylinux2014_x86_64: "e18a57b8b352eb7c8feb317b9f6f533c8f0ad9673fd6cf34bbe3cf1a9f6a8984",
  musllinux_1_1_x86_64: "29451c60f5e8b07403e0a175d5229efc36b0289b34143ff4aaa499a5dd52553a",
  manylinux2014_aarch64: "0b3e8b1a4f5e405e31e2ff33de8af4744831e9f7338539671efbd8c3c94e791d",
  manylinux_2_28_aarch64: "5337c30bb893b4f9ce0ceb921ba2da0d13f649da644f40ad3bef84083bef0203",
  manylinux2014_armv7l: "86f1319f851e645bc295bb921e6be19beae7e69216c75ae809010ca7817393aa",
  musllinux_1_1_armv7l: "9cf0b7b12f13da6ab1c85694ab618d97a2bbd0c904cdea7f0172fb1dd768b9d5",
  linux_armv6l: "0ec33661a14e38dea8dfb18167d2a4a5c7fe3d476c62dd8eb6acf5f378727201",
  manylinux2014_i686: "5ace7ec339798aca31be51a75fa7c1544fe84e02fadd17a9fa3324813bbaf237",
  musllinux_1_1_i686: "63d807451e63c8d21b1b33c945af16438ac9d8ffddc59b31ce69c692135891f5",
  manylinux2014_ppc64le: "6999618363d03a0a085a9491db319e00b461dbda205db06ef1fd55dfcbf6472b",
  manylinux2014_s390x: "13050c64530a1ccfc223af0306a8152d41c0d36ea63bc19161221ca65dfe480a",
  manylinux_2_31_riscv64: "b26fe533dc6153787e40443b7d9428ed41349127bff36a954ec82c48be01ded9"
};
var REFUSAL = `The package index of this build has no uv ${VERSION2} that PyPI has too: let it serve the same files, or take a base image that brings uv`;
var UV_PIP_SETTINGS = "PIP_IGNORE_REQUIRES_PYTHON=1";
function installUv(pip) {
  const hashes = Object.values(WHEELS).map((hash) => `    --hash=sha256:${hash}`);
  return [
    `printf '%s ' uv==${VERSION2}`,
    ...hashes,
    `    | ${pip} install --only-binary :all: --require-hashes --requirement /dev/stdin ||`,
    `    { echo >&2 '${REFUSAL}'; exit 1; };`
  ];
}

// src/recipe/venv.ts
var VENV = "/app/.venv";
var UV_CACHE = "/var/cache/uv";
var PIP_SETTINGS = [
  "PIP_DISABLE_PIP_VERSION_CHECK=1",
  "PIP_NO_CACHE_DIR=1",
  "PIP_ROOT_USER_ACTION=ignore",
  // Distributions may mark their Python as externally managed (PEP 668).
  "PIP_BREAK_SYSTEM_PACKAGES=1"
];
function venvSection({ layout, secrets, indexOptions, python, after }) {
  const venv = ["uv venv --no-cache", ...python, VENV].join(" ");
  return {
    comment: ["uv, unless the base image brings it, and the virtual environment in which the service runs."],
    steps: [
      runStep(
        [
          [
            "if ! command -v uv; then",
            '    pip="$(command -v pip)" || pip="python3 -m pip";',
            "    $pip --version || { python3 -m venv /opt/uv; pip=/opt/uv/bin/pip; ln -s /opt/uv/bin/uv /usr/local/bin/uv; };",
            ...installUv("$pip").map((line) => `    ${line}`),
            "fi"
          ].join("\n"),
          `UV_PYTHON_INSTALL_DIR=/app/python/ UV_VENV_CLEAR=1 ${venv}`,
          `chown -R ${layout.uid}:${layout.gid} ${VENV}`
        ],
        {
          secrets,
          directory: layout.bento,
          settings: [PIP_SETTINGS.join(" "), UV_PIP_SETTINGS, ...indexSettings(indexOptions)]
        }
      ),
      {
        kind: "env",
        variables: [{ name: "VIRTUAL_ENV", value: VENV }, { name: "UV_COMPILE_BYTECODE", value: "1" }, ...after]
      },
      { kind: "path", directory: `${VENV}/bin` }
    ]
  };
}
var PIP_VARIABLES = {
  "--index-url": "PIP_INDEX_URL",
  "--extra-index-url": "PIP_EXTRA_INDEX_URL",
  "--find-links": "PIP_FIND_LINKS",
  "--trusted-host": "PIP_TRUSTED_HOST"
};
function indexSettings(options) {
  const pairs3 = options.map((option2) => option2.split(/\s+(.*)/s)).filter(([name = "", value2 = ""]) => name !== "--find-links" || /^https?:/.test(value2));
  return Object.entries(PIP_VARIABLES).flatMap(([option2, variable2]) => {
    const values = pairs3.flatMap(([name, value2 = ""]) => name === option2 && value2 !== "" ? [value2] : []);
    const effective = option2 === "--index-url" ? values.slice(-1) : values;
    return effective.length === 0 ? [] : [`${variable2}="${effective.map(quoteOpen).join(" ")}"`];
  });
}
function installStep(install2, options) {
  const settings = `UV_CACHE_DIR=${UV_CACHE} UV_LINK_MODE=copy PYC_INVALIDATION_MODE=UNCHECKED_HASH`;
  return runStep([install2, ...options.local ? REMOVE_UV_TIMES : []], {
    secrets: options.secrets,
    directory: options.layout.bento,
    settings: [settings, ...options.pip ? [PIP_SETTINGS.join(" ")] : []],
    mounts: [{ kind: "cache", target: UV_CACHE }, ...options.mounts]
  });
}
var REMOVE_UV_TIMES = [
  [
    `for noted in ${VENV}/lib/*/site-packages/*.dist-info/uv_cache.json; do`,
    '    if [ -f "$noted" ]; then rm "$noted"; sed -i /uv_cache.json/d "${noted%/*}/RECORD"; fi;',
    "done"
  ].join("\n")
];

// src/recipe/environment.ts
function environmentV2(input, image2) {
  const { bento, layout, variables } = input;
  const { secrets } = variables;
  const python = image2.pythonVersion === void 0 ? [] : ["--python", quoteForShell(image2.pythonVersion)];
  return [
    startSection([]),
    accountSection(layout),
    ...variablesSections(variables.all),
    ...commandsSection("before", image2, layout, secrets),
    venvSection({
      layout,
      secrets,
      indexOptions: bento.indexOptions,
      python,
      after: [{ name: "UV_NO_PROGRESS", value: "1" }]
    }),
    packagesSectionV2(image2, layout, secrets),
    ...commandsSection("after", image2, layout, secrets)
  ];
}
function environmentV1(input, image2) {
  const { bento, layout, variables } = input;
  const { secrets } = variables;
  const origin = originOf(image2);
  const isConda = origin === "conda";
  return [
    // Empty, so that a container has access to GPUs only if it is started with them.
    startSection(origin === "cuda" ? [{ name: "NVIDIA_VISIBLE_DEVICES", value: "" }] : []),
    ...bootstrapSections(image2, secrets),
    accountSection(layout),
    ...variablesSections(variables.all),
    ...isConda ? [condaSection(image2, layout, secrets)] : [],
    venvSection({
      layout,
      secrets,
      indexOptions: bento.indexOptions,
      python: isConda ? CONDA_PYTHON : pythonArgument(image2),
      after: []
    }),
    packagesSectionV1(bento, image2, layout, secrets)
  ];
}
var CONDA_PYTHON = ["--python", "/opt/conda/bin/python", "--system-site-packages"];
function pythonArgument(image2) {
  return image2.pythonVersion === void 0 ? [] : ["--python", quoteForShell(image2.pythonVersion)];
}
var PACKAGES = [
  "The Python packages. Their list is mounted, not copied: nothing else of the Bento touches this layer."
];
function packagesSectionV2(image2, layout, secrets) {
  const includes = image2.buildInclude.map((path4) => {
    const source = path4 === "." ? "src" : join19("src", path4);
    return {
      kind: "copy",
      sources: [source],
      destination: join19(layout.bento, source),
      owner: layout,
      executable: false
    };
  });
  const directory = includes.length === 0 ? "env/python" : "src";
  const requirements = join19(layout.bento, "env/python/requirements.txt");
  const install2 = `uv --directory ${directory} pip install -r ${requirements}`;
  return {
    comment: PACKAGES,
    steps: [
      ...includes,
      installStep(install2, { layout, secrets, mounts: [pythonMount(layout)], local: includes.length > 0 })
    ]
  };
}
function packagesSectionV1(bento, image2, layout, secrets) {
  const directory = join19(layout.bento, "env/python");
  const install2 = image2.installScript ? `bash -euxo pipefail ${directory}/install.sh` : `uv pip install -r ${directory}/requirements.txt ${quoteForShell(`bentoml==${bento.bentomlVersion}`)}`;
  return {
    comment: PACKAGES,
    steps: [installStep(install2, { layout, secrets, mounts: [pythonMount(layout)], local: true, pip: true })]
  };
}

// src/recipe/variables.ts
function sortVariables(bento, buildArgs) {
  const envs = [...new Map(bento.envs.map((env2) => [env2.name, env2])).values()];
  const build2 = envs.filter(({ stage }) => stage === "build");
  const runtime = envs.filter(({ stage }) => stage === "runtime");
  const later = new Set([...build2, ...runtime].map(({ name }) => name));
  const dockerEnv = bento.image.spec === 1 ? bento.image.dockerEnv : void 0;
  const all = dockerEnv === void 0 ? envs.filter(({ stage }) => stage === "all") : Object.entries(dockerEnv).map(([name, value2]) => ({ name, value: value2, ...value2.includes("$") ? { expand: true } : {} })).filter(({ name }) => !later.has(name));
  const resolve9 = ({ name, value: value2, expand }) => {
    const given = ownValue(buildArgs, name);
    if (given !== void 0) return { name, value: given };
    return { name, value: value2, ...expand === true ? { expand } : {} };
  };
  const resolved = { all: all.map(resolve9), runtime: runtime.map(resolve9) };
  for (const variable2 of resolved.all) checkVariable(variable2, /[\0\r\n]/);
  for (const variable2 of resolved.runtime) checkVariable(variable2, /\0/);
  for (const { name } of build2)
    if (!SHELL_VARIABLE_NAME.test(name)) throw invalid3(`${name} is not a valid name of a shell variable`);
  const isSet = ({ name, value: value2 }) => value2 !== "" || dockerEnv !== void 0 && Object.hasOwn(dockerEnv, name);
  return {
    all: resolved.all.filter(isSet),
    runtime: resolved.runtime.filter(isSet),
    secrets: build2.map(({ name, value: value2 }) => ({ name, declared: value2 })),
    unset: [...resolved.all, ...resolved.runtime].filter((variable2) => !isSet(variable2)).map(({ name }) => name)
  };
}
function checkVariable({ name, value: value2, expand }, impossible) {
  if (!VARIABLE_NAME.test(name)) throw invalid3(`${JSON.stringify(name)} is not a valid variable name`);
  if (impossible.test(value2))
    throw invalid3(`the value of ${name} contains a line break or NUL, which ENV does not support`);
  if (expand === true && hasUnknownExpansion(value2)) {
    throw invalid3(
      `${name} is ${JSON.stringify(value2)}; only the forms \${NAME}, \${NAME:-word} and \${NAME:+word} are supported`
    );
  }
}
function invalid3(what) {
  return new Failure("bento", `An environment variable of the Bento cannot be set: ${what}`, { code: "ValueInvalid" });
}

// src/recipe/recipe.ts
var PORTS = [3e3, 3001];
function makeRecipe(bento, models, options) {
  const { image: image2 } = bento;
  const layout = resolveLayout(options.buildArgs);
  const variables = sortVariables(bento, options.buildArgs);
  const contexts = nameContexts(models);
  const input = { bento, layout, variables };
  const base = baseImage(image2);
  const environment = image2.spec === 1 ? environmentV1(input, image2) : environmentV2(input, image2);
  return {
    bento: bento.tag,
    bentomlVersion: bento.bentomlVersion,
    tool: options.tool,
    base,
    environment: fixTimes(environment, base),
    payload: payloadLayers(bento, contexts, layout),
    afterPayload: image2.spec === 1 && image2.setupScript ? [setupSection(layout, variables.secrets)] : [],
    runtime: {
      variables: variables.runtime,
      exposedPorts: PORTS,
      user: layout.user,
      workdir: layout.bento,
      entrypoint: [`${layout.bento}/env/docker/entrypoint.sh`]
    },
    layout,
    context: bento.directory,
    contexts: contexts.map(({ name, directory }) => ({ name, directory })),
    generated: generatedEntries(bento, models, layout),
    secrets: variables.secrets,
    resolvedBuildArgs: Object.keys(options.buildArgs).filter(
      (name) => LAYOUT_ARGUMENTS.includes(name) || bento.envs.some((env2) => env2.name === name) || isDockerEnv(bento, name)
    ),
    notes: [...variableNotes(variables), ...optionNotes(bento)]
  };
}
function isDockerEnv({ image: image2 }, name) {
  return image2.spec === 1 && image2.dockerEnv !== void 0 && Object.hasOwn(image2.dockerEnv, name);
}
function variableNotes({ unset }) {
  if (unset.length === 0) return [];
  return [
    `The Bento declares ${unset.join(", ")} without a value, so the image does not set them. Set them when you start the container, or with build-args.`
  ];
}
function optionNotes({ image: image2 }) {
  if (image2.spec === 2) return [];
  const notes = [];
  if (image2.baseImage !== void 0 && image2.systemPackages.length > 0) {
    notes.push(
      "`docker.system_packages` has no effect with `docker.base_image`: BentoML installs no system packages in such an image."
    );
  }
  const other = image2.condaPython !== void 0 && image2.condaPython !== image2.pythonVersion;
  if (originOf(image2) === "conda" && other && image2.pythonVersion !== void 0) {
    notes.push(
      `The service runs in conda's Python ${image2.condaPython}, not in the Python ${image2.pythonVersion} of \`docker.python_version\`.`
    );
  }
  return notes;
}

// src/commands/image-source.ts
var STORED = "env/docker/Dockerfile";
function deriveRecipe({ dockerfile = "generated", buildArgs }, bento, models, tool) {
  const templated = bento.image.spec === 1 && bento.image.dockerfileTemplate;
  return dockerfile === "generated" && !templated ? makeRecipe(bento, models, { buildArgs, tool }) : void 0;
}
async function deriveSource({ inputs, bento, models, recipe }, options, machine) {
  if (recipe !== void 0) return { ...imageSource(recipe, options), payload: titlesOf(recipe) };
  const { dockerfile = "generated", buildArgs } = inputs;
  const isStored = dockerfile === "stored" || dockerfile === "generated";
  const given = { ...isStored ? await readStored(bento, machine) : await readOwn(dockerfile, machine), buildArgs };
  const { ownSource, storedSource } = await import("./given-dockerfile-4F4UZM5V.js");
  const source = isStored ? storedSource(bento, models, given) : ownSource(bento, models, given);
  return { ...source, generated: await presentOnly(source.generated, machine), payload: [] };
}
async function presentOnly(entries, { files }) {
  const found = await Promise.all(
    entries.map((entry) => entry.kind === "copy" ? files.enclosed.find(entry.from, entry.source) : entry)
  );
  return entries.filter((_, index) => found[index] !== void 0);
}
function titlesOf({ payload, afterPayload }) {
  return afterPayload.length > 0 ? [] : payload.flatMap(({ name, copies }) => copies.map(() => name));
}
var HINT = "Give generated, stored, or a path from the workspace.";
async function readStored({ directory }, { files }) {
  const path4 = join20(directory.path, STORED);
  const text2 = await readStrictText(directory, STORED, files.enclosed);
  if (text2 !== void 0) return { path: path4, text: text2 };
  throw new Failure("input", `dockerfile: there is no file ${path4}`, { hint: HINT });
}
async function readOwn(given, machine) {
  const path4 = await findInputFile("dockerfile", given, machine, { hint: HINT });
  return { path: path4, text: await machine.files.readText(path4) };
}

// src/commands/plan.ts
import { resolve as resolve6 } from "node:path";
var DEFAULT_EPOCH = FIXED_TIME;
function referencesOf(inputs, bento) {
  return nonEmpty(inputs.tags) ?? [parseReference(`${bento.tag.name}:${bento.tag.version}`)];
}
function makePlan(inputs, bento, source, engine, secrets, paths) {
  return {
    dockerfile: paths.dockerfile,
    context: source.context.path,
    references: referencesOf(inputs, bento),
    features: definedOnly2(featuresOf(inputs, bento, source, engine, secrets, paths)),
    deliveries: deliveriesOf(inputs, paths.workspace),
    extraArgs: inputs.extraArgs,
    scratch: paths.scratch,
    kept: paths.kept
  };
}
function featuresOf(inputs, bento, source, engine, secrets, paths) {
  const generated = paths.generated === void 0 ? [] : [{ name: "generated", directory: paths.generated }];
  const extra = Object.entries(inputs.buildContexts).map(([name, address]) => ({ name, address }));
  const directories = extra.filter(({ address }) => !address.includes("://"));
  return {
    builder: inputs.builder,
    builderKeys: builderKeyFiles(inputs, paths.scratch).keys,
    platforms: nonEmpty(inputs.platforms) ?? (engine.platform === void 0 ? void 0 : [engine.platform]),
    format: inputs.format ?? "oci",
    compression: withoutChoice(inputs.compression),
    epoch: clampTo(epochOf(inputs, bento), source),
    pull: inputs.pull ?? false,
    noCache: inputs.noCache,
    noCacheFilters: filled(inputs.noCacheFilters),
    cacheFrom: filled(inputs.cacheFrom),
    cacheTo: filled(inputs.cacheTo),
    // Chosen later; see chooseCache.
    cache: void 0,
    target: inputs.target,
    buildArgs: filledPairs({ ...withoutKeys(inputs.buildArgs, source.resolvedBuildArgs), ...source.buildArgs }),
    // Chosen later, where the backend supports it; see cacheMountsOf.
    cacheMounts: void 0,
    contexts: filled([
      ...generated,
      ...source.contexts.map(({ name, directory }) => ({ name, directory: directory.path })),
      ...directories.map(({ name, address }) => ({ name, directory: resolve6(paths.workspace, address) }))
    ]),
    remoteContexts: filledPairs(
      Object.fromEntries(
        extra.filter(({ address }) => address.includes("://")).map(({ name, address }) => [name, address])
      )
    ),
    secrets: filled(secrets),
    ssh: filled(inputs.ssh),
    labels: filledPairs(inputs.labels),
    annotations: filledPairs(inputs.annotations),
    attests: filledPairs(attestationsOf(inputs)),
    addHosts: filled(inputs.addHosts),
    network: inputs.network,
    allow: filled(inputs.allow),
    shmSize: inputs.shmSize,
    ulimits: filled(inputs.ulimit),
    cgroupParent: inputs.cgroupParent,
    strictBase: true
  };
}
function withoutChoice({ format, level }) {
  return level === void 0 ? { format } : { format, level };
}
function clampTo(seconds, { newestTime: newestTime2 }) {
  return { seconds, rewrite: newestTime2 === void 0 || newestTime2 > seconds };
}
function epochOf({ sourceDateEpoch }, bento) {
  if (sourceDateEpoch === "bento") return Math.floor(bento.creationTime.getTime() / 1e3);
  return sourceDateEpoch ?? DEFAULT_EPOCH;
}
function layoutPath({ output }, workspace) {
  const layout = output.find(({ kind }) => kind === "layout");
  return layout === void 0 ? void 0 : resolve6(workspace, layout.path);
}
function deliveriesOf(inputs, workspace) {
  const outputs2 = inputs.output.map(({ kind, path: path4 }) => ({ kind, path: resolve6(workspace, path4) }));
  const load = inputs.load ?? (!isPushed(inputs) && outputs2.length === 0);
  const all = [
    ...isPushed(inputs) ? [{ kind: inputs.pushByDigest === true ? "push-by-digest" : "push" }] : [],
    ...load ? [{ kind: "load" }] : [],
    ...outputs2
  ];
  return nonEmpty(all) ?? [{ kind: "load" }];
}
function filled(list3) {
  return list3.length === 0 ? void 0 : list3;
}
function filledPairs(given) {
  return Object.keys(given).length === 0 ? void 0 : given;
}
function withoutKeys(given, keys) {
  return Object.fromEntries(Object.entries(given).filter(([key]) => !keys.includes(key)));
}
function definedOnly2(features3) {
  return Object.fromEntries(Object.entries(features3).filter(([, value2]) => value2 !== void 0));
}

// src/commands/share-credentials.ts
import { join as join21, resolve as resolve7 } from "node:path";

// src/registry/auth/auth-config.ts
var DOCKER_HUB_KEY = "https://index.docker.io/v1/";
var DOCKER_HUB_HOSTS = /* @__PURE__ */ new Set(["docker.io", "index.docker.io", "registry-1.docker.io"]);
function parseAuthConfig(text2, source) {
  const json = parse2(text2, source);
  const store = json["credsStore"];
  return {
    auths: new Map(objectEntries(json["auths"]).map(([key, value2]) => [key, parseEntry(value2)])),
    helpers: new Map(
      objectEntries(json["credHelpers"]).filter((entry) => typeof entry[1] === "string")
    ),
    store: typeof store === "string" && store !== "" ? store : void 0
  };
}
var LOGIN_FIELDS = ["auths", "credsStore", "credHelpers"];
function replaceLogins(config, logins, source) {
  const isLogin = ([name]) => LOGIN_FIELDS.includes(name);
  const others = Object.entries(parseObject(config) ?? {}).filter((entry) => !isLogin(entry));
  const taken = Object.entries(parse2(logins, source)).filter(isLogin);
  return JSON.stringify(Object.fromEntries([...others, ...taken]));
}
function findByRepository(entries, repository) {
  const wanted = printRepository({ ...repository, domain: repository.domain.toLowerCase() });
  let best;
  for (const [key, value2] of entries) {
    const prefix = normalizeKey(key);
    const matches = wanted === prefix || wanted.startsWith(`${prefix}/`);
    if (matches && prefix.length > (best?.length ?? 0)) best = { key, value: value2, length: prefix.length };
  }
  return best;
}
function normalizeKey(key) {
  const [host = "", ...path4] = key.replace(/^https?:\/\//, "").split("/");
  const name = DOCKER_HUB_HOSTS.has(host.toLowerCase()) ? "docker.io" : host.toLowerCase();
  const parts = path4.filter((part) => part !== "");
  return parts.length === 1 && /^v[12]$/.test(parts[0] ?? "") ? name : [name, ...parts].join("/");
}
function parse2(text2, source) {
  const json = parseObject(text2);
  if (json !== void 0) return json;
  throw new Failure("auth", `The credentials file ${source} is no JSON object.`, {
    code: "CredentialsUnreadable",
    hint: "Log in again with docker/login-action, or give a right file in registry-auth-file."
  });
}
function parseObject(text2) {
  const json = parseJson2(text2);
  return isJsonObject(json) ? json : void 0;
}
function parseEntry(value2) {
  if (!isJsonObject(value2)) return {};
  const decoded = decodeAuth(stringOf(value2["auth"]));
  const username = stringOf(decoded?.username) ?? stringOf(value2["username"]);
  const password = stringOf(decoded?.password) ?? stringOf(value2["password"]);
  const identityToken = stringOf(value2["identitytoken"]);
  const registryToken = stringOf(value2["registrytoken"]);
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
function stringOf(value2) {
  return typeof value2 === "string" && value2 !== "" ? value2 : void 0;
}
function objectEntries(value2) {
  return isJsonObject(value2) ? Object.entries(value2) : [];
}

// src/commands/share-credentials.ts
async function findAuthFile(authFile, machine) {
  if (authFile === void 0) return void 0;
  return findInputFile("registry-auth-file", authFile, machine, { code: "AuthFileMissing" });
}
async function shareCredentials(authFile, machine) {
  if (authFile === void 0) return { env: {} };
  const { env: env2, files } = machine;
  const path4 = await findAuthFile(authFile, machine);
  const own = resolve7(machine.workspace, env2["DOCKER_CONFIG"] || join21(env2["HOME"] || "/root", ".docker"));
  const directory = join21(await files.scratch(), "docker");
  const config = await files.readText(join21(own, "config.json")).catch(() => "");
  const content = replaceLogins(config, await files.readText(path4), path4);
  await files.makeDirectory(directory, 448);
  await files.write(join21(directory, "config.json"), content, 384);
  const others = await files.list(own).catch(() => []);
  for (const { name } of others)
    if (name !== "config.json") await files.makeLink(join21(own, name), join21(directory, name));
  return { path: path4, env: { DOCKER_CONFIG: directory, DOCKER_AUTH_CONFIG: void 0, REGISTRY_AUTH_FILE: path4 } };
}

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
function toolEnvironment(env2, hidden, additions) {
  const left = /* @__PURE__ */ new Set([...AMBIENT, ...hidden]);
  const kept = Object.entries(env2).filter(([name]) => !left.has(name) && !isOfAction(name));
  return { ...Object.fromEntries(kept), ...additions };
}

// src/inputs/conflicts.ts
function findConflicts(inputs) {
  const layouts = inputs.output.filter(({ kind }) => kind === "layout");
  return [
    ...duplicates(inputs.tags.map(printReference)).map((tag) => `tags: ${tag} is given twice`),
    ...duplicates(inputs.output.map(({ path: path4 }) => path4)).map((path4) => `output: ${path4} is given twice`),
    ...duplicates(secretIds(inputs)).map((id) => `secrets, secret-envs, secret-files: the secret ${id} is given twice`),
    ...secretIds(inputs).filter((id) => !SECRET_ID.test(id)).map((id) => `secrets, secret-envs, secret-files: "${id}" is not a valid id (for example: HF_TOKEN)`),
    ...when(
      isPushed(inputs) && inputs.tags.length === 0,
      "push: tags are required (for example: tags: ghcr.io/acme/iris:1.4.0)"
    ),
    ...when(
      inputs.assembly === "backend" && (inputs.ifExists === "skip" || inputs.environmentCache !== void 0 || inputs.cacheKey !== void 0 || inputs.modelArtifact === true),
      "if-exists, environment-cache, cache-key, model-artifact: these require direct assembly (for example: assembly: auto)"
    ),
    ...when(
      inputs.cacheKey !== void 0 && inputs.environmentCache === "off",
      "cache-key, environment-cache: no environment is cached, so there is nothing to sign (for example: environment-cache: ghcr.io/acme/iris-cache)"
    ),
    ...when(
      inputs.cacheKey !== void 0 && (inputs.cache === "registry" || inputs.cache === "inline"),
      "cache-key, cache: a builder's registry cache cannot be signed (for example: cache: auto)"
    ),
    ...when(
      inputs.modelArtifact === true && !isPushed(inputs),
      "model-artifact: the image must be pushed (for example: push: true)"
    ),
    ...when(
      inputs.digestFile !== void 0 && !isPushed(inputs),
      "digest-file: the image must be pushed (for example: push-by-digest: true)"
    ),
    ...when(
      inputs.builderCert === void 0 !== (inputs.builderKey === void 0),
      "builder-cert, builder-key: give both or neither"
    ),
    ...when(
      (inputs.builderCa ?? inputs.builderCert) !== void 0 && !/^[ \t]*tcp:\/\//m.test(inputs.builder ?? ""),
      "builder-ca, builder-cert, builder-key: these require a tcp:// address in builder (for example: builder: tcp://buildkitd:1234)"
    ),
    ...when(
      (inputs.cache === "registry" || inputs.cache === "inline") && inputs.tags.length === 0,
      "cache: this cache is stored in the repository of the first tag, and there are no tags (for example: cache: local)"
    ),
    ...[...inputs.cacheFrom, ...inputs.cacheTo].filter((line) => CREDENTIAL.test(line)).map(
      () => "cache-from, cache-to: a credential would appear on the command line; the tools find credentials themselves"
    ),
    ...["provenance", "sbom"].filter((type) => inputs[type] !== void 0 && inputs.attests[type] !== void 0).map((type) => `${type}, attests: the same attestation is given twice`),
    ...when(
      Object.keys(inputs.annotations).some((key) => /^index[^:]*:/.test(key)) && !isIndex(inputs),
      "annotations: an image of one platform without attestations has no index to annotate (for example: org.opencontainers.image.title=Iris)"
    ),
    ...when(layouts.length > 1, "output: give at most one layout directory"),
    ...when(
      inputs.load === false && !isPushed(inputs) && inputs.output.length === 0,
      "load: with load: false and neither push nor output, the image would be discarded (for example: push: true)"
    ),
    ...when(
      inputs.format === "docker" && inputs.output.some(({ kind }) => kind !== "docker-archive"),
      "format: an OCI layout or OCI archive cannot be in docker's format (for example: output: docker-archive:image.tar)"
    ),
    ...when(
      inputs.format === "docker" && inputs.compression.format === "zstd",
      "compression: docker's format does not support zstd layers (for example: format: oci)"
    )
  ];
}
var CREDENTIAL = /(?:^|,)(?:token|ghtoken|secret_access_key|session_token|secret_key)=/;
function isIndex({ platforms: platforms2, provenance, sbom, attests }) {
  return platforms2.length > 1 || provenance !== void 0 || sbom !== void 0 || Object.keys(attests).length > 0;
}
var SECRET_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
function secretIds({ secrets, secretEnvs, secretFiles }) {
  return [...Object.keys(secrets), ...secretEnvs.map(({ id }) => id), ...Object.keys(secretFiles)];
}
function when(condition, problem) {
  return condition ? [problem] : [];
}

// src/inputs/decode-schema.ts
function decodeValues(schema2, raw, readQuoted, mistakes, findConflicts2) {
  const problems = [...mistakes];
  const decoded = {};
  for (const [name, decoder2] of Object.entries(schema2)) {
    try {
      decoded[camelCase(name)] = decoder2.decode(raw(name), readQuoted);
    } catch (error2) {
      const reason = error2 instanceof Error ? error2.message : String(error2);
      problems.push(`${name}: ${reason} (for example: ${decoder2.example})`);
    }
  }
  const values = decoded;
  if (problems.length === 0) problems.push(...findConflicts2(values));
  if (problems.length > 0) throw inputFailure(problems);
  return values;
}
function variable(env2, name) {
  return env2[`INPUT_${name.toUpperCase()}`] ?? "";
}
function inputFailure(problems) {
  const count2 = problems.length === 1 ? "one input is" : `${problems.length} inputs are`;
  return new Failure("input", `${count2} not right: ${problems.join(" \xB7 ")}`, {
    lines: problems,
    hint: "The README lists every input with its grammar and an example."
  });
}
function camelCase(name) {
  return name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
}

// src/inputs/decode.ts
async function decodeInputs(env2) {
  return decodeWith(env2, await openQuotedReader(Object.keys(schema).map(readRaw(env2).raw)));
}
function decodeWith(env2, readQuoted) {
  const { raw, notes, problems } = readRaw(env2);
  return { inputs: decodeValues(schema, raw, readQuoted, problems, findConflicts), notes };
}
function readRaw(env2) {
  const notes = [];
  const problems = [];
  const renamed = /* @__PURE__ */ new Map();
  for (const [old, current] of Object.entries(RENAMED)) {
    const value2 = variable(env2, old);
    if (value2 === "") continue;
    notes.push(`The input "${old}" is now called "${current}".`);
    if (old === "bento-tag" && variable(env2, current) !== "") problems.push(`"${old}" and "${current}" are both given`);
    renamed.set(current, value2);
  }
  return { raw: (name) => renamed.get(name) ?? variable(env2, name), notes, problems };
}

// src/layers/split.ts
var MIN_OWN_LAYER_SIZE = 64 * 2 ** 20;
var MAX_ADDED_LAYERS = 64;
function splitLayer(plan, budget) {
  const big = plan.entries.filter((entry) => entry.kind === "file" && isBig(entry)).sort((one, other) => other.size - one.size).slice(0, Math.max(0, budget));
  const separate = new Set(big);
  const rest = plan.entries.filter((entry) => !separate.has(entry));
  const parts = plan.entries.filter((entry) => separate.has(entry)).map((entry) => ({
    ...plan,
    title: `${plan.title} (${nameOf2(entry)})`,
    entries: [...plan.entries.filter((other) => isAbove(other, entry)), entry]
  }));
  const restIsNeeded = rest.some((entry) => !big.some((file) => isAbove(entry, file)));
  return big.length === 0 || restIsNeeded ? [...parts, { ...plan, entries: rest }] : parts;
}
function splitLayers(layers) {
  let budget = MAX_ADDED_LAYERS;
  return layers.flatMap((layer) => {
    const parts = splitLayer(layer.plan, budget);
    budget -= parts.length - 1;
    return parts.map((plan) => ({ ...layer, plan }));
  });
}
function isBig({ size, source }) {
  return size >= MIN_OWN_LAYER_SIZE || source.kind === "remote";
}
function isAbove(directory, { path: path4 }) {
  return directory.kind === "directory" && path4.startsWith(`${directory.path}/`);
}
function nameOf2({ path: path4 }) {
  const name = path4.slice(path4.lastIndexOf("/") + 1);
  return /^[0-9a-f]{40,64}$/.test(name) ? `${name.slice(0, 12)}\u2026` : name;
}

// src/report/digest-file.ts
function digestFileOf(report3, revision) {
  const { result, references: references2, bento } = report3;
  if (result.digest === void 0) return void 0;
  const platforms2 = result.platforms.map(({ platform }) => platform);
  const file = {
    digest: result.digest,
    repositories: distinctRepositories(references2).map(printRepository),
    platforms: platforms2.map(printPlatform),
    bento: printTag(bento.tag),
    ...revision ? { revision } : {}
  };
  const name = [bento.tag.name, ...platforms2.map(platformSlug)].join("-");
  return { name: `${name}.json`, content: `${JSON.stringify(file, null, 2)}
` };
}

// src/report/outputs.ts
function outputsOf(report3) {
  const { result, references: references2 } = report3;
  const [first] = references2;
  const { digest } = result;
  return {
    digest: digest ?? "",
    image: digest === void 0 || first === void 0 ? "" : printReference(withDigest(first, digest)),
    images: JSON.stringify(digest === void 0 ? [] : repositoriesOf(report3).map((name) => `${name}@${digest}`)),
    imageid: result.imageid ?? "",
    digests: JSON.stringify(digestsOf(report3)),
    tags: tagsOf(report3).join("\n"),
    metadata: JSON.stringify(metadataOf(report3)),
    dockerfile: report3.dockerfile,
    bento: printTag(report3.bento.tag),
    backend: report3.backend,
    layout: report3.layout ?? "",
    commands: report3.commands.join("\n")
  };
}
function tagsOf({ references: references2, byDigest }) {
  return byDigest ? [] : references2.map(printReference);
}
function repositoriesOf({ references: references2 }) {
  return [...new Set(references2.map(printRepository))];
}
function digestsOf({ result }) {
  return Object.fromEntries(
    result.platforms.map(({ platform, digest, imageid, size }) => [printPlatform(platform), { digest, imageid, size }])
  );
}
function metadataOf(report3) {
  const { bento, result, engine } = report3;
  return {
    digest: result.digest,
    kind: result.kind,
    imageid: result.imageid,
    digests: digestsOf(report3),
    tags: tagsOf(report3),
    backend: report3.backend,
    versions: engine.versions,
    base: report3.base,
    bento: {
      name: bento.tag.name,
      version: bento.tag.version,
      spec: bento.image.spec,
      bentoml: bento.bentomlVersion,
      models: report3.models.map((located) => ({
        tag: printTag(located.model.tag),
        source: located.origin,
        size: sizeOf(located)
      }))
    }
  };
}
function sizeOf(located) {
  return located.kind === "snapshot" ? located.files.reduce((sum2, file) => sum2 + file.size, 0) : void 0;
}

// src/report/stopwatch.ts
function openStopwatch(now) {
  const phases2 = [];
  return {
    phases: phases2,
    async phase(title, work) {
      const start = now().getTime();
      try {
        return await work();
      } finally {
        phases2.push({ title, seconds: (now().getTime() - start) / 1e3 });
      }
    }
  };
}

// src/report/subjects.ts
async function declareSubjects(report3, { env: env2, files }) {
  const { GITHUB_ARTIFACTS: path4, GITHUB_ARTIFACTS_LIST: list3 } = env2;
  const { digest } = report3.result;
  if (!report3.pushed || !path4 || digest === void 0) return [];
  const declared = new Map((await readDeclared2(list3, files)).map(({ name, digest: earlier }) => [name, earlier]));
  const names = repositoriesOf(report3);
  const taken = names.filter((name) => (declared.get(name) ?? digest) !== digest);
  const lines2 = names.filter((name) => !taken.includes(name)).map((name) => `oci://${name}@${digest}
`);
  const before = await files.info(path4) === void 0 ? "" : await files.readText(path4);
  await files.write(path4, before + lines2.join(""), 420);
  return taken;
}
async function readDeclared2(path4, files) {
  if (!path4) return [];
  const text2 = await files.readText(path4).catch(() => "");
  try {
    const parsed2 = JSON.parse(text2);
    return parsed2?.subjects ?? [];
  } catch {
    return [];
  }
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
  const sources = values.map((value2) => (typeof value2 === "string" ? textOf(value2) : value2).source);
  return new Markdown(String.raw({ raw: literals }, ...sources));
}
function join22(parts, separator) {
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
function codeBlock(language, lines2) {
  const runs = lines2.flatMap((line) => line.match(/`+/g) ?? []);
  const fence = "`".repeat(Math.max(2, ...runs.map((run3) => run3.length)) + 1);
  return new Markdown([`${fence}${language}`, ...lines2, fence].join("\n"));
}
function table(rows, head = [NOTHING, NOTHING]) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const filled2 = rows.filter(([, second]) => second?.source !== "");
  const sources = [head, ...filled2].map((cells) => line(cells.map(({ source }) => source)));
  return new Markdown(sources.toSpliced(1, 0, `|${"---|".repeat(head.length)}`).join("\n"));
}

// src/report/summary.ts
function summaryOf(report3) {
  const sections = [
    heading(report3),
    facts(report3),
    ...report3.notes.map((note) => markdown`> [!NOTE]\n> ${note}`),
    ...report3.result.platforms.map((image2) => sizes(image2, report3)),
    changes(report3),
    phases(report3),
    usage(report3),
    markdown`<details><summary>Commands</summary>\n\n${codeBlock("sh", report3.commands)}\n\n</details>`
  ];
  return `${join22(sections, "\n\n").source}
`;
}
function heading({ bento, dryRun }) {
  const what = markdown`Bento ${code(printTag(bento.tag))} → image`;
  return dryRun ? markdown`### Dry run: ${what}` : markdown`### ${what}`;
}
function facts(report3) {
  const { result, engine, bento } = report3;
  const noDigest = report3.dryRun ? NOTHING : markdown`none: the image store does not keep manifests`;
  const versions = Object.entries(engine.versions).map(([part, version]) => `${part} ${version}`);
  const backend = [report3.backend, ...versions.length === 0 ? [] : [`(${versions.join(", ")})`]].join(" ");
  const digest = result.kind === void 0 ? markdown`Digest` : markdown`Digest (${result.kind})`;
  return table([
    [markdown`Backend`, markdown`${backend}`],
    [markdown`Assembly`, markdown`${report3.assembly}`],
    [markdown`Cache`, markdown`${report3.cache ?? ""}`],
    [markdown`Base image`, code(report3.base)],
    [markdown`BentoML`, markdown`${code(bento.bentomlVersion)}, spec ${String(bento.image.spec)}`],
    [report3.byDigest ? markdown`Repositories` : markdown`Tags`, join22(namesOf2(report3).map(code), "<br>")],
    [digest, result.digest === void 0 ? noDigest : code(result.digest)],
    [markdown`Image id (config)`, code(result.imageid ?? "")],
    [markdown`Platforms`, join22(result.platforms.map(platformOf2), " ")]
  ]);
}
function namesOf2({ references: references2, byDigest }) {
  return (byDigest ? distinctRepositories(references2) : references2).map(printFamiliar);
}
function platformOf2({ platform }) {
  return code(printPlatform(platform));
}
function sizes(image2, { payload }) {
  const { layers, size } = image2;
  const below = layers.slice(0, layers.length - payload.length);
  const rows = [
    [markdown`base and environment`, markdown`${printBytes(sum(below.map((layer) => layer.size)))}`],
    ...payload.map(({ title, note }, index) => {
      const bytes = printBytes(layers[below.length + index]?.size ?? 0);
      return [code(title), note === void 0 ? markdown`${bytes}` : markdown`${bytes} (${note})`];
    })
  ];
  if (payload.length === 0 || layers.length < payload.length) rows.length = 1;
  return markdown`**Size of ${platformOf2(image2)}: ${printBytes(size)}** (compressed)\n\n${table(rows)}`;
}
function changes({ changes: all }) {
  if (all.length === 0) return NOTHING;
  const rows = all.map(({ title, now, before }) => [
    markdown`${title}`,
    markdown`${printBytes(now)} (${difference(now - before)})`
  ]);
  return markdown`**Sizes, compared with the previous image of this Bento**\n\n${table(rows)}`;
}
function difference(count2) {
  if (count2 === 0) return "as before";
  return `${count2 < 0 ? "\u2212" : "+"}${printBytes(Math.abs(count2))}`;
}
function phases({ phases: all }) {
  if (all.length === 0) return NOTHING;
  return table(all.map(({ title, seconds }) => [markdown`${title}`, markdown`${seconds.toFixed(1)} s`]));
}
function usage({ pushed, references: references2, result }) {
  const [first] = references2;
  if (!pushed || first === void 0 || result.digest === void 0) return NOTHING;
  const image2 = printReference(withDigest(first, result.digest));
  return markdown`Run it:\n\n${codeBlock("sh", [`docker run --rm -p 3000:3000 ${image2}`])}`;
}
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

// src/commands/builder-cache.ts
import { join as join23 } from "node:path";
var SCOPE_DIGITS = 40;
function chooseCache(inputs, context) {
  checkService(inputs, context);
  const { cache: kind = "off" } = inputs;
  if (kind === "off") return { description: "off" };
  if (kind === "auto") return chooseAutomatically(inputs, context);
  const cache = makeCache(kind, context);
  return { cache, description: `${printCache(cache)}, as requested` };
}
function chooseAutomatically({ cacheFrom, cacheTo }, context) {
  const idle = reasonForNone(cacheFrom.length + cacheTo.length > 0, context);
  if (idle !== void 0) return { description: `off: ${idle}` };
  const refusals = [];
  for (const [kind, isHere, because] of [
    ["registry", context.isPushed && context.reference !== void 0, "the image is pushed there"],
    ["gha", hasService(context.env), "the runner has the service"]
  ]) {
    if (!isHere) continue;
    const cache = makeCache(kind, context);
    const refusal = (kind === "registry" ? context.distrust : void 0) ?? context.refusalOf(cache);
    if (refusal === void 0) return { cache, description: `${printCache(cache)}: ${because}` };
    refusals.push(`no ${kind}: ${refusal}`);
  }
  const nowhere = "nothing is pushed, and GitHub's cache service is not available";
  return { description: `off: ${refusals.length === 0 ? nowhere : refusals.join("; ")}` };
}
function reasonForNone(isGiven, { stage, keepsEnvironment }) {
  if (isGiven) return "cache-from and cache-to are set";
  if (keepsEnvironment) return "the environment itself is cached in the registry";
  return stage === void 0 ? "with your own Dockerfile, model weights cannot be told from the rest" : void 0;
}
function scopeOf({ bento, base, platforms: platforms2 }) {
  const key = digestOf(JSON.stringify([bento, base, ...platforms2.map(printPlatform).sort()]));
  return `bento-cache-${hexOf(key).slice(0, SCOPE_DIGITS)}`;
}
function makeCache(kind, context) {
  const { reference: reference2, image: image2, isPushed: isPushed2, env: env2, stage } = context;
  const scope = scopeOf(context);
  const kept = { write: true, ...stage === void 0 ? {} : { stage } };
  switch (kind) {
    case "registry":
      return { ...kept, kind, repository: repositoryOf(named(kind, reference2)), tag: scope, write: isPushed2 };
    case "gha":
      if (stage === void 0) throw weightsTooBig();
      return { ...kept, kind, scope };
    case "local": {
      const home = env2["XDG_CACHE_HOME"] || join23(env2["HOME"] || "/root", ".cache");
      return { ...kept, kind, directory: join23(home, "bento-image", scope) };
    }
    case "inline":
      return { kind, image: named(kind, image2), write: true };
  }
}
function named(kind, reference2) {
  if (reference2 !== void 0) return reference2;
  throw new Failure("input", `cache: ${kind} is stored in the repository of the first tag, and there are no tags`, {
    hint: "Give tags, or another cache."
  });
}
function weightsTooBig() {
  return new Failure(
    "input",
    "cache: gha would store the model weights, which your own Dockerfile does not separate from the rest",
    {
      code: "Unsupported",
      hint: "Use dockerfile: generated, another cache, or cache-to."
    }
  );
}
function printCache(cache) {
  switch (cache.kind) {
    case "registry":
      return `registry, ${printReference({ ...cache.repository, tag: cache.tag })}${cache.write ? "" : ", read only"}`;
    case "gha":
      return `gha, scope ${cache.scope}`;
    case "local":
      return `local, ${cache.directory}`;
    case "inline":
      return `inline, in ${printReference(cache.image)}`;
  }
}
var TOKEN = "ACTIONS_RUNTIME_TOKEN";
function hasService(env2) {
  return Boolean(env2[TOKEN]) && Boolean(env2["ACTIONS_RESULTS_URL"] || env2["ACTIONS_CACHE_URL"]);
}
function usesService({ cacheFrom, cacheTo }, cache) {
  return cache?.kind === "gha" || [...cacheFrom, ...cacheTo].some((line) => /(?:^|,)type=gha(?:,|$)/.test(line));
}
function checkService(inputs, { env: env2 }) {
  const isAsked = inputs.cache === "gha" || usesService(inputs, void 0);
  if (!isAsked || inputs.dryRun === true || hasService(env2)) return;
  throw new Failure("input", "cache: GitHub's cache service is not available", {
    code: "CacheServiceMissing",
    lines: [`${TOKEN}, with ACTIONS_RESULTS_URL or ACTIONS_CACHE_URL, is not in the step's environment`],
    hint: "It exists on GitHub's runners only; elsewhere use cache: registry or cache: local."
  });
}
function cacheVariables(inputs, cache, env2) {
  return usesService(inputs, cache) ? { [TOKEN]: env2[TOKEN] } : {};
}

// src/commands/cache-mounts.ts
var NAMESPACE_ARGUMENT = "BUILDKIT_CACHE_MOUNT_NS";
function cacheMountsOf(env2, buildArgs, isLocal) {
  const { GITHUB_SERVER_URL: server = "", GITHUB_REPOSITORY: repository, RUNNER_ENVIRONMENT: runner } = env2;
  if (!repository || buildArgs[NAMESPACE_ARGUMENT] !== void 0) return void 0;
  if (isLocal && runner === "github-hosted") return void 0;
  return createHash("sha256").update([server, repository, trustOf(env2)].join("\n")).digest("hex").slice(0, 16);
}
var EVENTS_OF_THEIR_REF = ["create", "push", "release", "schedule", "workflow_dispatch"];
function trustOf({ GITHUB_EVENT_NAME: event = "", GITHUB_REF_PROTECTED: isProtected }) {
  if (!EVENTS_OF_THEIR_REF.includes(event)) return `event ${event}`;
  return isProtected === "true" ? "protected" : "unprotected";
}

// src/commands/cached-steps.ts
function countCached(line) {
  let first;
  let count2 = 0;
  return {
    onLine(command, text2) {
      first ??= command;
      if (command === first && line.test(text2)) count2 += 1;
    },
    print: () => `${count2 === 1 ? "1 step" : `${count2} steps`} cached`
  };
}

// src/commands/compile.ts
var import_lt3 = __toESM(require_lt(), 1);
function compile(backend, plan, engine, files) {
  checkVersions(backend, engine);
  const refusals = [];
  const features3 = plannedFeatures(plan).map(([name, value2]) => {
    const said = answer(backend, name, value2, engine);
    const words = isUnsupported(said) ? refuse3(refusals, INPUT_OF[name], said, whoCan(name, value2, backend)) : said;
    return { name, words };
  });
  const ways = plan.deliveries.map((delivery) => {
    const way = deliver(backend, delivery, plan, engine);
    return isUnsupported(way) ? refuse3(refusals, DELIVERY_INPUT[delivery.kind], way, whoDelivers(delivery, plan, backend)) : way;
  });
  if (refusals.length > 0) throw unsupportedBy(backend, refusals);
  const { cache } = plan.features;
  const stage = cache?.stage;
  const later = features3.flatMap(({ name, words }) => {
    if (cache === void 0 || stage === void 0) return [words];
    if (name === "cache") return wordsOf(answer(backend, name, { ...cache, write: false }, engine));
    return SAID_ONCE.has(name) ? [] : [words];
  });
  const script = assemble4(backend, plan, engine, later, ways, files);
  return stage === void 0 ? script : { ...script, steps: [...keepStage(backend, plan, engine, stage), ...script.steps] };
}
var SAID_ONCE = /* @__PURE__ */ new Set(["noCache", "noCacheFilters"]);
var OF_THE_IMAGE = /* @__PURE__ */ new Set(["labels", "annotations", "attests"]);
function keepStage(backend, plan, engine, stage) {
  const features3 = { ...plan.features, target: stage };
  const words = plannedFeatures({ ...plan, features: features3 }).flatMap(([name, value2]) => {
    return OF_THE_IMAGE.has(name) ? [] : wordsOf(answer(backend, name, value2, engine));
  });
  const [first, ...others] = backend.assemble({
    plan: { ...plan, features: features3, deliveries: [{ kind: "push" }] },
    engine,
    flags: words.flatMap(({ flags = [] }) => flags),
    exporters: []
  });
  const mayFail = words.find((word) => word.mayFail !== void 0)?.mayFail;
  const more = { ...forbidsOf(words), ...mayFail === void 0 ? {} : { mayFail } };
  const step = ({ command }) => ({
    kind: "run",
    command: { ...command, title: `${command.title}: ${stage}, with its cache`, ...more }
  });
  return [step(first), ...others.map(step)];
}
function wordsOf(said) {
  return isUnsupported(said) ? [] : [said];
}
function forbidsOf(words) {
  const forbids = words.flatMap((word) => word.forbids ?? []);
  return forbids.length === 0 ? {} : { forbids };
}
function assemble4(backend, plan, engine, words, ways, files) {
  const attributes = Object.assign({}, ...words.map((word) => word.attributes ?? {}));
  const builds = backend.assemble({
    plan,
    engine,
    flags: words.flatMap((word) => word.flags ?? []),
    exporters: ways.flatMap((way) => way.exporters ?? []).map((exporter) => withAttributes(exporter, attributes))
  });
  const steps = [
    ...builds.map(({ command }) => ({
      kind: "run",
      command: { ...command, ...forbidsOf(words) }
    })),
    ...ways.flatMap((way) => way.steps ?? [])
  ];
  const evidence = [
    ...builds.flatMap((build2) => build2.evidence),
    ...ways.flatMap((way) => way.evidence ?? [])
  ];
  return {
    files,
    steps: nonEmpty(distinct(steps)) ?? [{ kind: "run", command: builds[0].command }],
    evidence: distinct(evidence),
    creates: plan.deliveries.flatMap((delivery) => "path" in delivery ? [delivery.path] : [])
  };
}
function distinct(items2) {
  const seen = /* @__PURE__ */ new Set();
  return items2.filter((item) => {
    const key = JSON.stringify(item);
    return seen.has(key) ? false : seen.add(key);
  });
}
function checkVersions(backend, engine) {
  const old = backend.requires.filter(({ part, minimum }) => {
    const found = engine.versions[part];
    return found !== void 0 && (0, import_lt3.default)(found, minimum);
  });
  if (old.length === 0) return;
  const told = old.map(
    ({ part, minimum, because }) => `${part} ${engine.versions[part]} is older than ${minimum}: ${because}`
  );
  throw new Failure("tool", told.join(" \xB7 "), {
    code: "TooOld",
    hint: `Update ${old.map(({ part }) => part).join(" and ")}, or choose another backend.`
  });
}
function refuse3(refusals, input, { unsupported: unsupported3 }, able) {
  refusals.push(printRefusal(input, unsupported3, able));
  return {};
}

// src/commands/kept-files.ts
import { join as join24 } from "node:path";
import { pipeline } from "node:stream/promises";
var IGNORE = ".dockerignore";
async function keepFiles(source, { files }) {
  const directory = await files.kept();
  const dockerfile = join24(directory, "Dockerfile");
  await files.write(dockerfile, source.dockerfile, 420);
  if (source.ignore !== void 0) await files.write(`${dockerfile}${IGNORE}`, source.ignore, 420);
  if (source.generated.length === 0) return { dockerfile };
  const generated = join24(directory, "generated");
  await files.makeDirectory(generated, 493);
  for (const entry of source.generated) await writeEntry(entry, join24(generated, entry.path), files);
  return { dockerfile, generated };
}
async function writeEntry(entry, path4, files) {
  switch (entry.kind) {
    case "directory":
      return files.makeDirectory(path4, entry.mode);
    case "file":
      return files.write(path4, entry.content, entry.mode);
    case "copy":
      return copyFile3(entry, path4, files);
    case "link":
      return files.makeLink(entry.target, path4);
  }
}
async function copyFile3({ from, source, mode }, path4, files) {
  const found = await findFile(from, source, files.enclosed);
  if (found === void 0) throw new Failure("bento", `${join24(from.path, source)} is gone`, { code: "ContentChanged" });
  await files.remove(path4);
  await pipeline(files.enclosed.pieces(found.file), files.sink(path4, { mode }));
  await files.setMode(path4, mode);
}

// src/commands/read-back.ts
function pushedTo({ deliveries, references: references2 }, digest) {
  if (deliveries.some(({ kind }) => kind === "push")) return references2;
  if (!deliveries.some(({ kind }) => kind === "push-by-digest")) return [];
  if (digest === void 0) throw new Failure("internal", "a build pushed an image by digest and reported no digest");
  return distinctRepositories(references2).map((repository) => withDigest(repository, digest));
}
async function readBack(script, plan, registry, machine) {
  const seen = [];
  for (const { kind, path: path4 } of script.evidence) {
    if (kind === "layout") seen.push(await registry.describeLayout(path4));
    if (kind === "oci-archive") seen.push(await registry.describeArchive(path4));
  }
  const claims = await readReportedDigests(script.evidence, machine.files);
  const [first, ...others] = pushedTo(plan, seen[0]?.digest ?? claims.root);
  if (first !== void 0) {
    const pushed = await registry.describe(first);
    await registry.verify(others, pushed.digest);
    seen.push(pushed);
  }
  return reconcile(seen, claims, plan.features.platforms ?? []);
}

// src/action/run-backend.ts
async function runBackend(job, selection, request) {
  const { inputs } = request;
  const planned = await planBuild(job, selection, request);
  const printed = { dockerfile: planned.plan.dockerfile, commands: printScript(planned.script) };
  if (inputs.dryRun === true) return { ...printed, result: { platforms: [] } };
  const hits = countCached(selection.backend.cachedStep);
  const report3 = (line) => {
    if (inputs.cache !== void 0) job.machine.actions.info(`cache: ${line}`);
  };
  report3(`${inputs.cache} is ${planned.cache.description}`);
  await checkMachine(job, selection, request, planned);
  const result = await executeAndReadBack(job, selection, request, planned, hits.onLine);
  report3(hits.print());
  const cache = `${planned.cache.description}; ${hits.print()}`;
  return { ...printed, result, ...inputs.cache === void 0 ? {} : { cache } };
}
async function planBuild(job, selection, request) {
  const { watch, machine } = job;
  const { backend, engine, env: env2 } = selection;
  const { inputs, source } = request;
  const scratch = await machine.files.scratch();
  const gather = inputs.dryRun === true ? declaredMounts : gatherSecrets;
  const secrets = await gather(inputs, source.secrets, `${scratch}/secrets`, machine);
  const written = await watch.phase("write the Dockerfile", () => keepFiles(source, machine));
  const paths = { ...written, scratch, kept: await machine.files.kept(), workspace: machine.workspace };
  const bare = makePlan(withBuilderId(inputs, env2), job.bento, source, engine, secrets.mounts, paths);
  const cache = cacheFor(bare, job, selection, request);
  const plan = withCacheMounts(withCache(bare, cache.cache), selection, job);
  const script = compile(backend, plan, engine, secrets.files);
  return { plan, script, cache, env: { ...env2, ...cacheVariables(inputs, cache.cache, machine.env) } };
}
async function checkMachine({ machine }, { engine }, { source }, { plan, script, env: env2 }) {
  await refuseExisting(script.creates, machine.files);
  if (!isLocalEngine(void 0, env2) || !/^[ \t]*RUN\s/im.test(source.dockerfile)) return;
  const { checkEmulation } = await import("./emulation-CP7GYRMM.js");
  await checkEmulation(plan.features.platforms ?? [], engine, machine.files);
}
async function executeAndReadBack(job, selection, { inputs }, { plan, script, env: env2 }, onLine) {
  const { watch, machine } = job;
  return removeOnFailure(script.creates, machine.files, async () => {
    const { openRegistry } = await import("./registry-RH25EFWP.js");
    const registry = openRegistry(machine, registryOptions({ ...job, inputs }));
    const { execute } = await import("./execute-PNVQE654.js");
    const context = { machine, registry, env: env2, dockerfile: plan.dockerfile, onLine };
    await watch.phase("build", () => execute(script, context)).catch(async (error2) => {
      const { describeUnreachable } = await import("./diagnose-nodes-DZLGTH5U.js");
      throw await describeUnreachable(error2, { ...selection, env: env2 }, machine, plan.features.builderKeys);
    });
    return watch.phase("verify", () => readBack(script, plan, registry, machine));
  });
}
function withCache(plan, cache) {
  return cache === void 0 ? plan : { ...plan, features: { ...plan.features, cache } };
}
function withCacheMounts(plan, { backend, engine, env: env2 }, { inputs, machine }) {
  const isLocal = isLocalEngine(inputs.builder, env2);
  const cacheMounts = cacheMountsOf(machine.env, plan.features.buildArgs ?? {}, isLocal);
  if (cacheMounts === void 0 || refusalOf(backend, "cacheMounts", cacheMounts, engine) !== void 0) return plan;
  return { ...plan, features: { ...plan.features, cacheMounts } };
}
function cacheFor(plan, job, { backend, engine }, { inputs, source, stage, keepsEnvironment }) {
  const { environmentCache, cacheKey, tags } = job.inputs;
  const named2 = environmentCache === "off" ? void 0 : environmentCache;
  const [image2] = tags;
  const reference2 = named2 ?? image2;
  const distrust = environmentCache === "off" ? "environment-cache: off" : cacheKey && "what a builder stores there cannot be signed with cache-key";
  return chooseCache(inputs, {
    keepsEnvironment,
    base: source.base,
    bento: job.bento.tag.name,
    platforms: plan.features.platforms ?? [],
    isPushed: isPushed(job.inputs),
    env: job.machine.env,
    refusalOf: (cache) => refusalOf(backend, "cache", cache, engine),
    ...stage === void 0 ? {} : { stage },
    ...reference2 === void 0 ? {} : { reference: reference2 },
    ...image2 === void 0 ? {} : { image: image2 },
    ...distrust === void 0 ? {} : { distrust }
  });
}

// src/action/build-by-backend.ts
async function buildByBackend(job, because, selectEngine = () => job.watch.phase("detect the engine", () => readyEngine(job))) {
  const { inputs, machine } = job;
  machine.actions.info(`The backend makes the whole image: ${because}`);
  const selection = await selectEngine();
  const { backend, engine } = selection;
  if (inputs.dryRun !== true) await downloadRemoteFiles(job, "the backend reads them from the disk");
  const source = await deriveSource(job, { link: backend.takesLinks(engine) }, machine);
  const stage = job.recipe === void 0 ? {} : { stage: ENVIRONMENT_STAGE };
  const build2 = await runBackend(job, selection, { inputs, source, ...stage, keepsEnvironment: false });
  return {
    ...build2,
    backend: backend.name,
    assembly: `by the backend: ${because}`,
    engine,
    base: source.base,
    payload: source.payload.map((title) => ({ title })),
    changes: [],
    notes: [...source.notes, ...engine.notes ?? []]
  };
}

// src/action/build.ts
var TOOL = "bento-image";
var MINUTE = 6e4;
async function build(machine) {
  const { inputs, notes } = await decodeInputs(machine.env);
  if (inputs.timeout !== void 0) machine.cancelAfter(inputs.timeout * MINUTE);
  const watch = openStopwatch(machine.now);
  await checkInputDirectories(inputs, machine);
  const { bento, models } = await watch.phase("read the Bento", () => readBentoAndModels(inputs, machine));
  const credentials = await shareCredentials(inputs.registryAuthFile, machine);
  const env2 = toolEnvironment(machine.env, secretVariables2(inputs, bento), credentials.env);
  const recipe = deriveRecipe(inputs, bento, models, TOOL);
  const job = { inputs, bento, models, recipe, authFile: credentials.path, env: env2, watch, machine };
  const outcome = await makeImage(job, chooseAssembly(inputs, recipe));
  const layout = inputs.dryRun === true ? void 0 : layoutPath(inputs, machine.workspace);
  const report3 = {
    bento,
    models,
    references: referencesOf(inputs, bento),
    pushed: isPushed(inputs) && inputs.dryRun !== true,
    byDigest: inputs.pushByDigest === true,
    dryRun: inputs.dryRun === true,
    phases: watch.phases,
    ...outcome,
    notes: [...notes, ...outcome.notes],
    ...layout === void 0 ? {} : { layout }
  };
  if (inputs.digestFile !== void 0)
    await writeDigestFile(report3, resolve8(machine.workspace, inputs.digestFile), machine);
  await publish(report3, inputs.summary !== false, machine);
}
async function makeImage(job, choice) {
  if (choice.kind === "backend") return buildByBackend(job, choice.because);
  const { buildDirectly } = await import("./build-directly-5PI5XQDU.js");
  const image2 = await buildDirectly(job, choice.recipe);
  return "because" in image2 ? buildByBackend(job, image2.because, image2.selectEngine) : image2;
}
async function readBentoAndModels(inputs, machine) {
  const home = inputs.bentomlHome === void 0 ? {} : { bentomlHome: inputs.bentomlHome };
  const located = await locateBento({ bento: inputs.bento, ...home }, machine);
  const { dockerfile = "generated" } = inputs;
  const bento = await readBento(located, machine, { complete: dockerfile === "generated" });
  const options = { ...home, dryRun: inputs.dryRun === true, remoteFrom: MIN_OWN_LAYER_SIZE };
  return { bento, models: await locateModels(bento, options, machine) };
}
async function writeDigestFile(report3, directory, { env: env2, files }) {
  const file = digestFileOf(report3, env2["GITHUB_SHA"]);
  if (file === void 0) return;
  await files.makeDirectory(directory, 493);
  await files.write(join25(directory, file.name), file.content, 420);
}
async function publish(report3, withSummary, machine) {
  const { actions } = machine;
  for (const note of report3.notes) actions.notice(note);
  if (report3.dryRun) for (const line of report3.commands) actions.info(line);
  for (const [name, value2] of Object.entries(outputsOf(report3))) actions.setOutput(name, value2);
  const refused = await declareSubjects(report3, machine);
  if (refused.length > 0) {
    actions.notice(`Not declared for attestation, as this job did so with another digest: ${refused.join(", ")}`);
  }
  if (withSummary) await actions.writeSummary(summaryOf(report3));
  const { digest, imageid } = report3.result;
  if (!report3.dryRun) actions.info(`Built ${report3.references.length} tag(s): ${digest ?? imageid ?? ""}`);
}

export {
  Failure,
  ProgramMissing,
  missingOnMachine,
  isLack,
  cancelled,
  firstFew,
  errorCode,
  isDiskFull,
  asFailure,
  nonEmpty,
  ownValue,
  definedOnly,
  parsePlatform,
  normalizePlatform,
  printPlatform,
  samePlatform,
  createHash,
  createHmac,
  randomBytes,
  randomUUID,
  timingSafeEqual,
  isDigest,
  digestOf,
  hexOf,
  parseReference,
  printReference,
  printRepository,
  repositoryOf,
  withDigest,
  sameRepository,
  distinctRepositories,
  Secret,
  printBytes,
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
  notStarted,
  endGroupOn,
  signalGroup,
  limitConcurrency,
  inParallel,
  mapFiles,
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
  isAddress,
  LAST_RESORT,
  isPushed,
  mustBeDirect,
  expandPath,
  encloseNamed,
  printTag,
  parseHubAddress,
  printHubAddress,
  folderName,
  parseJson2 as parseJson,
  isJsonObject,
  masksOf,
  remoteFilesOf,
  findInputFile,
  secretIdsOf,
  maskSecret,
  quoteOperands,
  ENVIRONMENT_STAGE,
  environmentSource,
  nameContexts,
  resolveLayout,
  rootParents,
  copyModel,
  generatedEntries,
  modelEntries,
  withParents,
  referencesOf,
  epochOf,
  layoutPath,
  DOCKER_HUB_KEY,
  parseAuthConfig,
  findByRepository,
  splitLayers,
  downloadRemoteFiles,
  findEngine,
  assumeBackend,
  isLocalEngine,
  addressOf,
  askBriefly,
  INPUT_OF,
  refusalOf,
  whoCan,
  printRefusal,
  unsupportedBy,
  readyEngine,
  removeOnFailure,
  refuseExisting,
  readEvidence,
  reconcile,
  printComment,
  printCommand,
  registryOptions,
  runBackend,
  build
};
