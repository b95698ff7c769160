import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BACKENDS, type Lab, openLab } from "./backends.ts";
import { unpackHome } from "./bento.ts";
import { heldBy, seenBySkopeo } from "./image.ts";
import { type Inputs, succeed } from "./runner.ts";
import { askService } from "./service.ts";

/** A real service: scikit-learn model, 74 locked requirements, made by BentoML 1.4.38. */
const BENTO = "iris_classifier:bkemozxfjwqs2ax4";
const CALL = { path: "/classify", body: { x: [5.1, 3.5, 1.4, 0.2] } };

let lab: Lab;
let home: string;
/** Of this run alone: nothing in it is known before. */
let repository: string;
let digest: string | undefined;

beforeAll(async () => {
  lab = await openLab();
  home = await unpackHome("sklearn");
  repository = `${lab.registry}/direct/${randomUUID()}`;
});

afterAll(() => rm(home, { recursive: true }));

function make(inputs: Inputs, env = lab.env): Promise<Readonly<Record<string, string>>> {
  return succeed({ bento: BENTO, "bentoml-home": home, push: "true", ...inputs }, env);
}

describe("the image that the action assembles", () => {
  it("has the digest that a plain GET and skopeo see", async () => {
    const outputs = await make({ ...lab.backends.docker.inputs, assembly: "direct", tags: `${repository}:docker` });
    const held = await heldBy(`${repository}:docker`);
    expect(outputs).toMatchObject({ digest: held.digest, imageid: held.manifest.config.digest, backend: "docker" });
    expect(await seenBySkopeo(`docker://${repository}:docker`, lab.env)).toBe(held.digest);
    digest = held.digest;
  });

  it.each(BACKENDS)("is the same by %s, now that its environment is known", async (name) => {
    const { inputs, env } = lab.backends[name];
    const outputs = await make({ ...inputs, tags: `${repository}:by-${name}` }, env);
    expect(outputs).toMatchObject({ digest, backend: name });
    expect((await heldBy(`${repository}:by-${name}`)).digest).toBe(digest);
  });

  it("is the same on a machine that has no engine", async () => {
    const { inputs } = lab.backends.docker;
    const outputs = await make({ ...inputs, tags: `${repository}:no-engine` }, { PATH: "/nowhere", HOME: home });
    expect(outputs).toMatchObject({ digest, commands: expect.not.stringMatching(/^[^#]/m) });
  });

  it.each(["docker", "nerdctl", "podman"] as const)("run by %s becomes ready and predicts", async (tool) => {
    const { prediction } = await askService(tool, `${repository}:docker`, CALL, lab.env);
    expect(prediction).toBe("0");
  });
});
