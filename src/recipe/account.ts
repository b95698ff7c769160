import { type Layout, layoutVariables, ownDirectories, rootParents } from "./directories.ts";
import type { Section, Step, Variable } from "./step.ts";

const LOCALE: readonly Variable[] = [
  { name: "LANG", value: "C.UTF-8" },
  { name: "LC_ALL", value: "C.UTF-8" },
  { name: "PYTHONIOENCODING", value: "UTF-8" },
  { name: "PYTHONUNBUFFERED", value: "1" },
];

/** Switches to root and sets the variables for all steps. `more` depends on the kind of base image. */
export function startSection(more: readonly Variable[]): Section {
  return {
    comment: ["Some base images end with another user; everything above the last USER runs as root."],
    steps: [
      { kind: "user", name: "root" },
      { kind: "env", variables: [...LOCALE, ...more] },
    ],
  };
}

/** Creates the user that runs the service and its directories, and sets the variables that name them. */
export function accountSection(layout: Layout): Section {
  const { user, uid, gid, home } = layout;
  const parents = rootParents(layout).join(" ");
  const own = ownDirectories(layout).join(" ");
  const refusal = `In the base image ${user} has another number than ${uid}: set the build argument BENTO_USER_UID`;
  return {
    comment: [
      "The user that runs the service. Written by hand: useradd and adduser differ, and both put the day of the build",
      "into /etc/shadow.",
    ],
    steps: [
      {
        kind: "run",
        mounts: [],
        statements: [
          "set -ex",
          `grep -q ^${user}: /etc/group || echo '${user}:*:${gid}:' >> /etc/group`,
          `grep -q ^${user}: /etc/passwd || echo '${user}:*:${uid}:${gid}::${home}:/bin/sh' >> /etc/passwd`,
          `test "$(id -u ${user})" = ${uid} ||\n    { echo >&2 '${refusal}'; exit 1; }`,
          `mkdir -p ${own}`,
          `chmod 0755 ${parents} ${own}`,
          `chown 0:0 ${parents}`,
          `chown ${uid}:${gid} ${own}`,
        ],
      },
      { kind: "env", variables: layoutVariables(layout) },
    ],
  };
}

/** The Bento's own variables, set before its commands and package indexes use them. */
export function variablesSections(variables: readonly Variable[]): readonly Section[] {
  if (variables.length === 0) return [];
  // An ENV instruction cannot refer to variables that it sets itself.
  const groups = variables.some(({ expand }) => expand) ? variables.map((variable) => [variable]) : [variables];
  const steps = groups.map((group): Step => ({ kind: "env", variables: group }));
  return [{ comment: ["The Bento's own variables."], steps }];
}
