import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { Failure } from "../../src/errors.ts";
import { decodeInputs } from "../../src/inputs/decode.ts";
import { type Inputs, isPushed } from "../../src/inputs/schema.ts";
import { printReference } from "../../src/oci/reference.ts";

type Given = Readonly<Record<string, string>>;

/** The inputs as the runner passes them; those that matter here have no default. */
async function decode(given: Given): Promise<Inputs> {
  const all = { bento: "iris", ...given };
  const env = Object.entries(all).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  return (await decodeInputs(Object.fromEntries(env))).inputs;
}

async function destination(given: Given): Promise<object> {
  const { push, pushByDigest, load, output, tags } = await decode(given);
  const told = { push, byDigest: pushByDigest, load, output: output.map(({ kind, path }) => `${kind} ${path}`) };
  return { ...told, tags: tags.map(printReference) };
}

async function mistakes(given: Given): Promise<string> {
  try {
    await decode(given);
  } catch (error) {
    if (error instanceof Failure) return error.lines.join("\n");
    throw error;
  }
  return "none";
}

const TAG = "ghcr.io/acme/iris:1";

describe("docker's exporter", () => {
  it.each<[string, Given, object]>([
    ["type=registry", { tags: TAG }, { push: true, tags: [TAG] }],
    [`type=registry,name=${TAG}`, {}, { push: true, tags: [TAG] }],
    [`name=${TAG} , TYPE=image,push=1`.replace(" ,", ","), {}, { push: true, tags: [TAG] }],
    [`type=image,"name=${TAG},ghcr.io/acme/iris:2",push=true`, {}, { push: true, tags: [TAG, "ghcr.io/acme/iris:2"] }],
    [
      "type=image,push-by-digest=true,name-canonical=true,push=true",
      { tags: "ghcr.io/acme/iris" },
      { push: true, byDigest: true },
    ],
    [
      "type=image,name=ghcr.io/acme/iris,push-by-digest=true,push=true",
      { tags: "ghcr.io/acme/iris:main" },
      { push: true, byDigest: true, tags: ["ghcr.io/acme/iris:main"] },
    ],
    ["type=image", { push: "true", tags: TAG }, { push: true, load: undefined }],
    ["type=image,push-by-digest=true", { push: "true", tags: TAG }, { push: true, byDigest: true }],
    ["type=image,push=false", { tags: TAG }, { push: undefined, load: true }],
    ["type=image,push=false", { tags: TAG, push: "false" }, { push: false, load: true }],
    ["type=image,push=false", { push: "true", tags: TAG }, { push: true, load: undefined }],
    ["type=docker", {}, { push: undefined, load: true }],
    [`type=docker,name=${TAG}`, {}, { load: true, tags: [TAG] }],
    ["type=docker,dest=a.tar", {}, { load: undefined, output: ["docker-archive a.tar"] }],
    ["type=oci,dest=out/a.tar", {}, { output: ["oci-archive out/a.tar"] }],
    ["dest=a=b.tar,type=oci", {}, { output: ["oci-archive a=b.tar"] }],
    ["type=oci,dest=out,tar=false", {}, { output: ["layout out"] }],
    [
      "type=registry\ntype=docker\noci:a,b.tar",
      { tags: TAG },
      { push: true, load: true, output: ["layout a", "oci-archive b.tar"] },
    ],
  ])("%s is read as docker reads it, given %o", async (output, others, wanted) => {
    expect(await destination({ output, ...others })).toMatchObject(wanted);
  });

  it("may name files whose names only begin alike", async () => {
    const output = "oci:x,oci-archive:x.tar,docker-archive:/x.tar";
    expect((await decode({ output })).output.map(({ path }) => path)).toEqual(["x", "x.tar", "/x.tar"]);
  });

  it("is no path that only contains an equals sign", async () => {
    const output = "oci:a=b,oci-archive:c=d,./e=f.tar";
    expect(await destination({ output })).toMatchObject({
      output: ["layout a=b", "oci-archive c=d", "oci-archive ./e=f.tar"],
    });
  });

  it("is read in the input outputs too, as docker's own action calls it", async () => {
    expect(await destination({ outputs: "type=registry", tags: TAG })).toMatchObject({ push: true, tags: [TAG] });
  });

  it.each<[string, RegExp, Given?]>([
    ["type=registry", /^push, output: tags are required/],
    ["type=registry", /^push: tags are required/, { push: "true" }],
    ["type=registry,name=iris:1", /^tags, output: "iris:1" has no registry and namespace/],
    ["type=registry,name=iris:1", /^tags: "iris:1" has no registry and namespace/, { tags: "iris:1" }],
    ["type=registry,push=false", /type=image,push=false/],
    [`type=image,name=${TAG}`, /add push=true to push it, or use type=docker/],
    ["type=image,push-by-digest=true,push=false", /contradicts push=false/, { tags: TAG }],
    ["type=image,push=yes", /push=yes is neither true nor false/],
    ["type=image,push=true,push=false", /push= is given twice/],
    ["type=registry,name=ghcr.io/acme/other:1", /tags replaces name=/, { tags: TAG }],
    ["type=docker", /contradicts `load: false`/, { load: "false" }],
    ["type=registry", /^output: "type=registry": it contradicts `push: false`$/, { push: "false", tags: TAG }],
    ["type=image,push=true", /contradicts `push: false`/, { push: "false", tags: TAG }],
    ["type=image,push-by-digest=true,push=true", /contradicts `push: false`/, { push: "false", tags: TAG }],
    ["type=registry\ntype=registry,push-by-digest=true", /either by tag or by digest/, { tags: TAG }],
    [`type=registry,name=${TAG}\ntype=docker,name=ghcr.io/acme/iris:2`, /several different name=/],
    ["type=oci", /dest=PATH is required/],
    ["type=oci,dest=-", /dest=PATH is required/],
    ["type=docker,dest=out,tar=false", /type=oci,tar=false/],
    ["type=local,dest=out", /`oci:DIRECTORY`/],
    ["type=tar,dest=out.tar", /`oci-archive:FILE`/],
    ["type=cacheonly", /cache-to/],
    ["type=registri", /is none of registry, image, oci, docker/],
    ["type=", /is none of registry, image, oci, docker/],
    ["type=constructor", /is none of registry, image, oci, docker/],
    ["dest=out", /"type=" is missing/],
    ["typ=registry", /"type=" is missing/],
    ["compression=zstd", /"type=" is missing/],
    ["type=oci,out.tar", /"out.tar" is not key=value/],
    ["type=oci,dest=a.tar,push=true", /push= is not read here; use type=registry/],
    ["type=image,push=true,compression=zstd", /`compression: zstd:3`/],
    ["type=image,push=true,oci-mediatypes=false", /`format: docker`/],
    ["type=image,push=true,annotation-index.org.a=b", /`annotations: index:org.a=b`/],
    ["type=image,push=true,annotation.org.a=b", /`annotations: org.a=b`/],
    ["type=image,push=true,registry.insecure=true", /insecure-registries/],
    ["type=image,push=true,unpack=true", /unpack= is none of type, name/],
    ["type=docker,context=other", /DOCKER_CONTEXT/],
    ["-", /give a path/],
    ["type=oci,dest=x.tar\noci-archive:./x.tar", /^output: x.tar is given twice$/],
    ["oci:out/\ntype=docker,dest=a/../out", /^output: out is given twice$/],
    ["oci:out//a\noci-archive:out/a/.", /^output: out\/a is given twice$/],
    ["type=local,dest=a\ntype=oci", /type=local.*dest=PATH/s],
  ])("%s is refused with what to use", async (output, wanted, others = {}) => {
    expect(await mistakes({ output, ...others })).toMatch(wanted);
  });
});

/** The cells of the table below a head in docs/interop.md: the words in code of each of its two columns, and the text of the second. */
async function documented(head: string): Promise<readonly (readonly [string[], string[], string])[]> {
  const page = await readFile("docs/interop.md", "utf8");
  const table = page.slice(page.indexOf(`| ${head} |`)).split("\n\n")[0] ?? "";
  const wordsOf = (cell = "") => [...cell.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word);
  return table
    .split("\n")
    .slice(2)
    .map((line) => line.split("|"))
    .map(([, left, right = ""]) => [wordsOf(left), wordsOf(right), right.trim()]);
}

describe("docs/interop.md", () => {
  const others = { tags: TAG };

  it("says of every exporter which input means the same, or that it is refused", async () => {
    const rows = await documented("Exporter");
    expect(rows.length).toBeGreaterThan(5);
    for (const [exporters, [input = ""], text] of rows) {
      const [name = "", value = ""] = input.split(": ");
      for (const output of exporters) {
        if (/refused/.test(text)) expect(await mistakes({ ...others, output })).not.toBe("none");
        if (!text.startsWith("the same as")) continue;
        const own = value === "" ? { output: input } : { [name]: value };
        expect(await destination({ ...others, output })).toEqual(await destination({ ...others, ...own }));
      }
    }
  });

  it("says of every other attribute which input to use, as its refusal does", async () => {
    const rows = await documented("Attribute");
    expect(rows.length).toBeGreaterThan(3);
    for (const [attributes, [instead = "?"]] of rows) {
      for (const attribute of attributes.map((name) => name.replace("LEVEL", "index"))) {
        const type = attribute === "context" ? "type=docker" : "type=registry";
        const told = await mistakes({ ...others, output: `${type},${attribute}=x` });
        expect(told.replaceAll(`${attribute}=`, "")).toContain(instead);
      }
    }
  });
});

/** Every element that is made of these, however they are written. */
const FIELDS = [
  "type=registry",
  "Type=registry",
  " type = image",
  "push=true",
  "name=ghcr.io/a/b:1",
  "dest=x",
  "type=oci",
];

it.each(FIELDS.flatMap((one) => [one, ...FIELDS.map((other) => `${one},${other}`)]))(
  "%s is no path, and is refused or pushes as it says",
  async (output) => {
    const inputs = await decode({ output, tags: "ghcr.io/a/b:1" }).catch(() => undefined);
    const paths = (inputs?.output ?? []).map(({ path }) => path);
    expect(paths.filter((path) => path.includes("="))).toEqual([]);
    const wanted = /registry|push=true/.test(output);
    expect([undefined, wanted]).toContain(inputs === undefined ? undefined : isPushed(inputs));
  },
);

describe("a build argument without a value", () => {
  async function buildArgs(text: string, env: Given) {
    return decodeInputs({ INPUT_BENTO: "iris", "INPUT_BUILD-ARGS": text, ...env });
  }

  it("has the value of the step's variable, also an empty one", async () => {
    const { inputs, notes } = await buildArgs("A\nB=2\nC", { A: "1=1", B: "x", C: "" });
    expect([inputs.buildArgs, notes]).toEqual([{ A: "1=1", B: "2", C: "" }, []]);
  });

  it("is left out with a note if the step has no such variable, as in docker", async () => {
    const { inputs, notes } = await buildArgs("A", {});
    expect(inputs.buildArgs).toEqual({});
    expect(notes).toEqual(["build-args: the step has no variable A, so the build gets the Dockerfile's default."]);
  });

  it.each(["ACTIONS_RUNTIME_TOKEN", "INPUT_SECRETS"])("is never the runner's %s", async (name) => {
    await expect(buildArgs(name, { [name]: "A=hush" })).rejects.toThrow(/belongs to the runner/);
    await expect(buildArgs(name, { [name]: "A=hush" })).rejects.not.toThrow(/hush/);
  });

  it.each(["TOK", "id=TOK", "AWS_SECRET_ACCESS_KEY"])("is never a secret of secret-envs: %s", async (secret) => {
    const name = secret.replace("id=", "");
    const given = buildArgs(`OTHER\n${name}`, { "INPUT_SECRET-ENVS": secret, [name]: "hush", OTHER: "1" });
    await expect(given).rejects.toMatchObject({
      lines: [expect.stringMatching(new RegExp(`^build-args, secret-envs: ${name} is a secret`))],
    });
    await expect(given).rejects.not.toThrow(/hush/);
  });

  it.each(["--pull", "A B", "=1"])("must be a name, which %s is not", async (text) => {
    await expect(buildArgs(text, {})).rejects.toThrow(/is not key=value/);
  });
});
