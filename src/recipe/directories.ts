import { Failure } from "../errors.ts";
import type { Owner, Variable } from "./step.ts";

/** The directories of the image and their owner. */
export interface Layout extends Owner {
  readonly user: string;
  /** `/home/bentoml` */
  readonly home: string;
  /** `/home/bentoml/bento` */
  readonly bento: string;
}

const USER = "bentoml";
/** BentoML's `BENTO_UID_GID` (src/bentoml/_internal/container/generate.py). */
const ID = "1034";

const USER_NAME = /^[a-z_][a-z0-9_-]{0,31}$/;
const NUMBER = /^[1-9]\d{0,9}$/;
const PATH = /^(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)+$/;
/** System directories. A layer that lists one of them would overwrite its mode. */
const RESERVED =
  /^\/(?:tmp|root|dev|proc|sys|run|etc|bin|sbin|lib|lib64|var\/tmp|var\/run)(?:\/|$)|^\/(?:usr|var|home|opt)$/;

/** The build arguments of BentoML's Dockerfile for the user and the directory of the service. */
export const LAYOUT_ARGUMENTS: readonly string[] = ["BENTO_USER", "BENTO_USER_UID", "BENTO_USER_GID", "BENTO_PATH"];

/**
 * Applies these build arguments everywhere. BentoML's own Dockerfile declares them but also contains their default values,
 * so its image breaks when one is overridden.
 * @throws {Failure} input/BuildArgumentInvalid
 */
export function resolveLayout(buildArgs: Readonly<Record<string, string>>): Layout {
  const take = (name: string, fallback: string, grammar: RegExp, shape: string): string => {
    const value = buildArgs[name] ?? fallback;
    if (grammar.test(value)) return value;
    throw new Failure("input", `The build argument ${name} is ${JSON.stringify(value)}; it must be ${shape}`, {
      code: "BuildArgumentInvalid",
    });
  };
  const user = take("BENTO_USER", USER, USER_NAME, "a user name of lower case letters, digits, `_` and `-`");
  const home = `/home/${user}`;
  const bento = take("BENTO_PATH", `${home}/bento`, PATH, "an absolute path of letters, digits, `_`, `.` and `-`");
  if (RESERVED.test(bento)) {
    throw new Failure("input", `The build argument BENTO_PATH is ${bento}, which is a system directory`, {
      code: "BuildArgumentInvalid",
      hint: "Use a separate directory, such as /opt/bento.",
    });
  }
  return {
    user,
    home,
    bento,
    uid: Number(take("BENTO_USER_UID", ID, NUMBER, "a number above 0")),
    gid: Number(take("BENTO_USER_GID", ID, NUMBER, "a number above 0")),
  };
}

/** The variables from which BentoML's server learns the directories of the Bento and its models, and that it runs in a container. */
export function layoutVariables(layout: Layout): readonly Variable[] {
  return [
    { name: "BENTO_PATH", value: layout.bento },
    { name: "BENTOML_HOME", value: `${layout.home}/` },
    { name: "BENTOML_HF_CACHE_DIR", value: `${layout.bento}/hf-models` },
    { name: "BENTOML_CONTAINERIZED", value: "true" },
  ];
}

/** The parent directories of the Bento and the user's home that belong to root, outermost first, without `/`. */
export function rootParents(layout: Layout): readonly string[] {
  const own = (directory: string) => directory === layout.home || directory.startsWith(`${layout.home}/`);
  const parents = [layout.home, layout.bento].flatMap((path) => ancestors(path));
  return [...new Set(parents)].filter((directory) => !own(directory)).sort();
}

/** The directories of the user, from the first below root's to the Bento's, outermost first. */
export function ownDirectories(layout: Layout): readonly string[] {
  const all = [layout.home, layout.bento, ...ancestors(layout.bento)];
  return [...new Set(all)].filter((directory) => !rootParents(layout).includes(directory)).sort();
}

function ancestors(path: string): readonly string[] {
  const names = path.split("/").slice(1, -1);
  return names.map((_, index) => `/${names.slice(0, index + 1).join("/")}`);
}
