import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";

export type Argv = readonly [string, ...string[]];

export interface CommandOptions {
  cwd?: string;
  env?: Readonly<Record<string, string>>;
  /** File that gets the output as well; long work is watched there. */
  log?: string;
  input?: string;
}

/** The environment of this process without unset names. */
export function hostEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Runs a program to its end and returns its standard output; anything but exit code 0 is an error with the end of its output. */
export async function run([program, ...args]: Argv, options: CommandOptions = {}): Promise<string> {
  const log = options.log === undefined ? undefined : openSync(options.log, "a");
  try {
    const child = spawn(program, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...hostEnvironment(), ...options.env },
      stdio: ["pipe", "pipe", log ?? "pipe"],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.stdin?.on("error", () => undefined); // a program may end without reading its input
    child.stdin?.end(options.input ?? "");
    const outcome = await new Promise<string | number | null>((settle, fail) => {
      child.on("error", fail);
      child.on("close", (code, signal) => settle(signal ?? code));
    });
    const output = Buffer.concat(stdout).toString();
    if (outcome === 0) return output;
    const tail = (Buffer.concat(stderr).toString() || output).trim().split("\n").slice(-8).join("\n");
    const where = options.log === undefined ? "" : ` (see ${options.log})`;
    throw new Error(`${[program, ...args.slice(0, 4)].join(" ")} ended with ${outcome}${where}${tail && `:\n${tail}`}`);
  } finally {
    if (log !== undefined) closeSync(log);
  }
}

/** Whether a program ends well; for probing and for clean-up that may find nothing to do. */
export async function succeeds(argv: Argv, options: CommandOptions = {}): Promise<boolean> {
  return run(argv, options).then(
    () => true,
    () => false,
  );
}

/** The non-empty lines a program prints, or none when it fails. */
export async function lines(argv: Argv, options: CommandOptions = {}): Promise<string[]> {
  const output = await run(argv, options).catch(() => "");
  return output.split("\n").filter((line) => line !== "");
}
