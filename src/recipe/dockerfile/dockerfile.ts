import { printTag } from "../../bento/bento.ts";
import type { Digest } from "../../oci/digest.ts";
import { type Dialect, FULL_DIALECT } from "../dialect.ts";
import type { PayloadLayer } from "../payload.ts";
import type { Recipe, Runtime } from "../recipe.ts";
import type { ImageSource } from "../source.ts";
import type { Mount, Owner, Section, Step, Variable } from "../step.ts";
import { newestTime, statementsWithTime } from "../times.ts";
import { hasStandIns, withoutMounts } from "../without-mounts.ts";
import { BASE_CHECK_LINE } from "./base-check.ts";
import { foldLongLines } from "./long-lines.ts";
import { quoteExpanding, quoteForDockerfile, quoteOperands } from "./quoting.ts";

export interface RenderOptions {
  /** What the builder reads. A construct that it does not read is rendered otherwise, where that is possible. */
  readonly dialect: Dialect;
  /** The digest to pin the base image to; without it the builder resolves the name. */
  readonly base?: Digest;
  /** Whether only {@link ENVIRONMENT_STAGE} is built. The builder then does not rewrite file times. */
  readonly environmentOnly?: boolean;
}

/**
 * BuildKit creates a layer for each WORKDIR (dockerfile2llb/convert.go, dispatchWorkdir). It holds the directories that
 * WORKDIR creates, with the time of the build. If all of them exist already, the layer is empty, and some registry clients
 * refuse that, such as the image streaming of GKE
 * (https://cloud.google.com/kubernetes-engine/docs/how-to/image-streaming#limitations).
 */
const WORKDIR_FIRST = "# The first to make the directory: the layer of a WORKDIR that makes none is empty.";

/** The stage that has everything except the files of the Bento. Users may name it in the input `target`. */
export const ENVIRONMENT_STAGE = "environment";

/**
 * The recipe as a Dockerfile that BuildKit's built-in frontend (0.13 and later) and Buildah (1.41 and later) interpret in
 * the same way. It has no `# syntax` line, heredocs or symbolic modes, and does not depend on the machine or the time. Its
 * first line is {@link BASE_CHECK_LINE}.
 * @throws {Failure} bento/ValueInvalid for a text that a line of a Dockerfile cannot contain.
 */
export function renderDockerfile(recipe: Recipe, options: RenderOptions = { dialect: FULL_DIALECT }): string {
  const { dialect, base, environmentOnly = false } = options;
  const isPinned = base !== undefined && !recipe.base.includes("@");
  const workdir = `WORKDIR ${recipe.runtime.workdir}`;
  const sections = [
    header(recipe),
    `FROM ${recipe.base}${isPinned ? `@${base}` : ""} AS ${ENVIRONMENT_STAGE}`,
    ...(environmentOnly ? [] : [`${WORKDIR_FIRST}\n${workdir}`]),
    ...recipe.environment.map((section) => renderSection(section, dialect)),
    `# The image: the environment, and the files of the Bento on top.\nFROM ${ENVIRONMENT_STAGE}`,
    ...renderPayload(recipe.payload, dialect),
    ...recipe.afterPayload.map((section) => renderSection(section, dialect)),
    renderRuntime(recipe.runtime, environmentOnly ? [workdir] : []),
  ];
  return foldLongLines(`${sections.join("\n\n")}\n`);
}

/**
 * The build input for the environment alone: the same Dockerfile with the target {@link ENVIRONMENT_STAGE}, which does not
 * use the contexts of models.
 */
export function environmentSource(recipe: Recipe, options: RenderOptions): ImageSource {
  const isSettled = options.dialect.layers === "single" || !hasStandIns(recipe.environment, options.dialect);
  const time = isSettled ? newestTime(recipe.environment) : undefined;
  return {
    ...imageSource(recipe, { ...options, environmentOnly: true }),
    buildArgs: {},
    contexts: [],
    generated: [],
    ...(time === undefined ? {} : { newestTime: time }),
  };
}

/**
 * Replaces the Bento's own `.dockerignore`. That file would decide which files the steps find and so change the
 * environment, although it is not part of the cache key; and images built by a builder would have other files than
 * assembled ones. The content is a comment because BuildKit ignores an empty file.
 */
const IGNORE_NOTHING = "# Nothing of the Bento is left out.\n";

/** The build input for the recipe's image. */
export function imageSource(recipe: Recipe, options?: RenderOptions): ImageSource {
  const { context, contexts, generated, secrets, resolvedBuildArgs, base, notes } = recipe;
  const dockerfile = renderDockerfile(recipe, options);
  const buildArgs = Object.fromEntries(runtimeArguments(recipe.runtime).map(({ name, value }) => [name, value]));
  const ignore = IGNORE_NOTHING;
  return { dockerfile, ignore, context, contexts, generated, secrets, buildArgs, resolvedBuildArgs, base, notes };
}

function header({ bento, bentomlVersion, tool }: Recipe): string {
  const version = bentomlVersion.replace(/[^\w.+-]/g, "").slice(0, 64);
  return `${BASE_CHECK_LINE}\n# The image of the Bento ${printTag(bento)}, built with BentoML ${version}. Written by ${tool}.`;
}

function renderSection({ comment, steps }: Section, dialect: Dialect): string {
  const written = steps.flatMap((step) => (step.kind === "run" ? withoutMounts(step, dialect) : [step]));
  return [...comment.map((line) => `# ${line}`), ...written.map(renderStep)].join("\n");
}

function renderStep(step: Step): string {
  switch (step.kind) {
    case "user":
      return `USER ${step.name}`;
    case "env":
      return renderVariables(step.variables);
    case "path":
      return `ENV PATH=${step.directory}:$PATH`;
    case "copy":
      return [
        `COPY --chown=${renderOwner(step.owner)}`,
        ...(step.executable ? ["--chmod=755"] : []),
        quoteOperands(step.sources, step.destination),
      ].join(" ");
    case "run":
      return renderRun(
        step.mounts,
        step.time === undefined ? step.statements : statementsWithTime(step.statements, step.time),
      );
  }
}

function renderVariables(variables: readonly Variable[]): string {
  return `ENV ${continued(variables.map(renderVariable))}`;
}

function renderVariable({ name, value, expand }: Variable): string {
  return `${name}=${expand === true ? quoteExpanding(value) : quoteForDockerfile(value)}`;
}

function renderRun(mounts: readonly Mount[], statements: readonly string[]): string {
  const last = statements.length - 1;
  const lines = statements.flatMap((statement, index) => `${statement}${index === last ? "" : ";"}`.split("\n"));
  return `RUN ${continued([...mounts.map(renderMount), ...lines])}`;
}

function renderMount(mount: Mount): string {
  switch (mount.kind) {
    case "cache":
      return `--mount=type=cache,target=${mount.target}`;
    case "bind":
      return `--mount=type=bind,source=${mount.source},target=${mount.target}`;
    case "secret":
      return `--mount=type=secret,id=${mount.id},required=true`;
  }
}

/** Lines of one instruction, aligned below the first one's operand. */
function continued(lines: readonly string[]): string {
  return lines.join(" \\\n    ");
}

function renderPayload(layers: readonly PayloadLayer[], dialect: Dialect): readonly string[] {
  const groups = [
    { kind: "model", comment: "# The models, a layer each, straight from where they lie." },
    { kind: "bento", comment: "# The Bento, from what changes least to what changes with every build." },
    {
      kind: "parents",
      comment: "# A linked layer gives the directories on the way to its files to their owner; these are root's.",
    },
  ];
  return groups
    .map(({ kind, comment }) => ({ comment, layers: layers.filter((layer) => layer.kind === kind) }))
    .filter((group) => group.layers.length > 0)
    .map((group) => [group.comment, ...group.layers.flatMap((layer) => renderLayer(layer, dialect))].join("\n"));
}

/** Without links the image has the same files, but a layer is built anew whenever one below it changes. */
function renderLayer({ owner, copies }: PayloadLayer, { reads }: Dialect): readonly string[] {
  return copies.map(({ context, sources, destination }) =>
    [
      "COPY",
      // Buildah refuses two dots anywhere in a linked destination, as a path that leads outside (add.go).
      ...(reads.linkedCopy && !destination.includes("..") ? ["--link"] : []),
      `--chown=${renderOwner(owner)}`,
      ...(context === undefined ? [] : [`--from=${context}`]),
      quoteOperands(sources, destination),
    ].join(" "),
  );
}

function renderOwner({ uid, gid }: Owner): string {
  return `${uid}:${gid}`;
}

/** Build arguments for values of several lines, which can be set by `ENV` only through a build argument. */
function runtimeArguments({ variables }: Runtime): readonly Variable[] {
  return variables
    .filter(({ value }) => /[\r\n]/.test(value))
    .map(({ value }, index) => ({ name: `BENTO_RUNTIME_${index + 1}`, value }));
}

function renderRuntime(runtime: Runtime, more: readonly string[]): string {
  const { exposedPorts, user, entrypoint } = runtime;
  const given = new Map(runtimeArguments(runtime).map(({ name, value }) => [value, `\${${name}}`]));
  const variables = runtime.variables.map((variable): Variable => {
    const reference = given.get(variable.value);
    return reference === undefined ? variable : { name: variable.name, value: reference, expand: true };
  });
  return [
    "# How a container starts.",
    ...more,
    ...runtimeArguments(runtime).map(({ name }) => `ARG ${name}`),
    ...(variables.length === 0 ? [] : [renderVariables(variables)]),
    `EXPOSE ${exposedPorts.join(" ")}`,
    `USER ${user}`,
    `ENTRYPOINT ${JSON.stringify(entrypoint)}`,
  ].join("\n");
}
