import { describe, expect, it } from "vitest";
import { readDeployment } from "../../src/backends/kubernetes-options.ts";
import { readManifest } from "../../src/bento/manifest.ts";
import { annotations } from "../../src/inputs/attestations.ts";
import { decodeWith } from "../../src/inputs/decode.ts";
import { pairs, secretPairs } from "../../src/inputs/decoder.ts";
import { outputs } from "../../src/inputs/outputs.ts";
import { runnerFor } from "../../src/matrix/runner.ts";
import { normalizePlatform, parsePlatform } from "../../src/oci/platform.ts";
import { parseChallenges } from "../../src/registry/auth/challenge.ts";

const unquoted = (): readonly (readonly string[])[] => [];

/** Every object of JavaScript has them, though nobody wrote them there. */
const NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"];

describe.each(NAMES)("the name %s", (name) => {
  it("is a key like any other of build arguments, labels and runners", () => {
    expect(Object.entries(pairs("A=1").decode(`${name}=x`, unquoted))).toEqual([[name, "x"]]);
    expect(() => pairs("A=1").decode(`${name}=x\n${name}=y`, unquoted)).toThrow("given twice");
  });

  it("is a variable that the step does not have", () => {
    const { inputs, notes } = decodeWith({ INPUT_BENTO: "iris", "INPUT_BUILD-ARGS": name }, unquoted);
    expect([Object.entries(inputs.buildArgs), notes.length]).toEqual([[], 1]);
  });

  it("is the id of a secret like any other", () => {
    const found = secretPairs("A=1").decode(`${name}=hush`, unquoted);
    expect(Object.entries(found).map(([id, secret]) => [id, secret.reveal()])).toEqual([[name, "hush"]]);
  });

  it("is an annotation like any other", () => {
    const found = annotations("a=b").decode(`${name}=x`, unquoted);
    expect(Object.entries(found).map(([key, value]) => [key.endsWith(name), value])).toEqual([[true, "x"]]);
  });

  it("is an architecture like any other", () => {
    expect(normalizePlatform({ os: "linux", architecture: name }).architecture).toBe(name.toLowerCase());
    const parse = (): unknown => parsePlatform(`linux/${name}`);
    expect(parse).not.toThrow(TypeError);
    const runner = runnerFor({ os: "linux", architecture: name }, {});
    expect(typeof runner.runsOn).toBe("string");
  });

  it("is no kind of output, and no option of Kubernetes", () => {
    expect(() => outputs("oci:image").decode("constructor:image", unquoted)).toThrow(/none of/);
    expect(() => readDeployment(`kubernetes://?${name}=x`)).toThrow(/is not an option/);
  });

  it("is a label and a variable of a Bento like any other", async () => {
    const text = `name: a\nversion: b\ncreation_time: '2026-01-01T00:00:00+00:00'\nlabels: {${name}: x}\ndocker: {env: {${name}: y}}\n`;
    const { labels, image } = await readManifest(text, "bento.yaml");
    expect(Object.entries(labels)).toEqual([[name, "x"]]);
    expect(image.spec === 1 && Object.entries(image.dockerEnv ?? {})).toEqual([[name, "y"]]);
  });

  it("is nothing that a challenge of a registry inherits", () => {
    const [challenge] = parseChallenges(`Bearer realm="https://r/token",${name}="x"`);
    expect(challenge?.parameters["realm"]).toBe("https://r/token");
  });
});
