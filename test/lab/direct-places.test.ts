import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Lab, openLab } from "./backends.ts";
import { openFaultProxy, uploadsAt } from "./fault-proxy.ts";
import { heldBy, payloadOf, seenBySkopeo } from "./image.ts";
import { type Inputs, runAction, succeed } from "./runner.ts";
import { startSecureRegistry } from "./secure-registry.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

const run = promisify(execFile);

/** Where an assembled image can go. */
let lab: Lab;
let tiny: TinyBento;
let directory: string;

beforeAll(async () => {
  lab = await openLab();
  tiny = await unpackTiny();
  directory = await mkdtemp(join(tmpdir(), "bento-image-places-"));
  await pushTinyBase(lab);
});

afterAll(async () => {
  await rm(tiny.home, { recursive: true });
  await rm(directory, { recursive: true });
});

function make(inputs: Inputs, env = lab.env): Promise<Readonly<Record<string, string>>> {
  const common = { bento: tiny.bento, "bentoml-home": tiny.home, assembly: "direct" };
  return succeed({ ...lab.backends.buildctl.inputs, ...common, ...inputs }, env);
}

describe("an OCI layout", () => {
  it("alone, and beside a push that keeps nothing, holds the image that is pushed", async () => {
    const [alone, beside] = [join(directory, "alone"), join(directory, "beside")];
    const repository = `${lab.registry}/direct/${randomUUID()}`;
    const outputs = await make({ output: `oci:${alone}` });
    expect(outputs).toMatchObject({ layout: alone, digest: await seenBySkopeo(`oci:${alone}`, lab.env) });

    const tags = `${repository}:1`;
    const both = await make({ output: `oci:${beside}`, push: "true", tags, "environment-cache": "off" });
    const { digest } = await heldBy(tags);
    expect(digest).toBe(outputs["digest"]);
    expect(both).toMatchObject({ layout: beside, digest });
    expect(await seenBySkopeo(`oci:${beside}`, lab.env)).toBe(digest);
    const listed = await fetch(`http://${repository.replace("/", "/v2/")}/tags/list`);
    expect(await listed.json()).toMatchObject({ tags: ["1"] });
  });
});

describe("a full disk", () => {
  it("is a failure of that class, and leaves nothing half-written", async () => {
    const small = join(directory, "small");
    await mkdir(small);
    await run("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", small]);
    onTestFinished(async () => void (await run("umount", [small])));
    const common = { bento: tiny.bento, "bentoml-home": tiny.home, assembly: "direct" };
    const inputs = { ...lab.backends.buildctl.inputs, ...common, output: `oci:${small}/layout` };
    const { code, log } = await runAction(inputs, lab.env);
    expect(code).toBe(1);
    expect(log).toContain("The disk is full");
    expect(await readdir(small)).toEqual([]);
  });
});

describe("models as artifacts", () => {
  it("are found from the image, with its own layers", async () => {
    const repository = `${lab.registry}/direct/${randomUUID()}`;
    const { digest = "" } = await make({ push: "true", tags: `${repository}:1`, "model-artifact": "true" });
    const payload = new Set(payloadOf(await heldBy(`${repository}:1`)).values());
    const { manifests } = await read(repository, digest.replace(":", "-"));
    expect(manifests).toHaveLength(3);
    for (const { digest: artifact, artifactType } of manifests) {
      expect(artifactType).toBe("application/vnd.cncf.model.manifest.v1+json");
      const { subject, layers } = await read(repository, artifact);
      expect(subject.digest).toBe(digest);
      for (const layer of layers) expect(payload).toContain(layer.digest);
    }
  });

  interface Named {
    readonly digest: string;
    readonly artifactType?: string;
  }

  interface Documents {
    readonly manifests: readonly Named[];
    readonly subject: Named;
    readonly layers: readonly Named[];
  }

  async function read(repository: string, reference: string): Promise<Documents> {
    const accept = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json";
    const url = `http://${repository.replace("/", "/v2/")}/manifests/${reference}`;
    return (await fetch(url, { headers: { accept } })).json() as Promise<Documents>;
  }
});

describe("tags in two repositories and a second registry, which wants TLS and a password,", () => {
  it("get the same image, each registry every blob once", async () => {
    const place = join(directory, "secure");
    await mkdir(place);
    const secure = await startSecureRegistry(place, lab.env);
    onTestFinished(() => secure.stop());
    await secure.logIn();
    const proxy = await openFaultProxy({ registry: lab.registry, faults: [] });
    onTestFinished(() => proxy.close());

    const name = randomUUID();
    const names = [`${proxy.host}/direct/${name}:1`, `${proxy.host}/direct/${name}-again:2`];
    const tags = [...names, `${secure.host}/direct/${name}:1`].join("\n");
    const cache = { "environment-cache": `${lab.registry}/direct/${name}-environment` };
    const { digest } = await make({ push: "true", tags, ...cache }, secure.env);

    for (const reference of names) expect((await heldBy(reference)).digest).toBe(digest);
    expect(await seenBySkopeo(`docker://${secure.host}/direct/${name}:1`, secure.env)).toBe(digest);
    const payload = [...payloadOf(await heldBy(names[0] ?? "")).values()];
    const uploads = uploadsAt(proxy);
    expect(uploads.length).toBe(new Set(uploads).size);
    expect(uploads).toEqual(expect.arrayContaining(payload));
    const secured = (await secure.requests("PUT")).filter((line) => line.includes("/blobs/uploads/"));
    expect(secured.length).toBe(uploads.length);
  });
});
