import { mkdtempSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { realFiles } from "../../src/machine/files.ts";
import { realHttp } from "../../src/machine/http.ts";
import type { Actions, Captured, Invocation } from "../../src/machine/machine.ts";
import { type Clock, openProgress, printProgress } from "../../src/machine/progress.ts";
import { type Digest, digestOf, hexOf } from "../../src/oci/digest.ts";
import { OCI_INDEX, OCI_MANIFEST } from "../../src/oci/media-types.ts";
import {
  openRegistries,
  type Registries,
  type RegistryMachine,
  type RegistryOptions,
} from "../../src/registry/registries.ts";
import { openRegistry, type Registry } from "../../src/registry/registry.ts";
import { type FakeRegistry, type Quirks, startFakeRegistry } from "../fakes/registry.ts";

/** Retries without a noticeable delay. */
export const IMPATIENT = { tries: 5, firstDelay: 1, longestWait: 5_000 };

export interface TestMachine extends RegistryMachine {
  readonly masked: string[];
  readonly lines: string[];
}

/** A machine with real files and HTTP; `program` answers for credential helpers. */
export function testMachine(
  env: Record<string, string> = {},
  program: (invocation: Invocation) => Captured = () => ({ code: 1, stdout: "", stderr: "" }),
  signal: AbortSignal = new AbortController().signal,
  clock?: Clock,
): TestMachine {
  const http = realHttp({ env, signal });
  onTestFinished(() => http.close());
  const temporary = mkdtempSync(join(tmpdir(), "bento-test-"));
  onTestFinished(() => rm(temporary, { recursive: true, force: true }));
  const masked: string[] = [];
  const lines: string[] = [];
  const actions: Partial<Actions> = {
    mask: (value) => masked.push(value),
    info: (line) => lines.push(line),
    progress: openProgress((state) => state.isOver || lines.push(printProgress(state)), 10_000, clock),
  };
  return {
    env,
    http,
    signal,
    masked,
    lines,
    files: realFiles(temporary),
    processes: {
      which: async () => undefined,
      ask: async (invocation) => program(invocation),
      capture: () => Promise.reject(new Error("no engine to ask")),
      stream: () => Promise.reject(new Error("nothing to stream")),
    },
    actions: actions as Actions,
    now: () => new Date(),
  };
}

export async function startRegistry(quirks: Quirks = {}): Promise<FakeRegistry> {
  const registry = await startFakeRegistry(quirks);
  onTestFinished(() => registry.close());
  return registry;
}

/** A registry client on a test machine that retries without delay. */
export function openTestRegistry(machine: RegistryMachine = testMachine(), options: RegistryOptions = {}): Registry {
  return openRegistry(machine, { retryPolicy: IMPATIENT, ...options });
}

/** The same, one layer below. */
export function openTestRegistries(machine: RegistryMachine = testMachine()): Registries {
  return openRegistries(machine, { retryPolicy: IMPATIENT });
}

/** Gives all pieces in one buffer, which is overwritten before the next piece. */
export async function* reusing(content: string | Buffer, length = 10_000): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  const buffer = Buffer.alloc(length);
  for (let start = 0; start < bytes.length; start += length) {
    yield buffer.subarray(0, bytes.copy(buffer, 0, start, start + length));
    buffer.fill("?");
  }
}

export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "registry-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

export interface Stored {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
}

/** Writes an OCI layout blob by blob. */
export class LayoutWriter {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  static async create(): Promise<LayoutWriter> {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, "blobs/sha256"), { recursive: true });
    await writeFile(join(directory, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
    return new LayoutWriter(directory);
  }

  async blob(mediaType: string, content: Uint8Array | string): Promise<Stored> {
    const digest = digestOf(content);
    await writeFile(join(this.directory, "blobs/sha256", hexOf(digest)), content);
    return { mediaType, digest, size: Buffer.byteLength(content) };
  }

  async manifest(
    architecture: string,
    layers: readonly string[],
    variant?: string,
    layerType = "application/vnd.oci.image.layer.v1.tar+gzip",
  ): Promise<Stored> {
    const config = await this.blob(
      "application/vnd.oci.image.config.v1+json",
      JSON.stringify({ os: "linux", architecture, variant }),
    );
    const stored = await Promise.all(layers.map((content) => this.blob(layerType, content)));
    return this.blob(
      OCI_MANIFEST,
      JSON.stringify({ schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers: stored }),
    );
  }

  index(members: readonly object[]): Promise<Stored> {
    // Indented as BuildKit does, so that a copy which serializes the JSON again has another digest.
    return this.blob(
      OCI_INDEX,
      JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: members }, null, 2),
    );
  }

  async finish(...images: readonly object[]): Promise<void> {
    await writeFile(join(this.directory, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: images }));
  }
}

/** A layout with one image of two layers. */
export async function writeImage(): Promise<{ directory: string; root: Stored }> {
  const layout = await LayoutWriter.create();
  const root = await layout.manifest("amd64", ["a small layer", "b".repeat(200_000)]);
  await layout.finish(root);
  return { directory: layout.directory, root };
}

/** A layout with an index as BuildKit writes it: two platforms sharing a layer, and an attestation of one. */
export async function writeIndex(): Promise<{ directory: string; root: Stored; members: readonly Stored[] }> {
  const layout = await LayoutWriter.create();
  const amd64 = await layout.manifest("amd64", ["shared layer", "amd64 layer"]);
  const arm64 = await layout.manifest("arm64", ["shared layer", "arm64 layer"], "v8");
  const attestation = await layout.manifest("unknown", ["in-toto statement"]);
  const root = await layout.index([
    { ...amd64, platform: { os: "linux", architecture: "amd64" } },
    { ...arm64, platform: { os: "linux", architecture: "arm64", variant: "v8" } },
    {
      ...attestation,
      annotations: { "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": amd64.digest },
      platform: { os: "unknown", architecture: "unknown" },
    },
  ]);
  await layout.finish(root);
  return { directory: layout.directory, root, members: [amd64, arm64, attestation] };
}
