import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BackendName, type Lab, openLab } from "./backends.ts";
import { run as command } from "./command.ts";
import { heldBy, type Index } from "./image.ts";
import { type Inputs, runAction, succeed, told } from "./runner.ts";
import { BROKEN_SCANNER, pushScanners, SYFT_SCANNER } from "./scanner.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

/** Those that can; podman and buildah refuse both by name, see test/backends/goldens.test.ts. */
const BUILDKITS = ["docker", "buildx", "nerdctl", "buildctl"] as const;

/** Of this run alone. */
const run = randomUUID();

/** What an installer of Python packages leaves behind. */
const PACKAGE = "/usr/lib/python3/dist-packages/acme_gateway-1.2.dist-info";
const INSTALL = `mkdir -p ${PACKAGE} && printf 'Metadata-Version: 2.1\\nName: acme-gateway\\nVersion: 1.2\\n' > ${PACKAGE}/METADATA`;

let lab: Lab;
let tiny: TinyBento;

beforeAll(async () => {
  lab = await openLab();
  await pushTinyBase(lab);
  await pushScanners(lab);
  tiny = await unpackTiny({ commands: [INSTALL] });
});

afterAll(() => rm(tiny.home, { recursive: true }));

describe("a provenance", () => {
  it.each(BUILDKITS)("by %s hangs in the index, over the same manifest", async (name) => {
    const tags = `${lab.registry}/attestations/${run}/${name}:provenance`;
    const { inputs, env } = lab.backends[name];
    const outputs = await succeed(
      {
        ...{ ...inputs, bento: tiny.bento, "bentoml-home": tiny.home, push: "true", tags },
        ...{ provenance: "mode=max", annotations: "index:com.example.a=b" },
      },
      env,
    );
    const { digest, manifest: index } = await heldBy<Index>(tags);
    expect(outputs["digest"]).toBe(digest);
    expect(index).toMatchObject({ annotations: { "com.example.a": "b" } });
    const [image, attestation, ...others] = index.manifests;
    expect(others).toEqual([]);
    expect(JSON.parse(outputs["digests"] ?? "")).toMatchObject({ "linux/amd64": { digest: image?.digest } });
    const repository = tags.replace(/:provenance$/, "");
    expect(await statementOf(repository, attestation?.digest)).toMatchObject({
      predicateType: expect.stringMatching(/^https:\/\/slsa\.dev\/provenance\//),
      subject: expect.arrayContaining([
        expect.objectContaining({ digest: { sha256: image?.digest.replace("sha256:", "") } }),
      ]),
    });
    // What reads it in the field: https://docs.docker.com/build/metadata/attestations/slsa-provenance/
    expect(await seenByImagetools(tags, "Provenance")).toHaveProperty("SLSA");
  });
});

function make(name: BackendName, inputs: Inputs) {
  const { inputs: own, env } = lab.backends[name];
  return runAction({ ...own, bento: tiny.bento, "bentoml-home": tiny.home, push: "true", ...inputs }, env);
}

describe("an SBOM", () => {
  it.each(BUILDKITS)("by %s names the packages of the image, which is the same as without", async (name) => {
    const repository = `${lab.registry}/attestations/${run}/${name}`;
    const [plain, listed] = [`${repository}:plain`, `${repository}:sbom`];
    expect(await make(name, { tags: plain, assembly: "backend" })).toMatchObject({ code: 0 });
    expect(await make(name, { tags: listed, sbom: `generator=${SYFT_SCANNER}` })).toMatchObject({ code: 0 });
    const { manifest: index } = await heldBy<Index>(listed);
    const [image, attestation, ...others] = index.manifests;
    expect(others).toEqual([]);
    expect(image?.digest).toBe((await heldBy(plain)).digest);
    const installed = { name: "acme-gateway", versionInfo: "1.2" };
    expect(await statementOf(repository, attestation?.digest)).toMatchObject({
      predicateType: "https://spdx.dev/Document",
      predicate: {
        spdxVersion: expect.stringMatching(/^SPDX-2/),
        packages: expect.arrayContaining([expect.objectContaining(installed)]),
      },
    });
    expect(await seenByImagetools(listed, "SBOM")).toMatchObject({
      SPDX: { packages: expect.arrayContaining([expect.objectContaining(installed)]) },
    });
  });

  it("is of each platform", async () => {
    const repository = `${lab.registry}/attestations/${run}/platforms`;
    const tags = `${repository}:sbom`;
    const asked = { platforms: "linux/amd64,linux/arm64", sbom: `generator=${SYFT_SCANNER}` };
    expect(await make("buildctl", { tags, ...asked })).toMatchObject({ code: 0 });
    const { manifest: index } = await heldBy<Index>(tags);
    const [amd64, arm64, ...attestations] = index.manifests;
    const statements = await Promise.all(attestations.map(({ digest }) => statementOf(repository, digest)));
    const of = (digest = "") => ({ digest: { sha256: digest.replace("sha256:", "") } });
    expect(statements).toMatchObject(
      [amd64, arm64].map((image) => ({
        predicateType: "https://spdx.dev/Document",
        subject: expect.arrayContaining([expect.objectContaining(of(image?.digest))]),
      })),
    );
  });

  it.each(BUILDKITS)("by %s, whose scanner fails, fails the step with what the scanner said", async (name) => {
    const tags = `${lab.registry}/attestations/${run}/${name}:broken`;
    const failed = await make(name, { tags, sbom: `generator=${BROKEN_SCANNER}` });
    expect(failed).toMatchObject({ code: 1, outputs: {} });
    expect(told(failed)).toMatch(/^\[tool\] /);
    expect(failed.log).toMatch(/^::error .*the scanner knows no such system.*sbom: generator=IMAGE/m);
    await expect(heldBy(tags)).rejects.toThrow("404");
  });

  it.each(BUILDKITS)("by %s, whose scanner is not there, says how to name another", async (name) => {
    const missing = `${lab.registry}/lab/no-scanner:${run}`;
    const tags = `${lab.registry}/attestations/${run}/${name}:missing`;
    const failed = await make(name, { tags, sbom: `generator=${missing}` });
    expect(failed.code).toBe(1);
    expect(told(failed)).toMatch(/^\[tool\] /);
    expect(failed.log).toMatch(new RegExp(`^::error .*${missing}.*sbom: generator=IMAGE`, "m"));
  });
});

/** What the first layer of an attestation's manifest says. */
async function statementOf(repository: string, digest: string | undefined): Promise<unknown> {
  const { manifest } = await heldBy(`${repository}@${digest}`);
  const [host, ...path] = repository.split("/");
  return (await fetch(`http://${host}/v2/${path.join("/")}/blobs/${manifest.layers[0]?.digest}`)).json();
}

async function seenByImagetools(tag: string, what: "Provenance" | "SBOM"): Promise<unknown> {
  const inspect = ["buildx", "imagetools", "inspect", tag, "--format", `{{json .${what}}}`] as const;
  return JSON.parse(await command(["docker", ...inspect], { env: lab.env }));
}
