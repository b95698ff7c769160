/** Scanners for BuildKit's SBOMs, in the place of the one that it would pull from Docker Hub. */
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lab } from "./backends.ts";
import { run } from "./command.ts";
import { labTool } from "./environment.ts";

/** Syft, by its makers' release for Linux on amd64. */
export const SYFT_SCANNER = "lab/syft-scanner:1";

/** Says why it cannot, and ends with 3. */
export const BROKEN_SCANNER = "lab/broken-scanner:1";

const SYFT = 'FROM busybox:stable\nCOPY --chmod=755 syft scan.sh /bin/\nENTRYPOINT ["scan.sh"]\n';
const BROKEN = 'FROM busybox:stable\nENTRYPOINT ["sh", "-c", "echo the scanner knows no such system >&2; exit 3"]\n';

/** Puts both where the lab's engines look for docker.io's. */
export async function pushScanners(lab: Lab): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), "bento-image-scanner-"));
  try {
    await copyFile(await labTool("syft"), join(context, "syft"));
    await copyFile(join(import.meta.dirname, "syft/scan.sh"), join(context, "scan.sh"));
    for (const [name, dockerfile] of Object.entries({ [SYFT_SCANNER]: SYFT, [BROKEN_SCANNER]: BROKEN })) {
      await writeFile(join(context, "Dockerfile"), dockerfile);
      const inputs = ["--frontend=dockerfile.v0", `--local=context=${context}`, `--local=dockerfile=${context}`];
      const output = `--output=type=image,name=${lab.registry}/${name},push=true`;
      await run(["buildctl", "build", ...inputs, "--opt=platform=linux/amd64", output], { env: lab.env });
    }
  } finally {
    await rm(context, { recursive: true });
  }
}
