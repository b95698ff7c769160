/** What stands in for mounts where the builder does not read them. */
import { dirname } from "node:path/posix";
import type { Dialect } from "./dialect.ts";
import type { Mount, Section, Step } from "./step.ts";

type RunStep = Extract<Step, { readonly kind: "run" }>;

/**
 * The same step without the mounts that have a stand-in: what would be mounted is copied before the step, and a cache begins
 * empty; the step removes both when it is done. A secret has none, as no copy of it may be in a layer: its mount stays, and
 * the builder is refused by name.
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

/** Whether files are copied that a builder of the full dialect would mount: they have times of their own. */
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

/** With the directory above that the copy made; one that others need holds something. */
function removalOf(mount: Mount): readonly string[] {
  if (mount.kind === "secret") return [];
  const above = mount.kind === "bind" ? [`rmdir ${dirname(mount.target)} 2> /dev/null || true`] : [];
  return [`rm -rf ${mount.target}`, ...above];
}
