/** They let their holder act as the job: towards GitHub's caches and artifacts, and at every cloud that trusts its identity. */
const TOKENS = ["ACTIONS_RUNTIME_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL"];

/**
 * Whether the runner gave the variable to this action alone: its inputs (`INPUT_SECRETS` holds values), its state, and the
 * tokens of the job. No program that the action starts sees them, programs that keep passwords included: those of the
 * clouds read files and variables that a login action left, not these.
 */
export function isOfAction(name: string): boolean {
  return name.startsWith("INPUT_") || name.startsWith("STATE_") || TOKENS.includes(name);
}
