import { stringify } from "smol-toml";
import { ownValue } from "../values.ts";
import type { EngineSettings } from "./engine.ts";

export type Worker =
  | { readonly kind: "oci"; readonly rootless: boolean; readonly processSandbox: boolean }
  | { readonly kind: "containerd"; readonly address: string; readonly namespace: string };

export interface BuildkitPaths {
  /** Absolute path of the state. */
  readonly root: string;
  /** Absolute directory of sockets. */
  readonly sockets: string;
  /** User id of the socket's owner; default: the daemon's user. */
  readonly owner?: number | undefined;
}

/** buildkitd.toml of a buildkitd that this action starts. Source: https://github.com/moby/buildkit/blob/master/docs/buildkitd.toml.md */
export function buildkitConfiguration(settings: EngineSettings, worker: Worker, paths: BuildkitPaths): string {
  const limits = settings.maxBytes === undefined ? {} : { gc: true, maxUsedSpace: settings.maxBytes };
  // With the machine's network, steps need no bridge, which would have to be removed afterwards.
  const common = { ...limits, networkMode: "host" };
  const oci =
    worker.kind === "oci"
      ? {
          ...{ enabled: true, snapshotter: "auto", rootless: worker.rootless },
          ...{ noProcessSandbox: !worker.processSandbox, ...common },
        }
      : { enabled: false };
  const containerd =
    worker.kind === "containerd"
      ? { enabled: true, address: worker.address, namespace: worker.namespace, ...common }
      : { enabled: false };
  return stringify({
    root: paths.root,
    grpc: {
      address: [`unix://${buildkitSocket(paths)}`],
      // The socket has mode 0660; only root is in group 0.
      ...(paths.owner === undefined ? {} : { uid: paths.owner, gid: 0 }),
    },
    // The default socket is shared by the whole machine.
    otel: { socketPath: `${paths.sockets}/otel.sock` },
    worker: { oci, containerd },
    ...registries(settings),
  });
}

export function buildkitSocket({ sockets }: Pick<BuildkitPaths, "sockets">): string {
  return `${sockets}/buildkitd.sock`;
}

/** buildkitd.toml of a builder that buildx creates, which sets its own paths. */
export function builderConfiguration(settings: EngineSettings): string {
  const limits =
    settings.maxBytes === undefined ? {} : { worker: { oci: { gc: true, maxUsedSpace: settings.maxBytes } } };
  return stringify({ ...limits, ...registries(settings) });
}

function registries({ mirrors, insecure, authorities }: EngineSettings) {
  const hosts = new Set([...Object.keys(mirrors), ...insecure, ...Object.keys(authorities)]);
  if (hosts.size === 0) return {};
  return { registry: Object.fromEntries([...hosts].map((host) => [host, entry(host)])) };

  function entry(host: string) {
    return {
      ...(Object.hasOwn(mirrors, host) ? { mirrors: [...(mirrors[host] ?? [])] } : {}),
      // With both, BuildKit tries TLS without verification and plain HTTP. Source: moby/buildkit util/resolver/resolver.go
      ...(insecure.includes(host) ? { http: true, insecure: true } : {}),
      ...(Object.hasOwn(authorities, host) ? { ca: [...(authorities[host] ?? [])] } : {}),
    };
  }
}

export interface ContainerdPaths {
  readonly root: string;
  readonly sockets: string;
}

export function containerdSocket({ sockets }: Pick<ContainerdPaths, "sockets">): string {
  return `${sockets}/containerd.sock`;
}

/** config.toml of a containerd that only builds. Source: https://github.com/containerd/containerd/blob/main/docs/man/containerd-config.toml.5.md */
export function containerdConfiguration(paths: ContainerdPaths): string {
  return stringify({
    version: 3,
    root: paths.root,
    state: `${paths.sockets}/containerd`,
    // Kubernetes is not used here; `opt` creates /opt/containerd, and `nri` a socket that the whole machine shares.
    disabled_plugins: [
      "io.containerd.grpc.v1.cri",
      "io.containerd.cri.v1.images",
      "io.containerd.cri.v1.runtime",
      "io.containerd.internal.v1.opt",
      "io.containerd.nri.v1.nri",
    ],
    grpc: { address: containerdSocket(paths) },
  });
}

export interface NerdctlPaths extends ContainerdPaths {
  /** Absolute directory of the engine. */
  readonly directory: string;
  readonly namespace: string;
  /** Absolute directory of the CNI plugins, if there is one. */
  readonly cni: string | undefined;
}

/** nerdctl.toml. Source: https://github.com/containerd/nerdctl/blob/main/docs/config.md */
export function nerdctlConfiguration(paths: NerdctlPaths): string {
  return stringify({
    address: `unix://${containerdSocket(paths)}`,
    namespace: paths.namespace,
    data_root: `${paths.directory}/nerdctl`,
    cni_netconfpath: `${paths.directory}/cni`,
    hosts_dir: [`${paths.directory}/certs.d`],
    ...(paths.cni === undefined ? {} : { cni_path: paths.cni }),
  });
}

/**
 * Registry → its hosts.toml, for nerdctl's own pulls and pushes.
 * Source: https://github.com/containerd/containerd/blob/main/docs/hosts.md
 */
export function hostsConfigurations({ mirrors, insecure, authorities }: EngineSettings): ReadonlyMap<string, string> {
  const hosts = new Set([...Object.keys(mirrors), ...insecure, ...Object.keys(authorities)]);
  const tls = (host: string) => ({
    ...(insecure.includes(host) ? { skip_verify: true } : {}),
    ...(Object.hasOwn(authorities, host) ? { ca: [...(authorities[host] ?? [])] } : {}),
  });
  const url = (host: string): string => `${insecure.includes(host) ? "http" : "https"}://${host}`;
  return new Map(
    [...hosts].map((host) => {
      const mirrorHosts = (ownValue(mirrors, host) ?? []).map((mirror) => [
        url(mirror),
        { capabilities: ["pull", "resolve"], ...tls(mirror) },
      ]);
      const registryHost = [url(host), { capabilities: ["pull", "resolve", "push"], ...tls(host) }];
      // The registry of docker.io has another host name; without an entry, containerd uses its default.
      return [
        host,
        stringify({ host: Object.fromEntries(host === "docker.io" ? mirrorHosts : [...mirrorHosts, registryHost]) }),
      ];
    }),
  );
}
