/** The six engines, and the second dockerd with the classic image store. */
export const engineNames = ["docker", "buildx", "podman", "buildah", "nerdctl", "buildctl", "classic"] as const;

export type EngineName = (typeof engineNames)[number];

/** How an engine tells its version, given the lab's environment. */
export const versionCommands: Readonly<Record<EngineName, readonly [string, ...string[]]>> = {
  docker: ["docker", "version", "--format", "{{.Server.Version}} (client {{.Client.Version}})"],
  buildx: ["docker", "buildx", "version"],
  podman: ["podman", "--version"],
  buildah: ["buildah", "--version"],
  nerdctl: ["nerdctl", "--version"],
  buildctl: ["buildctl", "--version"],
  classic: ["sh", "-c", 'DOCKER_HOST=$LAB_CLASSIC_DOCKER_HOST docker info --format "{{.ServerVersion}} {{.Driver}}"'],
};
