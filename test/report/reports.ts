import type { Bento } from "../../src/bento/bento.ts";
import { digestOf } from "../../src/oci/digest.ts";
import { parseReference } from "../../src/oci/reference.ts";
import type { Report } from "../../src/report/report.ts";

export const DIGEST = digestOf("manifest");
export const IMAGE_ID = digestOf("config");

const BENTO = {
  tag: { name: "iris", version: "v1" },
  bentomlVersion: "1.4.38",
  image: { spec: 2 },
} as Bento;

/** The report of a successful push of one platform. */
export function reportOf(changes: Partial<Report> = {}): Report {
  const layers = [900_000, 1_500, 36].map((size, index) => ({ size, digest: digestOf(`${index}`) }));
  const platform = { os: "linux", architecture: "amd64" };
  return {
    bento: BENTO,
    models: [],
    backend: "buildx",
    assembly: "direct, environment cached",
    engine: { versions: { buildx: "0.36.1", buildkit: "0.33.0" } },
    references: ["ghcr.io/acme/iris:1", "ghcr.io/acme/iris:latest", "quay.io/acme/iris:1"].map(parseReference),
    pushed: true,
    byDigest: false,
    dryRun: false,
    result: {
      digest: DIGEST,
      kind: "manifest",
      imageid: IMAGE_ID,
      platforms: [{ platform, digest: DIGEST, imageid: IMAGE_ID, size: 902_000, layers }],
    },
    payload: [{ title: "sources" }, { title: "manifest" }],
    changes: [],
    base: "python:3.12-slim",
    dockerfile: "/temp/Dockerfile",
    commands: ["docker buildx build ."],
    usage: [`docker pull ghcr.io/acme/iris@${DIGEST}`],
    existed: false,
    phases: [
      { title: "read the Bento", start: 0, seconds: 1.5 },
      { title: "build", start: 1.5, seconds: 61.25 },
    ],
    seconds: 62.75,
    notes: [],
    ...changes,
  };
}
