import { describe, expect, it } from "vitest";
import { parseReference } from "../../src/oci/reference.ts";
import { checkLimits } from "../../src/registry/limits.ts";

const MIB = 1024 * 1024;
const ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";

function check(names: readonly string[], size: number, layerCount = 10): void {
  checkLimits(names.map(parseReference), [{ title: "model llama:1", size }], layerCount);
}

describe("checkLimits", () => {
  it.each([
    ["ghcr.io/acme/iris:1", 10_000_000_000],
    ["public.ecr.aws/acme/iris:1", 10_000 * MIB],
    [`${ECR}/iris:1`, 52_000 * MIB],
    ["123456789012.dkr-ecr.eu-central-1.on.aws/iris:1", 52_000 * MIB],
    ["123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/iris:1", 52_000 * MIB],
    ["acme.azurecr.io/iris:1", 200 * 1024 * MIB],
  ])("limits a layer for %s to %i bytes", (name, limit) => {
    expect(() => check([name], limit)).not.toThrow();
    expect(() => check([name], limit + 1)).toThrow(expect.objectContaining({ class: "input", code: "LayerTooLarge" }));
  });

  it.each(["docker.io/acme/iris:1", "registry.acme.example/iris:1", "ghcr.io.acme.example/iris:1"])(
    "knows no limit of %s",
    (name) => {
      expect(() => check([name], 2 ** 50)).not.toThrow();
    },
  );

  it("names the layer, its size, the limit of each registry and a hint", () => {
    expect(() => check(["ghcr.io/acme/iris:1", "ghcr.io/acme/iris:2", `${ECR}/iris:1`], 60_000_000_000)).toThrow(
      expect.objectContaining({
        lines: [
          "model llama:1: 60000000000 bytes in one layer; GitHub's container registry accepts at most 10 GB",
          "model llama:1: 60000000000 bytes in one layer; Amazon ECR accepts at most 52,000 MiB",
        ],
        hint: expect.stringContaining("split the model"),
      }),
    );
  });

  it("limits an image to 127 layers in any registry", () => {
    expect(() => check([], 1, 127)).not.toThrow();
    expect(() => check([], 1, 128)).toThrow(expect.objectContaining({ class: "input", code: "TooManyLayers" }));
  });
});
