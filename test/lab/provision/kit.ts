import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { artifact } from "../artifact.ts";
import { run } from "../command.ts";
import type { Kit } from "../pins.ts";
import type { Places } from "../places.ts";

/** The directory with a kit's binaries, built from the Go module proxy when they are not in the cache yet. */
export function buildKit(places: Places, kit: Kit, log: string): Promise<string> {
  const module = join(places.source, "kits", kit.module);
  const pins = ["go.mod", "go.sum"].map((name) => readFileSync(join(module, name), "utf8"));
  return artifact(places, {
    name: `kit-${kit.module}`,
    ingredients: [...pins, JSON.stringify(kit), ...ownSource(module)],
    make: async (draft) => {
      const work = join(draft, "module");
      cpSync(module, work, { recursive: true });
      await compile(kit, work, draft, log);
      refuseNewSums(work, pins);
      rmSync(work, { recursive: true });
      const missing = Object.keys(kit.packages).filter((name) => !readdirSync(draft).includes(name));
      if (missing.length > 0) throw new Error(`kit ${kit.module} did not give ${missing.join(", ")}`);
    },
  });
}

/** The files of a program that is written here; `tools.go` only names the packages of others. */
function ownSource(module: string): readonly string[] {
  const names = readdirSync(module).filter((name) => name.endsWith(".go") && name !== "tools.go");
  return names.sort().map((name) => readFileSync(join(module, name), "utf8"));
}

async function compile(kit: Kit, work: string, draft: string, log: string): Promise<void> {
  const stamps = Object.entries(kit.stamps).map(([name, value]) => `-X ${name}=${value}`);
  // -mod=mod: upstream modules leave indirect requirements out of our go.mod, and `go mod tidy` cannot put them
  // in because it also wants modules which only their tests need and the proxy does not have.
  const flags = ["-mod=mod", "-trimpath", "-buildvcs=false", "-ldflags", ["-s -w", ...stamps].join(" ")];
  const packages = Object.values(kit.packages);
  await run(["go", "build", ...flags, "-tags", kit.tags.join(" "), "-o", `${draft}/`, ...packages], {
    cwd: work,
    log,
    env: { CGO_ENABLED: "1", GOWORK: "off", GOFLAGS: "" },
  });
}

/** With -mod=mod Go may add to go.sum; whatever it added nobody has reviewed. */
function refuseNewSums(work: string, pins: readonly string[]): void {
  const now = ["go.mod", "go.sum"].map((name) => readFileSync(join(work, name), "utf8"));
  if (now.join() !== pins.join()) throw new Error("the build needed modules that go.mod and go.sum do not pin");
}
