import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BACKENDS, type BackendName, isLoaded, type Lab, type LabBackend, openLab } from "./backends.ts";
import { unpackHome } from "./bento.ts";
import { wipe } from "./environment.ts";
import { canonicalConfig, differences, heldBy, seenBySkopeo, treeOf } from "./image.ts";
import { type Inputs, succeed } from "./runner.ts";
import { askService } from "./service.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

/** A real service: scikit-learn model, 74 locked requirements, made by BentoML 1.4.38. */
const BENTO = "iris_classifier:bkemozxfjwqs2ax4";
const CALL = { path: "/classify", body: { x: [5.1, 3.5, 1.4, 0.2] } };

let lab: Lab;
let home: string;
/** For what is about the engine's store and not about what it builds. */
let tiny: TinyBento;
let out: string;
/** Backend → digest of its push, of the real Bento and of the tiny one. */
const first = new Map<string, string>();
const firstTiny = new Map<string, string>();

/** One of each family makes the real Bento in every run of the tests. */
const OFTEN: readonly BackendName[] = ["buildctl", "podman"];
const tagsFor = (...names: readonly BackendName[]): { tags: "long"[] } => ({
  tags: names.every((name) => OFTEN.includes(name)) ? [] : ["long"],
});

beforeAll(async () => {
  lab = await openLab();
  home = await unpackHome("sklearn");
  tiny = await unpackTiny();
  await pushTinyBase(lab);
  out = await mkdtemp(join(tmpdir(), "bento-image-out-"));
});

afterAll(async () => {
  await rm(home, { recursive: true });
  await rm(tiny.home, { recursive: true });
  await rm(out, { recursive: true });
});

function tagOf(name: string, round: number): string {
  return `${lab.registry}/iris/${name}:round-${round}`;
}

/** The action on the Bento with the backend, which makes the whole image; gives its outputs. */
function make(backend: LabBackend, inputs: Inputs): Promise<Readonly<Record<string, string>>> {
  return succeed(
    { bento: BENTO, "bentoml-home": home, assembly: "backend", ...backend.inputs, ...inputs },
    backend.env,
  );
}

function makeTiny(backend: LabBackend, inputs: Inputs): Promise<Readonly<Record<string, string>>> {
  return make(backend, { bento: tiny.bento, "bentoml-home": tiny.home, ...inputs });
}

async function push(name: BackendName, round: number): Promise<Readonly<Record<string, string>>> {
  return make(lab.backends[name], { push: "true", tags: tagOf(name, round) });
}

/** Its digest, which is the registry's at every tag. */
async function expectPushed(outputs: Inputs, tags: readonly string[]): Promise<string> {
  for (const tag of tags) {
    const held = await heldBy(tag);
    expect(outputs).toMatchObject({ digest: held.digest, imageid: held.manifest.config.digest });
    expect(await seenBySkopeo(`docker://${tag}`, lab.env)).toBe(held.digest);
  }
  return outputs["digest"] ?? "";
}

describe.each(BACKENDS)("%s", (name) => {
  it("pushes a real Bento; its digest is the registry's", tagsFor(name), async () => {
    first.set(name, await expectPushed(await push(name, 1), [tagOf(name, 1)]));
  });

  describe("with a tiny Bento", () => {
    const pushed = (): string => `${lab.registry}/tiny/${name}:pushed`;

    it("pushes every tag; its digest is the registry's", async () => {
      const tags = [pushed(), `${lab.registry}/tiny/${name}-again:pushed`];
      const outputs = await makeTiny(lab.backends[name], { push: "true", tags: tags.join("\n") });
      firstTiny.set(name, await expectPushed(outputs, tags));
    });

    it("loads into the local store; what it says of the image is what the registry says", async () => {
      const backend = lab.backends[name];
      const reference = `${lab.registry}/tiny/${name}-loaded:1`;
      const { digest, imageid } = await makeTiny(backend, { load: "true", tags: reference });
      const held = await heldBy(pushed());
      expect([held.digest, ""]).toContain(digest);
      expect([held.manifest.config.digest, ""]).toContain(imageid);
      expect(`${digest}${imageid}`).not.toBe("");
      expect(await isLoaded(backend, reference)).toBe(true);
    });

    it("writes an OCI layout, an OCI archive and a docker archive; the layout holds the pushed digest", async () => {
      const at = (file: string): string => join(out, name, file);
      const output = [`oci:${at("layout")}`, `oci-archive:${at("oci.tar")}`, `docker-archive:${at("docker.tar")}`];
      const outputs = await makeTiny(lab.backends[name], { output: output.join("\n"), tags: pushed() });
      const { digest, manifest } = await heldBy(pushed());
      expect(outputs).toMatchObject({ digest, imageid: manifest.config.digest, layout: at("layout") });
      expect(await seenBySkopeo(`oci-archive:${at("oci.tar")}`, lab.env)).toBe(digest);
      expect(existsSync(at("docker.tar"))).toBe(true);
      await rm(join(out, name), { recursive: true });
    });
  });
});

describe.each([
  ["the same tiny Bento", firstTiny, []],
  ["the same real Bento", first, ["long"]],
] as const)("%s", (_, digests, tags) => {
  it("is one manifest from docker, buildx, nerdctl and buildctl", { tags: [...tags] }, () => {
    expect(digests.size).toBe(BACKENDS.length);
    expect(new Set(["docker", "buildx", "nerdctl", "buildctl"].map((name) => digests.get(name)))).toEqual(
      new Set([digests.get("buildctl")]),
    );
  });

  it("is one manifest from podman and buildah", { tags: [...tags] }, () => {
    expect(digests.get("podman")).toBe(digests.get("buildah"));
  });
});

describe("the same Bento", () => {
  it("is the same config object and the same tree from both families", async () => {
    const [kit, buildah] = await Promise.all([
      treeOf(tagOf("buildctl", 1), lab.env),
      treeOf(tagOf("podman", 1), lab.env),
    ]);
    expect(canonicalConfig(buildah)).toEqual(canonicalConfig(kit));
    expect(differences(kit, buildah)).toEqual([]);
    expect(kit.entries.size).toBeGreaterThan(10_000);
  });
});

describe.each([
  ["docker", "buildctl"],
  ["nerdctl", "nerdctl"],
  ["podman", "podman"],
] as const)("run by %s, the image of %s", (tool, name) => {
  it("becomes ready and predicts", tagsFor(name), async () => {
    const { prediction } = await askService(tool, tagOf(name, 1), CALL, lab.env);
    expect(prediction).toBe("0");
  });
});

describe("after wiping the engines", { tags: ["long"] }, () => {
  beforeAll(async () => {
    await wipe("buildctl");
    await wipe("buildah");
  });

  // One of each family: that its members build alike, from stores that know nothing of each other, is told above.
  it.each(["buildctl", "buildah"] as const)("%s makes the same digest again", async (name) => {
    expect((await push(name, 2))["digest"]).toBe(first.get(name));
  });
});
