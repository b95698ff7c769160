/** What a story says, for people at a terminal and for logs of other systems: plain lines on standard error. */
import { stripVTControlCharacters } from "node:util";
import { openHider } from "../machine/hide.ts";
import { asOneLine } from "../machine/log-text.ts";
import type { Actions, Annotation } from "../machine/machine.ts";
import { openProgress, type ProgressState, printProgress } from "../machine/progress.ts";
import type { Terminal } from "../machine/terminal.ts";

export interface Talk extends Actions {
  readonly outputs: ReadonlyMap<string, string>;
  /** Empty if the story has written none. */
  readonly summary: () => string;
  /** The text without secrets and control characters. */
  readonly clean: (text: string) => string;
}

/** Milliseconds between two lines about the progress of a task. */
const LINE_INTERVAL = 10_000;
/** Milliseconds between two states of a bar. */
const BAR_INTERVAL = 200;

const BOLD = 1;
const RED = 31;
const YELLOW = 33;
const CYAN = 36;

/** Clears the line that the cursor is in. */
const CLEAR = "\r\u001b[K";

export function openTalk(terminal: Terminal, { debug }: { readonly debug: boolean }): Talk {
  const hider = openHider();
  const outputs = new Map<string, string>();
  const state = new Map<string, string>();
  const bar = openBar(terminal);
  let summary = "";

  // First the sequences that a terminal does not show: a secret could be divided by them.
  const clean = (text: string): string => hider.hide(withoutControls(text));
  const paint = (text: string, color: number): string =>
    terminal.hasColors ? `\u001b[${color}m${text}\u001b[0m` : text;
  const write = (text: string, change: (line: string) => string = (line) => line): void => {
    const lines = clean(text).split("\n").map(change);
    bar.above(lines.map((line) => `${line}\n`).join(""));
  };
  const annotate =
    (label: string, color: number): Actions["error"] =>
    (message, annotation) => {
      const [first = "", ...others] = headed(message, annotation).split("\n");
      write([`${label}: ${first}`, ...others].join("\n"), (line) =>
        line.startsWith(`${label}: `) ? `${paint(`${label}:`, color)}${line.slice(label.length + 1)}` : line,
      );
    };

  return {
    outputs,
    clean,
    summary: () => hider.hide(summary),
    info: (text) => write(text),
    debug: (text) => (debug ? write(text, (line) => `debug: ${line}`) : undefined),
    notice: annotate("note", CYAN),
    warning: annotate("warning", YELLOW),
    error: annotate("error", RED),
    openGroup(title, of = "program") {
      if (of === "file" && !debug) return { info: () => undefined, end: () => undefined };
      write(asOneLine(title), (line) => paint(line, BOLD));
      return { info: (text) => write(text, (line) => `  ${line}`), end: () => undefined };
    },
    progress:
      terminal.columns() === undefined
        ? openProgress((task) => (task.isOver ? undefined : write(printProgress(task))), LINE_INTERVAL)
        : openProgress((task) => bar.show({ ...task, title: clean(task.title) }), BAR_INTERVAL),
    mask: hider.add,
    hide: hider.hide,
    setOutput: (name, value) => void outputs.set(name, value),
    // There are no later steps.
    exportVariable: () => undefined,
    addPath: () => undefined,
    saveState: (name, value) => void state.set(name, value),
    getState: (name) => state.get(name) ?? "",
    async writeSummary(markdown) {
      summary += markdown;
    },
  };
}

function headed(message: string, { title, file, line }: Annotation = {}): string {
  const where = file === undefined ? "" : ` (${[file, line].filter((part) => part !== undefined).join(":")})`;
  return title === undefined ? `${message}${where}` : `${title}${where}\n${message}`;
}

/** Without escape sequences, and without control characters except tabs and line ends: a terminal would obey them. */
function withoutControls(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\P{Cc}\t\n]/gu, "");
}

interface Bar {
  show(task: ProgressState): void;
  /** Prints text above the bar. */
  above(text: string): void;
}

/** One line at the end of the log. Of several tasks it shows the one that began first. */
function openBar({ log, columns }: Terminal): Bar {
  const tasks = new Map<string, ProgressState>();
  let isDrawn = false;
  const clear = (): string => (isDrawn ? CLEAR : "");
  const draw = (): string => {
    const [task] = tasks.values();
    isDrawn = task !== undefined;
    return task === undefined ? "" : barOf(task, columns() ?? 0);
  };
  return {
    show(task) {
      if (task.isOver) tasks.delete(task.title);
      else tasks.set(task.title, task);
      log(`${clear()}${draw()}`);
    },
    above(text) {
      log(`${clear()}${text}${draw()}`);
    },
  };
}

const BAR_WIDTH = 20;

/** In one line less than the columns: a terminal would begin a new line after the last. */
function barOf(task: ProgressState, columns: number): string {
  const { done, total } = task;
  const text = printProgress(task);
  if (total === undefined || total === 0) return text.slice(0, Math.max(columns - 1, 0));
  const full = Math.round((Math.min(done, total) * BAR_WIDTH) / total);
  return `[${"#".repeat(full)}${"-".repeat(BAR_WIDTH - full)}] ${text}`.slice(0, Math.max(columns - 1, 0));
}
