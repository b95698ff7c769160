import { join } from "node:path/posix";
import type { Bento, LocatedModel } from "../../bento/bento.ts";
import { Failure } from "../../errors.ts";
import { type ModelContext, nameContexts } from "../contexts.ts";
import { resolveLayout } from "../directories.ts";
import { copyModel, generatedEntries, modelEntries, withParents } from "../payload.ts";
import type { DeclaredSecret, GeneratedEntry, ImageSource } from "../source.ts";
import { type Instruction, lastBase, parseDockerfile } from "./parse.ts";
import { dropSyntax } from "./parser-directives.ts";
import { quoteOperands } from "./quoting.ts";

/** A Dockerfile that this action did not generate. */
export interface GivenDockerfile {
  readonly text: string;
  /** For messages. */
  readonly path: string;
  /** The file beside it that tells which files of the context it sees, if there is one. */
  readonly ignore?: string;
  /** All build arguments of the user. They are also passed to the builder. */
  readonly buildArgs: Readonly<Record<string, string>>;
}

/**
 * The build input for the Dockerfile that is stored in a Bento; for a Bento with a `dockerfile_template` it is the
 * rendered template. It is built unchanged, except that instructions for the models are added after the `COPY . ./` that
 * copies the Bento. BentoML copies the models into the context instead.
 * @throws {Failure} dockerfile/CopyMissing when there are models and the last stage has no such instruction,
 * dockerfile/FromMissing
 */
export function storedSource(bento: Bento, models: readonly LocatedModel[], given: GivenDockerfile): ImageSource {
  const text = dropSyntax(given.text);
  const instructions = parseDockerfile(text);
  // Models in the Bento itself are copied by `COPY . ./`.
  const contexts = nameContexts(models.filter((model) => model.kind === "snapshot" || model.origin === "store"));
  const copy = findBentoCopy(instructions);
  if (copy === undefined && contexts.length > 0) throw copyMissing(given.path, contexts);
  const added = copy === undefined ? [] : modelInstructions(copy, contexts);
  const lines = text.split("\n");
  const at = copy?.lastLine ?? lines.length;
  return {
    ...givenSource(bento, given, instructions),
    dockerfile: [...lines.slice(0, at), ...added, ...lines.slice(at)].join("\n"),
    contexts: contexts.map(({ name, directory }) => ({ name, directory })),
    generated: copy === undefined ? [] : modelTree(models),
    notes: bakedNotes(bento, instructions),
  };
}

/**
 * The build input for the user's own Dockerfile, which is built unchanged. The models are in the contexts `model-…`
 * ({@link nameContexts}), and `generated` has the same tree as for the generated Dockerfile.
 * @throws {Failure} dockerfile/FromMissing, input/BuildArgumentInvalid
 */
export function ownSource(bento: Bento, models: readonly LocatedModel[], given: GivenDockerfile): ImageSource {
  return {
    ...givenSource(bento, given, parseDockerfile(given.text)),
    dockerfile: given.text,
    ...(given.ignore === undefined ? {} : { ignore: given.ignore }),
    contexts: nameContexts(models).map(({ name, directory }) => ({ name, directory })),
    generated: generatedEntries(bento, models, resolveLayout(given.buildArgs)),
    notes: [],
  };
}

function givenSource(bento: Bento, given: GivenDockerfile, instructions: readonly Instruction[]) {
  const base = lastBase(instructions, given.buildArgs);
  if (base === undefined) {
    throw new Failure("dockerfile", `${given.path} has no FROM`, {
      code: "FromMissing",
      position: { file: given.path },
    });
  }
  const secrets = mountedSecrets(bento, instructions);
  return { context: bento.directory, base, secrets, buildArgs: {}, resolvedBuildArgs: [] };
}

/** The last `COPY . ./` of the last stage. */
function findBentoCopy(instructions: readonly Instruction[]): Instruction | undefined {
  const stage = instructions.slice(instructions.findLastIndex(({ keyword }) => keyword === "FROM"));
  return stage.findLast(
    ({ keyword, flags, operands }) =>
      (keyword === "COPY" || keyword === "ADD") &&
      !flags.some((flag) => flag.startsWith("--from=")) &&
      /^(?:\.\/?\s+\.\/?|\["\.\/?",\s*"\.\/?"\])$/.test(operands),
  );
}

function modelInstructions(copy: Instruction, contexts: readonly ModelContext[]): readonly string[] {
  const owner = copy.flags.filter((flag) => flag.startsWith("--chown="));
  const print = (context: string, sources: readonly string[], destination: string) =>
    ["COPY", ...owner, `--from=${context}`, quoteOperands(sources, destination)].join(" ");
  return [
    "# The models, straight from where they lie.",
    ...contexts.flatMap((context) =>
      copyModel(context, ".").map(({ sources, destination }) => print(context.name, sources, destination)),
    ),
    print("generated", ["bento"], "./"),
  ];
}

function modelTree(models: readonly LocatedModel[]): readonly GeneratedEntry[] {
  const directories = ["models", "hf-models"].map((path): GeneratedEntry => ({ kind: "directory", path, mode: 0o755 }));
  const entries = [...directories, ...modelEntries(models)];
  return withParents(entries.map((entry) => ({ ...entry, path: join("bento", entry.path) })));
}

function mountedSecrets(bento: Bento, instructions: readonly Instruction[]): readonly DeclaredSecret[] {
  const flags = instructions.flatMap((instruction) => instruction.flags);
  const mounts = flags.filter((flag) => /^--mount=.*\btype=secret\b/.test(flag));
  const fields = new Set(mounts.flatMap((mount) => mount.replace("--mount=", "").split(",")));
  return bento.envs
    .filter(({ name, stage }) => stage === "build" && fields.has(`id=${name}`))
    .map(({ name, value }) => ({ name, declared: value }));
}

function bakedNotes(bento: Bento, instructions: readonly Instruction[]): readonly string[] {
  const set = instructions.filter(({ keyword }) => keyword === "ENV").map(({ operands }) => operands.split(/[=\s]/)[0]);
  const baked = bento.envs.filter(({ name, stage }) => stage === "build" && set.includes(name)).map(({ name }) => name);
  if (baked.length === 0) return [];
  return [
    `The stored Dockerfile writes ${baked.join(", ")} into the image, although the Bento declares them for the build only. The generated Dockerfile does not.`,
  ];
}

function copyMissing(path: string, contexts: readonly ModelContext[]): Failure {
  return new Failure(
    "dockerfile",
    `${path} has no \`COPY . ./\` in its last stage, after which the Bento's models would be copied`,
    {
      code: "CopyMissing",
      lines: contexts.map(({ name }) => `COPY --from=${name} …`),
      hint: "Use `dockerfile: generated`, or provide a Dockerfile that copies the models from these contexts.",
      position: { file: path },
    },
  );
}
