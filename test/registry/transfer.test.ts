import { describe, expect, it } from "vitest";
import type { ContentProvider } from "../../src/oci/content.ts";
import { type Digest, digestOf } from "../../src/oci/digest.ts";
import type { Descriptor } from "../../src/oci/manifest.ts";
import { OCI_MANIFEST } from "../../src/oci/media-types.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { transfer } from "../../src/registry/transfer.ts";
import { openTestRegistries, openTestRegistry, reusing, startRegistry, writeImage } from "./fixture.ts";

const CONFIG = "application/vnd.oci.image.config.v1+json";
const LAYER = "application/vnd.oci.image.layer.v1.tar";

function describeBytes(mediaType: string, content: string): Descriptor {
  return { mediaType, digest: digestOf(content), size: Buffer.byteLength(content), annotations: {} };
}

/** An image with these layers in memory, which records the blobs that are opened. */
function image(layers: readonly string[], layerType = `${LAYER}+gzip`) {
  const config = JSON.stringify({ os: "linux", architecture: "amd64", layers });
  const described = layers.map((content) => describeBytes(layerType, content));
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: describeBytes(CONFIG, config),
    layers: described,
  });
  const texts = new Map([manifest, config, ...layers].map((text) => [digestOf(text), text]));
  const opened: Digest[] = [];
  const content: ContentProvider = {
    place: "memory",
    document: async ({ digest }) => Buffer.from(texts.get(digest) ?? ""),
    async blob({ digest }) {
      opened.push(digest);
      return reusing(texts.get(digest) ?? "");
    },
  };
  return { content, root: describeBytes(OCI_MANIFEST, manifest), config: digestOf(config), opened };
}

describe("transfer", () => {
  const old = ["base", "environment", "a model"];
  const wasThere = new Set(old.map((layer) => digestOf(layer)));

  async function startWithOld() {
    const fake = await startRegistry();
    const { content, root } = image(old);
    await transfer(openTestRegistries(), content, root, [parseReference(`${fake.host}/acme/iris:1`)]);
    fake.log.length = 0;
    return fake;
  }

  it("does not check for a blob that is present or new", async () => {
    const fake = await startWithOld();
    const { content, root, opened, config } = image([...old, "code"]);
    const { outcomes } = await transfer(
      openTestRegistries(),
      content,
      root,
      [parseReference(`${fake.host}/acme/iris:2`)],
      { present: (_, digest) => wasThere.has(digest), isNew: (digest) => !wasThere.has(digest) },
    );
    expect(
      fake.log
        .map((line) =>
          line
            .split(/[ ?]/)
            .slice(0, 2)
            .join(" ")
            .replace(/[0-9a-f-]{36}/, "…"),
        )
        .sort(),
    ).toEqual([
      "POST /v2/acme/iris/blobs/uploads/",
      "POST /v2/acme/iris/blobs/uploads/",
      "PUT /v2/acme/iris/blobs/uploads/…",
      "PUT /v2/acme/iris/blobs/uploads/…",
      "PUT /v2/acme/iris/manifests/2",
    ]);
    expect(outcomes).toEqual({ present: 3, mounted: 0, uploaded: 2 });
    expect(opened.sort()).toEqual([config, digestOf("code")].sort());
  });

  it("checks the presence of blobs for each repository", async () => {
    const fake = await startWithOld();
    const { content, root } = image([...old, "code"]);
    const to = ["acme/iris:2", "acme/mirror:2"].map((name) => parseReference(`${fake.host}/${name}`));
    const { outcomes } = await transfer(openTestRegistries(), content, root, to, {
      present: ({ path }, digest) => path === "acme/iris" && wasThere.has(digest),
      isNew: (digest) => !wasThere.has(digest),
    });
    expect(outcomes).toEqual({ present: 3, mounted: 5, uploaded: 2 });
    expect(fake.blobs.get("acme/mirror")?.size).toBe(5);
  });

  it("uploads only those blobs that are missing although they were reported as present", async () => {
    const fake = await startWithOld();
    fake.blobs.get("acme/iris")?.delete(digestOf("environment"));
    const { content, root, opened } = image([...old, "code"]);
    const to = [parseReference(`${fake.host}/acme/iris:2`)];
    await transfer(openTestRegistries(), content, root, to, { present: (_, digest) => wasThere.has(digest) });
    expect(fake.blobs.get("acme/iris")?.has(digestOf("environment"))).toBe(true);
    expect(opened).toContain(digestOf("environment"));
    expect(opened).not.toContain(digestOf("base"));
    await openTestRegistry().verify(to, root.digest);
  });

  it("uploads all blobs if the registry keeps reporting missing blobs as present", async () => {
    const fake = await startWithOld();
    fake.blobs.get("acme/iris")?.delete(digestOf("environment"));
    fake.quirks.lostBlobs = new Set([digestOf("environment")]);
    const { content, root } = image([...old, "code"]);
    const to = [parseReference(`${fake.host}/acme/iris:2`)];
    await transfer(openTestRegistries(), content, root, to, { present: (_, digest) => wasThere.has(digest) });
    await openTestRegistry().verify(to, root.digest);
  });

  it.each([
    ["one tag", ["acme/iris:1"]],
    ["several tags", ["acme/iris:1", "acme/iris:2"]],
    ["tags of two repositories", ["acme/iris:1", "acme/mirror:1", "acme/mirror:2"]],
  ])("repairs what was lost of an image that %s stand for already", async (_, names) => {
    const fake = await startRegistry();
    const { content, root } = image(old);
    const to = names.map((name) => parseReference(`${fake.host}/${name}`));
    await transfer(openTestRegistries(), content, root, to);
    for (const [, blobs] of fake.blobs) blobs.delete(digestOf("a model"));
    await transfer(openTestRegistries(), content, root, to, { present: (__, digest) => wasThere.has(digest) });
    for (const [path, blobs] of fake.blobs) expect([path, blobs.has(digestOf("a model"))]).toEqual([path, true]);
  });

  it.each([`${LAYER}+zstd`, LAYER])("names layer types that a registry may have refused: %s", async (type) => {
    const fake = await startRegistry({ refusedTypes: [type] });
    const { content, root } = image(["layer"], type);
    const to = [parseReference(`${fake.host}/acme/iris:1`)];
    await expect(transfer(openTestRegistries(), content, root, to)).rejects.toMatchObject({
      class: "input",
      code: "LayerTypeRefused",
      lines: ["MANIFEST_INVALID: manifest invalid"],
      hint: expect.stringMatching(new RegExp(`${type.replaceAll(/[.+]/g, "\\$&")}, .*"compression: gzip"`)),
    });
    expect(fake.manifests.size).toBe(0);
  });

  it("does not name layer types that every registry accepts", async () => {
    const fake = await startRegistry({ refusedTypes: [OCI_MANIFEST] });
    const { directory } = await writeImage();
    await expect(
      openTestRegistry().pushLayout(directory, [parseReference(`${fake.host}/acme/iris:1`)]),
    ).rejects.toMatchObject({ class: "network", code: "Refused" });
  });
});
