import { glob, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { BACKENDS } from "../../src/backends/index.ts";

const SRC = fileURLToPath(new URL("../../src", import.meta.url));

interface Source {
  /** Below src, e.g. `image/recipe.ts`. */
  readonly path: string;
  readonly text: string;
}

const sources: readonly Source[] = await Array.fromAsync(glob("**/*.ts", { cwd: SRC }), async (path) => ({
  path,
  text: await readFile(`${SRC}/${path}`, "utf8"),
}));

function roomOf(path: string): string {
  return path.includes("/") ? (path.split("/")[0] ?? "") : "";
}

/** Rooms that a file takes values or types from; `` is src itself, where the story and the failures are. */
function roomsUsedBy({ path, text }: Source): readonly string[] {
  const imports = [...text.matchAll(/(?:from|import)\s*\(?"(\.[^"]+)"/g)].map(([, target = ""]) => target);
  const folders = imports.map((target) => new URL(target, `file:///${path}`).pathname.slice(1));
  return folders.map(roomOf);
}

/** Which rooms a room may take something from; all may take failures (`src/errors.ts`) and the interfaces of the machine. */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  inputs: ["backends", "image", "tools"],
  bento: ["image", "tar"],
  image: ["bento"],
  backends: ["image", "tools"],
  assembly: ["inputs", "bento", "image", "registry", "result", "script", "report"],
  registry: ["image", "result", "tar"],
  result: ["image", "backends"],
  script: ["inputs", "bento", "image", "backends", "registry", "result"],
  report: ["bento", "image", "backends", "result"],
  engines: [],
  matrix: ["inputs", "image"],
  merging: ["inputs", "assembly", "image", "registry", "report", "script"],
  tar: [],
  tools: ["bento", "image", "assembly", "registry", "report"],
  machine: [],
};

describe("rooms", () => {
  it.each(Object.entries(MAY_USE))("%s uses only %j", (room, allowed) => {
    const wrong = sources
      .filter(({ path }) => roomOf(path) === room)
      .flatMap((source) => roomsUsedBy(source).map((used) => `${source.path} → ${used}`))
      .filter((line) => !["", room, "machine", ...allowed].includes(line.split(" → ")[1] ?? ""));
    expect(wrong).toEqual([]);
  });

  it("are all known here", () => {
    const rooms = new Set(sources.map(({ path }) => roomOf(path)).filter((room) => room !== ""));
    expect([...rooms].sort()).toEqual(Object.keys(MAY_USE).sort());
  });
});

describe("the runner", () => {
  it("hears what one file says, which lets no text be a command", () => {
    const speaking = /process\.std(?:out|err)|"@actions\/core"|"inherit"/;
    expect(sources.filter(({ text }) => speaking.test(text)).map(({ path }) => path)).toEqual(["machine/actions.ts"]);
  });
});

describe("the files of Bentos and models", () => {
  /** Who reads by plain paths, and what: the way to a Bento and to a store, archives, the cache of a hub. */
  const BY_PATH = /^bento\/(?:address|store|home)\.ts$|^bento\/(?:archive|hub)\//;
  const READERS = "info|list|readBytes|readText|readHead|readLink|realPath|source|pieces";
  const others = sources.filter(
    ({ path }) => ["bento", "recipe", "layers", "cache", "assembly"].includes(roomOf(path)) && !BY_PATH.test(path),
  );

  it("are read by nobody who reads by plain paths", () => {
    const reads = new RegExp(`\\bmachine\\.files\\.(?:${READERS})\\b|import [^;]*\\bFiles\\b[^;]*machine\\.ts"`);
    expect(others.filter(({ text }) => reads.test(text)).map(({ path }) => path)).toEqual([]);
    expect(others.length).toBeGreaterThan(50);
  });

  it("are made values of their own by their reader alone", () => {
    const makers = sources.filter(({ text }) => /\bas (?:unknown as )?(?:Enclosure|EnclosedFile)\b/.test(text));
    expect(makers.map(({ path }) => path)).toEqual(["machine/enclosed-files.ts"]);
  });
});

describe("backends", () => {
  it("are told apart by their tables, never by a comparison of names elsewhere", () => {
    const names = BACKENDS.map(({ name }) => name).join("|");
    const comparison = new RegExp(`(?:===|!==|case)\\s*"(?:${names})"|"(?:${names})"\\s*(?:===|!==)`);
    const wrong = sources.filter(({ path, text }) => roomOf(path) !== "backends" && comparison.test(stripped(text)));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});

/** `docker` is also the name of a format of manifests. */
function stripped(text: string): string {
  return text.replace(/[Ff]ormat\s*===\s*"docker"/g, "");
}
