import { describe, expect, it } from "vitest";
import { unlessAbsent } from "../../src/cache/cached-layers.ts";
import { digestOf } from "../../src/oci/digest.ts";
import { parseReference } from "../../src/oci/reference.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { resolve } from "../../src/registry/resolve.ts";
import type { FakeRegistry } from "../fakes/registry.ts";
import { openTestRegistries, openTestRegistry, startRegistry, testMachine, writeImage } from "./fixture.ts";

/** A registry client of a user who logged in to the host with this entry of `auths`. */
function loggedIn(host: string, entry: object): Registry {
  return openTestRegistry(testMachine({ DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [host]: entry } }) }));
}

const ada = { username: "ada", password: "secret" };

async function push(registry: Registry, fake: FakeRegistry): Promise<void> {
  const { directory } = await writeImage();
  await registry.pushLayout(directory, [parseReference(`${fake.host}/acme/iris:1`)]);
}

/** A credential helper that gives one password after the other, and repeats the last. */
function program(...passwords: string[]) {
  const asked = { times: 0 };
  const answer = () => {
    asked.times += 1;
    const Secret = passwords[Math.min(asked.times, passwords.length) - 1];
    return { code: 0, stdout: JSON.stringify({ Username: "ada", Secret }), stderr: "" };
  };
  const machine = testMachine({ DOCKER_AUTH_CONFIG: JSON.stringify({ credsStore: "x" }) }, answer);
  return { asked, machine };
}

describe.each(["basic", "bearer"] as const)("a password that expires during the build, for %s", (login) => {
  it("is requested again once", async () => {
    const fake = await startRegistry({ login, user: "ada:first-password", tokenUses: 20 });
    const { asked, machine } = program("first-password", "second-password");
    const registry = openTestRegistry(machine);
    await push(registry, fake);
    fake.quirks.user = "ada:second-password";
    fake.revokeTokens();
    await push(registry, fake);
    expect(asked.times).toBe(2);
  });

  it("is sent once more if the helper has no other", async () => {
    const fake = await startRegistry({ login, user: "ada:first-password" });
    const { asked, machine } = program("first-password");
    const registry = openTestRegistry(machine);
    await registry.resolve(parseReference(`${fake.host}/acme/iris:1`)).catch(() => undefined);
    fake.quirks.user = "ada:second-password";
    fake.revokeTokens();
    fake.log.length = 0;
    await expect(registry.resolve(parseReference(`${fake.host}/acme/iris:1`))).rejects.toMatchObject({
      class: "auth",
      code: login === "basic" ? "Denied" : "CredentialsRefused",
      message: expect.stringContaining("the credentials of ada from docker-credential-x"),
    });
    expect([asked.times, fake.log.length]).toEqual([2, login === "basic" ? 2 : 3]);
  });
});

describe.each(["basic", "bearer"] as const)("status 401 with a valid login, for %s", (login) => {
  it("is tolerated once", async () => {
    const fake = await startRegistry({ login, user: "ada:secret" });
    const registry = loggedIn(fake.host, ada);
    await push(registry, fake);
    fake.quirks.refusedLogins = 1;
    await push(registry, fake);
    expect(fake.quirks.refusedLogins).toBe(0);
  });

  it("counts as absent for an inaccessible repository", async () => {
    const fake = await startRegistry({ login, user: "ada:secret", refusedLogins: Number.POSITIVE_INFINITY });
    const registries = openTestRegistries(
      testMachine({ DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [fake.host]: ada } }) }),
    );
    for (const tag of ["1", "2", "3"]) {
      const look = () => resolve(registries, parseReference(`${fake.host}/acme/new:${tag}`));
      expect(await unlessAbsent(look)).toBeUndefined();
    }
  });
});

describe("a token server", () => {
  it("is asked again if it refuses a password that worked before", async () => {
    const fake = await startRegistry({ login: "bearer", user: "ada:secret" });
    const registry = loggedIn(fake.host, ada);
    await push(registry, fake);
    fake.revokeTokens();
    fake.quirks.refusedTokens = 1;
    await push(registry, fake);
    expect(fake.quirks.refusedTokens).toBe(0);
  });
});

describe("a token", () => {
  it("is masked before it is used", async () => {
    const fake = await startRegistry({ login: "bearer", user: "ada:secret" });
    const machine = testMachine({ DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [fake.host]: ada } }) });
    await push(openTestRegistry(machine), fake);
    const tokens = fake.logins.flatMap((header) => (header?.startsWith("Bearer ") ? [header.slice(7)] : []));
    expect(tokens.length).toBeGreaterThan(0);
    expect(machine.masked).toEqual(expect.arrayContaining(tokens));
  });

  it.each([
    ["what the registry says", 300, 300],
    ["a minute where the registry says nothing", undefined, 60],
    ["a minute where the registry says less", 5, 60],
  ])("is good for %s, and is renewed ten seconds before its end", async (_, tokenLife, seconds) => {
    const fake = await startRegistry({ login: "bearer", tokenLife });
    const start = Date.now();
    let now = start;
    const registry = openTestRegistry({ ...testMachine(), now: () => new Date(now) });
    const ask = async () => {
      fake.log.length = 0;
      await registry.resolve(parseReference(`${fake.host}/acme/iris:1`)).catch(() => undefined);
      return fake.log.filter((line) => line.includes("/token")).length;
    };
    expect(await ask()).toBe(1);
    now = start + (seconds - 10) * 1000 - 1;
    expect(await ask()).toBe(0);
    now += 1;
    expect(await ask()).toBe(1);
    expect(fake.log[0]).toContain("/token");
  });
});

describe("logging in to a registry", () => {
  it("requests one token for reading and writing, and reuses it", async () => {
    const fake = await startRegistry({ login: "bearer", user: "ada:secret" });
    const registry = loggedIn(fake.host, ada);
    await push(registry, fake);
    await registry.resolve(parseReference(`${fake.host}/acme/iris:1`));
    const asked = new Set(fake.log.filter((line) => line.includes("/token")));
    expect([...asked]).toEqual(["GET /token?service=fake%2C+registry&scope=repository%3Aacme%2Firis%3Apull%2Cpush"]);
  });

  it("requests the repository to mount from after the destination", async () => {
    const fake = await startRegistry({ login: "bearer", user: "ada:secret" });
    const { directory } = await writeImage();
    const to = ["acme/iris:1", "acme/mirror:1"].map((name) => parseReference(`${fake.host}/${name}`));
    await loggedIn(fake.host, ada).pushLayout(directory, to);
    expect(fake.log).toContain(
      "GET /token?service=fake%2C+registry&scope=repository%3Aacme%2Fmirror%3Apull%2Cpush&scope=repository%3Aacme%2Firis%3Apull",
    );
  });

  it("gets an anonymous token if that is allowed", async () => {
    const fake = await startRegistry({ login: "bearer" });
    await push(openTestRegistry(), fake);
    expect(fake.manifests.get("acme/iris")?.has("1")).toBe(true);
  });

  it("exchanges an identity token", async () => {
    const fake = await startRegistry({ login: "bearer", user: "nobody:else", refreshToken: "refresh" });
    await push(loggedIn(fake.host, { identitytoken: "refresh" }), fake);
    expect(fake.log).toContain("POST /token");
  });

  it("falls back to user and password if identity tokens cannot be exchanged", async () => {
    const fake = await startRegistry({ login: "bearer", user: "ada:secret" });
    await push(loggedIn(fake.host, { ...ada, identitytoken: "refresh" }), fake);
    expect(fake.manifests.get("acme/iris")?.has("1")).toBe(true);
  });

  it.each(["basic", "bearer"] as const)("names the source of refused credentials for %s", async (login) => {
    const fake = await startRegistry({ login, user: "ada:right" });
    await expect(push(loggedIn(fake.host, ada), fake)).rejects.toMatchObject({
      class: "auth",
      message: expect.stringContaining("the credentials of ada from DOCKER_AUTH_CONFIG"),
      hint: expect.stringContaining(`Log in to ${fake.host}`),
    });
  });

  it("fails without a login", async () => {
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

  it("rejects other content after a redirect", async () => {
    const storage = await startRegistry();
    const fake = await startRegistry({ blobHost: `http://${storage.host}` });
    const registry = openTestRegistry();
    await push(registry, fake);
    const blobs = [...(fake.blobs.get("acme/iris")?.keys() ?? [])];
    storage.blobs.set("acme/iris", new Map(blobs.map((digest) => [digest, Buffer.from("forged")])));
    await expect(registry.describe(parseReference(`${fake.host}/acme/iris:1`))).rejects.toMatchObject({
      code: "DigestMismatch",
      lines: expect.arrayContaining([`digest of the content: ${digestOf("forged")}`]),
    });
  });
});
