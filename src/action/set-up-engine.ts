/** Set-up: missing tools are installed, and an engine is started where none runs. */
import type { Backend, BuilderKeys, BuilderNode } from "../backends/backend.ts";
import type { EngineRequest, EngineSettings } from "../engines/engine.ts";
import { PLUGIN, PLUGIN_TOOL, placePlugin } from "../engines/plugin.ts";
import { provideEngine } from "../engines/provide.ts";
import { type Failure, isLack, ProgramMissing } from "../errors.ts";
import type { EngineInputs } from "../inputs/engine-schema.ts";
import { findInputFile } from "../inputs/input-file.ts";
import type { Env, Machine } from "../machine/machine.ts";
import { printPlatform } from "../oci/platform.ts";
import { findEngine } from "../probe/find-engine.ts";
import type { EngineSelection } from "../probe/probe.ts";
import type { InstalledTool } from "../tools/install.ts";
import { prepareTools } from "../tools/prepare.ts";
import type { ToolName } from "../tools/tool-request.ts";

/** What a set-up needs. */
export interface SetUpJob {
  readonly inputs: EngineInputs;
  /** The environment of the tools as far as it is known. */
  readonly env: Env;
  readonly machine: Machine;
  /** Of a remote builder. */
  readonly keys?: BuilderKeys;
}

/**
 * Makes the backend usable: installs its programs, one at a time as each turns out to be missing, and starts an engine
 * when none answers and neither the inputs nor the environment name one.
 *
 * @param before the engine that was detected, or the failure of the detection.
 * @throws Failure `tool`, `engine`, or of a download; what was started is removed then.
 */
export async function setUp(
  before: EngineSelection | Failure,
  backend: Backend,
  job: SetUpJob,
): Promise<EngineSelection> {
  const { inputs, machine } = job;
  const toolbox = openToolbox(backend, job);
  if (inputs.install === "always") await toolbox.installFirst();
  const ask = (env: Env): Promise<EngineSelection> => findEngine(backend, inputs.builder, machine, env, job.keys);
  const isSilent = before instanceof Error && !(before instanceof ProgramMissing);
  const there = isSilent ? before : await toolbox.completing(ask).catch(lackOf);
  if (!(there instanceof Error)) return there;
  if (isNamed(backend, job)) throw there;
  return start(backend, toolbox, job);
}

/**
 * Creates the builder that the inputs describe. The daemons at its nodes' addresses are somebody else's and are only used.
 * Missing programs are installed if the inputs allow it.
 * @throws Failure `tool`, `engine`, or of a download; what was created is removed then.
 */
export async function makeBuilder(
  { backend, nodes }: { readonly backend: Backend; readonly nodes: readonly BuilderNode[] },
  job: SetUpJob,
): Promise<EngineSelection> {
  const toolbox = openToolbox(backend, job);
  if (job.inputs.install === "always") await toolbox.installFirst();
  const printed = nodes.map((node) => ({ ...node, platforms: node.platforms.map(printPlatform) }));
  return start(backend, toolbox, job, { nodes: printed, keys: job.keys ?? {} });
}

/** Starts an engine and detects its capabilities. */
async function start(
  backend: Backend,
  toolbox: Toolbox,
  job: SetUpJob,
  builder?: EngineRequest["builder"],
): Promise<EngineSelection> {
  const { inputs, machine, keys } = job;
  const request = {
    backend: backend.name,
    provides: backend.provides,
    settings: await engineSettings(inputs, machine),
    keepState: inputs.keepState === true,
    ...oldestOf(backend),
    ...(builder === undefined ? {} : { builder }),
  };
  const system = await machine.system();
  const provision = await toolbox.completing((env, tools) =>
    provideEngine({ ...request, tools }, { ...machine, env, system }),
  );
  const found = await toolbox.completing((env) =>
    findEngine(backend, provision.builder ?? inputs.builder, machine, { ...env, ...provision.env }, keys),
  );
  const notes = [...(found.engine.notes ?? []), ...provision.notes];
  return { ...found, engine: { ...found.engine, notes } };
}

/** The oldest version of its own program that the backend supports. */
function oldestOf({ requires, tool }: Backend): Pick<EngineRequest, "oldest"> {
  const oldest = requires.find(({ component }) => component === tool);
  return oldest === undefined ? {} : { oldest: { minimum: oldest.minimum, because: oldest.because } };
}

/** @throws every error that a set-up cannot cure. */
function lackOf(error: unknown): Failure {
  if (isLack(error)) return error;
  throw error;
}

/** Whether the inputs or the environment name the engine: then no other is started in its place. */
function isNamed({ addresses }: Backend, { inputs, env }: SetUpJob): boolean {
  return inputs.builder !== undefined || addresses.some((name) => Boolean(env[name]));
}

interface Toolbox {
  /** Runs the work, and again after each installation of a tool whose program it missed. */
  completing<T>(work: (env: Env, directories: readonly string[]) => Promise<T>): Promise<T>;
  /** Installs the tool that contains the backend's own command, whatever is on PATH. */
  installFirst(): Promise<void>;
}

function openToolbox({ programs }: Backend, { inputs, env, machine }: SetUpJob): Toolbox {
  const tools: InstalledTool[] = [];
  let complete = env;

  async function install(name: ToolName): Promise<void> {
    tools.unshift(...(await prepareTools([name], inputs, { ...machine, toolCache: await machine.toolCache() })));
    complete = await withTools(tools, env, machine);
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

/** The environment with the installed tools first on PATH; docker finds its plugins by its configuration instead. */
async function withTools(tools: readonly InstalledTool[], env: Env, machine: Machine): Promise<Env> {
  const path = [...tools.map(({ directory }) => directory), env["PATH"] ?? ""].filter((part) => part !== "").join(":");
  const plugin = tools.find(({ name }) => name === PLUGIN_TOOL);
  return {
    ...env,
    PATH: path,
    ...(plugin === undefined ? {} : await placePlugin(`${plugin.directory}/${PLUGIN}`, env, machine)),
  };
}

/** The inputs that configure an engine of our own. @throws Failure `input` that names each path that is not a file. */
async function engineSettings(inputs: EngineInputs, machine: Machine): Promise<EngineSettings> {
  const { registryMirrors, insecureRegistries, registryAuthorities, cacheLimit } = inputs;
  const authorities: Record<string, readonly string[]> = {};
  for (const [registry, path] of Object.entries(registryAuthorities)) {
    authorities[registry] = [await findInputFile("registry-authorities", path, machine)];
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
