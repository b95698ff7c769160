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
import { assembleBuildx, buildxFeatures, DOCKER_OVERRIDES, missingBuildx, podmanAsDocker } from "./buildx-build.ts";
import { includesDelivery } from "./deliveries.ts";
import { lastLines } from "./last-lines.ts";
import { isAtLeast, versionsOf } from "./versions.ts";

/** The fields of `docker info --format '{{json .}}'` that are read. Source: https://docs.docker.com/reference/api/engine/ (System). */
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
  /** Present only in podman's answer. */
  readonly host?: object;
}

function parseInfo(answer: Captured | undefined): DockerInfo {
  const parsed = parseJson(answer?.stdout ?? "");
  return typeof parsed === "object" && parsed !== null ? parsed : {};
}

/** The daemon stores images in containerd if its storage driver is a snapshotter; the version does not show it. */
function storeOf(info: DockerInfo): "containerd" | "classic" {
  const status = info.DriverStatus ?? [];
  return status.some((pair) => pair.join(" ").includes("io.containerd.snapshotter.v1")) ? "containerd" : "classic";
}

/** With the containerd store, daemons before 29.1 refuse to rewrite file times even with unpack=false (moby/moby b4f9bd1cb3). */
const REWRITES_SINCE = "29.1.0";

const CLASSIC_NOTE =
  "This docker daemon uses the classic image store, which creates its own layers: its images have other digests than those of other backends. The containerd image store and the backend buildx give the same digest everywhere.";

function readEngine([answer]: readonly Captured[]): Engine {
  const info = parseInfo(answer);
  if (info.host !== undefined) {
    throw podmanAsDocker();
  }
  if (info.ServerVersion === undefined || info.ServerVersion === "") {
    throw new Failure("engine", "the docker daemon cannot be reached", {
      lines: info.ServerErrors ?? (answer === undefined ? [] : lastLines(answer)),
      hint: "Start the daemon, give this user access to its socket (group docker), or choose the backend podman, buildah or buildctl.",
    });
  }
  const plugin = info.ClientInfo?.Plugins?.find(({ Name }) => Name === "buildx");
  if (plugin === undefined) throw missingBuildx(undefined);
  const store = storeOf(info);
  const versions = versionsOf({ docker: info.ServerVersion, buildx: plugin.Version });
  if (store === "containerd" && !isAtLeast({ versions }, "docker", REWRITES_SINCE)) {
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
    // The docker driver's builder has the name of its docker context.
    builder: info.ClientInfo?.Context ?? "default",
    ...platformOf(info),
    // Docker Desktop's daemon runs in a virtual machine with its own emulators.
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
 * The classic store's exporter supports only names and push. The containerd store would unpack the image, and BuildKit then
 * refuses to rewrite file times; with `unpack=false` the image is unpacked when it first runs.
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

/**
 * The classic store ignores or refuses unknown attributes, so they are removed. Without a push, the digest that it reports is
 * the config's.
 */
function assemble(invocation: BuildInvocation): NonEmpty<Build> {
  if (invocation.engine.store !== "classic") return assembleBuildx(invocation);
  const exporters = invocation.exporters.map(({ type, attributes }) => ({
    type,
    attributes: Object.fromEntries(Object.entries(attributes).filter(([key]) => CLASSIC_ATTRIBUTES.has(key))),
  }));
  const [{ command, evidence }] = assembleBuildx({ ...invocation, exporters });
  const trusted = evidence.map((item) =>
    item.kind === "metadata" && !includesDelivery(invocation.plan, "push")
      ? { ...item, trust: "config" as const }
      : item,
  );
  return [{ command, evidence: trusted }];
}

const CLASSIC_LIMIT =
  "the classic image store of this docker daemon does not support it; switch the daemon to the containerd image store";

function notOnClassic<V>(render: Render<V>): Render<V> {
  return (given, engine, features) =>
    engine.store === "classic" ? unsupported(CLASSIC_LIMIT) : render(given, engine, features);
}

export const docker: Backend = {
  name: "docker",
  tool: "docker",
  stores: ["docker"],
  client: "docker",
  title: "the docker daemon itself (docker driver of buildx)",
  isCandidate: (builder) => builder === undefined,
  requires: [
    { component: "docker", minimum: "23.0.0", because: "needed for BuildKit as the daemon's default builder" },
    {
      component: "buildx",
      minimum: "0.13.0",
      because: "needed for several outputs of one build and for named contexts",
    },
  ],
  installs: false,
  programs: { "docker-buildx": "buildx" },
  provides: { kind: "nothing" },
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
    // The classic store can export only the inline cache, which is inside the image.
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
    // buildx refuses it in every store: "push-by-digest is currently not implemented for docker driver" (docker/buildx, build/opt.go).
    "push-by-digest": onContainerd((_, plan) => uploadByDigest(plan)),
    // A pushed image is also in the daemon's store.
    load: (_, plan, engine) => (includesDelivery(plan, "push") ? {} : image(plan, engine)),
  },
  assemble,
};
