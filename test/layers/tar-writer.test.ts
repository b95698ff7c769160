import { execFileSync } from "node:child_process";
import { closeSync, openSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LayerEntry, LayerPlan } from "../../src/layers/layer.ts";
import { tarOf } from "../../src/layers/layer-bytes.ts";
import { headerOf, tarSize } from "../../src/layers/tar-writer.ts";
import { bytesOf, directory, EPOCH, link, makeTestDirectory, OWNER, planOf, sha256, text } from "../assembly/plans.ts";

/** For plans that contain all file contents, so no file is read. */
const files = { info: () => Promise.reject(new Error("read")), pieces: () => expect.unreachable("read") };

const LONG = `home/bentoml/${"deep/".repeat(40)}`;
const UNSPLITTABLE = `home/${"n".repeat(120)}`;
const GIBIBYTE = 2 ** 30;

/** One entry for every form of header. */
const EVERYTHING = planOf(
  directory("home"),
  { kind: "directory", path: "home/bentoml", mode: 0o750, owner: { uid: 0, gid: 0 } },
  text("home/bentoml/empty", ""),
  text("home/bentoml/run.sh", "#!/bin/sh\n", 0o755),
  text(`${LONG}${"f".repeat(20)}`, "a path for a prefix\n"),
  text(`${LONG}${"f".repeat(60)}/${"g".repeat(100)}`, "a path for a record\n"),
  directory(UNSPLITTABLE),
  directory("home/größe 模型"),
  text("home/größe 模型/weights 🍱.bin", "x".repeat(512)),
  link("home/latest", "bentoml"),
  link("home/ünlink", "größe 模型"),
  link("home/far", `../${LONG}target`),
  { ...text("home/rich", "1"), owner: { uid: 2_097_152, gid: 4_294_967_294 } },
  text("home/two\nlines\\and 'quotes'", "hostile\n"),
);

interface Member {
  readonly name: string;
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly user: string;
  readonly size: number;
  readonly mtime: number;
  readonly link: string;
  readonly content: string;
}

const PYTHON = `
import io, json, sys, tarfile
with tarfile.open(fileobj=sys.stdin.buffer, mode="r|") as tar:
    print(json.dumps([dict(name=m.name, type=m.type.decode(), mode=m.mode, uid=m.uid, gid=m.gid, user=m.uname + m.gname,
        size=m.size, mtime=m.mtime, link=m.linkname, content=tar.extractfile(m).read().decode() if m.isfile() else "") for m in tar]))
`;

function readByPython(tar: Uint8Array): readonly Member[] {
  return JSON.parse(execFileSync("python3", ["-c", PYTHON], { input: tar, env: { PYTHONUTF8: "1" } }).toString());
}

const TYPES = { file: "0", link: "2", directory: "5" };

function expected({ entries, epoch }: LayerPlan): readonly Member[] {
  return entries.map((entry) => ({
    name: entry.path,
    type: TYPES[entry.kind],
    mode: entry.kind === "link" ? 0o777 : entry.mode,
    ...entry.owner,
    user: "",
    size: entry.kind === "file" ? entry.size : 0,
    mtime: epoch,
    link: entry.kind === "link" ? entry.target : "",
    content: entry.kind === "file" && entry.source.kind === "content" ? entry.source.content : "",
  }));
}

/** Lines of GNU tar: mode, owner, size, time, name. */
function listByGnu(args: readonly string[], input?: Uint8Array): readonly string[] {
  const list = ["--list", "--verbose", "--numeric-owner", "--full-time", "--quoting-style=literal", ...args];
  const answer = execFileSync("tar", list, { input, env: { ...process.env, TZ: "UTC", LC_ALL: "C.UTF-8" } });
  return answer.toString().trimEnd().split("\n");
}

describe("The tar of a layer", () => {
  /**
   * These digests must not change: otherwise every user has to push every layer again, and every node has to pull it
   * again.
   */
  it("has the same bytes in every release", async () => {
    expect(sha256(await bytesOf(tarOf(EVERYTHING, files)))).toBe(
      "sha256:3e5591dcb342c156f21e0bc2ca84f7a99b2bcc576faaba2a5ad737305a56d963",
    );
    const plain = planOf(directory("home"), text("home/bento.yaml", "name: iris\n"));
    expect(sha256(await bytesOf(tarOf(plain, files)))).toBe(
      "sha256:ad2b9b9e70fc6470796a49e6e9cbcc34e21a3843486d3bebb11caf5d4172f11e",
    );
  });

  it("is read by Python's tarfile as planned", async () => {
    expect(readByPython(await bytesOf(tarOf(EVERYTHING, files)))).toEqual(expected(EVERYTHING));
  });

  it("is read by GNU tar as planned", async () => {
    const plan = planOf(...EVERYTHING.entries.filter(({ path }) => !path.includes("\n")));
    const lines = listByGnu(["--file=-"], await bytesOf(tarOf(plan, files))).map((line) => line.replace(/ +/g, " "));
    expect(lines).toEqual(plan.entries.map(printAsGnu));
  });

  it("has a header of one block when USTAR can hold all values", () => {
    for (const entry of [
      text("n".repeat(100), ""),
      text(`${"p".repeat(155)}/${"n".repeat(100)}`, ""),
      directory(`${"p".repeat(155)}/${"n".repeat(99)}`),
      link("a", "t".repeat(100)),
      { ...text("a", ""), size: 8 * GIBIBYTE - 1, owner: { uid: 2_097_151, gid: 2_097_151 } },
    ]) {
      expect(headerOf(entry, EPOCH)).toHaveLength(512);
    }
  });

  it("uses PAX records only for values that USTAR cannot hold", () => {
    const recordsOf = (entry: LayerEntry, epoch = EPOCH) => {
      const header = Buffer.from(headerOf(entry, epoch));
      expect(header.subarray(156, 157).toString()).toBe("x");
      return header.subarray(512, -512).toString().replace(/\0+$/, "");
    };
    expect(recordsOf(text("n".repeat(101), ""))).toBe(`111 path=${"n".repeat(101)}\n`);
    expect(recordsOf(directory("n".repeat(100)))).toBe(`111 path=${"n".repeat(100)}/\n`);
    expect(recordsOf(text("ü", ""))).toBe("11 path=ü\n");
    expect(recordsOf(link("a", "t".repeat(101)))).toBe(`115 linkpath=${"t".repeat(101)}\n`);
    const huge = { ...text("ü", ""), size: 8 * GIBIBYTE, owner: { uid: 2_097_152, gid: 2_097_153 } };
    expect(recordsOf(huge, -1)).toBe("11 path=ü\n19 size=8589934592\n15 uid=2097152\n15 gid=2097153\n12 mtime=-1\n");
  });

  it("can contain a file of 9 GiB, as read by GNU tar and Python", async () => {
    const { root } = await makeTestDirectory();
    const plan = planOf({ ...text("home/huge.bin", ""), size: 9 * GIBIBYTE }, text("home/next", "after it\n"));
    const path = join(root, "huge.tar");
    // Sparse: the huge file's content is a hole.
    const [huge, next] = plan.entries.map((entry) => headerOf(entry, EPOCH));
    const tar = openSync(path, "w");
    writeSync(tar, huge ?? Buffer.alloc(0));
    const after = (huge?.length ?? 0) + 9 * GIBIBYTE;
    writeSync(tar, next ?? Buffer.alloc(0), 0, undefined, after);
    writeSync(tar, "after it\n", after + 512);
    closeSync(tar);
    truncateSync(path, tarSize(plan));
    expect(listByGnu([`--file=${path}`]).map((line) => line.replace(/ +/g, " "))).toEqual(plan.entries.map(printAsGnu));
    const script = "import sys, tarfile; print([(m.name, m.size) for m in tarfile.open(sys.argv[1])])";
    const found = execFileSync("python3", ["-c", script, path]).toString().trim();
    expect(found).toBe(`[('home/huge.bin', ${9 * GIBIBYTE}), ('home/next', 9)]`);
  });
});

function printAsGnu(entry: LayerEntry): string {
  const bits = entry.kind === "link" ? 0o777 : entry.mode;
  const letters = [..."rwxrwxrwx"].map((letter, index) => ((bits >> (8 - index)) & 1 ? letter : "-")).join("");
  const type = { file: "-", directory: "d", link: "l" }[entry.kind];
  const size = entry.kind === "file" ? entry.size : 0;
  const name = entry.kind === "directory" ? `${entry.path}/` : entry.path;
  const target = entry.kind === "link" ? ` -> ${entry.target}` : "";
  return `${type}${letters} ${entry.owner.uid}/${entry.owner.gid} ${size} 1980-01-02 00:00:00 ${name}${target}`;
}

const name = fc
  .stringMatching(/^[^/\0\s]{1,120}$/u)
  .filter((part) => part.isWellFormed() && part !== "." && part !== "..");
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
const id = fc.oneof(fc.nat(3000), fc.integer({ min: 0, max: 2 ** 32 - 2 }));
const owner = fc.record({ uid: id, gid: id });
const mode = fc.nat(0o777);
const entry: fc.Arbitrary<LayerEntry> = fc.oneof(
  fc.record({ kind: fc.constant("directory" as const), path, mode, owner }),
  fc.record({ kind: fc.constant("link" as const), path, target: path, owner }),
  fc
    .record({ path, mode, owner, content: fc.string({ unit: "binary", maxLength: 1500 }) })
    .map(({ content, path: place, ...rest }): LayerEntry => ({ ...text(place, content), ...rest })),
);

/** Any plan; its entries are not in the order of a layer. */
const plans = fc.array(entry, { maxLength: 12 }).map((entries): LayerPlan => planOf(...entries));

describe("Any plan", () => {
  it("gives a tar of the predicted size", async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        expect(await bytesOf(tarOf(plan, files))).toHaveLength(tarSize(plan));
      }),
    );
  });

  it("is read by Python as planned", async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        expect(readByPython(await bytesOf(tarOf(plan, files)))).toEqual(expected(plan));
      }),
      { numRuns: 25 },
    );
  });
});

it("The tar contains no user names of the machine", () => {
  const header = Buffer.from(headerOf({ ...text("a", ""), owner: OWNER }, EPOCH));
  expect(header.subarray(265, 329).every((byte) => byte === 0)).toBe(true);
});
