/** Backends that `auto` passes over, and why. */
import type { Backend } from "../backends/backend.ts";
import { Failure } from "../errors.ts";

export interface Refusal {
  readonly backend: Backend;
  readonly failure: Failure;
}

/** Whether another backend may do it: a tool or engine is missing or too old, or the plan is not supported. */
export function isRefusal(error: unknown): error is Failure {
  return error instanceof Failure && (["tool", "engine"].includes(error.class) || error.code === "Unsupported");
}

/** One line for each backend: `docker: docker is not on PATH`, `podman: provenance: podman does not create attestations`. */
export function printRefusals(refusals: readonly Refusal[]): readonly string[] {
  return refusals.map(({ backend, failure }) => {
    const reason = failure.code === "Unsupported" ? failure.lines.join(" · ") : failure.message;
    return `${backend.name}: ${reason}`;
  });
}

/** The failure if engines answer and none supports the plan, with a line for each backend. */
export function noneSuits(lines: readonly string[]): Failure {
  return new Failure(
    "input",
    `no backend on this machine supports everything that is requested: ${lines.join(" · ")}`,
    {
      code: "NoneSuits",
      lines,
      hint: "Leave out one of these inputs, or give the runner a backend that supports all of them: docs/backends.md has the table.",
    },
  );
}
