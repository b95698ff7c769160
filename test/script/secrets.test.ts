import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Secret } from "../../src/image/secret.ts";
import { declaredMounts, gatherSecrets, secretVariables } from "../../src/script/secrets.ts";
import { makeMachine } from "../bento/machine.ts";

const NONE = { secrets: {}, secretEnvs: [], secretFiles: {}, ssh: [] };

describe("gatherSecrets", () => {
  it("takes values from inputs, variables and files of the workspace", async () => {
    const machine = await makeMachine({ env: { HF_TOKEN: "from variable" } });
    await writeFile(join(machine.world.workspace, "netrc"), "from file\n");
    const inputs = {
      secrets: { A: new Secret("from input") },
      secretEnvs: ["HF_TOKEN", "B=HF_TOKEN"],
      secretFiles: { netrc: "netrc" },
      ssh: [],
    };
    const { mounts, files } = await gatherSecrets(inputs, [], "/scratch/secrets", machine.world);
    expect(mounts).toEqual(["A", "HF_TOKEN", "B", "netrc"].map((id) => ({ id, path: `/scratch/secrets/${id}` })));
    expect(files.map(({ content, mode }) => [content instanceof Secret && content.reveal(), mode])).toEqual([
      ["from input", 0o600],
      ["from variable", 0o600],
      ["from variable", 0o600],
      ["from file\n", 0o600],
    ]);
  });

  it("gives what the Bento asks for: the input, else the variable, else the Bento's own value", async () => {
    const { world } = await makeMachine({ env: { BOTH: "variable", VARIABLE: "variable" } });
    const declared = ["BOTH", "VARIABLE", "OWN"].map((name) => ({ name, declared: "bento" }));
    const inputs = { ...NONE, secrets: { BOTH: new Secret("input") } };
    const { files } = await gatherSecrets(inputs, declared, "/s", world);
    expect(files.map(({ content }) => content instanceof Secret && content.reveal())).toEqual([
      "input",
      "variable",
      "bento",
    ]);
  });

  it("masks every line that is not blank, and prints no value", async () => {
    const { world, said } = await makeMachine();
    const inputs = { ...NONE, secrets: { KEY: new Secret("first\r\n\n  \nlast") } };
    const secrets = await gatherSecrets(inputs, [], "/s", world);
    expect(said).toEqual(["mask: first", "mask: last"]);
    expect(JSON.stringify(secrets)).not.toContain("first");
  });

  it("tells all that are missing at once", async () => {
    const { world } = await makeMachine();
    const inputs = { ...NONE, secretEnvs: ["NOPE"], secretFiles: { a: "lost.txt" } };
    const gathered = gatherSecrets(inputs, [{ name: "TOKEN", declared: "" }], "/s", world);
    await expect(gathered).rejects.toMatchObject({
      class: "input",
      code: "SecretMissing",
      lines: [expect.stringContaining("NOPE"), expect.stringContaining("lost.txt"), expect.stringContaining("TOKEN")],
    });
  });

  it("wants an agent where ssh names no key", async () => {
    const { world } = await makeMachine();
    const inputs = { ...NONE, ssh: ["default", "deploy=/keys/deploy"] };
    await expect(gatherSecrets(inputs, [], "/s", world)).rejects.toMatchObject({
      class: "input",
      lines: ["ssh: default needs an agent, and SSH_AUTH_SOCK is not set"],
      hint: expect.stringContaining("Start an agent"),
    });
  });

  it("refuses what BuildKit would refuse after minutes", async () => {
    const { world } = await makeMachine();
    const inputs = { ...NONE, secrets: { BIG: new Secret("ä".repeat(256 * 1024)) } };
    await expect(gatherSecrets(inputs, [], "/s", world)).rejects.toThrow("the secret BIG is larger than 500 KiB");
  });
});

describe("a dry run", () => {
  it("needs no value", async () => {
    const inputs = { secrets: { A: new Secret("x") }, secretEnvs: ["B=NOPE"], secretFiles: { c: "lost" } };
    const { mounts, files } = await declaredMounts(
      inputs,
      [
        { name: "A", declared: "" },
        { name: "D", declared: "" },
      ],
      "/s",
    );
    expect([mounts.map(({ id }) => id), files]).toEqual([["A", "B", "c", "D"], []]);
  });
});

describe("variables that are secrets", () => {
  it("are those that are named, and those of the Bento's build stage", () => {
    const envs = [
      { name: "TOKEN", value: "", stage: "build" },
      { name: "PLAIN", value: "", stage: "all" },
    ] as const;
    expect(secretVariables({ secretEnvs: ["A", "id=B"] }, { envs })).toEqual(["A", "B", "TOKEN"]);
  });
});
