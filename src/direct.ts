/** The story of direct assembly: the backend makes the environment, unless it is known; everything else is made here. */
import { type Assembled, Assembly, type EnvironmentBuilder } from "./assembly/assembly.ts";
import { findBase } from "./assembly/base.ts";
import { mustBeDirect } from "./assembly/choice.ts";
import { gatherKnowledge } from "./assembly/knowledge.ts";
import { type Order, obstacleToStreaming, readOrder } from "./assembly/order.ts";
import { reportOf } from "./assembly/payload.ts";
import type { Engine } from "./backends/backend.ts";
import { buildEnvironment, rehearseEnvironment } from "./build-environment.ts";
import { fetchRemote } from "./fetch-remote.ts";
import { digestOf } from "./image/digest.ts";
import { type Platform, parsePlatform, printPlatform } from "./image/platform.ts";
import type { Recipe } from "./image/recipe.ts";
import { printReference } from "./image/reference.ts";
import type { Job, Outcome } from "./job.ts";
import { openRegistries } from "./registry/registries.ts";
import { settle } from "./result/result.ts";
import { refuseExisting, removeOnFailure } from "./script/creations.ts";
import { assumeBackend, chooseBackend, type Found, isLocalEngine } from "./script/probe.ts";

/** Why the image is not assembled here after all. */
export interface Declined {
  readonly declined: string;
}

/**
 * Makes the image without handing the payload to a builder. Layers are hashed and uploaded while the backend builds the
 * environment, where it must; tags are written last.
 * @returns why not, when the base image cannot be looked up and the choice is ours.
 * @throws Failure of the part that fails; no tag then points to anything of this run.
 */
export async function buildDirectly(job: Job, recipe: Recipe): Promise<Outcome | Declined> {
  const { inputs, watch, world } = job;
  const assumed = await assumeBackend(inputs, world);
  const askEngine = once(() => watch.phase("ask the engine", () => chooseBackend(inputs, job.env, world)));
  const order = readOrder(inputs, job.bento, recipe, await platformHere(job, askEngine), world);
  const rehearsal = await rehearse(job, recipe, assumed, order);
  if (inputs.dryRun === true) {
    const commands = [...rehearsal.commands, remark(order, undefined)];
    return { ...rehearsal, ...outcomeOf(recipe, assumed, order, undefined), commands };
  }

  const registries = openRegistries(world, job.authFile === undefined ? {} : { authFile: job.authFile });
  const base = await findBase(registries, recipe.base, inputs.registryMirrors);
  if (typeof base === "object") {
    if (mustBeDirect(inputs)) throw base.failure;
    return { declined: base.unknown };
  }
  const obstacle = obstacleToStreaming(order);
  const models = obstacle === undefined ? job.models : await fetchRemote(job, obstacle);
  const knowledge = await watch.phase("look things up", () =>
    gatherKnowledge(recipe, models, order, base, registries, world),
  );
  const assembly = new Assembly(recipe, order, knowledge, registries, world, watch);
  await assembly.checkLimits();
  const unchanged = await assembly.findUnchanged();
  if (unchanged !== undefined) {
    world.actions.info(`${order.references.map(printReference).join(", ")}: there already, made of the same things.`);
    return {
      ...rehearsal,
      ...outcomeOf(recipe, { ...assumed, engine: NO_ENGINE }, order, unchanged),
      assembly: "direct, image there already",
      commands: [],
    };
  }

  const paths = order.layout === undefined ? [] : [order.layout];
  await refuseExisting(paths, world.files);
  const commands: string[] = [];
  let found: Found = { ...assumed, engine: NO_ENGINE };
  const build: EnvironmentBuilder = async (request, signal) => {
    found = await askEngine();
    const wanted = { ...request, recipe, base, order };
    const built = await buildEnvironment({ ...job, world: { ...world, signal } }, found, wanted, registries);
    commands.push(...built.commands);
    return built.environment;
  };
  const made = await removeOnFailure(paths, world.files, () => assembly.make(build));
  return { ...rehearsal, ...outcomeOf(recipe, found, order, made), commands: [...commands, remark(order, made)] };
}

/** Of a run that needed no engine. */
const NO_ENGINE: Engine = { versions: {} };

/** Without the input `platforms`: what the engine builds, which is this machine's platform unless it is another one. */
async function platformHere({ inputs, env, world }: Job, askEngine: () => Promise<Found>): Promise<Platform> {
  const here = parsePlatform(world.architecture);
  if (inputs.platforms.length > 0 || inputs.dryRun === true || isLocalEngine(inputs.builder, env)) return here;
  return (await askEngine()).engine.platform ?? here;
}

/** What the backend would do if it had to: a wish it cannot fulfil is refused also when the environment is known. */
function rehearse(
  job: Job,
  recipe: Recipe,
  assumed: Found,
  order: Order,
): Promise<Pick<Outcome, "dockerfile" | "commands">> {
  const [platform] = order.platforms;
  return rehearseEnvironment(job, assumed, { key: digestOf(recipe.base), platform, recipe, order });
}

function outcomeOf(
  recipe: Recipe,
  { backend, engine }: Found,
  { platforms }: Order,
  assembled: Assembled | undefined,
): Omit<Outcome, "dockerfile" | "commands"> {
  const builder = engine === NO_ENGINE ? "known" : `by ${backend.name}`;
  return {
    backend: backend.name,
    assembly: `direct, environment ${builder}`,
    engine,
    base: recipe.base,
    result: assembled === undefined ? { platforms: [] } : settle([assembled.image], {}, platforms),
    payload: assembled?.layers.map(reportOf) ?? [],
    changes: assembled?.changes ?? [],
    notes: [...recipe.notes, ...(engine.notes ?? []), ...(assembled?.notes ?? [])],
  };
}

/** For those who paste the commands: what this action does itself, which no command of a builder does. */
function remark({ references, layout, platforms }: Order, made: Assembled | undefined): string {
  const places = [...references.map(printReference), ...(layout === undefined ? [] : [layout])];
  const layers = made === undefined ? "the layers of models and code" : `${made.layers.length} layers`;
  const environment = platforms.map(printPlatform).join(", ");
  return `# then ${layers} on the environment for ${environment}, by this action, to ${places.join(", ")}`;
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
