import { join } from "node:path";
import { lines, run } from "../command.ts";
import { locked } from "../lock.ts";
import { machinePackages } from "../pins.ts";
import type { Places } from "../places.ts";
import { tell } from "../progress.ts";

/** Installs the Debian packages that are not there yet; no service of theirs is started. */
export async function installPackages(
  places: Places,
  log: string,
  packages: readonly string[] = machinePackages,
): Promise<void> {
  if ((await missingOf(packages)).length === 0) return;
  await locked(join(places.machine, "apt.lock"), async () => {
    const missing = await missingOf(packages);
    if (missing.length === 0) return;
    tell(`Debian packages: installing ${missing.join(" ")}`);
    // RUNLEVEL=1 keeps invoke-rc.d from starting Debian's own docker-registry.
    const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
    await run(["apt-get", "update"], { log, env });
    await run(["apt-get", "install", "--yes", "--no-install-recommends", ...missing], { log, env });
  });
}

async function missingOf(packages: readonly string[]): Promise<string[]> {
  const format = `\${Package} \${db:Status-Status}\n`;
  const known = await lines(["sh", "-c", `dpkg-query -W -f '${format}' "$@" 2>&1 || true`, "sh", ...packages]);
  const installed = new Set(known.filter((line) => line.endsWith(" installed")).map((line) => line.split(" ")[0]));
  return packages.filter((name) => !installed.has(name));
}
