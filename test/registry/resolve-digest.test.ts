import { describe, expect, it } from "vitest";
import { digestOf } from "../../src/oci/digest.ts";
import { parseReference, withDigest } from "../../src/oci/reference.ts";
import { resolveDigest } from "../../src/registry/resolve.ts";
import type { FakeRegistry } from "../fakes/registry.ts";
import {
  openTestRegistries,
  openTestRegistry,
  type Stored,
  startRegistry,
  testMachine,
  writeImage,
} from "./fixture.ts";

async function startWith(path: string): Promise<{ fake: FakeRegistry; root: Stored }> {
  const { directory, root } = await writeImage();
  const fake = await startRegistry();
  await openTestRegistry().pushLayout(directory, [parseReference(`${fake.host}/${path}:3`)]);
  fake.log.length = 0;
  return { fake, root };
}

describe("resolveDigest", () => {
  it("sends only HEAD", async () => {
    const { fake, root } = await startWith("library/python");
    const found = await resolveDigest(openTestRegistries(), parseReference(`${fake.host}/library/python:3`));
    expect(found).toBe(root.digest);
    expect(fake.log).toEqual(["HEAD /v2/library/python/manifests/3"]);
  });

  it.each([200, 405])("sends GET if HEAD is answered with %i and no digest", async (manifestHead) => {
    const { fake, root } = await startWith("library/python");
    fake.quirks.manifestHead = manifestHead;
    const found = await resolveDigest(openTestRegistries(), parseReference(`${fake.host}/library/python:3`));
    expect(found).toBe(root.digest);
  });

  it("sends no request for a reference with a digest", async () => {
    const { fake, root } = await startWith("library/python");
    const reference = withDigest(parseReference(`${fake.host}/library/python`), root.digest);
    expect(await resolveDigest(openTestRegistries(), reference)).toBe(root.digest);
    expect(fake.log).toEqual([]);
  });

  it("uses the domain's mirror, under the same path", async () => {
    const { fake, root } = await startWith("library/python");
    const mirrors = { "docker.io": fake.host };
    expect(await resolveDigest(openTestRegistries(), parseReference("python:3"), { mirrors })).toBe(root.digest);
  });

  it.each<[string, (mirror: FakeRegistry) => unknown]>([
    ["does not have it", () => undefined],
    ["is down", (mirror) => mirror.close()],
    [
      "is busy",
      (mirror) => Object.assign(mirror.quirks, { busy: new Map([["HEAD manifest", { times: 9, status: 500 }]]) }),
    ],
    ["requires a login", (mirror) => Object.assign(mirror.quirks, { login: "basic", user: "ada:secret" })],
  ])("uses the domain if the mirror %s, after one request to the mirror", async (_, break_) => {
    const { fake, root } = await startWith("library/python");
    const mirror = await startRegistry();
    await break_(mirror);
    const machine = testMachine();
    const reference = parseReference(`${fake.host}/library/python:3`);
    const mirrors = { [fake.host]: mirror.host };
    expect(await resolveDigest(openTestRegistries(machine), reference, { mirrors })).toBe(root.digest);
    expect(mirror.log.filter((line) => line.startsWith("HEAD")).length).toBeLessThanOrEqual(1);
    expect(machine.lines).toEqual([expect.stringContaining(`${mirror.host}/library/python:3, a mirror: `)]);
  });

  it("tries again, unless retry is false", async () => {
    const { fake, root } = await startWith("library/python");
    const reference = parseReference(`${fake.host}/library/python:3`);
    fake.quirks.busy = new Map([["HEAD manifest", { times: 2, status: 503 }]]);
    await expect(resolveDigest(openTestRegistries(), reference, { retry: false })).rejects.toMatchObject({
      code: "RegistryUnavailable",
    });
    expect(await resolveDigest(openTestRegistries(), reference)).toBe(root.digest);
  });

  it("fails if there is no such image", async () => {
    const fake = await startRegistry();
    const reference = parseReference(`${fake.host}/library/python:3`);
    await expect(resolveDigest(openTestRegistries(), reference)).rejects.toMatchObject({ code: "NotFound" });
  });

  it("ignores a header that is not a digest", async () => {
    const { fake, root } = await startWith("library/python");
    fake.quirks.lyingDigest = "sha512:abc";
    const reference = parseReference(`${fake.host}/library/python:3`);
    expect(await resolveDigest(openTestRegistries(), reference)).toBe(root.digest);
    fake.quirks.lyingDigest = digestOf("another");
    expect(await resolveDigest(openTestRegistries(), reference)).toBe(digestOf("another"));
  });
});
