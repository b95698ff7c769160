import { join } from "node:path/posix";
import type { Engine } from "../backends/backend.ts";
import { Failure } from "../errors.ts";
import type { Files } from "../machine/machine.ts";
import { type Platform, printPlatform } from "../oci/platform.ts";
import { ownValue } from "../values.ts";

/** Source: https://docs.kernel.org/admin-guide/binfmt-misc.html */
const HANDLERS = "/proc/sys/fs/binfmt_misc";

/** GOARCH → QEMU's name of the architecture, where they differ. Source: https://github.com/moby/buildkit/blob/master/solver/llbsolver/ops/exec_binfmt.go */
const QEMU: Readonly<Record<string, string>> = {
  "386": "i386",
  amd64: "x86_64",
  arm64: "aarch64",
  loong64: "loongarch64",
  mips64le: "mips64el",
  mipsle: "mipsel",
};

/** Architectures that processors can usually run besides their own; if not, the build fails. */
const COMPATIBLE: Readonly<Record<string, string>> = { amd64: "386", arm64: "arm" };

type HandlerFiles = Pick<Files, "info" | "list" | "readText">;

/**
 * Checks that an engine without its own emulators can run programs of these platforms: the kernel of this machine must have
 * a handler for each, usable in containers. If the kernel's handlers are not visible, as in a job's container, the check is
 * skipped.
 * @throws Failure `platform`, code `NoEmulation`, before anything is built.
 */
export async function checkEmulation(
  platforms: readonly Platform[],
  { emulation, platform: native }: Engine,
  files: HandlerFiles,
): Promise<void> {
  if (emulation !== "kernel" || native === undefined) return;
  const foreign = platforms.filter(({ os, architecture }) => os === native.os && !runsOn(native, architecture));
  if (foreign.length === 0 || (await files.info(join(HANDLERS, "register"))) === undefined) return;
  const handlers = await readHandlers(files);
  const problems = foreign.flatMap((platform) => problemOf(platform, handlers) ?? []);
  if (problems.length === 0) return;
  throw new Failure(
    "platform",
    `this machine (${printPlatform(native)}) cannot run the build's steps: ${problems.join(" · ")}`,
    {
      code: "NoEmulation",
      lines: problems,
      hint: "Add the step `uses: docker/setup-qemu-action` before this one to install emulators (binfmt). It is much faster to build each platform on its own runner and merge the images: see docs/platforms.md.",
    },
  );
}

function runsOn(native: Platform, architecture: string): boolean {
  return architecture === native.architecture || ownValue(COMPATIBLE, native.architecture) === architecture;
}

async function readHandlers(files: HandlerFiles): Promise<readonly string[]> {
  const names = (await files.list(HANDLERS))
    .map(({ name }) => name)
    .filter((name) => !/^(register|status)$/.test(name));
  return Promise.all(names.map((name) => files.readText(join(HANDLERS, name))));
}

/**
 * Matches the program of a handler; Debian's has another name.
 * Source: qemu-user-static of Debian 12, /usr/lib/binfmt.d
 */
function interpreterOf(architecture: string): RegExp {
  return new RegExp(
    `^interpreter \\S*/(?:(?:buildkit-)?qemu-${architecture}(?:-static)?|${architecture}-binfmt-P)$`,
    "m",
  );
}

/** The problem of a platform, if any. Without the flag F, the kernel looks for the emulator inside of the container, where it is missing. */
function problemOf(platform: Platform, handlers: readonly string[]): string | undefined {
  const architecture = ownValue(QEMU, platform.architecture) ?? platform.architecture;
  const emulator = `qemu-${architecture}`;
  const interpreter = interpreterOf(architecture);
  const rosetta = platform.architecture === "amd64" ? /^interpreter \S*rosetta$/m : interpreter;
  const matching = handlers.filter((text) => interpreter.test(text) || rosetta.test(text));
  const enabled = matching.filter((text) => /^enabled$/m.test(text));
  const name = printPlatform(platform);
  if (enabled.length === 0) return `${name}: the kernel has no emulator ${emulator}`;
  if (enabled.every((text) => !/^flags: \S*F/m.test(text))) {
    return `${name}: the kernel's emulator ${emulator} lacks the flag F, so containers cannot use it`;
  }
  return undefined;
}
