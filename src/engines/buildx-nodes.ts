import { builderConfiguration } from "./configuration.ts";
import type { BuilderRequest, NodeRequest } from "./engine.ts";
import { type EngineContext, writeConfiguration } from "./engine-context.ts";

/** Flags of `docker buildx create` for one node, besides its name. */
export interface NodeFlags {
  readonly flags: readonly string[];
  /** Milliseconds that the command may take. */
  readonly within: number;
  /** Where the node is, for messages: `at …`, `in …`. */
  readonly location: string;
  /** What to do if the node cannot be created. */
  readonly hint: string;
}

/** Milliseconds for creating a remote node; buildx waits 20 s for a daemon that does not answer. */
const REMOTE_TIMEOUT = 8_000;
/** Milliseconds for creating a deployment, besides the time until it is ready. */
const DEPLOYMENT_TIMEOUT = 30_000;

/** A node in a container that shares the machine's network, as the steps of all engines do: a registry at localhost can be reached. */
export async function inContainer(context: EngineContext): Promise<NodeFlags> {
  if (context.request.keepState) context.notes.push("keep-state: no effect for a builder in a docker container");
  const config = await writeConfiguration("builder.toml", builderConfiguration(context.request.settings), context);
  const flags = ["--driver", "docker-container", "--driver-opt", "network=host", "--buildkitd-config", config];
  const hint = "The builder's image comes from docker.io (moby/buildkit); the backend buildctl needs no image.";
  return { flags: [...flags, "--bootstrap"], within: 600_000, location: "in a container", hint };
}

/** A node at the address of a running buildkitd. */
export function atAddress(endpoint: string, options: readonly string[] = []): NodeFlags {
  const hint = "Check that the address is correct, that the daemon runs, and that no firewall blocks this runner.";
  return {
    flags: ["--driver", "remote", ...options, endpoint],
    within: REMOTE_TIMEOUT,
    location: `at ${endpoint}`,
    hint,
  };
}

/** The nodes that the user requests. The keys are moved to the engine's directory, so that they exist as long as the builder. */
export async function requestedNodes(
  { nodes, keys }: BuilderRequest,
  context: EngineContext,
): Promise<readonly NodeFlags[]> {
  const certificates = await copyKeys(keys, context);
  const config = nodes.some(({ driver }) => driver === "kubernetes") ? await clusterConfiguration(context) : [];
  return nodes.map((node) => {
    const platforms = node.platforms.length === 0 ? [] : ["--platform", node.platforms.join(",")];
    if (node.endpoint === undefined) return inCluster(node, [...platforms, ...config]);
    // Other addresses do not use TLS.
    const tls = node.endpoint.startsWith("tcp://") ? certificates : {};
    return atAddress(node.endpoint, [...driverOptions({ ...node.options, ...tls }), ...platforms]);
  });
}

function inCluster({ options, readyWithin = 0 }: NodeRequest, more: readonly string[]): NodeFlags {
  return {
    flags: ["--driver", "kubernetes", ...driverOptions(options), ...more, "--bootstrap"],
    within: readyWithin + DEPLOYMENT_TIMEOUT,
    location: `in the namespace ${options["namespace"] ?? "of the Kubernetes configuration"}`,
    hint: "Check that this configuration (KUBECONFIG) may create Deployments there and exec into pods. `kubectl describe pods` shows why a pod is not ready: its image (moby/buildkit), its resource requests, or that it is privileged. The option timeout gives it more than 120 s.",
  };
}

/** No flags without settings, because a configuration requires a ConfigMap in the cluster. */
async function clusterConfiguration(context: EngineContext): Promise<readonly string[]> {
  if (context.request.keepState) context.notes.push("keep-state: no effect for a builder in a cluster");
  const text = builderConfiguration(context.request.settings);
  return text.trim() === "" ? [] : ["--buildkitd-config", await writeConfiguration("builder.toml", text, context)];
}

/** buildx stores only the paths, and reads the files each time it connects. Source: https://github.com/docker/buildx/blob/v0.36.1/driver/remote/driver.go */
async function copyKeys(
  keys: BuilderRequest["keys"],
  context: EngineContext,
): Promise<Readonly<Record<string, string>>> {
  const { files } = context.machine;
  const sources = { cacert: keys.ca, cert: keys.cert, key: keys.key };
  const copies: Record<string, string> = {};
  for (const [name, path] of Object.entries(sources)) {
    if (path === undefined) continue;
    copies[name] = await writeConfiguration(`${name}.pem`, await files.readText(path), context);
  }
  // The originals are removed now: after a kill, no later run would find them.
  for (const path of Object.values(keys)) await files.remove(path);
  return copies;
}

/** One `key=value` per option, quoted as a CSV field where necessary. */
function driverOptions(options: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    const field = `${name}=${value}`;
    return ["--driver-opt", /[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field];
  });
}
