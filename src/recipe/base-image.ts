import type { Distro, ImageOptionsV1, ImageOptionsV2 } from "../bento/bento.ts";
import { Failure } from "../errors.ts";

/** The kind of base image of a spec 1 Bento. `own` is a base image that the user provides; it is not modified. */
export type Origin = "own" | "cuda" | "conda" | "python";

/** CUDA versions whose Debian-family images are built on Ubuntu 24.04 and carry no cuDNN number in their tags. */
const UBUNTU_2404 = /^12\.[68]\./;
/** NVIDIA has images on Ubuntu 22.04 since 11.7: https://hub.docker.com/r/nvidia/cuda/tags */
const UBUNTU_2004 = /^11\.[0-6]\./;
/** The characters of a name, tag and digest. The builder checks whether they form a valid reference. */
const REFERENCE = /^[A-Za-z0-9][A-Za-z0-9._:/@[\]-]*$/;

/** Prefixes of Docker Hub's images, and of mirrors that serve only these under such names; the longest first. */
const HUB = [
  ...["docker.io/library/", "index.docker.io/library/", "docker.io/", "index.docker.io/", "library/"],
  ...["public.ecr.aws/docker/library/", "mirror.gcr.io/library/", "mirror.gcr.io/"],
];
/** Matches tags of images that are not based on Debian or Ubuntu. */
const OTHER_SYSTEM = /alpine|windows|nanoserver/;

/**
 * Whether the base image is certainly derived from Debian, where findutils and coreutils are essential packages. Only
 * names on Docker Hub are certain: AWS, Chainguard and SUSE have their own images named `python`.
 */
export function isDebian(base: string): boolean {
  const [reference = ""] = base.split("@");
  const [name = "", tag = base.includes("@") ? undefined : "latest", ...rest] = reference.split(":");
  if (tag === undefined || rest.length > 0) return false;
  const prefix = HUB.find((candidate) => name.startsWith(candidate)) ?? "";
  switch (name.slice(prefix.length)) {
    case "python":
    case "debian":
    case "ubuntu":
    case "continuumio/miniconda3":
      return !OTHER_SYSTEM.test(tag);
    case "nvidia/cuda":
      return tag.includes("-ubuntu");
    default:
      return false;
  }
}

/** In BentoML's order of precedence: the user's base image, CUDA, conda, Python. */
export function originOf(image: ImageOptionsV1): Origin {
  if (image.baseImage !== undefined) return "own";
  if (image.cudaVersion !== undefined) return "cuda";
  return image.conda ? "conda" : "python";
}

/**
 * The image of `FROM`.
 * @see https://github.com/bentoml/BentoML/blob/v1.4.38/src/bentoml/_internal/container/frontend/dockerfile/__init__.py
 * @throws {Failure} bento/ValueInvalid when the Bento's options do not give a valid image.
 */
export function baseImage(image: ImageOptionsV1 | ImageOptionsV2): string {
  const base = image.spec === 2 ? image.baseImage : (image.baseImage ?? derivedImage(image));
  if (REFERENCE.test(base)) return base;
  throw new Failure("bento", `The Bento's base image is ${JSON.stringify(base)}, which is not an image reference`, {
    code: "ValueInvalid",
  });
}

function derivedImage(image: ImageOptionsV1): string {
  const origin = originOf(image);
  if (origin === "cuda") return cudaImage(image.distro, image.cudaVersion ?? "");
  if (origin === "conda") return condaImage(image.distro);
  return pythonImage(image.distro, requirePython(image));
}

function pythonImage(distro: Distro, python: string): string {
  switch (distro) {
    case "debian":
      return `python:${python}-slim`;
    case "alpine":
      return `python:${python}-alpine`;
    case "ubi8":
      return `registry.access.redhat.com/ubi8/python-${python.replace(".", "")}:1`;
    case "amazonlinux":
      return "amazonlinux:2";
  }
}

function condaImage(distro: Distro): string {
  if (distro === "debian") return "continuumio/miniconda3:latest";
  if (distro === "alpine") return "continuumio/miniconda3:4.10.3p0-alpine";
  throw unsupported("conda", distro);
}

function cudaImage(distro: Distro, version: string): string {
  if (distro === "debian") {
    if (UBUNTU_2404.test(version)) return `nvidia/cuda:${version}-cudnn-runtime-ubuntu24.04`;
    return `nvidia/cuda:${version}-cudnn8-runtime-${UBUNTU_2004.test(version) ? "ubuntu20.04" : "ubuntu22.04"}`;
  }
  if (distro === "ubi8") return `nvidia/cuda:${version}-${UBUNTU_2404.test(version) ? "cudnn" : "cudnn8"}-runtime-ubi8`;
  throw unsupported("CUDA", distro);
}

/**
 * The Python `X.Y` of a spec 1 Bento.
 * @throws {Failure} bento/ValueInvalid when neither the manifest nor the Bento's files specify one.
 */
export function requirePython(image: ImageOptionsV1): string {
  if (image.pythonVersion !== undefined) return image.pythonVersion;
  throw new Failure("bento", "The Bento does not specify a Python version", {
    code: "ValueInvalid",
    hint: "Set `docker.python_version` in bentofile.yaml and build the Bento again.",
  });
}

function unsupported(what: string, distro: Distro): Failure {
  return new Failure("bento", `The Bento requires ${what} on ${distro}, but no such base image exists`, {
    code: "ValueInvalid",
    hint: "Set `docker.distro` to debian, or set `docker.base_image`, and build the Bento again.",
  });
}
