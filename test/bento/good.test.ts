import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { locateBento } from "../../src/bento/address.ts";
import { type Bento, type BentoModel, printTag } from "../../src/bento/bento.ts";
import { readBento } from "../../src/bento/bento-directory.ts";
import { fixture, listTree, readJson, unpackFixture } from "./fixtures.ts";
import { makeSetting } from "./setting.ts";

interface ModelFacts {
  readonly tag: string;
  readonly creation_time: string;
  readonly alias?: string;
  readonly registry?: string;
  readonly metadata?: {
    readonly model_id: string;
    readonly revision: string;
    readonly endpoint: string;
    readonly include: readonly string[] | null;
    readonly exclude: readonly string[] | null;
  };
}

interface EnvFacts {
  readonly name: string;
  readonly value: string;
}

/** The content of the same manifest as read by PyYAML and BentoML 1.4.38. */
interface Facts {
  readonly name: string;
  readonly version: string;
  readonly spec: number | null;
  readonly bentoml_version: string;
  readonly service: string;
  readonly creation_time: string;
  readonly labels: Record<string, string>;
  readonly envs_by_stage: Record<"all" | "build" | "runtime", readonly EnvFacts[]>;
  readonly models: readonly ModelFacts[];
  readonly base_image: string;
  readonly python_version: string | null;
  readonly commands?: readonly string[];
  readonly post_commands?: readonly string[];
  readonly build_include?: readonly string[];
  readonly docker?: Record<string, unknown> | null;
  readonly conda?: Record<string, unknown> | null;
}

const cases = (await readdir(fixture("good"))).sort();
const homes = await Promise.all(
  cases.map(async (name) => {
    const facts = (await readdir(fixture("good", name))).filter((file) => /^facts.*\.json$/.test(file));
    return facts.map((file) => ({ name, file }));
  }),
);

async function readCase(name: string, facts: Facts): Promise<Bento> {
  const { root, machine } = await makeSetting();
  const home = await unpackFixture(join(root, "store"), `good/${name}/home.tar.gz`);
  const before = await listTree(home);
  const bento = `${facts.name}:${facts.version}`;
  const read = await readBento(await locateBento({ bento, bentomlHome: home }, machine), machine);
  expect(await listTree(home)).toEqual(before);
  return read;
}

/** The last one of each name. */
function envsOf(facts: Facts) {
  const stages = ["all", "build", "runtime"] as const;
  const envs = stages.flatMap((stage) =>
    facts.envs_by_stage[stage].map(({ name, value }) => [name, { name, value, stage }] as const),
  );
  return sortBy([...new Map(envs).values()], ({ name }) => name);
}

function modelsOf(facts: Facts) {
  const models = facts.models.map(({ tag, creation_time, alias, registry, metadata }) => ({
    tag,
    creationTime: new Date(creation_time),
    registry: registry ?? "bentoml",
    ...(alias === undefined ? {} : { alias }),
    ...(metadata === undefined
      ? {}
      : {
          repository: metadata.model_id,
          revision: metadata.revision,
          endpoint: metadata.endpoint,
          include: metadata.include ?? [],
          exclude: metadata.exclude ?? [],
        }),
  }));
  return sortBy(models, ({ tag }) => tag);
}

function flat(model: BentoModel) {
  return { ...model, tag: printTag(model.tag) };
}

function sortBy<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return items.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}

describe("A Bento in a store is read as PyYAML and BentoML read it", () => {
  it.each(homes.flat())("$name ($file)", async ({ name, file }) => {
    const facts = await readJson<Facts>("good", name, file);
    const bento = await readCase(name, facts);

    expect(printTag(bento.tag)).toBe(`${facts.name}:${facts.version}`);
    expect(bento.bentomlVersion).toBe(facts.bentoml_version);
    expect(bento.service).toBe(facts.service);
    expect(bento.creationTime).toEqual(new Date(facts.creation_time.replace(" ", "T")));
    expect(bento.labels).toEqual(facts.labels);
    expect(sortBy(bento.envs, (env) => env.name)).toEqual(envsOf(facts));
    expect(bento.models.map(flat)).toEqual(modelsOf(facts));
    expect(bento.entries.map((entry) => entry.name)).toContain("bento.yaml");

    const { image } = bento;
    expect(image.spec).toBe(facts.spec ?? 1);
    if (image.spec === 2) {
      expect(image.baseImage).toBe(facts.base_image);
      expect(image.pythonVersion).toBe(facts.python_version ?? undefined);
      expect(image.commands.length).toBe(new Set(image.commands).size);
      expect([...new Set(facts.commands)]).toEqual(image.commands);
      expect(image.postCommands).toEqual(facts.post_commands);
      expect(image.buildInclude).toEqual(facts.build_include);
      return;
    }
    const docker = facts.docker ?? {};
    expect(image.distro).toBe(docker["distro"] ?? "debian");
    expect(image.dockerEnv).toEqual(docker["env"] ?? undefined);
    expect(image.cudaVersion).toBe(docker["cuda_version"] ?? undefined);
    expect(image.systemPackages).toEqual(docker["system_packages"] ?? []);
    expect(image.setupScript).toBe(Boolean(docker["setup_script"]));
    expect(image.dockerfileTemplate).toBe(Boolean(docker["dockerfile_template"]));
    expect(image.conda).toBe(Object.values(facts.conda ?? {}).some(Boolean));
    expect(image.pythonVersion).toMatch(/^3\.\d+$/);
  });

  it("the Python version of conda comes from environment.yml, not from the docker section", async () => {
    const facts = await readJson<Facts>("good", "v1-conda", "facts.json");
    expect(await readCase("v1-conda", facts)).toMatchObject({ image: { pythonVersion: "3.11", condaPython: "3.10" } });
  });

  it("a pre-release Bento has no install script and gets the Python version that built it", async () => {
    const facts = await readJson<Facts>("good", "old-1.0.0a6", "facts.json");
    expect(await readCase("old-1.0.0a6", facts)).toMatchObject({
      image: { installScript: false, pythonVersion: "3.8" },
    });
  });

  it("the index options come from the installed requirements", async () => {
    const facts = await readJson<Facts>("good", "toolbox", "facts.json");
    expect((await readCase("toolbox", facts)).indexOptions).toEqual([
      "--extra-index-url https://wheels.example.org/simple",
    ]);
    const locked = await readJson<Facts>("good", "v1-wheels", "facts.json");
    expect((await readCase("v1-wheels", locked)).indexOptions).toEqual(["--index-url https://pypi.org/simple"]);
  });
});
