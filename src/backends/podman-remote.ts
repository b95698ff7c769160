/** podman where only the interface of a service is here (`CONTAINER_HOST`, `podman --remote`). */
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

/** The client alone tells its own version; `podman info` tells the service's. */
export const askForClient: Question["args"] = ["version", "--format", "{{.Client.Version}}"];

/** Before, `podman save` of the client writes no directory of a layout. Source: podman's RELEASE_NOTES.md, 5.8.4. */
const CLIENT_SINCE = "5.8.4";
/** Before, named contexts do not reach the service. Source: the same, 5.6.0. */
const SERVICE_SINCE = "5.6.0";

/** @throws Failure `tool` when client or service is too old to build for each other. */
export function checkPair(client: Captured | undefined, { podman: service }: Engine["versions"]): void {
  const { podman: own } = versionsOf({ podman: client?.stdout });
  const old = [
    ...isOld(own, CLIENT_SINCE, "the client, which takes the image over"),
    ...isOld(service, SERVICE_SINCE, "its service, which takes named contexts"),
  ];
  if (old.length === 0) return;
  throw new Failure("tool", old.join(" · "), {
    code: "TooOld",
    lines: old,
    hint: "Update it, use podman where the service runs, or name a buildkitd in the input builder.",
  });
}

function isOld(version: string | undefined, since: string, what: string): readonly string[] {
  return version !== undefined && lt(version, since)
    ? [`podman ${version} is too old as ${what} from ${since} on`]
    : [];
}

const FORMATS = { layout: "oci-dir", "oci-archive": "oci-archive" } as const;

/**
 * The remote client's push goes to registries alone; what the service saves it writes on this side, with the bytes that
 * a push of podman's own to a layout gives.
 * Source: https://docs.podman.io/en/latest/markdown/podman-save.1.html
 */
export function saveFromService(
  image: Argument,
  { features: { platforms, compression, format: mediaTypes } }: Plan,
  evidence: Extract<Evidence, { kind: keyof typeof FORMATS }>,
): Required<Pick<DeliverySteps, "steps" | "evidence">> | Unsupported {
  if ((platforms ?? []).length > 1) return unsupported("podman's remote client takes one platform at a time over");
  if (compression !== undefined && (compression.format !== "gzip" || compression.level !== undefined)) {
    return unsupported("podman's service saves layers with gzip, at its own level");
  }
  if (mediaTypes === "docker") return unsupported("podman's service saves OCI images");
  const format = FORMATS[evidence.kind];
  const args = ["save", "--format", format, "--output", evidence.path, image];
  return {
    steps: [{ kind: "run", command: { title: `podman save ${format}`, tool: "podman", args } }],
    evidence: [evidence],
  };
}

/** podman without an address has no process of its own. */
export const nodeDiagnosis: NodeDiagnosis = {
  question: () => ({ args: ["version"] }),
  unreachable: (answer, { builder }) =>
    builder === undefined || answer?.code === 0 ? undefined : [`the podman service at ${builder}`],
};
