import { describe, expect, it } from "vitest";
import { findEnvironment } from "../../src/cache/cached-environment.ts";
import { environmentTag } from "../../src/cache/names.ts";
import { digestOf } from "../../src/oci/digest.ts";
import { parsePlatform } from "../../src/oci/platform.ts";
import { parseReference } from "../../src/oci/reference.ts";
import {
  environmentConfig,
  INDEX,
  MANIFEST,
  storeBlob,
  storeEnvironment,
  storeManifest,
} from "../assembly/environments.ts";
import { bytesOf } from "../assembly/plans.ts";
import type { FakeRegistry, Quirks } from "../fakes/registry.ts";
import { openTestRegistries, startRegistry } from "../registry/fixture.ts";

const KEY = digestOf("key");
const CACHE = "acme/environments";
const TAG = environmentTag(KEY);

function find(fake: FakeRegistry, platform = "linux/amd64") {
  const repository = parseReference(`${fake.host}/${CACHE}`);
  const cache = { repository, reads: { environments: true, models: true } };
  return findEnvironment(openTestRegistries(), cache, KEY, parsePlatform(platform));
}

async function startWith(config: object, quirks: Quirks = {}): Promise<FakeRegistry> {
  const fake = await startRegistry(quirks);
  storeEnvironment(fake, CACHE, KEY, config);
  return fake;
}

describe("An environment is found", () => {
  it("under the tag of its key, with its configuration and layers", async () => {
    const fake = await startWith(environmentConfig(KEY));
    const found = await find(fake);
    expect(found).toMatchObject({ key: KEY, config: environmentConfig(KEY), platform: { architecture: "amd64" } });
    expect(found?.layers.map(({ digest }) => digest)).toEqual(
      ["the base", "the packages"].map((text) => digestOf(text)),
    );
    const [first] = found?.layers ?? [];
    const bytes = first === undefined ? undefined : await found?.content.blob(first);
    expect((await bytesOf(bytes ?? expect.unreachable("no layer"))).toString()).toBe("the base");
  });

  it.each([
    ["linux/arm64", { os: "linux", architecture: "arm64", variant: "v8" }],
    ["linux/arm/v7", { os: "linux", architecture: "arm", variant: "v7" }],
  ])("for %s, with every spelling of the platform", async (platform, spelled) => {
    const fake = await startWith(environmentConfig(KEY, spelled));
    expect(await find(fake, platform)).toMatchObject({ platform: parsePlatform(platform) });
  });

  it("in an index of one image, with or without an attestation", async () => {
    const fake = await startWith(environmentConfig(KEY));
    const image = storeEnvironment(fake, CACHE, KEY);
    const attestation = { ...image, annotations: { "vnd.docker.reference.type": "attestation-manifest" } };
    storeManifest(fake, CACHE, TAG, INDEX, { manifests: [image, attestation] });
    expect(await find(fake)).toMatchObject({
      key: KEY,
      configDigest: digestOf(JSON.stringify(environmentConfig(KEY))),
    });
  });
});

describe("There is no environment", () => {
  const good = environmentConfig(KEY);

  it.each<[string, object]>([
    ["another key on its label", environmentConfig(digestOf("other"))],
    ["no label", { ...good, config: {} }],
    ["no container configuration", { ...good, config: null }],
    ["another platform", environmentConfig(KEY, { os: "linux", architecture: "arm64" })],
    ["another variant", environmentConfig(KEY, { os: "linux", architecture: "amd64", variant: "v3" })],
    ["no platform", { ...good, os: "" }],
    ["too few diff IDs", { ...good, rootfs: { type: "layers", diff_ids: good.rootfs.diff_ids.slice(1) } }],
    ["an invalid diff ID", { ...good, rootfs: { type: "layers", diff_ids: [good.rootfs.diff_ids[0], "md5:1"] } }],
    ["no diff IDs", { ...good, rootfs: {} }],
  ])("where the image at the tag has %s", async (_, config) => {
    expect(await find(await startWith(config))).toBeUndefined();
  });

  it("where the tag does not exist", async () => {
    expect(await find(await startRegistry())).toBeUndefined();
  });

  it("where an index has several images", async () => {
    const fake = await startWith(environmentConfig(KEY));
    const image = storeEnvironment(fake, CACHE, KEY);
    storeManifest(fake, CACHE, TAG, INDEX, { manifests: [image, image] });
    expect(await find(fake)).toBeUndefined();
  });

  it("where an index contains an index", async () => {
    const fake = await startWith(environmentConfig(KEY));
    const image = storeEnvironment(fake, CACHE, KEY);
    const inner = storeManifest(fake, CACHE, undefined, INDEX, { manifests: [image] });
    storeManifest(fake, CACHE, TAG, INDEX, { manifests: [inner] });
    expect(await find(fake)).toBeUndefined();
  });

  it("where access is denied, as some registries answer for a repository that does not exist yet", async () => {
    const busy = new Map([["GET manifest", { times: 1, status: 403 }]]);
    expect(await find(await startWith(environmentConfig(KEY), { busy }))).toBeUndefined();
  });

  it("where the image is damaged: blobs of its index or manifest are missing, or it is not an image", async () => {
    const fake = await startWith(environmentConfig(KEY));
    const type = "application/vnd.oci.image.config.v1+json";
    const gone = { mediaType: type, digest: digestOf("gone"), size: 4 };
    const config = storeBlob(fake, CACHE, type, "no JSON");
    for (const [mediaType, manifest] of [
      [INDEX, { manifests: [{ ...gone, mediaType: MANIFEST }] }],
      [MANIFEST, { config: gone, layers: [] }],
      [MANIFEST, { config, layers: [] }],
      [MANIFEST, { layers: 1 }],
    ] as const) {
      storeManifest(fake, CACHE, TAG, mediaType, manifest);
      expect(await find(fake)).toBeUndefined();
    }
  });
});

describe("The lookup of an environment fails", () => {
  it("when the registry does not answer", async () => {
    const busy = new Map([["GET manifest", { times: 99, status: 500 }]]);
    const fake = await startWith(environmentConfig(KEY), { busy });
    await expect(find(fake)).rejects.toMatchObject({ class: "network", code: "RegistryUnavailable" });
  });

  it("when the registry requires a login, without which a push would fail too", async () => {
    const fake = await startWith(environmentConfig(KEY), { login: "basic", user: "me:secret" });
    await expect(find(fake)).rejects.toMatchObject({ class: "auth" });
  });
});
