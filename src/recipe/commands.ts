import { join } from "node:path/posix";
import type { ImageOptionsV1, ImageOptionsV2 } from "../bento/bento.ts";
import { Failure } from "../errors.ts";
import type { Layout } from "./directories.ts";
import { quoteForShell } from "./dockerfile/quoting.ts";
import type { DeclaredSecret } from "./source.ts";
import { cleanUp, type Mount, runStep, type Section, type Step } from "./step.ts";

/** Scripts of the Bento that a command calls. BentoML defines the prefix (src/_bentoml_sdk/images.py). */
const SCRIPT = /\bscript__\w+/g;
/** Matches commands that may need the indexes of the package manager. */
const USES_PACKAGES = /\b(?:apt|apt-get|aptitude|apk|script__\w+)\b/;

/** The commands of a spec 2 Bento before or after its Python packages. */
export function commandsSection(
  when: "before" | "after",
  image: ImageOptionsV2,
  layout: Layout,
  secrets: readonly DeclaredSecret[],
): readonly Section[] {
  const commands = when === "before" ? image.commands : image.postCommands;
  if (commands.length === 0) return [];
  const keepIndexes = when === "before" && image.postCommands.some((command) => USES_PACKAGES.test(command));
  const mounts = when === "before" ? [] : [pythonMount(layout)];
  const statements = [...commands.map(runCommand), ...cleanUp({ keepIndexes })];
  checkLength(when, statements);
  return [
    {
      comment: [
        `The Bento's commands ${when} its Python packages: one layer, because only its end can remove what they leave behind.`,
      ],
      steps: [
        ...copyScripts(commands, layout),
        runStep(statements, { secrets, mounts, directory: layout.bento, first: COMMAND_SHELL }),
      ],
    },
  ];
}

/** Copies only the scripts that are called, so that other changes in env/docker do not run the commands again. */
function copyScripts(commands: readonly string[], layout: Layout): readonly Step[] {
  const names = [...new Set(commands.join("\n").match(SCRIPT) ?? [])].sort();
  if (names.length === 0) return [];
  return [
    {
      kind: "copy",
      sources: names.map((name) => join("env/docker", name)),
      destination: `${join(layout.bento, "env/docker")}/`,
      owner: layout,
      executable: true,
    },
  ];
}

/**
 * Runs a command in a subshell, as if it were a separate `RUN`: with the shell that the base image sets by `SHELL` and its
 * options (`bash -o pipefail`), without the options of the surrounding step. Only the shell itself knows these options.
 */
const COMMAND_SHELL = [
  "case $- in *e*) on_failure=-e ;; *) on_failure=+e ;; esac",
  `bento_command() ( set +x $on_failure; eval "shift; $1" )`,
];

function runCommand(command: string): string {
  return `bento_command ${quoteForShell(answerYum(command))}`;
}

/** The longest step in bytes. A step is one argument of the shell, which Linux limits (MAX_ARG_STRLEN); 8 KiB are for our own statements. */
const MAX_LENGTH = 128 * 1024 - 8 * 1024;

function checkLength(when: "before" | "after", statements: readonly string[]): void {
  const bytes = Buffer.byteLength(statements.join("\n"));
  if (bytes <= MAX_LENGTH) return;
  throw new Failure(
    "bento",
    `The Bento's commands ${when} its Python packages have ${bytes} bytes; the limit is ${MAX_LENGTH}`,
    {
      code: "ValueInvalid",
      hint: "Move long commands to a script of the Bento, with `Image.run_script`, and build the Bento again.",
    },
  );
}

/** Adds `-y` to BentoML's first command for Red Hat's distributions, which would wait for an answer otherwise. */
function answerYum(command: string): string {
  return command.replace(/^yum update && yum install -y /, "yum update -y && yum install -y ");
}

/**
 * Accepts the terms of service of Anaconda's channels, which conda's plugin refuses in a non-interactive run otherwise
 * (https://www.anaconda.com/docs/getting-started/tos-plugin). A Bento can decline by setting this variable itself.
 */
const ACCEPT_TERMS = `CONDA_PLUGINS_AUTO_ACCEPT_TOS="\${CONDA_PLUGINS_AUTO_ACCEPT_TOS:-yes}"`;

/** Updates the conda environment of the base image from environment.yml. */
export function condaSection(image: ImageOptionsV1, layout: Layout, secrets: readonly DeclaredSecret[]): Section {
  const conda = "/opt/conda/bin/conda";
  const target = join(layout.bento, "env/conda");
  const python =
    image.condaPython === undefined ? [] : [`${conda} install -y -n base pkgs/main::python=${image.condaPython} pip`];
  return {
    comment: ["Conda's packages, in its base environment."],
    steps: [
      runStep(
        [
          ...python,
          `${conda} config --set pip_interop_enabled True`,
          `${conda} env update -n base -f ${target}/environment.yml`,
          `${conda} clean --all -y`,
          ...cleanUp({ keepIndexes: false }),
        ],
        {
          secrets,
          mounts: [{ kind: "bind", source: "env/conda", target }],
          directory: layout.bento,
          settings: [ACCEPT_TERMS],
        },
      ),
    ],
  };
}

/** Runs the setup script of a spec 1 Bento after all files have been copied. */
export function setupSection(layout: Layout, secrets: readonly DeclaredSecret[]): Section {
  return {
    comment: ["The setup script sees the whole Bento, as in BentoML's own image."],
    steps: [
      runStep([join(layout.bento, "env/docker/setup_script"), ...cleanUp({ keepIndexes: false })], {
        secrets,
        directory: layout.bento,
      }),
    ],
  };
}

/** Mounts the requirements and packed wheels at their path in BentoML's own image. */
export function pythonMount(layout: Layout): Mount {
  return { kind: "bind", source: "env/python", target: join(layout.bento, "env/python") };
}
