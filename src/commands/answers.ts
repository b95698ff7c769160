import lt from "semver/functions/lt.js";
import {
  type Answer,
  type Backend,
  type Delivery,
  type DeliveryKind,
  type Engine,
  type FeatureName,
  type Features,
  isUnsupported,
  type Plan,
  type Unsupported,
  type Way,
  type Words,
} from "../backends/backend.ts";
import { BACKENDS } from "../backends/index.ts";
import { Failure } from "../errors.ts";

/** The input a feature comes from, for messages. */
export const INPUT_OF: Readonly<Record<FeatureName, string>> = {
  builder: "builder",
  builderKeys: "builder-ca, builder-cert, builder-key",
  platforms: "platforms",
  format: "format",
  compression: "compression",
  epoch: "source-date-epoch",
  pull: "pull",
  noCache: "no-cache",
  noCacheFilters: "no-cache-filters",
  cacheFrom: "cache-from",
  cacheTo: "cache-to",
  cache: "cache",
  target: "target",
  buildArgs: "build-args",
  cacheMounts: "build-args",
  contexts: "build-contexts",
  remoteContexts: "build-contexts",
  secrets: "secrets",
  ssh: "ssh",
  labels: "labels",
  annotations: "annotations",
  attests: "provenance, sbom, attests",
  addHosts: "add-hosts",
  network: "network",
  allow: "allow",
  shmSize: "shm-size",
  ulimits: "ulimit",
  cgroupParent: "cgroup-parent",
  strictBase: "dockerfile",
};

/** The input a delivery comes from. */
export const DELIVERY_INPUT: Readonly<Record<DeliveryKind, string>> = {
  push: "push",
  "push-by-digest": "push-by-digest",
  load: "load",
  layout: "output",
  "oci-archive": "output",
  "docker-archive": "output",
};

type Planned = { [F in FeatureName]: readonly [F, Features[F]] }[FeatureName];

/** In the order of the table above, so that the argv never depends on how the plan was put together. */
export function plannedFeatures(plan: Plan): readonly Planned[] {
  const names = Object.keys(INPUT_OF) as readonly FeatureName[];
  return names.flatMap((name) => {
    const value = plan.features[name];
    return value === undefined ? [] : [[name, value] as unknown as Planned];
  });
}

/** Why the backend cannot do it, here; undefined when it can. */
export function refusalOf<F extends FeatureName>(
  backend: Backend,
  name: F,
  value: Features[F],
  engine: Engine,
): string | undefined {
  const said = answer(backend, name, value, engine);
  return isUnsupported(said) ? said.unsupported : undefined;
}

/** What the backend says to a feature, with this engine. */
export function answer<F extends FeatureName>(
  backend: Backend,
  name: F,
  value: Features[F],
  engine: Engine,
): Words | Unsupported {
  const cell: Answer<Features[F]> = backend.features[name];
  if (typeof cell === "function") return cell(value, engine);
  if (isUnsupported(cell)) return cell;
  const found = engine.versions[cell.part];
  if (found !== undefined && lt(found, cell.since)) {
    return { unsupported: `${cell.part} ${found} is too old for it; ${cell.since} is the first that can` };
  }
  return cell.say(value, engine);
}

/** How the backend makes a delivery, with this engine. */
export function deliver<D extends Delivery>(
  backend: Backend,
  delivery: D,
  plan: Plan,
  engine: Engine,
): Way | Unsupported {
  const cell = backend.deliveries[delivery.kind] as (
    delivery: Delivery,
    plan: Plan,
    engine: Engine,
  ) => Way | Unsupported;
  return cell(delivery, plan, engine);
}

/** The other backends that can do it, as far as nobody asks their engines. */
export function whoCan<F extends FeatureName>(name: F, value: Features[F], except: Backend): readonly string[] {
  return BACKENDS.filter(
    (backend) => backend !== except && !isUnsupported(answer(backend, name, value, backend.assumed)),
  ).map((backend) => backend.name);
}

/** A delivery of several platforms, or of attestations, is no advice to use a backend that makes none. */
export function whoDelivers(delivery: Delivery, plan: Plan, except: Backend): readonly string[] {
  const { platforms, attests } = plan.features;
  return BACKENDS.filter(
    (backend) =>
      backend !== except &&
      !isUnsupported(deliver(backend, delivery, plan, backend.assumed)) &&
      (platforms === undefined || refusalOf(backend, "platforms", platforms, backend.assumed) === undefined) &&
      (attests === undefined || refusalOf(backend, "attests", attests, backend.assumed) === undefined),
  ).map((backend) => backend.name);
}

/** One thing that the backend cannot do, and who can: `builder: … (buildctl, nerdctl can)`. */
export function printRefusal(input: string, reason: string, able: readonly string[]): string {
  return `${input}: ${reason} (${able.length === 0 ? "no backend can" : `${able.join(", ")} can`})`;
}

/** The failure of a wish that the backend cannot fulfil. */
export function unsupportedBy({ name }: Backend, refusals: readonly string[]): Failure {
  const message = `the backend ${name} cannot do everything that is asked: ${refusals.join(" · ")}`;
  return new Failure("input", message, { code: "Unsupported", lines: refusals });
}
