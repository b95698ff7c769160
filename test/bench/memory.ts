/** Does memory stay flat, however big the Bento? The action reads archives; and it pushes the layout of a podman that takes no time. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type ArchiveFormat, writeArchive } from "./big-archive.ts";
import { writeLayout } from "./big-layout.ts";
import { offerBuilder } from "./builder.ts";
import type { Figure } from "./figure.ts";
import { ACTION, peakOf, stepEnvironment } from "./program.ts";
import type { Settings } from "./settings.ts";
import { openSink } from "./sink.ts";

const BUDGET = 150;
const FORMATS: readonly ArchiveFormat[] = ["tar", "gz", "xz"];

export async function measureMemory(settings: Settings): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const format of FORMATS) figures.push(...(await measureArchive(format, settings)));
  return [...figures, ...(await measurePush(settings))];
}

async function measureArchive(
  format: ArchiveFormat,
  { mebibytes, place, signal, say }: Settings,
): Promise<readonly Figure[]> {
  const path = join(place, `big.${format}`);
  say(`writing a ${format} of ${mebibytes} MiB`);
  await writeArchive(path, format, mebibytes);
  try {
    const inputs = { bento: path, backend: "buildctl", "dry-run": "true" };
    say("reading it");
    const { mebibytes: peak, seconds } = await peakOf(place, [ACTION], await stepEnvironment(place, inputs), signal);
    return [
      { what: `peak memory, dry-run of a ${format} of ${mebibytes} MiB`, value: peak, unit: "MiB", budget: BUDGET },
      { what: "its speed", value: mebibytes / seconds, unit: "MiB/s" },
    ];
  } finally {
    await rm(path);
  }
}

async function measurePush({ mebibytes, place, signal, say }: Settings): Promise<readonly Figure[]> {
  const size = Math.ceil(mebibytes / 2);
  const layout = join(place, "layout");
  await mkdir(layout);
  const bento = join(place, "small.tar");
  await writeArchive(bento, "tar", 1);
  const builder = await offerBuilder(join(place, "podman"), { layout, digest: await writeLayout(layout, size) });
  const registry = await openSink();
  try {
    say(`pushing a layer of ${size} MiB`);
    const inputs = {
      bento,
      backend: "podman",
      push: "true",
      tags: `${registry.host}/bench/push:1`,
      assembly: "backend",
    };
    const step = await stepEnvironment(place, inputs, builder.env);
    const { mebibytes: peak, seconds } = await peakOf(place, [ACTION], step, signal);
    return [
      { what: `peak memory, push of a layer of ${size} MiB`, value: peak, unit: "MiB", budget: BUDGET },
      { what: "its speed", value: size / seconds, unit: "MiB/s" },
    ];
  } finally {
    registry.close();
    await rm(layout, { recursive: true });
  }
}
