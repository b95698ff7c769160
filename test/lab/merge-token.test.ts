/** The merge between two real registries, with nothing but Node on the machine. */
import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, openLab } from "./backends.ts";
import { run } from "./command.ts";
import { heldBy, type Index, tagsOf } from "./image.ts";
import { BARE, runAction, succeed, told } from "./runner.ts";
import { pushTinyBase, unpackTiny } from "./tiny.ts";
import { startTokenRegistry, type TokenRegistry } from "./token-registry.ts";

const ADA = { username: "ada", password: "secret" };

/** Of this run alone, in the registry that demands nothing. */
let repository: string;
let lab: Lab;
let guarded: TokenRegistry;
let place: string;
/** The digest files of the jobs, whose images are in the open registry. */
let digests: string;
let jobDigests: readonly (string | undefined)[];

beforeAll(async () => {
  lab = await openLab();
  await pushTinyBase(lab);
  repository = `${lab.registry}/merge-token/${randomUUID()}`;
  place = await mkdtemp(join(tmpdir(), "bento-image-token-"));
  guarded = await startTokenRegistry(place, lab.env);
  digests = join(place, "digests");
  jobDigests = await pushJobImages();
});

afterAll(async () => {
  await guarded.stop();
  await rm(place, { recursive: true });
});

/** Gives their images' digests; the first has an attestation. */
async function pushJobImages(): Promise<readonly (string | undefined)[]> {
  const { bento, home } = await unpackTiny();
  const { env, inputs } = lab.backends.buildctl;
  const image = { ...inputs, bento, "bentoml-home": home, assembly: "backend" };
  const jobInputs = { ...image, "push-by-digest": "true", "digest-file": digests, tags: `${repository}/open` };
  const built = [
    await succeed({ ...jobInputs, platforms: "linux/amd64", provenance: "mode=max" }, env),
    await succeed({ ...jobInputs, platforms: "linux/arm64" }, env),
  ];
  await rm(home, { recursive: true });
  return built.map((outputs) => {
    const byPlatform: Readonly<Record<string, { readonly digest: string }>> = JSON.parse(outputs["digests"] ?? "{}");
    return Object.values(byPlatform)[0]?.digest;
  });
}

describe("a registry that demands a token, beside one that demands nothing", () => {
  /** Every blob comes along with skopeo, by a login of its own. */
  async function pulled(reference: string): Promise<string> {
    const layout = await mkdtemp(join(place, "pulled-"));
    const login = `--src-creds=${ADA.username}:${ADA.password}`;
    const options = ["--all", "--preserve-digests", "--src-tls-verify=false", login] as const;
    await run(["skopeo", "copy", ...options, `docker://${reference}`, `oci:${layout}`], { env: lab.env });
    const { manifests }: { manifests: { digest: string }[] } = JSON.parse(
      await readFile(join(layout, "index.json"), "utf8"),
    );
    return manifests[0]?.digest ?? "";
  }

  it.each([
    ["a password", ADA],
    ["an identity token", { ...ADA, isIdentity: true }],
  ] as const)("gets all platforms and attestations, by %s", async (_, login) => {
    const names = ["merge/iris", "merge/iris-mirror"];
    const tags = [...names.map((name) => `${guarded.host}/${name}:1`), `${repository}/open:merged`];
    const inputs = { "digests-from": digests, tags: tags.join("\n") };
    const merged = await succeed({ ...inputs, "registry-auth-file": await guarded.authFile(login) }, BARE, "merge");
    const { manifest, digest } = await heldBy<Index>(`${repository}/open:merged`);
    expect(manifest.manifests.map((member) => member.digest)).toEqual([...jobDigests, expect.any(String)]);
    expect(merged["digest"]).toBe(digest);
    for (const name of names) {
      expect(await pulled(`${guarded.host}/${name}:1`)).toBe(digest);
      expect(guarded.scopes).toContain(`repository:${name}:pull,push`);
    }
  });

  it("gives its images to the other one", async () => {
    const auth = { "registry-auth-file": await guarded.authFile(ADA) };
    const { digest = "" } = await succeed(
      { "digests-from": digests, tags: `${guarded.host}/merge/source:1`, ...auth },
      BARE,
      "merge",
    );
    const tags = `${repository}/from-guarded:1`;
    const merged = await succeed({ sources: `${guarded.host}/merge/source:1`, tags, ...auth }, BARE, "merge");
    expect([merged["digest"], (await heldBy<Index>(tags)).digest]).toEqual([digest, digest]);
  });

  it.each([
    ["a wrong password", { ...ADA, password: "wrong" }, /refused the credentials of ada/],
    ["an identity token that is over", { ...ADA, password: "over", isIdentity: true }, /refused the credentials/],
    ["the right to read alone", { username: "eve", password: "secret" }, /eve/],
    ["no login", undefined, /requires a login/],
  ] as const)("gets nothing, and no tag is touched, with %s", async (what, login, message) => {
    const name = `refused/${what.replaceAll(" ", "-")}`;
    const open = `${repository}/beside-${what.replaceAll(" ", "-")}`;
    const auth = login === undefined ? {} : { "registry-auth-file": await guarded.authFile(login) };
    const tags = `${open}:1\n${guarded.host}/${name}:1`;
    const refused = await runAction({ "digests-from": digests, tags, ...auth }, BARE, undefined, "merge");
    expect([refused.code, refused.outputs]).toEqual([1, {}]);
    expect(told(refused)).toMatch(/^\[auth\] .*No tag was changed/);
    expect(refused.log).toMatch(message);
    // The runner is told what to hide.
    expect(refused.log.replaceAll(/^::add-mask::.*$/gm, "")).not.toMatch(/secret|wrong(?!-)/);
    expect(await tagsOf(open)).toEqual([]);
    const kept = await readdir(join(guarded.storage, "docker/registry/v2/repositories/refused"), {
      recursive: true,
    }).catch(() => []);
    expect(kept).toEqual([]);
  });
});
