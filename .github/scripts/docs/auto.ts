/** What `backend: auto` selects, in the order in which it decides. */
import { autoChoice, ENGINE_VARIABLES } from "../../../src/backends/auto.ts";
import { table } from "./metadata.ts";

type Row = readonly [selects: string, why: string];

const OF_THE_DAEMON = "`docker`; `buildx` if a builder of its own is the current one there";

/** Total, so that the compiler asks for the row of a new variable. */
const VARIABLES: Readonly<Record<keyof typeof ENGINE_VARIABLES, Row>> = {
  BUILDX_BUILDER: [
    "`buildx` with that builder; `docker` if it is the docker daemon itself",
    "`docker buildx` itself prefers it to the current builder",
  ],
  BUILDKIT_HOST: [
    "`buildctl` with that buildkitd",
    "it is for builds alone; [`setup`](#one-set-up-for-several-steps) sets it",
  ],
  DOCKER_HOST: [
    `${OF_THE_DAEMON}; without docker, or if \`docker\` is podman, as if it were not set`,
    "the daemon may also run the job's containers, so it says less about builds",
  ],
  DOCKER_CONTEXT: [OF_THE_DAEMON, "docker ignores it if `DOCKER_HOST` is set"],
  CONTAINER_HOST: ["`podman` as the client of that service", "only podman reads it"],
  CONTAINER_CONNECTION: ["`podman` with that connection", "podman ignores it if `CONTAINER_HOST` is set"],
};

export function autoTable(): string {
  const { assumed } = autoChoice(undefined, {});
  const rows: readonly (readonly string[])[] = [
    [
      "the input `builder`: an address",
      "`buildctl` with that buildkitd",
      "the input has precedence over everything else",
    ],
    [
      "the input `builder`: a name, several addresses, `kubernetes://`",
      "`buildx` with that builder",
      "no other backend can use it",
    ],
    ...Object.keys(ENGINE_VARIABLES).map((name) => [`\`${name}\``, ...rowOf(name)]),
    [
      "a current builder of buildx, which `docker/setup-buildx-action` or `docker buildx create --use` made",
      "`buildx` with that builder",
      "`docker build` would use it as well",
    ],
    [
      "nothing of this",
      `the first that works and supports the inputs: ${assumed.map(({ name }) => `\`${name}\``).join(", ")}; else \`buildctl\`, which the action sets up`,
      "docker comes first, as most runners have it",
    ],
  ];
  return table(["The first that is set", "`auto` selects", "Why"], rows);
}

function rowOf(name: string): Row {
  return VARIABLES[name as keyof typeof VARIABLES];
}
