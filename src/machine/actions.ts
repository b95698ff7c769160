import * as core from "@actions/core";
import { asLogText, asOneLine, breakBrackets } from "./log-text.ts";
import type { Actions, Annotation } from "./machine.ts";

function properties({ title, file, line }: Annotation = {}): core.AnnotationProperties {
  return {
    ...(title === undefined ? {} : { title: breakBrackets(title) }),
    ...(file === undefined ? {} : { file: breakBrackets(file) }),
    ...(line === undefined ? {} : { startLine: line }),
  };
}

function annotate(issue: typeof core.error): Actions["error"] {
  return (message, annotation) => issue(breakBrackets(message), properties(annotation));
}

/**
 * The runner's workflow commands. Only this module writes to standard output, and it escapes text so that the runner never
 * executes it as a command. `hasSummary` is false if the runner has no summary file (older GHES, plain shells).
 */
export function realActions(hasSummary: boolean): Actions {
  const masks = new Set<string>();

  function hide(text: string): string {
    const longestFirst = [...masks].sort((one, other) => other.length - one.length);
    return longestFirst.reduce((left, mask) => left.replaceAll(mask, "***"), text);
  }

  return {
    info: (text) => core.info(asLogText(text)),
    debug: (text) => core.debug(breakBrackets(text)),
    notice: annotate(core.notice),
    warning: annotate(core.warning),
    error: annotate(core.error),
    startGroup: (title) => core.startGroup(breakBrackets(asOneLine(title))),
    endGroup: core.endGroup,
    mask(value) {
      if (value !== "") masks.add(value);
      core.setSecret(value);
    },
    hide,
    setOutput: (name, value) => core.setOutput(name, value),
    exportVariable: (name, value) => core.exportVariable(name, value),
    addPath: core.addPath,
    saveState: (name, value) => core.saveState(name, value),
    getState: core.getState,
    async writeSummary(markdown) {
      // GitHub's runner masks the lines of a summary when the step has ended; others, such as act, show them as they are.
      if (hasSummary) await core.summary.addRaw(hide(markdown), true).write();
    },
  };
}
