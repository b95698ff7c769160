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
  backendsDelivering,
  backendsReading,
  backendsSupporting,
  constructRefusalOf,
  DELIVERY_INPUT,
  deliver,
  INPUT_OF,
  plannedFeatures,
  printRefusal,
  unsupportedBy,
} from "./answers.ts";
import type { FileWrite, Script } from "./script.ts";

/**
 * Compiles a plan to the commands of the backend.
 *
 * @throws Failure `tool` if a component is older than the backend needs; `input` (code Unsupported) that names everything
 * that the backend does not support, and the backends that do.
 */
export function compile(backend: Backend, plan: Plan, engine: Engine, files: readonly FileWrite[]): Script {
  checkVersions(backend, engine);
  const refusals: string[] = [];
  const rendered = plannedFeatures(plan.features).map(([name, value]) => {
    const found = answer(backend, name, value, engine, plan.features);
    if (!isUnsupported(found)) return { name, flags: flagsOf(found) };
    const supporting = backendsSupporting(name, value, plan.features, backend);
    return { name, flags: refuse(refusals, INPUT_OF[name], found.unsupported, supporting) };
  });
  for (const construct of plan.constructs) {
    const reason = constructRefusalOf(backend, construct, engine);
    if (reason === undefined) continue;
    refuse(refusals, "dockerfile", `${CONSTRUCTS[construct]}: ${reason}`, backendsReading(construct, backend));
  }
  const deliveries = plan.deliveries.map((delivery) => {
    const found = deliver(backend, delivery, plan, engine);
    if (!isUnsupported(found)) return found;
    return refuse(
      refusals,
      DELIVERY_INPUT[delivery.kind],
      found.unsupported,
      backendsDelivering(delivery, plan, backend),
    );
  });
  if (refusals.length > 0) throw unsupportedBy(backend, refusals);
  const { cache } = plan.features;
  const stage = cache?.stage;
  const imageFlags = rendered.flatMap(({ name, flags }) => {
    if (cache === undefined || stage === undefined) return [flags];
    if (name === "cache") return renderFeatures(backend, { cache: { ...cache, write: false } }, engine, plan.features);
    return STAGE_BUILD_ONLY.has(name) ? [] : [flags];
  });
  const script = assemble(backend, plan, engine, imageFlags, deliveries, files);
  return stage === undefined
    ? script
    : { ...script, steps: [...cacheStage(backend, plan, engine, stage), ...script.steps] };
}

/**
 * Features of the first of two builds only. If a stage is built and cached first, the build of the image must find the
 * stage's steps in the builder's own store. It also reads the cache: the first build has no output, so BuildKit may not have
 * fetched the cached layers.
 */
const STAGE_BUILD_ONLY: ReadonlySet<FeatureName> = new Set(["noCache", "noCacheFilters"]);

/** Features that apply only to the image, not to a stage. */
const IMAGE_ONLY: ReadonlySet<FeatureName> = new Set(["labels", "annotations", "attests"]);

/** Builds the stage whose steps are cached, without an output. */
function cacheStage(backend: Backend, plan: Plan, engine: Engine, stage: string): NonEmpty<Step> {
  const features = { ...plan.features, target: stage };
  const ofStage = Object.entries(features).filter(([name]) => !IMAGE_ONLY.has(name as FeatureName));
  const rendered = renderFeatures(backend, Object.fromEntries(ofStage), engine, features);
  const [first, ...others] = backend.assemble({
    plan: { ...plan, features, deliveries: [{ kind: "push" }] },
    engine,
    flags: rendered.flatMap(({ flags = [] }) => flags),
    exporters: [],
  });
  const mayFail = rendered.find((flags) => flags.mayFail !== undefined)?.mayFail;
  const more = { ...forbidsOf(rendered), ...(mayFail === undefined ? {} : { mayFail }) };
  const step = ({ command }: Build): Step => ({
    kind: "run",
    command: { ...command, title: `${command.title}: cache of the stage ${stage}`, ...more },
  });
  return [step(first), ...others.map(step)];
}

/** The flags of these features; the caller has refused unsupported ones. */
function renderFeatures(
  backend: Backend,
  requested: Readonly<Partial<Features>>,
  engine: Engine,
  features: PlannedFeatures,
): readonly Flags[] {
  return plannedFeatures(requested).flatMap(([name, value]) => {
    const found = answer(backend, name, value, engine, features);
    return isUnsupported(found) ? [] : [flagsOf(found)];
  });
}

function flagsOf(found: Flags | NoFlag): Flags {
  return "noFlag" in found ? {} : found;
}

function forbidsOf(rendered: readonly Flags[]): Pick<Command, "forbids"> {
  const forbids = rendered.flatMap((flags) => flags.forbids ?? []);
  return forbids.length === 0 ? {} : { forbids };
}

function assemble(
  backend: Backend,
  plan: Plan,
  engine: Engine,
  rendered: readonly Flags[],
  deliveries: readonly DeliverySteps[],
  files: readonly FileWrite[],
): Script {
  const attributes = Object.assign({}, ...rendered.map((flags) => flags.attributes ?? {}));
  const builds = backend.assemble({
    plan,
    engine,
    flags: rendered.flatMap(({ flags = [] }) => flags),
    exporters: deliveries
      .flatMap(({ exporters = [] }) => exporters)
      .map((exporter) => withAttributes(exporter, attributes)),
  });
  const steps: readonly Step[] = [
    ...builds.map(({ command }) => ({
      kind: "run" as const,
      command: { ...command, ...forbidsOf(rendered) },
    })),
    ...deliveries.flatMap(({ steps: after = [] }) => after),
  ];
  const evidence: readonly Evidence[] = [
    ...builds.flatMap((build) => build.evidence),
    ...deliveries.flatMap((delivery) => delivery.evidence ?? []),
  ];
  return {
    files,
    steps: nonEmpty(distinct(steps)) ?? [{ kind: "run", command: builds[0].command }],
    evidence: distinct(evidence),
    creates: plan.deliveries.flatMap((delivery) => ("path" in delivery ? [delivery.path] : [])),
  };
}

/** Removes duplicates: two deliveries may need the same step, such as a push from a layout and the layout itself. */
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
  const problems = old.map(
    ({ component, minimum, because }) =>
      `${component} ${engine.versions[component]} is older than ${minimum}: ${because}`,
  );
  throw new Failure("tool", problems.join(" · "), {
    code: "TooOld",
    hint: `Update ${old.map(({ component }) => component).join(" and ")}, or choose another backend.`,
  });
}

function refuse(
  refusals: string[],
  input: string,
  reason: string,
  supporting: readonly string[],
): Record<string, never> {
  refusals.push(printRefusal(input, reason, supporting));
  return {};
}
