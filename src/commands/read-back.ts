import type { Plan } from "../backends/backend.ts";
import { Failure } from "../errors.ts";
import type { Machine } from "../machine/machine.ts";
import type { Digest } from "../oci/digest.ts";
import type { ImageDescription } from "../oci/image-description.ts";
import { distinctRepositories, type Reference, withDigest } from "../oci/reference.ts";
import type { Registry } from "../registry/registry.ts";
import { readReportedDigests } from "../result/claims.ts";
import { type BuildResult, reconcile } from "../result/result.ts";
import type { Script } from "./script.ts";

/** Where the image must be now: under the tags, or under the digest that was pushed. */
function pushedTo({ deliveries, references }: Plan, digest: Digest | undefined): readonly Reference[] {
  if (deliveries.some(({ kind }) => kind === "push")) return references;
  if (!deliveries.some(({ kind }) => kind === "push-by-digest")) return [];
  if (digest === undefined) throw new Failure("internal", "a build pushed an image by digest and reported no digest");
  return distinctRepositories(references).map((repository) => withDigest(repository, digest));
}

/** Reads back what every tag and the layout hold; they, not the tool, say what was built. */
export async function readBack(script: Script, plan: Plan, registry: Registry, machine: Machine): Promise<BuildResult> {
  const seen: ImageDescription[] = [];
  for (const { kind, path } of script.evidence) {
    if (kind === "layout") seen.push(await registry.describeLayout(path));
    if (kind === "oci-archive") seen.push(await registry.describeArchive(path));
  }
  const claims = await readReportedDigests(script.evidence, machine.files);
  const [first, ...others] = pushedTo(plan, seen[0]?.digest ?? claims.root);
  if (first !== undefined) {
    const pushed = await registry.describe(first);
    await registry.verify(others, pushed.digest);
    seen.push(pushed);
  }
  return reconcile(seen, claims, plan.features.platforms ?? []);
}
