import { Failure } from "../errors.ts";
import type { EngineWorld } from "./engine.ts";

type PackageWorld = Pick<EngineWorld, "actions" | "env" | "processes" | "system">;

/** How distributions install a package, the first that is there; a package has its program's name in all of them. */
const MANAGERS = [
  { tool: "apt-get", args: ["install", "--yes", "--no-install-recommends"], refresh: ["update"] },
  { tool: "dnf", args: ["install", "--assumeyes"] },
  { tool: "apk", args: ["add", "--no-cache"] },
  { tool: "zypper", args: ["--non-interactive", "install"] },
] as const;

/**
 * Installs a program from the distribution's packages, as root or by a sudo that asks for no password.
 * @throws Failure `tool` when neither is possible, or when it fails.
 */
export async function installPackage(name: string, world: PackageWorld): Promise<void> {
  const { processes, actions } = world;
  const found = await Promise.all(
    MANAGERS.map(async (manager) => ({ manager, path: await processes.which(manager.tool) })),
  );
  const manager = found.find(({ path }) => path !== undefined)?.manager;
  if (manager === undefined) throw missing(name, `no ${MANAGERS.map(({ tool }) => tool).join(", ")} here`);
  const sudo = world.system.user().id === 0 ? [] : await passwordless(name, world);
  const run = async (words: readonly string[]) => {
    const [tool = "", ...args] = [...sudo, manager.tool, ...words];
    return processes.stream({ tool, args, env: { ...world.env, DEBIAN_FRONTEND: "noninteractive" } }, actions.info);
  };
  actions.startGroup(`${manager.tool}: install ${name}`);
  try {
    let end = await run([...manager.args, name]);
    if (end.code !== 0 && "refresh" in manager) {
      await run(manager.refresh);
      end = await run([...manager.args, name]);
    }
    if (end.code !== 0) throw missing(name, `${manager.tool} failed`, end.tail.slice(-5));
  } finally {
    actions.endGroup();
  }
}

async function passwordless(name: string, { processes }: PackageWorld): Promise<readonly string[]> {
  const sudo = await processes.which("sudo");
  const may = sudo !== undefined && (await processes.capture({ tool: sudo, args: ["-n", "true"] })).code === 0;
  if (!may || sudo === undefined) throw missing(name, "to install it needs root, or a sudo without a password");
  return [sudo, "-n"];
}

function missing(name: string, why: string, lines: readonly string[] = []): Failure {
  return new Failure("tool", `${name} is not on PATH and cannot be installed: ${why}`, {
    code: "ToolMissing",
    lines,
    hint: `Install the package ${name} on the runner, or choose another backend (backend: auto takes what is there).`,
  });
}
