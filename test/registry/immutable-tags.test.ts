import { describe, expect, it } from "vitest";
import { parseReference } from "../../src/oci/reference.ts";
import { LayoutWriter, openTestRegistry, type Stored, startRegistry, writeImage } from "./fixture.ts";

/** Answers of registries for an immutable tag. */
const ANSWERS = [
  // https://github.com/docker/build-push-action/issues/1042
  [
    "ECR",
    400,
    "TAG_INVALID",
    "The image tag '1' already exists and cannot be overwritten because the tag is immutable.",
  ],
  // https://github.com/goharbor/harbor/pull/9427
  ["Harbor", 412, "PRECONDITION", "Failed to process request due to 'iris:1' configured as immutable."],
  // https://issues.redhat.com/browse/PROJQUAY-10859
  ["Quay", 409, "UNKNOWN", "tag is immutable and cannot be overwritten"],
  ["Artifact Registry", 400, "MANIFEST_INVALID", "cannot update tag 1. The repository has enabled tag immutability"],
] as const;

const ECR = { status: 400, code: "TAG_INVALID", message: "cannot be overwritten because the tag is immutable" };

async function otherImage(): Promise<{ directory: string; root: Stored }> {
  const layout = await LayoutWriter.create();
  const root = await layout.manifest("amd64", ["another layer"]);
  await layout.finish(root);
  return { directory: layout.directory, root };
}

describe.each(ANSWERS)("an immutable tag of %s", (_, status, code, message) => {
  it("that points to the image already is accepted", async () => {
    const { directory, root } = await writeImage();
    const fake = await startRegistry({ immutable: { status, code, message } });
    const to = [parseReference(`${fake.host}/acme/iris:1`)];
    const registry = openTestRegistry();
    await registry.pushLayout(directory, to);
    await registry.pushLayout(directory, to);
    await registry.verify(to, root.digest);
  });

  it("that points to another image is named with both digests", async () => {
    const [first, second] = [await writeImage(), await otherImage()];
    const fake = await startRegistry({ immutable: { status, code, message } });
    const to = [parseReference(`${fake.host}/acme/iris:1`)];
    await openTestRegistry().pushLayout(first.directory, to);
    await expect(openTestRegistry().pushLayout(second.directory, to)).rejects.toMatchObject({
      class: "input",
      code: "TagImmutable",
      message: `${fake.host}/acme/iris:1 cannot be moved: it points to ${first.root.digest}, this image is ${second.root.digest}.`,
      lines: [`${code}: ${message}`],
    });
  });
});

describe("several tags", () => {
  const tagged = (host: string, ...tags: string[]) => tags.map((tag) => parseReference(`${host}/acme/iris:${tag}`));

  it("are not changed if one of them is immutable and points to another image", async () => {
    const [first, second] = [await writeImage(), await otherImage()];
    const fake = await startRegistry({ immutable: { ...ECR, tags: /^1/ } });
    await openTestRegistry().pushLayout(first.directory, tagged(fake.host, "latest", "1.4.0"));
    const pushed = openTestRegistry().pushLayout(second.directory, tagged(fake.host, "new", "latest", "1.4.0"));
    await expect(pushed).rejects.toMatchObject({ code: "TagImmutable" });
    const digests = ["latest", "1.4.0", "new"].map((tag) => fake.manifests.get("acme/iris")?.get(tag)?.bytes.length);
    expect(digests).toEqual([first.root.size, first.root.size, undefined]);
  });

  it("that were moved before one was refused are named", async () => {
    const [first, second] = [await writeImage(), await otherImage()];
    const fake = await startRegistry({ immutable: { ...ECR, tags: /^v2/ } });
    await openTestRegistry().pushLayout(first.directory, tagged(fake.host, "v1", "v2"));
    const pushed = openTestRegistry().pushLayout(second.directory, tagged(fake.host, "v1", "v2"));
    await expect(pushed).rejects.toMatchObject({
      code: "TagImmutable",
      lines: expect.arrayContaining([`pushed before: ${fake.host}/acme/iris:v1`]),
    });
  });

  it("that all point to the image already may be in a read-only repository", async () => {
    const { directory, root } = await writeImage();
    const fake = await startRegistry();
    await openTestRegistry().pushLayout(directory, tagged(fake.host, "1", "2"));
    fake.quirks.refusedTags = "";
    fake.log.length = 0;
    await openTestRegistry().pushLayout(directory, tagged(fake.host, "1", "2"));
    expect(fake.log.filter((line) => line.startsWith("PUT"))).toEqual([`PUT /v2/acme/iris/manifests/${root.digest}`]);
  });

  it("that point to the image already are not pushed again", async () => {
    const { directory, root } = await writeImage();
    const fake = await startRegistry({ immutable: ECR });
    await openTestRegistry().pushLayout(directory, tagged(fake.host, "1", "2"));
    fake.log.length = 0;
    await openTestRegistry().pushLayout(directory, tagged(fake.host, "1", "2", "3"));
    expect(fake.log.filter((line) => line.startsWith("PUT"))).toEqual(["PUT /v2/acme/iris/manifests/3"]);
    await openTestRegistry().verify(tagged(fake.host, "1", "2", "3"), root.digest);
  });
});
