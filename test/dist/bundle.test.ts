import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const DIST = fileURLToPath(new URL("../../dist", import.meta.url));

/** The texts of a file and of all that it imports before it runs. */
async function eagerly(name: string, seen = new Map<string, string>()): Promise<ReadonlyMap<string, string>> {
  if (seen.has(name)) return seen;
  const text = await readFile(join(DIST, name), "utf8");
  seen.set(name, text);
  for (const [, chunk = ""] of text.matchAll(/^(?:import|\} from)\b[^;]*?"\.\/([^"]+)";$/gm))
    await eagerly(chunk, seen);
  return seen;
}

const files = await eagerly("main.js");
const eager = [...files.values()].join("\n");

describe("what every run loads", () => {
  it("is at most 350 KiB", () => {
    expect(Buffer.byteLength(eager)).toBeLessThanOrEqual(350 * 1024);
  });

  it("is few files, as each takes 1 ms to load", () => {
    expect(files.size).toBeLessThanOrEqual(3);
  });

  it.each(["@actions/http-client", "js-yaml", "p-retry", "semver/classes/range", "xz-decompress", "yauzl"])(
    "has nothing of %s",
    (library) => {
      // esbuild heads each file of a bundle with its path.
      expect(eager).not.toContain(`// node_modules/${library}`);
    },
  );

  it.each([
    "node:assert",
    "node:child_process",
    "node:crypto",
    "node:http",
    "node:https",
    "node:module",
    "node:net",
    "node:process",
    "node:tls",
    "node:util",
    "node:zlib",
  ])("does not load %s", (module) => {
    expect(eager).not.toMatch(new RegExp(`^(?:import|\\} from)[^;]*"(?:${module}|${module.slice(5)})";$`, "m"));
  });
});

describe("dist/", () => {
  it("comes with the licences of what is in it", async () => {
    const licenses = await readFile(join(DIST, "licenses.txt"), "utf8");
    for (const name of ["@actions/core", "csv-parse", "semver", "yauzl"]) expect(licenses).toContain(name);
  });

  it("is text that can be read in a review", () => {
    const longest = Math.max(...eager.split("\n").map((line) => line.length));
    expect(longest).toBeLessThan(20_000);
  });
});
