import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Captured, Invocation } from "../../../src/machine/machine.ts";
import { parseReference } from "../../../src/oci/reference.ts";
import { openCredentials } from "../../../src/registry/auth/credentials.ts";
import { temporaryDirectory, testMachine } from "../fixture.ts";

const auth = (text: string) => Buffer.from(text).toString("base64");
const inline = (config: object) => ({ DOCKER_AUTH_CONFIG: JSON.stringify(config) });

async function find(name: string, env: Record<string, string>, program?: (invocation: Invocation) => Captured) {
  const found = await openCredentials(testMachine(env, program))(parseReference(name));
  return (
    found && {
      user: found.username,
      password: found.password?.reveal(),
      identity: found.identityToken?.reveal(),
      bearer: found.registryToken?.reveal(),
      source: found.source,
    }
  );
}

async function home(files: Record<string, object>): Promise<string> {
  const directory = await temporaryDirectory();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), JSON.stringify(content));
  }
  return directory;
}

describe("openCredentials", () => {
  it.each([
    ["ghcr.io/acme/iris", { "ghcr.io": "ada:one" }, "one"],
    ["ghcr.io/acme/iris", { "https://ghcr.io": "ada:one" }, "one"],
    ["ghcr.io/acme/iris", { "https://ghcr.io/v2/": "ada:one" }, "one"],
    ["GHCR.io/acme/iris", { "ghcr.io": "ada:one" }, "one"],
    ["localhost:5000/iris", { "localhost:5000": "ada:one", localhost: "ada:two" }, "one"],
    ["python", { "https://index.docker.io/v1/": "ada:one" }, "one"],
    ["python", { "docker.io": "ada:one" }, "one"],
    ["acme/iris", { "registry-1.docker.io": "ada:one" }, "one"],
    ["ghcr.io/acme/iris", { "ghcr.io": "ada:one", "ghcr.io/acme": "ada:two", "ghcr.io/acme/ir": "ada:three" }, "two"],
    ["ghcr.io/acme/iris", { "ghcr.io/acme/iris": "ada:two", "ghcr.io": "ada:one" }, "two"],
    ["ghcr.io/acme/iris", { "ghcr.io": "ada:with:colons" }, "with:colons"],
    ["ghcr.io/acme/iris", { "ghcr.io.evil.example": "ada:one" }, undefined],
    ["ghcr.io.evil.example/acme/iris", { "ghcr.io": "ada:one" }, undefined],
    ["ghcr.io/other/iris", { "ghcr.io/acme": "ada:one" }, undefined],
  ])("finds for %s among %o", async (name, auths, password) => {
    const entries = Object.entries(auths).map(([key, value]) => [key, { auth: auth(value) }]);
    expect((await find(name, inline({ auths: Object.fromEntries(entries) })))?.password).toBe(password);
  });

  it("reads tokens, and skips entries that docker left empty", async () => {
    const acr = { auth: auth("00000000-0000-0000-0000-000000000000:"), identitytoken: "refresh" };
    const env = inline({ auths: { "a.azurecr.io": acr, "b.io": {}, "c.io": { registrytoken: "ready" } } });
    expect(await find("a.azurecr.io/iris", env)).toMatchObject({ identity: "refresh", password: undefined });
    expect(await find("b.io/iris", env)).toBeUndefined();
    expect(await find("c.io/iris", env)).toMatchObject({ bearer: "ready" });
  });

  it("asks the registry's helper, then the helper for all registries, then reads the file", async () => {
    const asked: string[] = [];
    const program = ({ tool, stdin, args }: Invocation): Captured => {
      asked.push(`${tool} ${args.join(" ")} ${stdin}`);
      const answer = tool === "docker-credential-ecr" ? { Username: "AWS", Secret: "s" } : undefined;
      return answer === undefined
        ? { code: 1, stdout: "credentials not found in native keychain\n", stderr: "" }
        : { code: 0, stdout: JSON.stringify(answer), stderr: "" };
    };
    const env = inline({
      credHelpers: { "1.dkr.ecr.aws": "ecr" },
      credsStore: "desktop",
      auths: { "ghcr.io": { auth: auth("ada:one") } },
    });
    expect(await find("1.dkr.ecr.aws/iris", env, program)).toMatchObject({
      user: "AWS",
      source: "docker-credential-ecr",
    });
    expect(await find("ghcr.io/acme/iris", env, program)).toMatchObject({ password: "one" });
    expect(await find("python", env, program)).toBeUndefined();
    expect(asked).toEqual([
      "docker-credential-ecr get 1.dkr.ecr.aws",
      "docker-credential-desktop get ghcr.io",
      "docker-credential-desktop get https://index.docker.io/v1/",
    ]);
  });

  it("treats the user <token> of a helper as an identity token", async () => {
    const stdout = '{"Username":"<token>","Secret":"refresh"}';
    const found = await find("a.io/iris", inline({ credsStore: "x" }), () => ({ code: 0, stdout, stderr: "" }));
    expect(found).toMatchObject({ identity: "refresh", password: undefined });
  });

  it.each([
    [{ code: 2, stdout: "", stderr: "no keychain" }, "ended with exit code 2"],
    [{ code: 0, stdout: "top secret", stderr: "" }, "not a credential"],
  ])("fails if a helper fails: %o", async (captured, message) => {
    const failing = find("a.io/iris", inline({ credsStore: "x" }), () => captured);
    await expect(failing).rejects.toMatchObject({
      class: "auth",
      code: "CredentialProgramFailed",
      message: expect.stringContaining(message),
    });
    await expect(failing).rejects.not.toMatchObject({ message: expect.stringContaining("secret") });
  });

  it("reads docker's file, then podman's", async () => {
    const entry = (password: string) => ({ auths: { "ghcr.io": { auth: auth(`ada:${password}`) } } });
    const HOME = await home({
      ".docker/config.json": entry("docker"),
      "other/config.json": entry("other docker"),
      "auth-file.json": entry("auth file"),
      "run/containers/auth.json": entry("runtime"),
      ".config/containers/auth.json": entry("config"),
    });
    const nowhere = { DOCKER_CONFIG: join(HOME, "nowhere") };
    const asked = async (env: Record<string, string>) => (await find("ghcr.io/acme/iris", { HOME, ...env }))?.password;
    expect(await asked({})).toBe("docker");
    expect(await asked({ DOCKER_CONFIG: join(HOME, "other") })).toBe("other docker");
    expect(await asked({ ...nowhere, REGISTRY_AUTH_FILE: join(HOME, "auth-file.json") })).toBe("auth file");
    expect(await asked({ ...nowhere, XDG_RUNTIME_DIR: join(HOME, "run") })).toBe("runtime");
    expect(await asked({ ...nowhere, XDG_RUNTIME_DIR: "/nowhere" })).toBe("config");
  });

  it("reads only the file in the input, and fails if it does not exist", async () => {
    const directory = await home({ "given.json": { auths: {} } });
    const machine = testMachine(inline({ auths: { "ghcr.io": { auth: auth("ada:one") } } }));
    const reference = parseReference("ghcr.io/acme/iris");
    expect(await openCredentials(machine, join(directory, "given.json"))(reference)).toBeUndefined();
    await expect(openCredentials(machine, join(directory, "missing.json"))(reference)).rejects.toMatchObject({
      class: "input",
      code: "AuthFileMissing",
    });
  });

  it("masks every secret in each form in which it is sent", async () => {
    const entry = { auth: auth("ada:password"), identitytoken: "refresh", registrytoken: "bearer" };
    const machine = testMachine(inline({ auths: { "ghcr.io": entry } }));
    await openCredentials(machine)(parseReference("ghcr.io/acme/iris"));
    expect(machine.masked).toEqual(["password", "refresh", "bearer", auth("ada:password")]);
  });

  it("masks short passwords and the braces of a JSON key only in the form in which they are sent", async () => {
    const entries = {
      "a.io": { auth: auth("ada:one") },
      "b.io": { auth: auth('_json_key:{\n"key": "hush"\n}\n') },
      "c.io": { auth: auth("a:4") },
    };
    const machine = testMachine(inline({ auths: entries }));
    const credentials = openCredentials(machine);
    for (const name of ["a.io/iris", "b.io/iris", "c.io/iris"]) await credentials(parseReference(name));
    const start = auth('{\n"key": "hush"\n}').slice(0, -4);
    expect(machine.masked).toEqual([auth("ada:one"), '"key": "hush"', start, auth('_json_key:{\n"key": "hush"\n}\n')]);
  });

  it("asks a helper again that failed", async () => {
    let asked = 0;
    const machine = testMachine(inline({ credsStore: "x" }), () => {
      asked += 1;
      return asked === 1
        ? { code: 2, stdout: "", stderr: "the keychain is locked" }
        : { code: 0, stdout: '{"Username":"ada","Secret":"password"}', stderr: "" };
    });
    const credentials = openCredentials(machine);
    await expect(credentials(parseReference("a.io/iris"))).rejects.toMatchObject({ code: "CredentialProgramFailed" });
    expect(await credentials(parseReference("a.io/iris"))).toMatchObject({ username: "ada" });
  });

  it("reads a file again that was invalid", async () => {
    const directory = await home({ "auth.json": { auths: { "a.io": { auth: auth("ada:one") } } } });
    const path = join(directory, "auth.json");
    const machine = testMachine();
    const credentials = openCredentials(machine, path);
    await writeFile(path, "{");
    await expect(credentials(parseReference("a.io/iris"))).rejects.toMatchObject({ code: "CredentialsUnreadable" });
    await writeFile(path, JSON.stringify({ auths: { "a.io": { auth: auth("ada:two") } } }));
    expect((await credentials(parseReference("a.io/iris")))?.username).toBe("ada");
  });

  it("caches a credential until it is refused", async () => {
    let asked = 0;
    const machine = testMachine(inline({ credsStore: "x" }), () => {
      asked += 1;
      return { code: 0, stdout: `{"Username":"ada","Secret":"password ${asked}"}`, stderr: "" };
    });
    const credentials = openCredentials(machine);
    const reference = parseReference("a.io/iris");
    const [first, same] = await Promise.all([credentials(reference), credentials(reference)]);
    expect([asked, same]).toEqual([1, first]);
    const renewed = await Promise.all([credentials(reference, first), credentials(reference, first)]);
    expect([asked, ...renewed.map((found) => found?.password?.reveal())]).toEqual([2, "password 2", "password 2"]);
    expect(await credentials(reference)).toBe(renewed[0]);
  });

  it("does not quote a file that it cannot parse", async () => {
    await expect(find("a.io/iris", { DOCKER_AUTH_CONFIG: '{"auths":{"a.io":{"auth":"c2VjcmV0"}' })).rejects.toSatisfy(
      (error) => error instanceof Error && !/c2VjcmV0/.test(`${error.message} ${error.cause}`),
    );
  });
});
