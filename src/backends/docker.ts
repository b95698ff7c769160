import { Failure } from "../errors.ts";
import type { Captured } from "../machine/machine.ts";
import { type Platform, parsePlatform } from "../oci/platform.ts";
import { parseJson } from "../text/json.ts";
import type { NonEmpty } from "../values.ts";
import {
  type Backend,
  type Build,
  type BuildInvocation,
  type DeliverySteps,
  type Engine,
  type Plan,
  type Render,
  type Unsupported,
  unsupported,
} from "./backend.ts";
import { BUILDKIT_DIALECT, fileDeliveries, joinNames, uploadByDigest } from "./buildkit.ts";
import { CACHED_STEP } from "./buildkit-cache.ts";
import { assembleBuildx, buildxFeatures, DOCKER_OVERRIDES, missingBuildx } from "./buildx-build.ts";
import { wants } from "./deliveries.ts";
import { lastLines } from "./last-lines.ts";
import { has, versionsOf } from "./versions.ts";

/** `docker info --format '{{json .}}'`, the parts that decide. Source: https://docs.docker.com/reference/api/engine/ (System). */
interface DockerInfo {
  readonly ServerVersion?: string;
  readonly OSType?: string;
  readonly Architecture?: string;
  readonly DriverStatus?: readonly (readonly string[])[] | null;
  readonly ServerErrors?: readonly string[];
  readonly ClientInfo?: {
    readonly Context?: string;
    readonly Plugins?: readonly { readonly Name: string; readonly Version?: string }[] | null;
  };
  /** Only podman's answer has it. */
  readonly host?: object;
}

function parseInfo(answer: Captured | undefined): DockerInfo {
  const parsed = parseJson(answer?.stdout ?? "");
  return typeof parsed === "object" && parsed !== null ? parsed : {};
}

/** The daemon keeps images in containerd when its storage driver is a snapshotter; the version alone does not tell. */
function storeOf(info: DockerInfo): "containerd" | "classic" {
  const status = info.DriverStatus ?? [];
  return status.some((pair) => pair.join(" ").includes("io.containerd.snapshotter.v1")) ? "containerd" : "classic";
}

/** With the containerd store, daemons before 29.1 refuse to rewrite file times even with unpack=false (moby/moby b4f9bd1cb3). */
const REWRITES_SINCE = "29.1.0";

const CLASSIC_NOTE =
  "This docker daemon keeps images in its classic store, which makes layers of its own: what it builds has another digest than that of other backends. The containerd image store or the backend buildx gives the same digest everywhere.";

function readEngine([answer]: readonly Captured[]): Engine {
  const info = parseInfo(answer);
  if (info.host !== undefined) {
    throw new Failure("tool", "the program docker on this machine is podman", {
      hint: "Use the backend podman; it is the same engine without the disguise.",
    });
  }
  if (info.ServerVersion === undefined || info.ServerVersion === "") {
    throw new Failure("engine", "the docker daemon cannot be reached", {
      lines: info.ServerErrors ?? (answer === undefined ? [] : lastLines(answer)),
      hint: "Start the daemon, or let this user use its socket (group docker), or choose the backend podman, buildah or buildctl.",
    });
  }
  const plugin = info.ClientInfo?.Plugins?.find(({ Name }) => Name === "buildx");
  if (plugin === undefined) throw missingBuildx(undefined);
  const store = storeOf(info);
  const versions = versionsOf({ docker: info.ServerVersion, buildx: plugin.Version });
  if (store === "containerd" && !has({ versions }, "docker", REWRITES_SINCE)) {
    throw new Failure(
      "tool",
      `docker ${info.ServerVersion} cannot rewrite file times with the containerd image store`,
      {
        hint: `Use the backend buildx with a docker-container builder, or docker ${REWRITES_SINCE} or newer.`,
      },
    );
  }
  return {
    versions,
    store,
    // The docker driver's builder has the name of the docker context it belongs to.
    builder: info.ClientInfo?.Context ?? "default",
    ...platformOf(info),
    // Docker Desktop's daemon is in a machine of its own, with emulators.
    ...(info.ClientInfo?.Context === "default" ? { emulation: "kernel" as const } : {}),
    ...(store === "classic" ? { notes: [CLASSIC_NOTE] } : {}),
  };
}

function platformOf({ OSType, Architecture }: DockerInfo): { readonly platform?: Platform } {
  return OSType === undefined || Architecture === undefined
    ? {}
    : { platform: parsePlatform(`${OSType}/${Architecture}`) };
}

/**
 * The classic store's exporter knows names and push only. The other unpacks what it stores, and BuildKit refuses to
 * rewrite file times then; without it the image is unpacked when it is first run.
 */
function image(plan: Plan, engine: Engine, more: Readonly<Record<string, string>> = {}): DeliverySteps {
  const unpack = engine.store === "classic" ? {} : { unpack: "false" };
  return { exporters: [{ type: "image", attributes: { name: joinNames(plan.references), ...more, ...unpack } }] };
}

function onContainerd<D>(deliver: (delivery: D, plan: Plan) => DeliverySteps | Unsupported) {
  return (delivery: D, plan: Plan, engine: Engine) =>
    engine.store === "classic" ? unsupported(CLASSIC_LIMIT) : deliver(delivery, plan);
}

const CLASSIC_ATTRIBUTES = new Set(["name", "push", "dest"]);

/** The classic store ignores or refuses what it does not know, and without a push its "digest" is the config's. */
function assemble(invocation: BuildInvocation): NonEmpty<Build> {
  if (invocation.engine.store !== "classic") return assembleBuildx(invocation);
  const exporters = invocation.exporters.map(({ type, attributes }) => ({
    type,
    attributes: Object.fromEntries(Object.entries(attributes).filter(([key]) => CLASSIC_ATTRIBUTES.has(key))),
  }));
  const [{ command, evidence }] = assembleBuildx({ ...invocation, exporters });
  const trusted = evidence.map((item) =>
    item.kind === "metadata" && !wants(invocation.plan, "push") ? { ...item, trust: "config" as const } : item,
  );
  return [{ command, evidence: trusted }];
}

const CLASSIC_LIMIT =
  "the classic image store of this docker daemon cannot do it; switch it to the containerd image store";

function notOnClassic<V>(render: Render<V>): Render<V> {
  return (given, engine, features) =>
    engine.store === "classic" ? unsupported(CLASSIC_LIMIT) : render(given, engine, features);
}

export const docker: Backend = {
  name: "docker",
  tool: "docker",
  title: "the docker daemon itself (docker driver of buildx)",
  isCandidate: (builder) => builder === undefined,
  requires: [
    { component: "docker", minimum: "23.0.0", because: "BuildKit is the daemon's builder from then on" },
    {
      component: "buildx",
      minimum: "0.13.0",
      because: "several outputs of one build and named contexts work from then on",
    },
  ],
  installs: false,
  programs: { "docker-buildx": "buildx" },
  addresses: [],
  overrides: DOCKER_OVERRIDES,
  dialect: BUILDKIT_DIALECT,
  layers: "per-step",
  cachedStep: CACHED_STEP,
  questions: () => [{ args: ["info", "--format", "{{json .}}"] }],
  readEngine,
  assumed: { versions: {}, store: "containerd", builder: "default" },
  features: {
    ...buildxFeatures,
    builder: unsupported("docker always builds in its own daemon"),
    builderKeys: unsupported("docker always builds in its own daemon"),
    platforms: (platforms, engine) =>
      engine.store === "classic" && platforms.length > 1
        ? unsupported(CLASSIC_LIMIT)
        : buildxFeatures.platforms(platforms),
    // Only the cache that lies in the image itself can leave the daemon.
    cacheTo: (caches, engine, features) =>
      engine.store === "classic" && caches.some((cache) => !/^(?:.*,)?type=inline\b/.test(cache))
        ? unsupported(CLASSIC_LIMIT)
        : buildxFeatures.cacheTo(caches, engine, features),
    cache: (cache, engine, features) =>
      engine.store === "classic" && cache.write && cache.kind !== "inline"
        ? unsupported(CLASSIC_LIMIT)
        : buildxFeatures.cache(cache, engine, features),
    annotations: notOnClassic(buildxFeatures.annotations),
    attests: notOnClassic(buildxFeatures.attests),
    compression: (given, engine) =>
      engine.store === "classic" && given.format !== "gzip"
        ? unsupported(CLASSIC_LIMIT)
        : buildxFeatures.compression(given),
  },
  deliveries: {
    ...fileDeliveries,
    layout: onContainerd(fileDeliveries.layout),
    "oci-archive": onContainerd(fileDeliveries["oci-archive"]),
    "docker-archive": onContainerd(fileDeliveries["docker-archive"]),
    push: (_, plan, engine) => image(plan, engine, { push: "true" }),
    // Refused in every store: "push-by-digest is currently not implemented for docker driver" (docker/buildx, build/opt.go).
    "push-by-digest": onContainerd((_, plan) => uploadByDigest(plan)),
    // A pushed image stays in the daemon's store too.
    load: (_, plan, engine) => (wants(plan, "push") ? {} : image(plan, engine)),
  },
  assemble,
};
