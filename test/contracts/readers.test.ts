/** Whoever writes what a reader reads decides how long it is, and nothing else about the time that it takes. */
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { readInspect } from "../../src/backends/buildx-inspect.ts";
import { BACKENDS } from "../../src/backends/index.ts";
import { condaPython } from "../../src/bento/conda.ts";
import { nextPage } from "../../src/bento/hub/listing.ts";
import { readManifest } from "../../src/bento/manifest.ts";
import { parseRequirements } from "../../src/bento/requirements.ts";
import { diagnose } from "../../src/commands/diagnosis.ts";
import { parseManifest } from "../../src/oci/manifest.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { parseDockerfile } from "../../src/recipe/dockerfile/parse.ts";
import { parseAuthConfig } from "../../src/registry/auth/auth-config.ts";
import { parseChallenges } from "../../src/registry/auth/challenge.ts";
import { readTar } from "../../src/tar/reader.ts";
import { compileGlob } from "../../src/text/glob.ts";
import { END, makeMember, makeRaw, paxRecord } from "../bento/archive/making.ts";
import { growth } from "../growth.ts";

type Make = (size: number) => string;

/** Lines up to a size; each may be another. */
function lines(size: number, line: (index: number) => string): string {
  const all: string[] = [];
  for (let index = 0, length = 0; length < size; index += 1) {
    const next = line(index);
    all.push(next);
    length += next.length;
  }
  return all.join("");
}

/** A beginning, one piece again and again, an end. */
function repeat(unit: string, start = "", end = ""): Make {
  return (size) => start + unit.repeat(Math.ceil(size / unit.length)) + end;
}

const HEAD = "service: a:B\nname: iris\nversion: abc\ncreation_time: '2026-01-01T00:00:00+00:00'\n";
const COMMAND = { title: "Build", tool: "docker", args: [] };
const ENDPOINT = { address: new URL("https://hub.example/") } as never;

function readAnswer(text: string): void {
  for (const backend of BACKENDS) {
    const answers = backend.questions(undefined).map(() => ({ code: 0, stdout: text, stderr: text }));
    refused(() => backend.readEngine(answers, undefined));
  }
}

function refused(work: () => unknown): void {
  try {
    work();
  } catch {
    // Only the time counts here.
  }
}

const TEXTS: Readonly<Record<string, { readonly read: (text: string) => unknown; readonly attacks: readonly Make[] }>> =
  {
    "a manifest of a Bento": {
      read: (text) => readManifest(text, "bento.yaml").catch(() => undefined),
      attacks: [
        repeat("[],", `${HEAD}x: [`, "]"),
        repeat("{a: b},", `${HEAD}x: [`, "]"),
        repeat("[", `${HEAD}x: `),
        repeat("- a\n", `${HEAD}x:\n`),
        repeat(" a\n", `${HEAD}x:\n`),
        repeat("a\n\n ", `${HEAD}x: >\n `),
        repeat("\\u0061", `${HEAD}x: "`, '"'),
        repeat("'' ", `${HEAD}x: '`),
        repeat("#\n", HEAD),
        repeat("a ", `${HEAD}x: `, ": b"),
        repeat("!!str ", `${HEAD}x: `),
        repeat("? ", HEAD),
        repeat("- {}\n", `${HEAD}models:\n`),
        repeat("- {tag: 'a:b'}\n", `${HEAD}models:\n`),
        repeat("- {name: A, value: b}\n", `${HEAD}envs:\n`),
        repeat("  - x\n", `${HEAD}spec: 2\nimage:\n  commands:\n`),
        (size) => `${HEAD}x:\n${lines(size, (index) => `- &a${index} b\n`)}`,
        (size) => HEAD + lines(size, (index) => `k${index}:\n`),
        (size) => `${HEAD}labels:\n${lines(size, (index) => ` k${index}: v\n`)}`,
        (size) => `${HEAD}envs:\n${lines(size, (index) => `- {name: A${index}}\n`)}`,
        (size) => `${HEAD}models:\n${lines(size, (index) => `- tag: m:${index}\n`)}`,
        (size) => `${HEAD}spec: 2\nimage:\n  build_include:\n${lines(size, (index) => `  - a${index}\n`)}`,
      ],
    },
    requirements: {
      read: parseRequirements,
      attacks: [
        ...["a\n", "\n", " ", "\\\n", "a #", "-r a\n", "[", "./a[", " --hash=a", "a @ ", "-", "=", "\r"].map((unit) =>
          repeat(unit),
        ),
        repeat("[a]", "./a.whl"),
        repeat(" ", "-r", "x"),
      ],
    },
    "an environment of conda": {
      read: condaPython,
      attacks: [repeat("- python", "", "!"), repeat(" ", "- python", "!"), repeat("a/", "- ", "!"), repeat("- a\n")],
    },
    "a Dockerfile": {
      read: (text) => refused(() => parseDockerfile(text)),
      attacks: ["FROM a AS b\n", "RUN a \\\n", "\\ ", "# a\n", "RUN <<E\n", "ARG A=$A\n", " ", "COPY --from=a "].map(
        (unit) => repeat(unit, "FROM a\n"),
      ),
    },
    "a challenge": {
      read: parseChallenges,
      attacks: [
        ...["Bearer a=b,", ",", " ", "a", "a=", '"', "Basic "].map((unit) => repeat(unit)),
        repeat("\\", 'Bearer realm="'),
        repeat("a", 'Bearer realm="'),
        repeat(" ", "Bearer realm", "x"),
      ],
    },
    "a Link header": {
      read: (text) => refused(() => nextPage(text, new URL("https://hub.example/"), { endpoint: ENDPOINT } as never)),
      attacks: ["<", ">;", "<a>; ", " ", "<a>; rel=last,", ",", ";"].map((unit) => repeat(unit, "<")),
    },
    "what buildx inspect prints": {
      read: readInspect,
      attacks: ["\n", "Name:\n", "Name:", "Nodes:\n", "Platforms: a,", "Nodes:\nName:\n\n", " "].map((unit) =>
        repeat(unit, "Name: a\nNodes:\nName:"),
      ),
    },
    "what the tools answer": {
      read: readAnswer,
      attacks: [
        repeat("{},", '{"Plugins":[', "{}]}"),
        repeat('{"platforms":[]},', "[", "{}]"),
        repeat("[", ""),
        repeat('"version": ', ""),
        repeat("Server: \n"),
        repeat(" "),
      ],
    },
    "the last lines of a tool": {
      read: (text) =>
        diagnose(COMMAND, { code: 1, signal: undefined, tail: text.split("\n").slice(0, 400) }, "Dockerfile"),
      attacks: ["ERROR: ", "------\n", " > [1/2] RUN x:\n", "Dockerfile:", "0.1 ", " ", "#1 ", "exit code: "].map(
        (unit) => repeat(unit),
      ),
    },
    "a file of logins": {
      read: (text) => refused(() => parseAuthConfig(text, "config.json")),
      attacks: [
        (size) => `{"auths":{${lines(size, (index) => `"h${index}":{"auth":"YTpi"},`)}"z":{}}}`,
        (size) => `{"auths":{"h":{"auth":"${"YTpi".repeat(size / 4)}"}}}`,
      ],
    },
    "a manifest of a registry": {
      read: (text) => refused(() => parseManifest(Buffer.from(text), undefined, "here")),
      attacks: [
        (size) =>
          `{"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[${lines(size, () => `{"mediaType":"a","digest":"sha256:${"a".repeat(64)}","size":1},`)}{}]}`,
        (size) => `{"annotations":{${lines(size, (index) => `"a${index}":"b",`)}"z":"y"}}`,
      ],
    },
    "a reference": {
      read: (text) => refused(() => parseReference(text)),
      attacks: ["a", "a.", "a-", "a/", "a__", ":", "[", "0", "@"].map((unit) => repeat(unit, "", "!")),
    },
  };

describe("twice as much takes less than three times as long to read", () => {
  it.each(Object.entries(TEXTS))("%s", async (_, { read, attacks }) => {
    for (const attack of attacks) {
      expect(await growth(attack, read, 1 << 18), JSON.stringify(attack(40).slice(0, 200))).toBeLessThan(3);
    }
  });

  it.each<[string, (size: number) => readonly Buffer[]]>([
    ["members", (size) => times(size / 512, () => makeMember({ path: "a" }))],
    ["extended headers", (size) => times(size / 1024, () => makeRaw("x", paxRecord("comment", "a")))],
    ["records of one header", (size) => [makeRaw("x", paxRecord("comment", "a").repeat(size / 13))]],
    ["long names", (size) => times(size / 1024, () => makeRaw("L", "a/b"))],
    ["zeros", (size) => [Buffer.alloc(size)]],
  ])("a tar of %s", async (_, make) => {
    const input = (size: number) => Buffer.concat([...make(size), END]);
    const read = (tar: Buffer) => Array.fromAsync(readTar(Readable.from([tar]))).catch(() => undefined);
    expect(await growth(input, read, 1 << 20)).toBeLessThan(3);
  });

  it.each(["*a", "*", "?*", "[a]*"])("a name by a pattern of %s", async (unit) => {
    const glob = compileGlob(`${unit.repeat(60)}b`);
    expect(await growth(repeat("a"), (text) => glob.matches(text), 1 << 16)).toBeLessThan(3);
  });
});

function times(count: number, make: () => Buffer): readonly Buffer[] {
  const one = make();
  return Array.from({ length: Math.ceil(count) }, () => one);
}
