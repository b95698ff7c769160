import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fetchSnapshot } from "../../../src/bento/hub/fetch.ts";
import { locateSnapshot } from "../../../src/bento/hub/snapshot.ts";
import { Failure } from "../../../src/errors.ts";
import { fixture, listTree } from "../fixtures.ts";
import { send, startHub } from "./server.ts";
import { always, HUB_RETRY_POLICY, resetOnce, setUp, WORDS, words } from "./setting.ts";

const weights = await readFile(fixture("hub/acme/Words", WORDS, "weights.bin"));

describe("A snapshot that is not in the cache is downloaded", () => {
  it("with the files that include and exclude select, in the layout of huggingface_hub", async () => {
    const { hub, machine, cache } = await setUp();
    const found = await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY });

    expect(found).toMatchObject({
      origin: "hub",
      commit: WORDS,
      directory: { path: join(cache, "models--acme--words") },
    });
    expect(found.files.map(({ path }) => path)).toEqual(["list.txt", "vocab.json", "weights.bin"]);
    for (const { source, path, size } of found.files) {
      const bytes = await readFile(join(found.directory.path, source));
      expect(bytes).toEqual(await readFile(fixture("hub/acme/Words", WORDS, path)));
      expect(bytes.length).toBe(size);
      expect(await readFile(join(found.directory.path, "snapshots", WORDS, path))).toEqual(bytes);
    }
  });

  it("once, and the second run sends no requests", async () => {
    const { hub, machine } = await setUp();
    const first = await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY });
    hub.asked.length = 0;
    const second = await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY });
    expect(second).toMatchObject({ origin: "cache", files: first.files, directory: first.directory });
    expect(hub.asked).toEqual([]);
  });

  it("but a dry run only requests its listing and writes nothing", async () => {
    const { hub, machine, cache } = await setUp();
    const planned = await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY, dryRun: true });
    expect(hub.asked.filter(({ path }) => path.includes("/resolve/"))).toEqual([]);
    expect(await machine.files.info(join(cache, "models--acme--words"))).toBeUndefined();
    expect(await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY })).toMatchObject({
      files: planned.files,
      directory: planned.directory,
    });
  });

  it("at the commit of its branch", async () => {
    const { hub, machine } = await setUp();
    expect(
      await locateSnapshot(words(hub, { revision: "v2" }), machine, { retryPolicy: HUB_RETRY_POLICY }),
    ).toMatchObject({
      commit: WORDS,
    });
  });

  it("without the files that are cached already", async () => {
    const { hub, machine } = await setUp();
    await locateSnapshot(words(hub, { include: ["*.txt"] }), machine, { retryPolicy: HUB_RETRY_POLICY });
    hub.asked.length = 0;
    await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY });
    expect(hub.asked.filter(({ path }) => path.endsWith("list.txt"))).toEqual([]);
  });

  it("and resumes after an interruption", async () => {
    const { hub, machine } = await setUp();
    hub.tricks.push(resetOnce(weights, 20));
    const { directory, files } = await locateSnapshot(words(hub, { include: ["*.bin"] }), machine, {
      retryPolicy: HUB_RETRY_POLICY,
    });
    expect(hub.asked.filter(({ path }) => path.endsWith(".bin")).map(({ range }) => range)).toEqual([
      undefined,
      "bytes=20-",
    ]);
    expect(await readFile(join(directory.path, files[0]?.source ?? ""))).toEqual(weights);
  });

  it("and the next run resumes a failed one, whose partial file never has the final name", async () => {
    const { hub, machine, cache } = await setUp();
    hub.tricks.push(resetOnce(weights, 20), always("weights.bin", 500));
    const model = words(hub, { include: ["*.bin"] });
    await expect(locateSnapshot(model, machine, { retryPolicy: HUB_RETRY_POLICY })).rejects.toMatchObject({
      class: "network",
    });
    const left = (await listTree(join(cache, "models--acme--words/blobs"))).join("\n");
    expect(left).toMatch(/^[0-9a-f]{64}\.part 644 20 \w+$/);

    hub.tricks.length = 0;
    hub.asked.length = 0;
    await locateSnapshot(model, machine, { retryPolicy: HUB_RETRY_POLICY });
    expect(hub.asked.at(-1)?.range).toBe("bytes=20-");
  });

  it("again from the start by a mirror without range support", async () => {
    const { hub, machine } = await setUp();
    hub.tricks.push(resetOnce(weights, 20), ({ path, range }, response) => {
      if (!path.endsWith("weights.bin") || range === undefined) return false;
      send(response, 200, weights);
      return true;
    });
    const { directory, files } = await locateSnapshot(words(hub, { include: ["*.bin"] }), machine, {
      retryPolicy: HUB_RETRY_POLICY,
    });
    expect(await readFile(join(directory.path, files[0]?.source ?? ""))).toEqual(weights);
  });

  it.each([
    ["wrong bytes", Buffer.alloc(weights.length, "x")],
    ["too many bytes", Buffer.alloc(weights.length + 1, "x")],
  ])("but %s are a failure and are not kept", async (_, bytes) => {
    const { hub, machine, cache } = await setUp();
    hub.tricks.push(({ path }, response) => {
      if (!path.endsWith("weights.bin")) return false;
      send(response, 200, bytes);
      return true;
    });
    const failing = locateSnapshot(words(hub, { include: ["*.bin"] }), machine, { retryPolicy: HUB_RETRY_POLICY });
    await expect(failing).rejects.toMatchObject({ class: "network", message: expect.stringContaining("weights.bin") });
    expect(
      (await listTree(join(cache, "models--acme--words/blobs"))).filter((line) => !line.includes(".part")),
    ).toEqual([]);
  });

  it("but a name that leads outside the snapshot is refused", async () => {
    const { hub, machine, setting } = await setUp();
    hub.tricks.push(({ path }, response) => {
      if (!path.includes("/tree/")) return false;
      send(response, 200, JSON.stringify([{ type: "file", path: "../../evil", size: 1, oid: "a".repeat(40) }]));
      return true;
    });
    await expect(locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY })).rejects.toMatchObject({
      class: "bento",
      code: "UnsafePath",
    });
    expect((await listTree(setting.root)).join("\n")).not.toContain("evil");
  });

  it("and a cancelled run fails as cancelled", async () => {
    const { hub, machine, abort } = await setUp();
    hub.tricks.push(({ path }) => {
      if (!path.endsWith("weights.bin")) return false;
      abort.abort();
      return true;
    });
    await expect(locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY })).rejects.toMatchObject({
      class: "cancelled",
    });
  });
});

describe("A big file", () => {
  const big = { retryPolicy: HUB_RETRY_POLICY, remoteFrom: 64 };
  const hash = createHash("sha256").update(weights).digest("hex");
  const remote = { path: "weights.bin", source: `blobs/${hash}`, size: 64, remote: hash };

  it("may stay at the Hub while the others are downloaded", async () => {
    const { hub, machine, cache } = await setUp();
    const { files, listed } = await locateSnapshot(words(hub), machine, big);
    expect(files).toEqual([
      { path: "list.txt", source: expect.stringMatching(/^blobs\/[0-9a-f]{40}$/), size: 4 },
      { path: "vocab.json", source: expect.any(String), size: 3 },
      remote,
    ]);
    expect(listed).toBe(true);
    const folder = join(cache, "models--acme--words");
    expect(await listTree(join(folder, "snapshots", WORDS))).toHaveLength(2);
    expect(await listTree(join(folder, "blobs"))).toHaveLength(2);
    expect(hub.asked.filter(({ path }) => path.endsWith("weights.bin"))).toEqual([]);
  });

  it("is downloaded if it is below the limit or the Hub does not list its SHA-256", async () => {
    const { hub, machine } = await setUp();
    const smaller = await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY, remoteFrom: 65 });
    expect(smaller.files.some((file) => "remote" in file)).toBe(false);
    const plain = await locateSnapshot(words(hub, { include: ["*.txt"] }), machine, {
      retryPolicy: HUB_RETRY_POLICY,
      remoteFrom: 1,
    });
    expect(plain.files.some((file) => "remote" in file)).toBe(false);
  });

  it("is not needed from the Hub if its bytes are cached for another commit", async () => {
    const { hub, machine, cache } = await setUp();
    const blobs = join(cache, "models--acme--words/blobs");
    await mkdir(blobs, { recursive: true });
    await writeFile(join(blobs, hash), weights);
    const { files } = await locateSnapshot(words(hub), machine, big);
    expect(files.some((file) => "remote" in file)).toBe(false);
  });

  it("is found in the listing on disk by the next run, without the Hub", async () => {
    const { hub, machine } = await setUp();
    const first = await locateSnapshot(words(hub), machine, big);
    hub.asked.length = 0;
    expect(await locateSnapshot(words(hub), machine, big)).toEqual(first);
    expect(hub.asked).toEqual([]);
  });

  it("is stored in the cache when it is downloaded later", async () => {
    const { hub, machine } = await setUp();
    const located = await locateSnapshot(words(hub), machine, big);
    const fetched = await fetchSnapshot(located, machine, HUB_RETRY_POLICY);
    expect(fetched.files).toContainEqual({ path: "weights.bin", source: remote.source, size: 64 });
    expect(await readFile(join(fetched.directory.path, remote.source))).toEqual(weights);
    hub.asked.length = 0;
    expect(await locateSnapshot(words(hub), machine, big)).toEqual({ ...fetched, origin: "cache" });
    expect(hub.asked).toEqual([]);
  });
});

describe("A refusal of the Hub has a hint", () => {
  it.each([
    [401, "auth", "HF_TOKEN"],
    [403, "auth", "gated"],
    [404, "bento", "removed or renamed"],
    [429, "rate-limit", "HF_TOKEN"],
  ])("for HTTP %i, class %s", async (status, failureClass, hint) => {
    const { hub, machine } = await setUp();
    hub.tricks.push(always("/tree/", status, { "retry-after": "0" }));
    const failure = await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ class: failureClass, hint: expect.stringContaining(hint) });
    expect(hub.asked).toHaveLength(status === 429 ? 3 : 1);
  });

  it("or after a 429 is retried after the requested wait", async () => {
    const { hub, machine } = await setUp();
    let limited = 0;
    hub.tricks.push(({ path }, response) => {
      if (!path.includes("/tree/") || limited > 0) return false;
      limited += 1;
      send(response, 429, "{}", { "retry-after": "0" });
      return true;
    });
    expect(await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY })).toMatchObject({
      origin: "hub",
    });
  });

  it("or fails at once if the requested wait is too long", async () => {
    const { hub, machine } = await setUp();
    hub.tricks.push(always("/tree/", 429, { "retry-after": "3600" }));
    await expect(locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY })).rejects.toMatchObject({
      class: "rate-limit",
    });
    expect(hub.asked).toHaveLength(1);
  });
});

describe("HF_TOKEN", () => {
  const TOKEN = { HF_TOKEN: "not-even-hf_" };

  it("is sent to the endpoint that the user trusts, and is masked", async () => {
    const { hub, machine, setting } = await setUp(TOKEN);
    await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY });
    expect(new Set(hub.asked.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer not-even-hf_"]));
    expect(setting.said).toContain("mask: not-even-hf_");
  });

  it.each(["", " ", "\n"])("that consists of %j is ignored", async (blank) => {
    const { hub, machine, setting } = await setUp({ HF_TOKEN: blank, HUGGING_FACE_HUB_TOKEN: "not-even-hf_" });
    await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY });
    expect(new Set(hub.asked.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer not-even-hf_"]));
    expect(setting.said).not.toContain("mask: ");
  });

  it("is not masked if the mask would match everywhere in the log", async () => {
    const { hub, machine, setting } = await setUp({ HF_TOKEN: "none" });
    await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY });
    expect(setting.said.filter((line) => line.startsWith("mask: "))).toEqual([]);
  });

  it("is not sent to a hub that only the Bento names, and the failure explains it", async () => {
    const { hub, machine, network } = await setUp({ ...TOKEN, HF_ENDPOINT: "" });
    const endpoint = "https://hub.example";
    network.place(endpoint, hub);
    hub.tricks.push(always("/tree/", 401));
    const locating = locateSnapshot(words(hub, { endpoint }), machine, { retryPolicy: HUB_RETRY_POLICY });
    await expect(locating).rejects.toMatchObject({
      class: "auth",
      hint: expect.stringContaining(`HF_ENDPOINT=${endpoint}`),
    });
    expect(hub.asked.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  it("is not sent to another origin by a redirect, and the file is still downloaded", async () => {
    const { hub, machine } = await setUp(TOKEN);
    const store = await startHub();
    hub.tricks.push(({ path }, response) => {
      if (!path.includes("/resolve/")) return false;
      response.writeHead(302, { location: `${store.endpoint}${path}` }).end();
      return true;
    });
    await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY });
    expect(store.asked.length).toBeGreaterThan(0);
    expect(new Set(store.asked.map(({ authorization }) => authorization))).toEqual(new Set([undefined]));
  });

  it("is read from the token file if the environment has none", async () => {
    const { hub, machine, setting } = await setUp();
    const file = join(setting.root, "token");
    await writeFile(file, "from-file\n");
    await locateSnapshot(
      words(hub),
      { ...machine, env: { ...machine.env, HF_TOKEN_PATH: file } },
      { retryPolicy: HUB_RETRY_POLICY },
    );
    expect(hub.asked[0]?.authorization).toBe("Bearer from-file");
  });

  it("is missing if there is no home directory with a token file", async () => {
    const { hub, machine, setting } = await setUp();
    const env = { ...machine.env, HOME: undefined, HF_HOME: undefined, HF_HUB_CACHE: join(setting.root, "own") };
    await locateSnapshot(words(hub), { ...machine, env }, { retryPolicy: HUB_RETRY_POLICY });
    expect(hub.asked[0]?.authorization).toBeUndefined();
  });
});

describe("A snapshot in the cache", () => {
  /** As stored by huggingface_hub before 1.22: without a listing, in a folder in the repository's own case. */
  async function fill(cache: string, options: { readonly without?: string } = {}) {
    const folder = join(cache, "models--acme--Words");
    await mkdir(join(folder, "blobs"), { recursive: true });
    await mkdir(join(folder, "snapshots", WORDS), { recursive: true });
    for (const name of ["list.txt", "vocab.json", "weights.bin"]) {
      await cp(fixture("hub/acme/Words", WORDS, name), join(folder, "blobs", `hash-${name}`));
      await symlink(`../../blobs/hash-${name}`, join(folder, "snapshots", WORDS, name));
    }
    if (options.without !== undefined) await rm(join(folder, "blobs", `hash-${options.without}`));
    return folder;
  }

  it("is found with any case of its folder, and the Hub is only asked for its listing", async () => {
    const { hub, machine, cache } = await setUp();
    const folder = await fill(cache);
    expect(await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY })).toMatchObject({
      origin: "cache",
      directory: { path: folder },
      files: [{ source: "blobs/hash-list.txt", path: "list.txt" }, { path: "vocab.json" }, { path: "weights.bin" }],
    });
    expect(hub.asked.map(({ path }) => path)).toEqual([expect.stringContaining("/tree/")]);
  });

  it("is completed if a file is missing", async () => {
    const { hub, machine, cache } = await setUp();
    await fill(cache, { without: "weights.bin" });
    expect(await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY })).toMatchObject({
      origin: "hub",
    });
  });

  it("is used with a warning if the Hub does not answer", async () => {
    const { hub, machine, cache, setting } = await setUp({ HF_HUB_OFFLINE: "1" });
    await fill(cache);
    expect(await locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY })).toMatchObject({
      origin: "cache",
    });
    expect(setting.said.some((line) => line.startsWith("warning: acme/words"))).toBe(true);
    expect(hub.asked).toEqual([]);
  });

  it("with a broken link is not used if the Hub does not answer", async () => {
    const { hub, machine, cache } = await setUp({ HF_HUB_OFFLINE: "1" });
    await fill(cache, { without: "vocab.json" });
    await expect(locateSnapshot(words(hub), machine, { retryPolicy: HUB_RETRY_POLICY })).rejects.toMatchObject({
      code: "ModelMissing",
    });
  });

  it.each([
    ["BENTOML_HF_CACHE_DIR", "own"],
    ["HF_HUB_CACHE", "own"],
    ["HF_HOME", "own/hub"],
    ["XDG_CACHE_HOME", "own/huggingface/hub"],
  ])("is found in the directory of %s", async (name, place) => {
    const { hub, machine, setting } = await setUp();
    const folder = await fill(join(setting.root, place));
    const env = { ...machine.env, [name]: join(setting.root, "own") };
    expect(await locateSnapshot(words(hub), { ...machine, env }, { retryPolicy: HUB_RETRY_POLICY })).toMatchObject({
      directory: { path: folder },
    });
  });
});
