import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { makeTestDirectory } from "./plans.ts";

const PROGRAM = fileURLToPath(new URL("print-digests.ts", import.meta.url));

interface Circumstances {
  readonly umask: string;
  readonly locale: string;
  readonly zone: string;
  readonly request: "forwards" | "backwards";
  readonly time: number;
}

const USUAL: Circumstances = { umask: "022", locale: "C.UTF-8", zone: "UTC", request: "forwards", time: 1_772_359_200 };

async function digestsUnder({ umask, locale, zone, request, time }: Circumstances): Promise<string> {
  const { root } = await makeTestDirectory();
  await mkdir(join(root, "setting"));
  const command = [process.execPath, PROGRAM, join(root, "setting"), request, String(time)];
  const { stdout } = await promisify(execFile)("sh", ["-c", 'umask "$0"; exec "$@"', umask, ...command], {
    env: { LANG: locale, LC_ALL: locale, TZ: zone, PATH: "/usr/bin:/bin" },
  });
  return stdout;
}

it("Layers have the same bytes with any umask, locale, time zone, file times and order of creation", async () => {
  const usual = await digestsUnder(USUAL);
  expect(usual.trimEnd().split("\n")).toHaveLength(18);
  const circumstances: readonly Partial<Circumstances>[] = [
    { umask: "077", request: "backwards" },
    { umask: "002", locale: "tr_TR.UTF-8", zone: "Asia/Kathmandu" },
    { umask: "000", locale: "C", zone: "America/St_Johns", request: "backwards", time: 1 },
  ];
  for (const changed of circumstances) expect(await digestsUnder({ ...USUAL, ...changed })).toBe(usual);
});
