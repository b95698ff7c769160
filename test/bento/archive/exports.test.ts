import { readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { locateBento } from "../../../src/bento/address.ts";
import { printTag } from "../../../src/bento/bento.ts";
import { readBento } from "../../../src/bento/bento-directory.ts";
import { fixture, listTree, readJson } from "../fixtures.ts";
import { makeSetting } from "../setting.ts";

interface Archive {
  readonly file: string;
  readonly tag: string;
  readonly format: string;
  readonly models_inside: readonly string[];
}

const { archives } = await readJson<{ archives: readonly Archive[] }>("good/exports/archives/archives.json");

/** Names, sizes and contents, without modes. */
async function contentOf(directory: string): Promise<readonly string[]> {
  return (await listTree(directory)).map((line) => line.replace(/ \d{3}(?= |$)/, ""));
}

describe("An archive is recognized by its first bytes and unpacked", () => {
  it.each(archives)("$file ($format)", async ({ file, tag, models_inside }) => {
    const { machine, temporary } = await makeSetting();
    const located = await locateBento({ bento: fixture("good/exports/archives", file) }, machine);

    expect(located.origin).toBe("archive");
    expect(located.directory.path.startsWith(temporary)).toBe(true);
    expect(printTag((await readBento(located, machine)).tag)).toBe(tag);
    for (const model of models_inside) {
      expect((await stat(join(located.directory.path, "models", model, "model.yaml"))).isFile()).toBe(true);
    }
  });

  it("with the same tree for every format", async () => {
    const { machine } = await makeSetting();
    const same = archives.filter(({ file }) => file.startsWith("picker."));
    const trees = await Promise.all(
      same.map(async ({ file }) => {
        const { directory } = await locateBento({ bento: fixture("good/exports/archives", file) }, machine);
        return contentOf(directory.path);
      }),
    );
    for (const tree of trees) expect(tree).toEqual(trees[0]);
  });

  it("with mode 0755 for directories and programs and 0644 for other files", async () => {
    const { machine } = await makeSetting();
    const { directory } = await locateBento({ bento: fixture("good/exports/archives/picker.tar") }, machine);
    const modes = (await listTree(directory.path)).map((line) => / (\d{3})(?= |$)/.exec(line)?.[1]);
    expect(new Set(modes)).toEqual(new Set(["755", "644"]));
  });

  it("with links that stay inside", async () => {
    const { machine } = await makeSetting();
    const { directory } = await locateBento({ bento: fixture("bad/inner-symlink.tar.gz") }, machine);
    const links = (await listTree(directory.path)).filter((line) => line.includes(" -> "));
    expect(links).toHaveLength(1);
    const [name = "", target] = links[0]?.split(" -> ") ?? [];
    expect(await readlink(join(directory.path, name))).toBe(target);
  });
});
