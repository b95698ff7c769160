/**
 * An attacker pushes layers to a repository that a release reads. Which of them reach the release? A row is how the release
 * configures its cache, a column is where the attacker pushed; a cell lists the malicious layers that are used.
 */
import type { Evil, Place } from "../fakes/attacker.ts";

/** How the release is run. @param cache a repository that the attacker cannot write to. */
type Inputs = (cache: string) => Readonly<Record<string, string>>;

export interface Row {
  readonly inputs: Inputs;
  /** The attacker writes to the release's repository. */
  readonly believed: Readonly<Record<Place, readonly Evil[]>>;
}

const NOTHING = { "first tag": [], last: [], model: [], environment: [] } as const;

/**
 * In the first two rows the cache is the release's own repository. Everybody who can push there is trusted, as documented, and
 * could also move the release's tag.
 */
const BELIEVED = {
  "first tag": ["model", "environment"],
  last: ["model", "environment"],
  model: ["model"],
  environment: ["environment"],
} as const;

const KEY = "0123456789abcdef0123456789abcdef";

export const ROWS: Readonly<Record<string, Row>> = {
  default: { inputs: () => ({}), believed: BELIEVED },
  "if-exists: skip": { inputs: () => ({ "if-exists": "skip" }), believed: BELIEVED },
  // Models are read again and compared with their blobs; an environment cannot be.
  "verify-models": {
    inputs: () => ({ "verify-models": "true" }),
    believed: { "first tag": ["environment"], last: ["environment"], model: [], environment: ["environment"] },
  },
  "own cache": { inputs: (cache) => ({ "environment-cache": cache }), believed: NOTHING },
  "own cache, if-exists: skip": {
    inputs: (cache) => ({ "environment-cache": cache, "if-exists": "skip" }),
    believed: NOTHING,
  },
  off: { inputs: () => ({ "environment-cache": "off" }), believed: NOTHING },
  "off, if-exists: skip": { inputs: () => ({ "environment-cache": "off", "if-exists": "skip" }), believed: NOTHING },
  "no-cache": { inputs: () => ({ "no-cache": "true" }), believed: NOTHING },
  "no-cache, if-exists: skip": { inputs: () => ({ "no-cache": "true", "if-exists": "skip" }), believed: NOTHING },
  "cache-key": { inputs: () => ({ "cache-key": KEY }), believed: NOTHING },
  "cache-key, if-exists: skip": { inputs: () => ({ "cache-key": KEY, "if-exists": "skip" }), believed: NOTHING },
};
