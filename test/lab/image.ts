/** Looks at images from outside the action: plain requests, skopeo, and the tree that the layers make. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Parser, type ReadEntry } from "tar";

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
  readonly layers: readonly { readonly digest: string; readonly size: number }[];
}

export interface Held {
  /** sha256 of the bytes that a plain GET gives. */
  readonly digest: string;
  readonly manifest: Manifest;
}

/** What a registry on this machine holds under `host/path:tag`. */
export async function heldBy(reference: string): Promise<Held> {
  const [, host = "", path = "", tag = ""] = /^([^/]+)\/(.+):([^:/]+)$/.exec(reference) ?? [];
  const answer = await fetch(`http://${host}/v2/${path}/manifests/${tag}`, { headers: { accept: ACCEPT } });
  if (!answer.ok) throw new Error(`${reference}: ${answer.status} ${await answer.text()}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { digest: sha256(bytes), manifest: JSON.parse(bytes.toString()) };
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
    const entries = new Map<string, string>();
    for (const { digest } of manifest.layers) await apply(blob(digest), entries);
    return { config: await read<ImageConfig>(manifest.config.digest), entries };
  } finally {
    await rm(layout, { recursive: true });
  }
}

async function apply(layer: string, entries: Map<string, string>): Promise<void> {
  const added = new Map<string, string>();
  const removed: string[] = [];
  await new Promise<void>((done, fail) => {
    const parser = new Parser({ strict: true, onReadEntry: (entry) => void note(entry, added, removed) });
    parser.on("end", done).on("error", fail);
    createReadStream(layer).on("error", fail).pipe(parser);
  });
  for (const gone of removed) {
    for (const path of entries.keys())
      if (path === gone || path.startsWith(gone.endsWith("/") ? gone : `${gone}/`)) entries.delete(path);
  }
  for (const [path, text] of added) entries.set(path, text);
}

async function note(entry: ReadEntry, added: Map<string, string>, removed: string[]): Promise<void> {
  const path = entry.path.replace(/^\.?\//, "").replace(/\/$/, "");
  const name = path.split("/").at(-1) ?? "";
  const folder = path.slice(0, path.length - name.length);
  if (name.startsWith(".wh.")) {
    removed.push(name === ".wh..wh..opq" ? folder : `${folder}${name.slice(".wh.".length)}`);
    entry.resume();
    return;
  }
  const hash = createHash("sha256");
  entry.on("data", (chunk: Buffer) => hash.update(chunk));
  entry.on("end", () => {
    const content = entry.type === "File" ? hash.digest("hex") : (entry.linkpath ?? "");
    const mode = ((entry.mode ?? 0) & 0o7777).toString(8);
    added.set(path, `${entry.type} ${mode} ${entry.uid}:${entry.gid} ${content}`);
  });
}

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
