import type { Stats } from "node:fs";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { isPrivate, readPrivate } from "../../src/machine/private-files.ts";

const looked = vi.hoisted(() => ({ next: (): void => undefined }));

vi.mock("node:fs", async (load) => {
  const real: typeof import("node:fs") = await load();
  const fstatSync = (descriptor: number): Stats => {
    const found = real.fstatSync(descriptor);
    looked.next();
    return found;
  };
  return { ...real, fstatSync };
});

/** A private directory with a file, and a directory that is not private with a file of the same name. */
function makePlaces() {
  const root = mkdtempSync(join(tmpdir(), "bento-private-"));
  onTestFinished(() => {
    looked.next = () => undefined;
    rmSync(root, { recursive: true });
  });
  const [good, evil] = [join(root, "good"), join(root, "evil")];
  for (const [path, text, mode] of [[good, "ours", 0o700] as const, [evil, "theirs", 0o777] as const]) {
    mkdirSync(path);
    writeFileSync(join(path, "record"), text, { mode: 0o600 });
    chmodSync(path, mode);
  }
  return { good, evil, aside: join(root, "aside") };
}

describe("A private file", () => {
  it("is read if only its user can have written it", () => {
    const { good, evil } = makePlaces();
    expect(readPrivate(good, "record")).toEqual({ kind: "text", text: "ours" });
    expect(readPrivate(evil, "record")).toEqual({ kind: "foreign", why: "the directory is open to other users" });
    expect([isPrivate(good), isPrivate(evil), isPrivate(join(good, "record"))]).toEqual([true, false, false]);
  });

  it("is distinguished from a missing one", () => {
    const { good, aside } = makePlaces();
    expect([readPrivate(good, "nothing"), readPrivate(aside, "record")]).toEqual([
      { kind: "empty" },
      { kind: "absent" },
    ]);
  });

  it.each([1, 2, 3])("is the one that was checked, even if its name is replaced after check %i", (turn) => {
    const { good, evil, aside } = makePlaces();
    let looks = 0;
    looked.next = () => {
      looks += 1;
      if (looks !== turn) return;
      renameSync(good, aside);
      renameSync(evil, good);
    };
    expect(readPrivate(good, "record")).toEqual({ kind: "text", text: "ours" });
    expect([looks, existsSync(aside)]).toEqual([3, true]);
  });

  it.each([1, 2, 3])("is not another one that gets its name after check %i", (turn) => {
    const { good } = makePlaces();
    let looks = 0;
    looked.next = () => {
      looks += 1;
      if (looks !== turn) return;
      rmSync(join(good, "record"));
      writeFileSync(join(good, "record"), "theirs", { mode: 0o644 });
    };
    const found = readPrivate(good, "record");
    expect(found.kind === "text" ? found.text : found.kind).toBe(turn === 3 ? "ours" : "foreign");
  });
});
