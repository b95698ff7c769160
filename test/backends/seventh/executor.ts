/**
 * A fake of kaniko's executor: it reads its command line and the Dockerfile as kaniko does, runs no step, and writes one
 * tiny image. Like kaniko, it silently ignores mounts of steps, here-documents and `--link`; a step then fails if it needs a
 * file of the Bento or a secret that is missing. The image's configuration lists the copied files that no step removed.
 * Called as `node executor.ts <control directory> <arguments>…`.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseDockerfile } from "../../../src/recipe/dockerfile/parse.ts";
import { tinyImage, writeLayout } from "../../fakes/image.ts";

const [control = "", ...args] = process.argv.slice(2);
const one = { type: "string" } as const;
const many = { type: "string", multiple: true, default: [] as string[] } as const;
const flag = { type: "boolean" } as const;

/** The flags of kaniko that are used here; it fails on any other flag, as kaniko does. */
const options = {
  dockerfile: one,
  context: one,
  "custom-platform": one,
  compression: one,
  "compression-level": one,
  target: one,
  "build-arg": many,
  label: many,
  "registry-map": many,
  "insecure-registry": many,
  "registry-certificate": many,
  destination: many,
  "single-snapshot": flag,
  "no-push": flag,
  "digest-file": one,
  "oci-layout-path": one,
  "tar-path": one,
} as const;

/** The paths of the copied files that steps may use. */
const files = new Set<string>();

function copy(flags: readonly string[], operands: string, context: string): void {
  const from = flags.find((text) => text.startsWith("--from="));
  if (from !== undefined) throw new Error(`error building image: no image ${from.replace("--from=", "")}`);
  const [destination = "", ...sources] = operands.split(/\s+/).toReversed();
  for (const source of sources) {
    if (!existsSync(join(context, source))) throw new Error(`could not copy source: ${source}`);
    files.add(destination);
  }
}

/** Reads the statements in order: a file that a statement needs must exist and not be removed before. */
function run(operands: string): void {
  const words = operands.split(/[\s;"'()]+/);
  if (operands.startsWith("<<")) throw new Error("a here-document was taken for a command");
  for (const [index, word] of words.entries()) {
    if (word.startsWith("/run/secrets/")) throw new Error(`${word}: no such file`);
    const isOfBento = /\/env\/(?:python|conda)\b/.test(word);
    const isRemoved = words[index - 1] === "-rf";
    if (isRemoved) files.delete(word);
    else if (isOfBento && ![...files].some((path) => word.startsWith(path))) throw new Error(`${word}: no such file`);
  }
}

/** Reads the stages up to the target. */
function read(dockerfile: string, context: string, target: string | undefined): void {
  let stage: string | undefined;
  for (const { keyword, flags, operands } of parseDockerfile(dockerfile)) {
    if (keyword === "FROM") {
      if (target !== undefined && stage === target) return;
      [, stage] = /\s+AS\s+(\S+)/i.exec(operands) ?? [];
    } else if (keyword === "COPY" || keyword === "ADD") copy(flags, operands, context);
    else if (keyword === "RUN") run(operands);
  }
}

async function build(): Promise<void> {
  const { values } = parseArgs({ args, options });
  if (values["no-push"] !== true) throw new Error("this fake cannot push");
  const context = (values.context ?? "").replace("dir://", "");
  read(readFileSync(values.dockerfile ?? "", "utf8"), context, values.target);
  const labels = Object.fromEntries(values.label.map((text) => text.split(/=(.*)/s)));
  const architecture = values["custom-platform"]?.split("/")[1];
  const image = tinyImage(`left: ${[...files].join(" ")}`, architecture, labels);
  if (values["oci-layout-path"] !== undefined) await writeLayout(values["oci-layout-path"], image);
  if (values["tar-path"] !== undefined) writeFileSync(values["tar-path"], "a docker archive");
  if (values["digest-file"] !== undefined) writeFileSync(values["digest-file"], image.manifest.digest);
}

appendFileSync(join(control, "calls"), `${args.join(" ")}\n`);
if (args[0] === "version") console.log("Kaniko version :  v1.24.0");
else
  await build().catch((error: unknown) => {
    console.error(String(error));
    process.exitCode = 1;
  });
