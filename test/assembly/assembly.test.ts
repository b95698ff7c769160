import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { BACKENDS } from "../../src/backends/index.ts";
import { refusalOf } from "../../src/commands/answers.ts";
import { digestOf, hexOf } from "../../src/oci/digest.ts";
import { printBytes } from "../../src/text/byte-size.ts";
import { startRegistry } from "../registry/fixture.ts";
import { AMD64, INDEX, MANIFEST } from "./environments.ts";
import { checkWhole, hasTag, makeSetting } from "./setting.ts";

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

describe("The first image of a Bento", () => {
  it("consists of the environment and the payload on top, and the tag points to it", async () => {
    const setting = await makeSetting();
    const { digest: pushed } = await setting.run({ labels: "team=ml", annotations: "a=1" });
    const manifest = setting.manifest("acme/iris", "1");
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
    const config = JSON.parse(setting.fake.blobs.get("acme/iris")?.get(manifest.config.digest)?.toString() ?? "");
    expect(config).toMatchObject({ ...AMD64, config: { User: "bentoml", Labels: { maintainer: "base", team: "ml" } } });
    expect(config.rootfs.diff_ids).toHaveLength(8);
    await checkWhole(setting, "acme/iris:1");
  });

  it("reports the bytes that the registry received, and those of the layers that it had", async () => {
    const setting = await makeSetting();
    const { received } = setting.fake;
    const first = await setting.run();
    expect(first.outcome.traffic).toEqual({ sent: received.bytes, reused: 0, environmentBy: "buildctl" });
    expect(first.lines).toContain(`Uploaded ${printBytes(received.bytes)}.`);

    const before = received.bytes;
    const second = await setting.run({ tags: setting.name("acme/iris:2") });
    const { layers } = setting.manifest("acme/iris", "2");
    const reused = layers.reduce((sum: number, { size }: Annotated & { size: number }) => sum + size, 0);
    expect(second.outcome.traffic).toEqual({ sent: received.bytes - before, reused });
    expect(received.bytes).toBeGreaterThan(before);
  });

  it("counts bytes that had to be sent again", async () => {
    const setting = await makeSetting();
    setting.fake.quirks.lostSessions = 1;
    const { outcome } = await setting.run();
    expect(outcome.traffic?.sent).toBe(setting.fake.received.bytes);
  });

  it("uploads the payload before the environment is built, and pushes the tag last", async () => {
    const setting = await makeSetting();
    let duringBuild: readonly string[] = [];
    await setting.run(
      {},
      {
        build: async () => {
          await until(() => setting.fake.blobs.get("acme/iris")?.size === 6);
          expect(hasTag(setting, "acme/iris:1")).toBe(false);
          duringBuild = setting.requests();
        },
      },
    );
    expect(countOf(duringBuild, "PUT upload acme/iris")).toBe(6);
    expect(setting.requests().filter((line) => line.startsWith("PUT"))).toEqual([
      "PUT upload acme/iris", // The configuration.
      "PUT manifest acme/iris:1",
      "PUT upload acme/iris", // The model record's configuration.
      "PUT manifest acme/iris:bento-model",
      "PUT manifest acme/iris:bento-last",
    ]);
  });

  it("is written to an OCI layout with no registry request except the one for the base image", async () => {
    const setting = await makeSetting();
    const { digest: written } = await setting.run({ push: "false", tags: "", output: "oci:out" });
    const index = JSON.parse(await readFile(join(setting.root, "out/index.json"), "utf8"));
    expect(index.manifests).toMatchObject([{ digest: written, mediaType: MANIFEST }]);
    const manifest = JSON.parse(await readFile(join(setting.root, "out/blobs/sha256", hexOf(written)), "utf8"));
    for (const { digest } of [manifest.config, ...manifest.layers]) {
      expect(digestOf(await readFile(join(setting.root, "out/blobs/sha256", hexOf(digest))))).toBe(digest);
    }
    expect(setting.requests().filter((line) => /^(?:PUT|POST|PATCH)/.test(line))).toEqual([]);
  });

  it("has the same digest in an OCI layout and in the registry", async () => {
    const setting = await makeSetting();
    const { digest } = await setting.run({ output: "oci:out" });
    const index = JSON.parse(await readFile(join(setting.root, "out/index.json"), "utf8"));
    expect(index.manifests[0].digest).toBe(digest);
    expect(hasTag(setting, `acme/iris:${digest}`)).toBe(false);
    expect(setting.fake.manifests.get("acme/iris")?.has(digest)).toBe(true);
  });
});

describe("Pushing to several references", () => {
  it("uploads each layer once to a registry; its other repositories mount the layer", async () => {
    const setting = await makeSetting();
    const tags = ["acme/iris:1", "acme/iris:latest", "acme/mirror:1"];
    await setting.run({ tags: tags.map((tag) => setting.name(tag)).join("\n"), "environment-cache": "off" });
    const requests = setting.requests();
    // Two layers of the environment, which is not cached, six of the payload, and the configuration.
    expect(countOf(requests, "PUT upload acme/iris")).toBe(9);
    expect(countOf(requests, "PUT upload acme/mirror")).toBe(0);
    for (const tag of tags) await checkWhole(setting, tag);
    const bytes = tags.map((tag) => JSON.stringify(setting.manifest(...(tag.split(":") as [string, string]))));
    expect(new Set(bytes).size).toBe(1);
  });

  it("uploads each layer once to each of two registries, and copies the environment between them", async () => {
    const setting = await makeSetting();
    const other = await startRegistry();
    await setting.run({ tags: `${setting.name("acme/iris:1")}\n${other.host}/acme/iris:1` });
    const uploads = other.log.filter((line) => line.startsWith("PUT /v2/acme/iris/blobs"));
    expect(uploads).toHaveLength(9);
    expect(other.manifests.get("acme/iris")?.get("1")?.bytes).toEqual(
      setting.fake.manifests.get("acme/iris")?.get("1")?.bytes,
    );
  });

  it("writes the tags last, in the given order", async () => {
    const setting = await makeSetting();
    const tags = ["acme/iris:b", "acme/iris:a"];
    await setting.run({ tags: tags.map((tag) => setting.name(tag)).join("\n"), "environment-cache": "off" });
    const puts = setting.requests().filter((line) => line.startsWith("PUT"));
    expect(puts.slice(-2)).toEqual(["PUT manifest acme/iris:b", "PUT manifest acme/iris:a"]);
  });
});

describe("An image for several platforms", () => {
  it("has the annotations of docker/metadata-action on the level that they name", async () => {
    const setting = await makeSetting();
    const given = { platforms: "linux/arm64,linux/amd64", "if-exists": "skip" };
    const annotations = "manifest:a=1\nindex:b=2\nmanifest,index:c=3";
    const { outcome } = await setting.run({ ...given, annotations });
    expect(outcome.assembly).toContain("direct");
    const index = setting.manifest("acme/iris", "1");
    expect(index.annotations).toEqual({ b: "2", c: "3" });
    for (const { digest } of index.manifests) {
      const own = setting.manifest("acme/iris", digest).annotations;
      expect(own).toMatchObject({ a: "1", c: "3" });
      expect(own).not.toHaveProperty("b");
    }
    expect((await setting.run({ ...given, annotations })).isUnchanged).toBe(true);
    expect((await setting.run({ ...given, annotations: "manifest:a=1\nindex:b=3" })).isUnchanged).toBe(false);
    expect(setting.manifest("acme/iris", "1").annotations).toEqual({ b: "3" });
  });

  it("has one payload, which is uploaded once", async () => {
    const setting = await makeSetting();
    const { outcome } = await setting.run({ platforms: "linux/arm64,linux/amd64" });
    const index = setting.manifest("acme/iris", "1");
    expect(index.mediaType).toBe(INDEX);
    expect(index.annotations).toBeUndefined();
    expect(index.manifests.map(({ platform }: { platform: object }) => platform)).toEqual([
      { architecture: "arm64", os: "linux" },
      AMD64,
    ]);
    expect(outcome.result.platforms.map(({ platform }) => platform.architecture)).toEqual(["arm64", "amd64"]);
    const payloads = index.manifests.map(({ digest }: { digest: string }) =>
      setting
        .manifest("acme/iris", digest)
        .layers.slice(2)
        .map((layer: { digest: string }) => layer.digest),
    );
    expect(payloads[0]).toEqual(payloads[1]);
    // Six layers, two configurations, and the empty configuration of the model record.
    expect(countOf(setting.requests(), "PUT upload acme/iris")).toBe(9);
  });
});

describe("A build after a change of the code alone", () => {
  /** To the registry of the base image, which is usually a different one. */
  const BASE = "HEAD manifest library/python:3.11";

  it.each(["1", "2"])(
    "builds nothing, reads no model, and asks registries at most twelve times (tag %s)",
    async (tag) => {
      const setting = await makeSetting();
      await setting.run();
      await writeFile(join(setting.bento, "src/service.py"), "import bentoml # and more\n");
      await writeFile(join(setting.bento, "bento.yaml"), "service: service:Iris\nname: iris\nversion: v2\n");
      await writeFile(join(setting.model, "weights.bin"), "x".repeat(34));
      setting.requests();
      const tags = setting.name(`acme/iris:${tag}`);
      const { built, origins } = await setting.run({ tags }, { bento: { tag: { name: "iris", version: "v2" } } });
      expect(built).toEqual([]);
      expect(origins[MODEL]).toBe("cached");
      const requests = setting.requests();
      expect([...requests].sort()).toEqual([
        "GET blob acme/iris", // The environment's configuration.
        `GET manifest acme/iris:${tag}`, // Read back.
        "GET manifest acme/iris:bento-last", // The previous image.
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
      await checkWhole(setting, `acme/iris:${tag}`);
    },
  );

  it("gives the same digest with every backend that can make its environment", async () => {
    const setting = await makeSetting();
    const digests: string[] = [];
    await setting.run();
    // The times of the files of this base image are not known, so the backend must rewrite them.
    const epoch = { seconds: 0, rewrite: true };
    const able = BACKENDS.filter((one) => refusalOf(one, "epoch", epoch, one.assumed, {}) === undefined);
    for (const { name } of able) {
      const { digest } = await setting.run({ backend: name, tags: setting.name(`acme/iris:${name}`) });
      digests.push(digest);
    }
    expect(digests).toHaveLength(able.length);
    expect(new Set(digests).size).toBe(1);
  });
});

describe("A dry run", () => {
  const dry = { "dry-run": "true" };

  it("shows a placeholder for the environment's key when the base image is not named by digest", async () => {
    const setting = await makeSetting();
    const { outcome, lines } = await setting.run(dry);
    const text = outcome.commands.join("\n");
    expect(text).toContain("acme/iris:bento-environment-of-a-key-not-yet-known");
    expect(text).toMatch(
      /\n# bento-environment-of-a-key-not-yet-known stands for a name that is made of the digest of /,
    );
    expect([...outcome.commands, ...lines].join("\n")).not.toMatch(/bento-environment-[0-9a-f]{40}/);
    expect(setting.requests()).toEqual([]);
  });

  it("shows the tag of the environment that a run would build when the base image is named by digest", async () => {
    const setting = await makeSetting();
    const digest = digestOf(setting.fake.manifests.get("library/python")?.get("3.11")?.bytes ?? "");
    const bento = { image: { baseImage: setting.name(`library/python@${digest}`) } };
    const { outcome } = await setting.run(dry, { bento });
    expect(setting.requests()).toEqual([]);
    const [tag = ""] = /bento-environment-[0-9a-f]{40}/.exec(outcome.commands.join("\n")) ?? [];
    await setting.run({}, { bento });
    expect(hasTag(setting, `acme/iris:${tag}`)).toBe(true);
  });
});
