/** podman as the client of a remote service (`CONTAINER_HOST`, `podman --remote`). */
import lt from "semver/functions/lt.js";
import { Failure } from "../errors.ts";
import type { Captured } from "../machine/machine.ts";
import {
  type Argument,
  type DeliverySteps,
  type Engine,
  type Evidence,
  type NodeDiagnosis,
  type Plan,
  type Question,
  type Unsupported,
  unsupported,
} from "./backend.ts";
import { versionsOf } from "./versions.ts";

/** The arguments that print the client's own version; `podman info` prints the service's. */
export const CLIENT_VERSION_ARGS: Question["args"] = ["version", "--format", "{{.Client.Version}}"];

/** Earlier clients cannot write a layout directory with `podman save`. Source: podman's RELEASE_NOTES.md, 5.8.4. */
const CLIENT_SINCE = "5.8.4";
/** Earlier services do not receive named contexts. Source: the same, 5.6.0. */
const SERVICE_SINCE = "5.6.0";

/** @throws Failure `tool` if the client or the service is too old. */
export function checkVersions(client: Captured | undefined, { podman: service }: Engine["versions"]): void {
  const { podman: own } = versionsOf({ podman: client?.stdout });
  const old = [
    ...tooOld(own, CLIENT_SINCE, "the client", "to save the image"),
    ...tooOld(service, SERVICE_SINCE, "the service", "for named contexts"),
  ];
  if (old.length === 0) return;
  throw new Failure("tool", old.join(" · "), {
    code: "TooOld",
    lines: old,
    hint: "Update it, run podman on the machine of the service, or name a buildkitd in the input builder.",
  });
}

function tooOld(version: string | undefined, since: string, part: string, purpose: string): readonly string[] {
  return version !== undefined && lt(version, since)
    ? [`podman ${version} is too old as ${part}: ${since} or later is needed ${purpose}`]
    : [];
}

const FORMATS = { layout: "oci-dir", "oci-archive": "oci-archive" } as const;

/**
 * The remote client can push only to registries, so it saves the image to a local file. The bytes are those that a push
 * of a local podman to a layout gives.
 * Source: https://docs.podman.io/en/latest/markdown/podman-save.1.html
 */
export function saveFromService(
  image: Argument,
  { features: { platforms, compression, format: mediaTypes } }: Plan,
  evidence: Extract<Evidence, { kind: keyof typeof FORMATS }>,
): Required<Pick<DeliverySteps, "steps" | "evidence">> | Unsupported {
  if ((platforms ?? []).length > 1) return unsupported("podman's remote client saves only one platform at a time");
  if (compression !== undefined && (compression.format !== "gzip" || compression.level !== undefined)) {
    return unsupported("podman's service compresses saved layers with gzip, at its default level");
  }
  if (mediaTypes === "docker") return unsupported("podman's service saves only OCI images");
  const format = FORMATS[evidence.kind];
  const args = ["save", "--format", format, "--output", evidence.path, image];
  return {
    steps: [{ kind: "run", command: { title: `podman save ${format}`, tool: "podman", args } }],
    evidence: [evidence],
  };
}

/** Only a service can become unreachable: podman without an address has no daemon. */
export const nodeDiagnosis: NodeDiagnosis = {
  question: () => ({ args: ["version"] }),
  unreachable: (answer, { builder }) =>
    builder === undefined || answer?.code === 0 ? undefined : [`the podman service at ${builder}`],
};
