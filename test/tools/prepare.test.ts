import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { prepareTools } from "../../src/tools/prepare.ts";
import { BUILDKIT_FILE, BUILDKIT_PATH, buildkit, buildkitArchive, setUp, startMirror } from "./setting.ts";

const ARCHIVE = buildkitArchive();
const SETTINGS = {
  tools: [{ name: "buildkit", version: "9.9.9" }],
  toolChecksums: { [BUILDKIT_FILE]: buildkit(ARCHIVE).sha256 },
  toolMirror: undefined,
  install: undefined,
} as const;

describe("prepareTools", () => {
  it("installs a version outside of the catalogue by its given checksum", async () => {
    const { machine, setting } = await setUp();
    const mirror = join(setting.root, "mirror");
    await mkdir(dirname(join(mirror, BUILDKIT_PATH)), { recursive: true });
    await writeFile(join(mirror, BUILDKIT_PATH), ARCHIVE);
    const [tool] = await prepareTools(["buildkit"], { ...SETTINGS, toolMirror: mirror }, machine);
    expect(tool).toMatchObject({ name: "buildkit", version: "9.9.9", from: "mirror" });
  });

  it("installs nothing with install: never", async () => {
    const { machine, remaining } = await setUp();
    const preparing = prepareTools(["buildkit"], { ...SETTINGS, install: "never" }, machine);
    await expect(preparing).rejects.toMatchObject({ class: "tool", code: "NotInstalled" });
    expect(await remaining()).toEqual([]);
  });

  it("rejects an unknown version before any request", async () => {
    const { machine, remaining } = await setUp();
    const preparing = prepareTools(["buildkit"], { ...SETTINGS, toolChecksums: {} }, machine);
    await expect(preparing).rejects.toMatchObject({ class: "input", code: "UnknownVersion" });
    expect(await remaining()).toEqual([]);
  });

  it("logs in to a mirror with the password in its address, which is masked in the log", async () => {
    const { machine, setting } = await setUp();
    const logins: (string | undefined)[] = [];
    const mirror = await startMirror(({ headers }, response) => {
      logins.push(headers.authorization);
      response.writeHead(403).end();
    });
    const toolMirror = mirror.url.replace("//", "//me:hush-5719@");
    const failure = await prepareTools(["buildkit"], { ...SETTINGS, toolMirror }, machine).catch(
      (error: Error) => error,
    );
    expect(failure).toMatchObject({ class: "auth", message: expect.not.stringContaining("hush") });
    expect(logins).toEqual([`Basic ${Buffer.from("me:hush-5719").toString("base64")}`]);
    expect(setting.said.filter((line) => line.includes("hush"))).toEqual(["mask: hush-5719"]);
  });
});
