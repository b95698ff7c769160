/** Whatever foreign text a parser is given, it gives a result or a `Failure` of a class that is not `internal`. */
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readInspect } from "../../src/backends/buildx-inspect.ts";
import { condaPython } from "../../src/bento/conda.ts";
import { parseInstant } from "../../src/bento/instant.ts";
import { readManifest } from "../../src/bento/manifest.ts";
import { parseRequirements } from "../../src/bento/requirements.ts";
import { parseTag } from "../../src/bento/tag.ts";
import { Failure } from "../../src/errors.ts";
import { parseDockerfile } from "../../src/image/dockerfile-text.ts";
import { parsePlatform } from "../../src/image/platform.ts";
import { parseReference } from "../../src/image/reference.ts";
import { parseChallenges } from "../../src/registry/challenge.ts";
import { diagnose } from "../../src/script/diagnosis.ts";
import { readTar } from "../../src/tar/reader.ts";
import { makeTar } from "../bento/archive/making.ts";
import { fuzz } from "../fuzz.ts";

const MANIFEST = `service: service:Svc
name: iris
version: abc
bentoml_version: 1.4.38
creation_time: '2026-01-01T00:00:00+00:00'
labels: {owner: team, __proto__: x}
envs: [{name: A, value: b, stage: build}]
models: [{tag: 'm:1', registry: huggingface, metadata: {model_id: a/b, revision: main, endpoint: 'https://h'}}]
spec: 2
image: {base_image: 'python:3.11', python_version: '3.11', commands: ['apt-get update'], build_include: [wheels]}
`;

const PIECES = [
  "\0",
  "\n",
  "\r",
  "\ufffd",
  "__proto__",
  "constructor",
  "'",
  '"',
  "[",
  "{",
  "&a ",
  "*a",
  "<<: ",
  "%",
  "::",
  "/",
  "..",
  "@",
  "sha256:",
  "=",
  "${",
  "\u2028",
  "!!",
];

/** Any, lone surrogates too. */
const CHARACTER = fc.nat(0xffff).map((code) => String.fromCharCode(code));

/** A text with some of its parts replaced, doubled or left out, or no likeness to it at all. */
function textsLike(...seeds: readonly string[]): fc.Arbitrary<string> {
  const edit = fc.tuple(
    fc.nat(2000),
    fc.nat(30),
    fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: CHARACTER, maxLength: 8 })),
  );
  const mutated = fc.tuple(fc.constantFrom(...seeds), fc.array(edit, { maxLength: 6 })).map(([seed, edits]) =>
    edits.reduce((text, [at, length, piece]) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + piece + text.slice(start + length);
    }, seed),
  );
  return fc.oneof({ weight: 4, arbitrary: mutated }, fc.string({ unit: CHARACTER }));
}

async function holds(parse: (text: string) => unknown, text: string): Promise<void> {
  try {
    await parse(text);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.class).not.toBe("internal");
  }
}

const COMMAND = { title: "Build", tool: "docker", args: [] };

const PARSERS: Readonly<
  Record<string, { readonly seeds: readonly string[]; readonly parse: (text: string) => unknown }>
> = {
  "a manifest of a Bento": {
    seeds: [MANIFEST, MANIFEST.replace("spec: 2", "spec: 1")],
    parse: (text) => readManifest(text, "bento.yaml"),
  },
  requirements: {
    seeds: ["-i https://x\n./a.whl[b]\nnumpy==1 \\\n --hash=sha256:x\n-r more.txt # c\n"],
    parse: parseRequirements,
  },
  "an environment of conda": { seeds: ["dependencies:\n  - conda-forge::python=3.11\n"], parse: condaPython },
  "a tag of a Bento": { seeds: ["iris:1.0"], parse: parseTag },
  "a time": { seeds: ["2026-01-01T00:00:00.123+00:00"], parse: parseInstant },
  "a reference": { seeds: [`ghcr.io/acme/iris:1@sha256:${"a".repeat(64)}`, "[::1]:5000/x"], parse: parseReference },
  "a platform": { seeds: ["linux/arm64/v8", "windows(10.0)/amd64"], parse: parsePlatform },
  "a Dockerfile": {
    seeds: ["# syntax=x\nFROM a AS b\nRUN <<EOF\nx\nEOF\nCOPY --from=b . \\\n /\n"],
    parse: parseDockerfile,
  },
  "a challenge": { seeds: ['Bearer realm="https://r/t",scope="a b", Basic realm=x'], parse: parseChallenges },
  "what buildx inspect prints": {
    seeds: ["Name: a\nDriver: b\nNodes:\nName: n\nEndpoint: e\nStatus: running\nPlatforms: linux/amd64*\n"],
    parse: readInspect,
  },
  "the last lines of a tool": {
    seeds: ["ERROR: failed to solve: x\n------\n > [2/3] RUN x:\n0.1 no\n------\nDockerfile:12\n"],
    parse: (text) => diagnose(COMMAND, { code: 1, signal: undefined, tail: text.split("\n") }, "Dockerfile"),
  },
};

describe("random and mutated text", () => {
  it.each(Object.entries(PARSERS))("%s", (_, { seeds, parse }) =>
    fuzz(
      fc.asyncProperty(textsLike(...seeds), (text) => holds(parse, text)),
      40,
    ),
  );
});

describe("a tar with random bytes changed", () => {
  const tar = makeTar(
    { path: "bento.yaml", content: "name: a" },
    { path: `${"d/".repeat(80)}f`, content: "x".repeat(2000) },
  );
  const flips = fc.array(fc.tuple(fc.nat(tar.length - 1), fc.nat(255)), { maxLength: 6 });

  it("is read to its end, or refused with a sentence", () =>
    fuzz(
      fc.asyncProperty(flips, fc.nat(tar.length), async (changes, end) => {
        const bytes = Buffer.from(tar);
        for (const [at, byte] of changes) bytes[at] = byte;
        const error = await Array.fromAsync(readTar(Readable.from([bytes.subarray(0, end)]))).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        // A mistake of ours would be a TypeError or RangeError.
        if (error !== undefined) expect((error as Error).constructor).toBe(Error);
      }),
      40,
    ));

  it("is no tar when it is compressed", async () => {
    await expect(Array.fromAsync(readTar(Readable.from([gzipSync(tar)])))).rejects.toThrow(/header|early/);
  });
});
