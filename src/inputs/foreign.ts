/**
 * Inputs of docker/build-push-action, redhat-actions/buildah-build, redhat-actions/push-to-registry and
 * bentoml/containerize-push-action that this action does not have. The runner passes them all the same, with a warning
 * that is easily missed, so they are refused: a workflow that asks for something must not get something else.
 * @see docs/interop.md
 */
import type { Env } from "../machine/machine.ts";
import { variable } from "./decode-schema.ts";
import { schema } from "./schema.ts";

interface ForeignInput {
  /** The inputs of this action that do the same. */
  readonly instead: readonly (keyof typeof schema)[];
  /** Why it is not an input here, or what to know about its counterpart. */
  readonly note: string;
  /** The value that asks for what this action does anyway. It is not refused. */
  readonly ours?: "true" | "false";
}

const REPOSITORY: ForeignInput = {
  instead: ["tags"],
  note: "`tags` has full references, with registry and repository",
};
const DOCKERFILE: ForeignInput = {
  instead: ["dockerfile"],
  note: "by default, the Dockerfile is generated from the Bento",
};
const PLATFORMS: ForeignInput = { instead: ["platforms"], note: "platforms are written as in `linux/arm64`" };
const LOGIN: ForeignInput = {
  instead: ["registry-auth-file"],
  note: "log in before, with docker/login-action or redhat-actions/podman-login; their credentials are found",
};
const SIGNING: ForeignInput = {
  instead: [],
  note: "sign the output `image` in a later step, with actions/attest or cosign",
};
const FROM_BENTO: ForeignInput = { instead: ["bento"], note: "the Bento determines it" };

export const FOREIGN: Readonly<Record<string, ForeignInput>> = {
  arch: PLATFORMS,
  archs: PLATFORMS,
  "base-image": { instead: ["bento"], note: "the Bento names its base image" },
  "buildah-image": {
    instead: ["backend"],
    note: "buildah is the runner's; buildctl and nerdctl are installed if they are missing",
  },
  call: { instead: ["dry-run"], note: "only builds are run; a dry run checks the inputs and writes the Dockerfile" },
  containerfiles: DOCKERFILE,
  content: FROM_BENTO,
  context: {
    instead: ["bento"],
    note: "the context is the Bento, a directory or an archive; `build-contexts` adds others",
  },
  digestfile: { instead: ["digest-file"], note: "`digest-file` is a directory, and the output `digest` is the digest" },
  dockerfiles: DOCKERFILE,
  entrypoint: FROM_BENTO,
  envs: { instead: ["bento"], note: "the Bento declares variables; `build-args` gives them other values" },
  file: DOCKERFILE,
  "github-token": {
    instead: ["secret-envs"],
    note: "no context is fetched from Git; `secret-envs` passes a token to build steps",
  },
  image: REPOSITORY,
  layers: {
    instead: ["no-cache"],
    note: "intermediate layers are always cached unless `no-cache` is true",
    ours: "true",
  },
  oci: { instead: ["format"], note: "it is `oci` unless it is set to `docker`", ours: "true" },
  password: LOGIN,
  platform: PLATFORMS,
  "podman-args": {
    instead: [],
    note: "podman's own files and variables configure it, such as `CONTAINERS_STORAGE_CONF`",
  },
  port: FROM_BENTO,
  registry: REPOSITORY,
  remote: { instead: [], note: "podman's own settings count, such as `CONTAINER_HOST`" },
  "sign-passphrase": SIGNING,
  "sigstore-private-key": SIGNING,
  squash: {
    instead: [],
    note: "each model keeps its own layer, so that unchanged models are not pushed again",
    ours: "false",
  },
  tag: REPOSITORY,
  "tls-verify": {
    instead: ["insecure-registries", "registry-authorities"],
    note: "TLS is verified; `insecure-registries` lists those without it, `registry-authorities` private authorities",
    ours: "true",
  },
  username: LOGIN,
  workdir: FROM_BENTO,
};

/**
 * One sentence for each input of another action that the step gives. It never contains the value, which may be a password.
 * The step's environment may have such a variable too: from `env:`, or from a composite action under act, which passes its
 * own inputs on.
 */
export function findForeign(env: Env): readonly string[] {
  return Object.entries(FOREIGN)
    .filter(([name, { ours = "" }]) => !["", ours].includes(variable(env, name).trim().toLowerCase()))
    .map(([name, { instead, note }]) => {
      const [first] = instead;
      const example = first === undefined ? "" : ` (for example: ${first}: ${schema[first].example})`;
      const use = first === undefined ? "" : `; use ${instead.join(", ")}`;
      const elsewhere = `if the variable INPUT_${name.toUpperCase()} comes from \`env:\`, rename it`;
      return `${name}: this action has no such input${use}: ${note}${example}; ${elsewhere}`;
    });
}
