import lt from "semver/functions/lt.js";
import {
  type Answer,
  type Backend,
  type Delivery,
  type DeliveryKind,
  type DeliverySteps,
  type Engine,
  type FeatureName,
  type Features,
  type Flags,
  isUnsupported,
  type NoFlag,
  type Plan,
  type SinceVersion,
  type Unsupported,
} from "../backends/backend.ts";
import { BACKENDS } from "../backends/index.ts";
import { Failure } from "../errors.ts";
import { type Construct, type Dialect, readsOf } from "../recipe/dialect.ts";

/** The input that sets a feature, for messages. */
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
  registryMirrors: "registry-mirrors",
  insecureRegistries: "insecure-registries",
  registryAuthorities: "registry-authorities",
};

/** The input that requests a delivery. */
export const DELIVERY_INPUT: Readonly<Record<DeliveryKind, string>> = {
  push: "push",
  "push-by-digest": "push-by-digest",
  load: "load",
  layout: "output",
  "oci-archive": "output",
  "docker-archive": "output",
};

type Planned = { [F in FeatureName]: readonly [F, Features[F]] }[FeatureName];

/** The features in the order of `INPUT_OF`, so that the argv does not depend on how the plan was created. */
export function plannedFeatures(features: Readonly<Partial<Features>>): readonly Planned[] {
  const names = Object.keys(INPUT_OF) as readonly FeatureName[];
  return names.flatMap((name) => {
    const value = features[name];
    return value === undefined ? [] : [[name, value] as unknown as Planned];
  });
}

/** The known features of the same plan. */
type Others = Readonly<Partial<Features>>;

/** Why the backend does not support the feature with this engine; undefined if it does. */
export function refusalOf<F extends FeatureName>(
  backend: Backend,
  name: F,
  value: Features[F],
  engine: Engine,
  others: Others,
): string | undefined {
  const found = answer(backend, name, value, engine, others);
  return isUnsupported(found) ? found.unsupported : undefined;
}

/** The backend's answer to a feature, with this engine. */
export function answer<F extends FeatureName>(
  backend: Backend,
  name: F,
  value: Features[F],
  engine: Engine,
  others: Others,
): Flags | NoFlag | Unsupported {
  const cell: Cell<Features[F]> = backend.features[name];
  if (typeof cell === "function") return cell(value, engine, others);
  if (!("render" in cell)) return cell;
  return tooOld(cell, engine) ?? cell.render(value, engine, others);
}

/** A cell of a backend's feature table. */
type Cell<V> = Answer<V> | Unsupported;

function tooOld({ component, since }: SinceVersion, { versions }: Engine): Unsupported | undefined {
  const found = versions[component];
  if (found === undefined || !lt(found, since)) return undefined;
  return { unsupported: `${component} ${found} is too old for it; ${since} or later is needed` };
}

/** Why the backend does not read the construct in a Dockerfile, with this engine; undefined if it does. */
export function constructRefusalOf({ dialect }: Backend, construct: Construct, engine: Engine): string | undefined {
  const reading = dialect[construct];
  if (reading === "read") return undefined;
  return isUnsupported(reading) ? reading.unsupported : tooOld(reading, engine)?.unsupported;
}

/** The Dockerfile constructs that the backend reads, with this engine. */
export function dialectOf(backend: Backend, engine: Engine): Dialect {
  return {
    reads: readsOf((construct) => constructRefusalOf(backend, construct, engine) === undefined),
    layers: backend.layers,
  };
}

/** How the backend makes a delivery, with this engine. */
export function deliver<D extends Delivery>(
  backend: Backend,
  delivery: D,
  plan: Plan,
  engine: Engine,
): DeliverySteps | Unsupported {
  const cell = backend.deliveries[delivery.kind] as (
    delivery: Delivery,
    plan: Plan,
    engine: Engine,
  ) => DeliverySteps | Unsupported;
  return cell(delivery, plan, engine);
}

/** The other backends that support the feature, assuming the newest engines: theirs are not queried. */
export function backendsSupporting<F extends FeatureName>(
  name: F,
  value: Features[F],
  others: Others,
  except: Backend,
): readonly string[] {
  return namesOf(except, (backend) => refusalOf(backend, name, value, backend.assumed, others) === undefined);
}

/** The other backends that read the construct in a Dockerfile, assuming the newest engines. */
export function backendsReading(construct: Construct, except: Backend): readonly string[] {
  return namesOf(except, (backend) => constructRefusalOf(backend, construct, backend.assumed) === undefined);
}

function namesOf(except: Backend, isSupported: (backend: Backend) => boolean): readonly string[] {
  return BACKENDS.filter((backend) => backend !== except && isSupported(backend)).map(({ name }) => name);
}

/** The other backends that support the delivery, together with the plan's platforms and attestations. */
export function backendsDelivering(delivery: Delivery, plan: Plan, except: Backend): readonly string[] {
  const { features } = plan;
  const { platforms, attests } = features;
  return namesOf(
    except,
    (backend) =>
      !isUnsupported(deliver(backend, delivery, plan, backend.assumed)) &&
      (platforms === undefined ||
        refusalOf(backend, "platforms", platforms, backend.assumed, features) === undefined) &&
      (attests === undefined || refusalOf(backend, "attests", attests, backend.assumed, features) === undefined),
  );
}

/** One refusal, with the backends that support it: `builder: … (buildctl, nerdctl can)`. */
export function printRefusal(input: string, reason: string, supporting: readonly string[]): string {
  return `${input}: ${reason} (${supporting.length === 0 ? "no backend can" : `${supporting.join(", ")} can`})`;
}

/** The failure for features that the backend does not support. */
export function unsupportedBy({ name }: Backend, refusals: readonly string[]): Failure {
  const message = `the backend ${name} does not support everything that is requested: ${refusals.join(" · ")}`;
  return new Failure("input", message, { code: "Unsupported", lines: refusals });
}
