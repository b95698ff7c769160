import { Failure } from "../errors.ts";
import { ownValue } from "../values.ts";

/** In the normal form of containerd: `arm64` without a variant, `arm` always with one, `amd64` without `v1`. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** GOARCH values that Linux images are made for. */
const ARCHITECTURES = new Set(
  "386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x wasm".split(" "),
);
/** GOOS values that image configs carry. */
const SYSTEMS = new Set(
  "aix android darwin freebsd illumos linux netbsd openbsd plan9 solaris wasi wasip1 windows".split(" "),
);

/**
 * Other names of an architecture: containerd's own, and what `uname -m` and `runner.arch` say.
 * @see https://github.com/containerd/platforms/blob/main/database.go (normalizeArch)
 */
const ALIASES: Readonly<Record<string, readonly [architecture: string, variant?: string]>> = {
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
  armv8l: ["arm", "v8"],
};

/** What a variant left out means, so that two spellings of one platform are one value. */
const DEFAULT_VARIANTS: Readonly<Record<string, string>> = { amd64: "v1", arm64: "v8" };

/**
 * Reads `os/architecture[/variant]`, or the architecture alone, which means Linux.
 * @throws Failure `input`, code `PlatformInvalid`; the message says which part is wrong.
 */
export function parsePlatform(text: string): Platform {
  const parts = text.trim().toLowerCase().split("/");
  if (parts.some((part) => !/^[a-z0-9_.-]+$/.test(part)) || parts.length > 3) {
    throw invalid(text, "it must be os/architecture or os/architecture/variant");
  }
  const [first = "", second, variant] = parts;
  if (second === undefined) {
    if (SYSTEMS.has(first)) throw invalid(text, "the architecture is missing");
    return checked(text, normalizePlatform({ os: "linux", architecture: first }));
  }
  if (SYSTEMS.has(second) && !SYSTEMS.has(first)) {
    throw invalid(text, `the operating system comes first; write "${[second, first, ...parts.slice(2)].join("/")}"`);
  }
  return checked(
    text,
    normalizePlatform({ os: first, architecture: second, ...(variant === undefined ? {} : { variant }) }),
  );
}

/** Brings a platform, as a manifest or an image config states it, to the normal form. Unknown names stay as they are. */
export function normalizePlatform(platform: Platform): Platform {
  const os = platform.os.toLowerCase();
  const stated = platform.architecture.toLowerCase();
  const [architecture, implied] = ownValue(ALIASES, stated) ?? [stated];
  const variant = normalVariant(architecture, implied ?? platform.variant?.toLowerCase() ?? "");
  return { os: os === "macos" ? "darwin" : os, architecture, ...(variant === "" ? {} : { variant }) };
}

/** `linux/amd64`, `linux/arm/v7`. */
export function printPlatform({ os, architecture, variant }: Platform): string {
  return variant === undefined ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}

/** For names of files, artifacts and tags: `linux-arm-v7`. */
export function platformSlug(platform: Platform): string {
  return printPlatform(platform).replaceAll("/", "-");
}

/** Two platforms in normal form are the same when all parts are. */
export function samePlatform(a: Platform, b: Platform): boolean {
  return printPlatform(a) === printPlatform(b);
}

function normalVariant(architecture: string, stated: string): string {
  const variant = /^[0-9]$/.test(stated) && architecture.startsWith("arm") ? `v${stated}` : stated;
  if (architecture === "386") return "";
  if (architecture === "arm" && variant === "") return "v7";
  return variant === ownValue(DEFAULT_VARIANTS, architecture) ? "" : variant;
}

function checked(text: string, platform: Platform): Platform {
  if (!SYSTEMS.has(platform.os)) throw invalid(text, `"${platform.os}" is no operating system`);
  if (!ARCHITECTURES.has(platform.architecture)) {
    throw invalid(text, `"${platform.architecture}" is no architecture; known are ${[...ARCHITECTURES].join(", ")}`);
  }
  return platform;
}

function invalid(text: string, reason: string): Failure {
  return new Failure("input", `"${text}" is no platform: ${reason}.`, {
    code: "PlatformInvalid",
    hint: "Platforms look like linux/amd64 or linux/arm64.",
  });
}
