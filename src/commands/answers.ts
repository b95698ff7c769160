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
  registryMirrors: "registry-mirrors",
  insecureRegistries: "insecure-registries",
  registryAuthorities: "registry-authorities",
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
export function plannedFeatures(features: Readonly<Partial<Features>>): readonly Planned[] {
  const names = Object.keys(INPUT_OF) as readonly FeatureName[];
  return names.flatMap((name) => {
    const value = features[name];
    return value === undefined ? [] : [[name, value] as unknown as Planned];
  });
}

/** The other features that are asked for, as far as they are known. */
type Others = Readonly<Partial<Features>>;

/** Why the backend cannot do it, here; undefined when it can. */
export function refusalOf<F extends FeatureName>(
  backend: Backend,
  name: F,
  value: Features[F],
  engine: Engine,
  others: Others,
): string | undefined {
  const said = answer(backend, name, value, engine, others);
  return isUnsupported(said) ? said.unsupported : undefined;
}

/** What the backend says to a feature, with this engine. */
export function answer<F extends FeatureName>(
  backend: Backend,
  name: F,
  value: Features[F],
  engine: Engine,
  others: Others,
): Flags | NoFlag | Unsupported {
  const cell: Answers<Features[F]> = backend.features[name];
  if (typeof cell === "function") return cell(value, engine, others);
  if (!("render" in cell)) return cell;
  return tooOld(cell, engine) ?? cell.render(value, engine, others);
}

type Answers<V> = Answer<V> | Unsupported;

function tooOld({ component, since }: SinceVersion, { versions }: Engine): Unsupported | undefined {
  const found = versions[component];
  if (found === undefined || !lt(found, since)) return undefined;
  return { unsupported: `${component} ${found} is too old for it; ${since} is the first that can` };
}

/** Why the backend does not read it in a Dockerfile, with this engine; undefined when it does. */
export function unreadBy({ dialect }: Backend, construct: Construct, engine: Engine): string | undefined {
  const reading = dialect[construct];
  if (reading === "read") return undefined;
  return isUnsupported(reading) ? reading.unsupported : tooOld(reading, engine)?.unsupported;
}

/** The Dockerfiles that the backend reads, with this engine. */
export function dialectOf(backend: Backend, engine: Engine): Dialect {
  return {
    reads: readsOf((construct) => unreadBy(backend, construct, engine) === undefined),
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

/** The other backends that can do it, as far as nobody asks their engines. */
export function whoCan<F extends FeatureName>(
  name: F,
  value: Features[F],
  others: Others,
  except: Backend,
): readonly string[] {
  return namesOf(except, (backend) => refusalOf(backend, name, value, backend.assumed, others) === undefined);
}

/** The other backends that read it in a Dockerfile, as far as nobody asks their engines. */
export function whoReads(construct: Construct, except: Backend): readonly string[] {
  return namesOf(except, (backend) => unreadBy(backend, construct, backend.assumed) === undefined);
}

function namesOf(except: Backend, isAble: (backend: Backend) => boolean): readonly string[] {
  return BACKENDS.filter((backend) => backend !== except && isAble(backend)).map(({ name }) => name);
}

/** A delivery of several platforms, or of attestations, is no advice to use a backend that makes none. */
export function whoDelivers(delivery: Delivery, plan: Plan, except: Backend): readonly string[] {
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

/** One thing that the backend cannot do, and who can: `builder: … (buildctl, nerdctl can)`. */
export function printRefusal(input: string, reason: string, able: readonly string[]): string {
  return `${input}: ${reason} (${able.length === 0 ? "no backend can" : `${able.join(", ")} can`})`;
}

/** The failure of a wish that the backend cannot fulfil. */
export function unsupportedBy({ name }: Backend, refusals: readonly string[]): Failure {
  const message = `the backend ${name} cannot do everything that is asked: ${refusals.join(" · ")}`;
  return new Failure("input", message, { code: "Unsupported", lines: refusals });
}
