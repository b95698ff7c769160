import type { Backend } from "../backends/backend.ts";
import { unsupportedBy } from "../commands/answers.ts";
import { Failure } from "../errors.ts";
import type { PlanCheck } from "./find-engine.ts";

/**
 * The check of a plan that loads the image. Later steps run the image with the program of the first engine that answers, so
 * a backend whose `load` writes to another program's store is refused too, once that engine refuses the plan.
 */
export function inSameStore(check: PlanCheck): PlanCheck {
  let first: Backend | undefined;
  return async (selection) => {
    const { backend } = selection;
    if (first !== undefined && first.client !== backend.client) throw inOtherStore(backend, first);
    try {
      return await check(selection);
    } catch (error) {
      if (error instanceof Failure && error.code === "Unsupported") first ??= backend;
      throw error;
    }
  };
}

function inOtherStore(backend: Backend, { client }: Backend): Failure {
  const hint = "name it in the input backend if that is wanted";
  return unsupportedBy(backend, [
    `load: the image would be in ${backend.client}'s store and not in ${client}'s; ${hint}`,
  ]);
}
