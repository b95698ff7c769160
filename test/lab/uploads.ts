import { glob } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { FaultProxy } from "./fault-proxy.ts";
import { places } from "./places.ts";

/**
 * Uploads that were begun in the repository, did not end, and that nobody asked the registry to drop. They are looked for
 * in its storage, for its API lists none; what is left of one it dropped has no start. One whose connection broke stays
 * there whatever a client does: distribution 2.8 finds it no more at the address that the client has.
 */
export async function openUploads(repository: string, { log }: FaultProxy): Promise<readonly string[]> {
  const folder = join(places().state, "registry/docker/registry/v2/repositories", repository, "_uploads");
  const found = await Array.fromAsync(glob("*/startedat", { cwd: folder }), (file) => dirname(file));
  return found.filter((id) => !log.some((line) => line.startsWith("DELETE ") && line.includes(`/uploads/${id}`)));
}
