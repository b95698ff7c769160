import { describe, expect, it } from "vitest";
import { digestOf, hexOf } from "../../src/oci/digest.ts";
import { OCI_MANIFEST } from "../../src/oci/media-types.ts";
import { addReferrer } from "../../src/registry/referrers.ts";
import type { FakeRegistry } from "../fakes/registry.ts";
import { openTestRegistries, startRegistry, testMachine } from "./fixture.ts";

const SUBJECT = digestOf("an image");
const TAG = `sha256-${hexOf(SUBJECT)}`;

/** A referrer whose manifest is in the registry. */
function store(fake: FakeRegistry, name: string) {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI_MANIFEST, name }));
  const digest = digestOf(bytes);
  const shelf = fake.manifests.get("acme/iris") ?? new Map();
  fake.manifests.set("acme/iris", shelf.set(digest, { bytes, mediaType: OCI_MANIFEST }));
  return { mediaType: OCI_MANIFEST, digest, size: bytes.length, annotations: {}, artifactType: "application/x" };
}

function listed(fake: FakeRegistry): readonly string[] {
  const index = JSON.parse(fake.manifests.get("acme/iris")?.get(TAG)?.bytes.toString() ?? '{"manifests":[]}');
  return index.manifests.map(({ digest }: { digest: string }) => digest);
}

describe("the index of referrers", () => {
  it("contains each referrer once", async () => {
    const fake = await startRegistry();
    const repository = { domain: fake.host, path: "acme/iris" };
    const [one, other] = [store(fake, "one"), store(fake, "other")];
    for (const referrer of [one, other, one]) await addReferrer(openTestRegistries(), repository, SUBJECT, referrer);
    expect(listed(fake)).toEqual([one.digest, other.digest]);
  });

  it("keeps all entries when two clients write at the same time", async () => {
    const fake = await startRegistry();
    const repository = { domain: fake.host, path: "acme/iris" };
    const [one, other] = [store(fake, "one"), store(fake, "other")];
    const machine = testMachine();
    let interfered = false;
    // The other client writes between this client's two reads.
    const http: typeof machine.http = {
      async request(request) {
        const answer = await machine.http.request(request);
        if (request.method === "PUT" && !interfered) {
          interfered = true;
          fake.manifests.get("acme/iris")?.delete(TAG);
          await addReferrer(openTestRegistries(), repository, SUBJECT, other);
        }
        return answer;
      },
    };
    await addReferrer(openTestRegistries({ ...machine, http }), repository, SUBJECT, one);
    expect(new Set(listed(fake))).toEqual(new Set([one.digest, other.digest]));
  });

  it("is not written endlessly if other clients remove each entry", async () => {
    const fake = await startRegistry();
    const repository = { domain: fake.host, path: "acme/iris" };
    const machine = testMachine();
    const http: typeof machine.http = {
      async request(request) {
        const answer = await machine.http.request(request);
        if (request.method === "PUT") fake.manifests.get("acme/iris")?.delete(TAG);
        return answer;
      },
    };
    const adding = addReferrer(openTestRegistries({ ...machine, http }), repository, SUBJECT, store(fake, "one"));
    await expect(adding).rejects.toMatchObject({ class: "network", code: "ReferrerLost" });
    expect(fake.log.filter((line) => line.startsWith("PUT"))).toHaveLength(5);
  });
});
