/** Replaces mounts for builders that do not read them. */
import { dirname } from "node:path/posix";
import type { Dialect } from "./dialect.ts";
import type { Mount, Section, Step } from "./step.ts";

type RunStep = Extract<Step, { readonly kind: "run" }>;

/**
 * Replaces the bind and cache mounts of a step that the dialect does not read: a `COPY` before the step provides the files of
 * a bind mount, a cache starts empty, and the step removes both at its end. A secret mount stays, because a copy of the
 * secret would be in a layer; a builder that does not read secret mounts is refused.
 */
export function withoutMounts(step: RunStep, dialect: Dialect): readonly Step[] {
  const replaced = step.mounts.filter((mount) => isReplaced(mount, dialect));
  if (replaced.length === 0) return [step];
  return [
    ...replaced.flatMap(copyOf),
    {
      ...step,
      mounts: step.mounts.filter((mount) => !replaced.includes(mount)),
      statements: [...step.statements, ...replaced.flatMap(removalOf)],
    },
  ];
}

/** Whether bind mounts are replaced by copies, which have file times of their own. */
export function hasStandIns(sections: readonly Section[], { reads }: Dialect): boolean {
  const isCopied = (step: Step): boolean => step.kind === "run" && step.mounts.some(({ kind }) => kind === "bind");
  return !reads.bindMount && sections.some(({ steps }) => steps.some(isCopied));
}

function isReplaced({ kind }: Mount, { reads }: Dialect): boolean {
  return (kind === "bind" && !reads.bindMount) || (kind === "cache" && !reads.cacheMount);
}

function copyOf(mount: Mount): readonly Step[] {
  if (mount.kind !== "bind") return [];
  const { source, target } = mount;
  return [{ kind: "copy", sources: [source], destination: target, owner: { uid: 0, gid: 0 }, executable: false }];
}

/** Removes the mount's files, and the parent directory that the copy created, if it is empty. */
function removalOf(mount: Mount): readonly string[] {
  if (mount.kind === "secret") return [];
  const above = mount.kind === "bind" ? [`rmdir ${dirname(mount.target)} 2> /dev/null || true`] : [];
  return [`rm -rf ${mount.target}`, ...above];
}
