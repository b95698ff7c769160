/** What each backend needs to find its engine of the lab, and how to look into its store. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { labEnvironment } from "./environment.ts";
import type { Inputs } from "./runner.ts";

const run = promisify(execFile);

type Variables = Readonly<Record<string, string>>;

export const BACKENDS = ["docker", "buildx", "nerdctl", "buildctl", "podman", "buildah"] as const;

export type BackendName = (typeof BACKENDS)[number];

export interface LabBackend {
  readonly name: BackendName;
  readonly inputs: Inputs;
  readonly env: Variables;
  /** The program whose local store a `load` fills. */
  readonly store: "docker" | "podman" | "buildah" | "nerdctl";
}

export interface Lab {
  readonly env: Variables;
  readonly registry: string;
  readonly backends: Readonly<Record<BackendName, LabBackend>>;
}

export async function openLab(): Promise<Lab> {
  const env: Variables = await labEnvironment();
  const own = (name: string): string => env[name] ?? "";
  // podman and buildah share a store unless told otherwise; each shall prove itself alone.
  const buildah = { ...env, CONTAINERS_STORAGE_CONF: own("LAB_BUILDAH_STORAGE_CONF") };
  const registry = own("LAB_REGISTRY");
  const backend = (name: BackendName, more: Partial<LabBackend> = {}): LabBackend => ({
    name,
    env,
    store: "docker",
    ...more,
    // The engines know from their configuration where docker.io's images are; the action has to be told.
    inputs: { backend: name, "registry-mirrors": `docker.io=${registry}`, ...more.inputs },
  });
  return {
    env,
    registry,
    backends: {
      docker: backend("docker"),
      buildx: backend("buildx", { inputs: { builder: own("LAB_BUILDER") } }),
      nerdctl: backend("nerdctl", { inputs: { builder: own("LAB_NERDCTL_BUILDKIT_HOST") }, store: "nerdctl" }),
      buildctl: backend("buildctl"),
      podman: backend("podman", { store: "podman" }),
      buildah: backend("buildah", { env: buildah, store: "buildah" }),
    },
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
