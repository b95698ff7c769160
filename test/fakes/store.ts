/** The image store of a fake docker, podman, buildah or nerdctl: it fetches over real HTTP, checks every digest, and keeps what it fetched. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf } from "../../src/oci/digest.ts";

export interface StoreBehaviour {
  /** Fetches nothing and says why. */
  readonly refuses?: string;
  /** Has lost all layers, and still knows its images. */
  readonly forgets?: boolean;
}

/** What `store.json` in the control directory holds. */
export interface Stored {
  /** Name → digest of its manifest and text of its configuration. */
  readonly images: Readonly<Record<string, { readonly digest: string; readonly config: string }>>;
  readonly layers: readonly string[];
  /** Layers in the order in which they were fetched. */
  readonly fetched: readonly string[];
}

const EMPTY: Stored = { images: {}, layers: [], fetched: [] };

/** What the fake tools of a control directory keep. */
export function readStore(control: string): Stored {
  const file = join(control, "store.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : EMPTY;
}

/** Does what the command says, if it is one of a store. @returns whether it is. */
export async function obeyAsStore(
  control: string,
  args: readonly string[],
  behaviour: StoreBehaviour,
): Promise<boolean> {
  const stored = readStore(control);
  const save = (changed: Partial<Stored>): void =>
    writeFileSync(join(control, "store.json"), JSON.stringify({ ...stored, ...changed }));
  const [verb = "", ...rest] = args[0] === "image" ? args.slice(1) : args;
  const name = rest.at(-1) ?? "";
  switch (verb) {
    case "pull": {
      const have = behaviour.forgets === true ? [] : stored.layers;
      const image = await fetchImage(name, have, behaviour).catch((error: unknown) => fail(String(error)));
      if (image === undefined) return true;
      const { digest, config, fetched } = image;
      const images = { ...stored.images, [name]: { digest, config } };
      save({ images, layers: [...have, ...fetched], fetched: [...stored.fetched, ...fetched] });
      return true;
    }
    case "tag": {
      const [from = "", to = ""] = rest;
      const image = stored.images[from];
      if (image === undefined) fail(`${from}: no such image`);
      else save({ images: { ...stored.images, [to]: image } });
      return true;
    }
    case "rm":
    case "rmi":
      save({ images: Object.fromEntries(Object.entries(stored.images).filter(([one]) => !rest.includes(one))) });
      return true;
    case "inspect": {
      const image = stored.images[name];
      if (image === undefined) fail(`${name}: no such image`);
      else print(JSON.parse(image.config), args[0] === "image");
      return true;
    }
    case "ls":
    case "images":
      for (const one of Object.keys(stored.images)) console.log(one);
      return true;
    default:
      return false;
  }
}

/** As docker and nerdctl, podman, and buildah print it, all at once. */
function print(config: { readonly config: { readonly Labels: object } }, isList: boolean): void {
  const { Labels } = config.config;
  const printed = { Labels, Config: { Labels }, OCIv1: { config: { Labels } } };
  console.log(JSON.stringify(isList ? [printed] : printed));
}

function fail(message: string): undefined {
  console.error(message);
  process.exitCode = 1;
  return undefined;
}

async function fetchImage(name: string, have: readonly string[], { refuses }: StoreBehaviour) {
  const [, host = "", repository = "", digest = ""] = /^([^/]+)\/(.+)@(.+)$/.exec(name) ?? [];
  const greeting = await fetch(`http://${host}/v2/`);
  if (greeting.status !== 401) throw new Error(`${host} lets everybody in: ${greeting.status}`);
  const get = async (path: string): Promise<Buffer> => {
    const answer = await fetch(`http://${host}/v2/${repository}/${path}`, {
      headers: { authorization: loginFor(host) },
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (digestOf(bytes) !== path.split("/")[1]) throw new Error(`${path}: another digest`);
    return bytes;
  };
  const manifest = JSON.parse((await get(`manifests/${digest}`)).toString());
  if (refuses !== undefined) throw new Error(refuses);
  const config = (await get(`blobs/${manifest.config.digest}`)).toString();
  const layers: readonly string[] = manifest.layers.map((layer: { readonly digest: string }) => layer.digest);
  const missing = [...new Set(layers)].filter((layer) => !have.includes(layer));
  for (const layer of missing) await get(`blobs/${layer}`);
  return { digest, config, fetched: missing };
}

/** docker and nerdctl find it by DOCKER_CONFIG, podman and buildah by REGISTRY_AUTH_FILE. */
function loginFor(host: string): string {
  const { DOCKER_CONFIG, REGISTRY_AUTH_FILE } = process.env;
  const files = [join(DOCKER_CONFIG ?? "", "config.json"), REGISTRY_AUTH_FILE ?? ""];
  const [one, other] = files.map((file) => JSON.parse(readFileSync(file, "utf8")).auths[host].auth);
  if (one !== other) throw new Error("two logins");
  return `Basic ${one}`;
}
