import { Failure } from "../errors.ts";
import { requireProgram, startBuildkitd } from "./buildkitd.ts";
import { builderConfiguration } from "./configuration.ts";
import type { Provision } from "./engine.ts";
import { type Ground, writeConfiguration } from "./ground.ts";
import { findIn, pathWith } from "./places.ts";
import { PLUGIN } from "./plugin.ts";

/**
 * A builder of our own, known in a configuration of our own, so that it is nobody's default: in a container of the
 * docker daemon, or without one a buildkitd of our own that buildx is pointed at.
 */
export async function provideBuildx(ground: Ground): Promise<Omit<Provision, "notes">> {
  const { wish, world, journal } = ground;
  const { directory } = journal;
  const path = { PATH: pathWith(wish.tools, world.env) };
  const call = await pluginOf(ground);
  const name = directory.slice(directory.lastIndexOf("/") + 1);
  const config = `${directory}/buildx`;
  await world.files.makeDirectory(config, 0o700);
  const driver = (await hasDaemon(ground, path))
    ? await inContainer(ground)
    : ["--driver", "remote", await startBuildkitd(ground)];
  await journal.add({ kind: "builder", name, call, config });
  const [tool = "", ...words] = call;
  const { code, stderr } = await world.processes.capture({
    tool,
    args: [...words, "create", "--name", name, "--use", "--bootstrap", ...driver],
    env: { ...world.env, ...path, BUILDX_CONFIG: config },
  });
  if (code !== 0) {
    throw new Failure("engine", "buildx cannot make a builder", {
      code: "EngineNotReady",
      lines: stderr.trim().split("\n").slice(-20),
      hint: "The builder's image comes from docker.io (moby/buildkit); the backend buildctl needs no image.",
    });
  }
  return { env: { ...path, BUILDX_CONFIG: config }, builder: name };
}

/** The container shares the machine's network, as every other engine's steps do: a registry at localhost is reached. */
async function inContainer(ground: Ground): Promise<readonly string[]> {
  if (ground.wish.keepState) ground.notes.push("keep-state: a builder in a container of docker keeps nothing");
  const config = await writeConfiguration("builder.toml", builderConfiguration(ground.wish.settings), ground);
  return ["--driver", "docker-container", "--driver-opt", "network=host", "--buildkitd-config", config];
}

/** The plugin itself takes the same words, also in the post step, which has no configuration to find it by. Source: https://github.com/docker/buildx/blob/master/cmd/buildx/main.go */
async function pluginOf(ground: Ground): Promise<readonly string[]> {
  const own = await findIn(PLUGIN, ground.wish.tools, ground.world);
  return own === undefined ? [await requireProgram("docker", ground), "buildx"] : [own];
}

async function hasDaemon(ground: Ground, path: { PATH: string }): Promise<boolean> {
  const { world } = ground;
  const tool = await requireProgram("docker", ground);
  const args = ["version", "--format", "{{.Server.Version}}"];
  return (await world.processes.capture({ tool, args, env: { ...world.env, ...path } })).code === 0;
}
