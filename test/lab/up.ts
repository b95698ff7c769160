import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { agenda } from "./agenda.ts";
import { connectNetworks, freeSubnet } from "./bridges.ts";
import { ensureBuilder } from "./builder.ts";
import { clientEnvironment } from "./client.ts";
import { writeConfig } from "./config/files.ts";
import { alive, type Daemon, ensureStarted } from "./daemon.ts";
import { buildkitDaemon, containerdDaemon, dockerDaemon, registryDaemon } from "./daemons.ts";
import { relink } from "./link.ts";
import { locked } from "./lock.ts";
import { emulateArm64, joinMachine } from "./machine.ts";
import { recall, remember } from "./memory.ts";
import { surveyMachine, whyNoLab } from "./needs.ts";
import { engineKits, type Kit } from "./pins.ts";
import { type Places, places } from "./places.ts";
import { freePort } from "./port.ts";
import { installBentoml } from "./provision/bentoml.ts";
import { baseImages, buildkitImage } from "./provision/images.ts";
import { buildKit } from "./provision/kit.ts";
import { installPackages } from "./provision/packages.ts";
import type { Setting } from "./setting.ts";

export interface Lab {
  environment: Record<string, string>;
  /** What could not be had, one line each. */
  failures: readonly string[];
}

/** Provisions what is missing and starts what is not running. */
export function up(at: Places = places()): Promise<Lab> {
  const why = whyNoLab(surveyMachine());
  if (why !== undefined) throw new Error(`this machine cannot have the lab: ${why}`);
  for (const folder of [at.cache, at.bin, at.etc, at.log, at.state, at.run]) mkdirSync(folder, { recursive: true });
  return locked(join(at.lab, "lock"), () => raise(at));
}

async function raise(at: Places): Promise<Lab> {
  const memory = recall(at);
  const { step, settle } = agenda();
  const log = (name: string) => join(at.log, `provision-${name}.log`);

  const packages = step("Debian packages", () => installPackages(at, log("packages")));
  const kit = (name: string, work: Kit) => buildKit(at, work, log(name)).then((made) => offer(made, at.bin));
  const runc = step("runc", async () => {
    await packages;
    return kit("runc", engineKits.runc);
  });
  const engines = step("engines kit", async () => {
    await runc;
    return kit("engines", engineKits.engines);
  });
  step("podman and buildah", async () => {
    await runc;
    await Promise.allSettled([engines]); // two Go builds at once only take memory
    return kit("libpod", engineKits.libpod);
  });
  const bases = step("base images", async () => {
    await packages;
    return baseImages(at, log("bases"));
  });
  const buildkit = step("BuildKit image", async () =>
    buildkitImage(at, [await engines, await runc], log("buildkit-image")),
  );
  step("BentoML", async () => {
    await packages;
    relink(await installBentoml(at, log("bentoml")), join(at.lab, "bentoml"));
  });

  const network = step("networks and configuration", async (): Promise<Setting> => {
    await packages;
    const running = memory.daemons["registry"];
    const port = running && alive(running) ? (memory.port ?? 0) : await freePort(memory.port);
    const setting = { places: at, port, subnet: memory.subnet ?? (await freeSubnet(at.key)) };
    Object.assign(memory, { port, subnet: setting.subnet });
    remember(at, memory);
    await joinMachine(at);
    await connectNetworks(setting);
    writeConfig(setting);
    return setting;
  });
  const arm64 = step("arm64 emulation", async () => {
    await network;
    await emulateArm64(at);
  });

  const start = async (daemon: Daemon): Promise<void> => {
    memory.daemons[daemon.name] = await ensureStarted(at, daemon, memory.daemons[daemon.name]);
    remember(at, memory);
  };
  const registry = step("registry", async () => {
    const setting = await network;
    await seed(await bases, at);
    await start(registryDaemon(setting));
  });
  const containerd = step("containerd", async () => {
    await engines;
    await start(containerdDaemon(await network));
  });
  step("buildctl's buildkitd", async () => {
    await engines;
    await Promise.allSettled([arm64]); // buildkitd looks for emulators once, at its start
    await start(buildkitDaemon(await network, "buildkitd"));
  });
  step("nerdctl's buildkitd", async () => {
    await containerd;
    await Promise.allSettled([arm64]);
    await start(buildkitDaemon(await network, "buildkitd-nerdctl"));
  });
  const docker = step("docker", async () => {
    await containerd;
    await Promise.allSettled([arm64]);
    await start(dockerDaemon(await network, "docker"));
  });
  step("classic docker", async () => {
    await docker; // two dockerds that start at once try the same default networks
    await start(dockerDaemon(await network, "classic"));
  });
  step("buildx builder", async () => {
    await Promise.all([docker, registry]);
    const image = await buildkit;
    await seed(image, at);
    memory.builder = await ensureBuilder(await network, image, memory.builder);
    remember(at, memory);
  });

  const failures = await settle();
  const environment = await network.then(clientEnvironment, () => ({}));
  return { environment, failures };
}

/** Links a kit's binaries into the lab's bin folder. */
function offer(kit: string, bin: string): string {
  for (const name of readdirSync(kit)) relink(join(kit, name), join(bin, name));
  return kit;
}

/**
 * Gives the registry the contents of a cached one. Blobs are never rewritten, so they are hard links where the file
 * system allows; tags are, so they are copies.
 */
async function seed(cached: string, { state }: Places): Promise<void> {
  const from = join(cached, "storage/docker/registry/v2");
  const to = join(state, "registry/docker/registry/v2");
  const note = join(state, `registry/seeded-${cached.split("/").at(-1)}`);
  if (existsSync(note)) return;
  mkdirSync(to, { recursive: true });
  const copy = promisify(execFile);
  await copy("cp", ["--archive", "--link", "--force", join(from, "blobs"), to]).catch(() =>
    copy("cp", ["--archive", "--force", join(from, "blobs"), to]),
  );
  cpSync(join(from, "repositories"), join(to, "repositories"), { recursive: true });
  writeFileSync(note, "");
}
