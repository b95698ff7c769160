import { Failure } from "../errors.ts";
import { ownValue } from "../values.ts";

/** In the normal form of containerd: `arm64` without a variant, `arm` always with one, `amd64` without `v1`. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** GOARCH values of Linux images. */
const ARCHITECTURES = new Set(
  "386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x wasm".split(" "),
);
/** GOOS values of image configs. */
const SYSTEMS = new Set(
  "aix android darwin freebsd illumos linux netbsd openbsd plan9 solaris wasi wasip1 windows".split(" "),
);

/**
 * Other names of an architecture: containerd's, and those of `uname -m` and `runner.arch`.
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

/** The default variants, which the normal form omits. */
const DEFAULT_VARIANTS: Readonly<Record<string, string>> = { amd64: "v1", arm64: "v8" };

/**
 * Parses `os/architecture[/variant]`, or an architecture alone, which means Linux.
 * @throws Failure `input`, code `PlatformInvalid`, with the invalid part.
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

/** Converts a platform of a manifest or an image config to the normal form. Unknown names are kept. */
export function normalizePlatform(platform: Platform): Platform {
  const os = platform.os.toLowerCase();
  const given = platform.architecture.toLowerCase();
  const [architecture, implied] = ownValue(ALIASES, given) ?? [given];
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

/** Compares two platforms in normal form. */
export function samePlatform(a: Platform, b: Platform): boolean {
  return printPlatform(a) === printPlatform(b);
}

function normalVariant(architecture: string, given: string): string {
  const variant = /^[0-9]$/.test(given) && architecture.startsWith("arm") ? `v${given}` : given;
  if (architecture === "386") return "";
  if (architecture === "arm" && variant === "") return "v7";
  return variant === ownValue(DEFAULT_VARIANTS, architecture) ? "" : variant;
}

function checked(text: string, platform: Platform): Platform {
  if (!SYSTEMS.has(platform.os)) throw invalid(text, `"${platform.os}" is not an operating system`);
  if (!ARCHITECTURES.has(platform.architecture)) {
    throw invalid(
      text,
      `"${platform.architecture}" is not an architecture; use one of ${[...ARCHITECTURES].join(", ")}`,
    );
  }
  return platform;
}

function invalid(text: string, reason: string): Failure {
  return new Failure("input", `"${text}" is not a platform: ${reason}.`, {
    code: "PlatformInvalid",
    hint: "Use a platform such as linux/amd64 or linux/arm64.",
  });
}
