#!/usr/bin/env node
// src/bento-image.ts
const OLDEST_NODE = 24;
const { node } = process.versions;
if (Number.parseInt(node, 10) < OLDEST_NODE) throw new Error(`bento-image needs Node.js ${OLDEST_NODE} or newer, and this is ${node}`);
const { runCommand } = await import("./run-command.js");
process.exitCode = await runCommand(process.argv.slice(2));
export {};
