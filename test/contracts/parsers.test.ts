/** Whatever foreign text a parser is given, it gives a result or a `Failure` of a class that is not `internal`. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readInspect } from "../../src/backends/buildx-inspect.ts";
import { BACKENDS } from "../../src/backends/index.ts";
import { extractArchive } from "../../src/bento/archive/extract.ts";
import { condaPython } from "../../src/bento/conda.ts";
import { nextPage } from "../../src/bento/hub/listing.ts";
import { parseInstant } from "../../src/bento/instant.ts";
import { readManifest } from "../../src/bento/manifest.ts";
import { parseRequirements } from "../../src/bento/requirements.ts";
import { parseTag } from "../../src/bento/tag.ts";
import { diagnose } from "../../src/commands/diagnosis.ts";
import { parseRecord } from "../../src/engines/record-form.ts";
import { Failure } from "../../src/errors.ts";
import { parseManifest } from "../../src/oci/manifest.ts";
import { parsePlatform } from "../../src/oci/platform.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { findEngine } from "../../src/probe/find-engine.ts";
import { parseDockerfile } from "../../src/recipe/dockerfile/parse.ts";
import { parseAuthConfig, replaceLogins } from "../../src/registry/auth/auth-config.ts";
import { parseChallenges } from "../../src/registry/auth/challenge.ts";
import { parseDigestFile } from "../../src/report/digest-file.ts";
import { readReportedDigests } from "../../src/result/claims.ts";
import { readTar } from "../../src/tar/reader.ts";
import { MANIFEST as MEMBER, makeTar, makeZip } from "../bento/archive/making.ts";
import { makeSetting } from "../bento/setting.ts";
import { HEALTHY } from "../fakes/answers.ts";
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

const HUB_PAGE = new URL("https://hub.example/");
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
  "a Link header": {
    seeds: ['<https://hub.example/a?b=c>; rel="next", </d>; rel=last'],
    parse: (text) => nextPage(text, HUB_PAGE, { endpoint: { address: HUB_PAGE } } as never),
  },
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

/** The JSON with one or two of its values replaced by any, names of JavaScript's own among them. */
function jsonLike(seed: unknown): fc.Arbitrary<string> {
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(null, "", -1, 1e300, [], {}, [[]], [null], "a\nb"),
  );
  const paths = pathsOf(seed);
  const edits = fc.array(fc.tuple(fc.constantFrom(...paths), odd), { minLength: 1, maxLength: 2 });
  return edits.map((all) => JSON.stringify(all.reduce((value, [path, other]) => replaced(value, path, other), seed)));
}

function pathsOf(value: unknown): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [[]];
  return [[], ...Object.entries(value).flatMap(([key, child]) => pathsOf(child).map((path) => [key, ...path]))];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], other: unknown): unknown {
  if (key === undefined || typeof value !== "object" || value === null) return other;
  const entries = Object.entries(value).map(([name, child]) => [
    name,
    name === key ? replaced(child, rest, other) : child,
  ]);
  return Array.isArray(value) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
}

const DIGEST = `sha256:${"a".repeat(64)}`;
const DESCRIPTOR = { mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: DIGEST, size: 1 };
const LOGINS = {
  auths: { "https://index.docker.io/v1/": { auth: "YTpi" }, "ghcr.io": { identitytoken: "x", registrytoken: "y" } },
  credHelpers: { "gcr.io": "gcloud" },
  credsStore: "desktop",
};

const BENTO = {
  service: "service:Svc",
  name: "iris",
  version: "abc",
  bentoml_version: "1.4.38",
  creation_time: "2026-01-01T00:00:00+00:00",
  labels: { owner: "team" },
  envs: [{ name: "A", value: "b", stage: "build" }],
  models: [
    { tag: "m:1", registry: "huggingface", metadata: { model_id: "a/b", revision: "main", endpoint: "https://h" } },
  ],
};
const IMAGE_2 = {
  base_image: "python:3.11",
  python_version: "3.11",
  commands: ["true"],
  build_include: ["wheels"],
  scripts: {},
};
const DOCKER_1 = {
  distro: "debian",
  python_version: "3.11",
  system_packages: ["git"],
  env: { A: "b" },
  base_image: null,
};

const JSON_READERS: Readonly<Record<string, { readonly seed: unknown; readonly parse: (text: string) => unknown }>> = {
  "the manifest of a Bento of spec 1": {
    seed: { ...BENTO, docker: DOCKER_1, python: { lock_packages: true, pip_args: "-q" }, conda: { channels: ["x"] } },
    parse: (text) => readManifest(text, "bento.yaml"),
  },
  "the manifest of a Bento of spec 2": {
    seed: { ...BENTO, spec: 2, image: IMAGE_2 },
    parse: (text) => readManifest(text, "bento.yaml"),
  },
  "a file of logins": {
    seed: LOGINS,
    parse: (text) => [parseAuthConfig(text, "config.json"), replaceLogins(text, text, "config.json")],
  },
  "an index of a registry": {
    seed: {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: [
        { ...DESCRIPTOR, platform: { os: "linux", architecture: "arm", variant: "v7" }, annotations: { a: "b" } },
      ],
      annotations: { a: "b" },
    },
    parse: (text) => parseManifest(Buffer.from(text), undefined, "here"),
  },
  "a manifest of a registry": {
    seed: {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: DESCRIPTOR,
      layers: [DESCRIPTOR, DESCRIPTOR],
    },
    parse: (text) => parseManifest(Buffer.from(text), undefined, "here"),
  },
  "a record of engines": {
    seed: {
      version: 1,
      owner: { kind: "process", process: { pid: 1, started: "2" } },
      tools: ["/opt/cache/x"],
      made: [
        { kind: "process", name: "buildkitd", process: { pid: 1, started: "2" } },
        { kind: "kept", path: "/x" },
      ],
    },
    parse: (text) => parseRecord(text, {}),
  },
  "a file of digests": { seed: { digest: DIGEST, platform: "linux/amd64", tags: ["a"] }, parse: parseDigestFile },
  "metadata that a build writes": {
    seed: { "containerimage.digest": DIGEST, "containerimage.config.digest": DIGEST },
    parse: (text) =>
      readReportedDigests([{ kind: "metadata", path: "x", trust: "config" } as never], {
        readText: async () => text,
      } as never),
  },
};

describe("JSON of another form", () => {
  it.each(Object.entries(JSON_READERS))("%s", (_, { seed, parse }) =>
    fuzz(
      fc.asyncProperty(fc.oneof(jsonLike(seed), textsLike(JSON.stringify(seed))), (text) => holds(parse, text)),
      60,
    ),
  );

  it.each(BACKENDS)("what the tools of $name answer", (backend) => {
    const keys = Object.keys(HEALTHY);
    const one = fc.constantFrom(...keys).chain((key) => {
      const text = HEALTHY[key]?.stdout ?? "";
      const other = text.startsWith("{") || text.startsWith("[") ? jsonLike(JSON.parse(text)) : textsLike(text);
      return other.map((stdout) => ({ ...HEALTHY, [key]: { code: 0, stdout } }));
    });
    const property = fc.asyncProperty(one, (answers) =>
      holds(() => {
        const capture = async ({ tool, args }: { readonly tool: string; readonly args: readonly string[] }) => {
          const line = [tool, ...args].join(" ").replace(/ --addr \S+/, "");
          const key =
            keys.filter((beginning) => line.startsWith(beginning)).sort((a, b) => b.length - a.length)[0] ?? "";
          return { code: 0, stdout: "", stderr: "", ...answers[key] };
        };
        const processes = { capture, which: async (tool: string) => `/bin/${tool}` };
        return findEngine(backend, undefined, { processes } as never, {});
      }, ""),
    );
    return fuzz(property, 60);
  });
});

/** A tar of that Bento by `xz`. */
const XZ =
  "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Cf/AJVdADEZSiJOvTl3ll/dBKyVvmPAVdih+GICuobIiYDS9XHvrbPCOHl/FPAQuF4jJPe3gpH/dYhtudchLOFfUrAIRF1V1Cg4OVIeAuZYKwg/hfJr7RBPh3pUoc38y7Lds3qgS9av60uvzwVCH+xZhQNJNfyzSUbDeRv5nKXZyBWzLQ2oSBEyhd1GFfOqtmz5ZHFN708t+FDuAAAAAIrealJfwrkzAAGxAYBQAAA2pUauscRn+wIAAAAABFla";

describe("an archive of a Bento with random bytes changed", () => {
  const archives = {
    zip: makeZip({ name: "bento.yaml", content: MEMBER.content ?? "" }, { name: "a/b", content: "x".repeat(500) }),
    gzip: gzipSync(makeTar(MEMBER)),
    zstd: zstdCompressSync(makeTar(MEMBER)),
    xz: Buffer.from(XZ, "base64"),
  };

  it.each(Object.entries(archives))("%s is unpacked, or refused by its name", async (_, archive) => {
    const { machine, root } = await makeSetting();
    const path = join(root, "archive");
    const flips = fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    const property = fc.asyncProperty(flips, fc.nat(archive.length), async (changes, cut) => {
      const bytes = Buffer.from(archive);
      for (const [at, byte] of changes) bytes[at] = byte;
      await writeFile(path, cut % 4 === 0 ? bytes.subarray(0, cut) : bytes);
      await holds(() => extractArchive(path, "archive", machine), "");
    });
    await fuzz(property, 40);
  });
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
