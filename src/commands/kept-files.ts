import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { findFile } from "../bento/read-text.ts";
import { Failure } from "../errors.ts";
import type { Files, Machine } from "../machine/machine.ts";
import type { GeneratedEntry, ImageSource } from "../recipe/source.ts";

export interface KeptFiles {
  /** Absolute path of the Dockerfile. */
  readonly dockerfile: string;
  /** Absolute path of the context `generated`; undefined when the Dockerfile uses none. */
  readonly generated?: string;
}

/**
 * BuildKit and Buildah read `<Dockerfile>.dockerignore` before the one in the context.
 * Sources: moby/buildkit, frontend/dockerui/config.go; containers/buildah, pkg/parse/parse.go, ContainerIgnoreFile
 */
export const IGNORE = ".dockerignore";

/** Where {@link keepFiles} writes them. */
export async function keptPaths({ generated }: ImageSource, { files }: Pick<Machine, "files">): Promise<KeptFiles> {
  const directory = await files.kept();
  const dockerfile = join(directory, "Dockerfile");
  return generated.length === 0 ? { dockerfile } : { dockerfile, generated: join(directory, "generated") };
}

/** Writes the Dockerfile and the context `generated` into the kept directory, for the builder and for the user to read after the run. */
export async function keepFiles(source: ImageSource, machine: Pick<Machine, "files">): Promise<KeptFiles> {
  const { files } = machine;
  const paths = await keptPaths(source, machine);
  const { dockerfile, generated } = paths;
  await files.write(dockerfile, source.dockerfile, 0o644);
  if (source.ignore !== undefined) await files.write(`${dockerfile}${IGNORE}`, source.ignore, 0o644);
  if (generated === undefined) return paths;
  await files.makeDirectory(generated, 0o755);
  for (const entry of source.generated) await writeEntry(entry, join(generated, entry.path), files);
  return paths;
}

async function writeEntry(entry: GeneratedEntry, path: string, files: Files): Promise<void> {
  switch (entry.kind) {
    case "directory":
      return files.makeDirectory(path, entry.mode);
    case "file":
      return files.write(path, entry.content, entry.mode);
    case "copy":
      return copyFile(entry, path, files);
    case "link":
      // The plan of an environment is written for its commands, and again when it is built.
      await files.remove(path);
      return files.makeLink(entry.target, path);
  }
}

/** Streamed, so that memory does not grow with the file. */
async function copyFile(
  { from, source, mode }: Extract<GeneratedEntry, { readonly kind: "copy" }>,
  path: string,
  files: Files,
): Promise<void> {
  const found = await findFile(from, source, files.enclosed);
  if (found === undefined) throw new Failure("bento", `${join(from.path, source)} is gone`, { code: "ContentChanged" });
  await files.remove(path);
  await pipeline(files.enclosed.pieces(found.file), files.sink(path, { mode }));
  await files.setMode(path, mode);
}
