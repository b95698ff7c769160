import { digestOf } from "../oci/digest.ts";
import { FIXED_TIME } from "./fixed-time.ts";
import type { DeclaredSecret } from "./source.ts";

/** An environment variable with its literal value. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  /** Whether `$NAME` and `${NAME}` in the value are replaced by variables that are set before; `\\$` is then a dollar sign. */
  readonly expand?: true;
}

export type Mount =
  | { readonly kind: "cache"; readonly target: string }
  /** A directory of the main context, read-only. */
  | { readonly kind: "bind"; readonly source: string; readonly target: string }
  | { readonly kind: "secret"; readonly id: string };

/** The owner of the files of a `COPY`, in numbers because a linked layer cannot read /etc/passwd. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** One instruction of the environment, independent of the Dockerfile syntax. */
export type Step =
  | { readonly kind: "user"; readonly name: string }
  | { readonly kind: "env"; readonly variables: readonly Variable[] }
  | { readonly kind: "path"; readonly directory: string }
  | {
      readonly kind: "copy";
      /** Paths in the main context. */
      readonly sources: readonly string[];
      readonly destination: string;
      readonly owner: Owner;
      readonly executable: boolean;
    }
  | {
      readonly kind: "run";
      readonly mounts: readonly Mount[];
      /** Shell statements. A line break in a statement becomes a line continuation. */
      readonly statements: readonly string[];
      /** The time that all files changed by the step get, in seconds since 1970; absent if they keep theirs. */
      readonly time?: number;
    };

/** Steps that belong together, with a comment that explains them. */
export interface Section {
  readonly comment: readonly string[];
  readonly steps: readonly Step[];
}

/**
 * While it is set, pip and py_compile write bytecode that is checked by hash
 * (https://docs.python.org/3/library/py_compile.html#py_compile.compile). Bytecode that is checked by time becomes stale when
 * the builder rewrites the times of the sources, and would be compiled again at every start.
 */
const FIXED_EPOCH = `SOURCE_DATE_EPOCH=${FIXED_TIME}`;

/**
 * A step that runs as root and stops at the first statement that fails, which the log shows. Secrets are variables of the
 * whole step, because with BentoML's prefix `N="$(cat …)" a && b` only `a` would see them.
 */
export function runStep(
  statements: readonly string[],
  options: {
    readonly secrets: readonly DeclaredSecret[];
    readonly mounts?: readonly Mount[];
    /** The working directory; absent for that of the base image. */
    readonly directory?: string;
    /** Lines of assignments for this step only. They may use the secrets. */
    readonly settings?: readonly string[];
    /** Statements that run with the shell options of the base image. They must not print. */
    readonly first?: readonly string[];
  },
): Step {
  return {
    kind: "run",
    mounts: [...(options.mounts ?? []), ...options.secrets.map(({ name }): Mount => ({ kind: "secret", id: name }))],
    statements: [
      ...markDeclared(options.secrets),
      ...options.secrets.map(({ name }) => `export ${name}="$(cat /run/secrets/${name})"`),
      [`export ${FIXED_EPOCH}`, ...(options.settings ?? [])].join("\n    "),
      ...(options.directory === undefined ? [] : [`cd ${options.directory}`]),
      ...(options.first ?? []),
      // Prints each statement from here on, but not the ones above, which contain values.
      "set -ex",
      ...statements,
    ],
  };
}

/**
 * A statement without effect that contains a digest of the values that the Bento declares, so that other values invalidate
 * the builder's cache. To that cache a secret is only its id
 * (https://github.com/moby/buildkit/blob/v0.33.0/solver/pb/ops.proto, SecretOpt), so a Bento with another package index
 * would get cached packages of the previous index. Values from the environment of the step are not included: they may be
 * secret, while bento.yaml is in the image anyway.
 */
function markDeclared(secrets: readonly DeclaredSecret[]): readonly string[] {
  const values = secrets.filter(({ declared }) => declared !== "").map(({ name, declared }) => [name, declared]);
  return values.length === 0 ? [] : [`: declared values ${digestOf(JSON.stringify(values))}`];
}

/**
 * Statements that remove the indexes, caches, logs, backups and locks of package managers. They take space and differ from
 * run to run, so the same environment would get another digest in each build. Missing files are not an error; files that
 * do not belong to a package manager are kept.
 */
export function cleanUp(options: { readonly keepIndexes: boolean }): readonly string[] {
  const indexes = "/var/lib/apt/lists/* /var/cache/apk/* /var/cache/yum/* /var/cache/dnf/*";
  const caches = "/var/cache/apt/*.bin /var/cache/apt/archives/*.deb ~/.cache/pip ~/.cache/uv";
  const logs = "/var/log/*.log /var/log/apt/* /var/cache/ldconfig/aux-cache";
  const backups = "/var/cache/debconf/*-old /var/lib/dpkg/*-old /etc/passwd- /etc/shadow- /etc/group- /etc/gshadow-";
  return [
    options.keepIndexes ? `rm -rf ${caches}` : `rm -rf ${indexes}\n       ${caches}`,
    `rm -f ${logs}\n      ${backups} /etc/.pwd.lock`,
  ];
}
