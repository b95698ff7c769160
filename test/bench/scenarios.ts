/** What the models section measures, and the words for it. */
import type { Mode } from "./contestants.ts";

export type Scenario =
  | "environment"
  | "cold"
  | "warm"
  | "code"
  | "verified"
  | "model"
  | "modelWarm"
  | "hash"
  | "upload";

export type Player = Mode | "hand" | "limit";

/** The rows of the table, in order. Every round starts from the state that its row names. */
export const SCENARIOS: Readonly<Partial<Record<Scenario, string>>> = {
  cold: "first build; wiped builder, empty repository",
  warm: "unchanged; warm builder",
  code: "one line changed; wiped builder",
  verified: "the same, every model hashed again",
  model: "new model; wiped builder",
  modelWarm: "new model; warm builder",
};

export const PLAYERS: Readonly<Record<Player, string>> = {
  bentoml: "BentoML",
  hand: "docker by hand",
  backend: "backend",
  direct: "direct",
  limit: "limit",
};
