import { createHash, timingSafeEqual } from "node:crypto";
import type { ServedAnswer, ServedRequest } from "../machine/machine.ts";
import { counted } from "../machine/progress.ts";
import { type ContentProvider, oneOf } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import { readGraph } from "../oci/graph.ts";
import type { Descriptor } from "../oci/manifest.ts";

/** An image that can be fetched. */
export interface ServedImage {
  readonly content: ContentProvider;
  readonly root: Descriptor;
}

/** A registry from which images can be fetched by digest, and nothing else. */
export interface ImageServer {
  answer(request: ServedRequest): Promise<ServedAnswer>;
  /** Whether a client with the right credentials has sent a request. */
  readonly wasReached: boolean;
  /** Bytes of layers that were sent. */
  readonly sent: number;
  /** The first error of a content provider, which the client sees as a missing blob or a broken connection. */
  readonly failure: { readonly error: unknown } | undefined;
}

/** Who may fetch, by HTTP's basic authentication. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

interface Served {
  readonly descriptor: Descriptor;
  open(): Promise<AsyncIterable<Uint8Array>>;
}

/**
 * The pull half of the registry's API for one repository
 * (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pull), for clients that know the login.
 */
export async function serveImages(
  repository: string,
  login: Login,
  images: readonly ServedImage[],
  onSent: (bytes: number) => void = () => undefined,
): Promise<ImageServer> {
  /** By their paths below the repository. */
  const served = new Map<string, Served>();
  for (const { content, root } of images) {
    for (const { descriptor, bytes, blobs } of await readGraph(content, root)) {
      const manifest = { ...descriptor, size: bytes.length };
      served.set(`manifests/${descriptor.digest}`, { descriptor: manifest, open: async () => oneOf(bytes) });
      for (const blob of blobs)
        served.set(`blobs/${blob.digest}`, { descriptor: blob, open: () => content.blob(blob) });
    }
  }
  const prefix = `/v2/${repository}/`;
  const expected = `Basic ${Buffer.from(`${login.username}:${login.password}`).toString("base64")}`;
  let wasReached = false;
  let sent = 0;
  let failure: ImageServer["failure"];

  function count(bytes: number): void {
    sent += bytes;
    onSent(bytes);
  }

  async function* watched(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* counted(body, count);
    } catch (error) {
      failure ??= { error };
      throw error;
    }
  }

  async function serve({ descriptor, open }: Served, method: string): Promise<ServedAnswer> {
    const headers = {
      "content-type": descriptor.mediaType,
      "content-length": String(descriptor.size),
      "docker-content-digest": descriptor.digest,
    };
    if (method === "HEAD") return { status: 200, headers };
    try {
      return { status: 200, headers, body: watched(await open()) };
    } catch (error) {
      failure ??= { error };
      return NOT_FOUND;
    }
  }

  return {
    get wasReached() {
      return wasReached;
    },
    get sent() {
      return sent;
    },
    get failure() {
      return failure;
    },
    async answer({ method, path, authorization }) {
      if (method !== "GET" && method !== "HEAD") return { status: 405 };
      if (!isSame(authorization ?? "", expected)) return UNAUTHORIZED;
      wasReached = true;
      if (path === "/v2/") return { status: 200 };
      const found = path.startsWith(prefix) ? served.get(path.slice(prefix.length)) : undefined;
      return found === undefined ? NOT_FOUND : serve(found, method);
    },
  };
}

const UNAUTHORIZED: ServedAnswer = { status: 401, headers: { "www-authenticate": 'Basic realm="bento-image"' } };
const NOT_FOUND: ServedAnswer = { status: 404 };

/** Takes the same time wherever the texts differ. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

/** The reference by which a client fetches an image from the server. */
export function servedName(host: string, repository: string, digest: Digest): string {
  return `${host}/${repository}@${digest}`;
}
