/** Runs a merge as the runner starts it, with registries on the loopback interface. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Actions, Machine } from "../../src/machine/machine.ts";
import { merge } from "../../src/merging/merge.ts";
import { type Digest, digestOf } from "../../src/oci/digest.ts";
import type { FakeRegistry } from "../fakes/registry.ts";
import { temporaryDirectory, testMachine } from "../registry/fixture.ts";

const OCI = "application/vnd.oci.image";

export interface Run {
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** @param files path below the workspace → content */
export async function runMerge(
  inputs: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const workspace = await temporaryDirectory();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(workspace, path)), { recursive: true });
    await writeFile(join(workspace, path), content);
  }
  const variables = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const outputs: Record<string, string> = {};
  let summary = "";
  const machine = testMachine({ HOME: workspace, ...Object.fromEntries(variables) });
  const actions: Partial<Actions> = {
    ...machine.actions,
    setOutput: (name, value) => {
      outputs[name] = value;
    },
    writeSummary: async (markdown) => {
      summary += markdown;
    },
  };
  const complete: Partial<Machine> = { ...machine, actions: actions as Actions, workspace };
  await merge(complete as Machine, { retryPolicy: { tries: 2, firstDelay: 1, longestWait: 100 } });
  return { outputs, summary };
}

export interface StoredManifest {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
}

/** Puts an image of one platform into a repository, as a matrix job pushes it. */
export function storeImage(
  registry: FakeRegistry,
  name: string,
  platform: string,
  { tag, labels = {}, content = platform }: { tag?: string; labels?: Record<string, string>; content?: string } = {},
): StoredManifest {
  const [os, architecture, variant] = platform.split("/");
  const config = storeJson(registry, name, `${OCI}.config.v1+json`, {
    os,
    architecture,
    variant,
    config: { Labels: labels },
  });
  const layer = storeBytes(registry, name, `${OCI}.layer.v1.tar`, Buffer.from(`layer of ${content}`));
  const type = `${OCI}.manifest.v1+json`;
  return storeManifest(registry, name, { schemaVersion: 2, mediaType: type, config, layers: [layer] }, tag);
}

export function storeManifest(
  registry: FakeRegistry,
  name: string,
  manifest: { readonly mediaType: string; readonly [field: string]: unknown },
  tag?: string,
): StoredManifest {
  const bytes = Buffer.from(JSON.stringify(manifest));
  const digest = digestOf(bytes);
  const stored = registry.manifests.get(name) ?? new Map();
  for (const key of [digest, ...(tag === undefined ? [] : [tag])])
    stored.set(key, { bytes, mediaType: manifest.mediaType });
  registry.manifests.set(name, stored);
  return { mediaType: manifest.mediaType, digest, size: bytes.length };
}

function storeJson(registry: FakeRegistry, name: string, mediaType: string, value: object): StoredManifest {
  return storeBytes(registry, name, mediaType, Buffer.from(JSON.stringify(value)));
}

function storeBytes(registry: FakeRegistry, name: string, mediaType: string, bytes: Buffer): StoredManifest {
  const blobs = registry.blobs.get(name) ?? new Map();
  blobs.set(digestOf(bytes), bytes);
  registry.blobs.set(name, blobs);
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}

/** The manifest under a repository's tag, parsed. */
export function manifestAt(registry: FakeRegistry, name: string, tag: string) {
  const stored = registry.manifests.get(name)?.get(tag);
  return stored === undefined
    ? undefined
    : { digest: digestOf(stored.bytes), text: stored.bytes.toString(), index: JSON.parse(stored.bytes.toString()) };
}
