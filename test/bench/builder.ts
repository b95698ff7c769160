import { mkdir, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Env } from "./program.ts";

export interface Builder {
  /** Where each of its names is a program. */
  readonly directory: string;
  /** The file with a line for each start. */
  readonly starts: string;
  /** For a step that shall find it before any real one. */
  readonly env: Env;
}

/** Puts test/bench/fake-builder.sh into a new directory. @param image what it says that it built. */
export async function offerBuilder(
  directory: string,
  image: { readonly digest: string; readonly layout?: string },
): Promise<Builder> {
  await mkdir(directory);
  for (const name of ["docker", "buildctl", "podman"]) {
    await symlink(resolve(import.meta.dirname, "fake-builder.sh"), join(directory, name));
  }
  const starts = join(directory, "starts");
  const env = {
    PATH: `${directory}:${process.env["PATH"] ?? ""}`,
    BENCH_STARTS: starts,
    BENCH_DIGEST: image.digest,
    BENCH_LAYOUT: image.layout ?? "",
  };
  return { directory, starts, env };
}
