import { Failure } from "../errors.ts";
import type { EngineContext } from "./engine-context.ts";
import { checkRootless, FORBIDDEN } from "./rootless.ts";
import { findSudo, type Sudo } from "./sudo.ts";

/** The privileges with which buildkitd runs containers. */
export type Rights =
  | { readonly kind: "root" }
  /** In a user namespace. */
  | { readonly kind: "rootless"; readonly rootlesskit: string }
  /** As root, by sudo without a password. */
  | { readonly kind: "sudo"; readonly sudo: Sudo };

/**
 * The lowest privileges that work on this machine: a user namespace; if that is forbidden, sudo.
 * @throws Failure as `checkRootless`, where neither works.
 */
export async function findRights({ request, machine, notes }: EngineContext): Promise<Rights> {
  if (machine.system.user().id === 0) return { kind: "root" };
  try {
    return { kind: "rootless", rootlesskit: await checkRootless(request.tools, machine) };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== FORBIDDEN) throw error;
    const sudo = await findSudo(machine);
    if (sudo === undefined) throw error;
    notes.push(`buildkitd runs as root with sudo, because ${error.message}`);
    return { kind: "sudo", sudo };
  }
}
