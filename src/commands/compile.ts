import lt from "semver/functions/lt.js";
import {
  type Backend,
  type Build,
  type Command,
  type Engine,
  type Evidence,
  type FeatureName,
  isUnsupported,
  type Plan,
  type Step,
  type Unsupported,
  type Way,
  type Words,
} from "../backends/backend.ts";
import { withAttributes } from "../backends/buildkit.ts";
import { Failure } from "../errors.ts";
import { type NonEmpty, nonEmpty } from "../values.ts";
import {
  answer,
  DELIVERY_INPUT,
  deliver,
  INPUT_OF,
  plannedFeatures,
  printRefusal,
  unsupportedBy,
  whoCan,
  whoDelivers,
} from "./answers.ts";
import type { FileWrite, Script } from "./script.ts";

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
  if (refusals.length > 0) throw unsupportedBy(backend, refusals);
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

function refuse(
  refusals: string[],
  input: string,
  { unsupported }: Unsupported,
  able: readonly string[],
): Record<string, never> {
  refusals.push(printRefusal(input, unsupported, able));
  return {};
}
