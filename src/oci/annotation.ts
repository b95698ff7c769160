/** Keys of annotations, at the levels of an image that docker knows. */

const LEVELS = ["manifest", "index", "manifest-descriptor", "index-descriptor"] as const;

export type AnnotationLevel = (typeof LEVELS)[number];

export interface AnnotationKey {
  /** Undefined when none was given, which means the manifest. */
  readonly level?: AnnotationLevel;
  readonly platform?: string;
  readonly name: string;
}

/**
 * Reads `NAME`, or `LEVEL[PLATFORM],…:NAME`: one key for each level.
 * @throws Error whose message completes "annotations: …".
 * @see https://docs.docker.com/reference/cli/docker/buildx/build/#annotation
 */
export function readAnnotation(text: string): readonly AnnotationKey[] {
  const at = text.indexOf(":");
  if (at < 0) return [{ name: text }];
  const name = text.slice(at + 1);
  if (name === "") throw new Error(`"${text}" names no annotation`);
  return text
    .slice(0, at)
    .split(",")
    .map((level) => readLevel(level, name));
}

function readLevel(text: string, name: string): AnnotationKey {
  const [, word, platform] = /^([a-z-]+)(?:\[([\w/-]+)\])?$/.exec(text) ?? [];
  const level = LEVELS.find((known) => known === word);
  if (level === undefined) {
    throw new Error(`"${text}:" is none of ${LEVELS.join(":, ")}:, with or without a platform such as [linux/amd64]`);
  }
  return { level, name, ...(platform === undefined ? {} : { platform }) };
}

/** Whether a key is of all manifests: nothing else has to be there for it. */
export function isOfManifests({ level = "manifest", platform }: AnnotationKey): boolean {
  return level === "manifest" && platform === undefined;
}
