/** Annotation keys with docker's levels of an image. */

const LEVELS = ["manifest", "index", "manifest-descriptor", "index-descriptor"] as const;

export type AnnotationLevel = (typeof LEVELS)[number];

export interface AnnotationKey {
  /** Undefined when none was given; the manifest is then annotated. */
  readonly level?: AnnotationLevel;
  readonly platform?: string;
  readonly name: string;
}

/**
 * Parses `NAME` or `LEVEL[PLATFORM],…:NAME` and returns one key for each level.
 * @throws Error whose message completes "annotations: …".
 * @see https://docs.docker.com/reference/cli/docker/buildx/build/#annotation
 */
export function readAnnotation(text: string): readonly AnnotationKey[] {
  const at = text.indexOf(":");
  if (at < 0) return [{ name: text }];
  const name = text.slice(at + 1);
  if (name === "") throw new Error(`"${text}" has no annotation name`);
  return text
    .slice(0, at)
    .split(",")
    .map((level) => readLevel(level, name));
}

function readLevel(text: string, name: string): AnnotationKey {
  const [, word, platform] = /^([a-z-]+)(?:\[([\w/-]+)\])?$/.exec(text) ?? [];
  const level = LEVELS.find((name) => name === word);
  if (level === undefined) {
    throw new Error(
      `"${text}:" must be one of ${LEVELS.join(":, ")}:, with an optional platform such as [linux/amd64]`,
    );
  }
  return { level, name, ...(platform === undefined ? {} : { platform }) };
}

/** Whether a key annotates the index. */
export function isOfIndex({ level, platform }: AnnotationKey): boolean {
  return level === "index" && platform === undefined;
}

/** Whether a key annotates all image manifests, so that it requires no index. */
export function isOfManifests({ level = "manifest", platform }: AnnotationKey): boolean {
  return level === "manifest" && platform === undefined;
}
