/** What the image room hands to a builder: one Dockerfile, its contexts, and the secrets its steps ask for. */
import type { Enclosure } from "../machine/enclosure.ts";

/** A directory that the Dockerfile reaches by `COPY --from=<name>` or `--mount=from=<name>`. */
export interface NamedContext {
  /** Lower case letters, digits and dashes: what all six tools take. */
  readonly name: string;
  /** Read where it lies, never copied. */
  readonly directory: Enclosure;
}

/** Something of ours below the directory of the context named `generated`. Paths are relative, with `/`; modes are exact. */
export type GeneratedEntry =
  | { readonly kind: "directory"; readonly path: string; readonly mode: number }
  | { readonly kind: "file"; readonly path: string; readonly mode: number; readonly content: string }
  /** A small file of a Bento or model, `source` in its directory `from`, to be copied with another mode. */
  | {
      readonly kind: "copy";
      readonly path: string;
      readonly mode: number;
      readonly from: Enclosure;
      readonly source: string;
    }
  | { readonly kind: "link"; readonly path: string; readonly target: string };

/** A build-stage env of the Bento: mounted as a secret while steps run, never in the image. */
export interface DeclaredSecret {
  /** Both the secret's id and the name of the variable. */
  readonly name: string;
  /** The value the Bento declares; the environment of the step overrides it. Empty means: must come from the environment. */
  readonly declared: string;
}

export interface ImageSource {
  readonly dockerfile: string;
  /** What takes the place of the main context's own `.dockerignore` or `.containerignore`; absent: those count. */
  readonly ignore?: string;
  /** The main context: the Bento's own directory. */
  readonly context: Enclosure;
  /** Contexts other than `generated`. */
  readonly contexts: readonly NamedContext[];
  /** Sorted by path, directories before what is in them. Empty when the Dockerfile uses no context `generated`. */
  readonly generated: readonly GeneratedEntry[];
  readonly secrets: readonly DeclaredSecret[];
  /** What the Dockerfile takes from the command line, as no line of it can hold it. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Build arguments whose values the Dockerfile already holds: passed on, a builder would only warn of them. */
  readonly resolvedBuildArgs: readonly string[];
  /** The image reference of the last `FROM`. */
  readonly base: string;
  /** No file of the layers that are made is newer, in seconds since 1970; absent: they may have any time. */
  readonly newestTime?: number;
  /** Things the user should know, one sentence each. */
  readonly notes: readonly string[];
}
