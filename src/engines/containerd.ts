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
import { type EngineContext, stateDirectory, writeConfiguration } from "./engine-context.ts";
import { pathWith } from "./engine-paths.ts";

/** containerd's default socket. */
const SOCKET = "/run/containerd/containerd.sock";
/** Directories of the CNI plugins: upstream's, Debian's, Fedora's. */
const CNI = ["/opt/cni/bin", "/usr/lib/cni", "/usr/libexec/cni"];

/** Provides what nerdctl needs: a containerd (the machine's, or one that is started) and a buildkitd that uses it. */
export async function provideNerdctl(context: EngineContext): Promise<Pick<Provision, "env" | "builder">> {
  const { machine } = context;
  if (machine.system.user().id !== 0) {
    throw new Failure("engine", "nerdctl needs a containerd, which only root can start here", {
      code: "RootRequired",
      hint: "Run the action as root, or use the backend buildctl, whose engine an ordinary user can run.",
    });
  }
  const namespace = machine.env["CONTAINERD_NAMESPACE"] || "default";
  const machineSocket = (machine.env["CONTAINERD_ADDRESS"] || SOCKET).replace(/^unix:\/\//, "");
  if (await machine.system.listens(machineSocket)) {
    await requireProgram("nerdctl", context);
    const builder = await startGuestBuildkitd(context, machineSocket, namespace);
    return {
      env: { CONTAINERD_ADDRESS: machineSocket, CONTAINERD_NAMESPACE: namespace, BUILDKIT_HOST: builder },
      builder,
    };
  }
  const address = await startContainerd(context);
  const [builder, config] = await Promise.all([
    startContainerdBuildkitd(context, address, namespace),
    writeNerdctlConfiguration(context, namespace),
  ]);
  const env = { CONTAINERD_ADDRESS: address, CONTAINERD_NAMESPACE: namespace, NERDCTL_TOML: config };
  return { env: { ...env, BUILDKIT_HOST: builder }, builder };
}

async function startContainerd(context: EngineContext): Promise<string> {
  const { request, machine, sockets, journal } = context;
  const containerd = await requireProgram("containerd", context);
  await requireProgram("containerd-shim-runc-v2", context);
  await requireProgram("runc", context);
  const paths = { root: await stateDirectory("containerd", context), sockets };
  const config = await writeConfiguration("containerd.toml", containerdConfiguration(paths), context);
  const socket = containerdSocket(paths);
  const env = { ...machine.env, PATH: pathWith(request.tools, machine.env) };
  await startDaemon({ name: "containerd", argv: [containerd, "--config", config], env, socket }, journal, machine);
  return socket;
}

async function writeNerdctlConfiguration(context: EngineContext, namespace: string): Promise<string> {
  const { request, machine, journal, sockets } = context;
  const { directory } = journal;
  for (const [host, text] of hostsConfigurations(request.settings)) {
    await machine.files.makeDirectory(`${directory}/certs.d/${host}`, 0o700);
    await writeConfiguration(`certs.d/${host}/hosts.toml`, text, context);
  }
  const present = await Promise.all(CNI.map(async (path) => ((await machine.files.info(path)) ? path : undefined)));
  const cni = present.find((path) => path !== undefined);
  const paths = { root: `${directory}/containerd`, sockets, directory, namespace, cni };
  return writeConfiguration("nerdctl.toml", nerdctlConfiguration(paths), context);
}
