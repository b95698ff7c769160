import { builderConfiguration } from "./configuration.ts";
import type { BuilderRequest, NodeRequest } from "./engine.ts";
import { type EngineContext, writeConfiguration } from "./engine-context.ts";

/** What `docker buildx create` is told of one node, besides its name. */
export interface NodeFlags {
  readonly flags: readonly string[];
  /** Milliseconds that it may take. */
  readonly within: number;
  /** Where it is or shall be, for messages: `at …`, `in …`. */
  readonly place: string;
  /** What to do when it cannot be made. */
  readonly hint: string;
}

/** Milliseconds in which buildx can tell what it knows of addresses: a daemon that is silent would be waited for 20 s. */
const TO_NOTE = 8_000;
/** Milliseconds beyond those that a deployment may take to be ready. */
const TO_ASK = 30_000;

/** The container shares the machine's network, as every other engine's steps do: a registry at localhost is reached. */
export async function inContainer(context: EngineContext): Promise<NodeFlags> {
  if (context.request.keepState) context.notes.push("keep-state: a builder in a container of docker keeps nothing");
  const config = await writeConfiguration("builder.toml", builderConfiguration(context.request.settings), context);
  const flags = ["--driver", "docker-container", "--driver-opt", "network=host", "--buildkitd-config", config];
  const hint = "The builder's image comes from docker.io (moby/buildkit); the backend buildctl needs no image.";
  return { flags: [...flags, "--bootstrap"], within: 600_000, place: "in a container", hint };
}

/** A buildkitd that runs. */
export function atAddress(endpoint: string, options: readonly string[] = []): NodeFlags {
  const hint = "Is the address right, the daemon up, and does a firewall let this runner through?";
  return { flags: ["--driver", "remote", ...options, endpoint], within: TO_NOTE, place: `at ${endpoint}`, hint };
}

/** The nodes that somebody asks for; the keys are moved to where they live as long as the builder. */
export async function requestedNodes(
  { nodes, keys }: BuilderRequest,
  context: EngineContext,
): Promise<readonly NodeFlags[]> {
  const certificates = await keepKeys(keys, context);
  const config = nodes.some(({ driver }) => driver === "kubernetes") ? await clusterConfiguration(context) : [];
  return nodes.map((node) => {
    const platforms = node.platforms.length === 0 ? [] : ["--platform", node.platforms.join(",")];
    if (node.endpoint === undefined) return inCluster(node, [...platforms, ...config]);
    // To others no TLS is spoken.
    const own = node.endpoint.startsWith("tcp://") ? certificates : {};
    return atAddress(node.endpoint, [...driverOptions({ ...node.options, ...own }), ...platforms]);
  });
}

function inCluster({ options, readyWithin = 0 }: NodeRequest, more: readonly string[]): NodeFlags {
  return {
    flags: ["--driver", "kubernetes", ...driverOptions(options), ...more, "--bootstrap"],
    within: readyWithin + TO_ASK,
    place: `in the namespace ${options["namespace"] ?? "of the Kubernetes configuration"}`,
    hint: "May this configuration (KUBECONFIG) make Deployments there, and exec? `kubectl describe pods` tells why a pod is not ready: its image (moby/buildkit), what it asks for, or that it is privileged; the option timeout gives it more time than 120 s.",
  };
}

/** None where nothing is to be configured: with one, a ConfigMap has to be made. */
async function clusterConfiguration(context: EngineContext): Promise<readonly string[]> {
  if (context.request.keepState) context.notes.push("keep-state: a builder in a cluster keeps nothing");
  const text = builderConfiguration(context.request.settings);
  return text.trim() === "" ? [] : ["--buildkitd-config", await writeConfiguration("builder.toml", text, context)];
}

/** buildx knows the paths alone, and reads the files each time it connects. Source: https://github.com/docker/buildx/blob/v0.36.1/driver/remote/driver.go */
async function keepKeys(
  keys: BuilderRequest["keys"],
  context: EngineContext,
): Promise<Readonly<Record<string, string>>> {
  const { files } = context.machine;
  const kept = { cacert: keys.ca, cert: keys.cert, key: keys.key };
  const found: Record<string, string> = {};
  for (const [name, path] of Object.entries(kept)) {
    if (path === undefined) continue;
    found[name] = await writeConfiguration(`${name}.pem`, await files.readText(path), context);
  }
  // Left there, a run that is killed would leave them where no next one looks.
  for (const path of Object.values(keys)) await files.remove(path);
  return found;
}

/** `key=value` each, as a field of CSV. */
function driverOptions(options: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    const field = `${name}=${value}`;
    return ["--driver-opt", /[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field];
  });
}
