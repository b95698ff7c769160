/** Looks at images from outside the action: plain requests, skopeo, and the tree that the layers make. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const ACCEPT = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

export interface Manifest {
  readonly mediaType: string;
  readonly config: { readonly digest: string };
  readonly layers: readonly {
    readonly digest: string;
    readonly size: number;
    readonly annotations?: Readonly<Record<string, string>>;
  }[];
}

export interface Index {
  readonly mediaType: string;
  readonly manifests: readonly {
    readonly digest: string;
    readonly platform?: { readonly os: string; readonly architecture: string };
  }[];
}

export interface Held<Content = Manifest> {
  /** sha256 of the bytes that a plain GET gives. */
  readonly digest: string;
  readonly manifest: Content;
}

/** What a registry on this machine holds under `host/path:tag` or `host/path@digest`. */
export async function heldBy<Content = Manifest>(reference: string): Promise<Held<Content>> {
  const [, host = "", path = "", tag = ""] = /^([^/]+)\/([^:@]+)[:@](.+)$/.exec(reference) ?? [];
  const answer = await fetch(`http://${host}/v2/${path}/manifests/${tag}`, { headers: { accept: ACCEPT } });
  if (!answer.ok) throw new Error(`${reference}: ${answer.status} ${await answer.text()}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { digest: sha256(bytes), manifest: JSON.parse(bytes.toString()) };
}

/** The tags of `host/path`, of a registry on this machine; none when it knows no such repository. */
export async function tagsOf(name: string): Promise<readonly string[]> {
  const [host = "", ...path] = name.split("/");
  const answer = await fetch(`http://${host}/v2/${path.join("/")}/tags/list`);
  const { tags } = (answer.ok ? await answer.json() : {}) as { readonly tags?: readonly string[] | null };
  return tags ?? [];
}

/** Of an image that the action assembled: title → digest of each layer that it made itself, bottom to top. */
export function payloadOf({ manifest }: Held): ReadonlyMap<string, string> {
  return new Map(
    manifest.layers.flatMap(({ digest, annotations }) => {
      const title = annotations?.["dev.bento-image.layer"];
      return title === undefined ? [] : [[title, digest] as const];
    }),
  );
}

/** Digest of the manifest that skopeo sees, e.g. at `oci:/dir`, `oci-archive:/file`. */
export async function seenBySkopeo(source: string, env: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await run("skopeo", ["inspect", "--tls-verify=false", "--raw", source], {
    env,
    encoding: "buffer",
    maxBuffer: 1 << 24,
  });
  return sha256(stdout);
}

export interface ImageConfig {
  readonly architecture: string;
  readonly config: { readonly Env: readonly string[] } & Readonly<Record<string, unknown>>;
  readonly rootfs: { readonly diff_ids: readonly string[] };
}

export interface Tree {
  readonly config: ImageConfig;
  /** Path → kind, mode, owner, and content's sha256 or link's target. Times are left out. */
  readonly entries: ReadonlyMap<string, string>;
}

/** Unpacks an image as a runtime would, on paper. */
export async function treeOf(reference: string, env: Readonly<Record<string, string>>): Promise<Tree> {
  const layout = await mkdtemp(join(tmpdir(), "bento-image-tree-"));
  try {
    await run(
      "skopeo",
      ["copy", "--src-tls-verify=false", "--preserve-digests", `docker://${reference}`, `oci:${layout}:tree`],
      { env },
    );
    const blob = (digest: string): string => join(layout, "blobs", "sha256", digest.replace("sha256:", ""));
    const read = async <T>(digest: string): Promise<T> => JSON.parse(await readFile(blob(digest), "utf8"));
    const index: { manifests: { digest: string }[] } = JSON.parse(await readFile(join(layout, "index.json"), "utf8"));
    const manifest = await read<Manifest>(index.manifests[0]?.digest ?? "");
    const { stdout } = await run(
      "python3",
      [resolve("test/lab/tree.py"), ...manifest.layers.map(({ digest }) => blob(digest))],
      {
        env,
        maxBuffer: 1 << 28,
      },
    );
    const entries: Record<string, string> = JSON.parse(stdout);
    return { config: await read<ImageConfig>(manifest.config.digest), entries: new Map(Object.entries(entries)) };
  } finally {
    await rm(layout, { recursive: true });
  }
}

/** The order of `Env` means nothing, and Buildah moves a variable that the base has too to the end. */
export function canonicalConfig({ config }: Tree): object {
  return { architecture: config.architecture, ...config.config, Env: config.config.Env.toSorted() };
}

/** At most 50 lines, one for each path that is not the same in both. */
export function differences(one: Tree, other: Tree): readonly string[] {
  const paths = new Set([...one.entries.keys(), ...other.entries.keys()]);
  return [...paths]
    .filter((path) => one.entries.get(path) !== other.entries.get(path))
    .map((path) => `${path}: ${one.entries.get(path) ?? "absent"} ≠ ${other.entries.get(path) ?? "absent"}`)
    .slice(0, 50);
}

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
