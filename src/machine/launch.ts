import { once } from "node:events";
import { open } from "node:fs/promises";
import { Failure } from "../errors.ts";
import { definedOnly } from "../values.ts";
import type { Invocation, System } from "./machine.ts";

/** Starts a process without waiting for it; see {@link System.launch}. @returns its pid. */
export async function launch(
  { tool, args, env, cwd }: Pick<Invocation, "tool" | "args" | "env" | "cwd">,
  log: string,
): Promise<number> {
  const { spawn } = await import("node:child_process");
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

/** See {@link System.listens}. */
export async function listens(address: Parameters<System["listens"]>[0]): Promise<boolean> {
  const { connect } = await import("node:net");
  return new Promise((settle) => {
    const socket = typeof address === "string" ? connect(address) : connect(address);
    socket.once("connect", () => {
      socket.destroy();
      settle(true);
    });
    socket.once("error", () => settle(false));
  });
}
