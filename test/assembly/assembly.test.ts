import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { BACKENDS } from "../../src/backends/index.ts";
import { digestOf, hexOf } from "../../src/image/digest.ts";
import { printBytes } from "../../src/report/byte-size.ts";
import { refusalOf } from "../../src/script/answers.ts";
import { startRegistry } from "../registry/fixture.ts";
import { AMD64, INDEX, MANIFEST } from "./environments.ts";
import { checkWhole, hasTag, makeGround } from "./ground.ts";

const MODEL = "model iris_tree:m1";

interface Annotated {
  readonly annotations?: Readonly<Record<string, string>>;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(2);
}

function countOf(lines: readonly string[], line: string): number {
  return lines.filter((other) => other === line).length;
}

describe("The first image", () => {
  it("is the environment and the payload on top, and the tag points to it", async () => {
    const ground = await makeGround();
    const { digest: pushed } = await ground.run({ labels: "team=ml", annotations: "a=1" });
    const manifest = ground.manifest("acme/iris", "1");
    expect(pushed).toBe(digestOf(JSON.stringify(manifest)));
    expect(manifest.mediaType).toBe(MANIFEST);
    const digest = expect.stringMatching(/^sha256:/);
    expect(manifest.annotations).toEqual({
      a: "1",
      "dev.bento-image.key": digest,
      "dev.bento-image.environment.key": digest,
      "dev.bento-image.environment.config": digest,
    });
    const titles = manifest.layers.map((layer: Annotated) => layer.annotations?.["dev.bento-image.layer"]);
    expect(titles).toEqual([undefined, undefined, MODEL, "apis", "env", "generated", "src", "manifest"]);
    const config = JSON.parse(ground.fake.blobs.get("acme/iris")?.get(manifest.config.digest)?.toString() ?? "");
    expect(config).toMatchObject({ ...AMD64, config: { User: "bentoml", Labels: { maintainer: "base", team: "ml" } } });
    expect(config.rootfs.diff_ids).toHaveLength(8);
    await checkWhole(ground, "acme/iris:1");
  });

  it("says how much went over the wire", async () => {
    const ground = await makeGround();
    const before = new Set(ground.fake.blobs.get("acme/iris")?.keys());
    const { lines } = await ground.run();
    const manifest = ground.manifest("acme/iris", "1");
    const own = [manifest.config, ...manifest.layers.slice(2)].filter(({ digest }) => !before.has(digest));
    const bytes = own.reduce((sum, { size }) => sum + size, 0);
    expect(lines).toContain(`Uploaded ${printBytes(bytes)}.`);
  });

  it("has its payload in the registry before the environment is built, and its tag after both", async () => {
    const ground = await makeGround();
    let duringBuild: readonly string[] = [];
    await ground.run(
      {},
      {
        build: async () => {
          await until(() => ground.fake.blobs.get("acme/iris")?.size === 6);
          expect(hasTag(ground, "acme/iris:1")).toBe(false);
          duringBuild = ground.requests();
        },
      },
    );
    expect(countOf(duringBuild, "PUT upload acme/iris")).toBe(6);
    expect(ground.requests().filter((line) => line.startsWith("PUT"))).toEqual([
      "PUT upload acme/iris", // The configuration.
      "PUT manifest acme/iris:1",
      "PUT upload acme/iris", // Of what is known of the model.
      "PUT manifest acme/iris:bento-model",
      "PUT manifest acme/iris:bento-last",
    ]);
  });

  it("goes into a layout without touching a registry for more than the base", async () => {
    const ground = await makeGround();
    const { digest: written } = await ground.run({ push: "false", tags: "", output: "oci:out" });
    const index = JSON.parse(await readFile(join(ground.root, "out/index.json"), "utf8"));
    expect(index.manifests).toMatchObject([{ digest: written, mediaType: MANIFEST }]);
    const manifest = JSON.parse(await readFile(join(ground.root, "out/blobs/sha256", hexOf(written)), "utf8"));
    for (const { digest } of [manifest.config, ...manifest.layers]) {
      expect(digestOf(await readFile(join(ground.root, "out/blobs/sha256", hexOf(digest))))).toBe(digest);
    }
    expect(ground.requests().filter((line) => /^(?:PUT|POST|PATCH)/.test(line))).toEqual([]);
  });

  it("has the same digest in a layout and in the registry", async () => {
    const ground = await makeGround();
    const { digest } = await ground.run({ output: "oci:out" });
    const index = JSON.parse(await readFile(join(ground.root, "out/index.json"), "utf8"));
    expect(index.manifests[0].digest).toBe(digest);
    expect(hasTag(ground, `acme/iris:${digest}`)).toBe(false);
    expect(ground.fake.manifests.get("acme/iris")?.has(digest)).toBe(true);
  });
});

describe("Several places", () => {
  it("of one registry get each layer once; other repositories mount it", async () => {
    const ground = await makeGround();
    const tags = ["acme/iris:1", "acme/iris:latest", "acme/mirror:1"];
    await ground.run({ tags: tags.map((tag) => ground.name(tag)).join("\n"), "environment-cache": "off" });
    const requests = ground.requests();
    // The environment's two layers, which nobody keeps, six of the payload, and the configuration.
    expect(countOf(requests, "PUT upload acme/iris")).toBe(9);
    expect(countOf(requests, "PUT upload acme/mirror")).toBe(0);
    for (const tag of tags) await checkWhole(ground, tag);
    const bytes = tags.map((tag) => JSON.stringify(ground.manifest(...(tag.split(":") as [string, string]))));
    expect(new Set(bytes).size).toBe(1);
  });

  it("of two registries get each layer once each, the environment from where it is", async () => {
    const ground = await makeGround();
    const other = await startRegistry();
    await ground.run({ tags: `${ground.name("acme/iris:1")}\n${other.host}/acme/iris:1` });
    const uploads = other.log.filter((line) => line.startsWith("PUT /v2/acme/iris/blobs"));
    expect(uploads).toHaveLength(9);
    expect(other.manifests.get("acme/iris")?.get("1")?.bytes).toEqual(
      ground.fake.manifests.get("acme/iris")?.get("1")?.bytes,
    );
  });

  it("are written in their order, last of all", async () => {
    const ground = await makeGround();
    const tags = ["acme/iris:b", "acme/iris:a"];
    await ground.run({ tags: tags.map((tag) => ground.name(tag)).join("\n"), "environment-cache": "off" });
    const puts = ground.requests().filter((line) => line.startsWith("PUT"));
    expect(puts.slice(-2)).toEqual(["PUT manifest acme/iris:b", "PUT manifest acme/iris:a"]);
  });
});

describe("Several platforms", () => {
  it("share the payload, which is uploaded once", async () => {
    const ground = await makeGround();
    const { outcome } = await ground.run({ platforms: "linux/arm64,linux/amd64" });
    const index = ground.manifest("acme/iris", "1");
    expect(index.mediaType).toBe(INDEX);
    expect(index.annotations).toBeUndefined();
    expect(index.manifests.map(({ platform }: { platform: object }) => platform)).toEqual([
      { architecture: "arm64", os: "linux" },
      AMD64,
    ]);
    expect(outcome.result.platforms.map(({ platform }) => platform.architecture)).toEqual(["arm64", "amd64"]);
    const payloads = index.manifests.map(({ digest }: { digest: string }) =>
      ground
        .manifest("acme/iris", digest)
        .layers.slice(2)
        .map((layer: { digest: string }) => layer.digest),
    );
    expect(payloads[0]).toEqual(payloads[1]);
    // Six layers, two configurations, and the empty one beside what is known of the model.
    expect(countOf(ground.requests(), "PUT upload acme/iris")).toBe(9);
  });
});

describe("A change of the code alone", () => {
  /** To the registry of the base image, which mostly is another one. */
  const BASE = "HEAD manifest library/python:3.11";

  it.each(["1", "2"])(
    "builds nothing, reads no model, and asks registries at most twelve times (tag %s)",
    async (tag) => {
      const ground = await makeGround();
      await ground.run();
      await writeFile(join(ground.bento, "src/service.py"), "import bentoml # and more\n");
      await writeFile(join(ground.bento, "bento.yaml"), "service: service:Iris\nname: iris\nversion: v2\n");
      await writeFile(join(ground.model, "weights.bin"), "x".repeat(34));
      ground.requests();
      const tags = ground.name(`acme/iris:${tag}`);
      const { built, origins } = await ground.run({ tags }, { bento: { tag: { name: "iris", version: "v2" } } });
      expect(built).toEqual([]);
      expect(origins[MODEL]).toBe("known");
      const requests = ground.requests();
      expect([...requests].sort()).toEqual([
        "GET blob acme/iris", // The environment's configuration.
        `GET manifest acme/iris:${tag}`, // Read back.
        "GET manifest acme/iris:bento-last", // What is known.
        BASE,
        "POST upload acme/iris", // src, manifest, and the configuration.
        "POST upload acme/iris",
        "POST upload acme/iris",
        `PUT manifest acme/iris:${tag}`,
        "PUT manifest acme/iris:bento-last",
        "PUT upload acme/iris",
        "PUT upload acme/iris",
        "PUT upload acme/iris",
      ]);
      expect(requests.length).toBeLessThanOrEqual(12);
      await checkWhole(ground, `acme/iris:${tag}`);
    },
  );

  it("gives the same digest with every backend that can make its environment", async () => {
    const ground = await makeGround();
    const digests: string[] = [];
    await ground.run();
    // Nobody knows whose times the files of this base image have.
    const epoch = { seconds: 0, rewrite: true };
    const able = BACKENDS.filter((one) => refusalOf(one, "epoch", epoch, one.assumed, {}) === undefined);
    for (const { name } of able) {
      const { digest } = await ground.run({ backend: name, tags: ground.name(`acme/iris:${name}`) });
      digests.push(digest);
    }
    expect(digests).toHaveLength(able.length);
    expect(new Set(digests).size).toBe(1);
  });
});

describe("A dry run", () => {
  const dry = { "dry-run": "true" };

  it("says that it does not know the environment's key, where the base image has no digest", async () => {
    const ground = await makeGround();
    const { outcome, lines } = await ground.run(dry);
    const text = outcome.commands.join("\n");
    expect(text).toContain("acme/iris:bento-environment-of-a-key-not-yet-known");
    expect(text).toMatch(
      /\n# bento-environment-of-a-key-not-yet-known stands for a name that is made of the digest of /,
    );
    expect([...outcome.commands, ...lines].join("\n")).not.toMatch(/bento-environment-[0-9a-f]{40}/);
    expect(ground.requests()).toEqual([]);
  });

  it("names the environment that a run then makes, where the base image has a digest", async () => {
    const ground = await makeGround();
    const digest = digestOf(ground.fake.manifests.get("library/python")?.get("3.11")?.bytes ?? "");
    const bento = { image: { baseImage: ground.name(`library/python@${digest}`) } };
    const { outcome } = await ground.run(dry, { bento });
    expect(ground.requests()).toEqual([]);
    const [tag = ""] = /bento-environment-[0-9a-f]{40}/.exec(outcome.commands.join("\n")) ?? [];
    await ground.run({}, { bento });
    expect(hasTag(ground, `acme/iris:${tag}`)).toBe(true);
  });
});
