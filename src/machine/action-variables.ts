/** Credentials of the job: for GitHub's caches and artifacts, and for clouds that trust the job's identity (OIDC). */
const TOKENS = ["ACTIONS_RUNTIME_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL"];

/**
 * Whether the runner sets the variable only for this action: its inputs (`INPUT_SECRETS` contains values), its state, and
 * the tokens of the job. No child process gets them, not even credential helpers: those of the clouds read files and
 * variables of login actions instead.
 */
export function isOfAction(name: string): boolean {
  return name.startsWith("INPUT_") || name.startsWith("STATE_") || TOKENS.includes(name);
}
