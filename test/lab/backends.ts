/** What each backend needs to find its engine of the lab, and how to look into its store. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { labEnvironment } from "./environment.ts";
import type { Inputs } from "./runner.ts";

const run = promisify(execFile);

type Variables = Readonly<Record<string, string>>;

export interface LabBackend {
  readonly name: "docker" | "buildx" | "podman" | "buildah" | "nerdctl" | "buildctl";
  readonly inputs: Inputs;
  readonly env: Variables;
  /** The program whose local store a `load` fills. */
  readonly store: "docker" | "podman" | "buildah" | "nerdctl";
}

export interface Lab {
  readonly env: Variables;
  readonly registry: string;
  readonly backends: readonly LabBackend[];
}

export async function openLab(): Promise<Lab> {
  const env: Variables = await labEnvironment();
  const own = (name: string): string => env[name] ?? "";
  // podman and buildah share a store unless told otherwise; each shall prove itself alone.
  const buildah = { ...env, CONTAINERS_STORAGE_CONF: own("LAB_BUILDAH_STORAGE_CONF") };
  return {
    env,
    registry: own("LAB_REGISTRY"),
    backends: [
      { name: "docker", inputs: { backend: "docker" }, env, store: "docker" },
      { name: "buildx", inputs: { backend: "buildx", builder: own("LAB_BUILDER") }, env, store: "docker" },
      {
        name: "nerdctl",
        inputs: { backend: "nerdctl", builder: own("LAB_NERDCTL_BUILDKIT_HOST") },
        env,
        store: "nerdctl",
      },
      { name: "buildctl", inputs: { backend: "buildctl" }, env, store: "docker" },
      { name: "podman", inputs: { backend: "podman" }, env, store: "podman" },
      { name: "buildah", inputs: { backend: "buildah" }, env: buildah, store: "buildah" },
    ],
  };
}

/** Whether the local store has an image of that name. */
export async function isLoaded({ store, env }: LabBackend, reference: string): Promise<boolean> {
  const args = store === "buildah" ? ["inspect", "--type", "image", reference] : ["image", "inspect", reference];
  return run(store, args, { env, maxBuffer: 1 << 26 }).then(
    () => true,
    () => false,
  );
}
