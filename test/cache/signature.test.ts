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
import { IMMUTABLE, makeSetting, type Setting, tagsOf } from "../assembly/setting.ts";
import type { FakeRegistry } from "../fakes/registry.ts";
import { openTestRegistries, testMachine } from "../registry/fixture.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const SIGNED = { "cache-key": KEY };
const SIGNATURE = "dev.bento-image.signature";
const MODEL = "model iris_tree:m1";
const signer = openSigner(new Secret(KEY));

describe("A cache signature", () => {
  const claims = [digestOf("key"), ["layer", 5]];
  const signature = signer.sign("model", claims);

  it("is valid for the claims that it was made for", () => {
    expect(signer.isGenuine("model", claims, signature)).toBe(true);
  });

  it.each<[string, Parameters<CacheSigner["isGenuine"]>]>([
    ["a record of another kind", ["environment", claims, signature]],
    ["other claims", ["model", [digestOf("key"), ["layer", 6]], signature]],
    ["claims that are nested differently", ["model", [digestOf("key"), "layer", 5], signature]],
    ["no signature", ["model", claims, undefined]],
    ["a string that is not a signature", ["model", claims, "sha256:12"]],
    ["a signature of another length", ["model", claims, `${signature}0`]],
    ["the name of a tag", ["model", claims, signer.tagKey(digestOf("key"))]],
  ])("is not valid for %s", (_, given) => {
    expect(signer.isGenuine(...given)).toBe(false);
  });

  it("differs with another cache key, and so do the tag names", () => {
    const other = openSigner(new Secret(`${KEY}0`));
    expect(other.isGenuine("model", claims, signature)).toBe(false);
    expect(other.tagKey(digestOf("key"))).not.toBe(signer.tagKey(digestOf("key")));
    expect(signer.tagKey(digestOf("key"))).not.toBe(digestOf("key"));
  });
});

describe("With cache-key", () => {
  it("an environment and a model are cached as without a key, with two more requests", async () => {
    const setting = await makeSetting();
    const first = await setting.run(SIGNED);
    expect(first.built).toEqual(["linux/amd64"]);
    setting.requests();
    const again = await setting.run(SIGNED);
    expect([again.built, again.origins[MODEL], again.digest]).toEqual([[], "cached", first.digest]);
    expect(setting.requests().filter((line) => line.startsWith("GET"))).toEqual([
      "GET manifest acme/iris:bento-last", // For sizes, and for blobs that need not be sent.
      "GET manifest acme/iris:bento-model",
      "GET manifest acme/iris:bento-environment",
      "GET blob acme/iris", // The environment's configuration.
      "GET manifest acme/iris:1", // Read back.
    ]);
    expect(again.lines.join("\n")).not.toContain("not signed");
  });

  it("the image is identical to one built without a key", async () => {
    const setting = await makeSetting();
    const { digest } = await setting.run();
    expect((await setting.run(SIGNED)).digest).toBe(digest);
  });

  it("records stored without a key, or with another key, are not used and not overwritten", async () => {
    const setting = await makeSetting();
    const runs = [{}, SIGNED, { "cache-key": `${KEY}0` }];
    for (const given of runs) {
      expect(await setting.run(given)).toMatchObject({ built: ["linux/amd64"], origins: { [MODEL]: "hashed" } });
    }
    for (const given of runs) {
      expect(await setting.run(given)).toMatchObject({ built: [], origins: { [MODEL]: "cached" } });
    }
  });

  it("the key appears neither in the log nor in the registry", async () => {
    const setting = await makeSetting();
    const { lines, outcome } = await setting.run(SIGNED);
    const kept = [...setting.fake.manifests.values(), ...setting.fake.blobs.values()].flatMap((shelf) =>
      [...shelf.values()].map((stored) => ("bytes" in stored ? stored.bytes : stored).toString("latin1")),
    );
    expect([...lines, ...setting.fake.log, JSON.stringify(outcome), ...kept].join("\n")).not.toContain(KEY);
  });

  it("it works in a repository with immutable tags", async () => {
    const setting = await makeSetting();
    setting.fake.quirks.immutable = IMMUTABLE;
    await setting.run();
    await setting.run({ ...SIGNED, tags: setting.name("acme/iris:2") });
    expect(await setting.run({ ...SIGNED, tags: setting.name("acme/iris:3") })).toMatchObject({ built: [] });
    expect(tagsOf(setting, "acme/iris").filter((tag) => tag === "bento-environment")).toHaveLength(2);
  });
});

describe("A genuine record is rejected", () => {
  const REPOSITORY = "acme/iris";

  function cacheIn(fake: FakeRegistry) {
    const repository = parseReference(`${fake.host}/${REPOSITORY}`);
    return { repository, signer, reads: { environments: true, models: true } };
  }

  /** Copies the record of an earlier run to another tag. */
  function move(
    { fake, ...setting }: Pick<Setting, "fake"> & Pick<Setting, "manifest">,
    from: string,
    to: string,
  ): void {
    const [tag = ""] = [...(fake.manifests.get(REPOSITORY)?.keys() ?? [])].filter((name) => name.startsWith(from));
    storeManifest(fake, REPOSITORY, to, MANIFEST, setting.manifest(REPOSITORY, tag));
  }

  async function keysOf(setting: Setting): Promise<{ environment: Digest; model: Digest }> {
    await setting.run(SIGNED);
    const { annotations, layers } = setting.manifest(REPOSITORY, "1");
    return {
      environment: annotations["dev.bento-image.environment.key"],
      model: layers[2].annotations["dev.bento-image.layer.key"],
    };
  }

  it("as an environment for another platform", async () => {
    const setting = await makeSetting();
    const { environment } = await keysOf(setting);
    const [amd64, variant] = ["linux/amd64", "linux/amd64/v2"].map(parsePlatform) as [never, never];
    const registries = openTestRegistries();
    const found = await findEnvironment(registries, cacheIn(setting.fake), environment, amd64);
    expect(found?.key).toBe(environment);
    const { repository } = cacheIn(setting.fake);
    const claims = environmentClaims(repository, found ?? expect.unreachable("no environment"));
    const other = environmentClaims(repository, { ...(found ?? expect.unreachable()), platform: variant });
    expect(other).not.toEqual(claims);
    expect(await findEnvironment(registries, cacheIn(setting.fake), environment, variant)).toBeUndefined();
  });

  it("in another repository", async () => {
    const setting = await makeSetting();
    const { environment, model } = await keysOf(setting);
    const { manifests, blobs } = setting.fake;
    manifests.set("acme/other", new Map(manifests.get(REPOSITORY)));
    blobs.set("acme/other", new Map(blobs.get(REPOSITORY)));
    const machine = testMachine();
    const actions = { ...machine.actions, warning: () => undefined };
    const registries = openTestRegistries({ ...machine, actions });
    const own = cacheIn(setting.fake);
    const other = { ...own, repository: { ...own.repository, path: "acme/other" } };
    const amd64 = parsePlatform("linux/amd64");
    expect(await findEnvironment(registries, own, environment, amd64)).toBeDefined();
    expect(await findEnvironment(registries, other, environment, amd64)).toBeUndefined();
    expect((await findModel(registries, own, model)).size).toBe(1);
    expect((await findModel(registries, other, model)).size).toBe(0);
  });

  it("as a model under another key, and the log names the tag", async () => {
    const setting = await makeSetting();
    const { model } = await keysOf(setting);
    const other = digestOf("another model");
    const tag = modelTag(other, signer);
    move({ fake: setting.fake, manifest: setting.manifest.bind(setting) }, "bento-model", tag);
    const machine = testMachine();
    const warnings: string[] = [];
    const actions = { ...machine.actions, warning: (line: string) => void warnings.push(line) };
    const registries = openTestRegistries({ ...machine, actions });
    expect((await findModel(registries, cacheIn(setting.fake), model)).size).toBe(1);
    expect((await findModel(registries, cacheIn(setting.fake), other)).size).toBe(0);
    expect(warnings).toEqual([expect.stringContaining(tag)]);
  });

  it.each(["bento-environment", "bento-model"])("at %s when its signature is gone", async (start) => {
    const setting = await makeSetting();
    await setting.run(SIGNED);
    const [tag = ""] = [...(setting.fake.manifests.get(REPOSITORY)?.keys() ?? [])].filter((name) =>
      name.startsWith(`${start}-`),
    );
    const { annotations, ...manifest } = setting.manifest(REPOSITORY, tag);
    expect(annotations[SIGNATURE]).toMatch(/^sha256:/);
    storeManifest(setting.fake, REPOSITORY, tag, MANIFEST, manifest);
    const { lines, built, origins } = await setting.run(SIGNED);
    expect(lines).toContainEqual(expect.stringMatching(new RegExp(`${tag}: it is not signed with this cache-key`)));
    expect(start === "bento-model" ? origins[MODEL] : built).toEqual(
      start === "bento-model" ? "hashed" : ["linux/amd64"],
    );
  });

  it("has a tag that cannot be predicted without the key", () => {
    const key = digestOf("key");
    expect(environmentTag(key, signer)).not.toBe(environmentTag(key));
    expect(modelTag(key, signer)).not.toBe(modelTag(key));
  });
});
