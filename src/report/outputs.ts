import { type LocatedModel, printTag } from "../bento/bento.ts";
import { printPlatform } from "../oci/platform.ts";
import { printReference, printRepository, withDigest } from "../oci/reference.ts";
import type { Report } from "./report.ts";

/** Every output of action.yml; an output without a value is empty. */
export function outputsOf(report: Report): Readonly<Record<string, string>> {
  const { result, references } = report;
  const [first] = references;
  const { digest } = result;
  return {
    digest: digest ?? "",
    image: digest === undefined || first === undefined ? "" : printReference(withDigest(first, digest)),
    images: JSON.stringify(digest === undefined ? [] : repositoriesOf(report).map((name) => `${name}@${digest}`)),
    imageid: result.imageid ?? "",
    digests: JSON.stringify(digestsOf(report)),
    tags: tagsOf(report).join("\n"),
    metadata: JSON.stringify(metadataOf(report)),
    dockerfile: report.dockerfile,
    bento: printTag(report.bento.tag),
    backend: report.backend,
    layout: report.layout ?? "",
    commands: report.commands.join("\n"),
  };
}

function tagsOf({ references, byDigest }: Report): readonly string[] {
  return byDigest ? [] : references.map(printReference);
}

/** Each repository once, in the order of the tags. */
export function repositoriesOf({ references }: Pick<Report, "references">): readonly string[] {
  return [...new Set(references.map(printRepository))];
}

function digestsOf({ result }: Report): Readonly<Record<string, object>> {
  return Object.fromEntries(
    result.platforms.map(({ platform, digest, imageid, size }) => [printPlatform(platform), { digest, imageid, size }]),
  );
}

function metadataOf(report: Report): object {
  const { bento, result, engine } = report;
  return {
    digest: result.digest,
    kind: result.kind,
    imageid: result.imageid,
    digests: digestsOf(report),
    tags: tagsOf(report),
    ...asDockerNames(report),
    backend: report.backend,
    versions: engine.versions,
    base: report.base,
    bento: {
      name: bento.tag.name,
      version: bento.tag.version,
      spec: bento.image.spec,
      bentoml: bento.bentomlVersion,
      models: report.models.map((located) => ({
        tag: printTag(located.model.tag),
        source: located.origin,
        size: sizeOf(located),
      })),
    },
  };
}

/**
 * The same facts by the names that scripts read from the metadata of docker/build-push-action.
 * @see https://docs.docker.com/reference/cli/docker/buildx/build/#metadata-file
 */
function asDockerNames(report: Report): object {
  const { digest, imageid } = report.result;
  const names = report.byDigest ? repositoriesOf(report) : tagsOf(report);
  return {
    "containerimage.digest": digest,
    "containerimage.config.digest": imageid,
    "image.name": names.join(","),
  };
}

/** Bytes; undefined for a model of the store, whose whole tree would have to be read. */
function sizeOf(located: LocatedModel): number | undefined {
  return located.kind === "snapshot" ? located.files.reduce((sum, file) => sum + file.size, 0) : undefined;
}
