import compare from "semver/functions/compare.js";
import known from "./catalogue.json" with { type: "json" };
import type { ToolName } from "./tool-request.ts";

/** What is known of a published file. */
export interface KnownAsset {
  /** In hexadecimal digits. */
  readonly sha256: string;
  /** Bytes. */
  readonly size?: number;
}

/** Tool → version → architecture in Go's words → file. The values are those that the projects publish. */
export type Catalogue = Readonly<Record<ToolName, Readonly<Record<string, Readonly<Record<string, KnownAsset>>>>>>;

/** Rewritten by `.github/scripts/catalogue.ts`. */
export const CATALOGUE: Catalogue = known;

/** How a tool's files are called, and what is taken out of them. */
interface Release {
  /** `owner/name` at github.com. */
  readonly repository: string;
  readonly asset: (version: string, architecture: string) => string;
  /** The file is the program itself; or programs lie in folders of a tar.gz, `` being its top. */
  readonly layout: { readonly program: string } | { readonly folders: readonly string[] };
  /** Folder for PATH, below where the tool is installed. */
  readonly path: string;
  /** A program that must be in `path`, or the release is not what it was. */
  readonly program: string;
}

export const RELEASES: Readonly<Record<ToolName, Release>> = {
  buildx: {
    repository: "docker/buildx",
    asset: (version, architecture) => `buildx-v${version}.linux-${architecture === "arm" ? "arm-v7" : architecture}`,
    // The name by which docker finds its plugin: https://github.com/docker/buildx#manual-download
    layout: { program: "docker-buildx" },
    path: "",
    program: "docker-buildx",
  },
  buildkit: {
    repository: "moby/buildkit",
    asset: (version, architecture) =>
      `buildkit-v${version}.linux-${architecture === "arm" ? "arm-v7" : architecture}.tar.gz`,
    layout: { folders: ["bin"] },
    path: "bin",
    program: "buildkitd",
  },
  nerdctl: {
    repository: "containerd/nerdctl",
    asset: (version, architecture) =>
      `nerdctl-${version}-linux-${architecture === "arm" ? "arm-v7" : architecture}.tar.gz`,
    layout: { folders: [""] },
    path: "",
    program: "nerdctl",
  },
  "nerdctl-full": {
    repository: "containerd/nerdctl",
    asset: (version, architecture) => `nerdctl-full-${version}-linux-${architecture}.tar.gz`,
    // https://github.com/containerd/nerdctl/blob/main/Dockerfile, stage build-full
    layout: { folders: ["bin", "libexec/cni"] },
    path: "bin",
    program: "nerdctl",
  },
  rootlesskit: {
    repository: "rootless-containers/rootlesskit",
    asset: (_, architecture) => `rootlesskit-${KERNEL_NAMES[architecture] ?? architecture}.tar.gz`,
    layout: { folders: [""] },
    path: "",
    program: "rootlesskit",
  },
  "cni-plugins": {
    repository: "containernetworking/plugins",
    asset: (version, architecture) => `cni-plugins-linux-${architecture}-v${version}.tgz`,
    layout: { folders: [""] },
    path: "",
    program: "bridge",
  },
};

/** `uname -m` where it is not Go's word. */
const KERNEL_NAMES: Readonly<Record<string, string>> = { amd64: "x86_64", arm64: "aarch64", arm: "armv7l" };

/** Node's words for the architectures that Go calls otherwise; Node's ppc64 on Linux is little-endian. */
const GO_NAMES: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386", ppc64: "ppc64le" };

/** @param architecture in Node's words; @returns it in Go's. */
export function goArchitecture(architecture: string): string {
  return GO_NAMES[architecture] ?? architecture;
}

/** The newest version that the catalogue has for the architecture, in Go's words. */
export function newestVersion(
  name: ToolName,
  architecture: string,
  catalogue: Catalogue = CATALOGUE,
): string | undefined {
  const versions = Object.entries(catalogue[name]).filter(([, assets]) => architecture in assets);
  return versions
    .map(([version]) => version)
    .sort(compare)
    .at(-1);
}
