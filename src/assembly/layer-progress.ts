import { tarSize } from "../layers/tar-writer.ts";
import type { Actions, ProgressTask } from "../machine/machine.ts";
import type { LayerJob } from "./prepare-layers.ts";

/** The tasks of making a layer; those of all models are shown as one, and so are those of the Bento's own files. */
export interface LayerTasks {
  readonly hashing: ProgressTask;
  readonly uploading: ProgressTask;
}

export interface LayerProgress {
  of(job: LayerJob): LayerTasks;
  end(): void;
}

/** Opens the tasks of the jobs that are expected to take time. Others are opened when they turn out to. */
export function openLayerProgress(
  expected: readonly LayerJob[],
  { progress }: Pick<Actions, "progress">,
): LayerProgress {
  const tasks = new Map<LayerJob, LayerTasks>();

  function of(job: LayerJob): LayerTasks {
    const what = job.located === undefined ? "Bento files" : "models";
    const size = tarSize(job.plan);
    const found = tasks.get(job) ?? {
      hashing: progress(`hashing ${what}`, size),
      uploading: progress(`uploading ${what}`, size),
    };
    tasks.set(job, found);
    return found;
  }

  for (const job of expected) of(job);
  return {
    of,
    end() {
      for (const { hashing, uploading } of tasks.values()) {
        hashing.end();
        uploading.end();
      }
    },
  };
}
