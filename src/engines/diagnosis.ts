/** Patterns in the end of a daemon's log and their hints; the first match is used. Texts of BuildKit 0.33, containerd 2.4, runc 1.5, rootlesskit 3.1. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /executable file not found.{0,200}runc|runc.{0,200}executable file not found|failed to find runc/i,
    "Install runc; BuildKit's release includes it as buildkit-runc.",
  ],
  [
    /address already in use|could not lock|another instance running/i,
    "Another daemon uses the same socket or state; stop it, or set keep-state: false.",
  ],
  [
    /newuidmap|newgidmap|uid range|subuid|subgid|user namespaces?|failed to reexec|operation not permitted.{0,200}(?:unshare|clone|fork)|(?:unshare|clone|fork).{0,200}operation not permitted/i,
    "The machine does not let ordinary users create user namespaces; see the sysctls kernel.apparmor_restrict_unprivileged_userns, kernel.unprivileged_userns_clone and user.max_user_namespaces, or run as root.",
  ],
  [
    /overlay(?:fs)?.{0,200}(?:not supported|invalid argument|no such device|unknown filesystem)|no such device.{0,200}overlay/i,
    "overlayfs does not work in the runner's directory for temporary files; set RUNNER_TEMP to a directory on ext4 or xfs.",
  ],
  [
    /cgroup/i,
    "The machine's control groups cannot be used; a runner in a container needs --privileged or --cgroupns=host.",
  ],
  [
    /permission denied|operation not permitted/i,
    "The daemon lacks a permission; run the action as root, or a runner in a container with --privileged.",
  ],
  [/no space left on device|disk quota exceeded/i, "Free space in the runner's directory for temporary files."],
  [/toml|configuration/i, "The daemon does not know a setting of its configuration; use a newer version of it."],
];

/** The hint for a daemon that did not start. */
export function hintFrom(log: readonly string[]): string {
  const text = log.join("\n");
  return HINTS.find(([pattern]) => pattern.test(text))?.[1] ?? "See the end of the daemon's log above.";
}
