import type { Argument, Evidence, Step } from "../backends/backend.ts";
import { printPlatform } from "../oci/platform.ts";
import { printReference, printRepository } from "../oci/reference.ts";
import type { Secret } from "../secrets/secret.ts";
import type { NonEmpty } from "../values.ts";
import { printComment, quoteArgument } from "./quote.ts";

/** A file that must be there before the first step. */
export interface FileWrite {
  readonly path: string;
  readonly content: string | Secret;
  readonly mode: number;
}

/** A whole build as a value: printable, comparable, and executed by `execute` alone. */
export interface Script {
  readonly files: readonly FileWrite[];
  readonly steps: NonEmpty<Step>;
  readonly evidence: readonly Evidence[];
  /** Paths outside the scratch directory that the steps create; removed again when a step fails. */
  readonly creates: readonly string[];
}

/** The command as one line for a POSIX shell. */
export function printCommand(tool: string, args: readonly Argument[]): string {
  return [tool, ...args].map(quoteArgument).join(" ");
}

/**
 * Every step as one line for a shell. What this action does with its own registry client is printed as the equivalent
 * skopeo command.
 */
export function printScript(script: Script): readonly string[] {
  return script.steps.flatMap(printStep);
}

function printStep(step: Step): readonly string[] {
  switch (step.kind) {
    case "run":
      return [printCommand(step.command.tool, step.command.args)];
    case "load":
      return [printCommand("docker", ["load", "--input", step.archive])];
    case "upload":
      return step.to.map((reference) => printCopy(`oci:${step.layout}`, `docker://${printReference(reference)}`));
    case "upload-by-digest":
      // Source: containers/image, docs/containers-transports.5.md
      return step.to.map((repository) =>
        printCopy(`oci:${step.layout}`, `docker://${printRepository(repository)}@@unknown-digest@@`),
      );
    case "adopt":
      return [printComment(`then ${step.directory} becomes ${step.name} in the layout ${step.layout}, by this action`)];
    case "join": {
      const platforms = step.members.map(({ platform }) => printPlatform(platform)).join(", ");
      return [printComment(`then the index of ${platforms} in ${step.layout}, by this action`)];
    }
    case "copy":
      return step.to.map((reference) =>
        printCopy(`docker://${printReference(step.from)}`, `docker://${printReference(reference)}`),
      );
  }
}

function printCopy(from: string, to: string): string {
  return printCommand("skopeo", ["copy", "--all", "--preserve-digests", from, to]);
}
