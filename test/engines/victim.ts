/** A main step that starts an engine and waits until it is killed. Its first argument is the directory of the tools. */
import { provideEngine } from "../../src/engines/provide.ts";
import { realMachine } from "../../src/machine/real-machine.ts";

const real = realMachine();
const machine = { ...real, system: await real.system() };
const [, , tools = ""] = process.argv;
const settings = { mirrors: {}, insecure: [], authorities: {} };
await provideEngine(
  {
    backend: "buildctl",
    provides: { kind: "engine", engine: "buildkitd" },
    tools: [tools],
    settings,
    keepState: false,
  },
  { ...machine, system: { ...machine.system, user: () => ({ id: 0, name: "root" }) } },
);
console.log("ready");
setInterval(() => undefined, 1000);
