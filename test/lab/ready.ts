import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Waits until a check holds. */
export async function until(what: string, check: () => Promise<boolean>, seconds = 30): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`${what} was not ready within ${seconds} s`);
    await sleep(50);
  }
}

/** Whether an HTTP service answers well. */
export async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

/** Whether somebody listens on a Unix socket. */
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
