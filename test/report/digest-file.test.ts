import { describe, expect, it } from "vitest";
import { parsePlatform } from "../../src/oci/platform.ts";
import { digestFileOf, parseDigestFile } from "../../src/report/digest-file.ts";
import { DIGEST, IMAGE_ID, reportOf } from "./reports.ts";

const SHA = "0123456789abcdef0123456789abcdef01234567";

describe("the digest file of a matrix job", () => {
  it("contains digest, repositories, platforms, Bento and commit, and is read back unchanged", () => {
    const file = digestFileOf(reportOf(), SHA);
    expect(file?.name).toBe("iris-linux-amd64.json");
    expect(parseDigestFile(file?.content ?? "")).toEqual({
      digest: DIGEST,
      repositories: ["ghcr.io/acme/iris", "quay.io/acme/iris"],
      platforms: ["linux/amd64"],
      bento: "iris:v1",
      revision: SHA,
    });
  });

  it("has all platforms in its name, so that no job overwrites the file of another", () => {
    const platforms = ["linux/arm/v7", "linux/s390x"].map((name) => ({
      ...{ digest: DIGEST, imageid: IMAGE_ID, size: 1, layers: [] },
      platform: parsePlatform(name),
    }));
    const { result } = reportOf();
    expect(digestFileOf(reportOf({ result: { ...result, platforms } }), undefined)?.name).toBe(
      "iris-linux-arm-v7-linux-s390x.json",
    );
  });

  it("is not written when nothing was pushed", () => {
    expect(digestFileOf(reportOf({ result: { platforms: [] } }), SHA)).toBeUndefined();
  });

  it.each([
    ["invalid JSON", "sha256:…"],
    ["a list", "[]"],
    ["no digest", '{"digest":"sha256:1","repositories":["a/b"],"platforms":["linux/amd64"],"bento":"a:b"}'],
    ["no repository", `{"digest":"${DIGEST}","repositories":[],"platforms":["linux/amd64"],"bento":"a:b"}`],
    ["no platform", `{"digest":"${DIGEST}","repositories":["a/b"],"platforms":["vax"],"bento":"a:b"}`],
  ])("is rejected if it has %s", (_, text) => {
    expect(parseDigestFile(text)).toBeUndefined();
  });
});
