import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { labTool } from "./environment.ts";

it("actionlint has nothing to say about the workflows", async () => {
  const { stdout } = await promisify(execFile)(await labTool("actionlint"), ["-color=false"]).catch(
    (error: { stdout: string }) => error,
  );
  expect(stdout).toBe("");
});
