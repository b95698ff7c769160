import { readFile, stat } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { writeBuilderKeys } from "../../src/commands/builder-keys.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { makeSetting } from "../bento/setting.ts";

describe("the certificates of a remote builder", () => {
  it("are files of the owner alone, which end as readers of PEM want", async () => {
    const { machine } = await makeSetting();
    const inputs = { builder: "tcp://buildkitd:1234", builderCert: "CERTIFICATE", builderKey: new Secret("KEY") };
    const { cert = "", key = "", ca } = (await writeBuilderKeys(inputs, machine)) ?? {};
    expect(ca).toBeUndefined();
    expect(await Promise.all([cert, key].map((path) => readFile(path, "utf8")))).toEqual(["CERTIFICATE\n", "KEY\n"]);
    expect((await stat(key)).mode & 0o777).toBe(0o600);
  });

  it("hide every line of the key in the log", async () => {
    const { machine, said } = await makeSetting();
    const builderKey = new Secret("-----BEGIN PRIVATE KEY-----\nMC4CAQ\n-----END PRIVATE KEY-----");
    await writeBuilderKeys({ builder: "tcp://buildkitd:1234", builderKey }, machine);
    const masks = ["-----BEGIN PRIVATE KEY-----", "MC4CAQ", "-----END PRIVATE KEY-----"];
    expect(said.slice(0, 3)).toEqual(masks.map((mask) => `mask: ${mask}`));
    expect(said.slice(3)).toEqual([expect.stringMatching(/^mask: LS0tLS1CRUdJTi/)]);
  });

  it("are not there when none is given", async () => {
    const { machine, said } = await makeSetting();
    expect(await writeBuilderKeys({ builder: undefined }, machine)).toBeUndefined();
    expect(said).toEqual([]);
  });
});
