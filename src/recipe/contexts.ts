import type { LocatedModel } from "../bento/bento.ts";
import type { NamedContext } from "./source.ts";

/** A located model and the named context by which the Dockerfile refers to it. */
export interface ModelContext extends NamedContext {
  readonly located: LocatedModel;
}

/**
 * Gives every model a context name: `model-` and the model's name in lower case letters, digits and dashes. If two models
 * had the same name, the version is appended, then a number.
 */
export function nameContexts(models: readonly LocatedModel[]): readonly ModelContext[] {
  const short = models.map(({ model }) => slug(`model ${model.tag.name}`));
  const long = models.map(({ model }, index) =>
    count(short, short[index]) === 1 ? (short[index] ?? "") : slug(`model ${model.tag.name} ${model.tag.version}`),
  );
  return models.map((located, index) => {
    const same = long.slice(0, index).filter((name) => name === long[index]).length;
    const name = `${long[index]}${same === 0 ? "" : `-${same + 1}`}`;
    return { name, directory: located.directory, located };
  });
}

function count(names: readonly string[], name: string | undefined): number {
  return names.filter((other) => other === name).length;
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/-$/, "");
}
