import * as core from "@actions/core";
import type { Actions, Annotation } from "./world.ts";

function properties(annotation: Annotation = {}): core.AnnotationProperties {
  return {
    ...(annotation.title === undefined ? {} : { title: annotation.title }),
    ...(annotation.file === undefined ? {} : { file: annotation.file }),
    ...(annotation.line === undefined ? {} : { startLine: annotation.line }),
  };
}

/** The runner's own channels. `hasSummary` is false where the runner gives no summary file (older GHES, plain shells). */
export function realActions(hasSummary: boolean): Actions {
  return {
    info: core.info,
    debug: core.debug,
    notice: (message, annotation) => core.notice(message, properties(annotation)),
    warning: (message, annotation) => core.warning(message, properties(annotation)),
    error: (message, annotation) => core.error(message, properties(annotation)),
    startGroup: core.startGroup,
    endGroup: core.endGroup,
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
