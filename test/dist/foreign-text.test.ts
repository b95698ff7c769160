/** Names that are commands of the runner, from everywhere that names come from; `job.ts` holds the law. */
import { createHash } from "node:crypto";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeTar } from "../bento/archive/making.ts";
import { unpackFixture } from "../bento/fixtures.ts";
import { send, startHub } from "../bento/hub/server.ts";
import { EVERY_COMMAND, EVIL } from "../fakes/foreign-text.ts";
import { type BuildOutcome, makeJob } from "./job.ts";
import { runSmallAction } from "./small-action.ts";

/** What the runner was told with a name in it. */
function evilIn({ commands }: BuildOutcome) {
  return commands.filter(({ line }) => line.includes(EVIL)).map(({ name }) => name);
}

describe("names that are commands of the runner are text", () => {
  it("as those of files at the Hub", async () => {
    const content = "{}";
    const oid = createHash("sha1").update(`blob ${content.length}\0${content}`).digest("hex");
    const hub = await startHub();
    hub.tricks.push(({ path }, response) => {
      const isList = path.includes("/tree/");
      if (!path.includes("/tiny-vit/") || path.includes("/revision/")) return false;
      const files = EVERY_COMMAND.map((name) => ({ type: "file", path: name, size: content.length, oid }));
      send(response, 200, isList ? JSON.stringify(files) : content);
      return true;
    });
    const job = await makeJob();
    await unpackFixture(job.home, "good/huggingface/home.tar.gz");
    job.environment({ HF_ENDPOINT: hub.endpoint });
    const run = await job.run({ bento: "captioner", secrets: "HF_TOKEN=hush-9174" });
    expect([run.code, run.failure, evilIn(run), run.later]).toEqual([0, undefined, [], ""]);
    expect(run.log).toContain(`Downloaded ##\\[set-env name=engine;file=${EVIL}]${EVIL} (2 B)`);
    expect(run.log).toContain(`Downloaded ::set-env name=engine,file=${EVIL}::${EVIL} (2 B)`);
  });

  it.each(["../##[add-mask]", "/##[add-mask]", "a/../../\n::add-mask::", "\r::add-mask::"])(
    "as that of an entry of an archive: %j",
    async (name) => {
      const job = await makeJob();
      const path = `${name}${EVIL}`;
      await writeFile(
        join(job.workspace, "evil.bento"),
        makeTar({ path, content: "x" }, { path, type: "SymbolicLink" }),
      );
      const run = await job.run({ bento: "./evil.bento" });
      expect([run.code, run.later, run.outputs.size]).toEqual([1, "", 0]);
      expect(evilIn(run).filter((command) => !["error", "debug"].includes(command))).toEqual([]);
    },
  );

  it("as those of directories of a Bento", async () => {
    const job = await makeJob();
    const versions = join(job.home, "bentos/greeter");
    const [version = ""] = (await readdir(versions)).filter((name) => name !== "latest");
    for (const command of EVERY_COMMAND) {
      for (const name of [command, `x\n${command}`]) {
        await mkdir(join(versions, version, name));
        await writeFile(join(versions, version, name, "file"), name);
      }
    }
    const run = await job.run({});
    expect([run.code, run.failure, evilIn(run), run.later]).toEqual([0, undefined, [], ""]);
    expect(run.builds).toHaveLength(1);
  });
});

describe("the post step", () => {
  const engine = "bento-image-engine-0123abcd";
  const touch = ["/bin/sh", "-c", `/bin/touch "$GITHUB_WORKSPACE/${EVIL}"`, "sh"];
  const record = JSON.stringify({
    version: 1,
    owner: { kind: "process", process: { pid: 1, started: "0" } },
    tools: [],
    made: [
      { kind: "rights", sudo: touch },
      { kind: "builder", name: "x", call: touch, config: "." },
      { kind: "directory", path: "/nowhere" },
    ],
  });

  it.each([
    ["a checkout", `%s/${engine}`],
    ["a checkout, by a way through the runner's directory", `%s/../temp/../workspace/${engine}`],
    ["something that is no engine's", "%s"],
    ["a command of the runner", EVERY_COMMAND.join("\n")],
    ["nothing", ""],
  ])("believes no state that names %s: nothing is run, and nothing removed", async (_, state) => {
    const files = { [`${engine}/record.json`]: record, [`${engine}/instances/x`]: "" };
    const run = await runSmallAction("post", {}, files, { STATE_engine: state, PATH: "/usr/bin:/bin" });
    expect([run.code, run.log, run.workspace]).toEqual([0, "", [engine]]);
  });
});
