import { DOCKER_MANIFEST, OCI_MANIFEST } from "../../src/oci/media-types.ts";
import { heldBy, type Manifest } from "../lab/image.ts";

/** The registry says 404 to who does not name the type. */
const ACCEPT = `${OCI_MANIFEST}, ${DOCKER_MANIFEST}`;

type Held = Manifest | { readonly layers?: never; readonly manifests: readonly { readonly digest: string }[] };

/** The layers of an image in a registry of this machine; of all its manifests when it is an index, attestations too. */
export async function layersOf(reference: string): Promise<Manifest["layers"]> {
  const manifest = (await heldBy(reference)).manifest as Held;
  if (manifest.layers !== undefined) return manifest.layers;
  const repository = reference.slice(0, reference.lastIndexOf(":")).replace("/", "/v2/");
  const members = await Promise.all(
    manifest.manifests.map(async ({ digest }): Promise<Manifest> => {
      const answer = await fetch(`http://${repository}/manifests/${digest}`, { headers: { accept: ACCEPT } });
      if (!answer.ok) throw new Error(`${reference}, ${digest}: ${answer.status}`);
      return (await answer.json()) as Manifest;
    }),
  );
  return members.flatMap(({ layers }) => layers);
}
