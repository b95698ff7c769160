import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openTalk } from "../../src/command-line/talk.ts";
import type { Terminal } from "../../src/machine/terminal.ts";

function terminal(columns?: number): Terminal & { readonly logged: () => string } {
  let logged = "";
  return {
    print: () => undefined,
    log(text) {
      logged += text;
    },
    hasColors: columns !== undefined,
    columns: () => columns,
    logged: () => logged,
  };
}

/** The lines that a terminal shows, for the sequences that are used: return, and clear to the end of the line. */
function shown(text: string): readonly string[] {
  return text.split("\n").map((line) => line.split("\r\u001b[K").at(-1) ?? "");
}

describe("in a pipe", () => {
  it("messages have a label, and lines of another program stand below their title", () => {
    const log = terminal();
    const talk = openTalk(log, { debug: false });
    const group = talk.openGroup("podman build\nx");
    group.info("STEP 1");
    talk.warning("careful");
    group.info("STEP 2");
    group.end();
    talk.notice("by the way");
    talk.debug("unseen");
    talk.error("[run-step] pip failed\n→ look", { title: "A build step failed", file: "Dockerfile", line: 3 });
    expect(log.logged()).toBe(
      [
        ...["podman build x", "  STEP 1", "warning: careful", "  STEP 2", "note: by the way"],
        ...["error: A build step failed (Dockerfile:3)", "[run-step] pip failed", "→ look", ""],
      ].join("\n"),
    );
  });

  it("debug lines are shown when they are asked for", () => {
    const log = terminal();
    openTalk(log, { debug: true }).debug("GET /v2/");
    expect(log.logged()).toBe("debug: GET /v2/\n");
  });

  it("nothing that is printed moves the cursor or changes a terminal", () => {
    const log = terminal();
    openTalk(log, { debug: false }).info("a\u001b[2J\u001b]0;title\u0007b\u0008\u009b1Ac\r\nd\te");
    expect(log.logged()).toBe("abc\nd\te\n");
  });
});

describe("progress", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is a line every ten seconds in a pipe", () => {
    const log = terminal();
    const talk = openTalk(log, { debug: false });
    const task = talk.progress("uploading models", 100e6);
    for (let second = 0; second < 25; second += 1) {
      task.add(1e6);
      vi.advanceTimersByTime(1000);
    }
    task.end();
    expect(log.logged().trim().split("\n")).toEqual([
      expect.stringMatching(/^uploading models 10\.0 of 100\.0 MB, 10 %/),
      expect.stringMatching(/^uploading models 20\.0 of 100\.0 MB, 20 %/),
    ]);
  });

  it("is a bar below the log on a terminal, within its width, and gone at the end", () => {
    const log = terminal(50);
    const talk = openTalk(log, { debug: false });
    const [first, second] = [talk.progress("models", 100e6), talk.progress("pack\u001bages", 10e6)];
    first.add(50e6);
    second.add(1e6);
    vi.advanceTimersByTime(500);
    talk.info("a line");
    expect(shown(log.logged())).toEqual([
      "a line",
      expect.stringMatching(/^\[##########----------\] models 50\.0 of 100/),
    ]);
    expect(shown(log.logged()).at(-1)?.length).toBeLessThan(50);
    first.end();
    vi.advanceTimersByTime(500);
    expect(shown(log.logged()).at(-1)).toMatch(/^\[##-{18}\] packages 1\.0 of 10\.0 MB/);
    second.end();
    expect(shown(log.logged())).toEqual(["a line", ""]);
  });
});
