/**
 * Stands in for docker, podman, buildah, nerdctl and buildctl: writes down how it was called, answers probes as the real
 * tools do, and "builds" one tiny image. An environment that direct assembly asks for has its label and is really pushed;
 * of other images the registry is taken to have them. Called as `node cli.ts <control directory> <name> <arguments of the tool>…`;
 * `behaviour.json` in the control directory says what shall go wrong.
 */
import { spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Answers } from "./answers.ts";
import { pushImage, type TinyImage, tinyImage, writeLayout } from "./image.ts";
import { obeyAsStore, type StoreBehaviour } from "./store.ts";

export interface Behaviour {
  readonly answers: Answers;
  /** Of the build alone. */
  readonly exit?: number;
  /** Ends itself by this signal instead of building. */
  readonly signal?: NodeJS.Signals;
  /** Lines of the build on standard error. */
  readonly prints?: readonly string[];
  /** Starts a child of its own and waits for ever; `deaf` does not listen to SIGTERM. */
  readonly hangs?: "build" | "probe" | "deaf";
  /** Prints without end: one line, or lines. */
  readonly floods?: { readonly what: "line" | "lines"; readonly when: "build" | "probe" };
  /** Leaves none of the files that were asked for. */
  readonly silent?: boolean;
  /** The image that is built, see `tinyImage`. */
  readonly builds?: string;
  /** Another image than was built, in metadata and id files. */
  readonly claims?: string;
  /** Writes this into metadata and id files instead. */
  readonly claimsText?: string;
  /** Keeps images, as the real tools do; without it, commands about them do nothing. */
  readonly store?: StoreBehaviour;
}

/** One line of `calls.jsonl`. */
export interface Call {
  readonly tool: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Mode and content of each file of `--secret`, and the mode of its directory. */
  readonly secrets: readonly {
    readonly id: string;
    readonly mode: number;
    readonly directoryMode: number;
    readonly content: string;
  }[];
  /** Content of each file of TLS that is named. */
  readonly pem: readonly string[];
}

const [control = "", tool = "", ...args] = process.argv.slice(2);
const behaviour: Behaviour = JSON.parse(readFileSync(join(control, "behaviour.json"), "utf8"));

function valuesOf(flag: string): readonly string[] {
  return args.flatMap((arg, index) => (arg === flag ? [args[index + 1] ?? ""] : []));
}

function fieldsOf(value: string): ReadonlyMap<string, string> {
  const fields = value.split(",").map((field) => field.replace(/^"|"$/g, "").split("="));
  return new Map(fields.map(([key = "", ...rest]) => [key, rest.join("=")]));
}

function readSecrets(): Call["secrets"] {
  return valuesOf("--secret").map((value) => {
    const path = fieldsOf(value).get("src") ?? "";
    const mode = (file: string): number => statSync(file).mode & 0o777;
    return {
      id: fieldsOf(value).get("id") ?? "",
      mode: mode(path),
      directoryMode: mode(dirname(path)),
      content: readFileSync(path, "utf8"),
    };
  });
}

function definedVariables(): Call["env"] {
  return Object.fromEntries(Object.entries(process.env).map(([name, text = ""]) => [name, text]));
}

function writeDown(): void {
  const pem = args.filter((arg) => arg.endsWith(".pem")).map((path) => readFileSync(path, "utf8"));
  const call: Call = { tool, args, env: definedVariables(), secrets: readSecrets(), pem };
  appendFileSync(join(control, "calls.jsonl"), `${JSON.stringify(call)}\n`);
}

/** Global flags with their values stand before the command's name in buildctl's line. */
function answer(): { readonly code: number; readonly stdout?: string; readonly stderr?: string } | undefined {
  const line = [tool, ...args].join(" ").replace(/ --addr \S+/, "");
  const fitting = Object.keys(behaviour.answers).filter((key) => line.startsWith(key));
  return behaviour.answers[fitting.toSorted((one, other) => other.length - one.length)[0] ?? ""];
}

function hang(): void {
  if (behaviour.hangs === "deaf") process.on("SIGTERM", () => undefined);
  const deaf = behaviour.hangs === "deaf" ? "process.on('SIGTERM', () => undefined);" : "";
  const grandchild = spawn(process.execPath, ["-e", `${deaf} setInterval(() => undefined, 1000); console.log("up")`], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  grandchild.stdout.once("data", () => {
    writeFileSync(join(control, "pids"), `${process.pid} ${grandchild.pid}`);
    console.log("hanging");
  });
  setInterval(() => undefined, 1_000);
}

/** To both streams, as fast as they are read. */
function flood(what: "line" | "lines"): void {
  writeFileSync(join(control, "flood"), "");
  const piece = what === "line" ? "x".repeat(1 << 16) : "some line of it\n".repeat(1 << 12);
  for (const stream of [process.stdout, process.stderr]) {
    const write = (): void => void stream.write(piece, write);
    write();
  }
}

const LABEL = "dev.bento-image.environment";

/** What is built; podman and buildah push what an earlier command built. */
function built(marker = behaviour.builds): TinyImage {
  const file = join(control, "environment");
  const line = args.join(" ");
  if (args[0] !== "push") {
    const key = new RegExp(`${LABEL}=(\\S+)`).exec(line)?.[1] ?? "";
    writeFileSync(file, JSON.stringify([/linux\/(\w+)/.exec(line)?.[1], key === "" ? {} : { [LABEL]: key }]));
  }
  const [architecture, labels] = JSON.parse(readFileSync(file, "utf8"));
  return tinyImage(marker, architecture ?? undefined, labels);
}

async function writeImage(kind: string, destination: string): Promise<void> {
  const image = built();
  if (kind === "layout") return writeLayout(destination, image);
  if (kind === "docker") return writeFileSync(destination, "a docker archive");
  const { create } = await import("tar");
  const directory = mkdtempSync(join(tmpdir(), "fake-layout-"));
  await writeLayout(directory, image);
  await create({ file: destination, cwd: directory }, ["oci-layout", "index.json", "blobs"]);
}

function claim(file: string, text: string): void {
  writeFileSync(file, behaviour.claimsText ?? text);
}

async function build(): Promise<void> {
  const { manifest, config } = built(behaviour.claims ?? behaviour.builds);
  const metadata = { "containerimage.config.digest": config.digest, "containerimage.digest": manifest.digest };
  for (const file of valuesOf("--metadata-file")) claim(file, JSON.stringify(metadata));
  for (const file of valuesOf("--iidfile")) claim(file, tool === "nerdctl" ? manifest.digest : config.digest);
  for (const output of valuesOf("--output")) {
    const fields = fieldsOf(output);
    const destination = fields.get("dest");
    if (fields.get("push") === "true" && args.join(" ").includes(LABEL)) {
      for (const name of [fields.get("name") ?? [], valuesOf("--tag")].flat()) await pushImage(name, built());
    }
    if (destination === undefined) continue;
    const kind = fields.get("type") === "docker" ? "docker" : "oci";
    await writeImage(fields.get("tar") === "false" ? "layout" : kind, destination);
  }
}

/** `podman push … <id> oci:<path>:<tag>` */
async function push(): Promise<void> {
  const [, transport = "", path = ""] = /^([a-z-]+):([^:]*)/.exec(args.at(-1) ?? "") ?? [];
  await writeImage({ oci: "layout", "docker-archive": "docker" }[transport] ?? "oci", path);
}

async function work(): Promise<void> {
  if (behaviour.store !== undefined && (await obeyAsStore(control, args, behaviour.store))) return;
  for (const line of behaviour.prints ?? []) console.error(line);
  if (behaviour.signal !== undefined) process.kill(process.pid, behaviour.signal);
  else if (behaviour.floods?.when === "build") flood(behaviour.floods.what);
  else if (behaviour.hangs === "build" || behaviour.hangs === "deaf") hang();
  else if (behaviour.exit !== undefined) process.exitCode = behaviour.exit;
  else if (behaviour.silent !== true) await (args[0] === "push" ? push() : build());
}

writeDown();
const told = answer();
if (told !== undefined && behaviour.hangs === "probe") hang();
else if (told !== undefined && behaviour.floods?.when === "probe") flood(behaviour.floods.what);
else if (told === undefined) await work();
else {
  process.stdout.write(told.stdout ?? "");
  process.stderr.write(told.stderr ?? "");
  process.exitCode = told.code;
}
