import { ownValue } from "../values.ts";
import type { BuilderNode } from "./backend.ts";

/**
 * Options of buildx's driver kubernetes.
 * Source: processDriverOpts in https://github.com/docker/buildx/blob/v0.36.1/driver/kubernetes/factory.go
 */
const OPTIONS = [
  ...["image", "replicas", "rootless", "loadbalance", "timeout"],
  ...["requests.cpu", "requests.memory", "requests.ephemeral-storage"],
  ...["limits.cpu", "limits.memory", "limits.ephemeral-storage", "buildkit-root-volume-memory"],
  ...["nodeselector", "tolerations", "annotations", "labels", "schedulername", "serviceaccount"],
  ...["qemu.install", "qemu.image"],
];

/** Options of the driver that are refused, each with the reason. */
const REFUSED: Readonly<Record<string, string>> = {
  namespace: "give it before the question mark",
  "default-load": "the inputs load, push and output control where the image goes",
  "persistent-volume-claim.requests.storage": "its volumes would stay in the cluster when the builder is removed",
};

/** The driver's default timeout, in milliseconds. Source: the same. */
const READY_WITHIN = 120_000;

/**
 * Reads `kubernetes://NAMESPACE?OPTION=VALUE&…`. The default namespace is that of the Kubernetes configuration.
 * @throws Error that names every invalid option.
 */
export function readDeployment(address: string): Pick<BuilderNode, "options" | "readyWithin"> {
  const [, namespace = "", path = "", query = ""] =
    /^kubernetes:\/\/([^/?]*)(\/[^?]*)?(?:\?(.*))?$/s.exec(address) ?? [];
  const pairs = [...new URLSearchParams(query)];
  const problems = pairs.flatMap(([name], index) => {
    const refused = ownValue(REFUSED, name);
    if (refused !== undefined) return [`${name}: ${refused}`];
    if (!OPTIONS.includes(name) && !/^env\../.test(name)) {
      return [`"${name}" is not an option of ${address.split("?")[0]} (options: ${OPTIONS.join(", ")}, env.NAME)`];
    }
    return pairs.findIndex(([other]) => other === name) === index ? [] : [`${name} is given twice`];
  });
  if (namespace !== "" && !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(namespace)) {
    problems.push(`"${namespace}" is not a valid Kubernetes namespace`);
  }
  if (path !== "") problems.push(`"${path}" is not allowed after the namespace`);
  const options = Object.fromEntries(pairs);
  const { timeout } = options;
  const readyWithin = timeout === undefined ? READY_WITHIN : milliseconds(timeout);
  if (readyWithin === undefined) problems.push(`timeout: "${timeout}" is not a duration such as 90s or 5m`);
  if (problems.length > 0) throw new Error(problems.join("; "));
  return { options: { ...(namespace === "" ? {} : { namespace }), ...options }, ...(readyWithin && { readyWithin }) };
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a duration in Go's syntax, `1m30s`; undefined if it is not one. Source: https://pkg.go.dev/time#ParseDuration */
function milliseconds(duration: string): number | undefined {
  if (!/^(?:\d{1,6}(?:ms|s|m|h))+$/.test(duration)) return undefined;
  const parts = [...duration.matchAll(/(\d{1,6})(ms|s|m|h)/g)];
  return parts.reduce((sum, [, digits, unit = ""]) => sum + Number(digits) * (UNITS[unit] ?? 0), 0);
}
