import { Failure } from "../errors.ts";

/** PyYAML writes some for objects that occur twice; a bomb needs few, but walking a long list many times needs many. */
const MAX_ALIASES = 1000;

/**
 * Parses YAML that PyYAML wrote, with every scalar as its source text: a YAML 1.2 reader would make numbers of the
 * strings `12e5`, `1.10` and `0o17` that PyYAML leaves unquoted. Only a plain `null`, `~` or nothing becomes null.
 * Of equal keys the last counts, as in PyYAML. Aliases stay references, so a bomb of them costs nothing until walked.
 * @param file for messages: the path as the user knows it.
 * @throws {Failure} bento/ManifestInvalid with the line.
 */
export async function parseYaml(text: string, file: string): Promise<unknown> {
  const { FAILSAFE_SCHEMA, load, nullCoreTag, YAMLException } = await import("../libraries.ts");
  try {
    return load(text, { schema: FAILSAFE_SCHEMA.withTags(nullCoreTag), json: true, maxAliases: MAX_ALIASES });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = error.mark === undefined ? undefined : error.mark.line + 1;
    throw new Failure(
      "bento",
      `${file} is not valid YAML${line === undefined ? "" : ` (line ${line})`}: ${error.reason}`,
      {
        code: "ManifestInvalid",
        position: line === undefined ? { file } : { file, line },
        cause: error,
      },
    );
  }
}
