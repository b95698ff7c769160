import type { ImageOptionsV1 } from "../bento/bento.ts";
import { originOf, requirePython } from "./base-image.ts";
import { quoteForShell } from "./dockerfile/quoting.ts";
import type { DeclaredSecret } from "./source.ts";
import { cleanUp, runStep, type Section, type Step, type Variable } from "./step.ts";

const APT_INSTALL =
  "apt-get install -q -y -o Dpkg::Options::=--force-confdef --no-install-recommends --allow-remove-essential";

interface Bootstrap {
  readonly before: readonly Variable[];
  readonly statements: readonly string[];
  readonly after: readonly Variable[];
}

/**
 * Installs the packages of the distribution that BentoML installs in a spec 1 image, then the Bento's `system_packages`.
 * Empty with a base image of the user, as in BentoML.
 * @see https://github.com/bentoml/BentoML/tree/v1.4.38/src/bentoml/_internal/container/frontend/dockerfile/templates
 */
export function bootstrapSections(image: ImageOptionsV1, secrets: readonly DeclaredSecret[]): readonly Section[] {
  if (originOf(image) === "own") return [];
  const { before, statements, after } = bootstrap(image);
  const steps: readonly (Step | undefined)[] = [
    env(before),
    runStep([...statements, ...cleanUp({ keepIndexes: false })], { secrets }),
    env(after),
  ];
  return [
    {
      comment: ["Packages of the distribution, in one layer that ends with removing what installing leaves behind."],
      steps: steps.filter((step) => step !== undefined),
    },
  ];
}

function env(variables: readonly Variable[]): Step | undefined {
  return variables.length === 0 ? undefined : { kind: "env", variables };
}

function bootstrap(image: ImageOptionsV1): Bootstrap {
  const packages = image.systemPackages.map(quoteForShell);
  switch (image.distro) {
    case "debian":
      return debian(image, packages);
    case "alpine":
      return {
        before: [],
        statements: [
          wrap("apk add --update", "bash gcc libc-dev shadow musl-dev build-base linux-headers g++ curl".split(" ")),
          ...install("apk add", packages),
        ],
        after: [{ name: "ENV", value: "/root/.bashrc" }],
      };
    case "ubi8":
      return ubi8(image, packages);
    case "amazonlinux":
      return amazonlinux(image, packages);
  }
}

function debian(image: ImageOptionsV1, packages: readonly string[]): Bootstrap {
  const common = "ca-certificates gnupg2 bash build-essential curl".split(" ");
  return {
    before: [{ name: "DEBIAN_FRONTEND", value: "noninteractive" }],
    statements: [
      "apt-get update -y",
      wrap(APT_INSTALL, [...common, ...packages]),
      ...(originOf(image) === "cuda" ? deadsnakes(requirePython(image)) : []),
    ],
    after: [],
  };
}

/** The CUDA images have no Python. `-venv`, which BentoML does not install, contains the pip that installs uv. */
function deadsnakes(python: string): readonly string[] {
  return [
    wrap(APT_INSTALL, ["software-properties-common"]),
    "add-apt-repository -y ppa:deadsnakes/ppa",
    "apt-get update -y",
    wrap(APT_INSTALL, [`python${python}`, `python${python}-dev`, `python${python}-venv`]),
    `ln -sf /usr/bin/python${python} /usr/bin/python3`,
  ];
}

function ubi8(image: ImageOptionsV1, packages: readonly string[]): Bootstrap {
  const isCuda = originOf(image) === "cuda";
  return {
    before: [],
    statements: [
      "yum upgrade -y",
      wrap("yum install -y", "ca-certificates curl gcc gcc-c++ make bash shadow-utils".split(" ")),
      ...install("yum install -y", packages),
      ...(isCuda ? ubi8Python(requirePython(image)) : []),
    ],
    after: isCuda ? UBI8_HOME : [],
  };
}

/** Variables that Red Hat's Python images set and the CUDA images on UBI do not. */
const UBI8_HOME: readonly Variable[] = [
  { name: "HOME", value: "/opt/app-root/src" },
  { name: "APP_ROOT", value: "/opt/app-root" },
  {
    name: "PATH",
    value: "/opt/app-root/src/bin:/opt/app-root/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  },
];

function ubi8Python(python: string): readonly string[] {
  return [
    `dnf install -y --setopt=tsflags=nodocs python${python.replace(".", "")}`,
    `ln -sf /usr/bin/python${python} /usr/bin/python3`,
    `ln -sf /usr/bin/pip${python} /usr/bin/pip3`,
  ];
}

function amazonlinux(image: ImageOptionsV1, packages: readonly string[]): Bootstrap {
  const python = requirePython(image);
  const short = python.replace(".", "");
  return {
    before: [],
    statements: [
      "yum upgrade -y",
      wrap("yum install -y", "amazon-linux-extras curl ca-certificates gcc gcc-c++ make bash shadow-utils".split(" ")),
      `amazon-linux-extras enable python${python}`,
      `yum install -y python${short} python${short}-devel`,
      `yum groupinstall -y "Development Tools"`,
      ...install("yum install -y", packages),
      `ln -sf /usr/bin/python${python} /usr/bin/python3`,
      `ln -sf /usr/bin/pip${python} /usr/bin/pip3`,
    ],
    after: [],
  };
}

function install(command: string, packages: readonly string[]): readonly string[] {
  return packages.length === 0 ? [] : [wrap(command, packages)];
}

function wrap(command: string, words: readonly string[]): string {
  return `${command}\n    ${words.join(" ")}`;
}
