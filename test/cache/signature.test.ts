import { describe, expect, it } from "vitest";
import { environmentClaims, findEnvironment } from "../../src/cache/cached-environment.ts";
import { findModel } from "../../src/cache/cached-layers.ts";
import { environmentTag, modelTag } from "../../src/cache/names.ts";
import { type CacheSigner, openSigner } from "../../src/cache/signature.ts";
import { type Digest, digestOf } from "../../src/oci/digest.ts";
import { parsePlatform } from "../../src/oci/platform.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { MANIFEST, storeManifest } from "../assembly/environments.ts";
import { type Ground, IMMUTABLE, makeGround, tagsOf } from "../assembly/ground.ts";
import type { FakeRegistry } from "../fakes/registry.ts";
import { openTestRegistries, testMachine } from "../registry/fixture.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const SIGNED = { "cache-key": KEY };
const SIGNATURE = "dev.bento-image.signature";
const MODEL = "model iris_tree:m1";
const signer = openSigner(new Secret(KEY));

describe("A signature", () => {
  const claims = [digestOf("key"), ["layer", 5]];
  const signature = signer.sign("model", claims);

  it("is good for what it was made for", () => {
    expect(signer.isGenuine("model", claims, signature)).toBe(true);
  });

  it.each<[string, Parameters<CacheSigner["isGenuine"]>]>([
    ["a record of another kind", ["environment", claims, signature]],
    ["other claims", ["model", [digestOf("key"), ["layer", 6]], signature]],
    ["claims that are put together otherwise", ["model", [digestOf("key"), "layer", 5], signature]],
    ["no signature", ["model", claims, undefined]],
    ["a signature that is none", ["model", claims, "sha256:12"]],
    ["a signature of another length", ["model", claims, `${signature}0`]],
    ["the name of a tag", ["model", claims, signer.tagKey(digestOf("key"))]],
  ])("is not good for %s", (_, given) => {
    expect(signer.isGenuine(...given)).toBe(false);
  });

  it("is another one with another cache key, and so are the names of tags", () => {
    const other = openSigner(new Secret(`${KEY}0`));
    expect(other.isGenuine("model", claims, signature)).toBe(false);
    expect(other.tagKey(digestOf("key"))).not.toBe(signer.tagKey(digestOf("key")));
    expect(signer.tagKey(digestOf("key"))).not.toBe(digestOf("key"));
  });
});

describe("With cache-key", () => {
  it("an environment and a model are cached as without, for two more questions", async () => {
    const ground = await makeGround();
    const first = await ground.run(SIGNED);
    expect(first.built).toEqual(["linux/amd64"]);
    ground.requests();
    const again = await ground.run(SIGNED);
    expect([again.built, again.origins[MODEL], again.digest]).toEqual([[], "known", first.digest]);
    expect(ground.requests().filter((line) => line.startsWith("GET"))).toEqual([
      "GET manifest acme/iris:bento-last", // For sizes, and for what need not be sent.
      "GET manifest acme/iris:bento-model",
      "GET manifest acme/iris:bento-environment",
      "GET blob acme/iris", // The environment's configuration.
      "GET manifest acme/iris:1", // Read back.
    ]);
    expect(again.lines.join("\n")).not.toContain("not signed");
  });

  it("the image is the very same as without", async () => {
    const ground = await makeGround();
    const { digest } = await ground.run();
    expect((await ground.run(SIGNED)).digest).toBe(digest);
  });

  it("nothing is taken of what was stored without one, or with another, and they do not disturb each other", async () => {
    const ground = await makeGround();
    const runs = [{}, SIGNED, { "cache-key": `${KEY}0` }];
    for (const given of runs) {
      expect(await ground.run(given)).toMatchObject({ built: ["linux/amd64"], origins: { [MODEL]: "hashed" } });
    }
    for (const given of runs) {
      expect(await ground.run(given)).toMatchObject({ built: [], origins: { [MODEL]: "known" } });
    }
  });

  it("the key is nowhere but in the input", async () => {
    const ground = await makeGround();
    const { lines, outcome } = await ground.run(SIGNED);
    const kept = [...ground.fake.manifests.values(), ...ground.fake.blobs.values()].flatMap((shelf) =>
      [...shelf.values()].map((stored) => ("bytes" in stored ? stored.bytes : stored).toString("latin1")),
    );
    expect([...lines, ...ground.fake.log, JSON.stringify(outcome), ...kept].join("\n")).not.toContain(KEY);
  });

  it("it works in a repository whose tags cannot be moved", async () => {
    const ground = await makeGround();
    ground.fake.quirks.immutable = IMMUTABLE;
    await ground.run();
    await ground.run({ ...SIGNED, tags: ground.name("acme/iris:2") });
    expect(await ground.run({ ...SIGNED, tags: ground.name("acme/iris:3") })).toMatchObject({ built: [] });
    expect(tagsOf(ground, "acme/iris").filter((tag) => tag === "bento-environment")).toHaveLength(2);
  });
});

describe("A genuine record is not believed", () => {
  const REPOSITORY = "acme/iris";

  function cacheIn(fake: FakeRegistry) {
    const repository = parseReference(`${fake.host}/${REPOSITORY}`);
    return { repository, signer, reads: { environments: true, models: true } };
  }

  /** The record that a run has left, and somebody put under another tag. */
  function move({ fake, ...ground }: Pick<Ground, "fake"> & Pick<Ground, "manifest">, from: string, to: string): void {
    const [tag = ""] = [...(fake.manifests.get(REPOSITORY)?.keys() ?? [])].filter((name) => name.startsWith(from));
    storeManifest(fake, REPOSITORY, to, MANIFEST, ground.manifest(REPOSITORY, tag));
  }

  async function keysOf(ground: Ground): Promise<{ environment: Digest; model: Digest }> {
    await ground.run(SIGNED);
    const { annotations, layers } = ground.manifest(REPOSITORY, "1");
    return {
      environment: annotations["dev.bento-image.environment.key"],
      model: layers[2].annotations["dev.bento-image.layer.key"],
    };
  }

  it("as an environment for another platform", async () => {
    const ground = await makeGround();
    const { environment } = await keysOf(ground);
    const [amd64, variant] = ["linux/amd64", "linux/amd64/v2"].map(parsePlatform) as [never, never];
    const registries = openTestRegistries();
    const found = await findEnvironment(registries, cacheIn(ground.fake), environment, amd64);
    expect(found?.key).toBe(environment);
    const { repository } = cacheIn(ground.fake);
    const claims = environmentClaims(repository, found ?? expect.unreachable("no environment"));
    const other = environmentClaims(repository, { ...(found ?? expect.unreachable()), platform: variant });
    expect(other).not.toEqual(claims);
    expect(await findEnvironment(registries, cacheIn(ground.fake), environment, variant)).toBeUndefined();
  });

  it("in another repository", async () => {
    const ground = await makeGround();
    const { environment, model } = await keysOf(ground);
    const { manifests, blobs } = ground.fake;
    manifests.set("acme/other", new Map(manifests.get(REPOSITORY)));
    blobs.set("acme/other", new Map(blobs.get(REPOSITORY)));
    const machine = testMachine();
    const actions = { ...machine.actions, warning: () => undefined };
    const registries = openTestRegistries({ ...machine, actions });
    const own = cacheIn(ground.fake);
    const other = { ...own, repository: { ...own.repository, path: "acme/other" } };
    const amd64 = parsePlatform("linux/amd64");
    expect(await findEnvironment(registries, own, environment, amd64)).toBeDefined();
    expect(await findEnvironment(registries, other, environment, amd64)).toBeUndefined();
    expect((await findModel(registries, own, model)).size).toBe(1);
    expect((await findModel(registries, other, model)).size).toBe(0);
  });

  it("as a model under another key, and the log names the tag", async () => {
    const ground = await makeGround();
    const { model } = await keysOf(ground);
    const other = digestOf("another model");
    const tag = modelTag(other, signer);
    move({ fake: ground.fake, manifest: ground.manifest.bind(ground) }, "bento-model", tag);
    const machine = testMachine();
    const warnings: string[] = [];
    const actions = { ...machine.actions, warning: (line: string) => void warnings.push(line) };
    const registries = openTestRegistries({ ...machine, actions });
    expect((await findModel(registries, cacheIn(ground.fake), model)).size).toBe(1);
    expect((await findModel(registries, cacheIn(ground.fake), other)).size).toBe(0);
    expect(warnings).toEqual([expect.stringContaining(tag)]);
  });

  it.each(["bento-environment", "bento-model"])("at %s when its signature is gone", async (start) => {
    const ground = await makeGround();
    await ground.run(SIGNED);
    const [tag = ""] = [...(ground.fake.manifests.get(REPOSITORY)?.keys() ?? [])].filter((name) =>
      name.startsWith(`${start}-`),
    );
    const { annotations, ...manifest } = ground.manifest(REPOSITORY, tag);
    expect(annotations[SIGNATURE]).toMatch(/^sha256:/);
    storeManifest(ground.fake, REPOSITORY, tag, MANIFEST, manifest);
    const { lines, built, origins } = await ground.run(SIGNED);
    expect(lines).toContainEqual(expect.stringMatching(new RegExp(`${tag} is not signed with this cache-key`)));
    expect(start === "bento-model" ? origins[MODEL] : built).toEqual(
      start === "bento-model" ? "hashed" : ["linux/amd64"],
    );
  });

  it("stands under names that nobody foresees", () => {
    const key = digestOf("key");
    expect(environmentTag(key, signer)).not.toBe(environmentTag(key));
    expect(modelTag(key, signer)).not.toBe(modelTag(key));
  });
});
