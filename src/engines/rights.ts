import { Failure } from "../errors.ts";
import type { EngineContext } from "./engine-context.ts";
import { checkRootless, FORBIDDEN } from "./rootless.ts";
import { findSudo, type Sudo } from "./sudo.ts";

/** With which rights a buildkitd of this step makes containers. */
export type Rights =
  | { readonly kind: "root" }
  /** In a user namespace. */
  | { readonly kind: "rootless"; readonly rootlesskit: string }
  /** As root, by a sudo that asks for no password. */
  | { readonly kind: "sudo"; readonly sudo: Sudo };

/**
 * The least that this machine allows: a user namespace; where it forbids those, sudo.
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
    notes.push(`buildkitd runs as root, by sudo, as ${error.message}`);
    return { kind: "sudo", sudo };
  }
}
