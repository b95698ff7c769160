/** The story of a set-up: tools that are missing are installed, and an engine that does not run is started. */
import type { Backend, BuilderKeys, BuilderNode } from "./backends/backend.ts";
import { LAST_RESORT } from "./backends/index.ts";
import type { EngineSettings, EngineWish } from "./engines/engine.ts";
import { PLUGIN, PLUGIN_TOOL, placePlugin } from "./engines/plugin.ts";
import { provideEngine } from "./engines/provide.ts";
import { type Failure, isLack, ProgramMissing } from "./errors.ts";
import { printPlatform } from "./image/platform.ts";
import type { EngineInputs } from "./inputs/engine-schema.ts";
import { findInputFile } from "./script/input-file.ts";
import { type Found, findEngine } from "./script/probe.ts";
import type { InstalledTool } from "./tools/install.ts";
import { prepareTools } from "./tools/prepare.ts";
import type { ToolName } from "./tools/wish.ts";
import type { Env, World } from "./world/world.ts";

/** What a set-up is made from. */
export interface SetUpJob {
  readonly inputs: EngineInputs;
  /** The environment of the tools as far as it is known. */
  readonly env: Env;
  readonly world: World;
  /** Of a remote builder. */
  readonly keys?: BuilderKeys;
}

/**
 * Makes the backend work: installs its programs, one at a time as they turn out to be missing, and starts an engine of
 * its own when none answers and nobody named one.
 *
 * @param before what was found, or why nothing was.
 * @param asked `auto` becomes the backend that was found, or else the one that needs the least.
 * @throws Failure `tool`, `engine`, or of a download; what was started is gone then.
 */
export async function setUp(before: Found | Failure, asked: Backend | "auto", job: SetUpJob): Promise<Found> {
  const { inputs, world } = job;
  const isFound = !(before instanceof Error);
  const fallback = asked === "auto" ? LAST_RESORT : asked;
  const backend = isFound ? before.backend : fallback;
  const toolbox = openToolbox(backend, job);
  if (inputs.install === "always") await toolbox.installFirst();
  const ask = (env: Env): Promise<Found> => findEngine(backend, inputs.builder, world, env, job.keys);
  const reason = isFound || asked !== "auto" ? {} : { reason: `set up by this action, as ${before.lines.join("; ")}` };
  const isSilent = !isFound && !(before instanceof ProgramMissing);
  const there = isSilent ? before : await toolbox.completing(ask).catch(lackOf);
  if (!(there instanceof Error)) return { ...there, ...reason };
  if (isNamed(backend, job)) throw there;
  return { ...(await start(backend, toolbox, job)), ...reason };
}

/**
 * Makes the builder that the inputs describe and nobody knows yet; what stands behind its nodes' addresses is not ours.
 * Programs are installed for it as they turn out to be missing, if the inputs let them.
 * @throws Failure `tool`, `engine`, or of a download; what was made is gone then.
 */
export async function makeBuilder(
  { backend, nodes }: { readonly backend: Backend; readonly nodes: readonly BuilderNode[] },
  job: SetUpJob,
): Promise<Found> {
  const toolbox = openToolbox(backend, job);
  if (job.inputs.install === "always") await toolbox.installFirst();
  const printed = nodes.map((node) => ({ ...node, platforms: node.platforms.map(printPlatform) }));
  return start(backend, toolbox, job, { nodes: printed, keys: job.keys ?? {} });
}

/** An engine of our own, asked what it can do. */
async function start(
  backend: Backend,
  toolbox: Toolbox,
  job: SetUpJob,
  builder?: EngineWish["builder"],
): Promise<Found> {
  const { inputs, world, keys } = job;
  const wish = {
    backend: backend.name,
    settings: await engineSettings(inputs, world),
    keepState: inputs.keepState === true,
    ...oldestOf(backend),
    ...(builder === undefined ? {} : { builder }),
  };
  const system = await world.system();
  const provision = await toolbox.completing((env, tools) =>
    provideEngine({ ...wish, tools }, { ...world, env, system }),
  );
  const found = await toolbox.completing((env) =>
    findEngine(backend, provision.builder ?? inputs.builder, world, { ...env, ...provision.env }, keys),
  );
  const notes = [...(found.engine.notes ?? []), ...provision.notes];
  return { ...found, engine: { ...found.engine, notes } };
}

/** The oldest version of its own program that the backend takes. */
function oldestOf({ requires, tool }: Backend): Pick<EngineWish, "oldest"> {
  const oldest = requires.find(({ component }) => component === tool);
  return oldest === undefined ? {} : { oldest: { minimum: oldest.minimum, because: oldest.because } };
}

/** @throws what is no lack. */
function lackOf(error: unknown): Failure {
  if (isLack(error)) return error;
  throw error;
}

/** Whether somebody says which engine it is: then no other is started in its place. */
function isNamed({ addresses }: Backend, { inputs, env }: SetUpJob): boolean {
  return inputs.builder !== undefined || addresses.some((name) => Boolean(env[name]));
}

interface Toolbox {
  /** Does the work, again and again with one more tool, until no program is missing that can be installed. */
  completing<T>(work: (env: Env, directories: readonly string[]) => Promise<T>): Promise<T>;
  /** The tool that the backend's own command is part of, whatever is on PATH. */
  installFirst(): Promise<void>;
}

function openToolbox({ programs }: Backend, { inputs, env, world }: SetUpJob): Toolbox {
  const tools: InstalledTool[] = [];
  let complete = env;

  async function install(name: ToolName): Promise<void> {
    tools.unshift(...(await prepareTools([name], inputs, { ...world, toolCache: await world.toolCache() })));
    complete = await withTools(tools, env, world);
  }

  return {
    async completing(work) {
      for (;;) {
        try {
          return await work(
            complete,
            tools.map(({ directory }) => directory),
          );
        } catch (error) {
          const tool = error instanceof ProgramMissing ? programs[error.program] : undefined;
          if (tool === undefined || inputs.install === "never" || tools.some(({ name }) => name === tool)) throw error;
          await install(tool);
        }
      }
    },
    async installFirst() {
      const [first] = Object.values(programs);
      if (first !== undefined) await install(first);
    },
  };
}

/** The environment with the tools before all others; docker's plugins are found by its configuration, not by PATH. */
async function withTools(tools: readonly InstalledTool[], env: Env, world: World): Promise<Env> {
  const path = [...tools.map(({ directory }) => directory), env["PATH"] ?? ""].filter((part) => part !== "").join(":");
  const plugin = tools.find(({ name }) => name === PLUGIN_TOOL);
  return {
    ...env,
    PATH: path,
    ...(plugin === undefined ? {} : await placePlugin(`${plugin.directory}/${PLUGIN}`, env, world)),
  };
}

/** What the inputs say of an engine that is started for them. @throws Failure `input` that names a file that is none. */
async function engineSettings(inputs: EngineInputs, world: World): Promise<EngineSettings> {
  const { registryMirrors, insecureRegistries, registryAuthorities, cacheLimit } = inputs;
  const authorities: Record<string, readonly string[]> = {};
  for (const [registry, path] of Object.entries(registryAuthorities)) {
    authorities[registry] = [await findInputFile("registry-authorities", path, world)];
  }
  return {
    mirrors: mapped(registryMirrors, (mirror) => [mirror]),
    insecure: insecureRegistries,
    authorities,
    ...(cacheLimit === undefined ? {} : { maxBytes: cacheLimit }),
  };
}

function mapped<T>(pairs: Readonly<Record<string, string>>, change: (value: string) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(pairs).map(([name, value]) => [name, change(value)]));
}
