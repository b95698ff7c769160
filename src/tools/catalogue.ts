import compare from "semver/functions/compare.js";
import catalogueJson from "./catalogue.json" with { type: "json" };
import type { ToolName } from "./tool-request.ts";

/** Checksum and size of a published file. */
export interface CatalogueAsset {
  /** In hexadecimal digits. */
  readonly sha256: string;
  /** Bytes. */
  readonly size?: number;
}

/** Tool → version → architecture (Go's name) → file. The values are those that the projects publish. */
export type Catalogue = Readonly<Record<ToolName, Readonly<Record<string, Readonly<Record<string, CatalogueAsset>>>>>>;

/** Rewritten by `.github/scripts/catalogue.ts`. */
export const CATALOGUE: Catalogue = catalogueJson;

/** The names of a tool's release files, and the programs that are extracted from them. */
interface Release {
  /** `owner/name` at github.com. */
  readonly repository: string;
  readonly asset: (version: string, architecture: string) => string;
  /** Either the file is the program itself, or the programs are in folders of a tar.gz (`` is its root). */
  readonly layout: { readonly program: string } | { readonly folders: readonly string[] };
  /** Folder for PATH, relative to the tool's directory. */
  readonly path: string;
  /** A program that `path` must contain; otherwise the release's layout has changed. */
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

/** `uname -m` where it differs from Go's name. */
const KERNEL_NAMES: Readonly<Record<string, string>> = { amd64: "x86_64", arm64: "aarch64", arm: "armv7l" };

/** Node's name → Go's name, where they differ. Node's ppc64 on Linux is little-endian. */
const GO_NAMES: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386", ppc64: "ppc64le" };

/** @param architecture Node's name. @returns Go's name. */
export function goArchitecture(architecture: string): string {
  return GO_NAMES[architecture] ?? architecture;
}

/** The newest version that the catalogue has for the architecture (Go's name). */
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
