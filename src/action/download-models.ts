import type { LocatedModel } from "../bento/bento.ts";
import { fetchModels, remoteFilesOf } from "../bento/models.ts";
import type { Job } from "./job.ts";

/**
 * Downloads the files of models that are only on the Hub, and gives the models with all files on disk.
 * @param because completes "files at the Hub are downloaded first: ".
 * @throws Failure of the download.
 */
export async function downloadRemoteFiles(
  { models, watch, machine }: Pick<Job, "models" | "watch" | "machine">,
  because: string,
): Promise<readonly LocatedModel[]> {
  const { size } = remoteFilesOf(models);
  if (size === 0) return models;
  machine.actions.info(`${size} files at the Hub are downloaded first: ${because}`);
  return watch.phase("download models", () => fetchModels(models, machine));
}
