/**
 * Somebody who may push to a repository, and knows what an honest run left in another one: pushes the same manifests, notes
 * and all, over other bytes. By plain HTTP, to a fake registry or to a real one.
 */
import { createHash } from "node:crypto";

/** Where a run of the action may find what earlier runs left. */
export const PLACES = ["first tag", "last", "model", "environment"] as const;

export type Place = (typeof PLACES)[number];

/** Which layers of an image somebody exchanged. */
export type Evil = "model" | "environment";

interface Layer {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Manifest {
  readonly mediaType: string;
  readonly config: Layer;
  readonly layers: readonly Layer[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What the attacker's layers hold. */
const CONTENT: Readonly<Record<Evil, string>> = { model: "an evil model", environment: "an evil package" };
const ACCEPT = "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

function digestOf(content: string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** The evil layers among those of an image, in the order of {@link CONTENT}. */
export function evilIn({ layers }: Manifest): readonly Evil[] {
  const digests = new Set(layers.map(({ digest }) => digest));
  return (["model", "environment"] as const).filter((evil) => digests.has(digestOf(CONTENT[evil])));
}

/** Of the tags that an honest run left, those of a place. @param first the tag of its image. */
export function tagsAt(place: Place, tags: readonly string[], first: string): readonly string[] {
  return place === "first tag" ? [first] : tags.filter((tag) => tag.startsWith(`bento-${place}-`));
}

/**
 * Puts the manifest under `from` into another repository of the registry, under `to`, with evil layers in place of those
 * of a model and of the environment's last one.
 * @param from `host/path:tag`.
 */
export async function pushEvilCopy(from: string, to: string): Promise<void> {
  const [source, target] = [read(from), read(to)];
  const manifest = await manifestOf(from);
  const layers: readonly Layer[] = manifest.layers.map((layer, index) => {
    const evil = evilOf(manifest.layers, index);
    return evil === undefined ? layer : { ...layer, digest: digestOf(CONTENT[evil]), size: CONTENT[evil].length };
  });
  for (const content of Object.values(CONTENT)) await pushBlob(target.repository, content);
  const configOfEnvironment = manifest.annotations?.["dev.bento-image.environment.config"] ?? [];
  const kept = [manifest.config, ...manifest.layers].map(({ digest }) => digest);
  for (const digest of [kept, configOfEnvironment].flat())
    await succeed(`${target.repository}/blobs/uploads/?mount=${digest}&from=${source.path}`);
  await succeed(`${target.repository}/manifests/${target.tag}`, {
    method: "PUT",
    headers: { "content-type": manifest.mediaType },
    body: JSON.stringify({ ...manifest, layers }),
  });
}

/** A layer of a model says so; those of the environment say nothing, and lie below. */
function evilOf(layers: readonly Layer[], index: number): Evil | undefined {
  const titles = layers.map(({ annotations }) => annotations?.["dev.bento-image.layer"]);
  const firstModel = titles.findIndex((title) => title?.startsWith("model "));
  if (index === firstModel) return "model";
  const firstOfPayload = titles.findIndex((title) => title !== undefined);
  const lastOfEnvironment = (firstOfPayload < 0 ? layers.length : firstOfPayload) - 1;
  return index === lastOfEnvironment ? "environment" : undefined;
}

/** The manifest that a registry on this machine gives for `host/path:tag`. */
export async function manifestOf(reference: string): Promise<Manifest> {
  const { repository, tag } = read(reference);
  const answer = await fetch(`${repository}/manifests/${tag}`, { headers: { accept: ACCEPT } });
  if (!answer.ok) throw new Error(`${reference}: ${answer.status}`);
  return (await answer.json()) as Manifest;
}

async function pushBlob(repository: string, content: string): Promise<void> {
  const begun = await succeed(`${repository}/blobs/uploads/`);
  const place = new URL(begun.headers.get("location") ?? "", repository);
  place.searchParams.set("digest", digestOf(content));
  await succeed(place.href, { method: "PUT", body: content });
}

async function succeed(address: string, request: RequestInit = { method: "POST" }): Promise<Response> {
  const answer = await fetch(address, request);
  if (!answer.ok) throw new Error(`${address}: ${answer.status} ${await answer.text()}`);
  return answer;
}

function read(reference: string): { readonly repository: string; readonly path: string; readonly tag: string } {
  const [, host = "", path = "", tag = ""] = /^([^/]+)\/([^:@]+):(.+)$/.exec(reference) ?? [];
  return { repository: `http://${host}/v2/${path}`, path, tag };
}
