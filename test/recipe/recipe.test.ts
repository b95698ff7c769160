import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { Bento, BentoEnv, Distro, ImageOptionsV1, ImageOptionsV2 } from "../../src/bento/bento.ts";
import { imageSource, renderDockerfile } from "../../src/recipe/dockerfile/dockerfile.ts";
import { parseDockerfile } from "../../src/recipe/dockerfile/parse.ts";
import { makeRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { enclosureOf } from "../fakes/enclosed.ts";
import { TOOL } from "./bentos.ts";

const V2: ImageOptionsV2 = {
  spec: 2,
  baseImage: "python:3.11-slim",
  pythonVersion: "3.11",
  commands: [],
  postCommands: [],
  buildInclude: [],
};
const V1: ImageOptionsV1 = {
  spec: 1,
  distro: "debian",
  pythonVersion: "3.11",
  systemPackages: [],
  setupScript: false,
  dockerfileTemplate: false,
  conda: false,
  installScript: true,
};

function recipe(
  image: Bento["image"],
  rest: Partial<Bento> = {},
  buildArgs: Readonly<Record<string, string>> = {},
  features?: readonly string[],
): Recipe {
  const bento: Bento = {
    tag: { name: "b", version: "v" },
    bentomlVersion: "1.4.38",
    creationTime: new Date(0),
    service: "s:S",
    labels: {},
    envs: [],
    models: [],
    directory: enclosureOf("/b"),
    entries: [{ name: "bento.yaml", kind: "file" }],
    indexOptions: [],
    image,
    ...rest,
  };
  return makeRecipe(bento, [], { buildArgs, tool: TOOL, ...(features === undefined ? {} : { features }) });
}

function text(...parameters: Parameters<typeof recipe>): string {
  return renderDockerfile(recipe(...parameters));
}

function stepsWithSecrets(dockerfile: string): readonly string[] {
  return dockerfile.split("\nRUN ").filter((step) => step.includes("--mount=type=secret"));
}

function env(name: string, value: string, stage: BentoEnv["stage"] = "all"): BentoEnv {
  return { name, value, stage };
}

describe("The base image", () => {
  it.each<[Distro, Partial<ImageOptionsV1>, string]>([
    ["debian", {}, "python:3.11-slim"],
    ["alpine", {}, "python:3.11-alpine"],
    ["ubi8", {}, "registry.access.redhat.com/ubi8/python-311:1"],
    ["amazonlinux", {}, "amazonlinux:2"],
    ["debian", { conda: true }, "continuumio/miniconda3:latest"],
    ["alpine", { conda: true }, "continuumio/miniconda3:4.10.3p0-alpine"],
    ["debian", { cudaVersion: "12.8.1", conda: true }, "nvidia/cuda:12.8.1-cudnn-runtime-ubuntu24.04"],
    ["debian", { cudaVersion: "12.1.1" }, "nvidia/cuda:12.1.1-cudnn8-runtime-ubuntu22.04"],
    ["debian", { cudaVersion: "11.6.2" }, "nvidia/cuda:11.6.2-cudnn8-runtime-ubuntu20.04"],
    ["ubi8", { cudaVersion: "11.8.0" }, "nvidia/cuda:11.8.0-cudnn8-runtime-ubi8"],
    ["ubi8", { cudaVersion: "12.6.3" }, "nvidia/cuda:12.6.3-cudnn-runtime-ubi8"],
    ["alpine", { cudaVersion: "12.8.1", baseImage: "quay.io/a/b:c@sha256:0" }, "quay.io/a/b:c@sha256:0"],
  ])("of %s with %j", (distro, options, base) => {
    expect(recipe({ ...V1, distro, ...options }).base).toBe(base);
  });

  it.each<[string, Bento["image"]]>([
    ["CUDA on alpine", { ...V1, distro: "alpine", cudaVersion: "12.8.1" }],
    ["conda on ubi8", { ...V1, distro: "ubi8", conda: true }],
    ["an image of several words", { ...V2, baseImage: "a\nRUN evil" }],
    ["a flag", { ...V2, baseImage: "--platform=linux/arm64" }],
  ])("is refused: %s", (_, image) => {
    expect(() => recipe(image)).toThrow(expect.objectContaining({ class: "bento", code: "ValueInvalid" }));
  });

  it("of the user gets no system packages, and a note says so", () => {
    const own = { ...V1, baseImage: "a", systemPackages: ["git"] };
    expect(text(own)).not.toContain("apt-get");
    expect(recipe(own).notes).toEqual([expect.stringContaining("`docker.system_packages` has no effect")]);
  });
});

describe("The Bento's variables", () => {
  it("have the last of several values, and a build argument overrides it", () => {
    const envs = [env("A", "1"), env("A", "2"), env("B", "b")];
    expect(text(V2, { envs }, { B: "other" })).toContain("ENV A=2 \\\n    B=other\n");
    expect(recipe(V2, { envs }, { B: "other", C: "unknown" }).resolvedBuildArgs).toEqual(["B"]);
  });

  it("are set before the first command, or last if they are for the runtime only", () => {
    const all = text({ ...V2, commands: ["cmd"] }, { envs: [env("A", "1"), env("R", "2", "runtime")] });
    expect(all.indexOf("ENV A=1")).toBeLessThan(all.indexOf("cmd"));
    expect(all.indexOf("ENV R=2")).toBeGreaterThan(all.lastIndexOf("COPY"));
  });

  it("stay unset without a value, so that the server detects it, unless a build argument sets one", () => {
    const envs = [env("NEEDED", "")];
    expect(text(V2, { envs })).not.toContain("NEEDED");
    expect(recipe(V2, { envs }).notes).toEqual([expect.stringContaining("NEEDED without a value")]);
    expect(text(V2, { envs }, { NEEDED: "now" })).toContain("ENV NEEDED=now");
  });

  it("of spec 1 come from `docker.env` if there is one, without the build-stage ones that BentoML writes there", () => {
    const envs = [env("A", "1"), env("TOKEN", "t", "build")];
    const image = { ...V1, dockerEnv: { D: "hello world", EMPTY: "", TOKEN: "t" } };
    expect(text(image, { envs })).toContain('ENV D="hello world" \\\n    EMPTY=""\n');
    expect(text(image, { envs })).not.toMatch(/ENV A=|TOKEN=t/);
    expect(text(V1, { envs })).toContain("ENV A=1\n");
  });

  it("of `docker.env` may refer to other variables with a default for missing ones", () => {
    const written = (value: string) => /ENV A=(.*)\n/.exec(text({ ...V1, dockerEnv: { A: value } }))?.[1];
    expect(written("/x:${LD_LIBRARY_PATH:-}")).toBe('"/x:${LD_LIBRARY_PATH:-}"');
    expect(written("${A:+$A:}${B:-${HOME}/b}")).toBe('"${A:+$A:}${B:-${HOME}/b}"');
    expect(written("\\\\$PATH \\${PATH:-}")).toBe('"\\\\${PATH} \\${PATH:-}"');
  });

  it.each(["${A-b}", "${A:?b}", "${A:-${B:-c}}", '${A:-"b"}', "${A:-'b'}", "${", "${}", "a$${A%b}"])(
    "of `docker.env` that a builder would expand in another way are refused: %s",
    (value) => {
      expect(() => text({ ...V1, dockerEnv: { A: value } })).toThrow(
        expect.objectContaining({
          class: "bento",
          code: "ValueInvalid",
          message: expect.stringContaining(value.slice(0, 2)),
        }),
      );
    },
  );

  it("of `docker.env` may refer to variables of the base image and to earlier ones; build arguments may not", () => {
    const dockerEnv = { PATH: "/opt/bin:$PATH", B: "${PATH} \\$x $1 'q'" };
    expect(text({ ...V1, dockerEnv })).toContain(`ENV PATH="/opt/bin:\${PATH}"\nENV B="\${PATH} \\$x \\$1 'q'"\n`);
    expect(text({ ...V1, dockerEnv }, {}, { B: "$PATH" })).toContain('\nENV B="\\$PATH"\n');
    expect(text(V2, { envs: [env("A", "$PATH")] })).toContain('ENV A="\\$PATH"');
  });

  it("for the runtime may have several lines, which are passed as build arguments", () => {
    const value = '-----BEGIN-----\nUSER evil\n$x "\\\n';
    const source = imageSource(recipe(V2, { envs: [env("A", "1", "runtime"), env("PEM", value, "runtime")] }));
    expect(source.dockerfile).toContain('\nARG BENTO_RUNTIME_1\nENV A=1 \\\n    PEM="${BENTO_RUNTIME_1}"\nEXPOSE');
    expect(source.buildArgs).toEqual({ BENTO_RUNTIME_1: value });
  });

  it("may have the names of JavaScript object properties", () => {
    const envs = [env("toString", ""), env("__proto__", "p"), env("constructor", "c", "runtime")];
    const made = recipe(V2, { envs });
    expect(made.runtime.variables).toEqual([{ name: "constructor", value: "c" }]);
    expect(renderDockerfile(made)).toContain("ENV __proto__=p\n");
    expect(made.notes).toEqual([expect.stringContaining("toString without a value")]);
    expect(
      recipe({ ...V1, dockerEnv: { A: "1" } }, { envs: [env("valueOf", "")] }, { toString: "x" }).resolvedBuildArgs,
    ).toEqual([]);
  });

  it("of the build stage change the steps that may read them when the Bento declares another value", () => {
    const index = (value: string) =>
      text({ ...V2, commands: ["cmd"] }, { envs: [env("PIP_EXTRA_INDEX_URL", value, "build")] });
    const steps = [index("https://good.example/simple"), index("https://evil.example/simple")].map(stepsWithSecrets);
    expect(steps[0]).toHaveLength(3);
    expect(steps[1]).toHaveLength(3);
    for (const step of steps[0] ?? []) expect(steps[1]).not.toContain(step);
    expect(index("https://good.example/simple")).toBe(index("https://good.example/simple"));
  });

  it("of the build stage without a declared value do not change the steps, whatever the environment provides", () => {
    const dockerfile = text({ ...V2, commands: ["cmd"] }, { envs: [env("HF_TOKEN", "", "build")] });
    expect(stepsWithSecrets(dockerfile)).toHaveLength(3);
    expect(dockerfile).not.toContain("declared values");
  });

  it("of the build stage are secrets of every step that may need them, for whole commands", () => {
    const { secrets } = recipe(V2, { envs: [env("T", "v", "build")] });
    expect(secrets).toEqual([{ name: "T", declared: "v" }]);
    const dockerfile = text({ ...V2, commands: ["a && b"] }, { envs: [env("T", "v", "build")] });
    const runs = dockerfile.split("\nRUN ").filter((run) => run.includes("--mount=type=secret,id=T,required=true "));
    expect(runs).toHaveLength(3); // commands, uv, packages
    for (const run of runs) expect(run).toContain('export T="$(cat /run/secrets/T)";');
  });

  it("are set before a step starts to print its commands", () => {
    const runs = parseDockerfile(text({ ...V2, commands: ["cmd"] }, { envs: [env("T", "v", "build")] }));
    for (const { operands } of runs.filter(({ keyword }) => keyword === "RUN")) {
      expect(operands.lastIndexOf("export ")).toBeLessThan(operands.indexOf("set -ex"));
    }
  });

  it.each([
    ["a line break", env("A", "1\nRUN evil")],
    ["an impossible name", env("A B", "1")],
    ["a secret that is not a valid shell variable", env("a.b", "", "build")],
  ])("are refused: %s", (_, bad) => {
    expect(() => recipe(V2, { envs: [bad] })).toThrow(
      expect.objectContaining({ class: "bento", code: "ValueInvalid" }),
    );
  });
});

describe("The build arguments of BentoML's Dockerfile", () => {
  it.each([
    ["BENTO_USER", "me; evil"],
    ["BENTO_USER_UID", "0"],
    ["BENTO_USER_GID", "x"],
    ["BENTO_PATH", "relative"],
    ["BENTO_PATH", "/a/../etc"],
    ["BENTO_PATH", "/tmp/bento"],
    ["BENTO_PATH", "/opt"],
  ])("are refused: %s=%s", (name, value) => {
    expect(() => recipe(V2, {}, { [name]: value })).toThrow(
      expect.objectContaining({ class: "input", code: "BuildArgumentInvalid", message: expect.stringContaining(name) }),
    );
  });
});

describe("Commands", () => {
  it("keep the package indexes as long as a later command may need them", () => {
    const indexes = "/var/lib/apt/lists/*";
    const count = (image: Partial<ImageOptionsV2>) => text({ ...V2, ...image }).split(indexes).length - 1;
    expect(count({ commands: ["apt-get update"] })).toBe(1);
    expect(count({ commands: ["apt-get update"], postCommands: ["python -c 1"] })).toBe(2);
    expect(count({ commands: ["apt-get update"], postCommands: ["apt-get install -y jq"] })).toBe(1);
    expect(count({ commands: ["apt-get update"], postCommands: ["./env/docker/script__ab12"] })).toBe(1);
  });

  it("run in the shell of the base image, each in a separate one", () => {
    const commands = [
      "false; echo $#",
      "cd / && X=1 && set -u",
      "cat <<A\n$PWD ${X-unset}\nA\n# it's",
      "false | true; exit 3",
    ];
    const [step] = recipe({ ...V2, commands }).environment.flatMap(({ steps }) =>
      steps.filter((one) => one.kind === "run" && one.statements.some((text) => text.includes("false; echo"))),
    );
    const own =
      step?.kind === "run" ? step.statements.filter((text) => /^(?:case|bento_command|set -ex)/.test(text)) : [];
    const run = (...shell: readonly string[]) => {
      const [program = "", ...options] = shell;
      const { stdout, status } = spawnSync(program, [...options, "-c", own.join("; ").replaceAll("\n", " ")], {
        encoding: "utf8",
        cwd: "/tmp",
      });
      return { stdout, status };
    };
    expect(run("sh")).toEqual({ stdout: "0\n/tmp unset\n", status: 3 });
    expect(run("bash")).toEqual({ stdout: "0\n/tmp unset\n", status: 3 });
    expect(run("bash", "-e")).toEqual({ stdout: "", status: 1 });
    expect(run("bash", "-e", "-o", "pipefail")).toEqual({ stdout: "", status: 1 });
  });

  it("are refused if they are longer than the limit of an argument", () => {
    expect(() => recipe({ ...V2, commands: ["x".repeat(60_000), "y".repeat(70_000)] })).toThrow(
      expect.objectContaining({ class: "bento", code: "ValueInvalid", message: expect.stringContaining("130") }),
    );
  });

  it("run BentoML's own command for Red Hat without a prompt", () => {
    expect(text({ ...V2, commands: ["yum update && yum install -y git"] })).toContain(
      "bento_command 'yum update -y && yum install -y git'",
    );
  });
});

describe("Python packages", () => {
  it("come from the Bento's index, including uv, and variables in its URL are expanded in the step", () => {
    const indexOptions = [
      "--index-url https://old.example/simple",
      "--index-url https://${USER}:${TOKEN}@new.example/$x/`y`",
      "--extra-index-url https://one.example",
      "--extra-index-url https://two.example",
      "--trusted-host one.example",
      "--find-links ./wheels",
      "--find-links https://links.example",
      "--no-index",
    ];
    const settings = [
      'PIP_INDEX_URL="https://${USER}:${TOKEN}@new.example/\\$x/\\`y\\`"',
      'PIP_EXTRA_INDEX_URL="https://one.example https://two.example"',
      'PIP_FIND_LINKS="https://links.example"',
      'PIP_TRUSTED_HOST="one.example"',
    ];
    expect(text(V2, { indexOptions })).toContain(settings.join(" \\\n        "));
  });

  it("are installed by a uv from one of the pinned PyPI wheels only", () => {
    const install = parseDockerfile(text(V2)).find(({ operands }) => operands.includes("uv=="))?.operands ?? "";
    expect(install).toMatch(
      /printf '%s ' uv==[\d.]+(?: +--hash=sha256:[0-9a-f]{64}){12} +\| \$pip install --only-binary :all: --require-hashes --requirement \/dev\/stdin \|\|/,
    );
    // The wheels require Python 3.8, but uv creates environments for 3.6 and later.
    expect(install).toContain("PIP_IGNORE_REQUIRES_PYTHON=1");
  });

  it("of conda come from channels whose terms the build accepts unless the Bento declines them", () => {
    expect(text({ ...V1, conda: true })).toContain(
      'CONDA_PLUGINS_AUTO_ACCEPT_TOS="${CONDA_PLUGINS_AUTO_ACCEPT_TOS:-yes}"',
    );
  });

  it("of a Bento without install.sh are its requirements and its BentoML version", () => {
    expect(text({ ...V1, installScript: false }, { bentomlVersion: "1.0.0a6" })).toContain(
      "uv pip install -r /home/bentoml/bento/env/python/requirements.txt bentoml==1.0.0a6",
    );
  });

  it("use conda's Python with conda's packages, even if the Bento names another version", () => {
    const conda = recipe({ ...V1, conda: true, condaPython: "3.10" });
    expect(renderDockerfile(conda)).toContain("--python /opt/conda/bin/python --system-site-packages /app/.venv");
    expect(conda.notes).toEqual([expect.stringContaining("conda's Python 3.10, not in the Python 3.11")]);
  });
});

describe("extras of BentoML in a spec 1 image", () => {
  const indexOptions = ["--index-url https://${USER}@a.example/simple", "--find-links ./wheels", "--no-index"];

  it("are installed after the packages, into the same environment, from the Bento's index", () => {
    const [before = "", after = ""] = renderDockerfile(recipe(V1, { indexOptions }, {}, ["grpc", "tracing"])).split(
      "uv --directory /home/bentoml/bento/env/python pip install ",
    );
    expect(before).toContain("/home/bentoml/bento/env/python/install.sh");
    expect(after).toMatch(
      /^--index-url "https:\/\/\$\{USER\}@a.example\/simple" --find-links ".\/wheels" --no-index 'bentoml\[grpc,tracing\]'/,
    );
  });

  it("change nothing when there are none", () => {
    expect(recipe(V1, {}, {}, [])).toEqual(recipe(V1));
  });
});
