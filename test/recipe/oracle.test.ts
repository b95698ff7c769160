import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { renderDockerfile } from "../../src/recipe/dockerfile/dockerfile.ts";
import { type Instruction, parseDockerfile } from "../../src/recipe/dockerfile/parse.ts";
import type { Copy } from "../../src/recipe/payload.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { readRecipe } from "./bentos.ts";

/** What `bentoml containerize` passes to the builder for the same Bento; the same in 1.4.38 and 1.4.40. */
interface Oracle {
  readonly from: string;
  readonly user: string;
  readonly exposes: readonly number[];
  readonly entrypoint: readonly string[];
  /** Without the Bento's own variables. */
  readonly env: Readonly<Record<string, string>>;
  /** Packages of the distribution. */
  readonly packages: readonly string[];
  /** Files, links (`path -> target`) and empty directories (`path/`) of the build context. */
  readonly context: readonly string[];
}

const file = fileURLToPath(new URL("../fixtures/image/oracle.json", import.meta.url));
const oracles = JSON.parse(await readFile(file, "utf8")) as Record<string, Oracle>;
/** BentoML uses the Python version of the machine that containerizes; this action uses that of the machine that built the Bento. */
const FROM: Readonly<Record<string, string>> = { "old-1.0.0a6 alpha_echo:kbvvvihfjwzzmax4": "python:3.8-slim" };
/** BentoML fails on this Bento; its image is built from the stored Dockerfile. */
const TEMPLATE = "v1-template templater:itruraxfjwvnkax4";

function operandsOf(instructions: readonly Instruction[], keyword: string): readonly string[] {
  return instructions.filter((instruction) => instruction.keyword === keyword).map(({ operands }) => operands);
}

function variablesOf(recipe: Recipe): Readonly<Record<string, string>> {
  const steps = recipe.environment.flatMap((section) => section.steps);
  return Object.fromEntries(
    steps.flatMap((step) => {
      if (step.kind === "path") return [["PATH", `${step.directory}:$PATH`]];
      return step.kind === "env" ? step.variables.map(({ name, value }) => [name, value]) : [];
    }),
  );
}

/** The paths below the Bento's directory that the payload copies, as a builder would. */
async function payloadPaths(recipe: Recipe): Promise<readonly string[]> {
  const { context, contexts, runtime } = recipe;
  const generated = recipe.generated.flatMap((entry) => {
    const path = relative("bento", entry.path);
    if (entry.path === "bento" || path.startsWith("..")) return [];
    return [entry.kind === "directory" ? `${path}/` : path];
  });
  const copies = recipe.payload.flatMap((layer) => layer.copies).filter((copy) => copy.context !== "generated");
  const copied = copies.map(async (copy: Copy) => {
    const root = (contexts.find(({ name }) => name === copy.context)?.directory ?? context).path;
    const below = relative(runtime.workdir, copy.destination);
    const paths = copy.sources.map(async (source) => {
      const from = join(root, source);
      if (!(await stat(from)).isDirectory()) return [join(below, source.replace(/.*\//, ""))];
      const entries = await readdir(from, { recursive: true, withFileTypes: true });
      return entries.map((entry) => {
        const path = join(below, relative(from, join(entry.parentPath, entry.name)));
        return entry.isDirectory() ? `${path}/` : path;
      });
    });
    return (await Promise.all(paths)).flat();
  });
  const all = [...new Set([...generated, ...(await Promise.all(copied)).flat()])].sort();
  return all.filter((path) => !path.endsWith("/") || !all.some((other) => other !== path && other.startsWith(path)));
}

/** Left out: names of blobs, which are hashes of the Hub, and the Dockerfile, which BentoML rewrites in the context. */
function comparable(paths: readonly string[]): readonly string[] {
  return paths
    .map((path) => path.replace(/ -> .*/, "").replace(/\/blobs\/.*/, "/blobs/*"))
    .filter((path) => path !== "env/docker/Dockerfile")
    .sort();
}

describe.each(Object.entries(oracles).filter(([id]) => id !== TEMPLATE))("The image of %s", (id, oracle) => {
  it("has BentoML's base image and BentoML's entry point", async () => {
    const instructions = parseDockerfile(renderDockerfile(await readRecipe(id)));
    expect(operandsOf(instructions, "FROM")).toEqual([`${FROM[id] ?? oracle.from} AS environment`, "environment"]);
    expect(operandsOf(instructions, "EXPOSE")).toEqual([oracle.exposes.join(" ")]);
    expect(operandsOf(instructions, "ENTRYPOINT")).toEqual([JSON.stringify(oracle.entrypoint)]);
    expect(operandsOf(instructions, "USER")).toEqual(["root", oracle.user]);
    expect(operandsOf(instructions, "WORKDIR")).toEqual(["/home/bentoml/bento"]);
  });

  it("has BentoML's variables", async () => {
    expect(variablesOf(await readRecipe(id))).toMatchObject(oracle.env);
  });

  it("installs BentoML's packages of the distribution", async () => {
    const runs = operandsOf(parseDockerfile(renderDockerfile(await readRecipe(id))), "RUN").join(" ");
    const words = new Set(runs.replaceAll("'", " ").split(/[\s;]+/));
    expect(oracle.packages.filter((name) => !words.has(name))).toEqual([]);
  });

  it("has exactly the files that BentoML puts into the build context", async () => {
    expect(comparable(await payloadPaths(await readRecipe(id)))).toEqual(comparable(oracle.context));
  });
});
