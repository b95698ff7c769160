import { Failure, missingOnMachine, ProgramMissing } from "../errors.ts";
import type { Env } from "../world/world.ts";
import { startBuildkitd } from "./buildkitd.ts";
import { askedNodes, atAddress, inContainer, type NodeWords } from "./buildx-nodes.ts";
import { builderOf, findBuildx } from "./buildx-plugin.ts";
import type { Provision } from "./engine.ts";
import type { Ground } from "./ground.ts";
import { findProgram, pathWith } from "./places.ts";
import { PLUGIN } from "./plugin.ts";

/**
 * A builder of our own, known in a configuration of our own, so that it is nobody's default: of the nodes that are asked
 * for, else in a container of the docker daemon, or without one a buildkitd of our own that buildx is pointed at.
 */
export async function provideBuildx(ground: Ground): Promise<Omit<Provision, "notes">> {
  const { wish, world, journal } = ground;
  const { directory } = journal;
  const { name, config } = builderOf(directory);
  const path = { PATH: pathWith(wish.tools, world.env) };
  const call = await findBuildx(wish.tools, world);
  if (call === undefined) throw missingOnMachine("docker");
  const own = { BUILDX_CONFIG: config };
  const env = { ...world.env, ...path, ...own };
  await world.files.makeDirectory(own.BUILDX_CONFIG, 0o700);
  if (wish.builder !== undefined) await requirePlugin(call, env, ground);
  const nodes = wish.builder === undefined ? [await ownNode(env, ground)] : await askedNodes(wish.builder, ground);
  await journal.add({ kind: "builder" });
  for (const [index, node] of nodes.entries()) {
    // A deployment has its node's name: it tells the cluster's owner whose it is.
    const said = ["--name", name, "--node", `${name}${index}`, index === 0 ? "--use" : "--append"];
    await create(node, [...call, "create", ...said, ...node.words], env, ground);
  }
  return { env: { ...path, ...own }, builder: name };
}

async function create(node: NodeWords, call: readonly string[], env: Env, { world }: Ground): Promise<void> {
  const [tool = "", ...args] = call;
  const signal = AbortSignal.timeout(node.within);
  const { code, stderr } = await world.processes.capture({ tool, args, env, signal });
  // Asked to end, buildx may end with 0 for a builder whose node never answered.
  if (code === 0 && !signal.aborted) return;
  const late = signal.aborted ? ` within ${node.within / 1000} s` : "";
  throw new Failure("engine", `buildx cannot make a builder ${node.place}${late}`, {
    code: "EngineNotReady",
    lines: stderr.trim().split("\n").slice(-20),
    hint: node.hint,
  });
}

async function ownNode(env: Env, ground: Ground): Promise<NodeWords> {
  return (await hasDaemon(ground, env)) ? inContainer(ground) : atAddress(await startBuildkitd(ground));
}

/** Nobody asked before whether docker has it. */
async function requirePlugin([tool = "", ...args]: readonly string[], env: Env, { world }: Ground): Promise<void> {
  const { code } = await world.processes.capture({ tool, args: [...args, "version"], env });
  if (code !== 0) throw new ProgramMissing(PLUGIN, { message: "docker has no buildx plugin, which makes the builder" });
}

async function hasDaemon(ground: Ground, env: Env): Promise<boolean> {
  const tool = await findProgram("docker", ground.wish.tools, ground.world);
  if (tool === undefined) throw missingOnMachine("docker");
  const args = ["version", "--format", "{{.Server.Version}}"];
  return (await ground.world.processes.capture({ tool, args, env })).code === 0;
}
