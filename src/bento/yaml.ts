import { Failure } from "../errors.ts";

/** PyYAML writes aliases for objects that occur twice. The limit bounds the time to read a document with many of them. */
const MAX_ALIASES = 1000;

/**
 * Parses YAML that PyYAML has written, with every scalar as its source text: a YAML 1.2 reader would read the strings
 * `12e5`, `1.10` and `0o17`, which PyYAML does not quote, as numbers. Only a plain `null`, `~` or an empty value is null.
 * The last of several equal keys applies, as in PyYAML. Aliases stay references, so a YAML bomb is not expanded.
 * @param file the path to show in messages.
 * @throws {Failure} bento/ManifestInvalid with the line.
 */
export async function parseYaml(text: string, file: string): Promise<unknown> {
  const { FAILSAFE_SCHEMA, load, nullCoreTag, YAMLException } = await import("../machine/libraries.ts");
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
