import type { Bento, LocatedModel, Tag } from "../bento/bento.ts";
import type { Enclosure } from "../machine/enclosure.ts";
import { baseImage, originOf } from "./base-image.ts";
import { setupSection } from "./commands.ts";
import { nameContexts } from "./contexts.ts";
import { LAYOUT_ARGUMENTS, type Layout, resolveLayout } from "./directories.ts";
import { environmentV1, environmentV2 } from "./environment.ts";
import { generatedEntries, type PayloadLayer, payloadLayers } from "./payload.ts";
import type { DeclaredSecret, GeneratedEntry, NamedContext } from "./source.ts";
import type { Section, Variable } from "./step.ts";
import { fixTimes } from "./times.ts";
import { sortVariables, type Variables } from "./variables.ts";

/**
 * The description of a Bento's image, in three parts that change at different rates. Either a builder builds all of it, or
 * it builds only the environment and the action adds the layers of the payload (direct assembly).
 */
export interface Recipe {
  readonly bento: Tag;
  readonly bentomlVersion: string;
  /** Name and version of this tool, for the first line of the Dockerfile. */
  readonly tool: string;
  readonly base: string;
  /** Everything up to and including the Python packages. It changes rarely. */
  readonly environment: readonly Section[];
  /** Files only, in the order of their layers. */
  readonly payload: readonly PayloadLayer[];
  /** Steps that run after the payload has been copied. Direct assembly is possible only if there are none. */
  readonly afterPayload: readonly Section[];
  readonly runtime: Runtime;
  readonly layout: Layout;
  /** The Bento's own directory. */
  readonly context: Enclosure;
  readonly contexts: readonly NamedContext[];
  readonly generated: readonly GeneratedEntry[];
  readonly secrets: readonly DeclaredSecret[];
  readonly resolvedBuildArgs: readonly string[];
  readonly notes: readonly string[];
}

/** The part of the image's configuration that adds no layer. */
export interface Runtime {
  readonly variables: readonly Variable[];
  readonly exposedPorts: readonly number[];
  readonly user: string;
  readonly workdir: string;
  readonly entrypoint: readonly string[];
}

export interface RecipeOptions {
  /** All build arguments of the user; `resolvedBuildArgs` lists those that the recipe has used. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Name and version of this tool, e.g. `bento-image 1.0.0`. */
  readonly tool: string;
  /** Extras of BentoML to install in the image of a spec 1 Bento. */
  readonly features?: readonly string[];
}

/** The server's port, and the port of its metrics when it serves gRPC (BentoML's `api_server.grpc.metrics.port`). */
const PORTS = [3000, 3001];

/**
 * Derives the recipe from the Bento and its located models. A pure function: the same input gives the same recipe.
 * @throws {Failure} input/BuildArgumentInvalid, bento/ValueInvalid
 */
export function makeRecipe(bento: Bento, models: readonly LocatedModel[], options: RecipeOptions): Recipe {
  const { image } = bento;
  const layout = resolveLayout(options.buildArgs);
  const variables = sortVariables(bento, options.buildArgs);
  const contexts = nameContexts(models);
  const input = { bento, layout, variables, features: options.features ?? [] };
  const base = baseImage(image);
  const environment = image.spec === 1 ? environmentV1(input, image) : environmentV2(input, image);
  return {
    bento: bento.tag,
    bentomlVersion: bento.bentomlVersion,
    tool: options.tool,
    base,
    environment: fixTimes(environment, base),
    payload: payloadLayers(bento, contexts, layout),
    afterPayload: image.spec === 1 && image.setupScript ? [setupSection(layout, variables.secrets)] : [],
    runtime: {
      variables: variables.runtime,
      exposedPorts: PORTS,
      user: layout.user,
      workdir: layout.bento,
      entrypoint: [`${layout.bento}/env/docker/entrypoint.sh`],
    },
    layout,
    context: bento.directory,
    contexts: contexts.map(({ name, directory }) => ({ name, directory })),
    generated: generatedEntries(bento, models, layout),
    secrets: variables.secrets,
    resolvedBuildArgs: Object.keys(options.buildArgs).filter(
      (name) =>
        LAYOUT_ARGUMENTS.includes(name) || bento.envs.some((env) => env.name === name) || isDockerEnv(bento, name),
    ),
    notes: [...variableNotes(variables), ...optionNotes(bento)],
  };
}

function isDockerEnv({ image }: Bento, name: string): boolean {
  return image.spec === 1 && image.dockerEnv !== undefined && Object.hasOwn(image.dockerEnv, name);
}

function variableNotes({ unset }: Variables): readonly string[] {
  if (unset.length === 0) return [];
  return [
    `The Bento declares ${unset.join(", ")} without a value, so the image does not set them. Set them when you start the container, or with build-args.`,
  ];
}

function optionNotes({ image }: Bento): readonly string[] {
  if (image.spec === 2) return [];
  const notes: string[] = [];
  if (image.baseImage !== undefined && image.systemPackages.length > 0) {
    notes.push(
      "`docker.system_packages` has no effect with `docker.base_image`: BentoML installs no system packages in such an image.",
    );
  }
  const other = image.condaPython !== undefined && image.condaPython !== image.pythonVersion;
  if (originOf(image) === "conda" && other && image.pythonVersion !== undefined) {
    notes.push(
      `The service runs in conda's Python ${image.condaPython}, not in the Python ${image.pythonVersion} of \`docker.python_version\`.`,
    );
  }
  return notes;
}
