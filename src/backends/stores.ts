/** The local image stores that `load` writes to, each with the commands of the program that keeps it. */

/** A program that keeps images of its own. */
export type StoreTool = "docker" | "podman" | "buildah" | "nerdctl";

/** The commands of a store, as arguments of its program. Names are full references. */
export interface ImageStore {
  readonly tool: StoreTool;
  /** The program that runs its images. */
  readonly client: "docker" | "podman" | "nerdctl";
  /** Fetches an image from a registry at a loopback address that speaks plain HTTP. */
  pull(image: string, platform: string): readonly string[];
  /** Gives an image of the store a further name. */
  tag(image: string, name: string): readonly string[];
  /** Removes a name; an image disappears with its last one. */
  remove(name: string): readonly string[];
  /** Prints a JSON object, or a list of one; fails if the store has no such image. */
  inspect(image: string): readonly string[];
  /** Where the labels are in what `inspect` prints: the names of the objects that contain each other. */
  readonly labels: readonly string[];
  /** Prints the names of all images whose repository matches the pattern, a line each, with their tags or their digests. */
  list(pattern: string, by: "tag" | "digest"): readonly string[];
}

const NAMES = { tag: "{{.Repository}}:{{.Tag}}", digest: "{{.Repository}}@{{.Digest}}" } as const;

const docker: ImageStore = {
  tool: "docker",
  client: "docker",
  pull: (image, platform) => ["pull", "--quiet", "--platform", platform, image],
  tag: (image, name) => ["tag", image, name],
  remove: (name) => ["image", "rm", name],
  inspect: (image) => ["image", "inspect", image],
  labels: ["Config", "Labels"],
  list: (pattern, by) => ["image", "ls", "--digests", "--filter", `reference=${pattern}`, "--format", NAMES[by]],
};

/** For the stores of containers/storage. */
const INSECURE = "--tls-verify=false";

const podman: ImageStore = {
  tool: "podman",
  client: "podman",
  pull: (image, platform) => ["pull", "--quiet", INSECURE, "--platform", platform, image],
  tag: (image, name) => ["tag", image, name],
  remove: (name) => ["rmi", name],
  inspect: (image) => ["image", "inspect", image],
  labels: ["Labels"],
  list: (pattern, by) => ["images", "--filter", `reference=${pattern}`, "--format", NAMES[by]],
};

const buildah: ImageStore = {
  ...podman,
  tool: "buildah",
  inspect: (image) => ["inspect", "--type", "image", image],
  labels: ["OCIv1", "config", "Labels"],
  list: (pattern, by) => podman.list(pattern, by).map((word) => word.replace("{{.Repository}}", "{{.Name}}")),
};

/** nerdctl falls back to plain HTTP at loopback addresses by itself. */
const nerdctl: ImageStore = { ...docker, tool: "nerdctl", client: "nerdctl" };

export const STORES: Readonly<Record<StoreTool, ImageStore>> = { docker, podman, buildah, nerdctl };
