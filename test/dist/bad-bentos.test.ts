import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fixture, readJson, unpackFixture } from "../bento/fixtures.ts";
import { makeJob } from "./job.ts";

interface Case {
  readonly id: string;
  readonly kind: "archive" | "directory" | "store";
  readonly input: string;
  readonly home?: string;
  readonly expect: "accept" | "reject" | "either";
  readonly message_names: readonly string[];
}

const { cases } = await readJson<{ cases: readonly Case[] }>("bad/expected.json");
/** Root may read every file, so that this refusal cannot be had here; test/bento plays it. */
const refused = cases.filter(({ expect: outcome, id }) => outcome === "reject" && id !== "unreadable-file");

describe("a bad Bento is told on the first line and leaves nothing behind", () => {
  it.each(refused)("$id", async ({ kind, input, home, message_names }) => {
    const job = await makeJob();
    const given = join(job.root, "given");
    if (kind === "directory") await unpackFixture(given, "bad/dirs.tar.gz", input);
    if (home !== undefined) await unpackFixture(given, "bad/homes.tar.gz", home);
    const bento = { archive: fixture("bad", input), directory: join(given, input), store: input }[kind];
    const run = await job.run({ bento, "bentoml-home": home === undefined ? job.home : join(given, home) });
    expect(run.failure).toMatch(/^\[(?:bento|input)\] /);
    for (const name of message_names) expect(run.failure).toContain(name);
    expect([run.code, run.calls, run.outputs.size, run.leftovers]).toEqual([1, [], 0, []]);
  });
});
