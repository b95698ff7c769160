/** The input of a build: one Dockerfile, its contexts, and the secrets that its steps mount. */
import type { Enclosure } from "../machine/enclosure.ts";

/** A directory that the Dockerfile refers to in `COPY --from=<name>` or `--mount=from=<name>`. */
export interface NamedContext {
  /** Lower case letters, digits and dashes, which all backends' tools accept. */
  readonly name: string;
  /** It is read in place and never copied. */
  readonly directory: Enclosure;
}

/** An entry of the context named `generated`, which this action creates. Paths are relative, with `/`; modes are exact. */
export type GeneratedEntry =
  | { readonly kind: "directory"; readonly path: string; readonly mode: number }
  | { readonly kind: "file"; readonly path: string; readonly mode: number; readonly content: string }
  /** A small file of a Bento or model, `source` in its directory `from`, that is copied with another mode. */
  | {
      readonly kind: "copy";
      readonly path: string;
      readonly mode: number;
      readonly from: Enclosure;
      readonly source: string;
    }
  | { readonly kind: "link"; readonly path: string; readonly target: string };

/** A build-stage env of the Bento. It is mounted as a secret while steps run and is never in the image. */
export interface DeclaredSecret {
  /** The secret's id, which is also the name of the variable. */
  readonly name: string;
  /** The value that the Bento declares. The environment of the step overrides it, and must provide it if it is empty. */
  readonly declared: string;
}

export interface ImageSource {
  readonly dockerfile: string;
  /** Replaces the `.dockerignore` or `.containerignore` of the main context; if absent, those apply. */
  readonly ignore?: string;
  /** The main context: the Bento's own directory. */
  readonly context: Enclosure;
  /** Contexts other than `generated`. */
  readonly contexts: readonly NamedContext[];
  /** Sorted by path, directories before their entries. Empty when the Dockerfile does not use the context `generated`. */
  readonly generated: readonly GeneratedEntry[];
  readonly secrets: readonly DeclaredSecret[];
  /** Values that the Dockerfile takes from the command line, because a Dockerfile cannot contain them. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Build arguments whose values are already in the Dockerfile. They are not passed on, because a builder would warn about them. */
  readonly resolvedBuildArgs: readonly string[];
  /** The image reference of the last `FROM`. */
  readonly base: string;
  /** The newest time of the files in the built layers, in seconds since 1970; absent if the files may have any time. */
  readonly newestTime?: number;
  /** Remarks for the user, a sentence each. */
  readonly notes: readonly string[];
}
