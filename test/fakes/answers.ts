/** What the six tools answer to the probes, in the shape that docker 29.8, buildx 0.36, podman 5, buildah 1.43, nerdctl 2.3 and BuildKit 0.33 gave. */
export interface Answer {
  readonly code: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

interface DockerFacts {
  readonly server?: string;
  /** `null`: there is no such plugin. */
  readonly buildx?: string | null;
  readonly classic?: boolean;
}

export function dockerInfo({ server = "29.8.0", buildx = "v0.36.1", classic = false }: DockerFacts = {}): Answer {
  const plugins = buildx === null ? [] : [{ SchemaVersion: "0.1.0", Name: "buildx", Version: buildx }];
  const info = {
    ID: "6645c62a-cdb2-4d98-a445-e515727858e6",
    Driver: classic ? "overlay2" : "overlayfs",
    DriverStatus: classic ? [["Backing Filesystem", "extfs"]] : [["driver-type", "io.containerd.snapshotter.v1"]],
    OSType: "linux",
    Architecture: "x86_64",
    ServerVersion: server,
    ClientInfo: { Version: "29.7.2", Context: "default", Plugins: plugins },
  };
  return { code: 0, stdout: JSON.stringify(info) };
}

/** The client prints its half even when nobody listens at the socket. */
export const dockerWithoutDaemon: Answer = {
  code: 1,
  stdout: JSON.stringify({ ServerVersion: "", ClientInfo: { Context: "default", Plugins: [{ Name: "buildx" }] } }),
  stderr:
    "failed to connect to the docker API at unix:///nope; check if the path is correct and if the daemon is running: dial unix /nope: connect: no such file or directory",
};

export function podmanInfo(version = "5.7.0", buildahVersion = "1.42.0"): Answer {
  const host = { arch: "amd64", os: "linux", buildahVersion };
  return { code: 0, stdout: JSON.stringify({ host, version: { Version: version } }, null, 2) };
}

const INSPECT = `Name:          lab
Driver:        docker-container
Last Activity: 2026-11-21 03:49:17 +0000 UTC

Nodes:
Name:                  lab0
Endpoint:              unix:///run/docker.sock
Status:                running
BuildKit version:      v0.33.0
Platforms:             linux/amd64, linux/amd64/v2, linux/arm64, linux/386
`;

/** The current builder where nobody made one. */
export const dockerDriver: Answer = {
  code: 0,
  stdout: `Name:   default
Driver: docker

Nodes:
Name:             default
Endpoint:         default
Status:           running
BuildKit version: v0.33.0
Platforms:        linux/amd64, linux/amd64/v2
`,
};

/** The same without a daemon: buildx exits with 0. */
export const dockerDriverWithoutDaemon: Answer = {
  code: 0,
  stdout: `Name:   default
Driver: \nError:  failed to connect to the docker API at unix:///nope; check if the path is correct
`,
};

const WORKER = {
  id: "wu4054361p6idchsq3lbr5j4e",
  platforms: [
    { architecture: "amd64", os: "linux" },
    { architecture: "amd64", os: "linux", variant: "v2" },
    { architecture: "arm64", os: "linux" },
  ],
  buildkitVersion: { package: "github.com/moby/buildkit", version: "v0.33.0" },
};

/** By the first words of the command line; the longest that fits is given. */
export type Answers = Readonly<Record<string, Answer>>;

export const HEALTHY: Answers = {
  "docker info": dockerInfo(),
  "docker buildx version": { code: 0, stdout: "github.com/docker/buildx v0.36.1 \n" },
  "docker buildx inspect": { code: 0, stdout: INSPECT },
  "podman info": podmanInfo(),
  "buildah version": { code: 0, stdout: JSON.stringify({ version: "1.43.2", buildPlatform: "linux/amd64" }) },
  "nerdctl version": {
    code: 0,
    stdout: JSON.stringify({ Client: { Version: "v2.3.5", Components: [] }, Server: { Components: [] } }),
  },
  "buildctl debug workers": { code: 0, stdout: JSON.stringify([WORKER]) },
  "buildctl debug info": { code: 0, stdout: JSON.stringify({ buildkitVersion: WORKER.buildkitVersion }) },
};
