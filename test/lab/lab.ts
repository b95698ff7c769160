import { down } from "./down.ts";
import { type EngineName, engineNames } from "./engines.ts";
import { labTool } from "./environment.ts";
import { type ToolName, toolNames } from "./pins.ts";
import { tell } from "./progress.ts";
import { status } from "./status.ts";
import { type Lab, up } from "./up.ts";
import { wipe } from "./wipe.ts";

const usage = `usage: node test/lab/lab.ts COMMAND
  up           provision what is missing, start what is not running
  env          the same, then print shell code: eval "$(npm run -s lab:env)"
  status       what runs, in which version
  wipe ENGINE  empty an engine (${engineNames.join(", ")}, all)
  tool NAME    print the path of ${toolNames.join(" or ")}, made now if needed
  down         stop everything, restore the machine; caches stay`;

const [command, argument = ""] = process.argv.slice(2);
const started = performance.now();
process.exitCode = await obey(command);
tell(`${command ?? "usage"}: ${((performance.now() - started) / 1000).toFixed(1)} s`);

async function obey(command: string | undefined): Promise<number> {
  switch (command) {
    case "up":
      return report(await up());
    case "env": {
      const lab = await up();
      console.log(exports(lab.environment));
      return report(lab);
    }
    case "status":
      console.log(await status());
      return 0;
    case "wipe":
      await wipe(engineNamed(argument));
      return 0;
    case "tool":
      console.log(await labTool(toolNamed(argument)));
      return 0;
    case "down":
      await down();
      return 0;
    default:
      console.error(usage);
      return 2;
  }
}

function report({ failures }: Lab): number {
  for (const failure of failures) tell(`MISSING ${failure}`);
  return failures.length === 0 ? 0 : 1;
}

/** PATH is put before what the shell has, for npm adds folders to ours. */
function exports(environment: Record<string, string>): string {
  return Object.entries(environment)
    .map(([name, value]) => {
      if (name !== "PATH") return `export ${name}=${quote(value)}`;
      return `export PATH=${quote(value.split(":")[0] ?? "")}:"$PATH"`;
    })
    .join("\n");
}

function quote(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

function engineNamed(name: string): EngineName | "all" {
  const engine = [...engineNames, "all" as const].find((known) => known === name);
  if (engine === undefined) throw new Error(`no such engine: "${name}"; there are ${engineNames.join(", ")} and all`);
  return engine;
}

function toolNamed(name: string): ToolName {
  const tool = toolNames.find((known) => known === name);
  if (tool === undefined) throw new Error(`no such tool: "${name}"; there are ${toolNames.join(" and ")}`);
  return tool;
}
