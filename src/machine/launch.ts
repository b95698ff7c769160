import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { connect } from "node:net";
import { Failure } from "../errors.ts";
import type { Env, Invocation } from "./machine.ts";

/** Starts a process without waiting for it; see {@link System.launch}. @returns its pid. */
export async function launch(
  { tool, args, env, cwd }: Pick<Invocation, "tool" | "args" | "env" | "cwd">,
  log: string,
): Promise<number> {
  await using output = await open(log, "a", 0o600);
  const child = spawn(tool, [...args], {
    // A separate session, so that neither a signal to the action's group nor the end of its terminal reaches it.
    detached: true,
    stdio: ["ignore", output.fd, output.fd],
    cwd: cwd ?? "/",
    ...(env === undefined ? {} : { env: definedOnly(env) }),
  });
  try {
    await once(child, "spawn");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure("tool", `Cannot start ${tool}: ${why}`, { cause: error });
  }
  child.unref();
  return child.pid ?? -1;
}

function definedOnly(env: Env): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** See {@link System.listens}. */
export function listens(path: string): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      settle(true);
    });
    socket.once("error", () => settle(false));
  });
}
