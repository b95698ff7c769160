import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fetchSnapshot } from "../../../src/bento/hub/fetch.ts";
import { locateSnapshot } from "../../../src/bento/hub/snapshot.ts";
import { Failure } from "../../../src/errors.ts";
import { fixture, listTree } from "../fixtures.ts";
import { always, HUB_RETRY_POLICY, resetOnce, setUp, WORDS, words } from "./ground.ts";
import { send, startHub } from "./server.ts";

const weights = await readFile(fixture("hub/acme/Words", WORDS, "weights.bin"));

describe("A snapshot that is not in the cache is downloaded into it", () => {
  it("with the files that include and exclude select, as huggingface_hub lays them out", async () => {
    const { hub, machine, cache } = await setUp();
    const found = await locateSnapshot(words(hub), machine, { pace: HUB_RETRY_POLICY });

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

  it("once: the second time nothing is asked", async () => {
    const { hub, machine } = await setUp();
    const first = await locateSnapshot(words(hub), machine, { pace: HUB_RETRY_POLICY });
    hub.asked.length = 0;
    const second = await locateSnapshot(words(hub), machine, { pace: HUB_RETRY_POLICY });
    expect(second).toMatchObject({ origin: "cache", files: first.files, directory: first.directory });
    expect(hub.asked).toEqual([]);
  });

  it("on a dry run only its listing is asked for, and nothing is written", async () => {
    const { hub, machine, cache } = await setUp();
    const planned = await locateSnapshot(words(hub), machine, { pace: HUB_RETRY_POLICY, dryRun: true });
    expect(hub.asked.filter(({ path }) => path.includes("/resolve/"))).toEqual([]);
    expect(await machine.files.info(join(cache, "models--acme--words"))).toBeUndefined();
    expect(await locateSnapshot(words(hub), machine, { pace: HUB_RETRY_POLICY })).toMatchObject({
      files: planned.files,
      directory: planned.directory,
    });
  });

  it("a branch is resolved to its commit", async () => {
    const { hub, machine } = await setUp();
    expect(await locateSnapshot(words(hub, { revision: "v2" }), machine, { pace: HUB_RETRY_POLICY })).toMatchObject({
      commit: WORDS,
    });
  });

  it("only what is missing is fetched", async () => {
    const { hub, machine } = await setUp();
    await locateSnapshot(words(hub, { include: ["*.txt"] }), machine, { pace: HUB_RETRY_POLICY });
    hub.asked.length = 0;
    await locateSnapshot(words(hub), machine, { pace: HUB_RETRY_POLICY });
    expect(hub.asked.filter(({ path }) => path.endsWith("list.txt"))).toEqual([]);
  });

  it("an interrupted download is continued where it broke off", async () => {
    const { hub, machine } = await setUp();
    hub.tricks.push(resetOnce(weights, 20));
    const { directory, files } = await locateSnapshot(words(hub, { include: ["*.bin"] }), machine, {
      pace: HUB_RETRY_POLICY,
    });
    expect(hub.asked.filter(({ path }) => path.endsWith(".bin")).map(({ range }) => range)).toEqual([
      undefined,
      "bytes=20-",
    ]);
    expect(await readFile(join(directory.path, files[0]?.source ?? ""))).toEqual(weights);
  });

  it("the next run continues what a failed one left, and no half file is ever under its name", async () => {
    const { hub, machine, cache } = await setUp();
    hub.tricks.push(resetOnce(weights, 20), always("weights.bin", 500));
    const model = words(hub, { include: ["*.bin"] });
    await expect(locateSnapshot(model, machine, { pace: HUB_RETRY_POLICY })).rejects.toMatchObject({
      class: "network",
    });
    const left = (await listTree(join(cache, "models--acme--words/blobs"))).join("\n");
    expect(left).toMatch(/^[0-9a-f]{64}\.part 644 20 \w+$/);

    hub.tricks.length = 0;
    hub.asked.length = 0;
    await locateSnapshot(model, machine, { pace: HUB_RETRY_POLICY });
    expect(hub.asked.at(-1)?.range).toBe("bytes=20-");
  });

  it("a mirror that knows no ranges starts again", async () => {
    const { hub, machine } = await setUp();
    hub.tricks.push(resetOnce(weights, 20), ({ path, range }, response) => {
      if (!path.endsWith("weights.bin") || range === undefined) return false;
      send(response, 200, weights);
      return true;
    });
    const { directory, files } = await locateSnapshot(words(hub, { include: ["*.bin"] }), machine, {
      pace: HUB_RETRY_POLICY,
    });
    expect(await readFile(join(directory.path, files[0]?.source ?? ""))).toEqual(weights);
  });

  it.each([
    ["wrong bytes", Buffer.alloc(weights.length, "x")],
    ["too many bytes", Buffer.alloc(weights.length + 1, "x")],
  ])("%s are a failure and not kept", async (_, bytes) => {
    const { hub, machine, cache } = await setUp();
    hub.tricks.push(({ path }, response) => {
      if (!path.endsWith("weights.bin")) return false;
      send(response, 200, bytes);
      return true;
    });
    const failing = locateSnapshot(words(hub, { include: ["*.bin"] }), machine, { pace: HUB_RETRY_POLICY });
    await expect(failing).rejects.toMatchObject({ class: "network", message: expect.stringContaining("weights.bin") });
    expect(
      (await listTree(join(cache, "models--acme--words/blobs"))).filter((line) => !line.includes(".part")),
    ).toEqual([]);
  });

  it("a name that would leave the snapshot is refused", async () => {
    const { hub, machine, setting } = await setUp();
    hub.tricks.push(({ path }, response) => {
      if (!path.includes("/tree/")) return false;
      send(response, 200, JSON.stringify([{ type: "file", path: "../../evil", size: 1, oid: "a".repeat(40) }]));
      return true;
    });
    await expect(locateSnapshot(words(hub), machine, { pace: HUB_RETRY_POLICY })).rejects.toMatchObject({
      class: "bento",
      code: "UnsafePath",
    });
    expect((await listTree(setting.root)).join("\n")).not.toContain("evil");
  });

  it("a cancelled run ends as cancelled", async () => {
    const { hub, machine, abort } = await setUp();
    hub.tricks.push(({ path }) => {
      if (!path.endsWith("weights.bin")) return false;
      abort.abort();
      return true;
    });
    await expect(locateSnapshot(words(hub), machine, { pace: HUB_RETRY_POLICY })).rejects.toMatchObject({
      class: "cancelled",
    });
  });
});

describe("A big file", () => {
  const big = { pace: HUB_RETRY_POLICY, remoteFrom: 64 };
  const hash = createHash("sha256").update(weights).digest("hex");
  const remote = { path: "weights.bin", source: `blobs/${hash}`, size: 64, remote: hash };

  it("may stay at the Hub, while the others are downloaded", async () => {
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

  it("does not when it is smaller than that, or when the Hub does not tell its SHA-256", async () => {
    const { hub, machine } = await setUp();
    const smaller = await locateSnapshot(words(hub), machine, { pace: HUB_RETRY_POLICY, remoteFrom: 65 });
    expect(smaller.files.some((file) => "remote" in file)).toBe(false);
    const plain = await locateSnapshot(words(hub, { include: ["*.txt"] }), machine, {
      pace: HUB_RETRY_POLICY,
      remoteFrom: 1,
    });
    expect(plain.files.some((file) => "remote" in file)).toBe(false);
  });

  it("does not when its bytes are in the cache already, for another commit", async () => {
    const { hub, machine, cache } = await setUp();
    const blobs = join(cache, "models--acme--words/blobs");
    await mkdir(blobs, { recursive: true });
    await writeFile(join(blobs, hash), weights);
    const { files } = await locateSnapshot(words(hub), machine, big);
    expect(files.some((file) => "remote" in file)).toBe(false);
  });

  it("is known from the listing on disk the next time, without the Hub", async () => {
    const { hub, machine } = await setUp();
    const first = await locateSnapshot(words(hub), machine, big);
    hub.asked.length = 0;
    expect(await locateSnapshot(words(hub), machine, big)).toEqual(first);
    expect(hub.asked).toEqual([]);
  });

  it("comes to where it belongs when it is fetched after all", async () => {
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

describe("The Hub's refusals say what to do", () => {
  it.each([
    [401, "auth", "HF_TOKEN"],
    [403, "auth", "gated"],
    [404, "bento", "removed or renamed"],
    [429, "rate-limit", "HF_TOKEN"],
  ])("HTTP %i is %s", async (status, failureClass, hint) => {
    const { hub, machine } = await setUp();
    hub.tricks.push(always("/tree/", status, { "retry-after": "0" }));
    const failure = await locateSnapshot(words(hub), machine, { pace: HUB_RETRY_POLICY }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ class: failureClass, hint: expect.stringContaining(hint) });
    expect(hub.asked).toHaveLength(status === 429 ? 3 : 1);
  });

  it("after a 429 the Hub gets the time it asks for and then the request again", async () => {
    const { hub, machine } = await setUp();
    let limited = 0;
    hub.tricks.push(({ path }, response) => {
      if (!path.includes("/tree/") || limited > 0) return false;
      limited += 1;
      send(response, 429, "{}", { "retry-after": "0" });
      return true;
    });
    expect(await locateSnapshot(words(hub), machine, { pace: HUB_RETRY_POLICY })).toMatchObject({ origin: "hub" });
  });

  it("a wait beyond patience is not waited", async () => {
    const { hub, machine } = await setUp();
    hub.tricks.push(always("/tree/", 429, { "retry-after": "3600" }));
    await expect(locateSnapshot(words(hub), machine, { pace: HUB_RETRY_POLICY })).rejects.toMatchObject({
      class: "rate-limit",
    });
    expect(hub.asked).toHaveLength(1);
  });
});

describe("HF_TOKEN", () => {
  const TOKEN = { HF_TOKEN: "not-even-hf_" };

  it("goes to the endpoint the user trusts, and is masked", async () => {
    const { hub, machine, setting } = await setUp(TOKEN);
    await locateSnapshot(words(hub), machine, { pace: HUB_RETRY_POLICY });
    expect(new Set(hub.asked.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer not-even-hf_"]));
    expect(setting.said).toContain("mask: not-even-hf_");
  });

  it.each(["", " ", "\n"])("of nothing but %j is none", async (blank) => {
    const { hub, machine, setting } = await setUp({ HF_TOKEN: blank, HUGGING_FACE_HUB_TOKEN: "not-even-hf_" });
    await locateSnapshot(words(hub), machine, { pace: HUB_RETRY_POLICY });
    expect(new Set(hub.asked.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer not-even-hf_"]));
    expect(setting.said).not.toContain("mask: ");
  });

  it("is not masked where the mask would be all over the log", async () => {
    const { hub, machine, setting } = await setUp({ HF_TOKEN: "none" });
    await locateSnapshot(words(hub), machine, { pace: HUB_RETRY_POLICY });
    expect(setting.said.filter((line) => line.startsWith("mask: "))).toEqual([]);
  });

  it("does not go where only the Bento points, and the failure says why", async () => {
    const { hub, machine, network } = await setUp({ ...TOKEN, HF_ENDPOINT: "" });
    const endpoint = "https://hub.example";
    network.place(endpoint, hub);
    hub.tricks.push(always("/tree/", 401));
    const locating = locateSnapshot(words(hub, { endpoint }), machine, { pace: HUB_RETRY_POLICY });
    await expect(locating).rejects.toMatchObject({
      class: "auth",
      hint: expect.stringContaining(`HF_ENDPOINT=${endpoint}`),
    });
    expect(hub.asked.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  it("does not follow a redirect to another origin, and the file comes all the same", async () => {
    const { hub, machine } = await setUp(TOKEN);
    const store = await startHub();
    hub.tricks.push(({ path }, response) => {
      if (!path.includes("/resolve/")) return false;
      response.writeHead(302, { location: `${store.endpoint}${path}` }).end();
      return true;
    });
    await locateSnapshot(words(hub), machine, { pace: HUB_RETRY_POLICY });
    expect(store.asked.length).toBeGreaterThan(0);
    expect(new Set(store.asked.map(({ authorization }) => authorization))).toEqual(new Set([undefined]));
  });

  it("is taken from the file of a login when the environment has none", async () => {
    const { hub, machine, setting } = await setUp();
    const file = join(setting.root, "token");
    await writeFile(file, "from-file\n");
    await locateSnapshot(
      words(hub),
      { ...machine, env: { ...machine.env, HF_TOKEN_PATH: file } },
      { pace: HUB_RETRY_POLICY },
    );
    expect(hub.asked[0]?.authorization).toBe("Bearer from-file");
  });

  it("is none when there is no home where a login could have left it", async () => {
    const { hub, machine, setting } = await setUp();
    const env = { ...machine.env, HOME: undefined, HF_HOME: undefined, HF_HUB_CACHE: join(setting.root, "own") };
    await locateSnapshot(words(hub), { ...machine, env }, { pace: HUB_RETRY_POLICY });
    expect(hub.asked[0]?.authorization).toBeUndefined();
  });
});

describe("A snapshot in the cache", () => {
  /** As huggingface_hub before 1.22 leaves it: no listing; the folder in the repository's own case. */
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

  it("is found whatever the case of its folder, and asked of the Hub only whether it is complete", async () => {
    const { hub, machine, cache } = await setUp();
    const folder = await fill(cache);
    expect(await locateSnapshot(words(hub), machine, { pace: HUB_RETRY_POLICY })).toMatchObject({
      origin: "cache",
      directory: { path: folder },
      files: [{ source: "blobs/hash-list.txt", path: "list.txt" }, { path: "vocab.json" }, { path: "weights.bin" }],
    });
    expect(hub.asked.map(({ path }) => path)).toEqual([expect.stringContaining("/tree/")]);
  });

  it("is completed when a file is missing", async () => {
    const { hub, machine, cache } = await setUp();
    await fill(cache, { without: "weights.bin" });
    expect(await locateSnapshot(words(hub), machine, { pace: HUB_RETRY_POLICY })).toMatchObject({ origin: "hub" });
  });

  it("is taken as it is, with a warning, when the Hub cannot be asked", async () => {
    const { hub, machine, cache, setting } = await setUp({ HF_HUB_OFFLINE: "1" });
    await fill(cache);
    expect(await locateSnapshot(words(hub), machine, { pace: HUB_RETRY_POLICY })).toMatchObject({ origin: "cache" });
    expect(setting.said.some((line) => line.startsWith("warning: acme/words"))).toBe(true);
    expect(hub.asked).toEqual([]);
  });

  it("with a link that leads nowhere is no snapshot when the Hub cannot be asked", async () => {
    const { hub, machine, cache } = await setUp({ HF_HUB_OFFLINE: "1" });
    await fill(cache, { without: "vocab.json" });
    await expect(locateSnapshot(words(hub), machine, { pace: HUB_RETRY_POLICY })).rejects.toMatchObject({
      code: "ModelMissing",
    });
  });

  it.each([
    ["BENTOML_HF_CACHE_DIR", "own"],
    ["HF_HUB_CACHE", "own"],
    ["HF_HOME", "own/hub"],
    ["XDG_CACHE_HOME", "own/huggingface/hub"],
  ])("is where %s says", async (name, place) => {
    const { hub, machine, setting } = await setUp();
    const folder = await fill(join(setting.root, place));
    const env = { ...machine.env, [name]: join(setting.root, "own") };
    expect(await locateSnapshot(words(hub), { ...machine, env }, { pace: HUB_RETRY_POLICY })).toMatchObject({
      directory: { path: folder },
    });
  });
});
