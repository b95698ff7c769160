/** From the values as given to the inputs of a run: docker's exporters and build arguments without a value. */
import { isOfAction } from "../machine/action-variables.ts";
import type { Env } from "../machine/machine.ts";
import { printReference, printRepository, type Reference } from "../oci/reference.ts";
import { definedOnly, ownValue } from "../values.ts";
import { distinctReferences } from "./decoder.ts";
import type { Output, OutputElement } from "./exporters.ts";
import type { Inputs, Values } from "./schema.ts";

/** The inputs of a run. */
export function resolveInputs(values: Values, env: Env): Inputs {
  return {
    ...values,
    ...resolveDestination(values),
    buildArgs: definedOnly(
      Object.fromEntries(Object.entries(values.buildArgs).map(([name, value]) => [name, value ?? ownValue(env, name)])),
    ),
  };
}

type Destination = Pick<Values, "tags" | "push" | "pushByDigest" | "load" | "output">;

/**
 * Docker's exporters as the inputs `push`, `push-by-digest`, `load` and `tags`, which mean the same. As in docker, `push:
 * true` also pushes what `type=image` makes, and the names of an exporter count only without tags.
 */
function resolveDestination(values: Destination): Pick<Inputs, keyof Destination> {
  const { output, tags } = values;
  const images = output.flatMap(({ exporter }) => (exporter.kind === "image" ? [exporter] : []));
  const push = values.push === true || images.some((image) => image.push === true);
  const pushByDigest = values.pushByDigest === true || (push && images.some(({ byDigest }) => byDigest));
  const load =
    output.some(({ exporter }) => exporter.kind === "load") || (!push && images.some((image) => image.push === false));
  return {
    push: push || values.push,
    pushByDigest: pushByDigest || values.pushByDigest,
    load: values.load ?? (load || undefined),
    output: output.flatMap(({ exporter }): readonly Output[] => (exporter.kind === "file" ? [exporter.output] : [])),
    tags: tags.length > 0 ? tags : distinctReferences(output.flatMap(({ names }) => names)),
  };
}

/** Exporters that contradict other inputs or each other, and build arguments that must not be passed: one sentence each. */
export function findUnresolved(values: Values): readonly string[] {
  return [
    ...values.output.flatMap((element) => problemsOf(element, values)),
    ...findContradictions(values),
    ...findSecretVariables(values),
  ];
}

function problemsOf({ text, exporter, names }: OutputElement, values: Destination): readonly string[] {
  const { push, byDigest } = exporter.kind === "image" ? exporter : { push: true, byDigest: false };
  const isPushed = push === true || values.push === true || values.pushByDigest === true;
  const problems: readonly (readonly [boolean, string])[] = [
    [exporter.kind === "load" && values.load === false, "it contradicts `load: false`"],
    [exporter.kind === "image" && push === true && values.push === false, "it contradicts `push: false`"],
    [
      push === undefined && !isPushed,
      "it says nothing about where the image goes; add push=true to push it, or use type=docker to load it",
    ],
    [byDigest && push === false, "push-by-digest=true contradicts push=false"],
    [
      names.length > 0 &&
        values.tags.length > 0 &&
        !areAmong(names, values.tags, byDigest || values.pushByDigest === true),
      "the input tags replaces name=, as in docker, and does not contain it; give one of the two",
    ],
  ];
  return problems.flatMap(([applies, problem]) => (applies ? [`output: "${text}": ${problem}`] : []));
}

function areAmong(names: readonly Reference[], tags: readonly Reference[], byDigest: boolean): boolean {
  const print = byDigest ? printRepository : printReference;
  const known = new Set(tags.map(print));
  return names.every((name) => known.has(print(name)));
}

/** All exporters of an image write to the same tags here; docker gives each its own. */
function findContradictions({ output, tags }: Values): readonly string[] {
  const named = output.filter(({ names }) => names.length > 0);
  const lists = new Set(named.map(({ names }) => names.map(printReference).sort().join()));
  const pushes = output.flatMap(({ exporter }) => (exporter.kind === "image" ? [exporter.byDigest] : []));
  return [
    ...(tags.length === 0 && lists.size > 1
      ? [
          "output: several different name= are given; list all tags in the input tags (for example: ghcr.io/acme/iris:1.4.0)",
        ]
      : []),
    ...(new Set(pushes).size > 1 ? ["output: push either by tag or by digest, not both"] : []),
  ];
}

/**
 * A build argument is public. The runner's own variables contain the job's tokens and all inputs, secrets included; other
 * variables are secrets of the build.
 */
function findSecretVariables({ buildArgs, secretEnvs }: Values): readonly string[] {
  const secrets = new Set(secretEnvs.map(({ variable }) => variable));
  const names = Object.keys(buildArgs).filter((name) => buildArgs[name] === undefined);
  return [
    ...names.filter(isOfAction).map((name) => `build-args: ${name} belongs to the runner and is not passed to a build`),
    ...names
      .filter((name) => secrets.has(name))
      .map(
        (name) =>
          `build-args, secret-envs: ${name} is a secret, and a build argument is public; give it in secret-envs alone`,
      ),
  ];
}

/** One sentence for each build argument that has no value, which docker leaves out too. */
export function notesOfBuildArgs({ buildArgs }: Values, env: Env): readonly string[] {
  return Object.entries(buildArgs)
    .filter(([name, value]) => value === undefined && ownValue(env, name) === undefined)
    .map(([name]) => `build-args: the step has no variable ${name}, so the build gets the Dockerfile's default.`);
}
