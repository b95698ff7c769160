import { digestOf } from "../oci/digest.ts";
import { FIXED_TIME } from "./fixed-time.ts";
import type { DeclaredSecret } from "./source.ts";

/** An environment variable with its literal value. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  /** In the value `$NAME` and `${NAME}` stand for variables that are set before it, `\\$` for a dollar sign. */
  readonly expand?: true;
}

export type Mount =
  | { readonly kind: "cache"; readonly target: string }
  /** A directory of the main context, read-only. */
  | { readonly kind: "bind"; readonly source: string; readonly target: string }
  | { readonly kind: "secret"; readonly id: string };

/** Who owns what a `COPY` brings; numbers, because a linked layer knows no /etc/passwd. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** One instruction of the environment, before it has a syntax. */
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
      /** Shell statements; a line break in one is a continued line. */
      readonly statements: readonly string[];
      /** The time, in seconds since 1970, of all files that it changed; absent: whatever it is. */
      readonly time?: number;
    };

/** Steps that belong together, under a comment that says why they are there. */
export interface Section {
  readonly comment: readonly string[];
  readonly steps: readonly Step[];
}

/**
 * While it is set, pip and py_compile write bytecode that is
 * checked by hash (https://docs.python.org/3/library/py_compile.html#py_compile.compile): bytecode checked by time would
 * be stale, and compiled anew at every start, once the builder has rewritten the times of the sources.
 */
const FIXED_EPOCH = `SOURCE_DATE_EPOCH=${FIXED_TIME}`;

/**
 * A step that runs as root and stops at the first statement that fails, saying which. Secrets are variables of the
 * whole step: BentoML's prefix `N="$(cat …)" a && b` reaches `a` alone.
 */
export function runStep(
  statements: readonly string[],
  options: {
    readonly secrets: readonly DeclaredSecret[];
    readonly mounts?: readonly Mount[];
    /** Where it runs; absent: where the base image says. */
    readonly directory?: string;
    /** Lines of assignments that hold for the step alone; they may use the secrets. */
    readonly settings?: readonly string[];
    /** Statements that see the shell as the base image sets it up; they must not print. */
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
      // Prints what runs from here on; not above, where values are.
      "set -ex",
      ...statements,
    ],
  };
}

/**
 * A statement that does nothing, but is another one for other values that the Bento declares. To a builder's cache of
 * steps a secret is its id alone (https://github.com/moby/buildkit/blob/v0.33.0/solver/pb/ops.proto, SecretOpt), so that
 * a Bento with another package index would get the packages of the one before. What the step's own environment gives is
 * not in it: that may be a secret, while bento.yaml is in the image anyway.
 */
function markDeclared(secrets: readonly DeclaredSecret[]): readonly string[] {
  const values = secrets.filter(({ declared }) => declared !== "").map(({ name, declared }) => [name, declared]);
  return values.length === 0 ? [] : [`: declared values ${digestOf(JSON.stringify(values))}`];
}

/**
 * What package managers leave behind and no image needs: indexes, caches, logs, backups, locks. Besides their size they
 * differ from run to run, so that the same environment would never have the same digest twice. A file that is not there
 * is no error; what belongs to no package manager is not touched.
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
