/** Steps of a build that speak to the runner, on real engines: whatever they print, and however the engine prints that, is text. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EVERY_COMMAND, EVIL } from "../fakes/foreign-text.ts";
import { BACKENDS, type BackendName, type Lab, openLab } from "./backends.ts";
import { unpackHome } from "./bento.ts";
import { type Run, runAction, told } from "./runner.ts";

let lab: Lab;
let home: string;
let directory: string;

beforeAll(async () => {
  lab = await openLab();
  home = await unpackHome("minimal");
  directory = await mkdtemp(join(tmpdir(), "bento-image-foreign-"));
});

afterAll(async () => {
  await rm(home, { recursive: true });
  await rm(directory, { recursive: true });
});

/** Each command as a line, after blanks, and after what a terminal would take for the beginning of a line. */
const WORDS = EVERY_COMMAND.flatMap((command) => ["", " \\t", "fine\\r"].map((before) => `'${before}${command}'`));
const SAY = `printf '%b\\n' ${WORDS.join(" ")}`;
/** A line in two pieces, the second of which comes later. */
const SAY_SLOWLY = `printf '::add-'; sleep 1; printf 'mask::${EVIL}\\n##[add-'; sleep 1; printf 'mask]${EVIL}\\n'`;

async function build(name: BackendName, what: string, step: string): Promise<Run> {
  const dockerfile = join(directory, `Dockerfile.${name}-${what}`);
  await writeFile(dockerfile, `FROM busybox:stable\nRUN ${step}\n`);
  const bento = { bento: "greeter", "bentoml-home": home };
  const inputs = { ...bento, dockerfile, push: "true", tags: `${lab.registry}/foreign/${name}:${what}` };
  return runAction({ ...inputs, ...lab.backends[name].inputs }, lab.backends[name].env);
}

describe.each(BACKENDS)("a step that prints every command of the runner, with %s,", (name) => {
  it("changes no output, mask, state or variable", async () => {
    const quiet = await build(name, "quiet", "echo fine");
    const run = await build(name, "loud", `${SAY} && ${SAY} >&2 && ${SAY_SLOWLY}`);
    expect([run.code, run.commands.filter(({ name: command }) => command === "error")]).toEqual([0, []]);
    expect(run.commands.map(({ line }) => line)).toEqual(quiet.commands.map(({ line }) => line));
    expect([Object.keys(run.outputs), run.later]).toEqual([Object.keys(quiet.outputs), quiet.later]);
    const { commands: _, dockerfile: __, ...outputs } = run.outputs;
    expect(JSON.stringify(outputs)).not.toContain(EVIL);
    expect(run.summary).not.toContain(EVIL);
    for (const command of ["add-mask", "save-state", "stop-commands"])
      expect(run.log).toContain(`##\\[${command} name`);
  });

  it("and fails, is in the error as text", async () => {
    const run = await build(name, "failing", `${SAY}; ${SAY} >&2; exit 42`);
    expect([run.code, told(run)]).toEqual([1, expect.stringMatching(/^\[run-step\]/)]);
    const [error, ...others] = run.commands.filter(({ data }) => data.includes(EVIL));
    expect([error?.name, others]).toEqual(["error", []]);
    expect(error?.data).not.toContain("##[");
    expect([run.outputs, run.later]).toEqual([{}, ""]);
  });
});
