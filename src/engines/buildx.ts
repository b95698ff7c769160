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
 * A builder of our own, known in a configuration of our own, so that it is nobody's default: of the nodes that are asked
 * for, else in a container of the docker daemon, or without one a buildkitd of our own that buildx is pointed at.
 */
export async function provideBuildx(context: EngineContext): Promise<Omit<Provision, "notes">> {
  const { request, machine, journal } = context;
  const { directory } = journal;
  const { name, config } = builderOf(directory);
  const path = { PATH: pathWith(request.tools, machine.env) };
  const call = await findBuildx(request.tools, machine);
  if (call === undefined) throw missingOnMachine("docker");
  const own = { BUILDX_CONFIG: config };
  const env = { ...machine.env, ...path, ...own };
  await machine.files.makeDirectory(own.BUILDX_CONFIG, 0o700);
  if (request.builder !== undefined) await requirePlugin(call, env, context);
  const nodes =
    request.builder === undefined ? [await ownNode(env, context)] : await requestedNodes(request.builder, context);
  await journal.add({ kind: "builder" });
  for (const [index, node] of nodes.entries()) {
    // A deployment has its node's name: it tells the cluster's owner whose it is.
    const said = ["--name", name, "--node", `${name}${index}`, index === 0 ? "--use" : "--append"];
    await create(node, [...call, "create", ...said, ...node.flags], env, context);
  }
  return { env: { ...path, ...own }, builder: name };
}

async function create(node: NodeFlags, call: readonly string[], env: Env, { machine }: EngineContext): Promise<void> {
  const [tool = "", ...args] = call;
  const signal = AbortSignal.timeout(node.within);
  const { code, stderr } = await machine.processes.capture({ tool, args, env, signal });
  if (code === 0) return;
  const late = signal.aborted ? ` within ${node.within / 1000} s` : "";
  throw new Failure("engine", `buildx cannot make a builder ${node.place}${late}`, {
    code: "EngineNotReady",
    lines: stderr.trim().split("\n").slice(-20),
    hint: node.hint,
  });
}

async function ownNode(env: Env, context: EngineContext): Promise<NodeFlags> {
  return (await hasDaemon(context, env)) ? inContainer(context) : atAddress(await startBuildkitd(context));
}

/** Nobody asked before whether docker has it. */
async function requirePlugin(
  [tool = "", ...args]: readonly string[],
  env: Env,
  { machine }: EngineContext,
): Promise<void> {
  const { code } = await machine.processes.capture({ tool, args: [...args, "version"], env });
  if (code !== 0) throw new ProgramMissing(PLUGIN, { message: "docker has no buildx plugin, which makes the builder" });
}

async function hasDaemon(context: EngineContext, env: Env): Promise<boolean> {
  const tool = await findProgram("docker", context.request.tools, context.machine);
  if (tool === undefined) throw missingOnMachine("docker");
  const args = ["version", "--format", "{{.Server.Version}}"];
  return (await context.machine.processes.capture({ tool, args, env })).code === 0;
}
