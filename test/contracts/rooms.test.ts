import { glob, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { BACKENDS } from "../../src/backends/index.ts";

const SRC = fileURLToPath(new URL("../../src", import.meta.url));

interface Source {
  /** Below src, e.g. `recipe/recipe.ts`. */
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

/** Files of src, e.g. `oci/digest.ts`, that a file takes values or types from. */
function filesUsedBy({ path, text }: Source): readonly string[] {
  const imports = [...text.matchAll(/(?:from|import)\s*\(?"(\.[^"]+)"/g)].map(([, target = ""]) => target);
  return imports.map((target) => new URL(target, `file:///${path}`).pathname.slice(1));
}

/**
 * From the bottom up: which rooms a room may take values or types from. All may take failures (`errors.ts`), what the
 * language lacks (`values.ts`), and the interfaces of the machine.
 */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  text: [],
  machine: ["text"],
  secrets: [],
  tar: [],
  engines: ["text"],
  oci: ["text"],
  layout: ["oci", "tar"],
  bento: ["secrets", "tar", "text"],
  recipe: ["bento", "oci", "text"],
  layers: ["bento", "oci", "recipe", "text"],
  registry: ["layout", "oci", "secrets", "text"],
  cache: ["layers", "oci", "recipe", "registry", "secrets", "text"],
  tools: ["bento", "layers", "oci", "registry", "secrets", "text"],
  backends: ["oci", "recipe", "text", "tools"],
  result: ["backends", "oci", "text"],
  inputs: ["backends", "oci", "secrets", "text", "tools"],
  matrix: ["inputs", "oci", "text"],
  report: ["backends", "bento", "oci", "result", "text"],
  commands: ["backends", "bento", "inputs", "oci", "recipe", "registry", "result", "secrets"],
  probe: ["backends", "commands", "inputs", "oci"],
  merging: ["cache", "commands", "inputs", "oci", "registry", "report", "text"],
  assembly: ["bento", "cache", "commands", "inputs", "layers", "layout", "oci", "recipe", "registry", "report", "text"],
  loading: ["assembly", "backends", "cache", "commands", "oci", "text"],
  action: [
    "assembly",
    "backends",
    "bento",
    "cache",
    "commands",
    "engines",
    "inputs",
    "layers",
    "layout",
    "loading",
    "oci",
    "probe",
    "recipe",
    "registry",
    "report",
    "result",
    "text",
    "tools",
  ],
  "command-line": ["action", "engines", "inputs", "matrix", "merging", "report", "secrets", "text"],
};

/** Files at the root of src: the entry points, and what everybody may use. */
const ENTRY_POINTS = ["bento-image.ts", "main.ts", "matrix.ts", "merge.ts", "post.ts", "setup.ts", "worker.ts"];
const FOR_ALL = ["errors.ts", "values.ts"];

describe("rooms", () => {
  it.each(Object.entries(MAY_USE))("%s uses only %j", (room, allowed) => {
    const wrong = sources
      .filter(({ path }) => roomOf(path) === room)
      .flatMap((source) => filesUsedBy(source).map((used) => `${source.path} → ${used}`))
      .filter((line) => {
        const used = line.split(" → ")[1] ?? "";
        return !FOR_ALL.includes(used) && ![room, "machine", ...allowed].includes(roomOf(used));
      });
    expect(wrong).toEqual([]);
  });

  it("are all known here, and use only those below them", () => {
    const rooms = new Set(sources.map(({ path }) => roomOf(path)).filter((room) => room !== ""));
    expect([...rooms].sort()).toEqual(Object.keys(MAY_USE).sort());
    const fromBottom = Object.keys(MAY_USE);
    const upwards = Object.entries(MAY_USE).flatMap(([room, allowed]) =>
      allowed.filter((used) => fromBottom.indexOf(used) >= fromBottom.indexOf(room)).map((used) => `${room} → ${used}`),
    );
    expect(upwards).toEqual([]);
  });

  it("have everything but the entry points and what everybody may use", () => {
    const outside = sources.map(({ path }) => path).filter((path) => roomOf(path) === "");
    expect(outside.sort()).toEqual([...ENTRY_POINTS, ...FOR_ALL].sort());
  });
});

describe("imports", () => {
  it("go in no circle, those of types included", () => {
    const used = new Map(sources.map((source) => [source.path, filesUsedBy(source)]));
    const leadsTo = (from: string): ReadonlySet<string> => {
      const reached = new Set<string>();
      const ahead = [...(used.get(from) ?? [])];
      for (let path = ahead.pop(); path !== undefined; path = ahead.pop()) {
        if (reached.has(path)) continue;
        reached.add(path);
        ahead.push(...(used.get(path) ?? []));
      }
      return reached;
    };
    expect([...used.keys()].filter((path) => leadsTo(path).has(path))).toEqual([]);
  });
});

describe("the runner", () => {
  it("hears what one file says, which lets no text be a command; another is for terminals", () => {
    const speaking = /process\.std(?:out|err)|"@actions\/core"|"inherit"/;
    expect(
      sources
        .filter(({ text }) => speaking.test(text))
        .map(({ path }) => path)
        .sort(),
    ).toEqual(["machine/actions.ts", "machine/terminal.ts"]);
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
