import { Failure } from "../errors.ts";
import { requireProgram, startContainerdBuildkitd, startGuestBuildkitd } from "./buildkitd.ts";
import {
  containerdConfiguration,
  containerdSocket,
  hostsConfigurations,
  nerdctlConfiguration,
} from "./configuration.ts";
import { startDaemon } from "./daemon.ts";
import type { Provision } from "./engine.ts";
import { type Ground, stateDirectory, writeConfiguration } from "./engine-context.ts";
import { pathWith } from "./engine-paths.ts";

/** Where containerd listens unless told otherwise. */
const SOCKET = "/run/containerd/containerd.sock";
/** Where CNI's programs are: upstream's place, Debian's, Fedora's. */
const CNI = ["/opt/cni/bin", "/usr/lib/cni", "/usr/libexec/cni"];

/** What nerdctl needs: a containerd, the machine's or one of our own, and a buildkitd that keeps its images there. */
export async function provideNerdctl(ground: Ground): Promise<Pick<Provision, "env" | "builder">> {
  const { machine } = ground;
  if (machine.system.user().id !== 0) {
    throw new Failure("engine", "nerdctl needs a containerd, which only root can start here", {
      code: "RootRequired",
      hint: "Run the action as root, or use the backend buildctl, whose engine can be an ordinary user's.",
    });
  }
  const namespace = machine.env["CONTAINERD_NAMESPACE"] || "default";
  const own = (machine.env["CONTAINERD_ADDRESS"] || SOCKET).replace(/^unix:\/\//, "");
  if (await machine.system.listens(own)) {
    await requireProgram("nerdctl", ground);
    const builder = await startGuestBuildkitd(ground, own, namespace);
    return { env: { CONTAINERD_ADDRESS: own, CONTAINERD_NAMESPACE: namespace, BUILDKIT_HOST: builder }, builder };
  }
  const address = await startContainerd(ground);
  const [builder, config] = await Promise.all([
    startContainerdBuildkitd(ground, address, namespace),
    writeNerdctlConfiguration(ground, namespace),
  ]);
  const env = { CONTAINERD_ADDRESS: address, CONTAINERD_NAMESPACE: namespace, NERDCTL_TOML: config };
  return { env: { ...env, BUILDKIT_HOST: builder }, builder };
}

async function startContainerd(ground: Ground): Promise<string> {
  const { wish, machine, sockets, journal } = ground;
  const containerd = await requireProgram("containerd", ground);
  await requireProgram("containerd-shim-runc-v2", ground);
  await requireProgram("runc", ground);
  const places = { root: await stateDirectory("containerd", ground), sockets };
  const config = await writeConfiguration("containerd.toml", containerdConfiguration(places), ground);
  const socket = containerdSocket(places);
  const env = { ...machine.env, PATH: pathWith(wish.tools, machine.env) };
  await startDaemon({ name: "containerd", argv: [containerd, "--config", config], env, socket }, journal, machine);
  return socket;
}

async function writeNerdctlConfiguration(ground: Ground, namespace: string): Promise<string> {
  const { wish, machine, journal, sockets } = ground;
  const { directory } = journal;
  for (const [host, text] of hostsConfigurations(wish.settings)) {
    await machine.files.makeDirectory(`${directory}/certs.d/${host}`, 0o700);
    await writeConfiguration(`certs.d/${host}/hosts.toml`, text, ground);
  }
  const present = await Promise.all(CNI.map(async (path) => ((await machine.files.info(path)) ? path : undefined)));
  const cni = present.find((path) => path !== undefined);
  const places = { root: `${directory}/containerd`, sockets, directory, namespace, cni };
  return writeConfiguration("nerdctl.toml", nerdctlConfiguration(places), ground);
}
