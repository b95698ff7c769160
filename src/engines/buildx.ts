import { Failure } from "../errors.ts";
import { requireProgram, startBuildkitd } from "./buildkitd.ts";
import { builderConfiguration } from "./configuration.ts";
import type { Provision } from "./engine.ts";
import { type Ground, writeConfiguration } from "./ground.ts";
import { findProgram, pathWith } from "./places.ts";

/**
 * A builder of our own, known in a configuration of our own, so that it is nobody's default: in a container of the
 * docker daemon, or without one a buildkitd of our own that buildx is pointed at.
 */
export async function provideBuildx(ground: Ground): Promise<Omit<Provision, "notes">> {
  const { wish, world, journal } = ground;
  const { directory } = journal;
  const path = { PATH: pathWith(wish.tools, world.env) };
  const docker = await dockerWithPlugin(ground, path);
  const standalone = docker === undefined ? await requireBuildx(ground) : undefined;
  const call = docker === undefined ? [standalone ?? ""] : [docker, "buildx"];
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
    args: [...words, "create", "--name", name, "--bootstrap", ...driver],
    env: { ...world.env, ...path, BUILDX_CONFIG: config },
  });
  if (code !== 0) {
    throw new Failure("engine", "buildx cannot make a builder", {
      code: "EngineNotReady",
      lines: stderr.trim().split("\n").slice(-20),
      hint: "The builder's image comes from docker.io (moby/buildkit); the backend buildctl needs no image.",
    });
  }
  return {
    env: { ...path, BUILDX_CONFIG: config },
    builder: name,
    ...(standalone === undefined ? {} : { standalone }),
  };
}

/** The container shares the machine's network, as every other engine's steps do: a registry at localhost is reached. */
async function inContainer(ground: Ground): Promise<readonly string[]> {
  if (ground.wish.keepState) ground.notes.push("keep-state: a builder in a container of docker keeps nothing");
  const config = await writeConfiguration("builder.toml", builderConfiguration(ground.wish.settings), ground);
  return ["--driver", "docker-container", "--driver-opt", "network=host", "--buildkitd-config", config];
}

/** Absolute path of docker, if it has the plugin. */
async function dockerWithPlugin({ wish, world }: Ground, path: { PATH: string }): Promise<string | undefined> {
  const docker = await findProgram("docker", wish.tools, world);
  if (docker === undefined) return undefined;
  const { code } = await world.processes.capture({
    tool: docker,
    args: ["buildx", "version"],
    env: { ...world.env, ...path },
  });
  return code === 0 ? docker : undefined;
}

async function hasDaemon({ wish, world }: Ground, path: { PATH: string }): Promise<boolean> {
  const docker = await findProgram("docker", wish.tools, world);
  if (docker !== undefined) {
    const args = ["version", "--format", "{{.Server.Version}}"];
    return (await world.processes.capture({ tool: docker, args, env: { ...world.env, ...path } })).code === 0;
  }
  const address = world.env["DOCKER_HOST"] || "unix:///var/run/docker.sock";
  return address.startsWith("unix://") ? world.system.listens(address.slice("unix://".length)) : true;
}

/** Called by itself the plugin takes the same words. Source: https://github.com/docker/buildx/blob/master/cmd/buildx/main.go */
async function requireBuildx(ground: Ground): Promise<string> {
  const { wish, world } = ground;
  return (await findProgram("docker-buildx", wish.tools, world)) ?? requireProgram("buildx", ground);
}
