import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { realProcesses } from "../../src/machine/processes.ts";
import { makeSetting } from "../bento/setting.ts";

const NEVER = new AbortController().signal;
const ENV = { PATH: process.env["PATH"] };

function sh(script: string, ...args: readonly string[]) {
  return { tool: "sh", args: ["-c", script, "sh", ...args] };
}

describe("A helper program", () => {
  const processes = realProcesses(ENV, new AbortController().signal);

  it("gets its input and returns its status and both outputs", async () => {
    const answer = await processes.ask({ ...sh("cat; echo err >&2; exit 3"), stdin: "a question" });
    expect(answer).toEqual({ code: 3, stdout: "a question", stderr: "err\n" });
  });

  it("that does not exist is an error", async () => {
    await expect(processes.ask({ tool: "no-such-helper", args: [] })).rejects.toThrow("no-such-helper");
  });
});

describe("A captured program", () => {
  const processes = realProcesses(ENV, NEVER);

  it("returns both streams and its exit code", async () => {
    const answer = await processes.capture(sh("echo out; echo err >&2; exit 3"));
    expect(answer).toEqual({ code: 3, stdout: "out\n", stderr: "err\n" });
  });

  it("reads its input", async () => {
    expect((await processes.capture({ tool: "cat", args: [], stdin: "grüße" })).stdout).toBe("grüße");
  });

  it("with endless output is stopped", async () => {
    await expect(processes.capture(sh("yes"))).rejects.toMatchObject({ class: "tool", code: "TooLarge" });
  });

  it("may end without reading its input", async () => {
    const answer = await processes.capture({ ...sh("exit 0"), stdin: "x".repeat(1 << 20) });
    expect(answer.code).toBe(0);
  });

  it("gets its arguments unchanged", async () => {
    const hostile = ["", " ", "$(id)", '"', "'", "a\nb", "--", "*", "\\"];
    expect((await processes.capture(sh('printf "%s|" "$@"', ...hostile))).stdout).toBe(`${hostile.join("|")}|`);
  });

  it("returns characters that arrive in two pieces", async () => {
    const answer = await processes.capture(sh("printf '\\303'; sleep 0.1; printf '\\274'"));
    expect(answer.stdout).toBe("ü");
  });

  it("has the status of a shell if a signal ends it", async () => {
    expect((await processes.capture(sh("kill -KILL $$"))).code).toBe(137);
  });

  it("gets exactly the given environment", async () => {
    const answer = await processes.capture({ ...sh('echo "$A-$HOME"'), env: { ...ENV, A: "1", B: undefined } });
    expect(answer.stdout).toBe("1-\n");
  });

  it("that cannot be started is a failure of the tool", async () => {
    await expect(processes.capture({ tool: "/no/such/tool", args: [] })).rejects.toMatchObject({ class: "tool" });
  });

  it("is not waited for if its own children keep the output open", async () => {
    const { root } = await makeSetting();
    const pid = join(root, "pid");
    const answer = await processes.capture(sh('sleep 600 & echo $! > "$1"; echo done', pid));
    process.kill(Number(await readFile(pid, "utf8")));
    expect(answer).toMatchObject({ code: 0, stdout: "done\n" });
  });
});

describe("A streamed program", () => {
  it("returns every line of both streams, and the last ones as tail", async () => {
    const lines: string[] = [];
    const exit = await realProcesses(ENV, NEVER).stream(
      sh("printf 'one\\r\\ntwo\\n\\nthree'; echo four >&2; exit 4"),
      (line) => lines.push(line),
    );
    expect(lines.toSorted()).toEqual(["", "four", "one", "three", "two"]);
    expect(exit).toMatchObject({ code: 4, signal: undefined });
    expect(exit.tail.toSorted()).toEqual(lines.toSorted());
  });

  it("keeps a limited tail of an endless log", async () => {
    const exit = await realProcesses(ENV, NEVER).stream(sh("seq 5000"), () => undefined);
    expect([exit.tail.length, exit.tail.at(-1)]).toEqual([400, "5000"]);
  });

  it("returns the signal that ended it", async () => {
    const exit = await realProcesses(ENV, NEVER).stream(sh("kill -TERM $$"), () => undefined);
    expect(exit).toMatchObject({ code: undefined, signal: "SIGTERM" });
  });
});

describe("a cancel", () => {
  it("ends the whole process group, and kills processes that ignore it", async () => {
    const { root } = await makeSetting();
    const file = join(root, "pid");
    const abort = new AbortController();
    const script = `sh -c 'trap "" TERM; echo $$ > "$1"; while :; do sleep 0.1; done' sh "$1" >&- 2>&- & wait`;
    await writeFile(file, "");
    const running = realProcesses(ENV, abort.signal).stream(sh(script, file), () => undefined);
    while ((await readFile(file, "utf8")).trim() === "") await sleep(10);
    abort.abort("SIGINT");
    expect(await running).toMatchObject({ code: undefined, signal: "SIGTERM" });
    const pid = Number(await readFile(file, "utf8"));
    const alive = () => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    for (let left = 200; left > 0 && alive(); left -= 1) await sleep(10);
    expect(alive()).toBe(false);
  });

  it("ends a captured program, which then fails as cancelled", async () => {
    const abort = new AbortController();
    const running = realProcesses(ENV, abort.signal).capture(sh("sleep 600"));
    abort.abort("SIGTERM");
    await expect(running).rejects.toMatchObject({ class: "cancelled" });
  });

  it("prevents further programs from starting", async () => {
    const processes = realProcesses(ENV, AbortSignal.abort("SIGINT"));
    await expect(processes.capture(sh("true"))).rejects.toMatchObject({ class: "cancelled" });
    await expect(processes.stream(sh("true"), () => undefined)).rejects.toMatchObject({ class: "cancelled" });
  });
});

describe("which", () => {
  it("returns the absolute path of a program on PATH, and undefined otherwise", async () => {
    const { which } = realProcesses(ENV, NEVER);
    expect(await which("sh")).toMatch(/^\/.*\/sh$/);
    expect(await which("no-such-tool")).toBeUndefined();
  });
});

it("An endless line is shortened in its middle, in linear time", async () => {
  const lines: string[] = [];
  const script = "printf begin; head -c 40000000 /dev/zero | tr '\\0' x; printf 'end\\nnext\\n'";
  await realProcesses(ENV, NEVER).stream(sh(script), (line) => void lines.push(line));
  expect(lines).toEqual([expect.stringMatching(/^beginx+ … x+end$/), "next"]);
  expect(lines[0]?.length).toBeLessThan(70_000);
});
