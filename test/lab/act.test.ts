import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { workflowsOf } from "../contracts/documents.ts";
import { type Act, openAct } from "./act.ts";
import { heldBy, type Index, payloadOf } from "./image.ts";
import { succeed } from "./runner.ts";
import { pushTinyBase, TINY_BASE } from "./tiny.ts";

let act: Act;

beforeAll(async () => {
  act = await openAct();
  await pushTinyBase(act.lab);
});

afterAll(() => act.close());

/** Only the registries' names are others. */
function inLab(workflow: string): string {
  const mirrored = workflow.replace(
    /^( +)push(?:-by-digest)?: true$/gm,
    `$&\n$1registry-mirrors: docker.io=${act.lab.registry}`,
  );
  return mirrored.replaceAll("ghcr.io", act.lab.registry);
}

describe("the workflow of the example, under act", () => {
  it("builds the example's Bento, pushes its image, and names what the registry holds", async () => {
    const { commit, log } = await act.push(inLab(await readFile(".github/workflows/example.yml", "utf8")));
    const held = await heldBy(`${act.lab.registry}/acme/iris:${commit}`);
    expect([...payloadOf(held).keys()]).toContain("src");
    expect(log).toContain(`pushed ${act.lab.registry}/acme/iris@${held.digest}`);
  });
});

describe("the matrix of docs/matrix.md, under act", () => {
  it("merges its jobs' images into the image that one step makes of both platforms", async () => {
    const [workflow = ""] = await workflowsOf("docs/matrix.md");
    const { commit } = await act.push(inLab(workflow), TINY_BASE);
    const { registry } = act.lab;
    const { digest, manifest } = await heldBy<Index>(`${registry}/acme/iris:${commit}`);
    expect(manifest.manifests.map(({ platform }) => platform)).toEqual([
      { architecture: "amd64", os: "linux" },
      { architecture: "arm64", os: "linux" },
    ]);
    const native = await succeed(
      {
        bento: join(act.artifacts, "bento/iris.bento"),
        platforms: "linux/amd64,linux/arm64",
        tags: `${registry}/acme/iris:native-${commit}`,
        push: "true",
        "registry-mirrors": `docker.io=${registry}`,
      },
      { ...act.lab.env, GITHUB_SHA: commit, GITHUB_REPOSITORY: "acme/iris", GITHUB_SERVER_URL: "https://github.com" },
    );
    expect(native["digest"]).toBe(digest);
  });
});
