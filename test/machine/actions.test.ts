import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { realActions } from "../../src/machine/actions.ts";
import type { Actions } from "../../src/machine/machine.ts";
import { EVERY_COMMAND, EVIL, foreignText } from "../fakes/foreign-text.ts";
import { COMMANDS, commandsIn, parseCommandFile, unmeantIn } from "../fakes/runner.ts";

/** The commands that the runner reads in the log. */
function printed(say: (actions: Actions) => void): string {
  let output = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    output += text;
    return true;
  });
  try {
    say(realActions(false));
  } finally {
    write.mockRestore();
  }
  return output;
}

function heard(say: (actions: Actions) => void) {
  return commandsIn(printed(say)).map(({ form, name, properties, data }) => ({ form, name, properties, data }));
}

/** The text as escaped in the message of a command, so that older runners read no command in it. */
function marked(text: string): string {
  return text.replaceAll("##[", "##\\[");
}

describe("The runner's parsers", () => {
  it("read every command in both forms, in any case, after blanks and inside a line", () => {
    for (const text of EVERY_COMMAND.filter((line) => !/^..?.?evil/.test(line))) {
      const [, name] = /^(?:::|##\[)([a-z-]+)/.exec(text) ?? [];
      expect(commandsIn(text)[0]).toMatchObject({ name, data: EVIL, properties: { name: "engine", file: EVIL } });
      expect(commandsIn(` \u0085\t${text.toUpperCase()}`)).toHaveLength(1);
    }
    expect(commandsIn("#7 0.1 ##[add-mask]x")).toMatchObject([{ form: "##[", name: "add-mask", data: "x" }]);
    expect(commandsIn("#7 0.1 ::add-mask::x")).toEqual([]);
    expect(commandsIn("fine\r::add-mask::x")).toHaveLength(1);
  });

  it("decode the escapes of @actions/core in messages and properties", () => {
    const message = "100 %\r\n%0A: a, b";
    expect(heard((actions) => actions.error(message, { title: "a, b: c\n::", file: "%3A\r\nx", line: 3 }))).toEqual([
      { form: "::", name: "error", data: message, properties: { title: "a, b: c\n::", file: "%3A\r\nx", line: "3" } },
    ]);
  });

  it("ignore commands between stop-commands and its token", () => {
    const lines = ["::stop-commands::t0ken", "::add-mask::x", "::T0KEN::", "::add-mask::y"].join("\n");
    expect(commandsIn(lines).map(({ name }) => name)).toEqual(["stop-commands", "T0KEN", "add-mask"]);
  });

  it("compare text by culture, which ignores soft hyphens", () => {
    expect(commandsIn("::set-output name=a:\u00ad:b")).toMatchObject([{ name: "set-output" }]);
  });
});

describe("A line of the log", () => {
  it.each(EVERY_COMMAND)("is not a command: %s", (text) => {
    for (const around of ["", "  ", "\u0085", "#7 0.1 ", "fine\r", "fine\n", "\u00ad"]) {
      expect(heard((actions) => actions.info(`${around}${text}`))).toEqual([]);
    }
  });

  it("is not a command for any text", () => {
    fc.assert(
      fc.property(foreignText, (text) => {
        expect(heard((actions) => actions.info(text))).toEqual([]);
      }),
      { numRuns: 3_000 },
    );
  });

  it("is unchanged without commands, and gets one visible character for each command otherwise", () => {
    const lines = [
      "a::b::c",
      "std::vector",
      "# [x] ## [y]",
      "\u001b[31mred\u001b[0m",
      "a\tb",
      "",
      "::",
      " ::error:: x",
    ];
    expect(printed((actions) => lines.forEach(actions.info))).toBe(
      [
        "a::b::c",
        "std::vector",
        "# [x] ## [y]",
        "\u001b[31mred\u001b[0m",
        "a\tb",
        "",
        "\\::",
        " \\::error:: x",
        "",
      ].join("\n"),
    );
    expect(printed((actions) => actions.info("#7 ##[group]a ##[endgroup]"))).toBe("#7 ##\\[group]a ##\\[endgroup]\n");
  });

  it("may be very long and consist of one repeated character", () => {
    for (const crumb of [" ", "\n", "\r", "\n ", ":", "#", "##[", "::", "\u00ad"]) {
      printed((actions) => actions.info(`${crumb.repeat(100_000)}::`));
    }
  });
});

describe("A message of the action to the runner", () => {
  it.each(["notice", "warning", "error"] as const)("as %s is one command with the message and its position", (kind) => {
    const annotation = fc.record({ title: foreignText, file: foreignText, line: fc.integer({ min: 1 }) });
    fc.assert(
      fc.property(foreignText, annotation, (message, { title, file, line }) => {
        const [first, ...others] = heard((actions) => actions[kind](message, { title, file, line }));
        expect(others).toEqual([]);
        expect(first).toMatchObject({ form: "::", name: kind });
        expect(first?.properties["line"]).toBe(`${line}`);
        expect(first?.data).toBe(marked(message));
        expect(first?.properties["title"] ?? "").toBe(marked(title));
        expect(first?.properties["file"] ?? "").toBe(marked(file));
        expect(Object.keys(first?.properties ?? {}).every((name) => ["title", "file", "line"].includes(name))).toBe(
          true,
        );
      }),
    );
  });

  it("contains nothing that an older runner, which does not know the command, reads as another one", () => {
    fc.assert(
      fc.property(foreignText, (text) => {
        const output = printed((actions) => {
          for (const kind of ["notice", "warning", "error"] as const) actions[kind](text, { title: text, file: text });
          actions.debug(text);
          actions.openGroup(text).info(text);
        });
        expect(output).not.toContain("##[");
      }),
    );
  });

  it("as the title of a group is one line", () => {
    fc.assert(
      fc.property(foreignText, (title) => {
        const commands = heard((actions) => {
          actions.openGroup(title).end();
        });
        expect(commands.map(({ name }) => name)).toEqual(["group", "endgroup"]);
        expect(commands[0]?.data).not.toMatch(/[\r\n\u0085\u2028\u2029]/);
      }),
    );
  });

  it("is read as exactly the intended commands", () => {
    const output = printed((actions) => {
      const group = actions.openGroup("docker build");
      group.info(EVERY_COMMAND.join("\n"));
      group.end();
      actions.warning("Mind the gap.");
    });
    expect(unmeantIn(output)).toEqual([]);
    const named = COMMANDS.filter(
      (name) => !["debug", "notice", "warning", "error", "add-mask", "group"].includes(name),
    );
    for (const name of named) expect(unmeantIn(`::${name}::x`)).toHaveLength(1);
    for (const name of COMMANDS) expect(unmeantIn(`#7 0.1 ##[${name}]x`)).toHaveLength(1);
    expect(unmeantIn("::group::a\n::group::b")).toEqual(["::group::b"]);
  });
});

describe("A group of the log", () => {
  it("holds its own lines only, and is opened again for the next one", () => {
    const output = printed((actions) => {
      const build = actions.openGroup("docker build");
      build.info("#1 [internal] load build definition");
      actions.info("model.bin: uploading 5.0 GB");
      actions.info("uploading models 1.0 of 5.0 GB");
      build.info("#2 DONE 0.1s");
      const other = actions.openGroup("docker load");
      build.end();
      other.info("Loaded");
      actions.warning("Mind the gap.");
      other.end();
      other.end();
    });
    expect(output.trimEnd().split("\n")).toEqual([
      "::group::docker build",
      "#1 [internal] load build definition",
      "::endgroup::",
      "model.bin: uploading 5.0 GB",
      "uploading models 1.0 of 5.0 GB",
      "::group::docker build, continued",
      "#2 DONE 0.1s",
      "::endgroup::",
      "::group::docker load",
      "Loaded",
      "::endgroup::",
      "::warning::Mind the gap.",
    ]);
    expect(unmeantIn(output)).toEqual([]);
  });
});

describe("Outputs, state and variables", () => {
  const FILES = { GITHUB_OUTPUT: "output", GITHUB_STATE: "state", GITHUB_ENV: "variables" };

  it("have exactly the given values, for any text", async () => {
    const directory = await mkdtemp(join(tmpdir(), "bento-actions-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    onTestFinished(() => void vi.unstubAllEnvs());
    for (const [name, file] of Object.entries(FILES)) vi.stubEnv(name, join(directory, file));
    const line = fc.constantFrom("a=b", "a<<b", "b", "ghadelimiter_", "", "\r", "x\ndigest<<y\nz\ny", ...EVERY_COMMAND);
    const value = fc.oneof(
      foreignText,
      fc.array(line).map((lines) => lines.join("\n")),
    );
    await fc.assert(
      fc.asyncProperty(value, async (text) => {
        for (const file of Object.values(FILES)) await writeFile(join(directory, file), "");
        const output = printed((actions) => {
          actions.setOutput("digest", text);
          actions.saveState("engine", text);
          actions.exportVariable("BENTO_TEST", text.replaceAll("\0", ""));
        });
        expect(output).toBe("");
        const read = async (file: string) => [...parseCommandFile(await readFile(join(directory, file), "utf8"))];
        const whole = Buffer.from(text).toString();
        expect(await read(FILES.GITHUB_OUTPUT)).toEqual([["digest", whole]]);
        expect(await read(FILES.GITHUB_STATE)).toEqual([["engine", whole]]);
        expect(await read(FILES.GITHUB_ENV)).toEqual([["BENTO_TEST", whole.replaceAll("\0", "")]]);
      }),
    );
    delete process.env["BENTO_TEST"];
  });

  it("are one command each on a runner without files", () => {
    for (const name of Object.keys(FILES)) vi.stubEnv(name, "");
    onTestFinished(() => void vi.unstubAllEnvs());
    fc.assert(
      fc.property(foreignText, (text) => {
        const commands = heard((actions) => {
          actions.setOutput("digest", text);
          actions.saveState("engine", text);
        });
        expect(commands).toEqual([
          { form: "::", name: "set-output", properties: { name: "digest" }, data: text },
          { form: "::", name: "save-state", properties: { name: "engine" }, data: text },
        ]);
      }),
    );
  });
});

describe("A summary", () => {
  it("contains no masked value, the longest first", async () => {
    const directory = await mkdtemp(join(tmpdir(), "bento-summary-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    const file = join(directory, "summary");
    await writeFile(file, "");
    vi.stubEnv("GITHUB_STEP_SUMMARY", file);
    onTestFinished(() => void vi.unstubAllEnvs());
    const actions = realActions(true);
    printed(() => {
      for (const mask of ["", "hush-hush", "hush-hush-5719"]) actions.mask(mask);
    });
    await actions.writeSummary("a hush-hush-5719 b hush-hush c");
    expect(await readFile(file, "utf8")).toBe("a *** b *** c\n");
    expect(actions.hide("hush-hush!")).toBe("***!");
  });
});
