import { describe, expect, it } from "vitest";
import { readBack } from "../../src/commands/read-back.ts";
import type { Script } from "../../src/commands/script.ts";
import type { Machine } from "../../src/machine/machine.ts";
import { digestOf } from "../../src/oci/digest.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { planOf } from "../backends/plans.ts";
import { openTestRegistry, startRegistry, testMachine, writeImage } from "../registry/fixture.ts";

const SCRIPT: Script = {
  files: [],
  steps: [{ kind: "load", archive: "/nowhere" }],
  evidence: [],
  creates: [],
};

describe("after a push by a backend", () => {
  async function pushed(...tags: readonly string[]) {
    const fake = await startRegistry();
    const { directory, root } = await writeImage();
    const registry = openTestRegistry();
    await registry.pushLayout(
      directory,
      tags.map((tag) => parseReference(`${fake.host}/acme/iris:${tag}`)),
    );
    const machine = testMachine() as unknown as Machine;
    const names = ["1", "2"].map((tag) => `${fake.host}/acme/iris:${tag}`) as [string, string];
    const plan = planOf({}, [{ kind: "push" }], names);
    return { fake, root, readBack: () => readBack(SCRIPT, plan, registry, machine) };
  }

  it("each tag is read back", async () => {
    const { root, fake, readBack } = await pushed("1", "2");
    fake.log.length = 0;
    expect((await readBack()).digest).toBe(root.digest);
    expect(fake.log).toContain("GET /v2/acme/iris/manifests/2");
  });

  it("a tag that is not there fails the run, whichever it is", async () => {
    const { readBack } = await pushed("1");
    await expect(readBack()).rejects.toMatchObject({ code: "DigestMismatch", message: expect.stringContaining(":2") });
  });

  it("a tag that stands for another image fails the run, whichever it is", async () => {
    const { fake, readBack } = await pushed("1", "2");
    const stored = fake.manifests.get("acme/iris")?.get("2");
    const bytes = Buffer.concat([stored?.bytes ?? Buffer.alloc(0), Buffer.from("\n")]);
    fake.manifests.get("acme/iris")?.set("2", { bytes, mediaType: stored?.mediaType ?? "" });
    await expect(readBack()).rejects.toMatchObject({
      code: "DigestMismatch",
      lines: [expect.stringContaining(digestOf(bytes))],
    });
  });
});
