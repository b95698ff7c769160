import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { locateBento } from "../../src/bento/address.ts";
import { readBento } from "../../src/bento/bento-directory.ts";
import { locateModels } from "../../src/bento/models.ts";
import { Failure } from "../../src/errors.ts";
import type { EnclosedFiles } from "../../src/machine/enclosure.ts";
import { realFiles } from "../../src/machine/files.ts";
import type { Files } from "../../src/machine/machine.ts";
import { fixture, listTree, readJson, unpackFixture } from "./fixtures.ts";
import { makeSetting, type Setting } from "./setting.ts";

interface Case {
  readonly id: string;
  readonly kind: "archive" | "directory" | "store";
  readonly input: string;
  readonly home?: string;
  readonly expect: "accept" | "reject" | "either";
  readonly class?: string;
  readonly message_names: readonly string[];
  readonly message_names_warning?: readonly string[];
}

const { cases } = await readJson<{ cases: readonly Case[] }>("bad/expected.json");
const wanted = (outcome: Case["expect"]) => cases.filter((one) => one.expect === outcome);

async function everything({ machine }: Setting, bento: string, bentomlHome: string) {
  const read = await readBento(await locateBento({ bento, bentomlHome }, machine), machine);
  return { bento: read, models: await locateModels(read, { bentomlHome }, { ...machine, http: unreachable }) };
}

const unreachable = { request: () => Promise.reject(new Error("no test here needs the network")) };

/** Runs a case according to its kind. Nothing outside the run's own directory may change. */
async function run({ kind, input, home }: Case, setting: Setting) {
  const { root } = setting;
  const given = join(root, "given");
  if (kind === "directory") await unpackFixture(given, "bad/dirs.tar.gz", input.replace(/\/$/, ""));
  if (home !== undefined) await unpackFixture(given, "bad/homes.tar.gz", home);
  const address = { archive: fixture("bad", input), directory: `${given}/${input}`, store: input }[kind];
  const store = home === undefined ? join(root, "no-store") : join(given, home);
  const before = kind === "archive" ? [] : await listTree(given);
  const outcome = await everything(setting, address, store).then(
    (value) => ({ ...value, failure: undefined }),
    (failure: unknown) => ({ bento: undefined, models: undefined, failure }),
  );
  if (kind !== "archive") expect(await listTree(given)).toEqual(before);
  return outcome;
}

async function leftovers({ temporary }: Setting): Promise<readonly string[]> {
  const scratch = await readdir(temporary);
  return (await Promise.all(scratch.map((name) => readdir(join(temporary, name))))).flat();
}

/** Simulates a permission error, because root can read every file. */
function refusing(name: string): { readonly files: Partial<Files> } {
  const { enclosed } = realFiles("/nowhere");
  const read: EnclosedFiles["read"] = async (file, start, length) => {
    if (file.path.endsWith(name)) throw Object.assign(new Error(`EACCES: ${file.path}`), { code: "EACCES" });
    return enclosed.read(file, start, length);
  };
  return { files: { enclosed: { ...enclosed, read } } };
}

describe("A bad Bento fails with its class and code and the path, and leaves no files behind", () => {
  it.each([...wanted("reject"), ...wanted("either")])("$id: $class", async (one) => {
    const setting = await makeSetting(one.id === "unreadable-file" ? refusing("src/locked.py") : {});
    const { failure, bento } = await run(one, setting);

    if (one.id === "manifest-alias-bomb") {
      // The bomb is in keys that are ignored, so it is never expanded.
      expect(bento?.tag.name).toBe("greeter");
      return;
    }
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ code: one.class });
    const text = failure instanceof Failure ? failure.message : "";
    for (const name of one.message_names) expect(text).toContain(name);
    expect(await leftovers(setting)).toEqual([]);
  });

  it("the failure of a broken manifest has the line", async () => {
    const broken = cases.filter(({ id }) => id === "manifest-broken");
    for (const one of broken) {
      const { failure } = await run(one, await makeSetting());
      expect(failure).toMatchObject({ position: { line: expect.any(Number) } });
    }
    expect(broken).toHaveLength(1);
  });

  it("the failure lists every missing script", async () => {
    const lost = cases.filter(({ id }) => id === "scripts-lost");
    const { failure } = await run(lost[0] ?? expect.fail(), await makeSetting());
    expect(failure).toMatchObject({
      lines: [expect.stringContaining("script__a4822557af"), expect.stringContaining("script__a3d1d691f2")],
    });
  });
});

describe("An unusual but valid Bento is read", () => {
  it.each(wanted("accept"))("$id", async (one) => {
    const setting = await makeSetting();
    const { failure, bento } = await run(one, setting);
    expect(failure).toBeUndefined();
    expect(bento?.tag.version).toBeTruthy();
    for (const name of one.message_names_warning ?? []) {
      expect(setting.said.filter((line) => line.startsWith("warning")).join("\n")).toContain(name);
    }
  });

  it.each([
    ["latest-dangling", "abc124"],
    ["prefix-unique", "abd999"],
    ["upper-reference", "zzz"],
  ])("%s resolves to shelf:%s", async (id, version) => {
    const one = cases.find((candidate) => candidate.id === id) ?? expect.fail();
    const { bento } = await run(one, await makeSetting());
    expect(bento?.tag).toEqual({ name: "shelf", version });
  });
});
