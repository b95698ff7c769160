import lt from "semver/functions/lt.js";
import {
  type Answer,
  type Backend,
  type Build,
  type Command,
  type Delivery,
  type DeliveryKind,
  type Engine,
  type Evidence,
  type FeatureName,
  type Features,
  isUnsupported,
  type Plan,
  type Step,
  type Unsupported,
  type Way,
  type Words,
} from "../backends/backend.ts";
import { withAttributes } from "../backends/buildkit.ts";
import { BACKENDS } from "../backends/index.ts";
import { Failure } from "../errors.ts";
import { type NonEmpty, nonEmpty } from "../image/nonempty.ts";
import type { FileWrite, Script } from "./script.ts";

/** The input a feature comes from, for messages. */
const INPUT_OF: Readonly<Record<FeatureName, string>> = {
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

const DELIVERY_INPUT: Readonly<Record<DeliveryKind, string>> = {
  push: "push",
  "push-by-digest": "push-by-digest",
  load: "load",
  layout: "output",
  "oci-archive": "output",
  "docker-archive": "output",
};

/**
 * Says the plan in the backend's language.
 *
 * @throws Failure `tool` when a part is older than the backend needs, `input` (code Unsupported) that names everything
 * the backend cannot do and the backends that can.
 */
export function compile(backend: Backend, plan: Plan, engine: Engine, files: readonly FileWrite[]): Script {
  checkVersions(backend, engine);
  const refusals: string[] = [];
  const features = plannedFeatures(plan).map(([name, value]) => {
    const said = answer(backend, name, value, engine);
    const words = isUnsupported(said) ? refuse(refusals, INPUT_OF[name], said, whoCan(name, value, backend)) : said;
    return { name, words };
  });
  const ways = plan.deliveries.map((delivery) => {
    const way = deliver(backend, delivery, plan, engine);
    return isUnsupported(way)
      ? refuse(refusals, DELIVERY_INPUT[delivery.kind], way, whoDelivers(delivery, plan, backend))
      : way;
  });
  if (refusals.length > 0) {
    throw new Failure(
      "input",
      `the backend ${backend.name} cannot do everything that is asked: ${refusals.join(" · ")}`,
      {
        code: "Unsupported",
        lines: refusals,
      },
    );
  }
  const { cache } = plan.features;
  const stage = cache?.stage;
  const later = features.flatMap(({ name, words }) => {
    if (cache === undefined || stage === undefined) return [words];
    if (name === "cache") return wordsOf(answer(backend, name, { ...cache, write: false }, engine));
    return SAID_ONCE.has(name) ? [] : [words];
  });
  const script = assemble(backend, plan, engine, later, ways, files);
  return stage === undefined
    ? script
    : { ...script, steps: [...keepStage(backend, plan, engine, stage), ...script.steps] };
}

/**
 * With a stage built ahead, the build after it finds that stage in the builder's own store; or in the cache again, which
 * it therefore reads too: BuildKit fetches nothing that nobody wants, and the stage alone went nowhere.
 */
const SAID_ONCE: ReadonlySet<FeatureName> = new Set(["noCache", "noCacheFilters"]);

/** Of the image and not of a stage: it would be said for nothing. */
const OF_THE_IMAGE: ReadonlySet<FeatureName> = new Set(["labels", "annotations", "attests"]);

/** Builds the one stage whose steps are to be kept, and goes nowhere with it. */
function keepStage(backend: Backend, plan: Plan, engine: Engine, stage: string): NonEmpty<Step> {
  const features = { ...plan.features, target: stage };
  const words = plannedFeatures({ ...plan, features }).flatMap(([name, value]) => {
    return OF_THE_IMAGE.has(name) ? [] : wordsOf(answer(backend, name, value, engine));
  });
  const [first, ...others] = backend.assemble({
    plan: { ...plan, features, deliveries: [{ kind: "push" }] },
    engine,
    flags: words.flatMap(({ flags = [] }) => flags),
    exporters: [],
  });
  const mayFail = words.find((word) => word.mayFail !== undefined)?.mayFail;
  const more = { ...forbidsOf(words), ...(mayFail === undefined ? {} : { mayFail }) };
  const step = ({ command }: Build): Step => ({
    kind: "run",
    command: { ...command, title: `${command.title}: ${stage}, with its cache`, ...more },
  });
  return [step(first), ...others.map(step)];
}

function wordsOf(said: Words | Unsupported): readonly Words[] {
  return isUnsupported(said) ? [] : [said];
}

function forbidsOf(words: readonly Words[]): Pick<Command, "forbids"> {
  const forbids = words.flatMap((word) => word.forbids ?? []);
  return forbids.length === 0 ? {} : { forbids };
}

function assemble(
  backend: Backend,
  plan: Plan,
  engine: Engine,
  words: readonly Words[],
  ways: readonly Way[],
  files: readonly FileWrite[],
): Script {
  const attributes = Object.assign({}, ...words.map((word) => word.attributes ?? {}));
  const builds = backend.assemble({
    plan,
    engine,
    flags: words.flatMap((word) => word.flags ?? []),
    exporters: ways.flatMap((way) => way.exporters ?? []).map((exporter) => withAttributes(exporter, attributes)),
  });
  const steps: readonly Step[] = [
    ...builds.map(({ command }) => ({
      kind: "run" as const,
      command: { ...command, ...forbidsOf(words) },
    })),
    ...ways.flatMap((way) => way.steps ?? []),
  ];
  const evidence: readonly Evidence[] = [
    ...builds.flatMap((build) => build.evidence),
    ...ways.flatMap((way) => way.evidence ?? []),
  ];
  return {
    files,
    steps: nonEmpty(distinct(steps)) ?? [{ kind: "run", command: builds[0].command }],
    evidence: distinct(evidence),
    creates: plan.deliveries.flatMap((delivery) => ("path" in delivery ? [delivery.path] : [])),
  };
}

/** Two deliveries may need the same step: the layout that a push passes through and the one the user wants. */
function distinct<T>(items: readonly T[]): readonly T[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = JSON.stringify(item);
    return seen.has(key) ? false : seen.add(key);
  });
}

function checkVersions(backend: Backend, engine: Engine): void {
  const old = backend.requires.filter(({ part, minimum }) => {
    const found = engine.versions[part];
    return found !== undefined && lt(found, minimum);
  });
  if (old.length === 0) return;
  const told = old.map(
    ({ part, minimum, because }) => `${part} ${engine.versions[part]} is older than ${minimum}: ${because}`,
  );
  throw new Failure("tool", told.join(" · "), {
    code: "TooOld",
    hint: `Update ${old.map(({ part }) => part).join(" and ")}, or choose another backend.`,
  });
}

type Planned = { [F in FeatureName]: readonly [F, Features[F]] }[FeatureName];

/** In the order of the table above, so that the argv never depends on how the plan was put together. */
function plannedFeatures(plan: Plan): readonly Planned[] {
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

function answer<F extends FeatureName>(
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

function deliver<D extends Delivery>(backend: Backend, delivery: D, plan: Plan, engine: Engine): Way | Unsupported {
  const cell = backend.deliveries[delivery.kind] as (
    delivery: Delivery,
    plan: Plan,
    engine: Engine,
  ) => Way | Unsupported;
  return cell(delivery, plan, engine);
}

function refuse(
  refusals: string[],
  input: string,
  { unsupported }: Unsupported,
  able: readonly string[],
): Record<string, never> {
  const others = able.length === 0 ? "no backend can" : `${able.join(", ")} can`;
  refusals.push(`${input}: ${unsupported} (${others})`);
  return {};
}

function whoCan<F extends FeatureName>(name: F, value: Features[F], except: Backend): readonly string[] {
  return BACKENDS.filter(
    (backend) => backend !== except && !isUnsupported(answer(backend, name, value, backend.assumed)),
  ).map((backend) => backend.name);
}

/** A delivery of several platforms, or of attestations, is no advice to use a backend that makes none. */
function whoDelivers(delivery: Delivery, plan: Plan, except: Backend): readonly string[] {
  const { platforms, attests } = plan.features;
  return BACKENDS.filter(
    (backend) =>
      backend !== except &&
      !isUnsupported(deliver(backend, delivery, plan, backend.assumed)) &&
      (platforms === undefined || refusalOf(backend, "platforms", platforms, backend.assumed) === undefined) &&
      (attests === undefined || refusalOf(backend, "attests", attests, backend.assumed) === undefined),
  ).map((backend) => backend.name);
}
