import { expect, it } from "vitest";
import { usageOf } from "../../src/action/usage.ts";
import type { Backend } from "../../src/backends/backend.ts";
import type { Bento } from "../../src/bento/bento.ts";
import { decodeInputs } from "../../src/inputs/decode.ts";
import { digestOf } from "../../src/oci/digest.ts";

const DIGEST = digestOf("manifest");
const BENTO = { tag: { name: "iris", version: "v1" } } as Bento;

async function usage(inputs: Readonly<Record<string, string>>, client: Backend["client"] = "docker") {
  const all = Object.entries({ bento: "iris", tags: "ghcr.io/acme/iris:1", ...inputs });
  const env = Object.fromEntries(all.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
  const { inputs: decoded } = await decodeInputs(env);
  return usageOf(decoded, BENTO, { client, result: { digest: DIGEST, platforms: [] } }, "/work");
}

it("An image in a registry is pulled and run by its digest, a command a line", async () => {
  expect(await usage({ push: "true" })).toEqual([
    `docker pull ghcr.io/acme/iris@${DIGEST}`,
    `docker run --rm -p 3000:3000 ghcr.io/acme/iris@${DIGEST}`,
  ]);
});

it.each(["docker", "podman", "nerdctl"] as const)(
  "An image that was loaded is run by %s, by its tag",
  async (client) => {
    expect(await usage({}, client)).toEqual([`${client} run --rm -p 3000:3000 ghcr.io/acme/iris:1`]);
  },
);

it("An image in a file is loaded from it first, and the path is quoted for a shell", async () => {
  expect(await usage({ output: "docker-archive:out dir/$(x).tar" })).toEqual([
    "docker load --input '/work/out dir/$(x).tar'",
    "docker run --rm -p 3000:3000 ghcr.io/acme/iris:1",
  ]);
  expect(await usage({ output: "oci:image" })).toEqual(["podman pull oci:/work/image"]);
});

it("A dry run makes nothing that could be run", async () => {
  expect(await usage({ "dry-run": "true", push: "true" })).toEqual([]);
});
