import { Failure, missingOnMachine, ProgramMissing } from "../errors.ts";
import type { Env } from "../machine/machine.ts";
import { startBuildkitd } from "./buildkitd.ts";
import { atAddress, inContainer, type NodeFlags, requestedNodes } from "./buildx-nodes.ts";
import { builderOf, findBuildx } from "./buildx-plugin.ts";
import type { Provision } from "./engine.ts";
import type { EngineContext } from "./engine-context.ts";
import { findProgram, pathWith } from "./engine-paths.ts";
import { PLUGIN } from "./plugin.ts";

/**
 * Creates a builder in a separate buildx configuration, so that it does not become the user's default. Its nodes are those
 * requested; else a container of the docker daemon; without a daemon, a buildkitd that this action starts.
 */
export async function provideBuildx(context: EngineContext): Promise<Omit<Provision, "notes">> {
  const { request, machine, journal } = context;
  const { directory } = journal;
  const { name, config } = builderOf(directory);
  const path = { PATH: pathWith(request.tools, machine.env) };
  const command = await findBuildx(request.tools, machine);
  if (command === undefined) throw missingOnMachine("docker");
  const configuration = { BUILDX_CONFIG: config };
  const env = { ...machine.env, ...path, ...configuration };
  await machine.files.makeDirectory(configuration.BUILDX_CONFIG, 0o700);
  if (request.builder !== undefined) await requirePlugin(command, env, context);
  const nodes =
    request.builder === undefined ? [await ownNode(env, context)] : await requestedNodes(request.builder, context);
  await journal.add({ kind: "builder" });
  for (const [index, node] of nodes.entries()) {
    // A deployment has the name of its node, which shows the cluster's owner where it comes from.
    const flags = ["--name", name, "--node", `${name}${index}`, index === 0 ? "--use" : "--append"];
    await create(node, [...command, "create", ...flags, ...node.flags], env, context);
  }
  return { env: { ...path, ...configuration }, builder: name };
}

async function create(
  node: NodeFlags,
  command: readonly string[],
  env: Env,
  { machine }: EngineContext,
): Promise<void> {
  const [tool = "", ...args] = command;
  const signal = AbortSignal.timeout(node.within);
  const { code, stderr } = await machine.processes.capture({ tool, args, env, signal });
  // When it is asked to end, buildx may exit with 0 for a builder whose node never answered.
  if (code === 0 && !signal.aborted) return;
  const timedOut = signal.aborted ? ` within ${node.within / 1000} s` : "";
  throw new Failure("engine", `buildx cannot create a builder ${node.location}${timedOut}`, {
    code: "EngineNotReady",
    lines: stderr.trim().split("\n").slice(-20),
    hint: node.hint,
  });
}

async function ownNode(env: Env, context: EngineContext): Promise<NodeFlags> {
  return (await hasDaemon(context, env)) ? inContainer(context) : atAddress(await startBuildkitd(context));
}

/** The probe has not checked for the plugin. */
async function requirePlugin(
  [tool = "", ...args]: readonly string[],
  env: Env,
  { machine }: EngineContext,
): Promise<void> {
  const { code } = await machine.processes.capture({ tool, args: [...args, "version"], env });
  if (code !== 0)
    throw new ProgramMissing(PLUGIN, { message: "docker has no buildx plugin, which is needed to create the builder" });
}

async function hasDaemon(context: EngineContext, env: Env): Promise<boolean> {
  const tool = await findProgram("docker", context.request.tools, context.machine);
  if (tool === undefined) throw missingOnMachine("docker");
  const args = ["version", "--format", "{{.Server.Version}}"];
  return (await context.machine.processes.capture({ tool, args, env })).code === 0;
}
