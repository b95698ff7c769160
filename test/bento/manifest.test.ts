import { describe, expect, it } from "vitest";
import { readManifest } from "../../src/bento/manifest.ts";

const HEAD = "name: scorer\nversion: v1\ncreation_time: '2026-02-03T10:11:12.000000+00:00'\n";
const V2 = `${HEAD}spec: 2\n`;
const IMAGE = "image:\n  base_image: python:3.11-slim\n";

function read(text: string) {
  return readManifest(text, "/b/bento.yaml");
}

describe("Scalars of a manifest keep their text", () => {
  it.each(["12e5", "9e9", "1.10", "007", "0o17", "0x1f", "true", "2024-01-01", "1_000"])(
    "version %s",
    async (version) => {
      const { tag } = await read(`${V2}${IMAGE}`.replace("v1", version));
      expect(tag.version).toBe(version);
    },
  );

  it("in labels, envs and a revision of digits around an e", async () => {
    const manifest = await read(
      `${V2}${IMAGE}labels: {1e3: 1.0}\nenvs: [{name: A, value: 0o17}]\n` +
        "models: [{tag: 'a--b:1', registry: huggingface, metadata: {model_id: A/B, revision: 1234567890123456789e1234567890123456789}}]\n",
    );
    expect(manifest.labels).toEqual({ "1e3": "1.0" });
    expect(manifest.envs).toEqual([{ name: "A", value: "0o17", stage: "all" }]);
    expect(manifest.models).toMatchObject([{ repository: "a/b", revision: "1234567890123456789e1234567890123456789" }]);
  });
});

describe("Envs of a manifest", () => {
  it.each([
    ["nothing", "value:", ""],
    ["null", "value: null", ""],
    ["the quoted word null", "value: 'null'", "null"],
    ["the word None", "value: None", "None"],
  ])("may have a value of %s", async (_, value, expected) => {
    const { envs } = await read(`${V2}${IMAGE}envs:\n- name: A\n  ${value}\n`);
    expect(envs[0]?.value).toBe(expected);
  });

  it("are read with the last value of each name", async () => {
    const { envs } = await read(`${V2}${IMAGE}envs: [{name: A, value: x}, {name: B, value: y}, {name: A, value: z}]\n`);
    expect(envs.map(({ name, value }) => `${name}=${value}`)).toEqual(["A=z", "B=y"]);
  });

  it.each([
    ["a blank in the name", "{name: 'A B', value: x}"],
    ["an equals sign in the name", "{name: 'A=B', value: x}"],
    ["a line break in the value", '{name: A, value: "x\\nRUN id"}'],
    ["a carriage return in the value", '{name: A, value: "x\\rRUN id"}'],
    ["a NUL in the value", '{name: A, value: "x\\0"}'],
    ["a name that no shell takes, at the build stage", "{name: a.b, value: x, stage: build}"],
    ["a NUL in the value, at the stage runtime", '{name: A, value: "x\\0", stage: runtime}'],
    ["a NUL in the value, at the build stage", '{name: A, value: "x\\0", stage: build}'],
  ])("are refused with %s", async (_, env) => {
    await expect(read(`${V2}${IMAGE}envs: [${env}]\n`)).rejects.toMatchObject({ class: "bento", code: "ValueInvalid" });
  });

  it("may have a value of several lines for the runtime", async () => {
    const { envs } = await read(`${V2}${IMAGE}envs: [{name: PEM, value: "one\\ntwo\\n", stage: runtime}]\n`);
    expect(envs).toEqual([{ name: "PEM", value: "one\ntwo\n", stage: "runtime" }]);
  });

  it("may have a value of several lines for the build stage", async () => {
    const { envs } = await read(`${V2}${IMAGE}envs: [{name: KEY, value: "one\\ntwo\\n", stage: build}]\n`);
    expect(envs).toEqual([{ name: "KEY", value: "one\ntwo\n", stage: "build" }]);
  });

  it("may be in docker.env as a map or, as in old releases, a list", async () => {
    const map = await read(`${HEAD}docker: {env: {A: 1, B: null}}\n`);
    const list = await read(`${HEAD}docker: {env: ['A=1', B]}\n`);
    expect(map.image).toMatchObject({ dockerEnv: { A: "1", B: "" } });
    expect(list.image).toMatchObject({ dockerEnv: { A: "1", B: "" } });
  });
});

describe("A manifest cannot inject an instruction into the Dockerfile", () => {
  it.each([
    ["base_image", 'image: {base_image: "python:3\\nRUN id"}'],
    ["base_image", "image: {base_image: 'python:3 AS x'}"],
    ["base_image", "image: {base_image: '--platform=x'}"],
    ["python_version", 'image: {base_image: a, python_version: "3.11\\nRUN id"}'],
    ["python_version", "image: {base_image: a, python_version: '3.11 --x'}"],
  ])("%s in %s", async (path, image) => {
    await expect(read(`${V2}${image}\n`)).rejects.toMatchObject({
      code: "ValueInvalid",
      message: expect.stringContaining(path),
    });
  });

  it.each([
    ["docker.base_image", "{base_image: 'a b'}"],
    ["docker.python_version", "{python_version: '3.11; id'}"],
    ["docker.cuda_version", "{cuda_version: '12 x'}"],
    ["docker.system_packages", '{system_packages: ["a\\nRUN id"]}'],
    ["docker.env", '{env: {A: "x\\nRUN id"}}'],
  ])("%s in spec 1", async (path, docker) => {
    await expect(read(`${HEAD}docker: ${docker}\n`)).rejects.toMatchObject({
      code: "ValueInvalid",
      message: expect.stringContaining(path),
    });
  });
});

describe("Mistakes in a manifest", () => {
  it("of type are reported together, with their paths", async () => {
    const wrong =
      "version: [1]\nspec: 2\ncreation_time: soon\nlabels: x\nmodels: {a: b}\nenvs: [3, {value: x}]\nimage: []\n";
    await expect(read(wrong)).rejects.toMatchObject({
      code: "ManifestInvalid",
      lines: expect.arrayContaining([
        "`name` is missing",
        "`version` must be a string, not a list",
        '`creation_time` is "soon", which is not a time',
        "`labels` must be a map, not a string",
        "`models` must be a list, not a map",
        "`envs[0]` must be a map, not a string",
        "`envs[1].name` is missing",
        "`image` must be a map, not a list",
      ]),
    });
  });

  it("of YAML syntax are reported with the line", async () => {
    await expect(read("name: a\nversion: b\n  c: d\n")).rejects.toMatchObject({
      code: "ManifestInvalid",
      position: { file: "/b/bento.yaml", line: expect.any(Number) },
    });
  });

  it("do not include unknown keys", async () => {
    const manifest = await read(`${V2}${IMAGE}  later: [1]\nwhatever: {a: b}\n`);
    expect(manifest.tag).toEqual({ name: "scorer", version: "v1" });
    await expect(read(`${HEAD}docker: {new: 1}\npython: {new: 1}\nconda: {new: 1}\n`)).resolves.toBeDefined();
  });

  it("do not include an unknown spec, which is read as spec 1 with a warning", async () => {
    const manifest = await read(`${HEAD}spec: 3\n`);
    expect(manifest.image.spec).toBe(1);
    expect(manifest.warnings).toHaveLength(1);
  });

  it("do not include duplicate keys, of which the last applies", async () => {
    expect((await read(`${V2}${IMAGE}name: later\n`)).tag.name).toBe("later");
  });
});

describe("Models of a manifest", () => {
  it("are those of the manifest and of its services; the last entry applies and aliases are kept", async () => {
    const { models } = await read(
      `${V2}${IMAGE}models:\n- {tag: 'b:1', alias: main}\n- {tag: 'a:1', alias: first}\n` +
        "services:\n- models:\n  - {tag: 'b:1', creation_time: '2026-01-01T00:00:00+00:00'}\n  - {tag: 'a:1', alias: second}\n",
    );
    expect(models).toEqual([
      { registry: "bentoml", tag: { name: "a", version: "1" }, alias: "second" },
      { registry: "bentoml", tag: { name: "b", version: "1" }, alias: "main", creationTime: new Date("2026-01-01") },
    ]);
  });

  it("may be plain tags, as before 1.0.0a7", async () => {
    const { models } = await read(`${HEAD}models: ['m:1']\n`);
    expect(models).toEqual([{ registry: "bentoml", tag: { name: "m", version: "1" } }]);
  });

  it("of Hugging Face without metadata get their repository from the tag", async () => {
    const { models } = await read(`${V2}${IMAGE}models: [{tag: 'acme--tiny:1', registry: huggingface}]\n`);
    expect(models).toMatchObject([{ repository: "acme/tiny", revision: "main", include: [], exclude: [] }]);
  });

  /** A Bento with one model of Hugging Face. */
  const withMetadata = (metadata: string) =>
    read(`${V2}${IMAGE}models: [{tag: 'a--b:1', registry: huggingface, metadata: ${metadata}}]\n`);

  it.each([
    "{model_id: ../../x}",
    "{model_id: 'a/..'}",
    "{model_id: ''}",
    "{model_id: a/b/c}",
    "{model_id: a--b/c}",
    "{model_id: a/b..c}",
    "{model_id: '%2e%2e/x'}",
    '{model_id: "a/b\\nc"}',
    '{model_id: "a/b\\n"}',
    `{model_id: a/${"b".repeat(97)}}`,
    "{model_id: a/b, revision: ../x}",
    "{model_id: a/b, revision: main/}",
    "{model_id: a/b, revision: /main}",
    "{model_id: a/b, revision: a//b}",
    "{model_id: a/b, revision: a/./b}",
    "{model_id: a/b, revision: a/.b}",
    "{model_id: a/b, revision: '%2e%2e'}",
    '{model_id: a/b, revision: "main\\n::set-output::"}',
    `{model_id: a/b, revision: ${"x".repeat(201)}}`,
    "{model_id: a/b, endpoint: 'file:///etc'}",
    "{model_id: a/b, endpoint: 'javascript:x'}",
    "{model_id: a/b, endpoint: hub.example}",
    `{model_id: a/b, include: [${"x,".repeat(1_001)}]}`,
    `{model_id: a/b, exclude: ${"x".repeat(1_001)}}`,
  ])("with metadata %s are refused with the path of the model", async (metadata) => {
    await expect(withMetadata(metadata)).rejects.toMatchObject({
      class: "bento",
      code: "ValueInvalid",
      message: expect.stringMatching(/`models\[0\]\.metadata/),
    });
    const message = await withMetadata(metadata).catch((error: Error) => error.message);
    expect(message).not.toMatch(/\n/);
  });

  it.each(["main", "v1.0", "refs/pr/1", "feature/x_y-z"])("may be of the revision %s", async (revision) => {
    const { models } = await withMetadata(`{model_id: a/b, revision: ${revision}}`);
    expect(models).toMatchObject([{ revision }]);
  });

  it("lose the credentials of their Hub, and a warning mentions them without showing them", async () => {
    const { models, warnings } = await withMetadata("{model_id: a/b, endpoint: 'https://ci:pass@Hub.example/hf/?x=1'}");
    expect(models).toMatchObject([{ endpoint: "https://hub.example/hf" }]);
    expect(warnings).toEqual([expect.stringContaining("hub.example")]);
    expect(JSON.stringify([models, warnings])).not.toContain("pass");
  });
});

describe("The image of spec 2", () => {
  const bootstrap = "apt-get update && apt-get install -y git";

  it("runs the bootstrap once when BentoML has written it twice", async () => {
    const { image } = await read(`${V2}${IMAGE}  commands: ['${bootstrap}', '${bootstrap}', 'echo a', 'echo a']\n`);
    expect(image).toMatchObject({ commands: [bootstrap, "echo a", "echo a"] });
  });

  it("keeps a command that the user repeats", async () => {
    const { image } = await read(`${V2}${IMAGE}  commands: [make, make]\n`);
    expect(image).toMatchObject({ commands: ["make", "make"] });
  });

  it("must have a base image", async () => {
    await expect(read(V2)).rejects.toMatchObject({
      code: "ValueInvalid",
      message: expect.stringContaining("base_image"),
    });
  });
});

describe("The image of spec 1", () => {
  it("is debian without a docker section, and drops the patch level of Python", async () => {
    expect((await read(HEAD)).image).toMatchObject({ distro: "debian", conda: false, setupScript: false });
    const { image } = await read(`${HEAD}docker: {python_version: 3.10.4, distro: alpine}\n`);
    expect(image).toMatchObject({ pythonVersion: "3.10", distro: "alpine" });
  });

  it("refuses an unknown distro", async () => {
    await expect(read(`${HEAD}docker: {distro: arch}\n`)).rejects.toMatchObject({
      message: expect.stringContaining("docker.distro"),
    });
  });
});
