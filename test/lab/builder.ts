import { basename, join } from "node:path";
import { clientEnvironment } from "./client.ts";
import { run, succeeds } from "./command.ts";
import { builderName, type Setting } from "./setting.ts";

/** Makes and boots the builder; made anew for another image and when the registry has moved, for it keeps a copy of its configuration. */
export async function ensureBuilder(setting: Setting, image: string, madeFor: string | undefined): Promise<string> {
  const env = clientEnvironment(setting);
  const docker = join(setting.places.bin, "docker");
  const today = `${basename(image)} from port ${setting.port}`;
  if (madeFor === today && (await succeeds([docker, "buildx", "inspect", "--bootstrap", builderName], { env })))
    return today;
  await succeeds([docker, "buildx", "rm", "--force", builderName], { env });
  const create = ["buildx", "create", "--name", builderName, "--driver", "docker-container", "--bootstrap"];
  const options = ["--driver-opt", "network=host", "--buildkitd-config", join(setting.places.etc, "builder.toml")];
  const flags = ["--buildkitd-flags", "--allow-insecure-entitlement network.host"];
  await run([docker, ...create, ...options, ...flags], { env });
  return today;
}
