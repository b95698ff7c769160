/** A backend's answers to every feature and construct, and its command lines for some plans. `-u` writes them; review the difference. */
import { expect, it } from "vitest";
import {
  type Backend,
  type Cache,
  type Delivery,
  type Engine,
  type FeatureName,
  type Features,
  isUnsupported,
  type Plan,
} from "../../src/backends/backend.ts";
import { answer, constructRefusalOf, INPUT_OF } from "../../src/commands/answers.ts";
import { compile } from "../../src/commands/compile.ts";
import { printScript } from "../../src/commands/script.ts";
import { Failure } from "../../src/errors.ts";
import { parsePlatform } from "../../src/oci/platform.ts";
import { CONSTRUCT_NAMES, CONSTRUCTS } from "../../src/recipe/dialect.ts";
import { ANOTHER } from "./features.ts";
import { planOf, REQUIRED } from "./plans.ts";

const push: Delivery = { kind: "push" };
const load: Delivery = { kind: "load" };

export const MINIMAL: Partial<Features> = {
  contexts: [
    { name: "generated", directory: "/temp/iris/generated" },
    { name: "model-iris-tree", directory: "/models/iris_tree/1" },
  ],
};

export const TWO_PLATFORMS: Partial<Features> = {
  ...MINIMAL,
  platforms: [parsePlatform("linux/arm64"), parsePlatform("linux/amd64")],
};

const EVERYTHING: Partial<Features> = {
  ...MINIMAL,
  labels: { "org.opencontainers.image.title": "Iris, the flower" },
  annotations: { "org.opencontainers.image.description": 'a "quoted", text' },
  buildArgs: { PIP_INDEX_URL: "https://pypi.example.com/simple" },
  secrets: [{ id: "HF_TOKEN", path: "/temp/scratch/secrets/HF_TOKEN" }],
  compression: { format: "zstd", level: 3 },
  addHosts: ["pypi.internal:10.0.0.7"],
  network: "host",
  target: "environment",
  noCache: true,
  pull: true,
  strictBase: "by-argument",
};

const ENVIRONMENT: Partial<Features> = {
  epoch: { ...REQUIRED.epoch, rewrite: false },
  target: "environment",
  labels: { "dev.bento-image.environment": "sha256:0123" },
  registryMirrors: { "docker.io": "mirror.example.com" },
  insecureRegistries: ["mirror.example.com"],
  registryAuthorities: { "private.example.com": "/certificates/private.pem" },
};

const PLANS: Readonly<Record<string, Plan>> = {
  "an environment with nothing optional": planOf({ epoch: { ...REQUIRED.epoch, rewrite: false } }, [push]),
  "an environment for direct assembly": planOf(ENVIRONMENT, [push]),
  push: planOf(MINIMAL, [push]),
  "push two tags and load": planOf(
    MINIMAL,
    [push, load],
    ["registry.example.com/acme/iris:1", "other.example.com/iris:latest"],
  ),
  "every file": planOf(MINIMAL, [
    { kind: "layout", path: "/out/layout" },
    { kind: "oci-archive", path: "/out/oci.tar" },
    { kind: "docker-archive", path: "/out/docker.tar" },
  ]),
  "push and layout": planOf(MINIMAL, [push, { kind: "layout", path: "/out/layout" }]),
  "push by digest": planOf(
    MINIMAL,
    [{ kind: "push-by-digest" }],
    ["registry.example.com/acme/iris:1", "registry.example.com/acme/iris:latest", "other.example.com/iris:1"],
  ),
  "push by digest and load": planOf(MINIMAL, [{ kind: "push-by-digest" }, load]),
  "push by digest and layout": planOf(MINIMAL, [{ kind: "push-by-digest" }, { kind: "layout", path: "/out/layout" }]),
  "everything a user may ask": planOf(EVERYTHING, [push]),
  "two platforms to every place that holds an index": planOf(TWO_PLATFORMS, [
    push,
    { kind: "layout", path: "/out/layout" },
    { kind: "oci-archive", path: "/out/oci.tar" },
  ]),
};

export const REGISTRY: Cache = {
  kind: "registry",
  repository: { domain: "registry.example.com", path: "acme/iris" },
  tag: "bento-cache-1",
  stage: "environment",
  write: true,
};

/** Puts each flag on its own line, for review. */
export function spread(lines: readonly string[]): string {
  return `${lines.map((line) => line.replaceAll(/ (?=-)/g, " \\\n  ")).join("\n\n")}\n`;
}

/** The commands, one flag per line, or the refusals. */
function golden(backend: Backend, plan: Plan, engine: Engine): string {
  try {
    return spread(printScript(compile(backend, plan, engine, [])));
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "Unsupported") throw error;
    return `${error.lines.map((line) => `# refused: ${line.replace(/ \([^()]* can\)$/, "")}`).join("\n")}\n`;
  }
}

/** A builder's name, or an address if the backend does not accept names. */
function builderFor({ features: { builder }, assumed }: Backend): string {
  const isRefused = typeof builder === "function" && isUnsupported(builder("ours", assumed, {}));
  return isRefused ? "tcp://buildkitd:1234" : "ours";
}

/** One line for each feature, with a value of it, and one for each construct of Dockerfiles. */
function answersOf(backend: Backend): string {
  const features = (Object.keys(INPUT_OF) as readonly FeatureName[]).map((name) => {
    const found = answer(backend, name, ANOTHER[name], backend.assumed, { [name]: ANOTHER[name] });
    if (isUnsupported(found)) return `${name}: refused, ${found.unsupported}`;
    return "noFlag" in found ? `${name}: no flag, ${found.noFlag}` : `${name}: ${JSON.stringify(found)}`;
  });
  const constructs = CONSTRUCT_NAMES.map((name) => {
    const reason = constructRefusalOf(backend, name, backend.assumed);
    return `${CONSTRUCTS[name]}: ${reason === undefined ? "read" : `not read, ${reason}`}`;
  });
  return `${[...features, ...constructs, `layers: ${backend.layers}`].join("\n")}\n`;
}

/** @param directory of the goldens, relative to the test's file. */
export function describeGoldens(backend: Backend, directory: string): void {
  it.each(Object.entries(PLANS))("%s", async (title, plan) => {
    const engine = { ...backend.assumed, builder: builderFor(backend) };
    const file = `${directory}/${title.replaceAll(" ", "-")}.sh`;
    await expect(golden(backend, plan, engine)).toMatchFileSnapshot(file);
  });

  it("builds the environment first, with the registry cache, and then the image from it", async () => {
    const plan = planOf({ ...MINIMAL, labels: { a: "b" }, noCache: true, cache: REGISTRY }, [push]);
    const file = `${directory}/push-with-the-registrys-cache.sh`;
    await expect(golden(backend, plan, backend.assumed)).toMatchFileSnapshot(file);
  });

  it("answers every feature and every construct of Dockerfiles", async () => {
    await expect(answersOf(backend)).toMatchFileSnapshot(`${directory}/answers.txt`);
  });
}
