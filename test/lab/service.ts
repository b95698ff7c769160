/** Starts an image as a user would and asks its service. */
import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "./port.ts";

const run = promisify(execFile);

export interface Answered {
  /** Seconds from `run` to the first good `/readyz`. */
  readonly readyAfter: number;
  readonly prediction: string;
}

/** A Python service starts in seconds; on a machine that is busy with other work, in minutes. */
const PATIENCE_MS = 300_000;

/** Runs the image with docker, podman or nerdctl, waits until it is ready, calls it once, removes the container. */
export async function askService(
  tool: "docker" | "podman" | "nerdctl",
  image: string,
  call: { readonly path: string; readonly body: object },
  env: Readonly<Record<string, string>>,
): Promise<Answered> {
  const port = await freePort();
  const name = `bento-image-${process.pid}-${port}`;
  const started = Date.now();
  await run(tool, ["run", "--detach", "--name", name, "--publish", `127.0.0.1:${port}:3000`, image], {
    env,
    maxBuffer: 1 << 26,
  });
  try {
    const readyAfter = await untilReady(port, started);
    const answer = await fetch(`http://127.0.0.1:${port}${call.path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(call.body),
    });
    return { readyAfter, prediction: await answer.text() };
  } catch (error) {
    const { stdout, stderr } = await run(tool, ["logs", name], { env });
    throw new Error(`${image} did not answer:\n${stdout}\n${stderr}`, { cause: error });
  } finally {
    await run(tool, ["rm", "--force", name], { env });
  }
}

async function untilReady(port: number, started: number): Promise<number> {
  while (Date.now() - started < PATIENCE_MS) {
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return (Date.now() - started) / 1000;
    await sleep(100);
  }
  throw new Error(`not ready after ${PATIENCE_MS / 1000} s`);
}
