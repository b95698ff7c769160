/** What the image room hands to a builder: one Dockerfile, its contexts, and the secrets its steps ask for. */

/** A directory that the Dockerfile reaches by `COPY --from=<name>` or `--mount=from=<name>`. */
export interface NamedContext {
  /** Lower case letters, digits and dashes: what all six tools take. */
  readonly name: string;
  /** Absolute; read where it lies, never copied. */
  readonly directory: string;
}

/** A small file of ours, written below the directory of the context named `generated`. */
export interface GeneratedFile {
  /** Relative, with `/`. */
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

/** A build-stage env of the Bento: mounted as a secret while steps run, never in the image. */
export interface DeclaredSecret {
  /** Both the secret's id and the name of the variable. */
  readonly name: string;
  /** The value the Bento declares; the environment of the step overrides it. Empty means: must come from the environment. */
  readonly declared: string;
}

export interface ImageSource {
  readonly dockerfile: string;
  /** The main context: the Bento's own directory, absolute. */
  readonly context: string;
  /** Contexts other than `generated`. */
  readonly contexts: readonly NamedContext[];
  /** Empty when the Dockerfile uses no context `generated`. */
  readonly generated: readonly GeneratedFile[];
  readonly secrets: readonly DeclaredSecret[];
  /** The image reference of the last `FROM`. */
  readonly base: string;
  /** Things the user should know, one sentence each. */
  readonly notes: readonly string[];
}
