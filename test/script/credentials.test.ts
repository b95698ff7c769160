import { mkdir, readdir, readFile, readlink, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { shareCredentials } from "../../src/script/credentials.ts";
import { makeMachine } from "../bento/machine.ts";

describe("registry-auth-file", () => {
  it("changes nothing when it is not given", async () => {
    expect(await shareCredentials(undefined, (await makeMachine()).world)).toEqual({ env: {} });
  });

  it("is seen by docker and BuildKit as a private directory beside the user's own plugins and builders", async () => {
    const { world, root } = await makeMachine();
    const own = join(root, "home/.docker");
    await mkdir(join(own, "cli-plugins"), { recursive: true });
    await writeFile(join(own, "config.json"), '{"auths":{"mine":{}}}');
    await writeFile(join(world.workspace, "auth.json"), '{"auths":{}}');
    const { path, env } = await shareCredentials("auth.json", world);
    const directory = env["DOCKER_CONFIG"] ?? "";
    expect(path).toBe(join(world.workspace, "auth.json"));
    expect(env["REGISTRY_AUTH_FILE"]).toBe(path);
    expect(await readdir(directory)).toEqual(["cli-plugins", "config.json"]);
    expect(await readFile(join(directory, "config.json"), "utf8")).toBe('{"auths":{}}');
    expect(await readlink(join(directory, "cli-plugins"))).toBe(join(own, "cli-plugins"));
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, "config.json"))).mode & 0o777).toBe(0o600);
  });

  it("must be there", async () => {
    const { world } = await makeMachine();
    await expect(shareCredentials("lost.json", world)).rejects.toMatchObject({
      class: "input",
      code: "AuthFileMissing",
    });
  });
});
