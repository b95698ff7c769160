import { stringify } from "smol-toml";
import { ownValue } from "../values.ts";
import type { EngineSettings } from "./engine.ts";

export type Worker =
  | { readonly kind: "oci"; readonly rootless: boolean; readonly processSandbox: boolean }
  | { readonly kind: "containerd"; readonly address: string; readonly namespace: string };

export interface BuildkitPlaces {
  /** Absolute path of the state. */
  readonly root: string;
  /** Absolute directory of sockets. */
  readonly sockets: string;
  /** The user id whose the socket is, besides root's; the daemon's own when left out. */
  readonly owner?: number | undefined;
}

/** buildkitd.toml of a buildkitd of ours. Source: https://github.com/moby/buildkit/blob/master/docs/buildkitd.toml.md */
export function buildkitConfiguration(settings: EngineSettings, worker: Worker, places: BuildkitPlaces): string {
  const limits = settings.maxBytes === undefined ? {} : { gc: true, maxUsedSpace: settings.maxBytes };
  // Without a network of its own for each step, no bridge is made that somebody would have to remove.
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
    root: places.root,
    grpc: {
      address: [`unix://${buildkitSocket(places)}`],
      // Mode 0660: nobody is in root's group who is not root.
      ...(places.owner === undefined ? {} : { uid: places.owner, gid: 0 }),
    },
    // The default is one socket for all of the machine.
    otel: { socketPath: `${places.sockets}/otel.sock` },
    worker: { oci, containerd },
    ...registries(settings),
  });
}

export function buildkitSocket({ sockets }: Pick<BuildkitPlaces, "sockets">): string {
  return `${sockets}/buildkitd.sock`;
}

/** buildkitd.toml of a builder that has its own places, as buildx makes it. */
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
      // Both: TLS that is not checked is tried, and plain HTTP. Source: moby/buildkit util/resolver/resolver.go
      ...(insecure.includes(host) ? { http: true, insecure: true } : {}),
      ...(Object.hasOwn(authorities, host) ? { ca: [...(authorities[host] ?? [])] } : {}),
    };
  }
}

export interface ContainerdPlaces {
  readonly root: string;
  readonly sockets: string;
}

export function containerdSocket({ sockets }: Pick<ContainerdPlaces, "sockets">): string {
  return `${sockets}/containerd.sock`;
}

/** config.toml of a containerd that only builds. Source: https://github.com/containerd/containerd/blob/main/docs/man/containerd-config.toml.5.md */
export function containerdConfiguration(places: ContainerdPlaces): string {
  return stringify({
    version: 3,
    root: places.root,
    state: `${places.sockets}/containerd`,
    // Kubernetes has no business here; `opt` makes /opt/containerd, and `nri` a socket that is shared by the machine.
    disabled_plugins: [
      "io.containerd.grpc.v1.cri",
      "io.containerd.cri.v1.images",
      "io.containerd.cri.v1.runtime",
      "io.containerd.internal.v1.opt",
      "io.containerd.nri.v1.nri",
    ],
    grpc: { address: containerdSocket(places) },
  });
}

export interface NerdctlPlaces extends ContainerdPlaces {
  /** Absolute directory of the engine. */
  readonly directory: string;
  readonly namespace: string;
  /** Absolute directory of CNI's programs, where there is one. */
  readonly cni: string | undefined;
}

/** nerdctl.toml. Source: https://github.com/containerd/nerdctl/blob/main/docs/config.md */
export function nerdctlConfiguration(places: NerdctlPlaces): string {
  return stringify({
    address: `unix://${containerdSocket(places)}`,
    namespace: places.namespace,
    data_root: `${places.directory}/nerdctl`,
    cni_netconfpath: `${places.directory}/cni`,
    hosts_dir: [`${places.directory}/certs.d`],
    ...(places.cni === undefined ? {} : { cni_path: places.cni }),
  });
}

/**
 * Registry → its hosts.toml, for what nerdctl pulls and pushes itself.
 * Source: https://github.com/containerd/containerd/blob/main/docs/hosts.md
 */
export function hostsConfigurations({ mirrors, insecure, authorities }: EngineSettings): ReadonlyMap<string, string> {
  const hosts = new Set([...Object.keys(mirrors), ...insecure, ...Object.keys(authorities)]);
  const how = (host: string) => ({
    ...(insecure.includes(host) ? { skip_verify: true } : {}),
    ...(Object.hasOwn(authorities, host) ? { ca: [...(authorities[host] ?? [])] } : {}),
  });
  const url = (host: string): string => `${insecure.includes(host) ? "http" : "https"}://${host}`;
  return new Map(
    [...hosts].map((host) => {
      const via = (ownValue(mirrors, host) ?? []).map((mirror) => [
        url(mirror),
        { capabilities: ["pull", "resolve"], ...how(mirror) },
      ]);
      const own = [url(host), { capabilities: ["pull", "resolve", "push"], ...how(host) }];
      // docker.io is not the name of docker.io's registry; what is not said here is containerd's default.
      return [host, stringify({ host: Object.fromEntries(host === "docker.io" ? via : [...via, own]) })];
    }),
  );
}
