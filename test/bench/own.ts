/**
 * What does the action itself cost in a build? With a builder that takes no time, all of the time is the action's; it
 * builds, pushes and reads the image back from a registry on loopback.
 */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf } from "../../src/oci/digest.ts";
import { OCI_MANIFEST } from "../../src/oci/media-types.ts";
import { type FakeRegistry, startFakeRegistry } from "../fakes/registry.ts";
import { unpackHome } from "../lab/bento.ts";
import { type Builder, offerBuilder } from "./builder.ts";
import type { Figure } from "./figure.ts";
import { ACTION, runWell, stepEnvironment } from "./program.ts";
import type { Settings } from "./settings.ts";
import { inTurn, median } from "./turns.ts";

const TIME_BUDGET = 150;
/** Processes that ask the engine, before the one that builds. */
const PROBE_BUDGET = 3;
const BACKENDS = ["docker", "buildctl"] as const;

export async function measureOwnTime(settings: Settings): Promise<readonly Figure[]> {
  const { place } = settings;
  const home = await unpackHome("minimal");
  const registry = await startFakeRegistry();
  try {
    const builder = await offerBuilder(join(place, "builder"), { digest: putImage(registry, "bench/greeter") });
    const image = { push: "true", tags: `${registry.host}/bench/greeter:1`, assembly: "backend" };
    const inputs = { bento: "greeter", "bentoml-home": home, ...image };
    const figures: Figure[] = [];
    for (const backend of BACKENDS) {
      figures.push(...(await measureBackend(backend, settings, builder, { ...inputs, backend })));
    }
    return figures;
  } finally {
    await registry.close();
    await rm(home, { recursive: true });
  }
}

async function measureBackend(
  backend: string,
  { rounds, place, signal }: Settings,
  { directory, starts, env }: Builder,
  inputs: Readonly<Record<string, string>>,
): Promise<readonly Figure[]> {
  const bare = ["build", "--metadata-file", join(directory, "metadata.json")];
  const times = await inTurn(
    rounds,
    {
      bare: async () => (await runWell(join(directory, backend), bare, env)).milliseconds,
      async action() {
        await writeFile(starts, "");
        const step = await stepEnvironment(place, inputs, env);
        return (await runWell(process.execPath, [ACTION], step)).milliseconds;
      },
    },
    { warm: true, signal },
  );
  const started = (await readFile(starts, "utf8")).trim().split("\n").length;
  return [
    {
      what: `own time in a build, ${backend}`,
      value: median(times.action) - median(times.bare),
      unit: "ms",
      budget: TIME_BUDGET,
    },
    { what: `probes before the build, ${backend}`, value: started - 1, unit: "processes", budget: PROBE_BUDGET },
  ];
}

/** An image with nothing in it, as if it had been pushed under the tag `1`. Gives its digest. */
function putImage(registry: FakeRegistry, repository: string): string {
  const config = Buffer.from('{"os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":[]}}');
  const descriptor = {
    mediaType: "application/vnd.oci.image.config.v1+json",
    digest: digestOf(config),
    size: config.length,
  };
  const manifest = { schemaVersion: 2, mediaType: OCI_MANIFEST, config: descriptor, layers: [] };
  const bytes = Buffer.from(JSON.stringify(manifest));
  const digest = digestOf(bytes);
  const stored = { bytes, mediaType: OCI_MANIFEST };
  registry.blobs.set(repository, new Map([[descriptor.digest, config]]));
  registry.manifests.set(
    repository,
    new Map([
      [digest, stored],
      ["1", stored],
    ]),
  );
  return digest;
}
