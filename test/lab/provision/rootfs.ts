import { join } from "node:path";
import { run } from "../command.ts";
import { type Architecture, debianSuite, type RootName, roots, sourceDateEpoch } from "../pins.ts";
import type { Places } from "../places.ts";

/** Packs a Debian root file system into `tar`. The same packages give the same bytes. */
export async function packRoot(
  places: Places,
  root: RootName,
  architecture: Architecture,
  tar: string,
  log: string,
): Promise<void> {
  const lean = ["man", "locale", "doc"].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`);
  await run(
    [
      "mmdebstrap",
      `--arch=${architecture}`,
      ...variant(join(places.source, "base"), root, architecture),
      ...lean,
      `--include=${roots[root][architecture].join(",")}`,
      debianSuite,
      tar,
    ],
    { log, env: { SOURCE_DATE_EPOCH: String(sourceDateEpoch) } },
  );
}

/** The `extract` variant only unpacks, so it needs no emulation; it runs extract hooks and no customize hooks. */
function variant(hooks: string, root: RootName, architecture: Architecture): string[] {
  if (root === "busybox") return ["--variant=extract", `--extract-hook=${join(hooks, "busybox-links.sh")}`];
  if (architecture === "amd64") return ["--variant=minbase", `--customize-hook=${join(hooks, "finish-rootfs.sh")}`];
  return [
    "--variant=extract",
    "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr",
    `--extract-hook=${join(hooks, "unpack-only.sh")}`,
    `--extract-hook=${join(hooks, "finish-rootfs.sh")}`,
  ];
}
