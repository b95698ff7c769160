import { expect, it } from "vitest";
import { digestOf } from "../../src/oci/digest.ts";
import { type Member, printIndex } from "../../src/oci/image-index.ts";
import { DOCKER_INDEX, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST } from "../../src/oci/media-types.ts";

const AMD64: Member = {
  mediaType: OCI_MANIFEST,
  digest: "sha256:bbab5c09db8efccda9b8a1dc1d07f671a65cf5681987ad65ca096b39d3602ac6",
  size: 668,
  platform: { os: "linux", architecture: "amd64" },
};
const ARM64: Member = {
  ...AMD64,
  digest: "sha256:4d687fbe656d85c314110bfd6e4233b23ba661f2602de57b0312917d3a76172c",
  platform: { os: "linux", architecture: "arm64" },
};

const text = (...given: Parameters<typeof printIndex>): string => new TextDecoder().decode(printIndex(...given));

it("An index has the same bytes as BuildKit 0.33 pushes for the same members and annotations", () => {
  const bytes = printIndex([AMD64, ARM64], { b: "<x&y>", a: "é" });
  expect(digestOf(bytes)).toBe("sha256:c7e312a90cd9b865e4e2e823e1d6e14c479912bc772ba652290ee28e80bd84b7");
});

it("Members keep their order, and another order gives another index", () => {
  const digests = (index: string) => [...index.matchAll(/sha256:\w+/g)].map(([digest]) => digest);
  expect(digests(text([ARM64, AMD64]))).toEqual([ARM64.digest, AMD64.digest]);
});

it("A variant and a member's annotations are placed as by BuildKit", () => {
  const member: Member = {
    ...ARM64,
    platform: { os: "linux", architecture: "arm", variant: "v7" },
    annotations: { k: "v" },
  };
  const [found = {}] = JSON.parse(text([member])).manifests;
  expect(Object.keys(found)).toEqual(["mediaType", "digest", "size", "annotations", "platform"]);
  expect(found.platform).toEqual({ architecture: "arm", os: "linux", variant: "v7" });
});

it("Images in docker's format make a docker manifest list, unless it is annotated or has another image", () => {
  const [amd64, arm64] = [
    { ...AMD64, mediaType: DOCKER_MANIFEST },
    { ...ARM64, mediaType: DOCKER_MANIFEST },
  ];
  const typeOf = (...given: Parameters<typeof printIndex>): string => JSON.parse(text(...given)).mediaType;
  expect(typeOf([amd64, arm64])).toBe(DOCKER_INDEX);
  expect(typeOf([amd64, ARM64])).toBe(OCI_INDEX);
  expect(typeOf([amd64, arm64], { a: "b" })).toBe(OCI_INDEX);
});
