/**
 * The checks of BuildKit's frontend that are skipped: all but InvalidBaseImagePlatform. They are about style, or report
 * false positives.
 * Source: https://docs.docker.com/reference/build-checks/
 */
const STYLE_CHECKS = [
  "ConsistentInstructionCasing",
  "CopyIgnoredFile",
  "DuplicateStageName",
  "ExposeInvalidFormat",
  "ExposeProtoCasing",
  // Until BuildKit 0.14, which called it so.
  "FileConsistentCommandCasing",
  "FromAsCasing",
  "FromPlatformFlagConstDisallowed",
  "InvalidDefaultArgInFrom",
  "InvalidDefinitionDescription",
  "JSONArgsRecommended",
  "LegacyKeyValueFormat",
  "MaintainerDeprecated",
  "MultipleInstructionsDisallowed",
  "NoEmptyContinuation",
  "RedundantTargetPlatform",
  "ReservedStageName",
  "SecretsUsedInArgOrEnv",
  "StageNameCasing",
  "UndefinedArgInFrom",
  "UndefinedVar",
  "WorkdirRelativePath",
];

/** The value of BuildKit's option `check`: a base image for another platform is an error, and nothing else is checked. */
export const BASE_CHECK = `skip=${STYLE_CHECKS.join(",")};error=true`;

/**
 * The first line of a generated Dockerfile. BuildKit before 0.14 and Buildah read it as a comment.
 * Source: https://docs.docker.com/reference/dockerfile/#check
 */
export const BASE_CHECK_LINE = `# check=${BASE_CHECK}`;

/** Who requests the check: the Dockerfile itself, or the command line for a Dockerfile that was not generated. */
export type BaseCheck = "by-dockerfile" | "by-argument";

export function baseCheckOf(dockerfile: string): BaseCheck {
  return dockerfile.startsWith(`${BASE_CHECK_LINE}\n`) ? "by-dockerfile" : "by-argument";
}
