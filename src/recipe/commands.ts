import { join } from "node:path/posix";
import type { ImageOptionsV1, ImageOptionsV2 } from "../bento/bento.ts";
import { Failure } from "../errors.ts";
import type { Layout } from "./directories.ts";
import { quoteForShell } from "./dockerfile/quoting.ts";
import type { DeclaredSecret } from "./source.ts";
import { cleanUp, type Mount, runStep, type Section, type Step } from "./step.ts";

/** Scripts of the Bento that a command calls; the name is BentoML's (src/_bentoml_sdk/images.py). */
const SCRIPT = /\bscript__\w+/g;
/** After such a command the indexes of the package manager may still be needed. */
const USES_PACKAGES = /\b(?:apt|apt-get|aptitude|apk|script__\w+)\b/;

/** The commands of a spec 2 Bento before or after its Python packages; none when it has none. */
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

/** Just the scripts that are called: with all of env/docker here, any change there would run the commands again. */
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
 * A command in a shell of its own, as if it were a `RUN` of its own: the shell that the base image names by `SHELL`, with
 * its options (`bash -o pipefail`), and without those of the step around it. The shell alone knows what it is.
 */
const COMMAND_SHELL = [
  "case $- in *e*) on_failure=-e ;; *) on_failure=+e ;; esac",
  `bento_command() ( set +x $on_failure; eval "shift; $1" )`,
];

function runCommand(command: string): string {
  return `bento_command ${quoteForShell(answerYum(command))}`;
}

/** In bytes: Linux gives a program no longer argument (MAX_ARG_STRLEN), and a step is one; some of it is ours. */
const LONGEST = 128 * 1024 - 8 * 1024;

function checkLength(when: "before" | "after", statements: readonly string[]): void {
  const bytes = Buffer.byteLength(statements.join("\n"));
  if (bytes <= LONGEST) return;
  throw new Failure(
    "bento",
    `The Bento's commands ${when} its Python packages have ${bytes} bytes, a step holds ${LONGEST}`,
    {
      code: "ValueInvalid",
      hint: "Put long commands into a script of the Bento, with `Image.run_script`, and build the Bento again.",
    },
  );
}

/** BentoML's own first command for Red Hat's distributions asks a question that nobody is there to answer. */
function answerYum(command: string): string {
  return command.replace(/^yum update && yum install -y /, "yum update -y && yum install -y ");
}

/**
 * Where conda's plugin for terms of service is there, it refuses Anaconda's channels to whoever cannot be asked
 * (https://www.anaconda.com/docs/getting-started/tos-plugin). A Bento may decline by a variable of its own.
 */
const ACCEPT_TERMS = `CONDA_PLUGINS_AUTO_ACCEPT_TOS="\${CONDA_PLUGINS_AUTO_ACCEPT_TOS:-yes}"`;

/** Brings the conda environment that the base image starts with to what environment.yml says. */
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

/** Runs the setup script of a spec 1 Bento when every file of the image is in place. */
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

/** The requirements and packed wheels, where BentoML's own image has them. */
export function pythonMount(layout: Layout): Mount {
  return { kind: "bind", source: "env/python", target: join(layout.bento, "env/python") };
}
