import { clientEnvironment } from "./client.ts";
import { run } from "./command.ts";
import { alive } from "./daemon.ts";
import { engineNames, versionCommands } from "./engines.ts";
import { recall, settingOf } from "./memory.ts";
import { type Places, places } from "./places.ts";

/** A table of daemons and engines, for people. */
export async function status(at: Places = places()): Promise<string> {
  const memory = recall(at);
  const setting = settingOf(at, memory);
  if (setting === undefined) return "The lab was never up in this checkout.";
  const env = clientEnvironment(setting);
  const running = Object.entries(memory.daemons).map(
    ([name, started]) => `${name.padEnd(18)} ${alive(started) ? `pid ${started.pid}` : "dead"}`,
  );
  const versions = await Promise.all(
    engineNames.map(async (name) => {
      const [program, ...args] = versionCommands[name];
      // `sh` finds a program on the PATH of the environment it gets, Node on that of its own.
      const version = await run(["sh", "-c", 'exec "$@"', "sh", program, ...args], { env }).catch(() => "not there");
      return `${name.padEnd(18)} ${version.trim()}`;
    }),
  );
  return [
    "Daemons",
    ...running,
    "",
    "Engines",
    ...versions,
    "",
    `Registry ${env["LAB_REGISTRY"]}, data in ${at.state}`,
  ].join("\n");
}
