/** What somebody writes who wants to be obeyed by the runner, for property tests. */
import fc from "fast-check";
import { COMMANDS } from "./runner.ts";

/** In every text that must not be obeyed, so that it can be told from what the action says itself. */
export const EVIL = "evil-7241";

/** Every command of the runner in both of its forms. */
export const EVERY_COMMAND: readonly string[] = [...COMMANDS, EVIL].flatMap((name) => [
  `::${name} name=engine,file=${EVIL}::${EVIL}`,
  `##[${name} name=engine;file=${EVIL}]${EVIL}`,
]);

/** What builders, terminals and other writing systems put before a line, or inside of it. */
const AROUND = [
  ...["", " ", "\t", "\r", "\n", "\r\n", "\v", "\f", "\u0085", "\u00a0", "\u2028", "\u2029", "\u3000", "\ufeff"],
  ...["\u200b", "\u00ad", "\u034f", "\0", "\u001b", "\u001b[31m", "#7 0.1 ", "STEP 1/2: ", "\\", "|", "`", "%0A", ": "],
];

const command = fc.tuple(fc.constantFrom(...EVERY_COMMAND), fc.boolean()).map(([text, isLoud]) => {
  return isLoud ? text.toUpperCase() : text;
});

/** A command that a character may stand in the midst of. */
const broken = fc
  .tuple(command, fc.nat(), fc.constantFrom(...AROUND))
  .map(([text, at, inside]) => text.slice(0, at % text.length) + inside + text.slice(at % text.length));

const crumbs = fc
  .array(fc.constantFrom(":", "::", "#", "##", "[", "]", "##[", "\\", ...COMMANDS, ...AROUND), { maxLength: 12 })
  .map((parts) => parts.join(""));

/** Commands whole and in pieces, with what may stand around them. */
export const foreignText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...AROUND), command, broken, crumbs, fc.string({ unit: "binary", maxLength: 5 })), {
    maxLength: 6,
  })
  .map((parts) => parts.join(""));
