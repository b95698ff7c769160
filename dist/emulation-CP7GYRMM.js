const require = process.getBuiltinModule;
import {
  Failure,
  ownValue,
  printPlatform
} from "./chunk-X4LXKBUS.js";
import "./chunk-ZDX6KC25.js";

// src/probe/emulation.ts
import { join } from "node:path/posix";
var HANDLERS = "/proc/sys/fs/binfmt_misc";
var QEMU = {
  "386": "i386",
  amd64: "x86_64",
  arm64: "aarch64",
  loong64: "loongarch64",
  mips64le: "mips64el",
  mipsle: "mipsel"
};
var COMPATIBLE = { amd64: "386", arm64: "arm" };
async function checkEmulation(platforms, { emulation, platform: native }, files) {
  if (emulation !== "kernel" || native === void 0) return;
  const foreign = platforms.filter(({ os, architecture }) => os === native.os && !runsOn(native, architecture));
  if (foreign.length === 0 || await files.info(join(HANDLERS, "register")) === void 0) return;
  const handlers = await readHandlers(files);
  const problems = foreign.flatMap((platform) => problemOf(platform, handlers) ?? []);
  if (problems.length === 0) return;
  throw new Failure(
    "platform",
    `this machine, a ${printPlatform(native)}, cannot run the build's steps: ${problems.join(" \xB7 ")}`,
    {
      code: "NoEmulation",
      lines: problems,
      hint: "Put the step `uses: docker/setup-qemu-action` before this one, which installs emulators (binfmt); or, much faster, build each platform on a runner of its own and join them: see docs/platforms.md."
    }
  );
}
function runsOn(native, architecture) {
  return architecture === native.architecture || ownValue(COMPATIBLE, native.architecture) === architecture;
}
async function readHandlers(files) {
  const names = (await files.list(HANDLERS)).map(({ name }) => name).filter((name) => !/^(register|status)$/.test(name));
  return Promise.all(names.map((name) => files.readText(join(HANDLERS, name))));
}
function interpreterOf(architecture) {
  return new RegExp(
    `^interpreter \\S*/(?:(?:buildkit-)?qemu-${architecture}(?:-static)?|${architecture}-binfmt-P)$`,
    "m"
  );
}
function problemOf(platform, handlers) {
  const architecture = ownValue(QEMU, platform.architecture) ?? platform.architecture;
  const emulator = `qemu-${architecture}`;
  const interpreter = interpreterOf(architecture);
  const rosetta = platform.architecture === "amd64" ? /^interpreter \S*rosetta$/m : interpreter;
  const fitting = handlers.filter((text) => interpreter.test(text) || rosetta.test(text));
  const enabled = fitting.filter((text) => /^enabled$/m.test(text));
  const name = printPlatform(platform);
  if (enabled.length === 0) return `${name}: the kernel has no emulator ${emulator}`;
  if (enabled.every((text) => !/^flags: \S*F/m.test(text))) {
    return `${name}: the kernel's emulator ${emulator} lacks the flag F, so containers cannot use it`;
  }
  return void 0;
}
export {
  checkEmulation
};
