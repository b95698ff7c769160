import { createHash } from "node:crypto";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { locateSnapshot } from "../../../src/bento/hub/snapshot.ts";
import { makeSetting } from "../../assembly/setting.ts";
import { fixture, listTree } from "../fixtures.ts";
import { HUB_RETRY_POLICY, setUp, WORDS, words } from "./setting.ts";

const weights = await readFile(fixture("hub/acme/Words", WORDS, "weights.bin"));
const vocabulary = await readFile(fixture("hub/acme/Words", WORDS, "vocab.json"));
const SHA256 = createHash("sha256").update(weights).digest("hex");
const SHA1 = createHash("sha1").update(`blob ${vocabulary.length}\0`).update(vocabulary).digest("hex");

/** A cache that an earlier run has filled and that somebody else has then changed. */
async function setUpFilled() {
  const setting = await setUp();
  const first = await locateSnapshot(words(setting.hub), setting.machine, { retryPolicy: HUB_RETRY_POLICY });
  setting.hub.asked.length = 0;
  return { ...setting, first, blobs: join(first.directory.path, "blobs") };
}

describe("A file that somebody changed in a shared cache", () => {
  it("is downloaded again if it is small", async () => {
    const { hub, machine, blobs } = await setUpFilled();
    await writeFile(join(blobs, SHA1), Buffer.alloc(vocabulary.length, "x"));
    const { files } = await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY });
    expect(files.find(({ path }) => path === "vocab.json")?.source).toBe(`blobs/${SHA1}`);
    expect(await readFile(join(blobs, SHA1))).toEqual(vocabulary);
    expect(hub.asked.map(({ path }) => path)).toEqual([expect.stringMatching(/vocab\.json$/)]);
  });

  it("is downloaded again if it is big and its size has changed", async () => {
    const { hub, machine, blobs } = await setUpFilled();
    await writeFile(join(blobs, SHA256), "x");
    await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY });
    expect(await readFile(join(blobs, SHA256))).toEqual(weights);
  });

  it("fails when its layer is hashed if it is big and of the same size", async () => {
    const { hub, machine, blobs } = await setUpFilled();
    await writeFile(join(blobs, SHA256), Buffer.alloc(weights.length, "x"));
    const located = await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY });
    expect(hub.asked).toEqual([]);
    for (const compression of ["none", "gzip", "zstd"]) {
      const setting = await makeSetting();
      await expect(setting.run({ compression }, { models: [located], env: machine.env })).rejects.toMatchObject({
        class: "bento",
        code: "Damaged",
        message: expect.stringContaining(SHA256),
      });
    }
  });

  it("is downloaded again if a link replaces it, and the link's target is not changed", async () => {
    const { hub, machine, blobs, setting } = await setUpFilled();
    const other = join(setting.root, "other");
    await writeFile(other, "other");
    for (const name of [SHA1, SHA256]) {
      await rm(join(blobs, name));
      await symlink(other, join(blobs, name));
      await symlink(other, join(blobs, `${name}.part`));
    }
    await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY });
    expect(await readFile(join(blobs, SHA256))).toEqual(weights);
    expect(await readFile(other, "utf8")).toBe("other");
  });

  it("is downloaded again if it has the name of another file", async () => {
    const { hub, machine, first } = await setUpFilled();
    const place = join(first.directory.path, "snapshots", WORDS, "weights.bin");
    const evil = Buffer.alloc(weights.length, "x");
    const name = createHash("sha256").update(evil).digest("hex");
    await writeFile(join(first.directory.path, "blobs", name), evil);
    await rm(place);
    await symlink(`../../blobs/${name}`, place);
    const { files } = await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY });
    expect(files).toEqual(first.files);
  });

  it("is detected by its content if its name is not a hash", async () => {
    const { hub, machine, first } = await setUpFilled();
    const place = join(first.directory.path, "snapshots", WORDS, "weights.bin");
    await rm(place);
    await writeFile(place, Buffer.alloc(weights.length, "x"));
    expect(await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY })).toMatchObject({
      files: first.files,
    });
    await rm(place);
    await writeFile(place, weights);
    const { files } = await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY });
    expect(files.find(({ path }) => path === "weights.bin")?.source).toBe(`snapshots/${WORDS}/weights.bin`);
  });

  it("is ignored if it is a reference that does not contain a commit", async () => {
    const { hub, machine, first, setting } = await setUpFilled();
    const outside = join(setting.root, "outside");
    await mkdir(outside);
    await mkdir(join(first.directory.path, "refs"));
    await writeFile(join(first.directory.path, "refs/main"), "../../../../../outside");
    const offline = { ...machine, env: { ...machine.env, HF_HUB_OFFLINE: "1" } };
    await expect(
      locateSnapshot(words(hub, { revision: "main" }), offline, { retryPolicy: HUB_RETRY_POLICY }),
    ).rejects.toMatchObject({
      code: "ModelMissing",
    });
  });

  it("causes no error if it is in the path of a revision", async () => {
    const { hub, machine, first } = await setUpFilled();
    await mkdir(join(first.directory.path, "refs"));
    await writeFile(join(first.directory.path, "refs/main"), WORDS);
    await expect(
      locateSnapshot(words(hub, { revision: "main/x" }), machine, { retryPolicy: HUB_RETRY_POLICY }),
    ).rejects.toMatchObject({
      class: "bento",
      code: "ModelMissing",
    });
  });
});

describe("A dry run without the network", () => {
  it.each([{}, { HF_HUB_OFFLINE: "1" }])("shows the known parts and warns about the files (%j)", async (env) => {
    const { machine, hub, setting, network } = await setUp({ HF_ENDPOINT: "", ...env });
    const { endpoint: _, ...model } = words(hub);
    const before = await listTree(setting.root);
    const located = await locateSnapshot(model, machine, {
      retryPolicy: { ...HUB_RETRY_POLICY, retries: 4, delay: 60_000 },
      dryRun: true,
    });
    expect(located).toMatchObject({ commit: WORDS, files: [], listed: false });
    expect(setting.said).toEqual([
      expect.stringMatching(/^warning: This dry run does not know the files of acme\/words@b+, .*: /),
    ]);
    expect(network.sent.length).toBe("HF_HUB_OFFLINE" in env ? 0 : 1);
    expect(await listTree(setting.root)).toEqual(before);
  });

  it("lists the files of the cache", async () => {
    const { hub, machine, first } = await setUpFilled();
    const offline = { ...machine, env: { ...machine.env, HF_HUB_OFFLINE: "1" } };
    const { files } = await locateSnapshot(words(hub), offline, { retryPolicy: HUB_RETRY_POLICY, dryRun: true });
    expect(files).toEqual(first.files);
  });

  it("fails if a real run would fail for another reason", async () => {
    const { machine, hub } = await setUp();
    const missing = words(hub, { repository: "acme/none" });
    await expect(
      locateSnapshot(missing, machine, { retryPolicy: HUB_RETRY_POLICY, dryRun: true }),
    ).rejects.toMatchObject({
      class: "bento",
      code: "ModelMissing",
    });
  });
});
