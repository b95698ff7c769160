import type { Layout } from "./directories.ts";
import { quoteOpen } from "./dockerfile/quoting.ts";
import type { DeclaredSecret } from "./source.ts";
import { type Mount, runStep, type Section, type Step, type Variable } from "./step.ts";
import { installUv, UV_PIP_SETTINGS } from "./uv.ts";

/** The virtual environment of the service. BentoML's entrypoint looks here first. */
const VENV = "/app/.venv";
/** In a directory that every base image has, so that the mount does not create directories in the layer. */
const UV_CACHE = "/var/cache/uv";

/** Set as variables, because an old pip refuses unknown options on its command line. */
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
  /** The index options of the Bento's requirements, also used to install uv. */
  readonly indexOptions: readonly string[];
  /** Arguments for `uv venv`, quoted. */
  readonly python: readonly string[];
  /** Further variables to set after the environment's own. */
  readonly after: readonly Variable[];
}

/** Installs uv if it is missing and creates the service's virtual environment, which becomes the default Python. */
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
 * Options of a requirements file as pip's environment variables, which accept several values separated by blanks
 * (https://pip.pypa.io/en/stable/topics/configuration/#environment-variables). `--no-index` and a relative `--find-links`
 * are ignored: they apply to the Bento's own packages, which do not include uv.
 */
function indexSettings(options: readonly string[]): readonly string[] {
  const pairs = options
    .map((option) => option.split(/\s+(.*)/s))
    .filter(([name = "", value = ""]) => name !== "--find-links" || /^https?:/.test(value));
  return Object.entries(PIP_VARIABLES).flatMap(([option, variable]) => {
    const values = pairs.flatMap(([name, value = ""]) => (name === option && value !== "" ? [value] : []));
    // The last index applies, as in a requirements file.
    const effective = option === "--index-url" ? values.slice(-1) : values;
    return effective.length === 0 ? [] : [`${variable}="${effective.map(quoteOpen).join(" ")}"`];
  });
}

/**
 * A step that installs Python packages with uv. Its bytecode is never checked against the sources: the builder rewrites the
 * sources' times afterwards, so bytecode that is checked by time would be compiled again at each start. With a fixed hash
 * seed, Python 3.10 and earlier write the elements of a constant set in the same order each time
 * (https://github.com/python/cpython/issues/81777).
 */
export function installStep(
  install: readonly string[],
  options: {
    readonly layout: Layout;
    readonly secrets: readonly DeclaredSecret[];
    readonly mounts: readonly Mount[];
    /** Whether packages may be installed from files of the Bento. */
    readonly local: boolean;
    /** Whether pip may install them, as in an install.sh of BentoML before 1.3. */
    readonly pip?: boolean;
  },
): Step {
  const settings = `UV_CACHE_DIR=${UV_CACHE} UV_LINK_MODE=copy PYC_INVALIDATION_MODE=UNCHECKED_HASH PYTHONHASHSEED=0`;
  return runStep([...install, ...(options.local ? REMOVE_UV_TIMES : [])], {
    secrets: options.secrets,
    directory: options.layout.bento,
    settings: [settings, ...(options.pip ? [PIP_SETTINGS.join(" ")] : [])],
    mounts: [{ kind: "cache", target: UV_CACHE }, ...options.mounts],
  });
}

/**
 * Removes the file uv_cache.json, in which uv stores the modification time of a local package and which therefore differs
 * from build to build. The files may be missing: an install.sh of BentoML before 1.3 uses pip, which does not write them.
 */
const REMOVE_UV_TIMES = [
  [
    `for noted in ${VENV}/lib/*/site-packages/*.dist-info/uv_cache.json; do`,
    '    if [ -f "$noted" ]; then rm "$noted"; sed -i /uv_cache.json/d "${noted%/*}/RECORD"; fi;',
    "done",
  ].join("\n"),
];
