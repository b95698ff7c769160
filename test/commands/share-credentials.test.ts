import { mkdir, readdir, readFile, readlink, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { shareCredentials } from "../../src/commands/share-credentials.ts";
import { makeSetting } from "../bento/setting.ts";

describe("registry-auth-file", () => {
  it("changes nothing when it is not given", async () => {
    expect(await shareCredentials(undefined, (await makeSetting()).machine)).toEqual({ env: {} });
  });

  it("is seen by docker and BuildKit as a private directory beside the user's own plugins and builders", async () => {
    const { machine, root } = await makeSetting();
    const own = join(root, "home/.docker");
    await mkdir(join(own, "cli-plugins"), { recursive: true });
    await writeFile(join(own, "config.json"), '{"auths":{"mine":{}}}');
    await writeFile(join(machine.workspace, "auth.json"), '{"auths":{}}');
    const { path, env } = await shareCredentials("auth.json", machine);
    const directory = env["DOCKER_CONFIG"] ?? "";
    expect(path).toBe(join(machine.workspace, "auth.json"));
    expect(env["REGISTRY_AUTH_FILE"]).toBe(path);
    expect(await readdir(directory)).toEqual(["cli-plugins", "config.json"]);
    expect(await readFile(join(directory, "config.json"), "utf8")).toBe('{"auths":{}}');
    expect(await readlink(join(directory, "cli-plugins"))).toBe(join(own, "cli-plugins"));
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, "config.json"))).mode & 0o777).toBe(0o600);
  });

  it("takes the place of the user's own logins, and of nothing else in docker's file", async () => {
    const { machine, root } = await makeSetting();
    const settings = {
      currentContext: "remote",
      proxies: { default: { httpsProxy: "http://proxy.example:3128" } },
      plugins: { buildx: { experimental: "true" } },
      aliases: { builder: "buildx" },
      HttpHeaders: { "X-Team": "ml" },
      cliPluginsExtraDirs: ["/opt/plugins"],
    };
    const logins = {
      auths: { "mine.example": { auth: "bWluZTptaW5l" } },
      credsStore: "desktop",
      credHelpers: { a: "b" },
    };
    await mkdir(join(root, "home/.docker"), { recursive: true });
    await writeFile(join(root, "home/.docker/config.json"), JSON.stringify({ ...settings, ...logins }));
    const given = { auths: { "acme.example": { auth: "YWRhOm9uZQ==" } }, credHelpers: { "ecr.example": "ecr-login" } };
    await writeFile(join(machine.workspace, "auth.json"), JSON.stringify({ ...given, currentContext: "of-the-file" }));
    const { env } = await shareCredentials("auth.json", machine);
    const shown = JSON.parse(await readFile(join(env["DOCKER_CONFIG"] ?? "", "config.json"), "utf8"));
    expect(shown).toEqual({ ...settings, ...given });
  });

  it("takes the place of DOCKER_AUTH_CONFIG too, which docker reads before its file", async () => {
    const { machine } = await makeSetting({ env: { DOCKER_AUTH_CONFIG: '{"auths":{"other.example":{}}}' } });
    await writeFile(join(machine.workspace, "auth.json"), '{"auths":{}}');
    const { env } = await shareCredentials("auth.json", machine);
    expect({ ...machine.env, ...env }).toMatchObject({ DOCKER_AUTH_CONFIG: undefined });
  });

  it("leads to the user's own directory, also where DOCKER_CONFIG names it from the workspace", async () => {
    const { machine } = await makeSetting({ env: { DOCKER_CONFIG: "ci/docker" } });
    const own = join(machine.workspace, "ci/docker");
    await mkdir(join(own, "cli-plugins"), { recursive: true });
    await writeFile(join(own, "config.json"), '{"currentContext":"remote"}');
    await writeFile(join(machine.workspace, "auth.json"), '{"auths":{}}');
    const { env } = await shareCredentials("auth.json", machine);
    const directory = env["DOCKER_CONFIG"] ?? "";
    expect(await readlink(join(directory, "cli-plugins"))).toBe(join(own, "cli-plugins"));
    expect(JSON.parse(await readFile(join(directory, "config.json"), "utf8"))).toMatchObject({
      currentContext: "remote",
    });
  });

  it.each(["", "{", "[]"])("stands alone where docker's file is %j", async (text) => {
    const { machine, root } = await makeSetting();
    await mkdir(join(root, "home/.docker"), { recursive: true });
    await writeFile(join(root, "home/.docker/config.json"), text);
    await writeFile(join(machine.workspace, "auth.json"), '{"auths":{}}');
    const { env } = await shareCredentials("auth.json", machine);
    expect(await readFile(join(env["DOCKER_CONFIG"] ?? "", "config.json"), "utf8")).toBe('{"auths":{}}');
  });

  it("that is no JSON is refused without being quoted", async () => {
    const { machine } = await makeSetting();
    await writeFile(join(machine.workspace, "auth.json"), '{"auths":{"a":{"auth":"c2VjcmV0"');
    await expect(shareCredentials("auth.json", machine)).rejects.toMatchObject({
      class: "auth",
      code: "CredentialsUnreadable",
      message: expect.not.stringContaining("c2VjcmV0"),
    });
  });

  it("must be a file", async () => {
    const { machine } = await makeSetting();
    await expect(shareCredentials(".", machine)).rejects.toMatchObject({
      class: "input",
      code: "AuthFileMissing",
      message: expect.stringContaining("is a directory"),
    });
  });

  it("must be there", async () => {
    const { machine } = await makeSetting();
    await expect(shareCredentials("lost.json", machine)).rejects.toMatchObject({
      class: "input",
      code: "AuthFileMissing",
    });
  });
});
