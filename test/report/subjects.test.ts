import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { realFiles } from "../../src/machine/files.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { declareSubjects } from "../../src/report/subjects.ts";
import { reportOf } from "./reports.ts";

const DIGEST = `sha256:${"a".repeat(64)}` as const;
const OTHER = `sha256:${"b".repeat(64)}` as const;

let directory: string;
let path: string;
let list: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "bento-image-subjects-"));
  path = join(directory, "artifacts");
  list = join(directory, "list.json");
  await writeFile(path, "");
});

afterEach(() => rm(directory, { recursive: true }));

function declare(pushed: boolean, env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const references = ["ghcr.io/acme/iris:1", "ghcr.io/acme/iris:latest", "r.example.com:5000/iris:1"].map(
    parseReference,
  );
  const report = { ...reportOf(), references, pushed, result: { digest: DIGEST, platforms: [] } };
  return declareSubjects(report, { env, files: realFiles(directory) });
}

describe("the file in GITHUB_ARTIFACTS", () => {
  it("gets a line for each repository, without tags", async () => {
    expect(await declare(true, { GITHUB_ARTIFACTS: path })).toEqual([]);
    expect(await readFile(path, "utf8")).toBe(
      `oci://ghcr.io/acme/iris@${DIGEST}\noci://r.example.com:5000/iris@${DIGEST}\n`,
    );
  });

  it("gets no line if nothing was pushed", async () => {
    await declare(false, { GITHUB_ARTIFACTS: path });
    expect(await readFile(path, "utf8")).toBe("");
  });

  it("gets no line for a name that the job declared with another digest, because the runner would fail the step", async () => {
    const subjects = [{ name: "ghcr.io/acme/iris", digest: OTHER, kind: "oci" }];
    await writeFile(list, JSON.stringify({ version: 1, subjects }));
    const env = { GITHUB_ARTIFACTS: path, GITHUB_ARTIFACTS_LIST: list };
    expect(await declare(true, env)).toEqual(["ghcr.io/acme/iris"]);
    expect(await readFile(path, "utf8")).toBe(`oci://r.example.com:5000/iris@${DIGEST}\n`);
  });
});
