const require = process.getBuiltinModule;
import {
  isDigest
} from "./chunk-3UYPSNGT.js";
import {
  Failure
} from "./chunk-Z2VNPK4Q.js";

// src/image/reference.ts
var DOCKER_HUB = "docker.io";
var OFFICIAL = "library/";
var NAME_LIMIT = 255;
var TAG_LIMIT = 128;
var LABEL = "[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*";
var DOMAIN = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9A-Fa-f:]+\\])(?::[0-9]{1,5})?$`);
var PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;
var TAG = /^\w[\w.-]*$/;
function parseReference(text) {
  if (text === "") throw invalid(text, "it is empty");
  checkCharacters(text);
  const { name, tag, digest } = split(text);
  const { domain, path } = splitDomain(text, name);
  checkDomain(text, domain);
  checkPath(text, path);
  if (domain.length + 1 + path.length > NAME_LIMIT) {
    throw invalid(text, `the name is longer than ${NAME_LIMIT} characters`);
  }
  return {
    domain,
    path,
    ...tag === void 0 ? {} : { tag: checkedTag(text, tag) },
    ...digest === void 0 ? {} : { digest: checkedDigest(text, digest) }
  };
}
function printReference(reference) {
  const { tag, digest } = reference;
  return `${printRepository(reference)}${tag === void 0 ? "" : `:${tag}`}${digest === void 0 ? "" : `@${digest}`}`;
}
function printRepository({ domain, path }) {
  return `${domain}/${path}`;
}
function printFamiliar(reference) {
  const full = printReference(reference);
  if (reference.domain !== DOCKER_HUB) return full;
  const { path } = reference;
  const short = path.startsWith(OFFICIAL) && !path.includes("/", OFFICIAL.length);
  return full.slice(DOCKER_HUB.length + 1 + (short ? OFFICIAL.length : 0));
}
function repositoryOf({ domain, path }) {
  return { domain, path };
}
function withDigest({ domain, path }, digest) {
  return { domain, path, digest };
}
function sameRepository(a, b) {
  return a.domain === b.domain && a.path === b.path;
}
function split(text) {
  const at = text.indexOf("@");
  const digest = at < 0 ? void 0 : text.slice(at + 1);
  const tagged = at < 0 ? text : text.slice(0, at);
  const colon = tagged.indexOf(":", tagged.lastIndexOf("/") + 1);
  return colon < 0 ? { name: tagged, tag: void 0, digest } : { name: tagged.slice(0, colon), tag: tagged.slice(colon + 1), digest };
}
function splitDomain(text, name) {
  if (name === "") throw invalid(text, "the name is missing");
  const slash = name.indexOf("/");
  const first = name.slice(0, slash);
  if (slash < 0 || !looksLikeDomain(first)) return atDockerHub(name);
  const rest = name.slice(slash + 1);
  return first === DOCKER_HUB || first === "index.docker.io" ? atDockerHub(rest) : { domain: first, path: rest };
}
function looksLikeDomain(first) {
  return /[.:]/.test(first) || first === "localhost";
}
function atDockerHub(path) {
  return { domain: DOCKER_HUB, path: path === "" || path.includes("/") ? path : OFFICIAL + path };
}
function checkCharacters(text) {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    throw invalid(text, `it starts with a URL scheme; write "${text.slice(text.indexOf("://") + 3)}"`);
  }
  const odd = /[^\w./:@[\]-]/u.exec(text);
  if (odd !== null) throw invalid(text, `${JSON.stringify(odd[0])} cannot stand in a reference`);
}
function checkDomain(text, domain) {
  if (!DOMAIN.test(domain)) throw invalid(text, `"${domain}" is no host name with an optional port`);
}
function checkPath(text, path) {
  if (path === "") throw invalid(text, "the repository's name is missing after the host");
  if (/[A-Z]/.test(path)) {
    const at = text.indexOf(path.startsWith(OFFICIAL) ? path.slice(OFFICIAL.length) : path);
    const lowered = text.slice(0, at) + text.slice(at).replace(/^[^:@]*/, (name) => name.toLowerCase());
    throw invalid(text, `repository names are lower case; write "${lowered}"`);
  }
  for (const component of path.split("/")) {
    if (component === "") throw invalid(text, "it has an empty part between slashes or a slash at an end");
    if (!PATH_COMPONENT.test(component)) {
      throw invalid(
        text,
        `"${component}" must be letters and digits, parted by single ".", "_" or "__", or dashes, none at an end`
      );
    }
  }
  if (/^library\/[0-9a-f]{64}$/.test(path)) throw invalid(text, "64 hexadecimal digits are an image ID, not a name");
}
function checkedTag(text, tag) {
  if (tag === "") throw invalid(text, 'the tag after ":" is empty');
  if (tag.length > TAG_LIMIT) {
    throw invalid(text, `the tag has ${tag.length} characters, ${TAG_LIMIT} is the limit`);
  }
  if (!TAG.test(tag)) {
    throw invalid(
      text,
      `the tag "${tag}" may hold letters, digits, "_", "." and "-" and must not start with "." or "-"`
    );
  }
  return tag;
}
function checkedDigest(text, digest) {
  if (!isDigest(digest)) {
    throw invalid(text, 'the part after "@" must be "sha256:" and 64 lower-case hexadecimal digits');
  }
  return digest;
}
function invalid(text, reason) {
  const shown = text.length > 300 ? `${text.slice(0, 300)}\u2026` : text;
  return new Failure("input", `"${shown}" is no image reference: ${reason}.`, {
    code: "ReferenceInvalid",
    hint: "References look like ghcr.io/acme/iris:1.4.0."
  });
}

// src/image/platform.ts
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
    throw invalid2(text, "it must be os/architecture or os/architecture/variant");
  }
  const [first = "", second, variant] = parts;
  if (second === void 0) {
    if (SYSTEMS.has(first)) throw invalid2(text, "the architecture is missing");
    return checked(text, normalizePlatform({ os: "linux", architecture: first }));
  }
  if (SYSTEMS.has(second) && !SYSTEMS.has(first)) {
    throw invalid2(text, `the operating system comes first; write "${[second, first, ...parts.slice(2)].join("/")}"`);
  }
  return checked(
    text,
    normalizePlatform({ os: first, architecture: second, ...variant === void 0 ? {} : { variant } })
  );
}
function normalizePlatform(platform) {
  const os = platform.os.toLowerCase();
  const stated = platform.architecture.toLowerCase();
  const [architecture, implied] = ALIASES[stated] ?? [stated];
  const variant = normalVariant(architecture, implied ?? platform.variant?.toLowerCase() ?? "");
  return { os: os === "macos" ? "darwin" : os, architecture, ...variant === "" ? {} : { variant } };
}
function printPlatform({ os, architecture, variant }) {
  return variant === void 0 ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}
function samePlatform(a, b) {
  return printPlatform(a) === printPlatform(b);
}
function normalVariant(architecture, stated) {
  const variant = /^[0-9]$/.test(stated) && architecture.startsWith("arm") ? `v${stated}` : stated;
  if (architecture === "386") return "";
  if (architecture === "arm" && variant === "") return "v7";
  return variant === DEFAULT_VARIANTS[architecture] ? "" : variant;
}
function checked(text, platform) {
  if (!SYSTEMS.has(platform.os)) throw invalid2(text, `"${platform.os}" is no operating system`);
  if (!ARCHITECTURES.has(platform.architecture)) {
    throw invalid2(text, `"${platform.architecture}" is no architecture; known are ${[...ARCHITECTURES].join(", ")}`);
  }
  return platform;
}
function invalid2(text, reason) {
  return new Failure("input", `"${text}" is no platform: ${reason}.`, {
    code: "PlatformInvalid",
    hint: "Platforms look like linux/amd64 or linux/arm64."
  });
}

// src/image/secret.ts
var INSPECT = /* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom");
var Secret = class {
  #value;
  constructor(value) {
    this.#value = value;
  }
  reveal() {
    return this.#value;
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

export {
  parseReference,
  printReference,
  printRepository,
  printFamiliar,
  repositoryOf,
  withDigest,
  sameRepository,
  parsePlatform,
  normalizePlatform,
  printPlatform,
  samePlatform,
  Secret
};
