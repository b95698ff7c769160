/** Job summaries of ordinary runs, as the pictures in docs/images show them. */
import { REPORTS } from "../../src/action/reports.ts";
import { Failure } from "../../src/errors.ts";
import { digestOf } from "../../src/oci/digest.ts";
import type { Layer, PlatformImage } from "../../src/oci/image-description.ts";
import { parseReference } from "../../src/oci/reference.ts";
import type { Report } from "../../src/report/report.ts";
import { dryRunSummary, summaryOf } from "../../src/report/summary.ts";
import { failureSummary } from "../../src/report/summary-failure.ts";
import { DIGEST, reportOf } from "./reports.ts";

const REFERENCE = "ghcr.io/acme/summarizer";
const PINNED = `${REFERENCE}@${DIGEST}`;
const MODELS = [
  { title: "model qwen3-8b:9c925d64, part 1 of 3", size: 4_902_257_696 },
  { title: "model qwen3-8b:9c925d64, part 2 of 3", size: 4_915_960_368 },
  { title: "model qwen3-8b:9c925d64, part 3 of 3", size: 4_983_068_496 },
  { title: "model reranker:v2", size: 112_400_000 },
];
const CODE = [
  { title: "apis", size: 912 },
  { title: "env", size: 4_210 },
  { title: "generated", size: 1_490 },
  { title: "src", size: 2_140 },
  { title: "manifest", size: 1_204 },
];
const ENVIRONMENT = [28_230_000, 3_510_000, 16_800_000, 4_812_400_000];

function layersOf(sizes: readonly number[], name = ""): readonly Layer[] {
  return sizes.map((size, index) => ({ size, digest: digestOf(`${name}${index}`) }));
}

function platformImage(architecture: string, sizes: readonly number[]): PlatformImage {
  return {
    platform: { os: "linux", architecture },
    digest: digestOf(architecture),
    imageid: digestOf(`config ${architecture}`),
    size: sizes.reduce((sum, size) => sum + size, 7_400),
    layers: layersOf(sizes, architecture),
  };
}

const BENTO: Report["bento"] = {
  ...reportOf().bento,
  tag: { name: "summarizer", version: "q7vyjbxnk2oumcxi" },
};

const SIZES = [...ENVIRONMENT, ...MODELS.map(({ size }) => size), ...CODE.map(({ size }) => size)];

const COMMON: Partial<Report> = {
  bento: BENTO,
  references: [`${REFERENCE}:1.4.0`, `${REFERENCE}:latest`].map(parseReference),
  usage: [`docker pull ${PINNED}`, `docker run --rm -p 3000:3000 ${PINNED}`],
  base: "python:3.12-slim",
};

/** A push of new code on models and an environment that the registry has. */
const DIRECT = reportOf({
  ...COMMON,
  engine: { versions: {} },
  environment: "cached",
  result: {
    digest: DIGEST,
    kind: "manifest",
    imageid: digestOf("config amd64"),
    platforms: [platformImage("amd64", SIZES)],
  },
  traffic: { sent: 12_960, reused: 19_774_626_560 },
  payload: [
    ...MODELS.map(({ title }) => ({ title, note: "cached, not read" })),
    ...CODE.map(({ title }) => ({ title, note: "gzip" })),
  ],
  changes: [
    { title: "environment", now: 4_860_940_000, before: 4_860_940_000 },
    { title: "models", now: 14_913_686_560, before: 14_801_286_560 },
    { title: "code", now: 9_956, before: 9_820 },
  ],
  phases: [
    { title: "read the Bento", start: 0.02, seconds: 0.03 },
    { title: "query the registry", start: 0.05, seconds: 0.14 },
    { title: "find the environment", start: 0.19, seconds: 0.06 },
    { title: "hash and upload layers", start: 0.25, seconds: 0.07 },
    { title: "write the image", start: 0.32, seconds: 0.11 },
  ],
  seconds: 0.44,
  notes: [
    "112.4 MB are in the image twice: the stage environment copies them (`COPY src/reranker /app/reranker`) because the requirements or build_include list them, and they are also part of the Bento's sources.",
  ],
  commands: [
    `# then 9 layers on the environment for linux/amd64, by this action, to ${REFERENCE}:1.4.0, ${REFERENCE}:latest`,
  ],
});

const ARM_SIZES = SIZES.map((size, index) => (index < ENVIRONMENT.length ? Math.round(size * 0.94) : size));

/** A builder makes the whole image, for two platforms. */
const BACKEND = reportOf({
  ...COMMON,
  assembly: "by the backend: assembly: backend",
  cache: "registry, ghcr.io/acme/summarizer:cache, as requested; 6 of 14 steps cached",
  result: {
    digest: DIGEST,
    kind: "index",
    platforms: [platformImage("amd64", SIZES), platformImage("arm64", ARM_SIZES)],
  },
  payload: [...MODELS, ...CODE].map(({ title }) => ({ title })),
  phases: [
    { title: "read the Bento", start: 0.02, seconds: 0.05 },
    { title: "detect the engine", start: 0.07, seconds: 1.9 },
    { title: "download models", start: 2, seconds: 143.2 },
    { title: "write the Dockerfile", start: 145.2, seconds: 0.1 },
    { title: "build", start: 145.3, seconds: 602.8 },
    { title: "verify", start: 748.1, seconds: 4.1 },
  ],
  seconds: 752.4,
  commands: [
    `docker buildx build --platform linux/amd64,linux/arm64 --tag ${REFERENCE}:1.4.0 --tag ${REFERENCE}:latest --push --file /home/runner/work/_temp/Dockerfile .`,
  ],
});

const DRY_RUN = reportOf({
  ...COMMON,
  dryRun: true,
  pushed: false,
  usage: [],
  phases: [],
  result: { platforms: [] },
  engine: { versions: {} },
  payload: [],
  commands: [
    "docker buildx build --target environment --platform linux/amd64 --file /home/runner/work/_temp/Dockerfile .",
    `# then the layers of models and code on the environment for linux/amd64, by this action, to ${REFERENCE}:1.4.0`,
  ],
});

const DOCKERFILE = `# The image of the Bento summarizer:q7vyjbxnk2oumcxi, built with BentoML 1.4.38. Written by bento-image.

FROM python:3.12-slim AS environment
RUN --mount=type=cache,target=/root/.cache/uv \\
    uv pip install --system --requirements env/python/requirements.txt
`;

const FAILURE = new Failure(
  "run-step",
  "the step RUN uv pip install --requirements env/python/requirements.txt failed with exit code 1",
  {
    lines: [
      "  × No solution found when resolving dependencies:",
      "  ╰─▶ Because there is no version of scikit-lern==1.7.2 and you require",
      "      scikit-lern==1.7.2, we can conclude that your requirements are",
      "      unsatisfiable.",
    ],
    hint: "Correct the name in the requirements of the Bento and build the Bento again.",
    position: { file: "/home/runner/work/_temp/Dockerfile", line: 18 },
  },
);

const MISTAKES = [
  'tags: "ghcr.io/Acme/summarizer" is not an image reference: a repository is lower case (for example: ghcr.io/acme/iris:1)',
  'platforms: "linux/amd65" is no platform (for example: linux/amd64,linux/arm64)',
];

/** Markdown by the name of its picture. */
export const SUMMARIES: Readonly<Record<string, string>> = {
  direct: summaryOf(DIRECT),
  platforms: summaryOf(BACKEND),
  failure: failureSummary(FAILURE, "summarizer:latest", REPORTS.build, (text) => text),
  mistakes: failureSummary(
    new Failure("input", `2 inputs are not right: ${MISTAKES.join(" · ")}`, { lines: MISTAKES, mistakes: MISTAKES }),
    "summarizer:latest",
    REPORTS.build,
    (text) => text,
  ),
  "dry-run": dryRunSummary(DRY_RUN, DOCKERFILE),
  skip: summaryOf({
    ...DIRECT,
    existed: true,
    assembly: "direct, image exists already",
    traffic: { sent: 0, reused: 19_774_626_560 },
    changes: [],
    notes: [],
    commands: [],
    seconds: 0.31,
  }),
};
