import { expect, it } from "vitest";
import { STORES } from "../../src/backends/stores.ts";
import { type Environment, EnvironmentLost, readEnvironment } from "../../src/cache/cached-environment.ts";
import { ENVIRONMENT_LABEL, KEPT_ENVIRONMENT } from "../../src/cache/names.ts";
import { findKept, keptImage } from "../../src/loading/kept-environment.ts";
import type { LocalStore } from "../../src/loading/local-store.ts";
import type { Invocation, Machine } from "../../src/machine/machine.ts";
import { readManifest } from "../../src/oci/content.ts";
import { digestOf } from "../../src/oci/digest.ts";
import { parseJsonObject } from "../../src/oci/manifest.ts";
import { parsePlatform } from "../../src/oci/platform.ts";
import { tinyImage } from "../fakes/image.ts";

const KEY = digestOf("the key of this environment");
const AMD64 = parsePlatform("linux/amd64");
const { manifest, config, layers } = tinyImage("one", "amd64", { [ENVIRONMENT_LABEL]: KEY });
const BLOBS = [manifest, config, ...layers];

const MODELS = new Map([
  ["the key of a layer", { mediaType: "a/b", digest: digestOf("blob"), size: 4, diffId: digestOf("tar") }],
]);

async function environment(): Promise<Environment> {
  const content = {
    place: "a layout",
    document: async ({ digest }: { digest: string }) =>
      BLOBS.find((blob) => blob.digest === digest)?.bytes ?? expect.fail(),
    blob: () => expect.fail("no layer is read"),
  };
  const found = await readEnvironment(content, { ...manifest, annotations: {} }, KEY, AMD64);
  return found?.environment ?? expect.fail("not an environment");
}

/** A store that has one image with these labels, whatever its name is; without labels it has none. */
function storeWith(labels: Readonly<Record<string, unknown>> | undefined): LocalStore & { readonly asked: string[] } {
  const asked: string[] = [];
  const capture = async ({ tool, args }: Invocation) => {
    asked.push([tool, ...args].join(" "));
    if (labels === undefined) return { code: 1, stdout: "[]\n", stderr: "No such image" };
    return { code: 0, stdout: JSON.stringify([{ Config: { Labels: labels } }]), stderr: "" };
  };
  const machine = { processes: { capture }, actions: { info: () => undefined } } as unknown as Machine;
  return { store: STORES.docker, env: {}, machine, asked };
}

/** The labels of the image that keeps the environment. */
async function labels(): Promise<Readonly<Record<string, unknown>>> {
  const kept = { environment: await environment(), models: MODELS };
  const { content, root } = await keptImage(kept, "iris", new Date(0));
  const { manifest } = await readManifest(content, root);
  if (manifest.kind !== "manifest") return expect.fail();
  const found = parseJsonObject(await content.document(manifest.config), "the config");
  return (found["config"] as { Labels: Record<string, unknown> }).Labels;
}

it("An environment is found again with the same layers and the same configuration", async () => {
  const store = storeWith(await labels());
  const kept = (await findKept(store, "iris", KEY, AMD64)) ?? expect.fail("not found");
  const { content: _, ...found } = kept.environment;
  const { content: __, ...given } = await environment();
  expect([found, kept.models]).toEqual([given, MODELS]);
  const name = `localhost/bento-environment/iris:${KEY.slice("sha256:".length, "sha256:".length + 40)}`;
  expect(store.asked).toEqual([`docker image inspect ${name}`]);
});

it("Its layers are not read from the store: who needs their bytes must build it again", async () => {
  const { environment } = (await findKept(storeWith(await labels()), "iris", KEY, AMD64)) ?? expect.fail();
  await expect(environment.content.blob(environment.layers[0] ?? expect.fail())).rejects.toThrow(EnvironmentLost);
});

it.each([
  ["has no such image", undefined],
  ["has an image without the label", {}],
  ["has a label that is no text", { [KEPT_ENVIRONMENT]: 1 }],
  ["has a label that is not JSON", { [KEPT_ENVIRONMENT]: "{" }],
  ["has a label without documents", { [KEPT_ENVIRONMENT]: "{}" }],
  [
    "has a manifest whose configuration is another",
    { [KEPT_ENVIRONMENT]: JSON.stringify({ manifest: manifest.bytes.toString(), config: "{}" }) },
  ],
])("A store that %s keeps no environment", async (_, given) => {
  expect(await findKept(storeWith(given), "iris", KEY, AMD64)).toBeUndefined();
});

it.each([
  ["no list", {}],
  ["no pair", ["a"]],
  ["no digest", [["key", { mediaType: "a/b", digest: "sha256:0", size: 4, diffId: digestOf("tar") }]]],
  ["no size", [["key", { mediaType: "a/b", digest: digestOf("blob"), size: "4", diffId: digestOf("tar") }]]],
])("Layers of models that are %s are not used", async (_, models) => {
  const own = await labels();
  const record = JSON.stringify({ ...JSON.parse(String(own[KEPT_ENVIRONMENT])), models });
  const kept = await findKept(storeWith({ ...own, [KEPT_ENVIRONMENT]: record }), "iris", KEY, AMD64);
  expect(kept?.models).toEqual(new Map());
});

it("An environment of another key, or for another platform, is none", async () => {
  const store = storeWith(await labels());
  expect(await findKept(store, "iris", digestOf("another key"), AMD64)).toBeUndefined();
  expect(await findKept(store, "iris", KEY, parsePlatform("linux/arm64"))).toBeUndefined();
});
