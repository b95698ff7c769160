import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  declaredMounts,
  gatherSecrets,
  maskSecrets,
  refuseSecretArguments,
  secretVariables,
} from "../../src/commands/gather-secrets.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { makeSetting } from "../bento/setting.ts";

const NONE = { secrets: {}, secretEnvs: [], secretFiles: {}, ssh: [] };

describe("gatherSecrets", () => {
  it("takes values from inputs, variables and files of the workspace", async () => {
    const setting = await makeSetting({ env: { HF_TOKEN: "from variable" } });
    await writeFile(join(setting.machine.workspace, "netrc"), "from file\n");
    const inputs = {
      secrets: { A: new Secret("from input") },
      secretEnvs: [
        { id: "HF_TOKEN", variable: "HF_TOKEN" },
        { id: "B", variable: "HF_TOKEN" },
      ],
      secretFiles: { netrc: "netrc" },
      ssh: [],
    };
    const { mounts, files } = await gatherSecrets(inputs, [], "/scratch/secrets", setting.machine);
    expect(mounts).toEqual(["A", "HF_TOKEN", "B", "netrc"].map((id) => ({ id, path: `/scratch/secrets/${id}` })));
    expect(files.map(({ content, mode }) => [content instanceof Secret && content.reveal(), mode])).toEqual([
      ["from input", 0o600],
      ["from variable", 0o600],
      ["from variable", 0o600],
      ["from file\n", 0o600],
    ]);
  });

  it("gives what the Bento asks for: the input, else the variable, else the Bento's own value", async () => {
    const { machine } = await makeSetting({ env: { BOTH: "variable", VARIABLE: "variable" } });
    const declared = ["BOTH", "VARIABLE", "OWN"].map((name) => ({ name, declared: "bento" }));
    const inputs = { ...NONE, secrets: { BOTH: new Secret("input") } };
    const { files } = await gatherSecrets(inputs, declared, "/s", machine);
    expect(files.map(({ content }) => content instanceof Secret && content.reveal())).toEqual([
      "input",
      "variable",
      "bento",
    ]);
  });

  it("takes files to the byte", async () => {
    const { machine } = await makeSetting();
    const keystore = Buffer.from([0x30, 0x82, 0xff, 0xfe, 0x00, 0x80, 0x0d, 0x0a]);
    await writeFile(join(machine.workspace, "keystore.p12"), keystore);
    const { files } = await gatherSecrets({ ...NONE, secretFiles: { key: "keystore.p12" } }, [], "/s", machine);
    expect(files[0]?.content instanceof Secret && Buffer.from(files[0].content.revealBytes())).toEqual(keystore);
  });

  it("masks every line that is long enough and Base64 of all, and prints no value", async () => {
    const { machine, said } = await makeSetting();
    const inputs = { ...NONE, secrets: { KEY: new Secret("{\r\n\n  first line\n last1\n}\n") } };
    const secrets = await gatherSecrets(inputs, [], "/s", machine);
    const encoded = Buffer.from("{\r\n\n  first line\n last1\n}").toString("base64").slice(0, -4);
    expect(said).toEqual(["mask: first line", `mask: ${encoded}`]);
    expect(JSON.stringify(secrets)).not.toContain("first");
  });

  it("masks nothing that stands in the Bento for everyone to read", async () => {
    const { machine, said } = await makeSetting({ env: { SAME: "as declared", OTHER: "given by the step" } });
    const declared = ["SAME", "OTHER", "OWN"].map((name) => ({ name, declared: "as declared" }));
    await gatherSecrets(NONE, declared, "/s", machine);
    expect(said).toEqual(["mask: given by the step"]);
  });

  it("masks nothing short, and says so", async () => {
    const { machine, said } = await makeSetting();
    await gatherSecrets({ ...NONE, secrets: { PIN: new Secret("12345"), EMPTY: new Secret("") } }, [], "/s", machine);
    expect(said).toEqual([
      expect.stringMatching(/^info: The secret PIN is not masked, because it is shorter than 6 characters/),
    ]);
  });

  it.each([
    ...["ACTIONS_RUNTIME_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL", "INPUT_SECRETS"],
    ...["GITHUB_TOKEN", "GH_TOKEN", "HF_TOKEN", "RUNNER_TEMP", "STATE_engine", "DOCKER_AUTH_CONFIG", "https_proxy"],
    ...["AWS_SECRET_ACCESS_KEY", "GOOGLE_APPLICATION_CREDENTIALS", "AZURE_CLIENT_SECRET", "SSH_AUTH_SOCK", "PATH"],
    ...["HUGGINGFACE_TOKEN", "HUGGINGFACE_HUB_TOKEN", "HUGGING_FACE_TOKEN", "GH_ENTERPRISE_TOKEN", "CR_PAT"],
    ...["DOCKERHUB_TOKEN", "DOCKERHUB_PASSWORD", "COSIGN_PASSWORD", "SIGSTORE_ID_TOKEN", "BENTO_CLOUD_API_KEY"],
    ...["ALIBABA_CLOUD_ACCESS_KEY_SECRET", "OCI_CLI_KEY_CONTENT", "IBMCLOUD_API_KEY", "DIGITALOCEAN_ACCESS_TOKEN"],
  ])("does not give the step's %s to a Bento that asks for it", async (name) => {
    const { machine, said } = await makeSetting({ env: { [name]: "of the step" } });
    const own = await gatherSecrets(NONE, [{ name, declared: "the Bento's own" }], "/s", machine);
    expect(own.files.map(({ content }) => content instanceof Secret && content.reveal())).toEqual(["the Bento's own"]);
    const refusal = gatherSecrets(NONE, [{ name, declared: "" }], "/s", machine);
    await expect(refusal).rejects.toMatchObject({
      code: "SecretMissing",
      lines: [expect.stringContaining(`give secret-envs: ${name}`)],
    });
    expect(said).toEqual([]);
  });

  it.each([
    ["the hub's address", "https://mirror.example", ["https://mirror.example"]],
    ["not the login in it", "https://ci:hush@mirror.example", ["https://of-the-bento.example"]],
  ])("gives a Bento that asks for HF_ENDPOINT %s", async (_, endpoint, given) => {
    const { machine } = await makeSetting({ env: { HF_ENDPOINT: endpoint } });
    const declared = [{ name: "HF_ENDPOINT", declared: "https://of-the-bento.example" }];
    const { files } = await gatherSecrets(NONE, declared, "/s", machine);
    expect(files.map(({ content }) => content instanceof Secret && content.reveal())).toEqual(given);
  });

  it("gives any variable of the step that the workflow names", async () => {
    const { machine } = await makeSetting({ env: { GITHUB_TOKEN: "of the step" } });
    const inputs = { ...NONE, secretEnvs: [{ id: "GITHUB_TOKEN", variable: "GITHUB_TOKEN" }] };
    const { files } = await gatherSecrets(inputs, [{ name: "GITHUB_TOKEN", declared: "" }], "/s", machine);
    expect(files.map(({ content }) => content instanceof Secret && content.reveal())).toEqual(["of the step"]);
  });

  it("tells all that are missing at once", async () => {
    const { machine } = await makeSetting();
    const inputs = { ...NONE, secretEnvs: [{ id: "NOPE", variable: "NOPE" }], secretFiles: { a: "lost.txt" } };
    const gathered = gatherSecrets(inputs, [{ name: "TOKEN", declared: "" }], "/s", machine);
    await expect(gathered).rejects.toMatchObject({
      class: "input",
      code: "SecretMissing",
      lines: [expect.stringContaining("NOPE"), expect.stringContaining("lost.txt"), expect.stringContaining("TOKEN")],
    });
  });

  it("wants an agent where ssh names no key", async () => {
    const { machine } = await makeSetting();
    const inputs = { ...NONE, ssh: ["default", "deploy=/keys/deploy"] };
    await expect(gatherSecrets(inputs, [], "/s", machine)).rejects.toMatchObject({
      class: "input",
      lines: ["ssh: default needs an agent, and SSH_AUTH_SOCK is not set"],
      hint: expect.stringContaining("Start an agent"),
    });
  });

  it("refuses what BuildKit would refuse after minutes", async () => {
    const { machine } = await makeSetting();
    await writeFile(join(machine.workspace, "big"), "x".repeat(500 * 1024 + 1));
    const inputs = { ...NONE, secrets: { BIG: new Secret("ä".repeat(256 * 1024)) }, secretFiles: { file: "big" } };
    await expect(gatherSecrets(inputs, [], "/s", machine)).rejects.toMatchObject({
      lines: ["the secret BIG is larger than 500 KiB", "the secret file is larger than 500 KiB"],
    });
  });

  it("refuses what is no file, and never reads it", async () => {
    const { machine } = await makeSetting();
    await symlink("/dev/zero", join(machine.workspace, "endless"));
    const inputs = { ...NONE, secretFiles: { directory: ".", device: "endless" } };
    await expect(gatherSecrets(inputs, [], "/s", machine)).rejects.toMatchObject({
      class: "input",
      lines: [expect.stringContaining("is a directory"), expect.stringContaining("is a device")],
    });
  });
});

describe("a dry run", () => {
  it("needs no value", async () => {
    const inputs = {
      secrets: { A: new Secret("x") },
      secretEnvs: [{ id: "B", variable: "NOPE" }],
      secretFiles: { c: "lost" },
    };
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

describe("the masks of a dry run", () => {
  it("are those of all secrets that have a value; one without is no mistake", async () => {
    const { machine, said } = await makeSetting({ env: { HF_TOKEN: "of-a-variable", ASKED: "asked-for" } });
    await writeFile(join(machine.workspace, "netrc"), "in-a-file");
    const inputs = {
      secrets: { A: new Secret("in-an-input") },
      secretEnvs: ["HF_TOKEN", "NOPE"].map((name) => ({ id: name, variable: name })),
      secretFiles: { netrc: "netrc", lost: "lost" },
    };
    const envs = Object.entries({ ASKED: "", PUBLIC: "public-value", UNSET: "" }).map(([name, value]) => {
      return { name, value, stage: "build" as const };
    });
    await maskSecrets(inputs, { envs }, machine);
    const masks = said.filter((line) => /of-a|in-a|asked|public/.test(line));
    expect(masks).toEqual(["in-an-input", "of-a-variable", "in-a-file", "asked-for"].map((value) => `mask: ${value}`));
  });
});

describe("a build argument with the value of a variable", () => {
  const envs = Object.entries({ TOK: "", INDEX: "https://public" }).map(([name, value]) => {
    return { name, value, stage: "build" as const };
  });
  const check = (buildArgs: Readonly<Record<string, string>>, variable = "OTHER") =>
    refuseSecretArguments({ buildArgs, secretEnvs: [{ id: "id", variable }] }, { envs }, buildArgs);

  it.each([
    ["that the Bento asks for while it is built", { TOK: "hush" }, undefined],
    ["that the workflow declares as a secret", { GIVEN: "hush" }, "GIVEN"],
  ])("%s is refused without its value", (_, buildArgs, variable) => {
    const [name] = Object.keys(buildArgs);
    expect(() => check(buildArgs, variable)).toThrow(`build-args: the variable ${name} is a secret of the build`);
    expect(() => check(buildArgs, variable)).not.toThrow(/hush/);
  });

  it.each([{ PLAIN: "1" }, { TOK: "" }, { INDEX: "https://public" }])("is passed if it is no secret: %j", (args) => {
    expect(() => check(args)).not.toThrow();
  });
});

describe("variables that no tool sees", () => {
  const named = (...names: string[]) => names.map((name) => ({ id: "id", variable: name }));
  const asked = (...names: string[]) => ({ envs: names.map((name) => ({ name, value: "", stage: "build" as const })) });

  it("are those that the workflow names, and those of the Bento's build stage", () => {
    const envs = [...asked("TOKEN").envs, { name: "PLAIN", value: "", stage: "all" } as const];
    expect(secretVariables({ secretEnvs: named("B") }, { envs })).toEqual(["B", "TOKEN"]);
  });

  it.each([
    ...["GITHUB_TOKEN", "GITHUB_PAT", "GITHUB_ENTERPRISE_TOKEN", "HF_TOKEN", "REGISTRY_PASSWORD", "DOCKER_PASSWORD"],
    ...["CONTAINER_REGISTRY_TOKEN", "PODMAN_PASSWORD", "COSIGN_PASSWORD", "AWS_SIGNING_KEY", "VAULT_PASSWORD"],
  ])("are those that the workflow names, %s too", (name) => {
    expect(secretVariables({ secretEnvs: named(name) }, asked(name))).toEqual([name]);
  });

  it.each([
    ...["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "GOOGLE_APPLICATION_CREDENTIALS"],
    ...["AZURE_CLIENT_SECRET", "DOCKER_AUTH_CONFIG", "HTTPS_PROXY", "https_proxy", "SSH_AUTH_SOCK", "PATH"],
  ])("are not what tools log in with or run by: %s, also where the workflow names it", (name) => {
    expect(secretVariables({ secretEnvs: named(name) }, asked(name))).toEqual([]);
  });

  it.each([
    ...["PATH", "HOME", "HTTPS_PROXY", "no_proxy", "DOCKER_HOST", "XDG_RUNTIME_DIR", "SSL_CERT_FILE", "BUILDKIT_HOST"],
    ...["CONTAINERS_CONF", "CONTAINER_HOST", "REGISTRY_AUTH_FILE", "KUBECONFIG", "AWS_PROFILE", "GITHUB_RUN_ID"],
    ...["COSIGN_PASSWORD", "GH_TOKEN", "DOCKERHUB_TOKEN"],
  ])("are not those that no Bento gets: %s", (name) => {
    expect(secretVariables({ secretEnvs: [] }, asked(name))).toEqual([]);
  });
});
