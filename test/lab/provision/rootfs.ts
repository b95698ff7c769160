import { join } from "node:path";
import { run } from "../command.ts";
import { type Architecture, debianSuite, rootPackages, sourceDateEpoch } from "../pins.ts";
import type { Places } from "../places.ts";

/** Packs a Debian root file system with Python into `tar`. The same packages give the same bytes. */
export async function packRoot(places: Places, architecture: Architecture, tar: string, log: string): Promise<void> {
  const hook = (name: string) => `--customize-hook=${join(places.source, "base", name)}`;
  const variant = {
    amd64: ["--variant=minbase"],
    arm64: ["--variant=extract", "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr", hook("unpack-only.sh")],
  };
  const lean = ["man", "locale", "doc"].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`);
  await run(
    [
      "mmdebstrap",
      `--arch=${architecture}`,
      ...variant[architecture],
      ...lean,
      `--include=${rootPackages[architecture].join(",")}`,
      hook("finish-rootfs.sh"),
      debianSuite,
      tar,
    ],
    { log, env: { SOURCE_DATE_EPOCH: String(sourceDateEpoch) } },
  );
}
