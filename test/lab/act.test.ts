import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blocksOf, WORKFLOWS } from "../contracts/documents.ts";
import { type Act, openAct } from "./act.ts";
import { heldBy, type Index, payloadOf } from "./image.ts";
import { succeed } from "./runner.ts";
import { askService } from "./service.ts";
import { pushTinyBase, TINY_BASE } from "./tiny.ts";

/*
 * Every whole workflow that a page shows is run. Parts of one are only read, by contracts/shown-yaml.test.ts: most of them log
 * in to a hosted registry or a cloud, deploy to one, or name machines of the reader's, and none of these is here.
 */
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

/** What the log says was pushed, by repository. Each is what its registry holds under the commit's tag. */
async function pushedBy({
  log,
  commit,
}: {
  readonly log: string;
  readonly commit: string;
}): Promise<readonly string[]> {
  const lines = [
    ...new Set([...log.matchAll(/pushed (\S+)@(sha256:[0-9a-f]{64})/g)].map(([, ...parts]) => parts.join("@"))),
  ];
  return Promise.all(
    lines.map(async (line) => {
      const [repository = "", digest] = line.split("@");
      expect((await heldBy(`${repository}:${commit}`)).digest).toBe(digest);
      return repository.slice(act.lab.registry.length + 1);
    }),
  );
}

describe("the README, under act", () => {
  it("takes a new repository from nothing to a pushed image that runs, with the blocks that it shows", async () => {
    const [service, workflow, commands] = blocksOf("README.md").map(({ text }) => text);
    const run = await act.push(inLab(workflow ?? ""), {
      files: { "service.py": service ?? "" },
      path: ".github/workflows/image.yml",
      commands: commands ?? "",
    });
    expect(await pushedBy(run)).toEqual(["acme/hello"]);
    const image = `${act.lab.registry}/acme/hello:${run.commit}`;
    const { prediction } = await askService("docker", image, { path: "/greet", body: { name: "Ada" } }, act.lab.env);
    expect(prediction).toBe("Hello, Ada!");
  });
});

/** As published they run in docker-actions.test.ts, where they can be had. */
const DOCKERS = ["docker/login-action", "docker/setup-buildx-action", "docker/metadata-action"];
const MATRIX = WORKFLOWS.filter(({ page }) => page === "docs/matrix.md");
const OTHERS = WORKFLOWS.filter((block) => block.page !== "README.md" && !MATRIX.includes(block));

describe("the other pages, under act", () => {
  it.each(OTHERS.map(({ place, text }) => [place, text] as const))("%s pushes what it says", async (_, workflow) => {
    const projects = [...workflow.matchAll(/^ +project: \[(.+)\]$/gm)].flatMap(([, names = ""]) => names.split(", "));
    const run = await act.push(inLab(workflow), { base: TINY_BASE, standIns: DOCKERS });
    const names = projects.length === 0 ? ["iris"] : projects;
    expect([...(await pushedBy(run))].sort()).toEqual(names.map((name) => `acme/${name}`).sort());
  });

  it("the workflow of examples/iris pushes the example's image", async () => {
    const run = await act.push(inLab(await readFile(".github/workflows/example.yml", "utf8")), { base: TINY_BASE });
    expect(await pushedBy(run)).toEqual(["acme/iris"]);
    const held = await heldBy(`${act.lab.registry}/acme/iris:${run.commit}`);
    expect([...payloadOf(held).keys()]).toContain("src");
  });
});

describe("the matrix of docs/matrix.md, under act", () => {
  it("merges its jobs' images into the image that one step makes of both platforms", async () => {
    const [workflow] = MATRIX;
    const { commit } = await act.push(inLab(workflow?.text ?? ""), { base: TINY_BASE });
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
