import * as core from "@actions/core";
import { asFailure } from "../errors.ts";
import { openHider } from "./hide.ts";
import { asLogText, asOneLine, breakBrackets } from "./log-text.ts";
import type { Actions, Annotation, LogGroup } from "./machine.ts";
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

/**
 * The runner's workflow commands. Only this module writes to standard output, and it escapes text so that the runner never
 * executes it as a command. `hasSummary` is false if the runner has no summary file (older GHES, plain shells).
 */
export function realActions(hasSummary: boolean): Actions {
  // Without its reader a write fails, and the report of that error would be another write, without end.
  if (process.stdout.listenerCount("error") === 0) process.stdout.on("error", () => undefined);
  const print = (text: string): void => core.info(asLogText(text));
  const { openGroup, closeGroup } = logGroups(print);
  const info = (text: string): void => {
    closeGroup();
    print(text);
  };
  const annotate =
    (issue: typeof core.error): Actions["error"] =>
    (message, annotation) => {
      closeGroup();
      issue(breakBrackets(message), properties(annotation));
    };
  const hider = openHider();
  return {
    info,
    debug: (text) => core.debug(breakBrackets(text)),
    notice: annotate(core.notice),
    warning: annotate(core.warning),
    error: annotate(core.error),
    openGroup,
    progress: openProgress((state) => {
      if (!state.isOver) info(printProgress(state));
    }, PROGRESS_INTERVAL),
    mask(value) {
      hider.add(value);
      core.setSecret(value);
    },
    hide: hider.hide,
    setOutput: (name, value) => core.setOutput(name, value),
    exportVariable: (name, value) => core.exportVariable(name, value),
    addPath: core.addPath,
    saveState: (name, value) => core.saveState(name, value),
    getState: core.getState,
    async writeSummary(markdown) {
      // GitHub's runner masks the lines of a summary when the step has ended; others, such as act, show them as they are.
      if (!hasSummary) return;
      try {
        await core.summary.addRaw(hider.hide(markdown), true).write();
      } catch (error) {
        info(`The job summary cannot be written: ${asFailure(error).message}`);
      }
    },
  };
}

/** The runner shows groups closed and does not nest them, so a group is interrupted by every line that is not its own. */
function logGroups(print: (text: string) => void) {
  let current: LogGroup | undefined;

  function closeGroup(): void {
    if (current !== undefined) core.endGroup();
    current = undefined;
  }

  function openGroup(title: string): LogGroup {
    let shown = title;
    const enter = (): void => {
      if (current === group) return;
      closeGroup();
      core.startGroup(breakBrackets(asOneLine(shown)));
      shown = `${title}, continued`;
      current = group;
    };
    const group: LogGroup = {
      info(line) {
        enter();
        print(line);
      },
      end() {
        if (current === group) closeGroup();
      },
    };
    enter();
    return group;
  }

  return { openGroup, closeGroup };
}
