import { describe, expect, it } from "vitest";
import { outputsOf } from "../../src/report/outputs.ts";
import { DIGEST, IMAGE_ID, reportOf } from "./reports.ts";

describe("outputs", () => {
  it("name the pushed image by digest, once for each repository", () => {
    const outputs = outputsOf(reportOf());
    expect(outputs["digest"]).toBe(DIGEST);
    expect(outputs["image"]).toBe(`ghcr.io/acme/iris@${DIGEST}`);
    expect(JSON.parse(outputs["images"] ?? "")).toEqual([`ghcr.io/acme/iris@${DIGEST}`, `quay.io/acme/iris@${DIGEST}`]);
    expect(outputs["imageid"]).toBe(IMAGE_ID);
    expect(JSON.parse(outputs["digests"] ?? "")).toEqual({
      "linux/amd64": { digest: DIGEST, imageid: IMAGE_ID, size: 902_000 },
    });
    expect(outputs["tags"]).toBe("ghcr.io/acme/iris:1\nghcr.io/acme/iris:latest\nquay.io/acme/iris:1");
  });

  it("are empty if the image store does not keep manifests", () => {
    const outputs = outputsOf(reportOf({ result: { imageid: IMAGE_ID, platforms: [] } }));
    expect([outputs["digest"], outputs["image"], outputs["images"], outputs["digests"]]).toEqual(["", "", "[]", "{}"]);
    expect([outputs["imageid"], outputs["layout"]]).toEqual([IMAGE_ID, ""]);
  });

  it("contain everything in metadata", () => {
    const metadata = JSON.parse(outputsOf(reportOf())["metadata"] ?? "");
    expect(metadata).toMatchObject({
      digest: DIGEST,
      kind: "manifest",
      backend: "buildx",
      versions: { buildx: "0.36.1", buildkit: "0.33.0" },
      base: "python:3.12-slim",
      bento: { name: "iris", version: "v1", spec: 2, bentoml: "1.4.38", models: [] },
    });
  });
});

it("an image pushed by digest is named in every repository, without tags", () => {
  const outputs = outputsOf(reportOf({ byDigest: true }));
  expect(outputs["tags"]).toBe("");
  expect(JSON.parse(outputs["images"] ?? "")).toEqual([`ghcr.io/acme/iris@${DIGEST}`, `quay.io/acme/iris@${DIGEST}`]);
});
