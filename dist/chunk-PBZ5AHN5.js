const require = process.getBuiltinModule;
import {
  Secret,
  normalizePlatform,
  parsePlatform,
  parseReference,
  printPlatform,
  printReference,
  samePlatform
} from "./chunk-XJ5V6HMY.js";
import {
  LAYOUT_ARGUMENTS,
  fetchModels,
  layoutVariables,
  ownDirectories,
  printTag,
  remoteFilesOf,
  resolveLayout,
  rootParents
} from "./chunk-ZQLRCMMP.js";
import {
  isDigest
} from "./chunk-3UYPSNGT.js";
import {
  Failure,
  cancelled
} from "./chunk-Z2VNPK4Q.js";
import {
  __commonJS,
  __toESM
} from "./chunk-ZDX6KC25.js";

// node_modules/semver/internal/debug.js
var require_debug = __commonJS({
  "node_modules/semver/internal/debug.js"(exports, module) {
    "use strict";
    var debug = typeof process === "object" && process.env && process.env.NODE_DEBUG && /\bsemver\b/i.test(process.env.NODE_DEBUG) ? (...args) => console.error("SEMVER", ...args) : () => {
    };
    module.exports = debug;
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
    var debug = require_debug();
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
      debug(name, index, value2);
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
    var debug = require_debug();
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
        debug("SemVer", version, options);
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
        debug("SemVer.compare", this.version, this.options, other);
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
          debug("prerelease compare", i, a, b);
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
          debug("build compare", i, a, b);
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

// src/assembly/choice.ts
function chooseAssembly(inputs, recipe) {
  const wish = inputs.modelArtifact === true ? "model-artifact" : "assembly: direct";
  if (inputs.assembly === "backend") return { kind: "backend", because: "assembly: backend" };
  const obstacles = obstaclesOf(inputs, recipe);
  if (obstacles.length === 0 && recipe !== void 0) return { kind: "direct", recipe };
  const because = obstacles.join(" \xB7 ");
  if (mustBeDirect(inputs)) {
    throw new Failure("input", `${wish} is not possible here: ${because}`, {
      code: "Unsupported",
      lines: obstacles,
      hint: "Leave it out: the backend then makes the whole image where it must."
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
    [recipe === void 0, "the Dockerfile is not made by this action"],
    [recipe !== void 0 && recipe.afterPayload.length > 0, "the Bento's setup_script runs when its files are in"],
    [inputs.target !== void 0, "target stops at a stage of the Dockerfile"],
    [inputs.load === true, "load needs the backend's own store"],
    [inputs.push !== true && inputs.output.length === 0, "the image goes into the backend's own store"],
    [!layoutOnly, "only the backend writes archives"],
    [inputs.format === "docker", "docker's format has no annotations, by which layers are known again"],
    [inputs.extraArgs.length > 0, "extra-args are for the backend's build of the image"],
    [Object.keys(inputs.buildContexts).length > 0, "build-contexts may replace the base image"]
  ];
  return given.flatMap(([applies, reason]) => applies ? [reason] : []);
}

// src/fetch-remote.ts
async function fetchRemote({ models, watch, world }, because) {
  const { size } = remoteFilesOf(models);
  if (size === 0) return models;
  world.actions.info(`${size} files at the Hub are downloaded first: ${because}`);
  return watch.phase("download models", () => fetchModels(models, world));
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

// src/script/creations.ts
async function removeOnFailure(paths, files, work) {
  const before = await Promise.all(paths.map((path) => files.info(path)));
  try {
    return await work();
  } catch (error) {
    for (const [index, path] of paths.entries()) if (before[index] === void 0) await files.remove(path);
    throw error;
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
  compression: (compression) => ({ attributes: compressionAttributes(compression) }),
  annotations: (annotations) => ({
    attributes: Object.fromEntries(Object.entries(annotations).map(([key, text]) => [`annotation.${key}`, text]))
  })
};
function epochBy(flag, prefix = "") {
  return (epoch) => ({
    flags: [flag, `${prefix}SOURCE_DATE_EPOCH=${epoch}`],
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
function joinNames(references) {
  return references.map(printReference).join(",");
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
  const fields = [`type=${type}`, ...Object.entries(attributes).map(([key, text]) => `${key}=${text}`)];
  return fields.map((field) => /[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field).join(",");
}
function metadataEvidence(path, exporters) {
  return { kind: "metadata", path, trust: exporters.some(({ type }) => type === "docker") ? "config" : "root" };
}
function wants(plan, kind) {
  return plan.deliveries.some((delivery) => delivery.kind === kind);
}
function versionOf(text) {
  const version = (0, import_parse.default)(text?.trim() ?? "", { loose: true });
  if (version === null || version.version.startsWith("0.0.0")) return void 0;
  return `${version.major}.${version.minor}.${version.patch}`;
}
function versionsOf(found) {
  return Object.fromEntries(
    Object.entries(found).flatMap(([part, text]) => {
      const version = versionOf(text);
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
  return Object.entries(given).flatMap(([key, text]) => [flag, `${prefix}${key}=${text}`]);
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
  platforms: (platforms) => platforms.length > 1 ? unsupported("podman and buildah build one platform a command") : { flags: ["--platform", printPlatform(platforms[0])] },
  format: (format) => ({ flags: ["--format", format] }),
  // Layers are kept unpacked; they are compressed as the image leaves the store, see `exportFlags`.
  compression: ({ format }) => format === "none" ? unsupported("podman and buildah always compress the layers of a layout") : {},
  epoch: (epoch, engine) => ({
    flags: has(engine, "buildah", "1.41.0") ? ["--source-date-epoch", String(epoch), "--rewrite-timestamp"] : ["--timestamp", String(epoch)]
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
  return { flags: Object.entries(labels).flatMap(([key, text]) => ["--label", `${key}=${text}`]) };
}
function exportFlags(compression) {
  const { format = "gzip", level } = compression ?? {};
  return [
    ...["--compression-format", format, "--force-compression"],
    ...level === void 0 ? [] : ["--compression-level", String(level)]
  ];
}
function idFile(plan) {
  return `${plan.kept}/image.id`;
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
    const names = wants(plan, "load") ? plan.references.flatMap((reference) => ["--tag", printReference(reference)]) : [];
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
  platforms: (platforms) => ({ flags: ["--platform", platforms.map(printPlatform).join(",")] }),
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
  const metadata = `${plan.kept}/metadata.json`;
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
function readInspect(text) {
  const field = (name2) => name2.exec(text)?.[1]?.trim();
  const platforms = field(/^Platforms:\s*(.+)$/m)?.split(",") ?? [];
  const [name, driver, buildkit] = [
    field(/^Name:\s*(.+)$/m),
    field(/^Driver:\s*(.+)$/m),
    field(/^BuildKit(?: version)?:\s*(.+)$/m)
  ];
  return {
    platforms: platforms.map((platform) => parsePlatform(platform.trim().replace(/\*$/, ""))),
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
function option(key, text) {
  return { flags: ["--opt", `${key}=${text}`] };
}
var features = {
  ...attributeFeatures,
  builder: (address) => isAddress(address) ? {} : unsupported("buildctl takes an address, for example unix:///run/buildkit/buildkitd.sock"),
  platforms: (platforms) => option("platform", platforms.map(printPlatform).join(",")),
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
    const bytes = inBytes(size);
    return bytes === void 0 ? unsupported(`"${size}" is no size such as 128m`) : option("shm-size", String(bytes));
  },
  ulimits: (ulimits) => option("ulimit", ulimits.join(",")),
  cgroupParent: (parent) => option("cgroup-parent", parent)
};
function assemble({ plan, engine, flags, exporters }) {
  const metadata = `${plan.kept}/metadata.json`;
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
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return void 0;
  }
}
function nativePlatform(workers) {
  const [worker] = Array.isArray(workers) ? workers : [];
  const [first] = worker?.platforms ?? [];
  if (first?.os === void 0 || first.architecture === void 0) return {};
  const { os, architecture, variant } = first;
  return { platform: normalizePlatform({ os, architecture, ...variant === void 0 ? {} : { variant } }) };
}
function unreachable(answer2) {
  return new Failure("engine", "buildctl cannot reach a buildkitd", {
    lines: answer2 === void 0 ? [] : lastLines(answer2),
    hint: "Start buildkitd, or name it in the input builder (unix://, tcp://, ssh://, docker-container://, kube-pod://) or in BUILDKIT_HOST."
  });
}
function readEngine2([workers, info], builder) {
  if (workers === void 0 || workers.code !== 0) throw unreachable(workers);
  const version = /"version":\s*"([^"]+)"/.exec(info?.stdout ?? "")?.[1];
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
  const info = typeof parsed === "object" && parsed !== null ? parsed : {};
  if (info.version === void 0) {
    throw new Failure("engine", "buildah does not work here", {
      lines: answer2 === void 0 ? [] : lastLines(answer2),
      hint: "Run `buildah info` on the runner; a rootless buildah needs subuid and subgid ranges of its user."
    });
  }
  return {
    versions: versionsOf({ buildah: info.version }),
    ...info.buildPlatform === void 0 ? {} : { platform: parsePlatform(info.buildPlatform) }
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
function storeOf(info) {
  const status = info.DriverStatus ?? [];
  return status.some((pair) => pair.join(" ").includes("io.containerd.snapshotter.v1")) ? "containerd" : "classic";
}
var REWRITES_SINCE = "29.1.0";
var CLASSIC_NOTE = "This docker daemon keeps images in its classic store: the image has docker's media types and its own file times, so its digest differs from that of other backends. The containerd image store or the backend buildx gives the same digest everywhere.";
function readEngine4([answer2]) {
  const info = parseInfo(answer2);
  if (info.host !== void 0) {
    throw new Failure("tool", "the program docker on this machine is podman", {
      hint: "Use the backend podman; it is the same engine without the disguise."
    });
  }
  if (info.ServerVersion === void 0 || info.ServerVersion === "") {
    throw new Failure("engine", "the docker daemon cannot be reached", {
      lines: info.ServerErrors ?? (answer2 === void 0 ? [] : lastLines(answer2)),
      hint: "Start the daemon, or let this user use its socket (group docker), or choose the backend podman, buildah or buildctl."
    });
  }
  const plugin = info.ClientInfo?.Plugins?.find(({ Name }) => Name === "buildx");
  if (plugin === void 0) throw missingBuildx(void 0);
  const store = storeOf(info);
  const versions = versionsOf({ docker: info.ServerVersion, buildx: plugin.Version });
  if (store === "containerd" && !has({ versions }, "docker", REWRITES_SINCE)) {
    throw new Failure(
      "tool",
      `docker ${info.ServerVersion} cannot rewrite file times with the containerd image store`,
      {
        hint: `Use the backend buildx with a docker-container builder, or docker ${REWRITES_SINCE} or newer.`
      }
    );
  }
  return {
    versions,
    store,
    // The docker driver's builder has the name of the docker context it belongs to.
    builder: info.ClientInfo?.Context ?? "default",
    ...platformOf(info),
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
    platforms: (platforms, engine) => engine.store === "classic" && platforms.length > 1 ? unsupported(CLASSIC_LIMIT) : buildxFeatures.platforms(platforms),
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
function nonEmpty(list) {
  const [first, ...rest] = list;
  return first === void 0 ? void 0 : [first, ...rest];
}

// src/backends/nerdctl.ts
var NO_SUCH_FLAG = "nerdctl build has no such flag";
var features2 = {
  ...attributeFeatures,
  builder: (address) => isAddress(address) ? {} : unsupported("nerdctl takes the address of a buildkitd"),
  platforms: (platforms) => ({ flags: ["--platform", platforms.map(printPlatform).join(",")] }),
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
  const iidfile = `${plan.kept}/image-${index}.id`;
  const args = [
    "build",
    ...engine.builder === void 0 ? [] : ["--buildkit-host", engine.builder],
    ...["--progress", "plain", "--file", plan.dockerfile],
    ...flags,
    ...exporter?.type === "image" ? plan.references.flatMap((reference) => ["--tag", printReference(reference)]) : [],
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
  const info = typeof parsed === "object" && parsed !== null ? parsed : {};
  if (info.host === void 0) {
    throw new Failure("engine", "podman does not work here", {
      lines: answer2 === void 0 ? [] : lastLines(answer2),
      hint: "Run `podman info` on the runner; a rootless podman needs subuid and subgid ranges of its user."
    });
  }
  const { os = "linux", arch } = info.host;
  return {
    versions: versionsOf({ podman: info.version?.Version, buildah: info.host.buildahVersion }),
    ...arch === void 0 ? {} : { platform: parsePlatform(`${os}/${arch}`) }
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

// src/script/probe.ts
async function chooseBackend(inputs, env2, world) {
  if (inputs.dryRun === true) return assumeBackend(inputs, world);
  const found = await findEngine(choiceOf(inputs), inputs.builder, world, env2);
  if (found.reason !== void 0) {
    world.actions.info(`backend: auto is ${found.backend.name} here (${found.reason})`);
  }
  return found;
}
function choiceOf({ backend = "auto" }) {
  return findBackend(backend) ?? "auto";
}
async function findEngine(choice, builder, world, env2) {
  if (choice !== "auto") return { backend: choice, engine: await probe(choice, builder, world, env2) };
  const refusals = [];
  for (const backend of candidates(builder)) {
    try {
      const engine = await probe(backend, builder, world, env2);
      return { backend, engine, reason: refusals.length === 0 ? "the first choice" : refusals.join("; ") };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      refusals.push(`${backend.name}: ${error.message}`);
    }
  }
  throw new Failure("engine", "no builder works on this machine", {
    lines: refusals,
    hint: "Install docker, podman, buildah, nerdctl or buildctl on the runner, or give the address of a buildkitd in the input builder."
  });
}
async function assumeBackend(inputs, world) {
  const { builder } = inputs;
  const choice = choiceOf(inputs);
  const backend = choice === "auto" ? await firstOnPath(candidates(builder), world) : choice;
  return { backend, engine: { ...backend.assumed, ...builder === void 0 ? {} : { builder } } };
}
async function firstOnPath([first, ...others], world) {
  for (const backend of [first, ...others]) {
    if (await world.processes.which(backend.tool) !== void 0) return backend;
  }
  return first;
}
var ADDRESSES = ["DOCKER_HOST", "DOCKER_CONTEXT", "BUILDKIT_HOST", "CONTAINER_HOST", "CONTAINER_CONNECTION"];
function isLocalEngine(builder, env2) {
  return [builder, ...ADDRESSES.map((name) => env2[name])].every((address) => !address || address.startsWith("unix://"));
}
function candidates(builder) {
  const found = nonEmpty(BACKENDS.filter((backend) => backend.isCandidate(builder)));
  if (found === void 0) throw new Failure("internal", `no backend takes the builder ${builder}`);
  return found;
}
async function probe(backend, builder, world, env2) {
  const questions = backend.questions(builder);
  for (const tool of /* @__PURE__ */ new Set([backend.tool, ...questions.map((question) => question.tool ?? backend.tool)])) {
    if (await world.processes.which(tool) === void 0) {
      throw new Failure("tool", `${tool} is not on PATH`, {
        code: "ToolMissing",
        hint: `Install ${tool} on the runner, or choose another backend (backend: auto takes what is there).`
      });
    }
  }
  const answers = [];
  for (const { tool, args } of questions) {
    answers.push(await world.processes.capture({ tool: tool ?? backend.tool, args, env: env2 }));
  }
  return backend.readEngine(answers, builder);
}

// src/image/quoting.ts
var PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;
function quoteForShell(text) {
  if (PLAIN.test(text)) return text;
  if (!text.includes("\n")) return singleQuote(text);
  return [`"$(printf '%s\\n'`, ...text.split("\n").map((line) => `    ${singleQuote(line)}`)].join("\n").concat(`)"`);
}
function singleQuote(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
function quoteForDockerfile(text) {
  return PLAIN.test(text) ? text : `"${text.replace(/["$\\]/g, "\\$&")}"`;
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
function escapeWord(text) {
  return text.replace(/[\\"'$]/g, "\\$&");
}

// src/image/dockerfile.ts
var ENVIRONMENT_STAGE = "environment";
function renderDockerfile(recipe, { link, base } = { link: true }) {
  const isPinned = base !== void 0 && !recipe.base.includes("@");
  const sections = [
    header(recipe),
    `FROM ${recipe.base}${isPinned ? `@${base}` : ""} AS ${ENVIRONMENT_STAGE}`,
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
function environmentSource(recipe, options) {
  return { ...imageSource(recipe, options), contexts: [], generated: [] };
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
  const lines = statements.flatMap((statement, index) => `${statement}${index === last ? "" : ";"}`.split("\n"));
  return `RUN ${continued([...mounts.map(renderMount), ...lines])}`;
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
function continued(lines) {
  return lines.join(" \\\n    ");
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

// src/script/image-source.ts
import { isAbsolute, join as join5 } from "node:path";

// src/image/given-dockerfile.ts
import { join as join2 } from "node:path/posix";

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
function slug(text) {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/-$/, "");
}

// src/image/dockerfile-text.ts
var HEREDOC = /(?:^|\s)\d*<<(-?)(["']?)([A-Za-z_]\w*)\2(?=$|[\s;|&<>)])/g;
var HEREDOC_KEYWORDS = ["RUN", "COPY", "ADD"];
function parseDockerfile(text) {
  const lines = text.split(/\r?\n/);
  const continuation = new RegExp(`\\${escapeCharacter(lines)}[ \\t]*$`);
  const instructions = [];
  let index = 0;
  while (index < lines.length) {
    const parts = [];
    let firstLine = index + 1;
    for (let more = true; more && index < lines.length; index += 1) {
      const line = lines[index] ?? "";
      if (/^\s*#/.test(line) || line.trim() === "" && parts.length > 0) continue;
      if (parts.length === 0) firstLine = index + 1;
      more = continuation.test(line);
      parts.push(line.replace(continuation, ""));
    }
    const logical = parts.join("").trim();
    if (logical === "") continue;
    const instruction = splitInstruction(logical);
    if (HEREDOC_KEYWORDS.includes(instruction.keyword)) index = skipHeredocs(logical, lines, index);
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
function escapeCharacter(lines) {
  for (const line of lines) {
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
function skipHeredocs(logical, lines, start) {
  let index = start;
  for (const [, dash, , name] of logical.matchAll(HEREDOC)) {
    const end = lines.findIndex((line, at2) => at2 >= index && (dash === "-" ? line.replace(/^\t+/, "") : line) === name);
    if (end !== -1) index = end + 1;
  }
  return index;
}

// src/image/payload.ts
import { dirname as dirname2, join } from "node:path/posix";
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
  const directory = (name) => layer(name, [{ sources: [name], destination: `${join(layout.bento, name)}/` }]);
  return [
    ...contexts.map((context) => modelLayer(context, layout)),
    ...directories.filter((name) => FIRST.includes(name)).map(directory),
    layer("generated", [{ context: "generated", sources: ["bento"], destination: `${layout.bento}/` }]),
    ...directories.filter((name) => !FIRST.includes(name)).map(directory),
    layer("manifest", [
      { sources: named("file"), destination: `${layout.bento}/` },
      // Followed by name, so that one to a directory stays a directory of that name.
      ...named("symlink").map((name) => ({ sources: [name], destination: join(layout.bento, name) }))
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
  const root = join(bento, "hf-models", repositoryFolder(located.model.repository));
  return [...groups].map(([directory, files]) => ({
    context,
    sources: files,
    destination: `${join(root, directory)}/`
  }));
}
function repositoryFolder(repository) {
  return `models--${repository.replaceAll("/", "--")}`;
}
function generatedEntries(bento, models, layout) {
  const scripts = ["entrypoint.sh", ...bento.image.spec === 1 && bento.image.setupScript ? ["setup_script"] : []];
  const entries = [
    ...["models", "hf-models"].map((name) => directoryEntry(join("bento", name))),
    ...modelEntries(models).map((entry) => ({ ...entry, path: join("bento", entry.path) })),
    ...scripts.map((name) => {
      const path = join("env/docker", name);
      return { kind: "copy", path: join("bento", path), mode: 493, source: join(bento.directory, path) };
    }),
    ...rootParents(layout).map((path) => directoryEntry(join("parents", path)))
  ];
  return withParents(entries);
}
function modelEntries(models) {
  return [
    ...latestVersions(models).map(([name, version]) => fileEntry(join("models", name, "latest"), version)),
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
  const root = join("hf-models", repositoryFolder(model.repository));
  const links = files.flatMap(({ source, path }) => {
    const place = join("snapshots", commit, path);
    if (place === source) return [];
    return [{ kind: "link", path: join(root, place), target: join("../".repeat(place.split("/").length - 1), source) }];
  });
  const listing = join("trees", `${commit}.json`);
  return [
    ...links,
    // Without its listing huggingface_hub 2 asks the Hub what belongs to the commit, at every start.
    ...located.listed ? [copyEntry(join(root, listing), join(located.directory, listing))] : [],
    // Without the commit in the manifest the server looks the branch up, here instead of at the Hub.
    ...model.revision === commit ? [] : [fileEntry(join(root, "refs", model.revision), commit)]
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
  const text = dropSyntax(given.text);
  const instructions = parseDockerfile(text);
  const contexts = nameContexts(models.filter((model) => model.kind === "snapshot" || model.origin === "store"));
  const copy = findBentoCopy(instructions);
  if (copy === void 0 && contexts.length > 0) throw copyMissing(given.path, contexts);
  const added = copy === void 0 ? [] : modelInstructions(copy, contexts);
  const lines = text.split("\n");
  const at2 = copy?.lastLine ?? lines.length;
  return {
    ...givenSource(bento, given, instructions),
    dockerfile: [...lines.slice(0, at2), ...added, ...lines.slice(at2)].join("\n"),
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
function dropSyntax(text) {
  return text.replace(/^#\s*syntax\s*=.*\r?\n/i, "");
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
  return withParents(entries.map((entry) => ({ ...entry, path: join2("bento", entry.path) })));
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
import { join as join3 } from "node:path/posix";

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
function commandsSection(when, image2, layout, secrets) {
  const commands = when === "before" ? image2.commands : image2.postCommands;
  if (commands.length === 0) return [];
  const keepIndexes = when === "before" && image2.postCommands.some((command) => USES_PACKAGES.test(command));
  const mounts = when === "before" ? [] : [pythonMount(layout)];
  const statements = [...commands.map(runCommand), ...cleanUp({ keepIndexes })];
  return [
    {
      comment: [
        `The Bento's commands ${when} its Python packages: one layer, because only its end can remove what they leave behind.`
      ],
      steps: [...copyScripts(commands, layout), runStep(statements, { secrets, mounts })]
    }
  ];
}
function copyScripts(commands, layout) {
  const names = [...new Set(commands.join("\n").match(SCRIPT) ?? [])].sort();
  if (names.length === 0) return [];
  return [
    {
      kind: "copy",
      sources: names.map((name) => join3("env/docker", name)),
      destination: `${join3(layout.bento, "env/docker")}/`,
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
  const target = join3(layout.bento, "env/conda");
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
      runStep([join3(layout.bento, "env/docker/setup_script"), ...cleanUp({ keepIndexes: false })], {
        secrets
      })
    ]
  };
}
function pythonMount(layout) {
  return { kind: "bind", source: "env/python", target: join3(layout.bento, "env/python") };
}

// src/image/environment.ts
import { join as join4 } from "node:path/posix";

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
  const pairs2 = options.map((option2) => option2.split(/\s+(.*)/s)).filter(([name = "", value2 = ""]) => name !== "--find-links" || /^https?:/.test(value2));
  return Object.entries(PIP_VARIABLES).flatMap(([option2, variable]) => {
    const values = pairs2.flatMap(([name, value2 = ""]) => name === option2 && value2 !== "" ? [value2] : []);
    const kept = option2 === "--index-url" ? values.slice(-1) : values;
    return kept.length === 0 ? [] : [`${variable}="${kept.map(quoteOpen).join(" ")}"`];
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
    const source = path === "." ? "src" : join4("src", path);
    return {
      kind: "copy",
      sources: [source],
      destination: join4(layout.bento, source),
      owner: layout,
      executable: false
    };
  });
  const directory = includes.length === 0 ? "env/python" : "src";
  const requirements = join4(layout.bento, "env/python/requirements.txt");
  const install2 = `uv --directory ${directory} pip install -r ${requirements}`;
  return {
    comment: PACKAGES,
    steps: [...includes, installStep(install2, { secrets, mounts: [pythonMount(layout)], local: includes.length > 0 })]
  };
}
function packagesSectionV1(bento, image2, layout, secrets) {
  const directory = join4(layout.bento, "env/python");
  const install2 = image2.installScript ? `bash -euxo pipefail ${directory}/install.sh` : `uv pip install -r ${directory}/requirements.txt ${quoteForShell(`bentoml==${bento.bentomlVersion}`)}`;
  return {
    comment: PACKAGES,
    steps: [installStep(install2, { secrets, mounts: [pythonMount(layout)], local: true, pip: true })]
  };
}

// src/image/variables.ts
var NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
var SECRET_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
function sortVariables(bento, buildArgs) {
  const envs = [...new Map(bento.envs.map((env2) => [env2.name, env2])).values()];
  const build = envs.filter(({ stage }) => stage === "build");
  const runtime = envs.filter(({ stage }) => stage === "runtime");
  const later = new Set([...build, ...runtime].map(({ name }) => name));
  const dockerEnv = bento.image.spec === 1 ? bento.image.dockerEnv : void 0;
  const all = dockerEnv === void 0 ? envs.filter(({ stage }) => stage === "all") : Object.entries(dockerEnv).map(([name, value2]) => ({ name, value: value2 })).filter(({ name }) => !later.has(name));
  const resolve2 = ({ name, value: value2 }) => ({ name, value: buildArgs[name] ?? value2 });
  const resolved = { all: all.map(resolve2), runtime: runtime.map(resolve2) };
  for (const variable of [...resolved.all, ...resolved.runtime]) checkVariable(variable);
  for (const { name } of build) if (!SECRET_NAME.test(name)) throw invalid(`${name} cannot be a variable of a shell`);
  const isSet = ({ name, value: value2 }) => value2 !== "" || dockerEnv?.[name] !== void 0;
  return {
    all: resolved.all.filter(isSet),
    runtime: resolved.runtime.filter(isSet),
    secrets: build.map(({ name, value: value2 }) => ({ name, declared: value2 })),
    unset: [...resolved.all, ...resolved.runtime].filter((variable) => !isSet(variable)).map(({ name }) => name)
  };
}
function checkVariable({ name, value: value2 }) {
  if (!NAME.test(name)) throw invalid(`${JSON.stringify(name)} is no name of an environment variable`);
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
function deriveRecipe({ dockerfile = "generated", buildArgs }, bento, models, tool) {
  const templated = bento.image.spec === 1 && bento.image.dockerfileTemplate;
  return dockerfile === "generated" && !templated ? makeRecipe(bento, models, { buildArgs, tool }) : void 0;
}
async function deriveSource({ inputs, bento, models, recipe }, options, world) {
  if (recipe !== void 0) return { ...imageSource(recipe, options), payload: titlesOf(recipe) };
  const { dockerfile = "generated", buildArgs } = inputs;
  const isStored = dockerfile === "stored" || dockerfile === "generated";
  const path = isStored ? join5(bento.directory, STORED) : absolute(dockerfile, world.workspace);
  const given = { path, buildArgs, text: await readDockerfile(path, world) };
  return { ...isStored ? storedSource(bento, models, given) : ownSource(bento, models, given), payload: [] };
}
function titlesOf({ payload, afterPayload }) {
  return afterPayload.length > 0 ? [] : payload.flatMap(({ name, copies }) => copies.map(() => name));
}
function absolute(path, workspace) {
  return isAbsolute(path) ? path : join5(workspace, path);
}
async function readDockerfile(path, { files }) {
  if (await files.info(path) === void 0) {
    throw new Failure("input", `dockerfile: there is no file ${path}`, {
      hint: "Give generated, stored, or a path from the workspace."
    });
  }
  return files.readText(path);
}

// src/script/plan.ts
import { resolve } from "node:path";
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
    platforms: nonEmpty(inputs.platforms) ?? (engine.platform === void 0 ? void 0 : [engine.platform]),
    format: inputs.format ?? "oci",
    compression: withoutChoice(inputs.compression),
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
      ...directories.map(({ name, address }) => ({ name, directory: resolve(paths.workspace, address) }))
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
function withoutChoice({ format, level }) {
  return level === void 0 ? { format } : { format, level };
}
function epochOf({ sourceDateEpoch }, bento) {
  if (sourceDateEpoch === "bento") return Math.floor(bento.creationTime.getTime() / 1e3);
  return sourceDateEpoch ?? DEFAULT_EPOCH;
}
function layoutPath({ output }, workspace) {
  const layout = output.find(({ kind }) => kind === "layout");
  return layout === void 0 ? void 0 : resolve(workspace, layout.path);
}
function deliveriesOf(inputs, workspace) {
  const outputs = inputs.output.map(({ kind, path }) => ({ kind, path: resolve(workspace, path) }));
  const load2 = inputs.load ?? (inputs.push !== true && outputs.length === 0);
  const all = [
    ...inputs.push === true ? [{ kind: "push" }] : [],
    ...load2 ? [{ kind: "load" }] : [],
    ...outputs
  ];
  return nonEmpty(all) ?? [{ kind: "load" }];
}
function filled(list) {
  return list.length === 0 ? void 0 : list;
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

// src/script/secrets.ts
import { isAbsolute as isAbsolute2, join as join6 } from "node:path";
function secretVariables(inputs, bento) {
  const named = inputs.secretEnvs.map((item) => item.split("=").at(-1) ?? item);
  return [...named, ...bento.envs.filter(({ stage }) => stage === "build").map(({ name }) => name)];
}
var MOST_BYTES = 500 * 1024;
async function gatherSecrets(inputs, declared, directory, world) {
  const problems = agentProblems(inputs.ssh, world.env);
  const values = new Map(Object.entries(inputs.secrets));
  for (const item of inputs.secretEnvs) {
    const [id = item, variable = id] = item.split("=");
    const value2 = world.env[variable];
    if (value2 === void 0) problems.push(`secret-envs: the variable ${variable} is not set`);
    else values.set(id, new Secret(value2));
  }
  for (const [id, path] of Object.entries(inputs.secretFiles)) {
    const absolute2 = isAbsolute2(path) ? path : join6(world.workspace, path);
    if (await world.files.info(absolute2) === void 0) problems.push(`secret-files: there is no file ${path}`);
    else values.set(id, new Secret(await world.files.readText(absolute2)));
  }
  for (const { name, declared: fallback } of declared) {
    if (values.has(name)) continue;
    const value2 = world.env[name] ?? fallback;
    if (world.env[name] === void 0 && fallback === "") problems.push(`the Bento needs ${name} while it is built`);
    else values.set(name, new Secret(value2));
  }
  problems.push(...tooLarge(values));
  if (problems.length > 0) throw missing(problems);
  for (const secret of values.values()) mask(secret, world);
  const all = [...values].map(([id, content]) => ({ id, content, path: join6(directory, id) }));
  return {
    mounts: all.map(({ id, path }) => ({ id, path })),
    files: all.map(({ path, content }) => ({ path, content, mode: 384 }))
  };
}
async function declaredMounts(inputs, declared, directory) {
  return { mounts: secretIdsOf(inputs, declared).map((id) => ({ id, path: join6(directory, id) })), files: [] };
}
function secretIdsOf(inputs, declared) {
  const ids = [
    ...Object.keys(inputs.secrets),
    ...inputs.secretEnvs.map((item) => item.split("=")[0] ?? item),
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
  return [...values].filter(([, secret]) => Buffer.byteLength(secret.reveal()) > MOST_BYTES).map(([id]) => `the secret ${id} is larger than ${MOST_BYTES / 1024} KiB`);
}
function missing(problems) {
  const onlyAgent = problems.every((problem) => problem.startsWith("ssh:"));
  return new Failure("input", problems.join(" \xB7 "), {
    code: "SecretMissing",
    lines: problems,
    hint: onlyAgent ? "Start an agent in a step before this one, or name a key: `ssh: default=/path/to/key`." : "Give it in the step, for example `env: { HF_TOKEN: ${{ secrets.HF_TOKEN }} }`, or by the input secrets; pull requests from forks have no secrets."
  });
}
function mask(secret, { actions }) {
  for (const line of secret.reveal().split(/\r?\n/)) if (line.trim() !== "") actions.mask(line);
}

// src/result/claims.ts
import { basename as basename2 } from "node:path/posix";
var ROOT_KEY = "containerimage.digest";
var CONFIG_KEY = "containerimage.config.digest";
async function readEvidence(path, doer, files) {
  const text = await files.readText(path).catch((cause) => {
    throw evidenceMissing(`${doer} has no ${basename2(path)}`, cause);
  });
  return text.trim();
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
function parseObject(text) {
  try {
    const parsed = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}
function claim(means, value2) {
  return typeof value2 === "string" && isDigest(value2) ? { [means]: value2 } : {};
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
    return isUnsupported(said) ? refuse(refusals, INPUT_OF[name], said, whoCan(name, value2, backend)) : said;
  });
  const ways = plan.deliveries.map((delivery) => {
    const way = deliver(backend, delivery, plan, engine);
    return isUnsupported(way) ? refuse(refusals, DELIVERY_INPUT[delivery.kind], way, whoDelivers(delivery, plan, backend)) : way;
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
    ...builds.flatMap((build) => build.evidence),
    ...ways.flatMap((way) => way.evidence ?? [])
  ];
  return {
    files,
    steps: nonEmpty(distinct(steps)) ?? [{ kind: "run", command: builds[0].command }],
    evidence: distinct(evidence),
    creates: plan.deliveries.flatMap((delivery) => "path" in delivery ? [delivery.path] : [])
  };
}
function distinct(items) {
  const seen = /* @__PURE__ */ new Set();
  return items.filter((item) => {
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
function refuse(refusals, input, { unsupported: unsupported3 }, able) {
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
  const { platforms } = plan.features;
  return BACKENDS.filter(
    (backend) => backend !== except && !isUnsupported(deliver(backend, delivery, plan, backend.assumed)) && (platforms === void 0 || !isUnsupported(answer(backend, "platforms", platforms, backend.assumed)))
  ).map((backend) => backend.name);
}

// src/script/kept-files.ts
import { join as join7 } from "node:path";
async function keepFiles(source, { files }) {
  const directory = await files.kept();
  const dockerfile = join7(directory, "Dockerfile");
  await files.write(dockerfile, source.dockerfile, 420);
  if (source.generated.length === 0) return { dockerfile };
  const generated = join7(directory, "generated");
  await files.makeDirectory(generated, 493);
  for (const entry of source.generated) await writeEntry(entry, join7(generated, entry.path), files);
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
  const lines = decidingLines(exit.tail);
  const text = lines.join("\n");
  const found = PATTERNS.find(({ match }) => match.test(text));
  const line = positionOf(exit.tail);
  return new Failure(found?.class ?? "tool", `${command.title} ${howItEnded(exit)}${reasonOf(lines)}`, {
    lines,
    hint: found?.hint ?? FALLBACK_HINT,
    ...line === void 0 ? {} : { position: { file: dockerfile, line } }
  });
}
var LONGEST_REASON = 300;
function reasonOf(lines) {
  const last = lines.at(-1)?.trim() ?? "";
  if (last === "") return "";
  return `: ${last.length > LONGEST_REASON ? `${last.slice(0, LONGEST_REASON)}\u2026` : last}`;
}
function howItEnded({ code, signal }) {
  if (code === void 0) return `was ended by ${signal ?? "a signal"}`;
  return code === 0 ? "only warned of what must not be" : `ended with exit code ${code}`;
}
var MOST_LINES = 30;
var CLOSING = /^(?:ERROR|error|Error|FATA\[|time=.*level=fatal)/;
function decidingLines(tail) {
  const lines = tail.filter((line) => line.trim() !== "");
  const last = lines.findLastIndex((line) => CLOSING.test(line.trim()));
  const end = last < 0 ? lines.length : last + 1;
  const log = between(lines.slice(0, end), /^-{6}$/) ?? between(lines.slice(0, end), /^-{7,}$/);
  const told = log === void 0 ? lines.slice(0, end) : [...log, ...lines.slice(end - 1, end)];
  return told.slice(-MOST_LINES);
}
function between(lines, fence) {
  const fences = lines.flatMap((line, index) => fence.test(line.trim()) ? [index] : []);
  const [start, end] = fences.slice(-2);
  return start === void 0 || end === void 0 ? void 0 : lines.slice(start + 1, end);
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
      return step.to.map((reference) => printCopy(`oci:${step.layout}`, `docker://${printReference(reference)}`));
    case "copy":
      return step.to.map(
        (reference) => printCopy(`docker://${printReference(step.from)}`, `docker://${printReference(reference)}`)
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
  if (script.steps.some(({ kind }) => kind === "load")) await findLoader(performance);
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
  const argv = await Promise.all(args.map((argument) => argumentText(argument, command, performance)));
  actions.startGroup(title);
  actions.info(printCommand(tool, args));
  const exit = await processes.stream({ tool, args: argv, env: performance.env, signal }, (line) => {
    actions.info(line);
    if (forbids.some((text) => line.includes(text))) forbidden.push(line);
  }).finally(() => actions.endGroup());
  if (signal.aborted) throw cancelled(signal, `${title} was stopped`);
  if (exit.code !== 0) throw diagnose(command, exit, performance.dockerfile);
  if (forbidden.length > 0) throw diagnose(command, { ...exit, tail: forbidden }, performance.dockerfile);
}
async function argumentText(argument, { title }, { world }) {
  return typeof argument === "string" ? argument : readEvidence(argument.contentOf, title, world.files);
}
var LOADERS = ["docker", "podman", "nerdctl"];
async function load(archive, performance) {
  const tool = await findLoader(performance);
  return runCommand2({ title: `${tool} load`, tool, args: ["load", "--input", archive] }, performance);
}
async function findLoader({ world: { processes } }) {
  for (const tool of LOADERS) if (await processes.which(tool) !== void 0) return tool;
  throw new Failure("tool", `no local store can take the image: none of ${LOADERS.join(", ")} is on PATH`, {
    hint: "Use push or output with this backend, or install one of them."
  });
}

// src/through-backend.ts
async function buildThroughBackend(job, because) {
  const { inputs, env: env2, watch, world } = job;
  world.actions.info(`The backend makes the whole image: ${because}`);
  const found = await watch.phase("ask the engine", () => chooseBackend(inputs, env2, world));
  const { backend, engine } = found;
  if (inputs.dryRun !== true) await fetchRemote(job, "the backend reads them from the disk");
  const source = await deriveSource(job, { link: backend.takesLinks(engine) }, world);
  const build = await runBackend(job, found, inputs, source);
  return {
    ...build,
    backend: backend.name,
    assembly: `by the backend: ${because}`,
    engine,
    base: source.base,
    payload: source.payload.map((title) => ({ title })),
    changes: [],
    notes: [...source.notes, ...engine.notes ?? []]
  };
}
async function runBackend(job, { backend, engine }, inputs, source) {
  const { watch, world } = job;
  const dryRun = inputs.dryRun === true;
  const scratch = await world.files.scratch();
  const secrets = await (dryRun ? declaredMounts : gatherSecrets)(inputs, source.secrets, `${scratch}/secrets`, world);
  const written = await watch.phase("write the Dockerfile", () => keepFiles(source, world));
  const paths = { ...written, scratch, kept: await world.files.kept(), workspace: world.workspace };
  const plan = makePlan(inputs, job.bento, source, engine, secrets.mounts, paths);
  const script = compile(backend, plan, engine, secrets.files);
  const told = { dockerfile: plan.dockerfile, commands: printScript(script) };
  if (dryRun) return { ...told, result: { platforms: [] } };
  await refuseExisting(script.creates, world.files);
  const result = await removeOnFailure(script.creates, world.files, async () => {
    const registry = await loadRegistry(job.authFile, world);
    await watch.phase("build", () => perform(script, { world, registry, env: job.env, dockerfile: plan.dockerfile }));
    return watch.phase("verify", () => verify(script, plan, registry, world));
  });
  return { ...told, result };
}
async function loadRegistry(authFile, world) {
  const { openRegistry } = await import("./registry-OINC2WU7.js");
  return openRegistry(world, authFile === void 0 ? {} : { authFile });
}
async function verify(script, plan, registry, world) {
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
  return settle(seen, await readClaims(script.evidence, world.files), plan.features.platforms ?? []);
}

export {
  chooseAssembly,
  mustBeDirect,
  nonEmpty,
  BACKENDS,
  ENVIRONMENT_STAGE,
  environmentSource,
  deriveRecipe,
  referencesOf,
  epochOf,
  layoutPath,
  secretVariables,
  secretIdsOf,
  fetchRemote,
  settle,
  removeOnFailure,
  refuseExisting,
  chooseBackend,
  assumeBackend,
  isLocalEngine,
  buildThroughBackend,
  runBackend
};
