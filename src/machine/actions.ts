import * as core from "@actions/core";
import { asLogText, asOneLine, breakBrackets } from "./log-text.ts";
import type { Actions, Annotation } from "./machine.ts";
import { openProgress, printProgress } from "./progress.ts";

/** Milliseconds between two lines about the progress of a task. */
const PROGRESS_INTERVAL = 10_000;

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
  const info = (text: string): void => core.info(asLogText(text));
  return {
    info,
    debug: (text) => core.debug(breakBrackets(text)),
    notice: annotate(core.notice),
    warning: annotate(core.warning),
    error: annotate(core.error),
    startGroup: (title) => core.startGroup(breakBrackets(asOneLine(title))),
    endGroup: core.endGroup,
    progress: openProgress((state) => {
      if (!state.isOver) info(printProgress(state));
    }, PROGRESS_INTERVAL),
    mask: core.setSecret,
    setOutput: (name, value) => core.setOutput(name, value),
    exportVariable: (name, value) => core.exportVariable(name, value),
    addPath: core.addPath,
    saveState: (name, value) => core.saveState(name, value),
    getState: core.getState,
    async writeSummary(markdown) {
      if (hasSummary) await core.summary.addRaw(markdown, true).write();
    },
  };
}
