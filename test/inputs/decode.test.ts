import { describe, expect, it } from "vitest";
import { Failure } from "../../src/errors.ts";
import { decodeInputs } from "../../src/inputs/decode.ts";

/** The variables as the runner makes them from `with:`. */
function given(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
}

async function decode(inputs: Readonly<Record<string, string>>) {
  return (await decodeInputs(given({ bento: "iris", ...inputs }))).inputs;
}

async function problems(inputs: Readonly<Record<string, string>>): Promise<readonly string[]> {
  try {
    await decodeInputs(given(inputs));
  } catch (error) {
    if (error instanceof Failure) return error.lines;
    throw error;
  }
  return [];
}

describe("a list input", () => {
  it.each([
    ["has one item per line", "a:1\nb:2", ["docker.io/library/a:1", "docker.io/library/b:2"]],
    ["may separate items by commas", "a:1, b:2", ["docker.io/library/a:1", "docker.io/library/b:2"]],
    ["counts an item twice once", "a:1\na:1, docker.io/library/a:1", ["docker.io/library/a:1"]],
    ["may have comments and blank lines", "# which\n\na:1", ["docker.io/library/a:1"]],
  ])("%s", async (_, text, names) => {
    expect((await decode({ tags: text })).tags.map(({ domain, path, tag }) => `${domain}/${path}:${tag}`)).toEqual(
      names,
    );
  });

  it("keeps commas in values that may contain them", async () => {
    expect((await decode({ labels: "a=1,2\nb=x=y" })).labels).toEqual({ a: "1,2", b: "x=y" });
    expect((await decode({ "cache-to": "type=registry,ref=r/c,mode=max" })).cacheTo).toEqual([
      "type=registry,ref=r/c,mode=max",
    ]);
  });

  it("reads a quoted item with a line break as one item", async () => {
    expect((await decode({ secrets: '"key=first\nsecond"' })).secrets["key"]?.reveal()).toBe("first\nsecond");
  });

  it("takes extra arguments literally, one per line", async () => {
    expect((await decode({ "extra-args": '--opt\na="b, c"' })).extraArgs).toEqual(["--opt", 'a="b, c"']);
  });
});

describe("an input value", () => {
  it.each([
    ["auto", { format: "gzip", auto: true }],
    ["", { format: "gzip", auto: true }],
    ["gzip", { format: "gzip" }],
    ["zstd:3", { format: "zstd", level: 3 }],
    ["none", { format: "none" }],
  ])("reads compression %j", async (text, wanted) => {
    expect((await decode({ compression: text })).compression).toEqual(wanted);
  });

  it.each([
    ["oci:./image", "layout", "./image"],
    ["./image", "layout", "./image"],
    ["out/image.tar", "oci-archive", "out/image.tar"],
    ["docker-archive:a.tar", "docker-archive", "a.tar"],
  ])("reads output %s", async (text, kind, path) => {
    expect((await decode({ output: text })).output).toEqual([{ kind, path }]);
  });

  it("completes a reference without a tag by latest", async () => {
    expect((await decode({ tags: "ghcr.io/acme/iris" })).tags[0]?.tag).toBe("latest");
  });

  it("prints a secret as stars", async () => {
    expect(JSON.stringify(decode({ secrets: "T=hunter2" }))).not.toContain("hunter2");
  });
});

describe("mistakes in inputs", () => {
  it("are all reported at once, each with the input's name and a valid value", async () => {
    const messages = await problems({
      tags: "ghcr.io/Acme/iris:1",
      push: "yes",
      platforms: "linux/toaster/v1/x",
      labels: "novalue",
      compression: "lzma",
      timeout: "0",
    });
    expect(messages.map((line) => line.split(":")[0])).toEqual([
      "bento",
      "tags",
      "platforms",
      "labels",
      "compression",
      "push",
      "timeout",
    ]);
    for (const line of messages) expect(line).toContain("for example: ");
  });

  it("are reported without the value of a secret", async () => {
    expect((await problems({ bento: "b", secrets: "hunter2" })).join()).not.toContain("hunter2");
  });

  it.each([
    ["a push without tags", { push: "true" }, "push"],
    ["a push to Docker's official images", { tags: "iris:1", push: "true" }, "tags"],
    ["a cache among Docker's official images", { "environment-cache": "iris" }, "environment-cache"],
    ["an image without a destination", { load: "false" }, "load"],
    ["a second layout", { output: "oci:a\noci:b" }, "output"],
    ["docker's format in an OCI layout", { format: "docker", output: "oci:a" }, "format"],
    ["zstd in docker's format", { format: "docker", compression: "zstd" }, "compression"],
    ["a secret given twice", { secrets: "T=1", "secret-envs": "T" }, "secrets"],
    ["a secret's id that is a path", { secrets: "../T=1" }, "secrets"],
    ["a secret's variable with an equals sign", { "secret-envs": "A=B=C" }, "secret-envs"],
    ["a secret's variable without a name", { "secret-envs": "A=" }, "secret-envs"],
  ])("include %s", async (_, inputs, input) => {
    expect((await problems({ bento: "iris", ...inputs })).map((line) => line.split(/[:,]/)[0])).toEqual([input]);
  });
});

describe("the input names of BentoML's own action", () => {
  it("are accepted with a note", async () => {
    const { inputs, notes } = await decodeInputs(
      given({ "bento-tag": "iris:latest", "oci-backend": "podman", backend: "auto" }),
    );
    expect([inputs.bento, inputs.backend]).toEqual(["iris:latest", "podman"]);
    expect(notes).toEqual([
      'The input "bento-tag" is now called "bento".',
      'The input "oci-backend" is now called "backend".',
    ]);
  });

  it("are rejected if the new name is given too", async () => {
    expect(await problems({ bento: "a", "bento-tag": "b" })).toEqual(['"bento-tag" and "bento" are both given']);
  });
});

describe("push-by-digest", () => {
  it("pushes without the input push, and requires tags", async () => {
    expect(await problems({ bento: "iris", "push-by-digest": "true" })).toEqual([
      expect.stringMatching(/^push: .*tags/),
    ]);
    expect((await decode({ "push-by-digest": "true", tags: "a/b" })).pushByDigest).toBe(true);
  });

  it("or push is required for a digest file", async () => {
    expect(await problems({ bento: "iris", "digest-file": "d" })).toEqual([expect.stringMatching(/^digest-file: /)]);
    expect((await decode({ push: "true", tags: "a/b:1", "digest-file": "d" })).digestFile).toBe("d");
  });
});

describe("attestation inputs", () => {
  it.each([
    ["true", ""],
    ["TRUE", ""],
    ["mode=max", "mode=max"],
    ["mode=max,builder-id=https://ci.example.com/1", "mode=max,builder-id=https://ci.example.com/1"],
    ["false", undefined],
    ["", undefined],
  ])("read provenance %j", async (text, wanted) => {
    expect((await decode({ provenance: text })).provenance).toBe(wanted);
  });

  it("read attests with one type per line, without those that are disabled", async () => {
    expect((await decode({ attests: "type=provenance,mode=max\ntype=sbom" })).attests).toEqual({
      provenance: "mode=max",
      sbom: "",
    });
    expect((await decode({ attests: "type=provenance,disabled=true" })).attests).toEqual({});
  });

  it.each([
    [{ provenance: "yes" }, /^provenance: .*"yes" is neither true, false nor key=value/],
    [{ sbom: "generator=" }, /^sbom: .*"generator=" is neither/],
    [{ attests: "provenance" }, /^attests: .*"provenance" does not begin with type=provenance or type=sbom/],
    [{ attests: "type=vex" }, /^attests: .*"type=vex" does not begin/],
    [{ attests: "type=sbom\ntype=sbom" }, /^attests: .*type=sbom is given twice/],
    [{ provenance: "true", attests: "type=provenance" }, /^provenance, attests: the same attestation is given twice/],
  ])("reject %j", async (inputs, problem) => {
    expect(await problems({ bento: "iris", ...inputs })).toEqual([expect.stringMatching(problem)]);
  });
});

describe("annotations", () => {
  it("are for all manifests, or for the levels and the platform that their keys name", async () => {
    const text = "a=1,2\nmanifest:b=x:y\nindex,manifest-descriptor:c=3\nmanifest[linux/amd64]:d=4";
    const platforms = "linux/amd64,linux/arm64";
    expect((await decode({ annotations: text, platforms })).annotations).toEqual({
      a: "1,2",
      b: "x:y",
      "index:c": "3",
      "manifest-descriptor:c": "3",
      "manifest[linux/amd64]:d": "4",
    });
  });

  it.each([
    ["layer:a=1", /"layer:" must be one of manifest:, index:/],
    ["index:=1", /has no annotation name/],
    ["manifest[linux amd64]:a=1", /"manifest\[linux amd64\]:" must be one of/],
    ["a=1\nmanifest:a=2", /"a" is given twice/],
    ["novalue", /is not key=value/],
  ])("are rejected when given as %j", async (text, problem) => {
    const messages = await problems({ bento: "iris", annotations: text });
    expect(messages).toEqual([expect.stringMatching(/^annotations: /)]);
    expect(messages[0]).toMatch(problem);
  });

  it("of an index require an index", async () => {
    const index = { bento: "iris", annotations: "index:a=1" };
    expect(await problems(index)).toEqual([
      expect.stringMatching(/^annotations: an image of one platform without attestations/),
    ]);
    expect(await problems({ ...index, platforms: "linux/amd64,linux/arm64" })).toEqual([]);
    expect(await problems({ ...index, provenance: "true" })).toEqual([]);
    expect(await problems({ ...index, attests: "type=sbom" })).toEqual([]);
  });
});

describe("cache inputs", () => {
  it.each(["registry", "inline"])("store %s in the repository of the first tag", async (cache) => {
    expect(await problems({ bento: "iris", cache })).toEqual([expect.stringMatching(/^cache: .*no tags/)]);
    expect(await problems({ bento: "iris", cache, tags: "a/b:1" })).toEqual([]);
  });

  it.each(["type=gha,token=hunter2", "type=s3,secret_access_key=hunter2", "type=azblob,secret_key=hunter2"])(
    "reject a credential that would appear on the command line: %s",
    async (line) => {
      const messages = await problems({ bento: "iris", "cache-from": line, "cache-to": line });
      expect(messages).toHaveLength(2);
      for (const problem of messages) expect(problem).toMatch(/^cache-from, cache-to: a credential would appear/);
      expect(messages.join()).not.toContain("hunter2");
    },
  );
});

describe("certificates of a remote builder", () => {
  const BUILDER = { bento: "iris", builder: "tcp://buildkitd:1234" };

  it("require an address in builder", async () => {
    const keys = { "builder-ca": "CA", "builder-cert": "CERT", "builder-key": "KEY" };
    expect(await problems({ ...BUILDER, ...keys })).toEqual([]);
    for (const builder of ["", "unix:///run/buildkitd.sock", "my-builder"]) {
      expect(await problems({ ...BUILDER, builder, ...keys })).toEqual([
        expect.stringMatching(/^builder-ca, builder-cert, builder-key: these require a tcp:\/\/ address/),
      ]);
    }
  });

  it.each(["builder-cert", "builder-key"])("are rejected if only %s is given", async (input) => {
    expect(await problems({ ...BUILDER, [input]: "PEM" })).toEqual(["builder-cert, builder-key: give both or neither"]);
  });

  it("include a private key that prints as stars", async () => {
    const { builderKey } = await decode({ ...BUILDER, "builder-cert": "CERT", "builder-key": "hunter2\nhunter3\n" });
    expect([String(builderKey), builderKey?.reveal()]).toEqual(["***", "hunter2\nhunter3"]);
  });
});

describe("cache-key", () => {
  const KEY = "0123456789abcdef0123456789abcdef";

  it("prints as stars", async () => {
    const { cacheKey } = await decode({ "cache-key": ` ${KEY}\n` });
    expect([String(cacheKey), cacheKey?.reveal()]).toEqual(["***", KEY]);
  });

  it("is rejected without being shown when it is too short to be secure", async () => {
    const messages = await problems({ bento: "iris", "cache-key": "hunter2" });
    expect(messages).toEqual([expect.stringMatching(/^cache-key: the key is shorter than 32 characters/)]);
    expect(messages.join()).not.toContain("hunter2");
  });

  it.each([
    [{ "environment-cache": "off" }, /^cache-key, environment-cache: no environment is cached/],
    [{ assembly: "backend" }, /cache-key, model-artifact: these require direct assembly/],
    [{ cache: "registry", tags: "iris:1" }, /^cache-key, cache: a builder's registry cache cannot be signed/],
    [{ cache: "inline", tags: "iris:1" }, /^cache-key, cache: /],
  ])("conflicts with %j", async (inputs, problem) => {
    expect(await problems({ bento: "iris", "cache-key": KEY, ...inputs })).toEqual([expect.stringMatching(problem)]);
  });
});
