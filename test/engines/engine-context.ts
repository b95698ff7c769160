/** A machine with fake engines: processes, sockets and files are real, but the daemons only listen. */
import { access, chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { findBackend } from "../../src/backends/index.ts";
import { cleanUp } from "../../src/engines/clean-up.ts";
import type { EngineMachine, EngineRequest } from "../../src/engines/engine.ts";
import { realFiles } from "../../src/machine/files.ts";
import type { Env } from "../../src/machine/machine.ts";
import { realProcesses } from "../../src/machine/processes.ts";
import { openProgress } from "../../src/machine/progress.ts";
import { realSystem } from "../../src/machine/system.ts";

export interface EngineSetting {
  readonly machine: EngineMachine & { readonly state: ReadonlyMap<string, string> };
  /** Absolute directory of fake daemons in the tool cache, as an installed release would be. */
  readonly tools: string;
  /** RUNNER_TEMP. */
  readonly temporary: string;
  /** A file to which daemons write their names when they receive SIGTERM. */
  readonly endings: string;
  /** Cancels the run. */
  readonly cancel: () => void;
}

/** Listens on the socket of its configuration, and records SIGTERM. FAKE selects what goes wrong. */
const DAEMON = `#!${process.execPath}
const { appendFileSync, readFileSync } = require("node:fs");
const { spawn } = require("node:child_process");
const name = process.argv[1].split("/").pop();
const config = readFileSync(process.argv[process.argv.indexOf("--config") + 1], "utf8");
const socket = /^address = (?:\\[ )?"(?:unix:\\/\\/)?([^"]+)"/m.exec(config)[1];
const wrong = process.env.FAKE ?? "";
if (wrong.includes("child")) spawn("sleep", ["300"], { detached: true, stdio: "ignore", env: {} });
if (wrong === "ends") { for (let i = 0; i < 30; i++) console.error("line " + i); console.error("listen unix: address already in use"); process.exit(1); }
process.on("SIGTERM", () => { appendFileSync(process.env.ENDINGS, name + "\\n"); if (wrong !== "deaf") process.exit(0); });
if (wrong === "silent") setInterval(() => undefined, 1000);
else require("node:net").createServer().listen(socket);
`;

const DAEMONS = ["buildkitd", "containerd", "containerd-shim-runc-v2", "runc", "buildctl"];

/** Processes that a test leaves running end with it. */
export async function makeEngineSetting(env: Env = {}): Promise<EngineSetting> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "bento-engines-")));
  const [temporary, cache, endings] = [join(root, "temp"), join(root, "cache"), join(root, "endings")];
  const tools = join(cache, "bento-image-buildkit/1.0.0/x64/bin");
  for (const path of [temporary, tools]) await mkdir(path, { recursive: true });
  for (const name of DAEMONS) {
    await writeFile(join(tools, name), DAEMON);
    await chmod(join(tools, name), 0o755);
  }
  await writeFile(endings, "");
  const cancellation = new AbortController();
  const state = new Map<string, string>();
  const silent = () => undefined;
  const all = {
    ...{ PATH: process.env["PATH"], HOME: root, ENDINGS: endings, CONTAINERD_ADDRESS: undefined },
    ...{ RUNNER_TEMP: temporary, RUNNER_TOOL_CACHE: cache, ...env },
  };
  const machine: EngineSetting["machine"] = {
    env: all,
    files: realFiles(temporary),
    processes: realProcesses(all, cancellation.signal),
    // Ordinary users get other engines, which have tests of their own.
    system: { ...realSystem(), user: () => ({ id: 0, name: "root" }) },
    signal: cancellation.signal,
    state,
    actions: {
      ...{ info: silent, debug: silent, notice: silent, warning: silent, error: silent },
      ...{
        openGroup: () => ({ info: silent, end: silent }),
        progress: openProgress(silent, 10_000),
        mask: silent,
        hide: (text: string) => text,
        setOutput: silent,
        exportVariable: silent,
        addPath: silent,
        writeSummary: async () => undefined,
      },
      saveState: (name, value) => void state.set(name, value),
      getState: (name) => state.get(name) ?? "",
    },
  };
  onTestFinished(async () => {
    for (const name of await readdir(temporary)) await cleanUp(join(temporary, name), machine);
    await rm(root, { recursive: true, force: true });
  });
  return { machine, tools, temporary, endings, cancel: () => cancellation.abort("SIGTERM") };
}

export function request(backend: string, { tools }: EngineSetting, more: Partial<EngineRequest> = {}): EngineRequest {
  const settings = { mirrors: {}, insecure: [], authorities: {} };
  const { provides = { kind: "nothing" as const } } = findBackend(backend) ?? {};
  return { backend, provides, tools: [tools], settings, keepState: false, ...more };
}

/** The directory of the engine that was started last. */
export function engineOf({ machine }: EngineSetting): string {
  return machine.state.get("engine") ?? "";
}

export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Names of the daemons that received SIGTERM, in order. */
export async function endedIn({ endings }: EngineSetting): Promise<readonly string[]> {
  return (await readFile(endings, "utf8")).split("\n").filter((name) => name !== "");
}
