#!/usr/bin/env node
/** Entry point of the command line. */
const OLDEST_NODE = 24;

const { node } = process.versions;
if (Number.parseInt(node, 10) < OLDEST_NODE) {
  throw new Error(`bento-image needs Node.js ${OLDEST_NODE} or newer, and this is ${node}`);
}
// Loaded after the check: an older Node.js cannot read it.
const { runCommand } = await import("./command-line/run-command.ts");
process.exitCode = await runCommand(process.argv.slice(2));
