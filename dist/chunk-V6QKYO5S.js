const require = process.getBuiltinModule;
import {
  Failure
} from "./chunk-DERAUSUC.js";

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
  const os = platform.os.toLowerCase();
  const stated = platform.architecture.toLowerCase();
  const [architecture, implied] = ALIASES[stated] ?? [stated];
  const variant = normalVariant(architecture, implied ?? platform.variant?.toLowerCase() ?? "");
  return { os: os === "macos" ? "darwin" : os, architecture, ...variant === "" ? {} : { variant } };
}
function printPlatform({ os, architecture, variant }) {
  return variant === void 0 ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
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
  return variant === DEFAULT_VARIANTS[architecture] ? "" : variant;
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

export {
  parsePlatform,
  normalizePlatform,
  printPlatform,
  platformSlug,
  samePlatform
};
