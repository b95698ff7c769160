import type { Distro, ImageOptionsV1, ImageOptionsV2 } from "./bento.ts";
import { hasControlCharacter, readDockerEnv } from "./env.ts";
import type { ManifestNode } from "./manifest-node.ts";

/** The options that the manifest contains; the others are read from the Bento's files. */
export type ManifestImageV1 = Omit<ImageOptionsV1, "condaPython" | "installScript">;

const DISTROS: readonly Distro[] = ["debian", "alpine", "ubi8", "amazonlinux"];
const PYTHON = /^(\d+\.\d+)(?:\.\d+)?$/;
const CUDA = /^[\w.-]+$/;
/** The first words of `default_install_command` of every distro in `C/frontend/dockerfile/__init__.py` of BentoML. */
const BOOTSTRAP = /^(?:apt-get update|apk add|yum (?:update|upgrade))\b/;

/** Reads `docker` and `conda` of spec 1. A Bento of 1.0.0a6 has neither: it gets debian, as in BentoML. */
export function readImageV1(manifest: ManifestNode): ManifestImageV1 {
  const docker = manifest.key("docker");
  const conda = manifest.key("conda");
  const baseImage = readBaseImage(docker.key("base_image"));
  const pythonVersion = readPython(docker.key("python_version"));
  const cudaVersion = readCuda(docker.key("cuda_version"));
  const dockerEnv = readDockerEnv(docker.key("env"));
  return {
    spec: 1,
    distro: readDistro(docker.key("distro")),
    systemPackages: readSystemPackages(docker.key("system_packages")),
    setupScript: docker.key("setup_script").present,
    dockerfileTemplate: docker.key("dockerfile_template").present,
    conda: ["environment_yml", "channels", "dependencies", "pip"].some((name) => conda.key(name).truthy),
    ...(pythonVersion === undefined ? {} : { pythonVersion }),
    ...(cudaVersion === undefined ? {} : { cudaVersion }),
    ...(dockerEnv === undefined ? {} : { dockerEnv }),
    ...(baseImage === undefined ? {} : { baseImage }),
  };
}

/** Reads `image` of spec 2. */
export function readImageV2(manifest: ManifestNode): ImageOptionsV2 {
  const image = manifest.key("image");
  const baseImage = readBaseImage(image.key("base_image"));
  if (baseImage === undefined) image.key("base_image").mistake("is empty; a base image is required", "ValueInvalid");
  const pythonVersion = readWord(image.key("python_version"));
  return {
    spec: 2,
    baseImage: baseImage ?? "",
    ...(pythonVersion === undefined ? {} : { pythonVersion }),
    commands: dropRepeatedBootstrap(readCommands(image.key("commands"))),
    postCommands: readCommands(image.key("post_commands")),
    buildInclude: image.key("build_include").texts(),
  };
}

/**
 * Removes a repeated bootstrap command. BentoML ≤ 1.4.38 copies an Image that the service declares with `attrs.evolve`,
 * which runs `__attrs_post_init__` again and adds the distro's bootstrap command a second time
 * (https://github.com/bentoml/BentoML/blob/v1.4.38/src/_bentoml_sdk/images.py).
 */
function dropRepeatedBootstrap(commands: readonly string[]): readonly string[] {
  const [first, second, ...rest] = commands;
  return first !== undefined && first === second && BOOTSTRAP.test(first) ? [first, ...rest] : commands;
}

function readBaseImage(node: ManifestNode): string | undefined {
  const image = readWord(node);
  if (image?.startsWith("-")) node.mistake(`is "${image}", which is not an image reference`, "ValueInvalid");
  return image;
}

/** A single word. With a blank or line break, it could become several words or an instruction of a Dockerfile. */
function readWord(node: ManifestNode): string | undefined {
  const word = node.text()?.trim();
  if (!word) return undefined;
  if (/\s/.test(word) || hasControlCharacter(word)) {
    node.mistake(
      `is ${JSON.stringify(word)}; it must not contain blanks, line breaks or control characters`,
      "ValueInvalid",
    );
  }
  return word;
}

function readPython(node: ManifestNode): string | undefined {
  const text = node.text();
  if (!text) return undefined;
  const minor = pythonMinor(text);
  if (minor === undefined) node.mistake(`is "${text}"; it must look like 3.11`, "ValueInvalid");
  return minor;
}

/** `X.Y` of `X.Y` or `X.Y.Z`. */
export function pythonMinor(version: string): string | undefined {
  return PYTHON.exec(version.trim())?.[1];
}

function readCuda(node: ManifestNode): string | undefined {
  const text = node.text();
  if (text && !CUDA.test(text)) node.mistake(`is "${text}", which is not a version`, "ValueInvalid");
  return text || undefined;
}

function readDistro(node: ManifestNode): Distro {
  const text = node.text() || "debian";
  const distro = DISTROS.find((name) => name === text);
  if (distro === undefined) node.mistake(`is "${text}"; it must be one of ${DISTROS.join(", ")}`);
  return distro ?? "debian";
}

function readSystemPackages(node: ManifestNode): readonly string[] {
  const packages = node.texts();
  if (packages.some(hasControlCharacter)) node.mistake("contains a line break or control character", "ValueInvalid");
  return packages;
}

/** A command may have several lines, but not a NUL, which a shell cannot read. */
function readCommands(node: ManifestNode): readonly string[] {
  const commands = node.texts();
  if (commands.some((command) => command.includes("\0"))) node.mistake("contains a NUL character", "ValueInvalid");
  return commands;
}
