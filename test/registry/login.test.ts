import { describe, expect, it } from "vitest";
import { digestOf } from "../../src/image/digest.ts";
import { parseReference } from "../../src/image/reference.ts";
import type { Registry } from "../../src/registry/registry.ts";
import type { FakeRegistry } from "../fakes/registry.ts";
import { openTestRegistry, startRegistry, testWorld, writeImage } from "./fixture.ts";

/** A registry room of a user who logged in to the host with this entry of `auths`. */
function loggedIn(host: string, entry: object): Registry {
  return openTestRegistry(testWorld({ DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [host]: entry } }) }));
}

const ada = { username: "ada", password: "secret" };

async function push(registry: Registry, fake: FakeRegistry): Promise<void> {
  const { directory } = await writeImage();
  await registry.pushLayout(directory, [parseReference(`${fake.host}/acme/iris:1`)]);
}

describe("logging in to a registry", () => {
  it("asks once for a token that lets read and write, and keeps it", async () => {
    const fake = await startRegistry({ login: "bearer", user: "ada:secret" });
    const registry = loggedIn(fake.host, ada);
    await push(registry, fake);
    await registry.resolve(parseReference(`${fake.host}/acme/iris:1`));
    const asked = new Set(fake.log.filter((line) => line.includes("/token")));
    expect([...asked]).toEqual(["GET /token?service=fake%2C+registry&scope=repository%3Aacme%2Firis%3Apull%2Cpush"]);
  });

  it("asks for the repository to mount from too, after the destination", async () => {
    const fake = await startRegistry({ login: "bearer", user: "ada:secret" });
    const { directory } = await writeImage();
    const to = ["acme/iris:1", "acme/mirror:1"].map((name) => parseReference(`${fake.host}/${name}`));
    await loggedIn(fake.host, ada).pushLayout(directory, to);
    expect(fake.log).toContain(
      "GET /token?service=fake%2C+registry&scope=repository%3Aacme%2Fmirror%3Apull%2Cpush&scope=repository%3Aacme%2Firis%3Apull",
    );
  });

  it("gets a token without credentials where that is allowed", async () => {
    const fake = await startRegistry({ login: "bearer" });
    await push(openTestRegistry(), fake);
    expect(fake.manifests.get("acme/iris")?.has("1")).toBe(true);
  });

  it("trades an identity token", async () => {
    const fake = await startRegistry({ login: "bearer", user: "nobody:else", refreshToken: "refresh" });
    await push(loggedIn(fake.host, { identitytoken: "refresh" }), fake);
    expect(fake.log).toContain("POST /token");
  });

  it("falls back to user and password where identity tokens cannot be traded", async () => {
    const fake = await startRegistry({ login: "bearer", user: "ada:secret" });
    await push(loggedIn(fake.host, { ...ada, identitytoken: "refresh" }), fake);
    expect(fake.manifests.get("acme/iris")?.has("1")).toBe(true);
  });

  it.each(["basic", "bearer"] as const)("says where wrong credentials for %s came from", async (login) => {
    const fake = await startRegistry({ login, user: "ada:right" });
    await expect(push(loggedIn(fake.host, ada), fake)).rejects.toMatchObject({
      class: "auth",
      message: expect.stringContaining("the credentials of ada from DOCKER_AUTH_CONFIG"),
      hint: expect.stringContaining(`Log in to ${fake.host}`),
    });
  });

  it("says that nobody logged in", async () => {
    const fake = await startRegistry({ login: "basic", user: "ada:right" });
    await expect(push(openTestRegistry(), fake)).rejects.toMatchObject({ class: "auth", code: "NotLoggedIn" });
  });

  it.each([
    ["http://[", "RealmInvalid"],
    ["file:///etc/passwd", "UnsafeAddress"],
  ])("sends no password to the realm %s", async (realm, code) => {
    const fake = await startRegistry({ login: "bearer", realm });
    await expect(push(loggedIn(fake.host, ada), fake)).rejects.toMatchObject({ code });
  });

  it("reads blobs through redirects to another host, without the login", async () => {
    const storage = await startRegistry();
    const fake = await startRegistry({ login: "basic", user: "ada:secret", blobHost: `http://${storage.host}` });
    const registry = loggedIn(fake.host, ada);
    await push(registry, fake);
    for (const [name, blobs] of fake.blobs) storage.blobs.set(name, blobs);
    const { platforms } = await registry.describe(parseReference(`${fake.host}/acme/iris:1`));
    expect(platforms).toHaveLength(1);
    expect(storage.logins).toEqual([undefined]);
  });

  it("does not take other content from where it was redirected to", async () => {
    const storage = await startRegistry();
    const fake = await startRegistry({ blobHost: `http://${storage.host}` });
    const registry = openTestRegistry();
    await push(registry, fake);
    const blobs = [...(fake.blobs.get("acme/iris")?.keys() ?? [])];
    storage.blobs.set("acme/iris", new Map(blobs.map((digest) => [digest, Buffer.from("forged")])));
    await expect(registry.describe(parseReference(`${fake.host}/acme/iris:1`))).rejects.toMatchObject({
      code: "DigestMismatch",
      lines: expect.arrayContaining([`the content's digest is ${digestOf("forged")}`]),
    });
  });
});
