import lt from "semver/functions/lt.js";
import {
  type Backend,
  type Build,
  type Command,
  type DeliverySteps,
  type Engine,
  type Evidence,
  type FeatureName,
  type Features,
  type Flags,
  isUnsupported,
  type NoFlag,
  type Plan,
  type PlannedFeatures,
  type Step,
} from "../backends/backend.ts";
import { withAttributes } from "../backends/buildkit.ts";
import { Failure } from "../errors.ts";
import { CONSTRUCTS } from "../recipe/dialect.ts";
import { type NonEmpty, nonEmpty } from "../values.ts";
import {
  answer,
  DELIVERY_INPUT,
  deliver,
  INPUT_OF,
  plannedFeatures,
  printRefusal,
  unreadBy,
  unsupportedBy,
  whoCan,
  whoDelivers,
  whoReads,
} from "./answers.ts";
import type { FileWrite, Script } from "./script.ts";

/**
 * Says the plan in the backend's language.
 *
 * @throws Failure `tool` when a component is older than the backend needs, `input` (code Unsupported) that names everything
 * the backend cannot do and the backends that can.
 */
export function compile(backend: Backend, plan: Plan, engine: Engine, files: readonly FileWrite[]): Script {
  checkVersions(backend, engine);
  const refusals: string[] = [];
  const said = plannedFeatures(plan.features).map(([name, value]) => {
    const found = answer(backend, name, value, engine, plan.features);
    if (!isUnsupported(found)) return { name, flags: flagsOf(found) };
    const able = whoCan(name, value, plan.features, backend);
    return { name, flags: refuse(refusals, INPUT_OF[name], found.unsupported, able) };
  });
  for (const construct of plan.constructs) {
    const reason = unreadBy(backend, construct, engine);
    if (reason === undefined) continue;
    refuse(refusals, "dockerfile", `${CONSTRUCTS[construct]}: ${reason}`, whoReads(construct, backend));
  }
  const made = plan.deliveries.map((delivery) => {
    const found = deliver(backend, delivery, plan, engine);
    if (!isUnsupported(found)) return found;
    return refuse(refusals, DELIVERY_INPUT[delivery.kind], found.unsupported, whoDelivers(delivery, plan, backend));
  });
  if (refusals.length > 0) throw unsupportedBy(backend, refusals);
  const { cache } = plan.features;
  const stage = cache?.stage;
  const later = said.flatMap(({ name, flags }) => {
    if (cache === undefined || stage === undefined) return [flags];
    if (name === "cache") return renderFeatures(backend, { cache: { ...cache, write: false } }, engine, plan.features);
    return SAID_ONCE.has(name) ? [] : [flags];
  });
  const script = assemble(backend, plan, engine, later, made, files);
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
  const ofStage = Object.entries(features).filter(([name]) => !OF_THE_IMAGE.has(name as FeatureName));
  const said = renderFeatures(backend, Object.fromEntries(ofStage), engine, features);
  const [first, ...others] = backend.assemble({
    plan: { ...plan, features, deliveries: [{ kind: "push" }] },
    engine,
    flags: said.flatMap(({ flags = [] }) => flags),
    exporters: [],
  });
  const mayFail = said.find((flags) => flags.mayFail !== undefined)?.mayFail;
  const more = { ...forbidsOf(said), ...(mayFail === undefined ? {} : { mayFail }) };
  const step = ({ command }: Build): Step => ({
    kind: "run",
    command: { ...command, title: `${command.title}: ${stage}, with its cache`, ...more },
  });
  return [step(first), ...others.map(step)];
}

/** The flags of these features, of which none is refused. */
function renderFeatures(
  backend: Backend,
  asked: Readonly<Partial<Features>>,
  engine: Engine,
  features: PlannedFeatures,
): readonly Flags[] {
  return plannedFeatures(asked).flatMap(([name, value]) => {
    const found = answer(backend, name, value, engine, features);
    return isUnsupported(found) ? [] : [flagsOf(found)];
  });
}

function flagsOf(found: Flags | NoFlag): Flags {
  return "noFlag" in found ? {} : found;
}

function forbidsOf(said: readonly Flags[]): Pick<Command, "forbids"> {
  const forbids = said.flatMap((flags) => flags.forbids ?? []);
  return forbids.length === 0 ? {} : { forbids };
}

function assemble(
  backend: Backend,
  plan: Plan,
  engine: Engine,
  said: readonly Flags[],
  made: readonly DeliverySteps[],
  files: readonly FileWrite[],
): Script {
  const attributes = Object.assign({}, ...said.map((flags) => flags.attributes ?? {}));
  const builds = backend.assemble({
    plan,
    engine,
    flags: said.flatMap(({ flags = [] }) => flags),
    exporters: made.flatMap(({ exporters = [] }) => exporters).map((exporter) => withAttributes(exporter, attributes)),
  });
  const steps: readonly Step[] = [
    ...builds.map(({ command }) => ({
      kind: "run" as const,
      command: { ...command, ...forbidsOf(said) },
    })),
    ...made.flatMap(({ steps: after = [] }) => after),
  ];
  const evidence: readonly Evidence[] = [
    ...builds.flatMap((build) => build.evidence),
    ...made.flatMap((delivery) => delivery.evidence ?? []),
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
  const old = backend.requires.filter(({ component, minimum }) => {
    const found = engine.versions[component];
    return found !== undefined && lt(found, minimum);
  });
  if (old.length === 0) return;
  const told = old.map(
    ({ component, minimum, because }) =>
      `${component} ${engine.versions[component]} is older than ${minimum}: ${because}`,
  );
  throw new Failure("tool", told.join(" · "), {
    code: "TooOld",
    hint: `Update ${old.map(({ component }) => component).join(" and ")}, or choose another backend.`,
  });
}

function refuse(refusals: string[], input: string, reason: string, able: readonly string[]): Record<string, never> {
  refusals.push(printRefusal(input, reason, able));
  return {};
}
