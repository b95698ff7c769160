import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);
import {
  bentomlHome,
  expandPath,
  storeDirectories
} from "./chunk-VTNZFZ4E.js";
import {
  Secret,
  isDigest,
  normalizePlatform,
  parsePlatform,
  parseReference,
  printFamiliar,
  printPlatform,
  printReference,
  printRepository,
  samePlatform,
  withDigest
} from "./chunk-5CPKI7LF.js";
import {
  rmRF,
  which
} from "./chunk-4MIBN3N7.js";
import {
  FAILURE_TITLES,
  Failure,
  asFailure,
  cancelled
} from "./chunk-DX5MLDPY.js";
import {
  __callDispose,
  __commonJS,
  __toESM,
  __using
} from "./chunk-6TPKGVYP.js";

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
    var MAX_LENGTH2 = 256;
    var MAX_SAFE_INTEGER = Number.MAX_SAFE_INTEGER || /* istanbul ignore next */
    9007199254740991;
    var MAX_SAFE_COMPONENT_LENGTH = 16;
    var MAX_SAFE_BUILD_LENGTH = MAX_LENGTH2 - 6;
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
      MAX_LENGTH: MAX_LENGTH2,
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
      MAX_LENGTH: MAX_LENGTH2
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
      ["\\d", MAX_LENGTH2],
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
    var { MAX_LENGTH: MAX_LENGTH2, MAX_SAFE_INTEGER } = require_constants();
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
        if (version.length > MAX_LENGTH2) {
          throw new TypeError(
            `version is longer than ${MAX_LENGTH2} characters`
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

// node_modules/semver/functions/gte.js
var require_gte = __commonJS({
  "node_modules/semver/functions/gte.js"(exports, module) {
    "use strict";
    var compare = require_compare();
    var gte2 = (a, b, loose) => compare(a, b, loose) >= 0;
    module.exports = gte2;
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

// src/backends/buildkit.ts
var import_parse = __toESM(require_parse(), 1);
var COMPRESSIONS = { gzip: "gzip", zstd: "zstd", none: "uncompressed" };
function compressionAttributes({ format, level }) {
  return {
    compression: COMPRESSIONS[format],
    ...level === void 0 ? {} : { "compression-level": String(level) },
    // Layers of the base image stay the bytes they are: nothing is fetched only to be compressed again.
    "force-compression": "false"
  };
}
var attributeFeatures = {
  format: (format) => ({ attributes: { "oci-mediatypes": String(format === "oci"), "oci-artifact": "false" } }),
  compression: (compression2) => ({ attributes: compressionAttributes(compression2) }),
  annotations: (annotations) => ({
    attributes: Object.fromEntries(Object.entries(annotations).map(([key, text2]) => [`annotation.${key}`, text2]))
  })
};
function epochBy(flag, prefix = "") {
  return (epoch2) => ({
    flags: [flag, `${prefix}SOURCE_DATE_EPOCH=${epoch2}`],
    attributes: { "rewrite-timestamp": "true" }
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
function isForOci(key) {
  return key.startsWith("oci-") || key.startsWith("annotation");
}
function withAttributes(exporter, attributes) {
  const fitting = Object.entries(attributes).filter(([key]) => exporter.type !== "docker" || !isForOci(key));
  return { ...exporter, attributes: { ...exporter.attributes, ...Object.fromEntries(fitting) } };
}
function joinNames(references2) {
  return references2.map(printReference).join(",");
}
var fileDeliveries = {
  layout: ({ path }, plan) => ({
    exporters: [{ type: "oci", attributes: { name: joinNames(plan.references), dest: path, tar: "false" } }],
    evidence: [{ kind: "layout", path }]
  }),
  "oci-archive": ({ path }, plan) => ({
    exporters: [{ type: "oci", attributes: { name: joinNames(plan.references), dest: path } }],
    evidence: [{ kind: "oci-archive", path }]
  }),
  "docker-archive": ({ path }, plan) => archiveAt(path, plan)
};
function archiveAt(path, plan) {
  return (plan.features.platforms ?? []).length > 1 ? unsupported("a docker archive holds one platform") : { exporters: [{ type: "docker", attributes: { name: joinNames(plan.references), dest: path } }] };
}
function printExporter({ type, attributes }) {
  const fields = [`type=${type}`, ...Object.entries(attributes).map(([key, text2]) => `${key}=${text2}`)];
  return fields.map((field) => /[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field).join(",");
}
function metadataEvidence(path, exporters) {
  return { kind: "metadata", path, trust: exporters.some(({ type }) => type === "docker") ? "config" : "root" };
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
var OWN_CACHE = "podman and buildah keep layers in registries, one tag a step, and take no type=\u2026";
var buildahFeatures = {
  builder: unsupported("podman and buildah build in their own process"),
  platforms: (platforms2) => platforms2.length > 1 ? unsupported("podman and buildah build one platform a command") : { flags: ["--platform", printPlatform(platforms2[0])] },
  format: (format) => ({ flags: ["--format", format] }),
  // Layers are kept unpacked; they are compressed as the image leaves the store, see `exportFlags`.
  compression: ({ format }) => format === "none" ? unsupported("podman and buildah always compress the layers of a layout") : {},
  epoch: (epoch2, engine) => ({
    flags: has(engine, "buildah", "1.41.0") ? ["--source-date-epoch", String(epoch2), "--rewrite-timestamp"] : ["--timestamp", String(epoch2)]
  }),
  // buildah warns, builds and exits with 0. Source: containers/buildah, imagebuildah/stage_executor.go
  strictBase: () => ({ forbids: ["does not match the expected platform"] }),
  pull: (pull) => ({ flags: [`--pull=${pull ? "always" : "missing"}`] }),
  noCache: (noCache) => ({ flags: noCache ? ["--no-cache"] : [] }),
  noCacheFilters: unsupported("podman and buildah can only leave out the cache of all stages (no-cache)"),
  cacheFrom: unsupported(OWN_CACHE),
  cacheTo: unsupported(OWN_CACHE),
  target: value("--target"),
  buildArgs: pairs("--build-arg"),
  contexts: (contexts) => ({
    flags: contexts.flatMap(({ name, directory }) => ["--build-context", `${name}=${directory}`])
  }),
  remoteContexts: pairs("--build-context"),
  secrets: (secrets) => ({ flags: secrets.flatMap(({ id, path }) => ["--secret", `id=${id},src=${path}`]) }),
  ssh: each("--ssh"),
  labels: (labels) => refuseExpansion(labels),
  annotations: pairs("--annotation"),
  addHosts: each("--add-host"),
  network: value("--network"),
  allow: unsupported("podman and buildah have no entitlements"),
  shmSize: value("--shm-size"),
  ulimits: each("--ulimit"),
  cgroupParent: value("--cgroup-parent")
};
function takesLinks(engine) {
  return has(engine, "buildah", "1.37.0");
}
function refuseExpansion(labels) {
  const mangled = Object.keys(labels).filter((key) => /[$\n]/.test(labels[key] ?? ""));
  if (mangled.length > 0)
    return unsupported(`podman and buildah would change the $ or line break in ${mangled.join(", ")}`);
  return { flags: Object.entries(labels).flatMap(([key, text2]) => ["--label", `${key}=${text2}`]) };
}
function exportFlags(compression2) {
  const { format = "gzip", level } = compression2 ?? {};
  return [
    ...["--compression-format", format, "--force-compression"],
    ...level === void 0 ? [] : ["--compression-level", String(level)]
  ];
}
function idFile(plan) {
  return `${plan.scratch}/image.id`;
}
function layoutOf(plan) {
  return plan.deliveries.find((delivery) => delivery.kind === "layout")?.path ?? `${plan.scratch}/layout`;
}
function exportStep(tool, plan, destination) {
  const args = ["push", ...exportFlags(plan.features.compression), { contentOf: idFile(plan) }, destination];
  return { kind: "run", command: { title: `${tool} push ${destination.split(":")[0] ?? destination}`, tool, args } };
}
function innerName(plan) {
  return plan.references[0].tag ?? "latest";
}
function toLayout(tool, plan) {
  const path = layoutOf(plan);
  return { steps: [exportStep(tool, plan, `oci:${path}:${innerName(plan)}`)], evidence: [{ kind: "layout", path }] };
}
function withoutColon(deliver2) {
  return (delivery, plan) => delivery.path.includes(":") ? unsupported(`podman and buildah read ${delivery.path} only up to its colon`) : deliver2(delivery, plan);
}
function buildahDeliveries(tool) {
  return {
    push: (_, plan) => {
      const { steps, evidence } = toLayout(tool, plan);
      return { steps: [...steps, { kind: "upload", layout: layoutOf(plan), to: plan.references }], evidence };
    },
    // The build itself names the image in the local store; see `assembleBuildah`.
    load: () => ({}),
    layout: withoutColon((_, plan) => toLayout(tool, plan)),
    "oci-archive": withoutColon(({ path }, plan) => ({
      steps: [exportStep(tool, plan, `oci-archive:${path}:${innerName(plan)}`)],
      evidence: [{ kind: "oci-archive", path }]
    })),
    "docker-archive": withoutColon(({ path }, plan) => ({
      steps: [
        {
          kind: "run",
          command: {
            title: `${tool} push docker-archive`,
            tool,
            args: ["push", { contentOf: idFile(plan) }, `docker-archive:${path}:${printReference(plan.references[0])}`]
          }
        }
      ]
    }))
  };
}
function assembleBuildah(tool) {
  return ({ plan, flags }) => {
    const names = wants(plan, "load") ? plan.references.flatMap((reference2) => ["--tag", printReference(reference2)]) : [];
    const args = [
      ...["build", "--layers=true", "--identity-label=false", "--file", plan.dockerfile],
      ...flags,
      ...names,
      ...["--iidfile", idFile(plan)],
      ...plan.extraArgs,
      plan.context
    ];
    return [
      {
        command: { title: `${tool} build`, tool, args },
        evidence: [{ kind: "digest", path: idFile(plan), means: "config" }]
      }
    ];
  };
}

// src/backends/buildctl.ts
import { basename, dirname } from "node:path";

// src/backends/buildx.ts
var buildxFeatures = {
  ...attributeFeatures,
  builder: (builder) => isAddress(builder) ? unsupported(
    "an address is no builder of buildx: create one with `docker buildx create --driver remote` and give its name"
  ) : {},
  platforms: (platforms2) => ({ flags: ["--platform", platforms2.map(printPlatform).join(",")] }),
  epoch: epochBy("--build-arg"),
  strictBase: strictBaseBy("--build-arg"),
  pull: toggle("--pull"),
  noCache: toggle("--no-cache"),
  noCacheFilters: joined("--no-cache-filter"),
  cacheFrom: each("--cache-from"),
  cacheTo: each("--cache-to"),
  target: value("--target"),
  buildArgs: pairs("--build-arg"),
  contexts: (contexts) => ({
    flags: contexts.flatMap(({ name, directory }) => ["--build-context", `${name}=${directory}`])
  }),
  remoteContexts: pairs("--build-context"),
  secrets: (secrets) => ({ flags: secrets.flatMap(({ id, path }) => ["--secret", `id=${id},src=${path}`]) }),
  ssh: each("--ssh"),
  labels: pairs("--label"),
  addHosts: each("--add-host"),
  network: value("--network"),
  allow: each("--allow"),
  shmSize: value("--shm-size"),
  ulimits: each("--ulimit"),
  cgroupParent: value("--cgroup-parent")
};
function assembleBuildx({ plan, engine, flags, exporters }) {
  const metadata = `${plan.scratch}/metadata.json`;
  const args = [
    ...["buildx", "build"],
    ...engine.builder === void 0 ? [] : ["--builder", engine.builder],
    ...["--progress", "plain", "--file", plan.dockerfile],
    ...flags,
    ...["--provenance=false", "--sbom=false"],
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
function readInspect(text2) {
  const field = (name2) => name2.exec(text2)?.[1]?.trim();
  const platforms2 = field(/^Platforms:\s*(.+)$/m)?.split(",") ?? [];
  const [name, driver, buildkit] = [
    field(/^Name:\s*(.+)$/m),
    field(/^Driver:\s*(.+)$/m),
    field(/^BuildKit(?: version)?:\s*(.+)$/m)
  ];
  return {
    platforms: platforms2.map((platform) => parsePlatform(platform.trim().replace(/\*$/, ""))),
    ...name === void 0 ? {} : { name },
    ...driver === void 0 ? {} : { driver },
    ...buildkit === void 0 ? {} : { buildkit }
  };
}
function buildxVersion(answer2) {
  return /buildx\s+v?(\S+)/.exec(answer2?.stdout ?? "")?.[1];
}
function readEngine([version, inspect]) {
  if (version === void 0 || version.code !== 0) throw missingBuildx(version);
  if (inspect === void 0 || inspect.code !== 0) {
    throw new Failure("engine", "buildx has no builder that can be reached", {
      lines: inspect === void 0 ? [] : lastLines(inspect),
      hint: "See `docker buildx ls`; make one with `docker buildx create --use`, or name one in the input builder."
    });
  }
  const node = readInspect(inspect.stdout);
  if (node.driver === "docker") throw dockerDriver(node.name ?? "default");
  const [platform] = node.platforms;
  return {
    versions: versionsOf({ buildx: buildxVersion(version), buildkit: node.buildkit }),
    ...platform === void 0 ? {} : { platform },
    ...node.name === void 0 ? {} : { builder: node.name }
  };
}
function dockerDriver(name) {
  return new Failure("engine", `the builder ${name} is the docker daemon itself (docker driver)`, {
    code: "DockerDriver",
    hint: "Use the backend docker, or a builder of its own: docker/setup-buildx-action, or `docker buildx create --use`."
  });
}
function missingBuildx(answer2) {
  return new Failure("tool", "docker has no buildx plugin; the legacy builder cannot build this image", {
    lines: answer2 === void 0 ? [] : lastLines(answer2),
    hint: "Install the docker-buildx-plugin package, or use the backend podman, buildah or buildctl."
  });
}
function lastLines({ stdout, stderr }) {
  return `${stdout}
${stderr}`.split("\n").map((line) => line.trimEnd()).filter((line) => line !== "").slice(-5);
}
var buildx = {
  name: "buildx",
  tool: "docker",
  title: "docker buildx with the builder that is current or named",
  isCandidate: (builder) => builder !== void 0 && !isAddress(builder),
  requires: [
    { part: "buildx", minimum: "0.13.0", because: "several outputs of one build and named contexts work from then on" },
    { part: "buildkit", minimum: "0.13.0", because: "rewriting of file times works from then on" }
  ],
  takesLinks: () => true,
  questions: (builder) => [
    { args: ["buildx", "version"] },
    { args: ["buildx", "inspect", "--bootstrap", ...builder === void 0 ? [] : ["--builder", builder]] }
  ],
  readEngine,
  assumed: { versions: {} },
  features: buildxFeatures,
  deliveries: {
    ...fileDeliveries,
    push: (_, plan) => ({
      exporters: [{ type: "image", attributes: { name: joinNames(plan.references), push: "true" } }]
    }),
    load: (_, plan) => ({ exporters: [{ type: "docker", attributes: { name: joinNames(plan.references) } }] })
  },
  assemble: assembleBuildx
};

// src/backends/buildctl.ts
var UNITS = { "": 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
function inBytes(size) {
  const [, digits, unit = ""] = /^(\d+)([bkmg]?)b?$/i.exec(size) ?? [];
  return digits === void 0 ? void 0 : Number(digits) * (UNITS[unit.toLowerCase()] ?? 1);
}
function option(key, text2) {
  return { flags: ["--opt", `${key}=${text2}`] };
}
var features = {
  ...attributeFeatures,
  builder: (address) => isAddress(address) ? {} : unsupported("buildctl takes an address, for example unix:///run/buildkit/buildkitd.sock"),
  platforms: (platforms2) => option("platform", platforms2.map(printPlatform).join(",")),
  epoch: epochBy("--opt", "build-arg:"),
  strictBase: strictBaseBy("--opt", "build-arg:"),
  pull: (pull) => pull ? option("image-resolve-mode", "pull") : {},
  noCache: toggle("--no-cache"),
  noCacheFilters: (stages) => option("no-cache", stages.join(",")),
  cacheFrom: each("--import-cache"),
  cacheTo: each("--export-cache"),
  target: (target) => option("target", target),
  buildArgs: pairs("--opt", "build-arg:"),
  contexts: (contexts) => ({
    flags: contexts.flatMap(({ name, directory }) => [
      "--local",
      `${name}=${directory}`,
      "--opt",
      `context:${name}=local:${name}`
    ])
  }),
  remoteContexts: pairs("--opt", "context:"),
  secrets: (secrets) => ({ flags: secrets.flatMap(({ id, path }) => ["--secret", `id=${id},src=${path}`]) }),
  ssh: each("--ssh"),
  labels: pairs("--opt", "label:"),
  addHosts: (addHosts) => option("add-hosts", hostPairs(addHosts)),
  network: (mode) => ({
    flags: ["--opt", `force-network-mode=${mode}`, ...mode === "host" ? ["--allow", "network.host"] : []]
  }),
  allow: each("--allow"),
  shmSize: (size) => {
    const bytes2 = inBytes(size);
    return bytes2 === void 0 ? unsupported(`"${size}" is no size such as 128m`) : option("shm-size", String(bytes2));
  },
  ulimits: (ulimits) => option("ulimit", ulimits.join(",")),
  cgroupParent: (parent) => option("cgroup-parent", parent)
};
function assemble({ plan, engine, flags, exporters }) {
  const metadata = `${plan.scratch}/metadata.json`;
  const args = [
    ...engine.builder === void 0 ? [] : ["--addr", engine.builder],
    ...["build", "--progress", "plain", "--frontend", "dockerfile.v0"],
    ...["--local", `context=${plan.context}`, "--local", `dockerfile=${dirname(plan.dockerfile)}`],
    ...["--opt", `filename=${basename(plan.dockerfile)}`],
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
function unreachable(answer2) {
  return new Failure("engine", "buildctl cannot reach a buildkitd", {
    lines: answer2 === void 0 ? [] : lastLines(answer2),
    hint: "Start buildkitd, or name it in the input builder (unix://, tcp://, ssh://, docker-container://, kube-pod://) or in BUILDKIT_HOST."
  });
}
function readEngine2([workers, info3], builder) {
  if (workers === void 0 || workers.code !== 0) throw unreachable(workers);
  const version = /"version":\s*"([^"]+)"/.exec(info3?.stdout ?? "")?.[1];
  return {
    versions: versionsOf({ buildkit: version }),
    ...nativePlatform(parseJson(workers.stdout)),
    ...builder === void 0 ? {} : { builder }
  };
}
function at(builder) {
  return builder === void 0 ? [] : ["--addr", builder];
}
var buildctl = {
  name: "buildctl",
  tool: "buildctl",
  title: "buildctl with a running buildkitd, local or remote",
  isCandidate: (builder) => builder === void 0 || isAddress(builder),
  requires: [
    { part: "buildkit", minimum: "0.13.0", because: "rewriting of file times and several outputs work from then on" }
  ],
  takesLinks: () => true,
  questions: (builder) => [
    { args: [...at(builder), "debug", "workers", "--format", "{{json .}}"] },
    { args: [...at(builder), "debug", "info", "--format", "{{json .}}"] }
  ],
  readEngine: readEngine2,
  assumed: { versions: {} },
  features,
  deliveries: {
    ...fileDeliveries,
    push: (_, plan) => ({
      exporters: [{ type: "image", attributes: { name: joinNames(plan.references), push: "true" } }]
    }),
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
  const parsed = answer2?.code === 0 ? parseJson(answer2.stdout) : void 0;
  const info3 = typeof parsed === "object" && parsed !== null ? parsed : {};
  if (info3.version === void 0) {
    throw new Failure("engine", "buildah does not work here", {
      lines: answer2 === void 0 ? [] : lastLines(answer2),
      hint: "Run `buildah info` on the runner; a rootless buildah needs subuid and subgid ranges of its user."
    });
  }
  return {
    versions: versionsOf({ buildah: info3.version }),
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
  takesLinks,
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
    const parsed = JSON.parse(answer2?.stdout ?? "");
    return typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}
function storeOf(info3) {
  const status = info3.DriverStatus ?? [];
  return status.some((pair2) => pair2.join(" ").includes("io.containerd.snapshotter.v1")) ? "containerd" : "classic";
}
var REWRITES_SINCE = "29.1.0";
var CLASSIC_NOTE = "This docker daemon keeps images in its classic store: the image has docker's media types and its own file times, so its digest differs from that of other backends. The containerd image store or the backend buildx gives the same digest everywhere.";
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
  takesLinks: () => true,
  questions: () => [{ args: ["info", "--format", "{{json .}}"] }],
  readEngine: readEngine4,
  assumed: { versions: {}, store: "containerd", builder: "default" },
  features: {
    ...buildxFeatures,
    builder: unsupported("docker always builds in its own daemon"),
    platforms: (platforms2, engine) => engine.store === "classic" && platforms2.length > 1 ? unsupported(CLASSIC_LIMIT) : buildxFeatures.platforms(platforms2),
    // Only the cache that lies in the image itself can leave the daemon.
    cacheTo: (caches, engine) => engine.store === "classic" && caches.some((cache) => !/^(?:.*,)?type=inline\b/.test(cache)) ? unsupported(CLASSIC_LIMIT) : buildxFeatures.cacheTo(caches, engine),
    annotations: notOnClassic(buildxFeatures.annotations),
    compression: (given, engine) => engine.store === "classic" && given.format !== "gzip" ? unsupported(CLASSIC_LIMIT) : buildxFeatures.compression(given)
  },
  deliveries: {
    ...fileDeliveries,
    layout: onContainerd(fileDeliveries.layout),
    "oci-archive": onContainerd(fileDeliveries["oci-archive"]),
    "docker-archive": onContainerd(fileDeliveries["docker-archive"]),
    push: (_, plan, engine) => image(plan, engine, { push: "true" }),
    // A pushed image stays in the daemon's store too.
    load: (_, plan, engine) => wants(plan, "push") ? {} : image(plan, engine)
  },
  assemble: assemble2
};

// src/image/nonempty.ts
function nonEmpty(list2) {
  const [first, ...rest] = list2;
  return first === void 0 ? void 0 : [first, ...rest];
}

// src/backends/nerdctl.ts
var NO_SUCH_FLAG = "nerdctl build has no such flag";
var features2 = {
  ...attributeFeatures,
  builder: (address) => isAddress(address) ? {} : unsupported("nerdctl takes the address of a buildkitd"),
  platforms: (platforms2) => ({ flags: ["--platform", platforms2.map(printPlatform).join(",")] }),
  epoch: epochBy("--build-arg"),
  strictBase: strictBaseBy("--build-arg"),
  // `--pull=false` would mean "never ask the registry" (image-resolve-mode=local), so it is left out.
  pull: toggle("--pull"),
  noCache: toggle("--no-cache"),
  noCacheFilters: unsupported(NO_SUCH_FLAG),
  cacheFrom: each("--cache-from"),
  cacheTo: each("--cache-to"),
  target: value("--target"),
  buildArgs: pairs("--build-arg"),
  contexts: (contexts) => ({
    flags: contexts.flatMap(({ name, directory }) => ["--build-context", `${name}=${directory}`])
  }),
  remoteContexts: pairs("--build-context"),
  secrets: (secrets) => ({ flags: secrets.flatMap(({ id, path }) => ["--secret", `id=${id},src=${path}`]) }),
  ssh: each("--ssh"),
  labels: pairs("--label"),
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
  return nonEmpty(builds) ?? [assembleOne({ plan, engine, flags }, void 0, 0)];
}
function assembleOne({ plan, engine, flags }, exporter, index) {
  const iidfile = `${plan.scratch}/image-${index}.id`;
  const args = [
    "build",
    ...engine.builder === void 0 ? [] : ["--buildkit-host", engine.builder],
    ...["--progress", "plain", "--file", plan.dockerfile],
    ...flags,
    ...exporter?.type === "image" ? plan.references.flatMap((reference2) => ["--tag", printReference(reference2)]) : [],
    ...exporter === void 0 ? [] : ["--output", printExporter(exporter)],
    ...exporter?.type === "image" ? ["--iidfile", iidfile] : [],
    ...plan.extraArgs,
    plan.context
  ];
  const title = exporter === void 0 ? "nerdctl build" : `nerdctl build (${exporter.attributes["push"] === "true" ? "push" : exporter.type})`;
  return {
    command: { title, tool: "nerdctl", args },
    // nerdctl's "image id" file holds the manifest's or index's digest, not the config's.
    evidence: exporter?.type === "image" ? [{ kind: "digest", path: iidfile, means: "root" }] : []
  };
}
function readEngine5([version, workers], builder) {
  if (version === void 0 || version.code !== 0) {
    throw new Failure("engine", "nerdctl cannot reach containerd", {
      lines: version === void 0 ? [] : lastLines(version),
      hint: "Start containerd, or name its socket in CONTAINERD_ADDRESS; a rootless one belongs to its own user."
    });
  }
  const found = /"Client":\s*\{\s*"Version":\s*"v?([^"]+)"/.exec(version.stdout)?.[1];
  return {
    versions: versionsOf({ nerdctl: found }),
    // nerdctl looks for its buildkitd in more places than buildctl does; when this one is silent the build itself will tell.
    ...nativePlatform(parseJson(workers?.stdout ?? "")),
    ...builder === void 0 ? {} : { builder }
  };
}
var nerdctl = {
  name: "nerdctl",
  tool: "nerdctl",
  title: "nerdctl with containerd and its buildkitd",
  isCandidate: (builder) => builder === void 0,
  requires: [{ part: "nerdctl", minimum: "2.0.0", because: "named contexts work from then on" }],
  takesLinks: () => true,
  questions: (builder) => [
    { args: ["version", "--format", "json"] },
    {
      tool: "buildctl",
      args: [...builder === void 0 ? [] : ["--addr", builder], "debug", "workers", "--format", "{{json .}}"]
    }
  ],
  readEngine: readEngine5,
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
    // A pushed image stays in containerd's store too.
    load: (_, plan) => wants(plan, "push") ? {} : { exporters: [{ type: "image", attributes: {} }] }
  },
  assemble: assemble3
};

// src/backends/podman.ts
function readEngine6([answer2]) {
  const parsed = answer2?.code === 0 ? parseJson(answer2.stdout) : void 0;
  const info3 = typeof parsed === "object" && parsed !== null ? parsed : {};
  if (info3.host === void 0) {
    throw new Failure("engine", "podman does not work here", {
      lines: answer2 === void 0 ? [] : lastLines(answer2),
      hint: "Run `podman info` on the runner; a rootless podman needs subuid and subgid ranges of its user."
    });
  }
  const { os: os4 = "linux", arch } = info3.host;
  return {
    versions: versionsOf({ podman: info3.version?.Version, buildah: info3.host.buildahVersion }),
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
  takesLinks,
  questions: () => [{ args: ["info", "--format", "json"] }],
  readEngine: readEngine6,
  assumed: { versions: {} },
  features: buildahFeatures,
  deliveries: buildahDeliveries("podman"),
  assemble: assembleBuildah("podman")
};

// src/backends/index.ts
var BACKENDS = [docker, buildx, podman, buildah, nerdctl, buildctl];
function findBackend(name) {
  return BACKENDS.find((backend) => backend.name === name);
}

// src/bento/address.ts
import { resolve } from "node:path/posix";

// src/bento/store.ts
import { join } from "node:path/posix";

// src/bento/env.ts
var NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
var SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
var CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;
var STAGES = ["all", "build", "runtime"];
function readEnvs(node) {
  const envs = /* @__PURE__ */ new Map();
  for (const item of node.items()) {
    const name = item.key("name").requiredText();
    const value2 = item.key("value").text() ?? "";
    const stage = readStage(item.key("stage"));
    checkEnv(item, name, value2, stage === "build" ? SHELL_NAME : NAME);
    envs.set(name, { name, value: value2, stage });
  }
  return [...envs.values()];
}
function readDockerEnv(node) {
  if (!node.present) return void 0;
  const pairs3 = node.isList ? node.texts().map(splitPair) : node.textEntries();
  for (const [name, value2] of pairs3) checkEnv(node, name, value2, NAME);
  return Object.fromEntries(pairs3);
}
function hasControlCharacter(text2) {
  return CONTROL.test(text2);
}
function readStage(node) {
  const text2 = node.text() ?? "all";
  const stage = STAGES.find((known) => known === text2);
  if (stage === void 0) node.mistake(`is "${text2}"; it must be one of ${STAGES.join(", ")}`);
  return stage ?? "all";
}
function splitPair(text2) {
  const equals = text2.indexOf("=");
  return equals === -1 ? [text2, ""] : [text2.slice(0, equals), text2.slice(equals + 1)];
}
function checkEnv(node, name, value2, grammar) {
  if (!grammar.test(name)) {
    node.mistake(`names the variable "${name}", which is no name of an environment variable`, "ValueInvalid");
  }
  if (hasControlCharacter(value2)) {
    node.mistake(`gives ${name} a value with a line break or control character, which no ENV can hold`, "ValueInvalid");
  }
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
  if (baseImage2 === void 0)
    image2.key("base_image").mistake("is empty: there is nothing to build from", "ValueInvalid");
  const pythonVersion = readWord(image2.key("python_version"));
  return {
    spec: 2,
    baseImage: baseImage2 ?? "",
    ...pythonVersion === void 0 ? {} : { pythonVersion },
    commands: dropDoubledBootstrap(readCommands(image2.key("commands"))),
    postCommands: readCommands(image2.key("post_commands")),
    buildInclude: image2.key("build_include").texts()
  };
}
function dropDoubledBootstrap(commands2) {
  const [first, second, ...rest] = commands2;
  return first !== void 0 && first === second && BOOTSTRAP.test(first) ? [first, ...rest] : commands2;
}
function readBaseImage(node) {
  const image2 = readWord(node);
  if (image2?.startsWith("-")) node.mistake(`is "${image2}", which is no image reference`, "ValueInvalid");
  return image2;
}
function readWord(node) {
  const word = node.text()?.trim();
  if (!word) return void 0;
  if (/\s/.test(word) || hasControlCharacter(word)) {
    node.mistake(
      `is ${JSON.stringify(word)}, which has a blank, line break or control character in it`,
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
  if (text2 && !CUDA.test(text2)) node.mistake(`is "${text2}", which is no version`, "ValueInvalid");
  return text2 || void 0;
}
function readDistro(node) {
  const text2 = node.text() || "debian";
  const distro = DISTROS.find((known) => known === text2);
  if (distro === void 0) node.mistake(`is "${text2}"; it must be one of ${DISTROS.join(", ")}`);
  return distro ?? "debian";
}
function readSystemPackages(node) {
  const packages = node.texts();
  if (packages.some(hasControlCharacter)) node.mistake("has a line break or control character in it", "ValueInvalid");
  return packages;
}
function readCommands(node) {
  const commands2 = node.texts();
  if (commands2.some((command) => command.includes("\0"))) node.mistake("has a NUL character in it", "ValueInvalid");
  return commands2;
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
  constructor(value2, path, mistakes) {
    this.path = path;
    this.#value = value2;
    this.#mistakes = mistakes;
  }
  get present() {
    return this.#value !== void 0 && this.#value !== null;
  }
  /** Neither absent nor an empty string, list or map: what Python calls true. */
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
    const path = this.path === "" ? name : `${this.path}.${name}`;
    const map = this.#map();
    return this.#at(map !== void 0 && Object.hasOwn(map, name) ? map[name] : void 0, path);
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
  /** The pairs of a map of strings; null stands for the empty string. */
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
  #at(value2, path) {
    return new _ManifestNode(value2, path, this.#mistakes);
  }
  #wrong(wanted) {
    const message = `must be ${wanted}, not ${kindOf(this.#value)}`;
    const said = this.#mistakes.some((mistake) => mistake.message.includes(`\`${this.path}\` ${message}`));
    if (!said) this.mistake(message);
  }
};
function kindOf(value2) {
  if (Array.isArray(value2)) return "a list";
  return typeof value2 === "string" ? "a string" : "a map";
}

// src/bento/bento.ts
function printTag(tag) {
  return `${tag.name}:${tag.version}`;
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
function parseReference2(text2) {
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
      hint: version === "" ? `For the newest one write "${name}:latest".` : "A tag is `name` or `name:version`."
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
var REPOSITORY = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)?$/;
var REVISION = /^[\w-][\w./-]*$/;
function readModels(manifest) {
  const lists = [
    manifest.key("models"),
    ...manifest.key("services").items().map((service) => service.key("models"))
  ];
  const models = /* @__PURE__ */ new Map();
  for (const item of lists.flatMap((list2) => list2.items())) {
    const model = readModel(item);
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
function readModel(item) {
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
  if (registry === "huggingface") return { registry, ...common, ...readHubMetadata(item.key("metadata"), tag) };
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
function readHubMetadata(metadata, tag) {
  const repository = (metadata.key("model_id").text() ?? tag.name.replace("--", "/")).toLowerCase();
  const revision = metadata.key("revision").text() || "main";
  const endpoint = metadata.key("endpoint").text();
  if (!REPOSITORY.test(repository)) metadata.mistake(`has the model_id "${repository}"`, "ValueInvalid");
  if (!REVISION.test(revision) || revision.includes("..")) {
    metadata.mistake(`has the revision "${revision}"`, "ValueInvalid");
  }
  if (endpoint && !isHttp(endpoint))
    metadata.mistake(`has the endpoint "${endpoint}", not an http URL`, "ValueInvalid");
  return {
    repository,
    revision,
    ...endpoint ? { endpoint } : {},
    include: readPatterns(metadata.key("include")),
    exclude: readPatterns(metadata.key("exclude"))
  };
}
function readPatterns(node) {
  return node.isText ? [node.requiredText()] : node.texts();
}
function isHttp(url) {
  const protocol = URL.parse(url)?.protocol;
  return protocol === "http:" || protocol === "https:";
}

// src/bento/yaml.ts
var MAX_BYTES = 16 * 1024 * 1024;
var MAX_ALIASES = 1e3;
async function parseYaml(text2, file) {
  const { FAILSAFE_SCHEMA, load: load2, nullCoreTag, YAMLException } = await import("./js-yaml-YJ4CYGBX.js");
  try {
    return load2(text2, { schema: FAILSAFE_SCHEMA.withTags(nullCoreTag), json: true, maxAliases: MAX_ALIASES });
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
async function readStrictText(path, world2) {
  const info3 = await world2.files.info(path);
  if (info3 !== void 0 && info3.size > MAX_BYTES) {
    throw new Failure("bento", `${path} has ${info3.size} bytes; more than ${MAX_BYTES} are not read`, {
      code: "TooLarge"
    });
  }
  const bytes2 = await readOrExplain(path, world2);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes2);
  } catch (error2) {
    throw new Failure("bento", `${path} is not UTF-8 text`, {
      code: "ManifestInvalid",
      position: { file: path },
      cause: error2
    });
  }
}
async function readOrExplain(path, world2) {
  try {
    return await world2.files.readBytes(path);
  } catch (error2) {
    const reason = error2 instanceof Error ? error2.message : String(error2);
    throw new Failure("bento", `${path} cannot be read: ${reason}`, { code: "Unreadable", cause: error2 });
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
    models: readModels(root),
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
    throw new Failure("bento", `${file} is not the manifest of a Bento: it must be a map of keys`, {
      code: "ManifestInvalid",
      position: { file }
    });
  }
  return document;
}
function failOn(mistakes, file) {
  const [first] = mistakes;
  if (first === void 0) return;
  const messages = mistakes.map((mistake) => mistake.message);
  const code2 = mistakes.find((mistake) => mistake.code === "ManifestInvalid")?.code ?? first.code;
  throw new Failure("bento", `${file}: ${messages.join("; ")}`, {
    code: code2,
    lines: messages,
    position: { file },
    hint: "Correct it where the Bento is made (service or bentofile.yaml) and run `bentoml build` again."
  });
}
function readTagPart(node, warnings) {
  const text2 = node.requiredText();
  const lower = text2.toLowerCase();
  if (lower !== text2) warnings.push(`The Bento's ${node.path} "${text2}" is lowered to "${lower}", as BentoML does.`);
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

// src/bento/store.ts
var NAMED = 10;
async function findInStore(reference2, directory, world2) {
  const folder = join(directory, reference2.name);
  const versions = await listVersions(folder, world2);
  if (versions.length === 0) throw await noSuchName(reference2, directory, world2);
  const version = reference2.version === void 0 || reference2.version === "latest" ? await latestVersion(folder, versions, world2) : matchVersion(reference2.name, reference2.version, versions, directory);
  return join(folder, version);
}
async function listStore(directory, world2) {
  const names = await listDirectories(directory, world2);
  const tags = await Promise.all(
    names.map(
      async (name) => (await listVersions(join(directory, name), world2)).map((version) => `${name}:${version}`)
    )
  );
  return tags.flat();
}
async function listVersions(folder, world2) {
  const names = await listDirectories(folder, world2);
  const manifests = await Promise.all(names.map((name) => world2.files.info(join(folder, name, "bento.yaml"))));
  return names.filter((_, index) => manifests[index] !== void 0);
}
async function listDirectories(directory, world2) {
  if (await world2.files.info(directory) === void 0) return [];
  const entries = await world2.files.list(directory);
  return entries.filter(({ kind }) => kind === "directory" || kind === "symlink").map(({ name }) => name);
}
function matchVersion(name, wanted, versions, directory) {
  if (versions.includes(wanted)) return wanted;
  const matches = versions.filter((version) => version.startsWith(wanted));
  const [match, ...others] = matches;
  if (match !== void 0 && others.length === 0) return match;
  if (match !== void 0) {
    throw new Failure("input", `${name}:${wanted} fits several Bentos: ${some(matches)}`, {
      code: "Ambiguous",
      hint: "Write more of the version."
    });
  }
  throw new Failure(
    "input",
    `The Bento store ${directory} has no ${name}:${wanted}; of ${name} it has ${some(versions)}`,
    {
      code: "NotFound",
      hint: "`bentoml pull` fetches a Bento from BentoCloud, `bentoml build` makes one."
    }
  );
}
async function noSuchName({ name, version }, directory, world2) {
  const tags = await listStore(directory, world2);
  const content = tags.length === 0 ? "it holds no Bentos" : `it has ${some(tags)}`;
  const wanted = version === void 0 ? name : `${name}:${version}`;
  return new Failure("input", `The Bento store ${directory} has no ${wanted}; ${content}`, {
    code: "NotFound",
    hint: "Check `bentoml-home`, or build the Bento in an earlier step of this job."
  });
}
async function latestVersion(folder, versions, world2) {
  const file = join(folder, "latest");
  const named = await world2.files.info(file) === void 0 ? "" : (await world2.files.readText(file)).trim();
  if (versions.includes(named)) return named;
  const times = await Promise.all(versions.map((version) => creationTime(join(folder, version), world2)));
  const dated2 = versions.map((version, index) => ({
    version,
    time: times[index]?.getTime() ?? Number.NEGATIVE_INFINITY
  }));
  const newest = dated2.reduce((best, candidate) => candidate.time > best.time ? candidate : best);
  return newest.version;
}
async function creationTime(folder, world2) {
  const file = join(folder, "bento.yaml");
  try {
    return await readCreationTimeOf(await readStrictText(file, world2), file);
  } catch (error2) {
    if (!(error2 instanceof Failure)) throw error2;
    world2.actions.warning(`Skipped while looking for the newest version: ${error2.message}`);
    return void 0;
  }
}
function some(names) {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

// src/bento/address.ts
var PATH_ONLY = /^[.~$]|\/|\.(?:bento|tar|t?gz|t?xz|t?bz2|t?zst|zip)$/;
async function locateBento(address, world2) {
  const { bento } = address;
  if (bento.trim() === "") throw new Failure("input", "No Bento was named", { code: "NotFound" });
  const path = resolve(world2.workspace, expandPath(bento, world2.env));
  const real = await existing(path, world2);
  if (real !== void 0) return locatePath(real, bento, world2);
  return locateTag(address, path, world2);
}
async function existing(path, world2) {
  if (await world2.files.info(path) === void 0) return void 0;
  try {
    return await world2.files.realPath(path);
  } catch (error2) {
    const reason = error2 instanceof Error ? error2.message : String(error2);
    throw new Failure("input", `${path} cannot be followed: ${reason}`, { code: "NotFound", cause: error2 });
  }
}
async function locatePath(path, address, world2) {
  const kind = (await world2.files.info(path))?.kind;
  if (kind === "file") {
    const { extractArchive } = await import("./extract-PN62KCOR.js");
    return { directory: await extractArchive(path, address, world2), origin: "archive", address };
  }
  if (kind !== "directory") {
    throw new Failure("input", `${path} is neither a directory nor a file`, { code: "NotFound" });
  }
  if (await world2.files.info(`${path}/bento.yaml`) === void 0) {
    throw new Failure("bento", `The directory ${path} is not a Bento: it has no bento.yaml`, {
      code: "ManifestMissing",
      hint: PATH_ONLY.test(address) ? "Give the directory that `bentoml build` made, not the project or the store it lies in." : `A path that exists comes before a tag; for the Bento of that name in the store write "${address}:latest".`
    });
  }
  return { directory: path, origin: "directory", address };
}
async function locateTag(address, path, world2) {
  const { bento } = address;
  if (PATH_ONLY.test(bento)) {
    throw new Failure("input", `There is nothing at ${path}`, {
      code: "NotFound",
      hint: `Relative paths start at ${world2.workspace}. Was the Bento built, or its artifact downloaded, in this job?`
    });
  }
  const { tag, lowered } = parseReference2(bento);
  if (lowered) world2.actions.warning(`The tag "${bento}" is lowered, as BentoML does.`);
  const { bentos } = storeDirectories(bentomlHome(address.bentomlHome, world2));
  try {
    const found = await findInStore(tag, bentos, world2);
    return { directory: await world2.files.realPath(found), origin: "store", address: bento };
  } catch (error2) {
    if (!(error2 instanceof Failure) || error2.code !== "NotFound") throw error2;
    throw new Failure(error2.class, `There is nothing at ${path}, and: ${error2.message}`, {
      code: error2.code,
      ...error2.hint === void 0 ? {} : { hint: error2.hint }
    });
  }
}

// src/bento/bento-directory.ts
import { join as join4, normalize as normalize2 } from "node:path/posix";

// src/bento/conda.ts
var PYTHON2 = /^\s*-\s*["']?(?:[\w./-]+::)?python\s*={1,2}\s*(\d+\.\d+)/m;
function condaPython(environment) {
  return PYTHON2.exec(environment)?.[1];
}

// src/bento/readability.ts
import { join as join2, relative } from "node:path/posix";
var AT_ONCE = 64;
var NAMED2 = 20;
async function checkReadable(directory, files) {
  const findings = { unreadable: [], irregular: [] };
  await walk(directory, directory, files, findings);
  report(findings.irregular, "UnsafePath", "is no file, directory or link", directory);
  report(findings.unreadable, "Unreadable", "cannot be read", directory);
}
async function walk(root, directory, files, findings) {
  const entries = await files.list(directory).catch((error2) => {
    if (!isRefusal(error2)) throw error2;
    findings.unreadable.push(`${relative(root, directory) || "."}/`);
    return [];
  });
  const plain = entries.filter((entry) => entry.kind === "file").map((entry) => join2(directory, entry.name));
  for (let start = 0; start < plain.length; start += AT_ONCE) {
    const batch = plain.slice(start, start + AT_ONCE);
    const readable = await Promise.all(batch.map((path) => isReadable(path, files)));
    findings.unreadable.push(...batch.filter((_, index) => !readable[index]).map((path) => relative(root, path)));
  }
  for (const { name, kind } of entries) {
    if (kind === "other") findings.irregular.push(relative(root, join2(directory, name)));
    if (kind === "directory") await walk(root, join2(directory, name), files, findings);
  }
}
async function isReadable(path, files) {
  try {
    const info3 = await files.info(path);
    if (info3 !== void 0 && (info3.mode & 4) === 0) await files.readHead(path, 1);
    return true;
  } catch (error2) {
    if (isRefusal(error2)) return false;
    throw error2;
  }
}
function isRefusal(error2) {
  const code2 = error2 instanceof Error && "code" in error2 ? error2.code : void 0;
  return code2 === "EACCES" || code2 === "EPERM";
}
function report(paths, code2, fault, directory) {
  if (paths.length === 0) return;
  const named = paths.slice(0, NAMED2);
  const more = paths.length - named.length;
  throw new Failure("bento", `In ${directory}, ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""} ${fault}`, {
    code: code2,
    lines: named,
    ...code2 === "Unreadable" ? { hint: `Run \`chmod -R u+rX ${directory}\` or build as the user who owns the files.` } : {}
  });
}

// src/bento/references.ts
import { join as join3, normalize } from "node:path/posix";
var LOST_SCRIPTS = "`bentoml build` up to 1.4.38 loses the files of `Image.run_script`: put the commands into `Image.run`, or name the script as `docker.setup_script` in bentofile.yaml, and build the Bento again.";
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
  const missing2 = await absent(neededFiles(image2), (path) => join3(directory, path), files);
  return missing2.map((path) => ({ message: `${path} is not in the Bento` }));
}
async function findMissingScripts(image2, directory, files) {
  const commands2 = [...image2.commands, ...image2.postCommands].join("\n");
  const names = [...new Set(commands2.match(/\bscript__\w+/g) ?? [])];
  const missing2 = await absent(names, (name) => join3(directory, "env/docker", name), files);
  return missing2.map((name) => ({
    message: `a command runs env/docker/${name}, which is not there`,
    hint: LOST_SCRIPTS
  }));
}
async function findMissingIncludes(image2, directory, files) {
  const missing2 = await absent(image2.buildInclude, (path) => join3(directory, "src", path), files);
  return missing2.map((path) => ({ message: `\`image.build_include\` names ${path}, which is not in src/` }));
}
async function findMissingPackages(references2, root, file, files) {
  const missing2 = await Promise.all(
    references2.map(async ({ kind, text: text2, path }) => {
      if (/^(?:file:|\/)/i.test(path)) {
        return {
          message: `a requirement is "${text2}", a file of the machine that built the Bento`,
          hint: "Name the wheel by a path below the project (`./wheels/\u2026`) or publish it to an index, and build the Bento again."
        };
      }
      const base = kind === "file" ? root : join3(file, "..");
      const outside = normalize(path).startsWith("../");
      const found = outside ? void 0 : await files.info(join3(base, path));
      return found === void 0 ? { message: `a requirement is "${text2}", which is not in the Bento` } : void 0;
    })
  );
  return missing2.filter((reference2) => reference2 !== void 0);
}
async function absent(names, locate, files) {
  const found = await Promise.all(names.map((name) => files.info(locate(name))));
  return names.filter((_, index) => found[index] === void 0);
}

// src/bento/requirements.ts
var SHORT = { "-i": "--index-url", "-f": "--find-links" };
var INDEX_OPTIONS = /* @__PURE__ */ new Set(["--index-url", "--extra-index-url", "--find-links", "--trusted-host", "--no-index"]);
var NESTED = /* @__PURE__ */ new Set(["-r", "--requirement", "-c", "--constraint"]);
var EDITABLE = /* @__PURE__ */ new Set(["-e", "--editable"]);
var ARCHIVE = /\.(?:whl|tar\.gz|tgz|zip|tar\.bz2|tar\.xz)$/;
function parseRequirements(text2) {
  const lines2 = text2.replace(/\\\r?\n/g, " ").split(/\r?\n/).map((line) => line.replace(/(?:^|\s)#.*$/, "").trim()).filter((line) => line !== "");
  return {
    indexOptions: lines2.map(indexOptionOf).filter((option2) => option2 !== void 0),
    references: lines2.map(referenceOf).filter((reference2) => reference2 !== void 0)
  };
}
function splitOption(line) {
  const [, name = "", value2 = ""] = /^(-[a-zA-Z]|--[a-z-]+)(?:\s*=\s*|\s+|$)(.*)$/.exec(line) ?? [];
  return name === "" ? void 0 : { name: SHORT[name] ?? name, value: value2.trim() };
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
  const path = text2.replace(/#.*$/, "").replace(/(?<=[^/])\[[^\]]*\]$/, "");
  return path === "" ? void 0 : { kind, text: text2, path };
}

// src/bento/bento-directory.ts
async function readBento(located, world2) {
  const { directory } = located;
  const manifest = await readManifestFile(located, world2);
  for (const warning2 of manifest.warnings) world2.actions.warning(warning2);
  await checkReadable(directory, world2.files);
  const image2 = await completeImage(manifest, directory, world2);
  const requirements = await readRequirements(image2, directory, world2);
  await checkReferences(image2, requirements, directory, world2.files);
  const { warnings: _, ...rest } = manifest;
  return {
    ...rest,
    image: image2.spec === 2 ? coverPackages(image2, requirements) : image2,
    directory,
    entries: await readEntries(directory, world2.files),
    indexOptions: requirements.indexOptions
  };
}
async function readManifestFile(located, world2) {
  const file = join4(located.directory, "bento.yaml");
  const info3 = await world2.files.info(file);
  if (info3 === void 0) {
    throw new Failure("bento", `${located.address} is not a Bento: there is no bento.yaml in ${located.directory}`, {
      code: "ManifestMissing",
      hint: "Give the directory, archive or tag that `bentoml build` made, not the project it was made from."
    });
  }
  if (info3.kind !== "file") {
    throw new Failure("bento", `${file} must be a regular file; it is a ${info3.kind}`, { code: "UnsafePath" });
  }
  return readManifest(await readStrictText(file, world2), file);
}
async function completeImage(manifest, directory, world2) {
  const { image: image2 } = manifest;
  if (image2.spec === 2) return { ...image2, buildInclude: checkIncludes(image2.buildInclude, directory) };
  const pythonVersion = image2.pythonVersion ?? await builderPython(image2, directory, world2);
  const conda = image2.conda ? await readCondaPython(directory, world2) : void 0;
  const condaOrOwn = conda ?? pythonVersion;
  return {
    ...image2,
    ...pythonVersion === void 0 ? {} : { pythonVersion },
    ...image2.conda && condaOrOwn !== void 0 ? { condaPython: condaOrOwn } : {},
    installScript: await world2.files.info(join4(directory, "env/python/install.sh")) !== void 0
  };
}
async function builderPython(image2, directory, world2) {
  const file = join4(directory, "env/python/version.txt");
  if (image2.baseImage !== void 0 || await world2.files.info(file) === void 0) return void 0;
  return pythonMinor(await readStrictText(file, world2));
}
async function readCondaPython(directory, world2) {
  const file = join4(directory, "env/conda/environment.yml");
  return await world2.files.info(file) === void 0 ? void 0 : condaPython(await readStrictText(file, world2));
}
function checkIncludes(paths, directory) {
  const normal = paths.map((path) => normalize2(path).replace(/\/$/, ""));
  const bad = paths.filter((_, index) => /^\/|^\.\.(?:\/|$)|[\u0000-\u001f]/.test(normal[index] ?? ""));
  if (bad.length === 0) return normal;
  throw new Failure("bento", `\`image.build_include\` leaves src/: ${bad.join(", ")}`, {
    code: "UnsafePath",
    position: { file: join4(directory, "bento.yaml") }
  });
}
async function requirementsPlace(image2, directory, files) {
  const python = join4(directory, "env/python");
  if (image2.spec === 1) {
    const lock = join4(python, "requirements.lock.txt");
    const locked = await files.info(lock) !== void 0;
    return { file: locked ? lock : join4(python, "requirements.txt"), root: python };
  }
  const src = join4(directory, "src");
  const root = await files.info(src) === void 0 ? python : src;
  return { file: join4(python, "requirements.txt"), root };
}
async function readRequirements(image2, directory, world2) {
  const place = await requirementsPlace(image2, directory, world2.files);
  const exists = await world2.files.info(place.file) !== void 0;
  return { ...place, ...parseRequirements(exists ? await readStrictText(place.file, world2) : "") };
}
async function checkReferences(image2, { references: references2, root, file }, directory, files) {
  const missing2 = [
    ...await findMissingFiles(image2, directory, files),
    ...image2.spec === 2 ? await findMissingScripts(image2, directory, files) : [],
    ...image2.spec === 2 ? await findMissingIncludes(image2, directory, files) : [],
    ...await findMissingPackages(references2, root, file, files)
  ];
  if (missing2.length === 0) return;
  const messages = missing2.map(({ message }) => message);
  const hints = [...new Set(missing2.map(({ hint }) => hint).filter((hint) => hint !== void 0))];
  throw new Failure("bento", `The Bento in ${directory} is not complete: ${messages.join("; ")}`, {
    code: "ReferenceMissing",
    lines: messages,
    hint: hints.join(" ") || "Build the Bento again; if the file stays away, its build options name a file they do not ship."
  });
}
function coverPackages(image2, { references: references2 }) {
  const paths = references2.filter(({ kind }) => kind === "file").map(({ path }) => normalize2(path));
  const covered = (path) => image2.buildInclude.some((include) => include === "." || path === include || path.startsWith(`${include}/`));
  const added = [...new Set(paths.filter((path) => !covered(path)))];
  return { ...image2, buildInclude: [...image2.buildInclude, ...added] };
}
async function readEntries(directory, files) {
  const entries = await files.list(directory);
  return entries.flatMap(({ name, kind }) => kind === "other" ? [] : [{ name, kind }]);
}

// src/bento/models.ts
import { join as join5 } from "node:path/posix";
async function locateModels(bento, options, world2) {
  const { models } = storeDirectories(bentomlHome(options.bentomlHome, world2));
  const stored = await locateStoreModels(bento, models, world2);
  const located = [];
  for (const model of bento.models) {
    const found = model.registry === "bentoml" ? stored.get(model) : await locateOnHub(model, options.dryRun === true, world2);
    if (found !== void 0) located.push(found);
  }
  return located;
}
async function locateOnHub(model, dryRun, world2) {
  const { locateSnapshot } = await import("./snapshot-RHKT4BNM.js");
  return locateSnapshot(model, world2, { dryRun });
}
async function locateStoreModels(bento, store, world2) {
  const models = bento.models.filter((model) => model.registry === "bentoml");
  const found = await Promise.all(models.map((model) => locateStoreModel(model, bento.directory, store, world2)));
  const missing2 = models.filter((_, index) => found[index] === void 0).map(({ tag }) => printTag(tag));
  if (missing2.length > 0) throw allMissing(missing2, bento.directory, store);
  return new Map(models.flatMap((model, index) => pair(model, found[index])));
}
async function locateStoreModel(model, directory, store, world2) {
  const places = [
    { origin: "bento", directory: join5(directory, "models", model.tag.name, model.tag.version) },
    { origin: "store", directory: join5(store, model.tag.name, model.tag.version) }
  ];
  for (const place of places) {
    if (await world2.files.info(join5(place.directory, "model.yaml")) === void 0) continue;
    const found = await world2.files.realPath(place.directory);
    return { kind: "store", model: await dated(model, found, world2), origin: place.origin, directory: found };
  }
  return void 0;
}
function pair(model, found) {
  return found === void 0 ? [] : [[model, found]];
}
async function dated(model, directory, world2) {
  if (model.creationTime !== void 0) return model;
  const file = join5(directory, "model.yaml");
  const creationTime2 = await readCreationTimeOf(await readStrictText(file, world2), file);
  return creationTime2 === void 0 ? model : { ...model, creationTime: creationTime2 };
}
function allMissing(tags, directory, store) {
  return new Failure(
    "bento",
    `The Bento needs ${tags.join(", ")}, found neither in ${join5(directory, "models")} nor in ${store}`,
    {
      code: "ModelMissing",
      lines: tags.map((tag) => `bentoml models pull ${tag}`),
      hint: `Restore the store of the machine that built the Bento (\`bentoml-home\`), export the Bento with its models (\`bentoml export\`), or fetch them from BentoCloud after a login: ` + tags.map((tag) => `\`bentoml models pull ${tag}\``).join(", ")
    }
  );
}

// src/inputs/conflicts.ts
function findConflicts(inputs) {
  const layouts = inputs.output.filter(({ kind }) => kind === "layout");
  return [
    ...doubles(inputs.tags.map(printReference)).map((tag) => `tags: ${tag} is given twice`),
    ...doubles(inputs.output.map(({ path }) => path)).map((path) => `output: ${path} is given twice`),
    ...doubles(secretIds(inputs)).map((id) => `secrets, secret-envs, secret-files: the secret ${id} is given twice`),
    ...secretIds(inputs).filter((id) => !SECRET_ID.test(id)).map((id) => `secrets, secret-envs, secret-files: "${id}" is no id (for example: HF_TOKEN)`),
    ...when(
      inputs.push === true && inputs.tags.length === 0,
      "push: it needs tags (for example: tags: ghcr.io/acme/iris:1.4.0)"
    ),
    ...when(layouts.length > 1, "output: one layout directory is enough"),
    ...when(
      inputs.load === false && inputs.push !== true && inputs.output.length === 0,
      "load: with load: false, and neither push nor output, the image would go nowhere (for example: push: true)"
    ),
    ...when(
      inputs.format === "docker" && inputs.output.some(({ kind }) => kind !== "docker-archive"),
      "format: an OCI layout or OCI archive cannot be in docker's format (for example: output: docker-archive:image.tar)"
    ),
    ...when(
      inputs.format === "docker" && inputs.compression.format === "zstd",
      "compression: docker's format has no zstd layers (for example: format: oci)"
    )
  ];
}
var SECRET_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
function secretIds({ secrets, secretEnvs, secretFiles }) {
  return [
    ...Object.keys(secrets),
    ...secretEnvs.map((item) => item.split("=")[0] ?? item),
    ...Object.keys(secretFiles)
  ];
}
function when(condition, problem) {
  return condition ? [problem] : [];
}
function doubles(names) {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

// node_modules/csv-parse/lib/api/CsvError.js
var CsvError = class _CsvError extends Error {
  constructor(code2, message, options, ...contexts) {
    if (Array.isArray(message)) message = message.join(" ").trim();
    super(message);
    if (Error.captureStackTrace !== void 0) {
      Error.captureStackTrace(this, _CsvError);
    }
    this.code = code2;
    for (const context of contexts) {
      for (const key in context) {
        const value2 = context[key];
        this[key] = Buffer.isBuffer(value2) ? value2.toString(options.encoding) : value2 == null ? value2 : JSON.parse(JSON.stringify(value2));
      }
    }
  }
};

// node_modules/csv-parse/lib/utils/is_object.js
var is_object = function(obj) {
  return typeof obj === "object" && obj !== null && !Array.isArray(obj);
};

// node_modules/csv-parse/lib/api/normalize_columns_array.js
var normalize_columns_array = function(columns) {
  const normalizedColumns = [];
  for (let i = 0, l = columns.length; i < l; i++) {
    const column = columns[i];
    if (column === void 0 || column === null || column === false) {
      normalizedColumns[i] = { disabled: true };
    } else if (typeof column === "string" || typeof column === "number") {
      normalizedColumns[i] = { name: `${column}` };
    } else if (is_object(column)) {
      if (typeof column.name !== "string") {
        throw new CsvError("CSV_OPTION_COLUMNS_MISSING_NAME", [
          "Option columns missing name:",
          `property "name" is required at position ${i}`,
          "when column is an object literal"
        ]);
      }
      normalizedColumns[i] = column;
    } else {
      throw new CsvError("CSV_INVALID_COLUMN_DEFINITION", [
        "Invalid column definition:",
        "expect a string or a literal object,",
        `got ${JSON.stringify(column)} at position ${i}`
      ]);
    }
  }
  return normalizedColumns;
};

// node_modules/csv-parse/lib/utils/ResizeableBuffer.js
var ResizeableBuffer = class {
  constructor(size = 100) {
    this.size = size;
    this.length = 0;
    this.buf = Buffer.allocUnsafe(size);
  }
  prepend(val) {
    if (Buffer.isBuffer(val)) {
      const length = this.length + val.length;
      if (length >= this.size) {
        this.resize();
        if (length >= this.size) {
          throw Error("INVALID_BUFFER_STATE");
        }
      }
      const buf = this.buf;
      this.buf = Buffer.allocUnsafe(this.size);
      val.copy(this.buf, 0);
      buf.copy(this.buf, val.length);
      this.length += val.length;
    } else {
      const length = this.length++;
      if (length === this.size) {
        this.resize();
      }
      const buf = this.clone();
      this.buf[0] = val;
      buf.copy(this.buf, 1, 0, length);
    }
  }
  append(val) {
    const length = this.length++;
    if (length === this.size) {
      this.resize();
    }
    this.buf[length] = val;
  }
  clone() {
    return Buffer.from(this.buf.slice(0, this.length));
  }
  resize() {
    const length = this.length;
    this.size = this.size * 2;
    const buf = Buffer.allocUnsafe(this.size);
    this.buf.copy(buf, 0, 0, length);
    this.buf = buf;
  }
  toString(encoding) {
    if (encoding) {
      return this.buf.toString(encoding, 0, this.length);
    } else {
      return Uint8Array.prototype.slice.call(this.buf.slice(0, this.length));
    }
  }
  toJSON() {
    return this.toString("utf8");
  }
  reset() {
    this.length = 0;
  }
};
var ResizeableBuffer_default = ResizeableBuffer;

// node_modules/csv-parse/lib/api/init_state.js
var init_state = function(options) {
  const timchars = [
    // Basic Latin
    32,
    // [Space](https://www.fileformat.info/info/unicode/char/0020/index.htm)
    9,
    // [CHARACTER TABULATION (HT)](https://www.fileformat.info/info/unicode/char/0009/index.htm)
    10,
    // [LINE FEED (LF)](https://www.fileformat.info/info/unicode/char/000a/index.htm)
    13,
    // [CARRIAGE RETURN (CR)](https://www.fileformat.info/info/unicode/char/000d/index.htm)
    12,
    // [FORM FEED (FF)](https://www.fileformat.info/info/unicode/char/000c/index.htm)
    11,
    // [LINE TABULATION (VT)](https://www.fileformat.info/info/unicode/char/000b/index.htm)
    // Latin-1 Supplement
    160,
    // [NO-BREAK SPACE (NBSP)](https://www.fileformat.info/info/unicode/char/00a0/index.htm)
    // Ogham
    5760,
    // [OGHAM SPACE MARK](https://www.fileformat.info/info/unicode/char/1680/index.htm)
    // General Punctuation
    8192,
    // [EN QUAD](https://www.fileformat.info/info/unicode/char/2000/index.htm)
    8193,
    // [EM QUAD](https://www.fileformat.info/info/unicode/char/2001/index.htm)
    8194,
    // [EN SPACE](https://www.fileformat.info/info/unicode/char/2002/index.htm)
    8195,
    // [EM SPACE](https://www.fileformat.info/info/unicode/char/2003/index.htm)
    8196,
    // [THREE-PER-EM SPACE](https://www.fileformat.info/info/unicode/char/2004/index.htm)
    8197,
    // [FOUR-PER-EM SPACE](https://www.fileformat.info/info/unicode/char/2005/index.htm)
    8198,
    // [SIX-PER-EM SPACE](https://www.fileformat.info/info/unicode/char/2006/index.htm)
    8199,
    // [FIGURE SPACE](https://www.fileformat.info/info/unicode/char/2007/index.htm)
    8200,
    // [PUNCTUATION SPACE](https://www.fileformat.info/info/unicode/char/2008/index.htm)
    8201,
    // [THIN SPACE](https://www.fileformat.info/info/unicode/char/2009/index.htm)
    8202,
    // [HAIR SPACE](https://www.fileformat.info/info/unicode/char/200a/index.htm)
    8232,
    // [LINE SEPARATOR](https://www.fileformat.info/info/unicode/char/2028/index.htm)
    8233,
    // [PARAGRAPH SEPARATOR](https://www.fileformat.info/info/unicode/char/2029/index.htm)
    8239,
    // [NARROW NO-BREAK SPACE (NNBSP)](https://www.fileformat.info/info/unicode/char/202f/index.htm)
    8287,
    // [MEDIUM MATHEMATICAL SPACE (MMSP)](https://www.fileformat.info/info/unicode/char/205f/index.htm)
    12288,
    // [IDEOGRAPHIC SPACE](https://www.fileformat.info/info/unicode/char/3000/index.htm)
    65279
    // [ZERO WIDTH NO-BREAK SPACE (BOM)](https://www.fileformat.info/info/unicode/char/feff/index.htm)
  ].reduce((acc, codepoint) => {
    const encoded = Buffer.from(
      String.fromCharCode(codepoint),
      options.encoding
    );
    if (codepoint !== 63 && encoded.length === 1 && encoded[0] === 63) {
      return acc;
    }
    acc.push(encoded);
    return acc;
  }, []);
  const timcharFirstBytes = new Uint8Array(256);
  for (const t of timchars) timcharFirstBytes[t[0]] = 1;
  return {
    bomSkipped: false,
    bufBytesStart: 0,
    castField: options.cast_function,
    commenting: false,
    delimiterBufPrevious: void 0,
    delimiterDiscovered: false,
    // Current error encountered by a record
    error: void 0,
    enabled: options.from_line === 1,
    escaping: false,
    escapeIsQuote: Buffer.isBuffer(options.escape) && Buffer.isBuffer(options.quote) && Buffer.compare(options.escape, options.quote) === 0,
    // columns can be `false`, `true`, `Array`
    expectedRecordLength: Array.isArray(options.columns) ? options.columns.length : void 0,
    field: new ResizeableBuffer_default(20),
    firstLineToHeaders: options.cast_first_line_to_header,
    needMoreDataSize: Math.max(
      // Skip if the remaining buffer smaller than comment
      options.comment !== null ? options.comment.length : 0,
      ...options.delimiter ? options.delimiter.map((delimiter) => delimiter.length) : [],
      // Auto discovery of delimiter is limited to 1 character
      options.delimiter_auto ? 1 : 0,
      // Skip if the remaining buffer can be escape sequence
      options.quote !== null ? options.quote.length : 0,
      ...timchars.map((t) => t.length)
    ),
    previousBuf: void 0,
    quoting: false,
    stop: false,
    rawBuffer: new ResizeableBuffer_default(100),
    record: [],
    recordHasError: false,
    record_length: 0,
    recordDelimiterMaxLength: options.record_delimiter.length === 0 ? 0 : Math.max(...options.record_delimiter.map((v) => v.length)),
    trimChars: [
      Buffer.from(" ", options.encoding)[0],
      Buffer.from("	", options.encoding)[0]
    ],
    wasQuoting: false,
    wasRowDelimiter: false,
    timchars,
    timcharFirstBytes
  };
};

// node_modules/csv-parse/lib/utils/underscore.js
var underscore = function(str) {
  return str.replace(/([A-Z])/g, function(_, match) {
    return "_" + match.toLowerCase();
  });
};

// node_modules/csv-parse/lib/api/normalize_options.js
var normalize_options = function(opts) {
  const options = {};
  for (const opt in opts) {
    options[underscore(opt)] = opts[opt];
  }
  if (options.encoding === void 0 || options.encoding === true) {
    options.encoding = "utf8";
  } else if (options.encoding === null || options.encoding === false) {
    options.encoding = null;
  } else if (typeof options.encoding !== "string" && options.encoding !== null) {
    throw new CsvError(
      "CSV_INVALID_OPTION_ENCODING",
      [
        "Invalid option encoding:",
        "encoding must be a string or null to return a buffer,",
        `got ${JSON.stringify(options.encoding)}`
      ],
      options
    );
  }
  if (options.bom === void 0 || options.bom === null || options.bom === false) {
    options.bom = false;
  } else if (options.bom !== true) {
    throw new CsvError(
      "CSV_INVALID_OPTION_BOM",
      [
        "Invalid option bom:",
        "bom must be true,",
        `got ${JSON.stringify(options.bom)}`
      ],
      options
    );
  }
  options.cast_function = null;
  if (options.cast === void 0 || options.cast === null || options.cast === false || options.cast === "") {
    options.cast = void 0;
  } else if (typeof options.cast === "function") {
    options.cast_function = options.cast;
    options.cast = true;
  } else if (options.cast !== true) {
    throw new CsvError(
      "CSV_INVALID_OPTION_CAST",
      [
        "Invalid option cast:",
        "cast must be true or a function,",
        `got ${JSON.stringify(options.cast)}`
      ],
      options
    );
  }
  if (options.cast_date === void 0 || options.cast_date === null || options.cast_date === false || options.cast_date === "") {
    options.cast_date = false;
  } else if (options.cast_date === true) {
    options.cast_date = function(value2) {
      const date = Date.parse(value2);
      return !isNaN(date) ? new Date(date) : value2;
    };
  } else if (typeof options.cast_date !== "function") {
    throw new CsvError(
      "CSV_INVALID_OPTION_CAST_DATE",
      [
        "Invalid option cast_date:",
        "cast_date must be true or a function,",
        `got ${JSON.stringify(options.cast_date)}`
      ],
      options
    );
  }
  options.cast_first_line_to_header = void 0;
  if (options.columns === true) {
    options.cast_first_line_to_header = void 0;
  } else if (typeof options.columns === "function") {
    options.cast_first_line_to_header = options.columns;
    options.columns = true;
  } else if (Array.isArray(options.columns)) {
    options.columns = normalize_columns_array(options.columns);
  } else if (options.columns === void 0 || options.columns === null || options.columns === false) {
    options.columns = false;
  } else {
    throw new CsvError(
      "CSV_INVALID_OPTION_COLUMNS",
      [
        "Invalid option columns:",
        "expect an array, a function or true,",
        `got ${JSON.stringify(options.columns)}`
      ],
      options
    );
  }
  if (options.group_columns_by_name === void 0 || options.group_columns_by_name === null || options.group_columns_by_name === false) {
    options.group_columns_by_name = false;
  } else if (options.group_columns_by_name !== true) {
    throw new CsvError(
      "CSV_INVALID_OPTION_GROUP_COLUMNS_BY_NAME",
      [
        "Invalid option group_columns_by_name:",
        "expect an boolean,",
        `got ${JSON.stringify(options.group_columns_by_name)}`
      ],
      options
    );
  } else if (options.columns === false) {
    throw new CsvError(
      "CSV_INVALID_OPTION_GROUP_COLUMNS_BY_NAME",
      [
        "Invalid option group_columns_by_name:",
        "the `columns` mode must be activated."
      ],
      options
    );
  }
  if (options.comment === void 0 || options.comment === null || options.comment === false || options.comment === "") {
    options.comment = null;
  } else {
    if (typeof options.comment === "string") {
      options.comment = Buffer.from(options.comment, options.encoding);
    }
    if (!Buffer.isBuffer(options.comment)) {
      throw new CsvError(
        "CSV_INVALID_OPTION_COMMENT",
        [
          "Invalid option comment:",
          "comment must be a buffer or a string,",
          `got ${JSON.stringify(options.comment)}`
        ],
        options
      );
    }
  }
  if (options.comment_no_infix === void 0 || options.comment_no_infix === null || options.comment_no_infix === false) {
    options.comment_no_infix = false;
  } else if (options.comment_no_infix !== true) {
    throw new CsvError(
      "CSV_INVALID_OPTION_COMMENT",
      [
        "Invalid option comment_no_infix:",
        "value must be a boolean,",
        `got ${JSON.stringify(options.comment_no_infix)}`
      ],
      options
    );
  }
  if (options.delimiter_auto === void 0 || options.delimiter_auto === null || options.delimiter_auto === false) {
    options.delimiter_auto = false;
  } else if (options.delimiter_auto === true) {
    options.delimiter_auto = {};
  } else if (!is_object(options.delimiter_auto)) {
    throw new CsvError(
      "CSV_INVALID_OPTION_DELIMITER_AUTO",
      [
        "Invalid option delimiter_auto:",
        "delimiter_auto must be a boolean or a configuration object,",
        `got ${JSON.stringify(options.delimiter_auto)}`
      ],
      options
    );
  }
  if (options.delimiter_auto) {
    if (options.delimiter_auto.preferred === void 0)
      options.delimiter_auto.preferred = {
        [",".charCodeAt(0)]: 1.8,
        ["	".charCodeAt(0)]: 1.8,
        [";".charCodeAt(0)]: 1.6,
        [" ".charCodeAt(0)]: 1.6,
        [":".charCodeAt(0)]: 1.5,
        [".".charCodeAt(0)]: 1.4,
        ["/".charCodeAt(0)]: 1.4
      };
    else if (!is_object(options.delimiter_auto.preferred)) {
      throw new CsvError(
        "CSV_INVALID_OPTION_DELIMITER_AUTO",
        [
          "Invalid option delimiter_auto:",
          "preferred must be an object,",
          `got ${JSON.stringify(options.delimiter_auto.preferred)}`
        ],
        options
      );
    }
    if (options.delimiter_auto.score === void 0)
      options.delimiter_auto.score = (info3, options2) => {
        return (info3.total - info3.std) * (options2.preferred[info3.char_code] || 1);
      };
    else if (typeof options.delimiter_auto.score !== "function") {
      throw new CsvError(
        "CSV_INVALID_OPTION_DELIMITER_AUTO",
        [
          "Invalid option delimiter_auto:",
          "score must be a function,",
          `got ${JSON.stringify(options.delimiter_auto.score)}`
        ],
        options
      );
    }
    if (options.delimiter_auto.size === void 0)
      options.delimiter_auto.size = 2048;
    else if (typeof options.delimiter_auto.size !== "number") {
      throw new CsvError(
        "CSV_INVALID_OPTION_DELIMITER_AUTO",
        [
          "Invalid option delimiter_auto:",
          "size must be a number,",
          `got ${JSON.stringify(options.delimiter_auto.size)}`
        ],
        options
      );
    }
  }
  const delimiter_json = JSON.stringify(options.delimiter);
  if (options.delimiter_auto !== false) {
    options.delimiter = [];
  }
  if (!Array.isArray(options.delimiter)) {
    if (options.delimiter === void 0 || options.delimiter === null || options.delimiter === false) {
      options.delimiter = Buffer.from(",", options.encoding);
    }
    options.delimiter = [options.delimiter];
  }
  options.delimiter = options.delimiter.map(function(delimiter) {
    if (typeof delimiter === "string") {
      delimiter = Buffer.from(delimiter, options.encoding);
    }
    if (!Buffer.isBuffer(delimiter) || delimiter.length === 0) {
      throw new CsvError(
        "CSV_INVALID_OPTION_DELIMITER",
        [
          "Invalid option delimiter:",
          "delimiter must be a non empty string or buffer or array of string|buffer,",
          `got ${delimiter_json}`
        ],
        options
      );
    }
    return delimiter;
  });
  if (options.escape === void 0 || options.escape === true) {
    options.escape = Buffer.from('"', options.encoding);
  } else if (typeof options.escape === "string") {
    options.escape = Buffer.from(options.escape, options.encoding);
  } else if (options.escape === null || options.escape === false) {
    options.escape = null;
  }
  if (options.escape !== null) {
    if (!Buffer.isBuffer(options.escape)) {
      throw new Error(
        `Invalid Option: escape must be a buffer, a string or a boolean, got ${JSON.stringify(options.escape)}`
      );
    }
  }
  if (options.from === void 0 || options.from === null) {
    options.from = 1;
  } else {
    if (typeof options.from === "string" && /\d+/.test(options.from)) {
      options.from = parseInt(options.from);
    }
    if (Number.isInteger(options.from)) {
      if (options.from < 0) {
        throw new Error(
          `Invalid Option: from must be a positive integer, got ${JSON.stringify(opts.from)}`
        );
      }
    } else {
      throw new Error(
        `Invalid Option: from must be an integer, got ${JSON.stringify(options.from)}`
      );
    }
  }
  if (options.from_line === void 0 || options.from_line === null) {
    options.from_line = 1;
  } else {
    if (typeof options.from_line === "string" && /\d+/.test(options.from_line)) {
      options.from_line = parseInt(options.from_line);
    }
    if (Number.isInteger(options.from_line)) {
      if (options.from_line <= 0) {
        throw new Error(
          `Invalid Option: from_line must be a positive integer greater than 0, got ${JSON.stringify(opts.from_line)}`
        );
      }
    } else {
      throw new Error(
        `Invalid Option: from_line must be an integer, got ${JSON.stringify(opts.from_line)}`
      );
    }
  }
  if (options.ignore_last_delimiters === void 0 || options.ignore_last_delimiters === null) {
    options.ignore_last_delimiters = false;
  } else if (typeof options.ignore_last_delimiters === "number") {
    options.ignore_last_delimiters = Math.floor(options.ignore_last_delimiters);
    if (options.ignore_last_delimiters === 0) {
      options.ignore_last_delimiters = false;
    }
  } else if (typeof options.ignore_last_delimiters !== "boolean") {
    throw new CsvError(
      "CSV_INVALID_OPTION_IGNORE_LAST_DELIMITERS",
      [
        "Invalid option `ignore_last_delimiters`:",
        "the value must be a boolean value or an integer,",
        `got ${JSON.stringify(options.ignore_last_delimiters)}`
      ],
      options
    );
  }
  if (options.ignore_last_delimiters === true && options.columns === false) {
    throw new CsvError(
      "CSV_IGNORE_LAST_DELIMITERS_REQUIRES_COLUMNS",
      [
        "The option `ignore_last_delimiters`",
        "requires the activation of the `columns` option"
      ],
      options
    );
  }
  if (options.info === void 0 || options.info === null || options.info === false) {
    options.info = false;
  } else if (options.info !== true) {
    throw new Error(
      `Invalid Option: info must be true, got ${JSON.stringify(options.info)}`
    );
  }
  if (options.max_record_size === void 0 || options.max_record_size === null || options.max_record_size === false) {
    options.max_record_size = 0;
  } else if (Number.isInteger(options.max_record_size) && options.max_record_size >= 0) {
  } else if (typeof options.max_record_size === "string" && /\d+/.test(options.max_record_size)) {
    options.max_record_size = parseInt(options.max_record_size);
  } else {
    throw new Error(
      `Invalid Option: max_record_size must be a positive integer, got ${JSON.stringify(options.max_record_size)}`
    );
  }
  if (options.objname === void 0 || options.objname === null || options.objname === false) {
    options.objname = void 0;
  } else if (Buffer.isBuffer(options.objname)) {
    if (options.objname.length === 0) {
      throw new Error(`Invalid Option: objname must be a non empty buffer`);
    }
    if (options.encoding === null) {
    } else {
      options.objname = options.objname.toString(options.encoding);
    }
  } else if (typeof options.objname === "string") {
    if (options.objname.length === 0) {
      throw new Error(`Invalid Option: objname must be a non empty string`);
    }
  } else if (typeof options.objname === "number") {
  } else {
    throw new Error(
      `Invalid Option: objname must be a string or a buffer, got ${options.objname}`
    );
  }
  if (options.objname !== void 0) {
    if (typeof options.objname === "number") {
      if (options.columns !== false) {
        throw Error(
          "Invalid Option: objname index cannot be combined with columns or be defined as a field"
        );
      }
    } else {
      if (options.columns === false) {
        throw Error(
          "Invalid Option: objname field must be combined with columns or be defined as an index"
        );
      }
    }
  }
  if (options.on_record === void 0 || options.on_record === null) {
    options.on_record = void 0;
  } else if (typeof options.on_record !== "function") {
    throw new CsvError(
      "CSV_INVALID_OPTION_ON_RECORD",
      [
        "Invalid option `on_record`:",
        "expect a function,",
        `got ${JSON.stringify(options.on_record)}`
      ],
      options
    );
  }
  if (options.on_skip !== void 0 && options.on_skip !== null && typeof options.on_skip !== "function") {
    throw new Error(
      `Invalid Option: on_skip must be a function, got ${JSON.stringify(options.on_skip)}`
    );
  }
  if (options.quote === null || options.quote === false || options.quote === "") {
    options.quote = null;
  } else {
    if (options.quote === void 0 || options.quote === true) {
      options.quote = Buffer.from('"', options.encoding);
    } else if (typeof options.quote === "string") {
      options.quote = Buffer.from(options.quote, options.encoding);
    }
    if (!Buffer.isBuffer(options.quote)) {
      throw new Error(
        `Invalid Option: quote must be a buffer or a string, got ${JSON.stringify(options.quote)}`
      );
    }
  }
  if (options.raw === void 0 || options.raw === null || options.raw === false) {
    options.raw = false;
  } else if (options.raw !== true) {
    throw new Error(
      `Invalid Option: raw must be true, got ${JSON.stringify(options.raw)}`
    );
  }
  if (options.record_delimiter === void 0) {
    options.record_delimiter = [];
  } else if (typeof options.record_delimiter === "string" || Buffer.isBuffer(options.record_delimiter)) {
    if (options.record_delimiter.length === 0) {
      throw new CsvError(
        "CSV_INVALID_OPTION_RECORD_DELIMITER",
        [
          "Invalid option `record_delimiter`:",
          "value must be a non empty string or buffer,",
          `got ${JSON.stringify(options.record_delimiter)}`
        ],
        options
      );
    }
    options.record_delimiter = [options.record_delimiter];
  } else if (!Array.isArray(options.record_delimiter)) {
    throw new CsvError(
      "CSV_INVALID_OPTION_RECORD_DELIMITER",
      [
        "Invalid option `record_delimiter`:",
        "value must be a string, a buffer or array of string|buffer,",
        `got ${JSON.stringify(options.record_delimiter)}`
      ],
      options
    );
  }
  options.record_delimiter = options.record_delimiter.map(function(rd, i) {
    if (typeof rd !== "string" && !Buffer.isBuffer(rd)) {
      throw new CsvError(
        "CSV_INVALID_OPTION_RECORD_DELIMITER",
        [
          "Invalid option `record_delimiter`:",
          "value must be a string, a buffer or array of string|buffer",
          `at index ${i},`,
          `got ${JSON.stringify(rd)}`
        ],
        options
      );
    } else if (rd.length === 0) {
      throw new CsvError(
        "CSV_INVALID_OPTION_RECORD_DELIMITER",
        [
          "Invalid option `record_delimiter`:",
          "value must be a non empty string or buffer",
          `at index ${i},`,
          `got ${JSON.stringify(rd)}`
        ],
        options
      );
    }
    if (typeof rd === "string") {
      rd = Buffer.from(rd, options.encoding);
    }
    return rd;
  });
  if (typeof options.relax_column_count === "boolean") {
  } else if (options.relax_column_count === void 0 || options.relax_column_count === null) {
    options.relax_column_count = false;
  } else {
    throw new Error(
      `Invalid Option: relax_column_count must be a boolean, got ${JSON.stringify(options.relax_column_count)}`
    );
  }
  if (typeof options.relax_column_count_less === "boolean") {
  } else if (options.relax_column_count_less === void 0 || options.relax_column_count_less === null) {
    options.relax_column_count_less = false;
  } else {
    throw new Error(
      `Invalid Option: relax_column_count_less must be a boolean, got ${JSON.stringify(options.relax_column_count_less)}`
    );
  }
  if (typeof options.relax_column_count_more === "boolean") {
  } else if (options.relax_column_count_more === void 0 || options.relax_column_count_more === null) {
    options.relax_column_count_more = false;
  } else {
    throw new Error(
      `Invalid Option: relax_column_count_more must be a boolean, got ${JSON.stringify(options.relax_column_count_more)}`
    );
  }
  if (typeof options.relax_quotes === "boolean") {
  } else if (options.relax_quotes === void 0 || options.relax_quotes === null) {
    options.relax_quotes = false;
  } else {
    throw new Error(
      `Invalid Option: relax_quotes must be a boolean, got ${JSON.stringify(options.relax_quotes)}`
    );
  }
  if (typeof options.skip_empty_lines === "boolean") {
  } else if (options.skip_empty_lines === void 0 || options.skip_empty_lines === null) {
    options.skip_empty_lines = false;
  } else {
    throw new Error(
      `Invalid Option: skip_empty_lines must be a boolean, got ${JSON.stringify(options.skip_empty_lines)}`
    );
  }
  if (typeof options.skip_records_with_empty_values === "boolean") {
  } else if (options.skip_records_with_empty_values === void 0 || options.skip_records_with_empty_values === null) {
    options.skip_records_with_empty_values = false;
  } else {
    throw new Error(
      `Invalid Option: skip_records_with_empty_values must be a boolean, got ${JSON.stringify(options.skip_records_with_empty_values)}`
    );
  }
  if (typeof options.skip_records_with_error === "boolean") {
  } else if (options.skip_records_with_error === void 0 || options.skip_records_with_error === null) {
    options.skip_records_with_error = false;
  } else {
    throw new Error(
      `Invalid Option: skip_records_with_error must be a boolean, got ${JSON.stringify(options.skip_records_with_error)}`
    );
  }
  if (options.rtrim === void 0 || options.rtrim === null || options.rtrim === false) {
    options.rtrim = false;
  } else if (options.rtrim !== true) {
    throw new Error(
      `Invalid Option: rtrim must be a boolean, got ${JSON.stringify(options.rtrim)}`
    );
  }
  if (options.ltrim === void 0 || options.ltrim === null || options.ltrim === false) {
    options.ltrim = false;
  } else if (options.ltrim !== true) {
    throw new Error(
      `Invalid Option: ltrim must be a boolean, got ${JSON.stringify(options.ltrim)}`
    );
  }
  if (options.trim === void 0 || options.trim === null || options.trim === false) {
    options.trim = false;
  } else if (options.trim !== true) {
    throw new Error(
      `Invalid Option: trim must be a boolean, got ${JSON.stringify(options.trim)}`
    );
  }
  if (options.trim === true && opts.ltrim !== false) {
    options.ltrim = true;
  } else if (options.ltrim !== true) {
    options.ltrim = false;
  }
  if (options.trim === true && opts.rtrim !== false) {
    options.rtrim = true;
  } else if (options.rtrim !== true) {
    options.rtrim = false;
  }
  if (options.to === void 0 || options.to === null) {
    options.to = -1;
  } else if (options.to !== -1) {
    if (typeof options.to === "string" && /\d+/.test(options.to)) {
      options.to = parseInt(options.to);
    }
    if (Number.isInteger(options.to)) {
      if (options.to <= 0) {
        throw new Error(
          `Invalid Option: to must be a positive integer greater than 0, got ${JSON.stringify(opts.to)}`
        );
      }
    } else {
      throw new Error(
        `Invalid Option: to must be an integer, got ${JSON.stringify(opts.to)}`
      );
    }
  }
  if (options.to_line === void 0 || options.to_line === null) {
    options.to_line = -1;
  } else if (options.to_line !== -1) {
    if (typeof options.to_line === "string" && /\d+/.test(options.to_line)) {
      options.to_line = parseInt(options.to_line);
    }
    if (Number.isInteger(options.to_line)) {
      if (options.to_line <= 0) {
        throw new Error(
          `Invalid Option: to_line must be a positive integer greater than 0, got ${JSON.stringify(opts.to_line)}`
        );
      }
    } else {
      throw new Error(
        `Invalid Option: to_line must be an integer, got ${JSON.stringify(opts.to_line)}`
      );
    }
  }
  return options;
};

// node_modules/csv-parse/lib/utils/delimiter_discover.js
var delimiter_discover = function(records, options) {
  if (!options) {
    ({ delimiter_auto: options } = normalize_options({ delimiter_auto: true }));
  }
  if (typeof records === "string") {
    records = Buffer.from(records);
  }
  if (Buffer.isBuffer(records)) {
    records = ((data) => {
      const records2 = [];
      const parser = transform({ delimiter: [] });
      const push = (record) => records2.push(record);
      const close = () => {
      };
      const error2 = parser.parse(data, true, push, close);
      if (error2 !== void 0) throw error2;
      return records2;
    })(records);
  }
  const info3 = Array(127).fill().map(() => ({ lines: [] }));
  records.map(([record], line) => {
    for (let i = 0, l = record.length; i < l; i++) {
      const code2 = record.charCodeAt(i);
      if (info3[code2].lines[line] === void 0) info3[code2].lines[line] = 0;
      info3[code2].lines[line]++;
    }
  });
  info3.map((info4, i) => {
    info4.char_code = i;
    info4.std = std(info4.lines);
    info4.total = info4.lines.reduce((acc, val) => acc + val, 0);
    info4.preferred = !!options.preferred[i];
    info4.score = options.score(info4, options);
  });
  const result = info3.reduce(
    (acc, info4) => acc.score > info4.score ? acc : info4,
    {}
  );
  return String.fromCharCode(result.char_code);
};
var std = function(array) {
  const n = array.length;
  if (n === 0) return 0;
  const mean = array.reduce((a, b) => a + b) / n;
  return Math.sqrt(
    array.map((x) => Math.pow(x - mean, 2)).reduce((a, b) => a + b) / n
  );
};

// node_modules/csv-parse/lib/api/index.js
var isRecordEmpty = function(record) {
  return record.every(
    (field) => field == null || field.toString && field.toString().trim() === ""
  );
};
var cr = 13;
var nl = 10;
var boms = {
  // Note, the following are equals:
  // Buffer.from("\ufeff")
  // Buffer.from([239, 187, 191])
  // Buffer.from('EFBBBF', 'hex')
  utf8: Buffer.from([239, 187, 191]),
  // Note, the following are equals:
  // Buffer.from "\ufeff", 'utf16le
  // Buffer.from([255, 254])
  utf16le: Buffer.from([255, 254])
};
var transform = function(original_options = {}) {
  const info3 = {
    bytes: 0,
    bytes_records: 0,
    comment_lines: 0,
    empty_lines: 0,
    invalid_field_length: 0,
    lines: 1,
    records: 0
  };
  const options = normalize_options(original_options);
  return {
    info: info3,
    original_options,
    options,
    state: init_state(options),
    __needMoreData: function(i, bufLen, end) {
      if (end) return false;
      const { encoding, escape, quote } = this.options;
      const { quoting, needMoreDataSize, recordDelimiterMaxLength } = this.state;
      const numOfCharLeft = bufLen - i - 1;
      const requiredLength = Math.max(
        needMoreDataSize,
        // Skip if the remaining buffer smaller than record delimiter
        // If "record_delimiter" is yet to be discovered:
        // 1. It is equals to `[]` and "recordDelimiterMaxLength" equals `0`
        // 2. We set the length to windows line ending in the current encoding
        // Note, that encoding is known from user or bom discovery at that point
        // recordDelimiterMaxLength,
        recordDelimiterMaxLength === 0 ? Buffer.from("\r\n", encoding).length : recordDelimiterMaxLength,
        // Skip if remaining buffer can be an escaped quote
        quoting ? (escape === null ? 0 : escape.length) + quote.length : 0,
        // Skip if remaining buffer can be record delimiter following the closing quote
        quoting ? quote.length + recordDelimiterMaxLength : 0
      );
      return numOfCharLeft < requiredLength;
    },
    // Central parser implementation
    parse: function(nextBuf, end, push, close) {
      const {
        bom,
        comment_no_infix,
        delimiter_auto,
        encoding,
        from_line,
        ltrim,
        max_record_size,
        raw,
        relax_quotes,
        rtrim,
        skip_empty_lines,
        to,
        to_line
      } = this.options;
      let { comment, escape, quote, record_delimiter } = this.options;
      const {
        bomSkipped,
        delimiterDiscovered,
        delimiterBufPrevious,
        rawBuffer,
        escapeIsQuote
      } = this.state;
      if (!delimiterDiscovered && delimiter_auto) {
        let delimiterBuf;
        if (delimiterBufPrevious === void 0) {
          delimiterBuf = nextBuf;
        } else if (delimiterBufPrevious !== void 0 && nextBuf === void 0) {
          delimiterBuf = delimiterBufPrevious;
        } else {
          delimiterBuf = Buffer.concat([delimiterBufPrevious, nextBuf]);
        }
        nextBuf = void 0;
        if (end || delimiterBuf.length > delimiter_auto.size) {
          this.options.delimiter = [
            Buffer.from(
              delimiter_discover(delimiterBuf, this.options.delimiter_auto)
            )
          ];
          this.state.previousBuf = delimiterBuf;
          this.state.delimiterBufPrevious = void 0;
          this.state.delimiterDiscovered = true;
        } else {
          this.state.delimiterBufPrevious = delimiterBuf;
          return;
        }
      }
      const { previousBuf } = this.state;
      let buf;
      if (previousBuf === void 0) {
        if (nextBuf === void 0) {
          close();
          return;
        } else {
          buf = nextBuf;
        }
      } else if (previousBuf !== void 0 && nextBuf === void 0) {
        buf = previousBuf;
      } else {
        buf = Buffer.concat([previousBuf, nextBuf]);
      }
      if (bomSkipped === false) {
        if (bom === false) {
          this.state.bomSkipped = true;
        } else if (buf.length < 3) {
          if (end === false) {
            this.state.previousBuf = buf;
            return;
          }
        } else {
          for (const encoding2 in boms) {
            if (boms[encoding2].compare(buf, 0, boms[encoding2].length) === 0) {
              const bomLength = boms[encoding2].length;
              this.state.bufBytesStart += bomLength;
              buf = buf.slice(bomLength);
              const options2 = normalize_options({
                ...this.original_options,
                encoding: encoding2
              });
              for (const key in options2) {
                this.options[key] = options2[key];
              }
              ({ comment, escape, quote } = this.options);
              break;
            }
          }
          this.state.bomSkipped = true;
        }
      }
      const bufLen = buf.length;
      let pos;
      for (pos = 0; pos < bufLen; pos++) {
        if (this.__needMoreData(pos, bufLen, end)) {
          break;
        }
        if (this.state.wasRowDelimiter === true) {
          this.info.lines++;
          this.state.wasRowDelimiter = false;
        }
        if (to_line !== -1 && this.info.lines > to_line) {
          this.state.stop = true;
          close();
          return;
        }
        if (this.state.quoting === false && record_delimiter.length === 0) {
          const record_delimiterCount = this.__autoDiscoverRecordDelimiter(
            buf,
            pos
          );
          if (record_delimiterCount) {
            record_delimiter = this.options.record_delimiter;
          }
        }
        const chr = buf[pos];
        if (raw === true) {
          rawBuffer.append(chr);
        }
        if ((chr === cr || chr === nl) && this.state.wasRowDelimiter === false) {
          this.state.wasRowDelimiter = true;
        }
        if (this.state.escaping === true) {
          this.state.escaping = false;
        } else {
          if (escape !== null && this.state.quoting === true && this.__isEscape(buf, pos, chr) && pos + escape.length < bufLen) {
            if (escapeIsQuote) {
              if (this.__isQuote(buf, pos + escape.length)) {
                this.state.escaping = true;
                pos += escape.length - 1;
                continue;
              }
            } else {
              this.state.escaping = true;
              pos += escape.length - 1;
              continue;
            }
          }
          if (this.state.commenting === false && this.__isQuote(buf, pos)) {
            if (this.state.quoting === true) {
              const nextChr = buf[pos + quote.length];
              const isNextChrTrimable = rtrim && this.__isCharTrimable(buf, pos + quote.length);
              const isNextChrComment = comment !== null && this.__compareBytes(comment, buf, pos + quote.length, nextChr);
              const isNextChrDelimiter = this.__isDelimiter(
                buf,
                pos + quote.length,
                nextChr
              );
              const isNextChrRecordDelimiter = record_delimiter.length === 0 ? this.__autoDiscoverRecordDelimiter(buf, pos + quote.length) : this.__isRecordDelimiter(nextChr, buf, pos + quote.length);
              if (escape !== null && this.__isEscape(buf, pos, chr) && this.__isQuote(buf, pos + escape.length)) {
                pos += escape.length - 1;
              } else if (!nextChr || isNextChrDelimiter || isNextChrRecordDelimiter || isNextChrComment || isNextChrTrimable) {
                this.state.quoting = false;
                this.state.wasQuoting = true;
                pos += quote.length - 1;
                continue;
              } else if (relax_quotes === false) {
                const err = this.__error(
                  new CsvError(
                    "CSV_INVALID_CLOSING_QUOTE",
                    [
                      "Invalid Closing Quote:",
                      `got "${String.fromCharCode(nextChr)}"`,
                      `at line ${this.info.lines}`,
                      "instead of delimiter, record delimiter, trimable character",
                      "(if activated) or comment"
                    ],
                    this.options,
                    this.__infoField()
                  )
                );
                if (err !== void 0) return err;
              } else {
                this.state.quoting = false;
                this.state.wasQuoting = true;
                this.state.field.prepend(quote);
                pos += quote.length - 1;
              }
            } else {
              if (this.state.field.length !== 0) {
                if (relax_quotes === false) {
                  const info4 = this.__infoField();
                  const bom2 = Object.keys(boms).map(
                    (b) => boms[b].equals(this.state.field.toString()) ? b : false
                  ).filter(Boolean)[0];
                  const err = this.__error(
                    new CsvError(
                      "INVALID_OPENING_QUOTE",
                      [
                        "Invalid Opening Quote:",
                        `a quote is found on field ${JSON.stringify(info4.column)} at line ${info4.lines}, value is ${JSON.stringify(this.state.field.toString(encoding))}`,
                        bom2 ? `(${bom2} bom)` : void 0
                      ],
                      this.options,
                      info4,
                      {
                        field: this.state.field
                      }
                    )
                  );
                  if (err !== void 0) return err;
                }
              } else {
                this.state.quoting = true;
                pos += quote.length - 1;
                continue;
              }
            }
          }
          if (this.state.quoting === false) {
            const recordDelimiterLength = this.__isRecordDelimiter(
              chr,
              buf,
              pos
            );
            if (recordDelimiterLength !== 0) {
              const skipCommentLine = this.state.commenting && this.state.wasQuoting === false && this.state.record.length === 0 && this.state.field.length === 0;
              if (skipCommentLine) {
                this.info.comment_lines++;
              } else {
                if (this.state.enabled === false && this.info.lines + (this.state.wasRowDelimiter === true ? 1 : 0) >= from_line) {
                  this.state.enabled = true;
                  this.__resetField();
                  this.__resetRecord();
                  pos += recordDelimiterLength - 1;
                  continue;
                }
                if (skip_empty_lines === true && this.state.wasQuoting === false && this.state.record.length === 0 && this.state.field.length === 0) {
                  this.info.empty_lines++;
                  pos += recordDelimiterLength - 1;
                  continue;
                }
                this.info.bytes = this.state.bufBytesStart + pos;
                const errField = this.__onField();
                if (errField !== void 0) return errField;
                this.info.bytes = this.state.bufBytesStart + pos + recordDelimiterLength;
                const errRecord = this.__onRecord(push);
                if (errRecord !== void 0) return errRecord;
                if (to !== -1 && this.info.records >= to) {
                  this.state.stop = true;
                  close();
                  return;
                }
              }
              this.state.commenting = false;
              pos += recordDelimiterLength - 1;
              continue;
            }
            if (this.state.commenting) {
              continue;
            }
            if (comment !== null && (comment_no_infix === false || this.state.record.length === 0 && this.state.field.length === 0)) {
              const commentCount = this.__compareBytes(comment, buf, pos, chr);
              if (commentCount !== 0) {
                this.state.commenting = true;
                continue;
              }
            }
            const delimiterLength = this.__isDelimiter(buf, pos, chr);
            if (delimiterLength !== 0) {
              this.info.bytes = this.state.bufBytesStart + pos;
              const errField = this.__onField();
              if (errField !== void 0) return errField;
              pos += delimiterLength - 1;
              continue;
            }
          }
        }
        if (this.state.commenting === false) {
          if (max_record_size !== 0 && this.state.record_length + this.state.field.length > max_record_size) {
            return this.__error(
              new CsvError(
                "CSV_MAX_RECORD_SIZE",
                [
                  "Max Record Size:",
                  "record exceed the maximum number of tolerated bytes",
                  `of ${max_record_size}`,
                  `at line ${this.info.lines}`
                ],
                this.options,
                this.__infoField()
              )
            );
          }
        }
        const lappend = ltrim === false || this.state.quoting === true || this.state.field.length !== 0 || !this.__isCharTrimable(buf, pos);
        const rappend = rtrim === false || this.state.wasQuoting === false;
        if (lappend === true && rappend === true) {
          this.state.field.append(chr);
        } else if (rtrim === true && !this.__isCharTrimable(buf, pos)) {
          return this.__error(
            new CsvError(
              "CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE",
              [
                "Invalid Closing Quote:",
                "found non trimable byte after quote",
                `at line ${this.info.lines}`
              ],
              this.options,
              this.__infoField()
            )
          );
        } else {
          if (lappend === false) {
            pos += this.__isCharTrimable(buf, pos) - 1;
          }
          continue;
        }
      }
      if (end === true) {
        if (this.state.quoting === true) {
          const err = this.__error(
            new CsvError(
              "CSV_QUOTE_NOT_CLOSED",
              [
                "Quote Not Closed:",
                `the parsing is finished with an opening quote at line ${this.info.lines}`
              ],
              this.options,
              this.__infoField()
            )
          );
          if (err !== void 0) return err;
        } else {
          if (this.state.wasQuoting === true || this.state.record.length !== 0 || this.state.field.length !== 0) {
            this.info.bytes = this.state.bufBytesStart + pos;
            const errField = this.__onField();
            if (errField !== void 0) return errField;
            const errRecord = this.__onRecord(push);
            if (errRecord !== void 0) return errRecord;
          } else if (this.state.wasRowDelimiter === true) {
            this.info.empty_lines++;
          } else if (this.state.commenting === true) {
            this.info.comment_lines++;
          }
        }
      } else {
        this.state.bufBytesStart += pos;
        this.state.previousBuf = buf.slice(pos);
      }
      if (this.state.wasRowDelimiter === true) {
        this.info.lines++;
        this.state.wasRowDelimiter = false;
      }
    },
    __onRecord: function(push) {
      const {
        columns,
        group_columns_by_name,
        encoding,
        info: info4,
        from,
        relax_column_count,
        relax_column_count_less,
        relax_column_count_more,
        raw,
        skip_records_with_empty_values
      } = this.options;
      const { enabled, record } = this.state;
      if (enabled === false) {
        return this.__resetRecord();
      }
      const recordLength = record.length;
      if (columns === true) {
        if (skip_records_with_empty_values === true && isRecordEmpty(record)) {
          this.__resetRecord();
          return;
        }
        return this.__firstLineToColumns(record);
      }
      if (columns === false && this.info.records === 0) {
        this.state.expectedRecordLength = recordLength;
      }
      if (recordLength !== this.state.expectedRecordLength) {
        const err = columns === false ? new CsvError(
          "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH",
          [
            "Invalid Record Length:",
            `expect ${this.state.expectedRecordLength},`,
            `got ${recordLength} on line ${this.info.lines}`
          ],
          this.options,
          this.__infoField(),
          {
            record
          }
        ) : new CsvError(
          "CSV_RECORD_INCONSISTENT_COLUMNS",
          [
            "Invalid Record Length:",
            `columns length is ${columns.length},`,
            // rename columns
            `got ${recordLength} on line ${this.info.lines}`
          ],
          this.options,
          this.__infoField(),
          {
            record
          }
        );
        if (relax_column_count === true || relax_column_count_less === true && recordLength < this.state.expectedRecordLength || relax_column_count_more === true && recordLength > this.state.expectedRecordLength) {
          this.info.invalid_field_length++;
          this.state.error = err;
        } else {
          const finalErr = this.__error(err);
          if (finalErr) return finalErr;
        }
      }
      if (skip_records_with_empty_values === true && isRecordEmpty(record)) {
        this.__resetRecord();
        return;
      }
      if (this.state.recordHasError === true) {
        this.__resetRecord();
        this.state.recordHasError = false;
        return;
      }
      this.info.records++;
      if (from === 1 || this.info.records >= from) {
        const { objname } = this.options;
        if (columns !== false) {
          const obj = {};
          for (let i = 0, l = record.length; i < l; i++) {
            if (columns[i] === void 0 || columns[i].disabled) continue;
            if (group_columns_by_name === true && Object.hasOwn(obj, columns[i].name)) {
              if (Array.isArray(obj[columns[i].name])) {
                obj[columns[i].name] = obj[columns[i].name].concat(record[i]);
              } else {
                obj[columns[i].name] = [obj[columns[i].name], record[i]];
              }
            } else {
              Object.defineProperty(obj, columns[i].name, {
                value: record[i],
                enumerable: true,
                writable: true,
                configurable: true
              });
            }
          }
          if (raw === true || info4 === true) {
            const extRecord = Object.assign(
              { record: obj },
              raw === true ? { raw: this.state.rawBuffer.toString(encoding) } : {},
              info4 === true ? { info: this.__infoRecord() } : {}
            );
            const err = this.__push(
              objname === void 0 ? extRecord : [obj[objname], extRecord],
              push
            );
            if (err) {
              return err;
            }
          } else {
            const err = this.__push(
              objname === void 0 ? obj : [obj[objname], obj],
              push
            );
            if (err) {
              return err;
            }
          }
        } else {
          if (raw === true || info4 === true) {
            const extRecord = Object.assign(
              { record },
              raw === true ? { raw: this.state.rawBuffer.toString(encoding) } : {},
              info4 === true ? { info: this.__infoRecord() } : {}
            );
            const err = this.__push(
              objname === void 0 ? extRecord : [record[objname], extRecord],
              push
            );
            if (err) {
              return err;
            }
          } else {
            const err = this.__push(
              objname === void 0 ? record : [record[objname], record],
              push
            );
            if (err) {
              return err;
            }
          }
        }
      }
      this.__resetRecord();
    },
    __firstLineToColumns: function(record) {
      const { firstLineToHeaders } = this.state;
      try {
        const headers = firstLineToHeaders === void 0 ? record : firstLineToHeaders.call(null, record);
        if (!Array.isArray(headers)) {
          return this.__error(
            new CsvError(
              "CSV_INVALID_COLUMN_MAPPING",
              [
                "Invalid Column Mapping:",
                "expect an array from column function,",
                `got ${JSON.stringify(headers)}`
              ],
              this.options,
              this.__infoField(),
              {
                headers
              }
            )
          );
        }
        const normalizedHeaders = normalize_columns_array(headers);
        this.state.expectedRecordLength = normalizedHeaders.length;
        this.options.columns = normalizedHeaders;
        this.__resetRecord();
        return;
      } catch (err) {
        return err;
      }
    },
    __resetRecord: function() {
      if (this.options.raw === true) {
        this.state.rawBuffer.reset();
      }
      this.state.error = void 0;
      this.state.record = [];
      this.state.record_length = 0;
    },
    __onField: function() {
      const { cast, encoding, rtrim, max_record_size } = this.options;
      const { enabled, wasQuoting } = this.state;
      if (enabled === false) {
        return this.__resetField();
      }
      let field = this.state.field.toString(encoding);
      if (rtrim === true && wasQuoting === false) {
        field = field.trimRight();
      }
      if (cast === true) {
        const [err, f] = this.__cast(field);
        if (err !== void 0) return err;
        field = f;
      }
      this.state.record.push(field);
      if (max_record_size !== 0 && typeof field === "string") {
        this.state.record_length += field.length;
      }
      this.__resetField();
    },
    __resetField: function() {
      this.state.field.reset();
      this.state.wasQuoting = false;
    },
    __push: function(record, push) {
      const { on_record } = this.options;
      if (on_record !== void 0) {
        const info4 = this.__infoRecord();
        try {
          record = on_record.call(null, record, info4);
        } catch (err) {
          return err;
        }
        if (record === void 0 || record === null) {
          return;
        }
      }
      this.info.bytes_records += this.info.bytes;
      push(record);
    },
    // Return a tuple with the error and the casted value
    __cast: function(field) {
      const { columns, relax_column_count } = this.options;
      const isColumns = Array.isArray(columns);
      if (isColumns === true && relax_column_count && this.options.columns.length <= this.state.record.length) {
        return [void 0, void 0];
      }
      if (this.state.castField !== null) {
        try {
          const info4 = this.__infoField();
          return [void 0, this.state.castField.call(null, field, info4)];
        } catch (err) {
          return [err];
        }
      }
      if (this.__isFloat(field)) {
        return [void 0, parseFloat(field)];
      } else if (this.options.cast_date !== false) {
        const info4 = this.__infoField();
        return [void 0, this.options.cast_date.call(null, field, info4)];
      }
      return [void 0, field];
    },
    __compareBytes: function(sourceBuf, targetBuf, targetPos, firstByte) {
      if (sourceBuf[0] !== firstByte) return 0;
      const sourceLength = sourceBuf.length;
      for (let i = 1; i < sourceLength; i++) {
        if (sourceBuf[i] !== targetBuf[targetPos + i]) return 0;
      }
      return sourceLength;
    },
    // Helper to test if a character is trimable
    __isCharTrimable: function(buf, pos) {
      const { timchars, timcharFirstBytes } = this.state;
      const first = buf[pos];
      if (first === void 0 || timcharFirstBytes[first] === 0) return 0;
      loop1: for (let i = 0; i < timchars.length; i++) {
        const timchar = timchars[i];
        for (let j = 0; j < timchar.length; j++) {
          if (timchar[j] !== buf[pos + j]) continue loop1;
        }
        return timchar.length;
      }
      return 0;
    },
    __isDelimiter: function(buf, pos, chr) {
      const { delimiter, ignore_last_delimiters } = this.options;
      if (ignore_last_delimiters === true && this.state.record.length === this.options.columns.length - 1) {
        return 0;
      } else if (ignore_last_delimiters !== false && typeof ignore_last_delimiters === "number" && this.state.record.length === ignore_last_delimiters - 1) {
        return 0;
      }
      loop1: for (let i = 0; i < delimiter.length; i++) {
        const del = delimiter[i];
        if (del[0] === chr) {
          for (let j = 1; j < del.length; j++) {
            if (del[j] !== buf[pos + j]) continue loop1;
          }
          return del.length;
        }
      }
      return 0;
    },
    __isEscape: function(buf, pos, chr) {
      const { escape } = this.options;
      if (escape === null) return false;
      const l = escape.length;
      if (escape[0] === chr) {
        for (let i = 0; i < l; i++) {
          if (escape[i] !== buf[pos + i]) {
            return false;
          }
        }
        return true;
      }
      return false;
    },
    __isFloat: function(value2) {
      return value2 - parseFloat(value2) + 1 >= 0;
    },
    // Keep it in case we implement the `cast_int` option
    // __isInt(value){
    //   // return Number.isInteger(parseInt(value))
    //   // return !isNaN( parseInt( obj ) );
    //   return /^(\-|\+)?[1-9][0-9]*$/.test(value)
    // }
    __isQuote: function(buf, pos) {
      const { quote } = this.options;
      if (quote === null) return false;
      const l = quote.length;
      for (let i = 0; i < l; i++) {
        if (quote[i] !== buf[pos + i]) {
          return false;
        }
      }
      return true;
    },
    __isRecordDelimiter: function(chr, buf, pos) {
      const { record_delimiter } = this.options;
      const recordDelimiterLength = record_delimiter.length;
      loop1: for (let i = 0; i < recordDelimiterLength; i++) {
        const rd = record_delimiter[i];
        const rdLength = rd.length;
        if (rd[0] !== chr) {
          continue;
        }
        for (let j = 1; j < rdLength; j++) {
          if (rd[j] !== buf[pos + j]) {
            continue loop1;
          }
        }
        return rd.length;
      }
      return 0;
    },
    __autoDiscoverRecordDelimiter: function(buf, pos) {
      const { encoding } = this.options;
      const rds = [
        // Important, the windows line ending must be before mac os 9
        Buffer.from("\r\n", encoding),
        Buffer.from("\n", encoding),
        Buffer.from("\r", encoding)
      ];
      loop: for (let i = 0; i < rds.length; i++) {
        const l = rds[i].length;
        for (let j = 0; j < l; j++) {
          if (rds[i][j] !== buf[pos + j]) {
            continue loop;
          }
        }
        this.options.record_delimiter.push(rds[i]);
        this.state.recordDelimiterMaxLength = rds[i].length;
        return rds[i].length;
      }
      return 0;
    },
    __error: function(msg) {
      const { encoding, raw, skip_records_with_error } = this.options;
      const err = typeof msg === "string" ? new Error(msg) : msg;
      if (skip_records_with_error) {
        this.state.recordHasError = true;
        if (this.options.on_skip !== void 0) {
          try {
            this.options.on_skip(
              err,
              raw ? this.state.rawBuffer.toString(encoding) : void 0
            );
          } catch (err2) {
            return err2;
          }
        }
        return void 0;
      } else {
        return err;
      }
    },
    __infoDataSet: function() {
      return {
        ...this.info,
        columns: this.options.columns
      };
    },
    __infoRecord: function() {
      const { columns, raw, encoding } = this.options;
      return {
        ...this.__infoDataSet(),
        bytes_records: this.info.bytes,
        error: this.state.error,
        header: columns === true,
        index: this.state.record.length,
        raw: raw ? this.state.rawBuffer.toString(encoding) : void 0
      };
    },
    __infoField: function() {
      const { columns } = this.options;
      const isColumns = Array.isArray(columns);
      const bytes_records = this.info.bytes_records;
      return {
        ...this.__infoRecord(),
        bytes_records,
        column: isColumns === true ? columns.length > this.state.record.length ? columns[this.state.record.length].name : null : this.state.record.length,
        quoting: this.state.wasQuoting
      };
    }
  };
};

// node_modules/csv-parse/lib/sync.js
var parse2 = function(data, opts = {}) {
  if (typeof data === "string") {
    data = Buffer.from(data);
  }
  const records = opts && opts.objname ? /* @__PURE__ */ Object.create(null) : [];
  const parser = transform(opts);
  const push = (record) => {
    if (parser.options.objname === void 0) records.push(record);
    else {
      records[record[0]] = record[1];
    }
  };
  const close = () => {
  };
  const error2 = parser.parse(data, true, push, close);
  if (error2 !== void 0) throw error2;
  return records;
};

// src/inputs/lists.ts
function splitList(text2, separators) {
  const records = parse2(text2, {
    columns: false,
    relax_quotes: true,
    comment: "#",
    comment_no_infix: true,
    relax_column_count: true,
    skip_empty_lines: true
  });
  return records.flatMap((record) => separators.commas ? record : [record.join(",")]).map((item) => item.trim()).filter((item) => item !== "");
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
function required(example) {
  return decoder(example, (raw) => {
    if (raw.trim() === "") throw new Error("it must be given");
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
    const found = words.find((known) => known === word);
    if (found === void 0) throw new Error(`"${word}" is none of ${words.join(", ")}`);
    return found;
  });
}
function items(example) {
  return decoder(example, (raw) => splitList(raw, { commas: true }));
}
function lines(example) {
  return decoder(example, (raw) => splitList(raw, { commas: false }));
}
function argv(example) {
  return decoder(example, splitLines);
}
function pairs2(example) {
  return decoder(example, (raw) => {
    const problems = [];
    const found = {};
    for (const line of splitList(raw, { commas: false })) {
      const at2 = line.indexOf("=");
      const key = at2 < 0 ? line : line.slice(0, at2).trim();
      if (at2 < 1 || key === "") problems.push(`"${line}" is not key=value`);
      else if (Object.hasOwn(found, key)) problems.push(`"${key}" is given twice`);
      else found[key] = line.slice(at2 + 1);
    }
    refuse(problems);
    return found;
  });
}
function secretPairs(example) {
  return decoder(example, (raw) => {
    const problems = [];
    const found = {};
    for (const [index, line] of splitList(raw, { commas: false }).entries()) {
      const at2 = line.indexOf("=");
      if (at2 < 1) problems.push(`item ${index + 1} is not id=value`);
      else found[line.slice(0, at2).trim()] = new Secret(line.slice(at2 + 1));
    }
    refuse(problems);
    return found;
  });
}
function each2(example, parse3) {
  return decoder(example, (raw) => {
    const problems = [];
    const found = [];
    for (const item of splitList(raw, { commas: true })) {
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
    if (reference2.digest !== void 0) throw new Error(`"${item}" has a digest; a tag is what can be moved`);
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
function epoch(example) {
  const seconds = wholeNumber(example, 0);
  return decoder(example, (raw) => raw.trim() === "bento" ? "bento" : seconds.decode(raw));
}
var HIGHEST_LEVEL = { gzip: 9, zstd: 22, none: 0 };
function compression(example) {
  return decoder(example, (raw) => {
    const found = /^(auto|gzip|zstd|none)?(?::(\d{1,2}))?$/.exec(raw.trim());
    if (found === null)
      throw new Error(`"${raw.trim()}" is none of auto, gzip, zstd, none, or one of them with :level`);
    const [, word, digits] = found;
    const format = word === "zstd" || word === "none" ? word : "gzip";
    if (digits === void 0) return { format };
    const level = Number(digits);
    if (level > HIGHEST_LEVEL[format]) throw new Error(`${format} has no level ${level}`);
    return { format, level };
  });
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
    const kind = OUTPUT_PREFIXES[prefix];
    if (kind === void 0) throw new Error(`"${prefix}:" is none of ${Object.keys(OUTPUT_PREFIXES).join(":, ")}:`);
    if (rest === "") throw new Error(`"${item}" names no path`);
    return { kind, path: rest };
  });
}
function refuse(problems) {
  if (problems.length > 0) throw new Failure("input", problems.join("; "));
}

// src/inputs/schema.ts
var schema = {
  bento: required("./dist/iris.bento"),
  "bentoml-home": text("./bentoml"),
  dockerfile: text("generated"),
  backend: oneOf("auto", ...BACKENDS.map(({ name }) => name)),
  builder: text("tcp://buildkitd:1234"),
  tags: references("ghcr.io/acme/iris:1.4.0"),
  platforms: platforms("linux/amd64"),
  labels: pairs2("org.opencontainers.image.vendor=Acme"),
  annotations: pairs2("org.opencontainers.image.description=Iris"),
  "build-args": pairs2("PIP_INDEX_URL=https://pypi.example.com/simple"),
  target: text("environment"),
  format: oneOf("oci", "docker"),
  compression: compression("zstd:3"),
  "source-date-epoch": epoch("1700000000"),
  push: toggle2(),
  load: toggle2(),
  output: outputs("oci:./image"),
  "cache-from": lines("type=registry,ref=ghcr.io/acme/iris:cache"),
  "cache-to": lines("type=registry,ref=ghcr.io/acme/iris:cache,mode=max"),
  "no-cache": toggle2(),
  "no-cache-filters": items("environment"),
  pull: toggle2(),
  secrets: secretPairs("HF_TOKEN=${{ secrets.HF_TOKEN }}"),
  "secret-envs": items("HF_TOKEN"),
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

// src/inputs/decode.ts
function decodeInputs(env2) {
  const { raw, notes, problems } = readRaw(env2);
  const values = {};
  for (const [name, decoder2] of Object.entries(schema)) {
    try {
      values[camelCase(name)] = decoder2.decode(raw(name));
    } catch (error2) {
      const reason = error2 instanceof Error ? error2.message : String(error2);
      problems.push(`${name}: ${reason} (for example: ${decoder2.example})`);
    }
  }
  const inputs = values;
  if (problems.length === 0) problems.push(...findConflicts(inputs));
  if (problems.length > 0) throw inputFailure(problems);
  return { inputs, notes };
}
function inputFailure(problems) {
  const count2 = problems.length === 1 ? "one input is" : `${problems.length} inputs are`;
  return new Failure("input", `${count2} not right: ${problems.join(" \xB7 ")}`, {
    lines: problems,
    hint: "The README lists every input with its grammar and an example."
  });
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
function variable(env2, name) {
  return env2[`INPUT_${name.toUpperCase()}`] ?? "";
}
function camelCase(name) {
  return name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
}

// src/report/outputs.ts
function outputsOf(report2) {
  const { result, references: references2 } = report2;
  const [first] = references2;
  const { digest } = result;
  return {
    digest: digest ?? "",
    image: digest === void 0 || first === void 0 ? "" : printReference(withDigest(first, digest)),
    images: JSON.stringify(digest === void 0 ? [] : repositoriesOf(report2).map((name) => `${name}@${digest}`)),
    imageid: result.imageid ?? "",
    digests: JSON.stringify(digestsOf(report2)),
    tags: references2.map(printReference).join("\n"),
    metadata: JSON.stringify(metadataOf(report2)),
    dockerfile: report2.dockerfile,
    bento: printTag(report2.bento.tag),
    backend: report2.backend,
    layout: report2.layout ?? "",
    commands: report2.commands.join("\n")
  };
}
function repositoriesOf({ references: references2 }) {
  return [...new Set(references2.map(printRepository))];
}
function digestsOf({ result }) {
  return Object.fromEntries(
    result.platforms.map(({ platform, digest, imageid, size }) => [printPlatform(platform), { digest, imageid, size }])
  );
}
function metadataOf(report2) {
  const { bento, result, engine } = report2;
  return {
    digest: result.digest,
    kind: result.kind,
    imageid: result.imageid,
    digests: digestsOf(report2),
    tags: report2.references.map(printReference),
    backend: report2.backend,
    versions: engine.versions,
    base: report2.base,
    bento: {
      name: bento.tag.name,
      version: bento.tag.version,
      spec: bento.image.spec,
      bentoml: bento.bentomlVersion,
      models: report2.models.map((located) => ({
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

// src/report/summary.ts
function summaryOf(report2) {
  const sections = [
    heading(report2),
    facts(report2),
    ...report2.notes.map((note) => `> [!NOTE]
> ${note}`),
    ...report2.result.platforms.map((image2) => sizes(image2, report2)),
    phases(report2),
    usage(report2),
    commands(report2)
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}
`;
}
function heading({ bento, dryRun }) {
  return `### ${dryRun ? "Dry run: " : ""}Bento \`${printTag(bento.tag)}\` \u2192 image`;
}
function facts(report2) {
  const { result, engine, bento } = report2;
  const noDigest = report2.dryRun ? "" : "none: the store keeps no manifest";
  const versions = Object.entries(engine.versions).map(([part, version]) => `${part} ${version}`);
  return table([
    ["Backend", [report2.backend, ...versions.length === 0 ? [] : [`(${versions.join(", ")})`]].join(" ")],
    ["Base image", code(report2.base)],
    ["BentoML", `${bento.bentomlVersion}, spec ${bento.image.spec}`],
    ["Tags", report2.references.map((reference2) => code(printFamiliar(reference2))).join("<br>")],
    [
      `Digest${result.kind === void 0 ? "" : ` (${result.kind})`}`,
      result.digest === void 0 ? noDigest : code(result.digest)
    ],
    ["Image id (config)", result.imageid === void 0 ? "" : code(result.imageid)],
    ["Platforms", result.platforms.map(({ platform }) => code(printPlatform(platform))).join(" ")]
  ]);
}
function sizes({ platform, layers, size }, { payload }) {
  const below = layers.slice(0, layers.length - payload.length);
  const rows = [
    ["base and environment", bytes(sum(below.map((layer) => layer.size)))],
    ...payload.map((title, index) => [title, bytes(layers[below.length + index]?.size ?? 0)])
  ];
  if (payload.length === 0 || layers.length < payload.length) rows.length = 1;
  return `**Size of ${printPlatform(platform)}: ${bytes(size)}** (compressed)

${table(rows)}`;
}
function phases({ phases: all }) {
  return all.length === 0 ? "" : table([...all.map(({ title, seconds }) => [title, `${seconds.toFixed(1)} s`])]);
}
function usage({ pushed, references: references2, result }) {
  const [first] = references2;
  if (!pushed || first === void 0 || result.digest === void 0) return "";
  const image2 = printReference(withDigest(first, result.digest));
  return ["Run it:", "", "```sh", `docker run --rm -p 3000:3000 ${image2}`, "```"].join("\n");
}
function commands({ commands: lines2 }) {
  return ["<details><summary>Commands</summary>", "", "```sh", ...lines2, "```", "", "</details>"].join("\n");
}
function table(rows) {
  const filled2 = rows.filter(([, text2]) => text2 !== "");
  return [
    "| | |",
    "|---|---|",
    ...filled2.map(([name = "", text2 = ""]) => `| ${name} | ${text2.replaceAll("|", "\\|")} |`)
  ].join("\n");
}
function code(text2) {
  return `\`${text2}\``;
}
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
var UNITS2 = ["B", "kB", "MB", "GB", "TB"];
function bytes(count2) {
  const power = Math.min(Math.floor(Math.log10(Math.max(count2, 1)) / 3), UNITS2.length - 1);
  return `${(count2 / 1e3 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS2[power]}`;
}

// src/result/claims.ts
import { basename as basename2 } from "node:path/posix";
var ROOT_KEY = "containerimage.digest";
var CONFIG_KEY = "containerimage.config.digest";
async function readEvidence(path, doer, files) {
  const text2 = await files.readText(path).catch((cause) => {
    throw evidenceMissing(`${doer} has no ${basename2(path)}`, cause);
  });
  return text2.trim();
}
function evidenceMissing(what, cause) {
  return new Failure("tool", `${what}: the tool ended well but does not say what it built`, {
    code: "EvidenceMissing",
    hint: "Is the program on PATH the tool itself, and no wrapper that drops its arguments?",
    cause
  });
}
async function readClaims(evidence, files) {
  const claims = [];
  for (const item of evidence) {
    if ("trust" in item || "means" in item)
      claims.push(readClaim(item, await readEvidence(item.path, "The build", files)));
  }
  return Object.assign({}, ...claims);
}
function readClaim(item, content) {
  const claims = item.kind === "digest" ? claim(item.means, content) : readMetadata(content, item.trust);
  if (Object.keys(claims).length === 0) throw evidenceMissing(`${basename2(item.path)} holds no digest`);
  return claims;
}
function readMetadata(content, trust) {
  const values = new Map(Object.entries(parseObject(content)));
  const config = claim("config", values.get(CONFIG_KEY));
  const root = trust === "root" || config.config === void 0 ? claim("root", values.get(ROOT_KEY)) : {};
  return { ...config, ...root };
}
function parseObject(text2) {
  try {
    const parsed = JSON.parse(text2);
    return typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}
function claim(means, value2) {
  return typeof value2 === "string" && isDigest(value2) ? { [means]: value2 } : {};
}

// src/result/result.ts
function settle(seen, claims, wanted) {
  const [image2] = seen;
  const roots = [...seen.map(({ digest: digest2 }) => digest2), ...claims.root === void 0 ? [] : [claims.root]];
  agree("the image's digest", roots);
  const [only, ...others] = image2?.platforms ?? [];
  const single = others.length === 0 ? only : void 0;
  agree(
    "the config's digest",
    [single?.imageid, claims.config].filter((digest2) => digest2 !== void 0)
  );
  if (image2 !== void 0) checkPlatforms(image2.platforms, wanted);
  const digest = image2?.digest ?? claims.root;
  const imageid = single?.imageid ?? (image2 === void 0 ? claims.config : void 0);
  return {
    platforms: image2?.platforms ?? [],
    ...image2 === void 0 ? {} : { kind: image2.kind },
    ...digest === void 0 ? {} : { digest },
    ...imageid === void 0 ? {} : { imageid }
  };
}
function agree(what, digests) {
  const different = [...new Set(digests)];
  if (different.length < 2) return;
  throw new Failure("internal", `${what} is not the same everywhere: ${different.join(", ")}`, {
    code: "DigestMismatch",
    hint: "Something else wrote to the same tag or path during this build, or the tool reported another image; nothing here can be trusted."
  });
}
function checkPlatforms(found, wanted) {
  const missing2 = wanted.filter((platform) => !found.some((image2) => samePlatform(image2.platform, platform)));
  if (missing2.length === 0) return;
  throw new Failure("platform", `the image has no ${missing2.map(printPlatform).join(", ")}`, {
    lines: [`it has ${found.map(({ platform }) => printPlatform(platform)).join(", ")}`]
  });
}

// src/script/compile.ts
var import_lt = __toESM(require_lt(), 1);
var INPUT_OF = {
  builder: "builder",
  platforms: "platforms",
  format: "format",
  compression: "compression",
  epoch: "source-date-epoch",
  pull: "pull",
  noCache: "no-cache",
  noCacheFilters: "no-cache-filters",
  cacheFrom: "cache-from",
  cacheTo: "cache-to",
  target: "target",
  buildArgs: "build-args",
  contexts: "build-contexts",
  remoteContexts: "build-contexts",
  secrets: "secrets",
  ssh: "ssh",
  labels: "labels",
  annotations: "annotations",
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
  load: "load",
  layout: "output",
  "oci-archive": "output",
  "docker-archive": "output"
};
function compile(backend, plan, engine, files) {
  checkVersions(backend, engine);
  const refusals = [];
  const features3 = plannedFeatures(plan).map(([name, value2]) => {
    const said = answer(backend, name, value2, engine);
    return isUnsupported(said) ? refuse2(refusals, INPUT_OF[name], said, whoCan(name, value2, backend)) : said;
  });
  const ways = plan.deliveries.map((delivery) => {
    const way = deliver(backend, delivery, plan, engine);
    return isUnsupported(way) ? refuse2(refusals, DELIVERY_INPUT[delivery.kind], way, whoDelivers(delivery, plan, backend)) : way;
  });
  if (refusals.length > 0) {
    throw new Failure(
      "input",
      `the backend ${backend.name} cannot do everything that is asked: ${refusals.join(" \xB7 ")}`,
      {
        code: "Unsupported",
        lines: refusals
      }
    );
  }
  return assemble4(backend, plan, engine, features3, ways, files);
}
function assemble4(backend, plan, engine, words, ways, files) {
  const attributes = Object.assign({}, ...words.map((word) => word.attributes ?? {}));
  const builds = backend.assemble({
    plan,
    engine,
    flags: words.flatMap((word) => word.flags ?? []),
    exporters: ways.flatMap((way) => way.exporters ?? []).map((exporter) => withAttributes(exporter, attributes))
  });
  const forbids = words.flatMap((word) => word.forbids ?? []);
  const steps = [
    ...builds.map(({ command }) => ({
      kind: "run",
      command: forbids.length === 0 ? command : { ...command, forbids }
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
    return found !== void 0 && (0, import_lt.default)(found, minimum);
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
function plannedFeatures(plan) {
  const names = Object.keys(INPUT_OF);
  return names.flatMap((name) => {
    const value2 = plan.features[name];
    return value2 === void 0 ? [] : [[name, value2]];
  });
}
function answer(backend, name, value2, engine) {
  const cell = backend.features[name];
  if (typeof cell === "function") return cell(value2, engine);
  if (isUnsupported(cell)) return cell;
  const found = engine.versions[cell.part];
  if (found !== void 0 && (0, import_lt.default)(found, cell.since)) {
    return { unsupported: `${cell.part} ${found} is too old for it; ${cell.since} is the first that can` };
  }
  return cell.say(value2, engine);
}
function deliver(backend, delivery, plan, engine) {
  const cell = backend.deliveries[delivery.kind];
  return cell(delivery, plan, engine);
}
function refuse2(refusals, input, { unsupported: unsupported3 }, able) {
  const others = able.length === 0 ? "no backend can" : `${able.join(", ")} can`;
  refusals.push(`${input}: ${unsupported3} (${others})`);
  return {};
}
function whoCan(name, value2, except) {
  return BACKENDS.filter(
    (backend) => backend !== except && !isUnsupported(answer(backend, name, value2, backend.assumed))
  ).map((backend) => backend.name);
}
function whoDelivers(delivery, plan, except) {
  const { platforms: platforms2 } = plan.features;
  return BACKENDS.filter(
    (backend) => backend !== except && !isUnsupported(deliver(backend, delivery, plan, backend.assumed)) && (platforms2 === void 0 || !isUnsupported(answer(backend, "platforms", platforms2, backend.assumed)))
  ).map((backend) => backend.name);
}

// src/script/creations.ts
async function removeOnFailure(paths, files, work) {
  const before = await Promise.all(paths.map((path) => files.info(path)));
  try {
    return await work();
  } catch (error2) {
    for (const [index, path] of paths.entries()) if (before[index] === void 0) await files.remove(path);
    throw error2;
  }
}
async function refuseExisting(paths, files) {
  const taken = [];
  for (const path of paths) {
    const found = await files.info(path);
    const isFree = found === void 0 || found.kind === "directory" && (await files.list(path)).length === 0;
    if (!isFree) taken.push(path);
  }
  if (taken.length === 0) return;
  throw new Failure("input", `output: there is something already at ${taken.join(", ")}`, {
    code: "OutputExists",
    hint: "Give another path, or remove it in a step before this one."
  });
}

// src/script/credentials.ts
import { isAbsolute, join as join6 } from "node:path";
async function shareCredentials(authFile, world2) {
  if (authFile === void 0) return { env: {} };
  const { env: env2, files, workspace } = world2;
  const path = isAbsolute(authFile) ? authFile : join6(workspace, authFile);
  if (await files.info(path) === void 0) {
    throw new Failure("input", `registry-auth-file: there is no file ${path}`, { code: "AuthFileMissing" });
  }
  const own = env2["DOCKER_CONFIG"] ?? join6(env2["HOME"] ?? "/root", ".docker");
  const directory = join6(await files.scratch(), "docker");
  await files.makeDirectory(directory, 448);
  await files.write(join6(directory, "config.json"), await files.readBytes(path), 384);
  const others = await files.info(own) === void 0 ? [] : await files.list(own);
  for (const { name } of others)
    if (name !== "config.json") await files.makeLink(join6(own, name), join6(directory, name));
  return { path, env: { DOCKER_CONFIG: directory, REGISTRY_AUTH_FILE: path } };
}

// src/script/environment.ts
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
function toolEnvironment(env2, secretNames, additions) {
  const hidden = /* @__PURE__ */ new Set([...AMBIENT, ...secretNames]);
  const kept = Object.entries(env2).filter(([name]) => !hidden.has(name) && !name.startsWith("INPUT_"));
  return { ...Object.fromEntries(kept), ...additions };
}

// src/script/image-source.ts
import { isAbsolute as isAbsolute2, join as join11 } from "node:path";

// src/image/quoting.ts
var PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;
function quoteForShell(text2) {
  if (PLAIN.test(text2)) return text2;
  if (!text2.includes("\n")) return singleQuote(text2);
  return [`"$(printf '%s\\n'`, ...text2.split("\n").map((line) => `    ${singleQuote(line)}`)].join("\n").concat(`)"`);
}
function singleQuote(text2) {
  return `'${text2.replaceAll("'", `'\\''`)}'`;
}
function quoteForDockerfile(text2) {
  return PLAIN.test(text2) ? text2 : `"${text2.replace(/["$\\]/g, "\\$&")}"`;
}
function quoteOperands(sources, destination) {
  const paths = [...sources, destination];
  if (paths.every((path) => PLAIN.test(path) && !path.startsWith("-"))) return paths.join(" ");
  const words = [...sources.map((source) => escapeWord(escapeGlob(source))), escapeWord(destination)];
  return JSON.stringify(words).replaceAll('","', '", "');
}
function escapeGlob(path) {
  return path.replace(/[*?[]/g, "[$&]").replaceAll("\\", "\\\\");
}
function escapeWord(text2) {
  return text2.replace(/[\\"'$]/g, "\\$&");
}

// src/image/dockerfile.ts
var ENVIRONMENT_STAGE = "environment";
function renderDockerfile(recipe, { link } = { link: true }) {
  const sections = [
    header(recipe),
    `FROM ${recipe.base} AS ${ENVIRONMENT_STAGE}`,
    ...recipe.environment.map(renderSection),
    `# The image: the environment, and the files of the Bento on top.
FROM ${ENVIRONMENT_STAGE}`,
    ...renderPayload(recipe.payload, link),
    ...recipe.afterPayload.map(renderSection),
    renderRuntime(recipe.runtime)
  ];
  return `${sections.join("\n\n")}
`;
}
function imageSource(recipe, options) {
  const { context, contexts, generated, secrets, resolvedBuildArgs, base, notes } = recipe;
  const dockerfile = renderDockerfile(recipe, options);
  return { dockerfile, context, contexts, generated, secrets, resolvedBuildArgs, base, notes };
}
function header({ bento, bentomlVersion, tool }) {
  const version = bentomlVersion.replace(/[^\w.+-]/g, "");
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
    case "workdir":
      return `WORKDIR ${step.path}`;
    case "copy":
      return [
        `COPY --chown=${renderOwner(step.owner)}`,
        ...step.executable ? ["--chmod=755"] : [],
        quoteOperands(step.sources, step.destination)
      ].join(" ");
    case "run":
      return renderRun(step.mounts, step.statements);
  }
}
function renderVariables(variables) {
  return `ENV ${continued(variables.map(({ name, value: value2 }) => `${name}=${quoteForDockerfile(value2)}`))}`;
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
      // Buildah takes two dots anywhere in a linked destination for a way out (add.go).
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
function renderRuntime({ variables, exposedPorts, user, entrypoint }) {
  return [
    "# How a container starts.",
    ...variables.length === 0 ? [] : [renderVariables(variables)],
    `EXPOSE ${exposedPorts.join(" ")}`,
    `USER ${user}`,
    `ENTRYPOINT ${JSON.stringify(entrypoint)}`
  ].join("\n");
}

// src/image/given-dockerfile.ts
import { join as join8 } from "node:path/posix";

// src/image/contexts.ts
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

// src/image/dockerfile-text.ts
var HEREDOC = /(?:^|\s)\d*<<(-?)(["']?)([A-Za-z_]\w*)\2(?=$|[\s;|&<>)])/g;
var HEREDOC_KEYWORDS = ["RUN", "COPY", "ADD"];
function parseDockerfile(text2) {
  const lines2 = text2.split(/\r?\n/);
  const continuation = new RegExp(`\\${escapeCharacter(lines2)}[ \\t]*$`);
  const instructions = [];
  let index = 0;
  while (index < lines2.length) {
    const parts = [];
    let firstLine = index + 1;
    for (let more = true; more && index < lines2.length; index += 1) {
      const line = lines2[index] ?? "";
      if (/^\s*#/.test(line) || line.trim() === "" && parts.length > 0) continue;
      if (parts.length === 0) firstLine = index + 1;
      more = continuation.test(line);
      parts.push(line.replace(continuation, ""));
    }
    const logical = parts.join("").trim();
    if (logical === "") continue;
    const instruction = splitInstruction(logical);
    if (HEREDOC_KEYWORDS.includes(instruction.keyword)) index = skipHeredocs(logical, lines2, index);
    instructions.push({ ...instruction, firstLine, lastLine: index });
  }
  return instructions;
}
function lastBase(instructions, buildArgs) {
  const values = /* @__PURE__ */ new Map();
  const stages = /* @__PURE__ */ new Map();
  let base;
  for (const { keyword, operands } of instructions) {
    if (keyword === "ARG" && base === void 0) {
      for (const [, name = "", quoted, bare = ""] of operands.matchAll(/([A-Za-z_]\w*)(?:=(?:"([^"]*)"|(\S*)))?/g)) {
        values.set(name, buildArgs[name] ?? quoted ?? bare);
      }
    }
    if (keyword !== "FROM") continue;
    const [image2 = "", , stage] = operands.split(/\s+/);
    const expanded = image2.replace(
      /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g,
      (whole, braced, bare) => String(values.get(braced ?? bare) ?? whole)
    );
    base = stages.get(expanded.toLowerCase()) ?? expanded;
    if (stage !== void 0) stages.set(stage.toLowerCase(), base);
  }
  return base;
}
function escapeCharacter(lines2) {
  for (const line of lines2) {
    const [, name, value2] = /^#\s*([a-zA-Z]+)\s*=\s*(\S+)/.exec(line) ?? [];
    if (name === void 0) return "\\";
    if (name.toLowerCase() === "escape" && value2 === "`") return "`";
  }
  return "\\";
}
function splitInstruction(logical) {
  const [, keyword = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(logical) ?? [];
  const [leading = ""] = /^(?:--\S+\s+)*/.exec(rest) ?? [];
  return {
    keyword: keyword.toUpperCase(),
    flags: leading.split(/\s+/).filter((flag) => flag !== ""),
    operands: rest.slice(leading.length).trim()
  };
}
function skipHeredocs(logical, lines2, start) {
  let index = start;
  for (const [, dash, , name] of logical.matchAll(HEREDOC)) {
    const end = lines2.findIndex((line, at2) => at2 >= index && (dash === "-" ? line.replace(/^\t+/, "") : line) === name);
    if (end !== -1) index = end + 1;
  }
  return index;
}

// src/image/layout.ts
var USER = "bentoml";
var ID = "1034";
var USER_NAME = /^[a-z_][a-z0-9_-]{0,31}$/;
var NUMBER = /^[1-9]\d{0,9}$/;
var PATH = /^(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)+$/;
var RESERVED = /^\/(?:tmp|root|dev|proc|sys|run|etc|bin|sbin|lib|lib64|var\/tmp|var\/run)(?:\/|$)|^\/(?:usr|var|home|opt)$/;
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
  if (RESERVED.test(bento)) {
    throw new Failure("input", `The build argument BENTO_PATH is ${bento}, a directory that belongs to the system`, {
      code: "BuildArgumentInvalid",
      hint: "Choose a directory of its own, such as /opt/bento."
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
  const parents = [layout.home, layout.bento].flatMap((path) => ancestors(path));
  return [...new Set(parents)].filter((directory) => !own(directory)).sort();
}
function ownDirectories(layout) {
  const all = [layout.home, layout.bento, ...ancestors(layout.bento)];
  return [...new Set(all)].filter((directory) => !rootParents(layout).includes(directory)).sort();
}
function ancestors(path) {
  const names = path.split("/").slice(1, -1);
  return names.map((_, index) => `/${names.slice(0, index + 1).join("/")}`);
}

// src/image/payload.ts
import { dirname as dirname2, join as join7 } from "node:path/posix";
var ROOT = { uid: 0, gid: 0 };
var FIRST = ["apis", "env"];
var MODELS = ["models", "hf-models"];
function payloadLayers(bento, contexts, layout) {
  const named = (kind) => bento.entries.filter((entry) => entry.kind === kind && !MODELS.includes(entry.name)).map(({ name }) => name);
  const directories = named("directory");
  const layer = (name, copies) => ({
    kind: "bento",
    name,
    owner: layout,
    copies
  });
  const directory = (name) => layer(name, [{ sources: [name], destination: `${join7(layout.bento, name)}/` }]);
  return [
    ...contexts.map((context) => modelLayer(context, layout)),
    ...directories.filter((name) => FIRST.includes(name)).map(directory),
    layer("generated", [{ context: "generated", sources: ["bento"], destination: `${layout.bento}/` }]),
    ...directories.filter((name) => !FIRST.includes(name)).map(directory),
    layer("manifest", [
      { sources: named("file"), destination: `${layout.bento}/` },
      // Followed by name, so that one to a directory stays a directory of that name.
      ...named("symlink").map((name) => ({ sources: [name], destination: join7(layout.bento, name) }))
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
  const groups = Map.groupBy(sources, dirname2);
  const root = join7(bento, "hf-models", repositoryFolder(located.model.repository));
  return [...groups].map(([directory, files]) => ({
    context,
    sources: files,
    destination: `${join7(root, directory)}/`
  }));
}
function repositoryFolder(repository) {
  return `models--${repository.replaceAll("/", "--")}`;
}
function generatedEntries(bento, models, layout) {
  const scripts = ["entrypoint.sh", ...bento.image.spec === 1 && bento.image.setupScript ? ["setup_script"] : []];
  const entries = [
    ...["models", "hf-models"].map((name) => directoryEntry(join7("bento", name))),
    ...modelEntries(models).map((entry) => ({ ...entry, path: join7("bento", entry.path) })),
    ...scripts.map((name) => {
      const path = join7("env/docker", name);
      return { kind: "copy", path: join7("bento", path), mode: 493, source: join7(bento.directory, path) };
    }),
    ...rootParents(layout).map((path) => directoryEntry(join7("parents", path)))
  ];
  return withParents(entries);
}
function modelEntries(models) {
  return [
    ...latestVersions(models).map(([name, version]) => fileEntry(join7("models", name, "latest"), version)),
    ...models.flatMap(snapshotEntries)
  ];
}
function latestVersions(models) {
  const newest = /* @__PURE__ */ new Map();
  for (const located of models) {
    if (located.kind !== "store") continue;
    const { name, version } = located.model.tag;
    const time = located.model.creationTime?.getTime() ?? 0;
    const known = newest.get(name);
    if (known === void 0 || time >= known.time) newest.set(name, { version, time });
  }
  return [...newest].map(([name, { version }]) => [name, version]);
}
function snapshotEntries(located) {
  if (located.kind !== "snapshot") return [];
  const { model, commit, files } = located;
  const root = join7("hf-models", repositoryFolder(model.repository));
  const links = files.flatMap(({ source, path }) => {
    const place = join7("snapshots", commit, path);
    if (place === source) return [];
    return [{ kind: "link", path: join7(root, place), target: join7("../".repeat(place.split("/").length - 1), source) }];
  });
  const listing = join7("trees", `${commit}.json`);
  return [
    ...links,
    // Without its listing huggingface_hub 2 asks the Hub what belongs to the commit, at every start.
    ...located.listed ? [copyEntry(join7(root, listing), join7(located.directory, listing))] : [],
    // Without the commit in the manifest the server looks the branch up, here instead of at the Hub.
    ...model.revision === commit ? [] : [fileEntry(join7(root, "refs", model.revision), commit)]
  ];
}
function copyEntry(path, source) {
  return { kind: "copy", path, mode: 420, source };
}
function fileEntry(path, content) {
  return { kind: "file", path, mode: 420, content };
}
function withParents(entries) {
  const all = /* @__PURE__ */ new Map();
  for (const entry of entries) {
    for (let path = dirname2(entry.path); path !== "."; path = dirname2(path)) all.set(path, directoryEntry(path));
    all.set(entry.path, entry);
  }
  return [...all.values()].sort((a, b) => a.path < b.path ? -1 : 1);
}
function directoryEntry(path) {
  return { kind: "directory", path: path.replace(/^\//, ""), mode: 493 };
}

// src/image/given-dockerfile.ts
function storedSource(bento, models, given) {
  const text2 = dropSyntax(given.text);
  const instructions = parseDockerfile(text2);
  const contexts = nameContexts(models.filter((model) => model.kind === "snapshot" || model.origin === "store"));
  const copy = findBentoCopy(instructions);
  if (copy === void 0 && contexts.length > 0) throw copyMissing(given.path, contexts);
  const added = copy === void 0 ? [] : modelInstructions(copy, contexts);
  const lines2 = text2.split("\n");
  const at2 = copy?.lastLine ?? lines2.length;
  return {
    ...givenSource(bento, given, instructions),
    dockerfile: [...lines2.slice(0, at2), ...added, ...lines2.slice(at2)].join("\n"),
    contexts: contexts.map(({ name, directory }) => ({ name, directory })),
    generated: copy === void 0 ? [] : modelTree(models),
    notes: bakedNotes(bento, instructions)
  };
}
function ownSource(bento, models, given) {
  return {
    ...givenSource(bento, given, parseDockerfile(given.text)),
    dockerfile: given.text,
    contexts: nameContexts(models).map(({ name, directory }) => ({ name, directory })),
    generated: generatedEntries(bento, models, resolveLayout(given.buildArgs)),
    notes: []
  };
}
function givenSource(bento, given, instructions) {
  const base = lastBase(instructions, given.buildArgs);
  if (base === void 0) {
    throw new Failure("dockerfile", `${given.path} has no FROM`, {
      code: "FromMissing",
      position: { file: given.path }
    });
  }
  return { context: bento.directory, base, secrets: mountedSecrets(bento, instructions), resolvedBuildArgs: [] };
}
function dropSyntax(text2) {
  return text2.replace(/^#\s*syntax\s*=.*\r?\n/i, "");
}
function findBentoCopy(instructions) {
  const stage = instructions.slice(instructions.findLastIndex(({ keyword }) => keyword === "FROM"));
  return stage.findLast(
    ({ keyword, flags, operands }) => (keyword === "COPY" || keyword === "ADD") && !flags.some((flag) => flag.startsWith("--from=")) && /^(?:\.\/?\s+\.\/?|\["\.\/?",\s*"\.\/?"\])$/.test(operands)
  );
}
function modelInstructions(copy, contexts) {
  const owner = copy.flags.filter((flag) => flag.startsWith("--chown="));
  const print = (context, sources, destination) => ["COPY", ...owner, `--from=${context}`, quoteOperands(sources, destination)].join(" ");
  return [
    "# The models, straight from where they lie.",
    ...contexts.flatMap(
      (context) => copyModel(context, ".").map(({ sources, destination }) => print(context.name, sources, destination))
    ),
    print("generated", ["bento"], "./")
  ];
}
function modelTree(models) {
  const directories = ["models", "hf-models"].map((path) => ({ kind: "directory", path, mode: 493 }));
  const entries = [...directories, ...modelEntries(models)];
  return withParents(entries.map((entry) => ({ ...entry, path: join8("bento", entry.path) })));
}
function mountedSecrets(bento, instructions) {
  const flags = instructions.flatMap((instruction) => instruction.flags);
  const mounts = flags.filter((flag) => /^--mount=.*\btype=secret\b/.test(flag));
  return bento.envs.filter(
    ({ name, stage }) => stage === "build" && mounts.some((mount) => new RegExp(`\\bid=${name}(?:,|$)`).test(mount))
  ).map(({ name, value: value2 }) => ({ name, declared: value2 }));
}
function bakedNotes(bento, instructions) {
  const set = instructions.filter(({ keyword }) => keyword === "ENV").map(({ operands }) => operands.split(/[=\s]/)[0]);
  const baked = bento.envs.filter(({ name, stage }) => stage === "build" && set.includes(name)).map(({ name }) => name);
  if (baked.length === 0) return [];
  return [
    `The stored Dockerfile writes ${baked.join(", ")} into the image, which the Bento declares for the build alone; the generated one does not.`
  ];
}
function copyMissing(path, contexts) {
  return new Failure("dockerfile", `${path} has no \`COPY . ./\` after which the Bento's models could be copied`, {
    code: "CopyMissing",
    lines: contexts.map(({ name }) => `COPY --from=${name} \u2026`),
    hint: "Use `dockerfile: generated`, or give a Dockerfile of your own that copies the models from these contexts.",
    position: { file: path }
  });
}

// src/image/base-image.ts
var UBUNTU_2404 = /^12\.[68]\./;
var UBUNTU_2004 = /^11\.[0-6]\./;
var REFERENCE = /^[A-Za-z0-9][A-Za-z0-9._:/@[\]-]*$/;
function originOf(image2) {
  if (image2.baseImage !== void 0) return "own";
  if (image2.cudaVersion !== void 0) return "cuda";
  return image2.conda ? "conda" : "python";
}
function baseImage(image2) {
  const base = image2.spec === 2 ? image2.baseImage : image2.baseImage ?? derivedImage(image2);
  if (REFERENCE.test(base)) return base;
  throw new Failure("bento", `The Bento's base image is ${JSON.stringify(base)}, which is no image reference`, {
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
  throw new Failure("bento", "The Bento does not say which Python it needs", {
    code: "ValueInvalid",
    hint: "Set `docker.python_version` in bentofile.yaml and build the Bento again."
  });
}
function unsupported2(what, distro) {
  return new Failure("bento", `The Bento asks for ${what} on ${distro}, for which there is no base image`, {
    code: "ValueInvalid",
    hint: "Set `docker.distro` to debian, or name a `docker.base_image`, and build the Bento again."
  });
}

// src/image/commands.ts
import { join as join9 } from "node:path/posix";

// src/image/step.ts
var FIXED_EPOCH = "SOURCE_DATE_EPOCH=315619200";
function runStep(statements, options) {
  return {
    kind: "run",
    mounts: [...options.mounts ?? [], ...options.secrets.map(({ name }) => ({ kind: "secret", id: name }))],
    statements: [
      ...options.secrets.map(({ name }) => `export ${name}="$(cat /run/secrets/${name})"`),
      [`export ${FIXED_EPOCH}`, ...options.settings ?? []].join("\n    "),
      // Prints what runs from here on; not above, where values are.
      "set -ex",
      ...statements
    ]
  };
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

// src/image/commands.ts
var SCRIPT = /\bscript__\w+/g;
var USES_PACKAGES = /\b(?:apt|apt-get|aptitude|apk|script__\w+)\b/;
function commandsSection(when2, image2, layout, secrets) {
  const commands2 = when2 === "before" ? image2.commands : image2.postCommands;
  if (commands2.length === 0) return [];
  const keepIndexes = when2 === "before" && image2.postCommands.some((command) => USES_PACKAGES.test(command));
  const mounts = when2 === "before" ? [] : [pythonMount(layout)];
  const statements = [...commands2.map(runCommand), ...cleanUp({ keepIndexes })];
  return [
    {
      comment: [
        `The Bento's commands ${when2} its Python packages: one layer, because only its end can remove what they leave behind.`
      ],
      steps: [...copyScripts(commands2, layout), runStep(statements, { secrets, mounts })]
    }
  ];
}
function copyScripts(commands2, layout) {
  const names = [...new Set(commands2.join("\n").match(SCRIPT) ?? [])].sort();
  if (names.length === 0) return [];
  return [
    {
      kind: "copy",
      sources: names.map((name) => join9("env/docker", name)),
      destination: `${join9(layout.bento, "env/docker")}/`,
      owner: layout,
      executable: true
    }
  ];
}
function runCommand(command) {
  return `/bin/sh -c ${quoteForShell(answerYum(command))}`;
}
function answerYum(command) {
  return command.replace(/^yum update && yum install -y /, "yum update -y && yum install -y ");
}
function condaSection(image2, layout, secrets) {
  const conda = "/opt/conda/bin/conda";
  const target = join9(layout.bento, "env/conda");
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
        { secrets, mounts: [{ kind: "bind", source: "env/conda", target }] }
      )
    ]
  };
}
function setupSection(layout, secrets) {
  return {
    comment: ["The setup script sees the whole Bento, as in BentoML's own image."],
    steps: [
      runStep([join9(layout.bento, "env/docker/setup_script"), ...cleanUp({ keepIndexes: false })], {
        secrets
      })
    ]
  };
}
function pythonMount(layout) {
  return { kind: "bind", source: "env/python", target: join9(layout.bento, "env/python") };
}

// src/image/environment.ts
import { join as join10 } from "node:path/posix";

// src/image/account.ts
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
      { kind: "env", variables: layoutVariables(layout) },
      { kind: "workdir", path: layout.bento }
    ]
  };
}
function variablesSections(variables) {
  if (variables.length === 0) return [];
  return [{ comment: ["The Bento's own variables."], steps: [{ kind: "env", variables }] }];
}

// src/image/bootstrap.ts
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

// src/image/venv.ts
var UV_VERSION = "0.13.8";
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
            `    $pip install uv==${UV_VERSION};`,
            "fi"
          ].join("\n"),
          `UV_PYTHON_INSTALL_DIR=/app/python/ UV_VENV_CLEAR=1 ${venv}`,
          `chown -R ${layout.uid}:${layout.gid} ${VENV}`
        ],
        { secrets, settings: [PIP_SETTINGS.join(" "), ...indexSettings(indexOptions)] }
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
    const kept = option2 === "--index-url" ? values.slice(-1) : values;
    return kept.length === 0 ? [] : [`${variable2}="${kept.map(quoteOpen).join(" ")}"`];
  });
}
function quoteOpen(value2) {
  return value2.replace(/[\\"`]|\$(?!\{[A-Z0-9_]+\})/g, "\\$&");
}
function installStep(install2, options) {
  const settings = `UV_CACHE_DIR=${UV_CACHE} UV_LINK_MODE=copy PYC_INVALIDATION_MODE=UNCHECKED_HASH`;
  return runStep([install2, ...options.local ? FORGET_TIMES : []], {
    secrets: options.secrets,
    settings: [settings, ...options.pip ? [PIP_SETTINGS.join(" ")] : []],
    mounts: [{ kind: "cache", target: UV_CACHE }, ...options.mounts]
  });
}
var FORGET_TIMES = [
  [
    `for noted in ${VENV}/lib/*/site-packages/*.dist-info/uv_cache.json; do`,
    '    if [ -f "$noted" ]; then rm "$noted"; sed -i /uv_cache.json/d "${noted%/*}/RECORD"; fi;',
    "done"
  ].join("\n")
];

// src/image/environment.ts
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
    // Empty, so that a container sees GPUs only when it is started with them.
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
  const includes = image2.buildInclude.map((path) => {
    const source = path === "." ? "src" : join10("src", path);
    return {
      kind: "copy",
      sources: [source],
      destination: join10(layout.bento, source),
      owner: layout,
      executable: false
    };
  });
  const directory = includes.length === 0 ? "env/python" : "src";
  const requirements = join10(layout.bento, "env/python/requirements.txt");
  const install2 = `uv --directory ${directory} pip install -r ${requirements}`;
  return {
    comment: PACKAGES,
    steps: [...includes, installStep(install2, { secrets, mounts: [pythonMount(layout)], local: includes.length > 0 })]
  };
}
function packagesSectionV1(bento, image2, layout, secrets) {
  const directory = join10(layout.bento, "env/python");
  const install2 = image2.installScript ? `bash -euxo pipefail ${directory}/install.sh` : `uv pip install -r ${directory}/requirements.txt ${quoteForShell(`bentoml==${bento.bentomlVersion}`)}`;
  return {
    comment: PACKAGES,
    steps: [installStep(install2, { secrets, mounts: [pythonMount(layout)], local: true, pip: true })]
  };
}

// src/image/variables.ts
var NAME2 = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
var SECRET_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
function sortVariables(bento, buildArgs) {
  const envs = [...new Map(bento.envs.map((env2) => [env2.name, env2])).values()];
  const build2 = envs.filter(({ stage }) => stage === "build");
  const runtime = envs.filter(({ stage }) => stage === "runtime");
  const later = new Set([...build2, ...runtime].map(({ name }) => name));
  const dockerEnv = bento.image.spec === 1 ? bento.image.dockerEnv : void 0;
  const all = dockerEnv === void 0 ? envs.filter(({ stage }) => stage === "all") : Object.entries(dockerEnv).map(([name, value2]) => ({ name, value: value2 })).filter(({ name }) => !later.has(name));
  const resolve4 = ({ name, value: value2 }) => ({ name, value: buildArgs[name] ?? value2 });
  const resolved = { all: all.map(resolve4), runtime: runtime.map(resolve4) };
  for (const variable2 of [...resolved.all, ...resolved.runtime]) checkVariable(variable2);
  for (const { name } of build2) if (!SECRET_NAME.test(name)) throw invalid(`${name} cannot be a variable of a shell`);
  const isSet = ({ name, value: value2 }) => value2 !== "" || dockerEnv?.[name] !== void 0;
  return {
    all: resolved.all.filter(isSet),
    runtime: resolved.runtime.filter(isSet),
    secrets: build2.map(({ name, value: value2 }) => ({ name, declared: value2 })),
    unset: [...resolved.all, ...resolved.runtime].filter((variable2) => !isSet(variable2)).map(({ name }) => name)
  };
}
function checkVariable({ name, value: value2 }) {
  if (!NAME2.test(name)) throw invalid(`${JSON.stringify(name)} is no name of an environment variable`);
  if (/[\0\r\n]/.test(value2)) throw invalid(`${name} has a value of several lines, which no ENV can hold`);
}
function invalid(what) {
  return new Failure("bento", `An environment variable of the Bento cannot be set: ${what}`, { code: "ValueInvalid" });
}

// src/image/recipe.ts
var PORTS = [3e3, 3001];
function makeRecipe(bento, models, options) {
  const { image: image2 } = bento;
  const layout = resolveLayout(options.buildArgs);
  const variables = sortVariables(bento, options.buildArgs);
  const contexts = nameContexts(models);
  const input = { bento, layout, variables };
  return {
    bento: bento.tag,
    bentomlVersion: bento.bentomlVersion,
    tool: options.tool,
    base: baseImage(image2),
    environment: image2.spec === 1 ? environmentV1(input, image2) : environmentV2(input, image2),
    payload: payloadLayers(bento, contexts, layout),
    afterPayload: image2.spec === 1 && image2.setupScript ? [setupSection(layout, variables.secrets)] : [],
    runtime: {
      variables: variables.runtime,
      exposedPorts: PORTS,
      user: layout.user,
      workdir: layout.bento,
      entrypoint: [`${layout.bento}/env/docker/entrypoint.sh`]
    },
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
  return image2.spec === 1 && image2.dockerEnv?.[name] !== void 0;
}
function variableNotes({ unset }) {
  if (unset.length === 0) return [];
  return [
    `The Bento gives no value to ${unset.join(", ")}: not set in the image, so pass them when you start the container, or as build-args.`
  ];
}
function optionNotes({ image: image2 }) {
  if (image2.spec === 2) return [];
  const notes = [];
  if (image2.baseImage !== void 0 && image2.systemPackages.length > 0) {
    notes.push(
      "`docker.system_packages` has no effect with a `docker.base_image`: BentoML leaves that image as it is."
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

// src/script/image-source.ts
var STORED = "env/docker/Dockerfile";
async function deriveSource(inputs, bento, models, options, world2) {
  const { dockerfile = "generated", buildArgs } = inputs;
  const templated = bento.image.spec === 1 && bento.image.dockerfileTemplate;
  if (dockerfile === "generated" && !templated) {
    const recipe = makeRecipe(bento, models, { buildArgs, tool: options.tool });
    return { ...imageSource(recipe, { link: options.link }), payload: titlesOf(recipe) };
  }
  const isStored = dockerfile === "stored" || dockerfile === "generated";
  const path = isStored ? join11(bento.directory, STORED) : absolute(dockerfile, world2.workspace);
  const given = { path, buildArgs, text: await readDockerfile(path, world2) };
  return { ...isStored ? storedSource(bento, models, given) : ownSource(bento, models, given), payload: [] };
}
function titlesOf({ payload, afterPayload }) {
  return afterPayload.length > 0 ? [] : payload.flatMap(({ name, copies }) => copies.map(() => name));
}
function absolute(path, workspace) {
  return isAbsolute2(path) ? path : join11(workspace, path);
}
async function readDockerfile(path, { files }) {
  if (await files.info(path) === void 0) {
    throw new Failure("input", `dockerfile: there is no file ${path}`, {
      hint: "Give generated, stored, or a path from the workspace."
    });
  }
  return files.readText(path);
}

// src/script/kept-files.ts
import { join as join12 } from "node:path";
async function keepFiles(source, { files }) {
  const directory = await files.kept();
  const dockerfile = join12(directory, "Dockerfile");
  await files.write(dockerfile, source.dockerfile, 420);
  if (source.generated.length === 0) return { dockerfile };
  const generated = join12(directory, "generated");
  await files.makeDirectory(generated, 493);
  for (const entry of source.generated) await writeEntry(entry, join12(generated, entry.path), files);
  return { dockerfile, generated };
}
async function writeEntry(entry, path, files) {
  switch (entry.kind) {
    case "directory":
      return files.makeDirectory(path, entry.mode);
    case "file":
      return files.write(path, entry.content, entry.mode);
    case "copy":
      return files.write(path, await files.readBytes(entry.source), entry.mode);
    case "link":
      return files.makeLink(entry.target, path);
  }
}

// src/script/perform.ts
import { dirname as dirname3 } from "node:path";

// src/script/diagnosis.ts
var PATTERNS = [
  {
    match: /no space left on device|ENOSPC|disk quota exceeded/i,
    class: "disk",
    hint: "Free space on the runner or move the engine's storage to a larger disk."
  },
  {
    match: /InvalidBaseImagePlatform|does not match the expected platform|no match for platform in manifest|no image found in (?:image index|manifest list) for architecture/i,
    class: "platform",
    hint: "The base image is not made for this platform; choose another base or another platform."
  },
  {
    match: /exec format error/i,
    class: "platform",
    hint: "The machine cannot run programs of this platform; install emulation (binfmt) or build on a native runner."
  },
  {
    match: /dockerfile parse error|unknown instruction|no build stage in current context|requires a FROM instruction|target stage .* could not be found|failed to (?:read|find) dockerfile|no target found/i,
    class: "dockerfile",
    hint: "The line below is the one the builder refused."
  },
  {
    match: /did not complete successfully|while running runtime: exit status|building at STEP .*exit status \d+|returned a non-zero code/i,
    class: "run-step",
    hint: "The lines above the error are what the step itself printed."
  },
  {
    match: /429 Too Many Requests|toomanyrequests/i,
    class: "rate-limit",
    hint: "Log in to the registry before this step, or use a mirror of it."
  },
  {
    match: /unauthorized|authentication required|no basic auth credentials|denied:|403 Forbidden|insufficient_scope|access denied/i,
    class: "auth",
    hint: "Log in to that registry in a step before this one; pushing to ghcr.io needs `permissions: packages: write`."
  },
  {
    match: /credential file is not accessible|checking authfile/i,
    class: "auth",
    hint: "REGISTRY_AUTH_FILE or DOCKER_CONFIG names a file that is not there."
  },
  {
    match: /granting entitlement .* is not allowed/i,
    class: "engine",
    hint: "The buildkitd must be started with --allow-insecure-entitlement for it."
  },
  {
    match: /cannot connect to the docker daemon|is the docker daemon running|failed to connect to the docker API|failed to list workers|no buildkit host is available|no builder .* found|cannot connect to podman|connect to containerd|containerd\.sock|Unavailable: (?:error reading from server|closing transport|connection error)/i,
    class: "engine",
    hint: "The engine stopped or cannot be reached from this step."
  },
  {
    match: /certificate signed by unknown authority|failed to verify certificate|x509:|server gave HTTP response to HTTPS client/i,
    class: "network",
    hint: "The registry's certificate or scheme is not what the engine expects; tell the engine its CA, or that it speaks plain http."
  },
  {
    match: /no such host|connection refused|i\/o timeout|connection reset by peer|TLS handshake timeout|unexpected EOF|50[0234] (?:Bad Gateway|Service Unavailable|Gateway|Internal)/i,
    class: "network",
    hint: "The registry or the network between did not answer; try again."
  },
  {
    match: /failed to resolve source metadata|manifest unknown|: not found|name unknown|short-name .* did not resolve|initializing source docker:|unable to copy from source/i,
    class: "base-image",
    hint: "Check the name of the base image; registries also say `not found` of what one may not see."
  }
];
var FALLBACK_HINT = "The tool's own last lines are above.";
function diagnose(command, exit, dockerfile) {
  const lines2 = decidingLines(exit.tail);
  const text2 = lines2.join("\n");
  const found = PATTERNS.find(({ match }) => match.test(text2));
  const line = positionOf(exit.tail);
  return new Failure(found?.class ?? "tool", `${command.title} ${howItEnded(exit)}${reasonOf(lines2)}`, {
    lines: lines2,
    hint: found?.hint ?? FALLBACK_HINT,
    ...line === void 0 ? {} : { position: { file: dockerfile, line } }
  });
}
var LONGEST_REASON = 300;
function reasonOf(lines2) {
  const last = lines2.at(-1)?.trim() ?? "";
  if (last === "") return "";
  return `: ${last.length > LONGEST_REASON ? `${last.slice(0, LONGEST_REASON)}\u2026` : last}`;
}
function howItEnded({ code: code2, signal }) {
  if (code2 === void 0) return `was ended by ${signal ?? "a signal"}`;
  return code2 === 0 ? "only warned of what must not be" : `ended with exit code ${code2}`;
}
var MOST_LINES = 30;
var CLOSING = /^(?:ERROR|error|Error|FATA\[|time=.*level=fatal)/;
function decidingLines(tail) {
  const lines2 = tail.filter((line) => line.trim() !== "");
  const last = lines2.findLastIndex((line) => CLOSING.test(line.trim()));
  const end = last < 0 ? lines2.length : last + 1;
  const log = between(lines2.slice(0, end), /^-{6}$/) ?? between(lines2.slice(0, end), /^-{7,}$/);
  const told = log === void 0 ? lines2.slice(0, end) : [...log, ...lines2.slice(end - 1, end)];
  return told.slice(-MOST_LINES);
}
function between(lines2, fence) {
  const fences = lines2.flatMap((line, index) => fence.test(line.trim()) ? [index] : []);
  const [start, end] = fences.slice(-2);
  return start === void 0 || end === void 0 ? void 0 : lines2.slice(start + 1, end);
}
function positionOf(tail) {
  const found = tail.findLast((line) => /^[\w.-]*Dockerfile[\w.-]*:\d+$/.test(line.trim()));
  return found === void 0 ? void 0 : Number(found.trim().split(":").at(-1));
}

// src/script/quote.ts
var PLAIN2 = /^[A-Za-z0-9_@%+=:,./-]+$/;
function quoteArgument(argument) {
  if (typeof argument !== "string") return `"$(cat ${quoteArgument(argument.contentOf)})"`;
  return PLAIN2.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

// src/script/script.ts
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
    case "copy":
      return step.to.map(
        (reference2) => printCopy(`docker://${printReference(step.from)}`, `docker://${printReference(reference2)}`)
      );
  }
}
function printCopy(from, to) {
  return printCommand("skopeo", ["copy", "--all", "--preserve-digests", from, to]);
}

// src/script/perform.ts
async function perform(script, performance) {
  const { files } = performance.world;
  for (const { path, content, mode } of script.files) {
    await files.makeDirectory(dirname3(path), 448);
    await files.write(path, content instanceof Secret ? content.reveal() : content, mode);
  }
  for (const path of script.creates) await files.makeDirectory(dirname3(path), 493);
  for (const step of script.steps) await performStep(step, performance);
}
async function performStep(step, performance) {
  const { registry } = performance;
  switch (step.kind) {
    case "run":
      return runCommand2(step.command, performance);
    case "load":
      return load(step.archive, performance);
    case "upload":
      return registry.pushLayout(step.layout, step.to);
    case "copy":
      return registry.copy(step.from, step.to);
  }
}
async function runCommand2(command, performance) {
  const { processes, actions, signal } = performance.world;
  const { title, tool, args, forbids = [] } = command;
  const forbidden = [];
  const argv2 = await Promise.all(args.map((argument) => argumentText(argument, command, performance)));
  actions.startGroup(title);
  actions.info(printCommand(tool, args));
  const exit = await processes.stream({ tool, args: argv2, env: performance.env }, (line) => {
    actions.info(line);
    if (forbids.some((text2) => line.includes(text2))) forbidden.push(line);
  }).finally(() => actions.endGroup());
  if (signal.aborted) throw cancelled(signal, `${title} was stopped`);
  if (exit.code !== 0) throw diagnose(command, exit, performance.dockerfile);
  if (forbidden.length > 0) throw diagnose(command, { ...exit, tail: forbidden }, performance.dockerfile);
}
async function argumentText(argument, { title }, { world: world2 }) {
  return typeof argument === "string" ? argument : readEvidence(argument.contentOf, title, world2.files);
}
var LOADERS = ["docker", "podman", "nerdctl"];
async function load(archive, performance) {
  for (const tool of LOADERS) {
    if (await performance.world.processes.which(tool) !== void 0) {
      return runCommand2({ title: `${tool} load`, tool, args: ["load", "--input", archive] }, performance);
    }
  }
  throw new Failure("tool", `no local store can take the image: none of ${LOADERS.join(", ")} is on PATH`, {
    hint: "Use push or output with this backend, or install one of them."
  });
}

// src/script/plan.ts
import { isAbsolute as isAbsolute3, join as join13, resolve as resolve2 } from "node:path";
var DEFAULT_EPOCH = 315619200;
function referencesOf(inputs, bento) {
  return nonEmpty(inputs.tags) ?? [parseReference(`${bento.tag.name}:${bento.tag.version}`)];
}
function makePlan(inputs, bento, source, engine, secrets, paths) {
  return {
    dockerfile: paths.dockerfile,
    context: source.context,
    references: referencesOf(inputs, bento),
    features: definedOnly(featuresOf(inputs, bento, source, engine, secrets, paths)),
    deliveries: deliveriesOf(inputs, paths.workspace),
    extraArgs: inputs.extraArgs,
    scratch: paths.scratch
  };
}
function featuresOf(inputs, bento, source, engine, secrets, paths) {
  const generated = paths.generated === void 0 ? [] : [{ name: "generated", directory: paths.generated }];
  const extra = Object.entries(inputs.buildContexts).map(([name, address]) => ({ name, address }));
  const directories = extra.filter(({ address }) => !address.includes("://"));
  return {
    builder: inputs.builder,
    platforms: nonEmpty(inputs.platforms) ?? (engine.platform === void 0 ? void 0 : [engine.platform]),
    format: inputs.format ?? "oci",
    compression: inputs.compression,
    epoch: epochOf(inputs, bento),
    pull: inputs.pull ?? false,
    noCache: inputs.noCache,
    noCacheFilters: filled(inputs.noCacheFilters),
    cacheFrom: filled(inputs.cacheFrom),
    cacheTo: filled(inputs.cacheTo),
    target: inputs.target,
    buildArgs: filledPairs(withoutKeys(inputs.buildArgs, source.resolvedBuildArgs)),
    contexts: filled([
      ...generated,
      ...source.contexts,
      ...directories.map(({ name, address }) => ({ name, directory: resolve2(paths.workspace, address) }))
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
    addHosts: filled(inputs.addHosts),
    network: inputs.network,
    allow: filled(inputs.allow),
    shmSize: inputs.shmSize,
    ulimits: filled(inputs.ulimit),
    cgroupParent: inputs.cgroupParent,
    strictBase: true
  };
}
function epochOf({ sourceDateEpoch }, bento) {
  if (sourceDateEpoch === "bento") return Math.floor(bento.creationTime.getTime() / 1e3);
  return sourceDateEpoch ?? DEFAULT_EPOCH;
}
function deliveriesOf(inputs, workspace) {
  const outputs2 = inputs.output.map(({ kind, path }) => ({
    kind,
    path: isAbsolute3(path) ? path : join13(workspace, path)
  }));
  const load2 = inputs.load ?? (inputs.push !== true && outputs2.length === 0);
  const all = [
    ...inputs.push === true ? [{ kind: "push" }] : [],
    ...load2 ? [{ kind: "load" }] : [],
    ...outputs2
  ];
  return nonEmpty(all) ?? [{ kind: "load" }];
}
function filled(list2) {
  return list2.length === 0 ? void 0 : list2;
}
function filledPairs(given) {
  return Object.keys(given).length === 0 ? void 0 : given;
}
function withoutKeys(given, keys) {
  return Object.fromEntries(Object.entries(given).filter(([key]) => !keys.includes(key)));
}
function definedOnly(wish) {
  return Object.fromEntries(Object.entries(wish).filter(([, value2]) => value2 !== void 0));
}

// src/script/probe.ts
async function findEngine(choice, builder, world2, env2) {
  if (choice !== "auto") return { backend: choice, engine: await probe(choice, builder, world2, env2) };
  const refusals = [];
  for (const backend of candidates(builder)) {
    try {
      const engine = await probe(backend, builder, world2, env2);
      return { backend, engine, reason: refusals.length === 0 ? "the first choice" : refusals.join("; ") };
    } catch (error2) {
      if (!(error2 instanceof Failure)) throw error2;
      refusals.push(`${backend.name}: ${error2.message}`);
    }
  }
  throw new Failure("engine", "no builder works on this machine", {
    lines: refusals,
    hint: "Install docker, podman, buildah, nerdctl or buildctl on the runner, or give the address of a buildkitd in the input builder."
  });
}
async function assumeBackend(choice, builder, world2) {
  if (choice !== "auto") return choice;
  const [first, ...others] = candidates(builder);
  for (const backend of [first, ...others]) {
    if (await world2.processes.which(backend.tool) !== void 0) return backend;
  }
  return first;
}
function candidates(builder) {
  const found = nonEmpty(BACKENDS.filter((backend) => backend.isCandidate(builder)));
  if (found === void 0) throw new Failure("internal", `no backend takes the builder ${builder}`);
  return found;
}
async function probe(backend, builder, world2, env2) {
  const questions = backend.questions(builder);
  for (const tool of /* @__PURE__ */ new Set([backend.tool, ...questions.map((question) => question.tool ?? backend.tool)])) {
    if (await world2.processes.which(tool) === void 0) {
      throw new Failure("tool", `${tool} is not on PATH`, {
        code: "ToolMissing",
        hint: `Install ${tool} on the runner, or choose another backend (backend: auto takes what is there).`
      });
    }
  }
  const answers = [];
  for (const { tool, args } of questions) {
    answers.push(await world2.processes.capture({ tool: tool ?? backend.tool, args, env: env2 }));
  }
  return backend.readEngine(answers, builder);
}

// src/script/secrets.ts
import { isAbsolute as isAbsolute4, join as join14 } from "node:path";
function secretVariables(inputs, bento) {
  const named = inputs.secretEnvs.map((item) => item.split("=").at(-1) ?? item);
  return [...named, ...bento.envs.filter(({ stage }) => stage === "build").map(({ name }) => name)];
}
var MOST_BYTES = 500 * 1024;
async function gatherSecrets(inputs, declared, directory, world2) {
  const problems = [];
  const values = new Map(Object.entries(inputs.secrets));
  for (const item of inputs.secretEnvs) {
    const [id = item, variable2 = id] = item.split("=");
    const value2 = world2.env[variable2];
    if (value2 === void 0) problems.push(`secret-envs: the variable ${variable2} is not set`);
    else values.set(id, new Secret(value2));
  }
  for (const [id, path] of Object.entries(inputs.secretFiles)) {
    const absolute2 = isAbsolute4(path) ? path : join14(world2.workspace, path);
    if (await world2.files.info(absolute2) === void 0) problems.push(`secret-files: there is no file ${path}`);
    else values.set(id, new Secret(await world2.files.readText(absolute2)));
  }
  for (const { name, declared: fallback } of declared) {
    if (values.has(name)) continue;
    const value2 = world2.env[name] ?? fallback;
    if (world2.env[name] === void 0 && fallback === "") problems.push(`the Bento needs ${name} while it is built`);
    else values.set(name, new Secret(value2));
  }
  problems.push(...tooLarge(values));
  if (problems.length > 0) throw missing(problems);
  for (const secret of values.values()) mask(secret, world2);
  const all = [...values].map(([id, content]) => ({ id, content, path: join14(directory, id) }));
  return {
    mounts: all.map(({ id, path }) => ({ id, path })),
    files: all.map(({ path, content }) => ({ path, content, mode: 384 }))
  };
}
async function declaredMounts(inputs, declared, directory) {
  const ids = [
    ...Object.keys(inputs.secrets),
    ...inputs.secretEnvs.map((item) => item.split("=")[0] ?? item),
    ...Object.keys(inputs.secretFiles),
    ...declared.map(({ name }) => name)
  ];
  return { mounts: [...new Set(ids)].map((id) => ({ id, path: join14(directory, id) })), files: [] };
}
function tooLarge(values) {
  return [...values].filter(([, secret]) => Buffer.byteLength(secret.reveal()) > MOST_BYTES).map(([id]) => `the secret ${id} is larger than ${MOST_BYTES / 1024} KiB`);
}
function missing(problems) {
  return new Failure("input", problems.join(" \xB7 "), {
    code: "SecretMissing",
    lines: problems,
    hint: "Give it in the step, for example `env: { HF_TOKEN: ${{ secrets.HF_TOKEN }} }`, or by the input secrets; pull requests from forks have no secrets."
  });
}
function mask(secret, { actions }) {
  for (const line of secret.reveal().split(/\r?\n/)) if (line.trim() !== "") actions.mask(line);
}

// src/build.ts
var TOOL = "bento-image";
var MINUTE = 6e4;
async function build(world2) {
  const { inputs, notes } = decodeInputs(world2.env);
  if (inputs.timeout !== void 0) world2.cancelAfter(inputs.timeout * MINUTE);
  const dryRun = inputs.dryRun === true;
  const watch = openStopwatch(world2.now);
  const { bento, models } = await watch.phase("read the Bento", () => readAll(inputs, world2));
  const credentials = await shareCredentials(inputs.registryAuthFile, world2);
  const env2 = toolEnvironment(world2.env, secretVariables(inputs, bento), credentials.env);
  const { backend, engine, reason } = await watch.phase("ask the engine", () => findBackendFor(inputs, env2, world2));
  if (reason !== void 0) world2.actions.info(`backend: auto is ${backend.name} here (${reason})`);
  const source = await deriveSource(inputs, bento, models, { link: backend.takesLinks(engine), tool: TOOL }, world2);
  const directory = `${await world2.files.scratch()}/secrets`;
  const secrets = await (dryRun ? declaredMounts : gatherSecrets)(inputs, source.secrets, directory, world2);
  const kept = await watch.phase("write the Dockerfile", () => keepFiles(source, world2));
  const paths = { ...kept, scratch: await world2.files.scratch(), workspace: world2.workspace };
  const plan = makePlan(inputs, bento, source, engine, secrets.mounts, paths);
  const script = compile(backend, plan, engine, secrets.files);
  if (!dryRun) await refuseExisting(script.creates, world2.files);
  const buildAndVerify = async () => {
    const registry = await loadRegistry(credentials.path, world2);
    await watch.phase("build", () => perform(script, { world: world2, registry, env: env2, dockerfile: plan.dockerfile }));
    return watch.phase("verify", () => verify(script, plan, registry, world2));
  };
  const result = dryRun ? NOTHING : await removeOnFailure(script.creates, world2.files, buildAndVerify);
  const layout = plan.deliveries.find((delivery) => delivery.kind === "layout");
  const report2 = {
    bento,
    models,
    backend: backend.name,
    engine,
    references: plan.references,
    pushed: inputs.push === true && !dryRun,
    dryRun,
    result,
    payload: source.payload,
    base: source.base,
    dockerfile: plan.dockerfile,
    commands: printScript(script),
    phases: watch.phases,
    notes: [...notes, ...source.notes, ...engine.notes ?? []],
    ...layout === void 0 || dryRun ? {} : { layout: layout.path }
  };
  await tell(report2, inputs.summary !== false, world2);
}
var NOTHING = { platforms: [] };
async function readAll(inputs, world2) {
  const home = inputs.bentomlHome === void 0 ? {} : { bentomlHome: inputs.bentomlHome };
  const bento = await readBento(await locateBento({ bento: inputs.bento, ...home }, world2), world2);
  return { bento, models: await locateModels(bento, { ...home, dryRun: inputs.dryRun === true }, world2) };
}
async function findBackendFor(inputs, env2, world2) {
  const choice = findBackend(inputs.backend ?? "auto") ?? "auto";
  if (inputs.dryRun !== true) return findEngine(choice, inputs.builder, world2, env2);
  const backend = await assumeBackend(choice, inputs.builder, world2);
  return {
    backend,
    engine: { ...backend.assumed, ...inputs.builder === void 0 ? {} : { builder: inputs.builder } }
  };
}
async function loadRegistry(authFile, world2) {
  const { openRegistry } = await import("./registry-S4JAGJ77.js");
  return openRegistry(world2, authFile === void 0 ? {} : { authFile });
}
async function verify(script, plan, registry, world2) {
  const seen = [];
  for (const { kind, path } of script.evidence) {
    if (kind === "layout") seen.push(await registry.describeLayout(path));
    if (kind === "oci-archive") seen.push(await registry.describeArchive(path));
  }
  if (plan.deliveries.some(({ kind }) => kind === "push")) {
    const pushed = await registry.describe(plan.references[0]);
    await registry.verify(plan.references, pushed.digest);
    seen.push(pushed);
  }
  return settle(seen, await readClaims(script.evidence, world2.files), plan.features.platforms ?? []);
}
async function tell(report2, withSummary, { actions }) {
  for (const note of report2.notes) actions.notice(note);
  if (report2.dryRun) for (const line of report2.commands) actions.info(line);
  for (const [name, value2] of Object.entries(outputsOf(report2))) actions.setOutput(name, value2);
  if (withSummary) await actions.writeSummary(summaryOf(report2));
  const { digest, imageid } = report2.result;
  if (!report2.dryRun) actions.info(`Built ${report2.references.length} tag(s): ${digest ?? imageid ?? ""}`);
}

// src/report/failure.ts
var MOST_CHARACTERS = 4e3;
var MOST_OF_MESSAGE = 2e3;
function reportFailure(failure, actions) {
  actions.error(printFailure(failure), {
    title: FAILURE_TITLES[failure.class],
    ...failure.position === void 0 ? {} : { file: failure.position.file },
    ...failure.position?.line === void 0 ? {} : { line: failure.position.line }
  });
  if (failure.cause instanceof Error && failure.cause.stack !== void 0) actions.debug(failure.cause.stack);
}
function printFailure(failure) {
  const lines2 = failure.lines.filter((line) => !failure.message.includes(line)).map((line) => `  ${line}`);
  const hint = failure.hint === void 0 ? [] : [`\u2192 ${failure.hint}`];
  const { message: whole } = failure;
  const message = whole.length > MOST_OF_MESSAGE ? `${whole.slice(0, MOST_OF_MESSAGE)}\u2026` : whole;
  const room = MOST_CHARACTERS - message.length - (failure.hint?.length ?? 0);
  return [`[${failure.class}] ${message}`, ...lastThatFit(lines2, room), ...hint].join("\n");
}
function lastThatFit(lines2, room) {
  const kept = [];
  let used = 0;
  for (const line of lines2.toReversed()) {
    used += line.length + 1;
    if (used > room) break;
    kept.unshift(line);
  }
  return kept;
}

// src/world/real.ts
import { tmpdir } from "node:os";
import { resolve as resolve3 } from "node:path";

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
import * as crypto from "crypto";
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
  const delimiter = `ghadelimiter_${crypto.randomUUID()}`;
  const convertedValue = toCommandValue(value2);
  if (key.includes(delimiter)) {
    throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
  }
  if (convertedValue.includes(delimiter)) {
    throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
  }
  return `${key}<<${delimiter}${os2.EOL}${convertedValue}${os2.EOL}${delimiter}`;
}

// node_modules/@actions/core/lib/core.js
import * as os3 from "os";

// node_modules/@actions/core/lib/summary.js
import { EOL as EOL3 } from "os";
import { constants, promises } from "fs";
var __awaiter = function(thisArg, _arguments, P, generator) {
  function adopt(value2) {
    return value2 instanceof P ? value2 : new P(function(resolve4) {
      resolve4(value2);
    });
  }
  return new (P || (P = Promise))(function(resolve4, reject) {
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
      result.done ? resolve4(result.value) : adopt(result.value).then(fulfilled, rejected);
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
function setSecret(secret) {
  issueCommand("add-mask", {}, secret);
}
function setOutput(name, value2) {
  const filePath = process.env["GITHUB_OUTPUT"] || "";
  if (filePath) {
    return issueFileCommand("OUTPUT", prepareKeyValueMessage(name, value2));
  }
  process.stdout.write(os3.EOL);
  issueCommand("set-output", { name }, toCommandValue(value2));
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

// src/world/actions.ts
function properties(annotation = {}) {
  return {
    ...annotation.title === void 0 ? {} : { title: annotation.title },
    ...annotation.file === void 0 ? {} : { file: annotation.file },
    ...annotation.line === void 0 ? {} : { startLine: annotation.line }
  };
}
function realActions(hasSummary) {
  return {
    info,
    debug,
    notice: (message, annotation) => notice(message, properties(annotation)),
    warning: (message, annotation) => warning(message, properties(annotation)),
    error: (message, annotation) => error(message, properties(annotation)),
    startGroup,
    endGroup,
    mask: setSecret,
    setOutput: (name, value2) => setOutput(name, value2),
    async writeSummary(markdown) {
      if (hasSummary) await summary.addRaw(markdown, true).write();
    }
  };
}

// src/world/files.ts
import { createReadStream, createWriteStream } from "node:fs";
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  symlink,
  writeFile as writeFile2
} from "node:fs/promises";
import { join as join15 } from "node:path";
function kindOf2(entry) {
  if (entry.isSymbolicLink()) return "symlink";
  if (entry.isDirectory()) return "directory";
  return entry.isFile() ? "file" : "other";
}
function isMissing(error2) {
  const code2 = error2 instanceof Error && "code" in error2 ? error2.code : void 0;
  return code2 === "ENOENT" || code2 === "ENOTDIR";
}
async function info2(path) {
  try {
    const found = await lstat(path);
    return { kind: kindOf2(found), size: found.size, mode: found.mode & 4095, modified: found.mtime };
  } catch (error2) {
    if (isMissing(error2)) return void 0;
    throw error2;
  }
}
async function list(path) {
  const entries = await readdir(path, { withFileTypes: true });
  return entries.map((entry) => ({ name: entry.name, kind: kindOf2(entry) })).sort((one, other) => one.name < other.name ? -1 : 1);
}
async function readHead(path, length) {
  var _stack = [];
  try {
    const handle = __using(_stack, await open(path), true);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } catch (_) {
    var _error = _, _hasError = true;
  } finally {
    var _promise = __callDispose(_stack, _error, _hasError);
    _promise && await _promise;
  }
}
async function write(path, content, mode) {
  await writeFile2(path, content, { mode });
  await chmod(path, mode);
}
async function makeDirectory(path, mode) {
  const created = await mkdir(path, { recursive: true, mode });
  if (created !== void 0) await chmod(path, mode);
}
async function makeKept(temporary) {
  const directory = await mkdtemp(join15(temporary, "bento-image-"));
  await chmod(directory, 493);
  return directory;
}
function realFiles(temporary) {
  let scratch;
  let kept;
  return {
    info: info2,
    list,
    readHead,
    write,
    makeDirectory,
    readBytes: (path) => readFile(path),
    readText: (path) => readFile(path, "utf8"),
    readLink: (path) => readlink(path),
    realPath: (path) => realpath(path),
    source: (path, range) => createReadStream(path, { ...range, highWaterMark: 1 << 16 }),
    sink: (path, { mode, append }) => createWriteStream(path, { mode, flags: append ? "a" : "wx" }),
    makeLink: (target, path) => symlink(target, path),
    setMode: (path, mode) => chmod(path, mode),
    rename: (from, to) => rename(from, to),
    remove: (path) => rmRF(path),
    scratch() {
      scratch ??= mkdtemp(join15(temporary, "bento-image-"));
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

// src/world/http.ts
import { Readable } from "node:stream";

// src/world/trust.ts
import { readdir as readdir2, readFile as readFile2 } from "node:fs/promises";
import { join as join16 } from "node:path";
var UNTRUSTED = /* @__PURE__ */ new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE"
]);
function isUntrusted(error2) {
  return error2 instanceof Error && "code" in error2 && UNTRUSTED.has(String(error2.code));
}
function certificateDirectories(env2) {
  const home = env2["HOME"];
  const own = home === void 0 ? [] : [join16(home, ".config/docker/certs.d"), join16(home, ".config/containers/certs.d")];
  return ["/etc/docker/certs.d", "/etc/containers/certs.d", ...own];
}
async function registryRoots(env2, host) {
  const roots = [];
  for (const directory of certificateDirectories(env2)) {
    const names = await readdir2(join16(directory, host)).catch(() => []);
    for (const name of names.filter((entry) => entry.endsWith(".crt")).sort()) {
      roots.push(await readFile2(join16(directory, host, name), "utf8"));
    }
  }
  return roots;
}

// src/world/http.ts
var IDLE_TIMEOUT = 3e4;
function realHttp(machine) {
  const transports = /* @__PURE__ */ new Map();
  const agents = [];
  const roots = /* @__PURE__ */ new Map();
  let trustMachine = false;
  function transportOf(protocol) {
    const known = transports.get(protocol);
    if (known !== void 0) return known;
    const opened = openTransport(protocol, machine.env).then((transport) => {
      agents.push(transport.agent);
      return transport;
    });
    transports.set(protocol, opened);
    return opened;
  }
  function rootsOf(url) {
    const key = `${url.host} ${trustMachine}`;
    const found = roots.get(key) ?? gatherRoots(machine.env, url.host, trustMachine);
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
      signal: request.signal ?? machine.signal,
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
        if (request.body instanceof Readable) throw error2;
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
    const https = await import("node:https");
    return { agent: new https.Agent(options), request: https.request };
  }
  const http = await import("node:http");
  return { agent: new http.Agent(options), request: http.request };
}
async function gatherRoots(env2, host, trustMachine) {
  const own = await registryRoots(env2, host);
  if (own.length === 0 && !trustMachine) return void 0;
  const { getCACertificates } = await import("node:tls");
  return [...getCACertificates("default"), ...own, ...trustMachine ? getCACertificates("system") : []];
}
function headersOf({ headers, body }) {
  if (body === void 0 || body instanceof Readable) return { ...headers };
  return { ...headers, "content-length": String(Buffer.byteLength(body)) };
}
function exchange(sent, { body, url }) {
  return new Promise((resolve4, reject) => {
    let answer2;
    sent.on("error", reject);
    sent.on("timeout", () => (answer2 ?? sent).destroy(timedOut(url)));
    sent.on("response", (response) => {
      answer2 = response;
      if (body instanceof Readable && !body.readableEnded) stopSending(sent, body, response);
      resolve4({ status: response.statusCode ?? 0, headers: flatten(response), body: response });
    });
    if (body instanceof Readable) stream(body, sent, reject);
    else sent.end(body);
  });
}
function stream(body, sent, reject) {
  body.on("error", (error2) => {
    reject(error2);
    sent.destroy(error2);
  });
  sent.on("close", () => body.destroy());
  body.pipe(sent);
}
function stopSending(sent, body, response) {
  body.unpipe(sent);
  body.destroy();
  response.on("close", () => sent.destroy());
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

// src/world/processes.ts
import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants as constants2 } from "node:os";
var TAIL_LINES = 400;
var KILL_AFTER_MS = 5e3;
var DRAIN_MS = 5e3;
function realProcesses(env2, signal) {
  return {
    async which(tool) {
      return await which(tool) || void 0;
    },
    ask: (invocation) => ask(invocation, env2),
    async capture(invocation) {
      const answer2 = { stdout: "", stderr: "" };
      const { code: code2, signal: killedBy } = await run(invocation, env2, signal, {
        stdout: async (output) => {
          for await (const text2 of output) answer2.stdout += text2;
        },
        stderr: async (output) => {
          for await (const text2 of output) answer2.stderr += text2;
        }
      });
      if (signal.aborted) throw cancelled(signal, `${invocation.tool} was stopped`);
      return { ...answer2, code: code2 ?? statusOf(killedBy) };
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
      return { ...await run(invocation, env2, signal, { stdout: keep, stderr: keep }), tail };
    }
  };
}
async function ask({ tool, args, stdin, cwd, env: env2 }, ambient) {
  const { getExecOutput } = await import("./exec-5ELYU7EY.js");
  const { exitCode, stdout, stderr } = await getExecOutput(`"${tool}"`, [...args], {
    silent: true,
    ignoreReturnCode: true,
    env: definedOnly2(env2 ?? ambient),
    input: Buffer.from(stdin ?? ""),
    ...cwd === void 0 ? {} : { cwd }
  });
  return { code: exitCode, stdout, stderr };
}
async function run(invocation, env2, signal, readers) {
  const { tool, args, stdin, cwd } = invocation;
  if (signal.aborted) throw cancelled(signal, `${tool} was not started`);
  const child = spawn(tool, [...args], {
    detached: true,
    env: definedOnly2(invocation.env ?? env2),
    stdio: "pipe",
    ...cwd === void 0 ? {} : { cwd }
  });
  const stopListening = endGroupOn(signal, child);
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
async function drain(read, child) {
  const giveUp = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, DRAIN_MS);
  await read;
  clearTimeout(giveUp);
}
function notStarted(error2, tool) {
  const isSpawn = error2 instanceof Error && "syscall" in error2 && String(error2.syscall).startsWith("spawn");
  return isSpawn ? new Failure("tool", `${tool} cannot be started: ${error2.message}`, { cause: error2 }) : error2;
}
function definedOnly2(env2) {
  return Object.fromEntries(Object.entries(env2).filter((pair2) => pair2[1] !== void 0));
}
function statusOf(killedBy) {
  return 128 + (constants2.signals[killedBy] ?? 0);
}
async function* linesOf(output) {
  let rest = "";
  for await (const text2 of output) {
    const lines2 = `${rest}${text2}`.split("\n");
    rest = lines2.pop() ?? "";
    for (const line of lines2) yield line.endsWith("\r") ? line.slice(0, -1) : line;
  }
  if (rest !== "") yield rest;
}
function endGroupOn(signal, child) {
  let lastResort;
  const end = () => {
    signalGroup(child, "SIGTERM");
    lastResort = setTimeout(() => signalGroup(child, "SIGKILL"), KILL_AFTER_MS);
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

// src/world/real.ts
function realWorld() {
  const env2 = { ...process.env };
  const cancellation = new AbortController();
  const cancel = (signal) => cancellation.abort(signal);
  let timer;
  process.on("SIGINT", cancel);
  process.on("SIGTERM", cancel);
  const files = realFiles(env2["RUNNER_TEMP"] || tmpdir());
  const http = realHttp({ env: env2, signal: cancellation.signal });
  return {
    env: env2,
    workspace: resolve3(env2["GITHUB_WORKSPACE"] || "."),
    files,
    http,
    processes: realProcesses(withoutInputs(env2), cancellation.signal),
    actions: realActions(Boolean(env2["GITHUB_STEP_SUMMARY"])),
    signal: cancellation.signal,
    now: () => /* @__PURE__ */ new Date(),
    cancelAfter(milliseconds) {
      timer = setTimeout(() => cancellation.abort("timeout"), milliseconds);
    },
    async dispose() {
      clearTimeout(timer);
      http.close();
      await files.dispose();
      process.off("SIGINT", cancel);
      process.off("SIGTERM", cancel);
    }
  };
}
function withoutInputs(env2) {
  return Object.fromEntries(Object.entries(env2).filter(([name]) => !name.startsWith("INPUT_")));
}

// src/main.ts
var world = realWorld();
try {
  await build(world);
} catch (error2) {
  const failure = asFailure(error2);
  const isCancel = world.signal.aborted && failure.class !== "cancelled";
  reportFailure(isCancel ? cancelled(world.signal, "The run stopped", error2) : failure, world.actions);
  process.exitCode = 1;
} finally {
  await world.dispose();
}
