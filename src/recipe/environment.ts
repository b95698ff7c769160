import { join } from "node:path/posix";
import type { Bento, ImageOptionsV1, ImageOptionsV2 } from "../bento/bento.ts";
import { accountSection, startSection, variablesSections } from "./account.ts";
import { originOf } from "./base-image.ts";
import { bootstrapSections } from "./bootstrap.ts";
import { commandsSection, condaSection, pythonMount } from "./commands.ts";
import type { Layout } from "./directories.ts";
import { quoteForShell, quoteOpen } from "./dockerfile/quoting.ts";
import type { DeclaredSecret } from "./source.ts";
import type { Section, Step } from "./step.ts";
import type { Variables } from "./variables.ts";
import { installStep, venvSection } from "./venv.ts";

export interface EnvironmentInput {
  readonly bento: Bento;
  readonly layout: Layout;
  readonly variables: Variables;
  /** Extras of BentoML to install; spec 1 only. */
  readonly features: readonly string[];
}

/** The steps of a spec 2 Bento's environment, in BentoML's order (templates/base_v2.j2). */
export function environmentV2(input: EnvironmentInput, image: ImageOptionsV2): readonly Section[] {
  const { bento, layout, variables } = input;
  const { secrets } = variables;
  const python = image.pythonVersion === undefined ? [] : ["--python", quoteForShell(image.pythonVersion)];
  return [
    startSection([]),
    accountSection(layout),
    ...variablesSections(variables.all),
    ...commandsSection("before", image, layout, secrets),
    venvSection({
      layout,
      secrets,
      indexOptions: bento.indexOptions,
      python,
      after: [{ name: "UV_NO_PROGRESS", value: "1" }],
    }),
    packagesSectionV2(image, layout, secrets),
    ...commandsSection("after", image, layout, secrets),
  ];
}

/** The steps of a spec 1 Bento's environment, in BentoML's order (templates/base.j2). */
export function environmentV1(input: EnvironmentInput, image: ImageOptionsV1): readonly Section[] {
  const { layout, variables } = input;
  const { secrets } = variables;
  const origin = originOf(image);
  const isConda = origin === "conda";
  return [
    // Empty, so that a container has access to GPUs only if it is started with them.
    startSection(origin === "cuda" ? [{ name: "NVIDIA_VISIBLE_DEVICES", value: "" }] : []),
    ...bootstrapSections(image, secrets),
    accountSection(layout),
    ...variablesSections(variables.all),
    ...(isConda ? [condaSection(image, layout, secrets)] : []),
    venvSection({
      layout,
      secrets,
      indexOptions: input.bento.indexOptions,
      python: isConda ? CONDA_PYTHON : pythonArgument(image),
      after: [],
    }),
    packagesSectionV1(input, image),
  ];
}

/** Includes conda's packages. The environment that BentoML creates does not. */
const CONDA_PYTHON = ["--python", "/opt/conda/bin/python", "--system-site-packages"];

function pythonArgument(image: ImageOptionsV1): readonly string[] {
  return image.pythonVersion === undefined ? [] : ["--python", quoteForShell(image.pythonVersion)];
}

const PACKAGES = [
  "The Python packages. Their list is mounted, not copied: nothing else of the Bento touches this layer.",
];

function packagesSectionV2(image: ImageOptionsV2, layout: Layout, secrets: readonly DeclaredSecret[]): Section {
  const includes = image.buildInclude.map((path): Step => {
    const source = path === "." ? "src" : join("src", path);
    return {
      kind: "copy",
      sources: [source],
      destination: join(layout.bento, source),
      owner: layout,
      executable: false,
    };
  });
  const directory = includes.length === 0 ? "env/python" : "src";
  const requirements = join(layout.bento, "env/python/requirements.txt");
  const install = `uv --directory ${directory} pip install -r ${requirements}`;
  return {
    comment: PACKAGES,
    steps: [
      ...includes,
      installStep([install], { layout, secrets, mounts: [pythonMount(layout)], local: includes.length > 0 }),
    ],
  };
}

function packagesSectionV1({ bento, layout, variables, features }: EnvironmentInput, image: ImageOptionsV1): Section {
  const { secrets } = variables;
  const directory = join(layout.bento, "env/python");
  const install = image.installScript
    ? `bash -euxo pipefail ${directory}/install.sh`
    : `uv pip install -r ${directory}/requirements.txt ${quoteForShell(`bentoml==${bento.bentomlVersion}`)}`;
  return {
    comment: PACKAGES,
    steps: [
      installStep([install, ...installFeatures(features, bento, directory)], {
        layout,
        secrets,
        mounts: [pythonMount(layout)],
        local: true,
        pip: true,
      }),
    ],
  };
}

/**
 * Adds the extras to the BentoML that is installed already, whatever its version. BentoML itself installs them with the
 * system's pip, so that its own virtual environment does not have them.
 * @param directory from which paths among the index options start.
 */
function installFeatures(features: readonly string[], { indexOptions }: Bento, directory: string): readonly string[] {
  if (features.length === 0) return [];
  const options = indexOptions.map((option) => option.replace(/\s+(.*)$/s, (_, value) => ` "${quoteOpen(value)}"`));
  const words = [...options, quoteForShell(`bentoml[${features.join(",")}]`)];
  return [`uv --directory ${directory} pip install ${words.join(" ")}`];
}
