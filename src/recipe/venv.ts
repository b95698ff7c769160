import type { Layout } from "./directories.ts";
import { quoteOpen } from "./dockerfile/quoting.ts";
import type { DeclaredSecret } from "./source.ts";
import { type Mount, runStep, type Section, type Step, type Variable } from "./step.ts";
import { installUv, UV_PIP_SETTINGS } from "./uv.ts";

/** The environment in which the service runs: BentoML's entrypoint looks here first. */
const VENV = "/app/.venv";
/** Below a directory that every base image has, so that mounting it leaves nothing behind. */
const UV_CACHE = "/var/cache/uv";

/** Through variables, because a pip that lacks an option refuses it on its command line. */
const PIP_SETTINGS = [
  "PIP_DISABLE_PIP_VERSION_CHECK=1",
  "PIP_NO_CACHE_DIR=1",
  "PIP_ROOT_USER_ACTION=ignore",
  // Distributions may mark their Python as externally managed (PEP 668).
  "PIP_BREAK_SYSTEM_PACKAGES=1",
];

export interface VenvOptions {
  readonly layout: Layout;
  readonly secrets: readonly DeclaredSecret[];
  /** Of the Bento's requirements: a package index that the build cannot do without serves uv too. */
  readonly indexOptions: readonly string[];
  /** Arguments of `uv venv`, quoted. */
  readonly python: readonly string[];
  /** Variables that hold from here on, besides those of the environment itself. */
  readonly after: readonly Variable[];
}

/** Installs uv where it is missing and makes the service's virtual environment, which is then the default. */
export function venvSection({ layout, secrets, indexOptions, python, after }: VenvOptions): Section {
  const venv = ["uv venv --no-cache", ...python, VENV].join(" ");
  return {
    comment: ["uv, unless the base image brings it, and the virtual environment in which the service runs."],
    steps: [
      runStep(
        [
          [
            "if ! command -v uv; then",
            '    pip="$(command -v pip)" || pip="python3 -m pip";',
            "    $pip --version || { python3 -m venv /opt/uv; pip=/opt/uv/bin/pip; ln -s /opt/uv/bin/uv /usr/local/bin/uv; };",
            ...installUv("$pip").map((line) => `    ${line}`),
            "fi",
          ].join("\n"),
          `UV_PYTHON_INSTALL_DIR=/app/python/ UV_VENV_CLEAR=1 ${venv}`,
          `chown -R ${layout.uid}:${layout.gid} ${VENV}`,
        ],
        {
          secrets,
          directory: layout.bento,
          settings: [PIP_SETTINGS.join(" "), UV_PIP_SETTINGS, ...indexSettings(indexOptions)],
        },
      ),
      {
        kind: "env",
        variables: [{ name: "VIRTUAL_ENV", value: VENV }, { name: "UV_COMPILE_BYTECODE", value: "1" }, ...after],
      },
      { kind: "path", directory: `${VENV}/bin` },
    ],
  };
}

const PIP_VARIABLES: Readonly<Record<string, string>> = {
  "--index-url": "PIP_INDEX_URL",
  "--extra-index-url": "PIP_EXTRA_INDEX_URL",
  "--find-links": "PIP_FIND_LINKS",
  "--trusted-host": "PIP_TRUSTED_HOST",
};

/**
 * Options of a requirements file as pip's variables, which take several values with blanks between them
 * (https://pip.pypa.io/en/stable/topics/configuration/#environment-variables). `--no-index` and a relative `--find-links`
 * are about the Bento's own packages; uv is not among those.
 */
function indexSettings(options: readonly string[]): readonly string[] {
  const pairs = options
    .map((option) => option.split(/\s+(.*)/s))
    .filter(([name = "", value = ""]) => name !== "--find-links" || /^https?:/.test(value));
  return Object.entries(PIP_VARIABLES).flatMap(([option, variable]) => {
    const values = pairs.flatMap(([name, value = ""]) => (name === option && value !== "" ? [value] : []));
    // The last index counts, as in a requirements file.
    const kept = option === "--index-url" ? values.slice(-1) : values;
    return kept.length === 0 ? [] : [`${variable}="${kept.map(quoteOpen).join(" ")}"`];
  });
}

/**
 * A statement that installs Python packages by uv. Bytecode is never checked against its source: the builder rewrites the
 * sources' times afterwards, and bytecode checked by time would be compiled anew at each start.
 */
export function installStep(
  install: string,
  options: {
    readonly layout: Layout;
    readonly secrets: readonly DeclaredSecret[];
    readonly mounts: readonly Mount[];
    /** Whether packages may come from files of the Bento. */
    readonly local: boolean;
    /** Whether pip may be what installs, as in an install.sh of BentoML before 1.3. */
    readonly pip?: boolean;
  },
): Step {
  const settings = `UV_CACHE_DIR=${UV_CACHE} UV_LINK_MODE=copy PYC_INVALIDATION_MODE=UNCHECKED_HASH`;
  return runStep([install, ...(options.local ? FORGET_TIMES : [])], {
    secrets: options.secrets,
    directory: options.layout.bento,
    settings: [settings, ...(options.pip ? [PIP_SETTINGS.join(" ")] : [])],
    mounts: [{ kind: "cache", target: UV_CACHE }, ...options.mounts],
  });
}

/**
 * Beside a package from a local file uv notes when that file was last changed, which differs from build to build. An
 * install.sh of BentoML before 1.3 uses pip, which notes no such thing and may leave the environment empty.
 */
const FORGET_TIMES = [
  [
    `for noted in ${VENV}/lib/*/site-packages/*.dist-info/uv_cache.json; do`,
    '    if [ -f "$noted" ]; then rm "$noted"; sed -i /uv_cache.json/d "${noted%/*}/RECORD"; fi;',
    "done",
  ].join("\n"),
];
